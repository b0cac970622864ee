//! Bodies as the documents of the providers show them, signed by another program
//! (`fixtures/sign.py`); and what an enemy makes of them.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::*;

/// When the fixtures were told: 2 November 2026, 10:00 in Moscow.
const NOW: Instant = Instant(1_793_602_800_000);
const SECRET: &str = "test-secret";
const URL: &str = "https://troika.example/hooks/telephony/0";

#[derive(Debug, Clone, Deserialize)]
struct Vector {
    provider: Provider,
    name: String,
    rest: String,
    body: String,
    headers: BTreeMap<String, String>,
    url: Option<String>,
    secret: Option<String>,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("fixtures/vectors.json")).expect("vectors")
}

fn vector(provider: Provider, name: &str) -> Vector {
    let found = vectors().into_iter().find(|one| one.provider == provider && one.name == name);
    found.expect("a vector")
}

impl Vector {
    fn read_as(&self, secret: &str, now: Instant) -> Result<Vec<HostedEvent>, Rejected> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().expect("a name");
            headers.insert(name, HeaderValue::from_str(value).expect("a value"));
        }
        let known = Credentials { account: "qwerty123".to_owned(), secret: secret.to_owned() };
        let zone = Zone::named("Europe/Moscow");
        let hook = Hook {
            url: self.url.as_deref().unwrap_or(URL),
            rest: &self.rest,
            headers: &headers,
            body: self.body.as_bytes(),
        };
        super::read(self.provider, &hook, &Reading { known: &known, zone: &zone, now })
    }
    fn read(&self) -> Result<Vec<HostedEvent>, Rejected> {
        self.read_as(self.secret.as_deref().unwrap_or(SECRET), NOW.plus_ms(45_000))
    }
    fn event(&self) -> HostedEvent {
        let mut all = self.read().expect("is signed");
        assert_eq!(all.len(), 1, "{self:?}");
        all.remove(0)
    }
}

fn event(provider: Provider, name: &str) -> HostedEvent {
    vector(provider, name).event()
}

#[test]
fn every_fixture_is_signed_and_read() {
    for vector in vectors() {
        let events = vector.read().unwrap_or_else(|why| panic!("{vector:?}: {why:?}"));
        let is_call = vector.name != "documented";
        assert_eq!(events.len(), usize::from(is_call), "{vector:?}");
    }
}

#[test]
fn another_secret_or_a_changed_byte_is_forged() {
    for vector in vectors() {
        for secret in ["test-secreT", "", "test-secret "] {
            let read = vector.read_as(secret, NOW.plus_ms(45_000));
            assert_eq!(read, Err(Rejected::Forged), "{vector:?} by {secret:?}");
        }
        for (name, value) in &vector.headers {
            for changed in [String::new(), format!("{value}x"), value.to_uppercase()] {
                let headers = vector.headers.iter().map(|(one, kept)| {
                    let is_it = one == name;
                    (one.clone(), if is_it { changed.clone() } else { kept.clone() })
                });
                let changed = Vector { headers: headers.collect(), ..vector.clone() };
                let is_stamp = name == "x-troika-timestamp";
                if !is_stamp || changed.headers != vector.headers {
                    assert_eq!(changed.read(), Err(Rejected::Forged), "{changed:?}");
                }
            }
        }
    }
}

#[test]
fn a_changed_number_is_forged_where_bodies_are_signed() {
    let signed = vectors()
        .into_iter()
        .filter(|vector| vector.provider != Provider::Uis && vector.body.contains("4951000001"));
    let mut count = 0;
    for vector in signed {
        let body = vector.body.replace("4951000001", "4951000002");
        let changed = Vector { body, ..vector };
        assert_eq!(changed.read(), Err(Rejected::Forged), "{changed:?}");
        count += 1;
    }
    assert!(count > 10, "{count}");
    // What is whole in the address is all there is to know of UIS.
    let uis = vector(Provider::Uis, "ringing");
    for rest in ["", "test-secre", "other/test-secret", "test-secret/x"] {
        let other = Vector { rest: rest.to_owned(), ..uis.clone() };
        assert_eq!(other.read(), Err(Rejected::Forged), "{rest}");
    }
}

