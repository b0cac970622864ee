//! Telephony: attempts to reach a number that the product places itself, phones of people, sound.
//!
//! An attempt belongs to the lease it is made under. What the machine measured, what a person said
//! and how the network ended it stand apart; the result that a person files is a call and stands in
//! `calls`.
//!
//! Invariants:
//! - an attempt begins in one transaction with its admission, under a lease that is the caller's;
//! - a caller has one attempt under way, and none while one has no result;
//! - an order is taken by one run of an engine and dialled once: what became of it is asked, never
//!   tried again;
//! - what is told of an attempt is kept once for each number, in whatever order it comes, and
//!   folded anew each time; an attempt is settled once;
//! - without a phone account of one's own and a running engine everything is as if this folder were
//!   not there, but for what exchanges of others tell.
//!
//! `port` what a line is to the business · `receiving` for whom a call is that comes in ·
//! `drivers` the lines there are · `course` the fold · `exchange` carries orders to a line and news
//! back · `trunk` the way out and numbers of ours · `links` calls by a telephone of the caller's
//! own · `accounts` phones of people · `recordings` who hears what, and for how long ·
//! `connectors`, `hooks`, `hosted` exchanges of others: who is believed, their door, what they
//! tell · `unknown` calls of whom the base does not know.
//!
//! Neighbours: uses `leads` for lease and admission, `companies` for numbers; `calls` files
//! results.

pub mod accounts;
pub mod actions;
pub mod api;
pub mod connectors;
pub mod course;
pub mod drivers;
pub mod exchange;
pub mod hooks;
pub mod hosted;
pub mod links;
pub mod pages;
pub mod panel;
pub mod port;
pub mod receiving;
pub mod recordings;
#[cfg(test)]
pub mod rig;
mod store;
#[cfg(test)]
mod tests;
pub mod trunk;
pub mod unknown;

use crate::values::*;

codes! {
    /// How a call is placed.
    Origin {
        /// By a link that the person's own telephone opens; the product sees nothing of it but what
        /// the exchange of that telephone tells.
        Link = "link",
        /// By the engine of the product.
        Sip = "sip",
        /// By the company, and the product rang somebody for it.
        In = "in",
    }
}

codes! {
    /// How far an attempt is.
    State {
        /// Wished for; no engine has taken it.
        Asked = "asked",
        /// An engine has it and calls the caller's own phone first.
        Taken = "taken",
        /// The number is being called.
        Dialling = "dialling",
        /// It rings there.
        Ringing = "ringing",
        /// Somebody or something answered.
        Answered = "answered",
        /// It is over.
        Ended = "ended",
    }
}

codes! {
    /// How an attempt ended, as the network or the engine says.
    EndCause {
        /// It was answered, and later hung up.
        Answered = "answered",
        /// Busy.
        Busy = "busy",
        /// It rang and nobody came, or they were out of reach.
        NoAnswer = "no_answer",
        /// Declined.
        Rejected = "rejected",
        /// A person said that such calls are unwanted.
        Unwanted = "unwanted",
        /// A machine blocked the number we call from.
        Blocked = "blocked",
        /// There is no such number.
        InvalidNumber = "invalid_number",
        /// The trunk may not do this.
        Forbidden = "forbidden",
        /// The trunk takes neither our password nor our money.
        Account = "account",
        /// No sound that both ends understand.
        MediaMismatch = "media_mismatch",
        /// The trunk or its network failed.
        TrunkFailure = "trunk_failure",
        /// It was answered and no caller was there.
        Abandoned = "abandoned",
        /// The caller took it back before an answer.
        Cancelled = "cancelled",
        /// The caller's own phone was not picked up, or was not there.
        PhoneAway = "phone_away",
        /// The number begins with nothing that may be called.
        NumberNotAllowed = "number_not_allowed",
        /// The engine did not take it on.
        NotPlaced = "not_placed",
        /// The engine was gone before it said how the call went.
        Interrupted = "interrupted",
    }
}

codes! {
    /// When the number may be tried again, by how an attempt ended.
    Retry {
        /// A person says what comes of it.
        ByHand = "by_hand",
        /// In a quarter or half of an hour.
        Soon = "soon",
        /// In another part of a day.
        OtherTime = "other_time",
        /// Once at most, on the next day.
        OnceTomorrow = "once_tomorrow",
        /// Never; a ban is proposed.
        Never = "never",
        /// Not from this number of ours.
        OtherCallerId = "other_caller_id",
        /// When somebody has looked at the number.
        NumberInDoubt = "number_in_doubt",
        /// When settings, account or trunk are put right.
        AfterRepair = "after_repair",
        /// As if it had not been tried.
        Again = "again",
    }
}

codes! {
    /// Who or what ended an attempt.
    EndedBy {
        /// The caller, by their phone or on the screen.
        Caller = "caller",
        /// The other end.
        Far = "far",
        /// A limit of time, or the engine.
        Engine = "engine",
    }
}

