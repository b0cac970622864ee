//! A plan tells every part of itself, and nothing twice.

use std::collections::BTreeMap;

use compensation::{Clause, Limits, Plan, say};
use serde_json::{Value, json};

use crate::cast::schema;
use crate::reference::{dice, render};

/// Every place of a leaf in a JSON value.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                leaves(field, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(all) => {
            for (place, one) in all.iter().enumerate() {
                leaves(one, &format!("{at}/{place}"), found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

/// The value of a leaf in another wording that still reads.
fn other(plan: &Value, at: &str) -> Vec<Value> {
    let words = [
        "rejected",
        "finder",
        "event",
        "month",
        "year",
        "term",
        "subject",
        "deal",
        "count",
        "measure",
        "attainment",
        "marginal",
        "lump",
        "passes",
        "fails",
        "floor",
        "half_even",
        "others",
        "nobody",
        "EUR",
        "7.77 RUB",
        "7.7 %",
        "8.8 %",
        "8.88 RUB",
        "2026-11-11",
        "is_new",
        "days",
        "result",
    ];
    let value = plan.pointer(at).unwrap();
    let mut all: Vec<Value> = words.iter().map(|word| Value::from(*word)).collect();
    all.extend([Value::from(77), Value::from(true), Value::from(false)]);
    all.extend([json!({ "events": ["paid"] }), json!({ "each": "1 RUB" })]);
    all.retain(|other| other != value);
    all
}

#[test]
fn every_part_is_told_whatever_its_value() {
    // As many plans try each place: in more of them it is told in the same words again.
    const PLANS: usize = 12;
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..150 {
        let firm = dice::firm(seed, 1);
        let (_, rules) = render::engine(&firm);
        for published in rules.plans() {
            let plan = published.plan();
            let told = say(plan);
            let json = serde_json::to_value(plan).unwrap();
            let mut found = Vec::new();
            leaves(&json, "", &mut found);
            found.retain(|at| places.get(at).is_none_or(|tried| *tried < PLANS));
            for at in found {
                let mut is_tried = false;
                for value in other(&json, &at) {
                    let mut changed = json.clone();
                    *changed.pointer_mut(&at).unwrap() = value;
                    let Ok(changed) = serde_json::from_value::<Plan>(changed) else { continue };
                    if changed == *plan {
                        continue;
                    }
                    is_tried = true;
                    assert_ne!(say(&changed), told, "{at} of seed {seed} is not told");
                }
                assert!(is_tried, "{at} of {json} was not tried");
                *places.entry(at).or_default() += 1;
            }
        }
    }
    assert!(places.len() > 200, "{}", places.len());
}

#[test]
fn nothing_is_told_twice() {
    for seed in 0..2_000 {
        let firm = dice::firm(seed, 1);
        let (_, rules) = render::engine(&firm);
        for published in rules.plans() {
            let told = say(published.plan());
            for (place, one) in told.iter().enumerate() {
                assert!(!told[..place].contains(one), "{one:?} of seed {seed}");
            }
        }
    }
}

#[test]
fn claw_back_is_labelled_and_only_where_it_is_on() {
    let plan = |clawback: bool| {
        let more = format!(r#","clawback":{clawback}"#);
        let each = r#"{"each":"1 RUB"}"#;
        crate::cast::plan(&crate::cast::component("c", "paid", r#""count""#, each, &more))
    };
    assert!(plan(true).check(&schema(), &Limits::default()).is_empty());
    let says = |plan: &Plan| say(plan).iter().any(|said| said.clause == Clause::ClawBack);
    assert!(says(&plan(true)) && !says(&plan(false)));
}
