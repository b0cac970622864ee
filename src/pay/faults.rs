//! Faults: why a plan cannot be meant, as a sentence beside the part that is wrong.

use compensation::{Fault, Limits, RulesFault, Section, Wrong};

use super::preset::MONEY_MAX;
use crate::values::*;

/// What may be meant in a plan. Beyond it a number is taken for a slip of the hand.
pub fn limits() -> Limits {
    Limits { money_max: MONEY_MAX, ..Limits::default() }
}

/// The faults as fields with their sentences; nothing where there is none.
pub fn told(faults: &[Fault]) -> Outcome<()> {
    let mut fields = Fields::default();
    for fault in faults {
        let (code, what) = said(fault);
        let args = what.map(|what| vec![("what", what)]).unwrap_or_default();
        fields.note_with(field(fault.place.part), code, args);
    }
    fields.into_result()
}

/// Why the terms of somebody do not go with the plan, as fields with their sentences.
pub fn of_terms(faults: &[RulesFault]) -> Outcome<()> {
    let mut fields = Fields::default();
    for fault in faults {
        match fault {
            RulesFault::OwnRate { component, .. } => {
                let args = vec![("what", component.to_string())];
                fields.note_with("rates", "pay-fault-own-rate", args);
            }
            RulesFault::Target { quota, .. } => {
                let args = vec![("what", quota.to_string())];
                fields.note_with("quotas", "pay-fault-target", args);
            }
            RulesFault::Sum { .. } => fields.note("draw", "pay-fault-sum"),
            RulesFault::CapBelowGuarantee { .. } => {
                fields.note("draw", "pay-fault-cap-below-guarantee");
            }
            other => return Err(Error::failure(other)),
        }
    }
    fields.into_result()
}

/// The field of a form that holds a part of a component.
fn field(part: Section) -> &'static str {
    match part {
        Section::Head => "component",
        Section::Rounding => "rounding",
        Section::On => "trigger",
        Section::Filter => "filter",
        Section::Measure => "measure",
        Section::Once => "once",
        Section::Period => "period",
        Section::Rate => "rate",
        Section::Quota => "quota",
        Section::Cliff => "cliff",
        Section::Multiplier => "multipliers",
        Section::Gate => "gate",
        Section::Cap => "cap",
        Section::LastDay => "last_day",
        Section::Payees => "payees",
        Section::Guarantee => "guarantee",
    }
}

/// The code of the sentence, and what it speaks of.
fn said(fault: &Fault) -> (&'static str, Option<String>) {
    let row = || Some(fault.place.index.map_or(1, |(_, row)| row + 1).to_string());
    match &fault.wrong {
        Wrong::NoComponents => ("pay-fault-no-components", None),
        Wrong::TooMany(most) => ("pay-fault-too-many", Some(most.to_string())),
        Wrong::Empty => ("required", None),
        Wrong::Twice(what) => ("pay-fault-twice", Some(what.to_string())),
        Wrong::PaidTwice(what) => ("pay-fault-paid-twice", Some(what.to_string())),
        Wrong::NoRounding => ("pay-fault-no-rounding", None),
        Wrong::UnknownEvent(what) => ("pay-fault-unknown-event", Some(what.to_string())),
        Wrong::UnknownRole(what) => ("pay-fault-unknown-role", Some(what.to_string())),
        Wrong::UnknownComponent(what) => ("pay-fault-unknown-component", Some(what.to_string())),
        Wrong::Rule(error) => ("pay-fault-rule", Some((error.at + 1).to_string())),
        Wrong::MeasureType(_) => ("pay-fault-measure", None),
        Wrong::OtherCurrency(what) => ("pay-fault-currency", Some(what.to_string())),
        Wrong::Beyond => ("pay-fault-beyond", None),
        Wrong::NotPositive => ("pay-fault-not-positive", None),
        Wrong::Negative => ("pay-fault-negative", None),
        Wrong::Gap => ("pay-fault-gap", row()),
        Wrong::Overlap => ("pay-fault-overlap", row()),
        Wrong::NotFromNought => ("pay-fault-not-from-nought", None),
        Wrong::EmptyRow => ("pay-fault-empty-row", row()),
        Wrong::OpenRow => ("pay-fault-open-row", row()),
        Wrong::LevelType => ("pay-fault-level", None),
        Wrong::PayType => ("pay-fault-pay", None),
        Wrong::NoQuota => ("pay-fault-no-quota", None),
        Wrong::NeedsPeriod => ("pay-fault-needs-period", None),
        Wrong::PeriodsDiffer => ("pay-fault-periods-differ", None),
        Wrong::NotTheWhole(sum) => {
            let percent = compensation::Share(*sum).to_string();
            ("pay-fault-not-the-whole", Some(percent))
        }
        Wrong::CapTooNarrow => ("pay-fault-cap-too-narrow", None),
        Wrong::CapBelowGuarantee => ("pay-fault-cap-below-guarantee", None),
        Wrong::Cycle(codes) => {
            let way: Vec<&str> = codes.iter().map(compensation::Name::as_str).collect();
            ("pay-fault-cycle", Some(way.join(" → ")))
        }
        Wrong::NotAVersion | Wrong::Unfit => ("pay-fault-unfit", None),
    }
}
