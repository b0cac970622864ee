//! Every statement about calls of whom the base does not know.

use std::cmp::Reverse;

use crate::people::Scope;
use crate::storage::{Row, Tx, Val};
use crate::telephony::unknown::Unknown;
use crate::vals;
use crate::values::*;

/// The columns of a call before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, reference, number, team_id, user_id, began_at, answered_at, ended_at, \
             settled_at, settled_by, incoming_id, (select i.company_id from incoming_calls i \
               where i.id = unknown_calls.incoming_id) as company_id from unknown_calls ",
            $rest
        )
    };
}

/// Writes a call; nought rows where it is written.
pub(in crate::telephony) async fn insert_unknown(
    tx: &mut Tx,
    org: OrgId,
    call: &Unknown,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into unknown_calls (id, org_id, reference, number, team_id, user_id, began_at, \
         made_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (org_id, reference) do nothing",
        vals![
            call.id,
            org,
            &call.reference,
            &call.number,
            call.team,
            call.user,
            call.began_at,
            now,
        ],
    )
    .await
}

/// Somebody else is rung for it.
pub(in crate::telephony) async fn update_unknown_rung(
    tx: &mut Tx,
    org: OrgId,
    (reference, user): (&str, UserId),
) -> Outcome<u64> {
    let text = "update unknown_calls set user_id = $3 where org_id = $1 and reference = $2 \
                and answered_at is null and ended_at is null";
    tx.run(text, vals![org, reference, user]).await
}

/// Somebody took it; says who.
pub(in crate::telephony) async fn update_unknown_answered(
    tx: &mut Tx,
    org: OrgId,
    reference: &str,
    now: Instant,
) -> Outcome<Option<UserId>> {
    let text = "update unknown_calls set answered_at = $3 where org_id = $1 and reference = $2 \
                and answered_at is null returning user_id";
    let found = tx.maybe(text, vals![org, reference, now]).await?;
    found.map_or(Ok(None), |row| row.opt_id("user_id"))
}

/// It is over; says who took it or was rung last.
pub(in crate::telephony) async fn update_unknown_ended(
    tx: &mut Tx,
    org: OrgId,
    reference: &str,
    now: Instant,
) -> Outcome<Option<UserId>> {
    let text = "update unknown_calls set ended_at = $3 where org_id = $1 and reference = $2 \
                and ended_at is null returning user_id";
    let found = tx.maybe(text, vals![org, reference, now]).await?;
    found.map_or(Ok(None), |row| row.opt_id("user_id"))
}

/// A person said whose it was, or that it is nobody's; nought rows where somebody did before.
pub(in crate::telephony) async fn update_unknown_settled(
    tx: &mut Tx,
    org: OrgId,
    (id, incoming): (UnknownCallId, Option<IncomingCallId>),
    (by, now): (UserId, Instant),
) -> Outcome<u64> {
    let text = "update unknown_calls set incoming_id = $3, settled_by = $4, settled_at = $5 \
                where org_id = $1 and id = $2 and settled_at is null";
    tx.run(text, vals![org, id, incoming, by, now]).await
}

/// Those that came before then are put away, so many at a time; says which, and who was rung.
pub(in crate::telephony) async fn update_unknown_aged(
    tx: &mut Tx,
    org: OrgId,
    (before, limit): (Instant, i64),
    now: Instant,
) -> Outcome<Vec<(UnknownCallId, Option<UserId>)>> {
    let text = "update unknown_calls set settled_at = $4 where org_id = $1 and id in (select id \
                from unknown_calls where org_id = $1 and began_at < $2 and settled_at is null \
                order by began_at, id limit $3) and settled_at is null returning id, user_id";
    let all = tx.all(text, vals![org, before, limit, now]).await?;
    all.iter().map(|row| Ok((row.id("id")?, row.opt_id("user_id")?))).collect()
}

