//! The SIP engine as a line: a session with the caller's phone that stays up over many calls, a
//! trunk, recordings.
//!
//! The caller's phone is called first; only when it has answered does the number ring. Who is gone
//! from their phone is told as a refusal, and nobody was called.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use signalling::cause::{Cause, Mechanism};
use signalling::events::{By, Event, Kind, Leg, Subject};
use signalling::{Dial, Engine, Events, Extension, Progress, Refusal as Why, Settings, Trunk};

use super::REALM;
use crate::telephony::port::{
    Account, CallEvent, CallEventKind, Capabilities, Line, Lookup, News, Order,
};
use crate::telephony::{End, EndCause, EndedBy, Origin};
use crate::values::*;

/// The one trunk there is.
const TRUNK: &str = "trunk";

/// How the engine is set up.
#[derive(Clone)]
pub struct SipSettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The address that peers are told, where it is another one.
    pub public: Option<IpAddr>,
    /// Where calls go out.
    pub trunk: SocketAddr,
    /// User and password that the trunk asks for.
    pub credentials: Option<(String, String)>,
    /// How often the trunk is asked whether it is there, in milliseconds; 0 for never.
    pub ping_ms: u64,
    /// The number that calls come from.
    pub caller_id: String,
    /// What a number must begin with, in digits.
    pub prefixes: Vec<String>,
    /// The ports for sound.
    pub ports: Option<RangeInclusive<u16>>,
    /// How long a number rings, in milliseconds.
    pub ring_ms: u64,
    /// The folder of recordings; none are made without one.
    pub recordings: Option<PathBuf>,
}

/// The session with a caller's phone.
struct Session {
    /// Its id, which no other has: what is told late of one that is over means no other.
    id: String,
    /// True once the phone was picked up.
    is_up: bool,
}

/// See the module.
pub struct SipLine {
    engine: Option<Engine>,
    events: Events,
    settings: SipSettings,
    place: SocketAddr,
    users: HashMap<String, UserId>,
    names: HashMap<UserId, String>,
    sessions: HashMap<UserId, Session>,
    opened: u64,
    /// Orders that wait for their caller's phone.
    waiting: HashMap<UserId, Order>,
    /// Attempts whose refusal is told or about to be.
    refused: HashSet<AttemptId>,
    own: VecDeque<News>,
    clock: Clock,
}

impl SipLine {
    /// Starts the engine. Why it does not is told in a sentence.
    pub async fn start(settings: SipSettings, clock: Clock) -> Result<Self, String> {
        let trunk = Trunk {
            credentials: settings.credentials.clone(),
            ping_ms: settings.ping_ms,
            ..Trunk::at(TRUNK, settings.trunk)
        };
        let engine = Settings {
            listen: settings.listen,
            public: settings.public,
            realm: REALM.to_owned(),
            trunks: vec![trunk],
            prefixes: settings.prefixes.clone(),
            ports: settings.ports.clone(),
            ..Settings::default()
        };
        let dated = clock.clone();
        let started = Engine::start(engine, Arc::new(move || dated.now().ms())).await;
        let (engine, events) = started.map_err(|cause| {
            use std::error::Error as _;
            let source = cause.source().map(|source| format!(": {source}")).unwrap_or_default();
            format!("telephony cannot begin at {}: {cause}{source}", settings.listen)
        })?;
        let mut own = VecDeque::new();
        if settings.ping_ms == 0 {
            // Who is never asked counts as being there.
            own.push_back(News::Trunk(true));
        }
        Ok(Self {
            place: engine.place(),
            engine: Some(engine),
            events,
            settings,
            users: HashMap::new(),
            names: HashMap::new(),
            sessions: HashMap::new(),
            opened: 0,
            waiting: HashMap::new(),
            refused: HashSet::new(),
            own,
            clock,
        })
    }

    fn refuse(&mut self, attempt: AttemptId, cause: EndCause, by: EndedBy) {
        self.refused.insert(attempt);
        let kind = CallEventKind::Refused { end: End::of(cause, by) };
        let at = self.clock.now();
        self.own.push_back(News::Call(CallEvent { attempt, seq: 1, at, kind }));
    }

    /// Dials for a phone that was picked up.
    async fn go_out(&mut self, order: Order) {
        let Some(engine) = &self.engine else { return };
        let Some(session) = self.sessions.get(&order.caller) else {
            return self.refuse(order.attempt, EndCause::PhoneAway, EndedBy::Engine);
        };
        let attempt = order.attempt;
        let record = self.settings.recordings.as_ref().filter(|_| order.is_recorded);
        let dial = Dial {
            call: attempt.to_string(),
            session: session.id.clone(),
            trunk: TRUNK.to_owned(),
            number: order.number,
            caller_id: self.settings.caller_id.clone(),
            ring_ms: self.settings.ring_ms,
            record: record.map(|folder| folder.join(format!("{attempt}.wav"))),
        };
        match engine.dial(dial).await {
            Ok(()) => {}
            Err(Why::NoSession) => {
                self.sessions.remove(&order.caller);
                self.refuse(attempt, EndCause::PhoneAway, EndedBy::Engine);
            }
            Err(refusal) => self.refuse(attempt, cause_of_refusal(refusal), EndedBy::Engine),
        }
    }

