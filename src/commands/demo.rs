//! `troika demo`: a fictional firm with ninety days of history, served on loopback. What was done
//! in it is kept: a demo that stands is gone on with until somebody asks for another.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;

use super::settings::Place;
use super::{Answer, serve, told};
use crate::demo::firm::DOORS;
use crate::demo::{self, Extent};
use crate::people::actions;
use crate::storage::{Act, Address, Db, Durability, migrations};
use crate::values::*;

/// How much of a firm it makes.
const EXTENT: Extent = Extent::WHOLE;

/// What `demo` takes.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where pages are served; loopback only, for its links need no password
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Folder of the demo's database; a demo found there goes on as it was left
    #[arg(long, default_value = "demo-data")]
    dir: PathBuf,
    /// Make the demo anew; what was done in the one found there is lost
    #[arg(long)]
    anew: bool,
    /// The same seed on the same day gives the same firm; 1 where it is not said
    #[arg(long)]
    seed: Option<u64>,
    /// Language of the firm: ru, where it is not said, or en
    #[arg(long)]
    lang: Option<String>,
    /// Make the firm and end, without serving
    #[arg(long)]
    only_fill: bool,
}

/// What stands where the demo would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nothing that is worth keeping.
    Nothing,
    /// A demo in that language.
    Demo(Lang),
    /// A database of somebody's own.
    Strange,
    /// What cannot be read.
    Broken,
}

impl Demo {
    /// Makes the firm or finds it, prints a link for each role and serves.
    pub async fn run(self) -> Answer {
        let lang = match &self.lang {
            Some(code) => Some(Lang::from_code(code).ok_or("--lang is ru or en")?),
            None => None,
        };
        if !self.listen.ip().is_loopback() {
            return Err(format!(
                "the demo is served on loopback only, for its links need no password; {} is not; \
                 use 127.0.0.1:PORT",
                self.listen
            ));
        }
        // The port is taken first: nobody waits for a firm that cannot be served.
        let listener = serve::bind(self.listen).await?;
        let file = self.dir.join("demo.db");
        let address = Address::embedded(&file);
        let found = find(&file, &address).await;
        if self.goes_on(found, lang)? {
            println!("Going on with the demo in {}; --anew makes another.", self.dir.display());
        } else {
            if found == Found::Broken {
                let aside = self.move_aside(&file).map_err(|cause| cause.to_string())?;
                println!("What could not be read is in {} now.", aside.display());
            }
            println!("Making a firm with {} days of history; a minute or two…", EXTENT.days);
            self.make(&file, lang.unwrap_or_default()).await?;
        }
        let db = Db::open(&address, Durability::Full).await.map_err(told)?;
        migrations::migrate(&db, &Clock::system()).await.map_err(told)?;
        let place = Place::default();
        let origin = place.origin_at(listener.local_addr().map_err(|c| c.to_string())?);
        for (role, link) in links(&db).await.map_err(told)? {
            println!("{role:<20} {origin}/sign-in/{link}");
        }
        if self.only_fill {
            db.close().await;
            return Ok(());
        }
        serve::serve((db, listener), &place, Vec::new(), None, true).await
    }

    /// True where what is found is the demo to serve, false where one has to be made.
    fn goes_on(&self, found: Found, lang: Option<Lang>) -> Result<bool, String> {
        let dir = self.dir.display();
        match found {
            Found::Strange => Err(format!(
                "{dir} holds a database that is not a demo's; nothing was touched; choose another \
                 --dir"
            )),
            Found::Demo(_) | Found::Broken if self.anew => Ok(false),
            Found::Broken => Err(format!(
                "demo.db in {dir} cannot be read; nothing was touched; choose another --dir, or \
                 --anew to have it moved aside and another demo made"
            )),
            Found::Nothing => Ok(false),
            Found::Demo(stands) if lang.is_some_and(|wanted| wanted != stands) => Err(format!(
                "the demo in {dir} speaks another language; nothing was touched; choose another \
                 --dir, or --anew to lose it"
            )),
            Found::Demo(_) if self.seed.is_some() => Err(format!(
                "there is a demo in {dir} already; nothing was touched; choose another --dir, or \
                 --anew to lose it"
            )),
            Found::Demo(_) => Ok(true),
        }
    }

