//! The task that owns the socket of SIP: it brings datagrams, wishes, reports and time to the
//! core and carries out what the core leaves to be done.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use tokio::net::UdpSocket;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;
use tokio::time::{Duration, Instant, sleep_until};

use super::core::{Core, Now};
use super::sound::{Order, Report, Sound};
use super::{
    Clock, Command, Dial, Record, Refusal, StartError, Take, secrets_of, settings::Settings,
};
use crate::events::{Event, Fault, Kind, Subject};
use crate::sip::Tokens;

/// How long the task sleeps at most, whatever is due.
const SLEEP_MAX: Duration = Duration::from_secs(60);
/// Ports that are tried for sound before giving up.
const PORTS_MAX: usize = 200;

/// See the module.
pub(super) struct Running {
    core: Core,
    clock: Clock,
    socket: UdpSocket,
    commands: mpsc::Receiver<Command>,
    tell: UnboundedSender<Event>,
    reports: UnboundedReceiver<Report>,
    report: UnboundedSender<Report>,
    sounds: HashMap<String, UnboundedSender<Order>>,
    epoch: Instant,
    port: u16,
}

impl Running {
    pub fn new(
        settings: Settings,
        clock: Clock,
        (socket, place): (UdpSocket, SocketAddr),
        commands: mpsc::Receiver<Command>,
        tell: UnboundedSender<Event>,
    ) -> Result<Self, StartError> {
        let (report, reports) = mpsc::unbounded_channel();
        let epoch = Instant::now();
        let port = settings.ports.as_ref().map_or(0, |ports| *ports.start());
        let now = Now { steady: 0, day: clock() };
        let core = Core::new(settings, place, Tokens::fresh()?, now);
        let sounds = HashMap::new();
        Ok(Self { core, clock, socket, commands, tell, reports, report, sounds, epoch, port })
    }

    fn now(&self) -> Now {
        let steady = u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(u64::MAX);
        Now { steady, day: (self.clock)() }
    }

    /// Runs until the last handle is dropped.
    pub async fn run(mut self) {
        let mut bytes = vec![0; 65_536];
        loop {
            let due = self.core.next().map(|at| self.epoch + Duration::from_millis(at));
            let latest = Instant::now() + SLEEP_MAX;
            tokio::select! {
                command = self.commands.recv() => {
                    let Some(command) = command else { break };
                    self.core.now = self.now();
                    self.follow(command);
                }
                got = self.socket.recv_from(&mut bytes) => match got {
                    Ok((count, from)) => self.core.receive(self.now(), from, &bytes[..count]),
                    // A socket that is broken must not keep the machine busy.
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                },
                Some(report) = self.reports.recv() => {
                    self.core.now = self.now();
                    self.heard(report);
                }
                () = sleep_until(due.unwrap_or(latest).min(latest)) => {
                    self.core.tick(self.now());
                }
            }
            self.carry_out().await;
        }
        self.core.now = self.now();
        self.core.close_all();
        self.carry_out().await;
    }

    fn follow(&mut self, command: Command) {
        match command {
            Command::OpenAgent { session, extension, reply } => {
                answer(reply, self.open_agent(&session, &extension));
            }
            Command::CloseAgent { session, reply } => {
                let is_done = self.core.close_agent(&session);
                answer(reply, is_done.then_some(()).ok_or(Refusal::NoSession));
            }
            Command::Dial { dial, reply } => answer(reply, self.dial(&dial)),
            Command::Take { take, reply } => answer(reply, self.take(&take)),
            Command::Ring { call } => drop(self.core.ring(&call)),
            Command::TurnAway { call, status } => drop(self.core.turn_away(&call, status)),
            Command::HangUp { call, reply } => {
                let is_done = self.core.hang_up(&call);
                answer(reply, is_done.then_some(()).ok_or(Refusal::NoCall));
            }
            Command::Record { call, record, reply } => answer(reply, self.record(call, record)),
            Command::Progress { call, reply } => answer(reply, self.core.progress(&call)),
            Command::Extensions(extensions) => {
                for gone in self.core.registrar.replace(secrets_of(extensions)) {
                    self.core.tell(Subject::Extension(gone), Kind::AgentLost);
                }
            }
        }
    }

