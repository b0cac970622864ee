//! Companies that may be the same: found in the whole base, decided by a person, merged field by
//! field, and parted again whenever that proves wrong.
//!
//! Invariants:
//! - a merged company keeps its id and number as an alias; `merged_into` names the living survivor
//!   itself, never another merged company;
//! - every row that a merge moves is logged with the company it is at home with, and goes back
//!   there when the merge is undone, in whatever order merges are undone;
//! - what is append-only (events, bans, checks, entries of pay) is never moved: whoever reads it
//!   for a company reads what its aliases have, too;
//! - pay, credits and hand-offs are what they were: a merge says whose company a record is of,
//!   nothing else;
//! - of two clients that tier 3 serves the survivor's goes on for both, and each is itself again
//!   when the merge is undone;
//! - who stands at both as a contact person stands once, by the survivor's record, and is two again
//!   when the companies part;
//! - a decision is remembered; two companies that were said to be different are not asked about
//!   again unless something new speaks for them being the same, and two of one group, or branch and
//!   head, not while they are tied; the tie goes with the decision, but one that a merged record
//!   lent to its survivor goes back to that record.
//!
//! Neighbours: uses `companies`; it moves the rows of every folder that has a company, by the list
//! in `store/moves.rs`.

pub mod actions;
pub mod api;
pub mod evidence;
pub mod fields;
pub mod forms;
pub mod jobs;
pub mod marks;
pub mod namesakes;
pub mod pages;
pub mod showing;
mod store;
#[cfg(test)]
mod tests;

pub use crate::companies::ties::{Tie, TieEnd, TieKind};
pub use evidence::Reason;
pub use fields::{Choices, Field, Side};
pub use namesakes::Namesake;

use crate::values::*;

codes! {
    /// How likely two companies are the same.
    Band {
        /// A glance is enough.
        Sure = "sure",
        /// For a person to decide.
        Review = "review",
        /// Most of these are different; nobody is asked.
        No = "no",
    }
}

/// From which probability on, in ten-thousandths, a glance is enough: what a calibrated matcher
/// gets wrong once in a hundred.
pub const SURE_FROM: i64 = 9_900;
/// From which probability on a person is asked.
pub const REVIEW_FROM: i64 = 3_000;
/// Below this nothing is kept.
pub const KEPT_FROM: i64 = 1_000;
/// How far companies that no search has compared yet are counted.
pub const UNCOMPARED_MAX: i64 = 10_000;

impl Band {
    /// The band of a probability in ten-thousandths.
    pub fn of(probability: i64) -> Self {
        match probability {
            SURE_FROM.. => Self::Sure,
            REVIEW_FROM.. => Self::Review,
            _ => Self::No,
        }
    }
    /// The band of a pair. A base teaches the matcher what is rare in it, not what is a
    /// coincidence: nearly sure is only what shares a tax number, or a contact and the name; and
    /// nobody is asked about two that share neither a number, an address, a site nor the name.
    pub fn judge(probability: i64, reasons: &[Reason]) -> Self {
        let shares = |field: &str, codes: &[&str]| {
            reasons.iter().any(|r| r.field == field && r.is_for() && codes.contains(&&*r.code))
        };
        const SAME: [&str; 1] = ["same"];
        let is_named_alike = shares("name", &["same", "same_other_form", "near"]);
        let is_in_touch = shares("phone", &SAME) || shares("email", &SAME);
        let of_its_own = shares("tax_id", &SAME) || is_in_touch || shares("website", &SAME);
        match Self::of(probability) {
            Self::Sure if shares("tax_id", &SAME) || is_in_touch && is_named_alike => Self::Sure,
            Self::Sure | Self::Review if of_its_own || is_named_alike => Self::Review,
            _ => Self::No,
        }
    }
}

codes! {
    /// What became of a pair.
    PairState {
        /// Nobody has decided yet.
        Open = "open",
        /// One company: they were merged.
        Same = "same",
        /// Two companies.
        Different = "different",
        /// Two companies of one group.
        Group = "group",
        /// The right one is a branch of the left one.
        RightBranch = "right_branch",
        /// The left one is a branch of the right one.
        LeftBranch = "left_branch",
        /// The last search found nothing in common any more.
        Gone = "gone",
    }
}

impl PairState {
    /// True for what a person decided.
    pub fn is_decided(self) -> bool {
        !matches!(self, Self::Open | Self::Gone)
    }
    /// What the two companies then are to each other, the branch first.
    pub fn tie(self, left: CompanyId, right: CompanyId) -> Option<(TieKind, CompanyId, CompanyId)> {
        match self {
            Self::Group => Some((TieKind::Group, left, right)),
            Self::RightBranch => Some((TieKind::Branch, right, left)),
            Self::LeftBranch => Some((TieKind::Branch, left, right)),
            Self::Open | Self::Same | Self::Different | Self::Gone => None,
        }
    }
}

/// Two companies that may be the same; the lower number stands on the left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Its id.
    pub id: PairId,
    /// The one.
    pub left: CompanyId,
    /// The other.
    pub right: CompanyId,
    /// How likely they are the same, in ten-thousandths.
    pub probability: i64,
    /// The band of it.
    pub band: Band,
    /// What speaks for it and against it.
    pub reasons: Vec<Reason>,
    /// What became of it.
    pub state: PairState,
    /// When it was found first.
    pub found_at: Instant,
    /// When somebody put it off.
    pub later_at: Option<Instant>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Instant>,
    /// The merge that came of it.
    pub merge: Option<MergeId>,
    /// Grows with each change.
    pub version: i64,
}

