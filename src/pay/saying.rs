//! Plans read aloud: every clause of a component as a sentence in the reader's language.

use compensation::rule::{Comparison, Expr, Node};
use compensation::{
    Absent, By, Clause, Component, Level, Once, Pay, Per, Period, Reading, Share, Value, Verdict,
    Who,
};

use super::facts::PERSON;
use super::plan::Body;
use super::wording::{component, happened};
use crate::values::*;
use crate::web::Ui;
use crate::web::words::{self, Word};

/// What a plan says of itself as a whole: how it rounds, its cap, its guarantee, its credit window.
/// Presets say by themselves how they round.
pub(super) fn whole(ui: &Ui, body: &Body, currency: Currency) -> Vec<String> {
    let mut said = Vec::new();
    if body.presets(currency).iter().any(Option::is_none) {
        let code = body.rounding.rounding().code();
        said.push(ui.ta("pay-say-rounds", "how", ui.tc("pay-round-", code)));
    }
    said.extend(body.cap.map(|cap| ui.ta("pay-say-plan-cap", "amount", money(ui, cap))));
    let least = body.guarantee;
    said.extend(least.map(|least| ui.ta("pay-say-guarantee", "amount", money(ui, least))));
    said.extend(body.window.map(|days| ui.n("pay-say-window", days)));
    said
}

/// A component as sentences, one after the other.
pub(super) fn aloud(ui: &Ui, one: &Component) -> String {
    let is_plain = one
        .payees
        .as_ref()
        .is_some_and(|payees| *payees == compensation::Payees::one(Who::Role(PERSON.into())));
    let said = compensation::say_component(one);
    let told = said.iter().filter(|clause| !(is_plain && is_of_payees(clause)));
    let all: Vec<String> = told.filter_map(|clause| sentence(ui, clause)).collect();
    all.join(" ")
}

fn is_of_payees(clause: &Clause) -> bool {
    matches!(clause, Clause::ByPlanOf(_) | Clause::Has(..) | Clause::PartOfNobody(_))
}

/// A clause as a sentence; nothing for what says nothing.
fn sentence(ui: &Ui, clause: &Clause) -> Option<String> {
    let one = |key: &str, name: &str, what: String| Some(ui.ta(key, name, what));
    match clause {
        // A version is headed by its number, its day and the currency of its sums.
        Clause::Version(..) | Clause::PaysIn(_) | Clause::Rounds(_) => None,
        Clause::PlanCap(most) => one("pay-say-plan-cap", "amount", money(ui, *most)),
        Clause::Guarantee(least) => one("pay-say-guarantee", "amount", money(ui, *least)),
        Clause::On(kinds) => {
            let told: Vec<String> = kinds.iter().map(|kind| event(ui, kind)).collect();
            one("pay-say-on", "what", told.join(&ui.t("pay-say-or")))
        }
        Clause::OnResultOf(code) => one("pay-say-result-of", "line", component(ui, code)),
        Clause::EachMonth => Some(ui.t("pay-say-each-month")),
        Clause::Only(rule) => one("pay-say-only", "what", expression(ui, rule)),
        Clause::CountsEvents => Some(ui.t("pay-say-counts-events")),
        Clause::Counts(rule) => one("pay-say-counts", "what", expression(ui, rule)),
        Clause::CountsResult => Some(ui.t("pay-say-counts-result")),
        Clause::CountsDays => Some(ui.t("pay-say-counts-days")),
        Clause::CountsOnce(once) => match once {
            Once::Event => None,
            Once::Subject => Some(ui.t("pay-say-once-subject")),
            Once::SubjectInMonth => Some(ui.t("pay-say-once-month")),
        },
        Clause::Over(period) => Some(ui.tc("pay-say-over-", period_code(*period))),
        Clause::AgainstQuota(quota) => one("pay-say-quota", "quota", quota.to_string()),
        Clause::NothingBelow(least) => one("pay-say-cliff", "level", level(ui, *least)),
        Clause::LastDay(last) => one("pay-say-last-day", "day", day(ui, *last)),
        Clause::AtMost(per, most) => {
            let key = format!("pay-say-most-{}", per_code(*per));
            one(&key, "amount", money(ui, *most))
        }
        Clause::ClawBack => Some(ui.t("pay-say-clawback")),
        _ => rate(ui, clause).or_else(|| factor(ui, clause)).or_else(|| gate(ui, clause)),
    }
}

