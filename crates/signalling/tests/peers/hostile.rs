//! What somebody who means harm may send.

use std::net::SocketAddr;

use signalling::Record;
use signalling::events::{By, Event, Fault, Kind, Leg, Subject};
use signalling::media::Law;
use signalling::sip::{Message, Method, Request};

use super::hand::{Hand, sound};
use super::rig::{Rig, settings, trunk, wish};

/// A call named `t` between an agent and a far end that are played by hand.
struct Talk {
    rig: Rig,
    agent: Hand,
    far: Hand,
    /// Where the engine takes the far end's sound, and the agent's.
    far_sound: SocketAddr,
    agent_sound: SocketAddr,
    /// What the far end was asked.
    invite: Request,
}

impl Talk {
    async fn begin(silence_ms: u64) -> Self {
        let (mut rig, agent, far, agent_sound) = waiting(silence_ms).await;
        rig.dial("t", 10_000).await;
        let (invite, far_sound) = far.pick_up().await;
        rig.call("t", |kind| *kind == Kind::Bridged).await;
        Self { rig, agent, far, far_sound, agent_sound, invite }
    }

    /// A request of the far end within the call, under tags of its own choice.
    fn within(&self, method: &str, (from, to): (&str, &str), number: u32) -> String {
        let call_id = self.invite.headers.call_id().expect("one");
        format!(
            "{method} sip:engine SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKin{number}\r\n\
             From: <sip:a@h>;tag={from}\r\nTo: <sip:b@h>;tag={to}\r\nCall-ID: {call_id}\r\n\
             CSeq: {number} {method}\r\nRefer-To: <sip:+79009999999@h>\r\n\r\n"
        )
    }

    fn own_tag(&self) -> String {
        self.invite.headers.tag("From").expect("a tag")
    }
}

/// An engine whose agent's phone is played by hand and holds the session `s`, a far end that
/// waits behind the trunk `t`, and where the engine takes the agent's sound.
async fn waiting(silence_ms: u64) -> (Rig, Hand, Hand, SocketAddr) {
    // The far end must have a port before the engine is set up, and hear of the engine after it.
    let port = super::rig::free_port();
    let mut set = settings(vec![trunk("t", port)]);
    set.limits.silence_ms = silence_ms;
    let mut rig = Rig::bare(set).await;
    let place = rig.engine.place();
    let mut far = Hand::at("127.0.0.1", place).await;
    let bound = tokio::net::UdpSocket::bind(("127.0.0.1", port)).await;
    far.sip = bound.expect("the port is still free");
    let mut agent = Hand::at("127.0.0.1", place).await;
    assert_eq!(agent.register("secret").await, 200);
    rig.engine.open_agent("s", "1001").await.expect("it opens");
    let (_, agent_sound) = agent.pick_up().await;
    rig.until(|event| event.kind == Kind::LegAnswered(Leg::Agent)).await;
    (rig, agent, far, agent_sound)
}

#[tokio::test]
async fn nobody_outside_can_begin_a_call() {
    let mut rig = Rig::bare(settings(vec![trunk("t", 9)])).await;
    let place = rig.engine.place();
    let premium = format!("sip:+79001234567@{place}");
    let mut stranger = Hand::at("127.0.0.2", place).await;
    assert_eq!(stranger.ask("INVITE", &premium, "").await.status, 403);
    let fault = Kind::Error(Fault::StrangeInvite("127.0.0.2".to_owned()));
    rig.until(|event| event.kind == fault).await;
    let refer = format!("Refer-To: <{premium}>\r\n");
    assert_eq!(stranger.ask("REFER", &premium, &refer).await.status, 405);
    let mut known = Hand::at("127.0.0.1", place).await;
    assert_eq!(known.ask("INVITE", &premium, "").await.status, 480);
    let incoming = |kind: &Kind| matches!(kind, Kind::Incoming { from, .. } if from == "1001");
    let told = rig.until(|event| incoming(&event.kind)).await;
    assert_eq!(told.subject, Subject::Trunk("t".to_owned()));
    assert!(!rig.told.iter().any(|event| matches!(event.kind, Kind::LegDialing(_))));
}

#[tokio::test]
async fn a_refer_within_a_call_dials_nobody() {
    let mut talk = Talk::begin(60_000).await;
    let refer = talk.within("REFER", ("hand", &talk.own_tag()), 9);
    talk.far.send(refer.as_bytes()).await;
    assert_eq!(talk.far.hear_response().await.status, 405);
    talk.rig.engine.hang_up("t").await.expect("it still talks");
    talk.rig.end_of("t").await;
    let dialled = |event: &&Event| event.kind == Kind::LegDialing(Leg::Far);
    assert_eq!(talk.rig.told.iter().filter(dialled).count(), 1);
}

