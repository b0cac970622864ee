//! What a file adds to companies that are in the base already, and how it is taken back.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::companies::alike::Known;
use crate::companies::filling::{Fillable, Missing};
use crate::companies::*;
use crate::companies::{search, store, zones};
use crate::events;
use crate::storage::{Act, Tx};

/// Adds to companies what they lack. Nothing that stands is overwritten. Nothing is written to
/// those that left the base since they were looked at, or were merged: it answers which.
pub async fn fill_many_in(
    tx: &mut Tx,
    act: &Act,
    all: &[(CompanyId, Missing)],
    import: Option<ImportId>,
) -> Outcome<BTreeSet<CompanyId>> {
    let (mut phones, mut emails, mut people, mut terms) = (vec![], vec![], vec![], vec![]);
    let (mut bases, mut notes) = (vec![], vec![]);
    let mut gone = list_gone(tx, act.org, all.iter().map(|(id, _)| *id)).await?;
    for (id, missing) in all {
        if gone.contains(id) {
            continue;
        }
        if !missing.fields.is_empty() {
            let numbers = missing.phones.iter().map(|p| p.phone.e164.as_str());
            let value =
                |wanted| missing.fields.iter().find(|(f, _)| *f == wanted).map(|(_, v)| v.as_str());
            let zone = zones::guess(value(Fillable::City), numbers, value(Fillable::TaxId));
            let filled = (missing, zone);
            if store::update_empty_fields(tx, act.org, *id, filled, act.now).await? == 0 {
                gone.insert(*id);
                continue;
            }
        }
        phones.extend(missing.phones.iter().map(|p| (*id, p, super::first_standing(p), import)));
        emails.extend(missing.emails.iter().map(|e| (*id, e.as_str(), import)));
        let fresh = || ContactId::fresh(act.now);
        people.extend(missing.contacts.iter().map(|c| (fresh(), *id, c, import)));
        bases.extend(missing.basis.iter().map(|basis| (*id, basis, import)));
        notes.extend(missing.note.iter().map(|note| (*id, note.as_str(), import)));
        let words = search::terms(&missing.as_company());
        terms.extend(words.into_iter().map(|term| (*id, term)));
    }
    store::insert_phones(tx, act.org, &phones, act.now).await?;
    store::insert_emails(tx, act.org, &emails, act.now).await?;
    store::insert_contacts(tx, act.org, &people, act.now).await?;
    store::insert_bases(tx, act.org, &bases, act.now).await?;
    store::insert_notes(tx, act, &notes).await?;
    store::insert_terms(tx, act.org, &terms).await?;
    Ok(gone)
}

/// Which of these companies are in the base no more.
async fn list_gone(
    tx: &mut Tx,
    org: OrgId,
    ids: impl Iterator<Item = CompanyId>,
) -> Outcome<BTreeSet<CompanyId>> {
    let mut gone: BTreeSet<CompanyId> = ids.collect();
    let ids: Vec<CompanyId> = gone.iter().copied().collect();
    for company in store::list_by_ids(tx, org, &ids).await? {
        if company.is_in_base() {
            gone.remove(&company.id);
        }
    }
    Ok(gone)
}

/// Which of these companies have this ground for contact now.
pub async fn list_based(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
    (basis, now): (&NewBasis, Instant),
) -> Outcome<BTreeSet<CompanyId>> {
    store::list_based(tx, org, ids, (basis, now)).await
}

/// What the notes of these companies say.
pub async fn list_noted(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
) -> Outcome<BTreeSet<(CompanyId, String)>> {
    store::list_noted(tx, org, ids).await
}

/// Which of these companies newer work stands on, and why: somebody leads them, something happened
/// to them since, or another file added to them.
pub async fn list_stood_on(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
    import: ImportId,
    since: Instant,
) -> Outcome<BTreeMap<CompanyId, &'static str>> {
    let mut reasons = BTreeMap::new();
    for id in store::list_added_to_by_others(tx, org, ids, import, since).await? {
        reasons.insert(id, "added-to");
    }
    for id in events::list_companies_with_news(tx, org, ids, since).await? {
        reasons.insert(id, "worked-on");
    }
    for company in store::list_by_ids(tx, org, ids).await? {
        if company.lead.is_some() {
            reasons.insert(company.id, "led");
        }
    }
    Ok(reasons)
}

