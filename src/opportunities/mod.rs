//! Opportunities: qualified chances of a sale on their way through the stages of the pipeline.
//!
//! Invariants:
//! - a stage is a position in the pipeline; won and lost are outcomes and never stages;
//! - a stage is left forward only when its exit criteria hold; going back is always allowed;
//! - a loss has a coded reason and a note; a win signs a contract in the same transaction;
//! - each change names the version it saw, so that of two who move at once one is told so;
//! - the passport is kept as it was handed over and is never edited.
//!
//! Neighbours: uses `companies`, `campaigns`, `promises` and `contracts`; hand-offs open
//! opportunities here; pay, story and reports read the events.

pub mod actions;
pub mod api;
mod around;
mod forms;
pub mod lists;
pub mod owner;
pub mod pages;
pub mod show;
pub mod stages;
mod store;
#[cfg(test)]
mod tests;

pub use stages::{Criterion, Stage};

use serde_json::Value;

use crate::contracts::note_too_long;
use crate::values::*;

/// The longest need or note of a loss.
pub const TEXT_MAX: usize = 4_000;
/// The longest next step.
pub const STEP_MAX: usize = 300;
/// How long a move may be taken back.
pub const UNDO_MS: i64 = MINUTE_MS;

/// The scope of the draft of an opportunity's details.
pub fn draft_of_details(id: OpportunityId) -> String {
    format!("opportunity:{id}")
}

/// The scope of the draft of its loss.
pub fn draft_of_loss(id: OpportunityId) -> String {
    format!("loss:{id}")
}

/// An opportunity to be opened.
#[derive(Debug, Clone)]
pub struct NewOpportunity {
    /// Whose chance it is.
    pub company: CompanyId,
    /// The campaign it came from.
    pub campaign: Option<CampaignId>,
    /// The hand-off that brought it.
    pub handoff: Option<HandoffId>,
    /// Who leads it.
    pub owner: UserId,
    /// The owner's team.
    pub team: Option<TeamId>,
    /// True when service handed a client back for more.
    pub is_upsell: bool,
    /// What the client needs, in a sentence.
    pub need: String,
    /// The passport as it was accepted: an object of answers.
    pub passport: Value,
    /// What is done first, and when, where the hand-off says so.
    pub next: Option<(String, Instant)>,
}

codes! {
    /// Where an opportunity stands.
    State {
        /// It is being worked.
        Open = "open",
        /// A contract was signed.
        Won = "won",
        /// It came to nothing.
        Lost = "lost",
    }
}

codes! {
    /// Why an opportunity was lost.
    LossReason {
        /// Too dear for them.
        Price = "price",
        /// They chose somebody else.
        Competitor = "competitor",
        /// They have no money for it.
        NoBudget = "no_budget",
        /// It turned out that they do not need it.
        NoNeed = "no_need",
        /// Not now.
        Timing = "timing",
        /// The terms did not suit them.
        Terms = "terms",
        /// We cannot do what they need.
        NotOurs = "not_ours",
        /// They stopped answering.
        Silent = "silent",
        /// Something else, told in the note.
        Other = "other",
    }
}

/// A qualified chance of a sale.
#[derive(Debug, Clone, PartialEq)]
pub struct Opportunity {
    /// Its id.
    pub id: OpportunityId,
    /// The number people read aloud.
    pub number: i64,
    /// Whose chance it is.
    pub company: CompanyId,
    /// The campaign it came from.
    pub campaign: Option<CampaignId>,
    /// The hand-off that brought it.
    pub handoff: Option<HandoffId>,
    /// Who leads it.
    pub owner: UserId,
    /// The owner's team.
    pub team: Option<TeamId>,
    /// True when service handed a client back for more.
    pub is_upsell: bool,
    /// The passport as it was accepted.
    pub passport: Value,
    /// What the client needs.
    pub need: String,
    /// What it may bring.
    pub amount: Option<Money>,
    /// What is done next; empty for nothing.
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
    /// Why it was lost.
    pub loss_reason: Option<LossReason>,
    /// What was said about that.
    pub loss_note: Option<String>,
    /// When it was won or lost.
    pub closed_at: Option<Instant>,
    /// The contract it was won with.
    pub contract: Option<ContractId>,
    /// When it was opened.
    pub opened_at: Instant,
    /// Counts the changes.
    pub version: i64,
}

/// What its owner keeps up to date.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// What the client needs.
    pub need: String,
    /// What it may bring.
    pub amount: Option<Money>,
    /// What is done next.
    pub next_step: String,
    /// When.
    pub next_step_at: Option<Instant>,
    /// The day the contract is expected.
    pub expected_close_on: Option<Instant>,
}