    /// Moves a file that cannot be read to a name that is free, with what stands beside it.
    fn move_aside(&self, file: &Path) -> std::io::Result<PathBuf> {
        let name = |number: usize| self.dir.join(format!("demo-unread-{number}.db"));
        let aside = (1..).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0));
        for ending in ENDINGS {
            let with = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
            if with(file).exists() {
                std::fs::rename(with(file), with(&aside))?;
            }
        }
        Ok(aside)
    }

    /// Makes the demo beside its place and moves it there whole, so that one that was broken off
    /// is never taken for a firm.
    async fn make(&self, file: &Path, lang: Lang) -> Result<(), String> {
        let wrong = |cause: std::io::Error| format!("{}: {cause}", self.dir.display());
        std::fs::create_dir_all(&self.dir).map_err(wrong)?;
        let making = self.dir.join("demo-making.db");
        clear(&making).map_err(wrong)?;
        fill(Address::embedded(&making), lang, self.seed.unwrap_or(1)).await?;
        clear(file).map_err(wrong)?;
        std::fs::rename(&making, file).map_err(wrong)?;
        clear(&making).map_err(wrong)
    }
}

/// What an embedded database consists of: its file, its log and the index of the log.
const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

/// Takes a database away, with what stands beside it.
fn clear(file: &Path) -> std::io::Result<()> {
    for ending in ENDINGS {
        let path = PathBuf::from(format!("{}{ending}", file.display()));
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}

async fn find(file: &Path, address: &Address) -> Found {
    if std::fs::metadata(file).is_ok_and(|file| file.len() == 0) || !file.exists() {
        return Found::Nothing;
    }
    let Ok(db) = Db::open(address, Durability::Off).await else { return Found::Broken };
    let found = match actions::first_firm(&db).await {
        Ok(Some(org)) => match db.read().await {
            Ok(mut tx) => match actions::firm(&mut tx, org).await {
                Ok(firm) if firm.is_demo => Found::Demo(firm.lang),
                Ok(_) => Found::Strange,
                Err(_) => Found::Broken,
            },
            Err(_) => Found::Broken,
        },
        // A demo of which nothing was written yet.
        Ok(None) => Found::Nothing,
        Err(_) => Found::Broken,
    };
    db.close().await;
    found
}

/// Fills a database on a thread of its own. Filling is one statement after the other, each handed
/// to the thread of the database and back: on one core that takes little more than half.
async fn fill(address: Address, lang: Lang, seed: u64) -> Result<(), String> {
    let filling = std::thread::spawn(move || {
        stay_on_one_core();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|cause| cause.to_string())?.block_on(fill_here(&address, lang, seed))
    });
    let ended = tokio::task::spawn_blocking(move || filling.join()).await;
    ended
        .map_err(|cause| cause.to_string())?
        .unwrap_or_else(|_| Err("the demo could not be filled; the program says above why".into()))
}

/// Keeps this thread, and those it begins, on the first core it may use.
#[cfg(target_os = "linux")]
fn stay_on_one_core() {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let Ok(all) = sched_getaffinity(None) else { return };
    let mut one = CpuSet::new();
    if let Some(first) = (0..CpuSet::MAX_CPU).find(|cpu| all.is_set(*cpu)) {
        one.set(first);
    }
    if let Err(cause) = sched_setaffinity(None, &one) {
        tracing::debug!(error = %cause, "the demo is filled on all cores");
    }
}

#[cfg(not(target_os = "linux"))]
fn stay_on_one_core() {}

