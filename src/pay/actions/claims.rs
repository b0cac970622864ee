//! A line is contested, a sum is added by hand; somebody else decides.

use ledger::Book;

use super::super::entry::{ADJUSTMENT, Entry, What};
use super::super::store::{
    self,
    claims::{Adjustment, Dispute},
};
use super::super::{PayReach, PayRefusal};
use super::booking::{Chain, by_hand};
use super::periods::count_approvers;
use super::sights::Sights;
use crate::begin;
use crate::events::{Event, Kind};
use crate::people::{self, User, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::values::*;

/// The largest sum by hand, in minor units.
pub const BY_HAND_MAX: i64 = 1_000_000_000;
/// What can be wrong with a line.
pub const CATEGORIES: [&str; 5] = ["amount", "rule", "not-paid", "not-mine", "other"];

/// What somebody says about a line.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What is wrong, coded: one of [`CATEGORIES`].
    pub category: String,
    /// In their words.
    pub comment: String,
}

/// What is decided about a dispute.
#[derive(Debug, Clone)]
pub struct Decision {
    /// True when the person is right.
    pub is_granted: bool,
    /// What is added or taken, where something is.
    pub amount: Option<Money>,
    /// The decider's words.
    pub answer: String,
}

/// Contests a line of one's own pay.
pub async fn dispute(
    act: &Act,
    viewer: &Viewer,
    entry: EntryId,
    claim: Claim,
) -> Outcome<DisputeId> {
    let mut fields = Fields::default();
    if !CATEGORIES.contains(&claim.category.as_str()) {
        fields.note("category", "unknown-choice");
    }
    check_text(&mut fields, "comment", &claim.comment);
    fields.into_result()?;
    let mut tx = begin!(act);
    let entry = store::entries::find_entry(&mut tx, act.org, entry).await?;
    let entry = entry.filter(|entry| entry.person == viewer.id()).ok_or(Error::NotFound)?;
    let dispute = Dispute {
        id: DisputeId::fresh(act.now),
        number: take_numbers(&mut tx, act.org, "pay-dispute", 1).await?,
        entry: entry.id,
        person: entry.person,
        category: claim.category,
        comment: claim.comment.trim().to_owned(),
        made_at: act.now,
        outcome: None,
        answer: None,
        decided: None,
        adjustment: None,
        sum: None,
    };
    if store::claims::insert_dispute(&mut tx, act.org, &dispute).await? == 0 {
        return Err(PayRefusal::DisputeOpen.into());
    }
    Event::new(Kind::PayDisputed, dispute.id)
        .person(entry.person)
        .with("entry", entry.id.to_string())
        .record(&mut tx, act)
        .await?;
    tx.finish(dispute.id).await
}

/// Decides a dispute. A sum that is granted is proposed as one by hand: a second person approves
/// it, and then it becomes a line that names the contested one.
pub async fn decide_dispute(
    act: &Act,
    viewer: &Viewer,
    id: DisputeId,
    decision: Decision,
) -> Outcome<()> {
    let mut fields = Fields::default();
    check_text(&mut fields, "answer", &decision.answer);
    if let Some(amount) = decision.amount {
        check_amount(&mut fields, amount);
    }
    fields.into_result()?;
    let answer = decision.answer.trim().to_owned();
    let mut tx = begin!(act);
    let dispute = store::claims::find_dispute(&mut tx, act.org, id).await?;
    let mut dispute = dispute.ok_or(Error::NotFound)?;
    let contested = contested(&mut tx, act, dispute.entry).await?;
    if !Sights::of_one(&mut tx, viewer, contested.person).await?.shows(&contested) {
        return Err(Error::NotFound);
    }
    if dispute.outcome.is_some() {
        return Err(PayRefusal::AlreadyDecided.into());
    }
    if dispute.person == viewer.id() {
        return Err(PayRefusal::OwnPay.into());
    }
    let outcome = if decision.is_granted { "granted" } else { "declined" };
    dispute.outcome = Some(outcome.to_owned());
    dispute.answer = Some(answer.clone());
    dispute.decided = Some((viewer.id(), act.now));
    if store::claims::update_dispute(&mut tx, act.org, &dispute).await? == 0 {
        return Err(PayRefusal::AlreadyDecided.into());
    }
    if let Some(amount) = decision.amount.filter(|_| decision.is_granted) {
        if amount.currency != contested.amount.currency {
            return Err(Fields::one("amount", "pay-currency-of-line"));
        }
        propose(&mut tx, act, viewer, (dispute.person, amount, answer, Some(id))).await?;
    }
    Event::new(Kind::PayDisputeDecided, id)
        .person(dispute.person)
        .reason(outcome.to_owned())
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("user:{}", dispute.person));
    tx.finish(()).await
}

async fn contested(tx: &mut Tx, act: &Act, entry: EntryId) -> Outcome<Entry> {
    let found = store::entries::find_entry(tx, act.org, entry).await?;
    found.ok_or_else(|| Error::failure("the contested line is gone"))
}

/// Proposes a sum by hand, below nought where it is taken; somebody else approves it.
pub async fn adjust(
    act: &Act,
    viewer: &Viewer,
    person: UserId,
    amount: Money,
    reason: &str,
) -> Outcome<AnyId> {
    let mut fields = Fields::default();
    check_text(&mut fields, "reason", reason);
    check_amount(&mut fields, amount);
    if amount.currency != viewer.currency {
        fields.note("amount", "pay-other-currency");
    }
    fields.into_result()?;
    let mut tx = begin!(act);
    visible(&mut tx, act.org, viewer, person).await?;
    if person == viewer.id() {
        return Err(PayRefusal::OwnPay.into());
    }
    let reason = reason.trim().to_owned();
    let id = propose(&mut tx, act, viewer, (person, amount, reason, None)).await?;
    tx.finish(id).await
}

