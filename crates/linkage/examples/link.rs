//! Measures linking on a list with known truth.
//!
//! `cargo run --release -p linkage --example link -- [OPTIONS] A.csv [B.csv] COLUMN:KIND…`
//! Options: `--truth COLUMN` (rows of one value are the same; of an id such as `rec-7-dup-0` the
//! number counts), `--pairs FILE` (truth as two columns of `id`s), `--delimiter C`, `--labels N`
//! (so many blocked pairs are told), `--one-to-one`, `--threads N`, `--threshold P`, `--repeat N`.

use std::collections::{HashMap, HashSet};

use linkage::link::{Field, Kind, Linker, Settings, Table};

#[derive(Default)]
struct Options {
    files: Vec<String>,
    fields: Vec<(String, Kind)>,
    truth: String,
    pairs: Option<String>,
    delimiter: char,
    labels: usize,
    settings: Settings,
    misses: usize,
}

fn kind(word: &str) -> Option<Kind> {
    Some(match word {
        "company-name" => Kind::CompanyName,
        "person-name" => Kind::PersonName,
        "text" => Kind::Text,
        "address" => Kind::Address,
        "city" => Kind::City,
        "postcode" => Kind::Postcode,
        "phone" => Kind::Phone,
        "email" => Kind::Email,
        "domain" => Kind::Domain,
        "tax-id" => Kind::TaxId,
        "date" => Kind::Date,
        "number" => Kind::Number,
        "category" => Kind::Category,
        _ => return None,
    })
}

fn options() -> Options {
    let mut options = Options { truth: "rec_id".to_owned(), delimiter: ',', ..Options::default() };
    options.settings.threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_default();
        match word.as_str() {
            "--truth" => options.truth = value(),
            "--pairs" => options.pairs = Some(value()),
            "--delimiter" => options.delimiter = value().chars().next().unwrap_or(','),
            "--labels" => options.labels = value().parse().unwrap_or(0),
            "--misses" => options.misses = value().parse().unwrap_or(0),
            "--threads" => options.settings.threads = value().parse().unwrap_or(1),
            "--threshold" => options.settings.threshold = value().parse().ok(),
            "--one-to-one" => options.settings.one_to_one = true,
            _ => match word.rsplit_once(':').and_then(|(name, k)| Some((name, kind(k)?))) {
                Some((name, kind)) => options.fields.push((name.to_owned(), kind)),
                None => options.files.push(word),
            },
        }
    }
    options
}

/// Records of a delimited text; quotes may hold delimiters and line breaks.
fn records(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            '\r' if !quoted => {}
            _ if letter == delimiter && !quoted => record.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            _ => cell.push(letter),
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        records.push(record);
    }
    records
}

/// Peak resident memory in megabytes, where the system tells it.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<usize>().ok()).unwrap_or(0) / 1024
}

struct Score {
    precision: f64,
    recall: f64,
    f1: f64,
}

fn score(right: f64, found: f64, wanted: f64) -> Score {
    let (precision, recall) = (right / found.max(1.0), right / wanted.max(1.0));
    Score { precision, recall, f1: 2.0 * right / (found + wanted).max(1.0) }
}

/// What is known of the rows: groups by one column, or pairs across two files.
enum Truth {
    Groups(Vec<String>),
    Pairs(HashSet<(u32, u32)>),
}

impl Truth {
    fn same(&self, a: u32, b: u32) -> bool {
        match self {
            Self::Groups(groups) => groups[a as usize] == groups[b as usize],
            Self::Pairs(pairs) => pairs.contains(&(a, b)),
        }
    }

    fn wanted(&self, first: Option<u32>) -> f64 {
        match self {
            Self::Pairs(pairs) => pairs.len() as f64,
            Self::Groups(groups) => pairs_within(groups, first),
        }
    }
}

/// Pairs of rows that have the same value, across the files if there are two.
fn pairs_within<T: std::hash::Hash + Eq>(groups: &[T], first: Option<u32>) -> f64 {
    let mut counts: HashMap<&T, (f64, f64)> = HashMap::new();
    for (row, group) in groups.iter().enumerate() {
        let count = counts.entry(group).or_default();
        if first.is_some_and(|first| row as u32 >= first) { count.1 += 1.0 } else { count.0 += 1.0 }
    }
    counts.values().map(|(a, b)| if first.is_some() { a * b } else { a * (a - 1.0) / 2.0 }).sum()
}

