//! Names and moments: what the user of the library calls things, and when they happened.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::Day;

/// What somebody calls a person, an event, a role, a plan or a period: any text, compared byte by
/// byte. A copy is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Name(Arc<str>);

impl Name {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.as_str().to_owned()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

/// An instant and the day it lies on where the firm is. Instants order and compare; days count
/// and prorate. The library knows no zones, so whoever uses it says both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Milliseconds since 1970-01-01 UTC, the whole range of `i64`.
    pub at: i64,
    /// The day.
    pub day: Day,
}

/// Over what a component adds up before its rate falls on the sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Nothing is added up: each paid thing by itself.
    Event,
    /// A month, by the label the event carries.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
    /// The whole time of an assignment.
    Term,
}

/// The labels of the periods an event falls into, such as `2026-03`, `2026-Q1`, `2026`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Its month.
    pub month: Name,
    /// Its quarter.
    pub quarter: Name,
    /// Its year.
    pub year: Name,
}

impl Labels {
    /// The label of one period; none where the period has none of its own.
    #[must_use]
    pub fn of(&self, period: Period) -> Option<&Name> {
        match period {
            Period::Month => Some(&self.month),
            Period::Quarter => Some(&self.quarter),
            Period::Year => Some(&self.year),
            Period::Event | Period::Term => None,
        }
    }
}
