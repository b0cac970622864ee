//! The SIP engine as a line: a session with the caller's phone that stays up over many calls, a
//! trunk, recordings.
//!
//! The caller's phone is called first; only when it has answered does the number ring. Who is gone
//! from their phone is told as a refusal, and nobody was called.

mod words;

pub(super) use words::cause_of_mechanism;

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use signalling::events::{Event, Kind, Leg, Subject};
use signalling::{
    Dial, Engine, Events, Extension, Progress, Refusal as Why, Settings, Take, Trunk,
};

use super::REALM;
use crate::telephony::port::{
    Account, CallEvent, CallEventKind, Capabilities, Line, Lookup, News, Order, Receive,
};
use crate::telephony::receiving::OwnNumber;
use crate::telephony::{End, EndCause, EndedBy, Origin};
use crate::values::*;
use words::{cause_of_refusal, fault_of, told};

/// The one trunk there is.
const TRUNK: &str = "trunk";
/// What the id of a call begins with that is no attempt; behind it is what it was offered as.
const STRANGE: &str = "strange-";

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
    /// The numbers that calls may come from, the first before the others.
    pub caller_ids: Vec<String>,
    /// What a number must begin with, in digits.
    pub prefixes: Vec<String>,
    /// The numbers whose calls are taken; without any, calls that come in are refused.
    pub numbers: Vec<OwnNumber>,
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

/// What a phone is called for.
enum Waiting {
    /// A number that its person calls.
    Dial(Order),
    /// A call that came in.
    Receive(Receive),
}