/// How much is paid.
fn rate(ui: &Ui, clause: &Clause) -> Option<String> {
    Some(match clause {
        Clause::PaysEach(sum) => ui.ta("pay-say-each", "amount", money(ui, *sum)),
        Clause::PaysShare(part) => ui.ta("pay-say-share", "share", share(ui, *part)),
        Clause::PaysByTable(by, reading) => {
            let by = ui.t(match by {
                By::Measure => "pay-say-by-measure",
                By::Count => "pay-say-by-count",
                By::Attainment => "pay-say-by-attainment",
            });
            let reading = ui.t(match reading {
                Reading::Marginal => "pay-say-marginal",
                Reading::Retroactive => "pay-say-retroactive",
                Reading::Lump => "pay-say-lump",
            });
            format!("{by} {reading}")
        }
        Clause::TableRow(over, up_to, pays) => row(ui, (*over, *up_to), pay(ui, *pays)),
        Clause::PaysMilestone(reach, sum) => {
            let reach = level(ui, *reach);
            ui.taa("pay-say-milestone", "level", reach, "amount", money(ui, *sum))
        }
        Clause::PaysOnce(sum) => ui.ta("pay-say-first", "amount", money(ui, *sum)),
        Clause::PaysSalary => ui.t("pay-say-salary"),
        _ => return None,
    })
}

/// What the result is multiplied by.
fn factor(ui: &Ui, clause: &Clause) -> Option<String> {
    Some(match clause {
        Clause::TimesByAttainment(_, code) => {
            ui.ta("pay-say-times-attainment", "line", component(ui, code))
        }
        Clause::TimesByScore(_, on, _, value) => {
            let what = expression(ui, value);
            ui.taa("pay-say-times-score", "what", what, "event", event(ui, on))
        }
        Clause::FactorRow(_, over, up_to, pays) => {
            row(ui, (*over, *up_to), format!("× {}", pay(ui, *pays)))
        }
        Clause::FactorUnknown(_, part) => {
            ui.ta("pay-say-factor-unknown", "share", share(ui, *part))
        }
        _ => return None,
    })
}

/// What must happen before it is owed, and who has it.
fn gate(ui: &Ui, clause: &Clause) -> Option<String> {
    Some(match clause {
        Clause::AtOnce(part) if part.0.numerator() == 0 => return None,
        Clause::AtOnce(part) => ui.ta("pay-say-at-once", "share", share(ui, *part)),
        Clause::Releases(_, stage, part) => {
            ui.taa("pay-say-releases", "share", share(ui, *part), "stage", stage_name(ui, stage))
        }
        Clause::Decides(_, on, filter, verdict, late) => {
            let key = match verdict {
                Verdict::Passes => "pay-say-passes",
                Verdict::Fails => "pay-say-fails",
            };
            let mut what = event(ui, on);
            if let Some(rule) = filter {
                what = ui.taa("pay-say-where", "what", what, "rule", expression(ui, rule));
            }
            let told = ui.ta(key, "what", what);
            if *late { format!("{told} {}", ui.t("pay-say-late")) } else { told }
        }
        Clause::Silence(_, hours, verdict) => {
            let key = match verdict {
                Verdict::Passes => "pay-say-silence-passes",
                Verdict::Fails => "pay-say-silence-fails",
            };
            ui.n(key, i64::from(*hours))
        }
        Clause::ByPlanOf(one) => ui.ta("pay-say-by-plan-of", "who", who(ui, one)),
        Clause::Has(one, part) => {
            ui.taa("pay-say-has", "who", who(ui, one), "share", share(ui, *part))
        }
        Clause::HasBeyond(one, part) => {
            ui.taa("pay-say-has-beyond", "who", who(ui, one), "share", share(ui, *part))
        }
        Clause::PartOfNobody(absent) => ui.t(match absent {
            Absent::Nobody => "pay-say-absent-nobody",
            Absent::Others => "pay-say-absent-others",
        }),
        _ => return None,
    })
}

fn row(ui: &Ui, (over, up_to): (Level, Option<Level>), pays: String) -> String {
    let args: [(&str, Word); 3] = [
        ("over", level(ui, over).into()),
        ("up_to", up_to.map_or(String::new(), |end| level(ui, end)).into()),
        ("pays", pays.into()),
    ];
    let key = if up_to.is_some() { "pay-say-row" } else { "pay-say-row-open" };
    words::say(ui.lang, key, &args)
}

/// A sum of the engine in the reader's form.
pub(super) fn money(ui: &Ui, sum: compensation::Money) -> String {
    let code = sum.currency().to_string();
    match Currency::from_code(&code) {
        Some(currency) => ui.money(&Money::new(sum.minor(), currency)),
        None => sum.to_string(),
    }
}

pub(super) fn share(ui: &Ui, Share(rate): Share) -> String {
    ui.share(&rate.numerator(), &rate.denominator())
}

pub(super) fn level(ui: &Ui, level: Level) -> String {
    match level {
        Level::Whole(whole) => ui.number(&whole),
        Level::Money(sum) => money(ui, sum),
        Level::Share(part) => share(ui, part),
    }
}

