//! Every statement about jobs.

use super::{Failed, Job, Kept, Standing, Trouble};
use crate::storage::Tx;
use crate::vals;
use crate::values::*;

pub(super) async fn insert(
    tx: &mut Tx,
    id: JobId,
    org: OrgId,
    kind: &str,
    subject: &str,
    run_at: Instant,
) -> Outcome<()> {
    tx.run(
        "insert into jobs (id, org_id, kind, subject, run_at, tries, generation, made_at) \
         values ($1, $2, $3, $4, $5, 0, 0, $5)",
        vals![id, org, kind, subject, run_at],
    )
    .await?;
    Ok(())
}

pub(super) async fn is_any_due(
    tx: &mut Tx,
    ([one, other], is_wanted): ([&str; 2], bool),
    now: Instant,
) -> Outcome<bool> {
    let row = tx
        .maybe(
            "select id from jobs where failed_at is null and run_at <= $1 \
             and (leased_until is null or leased_until <= $1) \
             and (kind like $2 || '%' or kind like $3 || '%') = $4 limit 1",
            vals![now, one, other, is_wanted],
        )
        .await?;
    Ok(row.is_some())
}

pub(super) async fn claim(
    tx: &mut Tx,
    ([one, other], is_wanted): ([&str; 2], bool),
    (now, until): (Instant, Instant),
) -> Outcome<Option<Job>> {
    tx.maybe(
        "update jobs set leased_until = $2, generation = generation + 1, tries = tries + 1 \
         where id = (select id from jobs where failed_at is null and run_at <= $1 \
           and (leased_until is null or leased_until <= $1) \
           and (kind like $3 || '%' or kind like $4 || '%') = $5 \
           order by run_at, id limit 1 /*skip locked*/) \
         returning id, org_id, kind, subject, run_at, tries, generation",
        vals![now, until, one, other, is_wanted],
    )
    .await?
    .map(|row| {
        Ok(Job {
            id: row.id("id")?,
            org: row.id("org_id")?,
            kind: row.text("kind")?,
            subject: row.text("subject")?,
            run_at: row.at("run_at")?,
            tries: row.int("tries")?,
            generation: row.int("generation")?,
        })
    })
    .transpose()
}

pub(super) async fn find_trouble(
    tx: &mut Tx,
    org: OrgId,
    kind: &str,
    subject: &str,
) -> Outcome<Option<Trouble>> {
    tx.maybe(
        "select problem, run_at, failed_at from jobs where org_id = $1 and kind = $2 \
         and subject = $3 and problem is not null and leased_until is null \
         order by run_at desc limit 1",
        vals![org, kind, subject],
    )
    .await?
    .map(|row| {
        let is_given_up = row.opt_at("failed_at")?.is_some();
        let again_at = if is_given_up { None } else { Some(row.at("run_at")?) };
        Ok(Trouble { problem: row.text("problem")?, again_at })
    })
    .transpose()
}

pub(super) async fn list_waiting(tx: &mut Tx, org: OrgId, kind: &str) -> Outcome<Vec<String>> {
    tx.all(
        "select subject from jobs where org_id = $1 and kind = $2 and failed_at is null \
         order by run_at, id",
        vals![org, kind],
    )
    .await?
    .iter()
    .map(|row| row.text("subject"))
    .collect()
}

pub(super) async fn list_failed(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Failed>> {
    tx.all(
        "select id, kind, subject, failed_at, problem from jobs where org_id = $1 \
         and failed_at is not null order by failed_at, id",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Failed {
            id: row.id("id")?,
            kind: row.text("kind")?,
            subject: row.text("subject")?,
            failed_at: row.at("failed_at")?,
            problem: row.opt_text("problem")?.unwrap_or_default(),
        })
    })
    .collect()
}

/// The first that failed, then those that did not yet for good, those in hand, those that wait.
pub(super) async fn list(tx: &mut Tx, org: OrgId, now: Instant, limit: i64) -> Outcome<Vec<Kept>> {
    tx.all(
        "select id, kind, subject, run_at, tries, leased_until, failed_at, problem from jobs \
         where org_id = $1 order by case when failed_at is not null then 0 \
         when leased_until > $2 then 2 when problem is not null then 1 else 3 end, \
         run_at, id limit $3",
        vals![org, now, limit],
    )
    .await?
    .iter()
    .map(|row| {
        let (failed_at, problem) = (row.opt_at("failed_at")?, row.opt_text("problem")?);
        let standing = match (failed_at, row.opt_at("leased_until")?) {
            (Some(_), _) => Standing::Failed,
            (None, Some(until)) if until > now => Standing::Running,
            _ if problem.is_some() => Standing::Again,
            _ => Standing::Waiting,
        };
        Ok(Kept {
            id: row.id("id")?,
            kind: row.text("kind")?,
            subject: row.text("subject")?,
            standing,
            at: failed_at.unwrap_or(row.at("run_at")?),
            tries: row.int("tries")?,
            problem,
        })
    })
    .collect()
}

pub(super) async fn update_retried(
    tx: &mut Tx,
    org: OrgId,
    id: Option<JobId>,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update jobs set failed_at = null, tries = 0, run_at = $3, leased_until = null \
         where org_id = $1 and ($2 is null or id = $2) and (failed_at is not null \
         or (id = $2 and problem is not null and (leased_until is null or leased_until <= $3)))",
        vals![org, id, now],
    )
    .await
}

pub(super) async fn update_lease(tx: &mut Tx, job: &Job, until: Instant) -> Outcome<u64> {
    tx.run(
        "update jobs set leased_until = $3 where id = $1 and generation = $2",
        vals![job.id, job.generation(), until],
    )
    .await
}

pub(super) async fn update_given_back(tx: &mut Tx, job: &Job) -> Outcome<u64> {
    tx.run(
        "update jobs set leased_until = null, problem = null, \
         tries = case when tries > 0 then tries - 1 else 0 end \
         where id = $1 and generation = $2",
        vals![job.id, job.generation()],
    )
    .await
}

/// One that was asked for again meanwhile stays: its tries are none.
pub(super) async fn delete_done(tx: &mut Tx, job: &Job) -> Outcome<u64> {
    tx.run(
        "delete from jobs where id = $1 and generation = $2 and tries = $3",
        vals![job.id, job.generation(), job.tries],
    )
    .await
}

pub(super) async fn delete_idle(
    tx: &mut Tx,
    org: OrgId,
    (kind, subject): (&str, &str),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "delete from jobs where org_id = $1 and kind = $2 and subject = $3 \
         and (failed_at is not null or leased_until is null or leased_until <= $4)",
        vals![org, kind, subject, now],
    )
    .await
}

pub(super) async fn update_asked_again(
    tx: &mut Tx,
    org: OrgId,
    (kind, subject): (&str, &str),
) -> Outcome<u64> {
    tx.run(
        "update jobs set tries = 0, problem = null where org_id = $1 and kind = $2 \
         and subject = $3 and failed_at is null",
        vals![org, kind, subject],
    )
    .await
}

/// One that was asked for again meanwhile is not touched: its tries are none.
pub(super) async fn update_put_off(
    tx: &mut Tx,
    job: &Job,
    tries: i64,
    (run_at, failed_at): (Instant, Option<Instant>),
    problem: &str,
) -> Outcome<u64> {
    tx.run(
        "update jobs set run_at = $3, leased_until = null, failed_at = $4, problem = $5, \
         tries = $6 where id = $1 and generation = $2 and tries > 0",
        vals![job.id, job.generation(), run_at, failed_at, problem, tries],
    )
    .await
}
