//! Every statement about checks.

use super::*;
use crate::storage::{Row, Tx};
use crate::vals;

pub(super) async fn insert(
    tx: &mut Tx,
    org: OrgId,
    verify: &Verify,
    made: &Verification,
) -> Outcome<()> {
    tx.run(
        "insert into verifications (id, org_id, company_id, field, result, source, note, \
         actor_id, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            made.id,
            org,
            verify.company,
            made.field.code(),
            made.finding.code(),
            made.source.code(),
            &made.note,
            made.actor,
            made.made_at,
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
        "select id, field, result, source, note, actor_id, made_at from verifications \
         where org_id = $1 and company_id = $2 and field = $3 \
         order by made_at desc, id desc limit 1",
        vals![org, company, field.code()],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The newest check of every field that was ever checked.
pub(super) async fn list_last(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Verification>> {
    tx.all(
        "select id, field, result, source, note, actor_id, made_at from verifications v \
         where org_id = $1 and company_id = $2 and not exists (select 1 from verifications later \
           where later.org_id = $1 and later.company_id = $2 and later.field = v.field \
           and (later.made_at > v.made_at or (later.made_at = v.made_at and later.id > v.id)))",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read)
    .collect()
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
        "select id, field, result, source, note, actor_id, made_at from verifications \
         where org_id = $1 and company_id = $2 and (made_at, id) < ($3, $4) \
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
    })
}
