//! Credits: who should get how much of what happened. A pure reading of events by the rules.
//!
//! A credit is one component of one plan, one person, one subject. What happened to the subject
//! is read in the order in which it can happen, not in which it arrived, so that the same events
//! always give the same credits. The rules of the first event hold for the credit to its end: what
//! was announced under one version is confirmed under it, and what a campaign did not pay for when
//! it happened is not paid however it went on.

use std::collections::BTreeMap;

use super::plan::{Component, Rules, Trigger, Unpaid, Version};
use crate::events::{Kind, Recorded};
use crate::values::*;

/// Where a credit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is owed: never announced, void or taken back.
    Nothing,
    /// Announced; waits for its gate.
    Pending(Money),
    /// Owed.
    Posted(Money),
}

/// One event's word about a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The event; the opening of a review, for a salary.
    pub event: EventId,
    /// When it happened.
    pub at: Instant,
    /// What happened.
    pub kind: Kind,
    /// Its coded reason.
    pub reason: Option<String>,
    /// Where the credit stands after it.
    pub standing: Standing,
    /// The money the amount was taken of.
    pub base: Option<Money>,
}

/// What a credit should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Person, plan, component and subject as one text; the same for ever.
    pub key: String,
    /// Whose.
    pub person: UserId,
    /// The component that pays.
    pub component: Component,
    /// The version it belongs to.
    pub version: Version,
    /// The id of what it happened to.
    pub subject: String,
    /// What is paid for one time only: the subject, and for what recurs its month.
    pub group: String,
    /// The company it concerns.
    pub company: Option<CompanyId>,
    /// What happened, in order; each changes the standing or repeats it.
    pub path: Vec<Stage>,
    /// First day paid and first day no longer paid, from nought, of how many; for a salary.
    pub days: Option<(i64, i64, i64)>,
    /// Why it pays nothing although the component looks at it.
    pub unpaid: Option<Unpaid>,
}

impl Credit {
    /// Where it should stand in the end.
    pub fn standing(&self) -> Standing {
        self.path.last().map_or(Standing::Nothing, |stage| stage.standing)
    }
}

/// The key of a credit.
pub fn key(person: UserId, plan: PlanId, component: &str, group: &str) -> String {
    format!("{person}|{plan}|{component}|{group}")
}

/// Every credit that follows from events of one subject, or of many.
pub fn credits(events: &[Recorded], rules: &Rules, zone: &Zone) -> Vec<Credit> {
    let mut groups: BTreeMap<Group, Vec<(u8, &Recorded)>> = BTreeMap::new();
    for event in events {
        for (group, rank) in groups_of(event, zone) {
            groups.entry(group).or_default().push((rank, event));
        }
    }
    let mut found = Vec::new();
    for ((trigger, group), mut events) in groups {
        events.sort_by_key(|(rank, event)| (*rank, event.at, event.id));
        let is_target = keep_targets(&mut events);
        let events: Vec<&Recorded> = events.into_iter().map(|(_, event)| event).collect();
        found.extend(credits_of_group(trigger, (&group, is_target), &events, rules));
    }
    found
}

/// What is paid for one time only, by what.
pub type Group = (Trigger, String);

/// What an event has a say in, with its place there.
pub fn groups_of(event: &Recorded, zone: &Zone) -> Vec<(Group, u8)> {
    let ranked = Trigger::ALL.into_iter().filter_map(|trigger| {
        let rank = trigger.rank(event.kind)?;
        Some(((trigger, group(trigger, event, zone)), rank))
    });
    ranked.collect()
}

/// When each began: by the rules of that instant it is paid to its end.
pub fn beginnings(events: &[Recorded], zone: &Zone) -> BTreeMap<Group, Instant> {
    let mut first: BTreeMap<Group, (u8, Instant, EventId)> = BTreeMap::new();
    for event in events {
        for (group, rank) in groups_of(event, zone) {
            let place = (rank, event.at, event.id);
            first.entry(group).and_modify(|first| *first = place.min(*first)).or_insert(place);
        }
    }
    first.into_iter().map(|(group, (_, at, _))| (group, at)).collect()
}

/// Leaves out what its campaign did not pay for; false where nothing else began the credit.
fn keep_targets(events: &mut Vec<(u8, &Recorded)>) -> bool {
    let begins = |rank: u8| rank == 0;
    let is_any = events.iter().any(|(rank, _)| begins(*rank));
    if is_any && !events.iter().any(|(rank, event)| begins(*rank) && event.is_target()) {
        return false;
    }
    events.retain(|(rank, event)| !begins(*rank) || event.is_target());
    true
}

