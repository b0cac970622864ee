//! How legs end: taken back, told goodbye, or by their deadline. A leg ends once, whoever is first.

use std::net::{IpAddr, SocketAddr};

use super::core::{Core, Owner, SoundOrder};
use super::leg::{Leg, LegId, State};
use crate::cause::{Cause, Mechanism};
use crate::events::{By, Kind, Leg as Side};
use crate::sip::Method;
use crate::sip::address::{NameAddress, Uri};
use crate::sip::clients::cancel_of;
use crate::sip::dialog::Dialog;

impl Core {
    /// Hangs a call up. True if there was something to hang up.
    pub fn hang_up(&mut self, call: &str) -> bool {
        let Some(id) = self.calls.get(call).copied() else { return false };
        let Some(leg) = self.legs.get(&id) else { return false };
        match leg.state {
            State::Offered => {
                self.refuse_offered(id, 480, (By::User, Mechanism::Cancelled));
            }
            State::Calling => self.take_back(id, By::User, Mechanism::Cancelled),
            State::Up => self.say_goodbye(id, By::User, Mechanism::Answered),
            State::Cancelling | State::Over => return false,
        }
        true
    }

    /// Ends an agent leg, and the far leg that it has. True if there was one.
    pub fn close_agent(&mut self, session: &str) -> bool {
        let Some(agent) = self.sessions.get(session).map(|session| session.agent) else {
            return false;
        };
        match self.legs.get(&agent).map(|leg| leg.state) {
            Some(State::Calling) => self.take_back(agent, By::User, Mechanism::Cancelled),
            Some(State::Up) => self.say_goodbye(agent, By::User, Mechanism::Answered),
            _ => return false,
        }
        true
    }

    /// Ends everything: what rings is taken back, what talks is told goodbye.
    pub fn close_all(&mut self) {
        let sessions: Vec<String> = self.sessions.keys().cloned().collect();
        for session in sessions {
            self.close_agent(&session);
        }
        self.turn_all_away();
    }

    /// Takes an unanswered INVITE back. Its session is free for the next at once; the leg ends
    /// when the other side has said so, or its deadline has.
    pub fn take_back(&mut self, id: LegId, by: By, mechanism: Mechanism) {
        let now = self.now.steady;
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let is_heard = self.clients.is_heard(leg.branch());
        leg.state = State::Cancelling;
        leg.deadline = now + self.settings.limits.cancel_ms;
        // Who was never heard did not leave us unanswered: their trunk is not there.
        let is_deaf = !is_heard && by == By::Limit && leg.side == Side::Far;
        leg.ending = (by, if is_deaf { Mechanism::TrunkFailure } else { mechanism });
        leg.owes_cancel = !is_heard;
        let (session, call, side) = (leg.session.clone(), leg.call.clone(), leg.side);
        if is_heard {
            self.cancel(id);
        }
        match side {
            Side::Far => self.free(&session, id, call),
            Side::Agent => {
                self.sessions.remove(&session);
                self.sound(&session, SoundOrder::Close);
            }
        }
    }

    /// Sends the CANCEL of a leg's INVITE.
    pub fn cancel(&mut self, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.owes_cancel = false;
        let cancel = cancel_of(&leg.invite);
        let sent = self.clients.open(self.now.steady, Owner::Nobody, cancel, leg.to);
        self.out.datagrams.push(sent);
    }

    fn free(&mut self, session: &str, far: LegId, call: String) {
        if let Some(found) = self.sessions.get_mut(session).filter(|s| s.far == Some(far)) {
            found.far = None;
            self.sound(session, SoundOrder::EndFar(call));
        }
    }

    /// Sends a BYE within a leg's dialog and ends the leg.
    pub fn say_goodbye(&mut self, id: LegId, by: By, mechanism: Mechanism) {
        let Some(leg) = self.legs.get(&id) else { return };
        let cause = leg.cause(mechanism);
        if leg.side == Side::Agent {
            self.end_far_of(id, by);
        }
        let dialog = self.legs.get(&id).map(|leg| leg.dialog.clone());
        if let Some(mut dialog) = dialog {
            self.send_bye(id, &mut dialog);
            if let Some(leg) = self.legs.get_mut(&id) {
                leg.dialog = dialog;
            }
        }
        self.end(id, by, cause);
    }

    /// Sends a BYE within a dialog that may be another than the leg's own.
    pub fn send_bye(&mut self, id: LegId, dialog: &mut Dialog) {
        let via = self.via();
        let Some(to) = self.legs.get(&id).map(|leg| self.next_hop(leg, dialog)) else { return };
        let bye = dialog.request(Method::Bye, via);
        let sent = self.clients.open(self.now.steady, Owner::Nobody, bye, to);
        self.out.datagrams.push(sent);
    }

