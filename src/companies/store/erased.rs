//! Statements about people who are erased, and about what they are recognised by again.

use std::collections::HashMap;

use crate::companies::erased::Trace;
use crate::companies::suppression::Secret;
use crate::companies::*;
use crate::storage::{Tx, Val};
use crate::vals;

/// A number or a mail address that may be a person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reachable {
    /// Its id.
    pub id: String,
    /// `phone` or `email`.
    pub what: &'static str,
    /// The number or the address.
    pub value: String,
    /// Whose it is said to be.
    pub contact: Option<ContactId>,
    /// How many records of companies carry it.
    pub carriers: i64,
}

/// The numbers and addresses of a company and of what was merged into it.
pub async fn list_reachable(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<Reachable>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    let phones = tx
        .all_among(
            "select p.id, p.e164 as said, coalesce((select j.joined_id from contacts j \
               where j.id = p.contact_id), p.contact_id) as contact_id, \
             (select count(*) from phones o \
             where o.org_id = $1 and o.e164 = p.e164) as carriers from phones p \
             where p.org_id = $1 and p.company_id in (/*among*/) order by p.made_at, p.id",
            vals![org],
            &among,
        )
        .await?;
    let emails = tx
        .all_among(
            "select e.id, e.address as said, coalesce((select j.joined_id from contacts j \
               where j.id = e.contact_id), e.contact_id) as contact_id, \
             (select count(*) from emails o \
             where o.org_id = $1 and o.address_key = e.address_key) as carriers from emails e \
             where e.org_id = $1 and e.company_id in (/*among*/) order by e.made_at, e.id",
            vals![org],
            &among,
        )
        .await?;
    let both = phones.iter().map(|row| (row, "phone"));
    both.chain(emails.iter().map(|row| (row, "email")))
        .map(|(row, what)| {
            Ok(Reachable {
                id: row.text("id")?,
                what,
                value: row.text("said")?,
                contact: row.opt_id("contact_id")?,
                carriers: row.int("carriers")?,
            })
        })
        .collect()
}

/// Companies that carry any of these numbers or addresses.
pub async fn list_carrying(
    tx: &mut Tx,
    org: OrgId,
    (phones, emails): (&[String], &[String]),
) -> Outcome<Vec<CompanyId>> {
    let among = |values: &[String]| values.iter().map(Val::from).collect::<Vec<Val>>();
    let mut rows = tx
        .all_among(
            "select distinct company_id from phones where org_id = $1 and e164 in (/*among*/)",
            vals![org],
            &among(phones),
        )
        .await?;
    rows.extend(
        tx.all_among(
            "select distinct company_id from emails \
             where org_id = $1 and address_key in (/*among*/)",
            vals![org],
            &among(emails),
        )
        .await?,
    );
    rows.iter().map(|row| row.id("company_id")).collect()
}

/// Takes a number out of every record.
pub async fn delete_number(tx: &mut Tx, org: OrgId, e164: &str) -> Outcome<u64> {
    tx.run("delete from phones where org_id = $1 and e164 = $2", vals![org, e164]).await
}

/// Takes a mail address out of every record.
pub async fn delete_address(tx: &mut Tx, org: OrgId, address: &str) -> Outcome<u64> {
    tx.run(
        "delete from emails where org_id = $1 and address_key = $2",
        vals![org, address.to_lowercase()],
    )
    .await
}

/// Takes a person out.
pub async fn delete_person(tx: &mut Tx, org: OrgId, contact: ContactId) -> Outcome<u64> {
    tx.run("delete from contacts where org_id = $1 and id = $2", vals![org, contact]).await
}

/// Takes out of a record what it says of the person who is its company; town and trade stay. Where
/// the record came from may name them, too.
pub async fn update_nameless(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (name, key): (&str, &str),
) -> Outcome<u64> {
    tx.run(
        "update companies set name = $3, name_key = $4, full_name = null, tax_id = null, \
         kpp = null, ogrn = null, address = null, website = null, source = null \
         where org_id = $1 and id = $2",
        vals![org, company, name, key],
    )
    .await
}

/// The company is another than it was read as.
pub async fn update_version(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update companies set version = version + 1, changed_at = $3 \
         where org_id = $1 and id = $2",
        vals![org, company, now],
    )
    .await
}

/// Keeps what somebody is recognised by.
pub async fn insert_traces(
    tx: &mut Tx,
    org: OrgId,
    secret: &Secret,
    (number, traces): (i64, &[Trace]),
) -> Outcome<u64> {
    let rows: Vec<Vec<Val>> =
        traces.iter().map(|trace| vals![org, trace.hash(secret), number].to_vec()).collect();
    tx.insert_many(
        "insert into erased_traces (org_id, trace, number) values",
        &rows,
        "on conflict (org_id, trace) do nothing",
    )
    .await
}

/// True where anybody was erased in the firm.
pub async fn has_traces(tx: &mut Tx, org: OrgId) -> Outcome<bool> {
    let found =
        tx.maybe("select number from erased_traces where org_id = $1 limit 1", vals![org]).await?;
    Ok(found.is_some())
}

/// Those of these traces that somebody left, with the numbers of the acts.
pub async fn list_traces(
    tx: &mut Tx,
    org: OrgId,
    hashes: &[String],
) -> Outcome<HashMap<String, i64>> {
    let among: Vec<Val> = hashes.iter().map(Val::from).collect();
    tx.all_among(
        "select trace, number from erased_traces where org_id = $1 and trace in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("trace")?, row.int("number")?)))
    .collect()
}

/// Every number and address that any card carries, registered numbers of companies included.
pub async fn list_carried(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Trace>> {
    let phones =
        tx.all("select distinct e164 as said from phones where org_id = $1", vals![org]).await?;
    let emails = tx
        .all("select distinct address_key as said from emails where org_id = $1", vals![org])
        .await?;
    let registered = tx
        .all(
            "select tax_id as said from companies where org_id = $1 and tax_id is not null \
             and removed_at is null union select ogrn from companies \
             where org_id = $1 and ogrn is not null and removed_at is null",
            vals![org],
        )
        .await?;
    let mut traces = Vec::new();
    for row in &registered {
        traces.push(Trace::company(&row.text("said")?));
    }
    for row in &phones {
        traces.push(Trace::phone(&row.text("said")?));
    }
    for row in &emails {
        traces.push(Trace::email(&row.text("said")?));
    }
    Ok(traces)
}
