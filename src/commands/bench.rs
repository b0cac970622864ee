//! `troika bench`: a firm at size, and how long its pages and its queue take.

use clap::{Args, Subcommand};

use super::settings::Chosen;
use super::{Answer, told};
use crate::bench::load;
use crate::people::actions;
use crate::storage::{Db, Durability, migrations};
use crate::values::Clock;

/// What `bench` takes.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a firm with its history in an empty database
    Load {
        /// Companies of the base
        #[arg(long, default_value_t = 100_000)]
        companies: usize,
        /// Events in all, give or take a few of a hundred
        #[arg(long, default_value_t = 1_000_000)]
        events: i64,
        /// The same seed on the same day gives the same firm
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

impl Bench {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        match self.command {
            Verb::Load { companies, events, seed } => {
                load(chosen, load::Size { companies, events, seed }).await
            }
        }
    }
}

/// An empty database; what is made there can be made again, so the disk is not waited for.
async fn empty(chosen: &Chosen, durability: Durability) -> Result<Db, String> {
    let db = Db::open(&chosen.database, durability).await.map_err(told)?;
    migrations::migrate(&db, &Clock::system()).await.map_err(told)?;
    if actions::first_firm(&db).await.map_err(told)?.is_some() {
        return Err("the database holds a firm already; nothing was changed; \
                    choose an empty one with --database"
            .to_owned());
    }
    Ok(db)
}

async fn load(chosen: &Chosen, size: load::Size) -> Answer {
    let db = empty(chosen, Durability::Off).await?;
    let clock = Clock::system();
    let begun = clock.now();
    let loaded = load::fill(&db, size, clock.now()).await.map_err(told)?;
    db.close().await;
    println!(
        "{} companies, {} events, {} calls, {} hand-offs, {} lines of pay in {} s; \
         the history stops at {}.",
        size.companies,
        loaded.events,
        loaded.calls,
        loaded.handoffs,
        loaded.entries,
        (clock.now().ms() - begun.ms()) / 1_000,
        loaded.present.rfc3339(),
    );
    Ok(())
}
