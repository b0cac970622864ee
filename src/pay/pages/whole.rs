//! A component as a form: every part of it that can be typed, read into the language of plans and
//! written back. A component that says more than the form holds has no form.

use compensation::rule::{Expr, Node};
use compensation::{
    Absent, By, Cap, Component, Figure, Gate, Level, Limit, Measure, Multiplier, Once, PayeePart,
    Payees, Per, Rate, Reading, Share, Source, Table, Verdict, Who,
};
use serde::Deserialize;

use super::super::facts::PERSON;
use super::super::preset::{gate, rule};
use super::super::saying::{per_code, period_code};
use super::super::trigger::Trigger;
use super::number;
use super::typed::{
    calendar_day, day_text, level, level_text, missing, money, not_read, part, rest_of, rows,
    rows_text, sum_text, tick, typed, unknown,
};
use crate::values::*;

/// A component as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WholeForm {
    pub(super) name: String,
    pub(super) trigger: String,
    pub(super) filter: String,
    pub(super) measure: String,
    pub(super) once: String,
    pub(super) period: String,
    pub(super) kind: String,
    pub(super) rate: String,
    pub(super) by: String,
    pub(super) reading: String,
    pub(super) rows: String,
    pub(super) reach: String,
    pub(super) quota: String,
    pub(super) cliff: String,
    pub(super) times_line: String,
    pub(super) times_rows: String,
    pub(super) times_unknown: String,
    pub(super) also_line: String,
    pub(super) also_rows: String,
    pub(super) also_unknown: String,
    pub(super) score_on: String,
    pub(super) score_value: String,
    pub(super) score_rows: String,
    pub(super) score_unknown: String,
    pub(super) at_once: String,
    pub(super) hours: String,
    pub(super) silence: String,
    pub(super) clawback: String,
    pub(super) cap: String,
    pub(super) per: String,
    pub(super) cap_also: String,
    pub(super) per_also: String,
    pub(super) cap_third: String,
    pub(super) per_third: String,
    pub(super) last_day: String,
    pub(super) head_part: String,
    pub(super) head_beyond: String,
    pub(super) absent: String,
}

impl WholeForm {
    /// The component that is meant.
    pub(in crate::pay) fn read(&self, currency: Currency) -> Outcome<Component> {
        let trigger = Trigger::from_code(&self.trigger).ok_or_else(|| unknown("trigger"))?;
        let kind = trigger.kinds().first().ok_or_else(|| unknown("trigger"))?;
        let filter = match typed(&self.filter) {
            None => "target".to_owned(),
            Some(text) => {
                // Alone it has to be a condition: no bracket of it closes the one around it.
                rule(text).map_err(|_| not_read("filter"))?;
                format!("target and ({text})")
            }
        };
        let filter = rule(&filter).map_err(|_| not_read("filter"))?;
        let counts_money = self.measure == "amount";
        let gate = self.gate(trigger)?;
        if !self.clawback.is_empty() && gate.is_none() {
            return Err(Fields::one("clawback", "pay-no-stage"));
        }
        Ok(Component {
            code: typed(&self.name).unwrap_or_default().into(),
            on: Source::Events(vec![kind.code().into()]),
            filter: Some(filter),
            measure: match self.measure.as_str() {
                "count" => Measure::Count,
                "amount" => Measure::Of(rule("amount")?),
                _ => return Err(unknown("measure")),
            },
            period: period(&self.period)?,
            once: match self.once.as_str() {
                "subject" => Once::Subject,
                "subject_in_month" => Once::SubjectInMonth,
                "event" => Once::Event,
                _ => return Err(unknown("once")),
            },
            rate: self.rate((counts_money, currency))?,
            quota: typed(&self.quota).map(Into::into),
            cliff: level("cliff", &self.cliff, (counts_money, currency))?,
            multipliers: self.multipliers(currency)?,
            gate,
            caps: self.caps(currency)?,
            last_day: calendar_day("last_day", &self.last_day)?,
            payees: Some(self.payees()?),
            clawback: !self.clawback.is_empty(),
        })
    }

