//! Branches: companies of one tax number that are told apart by their KPP.

use std::collections::{BTreeSet, HashMap};

use crate::companies::store;
use crate::companies::ties::{Apart, Site, Tie, TieKind};
use crate::companies::*;
use crate::storage::{Act, Tx};

/// The companies of the base with these tax numbers, those of one file left aside, the oldest
/// first. One that others were merged into stands there with what each of them had, too.
pub async fn list_sites(
    tx: &mut Tx,
    (org, aside): (OrgId, Option<ImportId>),
    tax_ids: &[String],
) -> Outcome<Vec<Site>> {
    let found = store::list_sites(tx, (org, aside), tax_ids).await?;
    let survivors: BTreeSet<CompanyId> = found.iter().filter_map(|(_, into)| *into).collect();
    let survivors: Vec<CompanyId> = survivors.into_iter().collect();
    let standing = store::list_by_ids(tx, org, &survivors).await?;
    let standing: HashMap<CompanyId, Company> = standing
        .into_iter()
        .filter(Company::is_in_base)
        .map(|company| (company.id, company))
        .collect();
    let mut sites: Vec<Site> = Vec::new();
    for (site, into) in found {
        match into.map(|into| standing.get(&into)) {
            None => sites.push(site),
            Some(Some(Company { id, number, name, .. })) => {
                let (company, number, name) = (*id, *number, name.clone());
                sites.push(Site { company, number, name, ..site });
            }
            Some(None) => {}
        }
    }
    sites.sort_by_key(|site| site.number);
    mark_branches(tx, org, &mut sites).await?;
    Ok(sites)
}

/// Says of each whether it is a branch of another one of its tax number.
async fn mark_branches(tx: &mut Tx, org: OrgId, sites: &mut [Site]) -> Outcome<()> {
    let ids: BTreeSet<CompanyId> = sites.iter().map(|site| site.company).collect();
    let ids: Vec<CompanyId> = ids.into_iter().collect();
    let mut families: HashMap<CompanyId, BTreeSet<String>> = HashMap::new();
    for site in sites.iter() {
        families.entry(site.company).or_default().insert(site.tax_id.clone());
    }
    let ties = store::list_ties_of(tx, org, &ids).await?;
    let heads: HashMap<CompanyId, CompanyId> = ties
        .iter()
        .filter(|tie| tie.kind == TieKind::Branch)
        .map(|tie| (tie.company, tie.other))
        .collect();
    for site in sites {
        let head = heads.get(&site.company).and_then(|head| families.get(head));
        site.is_branch = head.is_some_and(|had| had.contains(&site.tax_id));
    }
    Ok(())
}

/// Ties companies. Whoever does so has an event of their own.
pub async fn write_ties_in(tx: &mut Tx, act: &Act, ties: &[Tie]) -> Outcome<()> {
    store::insert_ties(tx, act.org, ties, act.actor).await?;
    Ok(())
}

/// Which of these companies are known to be two by how they are tied, whatever they share.
pub async fn list_apart(tx: &mut Tx, org: OrgId, ids: &[CompanyId]) -> Outcome<Apart> {
    let ties = store::list_ties_of(tx, org, ids).await?;
    let branches: BTreeSet<CompanyId> =
        ties.iter().filter(|tie| tie.kind == TieKind::Branch).map(|tie| tie.company).collect();
    let branches: Vec<CompanyId> = branches.into_iter().collect();
    Ok(Apart::of(&ties, &store::list_by_ids(tx, org, &branches).await?))
}
