//! Every statement about calls at exchanges of others.

use crate::storage::{Row, Tx, Val};
use crate::telephony::drivers::hosted::{Direction, HostedEvent};
use crate::telephony::hosted::HostedCall;
use crate::telephony::hosted::course::HostedCourse;
use crate::telephony::{Measured, Origin};
use crate::vals;
use crate::values::*;

/// The columns of a call before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, connector_id, reference, direction, number, user_id, began_at, rang_at, \
             answered_at, ended_at, ring_ms, talk_ms, mechanism, ended_by, status, q850, \
             is_recorded, attempt_id, made_at from hosted_calls ",
            $rest
        )
    };
}

/// A call of which nothing was told before; nought rows where something was.
pub(in crate::telephony) async fn insert_hosted(
    tx: &mut Tx,
    org: OrgId,
    (id, connector, reference): (HostedCallId, ConnectorId, &str),
    (began, now): (Instant, Instant),
) -> Outcome<u64> {
    tx.run(
        "insert into hosted_calls (id, org_id, connector_id, reference, began_at, is_recorded, \
         is_forgotten, made_at) values ($1, $2, $3, $4, $5, false, false, $6) \
         on conflict (connector_id, reference) do nothing",
        vals![id, org, connector, reference, began, now],
    )
    .await
}

