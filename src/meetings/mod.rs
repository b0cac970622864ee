//! A talk with the client at a time: booked by one tier, hosted by the next, held or missed.
//!
//! Invariants:
//! - a meeting is booked, then marked once: held, missed by the client or missed by the seller;
//!   what was marked is never marked again;
//! - where its lead was sent back for good and nobody took it, the talk is dropped when its time
//!   has passed, and waits for nothing;
//! - nobody marks it before it begins, and never the person who booked it: they are paid for it;
//! - no booking gives anybody two talks at once, and nobody is chosen to hold one while they hold
//!   another. Where a lead is taken by somebody who is busy then, or a leaver's work passes to
//!   them, nothing is refused and both talks are marked as clashing until one of them is marked;
//! - who is booked to host is asked first to accept the lead, and whoever accepts it hosts. Where a
//!   campaign names nobody, or they sent the lead back, the host is unknown until somebody accepts.
//!
//! Neighbours: uses `people`, `companies` and `campaigns`; `calls` books, `handoffs` sets the host,
//! `pay` follows what was held or missed.

pub mod actions;
pub mod api;
pub mod booking;
pub mod calendar;
mod lists;
pub mod pages;
pub mod slots;
mod store;
#[cfg(test)]
mod tests;

pub use lists::{Range, Side};

use std::str::FromStr;

use crate::values::*;

/// The shortest talk that may be booked, in minutes.
pub const MINUTES_MIN: i64 = 5;
/// The longest talk that may be booked, in minutes.
pub const MINUTES_MAX: i64 = 480;
/// How far ahead a talk may be booked, in days.
pub const AHEAD_DAYS_MAX: i64 = 365;

/// What became of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MeetingState {
    /// It is to come, or nobody has said yet what became of it.
    Booked,
    /// It took place.
    Held,
    /// The client did not come.
    MissedByClient,
    /// We did not come.
    MissedBySeller,
    /// Its lead was sent back for good and its time passed: nobody was to hold it.
    Dropped,
}

impl MeetingState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Booked, Self::Held, Self::MissedByClient, Self::MissedBySeller, Self::Dropped];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Held => "held",
            Self::MissedByClient => "missed_by_client",
            Self::MissedBySeller => "missed_by_seller",
            Self::Dropped => "dropped",
        }
    }
}

impl FromStr for MeetingState {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

/// What the host says became of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It took place.
    Held,
    /// The client did not come.
    ClientMissed,
    /// We did not come. The caller is paid all the same.
    SellerMissed,
}

impl Mark {
    /// Every mark, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Held, Self::ClientMissed, Self::SellerMissed];
    /// The code of a form and of the API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::ClientMissed => "client",
            Self::SellerMissed => "seller",
        }
    }
    /// The state it leads to.
    pub fn state(self) -> MeetingState {
        match self {
            Self::Held => MeetingState::Held,
            Self::ClientMissed => MeetingState::MissedByClient,
            Self::SellerMissed => MeetingState::MissedBySeller,
        }
    }
}

impl FromStr for Mark {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|mark| mark.code() == code).ok_or(())
    }
}

/// A talk with a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// The number people read aloud.
    pub number: i64,
    /// With whom.
    pub company: CompanyId,
    /// For which campaign.
    pub campaign: Option<CampaignId>,
    /// The lead it was booked for.
    pub lead: Option<LeadId>,
    /// The person at the company.
    pub contact: Option<ContactId>,
    /// Who booked it, and is paid for it.
    pub booker: UserId,
    /// Their team then.
    pub booker_team: Option<TeamId>,
    /// Who will talk; unknown until the lead is accepted.
    pub host: Option<UserId>,
    /// The host's team then.
    pub host_team: Option<TeamId>,
    /// When it begins.
    pub starts_at: Instant,
    /// How long it lasts, in minutes.
    pub minutes: i64,
    /// Where: an address, a link, a phone call.
    pub place: String,
    /// What became of it.
    pub state: MeetingState,
    /// What was said when it was marked.
    pub note: String,
    /// Who marked it, and when.
    pub marked: Option<(UserId, Instant)>,
    /// Counts its changes.
    pub version: i64,
    /// When it was booked.
    pub made_at: Instant,
}

