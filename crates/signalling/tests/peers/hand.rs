//! Peers played by hand over sockets, for what no program can be made to do.

use std::net::SocketAddr;

use signalling::media::Law;
use signalling::media::rtp::Packet;
use signalling::sip::digest::Challenge;
use signalling::sip::sdp::Sound;
use signalling::sip::{Message, Method, Request, Response};
use tokio::net::UdpSocket;

use super::rig::PATIENCE;

/// A peer with a socket for SIP and one for sound.
pub struct Hand {
    pub sip: UdpSocket,
    pub rtp: UdpSocket,
    engine: SocketAddr,
    count: u16,
}

impl Hand {
    /// A peer at an address of loopback.
    pub async fn at(ip: &str, engine: SocketAddr) -> Self {
        let bind = || UdpSocket::bind(format!("{ip}:0"));
        let (sip, rtp) = (bind().await.expect("a port"), bind().await.expect("a port"));
        Self { sip, rtp, engine, count: 0 }
    }

    pub async fn send(&self, bytes: &[u8]) {
        self.sip.send_to(bytes, self.engine).await.expect("it is sent");
    }

    /// The next message.
    pub async fn hear(&self) -> Message {
        let mut bytes = [0; 4_096];
        let got = tokio::time::timeout(PATIENCE, self.sip.recv_from(&mut bytes)).await;
        let (count, _) = got.expect("something comes in time").expect("it is read");
        Message::read(&bytes[..count]).expect("the engine sends SIP")
    }

    /// The next response.
    pub async fn hear_response(&self) -> Response {
        loop {
            if let Message::Response(response) = self.hear().await {
                return response;
            }
        }
    }

    /// The next request of a method.
    pub async fn hear_request(&self, method: &Method) -> Request {
        loop {
            match self.hear().await {
                Message::Request(request) if request.method == *method => return request,
                _ => {}
            }
        }
    }

    /// A request out of nowhere, with more headers.
    pub fn request(&mut self, method: &str, uri: &str, more: &str) -> String {
        self.count += 1;
        let (count, place) = (self.count, self.sip.local_addr().expect("an address"));
        format!(
            "{method} {uri} SIP/2.0\r\n\
             Via: SIP/2.0/UDP {place};rport;branch=z9hG4bKhand{count}{}\r\n\
             From: <sip:1001@{place}>;tag=hand\r\nTo: <sip:1001@{place}>\r\n\
             Call-ID: hand-{count}@{place}\r\nCSeq: {count} {method}\r\nMax-Forwards: 70\r\n\
             {more}Content-Length: 0\r\n\r\n",
            place.port()
        )
    }

    /// Sends a request out of nowhere and takes what is answered.
    pub async fn ask(&mut self, method: &str, uri: &str, more: &str) -> Response {
        let text = self.request(method, uri, more);
        self.send(text.as_bytes()).await;
        self.hear_response().await
    }

    /// Registers as 1001 with a password; the status of the answer.
    pub async fn register(&mut self, password: &str) -> u16 {
        let uri = format!("sip:{}", self.engine);
        let asked = self.ask("REGISTER", &uri, "").await;
        let Some(text) = asked.headers.first("WWW-Authenticate") else { return asked.status };
        let challenge = Challenge::read(text).expect("a challenge");
        let answer = challenge.answer(("1001", password), "REGISTER", &uri, "cafe");
        let place = self.sip.local_addr().expect("an address");
        let more = format!("Authorization: {answer}\r\nContact: <sip:1001@{place}>\r\n");
        self.ask("REGISTER", &uri, &more).await.status
    }

    /// Takes an INVITE and answers it; where the engine wants its sound.
    pub async fn pick_up(&self) -> (Request, SocketAddr) {
        let invite = self.hear_request(&Method::Invite).await;
        let offer = Sound::read(&invite.body).expect("an offer");
        let place = self.rtp.local_addr().expect("an address");
        let sound = Sound { place, laws: vec![Law::Pcma], events: None, hears: true };
        let mut ok = invite.answer(200, "hand");
        let contact = self.sip.local_addr().expect("an address");
        ok.headers.push("Contact", format!("<sip:hand@{contact}>"));
        ok.headers.push("Content-Type", "application/sdp");
        ok.body = sound.write(1, 1);
        self.send(&ok.to_bytes()).await;
        self.hear_request(&Method::Ack).await;
        (invite, offer.place)
    }

    /// Sends a packet of sound to an address.
    pub async fn speak(&self, to: SocketAddr, sequence: u16, octet: u8) {
        let bytes = sound(sequence, octet);
        self.rtp.send_to(&bytes, to).await.expect("it is sent");
    }

    /// The octet of the next packet of sound that is not silence.
    pub async fn listen(&self) -> u8 {
        self.listen_long(1).await[0]
    }

    /// As many octets of sound, or a few more, beginning with the next packet that is no silence.
    pub async fn listen_long(&self, count: usize) -> Vec<u8> {
        let (mut bytes, mut heard) = ([0; 2_048], Vec::new());
        while heard.len() < count {
            let got = tokio::time::timeout(PATIENCE, self.rtp.recv_from(&mut bytes)).await;
            let (length, _) = got.expect("sound comes in time").expect("it is read");
            let packet = Packet::read(&bytes[..length]).expect("a packet");
            if !heard.is_empty() || packet.payload.iter().any(|octet| *octet != 0xd5) {
                heard.extend_from_slice(packet.payload);
            }
        }
        heard
    }
}

/// A frame of one octet.
pub fn sound(sequence: u16, octet: u8) -> Vec<u8> {
    let (timestamp, payload) = (u32::from(sequence) * 160, [octet; 160]);
    let (payload_type, marker, source) = (8, false, 77);
    Packet { payload_type, marker, sequence, timestamp, source, payload: &payload }.to_bytes()
}