impl Details {
    /// Every fault; the fields are named as here.
    pub fn problems(&self) -> Fields {
        let mut fields = Fields::default();
        note_too_long(&mut fields, "need", &self.need, TEXT_MAX);
        note_too_long(&mut fields, "next_step", &self.next_step, STEP_MAX);
        let lacks_step = self.next_step.trim().is_empty();
        if !lacks_step && self.next_step_at.is_none() {
            fields.note("next_step_at", "required");
        }
        if lacks_step && self.next_step_at.is_some() {
            fields.note("next_step", "required");
        }
        if let Some(amount) = self.amount {
            if amount.minor <= 0 {
                fields.note("amount", "sum-nought");
            } else if amount.minor > money::TYPED_MAX_MINOR {
                fields.note("amount", "money-too-large");
            }
        }
        fields
    }
}

/// A move that was made, for the one who may take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Stage before.
    pub from: String,
    /// Stage after.
    pub to: String,
    /// When the stage before was entered.
    pub since_before: Instant,
    /// The version it made.
    pub version: i64,
    /// True when it takes another back.
    pub is_reversal: bool,
    /// When it was made.
    pub at: Instant,
    /// By whom.
    pub by: Option<UserId>,
}

impl Opportunity {
    /// The order of the board: what has no next step first, then by the next step's time.
    pub fn due_at(&self) -> Instant {
        self.next_step_at.unwrap_or_default()
    }

    /// True when nobody knows what is done next.
    pub fn lacks_next_step(&self) -> bool {
        self.next_step.is_empty() || self.next_step_at.is_none()
    }