impl EndCause {
    /// When to try again.
    pub fn retry(self) -> Retry {
        match self {
            Self::Answered | Self::Abandoned | Self::Interrupted => Retry::ByHand,
            Self::Busy => Retry::Soon,
            Self::NoAnswer => Retry::OtherTime,
            Self::Rejected => Retry::OnceTomorrow,
            Self::Unwanted => Retry::Never,
            Self::Blocked => Retry::OtherCallerId,
            Self::InvalidNumber | Self::NumberNotAllowed => Retry::NumberInDoubt,
            Self::Forbidden | Self::Account | Self::MediaMismatch | Self::TrunkFailure => {
                Retry::AfterRepair
            }
            Self::Cancelled | Self::PhoneAway | Self::NotPlaced => Retry::Again,
        }
    }
    /// True if the other end or its network had its chance, so that a person says how it went. What
    /// the trunk, our settings or our own change of mind ended is no attempt at the lead; in doubt
    /// it is one.
    pub fn is_counted(self, rang: bool) -> bool {
        match self {
            Self::Answered
            | Self::Busy
            | Self::NoAnswer
            | Self::Rejected
            | Self::Unwanted
            | Self::InvalidNumber
            | Self::Abandoned
            | Self::Interrupted => true,
            Self::Cancelled => rang,
            _ => false,
        }
    }
    /// True where nobody answered and the network says why, so that there is nothing to add.
    pub fn is_dead(self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::NoAnswer
                | Self::Rejected
                | Self::Unwanted
                | Self::InvalidNumber
                | Self::Cancelled
        )
    }
    /// Its tone on the screen.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Answered => "pos",
            _ if self.is_counted(false) => "warn",
            _ => "neg",
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct End {
    /// The cause.
    pub cause: EndCause,
    /// Who ended it.
    pub by: EndedBy,
    /// The final status of SIP, if one came.
    pub status: Option<u16>,
    /// The Q.850 cause, if one was said.
    pub q850: Option<u8>,
    /// True if the other end had begun to ring.
    pub rang: bool,
}

impl End {
    /// An end without a word of the network.
    pub fn of(cause: EndCause, by: EndedBy) -> Self {
        Self { cause, by, status: None, q850: None, rang: false }
    }
    /// True if a person says how it went.
    pub fn is_counted(&self) -> bool {
        self.cause.is_counted(self.rang)
    }
}

/// One try to reach a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its id; also that of the call on the line.
    pub id: AttemptId,
    /// The company.
    pub company: CompanyId,
    /// The lead it was made for.
    pub lead: LeadId,
    /// The campaign.
    pub campaign: CampaignId,
    /// Under which lease.
    pub generation: i64,
    /// Who called.
    pub caller: UserId,
    /// The number, by id.
    pub phone: Option<PhoneId>,
    /// How it was placed.
    pub origin: Origin,
    /// How far it is.
    pub state: State,
    /// The run of the engine that has it.
    pub exchange: Option<ExchangeId>,
    /// The number of ours that it came from, where the line has several to choose from.
    pub own_number: Option<String>,
    /// What a machine measured.
    pub measured: Measured,
    /// When a person said that it took place; nothing for what was measured.
    pub attested_at: Option<Instant>,
    /// How it ended.
    pub end: Option<End>,
    /// When that was settled.
    pub settled_at: Option<Instant>,
    /// When its caller wished to hang up.
    pub hang_up_at: Option<Instant>,
    /// True if its sound is written.
    pub is_recorded: bool,
    /// The result that was filed for it.
    pub call: Option<CallId>,
    /// When it was made.
    pub made_at: Instant,
}

impl Attempt {
    /// True for a call by link that has no result yet.
    pub fn waits_by_link(&self) -> bool {
        self.origin == Origin::Link && self.call.is_none() && self.end.is_none()
    }
}

/// The times of an attempt, as a machine measured them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measured {
    /// When it was wished for.
    pub asked_at: Option<Instant>,
    /// When the number was called.
    pub dialled_at: Option<Instant>,
    /// When it rang there.
    pub rang_at: Option<Instant>,
    /// When it was answered.
    pub answered_at: Option<Instant>,
    /// When it was over.
    pub ended_at: Option<Instant>,
    /// How long it rang.
    pub ring_ms: Option<i64>,
    /// How long was talked.
    pub talk_ms: Option<i64>,
}

/// Why a call is not placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TelephonyRefusal {
    /// The person's phone is not registered with a running engine.
    NoPhone,
    /// The trunk does not answer.
    TrunkDown,
    /// All numbers of ours pause, since far networks block them.
    NumbersPause,
    /// Another call of theirs is under way.
    UnderWay,
    /// It is over already.
    OverAlready,
    /// The file of the recording is gone.
    RecordingGone,
    /// Who holds the company talks to it just now, so that nobody else may have it.
    TalksNow,
}

impl Refusal for TelephonyRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NoPhone => "phone-not-here",
            Self::TrunkDown => "trunk-down",
            Self::NumbersPause => "own-numbers-pause",
            Self::UnderWay => "attempt-under-way",
            Self::OverAlready => "attempt-over-already",
            Self::RecordingGone => "recording-gone",
            Self::TalksNow => "attempt-talks-now",
        }
    }
}
