//! A firm to test with: its schema, its calendar, and short ways to say events and plans.

use compensation::{
    Assignment, Credit, Day, Event, Facts, Headship, Labels, Limits, Moment, Month, Name, Plan,
    Rules, Schema, Type, Word,
};

pub const DAY: i64 = 86_400_000;
/// 2026-01-01 in a firm on UTC.
pub const FIRST_DAY: i32 = 20_454;

pub fn schema() -> Schema {
    let names = |all: &[&str]| all.iter().map(|name| Name::from(*name)).collect();
    let facts = [
        ("amount", Type::Money),
        ("margin", Type::Money),
        ("units", Type::Whole),
        ("term_months", Type::Whole),
        ("product", Type::Text),
        ("is_new", Type::Boolean),
        ("quality", Type::Share),
        ("discount", Type::Share),
        ("booked_on", Type::Day),
        ("held_on", Type::Day),
    ];
    Schema {
        kinds: names(&[
            "paid", "signed", "booked", "held", "missed", "accepted", "rejected", "left", "scored",
            "called",
        ]),
        roles: names(&["caller", "seller", "finder"]),
        facts: facts.map(|(name, kind)| (Name::from(name), kind)).into_iter().collect(),
    }
}

/// The moment so many milliseconds after the first instant of 2026.
pub fn moment(after: i64) -> Moment {
    let day = FIRST_DAY + i32::try_from(after.div_euclid(DAY)).unwrap();
    Moment { at: i64::from(FIRST_DAY) * DAY + after, day: Day::new(day).unwrap() }
}

pub fn labels(day: Day) -> Labels {
    let (year, month, _) = day.parts();
    Labels {
        month: format!("{year}-{month:02}").into(),
        quarter: format!("{year}-Q{}", (month - 1) / 3 + 1).into(),
        year: year.to_string().into(),
    }
}

/// The months of 2026.
pub fn months() -> Vec<Month> {
    let first = |number: u8| Day::of(2026 + i32::from(number / 12), number % 12 + 1, 1).unwrap();
    let made = (0..12).map(|number| {
        let (begin, end) = (first(number), first(number + 1));
        Month {
            labels: labels(begin),
            first: begin,
            days: u16::try_from(end.count() - begin.count()).unwrap(),
            ends_at: i64::from(end.count()) * DAY,
        }
    });
    made.collect()
}

/// An instant after everything.
pub const LATE: i64 = (FIRST_DAY as i64 + 400) * DAY;

/// News: id, kind, subject, day after the first, people and facts as `role=person`, `fact: value`.
pub fn news(id: &str, kind: &str, subject: &str, day: i64, people: &[(&str, &str)]) -> Event {
    let when = moment(day * DAY);
    Event {
        id: id.into(),
        kind: kind.into(),
        subject: subject.into(),
        deal: None,
        when,
        labels: labels(when.day),
        people: people.iter().map(|(role, who)| ((*role).into(), (*who).into())).collect(),
        facts: Facts::default(),
        word: Word::News,
    }
}

pub trait Told {
    fn with(self, fact: &str, value: &str) -> Self;
    fn says(self, word: Word) -> Self;
    fn of(self, deal: &str) -> Self;
}

impl Told for Event {
    fn with(mut self, fact: &str, value: &str) -> Self {
        self.facts.set(fact.into(), value.parse().unwrap());
        self
    }
    fn says(mut self, word: Word) -> Self {
        self.word = word;
        self
    }
    fn of(mut self, deal: &str) -> Self {
        self.deal = Some(deal.into());
        self
    }
}

pub fn cancels(event: &str) -> Word {
    Word::Cancels { event: event.into() }
}

pub fn corrects(event: &str) -> Word {
    Word::Corrects { event: event.into() }
}

pub fn reverses(event: &str, by: &str) -> Word {
    Word::Reverses { event: event.into(), fact: "amount".into(), by: by.parse().unwrap() }
}

/// A version in roubles from the first instant, with these components as JSON.
pub fn plan(components: &str) -> Plan {
    serde_json::from_str(&format!(
        r#"{{"plan":"p","version":1,"from":{{"at":0,"day":"2025-01-01"}},"currency":"RUB",
        "rounding":"half_up","components":[{components}]}}"#
    ))
    .unwrap()
}

/// A component of one payee, told briefly; `more` is JSON of further fields with a comma before.
pub fn component(code: &str, on: &str, measure: &str, rate: &str, more: &str) -> String {
    let period = if more.contains("\"period\"") { "" } else { r#","period":"event""# };
    let payees = if more.contains("\"payees\"") {
        String::new()
    } else {
        r#","payees":{"by":{"role":"seller"},"split":[{"who":{"role":"seller"},"share":"100 %"}]}"#
            .to_owned()
    };
    format!(
        r#"{{"code":"{code}","on":{{"events":["{on}"]}},"measure":{measure},"rate":{rate}
        {period}{payees}{more}}}"#
    )
}

pub fn assigned(id: &str, person: &str, plan: &str) -> Assignment {
    Assignment {
        id: id.into(),
        person: person.into(),
        plan: plan.into(),
        from: moment(0),
        until: None,
        salary: None,
        rates: Default::default(),
        quotas: Default::default(),
        draw: None,
    }
}

pub fn rules(plans: Vec<Plan>, assignments: Vec<Assignment>, heads: Vec<Headship>) -> Rules {
    let published = plans.into_iter().map(|plan| {
        plan.publish(&schema(), &Limits::default()).unwrap_or_else(|faults| panic!("{faults:?}"))
    });
    Rules::new(published.collect(), assignments, heads, months()).unwrap()
}

/// A firm of Anna, by this plan.
pub fn anna(components: &str) -> Rules {
    rules(vec![plan(components)], vec![assigned("a", "anna", "p")], vec![])
}

pub fn posted(credits: &[Credit]) -> i64 {
    credits.iter().map(|credit| credit.posted).sum()
}

pub fn pending(credits: &[Credit]) -> i64 {
    credits.iter().map(|credit| credit.pending).sum()
}

pub fn of<'a>(credits: &'a [Credit], person: &str) -> Vec<&'a Credit> {
    credits.iter().filter(|credit| credit.key.person.as_str() == person).collect()
}
