//! What exchanges of others tell, on both databases and through the door.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;

use super::course::fold;
use super::*;
use crate::both;
use crate::cast::{Cast, Reply};
use crate::events::Kind;
use crate::leads::Grant;
use crate::leads::floor::{self, Floor};
use crate::storage::testing::{MONDAY, TestDb};
use crate::telephony::actions::{self as attempts, Filed};
use crate::telephony::connectors::{self, ConnectorForm, ExtensionForm};
use crate::telephony::drivers::hosted::{Ending, HostedEvent, HostedKind};
use crate::telephony::store::hosted as rows;
use crate::telephony::{Attempt, EndCause, EndedBy, Origin, rig};
use crate::wallboard::{self, CallerState};

/// An exchange that signs as the form of the product wants it.
struct Office<'a> {
    cast: &'a Cast,
    path: String,
    secret: String,
}

impl<'a> Office<'a> {
    /// A connector with these people at their extensions.
    async fn open(cast: &'a Cast, people: &[(&str, &str)]) -> Self {
        let form = ConnectorForm {
            name: "Office".to_owned(),
            provider: "generic".to_owned(),
            ..ConnectorForm::default()
        };
        let act = cast.act("alla", "office");
        let (id, secret) = connectors::make(&act, &form).await.expect("is made");
        for (extension, login) in people {
            let form = ExtensionForm {
                extension: (*extension).to_owned(),
                person: cast.id(login).to_string(),
            };
            let act = cast.act("alla", &format!("extension {extension}"));
            connectors::assign(&act, id, &form).await.expect("is assigned");
        }
        let path = format!("/hooks/telephony/{id}");
        Self { cast, path, secret: secret.expect("shown once").0 }
    }

    async fn send(&self, body: Vec<u8>) -> Reply {
        let stamp = (self.cast.clock.now().ms() / 1_000).to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("a key");
        mac.update(stamp.as_bytes());
        mac.update(b".");
        mac.update(&body);
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        self.send_as(body, (&stamp, &signature)).await
    }

