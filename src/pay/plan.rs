//! Plans: what earns what. A plan is data with versions, and reads aloud as sentences.
//!
//! A component is a trigger (with the gate that belongs to it), a tier filter, a rate and a cap.
//! A fixed sum pays for each; a share pays of the money received and is an exact fraction with a
//! named rounding; a salary is the assignment's, by days of the month.

use ledger::{Amount, Rate, Rounding};
use serde::{Deserialize, Serialize};

use super::PayRefusal;
use crate::events::{Kind, Recorded};
use crate::values::*;

/// The largest fixed sum for one action, in minor units: a million major ones.
pub const EACH_MAX: i64 = 100_000_000;
/// The largest monthly salary, in minor units: ten million major ones.
pub const SALARY_MAX: i64 = 1_000_000_000;
/// The most components a plan may have.
pub const COMPONENTS_MAX: usize = 20;

/// What makes a component pay, with its gate: some wait as pending until they are confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A company's record was checked; pays at once, one time per company and month.
    Record,
    /// The decision maker was found and spoken to; pays at once, one time per lead.
    DecisionMaker,
    /// A hand-off was accepted: announced when offered, void when rejected or expired, posted
    /// when accepted or when the head overturns the rejection.
    Handoff,
    /// A meeting was held: announced when booked, void when the client did not come, posted when
    /// held or when our own seller did not come.
    Meeting,
    /// Money came in for a contract; taken back as far as the payment is reversed.
    Payment,
    /// A client was kept for another month; one time per client and month.
    Kept,
    /// An order was delivered; one time per order.
    Order,
    /// A month of salary, by days, when the period goes to review.
    Month,
}

impl Trigger {
    /// Every trigger, in the order of the tiers.
    pub const ALL: [Self; 8] = [
        Self::Record,
        Self::DecisionMaker,
        Self::Handoff,
        Self::Meeting,
        Self::Payment,
        Self::Kept,
        Self::Order,
        Self::Month,
    ];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::DecisionMaker => "decision_maker",
            Self::Handoff => "handoff",
            Self::Meeting => "meeting",
            Self::Payment => "payment",
            Self::Kept => "kept",
            Self::Order => "order",
            Self::Month => "month",
        }
    }
    /// The trigger of a code; `None` for an event nobody is paid for.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trigger| trigger.code() == code)
    }
    /// The kinds of event it looks at, in the order in which they can happen.
    pub fn kinds(self) -> &'static [(Kind, u8)] {
        match self {
            Self::Record => &[(Kind::CompanyVerified, 0), (Kind::CheckReversed, 0)],
            Self::DecisionMaker => &[(Kind::DecisionMakerFound, 0)],
            Self::Handoff => &[
                (Kind::HandoffOffered, 0),
                (Kind::HandoffAccepted, 1),
                (Kind::HandoffRejected, 1),
                (Kind::HandoffExpired, 1),
                (Kind::HandoffDecided, 2),
            ],
            Self::Meeting => {
                &[(Kind::MeetingBooked, 0), (Kind::MeetingHeld, 1), (Kind::MeetingMissed, 1)]
            }
            Self::Payment => &[(Kind::PaymentEntered, 0), (Kind::PaymentReversed, 1)],
            Self::Kept => &[(Kind::ClientKept, 0)],
            Self::Order => &[(Kind::OrderDelivered, 0)],
            Self::Month => &[],
        }
    }
    /// The place of an event in what happens to one subject, whatever the clocks said; `None`
    /// when the trigger does not look at it.
    pub fn rank(self, kind: Kind) -> Option<u8> {
        self.kinds().iter().find(|(known, _)| *known == kind).map(|(_, rank)| *rank)
    }
    /// True when it pays for money received rather than for an action.
    pub fn is_sale(self) -> bool {
        matches!(self, Self::Payment)
    }
    /// True when tier 1 may be paid for it: an action within the caller's control, or the salary.
    pub fn suits_tier_one(self) -> bool {
        matches!(
            self,
            Self::Record | Self::DecisionMaker | Self::Handoff | Self::Meeting | Self::Month
        )
    }
}

/// Kinds of event that some component can be paid for.
pub fn paying() -> Vec<Kind> {
    let kinds = Trigger::ALL.into_iter().flat_map(Trigger::kinds);
    kinds.map(|(kind, _)| *kind).collect()
}