    fn rate(&self, (counts_money, currency): (bool, Currency)) -> Outcome<Rate> {
        let sum = || money("rate", &self.rate, currency);
        Ok(match self.kind.as_str() {
            "each" => Rate::Each(sum()?),
            "share" => Rate::Share(part("rate", &self.rate)?),
            "one_time" => Rate::OneTime(sum()?),
            "milestone" => {
                let reach = level("reach", &self.reach, (counts_money, currency))?;
                Rate::Milestone { reach: reach.ok_or_else(|| missing("reach"))?, pays: sum()? }
            }
            "table" => Rate::Table(self.table((counts_money, currency))?),
            _ => return Err(unknown("kind")),
        })
    }

    fn table(&self, (counts_money, currency): (bool, Currency)) -> Outcome<Table> {
        let by = match self.by.as_str() {
            "measure" => By::Measure,
            "count" => By::Count,
            "attainment" => By::Attainment,
            _ => return Err(unknown("by")),
        };
        let reading = match self.reading.as_str() {
            "marginal" => Reading::Marginal,
            "retroactive" => Reading::Retroactive,
            "lump" => Reading::Lump,
            _ => return Err(unknown("reading")),
        };
        let is_money = by == By::Measure && counts_money;
        Ok(Table { by, reading, rows: rows("rows", &self.rows, (is_money, currency))? })
    }

    /// Factors by what lines have reached of their quotas, and by a score; where nothing is known
    /// the whole holds.
    fn multipliers(&self, currency: Currency) -> Outcome<Vec<Multiplier>> {
        let one = |names: [&'static str; 3], [line, steps, other]: [&str; 3]| {
            let Some(line) = typed(line) else {
                let is_bare = typed(steps).is_none() && typed(other).is_none();
                return if is_bare { Ok(None) } else { Err(missing(names[0])) };
            };
            let unknown = match typed(other) {
                None => Share::WHOLE,
                Some(text) => part(names[2], text)?,
            };
            let rows = rows(names[1], steps, (false, currency))?;
            Ok(Some(Multiplier { figure: Figure::Attainment(line.into()), rows, unknown }))
        };
        let first = one(
            ["times_line", "times_rows", "times_unknown"],
            [&self.times_line, &self.times_rows, &self.times_unknown],
        )?;
        let second = one(
            ["also_line", "also_rows", "also_unknown"],
            [&self.also_line, &self.also_rows, &self.also_unknown],
        )?;
        Ok(first.into_iter().chain(second).chain(self.score(currency)?).collect())
    }

    /// A factor by the latest score that an event tells of the person.
    fn score(&self, currency: Currency) -> Outcome<Option<Multiplier>> {
        let Some(on) = typed(&self.score_on) else {
            let others = [&self.score_value, &self.score_rows, &self.score_unknown];
            let is_bare = others.into_iter().all(|text| typed(text).is_none());
            return if is_bare { Ok(None) } else { Err(missing("score_on")) };
        };
        let value = typed(&self.score_value).ok_or_else(|| missing("score_value"))?;
        let value = rule(value).map_err(|_| not_read("score_value"))?;
        let unknown = match typed(&self.score_unknown) {
            None => Share::WHOLE,
            Some(text) => part("score_unknown", text)?,
        };
        let rows = rows("score_rows", &self.score_rows, (false, currency))?;
        let figure = Figure::Score { on: on.into(), role: PERSON.into(), value };
        Ok(Some(Multiplier { figure, rows, unknown }))
    }

    /// The usual gate of what begins it, with a part at once and a limit where they are typed.
    fn gate(&self, trigger: Trigger) -> Outcome<Option<Gate>> {
        let Some(mut usual) = gate(trigger)? else {
            return match (typed(&self.at_once), typed(&self.hours)) {
                (None, None) => Ok(None),
                (Some(_), _) => Err(Fields::one("at_once", "pay-fault-unfit")),
                (None, Some(_)) => Err(Fields::one("hours", "pay-fault-unfit")),
            };
        };
        if let Some(text) = typed(&self.at_once) {
            usual.at_once = part("at_once", text)?;
        }
        let limit = match typed(&self.hours) {
            None => None,
            Some(text) => {
                let hours = number("hours", text)?;
                let hours =
                    u32::try_from(hours).map_err(|_| Fields::one("hours", "not-a-number"))?;
                let silence = match self.silence.as_str() {
                    "passes" => Verdict::Passes,
                    "fails" => Verdict::Fails,
                    _ => return Err(unknown("silence")),
                };
                Some(Limit { hours, silence })
            }
        };
        let rest = rest_of("at_once", usual.at_once)?;
        for stage in &mut usual.stages {
            stage.releases = rest;
            stage.limit = limit;
        }
        Ok(Some(usual))
    }

