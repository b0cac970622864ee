//! The task that stands between the database and a line: it brings orders to the line and what the
//! line tells to the database, and settles what a line that is gone has left open.
//!
//! An order is taken in a transaction before it is dialled, and never twice. After a crash nothing
//! is dialled again: the line is asked what it knows, and where it knows nothing a person says how
//! the call went.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use super::hosted::incoming;
use super::port::{Account, CallEvent, CallEventKind, Line, Lookup, News, Order, Receive};
use super::receiving::{self, Offer};
use super::store::{self, lines};
use super::{Attempt, End, EndCause, EndedBy, State, accounts, actions, recordings, trunk};
use crate::companies;
use crate::people;
use crate::storage::{Act, Db};
use crate::values::*;
use crate::web::Stop;

/// How often it looks by itself; what is announced is looked at once.
const PAUSE: Duration = Duration::from_millis(500);
/// How often it says that it is alive, and looks for what others have left.
const BEAT_MS: i64 = 5_000;
/// How old an order may be when it is taken: nobody is called a minute after the click.
const FRESH_MS: i64 = 15_000;
/// How long a call that came in may wait here: far longer than at any line. What became of an older
/// one was not heard.
const OFFERED_MS: i64 = 5 * 60 * 1_000;
/// How long the last news are waited for when the product stops.
const LAST_NEWS: Duration = Duration::from_secs(2);
/// News that are kept while the database does not take them; more are a fault.
const NEWS_MAX: usize = 100_000;
/// How long a piece of news is tried that a database which answers does not take.
const TRIED_MS: i64 = 30_000;

/// What an exchange is told about recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// True where people are told that they are recorded, so that it is done.
    pub has_consent: bool,
    /// How many days a recording stands.
    pub days: i64,
}

/// See the module.
pub struct Exchange<L> {
    db: Db,
    clock: Clock,
    pub(super) line: L,
    recorded: Recorded,
    folder: Option<PathBuf>,
    id: ExchangeId,
    org: OrgId,
    is_trunk_up: bool,
    seen_at: Instant,
    swept_at: Instant,
    accounts: Vec<Account>,
    news: VecDeque<News>,
    /// Since when the first of the news is not taken.
    untaken_since: Option<Instant>,
    /// The calls that came in and wait, by what the line calls them.
    offers: BTreeMap<String, Offer>,
}

