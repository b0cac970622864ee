//! People who are erased: taken out of the cards, and recognised when they would come back.

use std::collections::{BTreeSet, HashMap};

use crate::companies::erased::{ErasedRefusal, Trace, left_by, met_at, met_in, registered};
use crate::companies::store;
use crate::companies::*;
use crate::storage::{Act, Tx};

pub use crate::companies::store::Reachable;

/// The record of a company and those that were merged into it.
pub async fn list_faces(tx: &mut Tx, org: OrgId, company: &Company) -> Outcome<Vec<Company>> {
    let mut faces = store::list_aliases(tx, org, &[company.id]).await?;
    faces.insert(0, company.clone());
    Ok(faces)
}

/// The numbers and mail addresses of these records.
pub async fn list_reachable(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<Reachable>> {
    store::list_reachable(tx, org, companies).await
}

/// What goes with a person: every record of theirs at the company, the numbers and addresses.
pub struct Going<'a> {
    /// The records of the company.
    pub faces: &'a [Company],
    /// The person at it, under whatever records.
    pub contacts: &'a [Contact],
    /// Numbers.
    pub phones: &'a [String],
    /// Mail addresses.
    pub emails: &'a [String],
    /// What those of the records that are the person are called from now on, and which these are.
    pub renamed: (&'a str, &'a [Company]),
}

/// Takes a person out of every card and keeps what they are recognised by; who erases tells of it.
/// Answers the companies that had something of theirs.
pub async fn erase_in(
    tx: &mut Tx,
    act: &Act,
    number: i64,
    going: &Going<'_>,
) -> Outcome<Vec<CompanyId>> {
    let org = act.org;
    let keys: Vec<String> = going.emails.iter().map(|address| address.to_lowercase()).collect();
    let carrying = store::list_carrying(tx, org, (going.phones, &keys)).await?;
    for phone in going.phones {
        store::delete_number(tx, org, phone).await?;
    }
    for address in going.emails {
        store::delete_address(tx, org, address).await?;
    }
    for contact in going.contacts {
        store::delete_person(tx, org, contact.id).await?;
    }
    let numbers = going.phones.iter().map(|phone| Trace::phone(phone));
    let addresses = going.emails.iter().map(|address| Trace::email(address));
    let people = going.contacts.iter().flat_map(|one| left_by(&one.name, going.faces));
    let (name, own) = going.renamed;
    let companies =
        own.iter().flat_map(|face| registered(face).map(|number| Trace::company(number)));
    let traces: Vec<Trace> = numbers.chain(addresses).chain(people).chain(companies).collect();
    for face in own {
        store::update_nameless(tx, org, face.id, (name, &name_key(name))).await?;
    }
    let secret = super::bans::take_secret(tx, org).await?;
    store::insert_traces(tx, org, &secret, (number, &traces)).await?;
    let mut touched: BTreeSet<CompanyId> = carrying.into_iter().collect();
    touched.extend(going.faces.iter().map(|face| face.id));
    for company in &touched {
        // An import that read it before, to have it found, then writes no name that is gone.
        store::update_version(tx, org, *company, act.now).await?;
        super::refresh_terms_in(tx, org, *company).await?;
        tx.announce(format!("company:{company}"));
    }
    Ok(touched.into_iter().collect())
}

/// Those of these traces that were left by somebody who was erased, with the numbers of the acts.
/// Where nobody was, none are made.
pub async fn list_erased(
    tx: &mut Tx,
    org: OrgId,
    traces: impl FnOnce() -> Vec<Trace> + Send,
) -> Outcome<HashMap<Trace, i64>> {
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(HashMap::new()) };
    if !store::has_traces(tx, org).await? {
        return Ok(HashMap::new());
    }
    let by_hash: HashMap<String, Trace> =
        traces().into_iter().map(|trace| (trace.hash(&secret), trace)).collect();
    let hashes: Vec<String> = by_hash.keys().cloned().collect();
    let found = store::list_traces(tx, org, &hashes).await?;
    Ok(by_hash.into_iter().filter_map(|(hash, trace)| Some((trace, *found.get(&hash)?))).collect())
}

/// Refuses what was erased and somebody types or sends: numbers, addresses, people, and companies
/// that were a person.
pub async fn refuse_erased(
    tx: &mut Tx,
    org: OrgId,
    company: Option<&Company>,
    new: &NewCompany,
) -> Outcome<()> {
    let mut traces: Vec<Trace> =
        new.phones.iter().map(|one| Trace::phone(&one.phone.e164)).collect();
    traces.extend(new.emails.iter().map(|address| Trace::email(address)));
    let own = [&new.tax_id, &new.ogrn].into_iter().flatten();
    traces.extend(own.map(|number| Trace::company(number)));
    for person in &new.contacts {
        let (name, tax_id) = match company {
            Some(company) => (&company.name, &company.tax_id),
            None => (&new.name, &new.tax_id),
        };
        traces.extend(met_at(&person.name, name, tax_id.as_deref()));
        traces.extend(company.into_iter().flat_map(|company| met_in(&person.name, company.id)));
    }
    if traces.is_empty() {
        return Ok(());
    }
    let found = list_erased(tx, org, || traces).await?;
    match found.into_iter().min() {
        Some((trace, act)) => Err(ErasedRefusal { what: trace.code(), act }.into()),
        None => Ok(()),
    }
}

/// The same of parts of a company of the base.
pub(super) async fn refuse_parts(
    tx: &mut Tx,
    org: OrgId,
    id: CompanyId,
    parts: NewCompany,
) -> Outcome<()> {
    let company = store::find(tx, org, id).await?.ok_or(Error::NotFound)?;
    refuse_erased(tx, org, Some(&company), &parts).await
}

/// Refuses the name of a person who was erased at this company.
pub async fn refuse_person(tx: &mut Tx, org: OrgId, id: CompanyId, name: &str) -> Outcome<()> {
    let contacts = vec![NewContact { name: name.to_owned(), ..NewContact::default() }];
    refuse_parts(tx, org, id, NewCompany { contacts, ..NewCompany::default() }).await
}

/// Numbers and addresses of the base that were erased and are there again: there should be none.
/// Told by what they are and the act, not by what they say.
pub async fn list_returned(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(&'static str, i64)>> {
    if !store::has_traces(tx, org).await? {
        return Ok(Vec::new());
    }
    let traces = store::list_carried(tx, org).await?;
    let found = list_erased(tx, org, || traces).await?;
    let mut told: Vec<(&str, i64)> =
        found.into_iter().map(|(trace, act)| (trace.code(), act)).collect();
    told.sort_unstable();
    Ok(told)
}
