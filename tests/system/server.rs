//! The program over a database of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::str::FromStr as _;
use std::time::{Duration, Instant};

use troika::people::actions::{NewFirm, NewUser, add_team, add_user, found_firm, open_session};
use troika::people::{Role, Roles, session};
use troika::storage::{Act, Address, Db, Durability, migrations};
use troika::values::{Clock, Country, Currency, Lang, OrgId, UserId};

/// How long a start may take on a busy machine.
const START_SECONDS_MAX: u64 = 60;

/// How long an end may take: only a program that hangs takes longer.
const STOP_SECONDS_MAX: u64 = 30;

/// Where and when the program runs.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The address it listens on.
    pub listen: &'a str,
    /// How far its clock is ahead of the machine's.
    pub ahead: Duration,
}

/// The running program. It is killed when this goes.
pub struct Server {
    child: Child,
    log: tempfile::NamedTempFile,
    /// Where it serves: `http://127.0.0.1:40123`.
    pub origin: String,
}

impl Server {
    /// Starts it over a database and waits until it says where it serves.
    pub fn start(database: &str) -> Self {
        Self::start_with(database, &[])
    }

    /// The same with more flags.
    pub fn start_with(database: &str, more: &[&str]) -> Self {
        Self::start_in(database, Place { listen: "127.0.0.1:0", ahead: Duration::ZERO }, more)
    }

    /// The same at an address and by a clock of one's own.
    pub fn start_in(database: &str, place: Place<'_>, more: &[&str]) -> Self {
        let log = tempfile::NamedTempFile::new().expect("a file for the log");
        let stderr = log.reopen().expect("the log is written");
        let mut command = command_ahead(place.ahead);
        command.args(["serve", "--database", database, "--listen", place.listen]).args(more);
        Self::begin(command.stderr(stderr), log)
    }

    /// Starts it with a log that nobody reads.
    pub fn start_unheard(database: &str) -> Self {
        let log = tempfile::NamedTempFile::new().expect("a file for the log");
        let mut command = command();
        command.args(["serve", "--database", database, "--listen", "127.0.0.1:0"]);
        let mut server = Self::begin(command.env("TROIKA_LOG", "info").stderr(Stdio::piped()), log);
        drop(server.child.stderr.take());
        server
    }

    fn begin(command: &mut Command, log: tempfile::NamedTempFile) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let said = BufReader::new(child.stdout.take().expect("it has an output"));
        let began = Instant::now();
        let origin = said.lines().map_while(Result::ok).find_map(|line| {
            let at = line.find("http://")?;
            line[at..].split_whitespace().next().map(str::to_owned)
        });
        let origin = origin.expect("it says where it serves");
        assert!(began.elapsed() < Duration::from_secs(START_SECONDS_MAX), "a slow start");
        Self { child, log, origin }
    }

    /// What it has complained of so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log.path()).expect("the log is read")
    }

    /// Asks it to end as those who run programs do, and waits until it has.
    pub fn terminate(mut self) -> ExitStatus {
        let process = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &process]).status().expect("it is asked");
        assert!(asked.success(), "no such program: {process}");
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is looked at") {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(STOP_SECONDS_MAX), "it does not end");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Ends it as a power cut would: no signal handler runs, nothing is flushed.
    pub fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.kill().is_ok() && self.child.wait().is_err() {
            eprintln!("the program could not be waited for");
        }
    }
}

/// The program with nothing of our own surroundings but what it needs.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_troika"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TROIKA_")) {
        command.env_remove(name);
    }
    command.env("TROIKA_LOG", "warn");
    command
}

/// Debian's library that moves the clock of a program; `$LIB` is for the loader to fill in.
const FAKETIME: &str = "/usr/$LIB/faketime/libfaketimeMT.so.1";

