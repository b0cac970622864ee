use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::*;

/// An archive of files.
pub(crate) fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, SimpleFileOptions::default()).expect("begun");
        archive.write_all(content).expect("written");
    }
    archive.finish().expect("ended").into_inner()
}

/// A workbook of Excel whose sheets hold the given XML.
pub(crate) fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    workbook_of(sheets, Vec::new())
}

/// The same, with other files before the rest.
fn workbook_of(sheets: &[(&str, &str)], mut files: Vec<(String, String)>) -> Vec<u8> {
    let mut names = String::new();
    let mut links = String::new();
    for (place, (name, rows)) in (1..).zip(sheets) {
        names += &format!("<sheet name=\"{name}\" sheetId=\"{place}\" r:id=\"r{place}\"/>");
        links += &format!(
            "<Relationship Id=\"r{place}\" Type=\"http://schemas.openxmlformats.org/officeDocument\
             /2006/relationships/worksheet\" Target=\"worksheets/sheet{place}.xml\"/>"
        );
        files.push((
            format!("xl/worksheets/sheet{place}.xml"),
            format!("<worksheet>{rows}</worksheet>"),
        ));
    }
    files.push((
        "xl/workbook.xml".to_owned(),
        format!(
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/\
             relationships\"><sheets>{names}</sheets></workbook>"
        ),
    ));
    files.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships>{links}</Relationships>"),
    ));
    files.push((
        "xl/styles.xml".to_owned(),
        "<styleSheet><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"0000000000\"/>\
         </numFmts><cellXfs count=\"4\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>\
         <xf numFmtId=\"164\"/><xf numFmtId=\"11\"/></cellXfs></styleSheet>"
            .to_owned(),
    ));
    files.push((
        "_rels/.rels".to_owned(),
        "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/\
         officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>\
         </Relationships>"
            .to_owned(),
    ));
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    zipped(&files)
}

fn rows(bytes: &[u8], said: &Said) -> Result<(Vec<Record>, How), Refused> {
    let mut records = Vec::new();
    let mut take = |record: Record| {
        records.push(record);
        true
    };
    let how = read(&mut Cursor::new(bytes), said, &Limits::default(), &mut take)?;
    Ok((records, how))
}

const LIST: &str = "<sheetData>\
    <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Список</t></is></c></row>\
    <row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>Город</t></is></c>\
        <c r=\"B3\" t=\"inlineStr\"><is><t>ИНН</t></is></c><c r=\"C3\" t=\"str\"><v>С</v></c></row>\
    <row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>Тверь</t></is></c>\
        <c r=\"B4\" s=\"3\"><v>7714239823</v></c>\
        <c r=\"C4\" s=\"1\"><v>45658</v></c></row>\
    <row r=\"5\"><c r=\"A5\"/><c r=\"B5\" s=\"2\"><v>274062111</v></c>\
        <c r=\"D5\"><v>1.5</v></c></row>\
    <row r=\"6\"><c r=\"B6\"><v>12345678901234567890</v></c><c r=\"C6\" t=\"e\"><v>#N/A</v></c>\
        <c r=\"D6\" t=\"b\"><v>1</v></c><c r=\"E6\" t=\"str\"><v>7,91235E+10</v></c></row>\
    </sheetData><mergeCells count=\"1\"><mergeCell ref=\"A4:A5\"/></mergeCells>";

#[test]
fn a_sheet_is_read_as_a_person_sees_it() {
    let bytes = workbook(&[("Пусто", "<sheetData/>"), ("Список", LIST)]);
    let (records, how) = rows(&bytes, &Said::default()).expect("is read");
    let told: Vec<(u64, String)> =
        records.iter().map(|record| (record.line, record.cells.join("|"))).collect();
    let expected = [
        (1, "Список"),
        (3, "Город|ИНН|С"),
        (4, "Тверь|7714239823|2025-01-01"),
        (5, "Тверь|0274062111||1.5"),
        (6, "|1.2345678901234567E+19|#N/A|TRUE|7,91235E+10"),
    ];
    assert_eq!(told, expected.map(|(line, text)| (line, text.to_owned())));
    assert_eq!(records[4].damage, [Damage::LostDigits]);
    assert_eq!(how.sheets, ["Пусто", "Список"]);
    assert_eq!((how.sheet.as_deref(), how.format), (Some("Список"), Format::Xlsx));
    assert_eq!((how.records, how.blank_lines, how.lines, how.damaged), (5, 1, 6, 1));
}

#[test]
fn a_sheet_is_chosen_by_its_name_and_an_empty_workbook_is_empty() {
    let other = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData>";
    let bytes = workbook(&[("Список", LIST), ("Второй", other)]);
    let said = |sheet: &str| Said { sheet: Some(sheet.to_owned()), ..Said::default() };
    let (records, how) = rows(&bytes, &said("Второй")).expect("is read");
    assert_eq!(records[0].cells, ["1", "2"]);
    assert_eq!(how.sheet.as_deref(), Some("Второй"));
    let refused = rows(&bytes, &said("Третий")).expect_err("there is none");
    assert_eq!(refused, Refused::NoSuchSheet("Третий".to_owned()));
    let empty = workbook(&[("Пусто", "<sheetData/>")]);
    assert_eq!(rows(&empty, &Said::default()).expect_err("empty"), Refused::Empty);
}

