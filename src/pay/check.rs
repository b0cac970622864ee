//! The check: is what is written what follows from events and rules?
//!
//! It reads everything and writes nothing. It looks at the chain link by link, replays the book
//! with its closings, computes every amount again from the inputs in the line, and every credit
//! again from the events, and compares to the minor unit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ledger::{Book, Closing, Link, chain};

use super::credit::{Credit, Standing, credits};
use super::entry::{ADJUSTMENT, Entry, PAYOUT, What, Why};
use super::period::{PeriodState, salary, salary_part};
use super::plan::{Component, Measure, Rules, Trigger};
use super::{settle, store};
use crate::events::{self, Recorded};
use crate::jobs;
use crate::people;
use crate::storage::Tx;
use crate::values::*;

/// What does not hold, in words for an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The line or the credit.
    pub place: String,
    /// What does not hold.
    pub what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Everything that does not hold in a firm's pay; empty when all is well. Events that still wait
/// for the worker are passed over: nobody has booked them yet.
pub async fn check(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Broken>> {
    let mut broken = Vec::new();
    let entries = store::entries::list_all(tx, org).await?;
    check_chain(tx, org, &entries, &mut broken).await?;
    check_amounts(&entries, &mut broken);
    for (entry, (id, posted, pending)) in
        entries.iter().zip(store::entries::list_effects(tx, org).await?)
    {
        if (entry.id, entry.posted(), entry.pending()) != (id, posted, pending) {
            note(&mut broken, entry.id, "its stored effects are not what the line says");
        }
    }
    check_credits(tx, org, &entries, &mut broken).await?;
    check_payouts(tx, org, &entries, &mut broken).await?;
    Ok(broken)
}

fn note(broken: &mut Vec<Broken>, place: impl ToString, what: impl ToString) {
    broken.push(Broken { place: place.to_string(), what: what.to_string() });
}

/// The chain, its head, the closings, and the book they make.
async fn check_chain(
    tx: &mut Tx,
    org: OrgId,
    entries: &[Entry],
    broken: &mut Vec<Broken>,
) -> Outcome<()> {
    let genesis = chain::Head::genesis(&store::entries::chain_name(org));
    let mut links = Vec::new();
    for entry in entries {
        links.push(Link {
            line: entry.line()?,
            previous: entry.previous_hash.parse().map_err(Error::failure)?,
            hash: entry.hash.parse().map_err(Error::failure)?,
        });
    }
    let head = store::entries::find_head(tx, org).await?;
    if let Err(fault) = chain::verify_up_to(genesis, &links, head) {
        note(broken, "chain", fault);
    }
    let closings = store::periods::list_closings(tx, org).await?;
    for (month, at) in &closings {
        let count = usize::try_from(at.count).map_err(Error::failure)?;
        let found =
            if count == 0 { Some(genesis.hash) } else { links.get(count - 1).map(|l| l.hash) };
        if found != Some(at.hash) {
            note(broken, month, "the chain did not end there when the month was closed");
        }
    }
    let closings: Vec<Closing> = closings
        .into_iter()
        .map(|(month, at)| {
            let after = usize::try_from(at.count).map_err(Error::failure)?;
            Ok(Closing { period: month.to_string(), after })
        })
        .collect::<Outcome<_>>()?;
    match Book::replay(links.iter().map(|link| &link.line), &closings) {
        Err(fault) => note(broken, "book", fault),
        Ok(book) => check_book(&book, entries, broken)?,
    }
    Ok(())
}

/// Debits equal credits, and the balances of the book are the sums of the lines.
fn check_book(book: &Book, entries: &[Entry], broken: &mut Vec<Broken>) -> Outcome<()> {
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for entry in entries {
        let account = super::entry::person_account(entry.person, entry.amount.currency);
        let sum = sums.entry(account).or_default();
        sum.0 += entry.posted();
        sum.1 += entry.pending();
    }
    for (account, (posted, pending)) in sums {
        let found =
            book.balance(&account).map(|b| (b.posted_credit().minor, b.pending_credit().minor));
        if found != Some((posted, pending)) {
            note(broken, account, "the balance of the book is not the sum of the lines");
        }
    }
    for currency in Currency::ALL {
        let code = ledger::Currency::new(currency.code()).map_err(Error::failure)?;
        let total = book.total(code);
        if total.posted_debits != total.posted_credits
            || total.pending_debits != total.pending_credits
        {
            note(broken, currency.code(), "debits do not equal credits");
        }
    }
    Ok(())
}

/// Every amount follows from the inputs that stand in its line.
fn check_amounts(entries: &[Entry], broken: &mut Vec<Broken>) {
    for entry in entries {
        let is_first = matches!(entry.why.what, What::Announced | What::Earned | What::Restored);
        if is_first && amount_of(&entry.why, entry.amount.currency) != Some(entry.amount) {
            note(broken, entry.id, "its amount does not follow from its inputs");
        }
    }
}

/// The amount that the inputs of a line lead to.
fn amount_of(why: &Why, currency: Currency) -> Option<Money> {
    let component =
        Component { trigger: why.trigger?, tier: why.tier, measure: why.measure?, cap: why.cap };
    let base = match (component.measure, why.base, why.days) {
        (Measure::Salary, Some(salary), Some(days)) => Some(salary_part(salary, days).ok()?),
        (_, base, _) => base,
    };
    component.amount(base, currency).ok()
}

/// Every credit stands where the events put it.
async fn check_credits(
    tx: &mut Tx,
    org: OrgId,
    entries: &[Entry],
    broken: &mut Vec<Broken>,
) -> Outcome<()> {
    let zone = people::actions::firm(tx, org).await?.zone;
    let rules = Rules {
        assignments: store::plans::list_assignments(tx, org).await?,
        versions: store::plans::list_versions(tx, org).await?,
    };
    let (all, waiting) = (list_events(tx, org).await?, list_waiting(tx, org).await?);
    let mut wanted: BTreeMap<String, Credit> = BTreeMap::new();
    for credit in credits(&all, &rules, &zone) {
        wanted.insert(credit.key.clone(), credit);
    }
    for period in store::periods::list_periods(tx, org).await? {
        let Some(review) = period.review_event else { continue };
        if period.state == PeriodState::Open {
            continue;
        }
        for assignment in &rules.assignments {
            if let Some(credit) = salary(assignment, period.month, review, &rules, &zone)? {
                wanted.insert(credit.key.clone(), credit);
            }
        }
    }
    let mut written: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    for entry in entries.iter().filter(|e| e.component != ADJUSTMENT && e.component != PAYOUT) {
        written.entry(&entry.credit_key).or_default().push(entry.clone());
    }
    for (key, credit) in &wanted {
        let found = written.remove(key.as_str()).unwrap_or_default();
        let is_waiting =
            waiting.contains(&credit.subject) || waiting.contains(&credit.person.to_string());
        if !is_waiting && settle::standing(&found) != credit.standing() {
            note(broken, key, format!("it should stand at {:?}", credit.standing()));
        }
    }
    for (key, lines) in written {
        let is_waiting = lines.iter().any(|line| {
            waiting.contains(&line.subject) || waiting.contains(&line.person.to_string())
        });
        if !is_waiting && settle::standing(&lines) != Standing::Nothing {
            note(broken, key, "no event and no rule speak for it");
        }
    }
    Ok(())
}

async fn list_events(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Recorded>> {
    let kinds: BTreeSet<events::Kind> = Trigger::ALL
        .into_iter()
        .flat_map(|trigger| trigger.kinds().iter().map(|(kind, _)| *kind))
        .collect();
    let mut all = Vec::new();
    for kind in kinds {
        let span = (Instant(i64::MIN), Instant(i64::MAX));
        all.extend(events::list_of_kind(tx, org, kind, span).await?);
    }
    Ok(all)
}

/// Subjects and people whose events or rules the worker has not come to yet.
async fn list_waiting(tx: &mut Tx, org: OrgId) -> Outcome<BTreeSet<String>> {
    let mut waiting = BTreeSet::new();
    for id in jobs::list_waiting(tx, org, events::FOLLOW_JOB).await? {
        if let Ok(id) = id.parse()
            && let Some(event) = events::find(tx, id).await?
        {
            waiting.insert(event.subject);
        }
    }
    for subject in jobs::list_waiting(tx, org, super::jobs::RESETTLE).await? {
        waiting.extend(subject.split_once(':').map(|(person, _)| person.to_owned()));
    }
    Ok(waiting)
}

/// In a closed month nobody is left with something owed that was not handed over.
async fn check_payouts(
    tx: &mut Tx,
    org: OrgId,
    entries: &[Entry],
    broken: &mut Vec<Broken>,
) -> Outcome<()> {
    for (month, _) in store::periods::list_closings(tx, org).await? {
        let mut due: BTreeMap<String, i64> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| entry.period <= month) {
            let account = super::entry::person_account(entry.person, entry.amount.currency);
            *due.entry(account).or_default() += entry.posted();
        }
        for (account, _) in due.into_iter().filter(|(_, minor)| *minor > 0) {
            note(broken, account, format!("{month} is closed and something is still owed"));
        }
    }
    Ok(())
}
