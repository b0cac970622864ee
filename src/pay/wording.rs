//! Plans and lines read aloud, in the reader's language.

use std::collections::HashMap;

use super::entry::{Entry, What, Why};
use super::plan::{Component, Measure, Round, Trigger, Unpaid};
use crate::values::*;
use crate::web::Ui;
use crate::web::words;

/// Names of companies by id.
pub(super) type Names = HashMap<CompanyId, String>;

/// A component of a plan as a sentence.
pub(super) fn rule(ui: &Ui, component: &Component, currency: Currency) -> String {
    let code = if is_upsell(component.trigger, component.tier) {
        "upsell"
    } else {
        component.trigger.code()
    };
    let key = format!("pay-rule-{}", code.replace('_', "-"));
    let mut sentence = match component.measure {
        Measure::Each(minor) => ui.ta(&key, "amount", ui.money(&Money::new(minor, currency))),
        Measure::Share { numerator, denominator, rounding } => ui.taa(
            &key,
            "share",
            ui.share(&numerator, &denominator),
            "rounding",
            ui.tc("pay-round-", round_code(rounding)),
        ),
        Measure::Salary => ui.t(&key),
    };
    if let Some(cap) = component.cap {
        let most = ui.ta("pay-rule-cap", "amount", ui.money(&Money::new(cap, currency)));
        sentence = format!("{sentence} {most}");
    }
    sentence
}

/// The stored word of a rounding.
pub(super) fn round_code(rounding: Round) -> &'static str {
    rounding.rounding().code()
}

fn is_upsell(trigger: Trigger, tier: Option<i64>) -> bool {
    trigger == Trigger::Handoff && tier == Some(3)
}

/// The name of a component: a noun.
pub(super) fn component(ui: &Ui, code: &str) -> String {
    if code == "handoff-3" {
        return ui.t("pay-component-upsell");
    }
    let noun = code.rsplit_once('-').map_or(code, |(noun, tier)| {
        if tier.bytes().all(|byte| byte.is_ascii_digit()) { noun } else { code }
    });
    ui.tc("pay-component-", noun)
}

/// What happened, as the event tells it.
pub(super) fn happened(ui: &Ui, kind: &str, reason: Option<&str>) -> String {
    let told = match (kind, reason) {
        ("meeting.missed", Some(reason)) => ui.tc("pay-event-meeting-missed-", reason),
        ("handoff.decided", Some(reason)) => ui.tc("pay-event-handoff-decided-", reason),
        _ => ui.tc("pay-event-", kind),
    };
    match (kind, reason) {
        ("handoff.rejected", Some(reason)) => format!("{told} ({})", coded(ui, reason)),
        _ => told,
    }
}

/// The words of a coded reason, or the code where a firm has reasons of its own.
fn coded(ui: &Ui, reason: &str) -> String {
    let key = format!("rejection-{}", reason.replace('_', "-"));
    if words::has(ui.lang, &key) { ui.t(&key) } else { reason.to_owned() }
}

/// A line as a sentence that holds everything it was made of.
pub(super) fn line(ui: &Ui, entry: &Entry, names: &Names) -> String {
    let why = &entry.why;
    match why.what {
        What::PaidOut => return ui.t("pay-line-paid-out"),
        What::Adjusted => {
            let text = why.text.clone().unwrap_or_default();
            return ui.ta("pay-line-adjusted", "text", text);
        }
        _ => {}
    }
    let mut sentence = said(ui, entry, names);
    if why.reason.as_deref() == Some("rules") {
        sentence = ui.ta("pay-line-rules", "line", sentence);
    }
    if let Some(month) = &why.late {
        sentence = format!("{sentence} {}", ui.ta("pay-line-late", "month", month));
    }
    sentence
}

fn said(ui: &Ui, entry: &Entry, names: &Names) -> String {
    let why = &entry.why;
    let what = match (&why.event, why.days) {
        (_, Some((from, until, of))) => ui.taa("pay-line-days", "days", until - from, "of", of),
        (Some(kind), None) => happened(ui, kind, why.reason.as_deref()),
        (None, None) => component(ui, &entry.component),
    };
    let company = entry.company.and_then(|id| names.get(&id));
    let what = company.map_or(what.clone(), |name| format!("{what}: {name}"));
    let by_rule = rule_of(ui, entry);
    let amount = ui.money(&entry.amount);
    let of_base = why.base.map(|base| {
        let share = measure(ui, why);
        ui.taa("pay-line-of", "share", share, "base", ui.money(&base))
    });
    let figures = of_base.map_or(amount.clone(), |of| format!("{of} = {amount}"));
    format!("{what}, {figures} {by_rule}")
}

fn measure(ui: &Ui, why: &Why) -> String {
    match why.measure {
        Some(Measure::Share { numerator, denominator, .. }) => ui.share(&numerator, &denominator),
        Some(Measure::Each(_)) | None => String::new(),
        Some(Measure::Salary) => {
            why.days.map_or(String::new(), |(from, until, of)| ui.share(&(until - from), &of))
        }
    }
}

/// «по правилу „Встреча“ версии 1 от 01.09.2026».
pub(super) fn rule_of(ui: &Ui, entry: &Entry) -> String {
    let why = &entry.why;
    let (Some(version), Some(since)) = (why.version, why.since) else { return String::new() };
    words::say(
        ui.lang,
        "pay-line-rule",
        &[
            ("rule", component(ui, &entry.component).into()),
            ("version", version.to_string().into()),
            ("since", ui.day(&since).into()),
        ],
    )
}

/// Why an event pays nothing.
pub(super) fn unpaid(ui: &Ui, why: Unpaid) -> String {
    ui.tc("pay-unpaid-", why.code())
}
