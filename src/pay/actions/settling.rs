//! Settling: how events become lines. What an event reaches is computed anew, and what is missing
//! between that and what is written is written.

use std::collections::{BTreeMap, BTreeSet};

use compensation::{Again, Name, Period};

use super::super::credit::{AsOf, Cause, Credit, credits};
use super::super::entry::Entry;
use super::super::facts::{deal_of, labels, told};
use super::super::jobs::SILENCE;
use super::super::period::{PeriodState, salary_subject};
use super::super::plan::Version;
use super::super::rules::{Rules, pays_heads, with_led};
use super::super::trigger::{paying, pays};
use super::super::{reach, store};
use super::booking::Chain;
use super::floors::settle_floors;
use crate::begin;
use crate::events::{self, Kind, Recorded};
use crate::jobs;
use crate::people::actions::{list_headships, list_headships_of};
use crate::people::teams::{EVER, Headship, Span};
use crate::storage::{Act, Tx};
use crate::values::*;

/// Every rule of the firm.
pub(crate) async fn all_rules(tx: &mut Tx, org: OrgId) -> Outcome<Rules> {
    let assignments = store::plans::list_assignments(tx, org).await?;
    let versions = store::plans::list_versions(tx, org).await?;
    Ok(Rules { assignments, versions, heads: list_headships(tx, org).await? })
}

/// The rules by which some people are paid, and whoever leads them.
pub(super) async fn rules_of(
    tx: &mut Tx,
    org: OrgId,
    people: impl IntoIterator<Item = UserId>,
) -> Outcome<Rules> {
    let whose: BTreeSet<UserId> = people.into_iter().collect();
    let versions = store::plans::list_versions(tx, org).await?;
    let heads = match versions.iter().any(|version| pays_heads(&version.body)) {
        true => list_headships_of(tx, org, &whose).await?,
        false => Vec::new(),
    };
    rules_with(tx, org, whose, (versions, heads)).await
}

/// The rules by which some people are paid, and whoever leads them, out of all versions and of
/// headships among which theirs are.
pub(super) async fn rules_with(
    tx: &mut Tx,
    org: OrgId,
    mut whose: BTreeSet<UserId>,
    (mut versions, mut heads): (Vec<Version>, Vec<Headship>),
) -> Outcome<Rules> {
    heads.retain(|one| whose.contains(&one.person));
    whose.extend(heads.iter().map(|one| one.head));
    let mut assignments = Vec::new();
    for person in whose {
        assignments.extend(store::plans::list_assignments_of(tx, org, person).await?);
    }
    versions.retain(|version| assignments.iter().any(|one| one.plan == version.plan));
    Ok(Rules { assignments, versions, heads })
}

/// What counts for somebody in a time: their own, and that of whoever they led then.
pub(super) async fn list_counting(
    tx: &mut Tx,
    org: OrgId,
    (heads, person): (&[Headship], UserId),
    span: Span,
) -> Outcome<Vec<Recorded>> {
    let mut all = Vec::new();
    for one in with_led(heads, person, span) {
        all.extend(events::list_for_person(tx, org, one, &paying(), span).await?);
    }
    Ok(all)
}

