//! What happens later.

use super::actions;
use crate::events::Recorded;
use crate::storage::Act;
use crate::values::*;

/// The job that counts a person's pay again; its subject is the person and an instant.
pub const RESETTLE: &str = "pay.resettle";

/// Books what an event of another folder pays.
pub async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    actions::follow_event(act, event).await
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
