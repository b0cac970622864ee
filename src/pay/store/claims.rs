//! Disputes about lines, and sums added by hand.

use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// A contested line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Its id.
    pub id: DisputeId,
    /// The number people read aloud.
    pub number: i64,
    /// The line.
    pub entry: EntryId,
    /// Whose pay it is.
    pub person: UserId,
    /// What is wrong with it, coded.
    pub category: String,
    /// In the person's words.
    pub comment: String,
    /// When it was raised.
    pub made_at: Instant,
    /// `granted` or `declined`, once decided.
    pub outcome: Option<String>,
    /// The decider's words.
    pub answer: Option<String>,
    /// Who decided, and when.
    pub decided: Option<(UserId, Instant)>,
    /// The line it led to.
    pub adjustment: Option<EntryId>,
    /// The sum that was granted, with the second person's word on it: `approved` or `declined`.
    pub sum: Option<(Money, Option<String>)>,
}

impl Dispute {
    /// Where it stands, coded: a granted sum waits until a second person has approved it.
    pub fn standing(&self) -> &str {
        match (self.outcome.as_deref(), &self.sum) {
            (None, _) => "open",
            (Some("granted"), Some((_, None))) => "granted-waiting",
            (Some("granted"), Some((_, Some(word)))) if word == "declined" => "granted-refused",
            (Some(outcome), _) => outcome,
        }
    }
}

/// A sum added by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Its id.
    pub id: AnyId,
    /// The number people read aloud.
    pub number: i64,
    /// Whose pay.
    pub person: UserId,
    /// How much; below nought where it is taken.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// The dispute it was granted in.
    pub dispute: Option<DisputeId>,
    /// Who proposes it.
    pub author: UserId,
    /// When it was proposed.
    pub made_at: Instant,
    /// `approved` or `declined`, once decided.
    pub outcome: Option<String>,
    /// Who decided, and when.
    pub decided: Option<(UserId, Instant)>,
    /// True where the author approved it, for the firm had nobody else.
    pub is_alone: bool,
    /// The line it became.
    pub entry: Option<EntryId>,
}

/// The columns of a dispute, with the sum that was granted in it, before the rest of a statement.
macro_rules! disputes {
    ($rest:literal) => {
        concat!(
            "select d.id, d.number, d.entry_id, d.person_id, d.category, d.comment, d.made_at, \
             d.outcome, d.answer, d.decided_by, d.decided_at, d.adjustment_entry, \
             a.amount as sum_amount, a.currency as sum_currency, a.outcome as sum_outcome \
             from pay_disputes d left join pay_adjustments a \
             on a.org_id = d.org_id and a.dispute_id = d.id ",
            $rest
        )
    };
}

/// Returns 0 when the line is contested already.
pub(crate) async fn insert_dispute(tx: &mut Tx, org: OrgId, dispute: &Dispute) -> Outcome<u64> {
    tx.run(
        "insert into pay_disputes (id, org_id, number, entry_id, person_id, category, comment, \
         made_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (entry_id) where outcome is null do nothing",
        vals![
            dispute.id,
            org,
            dispute.number,
            dispute.entry,
            dispute.person,
            &dispute.category,
            &dispute.comment,
            dispute.made_at,
        ],
    )
    .await
}

pub(crate) async fn find_dispute(
    tx: &mut Tx,
    org: OrgId,
    id: DisputeId,
) -> Outcome<Option<Dispute>> {
    tx.maybe(disputes!("where d.org_id = $1 and d.id = $2"), vals![org, id])
        .await?
        .as_ref()
        .map(read_dispute)
        .transpose()
}

