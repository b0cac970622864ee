//! The switch by the messages that Asterisk sends, and the connection against a server of our own.
//! What was seen with a real Asterisk stands in `docs/telephony.md`.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

use super::switch::{Request, Switch};
use super::*;
use crate::telephony::port::CallEventKind;
use crate::telephony::{EndCause, EndedBy};

fn settings() -> AriSettings {
    AriSettings {
        place: SocketAddr::from(([127, 0, 0, 1], 8_088)),
        user: "troika".to_owned(),
        secret: "a secret".to_owned(),
        app: "troika".to_owned(),
        dial: "PJSIP/{number}@trunk".to_owned(),
        caller_id: "+74950000000".to_owned(),
        prefixes: vec!["7".to_owned()],
        ring_ms: 40_000,
    }
}

/// A switch whose caller has a phone, and its clock.
struct Desk {
    switch: Switch,
    boris: UserId,
    now: Instant,
}

impl Desk {
    fn new() -> Self {
        let now = Instant(1_000_000);
        let boris = UserId::fresh(now);
        let mut switch = Switch::new(settings());
        let proof = String::new();
        switch.set_accounts(&[Account { user: boris, name: "boris".to_owned(), proof }]);
        switch.come_up();
        let mut desk = Self { switch, boris, now };
        desk.asked();
        desk
    }

    /// What is asked since the last time, as lines.
    fn asked(&mut self) -> Vec<String> {
        let requests = self.switch.take_requests();
        requests.iter().map(|one| format!("{} {}", one.method, one.uri)).collect()
    }

    fn requests(&mut self) -> Vec<Request> {
        self.switch.take_requests()
    }

    /// What happened since the last time.
    fn news(&mut self) -> Vec<News> {
        std::iter::from_fn(|| self.switch.next_news()).collect()
    }

    /// The kinds of what happened to calls, in their order, and their numbers.
    fn told(&mut self) -> Vec<(i64, CallEventKind)> {
        let of_call = |news| match news {
            News::Call(event) => Some((event.seq, event.kind)),
            _ => None,
        };
        self.news().into_iter().filter_map(of_call).collect()
    }

    fn pass(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
    }

    fn hear(&mut self, message: &Value) {
        self.switch.hear(message, self.now);
    }

    fn channel(&mut self, kind: &str, id: &str, state: &str) {
        self.hear(&json!({ "type": kind, "channel": { "id": id, "state": state } }));
    }

    fn destroyed(&mut self, id: &str, cause: i64) {
        self.hear(&json!({ "type": "ChannelDestroyed", "cause": cause, "cause_txt": "",
            "channel": { "id": id, "state": "Down" } }));
    }

    fn order(&mut self, number: &str) -> AttemptId {
        let (attempt, caller) = (AttemptId::fresh(self.now), self.boris);
        let number = number.to_owned();
        let order = Order { attempt, caller, number, own_number: None, is_recorded: false };
        self.switch.dial(order, self.now);
        attempt
    }

    /// An order whose caller has picked up, so that the number is called.
    fn calling(&mut self) -> AttemptId {
        let attempt = self.order("+79161234567");
        self.channel("StasisStart", &format!("troika-phone-{attempt}"), "Up");
        assert!(self.news().contains(&News::Ready));
        self.switch.go_on(self.now);
        self.asked();
        let begun = [(1, CallEventKind::Accepted), (2, CallEventKind::Dialling)];
        assert_eq!(self.told(), begun);
        attempt
    }

    /// How a call ended that was told as ended.
    fn end(&mut self) -> (EndCause, EndedBy, Option<u8>) {
        let told = self.told();
        let end = told.iter().find_map(|(_, kind)| match kind {
            CallEventKind::LegEnded { end } | CallEventKind::Refused { end } => Some(*end),
            _ => None,
        });
        let end = end.unwrap_or_else(|| panic!("an end: {told:?}"));
        (end.cause, end.by, end.q850)
    }
}

