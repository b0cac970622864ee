//! Made-up firms from a seed: every rule there is, in small.

use std::collections::BTreeMap;

use super::{
    Ask, Assigned, CapOver, Counts, Door, Fact, Figure, Firm, From, Height, Line, Once, Pay, Pays,
    Read, Rounds, Span, StageOf, TableBy, Times, Told, Version, Whom, Word,
};

/// SplitMix64 of G. Steele, D. Lea and C. Flood, "Fast Splittable Pseudorandom Number Generators".
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
    pub fn up_to(&mut self, end: i64) -> i64 {
        i64::try_from(self.roll() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.up_to(to - from + 1)
    }
    pub fn chance(&mut self, percent: i64) -> bool {
        self.up_to(100) < percent
    }
    pub fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.up_to(i64::try_from(all.len()).unwrap())).unwrap()].clone()
    }
}

const TRIGGERS: [&str; 4] = ["paid", "signed", "booked", "held"];
const KINDS: [&str; 10] = [
    "paid", "signed", "booked", "held", "missed", "accepted", "rejected", "left", "scored",
    "called",
];
const ROLES: [&str; 3] = ["seller", "finder", "caller"];
const PEOPLE: [&str; 4] = ["anna", "boris", "vera", "gleb"];
const PRODUCTS: [&str; 3] = ["crm", "site", "ads"];
/// The hours in which things happen: four months.
const HOURS: i64 = 120 * 24;

pub fn firm(seed: u64, events: i64) -> Firm {
    let mut dice = Dice(seed);
    let mut versions = Vec::new();
    for plan in ["one", "two"] {
        versions.push(version(&mut dice, plan, 1, -8_760));
        if dice.chance(40) {
            let from = dice.between(10, 100) * 24;
            versions.push(version(&mut dice, plan, 2, from));
        }
    }
    let mut assignments = Vec::new();
    for person in PEOPLE {
        for plan in ["one", "two"] {
            if dice.chance(85) {
                let id = format!("{person}-{plan}");
                assignments.push(assigned(&mut dice, id, person, plan, &versions));
            }
        }
    }
    let mut heads = Vec::new();
    for person in PEOPLE {
        for _ in 0..dice.up_to(3) {
            let head = dice.one(&["anna", "boris", "chief", "deputy"]);
            if head != person {
                let from = dice.between(-100, HOURS);
                heads.push((person.into(), head.into(), from, from + dice.between(1, HOURS)));
            }
        }
    }
    let mut told = Vec::new();
    for number in 0..dice.between(1, events) {
        told.push(event(&mut dice, number));
    }
    for _ in 0..dice.up_to(4) {
        let again: Told = dice.one(&told);
        told.push(again);
    }
    for place in (1..told.len()).rev() {
        let other = usize::try_from(dice.up_to(i64::try_from(place + 1).unwrap())).unwrap();
        told.swap(place, other);
    }
    Firm { versions, assignments, heads, events: told, as_of: dice.between(0, 6_000) }
}

fn version(dice: &mut Dice, plan: &str, number: usize, from: i64) -> Version {
    let rounding = dice.one(&[Rounds::Up, Rounds::Even, Rounds::Down]);
    let cap = dice.chance(15).then(|| dice.between(1, 30_000));
    let mut components: Vec<Line> = Vec::new();
    for place in 0..dice.between(1, 4) {
        let line = line(dice, format!("c{place}"), &components);
        components.push(line);
    }
    if dice.chance(25) {
        components.push(plain("salary", From::Calendar, Counts::Days, Span::Month, Pays::Salary));
    }
    // Two components that would pay the same in the same way are refused; keep the first.
    let mut kept: Vec<Line> = Vec::new();
    for line in components {
        let is_twin = kept.iter().any(|other| {
            let meets = match (&other.from, &line.from) {
                (From::Events(one), From::Events(other)) => one.iter().any(|k| other.contains(k)),
                (one, other) => one == other,
            };
            meets && format!("{:?}", shape(other)) == format!("{:?}", shape(&line))
        });
        let follows = |code: &String| kept.iter().any(|other| other.code == *code);
        let is_whole = match &line.from {
            From::Result(code) => follows(code),
            _ => true,
        };
        let has_figures = line.factors.iter().all(|times| match &times.by {
            Figure::Attainment(code) => *code == line.code || follows(code),
            Figure::Score => true,
        });
        if !is_twin && is_whole && has_figures {
            kept.push(line);
        }
    }
    // The order in which they are written is not the order in which they follow.
    if dice.chance(50) {
        kept.reverse();
    }
    Version { plan: plan.into(), number, from, rounding, cap, components: kept }
}

