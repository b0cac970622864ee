//! Tier 3: a client is a company under a contract whom somebody leads from month to month.
//!
//! Invariants:
//! - a company is an active client at most once; a further contract joins the same client;
//! - a client opens with the firm's onboarding checklist;
//! - every client active at the end of a month of the firm's zone is kept for that month, once;
//! - the owner of a client follows whoever leads the company in tier 3.
//!
//! Neighbours: uses `companies`, `contracts`, `tasks`, `meetings` and `people`; `handoffs` opens
//! clients here. Orders with their prototypes are in `orders`, important dates of people in
//! `dates`.

pub mod actions;
pub mod api;
pub mod dates;
pub mod jobs;
pub mod orders;
pub mod owner;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use crate::people::{Role, User};
use crate::tasks::Whose;
use crate::tiers::Tier;
use crate::values::*;

/// The longest note about a client who left.
pub const NOTE_CHARS_MAX: usize = 2_000;

/// Words of the steps every onboarding starts with, by their keys.
pub const FIRST_STEPS: [&str; 6] = [
    "onboarding-first-greeting",
    "onboarding-first-contacts",
    "onboarding-first-promises",
    "onboarding-first-brief",
    "onboarding-first-plan",
    "onboarding-first-payment",
];

/// A client to be opened.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// Who.
    pub company: CompanyId,
    /// What they signed.
    pub contract: ContractId,
    /// Where they came from.
    pub campaign: Option<CampaignId>,
    /// The hand-off that brought them to tier 3.
    pub handoff: Option<HandoffId>,
    /// Who leads them.
    pub owner: UserId,
    /// The owner's team.
    pub team: Option<TeamId>,
}

/// A company led by tier 3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// The number people read aloud.
    pub number: i64,
    /// Who.
    pub company: CompanyId,
    /// Where they came from.
    pub campaign: Option<CampaignId>,
    /// Who leads them.
    pub owner: UserId,
    /// The owner's team.
    pub team: Option<TeamId>,
    /// Since when.
    pub opened_at: Instant,
    /// The last month they were kept for.
    pub kept_through: Month,
    /// When they left.
    pub ended_at: Option<Instant>,
    /// Counts the changes.
    pub version: i64,
}

impl Client {
    /// True while somebody leads them.
    pub fn is_active(&self) -> bool {
        self.ended_at.is_none()
    }
    /// The client as one who left; "something else" needs a note.
    pub fn end(&self, reason: EndReason, note: &str, now: Instant) -> Outcome<Self> {
        if !self.is_active() {
            return Err(ClientRefusal::Ended.into());
        }
        let mut fields = Fields::default();
        if reason == EndReason::Other && note.trim().is_empty() {
            fields.note("note", "required");
        } else if note.chars().count() > NOTE_CHARS_MAX {
            fields.note_with("note", "too-long", vec![("max", NOTE_CHARS_MAX.to_string())]);
        }
        fields.into_result()?;
        Ok(Self { ended_at: Some(now), ..self.clone() })
    }
    /// The client led by another.
    pub fn reassign(&self, to: UserId, team: Option<TeamId>) -> Result<Self, ClientRefusal> {
        if !self.is_active() {
            return Err(ClientRefusal::Ended);
        }
        if self.owner == to {
            return Err(ClientRefusal::AlreadyTheirs);
        }
        Ok(Self { owner: to, team, ..self.clone() })
    }
    /// The month to be kept for next, if it is over by `now`: the month in which the client
    /// came counts, the one in which they leave does not.
    pub fn month_over(&self, zone: &Zone, now: Instant) -> Option<Month> {
        let month = self.kept_through.next();
        (self.is_active() && month.ends_at(zone) <= now).then_some(month)
    }
}

