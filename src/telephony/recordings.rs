//! The sound of calls: who hears it, and until when it stands.
//!
//! Hearing is a right of its own: the caller hears their own calls, the head those of their team,
//! the owner all; who looks after people or the base does not. Each time somebody hears one is
//! recorded.

use super::store::{self, sound};
use super::{Attempt, TelephonyRefusal};
use crate::events::{Event, Kind};
use crate::people::{self, Role, Viewer};
use crate::storage::{Act, Tx};
use crate::values::*;

/// The sound of a call, in a file of the machine where its engine ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its id.
    pub id: RecordingId,
    /// The attempt it is of.
    pub attempt: AttemptId,
    /// The file.
    pub path: String,
    /// How long it plays.
    pub duration_ms: i64,
    /// Its size.
    pub bytes: i64,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// When it was whole.
    pub made_at: Instant,
    /// When it is removed.
    pub until: Instant,
}

/// Keeps that there is a recording, once.
pub(super) async fn keep_in(
    tx: &mut Tx,
    act: &Act,
    recording: &Recording,
    seq: i64,
) -> Outcome<()> {
    sound::insert_recording(tx, act.org, recording, seq).await.map(drop)
}

/// May this person hear the calls of that caller?
pub async fn may_hear(tx: &mut Tx, viewer: &Viewer, caller: UserId) -> Outcome<bool> {
    if viewer.id() == caller || viewer.is(Role::Owner) {
        return Ok(true);
    }
    if !viewer.is(Role::Head) {
        return Ok(false);
    }
    let user = people::actions::find_user(tx, viewer.org, caller).await?;
    Ok(user.is_some_and(|user| user.team.is_some() && user.team == viewer.user.team))
}

/// True where there is such a recording and this person may hear it.
pub async fn is_heard_by(
    tx: &mut Tx,
    viewer: &Viewer,
    id: RecordingId,
    now: Instant,
) -> Outcome<bool> {
    match find(tx, viewer, id, now).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn find(
    tx: &mut Tx,
    viewer: &Viewer,
    id: RecordingId,
    now: Instant,
) -> Outcome<(Recording, Attempt)> {
    let recording = sound::find_recording(tx, viewer.org, id, now).await?;
    let recording = recording.ok_or(Error::NotFound)?;
    let attempt = store::find_attempt(tx, viewer.org, recording.attempt).await?;
    let attempt = attempt.ok_or(Error::NotFound)?;
    match may_hear(tx, viewer, attempt.caller).await? {
        true => Ok((recording, attempt)),
        false => Err(Error::NotFound),
    }
}

/// The sound of a recording for somebody who may hear it; others may not know of it. That it was
/// heard is recorded; what is gone, or is on another machine, is refused.
pub async fn hear(act: &Act, viewer: &Viewer, id: RecordingId) -> Outcome<Vec<u8>> {
    let (recording, attempt) = find(&mut act.db.read().await?, viewer, id, act.now).await?;
    let bytes = tokio::fs::read(&recording.path).await.map_err(|cause| {
        tracing::warn!(recording.id = %recording.id, kind = %cause.kind(), "no recording to read");
        Error::from(TelephonyRefusal::RecordingGone)
    })?;
    // Its time may have been ended meanwhile, and then nobody hears it.
    let mut tx = act.db.begin().await?;
    find(&mut tx, viewer, id, act.now).await?;
    tell(&attempt, Kind::RecordingHeard, id).record(&mut tx, act).await?;
    tx.commit().await?;
    Ok(bytes)
}

/// The recordings of a lead that this person may hear, by attempt.
pub async fn list_heard(
    tx: &mut Tx,
    viewer: &Viewer,
    (lead, attempts): (LeadId, &[Attempt]),
    now: Instant,
) -> Outcome<Vec<Recording>> {
    let all = sound::list_recordings(tx, viewer.org, lead, now).await?;
    let mut heard = Vec::new();
    for recording in all {
        let of = attempts.iter().find(|attempt| attempt.id == recording.attempt);
        if let Some(attempt) = of
            && may_hear(tx, viewer, attempt.caller).await?
        {
            heard.push(recording);
        }
    }
    Ok(heard)
}

/// The time of all recordings of calls to these companies is over at once, for a voice has no name
/// by which one person's could be told from another's. Nobody hears them from here on; the engine
/// of their folder removes the files. One of which an engine tells later goes at once, too. Says
/// how many there were.
pub async fn end_in(tx: &mut Tx, act: &Act, companies: &[CompanyId]) -> Outcome<u64> {
    sound::update_unrecorded(tx, act.org, companies).await?;
    sound::update_over(tx, act.org, companies, act.now).await
}

/// Removes recordings whose time is over; says how many. Those of a folder that is elsewhere wait
/// for the engine of that folder, and a file that cannot be removed for the next time.
pub async fn remove_due(act: &Act, folder: &std::path::Path) -> Outcome<u64> {
    // With what parts it from its content, so that it is no beginning of another's name.
    let folder = format!("{}", folder.join("").display());
    let (mut after, mut count) = ((Instant(i64::MIN), String::new()), 0);
    loop {
        let behind = (after.0, after.1.as_str());
        let mut look = act.db.read().await?;
        let due = sound::list_due(&mut look, (act.org, &folder), behind, act.now).await?;
        drop(look);
        let Some(last) = due.last() else { return Ok(count) };
        after = (last.until, last.id.to_string());
        for recording in &due {
            count += u64::from(remove(act, recording).await?);
        }
    }
}

/// Removes one recording; false where it stays, which the log tells.
async fn remove(act: &Act, recording: &Recording) -> Outcome<bool> {
    match tokio::fs::remove_file(&recording.path).await {
        Ok(()) => {}
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
        Err(cause) => {
            let kind = cause.kind();
            tracing::error!(recording.id = %recording.id, %kind, "a recording cannot be removed");
            return Ok(false);
        }
    }
    let mut tx = act.db.begin().await?;
    let is_new = sound::update_removed(&mut tx, act.org, recording.id, act.now).await? == 1;
    let attempt = store::find_attempt(&mut tx, act.org, recording.attempt).await?;
    if let Some(attempt) = attempt.filter(|_| is_new) {
        tell(&attempt, Kind::RecordingRemoved, recording.id).record(&mut tx, act).await?;
    }
    tx.commit().await?;
    Ok(is_new)
}

/// Removes files that no recording names and whose time is over all the same: what a run that broke
/// off has left. A file is called by its attempt, whose id says when it was made.
pub async fn remove_strays(folder: &std::path::Path, before: Instant) -> Outcome<u64> {
    let mut entries = tokio::fs::read_dir(folder).await.map_err(Error::failure)?;
    let mut count = 0;
    while let Some(entry) = entries.next_entry().await.map_err(Error::failure)? {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".wav"));
        let Some(id) = id.and_then(|id| id.parse::<AttemptId>().ok()) else { continue };
        let made_at = id.0.get_timestamp().map(|stamp| {
            let (seconds, _) = stamp.to_unix();
            Instant(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000))
        });
        if made_at.is_some_and(|made_at| made_at < before) {
            tokio::fs::remove_file(entry.path()).await.map_err(Error::failure)?;
            count += 1;
        }
    }
    Ok(count)
}

fn tell(attempt: &Attempt, kind: Kind, id: RecordingId) -> Event {
    Event::new(kind, id)
        .company(attempt.company)
        .campaign(attempt.campaign)
        .person(attempt.caller)
        .tier(1)
        .with("attempt", attempt.id.to_string())
}
