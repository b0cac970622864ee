//! A leg: one dialog that we began or a trunk, with its times and what it was given for sound.

use std::net::SocketAddr;

use crate::cause::{Cause, Mechanism};
use crate::events::{By, Leg as Side};
use crate::media::Law;
use crate::media::relay::Remote;
use crate::sip::dialog::Dialog;
use crate::sip::message::Request;
use crate::sip::{Datagram, PATIENCE_MS};

/// How long a leg that is over is remembered, in milliseconds: a second phone or a late answer
/// still finds it, and is told goodbye.
const REMEMBERED_MS: u64 = 180_000;

/// Legs by number.
pub(super) type LegId = u64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// A trunk's INVITE waits to be taken.
    Offered,
    /// An INVITE is out.
    Calling,
    /// It was taken back, and no final answer has come.
    Cancelling,
    /// Answered.
    Up,
    /// Over; late messages only.
    Over,
}

/// See the module.
pub(super) struct Leg {
    pub side: Side,
    pub session: String,
    /// The id of the call for a far leg; empty for an agent leg.
    pub call: String,
    pub trunk: String,
    pub dialog: Dialog,
    pub invite: Request,
    pub to: SocketAddr,
    pub state: State,
    /// When something must be done about it, whatever else happens. Always set.
    pub deadline: u64,
    pub began: u64,
    pub rang: bool,
    pub answered: Option<u64>,
    /// Our place for its sound.
    pub sound: SocketAddr,
    /// The laws it was offered, or the one that was agreed.
    pub laws: Vec<Law>,
    /// Session and version of our description.
    pub described: (u32, u32),
    pub has_proven: bool,
    /// The sound it sends before it answers is passed on.
    pub is_early: bool,
    /// Why it is being taken back.
    pub ending: (By, Mechanism),
    /// A CANCEL is to follow as soon as anything is heard (RFC 3261 §9.1).
    pub owes_cancel: bool,
    /// What a leg has beside that a trunk began and not we.
    pub comes: Option<Comes>,
}

/// What there is of a leg that a trunk began.
pub(super) struct Comes {
    /// Where its INVITE came from.
    pub from: SocketAddr,
    /// Our tag in what it is answered.
    pub tag: String,
    /// Where its sound goes.
    pub remote: Remote,
    /// Its final answer, until that is acknowledged.
    pub owed: Option<Owed>,
}

/// An answer that is sent again.
pub(super) struct Owed {
    pub datagram: Datagram,
    pub due: u64,
    pub pause: u64,
    pub ends: u64,
}

impl Leg {
    /// The cause of an end that no status said.
    pub fn cause(&self, mechanism: Mechanism) -> Cause {
        Cause::of(mechanism, self.rang)
    }

    /// True for a call of a trunk that nobody has taken.
    pub fn is_untaken(&self) -> bool {
        self.comes.is_some() && self.answered.is_none()
    }

    /// How long it is remembered once it is over, in milliseconds. Of a call that we answered with
    /// a refusal nothing comes late but what asks for that again (timer H of RFC 3261 §17.2.1).
    pub fn remembered_ms(&self) -> u64 {
        if self.is_untaken() { PATIENCE_MS } else { REMEMBERED_MS }
    }

    /// The branch of its INVITE.
    pub fn branch(&self) -> &str {
        self.invite.headers.branch().unwrap_or_default()
    }

    /// Talk and ringing until `now`, in milliseconds.
    pub fn times(&self, now: u64) -> (u64, u64) {
        match self.answered {
            Some(at) => (now.saturating_sub(at), at.saturating_sub(self.began)),
            None => (0, now.saturating_sub(self.began)),
        }
    }
}
