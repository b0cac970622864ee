//! Client transactions over UDP: what we asked, until it is answered (RFC 3261 §17.1, RFC 6026).
//!
//! Requests are sent again until something comes back. A refused INVITE is acknowledged here; an
//! accepted one by its owner, who alone knows the dialog. An INVITE stays until its owner drops
//! it: answers that come late or from a second phone still find their way.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::message::{Headers, Method, Request, Response};
use super::{Datagram, PATIENCE_MS, ROUND_TRIP_MS};

/// The longest pause between two sendings of a request other than INVITE (T2).
const PAUSE_MAX_MS: u64 = 4_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Calling,
    Proceeding,
    Refused,
    Accepted,
}

struct Client<O> {
    owner: O,
    request: Request,
    to: SocketAddr,
    state: State,
    pause: u64,
    again: u64,
    ends: u64,
}

/// The open client transactions, each with an owner `O` to whom answers go.
pub struct Clients<O> {
    open: HashMap<String, Client<O>>,
}

impl<O> Default for Clients<O> {
    fn default() -> Self {
        Self { open: HashMap::new() }
    }
}

impl<O: Copy> Clients<O> {
    /// Opens a transaction with the branch of the request's `Via` and gives what is to be sent. A
    /// CANCEL has the branch of its INVITE and is a transaction of its own.
    pub fn open(&mut self, now: u64, owner: O, request: Request, to: SocketAddr) -> Datagram {
        let bytes = request.to_bytes();
        let key = key(request.method.as_str(), request.headers.branch().unwrap_or_default());
        let (pause, again) = (ROUND_TRIP_MS, now + ROUND_TRIP_MS);
        let (state, ends) = (State::Calling, now + PATIENCE_MS);
        self.open.insert(key, Client { owner, request, to, state, pause, again, ends });
        Datagram { to, bytes }
    }

    /// Drops a transaction: its answers are nobody's from here on.
    pub fn drop_branch(&mut self, method: &Method, branch: &str) {
        self.open.remove(&key(method.as_str(), branch));
    }

    /// True once anything has come back to an INVITE: before that it must not be cancelled
    /// (RFC 3261 §9.1).
    pub fn is_heard(&self, branch: &str) -> bool {
        let client = self.open.get(&key(Method::Invite.as_str(), branch));
        client.is_some_and(|client| client.state != State::Calling)
    }

    /// Takes an answer. Gives the owner who is to see it; none for a repeated one, one to nothing,
    /// and one from an address that was not asked.
    pub fn receive(
        &mut self,
        now: u64,
        from: SocketAddr,
        response: &Response,
        out: &mut Vec<Datagram>,
    ) -> Option<O> {
        let (_, method) = response.headers.cseq()?;
        let key = key(method, response.headers.branch()?);
        let client = self.open.get_mut(&key).filter(|client| client.to.ip() == from.ip())?;
        let owner = client.owner;
        if client.request.method != Method::Invite {
            if response.is_provisional() {
                client.state = State::Proceeding;
                return None;
            }
            self.open.remove(&key);
            return Some(owner);
        }
        if response.is_provisional() {
            let is_news = matches!(client.state, State::Calling | State::Proceeding);
            client.state = if is_news { State::Proceeding } else { client.state };
            return is_news.then_some(owner);
        }
        if response.is_success() {
            client.state = State::Accepted;
            return Some(owner);
        }
        out.push(Datagram { to: client.to, bytes: refusal_ack(&client.request, response) });
        let is_news = matches!(client.state, State::Calling | State::Proceeding);
        if is_news {
            client.state = State::Refused;
            client.ends = now + PATIENCE_MS;
        }
        is_news.then_some(owner)
    }

    /// Sends again what is due, and gives the owners of what was not answered in time.
    pub fn tick(&mut self, now: u64, out: &mut Vec<Datagram>) -> Vec<(O, Method)> {
        let mut over = Vec::new();
        self.open.retain(|_, client| {
            let is_invite = client.request.method == Method::Invite;
            let waits = match client.state {
                State::Calling => true,
                State::Proceeding => !is_invite,
                State::Refused | State::Accepted => false,
            };
            if client.ends <= now && (waits || client.state == State::Refused) {
                if waits {
                    over.push((client.owner, client.request.method.clone()));
                }
                return false;
            }
            if waits && client.again <= now {
                out.push(Datagram { to: client.to, bytes: client.request.to_bytes() });
                client.pause *= 2;
                if !is_invite {
                    client.pause = client.pause.min(PAUSE_MAX_MS);
                }
                client.again = now + client.pause;
            }
            true
        });
        over
    }

