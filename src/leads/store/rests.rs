//! Every statement about rests.

use crate::leads::resting::Rest;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

pub(in crate::leads) async fn insert_rest(tx: &mut Tx, org: OrgId, rest: &Rest) -> Outcome<()> {
    tx.run(
        "insert into rests (id, org_id, user_id, campaign_id, kind, value, began_at, until) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            rest.id,
            org,
            rest.user,
            rest.campaign,
            rest.kind.code(),
            rest.value,
            rest.began_at,
            rest.until,
        ],
    )
    .await?;
    Ok(())
}

/// The rest of a caller that began at that moment was none.
pub(in crate::leads) async fn delete_rest(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    began_at: Instant,
) -> Outcome<u64> {
    let text = "delete from rests where org_id = $1 and user_id = $2 and began_at = $3";
    tx.run(text, vals![org, user, began_at]).await
}

/// The rests of a caller that began since then, the latest first.
pub(in crate::leads) async fn list_rests(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    since: Instant,
    limit: i64,
) -> Outcome<Vec<Rest>> {
    tx.all(
        "select id, user_id, campaign_id, kind, value, began_at, until from rests \
         where org_id = $1 and user_id = $2 and began_at >= $3 \
         order by began_at desc, id desc limit 0 + $4",
        vals![org, user, since, limit],
    )
    .await?
    .iter()
    .map(read_rest)
    .collect()
}

fn read_rest(row: &Row) -> Outcome<Rest> {
    Ok(Rest {
        id: row.id("id")?,
        user: row.id("user_id")?,
        campaign: row.id("campaign_id")?,
        kind: row.id("kind")?,
        value: row.int("value")?,
        began_at: row.at("began_at")?,
        until: row.at("until")?,
    })
}
