//! The database: SQLite with one writer and group commit, or PostgreSQL with a pool.
//!
//! SQLite: writing transactions that wait for one another share one of the database's own. The last
//! writer in line commits for all, so one flush to disk acknowledges many writes; nobody is told
//! "done" before that flush. A reader sees only what was committed.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use tokio::sync::{Mutex, broadcast, oneshot};

use super::dialect::{self, Kind};
use super::disk::Disk;
use super::tx::{Inner, Tx};
use crate::values::{Error, Outcome};

/// How many writes one flush to disk may carry.
const GROUP_MAX: usize = 64;

/// Kibibytes of pages, as SQLite takes them, that the writer keeps: what it writes lies all over
/// the indexes.
const CACHE_OF_WRITER: &str = "-65536";
/// The same for each of the readers, who forget their pages with every write of another: 64 MB for
/// each of eight were mostly lost, and the system has them all the same.
const CACHE_OF_READER: &str = "-16384";

/// Announced when others may have been missed: whoever listens looks again at what they show.
pub const LOOK_AGAIN: &str = "*";

/// How long a node that lost the database waits before it listens again.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(super) engine: Engine,
    announcements: broadcast::Sender<String>,
}

#[derive(Clone)]
pub(super) enum Engine {
    Lite(Arc<Lite>),
    Pg(PgPool),
}

pub(super) struct Lite {
    pub(super) readers: SqlitePool,
    pub(super) writer: Arc<Mutex<Writer>>,
    pub(super) waiting: AtomicUsize,
    pub(super) disk: Disk,
}

/// The writing connection and those who wait for the next flush.
pub(super) struct Writer {
    /// Gone once the database is closed.
    connection: Option<SqliteConnection>,
    pub(super) is_open: bool,
    pub(super) acknowledgements: Vec<oneshot::Sender<Outcome<()>>>,
}

impl Writer {
    pub(super) fn connection(&mut self) -> Outcome<&mut SqliteConnection> {
        self.connection.as_mut().ok_or_else(|| Error::failure("the database is closed"))
    }

    /// Runs a statement without values.
    pub(super) async fn execute(&mut self, text: &'static str) -> Outcome<()> {
        self.connection()?.execute(text).await.map(drop).map_err(dialect::failed)
    }
}

/// Where a database is: `sqlite:PATH` or `postgres://…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file of embedded SQLite.
    Lite(String),
    /// A PostgreSQL connection string.
    Pg(String),
}

impl Address {
    /// The embedded database in a file.
    pub fn embedded(file: &std::path::Path) -> Self {
        Self::Lite(file.display().to_string())
    }

    /// The file of an embedded database that is not there.
    pub fn missing_file(&self) -> Option<&std::path::Path> {
        match self {
            Self::Lite(path) => Some(std::path::Path::new(path)).filter(|file| !file.is_file()),
            Self::Pg(_) => None,
        }
    }
}

impl FromStr for Address {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err("sqlite: wants a file, as in sqlite:troika.db".to_owned());
            }
            return Ok(Self::Lite(path.to_owned()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Pg(text.to_owned()));
        }
        Err(format!("{text:?} is not a database; use sqlite:PATH or postgres://user@host/name"))
    }
}

/// How careful the disk is with what it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// An acknowledged write survives a power cut.
    Full,
    /// For data that can be made again, such as the demo while it is being filled.
    Off,
}

impl Db {
    /// Opens a database; an SQLite file is made when it is missing.
    pub async fn open(address: &Address, durability: Durability) -> Outcome<Self> {
        let engine = match address {
            Address::Lite(path) => Engine::Lite(Arc::new(open_lite(path, durability).await?)),
            Address::Pg(url) => Engine::Pg(super::pg::open(url, super::pg::PATIENCE).await?),
        };
        let (announcements, _) = broadcast::channel(1_024);
        let db = Self { engine, announcements };
        db.listen_to_other_nodes().await?;
        Ok(db)
    }

