//! What companies are to each other without being the same: of one group, or branch and head.

use std::collections::{HashMap, HashSet};

use linkage::normalise;

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

/// A company of the base that has a tax number, be it by a record that was merged into it, with the
/// KPP that goes with it.
#[derive(Debug, Clone)]
pub struct Site {
    /// The tax number.
    pub tax_id: String,
    /// The KPP, where it is valid.
    pub kpp: Option<String>,
    /// The company.
    pub company: CompanyId,
    /// Its number: the older one has the lower.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// True where it is tied to another one of this tax number as its branch.
    pub is_branch: bool,
}

/// A KPP as it is compared; nothing where it is none.
pub fn valid_kpp(text: Option<&str>) -> Option<String> {
    normalise::kpp(text?).ok().map(|kpp| kpp.text())
}

/// Which of some companies are known to be two, whatever they share.
#[derive(Debug, Default)]
pub struct Apart {
    /// Those that are tied, the lower id first.
    tied: HashSet<(CompanyId, CompanyId)>,
    /// Heads and KPP of branches.
    branches: HashMap<CompanyId, (HashSet<CompanyId>, String)>,
}

impl Apart {
    /// What ties say of companies, among them those they name. A branch whose KPP is not valid is
    /// told from no other one.
    pub fn of(ties: &[Tie], companies: &[Company]) -> Self {
        let tied = ties.iter().map(|tie| in_order(tie.company, tie.other)).collect();
        let mut heads: HashMap<CompanyId, HashSet<CompanyId>> = HashMap::new();
        for tie in ties.iter().filter(|tie| tie.kind == TieKind::Branch) {
            heads.entry(tie.company).or_default().insert(tie.other);
        }
        let branch = |company: &Company| {
            let kpp = valid_kpp(company.kpp.as_deref())?;
            Some((company.id, (heads.get(&company.id)?.clone(), kpp)))
        };
        Self { tied, branches: companies.iter().filter_map(branch).collect() }
    }

    /// True where two are tied, or are branches of one head with two KPPs.
    pub fn has(&self, one: CompanyId, other: CompanyId) -> bool {
        let are_sisters = || {
            let (one, other) = (self.branches.get(&one)?, self.branches.get(&other)?);
            Some(one.1 != other.1 && !one.0.is_disjoint(&other.0))
        };
        self.tied.contains(&in_order(one, other)) || are_sisters() == Some(true)
    }
}

fn in_order(one: CompanyId, other: CompanyId) -> (CompanyId, CompanyId) {
    (one.min(other), one.max(other))
}
