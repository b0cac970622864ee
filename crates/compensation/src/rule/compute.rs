//! What a rule comes to for the facts of an event. It always ends, and never by a panic.

use std::cmp::Ordering;

use ledger::Currency;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Comparison, Expr, Node};
use crate::event::Facts;
use crate::exact::Exact;
use crate::{Day, Name, Type, Value};

/// What a rule came to. Money and shares are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Computed<'a> {
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Whole(i64),
    /// Minor units, exactly, of a currency.
    Money(Exact, Currency),
    /// A share.
    Share(Exact),
    /// Characters.
    Text(&'a str),
    /// A day.
    Day(Day),
}

/// Why a rule has no answer for an event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Failure {
    /// The event lacks a fact that the rule needs.
    #[error("the event does not tell {0}")]
    MissingFact(Name),
    /// The event tells the fact in another type than was declared.
    #[error("the event tells {0} in another type than was declared")]
    FactOfOtherType(Name),
    /// Money of two currencies met.
    #[error("money of two currencies met: {0} and {1}")]
    Currencies(Name, Name),
    /// A number does not fit.
    #[error("the result does not fit")]
    Overflow,
    /// A rule that was never checked: types met that do not go together.
    #[error("the rule was not checked: {0:?} does not fit")]
    Unchecked(Type),
}

impl Computed<'_> {
    fn kind(self) -> Type {
        match self {
            Self::Boolean(_) => Type::Boolean,
            Self::Whole(_) => Type::Whole,
            Self::Money(..) => Type::Money,
            Self::Share(_) => Type::Share,
            Self::Text(_) => Type::Text,
            Self::Day(_) => Type::Day,
        }
    }
}

impl<'a> From<&'a Value> for Computed<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Boolean(is_true) => Self::Boolean(*is_true),
            Value::Whole(whole) => Self::Whole(*whole),
            Value::Money(money) => Self::Money(Exact::whole(money.minor()), money.currency()),
            Value::Share(share) => Self::Share(share.0.into()),
            Value::Text(text) => Self::Text(text),
            Value::Day(day) => Self::Day(*day),
        }
    }
}

type Answer<'a> = Result<Computed<'a>, Failure>;

fn fits<T>(found: Option<T>) -> Result<T, Failure> {
    found.ok_or(Failure::Overflow)
}

impl Expr {
    /// What the rule comes to.
    ///
    /// # Errors
    /// [`Failure`] when a fact is missing or a number does not fit; a rule that passed
    /// [`Expr::kind`] fails in no other way, but for money of two currencies in the facts.
    pub fn compute<'a>(&'a self, facts: &'a Facts) -> Answer<'a> {
        match &self.node {
            Node::Value(value) => Ok(value.into()),
            Node::Fact(name) => {
                let value = facts.get(name);
                value.map(Computed::from).ok_or_else(|| Failure::MissingFact(name.clone()))
            }
            Node::Has(name) => Ok(Computed::Boolean(facts.get(name).is_some())),
            Node::Not(part) => part.is_true(facts).map(|is_true| Computed::Boolean(!is_true)),
            Node::All(parts) => {
                for part in parts {
                    if !part.is_true(facts)? {
                        return Ok(Computed::Boolean(false));
                    }
                }
                Ok(Computed::Boolean(true))
            }
            Node::Any(parts) => {
                for part in parts {
                    if part.is_true(facts)? {
                        return Ok(Computed::Boolean(true));
                    }
                }
                Ok(Computed::Boolean(false))
            }
            Node::Compare(comparison, left, right) => {
                let order = ordered(left.compute(facts)?, right.compute(facts)?)?;
                Ok(Computed::Boolean(comparison.holds(order)))
            }
            Node::In { of, list, is_not } => {
                let value = of.compute(facts)?;
                for other in list {
                    if ordered(value, other.into())? == Ordering::Equal {
                        return Ok(Computed::Boolean(!is_not));
                    }
                }
                Ok(Computed::Boolean(*is_not))
            }
            Node::Add(left, right) => added(left.compute(facts)?, right.compute(facts)?),
            Node::Subtract(left, right) => subtracted(left.compute(facts)?, right.compute(facts)?),
            Node::Multiply(left, right) => multiplied(left.compute(facts)?, right.compute(facts)?),
            Node::Divide(part, by) => divided(part.compute(facts)?, *by),
            Node::Least(parts) => extreme(parts, facts, Ordering::Less),
            Node::Most(parts) => extreme(parts, facts, Ordering::Greater),
        }
    }

