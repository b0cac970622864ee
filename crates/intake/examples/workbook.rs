//! Writes any list as a workbook whose cells share their words, as Excel does, so that the reading
//! of large ones can be measured:
//!
//! ```sh
//! troika bench list list.csv --rows 1000000 --seed 1
//! cargo run --release -p intake --example workbook -- list.csv list.xlsx
//! cargo run --release -p intake --example workbook -- list.csv own.xlsx own
//! time troika read-list '{}' < list.xlsx | wc -c
//! ```
//!
//! With `own` every cell has a word of its own, also where another says the same, which is the
//! most that a reader may have to hold.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, BufWriter, Error, Result, Write};

use intake::{Limits, Record, Said};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Names of the formats of a workbook.
const FORMATS: &str = "http://schemas.openxmlformats.org";

/// The words of all cells, each once or as often as it stands.
struct Words {
    all: Vec<String>,
    /// Where each stands; nothing where every cell has its own.
    places: Option<HashMap<String, usize>>,
}

impl Words {
    fn place(&mut self, word: &str) -> usize {
        let next = self.all.len();
        if let Some(places) = &mut self.places {
            if let Some(place) = places.get(word) {
                return *place;
            }
            places.insert(word.to_owned(), next);
        }
        self.all.push(word.to_owned());
        next
    }
}

fn main() -> Result<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let (Some(from), Some(to)) = (given.first(), given.get(1)) else {
        println!("usage: workbook LIST WORKBOOK [own]");
        return Ok(());
    };
    let is_own = given.get(2).is_some_and(|word| word == "own");
    let mut words =
        Words { all: Vec::new(), places: if is_own { None } else { Some(HashMap::new()) } };
    let mut out = ZipWriter::new(BufWriter::new(File::create(to)?));
    for (name, text) in parts() {
        begin(&mut out, name)?;
        out.write_all(text.as_bytes())?;
    }
    begin(&mut out, "xl/worksheets/sheet1.xml")?;
    let rows = write_rows(from, &mut out, &mut words)?;
    begin(&mut out, "xl/sharedStrings.xml")?;
    write_words(&mut out, &words.all)?;
    out.finish().map_err(Error::other)?.flush()?;
    println!("{rows} rows with {} words are in {to}.", words.all.len());
    Ok(())
}

fn begin(out: &mut ZipWriter<BufWriter<File>>, name: &str) -> Result<()> {
    out.start_file(name, SimpleFileOptions::default()).map_err(Error::other)
}

/// Every part of a workbook of one sheet besides its cells and its words.
fn parts() -> [(&'static str, String); 4] {
    let package = format!("{FORMATS}/package/2006");
    let document = format!("{FORMATS}/officeDocument/2006/relationships");
    let tie = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{document}/{kind}\" Target=\"{target}\"/>")
    };
    let ties = |all: String| {
        format!("<Relationships xmlns=\"{package}/relationships\">{all}</Relationships>")
    };
    let sheet = tie("r1", "worksheet", "worksheets/sheet1.xml");
    let strings = tie("r2", "sharedStrings", "sharedStrings.xml");
    [
        ("[Content_Types].xml", types(&package)),
        ("_rels/.rels", ties(tie("r1", "officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", ties(sheet + &strings)),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{FORMATS}/spreadsheetml/2006/main\" xmlns:r=\"{document}\">\
                 <sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
    ]
}

/// What each part is, without which Excel opens none.
fn types(package: &str) -> String {
    const SHEETS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let part = |name: &str, kind: &str| {
        format!("<Override PartName=\"/xl/{name}.xml\" ContentType=\"{SHEETS}.{kind}+xml\"/>")
    };
    [
        format!("<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" "),
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>".to_owned(),
        part("workbook", "sheet.main"),
        part("worksheets/sheet1", "worksheet"),
        part("sharedStrings", "sharedStrings"),
        "</Types>".to_owned(),
    ]
    .concat()
}

/// Writes the cells of every row; answers how many rows there are.
fn write_rows(from: &str, out: &mut impl Write, words: &mut Words) -> Result<u64> {
    write!(out, "<worksheet xmlns=\"{FORMATS}/spreadsheetml/2006/main\"><sheetData>")?;
    let mut written = Ok(());
    let mut text = String::new();
    let mut take = |record: Record| {
        text.clear();
        // Writing to a text cannot fail, here and below.
        let _ = write!(text, "<row r=\"{}\">", record.number);
        for (column, cell) in record.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let (column, row, place) = (letters(column), record.number, words.place(cell));
            let _ = write!(text, "<c r=\"{column}{row}\" t=\"s\"><v>{place}</v></c>");
        }
        text.push_str("</row>");
        written = out.write_all(text.as_bytes());
        written.is_ok()
    };
    let mut source = BufReader::new(File::open(from)?);
    let how = intake::read(&mut source, &Said::default(), &Limits::default(), &mut take);
    written?;
    let how = how.map_err(|refused| Error::other(format!("{refused:?}")))?;
    write!(out, "</sheetData></worksheet>")?;
    Ok(how.records)
}

/// The name of a column, from nought.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8).to_string();
    if column < 26 { last } else { letters(column / 26 - 1) + &last }
}

fn write_words(out: &mut impl Write, words: &[String]) -> Result<()> {
    let count = words.len();
    write!(out, "<sst xmlns=\"{FORMATS}/spreadsheetml/2006/main\" uniqueCount=\"{count}\">")?;
    for word in words {
        let word = word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        // A letter that no XML may hold is spelled out.
        let is_bare = |letter: char| letter < ' ' && !matches!(letter, '\t' | '\n');
        let word = word.chars().fold(String::with_capacity(word.len()), |mut all, letter| {
            if is_bare(letter) {
                let _ = write!(all, "_x{:04X}_", u32::from(letter));
            } else {
                all.push(letter);
            }
            all
        });
        write!(out, "<si><t xml:space=\"preserve\">{word}</t></si>")?;
    }
    write!(out, "</sst>")
}
