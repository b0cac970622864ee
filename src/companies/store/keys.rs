//! Statements about the keys by which companies are recognised.

use std::collections::{BTreeMap, HashMap};

use crate::companies::{Company, CompanyEmail, Contact};
use crate::storage::{Tx, Val};
use crate::vals;
use crate::values::*;

/// What a company is looked up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    TaxId,
    Phone,
    Email,
    Name,
}

/// How many companies of the base carry each of these keys, those of one file left aside. Names and
/// tax numbers of what was merged count, too: by them the survivor is found. A name of more than
/// 256, those of the file among them, says nothing and is not answered.
pub async fn count_carriers(
    tx: &mut Tx,
    (org, aside): (OrgId, Option<ImportId>),
    by: Carried,
    keys: &[String],
) -> Outcome<HashMap<String, i64>> {
    let text = match by {
        Carried::TaxId => {
            "select c.tax_id as k, count(*) as n from companies c where c.org_id = $1 \
             and (c.import_id is null or c.import_id <> $2) \
             and c.removed_at is null \
             and c.tax_id in (/*among*/) group by c.tax_id"
        }
        Carried::Phone => {
            "select p.e164 as k, count(*) as n from phones p \
             join companies c on c.id = p.company_id \
             and (c.import_id is null or c.import_id <> $2) \
             and c.removed_at is null and c.merged_into is null \
             where p.org_id = $1 and p.e164 in (/*among*/) group by p.e164"
        }
        Carried::Email => {
            "select e.address_key as k, count(*) as n from emails e \
             join companies c on c.id = e.company_id \
             and (c.import_id is null or c.import_id <> $2) \
             and c.removed_at is null and c.merged_into is null \
             where e.org_id = $1 and e.address_key in (/*among*/) group by e.address_key"
        }
        Carried::Name => {
            // The index alone says how many have a name at all. Of a million rows of one file
            // thousands have the same, and to look at each, for every batch, took most of the time.
            "select c.name_key as k, count(*) as n from companies c where c.org_id = $1 \
             and (c.import_id is null or c.import_id <> $2) \
             and c.removed_at is null \
             and c.name_key in (select r.name_key from companies r where r.org_id = $1 \
               and r.name_key in (/*among*/) group by r.name_key having count(*) <= 256) \
             group by c.name_key"
        }
    };
    let fixed = vals![org, aside.map(|id| id.to_string()).unwrap_or_default()].to_vec();
    let among: Vec<Val> = keys.iter().map(Val::from).collect();
    let rows = tx.all_among(text, &fixed, &among).await?;
    rows.iter().map(|row| Ok((row.text("k")?, row.int("n")?))).collect()
}

/// The companies that carry any of these keys, those of one file left aside.
pub async fn list_carriers(
    tx: &mut Tx,
    (org, aside): (OrgId, Option<ImportId>),
    by: Carried,
    keys: &[String],
) -> Outcome<Vec<CompanyId>> {
    let text = match by {
        Carried::TaxId => {
            "select c.id from companies c where c.org_id = $1 \
             and (c.import_id is null or c.import_id <> $2) \
             and c.removed_at is null and c.tax_id in (/*among*/)"
        }
        Carried::Phone => {
            "select distinct c.id from phones p join companies c on c.id = p.company_id \
             and (c.import_id is null or c.import_id <> $2) \
             and c.removed_at is null and c.merged_into is null \
             where p.org_id = $1 and p.e164 in (/*among*/)"
        }
        Carried::Email => {
            "select distinct c.id from emails e join companies c on c.id = e.company_id \
             and (c.import_id is null or c.import_id <> $2) \
             and c.removed_at is null and c.merged_into is null \
             where e.org_id = $1 and e.address_key in (/*among*/)"
        }
        Carried::Name => {
            "select c.id from companies c where c.org_id = $1 \
             and (c.import_id is null or c.import_id <> $2) \
             and c.removed_at is null and c.name_key in (/*among*/)"
        }
    };
    let fixed = vals![org, aside.map(|id| id.to_string()).unwrap_or_default()].to_vec();
    let among: Vec<Val> = keys.iter().map(Val::from).collect();
    tx.all_among(text, &fixed, &among).await?.iter().map(|row| row.id("id")).collect()
}

