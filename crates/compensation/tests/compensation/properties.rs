//! What holds of every firm: ten thousand made-up ones for each sentence.

use std::collections::BTreeMap;

use compensation::{Credit, DrawTerms, credits, floor};

use crate::cast::{DAY, assigned, component, moment, plan, rules};
use crate::naive_draw;
use crate::reference::dice::{Dice, firm};
use crate::reference::render::{called, engine, instant};
use crate::reference::{
    Assigned, Counts, Fact, Firm, From, Line, Once, Pay, Pays, Read, Span, TableBy, Told, Word,
};

const CASES: u64 = 10_000;

fn run(firm: &Firm) -> Vec<Credit> {
    let (events, rules) = engine(firm);
    credits(&events, &rules, instant(firm.as_of))
}

/// Amounts that are not nought.
fn amounts(credits: &[Credit]) -> BTreeMap<String, (i64, i64)> {
    let told = credits.iter().map(|credit| (called(credit), (credit.posted, credit.pending)));
    told.filter(|(_, amount)| *amount != (0, 0)).collect()
}

/// What is owed, and what would be with all that is open.
fn totals(credits: &[Credit]) -> (i64, i64) {
    let owed = credits.iter().map(|credit| credit.posted).sum::<i64>();
    (owed, owed + credits.iter().map(|credit| credit.pending).sum::<i64>())
}

#[test]
fn neither_the_order_of_arrival_nor_a_second_delivery_changes_anything() {
    for seed in 0..CASES {
        let mut dice = Dice(seed);
        let firm = firm(2_000_000 + seed, 20);
        let (mut events, rules) = engine(&firm);
        // Two with one id and other contents: one of them counts, whichever comes first.
        if dice.chance(30) {
            let mut other = dice.one(&events);
            other.subject = "other".into();
            events.push(other);
        }
        let wanted = credits(&events, &rules, instant(firm.as_of));
        for _ in 0..dice.up_to(5) {
            let again = dice.one(&events);
            events.push(again);
        }
        for place in (1..events.len()).rev() {
            events.swap(place, usize::try_from(dice.up_to(place as i64 + 1)).unwrap());
        }
        assert_eq!(credits(&events, &rules, instant(firm.as_of)), wanted, "seed {seed}");
    }
}

#[test]
fn an_event_and_its_cancellation_are_nothing_in_every_view() {
    let mut changed = 0;
    for seed in 0..CASES {
        let mut dice = Dice(seed);
        let without = firm(3_000_000 + seed, 20);
        let mut with = without.clone();
        let mut added: Told = dice.one(&without.events);
        added.id = "added".into();
        added.word = Word::News;
        added.hour = dice.up_to(2_880);
        added.facts.insert("amount".into(), Fact::Money(dice.between(1, 40_000), "RUB"));
        let mut taken = added.clone();
        taken.id = "taken".into();
        taken.hour = dice.up_to(2_880);
        let amount = match added.facts["amount"] {
            Fact::Money(minor, _) => minor,
            _ => 0,
        };
        let is_cancelled = dice.chance(50);
        taken.word = if is_cancelled {
            Word::Cancels("added".into())
        } else {
            Word::Reverses("added".into(), amount + dice.up_to(2) * 100)
        };
        with.events.push(added);
        changed += usize::from(amounts(&run(&with)) != amounts(&run(&without)));
        with.events.push(taken);
        let (found, wanted) = (run(&with), run(&without));
        // A period in which nothing else happened is told with its reason, and comes to nothing
        // but for what a rule pays for nothing at all.
        let nothing = |amounts: BTreeMap<String, (i64, i64)>| -> BTreeMap<String, (i64, i64)> {
            amounts.into_iter().filter(|(key, _)| !is_of_empty_period(&with, key)).collect()
        };
        let (found, wanted) = (nothing(amounts(&found)), nothing(amounts(&wanted)));
        assert_eq!(found, wanted, "seed {seed}");
    }
    assert!(changed > 1_000, "the events matter: {changed}");
}

/// True for a credit of a line whose lump or result pays though nothing was counted.
fn is_of_empty_period(firm: &Firm, key: &str) -> bool {
    let words: Vec<&str> = key.split('|').collect();
    let lines = firm.versions.iter().filter(|version| version.plan == words[3]);
    let mut all = lines.flat_map(|version| &version.components);
    all.any(|line| match &line.rate {
        Pays::Table(_, Read::Lump, rows) => rows[0].1 != Pay::Money(0),
        _ => false,
    })
}

