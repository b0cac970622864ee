//! What the engine says, in the words of the business.

use signalling::Refusal as Why;
use signalling::cause::{Cause, Mechanism};
use signalling::events::{By, Kind, Leg};

use crate::telephony::port::CallEventKind;
use crate::telephony::{End, EndCause, EndedBy};

pub(super) fn cause_of_refusal(refusal: Why) -> EndCause {
    match refusal {
        Why::NotRegistered | Why::NoSession => EndCause::PhoneAway,
        Why::NumberNotAllowed | Why::NotANumber => EndCause::NumberNotAllowed,
        Why::TrunkDown | Why::NoTrunk => EndCause::TrunkFailure,
        _ => EndCause::NotPlaced,
    }
}

pub(super) fn fault_of(fault: &signalling::events::Fault) -> &'static str {
    use signalling::events::Fault;
    match fault {
        Fault::ShutOut(_) => "a source guesses passwords and is shut out",
        Fault::StrangeInvite(_) => "a stranger calls in",
        Fault::ForbiddenAddress(_) => "a peer names an address that nothing may be sent to",
        Fault::Unsent(_) => "something could not be sent",
    }
}

/// A mechanism of the engine in the words of the business.
pub(in crate::telephony::drivers) fn cause_of_mechanism(mechanism: Mechanism) -> EndCause {
    match mechanism {
        Mechanism::Answered => EndCause::Answered,
        Mechanism::Busy => EndCause::Busy,
        Mechanism::NoAnswer => EndCause::NoAnswer,
        Mechanism::Rejected => EndCause::Rejected,
        Mechanism::Unwanted => EndCause::Unwanted,
        Mechanism::Blocked => EndCause::Blocked,
        Mechanism::InvalidNumber => EndCause::InvalidNumber,
        Mechanism::Forbidden => EndCause::Forbidden,
        Mechanism::Account => EndCause::Account,
        Mechanism::MediaMismatch => EndCause::MediaMismatch,
        Mechanism::TrunkFailure => EndCause::TrunkFailure,
        Mechanism::Abandoned => EndCause::Abandoned,
        Mechanism::Cancelled => EndCause::Cancelled,
    }
}

fn end_of(by: By, cause: Cause) -> End {
    let by = match by {
        By::Agent | By::User => EndedBy::Caller,
        By::Far => EndedBy::Far,
        By::Limit => EndedBy::Engine,
    };
    let mechanism = cause_of_mechanism(cause.mechanism);
    End { cause: mechanism, by, status: cause.status, q850: cause.q850, rang: cause.rang }
}

/// An event of a call in the words of the port.
pub(super) fn told(kind: &Kind) -> Option<CallEventKind> {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Some(match kind {
        Kind::Accepted => CallEventKind::Accepted,
        Kind::LegDialing(Leg::Far) => CallEventKind::Dialling,
        Kind::LegRinging { leg: Leg::Far, early_media } => {
            CallEventKind::Ringing { early_media: *early_media }
        }
        Kind::LegAnswered(Leg::Far) => CallEventKind::Answered,
        Kind::Bridged => CallEventKind::Bridged,
        Kind::Unbridged => CallEventKind::Unbridged,
        Kind::LegEnded { leg: Leg::Far, by, cause } => {
            CallEventKind::LegEnded { end: end_of(*by, *cause) }
        }
        Kind::CallEnded { talk_ms, ring_ms } => {
            CallEventKind::Ended { talk_ms: whole(*talk_ms), ring_ms: whole(*ring_ms) }
        }
        Kind::RecordingStarted | Kind::RecordingResumed => CallEventKind::RecordingStarted,
        Kind::RecordingPaused | Kind::RecordingStopped => CallEventKind::RecordingStopped,
        Kind::RecordingAvailable { path, ms, bytes, sha256 } => CallEventKind::RecordingAvailable {
            path: path.display().to_string(),
            duration_ms: whole(*ms),
            bytes: whole(*bytes),
            digest: sha256.clone(),
        },
        Kind::RecordingFailed { .. } => CallEventKind::RecordingFailed,
        Kind::BlockedBy { contact } => CallEventKind::BlockedBy { contact: contact.clone() },
        Kind::MediaStats(counted) => CallEventKind::Statistics {
            sent: whole(counted.sent),
            received: whole(counted.received),
            lost: whole(counted.lost),
        },
        _ => return None,
    })
}
