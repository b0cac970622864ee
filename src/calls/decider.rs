//! Who decides, as a caller names them: one of the company's people or somebody new, with what
//! they do there and a number of theirs where it was said.
//!
//! A result that says who decides was found names them; it is kept with the call, in its
//! transaction, and stands on the card of the company.

use super::Call;
use super::results::CallForm;
use crate::companies::erased::meant;
use crate::companies::forms::{read_person_as, read_phone, read_role_as};
use crate::companies::{self, Contact, Near, NewContact};
use crate::storage::{Act, Tx};
use crate::values::*;
use crate::verification::{self, About, CheckedBy, Field, Verify};

/// Who decides there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decider {
    /// The one of the company's people; `None` for somebody new.
    pub known: Option<ContactId>,
    /// What they are called, and what they do there where that was said.
    pub person: NewContact,
    /// A number of theirs.
    pub phone: Option<Phone>,
}

/// Reads who decides among the people who work there. A name that one of them has is theirs:
/// nobody is on a card twice.
pub fn read(
    form: &CallForm,
    (contacts, near): (&[Contact], Near<'_>),
    wrong: &mut Fields,
) -> Option<Decider> {
    let role = read_role_as("decider_role", &form.decider_role, wrong);
    let phone = match form.decider_phone.trim() {
        "" => None,
        text => read_phone(text, near).map_err(|code| wrong.note("decider_phone", code)).ok(),
    };
    let mut there = contacts.iter().filter(|one| one.gone_at.is_none());
    let (known, name) = if form.decider.is_empty() {
        if form.decider_name.trim().is_empty() {
            wrong.note("decider_name", "decider-unnamed");
            return None;
        }
        let name = read_person_as("decider_name", &form.decider_name, wrong)?;
        let there: Vec<&Contact> = there.collect();
        (meant(&there, &name).map(|one| one.id), name)
    } else {
        let Some(one) = there.find(|one| one.id.to_string() == form.decider) else {
            wrong.note("decider", "unknown-choice");
            return None;
        };
        (Some(one.id), one.name.clone())
    };
    Some(Decider { known, person: NewContact { name, role, is_decision_maker: true }, phone })
}

/// Puts who decides on the card, with the check that it is. Nobody's work beside the result itself:
/// that pays.
pub(super) async fn keep_in(
    tx: &mut Tx,
    act: &Act,
    call: &Call,
    decider: &Decider,
) -> Outcome<ContactId> {
    let company = call.company;
    let named = (decider.known, decider.person.clone());
    let (id, before) = companies::actions::decide_in(tx, act, company, named).await?;
    if let Some(phone) = &decider.phone {
        let phone = ("decider_phone", phone);
        let number = companies::actions::name_number_in(tx, act, company, phone).await?.phone;
        companies::actions::own_number_in(tx, act, company, (number, id)).await?;
    }
    let (finding, about) = About::decider(id, &decider.person.name, &before);
    let verify = Verify::of(company, Field::DecisionMaker, finding, CheckedBy::Call);
    let verify = Verify { about, call: Some(call.id), ..verify };
    verification::actions::note_in(tx, act, verify).await?;
    Ok(id)
}
