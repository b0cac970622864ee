//! Every statement about who was told of a call that comes in.

use crate::storage::{Row, Tx};
use crate::telephony::Measured;
use crate::telephony::hosted::incoming::Incoming;
use crate::vals;
use crate::values::*;

/// Says that somebody was told of a call; nought rows when they were told before.
pub(in crate::telephony) async fn insert_incoming(
    tx: &mut Tx,
    org: OrgId,
    incoming: &Incoming,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into incoming_calls (id, org_id, user_id, company_id, lead_id, hosted_call_id, \
         attempt_id, reference, began_at, answered_at, ended_at, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        vals![
            incoming.id,
            org,
            incoming.user,
            incoming.company,
            incoming.lead,
            incoming.hosted,
            incoming.attempt,
            &incoming.reference,
            incoming.began_at,
            incoming.answered_at,
            incoming.ended_at,
            now,
        ],
    )
    .await
}

/// How a call went that somebody was told of; says whom it concerns.
pub(in crate::telephony) async fn update_incoming(
    tx: &mut Tx,
    org: OrgId,
    call: HostedCallId,
    measured: &Measured,
) -> Outcome<Vec<UserId>> {
    tx.all(
        "update incoming_calls set answered_at = $3, ended_at = $4 \
         where org_id = $1 and hosted_call_id = $2 returning user_id",
        vals![org, call, measured.answered_at, measured.ended_at],
    )
    .await?
    .iter()
    .map(|row| row.id("user_id"))
    .collect()
}

/// How a call went that the product rang somebody for; says whom it concerns.
pub(in crate::telephony) async fn update_incoming_of_attempt(
    tx: &mut Tx,
    org: OrgId,
    attempt: AttemptId,
    measured: &Measured,
) -> Outcome<Option<UserId>> {
    tx.maybe(
        "update incoming_calls set answered_at = $3, ended_at = $4 \
         where org_id = $1 and attempt_id = $2 returning user_id",
        vals![org, attempt, measured.answered_at, measured.ended_at],
    )
    .await?
    .map(|row| row.id("user_id"))
    .transpose()
}

/// Somebody took a call that has only its name; says whom it concerns.
pub(in crate::telephony) async fn update_incoming_taken(
    tx: &mut Tx,
    org: OrgId,
    reference: &str,
    now: Instant,
) -> Outcome<Vec<UserId>> {
    let text = "update incoming_calls set answered_at = $3 where org_id = $1 and reference = $2 \
                and answered_at is null and ended_at is null returning user_id";
    let all = tx.all(text, vals![org, reference, now]).await?;
    all.iter().map(|row| row.id("user_id")).collect()
}

/// It is over, or none of theirs any more who were rung for it; says who they are, of which company
/// it was, and whether they had taken it.
pub(in crate::telephony) async fn update_incoming_over(
    tx: &mut Tx,
    org: OrgId,
    reference: &str,
    now: Instant,
) -> Outcome<Vec<(UserId, CompanyId, bool)>> {
    let text = "update incoming_calls set ended_at = $3 where org_id = $1 and reference = $2 \
                and ended_at is null returning user_id, company_id, answered_at";
    let all = tx.all(text, vals![org, reference, now]).await?;
    let read = |row: &Row| {
        let was_taken = row.opt_at("answered_at")?.is_some();
        Ok((row.id("user_id")?, row.id("company_id")?, was_taken))
    };
    all.iter().map(read).collect()
}

/// They have looked, or put it away; nought rows where they did before.
pub(in crate::telephony) async fn update_incoming_seen(
    tx: &mut Tx,
    org: OrgId,
    (id, user): (IncomingCallId, UserId),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update incoming_calls set seen_at = $4 where org_id = $1 and id = $2 and user_id = $3 \
         and seen_at is null",
        vals![org, id, user, now],
    )
    .await
}

/// What a person was told since then and has not put away, newest first, so many at most.
pub(in crate::telephony) async fn list_unseen(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    (since, limit): (Instant, i64),
) -> Outcome<Vec<Incoming>> {
    tx.all(
        "select id, user_id, company_id, lead_id, hosted_call_id, attempt_id, reference, began_at, \
         answered_at, ended_at from incoming_calls where org_id = $1 and user_id = $2 \
         and seen_at is null \
         and began_at >= $3 order by began_at desc, id desc limit $4",
        vals![org, user, since, limit],
    )
    .await?
    .iter()
    .map(read_incoming)
    .collect()
}

/// One of a person's own.
pub(in crate::telephony) async fn find_incoming(
    tx: &mut Tx,
    org: OrgId,
    (id, user): (IncomingCallId, UserId),
) -> Outcome<Option<Incoming>> {
    let text = "select id, user_id, company_id, lead_id, hosted_call_id, attempt_id, reference, \
                began_at, answered_at, ended_at from incoming_calls where org_id = $1 and id = $2 \
                and user_id = $3";
    tx.maybe(text, vals![org, id, user]).await?.as_ref().map(read_incoming).transpose()
}

/// True where a person was told of a company's call since then.
pub(in crate::telephony) async fn was_told(
    tx: &mut Tx,
    org: OrgId,
    (user, company): (UserId, CompanyId),
    since: Instant,
) -> Outcome<bool> {
    let text = "select id from incoming_calls where org_id = $1 and user_id = $2 \
                and company_id = $3 and began_at >= $4 limit 1";
    Ok(tx.maybe(text, vals![org, user, company, since]).await?.is_some())
}

fn read_incoming(row: &Row) -> Outcome<Incoming> {
    Ok(Incoming {
        id: row.id("id")?,
        user: row.id("user_id")?,
        company: row.id("company_id")?,
        lead: row.opt_id("lead_id")?,
        hosted: row.opt_id("hosted_call_id")?,
        attempt: row.opt_id("attempt_id")?,
        reference: row.opt_text("reference")?,
        began_at: row.at("began_at")?,
        answered_at: row.opt_at("answered_at")?,
        ended_at: row.opt_at("ended_at")?,
    })
}

/// Who was the last to call a company.
pub(in crate::telephony) async fn find_last_caller(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Option<(UserId, LeadId)>> {
    let text = "select caller_id, lead_id from attempts where org_id = $1 and company_id = $2 \
                and (is_counted is null or is_counted = true) \
                order by made_at desc, id desc limit 1";
    tx.maybe(text, vals![org, company])
        .await?
        .map(|row| Ok((row.id("caller_id")?, row.id("lead_id")?)))
        .transpose()
}

/// True where a person called for a lead.
pub(in crate::telephony) async fn has_called(
    tx: &mut Tx,
    org: OrgId,
    (user, lead): (UserId, LeadId),
) -> Outcome<bool> {
    let text = "select id from attempts where org_id = $1 and lead_id = $2 and caller_id = $3 \
                and origin <> 'in' limit 1";
    Ok(tx.maybe(text, vals![org, lead, user]).await?.is_some())
}
