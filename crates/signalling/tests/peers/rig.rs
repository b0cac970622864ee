//! An engine with a phone, and its events as they are waited for.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use signalling::events::{Event, Kind, Leg, Subject};
use signalling::fold::{Call, fold};
use signalling::{Dial, Engine, Events, Extension, Limits, Settings, Trunk};
use tempfile::TempDir;

use super::phone::Phone;
pub use super::ports::{PATIENCE, free_port, listening};

/// Settings with one extension, 1001, and the trunks given; everything shorter than in life.
pub fn settings(trunks: Vec<Trunk>) -> Settings {
    Settings {
        listen: "127.0.0.1:0".parse().expect("an address"),
        host: "engine.test".to_owned(),
        realm: "troika".to_owned(),
        extensions: vec![Extension::with_password("1001", "troika", "secret")],
        trunks,
        prefixes: vec!["7".to_owned()],
        limits: Limits { cancel_ms: 1_500, ..Limits::default() },
        ..Settings::default()
    }
}

/// A trunk that is never asked whether it is there.
pub fn trunk(name: &str, port: u16) -> Trunk {
    let address = SocketAddr::new([127, 0, 0, 1].into(), port);
    Trunk { ping_ms: 0, ..Trunk::at(name, address) }
}

/// An engine and what it told.
pub struct Rig {
    pub engine: Engine,
    events: Events,
    pub told: Vec<Event>,
    pub folder: TempDir,
    pub phone: Option<Phone>,
}

impl Rig {
    /// An engine without a phone.
    pub async fn bare(settings: Settings) -> Self {
        let clock = || {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
            i64::try_from(since.as_millis()).expect("a day of ours")
        };
        let (engine, events) = Engine::start(settings, Arc::new(clock)).await.expect("it starts");
        let folder = tempfile::tempdir().expect("a folder");
        Self { engine, events, told: Vec::new(), folder, phone: None }
    }

    /// An engine whose phone is registered and holds the session `s`.
    pub async fn with_phone(settings: Settings) -> Self {
        let mut rig = Self::bare(settings).await;
        let place = rig.engine.place();
        rig.phone = Some(Phone::start(rig.folder.path(), place, "secret", 60));
        rig.until(|event| event.kind == Kind::AgentRegistered).await;
        rig.engine.open_agent("s", "1001").await.expect("a session opens");
        rig.until(|event| event.kind == Kind::LegAnswered(Leg::Agent)).await;
        rig
    }

    /// The first event, of those told and those to come, that is meant.
    pub async fn until(&mut self, is_meant: impl Fn(&Event) -> bool) -> Event {
        if let Some(event) = self.told.iter().find(|event| is_meant(event)) {
            return event.clone();
        }
        loop {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
            let Ok(Some(event)) = event else {
                let log = std::fs::read_to_string(self.folder.path().join("baresip/log"));
                panic!(
                    "nothing more is told; so far: {:#?}\n{}",
                    self.told,
                    log.unwrap_or_default()
                )
            };
            self.told.push(event.clone());
            if is_meant(&event) {
                return event;
            }
        }
    }

    /// What is told within a time, all of it.
    pub async fn within(&mut self, time: Duration) -> &[Event] {
        let (events, told) = (&mut self.events, &mut self.told);
        let listen = async {
            while let Some(event) = events.recv().await {
                told.push(event);
            }
        };
        // The time running out is what is waited for.
        let _ = tokio::time::timeout(time, listen).await;
        &self.told
    }

    /// The first event of a call that is meant.
    pub async fn call(&mut self, call: &str, is_meant: impl Fn(&Kind) -> bool) -> Kind {
        let subject = Subject::Call(call.to_owned());
        self.until(|event| event.subject == subject && is_meant(&event.kind)).await.kind
    }

    /// Waits for a call's end and its statistics, and folds what was told of it.
    pub async fn end_of(&mut self, call: &str) -> Call {
        self.call(call, |kind| matches!(kind, Kind::MediaStats(_))).await;
        self.call(call, |kind| matches!(kind, Kind::CallEnded { .. })).await;
        self.folded(call)
    }

    /// What was told of a call so far.
    pub fn folded(&self, call: &str) -> Call {
        let subject = Subject::Call(call.to_owned());
        fold(self.told.iter().filter(|event| event.subject == subject))
    }

    /// How often something was told of a call.
    pub fn times(&self, call: &str, is_meant: impl Fn(&Kind) -> bool) -> usize {
        let subject = Subject::Call(call.to_owned());
        self.told.iter().filter(|e| e.subject == subject && is_meant(&e.kind)).count()
    }

    /// Dials through a trunk under the trunk's name.
    pub async fn dial(&self, trunk: &str, ring_ms: u64) {
        self.dial_recorded(trunk, ring_ms, None).await;
    }

    /// The same, recorded.
    pub async fn dial_recorded(&self, trunk: &str, ring_ms: u64, record: Option<&Path>) {
        let dial = wish(trunk, ring_ms, record.map(Path::to_owned));
        self.engine.dial(dial).await.expect("it is dialled");
    }
}

/// A dial of a number of ours through a trunk, under the trunk's name.
pub fn wish(trunk: &str, ring_ms: u64, record: Option<PathBuf>) -> Dial {
    Dial {
        call: trunk.to_owned(),
        session: "s".to_owned(),
        trunk: trunk.to_owned(),
        number: "+74951234567".to_owned(),
        caller_id: "+74950000000".to_owned(),
        ring_ms,
        record,
    }
}
