//! Rates: how much is paid for what was counted.

use serde::{Deserialize, Serialize};

use crate::rule::Expr;
use crate::{Money, Name, Share};

/// How much a component pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rate {
    /// A fixed sum for each piece: each event, or each unit where a whole number is counted.
    Each(Money),
    /// An exact share of the money counted.
    Share(Share),
    /// By how much was reached.
    Table(Table),
    /// A sum, once, when that much is reached in the period.
    Milestone {
        /// What must be reached.
        reach: Level,
        /// What it pays.
        pays: Money,
    },
    /// A sum, once in the period, for the first that counts.
    OneTime(Money),
    /// The salary of the assignment, by days of the month.
    Salary,
}

impl Rate {
    /// Its word in the JSON.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Each(_) => "each",
            Self::Share(_) => "share",
            Self::Table(_) => "table",
            Self::Milestone { .. } => "milestone",
            Self::OneTime(_) => "one_time",
            Self::Salary => "salary",
        }
    }
}

/// A table of rates. The reading is always said: the same rows pay differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// What climbs through the rows.
    pub by: By,
    /// How the rows are read.
    pub reading: Reading,
    /// From nought upwards, without a gap; the last is open above.
    pub rows: Vec<Row>,
}

/// What climbs through the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// What the component measures: money, or a whole number.
    Measure,
    /// How many events there were.
    Count,
    /// What the component measures as a share of the quota.
    Attainment,
}

/// How a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Each row pays on its own slice alone.
    Marginal,
    /// The row reached pays on everything.
    Retroactive,
    /// The row reached pays its sum, once, whatever was counted.
    Lump,
}

/// A row: what lies over its lower bound, up to and including its upper one. A bound belongs to
/// the row it ends; what is below nought belongs to the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The lower bound, itself outside.
    pub over: Level,
    /// The upper bound, itself inside; none for the last row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Level>,
    /// What it pays. May be below nought.
    pub pays: Pay,
}

/// A height that can be reached. In JSON a number, or the text of money or a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Level {
    /// So many.
    Whole(i64),
    /// So much money.
    Money(Money),
    /// That share of the quota.
    Share(Share),
}

/// What a row pays. In JSON the text of money or of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Pay {
    /// A sum for each piece, or as a lump.
    Money(Money),
    /// A share of the money counted, or the factor of a multiplier.
    Share(Share),
}

/// A factor on the whole result of a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiplier {
    /// What it is looked up by.
    pub figure: Figure,
    /// Factors by that figure, a share each; the row reached holds.
    pub rows: Vec<Row>,
    /// The factor where the figure is not known.
    pub unknown: Share,
}

/// What a multiplier is looked up by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Figure {
    /// The share of its quota that a component has reached in the period, this one or another.
    Attainment(Name),
    /// The latest score of the person in the period.
    Score {
        /// The kind of event that tells it.
        on: Name,
        /// The role the person has in it.
        role: Name,
        /// The score, a rule of type share.
        value: Expr,
    },
}