#[test]
fn a_body_of_another_provider_is_forged() {
    for vector in vectors() {
        let known = vector.provider;
        for provider in Provider::ALL.iter().copied().filter(|one| *one != known) {
            // Only the address is asked of UIS.
            let other = Vector { provider, rest: "x".to_owned(), ..vector.clone() };
            assert_eq!(other.read(), Err(Rejected::Forged), "{other:?}");
        }
    }
}

#[test]
fn zadarma_tells_calls_that_come_in_and_go_out() {
    let start = event(Provider::Zadarma, "start");
    assert_eq!((start.kind, start.direction), (HostedKind::Started, Some(Direction::In)));
    assert_eq!((start.at, start.extension.as_deref()), (NOW, None));
    assert_eq!(start.number.as_deref(), Some("+74951000001"));
    let rings = event(Provider::Zadarma, "internal");
    assert_eq!((rings.kind, rings.extension.as_deref()), (HostedKind::Ringing, Some("101")));
    let end = event(Provider::Zadarma, "end");
    let told = end.end.expect("an end");
    assert_eq!((told.cause, told.seconds), (Some(EndCause::Answered), Some(42)));
    assert_eq!((end.at, told.q850), (NOW.plus_ms(45_000), Some(16)));
    let busy = event(Provider::Zadarma, "out_end");
    assert_eq!((busy.direction, busy.extension.as_deref()), (Some(Direction::Out), Some("101")));
    assert_eq!(busy.end, Some(Ending { q850: Some(17), ..Ending::of(Some(EndCause::Busy), None) }));
    let sound = event(Provider::Zadarma, "record");
    assert_eq!((sound.kind, sound.reference.as_str()), (HostedKind::Recording, "in_1"));
    // Told a day late, an end is when it can have been at the earliest.
    let late = vector(Provider::Zadarma, "end").read_as(SECRET, NOW.plus_days(1));
    assert_eq!(late.expect("is signed")[0].at, NOW.plus_ms(42_000));
}

#[test]
fn what_zadarma_signed_of_one_event_is_no_other() {
    let sent = |fields: &[(&str, &str)]| {
        let found = |name: &str| fields.iter().find(|(one, _)| *one == name);
        let get = |name: &str| found(name).map_or("", |(_, value)| *value);
        let signed: &[&str] = match get("event") {
            "NOTIFY_OUT_START" | "NOTIFY_OUT_END" => &["internal", "destination", "call_start"],
            "NOTIFY_ANSWER" => &["caller_id", "destination", "call_start"],
            "NOTIFY_RECORD" => &["pbx_call_id", "call_id_with_rec"],
            _ => &["caller_id", "called_did", "call_start"],
        };
        let parts: Vec<&str> = signed.iter().map(|name| get(name)).collect();
        let mac = signs::hmac_sha1(SECRET, &parts).expect("a key");
        let signature = STANDARD.encode(hex::encode(mac));
        let body = serde_urlencoded::to_string(fields).expect("a form");
        let headers = BTreeMap::from([("signature".to_owned(), signature)]);
        let start = vector(Provider::Zadarma, "start");
        Vector { body, headers, ..start }.read_as(SECRET, NOW).is_ok()
    };
    let (start, long) = ("2026-11-02 10:00:00", "2026-11-02 09:00:00");
    let came = [
        ("caller_id", "+74951000001"),
        ("called_did", "74950000000"),
        ("call_start", start),
        ("pbx_call_id", "in_1"),
    ];
    let with = |more: &[(&'static str, &'static str)]| {
        let mut all = came.to_vec();
        all.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        all.extend_from_slice(more);
        sent(&all)
    };
    assert!(with(&[("event", "NOTIFY_START")]));
    assert!(with(&[("event", "NOTIFY_START"), ("caller_id", "anonymous")]));
    // The number that called as the extension that calls, of the same signed text.
    let out = [
        ("event", "NOTIFY_OUT_END"),
        ("internal", "+74951000001"),
        ("destination", "74950000000"),
        ("pbx_call_id", "out_1"),
    ];
    assert!(!with(&out));
    // The same text cut elsewhere.
    let cut = [
        ("event", "NOTIFY_OUT_START"),
        ("internal", "7495"),
        ("destination", "100000174950000000"),
        ("pbx_call_id", "out_1"),
    ];
    assert!(!with(&cut));
    assert!(!with(&[
        ("event", "NOTIFY_START"),
        ("called_did", "749500000002026-11-"),
        ("call_start", "02 10:00:00")
    ]));
    // A call that comes in under the name of one that goes out.
    assert!(!with(&[("event", "NOTIFY_END"), ("pbx_call_id", "out_1")]));
    // Who talked for longer than since the beginning.
    assert!(!with(&[("event", "NOTIFY_END"), ("duration", "14400")]));
    assert!(with(&[("event", "NOTIFY_END"), ("duration", "3000"), ("call_start", long)]));
}