#[test]
fn a_spoilt_workbook_is_refused_and_breaks_nothing() {
    let whole = workbook(&[("Список", LIST)]);
    for length in (0..whole.len()).step_by(37) {
        let read = rows(&whole[..length], &Said::default());
        assert!(read.is_err(), "cut at {length}");
    }
    let text = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing more".to_vec();
    let refused = rows(&text, &Said::default()).expect_err("spoilt");
    assert_eq!(refused, Refused::Broken { part: "xls".to_owned() });
    let letter = zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    assert_eq!(rows(&letter, &Said::default()).expect_err("a letter"), Refused::NotText);
}

#[test]
fn a_row_beyond_the_end_of_every_sheet_is_refused_and_never_told_as_another() {
    for row in ["4294967295", "1048577", "276447232"] {
        let list = format!(
            "<sheetData><row r=\"{row}\"><c r=\"A{row}\" t=\"inlineStr\"><is><t>x</t></is></c>\
             </row></sheetData>"
        );
        let told = rows(&workbook(&[("List", &list)]), &Said::default());
        assert!(matches!(told, Err(Refused::Broken { .. })), "{row}: {told:?}");
    }
}

#[test]
fn a_cell_far_to_the_right_is_refused() {
    let far = "<sheetData><row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row></sheetData>";
    let refused = rows(&workbook(&[("А", far)]), &Said::default()).expect_err("far");
    assert!(
        matches!(refused, Refused::TooManyColumns { line: 1, .. } | Refused::Broken { .. }),
        "{refused:?}"
    );
}

#[test]
fn what_comes_out_is_bounded_by_row_and_in_all() {
    let row = |text: &str| {
        let cell = format!("<c t=\"str\"><v>{text}</v></c>");
        format!("<row>{}</row>", cell.repeat(3))
    };
    let rows = [row("ab"), row(&"x".repeat(100)), row("c")].concat();
    let book = workbook(&[("S", &format!("<sheetData>{rows}</sheetData>"))]);
    let refused = |limits: Limits| {
        let mut none = |_: Record| true;
        read(&mut Cursor::new(&book), &Said::default(), &limits, &mut none).err()
    };
    let limits = Limits::default();
    assert_eq!(refused(limits), None);
    let narrow = Limits { record_max: 299, ..limits };
    assert_eq!(refused(narrow), Some(Refused::RecordTooLong { line: 2 }));
    assert_eq!(refused(Limits { record_max: 300, ..limits }), None, "each row anew");
    let bytes_max = 308;
    let small = Limits { unpacked_max: bytes_max, ..limits };
    assert_eq!(refused(small), Some(Refused::TooLarge { bytes_max }));
    assert_eq!(refused(Limits { unpacked_max: 309, ..limits }), None);
}

/// A workbook of one sheet and the words that its cells share.
fn book_of(rows: &str, words: &str) -> Vec<u8> {
    let words = ("xl/SharedStrings.xml".to_owned(), format!("<sst>{words}</sst>"));
    workbook_of(&[("S", &format!("<sheetData>{rows}</sheetData>"))], vec![words])
}

fn cells_of(rows: &str, words: &str) -> Result<Vec<Vec<String>>, Refused> {
    let (records, _) = self::rows(&book_of(rows, words), &Said::default())?;
    Ok(records.into_iter().map(|record| record.cells).collect())
}

#[test]
fn words_that_cells_share_are_found_in_whatever_order_they_are_named() {
    let words =
        "<si><t>Лён</t></si><si/><si><r><t>Мар</t></r><r><t>ля</t></r></si><si><t>漢</t></si>";
    let row = |numbers: &[&str]| {
        let cell = |number: &&str| format!("<c t=\"s\"><v>{number}</v></c>");
        format!("<row>{}</row>", numbers.iter().map(cell).collect::<String>())
    };
    let rows = [row(&["3", "0", "2"]), row(&["1", "2", "2", ""]), row(&["0", "1", "3"])].concat();
    let told = cells_of(&rows, words).expect("is read");
    let expected: [&[&str]; 3] =
        [&["漢", "Лён", "Марля"], &["", "Марля", "Марля"], &["Лён", "", "漢"]];
    assert_eq!(told, expected);
    let broken = Err(Refused::Broken { part: "xlsx".to_owned() });
    for missing in ["4", "-1", "x", "99999999999999999999"] {
        assert_eq!(cells_of(&row(&["0", missing]), words), broken, "{missing}");
    }
    assert_eq!(cells_of(&row(&["0"]), ""), broken, "there are none");
    let book = workbook(&[("S", &format!("<sheetData>{}</sheetData>", row(&["0"])))]);
    assert_eq!(self::rows(&book, &Said::default()).map(|_| ()), broken.map(|_: Vec<_>| ()));
}

