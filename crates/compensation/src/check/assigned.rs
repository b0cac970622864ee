//! Checks of assignments against the versions they are paid by, of versions against each other,
//! and of the calendar.

use crate::hash::Map;

use thiserror::Error;

use super::Published;
use crate::plan::Component;
use crate::rate::{Pay, Rate};
use crate::rules::{Assignment, Headship, Month, Quota, Rules};
use crate::{Level, Name};

/// Something that keeps rules from being built.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RulesFault {
    /// Two versions of a plan have one number or begin at one instant, or a later one begins
    /// before an earlier one.
    #[error("version {version} of {plan} is out of order")]
    VersionOutOfOrder {
        /// The plan.
        plan: Name,
        /// The later of the two.
        version: u32,
    },
    /// Versions of a plan pay in two currencies.
    #[error("{plan} pays in two currencies")]
    TwoCurrencies {
        /// The plan.
        plan: Name,
    },
    /// An assignment ends before it begins.
    #[error("assignment {id} ends before it begins")]
    EndsBeforeItBegins {
        /// The assignment.
        id: Name,
    },
    /// Two assignments have one id.
    #[error("two assignments are called {id}")]
    AssignmentTwice {
        /// The id.
        id: Name,
    },
    /// A person is assigned to a plan twice at a time.
    #[error("assignments {id} and {other} overlap: the person would be paid twice")]
    Overlap {
        /// The one.
        id: Name,
        /// The other.
        other: Name,
    },
    /// A sum of the assignment is in another currency than its plan, or below nought.
    #[error("a sum of assignment {id} does not go with its plan")]
    Sum {
        /// The assignment.
        id: Name,
    },
    /// A rate of its own does not go with the component.
    #[error("the rate of assignment {id} for {component} does not go with the component")]
    OwnRate {
        /// The assignment.
        id: Name,
        /// The component.
        component: Name,
    },
    /// A target, or a share of its ramp, is nought or below, or of another kind than what is
    /// measured against it.
    #[error("quota {quota} of assignment {id} cannot be held against what is measured")]
    Target {
        /// The assignment.
        id: Name,
        /// The quota.
        quota: Name,
    },
    /// The plan's cap lies below what the assignment guarantees.
    #[error("the cap of the plan lies below the floor of assignment {id}")]
    CapBelowGuarantee {
        /// The assignment.
        id: Name,
    },
    /// A month has no day, is named twice, or does not follow the one before it.
    #[error("month {month} does not follow the one before it")]
    Calendar {
        /// The month.
        month: Name,
    },
    /// Somebody leads themselves.
    #[error("{person} cannot be their own head")]
    OwnHead {
        /// The person.
        person: Name,
    },
}

impl Rules {
    /// Rules of a firm.
    ///
    /// # Errors
    /// Every [`RulesFault`] there is.
    pub fn new(
        plans: Vec<Published>,
        assignments: Vec<Assignment>,
        heads: Vec<Headship>,
        months: Vec<Month>,
    ) -> Result<Self, Vec<RulesFault>> {
        let mut rules = Self {
            plans,
            assignments,
            heads,
            months,
            of_person: Map::default(),
            over_person: Map::default(),
            of_plan: Map::default(),
        };
        rules.plans.sort_by_key(|one| (one.plan().plan.clone(), one.plan().version));
        for (place, published) in rules.plans.iter().enumerate() {
            rules.of_plan.entry(published.plan().plan.clone()).or_default().push(place);
        }
        for (place, assignment) in rules.assignments.iter().enumerate() {
            rules.of_person.entry(assignment.person.clone()).or_default().push(place);
        }
        for (place, one) in rules.heads.iter().enumerate() {
            rules.over_person.entry(one.person.clone()).or_default().push(place);
        }
        let faults = rules.faults();
        if faults.is_empty() { Ok(rules) } else { Err(faults) }
    }

