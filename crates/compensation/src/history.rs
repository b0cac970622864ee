//! History: what events say once all of them are known. Order of arrival and repeated delivery
//! are gone here, and every word about another event has been applied.

use crate::hash::{Map, Set};
use std::borrow::Cow;

use ledger::Amount;

use crate::credit::Idle;
use crate::event::{Event, Facts, Word};
use crate::{Money, Name, Value};

/// One piece of news as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Happening<'a> {
    pub event: &'a Event,
    pub facts: Cow<'a, Facts>,
    pub people: Cow<'a, [(Name, Name)]>,
    /// The word that left it as if it never was.
    pub gone: Option<&'a Name>,
    /// Words that changed it, in the order in which they were applied.
    pub words: Vec<&'a Name>,
}

impl<'a> Happening<'a> {
    /// Who had a role.
    pub fn person(&self, role: &str) -> Option<&Name> {
        let named = self.people.iter().filter(|(known, _)| known.as_str() == role);
        named.map(|(_, person)| person).min()
    }
}

/// Every piece of news in order, and what is at its subjects.
#[derive(Debug)]
pub(crate) struct History<'a> {
    pub news: Vec<Happening<'a>>,
    /// Places of the news about a subject, of kinds that are asked for, in order.
    about: Map<&'a str, Vec<u32>>,
    /// Words that had nothing to say.
    pub idle: Vec<Idle>,
}

impl<'a> History<'a> {
    /// The history of events; `asked` are the kinds that are asked for by subject.
    pub fn new(events: &'a [Event], asked: &Set<&str>) -> Self {
        let (all, mut idle) = once_each(events);
        let mut news: Vec<Happening<'a>> = Vec::with_capacity(all.len());
        let mut words = Vec::new();
        for event in in_order(all) {
            if event.word.is_news() {
                news.push(Happening {
                    event,
                    facts: Cow::Borrowed(&event.facts),
                    people: Cow::Borrowed(&event.people),
                    gone: None,
                    words: Vec::new(),
                });
            } else {
                words.push(event);
            }
        }
        if !words.is_empty() {
            idle.extend(apply(&mut news, &words));
        }
        let mut about: Map<&str, Vec<u32>> = Map::default();
        for (place, happening) in news.iter().enumerate() {
            if asked.contains(happening.event.kind.as_str()) {
                // A slice of events has fewer than 2^32 of them in any memory there is.
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                about.entry(&happening.event.subject).or_default().push(place);
            }
        }
        Self { news, about, idle }
    }

    /// The news about a subject of the kinds that are asked for, in order.
    pub fn about(&self, subject: &str) -> impl Iterator<Item = &Happening<'a>> {
        let places = self.about.get(subject).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.news[*place as usize])
    }
}

/// By instant, and those of one instant by id; every id stands here once, so the order is total.
fn in_order(all: Vec<&Event>) -> Vec<&Event> {
    // The instants beside each other are compared faster than through each event.
    let mut keyed: Vec<(i64, &Event)> =
        all.into_iter().map(|event| (event.when.at, event)).collect();
    keyed
        .sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.id.cmp(&other.1.id)));
    keyed.into_iter().map(|(_, event)| event).collect()
}

/// Each id once; of two events with one id the lesser.
fn once_each(events: &[Event]) -> (Vec<&Event>, Vec<Idle>) {
    let mut places: Map<&str, usize> =
        Map::with_capacity_and_hasher(events.len(), Default::default());
    let mut all: Vec<&Event> = Vec::with_capacity(events.len());
    let mut clashes: Set<&Name> = Set::default();
    for event in events {
        let place = *places.entry(&event.id).or_insert(all.len());
        match all.get_mut(place) {
            None => all.push(event),
            Some(known) if *known == event => {}
            Some(known) => {
                *known = event.min(known);
                clashes.insert(&event.id);
            }
        }
    }
    let mut clashes: Vec<&Name> = clashes.into_iter().collect();
    clashes.sort();
    (all, clashes.into_iter().cloned().map(Idle::TwoWithOneId).collect())
}

/// Applies words to news: cancellations first, then corrections, then reversals.
fn apply<'a>(news: &mut [Happening<'a>], words: &[&'a Event]) -> Vec<Idle> {
    let mut places: Map<&str, usize> =
        Map::with_capacity_and_hasher(news.len(), Default::default());
    for (place, happening) in news.iter().enumerate() {
        places.insert(&happening.event.id, place);
    }
    let changing: Set<&str> = words
        .iter()
        .filter(|word| !matches!(word.word, Word::Cancels { .. }))
        .map(|word| word.id.as_str())
        .collect();
    let mut cancelled: Set<&str> = Set::default();
    let mut idle = Vec::new();
    for word in words {
        let Word::Cancels { event } = &word.word else { continue };
        if let Some(place) = places.get(event.as_str()) {
            news[*place].gone.get_or_insert(&word.id);
            news[*place].words.push(&word.id);
        } else if changing.contains(event.as_str()) {
            cancelled.insert(event);
        } else {
            idle.push(Idle::NamesNothing(word.id.clone()));
        }
    }
    for word in words.iter().filter(|word| !cancelled.contains(word.id.as_str())) {
        let Word::Corrects { event } = &word.word else { continue };
        match places.get(event.as_str()) {
            Some(place) => correct(&mut news[*place], word),
            None => idle.push(Idle::NamesNothing(word.id.clone())),
        }
    }
    for word in words.iter().filter(|word| !cancelled.contains(word.id.as_str())) {
        let Word::Reverses { event, fact, by } = &word.word else { continue };
        let found = places.get(event.as_str()).map(|place| &mut news[*place]);
        if !found.is_some_and(|happening| reverse(happening, word, (fact, *by))) {
            idle.push(Idle::NamesNothing(word.id.clone()));
        }
    }
    idle
}

fn correct<'a>(happening: &mut Happening<'a>, word: &'a Event) {
    if word.facts.iter().next().is_some() {
        let facts = happening.facts.to_mut();
        for (name, value) in word.facts.iter() {
            facts.set(name.clone(), value.clone());
        }
    }
    if !word.people.is_empty() {
        let people = happening.people.to_mut();
        people.retain(|(role, _)| word.people.iter().all(|(other, _)| other != role));
        people.extend(word.people.iter().cloned());
    }
    happening.words.push(&word.id);
}

/// Takes money back, but never below nothing; false where there is none to take.
fn reverse<'a>(happening: &mut Happening<'a>, word: &'a Event, back: (&Name, Money)) -> bool {
    let (fact, by) = back;
    let Some(Value::Money(before)) = happening.facts.get(fact) else { return false };
    if before.currency() != by.currency() || by.minor() < 1 {
        return false;
    }
    if before.minor() > 0 {
        let rest = (before.minor() - by.minor()).max(0);
        let money = Money(Amount::new(rest, before.currency()));
        happening.facts.to_mut().set(fact.clone(), Value::Money(money));
        if rest == 0 {
            happening.gone.get_or_insert(&word.id);
        }
    }
    happening.words.push(&word.id);
    true
}
