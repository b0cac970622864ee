//! Work to be done later: an outbox in the same transaction as the change that asked for it.
//!
//! Invariants:
//! - a job is a name and a subject; it looks at the present state and is safe to run twice;
//! - it is claimed under a lease with a generation, so a slow worker cannot finish it for a
//!   faster one; a job that keeps failing is kept and shown, never dropped: `troika jobs`.
//!
//! Neighbours: uses `storage`; `schedule.rs` says what each name runs.

mod store;

use crate::storage::{Db, Tx};
use crate::values::*;

/// How long a worker may hold a job, unless it renews its hold, before another takes it.
const LEASE_MS: i64 = 2 * MINUTE_MS;
/// Tries before a job is set aside for a person to look at.
const TRIES_MAX: i64 = 10;

/// How often it is looked whether a full disk has room again: people make it, in their own time.
const ROOM_MS: i64 = 5 * MINUTE_MS;

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id; also the idempotency key of what it does.
    pub id: JobId,
    /// The firm.
    pub org: OrgId,
    /// What to run.
    pub kind: String,
    /// On what.
    pub subject: String,
    /// When it was to run: the "now" of what it does under a simulated clock.
    pub run_at: Instant,
    /// Tries so far, this one included.
    pub tries: i64,
    generation: i64,
}

/// Leaves a job behind; it runs at `run_at` or soon after.
pub async fn enqueue(
    tx: &mut Tx,
    org: OrgId,
    kind: &str,
    subject: &str,
    run_at: Instant,
) -> Outcome<JobId> {
    let id = JobId::fresh(run_at);
    store::insert(tx, id, org, kind, subject, run_at).await?;
    tx.announce("jobs");
    Ok(id)
}

