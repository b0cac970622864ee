//! Plans: what earns what. A plan is data with versions, and reads aloud as sentences.
//!
//! What a version pays for is said in the language of `crates/compensation`; who is paid by it,
//! from when until when, is said here. What firms usually pay for is a preset.

use compensation::{
    Component, Day, Figure, Measure, Moment, Multiplier, Name, Per, Period, Plan, Rate, Reading,
    Source, StageWord, Verdict,
};
use serde::{Deserialize, Serialize};

use super::facts::{AWAY, schema, unit};
use super::preset::{MONEY_MAX, Preset, Round, rule};
use super::returns::DAYS_MAX;
use super::terms::Terms;
use super::trigger::Trigger;
use super::{PayRefusal, faults};
use crate::events::Kind;
use crate::values::*;

/// The largest monthly salary, in minor units: ten million major ones.
pub const SALARY_MAX: i64 = MONEY_MAX;
/// The most components a plan may have.
pub const COMPONENTS_MAX: usize = 20;
/// The component that pays the salary: one name in every plan, for it is told apart from what is
/// earned.
pub const SALARY: &str = "month-0";

/// Everything a version of a plan pays for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// How the fraction of a minor unit is rounded, once on each amount.
    #[serde(default)]
    pub rounding: Round,
    /// In the order they are read aloud.
    pub components: Vec<Component>,
    /// The most that all components together earn somebody in a month, a salary aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<compensation::Money>,
    /// The least that a month pays, for whoever has no terms of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<compensation::Money>,
    /// The credit window: for how many days after a hand-off went nowhere whoever gave it is
    /// credited when the firm comes back by another's, as for one that was accepted; never where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<i64>,
}

/// A body as it was stored before there was an engine of plans.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OldBody {
    components: Vec<Preset>,
}

impl Body {
    /// A body of presets. The rounding is that of the last share among them.
    pub fn of(presets: &[Preset], currency: Currency) -> Outcome<Self> {
        let mut body = Self::default();
        for preset in presets {
            body.put(preset, currency)?;
        }
        Ok(body)
    }

    /// Puts a preset in, in place of the component of the same name.
    pub fn put(&mut self, preset: &Preset, currency: Currency) -> Outcome<()> {
        if let super::preset::Measure::Share { rounding, .. } = preset.measure {
            self.rounding = rounding;
        }
        self.put_component(preset.component(currency)?);
        Ok(())
    }

    /// Puts a component in, in place of the one of the same name.
    pub fn put_component(&mut self, component: Component) {
        match self.components.iter_mut().find(|known| known.code == component.code) {
            Some(known) => *known = component,
            None => self.components.push(component),
        }
    }

    /// The line that follows from another: from what it comes to, or what it reached of its quota.
    pub fn follower(&self, code: &str) -> Option<&Component> {
        let is_it = |other: &Name| other.as_str() == code;
        let is_factor = |one: &Multiplier| match &one.figure {
            Figure::Attainment(other) => is_it(other),
            Figure::Score { .. } => false,
        };
        let follows = |one: &&Component| {
            let is_source = matches!(&one.on, Source::Component(other) if is_it(other));
            is_source || one.multipliers.iter().any(is_factor)
        };
        self.components.iter().filter(|one| one.code.as_str() != code).find(follows)
    }

    /// Reads a body as it is stored, also one from before there was an engine of plans.
    pub fn read(text: &str, currency: Currency) -> Outcome<Self> {
        let Ok(old) = serde_json::from_str::<OldBody>(text) else {
            return serde_json::from_str(text).map_err(Error::failure);
        };
        let presets: Vec<Preset> = old.components.into_iter().map(meant).collect();
        Self::of(&presets, currency)
    }

    /// The presets among the components, each with its place.
    pub fn presets(&self, currency: Currency) -> Vec<Option<Preset>> {
        let of = |component| Preset::of(component, currency, self.rounding);
        self.components.iter().map(of).collect()
    }

    /// True where one event may change what another paid: something is added up, or capped
    /// together.
    pub fn is_wide(&self) -> bool {
        let is_wide = |one: &Component| {
            let adds_up = one.period != Period::Event && one.on != Source::Calendar;
            adds_up
                || !one.multipliers.is_empty()
                || one.caps.iter().any(|cap| cap.per != Per::Amount)
        };
        self.cap.is_some() || self.components.iter().any(is_wide)
    }

    /// True where something is known only when its period is over: a sum for the step reached.
    pub fn waits_for_ends(&self) -> bool {
        self.components.iter().any(waits_for_end)
    }

    /// Everything that must hold before it is published in a plan of that tier.
    pub fn check(&self, tier: i64, currency: Currency) -> Outcome<()> {
        if self.components.is_empty() || self.components.len() > COMPONENTS_MAX {
            return Err(PayRefusal::NoComponents.into());
        }
        if tier == 1 && self.components.iter().any(|component| !suits_tier_one(component)) {
            return Err(PayRefusal::TierOnePaidForSale.into());
        }
        let presets: Vec<Preset> = self.presets(currency).into_iter().flatten().collect();
        let is_twice = presets
            .iter()
            .enumerate()
            .any(|(place, one)| presets[..place].iter().any(|other| other.meets(one)));
        if is_twice {
            return Err(PayRefusal::ComponentTwice.into());
        }
        let is_salary = |component: &&Component| component.on == Source::Calendar;
        if self.components.iter().filter(is_salary).any(|one| one.code.as_str() != SALARY) {
            return Err(Fields::one("component", "pay-salary-name"));
        }
        self.check_window(currency)?;
        let at = Moment { at: 0, day: Day::of(1970, 1, 1).map_err(Error::failure)? };
        let faults = self.plan("draft", (1, at), currency)?.check(&schema(), &faults::limits());
        faults::told(&faults)
    }

