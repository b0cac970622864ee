//! The questions behind the figures. Nothing here writes.

mod scripts;

pub(super) use scripts::*;

use std::collections::BTreeMap;

use super::pairs::Passed;
use super::records::{PairWanted, Record, Wanted};
use super::{Figure, NONE, Step};
use crate::events::Kind;
use crate::storage::{Row, Tx};
use crate::tiers::EngagementPolicy;
use crate::vals;
use crate::values::*;

/// A campaign as reports name it.
pub(super) struct CampaignNamed {
    pub id: CampaignId,
    pub name: String,
    pub policy: EngagementPolicy,
    pub principal: Option<UserId>,
}

pub(super) async fn list_campaigns(tx: &mut Tx, org: OrgId) -> Outcome<Vec<CampaignNamed>> {
    tx.all(
        "select id, name, engagement, principal_id from campaigns \
         where org_id = $1 order by number",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(CampaignNamed {
            id: row.id("id")?,
            name: row.text("name")?,
            policy: row.id("engagement")?,
            principal: row.opt_id("principal_id")?,
        })
    })
    .collect()
}

/// What the firm calls its reasons for a refusal, in Russian and English.
pub(super) async fn list_refusal_labels(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<BTreeMap<String, (String, String)>> {
    tx.all("select code, label_ru, label_en from refusal_reasons where org_id = $1", vals![org])
        .await?
        .iter()
        .map(|row| Ok((row.text("code")?, (row.text("label_ru")?, row.text("label_en")?))))
        .collect()
}

/// What calls of a stretch came to. The source is looked up for each call: joined, PostgreSQL
/// would read every company for a day's few thousand calls.
pub(super) async fn list_call_figures(
    tx: &mut Tx,
    org: OrgId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Figure>> {
    let rows = tx
        .all(
            "select campaign_id, caller_id, source, count(*) as dials, \
             cast(sum(case when mechanism = 'answered' then 1 else 0 end) as bigint) \
             as connects, \
             cast(sum(case when mechanism = 'answered' \
             and meaning in ('qualified', 'callback', 'refusal', 'not_now', \
             'decision_maker_found') then 1 else 0 end) as bigint) as conversations \
             from (select a.campaign_id, a.caller_id, a.mechanism, a.meaning, \
             coalesce((select c.source from companies c where c.id = a.company_id), '-') \
             as source from calls a \
             where a.org_id = $1 and a.at >= $2 and a.at < $3 and a.reversed_at is null) x \
             group by campaign_id, caller_id, source",
            vals![org, from, until],
        )
        .await?;
    let mut figures = Vec::with_capacity(rows.len() * 3);
    for row in &rows {
        let counted = [
            (Step::Dials, "dials"),
            (Step::Connects, "connects"),
            (Step::Conversations, "conversations"),
        ];
        for (step, column) in counted {
            let count = row.int(column)?;
            if count > 0 {
                figures.push(Figure {
                    step,
                    campaign: row.opt_id("campaign_id")?,
                    person: row.opt_id("caller_id")?,
                    source: row.text("source")?,
                    reason: NONE.to_owned(),
                    count,
                    amount: 0,
                });
            }
        }
    }
    Ok(figures)
}

/// What events of a stretch came to. What a call said that was taken back does not count: its
/// events name the lead and have the moment of the call.
pub(super) async fn list_event_figures(
    tx: &mut Tx,
    org: OrgId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Figure>> {
    let rows = tx
        .all(
            "select kind, tier, campaign_id, person_id, source, reason, \
             count(*) as n, cast(coalesce(sum(amount), 0) as bigint) as amount \
             from (select e.kind, e.tier, e.campaign_id, e.person_id, e.amount, \
             coalesce((select c.source from companies c where c.id = e.company_id), '-') \
             as source, coalesce(e.reason, '-') as reason from events e \
             where e.org_id = $1 and e.at >= $2 and e.at < $3 and e.kind in ( \
             'lead.decision_maker_found', 'lead.refused', 'lead.qualified', 'meeting.booked', \
             'meeting.held', 'meeting.missed', 'handoff.offered', 'handoff.accepted', \
             'handoff.rejected', 'handoff.expired', 'opportunity.opened', 'opportunity.lost', \
             'opportunity.won', 'contract.signed', 'payment.entered', 'payment.reversed', \
             'client.opened', 'client.kept', 'order.delivered', 'prototype.approved') \
             and not exists (select 1 from calls a where a.lead_id = e.subject_id \
             and a.at = e.at and a.reversed_at is not null)) x \
             group by kind, tier, campaign_id, person_id, source, reason",
            vals![org, from, until],
        )
        .await?;
    let mut figures = Vec::with_capacity(rows.len());
    for row in &rows {
        let kind: Kind = row.id("kind")?;
        let Some(step) = Step::of_event(kind, row.opt_int("tier")?) else { continue };
        figures.push(Figure {
            step,
            campaign: row.opt_id("campaign_id")?,
            person: row.opt_id("person_id")?,
            source: row.text("source")?,
            reason: row.text("reason")?,
            count: row.int("n")?,
            amount: row.int("amount")?,
        });
    }
    Ok(figures)
}

/// Calls taken back since: when they were made, and when they were taken back.
pub(super) async fn list_reversals(
    tx: &mut Tx,
    org: OrgId,
    since: Instant,
) -> Outcome<Vec<(Instant, Instant)>> {
    tx.all(
        "select a.at, e.at as changed_at from events e join calls a on a.id = e.subject_id \
         where e.org_id = $1 and e.kind = 'call.reversed' and e.at >= $2",
        vals![org, since],
    )
    .await?
    .iter()
    .map(|row| Ok((row.at("at")?, row.at("changed_at")?)))
    .collect()
}

/// Events of companies whose source was changed since, or whose records went to another company:
/// when they happened, and when that was.
pub(super) async fn list_resourced(
    tx: &mut Tx,
    org: OrgId,
    since: Instant,
) -> Outcome<Vec<(Instant, Instant)>> {
    tx.all(
        "select e.at, x.at as changed_at from events x \
         join events e on e.org_id = x.org_id and e.company_id = x.company_id \
         where x.org_id = $1 and x.at >= $2 \
         and (x.kind in ('company.merged', 'company.merge_undone') \
         or (x.kind = 'company.changed' and x.detail like '%source%'))",
        vals![org, since],
    )
    .await?
    .iter()
    .map(|row| Ok((row.at("at")?, row.at("changed_at")?)))
    .collect()
}

/// How many clients are recorded as kept at which moments. The months' ends are written later than
/// they happen, by the sweep.
pub(super) async fn list_kept_clients(
    tx: &mut Tx,
    org: OrgId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<(Instant, i64)>> {
    tx.all(
        "select at, count(*) as n from events \
         where org_id = $1 and kind = 'client.kept' and at >= $2 and at < $3 group by at",
        vals![org, from, until],
    )
    .await?
    .iter()
    .map(|row| Ok((row.at("at")?, row.int("n")?)))
    .collect()
}

/// Calls behind a number, newest first.
pub(super) async fn list_calls(
    tx: &mut Tx,
    wanted: &Wanted,
    (is_answered, is_talk): (bool, bool),
) -> Outcome<Vec<Record>> {
    tx.all(
        "select a.id, a.at, a.id as subject_id, a.company_id, a.meaning as reason, a.lead_id, \
         c.name as company, u.name as person, g.name as campaign, \
         null as amount, null as currency \
         from calls a left join companies c on c.id = a.company_id \
         left join users u on u.id = a.caller_id \
         left join campaigns g on g.id = a.campaign_id \
         where a.org_id = $1 and a.at >= $2 and a.at < $3 and a.reversed_at is null \
         and ($4 = false or a.mechanism = 'answered') \
         and ($5 = false or a.meaning in ('qualified', 'callback', 'refusal', 'not_now', \
         'decision_maker_found')) \
         and ($6 = '' or a.campaign_id = $6) and ($7 = '' or a.caller_id = $7) \
         and ($8 = '' or coalesce(c.source, '-') = $8) and ($9 = '' or $9 = '-') \
         and ($10 = '' or g.engagement = $10) \
         and ($11 = 'all' or ($11 = 'people' and (a.caller_id = $12 or u.team_id = $13)) \
         or ($11 = 'campaigns' and g.principal_id = $12)) \
         and (a.at < $14 or (a.at = $14 and a.id < $15)) \
         order by a.at desc, a.id desc limit $16",
        vals![
            wanted.org,
            wanted.from,
            wanted.until,
            is_answered,
            is_talk,
            &wanted.campaign,
            &wanted.person,
            &wanted.source,
            &wanted.reason,
            wanted.policy,
            wanted.sight,
            wanted.viewer,
            &wanted.team,
            wanted.before,
            &wanted.before_id,
            wanted.limit,
        ],
    )
    .await?
    .iter()
    .map(read_record)
    .collect()
}

/// Events behind a number, newest first.
pub(super) async fn list_events(
    tx: &mut Tx,
    wanted: &Wanted,
    (kind, tier): (Kind, Option<i64>),
) -> Outcome<Vec<Record>> {
    tx.all(
        "select e.id, e.at, e.subject_id, e.company_id, e.reason, e.amount, e.currency, \
         c.name as company, u.name as person, g.name as campaign, null as lead_id \
         from events e left join companies c on c.id = e.company_id \
         left join users u on u.id = e.person_id \
         left join campaigns g on g.id = e.campaign_id \
         where e.org_id = $1 and e.at >= $2 and e.at < $3 \
         and e.kind = $4 and ($5 = 0 or e.tier = $5) \
         and not exists (select 1 from calls a where a.lead_id = e.subject_id \
         and a.at = e.at and a.reversed_at is not null) \
         and ($6 = '' or e.campaign_id = $6) and ($7 = '' or e.person_id = $7) \
         and ($8 = '' or coalesce(c.source, '-') = $8) \
         and ($9 = '' or coalesce(e.reason, '-') = $9) \
         and ($10 = '' or g.engagement = $10) \
         and ($11 = 'all' or ($11 = 'people' and (e.person_id = $12 or u.team_id = $13)) \
         or ($11 = 'campaigns' and g.principal_id = $12)) \
         and (e.at < $14 or (e.at = $14 and e.id < $15)) \
         order by e.at desc, e.id desc limit $16",
        vals![
            wanted.org,
            wanted.from,
            wanted.until,
            kind.code(),
            tier.unwrap_or(0),
            &wanted.campaign,
            &wanted.person,
            &wanted.source,
            &wanted.reason,
            wanted.policy,
            wanted.sight,
            wanted.viewer,
            &wanted.team,
            wanted.before,
            &wanted.before_id,
            wanted.limit,
        ],
    )
    .await?
    .iter()
    .map(read_record)
    .collect()
}

/// Hand-offs offered in a stretch, by giver, receiver and where they stand now.
pub(super) async fn list_passed(
    tx: &mut Tx,
    org: OrgId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Passed>> {
    tx.all(
        "select h.giver_id, h.receiver_id, h.from_tier, h.campaign_id, h.state, \
         coalesce(c.source, '-') as source, count(*) as n, count(h.delay_minutes) as answered, \
         cast(coalesce(sum(h.delay_minutes), 0) as bigint) as minutes \
         from handoffs h left join companies c on c.id = h.company_id \
         where h.org_id = $1 and h.offered_at >= $2 and h.offered_at < $3 \
         group by h.giver_id, h.receiver_id, h.from_tier, h.campaign_id, h.state, \
         coalesce(c.source, '-')",
        vals![org, from, until],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Passed {
            giver: row.id("giver_id")?,
            receiver: row.opt_id("receiver_id")?,
            tier: row.int("from_tier")?,
            campaign: row.opt_id("campaign_id")?,
            source: row.text("source")?,
            standing: row.text("state")?,
            count: row.int("n")?,
            answered: row.int("answered")?,
            minutes: row.int("minutes")?,
        })
    })
    .collect()
}

/// Hand-offs behind a number of the matrix, newest first.
pub(super) async fn list_handoffs(
    tx: &mut Tx,
    wanted: &Wanted,
    pair: &PairWanted,
) -> Outcome<Vec<Record>> {
    tx.all(
        "select h.id, h.offered_at as at, h.id as subject_id, h.company_id, h.reason, \
         c.name as company, u.name as person, g.name as campaign, \
         null as amount, null as currency, null as lead_id \
         from handoffs h left join companies c on c.id = h.company_id \
         left join users u on u.id = h.giver_id left join users r on r.id = h.receiver_id \
         left join campaigns g on g.id = h.campaign_id \
         where h.org_id = $1 and h.offered_at >= $2 and h.offered_at < $3 \
         and ($4 = '' or h.giver_id = $4) and ($5 = '' or coalesce(h.receiver_id, '-') = $5) \
         and ($6 = '' or h.campaign_id = $6) \
         and ($7 = '' or h.giver_id = $7 or h.receiver_id = $7) \
         and ($8 = '' or coalesce(c.source, '-') = $8) \
         and ($9 = 'all' or h.state = $9) and ($10 = '' or g.engagement = $10) \
         and ($11 = 'all' or ($11 = 'people' and (h.giver_id = $12 or h.receiver_id = $12 \
         or u.team_id = $13 or r.team_id = $13))) \
         and (h.offered_at < $14 or (h.offered_at = $14 and h.id < $15)) \
         and ($17 = 0 or h.from_tier = $17) \
         order by h.offered_at desc, h.id desc limit $16",
        vals![
            wanted.org,
            wanted.from,
            wanted.until,
            &pair.giver,
            &pair.receiver,
            &wanted.campaign,
            &wanted.person,
            &wanted.source,
            &pair.standing,
            wanted.policy,
            wanted.sight,
            wanted.viewer,
            &wanted.team,
            wanted.before,
            &wanted.before_id,
            wanted.limit,
            pair.tier,
        ],
    )
    .await?
    .iter()
    .map(read_record)
    .collect()
}

fn read_record(row: &Row) -> Outcome<Record> {
    let amount = match row.opt_int("amount")? {
        Some(minor) => Some(Money::new(minor, row.currency("currency")?)),
        None => None,
    };
    Ok(Record {
        id: row.text("id")?,
        at: row.at("at")?,
        subject: row.text("subject_id")?,
        lead: row.opt_id("lead_id")?,
        company: row.opt_id("company_id")?,
        company_name: row.opt_text("company")?,
        person_name: row.opt_text("person")?,
        campaign_name: row.opt_text("campaign")?,
        reason: row.opt_text("reason")?,
        amount,
    })
}
