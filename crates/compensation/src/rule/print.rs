//! A rule as its text. What is printed reads back as the same rule.

use std::fmt;

use super::{Comparison, Expr, Node};
use crate::Value;

/// How tightly a part binds: alternatives, conjunctions, opposites, comparisons, sums, products,
/// and what stands by itself.
const ANY: u8 = 1;
const ALL: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const ALONE: u8 = 7;

impl Expr {
    fn level(&self) -> u8 {
        match &self.node {
            Node::Any(_) => ANY,
            Node::All(_) => ALL,
            Node::Not(_) => NOT,
            Node::Compare(..) | Node::In { .. } => COMPARISON,
            Node::Add(..) | Node::Subtract(..) => SUM,
            Node::Multiply(..) | Node::Divide(..) => PRODUCT,
            Node::Value(Value::Share(share)) if share.is_fraction() => PRODUCT,
            Node::Value(_) | Node::Fact(_) | Node::Has(_) | Node::Least(_) | Node::Most(_) => ALONE,
        }
    }

    /// Printed where at least this level is needed, in brackets where it binds less.
    fn at_level(&self, level: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.level() < level {
            return write!(f, "({self})");
        }
        fmt::Display::fmt(self, f)
    }
}

impl Comparison {
    /// Its sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// Parts with a word between them.
fn joined(f: &mut fmt::Formatter<'_>, parts: &[Expr], between: &str, level: u8) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(between)?;
        }
        part.at_level(level, f)?;
    }
    Ok(())
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let both =
            |f: &mut fmt::Formatter<'_>, left: &Self, sign: &str, right: &Self, level: u8| {
                left.at_level(level, f)?;
                write!(f, " {sign} ")?;
                // Sums and products are read from the left, so the right side binds tighter.
                right.at_level(level + 1, f)
            };
        match &self.node {
            Node::Value(value) => write!(f, "{value}"),
            Node::Fact(name) => write!(f, "{name}"),
            Node::Has(name) => write!(f, "has({name})"),
            Node::Not(part) => {
                f.write_str("not ")?;
                part.at_level(NOT, f)
            }
            Node::All(parts) => joined(f, parts, " and ", NOT),
            Node::Any(parts) => joined(f, parts, " or ", ALL),
            Node::Compare(comparison, left, right) => {
                left.at_level(SUM, f)?;
                write!(f, " {} ", comparison.sign())?;
                right.at_level(SUM, f)
            }
            Node::In { of, list, is_not } => {
                of.at_level(SUM, f)?;
                f.write_str(if *is_not { " not in (" } else { " in (" })?;
                for (place, value) in list.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(f, "{comma}{value}")?;
                }
                f.write_str(")")
            }
            Node::Add(left, right) => both(f, left, "+", right, SUM),
            Node::Subtract(left, right) => both(f, left, "-", right, SUM),
            Node::Multiply(left, right) => both(f, left, "*", right, PRODUCT),
            Node::Divide(part, by) => {
                part.at_level(PRODUCT, f)?;
                write!(f, " / {by}")
            }
            Node::Least(parts) => {
                f.write_str("min(")?;
                joined(f, parts, ", ", ANY)?;
                f.write_str(")")
            }
            Node::Most(parts) => {
                f.write_str("max(")?;
                joined(f, parts, ", ", ANY)?;
                f.write_str(")")
            }
        }
    }
}

impl From<Expr> for String {
    fn from(rule: Expr) -> Self {
        rule.to_string()
    }
}
