//! The story card: all a newcomer to a client must know, on one screen.
//!
//! Invariants:
//! - it reads and never writes: numbers of a company that another leads are masked, for opening
//!   them leaves an event (the company's own page does that);
//! - it is there for whoever may know of the company; sums are for those whose roles open
//!   contracts, and what one may not open is named without a link;
//! - a company that the reader may not know of is not named;
//! - pay never stands here.
//!
//! Neighbours: reads the tables of every tier with SQL of its own; nobody depends on it.

pub mod actions;
pub mod api;
pub mod pages;
mod shown;
mod store;
mod telling;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::events::Kind;
use crate::values::*;

/// All that the card says, without its timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct Story {
    /// The company's id.
    pub company: CompanyId,
    /// The number people read aloud.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// The name in full.
    pub full_name: Option<String>,
    /// The tax number.
    pub tax_id: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// IANA zone of its working day.
    pub zone: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// Site.
    pub website: Option<String>,
    /// Who leads it now.
    pub lead: Option<UserId>,
    /// In which tier: 1, 2, 3.
    pub lead_tier: Option<i64>,
    /// Its people, who decides first; those who left last.
    pub people: Vec<Acquaintance>,
    /// Numbers that are nobody's in particular, as the reader may see them.
    pub phones: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// What the last hand-off handed over.
    pub passport: Option<Passed>,
    /// What was promised: open ones first, then what became of the others, newest first.
    pub promises: Vec<Promised>,
    /// What passports say was promised, while nobody has recorded it with its time or put it away.
    pub told: Vec<String>,
    /// What is to come, soonest first.
    pub coming: Vec<Coming>,
    /// Chances of a sale, newest first.
    pub opportunities: Vec<Chance>,
    /// Contracts, newest first.
    pub contracts: Vec<Agreed>,
    /// Orders with the answer to the newest prototype, newest first.
    pub orders: Vec<Ordered>,
    /// Important dates, the next one first.
    pub dates: Vec<Dated>,
    /// When the company said no, or was lost, newest first.
    pub noes: Vec<No>,
    /// Who must not be contacted.
    pub bans: Vec<Ban>,
    /// True while the company itself must not be contacted.
    pub is_banned: bool,
}

/// A person at the company.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acquaintance {
    /// Their name.
    pub name: String,
    /// What they do there.
    pub role: Option<String>,
    /// True for who decides.
    pub is_decision_maker: bool,
    /// True when they no longer work there.
    pub is_gone: bool,
    /// Their numbers, as the reader may see them.
    pub phones: Vec<String>,
}

/// The passport of a hand-off.
#[derive(Debug, Serialize, ToSchema)]
pub struct Passed {
    /// The hand-off.
    pub handoff: HandoffId,
    /// Who handed over.
    pub giver: UserId,
    /// To whom.
    pub receiver: Option<UserId>,
    /// From which tier.
    pub from_tier: i64,
    /// To which.
    pub to_tier: i64,
    /// `offered`, `accepted`, `rejected`, `expired`.
    pub state: String,
    /// When, RFC 3339.
    #[serde(serialize_with = "shown::at")]
    #[schema(value_type = String)]
    pub offered_at: Instant,
    /// The answers by field: `who`, `need`, `budget`, `timing`, `promises`, `next_step`.
    pub answers: BTreeMap<String, String>,
    /// The page where the reader may open it.
    pub path: Option<String>,
}

/// A promise.
#[derive(Debug, Serialize, ToSchema)]
pub struct Promised {
    /// What was promised.
    pub words: String,
    /// Until when, RFC 3339.
    #[serde(serialize_with = "shown::at")]
    #[schema(value_type = String)]
    pub due_at: Instant,
    /// Who keeps it.
    pub holder: UserId,
    /// `open`, `kept`, `broken`, `released`.
    pub state: String,
    /// True when it is open and its time has passed.
    pub is_overdue: bool,
    /// What was said when it was answered.
    pub note: String,
}

/// Something to come.
#[derive(Debug, Serialize, ToSchema)]
pub struct Coming {
    /// `meeting`, `step` of a sale, `task`, `callback`, `answer` to a hand-off.
    pub noun: String,
    /// When, RFC 3339.
    #[serde(serialize_with = "shown::at")]
    #[schema(value_type = String)]
    pub at: Instant,
    /// What, or where.
    pub what: String,
    /// Who does it.
    pub person: Option<UserId>,
    /// The page where the reader may open it.
    pub path: Option<String>,
}

