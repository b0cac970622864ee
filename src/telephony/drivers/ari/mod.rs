//! An Asterisk of the firm's own as a line, over its REST interface (ARI): the caller's phone and
//! the number are channels of an application there, and a bridge joins them.
//!
//! One WebSocket carries requests and news (Asterisk 20.14, 21.9, 22.4 and later). What happens is
//! decided in `switch`, which knows neither sockets nor clocks. As with the engine of the product
//! the caller's phone is called first and its leg stays up over many calls. Asterisk outlives this
//! process: whatever a run before has left there is hung up when the next one begins.

mod socket;
mod switch;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use self::socket::{Heard, Socket};
use self::switch::Switch;
use crate::telephony::port::{Account, Capabilities, Line, Lookup, News, Order};
use crate::values::*;

/// How the interface is reached, and how calls are made by it.
#[derive(Clone)]
pub struct AriSettings {
    /// Where its HTTP server listens.
    pub place: SocketAddr,
    /// Its user.
    pub user: String,
    /// The password of that user.
    pub secret: String,
    /// The name of the application; every channel of it begins so.
    pub app: String,
    /// What is dialled for a number, with `{number}` where its digits go.
    pub dial: String,
    /// The number that calls come from.
    pub caller_id: String,
    /// What a number must begin with, in digits.
    pub prefixes: Vec<String>,
    /// How long a number rings, in milliseconds.
    pub ring_ms: i64,
}

impl AriSettings {
    /// The endpoint of PJSIP that calls go out by, where the pattern names one.
    fn trunk(&self) -> Option<&str> {
        let (technology, rest) = self.dial.split_once('/')?;
        let (_, trunk) = rest.split_once('@')?;
        (technology == "PJSIP").then_some(trunk)
    }
}

/// See the module.
pub struct AriLine {
    socket: Option<Socket>,
    switch: Switch,
    place: SocketAddr,
    clock: Clock,
}

impl AriLine {
    /// Connects for the first time. Why it does not is told in a sentence.
    pub async fn start(settings: AriSettings, clock: Clock) -> Result<Self, String> {
        let place = settings.place;
        let socket = Socket::open(&settings).await?;
        Ok(Self { socket: Some(socket), switch: Switch::new(settings), place, clock })
    }

    /// Sends what the switch wishes to ask.
    fn send(&mut self) {
        let requests = self.switch.take_requests();
        if let Some(socket) = &self.socket {
            requests.into_iter().for_each(|request| socket.send(request));
        }
    }
}

impl Line for AriLine {
    fn place(&self) -> String {
        self.place.to_string()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { measures_times: true, hangs_up: true, records: false, looks_up: true }
    }

    fn recordings(&self) -> Option<PathBuf> {
        None
    }

    async fn set_accounts(&mut self, accounts: &[Account]) {
        self.switch.set_accounts(accounts);
        self.send();
    }

    async fn dial(&mut self, order: Order) {
        self.switch.dial(order, self.clock.now());
        self.send();
    }

    async fn hang_up(&mut self, attempt: AttemptId) {
        self.switch.hang_up(attempt, self.clock.now());
        self.send();
    }

    async fn look_up(&mut self, attempt: AttemptId) -> Lookup {
        self.switch.look_up(attempt)
    }

    async fn go_on(&mut self) {
        self.switch.go_on(self.clock.now());
        self.send();
    }

    async fn news(&mut self) -> Option<News> {
        loop {
            if let Some(news) = self.switch.next_news() {
                return Some(news);
            }
            let heard = self.socket.as_mut()?.hear().await?;
            let now = self.clock.now();
            match heard {
                Heard::Up => self.switch.come_up(),
                Heard::Message(message) => self.switch.hear(&message, now),
                Heard::Down => self.switch.go_down(now),
            }
            self.send();
        }
    }

    async fn close(&mut self) {
        self.switch.hang_up_all(self.clock.now());
        self.send();
        if let Some(socket) = self.socket.take() {
            socket.close().await;
        }
    }
}
