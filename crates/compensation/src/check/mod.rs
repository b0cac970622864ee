//! Checks of a version before it is published, and of what is built from published ones.
//!
//! Every fault is a value with its place. All of them are found at once, so that whoever writes
//! a plan sees everything that is wrong with it.

mod assigned;
mod component;
mod graph;
mod published;
mod table;

use ledger::{Currency, Rate};
use thiserror::Error;

pub use assigned::RulesFault;
pub use published::Published;

use crate::rule::RuleError;
use crate::{Name, Type};

/// What may be meant. Beyond it a number is taken for a slip of the hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The largest sum anywhere in a plan, in minor units.
    pub money_max: i64,
    /// The largest share of money and the largest factor, either side of nought.
    pub share_max: Rate,
    /// The most components of a plan.
    pub components_max: usize,
    /// The most rows of a table, and the most of anything else that is a list in a component.
    pub list_max: usize,
    /// The longest limit of a stage, in hours.
    pub hours_max: u32,
}

impl Default for Limits {
    /// Ten million major units of two decimals, ten times the whole, 40 components, 40 rows, ten
    /// years.
    fn default() -> Self {
        Self {
            money_max: 10_000_000_00,
            share_max: Rate::basis_points(100_000),
            components_max: 40,
            list_max: 40,
            hours_max: 10 * 366 * 24,
        }
    }
}

/// Something that keeps a version from being published.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place:?}: {wrong}")]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What.
    pub wrong: Wrong,
}

/// Where in a plan something stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The component, by its code; none for the plan itself.
    pub component: Option<Name>,
    /// The part of it.
    pub part: Section,
    /// The place in the list of that part, from nought, and below it that of the row.
    pub index: Option<(usize, usize)>,
}

/// The parts of a plan and of a component, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// Code, version, currency.
    Head,
    /// The rounding.
    Rounding,
    /// What triggers it.
    On,
    /// Which events.
    Filter,
    /// What is counted.
    Measure,
    /// What counts once.
    Once,
    /// Over what it is added up.
    Period,
    /// How much.
    Rate,
    /// The quota.
    Quota,
    /// The threshold.
    Cliff,
    /// A multiplier.
    Multiplier,
    /// The gate, or a stage of it.
    Gate,
    /// A cap.
    Cap,
    /// The last day.
    LastDay,
    /// Who is paid.
    Payees,
    /// The least that is paid.
    Guarantee,
}

/// What is wrong with a part of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Wrong {
    /// It pays for nothing.
    #[error("a plan needs a component")]
    NoComponents,
    /// A list is longer than the limits allow.
    #[error("there are more than {0}")]
    TooMany(usize),
    /// A list, or a name, that must say something says nothing.
    #[error("something must stand here")]
    Empty,
    /// The same stands here twice.
    #[error("{0} stands here twice")]
    Twice(Name),
    /// Two components would pay for the same.
    #[error("{0} pays for the same")]
    PaidTwice(Name),
    /// The version counts from one.
    #[error("versions count from one")]
    NotAVersion,
    /// No rounding is named.
    #[error("a rounding must be named")]
    NoRounding,
    /// The schema has no such kind of event.
    #[error("there is no event {0}")]
    UnknownEvent(Name),
    /// The schema has no such role.
    #[error("there is no role {0}")]
    UnknownRole(Name),
    /// The plan has no such component.
    #[error("there is no component {0}")]
    UnknownComponent(Name),
    /// A rule is wrong.
    #[error("{0}")]
    Rule(RuleError),
    /// A measure is neither money nor a whole number.
    #[error("{0:?} cannot be measured")]
    MeasureType(Type),
    /// A sum, or a rule, is in another currency than the plan.
    #[error("{0} is not the currency of the plan")]
    OtherCurrency(Currency),
    /// A sum, a share or a time is larger than may be meant.
    #[error("this is larger than may be meant")]
    Beyond,
    /// A sum, a share or a time must be above nought.
    #[error("this must be above nought")]
    NotPositive,
    /// A sum or a share must not be below nought.
    #[error("this must not be below nought")]
    Negative,
    /// A row begins above where the one before ends.
    #[error("between this row and the one before there is a gap")]
    Gap,
    /// A row begins below where the one before ends.
    #[error("this row overlaps the one before")]
    Overlap,
    /// A table does not begin at nought.
    #[error("the first row must begin at nought")]
    NotFromNought,
    /// A row ends where it begins, or before.
    #[error("this row ends where it begins, or before")]
    EmptyRow,
    /// The last row ends, or an earlier one does not.
    #[error("the last row, and only the last, is open above")]
    OpenRow,
    /// A height is of another kind than what is measured.
    #[error("this height is of another kind than what is measured")]
    LevelType,
    /// What is paid does not go with what is counted or how the table is read.
    #[error("this pay does not go with what is counted")]
    PayType,
    /// Something is held against a quota and none is named.
    #[error("a quota must be named")]
    NoQuota,
    /// A quota, a milestone or a bonus needs a period.
    #[error("this needs a period")]
    NeedsPeriod,
    /// Two components add up over different periods.
    #[error("the periods differ")]
    PeriodsDiffer,
    /// Parts that must sum to the whole do not.
    #[error("the shares sum to {0} and must sum to the whole")]
    NotTheWhole(Rate),
    /// A cap goes over less than the component adds up.
    #[error("a cap cannot go over less than is added up")]
    CapTooNarrow,
    /// The cap lies below the guarantee.
    #[error("the cap lies below the guarantee")]
    CapBelowGuarantee,
    /// A component measures what follows from itself; the codes on the way round.
    #[error("the components go round in a circle: {0:?}")]
    Cycle(Vec<Name>),
    /// Two parts of a component contradict each other or the one says nothing with the other.
    #[error("this does not go with what makes the component pay")]
    Unfit,
}
