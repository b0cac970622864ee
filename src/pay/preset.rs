//! Presets: components as firms usually want them, said in four words – for what, in which tier,
//! how much, at most.
//!
//! A preset is only a short way to say a component of the engine of plans: it is written out
//! whole before anything is computed, with its gate and with what counts once. What was published
//! before there was an engine is read as presets.

use compensation::{
    Cap, Component, Gate, Measure as Counts, Name, Once, Payees, Per, Period, Rate as Pays, Share,
    Source, Stage, StageWord, Verdict, Who,
};
use ledger::{Rate, Rounding};
use serde::{Deserialize, Serialize};

use super::PayRefusal;
use super::facts::{PERSON, sum};
use super::trigger::Trigger;
use crate::events::Kind;
use crate::values::*;

/// The largest fixed sum for one action, in minor units: a million major ones.
pub const EACH_MAX: i64 = 100_000_000;
/// The largest sum anywhere in a plan, in minor units: ten million major ones.
pub const MONEY_MAX: i64 = 1_000_000_000;

/// How much a preset pays.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// To the nearest, halves away from zero.
    #[default]
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

/// One thing a plan usually pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What makes it pay.
    pub trigger: Trigger,
    /// Only what happened in this tier; `None` for any.
    pub tier: Option<i64>,
    /// How much.
    pub measure: Measure,
    /// The most that one event may pay, in minor units.
    pub cap: Option<i64>,
}

impl Preset {
    /// The name of its component within the plan: one per trigger and tier.
    pub fn code(&self) -> String {
        format!("{}-{}", self.trigger.code(), self.tier.unwrap_or(0))
    }

    /// True when both would pay for one and the same.
    pub fn meets(&self, other: &Self) -> bool {
        self.trigger == other.trigger
            && (self.tier.is_none() || other.tier.is_none() || self.tier == other.tier)
    }

    /// Whether it can be meant, in a plan of that tier.
    pub fn check(&self, tier: i64) -> Result<(), PayRefusal> {
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
        let has_fit_cap = match self.cap {
            None => true,
            Some(cap) => self.trigger != Trigger::Month && (1..=MONEY_MAX).contains(&cap),
        };
        if is_fit && has_fit_cap { Ok(()) } else { Err(PayRefusal::RateOutOfRange) }
    }

    /// The component it stands for.
    pub fn component(&self, currency: Currency) -> Outcome<Component> {
        let (measure, rate) = match self.measure {
            Measure::Each(minor) => (Counts::Count, Pays::Each(sum(Money::new(minor, currency))?)),
            Measure::Share { numerator, denominator, .. } => {
                let rate = Rate::new(numerator, denominator).map_err(Error::failure)?;
                (Counts::Of(rule("amount")?), Pays::Share(Share(rate)))
            }
            Measure::Salary => (Counts::Days, Pays::Salary),
        };
        let is_month = self.trigger == Trigger::Month;
        let cap = self.cap.filter(|_| !is_month);
        let cap = cap.map(|minor| sum(Money::new(minor, currency))).transpose()?;
        let first = self.trigger.kinds().first();
        Ok(Component {
            code: self.code().into(),
            on: first.map_or(Source::Calendar, |kind| Source::Events(vec![kind.code().into()])),
            filter: if is_month { None } else { Some(rule(&self.filter())?) },
            measure,
            period: if is_month { Period::Month } else { Period::Event },
            once: match self.trigger {
                Trigger::Month => Once::Event,
                trigger if trigger.recurs() => Once::SubjectInMonth,
                _ => Once::Subject,
            },
            rate,
            quota: None,
            cliff: None,
            multipliers: Vec::new(),
            gate: gate(self.trigger)?,
            caps: cap.map(|most| Cap { per: Per::Amount, most }).into_iter().collect(),
            last_day: None,
            payees: (!is_month).then(|| Payees::one(Who::Role(PERSON.into()))),
            clawback: false,
        })
    }

    /// Only what the campaign pays for, and in which tier it happened; an event that names no tier
    /// passes.
    fn filter(&self) -> String {
        match self.tier {
            None => "target".to_owned(),
            Some(tier) => format!("target and (not has(tier) or tier = {tier})"),
        }
    }

    /// The preset that says a component whole; `None` for one that says more.
    pub fn of(component: &Component, currency: Currency, rounding: Round) -> Option<Self> {
        let (trigger, tier) = component.code.rsplit_once('-')?;
        let trigger = Trigger::from_code(trigger)?;
        let tier = tier.parse::<i64>().ok()?;
        let measure = match &component.rate {
            Pays::Each(money) => Measure::Each(money.minor()),
            Pays::Share(Share(rate)) => Measure::Share {
                numerator: rate.numerator(),
                denominator: rate.denominator(),
                rounding,
            },
            Pays::Salary => Measure::Salary,
            Pays::Table(_) | Pays::Milestone { .. } | Pays::OneTime(_) => return None,
        };
        let cap = component.caps.first().map(|cap| cap.most.minor());
        let tier = (tier != 0).then_some(tier);
        let preset = Self { trigger, tier, measure, cap };
        let whole = preset.component(currency).ok()?;
        (whole == *component).then_some(preset)
    }
}

/// A rule of the engine's language, out of its text.
pub fn rule(text: &str) -> Outcome<compensation::rule::Expr> {
    text.parse().map_err(Error::failure)
}

/// What decides whether it is owed: an answer for a hand-off, the talk for a meeting.
pub fn gate(trigger: Trigger) -> Outcome<Option<Gate>> {
    let word = |on: Kind, reason: Option<&str>, verdict| -> Outcome<StageWord> {
        let filter = reason.map(|code| rule(&format!("reason = \"{code}\""))).transpose()?;
        // The head may overturn a rejection long after the answer was due.
        let late = on == Kind::HandoffDecided;
        Ok(StageWord { on: on.code().into(), filter, verdict, late })
    };
    let (code, words) = match trigger {
        // What the head overturned outweighs the rejection, whatever the clocks said.
        Trigger::Handoff => (
            "accepted",
            vec![
                word(Kind::HandoffAccepted, None, Verdict::Passes)?,
                word(Kind::HandoffRejected, None, Verdict::Fails)?,
                word(Kind::HandoffExpired, None, Verdict::Fails)?,
                word(Kind::HandoffDecided, Some("overturned"), Verdict::Passes)?,
            ],
        ),
        // Our own seller did not come: that is not the caller's fault.
        Trigger::Meeting => (
            "held",
            vec![
                word(Kind::MeetingMissed, None, Verdict::Fails)?,
                word(Kind::MeetingMissed, Some("seller"), Verdict::Passes)?,
                word(Kind::MeetingHeld, None, Verdict::Passes)?,
            ],
        ),
        _ => return Ok(None),
    };
    let code = Name::from(code);
    let stage = Stage { code, releases: Share::WHOLE, words, limit: None };
    Ok(Some(Gate { at_once: Share::NONE, stages: vec![stage] }))
}
