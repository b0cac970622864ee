//! Facts: what the engine of plans is told of an event, and what its rules may ask.
//!
//! Whose work it counts as is the role `person`. What was taken back is told as words about what
//! it takes back: a payment that was reversed, a check that was found wrong, a firm that had not
//! gone.

use std::collections::{BTreeMap, BTreeSet};

use compensation::{Day, Event, Facts, Labels, Moment, Name, Schema, Type, Value, Word};
use serde_json::Value as Json;

use super::trigger::{Trigger, paying};
use crate::events::{Kind, Recorded};
use crate::values::*;

/// The role of whoever an event counts for.
pub const PERSON: &str = "person";
/// The money an event moved.
const AMOUNT: &str = "amount";
/// For how many days a firm that came back had been gone.
pub const AWAY: &str = "away";

/// Facts a rule may ask, with their types; any may be missing.
const FACTS: [(&str, Type); 9] = [
    // Money the event moved.
    (AMOUNT, Type::Money),
    // The tier it happened in, and the one it went to.
    ("tier", Type::Whole),
    ("to_tier", Type::Whole),
    // Its coded reason.
    ("reason", Type::Text),
    // Whether its campaign paid for it then; true where no campaign says.
    ("target", Type::Boolean),
    // The campaign, by its id.
    ("campaign", Type::Text),
    // What was checked of a company, and with which result.
    ("field", Type::Text),
    ("result", Type::Text),
    // Days for which a firm that came back had been gone.
    (AWAY, Type::Whole),
];

/// Everything a plan may speak of.
pub fn schema() -> Schema {
    Schema {
        kinds: paying().into_iter().map(|kind| kind.code().into()).collect(),
        roles: BTreeSet::from([PERSON.into()]),
        facts: FACTS.map(|(name, kind)| (name.into(), kind)).into_iter().collect(),
    }
}

/// A sum as the engine has it.
pub fn sum(money: Money) -> Outcome<compensation::Money> {
    Ok(compensation::Money::new(money.minor, unit(money.currency)?))
}

/// A currency as the engine and the ledger have it.
pub fn unit(currency: Currency) -> Outcome<ledger::Currency> {
    ledger::Currency::new(currency.code()).map_err(Error::failure)
}

/// An instant with the day of the firm's calendar it lies on.
pub fn moment(at: Instant, zone: &Zone) -> Outcome<Moment> {
    Ok(Moment { at: at.ms(), day: day(at.day(zone))? })
}

/// A day as the engine has it.
pub fn day(date: jiff::civil::Date) -> Outcome<Day> {
    let part = |part: i8| u8::try_from(part).map_err(Error::failure);
    let (month, day) = (part(date.month())?, part(date.day())?);
    Day::of(i32::from(date.year()), month, day).map_err(Error::failure)
}

/// What a month, its quarter and its year are called.
pub fn labels(month: Month) -> Labels {
    let (year, number) = (month.first_day().year(), month.first_day().month());
    Labels {
        month: month.to_string().into(),
        quarter: format!("{year:04}-Q{}", (number - 1) / 3 + 1).into(),
        year: format!("{year:04}").into(),
    }
}

/// The month an event counts in: the one it names, as the keeping of a client does, or that of
/// its instant.
pub fn month_of(event: &Recorded, zone: &Zone) -> Month {
    let named = event.text("month");
    named.and_then(|month| month.parse().ok()).unwrap_or_else(|| Month::of(event.at, zone))
}

/// Events as the engine is told them. Every event of each subject has to be among them: what is
/// taken back is found there.
pub fn told<'a>(
    events: impl IntoIterator<Item = &'a Recorded>,
    zone: &Zone,
) -> Outcome<Vec<Event>> {
    let mut of_subject: BTreeMap<&str, Vec<&Recorded>> = BTreeMap::new();
    for event in events {
        of_subject.entry(&event.subject).or_default().push(event);
    }
    let mut all = Vec::new();
    for mut about in of_subject.into_values() {
        about.sort_by_key(|event| (event.at, event.id));
        about.dedup_by_key(|event| event.id);
        for event in &about {
            if Trigger::of_kind(event.kind).is_none() {
                continue;
            }
            let words = words(event, &about, zone)?;
            // One word has the event's own name, so that it can be found again by it.
            for (place, word) in words.into_iter().enumerate() {
                all.push(one(event, (place, word), zone)?);
            }
        }
    }
    Ok(all)
}

