//! Credits: what somebody should have of something, and why.

use ledger::Currency;
use serde::{Deserialize, Serialize};

use crate::rate::Pay;
use crate::rule::Failure;
use crate::{Labels, Money, Name, Share};

/// What a person should have of one component for one thing. The engine says where it should
/// stand; what must be written to get there is for whoever keeps the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// What it is the credit of; one credit has it.
    pub key: Key,
    /// What it is about, where that is an event or a subject.
    pub subject: Option<Name>,
    /// The month it counts in, with its quarter and year: of the event, or the last of a longer
    /// period. None where neither events nor the calendar tell.
    pub labels: Option<Labels>,
    /// The larger thing it belongs to, where it is about a subject.
    pub deal: Option<Name>,
    /// What is owed, in minor units; below nought where rates are.
    pub posted: i64,
    /// What would be owed beyond it if everything still open were passed.
    pub pending: i64,
    /// The currency of both.
    #[serde(with = "crate::plan::as_code")]
    pub currency: Currency,
    /// How it came about.
    pub why: Box<Why>,
}

/// What a credit is the credit of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Who is paid.
    pub person: Name,
    /// By whose plan: the person's own, unless a split or an overlay reached them.
    pub earner: Name,
    /// The assignment that decides.
    pub assignment: Name,
    /// The plan.
    pub plan: Name,
    /// The version that was in force when it happened; it pays to the end.
    pub version: u32,
    /// The component.
    pub component: Name,
    /// What it is for.
    pub of: Of,
}

/// What a credit is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Of {
    /// One event.
    Event(Name),
    /// A subject, once.
    Subject(Name),
    /// A subject, once in a month.
    SubjectInMonth(Name, Name),
    /// A period by its label.
    Period(Name),
    /// The whole time of the assignment.
    Term,
}

/// Where a credit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing is owed or expected.
    Nothing,
    /// All of it waits.
    Pending,
    /// Something is owed; more may wait.
    Posted,
}

impl Credit {
    /// Where it stands.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        match (self.posted, self.pending) {
            (0, 0) => Standing::Nothing,
            (0, _) => Standing::Pending,
            _ => Standing::Posted,
        }
    }

    /// The month it counts in.
    #[must_use]
    pub fn month(&self) -> Option<&Name> {
        self.labels.as_ref().map(|labels| &labels.month)
    }

    /// What is owed, as money.
    #[must_use]
    pub const fn owed(&self) -> Money {
        Money::new(self.posted, self.currency)
    }
}

/// How a credit came about, or why it did not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// The events counted, in order.
    pub inputs: Vec<Input>,
    /// What was counted in all: pieces or units, or minor units of money.
    pub counted: Part,
    /// The target it was held against, and the share of it that was reached.
    pub quota: Option<(Part, Part)>,
    /// Rows that paid, each with what it paid on.
    pub slices: Vec<Slice>,
    /// Factors on the result.
    pub factors: Vec<Factor>,
    /// What the rate alone came to, rounded; before caps and splits.
    pub earned: i64,
    /// What caps cut off.
    pub cuts: Vec<Cut>,
    /// The shares of this person; of the amount, or of what was counted.
    pub parts: Vec<PartOf>,
    /// Stages, each with what it released or holds.
    pub tranches: Vec<Tranche>,
    /// Days of the month paid, from the first inside to the first outside, and of how many.
    pub days: Option<(i64, i64, i64)>,
    /// Events that were looked at and not counted, each with the reason; of a period.
    pub left_out: Vec<LeftOut>,
    /// True when claw-back took back what a stage had released.
    pub clawed_back: bool,
    /// When silence will change it, where nobody speaks before.
    pub due: Option<i64>,
    /// Why it pays nothing, or not everything.
    pub unpaid: Option<Unpaid>,
}

/// An exact fraction in lowest terms, as far as it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Part {
    /// The upper part.
    pub over: i64,
    /// The lower part, one or more; nought where the fraction does not fit.
    pub under: i64,
}

/// An event that was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Which.
    pub event: Name,
    /// What was measured of it.
    pub measure: Part,
    /// How much of that is released.
    pub released: Part,
    /// How much of it counts if everything still open is passed.
    pub open: Part,
    /// Later words that changed it.
    pub words: Vec<Name>,
}

/// An event that was looked at and not counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// Which.
    pub event: Name,
    /// Why.
    pub why: Unpaid,
}

/// What one row of a table, or a plain rate, paid on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// The place of the row, from nought; none for a plain rate.
    pub row: Option<usize>,
    /// Pieces, units or minor units it paid on.
    pub on: Part,
    /// What it pays.
    pub pays: Pay,
}

/// A factor on the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// The place of the multiplier, from nought.
    pub multiplier: usize,
    /// The figure it was looked up by; none where it is not known.
    pub figure: Option<Part>,
    /// The place of the row.
    pub row: Option<usize>,
    /// The factor.
    pub factor: Share,
}

/// What a cap cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// The place of the cap in the component, from nought; none for the cap of the plan.
    pub cap: Option<usize>,
    /// The most.
    pub most: i64,
    /// What it would have been.
    pub before: i64,
    /// What it became.
    pub after: i64,
}

/// The share by which somebody is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartOf {
    /// In which role.
    pub who: crate::plan::Who,
    /// How much.
    pub share: Share,
    /// True when it goes beyond the whole.
    pub is_overlay: bool,
}

/// A part of an amount that a stage releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tranche {
    /// The stage; none for what is released at once.
    pub stage: Option<Name>,
    /// How much, in minor units; nought where a period is paid, whose inputs tell their parts.
    pub amount: i64,
    /// What became of it.
    pub state: State,
    /// What decided it.
    pub by: Option<Decider>,
    /// When that was.
    pub at: Option<i64>,
}

/// What decided a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Decider {
    /// An event.
    Event(Name),
    /// The silence until the limit.
    Silence,
}

/// What became of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is owed.
    Released,
    /// It waits.
    Open,
    /// It will not be owed.
    Lost,
    /// It was owed and is taken back.
    ClawedBack,
}

/// Why something pays nothing, or less.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Unpaid {
    /// The filter does not let the event through.
    Filtered,
    /// A rule had no answer.
    NoAnswer(Failure),
    /// It carries money of this currency and the plan pays in another.
    OtherCurrency(Name),
    /// It came after the last day.
    PastLastDay,
    /// It was cancelled, or its money went back whole, by that word.
    Gone(Name),
    /// That event told the same before.
    ToldBefore(Name),
    /// A stage failed, by an event or by silence.
    Failed(Name),
    /// Less was reached than the threshold.
    BelowCliff,
    /// The milestone is not reached.
    NotReached,
    /// The assignment has no such quota, or the calendar does not reach.
    NoQuota,
    /// Caps cut everything off.
    CapReached,
    /// The event names nobody in any of the roles that are paid.
    Nobody,
    /// It comes to nothing.
    Nothing,
    /// A number does not fit.
    TooLarge,
}

/// What says nothing to any component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Idle {
    /// A person with a role, in an event that plans look at, had no plan in force.
    NoPlan {
        /// The event.
        event: Name,
        /// The person.
        person: Name,
    },
    /// An event that plans look at names nobody.
    NamesNobody(Name),
    /// A word about an event that is not there, or that has no such money.
    NamesNothing(Name),
    /// Two events with different contents have one id; the lesser counts.
    TwoWithOneId(Name),
}