    /// What an event says to the business; nothing for most of those about a caller's phone.
    fn heard(&mut self, event: Event) -> Option<News> {
        match event.subject {
            Subject::Call(ref id) => {
                let attempt = id.parse().ok()?;
                let kind = told(&event.kind)?;
                let (seq, at) = (i64::from(event.seq), Instant(event.at));
                Some(News::Call(CallEvent { attempt, seq, at, kind }))
            }
            Subject::Session(id) => self.session_heard(&id, &event.kind),
            Subject::Extension(name) => {
                let user = *self.users.get(&name)?;
                match event.kind {
                    Kind::AgentRegistered => Some(News::Phone(user, true)),
                    Kind::AgentLost => Some(News::Phone(user, false)),
                    _ => None,
                }
            }
            Subject::Trunk(_) => match event.kind {
                Kind::TrunkUp => Some(News::Trunk(true)),
                Kind::TrunkDown => Some(News::Trunk(false)),
                Kind::Incoming { from, .. } => Some(News::Incoming(from)),
                _ => None,
            },
            Subject::Engine => match event.kind {
                Kind::Error(fault) => Some(News::Fault(fault_of(&fault).to_owned())),
                _ => None,
            },
        }
    }

    fn session_heard(&mut self, id: &str, kind: &Kind) -> Option<News> {
        let (caller, session) = self.sessions.iter_mut().find(|(_, session)| session.id == id)?;
        let caller = *caller;
        match kind {
            Kind::LegAnswered(Leg::Agent) => {
                session.is_up = true;
                Some(News::Ready)
            }
            Kind::LegEnded { leg: Leg::Agent, .. } => {
                self.sessions.remove(&caller);
                if let Some(order) = self.waiting.remove(&caller) {
                    self.refuse(order.attempt, EndCause::PhoneAway, EndedBy::Caller);
                }
                None
            }
            _ => None,
        }
    }

    /// Calls the phone that an order is for; the order waits until it is picked up.
    async fn call_phone(&mut self, order: Order) {
        let (Some(engine), Some(name)) = (&self.engine, self.names.get(&order.caller)) else {
            return self.refuse(order.attempt, EndCause::PhoneAway, EndedBy::Engine);
        };
        self.opened += 1;
        let id = format!("{}/{}", order.caller, self.opened);
        match engine.open_agent(&id, name).await {
            Ok(()) => {
                self.sessions.insert(order.caller, Session { id, is_up: false });
                self.waiting.insert(order.caller, order);
            }
            Err(refusal) => {
                self.refuse(order.attempt, cause_of_refusal(refusal), EndedBy::Engine);
            }
        }
    }
}

impl Line for SipLine {
    fn place(&self) -> String {
        self.place.to_string()
    }

    fn capabilities(&self) -> Capabilities {
        let records = self.settings.recordings.is_some();
        Capabilities { records, ..Origin::Sip.capabilities() }
    }

    fn recordings(&self) -> Option<PathBuf> {
        self.settings.recordings.as_deref().map(Path::to_owned)
    }

    async fn set_accounts(&mut self, accounts: &[Account]) {
        let Some(engine) = &self.engine else { return };
        // Names of phones that go are kept, so that their going is still understood.
        self.users.extend(accounts.iter().map(|one| (one.name.clone(), one.user)));
        self.names = accounts.iter().map(|one| (one.user, one.name.clone())).collect();
        let extensions = accounts
            .iter()
            .map(|account| Extension { name: account.name.clone(), secret: account.proof.clone() });
        if engine.set_extensions(extensions.collect()).await.is_err() {
            self.own.push_back(News::Fault("the engine takes no accounts".to_owned()));
        }
    }

    async fn dial(&mut self, order: Order) {
        match self.sessions.get(&order.caller).map(|session| session.is_up) {
            Some(true) => self.go_out(order).await,
            // One order at a time stands behind a phone; the business sees to it.
            Some(false) => drop(self.waiting.insert(order.caller, order)),
            None => self.call_phone(order).await,
        }
    }

    async fn hang_up(&mut self, attempt: AttemptId) {
        let Some(engine) = self.engine.clone() else { return };
        let waits = self.waiting.iter().find(|(_, order)| order.attempt == attempt);
        if let Some((caller, _)) = waits {
            let caller = *caller;
            self.waiting.remove(&caller);
            self.refuse(attempt, EndCause::Cancelled, EndedBy::Caller);
            if let Some(session) = self.sessions.remove(&caller) {
                // It may have ended by itself just now.
                let _ = engine.close_agent(&session.id).await;
            }
            return;
        }
        // What is over already needs no end.
        let _ = engine.hang_up(&attempt.to_string()).await;
    }

