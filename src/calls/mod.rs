//! Attempts and their two results, callbacks, the caller's cockpit.
//!
//! Every call says how it ended (mechanism) and what it meant (meaning); the two are stored apart
//! and never merged. Choosing a meaning implies the sensible mechanism, so a routine outcome is a
//! digit and Enter.
//!
//! Invariants:
//! - a call is recorded under the lease it was made by: one call a lease, a stale one is refused
//!   and its text kept;
//! - a refusal has a coded reason; a callback a time within the client's hours;
//! - who decides is found by name: the person stands on the company's card as deciding;
//! - *do not call* and *abusive* are committed before anything else is looked at, and nothing
//!   overwrites them;
//! - whoever has borne enough rests for some minutes: what was promised is given, nothing new;
//! - a call is never changed: it is taken back within ten minutes, by a record of its own, where
//!   nothing depends on it.
//!
//! Neighbours: uses `leads`, `campaigns`, `companies`, `meetings`; `handoffs` follows
//! *lead qualified*, `pay` and `reports` read.

pub mod actions;
pub mod api;
pub mod cockpit;
pub mod complaints;
mod dead;
pub mod decider;
pub mod load;
pub mod measured;
pub mod pages;
pub mod passing;
pub mod phrase;
pub mod practice;
pub mod results;
pub mod reversal;
mod shields;
pub mod slots;
pub mod spoken;
mod store;
#[cfg(test)]
mod tests;

use crate::values::*;

codes! {
    /// How a call ended, technically.
    Mechanism {
        /// Somebody spoke.
        Answered = "answered",
        /// It rang until it ended.
        NoAnswer = "no_answer",
        /// The line was busy.
        Busy = "busy",
        /// They rejected the call.
        Rejected = "rejected",
        /// A machine answered.
        Voicemail = "voicemail",
        /// Switched off or out of reach.
        Unreachable = "unreachable",
        /// The number does not exist.
        InvalidNumber = "invalid_number",
    }
}

codes! {
    /// What a call meant; in the order of the digits 1 to 9 and 0.
    Meaning {
        /// They passed the checklist.
        Qualified = "qualified",
        /// Asked for a call at a time.
        Callback = "callback",
        /// They said no.
        Refusal = "refusal",
        /// Nobody was reached.
        NotReached = "not_reached",
        /// They will need it, not now.
        NotNow = "not_now",
        /// Somebody between us and who decides.
        Gatekeeper = "gatekeeper",
        /// Who decides was found and spoken to.
        DecisionMakerFound = "decision_maker_found",
        /// Somebody who neither decides nor knows who does.
        WrongPerson = "wrong_person",
        /// The number is not theirs or does not exist.
        BadNumber = "bad_number",
        /// They asked not to be called.
        DoNotCall = "do_not_call",
        /// They said what is still true; only where a round of checks asks.
        Checked = "checked",
        /// They were abusive: nobody of the firm is sent there again. One key of its own.
        Abusive = "abusive",
    }
}

impl Meaning {
    /// What a caller chooses from, in the order of the digits.
    pub fn offered() -> &'static [Self] {
        &Self::ALL[..DIGITS]
    }
    /// Its digit, the same for everybody in the firm.
    pub fn digit(self) -> usize {
        let place = Self::ALL.iter().position(|one| *one == self).unwrap_or(0);
        (place + 1) % 10
    }
    /// Its letter besides, where it is what a caller hopes for.
    pub fn letter(self) -> Option<char> {
        match self {
            Self::Callback => Some('C'),
            Self::Qualified => Some('H'),
            _ => None,
        }
    }
    /// How such calls end, the likeliest first; the first is implied by the meaning.
    pub fn mechanisms(self) -> &'static [Mechanism] {
        use Mechanism::*;
        match self {
            Self::NotReached => &[NoAnswer, Busy, Rejected, Voicemail, Unreachable, InvalidNumber],
            Self::BadNumber => &[InvalidNumber, Answered, Unreachable],
            Self::DoNotCall => &[Answered, Rejected],
            Self::Abusive => &[Answered, Voicemail],
            _ => &[Answered],
        }
    }
    /// Its tone on the screen.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Qualified | Self::DecisionMakerFound => "pos",
            Self::Callback | Self::NotNow => "act",
            Self::Refusal | Self::DoNotCall | Self::Abusive => "neg",
            _ => "",
        }
    }
    /// What the form shows once it is chosen, first what the cursor goes to; empty for nothing.
    pub fn reveals(self) -> &'static str {
        match self {
            Self::Qualified => "handoff",
            Self::Callback | Self::Gatekeeper => "callback",
            Self::DecisionMakerFound => "meeting callback",
            Self::Refusal => "reason",
            Self::NotNow => "other",
            _ => "",
        }
    }
    /// True when somebody else acts upon it at once, so that it cannot be taken back.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Qualified | Self::DecisionMakerFound | Self::DoNotCall)
    }
}

/// Meanings that have a digit.
const DIGITS: usize = 10;
/// How long a caller may take a call back.
pub const REVERSAL_MS: i64 = 10 * MINUTE_MS;
/// How long a result that cannot be taken back is told of.
pub const TOLD_MS: i64 = 15_000;

/// One attempt with its two results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// The lead that was called.
    pub lead: LeadId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The company.
    pub company: CompanyId,
    /// Who called.
    pub caller: UserId,
    /// Under which lease.
    pub generation: i64,
    /// When it was recorded.
    pub at: Instant,
    /// How it ended.
    pub mechanism: Mechanism,
    /// How it ended as the network said, where it said something.
    pub measured: Option<Mechanism>,
    /// Who said how it ended; nobody where the network's word stands.
    pub mechanism_by: Option<UserId>,
    /// What it meant.
    pub meaning: Meaning,
    /// The coded reason of a refusal.
    pub reason: Option<String>,
    /// What the caller wrote.
    pub note: String,
    /// The number that was dialled.
    pub phone: Option<PhoneId>,
    /// The version of the script that was on the screen.
    pub script_version: Option<i64>,
    /// The checkpoints that were ticked.
    pub checkpoints: Vec<usize>,
    /// The branch of the script that was marked.
    pub branch: Option<i64>,
    /// The promised time.
    pub callback_at: Option<Instant>,
    /// The meeting that was booked.
    pub meeting: Option<MeetingId>,
    /// The ban it raised.
    pub ban: Option<SuppressionId>,
    /// The version of the lead it left behind.
    pub lead_version: i64,
    /// When it was taken back.
    pub reversed_at: Option<Instant>,
}

impl Call {
    /// May this person take it back now?
    pub fn reverse(&self, by: UserId, now: Instant) -> Result<(), CallRefusal> {
        if self.caller != by || now > self.at.plus_ms(REVERSAL_MS) {
            return Err(CallRefusal::TooLate);
        }
        if self.reversed_at.is_some() {
            return Err(CallRefusal::TakenBackAlready);
        }
        if self.meaning.is_final() { Err(CallRefusal::OthersDepend) } else { Ok(()) }
    }
}

/// Why a call cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallRefusal {
    /// Ten minutes are over.
    TooLate,
    /// It was taken back already.
    TakenBackAlready,
    /// Somebody else has acted upon it.
    OthersDepend,
}

impl Refusal for CallRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLate => "call-too-late",
            Self::TakenBackAlready => "call-taken-back-already",
            Self::OthersDepend => "call-others-depend",
        }
    }
}
