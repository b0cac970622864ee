//! What is asked of Asterisk and what its news mean. Pure: messages and the time are arguments.
//!
//! Invariants: a person has one session, a channel to their phone in a bridge of its own; a call is
//! a channel to a number that joins the bridge of its caller's session; each order ends in one
//! refusal or one end. What is not ours – other channels, other applications – is passed over.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use super::AriSettings;
use crate::telephony::drivers::cause_of;
use crate::telephony::port::{Account, CallEvent, CallEventKind, Lookup, News, Order};
use crate::telephony::{End, EndCause, EndedBy};
use crate::values::*;

/// How long a caller's phone rings, in seconds.
const PHONE_RINGS: i64 = 30;
/// How much earlier than the limit an end may come that the limit made.
const EARLY_MS: i64 = 1_500;

/// Something that is asked of the interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// By which its answer is known.
    pub id: u64,
    /// The method of HTTP.
    pub method: &'static str,
    /// The resource with its parameters.
    pub uri: String,
}

/// What an answer is about.
enum About {
    /// Nothing follows from it.
    Nothing,
    /// The endpoints, each with its state.
    Endpoints,
    /// The channels there are.
    Channels,
    /// A caller's phone that was to ring.
    Phone(UserId),
    /// A number that was to be called.
    Call(AttemptId),
}

/// A caller's phone in the bridge it waits in.
struct Session {
    channel: String,
    bridge: String,
    /// True once it was picked up.
    is_up: bool,
}

/// A call that is under way.
struct Call {
    caller: UserId,
    seq: i64,
    dialled_at: Instant,
    rang_at: Option<Instant>,
    answered_at: Option<Instant>,
    /// Its caller wished it to end.
    is_hung_up: bool,
}

/// See the module.
pub(super) struct Switch {
    settings: AriSettings,
    users: HashMap<String, UserId>,
    names: HashMap<UserId, String>,
    sessions: HashMap<UserId, Session>,
    /// Orders that wait for their caller's phone.
    waiting: HashMap<UserId, Order>,
    calls: HashMap<AttemptId, Call>,
    asked: HashMap<u64, About>,
    last: u64,
    requests: Vec<Request>,
    news: VecDeque<News>,
}

impl Switch {
    pub(super) fn new(settings: AriSettings) -> Self {
        Self {
            settings,
            users: HashMap::new(),
            names: HashMap::new(),
            sessions: HashMap::new(),
            waiting: HashMap::new(),
            calls: HashMap::new(),
            asked: HashMap::new(),
            last: 0,
            requests: Vec::new(),
            news: VecDeque::new(),
        }
    }

    /// The channel of a person's phone.
    #[cfg(test)]
    pub(super) fn phone_of(&self, user: UserId) -> Option<String> {
        self.sessions.get(&user).map(|session| session.channel.clone())
    }

    /// What is to be asked.
    pub(super) fn take_requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// The next of what happened.
    pub(super) fn next_news(&mut self) -> Option<News> {
        self.news.pop_front()
    }

    fn ask(&mut self, about: About, method: &'static str, path: &str, with: &[(&str, &str)]) {
        self.last += 1;
        // Pairs of texts always have a form.
        let query = serde_urlencoded::to_string(with).unwrap_or_default();
        let uri = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        self.asked.insert(self.last, about);
        self.requests.push(Request { id: self.last, method, uri });
    }

    fn phone_channel(&self, attempt: AttemptId) -> String {
        format!("{}-phone-{attempt}", self.settings.app)
    }

    fn call_channel(&self, attempt: AttemptId) -> String {
        format!("{}-call-{attempt}", self.settings.app)
    }

    /// The connection is there: whatever an earlier one left goes, and who is reached is asked.
    pub(super) fn come_up(&mut self) {
        let path = format!("applications/{}/subscription", self.settings.app);
        self.ask(About::Nothing, "POST", &path, &[("eventSource", "endpoint:PJSIP")]);
        self.ask(About::Channels, "GET", "channels", &[]);
        self.ask(About::Endpoints, "GET", "endpoints/PJSIP", &[]);
    }