#[tokio::test]
async fn numbers_are_dialled_only_where_they_are_allowed() {
    let (rig, _agent, _far, _) = waiting(60_000).await;
    let number =
        |number: &str| signalling::Dial { number: number.to_owned(), ..wish("t", 1, None) };
    for (text, refusal) in [
        ("+19001234567", signalling::Refusal::NumberNotAllowed),
        ("8107900", signalling::Refusal::NumberNotAllowed),
        ("7@evil\r\nX: 1", signalling::Refusal::NotANumber),
        ("", signalling::Refusal::NotANumber),
    ] {
        assert_eq!(rig.engine.dial(number(text)).await, Err(refusal), "{text:?}");
    }
}

#[tokio::test]
async fn a_source_that_guesses_passwords_is_shut_out() {
    let mut rig = Rig::bare(settings(Vec::new())).await;
    let mut thief = Hand::at("127.0.0.2", rig.engine.place()).await;
    for guess in 0..10 {
        assert_eq!(thief.register(&guess.to_string()).await, 401);
    }
    assert_eq!(thief.register("secret").await, 403, "also with the right one");
    let fault = Kind::Error(Fault::ShutOut("127.0.0.2".to_owned()));
    rig.until(|event| event.kind == fault).await;
    let mut phone = Hand::at("127.0.0.1", rig.engine.place()).await;
    assert_eq!(phone.register("secret").await, 200, "others are not");
}

#[tokio::test]
async fn a_goodbye_with_other_tags_or_from_elsewhere_ends_nothing() {
    let mut talk = Talk::begin(60_000).await;
    let own = talk.own_tag();
    for (number, tags) in (1..).zip([("hand", "x"), ("x", own.as_str()), (own.as_str(), "hand")]) {
        talk.far.send(talk.within("BYE", tags, number).as_bytes()).await;
        assert_eq!(talk.far.hear_response().await.status, 481, "{tags:?}");
    }
    let stranger = Hand::at("127.0.0.2", talk.rig.engine.place()).await;
    stranger.send(talk.within("BYE", ("hand", &own), 7).as_bytes()).await;
    assert_eq!(stranger.hear_response().await.status, 403);
    let progress = talk.rig.engine.progress("t").await.expect("it answers");
    assert_eq!(progress, signalling::Progress::Talking);
    talk.far.send(talk.within("BYE", ("hand", &own), 8).as_bytes()).await;
    assert_eq!(talk.far.hear_response().await.status, 200);
    assert_eq!(talk.rig.end_of("t").await.ended.map(|(by, _)| by), Some(By::Far));
}

#[tokio::test]
async fn sound_from_a_third_address_is_not_heard() {
    let Talk { mut rig, agent, far, far_sound, .. } = Talk::begin(60_000).await;
    let third = Hand::at("127.0.0.3", rig.engine.place()).await;
    third.speak(far_sound, 1, 0x66).await;
    for sequence in 0..50 {
        far.speak(far_sound, sequence, 0x11).await;
        third.speak(far_sound, sequence, 0x66).await;
        assert_eq!(agent.listen().await, 0x11);
    }
    rig.engine.hang_up("t").await.expect("it is hung up");
    let call = rig.end_of("t").await;
    let counted = call.statistics.expect("statistics");
    assert_eq!((counted.received, counted.lost, counted.sent), (50, 0, 0));
}

#[tokio::test]
async fn a_hundred_thousand_packets_to_an_idle_leg_reach_nobody() {
    let (mut rig, agent, far, agent_sound) = waiting(60_000).await;
    let old = sound(1, 0x22);
    for n in 0..100_000_u32 {
        agent.rtp.send_to(&old, agent_sound).await.expect("it is sent");
        if n % 500 == 0 {
            tokio::task::yield_now().await;
        }
    }
    rig.dial("t", 10_000).await;
    far.pick_up().await;
    rig.call("t", |kind| *kind == Kind::Bridged).await;
    // What is said now is the first that the far end hears. Said again until it is: the kernel
    // drops what comes on top of the flood.
    let heard = far.listen();
    tokio::pin!(heard);
    let mut sequence = 2;
    let first = loop {
        tokio::select! {
            octet = &mut heard => break octet,
            () = tokio::time::sleep(std::time::Duration::from_millis(20)) => {
                agent.speak(agent_sound, sequence, 0x33).await;
                sequence += 1;
            }
        }
    };
    assert_eq!(first, 0x33);
}

#[tokio::test]
async fn a_far_end_that_falls_silent_is_ended_by_our_own_deadline() {
    let Talk { mut rig, agent: _agent, far, far_sound, .. } = Talk::begin(500).await;
    far.speak(far_sound, 1, 0x11).await;
    let call = rig.end_of("t").await;
    assert_eq!(call.ended.map(|(by, _)| by), Some(By::Limit));
    assert!(call.times.is_some_and(|(talk, _)| talk >= 500));
}

