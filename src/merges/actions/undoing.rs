//! A merge is taken back: both companies stand for themselves again.

use std::collections::{BTreeMap, BTreeSet};

use super::merging::owner_text;
use super::{clients, find_merge, namesakes};
use crate::begin;
use crate::companies::forms::Details;
use crate::companies::{self, Company};
use crate::events::{Event, Kind};
use crate::leads::keeping;
use crate::merges::fields::{self, Field};
use crate::merges::store::{self, Change, LeadPlace};
use crate::merges::*;
use crate::people::Viewer;
use crate::storage::{Act, Tx};

/// Parts two companies again, however long ago they were merged and whatever was merged since.
pub async fn undo(act: &Act, viewer: &Viewer, id: MergeId) -> Outcome<()> {
    let mut tx = begin!(act);
    let merge = find_merge(&mut tx, viewer, id, act.now).await?;
    undo_in(&mut tx, act, &merge).await?;
    tx.finish(()).await
}

/// The same as a part of taking a decision back.
pub async fn undo_in(tx: &mut Tx, act: &Act, merge: &Merge) -> Outcome<()> {
    companies::actions::hold_base(tx, act.org).await?;
    let loser = companies::actions::find_for_update(tx, act.org, merge.loser).await?;
    let loser = loser.ok_or(Error::NotFound)?;
    let done = (act.actor, act.now);
    let Some(root) = loser.merged_into else { return Err(MergeRefusal::Undone.into()) };
    if merge.undone_at.is_some() || store::update_undone(tx, act.org, merge.id, done).await? == 0 {
        return Err(MergeRefusal::Undone.into());
    }
    let root = companies::actions::find_for_update(tx, act.org, root).await?;
    let root = root.ok_or(Error::NotFound)?;
    if let Some(holder) = store::find_holder(tx, act.org, (root.id, loser.id)).await? {
        return Err(MergeRefusal::Held(super::name_of(tx, act.org, holder).await?).into());
    }
    part_records(tx, act, merge, root.id).await?;
    let kept = give_back_changes(tx, act, merge).await?;
    for table in store::MOVED {
        store::give(tx, table, act.org, loser.id).await?;
    }
    for company in way_up(tx, act.org, merge, root.id).await? {
        store::give_sights(tx, act.org, (company, loser.id)).await?;
    }
    store::give_ties(tx, act.org, loser.id).await?;
    store::give_followers(tx, act.org, (root.id, loser.id)).await?;
    namesakes::part(tx, act, [root.id, loser.id]).await?;
    store::update_returned(tx, act.org, loser.id, act.now).await?;
    store::update_followers_returned(tx, act.org, loser.id, act.now).await?;
    reopen_leads(tx, act, loser.id).await?;
    clients::part(tx, act, [loser.id, root.id]).await?;
    for top in [root.id, loser.id] {
        move_up(tx, act, top).await?;
    }
    let strays = store::list_after(tx, act.org, (root.id, merge.made_at)).await?;
    store::insert_strays(tx, act.org, merge.id, &strays).await?;
    for company in [root.id, loser.id] {
        companies::actions::refresh_terms_in(tx, act.org, company).await?;
    }
    store::update_reopened(tx, act.org, merge.id).await?;
    tell(tx, act, merge, (&root, &loser), (strays.len(), &kept)).await
}

async fn tell(
    tx: &mut Tx,
    act: &Act,
    merge: &Merge,
    (root, loser): (&Company, &Company),
    (strays, kept): (usize, &[String]),
) -> Outcome<()> {
    let strays = i64::try_from(strays).map_err(Error::failure)?;
    for company in [root, loser] {
        Event::new(Kind::MergeUndone, merge.id)
            .company(company.id)
            .person(act.actor)
            .with("survivor", root.id.to_string())
            .with("loser", loser.id.to_string())
            .with("number", root.number)
            .with("other_number", loser.number)
            .with("strays", strays)
            .with("kept", kept.join(","))
            .record(tx, act)
            .await?;
        tx.announce(format!("company:{}", company.id));
    }
    Ok(())
}

