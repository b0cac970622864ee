//! The cube of figures of a period, day by day, the latest day hour by hour. Stretches that are
//! over are counted once per process.
//!
//! Events and calls are only ever added, so a stretch that has ended stays as it was counted, but
//! for three things that are looked for before it is used: a call of it was taken back, a company
//! of it was given another source, or a client was recorded as kept in it after it had ended.
//! Decision 0008 (days that are over) says why this is not a table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::{Figure, Period, Step, store};
use crate::storage::Tx;
use crate::values::*;

/// A day is over for good once no transaction begun in it can still be open.
const SETTLED_MS: i64 = HOUR_MS;
/// How many days are kept, of all firms; beyond it the keeping starts anew.
const DAYS_KEPT_MAX: usize = 4_000;

type Day = (OrgId, Instant, Instant);

struct Kept {
    counted_at: Instant,
    figures: Arc<Vec<Figure>>,
}

impl Kept {
    fn clients_kept(&self) -> i64 {
        let kept = self.figures.iter().filter(|figure| figure.step == Step::Kept);
        kept.map(|figure| figure.count).sum()
    }
}

static KEPT: LazyLock<Mutex<BTreeMap<Day, Kept>>> = LazyLock::new(Mutex::default);

/// The figures of every day of a period.
pub(super) async fn figures(
    tx: &mut Tx,
    org: OrgId,
    (period, zone): (&Period, &Zone),
    now: Instant,
) -> Outcome<Vec<Arc<Vec<Figure>>>> {
    let days: Vec<Day> = period
        .days(zone)
        .into_iter()
        .flat_map(|(from, until)| stretches((from, until), now))
        .map(|(from, until)| (org, from, until))
        .collect();
    forget_changed(tx, org, &days).await?;
    let mut all = Vec::with_capacity(days.len());
    for day in days.into_iter().filter(|(_, from, _)| *from <= now) {
        let kept = kept_of(|kept| kept.get(&day).map(|k| k.figures.clone()));
        let figures = match kept {
            Some(figures) => figures,
            None => count(tx, day, now).await?,
        };
        all.push(figures);
    }
    Ok(all)
}

/// A day that is over as it is; the latest one hour by hour, so that little of it is counted anew.
fn stretches((from, until): (Instant, Instant), now: Instant) -> Vec<(Instant, Instant)> {
    if until.plus_ms(SETTLED_MS) < now {
        return vec![(from, until)];
    }
    let mut hours = Vec::new();
    let mut begins = from;
    while begins < until {
        let ends = begins.plus_ms(HOUR_MS).min(until);
        hours.push((begins, ends));
        begins = ends;
    }
    hours
}

async fn count(tx: &mut Tx, day: Day, now: Instant) -> Outcome<Arc<Vec<Figure>>> {
    let (org, from, until) = day;
    let mut figures = store::list_call_figures(tx, org, (from, until)).await?;
    figures.extend(store::list_event_figures(tx, org, (from, until)).await?);
    let figures = Arc::new(figures);
    if until.plus_ms(SETTLED_MS) < now {
        let counted = Kept { counted_at: now, figures: figures.clone() };
        kept_of(|kept| {
            if kept.len() >= DAYS_KEPT_MAX {
                kept.clear();
            }
            kept.insert(day, counted);
        });
    }
    Ok(figures)
}

/// Drops kept days in which a call was taken back, or a company's source was changed, since; and
/// those of the asked ones that hold another number of clients kept than was counted.
async fn forget_changed(tx: &mut Tx, org: OrgId, days: &[Day]) -> Outcome<()> {
    let asked = kept_of(|kept| {
        let found = days.iter().filter_map(|day| Some((day, kept.get(day)?.counted_at)));
        found.map(|((_, from, until), at)| (at, *from, *until)).collect::<Vec<_>>()
    });
    let (Some(since), Some(first), Some(last)) = (
        asked.iter().map(|(at, _, _)| *at).min(),
        asked.iter().map(|(_, from, _)| *from).min(),
        asked.iter().map(|(_, _, until)| *until).max(),
    ) else {
        return Ok(());
    };
    let mut changed: BTreeSet<(Instant, Instant)> = BTreeSet::new();
    changed.extend(store::list_reversals(tx, org, since).await?);
    changed.extend(store::list_resourced(tx, org, since).await?);
    let clients = store::list_kept_clients(tx, org, (first, last)).await?;
    let clients: BTreeMap<Instant, i64> = clients.into_iter().collect();
    kept_of(|kept| {
        kept.retain(|(of, from, until), day| {
            let is_in = |at: &Instant| from <= at && at < until;
            let is_asked = first <= *from && *until <= last;
            let clients_kept: i64 = clients.range(*from..*until).map(|(_, count)| count).sum();
            let is_whole = !is_asked || day.clients_kept() == clients_kept;
            let is_changed =
                || changed.iter().any(|(at, then)| is_in(at) && day.counted_at <= *then);
            *of != org || (is_whole && !is_changed())
        });
    });
    Ok(())
}

fn kept_of<T>(work: impl FnOnce(&mut BTreeMap<Day, Kept>) -> T) -> T {
    work(&mut KEPT.lock().unwrap_or_else(PoisonError::into_inner))
}
