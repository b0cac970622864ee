//! Remittances: what was really paid out for a month, beside what is due for it.
//!
//! A record is never changed. A mistake is put right by a further record that names it and stands
//! in its place, if need be with nought; each is corrected once, so that they stand in a row. What
//! is paid is the sum of the records that nothing corrects.
//!
//! What was paid too much for closed months goes on: it is taken off what is still to be paid for
//! the next ones until it is used up.

use std::collections::{BTreeMap, BTreeSet};

use super::PayRefusal;
use super::period::Period;
use crate::events::Recorded;
use crate::people::User;
use crate::values::*;

/// The largest sum of one record, in minor units: a hundred million.
pub const REMITTED_MAX: i64 = 10_000_000_000;
/// The longest reference.
pub const REFERENCE_MAX: usize = 200;
/// How many records one file may bring.
pub const ROWS_MAX: usize = 2_000;

/// A record of what was paid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remittance {
    /// Its id.
    pub id: AnyId,
    /// The number people read aloud.
    pub number: i64,
    /// Who was paid.
    pub person: UserId,
    /// For which month.
    pub month: Month,
    /// How much; nought where a correction says that nothing was.
    pub amount: Money,
    /// On which day: its midnight.
    pub paid_on: Instant,
    /// The payment order, or whatever tells this payment from others.
    pub reference: String,
    /// The record it stands in the place of.
    pub corrects: Option<AnyId>,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// When it was written.
    pub made_at: Instant,
}

/// What somebody says was paid.
#[derive(Debug, Clone)]
pub struct NewRemittance {
    /// Who was paid.
    pub person: UserId,
    /// How much.
    pub amount: Money,
    /// On which day.
    pub paid_on: Instant,
    /// The payment order, or whatever tells this payment from others.
    pub reference: String,
    /// True where it is another payment than one that is alike and stands under another month.
    pub anyway: bool,
}

/// A person's month in one currency: what is due, what was paid, what is between.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// Who.
    pub person: User,
    /// What was paid too much for the closed months before, below nought; nought where nothing was.
    pub opening: Money,
    /// What is due: handed over to payroll where the month is closed, else owed as it stands.
    pub due: Money,
    /// What was paid.
    pub paid: Money,
    /// What is still to be paid after both; below nought where too much was.
    pub difference: Money,
    /// Every record, those that were corrected among them.
    pub remittances: Vec<Remittance>,
}

/// The records that nothing corrects.
pub fn standing(all: &[Remittance]) -> Vec<&Remittance> {
    let corrected: BTreeSet<AnyId> = all.iter().filter_map(|one| one.corrects).collect();
    all.iter().filter(|one| !corrected.contains(&one.id)).collect()
}

/// Whose, in which currency.
pub type Whose = (UserId, &'static str);

/// What was paid too much over all the closed months before one, below nought. What one month still
/// lacks is paid for that month, and so only evens out what another had too much. A month of which
/// nothing is on record as paid uses it up as far as something was due: so much less was to be paid
/// for it, and whatever was paid of the rest is kept elsewhere.
pub fn carried(
    before: &[Remittance],
    closed: &BTreeSet<Month>,
    handed_over: &[(UserId, Month, Money)],
) -> BTreeMap<Whose, i64> {
    // What was due for each month, and what is on record as paid for it.
    let mut months: BTreeMap<(Whose, Month), (i64, Option<i64>)> = BTreeMap::new();
    for (person, month, due) in handed_over {
        let whose = (*person, due.currency.code());
        months.entry((whose, *month)).or_default().0 += due.minor;
    }
    for one in standing(before).into_iter().filter(|one| closed.contains(&one.month)) {
        let whose = (one.person, one.amount.currency.code());
        let (_, paid) = months.entry((whose, one.month)).or_default();
        *paid = Some(paid.unwrap_or(0) + one.amount.minor);
    }
    let mut sums: BTreeMap<Whose, i64> = BTreeMap::new();
    for ((whose, _), (due, paid)) in months {
        let sum = sums.entry(whose).or_default();
        *sum = match paid {
            Some(paid) => *sum + due - paid,
            None => (*sum + due).min((*sum).max(0)),
        };
    }
    sums.retain(|_, sum| *sum < 0);
    sums
}

/// What is known of a person's month when something is said to be paid for it.
#[derive(Debug, Clone)]
pub struct Dues<'a> {
    /// The month.
    pub period: &'a Period,
    /// What is due to the person, in each currency they have lines in.
    pub due: Vec<Money>,
    /// What was paid besides, in the currency of the new record.
    pub paid: i64,
    /// The currency of the firm.
    pub currency: Currency,
}