#[test]
fn the_phone_rings_first_and_then_the_number_in_the_same_bridge() {
    let mut desk = Desk::new();
    let attempt = desk.order("+79161234567");
    let asked = desk.asked();
    assert_eq!(asked[0], format!("POST bridges/troika-bridge-{attempt}?type=mixing"));
    assert!(asked[1].starts_with("POST channels?endpoint=PJSIP%2Fboris&app=troika"), "{asked:?}");
    assert_eq!(desk.told(), []);
    assert_eq!(desk.switch.look_up(attempt), Lookup::UnderWay);
    desk.channel("StasisStart", &format!("troika-phone-{attempt}"), "Up");
    let joined =
        format!("POST bridges/troika-bridge-{attempt}/addChannel?channel=troika-phone-{attempt}");
    assert_eq!(desk.asked(), [joined]);
    desk.switch.go_on(desk.now);
    let asked = desk.asked();
    assert!(asked[0].contains("endpoint=PJSIP%2F79161234567%40trunk"), "{asked:?}");
    let call = format!("troika-call-{attempt}");
    desk.pass(1_000);
    desk.channel("ChannelStateChange", &call, "Ringing");
    desk.channel("ChannelStateChange", &call, "Ringing");
    desk.pass(4_000);
    desk.channel("StasisStart", &call, "Up");
    desk.channel("ChannelEnteredBridge", &call, "Up");
    desk.pass(60_000);
    desk.destroyed(&call, 16);
    let told = desk.told();
    let codes: Vec<(i64, &str)> = told.iter().map(|(seq, kind)| (*seq, kind.code())).collect();
    assert_eq!(
        codes,
        [
            (1, "accepted"),
            (2, "dialling"),
            (3, "ringing"),
            (4, "answered"),
            (5, "bridged"),
            (6, "leg_ended"),
            (7, "ended")
        ]
    );
    assert_eq!(told[6].1, CallEventKind::Ended { talk_ms: 60_000, ring_ms: 4_000 });
    let CallEventKind::LegEnded { end } = told[5].1 else { panic!("{told:?}") };
    assert_eq!((end.cause, end.by, end.rang), (EndCause::Answered, EndedBy::Far, true));
    assert_eq!(desk.switch.look_up(attempt), Lookup::ProvenAbsent);
    // The phone is still off the hook: the next number is called at once.
    desk.asked();
    let next = desk.order("+79161234568");
    assert!(desk.asked()[0].contains(&format!("channelId=troika-call-{next}")));
}

#[test]
fn causes_of_the_network_are_told_as_they_are() {
    for (cause, meant) in [
        (17, EndCause::Busy),
        (19, EndCause::NoAnswer),
        (21, EndCause::Rejected),
        (1, EndCause::InvalidNumber),
        (34, EndCause::TrunkFailure),
        // Cleared before anybody answered, and no word of why.
        (16, EndCause::TrunkFailure),
        (0, EndCause::TrunkFailure),
    ] {
        let mut desk = Desk::new();
        let attempt = desk.calling();
        desk.pass(3_000);
        desk.destroyed(&format!("troika-call-{attempt}"), cause);
        let said = u8::try_from(cause).ok().filter(|cause| *cause > 0);
        assert_eq!(desk.end(), (meant, EndedBy::Far, said), "{cause}");
    }
}

#[test]
fn a_number_that_rings_to_its_limit_was_not_answered() {
    let mut desk = Desk::new();
    let attempt = desk.calling();
    let call = format!("troika-call-{attempt}");
    desk.channel("ChannelStateChange", &call, "Ringing");
    desk.pass(40_000);
    desk.destroyed(&call, 16);
    assert_eq!(desk.end(), (EndCause::NoAnswer, EndedBy::Engine, Some(16)));
}

