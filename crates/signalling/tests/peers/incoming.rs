//! Customers who call: sipp behind a trunk, and baresip as the agent who takes it.

use signalling::cause::Mechanism;
use signalling::events::{By, Event, Kind, Subject};
use signalling::fold::Phase;
use signalling::media::Law;
use signalling::{Settings, Take};

use super::hand::Hand;
use super::phone::TONE;
use super::rig::{Rig, free_port, settings, trunk};
use super::sipp::{ANSWERED, Far, call, customer, hear, pause, speak, told_goodbye};
use super::tone;

/// The number of a customer.
const CUSTOMER: &str = "+79161234567";
/// The tone that a customer says.
const FAR_TONE: f64 = 620.0;

fn taking(port: u16) -> Settings {
    Settings { takes_calls: true, ..settings(vec![trunk("t", port)]) }
}

/// The id by which a call is offered.
async fn offered(rig: &mut Rig) -> String {
    let is_offer = |event: &Event| matches!(event.kind, Kind::Offered { .. });
    let told = rig.until(is_offer).await;
    let Kind::Offered { trunk, from, to } = told.kind else { panic!("an offer") };
    assert_eq!((trunk.as_str(), from.as_str(), to.as_str()), ("t", "+79161234567", "74950000000"));
    match told.subject {
        Subject::Call(id) => id,
        other => panic!("an offer is of a call: {other:?}"),
    }
}

fn take(offered: &str, record: Option<std::path::PathBuf>) -> Take {
    Take { offered: offered.to_owned(), call: "c".to_owned(), session: "s".to_owned(), record }
}

#[tokio::test]
async fn a_customer_who_calls_is_bridged_and_recorded_with_each_end_in_its_channel() {
    let port = free_port();
    let mut rig = Rig::with_phone(taking(port)).await;
    let says = rig.folder.path().join("says.alaw");
    tone::write_law(&says, Law::Pcma, &tone::samples(FAR_TONE, 1));
    let (ack, bye) = (customer("ACK", 1), customer("BYE", 2));
    let (talk, heard) = (pause(2_500), hear(200));
    let steps = [&call(CUSTOMER), ANSWERED, &ack, &speak(&says, 8), &talk, &bye, &heard];
    let customer = Far::calls(rig.folder.path(), port, rig.engine.place(), &steps).await;
    let id = offered(&mut rig).await;
    let file = rig.folder.path().join("call.wav");
    rig.engine.take(take(&id, Some(file))).await.expect("it is taken");
    let call = rig.end_of("c").await;
    customer.content().await;
    rig.call("c", |kind| matches!(kind, Kind::RecordingAvailable { .. })).await;
    let (by, cause) = call.ended.expect("it ended");
    assert_eq!((call.phase, by, cause.mechanism), (Phase::Ended, By::Far, Mechanism::Answered));
    let (talk, _) = call.times.expect("it has times");
    assert!((2_300..4_500).contains(&talk), "{talk}");
    let recorded = rig.folded("c").recordings;
    let [recorded] = recorded.as_slice() else { panic!("one recording: {recorded:?}") };
    let (left, right) = tone::channels(&recorded.path);
    let middle = 8_000..left.len() - 4_000;
    assert!(tone::share(&left[middle.clone()], TONE) > 0.9, "the agent is on the left");
    assert!(tone::share(&right[middle], FAR_TONE) > 0.9, "the customer is on the right");
    assert_eq!(rig.times("c", |kind| matches!(kind, Kind::LegEnded { .. })), 1);
}

#[tokio::test]
async fn an_agent_hangs_up_on_a_customer_and_has_the_next() {
    let port = free_port();
    let mut rig = Rig::with_phone(taking(port)).await;
    let (ack, goodbye) = (customer("ACK", 1), told_goodbye());
    let steps = [&call(CUSTOMER), ANSWERED, &ack, &goodbye];
    for (port, name) in [(port, "c"), (free_port(), "d")] {
        rig.told.clear();
        let customer = Far::calls(rig.folder.path(), port, rig.engine.place(), &steps).await;
        let id = offered(&mut rig).await;
        let taken = Take { call: name.to_owned(), ..take(&id, None) };
        rig.engine.take(taken).await.expect("it is taken");
        rig.call(name, |kind| *kind == Kind::Bridged).await;
        rig.engine.hang_up(name).await.expect("it is hung up");
        customer.content().await;
        let (by, cause) = rig.end_of(name).await.ended.expect("it ended");
        assert_eq!((by, cause.mechanism), (By::User, Mechanism::Answered));
    }
    assert_eq!(rig.engine.hang_up("c").await, Err(signalling::Refusal::NoCall), "it is over");
}