/// What makes two components alike.
fn shape(line: &Line) -> impl std::fmt::Debug + '_ {
    let rate = match line.rate {
        Pays::Each(_) => 1,
        Pays::Share(_) => 2,
        Pays::Table(..) => 3,
        Pays::Milestone(..) => 4,
        Pays::OneTime(_) => 5,
        Pays::Salary => 6,
    };
    let payees = (&line.by, &line.split, &line.overlay, line.others);
    (format!("{:?}", line.filter), line.measure, line.span, rate, payees)
}

fn plain(code: &str, from: From, measure: Counts, span: Span, rate: Pays) -> Line {
    Line {
        code: code.into(),
        from,
        filter: None,
        measure,
        span,
        once: Once::Event,
        rate,
        has_quota: false,
        cliff: None,
        factors: Vec::new(),
        gate: None,
        caps: Vec::new(),
        last_day: None,
        by: ("seller".into(), false),
        split: Vec::new(),
        overlay: Vec::new(),
        others: false,
        clawback: false,
    }
}

fn question(dice: &mut Dice, deep: i64) -> Ask {
    let kinds = if deep > 0 { 9 } else { 6 };
    match dice.up_to(kinds) {
        0 => Ask::UnitsAtLeast(dice.between(-1, 6)),
        1 => Ask::AmountAbove(dice.between(0, 60_000)),
        2 => Ask::ProductIn(vec![dice.one(&PRODUCTS).into(), dice.one(&PRODUCTS).into()]),
        3 => Ask::Has(dice.one(&["units", "amount", "product", "quality"]).into()),
        4 => Ask::HeldWithin(dice.between(-3, 10)),
        5 => Ask::QualityBelow(dice.between(0, 120)),
        6 => Ask::Not(Box::new(question(dice, deep - 1))),
        7 => Ask::Both(Box::new(question(dice, deep - 1)), Box::new(question(dice, deep - 1))),
        _ => Ask::Either(Box::new(question(dice, deep - 1)), Box::new(question(dice, deep - 1))),
    }
}

fn line(dice: &mut Dice, code: String, before: &[Line]) -> Line {
    let mut line = plain(&code, From::Calendar, Counts::One, Span::Single, Pays::Salary);
    line.span = dice.one(&[
        Span::Single,
        Span::Single,
        Span::Single,
        Span::Month,
        Span::Month,
        Span::Quarter,
        Span::Year,
        Span::Term,
    ]);
    let measured: Vec<&Line> = before
        .iter()
        .filter(|other| other.span == Span::Single || other.span == line.span)
        .collect();
    if line.span != Span::Single && !measured.is_empty() && dice.chance(20) {
        line.from = From::Result(dice.one(&measured).code.clone());
        line.measure = Counts::Result;
    } else {
        let mut kinds = vec![dice.one(&TRIGGERS).to_owned()];
        if dice.chance(25) {
            kinds.push("called".into());
        }
        line.from = From::Events(kinds);
        line.measure = match dice.up_to(7) {
            0 | 1 => Counts::One,
            2 | 3 => Counts::Amount,
            4 => Counts::PartOfAmount(dice.between(1, 120)),
            5 => Counts::AmountLess(dice.between(0, 3_000)),
            _ => dice.one(&[Counts::Units, Counts::UnitsAtLeast(2)]),
        };
        line.filter = dice.chance(35).then(|| question(dice, 2));
        line.once = dice.one(&[Once::Event, Once::Event, Once::Subject, Once::SubjectInMonth]);
        line.gate = dice.chance(40).then(|| door(dice));
        line.clawback = line.gate.is_some() && dice.chance(30);
        line.last_day = dice.chance(15).then(|| dice.between(0, 120));
        payees(dice, &mut line);
    }
    line.has_quota = line.span != Span::Single && dice.chance(60);
    line.rate = rate(dice, &line);
    line.cliff = dice.chance(15).then(|| height(dice, &line));
    factors(dice, &mut line, before);
    caps(dice, &mut line);
    line
}

fn factors(dice: &mut Dice, line: &mut Line, before: &[Line]) {
    for _ in 0..dice.up_to(3) {
        let mut figures = vec![Figure::Score];
        if line.has_quota {
            figures.push(Figure::Attainment(line.code.clone()));
        }
        for other in before.iter().filter(|other| other.has_quota) {
            if line.span == Span::Single || line.span == other.span {
                figures.push(Figure::Attainment(other.code.clone()));
            }
        }
        if dice.chance(40) {
            let by = dice.one(&figures);
            let rows = ends(dice, 150).into_iter().map(|end| (end, dice.between(0, 200)));
            let rows = rows.collect();
            line.factors.push(Times { by, rows, unknown: dice.between(0, 150) });
        }
    }
}

