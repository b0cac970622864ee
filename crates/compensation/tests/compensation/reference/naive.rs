//! What every credit stands at, straight from the rules: who and what counts.

use std::collections::BTreeMap;

use super::fraction::F;
use super::naive_pay::Book;
use super::{
    Ask, Counts, Fact, Firm, From, Line, Once, Span, Told, Version, Whom, Word, label, month_of,
};

/// An event after all that was said of it.
#[derive(Debug, Clone)]
pub struct Stood {
    pub told: Told,
    pub is_gone: bool,
}

/// One event looked at by one line of one version in one assignment.
#[derive(Debug, Clone)]
pub struct Look {
    pub event: usize,
    pub assignment: usize,
    pub version: usize,
    pub line: usize,
    pub part: usize,
    pub share: F,
    /// None where it does not count.
    pub measure: Option<F>,
    pub is_told_before: bool,
}

pub fn stand(events: &[Told]) -> Vec<Stood> {
    let mut by_id: BTreeMap<(i64, String), Told> = BTreeMap::new();
    for told in events {
        by_id.insert((told.hour, told.id.clone()), told.clone());
    }
    let all: Vec<Told> = by_id.into_values().collect();
    let news = |told: &&Told| matches!(told.word, Word::News);
    let mut stood: Vec<Stood> =
        all.iter().filter(news).map(|told| Stood { told: told.clone(), is_gone: false }).collect();
    let mut void: Vec<&str> = Vec::new();
    for told in &all {
        if let Word::Cancels(id) = &told.word {
            for one in stood.iter_mut().filter(|one| one.told.id == *id) {
                one.is_gone = true;
            }
            void.push(id);
        }
    }
    let in_force = |told: &&Told| {
        // Only corrections and reversals can be cancelled beside news.
        matches!(told.word, Word::Cancels(_)) || !void.contains(&told.id.as_str())
    };
    for told in all.iter().filter(in_force) {
        if let Word::Corrects(id) = &told.word {
            for one in stood.iter_mut().filter(|one| one.told.id == *id) {
                for (name, fact) in &told.facts {
                    one.told.facts.insert(name.clone(), fact.clone());
                }
                one.told.people.retain(|(role, _)| !told.people.iter().any(|(r, _)| r == role));
                one.told.people.extend(told.people.iter().cloned());
            }
        }
    }
    for told in all.iter().filter(in_force) {
        if let Word::Reverses(id, by) = &told.word {
            for one in stood.iter_mut().filter(|one| one.told.id == *id) {
                if let Some(Fact::Money(before, "RUB")) = one.told.facts.get("amount").cloned()
                    && before > 0
                {
                    let rest = (before - by).max(0);
                    one.told.facts.insert("amount".into(), Fact::Money(rest, "RUB"));
                    one.is_gone |= rest == 0;
                }
            }
        }
    }
    stood
}

/// What a question comes to; nothing where a fact is missing or money is of another currency.
pub fn ask(question: &Ask, facts: &BTreeMap<String, Fact>) -> Option<bool> {
    match question {
        Ask::UnitsAtLeast(least) => match facts.get("units")? {
            Fact::Whole(units) => Some(units >= least),
            _ => None,
        },
        Ask::AmountAbove(minor) => match facts.get("amount")? {
            Fact::Money(amount, "RUB") => Some(amount > minor),
            _ => None,
        },
        Ask::ProductIn(list) => match facts.get("product")? {
            Fact::Text(product) => Some(list.contains(product)),
            _ => None,
        },
        Ask::Has(fact) => Some(facts.contains_key(fact)),
        Ask::HeldWithin(days) => match (facts.get("held_on")?, facts.get("booked_on")?) {
            (Fact::Day(held), Fact::Day(booked)) => Some(held - booked <= *days),
            _ => None,
        },
        Ask::QualityBelow(percent) => match facts.get("quality")? {
            Fact::Percent(quality) => Some(quality < percent),
            _ => None,
        },
        Ask::Not(part) => ask(part, facts).map(|is_true| !is_true),
        Ask::Both(one, other) => match ask(one, facts)? {
            false => Some(false),
            true => ask(other, facts),
        },
        Ask::Either(one, other) => match ask(one, facts)? {
            true => Some(true),
            false => ask(other, facts),
        },
    }
}

fn measure(line: &Line, stood: &Stood) -> Option<F> {
    let facts = &stood.told.facts;
    if stood.is_gone || line.last_day.is_some_and(|last| stood.told.hour / 24 > last) {
        return None;
    }
    if let Some(filter) = &line.filter
        && !ask(filter, facts)?
    {
        return None;
    }
    let amount = || match facts.get("amount")? {
        Fact::Money(minor, "RUB") => Some(F::whole(*minor)),
        _ => None,
    };
    let units = || match facts.get("units")? {
        Fact::Whole(units) => Some(*units),
        _ => None,
    };
    match line.measure {
        Counts::One => Some(F::ONE),
        Counts::Amount => amount(),
        Counts::PartOfAmount(percent) => Some(amount()?.mul(F::new(percent, 100))),
        Counts::AmountLess(most) => {
            let amount = amount()?;
            match facts.get("margin")? {
                Fact::Money(margin, "RUB") => Some(amount.sub(F::whole((*margin).min(most)))),
                _ => None,
            }
        }
        Counts::Units => units().map(F::whole),
        Counts::UnitsAtLeast(least) => units().map(|units| F::whole(units.max(least))),
        Counts::Result | Counts::Days => None,
    }
}

