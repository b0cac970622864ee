//! The commands: what an operator types. Each says what it did, or what went wrong, what is safe
//! and what to do, and ends with a status a script can trust.

mod backup;
mod base;
mod bench;
mod check;
mod demo;
mod firm;
mod jobs;
pub mod link;
mod read_list;
mod serve;
mod settings;
mod telephony;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::imports::reader;
use crate::storage::{Address, Db, Durability, migrations};
use crate::values::{Clock, Error, OrgId};
use settings::Chosen;

/// Multi-level B2B sales and client service.
#[derive(Debug, Parser)]
#[command(name = "troika", version, about, arg_required_else_help = true)]
struct Line {
    #[command(flatten)]
    settings: settings::Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the product over a database
    Serve(Box<serve::Serve>),
    /// Make a fictional firm with ninety days of history and serve it on loopback
    Demo(demo::Demo),
    /// Bring a database to this version
    Migrate,
    /// Bring a file of companies into the base
    Import(base::Import),
    /// Verify the invariants of a database; ends with 1 and a list when one is broken
    Check,
    /// List the jobs that failed too often to be tried again by themselves, and retry them
    Jobs(jobs::Jobs),
    /// Write everything to one file that `restore` understands
    Backup(backup::Backup),
    /// Fill an empty database from a backup
    Restore(backup::Restore),
    /// Add people, shut them out, make links and tokens
    User(user::User),
    /// Say what holds of the firm, and change the country of its telephone numbers
    Firm(firm::Firm),
    /// Find which rows of any CSV stand for the same thing; no database is needed
    Link(link::Link),
    /// Measure: a firm at size with its pages and its queue, and the linking of lists
    Bench(bench::Bench),
    /// Write companies, leads or events as CSV, and what a round or a file found as XLSX or PDF
    Export(base::Export),
    /// Read the file on the standard input; the product starts this for itself
    #[command(name = reader::COMMAND, hide = true)]
    ReadList(read_list::ReadList),
}

/// What a command answers: text for the operator when it did not work.
type Answer = Result<(), String>;

/// Reads the command line and runs it.
pub fn run() -> ExitCode {
    let line = Line::parse();
    if let Command::ReadList(read) = &line.command {
        return read.run();
    }
    if let Ok(program) = std::env::current_exe() {
        reader::read_in(program);
    }
    if matches!(line.command, Command::Demo(_))
        && let Err(problem) = line.settings.check_unsaid()
    {
        return failed(&problem);
    }
    let chosen = match settings::choose(&line.settings) {
        Ok(chosen) => chosen,
        Err(problem) => return failed(&problem),
    };
    start_log(matches!(line.command, Command::Demo(_)));
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(cause) => return failed(&format!("the runtime does not start: {cause}")),
    };
    match runtime.block_on(dispatch(line.command, chosen)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => failed(&problem),
    }
}

async fn dispatch(command: Command, chosen: Chosen) -> Answer {
    match command {
        Command::Serve(serve) => serve.run(&chosen).await,
        Command::Demo(demo) => demo.run().await,
        Command::Migrate => migrate(&chosen).await,
        Command::Import(import) => import.run(&chosen).await,
        Command::Check => check::run(&chosen).await,
        Command::Jobs(jobs) => jobs.run(&chosen).await,
        Command::Backup(backup) => backup.run(&chosen).await,
        Command::Restore(restore) => restore.run(&chosen).await,
        Command::User(user) => user.run(&chosen).await,
        Command::Firm(firm) => firm.run(&chosen).await,
        Command::Link(link) => link.run(),
        Command::Bench(bench) => bench.run(&chosen).await,
        Command::Export(export) => export.run(&chosen).await,
        Command::ReadList(_) => Err("a file is read before anything else starts".to_owned()),
    }
}

/// What a demo tells where nothing else is asked for.
const DEMO_LOG: &str = "info,sqlx=off";

