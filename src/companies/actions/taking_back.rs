//! What a check changed on a card is taken back: only where it still stands as the check wrote it.
//! What a colleague or a later call made of it since stays; each verb says whether it took it back.

use crate::companies::actions::{
    EmailNamed, Noticed, mark_phone_in, note_change, put_contact_in, readdress_in,
};
use crate::companies::store;
use crate::companies::*;
use crate::storage::{Act, Tx, is_named};

/// A number stands again as it did.
pub async fn restore_phone_in(
    tx: &mut Tx,
    act: &Act,
    id: PhoneId,
    (was, set): (Standing, Standing),
) -> Outcome<bool> {
    let found = store::find_phone(tx, act.org, id).await?;
    if found.is_none_or(|phone| phone.standing != set) {
        return Ok(false);
    }
    mark_phone_in(tx, act, id, (was, Noticed::ByCheck)).await?;
    Ok(true)
}

/// A person who was said to have left works there again, and decides if they did, which is told by
/// who decided beside them, and nobody but those does now.
pub async fn return_contact_in(
    tx: &mut Tx,
    act: &Act,
    id: ContactId,
    (gone_at, beside): (Instant, Option<&[ContactId]>),
) -> Outcome<bool> {
    let found = store::find_contact(tx, act.org, id).await?;
    let Some(now) = found.filter(|person| person.gone_at == Some(gone_at)) else {
        return Ok(false);
    };
    let others = store::list_contacts(tx, act.org, now.company).await?;
    let is_free = others
        .iter()
        .filter(|other| other.is_decision_maker)
        .all(|one| beside.is_some_and(|beside| beside.contains(&one.id)));
    let after = Contact {
        gone_at: None,
        gone_reason: None,
        is_decision_maker: beside.is_some() && is_free,
        ..now.clone()
    };
    put_contact_in(tx, act, (&now, &after), Noticed::ByCheck).await?;
    Ok(is_free || beside.is_none())
}

/// Whoever was named as deciding is taken out, and who decided before does again. A person whom
/// something depends on stays, deciding no more; one who was corrected since stays as they are.
pub async fn unname_decider_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    (added, before): (ContactId, &[ContactId]),
) -> Outcome<bool> {
    let people = store::list_contacts(tx, act.org, company).await?;
    let Some(named) = people.iter().find(|person| person.id == added && person.version == 1) else {
        return Ok(false);
    };
    let id = added.to_string();
    let is_kept = is_named(tx, act.org, "contact_id", &id).await?
        || is_named(tx, act.org, "joined_id", &id).await?;
    if is_kept {
        let after = Contact { is_decision_maker: false, ..named.clone() };
        put_contact_in(tx, act, (named, &after), Noticed::ByCheck).await?;
    } else if store::delete_contact(tx, act.org, added).await? == 0 {
        return Ok(false);
    } else {
        note_change(tx, act, company, "contacts").await?;
    }
    Ok(return_deciders_in(tx, act, &people, (added, before)).await? && !is_kept)
}

/// Who of the people that a company had decided before one of them was named does again; false
/// where others decide by now, or where one of them works there no more.
pub async fn return_deciders_in(
    tx: &mut Tx,
    act: &Act,
    people: &[Contact],
    (named, before): (ContactId, &[ContactId]),
) -> Outcome<bool> {
    if people.iter().any(|person| person.is_decision_maker && person.id != named) {
        return Ok(false);
    }
    let mut is_whole = true;
    for id in before.iter().filter(|id| **id != named) {
        let found = people.iter().find(|person| person.id == *id && person.gone_at.is_none());
        let Some(person) = found else {
            is_whole = false;
            continue;
        };
        let after = Contact { is_decision_maker: true, ..person.clone() };
        put_contact_in(tx, act, (person, &after), Noticed::ByCheck).await?;
    }
    Ok(is_whole)
}

/// A company is again where it was said to be.
pub async fn restore_address_in(
    tx: &mut Tx,
    act: &Act,
    id: CompanyId,
    (was, set): (Option<&str>, Option<&str>),
) -> Outcome<bool> {
    let found = store::find_for_update(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if set.is_none() || found.address.as_deref() != set || !found.is_in_base() {
        return Ok(false);
    }
    readdress_in(tx, act, id, was).await?;
    Ok(true)
}

/// A number that was named is taken out; one that was dialled since stays.
pub async fn drop_phone_in(
    tx: &mut Tx,
    act: &Act,
    (company, id): (CompanyId, PhoneId),
) -> Outcome<bool> {
    let is_kept = is_named(tx, act.org, "phone_id", &id.to_string()).await?;
    if is_kept || store::delete_phone(tx, act.org, id, Standing::Unknown).await? == 0 {
        return Ok(false);
    }
    note_change(tx, act, company, "phones").await?;
    Ok(true)
}

/// The mail addresses of a company are again as they were before it named another.
pub async fn restore_email_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    named: EmailNamed,
    (was, set): (Option<&str>, &str),
) -> Outcome<bool> {
    let count = match (named, was) {
        (EmailNamed::Known, _) => return Ok(true),
        (EmailNamed::Added(id), _) => store::delete_email(tx, act.org, id, set).await?,
        (EmailNamed::Replaced(id, import), Some(was)) => {
            if store::find_email(tx, act.org, company, was).await?.is_some() {
                return Ok(false);
            }
            store::update_email(tx, act.org, (id, set), (was, import)).await?
        }
        (EmailNamed::Dropped { email: id, contact, import, made_at }, Some(was)) => {
            let address = was.to_owned();
            let email = store::KeptEmail { id, contact, import, address, made_at };
            store::insert_email(tx, act.org, company, &email).await?
        }
        (_, None) => 0,
    };
    if count > 0 {
        note_change(tx, act, company, "emails").await?;
    }
    Ok(count > 0)
}
