//! A task: something a person should do by a time, mostly about a company.
//!
//! Invariants:
//! - a task belongs to one person; it is open until it is done, and done only once;
//! - what the product asks for by itself carries a key of its own and is asked for once;
//! - a head passes a task on within their team, the owner to anybody; nobody else passes tasks on;
//! - open tasks that come from a client's dates and contracts travel with whoever leads the client.
//!
//! Neighbours: uses `people`, `companies` and the foundation; `clients` and `handoffs` leave tasks
//! here. What was promised to clients stands beside the tasks of the same time, and is answered in
//! `promises`.

pub mod actions;
pub mod api;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use crate::people::{Reach, Scope, Viewer};
use crate::values::*;

/// The longest text of a task.
pub const WHAT_CHARS_MAX: usize = 500;
/// How far ahead a task may be due.
const DUE_DAYS_MAX: i64 = 5 * 366;

/// Where a task comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A person wrote it down.
    Person,
    /// A hand-off or a call asked for it.
    Handoff,
    /// An important date of somebody at the client comes near.
    Date,
    /// A contract of the client ends soon.
    Renewal,
    /// The client answered about a prototype.
    Prototype,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 5] =
        [Self::Person, Self::Handoff, Self::Date, Self::Renewal, Self::Prototype];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Handoff => "handoff",
            Self::Date => "date",
            Self::Renewal => "renewal",
            Self::Prototype => "prototype",
        }
    }
    /// True when the task belongs to whoever leads the client, and passes on with the client.
    pub fn follows_client(self) -> bool {
        self != Self::Person
    }
}

impl FromStr for Origin {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|origin| origin.code() == code).ok_or(())
    }
}

/// A task to be added.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// Who should do it.
    pub person: UserId,
    /// What it is about.
    pub company: Option<CompanyId>,
    /// What to do, in words.
    pub what: String,
    /// By when.
    pub due_at: Instant,
    /// Where it comes from.
    pub origin: Origin,
    /// A key under which it is asked for only once, as `date:…:2026`.
    pub once: Option<String>,
}

/// Something a person should do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The number people read aloud.
    pub number: i64,
    /// Who should do it.
    pub person: UserId,
    /// Their team.
    pub team: Option<TeamId>,
    /// What it is about.
    pub company: Option<CompanyId>,
    /// What to do, in words.
    pub what: String,
    /// Where it comes from.
    pub origin: Origin,
    /// By when.
    pub due_at: Instant,
    /// How often it was put off.
    pub put_off_count: i64,
    /// When it was made.
    pub made_at: Instant,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// Counts its changes.
    pub version: i64,
}

/// Which tasks a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Open and due within a day, or late.
    Due,
    /// Open and late.
    Overdue,
    /// Everything open.
    #[default]
    Open,
    /// Done.
    Done,
}

impl View {
    /// Every view, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Open, Self::Due, Self::Overdue, Self::Done];
    /// The code of addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Open => "open",
            Self::Done => "done",
        }
    }
    /// What is open and due before that moment belongs to the view; nothing open where it has none.
    pub fn until(self, now: Instant) -> Option<Instant> {
        match self {
            Self::Overdue => Some(now),
            Self::Due => Some(now.plus_days(1)),
            Self::Open => Some(Instant(i64::MAX)),
            Self::Done => None,
        }
    }
    /// The view of a code; the open ones for an unknown code.
    pub fn of_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.code() == code).unwrap_or_default()
    }
}

/// Whose tasks a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// The viewer's own.
    #[default]
    Mine,
    /// Everybody's whom the viewer may see: the team's for a head.
    Team,
}

impl Whose {
    /// The code of addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
        }
    }
    /// The choice of a code; one's own for an unknown code.
    pub fn of_code(code: &str) -> Self {
        if code == "team" { Self::Team } else { Self::Mine }
    }
    /// What of the viewer's scope the choice leaves.
    pub fn scope(self, viewer: &Viewer) -> Scope {
        match self {
            Self::Mine => Scope { reach: Reach::Own, ..viewer.scope() },
            Self::Team => viewer.scope(),
        }
    }
}

/// Where a page of a list starts: the time and the id of the last row seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(pub Instant, pub TaskId);

impl Place {
    /// The place of a task in a view: by its time to be done, or by when it was done.
    pub fn of(view: View, task: &Task) -> Self {
        match view {
            View::Done => Self(task.done_at.unwrap_or(task.due_at), task.id),
            _ => Self(task.due_at, task.id),
        }
    }
    /// As addresses carry it.
    pub fn text(self) -> String {
        format!("{}.{}", self.0.ms(), self.1)
    }
    /// Reads it; `None` for the start and for what is damaged.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        Some(Self(Instant(at.parse().ok()?), id.parse().ok()?))
    }
}

impl Task {
    /// True when it is still to be done.
    pub fn is_open(&self) -> bool {
        self.done_at.is_none()
    }
    /// True when its time has passed and it is not done.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.is_open() && self.due_at < now
    }
    /// The task done.
    pub fn done(&self, now: Instant) -> Result<Self, TaskRefusal> {
        self.still_open()?;
        Ok(Self { done_at: Some(now), ..self.clone() })
    }
    /// The task due at another time.
    pub fn put_off(&self, due_at: Instant, now: Instant) -> Result<Self, Error> {
        self.still_open()?;
        let mut fields = Fields::default();
        check_due(&mut fields, due_at, now);
        fields.into_result()?;
        Ok(Self { due_at, put_off_count: self.put_off_count + 1, ..self.clone() })
    }
    /// The task with another person.
    pub fn passed(&self, to: UserId, team: Option<TeamId>) -> Result<Self, TaskRefusal> {
        self.still_open()?;
        if to == self.person {
            return Err(TaskRefusal::AlreadyTheirs);
        }
        Ok(Self { person: to, team, ..self.clone() })
    }
    fn still_open(&self) -> Result<(), TaskRefusal> {
        if self.is_open() { Ok(()) } else { Err(TaskRefusal::AlreadyDone) }
    }
}

/// Checks what a person typed; `now` bounds the time.
pub fn check(what: &str, due_at: Instant, now: Instant) -> Outcome<()> {
    let mut fields = Fields::default();
    if what.trim().is_empty() {
        fields.note("what", "required");
    } else if what.chars().count() > WHAT_CHARS_MAX {
        fields.note_with("what", "too-long", vec![("max", WHAT_CHARS_MAX.to_string())]);
    }
    check_due(&mut fields, due_at, now);
    fields.into_result()
}

fn check_due(fields: &mut Fields, due_at: Instant, now: Instant) {
    if due_at < now {
        fields.note("due", "task-in-the-past");
    } else if due_at > now.plus_days(DUE_DAYS_MAX) {
        fields.note("due", "date-out-of-range");
    }
}

/// True when the viewer may give tasks to that person: their own, their team's as a head, all as
/// the owner.
pub fn may_give(viewer: &Viewer, person: UserId, team: Option<TeamId>) -> bool {
    viewer.scope().sees(Some(person), team)
}

/// Why a task cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskRefusal {
    /// It is done already.
    AlreadyDone,
    /// The person has it already.
    AlreadyTheirs,
    /// The person is shut out or not of the firm.
    PersonGone,
    /// Somebody changed it in between.
    Stale,
}

impl Refusal for TaskRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyDone => "task-already-done",
            Self::AlreadyTheirs => "task-already-theirs",
            Self::PersonGone => "task-person-gone",
            Self::Stale => "task-stale",
        }
    }
}