    /// Whether a rule of booleans holds.
    ///
    /// # Errors
    /// As [`Expr::compute`].
    pub fn is_true(&self, facts: &Facts) -> Result<bool, Failure> {
        match self.compute(facts)? {
            Computed::Boolean(is_true) => Ok(is_true),
            other => Err(match &self.node {
                Node::Fact(name) => Failure::FactOfOtherType(name.clone()),
                _ => Failure::Unchecked(other.kind()),
            }),
        }
    }
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

fn same_currency(left: Currency, right: Currency) -> Result<(), Failure> {
    if left == right {
        return Ok(());
    }
    Err(Failure::Currencies(left.to_string().into(), right.to_string().into()))
}

fn ordered(left: Computed<'_>, right: Computed<'_>) -> Result<Ordering, Failure> {
    match (left, right) {
        (Computed::Boolean(left), Computed::Boolean(right)) => Ok(left.cmp(&right)),
        (Computed::Whole(left), Computed::Whole(right)) => Ok(left.cmp(&right)),
        (Computed::Text(left), Computed::Text(right)) => Ok(left.cmp(right)),
        (Computed::Day(left), Computed::Day(right)) => Ok(left.cmp(&right)),
        (Computed::Share(left), Computed::Share(right)) => fits(left.compare(right)),
        (Computed::Money(left, one), Computed::Money(right, other)) => {
            same_currency(one, other)?;
            fits(left.compare(right))
        }
        (_, right) => Err(Failure::Unchecked(right.kind())),
    }
}

fn later(day: Day, days: Option<i64>) -> Answer<'static> {
    fits(days.and_then(|days| day.plus(days))).map(Computed::Day)
}

fn added<'a>(left: Computed<'a>, right: Computed<'a>) -> Answer<'a> {
    match (left, right) {
        (Computed::Whole(left), Computed::Whole(right)) => {
            fits(left.checked_add(right)).map(Computed::Whole)
        }
        (Computed::Share(left), Computed::Share(right)) => {
            fits(left.plus(right)).map(Computed::Share)
        }
        (Computed::Money(left, one), Computed::Money(right, other)) => {
            same_currency(one, other)?;
            fits(left.plus(right)).map(|sum| Computed::Money(sum, one))
        }
        (Computed::Day(day), Computed::Whole(days)) => later(day, Some(days)),
        (_, right) => Err(Failure::Unchecked(right.kind())),
    }
}

fn subtracted<'a>(left: Computed<'a>, right: Computed<'a>) -> Answer<'a> {
    match (left, right) {
        (Computed::Whole(left), Computed::Whole(right)) => {
            fits(left.checked_sub(right)).map(Computed::Whole)
        }
        (Computed::Share(left), Computed::Share(right)) => {
            fits(left.minus(right)).map(Computed::Share)
        }
        (Computed::Money(left, one), Computed::Money(right, other)) => {
            same_currency(one, other)?;
            fits(left.minus(right)).map(|rest| Computed::Money(rest, one))
        }
        (Computed::Day(left), Computed::Day(right)) => {
            Ok(Computed::Whole(i64::from(left.count()) - i64::from(right.count())))
        }
        (Computed::Day(day), Computed::Whole(days)) => later(day, days.checked_neg()),
        (_, right) => Err(Failure::Unchecked(right.kind())),
    }
}

fn multiplied<'a>(left: Computed<'a>, right: Computed<'a>) -> Answer<'a> {
    let (product, currency) = match (left, right) {
        (Computed::Share(left), Computed::Share(right)) => (left.times(right), None),
        (Computed::Money(money, currency), Computed::Share(share))
        | (Computed::Share(share), Computed::Money(money, currency)) => {
            (money.times(share), Some(currency))
        }
        (Computed::Money(money, currency), Computed::Whole(count))
        | (Computed::Whole(count), Computed::Money(money, currency)) => {
            (money.times(Exact::whole(count)), Some(currency))
        }
        (_, right) => return Err(Failure::Unchecked(right.kind())),
    };
    let product = fits(product)?;
    Ok(currency.map_or(Computed::Share(product), |currency| Computed::Money(product, currency)))
}

fn divided(part: Computed<'_>, by: i64) -> Answer<'_> {
    let by = Exact::whole(by);
    match part {
        Computed::Whole(whole) => fits(Exact::whole(whole).divided(by)).map(Computed::Share),
        Computed::Share(share) => fits(share.divided(by)).map(Computed::Share),
        Computed::Money(money, currency) => {
            fits(money.divided(by)).map(|part| Computed::Money(part, currency))
        }
        other => Err(Failure::Unchecked(other.kind())),
    }
}

fn extreme<'a>(parts: &'a [Expr], facts: &'a Facts, wanted: Ordering) -> Answer<'a> {
    let mut found: Option<Computed<'a>> = None;
    for part in parts {
        let next = part.compute(facts)?;
        found = match found {
            Some(before) if ordered(next, before)? != wanted => Some(before),
            _ => Some(next),
        };
    }
    found.ok_or(Failure::Unchecked(Type::Boolean))
}
