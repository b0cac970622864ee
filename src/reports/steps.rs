//! What is counted: the steps of the funnel through the three tiers, and what each of them means.

use std::str::FromStr;

use crate::events::Kind;

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $tier:literal, $basis:expr;)+) => {
        /// A step of the funnel.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Step { $($(#[$doc])* $name),+ }

        impl Step {
            /// Every step, in the order of the funnel.
            pub const ALL: &'static [Step] = &[$(Step::$name),+];
            /// The code in addresses and answers.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
            /// The tier it belongs to.
            pub fn tier(self) -> i64 {
                match self { $(Self::$name => $tier),+ }
            }
            /// What is counted.
            pub fn basis(self) -> Basis {
                match self { $(Self::$name => $basis),+ }
            }
        }
    };
}

/// What a step counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Calls that were not taken back.
    Calls(Reached),
    /// Events of a kind.
    Events(Kind),
    /// Events of a kind that happened in a tier.
    EventsOf(Kind, i64),
}

/// How far a call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It was dialled.
    Line,
    /// Somebody answered.
    Voice,
    /// Somebody of the company talked about the matter.
    Talk,
}

use Basis::{Calls, Events, EventsOf};

steps! {
    /// Calls made.
    Dials = "dials", 1, Calls(Reached::Line);
    /// Calls somebody answered.
    Connects = "connects", 1, Calls(Reached::Voice);
    /// Answered calls in which the matter was talked about.
    Conversations = "conversations", 1, Calls(Reached::Talk);
    /// Decision makers found and spoken to.
    DecisionMakers = "decision_makers", 1, Events(Kind::DecisionMakerFound);
    /// Companies that said no.
    Refused = "refused", 1, Events(Kind::LeadRefused);
    /// Leads that passed the checklist.
    Qualified = "qualified", 1, Events(Kind::LeadQualified);
    /// Meetings booked.
    Booked = "meetings_booked", 1, Events(Kind::MeetingBooked);
    /// Meetings held.
    Held = "meetings_held", 1, Events(Kind::MeetingHeld);
    /// Meetings that did not take place: somebody did not come, or the lead was sent back.
    Missed = "meetings_missed", 1, Events(Kind::MeetingMissed);
    /// Leads offered to sales.
    Offered1 = "offered_1", 1, EventsOf(Kind::HandoffOffered, 1);
    /// Leads sales took.
    Accepted1 = "accepted_1", 1, EventsOf(Kind::HandoffAccepted, 1);
    /// Leads sales sent back.
    Rejected1 = "rejected_1", 1, EventsOf(Kind::HandoffRejected, 1);
    /// Leads nobody in sales answered for.
    Expired1 = "expired_1", 1, EventsOf(Kind::HandoffExpired, 1);
    /// Chances opened.
    Opportunities = "opportunities", 2, Events(Kind::OpportunityOpened);
    /// Chances lost.
    Lost = "lost", 2, Events(Kind::OpportunityLost);
    /// Chances won.
    Won = "won", 2, Events(Kind::OpportunityWon);
    /// Contracts signed, with their value.
    Contracts = "contracts", 2, Events(Kind::ContractSigned);
    /// Payments that came.
    Paid = "paid", 2, Events(Kind::PaymentEntered);
    /// Payments taken back.
    Reversed = "reversed", 2, Events(Kind::PaymentReversed);
    /// Contracts offered to service.
    Offered2 = "offered_2", 2, EventsOf(Kind::HandoffOffered, 2);
    /// Contracts service took.
    Accepted2 = "accepted_2", 2, EventsOf(Kind::HandoffAccepted, 2);
    /// Contracts service sent back.
    Rejected2 = "rejected_2", 2, EventsOf(Kind::HandoffRejected, 2);
    /// Contracts nobody in service answered for.
    Expired2 = "expired_2", 2, EventsOf(Kind::HandoffExpired, 2);
    /// Clients that service leads now.
    Clients = "clients", 3, Events(Kind::ClientOpened);
    /// Months that clients were kept for.
    Kept = "kept", 3, Events(Kind::ClientKept);
    /// Orders delivered.
    Delivered = "delivered", 3, Events(Kind::OrderDelivered);
    /// Prototypes a client approved.
    Approved = "approved", 3, Events(Kind::PrototypeApproved);
    /// Up-sells offered back to sales.
    Offered3 = "offered_3", 3, EventsOf(Kind::HandoffOffered, 3);
    /// Up-sells sales took.
    Accepted3 = "accepted_3", 3, EventsOf(Kind::HandoffAccepted, 3);
    /// Up-sells sales sent back.
    Rejected3 = "rejected_3", 3, EventsOf(Kind::HandoffRejected, 3);
    /// Up-sells nobody in sales answered for.
    Expired3 = "expired_3", 3, EventsOf(Kind::HandoffExpired, 3);
}

impl Step {
    /// The step that an event of that kind and tier is, if it is one.
    pub fn of_event(kind: Kind, tier: Option<i64>) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| match step.basis() {
            Events(wanted) => wanted == kind,
            EventsOf(wanted, of) => wanted == kind && tier == Some(of),
            Calls(_) => false,
        })
    }
    /// True when its records say why.
    pub fn has_reasons(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::Missed
                | Self::Lost
                | Self::Rejected1
                | Self::Rejected2
                | Self::Rejected3
        )
    }
    /// True when its records move money.
    pub fn has_money(self) -> bool {
        matches!(self, Self::Contracts | Self::Paid | Self::Reversed)
    }
    /// The step whose count this one is a share of.
    pub fn out_of(self) -> Option<Self> {
        Some(match self {
            Self::Connects => Self::Dials,
            Self::Conversations => Self::Connects,
            Self::DecisionMakers | Self::Refused | Self::Qualified => Self::Conversations,
            Self::Booked | Self::Offered1 => Self::Qualified,
            Self::Held | Self::Missed => Self::Booked,
            Self::Accepted1 | Self::Rejected1 | Self::Expired1 => Self::Offered1,
            Self::Opportunities => Self::Accepted1,
            Self::Won | Self::Lost => Self::Opportunities,
            Self::Contracts => Self::Won,
            Self::Offered2 => Self::Contracts,
            Self::Accepted2 | Self::Rejected2 | Self::Expired2 => Self::Offered2,
            Self::Clients => Self::Accepted2,
            Self::Accepted3 | Self::Rejected3 | Self::Expired3 => Self::Offered3,
            _ => return None,
        })
    }
}

impl FromStr for Step {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|step| step.code() == code).ok_or(())
    }
}
