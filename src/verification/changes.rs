//! What a check changed on a card, by ids, and how that is taken back.

use serde::{Deserialize, Serialize};

use super::Verification;
use crate::companies::{Standing, actions as companies};
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
    },
    /// Somebody else decides.
    Decider {
        /// The person who was added.
        added: ContactId,
        /// Who decided before.
        before: Vec<ContactId>,
    },
    /// A mail address was added.
    EmailAdded {
        /// Its id.
        email: AnyId,
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
        Change::Left { contact, at, decided } => {
            companies::return_contact_in(tx, act, contact, (Instant(at), decided)).await
        }
        Change::Decider { added, before } => {
            companies::unname_decider_in(tx, act, company, (added, &before)).await
        }
        Change::EmailAdded { email } => {
            let Some(new) = new else { return Ok(false) };
            companies::drop_email_in(tx, act, company, (email, &new)).await
        }
        Change::Address => {
            let values = (old.as_deref(), new.as_deref());
            companies::restore_address_in(tx, act, company, values).await
        }
    }
}
