//! What runs by itself: who follows which event, what each job does, what is looked at regularly.
//!
//! A job looks at the present state and is safe to run twice; the rule lives in its folder, this
//! file only calls it. Under the demo's simulated clock the same worker runs job by job.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::events::{self, Recorded};
use crate::jobs::{self, Job, Share};
use crate::storage::{Act, Db};
use crate::values::*;
use crate::web::Stop;
use crate::{
    clients, handoffs, imports, leads, merges, pay, people, quality, rounds, telephony,
    verification,
};

/// How long the worker sleeps when nothing is announced.
const PAUSE: Duration = Duration::from_millis(500);
/// How often the database's planner looks at the tables anew.
const STATISTICS_MS: i64 = HOUR_MS;
/// How often what becomes due by itself is looked at.
const SWEEP: Duration = Duration::from_secs(2);

/// Kinds of jobs that may take minutes. A worker of their own runs them, so that no hand-off, no
/// pay and no other follower waits behind a large file.
const LONG: [&str; 2] = ["imports.", "merges."];
/// Those of them that take seconds. One more worker is kept for them, so that a file of a hundred
/// rows waits behind no million; the worker of long jobs takes them in their turn, too. So a node
/// works on two files at most, whatever is brought, and both take turns batch by batch.
const SMALL: [&str; 2] = [imports::actions::SMALL; 2];
/// How often a worker says that it is still at its job; well below the lease.
const HOLD: Duration = Duration::from_secs(20);
/// How long jobs may take to be given back once the product is told to stop.
const GIVING_BACK: Duration = Duration::from_secs(3);

/// Runs what runs by itself until the product stops: short jobs, long ones, small files beside them
/// and the regular looks, each at its own pace. What is in hand then is given back, and goes on at
/// the next start.
pub async fn work(db: Db, clock: Clock, stop: Stop) {
    let mut tasks = JoinSet::new();
    for share in [Share::AllBut(LONG), Share::Only(LONG), Share::Only(SMALL)] {
        tasks.spawn(work_off(db.clone(), clock.clone(), share, stop.clone()));
    }
    tasks.spawn(look_regularly(db, clock, stop.clone()));
    loop {
        tokio::select! {
            () = stop.told() => break,
            Some(Err(cause)) = tasks.join_next() => {
                tracing::error!(error = %cause, "a worker broke; restart the product");
            }
        }
    }
    let ended = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(GIVING_BACK, ended).await.is_err() {
        tracing::warn!("what was in hand was cut off; it goes on when its lease ends");
    }
    tasks.shutdown().await;
}

async fn work_off(db: Db, clock: Clock, share: Share, stop: Stop) {
    let mut announcements = db.announcements();
    loop {
        if let Err(error) = run_share(&db, &clock, share, &stop).await {
            tracing::error!(%error, "the worker could not look for jobs");
        }
        tokio::select! {
            () = stop.told() => return,
            // A notice, a lag of notices and a pause all mean the same: look again.
            _ = tokio::time::timeout(PAUSE, announcements.recv()) => {}
        }
    }
}

