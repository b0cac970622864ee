//! Companies that left the base: they neither block nor come back, but are told of.

use std::collections::{BTreeMap, HashSet};

use linkage::duplicates::{Index, Strength};

use crate::companies::alike::{Asked, Known, record_of_known, record_of_new};
use crate::companies::store;
use crate::companies::*;
use crate::storage::Tx;

/// For each company asked about the one that was removed and certainly was it, if there is one.
pub async fn list_removed_alike(
    tx: &mut Tx,
    org: OrgId,
    asked: &[Asked<'_>],
) -> Outcome<Vec<Option<Company>>> {
    let tax_ids: Vec<String> = asked.iter().filter_map(|asked| asked.new.tax_id.clone()).collect();
    let names: Vec<String> = asked.iter().map(|asked| name_key(&asked.new.name)).collect();
    let gone = store::list_removed(tx, org, (&tax_ids, &names)).await?;
    if gone.is_empty() {
        return Ok(vec![None; asked.len()]);
    }
    let known = with_parts(tx, org, gone).await?;
    let nobody = HashSet::new();
    let mut index = Index::new();
    for (id, known) in (0..).zip(&known) {
        index.add(&record_of_known(id, known, &nobody));
    }
    let first = known.len() as u64;
    let of = |(id, asked): (u64, &Asked<'_>)| {
        let found = index.find(&record_of_new(id, asked, &nobody));
        let same = found.iter().find(|found| {
            found.strength == Strength::Certain
                || found.reasons.iter().any(|reason| reason.code() == "same_tax_id")
        })?;
        Some(known.get(usize::try_from(same.b).ok()?)?.company.clone())
    };
    Ok((first..).zip(asked).map(of).collect())
}

async fn with_parts(tx: &mut Tx, org: OrgId, gone: Vec<Company>) -> Outcome<Vec<Known>> {
    let ids: Vec<CompanyId> = gone.iter().map(|company| company.id).collect();
    let mut phones: BTreeMap<CompanyId, Vec<CompanyPhone>> = BTreeMap::new();
    for phone in store::list_phones_of(tx, org, &ids).await? {
        phones.entry(phone.company).or_default().push(phone);
    }
    let mut emails = store::list_emails_of(tx, org, &ids).await?;
    Ok(gone
        .into_iter()
        .map(|company| Known {
            phones: phones.remove(&company.id).unwrap_or_default(),
            emails: emails.remove(&company.id).unwrap_or_default(),
            ..Known::bare(company)
        })
        .collect())
}
