//! Erasure of a person: on request all that is known of somebody at a company is destroyed, an act
//! says so, and they do not come back.
//!
//! Invariants:
//! - one transaction takes a person out of the cards, strikes them out of texts and of files that
//!   brought them, writes the act and an event that names only ids;
//! - what is kept of them are keyed hashes, by which `companies` recognises them when a file, a
//!   form or a program brings them again;
//! - pay, hand-offs and what happened stay: they name records, not people of companies.
//!
//! What cannot be reached is told in `docs/decisions/0014-erasing-a-person.md`.
//!
//! Neighbours: uses `companies`, `imports`, `telephony` and `verification`; it strikes people
//! out of the texts of every folder that writes about a company, by the list in `store/texts.rs`.

pub mod actions;
pub mod api;
pub mod forms;
pub mod marks;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::values::*;

codes! {
    /// On what ground a person is erased.
    Ground {
        /// They asked for it.
        Asked = "asked",
        /// They took their consent back.
        Withdrawn = "withdrawn",
        /// An authority or a court ordered it.
        Ordered = "ordered",
        /// What the data was kept for is done.
        Done = "done",
    }
}

/// An act of destruction. It names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its id.
    pub id: ErasureId,
    /// The number people read aloud.
    pub number: i64,
    /// At which company.
    pub company: CompanyId,
    /// Whose record went.
    pub contact: ContactId,
    /// On what ground.
    pub ground: Ground,
    /// The letter or order that it follows.
    pub document: String,
    /// How much was destroyed, by what it was.
    pub counts: BTreeMap<String, i64>,
    /// Who did it.
    pub made_by: Option<UserId>,
    /// When.
    pub made_at: Instant,
}

/// Why a person is not erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureRefusal {
    /// They were, under this act.
    Erased(i64),
    /// The name that was typed is another one.
    OtherName,
}

impl Refusal for ErasureRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Erased(_) => "erasure-done",
            Self::OtherName => "erasure-other-name",
        }
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Erased(number) => vec![("number", number.to_string())],
            Self::OtherName => Vec::new(),
        }
    }
}

/// The longest name of a letter or an order.
pub const DOCUMENT_MAX: usize = 200;
