//! The task that carries the sound of one agent session: two sockets, a relay, a recording.
//!
//! It always reads what comes, bridged or not, so that nothing old waits in a socket.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Record;
use super::core::SoundOrder;
use crate::events::{Kind, Leg};
use crate::media::Recording;
use crate::media::relay::{Bridge, Outgoing, Relay};
use crate::media::rtp::Packet;

/// The length of a frame of sound.
const FRAME: Duration = Duration::from_millis(20);
/// The longest packet that is read; G.711 has 172 bytes in 20 ms.
const PACKET_MAX: usize = 2_048;

/// What a session's sound is told to do.
pub(super) enum Order {
    /// An order of the core.
    Core(SoundOrder),
    /// The socket of the next far leg, and where to record it from the moment it is bridged.
    Far { call: String, socket: UdpSocket, record: Option<PathBuf> },
    /// What to do about the recording of a call.
    Record(String, Record),
}

/// What a session's sound has to say.
pub(super) enum Report {
    /// Something happened that is to be told.
    Told(String, Kind),
    /// A bridged far end has sent nothing for too long.
    Silent(String),
}

struct Far {
    call: String,
    socket: UdpSocket,
    record: Option<PathBuf>,
    bridged_at: Option<u64>,
}

/// See the module.
pub(super) struct Sound {
    pub agent: UdpSocket,
    pub epoch: Instant,
    pub silence_ms: u64,
    pub orders: UnboundedReceiver<Order>,
    pub reports: UnboundedSender<Report>,
    relay: Relay,
    far: Option<Far>,
    recording: Option<(String, Recording)>,
    source: u32,
}

