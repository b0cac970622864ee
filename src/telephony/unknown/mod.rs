//! Calls that came in and of which the base knows no company: whoever took one says whose it was.
//!
//! Invariants:
//! - a call that waits at a trunk is on record, whoever calls: as a call of a company, or here;
//! - it is seen by who was rung for it and by who leads them or the team that has the number;
//! - once it is somebody's it is a call of that company as any other, and once it is said to be
//!   nobody's it is gone from the list and stays on record;
//! - its number is kept for thirty days, and never longer than its person is in the base; then its
//!   number is forgotten, and one that nobody settled is put away.

pub mod actions;
pub mod api;
pub mod forms;
#[cfg(test)]
pub(crate) mod tests;

use super::hosted::incoming::state_of;
use crate::values::*;

/// A call of whom the base does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Its id.
    pub id: UnknownCallId,
    /// What the line called it.
    pub reference: String,
    /// Who called; nothing where they hide it, and once it was forgotten.
    pub number: Option<String>,
    /// The team that has the number which was called.
    pub team: Option<TeamId>,
    /// Who took it, or was rung last.
    pub user: Option<UserId>,
    /// When it came.
    pub began_at: Instant,
    /// When somebody took it.
    pub answered_at: Option<Instant>,
    /// When it was over.
    pub ended_at: Option<Instant>,
    /// When somebody said whose it was, or it was put away for its age.
    pub settled_at: Option<Instant>,
    /// Who said so; nobody where it was put away for its age.
    pub settled_by: Option<UserId>,
    /// The call that it is to its company; nothing where it is nobody's.
    pub incoming: Option<IncomingCallId>,
    /// Whose that call is.
    pub company: Option<CompanyId>,
}

impl Unknown {
    /// How it stands, as a code: `rings`, `talks`, `over`, `missed`.
    pub fn state(&self, now: Instant) -> &'static str {
        state_of(self.began_at, (self.answered_at, self.ended_at), now)
    }
}

/// What is meant by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Of the base.
    Known(CompanyId),
    /// A new one of this name, and whether it is added in any case.
    New(String, bool),
}

/// Why nothing is said of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownRefusal {
    /// Somebody said whose it was.
    Settled,
}

impl Refusal for UnknownRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Settled => "unknown-call-settled",
        }
    }
}
