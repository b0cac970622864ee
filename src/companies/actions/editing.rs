//! The base by hand: a company is added, corrected, gets numbers, people and grounds.
//!
//! Who may do so: heads, the owner and administrators, where they may know of the company; and
//! whoever leads it or holds its lease. For others it is as if there were nothing.

use crate::begin;
use crate::companies::actions::{Aside, Noticed, list_alike, refresh_terms_in};
use crate::companies::alike::{Alike, Asked};
use crate::companies::forms::{ContactChange, Details};
use crate::companies::*;
use crate::companies::{store, zones};
use crate::events::{Event, Kind};
use crate::people::{Role, Viewer};
use crate::storage::{Act, Tx};

/// Companies named in a refusal.
const NAMED_MAX: usize = 3;
/// Companies offered beside a form.
const OFFERED_MAX: usize = 8;

/// Companies of the base that a new one may be: the surest first.
pub async fn list_offered(tx: &mut Tx, org: OrgId, new: &NewCompany) -> Outcome<Vec<Alike>> {
    let asked = Asked { new, is_tax_id_repaired: false };
    let found = list_alike(tx, org, &[asked], &Aside::default()).await?;
    let mut alike: Vec<Alike> =
        found.into_iter().flatten().filter(|one| one.is_worth_a_look(new)).collect();
    alike.truncate(OFFERED_MAX);
    alike.iter_mut().for_each(|one| one.tell_of_branch(new));
    Ok(alike)
}

/// Companies that a new one may be, as far as the person who adds it may know of them.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    /// Those they may know of, the surest first.
    pub seen: Vec<Alike>,
    /// True where there is one that they may not know of: no more is told of it.
    pub has_unseen: bool,
}

/// The companies offered, as far as the viewer may know of them.
pub async fn list_offered_to(
    tx: &mut Tx,
    viewer: &Viewer,
    new: &NewCompany,
    now: Instant,
) -> Outcome<Offered> {
    let all = list_offered(tx, viewer.org, new).await?;
    let ids: Vec<CompanyId> = all.iter().map(|one| one.known.company.id).collect();
    let known = super::list_seen(tx, &viewer.scope(), &ids, now).await?;
    let (seen, unseen): (Vec<Alike>, Vec<Alike>) =
        all.into_iter().partition(|one| known.contains(&one.known.company.id));
    Ok(Offered { seen, has_unseen: !unseen.is_empty() })
}

/// Companies that a new one may be, as a question is answered: of those the viewer may not know of
/// nothing is told, not even that there is one, for a question leaves no trace.
pub async fn list_alike_seen(
    tx: &mut Tx,
    viewer: &Viewer,
    new: &NewCompany,
    now: Instant,
) -> Outcome<Vec<Alike>> {
    Ok(list_offered_to(tx, viewer, new, now).await?.seen)
}

impl Offered {
    /// Why the company is not added; nothing where none is offered.
    pub fn refusal(&self) -> Option<AlikeRefusal> {
        if self.seen.is_empty() && !self.has_unseen {
            return None;
        }
        let named = self.seen.iter().take(NAMED_MAX).map(|one| &one.known.company);
        let named: Vec<String> =
            named.map(|company| format!("№ {} {}", company.number, company.name)).collect();
        Some(AlikeRefusal { names: named.join(", "), has_unseen: self.has_unseen })
    }
}

/// Adds a company. Where the base seems to have it already it says which, as far as the person may
/// know of it, unless they have looked and want it `anyway`. One that is called as a banned one
/// stands under a ban of its own.
pub async fn add(act: &Act, viewer: &Viewer, new: NewCompany, anyway: bool) -> Outcome<CompanyId> {
    let mut tx = begin!(act);
    super::hold_base(&mut tx, act.org).await?;
    if !anyway {
        let offered = list_offered_to(&mut tx, viewer, &new, act.now).await?;
        if let Some(refusal) = offered.refusal() {
            return Err(refusal.into());
        }
    }
    let id = add_by_hand_in(&mut tx, act, new).await?;
    tx.finish(id).await
}

/// Adds a company that a person named; one that is called as a banned one stands under a ban of its
/// own.
pub async fn add_by_hand_in(tx: &mut Tx, act: &Act, new: NewCompany) -> Outcome<CompanyId> {
    let id = super::add_in(tx, act, new.clone()).await?;
    super::namesakes::suppress_namesake_in(tx, act, id, &new).await?;
    Ok(id)
}

/// True when the person may change what stands about a company they may know of.
pub async fn may_change(
    tx: &mut Tx,
    viewer: &Viewer,
    company: &Company,
    now: Instant,
) -> Outcome<bool> {
    Ok(viewer.is(Role::Administrator) || super::may_read_phones(tx, viewer, company, now).await?)
}

