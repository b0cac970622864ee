//! The check: is what is written what follows from events and rules?
//!
//! It reads everything and writes nothing. It looks at the chain link by link, replays the book
//! with its closings, computes every amount again from the inputs in the line, and every credit
//! again from the events, and compares to the minor unit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use compensation::{Pay, Share};
use ledger::{Book, Closing, Link, chain};

use super::credit::{AsOf, Credit, credits};
use super::entry::{ADJUSTMENT, Entry, Made, PAYOUT};
use super::period::PeriodState;
use super::plan::Version;
use super::preset::Round;
use super::rules::Rules;
use super::settle::{self, Standing};
use super::trigger::paying;
use super::{actions, store};
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
    let rules = Rules {
        assignments: store::plans::list_assignments(tx, org).await?,
        versions: store::plans::list_versions(tx, org).await?,
    };
    check_chain(tx, org, &entries, &mut broken).await?;
    check_amounts(&entries, &rules.versions, &mut broken);
    for (entry, (id, posted, pending)) in
        entries.iter().zip(store::entries::list_effects(tx, org).await?)
    {
        if (entry.id, entry.posted(), entry.pending()) != (id, posted, pending) {
            note(&mut broken, entry.id, "its stored effects are not what the line says");
        }
    }
    let now = last_word(&entries);
    check_credits(tx, (org, now), (&rules, &entries), &mut broken).await?;
    check_payouts(tx, org, &entries, &mut broken).await?;
    Ok(broken)
}

/// Up to when silence was heard: the instant of the newest line. What ran out since waits for the
/// job that hears it.
fn last_word(entries: &[Entry]) -> Instant {
    entries.iter().map(|entry| entry.at).max().unwrap_or(Instant(0))
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

/// What a line says of its credit follows from the rates, the sums they paid on and the rounding
/// that stand in it.
fn check_amounts(entries: &[Entry], versions: &[Version], broken: &mut Vec<Broken>) {
    for entry in entries {
        let Some(made) = &entry.why.made else { continue };
        let version = versions.iter().find(|one| Some((one.plan, one.version)) == entry.version);
        let Some(version) = version else {
            note(broken, entry.id, "it names no version of a plan");
            continue;
        };
        // Factors and days have roundings of their own, and what does not fit a line is not in
        // it: these are only computed again from the events.
        let is_whole = made.slices.iter().all(|slice| slice.on.under > 0);
        let is_plain = made.factors.is_empty() && entry.why.days.is_none();
        if !is_whole || !is_plain || made.slices.is_empty() {
            continue;
        }
        if amount_of(made, version.body.rounding) != Some(made.earned) {
            note(broken, entry.id, "its amount does not follow from its inputs");
        }
    }
}

/// What the rates of a line come to, rounded once.
fn amount_of(made: &Made, rounding: Round) -> Option<i64> {
    let mut sum = (0_i128, 1_i128);
    for slice in &made.slices {
        let (over, under) = match slice.pays {
            Pay::Money(money) => (money.minor(), 1),
            Pay::Share(Share(rate)) => (rate.numerator(), rate.denominator()),
        };
        let part = i128::from(slice.on.over) * i128::from(over);
        let of = i128::from(slice.on.under) * i128::from(under);
        let joint = sum.0.checked_mul(of)?.checked_add(part.checked_mul(sum.1)?)?;
        sum = (joint, sum.1.checked_mul(of)?);
    }
    if sum.1 < 1 {
        return None;
    }
    i64::try_from(rounding.rounding().divide(sum.0, sum.1)).ok()
}

/// Every credit stands where the events put it.
async fn check_credits(
    tx: &mut Tx,
    (org, now): (OrgId, Instant),
    (rules, entries): (&Rules, &[Entry]),
    broken: &mut Vec<Broken>,
) -> Outcome<()> {
    let zone = people::actions::firm(tx, org).await?.zone;
    let (all, waiting) = (list_events(tx, org).await?, list_waiting(tx, org).await?);
    let mut wanted: BTreeMap<String, Credit> = BTreeMap::new();
    let found = credits(&all, rules, AsOf { at: now, zone: &zone })?;
    for credit in found.into_iter().filter(|credit| !credit.is_salary()) {
        wanted.insert(credit.key.clone(), credit);
    }
    for period in store::periods::list_periods(tx, org).await? {
        let Some(review) = period.review_event else { continue };
        if period.state == PeriodState::Open {
            continue;
        }
        let end = AsOf { at: period.ends_at, zone: &zone };
        for credit in actions::salaries(rules, (period.month, review), end)? {
            wanted.insert(credit.key.clone(), credit);
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
        let should = Standing { posted: credit.posted, pending: credit.pending };
        if !is_waiting && settle::standing(&found) != should {
            let Standing { posted, pending } = should;
            note(broken, key, format!("it should be {posted} owed and {pending} waiting"));
        }
    }
    for (key, lines) in written {
        let is_waiting = lines.iter().any(|line| {
            waiting.contains(&line.subject) || waiting.contains(&line.person.to_string())
        });
        if !is_waiting && settle::standing(&lines) != Standing::default() {
            note(broken, key, "no event and no rule speak for it");
        }
    }
    Ok(())
}

async fn list_events(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Recorded>> {
    let mut all = Vec::new();
    for kind in paying() {
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