pub(super) fn pay(ui: &Ui, pays: Pay) -> String {
    match pays {
        Pay::Money(sum) => money(ui, sum),
        Pay::Share(part) => share(ui, part),
    }
}

pub(super) fn day(ui: &Ui, day: compensation::Day) -> String {
    let text = day.to_string();
    let date: Option<jiff::civil::Date> = text.parse().ok();
    date.map_or(text, |date| ui.day(&midnight(date, &ui.zone)))
}

fn event(ui: &Ui, kind: &str) -> String {
    happened(ui, kind, None)
}

fn stage_name(ui: &Ui, code: &str) -> String {
    let key = format!("pay-stage-{}", code.replace('_', "-"));
    if words::has(ui.lang, &key) { ui.t(&key) } else { code.to_owned() }
}

fn who(ui: &Ui, who: &Who) -> String {
    let name = |role: &str| {
        let key = format!("pay-role-{role}");
        if words::has(ui.lang, &key) { ui.t(&key) } else { role.to_owned() }
    };
    match who {
        Who::Role(role) => name(role),
        Who::HeadOf(role) => ui.ta("pay-say-head-of", "who", name(role)),
    }
}

pub(super) fn period_code(period: Period) -> &'static str {
    match period {
        Period::Event => "event",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
        Period::Term => "term",
    }
}

pub(super) fn per_code(per: Per) -> &'static str {
    match per {
        Per::Amount => "amount",
        Per::Deal => "deal",
        Per::Month => "month",
        Per::Quarter => "quarter",
        Per::Year => "year",
        Per::Component => "component",
    }
}

/// A rule of the engine's language in words, with the signs of arithmetic.
pub(super) fn expression(ui: &Ui, rule: &Expr) -> String {
    let all = |parts: &[Expr], key: &str| {
        let told: Vec<String> = parts.iter().map(|part| within(ui, part)).collect();
        told.join(&ui.t(key))
    };
    let of_two = |left: &Expr, sign: &str, right: &Expr| {
        format!("{} {sign} {}", within(ui, left), within(ui, right))
    };
    match rule.node() {
        Node::Value(value) => literal(ui, value),
        Node::Fact(name) => known(ui, name),
        Node::Has(name) => ui.ta("pay-say-known", "what", known(ui, name)),
        Node::Not(part) => match part.node() {
            Node::Has(name) => ui.ta("pay-say-unknown", "what", known(ui, name)),
            _ => ui.ta("pay-say-not", "what", within(ui, part)),
        },
        Node::All(parts) => all(parts, "pay-say-and"),
        Node::Any(parts) => all(parts, "pay-say-or"),
        Node::Compare(comparison, left, right) => of_two(left, sign(*comparison), right),
        Node::In { of, list, is_not } => {
            let told: Vec<String> = list.iter().map(|value| literal(ui, value)).collect();
            let key = if *is_not { "pay-say-none-of" } else { "pay-say-one-of" };
            ui.taa(key, "what", within(ui, of), "list", told.join(", "))
        }
        Node::Add(left, right) => of_two(left, "+", right),
        Node::Subtract(left, right) => of_two(left, "−", right),
        Node::Multiply(left, right) => of_two(left, "×", right),
        Node::Divide(left, by) => format!("{} ÷ {}", within(ui, left), ui.number(by)),
        Node::Least(parts) => ui.ta("pay-say-least", "list", all(parts, "pay-say-comma")),
        Node::Most(parts) => ui.ta("pay-say-greatest", "list", all(parts, "pay-say-comma")),
    }
}

/// A part of a rule; in brackets where it has parts of its own that are joined.
fn within(ui: &Ui, rule: &Expr) -> String {
    let is_joined = matches!(
        rule.node(),
        Node::All(_)
            | Node::Any(_)
            | Node::Add(..)
            | Node::Subtract(..)
            | Node::Multiply(..)
            | Node::Divide(..)
    );
    let told = expression(ui, rule);
    if is_joined { format!("({told})") } else { told }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::Unequal => "≠",
        Comparison::Below => "<",
        Comparison::AtMost => "≤",
        Comparison::Above => ">",
        Comparison::AtLeast => "≥",
    }
}

fn literal(ui: &Ui, value: &Value) -> String {
    match value {
        Value::Boolean(true) => ui.t("pay-say-yes"),
        Value::Boolean(false) => ui.t("pay-say-no"),
        Value::Whole(whole) => ui.number(whole),
        Value::Money(sum) => money(ui, *sum),
        Value::Share(part) => share(ui, *part),
        Value::Text(text) => format!("“{text}”"),
        Value::Day(one) => day(ui, *one),
    }
}

/// What a fact is called.
fn known(ui: &Ui, name: &str) -> String {
    let key = format!("pay-known-{}", name.replace('_', "-"));
    if words::has(ui.lang, &key) { ui.t(&key) } else { name.to_owned() }
}
