//! The core without a network: half a minute passes in no time.

mod incoming;

use std::net::SocketAddr;

use super::*;
use crate::cause::Mechanism;
use crate::engine::{Dial, settings::Extension};
use crate::events::{By, Leg as Side};
use crate::media::Law;
use crate::sip::digest::Challenge;
use crate::sip::sdp::Sound;
use crate::sip::{Message, Method, PATIENCE_MS, Request};

/// An engine with a registered phone that holds the session `s`, and a trunk `t`.
struct World {
    core: Core,
    steady: u64,
}

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

const PHONE: &str = "10.0.0.1:5070";
const FAR: &str = "10.0.0.2:5060";

impl World {
    fn new() -> Self {
        let settings = Settings {
            realm: "r".to_owned(),
            extensions: vec![Extension::with_password("1001", "r", "secret")],
            trunks: vec![Trunk { ping_ms: 0, ..Trunk::at("t", at(FAR)) }],
            prefixes: vec!["7".to_owned()],
            takes_calls: true,
            ..Settings::default()
        };
        let now = Now { steady: 0, day: 0 };
        let core = Core::new(settings, at("10.0.0.9:5060"), Tokens::seeded([3; 32]), now);
        let mut world = Self { core, steady: 0 };
        world.register();
        world.core.open_agent("s", "1001", at("10.0.0.9:4000")).expect("it opens");
        let invite = world.sent(&Method::Invite).pop().expect("an INVITE");
        world.accept(PHONE, &invite, "phone");
        world
    }

    fn hear(&mut self, from: &str, bytes: &[u8]) {
        let now = Now { steady: self.steady, day: 0 };
        self.core.receive(now, at(from), bytes);
    }

    /// What is to be sent, taken out.
    fn out(&mut self) -> Vec<Message> {
        let read = |datagram: Datagram| Message::read(&datagram.bytes).expect("SIP");
        self.core.out.datagrams.drain(..).map(read).collect()
    }

    /// The requests of a method that are to be sent; all else is taken out with them.
    fn sent(&mut self, method: &Method) -> Vec<Request> {
        let request = |message| match message {
            Message::Request(request) if request.method == *method => Some(request),
            _ => None,
        };
        self.out().into_iter().filter_map(request).collect()
    }

    fn register(&mut self) {
        let mut proof = String::new();
        for number in 1..=2 {
            let text = format!(
                "REGISTER sip:r SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK{number}\r\n\
                 From: <sip:1001@r>;tag=1\r\nTo: <sip:1001@r>\r\nCall-ID: c\r\n\
                 CSeq: {number} REGISTER\r\nContact: <sip:1001@{PHONE}>\r\n{proof}\r\n"
            );
            self.hear(PHONE, text.as_bytes());
            let Some(Message::Response(answer)) = self.out().pop() else { panic!("an answer") };
            if let Some(asked) = answer.headers.first("WWW-Authenticate") {
                let challenge = Challenge::read(asked).expect("a challenge");
                let said = challenge.answer(("1001", "secret"), "REGISTER", "sip:r", "cafe");
                proof = format!("Authorization: {said}\r\n");
            }
        }
    }

    fn accept(&mut self, from: &str, invite: &Request, tag: &str) {
        let place = SocketAddr::new(at(from).ip(), 6_000);
        let sound = Sound { place, laws: vec![Law::Pcma], events: None, hears: true };
        let mut ok = invite.answer(200, tag);
        ok.body = sound.write(1, 1);
        self.hear(from, &ok.to_bytes());
    }

    /// Dials, and gives the INVITE.
    fn dial(&mut self, ring_ms: u64) -> Request {
        self.out();
        let dial = Dial {
            call: "c".to_owned(),
            session: "s".to_owned(),
            trunk: "t".to_owned(),
            number: "+7495".to_owned(),
            caller_id: "7000".to_owned(),
            ring_ms,
            record: None,
        };
        self.core.dial(&dial, at("10.0.0.9:4002")).expect("it is dialled");
        self.sent(&Method::Invite).pop().expect("an INVITE")
    }

    /// Lets time pass until a moment, doing what is due on the way.
    fn until(&mut self, end: u64) {
        while let Some(due) = self.core.next().filter(|due| *due <= end) {
            self.steady = due.max(self.steady);
            self.core.tick(Now { steady: self.steady, day: 0 });
        }
        self.steady = end;
    }

    fn ends(&self) -> Vec<(By, Mechanism)> {
        let end = |event: &Event| match &event.kind {
            Kind::LegEnded { leg: Side::Far, by, cause } => Some((*by, cause.mechanism)),
            _ => None,
        };
        self.core.out.events.iter().filter_map(end).collect()
    }
}

