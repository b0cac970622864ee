//! The numbers of a company as one person may read them; pages and the API ask here.

use super::{Company, CompanyPhone, Standing, actions};
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::values::*;

/// A number, whole or masked.
#[derive(Debug, Clone)]
pub struct PhoneSeen {
    /// Its id.
    pub id: PhoneId,
    /// Whose it is; nobody's in particular where that is not known.
    pub contact: Option<ContactId>,
    /// The number as it is shown; masked where it may not be read.
    pub shown: String,
    /// What dials it; only where it may be read.
    pub tel: Option<String>,
    /// Its extension; only where it may be read.
    pub extension: Option<String>,
    /// What it is called.
    pub label: String,
    /// What became of it so far.
    pub standing: Standing,
}

/// The numbers as this person may read them; opening them is noted.
pub async fn open(act: &Act, viewer: &Viewer, company: &Company) -> Outcome<Vec<PhoneSeen>> {
    let (may_read, phones) = actions::open_phones(act, viewer, company).await?;
    Ok(seen(phones, may_read))
}

/// The numbers beside a form that was refused: a refusal writes nothing, so only those are whole
/// that are read without a note.
pub async fn glance(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Outcome<Vec<PhoneSeen>> {
    let phones = actions::list_phones(tx, viewer.org, company.id).await?;
    Ok(seen(phones, company.lead == Some(viewer.id())))
}

/// The numbers that may be called now, whole for who leads the company; nothing is noted.
pub async fn list_to_call(
    tx: &mut Tx,
    viewer: &Viewer,
    company: &Company,
    now: Instant,
) -> Outcome<Vec<PhoneSeen>> {
    let phones = actions::list_callable_phones(tx, viewer.org, company.id, now).await?;
    Ok(seen(phones, company.lead == Some(viewer.id())))
}

fn seen(phones: Vec<CompanyPhone>, may_read: bool) -> Vec<PhoneSeen> {
    let seen = phones.into_iter().map(|one| PhoneSeen {
        id: one.id,
        contact: one.contact,
        shown: if may_read { one.phone.shown() } else { one.phone.masked() },
        tel: may_read.then(|| one.phone.tel()),
        extension: one.phone.extension.clone().filter(|_| may_read),
        label: one.label.unwrap_or_default(),
        standing: one.standing,
    });
    seen.collect()
}
