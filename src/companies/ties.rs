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

codes! {
    /// What another company is to this one.
    TieEnd {
        /// Of one group.
        Group = "group",
        /// Its branch.
        Branch = "branch",
        /// The head company that it is a branch of.
        Head = "head",
    }
}

impl TieEnd {
    /// The tie of this company to another one that is so to it, the branch first.
    pub fn tie(self, this: CompanyId, other: CompanyId) -> (TieKind, CompanyId, CompanyId) {
        match self {
            Self::Group => (TieKind::Group, this, other),
            Self::Branch => (TieKind::Branch, other, this),
            Self::Head => (TieKind::Branch, this, other),
        }
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
    /// What the company at the other end is.
    pub fn end(&self) -> TieEnd {
        match self.tie.kind {
            TieKind::Group => TieEnd::Group,
            TieKind::Branch if self.tie.company == self.company.id => TieEnd::Branch,
            TieKind::Branch => TieEnd::Head,
        }
    }
    /// The same as a code.
    pub fn code(&self) -> &'static str {
        self.end().code()
    }
}
