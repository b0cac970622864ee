//! Files that would burst, given to the real program: each is refused with a reason, in time, and
//! the database is as before.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::{Home, found, run};

/// What the issue asks for; the reader ends itself or is ended by then.
const PATIENCE: Duration = Duration::from_secs(65);

/// So many bytes, made of a piece again and again, compressed.
fn packed(path: &Path, piece: &[u8], bytes: u64) {
    let file = BufWriter::new(File::create(path).expect("made"));
    let mut out = GzEncoder::new(file, Compression::fast());
    let block = piece.repeat((1 << 20) / piece.len());
    for _ in 0..bytes / block.len() as u64 {
        out.write_all(&block).expect("written");
    }
    out.finish().expect("ended").flush().expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_burst_are_refused_in_time_and_change_nothing() {
    let home = Home::sqlite();
    let db = home.open().await;
    found(&db).await;
    db.close().await;
    let cases: [(&str, &[u8], u64, &str); 4] = [
        ("cell.csv.gz", b"x", 1 << 30, "the cell is longer"),
        ("columns.csv.gz", b"a;", 1 << 30, "columns"),
        ("bomb.csv.gz", b"a;b\n", 3 << 29, "larger than 1024 MB"),
        ("cards.vcf.gz", b"BEGIN:VCARD\nNOTE:x\n", 3 << 29, "larger than 1024 MB"),
    ];
    for (name, piece, bytes, sentence) in cases {
        let path = home.folder().join(name);
        packed(&path, piece, bytes);
        let began = Instant::now();
        let list = path.display().to_string();
        let (is_well, said) = run(&["import", &list, "--database", &home.database]);
        println!("{name}: {:?}: {said}", began.elapsed());
        assert!(!is_well, "{name}: {said}");
        assert!(said.contains(sentence), "{name}: {said}");
        assert!(said.contains("Nothing was changed"), "{name}: {said}");
        assert!(began.elapsed() < PATIENCE, "{name}: {:?}", began.elapsed());
        fs::remove_file(&path).expect("gone");
    }
    let list = home.folder().join("list.csv");
    fs::write(&list, "Name;Phone\nFlax;8 495 963-76-77\n").expect("written");
    let list = list.display().to_string();
    let (is_well, said) = run(&["import", &list, "--database", &home.database]);
    assert!(is_well && said.contains("Import 1 is in the base"), "no number was taken: {said}");
}