fn failed(problem: &str) -> ExitCode {
    eprintln!("troika: {problem}");
    ExitCode::FAILURE
}

/// Tells what happens as `TROIKA_LOG` says. A demo is for who looks at it, and a statement that
/// took long while it was made is none of theirs.
fn start_log(is_demo: bool) {
    let usual = if is_demo { DEMO_LOG } else { "info" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("TROIKA_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    // A log that cannot be written is no reason to break: nobody would hear of it there, either.
    let told = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false);
    // A second start in one process keeps the first log.
    let _ = told.try_init();
}

/// The sentence of an error for an operator.
fn told(error: Error) -> String {
    match error {
        Error::Failure(cause) | Error::Crossed(cause) => cause,
        Error::Full(cause) => format!(
            "the disk is full; nothing of this was written, and what stood before stands; make \
             room and do it again ({cause})"
        ),
        Error::Invalid(fields) => {
            let ui = crate::web::Ui::anonymous(crate::values::Lang::En, crate::values::Instant(0));
            let told = |(name, problem)| format!("{name}: {}", ui.problem(problem));
            fields.0.iter().map(told).collect::<Vec<String>>().join("; ")
        }
        other => crate::web::errors::sentence(crate::values::Lang::En, &other),
    }
}

/// Opens a database that must be there already: a mistyped path makes no new one.
async fn open_kept(address: &Address) -> Result<Db, String> {
    if let Some(file) = address.missing_file() {
        let place = file.display();
        return Err(format!(
            "there is no database at {place}; nothing was changed; see --database"
        ));
    }
    let db = open_as_is(address).await?;
    let (found, known) =
        (migrations::found_version(&db).await.map_err(told)?, migrations::version());
    if found < known {
        db.close().await;
        return Err(format!(
            "the database is at version {found} and this program at {known}; nothing was changed; \
             `troika migrate` brings it there, once no older program serves it"
        ));
    }
    Ok(db)
}

/// Opens a database and brings it to this version.
async fn open(address: &Address) -> Result<Db, String> {
    let db = open_as_is(address).await?;
    migrations::migrate(&db, &Clock::system()).await.map_err(told)?;
    Ok(db)
}

/// Opens a database at whatever version it is.
async fn open_as_is(address: &Address) -> Result<Db, String> {
    Db::open(address, Durability::Full).await.map_err(|error| {
        format!("the database cannot be opened: {}; nothing was changed", told(error))
    })
}

/// The firm of a database.
async fn firm(db: &Db) -> Result<OrgId, String> {
    crate::people::actions::first_firm(db)
        .await
        .map_err(told)?
        .ok_or_else(|| "the database holds no firm yet; `troika user add` founds one".to_owned())
}

async fn migrate(chosen: &Chosen) -> Answer {
    let db = open_as_is(&chosen.database).await?;
    let done = migrations::migrate(&db, &Clock::system()).await.map_err(told)?;
    db.close().await;
    if done.from == done.to {
        println!("The database is at version {} already.", done.to);
    } else {
        println!("The database went from version {} to {}.", done.from, done.to);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

    /// Counts what gets through.
    struct Heard(std::sync::Arc<std::sync::atomic::AtomicUsize>);

    impl<S: tracing::Subscriber> Layer<S> for Heard {
        fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
            self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    }

    #[test]
    fn a_demo_tells_no_statement_and_all_else() {
        for (usual, expected) in [("info", 2), (super::DEMO_LOG, 1)] {
            let count = std::sync::Arc::default();
            let filter = tracing_subscriber::EnvFilter::new(usual);
            let told = tracing_subscriber::registry()
                .with(Heard(std::sync::Arc::clone(&count)).with_filter(filter));
            tracing::subscriber::with_default(told, || {
                tracing::warn!(target: "sqlx::query", "slow statement");
                tracing::info!(target: "troika", "serving");
            });
            assert_eq!(count.load(std::sync::atomic::Ordering::SeqCst), expected, "{usual}");
        }
    }
}
