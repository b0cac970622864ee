//! What comes back to what we asked.

use std::net::SocketAddr;

use super::core::{Core, Owner, SoundOrder};
use super::leg::{LegId, State};
use crate::cause::{Cause, Mechanism, q850_of};
use crate::events::{By, Fault, Kind, Leg as Side};
use crate::media::Law;
use crate::media::relay::{Bridge, Remote};
use crate::sip::digest::Challenge;
use crate::sip::sdp::Sound;
use crate::sip::{Method, Response};

/// The longest contact that is told of.
const CONTACT_CHARS_MAX: usize = 512;

impl Core {
    /// Takes a response.
    pub fn answered(&mut self, from: SocketAddr, response: &Response) {
        let now = self.now.steady;
        let owner = self.clients.receive(now, from, response, &mut self.out.datagrams);
        match owner {
            Some(Owner::Invite(leg)) if response.is_provisional() => self.rings(leg, response),
            Some(Owner::Invite(leg)) if response.is_success() => self.accepted(leg, response),
            Some(Owner::Invite(leg)) => self.refused(leg, response),
            Some(Owner::Ping(trunk)) => self.pinged(trunk, response.status),
            Some(Owner::Nobody) | None => {}
        }
    }

    fn rings(&mut self, id: LegId, response: &Response) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.state == State::Cancelling && leg.owes_cancel {
            self.cancel(id);
            return;
        }
        if leg.state != State::Calling || response.status == 100 {
            return;
        }
        let is_first = !leg.rang;
        leg.rang |= matches!(response.status, 180..=183);
        let sound = Sound::read(&response.body).filter(|_| leg.side == Side::Far && !leg.is_early);
        let (subject, side, laws) = (Self::subject(leg), leg.side, leg.laws.clone());
        let session = leg.session.clone();
        let remote = sound.and_then(|sound| Some(remote_of(&sound, sound.law(&laws)?)));
        let remote = remote.filter(|remote| self.is_allowed(id, remote.place));
        let early_media = remote.is_some();
        if let Some(remote) = remote {
            if let Some(leg) = self.legs.get_mut(&id) {
                leg.is_early = true;
            }
            self.sound(&session, SoundOrder::Far(remote));
            self.sound(&session, SoundOrder::Bridge(Bridge::Early));
        }
        let rang = self.legs.get(&id).is_some_and(|leg| leg.rang);
        if rang && (is_first || early_media) {
            self.tell(subject, Kind::LegRinging { leg: side, early_media });
        }
    }

    /// True for a place that a leg may be sent to; a forbidden one is told of.
    fn is_allowed(&mut self, id: LegId, place: SocketAddr) -> bool {
        let Some(leg) = self.legs.get(&id) else { return false };
        let (is_allowed, subject) = (self.allows(leg, place), Self::subject(leg));
        if !is_allowed {
            self.tell(subject, Kind::Error(Fault::ForbiddenAddress(place.to_string())));
        }
        is_allowed
    }

    fn accepted(&mut self, id: LegId, response: &Response) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let mut made = leg.dialog.made_by(response);
        let is_first = leg.dialog.remote_tag.is_empty();
        let is_own = leg.dialog.remote_tag == made.remote_tag;
        let (number, _) = leg.invite.headers.cseq().unwrap_or((1, ""));
        if leg.state == State::Calling {
            leg.dialog = made.clone();
            self.acknowledge(id, made, number);
            self.connect(id, response);
            return;
        }
        // Answered though it was taken back, by a second phone, or again because our ACK was lost.
        self.acknowledge(id, made.clone(), number);
        if is_own {
            return;
        }
        made.cseq = made.cseq.max(number);
        self.send_bye(id, &mut made);
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.state == State::Cancelling {
            if is_first {
                leg.dialog = made;
            }
            let (by, mechanism) = leg.ending;
            let cause = leg.cause(mechanism);
            self.end(id, by, cause);
        }
    }

    fn acknowledge(&mut self, id: LegId, mut dialog: crate::sip::dialog::Dialog, number: u32) {
        let via = self.via();
        let Some(to) = self.legs.get(&id).map(|leg| self.next_hop(leg, &dialog)) else { return };
        dialog.cseq = number;
        let ack = dialog.request(Method::Ack, via);
        self.out.datagrams.push(crate::sip::Datagram { to, bytes: ack.to_bytes() });
    }

    /// Joins an answered leg to its session, or tells it goodbye where its sound does not fit.
    fn connect(&mut self, id: LegId, response: &Response) {
        let now = self.now.steady;
        let limits = self.settings.limits;
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.state = State::Up;
        let lasts = if leg.side == Side::Far { limits.call_ms } else { limits.session_ms };
        leg.deadline = now + lasts;
        let (laws, side, session) = (leg.laws.clone(), leg.side, leg.session.clone());
        let subject = Self::subject(leg);
        let sound = Sound::read(&response.body);
        let remote = sound.and_then(|sound| Some(remote_of(&sound, sound.law(&laws)?)));
        let remote = remote.filter(|remote| self.is_allowed(id, remote.place));
        let Some(remote) = remote else {
            self.say_goodbye(id, By::Limit, Mechanism::MediaMismatch);
            return;
        };
        if let Some(leg) = self.legs.get_mut(&id) {
            leg.laws = vec![remote.law];
            leg.answered = Some(now);
        }
        self.tell(subject.clone(), Kind::LegAnswered(side));
        match side {
            Side::Agent => self.sound(&session, SoundOrder::Agent(remote)),
            Side::Far => {
                self.sound(&session, SoundOrder::Far(remote));
                self.sound(&session, SoundOrder::Bridge(Bridge::Both));
                self.tell(subject, Kind::Bridged);
            }
        }
    }

    fn refused(&mut self, id: LegId, response: &Response) {
        let Some(leg) = self.legs.get(&id) else { return };
        if leg.state == State::Cancelling {
            let (by, mechanism) = leg.ending;
            let status = Some(response.status);
            let cause = Cause { status, ..leg.cause(mechanism) };
            self.end(id, by, cause);
            return;
        }
        if leg.state != State::Calling {
            return;
        }
        if let Some((header, answer)) = self.proof(id, response) {
            self.prove(id, header, answer);
            return;
        }
        let Some(leg) = self.legs.get(&id) else { return };
        let q850 = response.headers.all("Reason").find_map(q850_of);
        let by = if leg.side == Side::Far { By::Far } else { By::Agent };
        let cause = Cause::refused(response.status, q850, leg.rang);
        let subject = Self::subject(leg);
        let contact = response.headers.all("Call-Info").next().map(plain);
        if cause.mechanism == Mechanism::Blocked
            && let Some(contact) = contact.filter(|contact| !contact.is_empty())
        {
            self.tell(subject, Kind::BlockedBy { contact });
        }
        self.end(id, by, cause);
    }

    /// The answer to a trunk that asks for a password for the first time.
    fn proof(&mut self, id: LegId, response: &Response) -> Option<(&'static str, String)> {
        let (asks, header) = match response.status {
            401 => ("WWW-Authenticate", "Authorization"),
            407 => ("Proxy-Authenticate", "Proxy-Authorization"),
            _ => return None,
        };
        let leg = self.legs.get(&id).filter(|leg| !leg.has_proven)?;
        let trunk = self.trunks.iter().find(|pinged| pinged.trunk.name == leg.trunk)?;
        let (user, password) = trunk.trunk.credentials.clone()?;
        let uri = leg.dialog.target.clone();
        let challenge = response.headers.all(asks).find_map(Challenge::read)?;
        let cnonce = self.tokens.text();
        let answer = challenge.answer((&user, &password), "INVITE", &uri, &cnonce);
        Some((header, answer))
    }
}

/// What a peer says as text that may be shown: so long at most, and without control characters.
fn plain(text: &str) -> String {
    text.chars().filter(|one| !one.is_control()).take(CONTACT_CHARS_MAX).collect()
}

/// Where a description wants to be sent to, in a law.
pub(super) fn remote_of(sound: &Sound, law: Law) -> Remote {
    Remote { place: sound.place, law, events: sound.events, hears: sound.hears }
}
