//! The state of an engine and what moves it: datagrams, wishes, time. No socket, no task, no
//! clock. What is to be sent, told or done with sound is left in [`Core::out`].

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;

use super::leg::{Leg, LegId};
use super::settings::{Settings, Trunk};
use crate::events::{Event, Fault, Kind, Subject};
use crate::media::relay::{Bridge, Remote};
use crate::registrar::Registrar;
use crate::sip::clients::Clients;
use crate::sip::servers::Servers;
use crate::sip::{Datagram, Tokens, Uri};

/// Calls that are over and still remembered, so that a dial asked for again is not done again.
const CALLS_MAX: usize = 20_000;

/// Now, twice: of a clock that never leaps, for deadlines, and of the day, for events. Both in
/// milliseconds, the second since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Now {
    pub steady: u64,
    pub day: i64,
}

/// To whom an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Invite(LegId),
    /// A BYE or CANCEL: nothing hangs on its answer.
    Nobody,
    /// A question whether a trunk is there, by the trunk's place in the settings.
    Ping(usize),
}

/// What is to be done with the sound of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SoundOrder {
    Agent(Remote),
    Far(Remote),
    Bridge(Bridge),
    EndFar(String),
    Close,
}

/// What is left to be done outside.
#[derive(Default)]
pub(super) struct Out {
    pub datagrams: Vec<Datagram>,
    pub events: Vec<Event>,
    pub sound: Vec<(String, SoundOrder)>,
}

/// An agent leg and the far leg that it has now, if it has one.
pub(super) struct Session {
    pub agent: LegId,
    pub far: Option<LegId>,
}

/// Whether a trunk answers.
pub(super) struct Pinged {
    pub trunk: Trunk,
    pub is_up: bool,
    /// When it is asked next.
    pub due: u64,
    /// The branch of the question that is open.
    pub asked: Option<String>,
}

/// See the module.
pub(super) struct Core {
    pub settings: Settings,
    /// Where peers find us.
    pub place: SocketAddr,
    pub tokens: Tokens,
    pub clients: Clients<Owner>,
    pub servers: Servers,
    pub registrar: Registrar,
    pub sessions: HashMap<String, Session>,
    pub legs: HashMap<LegId, Leg>,
    /// The leg of every call that is remembered, also after the leg is forgotten.
    pub calls: HashMap<String, LegId>,
    pub trunks: Vec<Pinged>,
    pub out: Out,
    pub now: Now,
    /// When a strange INVITE may be told of again.
    pub strange_due: u64,
    over: VecDeque<String>,
    last_leg: LegId,
    run: String,
    told: u64,
    places: HashMap<Subject, u32>,
}

impl Core {
    pub fn new(settings: Settings, place: SocketAddr, mut tokens: Tokens, now: Now) -> Self {
        let secrets = super::secrets_of(settings.extensions.clone());
        let registrar = Registrar::new(settings.realm.clone(), secrets);
        let trunks = settings.trunks.iter().cloned().map(|trunk| {
            let is_up = trunk.ping_ms == 0;
            Pinged { trunk, is_up, due: now.steady, asked: None }
        });
        Self {
            trunks: trunks.collect(),
            registrar,
            settings,
            place,
            run: tokens.text(),
            tokens,
            clients: Clients::default(),
            servers: Servers::default(),
            sessions: HashMap::new(),
            legs: HashMap::new(),
            calls: HashMap::new(),
            out: Out::default(),
            now,
            strange_due: 0,
            over: VecDeque::new(),
            last_leg: 0,
            told: 0,
            places: HashMap::new(),
        }
    }

    /// Tells what happened.
    pub fn tell(&mut self, subject: Subject, kind: Kind) {
        self.told += 1;
        let place = self.places.entry(subject.clone()).or_default();
        *place += 1;
        let (id, seq) = (format!("{}-{}", self.run, self.told), *place);
        self.out.events.push(Event { id, subject, seq, at: self.now.day, kind });
    }

    /// Tells of what is wrong and of no leg.
    pub fn tell_fault(&mut self, fault: Fault) {
        self.tell(Subject::Engine, Kind::Error(fault));
    }

    /// A leg's subject.
    pub fn subject(leg: &Leg) -> Subject {
        if leg.call.is_empty() {
            Subject::Session(leg.session.clone())
        } else {
            Subject::Call(leg.call.clone())
        }
    }

    pub fn sound(&mut self, session: &str, order: SoundOrder) {
        self.out.sound.push((session.to_owned(), order));
    }

    /// A `Via` of ours with a new branch (RFC 3261 §8.1.1.7, RFC 3581).
    pub fn via(&mut self) -> String {
        let branch = self.tokens.text();
        format!("SIP/2.0/UDP {};rport;branch=z9hG4bK{branch}", self.place)
    }

    /// Our address under a name.
    pub fn own(&self, user: &str) -> Uri {
        Uri::at(user, self.place)
    }

    pub fn next_leg(&mut self) -> LegId {
        self.last_leg += 1;
        self.last_leg
    }

    /// Notes that a call is over. The oldest of very many give way.
    pub fn remember(&mut self, call: String) {
        self.over.push_back(call);
        while self.over.len() > CALLS_MAX {
            let Some(oldest) = self.over.pop_front() else { return };
            self.calls.remove(&oldest);
            self.places.remove(&Subject::Call(oldest));
        }
    }

    /// Takes a datagram.
    pub fn receive(&mut self, now: Now, from: SocketAddr, datagram: &[u8]) {
        self.now = now;
        match crate::sip::Message::read(datagram) {
            Some(crate::sip::Message::Request(request)) => self.asked(from, &request),
            Some(crate::sip::Message::Response(response)) => self.answered(from, &response),
            None => {}
        }
    }

    /// When [`Core::tick`] has something to do next.
    pub fn next(&self) -> Option<u64> {
        let legs = self.legs.values().map(|leg| leg.deadline);
        let pings = self.trunks.iter().filter(|p| p.trunk.ping_ms > 0).map(|p| p.due);
        let others = [self.clients.next(), self.registrar.next()].into_iter().flatten();
        legs.chain(pings).chain(others).chain(self.next_owed()).min()
    }

    /// Does what is due.
    pub fn tick(&mut self, now: Now) {
        self.now = now;
        let over = self.clients.tick(now.steady, &mut self.out.datagrams);
        for (owner, _) in over {
            match owner {
                Owner::Invite(leg) => self.unheard(leg),
                Owner::Ping(trunk) => self.trunk_is(trunk, false),
                Owner::Nobody => {}
            }
        }
        for extension in self.registrar.expire(now.steady) {
            self.tell(Subject::Extension(extension), Kind::AgentLost);
        }
        self.ping();
        self.owe_on();
        let is_due = |(_, leg): &(&LegId, &Leg)| leg.deadline <= now.steady;
        let due: Vec<LegId> = self.legs.iter().filter(is_due).map(|(id, _)| *id).collect();
        for leg in due {
            self.deadline(leg);
        }
    }
}

#[cfg(test)]
mod tests;
