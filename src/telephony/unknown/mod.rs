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
#[cfg(test)]
pub(crate) mod tests;

use super::hosted::incoming::state_of;
use crate::values::*;
use crate::web::forms::tick;

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

/// Whose a call was, as it was typed.
#[derive(Debug, Default, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhoseForm {
    /// The company's id; empty for a new one.
    #[serde(default)]
    pub company: String,
    /// What the new company is called.
    #[serde(default)]
    pub name: String,
    /// It is added though the base seems to have it already.
    #[serde(default)]
    pub anyway: String,
}

/// Whose a call was: a company of the base, or one that is added with its number.
#[derive(Debug, Default, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhoseSent {
    /// The company's id; empty for a new one.
    #[serde(default)]
    pub company: String,
    /// What the new company is called.
    #[serde(default)]
    pub name: String,
    /// Adds it though the base seems to have it already.
    #[serde(default)]
    pub anyway: bool,
}

impl From<WhoseSent> for WhoseForm {
    fn from(sent: WhoseSent) -> Self {
        Self { company: sent.company, name: sent.name, anyway: tick(sent.anyway) }
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

impl WhoseForm {
    /// What is meant; one of both must be said, and not both.
    pub fn read(&self) -> Outcome<Whose> {
        let name = self.name.trim();
        // The address of a card is as good as the id at its end.
        let id = self.company.trim().rsplit('/').next().unwrap_or_default();
        match (id.is_empty(), name.is_empty()) {
            (true, true) | (false, false) => Err(Fields::one("company", "unknown-call-whose")),
            (true, false) if !name.chars().any(char::is_alphanumeric) => {
                Err(Fields::one("name", "required"))
            }
            (true, false) => Ok(Whose::New(name.to_owned(), !self.anyway.is_empty())),
            (false, true) => {
                let id = id.parse().map_err(|_| Fields::one("company", "unknown-choice"))?;
                Ok(Whose::Known(id))
            }
        }
    }
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
