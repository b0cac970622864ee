//! What a check or a call finds out about a number, a person, an address: the card is corrected as
//! part of the transaction that found it, and what turned out wrong is told to who follows.
//!
//! Events name numbers and people by their id alone: they are never changed, and a person can be
//! erased.

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
    /// By a check or a call, which records its check itself.
    ByCheck,
}

impl Noticed {
    fn tell(self, event: Event) -> Event {
        event.with("is_checked", self == Self::ByCheck)
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
        noticed.tell(event.with("before", found.standing.code())).record(tx, act).await?;
    }
    Ok(Some(found.standing))
}

/// A number that the network says does not exist is dialled by nobody until then; at once where
/// that was no word of the network.
pub async fn hold_phone_in(
    tx: &mut Tx,
    act: &Act,
    id: PhoneId,
    until: Option<Instant>,
) -> Outcome<()> {
    let Some(found) = store::find_phone(tx, act.org, id).await? else { return Ok(()) };
    if store::update_held_until(tx, act.org, id, until).await? == 0 {
        return Ok(());
    }
    Event::new(Kind::PhoneHeld, id)
        .company(found.company)
        .person(act.actor)
        .with("until", until.map(Instant::rfc3339))
        .record(tx, act)
        .await?;
    Ok(())
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

/// Says who decides there now: one of the company's people, who stays as they are but for a role
/// that is named anew, or a new person. Whoever else was said to decide does so no more. Answers
/// the person and how those stood who decided before, the person among them where they did. The
/// caller holds the company: an erasure of the person waits, or is seen.
pub async fn decide_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    (known, named): (Option<ContactId>, NewContact),
) -> Outcome<(ContactId, Vec<Contact>)> {
    let people = store::list_contacts(tx, act.org, company).await?;
    if known.is_none() {
        super::refuse_person(tx, act.org, company, &named.name).await?;
        if people.len() >= PARTS_MAX {
            return Err(super::editing::too_many("decider_name"));
        }
    }
    let mut before = Vec::new();
    for person in &people {
        let is_meant = Some(person.id) == known;
        if person.is_decision_maker {
            before.push(person.clone());
        }
        let role = named.role.clone().filter(|_| is_meant).or_else(|| person.role.clone());
        let after = Contact { is_decision_maker: is_meant, role, ..person.clone() };
        if after != *person {
            put_contact_in(tx, act, (person, &after), Noticed::ByCheck).await?;
        }
    }
    if let Some(id) = known {
        return Ok((id, before));
    }
    let id = ContactId::fresh(act.now);
    store::insert_contacts(tx, act.org, &[(id, company, &named, None)], act.now).await?;
    note_change(tx, act, company, "contacts").await?;
    Ok((id, before))
}

/// A number of a company is that of one of its people, where it was nobody's own.
pub async fn own_number_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    (phone, person): (PhoneId, ContactId),
) -> Outcome<()> {
    if store::update_phone_owner(tx, act.org, phone, person).await? > 0 {
        note_change(tx, act, company, "phones").await?;
    }
    Ok(())
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

/// What became of the mail addresses of a company that named another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmailNamed {
    /// It has the address and no other was asked about.
    Known,
    /// The address was added.
    Added(AnyId),
    /// It took the place of the one that was asked about.
    Replaced(AnyId, Option<ImportId>),
    /// It was there already; the one that was asked about is taken out.
    Dropped {
        /// The id of the one taken out.
        email: AnyId,
        /// Whose it was.
        contact: Option<ContactId>,
        /// The file that brought it.
        import: Option<ImportId>,
        /// Since when it was there.
        made_at: Instant,
    },
}

/// A company named the right mail address in place of the one it was asked about.
pub async fn correct_email_in(
    tx: &mut Tx,
    act: &Act,
    id: CompanyId,
    (asked, new): (Option<&str>, &str),
) -> Outcome<EmailNamed> {
    let parts = NewCompany { emails: vec![new.to_owned()], ..NewCompany::default() };
    super::erased::refuse_parts(tx, act.org, id, parts).await?;
    let asked = match asked.filter(|asked| asked.to_lowercase() != new.to_lowercase()) {
        Some(asked) => store::find_email(tx, act.org, id, asked).await?,
        None => None,
    };
    let is_known = store::find_email(tx, act.org, id, new).await?.is_some();
    let done = match (asked, is_known) {
        (None, true) => return Ok(EmailNamed::Known),
        (None, false) => {
            let (id_new, address) = (AnyId::fresh(act.now), new.to_owned());
            let (contact, import, made_at) = (None, None, act.now);
            let email = store::KeptEmail { id: id_new, contact, import, address, made_at };
            store::insert_email(tx, act.org, id, &email).await?;
            EmailNamed::Added(id_new)
        }
        (Some(was), false) => {
            store::update_email(tx, act.org, (was.id, &was.address), (new, None)).await?;
            EmailNamed::Replaced(was.id, was.import)
        }
        (Some(was), true) => {
            store::delete_email(tx, act.org, was.id, &was.address).await?;
            let store::KeptEmail { id: email, contact, import, made_at, .. } = was;
            EmailNamed::Dropped { email, contact, import, made_at }
        }
    };
    note_change(tx, act, id, "emails").await?;
    Ok(done)
}

/// What became of the numbers of a company that named the right one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberNamed {
    /// The number.
    pub phone: PhoneId,
    /// How it stood, where the company had it; `None` where it was added.
    pub was: Option<Standing>,
    /// How it stands now.
    pub set: Standing,
}

/// A company named the number it can be called by: added, and worth dialling even where it was
/// thought wrong. What is wrong with it is noted under the field it was typed in.
pub async fn name_number_in(
    tx: &mut Tx,
    act: &Act,
    id: CompanyId,
    (field, named): (&'static str, &Phone),
) -> Outcome<NumberNamed> {
    let known = store::list_phones(tx, act.org, id).await?;
    if let Some(known) = known.iter().find(|known| known.phone == *named) {
        let (phone, was) = (known.id, known.standing);
        let set = if was.is_worth_dialling() { was } else { Standing::Unknown };
        mark_phone_in(tx, act, phone, (set, Noticed::ByCheck)).await?;
        return Ok(NumberNamed { phone, was: Some(was), set });
    }
    if known.len() >= PARTS_MAX {
        let mut wrong = Fields::default();
        wrong.note_with(field, "too-many", vec![("max", PARTS_MAX.to_string())]);
        return Err(Error::Invalid(wrong));
    }
    let new = NewPhone { phone: named.clone(), label: None };
    let parts = NewCompany { phones: vec![new.clone()], ..NewCompany::default() };
    super::erased::refuse_parts(tx, act.org, id, parts).await?;
    let set = Standing::Unknown;
    store::insert_phones(tx, act.org, &[(id, &new, set, None)], act.now).await?;
    note_change(tx, act, id, "phones").await?;
    let all = store::list_phones(tx, act.org, id).await?;
    let added = all.into_iter().find(|one| one.phone == *named).ok_or(Error::NotFound)?;
    Ok(NumberNamed { phone: added.id, was: None, set })
}
