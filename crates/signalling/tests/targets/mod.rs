//! What must hold for any datagram at all: one function for each parser. `fuzz/` runs them under
//! cargo-fuzz, `examples/datagrams.rs` on stable, `tests/mutations.rs` a little with every test.

use signalling::media::rtp::{Counter, Packet};
use signalling::sip::sdp::Sound;
use signalling::sip::{Message, NameAddress, Uri};

/// A parser under its name.
pub type Target = (&'static str, fn(&[u8]));

/// Every parser.
pub const TARGETS: [Target; 4] = [("sip", sip), ("sdp", sdp), ("uri", uri), ("rtp", rtp)];

/// Datagrams that make sense.
pub fn seeds() -> Vec<Vec<u8>> {
    let sound = "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n\
                 m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\n\
                 a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendonly\r\n";
    let wide = "c=IN IP6 2001:db8::1\r\nm=video 1 RTP/AVP 9\r\nm=audio 65535/2 RTP/AVP 0 0\r\n";
    let invite = format!(
        "INVITE sip:100@10.0.0.1;user=phone SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;\
         branch=z9hG4bK-1;rport, SIP/2.0/UDP a\r\nf: \"A; <odd>, one\" <sip:a@127.0.0.1>;tag=11\r\n\
         t: sip:b@[::1]:5062\r\ni: one@far\r\nCSeq: 7 INVITE\r\nSubject: a\r\n folded\r\n\
         Record-Route: <sip:p;lr>, <sip:q>\r\nContent-Type: application/sdp\r\n\
         Content-Length: {}\r\n\r\n{sound}",
        sound.len()
    );
    let answer = "SIP/2.0 486 Busy Here\r\nv: SIP/2.0/UDP a;branch=z9\r\nFrom: sip:a@b;tag=1\r\n\
                  To: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nl: 2\r\n\r\nhi";
    let packet = Packet {
        payload_type: 8,
        marker: true,
        sequence: 65_535,
        timestamp: 160,
        source: 7,
        payload: &[0x55; 160],
    };
    let mut padded = packet.to_bytes();
    padded[0] |= 0x31;
    let texts = [sound, wide, &invite, answer, "sip:a;b:c@d:e@[::1]:5060;transport=udp?x=y"];
    let texts = texts.map(|text| text.as_bytes().to_vec());
    texts.into_iter().chain([packet.to_bytes(), padded]).collect()
}

/// What parsers of datagrams stumble over.
pub const TOKENS: [&[u8]; 22] = [
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n ",
    b"\r\n\r\n",
    b" ",
    b":",
    b";",
    b",",
    b"\"",
    b"\\",
    b"<",
    b">",
    b"@",
    b"[",
    b"=",
    b"\0",
    b"\xff",
    b"content-length: 3\r\n",
    b"l: 99999999999\r\n",
    b"c=IN IP4 224.0.0.1/1\r\n",
    b"a=rtpmap:96 telephone-event/8000\r\n",
];

/// Headers of a message that is looked at again: one more is written than was read.
const LINES_MAX: usize = 190;
/// Bytes of such a message; one sign that is no letter is written as three.
const BYTES_MAX: usize = 65_000;

fn written(message: &Message) -> Vec<u8> {
    match message {
        Message::Request(request) => request.to_bytes(),
        Message::Response(response) => response.to_bytes(),
    }
}

/// A message: nothing in it adds a line to what is sent on, and what is sent on is read alike.
pub fn sip(bytes: &[u8]) {
    let Some(message) = Message::read(bytes) else { return };
    let sent = written(&message);
    let head = sent.windows(4).position(|four| four == b"\r\n\r\n").expect("its end");
    let head = String::from_utf8_lossy(&sent[..head]);
    assert!(!head.replace("\r\n", "").contains(['\r', '\n']), "{head:?}");
    if head.lines().count() > LINES_MAX || sent.len() > BYTES_MAX {
        return;
    }
    let again = Message::read(&sent);
    // A line that goes on with nothing leaves a blank behind, which goes with the next reading.
    let goes_on = bytes.windows(2).any(|two| matches!(two, b"\n " | b"\n\t"));
    assert!(again.is_some() || goes_on, "{head:?}");
    let Some(again) = again else { return };
    assert_eq!(Message::read(&written(&again)).as_ref(), Some(&again), "{head:?}");
    match (&message, &again) {
        (Message::Request(one), Message::Request(two)) => {
            assert_eq!((&one.method, &one.uri, &one.body), (&two.method, &two.uri, &two.body));
            let answer = Message::Response(one.answer(481, "tag"));
            assert!(Message::read(&written(&answer)).is_some() || goes_on, "{head:?}");
        }
        (Message::Response(one), Message::Response(two)) => {
            assert_eq!((one.status, &one.body), (two.status, &two.body));
        }
        _ => panic!("{head:?}"),
    }
}

/// A description of sound: a place that may be sent to, a law of ours, and itself when it is read
/// again.
pub fn sdp(bytes: &[u8]) {
    let Some(sound) = Sound::read(bytes) else { return };
    assert!(sound.place.port() != 0 && !sound.place.ip().is_multicast(), "{sound:?}");
    assert!(!sound.laws.is_empty(), "{sound:?}");
    assert!(sound.events.is_none_or(|number| (96..128).contains(&number)), "{sound:?}");
    assert!(!(sound.hears && sound.place.ip().is_unspecified()), "{sound:?}");
    assert_eq!(Sound::read(&sound.write(1, 2)).as_ref(), Some(&sound));
}

/// An address, alone and with a name.
pub fn uri(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(named) = NameAddress::read(&text) {
        assert!(text.trim().ends_with(&named.parameters), "{text:?}");
        assert!(named.tag().is_none_or(|tag| !tag.is_empty()), "{text:?}");
    }
    let Some(uri) = Uri::read(&text) else { return };
    let told = uri.to_string();
    assert!(!told.contains(|c: char| c.is_whitespace() || "<>\"".contains(c)), "{text:?}");
    assert!(told.len() <= text.len(), "{text:?}: {told:?}");
    // A colon without a port behind it is left out, and another may stand before it.
    if uri.port.is_some() || !uri.host.contains(':') || uri.host.ends_with(']') {
        assert_eq!(Uri::read(&told).as_ref(), Some(&uri), "{text:?}");
    }
}

/// Packets of sound, one behind the other: within their datagram, themselves when they are read
/// again, and all of them counted.
pub fn rtp(bytes: &[u8]) {
    let mut counter = Counter::default();
    let (mut count, mut now) = (0, 0);
    let datagrams = [bytes].into_iter().chain(bytes.chunks(40)).chain(bytes.chunks(13));
    for datagram in datagrams {
        let Some(packet) = Packet::read(datagram) else { continue };
        assert!(packet.payload.len() + 12 <= datagram.len());
        assert_eq!(Packet::read(&packet.to_bytes()), Some(packet));
        now += u64::from(packet.sequence % 64);
        counter.note(now, &packet);
        count += 1;
    }
    let told = counter.statistics(5);
    assert_eq!((told.sent, told.received), (5, count));
    assert!(told.lost <= count * 0x8000, "{told:?}");
}