/// Which jobs a worker takes: all, or by how their kind begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Every job.
    All,
    /// Only those whose kind begins in one of these ways.
    Only([&'static str; 2]),
    /// All but those whose kind begins so.
    AllBut([&'static str; 2]),
}

impl Share {
    /// The beginnings, and whether a kind is to have one of them. Every kind begins with nothing.
    fn beginnings(self) -> ([&'static str; 2], bool) {
        match self {
            Self::All => (["", ""], true),
            Self::Only(beginnings) => (beginnings, true),
            Self::AllBut(beginnings) => (beginnings, false),
        }
    }
}

/// Takes the job of a share that has waited longest, if one is due.
pub async fn claim(db: &Db, share: Share, now: Instant) -> Outcome<Option<Job>> {
    let mut look = db.read().await?;
    if !store::is_any_due(&mut look, share.beginnings(), now).await? {
        return Ok(None);
    }
    drop(look);
    let mut tx = db.begin().await?;
    let job = store::claim(&mut tx, share.beginnings(), (now, now.plus_ms(LEASE_MS))).await?;
    tx.commit().await?;
    Ok(job)
}

/// Holds a job for longer; false when another worker has taken it.
pub async fn renew(db: &Db, job: &Job, now: Instant) -> Outcome<bool> {
    let mut tx = db.begin().await?;
    let held = store::update_lease(&mut tx, job, now.plus_ms(LEASE_MS)).await?;
    tx.commit().await?;
    Ok(held > 0)
}

/// Gives a job back that was begun and not done: whoever looks next takes it, and it counts as no
/// try. What went wrong before is not what holds it up now.
pub async fn give_back(db: &Db, job: &Job) -> Outcome<()> {
    let mut tx = db.begin().await?;
    store::update_given_back(&mut tx, job).await?;
    tx.commit().await
}

/// The job is done; forgets it. One that was asked for again meanwhile is given back instead.
pub async fn complete(db: &Db, job: &Job) -> Outcome<()> {
    let mut tx = db.begin().await?;
    if store::delete_done(&mut tx, job).await? == 0 {
        store::update_given_back(&mut tx, job).await?;
    }
    tx.commit().await
}

/// Forgets the jobs of a kind on a subject that nobody has in hand: those that wait, that failed
/// and would be tried again, that were set aside. Says how many. One in hand goes on.
pub async fn withdraw_in(
    tx: &mut Tx,
    org: OrgId,
    (kind, subject): (&str, &str),
    now: Instant,
) -> Outcome<u64> {
    let count = store::delete_idle(tx, org, (kind, subject), now).await?;
    tx.announce("jobs");
    Ok(count)
}

/// Has the job of a kind on a subject run as if it were new, where there is one. One that is in
/// hand runs once more when it ended, for it may have looked at what changed since. Says how many
/// there are.
pub async fn ask_again_in(tx: &mut Tx, org: OrgId, (kind, subject): (&str, &str)) -> Outcome<u64> {
    let count = store::update_asked_again(tx, org, (kind, subject)).await?;
    tx.announce("jobs");
    Ok(count)
}

/// The job failed; it is tried again later, each time after a longer wait. One that was asked for
/// again meanwhile is given back instead: it failed at what is mended now. One that waits for room
/// on the disk is never given up, and its waiting counts as no try.
pub async fn put_off(db: &Db, job: &Job, now: Instant, problem: &str) -> Outcome<()> {
    let (wait_ms, tries) = match problem.starts_with(NO_ROOM) {
        true => (ROOM_MS, job.tries - 1),
        false => (MINUTE_MS << job.tries.clamp(0, 8), job.tries),
    };
    let failed_at = (tries >= TRIES_MAX).then_some(now);
    let mut tx = db.begin().await?;
    let times = (now.plus_ms(wait_ms), failed_at);
    if store::update_put_off(&mut tx, job, tries, times, problem).await? == 0 {
        store::update_given_back(&mut tx, job).await?;
    }
    tx.commit().await
}

/// What went wrong with a job the last time, and whether it is tried again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// For the log and for those who know what to look for; not for a page.
    pub problem: String,
    /// When it is tried again; `None` where it was set aside.
    pub again_at: Option<Instant>,
}

/// What went wrong with the job of a kind on a subject, where it did and nobody has it in hand
/// again.
pub async fn find_trouble(
    tx: &mut Tx,
    org: OrgId,
    (kind, subject): (&str, &str),
) -> Outcome<Option<Trouble>> {
    store::find_trouble(tx, org, kind, subject).await
}

/// A job that was set aside for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Its id.
    pub id: JobId,
    /// What it runs.
    pub kind: String,
    /// On what.
    pub subject: String,
    /// When it was tried the last time.
    pub failed_at: Instant,
    /// What went wrong then.
    pub problem: String,
}

/// Jobs that were set aside, the oldest first.
pub async fn list_failed(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Failed>> {
    store::list_failed(tx, org).await
}

codes! {
    /// How a job stands.
    Standing {
        /// It was set aside for a person to look at.
        Failed = "failed",
        /// It failed and is tried again by itself.
        Again = "again",
        /// A worker has it in hand.
        Running = "running",
        /// It waits for a worker, or for its time.
        Waiting = "waiting",
    }
}

/// A job as it stands, for who looks after the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: JobId,
    /// What it runs.
    pub kind: String,
    /// On what.
    pub subject: String,
    /// How it stands.
    pub standing: Standing,
    /// When it failed for good; else when it is, or was, to run.
    pub at: Instant,
    /// Tries so far.
    pub tries: i64,
    /// What went wrong the last time, where something did.
    pub problem: Option<String>,
}

/// Every job there is, those that failed first, then those that are tried again, are in hand, wait.
pub async fn list(tx: &mut Tx, org: OrgId, now: Instant, limit: i64) -> Outcome<Vec<Kept>> {
    store::list(tx, org, now, limit).await
}

/// Has jobs that were set aside tried again, now and as often as new ones: that one, or all. Says
/// how many. A job goes on under its own keys, so what it did before it failed is not done twice.
pub async fn retry(db: &Db, org: OrgId, id: Option<JobId>, now: Instant) -> Outcome<u64> {
    let mut tx = db.begin().await?;
    let count = retry_in(&mut tx, org, id, now).await?;
    tx.commit().await?;
    Ok(count)
}

/// The same as a part of somebody's act, who tells of it. That one is tried again at once, too,
/// where it would be by itself later.
pub async fn retry_in(tx: &mut Tx, org: OrgId, id: Option<JobId>, now: Instant) -> Outcome<u64> {
    let count = store::update_retried(tx, org, id, now).await?;
    tx.announce("jobs");
    Ok(count)
}

/// Subjects of the jobs of a kind that still wait for the worker.
pub async fn list_waiting(tx: &mut Tx, org: OrgId, kind: &str) -> Outcome<Vec<String>> {
    store::list_waiting(tx, org, kind).await
}

impl Job {
    pub(crate) fn generation(&self) -> i64 {
        self.generation
    }
}

#[cfg(test)]
mod tests;
