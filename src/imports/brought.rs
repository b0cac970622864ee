//! Rows that an earlier import brought already: what they became, and where that is now.

use std::collections::{BTreeSet, HashMap};

use super::store;
use crate::companies;
use crate::storage::Tx;
use crate::values::*;

/// A row that said the same in an earlier import, and the company it is.
#[derive(Debug, Clone)]
pub(super) struct Brought {
    pub import: ImportId,
    pub number: i64,
    pub line: i64,
    pub company: CompanyId,
}

/// Rows of other imports that said the same, whose companies are in the base, by their digest: of
/// several the one of the oldest import.
pub(super) async fn list(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    digests: &[&str],
) -> Outcome<HashMap<String, Brought>> {
    let rows = store::list_said_before(tx, org, import, digests).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let numbers = store::list_standing(tx, org).await?;
    let companies: BTreeSet<CompanyId> = rows.iter().map(|row| row.company).collect();
    let companies: Vec<CompanyId> = companies.into_iter().collect();
    let standing = list_survivors(tx, org, &companies).await?;
    let mut brought: HashMap<String, Brought> = HashMap::new();
    for row in rows {
        let both = (numbers.get(&row.import), standing.get(&row.company));
        let (Some(&number), Some(&company)) = both else { continue };
        let line = row.line;
        let is_older = |known: &Brought| (number, line) < (known.number, known.line);
        if brought.get(&row.digest).is_none_or(is_older) {
            let import = row.import;
            brought.insert(row.digest, Brought { import, number, line, company });
        }
    }
    Ok(brought)
}

/// For each of these companies the one that stands for it in the base now: itself, or the survivor
/// of those it was merged into. Those that are gone for good are left out.
pub(super) async fn list_survivors(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
) -> Outcome<HashMap<CompanyId, CompanyId>> {
    let mut standing = HashMap::new();
    let mut now: HashMap<CompanyId, Vec<CompanyId>> =
        ids.iter().map(|id| (*id, vec![*id])).collect();
    // A record that was merged into one that was merged later leads on; each step leads nearer.
    while !now.is_empty() {
        let asked: Vec<CompanyId> = now.keys().copied().collect();
        let mut next: HashMap<CompanyId, Vec<CompanyId>> = HashMap::new();
        for company in companies::actions::list_by_ids(tx, org, &asked).await? {
            let whose = now.remove(&company.id).unwrap_or_default();
            match company.merged_into {
                Some(survivor) => next.entry(survivor).or_default().extend(whose),
                None if company.removed_at.is_none() => {
                    standing.extend(whose.into_iter().map(|id| (id, company.id)));
                }
                None => {}
            }
        }
        now = next;
    }
    Ok(standing)
}
