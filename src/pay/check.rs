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
use super::entry::{ADJUSTMENT, DRAW, Entry, GUARANTEE, Made, PAYOUT};
use super::period::PeriodState;
use super::plan::Version;
use super::preset::Round;
use super::rules::Rules;
use super::settle::{self, Standing};
use super::trigger::paying;
use super::{actions, remittance, store};
use crate::events::{self, Recorded};
use crate::jobs;
use crate::people::{
    self,
    teams::{EVER, Headship},
};
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

/// Everything that pay follows from, as the database has it.
pub struct Material {
    /// What happened, of the kinds that pay looks at.
    pub events: Vec<Recorded>,
    rules: Rules,
    zone: Zone,
}

/// Reads everything that a firm's pay follows from.
pub async fn read(tx: &mut Tx, org: OrgId) -> Outcome<Material> {
    let rules = actions::all_rules(tx, org).await?;
    let zone = people::actions::firm(tx, org).await?.zone;
    Ok(Material { events: list_events(tx, org).await?, rules, zone })
}

impl Material {
    /// Every credit that follows, salaries among them.
    pub fn compute(&self, now: Instant) -> Outcome<Vec<Credit>> {
        credits(&self.events, &self.rules, AsOf { at: now, zone: &self.zone }, |_| true)
    }

    /// How many people a plan pays.
    pub fn people(&self) -> usize {
        let people = self.rules.assignments.iter().map(|assignment| assignment.person);
        people.collect::<BTreeSet<UserId>>().len()
    }
}

/// How many lines the ledger has.
pub async fn count_lines(tx: &mut Tx, org: OrgId) -> Outcome<usize> {
    let head = store::entries::find_head(tx, org).await?;
    usize::try_from(head.count).map_err(Error::failure)
}

