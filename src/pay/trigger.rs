//! Triggers: what the plans of a firm usually pay for, and which events tell of it.

use serde::{Deserialize, Serialize};

use crate::events::{Kind, Recorded};

/// What makes a component pay, with its gate: some wait as pending until they are confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A company's record was checked; pays at once, one time per company and month.
    Record,
    /// The decision maker was found and spoken to; pays at once, one time per lead.
    DecisionMaker,
    /// A hand-off was accepted: announced when offered, void when rejected or expired, posted
    /// when accepted or when the head overturns the rejection. Where the version has a credit
    /// window, also that a firm came back within it by another's hand-off.
    Handoff,
    /// A meeting was held: announced when booked, void when the client did not come, posted when
    /// held or when our own seller did not come.
    Meeting,
    /// Money came in for a contract; taken back as far as the payment is reversed.
    Payment,
    /// A client was kept for another month; one time per client and month.
    Kept,
    /// An order was delivered; one time per order.
    Order,
    /// A month of salary, by days, when the period goes to review.
    Month,
}

impl Trigger {
    /// Every trigger, in the order of the tiers.
    pub const ALL: [Self; 8] = [
        Self::Record,
        Self::DecisionMaker,
        Self::Handoff,
        Self::Meeting,
        Self::Payment,
        Self::Kept,
        Self::Order,
        Self::Month,
    ];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::DecisionMaker => "decision_maker",
            Self::Handoff => "handoff",
            Self::Meeting => "meeting",
            Self::Payment => "payment",
            Self::Kept => "kept",
            Self::Order => "order",
            Self::Month => "month",
        }
    }
    /// The trigger of a code; `None` for an event nobody is paid for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trigger| trigger.code() == code)
    }
    /// The kinds of event it looks at: the one it begins with, and those that say how it went on.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Record => &[Kind::CompanyVerified, Kind::CheckReversed],
            Self::DecisionMaker => &[Kind::DecisionMakerFound],
            Self::Handoff => &[
                Kind::HandoffOffered,
                Kind::HandoffAccepted,
                Kind::HandoffRejected,
                Kind::HandoffExpired,
                Kind::HandoffDecided,
                Kind::FirmReturned,
                Kind::ReturnUndone,
            ],
            Self::Meeting => &[Kind::MeetingBooked, Kind::MeetingHeld, Kind::MeetingMissed],
            Self::Payment => &[Kind::PaymentEntered, Kind::PaymentReversed],
            Self::Kept => &[Kind::ClientKept],
            Self::Order => &[Kind::OrderDelivered],
            Self::Month => &[],
        }
    }
    /// The one trigger that looks at events of a kind.
    pub fn of_kind(kind: Kind) -> Option<Self> {
        Self::ALL.into_iter().find(|trigger| trigger.kinds().contains(&kind))
    }
    /// True for a thing of which one and the same counts anew every month.
    pub fn recurs(self) -> bool {
        matches!(self, Self::Record | Self::Kept)
    }
    /// True when it pays for money received rather than for an action.
    pub fn is_sale(self) -> bool {
        matches!(self, Self::Payment)
    }
    /// True when tier 1 may be paid for it: an action within the caller's control, or the salary.
    pub fn suits_tier_one(self) -> bool {
        matches!(
            self,
            Self::Record | Self::DecisionMaker | Self::Handoff | Self::Meeting | Self::Month
        )
    }
}

/// Kinds of event that some component can be paid for, or that say how it went on.
pub fn paying() -> Vec<Kind> {
    Trigger::ALL.into_iter().flat_map(Trigger::kinds).copied().collect()
}

/// True when some component can be paid for an event of this kind.
pub fn pays(event: &Recorded) -> bool {
    Trigger::of_kind(event.kind).is_some()
}
