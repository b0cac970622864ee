//! Calls that a trunk brings. Each is offered to whoever uses the engine, and waits – for a while –
//! until it is taken for a session, told that it rings, or turned away. Nothing here calls anybody.
//!
//! A final answer is sent again until it is acknowledged (RFC 3261 §13.3.1.4, §17.2.1).

use std::net::SocketAddr;

use super::answers::remote_of;
use super::core::{Core, SoundOrder};
use super::leg::{Comes, Leg, LegId, Owed, State};
use super::{Refusal, Take};
use crate::cause::{Cause, Mechanism};
use crate::events::{By, Fault, Kind, Leg as Side, Subject};
use crate::media::Law;
use crate::media::relay::Bridge;
use crate::sip::address::Uri;
use crate::sip::dialog::Dialog;
use crate::sip::sdp::{EVENTS, Sound};
use crate::sip::{PATIENCE_MS, ROUND_TRIP_MS, Request, Response};

/// Calls that wait to be taken at once; one more is told that all are busy.
const OFFERED_MAX: usize = 32;
/// Of those so many at most come from one address, so that others are heard beside it.
const OFFERED_OF_ONE_MAX: usize = 24;
/// Calls that nobody took and that are remembered, each for [`PATIENCE_MS`]: so many of one
/// address, and twice as many in all. That is six a second without an end; who brings more is
/// asked to come later.
const UNTAKEN_OF_ONE_MAX: usize = 200;
/// See [`UNTAKEN_OF_ONE_MAX`].
const UNTAKEN_MAX: usize = 2 * UNTAKEN_OF_ONE_MAX;
/// The longest pause between two sendings of an answer (T2).
const PAUSE_MAX_MS: u64 = 4_000;

impl Core {
    /// Takes an INVITE of a trunk. The answer is a wait, or why it cannot be taken.
    pub fn offered(
        &mut self,
        trunk: &str,
        from: SocketAddr,
        request: &Request,
        tag: &str,
    ) -> Response {
        if self.is_known_call(request) {
            // The same call by another way (RFC 3261 §8.2.2.2).
            return request.answer(482, tag);
        }
        if let Some(wanted) = request.headers.first("Require") {
            let mut response = request.answer(420, tag);
            response.headers.push("Unsupported", wanted);
            return response;
        }
        if let Some(response) = self.too_many(from, request, tag) {
            return response;
        }
        let Some(sound) = Sound::read(&request.body) else { return request.answer(488, tag) };
        let Some(law) = sound.law(&Law::ALL) else { return request.answer(488, tag) };
        if !self.permits(trunk, from.ip(), sound.place) {
            self.tell_fault(Fault::ForbiddenAddress(sound.place.to_string()));
            return request.answer(488, tag);
        }
        let Some(dialog) = Dialog::taken(request, tag) else { return request.answer(400, tag) };
        let user = |name| request.headers.address(name).map(|a| a.uri.user).unwrap_or_default();
        let called = request.target().map(|uri| uri.user).filter(|user| !user.is_empty());
        let (caller, called) = (user("From"), called.unwrap_or_else(|| user("To")));
        let call = format!("in-{}", self.tokens.text());
        let comes = Comes { from, tag: tag.to_owned(), remote: remote_of(&sound, law), owed: None };
        let leg = Leg {
            side: Side::Far,
            session: String::new(),
            call: call.clone(),
            trunk: trunk.to_owned(),
            dialog,
            invite: request.clone(),
            to: from,
            state: State::Offered,
            deadline: self.now.steady + self.settings.limits.offer_ms,
            began: self.now.steady,
            rang: false,
            answered: None,
            sound: from,
            laws: vec![law],
            described: (self.tokens.number(), 1),
            has_proven: true,
            is_early: false,
            ending: (By::Limit, Mechanism::NoAnswer),
            owes_cancel: false,
            comes: Some(comes),
        };
        let id = self.next_leg();
        self.legs.insert(id, leg);
        self.calls.insert(call.clone(), id);
        let kind = Kind::Offered { trunk: trunk.to_owned(), from: caller, to: called };
        self.tell(Subject::Call(call), kind);
        request.answer(100, tag)
    }

