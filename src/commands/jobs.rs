//! `troika jobs`: what failed too often to be tried again by itself.

use clap::{Args, Subcommand};

use super::settings::Chosen;
use super::{Answer, firm, open_kept, told};
use crate::jobs;
use crate::storage::Db;
use crate::values::*;

/// What `jobs` takes.
#[derive(Debug, Args)]
pub struct Jobs {
    #[command(subcommand)]
    command: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the jobs that failed for good, with what went wrong [the default]
    List,
    /// Have them tried again, once what made them fail is mended
    Retry {
        /// Only the job of this id
        id: Option<JobId>,
    },
}

impl Jobs {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let db = open_kept(&chosen.database).await?;
        let org = firm(&db).await?;
        let done = match self.command {
            None | Some(Verb::List) => list(&db, org).await,
            Some(Verb::Retry { id }) => retry(&db, org, id).await,
        };
        db.close().await;
        done
    }
}

async fn list(db: &Db, org: OrgId) -> Answer {
    let mut tx = db.read().await.map_err(told)?;
    let zone = crate::people::actions::firm(&mut tx, org).await.map_err(told)?.zone;
    let failed = jobs::list_failed(&mut tx, org).await.map_err(told)?;
    if failed.is_empty() {
        println!("No job failed for good.");
    }
    for job in failed {
        let at = crate::web::format::day_time(Lang::En, job.failed_at, &zone);
        println!("{}  {at}  {} {}: {}", job.id, job.kind, job.subject, job.problem);
    }
    Ok(())
}

async fn retry(db: &Db, org: OrgId, id: Option<JobId>) -> Answer {
    let now = Clock::system().now();
    match (jobs::retry(db, org, id, now).await.map_err(told)?, id) {
        (0, Some(id)) => Err(format!("no job {id} failed for good; `troika jobs` lists those")),
        (0, None) => {
            println!("No job failed for good.");
            Ok(())
        }
        (count, _) => {
            println!("{count} to be tried again by the running product, or when it starts.");
            Ok(())
        }
    }
}
