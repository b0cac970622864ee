//! Files that would burst, given to the real program: each is refused with a reason, in time and
//! within its memory, and the database is as before.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::server::{Home, command, found, run};

/// What the issue asks for; the reader ends itself or is ended by then.
const PATIENCE: Duration = Duration::from_secs(65);
/// Memory that the command and its reader may take, each, in MB.
const MEMORY_MB: u64 = 256;
/// Names of the formats of a workbook.
const FORMATS: &str = "http://schemas.openxmlformats.org";

/// Every workbook's parts besides its sheet and its strings.
fn book_parts() -> [(&'static str, String); 4] {
    let package = format!("{FORMATS}/package/2006");
    let document = format!("{FORMATS}/officeDocument/2006/relationships");
    let ties = |all: &str| {
        format!(r#"<Relationships xmlns="{package}/relationships">{all}</Relationships>"#)
    };
    let tie = |id, kind, target| {
        format!(r#"<Relationship Id="{id}" Type="{document}/{kind}" Target="{target}"/>"#)
    };
    let sheet = tie("r1", "worksheet", "worksheets/sheet1.xml");
    let strings = tie("r2", "sharedStrings", "sharedStrings.xml");
    [
        ("[Content_Types].xml", format!(r#"<Types xmlns="{package}/content-types"/>"#)),
        ("_rels/.rels", ties(&tie("r1", "officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", ties(&(sheet + &strings))),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{FORMATS}/spreadsheetml/2006/main\" xmlns:r=\"{document}\">\
                 <sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
    ]
}

/// Writes a piece until there are so many bytes.
fn fill(out: &mut impl Write, piece: &[u8], bytes: u64) {
    if piece.is_empty() {
        return;
    }
    let block = piece.repeat(((1 << 20) / piece.len()).max(1));
    for _ in 0..bytes / block.len() as u64 {
        out.write_all(&block).expect("written");
    }
}

/// So many bytes, made of a piece again and again, compressed.
fn packed(path: &Path, piece: &[u8], bytes: u64) {
    let file = BufWriter::new(File::create(path).expect("made"));
    let mut out = GzEncoder::new(file, Compression::fast());
    fill(&mut out, piece, bytes);
    out.finish().expect("ended").flush().expect("written");
}

type Archive = ZipWriter<BufWriter<File>>;

fn begin(archive: &mut Archive, name: &str) {
    archive.start_file(name, SimpleFileOptions::default()).expect("begun");
}

fn archive(path: &Path) -> Archive {
    ZipWriter::new(BufWriter::new(File::create(path).expect("made")))
}

/// A workbook whose sheet, or whose strings, are a piece again and again.
fn book(path: &Path, (sheet, strings): ((&str, u64), (&str, u64))) {
    let mut out = archive(path);
    let main = format!("{FORMATS}/spreadsheetml/2006/main");
    let (head, opening) =
        (format!("<worksheet xmlns=\"{main}\"><sheetData>"), format!("<sst xmlns=\"{main}\">"));
    for (name, text) in book_parts() {
        begin(&mut out, name);
        out.write_all(text.as_bytes()).expect("written");
    }
    for (name, head, (piece, bytes), end) in [
        ("xl/worksheets/sheet1.xml", head, sheet, "</sheetData></worksheet>"),
        ("xl/sharedStrings.xml", opening, strings, "</sst>"),
    ] {
        begin(&mut out, name);
        out.write_all(head.as_bytes()).expect("written");
        fill(&mut out, piece.as_bytes(), bytes);
        out.write_all(end.as_bytes()).expect("written");
    }
    out.finish().expect("ended").flush().expect("written");
}

/// An archive in an archive in an archive.
fn nested(path: &Path) {
    let mut inner = b"a;b\n".to_vec();
    for name in ["list.csv", "inner.zip", "middle.zip"] {
        let mut out = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        out.start_file(name, SimpleFileOptions::default()).expect("begun");
        out.write_all(&inner).expect("written");
        let mut whole = out.finish().expect("ended");
        whole.rewind().expect("from the first byte");
        inner.clear();
        whole.read_to_end(&mut inner).expect("read");
    }
    fs::write(path, inner).expect("written");
}

/// The most memory that a process and those it started have taken, in MB.
fn peak_mb(process: u32) -> u64 {
    let of = |process: &str| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
        number.unwrap_or(0) >> 10
    };
    let mut all = vec![process.to_string()];
    for task in fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten() {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        all.extend(children.split_whitespace().map(str::to_owned));
    }
    all.iter().map(|process| of(process)).max().unwrap_or(0)
}

/// What a command says, how long it took, and its memory as it was seen every 20 ms.
fn measured(arguments: &[&str]) -> (bool, String, Duration, u64) {
    let began = Instant::now();
    let mut child = command()
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut most = 0;
    while child.try_wait().expect("is asked").is_none() {
        most = most.max(peak_mb(child.id()));
        std::thread::sleep(Duration::from_millis(20));
    }
    let done = child.wait_with_output().expect("it ended");
    let said = [done.stdout, done.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (done.status.success(), said, began.elapsed(), most)
}

type Make = fn(&Path);

/// A workbook of one string, a million random letters, which each of ten thousand rows names.
fn echo(path: &Path) {
    let mut state = 7_u64;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'a' + u8::try_from((state >> 33) % 26).expect("a letter"))
    };
    let word: String = (0..1_000_000).map(|_| letter()).collect();
    let string = format!("<si><t>{word}</t></si>");
    let rows = "<row spans=\"1:16384\"><c s=\"0\" t=\"s\"><v>0</v></c></row>".repeat(10_000);
    book(path, ((&rows, rows.len() as u64), (&string, string.len() as u64)));
}

/// What bursts, how it is made, and what is said of it.
const BOMBS: [(&str, Make, &str); 10] = [
    ("cell.csv.gz", |path| packed(path, b"x", 1 << 30), "the cell is longer"),
    ("columns.csv.gz", |path| packed(path, b"a;", 1 << 30), "columns"),
    ("rows.csv.gz", |path| packed(path, b"a;b\n", 3 << 29), "larger than 1024 MB"),
    ("cards.vcf.gz", |path| packed(path, b"BEGIN:VCARD\nNOTE:x\n", 3 << 29), "larger than 1024 MB"),
    ("nested.zip", nested, "another archive"),
    (
        "sheet.xlsx",
        |path| book(path, (("<row><c><v>1</v></c></row>", 3 << 29), ("", 0))),
        "larger than 1024 MB",
    ),
    (
        "strings.xlsx",
        |path| {
            book(
                path,
                (("<row><c t=\"s\"><v>0</v></c></row>", 1 << 20), ("<si><t>x</t></si>", 900 << 20)),
            )
        },
        "more than 256 MB of memory",
    ),
    (
        "far.xlsx",
        |path| book(path, (("<row><c r=\"XFD1\"><v>1</v></c></row>", 200 << 20), ("", 0))),
        "More than 200 columns",
    ),
    ("echo.xlsx", echo, "even compressed"),
    ("wide.xlsx", |path| book(path, (("<c><v>1</v></c>", 500 << 20), ("", 0))), "columns"),
];

#[tokio::test(flavor = "multi_thread")]
async fn files_that_burst_are_refused_in_time_and_change_nothing() {
    let home = Home::sqlite();
    let db = home.open().await;
    found(&db).await;
    db.close().await;
    for (name, make, sentence) in BOMBS {
        let path = home.folder().join(name);
        make(&path);
        let list = path.display().to_string();
        let arguments = ["import", &list, "--database", &home.database];
        let (is_well, said, took, memory) = measured(&arguments);
        println!("{name}: {:.1} s, {memory} MB: {}", took.as_secs_f64(), said.trim());
        assert!(!is_well, "{name}: {said}");
        assert!(said.contains(sentence), "{name}: {said}");
        assert!(said.to_lowercase().contains("nothing was changed"), "{name}: {said}");
        assert!(took < PATIENCE, "{name}: {took:?}");
        assert!(memory <= MEMORY_MB, "{name}: {memory} MB");
        fs::remove_file(&path).expect("gone");
    }
    let list = home.folder().join("list.csv");
    fs::write(&list, "Name;Phone\nFlax;8 495 963-76-77\n").expect("written");
    let list = list.display().to_string();
    let (is_well, said) = run(&["import", &list, "--database", &home.database]);
    assert!(is_well && said.contains("Import 1 is in the base"), "no number was taken: {said}");
}
