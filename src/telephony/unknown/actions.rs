//! What becomes of a call of whom the base does not know.

use std::collections::{BTreeMap, BTreeSet};

use super::forms::WhoseForm;
use super::{Unknown, UnknownRefusal, Whose};
use crate::begin;
use crate::companies::{self, NewCompany, NewPhone};
use crate::events::{Event, Kind};
use crate::people::{self, User, Viewer};
use crate::storage::{Act, Tx};
use crate::telephony::hosted::KEPT_DAYS;
use crate::telephony::hosted::incoming::{CARRIERS_MAX, Incoming, topic};
use crate::telephony::receiving::{LENT_MS, Offer, find_team};
use crate::telephony::store::{incoming, unknown as store};
use crate::values::*;

/// How many are shown.
const SHOWN_MAX: i64 = 200;
/// How many are put away at once for their age.
const AGED_AT_ONCE: i64 = 200;

/// Somebody is rung for a call of whom the base does not know, or nobody can be; it is on record
/// from here on.
pub(in crate::telephony) async fn put_in(
    tx: &mut Tx,
    act: &Act,
    (offer, number): (&Offer, &str),
    user: Option<UserId>,
) -> Outcome<()> {
    let call = Unknown {
        id: UnknownCallId::fresh(act.now),
        reference: offer.name.clone(),
        number: Some(number.to_owned()).filter(|number| is_number(number)),
        team: find_team(tx, act, offer).await?,
        user,
        began_at: offer.came_at,
        answered_at: None,
        ended_at: None,
        settled_at: None,
        settled_by: None,
        incoming: None,
        company: None,
    };
    if store::insert_unknown(tx, act.org, &call, act.now).await? == 1 {
        Event::new(Kind::UnknownCame, call.id).person(user).record(tx, act).await?;
    } else if let Some(user) = user {
        store::update_unknown_rung(tx, act.org, (&offer.name, user)).await?;
    }
    user.into_iter().for_each(|user| tx.announce(topic(user)));
    Ok(())
}

/// What a trunk says is kept as a number where it is one; anybody may write anything there.
fn is_number(told: &str) -> bool {
    let digits = told.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Nobody took it.
pub(in crate::telephony) async fn miss_in(
    tx: &mut Tx,
    act: &Act,
    (offer, number): (&Offer, &str),
) -> Outcome<()> {
    put_in(tx, act, (offer, number), None).await?;
    let told = store::update_unknown_ended(tx, act.org, &offer.name, act.now).await?;
    told.into_iter().for_each(|user| tx.announce(topic(user)));
    Ok(())
}

/// Those that the viewer sees and of which nobody said whose they were, newest first.
pub async fn list_open(tx: &mut Tx, viewer: &Viewer, now: Instant) -> Outcome<Vec<Unknown>> {
    let since = now.plus_days(-KEPT_DAYS);
    if !store::has_open(tx, viewer.org, since).await? {
        return Ok(Vec::new());
    }
    let members = list_members(tx, viewer).await?;
    store::list_unknown(tx, &viewer.scope(), &members, (since, SHOWN_MAX)).await
}

/// The viewer and who is of their team.
async fn list_members(tx: &mut Tx, viewer: &Viewer) -> Outcome<Vec<UserId>> {
    let users = people::actions::list_users(tx, viewer.org).await?;
    let team = viewer.user.team;
    let is_member = |user: &&User| user.id == viewer.id() || team.is_some() && user.team == team;
    Ok(users.iter().filter(is_member).map(|user| user.id).collect())
}

/// Those that the viewer sees and of which somebody said lately whose they were, or that were put
/// away, newest first; the company only where the viewer may know of it.
pub async fn list_settled(tx: &mut Tx, viewer: &Viewer, now: Instant) -> Outcome<Vec<Unknown>> {
    let since = now.plus_days(-KEPT_DAYS);
    let (scope, members) = (viewer.scope(), list_members(tx, viewer).await?);
    let mut all = store::list_settled(tx, &scope, &members, (since, SHOWN_MAX)).await?;
    let ids: Vec<CompanyId> = all.iter().filter_map(|call| call.company).collect();
    let seen = companies::actions::list_seen(tx, &scope, &ids, now).await?;
    for call in &mut all {
        call.company = call.company.filter(|company| seen.contains(company));
    }
    Ok(all)
}

/// Whose calls may be: of each number the companies that carry it now, as far as the viewer sees
/// them; of one that many carry, none.
pub async fn list_carriers(
    tx: &mut Tx,
    viewer: &Viewer,
    calls: &[Unknown],
    now: Instant,
) -> Outcome<BTreeMap<String, Vec<(CompanyId, String)>>> {
    let numbers: BTreeSet<String> = calls.iter().filter_map(|call| call.number.clone()).collect();
    let numbers: Vec<String> = numbers.into_iter().collect();
    let asked = (numbers.as_slice(), CARRIERS_MAX);
    let carriers = companies::actions::list_with_numbers(tx, viewer.org, asked).await?;
    let ids: Vec<CompanyId> = carriers.values().flatten().copied().collect();
    let names = list_names(tx, viewer, &ids, now).await?;
    let named = |id: CompanyId| Some((id, names.get(&id)?.clone()));
    let of = |ids: Vec<CompanyId>| ids.into_iter().filter_map(named).collect::<Vec<_>>();
    Ok(carriers.into_iter().map(|(number, ids)| (number, of(ids))).collect())
}

/// What companies are called, of those that the viewer may know of.
pub async fn list_names(
    tx: &mut Tx,
    viewer: &Viewer,
    ids: &[CompanyId],
    now: Instant,
) -> Outcome<BTreeMap<CompanyId, String>> {
    let seen = companies::actions::list_seen(tx, &viewer.scope(), ids, now).await?;
    let seen: Vec<CompanyId> = seen.into_iter().collect();
    let all = companies::actions::list_by_ids(tx, viewer.org, &seen).await?;
    Ok(all.into_iter().map(|company| (company.id, company.name)).collect())
}

async fn find_open_in(tx: &mut Tx, viewer: &Viewer, id: UnknownCallId) -> Outcome<Unknown> {
    let call = find(tx, viewer, id).await?;
    if call.settled_at.is_some() { Err(UnknownRefusal::Settled.into()) } else { Ok(call) }
}

/// Says whose it was. From then on it stands with that company as any call that came in; whoever
/// took it may look at the card for a while.
pub async fn tie(
    act: &Act,
    viewer: &Viewer,
    id: UnknownCallId,
    form: &WhoseForm,
) -> Outcome<CompanyId> {
    let whose = form.read()?;
    let mut tx = begin!(act);
    let call = find_open_in(&mut tx, viewer, id).await?;
    let company = match whose {
        Whose::Known(id) => {
            let scope = viewer.scope();
            let seen = companies::actions::find_seen_held(&mut tx, &scope, id, act.now).await?;
            seen.ok_or_else(|| Fields::one("company", "unknown-choice"))?.id
        }
        Whose::New(name, anyway) => {
            let company = add_in(&mut tx, act, viewer, (&call, name, anyway)).await?;
            let until = act.now.plus_ms(LENT_MS);
            companies::actions::lend_in(&mut tx, act, company, viewer.id(), until).await?;
            company
        }
    };
    let own = Incoming {
        id: IncomingCallId::fresh(act.now),
        user: call.user.unwrap_or(viewer.id()),
        company,
        lead: None,
        hosted: None,
        attempt: None,
        reference: None,
        began_at: call.began_at,
        answered_at: call.answered_at,
        ended_at: call.ended_at,
    };
    incoming::insert_incoming(&mut tx, act.org, &own, act.now).await?;
    // Nobody is told of what they have just said.
    let seen = (own.id, own.user);
    incoming::update_incoming_seen(&mut tx, act.org, seen, act.now).await?;
    settle_in(&mut tx, act, viewer, (&call, Some(own.id))).await?;
    Event::new(Kind::CallCameIn, own.id)
        .company(company)
        .person(own.user)
        .with("unknown", id.to_string())
        .record(&mut tx, act)
        .await?;
    tx.finish(company).await
}

/// The company that called, with its number.
async fn add_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (call, name, anyway): (&Unknown, String, bool),
) -> Outcome<CompanyId> {
    companies::actions::hold_base(tx, act.org).await?;
    let number =
        call.number.as_deref().and_then(|told| Phone::parse(told, viewer.country.code()).ok());
    let phones = number.into_iter().map(|phone| NewPhone { phone, label: None }).collect();
    let new = NewCompany { name, phones, ..NewCompany::default() };
    if !anyway {
        let offered = companies::actions::list_offered_to(tx, viewer, &new, act.now).await?;
        if let Some(refusal) = offered.refusal() {
            return Err(refusal.into());
        }
    }
    companies::actions::add_by_hand_in(tx, act, new).await
}

