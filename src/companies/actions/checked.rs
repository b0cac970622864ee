//! What a check or a call finds out about a number, a person, an address: the card is corrected as
//! part of the transaction that found it, and what turned out wrong is told to who follows.

use crate::companies::actions::note_change;
use crate::companies::*;
use crate::companies::{forms::Details, store};
use crate::events::{Event, Kind};
use crate::storage::{Act, Tx};

/// How it was noticed that something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noticed {
    /// By who corrects the card.
    ByHand,
    /// By a call that went wrong.
    ByCall,
    /// By a check, which records itself.
    ByCheck,
}

impl Noticed {
    fn tell(self, event: Event) -> Event {
        event.with("by_call", self != Self::ByHand).with("is_checked", self == Self::ByCheck)
    }
}

/// Says what became of a number and answers what stood there before; `None` for no such number.
pub async fn mark_phone_in(
    tx: &mut Tx,
    act: &Act,
    id: PhoneId,
    (standing, noticed): (Standing, Noticed),
) -> Outcome<Option<Standing>> {
    let Some(found) = store::find_phone(tx, act.org, id).await? else { return Ok(None) };
    if store::update_standing(tx, act.org, id, standing).await? == 0 {
        return Ok(Some(found.standing));
    }
    note_change(tx, act, found.company, "phones").await?;
    if !standing.is_worth_dialling() {
        let event = Event::new(Kind::PhoneFailed, id).company(found.company).person(act.actor);
        noticed
            .tell(event.with("before", found.standing.code()).with("value", found.phone.e164))
            .record(tx, act)
            .await?;
    }
    Ok(Some(found.standing))
}

/// Keeps a person as they stand now; who left is told of.
pub async fn put_contact_in(
    tx: &mut Tx,
    act: &Act,
    (before, after): (&Contact, &Contact),
    noticed: Noticed,
) -> Outcome<()> {
    if store::update_contact(tx, act.org, after).await? == 0 {
        return Err(CompanyRefusal::Stale.into());
    }
    note_change(tx, act, before.company, "contacts").await?;
    if before.gone_at.is_none() && after.gone_at.is_some() {
        let event = Event::new(Kind::ContactLeft, before.id)
            .company(before.company)
            .person(act.actor)
            .reason(after.gone_reason.clone())
            .with("value", before.name.clone())
            .with("decided", before.is_decision_maker);
        noticed.tell(event).record(tx, act).await?;
    }
    Ok(())
}

/// A person no longer works there: kept as gone, never offered again. Answers how they stood.
pub async fn part_with_in(
    tx: &mut Tx,
    act: &Act,
    id: ContactId,
    (reason, noticed): (&str, Noticed),
) -> Outcome<Contact> {
    let before = store::find_contact(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if before.gone_at.is_some() {
        return Ok(before);
    }
    let reason = reason.trim();
    let after = Contact {
        gone_at: Some(act.now),
        gone_reason: (!reason.is_empty()).then(|| reason.to_owned()),
        is_decision_maker: false,
        ..before.clone()
    };
    put_contact_in(tx, act, (&before, &after), noticed).await?;
    Ok(before)
}

/// Adds who decides there now; whoever was said to decide does so no more. Answers the new person
/// and how the others stood.
pub async fn name_decider_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    new: NewContact,
) -> Outcome<(ContactId, Vec<Contact>)> {
    super::refuse_person(tx, act.org, company, &new.name).await?;
    let people = store::list_contacts(tx, act.org, company).await?;
    let mut before = Vec::new();
    for person in people.into_iter().filter(|one| one.is_decision_maker) {
        let after = Contact { is_decision_maker: false, ..person.clone() };
        put_contact_in(tx, act, (&person, &after), Noticed::ByCheck).await?;
        before.push(person);
    }
    let id = ContactId::fresh(act.now);
    store::insert_contacts(tx, act.org, &[(id, company, &new, None)], act.now).await?;
    note_change(tx, act, company, "contacts").await?;
    Ok((id, before))
}

/// Puts a person back as they stood, as part of taking a check back.
pub async fn restore_contact_in(tx: &mut Tx, act: &Act, was: &Contact) -> Outcome<()> {
    let Some(now) = store::find_contact(tx, act.org, was.id).await? else { return Ok(()) };
    let after = Contact { version: now.version, ..was.clone() };
    put_contact_in(tx, act, (&now, &after), Noticed::ByCheck).await
}

/// Replaces the address of a company; answers what stood there.
pub async fn readdress_in(
    tx: &mut Tx,
    act: &Act,
    id: CompanyId,
    address: Option<&str>,
) -> Outcome<Option<String>> {
    let before = store::find_for_update(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let mut details = Details::of(&before);
    details.address = address.map(str::to_owned);
    let named = before.full_name.as_deref().unwrap_or(&before.name);
    let decided = store::Decided {
        name_key: name_key(&before.name),
        legal_form: linkage::normalise::name(named).form,
        zone: None,
    };
    let whose = (act.org, id, before.version);
    if store::update_details(tx, whose, &details, decided, act.now).await? == 0 {
        return Err(CompanyRefusal::Stale.into());
    }
    note_change(tx, act, id, "address").await?;
    Ok(before.address)
}

/// Adds a mail address that a company named; false where it has it.
pub async fn add_email_in(tx: &mut Tx, act: &Act, id: CompanyId, address: &str) -> Outcome<bool> {
    let parts = NewCompany { emails: vec![address.to_owned()], ..NewCompany::default() };
    super::erased::refuse_parts(tx, act.org, id, parts).await?;
    let is_new = store::insert_emails(tx, act.org, &[(id, address, None)], act.now).await? > 0;
    if is_new {
        note_change(tx, act, id, "emails").await?;
    }
    Ok(is_new)
}

/// Takes out a mail address that was added by mistake.
pub async fn drop_email_in(tx: &mut Tx, act: &Act, id: CompanyId, address: &str) -> Outcome<()> {
    if store::delete_email(tx, act.org, id, address).await? > 0 {
        note_change(tx, act, id, "emails").await?;
    }
    Ok(())
}
