//! What is done with tasks: add, do, put off, pass on.

use std::collections::BTreeMap;

use super::{NewTask, Origin, Place, Task, TaskRefusal, View, Whose, may_give, store};
use crate::begin;
use crate::companies;
use crate::events::{Event, Kind};
use crate::people::{self, Scope, User, Viewer};
use crate::promises::{self, Promise};
use crate::storage::{Act, Tx, take_numbers};
use crate::values::*;
use crate::web::{Cursor, Slice};

/// Promises beside the tasks of a view.
const PROMISES_MAX: i64 = 100;

/// Leaves a task for a person. Under a key that was used before it is the task of then.
pub async fn add_in(tx: &mut Tx, act: &Act, new: NewTask) -> Outcome<TaskId> {
    if let Some(once) = &new.once
        && let Some(found) = store::find_once(tx, act.org, once).await?
    {
        return Ok(found);
    }
    let person = worker(tx, act.org, new.person).await?;
    let task = Task {
        id: TaskId::fresh(act.now),
        number: take_numbers(tx, act.org, "task", 1).await?,
        person: person.id,
        team: person.team,
        company: new.company,
        what: new.what.trim().to_owned(),
        origin: new.origin,
        due_at: new.due_at,
        put_off_count: 0,
        made_at: act.now,
        done_at: None,
        version: 1,
    };
    if !store::insert(tx, act, &task, new.once.as_deref()).await? {
        let once = new.once.unwrap_or_default();
        let found = store::find_once(tx, act.org, &once).await?;
        return found.ok_or_else(|| Error::failure("a task asked for once is missing"));
    }
    told(Kind::TaskMade, &task).record(tx, act).await?;
    tx.announce(format!("user:{}", task.person));
    Ok(task.id)
}

/// Writes down a task for oneself, or as a head for one of the team.
pub async fn add(act: &Act, viewer: &Viewer, mut new: NewTask) -> Outcome<TaskId> {
    super::check(&new.what, new.due_at, act.now)?;
    let mut tx = begin!(act);
    let person = worker(&mut tx, act.org, new.person).await?;
    if !may_give(viewer, person.id, person.team) {
        return Err(Error::NotFound);
    }
    if let Some(company) = new.company {
        let scope = viewer.scope();
        let find = companies::actions::find_seen_held;
        let seen = find(&mut tx, &scope, company, act.now).await?;
        new.company = Some(seen.ok_or(Error::NotFound)?.id);
    }
    let id = add_in(&mut tx, act, NewTask { origin: Origin::Person, once: None, ..new }).await?;
    tx.finish(id).await
}

