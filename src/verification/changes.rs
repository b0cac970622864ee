//! What a check changed on a card, by ids, and how that is taken back.

use serde::{Deserialize, Serialize};

use super::Verification;
use crate::companies::actions::{EmailNamed, Noticed, NumberNamed};
use crate::companies::{Contact, Standing, actions as companies};
use crate::storage::{Act, Tx};
use crate::values::*;

/// What a check changed on a card. Values stand beside the check, not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Change {
    /// A number stands otherwise; both by code.
    Phone {
        /// The number.
        phone: PhoneId,
        /// How it stood.
        was: String,
        /// How it stands by the check.
        set: String,
    },
    /// A person no longer works there.
    Left {
        /// The person.
        contact: ContactId,
        /// Since when, in milliseconds.
        at: i64,
        /// True where they decided.
        decided: bool,
        /// Who else decided then.
        #[serde(default)]
        beside: Vec<ContactId>,
    },
    /// Somebody who was not on the card decides.
    Decider {
        /// The person who was added.
        added: ContactId,
        /// Who decided before.
        before: Vec<ContactId>,
    },
    /// Somebody who was on the card decides, and nobody beside them.
    Decides {
        /// The person.
        contact: ContactId,
        /// Who decided before; they themselves where they did.
        before: Vec<ContactId>,
        /// What they did there, empty for nothing, where the check gave them another role. The one
        /// text among ids: it goes when the person is erased, and so does whoever it names.
        role: Option<String>,
    },
    /// A number was added.
    PhoneAdded {
        /// The number.
        phone: PhoneId,
    },
    /// A mail address was added.
    EmailAdded {
        /// Its id.
        email: AnyId,
    },
    /// A mail address took the place of another.
    EmailReplaced {
        /// Its id.
        email: AnyId,
        /// The file that had brought the other.
        import: Option<ImportId>,
    },
    /// A mail address was taken out, for the right one was there.
    EmailDropped {
        /// Its id.
        email: AnyId,
        /// Whose it was.
        contact: Option<ContactId>,
        /// The file that had brought it.
        import: Option<ImportId>,
        /// Since when it was there, in milliseconds.
        made_at: i64,
    },
    /// The company is elsewhere.
    Address,
}

impl Change {
    /// A number that stood so and now stands so; `None` where that is the same.
    pub fn phone(phone: PhoneId, was: Standing, set: Standing) -> Option<Self> {
        let (was, code) = (was.code().to_owned(), set.code().to_owned());
        (was != code).then_some(Self::Phone { phone, was, set: code })
    }
    /// What a number that was named changed.
    pub fn number(named: &NumberNamed) -> Option<Self> {
        match named.was {
            Some(was) => Self::phone(named.phone, was, named.set),
            None => Some(Self::PhoneAdded { phone: named.phone }),
        }
    }
    /// What a mail address that was named changed.
    pub fn email(named: EmailNamed) -> Option<Self> {
        match named {
            EmailNamed::Known => None,
            EmailNamed::Added(email) => Some(Self::EmailAdded { email }),
            EmailNamed::Replaced(email, import) => Some(Self::EmailReplaced { email, import }),
            EmailNamed::Dropped { email, contact, import, made_at } => {
                Some(Self::EmailDropped { email, contact, import, made_at: made_at.ms() })
            }
        }
    }
    /// The same without what it keeps in words; `None` where it keeps none.
    pub(super) fn wordless(self) -> Option<Self> {
        match self {
            Self::Decides { contact, before, role: Some(_) } => {
                Some(Self::Decides { contact, before, role: None })
            }
            _ => None,
        }
    }
    /// The same, read back.
    fn named(self) -> EmailNamed {
        match self {
            Self::EmailAdded { email } => EmailNamed::Added(email),
            Self::EmailReplaced { email, import } => EmailNamed::Replaced(email, import),
            Self::EmailDropped { email, contact, import, made_at } => {
                EmailNamed::Dropped { email, contact, import, made_at: Instant(made_at) }
            }
            _ => EmailNamed::Known,
        }
    }
}

/// Takes back on the card what a check changed there; false where something of it stays, because it
/// was changed again since.
pub(super) async fn restore_in(
    tx: &mut Tx,
    act: &Act,
    (company, check): (CompanyId, &Verification),
    change: Change,
) -> Outcome<bool> {
    let text = |value: &Option<super::Value>| value.as_ref().map(|value| value.text.clone());
    let (old, new) = (text(&check.about.old), text(&check.about.new));
    match change {
        Change::Phone { phone, was, set } => {
            let stood = (was.parse().unwrap_or_default(), set.parse().unwrap_or_default());
            companies::restore_phone_in(tx, act, phone, stood).await
        }
        Change::Left { contact, at, decided, beside } => {
            let beside = decided.then_some(beside.as_slice());
            companies::return_contact_in(tx, act, contact, (Instant(at), beside)).await
        }
        Change::Decider { added, before } => {
            companies::unname_decider_in(tx, act, company, (added, &before)).await
        }
        Change::Decides { contact, before, role } => {
            let had = role.as_deref();
            return_decision_in(tx, act, (company, check), (contact, &before, had)).await
        }
        Change::PhoneAdded { phone } => companies::drop_phone_in(tx, act, (company, phone)).await,
        Change::EmailAdded { .. } | Change::EmailReplaced { .. } | Change::EmailDropped { .. } => {
            let Some(new) = new else { return Ok(false) };
            let values = (old.as_deref(), new.as_str());
            companies::restore_email_in(tx, act, company, change.named(), values).await
        }
        Change::Address => {
            let values = (old.as_deref(), new.as_deref());
            companies::restore_address_in(tx, act, company, values).await
        }
    }
}

/// Who was named and was there before stands as they did: deciding or not, in the role that the
/// check, whose remark tells the new one, took from them. Who decided before does again. False
/// where something of that stands otherwise since.
async fn return_decision_in(
    tx: &mut Tx,
    act: &Act,
    (company, check): (CompanyId, &Verification),
    (named, before, had): (ContactId, &[ContactId], Option<&str>),
) -> Outcome<bool> {
    let people = companies::list_contacts(tx, act.org, company).await?;
    let named = people
        .iter()
        .filter(|one| one.gone_at.is_none())
        .find(|one| one.id == named && one.is_decision_maker);
    let Some(named) = named else { return Ok(false) };
    let had = had.filter(|_| named.role == check.note);
    let role = match had {
        Some(role) => (!role.is_empty()).then(|| role.to_owned()),
        None => named.role.clone(),
    };
    let is_decision_maker = before.contains(&named.id);
    let after = Contact { is_decision_maker, role, ..named.clone() };
    if after != *named {
        companies::put_contact_in(tx, act, (named, &after), Noticed::ByCheck).await?;
    }
    // A remark without a role that it took the place of: the role was changed since.
    let is_as_named = check.note.is_none() || had.is_some();
    let whose = (named.id, before);
    Ok(companies::return_deciders_in(tx, act, &people, whose).await? && is_as_named)
}
