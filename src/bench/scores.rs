//! How long it takes to score a whole base from its first company to its sums, step by step as the
//! product's worker does it, with nothing else to do.

use serde::Serialize;

use super::pages::watch;
use crate::commands::link::peak_memory_mb;
use crate::people::actions;
use crate::quality::{self, ScopeKind};
use crate::storage::{Act, Db};
use crate::values::*;

/// A pass over a base.
#[derive(Debug, Clone, Serialize)]
pub struct Passed {
    /// Companies with a score.
    pub companies: i64,
    /// Steps, each with a transaction of its own.
    pub steps: u32,
    /// From the first company to the sums.
    pub seconds: f64,
    /// The longest step but the last, which adds up the sums, in milliseconds.
    pub step_ms_max: f64,
    /// The last step, in milliseconds.
    pub last_step_ms: f64,
    /// The most memory the process ever had.
    pub peak_memory_mb: Option<u64>,
}

/// Scores every company of the first firm anew.
pub async fn measure(db: &Db, clock: &Clock) -> Outcome<Passed> {
    let org = actions::first_firm(db).await?.ok_or(Error::NotFound)?;
    let act = || Act { db: db.clone(), org, actor: None, now: clock.now(), key: None };
    quality::actions::begin_anew(&act(), None).await?;
    let begun = watch();
    let (mut steps, mut step_ms_max) = (0, 0.0_f64);
    let last_step_ms = loop {
        let step = watch();
        let has_more = quality::actions::step(&act()).await?;
        let ms = step.elapsed().as_secs_f64() * 1_000.0;
        steps += 1;
        if !has_more {
            break ms;
        }
        step_ms_max = step_ms_max.max(ms);
    };
    let seconds = begun.elapsed().as_secs_f64();
    let totals = quality::actions::list_totals(&mut db.read().await?, org, ScopeKind::Base).await?;
    let companies = totals.iter().map(|total| total.companies).sum();
    let peak_memory_mb = peak_memory_mb();
    Ok(Passed { companies, steps, seconds, step_ms_max, last_step_ms, peak_memory_mb })
}
