//! Measures the linking of a made-up list, without the making of it:
//! `cargo run --release -p linkage --example measure -- sales 200000 1`.

use linkage::link::{Settings, Table, link};
use linkage::trial::{Companies, Origin, Persons, of_clusters, of_pairs};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: u32| {
        words.get(at).and_then(|word| word.parse().ok()).unwrap_or(usual)
    };
    let (rows, seed, threads) = (number(1, 10_000), number(2, 1), number(3, 2));
    let seed = u64::from(seed);
    let (mut table, mut truth) = (Table::default(), Vec::new());
    let what = words.first().map_or("sales", String::as_str);
    let fields = if what == "persons" {
        for row in Persons::new(seed, rows).rows() {
            table.extend(row.cells);
            truth.push(row.truth);
        }
        Persons::fields()
    } else {
        let origin = if what == "sales" { Origin::Sales } else { Origin::Catalogue };
        let (places, fields): (Vec<usize>, Vec<_>) = Companies::fields().into_iter().unzip();
        for row in Companies::of(origin, seed, rows).rows() {
            table.extend(places.iter().map(|place| &row.cells[*place]));
            truth.push(row.truth);
        }
        fields
    };
    let settings = Settings { threads: threads as usize, report_from: 0.1, ..Settings::default() };
    let (begun, before, made) = (std::time::Instant::now(), processor_seconds(), memory());
    let linked = link(&fields, &[table], &settings);
    let (wall, processor) = (begun.elapsed().as_secs_f64(), processor_seconds() - before);
    let clusters = of_clusters(&linked.clusters, &truth, None);
    let found = |from: f64| {
        let pairs = linked.pairs.iter().filter(move |pair| pair.probability >= from);
        of_pairs(pairs.map(|pair| (pair.a, pair.b)), &truth, None)
    };
    let auto = found(linked.auto_from.unwrap_or(1.1));
    println!(
        "{what} {rows}/{seed}: pairs {} F1 {:.5} {:.5} auto {:.4} {:.4} from {:.4}; {wall:.2} s, \
         {processor:.2} cpu, {made} -> {} MB",
        linked.compared,
        found(linked.threshold).f1(),
        clusters.f1(),
        auto.precision(),
        auto.recall(),
        linked.auto_from.unwrap_or(1.1),
        memory(),
    );
}

/// Seconds that all threads have worked.
fn processor_seconds() -> f64 {
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