    /// Which database it is; only for `storage` and for what an operator is told.
    pub fn kind(&self) -> Kind {
        match &self.engine {
            Engine::Lite(_) => Kind::Lite,
            Engine::Pg(_) => Kind::Pg,
        }
    }

    /// How many wait for the one writer of SQLite; `None` where there are many.
    #[cfg(test)]
    pub(super) fn writers_waiting(&self) -> Option<usize> {
        match &self.engine {
            Engine::Lite(lite) => Some(lite.waiting.load(Ordering::SeqCst)),
            Engine::Pg(_) => None,
        }
    }

    /// A transaction that may write. Dropped without [`Tx::commit`] it leaves no trace.
    pub async fn begin(&self) -> Outcome<Tx> {
        self.begin_sized(false).await
    }

    /// The same for what writes thousands of rows: it shares no flush with those before it, so that
    /// nothing it changes has to be kept in memory as it was.
    pub async fn begin_large(&self) -> Outcome<Tx> {
        self.begin_sized(true).await
    }

    async fn begin_sized(&self, is_large: bool) -> Outcome<Tx> {
        let inner = match &self.engine {
            Engine::Pg(pool) => Inner::Pg(super::pg::begin(pool, None).await?),
            Engine::Lite(lite) => {
                Inner::LiteWrite(super::group::enter(lite.clone(), is_large).await?)
            }
        };
        Ok(Tx::new(inner, self.clone()))
    }

    /// A consistent view for reading.
    pub async fn read(&self) -> Outcome<Tx> {
        let inner = match &self.engine {
            Engine::Pg(pool) => Inner::Pg(super::pg::begin(pool, Some(super::pg::READ)).await?),
            Engine::Lite(lite) => {
                Inner::LiteRead(lite.readers.begin().await.map_err(Error::failure)?)
            }
        };
        Ok(Tx::new(inner, self.clone()))
    }

    /// Returns when the database answers.
    pub async fn answer(&self) -> Outcome<()> {
        self.read().await?.one("select 1 as one", &[]).await.map(drop)
    }

    /// Bytes that may still be written: those that are free on the disk of an embedded database,
    /// and the pages of its file that hold nothing. `None` where nobody can say: the disk of a
    /// PostgreSQL server is not seen from here, so nothing is asked for there beforehand, and a
    /// server without room says so when it is written to.
    pub async fn free_room(&self) -> Outcome<Option<u64>> {
        let Engine::Lite(lite) = &self.engine else { return Ok(None) };
        let Some(on_disk) = lite.disk.free() else { return Ok(None) };
        let mut tx = self.read().await?;
        let pages = tx.one(dialect::EMPTY_PAGES_LITE, &[]).await?.int("freelist_count")?;
        let page_bytes = tx.one(dialect::PAGE_BYTES_LITE, &[]).await?.int("page_size")?;
        let empty = pages.saturating_mul(page_bytes);
        Ok(Some(on_disk.saturating_add(u64::try_from(empty).unwrap_or(0))))
    }

    /// Has the planner look at the tables anew. SQLite does so only when told, and without it takes
    /// a firm's whole base for a handful of rows; PostgreSQL does so by itself, but not at once
    /// behind a large load.
    pub async fn refresh_statistics(&self) -> Outcome<()> {
        match &self.engine {
            Engine::Pg(pool) => pool.execute("analyze").await.map(drop).map_err(Error::failure),
            Engine::Lite(lite) => {
                let mut writer = lite.writer.lock().await;
                super::group::flush(&mut writer).await;
                writer.execute(dialect::ANALYZE_LITE).await
            }
        }
    }

    /// What was announced by committed transactions, on this node and on others.
    pub fn announcements(&self) -> broadcast::Receiver<String> {
        self.announcements.subscribe()
    }

    pub(super) fn announce_here(&self, topics: Vec<String>) {
        for topic in topics {
            // Nobody listening is fine.
            let _ = self.announcements.send(topic);
        }
    }