/// True when some component can be paid for an event of this kind.
pub fn pays(event: &Recorded) -> bool {
    Trigger::ALL.into_iter().any(|trigger| trigger.rank(event.kind).is_some())
}

/// How much a component pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// A fixed sum for each, in minor units of the plan's currency.
    Each(i64),
    /// An exact share of the money of the event.
    Share {
        /// Upper part of the fraction.
        numerator: i64,
        /// Lower part.
        denominator: i64,
        /// `half_up`, `half_even` or `floor`.
        rounding: Round,
    },
    /// The salary of the assignment, by days.
    Salary,
}

/// The roundings of `ledger`, by their stored words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// To the nearest, halves away from zero.
    HalfUp,
    /// To the nearest, halves to the even neighbour.
    HalfEven,
    /// Down.
    Floor,
}

impl Round {
    /// As the ledger names it.
    pub fn rounding(self) -> Rounding {
        match self {
            Self::HalfUp => Rounding::HalfUp,
            Self::HalfEven => Rounding::HalfEven,
            Self::Floor => Rounding::Floor,
        }
    }
}

/// One thing a plan pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// What makes it pay.
    pub trigger: Trigger,
    /// Only what happened in this tier; `None` for any.
    pub tier: Option<i64>,
    /// How much.
    pub measure: Measure,
    /// The most that one event may pay, in minor units.
    pub cap: Option<i64>,
}

impl Component {
    /// Its name within the plan: one component per trigger and tier.
    pub fn code(&self) -> String {
        format!("{}-{}", self.trigger.code(), self.tier.unwrap_or(0))
    }
    /// True when an event of that tier passes the filter. An event that names no tier passes.
    pub fn passes(&self, tier: Option<i64>) -> bool {
        self.tier.is_none() || tier.is_none() || self.tier == tier
    }
    /// What it pays on `base`, the money of the event where there is one, rounded once.
    pub fn amount(&self, base: Option<Money>, currency: Currency) -> Result<Money, Unpaid> {
        let full = match self.measure {
            Measure::Each(minor) => minor,
            Measure::Share { numerator, denominator, rounding } => {
                let base = base.ok_or(Unpaid::NoAmount)?;
                if base.currency != currency {
                    return Err(Unpaid::OtherCurrency);
                }
                share(base, (numerator, denominator), rounding)?
            }
            Measure::Salary => base.ok_or(Unpaid::NoAmount)?.minor,
        };
        let minor = self.cap.map_or(full, |cap| full.min(cap));
        if minor < 1 {
            return Err(Unpaid::Nothing);
        }
        Ok(Money::new(minor, currency))
    }

    fn check(&self, tier: i64) -> Result<(), PayRefusal> {
        let is_for_a_sale =
            !self.trigger.suits_tier_one() || matches!(self.measure, Measure::Share { .. });
        if tier == 1 && is_for_a_sale {
            return Err(PayRefusal::TierOnePaidForSale);
        }
        let is_fit = match self.measure {
            Measure::Each(minor) => {
                !matches!(self.trigger, Trigger::Month | Trigger::Payment)
                    && (1..=EACH_MAX).contains(&minor)
            }
            Measure::Share { numerator, denominator, .. } => {
                self.trigger.is_sale()
                    && denominator > 0
                    && (1..=denominator).contains(&numerator)
                    && Rate::new(numerator, denominator).is_ok()
            }
            Measure::Salary => self.trigger == Trigger::Month && self.tier.is_none(),
        };
        let has_fit_cap = self.cap.is_none_or(|cap| cap >= 1);
        if is_fit && has_fit_cap { Ok(()) } else { Err(PayRefusal::RateOutOfRange) }
    }
}

fn share(base: Money, (over, under): (i64, i64), rounding: Round) -> Result<i64, Unpaid> {
    let unit = ledger::Currency::new(base.currency.code()).map_err(|_| Unpaid::OtherCurrency)?;
    Rate::new(over, under)
        .and_then(|rate| rate.of(Amount::new(base.minor, unit), rounding.rounding()))
        .map(|amount| amount.minor)
        .map_err(|_| Unpaid::TooLarge)
}