#[test]
fn a_replay_of_zadarma_under_another_name_is_the_same() {
    // The name of a call is not signed, so it does not make it another.
    let start = vector(Provider::Zadarma, "start");
    let body = start.body.replace("in_1", "in_2");
    let again = Vector { body, ..start.clone() }.event();
    assert_ne!(again.reference, start.event().reference);
    assert_eq!(again.told, start.event().told);
}

#[test]
fn mango_tells_legs_and_sums_up() {
    let began = event(Provider::Mango, "appeared");
    assert_eq!((began.kind, began.direction), (HostedKind::Started, Some(Direction::Out)));
    assert_eq!((began.at, began.extension.as_deref()), (NOW, Some("101")));
    assert_eq!(began.number.as_deref(), Some("74951000001"));
    assert_eq!(event(Provider::Mango, "connected").kind, HostedKind::Answered);
    let leg = event(Provider::Mango, "disconnected");
    assert_eq!(leg.end.map(|end| (end.cause, end.by)), Some((None, Some(EndedBy::Far))));
    let sum = event(Provider::Mango, "summary").end.expect("an end");
    assert_eq!((sum.cause, sum.seconds), (Some(EndCause::Answered), Some(20)));
    let rings = event(Provider::Mango, "in_appeared");
    assert_eq!((rings.kind, rings.direction), (HostedKind::Ringing, Some(Direction::In)));
    // The exchange tries the address with nothing in its hands.
    let empty = Vector { body: String::new(), ..vector(Provider::Mango, "summary") };
    assert_eq!(empty.read(), Err(Rejected::Tried));
    let odd = serde_json::json!({ "end_time": i64::MIN + 1, "talk_time": i64::MAX,
        "entry_result": 1, "from": { "extension": "101" }, "to": { "number": "74951000001" } });
    let told = mango::summary_of(&odd);
    assert!(told.is_err() || told.is_ok_and(|event| event.is_some()), "it breaks nothing");
}

#[test]
fn twilio_tells_of_a_phone_and_of_the_other_end() {
    let phone = event(Provider::Twilio, "phone");
    assert_eq!((phone.kind, phone.extension.as_deref()), (HostedKind::Started, Some("boris")));
    assert_eq!(phone.direction, Some(Direction::Out));
    let rings = event(Provider::Twilio, "ringing");
    assert_eq!((rings.kind, &rings.reference), (HostedKind::Ringing, &phone.reference));
    assert_eq!((rings.at, rings.direction), (NOW.plus_ms(3_000), Some(Direction::Out)));
    let over = event(Provider::Twilio, "completed").end.expect("an end");
    assert_eq!(
        (over.cause, over.seconds, over.status),
        (Some(EndCause::Answered), Some(20), Some(200))
    );
    assert_eq!(event(Provider::Twilio, "phone_completed").end, Some(Ending::of(None, None)));
    let none = event(Provider::Twilio, "failed").end.expect("an end");
    assert_eq!((none.cause, none.status), (Some(EndCause::InvalidNumber), Some(404)));
}

#[test]
fn uis_and_the_form_of_the_product_are_read() {
    let rings = event(Provider::Uis, "ringing");
    assert_eq!((rings.kind, rings.extension.as_deref()), (HostedKind::Ringing, Some("323409")));
    assert_eq!((rings.reference.as_str(), rings.at), ("998677427", NOW));
    assert_eq!(event(Provider::Uis, "ended").end.map(|end| end.seconds), Some(Some(12)));
    let lost = event(Provider::Uis, "lost");
    assert_eq!(lost.end.and_then(|end| end.cause), Some(EndCause::NoAnswer));
    assert_eq!(lost.direction, Some(Direction::In));
    let end = event(Provider::Generic, "ended").end.expect("an end");
    assert_eq!((end.cause, end.status, end.q850), (Some(EndCause::Busy), Some(486), Some(17)));
}

