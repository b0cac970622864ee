//! Every statement about attempts and what was told of them; accounts, engines and recordings have
//! files of their own.

pub(super) mod connectors;
pub(super) mod hosted;
pub(super) mod incoming;
pub(super) mod lines;
pub(super) mod sound;
pub(super) mod trunk;
pub(super) mod unknown;

use super::course::Course;
use super::port::CallEvent;
use super::{Attempt, End, Measured, Origin};
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// The columns of an attempt before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, company_id, lead_id, campaign_id, lease_generation, caller_id, phone_id, \
             origin, state, exchange_id, asked_at, dialled_at, rang_at, answered_at, ended_at, \
             ring_ms, talk_ms, attested_at, mechanism, status, q850, ended_by, settled_at, \
             hang_up_at, is_recorded, call_id, own_number, made_at from attempts ",
            $rest
        )
    };
}

/// Makes an attempt; nought rows when its caller has one under way.
pub(super) async fn insert_attempt(tx: &mut Tx, org: OrgId, attempt: &Attempt) -> Outcome<u64> {
    tx.run(
        "insert into attempts (id, org_id, company_id, lead_id, campaign_id, lease_generation, \
         caller_id, phone_id, origin, state, exchange_id, asked_at, attested_at, is_counted, \
         settled_at, is_recorded, call_id, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         on conflict do nothing",
        vals![
            attempt.id,
            org,
            attempt.company,
            attempt.lead,
            attempt.campaign,
            attempt.generation,
            attempt.caller,
            attempt.phone,
            attempt.origin.code(),
            attempt.state.code(),
            attempt.exchange,
            attempt.measured.asked_at,
            attempt.attested_at,
            // What came in is counted nowhere; of what is settled at once, nobody tells an end.
            (attempt.origin == Origin::In).then_some(false).or(attempt.settled_at.map(|_| true)),
            attempt.settled_at,
            attempt.is_recorded,
            attempt.call,
            attempt.made_at,
        ],
    )
    .await
}

pub(super) async fn find_attempt(
    tx: &mut Tx,
    org: OrgId,
    id: AttemptId,
) -> Outcome<Option<Attempt>> {
    let found = tx.maybe(select!("where org_id = $1 and id = $2"), vals![org, id]).await?;
    found.as_ref().map(read_attempt).transpose()
}

/// The same, locked until the transaction ends.
pub(super) async fn find_attempt_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: AttemptId,
) -> Outcome<Option<Attempt>> {
    let text = select!("where org_id = $1 and id = $2 /*for update*/");
    tx.maybe(text, vals![org, id]).await?.as_ref().map(read_attempt).transpose()
}

/// The attempts made under a lease, oldest first; calls that came in are none of them.
pub(super) async fn list_of_lease(
    tx: &mut Tx,
    org: OrgId,
    (lead, generation): (LeadId, i64),
) -> Outcome<Vec<Attempt>> {
    let text = select!(
        "where org_id = $1 and lead_id = $2 and lease_generation = $3 and origin <> 'in' \
         order by made_at, id"
    );
    tx.all(text, vals![org, lead, generation]).await?.iter().map(read_attempt).collect()
}

