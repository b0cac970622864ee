//! Calls that a trunk brings: offered, taken, turned away, withdrawn.

use super::*;
use crate::engine::{Refusal, Take};
use crate::sip::Response;

/// The INVITE of a customer, or another request of their dialog.
fn asks(method: &str, number: u32, branch: &str, (to_tag, place): (&str, &str)) -> Vec<u8> {
    let sound = Sound {
        place: at(place),
        laws: vec![Law::Pcmu, Law::Pcma],
        events: Some(101),
        hears: true,
    };
    let body = if method == "INVITE" { sound.write(1, 1) } else { Vec::new() };
    let mut text = format!(
        "{method} sip:74950000000@10.0.0.9 SIP/2.0\r\n\
         Via: SIP/2.0/UDP {FAR};branch=z9hG4bK{branch}\r\n\
         From: \"A\" <sip:+79161234567@h;user=phone>;tag=them\r\n\
         To: <sip:74950000000@h>{to_tag}\r\n\
         Call-ID: theirs\r\nCSeq: {number} {method}\r\nContact: <sip:far@{FAR}>\r\n\
         Record-Route: <sip:10.0.0.2:5060;lr>\r\nContent-Type: application/sdp\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    text.extend(body);
    text
}

const SOUND: &str = "10.0.0.2:6000";

impl World {
    /// A customer calls; the id their call is offered by, and our answer.
    fn called(&mut self) -> String {
        self.out();
        self.core.out.events.clear();
        self.hear(FAR, &asks("INVITE", 1, "one", ("", SOUND)));
        assert_eq!(self.statuses(), [100]);
        self.offers().pop().expect("it is offered")
    }

    fn offers(&self) -> Vec<String> {
        let offer = |event: &Event| match (&event.subject, &event.kind) {
            (Subject::Call(id), Kind::Offered { from, to, .. }) => {
                assert_eq!((from.as_str(), to.as_str()), ("+79161234567", "74950000000"));
                Some(id.clone())
            }
            _ => None,
        };
        self.core.out.events.iter().filter_map(offer).collect()
    }

    fn responses(&mut self) -> Vec<Response> {
        let response = |message| match message {
            Message::Response(response) => Some(response),
            Message::Request(_) => None,
        };
        self.out().into_iter().filter_map(response).collect()
    }

    fn statuses(&mut self) -> Vec<u16> {
        self.responses().iter().map(|response| response.status).collect()
    }

    /// Takes a call for the session `s`; our tag in its answer.
    fn taken(&mut self, offered: &str) -> String {
        self.core.take(&take(offered), at("10.0.0.9:4002")).expect("it is taken");
        let answers = self.responses();
        let [ok] = answers.as_slice() else { panic!("one answer: {answers:?}") };
        assert_eq!(ok.status, 200);
        let sound = Sound::read(&ok.body).expect("a description");
        assert_eq!((sound.place, sound.laws), (at("10.0.0.9:4002"), vec![Law::Pcmu]));
        assert!(
            ok.headers.first("Record-Route").is_some() && ok.headers.first("Contact").is_some()
        );
        format!(";tag={}", ok.headers.tag("To").expect("a tag"))
    }
}

fn take(offered: &str) -> Take {
    let (call, session) = ("c".to_owned(), "s".to_owned());
    Take { offered: offered.to_owned(), call, session, record: None }
}

#[test]
fn a_call_that_comes_in_is_answered_when_it_is_taken_and_again_until_that_is_heard() {
    let mut world = World::new();
    let offered = world.called();
    assert!(world.core.ring(&offered));
    assert_eq!(world.statuses(), [180]);
    world.hear(FAR, &asks("INVITE", 1, "one", ("", SOUND)));
    assert_eq!(world.statuses(), [180], "who asks again hears the same, and is offered once");
    assert_eq!(world.offers().len(), 1);
    let tag = world.taken(&offered);
    world.until(world.steady + 1_600);
    assert_eq!(world.statuses(), [200, 200], "after half a second and one more");
    world.hear("10.0.0.66:5060", &asks("ACK", 1, "ack", (&tag, SOUND)));
    world.until(world.steady + 2_000);
    assert_eq!(world.statuses(), [200], "a stranger hears nothing for them");
    world.hear(FAR, &asks("ACK", 1, "ack", (&tag, SOUND)));
    world.until(world.steady + 60_000);
    assert_eq!(world.statuses(), []);
    let bridged = |event: &&Event| event.kind == Kind::Bridged;
    assert_eq!(world.core.out.events.iter().filter(bridged).count(), 1);
    world.hear(FAR, &asks("BYE", 2, "bye", (&tag, SOUND)));
    assert_eq!(world.statuses(), [200]);
    assert_eq!(world.ends(), [(By::Far, Mechanism::Answered)]);
    assert_eq!(world.core.sessions["s"].far, None, "the agent is free for the next");
}

#[test]
fn what_is_withdrawn_before_an_answer_is_nobodys() {
    let mut world = World::new();
    let offered = world.called();
    world.core.ring(&offered);
    world.out();
    world.hear("10.0.0.2:5099", &asks("CANCEL", 1, "one", ("", SOUND)));
    assert_eq!(world.statuses(), [481], "from another place it means nothing");
    world.hear(FAR, &asks("CANCEL", 1, "two", ("", SOUND)));
    assert_eq!(world.statuses(), [481], "nor does that of another INVITE");
    world.hear(FAR, &asks("CANCEL", 1, "one", ("", SOUND)));
    assert_eq!(world.statuses(), [487, 200]);
    assert_eq!(world.ends(), [(By::Far, Mechanism::Cancelled)]);
    assert_eq!(world.core.may_take(&take(&offered)), Err(Refusal::NoCall));
    world.until(world.steady + PATIENCE_MS);
    assert!(!world.statuses().is_empty(), "487 is sent again until it is acknowledged");
    world.until(world.steady + 400_000);
    assert_eq!(world.core.legs.len(), 1, "only the agent's leg is left");
}

#[test]
fn a_cancel_that_crosses_the_answer_ends_nothing_and_a_goodbye_does() {
    let mut world = World::new();
    let offered = world.called();
    let tag = world.taken(&offered);
    world.hear(FAR, &asks("CANCEL", 1, "one", ("", SOUND)));
    assert_eq!((world.statuses(), world.ends()), (vec![200], vec![]));
    // Both hang up at once: each is told, and the end is told once.
    assert!(world.core.hang_up("c"));
    assert_eq!(world.sent(&Method::Bye).len(), 1);
    world.hear(FAR, &asks("BYE", 2, "bye", (&tag, SOUND)));
    assert_eq!(world.statuses(), [200]);
    assert_eq!(world.ends(), [(By::User, Mechanism::Answered)]);
}

#[test]
fn who_never_says_that_they_heard_the_answer_is_told_goodbye() {
    let mut world = World::new();
    let offered = world.called();
    world.taken(&offered);
    world.until(world.steady + PATIENCE_MS);
    let said = world.out();
    let is_bye = |one: &&Message| matches!(one, Message::Request(r) if r.method == Method::Bye);
    let goodbyes: Vec<&Message> = said.iter().filter(is_bye).collect();
    let [Message::Request(bye)] = goodbyes.as_slice() else { panic!("one goodbye: {said:?}") };
    assert_eq!(bye.uri, format!("sip:far@{FAR}"), "it goes to who called");
    assert_eq!(bye.headers.first("Route"), Some("<sip:10.0.0.2:5060;lr>"));
    assert_eq!(bye.headers.tag("To").as_deref(), Some("them"));
    assert_eq!(world.ends(), [(By::Limit, Mechanism::TrunkFailure)]);
}

#[test]
fn whom_nobody_takes_is_turned_away_and_waits_for_no_longer_than_it_may() {
    let mut world = World::new();
    let offered = world.called();
    assert!(world.core.turn_away(&offered, 486) && !world.core.turn_away(&offered, 486));
    assert_eq!(world.statuses(), [486]);
    assert_eq!(world.ends(), [(By::User, Mechanism::Cancelled)]);
    let mut world = World::new();
    world.called();
    let waits = world.core.settings.limits.offer_ms;
    world.until(world.steady + waits);
    assert_eq!(world.statuses(), [480]);
    assert_eq!(world.ends(), [(By::Limit, Mechanism::NoAnswer)]);
    let mut world = World::new();
    world.called();
    world.core.close_all();
    assert!(world.statuses().contains(&503), "nobody is left to wait for an engine that is gone");
}

#[test]
fn a_session_that_talks_takes_no_other_call() {
    let mut world = World::new();
    let invite = world.dial(60_000);
    world.accept(FAR, &invite, "far");
    let offered = world.called();
    let taken = Take { call: "d".to_owned(), ..take(&offered) };
    assert_eq!(world.core.may_take(&taken), Err(Refusal::SessionBusy));
    let again = Take { call: "c".to_owned(), ..taken.clone() };
    assert_eq!(world.core.may_take(&again), Err(Refusal::NoCall), "an id is of one call");
    let absent = Take { session: "nobody".to_owned(), ..taken };
    assert_eq!(world.core.may_take(&absent), Err(Refusal::NoSession));
}

#[test]
fn what_is_hostile_or_not_understood_is_refused_and_offered_to_nobody() {
    let invite = asks("INVITE", 1, "one", ("", SOUND));
    let text = String::from_utf8(invite.clone()).expect("text");
    let with = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    let elsewhere = asks("INVITE", 1, "one", ("", "192.0.2.1:6000"));
    for (from, bytes, status) in [
        ("10.0.0.66:5060", invite.clone(), 403),
        (PHONE, invite.clone(), 403),
        (FAR, elsewhere, 488),
        (FAR, with("RTP/AVP 0 8", "RTP/SAVP 0 8"), 488),
        (FAR, with("RTP/AVP 0 8", "RTP/AVP 18 9"), 488),
        (FAR, with("Contact: ", "X-Contact: "), 400),
        (FAR, with(";tag=them", ""), 400),
        (FAR, with("Contact: ", "Require: 100rel\r\nContact: "), 420),
    ] {
        let mut world = World::new();
        world.out();
        world.hear(from, &bytes);
        assert_eq!(world.statuses(), [status], "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(world.offers(), Vec::<String>::new());
    }
}

#[test]
fn one_call_by_two_ways_is_offered_once_and_a_flood_is_told_that_all_are_busy() {
    let mut world = World::new();
    world.called();
    world.hear(FAR, &asks("INVITE", 1, "other", ("", SOUND)));
    assert_eq!(world.statuses(), [482]);
    let text = String::from_utf8(asks("INVITE", 1, "one", ("", SOUND))).expect("text");
    let mut told = Vec::new();
    for number in 0..100 {
        let one = text.replace("Call-ID: theirs", &format!("Call-ID: {number}"));
        world.hear(FAR, one.replace("z9hG4bKone", &format!("z9hG4bK{number}")).as_bytes());
        told.extend(world.statuses());
    }
    let waiting = told.iter().filter(|status| **status == 100).count();
    assert_eq!((waiting, told.len()), (23, 100), "one address leaves room for others");
    assert!(told.iter().all(|status| matches!(status, 100 | 486)));
}

/// What whoever calls at `number` and gives up at once is told.
fn brief(world: &mut World, number: usize) -> Vec<Response> {
    for method in ["INVITE", "CANCEL"] {
        let one = String::from_utf8(asks(method, 1, "one", ("", SOUND))).expect("text");
        let one = one.replace("Call-ID: theirs", &format!("Call-ID: {number}"));
        world.hear(FAR, one.replace("z9hG4bKone", &format!("z9hG4bK{number}")).as_bytes());
    }
    world.responses()
}

#[test]
fn who_calls_and_gives_up_without_an_end_is_told_to_come_later() {
    let mut world = World::new();
    world.out();
    // Each of them waits for no time at all, so that never two wait at once.
    let taken = |world: &mut World, number| brief(world, number)[0].status == 100;
    let offered = (0..1_000).filter(|number| taken(&mut world, *number)).count();
    assert_eq!(offered, 200);
    let legs = world.core.legs.len();
    assert_eq!(legs, 1 + 200, "beside the agent's");
    let later = brief(&mut world, 1_000);
    assert_eq!(later[0].status, 503);
    assert_eq!(later[0].headers.first("Retry-After"), Some("32"));
    // What was refused is forgotten when nothing of it can come any more, and others are heard.
    world.until(world.steady + PATIENCE_MS + 1);
    assert_eq!(world.core.legs.len(), 1);
    world.out();
    assert!(taken(&mut world, 1_001));
}
