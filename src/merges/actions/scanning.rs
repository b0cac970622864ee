//! The search of the whole base for duplicates.
//!
//! It reads the base, compares all with all in memory and writes pairs in parts of a few hundred,
//! each a transaction of its own. Repeated after a crash it finds the same pairs and goes on where
//! it stopped; what was decided before stays decided.

use std::collections::BTreeMap;

use crate::begin;
use crate::companies::{self, Segment};
use crate::events::{Event, Kind};
use crate::jobs::{self, Trouble};
use crate::merges::actions::{lessons, tying};
use crate::merges::evidence::{Base, Found, evidence, is_new_evidence};
use crate::merges::store::{self, Seen};
use crate::merges::*;
use crate::people;
use crate::storage::{Act, Tx};

/// The job that searches the base.
pub const SCAN_JOB: &str = "merges.scan";
/// Companies read at once.
const READ_AT_ONCE: i64 = 5_000;
/// Pairs written at once.
const WRITTEN_AT_ONCE: usize = 400;
/// Threads that compare; the others serve those who work.
const THREADS_MAX: usize = 4;

/// Starts a search; it runs in the background. One that broke does not stand in its way, be it
/// that it would be tried again.
pub async fn start_scan(act: &Act) -> Outcome<ScanId> {
    let mut tx = begin!(act);
    if let Some(last) = find_running(&mut tx, act.org).await?
        && (is_forsaken(&mut tx, act.org, last).await?
            || find_trouble(&mut tx, act.org, last).await?.is_some())
    {
        give_up_in(&mut tx, act, last).await?;
    }
    let scan = ScanId::fresh(act.now);
    if store::insert_scan(&mut tx, act.org, scan, (act.actor, act.now)).await? == 0 {
        return Err(MergeRefusal::ScanRuns.into());
    }
    jobs::enqueue(&mut tx, act.org, SCAN_JOB, &scan.to_string(), act.now).await?;
    Event::new(Kind::BaseScanned, scan)
        .person(act.actor)
        .reason("started".to_owned())
        .record(&mut tx, act)
        .await?;
    tx.announce("duplicates");
    tx.finish(scan).await
}

async fn find_running(tx: &mut Tx, org: OrgId) -> Outcome<Option<ScanId>> {
    let last = store::find_last_scan(tx, org).await?;
    Ok(last.filter(Scan::is_running).map(|scan| scan.id))
}

/// What broke a search the last time, and when it is tried again.
pub async fn find_trouble(tx: &mut Tx, org: OrgId, id: ScanId) -> Outcome<Option<Trouble>> {
    jobs::find_trouble(tx, org, (SCAN_JOB, &id.to_string())).await
}

/// True when nobody will go on with a search: it was tried too often.
async fn is_forsaken(tx: &mut Tx, org: OrgId, id: ScanId) -> Outcome<bool> {
    let waiting = jobs::list_waiting(tx, org, SCAN_JOB).await?;
    Ok(!waiting.contains(&id.to_string()))
}

/// A search that broke is over; what it wrote stays.
async fn give_up_in(tx: &mut Tx, act: &Act, id: ScanId) -> Outcome<()> {
    store::update_scan_failed(tx, act.org, id, act.now).await?;
    Event::new(Kind::BaseScanned, id).reason("failed".to_owned()).record(tx, act).await?;
    tx.announce("duplicates");
    Ok(())
}

/// Searches the base by itself, once a night and only where something changed; a search that
/// nobody will go on with is given up. Called every few seconds and safe to repeat.
pub async fn scan_by_night(act: &Act) -> Outcome<()> {
    let mut look = act.db.read().await?;
    let last = store::find_last_scan(&mut look, act.org).await?;
    if let Some(running) = last.as_ref().filter(|scan| scan.is_running()) {
        let is_forsaken = is_forsaken(&mut look, act.org, running.id).await?;
        drop(look);
        if is_forsaken {
            let mut tx = act.db.begin().await?;
            give_up_in(&mut tx, act, running.id).await?;
            tx.commit().await?;
        }
        return Ok(());
    }
    let zone = people::actions::firm(&mut look, act.org).await?.zone;
    let since = last.as_ref().map_or(Instant(0), |scan| scan.started_at);
    let is_due = is_night_due(last.as_ref(), &zone, act.now)
        && store::has_news(&mut look, act.org, since).await?;
    drop(look);
    if !is_due {
        return Ok(());
    }
    match start_scan(act).await {
        // Somebody was faster.
        Err(Error::Refused(_)) => Ok(()),
        started => started.map(|_| ()),
    }
}

/// Searches the base; what was written before a crash is met again and stays.
pub async fn scan(act: &Act, id: ScanId) -> Outcome<()> {
    let mut tx = act.db.read().await?;
    let Some(scan) = store::find_scan(&mut tx, act.org, id).await? else { return Ok(()) };
    drop(tx);
    if !scan.is_running() {
        return Ok(());
    }
    let base = read_base(act).await?;
    let companies = i64::try_from(base.len()).map_err(Error::failure)?;
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(THREADS_MAX));
    let found = tokio::task::spawn_blocking(move || base.compare(threads));
    let found = found.await.map_err(Error::failure)?;
    let pairs = i64::try_from(found.len()).map_err(Error::failure)?;
    let mut done = 0;
    for part in found.chunks(WRITTEN_AT_ONCE) {
        let written = i64::try_from(part.len()).map_err(Error::failure)?;
        done += written;
        if !write_part(act, id, part, (companies, pairs, done)).await? {
            return Ok(());
        }
    }
    finish_scan(&act.part("finish"), id, (companies, pairs)).await
}