#[test]
fn its_caller_ends_a_call_before_and_after_the_answer() {
    let mut desk = Desk::new();
    let attempt = desk.calling();
    let call = format!("troika-call-{attempt}");
    desk.switch.hang_up(attempt, desk.now);
    desk.switch.hang_up(attempt, desk.now);
    assert_eq!(desk.asked(), [format!("DELETE channels/{call}")]);
    desk.destroyed(&call, 16);
    assert_eq!(desk.end().0, EndCause::Cancelled);

    let attempt = desk.order("+79161234567");
    let call = format!("troika-call-{attempt}");
    desk.channel("StasisStart", &call, "Up");
    desk.asked();
    let phone = desk.switch.phone_of(desk.boris).expect("a phone");
    desk.destroyed(&phone, 16);
    assert!(desk.asked().contains(&format!("DELETE channels/{call}")), "who left talks no more");
    desk.destroyed(&call, 16);
    assert_eq!(desk.end(), (EndCause::Answered, EndedBy::Caller, Some(16)));
}

#[test]
fn who_does_not_pick_up_calls_nobody() {
    let mut desk = Desk::new();
    let attempt = desk.order("+79161234567");
    desk.destroyed(&format!("troika-phone-{attempt}"), 19);
    assert_eq!(desk.end(), (EndCause::PhoneAway, EndedBy::Caller, None));
    // Nor does who takes it back while the phone rings, or whose phone Asterisk does not know.
    let attempt = desk.order("+79161234567");
    desk.switch.hang_up(attempt, desk.now);
    assert_eq!(desk.end().0, EndCause::Cancelled);
    desk.asked();
    desk.order("+79161234567");
    let phone = desk.requests().pop().expect("the phone is asked for");
    desk.hear(&json!({ "type": "RESTResponse", "request_id": phone.id.to_string(),
        "status_code": 400, "message_body": "{\"error\":\"Allocation failed\"}" }));
    assert_eq!(desk.end().0, EndCause::PhoneAway);
}

#[test]
fn a_number_that_is_not_allowed_or_not_taken_is_told_so() {
    let mut desk = Desk::new();
    let attempt = desk.order("+4930123456");
    desk.channel("StasisStart", &format!("troika-phone-{attempt}"), "Up");
    desk.switch.go_on(desk.now);
    assert_eq!(desk.end().0, EndCause::NumberNotAllowed);
    desk.asked();
    let attempt = desk.order("+79161234567");
    let call = desk.requests().pop().expect("the number is asked for");
    desk.hear(&json!({ "type": "RESTResponse", "request_id": call.id.to_string(),
        "status_code": 500 }));
    assert_eq!(desk.end().0, EndCause::TrunkFailure);
    assert_eq!(desk.switch.look_up(attempt), Lookup::ProvenAbsent);
}

#[test]
fn when_the_connection_breaks_calls_are_cut_off_and_what_is_left_is_hung_up() {
    let mut desk = Desk::new();
    let talking = desk.calling();
    desk.channel("StasisStart", &format!("troika-call-{talking}"), "Up");
    desk.news();
    desk.switch.go_down(desk.now);
    let news = desk.news();
    assert!(news.contains(&News::Trunk(false)) && news.contains(&News::Phone(desk.boris, false)));
    assert_eq!(desk.switch.look_up(talking), Lookup::ProvenAbsent);
    desk.switch.come_up();
    let listed = desk.requests().into_iter().find(|one| one.uri == "channels").expect("a list");
    let fresh = desk.order("+79161234567");
    desk.asked();
    let channels = json!([{ "id": format!("troika-call-{talking}") }, { "id": "1764.7" },
        { "id": format!("troika-phone-{fresh}") }]);
    desk.hear(&json!({ "type": "RESTResponse", "request_id": listed.id.to_string(),
        "status_code": 200, "message_body": channels.to_string() }));
    assert_eq!(desk.asked(), [format!("DELETE channels/troika-call-{talking}")]);
}

