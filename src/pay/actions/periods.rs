//! A month goes to review, is approved and closed.

use ledger::Book;

use super::super::PayRefusal;
use super::super::entry::{PAYOUT, What};
use super::super::period::{Period, PeriodState};
use super::super::store;
use super::booking::{Chain, Draft, by_hand};
use super::floors::settle_floors;
use super::settling::{all_rules, settle_ends, settle_salaries};
use crate::begin;
use crate::events::{Event, Kind};
use crate::people::{self, Role};
use crate::storage::{Act, Tx};
use crate::values::*;

/// Makes the periods of the months that somebody is paid in, so that a month without events has
/// one too. Cheap when there is nothing to make.
pub async fn ensure_months(act: &Act) -> Outcome<()> {
    let mut tx = act.db.read().await?;
    let assignments = store::plans::list_assignments(&mut tx, act.org).await?;
    let Some(first) = assignments.iter().map(|assignment| assignment.starts_at).min() else {
        return Ok(());
    };
    let zone = people::actions::firm(&mut tx, act.org).await?.zone;
    let known = store::periods::list_periods(&mut tx, act.org).await?;
    drop(tx);
    let mut month = Month::of(first, &zone);
    let mut missing = Vec::new();
    while month <= Month::of(act.now, &zone) {
        if known.iter().all(|period| period.month != month) {
            missing.push(month);
        }
        month = month.next();
    }
    if missing.is_empty() {
        return Ok(());
    }
    let mut tx = act.db.begin().await?;
    for month in missing {
        store::periods::insert_period(&mut tx, act.org, month, &zone, act.now).await?;
    }
    tx.commit().await
}

/// Sends a month to review and books its salaries.
pub async fn review(act: &Act, id: PeriodId) -> Outcome<()> {
    let by = act.actor.ok_or(Error::NotSignedIn)?;
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    let period = find(&mut tx, act, id).await?;
    let event = Event::new(Kind::PeriodTurned, id)
        .reason("review".to_owned())
        .with("month", period.month.to_string())
        .record(&mut tx, act)
        .await?;
    let period = period.review(by, event, act.now)?;
    let rules = all_rules(&mut tx, act.org).await?;
    settle_ends(&mut tx, act, &mut chain, (&rules, period.month)).await?;
    settle_salaries(&mut tx, act, &mut chain, &rules, (period.month, event)).await?;
    settle_floors(&mut tx, act, &mut chain, &rules, &period).await?;
    keep(&mut tx, act, &period).await?;
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

/// Approves a month with the lines it has now.
pub async fn approve(act: &Act, id: PeriodId) -> Outcome<()> {
    let by = act.actor.ok_or(Error::NotSignedIn)?;
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    let period = find(&mut tx, act, id).await?;
    if period.state == PeriodState::Review {
        let rules = all_rules(&mut tx, act.org).await?;
        settle_floors(&mut tx, act, &mut chain, &rules, &period).await?;
    }
    let lines = store::entries::count_of_period(&mut tx, act.org, period.month).await?;
    let period = period.approve(by, lines, act.now)?;
    told(&mut tx, act, &period, "approved").await?;
    keep(&mut tx, act, &period).await?;
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

/// Closes a month for good: what is owed is handed over to payroll, the end of the chain is kept
/// beside the month, and nothing enters it any more. `confirmed` is the number of lines that its
/// statements show, as typed.
pub async fn close(act: &Act, id: PeriodId, confirmed: i64) -> Outcome<()> {
    let by = act.actor.ok_or(Error::NotSignedIn)?;
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    let period = find(&mut tx, act, id).await?;
    let lines = store::entries::count_of_period(&mut tx, act.org, period.month).await?;
    let is_alone = count_approvers(&mut tx, act.org).await? < 2;
    let closed = period.close(by, lines, is_alone, act.now)?;
    if confirmed != store::entries::count_shown(&mut tx, act.org, period.month).await? {
        return Err(PayRefusal::ConfirmationDiffers.into());
    }
    let all = store::periods::list_periods(&mut tx, act.org).await?;
    if all.iter().any(|p| p.month < period.month && p.state != PeriodState::Closed) {
        return Err(PayRefusal::EarlierPeriodOpen.into());
    }
    hand_over(&mut tx, act, &mut chain, &closed).await?;
    let head = chain.head();
    let taken = (act.org, act.actor);
    if store::periods::insert_closing(&mut tx, taken, closed.month, head, act.now).await? == 0 {
        return Err(PayRefusal::AlreadyClosed.into());
    }
    told(&mut tx, act, &closed, "closed").await?;
    keep(&mut tx, act, &closed).await?;
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

/// Writes a pay-out for everybody who is owed something; what is below nought is carried over.
async fn hand_over(tx: &mut Tx, act: &Act, chain: &mut Chain, period: &Period) -> Outcome<()> {
    for sum in store::entries::list_sums(tx, act.org, period.month).await? {
        let due = sum.opening + sum.posted.minor;
        if due < 1 {
            continue;
        }
        let draft: Draft = by_hand(
            (sum.person, PAYOUT),
            (
                format!("payout|{}|{}|{}", sum.person, sum.posted.currency.code(), period.month),
                period.id.to_string(),
            ),
            Money::new(-due, sum.posted.currency),
            (What::PaidOut, None),
            period.month,
        );
        chain.write(tx, act, &mut Book::new(), draft).await?;
    }
    Ok(())
}

/// How many entries a month has, by which an approval sees that others came since; and how many
/// lines its statements show.
pub async fn count_lines(tx: &mut Tx, org: OrgId, month: Month) -> Outcome<(i64, i64)> {
    let entries = store::entries::count_of_period(tx, org, month).await?;
    Ok((entries, store::entries::count_shown(tx, org, month).await?))
}

/// How many people may approve or close; with one, the same person does both and it is said so.
pub async fn count_approvers(tx: &mut Tx, org: OrgId) -> Outcome<usize> {
    let users = people::actions::list_users(tx, org).await?;
    let may = |user: &&people::User| {
        user.disabled_at.is_none() && (user.roles.has(Role::Owner) || user.roles.has(Role::Payroll))
    };
    Ok(users.iter().filter(may).count())
}

async fn told(tx: &mut Tx, act: &Act, period: &Period, reason: &str) -> Outcome<()> {
    Event::new(Kind::PeriodTurned, period.id)
        .reason(reason.to_owned())
        .with("month", period.month.to_string())
        .record(tx, act)
        .await?;
    Ok(())
}

async fn find(tx: &mut Tx, act: &Act, id: PeriodId) -> Outcome<Period> {
    store::periods::find_period(tx, act.org, id).await?.ok_or(Error::NotFound)
}

async fn keep(tx: &mut Tx, act: &Act, period: &Period) -> Outcome<()> {
    if store::periods::update_period(tx, act.org, period).await? == 0 {
        return Err(PayRefusal::Stale.into());
    }
    Ok(())
}