/// Everything that does not hold in a firm's pay; empty when all is well. Events that still wait
/// for the worker are passed over: nobody has booked them yet.
pub async fn check(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Broken>> {
    let mut broken = Vec::new();
    let entries = store::entries::list_all(tx, org).await?;
    let material = read(tx, org).await?;
    let rules = &material.rules;
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
    check_credits(tx, (org, now), (&material, &entries), &mut broken).await?;
    check_floors(tx, (org, now), (rules, &entries), &mut broken).await?;
    check_payouts(tx, org, &entries, &mut broken).await?;
    check_remittances(tx, org, &mut broken).await?;
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
    (material, entries): (&Material, &[Entry]),
    broken: &mut Vec<Broken>,
) -> Outcome<()> {
    let (rules, zone) = (&material.rules, &material.zone);
    let waiting = list_waiting(tx, org, &rules.heads).await?;
    let mut wanted: BTreeMap<String, Credit> = BTreeMap::new();
    let found = material.compute(now)?;
    let periods = store::periods::list_periods(tx, org).await?;
    let reviewed = periods.iter().filter(|period| period.state != PeriodState::Open);
    let reviewed: BTreeSet<String> = reviewed.map(|period| period.month.to_string()).collect();
    let mut unsettled = BTreeSet::new();
    for credit in found.into_iter().filter(|credit| !credit.is_salary()) {
        // What is known only when a month is over is written when that goes to review.
        let is_due = credit.month.as_ref().is_some_and(|month| reviewed.contains(month));
        if credit.waits_for_end() && !is_due {
            unsettled.insert(credit.key);
        } else {
            wanted.insert(credit.key.clone(), credit);
        }
    }
    for period in periods {
        let Some(review) = period.review_event else { continue };
        if period.state == PeriodState::Open {
            continue;
        }
        let end = AsOf { at: period.ends_at, zone };
        for credit in actions::salaries(rules, (period.month, review), end)? {
            wanted.insert(credit.key.clone(), credit);
        }
    }
    let mut written: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    let apart = [ADJUSTMENT, PAYOUT, DRAW, GUARANTEE];
    for entry in entries.iter().filter(|entry| !apart.contains(&entry.component.as_str())) {
        written.entry(&entry.credit_key).or_default().push(entry.clone());
    }
    for (key, credit) in &wanted {
        let found = written.remove(key.as_str()).unwrap_or_default();
        let is_wide = credit.version.body.is_wide();
        let is_waiting = waiting.contains(&credit.subject)
            || waiting.contains(&credit.person.to_string())
            || waiting.contains(&credit.earner.to_string())
            || is_wide && waiting.contains(&near(credit.earner));
        let should = Standing { posted: credit.posted, pending: credit.pending };
        if !is_waiting && settle::standing(&found) != should {
            let Standing { posted, pending } = should;
            note(broken, key, format!("it should be {posted} owed and {pending} waiting"));
        }
    }
    for (key, lines) in written {
        let is_waiting = lines.iter().any(|line| {
            // The key names the person, and whose plan it is where that is another's.
            waiting.contains(&line.subject)
                || line.credit_key.split('|').any(|part| waiting.contains(part))
        });
        let is_waiting = is_waiting || unsettled.contains(key);
        if !is_waiting && settle::standing(&lines) != Standing::default() {
            note(broken, key, "no event and no rule speak for it");
        }
    }
    Ok(())
}

async fn list_events(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Recorded>> {
    let mut all = Vec::new();
    for kind in paying() {
        all.extend(events::list_of_kind(tx, org, kind, EVER).await?);
    }
    Ok(all)
}

/// Somebody of whom an event waits: what is added up of theirs may change by it.
fn near(person: UserId) -> String {
    format!("near {person}")
}

/// Subjects and people whose events or rules the worker has not come to yet.
async fn list_waiting(tx: &mut Tx, org: OrgId, heads: &[Headship]) -> Outcome<BTreeSet<String>> {
    let mut waiting = BTreeSet::new();
    for kind in [events::FOLLOW_JOB, super::jobs::SILENCE] {
        for id in jobs::list_waiting(tx, org, kind).await? {
            if let Ok(id) = id.parse()
                && let Some(event) = events::find(tx, id).await?
            {
                // Whoever is hired or moved as a head has parts of what those they lead do.
                let of_head = heads.iter().filter(|one| one.head.to_string() == event.subject);
                let of_head: Vec<String> = of_head.map(|one| one.person.to_string()).collect();
                if event.kind != events::Kind::UserAdded || !of_head.is_empty() {
                    waiting.insert(event.subject);
                }
                waiting.extend(of_head);
                let led = heads.iter().filter(|one| Some(one.person) == event.person);
                waiting.extend(led.map(|one| near(one.head)));
                waiting.extend(event.person.map(near));
            }
        }
    }
    for subject in jobs::list_waiting(tx, org, super::jobs::RESETTLE).await? {
        waiting.extend(subject.split_once(':').map(|(person, _)| person.to_owned()));
    }
    Ok(waiting)
}

/// Under each closed month stands what the terms of its people make of what it earned.
async fn check_floors(
    tx: &mut Tx,
    (org, now): (OrgId, Instant),
    (rules, entries): (&Rules, &[Entry]),
    broken: &mut Vec<Broken>,
) -> Outcome<()> {
    let zone = people::actions::firm(tx, org).await?.zone;
    let engine = rules.engine(&zone, now)?;
    let people: BTreeSet<UserId> = rules.assignments.iter().map(|one| one.person).collect();
    // Of each person and month: earned, advanced, guaranteed.
    let mut sums: BTreeMap<(UserId, Month), (i64, i64, i64)> = BTreeMap::new();
    for entry in entries {
        let sum = sums.entry((entry.person, entry.period)).or_default();
        match entry.component.as_str() {
            DRAW => sum.1 += entry.posted(),
            GUARANTEE => sum.2 += entry.posted(),
            component if actions::is_earned(component) => sum.0 += entry.posted(),
            _ => {}
        }
    }
    for (month, _) in store::periods::list_closings(tx, org).await? {
        for person in &people {
            let label = month.to_string().into();
            let floor = compensation::floor(&engine, &person.to_string().into(), &label);
            let before = sums.range(..(*person, month)).rev();
            let due = before.take_while(|((who, _), _)| who == person).map(|(_, sum)| sum.1).sum();
            let (earned, draw, guarantee) =
                sums.get(&(*person, month)).copied().unwrap_or_default();
            let should = match &floor {
                Some(floor) => {
                    let under = actions::under(floor, earned, due)?;
                    (under.draw, under.guarantee)
                }
                None => (0, 0),
            };
            if (draw, guarantee) != should {
                let what =
                    format!("{month}: {draw} and {guarantee} under the floor, not {should:?}");
                note(broken, person, what);
            }
        }
    }
    Ok(())
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

/// What was really paid adds up to what the events of it tell.
async fn check_remittances(tx: &mut Tx, org: OrgId, broken: &mut Vec<Broken>) -> Outcome<()> {
    let all = store::remittances::list_all_remittances(tx, org).await?;
    let told = events::list_of_kind(tx, org, events::Kind::PayRemitted, EVER).await?;
    for (place, what) in remittance::faults(&all, &told) {
        note(broken, place, what);
    }
    Ok(())
}