/// Holds what joins a person's calls and attempts until the transaction ends.
pub(in crate::telephony) async fn hold_desk(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<()> {
    tx.run(
        "insert into hosted_desks (user_id, org_id) values ($1, $2) \
         on conflict (user_id) do nothing",
        vals![user, org],
    )
    .await?;
    let text = "select user_id from hosted_desks where org_id = $1 and user_id = $2 /*for update*/";
    tx.one(text, vals![org, user]).await.map(drop)
}

/// Whose call it is, as far as it was told.
pub(in crate::telephony) async fn find_whose(
    tx: &mut Tx,
    org: OrgId,
    (connector, reference): (ConnectorId, &str),
) -> Outcome<Option<UserId>> {
    let text = "select user_id from hosted_calls where org_id = $1 and connector_id = $2 \
                and reference = $3";
    let found = tx.maybe(text, vals![org, connector, reference]).await?;
    found.map_or(Ok(None), |row| row.opt_id("user_id"))
}

/// A call by its provider's name of it, locked until the transaction ends.
pub(in crate::telephony) async fn find_named_for_update(
    tx: &mut Tx,
    org: OrgId,
    (connector, reference): (ConnectorId, &str),
) -> Outcome<Option<HostedCall>> {
    let text = select!("where org_id = $1 and connector_id = $2 and reference = $3 /*for update*/");
    tx.maybe(text, vals![org, connector, reference]).await?.as_ref().map(read).transpose()
}

/// Keeps what was told; nought rows when it was told before.
pub(in crate::telephony) async fn insert_hosted_event(
    tx: &mut Tx,
    org: OrgId,
    (call, connector): (HostedCallId, ConnectorId),
    (event, now): (&HostedEvent, Instant),
) -> Outcome<u64> {
    tx.run(
        "insert into hosted_events (connector_id, kind, told, org_id, hosted_call_id, at, \
         received_at, number, detail) values ($1, $2, $3, $4, $5, $6, $7, (select case \
         when is_forgotten = true then null else cast($8 as text) end from hosted_calls \
         where id = $5), $9) on conflict (connector_id, kind, told) do nothing",
        vals![
            connector,
            event.kind.code(),
            &event.told,
            org,
            call,
            event.at,
            now,
            &event.number,
            detail(event)?,
        ],
    )
    .await
}

/// What is kept of an event beside its columns.
fn detail(event: &HostedEvent) -> Outcome<String> {
    let HostedEvent { direction, extension, end, .. } = event;
    serde_json::to_string(&(direction, extension, end)).map_err(Error::failure)
}

/// Everything that was told of a call.
pub(in crate::telephony) async fn list_hosted_events(
    tx: &mut Tx,
    org: OrgId,
    call: HostedCallId,
) -> Outcome<Vec<HostedEvent>> {
    tx.all(
        "select e.kind, e.told, e.at, e.number, e.detail, c.reference from hosted_events e \
         join hosted_calls c on c.id = e.hosted_call_id \
         where e.org_id = $1 and e.hosted_call_id = $2",
        vals![org, call],
    )
    .await?
    .iter()
    .map(|row| {
        let detail = serde_json::from_str(&row.text("detail")?).map_err(Error::failure)?;
        let (direction, extension, end) = detail;
        Ok(HostedEvent {
            reference: row.text("reference")?,
            kind: row.id("kind")?,
            told: row.text("told")?,
            at: row.at("at")?,
            direction,
            number: row.opt_text("number")?,
            extension,
            end,
        })
    })
    .collect()
}

/// What was told of a call so far, folded.
pub(in crate::telephony) async fn update_hosted(
    tx: &mut Tx,
    org: OrgId,
    id: HostedCallId,
    (course, number, user): (&HostedCourse, Option<&str>, Option<UserId>),
) -> Outcome<u64> {
    let Measured { rang_at, answered_at, ended_at, ring_ms, talk_ms, .. } = course.measured;
    tx.run(
        "update hosted_calls set direction = $3, number = $4, user_id = $5, began_at = $6, \
         rang_at = $7, answered_at = $8, ended_at = $9, ring_ms = $10, talk_ms = $11, \
         mechanism = $12, ended_by = $13, status = $14, q850 = $15, is_recorded = $16 \
         where org_id = $1 and id = $2",
        vals![
            org,
            id,
            course.direction.map(Direction::code),
            number,
            user,
            course.began_at,
            rang_at,
            answered_at,
            ended_at,
            ring_ms,
            talk_ms,
            course.end.map(|end| end.cause.code()),
            course.end.map(|end| end.by.code()),
            course.end.and_then(|end| end.status).map(i64::from),
            course.end.and_then(|end| end.q850).map(i64::from),
            course.is_recorded,
        ],
    )
    .await
}

/// The calls of a person to others within a time, whose numbers are known.
pub(in crate::telephony) async fn list_made_by(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    (since, until): (Instant, Instant),
) -> Outcome<Vec<HostedCall>> {
    let text = select!(
        "where org_id = $1 and user_id = $2 and began_at >= $3 and began_at <= $4 \
         and direction = 'out' and number is not null order by began_at, id limit 500"
    );
    tx.all(text, vals![org, user, since, until]).await?.iter().map(read).collect()
}

/// The same, to one of these numbers.
pub(in crate::telephony) async fn list_made_to(
    tx: &mut Tx,
    org: OrgId,
    (user, numbers): (UserId, &[String]),
    (since, until): (Instant, Instant),
) -> Outcome<Vec<HostedCall>> {
    let numbers: Vec<Val> = numbers.iter().cloned().map(Val::from).collect();
    let text = select!(
        "where org_id = $1 and user_id = $2 and began_at >= $3 and began_at <= $4 \
         and direction = 'out' and number in (/*among*/) order by began_at, id"
    );
    let rows = tx.all_among(text, vals![org, user, since, until], &numbers).await?;
    rows.iter().map(read).collect()
}

/// The call that an attempt was, locked until the transaction ends.
pub(in crate::telephony) async fn find_of_attempt(
    tx: &mut Tx,
    org: OrgId,
    attempt: AttemptId,
) -> Outcome<Option<HostedCall>> {
    let text = select!("where org_id = $1 and attempt_id = $2 /*for update*/");
    tx.maybe(text, vals![org, attempt]).await?.as_ref().map(read).transpose()
}

/// Says which attempt a call was, or that it was none.
pub(in crate::telephony) async fn update_attempt_of(
    tx: &mut Tx,
    org: OrgId,
    call: HostedCallId,
    attempt: Option<AttemptId>,
) -> Outcome<u64> {
    let text = "update hosted_calls set attempt_id = $3 where org_id = $1 and id = $2";
    tx.run(text, vals![org, call, attempt]).await
}

/// What an exchange measured of an attempt that its caller filed by their own word; nothing where
/// the call was another's.
pub(in crate::telephony) async fn update_measured(
    tx: &mut Tx,
    org: OrgId,
    id: AttemptId,
    (call, phone): (Option<&HostedCall>, Option<PhoneId>),
) -> Outcome<u64> {
    let measured = call.map(|call| call.measured).unwrap_or_default();
    let end = call.and_then(|call| call.end);
    tx.run(
        "update attempts set dialled_at = $3, rang_at = $4, answered_at = $5, ended_at = $6, \
         ring_ms = $7, talk_ms = $8, mechanism = $9, ended_by = $10, status = $11, q850 = $12, \
         retry_key = $13, phone_id = coalesce($14, phone_id) \
         where org_id = $1 and id = $2 and origin = 'link'",
        vals![
            org,
            id,
            measured.dialled_at,
            measured.rang_at,
            measured.answered_at,
            measured.ended_at,
            measured.ring_ms,
            measured.talk_ms,
            end.map(|end| end.cause.code()),
            end.map(|end| end.by.code()),
            end.and_then(|end| end.status).map(i64::from),
            end.and_then(|end| end.q850).map(i64::from),
            end.map(|end| end.cause.retry().code()),
            phone,
        ],
    )
    .await
}

/// The attempts that a caller filed by their own word within a time, in that order: id and company.
pub(in crate::telephony) async fn list_attested(
    tx: &mut Tx,
    org: OrgId,
    caller: UserId,
    (since, until): (Instant, Instant),
) -> Outcome<Vec<(AttemptId, CompanyId)>> {
    tx.all(
        "select id, company_id from attempts where org_id = $1 and caller_id = $2 \
         and made_at >= $5 and made_at <= $4 and attested_at >= $3 and attested_at <= $4 \
         and origin = 'link' and call_id is not null order by attested_at, id limit 100",
        // A link is followed shortly before the call.
        vals![org, caller, since, until, since.plus_days(-1)],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.id("company_id")?)))
    .collect()
}