#[test]
fn a_workbook_of_more_words_than_can_be_held_is_refused() {
    let rows = "<row><c t=\"s\"><v>0</v></c></row>";
    let book = book_of(rows, &"<si><t>x</t></si>".repeat(9));
    let refused = |words_max: u64| {
        let limits = Limits { words_max, ..Limits::default() };
        read(&mut Cursor::new(&book), &Said::default(), &limits, &mut |_| true).err()
    };
    assert_eq!(refused(9), None);
    assert_eq!(refused(8), Some(Refused::TooManyWords));
}

/// What the library itself reads of the first sheet, by row and column.
fn told_by_library(bytes: &[u8]) -> Option<Vec<(u64, usize, String)>> {
    let book = <calamine::Xlsx<_> as calamine::Reader<_>>::new(Cursor::new(bytes));
    let mut book = book.ok()?;
    let mut cells = book.worksheet_cells_reader("S").ok()?;
    let code = |style: &calamine::Style| {
        style.number_format.as_ref().map_or(String::new(), |format| format.format_code.clone())
    };
    let codes: Vec<String> = cells.styles().iter().map(code).collect();
    let mut told = Vec::new();
    while let Some((cell, style)) = cells.next_cell_with_style_id().ok()? {
        let (row, column) = cell.get_position();
        let code = codes.get(style).map_or("", String::as_str);
        let text = super::Shown::of(cell.get_value().clone(), code).text;
        told.push((u64::from(row) + 1, column as usize, text));
    }
    told.retain(|(_, _, text)| !text.is_empty());
    Some(told)
}

#[test]
fn a_cell_is_what_the_library_reads_of_it() {
    let words = "<si><t xml:space=\"preserve\"> a_x000D_</t></si><si><t>b</t></si>";
    for cell in [
        "<c><v>1</v></c><c s=\"1\"><v>45658.75</v></c><c s=\"9\"><v>45658</v></c>",
        "<c r=\"C1\"><v>1</v></c><c><v>2</v></c><c r='A2'><v>3</v></c><c><v>4</v></c>",
        "<c t=\"n\"><v>1e3</v></c><c t=\"n\"><v/></c><c s=\"2\" t=\"n\"><v>7</v></c>",
        "<c t=\"s\"><v>0</v></c><c t=\"s\" s=\"1\"><v>1</v></c><c t=\"s\"><v></v></c>",
        "<c t=\"b\"><v>1</v></c><c t=\"b\"><v>false</v></c><c t=\"e\"><v>#REF!</v></c>",
        "<c t=\"str\"><f>A1&amp;B1</f><v>x&amp;y_x0041_</v></c><c t=\"str\"><v> z </v></c>",
        "<c t=\"d\"><v>2025-01-01T00:00:00</v></c><c><v>not a number</v></c><c/>",
        "<c t=\"inlineStr\"><is><t> in </t><rPh><t>no</t></rPh></is></c><x:c><x:v>5</x:v></x:c>",
        "<c t=\"n\"><v>x</v></c>",
        "<c t=\"b\"><v>2</v></c>",
        "<c t=\"z\"><v>1</v></c>",
        "<c r=\"5\"><v>1</v></c>",
        "<c r=\"A0\"><v>1</v></c>",
        "<c t=n><v>1</v></c>",
        "<c><w>1</w></c>",
        "<c><v>1</v>",
    ] {
        let book = book_of(&format!("<row r=\"2\"/><row>{cell}</row>"), words);
        let told = self::rows(&book, &Said::default()).ok().map(|(records, _)| {
            let cells = records.into_iter().flat_map(|record| {
                let line = record.line;
                record.cells.into_iter().enumerate().map(move |(at, text)| (line, at, text))
            });
            cells.filter(|(_, _, text)| !text.is_empty()).collect::<Vec<_>>()
        });
        assert_eq!(told, told_by_library(&book), "{cell}");
    }
}

#[test]
fn an_error_that_the_library_does_not_know_is_told_as_it_is_written() {
    let row = "<row><c t=\"str\"><v>x</v></c><c t=\"e\"><f>A1(</f><v>Err:502</v></c></row>";
    assert_eq!(cells_of(row, ""), Ok(vec![vec!["x".to_owned(), "Err:502".to_owned()]]));
    assert_eq!(told_by_library(&book_of(row, "")), None, "it gives up");
}

#[test]
fn numbers_are_told_in_the_styles_of_the_workbook() {
    let cells = "<row><c s=\"0\"><v>45658</v></c><c s=\"1\"><v>45658</v></c>\
                 <c s=\"2\"><v>42</v></c><c s=\"3\"><v>42</v></c><c><v>45658</v></c></row>";
    let told = cells_of(cells, "").expect("is read");
    assert_eq!(told, [["45658", "2025-01-01", "0000000042", "42", "45658"]]);
}
