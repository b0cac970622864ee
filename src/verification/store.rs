//! Every statement about checks.

use super::*;
use crate::storage::{Row, Tx, Val};
use crate::vals;

pub(super) async fn insert(
    tx: &mut Tx,
    org: OrgId,
    (company, campaign, call): (CompanyId, Option<CampaignId>, Option<CallId>),
    made: &Verification,
) -> Outcome<()> {
    tx.run(
        "insert into verifications (id, org_id, company_id, field, result, source, actor_id, \
         made_at, subject_id, campaign_id, call_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            made.id,
            org,
            company,
            made.field.code(),
            made.finding.code(),
            made.source.code(),
            made.actor,
            made.made_at,
            &made.about.subject,
            campaign,
            call,
        ],
    )
    .await?;
    Ok(())
}

/// What a check tells of and what it changed.
pub(super) async fn insert_values(
    tx: &mut Tx,
    org: OrgId,
    made: &Verification,
    change: Option<&str>,
) -> Outcome<()> {
    let (old, new) = (made.about.old.as_ref(), made.about.new.as_ref());
    tx.run(
        "insert into check_values (verification_id, org_id, old_value, old_contact, new_value, \
         new_contact, note, change) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            made.id,
            org,
            old.map(|value| value.text.as_str()),
            old.and_then(|value| value.contact),
            new.map(|value| value.text.as_str()),
            new.and_then(|value| value.contact),
            &made.note,
            change,
        ],
    )
    .await?;
    Ok(())
}

/// Blanks what checks tell of a person, and the remarks of checks that may be about them.
pub(super) async fn blank_values(tx: &mut Tx, org: OrgId, contact: &Contact) -> Outcome<u64> {
    tx.run(
        "update check_values set \
         old_value = case when old_contact = $2 then null else old_value end, \
         new_value = case when new_contact = $2 then null else new_value end, note = null \
         where org_id = $1 and (old_contact = $2 or new_contact = $2 or verification_id in ( \
           select v.id from verifications v where v.org_id = $1 and v.subject_id is null \
           and v.field in ('contact', 'decision_maker') and v.company_id in (select a.id \
             from companies a where a.org_id = $1 and (a.id = $3 or a.merged_into = $3))))",
        vals![org, contact.id, contact.company],
    )
    .await
}

/// What checks that tell of a person changed.
pub(super) async fn list_changes(
    tx: &mut Tx,
    org: OrgId,
    contact: ContactId,
) -> Outcome<Vec<(VerificationId, String)>> {
    tx.all(
        "select verification_id, change from check_values where org_id = $1 \
         and (old_contact = $2 or new_contact = $2) and change is not null",
        vals![org, contact],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("verification_id")?, row.text("change")?)))
    .collect()
}

pub(super) async fn update_change(
    tx: &mut Tx,
    org: OrgId,
    id: VerificationId,
    change: &str,
) -> Outcome<u64> {
    tx.run(
        "update check_values set change = $3 where org_id = $1 and verification_id = $2",
        vals![org, id, change],
    )
    .await
}

/// The checks of a call, each with its company and what it changed, the last first.
pub(super) async fn list_of_call(
    tx: &mut Tx,
    org: OrgId,
    call: CallId,
) -> Outcome<Vec<(CompanyId, Verification, Option<String>)>> {
    tx.all(
        "select v.company_id, v.id, v.field, v.result, v.source, x.note, v.actor_id, v.made_at, \
         v.subject_id, x.old_value, x.old_contact, x.new_value, x.new_contact, x.change \
         from verifications v left join check_values x on x.verification_id = v.id \
         where v.org_id = $1 and v.call_id = $2 order by v.made_at desc, v.id desc",
        vals![org, call],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("company_id")?, read(row)?, row.opt_text("change")?)))
    .collect()
}

pub(super) async fn find_last(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    field: Field,
) -> Outcome<Option<Verification>> {
    tx.maybe(
        "select v.id, v.field, v.result, v.source, x.note, v.actor_id, v.made_at, v.subject_id, \
         x.old_value, x.old_contact, x.new_value, x.new_contact \
         from verifications v left join check_values x on x.verification_id = v.id \
         where v.org_id = $1 and v.company_id in (select a.id \
           from companies a where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) \
         and v.field = $3 and not exists (select 1 \
           from check_reversals r where r.verification_id = v.id) \
         order by v.made_at desc, v.id desc limit 1",
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
        "select v.company_id, v.id, v.field, v.result, v.source, x.note, v.actor_id, v.made_at, \
         v.subject_id, x.old_value, x.old_contact, x.new_value, x.new_contact \
         from verifications v left join check_values x on x.verification_id = v.id \
         where v.org_id = $1 and not exists (select 1 \
           from check_reversals r where r.verification_id = v.id) \
         and not exists (select 1 from verifications later \
           where later.org_id = $1 and later.company_id = v.company_id and later.field = v.field \
           and (later.made_at > v.made_at or (later.made_at = v.made_at and later.id > v.id)) \
           and not exists (select 1 from check_reversals r where r.verification_id = later.id)) \
         and v.company_id in (/*among*/)",
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
        "select c.merged_into as survivor_id, v.id, v.field, v.result, v.source, x.note, \
         v.actor_id, v.made_at, v.subject_id, x.old_value, x.old_contact, x.new_value, \
         x.new_contact \
         from companies c join verifications v on v.org_id = $1 and v.company_id = c.id \
         left join check_values x on x.verification_id = v.id \
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
        "select v.company_id, v.id, v.field, v.result, v.source, x.note, v.actor_id, v.made_at, \
         v.subject_id, x.old_value, x.old_contact, x.new_value, x.new_contact \
         from verifications v left join check_values x on x.verification_id = v.id \
         where v.org_id = $1 and v.id = $2",
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
        "select v.id, v.field, v.result, v.source, x.note, v.actor_id, v.made_at, v.subject_id, \
         x.old_value, x.old_contact, x.new_value, x.new_contact \
         from verifications v left join check_values x on x.verification_id = v.id \
         where v.org_id = $1 and v.company_id in (select a.id \
           from companies a where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) \
         and (v.made_at, v.id) < ($3, $4) \
         and not exists (select 1 from check_reversals r where r.verification_id = v.id) \
         order by v.made_at desc, v.id desc limit $5",
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
            old: value(row.opt_text("old_value")?, row.opt_id("old_contact")?),
            new: value(row.opt_text("new_value")?, row.opt_id("new_contact")?),
        },
    })
}

fn value(text: Option<String>, contact: Option<ContactId>) -> Option<Value> {
    text.map(|text| Value { text, contact })
}
