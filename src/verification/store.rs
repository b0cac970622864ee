//! Every statement about checks.

use super::*;
use crate::storage::{Row, Tx, Val};
use crate::vals;

pub(super) async fn insert(
    tx: &mut Tx,
    org: OrgId,
    (company, campaign): (CompanyId, Option<CampaignId>),
    made: &Verification,
) -> Outcome<()> {
    tx.run(
        "insert into verifications (id, org_id, company_id, field, result, source, note, \
         actor_id, made_at, subject_id, old_value, new_value, campaign_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        vals![
            made.id,
            org,
            company,
            made.field.code(),
            made.finding.code(),
            made.source.code(),
            &made.note,
            made.actor,
            made.made_at,
            &made.about.subject,
            &made.about.old,
            &made.about.new,
            campaign,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find_last(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    field: Field,
) -> Outcome<Option<Verification>> {
    tx.maybe(
        "select id, field, result, source, note, actor_id, made_at, subject_id, old_value, \
         new_value from verifications v \
         where org_id = $1 and company_id in (select a.id \
           from companies a where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) \
         and field = $3 and not exists (select 1 \
           from check_reversals r where r.verification_id = v.id) \
         order by made_at desc, id desc limit 1",
        vals![org, company, field.code()],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The newest check of every field of these companies that was ever checked; what was taken back
/// is left out.
pub(super) async fn list_last(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<(CompanyId, Verification)>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select company_id, id, field, result, source, note, actor_id, made_at, subject_id, \
         old_value, new_value from verifications v where org_id = $1 \
         and not exists (select 1 from check_reversals r where r.verification_id = v.id) \
         and not exists (select 1 from verifications later \
           where later.org_id = $1 and later.company_id = v.company_id and later.field = v.field \
           and (later.made_at > v.made_at or (later.made_at = v.made_at and later.id > v.id)) \
           and not exists (select 1 from check_reversals r where r.verification_id = later.id)) \
         and company_id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("company_id")?, read(row)?)))
    .collect()
}

/// Checks of what was merged into these companies, each with the company that stands for it.
pub(super) async fn list_of_aliases(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<(CompanyId, Verification)>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select c.merged_into as survivor_id, v.id, v.field, v.result, v.source, v.note, \
         v.actor_id, v.made_at, v.subject_id, v.old_value, v.new_value \
         from companies c join verifications v on v.org_id = $1 and v.company_id = c.id \
         where c.org_id = $1 and not exists (select 1 \
           from check_reversals r where r.verification_id = v.id) \
         and c.merged_into in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("survivor_id")?, read(row)?)))
    .collect()
}

/// A check with its company.
pub(super) async fn find(
    tx: &mut Tx,
    org: OrgId,
    id: VerificationId,
) -> Outcome<Option<(CompanyId, Verification)>> {
    tx.maybe(
        "select company_id, id, field, result, source, note, actor_id, made_at, subject_id, \
         old_value, new_value from verifications where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .map(|row| Ok((row.id("company_id")?, read(&row)?)))
    .transpose()
}

/// Takes a check back; no rows where it was taken back before.
pub(super) async fn insert_reversal(
    tx: &mut Tx,
    org: OrgId,
    id: VerificationId,
    (actor, now): (Option<UserId>, Instant),
) -> Outcome<u64> {
    tx.run(
        "insert into check_reversals (verification_id, org_id, actor_id, made_at) \
         values ($1, $2, $3, $4) on conflict (verification_id) do nothing",
        vals![id, org, actor, now],
    )
    .await
}

/// The rules of ageing that the owner set.
pub(super) async fn list_rules(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(Field, Rule)>> {
    tx.all(
        "select field, half_life_months, due_percent from ageing_rules where org_id = $1",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| {
        let half_life_months = row.int("half_life_months")?;
        Ok((row.id("field")?, Rule { half_life_months, due_percent: row.int("due_percent")? }))
    })
    .collect()
}

pub(super) async fn insert_rule(tx: &mut Tx, org: OrgId, field: Field, rule: Rule) -> Outcome<()> {
    tx.run(
        "insert into ageing_rules (org_id, field, half_life_months, due_percent) \
         values ($1, $2, $3, $4) on conflict (org_id, field) do update \
         set half_life_months = excluded.half_life_months, due_percent = excluded.due_percent",
        vals![org, field.code(), rule.half_life_months, rule.due_percent],
    )
    .await?;
    Ok(())
}

/// The place of a check in the list of its company.
pub(super) async fn find_place(
    tx: &mut Tx,
    org: OrgId,
    id: VerificationId,
) -> Outcome<Option<Instant>> {
    tx.maybe("select made_at from verifications where org_id = $1 and id = $2", vals![org, id])
        .await?
        .map(|row| row.at("made_at"))
        .transpose()
}

/// Checks of a company before an instant and an id, newest first.
pub(super) async fn list(
    tx: &mut Tx,
    (org, company): (OrgId, CompanyId),
    (made_at, id): (Instant, &str),
    limit: i64,
) -> Outcome<Vec<Verification>> {
    tx.all(
        "select id, field, result, source, note, actor_id, made_at, subject_id, old_value, \
         new_value from verifications v \
         where org_id = $1 and company_id in (select a.id \
           from companies a where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) \
         and (made_at, id) < ($3, $4) \
         and not exists (select 1 from check_reversals r where r.verification_id = v.id) \
         order by made_at desc, id desc limit $5",
        vals![org, company, made_at, id, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Outcome<Verification> {
    Ok(Verification {
        id: row.id("id")?,
        field: row.id("field")?,
        finding: row.id("result")?,
        source: row.id("source")?,
        note: row.opt_text("note")?,
        actor: row.opt_id("actor_id")?,
        made_at: row.at("made_at")?,
        about: About {
            subject: row.opt_text("subject_id")?,
            old: row.opt_text("old_value")?,
            new: row.opt_text("new_value")?,
        },
    })
}
