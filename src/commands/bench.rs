//! `troika bench`: a firm at size, how long its pages, its scores, its rounds and its queue take,
//! and how well and how fast lists are linked.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::settings::Chosen;
use super::{Answer, open, told};
use crate::bench::leases::{self, Load};
use crate::bench::links::{self, Outcome, Wanted};
use crate::bench::load;
use crate::bench::pages::{self, Times};
use crate::bench::pay;
use crate::bench::rounds;
use crate::bench::scores;
use crate::people::actions;
use crate::storage::{Db, Durability, migrations};
use crate::values::{Clock, HOUR_MS};

/// What `bench` takes.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a firm with its history in an empty database
    Load {
        /// Companies of the base
        #[arg(long, default_value_t = 100_000)]
        companies: usize,
        /// Events in all, give or take a few of a hundred
        #[arg(long, default_value_t = 1_000_000)]
        events: i64,
        /// The same seed on the same day gives the same firm
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Ask each page of a loaded firm and print its times
    Pages {
        /// Requests of each page
        #[arg(long, default_value_t = 100)]
        runs: usize,
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
        /// End with 1 when a page's 95th percentile is above so many milliseconds
        #[arg(long, value_name = "MS")]
        max_ms: Option<f64>,
    },
    /// Score every company of a loaded firm anew, as the worker does
    Scores {
        /// Print JSON instead of a sentence
        #[arg(long)]
        json: bool,
    },
    /// Compute all pay of a loaded firm anew, and hold every line of its ledger against it
    Pay {
        /// Print JSON instead of a sentence
        #[arg(long)]
        json: bool,
    },
    /// Start a round of checks over a loaded and scored firm and print how long it takes to fill,
    /// to show, and to get from card to card
    Rounds {
        /// Requests of each page, and cards
        #[arg(long, default_value_t = 100)]
        runs: usize,
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Lease the companies of an empty database's new campaign to many agents at once
    Leases {
        /// Agents at once
        #[arg(long, default_value_t = 64)]
        agents: usize,
        /// Leases in all
        #[arg(long, default_value_t = 20_000)]
        leases: i64,
        /// Companies to call
        #[arg(long, default_value_t = 100_000)]
        companies: usize,
        /// Ask for so many a second; without it each agent asks as soon as they can
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        rate: Option<u32>,
        /// Print JSON instead of a sentence
        #[arg(long)]
        json: bool,
    },
    /// Write a made-up, messy list of companies as CSV, to import it or to link it
    List {
        /// The file to write
        file: PathBuf,
        /// Its rows
        #[arg(long, default_value_t = 1_000_000)]
        rows: u32,
        /// The same seed gives the same list
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Link lists whose truth is known and print how right and how fast that was
    Link {
        /// A folder with `er-febrl` and `er-abt-buy`; without it only made-up lists are linked
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// Rows of the made-up list of companies; 0 for none
        #[arg(long, default_value_t = 10_000)]
        companies: u32,
        /// Rows of a made-up list of another kind, which nothing was chosen by; 0 for none
        #[arg(long, default_value_t = 0)]
        catalogue: u32,
        /// Records of made-up persons; 0 for none
        #[arg(long, default_value_t = 0)]
        persons: u32,
        /// The same seed gives the same lists
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Threads to work with; as many as there are cores where it is not said
        #[arg(long, value_name = "N")]
        threads: Option<usize>,
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
}

impl Bench {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        match self.command {
            Verb::Load { companies, events, seed } => {
                load(chosen, load::Size { companies, events, seed }).await
            }
            Verb::Pages { runs, json, max_ms } => time_pages(chosen, runs, (json, max_ms)).await,
            Verb::Scores { json } => time_scores(chosen, json).await,
            Verb::Pay { json } => time_pay(chosen, json).await,
            Verb::Rounds { runs, json } => time_rounds(chosen, runs, json).await,
            Verb::Leases { agents, leases, companies, rate, json } => {
                time_leases(chosen, Load { leases, agents, companies, rate }, json).await
            }
            Verb::List { file, rows, seed } => list(&file, rows, seed),
            Verb::Link { data, companies, catalogue, persons, seed, threads, json } => {
                let folder = data.as_deref();
                link(Wanted { folder, companies, catalogue, persons, seed, threads }, json)
            }
        }
    }
}

/// A list of companies with what is wrong in real ones, and how many firms are behind it.
fn list(path: &Path, rows: u32, seed: u64) -> Answer {
    let wrong = |cause: &dyn Display| format!("{}: {cause}", path.display());
    let companies = linkage::trial::Companies::new(seed, rows);
    let mut out = csv::Writer::from_path(path).map_err(|cause| wrong(&cause))?;
    let headings = linkage::trial::Companies::headings();
    out.write_record(headings).map_err(|cause| wrong(&cause))?;
    for row in companies.rows() {
        out.write_record(&row.cells).map_err(|cause| wrong(&cause))?;
    }
    out.flush().map_err(|cause| wrong(&cause))?;
    println!("{} rows of {} firms are in {}.", rows, companies.firms(), path.display());
    Ok(())
}

/// An empty database; what is made there can be made again, so the disk is not waited for.
async fn empty(chosen: &Chosen, durability: Durability) -> Result<Db, String> {
    let db = Db::open(&chosen.database, durability).await.map_err(told)?;
    migrations::migrate(&db, &Clock::system()).await.map_err(told)?;
    if actions::first_firm(&db).await.map_err(told)?.is_some() {
        return Err("the database holds a firm already; nothing was changed; \
                    choose an empty one with --database"
            .to_owned());
    }
    Ok(db)
}

async fn load(chosen: &Chosen, size: load::Size) -> Answer {
    let db = empty(chosen, Durability::Off).await?;
    let clock = Clock::system();
    let begun = clock.now();
    let loaded = load::fill(&db, size, clock.now()).await.map_err(told)?;
    db.refresh_statistics().await.map_err(told)?;
    db.close().await;
    println!(
        "{} companies, {} events, {} calls, {} letters, {} hand-offs, {} lines of pay in {} s; \
         the history stops at {}.",
        size.companies,
        loaded.events,
        loaded.calls,
        loaded.letters,
        loaded.handoffs,
        loaded.entries,
        (clock.now().ms() - begun.ms()) / 1_000,
        loaded.present.rfc3339(),
    );
    Ok(())
}

async fn time_pages(
    chosen: &Chosen,
    runs: usize,
    (is_json, max_ms): (bool, Option<f64>),
) -> Answer {
    let db = open(&chosen.database).await?;
    db.refresh_statistics().await.map_err(told)?;
    let all = pages::measure(&db, runs).await.map_err(told)?;
    db.close().await;
    if is_json {
        println!("{}", serde_json::to_string_pretty(&all).map_err(|cause| cause.to_string())?);
    } else {
        print_table(&all);
    }
    if let Some(page) = all.iter().find(|page| page.status >= 400) {
        return Err(format!("{} answered {}", page.what, page.status));
    }
    match all.iter().find(|page| max_ms.is_some_and(|max| page.p95_ms > max)) {
        Some(page) => Err(format!("{} takes {:.0} ms at p95", page.what, page.p95_ms)),
        None => Ok(()),
    }
}

fn print_table(all: &[Times]) {
    println!(
        "{:<38} {:<10} {:>4} {:>8} {:>9} {:>8} {:>8} {:>8}",
        "page", "who", "", "bytes", "first ms", "p50 ms", "p95 ms", "max ms"
    );
    for page in all {
        println!(
            "{:<38} {:<10} {:>4} {:>8} {:>9.1} {:>8.1} {:>8.1} {:>8.1}",
            page.what,
            page.login,
            page.status,
            page.bytes,
            page.first_ms,
            page.p50_ms,
            page.p95_ms,
            page.max_ms
        );
    }
}

async fn time_scores(chosen: &Chosen, is_json: bool) -> Answer {
    let db = open(&chosen.database).await?;
    migrations::migrate(&db, &Clock::system()).await.map_err(told)?;
    db.refresh_statistics().await.map_err(told)?;
    let passed = scores::measure(&db, &Clock::system()).await.map_err(told)?;
    db.close().await;
    if is_json {
        println!("{}", serde_json::to_string_pretty(&passed).map_err(|cause| cause.to_string())?);
        return Ok(());
    }
    println!(
        "{} companies in {} steps and {:.1} s: {:.0} a second; the longest step took {:.0} ms, \
         the last one with the sums {:.0} ms; at most {} MB.",
        passed.companies,
        passed.steps,
        passed.seconds,
        passed.companies as f64 / passed.seconds,
        passed.step_ms_max,
        passed.last_step_ms,
        passed.peak_memory_mb.map_or("-".to_owned(), |mb| mb.to_string()),
    );
    Ok(())
}

async fn time_pay(chosen: &Chosen, is_json: bool) -> Answer {
    let db = open(&chosen.database).await?;
    migrations::migrate(&db, &Clock::system()).await.map_err(told)?;
    let done = pay::measure(&db, &Clock::system()).await.map_err(told)?;
    db.close().await;
    if is_json {
        println!("{}", serde_json::to_string_pretty(&done).map_err(|cause| cause.to_string())?);
    } else {
        println!(
            "{} events of {} people read in {:.1} s, {} credits computed in {:.1} s: {:.0} events \
             a second; {} lines held against them in {:.1} s, {} differences; at most {} MB.",
            done.events,
            done.people,
            done.read_seconds,
            done.credits,
            done.compute_seconds,
            done.events_a_second,
            done.lines,
            done.check_seconds,
            done.differences,
            done.peak_memory_mb.map_or("-".to_owned(), |mb| mb.to_string()),
        );
    }
    match done.differences {
        0 => Ok(()),
        count => Err(format!("{count} credits do not stand where they should")),
    }
}

async fn time_rounds(chosen: &Chosen, runs: usize, is_json: bool) -> Answer {
    let db = open(&chosen.database).await?;
    db.refresh_statistics().await.map_err(told)?;
    let done = rounds::measure(&db, runs).await.map_err(told)?;
    db.close().await;
    if is_json {
        println!("{}", serde_json::to_string_pretty(&done).map_err(|cause| cause.to_string())?);
        return Ok(());
    }
    println!(
        "A round of {} companies was filled in {} steps and {:.1} s.",
        done.companies, done.steps, done.fill_seconds
    );
    print_table(&done.times);
    Ok(())
}

/// Leases with the disk as careful as in earnest: a lease that was told survives a power cut.
async fn time_leases(chosen: &Chosen, load: Load, is_json: bool) -> Answer {
    let db = empty(chosen, Durability::Full).await?;
    // The firm calls at noon in Moscow, whatever the hour of the measurement.
    let now = Clock::system().now();
    let noon = now.plus_ms(9 * HOUR_MS - now.ms() % (24 * HOUR_MS));
    let done = leases::run(&db, &Clock::standing(noon), load).await.map_err(told)?;
    db.close().await;
    if is_json {
        println!("{}", serde_json::to_string_pretty(&done).map_err(|cause| cause.to_string())?);
    } else {
        println!(
            "{} leases by {} agents over {} companies: {} a second, p50 {:.1} ms, p99 {:.1} ms, \
             doubles {}; the leads were made in {} ms.",
            done.leases,
            load.agents,
            load.companies,
            done.per_second(),
            done.p50_ms,
            done.p99_ms,
            done.doubles,
            done.launch_ms,
        );
    }
    if done.doubles > 0 {
        return Err(format!("{} leads were held by two", done.doubles));
    }
    Ok(())
}

/// Links lists with known truth; nothing is read from or written to a database.
fn link(wanted: Wanted, is_json: bool) -> Answer {
    if !is_json {
        println!(
            "{:<28} {:>9} {:>11} {:>8} {:>29} {:>29} {:>8} {:>9} {:>8}",
            "set",
            "rows",
            "compared",
            "blocked",
            "pairs: precision, recall, F1",
            "clusters: the same",
            "seconds",
            "rows/s",
            "peak MB"
        );
    }
    let results = links::measure(wanted, |result| {
        if !is_json {
            print_linked(result);
        }
    })?;
    if is_json {
        println!("{}", serde_json::to_string_pretty(&results).map_err(|e| e.to_string())?);
    }
    Ok(())
}

fn print_linked(result: &Outcome) {
    let three = |p: f64, r: f64, f1: f64| format!("{p:.4}  {r:.4}  {f1:.4}");
    let blocked = result.pair_completeness.map_or("-".to_owned(), |share| format!("{share:.4}"));
    let memory = result.peak_memory_mb.map_or("-".to_owned(), |mb| mb.to_string());
    println!(
        "{:<28} {:>9} {:>11} {:>8} {:>29} {:>29} {:>8.2} {:>9.0} {:>8}",
        result.set,
        result.rows,
        result.compared,
        blocked,
        three(result.pair_precision, result.pair_recall, result.pair_f1),
        three(result.cluster_precision, result.cluster_recall, result.cluster_f1),
        result.seconds,
        result.rows_per_second,
        memory,
    );
    if let (Some(from), Some(precision), Some(recall)) =
        (result.auto_from, result.auto_precision, result.auto_recall)
    {
        println!(
            "    without a look, from {from:.4} on: precision {precision:.4}, recall {recall:.4}; \
             for people: {} pairs",
            result.review_pairs
        );
        let told = result.calibration.iter().filter(|said| said.pairs > 0);
        let told = told.map(|said| format!("{:.3} is {:.3}", said.said, said.is));
        println!("    said and true: {}", told.collect::<Vec<_>>().join(", "));
    }
}