    /// The connection broke: nobody knows what becomes of the calls. They are cut off, and hung up
    /// when it is there again.
    pub(super) fn go_down(&mut self, now: Instant) {
        self.asked.clear();
        self.requests.clear();
        self.sessions.clear();
        let waiting: Vec<Order> = self.waiting.drain().map(|(_, order)| order).collect();
        for order in waiting {
            self.refuse(order.attempt, EndCause::NotPlaced, EndedBy::Engine, now);
        }
        let open: Vec<AttemptId> = self.calls.keys().copied().collect();
        for attempt in open {
            self.finish(attempt, End::of(EndCause::Interrupted, EndedBy::Engine), now);
        }
        let users: Vec<UserId> = self.names.keys().copied().collect();
        self.news.extend(users.into_iter().map(|user| News::Phone(user, false)));
        self.news.push_back(News::Trunk(false));
    }

    pub(super) fn set_accounts(&mut self, accounts: &[Account]) {
        // Names of phones that go are kept, so that their going is still understood.
        self.users.extend(accounts.iter().map(|one| (one.name.clone(), one.user)));
        self.names = accounts.iter().map(|one| (one.user, one.name.clone())).collect();
        self.ask(About::Endpoints, "GET", "endpoints/PJSIP", &[]);
    }

    pub(super) fn dial(&mut self, order: Order, now: Instant) {
        match self.sessions.get(&order.caller).map(|session| session.is_up) {
            Some(true) => self.go_out(&order, now),
            // One order at a time stands behind a phone; the business sees to it.
            Some(false) => drop(self.waiting.insert(order.caller, order)),
            None => self.call_phone(order, now),
        }
    }

    /// Calls the phone that an order is for; the order waits until it is picked up.
    fn call_phone(&mut self, order: Order, now: Instant) {
        let Some(name) = self.names.get(&order.caller).cloned() else {
            return self.refuse(order.attempt, EndCause::PhoneAway, EndedBy::Engine, now);
        };
        let channel = self.phone_channel(order.attempt);
        let bridge = format!("{}-bridge-{}", self.settings.app, order.attempt);
        let app = self.settings.app.clone();
        let path = format!("bridges/{bridge}");
        self.ask(About::Nothing, "POST", &path, &[("type", "mixing")]);
        let (endpoint, rings) = (format!("PJSIP/{name}"), PHONE_RINGS.to_string());
        let caller_id = self.settings.caller_id.clone();
        self.ask(
            About::Phone(order.caller),
            "POST",
            "channels",
            &[
                ("endpoint", endpoint.as_str()),
                ("app", app.as_str()),
                ("appArgs", "phone"),
                ("channelId", channel.as_str()),
                ("callerId", caller_id.as_str()),
                ("timeout", rings.as_str()),
            ],
        );
        self.sessions.insert(order.caller, Session { channel, bridge, is_up: false });
        self.waiting.insert(order.caller, order);
    }

    /// Dials for a phone that was picked up.
    fn go_out(&mut self, order: &Order, now: Instant) {
        let digits: String = order.number.chars().filter(char::is_ascii_digit).collect();
        if !self.settings.prefixes.iter().any(|prefix| digits.starts_with(prefix)) {
            let cause = EndCause::NumberNotAllowed;
            return self.refuse(order.attempt, cause, EndedBy::Engine, now);
        }
        let endpoint = self.settings.dial.replace("{number}", &digits);
        let (app, channel) = (self.settings.app.clone(), self.call_channel(order.attempt));
        let caller_id = self.settings.caller_id.clone();
        let rings = (self.settings.ring_ms / 1_000).max(1).to_string();
        self.ask(
            About::Call(order.attempt),
            "POST",
            "channels",
            &[
                ("endpoint", endpoint.as_str()),
                ("app", app.as_str()),
                ("appArgs", "call"),
                ("channelId", channel.as_str()),
                ("callerId", caller_id.as_str()),
                ("timeout", rings.as_str()),
            ],
        );
        let call = Call {
            caller: order.caller,
            seq: 0,
            dialled_at: now,
            rang_at: None,
            answered_at: None,
            is_hung_up: false,
        };
        self.calls.insert(order.attempt, call);
        self.tell(order.attempt, CallEventKind::Accepted, now);
        self.tell(order.attempt, CallEventKind::Dialling, now);
    }