impl Waiting {
    fn attempt(&self) -> Option<AttemptId> {
        match self {
            Self::Dial(order) => Some(order.attempt),
            Self::Receive(receive) => receive.attempt,
        }
    }
    fn user(&self) -> UserId {
        match self {
            Self::Dial(order) => order.caller,
            Self::Receive(receive) => receive.taker,
        }
    }
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
    /// What waits for somebody's phone.
    waiting: HashMap<UserId, Waiting>,
    /// Sessions that ring for nobody any more.
    idle: Vec<String>,
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
            takes_calls: !settings.numbers.is_empty(),
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
            idle: Vec::new(),
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
            caller_id: order.own_number.unwrap_or_default(),
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
                let Ok(attempt) = id.parse() else { return self.offer_heard(id, event.kind) };
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
                if let Some(waiting) = self.waiting.remove(&caller) {
                    self.give_up(waiting, EndCause::PhoneAway, EndedBy::Caller);
                }
                None
            }
            _ => None,
        }
    }

    /// What is told of a call that waits, or of a stranger's.
    fn offer_heard(&mut self, id: &str, kind: Kind) -> Option<News> {
        match kind {
            Kind::Offered { from, to, .. } => Some(News::Offered(id.to_owned(), from, to)),
            Kind::CallEnded { .. } => {
                if let Some(offered) = id.strip_prefix(STRANGE) {
                    return Some(News::Over(offered.to_owned()));
                }
                let is_its =
                    |waiting: &Waiting| matches!(waiting, Waiting::Receive(r) if r.offered == id);
                let taker = self.waiting.iter().find(|(_, one)| is_its(one)).map(|(user, _)| *user);
                if let Some(user) = taker {
                    let ended = self.waiting.remove(&user);
                    if let Some(attempt) = ended.and_then(|one| one.attempt()) {
                        self.refuse(attempt, EndCause::Cancelled, EndedBy::Far);
                    }
                    // Their phone rings for nobody any more.
                    self.idle.extend(self.sessions.remove(&user).map(|session| session.id));
                }
                Some(News::Withdrawn(id.to_owned()))
            }
            _ => None,
        }
    }

    /// A phone was not picked up for what it was called for.
    fn give_up(&mut self, waiting: Waiting, cause: EndCause, by: EndedBy) {
        if let Some(attempt) = waiting.attempt() {
            self.refuse(attempt, cause, by);
        }
        if let Waiting::Receive(receive) = waiting {
            self.own.push_back(News::Missed(receive.offered));
        }
    }

    /// Bridges a call that waits with a phone that was picked up.
    async fn take(&mut self, receive: Receive) {
        let Some(engine) = self.engine.clone() else { return };
        let Some(session) = self.sessions.get(&receive.taker) else {
            return self.give_up(Waiting::Receive(receive), EndCause::PhoneAway, EndedBy::Engine);
        };
        let call = match receive.attempt {
            Some(attempt) => attempt.to_string(),
            None => format!("{STRANGE}{}", receive.offered),
        };
        let folder = self.settings.recordings.as_ref().filter(|_| receive.is_recorded);
        let record = folder.filter(|_| receive.attempt.is_some());
        let record = record.map(|folder| folder.join(format!("{call}.wav")));
        let (offered, session) = (receive.offered.clone(), session.id.clone());
        match engine.take(Take { offered, call, session, record }).await {
            Ok(()) => self.own.push_back(News::Received(receive.offered)),
            Err(refusal) => {
                if refusal == Why::NoSession {
                    self.sessions.remove(&receive.taker);
                }
                self.give_up(Waiting::Receive(receive), EndCause::PhoneAway, EndedBy::Engine);
            }
        }
    }

    /// Calls the phone that something is for; it waits until that is picked up. True where it
    /// rings.
    async fn call_phone(&mut self, waiting: Waiting) -> bool {
        let user = waiting.user();
        let (Some(engine), Some(name)) = (&self.engine, self.names.get(&user)) else {
            self.give_up(waiting, EndCause::PhoneAway, EndedBy::Engine);
            return false;
        };
        self.opened += 1;
        let id = format!("{user}/{}", self.opened);
        match engine.open_agent(&id, name).await {
            Ok(()) => {
                self.sessions.insert(user, Session { id, is_up: false });
                self.waiting.insert(user, waiting);
                true
            }
            Err(refusal) => {
                self.give_up(waiting, cause_of_refusal(refusal), EndedBy::Engine);
                false
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
            // One thing at a time stands behind a phone that rings. Of orders the business sees to
            // it; a stranger's call is none, and rings for somebody else.
            Some(false) => {
                let before = self.waiting.insert(order.caller, Waiting::Dial(order));
                if let Some(receive @ Waiting::Receive(_)) = before {
                    self.give_up(receive, EndCause::PhoneAway, EndedBy::Engine);
                }
            }
            None => drop(self.call_phone(Waiting::Dial(order)).await),
        }
    }

    fn own_numbers(&self) -> Vec<String> {
        self.settings.caller_ids.clone()
    }

    fn numbers(&self) -> Vec<OwnNumber> {
        self.settings.numbers.clone()
    }

    async fn receive(&mut self, receive: Receive) {
        let offered = receive.offered.clone();
        match self.sessions.get(&receive.taker).map(|session| session.is_up) {
            // Whoever holds their phone hears them at once.
            Some(true) => self.take(receive).await,
            // Their phone rings for something else.
            Some(false) => {
                self.give_up(Waiting::Receive(receive), EndCause::PhoneAway, EndedBy::Engine);
            }
            None => {
                if self.call_phone(Waiting::Receive(receive)).await
                    && let Some(engine) = &self.engine
                {
                    // Where the engine is gone nobody waits.
                    let _ = engine.ring(&offered).await;
                }
            }
        }
    }

    async fn turn_away(&mut self, offered: &str, is_busy: bool) {
        if let Some(engine) = &self.engine {
            // Where the engine is gone nobody waits.
            let _ = engine.turn_away(offered, is_busy).await;
        }
    }

    async fn hang_up(&mut self, attempt: AttemptId) {
        let Some(engine) = self.engine.clone() else { return };
        let waits = self.waiting.iter().find(|(_, one)| one.attempt() == Some(attempt));
        let caller = waits.map(|(caller, _)| *caller);
        if let Some((caller, waiting)) =
            caller.and_then(|user| Some((user, self.waiting.remove(&user)?)))
        {
            self.give_up(waiting, EndCause::Cancelled, EndedBy::Caller);
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
        let is_waiting = self.waiting.values().any(|one| one.attempt() == Some(attempt));
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
            match self.waiting.remove(&caller) {
                Some(Waiting::Dial(order)) => self.go_out(order).await,
                Some(Waiting::Receive(receive)) => self.take(receive).await,
                None => {}
            }
        }
    }

    async fn news(&mut self) -> Option<News> {
        loop {
            while let (Some(engine), Some(id)) = (&self.engine, self.idle.last()) {
                // It may have ended by itself just now.
                let _ = engine.close_agent(id).await;
                self.idle.pop();
            }
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
