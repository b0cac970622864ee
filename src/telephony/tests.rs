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
use crate::leads::{Grant, SkipReason, leasing};
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
    let floor = Floor::open(t, how_many).await;
    let exchange = rig::connect(&floor.cast, Played::default(), &["boris"]).await;
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

both! {
    async fn a_call_is_placed_measured_and_filed(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 2).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        assert_eq!(attempt(&floor, id).await.state, State::Asked);
        exchange.step().await.expect("a step");
        exchange.step().await.expect("a step");
        let orders = exchange.line.heard.lock().expect("a line").orders.clone();
        assert_eq!(orders.len(), 1, "an order is dialled once: {orders:?}");
        assert!(orders[0].number.starts_with("+7495") && orders[0].attempt == id);
        assert_eq!(attempt(&floor, id).await.state, State::Taken);
        for event in rig::answered(cast, id, "a.wav") {
            exchange.note(News::Call(event));
        }
        exchange.step().await.expect("a step");
        let over = attempt(&floor, id).await;
        let end = over.end.expect("an end");
        assert_eq!((over.state, end.by), (State::Ended, EndedBy::Far));
        assert_eq!(end.cause, EndCause::Answered);
        assert_eq!((end.status, end.q850), (Some(200), Some(16)));
        assert_eq!((over.measured.talk_ms, over.attested_at), (Some(65_000), None));
        assert!(floor.lead(grant.lead).await.awaits_result);
        // Time and another wish change nothing: the company stays, and no other comes.
        cast.clock.advance_ms(DAY_MS);
        cast.settle().await;
        crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
        let again = floor.lease("boris", "2").await.expect("the same company");
        assert_eq!((again.lead, again.generation), (grant.lead, grant.generation));
        let boris = cast.viewer("boris").await;
        let held = (grant.lead, grant.generation);
        let act = cast.act("boris", "skip");
        let skipped = leasing::release(&act, &boris, held, SkipReason::Other).await;
        assert_eq!(refused(skipped), "lead-awaits-result");
        let anna = cast.viewer("anna").await;
        let taken = leasing::take_back(&cast.act("anna", "take"), &anna, grant.lead).await;
        assert_eq!(refused(taken), "lead-awaits-result");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "lead-awaits-result");
        assert_eq!(floor.events(Kind::AttemptBegun).await.len(), 1);
        assert_eq!(floor.events(Kind::AttemptEnded).await.len(), 1);
    }

    async fn who_was_shut_out_leaves_no_company_behind_for_ever(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        keep(&floor, &rig::answered(cast, id, "a.wav")).await;
        let out = cast.act("alla", "out");
        crate::people::actions::disable_user(&out, cast.id("boris")).await.expect("is out");
        let anna = cast.viewer("anna").await;
        let act = cast.act("anna", "take");
        leasing::take_back(&act, &anna, grant.lead).await.expect("is taken back");
        let lead = floor.lead(grant.lead).await;
        assert!(!lead.awaits_result && lead.lease.is_none());
    }

    async fn admission_is_asked_again_when_a_call_begins(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        // 21:00 in Moscow; the lease was renewed meanwhile.
        cast.clock.advance_ms(11 * HOUR_MS);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let gone = lines::list_gone(&mut tx, cast.org, cast.clock.now()).await.expect("reads");
        assert!(gone.is_empty(), "nothing is open");
        drop(tx);
        let _again = rig::connect(cast, Played::default(), &["boris"]).await;
        let denied = rig::place(cast, "boris", grant).await.expect_err("is denied");
        let Error::Refused(refusal) = denied else { panic!("{denied}") };
        assert_eq!(refusal.code(), "call-denied");
        let args: std::collections::BTreeMap<_, _> = refusal.args().into_iter().collect();
        assert_eq!((args["rule"].as_str(), args["until"].as_str()), ("hours", "03.11.2026 09:00"));
        assert_eq!(args["until_at"], "2026-11-03T06:00:00Z");
        assert!(floor.events(Kind::AttemptBegun).await.is_empty(), "nothing was begun");
        assert!(!floor.lead(grant.lead).await.awaits_result);
        // A ban in between is seen as well.
        cast.clock.set(MONDAY.plus_days(1));
        let _again = rig::connect(cast, Played::default(), &["boris"]).await;
        let anna = cast.act("anna", "ban");
        let mut tx = anna.db.begin().await.expect("begins");
        let ban = companies::Suppress {
            whom: companies::suppression::Whom::Company(grant.company),
            channel: companies::Channel::All,
            reason: companies::SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &anna, ban).await.expect("is banned");
        tx.commit().await.expect("commits");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "call-denied");
    }

    async fn lease_and_generation_are_checked_and_a_key_places_once(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 2).await;
        let cast = &floor.cast;
        let stale = Grant { generation: grant.generation + 1, ..grant };
        assert_eq!(refused(rig::place(cast, "boris", stale).await), "lead-stale-lease");
        assert_eq!(refused(rig::place(cast, "bella", grant).await), "lead-stale-lease");
        let stranger = rig::place(cast, "grisha", grant).await.expect_err("knows nothing of it");
        assert!(matches!(stranger, Error::NotFound));
        let boris = cast.viewer("boris").await;
        let wrong = AttemptForm { generation: 1, phone: cast.id("boris").to_string() };
        let act = cast.act("boris", "wrong");
        let wrong = actions::place(&act, &boris, grant.lead, &wrong).await.expect_err("no number");
        assert!(matches!(wrong, Error::Invalid(_)));
        let form = AttemptForm { generation: grant.generation, phone: String::new() };
        let act = cast.act("boris", "once");
        let one = actions::place(&act, &boris, grant.lead, &form).await.expect("is placed");
        let two = actions::place(&act, &boris, grant.lead, &form).await.expect("the same answer");
        assert_eq!(one, two);
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "attempt-under-way");
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = actions::list_of_lead(&mut tx, cast.org, grant.lead).await.expect("reads");
        assert_eq!(all.len(), 1);
    }

    async fn without_a_phone_or_a_trunk_nothing_is_placed(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "phone-not-here");
        let mut exchange = rig::connect(cast, Played::default(), &["boris"]).await;
        exchange.note(News::Trunk(false));
        exchange.step().await.expect("a step");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "trunk-down");
        exchange.note(News::Trunk(true));
        exchange.note(News::Phone(cast.id("boris"), false));
        exchange.step().await.expect("a step");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "phone-not-here");
        exchange.note(News::Phone(cast.id("boris"), true));
        exchange.step().await.expect("a step");
        cast.clock.advance_ms(accounts::SILENCE_MS + 1);
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "phone-not-here");
    }

    async fn what_comes_twice_late_or_in_disorder_settles_once(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        let mut events = rig::ended(cast, id, busy());
        events.reverse();
        keep(&floor, &events).await;
        keep(&floor, &events).await;
        let again = actions::keep(&rig::act(cast), &events[0], 30).await.expect("is known");
        assert_eq!(again, Taken::Known);
        // Another course under the same numbers is no course.
        let other = rig::ended(cast, id, failed());
        keep(&floor, &other).await;
        let over = attempt(&floor, id).await;
        let end = over.end.expect("an end");
        assert_eq!((end.cause, end.q850), (EndCause::Busy, Some(17)));
        assert_eq!(over.measured.ring_ms, Some(90));
        assert_eq!(floor.events(Kind::AttemptEnded).await.len(), 1);
        let strange = CallEvent { attempt: any_attempt(), ..events[0].clone() };
        let strange = actions::keep(&rig::act(cast), &strange, 30).await.expect("is nobody's");
        assert_eq!(strange, Taken::Known);
    }

    async fn what_was_no_attempt_frees_the_lease(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        keep(&floor, &rig::ended(cast, id, failed())).await;
        assert!(!floor.lead(grant.lead).await.awaits_result);
        let again = rig::place(cast, "boris", grant).await.expect("is placed again");
        assert_ne!(again, id);
        keep(&floor, &rig::ended(cast, again, busy())).await;
        assert!(floor.lead(grant.lead).await.awaits_result, "somebody says how it went");
    }

    async fn a_caller_hangs_up_before_and_after_it_was_taken(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let boris = cast.viewer("boris").await;
        let first = rig::place(cast, "boris", grant).await.expect("is placed");
        let bella = cast.viewer("bella").await;
        let strange = actions::hang_up(&cast.act("bella", "x"), &bella, first).await;
        assert!(matches!(strange.expect_err("is not hers"), Error::NotFound));
        actions::hang_up(&cast.act("boris", "x1"), &boris, first).await.expect("hangs up");
        exchange.step().await.expect("a step");
        assert!(exchange.line.heard.lock().expect("a line").orders.is_empty(), "nobody was called");
        assert_eq!(attempt(&floor, first).await.end.map(|e| e.cause), Some(EndCause::Cancelled));
        let over = actions::hang_up(&cast.act("boris", "x2"), &boris, first).await;
        assert_eq!(refused(over), "attempt-over-already");
        let second = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        actions::hang_up(&cast.act("boris", "x3"), &boris, second).await.expect("hangs up");
        exchange.step().await.expect("a step");
        assert_eq!(exchange.line.heard.lock().expect("a line").hung_up, [second]);
    }

    async fn an_order_that_is_old_is_not_dialled(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let id = rig::place(&floor.cast, "boris", grant).await.expect("is placed");
        floor.cast.clock.advance_ms(20_000);
        exchange.step().await.expect("a step");
        assert!(exchange.line.heard.lock().expect("a line").orders.is_empty());
        assert_eq!(attempt(&floor, id).await.end.map(|e| e.cause), Some(EndCause::NotPlaced));
    }

    async fn what_a_dead_engine_left_open_is_settled_once_and_never_dialled_again(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        let events = rig::answered(cast, id, "a.wav");
        keep(&floor, &events[..4]).await;
        assert_eq!(attempt(&floor, id).await.state, State::Answered);
        drop(exchange);
        // The place has one socket, so who listens there now says that the other is gone.
        let line = Played::default();
        let mut next = rig::connect(cast, line, &[]).await;
        next.step().await.expect("a step");
        let left = attempt(&floor, id).await;
        assert_eq!(left.end.map(|end| end.cause), Some(EndCause::Interrupted));
        assert_eq!(left.measured.answered_at, Some(events[3].at), "what was measured stays");
        assert!(next.line.heard.lock().expect("a line").orders.is_empty(), "nobody is redialled");
        assert!(floor.lead(grant.lead).await.awaits_result, "in doubt a person says how it went");
        // What the dead one had told and was late changes no settlement.
        keep(&floor, &events[4..]).await;
        let late = attempt(&floor, id).await;
        assert_eq!(late.end.map(|end| end.cause), Some(EndCause::Interrupted));
        assert_eq!(floor.events(Kind::AttemptEnded).await.len(), 1);
        actions::give_up(&rig::act(cast), id).await.expect("nothing is left to do");
        assert_eq!(floor.events(Kind::AttemptEnded).await.len(), 1);
    }

    async fn what_a_line_knows_nothing_of_is_not_dialled_but_settled(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let id = rig::place(&floor.cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        exchange.line.heard.lock().expect("a line").known.clear();
        exchange.step().await.expect("a step");
        assert!(attempt(&floor, id).await.settled_at.is_none(), "a line may be slow");
        floor.cast.clock.advance_ms(16_000);
        exchange.step().await.expect("a step");
        assert_eq!(attempt(&floor, id).await.end.map(|e| e.cause), Some(EndCause::Interrupted));
        assert_eq!(exchange.line.heard.lock().expect("a line").orders.len(), 1);
    }

    async fn an_engine_that_ends_settles_what_it_has(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        let news = Arc::clone(&exchange.line.news);
        for event in rig::answered(cast, id, "a.wav") {
            news.lock().expect("a line").push_back(News::Call(event));
        }
        exchange.end().await;
        assert_eq!(attempt(&floor, id).await.end.map(|e| e.cause), Some(EndCause::Answered));
        let mut tx = cast.app.db.read().await.expect("reads");
        let since = accounts::alive_since(cast.clock.now());
        let alive = lines::find_exchange(&mut tx, cast.org, since).await.expect("reads");
        assert_eq!(alive, None);
    }

    async fn results_are_filed_for_what_was_measured_and_otherwise_attested(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 2).await;
        let cast = &floor.cast;
        let held = (grant.lead, grant.generation);
        let filed = Filed {
            call: CallId::fresh(MONDAY),
            grant: held,
            company: grant.company,
            campaign: floor.campaign,
            caller: cast.id("boris"),
            phone: None,
        };
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        let act = cast.act("boris", "file");
        let mut tx = act.db.begin().await.expect("begins");
        assert!(actions::file_in(&mut tx, &act, filed).await.expect("files"), "it was measured");
        tx.commit().await.expect("commits");
        let under_way = attempt(&floor, id).await;
        assert_eq!(under_way.call, Some(filed.call));
        assert!(under_way.hang_up_at.is_some(), "what still talks is hung up");
        keep(&floor, &rig::answered(cast, id, "a.wav")).await;
        let mut tx = act.db.begin().await.expect("begins");
        let dialled = actions::find_dialled(&mut tx, cast.org, held).await.expect("reads");
        assert_eq!(dialled, attempt(&floor, id).await.phone);
        actions::unfile_in(&mut tx, &act, filed.call, held).await.expect("is taken back");
        tx.commit().await.expect("commits");
        assert_eq!(attempt(&floor, id).await.call, None);
        assert!(floor.lead(grant.lead).await.awaits_result);
        let bella = floor.lease("bella", "1").await.expect("a company");
        let by_link = Filed {
            call: CallId::fresh(MONDAY),
            grant: (bella.lead, bella.generation),
            company: bella.company,
            caller: cast.id("bella"),
            ..filed
        };
        let act = cast.act("bella", "file");
        let mut tx = act.db.begin().await.expect("begins");
        assert!(!actions::file_in(&mut tx, &act, by_link).await.expect("files"));
        tx.commit().await.expect("commits");
        let mut tx = act.db.read().await.expect("reads");
        let all = actions::list_of_lease(&mut tx, cast.org, by_link.grant).await.expect("reads");
        let [one] = all.as_slice() else { panic!("one attempt: {all:?}") };
        assert_eq!((one.origin, one.attested_at), (Origin::Link, Some(cast.clock.now())));
        assert_eq!((one.measured, one.end), (Measured::default(), None));
    }

    async fn a_recording_is_heard_by_whom_it_concerns_and_ends(t: TestDb) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.wav");
        std::fs::write(&file, b"RIFF").expect("is written");
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let line = Played { folder: Some(folder.path().to_owned()), ..Played::default() };
        let mut exchange = rig::connect(cast, line, &["boris"]).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        assert!(attempt(&floor, id).await.is_recorded);
        let events = rig::answered(cast, id, &file.display().to_string());
        keep(&floor, &events).await;
        keep(&floor, &events).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = sound::list_recordings(&mut tx, cast.org, grant.lead, cast.clock.now()).await;
        let all = all.expect("reads");
        let [one] = all.as_slice() else { panic!("one recording: {all:?}") };
        drop(tx);
        let path = format!("/recordings/{}", one.id);
        let mut heard = 0;
        for (login, may) in [
            ("boris", true),
            ("anna", true),
            ("olga", true),
            ("bella", false),
            ("gleb", false),
            ("sonya", false),
            ("alla", false),
            ("pavel", false),
        ] {
            let reply = cast.client(login).await.get(&path).await;
            assert_eq!(reply.status == 200, may, "{login}: {}", reply.status);
            heard += usize::from(may);
            if may {
                assert_eq!(reply.body, "RIFF");
                assert_eq!(reply.headers["content-type"], "audio/wav");
            }
        }
        assert_eq!(floor.events(Kind::RecordingHeard).await.len(), heard);
        let lead = cast.client("anna").await.get(&format!("/leads/{}", grant.lead)).await;
        assert!(!lead.body.contains(&path), "it is shown with its result");
        cast.clock.advance_ms(31 * DAY_MS);
        exchange.step().await.expect("a step");
        assert!(!file.exists(), "its time is over");
        assert_eq!(floor.events(Kind::RecordingRemoved).await.len(), 1);
        let gone = cast.client("boris").await.get(&path).await;
        assert_eq!(gone.status, 404);
        let again = recordings::remove_due(&rig::act(cast), folder.path()).await;
        assert_eq!(again.expect("nothing is due"), 0);
        // What a run that broke off has left goes, too; what is nobody's attempt stays.
        let long_ago = uuid::Timestamp::from_unix(uuid::NoContext, 1_793_602_800, 0);
        let stray = folder.path().join(format!("{}.wav", uuid::Uuid::new_v7(long_ago)));
        let other = folder.path().join("music.wav");
        std::fs::write(&stray, b"RIFF").expect("is written");
        std::fs::write(&other, b"RIFF").expect("is written");
        cast.clock.advance_ms(2 * DAY_MS);
        exchange.step().await.expect("a step");
        assert!(!stray.exists() && other.exists());
    }

    async fn phones_are_admitted_while_their_people_work_here(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let mut exchange = rig::connect(cast, Played::default(), &["boris", "bella"]).await;
        let names = |exchange: &exchange::Exchange<Played>| -> Vec<UserId> {
            let heard = exchange.line.heard.lock().expect("a line");
            heard.accounts.iter().map(|account| account.user).collect()
        };
        assert_eq!(names(&exchange).len(), 2);
        let repeat = cast.act("alla", "once more");
        let boris = cast.id("boris");
        let one = accounts::make(&repeat, boris).await.expect("is made").expect("shown once");
        assert!(accounts::make(&repeat, boris).await.expect("a repeat").is_none());
        let mut tx = cast.app.db.read().await.expect("reads");
        let now = cast.clock.now();
        let phone = accounts::find(&mut tx, cast.org, boris, now).await.expect("reads");
        let name = phone.name.clone().expect("a name");
        let all = lines::list_accounts(&mut tx, cast.org).await.expect("reads");
        let proof = drivers::proof_of(&name, &one.0);
        assert!(all.iter().any(|account| account.user == boris && account.proof == proof));
        assert!(phone.is_on() && phone.is_here() && phone.is_trunk_up());
        drop(tx);
        let out = cast.act("alla", "out");
        crate::people::actions::disable_user(&out, cast.id("bella")).await.expect("is out");
        exchange.step().await.expect("a step");
        assert_eq!(names(&exchange), [boris]);
        accounts::remove(&cast.act("alla", "away"), boris).await.expect("is taken away");
        exchange.step().await.expect("a step");
        assert!(names(&exchange).is_empty());
        let none = accounts::remove(&cast.act("alla", "away twice"), boris).await;
        assert!(matches!(none.expect_err("there is none"), Error::NotFound));
        assert_eq!(floor.events(Kind::PhoneAccountRemoved).await.len(), 1);
    }

    async fn the_cockpit_calls_and_shows_what_happens(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 2).await;
        let cast = &floor.cast;
        let boris = cast.client("boris").await;
        let cockpit = format!("/leads/{}", grant.lead);
        let page = boris.get(&cockpit).await.body;
        assert!(page.contains("phone connected") && page.contains("/attempts\""), "{page}");
        assert!(!page.contains("href=\"tel:"), "{page}");
        let generation = grant.generation.to_string();
        let fields = [("generation", generation.as_str())];
        let path = format!("{cockpit}/attempts");
        let placed = boris.post(&path, &fields).await;
        assert_eq!(placed.location.as_deref(), Some(cockpit.as_str()));
        exchange.step().await.expect("a step");
        let page = boris.get(&cockpit).await.body;
        assert!(page.contains("your phone rings") && page.contains("/hang-up\""), "{page}");
        let twice = boris.post(&path, &fields).await;
        assert_eq!(twice.status, 409);
        assert!(twice.body.contains("a call under way"), "{}", twice.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let held = (grant.lead, grant.generation);
        let all = actions::list_of_lease(&mut tx, cast.org, held).await.expect("reads");
        drop(tx);
        let id = all[0].id;
        let events = rig::answered(cast, id, "gone.wav");
        keep(&floor, &events[..4]).await;
        let page = boris.get(&cockpit).await.body;
        assert!(page.contains("talking") && page.contains("data-since="), "{page}");
        let over = format!("/attempts/{id}/hang-up");
        assert_eq!(boris.post(&over, &[]).await.location.as_deref(), Some(cockpit.as_str()));
        keep(&floor, &events[4..]).await;
        assert_eq!(boris.post(&over, &[]).await.status, 409);
        let page = boris.get(&cockpit).await.body;
        assert!(page.contains("talked 1:05") && page.contains("Say how the call went"), "{page}");
        assert_eq!(boris.get("/desk").await.location.as_deref(), Some(cockpit.as_str()));
        let calls = format!("{cockpit}/calls");
        let result = [("generation", generation.as_str()), ("outcome", "callback"),
            ("callback", "завтра 12")];
        let next = boris.post(&calls, &result).await.location.expect("the next company");
        assert!(next != cockpit && next.starts_with("/leads/"), "{next}");
        let anna = cast.client("anna").await;
        let story = anna.get(&cockpit).await.body;
        assert!(story.contains("talked 1:05") && story.contains("/recordings/"), "{story}");
        let recorded = floor.events(Kind::CallRecorded).await;
        assert_eq!(recorded[0].detail["attested"], json!(false));
    }

    async fn programs_call_as_people_do(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let api = cast.api("boris").await;
        let phone = api.get("/api/v1/phone").await.json();
        assert_eq!(phone["data"]["is_here"], json!(true));
        assert_eq!(phone["data"]["server"], json!("127.0.0.1:5060"));
        let path = format!("/api/v1/leads/{}/attempts", grant.lead);
        let stale = api.post(&path, &json!({ "generation": 7 })).await;
        assert_eq!(stale.json()["error"]["code"], json!("lead-stale-lease"));
        let made = api.post(&path, &json!({ "generation": grant.generation })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let id = made.json()["data"]["id"].as_str().expect("an id").to_owned();
        exchange.step().await.expect("a step");
        let attempt = format!("/api/v1/attempts/{id}");
        assert_eq!(api.get(&attempt).await.json()["data"]["state"], json!("taken"));
        let over = api.post(&format!("{attempt}/hang-up"), &json!({})).await;
        assert_eq!(over.status, 200, "{}", over.body);
        keep(&floor, &rig::ended(cast, id.parse().expect("an id"), busy())).await;
        let shown = api.get(&attempt).await.json();
        assert_eq!(shown["data"]["end"]["cause"], json!("busy"));
        assert_eq!(shown["data"]["end"]["retry"], json!("soon"));
        assert_eq!(shown["data"]["end"]["counts"], json!(true));
        assert_eq!(cast.api("bella").await.get(&attempt).await.status, 404);
        let alla = cast.api("alla").await;
        let account = format!("/api/v1/people/{}/phone", cast.id("bella"));
        assert_eq!(alla.get(&account).await.json()["data"]["name"], json!(null));
        let made = alla.post(&account, &json!({})).await.json();
        assert!(made["data"]["password"].as_str().is_some_and(|word| word.len() == 24), "{made}");
        let gone = alla.post(&format!("{account}/removal"), &json!({})).await.json();
        assert_eq!(gone["data"]["name"], json!(null));
        cast.clock.advance_ms(11 * HOUR_MS);
    }

    async fn a_denied_program_is_told_the_rule_and_until_when(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        floor.cast.clock.advance_ms(11 * HOUR_MS);
        let _again = rig::connect(&floor.cast, Played::default(), &["boris"]).await;
        let path = format!("/api/v1/leads/{}/attempts", grant.lead);
        let api = floor.cast.api("boris").await;
        let denied = api.post(&path, &json!({ "generation": grant.generation })).await;
        assert_eq!(denied.status, 409);
        let error = &denied.json()["error"];
        assert_eq!(error["code"], json!("call-denied"));
        assert_eq!(error["details"]["rule"], json!("hours"));
        assert_eq!(error["details"]["until_at"], json!("2026-11-03T06:00:00Z"));
        let message = error["message"].as_str().expect("a sentence");
        assert!(message.contains("outside calling hours") && message.contains("03.11.2026 09:00"),
            "{message}");
    }

    async fn an_administrator_makes_a_phone_on_its_page(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let alla = cast.client("alla").await;
        let path = format!("/people/{}/phone", cast.id("boris"));
        assert!(alla.get(&path).await.body.contains("not switched on"));
        let made = alla.post(&path, &[]).await;
        assert!(made.body.contains("shown only this once"), "{}", made.body);
        let gone = alla.post(&format!("{path}/removal"), &[]).await;
        assert_eq!(gone.location.as_deref(), Some(path.as_str()));
        for login in ["boris", "anna"] {
            assert_eq!(cast.client(login).await.get(&path).await.status, 404);
        }
        assert!(!cast.viewer("alla").await.is(Role::Owner));
    }

    async fn an_old_policy_of_leases_is_untouched_by_calls_by_link(t: TestDb) {
        let policy = CallingPolicy { lease_seconds: 60, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 1, policy).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        floor.cast.clock.advance_ms(61_000);
        let next = floor.lease("bella", "1").await.expect("the same company");
        assert_eq!((next.lead, next.generation), (grant.lead, grant.generation + 1));
        let mut tx = floor.cast.app.db.begin().await.expect("begins");
        let org = floor.cast.org;
        let grant = (next.lead, next.generation);
        let none = store::list_of_lease(&mut tx, org, grant).await.expect("reads");
        assert!(none.is_empty());
    }
}
