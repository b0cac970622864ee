//! `troika import` and `troika export`: the base in and out.

use std::path::PathBuf;

use clap::Args;

use super::settings::Chosen;
use super::{Answer, firm, open, read_file};

/// What `import` takes.
#[derive(Debug, Args)]
pub struct Import {
    /// A CSV file of companies
    file: PathBuf,
    /// Only count; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What `export` takes.
#[derive(Debug, Args)]
pub struct Export {
    /// companies, leads or events
    what: String,
    /// The file to write
    file: PathBuf,
}

impl Import {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let bytes = read_file(&self.file)?;
        let db = open(&chosen.database).await?;
        let _org = firm(&db).await?;
        let _ = (bytes, self.dry_run);
        Err("the import of files is not connected yet".to_owned())
    }
}

impl Export {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let db = open(&chosen.database).await?;
        let _org = firm(&db).await?;
        Err(format!("{} cannot be exported yet to {}", self.what, self.file.display()))
    }
}
