//! How much people have on their hands, and how their offers fared.

use crate::handoffs::rates::Pair;
use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// Offers that wait for each person, and when something was offered to them last.
pub(in crate::handoffs) async fn list_loads(
    tx: &mut Tx,
    org: OrgId,
    to: i64,
) -> Outcome<Vec<(UserId, i64, Option<Instant>)>> {
    tx.all(
        "select receiver_id, \
         cast(sum(case when state = 'offered' then 1 else 0 end) as bigint) as waiting, \
         max(offered_at) as offered_at from handoffs \
         where org_id = $1 and to_tier = $2 and receiver_id is not null group by receiver_id",
        vals![org, to],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("receiver_id")?, row.int("waiting")?, row.opt_at("offered_at")?)))
    .collect()
}

/// How the offers of each giver to each receiver fared since a day.
pub(in crate::handoffs) async fn list_pairs(
    tx: &mut Tx,
    org: OrgId,
    since: Instant,
) -> Outcome<Vec<Pair>> {
    tx.all(
        "select giver_id, giver_team_id, receiver_id, receiver_team_id, count(*) as offered, \
         cast(sum(case when state = 'accepted' then 1 else 0 end) as bigint) as accepted, \
         cast(sum(case when state = 'rejected' then 1 else 0 end) as bigint) as rejected, \
         cast(sum(case when state = 'expired' then 1 else 0 end) as bigint) as expired, \
         cast(sum(case when dispute is not null then 1 else 0 end) as bigint) as contested, \
         cast(sum(case when dispute = 'overturned' then 1 else 0 end) as bigint) as overturned, \
         cast(sum(coalesce(delay_minutes, 0)) as bigint) as delay_minutes from handoffs \
         where org_id = $1 and offered_at >= $2 \
         and (receiver_id is null or receiver_id <> giver_id) \
         group by giver_id, giver_team_id, receiver_id, receiver_team_id",
        vals![org, since],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Pair {
            giver: row.id("giver_id")?,
            giver_team: row.opt_id("giver_team_id")?,
            receiver: row.opt_id("receiver_id")?,
            receiver_team: row.opt_id("receiver_team_id")?,
            offered: row.int("offered")?,
            accepted: row.int("accepted")?,
            rejected: row.int("rejected")?,
            expired: row.int("expired")?,
            contested: row.int("contested")?,
            overturned: row.int("overturned")?,
            delay_minutes: row.int("delay_minutes")?,
        })
    })
    .collect()
}
