//! What is done with promises: make, keep, break, release, pass on with the client.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{NewPromise, Promise, PromiseRefusal, PromiseState, plain, store};
use crate::begin;
use crate::companies;
use crate::events::{Event, Kind};
use crate::people::{self, Scope, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::values::*;

/// Promises something to a client as part of somebody else's transaction.
pub async fn make_in(tx: &mut Tx, act: &Act, new: NewPromise) -> Outcome<PromiseId> {
    new.check(act.now).into_result()?;
    let holder = new.holder.or(act.actor);
    let holder = holder.ok_or_else(|| Error::failure("a promise without a person"))?;
    let promise = Promise {
        id: PromiseId::fresh(act.now),
        number: take_numbers(tx, act.org, "promise", 1).await?,
        company: new.company,
        campaign: new.campaign,
        words: plain(&new.words),
        due_at: new.due_at,
        holder,
        holder_team: team_of(tx, act.org, holder).await?,
        made_by: act.actor.unwrap_or(holder),
        made_at: act.now,
        state: PromiseState::Open,
        note: String::new(),
        answered: None,
        version: 1,
    };
    store::insert(tx, act.org, &promise).await?;
    let event = told(Kind::PromiseMade, &promise);
    event.with("due_at", promise.due_at.rfc3339()).record(tx, act).await?;
    tx.announce(format!("user:{holder}"));
    Ok(promise.id)
}

/// Passes every open promise to a company on to whoever leads it now; says how many there were.
pub async fn pass_in(tx: &mut Tx, act: &Act, company: CompanyId, to: UserId) -> Outcome<usize> {
    let open = store::list_open_for_update(tx, act.org, company).await?;
    pass_these_in(tx, act, open, to).await
}

/// Passes one person's open promises to a company on.
pub async fn pass_from_in(
    tx: &mut Tx,
    act: &Act,
    (company, from): (CompanyId, UserId),
    to: UserId,
) -> Outcome<usize> {
    let mut open = store::list_open_for_update(tx, act.org, company).await?;
    open.retain(|promise| promise.holder == from);
    pass_these_in(tx, act, open, to).await
}

/// Passes every open promise of a person, as far as the scope sees them, on to another.
pub async fn pass_held_in(
    tx: &mut Tx,
    act: &Act,
    scope: &Scope,
    from: UserId,
    to: UserId,
) -> Outcome<usize> {
    let held = store::list_held_for_update(tx, scope, from).await?;
    pass_these_in(tx, act, held, to).await
}

/// One event for each company names its promises and who kept them before.
async fn pass_these_in(
    tx: &mut Tx,
    act: &Act,
    mut open: Vec<Promise>,
    to: UserId,
) -> Outcome<usize> {
    open.retain(|promise| promise.holder != to);
    let team = team_of(tx, act.org, to).await?;
    let mut by_company: BTreeMap<CompanyId, Vec<Value>> = BTreeMap::new();
    for promise in &open {
        if store::update_holder(tx, act.org, promise, (to, team)).await? == 0 {
            return Err(PromiseRefusal::Stale.into());
        }
        let named = json!({
            "promise": promise.id,
            "before": promise.holder,
        });
        by_company.entry(promise.company).or_default().push(named);
        tx.announce(format!("user:{}", promise.holder));
    }
    for (company, promises) in by_company {
        let event = Event::new(Kind::PromisesPassed, company).company(company).person(to);
        event.with("promises", promises).record(tx, act).await?;
        tx.announce(format!("user:{to}"));
    }
    Ok(open.len())
}

/// How many open promises each person holds, as far as the scope sees them.
pub async fn count_held(tx: &mut Tx, scope: &Scope) -> Outcome<BTreeMap<UserId, i64>> {
    store::list_counts(tx, scope).await
}

/// Every open promise to a company, the most urgent first.
pub async fn list_open(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Promise>> {
    store::list_open(tx, org, company).await
}

/// Promises something to a company that the viewer may know of.
pub async fn make(
    act: &Act,
    viewer: &Viewer,
    company: CompanyId,
    words: &str,
    due_at: Instant,
) -> Outcome<PromiseId> {
    let mut tx = begin!(act);
    let find = companies::actions::find_seen_held;
    let seen = find(&mut tx, &viewer.scope(), company, act.now).await?;
    let company = seen.ok_or(Error::NotFound)?.id;
    let words = words.to_owned();
    let new = NewPromise { company, campaign: None, words, due_at, holder: None };
    let id = make_in(&mut tx, act, new).await?;
    tx.finish(id).await
}

/// Puts away what a passport says was promised to a company, with a word why nothing is to be kept:
/// it was done, or nothing was promised. It stands among the promises as released.
pub async fn put_away(
    act: &Act,
    viewer: &Viewer,
    company: CompanyId,
    words: &str,
    note: &str,
) -> Outcome<PromiseId> {
    if note.trim().is_empty() {
        return Err(Fields::one("note", "promise-away-why"));
    }
    let mut tx = begin!(act);
    let find = companies::actions::find_seen_held;
    let seen = find(&mut tx, &viewer.scope(), company, act.now).await?;
    let company = seen.ok_or(Error::NotFound)?.id;
    let due_at = act.now.plus_ms(1);
    let words = words.to_owned();
    let new = NewPromise { company, campaign: None, words, due_at, holder: None };
    let id = make_in(&mut tx, act, new).await?;
    let made = store::find_for_update(&mut tx, &viewer.scope(), id).await?;
    let made = made.ok_or(Error::NotFound)?;
    let away = made.answer(viewer.id(), PromiseState::Released, note, act.now)?;
    if store::update_answer(&mut tx, act.org, &away).await? == 0 {
        return Err(PromiseRefusal::Stale.into());
    }
    told(Kind::PromiseReleased, &away).record(&mut tx, act).await?;
    tx.finish(id).await
}

/// Of these words those that no promise to the company says, open or answered.
pub async fn list_unrecorded(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    words: Vec<String>,
) -> Outcome<Vec<String>> {
    if words.is_empty() {
        return Ok(words);
    }
    let recorded = store::list_words(tx, org, company, &words).await?;
    Ok(words.into_iter().filter(|words| !recorded.contains(words)).collect())
}

/// A promise that may be seen.
pub async fn find(tx: &mut Tx, scope: &Scope, id: PromiseId) -> Outcome<Option<Promise>> {
    store::find(tx, scope, id).await
}

/// Every promise to a company, the newest first; the company was found under a scope before.
pub async fn list_of_company(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Promise>> {
    store::list_of_company(tx, org, company).await
}

/// Open promises: the viewer's own, or all they may see; the most urgent first.
pub async fn list_due(
    tx: &mut Tx,
    scope: &Scope,
    is_mine: bool,
    limit: i64,
) -> Outcome<Vec<Promise>> {
    store::list_due(tx, scope, is_mine, limit).await
}

/// What was answered, the newest first.
pub async fn list_answered(tx: &mut Tx, scope: &Scope, limit: i64) -> Outcome<Vec<Promise>> {
    store::list_answered(tx, scope, limit).await
}

/// Says what became of a promise.
pub async fn answer(
    act: &Act,
    viewer: &Viewer,
    id: PromiseId,
    state: PromiseState,
    note: &str,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let found = store::find_for_update(&mut tx, &viewer.scope(), id).await?;
    let promise = found.ok_or(Error::NotFound)?;
    let answered = promise.answer(viewer.id(), state, note, act.now)?;
    if store::update_answer(&mut tx, act.org, &answered).await? == 0 {
        return Err(PromiseRefusal::Stale.into());
    }
    let kind = match state {
        PromiseState::Kept => Kind::PromiseKept,
        PromiseState::Broken => Kind::PromiseBroken,
        PromiseState::Open | PromiseState::Released => Kind::PromiseReleased,
    };
    told(kind, &answered).record(&mut tx, act).await?;
    tx.announce(format!("user:{}", promise.holder));
    tx.finish(()).await
}

fn told(kind: Kind, promise: &Promise) -> Event {
    Event::new(kind, promise.id)
        .company(promise.company)
        .campaign(promise.campaign)
        .person(promise.holder)
}

async fn team_of(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<Option<TeamId>> {
    Ok(people::actions::find_user(tx, org, user).await?.ok_or(Error::NotFound)?.team)
}
