//! What is wished for: agent legs opened, far legs dialled.

use std::net::SocketAddr;

use super::core::{Core, Owner, Session};
use super::leg::{Leg, LegId, State};
use super::{Dial, Progress, Refusal};
use crate::cause::Mechanism;
use crate::events::{By, Kind, Leg as Side, Subject};
use crate::media::Law;
use crate::sip::address::Uri;
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
            comes: None,
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

    /// How far a call is.
    pub fn progress(&self, call: &str) -> Progress {
        match self.calls.get(call).map(|leg| self.legs.get(leg).map(|leg| leg.state)) {
            None => Progress::Unknown,
            Some(None | Some(State::Over)) => Progress::Over,
            Some(Some(State::Offered | State::Calling | State::Cancelling)) => Progress::Ringing,
            Some(Some(State::Up)) => Progress::Talking,
        }
    }

    /// The session whose far leg a call is, while it is.
    pub fn session_of(&self, call: &str) -> Option<String> {
        let id = self.calls.get(call)?;
        let is_its = |(_, session): &(&String, &Session)| session.far == Some(*id);
        self.sessions.iter().find(is_its).map(|(name, _)| name.clone())
    }
}