    fn faults(&self) -> Vec<RulesFault> {
        let mut faults = Vec::new();
        for pair in self.plans.windows(2) {
            let (one, next) = (pair[0].plan(), pair[1].plan());
            if one.plan != next.plan {
                continue;
            }
            if one.version == next.version
                || one.from.at >= next.from.at
                || one.from.day > next.from.day
            {
                let (plan, version) = (next.plan.clone(), next.version);
                faults.push(RulesFault::VersionOutOfOrder { plan, version });
            }
            if one.currency != next.currency {
                faults.push(RulesFault::TwoCurrencies { plan: next.plan.clone() });
            }
        }
        for pair in self.months.windows(2) {
            if pair[0].first.plus(i64::from(pair[0].days)) != Some(pair[1].first)
                || pair[0].ends_at >= pair[1].ends_at
                || pair[0].labels.month == pair[1].labels.month
            {
                faults.push(RulesFault::Calendar { month: pair[1].labels.month.clone() });
            }
        }
        for month in self.months.iter().filter(|month| month.days < 1) {
            faults.push(RulesFault::Calendar { month: month.labels.month.clone() });
        }
        for one in self.heads.iter().filter(|one| one.person == one.head) {
            faults.push(RulesFault::OwnHead { person: one.person.clone() });
        }
        self.assignment_faults(&mut faults);
        faults
    }

    fn assignment_faults(&self, faults: &mut Vec<RulesFault>) {
        let mut ids: Map<&Name, usize> = Map::default();
        for (place, assignment) in self.assignments.iter().enumerate() {
            let id = assignment.id.clone();
            if ids.insert(&assignment.id, place).is_some() {
                faults.push(RulesFault::AssignmentTwice { id: id.clone() });
            }
            let ends = assignment.until;
            let from = assignment.from;
            if ends.is_some_and(|end| end.at <= from.at || end.day < from.day) {
                faults.push(RulesFault::EndsBeforeItBegins { id: id.clone() });
            }
            let others = self.of_person.get(&assignment.person).into_iter().flatten();
            for other in others.filter(|other| **other < place) {
                let other = &self.assignments[*other];
                let meets = other.until.is_none_or(|end| from.at < end.at)
                    && ends.is_none_or(|end| other.from.at < end.at);
                if other.plan == assignment.plan && meets {
                    let other = other.id.clone();
                    faults.push(RulesFault::Overlap { id: id.clone(), other });
                }
            }
            for quota in assignment.quotas.iter().filter(|(_, quota)| !is_target(quota)) {
                let quota = quota.0.clone();
                faults.push(RulesFault::Target { id: id.clone(), quota });
            }
            for place in self.of_plan.get(&assignment.plan).into_iter().flatten() {
                against(assignment, &self.plans[*place], faults);
            }
        }
    }
}

fn is_target(quota: &Quota) -> bool {
    let is_above = match quota.target {
        Level::Whole(whole) => whole > 0,
        Level::Money(money) => money.minor() > 0,
        Level::Share(_) => false,
    };
    is_above && quota.ramp.iter().all(|share| share.0.numerator() > 0)
}

/// An assignment against a version of its plan.
fn against(assignment: &Assignment, published: &Published, faults: &mut Vec<RulesFault>) {
    let plan = published.plan();
    let id = || assignment.id.clone();
    let draw = assignment.draw.as_ref().map(|draw| draw.floor);
    let sums = [assignment.salary, draw];
    let is_unfit = |sum: &crate::Money| sum.currency() != plan.currency || sum.minor() < 0;
    if sums.iter().flatten().any(is_unfit) {
        faults.push(RulesFault::Sum { id: id() });
    }
    if draw.zip(plan.cap).is_some_and(|(floor, cap)| cap.minor() < floor.minor()) {
        faults.push(RulesFault::CapBelowGuarantee { id: id() });
    }
    for component in &plan.components {
        if let Some(own) = assignment.rates.get(&component.code) {
            let is_fit = match (&component.rate, own) {
                (Rate::Each(_) | Rate::OneTime(_) | Rate::Milestone { .. }, Pay::Money(sum)) => {
                    sum.currency() == plan.currency
                }
                (Rate::Share(_), Pay::Share(_)) => true,
                _ => false,
            };
            if !is_fit {
                let component = component.code.clone();
                faults.push(RulesFault::OwnRate { id: id(), component });
            }
        }
        let quota = component.quota.as_ref().and_then(|name| assignment.quotas.get_key_value(name));
        if let Some((name, quota)) = quota
            && !is_alike(component, published, quota)
        {
            faults.push(RulesFault::Target { id: id(), quota: name.clone() });
        }
    }
}

/// True when a target is of the kind that the component measures.
fn is_alike(component: &Component, published: &Published, quota: &Quota) -> bool {
    let counts_money = published.counts_money(component);
    match quota.target {
        Level::Money(money) => counts_money && money.currency() == published.plan().currency,
        Level::Whole(_) => !counts_money,
        Level::Share(_) => false,
    }
}
