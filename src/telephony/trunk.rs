//! The way out of an engine: what is wrong with it, by how calls end, and the numbers of ours that
//! they come from.
//!
//! A trunk on which three calls in a row come to nothing gets none for half a minute, and for twice
//! as long whenever the next one fails, up to a quarter of an hour; a call that reaches its number
//! ends that. None of those calls was an attempt at anybody. A number of ours that a machine of the
//! far network blocks (608, RFC 8688) is not called from for a day, unless somebody looks and says
//! that it is; while all of them pause nobody calls by the engine.

use super::port::{CallEvent, CallEventKind};
use super::store::trunk as store;
use super::{Attempt, End, EndCause, EndedBy, accounts};
use crate::begin;
use crate::events::{Event, Kind};
use crate::storage::{Act, Tx};
use crate::values::*;

/// So many calls in a row come to nothing before a trunk gets none.
const FAILURES_MAX: i64 = 3;
/// For how long, the first time.
const CLOSED_MS: i64 = MINUTE_MS / 2;
/// For how long at most.
const CLOSED_MS_MAX: i64 = 15 * MINUTE_MS;
/// For how long a number of ours pauses.
const PAUSED_MS: i64 = DAY_MS;

/// What is wrong with a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// How the last call ended that came to nothing.
    pub cause: EndCause,
    /// Since when they do.
    pub since: Instant,
    /// Until when it gets no calls.
    pub closed_until: Option<Instant>,
}

/// A number of ours that is not called from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// The number, as it is shown at the far end.
    pub number: String,
    /// Until when.
    pub until: Instant,
    /// Where whoever blocks it says that one may ask, as they wrote it.
    pub contact: Option<String>,
}

/// What a call that an engine placed says about its way out.
enum Word {
    /// It was reached.
    Works,
    /// It came to nothing, for that cause.
    Fails(EndCause),
    /// The far network blocks the number that it came from.
    Blocks,
    /// Nothing.
    Nothing,
}

fn word_of(end: &End) -> Word {
    match end.cause {
        EndCause::Answered
        | EndCause::Busy
        | EndCause::NoAnswer
        | EndCause::Rejected
        | EndCause::Unwanted
        | EndCause::InvalidNumber
        | EndCause::Abandoned => Word::Works,
        EndCause::Forbidden
        | EndCause::Account
        | EndCause::MediaMismatch
        | EndCause::TrunkFailure => Word::Fails(end.cause),
        // What the engine did not place itself was not tried.
        EndCause::Blocked if end.by == EndedBy::Far => Word::Blocks,
        EndCause::Blocked
        | EndCause::Cancelled
        | EndCause::PhoneAway
        | EndCause::NumberNotAllowed
        | EndCause::NotPlaced
        | EndCause::Interrupted => Word::Nothing,
    }
}

/// For how long a trunk gets no calls after so many failures in a row.
fn closed_ms(failures: i64) -> Option<i64> {
    let beyond = failures - FAILURES_MAX;
    (beyond >= 0).then(|| (CLOSED_MS << beyond.min(20)).min(CLOSED_MS_MAX))
}

/// Takes what the end of an attempt says about its way out.
pub(super) async fn note_in(
    tx: &mut Tx,
    act: &Act,
    attempt: &Attempt,
    (end, told): (&End, &[CallEvent]),
) -> Outcome<()> {
    let Some(exchange) = attempt.exchange else { return Ok(()) };
    match word_of(end) {
        Word::Nothing => Ok(()),
        Word::Works => match store::update_works(tx, act.org, exchange).await? {
            0 => Ok(()),
            _ => about(Kind::TrunkWorks, exchange).record(tx, act).await.map(drop),
        },
        Word::Fails(cause) => {
            let failures = store::find_failures(tx, act.org, exchange).await? + 1;
            let until = closed_ms(failures).map(|ms| act.now.plus_ms(ms));
            let trouble = (cause.code(), until);
            store::update_failed(tx, act.org, (exchange, failures), trouble, act.now).await?;
            about(Kind::TrunkFails, exchange)
                .reason(cause.code().to_owned())
                .with("failures", failures)
                .with("status", end.status.map(i64::from))
                .with("closed_until", until.map(Instant::rfc3339))
                .record(tx, act)
                .await
                .map(drop)
        }
        Word::Blocks => pause_in(tx, act, attempt, told).await,
    }
}