impl Sound {
    pub fn new(
        agent: UdpSocket,
        (epoch, silence_ms): (Instant, u64),
        orders: UnboundedReceiver<Order>,
        reports: UnboundedSender<Report>,
        source: u32,
    ) -> Self {
        let relay = Relay::new(source, source.wrapping_add(1));
        let (far, recording) = (None, None);
        Self { agent, epoch, silence_ms, orders, reports, relay, far, recording, source }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Carries sound until the session is closed or its engine is gone.
    pub async fn run(mut self) {
        let (mut near, mut away) = ([0; PACKET_MAX], [0; PACKET_MAX]);
        let mut frames = interval(FRAME);
        frames.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                order = self.orders.recv() => match order {
                    Some(Order::Core(SoundOrder::Close)) | None => break,
                    Some(order) => self.follow(order),
                },
                got = self.agent.recv_from(&mut near) => {
                    self.heard(Leg::Agent, got, &near).await;
                }
                got = heard_of(self.far.as_ref(), &mut away) => {
                    self.heard(Leg::Far, got, &away).await;
                }
                _ = frames.tick() => self.frame().await,
            }
        }
        self.stop_recording();
    }

    fn follow(&mut self, order: Order) {
        match order {
            Order::Core(SoundOrder::Agent(remote)) => self.relay.place(Leg::Agent, remote),
            Order::Core(SoundOrder::Far(remote)) => self.relay.place(Leg::Far, remote),
            Order::Core(SoundOrder::Bridge(bridge)) => self.bridge(bridge),
            Order::Core(SoundOrder::EndFar(call)) => self.end_far(&call),
            Order::Core(SoundOrder::Close) => {}
            Order::Far { call, socket, record } => {
                self.far = Some(Far { call, socket, record, bridged_at: None });
            }
            Order::Record(call, record) => self.record(&call, record),
        }
    }

    fn bridge(&mut self, bridge: Bridge) {
        self.relay.bridge(bridge);
        let now = self.now();
        let Some(far) = self.far.as_mut().filter(|_| bridge == Bridge::Both) else { return };
        far.bridged_at = Some(now);
        let call = far.call.clone();
        if let Some(path) = far.record.take() {
            self.record(&call, Record::Start(path));
        }
    }

    fn end_far(&mut self, call: &str) {
        if self.far.as_ref().is_none_or(|far| far.call != call) {
            return;
        }
        self.far = None;
        self.stop_recording();
        self.source = self.source.wrapping_add(2);
        let statistics = self.relay.end_far(self.source.wrapping_add(1));
        self.tell(call, Kind::MediaStats(statistics));
    }

    fn tell(&self, call: &str, kind: Kind) {
        // An engine that is gone wants to hear nothing.
        let _ = self.reports.send(Report::Told(call.to_owned(), kind));
    }

    fn record(&mut self, call: &str, record: Record) {
        let now = self.now();
        let is_here = self.far.as_ref().is_some_and(|far| far.call == call);
        match (record, self.recording.as_mut().filter(|(of, _)| of == call)) {
            (Record::Start(path), None) if is_here => match Recording::start(now, &path) {
                Ok(recording) => {
                    self.recording = Some((call.to_owned(), recording));
                    self.tell(call, Kind::RecordingStarted);
                }
                Err(error) => self.tell(call, Kind::RecordingFailed { why: error.to_string() }),
            },
            (Record::Pause, Some((_, recording))) => {
                recording.pause(now, true);
                self.tell(call, Kind::RecordingPaused);
            }
            (Record::Resume, Some((_, recording))) => {
                recording.pause(now, false);
                self.tell(call, Kind::RecordingResumed);
            }
            (Record::Stop, Some(_)) => self.stop_recording(),
            _ => {
                let why = "no such recording, or one already".to_owned();
                self.tell(call, Kind::RecordingFailed { why });
            }
        }
    }

    /// Ends the recording; its file is closed beside the sound of the next call.
    fn stop_recording(&mut self) {
        let now = self.now();
        let Some((call, recording)) = self.recording.take() else { return };
        self.tell(&call, Kind::RecordingStopped);
        let reports = self.reports.clone();
        tokio::spawn(async move {
            let kind = match recording.stop(now).await {
                Ok(closed) => Kind::RecordingAvailable {
                    path: closed.path,
                    ms: closed.ms,
                    bytes: closed.bytes,
                    sha256: closed.sha256,
                },
                Err(error) => Kind::RecordingFailed { why: error.to_string() },
            };
            // An engine that is gone wants to hear nothing.
            let _ = reports.send(Report::Told(call, kind));
        });
    }

    async fn heard(&mut self, leg: Leg, got: io::Result<(usize, SocketAddr)>, bytes: &[u8]) {
        let Ok((count, from)) = got else {
            // A socket that is broken must not keep the machine busy.
            tokio::time::sleep(FRAME).await;
            return;
        };
        let now = self.now();
        let packet = Packet::read(&bytes[..count]);
        let taken = self.relay.take(now, leg, from, packet);
        if let Some(out) = taken.forward {
            self.send(&out).await;
        }
        let law = self.relay.law(leg);
        let spoken = packet.zip(law).filter(|(p, law)| p.payload_type == law.payload_type());
        let is_bridged = self.far.as_ref().is_some_and(|far| far.bridged_at.is_some());
        if let (Some((_, recording)), Some((packet, law))) = (&mut self.recording, spoken)
            && taken.is_heard
            && is_bridged
        {
            let samples = packet.payload.iter().map(|octet| law.sample(*octet));
            recording.put(now, leg, packet.timestamp, samples);
        }
    }

    async fn send(&self, out: &Outgoing) {
        let socket = match (out.leg, &self.far) {
            (Leg::Agent, _) => &self.agent,
            (Leg::Far, Some(far)) => &far.socket,
            (Leg::Far, None) => return,
        };
        // Sound that cannot be sent now is of no use later.
        let _ = socket.send_to(&out.bytes, out.to).await;
    }

    /// Every 20 ms: silence for a waiting agent, the recording on its way, a look at the far end.
    async fn frame(&mut self) {
        let now = self.now();
        if let Some(out) = self.relay.silence(now) {
            self.send(&out).await;
        }
        if let Some((_, recording)) = &mut self.recording {
            recording.flush(now);
        }
        let heard = self.relay.far_heard_at();
        let Some(far) = &mut self.far else { return };
        let last = far.bridged_at.map(|bridged| heard.unwrap_or(bridged).max(bridged));
        if last.is_some_and(|last| now.saturating_sub(last) > self.silence_ms) {
            far.bridged_at = Some(now);
            // An engine that is gone wants to hear nothing.
            let _ = self.reports.send(Report::Silent(far.call.clone()));
        }
    }
}

async fn heard_of(far: Option<&Far>, bytes: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    match far {
        Some(far) => far.socket.recv_from(bytes).await,
        None => pending().await,
    }
}