    /// Goes on with what waited for phones that were picked up.
    pub(super) fn go_on(&mut self, now: Instant) {
        let is_up = |caller: &UserId| self.sessions.get(caller).is_some_and(|one| one.is_up);
        let ready: Vec<UserId> = self.waiting.keys().copied().filter(is_up).collect();
        for caller in ready {
            if let Some(order) = self.waiting.remove(&caller) {
                self.go_out(&order, now);
            }
        }
    }

    pub(super) fn hang_up(&mut self, attempt: AttemptId, now: Instant) {
        let waits = self.waiting.values().find(|order| order.attempt == attempt);
        if let Some(caller) = waits.map(|order| order.caller) {
            self.waiting.remove(&caller);
            self.refuse(attempt, EndCause::Cancelled, EndedBy::Caller, now);
            if let Some(session) = self.sessions.remove(&caller) {
                self.end_session(&session);
            }
            return;
        }
        let Some(call) = self.calls.get_mut(&attempt).filter(|call| !call.is_hung_up) else {
            // What is over already needs no end.
            return;
        };
        call.is_hung_up = true;
        let path = format!("channels/{}", self.call_channel(attempt));
        self.ask(About::Nothing, "DELETE", &path, &[]);
    }

    /// Hangs everything up: this run is over.
    pub(super) fn hang_up_all(&mut self, now: Instant) {
        let open: Vec<AttemptId> = self.calls.keys().copied().collect();
        for attempt in open {
            self.hang_up(attempt, now);
            self.finish(attempt, End::of(EndCause::Interrupted, EndedBy::Engine), now);
        }
        let sessions: Vec<Session> = self.sessions.drain().map(|(_, session)| session).collect();
        sessions.iter().for_each(|session| self.end_session(session));
    }

    fn end_session(&mut self, session: &Session) {
        self.ask(About::Nothing, "DELETE", &format!("channels/{}", session.channel), &[]);
        self.ask(About::Nothing, "DELETE", &format!("bridges/{}", session.bridge), &[]);
    }

    pub(super) fn look_up(&self, attempt: AttemptId) -> Lookup {
        let is_waiting = self.waiting.values().any(|order| order.attempt == attempt);
        match is_waiting || self.calls.contains_key(&attempt) {
            true => Lookup::UnderWay,
            // What it was refused by, or how it ended, is told or about to be.
            false => Lookup::ProvenAbsent,
        }
    }

    fn refuse(&mut self, attempt: AttemptId, cause: EndCause, by: EndedBy, now: Instant) {
        let kind = CallEventKind::Refused { end: End::of(cause, by) };
        self.news.push_back(News::Call(CallEvent { attempt, seq: 1, at: now, kind }));
    }

    fn tell(&mut self, attempt: AttemptId, kind: CallEventKind, now: Instant) {
        let Some(call) = self.calls.get_mut(&attempt) else { return };
        call.seq += 1;
        self.news.push_back(News::Call(CallEvent { attempt, seq: call.seq, at: now, kind }));
    }