/// Why an event pays nothing although a component looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unpaid {
    /// It moved money in another currency than the plan pays in.
    OtherCurrency,
    /// It carries no sum to take a share of.
    NoAmount,
    /// The share rounds to nothing.
    Nothing,
    /// The result does not fit.
    TooLarge,
    /// Its campaign did not pay for it.
    NotTarget,
    /// Nobody's plan was in force for the person on that day.
    NoPlan,
}

impl Unpaid {
    /// The code of the sentence that says so.
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherCurrency => "other-currency",
            Self::NoAmount => "no-amount",
            Self::Nothing => "nothing",
            Self::TooLarge => "too-large",
            Self::NotTarget => "not-target",
            Self::NoPlan => "no-plan",
        }
    }
}

/// Everything a version of a plan pays for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Body {
    /// In the order they are read aloud.
    pub components: Vec<Component>,
}

impl Body {
    /// Everything that must hold before it is published.
    pub fn check(&self, tier: i64) -> Result<(), PayRefusal> {
        if self.components.is_empty() || self.components.len() > COMPONENTS_MAX {
            return Err(PayRefusal::NoComponents);
        }
        let is_twice = self.components.iter().enumerate().any(|(place, one)| {
            self.components[..place].iter().any(|other| {
                one.trigger == other.trigger
                    && (one.tier.is_none() || other.tier.is_none() || one.tier == other.tier)
            })
        });
        if is_twice {
            return Err(PayRefusal::ComponentTwice);
        }
        self.components.iter().try_for_each(|component| component.check(tier))
    }

    /// The plan a tier begins with: fixed sums for actions, a share of what was paid, a salary
    /// with retention, delivery and up-sell.
    pub fn of_tier(tier: i64) -> Self {
        let each = |trigger, minor| Component {
            trigger,
            tier: Some(tier),
            measure: Measure::Each(minor),
            cap: None,
        };
        let salary =
            Component { trigger: Trigger::Month, tier: None, measure: Measure::Salary, cap: None };
        let five_percent =
            Measure::Share { numerator: 1, denominator: 20, rounding: Round::HalfUp };
        let components = match tier {
            1 => vec![
                each(Trigger::Record, 30_00),
                each(Trigger::DecisionMaker, 100_00),
                each(Trigger::Handoff, 300_00),
                each(Trigger::Meeting, 350_00),
            ],
            2 => vec![
                salary,
                Component {
                    trigger: Trigger::Payment,
                    tier: Some(2),
                    measure: five_percent,
                    cap: None,
                },
            ],
            _ => vec![
                salary,
                each(Trigger::Kept, 500_00),
                each(Trigger::Order, 700_00),
                each(Trigger::Handoff, 1_000_00),
            ],
        };
        Self { components }
    }
}

/// A published version of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The plan.
    pub plan: PlanId,
    /// Its name.
    pub name: String,
    /// Its tier.
    pub tier: i64,
    /// What it pays in.
    pub currency: Currency,
    /// Counts from one.
    pub version: i64,
    /// In force from this midnight until the next version's.
    pub effective_from: Instant,
    /// What it pays for.
    pub body: Body,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// Who approved and published it.
    pub published_by: Option<UserId>,
    /// When it was published.
    pub published_at: Instant,
}

/// Who is paid by which plan, from when until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AnyId,
    /// Who is paid.
    pub person: UserId,
    /// By which plan.
    pub plan: PlanId,
    /// The plan's tier; one assignment per tier at a time.
    pub tier: i64,
    /// From this midnight.
    pub starts_at: Instant,
    /// Until this midnight, which is no longer in it.
    pub ends_at: Option<Instant>,
    /// Monthly salary; nought where the plan alone pays.
    pub salary: Money,
    /// Counts its changes.
    pub revision: i64,
}

impl Assignment {
    /// True at an instant of its days.
    pub fn covers(&self, at: Instant) -> bool {
        self.starts_at <= at && self.ends_at.is_none_or(|end| at < end)
    }
    /// True when the two share an instant.
    pub fn meets(&self, starts_at: Instant, ends_at: Option<Instant>) -> bool {
        ends_at.is_none_or(|end| self.starts_at < end)
            && self.ends_at.is_none_or(|end| starts_at < end)
    }
}

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
}
