//! Ten made-up calls on which a newcomer learns the screen and the keys.
//!
//! Invariants:
//! - nothing of it is in the base: no company, no lead, no call, no event of one; it is never
//!   dialled, never paid and in no figure;
//! - what is typed is read by the rules of real calls, and refused where those refuse it;
//! - whoever had all of them right once has passed, and that stands on the person; what was had
//!   right stays so, however it is answered when it is done again.

pub mod actions;
pub mod api;
pub mod pages;
mod stage;

use crate::campaigns::reasons::UNDER_CONTRACT;

use super::Meaning;
use super::results::CallResults;
use crate::values::*;

/// How many there are.
pub const EXERCISES: usize = 10;

/// A made-up call: what a good result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exercise {
    /// Its number, from 1.
    pub number: usize,
    /// The result one would choose.
    pub best: Meaning,
    /// Another that would do.
    pub also: Option<Meaning>,
    /// The reason that was said, where they refuse.
    pub reason: Option<&'static str>,
}

const fn exercise(number: usize, best: Meaning) -> Exercise {
    Exercise { number, best, also: None, reason: None }
}

/// All of them, in their order: each meaning of a call once, the plainest first.
pub const ALL: [Exercise; EXERCISES] = [
    exercise(1, Meaning::NotReached),
    exercise(2, Meaning::Callback),
    exercise(3, Meaning::BadNumber),
    Exercise { also: Some(Meaning::Callback), ..exercise(4, Meaning::Gatekeeper) },
    Exercise { reason: Some(UNDER_CONTRACT), ..exercise(5, Meaning::Refusal) },
    exercise(6, Meaning::DoNotCall),
    exercise(7, Meaning::WrongPerson),
    exercise(8, Meaning::DecisionMakerFound),
    exercise(9, Meaning::NotNow),
    exercise(10, Meaning::Qualified),
];

impl Exercise {
    /// The exercise of a number.
    pub fn of(number: usize) -> Option<Self> {
        ALL.into_iter().find(|one| one.number == number)
    }
    /// True when the result is one that such a call deserves.
    pub fn is_good(&self, results: &CallResults) -> bool {
        let is_meant = results.meaning == self.best || self.also == Some(results.meaning);
        let is_why = self.reason.is_none_or(|reason| results.reason.as_deref() == Some(reason));
        is_meant && is_why
    }
}

/// What somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// Which exercise.
    pub exercise: usize,
    /// The result they chose.
    pub outcome: Meaning,
    /// True when it was a good one.
    pub is_good: bool,
    /// True when they had it right this time or before.
    pub was_good: bool,
    /// When.
    pub at: Instant,
}

/// How far somebody is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// What they answered last, by exercise.
    pub answered: Vec<Answered>,
}

impl Progress {
    /// How many they had right.
    pub fn good(&self) -> usize {
        self.answered.iter().filter(|one| one.was_good).count()
    }
    /// True when all were right.
    pub fn is_passed(&self) -> bool {
        self.good() == EXERCISES
    }
    /// The first that is still to be had right.
    pub fn next(&self) -> Option<usize> {
        let is_good =
            |number: usize| self.answered.iter().any(|one| one.exercise == number && one.was_good);
        (1..=EXERCISES).find(|number| !is_good(*number))
    }
    /// Which comes after one: the first that is still to be had right; for who passed before and
    /// does them again, the one behind it.
    pub fn after(&self, number: usize, passed_at: Option<Instant>) -> Option<usize> {
        let is_again = self.of(number).is_some_and(|one| passed_at.is_some_and(|at| one.at > at));
        self.next().or_else(|| (is_again && number < EXERCISES).then_some(number + 1))
    }
    /// What was answered to an exercise.
    pub fn of(&self, number: usize) -> Option<Answered> {
        self.answered.iter().copied().find(|one| one.exercise == number)
    }
}
