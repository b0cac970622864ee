use std::io::Write;

use super::*;
use crate::sheet::tests::{workbook, zipped};
use crate::{Damage, Record};

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).expect("written");
    packed.finish().expect("ended")
}

fn read_with(bytes: &[u8], said: &Said, limits: &Limits) -> Result<(Vec<Record>, How), Refused> {
    let mut records = Vec::new();
    let mut take = |record: Record| {
        records.push(record);
        true
    };
    let how = read(&mut Cursor::new(bytes), said, limits, &mut take)?;
    Ok((records, how))
}

fn read_all(bytes: &[u8]) -> Result<(Vec<Record>, How), Refused> {
    read_with(bytes, &Said::default(), &Limits::default())
}

const LIST: &str = "Название;Город\nЛён;Тверь\n";
const SHEET: &str = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>";

#[test]
fn a_list_is_read_however_it_is_packed() {
    let cards = "BEGIN:VCARD\nFN:Лён\nEND:VCARD\n";
    let wide: Vec<u8> = LIST.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let book = workbook(&[("А", SHEET)]);
    for (bytes, format, packing, records) in [
        (LIST.as_bytes().to_vec(), Format::Csv, Packing::None, 2),
        (gzipped(LIST.as_bytes()), Format::Csv, Packing::Gzip, 2),
        ([gzipped("a;b\n".as_bytes()), gzipped(b"c;d\n")].concat(), Format::Csv, Packing::Gzip, 2),
        (gzipped(&wide), Format::Csv, Packing::Gzip, 2),
        (gzipped(cards.as_bytes()), Format::Vcard, Packing::Gzip, 1),
        (gzipped(&book), Format::Xlsx, Packing::Gzip, 1),
        (zipped(&[("list.csv", LIST.as_bytes())]), Format::Csv, Packing::Zip, 2),
        (zipped(&[("book.xlsx", &book)]), Format::Xlsx, Packing::Zip, 1),
        (book, Format::Xlsx, Packing::None, 1),
    ] {
        let (all, how) = read_all(&bytes).expect("is read");
        assert_eq!((how.format, how.packing), (format, packing));
        assert_eq!((all.len() as u64, how.records), (records, records), "{how:?}");
    }
}

#[test]
fn one_of_several_lists_is_chosen_and_the_others_are_named() {
    let bytes = zipped(&[
        ("readme.md", b"what this is"),
        ("__MACOSX/._a.csv", b"x"),
        ("a.csv", LIST.as_bytes()),
        ("folder/b.csv", b"x;y\n1;2\n3;4\n"),
    ]);
    let (records, how) = read_all(&bytes).expect("is read");
    assert_eq!(records[1].cells, ["Лён", "Тверь"]);
    assert_eq!(how.members, ["readme.md", "a.csv", "folder/b.csv"]);
    assert_eq!(how.member.as_deref(), Some("a.csv"));
    let said = |member: &str| Said { member: Some(member.to_owned()), ..Said::default() };
    let (records, how) =
        read_with(&bytes, &said("folder/b.csv"), &Limits::default()).expect("read");
    assert_eq!((records.len(), how.member.as_deref()), (3, Some("folder/b.csv")));
    let refused = read_with(&bytes, &said("c.csv"), &Limits::default()).expect_err("there is none");
    assert_eq!(refused, Refused::NoSuchMember("c.csv".to_owned()));
}

#[test]
fn archives_in_archives_and_other_packings_are_refused_with_the_reason() {
    let inner = zipped(&[("a.csv", LIST.as_bytes())]);
    let twice = gzipped(&gzipped(LIST.as_bytes()));
    for (bytes, expected) in [
        (zipped(&[("inner.zip", &inner)]), Refused::Nested("inner.zip".to_owned())),
        (zipped(&[("a.csv.gz", &gzipped(b"a;b\n"))]), Refused::Nested("a.csv.gz".to_owned())),
        (gzipped(&inner), Refused::Nested("gzip".to_owned())),
        (twice, Refused::Nested("gzip".to_owned())),
        (zipped(&[]), Refused::NoList),
        (zipped(&[("folder/.hidden", b"x")]), Refused::NoList),
        (b"7z\xbc\xaf\x27\x1c....".to_vec(), Refused::OtherPacking("7z".to_owned())),
        (b"Rar!\x1a\x07\x01\0".to_vec(), Refused::OtherPacking("RAR".to_owned())),
        (b"%PDF-1.7".to_vec(), Refused::NotText),
        (b"<html><table><tr><td>1".to_vec(), Refused::WebPage),
        (b"<?xml version=\"1.0\"?><Workbook>".to_vec(), Refused::WebPage),
        (gzipped(b""), Refused::Empty),
        (b"PK\x03\x04\x14\0\x06\0".to_vec(), Refused::Broken { part: "zip".to_owned() }),
    ] {
        assert_eq!(read_all(&bytes).map(|(_, how)| how), Err(expected));
    }
    let cut = gzipped(LIST.repeat(50).as_bytes());
    assert!(matches!(read_all(&cut[..cut.len() / 2]), Err(Refused::Broken { .. })));
}