    fn open_agent(&mut self, session: &str, extension: &str) -> Result<(), Refusal> {
        self.core.may_open(session, extension)?;
        let (socket, place) = self.socket_for_sound()?;
        self.core.open_agent(session, extension, place)?;
        let (orders, taken) = mpsc::unbounded_channel();
        let silence = self.core.settings.limits.silence_ms;
        let source = self.core.tokens.number();
        let sound = Sound::new(socket, (self.epoch, silence), taken, self.report.clone(), source);
        tokio::spawn(sound.run());
        self.sounds.insert(session.to_owned(), orders);
        Ok(())
    }

    fn dial(&mut self, dial: &Dial) -> Result<(), Refusal> {
        if !self.core.may_dial(dial)? {
            return Ok(());
        }
        let (socket, place) = self.socket_for_sound()?;
        self.core.dial(dial, place)?;
        let (call, record) = (dial.call.clone(), dial.record.clone());
        self.order(&dial.session, Order::Far { call, socket, record });
        Ok(())
    }

    fn take(&mut self, take: &Take) -> Result<(), Refusal> {
        self.core.may_take(take)?;
        let (socket, place) = self.socket_for_sound()?;
        self.core.take(take, place)?;
        let (call, record) = (take.call.clone(), take.record.clone());
        self.order(&take.session, Order::Far { call, socket, record });
        Ok(())
    }

    fn record(&mut self, call: String, record: Record) -> Result<(), Refusal> {
        let session = self.core.session_of(&call).ok_or(Refusal::NoCall)?;
        self.order(&session, Order::Record(call, record));
        Ok(())
    }

    fn order(&self, session: &str, order: Order) {
        if let Some(orders) = self.sounds.get(session) {
            // A session whose sound has ended needs no orders.
            let _ = orders.send(order);
        }
    }

    /// A socket for sound, and how peers are told of it.
    fn socket_for_sound(&mut self) -> Result<(UdpSocket, SocketAddr), Refusal> {
        let listen: IpAddr = self.core.settings.listen.ip();
        let ports = self.core.settings.ports.clone();
        let tries = ports.as_ref().map_or(1, |ports| ports.len().min(PORTS_MAX));
        for _ in 0..tries {
            let port = self.port;
            if let Some(ports) = &ports {
                // Round the range, so that a late packet of one call meets no other.
                let next = self.port.checked_add(1).filter(|next| ports.contains(next));
                self.port = next.unwrap_or(*ports.start());
            }
            let bound = std::net::UdpSocket::bind((listen, port)).and_then(|socket| {
                socket.set_nonblocking(true)?;
                UdpSocket::from_std(socket)
            });
            if let Ok(socket) = bound
                && let Ok(local) = socket.local_addr()
            {
                return Ok((socket, SocketAddr::new(self.core.place.ip(), local.port())));
            }
        }
        Err(Refusal::NoPort)
    }

    fn heard(&mut self, report: Report) {
        match report {
            Report::Told(call, kind) => self.core.tell(Subject::Call(call), kind),
            Report::Silent(call) => self.core.fell_silent(&call),
        }
    }

    async fn carry_out(&mut self) {
        let out = std::mem::take(&mut self.core.out);
        for datagram in out.datagrams {
            if let Err(error) = self.socket.send_to(&datagram.bytes, datagram.to).await {
                self.core.tell_fault(Fault::Unsent(error.kind().to_string()));
            }
        }
        for (session, order) in out.sound {
            let is_last = order == super::core::SoundOrder::Close;
            self.order(&session, Order::Core(order));
            if is_last {
                self.sounds.remove(&session);
            }
        }
        for event in out.events {
            // Whoever does not want to know is not told.
            let _ = self.tell.send(event);
        }
    }
}

fn answer<T>(reply: oneshot::Sender<T>, answer: T) {
    // Who asked may have gone; what was asked is done all the same.
    let _ = reply.send(answer);
}
