//! Writes a made-up list of persons as CSV, with the number of each person behind, so that another
//! program can be tried on the very same rows:
//! `cargo run -p linkage --example persons -- 200000 1`.

use std::io::Write;

use linkage::trial::Persons;

fn main() -> std::io::Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|number| number.parse().ok());
    let rows: u32 = numbers.next().unwrap_or(1_000);
    let seed = numbers.next().unwrap_or(1);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let headings: Vec<String> = Persons::fields().into_iter().map(|field| field.name).collect();
    writeln!(out, "id,{},truth", headings.join(","))?;
    for (id, row) in Persons::new(u64::from(seed), rows).rows().enumerate() {
        // No cell of these lists has a comma or a quote in it.
        writeln!(out, "{id},{},{}", row.cells.join(","), row.truth)?;
    }
    out.flush()
}