/// A talk to be booked.
#[derive(Debug, Clone)]
pub struct NewMeeting {
    /// With whom.
    pub company: CompanyId,
    /// For which campaign.
    pub campaign: Option<CampaignId>,
    /// The lead it is booked for.
    pub lead: Option<LeadId>,
    /// The person at the company.
    pub contact: Option<ContactId>,
    /// Who books it.
    pub booker: UserId,
    /// Who will talk, where that is known already.
    pub host: Option<UserId>,
    /// When it begins.
    pub starts_at: Instant,
    /// How long it lasts, in minutes.
    pub minutes: i64,
    /// Where: an address, a link, a phone call.
    pub place: String,
}

impl NewMeeting {
    /// What is wrong with it; field names `meeting_at`, `meeting_minutes`, `meeting_place`.
    pub fn check(&self, now: Instant) -> Fields {
        let mut fields = Fields::default();
        if self.starts_at <= now {
            fields.note("meeting_at", "meeting-in-the-past");
        } else if self.starts_at > now.plus_days(AHEAD_DAYS_MAX) {
            fields.note("meeting_at", "date-out-of-range");
        }
        if !(MINUTES_MIN..=MINUTES_MAX).contains(&self.minutes) {
            let bounds = vec![("min", MINUTES_MIN.to_string()), ("max", MINUTES_MAX.to_string())];
            fields.note_with("meeting_minutes", "out-of-range", bounds);
        }
        if self.place.chars().count() > 200 {
            fields.note_with("meeting_place", "too-long", vec![("max", "200".to_owned())]);
        }
        fields
    }
}

/// Who marks a meeting.
#[derive(Debug, Clone, Copy)]
pub struct Marker {
    /// The person.
    pub user: UserId,
    /// The team they head.
    pub heads: Option<TeamId>,
    /// True for the owner, who stands above every team.
    pub is_above: bool,
}

impl Meeting {
    /// True when this person may say what became of it: its host or the head of the host's team;
    /// where it found no host, the head of the booker's team. Never the booker, who is paid for it,
    /// unless the booker keeps the client and hosts the talk too.
    pub fn may_mark(&self, by: Marker) -> bool {
        match self.host {
            Some(host) if host == by.user => true,
            _ if self.booker == by.user => false,
            Some(_) => by.is_above || (self.host_team.is_some() && by.heads == self.host_team),
            None => by.is_above || (self.booker_team.is_some() && by.heads == self.booker_team),
        }
    }

    /// The meeting as marked.
    pub fn mark(
        &self,
        by: Marker,
        mark: Mark,
        note: &str,
        now: Instant,
    ) -> Result<Self, MeetingRefusal> {
        if self.state != MeetingState::Booked {
            return Err(MeetingRefusal::AlreadyMarked);
        }
        if !self.may_mark(by) {
            return Err(MeetingRefusal::NotYoursToMark);
        }
        if now < self.starts_at {
            return Err(MeetingRefusal::NotBegun);
        }
        let note = note.trim().to_owned();
        Ok(Self { state: mark.state(), note, marked: Some((by.user, now)), ..self.clone() })
    }

    /// True when both are to be held, at times that share a minute.
    pub fn meets(&self, other: &Self) -> bool {
        let are_booked = [self, other].iter().all(|one| one.state == MeetingState::Booked);
        are_booked && self.starts_at < other.ends_at() && other.starts_at < self.ends_at()
    }

    /// When it ends.
    pub fn ends_at(&self) -> Instant {
        self.starts_at.plus_minutes(self.minutes)
    }
}

/// Why a meeting cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeetingRefusal {
    /// Somebody has said already what became of it.
    AlreadyMarked,
    /// Only its host or the head of the host's team may say.
    NotYoursToMark,
    /// It has not begun yet.
    NotBegun,
    /// Somebody changed it meanwhile.
    Stale,
}

impl Refusal for MeetingRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyMarked => "meeting-already-marked",
            Self::NotYoursToMark => "meeting-not-yours",
            Self::NotBegun => "meeting-not-begun",
            Self::Stale => "meeting-stale",
        }
    }
}
