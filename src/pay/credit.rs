//! Credits: who should get how much of what happened, by the engine of plans.
//!
//! A credit is what stands in the ledger under one key: a person, a plan, a component, and the
//! thing that is paid for once – a subject, a subject in a month, an event, a period. The engine
//! (`crates/compensation`) says what each stands at, whatever the order in which events arrived;
//! here its answers get the keys of the ledger and the events that caused them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use compensation::{Credit as Reckoned, Decider, Name, Of, Source, Unpaid as Why};

use super::entry::Made;
use super::facts::{id_of, told};
use super::plan::{Version, waits_for_end};
use super::rules::Rules;
use super::unpaid::Unpaid;
use crate::events::Recorded;
use crate::values::*;

/// What made a credit stand where it stands: the last event that has a say in it, or the silence
/// after the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The event; the opening of a review, for a salary.
    pub event: Option<EventId>,
    /// When that was.
    pub at: Instant,
    /// What happened, by its code.
    pub kind: Option<String>,
    /// Its coded reason.
    pub reason: Option<String>,
}

/// First day paid and first day no longer paid, from nought, of how many.
pub type Days = (i64, i64, i64);

/// What a credit should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Person, plan, component and thing as one text; the same for ever.
    pub key: String,
    /// Who is paid.
    pub person: UserId,
    /// By whose plan; another where a split or an overlay reached the person.
    pub earner: UserId,
    /// The version it belongs to.
    pub version: Arc<Version>,
    /// The component.
    pub component: String,
    /// The id of what it happened to; the assignment with its period, for what is added up.
    pub subject: String,
    /// The company it concerns.
    pub company: Option<CompanyId>,
    /// What is owed, in minor units.
    pub posted: i64,
    /// What would be owed beyond it if everything open were passed.
    pub pending: i64,
    /// What made it so.
    pub cause: Option<Cause>,
    /// How the engine came to it.
    pub made: Made,
    /// The days paid, for a salary.
    pub days: Option<Days>,
    /// The monthly salary, for one.
    pub base: Option<Money>,
    /// The month it counts in, as the engine calls it.
    pub month: Option<String>,
    /// When silence will change it, where nobody speaks before.
    pub due: Option<Instant>,
    /// True where everything that decides about it was looked at.
    pub is_covered: bool,
    /// The events it looked at, each with why it pays nothing for it, where there is something to
    /// tell.
    pub looked: Vec<(EventId, Option<Unpaid>)>,
}

impl Credit {
    /// True for what is known only when its period is over.
    pub fn waits_for_end(&self) -> bool {
        let all = &self.version.body.components;
        all.iter().any(|one| one.code.as_str() == self.component && waits_for_end(one))
    }
    /// True for the pay of days rather than of what happened.
    pub fn is_salary(&self) -> bool {
        self.days.is_some()
    }
}

/// An instant in the zone of a firm: up to when silence is heard, and where days lie.
#[derive(Debug, Clone, Copy)]
pub struct AsOf<'a> {
    /// Now.
    pub at: Instant,
    /// The firm's zone.
    pub zone: &'a Zone,
}

/// Every credit that follows from events, salaries among them.
///
/// Each subject's events have to be there whole, and of whoever is paid by what is added up over a
/// period everything in it; `covers` says of which credits that holds.
pub fn credits(
    events: &[Recorded],
    rules: &Rules,
    now: AsOf<'_>,
    covers: impl Fn(&Reckoned) -> bool,
) -> Outcome<Vec<Credit>> {
    let known: HashMap<EventId, &Recorded> = events.iter().map(|one| (one.id, one)).collect();
    let engine = rules.engine(now.zone, now.at)?;
    // A version stands in every credit that follows from it.
    let versions: Vec<Arc<Version>> = rules.versions.iter().cloned().map(Arc::new).collect();
    let found = compensation::credits(&told(events, now.zone)?, &engine, now.at.ms());
    let mut all: BTreeMap<String, Credit> = BTreeMap::new();
    for reckoned in found {
        let is_covered = covers(&reckoned);
        let credit = Credit { is_covered, ..credit(reckoned, (rules, &versions), &known)? };
        match all.get_mut(&credit.key) {
            // The same thing told again under the next version, or a month cut by one.
            Some(before) => join(before, credit),
            None => {
                all.insert(credit.key.clone(), credit);
            }
        }
    }
    Ok(all.into_values().collect())
}

/// Puts together what has one key. What pays speaks for it.
fn join(before: &mut Credit, other: Credit) {
    let (posted, pending) = (before.posted + other.posted, before.pending + other.pending);
    let whole = |(one, two): (Days, Days)| (one.0.min(two.0), one.1.max(two.1), one.2);
    let days = before.days.zip(other.days).map(whole);
    let pays = |credit: &Credit| (credit.posted, credit.pending) != (0, 0);
    let looked = [before.looked.clone(), other.looked.clone()].concat();
    // What was told before says nothing of what pays.
    let is_covered = match (pays(before), pays(&other)) {
        (true, false) => before.is_covered,
        (false, true) => other.is_covered,
        (true, true) => before.is_covered && other.is_covered,
        (false, false) => before.is_covered || other.is_covered,
    };
    let due = [before.due, other.due].into_iter().flatten().min();
    if !pays(before) && pays(&other) {
        *before = other;
    }
    (before.looked, before.is_covered, before.due) = (looked, is_covered, due);
    (before.posted, before.pending) = (posted, pending);
    before.days = days.or(before.days);
}

