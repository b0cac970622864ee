//! Every statement of the bulk load. Rows come whole: what they mean is said where they are made.

use super::world::Lead;
use crate::events::Recorded;
use crate::storage::{Tx, Val};
use crate::vals;
use crate::values::*;

type Table = Vec<Vec<Val>>;

/// Rows that wait to be written, in the order in which they name each other.
#[derive(Default)]
pub(super) struct Rows {
    pub calls: Table,
    pub letters: Table,
    pub verifications: Table,
    pub meetings: Table,
    pub handoffs: Table,
    pub opportunities: Table,
    pub moves: Table,
    pub contracts: Table,
    pub payments: Table,
    pub clients: Table,
    pub held: Table,
    pub steps: Table,
    pub orders: Table,
    pub prototypes: Table,
    pub tasks: Table,
    pub promises: Table,
    pub sights: Table,
    /// Who leads a company now.
    pub led: Table,
}

pub(super) async fn insert_events(tx: &mut Tx, events: &[Recorded]) -> Outcome<()> {
    let rows: Table = events
        .iter()
        .map(|event| {
            vals![
                event.id,
                event.org,
                event.at,
                event.actor,
                event.kind.code(),
                &event.subject,
                event.company,
                event.campaign,
                event.person,
                event.tier,
                &event.reason,
                event.amount.map(|m| m.minor),
                event.amount.map(|m| m.currency.code()),
                event.detail.to_string(),
            ]
            .to_vec()
        })
        .collect();
    let head = "insert into events (id, org_id, at, actor_id, kind, subject_id, company_id, \
                campaign_id, person_id, tier, reason, amount, currency, detail) values";
    tx.insert_many(head, &rows, "").await?;
    Ok(())
}

pub(super) async fn insert_rows(tx: &mut Tx, rows: &Rows) -> Outcome<()> {
    let head = "insert into calls (id, org_id, lead_id, campaign_id, company_id, caller_id, \
                lease_generation, at, mechanism, meaning, reason, note, script_version, \
                checkpoints, purpose, legal_basis, callback_at, meeting_id, lead_before, \
                lead_version) values";
    tx.insert_many(head, &rows.calls, "").await?;
    let head = "insert into letters (id, org_id, number, company_id, email_id, campaign_id, \
                lead_id, way, subject, note, is_answer, preset, sender_id, sent_at, made_at) \
                values";
    tx.insert_many(head, &rows.letters, "").await?;
    let head = "insert into verifications (id, org_id, company_id, field, result, source, \
                actor_id, made_at) values";
    tx.insert_many(head, &rows.verifications, "").await?;
    let head = "insert into meetings (id, org_id, number, company_id, campaign_id, lead_id, \
                booker_id, booker_team_id, host_id, host_team_id, starts_at, minutes, place, \
                state, note, marked_by, marked_at, version, made_at) values";
    tx.insert_many(head, &rows.meetings, "").await?;
    let head = "insert into handoffs (id, org_id, number, from_tier, to_tier, company_id, \
                campaign_id, lead_id, contract_id, meeting_id, giver_id, giver_team_id, \
                receiver_id, receiver_team_id, passport, counts_for_giver, state, offered_at, \
                due_at, answered_by, answered_at, delay_minutes, reason, comment, \
                opportunity_id, opened_client_id, version) values";
    tx.insert_many(head, &rows.handoffs, "").await?;
    insert_sales(tx, rows).await?;
    insert_clients(tx, rows).await?;
    let head = "insert into promises (id, org_id, number, company_id, campaign_id, words, due_at, \
                holder_id, holder_team_id, made_by, made_at, state, note, answered_by, \
                answered_at, version) values";
    tx.insert_many(head, &rows.promises, "").await?;
    let head = "insert into sights (org_id, company_id, user_id, seen_until, phones_until) values";
    let tail = "on conflict (org_id, user_id, company_id) do nothing";
    tx.insert_many(head, &rows.sights, tail).await?;
    for led in &rows.led {
        update_led(tx, led).await?;
    }
    Ok(())
}

async fn insert_sales(tx: &mut Tx, rows: &Rows) -> Outcome<()> {
    let head = "insert into opportunities (id, org_id, number, company_id, campaign_id, \
                handoff_id, owner_id, team_id, is_upsell, passport, need, amount, currency, \
                next_step, next_step_at, expected_close_on, stage, stage_since, stuck_at, due_at, \
                state, loss_reason, loss_note, closed_at, contract_id, opened_at, version) values";
    tx.insert_many(head, &rows.opportunities, "").await?;
    let head = "insert into opportunity_moves (id, org_id, opportunity_id, from_stage, to_stage, \
                since_before, version, is_reversal, moved_at, moved_by) values";
    tx.insert_many(head, &rows.moves, "").await?;
    let head = "insert into contracts (id, org_id, number, opportunity_id, company_id, \
                campaign_id, seller_id, team_id, value, currency, term_from, term_to, state, \
                signed_at, version) values";
    tx.insert_many(head, &rows.contracts, "").await?;
    let head = "insert into payments (id, org_id, number, contract_id, amount, currency, paid_on, \
                note, reverses_id, reason, entered_at, entered_by) values";
    tx.insert_many(head, &rows.payments, "").await?;
    Ok(())
}

