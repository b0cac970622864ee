//! What the network said of how a call ended, in the words of a result. It is chosen on the screen
//! before anybody chooses; what the call meant stays the person's to say, and they may say
//! otherwise of its end, too. Both are kept.
//!
//! What nobody knows is proposed by nobody: a call that broke off, or that was answered, waits for
//! a person's word.

use super::{Meaning, Mechanism};
use crate::companies::CompanyPhone;
use crate::people::Viewer;
use crate::storage::Tx;
use crate::telephony::{self, Attempt, End, EndCause, panel::Panel};
use crate::values::*;

/// The statuses and causes that say that a number is out of reach.
const OUT_OF_REACH: (u16, u8) = (480, 20);

/// How a call ended, as the network said; nothing where it said nothing of the other end.
pub fn mechanism(end: &End) -> Option<Mechanism> {
    Some(match end.cause {
        EndCause::Answered => Mechanism::Answered,
        EndCause::Busy => Mechanism::Busy,
        EndCause::NoAnswer if is_out_of_reach(end) => Mechanism::Unreachable,
        EndCause::NoAnswer => Mechanism::NoAnswer,
        // It rang, and whoever called waited no longer.
        EndCause::Cancelled if end.rang => Mechanism::NoAnswer,
        EndCause::Rejected | EndCause::Unwanted => Mechanism::Rejected,
        EndCause::InvalidNumber => Mechanism::InvalidNumber,
        // Nothing of these is about whom was called, or nobody knows.
        EndCause::Cancelled
        | EndCause::Blocked
        | EndCause::Forbidden
        | EndCause::Account
        | EndCause::MediaMismatch
        | EndCause::TrunkFailure
        | EndCause::Abandoned
        | EndCause::PhoneAway
        | EndCause::NumberNotAllowed
        | EndCause::NotPlaced
        | EndCause::Interrupted => return None,
    })
}

fn is_out_of_reach(end: &End) -> bool {
    let (status, cause) = OUT_OF_REACH;
    match end.q850 {
        Some(said) => said == cause,
        None => end.status == Some(status) && !end.rang,
    }
}

/// What is proposed that a call meant which nobody answered; nothing where a person must say it.
pub fn meaning(end: &End) -> Option<Meaning> {
    match mechanism(end)? {
        Mechanism::Answered => None,
        // Whoever has such calls refused asked for no more of them.
        _ if end.cause == EndCause::Unwanted => Some(Meaning::DoNotCall),
        _ => Some(Meaning::NotReached),
    }
}

/// How a call ended that somebody says meant this, by their choice of both: the network's word
/// stands where it fits what they say. True where it is theirs.
pub fn settle(
    meaning: Meaning,
    measured: Option<Mechanism>,
    said: Option<Mechanism>,
) -> (Mechanism, bool) {
    let possible = meaning.mechanisms();
    if let Some(said) = said {
        return (said, measured != Some(said));
    }
    match measured {
        Some(measured) if possible.contains(&measured) => (measured, false),
        // Something answered, and nobody was reached.
        Some(Mechanism::Answered) if possible.contains(&Mechanism::Voicemail) => {
            (Mechanism::Voicemail, true)
        }
        _ => (possible.first().copied().unwrap_or(Mechanism::Answered), true),
    }
}

/// What stands on the screen before anybody chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// How it ended.
    pub mechanism: Mechanism,
    /// What it meant; absent where a person must say it.
    pub meaning: Option<Meaning>,
}

impl Proposal {
    /// What a panel's last call came to.
    pub fn of(panel: &Panel) -> Option<Self> {
        let end = panel.measured()?;
        Some(Self { mechanism: mechanism(&end)?, meaning: meaning(&end) })
    }
}

/// How the call ended that a result is filed for, as far as the network said.
pub(super) async fn find_in(
    tx: &mut Tx,
    viewer: &Viewer,
    (attempts, phones): (&[Attempt], &[CompanyPhone]),
    now: Instant,
) -> Outcome<Option<Mechanism>> {
    let end = match telephony::actions::end_of(attempts) {
        None if telephony::links::are_all(attempts) => {
            telephony::hosted::actions::find_end(tx, viewer, phones, now).await?
        }
        end => end,
    };
    Ok(end.as_ref().and_then(mechanism))
}