fn caps(dice: &mut Dice, line: &mut Line) {
    let overs = [
        (CapOver::Amount, Span::Single),
        (CapOver::Deal, Span::Single),
        (CapOver::Month, Span::Month),
        (CapOver::Quarter, Span::Quarter),
        (CapOver::Year, Span::Year),
        (CapOver::Component, Span::Term),
    ];
    for (over, span) in overs {
        let is_fit = match over {
            CapOver::Amount => true,
            CapOver::Deal => line.span == Span::Single,
            _ => span >= line.span,
        };
        if is_fit && dice.chance(12) {
            line.caps.push((over, dice.between(1, 20_000)));
        }
    }
}

/// Rising upper ends, the last open.
fn ends(dice: &mut Dice, most: i64) -> Vec<Option<i64>> {
    let mut found = Vec::new();
    let mut end = 0;
    for _ in 0..dice.up_to(4) {
        end += dice.between(1, most / 2);
        found.push(Some(end));
    }
    found.push(None);
    found
}

fn height(dice: &mut Dice, line: &Line) -> Height {
    if line.has_quota && dice.chance(40) {
        return Height::Percent(dice.between(1, 150));
    }
    if line.measure.is_money() {
        Height::Money(dice.between(1, 60_000))
    } else {
        Height::Count(dice.between(1, 6))
    }
}

fn rate(dice: &mut Dice, line: &Line) -> Pays {
    let is_event = matches!(line.from, From::Events(_));
    let is_money = line.measure.is_money();
    loop {
        match dice.up_to(7) {
            0 if is_event => return Pays::Each(dice.between(1, 5_000)),
            1 if is_money => return Pays::Share(dice.between(1, 300)),
            2 => {
                let height = height(dice, line);
                return Pays::Milestone(height, dice.between(1, 9_000));
            }
            3 if is_event && line.span != Span::Single => {
                return Pays::OneTime(dice.between(1, 9_000));
            }
            4..=6 => return table(dice, line),
            _ => {}
        }
    }
}

fn table(dice: &mut Dice, line: &Line) -> Pays {
    let is_event = matches!(line.from, From::Events(_));
    let mut bys = vec![TableBy::Measure];
    if is_event {
        bys.push(TableBy::Count);
    }
    if line.has_quota {
        bys.extend([TableBy::Attainment; 2]);
    }
    let by = dice.one(&bys);
    let read = dice.one(&[Read::Marginal, Read::Marginal, Read::Retroactive, Read::Lump]);
    let is_money = line.measure.is_money();
    let most = match by {
        TableBy::Attainment => 150,
        TableBy::Measure if is_money => 60_000,
        TableBy::Measure | TableBy::Count => 6,
    };
    let has_negative = dice.chance(25);
    let rows = ends(dice, most).into_iter().map(|end| {
        let low = if has_negative { -200 } else { 0 };
        let may_be_money = is_event || read == Read::Lump;
        let is_share = read != Read::Lump && is_money && (!may_be_money || dice.chance(60));
        let pay = if is_share {
            Pay::Share(dice.between(low, 300))
        } else {
            Pay::Money(dice.between(low * 10, 5_000))
        };
        (end, pay)
    });
    Pays::Table(by, read, rows.collect())
}

fn door(dice: &mut Dice) -> Door {
    let stages = dice.between(1, 3);
    let mut left = 100;
    let mut take = |dice: &mut Dice, is_last: bool| {
        let part = if is_last { left } else { dice.between(0, left) };
        left -= part;
        part
    };
    let at_once = take(dice, false);
    let made = (0..stages).map(|stage| {
        let releases = take(dice, stage + 1 == stages);
        let mut words: Vec<(String, Option<Ask>, bool, bool)> = Vec::new();
        for _ in 0..dice.between(1, 3) {
            let kind = dice.one(&["held", "missed", "accepted", "rejected", "left"]);
            let question = dice.chance(25).then(|| question(dice, 1));
            let word = (kind.to_owned(), question, dice.chance(60), dice.chance(30));
            let is_new = words.iter().all(|other| format!("{other:?}") != format!("{word:?}"));
            if is_new {
                words.push(word);
            }
        }
        let limit = dice.chance(50).then(|| (dice.between(1, 900), dice.chance(60)));
        StageOf { releases, words, limit }
    });
    Door { at_once, stages: made.collect() }
}

