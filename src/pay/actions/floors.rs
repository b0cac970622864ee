//! Floors: advances and guarantees under a month, and what is recovered of them. Booked when the
//! month goes to review, out of what the ledger says was earned in it, and again when it is
//! approved: something may have come since.

use std::collections::BTreeSet;

use ledger::{Amount, Recovery};

use super::super::entry::{DRAW, Floor, GUARANTEE, PAYOUT, What, Why, line_id};
use super::super::facts::unit;
use super::super::period::Period;
use super::super::rules::Rules;
use super::super::settle::{Standing, missing_to};
use super::super::store;
use super::booking::{Chain, Draft};
use crate::storage::{Act, Tx};
use crate::values::*;

/// What a floor adds to a month of somebody, or takes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Under {
    /// Added as an advance, or recovered of one where below nought.
    pub draw: i64,
    /// Added for good.
    pub guarantee: i64,
    /// What it follows from.
    pub floor: Floor,
}

/// What a floor makes of a month that earned so much, with so much due before it.
pub(crate) fn under(floor: &compensation::Floor, earned: i64, due: i64) -> Outcome<Under> {
    let currency = floor.draw.floor.currency;
    let drawn = floor.draw.settle(Amount::new(due, currency), Amount::new(earned, currency));
    let drawn = drawn.map_err(Error::failure)?;
    let is_owed = floor.draw.recovery != Recovery::Forgiven;
    let advanced = drawn.advanced.minor;
    Ok(Under {
        draw: if is_owed { advanced } else { 0 } - drawn.recovered.minor,
        guarantee: if is_owed { 0 } else { advanced },
        floor: Floor { floor: floor.draw.floor.minor, earned, due: drawn.due.minor },
    })
}

/// Books the floors of a month for everybody in the rules.
pub(super) async fn settle_floors(
    tx: &mut Tx,
    act: &Act,
    chain: &mut Chain,
    rules: &Rules,
    period: &Period,
) -> Outcome<()> {
    let Some(review) = period.review_event else { return Ok(()) };
    let engine = rules.engine(&chain.firm.zone, act.now)?;
    let label = period.month.to_string().into();
    let people: BTreeSet<UserId> = rules.assignments.iter().map(|one| one.person).collect();
    let sums = store::entries::list_payroll(tx, act.org, period.month).await?;
    for person in people {
        let floor = compensation::floor(&engine, &person.to_string().into(), &label);
        let currencies = rules.assignments.iter().filter(|one| one.person == person);
        let Some(currency) = currencies.map(|one| one.salary.currency).next() else { continue };
        let is_fit = |floor: &compensation::Floor| {
            unit(currency).is_ok_and(|unit| floor.draw.floor.currency == unit)
        };
        let earned = sums
            .iter()
            .filter(|(who, component, money)| {
                *who == person && is_earned(component) && money.currency == currency
            })
            .map(|(_, _, money)| money.minor)
            .sum();
        let before = (act.org, person, period.month);
        let due = store::entries::sum_of_component(tx, before, DRAW, currency).await?;
        let found = match floor.filter(is_fit) {
            Some(floor) => Some(under(&floor, earned, due)?),
            None => None,
        };
        for component in [DRAW, GUARANTEE] {
            let posted = found.map_or(0, |one| match component {
                DRAW => one.draw,
                _ => one.guarantee,
            });
            let line = Booked { person, component, posted, currency, review };
            book(tx, act, chain, period, (line, found.map(|one| one.floor))).await?;
        }
    }
    Ok(())
}

/// True for what a month earns: all but what was handed over, and floors themselves.
pub(crate) fn is_earned(component: &str) -> bool {
    ![PAYOUT, DRAW, GUARANTEE].contains(&component)
}

struct Booked {
    person: UserId,
    component: &'static str,
    posted: i64,
    currency: Currency,
    review: EventId,
}

async fn book(
    tx: &mut Tx,
    act: &Act,
    chain: &mut Chain,
    period: &Period,
    (one, floor): (Booked, Option<Floor>),
) -> Outcome<()> {
    let key = format!("{}|{}|{}", one.person, one.component, period.month);
    let written = store::entries::list_for_credit(tx, act.org, &key).await?;
    let to = Standing { posted: one.posted, pending: 0 };
    let lines = missing_to(&written, to, one.currency, true);
    if lines.is_empty() {
        return Ok(());
    }
    let mut book = chain.book(&written)?;
    for line in lines {
        let what = match (one.component, line.what) {
            (_, What::TakenBack) => What::TakenBack,
            (GUARANTEE, _) => What::Guaranteed,
            _ if line.is_owed => What::Advanced,
            _ => What::Recovered,
        };
        let draft = Draft {
            corrects: line.corrects.map(|ordinal| line_id(act.org, &key, ordinal)),
            key: key.clone(),
            ordinal: line.ordinal,
            kind: line.kind,
            person: one.person,
            amount: line.amount,
            is_owed: line.is_owed,
            component: one.component.to_owned(),
            version: None,
            event: Some(one.review),
            subject: period.id.to_string(),
            company: None,
            why: Why { floor, ..Why::of(what) },
            month: period.month,
        };
        chain.write(tx, act, &mut book, draft).await?;
    }
    Ok(())
}
