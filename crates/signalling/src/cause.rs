//! Why a leg ended, and what that says about trying again.
//!
//! The status of SIP decides. The Q.850 cause of a `Reason` header (RFC 3326) is kept beside it
//! and decides only for a status that says nothing by itself, since carriers turn one into the
//! other as they like.

/// How a leg came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// It was answered, and later hung up.
    Answered,
    /// Busy.
    Busy,
    /// It rang and nobody came, or could not be reached now.
    NoAnswer,
    /// Somebody or their phone declined.
    Rejected,
    /// A person said that such calls are unwanted (607, RFC 8197).
    Unwanted,
    /// A machine blocked the number we call from (608, RFC 8688).
    Blocked,
    /// There is no such number.
    InvalidNumber,
    /// The trunk may not do this.
    Forbidden,
    /// The trunk does not take our password or our money.
    Account,
    /// No sound that both ends understand.
    MediaMismatch,
    /// The trunk or its network failed.
    TrunkFailure,
    /// It was answered and no agent was there.
    Abandoned,
    /// Whoever uses the engine took the call back before an answer.
    Cancelled,
}

/// What a cause means for trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// A person says what comes of it.
    ByHand,
    /// In 15 to 30 minutes.
    Soon,
    /// In another part of a day.
    OtherTime,
    /// Once at most, on the next day.
    OnceTomorrow,
    /// Never; a ban is proposed.
    Never,
    /// Not from this number of ours; the other end is not at fault.
    OtherCallerId,
    /// Not at this number of theirs until somebody has looked at it.
    NumberInDoubt,
    /// When the settings are put right.
    AfterSettings,
    /// When the account at the trunk is put right.
    AfterAccount,
    /// When the trunk works again.
    AfterTrunk,
    /// After a long pause: an answered call that nobody spoke in.
    LockedOut,
    /// As if it had not been tried.
    Again,
}

impl Mechanism {
    /// What a final status says. `None` for one that says nothing by itself.
    pub const fn of_status(status: u16) -> Option<Self> {
        Some(match status {
            200..300 => Self::Answered,
            486 | 600 => Self::Busy,
            408 | 480 | 487 => Self::NoAnswer,
            603 => Self::Rejected,
            607 => Self::Unwanted,
            608 => Self::Blocked,
            404 | 410 | 484 | 604 => Self::InvalidNumber,
            403 => Self::Forbidden,
            401 | 402 | 407 => Self::Account,
            488 | 606 => Self::MediaMismatch,
            500 | 502..=504 => Self::TrunkFailure,
            _ => return None,
        })
    }

    /// What a Q.850 cause says. `None` for one that says nothing to us.
    pub const fn of_q850(cause: u8) -> Option<Self> {
        Some(match cause {
            16 => Self::Answered,
            17 => Self::Busy,
            18..=20 => Self::NoAnswer,
            21 => Self::Rejected,
            1 | 22 | 28 => Self::InvalidNumber,
            57 => Self::Forbidden,
            88 => Self::MediaMismatch,
            27 | 34 | 38 | 41 | 42 => Self::TrunkFailure,
            _ => return None,
        })
    }

    /// A name for a store or a table, which never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Busy => "busy",
            Self::NoAnswer => "no_answer",
            Self::Rejected => "rejected",
            Self::Unwanted => "unwanted",
            Self::Blocked => "blocked",
            Self::InvalidNumber => "invalid_number",
            Self::Forbidden => "forbidden",
            Self::Account => "account",
            Self::MediaMismatch => "media_mismatch",
            Self::TrunkFailure => "trunk_failure",
            Self::Abandoned => "abandoned",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why a leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cause {
    /// How.
    pub mechanism: Mechanism,
    /// The final status of SIP, if one came.
    pub status: Option<u16>,
    /// The Q.850 cause, if one was said.
    pub q850: Option<u8>,
    /// True if the other end had begun to ring.
    pub rang: bool,
}

impl Cause {
    /// A cause without status.
    pub const fn of(mechanism: Mechanism, rang: bool) -> Self {
        Self { mechanism, status: None, q850: None, rang }
    }

    /// The cause that a refusal gives. What says nothing counts by its hundreds: 5xx as the
    /// trunk's failure, everything else as not reached.
    pub const fn refused(status: u16, q850: Option<u8>, rang: bool) -> Self {
        let by_status = Mechanism::of_status(status);
        let by_cause = match q850 {
            Some(cause) => Mechanism::of_q850(cause),
            None => None,
        };
        let mechanism = match (by_status, by_cause) {
            (Some(mechanism), _) => mechanism,
            // A refusal is no answer, whatever its `Reason` says.
            (None, Some(mechanism)) if !matches!(mechanism, Mechanism::Answered) => mechanism,
            (None, _) if status >= 500 && status < 600 => Mechanism::TrunkFailure,
            (None, _) => Mechanism::NoAnswer,
        };
        Self { mechanism, status: Some(status), q850, rang }
    }

    /// What it means for trying again.
    pub const fn retry(&self) -> Retry {
        match self.mechanism {
            Mechanism::Answered => Retry::ByHand,
            Mechanism::Busy => Retry::Soon,
            Mechanism::NoAnswer => Retry::OtherTime,
            Mechanism::Rejected => Retry::OnceTomorrow,
            Mechanism::Unwanted => Retry::Never,
            Mechanism::Blocked => Retry::OtherCallerId,
            Mechanism::InvalidNumber => Retry::NumberInDoubt,
            Mechanism::Forbidden | Mechanism::MediaMismatch => Retry::AfterSettings,
            Mechanism::Account => Retry::AfterAccount,
            Mechanism::TrunkFailure => Retry::AfterTrunk,
            Mechanism::Abandoned => Retry::LockedOut,
            Mechanism::Cancelled => Retry::Again,
        }
    }

    /// True if it counts as a try: the other end or its network had its chance. What the trunk,
    /// our settings or our own change of mind ended does not.
    pub const fn counts(&self) -> bool {
        match self.mechanism {
            Mechanism::Answered
            | Mechanism::Busy
            | Mechanism::NoAnswer
            | Mechanism::Rejected
            | Mechanism::Unwanted
            | Mechanism::InvalidNumber
            | Mechanism::Abandoned => true,
            Mechanism::Cancelled => self.rang,
            Mechanism::Blocked
            | Mechanism::Forbidden
            | Mechanism::Account
            | Mechanism::MediaMismatch
            | Mechanism::TrunkFailure => false,
        }
    }
}

/// The Q.850 cause in a `Reason` header: `Q.850;cause=17;text="User busy"` (RFC 3326).
pub fn q850_of(reason: &str) -> Option<u8> {
    let rest = reason.trim();
    let protocol = rest.get(..5).filter(|p| p.eq_ignore_ascii_case("q.850"))?;
    crate::sip::address::parameter(&rest[protocol.len()..], "cause")?.parse().ok()
}

#[cfg(test)]
mod tests;