async fn finish_scan(act: &Act, id: ScanId, (companies, pairs): (i64, i64)) -> Outcome<()> {
    let mut tx = begin!(act);
    store::update_scan(&mut tx, (act.org, id), (companies, pairs, pairs)).await?;
    if store::update_scan_done(&mut tx, act.org, id, act.now).await? == 0 {
        // It was given up meanwhile: what another one finds is not for this one to judge.
        return Ok(());
    }
    store::update_gone(&mut tx, act.org, id).await?;
    Event::new(Kind::BaseScanned, id)
        .reason("done".to_owned())
        .with("companies", companies)
        .with("pairs", pairs)
        .record(&mut tx, act)
        .await?;
    tx.announce("duplicates");
    tx.finish(()).await
}

async fn read_base(act: &Act) -> Outcome<Base> {
    let mut tx = act.db.read().await?;
    let (mut base, mut after) = (Base::default(), None);
    loop {
        let whole = Segment::default();
        let list = companies::actions::list_segment;
        let ids = list(&mut tx, act.org, &whole, after, READ_AT_ONCE).await?;
        let Some(last) = ids.last().copied() else { break };
        for known in companies::actions::list_known(&mut tx, act.org, &ids).await? {
            base.add(&known);
        }
        after = Some(last);
    }
    base.teach(lessons::list_lessons(&mut tx, act.org).await?);
    Ok(base)
}

/// True for a pair that was decided and for which something new speaks. Two that are of one group,
/// or branch and head, are known to be two companies: they are not asked about while they are tied.
async fn is_asked_again(
    tx: &mut Tx,
    org: OrgId,
    found: &Found,
    (state, decided): (PairState, &str),
) -> Outcome<bool> {
    if !state.is_decided() || !is_new_evidence(decided, &evidence(&found.reasons)) {
        return Ok(false);
    }
    if state.tie(found.left, found.right).is_none() {
        return Ok(true);
    }
    Ok(tying::list_between(tx, org, (found.left, found.right)).await?.is_empty())
}

/// Writes a part of what was found. What a person decided stays decided unless something new speaks
/// for the two; what is the same again is not written again. Says whether the search goes on.
async fn write_part(
    act: &Act,
    scan: ScanId,
    part: &[Found],
    progress: (i64, i64, i64),
) -> Outcome<bool> {
    let mut tx = act.db.begin().await?;
    if store::update_scan(&mut tx, (act.org, scan), progress).await? == 0 {
        return Ok(false);
    }
    let mut ids: Vec<CompanyId> = part.iter().flat_map(|one| [one.left, one.right]).collect();
    ids.sort_unstable();
    ids.dedup();
    let records = store::count_records(&mut tx, act.org, &ids).await?;
    let records: BTreeMap<CompanyId, i64> = records.into_iter().collect();
    let lefts: Vec<CompanyId> = part.iter().map(|one| one.left).collect();
    let known = store::list_known_pairs(&mut tx, act.org, &lefts).await?;
    let known: BTreeMap<_, _> = known.into_iter().collect();
    // Those whom nobody was asked about since a file brought them as branches.
    let apart = companies::actions::list_apart(&mut tx, act.org, &ids).await?;
    let mut new = Vec::new();
    for found in part {
        let count = |id| records.get(id).copied().unwrap_or(0);
        let seen = Seen {
            found,
            band: Band::judge(found.probability, &found.reasons),
            gain: gain(found.probability, count(&found.left) + count(&found.right)),
            scan,
            now: act.now,
        };
        let Some((id, state, decided)) = known.get(&(found.left, found.right)) else {
            if !apart.has(found.left, found.right) {
                new.push(seen);
            }
            continue;
        };
        let is_asked_again = is_asked_again(&mut tx, act.org, found, (*state, decided)).await?;
        let place = (act.org, *id);
        match state {
            PairState::Open | PairState::Gone => {
                store::update_seen(&mut tx, place, &seen, *state == PairState::Gone).await?;
            }
            // They were parted again, or the merge never came to be: the next undo opens them.
            PairState::Same => {
                store::update_met(&mut tx, act.org, *id, scan).await?;
            }
            // A person named them and decided by what they saw: from now on that is remembered.
            _ if decided.is_empty() => {
                store::update_seen(&mut tx, place, &seen, false).await?;
            }
            _ if is_asked_again => {
                store::update_seen(&mut tx, place, &seen, true).await?;
            }
            _ => {
                store::update_met(&mut tx, act.org, *id, scan).await?;
            }
        }
    }
    store::insert_pairs(&mut tx, act.org, &new).await?;
    tx.announce("duplicates");
    tx.commit().await?;
    Ok(true)
}