fn credit(
    reckoned: Reckoned,
    (rules, versions): (&Rules, &[Arc<Version>]),
    known: &HashMap<EventId, &Recorded>,
) -> Outcome<Credit> {
    let odd = |what: &str| Error::failure(format!("the engine names no {what}"));
    let key = &reckoned.key;
    let person: UserId = key.person.parse().map_err(|_| odd("person"))?;
    let earner: UserId = key.earner.parse().map_err(|_| odd("person"))?;
    let plan: PlanId = key.plan.parse().map_err(|_| odd("plan"))?;
    let number = i64::from(key.version);
    let version = versions.iter().find(|one| one.plan == plan && one.version == number);
    let version = version.ok_or_else(|| odd("version"))?;
    let component = version.body.components.iter().find(|one| one.code == key.component);
    let component = component.ok_or_else(|| odd("component"))?;
    let is_salary = component.on == Source::Calendar;
    let thing = thing(&reckoned, is_salary);
    let ids = ids(&reckoned);
    let events: Vec<&Recorded> = ids.iter().filter_map(|id| known.get(id).copied()).collect();
    let first = reckoned.why.inputs.first().and_then(|input| id_of(&input.event));
    let first = first.and_then(|id| known.get(&id).copied());
    Ok(Credit {
        key: text(person, earner, (plan, key.component.as_str()), &thing),
        person,
        earner,
        version: Arc::clone(version),
        component: key.component.to_string(),
        subject: reckoned.subject.as_ref().map_or(thing, ToString::to_string),
        company: first.filter(|_| reckoned.subject.is_some()).and_then(|event| event.company),
        posted: reckoned.posted,
        pending: reckoned.pending,
        cause: cause(&reckoned, &events),
        days: reckoned.why.days.filter(|_| is_salary),
        base: salary_of(rules, &key.assignment).filter(|_| is_salary),
        month: reckoned.month().map(ToString::to_string),
        due: reckoned.why.due.map(Instant),
        is_covered: true,
        looked: looked(&reckoned, known),
        made: Made::of(&reckoned),
    })
}

fn salary_of(rules: &Rules, assignment: &str) -> Option<Money> {
    let id: AnyId = assignment.parse().ok()?;
    rules.assignments.iter().find(|one| one.id == id).map(|one| one.salary)
}

/// The key of a credit.
fn text(person: UserId, earner: UserId, (plan, component): (PlanId, &str), thing: &str) -> String {
    let key = format!("{person}|{plan}|{component}|{thing}");
    if earner == person { key } else { format!("{key}|{earner}") }
}

/// What is paid for once. What is added up belongs to a version in an assignment.
fn thing(reckoned: &Reckoned, is_salary: bool) -> String {
    let key = &reckoned.key;
    match &key.of {
        Of::Event(event) => event.to_string(),
        Of::Subject(subject) => subject.to_string(),
        Of::SubjectInMonth(subject, month) => format!("{subject}:{month}"),
        Of::Period(month) if is_salary => format!("{}:{month}", key.assignment),
        Of::Period(label) => bucket(&key.assignment, i64::from(key.version), label),
        Of::Term => bucket(&key.assignment, i64::from(key.version), "term"),
    }
}

/// What is added up over a period, by a version in an assignment.
pub fn bucket(assignment: &str, version: i64, label: &str) -> String {
    format!("{assignment}:v{version}:{label}")
}

/// Every event that has a say in a credit.
fn ids(reckoned: &Reckoned) -> Vec<EventId> {
    let why = &reckoned.why;
    let inputs =
        why.inputs.iter().flat_map(|input| std::iter::once(&input.event).chain(&input.words));
    let deciders = why.tranches.iter().filter_map(|tranche| match &tranche.by {
        Some(Decider::Event(event)) => Some(event),
        Some(Decider::Silence) | None => None,
    });
    let said = why.left_out.iter().map(|one| &one.why).chain(&why.unpaid);
    let said = said.filter_map(|why| match why {
        Why::Gone(by) | Why::Failed(by) => Some(by),
        _ => None,
    });
    inputs.chain(deciders).chain(said).filter_map(id_of).collect()
}

/// What it looked at. Of one thing that was told twice only what counts is spoken of.
fn looked(
    reckoned: &Reckoned,
    known: &HashMap<EventId, &Recorded>,
) -> Vec<(EventId, Option<Unpaid>)> {
    let why = &reckoned.why;
    let said = |event: &Name, why: Option<&Why>| {
        let id = id_of(event)?;
        Some((id, why.and_then(|why| Unpaid::of(why, known.get(&id).copied()))))
    };
    if reckoned.subject.is_some() {
        let whole = why.unpaid.as_ref();
        return why.inputs.iter().filter_map(|input| said(&input.event, whole)).collect();
    }
    let counted = why.inputs.iter().filter_map(|input| said(&input.event, None));
    let left_out = why.left_out.iter().filter_map(|one| said(&one.event, Some(&one.why)));
    counted.chain(left_out).collect()
}

/// The last that has a say in it.
fn cause(reckoned: &Reckoned, events: &[&Recorded]) -> Option<Cause> {
    let last = events.iter().max_by_key(|event| (event.at, event.id));
    let silence = reckoned.why.tranches.iter().filter(|one| one.by == Some(Decider::Silence));
    let silence = silence.filter_map(|one| one.at).max().map(Instant);
    let spoken = last.map(|event| Cause {
        event: Some(event.id),
        at: event.at,
        kind: Some(event.kind.code().to_owned()),
        reason: event.reason.clone(),
    });
    match (spoken, silence) {
        (Some(cause), Some(at)) if at > cause.at => {
            Some(Cause { at, kind: Some(SILENCE.to_owned()), reason: None, ..cause })
        }
        (spoken, _) => spoken,
    }
}

/// What is told of a line that nobody's word made: the time for an answer had run out.
pub const SILENCE: &str = "silence";