    /// When [`Clients::tick`] has something to do next.
    pub fn next(&self) -> Option<u64> {
        let due = self.open.values().filter_map(|client| match client.state {
            State::Calling => Some(client.again.min(client.ends)),
            State::Proceeding if client.request.method != Method::Invite => {
                Some(client.again.min(client.ends))
            }
            State::Refused => Some(client.ends),
            State::Proceeding | State::Accepted => None,
        });
        due.min()
    }
}

fn key(method: &str, branch: &str) -> String {
    format!("{method} {branch}")
}

/// The ACK of a refused INVITE: the same branch, the same way (RFC 3261 §17.1.1.3).
fn refusal_ack(invite: &Request, response: &Response) -> Vec<u8> {
    let mut headers = Headers::default();
    headers.copy("Via", &invite.headers);
    headers.copy("Route", &invite.headers);
    headers.push("Max-Forwards", "70");
    headers.copy("From", &invite.headers);
    headers.copy("To", &response.headers);
    headers.copy("Call-ID", &invite.headers);
    let number = invite.headers.cseq().map_or(1, |(number, _)| number);
    headers.push("CSeq", format!("{number} ACK"));
    Request { method: Method::Ack, uri: invite.uri.clone(), headers, body: Vec::new() }.to_bytes()
}

/// The CANCEL of an INVITE that is under way (RFC 3261 §9.1).
pub fn cancel_of(invite: &Request) -> Request {
    let mut headers = Headers::default();
    for name in ["Via", "Route", "From", "To", "Call-ID"] {
        headers.copy(name, &invite.headers);
    }
    headers.push("Max-Forwards", "70");
    let number = invite.headers.cseq().map_or(1, |(number, _)| number);
    headers.push("CSeq", format!("{number} CANCEL"));
    Request { method: Method::Cancel, uri: invite.uri.clone(), headers, body: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::message::Message;

    fn invite() -> Request {
        let text = "INVITE sip:1@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\n\
            From: <sip:a@h>;tag=1\r\nTo: <sip:1@h>\r\nCall-ID: c\r\nCSeq: 3 INVITE\r\n\r\n";
        match Message::read(text.as_bytes()) {
            Some(Message::Request(request)) => request,
            _ => panic!("a request"),
        }
    }

    fn far() -> SocketAddr {
        "10.0.0.1:5060".parse().expect("an address")
    }

    #[test]
    fn an_invite_is_sent_seven_times_in_half_a_minute_and_given_up() {
        let (mut clients, mut out) = (Clients::default(), Vec::new());
        out.push(clients.open(0, 7, invite(), far()));
        let mut over = Vec::new();
        while let Some(now) = clients.next() {
            over = clients.tick(now, &mut out);
            assert!(now <= PATIENCE_MS);
        }
        assert_eq!((out.len(), over), (7, vec![(7, Method::Invite)]));
    }

    #[test]
    fn a_refusal_is_told_once_and_acknowledged_every_time() {
        let (mut clients, mut out) = (Clients::default(), Vec::new());
        clients.open(0, 7, invite(), far());
        let busy = invite().answer(486, "b");
        let other = "10.0.0.2:5060".parse().expect("an address");
        assert_eq!(clients.receive(5, other, &busy, &mut out), None, "from somebody else");
        assert_eq!(clients.receive(5, far(), &busy, &mut out), Some(7));
        assert_eq!(clients.receive(9, far(), &busy, &mut out), None);
        assert_eq!(out.len(), 2);
        let Some(Message::Request(ack)) = Message::read(&out[1].bytes) else { panic!("an ACK") };
        assert_eq!(ack.headers.cseq(), Some((3, "ACK")));
        assert_eq!(ack.headers.branch(), Some("z9hG4bKa"));
        assert_eq!(ack.headers.tag("To").as_deref(), Some("b"));
    }

    #[test]
    fn every_acceptance_is_told_and_none_acknowledged_here() {
        let (mut clients, mut out) = (Clients::default(), Vec::new());
        clients.open(0, 7, invite(), far());
        for tag in ["b", "b", "fork"] {
            let ok = invite().answer(200, tag);
            assert_eq!(clients.receive(5, far(), &ok, &mut out), Some(7));
        }
        assert_eq!((out.len(), clients.next()), (0, None));
    }
}
