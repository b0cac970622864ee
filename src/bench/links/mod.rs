//! How well and how fast lists are linked: sets with known truth that research uses, and made-up
//! lists of companies and persons.

mod sets;
#[cfg(test)]
mod tests;

use std::path::Path;

use linkage::link::{Field, Linked, Pair, Settings, Table, link};
use linkage::trial::{Companies, Origin, Persons, Score, of_clusters, of_pairs};
use serde::Serialize;

use crate::commands::link::{cores, peak_memory_mb};
use crate::values::Clock;

/// Up to so many rows every compared pair is looked at, to tell how complete blocking is.
const LOOKED_AT_MAX: usize = 20_000;
/// Pairs that are decided for a set that is linked with labels.
const LABELS: usize = 200;
/// Pairs of a smaller probability are not even looked at by a person.
const REVIEW_FROM: f64 = 0.1;
/// Limits between probabilities whose pairs are counted together.
const SAID: [f64; 9] = [0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98, 0.995, 1.01];
/// In so many rounds: each asks about the pairs that are least certain after the one before.
const ROUNDS: usize = 4;

/// Lists with their truth.
pub(super) struct Trial {
    what: String,
    fields: Vec<Field>,
    tables: Vec<Table>,
    /// The number of each row's thing.
    truth: Vec<u32>,
    one_to_one: bool,
    /// Reading the files took so long, in seconds.
    reading: f64,
}

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The folder that holds `er-febrl` and `er-abt-buy`.
    pub folder: Option<&'a Path>,
    /// Rows of the made-up list of companies; none for nought.
    pub companies: u32,
    /// Rows of the made-up list that nothing was chosen by; none for nought.
    pub catalogue: u32,
    /// Records of made-up persons; none for nought.
    pub persons: u32,
    /// Seed of the made-up lists.
    pub seed: u64,
    /// Threads to work with.
    pub threads: Option<usize>,
}

/// How a list was linked.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The set.
    pub set: String,
    /// Rows of all its lists.
    pub rows: usize,
    /// Pairs that were compared.
    pub compared: u64,
    /// Share of the true pairs that were compared and not ruled out; only for small sets.
    pub pair_completeness: Option<f64>,
    /// Of the pairs at or above the threshold, those that are right.
    pub pair_precision: f64,
    /// Of the true pairs, those at or above the threshold.
    pub pair_recall: f64,
    /// Their harmonic mean.
    pub pair_f1: f64,
    /// Of the pairs that stand in one cluster, those that are right.
    pub cluster_precision: f64,
    /// Of the true pairs, those that stand in one cluster.
    pub cluster_recall: f64,
    /// Their harmonic mean.
    pub cluster_f1: f64,
    /// From which probability on pairs may be taken without a look, where there is such a band.
    pub auto_from: Option<f64>,
    /// Of the pairs of that band, those that are right.
    pub auto_precision: Option<f64>,
    /// Of the true pairs, those of that band.
    pub auto_recall: Option<f64>,
    /// Pairs between that band and 0.1, for people to look at.
    pub review_pairs: usize,
    /// How right the probabilities are.
    pub calibration: Vec<Said>,
    /// Reading, where there are files, and linking.
    pub seconds: f64,
    /// Rows in a second.
    pub rows_per_second: f64,
    /// The most memory held so far, the lists of the bench and the sets before among it.
    pub peak_memory_mb: Option<u64>,
}

/// Pairs of about one probability.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// The least probability of these pairs; the next begins where they end.
    pub from: f64,
    /// How many there are.
    pub pairs: usize,
    /// Their probability on average.
    pub said: f64,
    /// The share of them that are the same.
    pub is: f64,
}

/// Measures everything that is wanted, each set told as soon as it is done.
pub fn measure(wanted: Wanted, mut tell: impl FnMut(&Outcome)) -> Result<Vec<Outcome>, String> {
    let threads = wanted.threads.unwrap_or_else(cores).max(1);
    let mut results = Vec::new();
    let mut done = |result: Outcome| {
        tell(&result);
        results.push(result);
    };
    if let Some(folder) = wanted.folder {
        for number in 1..=4 {
            done(one(&sets::febrl(folder, number)?, &[], threads));
        }
        let mut products = sets::abt_buy(folder)?;
        done(one(&products, &[], threads));
        let labels = ask(&products, threads);
        products.what = format!("{} with {} labels", products.what, labels.len());
        done(one(&products, &labels, threads));
    }
    if wanted.persons > 0 {
        done(one(&persons(wanted.seed, wanted.persons), &[], threads));
    }
    if wanted.companies > 0 {
        done(one(&companies(Origin::Sales, wanted.seed, wanted.companies), &[], threads));
    }
    if wanted.catalogue > 0 {
        done(one(&companies(Origin::Catalogue, wanted.seed, wanted.catalogue), &[], threads));
    }
    Ok(results)
}

fn companies(origin: Origin, seed: u64, rows: u32) -> Trial {
    let list = Companies::of(origin, seed, rows);
    let (places, fields): (Vec<usize>, Vec<Field>) = Companies::fields().into_iter().unzip();
    let mut table = Table::default();
    let mut truth = Vec::new();
    for row in list.rows() {
        table.extend(places.iter().map(|place| &row.cells[*place]));
        truth.push(row.truth);
    }
    let what = match origin {
        Origin::Sales => "companies",
        Origin::Catalogue => "companies of catalogues",
    };
    made_up(format!("{what}, seed {seed}"), fields, table, truth)
}

