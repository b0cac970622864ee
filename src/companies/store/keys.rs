//! Statements about the keys by which companies are recognised.

use std::collections::HashMap;

use crate::companies::{CompanyEmail, Contact};
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

/// How many companies of the base carry each of these keys.
pub async fn count_carriers(
    tx: &mut Tx,
    org: OrgId,
    by: Carried,
    keys: &[String],
) -> Outcome<HashMap<String, i64>> {
    let text = match by {
        Carried::TaxId => {
            "select tax_id as k, count(*) as n from companies where org_id = $1 \
             and removed_at is null and merged_into is null and tax_id in (/*among*/) \
             group by tax_id"
        }
        Carried::Phone => {
            "select e164 as k, count(*) as n from phones where org_id = $1 \
             and e164 in (/*among*/) group by e164"
        }
        Carried::Email => {
            "select address_key as k, count(*) as n from emails where org_id = $1 \
             and address_key in (/*among*/) group by address_key"
        }
        Carried::Name => {
            "select name_key as k, count(*) as n from companies where org_id = $1 \
             and removed_at is null and merged_into is null and name_key in (/*among*/) \
             group by name_key"
        }
    };
    let among: Vec<Val> = keys.iter().map(Val::from).collect();
    let rows = tx.all_among(text, vals![org], &among).await?;
    rows.iter().map(|row| Ok((row.text("k")?, row.int("n")?))).collect()
}

/// The companies that carry any of these keys.
pub async fn list_carriers(
    tx: &mut Tx,
    org: OrgId,
    by: Carried,
    keys: &[String],
) -> Outcome<Vec<CompanyId>> {
    let text = match by {
        Carried::TaxId => {
            "select id from companies where org_id = $1 and removed_at is null \
             and merged_into is null and tax_id in (/*among*/)"
        }
        Carried::Phone => {
            "select distinct company_id as id from phones where org_id = $1 \
             and e164 in (/*among*/)"
        }
        Carried::Email => {
            "select distinct company_id as id from emails where org_id = $1 \
             and address_key in (/*among*/)"
        }
        Carried::Name => {
            "select id from companies where org_id = $1 and removed_at is null \
             and merged_into is null and name_key in (/*among*/)"
        }
    };
    let among: Vec<Val> = keys.iter().map(Val::from).collect();
    tx.all_among(text, vals![org], &among).await?.iter().map(|row| row.id("id")).collect()
}

pub async fn list_emails_of(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<HashMap<CompanyId, Vec<CompanyEmail>>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    let rows = tx
        .all_among(
            "select company_id, contact_id, address from emails \
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

pub async fn list_contacts_of(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<Contact>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, company_id, name, role, is_decision_maker, gone_at, gone_reason, version \
         from contacts where org_id = $1 and company_id in (/*among*/) order by made_at, id",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(super::read_contact)
    .collect()
}
