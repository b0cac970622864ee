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

use tokio::sync::OnceCell;

use super::dialect::Kind;
use super::{Address, Db, Durability, migrations};
use crate::values::{Clock, Instant};

/// Monday 2 November 2026, 10:00 in Moscow.
pub const MONDAY: Instant = Instant(1_793_602_800_000);

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A migrated database and what keeps it alive.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// A clock standing at [`MONDAY`].
    pub clock: Clock,
    _dir: Option<tempfile::TempDir>,
}

/// Which engine a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A fresh migrated database.
pub async fn fresh(engine: Engine) -> TestDb {
    match engine {
        Engine::Sqlite => fresh_sqlite().await,
        Engine::Postgres => fresh_postgres().await,
    }
}

async fn fresh_sqlite() -> TestDb {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("test.db").display().to_string();
    let clock = Clock::standing(MONDAY);
    let db = Db::open(&Address::Lite(path), Durability::Off).await.expect("sqlite opens");
    migrations::migrate(&db, &clock).await.expect("migrations apply");
    TestDb { db, clock, _dir: Some(dir) }
}

async fn fresh_postgres() -> TestDb {
    let base = std::env::var("TROIKA_TEST_PG")
        .expect("TROIKA_TEST_PG names a PostgreSQL for tests; ./test starts one");
    let template = TEMPLATE.get_or_init(|| make_template(base.clone())).await;
    let name = format!("{template}_{}", NEXT.fetch_add(1, Ordering::SeqCst));
    admin(&base, &format!("create database {name} template {template}")).await;
    let clock = Clock::standing(MONDAY);
    let db = Db::open(&address(&base, &name), Durability::Full).await.expect("postgres opens");
    TestDb { db, clock, _dir: None }
}

async fn make_template(base: String) -> String {
    let name = format!("troika_test_{}", std::process::id());
    admin(&base, &format!("create database {name} template template0 encoding 'UTF8'")).await;
    let db = Db::open(&address(&base, &name), Durability::Full).await.expect("postgres opens");
    migrations::migrate(&db, &Clock::standing(MONDAY)).await.expect("migrations apply");
    db.close().await;
    name
}

fn address(base: &str, name: &str) -> Address {
    let (server, _) = base.rsplit_once('/').expect("postgres://host/name");
    Address::from_str(&format!("{server}/{name}")).expect("an address")
}

async fn admin(base: &str, statement: &str) {
    use sqlx::{Connection as _, Executor as _};
    let mut connection = sqlx::PgConnection::connect(base).await.expect("the test server answers");
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
    connection.close().await.expect("the connection closes");
}

/// Notes that a statement reached an engine, in a file beside the running tests. Tidy compares
/// it with every statement there is: one that no test runs on both databases fails.
pub(super) fn note(kind: Kind, text: &'static str) {
    static FILE: LazyLock<File> = LazyLock::new(|| {
        let path = std::env::current_exe().expect("the tests have a path");
        let path = path.with_extension("statements");
        File::options().create(true).append(true).open(path).expect("the file opens")
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
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(fresh(Engine::Sqlite).await).await;
            }
            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(fresh(Engine::Postgres).await).await;
            }
        }
    )+};
}
