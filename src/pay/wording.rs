//! Plans and lines read aloud, in the reader's language.

use std::collections::HashMap;

use compensation::{Component, Pay, Share, Slice};

use super::entry::{Entry, Floor, What, Why};
use super::plan::{Body, Version};
use super::preset::{Measure, Preset, Round};
use super::saying;
use super::trigger::Trigger;
use super::unpaid::Unpaid;
use crate::values::*;
use crate::web::Ui;
use crate::web::words;

/// Names of companies by id.
pub type Names = HashMap<CompanyId, String>;

/// What a version of a plan pays for, a sentence for each component.
pub(super) fn rules(ui: &Ui, body: &Body, currency: Currency) -> Vec<String> {
    let presets = body.presets(currency);
    let said = |(one, preset): (&Component, &Option<Preset>)| match preset {
        Some(preset) => rule(ui, preset, currency),
        None => saying::aloud(ui, one),
    };
    body.components.iter().zip(&presets).map(said).collect()
}

/// A component of a version as a sentence, by its name.
pub(super) fn rule_named(ui: &Ui, version: &Version, code: &str) -> Option<String> {
    let component = version.body.components.iter().find(|one| one.code.as_str() == code)?;
    Some(match Preset::of(component, version.currency, version.body.rounding) {
        Some(preset) => rule(ui, &preset, version.currency),
        None => saying::aloud(ui, component),
    })
}

/// A preset as a sentence.
pub(super) fn rule(ui: &Ui, component: &Preset, currency: Currency) -> String {
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
    // What a firm names itself is called so.
    let key = format!("pay-component-{}", noun.replace('_', "-"));
    if words::has(ui.lang, &key) { ui.t(&key) } else { code.to_owned() }
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
        What::Advanced | What::Recovered | What::Guaranteed => return floor(ui, entry),
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

/// What a line under the floor of a month says: the floor, what was earned, what is due.
fn floor(ui: &Ui, entry: &Entry) -> String {
    let money = |minor: i64| ui.money(&Money::new(minor, entry.amount.currency));
    let floor = entry.why.floor.unwrap_or(Floor { floor: 0, earned: 0, due: 0 });
    words::say(
        ui.lang,
        match entry.why.what {
            What::Recovered => "pay-line-recovered",
            What::Guaranteed => "pay-line-guaranteed",
            _ => "pay-line-advanced",
        },
        &[
            ("floor", money(floor.floor).into()),
            ("earned", money(floor.earned).into()),
            ("due", money(floor.due).into()),
        ],
    )
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
    let figures = of_base(ui, entry).map_or(amount.clone(), |of| format!("{of} = {amount}"));
    format!("{what}, {figures} {by_rule}")
}

/// The money that shares were taken of, or the monthly salary.
pub(super) fn base(entry: &Entry) -> Option<Money> {
    let of_slices = || {
        let slices = &entry.why.made.as_ref()?.slices;
        let is_share = |slice: &Slice| matches!(slice.pays, Pay::Share(_)) && slice.on.under == 1;
        let is_whole = !slices.is_empty() && slices.iter().all(is_share);
        let sum = slices.iter().map(|slice| slice.on.over).sum();
        is_whole.then(|| Money::new(sum, entry.amount.currency))
    };
    entry.why.base.or_else(of_slices)
}

/// «5% от 100 000,00 ₽»: of which money which shares were taken, row by row.
fn of_base(ui: &Ui, entry: &Entry) -> Option<String> {
    let why = &entry.why;
    if let Some(base) = why.base {
        let share = measure(ui, why);
        return Some(ui.taa("pay-line-of", "share", share, "base", ui.money(&base)));
    }
    let currency = entry.amount.currency;
    let made = why.made.as_ref()?;
    let of = |slice: &Slice| match slice.pays {
        Pay::Share(Share(rate)) if slice.on.under == 1 => {
            let share = ui.share(&rate.numerator(), &rate.denominator());
            let base = ui.money(&Money::new(slice.on.over, currency));
            Some(ui.taa("pay-line-of", "share", share, "base", base))
        }
        Pay::Share(_) | Pay::Money(_) => None,
    };
    let all: Option<Vec<String>> = made.slices.iter().map(of).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.join(" + "))
}

fn measure(ui: &Ui, why: &Why) -> String {
    match why.measure {
        Some(Measure::Share { numerator, denominator, .. }) => ui.share(&numerator, &denominator),
        // The salary by its days; the only sum that a line keeps beside its rates.
        Some(Measure::Each(_) | Measure::Salary) | None => {
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
