//! What peers ask of us. None of it calls anybody.

use std::net::SocketAddr;

use super::ALLOWED;
use super::answers::remote_of;
use super::core::{Core, SoundOrder};
use super::leg::{LegId, State};
use crate::cause::{Cause, Mechanism, q850_of};
use crate::events::{By, Fault, Kind, Leg as Side, Subject};
use crate::media::Law;
use crate::registrar::Change;
use crate::sip::sdp::{EVENTS, Sound};
use crate::sip::servers::Seen;
use crate::sip::{Method, Request, Response};

/// The shortest time between two words about strangers, in milliseconds: they are many.
const STRANGE_MS: u64 = 60_000;

impl Core {
    /// Takes a request.
    pub fn asked(&mut self, from: SocketAddr, request: &Request) {
        if request.method == Method::Ack {
            return self.acknowledged(from, request);
        }
        let is_trunk = self.trunks.iter().any(|one| one.trunk.address.ip() == from.ip());
        let is_strange = !is_trunk && !self.registrar.is_source(from);
        match self.servers.note(self.now.steady, (from, is_strange), request) {
            Seen::New => {}
            Seen::Again(answer) => {
                self.out.datagrams.extend(answer);
                return;
            }
        }
        let response = self.answer_to(from, request);
        let sent = self.servers.answer(from, request, response);
        self.out.datagrams.push(sent);
    }

    fn answer_to(&mut self, from: SocketAddr, request: &Request) -> Response {
        let tag = self.tokens.text();
        if request.headers.tag("To").is_some() && request.method != Method::Register {
            return self.within(from, request, &tag);
        }
        match request.method {
            Method::Register => self.register(from, request),
            Method::Options => self.refusal(request, 200, &tag),
            Method::Invite => self.called(from, request, &tag),
            // A call may ring for longer than its INVITE is remembered.
            Method::Cancel
                if self.withdrawn(from, request) || self.servers.knows_invite_of(from, request) =>
            {
                request.answer(200, &tag)
            }
            Method::Bye | Method::Cancel => request.answer(481, &tag),
            Method::Ack | Method::Other(_) => self.refusal(request, 405, &tag),
        }
    }

    /// An answer that says what is allowed.
    fn refusal(&self, request: &Request, status: u16, tag: &str) -> Response {
        let mut response = request.answer(status, tag);
        response.headers.push("Allow", ALLOWED);
        response
    }

    fn register(&mut self, from: SocketAddr, request: &Request) -> Response {
        let now = self.now.steady;
        let (response, change) = self.registrar.register(&mut self.tokens, now, from, request);
        match change {
            Some(Change::Here(extension)) => {
                self.tell(Subject::Extension(extension), Kind::AgentRegistered);
            }
            Some(Change::Gone(extension)) => {
                self.tell(Subject::Extension(extension), Kind::AgentLost);
            }
            Some(Change::ShutOut(ip)) => self.tell_fault(Fault::ShutOut(ip.to_string())),
            None => {}
        }
        response
    }

    /// Answers an INVITE that would begin a call: a trunk's is offered or told of, a stranger's
    /// refused.
    fn called(&mut self, from: SocketAddr, request: &Request, tag: &str) -> Response {
        let user = |name| request.headers.address(name).map(|a| a.uri.user).unwrap_or_default();
        let trunk = self.trunks.iter().find(|pinged| pinged.trunk.address.ip() == from.ip());
        if let Some(pinged) = trunk.filter(|_| !self.registrar.is_source(from)) {
            let name = pinged.trunk.name.clone();
            if self.settings.takes_calls {
                return self.offered(&name, from, request, tag);
            }
            let subject = Subject::Trunk(name);
            let (from, to) = (user("From"), user("To"));
            self.tell(subject, Kind::Incoming { from, to });
            let status = if self.settings.is_busy_to_callers { 486 } else { 480 };
            return request.answer(status, tag);
        }
        if self.now.steady >= self.strange_due {
            self.strange_due = self.now.steady + STRANGE_MS;
            self.tell_fault(Fault::StrangeInvite(from.ip().to_string()));
        }
        request.answer(403, tag)
    }

