//! A component typed whole: tables of rates, holdback, quotas, caps, a last day.

use axum::extract::{Path, State};
use compensation::{
    By, Cap, Component, Gate, Level, Limit, Measure, Once, Pay, Payees, Per, Period, Rate, Reading,
    Row, Share, Source, Table, Verdict, Who,
};
use serde::Deserialize;

use super::super::actions;
use super::super::facts::{PERSON, day as counted, sum};
use super::super::preset::{gate, rule};
use super::super::trigger::Trigger;
use super::plans::percent;
use super::{day, number};
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Submitted, go};

/// A component as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WholeForm {
    name: String,
    trigger: String,
    filter: String,
    measure: String,
    once: String,
    period: String,
    kind: String,
    rate: String,
    by: String,
    reading: String,
    rows: String,
    reach: String,
    quota: String,
    cliff: String,
    at_once: String,
    hours: String,
    silence: String,
    cap: String,
    per: String,
    last_day: String,
}

/// `POST /pay/plans/{plan}/components/whole`
pub async fn put_whole(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PlanId>,
    form: Submitted<WholeForm>,
) -> Answer {
    let component = form.fields.read(viewer.currency)?;
    actions::put_component(&viewer.act(&app, form.key), id, component).await?;
    go(format!("/pay/plans/{id}"))
}

fn unknown(field: &'static str) -> Error {
    Fields::one(field, "unknown-choice")
}

fn typed(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

impl WholeForm {
    fn read(&self, currency: Currency) -> Outcome<Component> {
        let trigger = Trigger::from_code(&self.trigger).ok_or_else(|| unknown("trigger"))?;
        let kind = trigger.kinds().first().ok_or_else(|| unknown("trigger"))?;
        let filter = match typed(&self.filter) {
            None => "target".to_owned(),
            Some(text) => format!("target and ({text})"),
        };
        let filter = rule(&filter).map_err(|_| not_read("filter"))?;
        let counts_money = self.measure == "amount";
        let last_day = typed(&self.last_day).map(|text| day("last_day", text)).transpose()?;
        Ok(Component {
            code: typed(&self.name).unwrap_or_default().into(),
            on: Source::Events(vec![kind.code().into()]),
            filter: Some(filter),
            measure: match self.measure.as_str() {
                "count" => Measure::Count,
                "amount" => Measure::Of(rule("amount")?),
                _ => return Err(unknown("measure")),
            },
            period: chosen("period", &self.period)?,
            once: match self.once.as_str() {
                "subject" => Once::Subject,
                "subject_in_month" => Once::SubjectInMonth,
                "event" => Once::Event,
                _ => return Err(unknown("once")),
            },
            rate: self.rate(counts_money, currency)?,
            quota: typed(&self.quota).map(Into::into),
            cliff: self.level("cliff", &self.cliff, counts_money, currency)?,
            multipliers: Vec::new(),
            gate: self.gate(trigger)?,
            caps: self.caps(currency)?,
            last_day: last_day.map(counted).transpose()?,
            payees: Some(Payees::one(Who::Role(PERSON.into()))),
            clawback: false,
        })
    }

    fn rate(&self, counts_money: bool, currency: Currency) -> Outcome<Rate> {
        let money = || money("rate", &self.rate, currency);
        Ok(match self.kind.as_str() {
            "each" => Rate::Each(money()?),
            "share" => Rate::Share(Share(percent("rate", &self.rate)?)),
            "one_time" => Rate::OneTime(money()?),
            "milestone" => {
                let reach = self.level("reach", &self.reach, counts_money, currency)?;
                let reach = reach.ok_or_else(|| Fields::one("reach", "required"))?;
                Rate::Milestone { reach, pays: money()? }
            }
            "table" => Rate::Table(self.table(counts_money, currency)?),
            _ => return Err(unknown("kind")),
        })
    }

    /// Rows of a table, one a line: `0 – 10 000: 5 %`, the last `over 25 000: 10 %` without an end.
    fn table(&self, counts_money: bool, currency: Currency) -> Outcome<Table> {
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
        let height = |text: &str| self.level("rows", text, is_money, currency);
        let mut rows = Vec::new();
        for line in self.rows.lines().filter_map(typed) {
            let (heights, pays) = line.rsplit_once(':').ok_or_else(|| not_read("rows"))?;
            let parts = heights.split_once(['–', '-']);
            let (over, up_to) = parts.map_or((heights, ""), |(over, up_to)| (over, up_to));
            let pays = if pays.contains('%') {
                Pay::Share(Share(percent("rows", pays)?))
            } else {
                Pay::Money(money("rows", pays, currency)?)
            };
            let over = height(over)?.ok_or_else(|| not_read("rows"))?;
            rows.push(Row { over, up_to: height(up_to)?, pays });
        }
        Ok(Table { by, reading, rows })
    }

    /// A height: a percentage of the quota, money, or a whole number.
    fn level(
        &self,
        field: &'static str,
        text: &str,
        is_money: bool,
        currency: Currency,
    ) -> Outcome<Option<Level>> {
        let Some(text) = typed(text) else { return Ok(None) };
        Ok(Some(if text.contains('%') {
            Level::Share(Share(percent(field, text)?))
        } else if is_money {
            Level::Money(money(field, text, currency)?)
        } else {
            Level::Whole(number(field, text)?)
        }))
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
            usual.at_once = Share(percent("at_once", text)?);
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
        let rest = usual.at_once.0;
        let rest = ledger::Rate::new(rest.denominator() - rest.numerator(), rest.denominator())
            .map_err(Error::failure)?;
        for stage in &mut usual.stages {
            stage.releases = Share(rest);
            stage.limit = limit;
        }
        Ok(Some(usual))
    }

    fn caps(&self, currency: Currency) -> Outcome<Vec<Cap>> {
        let Some(text) = typed(&self.cap) else { return Ok(Vec::new()) };
        let per = match self.per.as_str() {
            "amount" => Per::Amount,
            "deal" => Per::Deal,
            "month" => Per::Month,
            "quarter" => Per::Quarter,
            "year" => Per::Year,
            "component" => Per::Component,
            _ => return Err(unknown("per")),
        };
        Ok(vec![Cap { per, most: money("cap", text, currency)? }])
    }
}

fn chosen(field: &'static str, code: &str) -> Outcome<Period> {
    Ok(match code {
        "event" => Period::Event,
        "month" => Period::Month,
        "quarter" => Period::Quarter,
        "year" => Period::Year,
        "term" => Period::Term,
        _ => return Err(unknown(field)),
    })
}

fn money(field: &'static str, text: &str, currency: Currency) -> Outcome<compensation::Money> {
    let typed = Money::typed(text, currency);
    sum(typed.map_err(|problem| Fields::one(field, problem.code()))?)
}

fn not_read(field: &'static str) -> Error {
    Fields::one(field, "pay-not-read")
}