/// Frees what was measured of attempts whose result was taken back; says of which calls.
pub(in crate::telephony) async fn update_freed(
    tx: &mut Tx,
    org: OrgId,
    call: CallId,
) -> Outcome<u64> {
    tx.run(
        "update hosted_calls set attempt_id = null where org_id = $1 and attempt_id in \
         (select id from attempts where org_id = $1 and call_id = $2 and origin = $3)",
        vals![org, call, Origin::Link.code()],
    )
    .await
}

/// What a caller said of a call that they took back is no attempt, where they followed no link.
pub(in crate::telephony) async fn update_withdrawn(
    tx: &mut Tx,
    org: OrgId,
    call: CallId,
) -> Outcome<u64> {
    tx.run(
        "update attempts set call_id = null, is_counted = false \
         where org_id = $1 and call_id = $2 and origin = 'link' and asked_at is null",
        vals![org, call],
    )
    .await
}

/// The attempts that were filed by a caller's own word under a call.
pub(in crate::telephony) async fn list_attested_of(
    tx: &mut Tx,
    org: OrgId,
    call: CallId,
) -> Outcome<Vec<AttemptId>> {
    let text = "select id from attempts where org_id = $1 and call_id = $2 and origin = 'link'";
    tx.all(text, vals![org, call]).await?.iter().map(|row| row.id("id")).collect()
}

/// Forgets a number, and keeps it of no call that has it when more is told; says of how many.
pub(in crate::telephony) async fn update_forgotten(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
) -> Outcome<u64> {
    // The call first, which holds it: what is told of it at this moment waits.
    let count = tx
        .run(
            "update hosted_calls set is_forgotten = true where org_id = $1 and number = $2",
            vals![org, number],
        )
        .await?;
    tx.run(
        "update hosted_events set number = null where org_id = $1 and hosted_call_id in \
         (select id from hosted_calls where org_id = $1 and number = $2)",
        vals![org, number],
    )
    .await?;
    let text = "update hosted_calls set number = null where org_id = $1 and number = $2";
    tx.run(text, vals![org, number]).await?;
    Ok(count)
}

/// True where a number is known of a call made before then, or somebody is still to say whose it
/// was.
pub(in crate::telephony) async fn has_old(
    tx: &mut Tx,
    org: OrgId,
    before: Instant,
) -> Outcome<bool> {
    let text = "select id from hosted_calls where org_id = $1 and made_at < $2 \
                and number is not null union all select id from unknown_calls \
                where org_id = $1 and made_at < $2 and number is not null \
                union all select id from unknown_calls \
                where org_id = $1 and began_at < $2 and settled_at is null limit 1";
    Ok(tx.maybe(text, vals![org, before]).await?.is_some())
}

/// Forgets the numbers of calls made before then, and what was told of them.
pub(in crate::telephony) async fn delete_old(
    tx: &mut Tx,
    org: OrgId,
    before: Instant,
) -> Outcome<u64> {
    tx.run(
        "delete from hosted_events where org_id = $1 and hosted_call_id in (select id \
         from hosted_calls where org_id = $1 and made_at < $2 and number is not null)",
        vals![org, before],
    )
    .await?;
    tx.run(
        "update hosted_calls set number = null where org_id = $1 and made_at < $2 \
         and number is not null",
        vals![org, before],
    )
    .await
}

fn read(row: &Row) -> Outcome<HostedCall> {
    let began_at = row.at("began_at")?;
    let direction: Option<Direction> = row.opt_id("direction")?;
    Ok(HostedCall {
        id: row.id("id")?,
        connector: row.id("connector_id")?,
        reference: row.text("reference")?,
        direction,
        number: row.opt_text("number")?,
        user: row.opt_id("user_id")?,
        began_at,
        measured: Measured {
            asked_at: None,
            dialled_at: Some(began_at),
            rang_at: row.opt_at("rang_at")?,
            answered_at: row.opt_at("answered_at")?,
            ended_at: row.opt_at("ended_at")?,
            ring_ms: row.opt_int("ring_ms")?,
            talk_ms: row.opt_int("talk_ms")?,
        },
        end: super::read_end(row)?,
        is_recorded: row.flag("is_recorded")?,
        attempt: row.opt_id("attempt_id")?,
        made_at: row.at("made_at")?,
    })
}
