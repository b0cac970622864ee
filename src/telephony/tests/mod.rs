//! Calls by the product, on both databases, over a line without a network.

mod doors;
mod engine;
mod links;
mod placing;
mod receiving;
mod trunk;

use std::sync::Arc;

use serde_json::json;

use super::actions::{self, AttemptForm, Filed, Taken};
use super::course::fold;
use super::port::{CallEvent, CallEventKind, News};
use super::rig::{self, Played};
use super::store::{self, lines, sound};
use super::*;
use crate::both;
use crate::campaigns::CallingPolicy;
use crate::companies;
use crate::events::Kind;
use crate::leads::floor::Floor;
use crate::leads::{Grant, SkipReason, leasing, resting};
use crate::people::Role;
use crate::storage::testing::{MONDAY, TestDb};

fn refused<T: std::fmt::Debug>(outcome: Outcome<T>) -> &'static str {
    match outcome.expect_err("is refused") {
        Error::Refused(refusal) => refusal.code(),
        other => panic!("{other}"),
    }
}

fn busy() -> End {
    let busy = End::of(EndCause::Busy, EndedBy::Far);
    End { status: Some(486), q850: Some(17), ..busy }
}

fn failed() -> End {
    End { status: Some(503), ..End::of(EndCause::TrunkFailure, EndedBy::Far) }
}

/// A floor with Boris at his phone and a company in his hands.
async fn at_work(t: TestDb, how_many: usize) -> (Floor, exchange::Exchange<Played>, Grant) {
    over(t, how_many, Played::default()).await
}

/// The same over a line that records into a folder.
async fn recording(
    t: TestDb,
    how_many: usize,
    folder: &std::path::Path,
) -> (Floor, exchange::Exchange<Played>, Grant) {
    over(t, how_many, Played::recording(folder)).await
}

async fn over(
    t: TestDb,
    how_many: usize,
    line: Played,
) -> (Floor, exchange::Exchange<Played>, Grant) {
    let floor = Floor::open(t, how_many).await;
    let exchange = rig::connect(&floor.cast, line, &["boris"]).await;
    let grant = floor.lease("boris", "1").await.expect("a company");
    (floor, exchange, grant)
}

async fn keep(floor: &Floor, events: &[CallEvent]) {
    for event in events {
        actions::keep(&rig::act(&floor.cast), event, 30).await.expect("is kept");
    }
}

async fn attempt(floor: &Floor, id: AttemptId) -> Attempt {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    actions::find(&mut tx, floor.cast.org, id).await.expect("reads").expect("an attempt")
}

fn any_attempt() -> AttemptId {
    AttemptId::fresh(MONDAY)
}

#[test]
fn a_course_depends_neither_on_order_nor_on_repetition() {
    let id = any_attempt();
    let end = End { rang: true, ..End::of(EndCause::Answered, EndedBy::Far) };
    let kinds = [
        CallEventKind::Accepted,
        CallEventKind::Dialling,
        CallEventKind::Ringing { early_media: true },
        CallEventKind::Answered,
        CallEventKind::Bridged,
        CallEventKind::LegEnded { end },
        CallEventKind::Ended { talk_ms: 3_000, ring_ms: 700 },
        // What a peer says after the end changes nothing.
        CallEventKind::Answered,
        CallEventKind::Ringing { early_media: false },
    ];
    let event = |(seq, kind)| CallEvent { attempt: id, seq, at: Instant(seq), kind };
    let all: Vec<CallEvent> = (1..).zip(kinds).map(event).collect();
    let whole = fold(&all);
    assert_eq!((whole.state, whole.end), (State::Ended, Some(end)));
    assert_eq!(whole.measured.answered_at, Some(Instant(4)));
    assert_eq!((whole.measured.talk_ms, whole.measured.ended_at), (Some(3_000), Some(Instant(7))));
    let mut turned: Vec<CallEvent> = all.iter().rev().cloned().collect();
    turned.extend(all.iter().cloned());
    assert_eq!(fold(&turned), whole);
    assert_eq!(fold(&all[..4]).state, State::Answered);
    let no_cause: Vec<CallEvent> = all.iter().filter(|e| e.seq != 6).cloned().collect();
    assert_eq!((fold(&no_cause).state, fold(&no_cause).end), (State::Ended, None));
}

#[test]
fn what_counts_as_an_attempt_is_what_the_other_end_had_its_chance_at() {
    for (cause, rang, counts, retry) in [
        (EndCause::Answered, true, true, Retry::ByHand),
        (EndCause::Busy, false, true, Retry::Soon),
        (EndCause::NoAnswer, true, true, Retry::OtherTime),
        (EndCause::Rejected, true, true, Retry::OnceTomorrow),
        (EndCause::Unwanted, true, true, Retry::Never),
        (EndCause::InvalidNumber, false, true, Retry::NumberInDoubt),
        (EndCause::Cancelled, false, false, Retry::Again),
        (EndCause::Cancelled, true, true, Retry::Again),
        (EndCause::TrunkFailure, false, false, Retry::AfterRepair),
        (EndCause::PhoneAway, false, false, Retry::Again),
        (EndCause::NotPlaced, false, false, Retry::Again),
        (EndCause::Interrupted, false, true, Retry::ByHand),
    ] {
        assert_eq!((cause.is_counted(rang), cause.retry()), (counts, retry), "{cause:?}");
    }
    assert!(Origin::Sip.capabilities().measures_times);
    assert!(!Origin::Link.capabilities().measures_times);
}