fn main() -> Result<(), String> {
    let mut options = options();
    let mut tables = Vec::new();
    let mut truth = Vec::new();
    let mut ids: Vec<HashMap<String, u32>> = Vec::new();
    let mut rows = 0_u32;
    let mut first = None;
    for file in &options.files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let records = records(&text, options.delimiter);
        drop(text);
        let heads = records.first().cloned().unwrap_or_default();
        let heads: Vec<&str> = heads.iter().map(|head| head.trim()).collect();
        let find = |name: &str| {
            heads.iter().position(|head| *head == name).ok_or(format!("{file}: no column {name}"))
        };
        let places =
            options.fields.iter().map(|(name, _)| find(name)).collect::<Result<Vec<_>, _>>()?;
        let id = find(&options.truth)?;
        let mut table = Table::default();
        let mut mine = HashMap::new();
        for record in records.into_iter().skip(1) {
            let cell = |at: usize| record.get(at).map_or("", |cell| cell.trim()).to_owned();
            table.cells.extend(places.iter().map(|at| cell(*at)));
            let group = cell(id);
            mine.insert(group.clone(), rows);
            truth.push(match group.strip_prefix("rec-") {
                Some(rest) => rest.split('-').next().unwrap_or("").to_owned(),
                None => group,
            });
            rows += 1;
        }
        first = if tables.is_empty() && options.files.len() > 1 { Some(rows) } else { first };
        tables.push(table);
        ids.push(mine);
    }
    let truth = match &options.pairs {
        None => Truth::Groups(truth),
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
            let pairs = records(&text, options.delimiter).into_iter().skip(1).filter_map(|pair| {
                let one = ids.first()?.get(pair.first()?.trim())?;
                Some((*one, *ids.last()?.get(pair.get(1)?.trim())?))
            });
            Truth::Pairs(pairs.collect())
        }
    };
    let fields: Vec<Field> = options
        .fields
        .iter()
        .map(|(name, kind)| Field { name: name.clone(), kind: *kind })
        .collect();
    if options.labels > 0 {
        let asked = Settings { report_from: 0.01, ..options.settings.clone() };
        let found = Linker::new(&fields, &tables, &asked).linked();
        let together = |pair: &&linkage::link::Pair| {
            found.clusters[pair.a as usize] == found.clusters[pair.b as usize]
        };
        type Half<'a> = Vec<&'a linkage::link::Pair>;
        let (joined, apart): (Half, Half) = found.pairs.iter().partition(together);
        for half in [joined, apart] {
            let step = (half.len() / (options.labels / 2)).max(1);
            let told = half.iter().step_by(step).take(options.labels / 2);
            options.settings.labels.extend(told.map(|p| (p.a, p.b, truth.same(p.a, p.b))));
        }
    }
    measure(&options, &fields, &tables, &truth, first);
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a measuring rig looks at the clock")]
fn measure(
    options: &Options,
    fields: &[Field],
    tables: &[Table],
    truth: &Truth,
    first: Option<u32>,
) {
    let start = std::time::Instant::now();
    let linker = Linker::new(fields, tables, &options.settings);
    let found = linker.linked();
    let seconds = start.elapsed().as_secs_f64();
    let wanted = truth.wanted(first);
    let right = found.pairs.iter().filter(|pair| truth.same(pair.a, pair.b)).count() as f64;
    let pairs = score(right, found.pairs.len() as f64, wanted);
    let rows = found.clusters.len();
    let mut members: HashMap<u32, Vec<u32>> = HashMap::new();
    for (row, cluster) in found.clusters.iter().enumerate() {
        members.entry(*cluster).or_default().push(row as u32);
    }
    let (mut right, mut all) = (0.0, 0.0);
    for rows in members.values() {
        for (at, a) in rows.iter().enumerate() {
            for b in &rows[at + 1..] {
                if first.is_none_or(|first| (*a < first) != (*b < first)) {
                    all += 1.0;
                    right += f64::from(u8::from(truth.same(*a, *b)));
                }
            }
        }
    }
    let clusters = score(right, all, wanted);
    show_misses(options, &linker, &found.clusters, truth);
    println!(
        "rows {rows} compared {} ({:.1} per row, {} crowded, {} narrowed) truth {wanted}",
        found.compared,
        found.compared as f64 / rows as f64,
        found.crowded_keys,
        found.narrowed
    );
    for (what, score) in [("pairs", pairs), ("clusters", clusters)] {
        let Score { precision, recall, f1 } = score;
        println!("{what:8} precision {precision:.5} recall {recall:.5} F1 {f1:.5}");
    }
    println!(
        "seconds {seconds:.3} rows/s {:.0} peak {} MB threshold {:.3}",
        rows as f64 / seconds,
        peak(),
        found.threshold
    );
}

/// Prints some pairs that were wrongly parted or joined, with what each field said.
fn show_misses(options: &Options, linker: &Linker, clusters: &[u32], truth: &Truth) {
    let Truth::Groups(groups) = truth else { return };
    let mut rows: HashMap<&str, Vec<u32>> = HashMap::new();
    for (row, group) in groups.iter().enumerate() {
        rows.entry(group).or_default().push(row as u32);
    }
    let mut together: HashMap<u32, Vec<u32>> = HashMap::new();
    for (row, cluster) in clusters.iter().enumerate() {
        together.entry(*cluster).or_default().push(row as u32);
    }
    let pairs = |rows: &[u32]| -> Vec<(u32, u32)> {
        rows.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let parted = rows.values().flat_map(|rows| pairs(rows));
    let parted = parted.filter(|(a, b)| clusters[*a as usize] != clusters[*b as usize]);
    let joined = together.values().flat_map(|rows| pairs(rows));
    let joined = joined.filter(|(a, b)| groups[*a as usize] != groups[*b as usize]);
    let show = |what: &str, (a, b): (u32, u32)| {
        let Some(why) = linker.explain(a, b) else { return };
        println!("-- {what} {:.3} {:+.1}", why.probability, why.together_bits);
        for reason in why.reasons.iter().filter(|reason| reason.code != "unknown") {
            let (code, bits) = (reason.code, reason.bits);
            println!("   {code:16} {bits:+6.1}  {} | {}", reason.left, reason.right);
        }
    };
    parted.take(options.misses).for_each(|pair| show("parted", pair));
    joined.take(options.misses).for_each(|pair| show("joined", pair));
}