#[test]
fn phones_and_trunk_are_known_by_their_endpoints() {
    let mut desk = Desk::new();
    let state = |name: &str, state: &str| {
        json!({ "type": "EndpointStateChange",
            "endpoint": { "technology": "PJSIP", "resource": name, "state": state } })
    };
    for (name, said, meant) in [
        ("boris", "online", Some(News::Phone(desk.boris, true))),
        ("boris", "offline", Some(News::Phone(desk.boris, false))),
        ("trunk", "offline", Some(News::Trunk(false))),
        ("trunk", "unknown", Some(News::Trunk(true))),
        ("stranger", "online", None),
    ] {
        desk.hear(&state(name, said));
        assert_eq!(desk.news().pop(), meant, "{name} {said}");
    }
}

#[test]
fn whatever_comes_in_harms_nothing() {
    let mut desk = Desk::new();
    let attempt = desk.calling();
    for message in [
        json!(null),
        json!([1, 2]),
        json!({ "type": "ChannelDestroyed" }),
        json!({ "type": "ChannelDestroyed", "cause": "x", "channel": { "id": 7 } }),
        json!({ "type": "StasisStart", "channel": { "id": "troika-call-" } }),
        json!({ "type": "StasisStart", "channel": { "id": "troika-call-zzz" } }),
        json!({ "type": "RESTResponse", "request_id": "99999", "status_code": 500 }),
        json!({ "type": "RESTResponse", "request_id": -1 }),
        json!({ "type": "EndpointStateChange", "endpoint": [] }),
    ] {
        desk.hear(&message);
    }
    assert_eq!(desk.news(), []);
    assert_eq!(desk.switch.look_up(attempt), Lookup::UnderWay);
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let place = listener.local_addr().expect("its address");
    let server = tokio::spawn(async move {
        for is_last in [false, true] {
            let (stream, _) = listener.accept().await.expect("is called");
            let mut stream = tokio_tungstenite::accept_async(stream).await.expect("a socket");
            let heard = loop {
                match stream.next().await.expect("a request").expect("whole") {
                    Message::Text(text) => break text,
                    other => assert!(other.is_ping(), "{other}"),
                }
            };
            let request: Value = serde_json::from_str(heard.as_str()).expect("JSON");
            assert_eq!(request["type"], "RESTRequest");
            assert_eq!(request["method"], "POST");
            stream.send(Message::text("not JSON")).await.expect("is sent");
            let event = json!({ "type": "EndpointStateChange",
                "endpoint": { "technology": "PJSIP", "resource": "trunk", "state": "online" } });
            stream.send(Message::text(event.to_string())).await.expect("is sent");
            // It goes away: once with a word that is no frame, once as it should. Either way it
            // takes nobody before the other side has let go.
            if is_last {
                stream.close(None).await.expect("is told");
            } else {
                stream.get_mut().write_all(&[0xff; 32]).await.expect("is sent");
            }
            while stream.next().await.is_some_and(|heard| heard.is_ok()) {}
        }
    });
    let clock = Clock::system();
    let mut line =
        AriLine::start(AriSettings { place, ..settings() }, clock).await.expect("begins");
    let mut heard = Vec::new();
    while heard.len() < 4 {
        let news = tokio::time::timeout(Duration::from_secs(60), line.news()).await;
        heard.push(news.expect("in time").expect("news"));
    }
    let trunk: Vec<bool> = heard
        .iter()
        .filter_map(|n| if let News::Trunk(up) = n { Some(*up) } else { None })
        .collect();
    assert_eq!(trunk, [true, false, true, false]);
    server.await.expect("served");
    line.close().await;
    assert_eq!(line.news().await, None);
}

#[tokio::test]
async fn who_cannot_be_reached_is_named_without_the_password() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let place = listener.local_addr().expect("its address");
    drop(listener);
    let told = AriLine::start(AriSettings { place, ..settings() }, Clock::system()).await;
    let told = told.err().expect("nobody is there");
    assert!(told.contains(&place.to_string()) && !told.contains("secret"), "{told}");
}