#[tokio::test]
async fn what_is_said_in_a_pause_is_not_recorded() {
    let Talk { mut rig, agent, far, agent_sound, .. } = Talk::begin(60_000).await;
    let path = rig.folder.path().join("paused.wav");
    let wish = [Record::Start(path.clone()), Record::Pause, Record::Resume, Record::Stop];
    let told = [Kind::RecordingStarted, Kind::RecordingPaused, Kind::RecordingResumed];
    for (octet, (record, kind)) in [0x11, 0x22, 0x33].into_iter().zip(wish.iter().zip(told)) {
        rig.engine.record("t", record.clone()).await.expect("it talks");
        rig.call("t", |k| *k == kind).await;
        // Speech has the pace of a clock.
        for frame in 0..3 {
            agent.speak(agent_sound, u16::from(octet) + frame, octet).await;
            assert_eq!(far.listen().await, octet);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    rig.engine.record("t", wish[3].clone()).await.expect("it talks");
    rig.call("t", |kind| matches!(kind, Kind::RecordingAvailable { .. })).await;
    let (left, right) = super::tone::channels(&path);
    let has = |octet| left.contains(&Law::Pcma.sample(octet));
    assert!(has(0x11) && !has(0x22) && has(0x33));
    assert!(right.iter().all(|sample| *sample == 0), "nobody spoke");
}

#[tokio::test]
async fn an_engine_that_ends_says_goodbye_to_all() {
    let Talk { rig, agent, far, .. } = Talk::begin(60_000).await;
    drop(rig);
    far.hear_request(&Method::Bye).await;
    agent.hear_request(&Method::Bye).await;
}

/// A small generator: the same bytes on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).expect("small")).expect("small")
    }

    /// A datagram with a few bytes struck, doubled, changed or moved.
    fn mutated(&mut self, whole: &[u8]) -> Vec<u8> {
        let mut bytes = whole.to_vec();
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            let end = (at + self.below(12)).min(bytes.len());
            match self.below(5) {
                0 => drop(bytes.drain(at..end)),
                1 => bytes[at..end].fill(u8::try_from(self.below(256)).expect("a byte")),
                2 => bytes.truncate(end.max(1)),
                3 => {
                    let part = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, part);
                }
                _ => bytes[at] ^= 1 << self.below(8),
            }
            if bytes.is_empty() {
                bytes.push(b'\r');
            }
        }
        bytes
    }
}

#[tokio::test]
async fn twenty_thousand_mutated_datagrams_harm_nothing() {
    let Talk { mut rig, agent, far, .. } = Talk::begin(60_000).await;
    let place = rig.engine.place();
    let mut hand = Hand::at("127.0.0.2", place).await;
    let described = signalling::sip::sdp::Sound {
        place: "127.0.0.1:9".parse().expect("an address"),
        laws: vec![Law::Pcma],
        events: Some(101),
        hears: true,
    };
    let mut seeds: Vec<Vec<u8>> = [
        "REGISTER", "INVITE", "BYE", "CANCEL", "OPTIONS", "REFER", "ACK",
    ]
    .iter()
    .map(|method| {
        let more = "Authorization: Digest username=\"1001\", realm=\"troika\", nonce=\"0\", \
                uri=\"sip:a\", response=\"0\", qop=auth, nc=00000001, cnonce=\"1\"\r\n\
                Contact: <sip:1001@127.0.0.2>;expires=60\r\nReason: Q.850;cause=16\r\n\
                Record-Route: <sip:127.0.0.1;lr>, <sip:127.0.0.2;lr>\r\n";
        hand.request(method, &format!("sip:1001@{place}"), more).into_bytes()
    })
    .collect();
    let invite = Message::read(&seeds[1]).expect("it is read");
    if let Message::Request(mut request) = invite {
        request.body = described.write(1, 1);
        seeds.push(request.to_bytes());
        let mut ok = request.answer(200, "x");
        ok.body = described.write(1, 1);
        seeds.push(ok.to_bytes());
    }
    let mut dice = Dice(0x5eed_1234_abcd_0001);
    for round in 0..200 {
        for _ in 0..100 {
            let seed = dice.below(seeds.len());
            let bytes = dice.mutated(&seeds[seed]);
            hand.send(&bytes).await;
        }
        // The engine has read them all once it answers what came behind them.
        let more = format!("X-Round: {round}\r\n");
        let text = hand.request("OPTIONS", &format!("sip:{place}"), &more);
        let Some(Message::Request(asked)) = Message::read(text.as_bytes()) else {
            panic!("a request")
        };
        hand.send(text.as_bytes()).await;
        loop {
            let answer = hand.hear_response().await;
            if answer.headers.call_id() == asked.headers.call_id() {
                assert_eq!(answer.status, 200);
                break;
            }
        }
    }
    let progress = rig.engine.progress("t").await.expect("it lives");
    assert_eq!(progress, signalling::Progress::Talking, "the call goes on");
    rig.engine.hang_up("t").await.expect("it is hung up");
    far.hear_request(&Method::Bye).await;
    rig.end_of("t").await;
    let dialled = |kind: &Kind| matches!(kind, Kind::LegDialing(_));
    assert_eq!(rig.told.iter().filter(|event| dialled(&event.kind)).count(), 2);
    drop(agent);
}