/// A firm whose plans each have one line that pays more for more: no cap but one, nothing below
/// nought, rates that rise.
fn growing(seed: u64) -> Firm {
    let mut dice = Dice(seed);
    let mut made = firm(seed, 20);
    for version in &mut made.versions {
        version.cap = None;
        let number = version.number;
        let plan = version.plan.clone();
        version.components.retain(|line| matches!(line.from, From::Events(_)));
        if version.components.is_empty() {
            let from = From::Events(vec!["paid".into()]);
            version.components.push(simple(&format!("{plan}{number}"), from));
        }
        version.components.truncate(1);
        for line in &mut version.components {
            grow(&mut dice, line);
        }
    }
    for assigned in &mut made.assignments {
        assigned.rates.clear();
        assigned.quota = None;
    }
    // A quota of one kind for each plan, where its lines agree.
    let kinds = made.versions.clone();
    for assigned in &mut made.assignments {
        let held: Vec<bool> = kinds
            .iter()
            .filter(|version| version.plan == assigned.plan)
            .flat_map(|version| &version.components)
            .filter(|line| line.has_quota)
            .map(|line| line.measure.is_money())
            .collect();
        if let Some(first) = held.first()
            && held.iter().all(|kind| kind == first)
        {
            assigned.quota = Some((if *first { 30_000 } else { 5 }, *first, vec![50], true));
        }
    }
    for told in &mut made.events {
        told.word = Word::News;
        for fact in told.facts.values_mut() {
            match fact {
                Fact::Money(minor, _) => *minor = minor.abs(),
                Fact::Whole(whole) => *whole = whole.abs(),
                _ => {}
            }
        }
    }
    made
}

fn simple(code: &str, from: From) -> Line {
    Line {
        code: code.into(),
        from,
        filter: None,
        measure: Counts::Amount,
        span: Span::Single,
        once: Once::Event,
        rate: Pays::Share(50),
        has_quota: false,
        cliff: None,
        factors: Vec::new(),
        gate: None,
        caps: Vec::new(),
        last_day: None,
        by: ("seller".into(), false),
        split: vec![(("seller".into(), false), 1, 1)],
        overlay: Vec::new(),
        others: false,
        clawback: false,
    }
}

fn grow(dice: &mut Dice, line: &mut Line) {
    line.once = Once::Event;
    line.factors.clear();
    line.caps.truncate(1);
    if matches!(line.measure, Counts::AmountLess(_)) {
        line.measure = Counts::Amount;
    }
    if let Pays::Table(by, read, rows) = &mut line.rate {
        let is_money = line.measure.is_money();
        let is_share = *read != Read::Lump && is_money && dice.chance(60);
        if !is_share && is_money && *by != TableBy::Count {
            // Sums for a piece by heights of money: retroactive alone rises with both.
            *read = if *read == Read::Lump { Read::Lump } else { Read::Retroactive };
        }
        let mut pays: Vec<i64> = rows.iter().map(|_| dice.between(0, 300)).collect();
        let is_sliced = *read == Read::Marginal && *by != TableBy::Count;
        if !is_sliced {
            pays.sort_unstable();
        }
        for (row, pay) in rows.iter_mut().zip(pays) {
            row.1 = if is_share { Pay::Share(pay) } else { Pay::Money(pay * 10) };
        }
    }
}

/// The rate of a line, or one row of it, a little higher.
fn raise(dice: &mut Dice, line: &mut Line) {
    let more = dice.between(1, 50);
    match &mut line.rate {
        Pays::Each(minor) | Pays::OneTime(minor) | Pays::Milestone(_, minor) => *minor += more,
        Pays::Share(tenths) => *tenths += more,
        Pays::Table(_, _, rows) => {
            let place = usize::try_from(dice.up_to(rows.len() as i64)).unwrap();
            match &mut rows[place].1 {
                Pay::Money(pay) | Pay::Share(pay) => *pay += more,
            }
        }
        Pays::Salary => {}
    }
}

#[test]
fn raising_a_rate_never_lowers_pay() {
    let mut raised = 0;
    for seed in 0..CASES {
        let before = growing(4_000_000 + seed);
        let mut after = before.clone();
        let mut dice = Dice(seed);
        let place = usize::try_from(dice.up_to(after.versions.len() as i64)).unwrap();
        raise(&mut dice, &mut after.versions[place].components[0]);
        let (low, high) = (run(&before), run(&after));
        let (low_all, high_all) = (totals(&low), totals(&high));
        assert!(high_all.0 >= low_all.0 && high_all.1 >= low_all.1, "seed {seed}");
        raised += usize::from(high_all > low_all);
    }
    assert!(raised > 1_500, "raising matters: {raised}");
}

