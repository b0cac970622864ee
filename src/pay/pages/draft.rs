//! The draft of a plan: its lines, its limits, its way into force.

use axum::extract::{Path, State};
use serde::Deserialize;

use super::super::actions;
use super::super::preset::{Measure, Preset, Round};
use super::super::trigger::Trigger;
use super::typed::{optional_sum, typed};
use super::{day, number};
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Submitted, go};

/// A form with nothing in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bare {}

/// `POST /pay/plans/{plan}/draft`
pub async fn start_draft(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PlanId>,
    form: Submitted<Bare>,
) -> Answer {
    actions::start_draft(&viewer.act(&app, form.key), id).await?;
    go(format!("/pay/plans/{id}"))
}

/// A component as it is typed: a sum for each, or a percentage of what was received.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComponentForm {
    trigger: String,
    tier: String,
    rate: String,
    rounding: String,
    cap: String,
}

impl ComponentForm {
    fn read(&self, currency: Currency) -> Outcome<Preset> {
        let trigger = Trigger::from_code(&self.trigger);
        let trigger = trigger.ok_or_else(|| Fields::one("trigger", "unknown-choice"))?;
        let tier = match self.tier.trim() {
            _ if trigger == Trigger::Month => None,
            "" => None,
            text => Some(number("tier", text)?),
        };
        let measure = match trigger {
            Trigger::Month => Measure::Salary,
            Trigger::Payment => share(&self.rate, &self.rounding)?,
            _ => {
                let sum = Money::typed(&self.rate, currency);
                Measure::Each(sum.map_err(|problem| Fields::one("rate", problem.code()))?.minor)
            }
        };
        let cap = optional_sum("cap", &self.cap, currency)?.map(|sum| sum.minor);
        Ok(Preset { trigger, tier, measure, cap })
    }
}

/// Reads `7,5` as an exact fraction of a hundred.
pub(super) fn percent(field: &'static str, text: &str) -> Outcome<ledger::Rate> {
    let wrong = || Fields::one(field, "pay-percent");
    let kept = text.trim().trim_end_matches('%').trim().replace(',', ".");
    let (whole, fraction) = kept.split_once('.').unwrap_or((&kept, ""));
    let are_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || fraction.len() > 4 || !are_digits {
        return Err(wrong());
    }
    let points: i64 = format!("{whole}{fraction:0<4}").parse().map_err(|_| wrong())?;
    ledger::Rate::new(points, 1_000_000).map_err(|_| wrong())
}

fn share(text: &str, rounding: &str) -> Outcome<Measure> {
    let rate = percent("rate", text)?;
    let rounding = match rounding {
        "half_up" => Round::HalfUp,
        "half_even" => Round::HalfEven,
        "floor" => Round::Floor,
        _ => return Err(Fields::one("rounding", "unknown-choice")),
    };
    let (numerator, denominator) = (rate.numerator(), rate.denominator());
    Ok(Measure::Share { numerator, denominator, rounding })
}

/// `POST /pay/plans/{plan}/components`
pub async fn put_component(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PlanId>,
    form: Submitted<ComponentForm>,
) -> Answer {
    let preset = form.fields.read(viewer.currency)?;
    actions::put_preset(&viewer.act(&app, form.key), id, preset).await?;
    go(format!("/pay/plans/{id}"))
}

/// What holds for all lines together; what is left empty does not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsForm {
    plan_cap: String,
    guarantee: String,
    #[serde(default)]
    window: String,
}

/// `POST /pay/plans/{plan}/limits`
pub async fn put_limits(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PlanId>,
    form: Submitted<LimitsForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let LimitsForm { plan_cap, guarantee, window } = form.fields;
    let cap = optional_sum("plan_cap", &plan_cap, viewer.currency)?;
    let guarantee = optional_sum("guarantee", &guarantee, viewer.currency)?;
    let window = typed(&window).map(|days| number("window", days)).transpose()?;
    actions::put_limits(&act, id, (cap, guarantee, window)).await.map_err(of_whole)?;
    go(format!("/pay/plans/{id}"))
}

/// The cap of all lines is not called as that of one.
fn of_whole(error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            if let Some(problem) = fields.0.remove("cap") {
                fields.0.insert("plan_cap", problem);
            }
            Error::Invalid(fields)
        }
        other => other,
    }
}

/// Which component goes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalForm {
    component: String,
}

/// `POST /pay/plans/{plan}/components/removal`
pub async fn remove_component(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PlanId>,
    form: Submitted<RemovalForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    actions::remove_component(&act, id, &form.fields.component).await?;
    go(format!("/pay/plans/{id}"))
}

/// From when a draft holds, and the state of it that was looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalForm {
    day: String,
    revision: String,
}

/// `POST /pay/plans/{plan}/approval`
pub async fn approve_draft(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PlanId>,
    form: Submitted<ApprovalForm>,
) -> Answer {
    let from = day("day", &form.fields.day)?;
    let seen = number("revision", &form.fields.revision)?;
    actions::approve_draft(&viewer.act(&app, form.key), id, from, seen).await?;
    go(format!("/pay/plans/{id}"))
}

/// The number of the version, typed again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationForm {
    confirm: String,
}

/// `POST /pay/plans/{plan}/publication`
pub async fn publish(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PlanId>,
    form: Submitted<PublicationForm>,
) -> Answer {
    let confirmed = number("confirm", &form.fields.confirm)?;
    actions::publish(&viewer.act(&app, form.key), id, confirmed).await?;
    go(format!("/pay/plans/{id}"))
}
