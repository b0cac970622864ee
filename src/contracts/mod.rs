//! Contracts: what was sold, for which term, and the money that came in for it.
//!
//! Invariants:
//! - a contract comes out of one won opportunity, and an opportunity gives one contract;
//! - payments are only added; a mistake or a refund is a reversal line that names the payment;
//! - what is paid is the sum of the lines, never less than nought and never more than the value;
//! - a cancelled contract holds no money; an ended one may still receive what is owed.
//!
//! Neighbours: uses `companies` for names; `opportunities` signs; hand-offs to tier 3 and pay
//! follow the events.

pub mod actions;
pub mod api;
pub mod codes;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

pub use codes::{ContractState, EndReason, ReversalReason};

use crate::values::*;

/// The longest note of a payment or an end.
pub const NOTE_MAX: usize = 1_000;
/// How long before the signature a prepayment may have come, in days.
const PREPAID_DAYS_MAX: i64 = 366;
/// The longest term, in days of 24 hours: ten years and their leap days.
const TERM_DAYS_MAX: i64 = 3_653;

/// A contract to be signed.
#[derive(Debug, Clone)]
pub struct NewContract {
    /// The opportunity that was won.
    pub opportunity: OpportunityId,
    /// With whom.
    pub company: CompanyId,
    /// The campaign the client came from.
    pub campaign: Option<CampaignId>,
    /// Who sold it.
    pub seller: UserId,
    /// The seller's team.
    pub team: Option<TeamId>,
    /// What it is worth.
    pub value: Money,
    /// First day of the term: midnight in the firm's zone.
    pub term_from: Instant,
    /// Last day of the term.
    pub term_to: Instant,
}

impl NewContract {
    /// Finds every fault of the terms.
    pub fn check(&self) -> Outcome<()> {
        check_terms(self.value, self.term_from, self.term_to)
    }
}

/// Finds every fault of a value and a term; the fields are `value`, `term_from`, `term_to`.
pub fn check_terms(value: Money, from: Instant, to: Instant) -> Outcome<()> {
    let mut fields = Fields::default();
    if value.minor <= 0 {
        fields.note("value", "sum-nought");
    } else if value.minor > money::TYPED_MAX_MINOR {
        fields.note("value", "money-too-large");
    }
    if to < from {
        fields.note("term_to", "term-backwards");
    } else if to > from.plus_days(TERM_DAYS_MAX) {
        fields.note("term_to", "term-too-long");
    }
    fields.into_result()
}

/// A signed contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Its id.
    pub id: ContractId,
    /// The number people read aloud.
    pub number: i64,
    /// The opportunity that was won.
    pub opportunity: OpportunityId,
    /// With whom.
    pub company: CompanyId,
    /// The campaign the client came from.
    pub campaign: Option<CampaignId>,
    /// Who sold it.
    pub seller: UserId,
    /// The seller's team.
    pub team: Option<TeamId>,
    /// What it is worth.
    pub value: Money,
    /// First day of the term.
    pub term_from: Instant,
    /// Last day of the term.
    pub term_to: Instant,
    /// Where it stands.
    pub state: ContractState,
    /// Why it ended or was cancelled.
    pub end_reason: Option<EndReason>,
    /// What was said about that.
    pub end_note: Option<String>,
    /// When it ended or was cancelled.
    pub ended_at: Option<Instant>,
    /// When it was signed.
    pub signed_at: Instant,
    /// The payments so far, reversals subtracted.
    pub paid: Money,
    /// Counts the changes.
    pub version: i64,
}

impl Contract {
    /// What is still to come.
    pub fn remaining(&self) -> Money {
        Money::new(self.value.minor.saturating_sub(self.paid.minor), self.value.currency)
    }