/// How much a decision is worth, for the order of the queue: how open the question is, times the
/// records that it touches.
pub fn gain(probability: i64, records: i64) -> i64 {
    let p = probability.clamp(0, 10_000);
    // Four times p(1 − p) is one where both answers are as likely; a thousand of it is kept.
    let openness = 4 * p * (10_000 - p) / 100_000;
    // Sure pairs are quick wins: they count for something, however little is open about them.
    openness.max(50).saturating_mul(records.saturating_add(2))
}

codes! {
    /// How far a search of the base is.
    ScanState {
        /// It goes on.
        Running = "running",
        /// All it found is written.
        Done = "done",
        /// It broke and was given up; the next one finds what it did not.
        Failed = "failed",
    }
}

/// A search of the whole base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Its id.
    pub id: ScanId,
    /// How far it is.
    pub state: ScanState,
    /// When it began.
    pub started_at: Instant,
    /// When it was done.
    pub finished_at: Option<Instant>,
    /// Companies looked at.
    pub companies: i64,
    /// Pairs found.
    pub pairs: i64,
    /// Of them written so far.
    pub done: i64,
}

impl Scan {
    /// True while it goes on.
    pub fn is_running(&self) -> bool {
        self.state == ScanState::Running
    }
    /// True for one that was given up.
    pub fn has_failed(&self) -> bool {
        self.state == ScanState::Failed
    }
}

/// The hours of the firm's zone in which the base is searched by itself.
const SMALL_HOURS: std::ops::Range<i8> = 2..5;

/// True when the base is to be searched by itself now, where something changed since: in the small
/// hours, once a night.
pub fn is_night_due(last: Option<&Scan>, zone: &Zone, now: Instant) -> bool {
    let is_searched = last.is_some_and(|scan| scan.started_at.day(zone) == now.day(zone));
    SMALL_HOURS.contains(&now.local(zone).hour()) && !is_searched
}

/// What is known of two companies of the base from searches and decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The one.
    pub left: CompanyId,
    /// The other.
    pub right: CompanyId,
    /// How likely a search found them to be the same.
    pub band: Band,
    /// What became of the pair.
    pub state: PairState,
}

/// One company taken for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// The number people read aloud.
    pub number: i64,
    /// Which record stands for both.
    pub survivor: CompanyId,
    /// Which became its alias.
    pub loser: CompanyId,
    /// Who merged them.
    pub made_by: Option<UserId>,
    /// When.
    pub made_at: Instant,
    /// Who parted them.
    pub undone_by: Option<UserId>,
    /// When.
    pub undone_at: Option<Instant>,
}

/// Something that came between a merge and its undoing and may be of either company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Of what kind, as the list of moves names it.
    pub noun: String,
    /// Its id.
    pub row: String,
    /// Since when it is there.
    pub made_at: Instant,
    /// Some words of it.
    pub text: String,
    /// `survivor` or `loser`, once a person has said so.
    pub placed: Option<String>,
}

codes! {
    /// What becomes of the two leads that both companies have in one campaign.
    LeadRule {
        /// The loser's is closed; the survivor's is called on.
        Close = "close",
        /// The loser's was worked off already and stays as it is.
        Leave = "leave",
        /// The loser's waits for an answer of sales: no merge before it is given.
        Answer = "answer",
        /// The loser's is worked, the survivor's no longer: the other way round it would go on.
        OtherWay = "other_way",
    }
}

/// What becomes of two leads of one campaign, by the codes of their states.
pub fn lead_rule(loser: &str, survivor: &str) -> LeadRule {
    match (loser, survivor) {
        ("offered", _) => LeadRule::Answer,
        ("queued", "queued" | "offered") => LeadRule::Close,
        ("queued", _) => LeadRule::OtherWay,
        _ => LeadRule::Leave,
    }
}

/// Why two companies are not merged or parted, or a pair not decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeRefusal {
    /// Somebody changed one of the two meanwhile.
    Changed,
    /// A company is not in the base any more.
    NotInBase,
    /// Both are the same record.
    Itself,
    /// A caller has one of them on the phone.
    Held(String),
    /// In a campaign the loser's lead waits for an answer of sales.
    OfferWaits(String),
    /// In a campaign only the loser's lead is worked.
    OtherWay(String),
    /// The pair was decided already.
    Decided,
    /// There is nothing to take back.
    NotDecided,
    /// The merge was undone already.
    Undone,
    /// A search runs already.
    ScanRuns,
    /// The two are tied already.
    Tied(TieKind),
}

impl Refusal for MergeRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Changed => "merge-changed",
            Self::NotInBase => "merge-not-in-base",
            Self::Itself => "merge-itself",
            Self::Held(_) => "merge-held",
            Self::OfferWaits(_) => "merge-offer-waits",
            Self::OtherWay(_) => "merge-other-way",
            Self::Decided => "pair-decided",
            Self::NotDecided => "pair-not-decided",
            Self::Undone => "merge-undone",
            Self::ScanRuns => "scan-runs",
            Self::Tied(TieKind::Group) => "tied-group",
            Self::Tied(TieKind::Branch) => "tied-branch",
        }
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Held(who) => vec![("who", who.clone())],
            Self::OfferWaits(campaign) | Self::OtherWay(campaign) => {
                vec![("campaign", campaign.clone())]
            }
            _ => Vec::new(),
        }
    }
}