/// Runs a line until the product stops.
pub async fn run<L: Line>(db: Db, clock: Clock, line: L, recorded: Recorded, stop: Stop) {
    let org = loop {
        match people::actions::first_firm(&db).await {
            Ok(Some(org)) => break org,
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "the engine has no database"),
        }
        tokio::select! {
            () = stop.told() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    };
    let mut heard = db.announcements();
    let mut exchange = Exchange::new(db, clock, line, (recorded, org));
    while let Err(error) = exchange.begin().await {
        tracing::error!(%error, "the engine could not begin");
        tokio::select! {
            () = stop.told() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    loop {
        if let Err(error) = exchange.step().await {
            tracing::error!(%error, "the engine could not look for orders");
        }
        tokio::select! {
            () = stop.told() => break,
            news = exchange.line.news() => match news {
                Some(news) => exchange.note(news),
                None => {
                    tracing::error!("the engine is dead; restart the product");
                    break;
                }
            },
            _ = tokio::time::timeout(PAUSE, told(&mut heard)) => {}
        }
    }
    exchange.end().await;
}

/// Returns when something was announced that concerns an engine.
async fn told(heard: &mut tokio::sync::broadcast::Receiver<String>) {
    use tokio::sync::broadcast::error::RecvError;
    loop {
        match heard.recv().await {
            Ok(topic) if topic != actions::TOPIC => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

impl<L: Line> Exchange<L> {
    /// An exchange of a firm over a line.
    pub fn new(db: Db, clock: Clock, line: L, (recorded, org): (Recorded, OrgId)) -> Self {
        let folder = line.recordings().filter(|_| recorded.has_consent);
        Self {
            id: ExchangeId::fresh(clock.now()),
            db,
            clock,
            line,
            recorded,
            folder,
            org,
            is_trunk_up: false,
            seen_at: Instant(0),
            swept_at: Instant(0),
            accounts: Vec::new(),
            news: VecDeque::new(),
            untaken_since: None,
            offers: BTreeMap::new(),
        }
    }

    fn act(&self) -> Act {
        let (db, now) = (self.db.clone(), self.clock.now());
        Act { db, org: self.org, actor: None, now, key: None }
    }

    /// Says that this run has the place, and settles what the run before it left open.
    pub async fn begin(&mut self) -> Outcome<()> {
        let act = self.act();
        let place = self.line.place();
        let mut tx = act.db.begin().await?;
        let own = self.line.own_numbers();
        lines::insert_exchange(&mut tx, act.org, (self.id, &place, &own), act.now).await?;
        lines::update_displaced(&mut tx, act.org, (self.id, &place), act.now).await?;
        tx.commit().await?;
        self.settle_gone(&act).await
    }

    /// Takes what a line tells; it is written with the next step.
    pub fn note(&mut self, news: News) {
        if self.news.len() >= NEWS_MAX {
            tracing::error!("the database takes no news; the oldest are lost");
            self.news.pop_front();
        }
        self.news.push_back(news);
    }

    /// Writes news, brings orders, says that it is alive.
    pub async fn step(&mut self) -> Outcome<()> {
        while let Some(news) = self.news.front().cloned() {
            if let Err(error) = self.write(&news).await {
                self.set_aside(error).await?;
            }
            self.untaken_since = None;
            self.news.pop_front();
        }
        let act = self.act();
        if act.now >= self.seen_at.plus_ms(BEAT_MS) {
            self.beat(&act).await?;
        }
        self.admit_phones(&act).await?;
        let open = store::list_unsettled(&mut act.db.read().await?, act.org, self.id).await?;
        for attempt in &open {
            self.serve(&act, attempt).await?;
        }
        Ok(())
    }

    /// Says that the first of the news may go though it was not written: a database that takes
    /// other writes did not take it for a while, and behind it nobody could call. Where nothing can
    /// be written, as on a full disk, all of them wait. An attempt whose end it was is settled as
    /// any of which no more is told. Otherwise the error: it is tried again.
    async fn set_aside(&mut self, error: Error) -> Outcome<()> {
        let now = self.clock.now();
        let since = *self.untaken_since.get_or_insert(now);
        if now < since.plus_ms(TRIED_MS) || self.say_alive(&self.act()).await.is_err() {
            return Err(error);
        }
        tracing::error!(%error, "news that the database does not take are set aside");
        Ok(())
    }

    async fn write(&mut self, news: &News) -> Outcome<()> {
        let act = self.act();
        match news {
            News::Call(event) => {
                actions::keep(&act, event, self.recorded.days).await?;
            }
            News::Phone(user, is_here) => {
                let mut tx = act.db.begin().await?;
                let phone = (self.id, *user);
                match is_here {
                    true => lines::insert_phone(&mut tx, act.org, phone, act.now).await?,
                    false => lines::delete_phone(&mut tx, act.org, phone).await?,
                };
                tx.announce(format!("user:{user}"));
                tx.commit().await?;
            }
            News::Trunk(is_up) => {
                self.is_trunk_up = *is_up;
                self.say_alive(&act).await?;
            }
            News::Incoming(number) => incoming::tell_of_trunk(&act, number).await?,
            News::Offered(name, from, to) => self.offered(&act, name, (from, to)).await?,
            News::Missed(name) => self.ring(&act, name).await?,
            News::Received(name) => {
                receiving::take(&act, name).await?;
                self.offers.remove(name);
            }
            News::Over(name) => receiving::end(&act, name).await?,
            News::Withdrawn(name) => {
                if let Some(offer) = self.offers.get(name) {
                    receiving::miss(&act, offer).await?;
                    self.offers.remove(name);
                }
            }
            News::Ready => self.line.go_on().await,
            News::Fault(fault) => tracing::warn!(fault, "a fault on the line"),
        }
        Ok(())
    }

    /// A call came in: who it is for is rung. What is none of the firm's numbers is nobody's.
    async fn offered(&mut self, act: &Act, name: &str, (from, to): (&str, &str)) -> Outcome<()> {
        let Some(own) = self.line.numbers().into_iter().find(|own| own.is_called(to)) else {
            self.line.turn_away(name, false).await;
            return Ok(());
        };
        let (from, team, came_at) = (from.to_owned(), own.team, act.now);
        let (name, tried) = (name.to_owned(), Vec::new());
        let offer = Offer { name: name.clone(), from, team, tried, came_at };
        self.offers.entry(name.clone()).or_insert(offer);
        self.ring(act, &name).await
    }

    /// Rings who is next for a call that waits; where nobody is, it is told so, and is owed a call.
    async fn ring(&mut self, act: &Act, name: &str) -> Outcome<()> {
        let Some(offer) = self.offers.get(name).cloned() else { return Ok(()) };
        let is_recorded = self.folder.is_some();
        let Some(chosen) = receiving::choose(act, self.id, &offer, is_recorded).await? else {
            receiving::miss(act, &offer).await?;
            self.offers.remove(name);
            self.line.turn_away(name, offer.tried.is_empty()).await;
            return Ok(());
        };
        if let Some(offer) = self.offers.get_mut(name) {
            offer.tried.push(chosen.user);
        }
        let (offered, taker, attempt) = (name.to_owned(), chosen.user, chosen.attempt);
        self.line.receive(Receive { offered, attempt, taker, is_recorded }).await;
        Ok(())
    }

    /// Says that this run is alive.
    async fn say_alive(&self, act: &Act) -> Outcome<()> {
        let mut tx = act.db.begin().await?;
        let state = (self.id, self.is_trunk_up);
        lines::update_seen(&mut tx, act.org, state, act.now).await?;
        tx.commit().await
    }

    /// Says that this run is alive, settles what others left, forgets calls that waited and
    /// removes recordings that are over.
    async fn beat(&mut self, act: &Act) -> Outcome<()> {
        self.say_alive(act).await?;
        self.seen_at = act.now;
        self.offers.retain(|_, offer| act.now < offer.came_at.plus_ms(OFFERED_MS));
        self.settle_gone(act).await?;
        // Nobody waits for a telephone because a disk does not let go of a file.
        if let Err(error) = self.tidy(act).await {
            tracing::error!(%error, "recordings that are over stay where they are");
        }
        Ok(())
    }

    /// Removes recordings that are over, and what runs that broke off have left.
    async fn tidy(&mut self, act: &Act) -> Outcome<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        recordings::remove_due(act, folder).await?;
        if act.now >= self.swept_at.plus_ms(HOUR_MS) {
            self.swept_at = act.now;
            // A day later than what has its record.
            let before = act.now.plus_days(-self.recorded.days - 1);
            recordings::remove_strays(folder, before).await?;
        }
        Ok(())
    }

    /// Settles what runs that are gone have left open. Their lines died with them.
    async fn settle_gone(&mut self, act: &Act) -> Outcome<()> {
        let since = accounts::alive_since(act.now);
        let gone = lines::list_gone(&mut act.db.read().await?, act.org, since).await?;
        for exchange in gone.into_iter().filter(|gone| *gone != self.id) {
            let left = store::list_unsettled(&mut act.db.read().await?, act.org, exchange).await?;
            for attempt in left {
                tracing::warn!(attempt.id = %attempt.id, "an attempt was left open; it is settled");
                actions::give_up(act, attempt.id).await?;
            }
        }
        Ok(())
    }

    async fn admit_phones(&mut self, act: &Act) -> Outcome<()> {
        let accounts = accounts::list_live(&mut act.db.read().await?, act.org).await?;
        if accounts != self.accounts {
            // Who has another password registers anew: the old one ends now.
            let kept = accounts.iter().filter(|one| self.accounts.contains(one)).cloned();
            let kept: Vec<Account> = kept.collect();
            self.line.set_accounts(&kept).await;
            self.line.set_accounts(&accounts).await;
            self.accounts = accounts;
        }
        Ok(())
    }

    async fn serve(&mut self, act: &Act, attempt: &Attempt) -> Outcome<()> {
        match attempt.state {
            State::Asked if attempt.hang_up_at.is_some() => {
                self.refuse(act, attempt, EndCause::Cancelled, EndedBy::Caller).await
            }
            State::Asked if attempt.made_at.plus_ms(FRESH_MS) < act.now => {
                self.refuse(act, attempt, EndCause::NotPlaced, EndedBy::Engine).await
            }
            State::Asked => self.dial(act, attempt).await,
            _ => self.watch(act, attempt).await,
        }
    }

    /// Takes an order, and only then dials it: to a number that may be dialled at this moment, for
    /// a ban or a correction may have come since it was wished for.
    async fn dial(&mut self, act: &Act, attempt: &Attempt) -> Outcome<()> {
        let mut tx = act.db.begin().await?;
        let company = attempt.company;
        let callable =
            companies::actions::list_callable_phones(&mut tx, act.org, company, act.now).await?;
        let phone = callable.into_iter().find(|phone| Some(phone.id) == attempt.phone);
        let is_recorded = self.folder.is_some();
        let own = self.line.own_numbers();
        let own_number = trunk::find_free(&mut tx, act.org, &own, act.now).await?;
        let taken = (is_recorded, own_number);
        if store::update_taken(&mut tx, act.org, attempt.id, taken).await? == 0 {
            return Ok(());
        }
        tx.announce(format!("user:{}", attempt.caller));
        tx.commit().await?;
        let Some(phone) = phone else {
            return self.refuse(act, attempt, EndCause::NumberNotAllowed, EndedBy::Engine).await;
        };
        if own_number.is_none() && !own.is_empty() {
            // The last of them began to pause since the call was wished for.
            return self.refuse(act, attempt, EndCause::Blocked, EndedBy::Engine).await;
        }
        let order = Order {
            attempt: attempt.id,
            caller: attempt.caller,
            number: phone.phone.e164,
            own_number: own_number.cloned(),
            is_recorded,
        };
        self.line.dial(order).await;
        Ok(())
    }

    /// Hangs up what its caller wishes to end, and asks the line about what it should know.
    async fn watch(&mut self, act: &Act, attempt: &Attempt) -> Outcome<()> {
        if attempt.hang_up_at.is_some() {
            self.line.hang_up(attempt.id).await;
        }
        let is_old = attempt.made_at.plus_ms(FRESH_MS) < act.now;
        if is_old && self.line.look_up(attempt.id).await == Lookup::ProvenAbsent {
            // What the line told of its end may be under way to us: it is written before this.
            if self.news.is_empty() {
                actions::give_up(act, attempt.id).await?;
            }
        }
        Ok(())
    }

    /// Ends an attempt that was never dialled.
    async fn refuse(
        &mut self,
        act: &Act,
        attempt: &Attempt,
        cause: EndCause,
        by: EndedBy,
    ) -> Outcome<()> {
        let kind = CallEventKind::Refused { end: End::of(cause, by) };
        let event = CallEvent { attempt: attempt.id, seq: 1, at: act.now, kind };
        actions::keep(act, &event, self.recorded.days).await.map(drop)
    }

    /// Hangs everything up, writes the last news, and says that this run is over.
    pub async fn end(mut self) {
        self.line.close().await;
        let last = async {
            loop {
                let Some(news) = self.line.news().await else { break };
                self.note(news);
            }
        };
        // The time being over is what is waited for where a line goes on talking.
        let _ = tokio::time::timeout(LAST_NEWS, last).await;
        let ended = async {
            while let Some(news) = self.news.pop_front() {
                self.write(&news).await?;
            }
            let act = self.act();
            let mut tx = act.db.begin().await?;
            lines::update_exchange_ended(&mut tx, act.org, self.id, act.now).await?;
            tx.commit().await?;
            let left = store::list_unsettled(&mut act.db.read().await?, act.org, self.id).await?;
            for attempt in left {
                actions::give_up(&act, attempt.id).await?;
            }
            Ok::<(), Error>(())
        };
        if let Err(error) = ended.await {
            tracing::error!(%error, "the engine's end was not written");
        }
    }
}