    /// The answer to one call too many: busy while others wait, later after a flood of them
    /// (RFC 3261 §21.5.4).
    fn too_many(&self, from: SocketAddr, request: &Request, tag: &str) -> Option<Response> {
        let is_its = |leg: &&Leg| leg.to.ip() == from.ip();
        let untaken: Vec<&Leg> = self.legs.values().filter(|leg| leg.is_untaken()).collect();
        let waiting: Vec<&Leg> =
            untaken.iter().copied().filter(|leg| leg.state == State::Offered).collect();
        let of_one = |all: &[&Leg]| all.iter().copied().filter(is_its).count();
        if untaken.len() >= UNTAKEN_MAX || of_one(&untaken) >= UNTAKEN_OF_ONE_MAX {
            let mut response = request.answer(503, tag);
            response.headers.push("Retry-After", (PATIENCE_MS / 1_000).to_string());
            return Some(response);
        }
        let is_full = waiting.len() >= OFFERED_MAX || of_one(&waiting) >= OFFERED_OF_ONE_MAX;
        is_full.then(|| request.answer(486, tag))
    }

    fn is_known_call(&self, request: &Request) -> bool {
        let tag = request.headers.tag("From").unwrap_or_default();
        self.legs.values().any(|leg| {
            leg.comes.is_some()
                && request.headers.call_id() == Some(leg.dialog.call_id.as_str())
                && leg.dialog.remote_tag == tag
        })
    }

    /// The leg of a call that waits to be taken.
    fn waiting(&self, call: &str) -> Option<LegId> {
        let id = self.calls.get(call)?;
        self.legs.get(id).filter(|leg| leg.state == State::Offered).map(|_| *id)
    }

    /// Says that somebody's phone rings for it. True where it waits.
    pub fn ring(&mut self, call: &str) -> bool {
        let Some(id) = self.waiting(call) else { return false };
        let contact = format!("<{}>", self.own("engine"));
        let Some(leg) = self.legs.get_mut(&id).filter(|leg| !leg.rang) else { return true };
        leg.rang = true;
        let Some(comes) = &leg.comes else { return true };
        let mut response = leg.invite.answer(180, &comes.tag);
        response.headers.push("Contact", contact);
        let sent = self.servers.answer(comes.from, &leg.invite, response);
        self.out.datagrams.push(sent);
        true
    }

    /// Whether a call that waits can be taken.
    pub fn may_take(&self, take: &Take) -> Result<(), Refusal> {
        self.waiting(&take.offered).ok_or(Refusal::NoCall)?;
        if take.call.is_empty() || self.calls.contains_key(&take.call) {
            return Err(Refusal::NoCall);
        }
        let session = self.sessions.get(&take.session).ok_or(Refusal::NoSession)?;
        let agent = self.legs.get(&session.agent).filter(|leg| leg.state == State::Up);
        agent.ok_or(Refusal::NoSession)?;
        if session.far.is_some() { Err(Refusal::SessionBusy) } else { Ok(()) }
    }

    /// Takes a call that waits for a session; from here on it has the id that it is given. `sound`
    /// is our place for it. Call [`Core::may_take`] first.
    pub fn take(&mut self, take: &Take, sound: SocketAddr) -> Result<(), Refusal> {
        self.may_take(take)?;
        let id = self.waiting(&take.offered).ok_or(Refusal::NoCall)?;
        let (now, lasts) = (self.now.steady, self.settings.limits.call_ms);
        let contact = format!("<{}>", self.own("engine"));
        self.calls.remove(&take.offered);
        self.calls.insert(take.call.clone(), id);
        let Some(leg) = self.legs.get_mut(&id) else { return Err(Refusal::NoCall) };
        let Some(comes) = &leg.comes else { return Err(Refusal::NoCall) };
        let (remote, tag) = (comes.remote, comes.tag.clone());
        leg.call = take.call.clone();
        leg.session = take.session.clone();
        leg.sound = sound;
        leg.state = State::Up;
        leg.answered = Some(now);
        leg.deadline = now + lasts;
        let hears = remote.hears;
        let ours = Sound { place: sound, laws: leg.laws.clone(), events: Some(EVENTS), hears };
        let mut response = leg.invite.answer(200, &tag);
        response.headers.push("Contact", contact);
        response.headers.push("Allow", super::ALLOWED);
        response.headers.push("Content-Type", "application/sdp");
        response.body = ours.answer(leg.described.0, leg.described.1);
        if let Some(session) = self.sessions.get_mut(&take.session) {
            session.far = Some(id);
        }
        self.owe(id, response);
        self.sound(&take.session, SoundOrder::Far(remote));
        self.sound(&take.session, SoundOrder::Bridge(Bridge::Both));
        let subject = || Subject::Call(take.call.clone());
        self.tell(subject(), Kind::Accepted);
        self.tell(subject(), Kind::LegAnswered(Side::Far));
        self.tell(subject(), Kind::Bridged);
        Ok(())
    }

    /// Turns a call away that waits. True where it did.
    pub fn turn_away(&mut self, call: &str, status: u16) -> bool {
        let Some(id) = self.waiting(call) else { return false };
        self.refuse_offered(id, status, (By::User, Mechanism::Cancelled));
        true
    }

