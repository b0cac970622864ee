//! Measures the engine, and compares it with the naive one at size. Built with `--release`:
//!
//! - `cargo run --release -p compensation --example evaluate -- month 1000 1000000` evaluates a
//!   made-up month of so many people and events by a plan of four components (a gate, a table, a
//!   cap, a split with a roll-up) and prints events a second, on one thread;
//! - `… -- again 1000 1000000 200` lets so many single events arrive and evaluates what each
//!   reaches;
//! - `… -- agree 1000000` compares the engine with the naive implementation of the tests until so
//!   many credits were compared.
#![expect(clippy::disallowed_methods, reason = "this is the rig that measures")]
#![expect(clippy::unwrap_used, reason = "a rig that cannot build its situation should stop there")]

use std::time::Instant;

use compensation::{Event, Facts, Money, Name, Rules, Value, Word, again, credits, evaluate};
use ledger::Currency;

#[path = "../tests/compensation/cast.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod cast;
#[path = "../tests/compensation/reference/mod.rs"]
mod reference;

use cast::{assigned, component, labels, moment, plan, rules};
use reference::{dice, naive, render};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, usual: usize| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(usual);
    match words.first().map_or("month", String::as_str) {
        "agree" => agree(number(1, 1_000_000)),
        "again" => one_by_one(number(1, 1_000), number(2, 100_000), number(3, 200)),
        _ => month(number(1, 1_000), number(2, 1_000_000)),
    }
}

