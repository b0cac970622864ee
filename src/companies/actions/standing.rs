//! Which record stands for a company, held so that no merge and no undoing comes between the look
//! and what is written by it.
//!
//! A merge holds both companies before it moves what belongs to them. Who holds a record of a
//! company and then wants the company takes them in the same order: in the other one, the two
//! would wait for each other.

use std::collections::BTreeSet;

use crate::companies::{Company, store};
use crate::people::Scope;
use crate::storage::Tx;
use crate::values::*;

/// The company that stands for this one now, itself or the survivor of its merges; it goes on
/// standing until the transaction ends. Others may hold it so at the same time; who takes it for
/// update, as a merge does, waits.
pub async fn hold_standing(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<CompanyId> {
    loop {
        let standing = store::find_standing(tx, org, id).await?.ok_or(Error::NotFound)?;
        store::hold(tx, org, standing).await?;
        // A merge that was waited for has put another in its place.
        if store::find_standing(tx, org, id).await? == Some(standing) {
            return Ok(standing);
        }
    }
}

/// The same company, held against everybody until the transaction ends.
pub async fn find_standing_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: CompanyId,
) -> Outcome<Option<Company>> {
    loop {
        let Some(standing) = store::find_standing(tx, org, id).await? else { return Ok(None) };
        let found = store::find_for_update(tx, org, standing).await?;
        // What stands for itself and is held goes on to; for another it may have been parted from.
        let is_itself =
            standing == id && found.as_ref().is_some_and(|company| company.merged_into.is_none());
        if is_itself || store::find_standing(tx, org, id).await? == Some(standing) {
            return Ok(found);
        }
    }
}

/// The company that [`super::find_seen`] answers, held as [`hold_standing`] does: for whoever then
/// writes something for it.
pub async fn find_seen_held(
    tx: &mut Tx,
    scope: &Scope,
    id: CompanyId,
    now: Instant,
) -> Outcome<Option<Company>> {
    if store::find_standing(tx, scope.org, id).await?.is_none() {
        return Ok(None);
    }
    let standing = hold_standing(tx, scope.org, id).await?;
    super::find_seen(tx, scope, standing, now).await
}

/// Holds the companies of several records before the records themselves, always in one order.
pub async fn hold_all_for_update(
    tx: &mut Tx,
    org: OrgId,
    companies: impl Iterator<Item = CompanyId>,
) -> Outcome<()> {
    for id in companies.collect::<BTreeSet<CompanyId>>() {
        find_standing_for_update(tx, org, id).await?;
    }
    Ok(())
}