/// True where calls that came since then wait for somebody to say whose they were.
pub(in crate::telephony) async fn has_open(
    tx: &mut Tx,
    org: OrgId,
    since: Instant,
) -> Outcome<bool> {
    let text = "select id from unknown_calls where org_id = $1 and began_at >= $2 \
                and settled_at is null limit 1";
    Ok(tx.maybe(text, vals![org, since]).await?.is_some())
}

/// One of them.
pub(in crate::telephony) async fn find_unknown(
    tx: &mut Tx,
    org: OrgId,
    id: UnknownCallId,
) -> Outcome<Option<Unknown>> {
    let text = select!("where org_id = $1 and id = $2");
    tx.maybe(text, vals![org, id]).await?.as_ref().map(read).transpose()
}

/// Those that came since then, that the scope sees and of which nobody said whose they were, newest
/// first; `members` are of its team, for what is no team's by its number.
pub(in crate::telephony) async fn list_unknown(
    tx: &mut Tx,
    scope: &Scope,
    members: &[UserId],
    asked: (Instant, i64),
) -> Outcome<Vec<Unknown>> {
    let text = select!(
        "where org_id = $1 and settled_at is null and began_at >= $6 \
         and ($2 = 'all' or user_id = $4 \
         or ($2 = 'team' and (team_id = $3 or (team_id is null and user_id in (/*among*/))))) \
         order by began_at desc, id desc limit $5"
    );
    list_among(tx, text, (scope, members), asked).await
}

/// Those of which all is said since then and that the scope sees, newest first.
pub(in crate::telephony) async fn list_settled(
    tx: &mut Tx,
    scope: &Scope,
    members: &[UserId],
    asked: (Instant, i64),
) -> Outcome<Vec<Unknown>> {
    let text = select!(
        "where org_id = $1 and settled_at >= $6 \
         and ($2 = 'all' or user_id = $4 \
         or ($2 = 'team' and (team_id = $3 or (team_id is null and user_id in (/*among*/))))) \
         order by began_at desc, id desc limit $5"
    );
    list_among(tx, text, (scope, members), asked).await
}

async fn list_among(
    tx: &mut Tx,
    text: &'static str,
    (scope, members): (&Scope, &[UserId]),
    (since, limit): (Instant, i64),
) -> Outcome<Vec<Unknown>> {
    let members: Vec<Val> = members.iter().copied().map(Val::from).collect();
    let fixed = vals![scope.org, scope.reach(), scope.team, scope.user, limit, since];
    let rows = tx.all_among(text, fixed, &members).await?;
    let mut all: Vec<Unknown> = rows.iter().map(read).collect::<Outcome<_>>()?;
    // A large team is asked for part by part, and each part lists what is seen without it.
    all.sort_by_key(|call| Reverse((call.began_at, call.id)));
    all.dedup_by_key(|call| call.id);
    all.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(all)
}

/// Forgets a number wherever it called from.
pub(in crate::telephony) async fn update_unknown_forgotten(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
) -> Outcome<u64> {
    let text = "update unknown_calls set number = null where org_id = $1 and number = $2";
    tx.run(text, vals![org, number]).await
}

/// Forgets the numbers of calls made before then.
pub(in crate::telephony) async fn update_unknown_old(
    tx: &mut Tx,
    org: OrgId,
    before: Instant,
) -> Outcome<u64> {
    let text = "update unknown_calls set number = null where org_id = $1 and made_at < $2 \
                and number is not null";
    tx.run(text, vals![org, before]).await
}

fn read(row: &Row) -> Outcome<Unknown> {
    Ok(Unknown {
        id: row.id("id")?,
        reference: row.text("reference")?,
        number: row.opt_text("number")?,
        team: row.opt_id("team_id")?,
        user: row.opt_id("user_id")?,
        began_at: row.at("began_at")?,
        answered_at: row.opt_at("answered_at")?,
        ended_at: row.opt_at("ended_at")?,
        settled_at: row.opt_at("settled_at")?,
        settled_by: row.opt_id("settled_by")?,
        incoming: row.opt_id("incoming_id")?,
        company: row.opt_id("company_id")?,
    })
}
