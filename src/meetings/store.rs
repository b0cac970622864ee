//! Every statement about meetings.

use super::{Meeting, Range, Side};
use crate::people::Scope;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// The columns of a meeting before the rest of a statement; the person met is who stands for
/// them after a merge.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, number, company_id, campaign_id, lead_id, coalesce((select j.joined_id \
               from contacts j where j.id = meetings.contact_id), contact_id) as contact_id, \
             booker_id, booker_team_id, host_id, host_team_id, starts_at, minutes, place, state, \
             note, marked_by, marked_at, version, made_at from meetings ",
            $rest
        )
    };
}

pub(super) async fn insert(tx: &mut Tx, org: OrgId, meeting: &Meeting) -> Outcome<()> {
    tx.run(
        "insert into meetings (id, org_id, number, company_id, campaign_id, lead_id, contact_id, \
         booker_id, booker_team_id, host_id, host_team_id, starts_at, minutes, place, state, \
         note, version, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        vals![
            meeting.id,
            org,
            meeting.number,
            meeting.company,
            meeting.campaign,
            meeting.lead,
            meeting.contact,
            meeting.booker,
            meeting.booker_team,
            meeting.host,
            meeting.host_team,
            meeting.starts_at,
            meeting.minutes,
            &meeting.place,
            meeting.state.code(),
            &meeting.note,
            meeting.version,
            meeting.made_at,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: MeetingId) -> Outcome<Option<Meeting>> {
    tx.maybe(
        select!(
            "where org_id = $1 and id = $2 and ($3 = 'all' \
         or ($3 = 'team' and (booker_team_id = $4 or host_team_id = $4)) \
         or booker_id = $5 or host_id = $5)"
        ),
        vals![scope.org, id, scope.reach(), scope.team, scope.user],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn find_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: MeetingId,
) -> Outcome<Option<Meeting>> {
    tx.maybe(select!("where org_id = $1 and id = $2 /*for update*/"), vals![org, id])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    range: &Range,
    limit: i64,
) -> Outcome<Vec<Meeting>> {
    let side = range.side.map_or("", Side::code);
    tx.all(
        select!(
            "where org_id = $1 and starts_at >= $2 and starts_at < $3 and ($4 = 'all' \
         or ($4 = 'team' and (booker_team_id = $5 or host_team_id = $5)) \
         or booker_id = $6 or host_id = $6) \
         and ($7 = '' or ($7 = 'host' and host_id = $6) or ($7 = 'booker' and booker_id = $6)) \
         order by starts_at, id limit $8"
        ),
        vals![
            scope.org,
            range.from,
            range.until,
            scope.reach(),
            scope.team,
            scope.user,
            side,
            limit,
        ],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_of_company(
    tx: &mut Tx,
    scope: &Scope,
    company: CompanyId,
    limit: i64,
) -> Outcome<Vec<Meeting>> {
    tx.all(
        select!(
            "where org_id = $1 and company_id = $2 and ($3 = 'all' \
         or ($3 = 'team' and (booker_team_id = $4 or host_team_id = $4)) \
         or booker_id = $5 or host_id = $5) order by starts_at desc, id desc limit $6"
        ),
        vals![scope.org, company, scope.reach(), scope.team, scope.user, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_unmarked(
    tx: &mut Tx,
    scope: &Scope,
    now: Instant,
) -> Outcome<Vec<Meeting>> {
    tx.all(
        select!(
            "where org_id = $1 and state = 'booked' and starts_at <= $2 and ($3 = 'all' \
         or ($3 = 'team' and (booker_team_id = $4 or host_team_id = $4)) \
         or booker_id = $5 or host_id = $5) order by starts_at, id limit 100"
        ),
        vals![scope.org, now, scope.reach(), scope.team, scope.user],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// What a person is to hold with a company.
pub(super) async fn list_hosted(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    host: UserId,
) -> Outcome<Vec<MeetingId>> {
    tx.all(
        "select id from meetings where org_id = $1 and company_id = $2 and host_id = $3 \
         and state = 'booked' order by id",
        vals![org, company, host],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

/// What these people hold that begins within a span, whatever became of it.
pub(super) async fn list_taken(
    tx: &mut Tx,
    org: OrgId,
    hosts: &[UserId],
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Meeting>> {
    let among: Vec<Val> = hosts.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        select!(
            "where org_id = $1 and starts_at >= $2 and starts_at < $3 \
             and host_id in (/*among*/) order by starts_at, id"
        ),
        vals![org, from, until],
        &among,
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// When a talk was booked last for each of these people.
pub(super) async fn list_hosts(
    tx: &mut Tx,
    org: OrgId,
    hosts: &[UserId],
) -> Outcome<Vec<(UserId, Instant)>> {
    let among: Vec<Val> = hosts.iter().map(|id| Val::from(*id)).collect();
    let text = "select user_id, booked_at from meeting_hosts \
                where org_id = $1 and user_id in (/*among*/)";
    let rows = tx.all_among(text, vals![org], &among).await?;
    rows.iter().map(|row| Ok((row.id("user_id")?, row.at("booked_at")?))).collect()
}

/// A person is looked at as the host of a talk: other bookings of theirs wait until this
/// transaction ends.
pub(super) async fn insert_host(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<u64> {
    tx.run(
        "insert into meeting_hosts (org_id, user_id, booked_at) values ($1, $2, $3) \
         on conflict (org_id, user_id) do update set booked_at = meeting_hosts.booked_at",
        vals![org, user, Instant(0)],
    )
    .await
}

/// Somebody was given a talk.
pub(super) async fn update_host_booked(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    now: Instant,
) -> Outcome<u64> {
    let text = "update meeting_hosts set booked_at = $3 where org_id = $1 and user_id = $2";
    tx.run(text, vals![org, user, now]).await
}

pub(super) async fn update_host(tx: &mut Tx, org: OrgId, meeting: &Meeting) -> Outcome<u64> {
    tx.run(
        "update meetings set host_id = $4, host_team_id = $5, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3",
        vals![org, meeting.id, meeting.version, meeting.host, meeting.host_team],
    )
    .await
}

pub(super) async fn update_mark(tx: &mut Tx, org: OrgId, meeting: &Meeting) -> Outcome<u64> {
    tx.run(
        "update meetings set state = $4, note = $5, marked_by = $6, marked_at = $7, \
         version = version + 1 where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            meeting.id,
            meeting.version,
            meeting.state.code(),
            &meeting.note,
            meeting.marked.map(|(by, _)| by),
            meeting.marked.map(|(_, at)| at),
        ],
    )
    .await
}

fn read(row: &Row) -> Outcome<Meeting> {
    let marked = match (row.opt_id("marked_by")?, row.opt_at("marked_at")?) {
        (Some(by), Some(at)) => Some((by, at)),
        _ => None,
    };
    Ok(Meeting {
        id: row.id("id")?,
        number: row.int("number")?,
        company: row.id("company_id")?,
        campaign: row.opt_id("campaign_id")?,
        lead: row.opt_id("lead_id")?,
        contact: row.opt_id("contact_id")?,
        booker: row.id("booker_id")?,
        booker_team: row.opt_id("booker_team_id")?,
        host: row.opt_id("host_id")?,
        host_team: row.opt_id("host_team_id")?,
        starts_at: row.at("starts_at")?,
        minutes: row.int("minutes")?,
        place: row.text("place")?,
        state: row
            .text("state")?
            .parse()
            .map_err(|()| Error::failure("unknown state of a meeting"))?,
        note: row.text("note")?,
        marked,
        version: row.int("version")?,
        made_at: row.at("made_at")?,
    })
}