/// The loser stands for itself, and what was merged into it stands behind it.
async fn part_records(tx: &mut Tx, act: &Act, merge: &Merge, root: CompanyId) -> Outcome<()> {
    let edges = store::list_edges(tx, act.org, root).await?;
    let mut behind = BTreeSet::from([merge.loser]);
    // Each round finds those that were merged into what is found already.
    loop {
        let more: Vec<CompanyId> = edges
            .iter()
            .filter(|edge| behind.contains(&edge.survivor) && !behind.contains(&edge.loser))
            .map(|edge| edge.loser)
            .collect();
        if more.is_empty() {
            break;
        }
        behind.extend(more);
    }
    for company in behind {
        let survivor = (company != merge.loser).then_some(merge.loser);
        store::update_stands_behind(tx, act.org, company, (survivor, act.now)).await?;
    }
    // Who looks at the survivor looks at something else now.
    store::update_stands_behind(tx, act.org, root, (None, act.now)).await?;
    Ok(())
}

/// The companies that stood between the loser and the one that stood for it: what it brought waits
/// with the first of them whose own the next had, too.
async fn way_up(
    tx: &mut Tx,
    org: OrgId,
    merge: &Merge,
    root: CompanyId,
) -> Outcome<Vec<CompanyId>> {
    let edges = store::list_edges(tx, org, root).await?;
    let mut way = vec![merge.survivor];
    while let Some(edge) = edges.iter().find(|edge| Some(&edge.loser) == way.last()) {
        way.push(edge.survivor);
    }
    Ok(way)
}

/// What goes back once its company stands for itself, by [`clients::part`].
const CLIENTS: [&str; 3] = ["clients", "orders", "client_contracts"];

/// Gives back the values that the merge changed, unless somebody changed them since; says which
/// stay as they are.
async fn give_back_changes(tx: &mut Tx, act: &Act, merge: &Merge) -> Outcome<Vec<String>> {
    let (mut facts, mut kept) = (BTreeMap::new(), Vec::new());
    for change in store::list_changes(tx, act.org, merge.id).await? {
        if CLIENTS.contains(&change.noun.as_str()) {
            continue;
        }
        store::update_change_returned(tx, act.org, &change, act.now).await?;
        if let Some(later) = store::find_later_change(tx, act.org, &change).await? {
            // Another merge stands on this value: it is what is behind that one from now on.
            store::update_before(tx, act.org, &later, &change.before).await?;
            continue;
        }
        if let ("companies", Ok(field)) = (change.noun.as_str(), change.field.parse::<Field>()) {
            facts.insert(field, change);
        } else if give_back(tx, act, &change).await? == 0 {
            kept.push(change.field);
        }
    }
    kept.extend(give_back_facts(tx, act, merge.survivor, &facts).await?);
    Ok(kept)
}

async fn give_back_facts(
    tx: &mut Tx,
    act: &Act,
    survivor: CompanyId,
    facts: &BTreeMap<Field, Change>,
) -> Outcome<Vec<String>> {
    let company = companies::actions::find_for_update(tx, act.org, survivor).await?;
    let company = company.ok_or(Error::NotFound)?;
    let (mut details, mut kept) = (Details::of(&company), Vec::new());
    for (field, change) in facts {
        if fields::value(&company, *field) == change.after.as_deref() {
            fields::set(&mut details, *field, change.before.clone());
        } else {
            kept.push(field.code().to_owned());
        }
    }
    companies::actions::restate_in(tx, act, &company, details).await?;
    Ok(kept)
}

/// One value that is not a fact of a company; nought where it was changed since.
async fn give_back(tx: &mut Tx, act: &Act, change: &Change) -> Outcome<u64> {
    let (row, before) = (change.row.as_str(), change.before.as_deref().unwrap_or(""));
    let after = change.after.as_deref().unwrap_or("");
    match (change.noun.as_str(), change.field.as_str()) {
        ("phones", "standing") => {
            store::update_phone_standing(tx, act.org, row, (after, before)).await
        }
        ("phones", _) => {
            store::update_phone_contact(tx, act.org, row, (after, &change.before)).await
        }
        ("leads", _) => {
            let place = serde_json::from_str(before).map_err(Error::failure)?;
            give_back_lead(tx, act, row, &place).await
        }
        ("contacts", field) => {
            store::update_filled(tx, act.org, (row, field), (after, &change.before)).await
        }
        ("sights", user) => give_back_sight(tx, act, row, user).await,
        _ => give_back_owner(tx, act, change).await,
    }
}

/// The lead waits in its queue as it did, and a call that was promised is owed again.
async fn give_back_lead(tx: &mut Tx, act: &Act, row: &str, place: &LeadPlace) -> Outcome<u64> {
    let lead = row.parse().map_err(Error::failure)?;
    let given = store::update_lead_queued(tx, act.org, lead, place, act.now).await?;
    if let Some(at) = place.callback_at.filter(|_| given > 0) {
        keeping::reopen_merged_in(tx, act, lead, (at, place.callback_owner)).await?;
    }
    Ok(given)
}