/// The companies of the base with each of these numbers; of a number that more than so many carry,
/// none.
pub async fn list_with_numbers(
    tx: &mut Tx,
    org: OrgId,
    (numbers, most): (&[String], i64),
) -> Outcome<BTreeMap<String, Vec<CompanyId>>> {
    let among: Vec<Val> = numbers.iter().map(Val::from).collect();
    let rows = tx
        .all_among(
            "select distinct p.e164 as k, c.id as company from phones p \
             join companies c on c.id = p.company_id \
             and c.removed_at is null and c.merged_into is null \
             where p.org_id = $1 and p.e164 in (select r.e164 from phones r \
               join companies d on d.id = r.company_id \
               and d.removed_at is null and d.merged_into is null \
               where r.org_id = $1 and r.e164 in (/*among*/) group by r.e164 \
               having count(distinct d.id) <= $2) \
             order by k, company",
            vals![org, most],
            &among,
        )
        .await?;
    let mut all: BTreeMap<String, Vec<CompanyId>> = BTreeMap::new();
    for row in &rows {
        all.entry(row.text("k")?).or_default().push(row.id("company")?);
    }
    Ok(all)
}

/// The companies with one of these numbers of registration, as search finds them.
pub async fn list_registered(tx: &mut Tx, org: OrgId, ogrns: &[String]) -> Outcome<Vec<CompanyId>> {
    let among: Vec<Val> = ogrns.iter().map(Val::from).collect();
    tx.all_among(
        "select c.id from search_terms t join companies c on c.id = t.company_id \
         and c.ogrn = t.term and c.removed_at is null \
         where t.org_id = $1 and t.term in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

/// Companies that were removed and had one of these tax numbers or names. One that more than 256 of
/// them had says nothing and is not answered: a list of thousands that was taken back would be read
/// whole for every batch of it that is brought again.
pub async fn list_removed(
    tx: &mut Tx,
    org: OrgId,
    (tax_ids, names): (&[String], &[String]),
) -> Outcome<Vec<Company>> {
    let mut found = BTreeMap::new();
    for (text, keys) in [
        (
            "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, \
             address, website, industry, source, owner_id, owner_tier, team_id, import_id, \
             merged_into, removed_at, version, made_at from companies \
             where org_id = $1 and removed_at is not null \
             and tax_id in (select r.tax_id from companies r where r.org_id = $1 \
               and r.removed_at is not null and r.tax_id in (/*among*/) \
               group by r.tax_id having count(*) <= 256)",
            tax_ids,
        ),
        (
            "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, \
             address, website, industry, source, owner_id, owner_tier, team_id, import_id, \
             merged_into, removed_at, version, made_at from companies \
             where org_id = $1 and removed_at is not null \
             and name_key in (select r.name_key from companies r where r.org_id = $1 \
               and r.removed_at is not null and r.name_key in (/*among*/) \
               group by r.name_key having count(*) <= 256)",
            names,
        ),
    ] {
        let among: Vec<Val> = keys.iter().map(Val::from).collect();
        for row in tx.all_among(text, vals![org], &among).await? {
            let company = super::read(&row)?;
            found.insert(company.id, company);
        }
    }
    Ok(found.into_values().collect())
}

/// The companies with these numbers; of one that was merged, its survivor.
pub async fn list_numbered(
    tx: &mut Tx,
    org: OrgId,
    numbers: &[i64],
) -> Outcome<Vec<(i64, CompanyId)>> {
    let among: Vec<Val> = numbers.iter().map(|number| Val::from(*number)).collect();
    tx.all_among(
        "select number, coalesce(merged_into, id) as standing from companies \
         where org_id = $1 and number in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.int("number")?, row.id("standing")?)))
    .collect()
}

pub async fn list_emails_of(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<HashMap<CompanyId, Vec<CompanyEmail>>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    let rows = tx
        .all_among(
            "select company_id, coalesce((select j.joined_id from contacts j \
               where j.id = emails.contact_id), contact_id) as contact_id, address from emails \
             where org_id = $1 and company_id in (/*among*/) order by made_at, id",
            vals![org],
            &among,
        )
        .await?;
    let mut all: HashMap<CompanyId, Vec<CompanyEmail>> = HashMap::new();
    for row in &rows {
        let email =
            CompanyEmail { contact: row.opt_id("contact_id")?, address: row.text("address")? };
        all.entry(row.id("company_id")?).or_default().push(email);
    }
    Ok(all)
}

/// The records that were joined to others, each with the one that stands for it.
pub async fn list_joined_of(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<(ContactId, Contact)>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, company_id, name, role, is_decision_maker, gone_at, gone_reason, version, \
         joined_id from contacts where org_id = $1 and company_id in (/*among*/) \
         and joined_id is not null order by made_at, id",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("joined_id")?, super::read_contact(row)?)))
    .collect()
}

pub async fn list_contacts_of(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<Contact>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, company_id, name, role, is_decision_maker, gone_at, gone_reason, version \
         from contacts where org_id = $1 and company_id in (/*among*/) \
         and joined_id is null order by made_at, id",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(super::read_contact)
    .collect()
}
