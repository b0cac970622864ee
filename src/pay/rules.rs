//! Rules: who is paid by what, at an instant, and the same as the engine of plans wants it.

use compensation::{Month as Calendar, Published, RulesFault};

use super::facts::{labels, moment, schema, sum};
use super::faults;
use super::plan::{Assignment, Version};
use crate::values::*;

/// Assignments and versions: everything needed to know what an event pays.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Who is paid by which plan.
    pub assignments: Vec<Assignment>,
    /// Every published version.
    pub versions: Vec<Version>,
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
        Ok(compensation::Rules::new(plans?, assignments?, Vec::new(), months))
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
