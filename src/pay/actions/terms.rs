//! Terms agreed anew: put right from the first day of an assignment, other ones from a later day.

use jiff::civil::Date;

use super::super::PayRefusal;
use super::super::plan::Assignment;
use super::super::store;
use super::super::terms::Terms;
use super::booking::Chain;
use super::plans;
use crate::begin;
use crate::storage::{Act, Tx};
use crate::values::*;

/// On what somebody is paid from a day on.
#[derive(Debug, Clone)]
pub struct Agreed {
    /// The state of the assignment that was looked at; whichever it has where nothing is said.
    pub revision: Option<i64>,
    /// From this day.
    pub from: Date,
    /// Monthly salary, nought for none; as it is where nothing is said.
    pub salary: Option<Money>,
    /// Rates, quotas and an advance of their own.
    pub terms: Terms,
}

/// Agrees on other terms. From the first day of the assignment they are put right in it; from a
/// later one it ends and the next goes on, whose ramp and whose sums of a period begin anew. What
/// was done since that day is counted again; a closed month takes no terms. Answers the assignment
/// that has them.
pub async fn change_terms(act: &Act, id: AnyId, agreed: Agreed) -> Outcome<AnyId> {
    let mut tx = begin!(act);
    let chain = Chain::hold(&mut tx, act.org).await?;
    let zone = &chain.firm.zone;
    let all = store::plans::list_assignments(&mut tx, act.org).await?;
    let found = all.into_iter().find(|assignment| assignment.id == id).ok_or(Error::NotFound)?;
    if agreed.revision.is_some_and(|seen| seen != found.revision) {
        return Err(PayRefusal::Stale.into());
    }
    let starts_at = midnight(agreed.from, zone);
    plans::check_day("day", starts_at, act.now)?;
    let is_over = found.ends_at.is_some_and(|end| end <= starts_at);
    if starts_at < found.starts_at || is_over {
        return Err(Fields::one("day", "pay-not-of-assignment"));
    }
    let plan = plans::find(&mut tx, act, found.plan).await?;
    let salary = agreed.salary.unwrap_or(found.salary);
    plans::check_salary(salary, plan.currency)?;
    if chain.calendar.is_settled(starts_at, zone) {
        return Err(PayRefusal::DayInClosedPeriod.into());
    }
    let next = Assignment { starts_at, salary, terms: agreed.terms, ..found.clone() };
    if starts_at == found.starts_at {
        plans::check_terms(&mut tx, act, &next, zone).await?;
        if store::plans::update_assignment_terms(&mut tx, act.org, &next).await? == 0 {
            return Err(PayRefusal::Stale.into());
        }
        plans::tell(&mut tx, act, &next, "amended").await?;
        return tx.finish(id).await;
    }
    let next = Assignment { id: AnyId::fresh(act.now), revision: 1, ..next };
    plans::check_terms(&mut tx, act, &next, zone).await?;
    succeed(&mut tx, act, (found, &next)).await?;
    tx.finish(next.id).await
}

/// Ends an assignment where the next begins.
async fn succeed(tx: &mut Tx, act: &Act, (found, next): (Assignment, &Assignment)) -> Outcome<()> {
    let ended = Assignment { ends_at: Some(next.starts_at), ..found };
    if store::plans::update_assignment_end(tx, act.org, &ended).await? == 0 {
        return Err(PayRefusal::Stale.into());
    }
    store::plans::insert_assignment(tx, (act.org, act.actor), next, act.now).await?;
    plans::tell(tx, act, &ended, "ended").await?;
    plans::tell(tx, act, next, "assigned").await
}