/// Takes companies out of the base, as an undone import does, and out of their groups.
pub async fn remove_many_in(tx: &mut Tx, act: &Act, ids: &[CompanyId]) -> Outcome<u64> {
    let count = store::update_removed(tx, act.org, ids, act.now).await?;
    store::delete_terms_of(tx, act.org, ids).await?;
    store::update_ties_ended(tx, act.org, ids, (act.actor, act.now)).await?;
    Ok(count)
}

/// Has a company be a newer file's that has it, too, when the file that brought it is taken back:
/// taken back in its turn, the newer one takes it out of the base.
pub async fn pass_to_import_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    import: ImportId,
) -> Outcome<()> {
    store::update_import(tx, act.org, company, import).await
}

/// What became of taking something back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unfilled {
    /// True when there was anything to take back.
    pub is_any: bool,
    /// Fields that somebody changed since and that therefore stay.
    pub changed: Vec<Fillable>,
}

/// Takes back what a file added to a company: parts, and fields that still say what it wrote.
pub async fn unfill_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    fields: &[(Fillable, String)],
    import: ImportId,
) -> Outcome<Unfilled> {
    let mut changed = Vec::new();
    for (field, value) in fields {
        let count =
            store::update_field_emptied(tx, act.org, company, (*field, value), act.now).await?;
        if count == 0 {
            changed.push(*field);
        }
    }
    let parts = store::delete_parts_of_import(tx, act.org, company, import).await?;
    let is_any = parts > 0 || changed.len() < fields.len();
    if is_any {
        refresh_terms_in(tx, act.org, company).await?;
    }
    Ok(Unfilled { is_any, changed })
}

/// Companies read at once to be found.
const READ_AT_ONCE: usize = 1_000;
/// Terms written at once: others get their turn in between.
const TERMS_AT_ONCE: usize = 20_000;

/// Has search find companies that were added without it. The terms of very many are written in the
/// order of their index, which meets each of its pages once, and not once for every company.
pub async fn make_found(act: &Act, ids: &[CompanyId]) -> Outcome<()> {
    let (mut terms, mut versions) = (Vec::new(), HashMap::new());
    let mut tx = act.db.read().await?;
    for some in ids.chunks(READ_AT_ONCE) {
        for known in super::list_known(&mut tx, act.org, some).await? {
            let id = known.company.id;
            versions.insert(id, known.company.version);
            terms.extend(terms_of(&known).into_iter().map(|term| (id, term)));
        }
    }
    drop(tx);
    super::in_order(&mut terms);
    for some in terms.chunks(TERMS_AT_ONCE) {
        let mut tx = act.db.begin_large().await?;
        store::insert_terms(&mut tx, act.org, some).await?;
        tx.commit().await?;
        tokio::task::yield_now().await;
    }
    // What was changed meanwhile is found by what it says now, and not by what it said.
    for some in ids.chunks(READ_AT_ONCE) {
        let mut tx = act.db.begin().await?;
        for company in store::list_by_ids(&mut tx, act.org, some).await? {
            let is_as_read = versions.get(&company.id) == Some(&company.version);
            if !is_as_read || !company.is_in_base() {
                refresh_terms_in(&mut tx, act.org, company.id).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Writes the search terms of a company anew, after it was changed.
pub async fn refresh_terms_in(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<()> {
    store::delete_terms(tx, org, company).await?;
    let known = super::list_known(tx, org, &[company]).await?;
    let mut terms: HashSet<String> = known.iter().flat_map(terms_of).collect();
    // What was merged into it is found by its old name and its old numbers.
    for alias in store::list_aliases(tx, org, &[company]).await? {
        terms.extend(terms_of(&Known::bare(alias)));
    }
    let terms: Vec<(CompanyId, String)> = terms.into_iter().map(|t| (company, t)).collect();
    store::insert_terms(tx, org, &terms).await
}

fn terms_of(known: &Known) -> Vec<String> {
    let company = &known.company;
    let as_new = NewCompany {
        name: company.name.clone(),
        full_name: company.full_name.clone(),
        tax_id: company.tax_id.clone(),
        ogrn: company.ogrn.clone(),
        city: company.city.clone(),
        phones: known
            .phones
            .iter()
            .map(|p| NewPhone { phone: p.phone.clone(), label: None })
            .collect(),
        contacts: known
            .people()
            .map(|c| NewContact { name: c.name.clone(), ..NewContact::default() })
            .collect(),
        ..NewCompany::default()
    };
    search::terms(&as_new).into_iter().collect()
}