fn persons(seed: u64, rows: u32) -> Trial {
    let mut table = Table::default();
    let mut truth = Vec::new();
    for row in Persons::new(seed, rows).rows() {
        table.extend(row.cells);
        truth.push(row.truth);
    }
    made_up(format!("persons, seed {seed}"), Persons::fields(), table, truth)
}

fn made_up(what: String, fields: Vec<Field>, table: Table, truth: Vec<u32>) -> Trial {
    Trial { what, fields, tables: vec![table], truth, one_to_one: false, reading: 0.0 }
}

impl Trial {
    /// The first row of the second list, where there are two.
    fn second(&self) -> Option<u32> {
        let first = self.tables.first().map_or(0, |table| table.rows(self.fields.len()));
        (self.tables.len() > 1).then_some(first as u32)
    }

    fn settings(&self, labels: &[(u32, u32, bool)], threads: usize) -> Settings {
        Settings {
            labels: labels.to_vec(),
            threads,
            one_to_one: self.one_to_one,
            ..Settings::default()
        }
    }

    fn same(&self, a: u32, b: u32) -> bool {
        self.truth[a as usize] == self.truth[b as usize]
    }
}

/// Links a set and judges it. Pairs that were decided are left out of the judgement of pairs.
fn one(trial: &Trial, labels: &[(u32, u32, bool)], threads: usize) -> Outcome {
    let clock = Clock::system();
    let settings = Settings { report_from: REVIEW_FROM, ..trial.settings(labels, threads) };
    let begun = clock.now();
    let linked = link(&trial.fields, &trial.tables, &settings);
    let seconds = (clock.now().ms() - begun.ms()).max(1) as f64 / 1_000.0 + trial.reading;
    let peak_memory_mb = peak_memory_mb();
    let rows = trial.truth.len();
    let pairs = judged(trial, &linked, linked.threshold, labels);
    let auto = linked.auto_from.map(|from| judged(trial, &linked, from, labels));
    let is_auto = |probability: f64| linked.auto_from.is_some_and(|from| probability >= from);
    let clusters = of_clusters(&linked.clusters, &trial.truth, trial.second());
    Outcome {
        set: trial.what.clone(),
        rows,
        compared: linked.compared,
        pair_completeness: (rows <= LOOKED_AT_MAX).then(|| completeness(trial, &settings)),
        pair_precision: pairs.precision(),
        pair_recall: pairs.recall(),
        pair_f1: pairs.f1(),
        cluster_precision: clusters.precision(),
        cluster_recall: clusters.recall(),
        cluster_f1: clusters.f1(),
        auto_from: linked.auto_from,
        auto_precision: auto.map(Score::precision),
        auto_recall: auto.map(Score::recall),
        review_pairs: linked.pairs.iter().filter(|pair| !is_auto(pair.probability)).count(),
        calibration: calibration(trial, &linked),
        seconds,
        rows_per_second: rows as f64 / seconds,
        peak_memory_mb,
    }
}

fn judged(trial: &Trial, linked: &Linked, from: f64, labels: &[(u32, u32, bool)]) -> Score {
    let told: std::collections::HashSet<(u32, u32)> =
        labels.iter().map(|(a, b, _)| (*a.min(b), *a.max(b))).collect();
    let sure = linked.pairs.iter().filter(|pair| pair.probability >= from);
    let pairs = sure.map(|pair| (pair.a.min(pair.b), pair.a.max(pair.b)));
    let mut score =
        of_pairs(pairs.filter(|pair| !told.contains(pair)), &trial.truth, trial.second());
    score.wanted -= told.iter().filter(|(a, b)| trial.same(*a, *b)).count() as u64;
    score
}

/// Pairs by what was said of them, and what they are.
fn calibration(trial: &Trial, linked: &Linked) -> Vec<Said> {
    let mut all = Vec::new();
    for limits in SAID.windows(2) {
        let among = |pair: &&Pair| (limits[0]..limits[1]).contains(&pair.probability);
        let pairs: Vec<&Pair> = linked.pairs.iter().filter(among).collect();
        let count = pairs.len().max(1) as f64;
        let right = pairs.iter().filter(|pair| trial.same(pair.a, pair.b)).count();
        all.push(Said {
            from: limits[0],
            pairs: pairs.len(),
            said: pairs.iter().map(|pair| pair.probability).sum::<f64>() / count,
            is: right as f64 / count,
        });
    }
    all
}

/// Links once more and looks at every pair that was compared and not ruled out.
fn completeness(trial: &Trial, settings: &Settings) -> f64 {
    let all = Settings { report_from: 0.0, labels: Vec::new(), ..settings.clone() };
    let linked = link(&trial.fields, &trial.tables, &all);
    let pairs = linked.pairs.iter().map(|pair| (pair.a, pair.b));
    of_pairs(pairs, &trial.truth, trial.second()).recall()
}

/// Decides pairs by the truth, round by round those that are least certain.
fn ask(trial: &Trial, threads: usize) -> Vec<(u32, u32, bool)> {
    let mut labels: Vec<(u32, u32, bool)> = Vec::new();
    for _ in 0..ROUNDS {
        let settings = Settings { report_from: 0.0, ..trial.settings(&labels, threads) };
        let linked = link(&trial.fields, &trial.tables, &settings);
        let mut open = linked.pairs;
        open.retain(|pair| !labels.iter().any(|(a, b, _)| (*a, *b) == (pair.a, pair.b)));
        let doubt = |probability: f64| (probability - linked.threshold).abs();
        open.sort_by(|one, other| doubt(one.probability).total_cmp(&doubt(other.probability)));
        let asked = open.iter().take(LABELS / ROUNDS);
        labels.extend(asked.map(|pair| (pair.a, pair.b, trial.same(pair.a, pair.b))));
    }
    labels
}