#[test]
fn the_form_of_the_product_is_taken_within_five_minutes() {
    let began = vector(Provider::Generic, "started");
    for (ms, is_taken) in [
        (0, true),
        (5 * MINUTE_MS, true),
        (-5 * MINUTE_MS, true),
        (5 * MINUTE_MS + 1, false),
        (-5 * MINUTE_MS - 1, false),
        (DAY_MS, false),
    ] {
        let read = began.read_as(SECRET, NOW.plus_ms(ms));
        assert_eq!(read.is_ok(), is_taken, "after {ms} ms: {read:?}");
    }
}

fn signed_generic(body: &[u8]) -> Result<Vec<HostedEvent>, Rejected> {
    let stamp = (NOW.ms() / 1_000).to_string();
    let mac = signs::hmac_sha256(SECRET, &[stamp.as_bytes(), b".", body]).expect("a mac");
    let mut headers = HeaderMap::new();
    let signature = format!("sha256={}", hex::encode(mac));
    headers.insert("x-troika-timestamp", stamp.parse().expect("a value"));
    headers.insert("x-troika-signature", signature.parse().expect("a value"));
    let known = Credentials { account: String::new(), secret: SECRET.to_owned() };
    let hook = Hook { url: URL, rest: "", headers: &headers, body };
    let by = Reading { known: &known, zone: &Zone::utc(), now: NOW };
    super::read(Provider::Generic, &hook, &by)
}

fn started(field: &str, value: Value) -> Vec<u8> {
    let mut body = serde_json::json!({ "call": "c1", "event": "started", "direction": "in",
        "at": "2026-11-02T07:00:00Z", "number": "+74951000001", "extension": "101" });
    body[field] = value;
    body.to_string().into_bytes()
}

#[test]
fn what_is_signed_and_makes_no_sense_is_said_to() {
    let fine = started("number", Value::Null);
    assert!(signed_generic(&fine).is_ok());
    let long = "9".repeat(201);
    let bodies: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
        b"\xff\xfe".to_vec(),
        b"{\"call\": \"\xff\"}".to_vec(),
        vec![b'['; 60_000],
        "{\"a\":".repeat(10_000).into_bytes(),
        started("call", Value::Null),
        started("call", serde_json::json!("")),
        started("call", serde_json::json!([1])),
        started("call", serde_json::json!(long)),
        started("call", serde_json::json!("a\u{0}b")),
        started("number", serde_json::json!(long)),
        started("number", serde_json::json!({ "x": 1 })),
        started("extension", serde_json::json!(true)),
        started("event", serde_json::json!("begun")),
        started("direction", serde_json::json!("up")),
        started("at", serde_json::json!("yesterday")),
        started("at", serde_json::json!(1e308)),
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(120)]).into_owned();
        assert_eq!(signed_generic(&body), Err(Rejected::Unreadable), "{shown}");
    }
    for seconds in [
        serde_json::json!(-1),
        serde_json::json!(i64::MAX),
        serde_json::json!("1e9"),
        serde_json::json!(1.5),
    ] {
        let mut body: Value =
            serde_json::from_slice(&started("event", "ended".into())).expect("js");
        body["seconds"] = seconds;
        let read = signed_generic(body.to_string().as_bytes());
        assert_eq!(read, Err(Rejected::Unreadable), "{body}");
    }
}

#[test]
fn only_zadarma_is_echoed_and_only_plain_text() {
    assert_eq!(echo(Provider::Zadarma, "zd_echo=a1B2").as_deref(), Some("a1B2"));
    for query in ["", "zd_echo=", "zd_echo=%3Cscript%3E", "x=1", "zd_echo=a%20b"] {
        assert_eq!(echo(Provider::Zadarma, query), None, "{query}");
    }
    assert_eq!(echo(Provider::Zadarma, &format!("zd_echo={}", "a".repeat(65))), None);
    assert_eq!(echo(Provider::Mango, "zd_echo=a1B2"), None);
}