    fn check_window(&self, currency: Currency) -> Outcome<()> {
        let Some(days) = self.window else { return Ok(()) };
        if !(1..=DAYS_MAX).contains(&days) {
            let mut fields = Fields::default();
            let most = vec![("max", DAYS_MAX.to_string())];
            fields.note_with("window", "pay-window-range", most);
            return fields.into_result();
        }
        if !self.components.iter().any(|one| self.credits_returns(one, currency)) {
            return Err(Fields::one("window", "pay-window-of-nothing"));
        }
        // With the window a condition that fits alone may be beyond what one holds.
        let too_long = |one: &&Component| self.windowed(one, currency).is_err();
        if let Some(one) = self.components.iter().find(too_long) {
            let args = vec![("line", one.code.to_string())];
            let mut fields = Fields::default();
            fields.note_with("window", "pay-window-too-long", args);
            return fields.into_result();
        }
        Ok(())
    }

    /// True for a line that pays callers for hand-offs, and so for firms that come back.
    fn credits_returns(&self, one: &Component, currency: Currency) -> bool {
        let is_in = |kinds: &[Name], kind: Kind| kinds.iter().any(|name| **name == *kind.code());
        let is_of_handoffs = matches!(&one.on, Source::Events(kinds)
            if is_in(kinds, Kind::HandoffOffered) && !is_in(kinds, Kind::FirmReturned));
        let preset = Preset::of(one, currency, self.rounding);
        is_of_handoffs && preset.is_none_or(|preset| preset.tier.is_none_or(|tier| tier == 1))
    }

    /// A line with what the credit window adds to it: a return counts as a hand-off that passed
    /// every stage.
    fn windowed(&self, one: &Component, currency: Currency) -> Outcome<Component> {
        let mut one = one.clone();
        let Some(days) = self.window.filter(|_| self.credits_returns(&one, currency)) else {
            return Ok(one);
        };
        let returned = || Name::from(Kind::FirmReturned.code());
        if let Source::Events(kinds) = &mut one.on {
            kinds.push(returned());
        }
        let in_time = format!("(not has({AWAY}) or {AWAY} <= {days})");
        let whole = one.filter.as_ref().map(|filter| format!("{in_time} and ({filter})"));
        one.filter = Some(rule(&whole.unwrap_or(in_time))?);
        for stage in one.gate.iter_mut().flat_map(|gate| &mut gate.stages) {
            let verdict = Verdict::Passes;
            stage.words.push(StageWord { on: returned(), filter: None, verdict, late: true });
        }
        Ok(one)
    }

    /// The version as the engine has it.
    pub fn plan(
        &self,
        name: &str,
        (version, from): (u32, Moment),
        currency: Currency,
    ) -> Outcome<Plan> {
        let components = self.components.iter().map(|one| self.windowed(one, currency));
        let components: Outcome<Vec<Component>> = components.collect();
        Ok(Plan {
            plan: name.into(),
            version,
            from,
            currency: unit(currency)?,
            rounding: Some(self.rounding.rounding()),
            components: components?,
            cap: self.cap,
            guarantee: self.guarantee,
        })
    }

    /// The plan a tier begins with: fixed sums for actions, a share of what was paid, a salary
    /// with retention, delivery and up-sell.
    pub fn of_tier(tier: i64, currency: Currency) -> Outcome<Self> {
        use super::preset::Measure;
        let each = |trigger, minor| Preset {
            trigger,
            tier: Some(tier),
            measure: Measure::Each(minor),
            cap: None,
        };
        let salary =
            Preset { trigger: Trigger::Month, tier: None, measure: Measure::Salary, cap: None };
        let five_percent =
            Measure::Share { numerator: 1, denominator: 20, rounding: Round::HalfUp };
        let presets = match tier {
            1 => vec![
                each(Trigger::Record, 30_00),
                each(Trigger::DecisionMaker, 100_00),
                each(Trigger::Handoff, 300_00),
                each(Trigger::Meeting, 350_00),
            ],
            2 => vec![
                salary,
                Preset {
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
        Self::of(&presets, currency)
    }
}

/// True for a component whose step is known only when its period is over.
pub fn waits_for_end(component: &Component) -> bool {
    matches!(&component.rate, Rate::Table(table) if table.reading == Reading::Lump)
}

/// What an old component meant: one that could never be reached capped nothing, and a salary was
/// capped by nobody.
fn meant(old: Preset) -> Preset {
    let is_reached = |cap: &i64| old.trigger != Trigger::Month && *cap <= MONEY_MAX;
    Preset { cap: old.cap.filter(is_reached), ..old }
}

/// True when tier 1 may be paid by a component: for actions within a caller's control, by sums
/// and not by a share of money that came in, or the salary.
fn suits_tier_one(component: &Component) -> bool {
    let is_action = |kind: &compensation::Name| {
        let kind = kind.parse().ok().and_then(Trigger::of_kind);
        kind.is_some_and(Trigger::suits_tier_one)
    };
    match &component.on {
        Source::Events(kinds) => {
            let counts_money = matches!(component.measure, Measure::Of(_));
            kinds.iter().all(is_action)
                && !counts_money
                && !matches!(component.rate, Rate::Share(_))
        }
        Source::Component(_) | Source::Calendar => true,
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
    /// Rates, quotas and an advance of their own.
    pub terms: Terms,
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