fn about(kind: Kind, exchange: ExchangeId) -> Event {
    Event::new(kind, exchange)
}

async fn pause_in(tx: &mut Tx, act: &Act, attempt: &Attempt, told: &[CallEvent]) -> Outcome<()> {
    let Some(number) = &attempt.own_number else { return Ok(()) };
    let contact = told.iter().find_map(|event| match &event.kind {
        CallEventKind::BlockedBy { contact } => Some(contact.clone()),
        _ => None,
    });
    let until = act.now.plus_ms(PAUSED_MS);
    let paused = Paused { number: number.clone(), until, contact };
    store::insert_paused(tx, act.org, &paused, (attempt.id, act.now)).await?;
    Event::new(Kind::OwnNumberPaused, number)
        .with("until", until.rfc3339())
        .with("contact", paused.contact)
        .record(tx, act)
        .await
        .map(drop)
}

/// The first of these numbers that is called from now.
pub(super) async fn find_free<'a>(
    tx: &mut Tx,
    org: OrgId,
    numbers: &'a [String],
    now: Instant,
) -> Outcome<Option<&'a String>> {
    let paused = list_paused(tx, org, now).await?;
    Ok(numbers.iter().find(|number| paused.iter().all(|one| one.number != **number)))
}

/// True where one of these numbers is called from now, or the line has one of its own.
pub(super) async fn may_call_from(
    tx: &mut Tx,
    org: OrgId,
    numbers: &[String],
    now: Instant,
) -> Outcome<bool> {
    Ok(numbers.is_empty() || find_free(tx, org, numbers, now).await?.is_some())
}

/// The numbers of ours that pause.
pub async fn list_paused(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<Vec<Paused>> {
    store::list_paused(tx, org, now).await
}

/// What is wrong with the ways out that there are.
pub async fn list_troubles(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<Vec<Trouble>> {
    store::list_troubles(tx, org, accounts::alive_since(now)).await
}

/// A number that pauses is called from again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeForm {
    /// The number.
    pub number: String,
}

/// Somebody has looked: a number of ours is called from again.
pub async fn resume(act: &Act, form: &ResumeForm) -> Outcome<()> {
    let mut tx = begin!(act);
    if store::delete_paused(&mut tx, act.org, &form.number).await? == 0 {
        return Err(Error::NotFound);
    }
    Event::new(Kind::OwnNumberResumed, &form.number).record(&mut tx, act).await?;
    tx.finish(()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trunk_that_fails_again_waits_twice_as_long_up_to_a_quarter_of_an_hour() {
        let waits: Vec<Option<i64>> = (1..=10).map(closed_ms).collect();
        let seconds = |s: i64| Some(s * 1_000);
        let wanted = [None, None].into_iter().chain([30, 60, 120, 240, 480, 900].map(seconds));
        assert!(waits.into_iter().zip(wanted).all(|(one, other)| one == other));
        assert_eq!(closed_ms(i64::MAX), seconds(900));
    }

    #[test]
    fn what_the_far_end_does_is_no_word_against_the_trunk() {
        let far = |cause| End::of(cause, EndedBy::Far);
        for cause in EndCause::ALL {
            let fails = matches!(word_of(&far(*cause)), Word::Fails(_));
            let is_ours = cause.retry() == super::super::Retry::AfterRepair;
            assert_eq!(fails, is_ours, "{}", cause.code());
        }
        assert!(matches!(word_of(&far(EndCause::Blocked)), Word::Blocks));
        let own = End::of(EndCause::Blocked, EndedBy::Engine);
        assert!(matches!(word_of(&own), Word::Nothing));
    }
}
