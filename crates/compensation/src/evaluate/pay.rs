//! What a rate comes to for what was counted: exact until the one rounding.

use std::cmp::Ordering;

use crate::credit::{Slice, Unpaid};
use crate::exact::Exact;
use crate::plan::Component;
use crate::rate::{By, Pay, Rate, Reading, Row, Table};
use crate::{Level, Money};

/// What was counted of one event: its weight in events, and its measure by that weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub pieces: Exact,
    pub measure: Exact,
}

/// What was counted, with all that decides about its pay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub component: &'a Component,
    /// True when money was measured, false for pieces and units.
    pub is_money: bool,
    /// A rate of the person's own.
    pub own: Option<Pay>,
    /// The sum.
    pub total: Counted,
    /// What it is the sum of, in order.
    pub each: &'a [Counted],
    /// The target, above nought.
    pub quota: Option<Exact>,
}

/// What a rate came to.
#[derive(Debug, Clone)]
pub(super) struct Paid {
    pub amount: Exact,
    pub slices: Vec<Slice>,
    pub unpaid: Option<Unpaid>,
}

pub(super) fn fits<T>(found: Option<T>) -> Result<T, Unpaid> {
    found.ok_or(Unpaid::TooLarge)
}

impl Paid {
    fn nothing(why: Unpaid) -> Self {
        Self { amount: Exact::ZERO, slices: Vec::new(), unpaid: Some(why) }
    }
}

impl Pay {
    fn exact(self) -> Exact {
        match self {
            Self::Money(money) => Exact::whole(money.minor()),
            Self::Share(share) => share.0.into(),
        }
    }
}

impl Run<'_> {
    /// The exact amount and the rows that made it.
    pub fn paid(&self) -> Result<Paid, Unpaid> {
        if let Some(cliff) = self.component.cliff
            && self.reaches(cliff)? == Ordering::Less
        {
            return Ok(Paid::nothing(Unpaid::BelowCliff));
        }
        match &self.component.rate {
            Rate::Each(money) => self.plain(self.own.unwrap_or(Pay::Money(*money))),
            Rate::Share(share) => self.plain(self.own.unwrap_or(Pay::Share(*share))),
            Rate::Table(table) => self.table(table),
            Rate::Milestone { reach, pays } => {
                if self.reaches(*reach)? == Ordering::Less {
                    return Ok(Paid::nothing(Unpaid::NotReached));
                }
                self.once(Exact::ONE, *pays)
            }
            Rate::OneTime(pays) => {
                let pieces = self.total.pieces;
                let is_more = fits(pieces.compare(Exact::ONE))? == Ordering::Greater;
                self.once(if is_more { Exact::ONE } else { pieces }, *pays)
            }
            // Salaries are paid by days and never come here.
            Rate::Salary => Ok(Paid::nothing(Unpaid::Nothing)),
        }
    }

    /// What a sum for a piece is multiplied by: events where money is measured, units otherwise.
    fn units(&self, counted: Counted) -> Exact {
        if self.is_money { counted.pieces } else { counted.measure }
    }

    /// What a pay is paid on.
    fn base(&self, pay: Pay, counted: Counted) -> Exact {
        match pay {
            Pay::Money(_) => self.units(counted),
            Pay::Share(_) => counted.measure,
        }
    }

    fn plain(&self, pay: Pay) -> Result<Paid, Unpaid> {
        let on = self.base(pay, self.total);
        let amount = fits(on.times(pay.exact()))?;
        let slices = vec![Slice { row: None, on: on.part(), pays: pay }];
        Ok(Paid { amount, slices, unpaid: None })
    }

    fn once(&self, times: Exact, pays: Money) -> Result<Paid, Unpaid> {
        let pays = self.own.unwrap_or(Pay::Money(pays));
        let amount = fits(times.times(pays.exact()))?;
        let slices = vec![Slice { row: None, on: times.part(), pays }];
        Ok(Paid { amount, slices, unpaid: None })
    }

    /// How what was counted lies to a height.
    fn reaches(&self, level: Level) -> Result<Ordering, Unpaid> {
        let (position, level) = match level {
            Level::Whole(whole) => (self.units(self.total), Exact::whole(whole)),
            Level::Money(money) => (self.total.measure, Exact::whole(money.minor())),
            Level::Share(share) => {
                let quota = self.quota.ok_or(Unpaid::NoQuota)?;
                (self.total.measure, fits(quota.times(share.0.into()))?)
            }
        };
        fits(position.compare(level))
    }

    fn table(&self, table: &Table) -> Result<Paid, Unpaid> {
        // Shares of a quota become heights of what is measured.
        let scale = match table.by {
            By::Attainment => self.quota.ok_or(Unpaid::NoQuota)?,
            By::Measure | By::Count => Exact::ONE,
        };
        let ends = ends(&table.rows, scale)?;
        let position = |counted: Counted| match table.by {
            By::Count => counted.pieces,
            By::Measure | By::Attainment => counted.measure,
        };
        if table.reading == Reading::Marginal {
            return self.marginal(table, &ends, position);
        }
        let row = reached(&ends, position(self.total))?;
        let Some(found) = table.rows.get(row) else { return Ok(Paid::nothing(Unpaid::Nothing)) };
        let on = match table.reading {
            Reading::Lump => Exact::ONE,
            _ => self.base(found.pays, self.total),
        };
        let amount = fits(on.times(found.pays.exact()))?;
        let slices = vec![Slice { row: Some(row), on: on.part(), pays: found.pays }];
        Ok(Paid { amount, slices, unpaid: None })
    }

    /// Each row on its own slice.
    fn marginal(
        &self,
        table: &Table,
        ends: &[Option<Exact>],
        position: impl Fn(Counted) -> Exact,
    ) -> Result<Paid, Unpaid> {
        let mut on = vec![Exact::ZERO; table.rows.len()];
        let is_same = |row: &Row| match (table.by, row.pays) {
            (By::Count, Pay::Money(_)) => self.is_money,
            (By::Count, Pay::Share(_)) => false,
            (_, Pay::Money(_)) => !self.is_money,
            (_, Pay::Share(_)) => true,
        };
        if table.rows.iter().all(is_same) {
            // What climbs is what is paid on: the sum says everything.
            let total = position(self.total);
            for (row, part) in parts(ends, Exact::ZERO, total)? {
                on[row] = part;
            }
        } else {
            let mut height = Exact::ZERO;
            for counted in self.each {
                let step = position(*counted);
                let next = fits(height.plus(step))?;
                if step.is_zero() {
                    let row = reached(ends, height)?;
                    let base = self.base(table.rows[row].pays, *counted);
                    on[row] = fits(on[row].plus(base))?;
                }
                for (row, part) in parts(ends, height, next)? {
                    let base = self.base(table.rows[row].pays, *counted);
                    let share = part.divided(step).and_then(|share| base.times(share));
                    on[row] = fits(share.and_then(|share| on[row].plus(share)))?;
                }
                height = next;
            }
        }
        let mut amount = Exact::ZERO;
        let mut slices = Vec::new();
        for (place, (row, on)) in table.rows.iter().zip(on).enumerate() {
            if !on.is_zero() {
                let pays = on.times(row.pays.exact());
                amount = fits(pays.and_then(|pays| amount.plus(pays)))?;
                slices.push(Slice { row: Some(place), on: on.part(), pays: row.pays });
            }
        }
        Ok(Paid { amount, slices, unpaid: None })
    }
}

