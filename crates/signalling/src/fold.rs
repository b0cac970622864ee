//! The state of a call out of its events, whatever became of them on the way.
//!
//! Invariant: the state depends on which events came, not on how often or in which order. What
//! carries a later number than the end of its call changes nothing, unless it is of a recording
//! or a statistic.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::cause::Cause;
use crate::events::{By, Event, Kind, Leg};
use crate::media::Statistics;

/// How far a call has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Nothing is known.
    #[default]
    Unknown,
    /// It was taken on.
    Accepted,
    /// An INVITE is out.
    Dialing,
    /// The far end rings.
    Ringing,
    /// The far end answered.
    Answered,
    /// It is over.
    Ended,
}

/// A recording of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The file.
    pub path: PathBuf,
    /// How long it plays, in milliseconds.
    pub ms: u64,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// What is known of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Call {
    /// How far it has come.
    pub phase: Phase,
    /// True while both legs hear each other.
    pub is_bridged: bool,
    /// When it was answered, in milliseconds since 1970 UTC.
    pub answered_at: Option<i64>,
    /// Who ended the far leg, and why.
    pub ended: Option<(By, Cause)>,
    /// Talk and ringing in milliseconds, once it is over.
    pub times: Option<(u64, u64)>,
    /// Its recordings, in order.
    pub recordings: Vec<Recorded>,
    /// What went over the far leg.
    pub statistics: Option<Statistics>,
}

/// The events of one call as they came, each number once.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    events: BTreeMap<u32, (i64, Kind)>,
}

impl Fold {
    /// Takes an event of the call. One whose number was seen changes nothing.
    pub fn take(&mut self, event: &Event) {
        self.events.entry(event.seq).or_insert_with(|| (event.at, event.kind.clone()));
    }

    /// What the events say together.
    pub fn call(&self) -> Call {
        let mut call = Call::default();
        for (at, kind) in self.events.values() {
            call.take(*at, kind);
        }
        call
    }
}

/// The state of a call out of its events.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Call {
    let mut fold = Fold::default();
    events.into_iter().for_each(|event| fold.take(event));
    fold.call()
}

impl Call {
    fn take(&mut self, at: i64, kind: &Kind) {
        match kind {
            Kind::RecordingAvailable { path, ms, sha256, .. } => {
                let (path, ms, sha256) = (path.clone(), *ms, sha256.clone());
                self.recordings.push(Recorded { path, ms, sha256 });
            }
            Kind::MediaStats(statistics) => self.statistics = Some(*statistics),
            _ if self.phase == Phase::Ended => {}
            Kind::Accepted => self.reach(Phase::Accepted),
            Kind::LegDialing(Leg::Far) => self.reach(Phase::Dialing),
            Kind::LegRinging { leg: Leg::Far, .. } => self.reach(Phase::Ringing),
            Kind::LegAnswered(Leg::Far) => {
                self.reach(Phase::Answered);
                self.answered_at = Some(at);
            }
            Kind::Bridged => self.is_bridged = true,
            Kind::Unbridged => self.is_bridged = false,
            Kind::LegEnded { leg: Leg::Far, by, cause } => self.ended = Some((*by, *cause)),
            Kind::CallEnded { talk_ms, ring_ms } => {
                self.reach(Phase::Ended);
                self.is_bridged = false;
                self.times = Some((*talk_ms, *ring_ms));
            }
            _ => {}
        }
    }

    fn reach(&mut self, phase: Phase) {
        self.phase = self.phase.max(phase);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cause::Mechanism;
    use crate::events::Subject;

    fn event(seq: u32, kind: Kind) -> Event {
        let subject = Subject::Call("a".to_owned());
        Event { id: format!("run-{seq}"), subject, seq, at: 1_000 + i64::from(seq), kind }
    }

    fn course() -> Vec<Event> {
        let cause = Cause::of(Mechanism::Answered, true);
        let recorded = Kind::RecordingAvailable {
            path: "a.wav".into(),
            ms: 3_000,
            bytes: 96_044,
            sha256: "0".repeat(64),
        };
        let kinds = [
            Kind::Accepted,
            Kind::LegDialing(Leg::Far),
            Kind::LegRinging { leg: Leg::Far, early_media: false },
            Kind::LegAnswered(Leg::Far),
            Kind::Bridged,
            Kind::RecordingStarted,
            Kind::Unbridged,
            Kind::LegEnded { leg: Leg::Far, by: By::Far, cause },
            Kind::CallEnded { talk_ms: 3_000, ring_ms: 700 },
            recorded,
            Kind::MediaStats(Statistics { sent: 150, ..Statistics::default() }),
            // A fault of a peer that reports after the end: nothing comes of it.
            Kind::Bridged,
            Kind::LegAnswered(Leg::Far),
        ];
        (1..).zip(kinds).map(|(seq, kind)| event(seq, kind)).collect()
    }

    #[test]
    fn a_course_becomes_a_state() {
        let call = fold(&course());
        assert_eq!(
            (call.phase, call.is_bridged, call.answered_at),
            (Phase::Ended, false, Some(1_004))
        );
        assert_eq!(call.times, Some((3_000, 700)));
        assert_eq!(call.ended.map(|(by, _)| by), Some(By::Far));
        assert_eq!((call.recordings.len(), call.statistics.map(|s| s.sent)), (1, Some(150)));
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_nothing(
            order in Just(course()).prop_shuffle(),
            again in proptest::collection::vec(0_usize..13, 0..30),
        ) {
            let mut came = order.clone();
            came.extend(again.iter().map(|at| order[*at].clone()));
            prop_assert_eq!(fold(&came), fold(&course()));
        }

        #[test]
        fn what_never_came_leaves_a_state_that_order_does_not_change(
            order in Just(course()).prop_shuffle(),
            kept in 0_usize..13,
        ) {
            let mut sorted = order[..kept].to_vec();
            sorted.sort_by_key(|event| event.seq);
            prop_assert_eq!(fold(&order[..kept]), fold(&sorted));
        }
    }
}
