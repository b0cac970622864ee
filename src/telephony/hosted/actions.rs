//! What is done with what exchanges of others tell: kept, folded, found among attempts.

use super::course::{self, HostedCourse};
use super::{
    FILED_WITHIN_MS, HostedCall, SKEW_MS, TAKEN_WITHIN_MS, incoming, is_taken, meant, number_of,
};
use crate::companies::{self, CompanyPhone};
use crate::events::{Event, Kind};
use crate::people::{self, Viewer};
use crate::storage::{Act, Tx};
use crate::telephony::connectors::Connector;
use crate::telephony::drivers::hosted::{Direction, HostedEvent};
use crate::telephony::store::{connectors, hosted as store, unknown};
use crate::telephony::unknown::actions as unknown_calls;
use crate::telephony::{self, End, actions::Taken};
use crate::values::*;

/// Keeps what was told, folds it anew, and finds whose attempt it was or who is called. What is
/// told again, too late or of a time to come changes nothing.
pub async fn keep(act: &Act, connector: &Connector, event: &HostedEvent) -> Outcome<Taken> {
    if !is_taken(event.at, act.now) {
        tracing::warn!(connector.id = %connector.id, "a call of another time is not kept");
        return Ok(Taken::Known);
    }
    let mut tx = act.db.begin().await?;
    let named = (connector.id, event.reference.as_str());
    hold_desk_of(&mut tx, act.org, named, event).await?;
    let fresh = HostedCallId::fresh(act.now);
    let times = (event.at, act.now);
    store::insert_hosted(&mut tx, act.org, (fresh, named.0, named.1), times).await?;
    let found = store::find_named_for_update(&mut tx, act.org, named).await?;
    let call = found.ok_or_else(|| Error::failure("a call that was just kept is gone"))?;
    // What is older was folded and swept: of what comes so late alone nothing would be right.
    if call.made_at < act.now.plus_ms(-TAKEN_WITHIN_MS) {
        return Ok(Taken::Known);
    }
    let told = (event, act.now);
    if store::insert_hosted_event(&mut tx, act.org, (call.id, named.0), told).await? == 0 {
        return Ok(Taken::Known);
    }
    let events = store::list_hosted_events(&mut tx, act.org, call.id).await?;
    let Some(course) = course::fold(&events) else { return Ok(Taken::Known) };
    let call = refold_in(&mut tx, act, call, &course).await?;
    match call.direction {
        Some(Direction::Out) => place_in(&mut tx, act, &call).await?,
        Some(Direction::In) => incoming::tell_of_in(&mut tx, act, &call, event).await?,
        None => {}
    }
    connectors::update_heard(&mut tx, act.org, connector.id, act.now).await?;
    tx.commit().await?;
    Ok(Taken::New)
}

/// Holds the desk of whose call it is before the call: a result that is filed at this moment waits,
/// or is waited for.
async fn hold_desk_of(
    tx: &mut Tx,
    org: OrgId,
    named: (ConnectorId, &str),
    event: &HostedEvent,
) -> Outcome<()> {
    let user = match &event.extension {
        Some(name) => connectors::find_extension(tx, org, (named.0, name.as_str())).await?,
        None => store::find_whose(tx, org, named).await?,
    };
    match user {
        Some(user) => store::hold_desk(tx, org, user).await,
        None => Ok(()),
    }
}

/// Writes what is known of a call by now.
async fn refold_in(
    tx: &mut Tx,
    act: &Act,
    call: HostedCall,
    course: &HostedCourse,
) -> Outcome<HostedCall> {
    let country = people::actions::firm(tx, act.org).await?.country;
    let number = course.number.as_ref().map(|told| number_of(told, country.code()));
    let user = match &course.extension {
        Some(name) => {
            connectors::find_extension(tx, act.org, (call.connector, name.as_str())).await?
        }
        None => None,
    };
    let told = (course, number.as_deref(), user);
    store::update_hosted(tx, act.org, call.id, told).await?;
    if let Some(user) = user {
        tx.announce(format!("user:{user}"));
    }
    Ok(HostedCall {
        direction: course.direction,
        number,
        user,
        began_at: course.began_at,
        measured: course.measured,
        end: course.end,
        is_recorded: course.is_recorded,
        ..call
    })
}

/// Finds the attempt that a call of ours was, and writes what was measured of it. Where more is
/// told of a call, its attempt is looked at anew: it may have been another.
async fn place_in(tx: &mut Tx, act: &Act, call: &HostedCall) -> Outcome<()> {
    let fitting = fitting_in(tx, act.org, call).await?;
    for attempt in call.attempt.into_iter().chain(fitting) {
        measure_in(tx, act, attempt).await?;
    }
    Ok(())
}

/// The first attempt that its caller filed after a call with a number of that company.
async fn fitting_in(tx: &mut Tx, org: OrgId, call: &HostedCall) -> Outcome<Option<AttemptId>> {
    let (Some(user), Some(number)) = (call.user, &call.number) else { return Ok(None) };
    let from = call.began_at.plus_ms(-SKEW_MS);
    let within = (from, call.began_at.plus_ms(FILED_WITHIN_MS));
    let companies = companies::actions::list_with_number(tx, org, number).await?;
    let filed = store::list_attested(tx, org, user, within).await?;
    let first = filed.into_iter().find(|(_, company)| companies.contains(company));
    Ok(first.map(|(attempt, _)| attempt))
}