#[tokio::test]
async fn a_customer_who_gives_up_while_it_rings_is_nobodys_call() {
    let port = free_port();
    let mut rig = Rig::with_phone(taking(port)).await;
    let (cancel, ack) = (customer("CANCEL", 1), customer("ACK 1", 1));
    let wait = "<recv response=\"100\"/><recv response=\"180\"/>".to_owned();
    let over = "<recv response=\"487\" optional=\"false\"/>".to_owned();
    let said = hear(200).replace("/>", " optional=\"true\"/>");
    let steps: [&str; 6] = [&call(CUSTOMER), &wait, &cancel, &said, &over, &ack];
    let customer = Far::calls(rig.folder.path(), port, rig.engine.place(), &steps).await;
    let id = offered(&mut rig).await;
    rig.engine.ring(&id).await.expect("it rings");
    let ended = rig.call(&id, |kind| matches!(kind, Kind::LegEnded { .. })).await;
    let Kind::LegEnded { by, cause, .. } = ended else { panic!("an end") };
    assert_eq!((by, cause.mechanism, cause.rang), (By::Far, Mechanism::Cancelled, true));
    let late = rig.engine.take(take(&id, None)).await;
    assert_eq!(late, Err(signalling::Refusal::NoCall), "nobody answers who is gone");
    drop(customer);
}

#[tokio::test]
async fn a_customer_for_whom_nobody_is_free_hears_that_all_are_busy() {
    let port = free_port();
    let mut rig = Rig::bare(taking(port)).await;
    let (busy, ack) = (hear(486), customer("ACK 1", 1));
    let steps = [&call(CUSTOMER), "<recv response=\"100\"/>", &busy, &ack];
    let customer = Far::calls(rig.folder.path(), port, rig.engine.place(), &steps).await;
    let id = offered(&mut rig).await;
    rig.engine.turn_away(&id, true).await.expect("it is told");
    customer.content().await;
}

#[tokio::test]
async fn ten_thousand_mutated_invites_of_a_trunk_harm_nothing() {
    let hand = Hand::at("127.0.0.1", "127.0.0.1:9".parse().expect("an address")).await;
    let port = hand.sip.local_addr().expect("an address").port();
    let mut rig = Rig::bare(taking(port)).await;
    let mut hand = Hand::at("127.0.0.1", rig.engine.place()).await;
    let body = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                m=audio 9000 RTP/AVP 8 0\r\n";
    let place = hand.sip.local_addr().expect("an address");
    let more = format!("Contact: <sip:x@{place}>\r\nContent-Type: application/sdp\r\n");
    let whole = hand.request("INVITE", "sip:74950000000@h", &more);
    let whole = whole.replace("Content-Length: 0", &format!("Content-Length: {}", body.len()));
    let whole = format!("{whole}{body}").into_bytes();
    let mut seed = 7_u64;
    let mut chance = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).expect("31 bits") % below
    };
    for round in 0..10_000 {
        let mut bytes = whole.clone();
        for _ in 0..=chance(6) {
            let at = chance(bytes.len());
            match chance(4) {
                0 => bytes[at] = u8::try_from(chance(256)).expect("a byte"),
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, b"\r\n;<>@=:\0"[chance(9)]),
                _ => drop(bytes.remove(at)),
            }
            if bytes.is_empty() {
                break;
            }
        }
        hand.send(&bytes).await;
        // The engine is given its turn, and what it answers is read away.
        if round % 50 == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            let mut answer = [0; 4_096];
            while hand.sip.try_recv_from(&mut answer).is_ok() {}
        }
    }
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let uri = format!("sip:{}", rig.engine.place());
    let mut asked = hand.ask("OPTIONS", &uri, "").await;
    while asked.headers.cseq().map(|(_, method)| method.to_owned()).as_deref() != Some("OPTIONS") {
        asked = hand.hear_response().await;
    }
    assert_eq!(asked.status, 200, "it answers still");
    let told = rig.within(std::time::Duration::from_millis(50)).await;
    assert!(!told.iter().any(|event| matches!(event.kind, Kind::LegDialing(_))));
    let offers = told.iter().filter(|event| matches!(event.kind, Kind::Offered { .. })).count();
    assert!(offers <= 32, "no more wait than may: {offers}");
}
