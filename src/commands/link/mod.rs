//! `troika link`: which rows of any CSV stand for the same thing, without a database.

mod decided;
pub mod lists;
mod out;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::thread;

use clap::Args;
use linkage::link::{Field, Linked, Settings, Table, link};
use serde::Serialize;

use super::Answer;
use crate::values::Clock;
use lists::{Chosen, List};
use out::Sheet;

/// What `link` takes.
#[derive(Debug, Args)]
pub struct Link {
    /// One CSV file to find duplicates in, or two to link across
    #[arg(required = true, num_args = 1..=2, value_names = ["A.csv", "B.csv"])]
    files: Vec<PathBuf>,
    /// The column whose value names a row; no two rows of a file have the same
    #[arg(long, value_name = "COL")]
    id: String,
    /// A column to compare rows by, and what it holds: company-name, person-name, text, address,
    /// city, postcode, phone, email, domain, tax-id, date, number or category
    #[arg(long = "field", value_name = "COL:KIND", required = true)]
    fields: Vec<String>,
    /// Where the cluster of each row is written: source, id, cluster
    #[arg(long, value_name = "clusters.csv")]
    out: PathBuf,
    /// Where pairs that may be the same are written: `source_a`, `id_a`, `source_b`, `id_b`,
    /// probability
    #[arg(long, value_name = "pairs.csv")]
    pairs: Option<PathBuf>,
    /// Pairs somebody has decided: a CSV with `id_a`, `id_b` and `same` (yes or no); `source_a` and
    /// `source_b` as in pairs.csv may stand beside them
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// From which probability on rows are put together, 0 to 1
    #[arg(long, value_name = "P")]
    threshold: Option<String>,
    /// Across two files: a row is at most one row of the other file
    #[arg(long)]
    one_to_one: bool,
    /// What parts the cells, where it is guessed wrongly
    #[arg(long, value_name = "CHAR")]
    delimiter: Option<char>,
    /// The encoding of the files, where it is guessed wrongly
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The same seed gives the same answer
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads to work with; as many as there are cores where it is not said
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print figures as JSON instead of a sentence
    #[arg(long)]
    json: bool,
}

/// What a run did.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Rows of all files.
    pub rows: usize,
    /// Pairs that were compared.
    pub pairs_compared: u64,
    /// Pairs probable enough to be reported.
    pub pairs: usize,
    /// Clusters, rows alone among them.
    pub clusters: u32,
    /// From which probability on rows were put together.
    pub threshold: f64,
    /// From the start of reading until everything is written.
    pub seconds: f64,
    /// The most memory the program held, in megabytes; nothing where the system does not tell.
    pub peak_memory_mb: Option<u64>,
}

impl Link {
    /// Runs it.
    pub fn run(self) -> Answer {
        let clock = Clock::system();
        let begun = clock.now();
        let mut figures =
            self.work().map_err(|problem| format!("{problem}; nothing was written"))?;
        figures.seconds = (clock.now().ms() - begun.ms()) as f64 / 1_000.0;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&figures).map_err(|e| e.to_string())?);
            return Ok(());
        }
        let memory = figures.peak_memory_mb.map(|mb| format!(", {mb} MB")).unwrap_or_default();
        println!(
            "{} rows are {} clusters from probability {:.3} on; {} pairs compared, {:.2} s{memory}",
            figures.rows,
            figures.clusters,
            figures.threshold,
            figures.pairs_compared,
            figures.seconds,
        );
        Ok(())
    }

    fn work(&self) -> Result<Figures, String> {
        let threshold = self.threshold.as_deref().map(probability).transpose()?;
        let fields = lists::fields(&self.fields)?;
        if self.one_to_one && self.files.len() == 1 {
            return Err("--one-to-one needs two files".to_owned());
        }
        self.keep_inputs()?;
        let chosen = Chosen {
            id: self.id.clone(),
            fields,
            delimiter: self.delimiter,
            encoding: self.encoding.clone(),
        };
        let mut lists = Vec::new();
        for file in &self.files {
            lists.push(List::read(file, &chosen)?);
        }
        lists::tell_apart(&mut lists, &self.files);
        let labels = match &self.labels {
            Some(file) => decided::read(file, &lists)?,
            None => Vec::new(),
        };
        // Whether one may write is found out before the work, not after it.
        let clusters = Sheet::begin(&self.out)?;
        let pairs = self.pairs.as_deref().map(Sheet::begin).transpose()?;
        let settings = Settings {
            threshold,
            labels,
            seed: self.seed,
            threads: self.threads.unwrap_or_else(cores).max(1),
            one_to_one: self.one_to_one,
            ..Settings::default()
        };
        let linked = linked(&chosen.fields, &mut lists, &settings);
        out::write(&lists, &linked, clusters, pairs)?;
        Ok(figures(&linked))
    }

    /// No file is written over one that is read, nor two over one another.
    fn keep_inputs(&self) -> Result<(), String> {
        let whole = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
        let mut taken: Vec<PathBuf> = self.files.iter().chain(&self.labels).map(whole).collect();
        for path in std::iter::once(&self.out).chain(&self.pairs) {
            if taken.contains(&whole(path)) {
                return Err(format!("{} is named twice; choose another name", path.display()));
            }
            taken.push(whole(path));
        }
        Ok(())
    }
}

/// Cores there are; one where the system does not tell.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Links lists. What their cells said is given up: only their ids are needed afterwards.
pub fn linked(fields: &[Field], lists: &mut [List], settings: &Settings) -> Linked {
    let tables: Vec<Table> = lists.iter_mut().map(|list| std::mem::take(&mut list.table)).collect();
    link(fields, &tables, settings)
}

fn figures(linked: &Linked) -> Figures {
    Figures {
        rows: linked.clusters.len(),
        pairs_compared: linked.compared,
        pairs: linked.pairs.len(),
        clusters: linked.clusters.iter().max().map_or(0, |last| last + 1),
        threshold: linked.threshold,
        seconds: 0.0,
        peak_memory_mb: peak_memory_mb(),
    }
}

/// The most memory this process has held, in megabytes, where the system tells it.
pub fn peak_memory_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1_024)
}

fn probability(text: &str) -> Result<f64, String> {
    let found: Option<f64> = text.trim().replace(',', ".").parse().ok();
    found
        .filter(|p| (0.0..=1.0).contains(p))
        .ok_or_else(|| format!("--threshold: {text:?} is no number from 0 to 1"))
}