#[test]
fn a_call_id_is_of_our_own_host_and_names_one_call() {
    let mut world = World::new();
    let invite = world.dial(1_000);
    let named =
        |id: &str| id.split_once('@').map(|(name, host)| (name.to_owned(), host.to_owned()));
    let (far, host) = invite.headers.call_id().and_then(named).expect("a name at a host");
    assert_eq!(host, Settings::default().host);
    world.core.open_agent("other", "1001", at("10.0.0.9:4004")).expect("it opens");
    let invite = world.sent(&Method::Invite).pop().expect("an INVITE");
    let (agent, host) = invite.headers.call_id().and_then(named).expect("a name at a host");
    assert_eq!(host, Settings::default().host);
    assert_ne!(agent, far);
    assert!(far.len() >= 16 && agent.len() >= 16, "nobody guesses {far} and {agent}");
}

#[test]
fn a_trunk_that_answers_nothing_is_given_up_after_half_a_minute() {
    let mut world = World::new();
    world.dial(120_000);
    world.until(PATIENCE_MS - 1);
    assert_eq!(world.ends(), []);
    assert_eq!(world.sent(&Method::Invite).len(), 6, "sent again six times");
    world.until(PATIENCE_MS);
    assert_eq!(world.ends(), [(By::Limit, Mechanism::TrunkFailure)]);
}

#[test]
fn a_call_that_was_not_heard_of_is_cancelled_when_it_is() {
    let mut world = World::new();
    let invite = world.dial(1_000);
    world.until(2_000);
    assert_eq!(world.sent(&Method::Cancel), [], "nobody has the INVITE yet");
    world.hear(FAR, &invite.answer(180, "far").to_bytes());
    let cancels = world.sent(&Method::Cancel);
    assert_eq!(cancels.len(), 1);
    assert_eq!(cancels[0].headers.branch(), invite.headers.branch());
}

#[test]
fn without_a_487_a_call_ends_by_its_own_deadline_and_a_later_answer_is_told_goodbye() {
    let mut world = World::new();
    let invite = world.dial(1_000);
    world.hear(FAR, &invite.answer(180, "far").to_bytes());
    world.until(1_000 + PATIENCE_MS - 1);
    assert_eq!(world.ends(), []);
    world.until(1_000 + PATIENCE_MS);
    assert_eq!(world.ends(), [(By::Limit, Mechanism::NoAnswer)]);
    world.until(100_000);
    world.out();
    world.accept(FAR, &invite, "far");
    let sent = world.out();
    let methods: Vec<&str> = sent
        .iter()
        .map(|message| match message {
            Message::Request(request) => request.method.as_str(),
            Message::Response(_) => "a response",
        })
        .collect();
    assert_eq!(methods, ["ACK", "BYE"]);
    assert_eq!(world.ends().len(), 1, "told once");
    world.until(400_000);
    assert_eq!(world.core.legs.len(), 1, "only the agent's leg is left");
}

#[test]
fn an_answer_that_is_repeated_is_acknowledged_again_and_nothing_else() {
    let mut world = World::new();
    let invite = world.dial(60_000);
    world.accept(FAR, &invite, "far");
    world.out();
    world.accept(FAR, &invite, "far");
    assert_eq!(world.sent(&Method::Ack).len(), 1);
    let bridged = |event: &&Event| event.kind == Kind::Bridged;
    assert_eq!(world.core.out.events.iter().filter(bridged).count(), 1);
}

#[test]
fn an_agent_whose_phone_hangs_up_takes_the_far_leg_along() {
    let mut world = World::new();
    let invite = world.dial(60_000);
    world.accept(FAR, &invite, "far");
    world.out();
    let agent = world.core.sessions["s"].agent;
    let dialog = world.core.legs[&agent].dialog.clone();
    let bye = format!(
        "BYE sip:engine SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKbye\r\n\
         From: <sip:1001@h>;tag={}\r\nTo: <sip:engine@h>;tag={}\r\nCall-ID: {}\r\n\
         CSeq: 1 BYE\r\n\r\n",
        dialog.remote_tag, dialog.local_tag, dialog.call_id
    );
    world.hear("10.0.0.66:5060", bye.as_bytes());
    assert_eq!(world.ends(), [], "a stranger who knows all names is not believed");
    let bye = bye.replace("z9hG4bKbye", "z9hG4bKown");
    world.hear(PHONE, bye.as_bytes());
    assert_eq!(world.sent(&Method::Bye).len(), 1);
    assert_eq!(world.ends(), [(By::Agent, Mechanism::Answered)]);
    assert!(world.core.sessions.is_empty());
}