/// What is under way of a person, made by them or come in.
pub(super) async fn find_under_way(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Option<Attempt>> {
    let text = select!("where org_id = $1 and caller_id = $2 and settled_at is null");
    tx.maybe(text, vals![org, user]).await?.as_ref().map(read_attempt).transpose()
}

/// When a person called or was rung last.
pub(super) async fn find_last_made(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Option<Instant>> {
    let text = "select made_at from attempts where org_id = $1 and caller_id = $2 \
                order by made_at desc limit 1";
    tx.maybe(text, vals![org, user]).await?.map(|row| row.at("made_at")).transpose()
}

/// The latest attempts at a lead, newest first.
pub(super) async fn list_of_lead(tx: &mut Tx, org: OrgId, lead: LeadId) -> Outcome<Vec<Attempt>> {
    let text =
        select!("where org_id = $1 and lead_id = $2 order by made_at desc, id desc limit 200");
    tx.all(text, vals![org, lead]).await?.iter().map(read_attempt).collect()
}

/// The attempts of a run of an engine that are not settled, oldest first.
pub(super) async fn list_unsettled(
    tx: &mut Tx,
    org: OrgId,
    exchange: ExchangeId,
) -> Outcome<Vec<Attempt>> {
    let text = select!(
        "where org_id = $1 and exchange_id = $2 and settled_at is null order by made_at, id"
    );
    tx.all(text, vals![org, exchange]).await?.iter().map(read_attempt).collect()
}

/// A run of an engine takes an order; nought rows when it was taken before.
pub(super) async fn update_taken(
    tx: &mut Tx,
    org: OrgId,
    id: AttemptId,
    (is_recorded, own_number): (bool, Option<&String>),
) -> Outcome<u64> {
    tx.run(
        "update attempts set state = 'taken', is_recorded = $3, own_number = $4 \
         where org_id = $1 and id = $2 and state = 'asked' and settled_at is null",
        vals![org, id, is_recorded, own_number.cloned()],
    )
    .await
}

/// Its caller wishes to hang up; nought rows when it is over or was wished before.
pub(super) async fn update_hang_up(
    tx: &mut Tx,
    org: OrgId,
    id: AttemptId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update attempts set hang_up_at = $3 where org_id = $1 and id = $2 \
         and settled_at is null and hang_up_at is null",
        vals![org, id, now],
    )
    .await
}

/// What was told of an attempt so far, folded.
pub(super) async fn update_course(
    tx: &mut Tx,
    org: OrgId,
    id: AttemptId,
    course: &Course,
) -> Outcome<u64> {
    let Measured { dialled_at, rang_at, answered_at, ended_at, ring_ms, talk_ms, .. } =
        course.measured;
    tx.run(
        "update attempts set state = case when settled_at is null then $3 else state end, \
         dialled_at = $4, rang_at = $5, answered_at = $6, ended_at = coalesce($7, ended_at), \
         ring_ms = $8, talk_ms = $9 where org_id = $1 and id = $2",
        vals![
            org,
            id,
            course.state.code(),
            dialled_at,
            rang_at,
            answered_at,
            ended_at,
            ring_ms,
            talk_ms
        ],
    )
    .await
}

/// Settles an attempt; nought rows when it is settled.
pub(super) async fn update_settled(
    tx: &mut Tx,
    org: OrgId,
    id: AttemptId,
    end: End,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update attempts set state = 'ended', mechanism = $3, status = $4, q850 = $5, \
         ended_by = $6, retry_key = $7, \
         is_counted = case when origin = 'in' then false else $8 end, settled_at = $9, \
         ended_at = coalesce(ended_at, $9) \
         where org_id = $1 and id = $2 and settled_at is null",
        vals![
            org,
            id,
            end.cause.code(),
            end.status.map(i64::from),
            end.q850.map(i64::from),
            end.by.code(),
            end.cause.retry().code(),
            end.is_counted(),
            now,
        ],
    )
    .await
}

/// A result was filed for what was begun under a lease; says for how many attempts. Whoever files
/// it for a call by link attests that it took place.
pub(super) async fn update_filed(
    tx: &mut Tx,
    org: OrgId,
    ((lead, generation), call): ((LeadId, i64), CallId),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update attempts set call_id = $4, \
         attested_at = case when origin = 'link' then $5 else attested_at end \
         where org_id = $1 and lead_id = $2 and lease_generation = $3 and origin <> 'in' \
         and call_id is null and (is_counted is null or is_counted = true)",
        vals![org, lead, generation, call, now],
    )
    .await
}

/// Ends a call by link that its caller says was none.
pub(super) async fn update_withdrawn_link(
    tx: &mut Tx,
    org: OrgId,
    id: AttemptId,
    end: End,
) -> Outcome<u64> {
    tx.run(
        "update attempts set mechanism = $3, ended_by = $4, retry_key = $5, is_counted = false \
         where org_id = $1 and id = $2 and origin = 'link' and call_id is null",
        vals![org, id, end.cause.code(), end.by.code(), end.cause.retry().code()],
    )
    .await
}

