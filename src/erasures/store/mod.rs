//! Statements about acts of destruction. The texts people are struck out of have a file of their
//! own.

mod texts;

pub(super) use texts::*;

use super::*;
use crate::storage::{Row, Tx, Val};
use crate::vals;

pub(super) async fn insert(tx: &mut Tx, org: OrgId, act: &Erasure) -> Outcome<u64> {
    let counts = serde_json::to_string(&act.counts).map_err(Error::failure)?;
    tx.run(
        "insert into erasures (id, org_id, number, company_id, contact_id, ground, document, \
         counts, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (org_id, contact_id) do nothing",
        vals![
            act.id,
            org,
            act.number,
            act.company,
            act.contact,
            act.ground.code(),
            &act.document,
            counts,
            act.made_by,
            act.made_at,
        ],
    )
    .await
}

pub(super) async fn find(tx: &mut Tx, org: OrgId, id: ErasureId) -> Outcome<Option<Erasure>> {
    tx.maybe(
        "select id, number, company_id, contact_id, ground, document, counts, made_by, made_at \
         from erasures where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn find_of_contact(
    tx: &mut Tx,
    org: OrgId,
    contact: ContactId,
) -> Outcome<Option<Erasure>> {
    tx.maybe(
        "select id, number, company_id, contact_id, ground, document, counts, made_by, made_at \
         from erasures where org_id = $1 and contact_id = $2",
        vals![org, contact],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Acts by number, the newest first, behind a number.
pub(super) async fn list(
    tx: &mut Tx,
    org: OrgId,
    before: i64,
    limit: i64,
) -> Outcome<Vec<Erasure>> {
    tx.all(
        "select id, number, company_id, contact_id, ground, document, counts, made_by, made_at \
         from erasures where org_id = $1 and number < $2 order by number desc limit $3",
        vals![org, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Takes the dates of a person out: by their record, and those that name them.
pub(super) async fn delete_date(tx: &mut Tx, org: OrgId, id: &str) -> Outcome<u64> {
    tx.run("delete from important_dates where org_id = $1 and id = $2", vals![org, id]).await
}

/// The dates of people at these companies: id, whose, and the name as it was written.
pub(super) async fn list_dates(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<(String, Option<ContactId>, String)>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, contact_id, person_name from important_dates \
         where org_id = $1 and company_id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("id")?, row.opt_id("contact_id")?, row.text("person_name")?)))
    .collect()
}

/// No meeting is with them any more.
pub(super) async fn update_meetings(tx: &mut Tx, org: OrgId, contact: ContactId) -> Outcome<u64> {
    tx.run(
        "update meetings set contact_id = null where org_id = $1 and contact_id = $2",
        vals![org, contact],
    )
    .await
}

/// What merges noted of a row that is gone: there is nothing to give back.
pub(super) async fn delete_merge_changes(tx: &mut Tx, org: OrgId, row: &str) -> Outcome<u64> {
    tx.run("delete from merge_changes where org_id = $1 and row_id = $2", vals![org, row]).await
}

/// What was told of a company that is the person: by the rows that brought it, by what imports and
/// merges would give back, by checks of its facts.
pub(super) async fn update_nameless(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    name: &str,
) -> Outcome<()> {
    tx.run(
        "update import_rows set name = $3 where org_id = $1 and company_id = $2",
        vals![org, company, name],
    )
    .await?;
    tx.run(
        "delete from import_changes where org_id = $1 and company_id = $2 \
         and field not in ('city', 'industry')",
        vals![org, company],
    )
    .await?;
    tx.run(
        "delete from merge_changes where org_id = $1 and noun = 'companies' and row_id = $2 \
         and field in ('name', 'full_name', 'tax_id', 'kpp', 'ogrn', 'address', 'website', \
         'source')",
        vals![org, company.to_string()],
    )
    .await?;
    tx.run(
        "update check_values set old_value = null, new_value = null where org_id = $1 \
         and verification_id in (select id from verifications where org_id = $1 \
         and company_id = $2 and field in ('requisites', 'address'))",
        vals![org, company],
    )
    .await?;
    Ok(())
}

pub(super) async fn list_drafts(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(UserId, String, String)>> {
    tx.all("select user_id, scope, body from drafts where org_id = $1", vals![org])
        .await?
        .iter()
        .map(|row| Ok((row.id("user_id")?, row.text("scope")?, row.text("body")?)))
        .collect()
}

pub(super) async fn update_draft(
    tx: &mut Tx,
    org: OrgId,
    (user, scope): (UserId, &str),
    body: &str,
) -> Outcome<u64> {
    tx.run(
        "update drafts set body = $4 where org_id = $1 and user_id = $2 and scope = $3",
        vals![org, user, scope, body],
    )
    .await
}

fn read(row: &Row) -> Outcome<Erasure> {
    Ok(Erasure {
        id: row.id("id")?,
        number: row.int("number")?,
        company: row.id("company_id")?,
        contact: row.id("contact_id")?,
        ground: row.id("ground")?,
        document: row.text("document")?,
        counts: serde_json::from_str(&row.text("counts")?).map_err(Error::failure)?,
        made_by: row.opt_id("made_by")?,
        made_at: row.at("made_at")?,
    })
}
