//! Settings: flags before environment before file before defaults; unknown keys are refused.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use crate::storage::Address;

/// Flags every command takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// Where the data is: sqlite:PATH or postgres://user@host/name
    #[arg(long, global = true, value_name = "ADDRESS")]
    database: Option<String>,
    /// A TOML file with `database`, `listen`, `origin`
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What a settings file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<String>,
    listen: Option<String>,
    origin: Option<String>,
}

/// What holds after flags, environment and file were read.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The database.
    pub database: Address,
    /// Where pages are served.
    pub listen: SocketAddr,
    /// The origin people open; derived from `listen` when it is not set.
    pub origin: Option<String>,
}

impl Chosen {
    /// A link as it is opened where the product is served by these settings.
    pub fn link(&self, path: &str) -> String {
        let served = || format!("http://{}", self.listen);
        format!("{}{path}", self.origin.clone().unwrap_or_else(served))
    }
}

/// Variables we read; anything else that begins with `TROIKA_` is a mistake worth telling.
const KNOWN: [&str; 7] = [
    "TROIKA_DATABASE",
    "TROIKA_LISTEN",
    "TROIKA_ORIGIN",
    "TROIKA_CONFIG",
    "TROIKA_LOG",
    "TROIKA_TEST_PG",
    "TROIKA_REAL_DATA",
];

/// Reads all sources.
pub fn choose(flags: &Flags) -> Result<Chosen, String> {
    let unknown = std::env::vars()
        .map(|(name, _)| name)
        .find(|name| name.starts_with("TROIKA_") && !KNOWN.contains(&name.as_str()));
    if let Some(name) = unknown {
        return Err(format!("unknown setting {name} in the environment; known: {KNOWN:?}"));
    }
    let path = flags.config.clone().or_else(|| env("TROIKA_CONFIG").map(PathBuf::from));
    let file = path.map(read).transpose()?.unwrap_or_default();
    let database = flags
        .database
        .clone()
        .or_else(|| env("TROIKA_DATABASE"))
        .or(file.database)
        .unwrap_or_else(|| "sqlite:troika.db".to_owned());
    let listen = env("TROIKA_LISTEN").or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".into());
    Ok(Chosen {
        database: database.parse()?,
        listen: listen.parse().map_err(|_| format!("{listen:?} is not ADDRESS:PORT"))?,
        origin: env("TROIKA_ORIGIN").or(file.origin),
    })
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn read(path: PathBuf) -> Result<File, String> {
    let text = std::fs::read_to_string(&path)
        .map_err(|cause| format!("settings file {}: {cause}", path.display()))?;
    toml::from_str(&text).map_err(|cause| format!("settings file {}: {cause}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_of_the_file_is_refused_by_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("troika.toml");
        std::fs::write(&path, "database = \"sqlite:a.db\"\nlissten = \"x\"\n").expect("written");
        let problem = read(path).expect_err("refused");
        assert!(problem.contains("lissten"), "{problem}");
    }
}