impl Level {
    fn exact(self) -> Exact {
        match self {
            Self::Whole(whole) => Exact::whole(whole),
            Self::Money(money) => Exact::whole(money.minor()),
            Self::Share(share) => share.0.into(),
        }
    }
}

/// The upper bounds of rows; none for the open one.
pub(super) fn ends(rows: &[Row], scale: Exact) -> Result<Vec<Option<Exact>>, Unpaid> {
    let end = |row: &Row| match row.up_to {
        Some(level) => fits(level.exact().times(scale)).map(Some),
        None => Ok(None),
    };
    rows.iter().map(end).collect()
}

/// The place of the row that a height has reached.
pub(super) fn reached(ends: &[Option<Exact>], height: Exact) -> Result<usize, Unpaid> {
    for (place, end) in ends.iter().enumerate() {
        match end {
            Some(end) if fits(height.compare(*end))? == Ordering::Greater => {}
            _ => return Ok(place),
        }
    }
    Ok(ends.len().saturating_sub(1))
}

/// What lies on each row between two heights, signed by the direction of the climb.
fn parts(ends: &[Option<Exact>], from: Exact, to: Exact) -> Result<Vec<(usize, Exact)>, Unpaid> {
    let is_down = fits(from.compare(to))? == Ordering::Greater;
    let (low, high) = if is_down { (to, from) } else { (from, to) };
    let mut found = Vec::new();
    let mut floor = low;
    for (place, end) in ends.iter().enumerate() {
        let top = match end {
            Some(end) if fits(end.compare(high))? == Ordering::Less => *end,
            _ => high,
        };
        if fits(top.compare(floor))? == Ordering::Greater {
            let part = fits(top.minus(floor))?;
            found.push((place, if is_down { fits(part.negated())? } else { part }));
            floor = top;
        }
        if fits(floor.compare(high))? != Ordering::Less {
            break;
        }
    }
    Ok(found)
}
