//! `troika serve`: pages, API and the worker over one database.

use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;

use super::settings::Chosen;
use super::{Answer, open};
use crate::storage::Db;
use crate::values::Clock;
use crate::web::{App, Settings};
use crate::{app, schedule};

/// What `serve` takes.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where pages are served; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The origin people open, as in https://troika.example
    #[arg(long)]
    origin: Option<String>,
}

impl Serve {
    /// Serves until told to stop.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let db = open(&chosen.database).await?;
        let listener = bind(self.listen.unwrap_or(chosen.listen)).await?;
        let origin = self.origin.or_else(|| chosen.origin.clone());
        serve(db, listener, origin, false).await
    }
}

/// Takes the port.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(listen).await.map_err(|cause| {
        format!("{listen} cannot be taken: {cause}; another program may use it, try --listen")
    })
}

/// Serves pages and runs jobs until an interrupt or a termination signal, then ends cleanly.
pub async fn serve(db: Db, listener: TcpListener, origin: Option<String>, is_demo: bool) -> Answer {
    let address = listener.local_addr().map_err(|cause| cause.to_string())?;
    let origin = origin.unwrap_or_else(|| format!("http://{address}"));
    let settings = Settings { is_secure: origin.starts_with("https://"), origin, is_demo };
    println!("Troika serves at {}", settings.origin);
    let running = App::new(db.clone(), Clock::system(), settings);
    let worker = tokio::spawn(schedule::work(db.clone(), Clock::system()));
    let service = app::router(running).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stopped())
        .await
        .map_err(|cause| format!("the server stopped: {cause}"))?;
    worker.abort();
    db.close().await;
    Ok(())
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    else {
        // Without that signal an interrupt still ends the server.
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
