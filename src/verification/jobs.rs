//! What happens later: a number that failed and a person who left lower their field.

use super::{About, CheckedBy, Field, Finding, Verification, Verify, actions};
use crate::begin;
use crate::companies;
use crate::events::{Kind, Recorded};
use crate::storage::{Act, Tx};
use crate::values::*;

/// Acts upon an event of another folder. Who found it by a check has recorded that check.
pub async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    let Some(company) = event.company.filter(|_| !is(event, "is_checked")) else { return Ok(()) };
    let fields: &[Field] = match event.kind {
        Kind::PhoneFailed => &[Field::Phone],
        Kind::ContactLeft if is(event, "decided") => &[Field::Contact, Field::DecisionMaker],
        Kind::ContactLeft => &[Field::Contact],
        _ => return Ok(()),
    };
    let seen = Act { actor: event.actor, now: event.at, ..act.clone() };
    let mut tx = begin!(act);
    for field in fields {
        let last = actions::find_last(&mut tx, act.org, company, *field).await?;
        if last.is_some_and(|last| tells_of(&last, &event.subject) && last.made_at >= event.at) {
            continue;
        }
        let (about, note) = told(&mut tx, act.org, event).await?;
        let wrong = Verify::of(company, *field, Finding::Wrong, CheckedBy::Colleague);
        actions::note_in(&mut tx, &seen, Verify { about, note, ..wrong }).await?;
    }
    tx.finish(()).await
}

/// What the event tells of and why, as it stands now: the event itself holds nobody's name.
async fn told(tx: &mut Tx, org: OrgId, event: &Recorded) -> Outcome<(About, Option<String>)> {
    let id = &event.subject;
    let unknown = || (About { subject: Some(id.clone()), ..About::default() }, None);
    Ok(match event.kind {
        Kind::PhoneFailed => {
            let phone = id.parse().map_err(Error::failure)?;
            let found = companies::actions::find_phone(tx, org, phone).await?;
            found.map_or_else(unknown, |phone| (About::phone(&phone), None))
        }
        _ => {
            let contact = id.parse().map_err(Error::failure)?;
            let found = companies::actions::find_contact(tx, org, contact).await?;
            found.map_or_else(unknown, |one| (About::person(&one), one.gone_reason))
        }
    })
}

/// True when a check found that very value wrong.
fn tells_of(check: &Verification, subject: &str) -> bool {
    check.finding == Finding::Wrong && check.about.subject.as_deref() == Some(subject)
}

fn is(event: &Recorded, what: &str) -> bool {
    event.detail.get(what).and_then(serde_json::Value::as_bool) == Some(true)
}
