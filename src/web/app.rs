//! What every handler is given.

use std::sync::Arc;

use tokio::sync::watch;

use crate::storage::Db;
use crate::values::{Clock, Instant};

use super::hosts::Hosts;
use super::limits::Limits;
use super::proxies::Network;

/// The running product: database, clock, settings. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Where "now" comes from.
    pub clock: Clock,
    /// What the operator set.
    pub settings: Arc<Settings>,
    /// Counters against guessing and flooding.
    pub limits: Arc<Limits>,
    /// When it is to end.
    pub stop: Stop,
}

/// The word that the product ends now, for whatever would go on by itself. Cheap to clone.
#[derive(Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Says it.
    pub fn tell(&self) {
        self.0.send_replace(true);
    }
    /// Returns once it was said.
    pub async fn told(&self) {
        // It fails only when nobody is left to say it, and this value could.
        let _ = self.0.subscribe().wait_for(|is_said| *is_said).await;
    }
}

/// What the operator set that the web edge needs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The origin people open, as in `https://troika.example`; links in letters use it.
    pub origin: String,
    /// The names under which it answers.
    pub hosts: Hosts,
    /// The proxies that are believed about whom they ask for.
    pub proxies: Vec<Network>,
    /// True when the product is reached over TLS, so that cookies are sent over nothing else.
    pub is_secure: bool,
    /// True where anybody at this machine may sign in as anybody: the demo on loopback.
    pub is_demo: bool,
}

impl App {
    /// A product over a database.
    pub fn new(db: Db, clock: Clock, settings: Settings) -> Self {
        Self {
            db,
            clock,
            settings: Arc::new(settings),
            limits: Arc::default(),
            stop: Stop::default(),
        }
    }
    /// The present moment.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }
}