/// The sight stands with the company, or with the survivor it was merged into since.
async fn give_back_sight(tx: &mut Tx, act: &Act, company: &str, user: &str) -> Outcome<u64> {
    let here = store::delete_sight(tx, (act.org, company), user).await?;
    let id: CompanyId = company.parse().map_err(Error::failure)?;
    let found = companies::actions::find(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    match found.merged_into {
        Some(survivor) if here == 0 => {
            store::delete_sight(tx, (act.org, &survivor.to_string()), user).await
        }
        _ => Ok(here),
    }
}

async fn give_back_owner(tx: &mut Tx, act: &Act, change: &Change) -> Outcome<u64> {
    let id: CompanyId = change.row.parse().map_err(Error::failure)?;
    let company = companies::actions::find(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if owner_text((company.lead, company.lead_tier, company.team)) != change.after {
        return Ok(0);
    }
    let before = change.before.as_deref().unwrap_or("");
    let mut parts = before.split(' ');
    let owner = parts.next().and_then(|text| text.parse().ok());
    let tier = parts.next().and_then(|text| text.parse().ok());
    let team = parts.next().and_then(|text| text.parse().ok());
    store::update_owner(tx, act.org, id, (owner, tier, team), act.now).await
}

/// A number or an address that waited with an alias, for the survivor had the same, takes its place
/// once that one is gone: the alias nearest to the survivor first.
async fn move_up(tx: &mut Tx, act: &Act, top: CompanyId) -> Outcome<()> {
    let edges = store::list_edges(tx, act.org, top).await?;
    let mut layer = vec![top];
    while !layer.is_empty() {
        let below = edges.iter().filter(|edge| layer.contains(&edge.survivor));
        let below: Vec<&Merge> = below.collect();
        for edge in &below {
            for table in store::MOVED.iter().filter(|table| table.may_wait()) {
                let of = (act.org, edge.id, act.now);
                store::take(tx, table, of, (edge.loser, top)).await?;
            }
        }
        layer = below.iter().map(|edge| edge.loser).collect();
    }
    Ok(())
}

/// Leads that another merge closed are worked again, now that their company stands for itself.
async fn reopen_leads(tx: &mut Tx, act: &Act, company: CompanyId) -> Outcome<()> {
    for change in store::list_closed_leads(tx, act.org, company).await? {
        store::update_change_returned(tx, act.org, &change, act.now).await?;
        give_back(tx, act, &change).await?;
    }
    Ok(())
}

/// Gives what came after a merge to one of the two companies.
pub async fn place(
    act: &Act,
    viewer: &Viewer,
    id: MergeId,
    (noun, row): (&str, &str),
    is_loser: bool,
) -> Outcome<()> {
    let mut tx = begin!(act);
    companies::actions::hold_base(&mut tx, act.org).await?;
    let merge = find_merge(&mut tx, viewer, id, act.now).await?;
    let roots = super::stands_for(&mut tx, act.org, &[merge.survivor, merge.loser]).await?;
    let root = |id| roots.get(id).copied().ok_or(Error::NotFound);
    let (survivor, loser) = (root(&merge.survivor)?, root(&merge.loser)?);
    let unknown = || Fields::one("row", "unknown-choice");
    let table = store::MOVED.iter().find(|table| table.noun == noun).ok_or_else(unknown)?;
    let placed = if is_loser { "loser" } else { "survivor" };
    let done = (act.actor, act.now);
    if store::update_placed(&mut tx, (act.org, id), (noun, row), placed, done).await? == 0 {
        return Err(unknown());
    }
    if is_loser {
        store::place(&mut tx, table, act.org, (survivor, loser), row).await?;
        store::give_followers(&mut tx, act.org, (survivor, loser)).await?;
        namesakes::part(&mut tx, act, [survivor, loser]).await?;
        for company in [survivor, loser] {
            companies::actions::refresh_terms_in(&mut tx, act.org, company).await?;
        }
    }
    Event::new(Kind::StrayPlaced, id)
        .company(if is_loser { loser } else { survivor })
        .person(act.actor)
        .with("noun", noun)
        .with("row", row)
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("company:{survivor}"));
    tx.finish(()).await
}