    /// Caps in the order in which they cut.
    fn caps(&self, currency: Currency) -> Outcome<Vec<Cap>> {
        let mut caps = Vec::new();
        for (names, most, over) in [
            (["cap", "per"], &self.cap, &self.per),
            (["cap_also", "per_also"], &self.cap_also, &self.per_also),
            (["cap_third", "per_third"], &self.cap_third, &self.per_third),
        ] {
            if let Some(text) = typed(most) {
                let most = money(names[0], text, currency)?;
                caps.push(Cap { per: per(names[1], over)?, most });
            }
        }
        Ok(caps)
    }

    /// Whoever it counts for has what their head has not.
    fn payees(&self) -> Outcome<Payees> {
        let mut payees = Payees::one(Who::Role(PERSON.into()));
        let head = |share| PayeePart { who: Who::HeadOf(PERSON.into()), share };
        if let Some(text) = typed(&self.head_part) {
            let share = part("head_part", text)?;
            let own = PayeePart { share: rest_of("head_part", share)?, who: payees.by.clone() };
            payees.split = vec![own, head(share)];
        }
        if let Some(text) = typed(&self.head_beyond) {
            payees.overlay = vec![head(part("head_beyond", text)?)];
        }
        payees.absent = match self.absent.as_str() {
            "" | "nobody" => Absent::Nobody,
            "others" => Absent::Others,
            _ => return Err(unknown("absent")),
        };
        Ok(payees)
    }

    /// The form of a component; nothing where the component says more than the form holds.
    pub(in crate::pay) fn of(component: &Component, currency: Currency) -> Option<Self> {
        let form = Self::written(component, currency)?;
        let read = form.read(currency).ok()?;
        (read == *component).then_some(form)
    }

    fn written(component: &Component, currency: Currency) -> Option<Self> {
        let Source::Events(kinds) = &component.on else { return None };
        let trigger = Trigger::of_kind(kinds.first()?.parse().ok()?)?;
        let mut form = Self {
            name: component.code.to_string(),
            trigger: trigger.code().to_owned(),
            filter: condition(component.filter.as_ref()?)?,
            measure: match &component.measure {
                Measure::Count => "count".to_owned(),
                _ => "amount".to_owned(),
            },
            once: match component.once {
                Once::Subject => "subject".to_owned(),
                Once::SubjectInMonth => "subject_in_month".to_owned(),
                Once::Event => "event".to_owned(),
            },
            period: period_code(component.period).to_owned(),
            quota: component.quota.as_ref().map(ToString::to_string).unwrap_or_default(),
            cliff: height(component.cliff, currency),
            last_day: day_text(component.last_day),
            clawback: tick(component.clawback),
            ..Self::blank()
        };
        form.write_rate(&component.rate, currency);
        if let Some(gate) = &component.gate {
            form.write_gate(gate);
        }
        form.write_caps(&component.caps, currency);
        form.write_multipliers(&component.multipliers, currency);
        form.write_payees(component.payees.as_ref()?);
        Some(form)
    }

    /// A form in which nothing is typed yet.
    pub(super) fn blank() -> Self {
        let code = str::to_owned;
        Self {
            trigger: code("payment"),
            measure: code("count"),
            once: code("subject"),
            period: code("event"),
            kind: code("each"),
            by: code("measure"),
            reading: code("marginal"),
            silence: code("passes"),
            per: code("amount"),
            absent: code("nobody"),
            ..Self::default()
        }
    }

