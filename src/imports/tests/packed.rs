//! Lists that come as a sheet of a workbook, compressed, or among the files of an archive: each is
//! brought, checked and written as the same list of plain text is.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use intake::{Format, Packing, Said};
use rust_xlsxwriter::Workbook;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// The rows of the list but the empty one, which is no row of a sheet.
fn rows() -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').has_headers(false).from_reader(MESSY.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    let rows = rows.map(|row| row.iter().map(str::to_owned).collect::<Vec<String>>());
    rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect()
}

/// A workbook whose second sheet is the list.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let first = book.add_worksheet();
    first.set_name("Итоги").expect("a name");
    first.write_string(0, 0, "Название").expect("a cell");
    first.write_string(1, 0, "Всего по всем").expect("a cell");
    let second = book.add_worksheet();
    second.set_name("Фирмы").expect("a name");
    for (row, cells) in (0..).zip(rows()) {
        for (column, cell) in (0..).zip(cells) {
            second.write_string(row, column, cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn compressed() -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(MESSY.as_bytes()).expect("packed");
    out.finish().expect("ended")
}

/// An archive whose second file is the list.
fn archive() -> Vec<u8> {
    let mut out = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("prices.csv", "Название;Цена\nНитки;10\n"), ("firms.csv", MESSY)]
    {
        out.start_file(name, SimpleFileOptions::default()).expect("begun");
        out.write_all(text.as_bytes()).expect("packed");
    }
    out.finish().expect("ended").into_inner()
}

/// Brings a file read in the way that is said, has it checked and written.
async fn bring_as(cast: &Cast, key: &str, bytes: &[u8], said: Said) -> Import {
    let act = cast.act("anna", key);
    let said = Overruling { file: said, ..Overruling::default() };
    let brought = actions::bring_as(&act.part("bring"), file(bytes), (&said, &[])).await;
    let id = brought.expect("brought");
    actions::check(&act, id).await.expect("checked");
    let version = again(cast, id).await.version;
    actions::commit(&act.part("commit"), id, version).await.expect("begun");
    actions::work_off_commit(&act, id).await.expect("written");
    again(cast, id).await
}

/// Every row has its verdict, as it was foreseen, and the base has the companies of the list.
async fn is_accounted_for(cast: &Cast, import: &Import, expected: &str) {
    assert_eq!(import.state, ImportState::Committed);
    assert_eq!((import.counts, import.forecast.counts), (counts(expected), counts(expected)));
    assert_eq!(import.row_count, import.counts.total());
    assert_eq!(companies_of(cast).await, 4);
    let mut tx = cast.app.db.read().await.expect("reads");
    let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 100).await;
    let lines: Vec<i64> = rows.expect("reads").iter().map(|row| row.line).collect();
    assert_eq!(lines, (1..=import.row_count).collect::<Vec<i64>>());
}

both! {
    async fn a_sheet_with_blanks_in_its_name_is_chosen_by_the_whole_of_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut book = Workbook::new();
        for name in ["Итоги  года", "Фирмы "] {
            let sheet = book.add_worksheet();
            sheet.set_name(name).expect("a name");
            for (row, text) in (0..).zip(["Название", "Лён", "Шёлк"]) {
                sheet.write_string(row, 0, text).expect("a cell");
            }
        }
        let bytes = book.save_to_buffer().expect("a workbook");
        let act = cast.act("anna", "one");
        let id = actions::bring(&act.part("bring"), file(bytes)).await.expect("brought");
        actions::check(&act, id).await.expect("checked");
        let page = cast.client("anna").await.get(&format!("/imports/{id}")).await.body;
        // What stands in an option without a value is sent with its blanks drawn together.
        for option in ["<option value=\"Итоги  года\" selected>", "<option value=\"Фирмы \">"] {
            assert!(page.contains(option), "{option}: {page}");
        }
    }

    async fn the_second_sheet_of_a_workbook_comes_in_whole(t: TestDb) {
        let cast = Cast::gather(t).await;
        let said = Said { sheet: Some("Фирмы".to_owned()), ..Said::default() };
        let import = bring_as(&cast, "book", &workbook(), said).await;
        assert_eq!(import.found.how.format, Format::Xlsx);
        assert_eq!(import.found.how.sheets, ["Итоги", "Фирмы"]);
        assert_eq!(import.reading.sheet.as_deref(), Some("Фирмы"));
        is_accounted_for(&cast, &import, "new=4 in_file=2 bad=4").await;
        let plain = bring_in(&cast, "plain", MESSY).await;
        assert_eq!(plain.counts, counts("in_base=6 bad=5"), "it is the same list");
    }

    async fn a_compressed_list_comes_in_whole(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_as(&cast, "gz", &compressed(), Said::default()).await;
        assert_eq!(import.found.how.packing, Packing::Gzip);
        is_accounted_for(&cast, &import, "new=4 in_file=2 bad=5").await;
        let plain = bring_in(&cast, "plain", MESSY).await;
        assert_eq!(plain.counts, counts("in_base=6 bad=5"), "it is the same list");
    }

    async fn the_second_file_of_an_archive_comes_in_whole(t: TestDb) {
        let cast = Cast::gather(t).await;
        let said = Said { member: Some("firms.csv".to_owned()), ..Said::default() };
        let import = bring_as(&cast, "zip", &archive(), said).await;
        assert_eq!(import.found.how.packing, Packing::Zip);
        assert_eq!(import.found.how.members, ["prices.csv", "firms.csv"]);
        assert_eq!(import.reading.member.as_deref(), Some("firms.csv"));
        is_accounted_for(&cast, &import, "new=4 in_file=2 bad=5").await;
        let plain = bring_in(&cast, "plain", MESSY).await;
        assert_eq!(plain.counts, counts("in_base=6 bad=5"), "it is the same list");
    }
}
