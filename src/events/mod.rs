//! What happened: one append-only record for every state change, with who, when and why.
//!
//! Invariants:
//! - an event is written in the transaction of the change it tells of;
//! - events are never changed or deleted (the database refuses);
//! - a kind that others act upon leaves a job behind in the same transaction, so that nobody
//!   downstream can miss it and nobody upstream needs to know who listens.
//!
//! Neighbours: uses `storage` and `jobs`; every `actions.rs` records here. `schedule.rs` says who
//! follows which kind. `pay`, timelines and reports read.

mod kinds;
mod store;

pub use kinds::Kind;
pub use store::{
    find, list_companies_with_news, list_for_company, list_for_person, list_for_subject,
    list_for_subjects, list_of_kind,
};

use serde_json::Value;

use crate::jobs;
use crate::storage::{Act, Tx};
use crate::values::*;

/// The job that carries an event to its followers.
pub const FOLLOW_JOB: &str = "events.follow";

/// Where the detail of an event says whether its campaign pays for it.
const TARGET: &str = "is_target";

/// Something about to be recorded.
#[derive(Debug, Clone)]
pub struct Event {
    kind: Kind,
    subject: String,
    company: Option<CompanyId>,
    campaign: Option<CampaignId>,
    person: Option<UserId>,
    tier: Option<i64>,
    reason: Option<String>,
    amount: Option<Money>,
    detail: Value,
}

/// Records that rows of the firm left the product as a file: of what, how many, by whom.
pub async fn record_export(
    act: &Act,
    subject: impl ToString,
    what: &str,
    row_count: usize,
) -> Outcome<()> {
    let rows = u64::try_from(row_count).map_err(Error::failure)?;
    let mut tx = act.db.begin().await?;
    Event::new(Kind::FileExported, subject)
        .person(act.actor)
        .with("what", what)
        .with("rows", rows)
        .record(&mut tx, act)
        .await?;
    tx.commit().await
}

/// Something that was recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its id.
    pub id: EventId,
    /// The firm.
    pub org: OrgId,
    /// When it happened.
    pub at: Instant,
    /// Who did it; `None` for the product itself.
    pub actor: Option<UserId>,
    /// What happened.
    pub kind: Kind,
    /// The id of what it happened to; the kind says of which noun.
    pub subject: String,
    /// The company it concerns.
    pub company: Option<CompanyId>,
    /// The campaign it belongs to.
    pub campaign: Option<CampaignId>,
    /// Whose work it counts as, for pay and measures.
    pub person: Option<UserId>,
    /// The tier it happened in.
    pub tier: Option<i64>,
    /// The coded reason.
    pub reason: Option<String>,
    /// Money it moved.
    pub amount: Option<Money>,
    /// What else is worth keeping, as a JSON object.
    pub detail: Value,
}

impl Recorded {
    /// False where it was recorded that its campaign did not pay for it.
    pub fn is_target(&self) -> bool {
        self.detail.get(TARGET).and_then(Value::as_bool) != Some(false)
    }

    /// What else is kept under a name, where that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.detail.get(name).and_then(Value::as_str)
    }
}

impl Event {
    /// An event of a kind that happened to a subject.
    pub fn new(kind: Kind, subject: impl ToString) -> Self {
        Self {
            kind,
            subject: subject.to_string(),
            company: None,
            campaign: None,
            person: None,
            tier: None,
            reason: None,
            amount: None,
            detail: Value::Object(serde_json::Map::new()),
        }
    }
    /// The company it concerns.
    #[must_use]
    pub fn company(mut self, company: impl Into<Option<CompanyId>>) -> Self {
        self.company = company.into();
        self
    }
    /// The campaign it belongs to.
    #[must_use]
    pub fn campaign(mut self, campaign: impl Into<Option<CampaignId>>) -> Self {
        self.campaign = campaign.into();
        self
    }
    /// Whose work it counts as.
    #[must_use]
    pub fn person(mut self, person: impl Into<Option<UserId>>) -> Self {
        self.person = person.into();
        self
    }
    /// The tier it happened in.
    #[must_use]
    pub fn tier(mut self, tier: i64) -> Self {
        self.tier = Some(tier);
        self
    }
    /// The coded reason.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<Option<String>>) -> Self {
        self.reason = reason.into();
        self
    }
    /// Money it moved.
    #[must_use]
    pub fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self
    }
    /// One more thing worth keeping.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(map) = &mut self.detail {
            map.insert(name.to_owned(), value.into());
        }
        self
    }
    /// Whether the campaign it happened in pays for it then. What is later confirmed of it keeps to
    /// that word.
    #[must_use]
    pub fn target(self, is_target: bool) -> Self {
        self.with(TARGET, is_target)
    }

    /// Writes it in the action's transaction.
    pub async fn record(self, tx: &mut Tx, act: &Act) -> Outcome<EventId> {
        let recorded = Recorded {
            id: EventId::fresh(act.now),
            org: act.org,
            at: act.now,
            actor: act.actor,
            kind: self.kind,
            subject: self.subject,
            company: self.company,
            campaign: self.campaign,
            person: self.person,
            tier: self.tier,
            reason: self.reason,
            amount: self.amount,
            detail: self.detail,
        };
        store::insert(tx, &recorded).await?;
        if recorded.kind.is_followed() {
            jobs::enqueue(tx, act.org, FOLLOW_JOB, &recorded.id.to_string(), act.now).await?;
        }
        Ok(recorded.id)
    }
}