    fn write_rate(&mut self, rate: &Rate, currency: Currency) {
        self.kind = rate.word().to_owned();
        match rate {
            Rate::Each(sum) | Rate::OneTime(sum) => self.rate = sum_text(sum.minor(), currency),
            Rate::Share(share) => self.rate = share.to_string(),
            Rate::Milestone { reach, pays } => {
                self.reach = height(Some(*reach), currency);
                self.rate = sum_text(pays.minor(), currency);
            }
            Rate::Table(table) => {
                let by = match table.by {
                    By::Measure => "measure",
                    By::Count => "count",
                    By::Attainment => "attainment",
                };
                let reading = match table.reading {
                    Reading::Marginal => "marginal",
                    Reading::Retroactive => "retroactive",
                    Reading::Lump => "lump",
                };
                self.by = by.to_owned();
                self.reading = reading.to_owned();
                self.rows = rows_text(&table.rows, currency);
            }
            Rate::Salary => {}
        }
    }

    fn write_gate(&mut self, gate: &Gate) {
        if gate.at_once != Share::NONE {
            self.at_once = gate.at_once.to_string();
        }
        if let Some(limit) = gate.stages.first().and_then(|stage| stage.limit) {
            self.hours = limit.hours.to_string();
            let silence = match limit.silence {
                Verdict::Passes => "passes",
                Verdict::Fails => "fails",
            };
            self.silence = silence.to_owned();
        }
    }

    fn write_caps(&mut self, caps: &[Cap], currency: Currency) {
        let places = [
            (&mut self.cap, &mut self.per),
            (&mut self.cap_also, &mut self.per_also),
            (&mut self.cap_third, &mut self.per_third),
        ];
        for ((most, per), cap) in places.into_iter().zip(caps) {
            *most = sum_text(cap.most.minor(), currency);
            per_code(cap.per).clone_into(per);
        }
    }

    fn write_multipliers(&mut self, multipliers: &[Multiplier], currency: Currency) {
        let mut lines = Vec::new();
        for one in multipliers {
            let (rows, unknown) = (rows_text(&one.rows, currency), one.unknown.to_string());
            match &one.figure {
                Figure::Attainment(line) => lines.push([line.to_string(), rows, unknown]),
                Figure::Score { on, value, .. } => {
                    (self.score_on, self.score_value) = (on.to_string(), value.to_string());
                    (self.score_rows, self.score_unknown) = (rows, unknown);
                }
            }
        }
        let mut all = lines.into_iter();
        [self.times_line, self.times_rows, self.times_unknown] = all.next().unwrap_or_default();
        [self.also_line, self.also_rows, self.also_unknown] = all.next().unwrap_or_default();
    }

    fn write_payees(&mut self, payees: &Payees) {
        let of_head = |parts: &[PayeePart]| {
            let head = parts.iter().find(|part| matches!(part.who, Who::HeadOf(_)));
            head.map_or(String::new(), |part| part.share.to_string())
        };
        self.head_part = of_head(&payees.split);
        self.head_beyond = of_head(&payees.overlay);
        let absent = match payees.absent {
            Absent::Nobody => "nobody",
            Absent::Others => "others",
        };
        self.absent = absent.to_owned();
    }
}

/// What is asked beyond that the campaign pays for it; nothing where it asks otherwise.
fn condition(filter: &Expr) -> Option<String> {
    let is_target = |rule: &Expr| matches!(rule.node(), Node::Fact(name) if &**name == "target");
    match filter.node() {
        Node::All(parts) if parts.first().is_some_and(is_target) => match &parts[1..] {
            [one] => Some(one.to_string()),
            _ => filter.to_string().strip_prefix("target and ").map(str::to_owned),
        },
        _ => is_target(filter).then(String::new),
    }
}

fn height(level: Option<Level>, currency: Currency) -> String {
    level.map_or(String::new(), |level| level_text(level, currency))
}

fn per(field: &'static str, code: &str) -> Outcome<Per> {
    Ok(match code {
        "amount" => Per::Amount,
        "deal" => Per::Deal,
        "month" => Per::Month,
        "quarter" => Per::Quarter,
        "year" => Per::Year,
        "component" => Per::Component,
        _ => return Err(unknown(field)),
    })
}

fn period(code: &str) -> Outcome<compensation::Period> {
    use compensation::Period;
    Ok(match code {
        "event" => Period::Event,
        "month" => Period::Month,
        "quarter" => Period::Quarter,
        "year" => Period::Year,
        "term" => Period::Term,
        _ => return Err(unknown("period")),
    })
}
