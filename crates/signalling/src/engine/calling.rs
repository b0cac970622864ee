//! What is wished for: agent legs opened, far legs dialled, both ended.

use std::net::SocketAddr;

use super::core::{Core, Owner, Session, SoundOrder};
use super::leg::{Leg, LegId, REMEMBERED_MS, State};
use super::{Dial, Progress, Refusal};
use crate::cause::{Cause, Mechanism};
use crate::events::{By, Kind, Leg as Side, Subject};
use crate::media::Law;
use crate::sip::address::{NameAddress, Uri};
use crate::sip::clients::cancel_of;
use crate::sip::dialog::Dialog;
use crate::sip::sdp::{EVENTS, Sound};
use crate::sip::{Method, Request};

/// What a new leg is made of.
struct Beginning {
    side: Side,
    session: String,
    call: String,
    trunk: String,
    dialog: Dialog,
    to: SocketAddr,
    sound: SocketAddr,
    laws: Vec<Law>,
    deadline: u64,
}

impl Core {
    /// Whether an agent leg can be opened.
    pub fn may_open(&self, session: &str, extension: &str) -> Result<(), Refusal> {
        if session.is_empty() || self.sessions.contains_key(session) {
            return Err(Refusal::SessionExists);
        }
        self.registrar.binding(extension).map(|_| ()).ok_or(Refusal::NotRegistered)
    }

    /// Calls an extension's phone for a long leg. `sound` is our place for it.
    pub fn open_agent(
        &mut self,
        session: &str,
        extension: &str,
        sound: SocketAddr,
    ) -> Result<(), Refusal> {
        self.may_open(session, extension)?;
        let binding = self.registrar.binding(extension).ok_or(Refusal::NotRegistered)?;
        let (to, contact) = (binding.source, binding.contact.clone());
        let remote = self.own(extension);
        let (call_id, tag) = (self.call_id(), self.tokens.text());
        let mut dialog = Dialog::with(call_id, tag, self.own("engine"), remote);
        dialog.target = contact;
        let leg = self.begin(Beginning {
            side: Side::Agent,
            session: session.to_owned(),
            call: String::new(),
            trunk: String::new(),
            dialog,
            to,
            sound,
            laws: Law::ALL.to_vec(),
            deadline: self.settings.limits.agent_ring_ms,
        });
        self.sessions.insert(session.to_owned(), Session { agent: leg, far: None });
        Ok(())
    }

    /// Whether a far leg can be dialled; `Ok(false)` where it was before.
    pub fn may_dial(&self, dial: &Dial) -> Result<bool, Refusal> {
        if self.calls.contains_key(&dial.call) {
            return Ok(false);
        }
        let digits = dial.number.strip_prefix('+').unwrap_or(&dial.number);
        let is_number =
            |text: &str| (2..=20).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
        let from = dial.caller_id.strip_prefix('+').unwrap_or(&dial.caller_id);
        if dial.call.is_empty() || !is_number(digits) || !is_number(from) {
            return Err(Refusal::NotANumber);
        }
        if !self.settings.prefixes.iter().any(|prefix| digits.starts_with(prefix)) {
            return Err(Refusal::NumberNotAllowed);
        }
        let session = self.sessions.get(&dial.session).ok_or(Refusal::NoSession)?;
        let agent = self.legs.get(&session.agent).filter(|leg| leg.state == State::Up);
        agent.ok_or(Refusal::NoSession)?;
        if session.far.is_some() {
            return Err(Refusal::SessionBusy);
        }
        let is_named = |p: &&super::core::Pinged| p.trunk.name == dial.trunk;
        let pinged = self.trunks.iter().find(is_named).ok_or(Refusal::NoTrunk)?;
        if pinged.is_up { Ok(true) } else { Err(Refusal::TrunkDown) }
    }

    /// Dials a far leg for a session. `sound` is our place for it. Call [`Core::may_dial`] first.
    pub fn dial(&mut self, dial: &Dial, sound: SocketAddr) -> Result<(), Refusal> {
        if !self.may_dial(dial)? {
            return Ok(());
        }
        let is_named = |p: &&super::core::Pinged| p.trunk.name == dial.trunk;
        let to = self.trunks.iter().find(is_named).ok_or(Refusal::NoTrunk)?.trunk.address;
        let session = self.sessions.get(&dial.session).ok_or(Refusal::NoSession)?;
        let agreed = self.legs.get(&session.agent).and_then(|leg| leg.laws.first().copied());
        // The agent's law first: where the far end takes it, nothing is translated.
        let mut laws: Vec<Law> = agreed.into_iter().collect();
        laws.extend(Law::ALL.into_iter().filter(|law| Some(*law) != agreed));
        self.tell(Subject::Call(dial.call.clone()), Kind::Accepted);
        let (call_id, tag) = (self.call_id(), self.tokens.text());
        let local = self.own(&dial.caller_id);
        let dialog = Dialog::with(call_id, tag, local, Uri::at(&dial.number, to));
        let leg = self.begin(Beginning {
            side: Side::Far,
            session: dial.session.clone(),
            call: dial.call.clone(),
            trunk: dial.trunk.clone(),
            dialog,
            to,
            sound,
            laws,
            deadline: dial.ring_ms,
        });
        self.calls.insert(dial.call.clone(), leg);
        if let Some(session) = self.sessions.get_mut(&dial.session) {
            session.far = Some(leg);
        }
        Ok(())
    }