async fn look_regularly(db: Db, clock: Clock, stop: Stop) {
    // What was learned before a restart is kept; pages do not wait for the first look.
    let mut refreshed_at = Instant(0);
    loop {
        if let Err(error) = sweep(&db, &clock).await {
            tracing::warn!(%error, "not everything that is due was looked at");
        }
        if clock.now() >= refreshed_at.plus_ms(STATISTICS_MS) {
            refreshed_at = clock.now();
            if let Err(error) = db.refresh_statistics().await {
                tracing::error!(%error, "the planner could not look at the tables");
            }
        }
        tokio::select! {
            () = stop.told() => return,
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}

/// Runs every job that is due, in order, and says how many ran.
pub async fn run_due(db: &Db, clock: &Clock) -> Outcome<u64> {
    run_share(db, clock, Share::All, &Stop::default()).await
}

async fn run_share(db: &Db, clock: &Clock, share: Share, stop: &Stop) -> Outcome<u64> {
    let mut count = 0;
    while let Some(job) = jobs::claim(db, share, clock.now()).await? {
        count += 1;
        let done = tokio::select! {
            done = run(db, clock, &job) => done,
            () = hold(db, clock, &job) => {
                tracing::warn!(job.id = %job.id, job.kind, "another worker has taken a job over");
                continue;
            }
            () = stop.told() => {
                jobs::give_back(db, &job).await?;
                return Ok(count);
            }
        };
        match done {
            Ok(()) => jobs::complete(db, &job).await?,
            Err(error) => {
                tracing::warn!(job.id = %job.id, job.kind, %error, "a job is put off");
                jobs::put_off(db, &job, clock.now(), &error.to_string()).await?;
            }
        }
    }
    Ok(count)
}

/// Holds a job while it runs; returns once another worker has it.
async fn hold(db: &Db, clock: &Clock, job: &Job) {
    loop {
        tokio::time::sleep(HOLD).await;
        match jobs::renew(db, job, clock.now()).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(job.id = %job.id, %error, "a job could not be held"),
        }
    }
}

async fn run(db: &Db, clock: &Clock, job: &Job) -> Outcome<()> {
    let act = Act::by_product(db, job.org, clock.now(), format!("job:{}", job.id));
    match job.kind.as_str() {
        events::FOLLOW_JOB => {
            let id = job.subject.parse().map_err(Error::failure)?;
            let found = events::find(&mut db.read().await?, id).await?;
            let event = found.ok_or_else(|| Error::failure("the event of a job is missing"))?;
            follow(&act, &event).await
        }
        quality::jobs::SCORE => quality::jobs::run(&act).await,
        rounds::jobs::ENLIST => rounds::jobs::run(&act, &job.subject).await,
        handoffs::jobs::UNHELD => handoffs::jobs::run(&act, &job.subject).await,
        pay::jobs::SILENCE => pay::jobs::hear(&act, &job.subject).await,
        pay::jobs::RESETTLE => pay::jobs::resettle(&act, &job.subject).await,
        kind if imports::jobs::runs(kind) => imports::jobs::run(&act, kind, &job.subject).await,
        kind if merges::jobs::runs(kind) => merges::jobs::run(&act, &job.subject).await,
        kind => Err(Error::failure(format!("nobody runs jobs of kind {kind}"))),
    }
}

/// Tells everybody downstream what happened. Each follower acts under a key of its own, so that
/// a repeat after a crash in between does nothing twice; one that fails keeps it from no other.
async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    all_told(&[
        ("leads", leads::jobs::follow(&act.part("leads"), event).await),
        ("verification", verification::jobs::follow(&act.part("verification"), event).await),
        ("quality", quality::jobs::follow(&act.part("quality"), event).await),
        ("handoffs", handoffs::jobs::follow(&act.part("handoffs"), event).await),
        ("clients", clients::jobs::follow(&act.part("clients"), event).await),
        ("pay", pay::jobs::follow(&act.part("pay"), event).await),
    ])
}

/// Fails where any of them did, with what each of those says.
fn all_told(followers: &[(&str, Outcome<()>)]) -> Outcome<()> {
    let failed = followers
        .iter()
        .filter_map(|(folder, told)| told.as_ref().err().map(|error| format!("{folder}: {error}")));
    let failed: Vec<String> = failed.collect();
    if failed.is_empty() { Ok(()) } else { Err(Error::failure(failed.join("; "))) }
}

/// Looks at what has become due by itself: leases, hand-off clocks, dates. Safe to repeat. What
/// fails in one folder is logged and holds up none of the others; the last failure is told.
pub async fn sweep(db: &Db, clock: &Clock) -> Outcome<()> {
    let Some(org) = people::actions::first_firm(db).await? else { return Ok(()) };
    let act = Act { db: db.clone(), org, actor: None, now: clock.now(), key: None };
    let mut all = Ok(());
    for (folder, swept) in [
        ("leads", leads::jobs::sweep(&act).await),
        ("handoffs", handoffs::jobs::sweep(&act).await),
        ("clients", clients::jobs::sweep(&act).await),
        ("pay", pay::jobs::sweep(&act).await),
        ("rounds", rounds::jobs::sweep(&act).await),
        ("quality", quality::jobs::sweep(&act).await),
        ("merges", merges::jobs::sweep(&act).await),
        ("telephony", telephony::hosted::actions::sweep(&act).await),
    ] {
        if let Err(error) = swept {
            tracing::error!(folder, %error, "a sweep failed and is tried again");
            all = Err(error);
        }
    }
    all
}

#[cfg(test)]
mod tests;
