//! What is done with people who ask to be erased.

use std::collections::BTreeMap;

use super::forms::Erasing;
use super::marks::{self, Marks};
use super::*;
use crate::begin;
use crate::companies::actions::{Going, Reachable};
use crate::companies::erased::{is_same_person, is_sole_trader, registered};
use crate::companies::{self, Company, Contact};
use crate::events::{Event, Kind};
use crate::imports::actions::{Strike, strike_in};
use crate::people::{self, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::telephony;
use crate::tiers::doors::ERASING;
use crate::verification;
use crate::web::words::{self, Word};
use crate::web::{Cursor, Slice};

/// Somebody who is to be erased, with all that may be theirs.
pub struct Subject {
    /// Their record.
    pub contact: Contact,
    /// Where they work.
    pub company: Company,
    /// Numbers and addresses of the company: those that are said to be theirs, and others.
    pub reachable: Vec<Reachable>,
}

impl Subject {
    /// True where the company may be the person: then one is asked whether it is.
    pub fn may_be_company(&self) -> bool {
        let name = self.contact.name.as_str();
        let is_named = || Marks::new([name], &[], &[], "").is_certain(&self.company.name);
        is_sole_trader(&self.company) || self.company.legal_form.is_none() && is_named()
    }

    /// Those of its records that then are the person: not one with the form of a company.
    fn own_faces(&self, faces: &[Company]) -> Vec<Company> {
        let is_own = |face: &&Company| {
            face.id == self.company.id || face.legal_form.is_none() || is_sole_trader(face)
        };
        faces.iter().filter(is_own).cloned().collect()
    }

    /// True for what is said to be the person's own.
    pub fn owns(&self, one: &Reachable) -> bool {
        one.contact == Some(self.contact.id)
    }
}

/// Whom an erasure is about, where this person may erase them; else it is as if there were nobody.
pub async fn find_subject(
    tx: &mut Tx,
    viewer: &Viewer,
    id: ContactId,
    now: Instant,
) -> Outcome<Subject> {
    if !viewer.is_any(ERASING) {
        return Err(Error::NotFound);
    }
    let contact = companies::actions::find_contact(tx, viewer.org, id).await?;
    let Some(contact) = contact else {
        let done = store::find_of_contact(tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
        return Err(ErasureRefusal::Erased(done.number).into());
    };
    let seen = companies::actions::find_seen(tx, &viewer.scope(), contact.company, now).await?;
    let company = seen.ok_or(Error::NotFound)?;
    let faces = companies::actions::list_faces(tx, viewer.org, &company).await?;
    let ids: Vec<CompanyId> = faces.iter().map(|face| face.id).collect();
    let reachable = companies::actions::list_reachable(tx, viewer.org, &ids).await?;
    Ok(Subject { contact, company, reachable })
}

/// Erases a person: out of the cards, the texts and the files that brought them, for good.
pub async fn erase(
    act: &Act,
    viewer: &Viewer,
    id: ContactId,
    erasing: &Erasing,
) -> Outcome<ErasureId> {
    let mut tx = begin!(act);
    // A file that is being written is through with its batch, or looks for the traces after this.
    companies::actions::hold_base(&mut tx, act.org).await?;
    let company = find_subject(&mut tx, viewer, id, act.now).await?.company.id;
    companies::actions::find_for_update(&mut tx, act.org, company).await?;
    // What was noted until now is theirs, too.
    let subject = find_subject(&mut tx, viewer, id, act.now).await?;
    if !marks::is_name(&erasing.name, &subject.contact.name) {
        return Err(ErasureRefusal::OtherName.into());
    }
    let number = take_numbers(&mut tx, act.org, "erasure", 1).await?;
    let gone = gather(&mut tx, act.org, (&subject, number), erasing).await?;
    if gone.marks.struck(&erasing.document).is_some() {
        return Err(Fields::one("document", "erasure-document-names"));
    }
    let done = Erasure {
        id: ErasureId::fresh(act.now),
        number,
        company,
        contact: id,
        ground: erasing.ground,
        document: erasing.document.clone(),
        counts: destroy(&mut tx, act, number, &gone).await?,
        made_by: act.actor,
        made_at: act.now,
    };
    if store::insert(&mut tx, act.org, &done).await? == 0 {
        return Err(ErasureRefusal::Erased(number).into());
    }
    for contact in &gone.contacts {
        Event::new(Kind::ContactErased, contact.id)
            .company(company)
            .person(act.actor)
            .reason(done.ground.code().to_owned())
            .with("erasure", done.id.to_string())
            .with("number", number)
            .record(&mut tx, act)
            .await?;
    }
    tx.finish(done.id).await
}

/// All that goes with a person.
struct Gone {
    /// The records of their company.
    faces: Vec<Company>,
    /// They themselves, under whatever records.
    contacts: Vec<Contact>,
    phones: Vec<String>,
    emails: Vec<String>,
    marks: Marks,
    /// The records that are the person, and what they are called from now on.
    renamed: (String, Vec<Company>),
}

async fn gather(
    tx: &mut Tx,
    org: OrgId,
    (subject, number): (&Subject, i64),
    erasing: &Erasing,
) -> Outcome<Gone> {
    let faces = companies::actions::list_faces(tx, org, &subject.company).await?;
    let people = companies::actions::list_contacts(tx, org, subject.company.id).await?;
    let name = subject.contact.name.as_str();
    let is_them = |one: &Contact| is_same_person(&one.name, name);
    let mut contacts: Vec<Contact> = people.into_iter().filter(is_them).collect();
    // With whoever stands on the card go the records that a merge joined to them.
    let joined = companies::actions::list_joined(tx, org, subject.company.id).await?;
    let stands = |id: ContactId| contacts.iter().any(|one| one.id == id);
    let behind: Vec<Contact> =
        joined.into_iter().filter(|(id, _)| stands(*id)).map(|(_, one)| one).collect();
    contacts.extend(behind);
    let (phones, emails) = values(subject, &contacts, erasing)?;
    let sign = sign(tx, org, number).await?;
    let mut marks = Marks::new(contacts.iter().map(|one| &*one.name), &phones, &emails, &sign);
    if erasing.company && !subject.may_be_company() {
        return Err(Fields::one("company", "unknown-choice"));
    }
    let mut own = Vec::new();
    if erasing.company {
        own = subject.own_faces(&faces);
        let all = |of: fn(&Company) -> Vec<&String>| -> Vec<String> {
            own.iter().flat_map(of).cloned().collect()
        };
        let names = all(|face| [&face.name].into_iter().chain(&face.full_name).collect());
        let places = all(|face| face.address.iter().chain(&face.website).collect());
        marks = marks.and_company(&names, &places, &all(|face| registered(face).collect()));
    }
    Ok(Gone { faces, contacts, phones, emails, marks, renamed: (sign, own) })
}

/// Destroys it; says how much of what.
async fn destroy(
    tx: &mut Tx,
    act: &Act,
    number: i64,
    gone: &Gone,
) -> Outcome<BTreeMap<String, i64>> {
    let Gone { faces, contacts, phones, emails, marks, renamed } = gone;
    let own: Vec<CompanyId> = faces.iter().map(|face| face.id).collect();
    let dates = drop_dates(tx, act.org, (&own, contacts), marks).await?;
    for contact in contacts {
        verification::actions::forget_contact_in(tx, act, contact).await?;
        store::update_meetings(tx, act.org, contact.id).await?;
        store::delete_merge_changes(tx, act.org, &contact.id.to_string()).await?;
    }
    for face in &renamed.1 {
        store::update_nameless(tx, act.org, face.id, &renamed.0).await?;
    }
    let renamed = (renamed.0.as_str(), renamed.1.as_slice());
    let going = Going { faces, contacts, phones, emails, renamed };
    let touched = companies::actions::erase_in(tx, act, number, &going).await?;
    let recordings = telephony::recordings::end_in(tx, act, &own).await?;
    let calls = telephony::hosted::actions::forget_in(tx, act, phones).await?;
    let (records, files) = strike_files(tx, act.org, &touched, gone).await?;
    let others: Vec<CompanyId> = touched.into_iter().filter(|id| !own.contains(id)).collect();
    let texts = strike_texts(tx, act.org, (&own, &others), marks).await?;
    let length = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let counts = [
        ("companies", length(renamed.1.len())),
        ("contacts", length(contacts.len())),
        ("phones", length(phones.len())),
        ("emails", length(emails.len())),
        ("dates", dates),
        ("texts", texts),
        ("records", records),
        ("files", files),
        ("recordings", i64::try_from(recordings).unwrap_or(i64::MAX)),
        ("calls", i64::try_from(calls).unwrap_or(i64::MAX)),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    Ok(counts.map(|(what, count)| (what.to_owned(), count)).collect())
}

/// The numbers and addresses that go: the person's own, and those that were named with them.
fn values(
    subject: &Subject,
    contacts: &[Contact],
    erasing: &Erasing,
) -> Outcome<(Vec<String>, Vec<String>)> {
    let known = |id: &String| subject.reachable.iter().any(|one| one.id == *id);
    if !erasing.parts.iter().all(known) {
        return Err(Fields::one("parts", "unknown-choice"));
    }
    let goes = |one: &&Reachable| {
        let is_own = |contact| contacts.iter().any(|own| own.id == contact);
        one.contact.is_some_and(is_own) || erasing.parts.contains(&one.id)
    };
    let of = |what: &str| {
        let all = subject.reachable.iter().filter(goes).filter(|one| one.what == what);
        let mut values: Vec<String> = all.map(|one| one.value.clone()).collect();
        values.sort_unstable();
        values.dedup();
        values
    };
    Ok((of("phone"), of("email")))
}

/// What stands where the person stood.
async fn sign(tx: &mut Tx, org: OrgId, number: i64) -> Outcome<String> {
    let firm = people::actions::firm(tx, org).await?;
    let args = [("number", Word::Text(number.to_string()))];
    Ok(words::say(firm.lang, "erasure-sign", &args))
}

/// Important dates of the person go with them.
async fn drop_dates(
    tx: &mut Tx,
    org: OrgId,
    (companies, contacts): (&[CompanyId], &[Contact]),
    marks: &Marks,
) -> Outcome<i64> {
    let mut count = 0;
    for (id, contact, name) in store::list_dates(tx, org, companies).await? {
        let is_theirs = contact.is_some_and(|id| contacts.iter().any(|one| one.id == id));
        if is_theirs || marks.is_certain(&name) {
            store::delete_date(tx, org, &id).await?;
            count += 1;
        }
    }
    Ok(count)
}

/// Strikes the person out of what was written about their company, and about others that had a
/// number or an address of theirs: there only what certainly means them.
async fn strike_texts(
    tx: &mut Tx,
    org: OrgId,
    (own, others): (&[CompanyId], &[CompanyId]),
    marks: &Marks,
) -> Outcome<i64> {
    let mut count = 0;
    for written in store::WRITTEN {
        for (companies, is_own) in [(own, true), (others, false)] {
            for (row, said) in store::list_written(tx, written, org, companies).await? {
                let is_meant = is_own || marks.is_certain(&said);
                let struck = match written.is_json {
                    true => marks.struck_json(&said),
                    false => marks.struck(&said),
                };
                let Some(struck) = struck.filter(|_| is_meant) else { continue };
                let said = Some(struck.as_str()).filter(|_| !written.is_value());
                store::put_written(tx, written, org, (&row, said)).await?;
                count += 1;
            }
        }
    }
    for (user, scope, body) in store::list_drafts(tx, org).await? {
        let is_meant = marks.is_certain(&body);
        let Some(struck) = marks.struck_json(&body).filter(|_| is_meant) else { continue };
        store::update_draft(tx, org, (user, &scope), &struck).await?;
        count += 1;
    }
    Ok(count)
}

/// Strikes the person out of the files that brought these companies.
async fn strike_files(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
    gone: &Gone,
) -> Outcome<(i64, i64)> {
    let marks = &gone.marks;
    let names: Vec<&str> = gone.renamed.1.iter().map(|face| face.name.as_str()).collect();
    let strike = Strike {
        names: &names,
        text: &|text| marks.struck(text),
        certain_text: &|text| marks.struck(text).filter(|_| marks.is_certain(text)),
        json: &|text| marks.struck_json(text),
        certain_json: &|text| marks.struck_certain(text),
        cells: &|cells| marks.struck_cells(cells),
    };
    strike_in(tx, org, companies, &strike).await
}

/// An act, for those who erase.
pub async fn find(tx: &mut Tx, viewer: &Viewer, id: ErasureId) -> Outcome<Erasure> {
    let found = store::find(tx, viewer.org, id).await?;
    found.filter(|_| viewer.is_any(ERASING)).ok_or(Error::NotFound)
}

/// The act under which somebody was erased.
pub async fn find_of_contact(
    tx: &mut Tx,
    viewer: &Viewer,
    contact: ContactId,
) -> Outcome<Option<Erasure>> {
    let found = store::find_of_contact(tx, viewer.org, contact).await?;
    Ok(found.filter(|_| viewer.is_any(ERASING)))
}

/// Acts, the newest first.
pub async fn list(tx: &mut Tx, viewer: &Viewer, cursor: &Cursor) -> Outcome<Slice<Erasure>> {
    if !viewer.is_any(ERASING) {
        return Err(Error::NotFound);
    }
    let before = cursor.after().parse().unwrap_or(i64::MAX);
    let limit = cursor.limit();
    let rows = store::list(tx, viewer.org, before, limit + 1).await?;
    Ok(Slice::cut(rows, limit, |act| act.number.to_string()))
}
