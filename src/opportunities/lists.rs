//! The board and the table: which opportunities they show and what each row tells.

use super::{Stage, State};
use crate::people::{Reach, Scope};
use crate::values::*;

/// Cards a stage of the board shows; the table has the rest.
pub const CARDS_MAX: i64 = 60;

codes! {
    /// Whose opportunities are looked at.
    Who {
        /// One's own.
        Mine = "mine",
        /// One's team's.
        Team = "team",
        /// The firm's.
        All = "all",
    }
}

impl Who {
    /// What a person may choose from, the widest last.
    pub fn choices(scope: &Scope) -> Vec<Self> {
        match (scope.reach, scope.team) {
            (Reach::Own, _) | (Reach::Team, None) => vec![Self::Mine],
            (Reach::Team, Some(_)) => vec![Self::Mine, Self::Team],
            (Reach::All, None) => vec![Self::Mine, Self::All],
            (Reach::All, Some(_)) => vec![Self::Mine, Self::Team, Self::All],
        }
    }
    /// What was asked for, or the widest one may see.
    pub fn asked(text: &str, scope: &Scope) -> Self {
        let choices = Self::choices(scope);
        let asked = text.parse().ok().filter(|who| choices.contains(who));
        asked.or(choices.last().copied()).unwrap_or(Self::Mine)
    }
}

/// The part of the firm a list covers; never wider than its reader's scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// One person's.
    Own(UserId),
    /// One team's.
    Team(TeamId),
    /// Everything.
    Firm(OrgId),
}

impl Range {
    /// What `who` means for a person.
    pub fn of(scope: &Scope, who: Who) -> Self {
        match (who, scope.reach, scope.team) {
            (Who::All, Reach::All, _) => Self::Firm(scope.org),
            (Who::Team, Reach::All | Reach::Team, Some(team)) => Self::Team(team),
            _ => Self::Own(scope.user),
        }
    }
    /// What the range's column equals.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Own(user) => user.to_string(),
            Self::Team(team) => team.to_string(),
            Self::Firm(org) => org.to_string(),
        }
    }
    /// The topic on which its changes are announced.
    pub fn topic(&self) -> String {
        format!("pipeline:{}", self.key())
    }
}

codes! {
    /// What may be wrong with an open opportunity.
    Mark {
        /// It has stood in its stage longer than the stage allows.
        Stuck = "stuck",
        /// Nobody knows what is done next.
        NoStep = "no_step",
        /// The time of the next step has passed.
        Late = "late",
    }
}

/// Which opportunities the table shows.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Whose.
    pub range: Range,
    /// In which state.
    pub state: State,
    /// In which stage; empty for all.
    pub stage: String,
    /// With which mark.
    pub mark: Option<Mark>,
}

/// A row of the table and a card of the board.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Its id.
    pub id: OpportunityId,
    /// The number people read aloud.
    pub number: i64,
    /// Whose chance it is.
    pub company: CompanyId,
    /// The company's name.
    pub company_name: String,
    /// Who leads it.
    pub owner: UserId,
    /// What it may bring.
    pub amount: Option<Money>,
    /// What is done next.
    pub next_step: String,
    /// When.
    pub next_step_at: Option<Instant>,
    /// The day the contract is expected.
    pub expected_close_on: Option<Instant>,
    /// Code of its stage.
    pub stage: String,
    /// Since when it stands there.
    pub stage_since: Instant,
    /// From when it counts as stuck.
    pub stuck_at: Instant,
    /// Where it stands.
    pub state: State,
    /// Counts the changes.
    pub version: i64,
}

impl Card {
    /// What is wrong with it now, the gravest first.
    pub fn marks(&self, now: Instant) -> Vec<Mark> {
        if self.state != State::Open {
            return Vec::new();
        }
        let is_late = self.next_step_at.is_some_and(|at| at < now);
        let found = [
            (Mark::NoStep, self.next_step_at.is_none()),
            (Mark::Late, is_late),
            (Mark::Stuck, self.stuck_at <= now),
        ];
        found.into_iter().filter(|(_, is)| *is).map(|(mark, _)| mark).collect()
    }
    /// Whole days it has stood in its stage.
    pub fn days_in_stage(&self, now: Instant) -> i64 {
        (now.ms() - self.stage_since.ms()).max(0) / DAY_MS
    }
}

/// Open opportunities of a stage in one currency; without an amount where none was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageSum {
    /// Code of the stage.
    pub stage: String,
    /// How many.
    pub count: i64,
    /// What they may bring.
    pub sum: Option<Money>,
}

/// A column of the board.
#[derive(Debug, Clone)]
pub struct Column {
    /// The stage.
    pub stage: Stage,
    /// How many opportunities stand in it.
    pub count: i64,
    /// What they may bring, by currency.
    pub sums: Vec<Money>,
    /// The first of them.
    pub cards: Vec<Card>,
}
