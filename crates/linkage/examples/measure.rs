//! Measures the library on made-up lists, without the making of them. Built with `--release`:
//!
//! - `cargo run -p linkage --example measure -- sales 200000 1` links a list (`sales`, `catalogue`
//!   or `persons`, rows, seed, threads);
//! - `… -- normalise 200000` makes comparable values of the cells of a sales list and nothing else,
//!   `… -- read 200000` puts its rows in order before and numbers the values after, as linking
//!   begins, both with one thread;
//! - `… -- one 1000000` asks an index of so many rows about 20,000 new ones, one by one.
#![expect(clippy::disallowed_methods, reason = "this is the rig that measures")]

use std::hash::{Hash, Hasher};
use std::time::Instant;

use linkage::duplicates::{Index, Record};
use linkage::link::{Cells, Field, Linked, Settings, Table, link, read_only};
use linkage::normalise::{email, name, tax_id, web_domain};
use linkage::trial::{Companies, Origin, Persons, of_clusters, of_pairs};

/// New rows that an index is asked about.
const ASKED: usize = 20_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |at: usize, usual: u32| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(usual);
    let (rows, seed) = (number(1, 10_000), number(2, 1));
    match words.first().map_or("sales", String::as_str) {
        "normalise" => normalise(rows, seed),
        "read" => read(rows, seed),
        "one" => one(rows, seed),
        what => linked(what, rows, seed, number(3, 2) as usize),
    }
}

/// A list: its fields, its cells, and the number of each row's thing.
fn list(what: &str, rows: u32, seed: u32) -> (Vec<Field>, Table, Vec<u32>) {
    let (mut table, mut truth) = (Table::default(), Vec::new());
    if what == "persons" {
        for row in Persons::new(u64::from(seed), rows).rows() {
            table.extend(row.cells);
            truth.push(row.truth);
        }
        return (Persons::fields(), table, truth);
    }
    let origin = if what == "catalogue" { Origin::Catalogue } else { Origin::Sales };
    let (places, fields): (Vec<usize>, Vec<_>) = Companies::fields().into_iter().unzip();
    for row in Companies::of(origin, u64::from(seed), rows).rows() {
        table.extend(places.iter().map(|place| &row.cells[*place]));
        truth.push(row.truth);
    }
    (fields, table, truth)
}

fn linked(what: &str, rows: u32, seed: u32, threads: usize) {
    let (fields, table, truth) = list(what, rows, seed);
    let settings = Settings { threads, report_from: 0.1, ..Settings::default() };
    let (begun, before, made) = (Instant::now(), seconds_worked(), memory());
    let linked = link(&fields, &[table], &settings);
    let (wall, processor) = (begun.elapsed().as_secs_f64(), seconds_worked() - before);
    let most = memory();
    let clusters = of_clusters(&linked.clusters, &truth, None);
    let found = |from: f64| {
        let pairs = linked.pairs.iter().filter(move |pair| pair.probability >= from);
        of_pairs(pairs.map(|pair| (pair.a, pair.b)), &truth, None)
    };
    let auto = found(linked.auto_from.unwrap_or(1.1));
    println!(
        "{what} {rows}/{seed}: {} pairs, F1 {:.5} {:.5}, sure {:.4} {:.4} from {:.4}; {wall:.2} s, \
         {processor:.2} of processors, {made} -> {most} MB, answer {:016x}",
        linked.compared,
        found(linked.threshold).f1(),
        clusters.f1(),
        auto.precision(),
        auto.recall(),
        linked.auto_from.unwrap_or(1.1),
        answer(&linked),
    );
}

/// A number for all that was found: another one wherever a bit of it is another.
fn answer(linked: &Linked) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    for pair in &linked.pairs {
        (pair.a, pair.b, pair.probability.to_bits()).hash(&mut hasher);
    }
    (&linked.clusters, linked.compared, linked.threshold.to_bits()).hash(&mut hasher);
    (linked.auto_from.map(f64::to_bits), linked.crowded_keys, linked.narrowed).hash(&mut hasher);
    hasher.finish()
}

fn normalise(rows: u32, seed: u32) {
    let (fields, table, _) = list("sales", rows, seed);
    let cells = Cells::new(&fields, &table);
    let before = seconds_worked();
    let values = cells.normalise();
    say_pace("normalise", (rows, seed), values, seconds_worked() - before);
}

fn read(rows: u32, seed: u32) {
    let (fields, table, _) = list("sales", rows, seed);
    let before = seconds_worked();
    let values = read_only(&fields, &[table], 1);
    say_pace("read", (rows, seed), values, seconds_worked() - before);
}

fn say_pace(what: &str, (rows, seed): (u32, u32), values: usize, seconds: f64) {
    println!(
        "{what} {rows}/{seed}: {values} values, {seconds:.2} s of a processor, {:.0} rows a second",
        f64::from(rows) / seconds
    );
}

fn one(rows: u32, seed: u32) {
    let place = |heading| Companies::headings().iter().position(|known| *known == heading);
    let places = ["name", "inn", "phone", "email", "site", "city"].map(place);
    let list = Companies::new(u64::from(seed), rows + ASKED as u32);
    let records = list.rows().zip(0..).map(|(row, id)| {
        let cell = |at: usize| places[at].map_or("", |place| row.cells[place].trim());
        record(id, [cell(0), cell(1), cell(2), cell(3), cell(4), cell(5)])
    });
    let (mut index, mut times, mut found) = (Index::new(), Vec::new(), 0);
    for record in records {
        if index.len() < rows as usize {
            index.add(&record);
            continue;
        }
        let begun = Instant::now();
        found += index.find(&record).len();
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "one among {rows}/{seed}: {:.3} ms in the middle, {:.3} ms for 99 in 100, {:.3} ms at \
         most; {found} found, {} MB",
        at(0.5),
        at(0.99),
        at(1.0),
        memory()
    );
}

/// A row as the product hands it over; telephones by a shorter rule.
fn record(id: u64, [title, inn, phone, mail, site, city]: [&str; 6]) -> Record {
    let numbers = phone.split([',', ';', '/']).filter_map(|part| {
        let digits: String = part.chars().filter(char::is_ascii_digit).collect();
        let tail = digits.len().checked_sub(10)?;
        Some(format!("+7{}", &digits[tail..]))
    });
    let (id_as_given, repaired) = match tax_id(inn) {
        Ok(found) => (Some(found), None),
        Err(problem) => (None, problem.repaired()),
    };
    Record {
        id,
        name: name(title),
        tax_id: id_as_given.or(repaired),
        tax_id_repaired: repaired.is_some(),
        branch: None,
        phones: numbers.collect(),
        emails: email(mail).into_iter().collect(),
        domain: web_domain(site).ok(),
        city: (!city.is_empty()).then(|| city.to_owned()),
    }
}

/// Seconds that all threads have worked.
fn seconds_worked() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let words = after.split_whitespace().skip(11).take(2);
    words.filter_map(|word| word.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The most megabytes held so far.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0_u64) / 1_024
}