    /// Ends a call that waits, with a final answer.
    pub fn refuse_offered(&mut self, id: LegId, status: u16, (by, how): (By, Mechanism)) {
        let Some(leg) = self.legs.get(&id) else { return };
        let tag = leg.comes.as_ref().map(|comes| comes.tag.clone()).unwrap_or_default();
        let (response, cause) = (leg.invite.answer(status, &tag), leg.cause(how));
        self.owe(id, response);
        self.end(id, by, Cause { status: Some(status), ..cause });
    }

    /// Whoever called took it back: by a CANCEL, which means the INVITE of its branch. True where a
    /// call waited.
    pub fn withdrawn(&mut self, from: SocketAddr, cancel: &Request) -> bool {
        let is_its = |leg: &Leg| {
            leg.state == State::Offered
                && leg.to == from
                && cancel.headers.call_id() == Some(leg.dialog.call_id.as_str())
                && cancel.headers.branch() == leg.invite.headers.branch()
        };
        let found = self.legs.iter().find(|(_, leg)| is_its(leg)).map(|(id, _)| *id);
        if let Some(id) = found {
            self.refuse_offered(id, 487, (By::Far, Mechanism::Cancelled));
        }
        found.is_some()
    }

    /// Sends a final answer, now and until it is acknowledged.
    fn owe(&mut self, id: LegId, response: Response) {
        let now = self.now.steady;
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some(comes) = leg.comes.as_mut() else { return };
        let datagram = self.servers.answer(comes.from, &leg.invite, response);
        comes.owed = Some(Owed {
            datagram: datagram.clone(),
            due: now + ROUND_TRIP_MS,
            pause: ROUND_TRIP_MS,
            ends: now + PATIENCE_MS,
        });
        self.out.datagrams.push(datagram);
    }

    /// An ACK: the final answer has come.
    pub fn acknowledged(&mut self, from: SocketAddr, request: &Request) {
        let is_its = |leg: &&mut Leg| leg.to.ip() == from.ip() && leg.dialog.has(request);
        let Some(leg) = self.legs.values_mut().find(is_its) else { return };
        if let Some(comes) = leg.comes.as_mut() {
            comes.owed = None;
        }
    }

    /// When an answer is sent again.
    pub fn next_owed(&self) -> Option<u64> {
        let owed =
            |leg: &Leg| leg.comes.as_ref()?.owed.as_ref().map(|owed| owed.due.min(owed.ends));
        self.legs.values().filter_map(owed).min()
    }

    /// Sends answers again that were not acknowledged. Who never says that they heard us is told
    /// goodbye.
    pub fn owe_on(&mut self) {
        let now = self.now.steady;
        let mut deaf = Vec::new();
        for (id, leg) in &mut self.legs {
            let Some(comes) = leg.comes.as_mut() else { continue };
            let Some(owed) = comes.owed.as_mut() else { continue };
            if owed.ends <= now {
                comes.owed = None;
                deaf.push(*id);
            } else if owed.due <= now {
                owed.pause = (owed.pause * 2).min(PAUSE_MAX_MS);
                owed.due = now + owed.pause;
                self.out.datagrams.push(owed.datagram.clone());
            }
        }
        for id in deaf {
            if self.legs.get(&id).is_some_and(|leg| leg.state == State::Up) {
                self.say_goodbye(id, By::Limit, Mechanism::TrunkFailure);
            }
        }
    }

    /// Everybody who waits is told that nobody will come.
    pub fn turn_all_away(&mut self) {
        let is_waiting = |(_, leg): &(&LegId, &Leg)| leg.state == State::Offered;
        let all: Vec<LegId> = self.legs.iter().filter(is_waiting).map(|(id, _)| *id).collect();
        for id in all {
            self.refuse_offered(id, 503, (By::User, Mechanism::Cancelled));
        }
    }
}

impl Dialog {
    /// The dialog that an INVITE begins at us, under our tag (RFC 3261 §12.1.1). `None` where it
    /// does not say who asks and where.
    fn taken(request: &Request, tag: &str) -> Option<Self> {
        let (from, to) = (request.headers.address("From")?, request.headers.address("To")?);
        let plain = |uri: Uri| Uri { parameters: String::new(), ..uri };
        let call_id = request.headers.call_id()?.to_owned();
        let mut dialog = Self::with(call_id, tag.to_owned(), plain(to.uri), plain(from.uri));
        dialog.remote_tag = request.headers.tag("From").filter(|tag| !tag.is_empty())?;
        dialog.target = request.headers.address("Contact")?.uri.to_string();
        dialog.routes = request.headers.addresses("Record-Route");
        dialog.follows(request).then_some(dialog)
    }
}