#[test]
fn what_bursts_when_it_is_unpacked_is_refused() {
    let limits = Limits { unpacked_max: 1 << 20, workbook_max: 1 << 20, ..Limits::default() };
    let zeros = vec![b'a'; 4 << 20];
    let sheet = format!("<sheetData>{}</sheetData>", " ".repeat(4 << 20));
    for bytes in [gzipped(&zeros), zipped(&[("a.csv", &zeros)]), workbook(&[("А", &sheet)])] {
        assert!(bytes.len() < 1 << 16);
        let refused = read_with(&bytes, &Said::default(), &limits).expect_err("bursts");
        assert_eq!(refused, Refused::TooLarge { bytes_max: 1 << 20 });
    }
}

#[test]
fn what_is_too_large_is_refused_with_its_place() {
    let limits = Limits { unpacked_max: 1 << 20, cell_max: 1 << 18, ..Limits::default() };
    let long = "x".repeat(4 << 20);
    let list = format!("Название;Город\nЛён;{long}\n");
    let refused = |bytes: &[u8]| read_with(bytes, &Said::default(), &limits).expect_err("refused");
    let there = Refused::CellTooLong { line: 2, column: 2 };
    assert_eq!(refused(&gzipped(list.as_bytes())), there);
    assert_eq!(refused(&zipped(&[("a.csv", list.as_bytes())])), there);
    let cell = |kind: &str, value: &str| format!("<c {kind}><v>{value}</v></c>");
    let sheet = |cells: &str| format!("<sheetData><row/><row>{cells}</row></sheetData>");
    let cells = cell("r=\"A2\"", "1") + &cell("r=\"B2\" t=\"str\"", &long);
    assert_eq!(refused(&workbook(&[("А", &sheet(&cells))])), there);
    // The text stands apart from the cell that shows it.
    let cells = cell("", "0") + &cell("t=\"s\"", "0");
    let texts = format!("<sst><si><t>{long}</t></si></sst>");
    let book = zipped(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", sheet(&cells).as_bytes()),
        ("xl/sharedStrings.xml", texts.as_bytes()),
    ]);
    assert_eq!(refused(&book), there);
    let many = sheet(&cell("r=\"A2\"", "1").repeat(40_000));
    let columns_max = limits.cells_max as u64;
    let refused = refused(&workbook(&[("А", &many)]));
    assert_eq!(refused, Refused::TooManyColumns { line: 2, columns_max });
}

#[test]
fn names_that_nobody_can_be_shown_are_refused() {
    let part = |part: &str| Err(Refused::Broken { part: part.to_owned() });
    let told = |bytes: &[u8]| read_all(bytes).map(|(records, _)| records.len());
    let name = |letters: usize| format!("{}.csv", "x".repeat(letters));
    assert_eq!(told(&zipped(&[(&name(4_000), LIST.as_bytes())])), Ok(2));
    assert_eq!(told(&zipped(&[(&name(5_000), LIST.as_bytes())])), part("zip"));
    let names: Vec<String> = (0..300).map(|place| format!("{place}{}", name(4_000))).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), LIST.as_bytes())).collect();
    assert_eq!(told(&zipped(&files[..200])), Ok(2));
    assert_eq!(told(&zipped(&files)), part("zip"), "together they are too long");
    assert_eq!(told(&workbook(&[(&"x".repeat(5_000), SHEET)])), part("xlsx"));
}

#[test]
fn what_a_person_says_goes_before_what_is_found() {
    let bytes = encoding_rs::WINDOWS_1251.encode("a,b;c\nЛён,1;2\n").0.into_owned();
    let said =
        Said { encoding: Some("windows-1251".to_owned()), delimiter: Some(','), ..Said::default() };
    let (records, how) = read_with(&bytes, &said, &Limits::default()).expect("is read");
    assert_eq!(records[1].cells, ["Лён", "1;2"]);
    assert_eq!((how.encoding.as_str(), how.delimiter), ("windows-1251", Some(',')));
    let said = Said { encoding: Some("klingon".to_owned()), ..Said::default() };
    let refused = read_with(&bytes, &said, &Limits::default()).expect_err("unknown");
    assert_eq!(refused, Refused::NoSuchEncoding("klingon".to_owned()));
    let wrong = Said { encoding: Some("UTF-8".to_owned()), ..Said::default() };
    let (records, _) = read_with(&bytes, &wrong, &Limits::default()).expect("is read");
    assert_eq!(records[1].damage, [Damage::Undecodable]);
}

#[test]
fn reading_ends_once_nobody_wants_more() {
    let text = LIST.repeat(1_000);
    let mut count = 0;
    let mut take = |_| {
        count += 1;
        count < 5
    };
    let how =
        read(&mut Cursor::new(text.as_bytes()), &Said::default(), &Limits::default(), &mut take);
    assert_eq!((how.expect("is read").records, count), (5, 5));
}
