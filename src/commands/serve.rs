//! `troika serve`: pages, API and the worker over one database.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::settings::{Chosen, Place};
use super::telephony::{Chosen as Telephones, Driver, Telephony};
use super::{Answer, open};
use crate::storage::Db;
use crate::telephony::drivers::ari::AriLine;
use crate::telephony::drivers::sip::SipLine;
use crate::telephony::exchange::{self, Recorded};
use crate::telephony::port::Line as _;
use crate::values::Clock;
use crate::web::connections::{self, PATIENCE};
use crate::web::hosts::Hosts;
use crate::web::proxies::Network;
use crate::web::{App, Settings, Stop};
use crate::{app, schedule};

/// How long requests may take to end once the product is told to; more than any page takes, less
/// than those who stop programs wait before they kill them.
const GRACE: Duration = Duration::from_secs(5);

/// What `serve` takes.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    place: Place,
    /// Proxies that are believed when they say for whom they ask: addresses or networks
    #[arg(long = "proxy", value_name = "ADDRESS,…", value_delimiter = ',')]
    proxies: Vec<Network>,
    #[command(flatten)]
    telephony: Telephony,
}

impl Serve {
    /// Serves until told to stop.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let telephony = chosen.telephony(self.telephony)?;
        let db = open(&chosen.database).await?;
        let place = chosen.place(&self.place);
        let listener = bind(place.address()).await?;
        let line = match telephony {
            Some(Telephones { driver, recorded }) => Some((begin(driver).await?, recorded)),
            None => None,
        };
        let proxies = if self.proxies.is_empty() { chosen.proxies.clone() } else { self.proxies };
        serve((db, listener), &place, proxies, line, false).await
    }
}

/// The line that calls go out by.
pub enum Phones {
    /// The engine of the product.
    Sip(SipLine),
    /// An Asterisk.
    Ari(AriLine),
}

async fn begin(driver: Driver) -> Result<Phones, String> {
    let clock = Clock::system();
    Ok(match driver {
        Driver::Sip(settings) => Phones::Sip(SipLine::start(settings, clock).await?),
        Driver::Ari(settings) => Phones::Ari(AriLine::start(settings, clock).await?),
    })
}

/// Takes the port.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(listen).await.map_err(|cause| {
        format!("{listen} cannot be taken: {cause}; another program may use it, try --listen")
    })
}

/// Serves pages and runs jobs until an interrupt or a termination signal, then ends cleanly.
pub async fn serve(
    (db, listener): (Db, TcpListener),
    place: &Place,
    proxies: Vec<Network>,
    line: Option<(Phones, Recorded)>,
    is_demo: bool,
) -> Answer {
    let address = listener.local_addr().map_err(|cause| cause.to_string())?;
    let origin = place.origin_at(address);
    let hosts = Hosts::of(&origin, address);
    let is_secure = origin.starts_with("https://");
    let settings = Settings { is_secure, origin, hosts, proxies, is_demo };
    let signals = Signals::listen()?;
    println!("Troika serves at {}", settings.origin);
    let running = App::new(db.clone(), Clock::system(), settings);
    let stop = running.stop.clone();
    let worker = tokio::spawn(schedule::work(db.clone(), Clock::system(), stop.clone()));
    let phones = line.map(|(line, recorded)| {
        let (db, clock, stop) = (db.clone(), Clock::system(), stop.clone());
        match line {
            Phones::Sip(line) => {
                tracing::info!(place = line.place(), "phones register here");
                tokio::spawn(exchange::run(db, clock, line, recorded, stop))
            }
            Phones::Ari(line) => {
                tracing::info!(place = line.place(), "calls are made by Asterisk");
                tokio::spawn(exchange::run(db, clock, line, recorded, stop))
            }
        }
    });
    tokio::spawn(heed(signals, stop.clone()));
    tokio::select! {
        () = connections::serve(listener, app::router(running), PATIENCE, stop.clone()) => {}
        () = overtime(&stop) => tracing::warn!("requests that did not end were cut off"),
    }
    worker.await.map_err(|cause| format!("the worker broke: {cause}"))?;
    if let Some(phones) = phones {
        phones.await.map_err(|cause| format!("telephony broke: {cause}"))?;
    }
    if tokio::time::timeout(GRACE, db.close()).await.is_err() {
        tracing::warn!("the database was still in use at the end");
    }
    Ok(())
}

/// The signals that end the product.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From here on they are heard; before it they end the program at once.
    fn listen() -> Result<Self, String> {
        let listen = |kind| signal(kind).map_err(|cause| format!("signals are not heard: {cause}"));
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }
}

/// Waits for a signal, and says it to all that would go on by themselves.
async fn heed(mut signals: Signals, stop: Stop) {
    tokio::select! {
        _ = signals.interrupt.recv() => {}
        _ = signals.terminate.recv() => {}
    }
    // Before anything is said of it: the log may go to a pipe that nobody reads any more.
    stop.tell();
    tracing::info!("told to stop");
}

/// Returns when the grace is over.
async fn overtime(stop: &Stop) {
    stop.told().await;
    tokio::time::sleep(GRACE).await;
}
