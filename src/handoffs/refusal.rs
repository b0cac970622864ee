//! Why a hand-off cannot be changed so.

use crate::values::Refusal;

/// Why a hand-off cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandoffRefusal {
    /// Somebody took it already.
    AlreadyAccepted,
    /// It was sent back already.
    AlreadyRejected,
    /// The same record is on offer already.
    AlreadyOffered,
    /// An earlier up-sell of the client is still being sold.
    UpsellIsOpen,
    /// The time to answer has run out.
    PastDue,
    /// The time to answer has not run out.
    NotDueYet,
    /// It was offered to somebody else.
    NotYours,
    /// Whoever gives cannot be the one who takes.
    GiverIsReceiver,
    /// Only a rejection can be contested.
    NotRejected,
    /// It was contested already.
    AlreadyContested,
    /// Too late to contest.
    TooLateToContest,
    /// The record was offered anew; that offer speaks for itself.
    OfferedAnew,
    /// Only the giver contests.
    NotYoursToContest,
    /// There is no contest, or it was decided already.
    NothingToDecide,
    /// Neither giver nor receiver decides.
    NotAThirdPerson,
    /// Only the head of the giver's or the receiver's team decides or passes on.
    NotTheHead,
    /// The lead left the queue meanwhile.
    LeadGone,
    /// A returned lead is with its caller.
    LeadIsWithItsCaller,
    /// The person does not work in that tier.
    NotInThatTier,
    /// Nobody in that tier can take it.
    NobodyThere,
    /// Somebody changed it meanwhile.
    Stale,
}

impl Refusal for HandoffRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyAccepted => "handoff-already-accepted",
            Self::AlreadyRejected => "handoff-already-rejected",
            Self::AlreadyOffered => "handoff-already-offered",
            Self::UpsellIsOpen => "handoff-upsell-is-open",
            Self::PastDue => "handoff-past-due",
            Self::NotDueYet => "handoff-not-due-yet",
            Self::NotYours => "handoff-not-yours",
            Self::GiverIsReceiver => "handoff-giver-is-receiver",
            Self::NotRejected => "handoff-not-rejected",
            Self::AlreadyContested => "handoff-already-contested",
            Self::TooLateToContest => "handoff-too-late-to-contest",
            Self::OfferedAnew => "handoff-offered-anew",
            Self::NotYoursToContest => "handoff-not-yours-to-contest",
            Self::NothingToDecide => "handoff-nothing-to-decide",
            Self::NotAThirdPerson => "handoff-not-a-third-person",
            Self::NotTheHead => "handoff-not-the-head",
            Self::LeadGone => "handoff-lead-gone",
            Self::LeadIsWithItsCaller => "handoff-lead-with-caller",
            Self::NotInThatTier => "handoff-not-in-that-tier",
            Self::NobodyThere => "handoff-nobody-there",
            Self::Stale => "handoff-stale",
        }
    }
}