    async fn send_as(&self, body: Vec<u8>, (stamp, signature): (&str, &str)) -> Reply {
        let request = Request::post(&self.path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("x-troika-timestamp", stamp)
            .header("x-troika-signature", signature);
        self.cast.send(request.body(Body::from(body)).expect("a request")).await
    }

    async fn tells(&self, value: Value) {
        let reply = self.send(value.to_string().into_bytes()).await;
        assert_eq!((reply.status, reply.body.as_str()), (StatusCode::OK, "ok"), "{value}");
    }
}

/// What an exchange tells of a call, so many seconds after ten o'clock on Monday.
fn of(call: &str, event: &str, direction: &str, second: i64) -> Value {
    json!({ "call": call, "event": event, "direction": direction, "extension": "101",
        "number": "+74951000000", "at": MONDAY.plus_ms(second * 1_000).rfc3339() })
}

/// A call of ours that was answered after nine seconds and lasted twenty.
fn answered(call: &str, from: i64) -> Vec<Value> {
    let mut ended = of(call, "ended", "out", from + 29);
    ended["seconds"] = json!(20);
    vec![
        of(call, "started", "out", from),
        of(call, "ringing", "out", from + 3),
        of(call, "answered", "out", from + 9),
        ended,
    ]
}

/// Boris files a result by his own word for the company in his hands.
async fn file(floor: &Floor, grant: Grant, key: &str) -> CallId {
    let cast = &floor.cast;
    let act = cast.act("boris", key);
    let filed = Filed {
        call: CallId::fresh(act.now),
        grant: (grant.lead, grant.generation),
        company: grant.company,
        campaign: floor.campaign,
        caller: cast.id("boris"),
        phone: None,
    };
    let mut tx = act.db.begin().await.expect("begins");
    attempts::file_in(&mut tx, &act, &[], filed).await.expect("files");
    tx.commit().await.expect("commits");
    filed.call
}

async fn attempts_of(floor: &Floor, grant: Grant) -> Vec<Attempt> {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    attempts::list_of_lead(&mut tx, floor.cast.org, grant.lead).await.expect("reads")
}

/// A floor on which Boris holds the one company there is.
async fn at_work(t: TestDb) -> (Floor, Grant) {
    let floor = Floor::open(t, 1).await;
    let grant = floor.lease("boris", "1").await.expect("a company");
    (floor, grant)
}

fn measured(attempt: &Attempt) -> (Option<i64>, Option<i64>, Option<EndCause>) {
    let at = attempt.measured.answered_at.map(|at| at.ms() - MONDAY.ms());
    (at, attempt.measured.talk_ms, attempt.end.map(|end| end.cause))
}

both! {
    async fn a_call_by_link_is_measured_beside_its_caller_s_word(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[("101", "boris")]).await;
        for told in answered("c1", 0) {
            office.tells(told).await;
        }
        assert!(attempts_of(&floor, grant).await.is_empty(), "no call makes an attempt");
        cast.clock.advance_ms(60_000);
        file(&floor, grant, "file").await;
        let all = attempts_of(&floor, grant).await;
        let [one] = all.as_slice() else { panic!("one attempt: {all:?}") };
        assert_eq!(measured(one), (Some(9_000), Some(20_000), Some(EndCause::Answered)));
        assert_eq!((one.origin, one.attested_at), (Origin::Link, Some(cast.clock.now())));
        assert_eq!(one.end.map(|end| end.by), Some(EndedBy::Far));
        assert!(one.phone.is_some(), "the number that was dialled is known");
        assert_eq!(floor.events(Kind::AttemptMeasured).await.len(), 1);
        // The sound comes late, and changes no time.
        let mut sound = of("c1", "recording", "out", 90);
        sound["extension"] = json!(null);
        office.tells(sound).await;
        assert_eq!(attempts_of(&floor, grant).await, all);
        assert_eq!(floor.events(Kind::AttemptMeasured).await.len(), 1);
        let broken = crate::check::everything(&cast.app.db).await.expect("reads");
        assert!(broken.is_empty(), "{broken:?}");
    }