pub fn person(stood: &Stood, role: &str) -> Option<String> {
    let named = stood.told.people.iter().filter(|(known, _)| known == role);
    named.map(|(_, person)| person.clone()).min()
}

pub fn whom(firm: &Firm, stood: &Stood, whom: &Whom) -> Option<String> {
    let person = person(stood, &whom.0)?;
    if !whom.1 {
        return Some(person);
    }
    let leads = |one: &&(String, String, i64, i64)| {
        one.0 == person && one.2 <= stood.told.hour && stood.told.hour < one.3
    };
    firm.heads.iter().filter(leads).map(|one| one.1.clone()).min()
}

/// Who shares: place, person, share, whether beyond the whole.
pub fn shares(firm: &Firm, line: &Line, stood: &Stood) -> Vec<(usize, String, F, bool)> {
    let mut found = Vec::new();
    let mut sum = F::NONE;
    for (place, (who, over, under)) in line.split.iter().enumerate() {
        if let Some(person) = whom(firm, stood, who) {
            sum = sum.add(F::new(*over, *under));
            found.push((place, person, F::new(*over, *under), false));
        }
    }
    if line.others {
        for one in &mut found {
            one.2 = one.2.div(sum);
        }
    }
    for (place, (who, over, under)) in line.overlay.iter().enumerate() {
        if let Some(person) = whom(firm, stood, who) {
            let share = F::new(*over, *under);
            found.push((line.split.len() + place, person, share, true));
        }
    }
    found
}

pub fn version_at(firm: &Firm, plan: &str, hour: i64) -> Option<usize> {
    let mut found: Option<usize> = None;
    for (place, version) in firm.versions.iter().enumerate() {
        let is_later = found.is_none_or(|best| firm.versions[best].number < version.number);
        if version.plan == plan && version.from <= hour && is_later {
            found = Some(place);
        }
    }
    found
}

/// The hour at which a version ends, if any does.
pub fn version_ends(firm: &Firm, version: &Version) -> Option<i64> {
    let later = firm.versions.iter().filter(|v| v.plan == version.plan);
    later.filter(|v| v.number > version.number).map(|v| v.from).min()
}

fn looks(firm: &Firm, stood: &[Stood]) -> Vec<Look> {
    let mut all = Vec::new();
    for (event, one) in stood.iter().enumerate() {
        for (assignment, who) in firm.assignments.iter().enumerate() {
            let hour = one.told.hour;
            let covers = who.from * 24 <= hour && who.until.is_none_or(|end| hour < end * 24);
            let Some(version) = version_at(firm, &who.plan, hour).filter(|_| covers) else {
                continue;
            };
            for (line_at, line) in firm.versions[version].components.iter().enumerate() {
                let From::Events(kinds) = &line.from else { continue };
                if !kinds.contains(&one.told.kind) {
                    continue;
                }
                let mut parts: Vec<(usize, F)> = Vec::new();
                if line.span == Span::Single {
                    if whom(firm, one, &line.by).as_ref() == Some(&who.person) {
                        parts.push((99, F::ONE));
                    }
                } else {
                    for (place, person, share, _) in shares(firm, line, one) {
                        if person == who.person {
                            parts.push((place, share));
                        }
                    }
                }
                for (part, share) in parts {
                    let measure = measure(line, one);
                    let is_told_before = false;
                    all.push(Look {
                        event,
                        assignment,
                        version,
                        line: line_at,
                        part,
                        share,
                        measure,
                        is_told_before,
                    });
                }
            }
        }
    }
    let told: Vec<Option<String>> = all.iter().map(|look| once(firm, stood, look)).collect();
    for place in 0..all.len() {
        let earlier = (0..place).any(|before| {
            told[place].is_some()
                && told[before] == told[place]
                && all[before].event < all[place].event
                && all[before].measure.is_some()
        });
        all[place].is_told_before = earlier;
    }
    all
}

fn once(firm: &Firm, stood: &[Stood], look: &Look) -> Option<String> {
    let version = &firm.versions[look.version];
    let line = &version.components[look.line];
    let told = &stood[look.event].told;
    let month = match line.once {
        Once::Event => return None,
        Once::Subject => String::new(),
        Once::SubjectInMonth => label(Span::Month, month_of(told.hour / 24)),
    };
    Some(format!("{}|{}|{}|{}|{month}", version.plan, line.code, look.part, told.subject))
}

/// Every amount that is not nought.
pub fn amounts(firm: &Firm) -> super::Amounts {
    let stood = stand(&firm.events);
    let looks = looks(firm, &stood);
    let mut found = super::Amounts::new();
    for assignment in 0..firm.assignments.len() {
        for version in 0..firm.versions.len() {
            if firm.versions[version].plan == firm.assignments[assignment].plan {
                let mine: Vec<&Look> = looks
                    .iter()
                    .filter(|look| look.assignment == assignment && look.version == version)
                    .collect();
                Book::new(firm, &stood, (assignment, version), &mine).pay(&mut found);
            }
        }
    }
    found.retain(|_, amount| *amount != (0, 0));
    found
}