    /// Answers a request within a dialog.
    fn within(&mut self, from: SocketAddr, request: &Request, tag: &str) -> Response {
        let found = self.legs.iter().find(|(_, leg)| leg.dialog.has(request));
        let Some(id) = found.map(|(id, _)| *id) else { return request.answer(481, tag) };
        let Some(leg) = self.legs.get_mut(&id) else { return request.answer(481, tag) };
        if leg.to.ip() != from.ip() && !self.is_known(id, from) {
            return request.answer(403, tag);
        }
        let Some(leg) = self.legs.get_mut(&id) else { return request.answer(481, tag) };
        if request.method != Method::Cancel && !leg.dialog.follows(request) {
            return request.answer(500, tag);
        }
        match request.method {
            Method::Bye => {
                self.told_goodbye(id, request);
                request.answer(200, tag)
            }
            Method::Invite if leg.state == State::Up => self.described_anew(id, request, tag),
            Method::Invite | Method::Cancel => request.answer(481, tag),
            Method::Options => self.refusal(request, 200, tag),
            // Phones tell of keys and sizes this way; nothing hangs on it.
            Method::Other(ref name) if name == "INFO" => request.answer(200, tag),
            _ => self.refusal(request, 405, tag),
        }
    }

    fn is_known(&self, id: LegId, from: SocketAddr) -> bool {
        self.legs.get(&id).is_some_and(|leg| leg.side == Side::Far && self.allows(leg, from))
    }

    fn told_goodbye(&mut self, id: LegId, request: &Request) {
        let Some(leg) = self.legs.get(&id) else { return };
        // Whoever calls may end what is not answered by a goodbye as well (RFC 3261 §15).
        if leg.state == State::Offered {
            return self.refuse_offered(id, 487, (By::Far, Mechanism::Cancelled));
        }
        if leg.state != State::Up {
            return;
        }
        let q850 = request.headers.all("Reason").find_map(q850_of);
        let by = if leg.side == Side::Far { By::Far } else { By::Agent };
        let cause = Cause { q850, ..leg.cause(Mechanism::Answered) };
        self.end(id, by, cause);
    }

    /// Takes a new description of a leg's sound: another place, or a hold (RFC 3264 §8).
    fn described_anew(&mut self, id: LegId, request: &Request, tag: &str) -> Response {
        let Some(leg) = self.legs.get(&id) else { return request.answer(481, tag) };
        let sound = Sound::read(&request.body);
        if sound.is_none() && !request.body.is_empty() {
            return request.answer(488, tag);
        }
        let remote = match &sound {
            None => None,
            Some(sound) => {
                let law = sound.law(&Law::ALL).filter(|_| self.allows(leg, sound.place));
                let Some(law) = law else {
                    let fault = Fault::ForbiddenAddress(sound.place.to_string());
                    self.tell_fault(fault);
                    return request.answer(488, tag);
                };
                Some(remote_of(sound, law))
            }
        };
        let own = self.own("engine");
        let Some(leg) = self.legs.get_mut(&id) else { return request.answer(481, tag) };
        if let Some(remote) = remote {
            leg.laws = vec![remote.law];
        }
        leg.described.1 += 1;
        let hears = remote.is_none_or(|remote| remote.hears);
        // Who only speaks is only listened to; who only listens is only spoken to.
        let ours = Sound { place: leg.sound, laws: leg.laws.clone(), events: Some(EVENTS), hears };
        let body = ours.answer(leg.described.0, leg.described.1);
        let (session, side) = (leg.session.clone(), leg.side);
        if let Some(remote) = remote {
            self.sound(
                &session,
                match side {
                    Side::Agent => SoundOrder::Agent(remote),
                    Side::Far => SoundOrder::Far(remote),
                },
            );
        }
        let mut response = request.answer(200, tag);
        response.headers.push("Contact", format!("<{own}>"));
        response.headers.push("Content-Type", "application/sdp");
        response.body = body;
        response
    }
}