    async fn the_wallboard_follows_a_call_by_link_as_far_as_its_exchange_tells(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[("101", "boris")]).await;
        let generation = grant.generation.to_string();
        let fields = [("generation", generation.as_str()), ("by", "link")];
        let path = format!("/leads/{}/attempts", grant.lead);
        assert_eq!(cast.client("boris").await.post(&path, &fields).await.status, 303);
        let (boris, anna) = (cast.id("boris"), cast.viewer("anna").await);
        let told = answered("c1", 0);
        cast.clock.advance_ms(30_000);
        let mut elsewhere = told[2].clone();
        (elsewhere["call"], elsewhere["number"]) = (json!("own"), json!("+79001234567"));
        office.tells(elsewhere).await;
        use CallerState::{Dialling, Filing, Talking};
        let second = |second: i64| MONDAY.plus_ms(second * 1_000);
        for (event, state, since) in [
            (None, Dialling, second(0)),
            (Some(&told[0]), Dialling, second(0)),
            (Some(&told[2]), Talking, second(9)),
            (Some(&told[3]), Filing, second(29)),
        ] {
            if let Some(event) = event {
                office.tells(event.clone()).await;
            }
            let mut tx = cast.app.db.read().await.expect("reads");
            let wall = wallboard::actions::read(&mut tx, &anna, cast.clock.now()).await;
            let wall = wall.expect("a board");
            let one = wall.callers.iter().find(|one| one.user == boris).expect("boris");
            assert_eq!((one.state, one.since), (state, Some(since)), "{event:?}");
        }
    }

    async fn what_is_told_after_the_result_is_measured_all_the_same(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let office = Office::open(&floor.cast, &[("101", "boris")]).await;
        floor.cast.clock.advance_ms(40_000);
        file(&floor, grant, "file").await;
        let told = answered("c1", 0);
        for told in [&told[3], &told[0], &told[3], &told[2], &told[1], &told[0]] {
            office.tells(told.clone()).await;
        }
        let all = attempts_of(&floor, grant).await;
        assert_eq!(measured(&all[0]), (Some(9_000), Some(20_000), Some(EndCause::Answered)));
        assert_eq!(all[0].measured.rang_at, Some(MONDAY.plus_ms(3_000)));
        assert_eq!(floor.events(Kind::AttemptMeasured).await.len(), 1);
    }

    async fn neither_order_nor_repetition_changes_what_is_measured(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[("101", "boris")]).await;
        cast.clock.advance_ms(200_000);
        file(&floor, grant, "file").await;
        // Nobody, then somebody: the second call is the one that was talked.
        let mut busy = of("b0", "ended", "out", 20);
        busy["cause"] = json!("busy");
        let first = [of("b0", "started", "out", 10), busy];
        let all: Vec<Value> = first.into_iter().chain(answered("c0", 100)).collect();
        let name = |told: &Value, round: usize| {
            let mut told = told.clone();
            told["call"] = json!(format!("{}{round}", told["call"].as_str().expect("a name")));
            told
        };
        let mut seen = Vec::new();
        for (round, order) in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 2, 4]]
            .into_iter()
            .enumerate()
        {
            for at in order.into_iter().chain(order) {
                office.tells(name(&all[at], round)).await;
            }
            seen.push(measured(&attempts_of(&floor, grant).await[0]));
        }
        let once = (Some(109_000), Some(20_000), Some(EndCause::Answered));
        assert_eq!(seen, [once, once, once]);
    }

    async fn a_call_that_fits_no_attempt_belongs_to_nothing(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[("101", "boris"), ("102", "bella")]).await;
        // Another's extension, nobody's extension, a number of nobody, a call after the result.
        for (call, field, value) in [
            ("bella", "extension", json!("102")),
            ("nobody", "extension", json!("999")),
            ("strange", "number", json!("+74959999999")),
            ("unread", "number", json!("anonymous")),
            ("late", "at", json!(MONDAY.plus_ms(600_000).rfc3339())),
        ] {
            let mut told = of(call, "started", "out", 0);
            told[field] = value;
            office.tells(told).await;
        }
        cast.clock.advance_ms(60_000);
        file(&floor, grant, "file").await;
        let all = attempts_of(&floor, grant).await;
        assert_eq!(all.len(), 1, "no call makes an attempt: {all:?}");
        assert_eq!((all[0].measured, all[0].end), (Measured::default(), None));
        assert!(floor.events(Kind::AttemptMeasured).await.is_empty());
        // It is kept as it was told.
        let mut tx = cast.app.db.begin().await.expect("begins");
        let id = office.path.rsplit('/').next().expect("an id").parse().expect("an id");
        let kept = rows::find_named_for_update(&mut tx, cast.org, (id, "unread")).await;
        assert_eq!(kept.expect("reads").expect("kept").number.as_deref(), Some("anonymous"));
    }

    async fn a_call_whose_result_is_taken_back_waits_for_the_next(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[("101", "boris")]).await;
        for told in answered("c1", 0) {
            office.tells(told).await;
        }
        cast.clock.advance_ms(60_000);
        let call = file(&floor, grant, "file").await;
        let act = cast.act("boris", "back");
        let mut tx = act.db.begin().await.expect("begins");
        let held = (grant.lead, grant.generation);
        attempts::unfile_in(&mut tx, &act, call, held).await.expect("is taken back");
        tx.commit().await.expect("commits");
        assert_eq!(measured(&attempts_of(&floor, grant).await[0]), (None, None, None));
        cast.clock.advance_ms(30_000);
        file(&floor, grant, "again").await;
        let all = attempts_of(&floor, grant).await;
        let [again, before] = all.as_slice() else { panic!("two: {all:?}") };
        let once = (Some(9_000), Some(20_000), Some(EndCause::Answered));
        assert_eq!((measured(again), measured(before)), (once, (None, None, None)));
        assert_eq!(before.call, None, "what was taken back is no attempt");
    }

    async fn numbers_are_forgotten_with_their_people_and_with_time(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[("101", "boris")]).await;
        let told = answered("c1", 0);
        office.tells(told[0].clone()).await;
        let act = cast.act("olga", "forget");
        let mut tx = act.db.begin().await.expect("begins");
        let numbers = ["+74951000000".to_owned()];
        let count = super::actions::forget_in(&mut tx, &act, &numbers).await.expect("forgets");
        assert_eq!(count, 1);
        tx.commit().await.expect("commits");
        // What is told later of the same call brings it back no more.
        office.tells(told[3].clone()).await;
        let id: ConnectorId = office.path.rsplit('/').next().expect("one").parse().expect("an id");
        let number = async |call: &str| {
            let mut tx = cast.app.db.begin().await.expect("begins");
            let found = rows::find_named_for_update(&mut tx, cast.org, (id, call)).await;
            let call = found.expect("reads").expect("kept");
            let events = rows::list_hosted_events(&mut tx, cast.org, call.id).await;
            (call.number, events.expect("reads").len())
        };
        assert_eq!(number("c1").await, (None, 2));
        office.tells(of("c2", "started", "out", 0)).await;
        assert_eq!(number("c2").await, (Some("+74951000000".to_owned()), 1));
        cast.clock.advance_ms(31 * DAY_MS);
        crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
        assert_eq!(number("c2").await, (None, 0));
    }

    async fn the_door_answers_plainly(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[("101", "boris")]).await;
        let body = of("c1", "started", "out", 0).to_string().into_bytes();
        let digest = crate::storage::dump_digest(&cast.app.db, &[]).await.expect("reads");
        for (reply, status) in [
            (office.send_as(body.clone(), ("0", "sha256=00")).await, 401),
            (office.send_as(body.clone(), ("", "")).await, 401),
            (office.send(b"{}".to_vec()).await, 422),
            (office.send(b"\xff\xfe".to_vec()).await, 422),
            (office.send("{\"a\":".repeat(10_000).into_bytes()).await, 422),
            (office.send(vec![b'a'; 10 << 20]).await, 413),
        ] {
            assert_eq!(reply.status, status, "{}", reply.body);
            assert!(reply.body.len() < 20 && !reply.body.contains('<'), "{}", reply.body);
        }
        let nobody = AnyId::fresh(MONDAY).to_string();
        for path in ["/hooks/telephony/x".to_owned(), format!("/hooks/telephony/{nobody}")] {
            let elsewhere = Office { cast, path, secret: office.secret.clone() };
            assert_eq!(elsewhere.send(body.clone()).await.status, 404);
        }
        let after = crate::storage::dump_digest(&cast.app.db, &[]).await.expect("reads");
        assert_eq!(after, digest, "nothing was written");
        // A replay within the time is known, and after it forged.
        let stamp = (cast.clock.now().ms() / 1_000).to_string();
        assert_eq!(office.send(body.clone()).await.status, 200);
        assert_eq!(office.send(body.clone()).await.status, 200);
        cast.clock.advance_ms(DAY_MS);
        let late = office.send_as(body.clone(), (&stamp, "sha256=00")).await;
        assert_eq!(late.status, 401);
        // One that has ended is nobody's, and its secret is gone.
        let id: ConnectorId = office.path.rsplit('/').next().expect("one").parse().expect("an id");
        connectors::end(&cast.act("alla", "end"), id).await.expect("ends");
        assert_eq!(office.send(body).await.status, 404);
        let again = connectors::end(&cast.act("alla", "end twice"), id).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    }

    async fn who_guesses_is_told_to_wait(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let office = Office::open(&floor.cast, &[]).await;
        let mut last = StatusCode::OK;
        for _ in 0..61 {
            last = office.send_as(b"{}".to_vec(), ("0", "sha256=00")).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn an_unsigned_trial_counts_against_who_sends_it_and_silences_nobody(t: TestDb) {
        let cast = Cast::gather(t).await;
        let form = ConnectorForm {
            name: "M".to_owned(),
            provider: "mango".to_owned(),
            account: "key".to_owned(),
            secret: "salt".to_owned(),
            ..ConnectorForm::default()
        };
        let (id, _) = connectors::make(&cast.act("alla", "m"), &form).await.expect("is made");
        let path = format!("/hooks/telephony/{id}/events/dtmf");
        let send = async |body: String| {
            let request = Request::post(&path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            cast.send(request.body(Body::from(body)).expect("a request")).await.status
        };
        let told = async || {
            let (key, most) = (id.to_string(), 3_000);
            cast.app.limits.count("hooks-told", &key, most, MINUTE_MS, cast.clock.now())
        };
        for _ in 0..60 {
            assert_eq!(send(String::new()).await, StatusCode::OK, "the address answers");
        }
        assert_eq!(send(String::new()).await, StatusCode::TOO_MANY_REQUESTS);
        let sign = hex::encode(<Sha256 as sha2::Digest>::digest(b"key{}salt"));
        let signed = format!("vpbx_api_key=key&json=%7B%7D&sign={sign}");
        assert_eq!(send(signed).await, StatusCode::OK, "who signs is heard");
        // That one was counted, and none of the others was.
        for _ in 1..3_000 {
            told().await.expect("there is room");
        }
        assert!(matches!(told().await, Err(Error::TooMany(_))));
    }

    async fn a_zadarma_of_another_zone_is_understood_by_its_own_clock(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let cast = &floor.cast;
        let form = |zone: &str| ConnectorForm {
            name: "Z".to_owned(),
            provider: "zadarma".to_owned(),
            secret: "typed".to_owned(),
            zone: zone.to_owned(),
            ..ConnectorForm::default()
        };
        let odd = connectors::make(&cast.act("alla", "odd"), &form("Mars/Base")).await;
        assert!(matches!(odd, Err(Error::Invalid(_))), "there is no such zone");
        let (provider, secret) = ("generic".to_owned(), String::new());
        let other = ConnectorForm { provider, secret, ..form("UTC") };
        let other = connectors::make(&cast.act("alla", "other"), &other).await;
        assert!(matches!(other, Err(Error::Invalid(_))), "its times have a zone");
        // It is ten in Moscow, where the firm is, and noon in Yekaterinburg, where the account is.
        let made = connectors::make(&cast.act("alla", "z"), &form("Asia/Yekaterinburg")).await;
        let (id, _) = made.expect("is made");
        let assigned = ExtensionForm {
            extension: "101".to_owned(),
            person: cast.id("boris").to_string(),
        };
        connectors::assign(&cast.act("alla", "101"), id, &assigned).await.expect("is assigned");
        let parts = ["101", "74951000000", "2026-11-02 12:00:00"];
        let mut mac = Hmac::<sha1::Sha1>::new_from_slice(b"typed").expect("a key");
        mac.update(parts.concat().as_bytes());
        let signature = STANDARD.encode(hex::encode(mac.finalize().into_bytes()));
        let body = format!(
            "event=NOTIFY_OUT_END&pbx_call_id=out_1&internal={}&destination={}&call_start={}\
             &duration=20&disposition=answered",
            parts[0], parts[1], parts[2].replace(' ', "+")
        );
        cast.clock.advance_ms(30_000);
        let request = Request::post(format!("/hooks/telephony/{id}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("signature", signature);
        let reply = cast.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let span = (MONDAY.plus_ms(-MINUTE_MS), MONDAY.plus_ms(MINUTE_MS));
        let told = rows::list_made_by(&mut tx, cast.org, cast.id("boris"), span).await;
        let told = told.expect("reads");
        let [one] = told.as_slice() else { panic!("one call: {told:?}") };
        assert_eq!(one.measured.ended_at, Some(MONDAY.plus_ms(30_000)));
    }
}

mod calling_in;

fn any(reference: &str, kind: HostedKind, second: i64) -> HostedEvent {
    HostedEvent {
        reference: reference.to_owned(),
        kind,
        told: format!("{}{second}", kind.code()),
        at: Instant(second * 1_000),
        direction: Some(Direction::Out),
        number: Some("+74951000000".to_owned()),
        extension: Some("101".to_owned()),
        end: None,
    }
}

fn course() -> Vec<HostedEvent> {
    let leg = Ending::of(None, None);
    let sum = Ending { by: Some(EndedBy::Far), ..Ending::of(Some(EndCause::Answered), Some(20)) };
    vec![
        any("a", HostedKind::Started, 1),
        any("a", HostedKind::Ringing, 4),
        HostedEvent { extension: Some("102".to_owned()), ..any("a", HostedKind::Ringing, 5) },
        any("a", HostedKind::Answered, 10),
        HostedEvent { end: Some(leg), ..any("a", HostedKind::Ended, 31) },
        HostedEvent { end: Some(sum), ..any("a", HostedKind::Ended, 30) },
        any("a", HostedKind::Recording, 99),
    ]
}

#[test]
fn a_course_is_told() {
    let whole = fold(&course()).expect("a course");
    assert_eq!((whole.began_at, whole.measured.rang_at), (Instant(1_000), Some(Instant(4_000))));
    assert_eq!(whole.measured.answered_at, Some(Instant(10_000)));
    assert_eq!((whole.measured.talk_ms, whole.measured.ring_ms), (Some(20_000), Some(9_000)));
    let end = whole.end.expect("an end");
    assert_eq!((end.cause, end.by, end.rang), (EndCause::Answered, EndedBy::Far, true));
    assert_eq!((whole.extension.as_deref(), whole.is_recorded), (Some("101"), true));
    // That it was answered follows from how long it lasted.
    let short = [course()[0].clone(), course()[5].clone()];
    let told = fold(&short).expect("a course");
    assert_eq!(told.measured.answered_at, Some(Instant(10_000)));
    // A leg's end without an answer is our own change of mind.
    let taken_back = [course()[0].clone(), course()[4].clone()];
    assert_eq!(
        fold(&taken_back).and_then(|c| c.end).map(|end| end.cause),
        Some(EndCause::Cancelled)
    );
    assert_eq!(fold(&[]), None);
}

proptest! {
    #[test]
    fn order_and_repetition_change_nothing(
        order in Just(course()).prop_shuffle(),
        again in proptest::collection::vec(0_usize..7, 0..20),
    ) {
        let mut came = order.clone();
        came.extend(again.iter().map(|at| order[*at].clone()));
        prop_assert_eq!(fold(&came), fold(&course()));
    }

    #[test]
    fn what_never_came_leaves_a_course_that_order_does_not_change(
        order in Just(course()).prop_shuffle(),
        kept in 0_usize..7,
    ) {
        let mut turned = order[..kept].to_vec();
        turned.reverse();
        prop_assert_eq!(fold(&order[..kept]), fold(&turned));
    }
}

#[test]
fn a_number_is_read_as_exchanges_tell_it() {
    for (told, country, read) in [
        ("+74951000000", "RU", "+74951000000"),
        ("74951000000", "RU", "+74951000000"),
        ("84951000000", "RU", "+74951000000"),
        ("4951000000", "RU", "+74951000000"),
        ("442071838750", "RU", "+442071838750"),
        ("442071838750", "GB", "+442071838750"),
        ("02071838750", "GB", "+442071838750"),
        ("anonymous", "RU", "anonymous"),
        ("101", "RU", "101"),
        ("", "RU", ""),
    ] {
        assert_eq!(number_of(told, country), read, "{told} in {country}");
    }
}

#[test]
fn what_is_told_of_another_time_is_not_taken() {
    for (ms, taken) in [
        (0, true),
        (-TAKEN_WITHIN_MS, true),
        (-TAKEN_WITHIN_MS - 1, false),
        (AHEAD_MS, true),
        (AHEAD_MS + 1, false),
        (i64::MIN, false),
        (i64::MAX, false),
    ] {
        assert_eq!(is_taken(MONDAY.plus_ms(ms), MONDAY), taken, "{ms}");
    }
}