/// The task is done.
pub async fn complete(act: &Act, viewer: &Viewer, id: TaskId) -> Outcome<()> {
    let mut tx = begin!(act);
    let task = locked(&mut tx, viewer, id).await?.done(act.now)?;
    keep(&mut tx, act, &task).await?;
    told(Kind::TaskDone, &task).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// The task is due at another time.
pub async fn put_off(act: &Act, viewer: &Viewer, id: TaskId, due_at: Instant) -> Outcome<()> {
    let mut tx = begin!(act);
    let task = locked(&mut tx, viewer, id).await?.put_off(due_at, act.now)?;
    keep(&mut tx, act, &task).await?;
    let event = told(Kind::TaskPutOff, &task).with("due_at", task.due_at.rfc3339());
    event.record(&mut tx, act).await?;
    tx.finish(()).await
}

/// A head gives the task to another person whom they may give tasks to.
pub async fn reassign(act: &Act, viewer: &Viewer, id: TaskId, to: UserId) -> Outcome<()> {
    let mut tx = begin!(act);
    let task = locked(&mut tx, viewer, id).await?;
    let person = worker(&mut tx, act.org, to).await?;
    if !may_give(viewer, person.id, person.team) {
        return Err(Error::NotFound);
    }
    pass_one_in(&mut tx, act, &task, &person).await?;
    tx.finish(()).await
}

/// Open tasks that belong to whoever leads a client pass to the new lead.
pub async fn pass_in(tx: &mut Tx, act: &Act, company: CompanyId, to: UserId) -> Outcome<()> {
    let person = worker(tx, act.org, to).await?;
    for task in store::list_open_for_company(tx, act.org, company).await? {
        if task.origin.follows_client() && task.person != to {
            pass_one_in(tx, act, &task, &person).await?;
        }
    }
    Ok(())
}

/// Open tasks of one person about a company pass to another.
pub async fn pass_from_in(
    tx: &mut Tx,
    act: &Act,
    (company, from): (CompanyId, UserId),
    to: UserId,
) -> Outcome<()> {
    let person = worker(tx, act.org, to).await?;
    for task in store::list_open_for_company(tx, act.org, company).await? {
        if task.person == from && from != to {
            pass_one_in(tx, act, &task, &person).await?;
        }
    }
    Ok(())
}

/// Every open task of a person, as far as the scope sees them, passes to another.
pub async fn pass_held_in(
    tx: &mut Tx,
    act: &Act,
    scope: &Scope,
    from: UserId,
    to: UserId,
) -> Outcome<usize> {
    let person = worker(tx, act.org, to).await?;
    let held = store::list_held_for_update(tx, scope, from).await?;
    for task in &held {
        pass_one_in(tx, act, task, &person).await?;
    }
    Ok(held.len())
}

/// How many open tasks each person has, as far as the scope sees them.
pub async fn count_held(tx: &mut Tx, scope: &Scope) -> Outcome<BTreeMap<UserId, i64>> {
    store::list_counts(tx, scope).await
}

async fn pass_one_in(tx: &mut Tx, act: &Act, task: &Task, to: &User) -> Outcome<()> {
    let passed = task.passed(to.id, to.team)?;
    keep(tx, act, &passed).await?;
    let event = told(Kind::TaskReassigned, &passed).with("before", task.person.to_string());
    event.record(tx, act).await?;
    tx.announce(format!("user:{}", task.person));
    Ok(())
}

/// Open tasks about a company, soonest first, for the rooms above.
pub async fn list_open(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Task>> {
    store::list_open_for_company(tx, org, company).await
}

/// The viewer's own tasks of a view, and as a head their team's.
pub async fn list(
    tx: &mut Tx,
    viewer: &Viewer,
    (view, whose): (View, Whose),
    cursor: &Cursor,
    now: Instant,
) -> Outcome<Slice<Task>> {
    let scope = whose.scope(viewer);
    let after = Place::parse(cursor.after());
    let limit = cursor.limit();
    let rows = store::list(tx, &scope, (view, now), after, limit + 1).await?;
    Ok(Slice::cut(rows, limit, |task| Place::of(view, task).text()))
}

/// One task that the viewer may see.
pub async fn find(tx: &mut Tx, viewer: &Viewer, id: TaskId) -> Outcome<Option<Task>> {
    store::find(tx, &viewer.scope(), id).await
}

/// What was promised to clients and is due when the tasks of the view are, soonest first.
pub async fn list_promises(
    tx: &mut Tx,
    viewer: &Viewer,
    (view, whose): (View, Whose),
    now: Instant,
) -> Outcome<Vec<Promise>> {
    let Some(until) = view.until(now) else { return Ok(Vec::new()) };
    let scope = whose.scope(viewer);
    let mut open = promises::actions::list_due(tx, &scope, false, PROMISES_MAX).await?;
    open.retain(|promise| promise.due_at < until);
    Ok(open)
}

/// How many tasks are open, and how many of them are late.
pub async fn count_open(
    tx: &mut Tx,
    viewer: &Viewer,
    whose: Whose,
    now: Instant,
) -> Outcome<(i64, i64)> {
    store::count_open(tx, &whose.scope(viewer), now).await
}

/// To whom the viewer may give tasks, by name.
pub async fn list_workers(tx: &mut Tx, viewer: &Viewer) -> Outcome<Vec<User>> {
    let mut users = people::actions::list_users(tx, viewer.org).await?;
    users.retain(|user| user.disabled_at.is_none() && may_give(viewer, user.id, user.team));
    Ok(users)
}

fn told(kind: Kind, task: &Task) -> Event {
    Event::new(kind, task.id)
        .company(task.company)
        .person(task.person)
        .with("origin", task.origin.code())
}

async fn locked(tx: &mut Tx, viewer: &Viewer, id: TaskId) -> Outcome<Task> {
    store::find_for_update(tx, &viewer.scope(), id).await?.ok_or(Error::NotFound)
}

async fn keep(tx: &mut Tx, act: &Act, task: &Task) -> Outcome<()> {
    if store::update(tx, act, task).await? == 0 {
        return Err(TaskRefusal::Stale.into());
    }
    tx.announce(format!("user:{}", task.person));
    Ok(())
}

async fn worker(tx: &mut Tx, org: OrgId, id: UserId) -> Outcome<User> {
    let found = people::actions::find_user(tx, org, id).await?;
    let user = found.filter(|user| user.disabled_at.is_none());
    user.ok_or_else(|| TaskRefusal::PersonGone.into())
}
