//! What companies are to each other without being the same: of one group, or branch and head.

use super::Company;
use crate::values::*;

codes! {
    /// What two companies are to each other without being the same.
    TieKind {
        /// Both belong to one group.
        Group = "group",
        /// The one is a branch of the other.
        Branch = "branch",
    }
}

/// What two companies are to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// Its id.
    pub id: TieId,
    /// Of one group, or branch and head.
    pub kind: TieKind,
    /// The one; of a branch the branch.
    pub company: CompanyId,
    /// The other; of a branch the head.
    pub other: CompanyId,
    /// Since when.
    pub made_at: Instant,
}

/// A company as another one is tied to it.
#[derive(Debug, Clone)]
pub struct Relative {
    /// What they are to each other.
    pub tie: Tie,
    /// The company at the other end.
    pub company: Company,
}

impl Relative {
    /// What the company at the other end is: `group`, `branch` or `head`.
    pub fn code(&self) -> &'static str {
        match self.tie.kind {
            TieKind::Group => "group",
            TieKind::Branch if self.tie.company == self.company.id => "branch",
            TieKind::Branch => "head",
        }
    }
}
