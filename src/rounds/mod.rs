//! Rounds: a part of the base is called through to learn what is still true.
//!
//! A round is a campaign whose purpose is actualisation. Its queue, leases, hours, bans and
//! pressure are those of any campaign; its order is by what a check brings; its calls are worked on
//! a card of questions, each answered by one key.
//!
//! Invariants:
//! - a company is asked only what is due, of the fields that the round is about, by the same word
//!   that enlisted it; where nothing is due any more, what it has;
//! - a talk is one call and as many checks as it answered, in one transaction; taken back, the
//!   card is as it was and so is what it earned; what somebody changed since stays, and is told;
//! - a round ends by itself at its day.
//!
//! Neighbours: uses `campaigns`, `leads`, `calls`, `verification`; the order comes from `quality`.

pub mod actions;
pub mod answers;
pub mod api;
pub mod card;
pub mod desk;
pub mod forms;
pub mod jobs;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use crate::campaigns::terms::CampaignTerms;
use crate::campaigns::{CallingPolicy, LegalBasis, Purpose, Segment, TargetAction};
use crate::tiers::EngagementPolicy;
use crate::values::*;
use crate::verification::Field;

/// What a round can ask about: what people at a company know.
pub const ASKED: [Field; 5] =
    [Field::Phone, Field::Contact, Field::DecisionMaker, Field::Email, Field::Address];
/// Attempts on a company in a round.
const ATTEMPTS_MAX: i64 = 4;

/// A round as it is kept beside its campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The campaign.
    pub campaign: CampaignId,
    /// What it asks about.
    pub fields: Vec<Field>,
    /// When it ends by itself.
    pub until: Option<Instant>,
    /// How far the base was looked through for it.
    pub after: Option<CompanyId>,
    /// When it was looked through to its end; `None` while that goes on.
    pub enlisted_at: Option<Instant>,
    /// When it was started.
    pub made_at: Instant,
}

impl Round {
    /// A campaign of actualisation that was made without a round asks everything.
    pub fn of_campaign(campaign: CampaignId, made_at: Instant) -> Self {
        let fields = ASKED.to_vec();
        Self { campaign, fields, until: None, after: None, enlisted_at: None, made_at }
    }
}

/// What a round is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTerms {
    /// What it is called by.
    pub name: String,
    /// Over which part of the base.
    pub segment: Segment,
    /// What it asks about.
    pub fields: Vec<Field>,
    /// Who calls.
    pub callers: Vec<UserId>,
    /// When it ends by itself.
    pub until: Option<Instant>,
    /// Why we may call.
    pub legal_basis: LegalBasis,
    /// The principal who ordered it.
    pub principal: Option<UserId>,
    /// True when a needed check pays its caller.
    pub is_paid: bool,
}

impl RoundTerms {
    /// The terms of its campaign.
    pub fn campaign(&self) -> CampaignTerms {
        CampaignTerms {
            name: self.name.clone(),
            principal: self.principal,
            engagement: EngagementPolicy::ThreeTiers,
            purpose: Purpose::Actualisation,
            legal_basis: self.legal_basis,
            segment: self.segment.clone(),
            policy: CallingPolicy { attempts_max: ATTEMPTS_MAX, ..CallingPolicy::default() },
            passport: Vec::new(),
            targets: if self.is_paid { vec![TargetAction::CompanyVerified] } else { Vec::new() },
        }
    }
    /// What is wrong with them, by form field.
    pub fn check(&self, now: Instant) -> Fields {
        let mut wrong = self.campaign().check();
        if self.fields.is_empty() {
            wrong.note("fields", "required");
        }
        if self.fields.iter().any(|field| !ASKED.contains(field)) {
            wrong.note("fields", "unknown-choice");
        }
        if self.callers.is_empty() {
            wrong.note("callers", "required");
        }
        if self.until.is_some_and(|until| until <= now) {
            wrong.note("until", "day-in-the-past");
        }
        wrong
    }
}

impl Round {
    /// The last day on which is called.
    pub fn last_day(&self) -> Option<Instant> {
        self.until.map(|until| until.plus_days(-1))
    }
}

/// How far a round is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// Companies by what became of them: place or reason as a code, count.
    pub places: Vec<(String, i64)>,
    /// Checks by field and finding, as codes.
    pub checks: Vec<(String, String, i64)>,
    /// Checks by person.
    pub people: Vec<(Option<UserId>, i64)>,
}

impl Progress {
    /// Companies in all.
    pub fn companies(&self) -> i64 {
        self.places.iter().map(|(_, count)| count).sum()
    }
    /// Companies that are through, whatever came of them.
    pub fn done(&self) -> i64 {
        let closed = self.places.iter().filter(|(place, _)| place.starts_with("closed"));
        closed.map(|(_, count)| count).sum()
    }
}
