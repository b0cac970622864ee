//! What was promised to a client, by whom, until when; kept, broken or released.
//!
//! Invariants:
//! - a promise is open until it is answered once: kept, broken, or released by the client;
//! - an open promise always has a holder, and travels with the client to whoever leads them next;
//! - a broken promise says why;
//! - what a passport says was promised is nobody's promise yet: it is shown beside the open ones,
//!   wherever those are shown, until somebody records it with its time or puts it away with a word.
//!
//! Neighbours: uses `people`; calls, opportunities and clients make promises, `handoffs` passes
//! them on, the story card shows them.

pub mod actions;
pub mod api;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use crate::values::*;

/// How far ahead something may be promised, in days.
pub const AHEAD_DAYS_MAX: i64 = 1_100;
/// The longest promise, in characters.
pub const WORDS_MAX: usize = 300;

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PromiseState {
    /// Still to be kept.
    Open,
    /// Kept.
    Kept,
    /// Broken.
    Broken,
    /// The client no longer wants it.
    Released,
}

impl PromiseState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Kept, Self::Broken, Self::Released];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::Released => "released",
        }
    }
}

impl FromStr for PromiseState {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

/// A thing promised to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Its id.
    pub id: PromiseId,
    /// The number people read aloud.
    pub number: i64,
    /// To whom.
    pub company: CompanyId,
    /// In which campaign.
    pub campaign: Option<CampaignId>,
    /// What was promised, in the words said to the client.
    pub words: String,
    /// Until when.
    pub due_at: Instant,
    /// Who keeps it now.
    pub holder: UserId,
    /// The holder's team.
    pub holder_team: Option<TeamId>,
    /// Who promised it.
    pub made_by: UserId,
    /// When it was promised.
    pub made_at: Instant,
    /// What became of it.
    pub state: PromiseState,
    /// What was said when it was answered.
    pub note: String,
    /// Who answered it, and when.
    pub answered: Option<(UserId, Instant)>,
    /// Counts its changes.
    pub version: i64,
}

/// A thing to be promised.
#[derive(Debug, Clone)]
pub struct NewPromise {
    /// To whom.
    pub company: CompanyId,
    /// In which campaign.
    pub campaign: Option<CampaignId>,
    /// What is promised.
    pub words: String,
    /// Until when.
    pub due_at: Instant,
    /// Who keeps it; `None` for the person who promises.
    pub holder: Option<UserId>,
}

impl NewPromise {
    /// What is wrong with it; field names `promise_words`, `promise_due`.
    pub fn check(&self, now: Instant) -> Fields {
        let mut fields = Fields::default();
        if self.words.trim().is_empty() {
            fields.note("promise_words", "required");
        } else if self.words.chars().count() > WORDS_MAX {
            let max = vec![("max", WORDS_MAX.to_string())];
            fields.note_with("promise_words", "too-long", max);
        }
        if self.due_at <= now {
            fields.note("promise_due", "promise-in-the-past");
        } else if self.due_at > now.plus_days(AHEAD_DAYS_MAX) {
            fields.note("promise_due", "date-out-of-range");
        }
        fields
    }
}

/// The words of a promise as they are kept and compared, whatever ends their lines on the way.
pub fn plain(words: &str) -> String {
    words.trim().replace("\r\n", "\n")
}

/// What an answer of a passport promises, in the words of a promise; nothing where it says that
/// there is nothing.
pub fn told_in(answer: &str) -> Option<String> {
    const NOTHING: [&str; 16] = [
        "",
        "нет",
        "ничего",
        "ничего не обещали",
        "ничего не обещано",
        "не обещали",
        "не было",
        "обещаний нет",
        "обещаний не было",
        "без обещаний",
        "no",
        "none",
        "nothing",
        "nothing promised",
        "nothing was promised",
        "n/a",
    ];
    let words: String = plain(answer).chars().take(WORDS_MAX).collect();
    let is_mark = |c: char| !c.is_alphanumeric();
    let bare = words.trim_matches(is_mark).to_lowercase();
    (!NOTHING.contains(&bare.as_str())).then(|| words.trim().to_owned())
}

impl Promise {
    /// True when it is open and its time has passed.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.state == PromiseState::Open && self.due_at < now
    }

    /// The promise as answered. A broken one needs a word why.
    pub fn answer(
        &self,
        by: UserId,
        state: PromiseState,
        note: &str,
        now: Instant,
    ) -> Outcome<Self> {
        if self.state != PromiseState::Open {
            return Err(PromiseRefusal::AlreadyAnswered.into());
        }
        if state == PromiseState::Open {
            return Err(Fields::one("state", "unknown-choice"));
        }
        if state == PromiseState::Broken && note.trim().is_empty() {
            return Err(Fields::one("note", "promise-broken-why"));
        }
        if note.chars().count() > 1_000 {
            let mut fields = Fields::default();
            fields.note_with("note", "too-long", vec![("max", "1000".to_owned())]);
            return Err(Error::Invalid(fields));
        }
        let note = note.trim().to_owned();
        Ok(Self { state, note, answered: Some((by, now)), ..self.clone() })
    }
}

/// Why a promise cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromiseRefusal {
    /// It was answered already.
    AlreadyAnswered,
    /// Somebody changed it meanwhile.
    Stale,
}

impl Refusal for PromiseRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyAnswered => "promise-already-answered",
            Self::Stale => "promise-stale",
        }
    }
}
