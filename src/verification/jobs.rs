//! What happens later: a number that failed and a person who left lower their field.

use super::{About, CheckedBy, Field, Finding, Verification, Verify, actions};
use crate::begin;
use crate::events::{Kind, Recorded};
use crate::storage::Act;
use crate::values::*;

/// Acts upon an event of another folder.
pub async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    if event.kind == Kind::CallReversed {
        return raise(act, event).await;
    }
    let fields: &[Field] = match event.kind {
        Kind::PhoneFailed => &[Field::Phone],
        Kind::ContactLeft if is(event, "decided") => &[Field::Contact, Field::DecisionMaker],
        Kind::ContactLeft => &[Field::Contact],
        _ => return Ok(()),
    };
    // Who found it by a check has recorded that check.
    let Some(company) = event.company.filter(|_| !is(event, "is_checked")) else { return Ok(()) };
    let source = if is(event, "by_call") { CheckedBy::Call } else { CheckedBy::Colleague };
    let text = |name: &str| event.detail.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    let seen = Act { actor: event.actor, now: event.at, ..act.clone() };
    let mut tx = begin!(act);
    for field in fields {
        let last = actions::find_last(&mut tx, act.org, company, *field).await?;
        if last.is_some_and(|last| tells_of(&last, &event.subject) && last.made_at >= event.at) {
            continue;
        }
        let about = About { subject: Some(event.subject.clone()), old: text("value"), new: None };
        let (field, finding, note) = (*field, Finding::Wrong, event.reason.clone());
        let verify = Verify { company, field, finding, source, note, about };
        actions::lower_in(&mut tx, &seen, verify).await?;
    }
    tx.finish(()).await
}

/// A number that a call had failed is as it was, when that call is taken back.
async fn raise(act: &Act, event: &Recorded) -> Outcome<()> {
    let phone = event.detail.get("phone").and_then(|phone| phone.as_str());
    let (Some(company), Some(phone)) = (event.company, phone) else { return Ok(()) };
    let mut tx = begin!(act);
    let last = actions::find_last(&mut tx, act.org, company, Field::Phone).await?;
    if let Some(last) = last.filter(|last| tells_of(last, phone)) {
        actions::take_back_in(&mut tx, act, last.id).await?;
    }
    tx.finish(()).await
}

/// True when a check found that very value wrong.
fn tells_of(check: &Verification, subject: &str) -> bool {
    check.finding == Finding::Wrong && check.about.subject.as_deref() == Some(subject)
}

fn is(event: &Recorded, what: &str) -> bool {
    event.detail.get(what).and_then(serde_json::Value::as_bool) == Some(true)
}
