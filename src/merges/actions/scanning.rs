//! The search of the whole base for duplicates.
//!
//! It reads the base, compares all with all in memory and writes pairs in parts of a few hundred,
//! each a transaction of its own. Repeated after a crash it finds the same pairs and goes on where
//! it stopped; what was decided before stays decided.

use std::collections::BTreeMap;

use crate::begin;
use crate::companies::{self, Segment};
use crate::events::{Event, Kind};
use crate::jobs;
use crate::merges::evidence::{Base, Found, evidence, is_new_evidence};
use crate::merges::store::{self, Seen};
use crate::merges::*;
use crate::storage::Act;

/// The job that searches the base.
pub const SCAN_JOB: &str = "merges.scan";
/// Companies read at once.
const READ_AT_ONCE: i64 = 5_000;
/// Pairs written at once.
const WRITTEN_AT_ONCE: usize = 400;
/// Threads that compare; the others serve those who work.
const THREADS_MAX: usize = 4;

/// Starts a search; it runs in the background.
pub async fn start_scan(act: &Act) -> Outcome<ScanId> {
    let mut tx = begin!(act);
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

/// Searches the base; what was written before a crash is met again and stays.
pub async fn scan(act: &Act, id: ScanId) -> Outcome<()> {
    let mut tx = act.db.read().await?;
    let Some(scan) = store::find_scan(&mut tx, act.org, id).await? else { return Ok(()) };
    drop(tx);
    if !scan.is_running {
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
        write_part(act, id, part, (companies, pairs, done)).await?;
    }
    finish_scan(&act.part("finish"), id, (companies, pairs)).await
}

async fn finish_scan(act: &Act, id: ScanId, (companies, pairs): (i64, i64)) -> Outcome<()> {
    let mut tx = begin!(act);
    store::update_gone(&mut tx, act.org, id).await?;
    store::update_scan(&mut tx, (act.org, id), (companies, pairs, pairs)).await?;
    store::update_scan_done(&mut tx, act.org, id, act.now).await?;
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
        let Some(last) = ids.last().copied() else { return Ok(base) };
        for known in companies::actions::list_known(&mut tx, act.org, &ids).await? {
            base.add(&known);
        }
        after = Some(last);
    }
}

/// Writes a part of what was found. What a person decided stays decided unless something new speaks
/// for the two; what is the same again is not written again.
async fn write_part(
    act: &Act,
    scan: ScanId,
    part: &[Found],
    progress: (i64, i64, i64),
) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let mut ids: Vec<CompanyId> = part.iter().flat_map(|one| [one.left, one.right]).collect();
    ids.sort_unstable();
    ids.dedup();
    let records = store::count_records(&mut tx, act.org, &ids).await?;
    let records: BTreeMap<CompanyId, i64> = records.into_iter().collect();
    let lefts: Vec<CompanyId> = part.iter().map(|one| one.left).collect();
    let known = store::list_known_pairs(&mut tx, act.org, &lefts).await?;
    let known: BTreeMap<_, _> = known.into_iter().collect();
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
            new.push(seen);
            continue;
        };
        let is_asked_again =
            state.is_decided() && is_new_evidence(decided, &evidence(&found.reasons));
        let place = (act.org, *id);
        match state {
            PairState::Open | PairState::Gone => {
                store::update_seen(&mut tx, place, &seen, *state == PairState::Gone).await?;
            }
            // They were parted again, or the merge never came to be: the next undo opens them.
            PairState::Same => {
                store::update_met(&mut tx, act.org, *id, scan).await?;
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
    store::update_scan(&mut tx, (act.org, scan), progress).await?;
    tx.announce("duplicates");
    tx.commit().await
}
