//! What happens later.

use super::actions;
use crate::events::{self, Kind, Recorded};
use crate::storage::Act;
use crate::values::*;

/// The job that counts a person's pay again; its subject is the person and an instant.
pub const RESETTLE: &str = "pay.resettle";

/// The job that looks again when the time for an answer has run out; its subject is the event that
/// waits for one.
pub const SILENCE: &str = "pay.silence";

/// Books what an event of another folder pays.
pub async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    match event.kind {
        Kind::UserAdded | Kind::UserChanged | Kind::UserDisabled => {
            let person = event.subject.parse().map_err(Error::failure)?;
            return actions::follow_move(act, person, event.at).await;
        }
        Kind::HandoffAccepted | Kind::HandoffDecided => {
            actions::note_return(&act.part("return"), event).await?;
        }
        _ => {}
    }
    actions::follow_event(act, event).await
}

/// Books what silence has decided about an event.
pub async fn hear(act: &Act, subject: &str) -> Outcome<()> {
    let id = subject.parse().map_err(Error::failure)?;
    let found = events::find(&mut act.db.read().await?, id).await?;
    let event = found.ok_or_else(|| Error::failure("the event that waits for a word is gone"))?;
    actions::follow_event(act, &event).await
}

/// Counts a person's pay again since an instant.
pub async fn resettle(act: &Act, subject: &str) -> Outcome<()> {
    let unreadable = || Error::failure("the subject of a pay job is unreadable");
    let (person, since) = subject.split_once(':').ok_or_else(unreadable)?;
    let person = person.parse().map_err(|_| unreadable())?;
    let since = since.parse().map_err(|_| unreadable())?;
    actions::settle_person(act, person, Instant(since)).await
}

/// Makes the period of a month that has begun.
pub async fn sweep(act: &Act) -> Outcome<()> {
    actions::ensure_months(act).await
}
