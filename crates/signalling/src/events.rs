//! What the engine tells: typed events, each about one thing, numbered.
//!
//! An event may reach its reader twice, late or out of order once it has left the engine; `seq`
//! puts those of one subject in order again, and [`crate::fold`] makes a state of them that does
//! not depend on how they came.

use std::path::PathBuf;

use crate::cause::Cause;
use crate::media::Statistics;

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A far leg, by the id that [`crate::Dial`] gave it.
    Call(String),
    /// An agent leg, by the id it was opened with.
    Session(String),
    /// A registered phone, by the name of its extension.
    Extension(String),
    /// A trunk, by its name.
    Trunk(String),
    /// The engine itself.
    Engine,
}

/// One of the two ends that the engine keeps apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// The phone of an extension.
    Agent,
    /// The far end behind a trunk.
    Far,
}

/// Who or what ended a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The agent's phone, by a BYE or by being gone.
    Agent,
    /// The far end or a server on the way to it.
    Far,
    /// Whoever uses the engine.
    User,
    /// The engine: a limit of time was reached.
    Limit,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Unique over all runs of all engines: a run of 32 random digits, a dash, a number.
    pub id: String,
    /// What it is about.
    pub subject: Subject,
    /// Its place among the events of its subject, from 1.
    pub seq: u32,
    /// When, in milliseconds since 1970 UTC, by the clock the engine was given.
    pub at: i64,
    /// What.
    pub kind: Kind,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A dial was taken on; from here on its id answers for itself.
    Accepted,
    /// An INVITE went out.
    LegDialing(Leg),
    /// The other end rings.
    LegRinging {
        /// Whose.
        leg: Leg,
        /// True if it sends sound before it answers (`183` with a description).
        early_media: bool,
    },
    /// The other end answered.
    LegAnswered(Leg),
    /// Far leg and agent leg hear each other.
    Bridged,
    /// They no longer do.
    Unbridged,
    /// A leg is over.
    LegEnded {
        /// Whose.
        leg: Leg,
        /// Who ended it.
        by: By,
        /// Why.
        cause: Cause,
    },
    /// A machine of the far network blocks the number that a call comes from (608). Told before its
    /// leg ends, where the answer says whom to ask.
    BlockedBy {
        /// The Call-Info of the answer (RFC 8688, section 3.2.1), as it stands there; at most 512
        /// characters of it, without control characters.
        contact: String,
    },
    /// A call is over; only recordings and statistics follow.
    CallEnded {
        /// From the answer to the end, in milliseconds; 0 without an answer.
        talk_ms: u64,
        /// From the INVITE to the answer or the end, in milliseconds.
        ring_ms: u64,
    },
    /// Sound is being written.
    RecordingStarted,
    /// Silence is written instead of sound from here on.
    RecordingPaused,
    /// Sound is written again.
    RecordingResumed,
    /// Nothing more is written; the file is being closed.
    RecordingStopped,
    /// A recording is whole.
    RecordingAvailable {
        /// The file.
        path: PathBuf,
        /// How long it plays, in milliseconds.
        ms: u64,
        /// Its size.
        bytes: u64,
        /// SHA-256 of the file, in hexadecimal.
        sha256: String,
    },
    /// A recording could not be made or closed.
    RecordingFailed {
        /// Why, for the log.
        why: String,
    },
    /// A phone registered itself, or did from another place.
    AgentRegistered,
    /// A phone signed off or let its registration run out.
    AgentLost,
    /// A trunk answers.
    TrunkUp,
    /// A trunk does not answer.
    TrunkDown,
    /// What went over a far leg.
    MediaStats(Statistics),
    /// A trunk wants to call in, and waits: [`crate::Engine::take`], [`crate::Engine::ring`] and
    /// [`crate::Engine::turn_away`] are for the id of this event's call. Its end is told under that
    /// id where it was not taken.
    Offered {
        /// By which trunk.
        trunk: String,
        /// The number that it says calls.
        from: String,
        /// The number that it says was called.
        to: String,
    },
    /// A trunk wants to call in; it was refused.
    Incoming {
        /// The number that it says calls.
        from: String,
        /// The number that it says was called.
        to: String,
    },
    /// Something is wrong that no leg ends by.
    Error(Fault),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A source guessed passwords and is not listened to for five minutes.
    ShutOut(String),
    /// Somebody who is no trunk sent an INVITE.
    StrangeInvite(String),
    /// A peer described an address that nothing may be sent to.
    ForbiddenAddress(String),
    /// A datagram could not be sent.
    Unsent(String),
}
