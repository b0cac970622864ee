//! A letter that somebody of the firm sent to a company: by mail, by post or by messenger.
//!
//! Invariants:
//! - a letter stands on record only where the function that admits calls (`leads::admission`)
//!   admits it, as of the moment at which it was sent; it names the rules it was judged by; who
//!   asks before is answered as of the moment at which they ask;
//! - letters and calls share one budget of contacts, over all tiers and campaigns; one that is
//!   recorded late is counted with what came after it as well as before; a letter that they asked
//!   for is on record and is not counted, and a ban holds for it, too;
//! - who writes leads the company, has it in hand, or is above those who do;
//! - a letter recorded by mistake is taken back by its sender within ten minutes: it stays on
//!   record and counts no more.
//!
//! Neighbours: uses `companies`, `campaigns` and `leads`; `leads` counts letters when it admits a
//! call, the story tells of them.

pub mod actions;
pub mod api;
pub mod forms;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use crate::leads::admission::{Rule, Verdict};
use crate::values::*;

/// The longest subject, in characters.
pub const SUBJECT_MAX: usize = 200;
/// The longest note, in characters.
pub const NOTE_MAX: usize = 2_000;
/// How long after it was sent a letter may still be recorded, in days.
pub const LATE_DAYS_MAX: i64 = 3;
/// How long a letter may be taken back, as a call.
const REVERSAL_MS: i64 = 10 * MINUTE_MS;

codes! {
    /// How a letter went.
    Way {
        /// By mail to an address.
        Mail = "mail",
        /// On paper.
        Post = "post",
        /// As a message to a number.
        Messenger = "messenger",
    }
}

/// Which of the company's addresses a letter went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// A mail address.
    Mail(AnyId),
    /// A number.
    Phone(PhoneId),
}

impl Address {
    /// As a form names it: what it is, and its id.
    pub fn code(self) -> String {
        match self {
            Self::Mail(id) => format!("mail:{id}"),
            Self::Phone(id) => format!("phone:{id}"),
        }
    }
    /// True where a letter that goes this way goes to such an address.
    pub fn fits(self, way: Way) -> bool {
        matches!((self, way), (Self::Mail(_), Way::Mail) | (Self::Phone(_), Way::Messenger))
    }
}

impl FromStr for Address {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        match code.split_once(':') {
            Some(("mail", id)) => id.parse().map(Self::Mail).map_err(|_| ()),
            Some(("phone", id)) => id.parse().map(Self::Phone).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

/// An address as whoever writes to it names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By its id.
    Known(Address),
    /// A mail address itself, in small letters.
    Written(String),
}

impl Named {
    /// True where a letter that goes this way goes to such an address.
    pub fn fits(&self, way: Way) -> bool {
        match self {
            Self::Known(address) => address.fits(way),
            Self::Written(_) => way == Way::Mail,
        }
    }
}

impl FromStr for Named {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.parse::<Address>() {
            Ok(address) => Ok(Self::Known(address)),
            Err(()) if text.contains('@') => Ok(Self::Written(text.trim().to_lowercase())),
            Err(()) => Err(()),
        }
    }
}

/// A letter on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// The number people read aloud.
    pub number: i64,
    /// To whom.
    pub company: CompanyId,
    /// To which person of theirs.
    pub contact: Option<ContactId>,
    /// To which address of theirs.
    pub address: Option<Address>,
    /// For which campaign.
    pub campaign: Option<CampaignId>,
    /// For which lead of it.
    pub lead: Option<LeadId>,
    /// How it went.
    pub way: Way,
    /// What it was about.
    pub subject: String,
    /// What else is worth knowing.
    pub note: String,
    /// True where they asked for it: it counts in no budget.
    pub is_answer: bool,
    /// By which rules it was admitted, as in `ru@1`.
    pub preset: String,
    /// Who sent it.
    pub sender: UserId,
    /// When it was sent.
    pub sent_at: Instant,
    /// When it was recorded.
    pub made_at: Instant,
    /// When it was taken back, if it was.
    pub taken_back_at: Option<Instant>,
}

