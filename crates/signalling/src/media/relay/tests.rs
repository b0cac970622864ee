use super::*;

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn remote(place: &str, law: Law) -> Remote {
    Remote { place: at(place), law, events: Some(101), hears: true }
}

fn sound(payload_type: u8, sequence: u16, payload: &[u8]) -> Vec<u8> {
    let timestamp = u32::from(sequence) * FRAME;
    Packet { payload_type, marker: false, sequence, timestamp, source: 9, payload }.to_bytes()
}

fn relay() -> Relay {
    let mut relay = Relay::new(1, 2);
    relay.place(Leg::Agent, remote("10.0.0.1:4000", Law::Pcma));
    relay.place(Leg::Far, remote("10.0.0.2:5000", Law::Pcmu));
    relay
}

fn take(relay: &mut Relay, leg: Leg, from: &str, datagram: &[u8]) -> Taken {
    relay.take(0, leg, at(from), Packet::read(datagram))
}

#[test]
fn a_third_address_is_not_heard_before_or_after_the_pin() {
    let mut relay = relay();
    relay.bridge(Bridge::Both);
    let packet = sound(0, 1, &[0xff]);
    assert!(!take(&mut relay, Leg::Far, "10.0.0.3:5000", &packet).is_heard);
    assert!(take(&mut relay, Leg::Far, "10.0.0.2:5004", &packet).is_heard);
    for stranger in ["10.0.0.3:5000", "10.0.0.2:5000", "10.0.0.2:5006"] {
        assert!(!take(&mut relay, Leg::Far, stranger, &packet).is_heard, "{stranger}");
    }
    let sent = take(&mut relay, Leg::Agent, "10.0.0.1:4000", &sound(8, 1, &[0xd5])).forward;
    assert_eq!(sent.map(|sent| sent.to), Some(at("10.0.0.2:5004")), "to where it speaks from");
}

#[test]
fn what_an_agent_says_unbridged_reaches_nobody_ever() {
    let mut relay = relay();
    for sequence in 0..136 {
        let taken = take(&mut relay, Leg::Agent, "10.0.0.1:4000", &sound(8, sequence, &[1]));
        assert_eq!((taken.is_heard, taken.forward), (true, None));
    }
    relay.bridge(Bridge::Both);
    assert_eq!(relay.end_far(3).sent, 0);
}

#[test]
fn early_sound_goes_to_the_agent_alone() {
    let mut relay = relay();
    relay.bridge(Bridge::Early);
    let early = take(&mut relay, Leg::Far, "10.0.0.2:5000", &sound(0, 1, &[0xff])).forward;
    assert_eq!(early.map(|sent| sent.leg), Some(Leg::Agent));
    let taken = take(&mut relay, Leg::Agent, "10.0.0.1:4000", &sound(8, 1, &[1]));
    assert_eq!(taken.forward, None);
}

#[test]
fn laws_are_translated_and_events_pass_by_their_number() {
    let mut relay = relay();
    relay.place(Leg::Far, Remote { events: Some(96), ..remote("10.0.0.2:5000", Law::Pcmu) });
    relay.bridge(Bridge::Both);
    let forwarded = |relay: &mut Relay, kind: u8, octet: u8| {
        let datagram = sound(kind, 1, &[octet]);
        let sent = take(relay, Leg::Agent, "10.0.0.1:4000", &datagram).forward?;
        let packet = Packet::read(&sent.bytes)?;
        Some((packet.payload_type, packet.payload.to_vec()))
    };
    let translated = Law::Pcma.translate(Law::Pcmu, 0x2a);
    assert_eq!(forwarded(&mut relay, 8, 0x2a), Some((0, vec![translated])));
    assert_eq!(forwarded(&mut relay, 101, 5), Some((96, vec![5])));
    assert_eq!(forwarded(&mut relay, 18, 5), None, "no law that was agreed");
}

#[test]
fn numbers_to_the_agent_go_on_over_many_far_legs() {
    let mut relay = relay();
    let mut last = None;
    for far in 0..3_u32 {
        relay.place(Leg::Far, remote("10.0.0.2:5000", Law::Pcma));
        relay.bridge(Bridge::Both);
        for sequence in [500, 501, 503] {
            let datagram = sound(8, sequence, &[1]);
            let sent = take(&mut relay, Leg::Far, "10.0.0.2:5000", &datagram).forward;
            let bytes = sent.expect("it goes on").bytes;
            let packet = Packet::read(&bytes).expect("a packet");
            let step = last.map(|last| packet.sequence.wrapping_sub(last));
            let expected = if sequence == 503 { 2 } else { 1 };
            assert!(step.is_none_or(|step| step == expected), "{far} {sequence} {step:?}");
            assert_eq!((packet.source, packet.marker), (1, sequence == 500));
            last = Some(packet.sequence);
        }
        let counted = relay.end_far(10 + far);
        assert_eq!((counted.received, counted.lost, counted.sent), (3, 1, 0));
    }
}

#[test]
fn nothing_is_sent_to_who_holds_and_silence_to_who_waits() {
    let mut relay = relay();
    assert_eq!(relay.silence(20).map(|sent| sent.to), Some(at("10.0.0.1:4000")));
    relay.bridge(Bridge::Both);
    relay.place(Leg::Far, Remote { hears: false, ..remote("10.0.0.2:5000", Law::Pcma) });
    let taken = take(&mut relay, Leg::Agent, "10.0.0.1:4000", &sound(8, 1, &[1]));
    assert_eq!(taken.forward, None);
    take(&mut relay, Leg::Far, "10.0.0.2:5000", &sound(8, 1, &[1]));
    assert_eq!(relay.silence(40), None, "somebody speaks");
}
