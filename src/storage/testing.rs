//! A database of its own for each test, on both engines.
//!
//! PostgreSQL is where `TROIKA_TEST_PG` says (the `./test` command starts one and sets it). When
//! it is not set the PostgreSQL half of a test fails; it is never skipped.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write as _;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex};

use tokio::sync::{OnceCell, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::dialect::Kind;
use super::{Address, Db, Durability, migrations};
use crate::values::{Clock, Instant};

/// Monday 2 November 2026, 10:00 in Moscow.
pub const MONDAY: Instant = Instant(1_793_602_800_000);

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static TEMPLATE_FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A migrated database and what keeps it alive.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// A clock standing at [`MONDAY`].
    pub clock: Clock,
    watch: tokio::sync::Mutex<Option<Watch>>,
    place: Place,
}

/// Works until it is given up, so many turns later, as when a process dies; nothing then.
pub async fn given_up_after<T>(turns: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut left) = (std::pin::pin!(work), turns);
    std::future::poll_fn(|cx| {
        if left == 0 {
            return std::task::Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(cx).map(Some)
    })
    .await
}

/// Where a test database is, and what keeps it alive.
enum Place {
    Lite(tempfile::TempDir),
    Pg(OnServer),
}

/// A database of a server, by its name.
struct OnServer {
    base: String,
    name: String,
}

/// A database put aside, from which fresh copies are made.
pub struct PutAside {
    kept: Kept,
    clock: Clock,
}

/// What copies are made of.
enum Kept {
    Lite(Vec<u8>),
    Pg(OnServer),
}

/// Asks SQLite whether anybody wrote since it was asked last: it counts what others commit.
pub struct Watch {
    connection: sqlx::SqliteConnection,
    version: i64,
}

impl Watch {
    async fn of(dir: &tempfile::TempDir) -> Self {
        use sqlx::Connection as _;
        let path = dir.path().join("test.db").display().to_string();
        let opened = sqlx::SqliteConnection::connect(&path).await;
        let mut watch = Self { connection: opened.expect("sqlite opens"), version: 0 };
        watch.has_news().await;
        watch
    }

    async fn has_news(&mut self) -> bool {
        let version = sqlx::query_scalar("pragma data_version").fetch_one(&mut self.connection);
        let version = version.await.expect("a version");
        std::mem::replace(&mut self.version, version) != version
    }
}

/// A test's database goes with the test, so that a run needs no more room than its tests at work.
impl Drop for OnServer {
    fn drop(&mut self) {
        // Nobody waits for it: the server is thrown away after the run.
        let statement = format!("drop database if exists {} with (force)", self.name);
        CLEANER.ask(&self.base, statement);
    }
}

impl TestDb {
    /// Takes PostgreSQL away from all who are connected, and lets nobody in until [`let_in`].
    ///
    /// [`let_in`]: Self::let_in
    pub async fn shut(&self) {
        let Place::Pg(OnServer { base, name }) = &self.place else {
            panic!("only a server can be shut")
        };
        admin(base, &format!("alter database {name} with allow_connections false")).await;
        let sessions = format!("from pg_stat_activity where datname = '{name}'");
        admin(base, &format!("select pg_terminate_backend(pid) {sessions}")).await;
    }

    /// Ends what [`shut`](Self::shut) began.
    pub async fn let_in(&self) {
        let Place::Pg(OnServer { base, name }) = &self.place else {
            panic!("only a server can be shut")
        };
        admin(base, &format!("alter database {name} with allow_connections true")).await;
    }

    /// The same database as another node has it open.
    pub async fn another_node(&self) -> Db {
        match &self.place {
            Place::Lite(dir) => open_lite(dir).await,
            Place::Pg(OnServer { base, name }) => open_pg(base, name).await,
        }
    }

    /// As many nodes as the database is meant for: SQLite serves one, PostgreSQL two here.
    pub async fn nodes(&self) -> Vec<Db> {
        match &self.place {
            Place::Lite(_) => vec![self.db.clone()],
            Place::Pg(_) => vec![self.db.clone(), self.another_node().await],
        }
    }

    /// False where it is certain that nobody wrote since this was asked last, or since the copy was
    /// made.
    pub async fn may_have_changed(&self) -> bool {
        match self.watch.lock().await.as_mut() {
            Some(watch) => watch.has_news().await,
            None => true,
        }
    }

