//! Statements that read what is exported, page by page behind an id.

use crate::calls::Meaning;
use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// A lead with the names that a person reads.
pub(super) struct LeadRow {
    pub id: String,
    pub number: i64,
    pub campaign: String,
    pub company_number: i64,
    pub company: String,
    pub state: String,
    pub closed_reason: Option<String>,
    pub attempts: i64,
    pub caller: Option<UserId>,
    pub callback_at: Option<Instant>,
    pub made_at: Instant,
    pub changed_at: Instant,
    pub last_meaning: Option<Meaning>,
    pub last_reason: Option<String>,
    /// Every call that stands, also those before it came back with all its attempts.
    pub calls: i64,
    /// Not called before; of one that waits.
    pub next_at: Option<Instant>,
}

pub(super) async fn list_leads(
    tx: &mut Tx,
    org: OrgId,
    after: &str,
    limit: i64,
) -> Outcome<Vec<LeadRow>> {
    tx.all(
        "select l.id, l.number, g.name as campaign, c.number as company_number, \
         c.name as company, l.state, l.closed_reason, l.attempts, l.caller_id, \
         l.callback_at, l.made_at, l.changed_at, k.meaning, k.reason, \
         (select count(*) from calls a where a.lead_id = l.id and a.reversed_at is null) as calls, \
         case when l.state = 'queued' then l.next_at end as next_at from leads l \
         join campaigns g on g.id = l.campaign_id join companies c on c.id = l.company_id \
         left join calls k on k.id = (select a.id from calls a where a.lead_id = l.id \
           and a.reversed_at is null order by a.at desc, a.id desc limit 1) \
         where l.org_id = $1 and l.id > $2 order by l.id limit $3",
        vals![org, after, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(LeadRow {
            id: row.text("id")?,
            number: row.int("number")?,
            campaign: row.text("campaign")?,
            company_number: row.int("company_number")?,
            company: row.text("company")?,
            state: row.text("state")?,
            closed_reason: row.opt_text("closed_reason")?,
            attempts: row.int("attempts")?,
            caller: row.opt_id("caller_id")?,
            callback_at: row.opt_at("callback_at")?,
            made_at: row.at("made_at")?,
            changed_at: row.at("changed_at")?,
            last_meaning: row.opt_id("meaning")?,
            last_reason: row.opt_text("reason")?,
            calls: row.int("calls")?,
            next_at: row.opt_at("next_at")?,
        })
    })
    .collect()
}

/// An event with the names that a person reads.
pub(super) struct EventRow {
    pub id: String,
    pub at: Instant,
    pub kind: String,
    pub subject: String,
    pub company_number: Option<i64>,
    pub company: Option<String>,
    pub campaign: Option<String>,
    pub tier: Option<i64>,
    pub person: Option<UserId>,
    pub actor: Option<UserId>,
    pub reason: Option<String>,
    pub minor: Option<i64>,
    pub currency: Option<String>,
    pub detail: String,
}

pub(super) async fn list_events(
    tx: &mut Tx,
    org: OrgId,
    after: &str,
    limit: i64,
) -> Outcome<Vec<EventRow>> {
    tx.all(
        "select e.id, e.at, e.kind, e.subject_id, c.number as company_number, \
         c.name as company, g.name as campaign, e.tier, e.person_id, e.actor_id, e.reason, \
         e.amount, e.currency, e.detail from events e \
         left join companies c on c.id = e.company_id \
         left join campaigns g on g.id = e.campaign_id \
         where e.org_id = $1 and e.id > $2 order by e.id limit $3",
        vals![org, after, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(EventRow {
            id: row.text("id")?,
            at: row.at("at")?,
            kind: row.text("kind")?,
            subject: row.text("subject_id")?,
            company_number: row.opt_int("company_number")?,
            company: row.opt_text("company")?,
            campaign: row.opt_text("campaign")?,
            tier: row.opt_int("tier")?,
            person: row.opt_id("person_id")?,
            actor: row.opt_id("actor_id")?,
            reason: row.opt_text("reason")?,
            minor: row.opt_int("amount")?,
            currency: row.opt_text("currency")?,
            detail: row.text("detail")?,
        })
    })
    .collect()
}