/// Every dispute, open ones first, newest first.
pub(crate) async fn list_disputes(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Dispute>> {
    tx.all(
        disputes!(
            "where d.org_id = $1 order by case when d.outcome is null then 0 else 1 end, \
             d.made_at desc, d.id limit 200"
        ),
        vals![org],
    )
    .await?
    .iter()
    .map(read_dispute)
    .collect()
}

pub(crate) async fn list_disputes_of(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
) -> Outcome<Vec<Dispute>> {
    tx.all(
        disputes!("where d.org_id = $1 and d.person_id = $2 order by d.made_at, d.id"),
        vals![org, person],
    )
    .await?
    .iter()
    .map(read_dispute)
    .collect()
}

/// Returns 0 when it was decided before.
pub(crate) async fn update_dispute(tx: &mut Tx, org: OrgId, dispute: &Dispute) -> Outcome<u64> {
    tx.run(
        "update pay_disputes set outcome = $3, answer = $4, decided_by = $5, decided_at = $6 \
         where org_id = $1 and id = $2 and outcome is null",
        vals![
            org,
            dispute.id,
            &dispute.outcome,
            &dispute.answer,
            dispute.decided.map(|(by, _)| by),
            dispute.decided.map(|(_, at)| at),
        ],
    )
    .await
}

/// Notes the line that the granted sum of a dispute became.
pub(crate) async fn update_dispute_line(
    tx: &mut Tx,
    org: OrgId,
    (dispute, line): (DisputeId, EntryId),
) -> Outcome<()> {
    tx.run(
        "update pay_disputes set adjustment_entry = $3 where org_id = $1 and id = $2",
        vals![org, dispute, line],
    )
    .await?;
    Ok(())
}

pub(crate) async fn insert_adjustment(
    tx: &mut Tx,
    org: OrgId,
    adjustment: &Adjustment,
) -> Outcome<()> {
    tx.run(
        "insert into pay_adjustments (id, org_id, number, person_id, amount, currency, reason, \
         author_id, made_at, is_alone, dispute_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            adjustment.id,
            org,
            adjustment.number,
            adjustment.person,
            adjustment.amount.minor,
            adjustment.amount.currency,
            &adjustment.reason,
            adjustment.author,
            adjustment.made_at,
            adjustment.is_alone,
            adjustment.dispute,
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn find_adjustment(
    tx: &mut Tx,
    org: OrgId,
    id: AnyId,
) -> Outcome<Option<Adjustment>> {
    tx.maybe(
        "select id, number, person_id, amount, currency, reason, author_id, made_at, outcome, \
         approver_id, decided_at, is_alone, entry_id, dispute_id from pay_adjustments \
         where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_adjustment)
    .transpose()
}

/// Every adjustment, those that wait first, newest first.
pub(crate) async fn list_adjustments(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Adjustment>> {
    tx.all(
        "select id, number, person_id, amount, currency, reason, author_id, made_at, outcome, \
         approver_id, decided_at, is_alone, entry_id, dispute_id from pay_adjustments \
         where org_id = $1 \
         order by case when outcome is null then 0 else 1 end, made_at desc, id limit 200",
        vals![org],
    )
    .await?
    .iter()
    .map(read_adjustment)
    .collect()
}

/// Returns 0 when it was decided before.
pub(crate) async fn update_adjustment(
    tx: &mut Tx,
    org: OrgId,
    adjustment: &Adjustment,
) -> Outcome<u64> {
    tx.run(
        "update pay_adjustments set outcome = $3, approver_id = $4, decided_at = $5, \
         is_alone = $6, entry_id = $7 where org_id = $1 and id = $2 and outcome is null",
        vals![
            org,
            adjustment.id,
            &adjustment.outcome,
            adjustment.decided.map(|(by, _)| by),
            adjustment.decided.map(|(_, at)| at),
            adjustment.is_alone,
            adjustment.entry,
        ],
    )
    .await
}

fn read_dispute(row: &Row) -> Outcome<Dispute> {
    let by: Option<UserId> = row.opt_id("decided_by")?;
    let sum = match row.opt_int("sum_amount")? {
        Some(minor) => {
            let granted = Money::new(minor, row.currency("sum_currency")?);
            Some((granted, row.opt_text("sum_outcome")?))
        }
        None => None,
    };
    Ok(Dispute {
        id: row.id("id")?,
        number: row.int("number")?,
        entry: row.id("entry_id")?,
        person: row.id("person_id")?,
        category: row.text("category")?,
        comment: row.text("comment")?,
        made_at: row.at("made_at")?,
        outcome: row.opt_text("outcome")?,
        answer: row.opt_text("answer")?,
        decided: by.zip(row.opt_at("decided_at")?),
        adjustment: row.opt_id("adjustment_entry")?,
        sum,
    })
}

fn read_adjustment(row: &Row) -> Outcome<Adjustment> {
    let by: Option<UserId> = row.opt_id("approver_id")?;
    Ok(Adjustment {
        id: row.id("id")?,
        number: row.int("number")?,
        person: row.id("person_id")?,
        amount: row.money("amount", "currency")?,
        reason: row.text("reason")?,
        dispute: row.opt_id("dispute_id")?,
        author: row.id("author_id")?,
        made_at: row.at("made_at")?,
        outcome: row.opt_text("outcome")?,
        decided: by.zip(row.opt_at("decided_at")?),
        is_alone: row.flag("is_alone")?,
        entry: row.opt_id("entry_id")?,
    })
}
