//! Whom a ban touches besides the company it was stated for: whoever carries what it covers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::bans::{identities, recognised_by};
use crate::companies::store::{self, Carried};
use crate::companies::suppression::Target;
use crate::companies::*;
use crate::storage::Tx;

/// Companies that an event names, at most.
const NAMED_MAX: usize = if cfg!(test) { 3 } else { 500 };
/// What it says where there are more.
const MANY: &str = "many";

/// The other companies that carry any of these targets, as the event of a ban names them: a number
/// is barred wherever it stands, and the scores of all who carry it follow.
pub(super) async fn others(
    tx: &mut Tx,
    org: OrgId,
    company: Option<CompanyId>,
    targets: &[Target],
) -> Outcome<Value> {
    let mut others = list_carriers(tx, org, targets).await?;
    if let Some(company) = company {
        others.remove(&company);
    }
    if others.len() > NAMED_MAX {
        return Ok(Value::from(MANY));
    }
    Ok(others.into_iter().map(|id| Value::from(id.to_string())).collect())
}

/// The others that the event of a ban names; `None` where they were too many to name.
pub fn read_others(detail: &Value) -> Option<Vec<CompanyId>> {
    let others = detail.get("others");
    if others.and_then(Value::as_str) == Some(MANY) {
        return None;
    }
    let all = others.and_then(Value::as_array).into_iter().flatten();
    Some(all.filter_map(|id| id.as_str()?.parse().ok()).collect())
}

/// What a ban covers of a company, its numbers and its people, as they stand now.
pub(super) async fn list_covered(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    ban: SuppressionId,
) -> Outcome<Vec<Target>> {
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(Vec::new()) };
    let covered = store::list_targets(tx, org, ban).await?;
    let phones = store::list_phones(tx, org, company).await?;
    let all = identities(tx, org, company)
        .await?
        .into_iter()
        .chain(phones.into_iter().map(|phone| Target::Phone(phone.phone.e164)));
    Ok(all.filter(|target| covered.contains(&target.hash(&secret))).collect())
}

/// The companies that stand in the base with a number.
pub async fn list_with_number(tx: &mut Tx, org: OrgId, e164: &str) -> Outcome<Vec<CompanyId>> {
    store::list_carriers(tx, (org, None), Carried::Phone, &[e164.to_owned()]).await
}

/// The companies that stand in the base with each of these numbers, in one question; a number that
/// more than so many carry says nothing of whose it is and is not answered.
pub async fn list_with_numbers(
    tx: &mut Tx,
    org: OrgId,
    asked: (&[String], i64),
) -> Outcome<BTreeMap<String, Vec<CompanyId>>> {
    store::list_with_numbers(tx, org, asked).await
}

/// The companies of the base that carry any of these targets.
async fn list_carriers(
    tx: &mut Tx,
    org: OrgId,
    targets: &[Target],
) -> Outcome<BTreeSet<CompanyId>> {
    let mut keys: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for target in targets {
        let (by, key) = match target {
            Target::Phone(e164) => ("phone", e164),
            Target::TaxId(tax_id) => ("tax", tax_id),
            Target::Registration(ogrn) => ("registration", ogrn),
            Target::Name(name, _) => ("name", name),
            Target::Company(_) | Target::Contact(_) | Target::RegisteredName(..) => continue,
        };
        keys.entry(by).or_default().push(key.clone());
    }
    let of = |by: &str| keys.get(by).map_or(&[][..], Vec::as_slice);
    let by_number = store::list_carriers(tx, (org, None), Carried::Phone, of("phone")).await?;
    let mut alike = store::list_carriers(tx, (org, None), Carried::TaxId, of("tax")).await?;
    alike.extend(store::list_carriers(tx, (org, None), Carried::Name, of("name")).await?);
    let mut carriers: BTreeSet<CompanyId> = by_number.into_iter().collect();
    alike.extend(store::list_registered(tx, org, of("registration")).await?);
    for record in store::list_by_ids(tx, org, &alike).await? {
        // A name is met in its town only. One that was merged is its survivor.
        if recognised_by(&record).any(|target| targets.contains(&target)) {
            carriers.insert(record.merged_into.unwrap_or(record.id));
        }
    }
    Ok(carriers)
}