/// The program by a clock so far ahead of the machine's.
fn command_ahead(ahead: Duration) -> Command {
    let mut command = command();
    if !ahead.is_zero() {
        // What is waited for goes by the machine's steady clock, which stays.
        command
            .env("LD_PRELOAD", FAKETIME)
            .env("FAKETIME", format!("+{}", ahead.as_secs()))
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
    command
}

/// What a command of the program says, and whether it ended well.
pub fn run(arguments: &[&str]) -> (bool, String) {
    run_ahead(Duration::ZERO, arguments)
}

/// The same by a clock so far ahead.
pub fn run_ahead(ahead: Duration, arguments: &[&str]) -> (bool, String) {
    let done = command_ahead(ahead).args(arguments).output().expect("the program runs");
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// A database of its own, gone with this value.
pub struct Home {
    /// As `--database` takes it.
    pub database: String,
    pub dir: tempfile::TempDir,
}

impl Home {
    /// An SQLite file in a folder of its own.
    pub fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let database = format!("sqlite:{}", dir.path().join("troika.db").display());
        Self { database, dir }
    }

    /// A database on the test server.
    pub async fn postgres(name: &str) -> Self {
        use sqlx::{Connection as _, Executor as _};
        let base = std::env::var("TROIKA_TEST_PG")
            .expect("TROIKA_TEST_PG names a PostgreSQL for tests; ./test starts one");
        let name = format!("troika_{name}_{}", std::process::id());
        let mut admin = sqlx::PgConnection::connect(&base).await.expect("the server answers");
        for statement in [
            format!("drop database if exists {name}"),
            format!("create database {name} template template0 encoding 'UTF8'"),
        ] {
            admin.execute(sqlx::AssertSqlSafe(statement)).await.expect("a database is made");
        }
        let (server, _) = base.rsplit_once('/').expect("postgres://host/name");
        let dir = tempfile::tempdir().expect("a temporary folder");
        Self { database: format!("{server}/{name}"), dir }
    }

    /// A folder for what a test leaves beside the database.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// The database, opened beside the program to look at what it holds.
    pub async fn open(&self) -> Db {
        let address = Address::from_str(&self.database).expect("an address");
        Db::open(&address, Durability::Full).await.expect("the database opens")
    }
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their login.
    pub login: &'static str,
    /// Their id.
    pub id: UserId,
    /// The session's secret.
    pub secret: String,
}

impl Person {
    /// The cookie of their session.
    pub fn cookie(&self) -> String {
        format!("{}={}", session::COOKIE, self.secret)
    }
    /// The token of their forms.
    pub fn csrf(&self) -> String {
        session::csrf(&self.secret)
    }
}

/// A firm founded in an empty database, with one person of each role signed in.
pub async fn found(db: &Db) -> (OrgId, Vec<Person>) {
    let clock = Clock::system();
    migrations::migrate(db, &clock).await.expect("migrations apply");
    let now = clock.now();
    let firm = NewFirm {
        name: "Лён и сыновья",
        zone: "Europe/Moscow",
        currency: Currency::Rub,
        lang: Lang::Ru,
        country: Country::RU,
        is_demo: false,
    };
    let org = found_firm(db, firm, now).await.expect("the firm is founded");
    let mut teams = Vec::new();
    for (name, tier) in [("Привлечение", 1), ("Продажи", 2), ("Обслуживание", 3)]
    {
        let act = Act::by_product(db, org, now, format!("team:{tier}"));
        teams.push(add_team(&act, name, tier).await.expect("a team"));
    }
    let mut people = Vec::new();
    for role in Role::ALL {
        let tier = match role {
            Role::Caller | Role::Head => Some(1),
            Role::Seller => Some(2),
            Role::Service => Some(3),
            _ => None,
        };
        let place = tier.and_then(|tier| usize::try_from(tier - 1).ok());
        let new = NewUser {
            login: role.code().to_owned(),
            name: format!("Имя {}", role.code()),
            alias: role.code().to_owned(),
            roles: Roles::of(&[role]),
            tier,
            team: place.map(|place| teams[place]),
            lang: Lang::Ru,
            password: None,
        };
        let act = Act::by_product(db, org, now, format!("user:{}", role.code()));
        let id = add_user(&act, new).await.expect("a person is hired");
        let secret = open_session(db, org, id, now).await.expect("a session").0;
        people.push(Person { login: role.code(), id, secret });
    }
    (org, people)
}