/// Who answers for a client and still works here: whom the company names, the client's owner, the
/// head of the owner's team, another head of the tier, the firm's owner, in this order.
pub fn answers_for<'u>(
    client: &Client,
    named: Option<UserId>,
    users: &'u [User],
) -> Option<&'u User> {
    let heads = |user: &User, is_near: bool| user.roles.has(Role::Head) && is_near;
    let team = client.team;
    let find = |is: &dyn Fn(&User) -> bool| {
        users.iter().find(|user| user.disabled_at.is_none() && is(user))
    };
    find(&|user| Some(user.id) == named)
        .or_else(|| find(&|user| user.id == client.owner))
        .or_else(|| find(&|user| heads(user, team.is_some() && user.team == team)))
        .or_else(|| find(&|user| heads(user, user.tier == Some(Tier::Service.rank()))))
        .or_else(|| find(&|user| user.roles.has(Role::Owner)))
}

/// Why a client left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// The contract ran out and was not renewed.
    ContractOver,
    /// They are not content with us.
    Dissatisfied,
    /// Too dear.
    Price,
    /// They closed down or no longer need it.
    NoNeed,
    /// Something else, told in a note.
    Other,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::ContractOver, Self::Dissatisfied, Self::Price, Self::NoNeed, Self::Other];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::ContractOver => "contract_over",
            Self::Dissatisfied => "dissatisfied",
            Self::Price => "price",
            Self::NoNeed => "no_need",
            Self::Other => "other",
        }
    }
}

impl FromStr for EndReason {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|reason| reason.code() == code).ok_or(())
    }
}

/// A step of onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place on the list.
    pub position: i64,
    /// What to do.
    pub what: String,
    /// When it was done.
    pub done_at: Option<Instant>,
    /// Who did it.
    pub done_by: Option<UserId>,
}

/// A contract of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Whose.
    pub client: ClientId,
    /// Which.
    pub contract: ContractId,
    /// The moment after its last day, where the contract says so.
    pub ends_at: Option<Instant>,
}

/// What a list of clients is narrowed to by their state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Whom somebody leads.
    #[default]
    Active,
    /// Who left.
    Ended,
}

impl Standing {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Active, Self::Ended];
    /// The code of addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ended => "ended",
        }
    }
}

/// What a list of clients is narrowed to by what they wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Waiting {
    /// Whatever.
    #[default]
    Any,
    /// Steps of onboarding are open.
    Onboarding,
    /// An order is open.
    Order,
    /// An order is late.
    LateOrder,
    /// A version was commented and nothing was sent since.
    Comment,
}

impl Waiting {
    /// Every choice.
    pub const ALL: [Self; 5] =
        [Self::Any, Self::Onboarding, Self::Order, Self::LateOrder, Self::Comment];
    /// The code of addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Onboarding => "onboarding",
            Self::Order => "order",
            Self::LateOrder => "late_order",
            Self::Comment => "comment",
        }
    }
}

/// Which clients a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// One's own or the team's.
    pub whose: Whose,
    /// Active or gone.
    pub standing: Standing,
    /// What they wait for.
    pub waiting: Waiting,
}

impl Filter {
    /// Reads the choices of an address; an unknown one is the first.
    pub fn of_codes(whose: &str, standing: &str, waiting: &str) -> Self {
        let standing = Standing::ALL.into_iter().find(|choice| choice.code() == standing);
        let waiting = Waiting::ALL.into_iter().find(|choice| choice.code() == waiting);
        Self {
            whose: Whose::of_code(whose),
            standing: standing.unwrap_or_default(),
            waiting: waiting.unwrap_or_default(),
        }
    }
}

/// A client as a list shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The client.
    pub client: Client,
    /// Steps of onboarding done, and all of them.
    pub steps: (i64, i64),
    /// Open orders.
    pub open_orders: i64,
    /// The day the most urgent of them is due.
    pub next_due_at: Option<Instant>,
}

/// Why a client cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRefusal {
    /// The client has left.
    Ended,
    /// Somebody changed it in between.
    Stale,
    /// The person leads them already.
    AlreadyTheirs,
}

impl Refusal for ClientRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Ended => "client-ended",
            Self::Stale => "client-stale",
            Self::AlreadyTheirs => "client-already-theirs",
        }
    }
}
