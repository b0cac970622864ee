//! Rows of companies that left the base while the file was written: nothing is written to those,
//! and the row is returned with the reason.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::companies::Company;
use crate::companies::actions as companies;
use crate::companies::alike::Remark;

/// What is told of a row whose company was taken out of the base meanwhile.
pub(in crate::imports) const LEFT: &str = "row-company-left";
/// What is told of a row whose company was merged into another meanwhile.
pub(in crate::imports) const MERGED: &str = "row-company-merged";

/// Makes rows bad whose company is in the base no more: nothing of them was taken.
pub(super) async fn return_rows(
    tx: &mut Tx,
    org: OrgId,
    judged: &mut [Judged],
    lines: &BTreeSet<i64>,
) -> Outcome<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let is_left = |one: &&mut Judged| lines.contains(&one.draft.line);
    let ids: Vec<CompanyId> =
        judged.iter_mut().filter(is_left).filter_map(|one| one.company).collect();
    let mut known = list(tx, org, &ids).await?;
    let survivors: Vec<CompanyId> = known.values().filter_map(|one| one.merged_into).collect();
    known.extend(list(tx, org, &survivors).await?);
    for one in judged.iter_mut().filter(is_left) {
        let Some(company) = one.company.take().and_then(|id| known.get(&id)) else { continue };
        let number = |company: &Company| company.number.to_string();
        let survivor = company.merged_into.and_then(|id| known.get(&id));
        let why = match survivor {
            Some(survivor) => Remark::new(MERGED).with("other", number(survivor)),
            None => Remark::new(LEFT),
        };
        one.verdict = Verdict::Bad;
        one.remarks = vec![why.with("number", number(company))];
    }
    Ok(())
}

async fn list(tx: &mut Tx, org: OrgId, ids: &[CompanyId]) -> Outcome<BTreeMap<CompanyId, Company>> {
    let all = companies::list_by_ids(tx, org, ids).await?;
    Ok(all.into_iter().map(|company| (company.id, company)).collect())
}