fn payees(dice: &mut Dice, line: &mut Line) {
    let whom = |dice: &mut Dice| -> Whom { (dice.one(&ROLES).to_owned(), dice.chance(20)) };
    line.by = whom(dice);
    let mut found: Vec<Whom> = Vec::new();
    for _ in 0..dice.between(1, 3) {
        let next = whom(dice);
        if !found.contains(&next) {
            found.push(next);
        }
    }
    let shares: Vec<(i64, i64)> = match found.len() {
        1 => vec![(1, 1)],
        2 => dice.one(&[vec![(1, 3), (2, 3)], vec![(3, 10), (7, 10)], vec![(1, 2), (1, 2)]]),
        _ => dice.one(&[vec![(1, 3); 3], vec![(1, 2), (1, 6), (1, 3)]]),
    };
    line.split =
        found.iter().cloned().zip(shares).map(|(who, share)| (who, share.0, share.1)).collect();
    if dice.chance(30) {
        let next = whom(dice);
        if !found.contains(&next) {
            line.overlay.push((next, dice.between(1, 30), 100));
        }
    }
    line.others = dice.chance(50);
}

fn assigned(
    dice: &mut Dice,
    id: String,
    person: &str,
    plan: &str,
    versions: &[Version],
) -> Assigned {
    let from = if dice.chance(50) { -30 } else { dice.between(0, 60) };
    let until = dice.chance(30).then(|| from.max(0) + dice.between(1, 120));
    let lines: Vec<&Line> =
        versions.iter().filter(|v| v.plan == plan).flat_map(|v| &v.components).collect();
    let mut rates = BTreeMap::new();
    for line in &lines {
        let fits = |other: &Line, money: bool| match other.rate {
            Pays::Each(_) | Pays::OneTime(_) | Pays::Milestone(..) => money,
            Pays::Share(_) => !money,
            _ => false,
        };
        for money in [true, false] {
            let same = lines.iter().filter(|other| other.code == line.code);
            if same.clone().all(|other| fits(other, money)) && dice.chance(20) {
                let own = dice.between(1, 400);
                let own = if money { Pay::Money(own * 10) } else { Pay::Share(own) };
                rates.insert(line.code.clone(), own);
            }
        }
    }
    // One quota for all components that are held against one, where all count the same.
    let held: Vec<bool> =
        lines.iter().filter(|l| l.has_quota).map(|l| l.measure.is_money()).collect();
    let is_money = held.first().copied().unwrap_or(false);
    let is_one_kind = held.iter().all(|kind| *kind == is_money);
    let quota = (is_one_kind && dice.chance(85)).then(|| {
        let target = if is_money { dice.between(1_000, 90_000) } else { dice.between(1, 12) };
        let ramp = (0..dice.up_to(4)).map(|_| dice.between(10, 120)).collect();
        (target, is_money, ramp, dice.chance(50))
    });
    let salary = dice.chance(60).then(|| dice.between(0, 100_000));
    Assigned { id, person: person.into(), plan: plan.into(), from, until, salary, rates, quota }
}

fn event(dice: &mut Dice, number: i64) -> Told {
    let mut people = Vec::new();
    for role in ROLES {
        if dice.chance(65) {
            people.push((role.to_owned(), dice.one(&PEOPLE).to_owned()));
        }
    }
    if dice.chance(5) {
        people.push(("seller".into(), dice.one(&PEOPLE).into()));
    }
    let mut facts = BTreeMap::new();
    if dice.chance(85) {
        let currency = if dice.chance(95) { "RUB" } else { "EUR" };
        let minor = if dice.chance(5) { -dice.up_to(5_000) } else { dice.between(0, 50_000) };
        facts.insert("amount".into(), Fact::Money(minor, currency));
    }
    if dice.chance(80) {
        facts.insert("margin".into(), Fact::Money(dice.between(0, 5_000), "RUB"));
    }
    if dice.chance(80) {
        facts.insert("units".into(), Fact::Whole(dice.between(-1, 6)));
    }
    if dice.chance(80) {
        facts.insert("product".into(), Fact::Text(dice.one(&PRODUCTS).into()));
    }
    if dice.chance(80) {
        facts.insert("quality".into(), Fact::Percent(dice.between(0, 130)));
    }
    for fact in ["held_on", "booked_on"] {
        if dice.chance(70) {
            facts.insert(fact.into(), Fact::Day(dice.between(0, 30)));
        }
    }
    let target = format!("e{}", dice.up_to(number + 6));
    let word = match dice.up_to(100) {
        0..=5 => Word::Cancels(target),
        6..=11 => Word::Corrects(target),
        12..=19 => Word::Reverses(target, dice.between(1, 40_000)),
        _ => Word::News,
    };
    if !matches!(word, Word::News) && dice.chance(60) {
        people.clear();
    }
    Told {
        id: format!("e{number}"),
        kind: if dice.chance(60) { dice.one(&TRIGGERS) } else { dice.one(&KINDS) }.into(),
        subject: format!("s{}", dice.up_to(8)),
        deal: dice.chance(50).then(|| format!("d{}", dice.up_to(3))),
        hour: dice.up_to(HOURS),
        people,
        facts,
        word,
    }
}
