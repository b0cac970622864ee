//! Rules: a small total language over the facts of an event.
//!
//! ```text
//! term_months >= 12 and product in ("crm", "site")
//! amount * 80 % - min(discount, 5000.00 RUB)
//! not has(source) or day - booked_on <= 14
//! ```
//!
//! There are booleans, whole numbers, money, shares, texts and days; facts with declared types;
//! `=`, `!=`, `<`, `<=`, `>`, `>=`; `and`, `or`, `not`; `in` and `not in` a list; `+` and `-` of
//! alike things (and of days and whole numbers); `*` where one side is a share, or money by a
//! whole number; `/` by a whole number that is written there and is not nought; `min` and `max`;
//! `has(fact)`. There is nothing that repeats, so every rule ends, and sizes are limited
//! ([`TEXT_MAX`], [`DEPTH_MAX`], [`NODES_MAX`], [`LIST_MAX`]).
//!
//! A rule is kept as its text: [`Expr`] reads and prints itself, and what is printed reads back as
//! the same rule. Money and shares are computed as exact fractions and never rounded here.
//! `and` and `or` look from left to right and stop where the answer is known, so that
//! `has(x) and x > 3` never misses `x`.

mod compute;
mod lexer;
mod parser;
mod print;
mod typing;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use compute::{Computed, Failure};
pub(crate) use parser::literal;
pub use typing::Schema;

use crate::{Name, Type, Value};

/// The longest text of a rule, in characters.
pub const TEXT_MAX: usize = 2_000;
/// The deepest nesting of a rule.
pub const DEPTH_MAX: usize = 32;
/// The most parts a rule may have: facts, values and operations together.
pub const NODES_MAX: usize = 400;
/// The most values in a list after `in`.
pub const LIST_MAX: usize = 100;
/// The longest name of a fact, in characters.
pub const NAME_MAX: usize = 60;

/// A rule, or a part of one, that was read from a text. Two are equal when they say the same,
/// wherever in a text they stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expr {
    node: Node,
    /// Where it begins in the text it was read from, in characters from nought.
    at: usize,
}

impl Expr {
    /// What it is.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Where it began in its text, in characters from nought.
    #[must_use]
    pub fn place(&self) -> usize {
        self.at
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl Eq for Expr {}

/// The parts a rule is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A value written in the rule.
    Value(Value),
    /// A fact of the event.
    Fact(Name),
    /// Whether the event has the fact.
    Has(Name),
    /// The opposite.
    Not(Box<Expr>),
    /// Every one, looked at from the left; two or more.
    All(Vec<Expr>),
    /// One at least, looked at from the left; two or more.
    Any(Vec<Expr>),
    /// How two alike things compare.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Whether it is one of a list, or none of it.
    In {
        /// What is looked for.
        of: Box<Expr>,
        /// Where; values of one type.
        list: Vec<Value>,
        /// True for `not in`.
        is_not: bool,
    },
    /// The sum.
    Add(Box<Expr>, Box<Expr>),
    /// The difference.
    Subtract(Box<Expr>, Box<Expr>),
    /// The product.
    Multiply(Box<Expr>, Box<Expr>),
    /// The part; the divisor is not nought.
    Divide(Box<Expr>, i64),
    /// The smallest of one or more.
    Least(Vec<Expr>),
    /// The largest of one or more.
    Most(Vec<Expr>),
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// Where a rule is wrong, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct RuleError {
    /// In characters from nought.
    pub at: usize,
    /// What.
    pub problem: Problem,
}

impl RuleError {
    pub(crate) const fn at(at: usize, problem: Problem) -> Self {
        Self { at, problem }
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "character {}: {}", self.at + 1, self.problem)
    }
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// A character that means nothing here.
    #[error("{0:?} means nothing here")]
    Character(char),
    /// A number that does not fit, or has too many decimals.
    #[error("this number is too large or has too many decimals")]
    Number,
    /// A text without its closing quotation mark, or with a character that cannot be shown.
    #[error("this text has no end")]
    Unclosed,
    /// Three capital letters that are no currency, or a currency without a sum.
    #[error("a sum of money is written as 1500.00 RUB")]
    NotMoney,
    /// Three parts that look like a day and are none.
    #[error("there is no such day in the calendar")]
    NotADay,
    /// Something else should stand here.
    #[error("{0} is missing here")]
    Missing(Wanting),
    /// The rule ended before and something follows.
    #[error("the rule is complete before this")]
    Beyond,
    /// Longer, deeper or larger than allowed.
    #[error("the rule is too {0}")]
    Limit(Limit),
    /// Division by anything but a written whole number that is not nought.
    #[error("division is by a written whole number that is not nought")]
    Divisor,
    /// A list of values of several types.
    #[error("a list holds values of one type")]
    MixedList,
    /// The schema has no such fact.
    #[error("there is no fact {0}")]
    UnknownFact(Name),
    /// Another type stands here than is needed.
    #[error("this is {1:?} and must be {0:?}")]
    Wanted(Type, Type),
    /// Two types that do not go together.
    #[error("{0:?} and {1:?} do not go together here")]
    Unlike(Type, Type),
    /// The type has no order, no sum or no part.
    #[error("this cannot be done with {0:?}")]
    Unfit(Type),
}

/// What the reader was looking for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanting {
    /// A fact, a value or an opening bracket.
    Operand,
    /// `(`
    Opening,
    /// `)`
    Closing,
    /// The name of a fact.
    Fact,
    /// A value.
    Value,
    /// `in`
    In,
}

impl fmt::Display for Wanting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operand => "a fact or a value",
            Self::Opening => "an opening bracket",
            Self::Closing => "a closing bracket",
            Self::Fact => "the name of a fact",
            Self::Value => "a value",
            Self::In => "\"in\"",
        })
    }
}

/// Which limit a rule goes beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// [`TEXT_MAX`]
    Text,
    /// [`DEPTH_MAX`]
    Depth,
    /// [`NODES_MAX`]
    Nodes,
    /// [`LIST_MAX`]
    List,
    /// [`NAME_MAX`]
    Name,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "long",
            Self::Depth => "deeply nested",
            Self::Nodes => "large",
            Self::List => "long in a list",
            Self::Name => "long in a name",
        })
    }
}
