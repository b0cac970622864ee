//! Every statement about leases that have run out.

use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// Leads whose lease has run out and that nobody else is looking at.
pub(in crate::leads) async fn list_expired(
    tx: &mut Tx,
    org: OrgId,
    now: Instant,
    limit: i64,
) -> Outcome<Vec<LeadId>> {
    tx.all(
        "select id from leads where org_id = $1 and lease_owner_id is not null \
         and lease_until <= $2 and awaits_result = false \
         order by lease_until limit 0 + $3 /*skip locked*/",
        vals![org, now, limit],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

/// True when a lease has run out.
pub(in crate::leads) async fn has_expired(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<bool> {
    let found = tx
        .maybe(
            "select id from leads where org_id = $1 and lease_owner_id is not null \
             and lease_until <= $2 and awaits_result = false limit 1",
            vals![org, now],
        )
        .await?;
    Ok(found.is_some())
}