/// What is paid for one time only: the subject, and for what recurs its month.
fn group(trigger: Trigger, event: &Recorded, zone: &Zone) -> String {
    match trigger {
        // A check that is taken back names the month in which it was made.
        Trigger::Record | Trigger::Kept => {
            let month = event.detail.get("month").and_then(|month| month.as_str());
            let month = month.map_or_else(|| Month::of(event.at, zone).to_string(), str::to_owned);
            format!("{}:{month}", event.subject)
        }
        _ => event.subject.clone(),
    }
}

fn credits_of_group(
    trigger: Trigger,
    (group, is_target): (&str, bool),
    events: &[&Recorded],
    rules: &Rules,
) -> Vec<Credit> {
    let Some(first) = events.first() else { return Vec::new() };
    let Some(person) = first.person else { return Vec::new() };
    let mut found = Vec::new();
    for (assignment, version) in rules.in_force(person, first.at) {
        let fitting = version
            .body
            .components
            .iter()
            .filter(|component| component.trigger == trigger && component.passes(first.tier));
        for component in fitting {
            let mut credit = Credit {
                key: key(person, assignment.plan, &component.code(), group),
                person,
                component: *component,
                version: version.clone(),
                subject: first.subject.clone(),
                group: group.to_owned(),
                company: first.company,
                path: Vec::new(),
                days: None,
                unpaid: None,
            };
            match path(component, version.currency, events) {
                _ if !is_target => credit.unpaid = Some(Unpaid::NotTarget),
                Ok(path) => credit.path = path,
                Err(why) => credit.unpaid = Some(why),
            }
            found.push(credit);
        }
    }
    found
}

/// The standings a component gives to the events of a group, each with what it was taken of.
fn path(
    component: &Component,
    currency: Currency,
    events: &[&Recorded],
) -> Result<Vec<Stage>, Unpaid> {
    let mut received = None;
    let mut standing = Standing::Nothing;
    let mut stages = Vec::new();
    for event in events {
        if component.trigger == Trigger::Payment {
            received = Some(received_after(received, event)?);
        }
        let base = received.or(event.amount);
        let pay = || component.amount(base, currency);
        standing = match event.kind {
            Kind::HandoffOffered | Kind::MeetingBooked => Standing::Pending(pay()?),
            Kind::HandoffAccepted | Kind::MeetingHeld => Standing::Posted(pay()?),
            Kind::HandoffRejected | Kind::HandoffExpired => Standing::Nothing,
            Kind::HandoffDecided if is(event, "overturned") => Standing::Posted(pay()?),
            Kind::MeetingMissed if is(event, "seller") => Standing::Posted(pay()?),
            Kind::MeetingMissed => Standing::Nothing,
            Kind::PaymentEntered => Standing::Posted(pay()?),
            Kind::PaymentReversed => pay().map_or(Standing::Nothing, Standing::Posted),
            Kind::CompanyVerified
            | Kind::DecisionMakerFound
            | Kind::ClientKept
            | Kind::OrderDelivered => Standing::Posted(pay()?),
            Kind::CheckReversed if is(event, "none_stands") => Standing::Nothing,
            // An upheld rejection leaves the credit where it stands.
            _ => standing,
        };
        stages.push(Stage {
            event: event.id,
            at: event.at,
            kind: event.kind,
            reason: event.reason.clone(),
            standing,
            base: matches!(component.trigger, Trigger::Payment).then_some(base).flatten(),
        });
    }
    Ok(stages)
}

/// Money of a payment that is still there after an event about it.
fn received_after(before: Option<Money>, event: &Recorded) -> Result<Money, Unpaid> {
    let amount = event.amount;
    match (event.kind, before) {
        (Kind::PaymentEntered, None) => amount.ok_or(Unpaid::NoAmount),
        // A payment is entered once; a second word about it adds nothing.
        (Kind::PaymentEntered, Some(before)) => Ok(before),
        // What is reversed before it was entered, or without a sum, is gone whole.
        (_, None) => Ok(Money::new(0, amount.ok_or(Unpaid::NoAmount)?.currency)),
        (_, Some(before)) => {
            let back = amount.map_or(before.minor, |money| money.minor.saturating_abs());
            Ok(Money::new((before.minor - back).max(0), before.currency))
        }
    }
}

fn is(event: &Recorded, reason: &str) -> bool {
    event.reason.as_deref() == Some(reason)
}
