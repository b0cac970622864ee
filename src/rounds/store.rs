//! Every statement about rounds.

use super::{ASKED, Progress, Round};
use crate::campaigns::{Campaign, in_segment, segment_vals};
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;
use crate::verification::Field;

pub(super) async fn insert_round(
    tx: &mut Tx,
    org: OrgId,
    round: &Round,
    made_by: Option<UserId>,
) -> Outcome<()> {
    let fields: Vec<&str> = round.fields.iter().map(|field| field.code()).collect();
    tx.run(
        "insert into rounds (campaign_id, org_id, fields, until, after_company, made_by, made_at) \
         values ($1, $2, $3, $4, '', $5, $6)",
        vals![round.campaign, org, fields.join(","), round.until, made_by, round.made_at],
    )
    .await?;
    Ok(())
}

pub(super) async fn find_round(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Option<Round>> {
    tx.maybe(
        "select campaign_id, fields, until, after_company, enlisted_at, made_at from rounds \
         where org_id = $1 and campaign_id = $2",
        vals![org, campaign],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Every round of the firm, the newest first.
pub(super) async fn list_rounds(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Round>> {
    tx.all(
        "select campaign_id, fields, until, after_company, enlisted_at, made_at from rounds \
         where org_id = $1 order by made_at desc, campaign_id",
        vals![org],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Rounds that run and are over by their day.
pub(super) async fn list_over(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<Vec<CampaignId>> {
    tx.all(
        "select r.campaign_id from rounds r join campaigns g on g.id = r.campaign_id \
         where r.org_id = $1 and r.until <= $2 and g.state in ('running', 'paused')",
        vals![org, now],
    )
    .await?
    .iter()
    .map(|row| row.id("campaign_id"))
    .collect()
}

/// Rounds that run and were looked through for before an instant, or not to the end yet.
pub(super) async fn list_to_enlist(
    tx: &mut Tx,
    org: OrgId,
    before: Instant,
) -> Outcome<Vec<CampaignId>> {
    tx.all(
        "select r.campaign_id from rounds r join campaigns g on g.id = r.campaign_id \
         where r.org_id = $1 and (r.enlisted_at is null or r.enlisted_at <= $2) \
         and g.state = 'running'",
        vals![org, before],
    )
    .await?
    .iter()
    .map(|row| row.id("campaign_id"))
    .collect()
}

/// How far the base was looked through for a round.
pub(super) async fn update_enlisted(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    (after, enlisted_at): (&str, Option<Instant>),
) -> Outcome<u64> {
    tx.run(
        "update rounds set after_company = $3, enlisted_at = $4 \
         where org_id = $1 and campaign_id = $2",
        vals![org, campaign, after, enlisted_at],
    )
    .await
}

/// Companies of the round's segment that are no leads of it and of which something it asks about
/// is due, each with what a check brings, in order of id behind `after`.
pub(super) async fn list_due(
    tx: &mut Tx,
    org: OrgId,
    (campaign, round): (&Campaign, &Round),
    now: Instant,
    limit: i64,
) -> Outcome<Vec<(CompanyId, i64)>> {
    let mut values = segment_vals(org, &campaign.segment, Some(campaign.id), now);
    let after = round.after.map(|id| id.to_string()).unwrap_or_default();
    values.extend_from_slice(vals![after, limit]);
    values.extend(ASKED.map(|field| round.fields.contains(&field).into()));
    tx.all(
        concat!(
            "select c.id, (select s.urgency from company_scores s where s.company_id = c.id) \
             as urgency",
            in_segment!(),
            " and c.id > $12 and exists (select 1 from company_scores s \
               where s.company_id = c.id and (($14 = true and s.phone_due_at <= $10) \
               or ($15 = true and s.contact_due_at <= $10) \
               or ($16 = true and s.decision_maker_due_at <= $10) \
               or ($17 = true and s.email_due_at <= $10) \
               or ($18 = true and s.address_due_at <= $10))) order by c.id limit $13"
        ),
        &values,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.opt_int("urgency")?.unwrap_or(0))))
    .collect()
}

/// Checks of a round by field and finding, and by person.
pub(super) async fn count_checks(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Progress> {
    let mut progress = Progress::default();
    for row in tx
        .all(
            "select v.field, v.result, count(*) as n from verifications v where v.org_id = $1 \
             and v.campaign_id = $2 and not exists (select 1 from check_reversals r \
               where r.verification_id = v.id) group by v.field, v.result \
             order by v.field, v.result",
            vals![org, campaign],
        )
        .await?
    {
        progress.checks.push((row.text("field")?, row.text("result")?, row.int("n")?));
    }
    for row in tx
        .all(
            "select v.actor_id, count(*) as n from verifications v where v.org_id = $1 \
             and v.campaign_id = $2 and not exists (select 1 from check_reversals r \
               where r.verification_id = v.id) group by v.actor_id order by count(*) desc",
            vals![org, campaign],
        )
        .await?
    {
        progress.people.push((row.opt_id("actor_id")?, row.int("n")?));
    }
    Ok(progress)
}

/// Files whose companies are in the base, the newest first.
pub(super) async fn list_imports(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(ImportId, String)>> {
    tx.all(
        "select id, number, file_name from imports where org_id = $1 \
         and committed_at is not null and undone_at is null order by number desc limit 100",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| {
        let named = format!("{} · {}", row.int("number")?, row.text("file_name")?);
        Ok((row.id("id")?, named))
    })
    .collect()
}

fn read(row: &Row) -> Outcome<Round> {
    let fields = row.text("fields")?;
    Ok(Round {
        campaign: row.id("campaign_id")?,
        fields: fields.split(',').filter_map(|code| code.parse::<Field>().ok()).collect(),
        until: row.opt_at("until")?,
        after: row.text("after_company")?.parse().ok(),
        enlisted_at: row.opt_at("enlisted_at")?,
        made_at: row.at("made_at")?,
    })
}
