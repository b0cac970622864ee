//! An order: work a client asked for, with the prototypes that are shown to them on the way.
//!
//! Invariants:
//! - an order is open until it is delivered or cancelled, and then it stays so; only an active
//!   client orders;
//! - prototypes are versions of an open order, counted from one; each has at most one link, of
//!   which only a digest is kept;
//! - the client answers a version once, and only the newest version that was sent.
//!
//! Neighbours: part of `clients`; the answer of a client leaves a task for whoever leads them.

pub mod actions;
pub mod api;
pub mod approval;
pub mod pages;
mod prototype;
mod store;
#[cfg(test)]
mod tests;

pub use prototype::{Answer, NewAnswer, Prototype, StoredFile, check_description};

use std::str::FromStr;

use crate::values::*;

/// The longest title of an order.
pub const TITLE_CHARS_MAX: usize = 200;
/// The longest note about a cancelled order.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// How far ahead an order may be due.
const DUE_DAYS_MAX: i64 = 5 * 366;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderState {
    /// Being made.
    Open,
    /// The client has it.
    Delivered,
    /// It will not be made.
    Cancelled,
}

impl OrderState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Delivered, Self::Cancelled];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }
    /// How it is marked on screen.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Open => "act",
            Self::Delivered => "pos",
            Self::Cancelled => "neg",
        }
    }
}

impl FromStr for OrderState {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

/// Why an order is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CancelReason {
    /// The client no longer wants it.
    ClientDeclined,
    /// It was entered twice or by mistake.
    Mistake,
    /// It cannot be made as asked.
    Impossible,
    /// Something else, told in a note.
    Other,
}

impl CancelReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::ClientDeclined, Self::Mistake, Self::Impossible, Self::Other];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ClientDeclined => "client_declined",
            Self::Mistake => "mistake",
            Self::Impossible => "impossible",
            Self::Other => "other",
        }
    }
}

impl FromStr for CancelReason {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|reason| reason.code() == code).ok_or(())
    }
}

/// An order to be opened.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// What is ordered.
    pub title: String,
    /// What it is worth.
    pub amount: Money,
    /// The day it is due: midnight in the firm's zone.
    pub due_at: Instant,
}

impl NewOrder {
    /// What is wrong with it; today's midnight is the earliest day.
    pub fn check(&self, today: Instant) -> Fields {
        let mut fields = Fields::default();
        note_text(&mut fields, "title", &self.title, TITLE_CHARS_MAX);
        if self.due_at < today {
            fields.note("due", "day-in-the-past");
        } else if self.due_at > today.plus_days(DUE_DAYS_MAX) {
            fields.note("due", "date-out-of-range");
        }
        if self.amount.minor < 0 {
            fields.note("amount", "money-negative");
        } else if self.amount.minor > money::TYPED_MAX_MINOR {
            fields.note("amount", "money-too-large");
        }
        fields
    }
}

/// Work a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The number people read aloud.
    pub number: i64,
    /// Who ordered.
    pub client: ClientId,
    /// The company of the client.
    pub company: CompanyId,
    /// What is ordered.
    pub title: String,
    /// What it is worth.
    pub amount: Money,
    /// The day it is due.
    pub due_at: Instant,
    /// Where it stands.
    pub state: OrderState,
    /// When it was ordered.
    pub opened_at: Instant,
    /// When the client got it or did without.
    pub closed_at: Option<Instant>,
    /// Why it was cancelled.
    pub cancel_reason: Option<CancelReason>,
    /// What was said about that.
    pub cancel_note: String,
    /// Counts the changes.
    pub version: i64,
}

impl Order {
    /// True when its day has passed and the client still waits.
    pub fn is_late(&self, now: Instant) -> bool {
        self.state == OrderState::Open && self.due_at.plus_days(1) <= now
    }
    /// The order delivered.
    pub fn deliver(&self, now: Instant) -> Result<Self, OrderRefusal> {
        self.still_open()?;
        Ok(Self { state: OrderState::Delivered, closed_at: Some(now), ..self.clone() })
    }
    /// The order cancelled; "something else" needs a note.
    pub fn cancel(&self, reason: CancelReason, note: &str, now: Instant) -> Outcome<Self> {
        self.still_open()?;
        let mut fields = Fields::default();
        if reason == CancelReason::Other {
            note_text(&mut fields, "note", note, NOTE_CHARS_MAX);
        } else {
            note_long(&mut fields, "note", note, NOTE_CHARS_MAX);
        }
        fields.into_result()?;
        Ok(Self {
            state: OrderState::Cancelled,
            closed_at: Some(now),
            cancel_reason: Some(reason),
            cancel_note: note.trim().to_owned(),
            ..self.clone()
        })
    }
    /// Refuses where the order is closed.
    pub fn still_open(&self) -> Result<(), OrderRefusal> {
        if self.state == OrderState::Open { Ok(()) } else { Err(OrderRefusal::Closed) }
    }
}

/// Notes a text that is missing or too long.
fn note_text(fields: &mut Fields, field: &'static str, text: &str, max: usize) {
    if text.trim().is_empty() {
        fields.note(field, "required");
    }
    note_long(fields, field, text, max);
}

/// Notes a text that is too long.
fn note_long(fields: &mut Fields, field: &'static str, text: &str, max: usize) {
    if text.chars().count() > max {
        fields.note_with(field, "too-long", vec![("max", max.to_string())]);
    }
}

/// Why an order or a prototype cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderRefusal {
    /// It is delivered or cancelled.
    Closed,
    /// The client has left.
    ClientEnded,
    /// The client answered about this version.
    Answered,
    /// A newer version was sent.
    Superseded,
    /// Somebody changed it in between.
    Stale,
}

impl Refusal for OrderRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Closed => "order-closed",
            Self::ClientEnded => "order-client-ended",
            Self::Answered => "prototype-answered",
            Self::Superseded => "prototype-superseded",
            Self::Stale => "order-stale",
        }
    }
}
