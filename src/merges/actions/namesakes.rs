//! People who stand at both companies of a merge stand once, and part with them again.
//!
//! The record of the survivor stays; the other one stands behind it. What named it before –
//! numbers, mail addresses, dates, meetings – goes on naming it and is read as that of the one that
//! stays, so that nothing of it is to be given back. Only what the record that stays lacks is
//! written into it, and noted as any value that a merge changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::companies::{self, Contact};
use crate::merges::namesakes::{self, Known};
use crate::merges::store::{self, Behind};
use crate::merges::*;
use crate::storage::{Act, Tx};

/// Who stands at both companies and will stand once.
pub async fn list_namesakes(
    tx: &mut Tx,
    org: OrgId,
    (left, right): (CompanyId, CompanyId),
) -> Outcome<Vec<Namesake>> {
    let (left, right) = (list_people(tx, org, left).await?, list_people(tx, org, right).await?);
    Ok(namesakes::find(&left, &right))
}

async fn list_people(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Known>> {
    let contacts = companies::actions::list_contacts(tx, org, company).await?;
    let phones = companies::actions::list_phones(tx, org, company).await?;
    let emails = companies::actions::list_emails(tx, org, company).await?;
    Ok(namesakes::known(contacts, &phones, &emails))
}

/// Who of both companies is joined: the record that stays, and the other. Those that are to stay
/// apart are named by either of their records.
pub(super) async fn choose(
    tx: &mut Tx,
    org: OrgId,
    (loser, survivor): (CompanyId, CompanyId),
    apart: &BTreeSet<ContactId>,
) -> Outcome<Vec<(Contact, Contact)>> {
    let mut all = BTreeSet::new();
    for company in [survivor, loser] {
        let contacts = companies::actions::list_contacts(tx, org, company).await?;
        all.extend(contacts.into_iter().map(|one| one.id));
    }
    if !apart.is_subset(&all) {
        return Err(Fields::one("apart", "unknown-choice"));
    }
    let found = list_namesakes(tx, org, (survivor, loser)).await?;
    let is_one =
        |pair: &Namesake| !apart.contains(&pair.left.id) && !apart.contains(&pair.right.id);
    Ok(found.into_iter().filter(is_one).map(|pair| (pair.left, pair.right)).collect())
}

/// Joins them, once both stand on one card.
pub(super) async fn join(
    tx: &mut Tx,
    act: &Act,
    merge: MergeId,
    chosen: &[(Contact, Contact)],
) -> Outcome<()> {
    for (stays, other) in chosen {
        store::update_joined(tx, act.org, (other.id, stays.id)).await?;
        store::update_looked_at(tx, act.org, stays.id).await?;
        fill(tx, act, merge, (stays, other)).await?;
    }
    Ok(())
}

async fn fill(
    tx: &mut Tx,
    act: &Act,
    merge: MergeId,
    (stays, other): (&Contact, &Contact),
) -> Outcome<()> {
    let row = stays.id.to_string();
    for (field, before, after) in namesakes::lacking(stays, other) {
        let from = before.as_deref().unwrap_or("");
        let place = (row.as_str(), field.code());
        if store::update_filled(tx, act.org, place, (from, &after)).await? > 0 {
            let place = ("contacts", row.as_str(), field.code());
            store::insert_change(tx, act.org, merge, place, (before, after)).await?;
        }
    }
    Ok(())
}

/// Parts the people of companies that stand for themselves again. Whoever stood behind somebody who
/// is gone stands for themselves; several of one person behind the one who would have stayed.
pub(super) async fn part(tx: &mut Tx, act: &Act, companies: [CompanyId; 2]) -> Outcome<()> {
    for company in companies {
        let parted = store::list_parted(tx, act.org, company).await?;
        if parted.is_empty() {
            continue;
        }
        let edges = store::list_edges(tx, act.org, company).await?;
        let line = line_of(company, &edges);
        let mut groups: BTreeMap<ContactId, Vec<Behind>> = BTreeMap::new();
        for one in parted {
            groups.entry(one.stands).or_default().push(one);
        }
        for mut group in groups.into_values() {
            group.sort_by_key(|one| line.iter().position(|id| *id == one.home));
            let stays = group.remove(0);
            store::update_stands_for(tx, act.org, stays.contact, None).await?;
            for other in group {
                let front = Some(stays.contact);
                store::update_stands_for(tx, act.org, other.contact, front).await?;
                if let Some(merge) = between(&edges, (stays.home, other.home)) {
                    refill(tx, act, merge, (stays.contact, other.contact)).await?;
                }
            }
        }
    }
    Ok(())
}

/// The company and what was merged into it, each before those that came after it: whose person
/// comes first in this line is the one that merging in that order would have kept.
fn line_of(company: CompanyId, edges: &[Merge]) -> Vec<CompanyId> {
    let mut below: Vec<&Merge> = edges.iter().filter(|edge| edge.survivor == company).collect();
    below.sort_by_key(|edge| edge.number);
    let mut line = vec![company];
    for edge in below {
        line.extend(line_of(edge.loser, edges));
    }
    line
}

/// The merge that brought the home of the second to that of the first.
fn between(edges: &[Merge], (first, second): (CompanyId, CompanyId)) -> Option<MergeId> {
    let way = |from: CompanyId| {
        let mut way = Vec::new();
        let mut at = from;
        while let Some(edge) = edges.iter().find(|edge| edge.loser == at) {
            way.push(edge);
            at = edge.survivor;
        }
        way
    };
    let known: Vec<MergeId> = way(first).iter().map(|edge| edge.id).collect();
    way(second).iter().rev().find(|edge| !known.contains(&edge.id)).map(|edge| edge.id)
}

async fn refill(
    tx: &mut Tx,
    act: &Act,
    merge: MergeId,
    (stays, other): (ContactId, ContactId),
) -> Outcome<()> {
    let Some(stays) = companies::actions::find_contact(tx, act.org, stays).await? else {
        return Ok(());
    };
    let joined = companies::actions::list_joined(tx, act.org, stays.company).await?;
    match joined.into_iter().find(|(_, one)| one.id == other) {
        Some((_, other)) => fill(tx, act, merge, (&stays, &other)).await,
        None => Ok(()),
    }
}