    async fn look_up(&mut self, attempt: AttemptId) -> Lookup {
        let is_waiting = self.waiting.values().any(|order| order.attempt == attempt);
        if is_waiting || self.refused.contains(&attempt) {
            return Lookup::UnderWay;
        }
        let Some(engine) = &self.engine else { return Lookup::Unknown };
        match engine.progress(&attempt.to_string()).await {
            Ok(Progress::Unknown) => Lookup::ProvenAbsent,
            Ok(_) => Lookup::UnderWay,
            Err(_) => Lookup::Unknown,
        }
    }

    async fn go_on(&mut self) {
        let is_up = |caller: &UserId| self.sessions.get(caller).is_some_and(|one| one.is_up);
        let ready: Vec<UserId> = self.waiting.keys().copied().filter(is_up).collect();
        for caller in ready {
            if let Some(order) = self.waiting.remove(&caller) {
                self.go_out(order).await;
            }
        }
    }

    async fn news(&mut self) -> Option<News> {
        loop {
            if let Some(news) = self.own.pop_front() {
                return Some(news);
            }
            let event = self.events.recv().await?;
            if let Some(news) = self.heard(event) {
                return Some(news);
            }
        }
    }

    async fn close(&mut self) {
        // The engine hangs everything up when its last handle goes.
        self.engine = None;
    }
}

fn cause_of_refusal(refusal: Why) -> EndCause {
    match refusal {
        Why::NotRegistered | Why::NoSession => EndCause::PhoneAway,
        Why::NumberNotAllowed | Why::NotANumber => EndCause::NumberNotAllowed,
        Why::TrunkDown | Why::NoTrunk => EndCause::TrunkFailure,
        _ => EndCause::NotPlaced,
    }
}

fn fault_of(fault: &signalling::events::Fault) -> &'static str {
    use signalling::events::Fault;
    match fault {
        Fault::ShutOut(_) => "a source guesses passwords and is shut out",
        Fault::StrangeInvite(_) => "a stranger calls in",
        Fault::ForbiddenAddress(_) => "a peer names an address that nothing may be sent to",
        Fault::Unsent(_) => "something could not be sent",
    }
}

/// A mechanism of the engine in the words of the business.
pub(super) fn cause_of_mechanism(mechanism: Mechanism) -> EndCause {
    match mechanism {
        Mechanism::Answered => EndCause::Answered,
        Mechanism::Busy => EndCause::Busy,
        Mechanism::NoAnswer => EndCause::NoAnswer,
        Mechanism::Rejected => EndCause::Rejected,
        Mechanism::Unwanted => EndCause::Unwanted,
        Mechanism::Blocked => EndCause::Blocked,
        Mechanism::InvalidNumber => EndCause::InvalidNumber,
        Mechanism::Forbidden => EndCause::Forbidden,
        Mechanism::Account => EndCause::Account,
        Mechanism::MediaMismatch => EndCause::MediaMismatch,
        Mechanism::TrunkFailure => EndCause::TrunkFailure,
        Mechanism::Abandoned => EndCause::Abandoned,
        Mechanism::Cancelled => EndCause::Cancelled,
    }
}

fn end_of(by: By, cause: Cause) -> End {
    let by = match by {
        By::Agent | By::User => EndedBy::Caller,
        By::Far => EndedBy::Far,
        By::Limit => EndedBy::Engine,
    };
    let mechanism = cause_of_mechanism(cause.mechanism);
    End { cause: mechanism, by, status: cause.status, q850: cause.q850, rang: cause.rang }
}

/// An event of a call in the words of the port.
fn told(kind: &Kind) -> Option<CallEventKind> {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Some(match kind {
        Kind::Accepted => CallEventKind::Accepted,
        Kind::LegDialing(Leg::Far) => CallEventKind::Dialling,
        Kind::LegRinging { leg: Leg::Far, early_media } => {
            CallEventKind::Ringing { early_media: *early_media }
        }
        Kind::LegAnswered(Leg::Far) => CallEventKind::Answered,
        Kind::Bridged => CallEventKind::Bridged,
        Kind::Unbridged => CallEventKind::Unbridged,
        Kind::LegEnded { leg: Leg::Far, by, cause } => {
            CallEventKind::LegEnded { end: end_of(*by, *cause) }
        }
        Kind::CallEnded { talk_ms, ring_ms } => {
            CallEventKind::Ended { talk_ms: whole(*talk_ms), ring_ms: whole(*ring_ms) }
        }
        Kind::RecordingStarted | Kind::RecordingResumed => CallEventKind::RecordingStarted,
        Kind::RecordingPaused | Kind::RecordingStopped => CallEventKind::RecordingStopped,
        Kind::RecordingAvailable { path, ms, bytes, sha256 } => CallEventKind::RecordingAvailable {
            path: path.display().to_string(),
            duration_ms: whole(*ms),
            bytes: whole(*bytes),
            digest: sha256.clone(),
        },
        Kind::RecordingFailed { .. } => CallEventKind::RecordingFailed,
        Kind::MediaStats(counted) => CallEventKind::Statistics {
            sent: whole(counted.sent),
            received: whole(counted.received),
            lost: whole(counted.lost),
        },
        _ => return None,
    })
}