    /// Where a request within a dialog goes: to the first proxy that recorded itself or to the
    /// other end's own address, where such an address is allowed, and otherwise to where the
    /// INVITE went.
    pub fn next_hop(&self, leg: &Leg, dialog: &Dialog) -> SocketAddr {
        let route = dialog.routes.first().and_then(|route| NameAddress::read(route));
        let uri = route.map(|route| route.uri).or_else(|| Uri::read(&dialog.target));
        let named = uri.and_then(|uri| uri.socket());
        let is_far = leg.side == Side::Far;
        named.filter(|to| is_far && self.allows(leg, *to)).unwrap_or(leg.to)
    }

    /// True for an address that may be sent to for a leg: of the host its INVITE went to, or of a
    /// network that its trunk was given.
    pub fn allows(&self, leg: &Leg, place: SocketAddr) -> bool {
        self.permits(&leg.trunk, leg.to.ip(), place)
    }

    /// The same of a trunk and a host of it.
    pub fn permits(&self, trunk: &str, host: IpAddr, place: SocketAddr) -> bool {
        let trunk = self.trunks.iter().find(|p| p.trunk.name == trunk);
        let media = trunk.map_or(&[][..], |pinged| &pinged.trunk.media);
        place.port() != 0 && (place.ip() == host || media.iter().any(|net| net.has(place.ip())))
    }

    /// Ends the far leg that an agent leg has.
    fn end_far_of(&mut self, agent: LegId, by: By) {
        let session = self.sessions.values().find(|session| session.agent == agent);
        let Some(far) = session.and_then(|session| session.far) else { return };
        match self.legs.get(&far).map(|leg| leg.state) {
            Some(State::Calling) => self.take_back(far, by, Mechanism::Cancelled),
            Some(State::Up) => self.say_goodbye(far, by, Mechanism::Answered),
            _ => {}
        }
    }

    /// Notes that a leg is over, tells so, and frees what it held.
    pub fn end(&mut self, id: LegId, by: By, cause: Cause) {
        if self.legs.get(&id).is_some_and(|leg| leg.side == Side::Agent) {
            self.end_far_of(id, by);
        }
        let now = self.now.steady;
        let Some(leg) = self.legs.get_mut(&id).filter(|leg| leg.state != State::Over) else {
            return;
        };
        let was_bridged = leg.state == State::Up && leg.answered.is_some();
        leg.state = State::Over;
        leg.deadline = now + leg.remembered_ms();
        let subject = Self::subject(leg);
        let (side, session, call) = (leg.side, leg.session.clone(), leg.call.clone());
        let (talk_ms, ring_ms) = leg.times(now);
        if was_bridged && side == Side::Far {
            self.tell(subject.clone(), Kind::Unbridged);
        }
        self.tell(subject.clone(), Kind::LegEnded { leg: side, by, cause });
        match side {
            Side::Far => {
                self.tell(subject, Kind::CallEnded { talk_ms, ring_ms });
                self.free(&session, id, call.clone());
                self.remember(call);
            }
            Side::Agent => {
                if self.sessions.get(&session).is_some_and(|found| found.agent == id) {
                    self.sessions.remove(&session);
                    self.sound(&session, SoundOrder::Close);
                }
            }
        }
    }

    /// Does what a leg's deadline asks for.
    pub fn deadline(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else { return };
        let (state, side, ending) = (leg.state, leg.side, leg.ending);
        let cause = leg.cause(ending.1);
        match (state, side) {
            (State::Offered, _) => self.refuse_offered(id, 480, (By::Limit, Mechanism::NoAnswer)),
            (State::Calling, _) => self.take_back(id, By::Limit, Mechanism::NoAnswer),
            (State::Cancelling, _) => self.end(id, ending.0, cause),
            (State::Up, _) => self.say_goodbye(id, By::Limit, Mechanism::Answered),
            (State::Over, _) => {
                let gone = self.legs.remove(&id);
                if let Some(leg) = gone {
                    self.clients.drop_branch(&Method::Invite, leg.branch());
                }
            }
        }
    }

    /// Notes that an INVITE was not answered at all in the time of RFC 3261.
    pub fn unheard(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else { return };
        let cause = leg.cause(match leg.side {
            Side::Far => Mechanism::TrunkFailure,
            Side::Agent => Mechanism::NoAnswer,
        });
        let (by, cause) = match leg.state {
            State::Cancelling => (leg.ending.0, leg.cause(leg.ending.1)),
            _ => (By::Limit, cause),
        };
        self.end(id, by, cause);
    }

    /// Notes that a bridged far end has sent no sound for too long.
    pub fn fell_silent(&mut self, call: &str) {
        let id = self.calls.get(call).copied();
        if let Some(id) = id.filter(|id| self.legs.get(id).is_some_and(|l| l.state == State::Up)) {
            self.say_goodbye(id, By::Limit, Mechanism::Answered);
        }
    }
}
