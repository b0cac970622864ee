//! What a line is to the business: the orders it takes and the news it brings. No room beyond this
//! folder knows more of telephony than this.
//!
//! A driver without a server behind it, the link `tel:`, has no line: it can do nothing and
//! measures nothing, and what is known of its calls is what their callers say.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::receiving::OwnNumber;
use super::{End, Origin};
use crate::values::*;

/// What a driver can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// It tells when a call rang, was answered and ended.
    pub measures_times: bool,
    /// It hangs up.
    pub hangs_up: bool,
    /// It writes sound.
    pub records: bool,
    /// It says, after a crash, whether it knows a call.
    pub looks_up: bool,
}

impl Origin {
    /// What calls of that origin can have.
    pub fn capabilities(self) -> Capabilities {
        let can = self != Self::Link;
        Capabilities { measures_times: can, hangs_up: can, records: can, looks_up: can }
    }
}

/// A call that is wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The attempt; an order is carried out once for it.
    pub attempt: AttemptId,
    /// Whose phone it is for.
    pub caller: UserId,
    /// The number, as E.164.
    pub number: String,
    /// The number of ours that it comes from, of [`Line::own_numbers`].
    pub own_number: Option<String>,
    /// True if its sound is written.
    pub is_recorded: bool,
}

/// A call that comes in and that somebody's phone is rung for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receive {
    /// What the line calls it.
    pub offered: String,
    /// The attempt that it is; nothing for that of a stranger, or of a company without a lead: of
    /// those it is told that they are taken, and that they are over.
    pub attempt: Option<AttemptId>,
    /// Whose phone it is for.
    pub taker: UserId,
    /// True if its sound is written.
    pub is_recorded: bool,
}

/// A phone that may register.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// Whose it is.
    pub user: UserId,
    /// What the phone calls itself.
    pub name: String,
    /// What a password is proven against; as good as the password.
    pub proof: String,
}

/// What a line knows of a call whose news may have been lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// It is under way, and news of it will come.
    UnderWay,
    /// It is certain that there is none.
    ProvenAbsent,
    /// Nobody can say.
    Unknown,
}

/// What happened to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CallEventKind {
    /// The line took it on.
    Accepted,
    /// It did not, or could not begin; nothing else is told.
    Refused {
        /// How it ended before it began.
        end: End,
    },
    /// The number is called.
    Dialling,
    /// It rings there.
    Ringing {
        /// True if sound comes before the answer.
        early_media: bool,
    },
    /// It was answered.
    Answered,
    /// Both hear each other.
    Bridged,
    /// They no longer do.
    Unbridged,
    /// The far leg is over.
    LegEnded {
        /// How.
        end: End,
    },
    /// The call is over; only recordings and statistics follow.
    Ended {
        /// How long was talked.
        talk_ms: i64,
        /// How long it rang.
        ring_ms: i64,
    },
    /// Sound is being written.
    RecordingStarted,
    /// It is no longer.
    RecordingStopped,
    /// A recording is whole.
    RecordingAvailable {
        /// Its file.
        path: String,
        /// How long it plays.
        duration_ms: i64,
        /// Its size.
        bytes: i64,
        /// SHA-256, in hexadecimal.
        digest: String,
    },
    /// A recording could not be made.
    RecordingFailed,
    /// A machine of the far network blocks the number that the call comes from.
    BlockedBy {
        /// Where one may ask about it, as they say.
        contact: String,
    },
    /// What went over the line.
    Statistics {
        /// Packets sent to the far end.
        sent: i64,
        /// Packets that came from it.
        received: i64,
        /// Packets that were lost on the way.
        lost: i64,
    },
}

impl CallEventKind {
    /// The stored code of its kind.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused { .. } => "refused",
            Self::Dialling => "dialling",
            Self::Ringing { .. } => "ringing",
            Self::Answered => "answered",
            Self::Bridged => "bridged",
            Self::Unbridged => "unbridged",
            Self::LegEnded { .. } => "leg_ended",
            Self::Ended { .. } => "ended",
            Self::RecordingStarted => "recording_started",
            Self::RecordingStopped => "recording_stopped",
            Self::RecordingAvailable { .. } => "recording_available",
            Self::RecordingFailed => "recording_failed",
            Self::BlockedBy { .. } => "blocked_by",
            Self::Statistics { .. } => "statistics",
        }
    }
}

/// Something that happened to a call, with its place among what is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEvent {
    /// The attempt.
    pub attempt: AttemptId,
    /// Its number among the events of the attempt, from 1.
    pub seq: i64,
    /// When, by the line's clock.
    pub at: Instant,
    /// What.
    pub kind: CallEventKind,
}

/// What a line brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// About a call.
    Call(CallEvent),
    /// A phone is registered now, or is no longer.
    Phone(UserId, bool),
    /// The trunk answers now, or no longer.
    Trunk(bool),
    /// This number calls at the trunk, and was told that nobody can answer.
    Incoming(String),
    /// A call came in and waits: under which name, who calls, and what number was called.
    Offered(String, String, String),
    /// Somebody took a call that waited.
    Received(String),
    /// Who was rung for a call that waits does not take it.
    Missed(String),
    /// Whoever called waits no longer.
    Withdrawn(String),
    /// A call that is no attempt was taken, and is over.
    Over(String),
    /// The line can go on with what it waited for.
    Ready,
    /// Something is wrong that no call ends by; for the log.
    Fault(String),
}

/// A line that calls go out by. It forgets everything when its process ends.
pub trait Line: Send {
    /// Where it listens; one line at a time is at one place.
    fn place(&self) -> String;
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// The folder of its recordings, where it makes any.
    fn recordings(&self) -> Option<PathBuf>;
    /// Which phones may register from now on.
    fn set_accounts(&mut self, accounts: &[Account]) -> impl Future<Output = ()> + Send;
    /// Carries an order out, or tells as news why not.
    fn dial(&mut self, order: Order) -> impl Future<Output = ()> + Send;
    /// The numbers of ours that calls may come from, the first before the others; without any, the
    /// line has one of its own.
    fn own_numbers(&self) -> Vec<String> {
        Vec::new()
    }
    /// The numbers whose calls it takes; without any, calls that come in are told of and refused.
    fn numbers(&self) -> Vec<OwnNumber> {
        Vec::new()
    }
    /// Rings somebody for a call that waits, and bridges them when they pick up. Whether they did
    /// is told as news.
    fn receive(&mut self, _receive: Receive) -> impl Future<Output = ()> + Send {
        async {}
    }
    /// Tells a call that waits that all are busy, or that nobody is there.
    fn turn_away(&mut self, _offered: &str, _is_busy: bool) -> impl Future<Output = ()> + Send {
        async {}
    }
    /// Hangs up, or takes back what is not answered.
    fn hang_up(&mut self, attempt: AttemptId) -> impl Future<Output = ()> + Send;
    /// What it knows of a call.
    fn look_up(&mut self, attempt: AttemptId) -> impl Future<Output = Lookup> + Send;
    /// Goes on with what waited for a phone; called when it says that it is ready.
    fn go_on(&mut self) -> impl Future<Output = ()> + Send;
    /// The next news; may be dropped while it waits. `None` when the line is dead.
    fn news(&mut self) -> impl Future<Output = Option<News>> + Send;
    /// Hangs everything up.
    fn close(&mut self) -> impl Future<Output = ()> + Send;
}