    /// Closes every connection, after the last write is on disk. The log of SQLite is folded into
    /// its file, so that a copy of the file alone is whole, and nothing of this program holds the
    /// file any more: it may be moved or taken away.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Pg(pool) => pool.close().await,
            Engine::Lite(lite) => {
                let mut writer = lite.writer.lock().await;
                super::group::flush(&mut writer).await;
                lite.readers.close().await;
                if let Err(cause) = writer.execute(dialect::FOLD_LITE).await {
                    tracing::warn!(error = %cause, "the log stays beside its file");
                }
                if let Some(connection) = writer.connection.take()
                    && let Err(cause) = connection.close().await
                {
                    tracing::warn!(error = %cause, "the database was not closed well");
                }
            }
        }
    }

    /// On PostgreSQL, announcements of other nodes arrive through the database.
    async fn listen_to_other_nodes(&self) -> Outcome<()> {
        let Engine::Pg(pool) = &self.engine else { return Ok(()) };
        let listener = listen(pool).await.map_err(Error::failure)?;
        tokio::spawn(pass_on(listener, pool.clone(), self.announcements.clone()));
        Ok(())
    }
}

async fn listen(pool: &PgPool) -> sqlx::Result<PgListener> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen("troika").await?;
    Ok(listener)
}

/// Passes on what other nodes announce until the pool is closed. Where the connection was lost,
/// announcements may have been too, and the screens are told so once it is there again.
async fn pass_on(mut listener: PgListener, pool: PgPool, sender: broadcast::Sender<String>) {
    let say = |topic: &str| {
        // Nobody listening is fine.
        let _ = sender.send(topic.to_owned());
    };
    loop {
        match listener.try_recv().await {
            Ok(Some(notice)) => say(notice.payload()),
            // It is connected anew by now.
            Ok(None) => say(LOOK_AGAIN),
            Err(_) if pool.is_closed() => return,
            Err(error) => {
                tracing::warn!(%error, "other nodes are not heard; the database is asked again");
                let Some(anew) = listen_again(&pool).await else { return };
                listener = anew;
                say(LOOK_AGAIN);
            }
        }
    }
}

/// Listens as soon as the database answers; `None` once the pool is closed.
async fn listen_again(pool: &PgPool) -> Option<PgListener> {
    while !pool.is_closed() {
        tokio::time::sleep(LISTEN_AGAIN).await;
        match listen(pool).await {
            Ok(listener) => return Some(listener),
            Err(error) => tracing::debug!(%error, "the database does not answer yet"),
        }
    }
    None
}

async fn open_lite(path: &str, durability: Durability) -> Outcome<Lite> {
    let synchronous = match durability {
        Durability::Full => SqliteSynchronous::Full,
        Durability::Off => SqliteSynchronous::Off,
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(500)
        .pragma("cache_size", CACHE_OF_WRITER)
        .pragma("temp_store", "memory")
        // What is written often in a short time goes to its place once: 64 MB of log.
        .pragma("wal_autocheckpoint", "16384")
        .log_statements(tracing::log::LevelFilter::Off);
    let mut connection = options.connect().await.map_err(Error::failure)?;
    connection.execute("select 1").await.map_err(Error::failure)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(8)
        // A connection to a file does not go away by itself, and to ask takes as long as to read.
        .test_before_acquire(false)
        .connect_with(options.pragma("cache_size", CACHE_OF_READER).pragma("query_only", "on"))
        .await
        .map_err(Error::failure)?;
    Ok(Lite {
        readers,
        writer: Arc::new(Mutex::new(Writer {
            connection: Some(connection),
            is_open: false,
            acknowledgements: Vec::new(),
        })),
        waiting: AtomicUsize::new(0),
        disk: Disk::of(path),
    })
}

impl Lite {
    /// True when the one who holds the writer should flush rather than leave it to the next.
    pub(super) fn must_flush(&self, pending: usize) -> bool {
        pending >= GROUP_MAX || self.waiting.load(Ordering::SeqCst) == 0
    }
}
