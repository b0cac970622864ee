//! Every statement about tasks.

use std::collections::BTreeMap;

use super::{Place, Task, View};
use crate::people::Scope;
use crate::storage::{Act, Row, Tx};
use crate::vals;
use crate::values::*;

/// Returns false when the key was used before.
pub(super) async fn insert(
    tx: &mut Tx,
    act: &Act,
    task: &Task,
    once: Option<&str>,
) -> Outcome<bool> {
    let count = tx
        .run(
            "insert into tasks (id, org_id, number, person_id, team_id, company_id, what, origin, \
             once_key, due_at, put_off_count, made_by, made_at, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             on conflict (org_id, once_key) do nothing",
            vals![
                task.id,
                act.org,
                task.number,
                task.person,
                task.team,
                task.company,
                &task.what,
                task.origin.code(),
                once,
                task.due_at,
                task.put_off_count,
                act.actor,
                task.made_at,
                task.version,
            ],
        )
        .await?;
    Ok(count == 1)
}

pub(super) async fn find_once(tx: &mut Tx, org: OrgId, once: &str) -> Outcome<Option<TaskId>> {
    tx.maybe("select id from tasks where org_id = $1 and once_key = $2", vals![org, once])
        .await?
        .map(|row| row.id("id"))
        .transpose()
}

pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: TaskId) -> Outcome<Option<Task>> {
    tx.maybe(
        "select id, number, person_id, team_id, company_id, what, origin, due_at, put_off_count, \
         made_at, done_at, version from tasks where org_id = $1 and id = $5 \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or person_id = $4)",
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn find_for_update(
    tx: &mut Tx,
    scope: &Scope,
    id: TaskId,
) -> Outcome<Option<Task>> {
    tx.maybe(
        "select id, number, person_id, team_id, company_id, what, origin, due_at, put_off_count, \
         made_at, done_at, version from tasks where org_id = $1 and id = $5 \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or person_id = $4) /*for update*/",
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Returns 0 when somebody changed the task in between.
pub(super) async fn update(tx: &mut Tx, act: &Act, task: &Task) -> Outcome<u64> {
    tx.run(
        "update tasks set person_id = $4, team_id = $5, due_at = $6, put_off_count = $7, \
         done_at = $8, done_by = $9, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3",
        vals![
            act.org,
            task.id,
            task.version,
            task.person,
            task.team,
            task.due_at,
            task.put_off_count,
            task.done_at,
            task.done_at.and(act.actor),
        ],
    )
    .await
}

/// A page of a view: open ones soonest first, done ones latest first.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    (view, now): (View, Instant),
    after: Option<Place>,
    limit: i64,
) -> Outcome<Vec<Task>> {
    let Some(until) = view.until(now) else {
        return list_done(tx, scope, after, limit).await;
    };
    let Place(at, id) = after.unwrap_or(Place(Instant(i64::MIN), TaskId(uuid::Uuid::nil())));
    tx.all(
        "select id, number, person_id, team_id, company_id, what, origin, due_at, put_off_count, \
         made_at, done_at, version from tasks where org_id = $1 and done_at is null \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or person_id = $4) \
         and due_at < $5 and (due_at > $6 or (due_at = $6 and id > $7)) \
         order by due_at, id limit $8",
        vals![scope.org, scope.reach(), scope.team, scope.user, until, at, id, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

async fn list_done(
    tx: &mut Tx,
    scope: &Scope,
    after: Option<Place>,
    limit: i64,
) -> Outcome<Vec<Task>> {
    let Place(at, id) = after.unwrap_or(Place(Instant(i64::MAX), TaskId(uuid::Uuid::nil())));
    tx.all(
        "select id, number, person_id, team_id, company_id, what, origin, due_at, put_off_count, \
         made_at, done_at, version from tasks where org_id = $1 and done_at is not null \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or person_id = $4) \
         and (done_at < $5 or (done_at = $5 and id < $6)) \
         order by done_at desc, id desc limit $7",
        vals![scope.org, scope.reach(), scope.team, scope.user, at, id, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_open_for_company(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Task>> {
    tx.all(
        "select id, number, person_id, team_id, company_id, what, origin, due_at, put_off_count, \
         made_at, done_at, version from tasks \
         where org_id = $1 and company_id = $2 and done_at is null order by due_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_held_for_update(
    tx: &mut Tx,
    scope: &Scope,
    person: UserId,
) -> Outcome<Vec<Task>> {
    tx.all(
        "select id, number, person_id, team_id, company_id, what, origin, due_at, put_off_count, \
         made_at, done_at, version from tasks \
         where org_id = $1 and person_id = $5 and done_at is null and ($2 = 'all' \
         or ($2 = 'team' and team_id = $3) or person_id = $4) order by id /*for update*/",
        vals![scope.org, scope.reach(), scope.team, scope.user, person],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_counts(tx: &mut Tx, scope: &Scope) -> Outcome<BTreeMap<UserId, i64>> {
    tx.all(
        "select person_id, count(*) as n from tasks \
         where org_id = $1 and done_at is null and ($2 = 'all' \
         or ($2 = 'team' and team_id = $3) or person_id = $4) group by person_id",
        vals![scope.org, scope.reach(), scope.team, scope.user],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("person_id")?, row.int("n")?)))
    .collect()
}

/// Open tasks within the scope, and the late ones among them.
pub(super) async fn count_open(tx: &mut Tx, scope: &Scope, now: Instant) -> Outcome<(i64, i64)> {
    let row = tx
        .one(
            "select count(*) as open, \
             cast(coalesce(sum(case when due_at < $5 then 1 else 0 end), 0) as bigint) as late \
             from tasks where org_id = $1 and done_at is null \
             and ($2 = 'all' or ($2 = 'team' and team_id = $3) or person_id = $4)",
            vals![scope.org, scope.reach(), scope.team, scope.user, now],
        )
        .await?;
    Ok((row.int("open")?, row.int("late")?))
}

fn read(row: &Row) -> Outcome<Task> {
    Ok(Task {
        id: row.id("id")?,
        number: row.int("number")?,
        person: row.id("person_id")?,
        team: row.opt_id("team_id")?,
        company: row.opt_id("company_id")?,
        what: row.text("what")?,
        origin: row.text("origin")?.parse().map_err(|()| Error::failure("unknown origin"))?,
        due_at: row.at("due_at")?,
        put_off_count: row.int("put_off_count")?,
        made_at: row.at("made_at")?,
        done_at: row.opt_at("done_at")?,
        version: row.int("version")?,
    })
}
