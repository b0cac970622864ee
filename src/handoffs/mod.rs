//! An offer of one record from one tier to another, with its passport, its clock and its answer.
//!
//! Invariants:
//! - a hand-off is offered, then answered once: accepted, rejected with a reason, or expired;
//! - a record is offered to one place at a time, and never stays between tiers: what is rejected
//!   or expires goes back to its caller, to its giver or up to a head;
//! - a rejection may be contested once by its giver; a third person decides, and what is
//!   overturned counts for the giver and is offered again;
//! - whoever accepts leads the client from then on, with every open promise; the meeting that was
//!   booked is what comes first.
//!
//! Neighbours: follows `LeadQualified` and `ContractSigned`; uses leads, meetings, opportunities,
//! contracts, clients and promises; `pay` follows the answers.

pub mod actions;
pub mod api;
pub mod assignment;
mod cards;
pub mod clock;
mod dispute;
pub mod jobs;
pub mod pages;
pub mod rates;
mod refusal;
pub mod show;
mod store;
#[cfg(test)]
mod tests;
pub mod upsell;

pub use dispute::{CONTEST_DAYS, Decided, Decision, Dispute, Judge};
pub use refusal::HandoffRefusal;

use serde::{Deserialize, Serialize};

use crate::campaigns::passport::Passport;
use crate::tiers::Tier;
use crate::values::*;

/// The longest comment of an answer, in characters.
pub const COMMENT_MAX: usize = 1_000;

codes! {
    /// Where an offer stands.
    HandoffState {
        /// Waits for an answer.
        Offered = "offered",
        /// Taken.
        Accepted = "accepted",
        /// Sent back with a reason.
        Rejected = "rejected",
        /// Nobody answered in time.
        Expired = "expired",
    }
}

codes! {
    /// Why an offer is sent back. The giver sees it.
    RejectionReason {
        /// Nobody who decides was spoken to.
        NoDecisionMaker = "no_decision_maker",
        /// They need nothing of ours.
        NoNeed = "no_need",
        /// We work with them already.
        Duplicate = "duplicate",
        /// Not whom we look for.
        WrongCompany = "wrong_company",
        /// The passport does not say enough to begin.
        PassportIncomplete = "passport_incomplete",
        /// The client did not know that we would come.
        ClientNotExpecting = "client_not_expecting",
        /// Something else, in words.
        Other = "other",
    }
}

/// The record that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// A qualified lead, from tier 1 to tier 2.
    Lead(LeadId),
    /// A signed contract, from tier 2 to tier 3.
    Contract(ContractId),
    /// A client who may buy more, from tier 3 back to tier 2.
    Client(ClientId),
}

impl Offered {
    /// From which tier to which such a record goes.
    pub fn tiers(self) -> (Tier, Tier) {
        match self {
            Self::Lead(_) => (Tier::Acquisition, Tier::Sales),
            Self::Contract(_) => (Tier::Sales, Tier::Service),
            Self::Client(_) => (Tier::Service, Tier::Sales),
        }
    }
    /// True when it counts for a giver who is also the receiver: only where the policy lets them
    /// keep the client (`keeps`), and never for an up-sell, which nobody else has looked at.
    pub fn earns_when_kept(self, keeps: bool) -> bool {
        keeps && !matches!(self, Self::Client(_))
    }
}

/// What an acceptance opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Opened {
    /// A chance of a sale.
    Opportunity(OpportunityId),
    /// A client of tier 3.
    Client(ClientId),
}

impl Opened {
    /// Where it is looked at.
    pub fn path(self) -> String {
        match self {
            Self::Opportunity(id) => format!("/opportunities/{id}"),
            Self::Client(id) => format!("/clients/{id}"),
        }
    }
}

/// Who gives or takes, with the team they stood in then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// The person; nobody yet where an offer is open to a whole team.
    pub user: Option<UserId>,
    /// Their team.
    pub team: Option<TeamId>,
}

/// The answer to an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Who answered; nobody when the clock ran out.
    pub by: Option<UserId>,
    /// When.
    pub at: Instant,
    /// Working minutes that the offer waited.
    pub delay_minutes: i64,
    /// Why it was sent back.
    pub reason: Option<RejectionReason>,
    /// What was said about it.
    pub comment: String,
}

/// An offer of a record from one tier to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handoff {
    /// Its id.
    pub id: HandoffId,
    /// The number people read aloud.
    pub number: i64,
    /// What is offered.
    pub offered: Offered,
    /// Whose company it is.
    pub company: CompanyId,
    /// The campaign it came from.
    pub campaign: Option<CampaignId>,
    /// The meeting booked for it.
    pub meeting: Option<MeetingId>,
    /// The offer of the same record that this one repeats.
    pub again_of: Option<HandoffId>,
    /// Who offers.
    pub giver: UserId,
    /// The giver's team then.
    pub giver_team: Option<TeamId>,
    /// To whom.
    pub receiver: Side,
    /// What must be known to go on.
    pub passport: Passport,
    /// False where an earlier offer of the same record has counted for its giver already: nobody
    /// is paid twice for one lead.
    pub counts_for_giver: bool,
    /// Where it stands.
    pub state: HandoffState,
    /// When it was offered to whom it is offered now.
    pub offered_at: Instant,
    /// Until when it waits.
    pub due_at: Instant,
    /// How it was answered.
    pub answered: Option<Answered>,
    /// What its acceptance opened.
    pub opened: Option<Opened>,
    /// The contest of its rejection.
    pub dispute: Option<Dispute>,
    /// Counts its changes.
    pub version: i64,
}

