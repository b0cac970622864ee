//! Companies of the base that may be those at hand: looked up by their keys, compared in memory.

use std::collections::{BTreeMap, HashMap, HashSet};

use linkage::duplicates::Index;

use crate::companies::alike::{Alike, Asked, Known, Remark, record_of_known, record_of_new};
use crate::companies::store::{self, Carried};
use crate::companies::*;
use crate::storage::Tx;

/// A key carried by more companies than this says nothing about any of them.
const CROWD: i64 = 64;

/// What a question about alike companies leaves aside.
#[derive(Debug, Clone, Default)]
pub struct Aside {
    /// Numbers that are known to say nothing, besides those that very many in the base carry.
    pub crowded: HashSet<String>,
    /// The file whose companies are not meant.
    pub import: Option<ImportId>,
}

/// What the base has of a company asked about.
#[derive(Debug, Clone, Default)]
pub struct Met {
    /// Companies that may be it, the surest first.
    pub alike: Vec<Alike>,
    /// Companies that have one of its numbers, each with that number; whether they may be it or
    /// not.
    pub carriers: Vec<(Company, String)>,
}

/// For each company asked about those of the base that may be it, the surest first.
pub async fn list_alike(
    tx: &mut Tx,
    org: OrgId,
    asked: &[Asked<'_>],
    aside: &Aside,
) -> Outcome<Vec<Vec<Alike>>> {
    Ok(list_met(tx, org, asked, aside).await?.into_iter().map(|met| met.alike).collect())
}

/// For each company asked about those of the base that may be it or have a number of it.
pub async fn list_met(
    tx: &mut Tx,
    org: OrgId,
    asked: &[Asked<'_>],
    aside: &Aside,
) -> Outcome<Vec<Met>> {
    let mut crowded = aside.crowded.clone();
    let ids = look_up(tx, (org, aside.import), asked, &mut crowded).await?;
    let (known, faces) = list_faces(tx, org, &ids).await?;
    let mut index = Index::new();
    for (id, (_, face)) in (0..).zip(&faces) {
        index.add(&record_of_known(id, face, &crowded));
    }
    let mut carriers: HashMap<&str, Vec<&Company>> = HashMap::new();
    for one in &known {
        for phone in one.phones.iter().filter(|phone| !crowded.contains(&phone.phone.e164)) {
            carriers.entry(&phone.phone.e164).or_default().push(&one.company);
        }
    }
    let carriers_of = |new: &NewCompany| {
        let numbers = new.phones.iter().map(|new| &new.phone.e164);
        let each = numbers.filter_map(|number| Some((carriers.get(number.as_str())?, number)));
        each.flat_map(|(all, number)| all.iter().map(|one| ((*one).clone(), number.clone())))
            .collect()
    };
    // Ids of those asked about must not meet those of the base.
    let first = faces.len() as u64;
    Ok((first..)
        .zip(asked)
        .map(|(id, asked)| {
            let mut met = HashSet::new();
            let found = index.find(&record_of_new(id, asked, &crowded));
            let alike = found
                .iter()
                .filter_map(|found| {
                    let (place, _) = faces.get(usize::try_from(found.b).ok()?)?;
                    let known = known.get(*place)?.clone();
                    let reasons = found.reasons.iter().map(Remark::from).collect();
                    let is_first = met.insert(*place);
                    is_first.then_some(Alike { known, strength: found.strength, reasons })
                })
                .collect();
            Met { alike, carriers: carriers_of(asked.new) }
        })
        .collect())
}

/// The companies that stand for these in the base, and the faces by which each is recognised: its
/// own, and that of every record among these that was merged into it. A face says whose it is.
async fn list_faces(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
) -> Outcome<(Vec<Known>, Vec<(usize, Known)>)> {
    let found = store::list_by_ids(tx, org, ids).await?;
    let mut standing: Vec<CompanyId> =
        found.iter().map(|company| company.merged_into.unwrap_or(company.id)).collect();
    standing.sort_unstable();
    standing.dedup();
    let known = list_known(tx, org, &standing).await?;
    let mut faces: Vec<(usize, Known)> = known.iter().cloned().enumerate().collect();
    for alias in found.into_iter().filter(|company| company.merged_into.is_some()) {
        let place = known.iter().position(|one| Some(one.company.id) == alias.merged_into);
        if let Some(place) = place {
            faces.push((place, Known { company: alias, ..known[place].clone() }));
        }
    }
    Ok((known, faces))
}

/// Companies that share a key with any of those asked about; numbers of a crowd join `crowded`.
async fn look_up(
    tx: &mut Tx,
    of: (OrgId, Option<ImportId>),
    asked: &[Asked<'_>],
    crowded: &mut HashSet<String>,
) -> Outcome<Vec<CompanyId>> {
    let mut phones = HashSet::new();
    let (mut tax_ids, mut emails, mut names) = (HashSet::new(), HashSet::new(), HashSet::new());
    for Asked { new, .. } in asked {
        tax_ids.extend(new.tax_id.clone());
        phones.extend(new.phones.iter().map(|p| p.phone.e164.clone()));
        emails.extend(new.emails.iter().map(|e| e.to_lowercase()));
        names.insert(name_key(&new.name));
    }
    phones.retain(|number| !crowded.contains(number));
    let mut ids: HashSet<CompanyId> = HashSet::new();
    for (by, keys) in [
        (Carried::TaxId, tax_ids),
        (Carried::Phone, phones),
        (Carried::Email, emails),
        (Carried::Name, names),
    ] {
        let keys: Vec<String> = keys.into_iter().collect();
        let counts = store::count_carriers(tx, of, by, &keys).await?;
        let (common, rare): (Vec<_>, Vec<_>) =
            counts.into_iter().partition(|(_, count)| *count > CROWD);
        if by == Carried::Phone {
            crowded.extend(common.into_iter().map(|(key, _)| key));
        }
        let rare: Vec<String> = rare.into_iter().map(|(key, _)| key).collect();
        ids.extend(store::list_carriers(tx, of, by, &rare).await?);
    }
    let mut ids: Vec<CompanyId> = ids.into_iter().collect();
    ids.sort_unstable();
    Ok(ids)
}

/// Companies that are in the base, with what they are recognised by.
pub async fn list_known(tx: &mut Tx, org: OrgId, ids: &[CompanyId]) -> Outcome<Vec<Known>> {
    let mut all: BTreeMap<CompanyId, Known> = BTreeMap::new();
    for company in store::list_by_ids(tx, org, ids).await? {
        if company.is_in_base() {
            all.insert(company.id, Known::bare(company));
        }
    }
    let ids: Vec<CompanyId> = all.keys().copied().collect();
    for phone in store::list_phones_of(tx, org, &ids).await? {
        if let Some(known) = all.get_mut(&phone.company) {
            known.phones.push(phone);
        }
    }
    let emails: HashMap<CompanyId, Vec<CompanyEmail>> =
        store::list_emails_of(tx, org, &ids).await?;
    for (company, emails) in emails {
        if let Some(known) = all.get_mut(&company) {
            known.emails = emails;
        }
    }
    for contact in store::list_contacts_of(tx, org, &ids).await? {
        if let Some(known) = all.get_mut(&contact.company) {
            known.contacts.push(contact);
        }
    }
    for (_, contact) in store::list_joined_of(tx, org, &ids).await? {
        if let Some(known) = all.get_mut(&contact.company) {
            known.joined.push(contact);
        }
    }
    Ok(all.into_values().collect())
}