    fn begin(&mut self, beginning: Beginning) -> LegId {
        let Beginning { side, session, call, trunk, mut dialog, to, sound, laws, deadline } =
            beginning;
        let id = self.next_leg();
        let via = self.via();
        let described = (self.tokens.number(), 1);
        let mut invite = dialog.request(Method::Invite, via);
        let offer = Sound { place: sound, laws: laws.clone(), events: Some(EVENTS), hears: true };
        self.describe(&mut invite, offer.write(described.0, described.1));
        let leg = Leg {
            side,
            session,
            call,
            trunk,
            dialog,
            invite: invite.clone(),
            to,
            state: State::Calling,
            deadline: self.now.steady + deadline,
            began: self.now.steady,
            rang: false,
            answered: None,
            sound,
            laws,
            described,
            has_proven: false,
            is_early: false,
            ending: (By::Limit, Mechanism::NoAnswer),
            owes_cancel: false,
        };
        self.tell(Self::subject(&leg), Kind::LegDialing(side));
        self.legs.insert(id, leg);
        let sent = self.clients.open(self.now.steady, Owner::Invite(id), invite, to);
        self.out.datagrams.push(sent);
        id
    }

    /// Adds what an INVITE or the answer to one has beside its dialog.
    fn describe(&self, request: &mut Request, body: Vec<u8>) {
        let contact = format!("<{}>", self.own("engine"));
        request.headers.push("Contact", contact);
        request.headers.push("Allow", super::ALLOWED);
        request.headers.push("Content-Type", "application/sdp");
        request.body = body;
    }

    /// Sends the INVITE of a leg again with an answer to a challenge.
    pub fn prove(&mut self, id: LegId, header: &str, answer: String) {
        let via = self.via();
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let before = leg.invite.clone();
        let mut invite = leg.dialog.request(Method::Invite, via);
        for name in ["Contact", "Allow", "Content-Type"] {
            invite.headers.copy(name, &before.headers);
        }
        invite.headers.push(header, answer);
        invite.body = before.body;
        leg.invite = invite.clone();
        leg.has_proven = true;
        let sent = self.clients.open(self.now.steady, Owner::Invite(id), invite, leg.to);
        self.out.datagrams.push(sent);
    }

    /// Hangs a call up. True if there was something to hang up.
    pub fn hang_up(&mut self, call: &str) -> bool {
        let Some(id) = self.calls.get(call).copied() else { return false };
        let Some(leg) = self.legs.get(&id) else { return false };
        match leg.state {
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
    }

    /// How far a call is.
    pub fn progress(&self, call: &str) -> Progress {
        match self.calls.get(call).map(|leg| self.legs.get(leg).map(|leg| leg.state)) {
            None => Progress::Unknown,
            Some(None | Some(State::Over)) => Progress::Over,
            Some(Some(State::Calling | State::Cancelling)) => Progress::Ringing,
            Some(Some(State::Up)) => Progress::Talking,
        }
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
        let trunk = self.trunks.iter().find(|p| p.trunk.name == leg.trunk);
        let media = trunk.map_or(&[][..], |pinged| &pinged.trunk.media);
        place.port() != 0
            && (place.ip() == leg.to.ip() || media.iter().any(|net| net.has(place.ip())))
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
        let was_up = leg.state == State::Up;
        leg.state = State::Over;
        leg.deadline = now + REMEMBERED_MS;
        let subject = Self::subject(leg);
        let (side, session, call) = (leg.side, leg.session.clone(), leg.call.clone());
        let (talk_ms, ring_ms) = leg.times(now);
        if was_up && side == Side::Far {
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

    /// The session whose far leg a call is, while it is.
    pub fn session_of(&self, call: &str) -> Option<String> {
        let id = self.calls.get(call)?;
        let is_its = |(_, session): &(&String, &Session)| session.far == Some(*id);
        self.sessions.iter().find(is_its).map(|(name, _)| name.clone())
    }

    /// Notes that a bridged far end has sent no sound for too long.
    pub fn fell_silent(&mut self, call: &str) {
        let id = self.calls.get(call).copied();
        if let Some(id) = id.filter(|id| self.legs.get(id).is_some_and(|l| l.state == State::Up)) {
            self.say_goodbye(id, By::Limit, Mechanism::Answered);
        }
    }
}
