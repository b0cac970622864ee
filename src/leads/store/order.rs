//! Every statement about the order of a queue: what comes first of what may be called.

use super::queue::{Ask, zone_or};
use crate::campaigns::parts::DayPart;
use crate::campaigns::{ListShare, MIX_MAX};
use crate::leads::Priority;
use crate::storage::{Tx, Val};
use crate::vals;
use crate::values::*;

/// A lead goes before or after others, as it was seen to stand; nought rows when somebody put it
/// elsewhere since. The version stays: a call before it can still be taken back.
pub(in crate::leads) async fn update_priority(
    tx: &mut Tx,
    org: OrgId,
    id: LeadId,
    (was, priority): (Priority, Priority),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set priority = $4, changed_at = $5 \
         where org_id = $1 and id = $2 and priority = $3 and state = 'queued'",
        vals![org, id, was.rank(), priority.rank(), now],
    )
    .await
}

/// Of the campaign's latest calls, as far as their part of the day is known: how many in each, and
/// how many were answered.
pub(in crate::leads) async fn count_reached(
    tx: &mut Tx,
    ask: &Ask<'_>,
    latest: i64,
) -> Outcome<Vec<(DayPart, i64, i64)>> {
    tx.all(
        "select part, count(*) as n, \
         cast(sum(case when mechanism = 'answered' then 1 else 0 end) as bigint) as answered \
         from (select part, mechanism, reversed_at from calls where org_id = $1 \
           and campaign_id = $2 order by at desc limit $3) latest \
         where part is not null and reversed_at is null group by part order by part",
        vals![ask.org, ask.campaign.id, latest],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("part")?, row.int("n")?, row.int("answered")?)))
    .collect()
}

/// What is ready, with where the client's clock stands and its rank.
pub(in crate::leads) async fn list_ranked(
    tx: &mut Tx,
    ask: &Ask<'_>,
) -> Outcome<Vec<(LeadId, Zone, i64)>> {
    tx.all(
        "select l.id, l.hour_rank, c.zone from leads l join companies c on c.id = l.company_id \
         where l.org_id = $1 and l.campaign_id = $2 and l.state = 'queued' and l.is_ready = true \
         and l.lease_owner_id is null order by l.id",
        vals![ask.org, ask.campaign.id],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, zone_or(row, ask.zone)?, row.int("hour_rank")?)))
    .collect()
}

/// How good the hour is for those of these that nobody else is looking at.
pub(in crate::leads) async fn update_rank(
    tx: &mut Tx,
    org: OrgId,
    ids: &[LeadId],
    rank: i64,
) -> Outcome<u64> {
    let ids: Vec<Val> = ids.iter().copied().map(Val::from).collect();
    let text = "update leads set hour_rank = $2 where id in (select id from leads \
                where org_id = $1 and id in (/*among*/) order by id /*skip locked*/)";
    tx.run_among(text, vals![org, rank], &ids).await
}

/// Gives the waiting leads of a campaign their turns among those that come at once, by the shares
/// of their lists in order of their numbers: of a list of sixty in a hundred each comes after 1.67
/// turns. What is of no named list has the rest, and comes last where there is none.
pub(in crate::leads) async fn update_turns(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    mix: &[ListShare],
) -> Outcome<u64> {
    if mix.is_empty() {
        return tx
            .run(
                "update leads set turn = 0 where org_id = $1 and campaign_id = $2 \
                 and state = 'queued' and turn <> 0",
                vals![org, campaign],
            )
            .await;
    }
    let named: i64 = mix.iter().map(|one| one.percent).sum();
    let mut values = vals![org, campaign, (100 - named).max(0)].to_vec();
    for place in 0..MIX_MAX {
        // No list is called so: an unused place matches nothing.
        let one = mix.get(place);
        values.push(Val::from(one.map_or("", |one| one.source.as_str())));
        values.push(Val::from(one.map_or(0, |one| one.percent)));
    }
    tx.run(
        "update leads set turn = turns.turn from (\
           select id, case when share = 0 then 1000000000000 + place \
             else place * 100000 / share end as turn from (\
             select id, share, row_number() over (partition by list order by number) as place \
             from (select l.id, l.number, \
               case when c.source <> '' and c.source in ($4, $6, $8, $10) then c.source \
                 else '' end as list, \
               case when c.source = '' then $3 when c.source = $4 then $5 \
                 when c.source = $6 then $7 when c.source = $8 then $9 \
                 when c.source = $10 then $11 else $3 end as share \
               from leads l join companies c on c.id = l.company_id \
               where l.org_id = $1 and l.campaign_id = $2 and l.state = 'queued') listed \
           ) placed) turns \
         where leads.id = turns.id and leads.turn <> turns.turn",
        &values,
    )
    .await
}
