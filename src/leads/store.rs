//! Every statement about leads.

use super::{Lead, Lease};
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

pub(super) async fn find_lead(tx: &mut Tx, org: OrgId, id: LeadId) -> Outcome<Option<Lead>> {
    tx.maybe(
        "select id, number, campaign_id, company_id, state, closed_reason, priority, attempts, \
         next_at, denied_rule, callback_at, callback_owner_id, nurture_until, caller_id, \
         returned_reason, lease_owner_id, lease_generation, lease_until, version \
         from leads where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_lead)
    .transpose()
}

/// The same, locked until the transaction ends.
pub(super) async fn find_lead_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
) -> Outcome<Option<Lead>> {
    tx.maybe(
        "select id, number, campaign_id, company_id, state, closed_reason, priority, attempts, \
         next_at, denied_rule, callback_at, callback_owner_id, nurture_until, caller_id, \
         returned_reason, lease_owner_id, lease_generation, lease_until, version \
         from leads where org_id = $1 and id = $2 /*for update*/",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_lead)
    .transpose()
}

/// The offered lead is tier 2's now; nought rows when it was not offered.
pub(super) async fn update_converted(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'converted', version = version + 1, changed_at = $3 \
         where org_id = $1 and id = $2 and state = 'offered'",
        vals![org, id, now],
    )
    .await
}

/// The offered lead goes back to the front of its caller's queue.
pub(super) async fn update_returned(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    reason: &str,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'queued', returned_reason = $3, next_at = $4, \
         callback_at = $4, callback_owner_id = caller_id, denied_rule = null, \
         version = version + 1, changed_at = $4 \
         where org_id = $1 and id = $2 and state = 'offered'",
        vals![org, id, reason, now],
    )
    .await
}

/// A queued lead nobody holds is offered to tier 2.
pub(super) async fn update_offered(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'offered', is_ready = false, callback_at = null, \
         callback_owner_id = null, denied_rule = null, version = version + 1, changed_at = $3 \
         where org_id = $1 and id = $2 and state = 'queued' and lease_owner_id is null",
        vals![org, id, now],
    )
    .await
}

fn read_lead(row: &Row) -> Outcome<Lead> {
    let owner = row.opt_id("lease_owner_id")?;
    let generation = row.int("lease_generation")?;
    let lease = match (owner, row.opt_at("lease_until")?) {
        (Some(owner), Some(until)) => Some(Lease { owner, generation, until }),
        _ => None,
    };
    Ok(Lead {
        id: row.id("id")?,
        number: row.int("number")?,
        campaign: row.id("campaign_id")?,
        company: row.id("company_id")?,
        state: row.id("state")?,
        closed_reason: row.opt_text("closed_reason")?,
        priority: row.int("priority")?,
        attempts: row.int("attempts")?,
        next_at: row.at("next_at")?,
        denied_rule: row.opt_text("denied_rule")?,
        callback_at: row.opt_at("callback_at")?,
        callback_owner: row.opt_id("callback_owner_id")?,
        nurture_until: row.opt_at("nurture_until")?,
        caller: row.opt_id("caller_id")?,
        returned_reason: row.opt_text("returned_reason")?,
        lease,
        generation,
        version: row.int("version")?,
    })
}
