use super::*;

const BYE: &str = "BYE sip: SIP/2.0\r\n\
    v: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK-1;rport\r\n\
    f: \"A; <odd>, one\" <sip:a@127.0.0.1>;tag=11\r\n\
    t: sip:b@127.0.0.1:5062;tag=22\r\n\
    i: one@far\r\n\
    CSeq: 7 BYE\r\n\
    Subject: caf\u{e9}\r\n folded\r\n\
    l: 2\r\n\r\nhiMORE";

fn request(text: &str) -> Request {
    match Message::read(text.as_bytes()) {
        Some(Message::Request(request)) => request,
        other => panic!("no request: {other:?}"),
    }
}

#[test]
fn a_request_with_compact_names_and_no_host_is_read() {
    let bye = request(BYE);
    assert_eq!(bye.method, Method::Bye);
    assert_eq!(bye.uri, "sip:");
    assert_eq!(bye.headers.tag("From").as_deref(), Some("11"));
    assert_eq!(bye.headers.tag("To").as_deref(), Some("22"));
    assert_eq!(bye.headers.branch(), Some("z9hG4bK-1"));
    assert_eq!(bye.headers.cseq(), Some((7, "BYE")));
    assert_eq!(bye.headers.first("subject"), Some("caf\u{e9} folded"));
    assert_eq!(bye.body, b"hi");
}

#[test]
fn a_header_that_is_not_utf8_costs_no_other_header() {
    let mut bytes = BYE.replace("Subject: caf\u{e9}", "Subject: caf?").into_bytes();
    let at = bytes.iter().position(|b| *b == b'?').expect("the mark");
    bytes[at] = 0xe9;
    let Some(Message::Request(bye)) = Message::read(&bytes) else { panic!("it is read") };
    assert_eq!(bye.body, b"hi");
}

#[test]
fn what_is_written_is_read_again() {
    let bye = request(BYE);
    assert_eq!(
        request(&String::from_utf8(bye.to_bytes()).expect("text")).headers.cseq(),
        bye.headers.cseq()
    );
    let answer = bye.answer(481, "none");
    let Some(Message::Response(read)) = Message::read(&answer.to_bytes()) else {
        panic!("it is read")
    };
    assert_eq!((read.status, read.headers.tag("To").as_deref()), (481, Some("22")));
}

#[test]
fn what_is_no_message_is_none() {
    for text in [
        "",
        "\r\n\r\n",
        "BYE sip:a SIP/2.0\r\n\r\n",
        &BYE.replace("CSeq: 7 BYE", "CSeq: 7 INVITE"),
        &BYE.replace("CSeq: 7 BYE", "CSeq: -7 BYE"),
        &BYE.replace("l: 2", "l: 20"),
        &BYE.replace("l: 2", "l: -2"),
        &BYE.replace("SIP/2.0\r\nv", "HTTP/1.1\r\nv"),
        &BYE.replace("i: one@far\r\n", ""),
        &BYE.replace("i: one@far", "no colon here"),
    ] {
        assert_eq!(Message::read(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn addresses_are_taken_apart() {
    let uri = Uri::read("sip:+7495@[::1]:5080;transport=udp").expect("an address");
    assert_eq!((uri.user.as_str(), uri.port), ("+7495", Some(5080)));
    assert_eq!(uri.socket().map(|s| s.to_string()).as_deref(), Some("[::1]:5080"));
    assert_eq!(uri.to_string(), "sip:+7495@[::1]:5080;transport=udp");
    assert_eq!(Uri::read("tel:112"), None);
    assert_eq!(Uri::read("sip:a@b:99999"), None);
    assert_eq!(Uri::read("sip:a b@c"), None);
    let contact = NameAddress::read("<sip:a@10.0.0.1;ob>;expires=60;+x=\"a;b\"").expect("one");
    assert_eq!(contact.parameter("expires"), Some("60"));
    assert_eq!(contact.uri.parameters, ";ob");
}

#[test]
fn a_line_break_cannot_add_a_header() {
    let mut headers = Headers::default();
    headers.push("Subject", "a\r\nX-Evil: yes");
    assert_eq!(headers.first("X-Evil"), None);
    assert_eq!(headers.first("Subject"), Some("a  X-Evil: yes"));
}

#[test]
fn a_lone_return_in_a_line_that_goes_on_or_in_a_phrase_is_a_blank() {
    let text = BYE.replace(" folded", " fol\rX-Evil: yes");
    let bye = request(&text);
    assert_eq!(bye.headers.first("Subject"), Some("caf\u{e9} fol X-Evil: yes"));
    let text = BYE.replace("BYE sip: SIP/2.0", "SIP/2.0 200 O\rK");
    let Some(Message::Response(answer)) = Message::read(text.as_bytes()) else {
        panic!("it is read")
    };
    assert_eq!(answer.reason, "O K");
}

#[test]
fn a_body_is_as_long_as_is_said_once() {
    let text = BYE.replace("l: 2\r\n", "l: 2\r\ncontent-length: 6\r\n");
    let bye = request(&text);
    assert_eq!(bye.body, b"hi");
    let Some(Message::Request(again)) = Message::read(&bye.to_bytes()) else {
        panic!("it is read")
    };
    assert_eq!(again.body, b"hi");
}