/// A result was taken back: what was begun waits for another, under the lease that its caller was
/// given again; a call that was only spoken of does not. Says for how many attempts.
pub(super) async fn update_unfiled(
    tx: &mut Tx,
    org: OrgId,
    call: CallId,
    generation: i64,
) -> Outcome<u64> {
    tx.run(
        "update attempts set call_id = null, lease_generation = $3, \
         attested_at = case when origin = 'link' then null else attested_at end \
         where org_id = $1 and call_id = $2 and (origin <> 'link' or asked_at is not null) \
         and (is_counted is null or is_counted = true)",
        vals![org, call, generation],
    )
    .await
}

/// What was measured under a lease and has no result waits for it under the next.
pub(super) async fn update_passed(
    tx: &mut Tx,
    org: OrgId,
    (lead, generation): (LeadId, i64),
    next: i64,
) -> Outcome<u64> {
    tx.run(
        "update attempts set lease_generation = $4 where org_id = $1 and lead_id = $2 \
         and lease_generation = $3 and call_id is null",
        vals![org, lead, generation, next],
    )
    .await
}

/// Keeps what was told; nought rows when that number was told before.
pub(super) async fn insert_event(
    tx: &mut Tx,
    org: OrgId,
    event: &CallEvent,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into attempt_events (attempt_id, seq, org_id, at, received_at, kind, detail) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (attempt_id, seq) do nothing",
        vals![
            event.attempt,
            event.seq,
            org,
            event.at,
            now,
            event.kind.code(),
            serde_json::to_string(&event.kind).map_err(Error::failure)?,
        ],
    )
    .await
}

/// Everything that was told of an attempt, in order.
pub(super) async fn list_events(
    tx: &mut Tx,
    org: OrgId,
    attempt: AttemptId,
) -> Outcome<Vec<CallEvent>> {
    tx.all(
        "select seq, at, detail from attempt_events where org_id = $1 and attempt_id = $2 \
         order by seq",
        vals![org, attempt],
    )
    .await?
    .iter()
    .map(|row| {
        let kind = serde_json::from_str(&row.text("detail")?).map_err(Error::failure)?;
        Ok(CallEvent { attempt, seq: row.int("seq")?, at: row.at("at")?, kind })
    })
    .collect()
}

fn read_attempt(row: &Row) -> Outcome<Attempt> {
    Ok(Attempt {
        id: row.id("id")?,
        company: row.id("company_id")?,
        lead: row.id("lead_id")?,
        campaign: row.id("campaign_id")?,
        generation: row.int("lease_generation")?,
        caller: row.id("caller_id")?,
        phone: row.opt_id("phone_id")?,
        origin: row.id("origin")?,
        state: row.id("state")?,
        exchange: row.opt_id("exchange_id")?,
        own_number: row.opt_text("own_number")?,
        measured: Measured {
            asked_at: row.opt_at("asked_at")?,
            dialled_at: row.opt_at("dialled_at")?,
            rang_at: row.opt_at("rang_at")?,
            answered_at: row.opt_at("answered_at")?,
            ended_at: row.opt_at("ended_at")?,
            ring_ms: row.opt_int("ring_ms")?,
            talk_ms: row.opt_int("talk_ms")?,
        },
        attested_at: row.opt_at("attested_at")?,
        end: read_end(row)?,
        settled_at: row.opt_at("settled_at")?,
        hang_up_at: row.opt_at("hang_up_at")?,
        is_recorded: row.flag("is_recorded")?,
        call: row.opt_id("call_id")?,
        made_at: row.at("made_at")?,
    })
}

fn read_end(row: &Row) -> Outcome<Option<End>> {
    let (Some(cause), Some(by)) = (row.opt_id("mechanism")?, row.opt_id("ended_by")?) else {
        return Ok(None);
    };
    let status = row.opt_int("status")?.and_then(|status| u16::try_from(status).ok());
    let q850 = row.opt_int("q850")?.and_then(|cause| u8::try_from(cause).ok());
    let rang = row.opt_at("rang_at")?.is_some();
    Ok(Some(End { cause, by, status, q850, rang }))
}
