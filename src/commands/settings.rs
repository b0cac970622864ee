//! Settings: flags before environment before file before defaults; unknown keys are refused.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use serde::Deserialize;

use super::telephony::{self, Telephony};
use crate::storage::Address;
use crate::web::proxies::Network;

/// Flags every command takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// Where the data is: sqlite:PATH or postgres://user@host/name
    #[arg(long, global = true, value_name = "ADDRESS")]
    database: Option<String>,
    /// A TOML file with `database`, `listen`, `origin`, `proxies` and a section `[telephony]`
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Flags {
    /// Refuses to be told where the data is, for a command that has a database of its own.
    pub fn check_unsaid(&self) -> Result<(), String> {
        if self.database.is_none() && self.config.is_none() {
            return Ok(());
        }
        Err("the demo makes a database of its own in the folder of --dir; nothing was touched. \
             Leave --database and --config away, or use `serve` for a database that stands"
            .to_owned())
    }
}

/// What a settings file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    database: Option<String>,
    listen: Option<String>,
    origin: Option<String>,
    proxies: Vec<String>,
    telephony: Telephony,
}

/// Where the product serves; flags of the commands that ask or tell it.
#[derive(Debug, Clone, Default, Args)]
pub struct Place {
    /// Where pages are served; port 0 takes a free one
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The origin people open, as in https://troika.example
    #[arg(long, global = true, value_name = "ORIGIN")]
    origin: Option<String>,
}

/// What holds after flags, environment and file were read.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The database.
    pub database: Address,
    /// The proxies that are believed about whom they ask for.
    pub proxies: Vec<Network>,
    place: Place,
    telephony: Telephony,
}

/// Where pages are served when nobody says it.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

impl Chosen {
    /// The place, with the flags of a command before all else.
    pub fn place(&self, flags: &Place) -> Place {
        Place {
            listen: flags.listen.or(self.place.listen),
            origin: flags.origin.clone().or_else(|| self.place.origin.clone()),
        }
    }
    /// What holds of telephony, with the flags of a command before all else.
    pub fn telephony(&self, flags: Telephony) -> Result<Option<telephony::Chosen>, String> {
        flags.or(self.telephony.clone()).chosen()
    }
}

impl Place {
    /// Where pages are served.
    pub fn address(&self) -> SocketAddr {
        self.listen.unwrap_or(LISTEN)
    }
    /// The origin people open, where the product serves at an address.
    pub fn origin_at(&self, address: SocketAddr) -> String {
        let said = self.origin.as_deref().map(|origin| origin.trim_end_matches('/').to_owned());
        said.unwrap_or_else(|| format!("http://{address}"))
    }
    /// The link to a page as `serve` by the same settings would say it; `None` where nobody said
    /// where the product serves.
    pub fn link(&self, path: &str) -> Option<String> {
        let address = self.listen.filter(|address| address.port() != 0);
        let is_known = self.origin.is_some() || address.is_some();
        is_known.then(|| format!("{}{path}", self.origin_at(self.address())))
    }
}

/// Variables we read; anything else that begins with `TROIKA_` is a mistake worth telling.
const KNOWN: [&str; 8] = [
    "TROIKA_DATABASE",
    "TROIKA_LISTEN",
    "TROIKA_ORIGIN",
    "TROIKA_PROXY",
    "TROIKA_CONFIG",
    "TROIKA_LOG",
    "TROIKA_TEST_PG",
    "TROIKA_REAL_DATA",
];

/// Reads all sources.
pub fn choose(flags: &Flags) -> Result<Chosen, String> {
    let unknown = std::env::vars().map(|(name, _)| name).find(|name| {
        let is_known = |known: &[&str]| known.contains(&name.as_str());
        name.starts_with("TROIKA_") && !is_known(&KNOWN) && !is_known(&telephony::KNOWN)
    });
    if let Some(name) = unknown {
        return Err(format!(
            "unknown setting {name} in the environment; known: {KNOWN:?}, {:?}",
            telephony::KNOWN
        ));
    }
    let path = flags.config.clone().or_else(|| env("TROIKA_CONFIG").map(PathBuf::from));
    let file = path.map(read).transpose()?.unwrap_or_default();
    let database = flags
        .database
        .clone()
        .or_else(|| env("TROIKA_DATABASE"))
        .or(file.database)
        .unwrap_or_else(|| "sqlite:troika.db".to_owned());
    let address = |text: String| -> Result<SocketAddr, String> {
        text.parse().map_err(|_| format!("{text:?} is not ADDRESS:PORT"))
    };
    let listen = env("TROIKA_LISTEN").or(file.listen).map(address).transpose()?;
    let origin = env("TROIKA_ORIGIN").or(file.origin);
    let proxies = env("TROIKA_PROXY").map(|text| text.split(',').map(str::to_owned).collect());
    let proxies: Vec<String> = proxies.unwrap_or(file.proxies);
    let proxies = proxies.iter().map(|text| text.parse()).collect::<Result<_, String>>()?;
    let telephony = Telephony::of_environment(env)?.or(file.telephony);
    let place = Place { listen, origin };
    Ok(Chosen { database: database.parse()?, proxies, place, telephony })
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

    #[test]
    fn a_link_names_where_the_product_serves_and_nothing_where_nobody_said_it() {
        let at = |text: &str| (!text.is_empty()).then(|| text.parse().expect("an address"));
        let of = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let told =
            |(listen, origin): (&str, &str)| Place { listen: at(listen), origin: of(origin) };
        for (settings, flags, expected) in [
            (("", ""), ("", ""), None),
            (("", ""), ("127.0.0.1:0", ""), None),
            (("10.0.0.2:9000", ""), ("", ""), Some("http://10.0.0.2:9000/x")),
            (("10.0.0.2:9000", ""), ("127.0.0.1:9001", ""), Some("http://127.0.0.1:9001/x")),
            (("", "https://troika.example"), ("", ""), Some("https://troika.example/x")),
            (
                ("", "https://troika.example/"),
                ("127.0.0.1:0", ""),
                Some("https://troika.example/x"),
            ),
            (("", "https://a.example"), ("", "https://b.example"), Some("https://b.example/x")),
        ] {
            let database = "sqlite:a.db".parse().expect("an address");
            let telephony = Telephony::default();
            let chosen = Chosen { database, proxies: Vec::new(), place: told(settings), telephony };
            let place = chosen.place(&told(flags));
            assert_eq!(place.link("/x").as_deref(), expected, "{settings:?} {flags:?}");
            assert_eq!(
                expected.is_some_and(|link| {
                    link == format!("{}/x", place.origin_at(place.address()))
                }),
                expected.is_some(),
                "as serve says it"
            );
        }
    }
}