impl Letter {
    /// May its sender take it back now?
    pub fn take_back(&self, now: Instant) -> Result<(), LetterRefusal> {
        if self.taken_back_at.is_some() {
            return Err(LetterRefusal::TakenBackAlready);
        }
        if self.may_be_taken_back(now) { Ok(()) } else { Err(LetterRefusal::TooLate) }
    }
    /// True for ten minutes after it was recorded, unless it was taken back.
    pub fn may_be_taken_back(&self, now: Instant) -> bool {
        self.taken_back_at.is_none() && now <= self.made_at.plus_ms(REVERSAL_MS)
    }
}

/// A letter to be recorded, or asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLetter {
    /// To which person.
    pub contact: Option<ContactId>,
    /// To which address.
    pub address: Option<Named>,
    /// For which campaign; `None` for that of the lead in the sender's hands, if it is of the
    /// company.
    pub campaign: Option<CampaignId>,
    /// How it goes.
    pub way: Way,
    /// What it is about.
    pub subject: String,
    /// What else is worth knowing.
    pub note: String,
    /// They asked for it.
    pub is_answer: bool,
    /// When it was sent.
    pub sent_at: Instant,
}

impl NewLetter {
    /// What keeps it from being asked about; field names `address`, `sent_at`.
    pub fn check_terms(&self, now: Instant) -> Fields {
        let mut fields = Fields::default();
        if self.address.as_ref().is_some_and(|address| !address.fits(self.way)) {
            fields.note("address", "letter-address-misfits");
        }
        if self.sent_at > now {
            fields.note("sent_at", "letter-in-the-future");
        } else if self.sent_at < now.plus_days(-LATE_DAYS_MAX) {
            let days = vec![("days", LATE_DAYS_MAX.to_string())];
            fields.note_with("sent_at", "letter-too-long-ago", days);
        }
        fields
    }
    /// What keeps it from being recorded; besides those, `subject` and `note`.
    pub fn check(&self, now: Instant) -> Fields {
        let mut fields = self.check_terms(now);
        let texts = [("subject", &self.subject, SUBJECT_MAX), ("note", &self.note, NOTE_MAX)];
        for (name, text, max) in texts {
            if text.trim().chars().count() > max {
                fields.note_with(name, "too-long", vec![("max", max.to_string())]);
            }
        }
        if self.subject.trim().is_empty() {
            fields.note("subject", "required");
        }
        fields
    }
}

/// What was answered to whoever asked whether they may write.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Answered {
    /// The rule that forbids it, and until when; `None` where they may.
    pub denied: Option<(Rule, Instant)>,
    /// By which rules, as in `ru@1`.
    pub preset: String,
}

impl Answered {
    /// The verdict of admission, as it is kept.
    pub fn of(verdict: Verdict, preset: String) -> Self {
        let denied = match verdict {
            Verdict::Allow => None,
            Verdict::Deny { rule, until } => Some((rule, until)),
        };
        Self { denied, preset }
    }
}

/// Why a letter cannot be recorded or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterRefusal {
    /// A rule forbids it, until a moment that is told in this zone.
    Denied {
        /// The rule.
        rule: Rule,
        /// When to ask again.
        until: Instant,
        /// The zone.
        zone: Zone,
    },
    /// Ten minutes are over.
    TooLate,
    /// It was taken back already.
    TakenBackAlready,
}

impl Refusal for LetterRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Denied { .. } => "letter-denied",
            Self::TooLate => "letter-too-late",
            Self::TakenBackAlready => "letter-taken-back-already",
        }
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        let Self::Denied { rule, until, zone } = self else { return Vec::new() };
        let day = until.local(zone).strftime("%d.%m.%Y %H:%M").to_string();
        let rule = rule.code().to_owned();
        vec![("rule", rule), ("until", day), ("until_at", until.rfc3339())]
    }
}
