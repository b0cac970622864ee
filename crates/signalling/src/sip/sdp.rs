//! Descriptions of media: one stream of G.711 with telephone events (RFC 4566, 3264, 4733).

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

use crate::media::Law;

/// The payload type we offer for telephone events.
pub const EVENTS: u8 = 101;

/// The stream of sound that somebody offers or answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Where it wants to be sent to.
    pub place: SocketAddr,
    /// The laws it speaks, its favourite first. Never empty.
    pub laws: Vec<Law>,
    /// Its payload type for telephone events, if it takes them.
    pub events: Option<u8>,
    /// True where it wants to hear: `sendrecv` or `recvonly`.
    pub hears: bool,
}

impl Sound {
    /// Reads a description. `None` where it has no stream of sound with one of our laws, or where
    /// an address is a name: names are not looked up.
    pub fn read(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let mut reading = Reading::default();
        for line in text.lines() {
            let Some((kind, value)) = line.trim_end().split_once('=') else { continue };
            match kind {
                "m" if reading.is_here => break,
                "m" => reading.open(value),
                "c" => reading.ip = Some(connection(value)?),
                "a" if reading.is_here => reading.attribute(value),
                _ => {}
            }
        }
        reading.close()
    }

    /// The law to speak: the first of theirs that is among ours (RFC 3264 §7).
    pub fn law(&self, ours: &[Law]) -> Option<Law> {
        self.laws.iter().copied().find(|law| ours.contains(law))
    }

    /// The answer to a description: as [`Sound::write`], and where `hears` says that the other
    /// end does not hear, we only listen (RFC 3264 §6.1).
    pub fn answer(&self, session: u32, version: u32) -> Vec<u8> {
        let text = self.write(session, version);
        let text = String::from_utf8_lossy(&text).replace("a=sendonly", "a=recvonly");
        text.into_bytes()
    }

    /// The description as text, of version `version` of the session `session`.
    pub fn write(&self, session: u32, version: u32) -> Vec<u8> {
        let kind = if self.place.is_ipv4() { "IP4" } else { "IP6" };
        let (ip, port) = (self.place.ip(), self.place.port());
        let mut text = format!(
            "v=0\r\no=- {session} {version} IN {kind} {ip}\r\ns=-\r\nc=IN {kind} {ip}\r\n\
             t=0 0\r\nm=audio {port} RTP/AVP"
        );
        // Writing to a text cannot fail, here and below.
        for law in &self.laws {
            let _ = write!(text, " {}", law.payload_type());
        }
        if let Some(events) = self.events {
            let _ = write!(text, " {events}");
        }
        text.push_str("\r\n");
        for law in &self.laws {
            // Writing to a text cannot fail.
            let _ = write!(text, "a=rtpmap:{} {}/8000\r\n", law.payload_type(), law.name());
        }
        if let Some(events) = self.events {
            let map = format!("a=rtpmap:{events} telephone-event/8000\r\na=fmtp:{events} 0-15\r\n");
            text.push_str(&map);
        }
        text.push_str("a=ptime:20\r\n");
        text.push_str(if self.hears { "a=sendrecv\r\n" } else { "a=sendonly\r\n" });
        text.into_bytes()
    }
}

fn connection(value: &str) -> Option<IpAddr> {
    let mut parts = value.split_ascii_whitespace().skip(2);
    // A multicast address has a lifetime behind a slash, and nothing is sent to it.
    let ip: IpAddr = parts.next()?.parse().ok()?;
    (!ip.is_multicast()).then_some(ip)
}

#[derive(Default)]
struct Reading {
    ip: Option<IpAddr>,
    is_here: bool,
    port: u16,
    types: Vec<u8>,
    named: Vec<(u8, String)>,
    is_deaf: bool,
}

impl Reading {
    fn open(&mut self, value: &str) {
        let parts: Vec<&str> = value.split_ascii_whitespace().collect();
        let [kind, port, protocol, types @ ..] = parts.as_slice() else { return };
        let port = port.split('/').next().and_then(|port| port.parse().ok());
        let Some(port) = port.filter(|port: &u16| *port != 0) else { return };
        if *kind == "audio" && *protocol == "RTP/AVP" {
            self.is_here = true;
            self.port = port;
            self.types = types.iter().filter_map(|one| one.parse().ok()).collect();
        }
    }

    fn attribute(&mut self, value: &str) {
        match value {
            "sendonly" | "inactive" => self.is_deaf = true,
            _ => {
                let map = value.strip_prefix("rtpmap:").and_then(|map| map.split_once(' '));
                let Some((number, name)) = map else { return };
                if let Ok(number) = number.parse() {
                    self.named.push((number, name.trim().to_ascii_uppercase()));
                }
            }
        }
    }

    fn close(self) -> Option<Sound> {
        let ip = self.ip.filter(|_| self.is_here)?;
        let law = |number: &u8| Law::ALL.into_iter().find(|law| law.payload_type() == *number);
        let laws: Vec<Law> = self.types.iter().filter_map(law).collect();
        let is_event = |(_, name): &&(u8, String)| name.starts_with("TELEPHONE-EVENT/8000");
        let events = self.named.iter().find(is_event).map(|(number, _)| *number);
        let events = events.filter(|number| (96..128).contains(number));
        let place = SocketAddr::new(ip, self.port);
        // To an address of nobody nothing is sent: the old way of holding (RFC 3264 §8.4).
        let hears = !self.is_deaf && !ip.is_unspecified();
        (!laws.is_empty()).then_some(Sound { place, laws, events, hears })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(text: &str) -> Option<Sound> {
        Sound::read(text.replace('\n', "\r\n").as_bytes())
    }

    #[test]
    fn what_we_write_we_read() {
        let place = "127.0.0.1:4000".parse().expect("a place");
        for hears in [true, false] {
            let ours = Sound { place, laws: Law::ALL.to_vec(), events: Some(EVENTS), hears };
            assert_eq!(Sound::read(&ours.write(1, 1)), Some(ours));
        }
    }

    #[test]
    fn only_sound_in_a_law_of_ours_is_read() {
        let with = |m: &str| sound(&format!("v=0\nc=IN IP4 10.0.0.1\n{m}\na=rtpmap:8 PCMA/8000"));
        assert_eq!(
            with("m=audio 4000 RTP/AVP 9 0 8").map(|s| s.laws),
            Some(vec![Law::Pcmu, Law::Pcma])
        );
        assert_eq!(with("m=audio 4000 RTP/AVP 9"), None);
        assert_eq!(with("m=audio 0 RTP/AVP 8"), None);
        assert_eq!(with("m=audio 4000 RTP/SAVP 8"), None);
        assert_eq!(with("m=video 4000 RTP/AVP 8"), None);
        assert_eq!(sound("v=0\nm=audio 4000 RTP/AVP 8"), None, "no address");
        assert_eq!(sound("v=0\nc=IN IP4 far.example\nm=audio 4000 RTP/AVP 8"), None);
        assert_eq!(sound("v=0\nc=IN IP4 224.1.1.1/127\nm=audio 4000 RTP/AVP 8"), None);
    }

    #[test]
    fn an_address_of_the_stream_is_nearer_than_that_of_the_session() {
        let read =
            sound("c=IN IP4 10.0.0.1\nm=audio 4000 RTP/AVP 8\nc=IN IP4 10.0.0.2\na=inactive");
        let read = read.expect("sound");
        assert_eq!(read.place.to_string(), "10.0.0.2:4000");
        assert!(!read.hears);
    }
}
