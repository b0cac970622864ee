//! What was agreed with somebody beside their plan, read aloud in the reader's language.

use compensation::{DrawTerms, Quota};

use super::plan::Assignment;
use super::saying::{day, level, money, pay, share};
use super::terms::Terms;
use super::wording::component;
use crate::web::Ui;

/// Everything an assignment says: its salary and its terms; that the plan alone pays where it says
/// nothing.
pub(super) fn all(ui: &Ui, assignment: &Assignment) -> Vec<String> {
    let salary = Some(&assignment.salary).filter(|salary| salary.minor > 0);
    let salary = salary.map(|sum| ui.ta("pay-agreed-salary", "amount", ui.money(sum)));
    let mut said: Vec<String> = salary.into_iter().collect();
    said.extend(terms(ui, &assignment.terms));
    if said.is_empty() {
        said.push(ui.t("pay-agreed-nothing"));
    }
    said
}

/// Terms as sentences; none where there are no terms.
pub(super) fn terms(ui: &Ui, terms: &Terms) -> Vec<String> {
    let mut said = Vec::new();
    for (code, pays) in &terms.rates {
        let line = component(ui, code);
        said.push(ui.taa("pay-agreed-rate", "line", line, "pays", pay(ui, *pays)));
    }
    for (name, one) in &terms.quotas {
        said.push(quota(ui, name, one));
    }
    said.extend(terms.draw.as_ref().map(|draw| floor(ui, draw)));
    said
}

fn quota(ui: &Ui, name: &str, quota: &Quota) -> String {
    let target = level(ui, quota.target);
    let mut said = vec![ui.taa("pay-agreed-quota", "quota", name, "target", target)];
    if !quota.ramp.is_empty() {
        let parts: Vec<String> = quota.ramp.iter().map(|part| share(ui, *part)).collect();
        said.push(ui.ta("pay-agreed-ramp", "parts", parts.join(", ")));
    }
    if quota.prorated {
        said.push(ui.t("pay-agreed-quota-by-days"));
    }
    said.join(" ")
}

fn floor(ui: &Ui, draw: &DrawTerms) -> String {
    let key = if draw.recoverable { "pay-agreed-draw" } else { "pay-agreed-guarantee" };
    let mut said = vec![ui.ta(key, "amount", money(ui, draw.floor))];
    for (key, at) in [
        ("pay-agreed-floor-from", draw.from),
        ("pay-agreed-floor-until", draw.until),
        ("pay-agreed-recover-from", draw.recover_from),
        ("pay-agreed-recover-until", draw.recover_until),
    ] {
        said.extend(at.map(|at| ui.ta(key, "day", day(ui, at))));
    }
    if draw.prorated {
        said.push(ui.t("pay-agreed-floor-by-days"));
    }
    said.join(" ")
}