/// The number of a company by what it is.
async fn phone_of(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    number: &str,
) -> Outcome<Option<PhoneId>> {
    let phones = companies::actions::list_phones(tx, org, company).await?;
    Ok(phones.into_iter().find(|phone| phone.phone.e164 == number).map(|phone| phone.id))
}

/// Finds the call that an attempt was, of those that its caller made before filing it, and writes
/// what was measured beside what they said. True where there is one.
pub(in crate::telephony) async fn measure_in(
    tx: &mut Tx,
    act: &Act,
    id: AttemptId,
) -> Outcome<bool> {
    let found = telephony::store::find_attempt_for_update(tx, act.org, id).await?;
    let Some(attempt) = found else { return Ok(false) };
    if !connectors::has_connector(tx, act.org).await? {
        return Ok(false);
    }
    store::hold_desk(tx, act.org, attempt.caller).await?;
    let filed_at = attempt.attested_at.unwrap_or(attempt.made_at);
    let since = filed_at.plus_ms(-FILED_WITHIN_MS);
    let within = (since, filed_at.plus_ms(SKEW_MS));
    let phones = companies::actions::list_phones(tx, act.org, attempt.company).await?;
    let numbers: Vec<String> = phones.into_iter().map(|phone| phone.phone.e164).collect();
    let mut own = Vec::new();
    let whose = (attempt.caller, numbers.as_slice());
    for call in store::list_made_to(tx, act.org, whose, within).await? {
        if fitting_in(tx, act.org, &call).await? == Some(id) {
            own.push(call);
        }
    }
    let best = meant(own);
    let before = store::find_of_attempt(tx, act.org, id).await?;
    let is_same = before.as_ref().map(|call| call.id) == best.as_ref().map(|call| call.id);
    if let Some(before) = before.filter(|_| !is_same) {
        store::update_attempt_of(tx, act.org, before.id, None).await?;
    }
    let phone = match best.as_ref().and_then(|call| call.number.as_ref()) {
        Some(number) => phone_of(tx, act.org, attempt.company, number).await?,
        None => None,
    };
    store::update_measured(tx, act.org, id, (best.as_ref(), phone)).await?;
    let Some(call) = best else { return Ok(false) };
    store::update_attempt_of(tx, act.org, call.id, Some(id)).await?;
    if !is_same {
        Event::new(Kind::AttemptMeasured, id)
            .company(attempt.company)
            .campaign(attempt.campaign)
            .person(attempt.caller)
            .tier(1)
            .with("lead", attempt.lead.to_string())
            .with("hosted", call.id.to_string())
            .record(tx, act)
            .await?;
    }
    Ok(true)
}

/// True where an exchange tells of calls.
pub async fn is_told(tx: &mut Tx, org: OrgId) -> Outcome<bool> {
    connectors::has_connector(tx, org).await
}

/// The last call of a person to one of these numbers that has no result yet.
pub async fn find_open(
    tx: &mut Tx,
    viewer: &Viewer,
    numbers: &[CompanyPhone],
    now: Instant,
) -> Outcome<Option<HostedCall>> {
    let within = (now.plus_ms(-FILED_WITHIN_MS), now.plus_ms(SKEW_MS));
    let made = store::list_made_by(tx, viewer.org, viewer.id(), within).await?;
    let is_theirs = |call: &HostedCall| {
        let is_same = |phone: &CompanyPhone| call.number.as_ref() == Some(&phone.phone.e164);
        call.attempt.is_none() && numbers.iter().any(is_same)
    };
    Ok(made.into_iter().rev().find(is_theirs))
}

/// How that call ended; nothing while it lasts, or where no exchange tells of calls.
pub async fn find_end(
    tx: &mut Tx,
    viewer: &Viewer,
    numbers: &[CompanyPhone],
    now: Instant,
) -> Outcome<Option<End>> {
    if !is_told(tx, viewer.org).await? {
        return Ok(None);
    }
    let open = find_open(tx, viewer, numbers, now).await?;
    Ok(open.and_then(|call| call.end).filter(End::is_counted))
}

/// A result was taken back: the call that was measured for it waits for another, and what it
/// measured goes with it. What its caller had said is no attempt.
pub(in crate::telephony) async fn free_in(tx: &mut Tx, act: &Act, call: CallId) -> Outcome<()> {
    for attempt in store::list_attested_of(tx, act.org, call).await? {
        store::update_measured(tx, act.org, attempt, (None, None)).await?;
    }
    store::update_freed(tx, act.org, call).await?;
    store::update_withdrawn(tx, act.org, call).await.map(drop)
}

/// Forgets numbers of somebody who is erased; says of how many calls.
pub async fn forget_in(tx: &mut Tx, act: &Act, numbers: &[String]) -> Outcome<u64> {
    let mut count = 0;
    for number in numbers {
        count += store::update_forgotten(tx, act.org, number).await?;
        count += unknown::update_unknown_forgotten(tx, act.org, number).await?;
    }
    Ok(count)
}

/// Forgets numbers whose time is over, and what was told with them; unknown calls of which nobody
/// said whose they were are put away.
pub async fn sweep(act: &Act) -> Outcome<()> {
    let before = act.now.plus_days(-super::KEPT_DAYS);
    if !store::has_old(&mut act.db.read().await?, act.org, before).await? {
        return Ok(());
    }
    let mut tx = act.db.begin().await?;
    store::delete_old(&mut tx, act.org, before).await?;
    unknown_calls::age_in(&mut tx, act, before).await?;
    tx.commit().await
}