/// The company, where this person may change it; held until the transaction ends.
pub async fn find_changeable(
    tx: &mut Tx,
    viewer: &Viewer,
    id: CompanyId,
    now: Instant,
) -> Outcome<Company> {
    let seen = super::find_seen(tx, &viewer.scope(), id, now).await?;
    seen.ok_or(Error::NotFound)?;
    let company = store::find_for_update(tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    if !may_change(tx, viewer, &company, now).await? {
        return Err(Error::NotFound);
    }
    if company.is_in_base() { Ok(company) } else { Err(CompanyRefusal::NotInBase.into()) }
}

/// The town of a company the person may know of: its code completes short numbers.
pub async fn find_city(
    tx: &mut Tx,
    viewer: &Viewer,
    id: CompanyId,
    now: Instant,
) -> Outcome<Option<String>> {
    let seen = super::find_seen(tx, &viewer.scope(), id, now).await?;
    Ok(seen.ok_or(Error::NotFound)?.city)
}

/// Corrects the facts of a company; `version` is that of the card the person saw. One that had no
/// town by which it could be known for a banned one is looked at as if it were added with it.
pub async fn change(
    act: &Act,
    viewer: &Viewer,
    id: CompanyId,
    version: i64,
    details: Details,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let before = find_changeable(&mut tx, viewer, id, act.now).await?;
    if before.version != version {
        return Err(CompanyRefusal::Stale.into());
    }
    let tax_id = details.tax_id.clone().filter(|one| before.tax_id.as_ref() != Some(one));
    let ogrn = details.ogrn.clone().filter(|one| before.ogrn.as_ref() != Some(one));
    let named = NewCompany { tax_id, ogrn, ..NewCompany::default() };
    super::refuse_erased(&mut tx, act.org, Some(&before), &named).await?;
    let Details { name, tax_id, city, .. } = details.clone();
    restate_in(&mut tx, act, &before, details).await?;
    if before.city.is_none() && city.is_some() {
        let placed = NewCompany { name, tax_id, city, ..NewCompany::default() };
        super::namesakes::suppress_namesake_in(&mut tx, act, id, &placed).await?;
    }
    tx.finish(()).await
}

/// States the facts of a company anew, as a correction or a merge does; says which changed.
pub async fn restate_in(
    tx: &mut Tx,
    act: &Act,
    before: &Company,
    details: Details,
) -> Outcome<Vec<&'static str>> {
    let changed = details.changed(&Details::of(before));
    if changed.is_empty() {
        return Ok(changed);
    }
    let (id, version) = (before.id, before.version);
    let phones = store::list_phones(tx, act.org, id).await?;
    let numbers = phones.iter().map(|p| p.phone.e164.as_str());
    let zone = zones::guess(details.city.as_deref(), numbers, details.tax_id.as_deref());
    let named = details.full_name.as_deref().unwrap_or(&details.name);
    let decided = store::Decided {
        name_key: name_key(&details.name),
        legal_form: linkage::normalise::name(named).form,
        zone,
    };
    if store::update_details(tx, (act.org, id, version), &details, decided, act.now).await? == 0 {
        return Err(CompanyRefusal::Stale.into());
    }
    note_change(tx, act, id, &changed.join(",")).await?;
    Ok(changed)
}

/// What was changed is found by its new words, told and seen.
pub(super) async fn note_change(
    tx: &mut Tx,
    act: &Act,
    id: CompanyId,
    fields: &str,
) -> Outcome<()> {
    refresh_terms_in(tx, act.org, id).await?;
    Event::new(Kind::CompanyChanged, id)
        .company(id)
        .person(act.actor)
        .with("fields", fields)
        .record(tx, act)
        .await?;
    tx.announce(format!("company:{id}"));
    Ok(())
}

/// Adds numbers to a company; those it has already are refused when nothing else is new.
pub async fn add_phones(
    act: &Act,
    viewer: &Viewer,
    id: CompanyId,
    phones: &[NewPhone],
) -> Outcome<()> {
    let mut tx = begin!(act);
    find_changeable(&mut tx, viewer, id, act.now).await?;
    let had = store::list_phones(&mut tx, act.org, id).await?.len();
    if had + phones.len() > PARTS_MAX {
        return Err(too_many("phones"));
    }
    let parts = NewCompany { phones: phones.to_vec(), ..NewCompany::default() };
    super::erased::refuse_parts(&mut tx, act.org, id, parts).await?;
    let rows: Vec<_> = phones.iter().map(|p| (id, p, super::first_standing(p), None)).collect();
    if store::insert_phones(&mut tx, act.org, &rows, act.now).await? == 0 {
        return Err(CompanyRefusal::PhoneKnown.into());
    }
    note_change(&mut tx, act, id, "phones").await?;
    tx.finish(()).await
}

