//! Settling: which lines are missing between what is written of a credit and what it should be.
//!
//! Where the written lines are the beginning of what the events tell, the rest is written. Where
//! they differ (a plan was published or assigned for days that had already been counted) the
//! written ones stay and new lines bring the credit to where it should stand.

use ledger::Kind;

use super::credit::{Credit, Stage, Standing};
use super::entry::{Entry, What, Why};
use crate::values::*;

/// A line to be written, before it has a place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// What it does.
    pub kind: Kind,
    /// What it tells.
    pub what: What,
    /// How much.
    pub amount: Money,
    /// The stage it follows; `None` where the credit itself is gone.
    pub stage: Option<Stage>,
    /// The place in the credit of the line it names.
    pub corrects: Option<i64>,
    /// Its own place in the credit.
    pub ordinal: i64,
}

/// The last word on a credit, while its lines are read or made.
#[derive(Debug, Clone, Copy)]
struct Place {
    standing: Standing,
    /// Lines so far.
    count: i64,
}

/// Where the written lines of a credit leave it.
pub fn standing(written: &[Entry]) -> Standing {
    match written.last() {
        None => Standing::Nothing,
        Some(last) => match last.kind {
            Kind::Pending => Standing::Pending(last.amount),
            Kind::Post | Kind::Posted => Standing::Posted(last.amount),
            Kind::Void | Kind::Reversal => Standing::Nothing,
        },
    }
}

/// The lines missing between `written`, in order, and the credit as it should be.
pub fn missing(written: &[Entry], wanted: Option<&Credit>) -> Vec<NewLine> {
    let stages = wanted.map_or(&[][..], |credit| &credit.path);
    let mut place = Place { standing: Standing::Nothing, count: 0 };
    let mut all = Vec::new();
    for stage in stages {
        let lines = step(place, stage.standing, Some(stage));
        place = Place { standing: stage.standing, count: place.count + lines.len() as i64 };
        all.extend(lines);
    }
    let is_beginning = written.len() <= all.len()
        && written.iter().zip(&all).all(|(entry, line)| {
            let event = line.stage.as_ref().map(|stage| stage.event);
            (entry.kind, entry.amount, entry.event) == (line.kind, line.amount, event)
        });
    if is_beginning {
        return all.split_off(written.len());
    }
    let place = Place { standing: standing(written), count: written.len() as i64 };
    step(place, wanted.map_or(Standing::Nothing, Credit::standing), stages.last())
}

/// The lines that lead from one standing to another.
fn step(place: Place, to: Standing, stage: Option<&Stage>) -> Vec<NewLine> {
    let mut lines: Vec<NewLine> = Vec::new();
    let mut add = |kind, what, amount, corrects| {
        let ordinal = place.count + lines.len() as i64;
        lines.push(NewLine { kind, what, amount, stage: stage.cloned(), corrects, ordinal });
    };
    // The line before the first new one, and the one before the second.
    let last = (place.count > 0).then(|| place.count - 1);
    let made = Some(place.count);
    match (place.standing, to) {
        (from, to) if from == to => {}
        (Standing::Nothing, to) => begin(&mut add, last, to),
        (Standing::Pending(amount), Standing::Posted(posted)) if amount == posted => {
            add(Kind::Post, What::Confirmed, amount, last);
        }
        (Standing::Pending(amount), to) => {
            add(Kind::Void, What::Voided, amount, last);
            begin(&mut add, made, to);
        }
        (Standing::Posted(amount), to) => {
            add(Kind::Reversal, What::TakenBack, amount, last);
            begin(&mut add, made, to);
        }
    }
    lines
}

/// Begins a credit, or begins it again after the line in `after`.
fn begin(add: &mut impl FnMut(Kind, What, Money, Option<i64>), after: Option<i64>, to: Standing) {
    let earned = if after.is_some() { What::Restored } else { What::Earned };
    match to {
        Standing::Nothing => {}
        Standing::Pending(amount) => add(Kind::Pending, What::Announced, amount, after),
        Standing::Posted(amount) => add(Kind::Posted, earned, amount, after),
    }
}

/// The inputs of a line of a credit.
pub fn why(line: &NewLine, credit: &Credit) -> Why {
    Why {
        trigger: Some(credit.component.trigger),
        tier: credit.component.tier,
        plan: Some(credit.version.plan),
        plan_name: Some(credit.version.name.clone()),
        version: Some(credit.version.version),
        since: Some(credit.version.effective_from),
        measure: Some(credit.component.measure),
        cap: credit.component.cap,
        base: line.stage.as_ref().and_then(|stage| stage.base),
        days: credit.days,
        event: line.stage.as_ref().map(|stage| stage.kind.code().to_owned()),
        reason: line.stage.as_ref().and_then(|stage| stage.reason.clone()),
        ..Why::of(line.what)
    }
}
