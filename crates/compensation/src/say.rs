//! Sentences: a plan says itself as clauses with their arguments. The words stand with whoever
//! shows them.
//!
//! Every part of a version is told by exactly one clause, whatever its value, and no two clauses
//! of a component are equal. What is off or absent by default is not told.

use ledger::{Currency, Rounding};

use crate::gate::{Stage, Verdict};
use crate::plan::{Absent, Component, Measure, Once, Payees, Per, Plan, Source, Who};
use crate::rate::{By, Figure, Level, Pay, Rate, Reading, Row};
use crate::rule::Expr;
use crate::{Day, Moment, Money, Name, Period, Share};

/// A clause, and the component it belongs to; none for the plan itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The component, by its code.
    pub component: Option<Name>,
    /// What is said.
    pub clause: Clause,
}

/// What can be said of a plan, each with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clause {
    /// "Version 3 of the plan of callers, from 1 March 2026."
    Version(Name, u32, Moment),
    /// "It pays in roubles."
    PaysIn(Currency),
    /// "Halves of a kopeck are rounded up."
    Rounds(Rounding),
    /// "In a month nobody earns more than … by it."
    PlanCap(Money),
    /// "A month pays … at least."
    Guarantee(Money),
    /// "When a meeting is booked or moved."
    On(Vec<Name>),
    /// "On what the component … comes to."
    OnResultOf(Name),
    /// "Each month."
    EachMonth,
    /// "Only where …"
    Only(Expr),
    /// "One each is counted."
    CountsEvents,
    /// "What is counted is …"
    Counts(Expr),
    /// "What is counted is the money of that component."
    CountsResult,
    /// "By the days worked."
    CountsDays,
    /// "However often a subject is told, it counts once (a month)."
    CountsOnce(Once),
    /// "Each by itself", "added up over a month".
    Over(Period),
    /// "300 for each."
    PaysEach(Money),
    /// "5 % of it."
    PaysShare(Share),
    /// "By a table of the share of the quota; each rate on its own slice."
    PaysByTable(By, Reading),
    /// "Over 10,000 up to 25,000: 7 %."
    TableRow(Level, Option<Level>, Pay),
    /// "Once 10 are reached: 5,000."
    PaysMilestone(Level, Money),
    /// "For the first one: 5,000, once."
    PaysOnce(Money),
    /// "The salary, by days."
    PaysSalary,
    /// "Held against the quota of meetings."
    AgainstQuota(Name),
    /// "Nothing below 5."
    NothingBelow(Level),
    /// "Times a factor by the share of the quota of …", by its place.
    TimesByAttainment(usize, Name),
    /// "Times a factor by the latest score …", by its place: event, role, score.
    TimesByScore(usize, Name, Name, Expr),
    /// "Over 100 % up to 125 %: times 125 %."
    FactorRow(usize, Level, Option<Level>, Pay),
    /// "Where that is not known: times 100 %."
    FactorUnknown(usize, Share),
    /// "70 % at once."
    AtOnce(Share),
    /// "30 % when the stage … is passed", by its place.
    Releases(usize, Name, Share),
    /// "It is passed when …": stage, event, rule, verdict, whether after the limit too.
    Decides(usize, Name, Option<Expr>, Verdict, bool),
    /// "Silence for 48 hours means …"
    Silence(usize, u32, Verdict),
    /// "At most … a deal."
    AtMost(Per, Money),
    /// "Until 30 June 2026."
    LastDay(Day),
    /// "By the plan of the caller."
    ByPlanOf(Who),
    /// "The caller has 70 %."
    Has(Who, Share),
    /// "Beyond that the head of the caller has 10 %."
    HasBeyond(Who, Share),
    /// "Whose part is nobody's goes to nobody, to the others."
    PartOfNobody(Absent),
    /// CLAW-BACK: "What was owed already is taken back when a later stage fails."
    ClawBack,
}