    /// A call is over.
    fn finish(&mut self, attempt: AttemptId, end: End, now: Instant) {
        let Some(call) = self.calls.get(&attempt) else { return };
        let length = |from: Option<Instant>, to: Instant| from.map_or(0, |at| to.ms() - at.ms());
        let talk_ms = length(call.answered_at, now);
        let ring_ms = length(call.rang_at, call.answered_at.unwrap_or(now));
        let end = End { rang: call.rang_at.is_some(), ..end };
        self.tell(attempt, CallEventKind::LegEnded { end }, now);
        self.tell(attempt, CallEventKind::Ended { talk_ms, ring_ms }, now);
        self.calls.remove(&attempt);
    }

    /// An answer or an event.
    pub(super) fn hear(&mut self, message: &Value, now: Instant) {
        let channel = message["channel"]["id"].as_str().unwrap_or_default();
        match message["type"].as_str().unwrap_or_default() {
            "RESTResponse" => self.hear_answer(message, now),
            "StasisStart" => self.hear_answered(channel, now),
            "ChannelStateChange" if message["channel"]["state"] == "Ringing" => {
                self.hear_ringing(channel, now);
            }
            "ChannelEnteredBridge" => {
                if let Some(attempt) = self.attempt_of(channel) {
                    self.tell(attempt, CallEventKind::Bridged, now);
                }
            }
            "ChannelDestroyed" => self.hear_end(channel, message, now),
            "EndpointStateChange" => self.hear_endpoint(&message["endpoint"]),
            _ => {}
        }
    }

    fn hear_answer(&mut self, message: &Value, now: Instant) {
        let id = message["request_id"].as_str().and_then(|id| id.parse().ok());
        let Some(about) = id.and_then(|id: u64| self.asked.remove(&id)) else { return };
        let status = message["status_code"].as_i64().unwrap_or(0);
        let is_done = (200..300).contains(&status);
        let body = || -> Value {
            let text = message["message_body"].as_str().unwrap_or_default();
            serde_json::from_str(text).unwrap_or_default()
        };
        match about {
            About::Endpoints if is_done => {
                for endpoint in body().as_array().into_iter().flatten() {
                    self.hear_endpoint(endpoint);
                }
                if self.settings.trunk().is_none() {
                    // Of what is no endpoint nobody says whether it is there.
                    self.news.push_back(News::Trunk(true));
                }
            }
            About::Channels if is_done => self.hang_up_left(&body()),
            About::Phone(caller) if !is_done => self.end_phone(caller, now),
            About::Call(attempt) if !is_done => {
                let cause = EndCause::TrunkFailure;
                self.finish(attempt, End::of(cause, EndedBy::Engine), now);
            }
            About::Endpoints | About::Channels => {
                let fault = format!("Asterisk answers {status} to what is there");
                self.news.push_back(News::Fault(fault));
            }
            About::Phone(_) | About::Call(_) | About::Nothing => {}
        }
    }

    /// Channels of this application that no run knows of any more.
    fn hang_up_left(&mut self, channels: &Value) {
        let own = format!("{}-", self.settings.app);
        let ids = channels.as_array().into_iter().flatten().filter_map(|one| one["id"].as_str());
        let left: Vec<String> = ids
            .filter(|id| id.starts_with(&own) && !self.is_known(id))
            .map(str::to_owned)
            .collect();
        for id in left {
            self.ask(About::Nothing, "DELETE", &format!("channels/{id}"), &[]);
        }
    }

    fn is_known(&self, channel: &str) -> bool {
        self.attempt_of(channel).is_some() || self.caller_of(channel).is_some()
    }

    fn attempt_of(&self, channel: &str) -> Option<AttemptId> {
        let rest = channel.strip_prefix(self.settings.app.as_str())?.strip_prefix("-call-")?;
        rest.parse().ok().filter(|attempt| self.calls.contains_key(attempt))
    }

    fn caller_of(&self, channel: &str) -> Option<UserId> {
        let found = self.sessions.iter().find(|(_, session)| session.channel == channel);
        found.map(|(caller, _)| *caller)
    }

