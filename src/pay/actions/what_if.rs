//! What-if: what real events of past months would have paid by a draft, beside what they paid.

use std::collections::{BTreeMap, BTreeSet};

use compensation::{Change, Credit as Reckoned, Name, Totals, compare};

use super::super::entry::{ADJUSTMENT, DRAW, GUARANTEE};
use super::super::facts::{told, unit};
use super::super::plan::Version;
use super::super::rules::{Rules, pays_heads};
use super::super::{PayRefusal, faults, reach, store};
use super::floors::under;
use super::settling::{list_about, list_counting, people_of, rules_with};
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
    /// By component of the plan, and what floors under their months add for those whom it pays.
    pub components: Vec<(String, BeforeAfter)>,
    /// The cost.
    pub total: BeforeAfter,
    /// How many events were replayed.
    pub events: usize,
    /// The state of the draft that was replayed.
    pub revision: i64,
}

/// What a run comes to: credits of the plan, and what floors add to months, by person.
struct Run {
    credits: Vec<Reckoned>,
    floors: Vec<(Name, &'static str, i64)>,
}

/// What floors follow from beside credits.
struct Grounds {
    /// What is due of advances before the first month, of everybody whom the plan pays.
    due: BTreeMap<UserId, i64>,
    /// The months that are over: no floor is booked before.
    months: Vec<Month>,
    by_hand: BTreeMap<(UserId, Month), i64>,
    currency: Currency,
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
    let heads = people::actions::list_headships(tx, viewer.org).await?;
    for person in &paid {
        let counting = list_counting(tx, viewer.org, (&heads, *person), span).await?;
        subjects.extend(counting.into_iter().map(|event| event.subject));
    }
    let about = list_about(tx, viewer.org, &subjects).await?;
    let everybody: BTreeSet<UserId> = people_of(&about).union(&paid).copied().collect();
    let versions = store::plans::list_versions(tx, viewer.org).await?;
    let pays = pays_heads(&draft.body) || versions.iter().any(|one| pays_heads(&one.body));
    let heads = if pays { heads } else { Vec::new() };
    let before = rules_with(tx, viewer.org, everybody, (versions, heads)).await?;
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
    let revision = found.revision;
    let grounds = grounds(tx, viewer, (&paid, found.currency), (first, last), now).await?;
    let after = replaced(&before, drafted);
    faults::of_terms(&after.faults(zone, now)?)?;
    let events = told(&about, zone)?;
    let run = |rules: &Rules| -> Outcome<Run> {
        let engine = rules.engine(zone, now)?;
        let found = compensation::credits(&events, &engine, now.ms());
        let floors = floored(&engine, &found, &grounds)?;
        let kept = found.into_iter().filter(|credit| is_within(credit, plan, (first, last)));
        Ok(Run { credits: kept.collect(), floors })
    };
    let (before, after) = (run(&before)?, run(&after)?);
    let users = people::actions::list_users(tx, viewer.org).await?;
    told_apart((&before, &after), (&users, found.currency), (events.len(), revision))
}

async fn grounds(
    tx: &mut Tx,
    viewer: &Viewer,
    (paid, currency): (&BTreeSet<UserId>, Currency),
    (first, last): (Month, Month),
    now: Instant,
) -> Outcome<Grounds> {
    let is_over = |month: &Month| *month <= last && month.ends_at(&viewer.zone) <= now;
    let months = std::iter::successors(Some(first), |month| Some(month.next()));
    let months: Vec<Month> = months.take_while(is_over).collect();
    let mut due = BTreeMap::new();
    for person in paid {
        let before = (viewer.org, *person, first);
        let sum = store::entries::sum_of_component(tx, before, DRAW, currency).await?;
        due.insert(*person, sum);
    }
    let mut by_hand: BTreeMap<(UserId, Month), i64> = BTreeMap::new();
    for month in &months {
        for (person, component, sum) in store::entries::list_payroll(tx, viewer.org, *month).await?
        {
            if component == ADJUSTMENT && sum.currency == currency {
                *by_hand.entry((person, *month)).or_default() += sum.minor;
            }
        }
    }
    Ok(Grounds { due, months, by_hand, currency })
}

/// What floors add to the months that are over, as they are booked: out of all that a month earned,
/// also by other plans.
fn floored(
    engine: &compensation::Rules,
    credits: &[Reckoned],
    grounds: &Grounds,
) -> Outcome<Vec<(Name, &'static str, i64)>> {
    let unit = unit(grounds.currency)?;
    let mut earned: BTreeMap<(&Name, &Name), i64> = BTreeMap::new();
    for credit in credits.iter().filter(|credit| credit.currency == unit) {
        if let Some(month) = credit.month() {
            *earned.entry((&credit.key.person, month)).or_default() += credit.posted;
        }
    }
    let mut found = Vec::new();
    for (person, before) in &grounds.due {
        let (name, mut due) = (Name::from(person.to_string()), *before);
        for month in &grounds.months {
            let label = Name::from(month.to_string());
            let floor = compensation::floor(engine, &name, &label);
            let Some(floor) = floor.filter(|one| one.draw.floor.currency == unit) else { continue };
            let credited = earned.get(&(&name, &label)).copied().unwrap_or_default();
            let by_hand = grounds.by_hand.get(&(*person, *month)).copied().unwrap_or_default();
            let added = under(&floor, credited + by_hand, due)?;
            due += added.draw;
            for (component, minor) in [(DRAW, added.draw), (GUARANTEE, added.guarantee)] {
                if minor != 0 {
                    found.push((name.clone(), component, minor));
                }
            }
        }
    }
    Ok(found)
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
    (before, after): (&Run, &Run),
    (users, currency): (&[User], Currency),
    (events, revision): (usize, i64),
) -> Outcome<WhatIf> {
    let mut compared = compare(&before.credits, &after.credits);
    let unit = unit(currency)?;
    for (run, is_after) in [(before, false), (after, true)] {
        for (person, component, minor) in &run.floors {
            let of = (person, &Name::from(*component), unit);
            let sum = Totals { posted: i128::from(*minor), pending: 0 };
            compared.add(of, sum, is_after);
        }
    }
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
    let components = components.collect();
    Ok(WhatIf { people, components, total: of(&total), events, revision })
}