/// An opportunity.
#[derive(Debug, Serialize, ToSchema)]
pub struct Chance {
    /// The number people read aloud.
    pub number: i64,
    /// Code of its stage.
    pub stage: String,
    /// `open`, `won`, `lost`.
    pub state: String,
    /// What they need.
    pub need: String,
    /// How much, where the reader may see sums.
    #[serde(serialize_with = "shown::sum")]
    #[schema(value_type = Option<crate::contracts::api::Sum>)]
    pub amount: Option<Money>,
    /// What comes next.
    pub next_step: String,
    /// Who works it.
    pub owner: UserId,
    /// The page where the reader may open it.
    pub path: Option<String>,
}

/// A contract.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agreed {
    /// The number people read aloud.
    pub number: i64,
    /// `active`, `ended`, `cancelled`.
    pub state: String,
    /// Last moment of its term, RFC 3339.
    #[serde(serialize_with = "shown::at")]
    #[schema(value_type = String)]
    pub term_to: Instant,
    /// What it is worth, where the reader may see sums.
    #[serde(serialize_with = "shown::sum")]
    #[schema(value_type = Option<crate::contracts::api::Sum>)]
    pub value: Option<Money>,
    /// What came in, reversals subtracted; where the reader may see sums.
    #[serde(serialize_with = "shown::sum")]
    #[schema(value_type = Option<crate::contracts::api::Sum>)]
    pub paid: Option<Money>,
    /// When money last came, RFC 3339.
    #[serde(serialize_with = "shown::maybe_at")]
    #[schema(value_type = Option<String>)]
    pub paid_on: Option<Instant>,
    /// Who sold it.
    pub seller: UserId,
    /// The page where the reader may open it.
    pub path: Option<String>,
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ordered {
    /// The number people read aloud.
    pub number: i64,
    /// What was ordered.
    pub title: String,
    /// `open`, `delivered`, `cancelled`.
    pub state: String,
    /// Until when, RFC 3339.
    #[serde(serialize_with = "shown::at")]
    #[schema(value_type = String)]
    pub due_at: Instant,
    /// Prototypes shown so far.
    pub prototypes: i64,
    /// The answer to the newest one: `approved` or `commented`.
    pub answer: Option<String>,
    /// The page where the reader may open it.
    pub path: Option<String>,
}

/// An important date.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dated {
    /// Whose.
    pub person: String,
    /// What it is.
    pub what: String,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
}

/// A no.
#[derive(Debug, Serialize, ToSchema)]
pub struct No {
    /// The event that tells of it: `lead.refused`, `handoff.rejected`, `opportunity.lost`,
    /// `contract.ended`, `client.ended`.
    #[serde(serialize_with = "shown::kind")]
    #[schema(value_type = String)]
    pub kind: Kind,
    /// When, RFC 3339.
    #[serde(serialize_with = "shown::at")]
    #[schema(value_type = String)]
    pub at: Instant,
    /// The coded reason.
    pub reason: Option<String>,
    /// What was said.
    pub said: Option<String>,
}

/// A fact about who must not be contacted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ban {
    /// `company`, `contact`, `phone`.
    pub whom: String,
    /// `all`, `call`, `letter`.
    pub channel: String,
    /// The coded reason.
    pub reason: String,
    /// Since when, RFC 3339.
    #[serde(serialize_with = "shown::at")]
    #[schema(value_type = String)]
    pub made_at: Instant,
    /// Until when, RFC 3339; null for always.
    #[serde(serialize_with = "shown::maybe_at")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Instant>,
    /// True when it no longer holds.
    pub is_over: bool,
}

impl Ban {
    /// The last moment at which it holds: people read the day, and the next one is none of it.
    pub fn last_moment(&self) -> Option<Instant> {
        self.until.map(|until| until.plus_ms(-1))
    }
}

/// An event of the timeline.
#[derive(Debug)]
pub struct Told {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Instant,
    /// Who did it; `None` for the product itself.
    pub actor: Option<UserId>,
    /// What happened.
    pub kind: Kind,
    /// To what.
    pub subject: String,
    /// Whose work it counts as.
    pub person: Option<UserId>,
    /// In which tier.
    pub tier: Option<i64>,
    /// The coded reason.
    pub reason: Option<String>,
    /// Money it moved, where the reader may see sums.
    pub amount: Option<Money>,
    /// What else was kept.
    pub detail: serde_json::Value,
    /// What was written beside it.
    pub said: Option<String>,
    /// The words of what it is about: a task, a promise, an order, why a ban was lifted.
    pub words: String,
    /// True for a call that was taken back, and for what it left behind.
    pub is_back: bool,
    /// The page where the reader may open it.
    pub path: Option<String>,
}
