//! How long it takes to compute all pay of a firm anew from its events and its plans, and to hold
//! it against every line of the ledger.

use serde::Serialize;

use super::pages::watch;
use crate::commands::link::peak_memory_mb;
use crate::pay::check;
use crate::people::actions;
use crate::storage::Db;
use crate::values::*;

/// All pay of a firm, computed anew.
#[derive(Debug, Clone, Serialize)]
pub struct Computed {
    /// Events that pay looks at.
    pub events: usize,
    /// People with a plan.
    pub people: usize,
    /// Credits that follow.
    pub credits: usize,
    /// Reading events, plans and assignments.
    pub read_seconds: f64,
    /// Computing every credit, on one core.
    pub compute_seconds: f64,
    /// Events computed in a second.
    pub events_a_second: f64,
    /// Lines of the ledger.
    pub lines: usize,
    /// Reading the ledger, its chain, and holding all of it against what was computed.
    pub check_seconds: f64,
    /// What does not hold; none is what one hopes for.
    pub differences: usize,
    /// The most memory the process ever had.
    pub peak_memory_mb: Option<u64>,
}

/// Computes all pay of the first firm anew.
pub async fn measure(db: &Db, clock: &Clock) -> Outcome<Computed> {
    let org = actions::first_firm(db).await?.ok_or(Error::NotFound)?;
    let mut tx = db.read().await?;
    let begun = watch();
    let material = check::read(&mut tx, org).await?;
    let read_seconds = begun.elapsed().as_secs_f64();
    let begun = watch();
    let credits = material.compute(clock.now())?.len();
    let compute_seconds = begun.elapsed().as_secs_f64();
    let (events, people) = (material.events.len(), material.people());
    drop(material);
    let begun = watch();
    let differences = crate::pay::check(&mut tx, org).await?.len();
    let check_seconds = begun.elapsed().as_secs_f64();
    let lines = check::count_lines(&mut tx, org).await?;
    Ok(Computed {
        events,
        people,
        credits,
        read_seconds,
        compute_seconds,
        events_a_second: events as f64 / compute_seconds.max(f64::EPSILON),
        lines,
        check_seconds,
        differences,
        peak_memory_mb: peak_memory_mb(),
    })
}
