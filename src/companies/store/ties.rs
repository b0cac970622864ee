//! Statements about groups and branches.

use crate::companies::ties::{Site, Tie, valid_kpp};
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

pub async fn insert_ties(
    tx: &mut Tx,
    org: OrgId,
    ties: &[Tie],
    by: Option<UserId>,
) -> Outcome<u64> {
    let row = |tie: &Tie| {
        vals![tie.id, org, tie.kind.code(), tie.company, tie.other, by, tie.made_at].to_vec()
    };
    let rows: Vec<Vec<Val>> = ties.iter().map(row).collect();
    tx.insert_many(
        "insert into company_ties (id, org_id, kind, company_id, other_id, made_by, made_at) \
         values",
        &rows,
        "",
    )
    .await
}

/// What a company is to others now, the oldest first.
pub async fn list_ties(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Tie>> {
    tx.all(
        "select id, kind, company_id, other_id, made_at from company_ties \
         where org_id = $1 and (company_id = $2 or other_id = $2) and ended_at is null \
         and company_id <> other_id order by made_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read_tie)
    .collect()
}

/// The ties that stand in which these companies are named first, as branches are, whose heads may
/// have thousands of them.
pub async fn list_ties_of(tx: &mut Tx, org: OrgId, companies: &[CompanyId]) -> Outcome<Vec<Tie>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, kind, company_id, other_id, made_at from company_ties \
         where org_id = $1 and ended_at is null and company_id <> other_id \
         and company_id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(read_tie)
    .collect()
}

/// Ends the ties of companies that leave the base; each end has an index of its own.
pub async fn update_ties_ended(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
    (by, now): (Option<UserId>, Instant),
) -> Outcome<u64> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    let ended = vals![org, by, now];
    let of_one = tx
        .run_among(
            "update company_ties set ended_by = $2, ended_at = $3 \
             where org_id = $1 and ended_at is null and company_id in (/*among*/)",
            ended,
            &among,
        )
        .await?;
    let of_other = tx
        .run_among(
            "update company_ties set ended_by = $2, ended_at = $3 \
             where org_id = $1 and ended_at is null and other_id in (/*among*/)",
            ended,
            &among,
        )
        .await?;
    Ok(of_one + of_other)
}

/// The records with these tax numbers, merged ones among them, those of one file left aside; each
/// with the company that it was merged into, where it was.
pub async fn list_sites(
    tx: &mut Tx,
    (org, aside): (OrgId, Option<ImportId>),
    tax_ids: &[String],
) -> Outcome<Vec<(Site, Option<CompanyId>)>> {
    let fixed = vals![org, aside.map(|id| id.to_string()).unwrap_or_default()].to_vec();
    let among: Vec<Val> = tax_ids.iter().map(Val::from).collect();
    tx.all_among(
        "select id, number, name, tax_id, kpp, merged_into from companies where org_id = $1 \
         and (import_id is null or import_id <> $2) and removed_at is null \
         and tax_id in (/*among*/)",
        &fixed,
        &among,
    )
    .await?
    .iter()
    .map(|row| {
        let site = Site {
            tax_id: row.text("tax_id")?,
            kpp: valid_kpp(row.opt_text("kpp")?.as_deref()),
            company: row.id("id")?,
            number: row.int("number")?,
            name: row.text("name")?,
            is_branch: false,
        };
        Ok((site, row.opt_id("merged_into")?))
    })
    .collect()
}

fn read_tie(row: &Row) -> Outcome<Tie> {
    Ok(Tie {
        id: row.id("id")?,
        kind: row.id("kind")?,
        company: row.id("company_id")?,
        other: row.id("other_id")?,
        made_at: row.at("made_at")?,
    })
}
