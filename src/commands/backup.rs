//! `troika backup` and `troika restore`.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use clap::Args;

use super::settings::Chosen;
use super::{Answer, open_as_is, open_kept, told};
use crate::check;
use crate::storage::backup;
use crate::values::{Clock, Error, Outcome};

/// What `backup` takes.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write; it must not exist yet
    file: PathBuf,
}

/// What `restore` takes.
#[derive(Debug, Args)]
pub struct Restore {
    /// The file `backup` wrote
    file: PathBuf,
    /// Only read it to its end and compare it with its digest
    #[arg(long)]
    verify: bool,
}

impl Backup {
    /// Writes the file beside its name first, so that a broken run leaves no half backup.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        if self.file.exists() {
            return Err(format!("{} exists; choose another name", self.file.display()));
        }
        let db = open_kept(&chosen.database).await?;
        let partial = self.file.with_extension("partial");
        let out = File::create(&partial).map_err(|c| format!("{}: {c}", partial.display()))?;
        let amounts = backup::write(&db, &out).await.map_err(told)?;
        out.sync_all().map_err(|cause| cause.to_string())?;
        std::fs::rename(&partial, &self.file).map_err(|cause| cause.to_string())?;
        db.close().await;
        println!(
            "{} rows of {} tables are in {}.",
            amounts.rows,
            amounts.tables,
            self.file.display()
        );
        Ok(())
    }
}

impl Restore {
    /// Fills an empty database and checks it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let file = self.file.clone();
        let read = move || -> Outcome<Box<dyn Read + Send>> {
            let opened = File::open(&file);
            Ok(Box::new(opened.map_err(|c| Error::failure(format!("{}: {c}", file.display())))?))
        };
        let sound = backup::verify(read().map_err(told)?).map_err(told)?;
        if self.verify {
            println!("The backup is sound: {} rows, version {}.", sound.rows, sound.version);
            return Ok(());
        }
        let db = open_as_is(&chosen.database).await?;
        let amounts = backup::restore(&db, &Clock::system(), read).await.map_err(told)?;
        let broken = check::everything(&db).await.map_err(told)?;
        db.close().await;
        println!("{} rows of {} tables are restored.", amounts.rows, amounts.tables);
        match broken.first() {
            None => Ok(()),
            Some(first) => Err(format!("{} invariants are broken, first: {first}", broken.len())),
        }
    }
}