async fn settle_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (call, incoming): (&Unknown, Option<IncomingCallId>),
) -> Outcome<()> {
    let said = (viewer.id(), act.now);
    if store::update_unknown_settled(tx, act.org, (call.id, incoming), said).await? == 0 {
        return Err(UnknownRefusal::Settled.into());
    }
    call.user.into_iter().for_each(|user| tx.announce(topic(user)));
    Ok(())
}

/// Says that it was no company's: it is shown no more, and stays on record.
pub async fn put_away(act: &Act, viewer: &Viewer, id: UnknownCallId) -> Outcome<UnknownCallId> {
    let mut tx = begin!(act);
    let call = find_open_in(&mut tx, viewer, id).await?;
    settle_in(&mut tx, act, viewer, (&call, None)).await?;
    Event::new(Kind::UnknownPutAway, id).person(viewer.id()).record(&mut tx, act).await?;
    tx.finish(id).await
}

/// Forgets the numbers of calls whose time is over and puts those away of which nobody said whose
/// they were: without a number nobody can any more.
pub(in crate::telephony) async fn age_in(tx: &mut Tx, act: &Act, before: Instant) -> Outcome<()> {
    store::update_unknown_old(tx, act.org, before).await?;
    let old = (before, AGED_AT_ONCE);
    for (id, user) in store::update_unknown_aged(tx, act.org, old, act.now).await? {
        Event::new(Kind::UnknownPutAway, id).record(tx, act).await?;
        user.into_iter().for_each(|user| tx.announce(topic(user)));
    }
    Ok(())
}

/// One that the viewer sees, whatever was said of it.
pub async fn find(tx: &mut Tx, viewer: &Viewer, id: UnknownCallId) -> Outcome<Unknown> {
    let call = store::find_unknown(tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    let team = match (call.team, call.user) {
        (None, Some(user)) => {
            people::actions::find_user(tx, viewer.org, user).await?.and_then(|user| user.team)
        }
        (team, _) => team,
    };
    if viewer.scope().sees(call.user, team) { Ok(call) } else { Err(Error::NotFound) }
}