/// Who answers an offer, and after how many working minutes.
#[derive(Debug, Clone, Copy)]
pub struct Answerer {
    /// The person.
    pub user: UserId,
    /// Their team.
    pub team: Option<TeamId>,
    /// Working minutes since the offer.
    pub delay_minutes: i64,
}

impl Handoff {
    /// The tier it comes from.
    pub fn from(&self) -> Tier {
        self.offered.tiers().0
    }
    /// The tier it goes to.
    pub fn to(&self) -> Tier {
        self.offered.tiers().1
    }
    /// True when it was offered to this person, or is open to their team.
    pub fn is_for(&self, user: UserId, team: Option<TeamId>) -> bool {
        match self.receiver.user {
            Some(receiver) => receiver == user,
            None => team.is_some() && self.receiver.team == team,
        }
    }
    /// True while it can be answered.
    pub fn is_open(&self, now: Instant) -> bool {
        self.state == HandoffState::Offered && now <= self.due_at
    }

    /// True when nobody took it.
    pub fn came_back(&self) -> bool {
        matches!(self.state, HandoffState::Rejected | HandoffState::Expired)
    }

    fn check_answer(&self, by: Answerer, now: Instant) -> Result<(), HandoffRefusal> {
        // Of an offer that stands open to a team, its giver may be a member.
        let is_own = by.user == self.giver && self.receiver.user != Some(self.giver);
        match self.state {
            HandoffState::Offered if now > self.due_at => Err(HandoffRefusal::PastDue),
            HandoffState::Offered if is_own && self.is_for(by.user, by.team) => {
                Err(HandoffRefusal::GiverIsReceiver)
            }
            HandoffState::Offered if self.is_for(by.user, by.team) => Ok(()),
            HandoffState::Offered => Err(HandoffRefusal::NotYours),
            HandoffState::Accepted => Err(HandoffRefusal::AlreadyAccepted),
            HandoffState::Rejected => Err(HandoffRefusal::AlreadyRejected),
            HandoffState::Expired => Err(HandoffRefusal::PastDue),
        }
    }

    /// The hand-off as taken by a person.
    pub fn accept(&self, by: Answerer, now: Instant) -> Result<Self, HandoffRefusal> {
        self.check_answer(by, now)?;
        let receiver = Side { user: Some(by.user), team: by.team };
        let answered = Some(answered(Some(by.user), now, by.delay_minutes));
        Ok(Self { state: HandoffState::Accepted, receiver, answered, ..self.clone() })
    }

    /// The hand-off as sent back.
    pub fn reject(
        &self,
        by: Answerer,
        reason: RejectionReason,
        comment: &str,
        now: Instant,
    ) -> Outcome<Self> {
        self.check_answer(by, now)?;
        let comment = comment.trim().to_owned();
        if reason == RejectionReason::Other && comment.is_empty() {
            return Err(Fields::one("comment", "rejection-why"));
        }
        check_words("comment", &comment)?;
        let receiver = Side { user: Some(by.user), team: by.team };
        let answer = answered(Some(by.user), now, by.delay_minutes);
        let answered = Some(Answered { reason: Some(reason), comment, ..answer });
        Ok(Self { state: HandoffState::Rejected, receiver, answered, ..self.clone() })
    }

    /// The hand-off whose clock ran out.
    pub fn expire(&self, delay_minutes: i64, now: Instant) -> Result<Self, HandoffRefusal> {
        match self.state {
            HandoffState::Offered if now > self.due_at => {
                let answered = Some(answered(None, now, delay_minutes));
                Ok(Self { state: HandoffState::Expired, answered, ..self.clone() })
            }
            HandoffState::Offered => Err(HandoffRefusal::NotDueYet),
            HandoffState::Accepted => Err(HandoffRefusal::AlreadyAccepted),
            HandoffState::Rejected => Err(HandoffRefusal::AlreadyRejected),
            HandoffState::Expired => Err(HandoffRefusal::PastDue),
        }
    }

    /// The same offer to somebody else; its clock begins anew.
    pub fn reassign(
        &self,
        to: Side,
        due_at: Instant,
        now: Instant,
    ) -> Result<Self, HandoffRefusal> {
        match self.state {
            HandoffState::Offered if to.user == Some(self.giver) => {
                Err(HandoffRefusal::GiverIsReceiver)
            }
            HandoffState::Offered => {
                Ok(Self { receiver: to, offered_at: now, due_at, ..self.clone() })
            }
            HandoffState::Accepted => Err(HandoffRefusal::AlreadyAccepted),
            HandoffState::Rejected => Err(HandoffRefusal::AlreadyRejected),
            HandoffState::Expired => Err(HandoffRefusal::PastDue),
        }
    }

    /// May the giver, or a head, offer this record once more? Only what came back and has no
    /// other way on: a lead goes back to its caller's queue and is qualified there anew.
    pub fn check_again(&self) -> Result<(), HandoffRefusal> {
        match self.offered {
            Offered::Lead(_) => Err(HandoffRefusal::LeadIsWithItsCaller),
            _ if self.came_back() => Ok(()),
            _ if self.state == HandoffState::Accepted => Err(HandoffRefusal::AlreadyAccepted),
            _ => Err(HandoffRefusal::AlreadyOffered),
        }
    }
}

fn answered(by: Option<UserId>, at: Instant, delay_minutes: i64) -> Answered {
    Answered { by, at, delay_minutes, reason: None, comment: String::new() }
}

/// Refuses a comment that is too long.
pub fn check_words(field: &'static str, words: &str) -> Outcome<()> {
    if words.chars().count() <= COMMENT_MAX {
        return Ok(());
    }
    let mut fields = Fields::default();
    fields.note_with(field, "too-long", vec![("max", COMMENT_MAX.to_string())]);
    Err(Error::Invalid(fields))
}
