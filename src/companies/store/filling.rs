//! Statements that fill what is empty, and take it back.

use std::collections::BTreeSet;

use crate::companies::filling::{Fillable, Missing};
use crate::companies::{CompanyId, ImportId, NewBasis};
use crate::storage::{Act, Tx, Val};
use crate::vals;
use crate::values::*;

/// Nought rows where the company is in the base no more.
pub async fn update_empty_fields(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (missing, zone): (&Missing, Option<&str>),
    now: Instant,
) -> Outcome<u64> {
    let value = |wanted: Fillable| {
        missing.fields.iter().find(|(field, _)| *field == wanted).map(|(_, value)| value.as_str())
    };
    tx.run(
        "update companies set full_name = coalesce(full_name, $3), \
         tax_id = coalesce(tax_id, $4), kpp = coalesce(kpp, $5), ogrn = coalesce(ogrn, $6), \
         city = coalesce(city, $7), address = coalesce(address, $8), \
         website = coalesce(website, $9), industry = coalesce(industry, $10), \
         zone = coalesce(zone, $11), version = version + 1, changed_at = $12 \
         where org_id = $1 and id = $2 and removed_at is null and merged_into is null",
        vals![
            org,
            company,
            value(Fillable::FullName),
            value(Fillable::TaxId),
            value(Fillable::Kpp),
            value(Fillable::Ogrn),
            value(Fillable::City),
            value(Fillable::Address),
            value(Fillable::Website),
            value(Fillable::Industry),
            zone,
            now,
        ],
    )
    .await
}

/// Empties a field that still says so; nought rows when it was changed since.
pub async fn update_field_emptied(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (field, value): (Fillable, &str),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update companies set \
         full_name = case when $3 = 'full_name' then null else full_name end, \
         tax_id = case when $3 = 'tax_id' then null else tax_id end, \
         kpp = case when $3 = 'kpp' then null else kpp end, \
         ogrn = case when $3 = 'ogrn' then null else ogrn end, \
         city = case when $3 = 'city' then null else city end, \
         address = case when $3 = 'address' then null else address end, \
         website = case when $3 = 'website' then null else website end, \
         industry = case when $3 = 'industry' then null else industry end, \
         version = version + 1, changed_at = $5 \
         where org_id = $1 and id = $2 and $4 = case $3 when 'full_name' then full_name \
         when 'tax_id' then tax_id when 'kpp' then kpp when 'ogrn' then ogrn \
         when 'city' then city when 'address' then address when 'website' then website \
         when 'industry' then industry end",
        vals![org, company, field.code(), value, now],
    )
    .await
}

pub async fn delete_parts_of_import(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    import: ImportId,
) -> Outcome<u64> {
    let key = vals![org, company, import].to_vec();
    let mut count = 0;
    for text in [
        // Whoever stood behind a person of the file stands for themselves again.
        "update contacts set joined_id = null where org_id = $1 and company_id = $2 \
         and joined_id in (select k.id from contacts k where k.org_id = $1 \
           and k.company_id = $2 and k.import_id = $3)",
        "delete from phones where org_id = $1 and company_id = $2 and import_id = $3",
        "delete from emails where org_id = $1 and company_id = $2 and import_id = $3",
        "delete from contacts where org_id = $1 and company_id = $2 and import_id = $3",
        "delete from bases where org_id = $1 and company_id = $2 and import_id = $3",
        "delete from notes where org_id = $1 and company_id = $2 and import_id = $3",
    ] {
        count += tx.run(text, &key).await?;
    }
    Ok(count)
}

/// Notes that a file brings; whoever has it written says them.
pub async fn insert_notes(
    tx: &mut Tx,
    act: &Act,
    notes: &[(CompanyId, &str, Option<ImportId>)],
) -> Outcome<()> {
    let rows: Vec<Vec<Val>> = notes
        .iter()
        .map(|(company, body, import)| {
            let id = AnyId::fresh(act.now);
            vals![id, act.org, *company, act.actor, *body, act.now, *import].to_vec()
        })
        .collect();
    tx.insert_many(
        "insert into notes (id, org_id, company_id, author_id, body, made_at, import_id) values",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

/// Which of these companies have a ground of this kind and source that still holds.
pub async fn list_based(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
    (basis, now): (&NewBasis, Instant),
) -> Outcome<BTreeSet<CompanyId>> {
    let among: Vec<Val> = ids.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select company_id from bases where org_id = $1 and kind = $2 and source = $3 \
         and (until is null or until > $4) and company_id in (/*among*/)",
        vals![org, basis.kind.code(), &basis.source, now],
        &among,
    )
    .await?
    .iter()
    .map(|row| row.id("company_id"))
    .collect()
}

/// What the notes of these companies say.
pub async fn list_noted(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
) -> Outcome<BTreeSet<(CompanyId, String)>> {
    let among: Vec<Val> = ids.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select company_id, body from notes where org_id = $1 and company_id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("company_id")?, row.text("body")?)))
    .collect()
}

/// Says which file a company is of.
pub async fn update_import(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    import: ImportId,
) -> Outcome<()> {
    tx.run(
        "update companies set import_id = $3 where org_id = $1 and id = $2",
        vals![org, company, import],
    )
    .await?;
    Ok(())
}

pub async fn update_removed(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
    now: Instant,
) -> Outcome<u64> {
    let mut count = 0;
    for id in ids {
        count += tx
            .run(
                "update companies set removed_at = $3, version = version + 1, changed_at = $3 \
                 where org_id = $1 and id = $2 and removed_at is null",
                vals![org, *id, now],
            )
            .await?;
    }
    Ok(count)
}

pub async fn delete_terms_of(tx: &mut Tx, org: OrgId, ids: &[CompanyId]) -> Outcome<()> {
    for id in ids {
        super::delete_terms(tx, org, *id).await?;
    }
    Ok(())
}

/// Companies that another file, or nobody's file, added a part to since.
pub async fn list_added_to_by_others(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
    import: ImportId,
    since: Instant,
) -> Outcome<Vec<CompanyId>> {
    let among: Vec<Val> = ids.iter().map(|id| Val::from(*id)).collect();
    let fixed = vals![org, import, since].to_vec();
    let mut found = Vec::new();
    for text in [
        "select distinct company_id as id from phones where org_id = $1 and made_at >= $3 \
         and (import_id is null or import_id <> $2) and company_id in (/*among*/)",
        "select distinct company_id as id from emails where org_id = $1 and made_at >= $3 \
         and (import_id is null or import_id <> $2) and company_id in (/*among*/)",
        "select distinct company_id as id from contacts where org_id = $1 and made_at >= $3 \
         and (import_id is null or import_id <> $2) and company_id in (/*among*/)",
        "select distinct company_id as id from bases where org_id = $1 and at >= $3 \
         and (import_id is null or import_id <> $2) and company_id in (/*among*/)",
        "select distinct company_id as id from notes where org_id = $1 and made_at >= $3 \
         and import_id is not null and import_id <> $2 and company_id in (/*among*/)",
    ] {
        for row in tx.all_among(text, &fixed, &among).await? {
            found.push(row.id("id")?);
        }
    }
    Ok(found)
}
