//! Draws and guarantees: what is added to a month that earned less, and what is recovered later.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use ledger::{Amount, AmountError, Draw, Drawn, Rounding};

use crate::credit::Credit;
use crate::exact::Exact;
use crate::rules::{Assignment, DrawTerms, Month, Rules};
use crate::{Money, Name};

/// A month of somebody under a draw or a guarantee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Who.
    pub person: Name,
    /// The assignment whose terms hold.
    pub assignment: Name,
    /// The month.
    pub month: Name,
    /// The terms of that month.
    pub draw: Draw,
    /// What was earned, advanced, recovered, and is due.
    pub drawn: Drawn,
}

/// What draws and guarantees make of each month that is over by `as_of`.
///
/// A month earns what all credits of the person are owed in it, in the currency of the terms. Of
/// several assignments with terms the one that began first holds; where its floor is smaller by
/// days, those that go on in the same plan add theirs for their days, and a floor among these that
/// is not smaller by days is the least. What becomes of the gap is as the first says. What is due
/// goes from month to month, also after the draw has ended.
///
/// # Errors
/// [`AmountError::Overflow`] when a sum does not fit.
pub fn draws(credits: &[Credit], rules: &Rules, as_of: i64) -> Result<Vec<Drawing>, AmountError> {
    let mut earned: BTreeMap<(&Name, &Name), Vec<Amount>> = BTreeMap::new();
    for credit in credits {
        if let Some(month) = credit.month() {
            let amount = Amount::new(credit.posted, credit.currency);
            earned.entry((&credit.key.person, month)).or_default().push(amount);
        }
    }
    let mut people: Vec<&Name> = rules.of_person.keys().collect();
    people.sort();
    let mut found = Vec::new();
    for person in people {
        let mut due: Option<(Amount, &Assignment, DrawTerms)> = None;
        let mut begins = i64::MIN;
        for month in rules.months.iter().filter(|month| month.ends_at <= as_of) {
            let span = (begins, month.ends_at);
            begins = month.ends_at;
            let terms = terms(rules, person, month, span);
            let Some((assignment, terms, floor)) = terms.or_else(|| {
                let (due, assignment, terms) = due.as_ref()?;
                let nothing = Money(Amount::zero(due.currency));
                (due.minor > 0).then(|| (*assignment, terms.clone(), nothing))
            }) else {
                continue;
            };
            let currency = floor.currency();
            let months = earned.get(&(person, &month.labels.month));
            let fitting = months.into_iter().flatten().copied();
            let sum = Amount::sum(currency, fitting.filter(|one| one.currency == currency))?;
            let before = due.as_ref().map(|due| due.0).filter(|due| due.currency == currency);
            let draw = Draw { floor: floor.0, recovery: terms.recovery(month) };
            let drawn = draw.settle(before.unwrap_or(Amount::zero(currency)), sum)?;
            found.push(Drawing {
                person: person.clone(),
                assignment: assignment.id.clone(),
                month: month.labels.month.clone(),
                draw,
                drawn,
            });
            due = Some((drawn.due, assignment, terms));
        }
    }
    Ok(found)
}

/// The assignment, its terms and the floor that hold for a person in a month.
fn terms<'a>(
    rules: &'a Rules,
    person: &Name,
    month: &Month,
    span: (i64, i64),
) -> Option<(&'a Assignment, DrawTerms, Money)> {
    let places = rules.of_person.get(person)?;
    let mut found: Vec<&Assignment> = places.iter().map(|at| &rules.assignments[*at]).collect();
    found.sort_by_key(|assignment| (assignment.from.at, &assignment.id));
    let mut held = found.into_iter().filter_map(|one| held(rules, one, month, span));
    let first = held.next()?;
    let currency = first.terms.floor.currency();
    let mut sum = first.sum;
    if first.terms.prorated {
        let mut whole = Exact::ZERO;
        for next in held {
            let is_next = next.assignment.plan == first.assignment.plan;
            if !is_next || next.terms.floor.currency() != currency {
                continue;
            }
            if next.terms.prorated {
                sum = sum.plus(next.sum)?;
            } else {
                whole = larger(whole, next.sum)?;
            }
        }
        sum = larger(sum, whole)?;
    }
    let floor = Money::new(sum.rounded(first.rounding)?, currency);
    Some((first.assignment, first.terms, floor))
}

fn larger(one: Exact, other: Exact) -> Option<Exact> {
    Some(if one.compare(other)? == Ordering::Less { other } else { one })
}

/// What an assignment says of a month.
struct Held<'a> {
    assignment: &'a Assignment,
    terms: DrawTerms,
    /// The floor, or the part of it for the days of the assignment.
    sum: Exact,
    rounding: Rounding,
}

fn held<'a>(
    rules: &'a Rules,
    assignment: &'a Assignment,
    month: &Month,
    span: (i64, i64),
) -> Option<Held<'a>> {
    let until = assignment.until.map(|end| end.day);
    let (from, until) = month.stretch(assignment.from.day, until);
    if from >= until {
        return None;
    }
    let last = assignment.until.map_or(span.1, |end| end.at.min(span.1)).saturating_sub(1);
    let version = rules.version(&assignment.plan, last.max(assignment.from.at))?;
    let published = &rules.plans[version];
    let terms = match (&assignment.draw, published.plan().guarantee) {
        (Some(terms), _) => terms.clone(),
        (None, Some(floor)) => guaranteed(floor),
        (None, None) => return None,
    };
    if !terms.holds(month) {
        return None;
    }
    let mut sum = Exact::whole(terms.floor.minor());
    if terms.prorated {
        sum = sum.times(Exact::new(until - from, i64::from(month.days))?)?;
    }
    Some(Held { assignment, terms, sum, rounding: published.rounding() })
}

/// The terms of a plan's own guarantee.
fn guaranteed(floor: Money) -> DrawTerms {
    DrawTerms {
        floor,
        recoverable: false,
        from: None,
        until: None,
        recover_from: None,
        recover_until: None,
        prorated: false,
    }
}

/// The floor under a month of somebody, and what becomes of an advance in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floor {
    /// The assignment whose terms hold.
    pub assignment: Name,
    /// The terms of the month; a floor of nought where they have ended and something may be due.
    pub draw: Draw,
}

/// The floor under a month of a person; none for whoever never had one. For those who keep what
/// months earned and what is due themselves, where [`draws`] follows from credits alone.
#[must_use]
pub fn floor(rules: &Rules, person: &Name, month: &Name) -> Option<Floor> {
    let place = rules.months.iter().position(|one| one.labels.month == *month)?;
    let this = rules.months.get(place)?;
    let begins = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| rules.months.get(before))
            .map_or(i64::MIN, |m| m.ends_at)
    };
    let mut earlier = (0..=place).rev();
    earlier.find_map(|at| {
        let one = rules.months.get(at)?;
        let (assignment, held, floor) = terms(rules, person, one, (begins(at), one.ends_at))?;
        let least = if at == place { floor.0 } else { Amount::zero(floor.currency()) };
        let draw = Draw { floor: least, recovery: held.recovery(this) };
        Some(Floor { assignment: assignment.id.clone(), draw })
    })
}
