//! What must hold for any bytes at all: one function for each parser. `fuzz/` runs them under
//! cargo-fuzz, `examples/mutate.rs` on stable, `tests/mutations.rs` a little with every test.

use std::io::{Cursor, Write};

use intake::blocks::Block;
use intake::frames::{self, Frame};
use intake::{Format, Limits, Record, Said, encoding};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A parser under its name.
pub type Target = (&'static str, fn(&[u8]));

/// Every parser.
pub const TARGETS: [Target; 8] = [
    ("csv", csv),
    ("vcard", vcard),
    ("any", any),
    ("sheet", sheet),
    ("words", words),
    ("member", member),
    ("encoding", of_encoding),
    ("frame", frame),
];

fn limits() -> Limits {
    Limits { unpacked_max: 1 << 22, workbook_max: 1 << 22, ..Limits::default() }
}

/// Reads bytes, and looks that every record is accounted for.
fn read(bytes: &[u8], said: &Said) {
    let mut records: Vec<Record> = Vec::new();
    let mut take = |record: Record| {
        records.push(record);
        true
    };
    let Ok(how) = intake::read(&mut Cursor::new(bytes), said, &limits(), &mut take) else { return };
    assert_eq!(how.records, records.len() as u64, "records are counted");
    let numbers = records.iter().map(|record| record.number);
    assert!(numbers.eq(1..=how.records), "records are numbered");
    let damaged = records.iter().filter(|record| !record.damage.is_empty()).count();
    assert_eq!(how.damaged, damaged as u64, "damage is counted");
    assert!(records.iter().all(|record| (1..=how.lines).contains(&record.line)), "lines are there");
    if how.format == Format::Csv {
        account_for_lines(&records, how.lines, how.blank_lines);
    }
}

/// Every line of a text is part of a record, or counted as none.
fn account_for_lines(records: &[Record], lines: u64, blank_lines: u64) {
    let starts = records.iter().map(|record| record.line);
    assert!(starts.clone().zip(starts.skip(1)).all(|(a, b)| a < b), "lines go on");
    let within: u64 = records.iter().map(|record| 1 + spanned(record)).sum();
    assert_eq!(within + blank_lines, lines, "every line is accounted for");
}

/// Ends of lines within the cells of a record.
fn spanned(record: &Record) -> u64 {
    let text = |cell: &String| {
        let bytes = cell.as_bytes();
        let alone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        (0..bytes.len()).filter(|at| bytes[*at] == b'\n' || alone(*at)).count() as u64
    };
    record.cells.iter().map(text).sum()
}

/// Rows of text.
pub fn csv(bytes: &[u8]) {
    // A zero byte between the two halves of an end of line goes, and makes one of them.
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let said = Said { format: Some(Format::Csv), ..Said::default() };
    read(&bytes, &Said { encoding: Some("UTF-8".to_owned()), ..said.clone() });
    read(&bytes, &Said { delimiter: Some(','), encoding: Some("IBM866".to_owned()), ..said });
}

/// Cards.
pub fn vcard(bytes: &[u8]) {
    let said = Said { format: Some(Format::Vcard), ..Said::default() };
    read(bytes, &said);
    read(bytes, &Said { encoding: Some("UTF-16LE".to_owned()), ..said });
}

/// Whatever it is.
pub fn any(bytes: &[u8]) {
    let mut count = 0_u64;
    let mut take = |_| {
        count += 1;
        true
    };
    let read = intake::read(&mut Cursor::new(bytes), &Said::default(), &limits(), &mut take);
    assert!(read.is_err() || read.is_ok_and(|how| how.records == count));
}

/// The rows of a sheet, in a workbook that is whole.
pub fn sheet(bytes: &[u8]) {
    any(&workbook(bytes));
}

/// The words that the cells of a workbook share, named backwards and one more than once.
pub fn words(bytes: &[u8]) {
    let cell = |number: u32| format!("<c t=\"s\"><v>{number}</v></c>");
    let cells: String = [2, 1, 0, 1].map(cell).concat();
    let sheet = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
    any(&book(sheet.as_bytes(), bytes));
}

/// A file of an archive that is whole.
pub fn member(bytes: &[u8]) {
    any(&stored(&[("list.csv", bytes), ("other.csv", b"a;b")]));
}

/// The encoding of a text, in parts and at once.
pub fn of_encoding(bytes: &[u8]) {
    let mut detector = encoding::Detector::default();
    bytes.chunks(7).for_each(|part| detector.feed(part));
    for found in [encoding::of(bytes), detector.finish()] {
        let is_known = |encoding| encoding::named(encoding).is_ok();
        assert!(found.is_err() || found.is_ok_and(|encoding| is_known(encoding.name())));
    }
}

/// What one program tells another.
pub fn frame(bytes: &[u8]) {
    if let Some(head) = bytes.first_chunk() {
        let told = frames::head(*head);
        assert!(told.is_none_or(|(_, length)| length <= frames::CONTENT_MAX));
    }
    for letter in *b"BHR?" {
        if let Some(Frame::Block(block)) = Frame::of(letter, bytes) {
            check_block(&block);
        }
    }
}

fn check_block(block: &Block) {
    if let Some(records) = block.records() {
        assert_eq!(records.len() as u64, block.count);
    }
}

/// An archive whose files are not compressed, so that changed bytes reach the parsers.
pub fn stored(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in files {
        archive.start_file(*name, options).expect("begun");
        archive.write_all(content).expect("written");
    }
    archive.finish().expect("ended").into_inner()
}

/// A workbook whose only sheet is these bytes.
pub fn workbook(sheet: &[u8]) -> Vec<u8> {
    book(sheet, "<sst><si><t>Лён</t></si><si/><si><r><t>漢</t></r></si></sst>".as_bytes())
}

/// The same, with the words that its cells share.
fn book(sheet: &[u8], words: &[u8]) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let link = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>\
             </Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/>\
         </sheets></workbook>"
    );
    stored(&[
        ("_rels/.rels", link("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", link("worksheet", "worksheets/sheet1.xml").as_bytes()),
        ("xl/styles.xml", b"<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", words),
    ])
}