    /// May this payment be entered?
    pub fn check_payment(&self, payment: &NewPayment, zone: &Zone, now: Instant) -> Outcome<()> {
        let mut fields = Fields::default();
        if payment.amount.minor <= 0 {
            fields.note("amount", "sum-nought");
        } else if payment.amount.minor > money::TYPED_MAX_MINOR {
            fields.note("amount", "money-too-large");
        } else if payment.amount.currency != self.value.currency {
            fields.note("amount", "other-currency");
        }
        if payment.paid_on.day(zone) > now.day(zone) {
            fields.note("paid_on", "day-to-come");
        } else if payment.paid_on < self.signed_at.plus_days(-PREPAID_DAYS_MAX) {
            fields.note("paid_on", "day-before-contract");
        }
        note_too_long(&mut fields, "note", &payment.note, NOTE_MAX);
        fields.into_result()?;
        if self.state == ContractState::Cancelled {
            return Err(ContractRefusal::Cancelled.into());
        }
        if payment.amount.minor > self.remaining().minor {
            return Err(ContractRefusal::BeyondValue.into());
        }
        Ok(())
    }

    /// Ends or cancels it.
    pub fn end(&self, seen: i64, end: &NewEnd, now: Instant) -> Outcome<Self> {
        let mut fields = Fields::default();
        note_too_long(&mut fields, "end_note", &end.note, NOTE_MAX);
        if end.reason == EndReason::Other && end.note.trim().is_empty() {
            fields.note("end_note", "required");
        }
        fields.into_result()?;
        if self.state != ContractState::Active {
            return Err(ContractRefusal::NotActive.into());
        }
        if self.version != seen {
            return Err(ContractRefusal::Stale.into());
        }
        if end.is_cancelled && self.paid.minor > 0 {
            return Err(ContractRefusal::HoldsMoney.into());
        }
        let state = if end.is_cancelled { ContractState::Cancelled } else { ContractState::Ended };
        Ok(Self {
            state,
            end_reason: Some(end.reason),
            end_note: Some(end.note.trim().to_owned()),
            ended_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        })
    }
}

/// A contract is over.
#[derive(Debug, Clone)]
pub struct NewEnd {
    /// True when it is void as if never signed; false when it simply stops.
    pub is_cancelled: bool,
    /// Why.
    pub reason: EndReason,
    /// What was said.
    pub note: String,
}

/// Which contracts a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// In which state; `None` for all.
    pub state: Option<ContractState>,
    /// True for those that are not paid in full.
    pub is_owed: bool,
}

/// Money that came in.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// How much.
    pub amount: Money,
    /// The day it came: midnight in the firm's zone.
    pub paid_on: Instant,
    /// What the bank said, if it matters.
    pub note: String,
}

/// A line of a contract's payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// The number people read aloud.
    pub number: i64,
    /// The contract it is for.
    pub contract: ContractId,
    /// What came; below nought on a reversal line.
    pub amount: Money,
    /// The day it came or went back.
    pub paid_on: Instant,
    /// What the bank said.
    pub note: String,
    /// On a reversal line: the payment it takes back.
    pub reverses: Option<PaymentId>,
    /// On a reversal line: why.
    pub reason: Option<ReversalReason>,
    /// On a payment: true when a reversal line names it.
    pub is_reversed: bool,
    /// When it was written down.
    pub entered_at: Instant,
    /// Who wrote it down.
    pub entered_by: Option<UserId>,
}

/// Notes a text that is longer than allowed.
pub fn note_too_long(fields: &mut Fields, field: &'static str, text: &str, max: usize) {
    if text.chars().count() > max {
        fields.note_with(field, "too-long", vec![("max", max.to_string())]);
    }
}

/// Why a contract cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContractRefusal {
    /// The opportunity has its contract already.
    AlreadySigned,
    /// Somebody changed it meanwhile.
    Stale,
    /// It ended or was cancelled before.
    NotActive,
    /// A cancelled contract takes no money.
    Cancelled,
    /// More than is still to be paid.
    BeyondValue,
    /// It cannot be cancelled while payments stand.
    HoldsMoney,
    /// The payment was reversed before.
    AlreadyReversed,
    /// A reversal line cannot be reversed.
    IsReversal,
}

impl Refusal for ContractRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadySigned => "contract-already-signed",
            Self::Stale => "contract-stale",
            Self::NotActive => "contract-not-active",
            Self::Cancelled => "contract-cancelled",
            Self::BeyondValue => "payment-beyond-value",
            Self::HoldsMoney => "contract-holds-money",
            Self::AlreadyReversed => "payment-already-reversed",
            Self::IsReversal => "payment-is-reversal",
        }
    }
}