/// Everything a version says, in the order it is read aloud.
#[must_use]
pub fn say(plan: &Plan) -> Vec<Said> {
    let mut clauses = vec![
        Clause::Version(plan.plan.clone(), plan.version, plan.from),
        Clause::PaysIn(plan.currency),
    ];
    clauses.extend(plan.rounding.map(Clause::Rounds));
    clauses.extend(plan.cap.map(Clause::PlanCap));
    clauses.extend(plan.guarantee.map(Clause::Guarantee));
    let head = clauses.into_iter().map(|clause| Said { component: None, clause });
    let components = plan.components.iter().flat_map(|component| {
        let code = component.code.clone();
        let told = say_component(component).into_iter();
        told.map(move |clause| Said { component: Some(code.clone()), clause })
    });
    head.chain(components).collect()
}

/// Everything a component says, in the order it is read aloud.
#[must_use]
pub fn say_component(component: &Component) -> Vec<Clause> {
    let mut said = vec![match &component.on {
        Source::Events(kinds) => Clause::On(kinds.clone()),
        Source::Component(code) => Clause::OnResultOf(code.clone()),
        Source::Calendar => Clause::EachMonth,
    }];
    said.extend(component.filter.clone().map(Clause::Only));
    said.push(match &component.measure {
        Measure::Count => Clause::CountsEvents,
        Measure::Of(rule) => Clause::Counts(rule.clone()),
        Measure::Result => Clause::CountsResult,
        Measure::Days => Clause::CountsDays,
    });
    if component.once != Once::Event {
        said.push(Clause::CountsOnce(component.once));
    }
    said.push(Clause::Over(component.period));
    rate(&component.rate, &mut said);
    said.extend(component.quota.clone().map(Clause::AgainstQuota));
    said.extend(component.cliff.map(Clause::NothingBelow));
    for (place, multiplier) in component.multipliers.iter().enumerate() {
        said.push(match &multiplier.figure {
            Figure::Attainment(code) => Clause::TimesByAttainment(place, code.clone()),
            Figure::Score { on, role, value } => {
                Clause::TimesByScore(place, on.clone(), role.clone(), value.clone())
            }
        });
        let row = |row: &Row| Clause::FactorRow(place, row.over, row.up_to, row.pays);
        said.extend(multiplier.rows.iter().map(row));
        said.push(Clause::FactorUnknown(place, multiplier.unknown));
    }
    if let Some(gate) = &component.gate {
        said.push(Clause::AtOnce(gate.at_once));
        for (place, stage) in gate.stages.iter().enumerate() {
            stage_told(place, stage, &mut said);
        }
    }
    said.extend(component.caps.iter().map(|cap| Clause::AtMost(cap.per, cap.most)));
    said.extend(component.last_day.map(Clause::LastDay));
    if let Some(payees) = &component.payees {
        payees_told(payees, &mut said);
    }
    if component.clawback {
        said.push(Clause::ClawBack);
    }
    said
}

fn rate(rate: &Rate, said: &mut Vec<Clause>) {
    match rate {
        Rate::Each(money) => said.push(Clause::PaysEach(*money)),
        Rate::Share(share) => said.push(Clause::PaysShare(*share)),
        Rate::Table(table) => {
            said.push(Clause::PaysByTable(table.by, table.reading));
            let row = |row: &Row| Clause::TableRow(row.over, row.up_to, row.pays);
            said.extend(table.rows.iter().map(row));
        }
        Rate::Milestone { reach, pays } => said.push(Clause::PaysMilestone(*reach, *pays)),
        Rate::OneTime(money) => said.push(Clause::PaysOnce(*money)),
        Rate::Salary => said.push(Clause::PaysSalary),
    }
}

fn stage_told(place: usize, stage: &Stage, said: &mut Vec<Clause>) {
    said.push(Clause::Releases(place, stage.code.clone(), stage.releases));
    for word in &stage.words {
        let filter = word.filter.clone();
        said.push(Clause::Decides(place, word.on.clone(), filter, word.verdict, word.late));
    }
    said.extend(stage.limit.map(|limit| Clause::Silence(place, limit.hours, limit.silence)));
}

fn payees_told(payees: &Payees, said: &mut Vec<Clause>) {
    said.push(Clause::ByPlanOf(payees.by.clone()));
    let has = payees.split.iter().map(|part| Clause::Has(part.who.clone(), part.share));
    said.extend(has);
    let beyond = payees.overlay.iter();
    said.extend(beyond.map(|part| Clause::HasBeyond(part.who.clone(), part.share)));
    said.push(Clause::PartOfNobody(payees.absent));
}
