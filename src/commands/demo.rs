//! `troika demo`: a fictional firm with ninety days of history, served on loopback.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::settings::Place;
use super::{Answer, serve, told};
use crate::demo;
use crate::demo::firm::{DOORS, Firm};
use crate::people::actions;
use crate::storage::{Act, Address, Db, Durability, migrations};
use crate::values::*;

/// What `demo` takes.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where pages are served; loopback only, for its links need no password
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Folder of the demo's database; a demo found there is made anew
    #[arg(long, default_value = "demo-data")]
    dir: PathBuf,
    /// The same seed on the same day gives the same firm
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Language of the firm: ru or en
    #[arg(long, default_value = "ru")]
    lang: String,
    /// Make the firm and end, without serving
    #[arg(long)]
    only_fill: bool,
}

impl Demo {
    /// Makes the firm, prints a link for each role and serves.
    pub async fn run(self) -> Answer {
        let lang = Lang::from_code(&self.lang).ok_or("--lang is ru or en")?;
        if !self.listen.ip().is_loopback() {
            return Err(format!(
                "the demo is served on loopback only, for its links need no password; {} is not; \
                 use 127.0.0.1:PORT",
                self.listen
            ));
        }
        // The port is taken first: nobody waits for a firm that cannot be served.
        let listener = serve::bind(self.listen).await?;
        let address = self.fresh_file().await?;
        println!("Making a firm with {} days of history…", demo::DAYS);
        let firm = fill(&address, lang, self.seed).await?;
        let db = Db::open(&address, Durability::Full).await.map_err(told)?;
        let place = Place::default();
        let origin = place.origin_at(listener.local_addr().map_err(|c| c.to_string())?);
        for (role, login) in DOORS {
            println!("{role:<20} {origin}/sign-in/{}", link(&db, &firm, login).await?);
        }
        if self.only_fill {
            db.close().await;
            return Ok(());
        }
        serve::serve(db, listener, &place, true).await
    }

    /// The database's file, with a demo that stood there taken away. Anything else is left alone.
    async fn fresh_file(&self) -> Result<Address, String> {
        let wrong = |cause: std::io::Error| format!("{}: {cause}", self.dir.display());
        std::fs::create_dir_all(&self.dir).map_err(wrong)?;
        let file = self.dir.join("demo.db");
        let address = Address::embedded(&file);
        if file.exists() {
            if !is_demo(&address).await {
                return Err(format!(
                    "{} is not a demo's database; nothing was touched; choose another --dir",
                    file.display()
                ));
            }
            for ending in ["", "-wal", "-shm"] {
                let path = PathBuf::from(format!("{}{ending}", file.display()));
                if path.exists() {
                    std::fs::remove_file(&path).map_err(wrong)?;
                }
            }
        }
        Ok(address)
    }
}

/// True for a demo, also for one that was never filled to its end.
async fn is_demo(address: &Address) -> bool {
    let Ok(db) = Db::open(address, Durability::Off).await else { return false };
    let answer = match actions::first_firm(&db).await {
        Ok(Some(org)) => match db.read().await {
            Ok(mut tx) => actions::firm(&mut tx, org).await.is_ok_and(|firm| firm.is_demo),
            Err(_) => false,
        },
        Ok(None) => true,
        Err(_) => true,
    };
    db.close().await;
    answer
}

async fn fill(address: &Address, lang: Lang, seed: u64) -> Result<Firm, String> {
    // A demo can be made again, so the disk is not waited for while it is filled.
    let db = Db::open(address, Durability::Off).await.map_err(told)?;
    let clock = Clock::system();
    migrations::migrate(&db, &clock).await.map_err(told)?;
    let firm = demo::fill(&db, lang, seed, clock.now()).await.map_err(told)?;
    db.close().await;
    Ok(firm)
}

async fn link(db: &Db, firm: &Firm, login: &str) -> Result<String, String> {
    let now = Clock::system().now();
    let act = Act { db: db.clone(), org: firm.org, actor: None, now, key: None };
    let person = firm.viewer(login).map_err(told)?.id();
    Ok(actions::make_link(&act, person, true).await.map_err(told)?.0)
}