    fn hear_ringing(&mut self, channel: &str, now: Instant) {
        let Some(attempt) = self.attempt_of(channel) else { return };
        if let Some(call) = self.calls.get_mut(&attempt).filter(|call| call.rang_at.is_none()) {
            call.rang_at = Some(now);
            self.tell(attempt, CallEventKind::Ringing { early_media: false }, now);
        }
    }

    /// A channel was answered: it goes into its bridge.
    fn hear_answered(&mut self, channel: &str, now: Instant) {
        let (caller, attempt) = (self.caller_of(channel), self.attempt_of(channel));
        if let Some(attempt) = attempt {
            let Some(call) = self.calls.get_mut(&attempt) else { return };
            call.answered_at = call.answered_at.or(Some(now));
            let caller = call.caller;
            self.tell(attempt, CallEventKind::Answered, now);
            return self.join(caller, channel);
        }
        if let Some(caller) = caller {
            if let Some(session) = self.sessions.get_mut(&caller) {
                session.is_up = true;
            }
            self.join(caller, channel);
            self.news.push_back(News::Ready);
        }
    }

    fn join(&mut self, caller: UserId, channel: &str) {
        let Some(session) = self.sessions.get(&caller) else { return };
        let path = format!("bridges/{}/addChannel", session.bridge);
        self.ask(About::Nothing, "POST", &path, &[("channel", channel)]);
    }

    fn hear_end(&mut self, channel: &str, message: &Value, now: Instant) {
        if let Some(caller) = self.caller_of(channel) {
            return self.end_phone(caller, now);
        }
        let Some(attempt) = self.attempt_of(channel) else { return };
        let Some(call) = self.calls.get(&attempt) else { return };
        let code = |name: &str| message[name].as_i64().filter(|code| *code > 0);
        let q850 = code("cause").and_then(|code| u8::try_from(code).ok());
        let status = code("tech_cause").and_then(|code| u16::try_from(code).ok());
        let limit = call.dialled_at.plus_ms(self.settings.ring_ms - EARLY_MS);
        let (cause, by) = match call.answered_at {
            Some(_) if call.is_hung_up => (EndCause::Answered, EndedBy::Caller),
            Some(_) => (EndCause::Answered, EndedBy::Far),
            None if call.is_hung_up => (EndCause::Cancelled, EndedBy::Caller),
            None if now >= limit => (EndCause::NoAnswer, EndedBy::Engine),
            None => {
                let said = cause_of(status, q850).filter(|cause| *cause != EndCause::Answered);
                (said.unwrap_or(EndCause::TrunkFailure), EndedBy::Far)
            }
        };
        self.finish(attempt, End { status, q850, ..End::of(cause, by) }, now);
    }

    /// A caller's phone is gone: what waited for it is refused, what they talked in ends.
    fn end_phone(&mut self, caller: UserId, now: Instant) {
        let Some(session) = self.sessions.remove(&caller) else { return };
        if let Some(order) = self.waiting.remove(&caller) {
            self.refuse(order.attempt, EndCause::PhoneAway, EndedBy::Caller, now);
        }
        let of = |call: &Call| call.caller == caller;
        let open = self.calls.iter().find(|(_, call)| of(call)).map(|(attempt, _)| *attempt);
        if let Some(attempt) = open {
            self.hang_up(attempt, now);
        }
        self.ask(About::Nothing, "DELETE", &format!("bridges/{}", session.bridge), &[]);
    }

    fn hear_endpoint(&mut self, endpoint: &Value) {
        let name = endpoint["resource"].as_str().unwrap_or_default();
        let state = endpoint["state"].as_str().unwrap_or_default();
        if endpoint["technology"] != "PJSIP" {
            return;
        }
        if self.settings.trunk() == Some(name) {
            // One that is not asked by Asterisk is unknown, and counts as being there.
            self.news.push_back(News::Trunk(state != "offline"));
        } else if let Some(user) = self.users.get(name) {
            self.news.push_back(News::Phone(*user, state == "online"));
        }
    }
}
