//! Periods and the keys they are closed under.

use ledger::Head;

use super::super::period::{Calendar, Period};
use super::entries::read_head;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// Makes the period of a month where there is none yet.
pub(crate) async fn insert_period(
    tx: &mut Tx,
    org: OrgId,
    month: Month,
    zone: &Zone,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into pay_periods (id, org_id, month, starts_at, ends_at, state, is_alone, \
         revision) values ($1, $2, $3, $4, $5, 'open', $6, 1) \
         on conflict (org_id, month) do nothing",
        vals![
            PeriodId::fresh(now),
            org,
            month.to_string(),
            month.starts_at(zone),
            month.ends_at(zone),
            false,
        ],
    )
    .await
}

pub(crate) async fn find_period(tx: &mut Tx, org: OrgId, id: PeriodId) -> Outcome<Option<Period>> {
    tx.maybe(
        "select id, month, starts_at, ends_at, state, reviewed_by, reviewed_at, review_event, \
         approved_by, approved_at, approved_lines, closed_by, closed_at, is_alone, revision \
         from pay_periods where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(crate) async fn list_periods(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Period>> {
    tx.all(
        "select id, month, starts_at, ends_at, state, reviewed_by, reviewed_at, review_event, \
         approved_by, approved_at, approved_lines, closed_by, closed_at, is_alone, revision \
         from pay_periods where org_id = $1 order by month desc",
        vals![org],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Returns 0 when somebody changed it meanwhile.
pub(crate) async fn update_period(tx: &mut Tx, org: OrgId, period: &Period) -> Outcome<u64> {
    tx.run(
        "update pay_periods set state = $4, reviewed_by = $5, reviewed_at = $6, \
         review_event = $7, approved_by = $8, approved_at = $9, approved_lines = $10, \
         closed_by = $11, closed_at = $12, is_alone = $13, revision = revision + 1 \
         where org_id = $1 and id = $2 and revision = $3",
        vals![
            org,
            period.id,
            period.revision,
            period.state.code(),
            period.reviewed.map(|(by, _)| by),
            period.reviewed.map(|(_, at)| at),
            period.review_event,
            period.approved.map(|(by, _, _)| by),
            period.approved.map(|(_, at, _)| at),
            period.approved.map(|(_, _, lines)| lines),
            period.closed.map(|(by, _)| by),
            period.closed.map(|(_, at)| at),
            period.is_alone,
        ],
    )
    .await
}

/// Takes the key of a closed month; 0 when it was taken before.
pub(crate) async fn insert_closing(
    tx: &mut Tx,
    (org, by): (OrgId, Option<UserId>),
    month: Month,
    head: Head,
    now: Instant,
) -> Outcome<u64> {
    let count = i64::try_from(head.count).map_err(Error::failure)?;
    tx.run(
        "insert into pay_closings (org_id, month, line_count, hash, closed_by, closed_at) \
         values ($1, $2, $3, $4, $5, $6) on conflict (org_id, month) do nothing",
        vals![org, month.to_string(), count, head.hash.to_string(), by, now],
    )
    .await
}

/// Closed months with the end of the chain each was closed at, in order.
pub(crate) async fn list_closings(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(Month, Head)>> {
    tx.all(
        "select month, line_count, hash from pay_closings where org_id = $1 \
         order by line_count, month",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("month")?, read_head(row)?)))
    .collect()
}

/// The end of the chain a month was closed at; nothing where it is not closed.
pub(crate) async fn find_closing(tx: &mut Tx, org: OrgId, month: Month) -> Outcome<Option<Head>> {
    tx.maybe(
        "select line_count, hash from pay_closings where org_id = $1 and month = $2",
        vals![org, month.to_string()],
    )
    .await?
    .as_ref()
    .map(read_head)
    .transpose()
}

pub(crate) async fn find_calendar(tx: &mut Tx, org: OrgId) -> Outcome<Calendar> {
    let closings = list_closings(tx, org).await?;
    Ok(Calendar { closed: closings.into_iter().map(|(month, _)| month).collect() })
}

fn read(row: &Row) -> Outcome<Period> {
    let approved: Option<UserId> = row.opt_id("approved_by")?;
    let approved = approved
        .zip(row.opt_at("approved_at")?)
        .zip(row.opt_int("approved_lines")?)
        .map(|((by, at), lines)| (by, at, lines));
    let reviewed: Option<UserId> = row.opt_id("reviewed_by")?;
    let closed: Option<UserId> = row.opt_id("closed_by")?;
    Ok(Period {
        id: row.id("id")?,
        month: row.id("month")?,
        starts_at: row.at("starts_at")?,
        ends_at: row.at("ends_at")?,
        state: row.id("state")?,
        reviewed: reviewed.zip(row.opt_at("reviewed_at")?),
        review_event: row.opt_id("review_event")?,
        approved,
        closed: closed.zip(row.opt_at("closed_at")?),
        is_alone: row.flag("is_alone")?,
        revision: row.int("revision")?,
    })
}
