//! Every statement about recordings.

use crate::storage::{Row, Tx, Val};
use crate::telephony::recordings::Recording;
use crate::vals;
use crate::values::*;

/// Keeps that there is a recording; nought rows when it was told before.
pub(in crate::telephony) async fn insert_recording(
    tx: &mut Tx,
    org: OrgId,
    recording: &Recording,
    seq: i64,
) -> Outcome<u64> {
    tx.run(
        "insert into recordings (id, org_id, attempt_id, seq, path, duration_ms, bytes, digest, \
         made_at, until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         on conflict (attempt_id, seq) do nothing",
        vals![
            recording.id,
            org,
            recording.attempt,
            seq,
            &recording.path,
            recording.duration_ms,
            recording.bytes,
            &recording.digest,
            recording.made_at,
            recording.until,
        ],
    )
    .await
}

/// A recording whose time is not over.
pub(in crate::telephony) async fn find_recording(
    tx: &mut Tx,
    org: OrgId,
    id: RecordingId,
    now: Instant,
) -> Outcome<Option<Recording>> {
    let text = "select id, attempt_id, path, duration_ms, bytes, digest, made_at, until \
                from recordings where org_id = $1 and id = $2 and removed_at is null \
                and until > $3";
    tx.maybe(text, vals![org, id, now]).await?.as_ref().map(read_recording).transpose()
}

/// The recordings of a lead's attempts whose time is not over, oldest first.
pub(in crate::telephony) async fn list_recordings(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    now: Instant,
) -> Outcome<Vec<Recording>> {
    let text = "select r.id, r.attempt_id, r.path, r.duration_ms, r.bytes, r.digest, r.made_at, \
                r.until from recordings r join attempts a on a.id = r.attempt_id \
                where r.org_id = $1 and a.lead_id = $2 and r.removed_at is null \
                and r.until > $3 order by r.id";
    tx.all(text, vals![org, lead, now]).await?.iter().map(read_recording).collect()
}

/// The time of all recordings of calls to these companies is over.
pub(in crate::telephony) async fn update_over(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
    now: Instant,
) -> Outcome<u64> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.run_among(
        "update recordings set until = $2 where org_id = $1 and removed_at is null \
         and until > $2 and attempt_id in (select id from attempts where org_id = $1 \
           and company_id in (/*among*/))",
        vals![org, now],
        &among,
    )
    .await
}

/// No attempt to reach these companies has a recording that stands, whatever is told of it later.
pub(in crate::telephony) async fn update_unrecorded(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<u64> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.run_among(
        "update attempts set is_recorded = $2 where org_id = $1 and is_recorded \
         and company_id in (/*among*/)",
        vals![org, false],
        &among,
    )
    .await
}

/// Recordings under a folder whose time is over, behind one of them, at most a hundred.
pub(in crate::telephony) async fn list_due(
    tx: &mut Tx,
    (org, folder): (OrgId, &str),
    after: (Instant, &str),
    now: Instant,
) -> Outcome<Vec<Recording>> {
    let text = "select id, attempt_id, path, duration_ms, bytes, digest, made_at, until \
                from recordings where org_id = $1 and until <= $2 and removed_at is null \
                and substr(path, 1, length($3)) = $3 and (until, id) > ($4, $5) \
                order by until, id limit 100";
    tx.all(text, vals![org, now, folder, after.0, after.1])
        .await?
        .iter()
        .map(read_recording)
        .collect()
}

/// The file of a recording is gone; nought rows when that was noted before.
pub(in crate::telephony) async fn update_removed(
    tx: &mut Tx,
    org: OrgId,
    id: RecordingId,
    now: Instant,
) -> Outcome<u64> {
    let text = "update recordings set removed_at = $3 where org_id = $1 and id = $2 \
                and removed_at is null";
    tx.run(text, vals![org, id, now]).await
}

fn read_recording(row: &Row) -> Outcome<Recording> {
    Ok(Recording {
        id: row.id("id")?,
        attempt: row.id("attempt_id")?,
        path: row.text("path")?,
        duration_ms: row.int("duration_ms")?,
        bytes: row.int("bytes")?,
        digest: row.text("digest")?,
        made_at: row.at("made_at")?,
        until: row.at("until")?,
    })
}