    fn of(db: Db, clock: Clock, place: Place) -> Self {
        Self { db, clock, watch: tokio::sync::Mutex::new(None), place }
    }

    /// Closes the database; copies begin where it stood.
    pub async fn put_aside(self) -> PutAside {
        self.db.close().await;
        let kept = match self.place {
            Place::Lite(dir) => Kept::Lite(bytes_of(&dir)),
            Place::Pg(there) => Kept::Pg(there),
        };
        PutAside { kept, clock: self.clock }
    }
}

/// Returns once work that was begun is done, or waits for what another transaction holds. SQLite
/// has one writer, and whoever comes second waits in its line.
pub async fn until_held_up<T>(db: &Db, work: &JoinHandle<T>) {
    until_behind(db, work, 0).await;
}

/// The same while so many others wait already.
pub async fn until_behind<T>(db: &Db, work: &JoinHandle<T>, others: usize) {
    let waiting = "select pid from pg_stat_activity \
        where datname = current_database() and wait_event_type = 'Lock'";
    while !work.is_finished() {
        let waits = match db.writers_waiting() {
            Some(writers) => writers,
            None => {
                let mut tx = db.read().await.expect("reads");
                tx.all_text(waiting.to_owned().into(), &[]).await.expect("sessions").len()
            }
        };
        if waits > others {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// Every table that has a column of that name, in order.
pub async fn tables_with(db: &Db, column: &str) -> Vec<String> {
    let mut tx = db.read().await.expect("reads");
    let kind = tx.kind();
    let names = tx.all(super::dialect::tables(kind), &[]).await.expect("tables");
    let mut found = Vec::new();
    for row in &names {
        let table = row.text("name").expect("a name");
        let columns = super::dialect::columns(&mut tx, &table).await.expect("columns");
        if columns.iter().any(|one| one.name == column) {
            found.push(table);
        }
    }
    found
}

/// The columns of texts that every table has.
pub async fn text_columns(db: &Db) -> Vec<(String, String)> {
    let mut tx = db.read().await.expect("reads");
    let names = tx.all(super::dialect::tables(tx.kind()), &[]).await.expect("tables");
    let mut found = Vec::new();
    for row in &names {
        let table = row.text("name").expect("a name");
        let columns = super::dialect::columns(&mut tx, &table).await.expect("columns");
        let texts = columns.into_iter().filter(super::dialect::Column::is_text);
        found.extend(texts.map(|column| (table.clone(), column.name)));
    }
    found
}

/// Every text that is kept anywhere, with its table and column.
pub async fn every_text(db: &Db) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (table, column) in text_columns(db).await {
        let mut tx = db.read().await.expect("reads");
        let query = format!("select {column} as said from {table} where {column} is not null");
        let rows = tx.all_text(query.into(), &[]).await.expect("texts");
        let said = rows.iter().map(|row| row.text("said").expect("a text"));
        all.extend(said.map(|said| (format!("{table}.{column}"), said)));
    }
    all
}

/// Every row of a table as JSON, one a line: to look for what must not stand there.
pub async fn text_of(db: &Db, table: &str) -> String {
    let mut tx = db.read().await.expect("reads");
    let columns = super::dialect::columns(&mut tx, table).await.expect("columns");
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let text = format!("select {} from {table}", names.join(", "));
    let rows = tx.all_text(text.into(), &[]).await.expect("rows");
    let lines = rows.iter().map(|row| {
        let cells = columns.iter().map(|column| column.read(row).expect("a cell").to_string());
        cells.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl PutAside {
    /// A copy with a clock of its own.
    pub async fn copy(&self) -> TestDb {
        let clock = Clock::standing(self.clock.now());
        match &self.kept {
            Kept::Lite(bytes) => {
                let to = folder_with(bytes);
                let db = open_lite(&to).await;
                let watch = tokio::sync::Mutex::new(Some(Watch::of(&to).await));
                TestDb { db, clock, watch, place: Place::Lite(to) }
            }
            Kept::Pg(OnServer { base, name }) => {
                let copy = format!("{name}_{}", NEXT.fetch_add(1, Ordering::SeqCst));
                clone(base, &copy, name).await;
                let db = open_pg(base, &copy).await;
                TestDb::of(db, clock, Place::Pg(OnServer { base: base.clone(), name: copy }))
            }
        }
    }
}

async fn open_lite(dir: &tempfile::TempDir) -> Db {
    let path = dir.path().join("test.db").display().to_string();
    Db::open(&Address::Lite(path), Durability::Off).await.expect("sqlite opens")
}

async fn open_pg(base: &str, name: &str) -> Db {
    Db::open(&address(base, name), Durability::Full).await.expect("postgres opens")
}

/// Lets the file of an SQLite database grow by so many pages more, or as far as the disk goes.
pub async fn limit_pages(db: &Db, more: Option<i64>) {
    let mut tx = db.begin().await.expect("begins");
    let pages = match more {
        // The most that SQLite knows.
        None => 4_294_967_294,
        Some(more) => {
            let row = tx.one("pragma page_count", &[]).await.expect("counted");
            row.int("page_count").expect("a number") + more
        }
    };
    let text = format!("pragma max_page_count = {pages}");
    tx.all_text(text.into(), &[]).await.expect("is set");
    tx.commit().await.expect("kept");
}

/// Has the disk of an SQLite database say that so many bytes are free, or what is true again.
pub fn leave_room(db: &Db, bytes: Option<u64>) {
    let super::db::Engine::Lite(lite) = &db.engine else { panic!("no other disk is asked") };
    lite.disk.said.store(bytes.unwrap_or(super::disk::NOTHING_SAID), Ordering::SeqCst);
}

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A database without any tables.
pub async fn bare(engine: Engine) -> TestDb {
    let clock = Clock::standing(MONDAY);
    let Engine::Postgres = engine else {
        let dir = tempfile::tempdir().expect("a temporary folder");
        return TestDb::of(open_lite(&dir).await, clock, Place::Lite(dir));
    };
    let base = server();
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let name = format!("troika_bare_{}_{number}", std::process::id());
    admin(&base, &format!("create database {name} template template0 encoding 'UTF8'")).await;
    TestDb::of(open_pg(&base, &name).await, clock, Place::Pg(OnServer { base, name }))
}

/// A fresh migrated database.
pub async fn fresh(engine: Engine) -> TestDb {
    match engine {
        Engine::Sqlite => fresh_sqlite().await,
        Engine::Postgres => fresh_postgres().await,
    }
}

async fn fresh_sqlite() -> TestDb {
    let dir = folder_with(TEMPLATE_FILE.get_or_init(make_template_file).await);
    TestDb::of(open_lite(&dir).await, Clock::standing(MONDAY), Place::Lite(dir))
}

async fn make_template_file() -> Vec<u8> {
    let t = bare(Engine::Sqlite).await;
    migrations::migrate(&t.db, &t.clock).await.expect("migrations apply");
    t.db.close().await;
    let Place::Lite(dir) = &t.place else { panic!("it is SQLite that was asked for") };
    bytes_of(dir)
}

/// A closed database as bytes.
fn bytes_of(dir: &tempfile::TempDir) -> Vec<u8> {
    let log = dir.path().join("test.db-wal");
    assert!(!log.exists(), "the log was folded in when the database was closed");
    std::fs::read(dir.path().join("test.db")).expect("the file is read")
}

/// A folder of its own with such a database.
fn folder_with(bytes: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(dir.path().join("test.db"), bytes).expect("the file is written");
    dir
}

/// The PostgreSQL for tests.
pub fn server() -> String {
    std::env::var("TROIKA_TEST_PG")
        .expect("TROIKA_TEST_PG names a PostgreSQL for tests; ./test starts one")
}

async fn fresh_postgres() -> TestDb {
    let base = server();
    let template = TEMPLATE.get_or_init(|| make_template(base.clone())).await;
    let name = format!("{template}_{}", NEXT.fetch_add(1, Ordering::SeqCst));
    clone(&base, &name, template).await;
    let clock = Clock::standing(MONDAY);
    let db = open_pg(&base, &name).await;
    TestDb::of(db, clock, Place::Pg(OnServer { base, name }))
}

async fn make_template(base: String) -> String {
    let name = format!("troika_test_{}", std::process::id());
    admin(&base, &format!("create database {name} template template0 encoding 'UTF8'")).await;
    let db = open_pg(&base, &name).await;
    migrations::migrate(&db, &Clock::standing(MONDAY)).await.expect("migrations apply");
    db.close().await;
    name
}

fn address(base: &str, name: &str) -> Address {
    let (server, _) = base.rsplit_once('/').expect("postgres://host/name");
    Address::from_str(&format!("{server}/{name}")).expect("an address")
}

/// Makes databases and shuts them.
static ADMIN: LazyLock<Administrator> = LazyLock::new(Administrator::hired);
/// Deletes them, so that nobody who wants one waits for that.
static CLEANER: LazyLock<Administrator> = LazyLock::new(Administrator::hired);

/// A statement for a server, and whom to tell that it was done.
type Errand = (String, String, oneshot::Sender<()>);

/// A connection to the server that outlives the tests, each of which has a runtime of its own.
struct Administrator(mpsc::UnboundedSender<Errand>);

impl Administrator {
    fn hired() -> Self {
        let (sender, mut errands) = mpsc::unbounded_channel::<Errand>();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let mut connection = None;
                while let Some((base, statement, done)) = errands.recv().await {
                    let connection = match &mut connection {
                        Some(connection) => connection,
                        none => none.insert(connect(&base).await),
                    };
                    run(connection, &statement).await;
                    // Whoever gave up is told nothing.
                    let _ = done.send(());
                }
            });
        });
        Self(sender)
    }

    fn ask(&self, base: &str, statement: String) -> oneshot::Receiver<()> {
        let (done, told) = oneshot::channel();
        self.0.send((base.to_owned(), statement, done)).expect("the administrator is there");
        told
    }
}

async fn connect(base: &str) -> sqlx::PgConnection {
    use sqlx::Connection as _;
    sqlx::PgConnection::connect(base).await.expect("the test server answers")
}

async fn run(connection: &mut sqlx::PgConnection, statement: &str) {
    use sqlx::Executor as _;
    // Cloning a template waits for others that are cloning it.
    for attempt in 0.. {
        match connection.execute(sqlx::AssertSqlSafe(statement.to_owned())).await {
            Ok(_) => break,
            Err(_) if attempt < 50 => {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            Err(cause) => panic!("{statement}: {cause}"),
        }
    }
}

/// Sees to it that the server does something.
async fn admin(base: &str, statement: &str) {
    let told = ADMIN.ask(base, statement.to_owned());
    assert!(told.await.is_ok(), "{statement}: see above");
}

/// Copies a database. Through the server's files where it may be chosen: through its log, as is
/// done since PostgreSQL 15, takes twice as long.
async fn clone(base: &str, name: &str, template: &str) {
    static STRATEGY: OnceCell<&str> = OnceCell::const_new();
    let strategy = STRATEGY.get_or_init(async || {
        let is_chosen = "select current_setting('server_version_num')::int >= 150000";
        let answer = sqlx::query_scalar(is_chosen).fetch_one(&mut connect(base).await).await;
        if answer.expect("a version") { "strategy file_copy" } else { "" }
    });
    let strategy = strategy.await;
    admin(base, &format!("create database {name} template {template} {strategy}")).await;
}

/// Notes that a statement reached an engine, in a file beside the running tests. Tidy compares
/// it with every statement there is: one that no test runs on both databases fails. What an
/// earlier run noted is forgotten.
pub(super) fn note(kind: Kind, text: &'static str) {
    static FILE: LazyLock<File> = LazyLock::new(|| {
        let path = std::env::current_exe().expect("the tests have a path");
        let path = path.with_extension("statements");
        File::options().create(true).write(true).truncate(true).open(path).expect("the file opens")
    });
    static SEEN: LazyLock<Mutex<HashSet<(Kind, &'static str)>>> = LazyLock::new(Mutex::default);
    if SEEN.lock().expect("nobody panics while noting").insert((kind, text)) {
        let line = format!("{kind:?} {text:?}\n");
        (&*FILE).write_all(line.as_bytes()).expect("the file takes a line");
    }
}

/// Declares tests that run on SQLite and on PostgreSQL.
///
/// `both! { async fn a_rejection_needs_a_reason(t: TestDb) { … } }`
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($t:ident: TestDb) $body:block)+) => {$(
        async fn $name($t: $crate::storage::testing::TestDb) $body
        mod $name {
            use $crate::storage::testing::{Engine, fresh};
            $(#[$meta])*
            #[tokio::test]
            async fn sqlite() {
                super::$name(fresh(Engine::Sqlite).await).await;
            }
            $(#[$meta])*
            #[tokio::test]
            async fn postgres() {
                super::$name(fresh(Engine::Postgres).await).await;
            }
        }
    )+};
}