/// Books what an event pays. A second delivery finds nothing missing.
pub async fn follow_event(act: &Act, event: &Recorded) -> Outcome<()> {
    if !pays(event) {
        return Ok(());
    }
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    settle_news(&mut tx, act, &mut chain, std::slice::from_ref(event)).await?;
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

/// Everything that decides about what some events reach.
struct Around {
    events: Vec<Recorded>,
    rules: Rules,
    reach: Again,
}

async fn around(tx: &mut Tx, act: &Act, zone: &Zone, news: &[Recorded]) -> Outcome<Around> {
    let ids: BTreeSet<EventId> = news.iter().map(|event| event.id).collect();
    let subjects: BTreeSet<String> = news.iter().map(|event| event.subject.clone()).collect();
    let events = list_about(tx, act.org, &subjects).await?;
    let rules = rules_of(tx, act.org, people_of(&events)).await?;
    let engine = rules.engine(zone, act.now)?;
    let reach = reach::reach(&ids, &told(&events, zone)?, &engine);
    if !reach::is_wide(&reach) {
        return Ok(Around { events, rules, reach });
    }
    widened(tx, act, zone, (subjects, reach)).await
}

/// Everything that decides about some people in some periods, or of some contracts.
async fn widened(
    tx: &mut Tx,
    act: &Act,
    zone: &Zone,
    (mut wider, reach): (BTreeSet<String>, Again),
) -> Outcome<Around> {
    let times = reach::times(&reach, zone);
    let deals: Vec<(UserId, &Name)> = reach
        .deals
        .iter()
        .filter_map(|(person, deal)| Some((person.parse().ok()?, deal)))
        .collect();
    let whose = times.iter().map(|(person, _)| *person);
    let whose: BTreeSet<UserId> = whose.chain(deals.iter().map(|(person, _)| *person)).collect();
    let heads = list_headships_of(tx, act.org, &whose).await?;
    for (person, span) in times {
        let counting = list_counting(tx, act.org, (&heads, person), span).await?;
        wider.extend(counting.into_iter().map(|event| event.subject));
    }
    for (person, deal) in deals {
        let counting = list_counting(tx, act.org, (&heads, person), EVER).await?;
        let of_deal = counting.into_iter().filter(|event| deal_of(event) == deal.as_str());
        wider.extend(of_deal.map(|event| event.subject));
    }
    let events = list_about(tx, act.org, &wider).await?;
    let spanned = reach.spans.iter().filter_map(|(person, _, _)| person.parse().ok());
    let people: BTreeSet<UserId> = people_of(&events).into_iter().chain(spanned).collect();
    let rules = rules_of(tx, act.org, people).await?;
    Ok(Around { events, rules, reach })
}

pub(super) async fn list_about(
    tx: &mut Tx,
    org: OrgId,
    subjects: &BTreeSet<String>,
) -> Outcome<Vec<Recorded>> {
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let mut about = events::list_for_subjects(tx, org, &subjects).await?;
    about.retain(pays);
    Ok(about)
}

pub(super) fn people_of(events: &[Recorded]) -> BTreeSet<UserId> {
    events.iter().filter_map(|event| event.person).collect()
}

/// Writes what is missing of everything that some events reach.
async fn settle_news(tx: &mut Tx, act: &Act, chain: &mut Chain, news: &[Recorded]) -> Outcome<()> {
    let zone = chain.firm.zone.clone();
    let around = around(tx, act, &zone, news).await?;
    settle_around(tx, act, chain, (around, news)).await
}

/// Writes what is known only when a month is over: sums of a step reached, once.
pub(super) async fn settle_ends(
    tx: &mut Tx,
    act: &Act,
    chain: &mut Chain,
    (rules, month): (&Rules, Month),
) -> Outcome<()> {
    let zone = chain.firm.zone.clone();
    let is_waited_for = |plan: PlanId| {
        let mut versions = rules.versions.iter().filter(|version| version.plan == plan);
        versions.any(|version| version.body.waits_for_ends())
    };
    let own = rules.assignments.iter().filter(|one| is_waited_for(one.plan));
    let people: BTreeSet<UserId> = own.map(|one| one.person).collect();
    for person in people {
        let (name, label) = (Name::from(person.to_string()), labels(month));
        let mut reach = Again::default();
        for (period, label) in [
            (Period::Month, Some(label.month)),
            (Period::Quarter, Some(label.quarter)),
            (Period::Year, Some(label.year)),
            (Period::Term, None),
        ] {
            reach.spans.insert((name.clone(), period, label));
        }
        let around = widened(tx, act, &zone, (BTreeSet::new(), reach)).await?;
        settle_around(tx, act, chain, (around, &[])).await?;
    }
    Ok(())
}

async fn settle_around(
    tx: &mut Tx,
    act: &Act,
    chain: &mut Chain,
    (Around { events, rules, reach }, news): (Around, &[Recorded]),
) -> Outcome<()> {
    let zone = chain.firm.zone.clone();
    let now = AsOf { at: act.now, zone: &zone };
    let mut found = credits(&events, &rules, now, |credit| reach.covers(credit))?;
    found.retain(|credit| !credit.is_salary());
    let buckets = reach::buckets(&reach, &rules, (act.now, &zone));
    let told: BTreeSet<&str> = reach.subjects.iter().map(Name::as_str).collect();
    let covered = found.iter().filter(|credit| credit.is_covered);
    let subjects: BTreeSet<&str> = covered
        .map(|credit| credit.subject.as_str())
        .chain(told.iter().copied())
        .chain(buckets.iter().map(String::as_str))
        .collect();
    let subjects: Vec<&str> = subjects.into_iter().collect();
    let mut written: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in store::entries::list_for_subjects(tx, act.org, &subjects).await? {
        written.entry(entry.credit_key.clone()).or_default().push(entry);
    }
    for credit in &found {
        let lines = written.remove(&credit.key).unwrap_or_default();
        if credit.is_covered {
            chain.settle(tx, act, &lines, Some(credit)).await?;
            hear_silence(tx, act, credit, news).await?;
        }
    }
    // What no rule wants any more; of others nothing is known here.
    for lines in written.values() {
        let subject = lines.first().map_or("", |line| line.subject.as_str());
        if told.contains(subject) || buckets.contains(subject) {
            chain.settle(tx, act, lines, None).await?;
        }
    }
    Ok(())
}

/// Leaves a job that looks again when the time for an answer has run out.
async fn hear_silence(tx: &mut Tx, act: &Act, credit: &Credit, news: &[Recorded]) -> Outcome<()> {
    let Some(due) = credit.due.filter(|due| *due > act.now) else { return Ok(()) };
    let is_told = |event: &&Recorded| {
        event.subject == credit.subject || credit.looked.iter().any(|(id, _)| *id == event.id)
    };
    if let Some(event) = news.iter().find(is_told) {
        jobs::enqueue(tx, act.org, SILENCE, &event.id.to_string(), due).await?;
    }
    Ok(())
}

/// Counts again what a person earned since an instant, after their plan or its rules changed, and
/// the salaries of the months under review.
pub async fn settle_person(act: &Act, person: UserId, since: Instant) -> Outcome<()> {
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    let rules = rules_of(&mut tx, act.org, [person]).await?;
    let heads = match rules.versions.iter().any(|version| pays_heads(&version.body)) {
        true => list_headships_of(&mut tx, act.org, &BTreeSet::from([person])).await?,
        false => Vec::new(),
    };
    let span = (since, EVER.1);
    let news = list_counting(&mut tx, act.org, (&heads, person), span).await?;
    settle_news(&mut tx, act, &mut chain, &news).await?;
    for period in store::periods::list_periods(&mut tx, act.org).await? {
        if period.state == PeriodState::Review
            && let Some(review) = period.review_event
        {
            settle_ends(&mut tx, act, &mut chain, (&rules, period.month)).await?;
            settle_salaries(&mut tx, act, &mut chain, &rules, (period.month, review)).await?;
            settle_floors(&mut tx, act, &mut chain, &rules, &period).await?;
        }
    }
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

/// Counts again what came while somebody was hired, moved, made a head or shut out: it may have
/// been told before the change was written, and is paid by the day it lies on.
pub async fn follow_move(act: &Act, person: UserId, since: Instant) -> Outcome<()> {
    let mut tx = begin!(act);
    let versions = store::plans::list_versions(&mut tx, act.org).await?;
    if versions.iter().any(|version| pays_heads(&version.body)) {
        // A moment earlier, so that whoever led until then is found too.
        let span = (since.plus_ms(-1), EVER.1);
        let mut chain = Chain::hold(&mut tx, act.org).await?;
        let whose = BTreeSet::from([person]);
        let heads = list_headships_of(&mut tx, act.org, &whose).await?;
        let news = list_counting(&mut tx, act.org, (&heads, person), span).await?;
        settle_news(&mut tx, act, &mut chain, &news).await?;
        chain.release(&mut tx, act.org).await?;
    }
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
    let found = credits(&[], rules, now, |_| true)?;
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