async fn propose(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (person, amount, reason, dispute): (UserId, Money, String, Option<DisputeId>),
) -> Outcome<AnyId> {
    let adjustment = Adjustment {
        id: AnyId::fresh(act.now),
        number: take_numbers(tx, act.org, "pay-adjustment", 1).await?,
        person,
        amount,
        reason,
        dispute,
        author: viewer.id(),
        made_at: act.now,
        outcome: None,
        decided: None,
        is_alone: false,
        entry: None,
    };
    store::claims::insert_adjustment(tx, act.org, &adjustment).await?;
    told(tx, act, &adjustment, "proposed").await?;
    Ok(adjustment.id)
}

/// Approves or declines a sum by hand. Approved, it becomes a line of the open period; one that
/// was granted in a dispute names the contested line.
pub async fn decide_adjustment(
    act: &Act,
    viewer: &Viewer,
    id: AnyId,
    is_approved: bool,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    let found = store::claims::find_adjustment(&mut tx, act.org, id).await?;
    let mut adjustment = found.ok_or(Error::NotFound)?;
    visible(&mut tx, act.org, viewer, adjustment.person).await?;
    if adjustment.outcome.is_some() {
        return Err(PayRefusal::AlreadyDecided.into());
    }
    if adjustment.person == viewer.id() {
        return Err(PayRefusal::OwnPay.into());
    }
    if is_approved && adjustment.author == viewer.id() {
        if count_approvers(&mut tx, act.org).await? > 1 {
            return Err(PayRefusal::AuthorApproves.into());
        }
        adjustment.is_alone = true;
    }
    if is_approved {
        let line = Hand {
            person: adjustment.person,
            amount: adjustment.amount,
            text: Some(adjustment.reason.clone()),
            key: (format!("adjustment|{id}"), id.to_string()),
        };
        let about = match adjustment.dispute {
            Some(dispute) => {
                let dispute = store::claims::find_dispute(&mut tx, act.org, dispute).await?;
                let dispute = dispute.ok_or_else(|| Error::failure("the dispute is gone"))?;
                Some(contested(&mut tx, act, dispute.entry).await?)
            }
            None => None,
        };
        let written = write(&mut tx, act, &mut chain, line, about.as_ref()).await?.id;
        if let Some(dispute) = adjustment.dispute {
            store::claims::update_dispute_line(&mut tx, act.org, (dispute, written)).await?;
        }
        adjustment.entry = Some(written);
    }
    let outcome = if is_approved { "approved" } else { "declined" };
    adjustment.outcome = Some(outcome.to_owned());
    adjustment.decided = Some((viewer.id(), act.now));
    if store::claims::update_adjustment(&mut tx, act.org, &adjustment).await? == 0 {
        return Err(PayRefusal::AlreadyDecided.into());
    }
    told(&mut tx, act, &adjustment, outcome).await?;
    chain.release(&mut tx, act.org).await?;
    tx.announce(format!("user:{}", adjustment.person));
    tx.finish(()).await
}

/// A line by hand, before it is written.
struct Hand {
    person: UserId,
    amount: Money,
    text: Option<String>,
    key: (String, String),
}

async fn write(
    tx: &mut Tx,
    act: &Act,
    chain: &mut Chain,
    line: Hand,
    about: Option<&Entry>,
) -> Outcome<Entry> {
    let month = Month::of(act.now, &chain.firm.zone);
    let why = (What::Adjusted, line.text);
    let mut draft = by_hand((line.person, ADJUSTMENT), line.key, line.amount, why, month);
    draft.corrects = about.map(|entry| entry.id);
    draft.company = about.and_then(|entry| entry.company);
    let mut book = match about {
        None => Book::new(),
        Some(entry) => {
            let credit = store::entries::list_for_credit(tx, act.org, &entry.credit_key).await?;
            chain.book(&credit)?
        }
    };
    chain.write(tx, act, &mut book, draft).await
}

async fn told(tx: &mut Tx, act: &Act, adjustment: &Adjustment, reason: &str) -> Outcome<()> {
    Event::new(Kind::PayAdjusted, adjustment.id)
        .person(adjustment.person)
        .reason(reason.to_owned())
        .amount(adjustment.amount)
        .record(tx, act)
        .await?;
    Ok(())
}

/// The person, when the viewer looks after their pay today.
pub(super) async fn visible(
    tx: &mut Tx,
    org: OrgId,
    viewer: &Viewer,
    person: UserId,
) -> Outcome<User> {
    let found = people::actions::find_user(tx, org, person).await?;
    found.filter(|user| PayReach::of(viewer).sees(user)).ok_or(Error::NotFound)
}

fn check_text(fields: &mut Fields, field: &'static str, text: &str) {
    if text.trim().is_empty() {
        fields.note(field, "required");
    } else if text.chars().count() > 1_000 {
        fields.note_with(field, "too-long", vec![("max", "1000".to_owned())]);
    }
}

fn check_amount(fields: &mut Fields, amount: Money) {
    if amount.minor == 0 {
        fields.note("amount", "required");
    } else if amount.minor.unsigned_abs() > BY_HAND_MAX.unsigned_abs() {
        fields.note("amount", "money-too-large");
    }
}