async fn fill_here(address: &Address, lang: Lang, seed: u64) -> Result<(), String> {
    // A demo can be made again, so the disk is not waited for while it is filled.
    let db = Db::open(address, Durability::Off).await.map_err(told)?;
    let clock = Clock::system();
    migrations::migrate(&db, &clock).await.map_err(told)?;
    let weeks = EXTENT.days / 7;
    let tell = |week| eprintln!("Week {week} of {weeks} is done.");
    let filled = demo::fill_telling(&db, (lang, seed), clock.now(), EXTENT, tell).await;
    filled.map_err(told)?;
    db.close().await;
    Ok(())
}

/// A link for each role whose person may still sign in.
async fn links(db: &Db) -> Outcome<Vec<(&'static str, String)>> {
    let Some(org) = actions::first_firm(db).await? else { return Ok(Vec::new()) };
    let users = actions::list_users(&mut db.read().await?, org).await?;
    let now = Clock::system().now();
    let act = Act { db: db.clone(), org, actor: None, now, key: None };
    let mut links = Vec::new();
    for (role, login) in DOORS {
        let user = users.iter().find(|user| user.login == login && user.disabled_at.is_none());
        if let Some(user) = user {
            let link = actions::make_link(&act, user.id, true).await?;
            links.extend(link.map(|link| (role, link.0)));
        }
    }
    Ok(links)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::firm;

    fn asked(dir: &Path) -> Demo {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let dir = dir.to_owned();
        Demo { listen, dir, anew: false, seed: None, lang: None, only_fill: true }
    }

    #[tokio::test]
    async fn a_demo_that_stands_is_kept_until_another_is_asked_for() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("demo.db");
        let address = Address::embedded(&file);
        assert_eq!(find(&file, &address).await, Found::Nothing);
        let db = Db::open(&address, Durability::Off).await.expect("opens");
        let clock = Clock::system();
        migrations::migrate(&db, &clock).await.expect("migrates");
        db.close().await;
        assert_eq!(find(&file, &address).await, Found::Nothing, "broken off before its firm");
        let db = Db::open(&address, Durability::Off).await.expect("opens");
        firm::found(&db, Lang::En, clock.now()).await.expect("is founded");
        assert_eq!(links(&db).await.expect("links").len(), DOORS.len());
        db.close().await;
        let found = find(&file, &address).await;
        assert_eq!(found, Found::Demo(Lang::En));
        let demo = asked(home.path());
        assert_eq!(demo.goes_on(found, None), Ok(true));
        assert_eq!(demo.goes_on(found, Some(Lang::En)), Ok(true));
        assert!(demo.goes_on(found, Some(Lang::Ru)).is_err_and(|said| said.contains("--anew")));
        assert!(Demo { seed: Some(2), ..asked(home.path()) }.goes_on(found, None).is_err());
        let anew = Demo { anew: true, seed: Some(2), ..asked(home.path()) };
        assert_eq!(anew.goes_on(found, Some(Lang::Ru)), Ok(false));
        assert!(anew.goes_on(Found::Strange, None).is_err(), "what is no demo is never touched");
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_moved_aside_when_another_is_asked_for() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("demo.db");
        let address = Address::embedded(&file);
        std::fs::write(&file, "").expect("written");
        assert_eq!(find(&file, &address).await, Found::Nothing);
        std::fs::write(&file, vec![7; 8_192]).expect("written");
        let found = find(&file, &address).await;
        assert_eq!(found, Found::Broken);
        let demo = asked(home.path());
        assert!(demo.goes_on(found, None).is_err_and(|said| said.contains("--anew")));
        assert_eq!(Demo { anew: true, ..asked(home.path()) }.goes_on(found, None), Ok(false));
        for name in ["demo-unread-1.db", "demo-unread-2.db"] {
            std::fs::write(&file, vec![7; 8_192]).expect("written");
            assert_eq!(demo.move_aside(&file).expect("moved"), home.path().join(name));
            assert!(home.path().join(name).exists() && !file.exists());
        }
    }
}
