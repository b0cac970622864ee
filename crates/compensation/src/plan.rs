//! Plans: one version of what pays what, as data.
//!
//! The JSON of a version is stable: texts for money (`"300.00 RUB"`), shares (`"5 %"`), days and
//! rules, small-letter words for choices, no field beyond those named here.

use ledger::{Currency, Rounding};
use serde::{Deserialize, Serialize};

use crate::gate::Gate;
use crate::rate::{Multiplier, Rate};
use crate::rule::Expr;
use crate::{Day, Level, Moment, Money, Name, Period, Share};

/// One version of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Which plan; the same for all its versions.
    pub plan: Name,
    /// Counts from one.
    pub version: u32,
    /// In force from then until the next version.
    pub from: Moment,
    /// What it pays in.
    #[serde(with = "as_code")]
    pub currency: Currency,
    /// How the fraction of a minor unit is rounded, once on each amount. A draft may lack it, a
    /// version in force does not.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_word")]
    pub rounding: Option<Rounding>,
    /// What it pays for, in the order it is read aloud.
    pub components: Vec<Component>,
    /// The most that all components together earn somebody in a month, a salary aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Money>,
    /// The least that a month pays, for whoever has no terms of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<Money>,
}

/// One thing a plan pays for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Its name within the plan, the same in every version.
    pub code: Name,
    /// What makes it pay.
    pub on: Source,
    /// Which of those events; every one where nothing is said. A rule of type boolean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Expr>,
    /// What is counted.
    pub measure: Measure,
    /// Over what it is added up.
    pub period: Period,
    /// What is paid once however often it is told.
    #[serde(default, skip_serializing_if = "Once::is_event")]
    pub once: Once,
    /// How much is paid for what was counted.
    pub rate: Rate,
    /// The quota it is held against, by its name in the assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Name>,
    /// Below this nothing at all is paid; from it on everything, from the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cliff: Option<Level>,
    /// What the result is multiplied by, all together before the one rounding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub multipliers: Vec<Multiplier>,
    /// What must happen before it is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// The most it pays, in the order in which they cut.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
    /// The last day whose events it pays for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Day>,
    /// Who is paid for an event; nothing where no event makes it pay, for then it is whoever is
    /// assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payees: Option<Payees>,
    /// CLAW-BACK: what was owed already is taken back when a later stage fails. Off, what was
    /// released stays and only what was held back is lost.
    #[serde(default, skip_serializing_if = "is_off")]
    pub clawback: bool,
}

/// What makes a component pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// Events of these kinds.
    Events(Vec<Name>),
    /// The money another component of the plan comes to for the same person and period.
    Component(Name),
    /// Each month of the calendar, by itself.
    Calendar,
}

/// What is counted of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// One each.
    Count,
    /// What a rule comes to: money in the plan's currency, or a whole number.
    Of(Expr),
    /// The money that the other component comes to.
    Result,
    /// The days of the month that are worked, as a part of the month.
    Days,
}

/// What counts once, however many events tell it. The earliest that is still there counts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Once {
    /// Every event counts.
    #[default]
    Event,
    /// A subject counts once for ever.
    Subject,
    /// A subject counts once a month.
    SubjectInMonth,
}

impl Once {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_event(&self) -> bool {
        matches!(self, Self::Event)
    }
}

/// The most that is paid of what belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// What belongs together.
    pub per: Per,
    /// The most, above nought.
    pub most: Money,
}

/// What a cap goes over. The earliest fills it first; a new version begins with an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A single amount of the component.
    Amount,
    /// Everything of one deal.
    Deal,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
    /// Whatever the component ever pays in an assignment.
    Component,
}

impl Per {
    /// The period it goes over, where it is one.
    #[must_use]
    pub const fn period(self) -> Option<Period> {
        match self {
            Self::Amount | Self::Deal => None,
            Self::Month => Some(Period::Month),
            Self::Quarter => Some(Period::Quarter),
            Self::Year => Some(Period::Year),
            Self::Component => Some(Period::Term),
        }
    }
}

/// Who is paid.
///
/// Where each paid thing stands by itself ([`Period::Event`]), the plan of `by` decides about the
/// amount and the amount is split. Where things are added up, what is *counted* is split: each
/// of the people has their share of it in their own sum, by their own plan; `by` is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payees {
    /// Whose plan it is that decides.
    pub by: Who,
    /// Who shares the whole; the shares sum to one.
    pub split: Vec<Part>,
    /// Who has something beyond the whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overlay: Vec<Part>,
    /// Where the part of somebody goes whom the event does not name.
    #[serde(default)]
    pub absent: Absent,
}

impl Payees {
    /// One person has everything.
    #[must_use]
    pub fn one(who: Who) -> Self {
        let split = vec![Part { who: who.clone(), share: Share::WHOLE }];
        Self { by: who, split, overlay: Vec::new(), absent: Absent::Nobody }
    }
}

/// A share of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Whose.
    pub who: Who,
    /// How much, above nought.
    pub share: Share,
}

/// Somebody an event leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Who {
    /// Whoever had that role in it.
    Role(Name),
    /// Whoever led that person at that time: the roll-up.
    HeadOf(Name),
}

impl Who {
    /// The role it begins from.
    #[must_use]
    pub const fn role(&self) -> &Name {
        match self {
            Self::Role(role) | Self::HeadOf(role) => role,
        }
    }
}

/// Where the part of somebody goes whom the event does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// Nobody gets it.
    #[default]
    Nobody,
    /// The others share it in proportion.
    Others,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_off(flag: &bool) -> bool {
    !flag
}

/// A currency as its three letters.
pub(crate) mod as_code {
    use ledger::Currency;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(currency: &Currency, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&currency.to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Currency, D::Error> {
        String::deserialize(from)?.parse().map_err(Error::custom)
    }
}

/// A rounding as its stored word.
pub(crate) mod as_word {
    use ledger::Rounding;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "serde hands a reference")]
    pub fn serialize<S: Serializer>(word: &Option<Rounding>, to: S) -> Result<S::Ok, S::Error> {
        match word {
            Some(rounding) => to.serialize_str(rounding.code()),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Rounding>, D::Error> {
        let Some(word) = Option::<String>::deserialize(from)? else { return Ok(None) };
        let known = Rounding::from_code(&word);
        known.map(Some).ok_or_else(|| D::Error::custom(format!("no rounding is called {word}")))
    }
}
