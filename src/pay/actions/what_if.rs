//! What-if: what real events of past months would have paid by a draft, beside what they paid.

use std::collections::BTreeSet;

use compensation::{Change, Credit as Reckoned, Name, compare};

use super::super::facts::told;
use super::super::plan::Version;
use super::super::rules::Rules;
use super::super::trigger::paying;
use super::super::{PayRefusal, faults, reach, store};
use super::settling::{list_about, people_of, rules_of};
use crate::events;
use crate::people::{self, User, Viewer};
use crate::storage::Tx;
use crate::values::*;

/// The most months that are replayed at a time.
const MONTHS_MAX: usize = 12;

/// A sum by the rules in force and by the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeforeAfter {
    /// Owed by the rules in force.
    pub before: Money,
    /// Owed by the draft.
    pub after: Money,
    /// What the draft adds.
    pub difference: Money,
    /// What still waits by the rules in force.
    pub waits_before: Money,
    /// What still waits by the draft.
    pub waits_after: Money,
}

/// Past months replayed under a draft.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// Everybody whom the plan pays, whoever gains most first.
    pub people: Vec<(User, BeforeAfter)>,
    /// By component of the plan.
    pub components: Vec<(String, BeforeAfter)>,
    /// The cost.
    pub total: BeforeAfter,
    /// How many events were replayed.
    pub events: usize,
}

/// Replays the events of some months, a year of them at most, under the draft of a plan. Nothing is
/// written.
pub async fn what_if(
    tx: &mut Tx,
    viewer: &Viewer,
    plan: PlanId,
    (first, last): (Month, Month),
    now: Instant,
) -> Outcome<WhatIf> {
    let months = std::iter::successors(Some(first), |month| Some(month.next()));
    let count = months.take(MONTHS_MAX + 1).take_while(|month| *month <= last).count();
    if count == 0 || count > MONTHS_MAX {
        return Err(Fields::one("last", "date-out-of-range"));
    }
    let found = store::plans::find_plan(tx, viewer.org, plan).await?.ok_or(Error::NotFound)?;
    let draft = found.draft.ok_or(PayRefusal::NoDraft)?;
    draft.body.check(found.tier, found.currency)?;
    let zone = &viewer.zone;
    let (starts_at, ends_at) = (first.starts_at(zone), last.ends_at(zone));
    let assignments = store::plans::list_assignments(tx, viewer.org).await?;
    let meets = |one: &super::super::plan::Assignment| {
        one.plan == plan && one.meets(starts_at, Some(ends_at))
    };
    let paid: BTreeSet<UserId> =
        assignments.iter().filter(|one| meets(one)).map(|one| one.person).collect();
    let span = (starts_at.plus_days(-reach::AROUND_DAYS), ends_at.plus_days(reach::AROUND_DAYS));
    let mut subjects = BTreeSet::new();
    for person in &paid {
        let own = events::list_for_person(tx, viewer.org, *person, &paying(), span).await?;
        subjects.extend(own.into_iter().map(|event| event.subject));
    }
    let about = list_about(tx, viewer.org, &subjects).await?;
    let everybody: BTreeSet<UserId> = people_of(&about).union(&paid).copied().collect();
    let before = rules_of(tx, viewer.org, everybody).await?;
    let number = before.versions.iter().filter(|one| one.plan == plan).map(|one| one.version).max();
    let drafted = Version {
        plan,
        name: found.name,
        tier: found.tier,
        currency: found.currency,
        version: number.unwrap_or(0) + 1,
        effective_from: starts_at,
        body: draft.body,
        author: draft.author,
        published_by: None,
        published_at: now,
    };
    let after = replaced(&before, drafted);
    faults::of_terms(&after.faults(zone, now)?)?;
    let events = told(&about, zone)?;
    let run = |rules: &Rules| -> Outcome<Vec<Reckoned>> {
        let found = compensation::credits(&events, &rules.engine(zone, now)?, now.ms());
        let kept = found.into_iter().filter(|credit| is_within(credit, plan, (first, last)));
        Ok(kept.collect())
    };
    let (before, after) = (run(&before)?, run(&after)?);
    let users = people::actions::list_users(tx, viewer.org).await?;
    Ok(told_apart(&before, &after, (&users, found.currency), events.len()))
}

/// The rules with a draft in place of every version of its plan from its day on.
fn replaced(rules: &Rules, draft: Version) -> Rules {
    let mut rules = rules.clone();
    rules
        .versions
        .retain(|one| one.plan != draft.plan || one.effective_from < draft.effective_from);
    rules.versions.push(draft);
    rules
}

/// True for a credit of the plan that counts in one of the months.
fn is_within(credit: &Reckoned, plan: PlanId, (first, last): (Month, Month)) -> bool {
    let month: Option<Month> = credit.month().and_then(|month| month.parse().ok());
    credit.key.plan.as_str() == plan.to_string()
        && month.is_some_and(|month| (first..=last).contains(&month))
}

fn told_apart(
    before: &[Reckoned],
    after: &[Reckoned],
    (users, currency): (&[User], Currency),
    events: usize,
) -> WhatIf {
    let compared = compare(before, after);
    let minor = |sum: i128| Money::new(i64::try_from(sum).unwrap_or(i64::MAX), currency);
    let of = |change: &Change| BeforeAfter {
        before: minor(change.before.posted),
        after: minor(change.after.posted),
        difference: minor(change.difference().posted),
        waits_before: minor(change.before.pending),
        waits_after: minor(change.after.pending),
    };
    let user = |name: &Name| {
        let id: UserId = name.parse().ok()?;
        users.iter().find(|user| user.id == id).cloned()
    };
    let mut people: Vec<(User, BeforeAfter)> = compared
        .people
        .iter()
        .filter_map(|((name, _), change)| Some((user(name)?, of(change))))
        .collect();
    people.sort_by_key(|(user, sums)| (-sums.difference.minor, user.name.clone()));
    let components = compared.components.iter();
    let components = components.map(|((code, _), change)| (code.to_string(), of(change)));
    let total = compared.total.values().next().copied().unwrap_or_default();
    WhatIf { people, components: components.collect(), total: of(&total), events }
}