/// The product's event that an event of the engine was made of.
pub fn id_of(name: &Name) -> Option<EventId> {
    let id = name.split_once('#').map_or(name.as_str(), |(id, _)| id);
    id.parse().ok()
}

fn one(event: &Recorded, (place, word): (usize, Word), zone: &Zone) -> Outcome<Event> {
    let id = if place == 0 { event.id.to_string() } else { format!("{}#{place}", event.id) };
    let contract = contract(event);
    let person = event.person.map(|person| (PERSON.into(), person.to_string().into()));
    Ok(Event {
        id: id.into(),
        kind: event.kind.code().into(),
        subject: event.subject.as_str().into(),
        deal: contract.map(Name::from),
        when: moment(event.at, zone)?,
        labels: labels(month_of(event, zone)),
        people: person.into_iter().collect(),
        facts: if word.is_news() { facts(event)? } else { Facts::default() },
        word,
    })
}

fn contract(event: &Recorded) -> Option<&str> {
    event.text("contract")
}

/// The larger thing an event belongs to: the contract of a payment, or its subject.
pub fn deal_of(event: &Recorded) -> &str {
    contract(event).unwrap_or(&event.subject)
}

fn facts(event: &Recorded) -> Outcome<Facts> {
    let mut facts = Facts::default();
    let mut tell = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            facts.set(name.into(), value);
        }
    };
    let text = |text: &str| Value::Text(text.into());
    let detail = |name: &str| event.detail.get(name);
    tell(AMOUNT, event.amount.map(sum).transpose()?.map(Value::Money));
    tell("tier", event.tier.map(Value::Whole));
    tell("to_tier", detail("to_tier").and_then(Json::as_i64).map(Value::Whole));
    tell("reason", event.reason.as_deref().map(text));
    tell("target", Some(Value::Boolean(event.is_target())));
    tell("campaign", event.campaign.map(|id| Value::Text(id.to_string().into())));
    tell("field", event.text("field").map(text));
    tell("result", event.text("result").map(text));
    tell(AWAY, detail(AWAY).and_then(Json::as_i64).map(Value::Whole));
    Ok(facts)
}

/// What an event says of others of its subject; news where it says nothing of any.
fn words(event: &Recorded, about: &[&Recorded], zone: &Zone) -> Outcome<Vec<Word>> {
    let words = match event.kind {
        Kind::PaymentReversed => reverses(event, about)?.into_iter().collect(),
        Kind::CheckReversed => cancels(event, about, zone),
        Kind::ReturnUndone => undoes(about),
        _ => Vec::new(),
    };
    Ok(if words.is_empty() { vec![Word::News] } else { words })
}

/// A payment went back: so much of what was entered, or all of it where no sum is told.
fn reverses(event: &Recorded, about: &[&Recorded]) -> Outcome<Option<Word>> {
    let entered = about.iter().find(|other| other.kind == Kind::PaymentEntered);
    let Some((entered, before)) = entered.and_then(|one| Some((one, one.amount?))) else {
        return Ok(None);
    };
    let back = event.amount.unwrap_or(before);
    let by = sum(Money::new(back.minor.saturating_abs(), back.currency))?;
    Ok(Some(Word::Reverses { event: entered.id.to_string().into(), fact: AMOUNT.into(), by }))
}

/// The firm had not gone: it never came back.
fn undoes(about: &[&Recorded]) -> Vec<Word> {
    let returned = about.iter().filter(|other| other.kind == Kind::FirmReturned);
    returned.map(|other| Word::Cancels { event: other.id.to_string().into() }).collect()
}

/// A check was wrong: it never was. One that names no check says that none of the company's
/// stands any more in that month, or that others do.
fn cancels(event: &Recorded, about: &[&Recorded], zone: &Zone) -> Vec<Word> {
    let check = |event: &Recorded| event.text("check").map(str::to_owned);
    let (wrong, month) = (check(event), month_of(event, zone));
    let none_stands = event.reason.as_deref() == Some("none_stands");
    let is_gone = |other: &&&Recorded| match (&wrong, check(other)) {
        (Some(wrong), Some(check)) => *wrong == check,
        _ => {
            let is_before = (other.at, other.id) < (event.at, event.id);
            none_stands && is_before && month_of(other, zone) == month
        }
    };
    let verified = about.iter().filter(|other| other.kind == Kind::CompanyVerified);
    let gone = verified.filter(is_gone);
    gone.map(|other| Word::Cancels { event: other.id.to_string().into() }).collect()
}
