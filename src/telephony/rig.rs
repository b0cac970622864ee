//! A line that does what a test says, and phones that are there, for tests here and above.

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::actions::{self, AttemptForm};
use super::exchange::{Exchange, Recorded};
use super::port::{
    Account, CallEvent, CallEventKind, Capabilities, Line, Lookup, News, Order, Receive,
};
use super::receiving::OwnNumber;
use super::trunk::Paused;
use super::{End, EndCause, EndedBy, Origin, accounts, store};
use crate::cast::Cast;
use crate::leads::Grant;
use crate::storage::Act;
use crate::values::*;

/// What a played line was told.
#[derive(Debug, Default)]
pub struct Heard {
    /// Orders, as they came.
    pub orders: Vec<Order>,
    /// What was to be hung up.
    pub hung_up: Vec<AttemptId>,
    /// The accounts it was given last.
    pub accounts: Vec<Account>,
    /// Calls that came in and were rung for.
    pub received: Vec<Receive>,
    /// Calls that came in and were turned away, and whether as busy.
    pub turned_away: Vec<(String, bool)>,
    /// Calls that it knows.
    pub known: BTreeSet<AttemptId>,
}

/// A line without a network.
#[derive(Clone, Default)]
pub struct Played {
    /// What it was told.
    pub heard: Arc<Mutex<Heard>>,
    /// What it tells next.
    pub news: Arc<Mutex<VecDeque<News>>>,
    /// Where it writes sound.
    pub folder: Option<PathBuf>,
    /// The numbers whose calls it takes.
    pub numbers: Vec<OwnNumber>,
    /// The numbers that its calls may come from.
    pub own: Vec<String>,
}

impl Played {
    /// A line that writes sound into a folder.
    pub fn recording(folder: &std::path::Path) -> Self {
        Self { folder: Some(folder.to_owned()), ..Self::default() }
    }
}

impl Line for Played {
    fn place(&self) -> String {
        "127.0.0.1:5060".to_owned()
    }
    fn capabilities(&self) -> Capabilities {
        Origin::Sip.capabilities()
    }
    fn recordings(&self) -> Option<PathBuf> {
        self.folder.clone()
    }
    async fn set_accounts(&mut self, accounts: &[Account]) {
        self.heard.lock().expect("a line").accounts = accounts.to_vec();
    }
    async fn dial(&mut self, order: Order) {
        let mut heard = self.heard.lock().expect("a line");
        heard.known.insert(order.attempt);
        heard.orders.push(order);
    }
    async fn hang_up(&mut self, attempt: AttemptId) {
        self.heard.lock().expect("a line").hung_up.push(attempt);
    }
    fn own_numbers(&self) -> Vec<String> {
        self.own.clone()
    }
    fn numbers(&self) -> Vec<OwnNumber> {
        self.numbers.clone()
    }
    async fn receive(&mut self, receive: Receive) {
        let mut heard = self.heard.lock().expect("a line");
        heard.known.extend(receive.attempt);
        heard.received.push(receive);
    }
    async fn turn_away(&mut self, offered: &str, is_busy: bool) {
        let mut heard = self.heard.lock().expect("a line");
        heard.turned_away.push((offered.to_owned(), is_busy));
    }
    async fn look_up(&mut self, attempt: AttemptId) -> Lookup {
        match self.heard.lock().expect("a line").known.contains(&attempt) {
            true => Lookup::UnderWay,
            false => Lookup::ProvenAbsent,
        }
    }
    async fn go_on(&mut self) {}
    async fn news(&mut self) -> Option<News> {
        self.news.lock().expect("a line").pop_front()
    }
    async fn close(&mut self) {}
}

/// What is done about recording where a test does not care.
pub const RECORDED: Recorded = Recorded { has_consent: true, days: 30 };

/// An engine that runs, with the phones of these people registered and a trunk that answers.
pub async fn connect(cast: &Cast, line: Played, logins: &[&str]) -> Exchange<Played> {
    let (db, clock) = (cast.app.db.clone(), cast.clock.clone());
    let mut exchange = Exchange::new(db, clock, line, (RECORDED, cast.org));
    exchange.begin().await.expect("begins");
    exchange.note(News::Trunk(true));
    for login in logins {
        let key = AnyId::fresh(cast.clock.now()).to_string();
        let made = accounts::make(&cast.act("alla", &key), cast.id(login)).await;
        made.expect("an account").expect("shown once");
        exchange.note(News::Phone(cast.id(login), true));
    }
    exchange.step().await.expect("a step");
    exchange
}

/// A person calls the company in their hands.
pub async fn place(cast: &Cast, login: &str, grant: Grant) -> Outcome<AttemptId> {
    let key = AnyId::fresh(cast.clock.now()).to_string();
    let form =
        AttemptForm { generation: grant.generation, phone: String::new(), by: String::new() };
    let viewer = cast.viewer(login).await;
    actions::place(&cast.act(login, &key), &viewer, grant.lead, &form).await
}

/// A number of ours that pauses.
pub async fn pause_number(cast: &Cast) -> String {
    let (number, now) = ("+74950000000".to_owned(), cast.clock.now());
    let paused = Paused { number: number.clone(), until: now.plus_days(1), contact: None };
    let mut tx = cast.app.db.begin().await.expect("begins");
    let by = (AttemptId::fresh(now), now);
    store::trunk::insert_paused(&mut tx, cast.org, &paused, by).await.expect("pauses");
    tx.commit().await.expect("commits");
    number
}

/// What a line does as it tells things.
pub fn act(cast: &Cast) -> Act {
    let (db, now) = (cast.app.db.clone(), cast.clock.now());
    Act { db, org: cast.org, actor: None, now, key: None }
}

/// The course of a call that is answered and hung up by the other end; the recording comes last.
pub fn answered(cast: &Cast, attempt: AttemptId, path: &str) -> Vec<CallEvent> {
    let end = End { rang: true, ..End::of(EndCause::Answered, EndedBy::Far) };
    let recording = CallEventKind::RecordingAvailable {
        path: path.to_owned(),
        duration_ms: 65_000,
        bytes: 44,
        digest: "0".repeat(64),
    };
    let kinds = [
        CallEventKind::Accepted,
        CallEventKind::Dialling,
        CallEventKind::Ringing { early_media: false },
        CallEventKind::Answered,
        CallEventKind::Bridged,
        CallEventKind::RecordingStarted,
        CallEventKind::Unbridged,
        CallEventKind::LegEnded { end: End { status: Some(200), q850: Some(16), ..end } },
        CallEventKind::Ended { talk_ms: 65_000, ring_ms: 700 },
        CallEventKind::RecordingStopped,
        recording,
        CallEventKind::Statistics { sent: 3_250, received: 3_249, lost: 1 },
    ];
    told(cast, attempt, kinds)
}

/// The course of a call that ends before an answer.
pub fn ended(cast: &Cast, attempt: AttemptId, end: End) -> Vec<CallEvent> {
    let kinds = [
        CallEventKind::Accepted,
        CallEventKind::Dialling,
        CallEventKind::LegEnded { end },
        CallEventKind::Ended { talk_ms: 0, ring_ms: 90 },
    ];
    told(cast, attempt, kinds)
}

fn told(
    cast: &Cast,
    attempt: AttemptId,
    kinds: impl IntoIterator<Item = CallEventKind>,
) -> Vec<CallEvent> {
    let now = cast.clock.now();
    let event = |(seq, kind): (i64, CallEventKind)| CallEvent {
        attempt,
        seq,
        at: now.plus_ms(seq * 1_000),
        kind,
    };
    (1..).zip(kinds).map(event).collect()
}