/// A plan that has a little of everything.
fn firm(people: usize) -> Rules {
    let gate = r#","once":"subject","filter":"product in (\"crm\", \"site\") and units >= 1",
        "gate":{"at_once":"0 %","stages":[{"code":"accepted","releases":"100 %","words":[
        {"on":"accepted","verdict":"passes"},{"on":"rejected","verdict":"fails"}],
        "limit":{"hours":48,"silence":"passes"}}]}"#;
    let split = r#","caps":[{"per":"month","most":"500000.00 RUB"}],
        "payees":{"by":{"role":"seller"},"absent":"others",
        "split":[{"who":{"role":"finder"},"share":"30 %"},{"who":{"role":"seller"},"share":"70 %"}],
        "overlay":[{"who":{"head_of":"seller"},"share":"5 %"}]}"#;
    let table = r#"{"table":{"by":"attainment","reading":"marginal","rows":[
        {"over":"0 %","up_to":"100 %","pays":"5 %"},{"over":"100 %","pays":"8 %"}]}}"#;
    let amount = r#"{"of":"amount"}"#;
    let each = r#"{"each":"300.00 RUB"}"#;
    let components = [
        component("booked", "booked", r#""count""#, each, gate),
        component("paid", "paid", amount, r#"{"share":"5 %"}"#, split),
        component("month", "paid", amount, table, r#","period":"month","quota":"q""#),
        component("called", "called", r#""count""#, r#"{"each":"30.00 RUB"}"#, ""),
    ];
    let assignments = (0..people).map(|person| {
        let mut one = assigned(&format!("a{person}"), &format!("p{person}"), "p");
        let quota = r#"{"target":"1000000.00 RUB"}"#;
        one.quotas.insert("q".into(), serde_json::from_str(quota).unwrap());
        one
    });
    let heads = (0..people).map(|person| compensation::Headship {
        person: format!("p{person}").into(),
        head: format!("p{}", person / 10 * 10 + usize::from(person % 10 == 0)).into(),
        from: 0,
        until: None,
    });
    rules(vec![plan(&components.join(","))], assignments.collect(), heads.collect())
}

/// Events of one month: of ten four are calls, three payments, two bookings, one an acceptance.
fn events(people: usize, count: usize) -> Vec<Event> {
    let mut dice = dice::Dice(7);
    let names: Vec<Name> = (0..people).map(|person| format!("p{person}").into()).collect();
    let word = |text: &str| Name::from(text);
    let (kinds, roles) =
        (["called", "paid", "booked", "accepted"].map(word), ["seller", "finder"].map(word));
    let facts = ["amount", "units", "product"].map(word);
    let products = ["crm", "site", "ads"].map(|name| Value::Text(name.into()));
    let rub = Currency::new("RUB").unwrap();
    let of_day: Vec<_> = (0..31).map(|day| labels(moment(day * cast::DAY).day)).collect();
    let mut last = Name::from("s");
    let made = (0..count).map(|number| {
        // In the order of time, as a store reads them.
        let after = 31 * cast::DAY / count as i64 * number as i64 + dice.up_to(1_000);
        let kind = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3][number % 10];
        if kind != 3 {
            last = format!("s{number}").into();
        }
        let person = names[dice.up_to(people as i64) as usize].clone();
        let finder = names[dice.up_to(people as i64) as usize].clone();
        let told = [
            (facts[0].clone(), Value::Money(Money::new(dice.between(1, 9_000_000), rub))),
            (facts[1].clone(), Value::Whole(dice.between(0, 5))),
            (facts[2].clone(), dice.one(&products)),
        ];
        Event {
            id: format!("e{number}").into(),
            kind: kinds[kind].clone(),
            subject: last.clone(),
            deal: None,
            when: moment(after),
            labels: of_day[(after / cast::DAY) as usize].clone(),
            people: vec![(roles[0].clone(), person), (roles[1].clone(), finder)],
            facts: told.into_iter().collect::<Facts>(),
            word: Word::News,
        }
    });
    made.collect()
}

fn month(people: usize, count: usize) {
    let (rules, events) = (firm(people), events(people, count));
    for _ in 0..3 {
        let (begun, before) = (Instant::now(), seconds_worked());
        let found = evaluate(&events, &rules, cast::LATE);
        let (wall, worked) = (begun.elapsed().as_secs_f64(), seconds_worked() - before);
        let sum: i128 = found.credits.iter().map(|credit| i128::from(credit.posted)).sum();
        println!(
            "{count} events of {people} people: {} credits, {sum} minor units; {wall:.2} s, of \
             which the core worked {worked:.2} s: {:.0} events a second of one core",
            found.credits.len(),
            count as f64 / worked
        );
    }
}

/// Seconds a core has worked for this program.
fn seconds_worked() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let words = after.split_whitespace().skip(11).take(2);
    words.filter_map(|word| word.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn one_by_one(people: usize, count: usize, asked: usize) {
    let (rules, events) = (firm(people), events(people, count));
    let (mut longest, mut most, begun) = (0.0_f64, 0, Instant::now());
    for event in events.iter().rev().take(asked) {
        // A store answers this by its keys; here the choice is not counted.
        let reach = again(event, std::slice::from_ref(event), &rules);
        let chosen: Vec<Event> = reach.select(&events, &rules).into_iter().cloned().collect();
        let begun = Instant::now();
        let found = credits(&chosen, &rules, cast::LATE);
        let covered = found.iter().filter(|credit| reach.covers(credit)).count();
        longest = longest.max(begun.elapsed().as_secs_f64());
        most = most.max(chosen.len());
        assert!(covered > 0 || event.kind.as_str() == "accepted", "{event:?}");
    }
    println!(
        "{asked} arrivals among {count} events: at most {most} evaluated anew, in {:.2} ms at \
         most; with choosing them from memory {:.1} ms each",
        longest * 1_000.0,
        begun.elapsed().as_secs_f64() * 1_000.0 / asked as f64
    );
}

fn agree(wanted: usize) {
    let (mut histories, mut lines, mut amounts) = (0_u64, 0, 0);
    let begun = Instant::now();
    while lines < wanted {
        // Other seeds than those of the tests, and longer histories.
        let firm = dice::firm(1_000_000_000 + histories, 120);
        let naive = naive::amounts(&firm);
        let (found, all) = render::amounts(&firm);
        assert_eq!(found, naive, "seed {} differs", 1_000_000_000 + histories);
        histories += 1;
        lines += all;
        amounts += found.len();
    }
    println!(
        "{histories} histories, {lines} credits, {amounts} amounts that are not nought: \
         difference 0, in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
}
