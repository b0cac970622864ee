//! Branches that a file brings are tied to their heads as they are added.

use std::collections::HashMap;

use super::*;
use crate::companies::actions as companies;
use crate::companies::ties::{Tie, TieKind};
use crate::imports::brought;
use crate::imports::judge::Place;

/// Ties the new companies that are branches; `of_rows` has the companies that rows above brought.
/// A head that was merged meanwhile is the one it was merged into; of one that was taken out of the
/// base nothing is a branch.
pub(super) async fn tie_new(
    tx: &mut Tx,
    act: &Act,
    judged: &[Judged],
    of_rows: &HashMap<i64, CompanyId>,
) -> Outcome<()> {
    let mut tied: Vec<(CompanyId, CompanyId)> = Vec::new();
    for one in judged {
        let Some((head, company)) = one.branch_of.zip(one.company) else { continue };
        let head = match head {
            Place::Base(company) => Some(company),
            Place::Row(line) => of_rows.get(&line).copied(),
        };
        let head = head.ok_or_else(|| Error::failure("the head of a branch is missing"))?;
        tied.push((company, head));
    }
    let mut heads: Vec<CompanyId> = tied.iter().map(|(_, head)| *head).collect();
    heads.sort_unstable();
    heads.dedup();
    let standing = brought::list_survivors(tx, act.org, &heads).await?;
    let (kind, made_at) = (TieKind::Branch, act.now);
    let tie = |(company, head): (CompanyId, CompanyId)| {
        let other = *standing.get(&head)?;
        Some(Tie { id: TieId::fresh(made_at), kind, company, other, made_at })
    };
    let ties: Vec<Tie> = tied.into_iter().filter_map(tie).collect();
    companies::write_ties_in(tx, act, &ties).await
}
