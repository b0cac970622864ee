//! Settling: how events become lines. What an event reaches is computed anew, and what is missing
//! between that and what is written is written.

use std::collections::{BTreeMap, BTreeSet};

use super::super::credit::{AsOf, Cause, Credit, credits};
use super::super::entry::Entry;
use super::super::period::{PeriodState, salary_subject};
use super::super::rules::Rules;
use super::super::store;
use super::super::trigger::{paying, pays};
use super::booking::Chain;
use crate::begin;
use crate::events::{self, Kind, Recorded};
use crate::storage::{Act, Tx};
use crate::values::*;

/// The rules by which some people are paid.
pub(super) async fn rules_of(
    tx: &mut Tx,
    org: OrgId,
    people: impl IntoIterator<Item = UserId>,
) -> Outcome<Rules> {
    let mut assignments = Vec::new();
    for person in people {
        assignments.extend(store::plans::list_assignments_of(tx, org, person).await?);
    }
    if assignments.is_empty() {
        return Ok(Rules::default());
    }
    let mut versions = store::plans::list_versions(tx, org).await?;
    versions.retain(|version| assignments.iter().any(|one| one.plan == version.plan));
    Ok(Rules { assignments, versions })
}

/// Books what an event pays. A second delivery finds nothing missing.
pub async fn follow_event(act: &Act, event: &Recorded) -> Outcome<()> {
    if !pays(event) {
        return Ok(());
    }
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    settle_subjects(&mut tx, act, &mut chain, &[&event.subject]).await?;
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

/// Writes what is missing of everything that is about some subjects.
async fn settle_subjects(
    tx: &mut Tx,
    act: &Act,
    chain: &mut Chain,
    subjects: &[&str],
) -> Outcome<()> {
    let mut about = events::list_for_subjects(tx, act.org, subjects).await?;
    about.retain(pays);
    let people: BTreeSet<UserId> = about.iter().filter_map(|event| event.person).collect();
    let rules = rules_of(tx, act.org, people).await?;
    let mut written: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in store::entries::list_for_subjects(tx, act.org, subjects).await? {
        written.entry(entry.credit_key.clone()).or_default().push(entry);
    }
    let zone = chain.firm.zone.clone();
    let found = credits(&about, &rules, AsOf { at: act.now, zone: &zone })?;
    for credit in found.iter().filter(|credit| !credit.is_salary()) {
        let lines = written.remove(&credit.key).unwrap_or_default();
        chain.settle(tx, act, &lines, Some(credit)).await?;
    }
    for lines in written.values() {
        chain.settle(tx, act, lines, None).await?;
    }
    Ok(())
}

/// Counts again what a person earned since an instant, after their plan or its rules changed, and
/// the salaries of the months under review.
pub async fn settle_person(act: &Act, person: UserId, since: Instant) -> Outcome<()> {
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    let span = (since, Instant(i64::MAX));
    let events = events::list_for_person(&mut tx, act.org, person, &paying(), span).await?;
    let subjects: BTreeSet<&str> = events.iter().map(|event| event.subject.as_str()).collect();
    let subjects: Vec<&str> = subjects.into_iter().collect();
    settle_subjects(&mut tx, act, &mut chain, &subjects).await?;
    let rules = rules_of(&mut tx, act.org, [person]).await?;
    for period in store::periods::list_periods(&mut tx, act.org).await? {
        if period.state == PeriodState::Review
            && let Some(review) = period.review_event
        {
            settle_salaries(&mut tx, act, &mut chain, &rules, (period.month, review)).await?;
        }
    }
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

/// Books the salaries of a month for everybody in the rules.
pub(super) async fn settle_salaries(
    tx: &mut Tx,
    act: &Act,
    chain: &mut Chain,
    rules: &Rules,
    (month, review): (Month, EventId),
) -> Outcome<()> {
    let zone = chain.firm.zone.clone();
    let wanted = salaries(rules, (month, review), AsOf { at: act.now, zone: &zone })?;
    for assignment in &rules.assignments {
        let subject = salary_subject(assignment.id, month);
        let written = store::entries::list_for_subjects(tx, act.org, &[&subject]).await?;
        let credit = wanted.iter().find(|credit| credit.subject == subject);
        chain.settle(tx, act, &written, credit).await?;
    }
    Ok(())
}

/// What the salaries of a month should be; they stem from its review.
pub(crate) fn salaries(
    rules: &Rules,
    (month, review): (Month, EventId),
    now: AsOf<'_>,
) -> Outcome<Vec<Credit>> {
    let label = month.to_string();
    let found = credits(&[], rules, now)?;
    let of_month = |credit: &Credit| credit.is_salary() && credit.month.as_ref() == Some(&label);
    let cause = Cause {
        event: Some(review),
        at: month.starts_at(now.zone),
        kind: Some(Kind::PeriodTurned.code().to_owned()),
        reason: None,
    };
    let caused = |credit: Credit| Credit { cause: Some(cause.clone()), ..credit };
    Ok(found.into_iter().filter(of_month).map(caused).collect())
}
