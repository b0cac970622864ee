//! Rules: who is paid by what, at an instant, and the same as the engine of plans wants it.
//!
//! Whoever heads a person at the instant of what they did is the head it pays: a change of either
//! moves nothing that was before it.

use std::collections::BTreeSet;

use compensation::{Month as Calendar, Published, RulesFault, Who};

use super::facts::{labels, moment, schema, sum};
use super::faults;
use super::plan::{Assignment, Body, Version};
use crate::people::teams::{EVER, Headship, Span};
use crate::values::*;

/// Assignments and versions: everything needed to know what an event pays.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Who is paid by which plan.
    pub assignments: Vec<Assignment>,
    /// Every published version.
    pub versions: Vec<Version>,
    /// Who led whom, and when.
    pub heads: Vec<Headship>,
}

/// True where what somebody does pays their head.
pub fn pays_heads(body: &Body) -> bool {
    let is_head = |who: &Who| matches!(who, Who::HeadOf(_));
    let mut payees = body.components.iter().filter_map(|one| one.payees.as_ref());
    payees.any(|payees| {
        let mut parts = payees.split.iter().chain(&payees.overlay);
        is_head(&payees.by) || parts.any(|part| is_head(&part.who))
    })
}

/// Somebody, and whoever they led in a time.
pub fn with_led(heads: &[Headship], person: UserId, span: Span) -> BTreeSet<UserId> {
    let meets = |one: &&Headship| one.span.0 < span.1 && span.0 < one.span.1;
    let led = heads.iter().filter(|one| one.head == person).filter(meets);
    led.map(|one| one.person).chain([person]).collect()
}

impl Rules {
    /// What a person is paid by at an instant: their assignments, each with the version in force.
    pub fn in_force(
        &self,
        person: UserId,
        at: Instant,
    ) -> impl Iterator<Item = (&Assignment, &Version)> {
        self.assignments
            .iter()
            .filter(move |assignment| assignment.person == person && assignment.covers(at))
            .filter_map(move |assignment| Some((assignment, self.version(assignment.plan, at)?)))
    }
    /// The version of a plan in force at an instant.
    pub fn version(&self, plan: PlanId, at: Instant) -> Option<&Version> {
        self.versions
            .iter()
            .filter(|version| version.plan == plan && version.effective_from <= at)
            .max_by_key(|version| version.version)
    }
    /// True where some version in force at an instant has a credit window.
    pub fn has_window(&self, at: Instant) -> bool {
        let is_in_force = |one: &&Version| {
            self.version(one.plan, at).is_some_and(|found| found.version == one.version)
        };
        self.versions.iter().filter(is_in_force).any(|one| one.body.window.is_some())
    }

    /// The same as the engine has it, with the calendar up to the end of the year of `now`.
    pub fn engine(&self, zone: &Zone, now: Instant) -> Outcome<compensation::Rules> {
        self.build(zone, now)?.map_err(|faults| {
            let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
            Error::failure(format!("the rules of pay do not fit together: {}", told.join("; ")))
        })
    }

    /// Why they do not fit together; nothing where they do.
    pub fn faults(&self, zone: &Zone, now: Instant) -> Outcome<Vec<RulesFault>> {
        Ok(self.build(zone, now)?.err().unwrap_or_default())
    }

    fn build(
        &self,
        zone: &Zone,
        now: Instant,
    ) -> Outcome<Result<compensation::Rules, Vec<RulesFault>>> {
        let plans: Outcome<Vec<Published>> =
            self.versions.iter().map(|version| published(version, zone)).collect();
        let assignments: Outcome<Vec<compensation::Assignment>> =
            self.assignments.iter().map(|assignment| assigned(assignment, zone)).collect();
        let months = self.calendar(zone, now)?;
        let heads = self.heads.iter().map(headed).collect();
        Ok(compensation::Rules::new(plans?, assignments?, heads, months))
    }

    /// Every month since the first assignment, whole years of them.
    fn calendar(&self, zone: &Zone, now: Instant) -> Outcome<Vec<Calendar>> {
        let first = self.assignments.iter().map(|assignment| assignment.starts_at).min();
        let Some(first) = first else { return Ok(Vec::new()) };
        let year_of = |at: Instant| at.day(zone).year();
        let last = year_of(now.max(first));
        let mut month = Month::of(first, zone);
        while month.before().first_day().year() == month.first_day().year() {
            month = month.before();
        }
        let mut months = Vec::new();
        while month.first_day().year() <= last {
            let first = moment(month.starts_at(zone), zone)?.day;
            let days = u16::try_from(month.days()).map_err(Error::failure)?;
            let ends_at = month.ends_at(zone).ms();
            months.push(Calendar { labels: labels(month), first, days, ends_at });
            month = month.next();
        }
        Ok(months)
    }
}

/// A version that was checked when it was published, as the engine has it.
fn published(version: &Version, zone: &Zone) -> Outcome<Published> {
    let number = u32::try_from(version.version).map_err(Error::failure)?;
    let from = moment(version.effective_from, zone)?;
    let name = version.plan.to_string();
    let plan = version.body.plan(&name, (number, from), version.currency)?;
    plan.publish(&schema(), &faults::limits()).map_err(|faults| {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Error::failure(format!("version {number} of plan {name}: {}", told.join("; ")))
    })
}

fn headed(one: &Headship) -> compensation::Headship {
    let (from, until) = one.span;
    compensation::Headship {
        person: one.person.to_string().into(),
        head: one.head.to_string().into(),
        from: from.ms(),
        until: (until != EVER.1).then(|| until.ms()),
    }
}

fn assigned(assignment: &Assignment, zone: &Zone) -> Outcome<compensation::Assignment> {
    let salary = Some(assignment.salary).filter(|salary| salary.minor > 0);
    Ok(compensation::Assignment {
        id: assignment.id.to_string().into(),
        person: assignment.person.to_string().into(),
        plan: assignment.plan.to_string().into(),
        from: moment(assignment.starts_at, zone)?,
        until: assignment.ends_at.map(|end| moment(end, zone)).transpose()?,
        salary: salary.map(sum).transpose()?,
        rates: assignment.terms.rates.clone(),
        quotas: assignment.terms.quotas.clone(),
        draw: assignment.terms.draw.clone(),
    })
}