impl NewRemittance {
    /// True where a record stands under another month that says the same.
    pub fn is_elsewhere(&self, month: Month, of_person: &[Remittance]) -> bool {
        standing(of_person).into_iter().any(|one| {
            one.month != month
                && (one.person, one.amount, one.paid_on) == (self.person, self.amount, self.paid_on)
                && one.reference == self.reference.trim()
        })
    }
    /// Finds every fault of a record; one that corrects another may be nought.
    pub fn check(&self, of: &Dues<'_>, corrects: Option<AnyId>, now: Instant) -> Outcome<()> {
        let mut fields = Fields::default();
        match self.amount.minor {
            ..0 => fields.note("amount", "pay-fault-not-positive"),
            0 if corrects.is_none() => fields.note("amount", "pay-fault-not-positive"),
            minor if minor > REMITTED_MAX => fields.note("amount", "money-too-large"),
            _ => {}
        }
        if self.paid_on > now {
            fields.note("paid_on", "pay-paid-ahead");
        } else if self.paid_on < of.period.starts_at {
            fields.note("paid_on", "pay-paid-before");
        }
        if self.reference.chars().count() > REFERENCE_MAX {
            let most = vec![("max", REFERENCE_MAX.to_string())];
            fields.note_with("reference", "too-long", most);
        }
        let due = of.due.iter().find(|due| due.currency == self.amount.currency);
        let is_other = |due: &Money| due.minor > 0 && due.currency != self.amount.currency;
        let is_mixed = self.amount.currency != of.currency || of.due.iter().any(is_other);
        if corrects.is_none() && due.is_none() && is_mixed {
            fields.note("amount", "pay-currency-of-due");
        }
        fields.into_result()?;
        // A month that goes on may be paid in advance, before anything is due.
        if of.period.closed.is_none() || self.amount.minor == 0 {
            return Ok(());
        }
        match due.map_or(0, |due| due.minor) {
            ..1 if corrects.is_none() => Err(PayRefusal::NothingDue.into()),
            ..1 => Ok(()),
            due if of.paid.saturating_add(self.amount.minor) > due.saturating_mul(2) => {
                Err(PayRefusal::RemittanceAbsurd.into())
            }
            _ => Ok(()),
        }
    }
}

/// What does not hold of the records, each with the place; the events beside them tell the same
/// once more, and both have to come to the same sums.
pub fn faults(all: &[Remittance], events: &[Recorded]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let told: BTreeMap<&str, &Recorded> =
        events.iter().map(|event| (event.subject.as_str(), event)).collect();
    let by_id: BTreeMap<AnyId, &Remittance> = all.iter().map(|one| (one.id, one)).collect();
    for one in all {
        let place = format!("remittance {}", one.number);
        match told.get(one.id.to_string().as_str()) {
            None => found.push((place.clone(), "no event tells of it".to_owned())),
            Some(event) if !tells_of(event, one) => {
                found.push((place.clone(), "it is not what its event tells".to_owned()));
            }
            Some(_) => {}
        }
        let Some(corrects) = one.corrects else { continue };
        let of = |one: &Remittance| (one.person, one.month, one.amount.currency);
        if by_id.get(&corrects).is_none_or(|before| of(before) != of(one)) {
            found.push((place, "it corrects no record of the same month and person".to_owned()));
        }
    }
    let (stored, wanted) = (sums(all), sums_told(events));
    for key in stored.keys().chain(wanted.keys()).collect::<BTreeSet<_>>() {
        let sum = |sums: &BTreeMap<Of, i64>| sums.get(key).copied().unwrap_or_default();
        let (stored, wanted) = (sum(&stored), sum(&wanted));
        if stored != wanted {
            let (person, month, currency) = key;
            let what = format!("{month}: {stored} {currency} paid, and {wanted} by the events");
            found.push((person.clone(), what));
        }
    }
    found
}

/// Whose, for which month, in which currency.
type Of = (String, String, &'static str);

fn sums(all: &[Remittance]) -> BTreeMap<Of, i64> {
    let mut sums: BTreeMap<Of, i64> = BTreeMap::new();
    for one in standing(all) {
        let code = one.amount.currency.code();
        *sums.entry((one.person.to_string(), one.month.to_string(), code)).or_default() +=
            one.amount.minor;
    }
    sums
}

/// The same sums, of the events alone.
fn sums_told(events: &[Recorded]) -> BTreeMap<Of, i64> {
    let corrected: BTreeSet<&str> =
        events.iter().filter_map(|event| event.text("corrects")).collect();
    let mut sums: BTreeMap<Of, i64> = BTreeMap::new();
    for event in events.iter().filter(|event| !corrected.contains(event.subject.as_str())) {
        let (Some(person), Some(amount)) = (event.person, event.amount) else { continue };
        let month = event.text("month").unwrap_or_default().to_owned();
        *sums.entry((person.to_string(), month, amount.currency.code())).or_default() +=
            amount.minor;
    }
    sums
}

fn tells_of(event: &Recorded, one: &Remittance) -> bool {
    event.person == Some(one.person)
        && event.amount == Some(one.amount)
        && event.text("month") == Some(one.month.to_string().as_str())
        && event.text("corrects").map(str::to_owned) == one.corrects.map(|id| id.to_string())
}