    /// Moves it to another stage.
    pub fn advance(&self, seen: i64, to: &str, stages: &[Stage], now: Instant) -> Outcome<Self> {
        self.check_open(seen)?;
        let find = |code: &str| stages.iter().find(|stage| stage.code == code);
        let target = find(to).ok_or_else(|| Fields::one("stage", "unknown-choice"))?;
        if self.stage == to {
            return Err(OpportunityRefusal::AlreadyThere.into());
        }
        let mut fields = Fields::default();
        for criterion in self.missing(to, stages) {
            let (field, problem) = self.asked_by(criterion);
            fields.note(field, problem);
        }
        fields.into_result()?;
        Ok(Self {
            stage: to.to_owned(),
            stage_since: now,
            stuck_at: target.stuck_at(now),
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// What must still be known before it may move there, each thing once. Nothing when it goes
    /// back: only what is left behind on the way forward has criteria.
    pub fn missing(&self, to: &str, stages: &[Stage]) -> Vec<Criterion> {
        let position =
            |code: &str| stages.iter().find(|stage| stage.code == code).map(|s| s.position);
        let Some(target) = position(to) else { return Vec::new() };
        let from = position(&self.stage).unwrap_or(0);
        let left = stages.iter().filter(|s| (from..target).contains(&s.position));
        let wanted: Vec<Criterion> = left.flat_map(|s| s.criteria.iter().copied()).collect();
        Criterion::ALL.iter().copied().filter(|c| wanted.contains(c) && !self.meets(*c)).collect()
    }

    /// The field that does not answer a criterion yet, and the code of what is said of it: a next
    /// step without its day lacks the day.
    fn asked_by(&self, criterion: Criterion) -> (&'static str, &'static str) {
        if criterion == Criterion::NextStep && !self.next_step.is_empty() {
            return ("next_step_at", "stage-wants-next-day");
        }
        (criterion.field(), criterion.problem())
    }

    /// Is it known?
    pub fn meets(&self, criterion: Criterion) -> bool {
        match criterion {
            Criterion::NextStep => !self.lacks_next_step(),
            Criterion::Need => !self.need.is_empty(),
            Criterion::Amount => self.amount.is_some_and(|m| m.minor > 0),
            Criterion::ExpectedClose => self.expected_close_on.is_some(),
        }
    }

    /// Takes its last move back; the stage is as old as it was.
    pub fn undo(
        &self,
        last: &Move,
        by: Option<UserId>,
        stages: &[Stage],
        now: Instant,
    ) -> Outcome<Self> {
        if last.is_reversal || last.by != by || now > last.at.plus_ms(UNDO_MS) {
            return Err(OpportunityRefusal::TooLateToUndo.into());
        }
        self.check_open(last.version)?;
        let before = stages.iter().find(|stage| stage.code == last.from);
        Ok(Self {
            stage: last.from.clone(),
            stage_since: last.since_before,
            stuck_at: before.map_or(self.stuck_at, |stage| stage.stuck_at(last.since_before)),
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// Sets what its owner keeps up to date.
    pub fn set(&self, seen: i64, details: Details) -> Outcome<Self> {
        details.problems().into_result()?;
        self.check_open(seen)?;
        Ok(Self {
            need: details.need.trim().to_owned(),
            amount: details.amount,
            next_step: details.next_step.trim().to_owned(),
            next_step_at: details.next_step_at,
            expected_close_on: details.expected_close_on,
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// What of it stands otherwise than before, by field.
    pub fn changed(&self, before: &Self) -> Vec<&'static str> {
        let all = [
            ("next_step", self.next_step != before.next_step),
            ("next_step_at", self.next_step_at != before.next_step_at),
            ("expected_close_on", self.expected_close_on != before.expected_close_on),
            ("amount", self.amount != before.amount),
            ("need", self.need != before.need),
        ];
        all.into_iter().filter(|(_, is_changed)| *is_changed).map(|(field, _)| field).collect()
    }

    /// Gives it up, with a reason and a note.
    pub fn lose(&self, seen: i64, reason: LossReason, note: &str, now: Instant) -> Outcome<Self> {
        let mut fields = Fields::default();
        note_too_long(&mut fields, "note", note, TEXT_MAX);
        if note.trim().is_empty() {
            fields.note("note", "required");
        }
        fields.into_result()?;
        self.check_open(seen)?;
        Ok(Self {
            state: State::Lost,
            loss_reason: Some(reason),
            loss_note: Some(note.trim().to_owned()),
            closed_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// Wins it.
    pub fn win(
        &self,
        seen: i64,
        contract: ContractId,
        value: Money,
        now: Instant,
    ) -> Outcome<Self> {
        self.check_open(seen)?;
        Ok(Self {
            state: State::Won,
            amount: Some(value),
            closed_at: Some(now),
            contract: Some(contract),
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// Takes a lost one up again, in the stage where it was given up.
    pub fn reopen(&self, seen: i64, stages: &[Stage], now: Instant) -> Outcome<Self> {
        if self.state != State::Lost {
            return Err(OpportunityRefusal::NotLost.into());
        }
        if self.version != seen {
            return Err(OpportunityRefusal::Stale.into());
        }
        let stuck_at = stages.iter().find(|s| s.code == self.stage).map(|s| s.stuck_at(now));
        Ok(Self {
            state: State::Open,
            loss_reason: None,
            loss_note: None,
            closed_at: None,
            stage_since: now,
            stuck_at: stuck_at.unwrap_or(self.stuck_at),
            version: self.version + 1,
            ..self.clone()
        })
    }

    /// The open opportunity with another owner.
    pub fn reassign(&self, to: UserId, team: Option<TeamId>) -> Outcome<Self> {
        self.check_open(self.version)?;
        if self.owner == to {
            return Err(OpportunityRefusal::AlreadyTheirs.into());
        }
        Ok(Self { owner: to, team, version: self.version + 1, ..self.clone() })
    }
    fn check_open(&self, seen: i64) -> Outcome<()> {
        match self.state {
            State::Won => Err(OpportunityRefusal::AlreadyWon.into()),
            State::Lost => Err(OpportunityRefusal::AlreadyLost.into()),
            State::Open if self.version != seen => Err(OpportunityRefusal::Stale.into()),
            State::Open => Ok(()),
        }
    }
}

/// Why an opportunity cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpportunityRefusal {
    /// Somebody changed it meanwhile.
    Stale,
    /// It is won and closed for good.
    AlreadyWon,
    /// It is lost; it can be reopened.
    AlreadyLost,
    /// Only a lost one is reopened.
    NotLost,
    /// It stands in that stage already.
    AlreadyThere,
    /// The move is too old, or not one's own, to be taken back.
    TooLateToUndo,
    /// The hand-off has opened its opportunity already.
    AlreadyOpened,
    /// The person leads it already.
    AlreadyTheirs,
}

impl Refusal for OpportunityRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Stale => "opportunity-stale",
            Self::AlreadyWon => "opportunity-already-won",
            Self::AlreadyLost => "opportunity-already-lost",
            Self::NotLost => "opportunity-not-lost",
            Self::AlreadyThere => "opportunity-already-there",
            Self::TooLateToUndo => "move-too-late-to-undo",
            Self::AlreadyOpened => "opportunity-already-opened",
            Self::AlreadyTheirs => "opportunity-already-theirs",
        }
    }
}
