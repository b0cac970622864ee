//! Server transactions over UDP: a request that comes twice is answered as the first time
//! (RFC 3261 §17.2).
//!
//! Every request is answered finally at once, so a lost answer is asked for again by whoever
//! asked, and nothing is sent from here by itself.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::message::{Method, Request, Response, split_outside};
use super::{Datagram, PATIENCE_MS};

/// Answers that are remembered. Beyond it requests are still answered, and repeated ones anew.
const OPEN_MAX: usize = 10_000;
/// Of those so many at most are of strangers, whoever floods leaves room for trunks and phones.
const STRANGE_MAX: usize = 2_000;

/// A full table is gone through no more often.
const CLEAR_MS: u64 = 1_000;

struct Server {
    answer: Option<Vec<u8>>,
    ends: u64,
    is_strange: bool,
}

/// The open server transactions.
#[derive(Default)]
pub struct Servers {
    open: HashMap<String, Server>,
    strange: usize,
    cleared: u64,
}

/// What a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It comes for the first time.
    New,
    /// It came before: this was answered, if it was.
    Again(Option<Datagram>),
}

impl Servers {
    /// Notes a request; a strange one is of nobody who is known.
    pub fn note(
        &mut self,
        now: u64,
        (from, is_strange): (SocketAddr, bool),
        request: &Request,
    ) -> Seen {
        let key = key(request, &request.method, from);
        if let Some(server) = self.open.get(&key).filter(|server| server.ends > now) {
            let answer = server.answer.clone().map(|bytes| Datagram { to: from, bytes });
            return Seen::Again(answer);
        }
        let is_full = |servers: &Self| {
            servers.open.len() >= OPEN_MAX || is_strange && servers.strange >= STRANGE_MAX
        };
        let since = now.saturating_sub(self.cleared);
        if since > PATIENCE_MS || since > CLEAR_MS && is_full(self) {
            self.open.retain(|_, server| server.ends > now);
            self.strange = self.open.values().filter(|server| server.is_strange).count();
            self.cleared = now;
        }
        if !is_full(self) {
            let server = Server { answer: None, ends: now + PATIENCE_MS, is_strange };
            if self.open.insert(key, server).is_none_or(|before| !before.is_strange) {
                self.strange += usize::from(is_strange);
            }
        }
        Seen::New
    }

    /// True if the INVITE that a CANCEL means is known.
    pub fn knows_invite_of(&self, from: SocketAddr, cancel: &Request) -> bool {
        self.open.contains_key(&key(cancel, &Method::Invite, from))
    }

    /// The answer to a request as a datagram to where the request came from (RFC 3581), kept for
    /// its repetition.
    pub fn answer(
        &mut self,
        from: SocketAddr,
        request: &Request,
        mut response: Response,
    ) -> Datagram {
        let vias: Vec<String> = request.headers.addresses("Via");
        if let Some((first, others)) = vias.split_first() {
            response.headers.set("Via", received(first, from));
            for via in others {
                response.headers.push("Via", via.as_str());
            }
        }
        let bytes = response.to_bytes();
        if let Some(server) = self.open.get_mut(&key(request, &request.method, from)) {
            server.answer = Some(bytes.clone());
        }
        Datagram { to: from, bytes }
    }
}

fn key(request: &Request, method: &Method, from: SocketAddr) -> String {
    let branch = request.headers.branch().unwrap_or_default();
    let call_id = request.headers.call_id().unwrap_or_default();
    format!("{} {from} {branch} {call_id}", method.as_str())
}

/// A `Via` with where it was received from (RFC 3261 §18.2.1, RFC 3581 §4).
fn received(via: &str, from: SocketAddr) -> String {
    let mut parts = split_outside(via, ';');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.split('=').next().unwrap_or_default().trim();
        if name.eq_ignore_ascii_case("rport") {
            text.push_str(&format!(";rport={}", from.port()));
        } else if !name.eq_ignore_ascii_case("received") {
            text.push(';');
            text.push_str(part);
        }
    }
    text.push_str(&format!(";received={}", from.ip()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::message::Message;

    #[test]
    fn a_repeated_request_gets_the_same_answer_back() {
        let text = "OPTIONS sip:1@10.0.0.1 SIP/2.0\r\n\
            Via: SIP/2.0/UDP inner:5070;rport;branch=z9hG4bKa, SIP/2.0/UDP two;branch=2\r\n\
            From: <sip:a@h>;tag=1\r\nTo: <sip:1@h>\r\nCall-ID: c\r\nCSeq: 3 OPTIONS\r\n\r\n";
        let Some(Message::Request(asked)) = Message::read(text.as_bytes()) else {
            panic!("a request")
        };
        let from = "10.0.0.9:40000".parse().expect("an address");
        let mut servers = Servers::default();
        let known = (from, false);
        assert_eq!(servers.note(0, known, &asked), Seen::New);
        assert_eq!(servers.note(1, known, &asked), Seen::Again(None));
        let sent = servers.answer(from, &asked, asked.answer(200, "t"));
        let answer = String::from_utf8(sent.bytes.clone()).expect("text");
        assert!(answer.contains("inner:5070;rport=40000;branch=z9hG4bKa;received=10.0.0.9\r\n"));
        assert!(answer.contains("Via: SIP/2.0/UDP two;branch=2\r\n"));
        assert_eq!(servers.note(2, known, &asked), Seen::Again(Some(sent)));
        assert_eq!(servers.note(PATIENCE_MS, known, &asked), Seen::New);
    }

    #[test]
    fn whoever_floods_leaves_room_for_who_is_known() {
        let mut servers = Servers::default();
        let asked = |method: &str, branch: usize| {
            let text = format!(
                "{method} sip:1@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK{branch}\r\n\
                 From: <sip:a@h>;tag=1\r\nTo: <sip:1@h>\r\nCall-ID: c\r\nCSeq: 3 {method}\r\n\r\n"
            );
            match Message::read(text.as_bytes()) {
                Some(Message::Request(request)) => request,
                _ => panic!("a request"),
            }
        };
        let stranger = "10.9.9.9:5060".parse().expect("an address");
        for branch in 0..3 * OPEN_MAX {
            servers.note(branch as u64 / 300, (stranger, true), &asked("OPTIONS", branch));
        }
        assert_eq!(servers.open.len(), STRANGE_MAX);
        let trunk = "10.0.0.9:5060".parse().expect("an address");
        assert_eq!(servers.note(200, (trunk, false), &asked("INVITE", 1)), Seen::New);
        assert_eq!(servers.note(201, (trunk, false), &asked("INVITE", 1)), Seen::Again(None));
        assert!(servers.knows_invite_of(trunk, &asked("CANCEL", 1)));
        // What was a stranger's is over, and there is room again.
        let later = 2 * PATIENCE_MS;
        servers.note(later, (stranger, true), &asked("OPTIONS", 7));
        assert_eq!((servers.open.len(), servers.strange), (1, 1));
    }
}
