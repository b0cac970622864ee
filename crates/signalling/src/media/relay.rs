//! The relay between an agent leg and a far leg. It holds no socket: a datagram goes in with its
//! source, and what is to be sent where comes out.

use std::net::SocketAddr;

use super::Law;
use super::rtp::{Counter, Packet, Statistics};
use crate::events::Leg;

/// The samples of 20 ms.
const FRAME: u32 = 160;

/// The other end of a leg as its description named it, after the allow-check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Where it is sent to, and from whose host it is heard.
    pub place: SocketAddr,
    /// Its law.
    pub law: Law,
    /// Its payload type for telephone events.
    pub events: Option<u8>,
    /// False while it holds.
    pub hears: bool,
}

/// Who hears whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bridge {
    /// Nobody.
    #[default]
    Apart,
    /// The agent hears the far end before it answers.
    Early,
    /// Both hear each other.
    Both,
}

/// A datagram that is to be sent to a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Which leg's socket sends it.
    pub leg: Leg,
    /// Where to.
    pub to: SocketAddr,
    /// What.
    pub bytes: Vec<u8>,
}

/// What became of a datagram.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// It belongs to the leg it came to.
    pub is_heard: bool,
    /// What is to be sent on.
    pub forward: Option<Outgoing>,
}

/// A stream that we send: one source, numbers without a break, whoever's sound it carries.
#[derive(Debug)]
struct Sender {
    source: u32,
    sequence: u16,
    timestamp: u32,
    at: u64,
    /// Source of the incoming stream, and what is added to its numbers.
    follows: Option<(u32, u16, u32)>,
    sent: u64,
}

impl Sender {
    fn new(source: u32) -> Self {
        let (sequence, timestamp) = (0, 0);
        Self { source, sequence, timestamp, at: 0, follows: None, sent: 0 }
    }

    /// The numbers of a packet that goes on: gaps of the incoming stream stay gaps.
    fn follow(&mut self, now: u64, packet: &Packet<'_>) -> (u16, u32, bool) {
        let known = self.follows.filter(|(source, ..)| *source == packet.source);
        let (_, more, later) = known.unwrap_or_else(|| {
            let (sequence, timestamp) = self.after(now);
            let more = sequence.wrapping_sub(packet.sequence);
            (packet.source, more, timestamp.wrapping_sub(packet.timestamp))
        });
        self.follows = Some((packet.source, more, later));
        let sequence = packet.sequence.wrapping_add(more);
        let timestamp = packet.timestamp.wrapping_add(later);
        self.note(now, sequence, timestamp);
        (sequence, timestamp, packet.marker || known.is_none())
    }

    /// Number and time of the next packet of a stream that begins now.
    fn after(&self, now: u64) -> (u16, u32) {
        let passed = u32::try_from(now.saturating_sub(self.at) * 8).unwrap_or(FRAME);
        let passed = if self.sent == 0 { 0 } else { passed.max(FRAME) };
        (self.sequence.wrapping_add(1), self.timestamp.wrapping_add(passed))
    }

    fn note(&mut self, now: u64, sequence: u16, timestamp: u32) {
        // A packet that came late goes on late and moves nothing back.
        if sequence.wrapping_sub(self.sequence) < 0x8000 {
            (self.sequence, self.timestamp, self.at) = (sequence, timestamp, now);
        }
        self.sent += 1;
    }
}

/// One end of the relay.
#[derive(Debug)]
struct Side {
    remote: Option<Remote>,
    pinned: Option<SocketAddr>,
    counter: Counter,
    sender: Sender,
    heard_at: Option<u64>,
}

impl Side {
    fn new(source: u32) -> Self {
        let counter = Counter::default();
        Self { remote: None, pinned: None, counter, sender: Sender::new(source), heard_at: None }
    }

    /// The first packet of the signalled host pins its address; all others are not heard.
    fn is_from(&mut self, from: SocketAddr) -> bool {
        let Some(remote) = self.remote else { return false };
        match self.pinned {
            Some(pinned) => pinned == from,
            None if from.ip() == remote.place.ip() => {
                self.pinned = Some(from);
                true
            }
            None => false,
        }
    }
}

/// The relay of one agent session.
#[derive(Debug)]
pub struct Relay {
    agent: Side,
    far: Side,
    bridge: Bridge,
}

impl Relay {
    /// A relay whose streams have these two sources.
    pub fn new(agent: u32, far: u32) -> Self {
        Self { agent: Side::new(agent), far: Side::new(far), bridge: Bridge::Apart }
    }