async fn insert_clients(tx: &mut Tx, rows: &Rows) -> Outcome<()> {
    let head = "insert into clients (id, org_id, number, company_id, campaign_id, handoff_id, \
                owner_id, team_id, opened_at, kept_through, end_note, version) values";
    tx.insert_many(head, &rows.clients, "").await?;
    let head = "insert into client_contracts (org_id, client_id, contract_id, ends_at, added_at) \
                values";
    tx.insert_many(head, &rows.held, "").await?;
    let head = "insert into onboarding_steps (org_id, client_id, position, what, done_at, \
                done_by) values";
    tx.insert_many(head, &rows.steps, "").await?;
    let head = "insert into orders (id, org_id, client_id, company_id, number, title, amount, \
                currency, due_at, state, opened_by, opened_at, closed_at, cancel_note, version) \
                values";
    tx.insert_many(head, &rows.orders, "").await?;
    let head = "insert into prototypes (id, org_id, order_id, position, description, made_by, \
                made_at, sent_by, sent_at, answer, answer_name, answer_comment, answered_at) \
                values";
    tx.insert_many(head, &rows.prototypes, "").await?;
    let head = "insert into tasks (id, org_id, number, person_id, team_id, company_id, what, \
                origin, due_at, put_off_count, made_by, made_at, done_at, done_by, version) values";
    tx.insert_many(head, &rows.tasks, "").await?;
    Ok(())
}

async fn update_led(tx: &mut Tx, led: &[Val]) -> Outcome<u64> {
    tx.run(
        "update companies set owner_id = $3, owner_tier = $4, team_id = $5, \
         version = version + 1, changed_at = $6 where org_id = $1 and id = $2",
        led,
    )
    .await
}

/// Leads of a campaign with their companies and a mail address of each, in order.
pub(super) async fn list_leads(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Vec<(LeadId, CompanyId, Option<AnyId>)>> {
    tx.all(
        "select l.id, l.company_id, (select min(e.id) from emails e where e.org_id = $1 \
           and e.company_id = l.company_id) as email_id \
         from leads l where l.org_id = $1 and l.campaign_id = $2 order by l.number",
        vals![org, campaign],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.id("company_id")?, row.opt_id("email_id")?)))
    .collect()
}

/// Where a lead stands in the end.
pub(super) async fn update_lead(tx: &mut Tx, org: OrgId, lead: &Lead) -> Outcome<u64> {
    tx.run(
        "update leads set state = $3, attempts = $4, next_at = $5, callback_at = $6, \
         callback_owner_id = $7, caller_id = $8, returned_reason = $9, lease_generation = $10, \
         version = $11, changed_at = $12 where org_id = $1 and id = $2",
        vals![
            org,
            lead.id,
            lead.state.code(),
            lead.attempts,
            lead.next_at,
            lead.callback_at,
            lead.callback_owner,
            lead.caller,
            lead.returned_reason,
            lead.generation,
            lead.version,
            lead.changed_at,
        ],
    )
    .await
}

/// The call that is promised in the end.
pub(super) async fn insert_callback(
    tx: &mut Tx,
    (org, campaign): (OrgId, CampaignId),
    lead: &Lead,
    at: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into callbacks (id, org_id, lead_id, campaign_id, origin, made_at, at, owner_id, \
         version) values ($1, $2, $3, $4, 'before', $5, $6, $7, 1)",
        vals![
            CallbackId::fresh(lead.changed_at),
            org,
            lead.id,
            campaign,
            lead.changed_at,
            at,
            lead.callback_owner,
        ],
    )
    .await
}

pub(super) async fn count_events(tx: &mut Tx, org: OrgId) -> Outcome<i64> {
    tx.one("select count(*) as n from events where org_id = $1", vals![org]).await?.int("n")
}

pub(super) async fn count_handoffs(tx: &mut Tx, org: OrgId) -> Outcome<i64> {
    tx.one("select count(*) as n from handoffs where org_id = $1", vals![org]).await?.int("n")
}

pub(super) async fn count_entries(tx: &mut Tx, org: OrgId) -> Outcome<i64> {
    tx.one("select count(*) as n from entries where org_id = $1", vals![org]).await?.int("n")
}