#[test]
fn adding_a_paid_action_never_lowers_pay() {
    let mut raised = 0;
    for seed in 0..CASES {
        let before = growing(5_000_000 + seed);
        let mut after = before.clone();
        let mut dice = Dice(seed);
        let mut added: Told = dice.one(&before.events);
        added.id = "added".into();
        added.hour = dice.up_to(2_880);
        added.subject = "new".into();
        let lines = before.versions.iter().flat_map(|version| &version.components);
        let kinds: Vec<String> = lines
            .flat_map(|line| match &line.from {
                From::Events(kinds) => kinds.clone(),
                From::Result(_) | From::Calendar => Vec::new(),
            })
            .collect();
        added.kind = dice.one(&kinds);
        after.events.push(added);
        let (low, high) = (totals(&run(&before)), totals(&run(&after)));
        assert!(high.0 >= low.0 && high.1 >= low.1, "seed {seed}: {low:?} {high:?}");
        raised += usize::from(high > low);
    }
    assert!(raised > 1_500, "adding matters: {raised}");
}

#[test]
fn rules_that_say_so_do_lower_pay() {
    // The two sentences above are no tautologies: falling retroactive rates and negative tiers
    // lower pay for more.
    let mut plan = growing(1);
    plan.versions.truncate(1);
    plan.assignments.clear();
    plan.heads.clear();
    plan.as_of = 5_000;
    let mut line = simple("c", From::Events(vec!["paid".into()]));
    line.span = Span::Month;
    let rows = vec![(Some(1_000), Pay::Share(200)), (None, Pay::Share(-10))];
    line.rate = Pays::Table(TableBy::Measure, Read::Retroactive, rows);
    plan.versions[0].components = vec![line];
    plan.versions[0].from = -10;
    plan.assignments.push(Assigned {
        id: "a".into(),
        person: "anna".into(),
        plan: plan.versions[0].plan.clone(),
        from: 0,
        until: None,
        salary: None,
        rates: BTreeMap::new(),
        quota: None,
    });
    let paid = |id: &str, minor| Told {
        id: id.into(),
        kind: "paid".into(),
        subject: id.into(),
        deal: None,
        hour: 5,
        people: vec![("seller".into(), "anna".into())],
        facts: [("amount".to_owned(), Fact::Money(minor, "RUB"))].into_iter().collect(),
        word: Word::News,
    };
    plan.events = vec![paid("x", 1_000)];
    assert_eq!(totals(&run(&plan)).0, 200);
    plan.events.push(paid("y", 1_000));
    assert_eq!(totals(&run(&plan)).0, -20);
}

#[test]
fn cutting_an_assignment_or_a_version_conserves_the_total() {
    for seed in 0..CASES {
        let mut dice = Dice(seed);
        let mut whole = firm(6_000_000 + seed, 20);
        let singles = |lines: &mut Vec<Line>| {
            lines.retain(|line| line.span == Span::Single || line.from == From::Calendar);
            for line in lines.iter_mut() {
                line.caps.clear();
                line.factors.clear();
            }
            if lines.is_empty() {
                lines.push(simple("c9", From::Events(vec!["paid".into()])));
            }
        };
        whole.versions.retain(|version| version.number == 1);
        for version in &mut whole.versions {
            version.cap = None;
            singles(&mut version.components);
        }
        for assigned in &mut whole.assignments {
            let lines = whole.versions.iter().flat_map(|version| &version.components);
            let codes: Vec<String> = lines.map(|line| line.code.clone()).collect();
            assigned.rates.retain(|code, _| codes.contains(code));
        }
        let mut cut = whole.clone();
        if dice.chance(50) && !cut.assignments.is_empty() {
            let place = usize::try_from(dice.up_to(cut.assignments.len() as i64)).unwrap();
            let first = &mut cut.assignments[place];
            let at = first.from + dice.between(1, 90);
            if first.until.is_none_or(|end| at < end) {
                let mut second = first.clone();
                second.id = format!("{}-second", first.id);
                second.from = at;
                first.until = Some(at);
                cut.assignments.push(second);
            }
        } else {
            let mut second = cut.versions[0].clone();
            second.number = 2;
            second.from = dice.between(-10, 100) * 24;
            cut.versions.push(second);
        }
        let by_person = |credits: Vec<Credit>| {
            let mut sums: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
            for credit in credits {
                let sum = sums
                    .entry((credit.key.person.to_string(), credit.key.component.to_string()))
                    .or_default();
                *sum = (sum.0 + credit.posted, sum.1 + credit.pending);
            }
            sums.retain(|_, sum| *sum != (0, 0));
            sums
        };
        assert_eq!(by_person(run(&cut)), by_person(run(&whole)), "seed {seed}");
    }
}