    fn side(&mut self, leg: Leg) -> &mut Side {
        match leg {
            Leg::Agent => &mut self.agent,
            Leg::Far => &mut self.far,
        }
    }

    /// Says where a leg's other end is. A new address is latched anew; the same one stays pinned.
    pub fn place(&mut self, leg: Leg, remote: Remote) {
        let side = self.side(leg);
        if side.remote.is_none_or(|before| before.place != remote.place) {
            side.pinned = None;
        }
        side.remote = Some(remote);
    }

    /// Says who hears whom from here on.
    pub fn bridge(&mut self, bridge: Bridge) {
        self.bridge = bridge;
    }

    /// Ends the far side and gives what went over it. The next one has a source of its own.
    pub fn end_far(&mut self, source: u32) -> Statistics {
        let statistics = self.far.counter.statistics(self.far.sender.sent);
        self.far = Side::new(source);
        self.bridge = Bridge::Apart;
        self.agent.sender.follows = None;
        statistics
    }

    /// When the far side was last heard, in milliseconds.
    pub fn far_heard_at(&self) -> Option<u64> {
        self.far.heard_at
    }

    /// The law of a leg, once it is known.
    pub fn law(&self, leg: Leg) -> Option<Law> {
        let side = match leg {
            Leg::Agent => &self.agent,
            Leg::Far => &self.far,
        };
        side.remote.map(|remote| remote.law)
    }

    /// Takes a datagram that came to a leg's socket at `now` milliseconds.
    pub fn take(
        &mut self,
        now: u64,
        leg: Leg,
        from: SocketAddr,
        packet: Option<Packet<'_>>,
    ) -> Taken {
        let bridge = self.bridge;
        let side = self.side(leg);
        let Some(packet) = packet.filter(|_| side.is_from(from)) else { return Taken::default() };
        side.counter.note(now, &packet);
        side.heard_at = Some(now);
        let Some(remote) = side.remote else { return Taken::default() };
        let goes_on = match leg {
            Leg::Agent => bridge == Bridge::Both,
            Leg::Far => bridge != Bridge::Apart,
        };
        let forward = if goes_on { self.forward(now, leg, &remote, &packet) } else { None };
        Taken { is_heard: true, forward }
    }

    fn forward(
        &mut self,
        now: u64,
        from: Leg,
        spoken: &Remote,
        packet: &Packet<'_>,
    ) -> Option<Outgoing> {
        let leg = if from == Leg::Agent { Leg::Far } else { Leg::Agent };
        let side = self.side(leg);
        let remote = side.remote.filter(|remote| remote.hears)?;
        let to = side.pinned.unwrap_or(remote.place);
        let mut payload = packet.payload.to_vec();
        let payload_type = if packet.payload_type == spoken.law.payload_type() {
            for octet in &mut payload {
                *octet = spoken.law.translate(remote.law, *octet);
            }
            remote.law.payload_type()
        } else if Some(packet.payload_type) == spoken.events {
            remote.events?
        } else {
            return None;
        };
        let (sequence, timestamp, marker) = side.sender.follow(now, packet);
        let source = side.sender.source;
        let packet =
            Packet { payload_type, marker, sequence, timestamp, source, payload: &payload };
        Some(Outgoing { leg, to, bytes: packet.to_bytes() })
    }

    /// A frame of silence for an agent whom nobody is bridged to: phones hang up on a stream that
    /// stops. `None` while a far end is heard.
    pub fn silence(&mut self, now: u64) -> Option<Outgoing> {
        let is_heard = self.far.heard_at.is_some_and(|at| now.saturating_sub(at) < 100);
        if self.bridge != Bridge::Apart && is_heard {
            return None;
        }
        let side = &mut self.agent;
        let remote = side.remote.filter(|remote| remote.hears)?;
        let (sequence, timestamp) = side.sender.after(now);
        side.sender.note(now, sequence, timestamp);
        side.sender.follows = None;
        let octet = if remote.law == Law::Pcma { 0xd5 } else { 0xff };
        let payload = [octet; FRAME as usize];
        let (payload_type, source) = (remote.law.payload_type(), side.sender.source);
        let packet =
            Packet { payload_type, marker: false, sequence, timestamp, source, payload: &payload };
        let to = side.pinned.unwrap_or(remote.place);
        Some(Outgoing { leg: Leg::Agent, to, bytes: packet.to_bytes() })
    }
}

#[cfg(test)]
mod tests;