pub(super) fn too_many(field: &'static str) -> Error {
    let mut fields = Fields::default();
    fields.note_with(field, "too-many", vec![("max", PARTS_MAX.to_string())]);
    Error::Invalid(fields)
}

/// Says what became of a number: it answers, it is somebody else's, it does not exist.
pub async fn set_standing(
    act: &Act,
    viewer: &Viewer,
    phone: PhoneId,
    standing: Standing,
) -> Outcome<CompanyId> {
    let mut tx = begin!(act);
    let found = store::find_phone(&mut tx, act.org, phone).await?.ok_or(Error::NotFound)?;
    find_changeable(&mut tx, viewer, found.company, act.now).await?;
    super::mark_phone_in(&mut tx, act, phone, (standing, Noticed::ByHand)).await?;
    tx.finish(found.company).await
}

/// Adds mail addresses to a company.
pub async fn add_emails(
    act: &Act,
    viewer: &Viewer,
    id: CompanyId,
    emails: &[String],
) -> Outcome<()> {
    let mut tx = begin!(act);
    find_changeable(&mut tx, viewer, id, act.now).await?;
    let had = store::list_emails(&mut tx, act.org, id).await?.len();
    if had + emails.len() > PARTS_MAX {
        return Err(too_many("emails"));
    }
    let parts = NewCompany { emails: emails.to_vec(), ..NewCompany::default() };
    super::erased::refuse_parts(&mut tx, act.org, id, parts).await?;
    let rows: Vec<_> = emails.iter().map(|email| (id, email.as_str(), None)).collect();
    if store::insert_emails(&mut tx, act.org, &rows, act.now).await? == 0 {
        return Err(CompanyRefusal::EmailKnown.into());
    }
    note_change(&mut tx, act, id, "emails").await?;
    tx.finish(()).await
}

/// Adds a person to a company.
pub async fn add_contact(
    act: &Act,
    viewer: &Viewer,
    id: CompanyId,
    new: NewContact,
) -> Outcome<ContactId> {
    let mut tx = begin!(act);
    find_changeable(&mut tx, viewer, id, act.now).await?;
    let had = store::list_contacts(&mut tx, act.org, id).await?;
    if had.len() >= PARTS_MAX {
        return Err(too_many("person"));
    }
    super::refuse_person(&mut tx, act.org, id, &new.name).await?;
    let contact = ContactId::fresh(act.now);
    store::insert_contacts(&mut tx, act.org, &[(contact, id, &new, None)], act.now).await?;
    note_change(&mut tx, act, id, "contacts").await?;
    tx.finish(contact).await
}

/// Corrects a person: name, role, whether they decide, whether they still work there.
pub async fn change_contact(
    act: &Act,
    viewer: &Viewer,
    id: ContactId,
    change: ContactChange,
) -> Outcome<CompanyId> {
    let mut tx = begin!(act);
    let before = store::find_contact(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    find_changeable(&mut tx, viewer, before.company, act.now).await?;
    let after = before.changed(change, act.now)?;
    super::refuse_person(&mut tx, act.org, before.company, &after.name).await?;
    super::put_contact_in(&mut tx, act, (&before, &after), Noticed::ByHand).await?;
    tx.finish(before.company).await
}

/// Notes on what ground a company may be contacted.
pub async fn add_basis(act: &Act, viewer: &Viewer, id: CompanyId, basis: NewBasis) -> Outcome<()> {
    let mut tx = begin!(act);
    find_changeable(&mut tx, viewer, id, act.now).await?;
    let known = store::list_bases(&mut tx, act.org, id).await?;
    if known.iter().any(|(one, _)| (one.kind, &one.source) == (basis.kind, &basis.source)) {
        return Err(CompanyRefusal::BasisKnown.into());
    }
    if known.len() >= PARTS_MAX {
        return Err(too_many("basis_kind"));
    }
    store::insert_bases(&mut tx, act.org, &[(id, &basis, None)], act.now).await?;
    note_change(&mut tx, act, id, "basis").await?;
    tx.finish(()).await
}

/// The grounds on which a company may be contacted, with the time each was noted.
pub async fn list_bases(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<(NewBasis, Instant)>> {
    store::list_bases(tx, org, company).await
}

/// A person of a company of the firm.
pub async fn find_contact(tx: &mut Tx, org: OrgId, id: ContactId) -> Outcome<Option<Contact>> {
    store::find_contact(tx, org, id).await
}

/// A number of a company of the firm.
pub async fn find_phone(tx: &mut Tx, org: OrgId, id: PhoneId) -> Outcome<Option<CompanyPhone>> {
    store::find_phone(tx, org, id).await
}