#[test]
fn parts_of_a_split_sum_to_the_whole_and_an_overlay_goes_beyond_it() {
    let mut compared = 0;
    for seed in 0.. {
        if compared >= CASES {
            break;
        }
        let mut split = firm(7_000_000 + seed, 40);
        for version in &mut split.versions {
            for line in &mut version.components {
                line.others = true;
            }
        }
        let mut whole = split.clone();
        for version in &mut whole.versions {
            for line in &mut version.components {
                // By a role that is there whenever the line pays at all.
                if line.span == Span::Single && !line.split.is_empty() {
                    line.split = vec![(line.by.clone(), 1, 1)];
                    line.overlay.clear();
                }
            }
        }
        // Two lines may have become twins of each other.
        let codes = |firm: &Firm| -> bool {
            firm.versions.iter().all(|version| {
                let shapes: Vec<String> = version
                    .components
                    .iter()
                    .map(|line| format!("{:?}{:?}{:?}", line.filter, line.measure, line.by))
                    .collect();
                (0..shapes.len()).all(|place| !shapes[..place].contains(&shapes[place]))
            })
        };
        if !codes(&whole) {
            continue;
        }
        let sums = |credits: &[Credit]| {
            let mut found: BTreeMap<String, (i64, i64)> = BTreeMap::new();
            let mut mixed: Vec<String> = Vec::new();
            for credit in credits.iter().filter(|credit| credit.subject.is_some()) {
                let parts = &credit.why.parts;
                if parts.iter().all(|part| part.is_overlay) {
                    continue;
                }
                let key = called(credit);
                let key = key.split_once('|').map(|(_, rest)| rest.to_owned()).unwrap_or(key);
                if parts.iter().any(|part| part.is_overlay) {
                    // What somebody with both has is not told apart here.
                    mixed.push(key.clone());
                }
                let sum = found.entry(key).or_default();
                *sum = (sum.0 + credit.posted, sum.1 + credit.pending);
            }
            found.retain(|key, sum| *sum != (0, 0) && !mixed.contains(key));
            found
        };
        let (parts, wholes) = (sums(&run(&split)), sums(&run(&whole)));
        for (key, sum) in &parts {
            assert_eq!(wholes.get(key), Some(sum), "seed {seed}: {key}");
            compared += 1;
        }
    }
}

#[test]
fn a_floor_by_days_is_what_every_day_of_the_month_has_of_it() {
    let share = component("c", "paid", r#"{"of":"amount"}"#, r#"{"share":"5 %"}"#, "");
    let mut shared = 0;
    for seed in 0..CASES {
        let mut dice = Dice(seed);
        let (mut assignments, mut stretches) = (Vec::new(), Vec::new());
        let mut day = dice.between(0, 40);
        for number in 0..dice.between(1, 5) {
            let (until, minor) = (day + dice.between(1, 30), dice.between(1, 1_000_000));
            let mut one = assigned(&format!("a{number}"), "anna", "p");
            one.from = moment(day * DAY);
            one.until = Some(moment(until * DAY));
            one.draw = Some(DrawTerms {
                floor: format!("{}.{:02} RUB", minor / 100, minor % 100).parse().unwrap(),
                recoverable: true,
                from: None,
                until: None,
                recover_from: None,
                recover_until: None,
                prorated: true,
            });
            assignments.push(one);
            stretches.push((day, until, minor));
            day = until + if dice.chance(30) { dice.between(1, 9) } else { 0 };
        }
        let rules = rules(vec![plan(&share)], assignments, vec![]);
        for (place, month) in rules.months().iter().enumerate() {
            let found = floor(&rules, &"anna".into(), &month.labels.month);
            let found = found.map_or(0, |one| one.draw.floor.minor);
            assert_eq!(found, naive_draw::floor(&stretches, place), "seed {seed}: {place}");
        }
        shared += usize::from(stretches.len() > 1);
    }
    assert!(shared > 1_000, "few months are shared: {shared}");
}
