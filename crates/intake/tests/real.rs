//! The lists of real institutions and the cards of real programs, where a folder with them is
//! named: every line of every file is accounted for.

#![cfg(feature = "real")]
#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]

use std::fs::File;
use std::path::{Path, PathBuf};

use intake::{Damage, Format, How, Limits, Record, Said};

fn folder() -> PathBuf {
    std::env::var_os("TROIKA_REAL_DATA").expect("TROIKA_REAL_DATA names a folder").into()
}

fn read(path: &Path) -> (Vec<Record>, How) {
    let mut records = Vec::new();
    let mut take = |record: Record| {
        records.push(record);
        true
    };
    let mut file = File::open(path).expect("the file is there");
    let how = intake::read(&mut file, &Said::default(), &Limits::default(), &mut take);
    (records, how.unwrap_or_else(|refused| panic!("{}: {refused:?}", path.display())))
}

/// Physical lines of a text, counted without any parser.
fn lines(path: &Path, how: &How) -> u64 {
    let bytes = std::fs::read(path).expect("the file is there");
    let encoding = encoding_rs::Encoding::for_label(how.encoding.as_bytes()).expect("known");
    let text = encoding.decode(&bytes).0.replace("\r\n", "\n").replace('\r', "\n");
    let last = u64::from(!text.is_empty() && !text.ends_with('\n'));
    text.matches('\n').count() as u64 + last
}

fn files(under: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder().join(under))
        .expect("the folder is there")
        .map(|entry| entry.expect("is read").path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            path.is_file()
                && !name.ends_with(".md")
                && !name.contains("LICENSE")
                && !name.contains("note")
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_line_of_every_file_is_accounted_for() {
    let mut count = 0;
    for under in
        ["contacts-messy/csv", "contacts-messy/encodings", "contacts-messy/vcard", "ru-companies"]
    {
        for path in files(under) {
            let (records, how) = read(&path);
            println!(
                "{}: {:?} {} {:?}: {} records, {} damaged, {} blank of {} lines",
                path.display(),
                how.format,
                how.encoding,
                how.delimiter,
                how.records,
                how.damaged,
                how.blank_lines,
                how.lines
            );
            assert_eq!(how.lines, lines(&path, &how), "{}", path.display());
            assert_eq!(how.records, records.len() as u64);
            if how.format == Format::Csv {
                let spanned = |cell: &String| {
                    cell.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count() as u64
                };
                let within: u64 =
                    records.iter().map(|r| 1 + r.cells.iter().map(spanned).sum::<u64>()).sum();
                assert_eq!(within + how.blank_lines, how.lines, "{}", path.display());
            }
            count += 1;
        }
    }
    assert!(count >= 40, "{count} files");
}

#[test]
fn what_is_known_of_the_files_is_what_comes_out() {
    for (name, records, encoding) in [
        ("contacts-messy/csv/mosgaz_areaorgs_eav.csv", 9_183, "UTF-8"),
        ("contacts-messy/csv/mos_629_sport_objects_new.csv", 3_987, "UTF-8"),
        ("contacts-messy/csv/mos_552_sport_objects_old.tsv", 3_989, "UTF-8"),
        ("contacts-messy/encodings/real_cp1251_semicolon_budget.csv", 1_207, "windows-1251"),
        ("contacts-messy/encodings/real_cp1251_tab_stats.csv", 3_785, "windows-1251"),
        (
            "contacts-messy/encodings/real_maccyrillic_cr_semicolon_services.csv",
            28,
            "x-mac-cyrillic",
        ),
        ("ru-companies/mos_747_educational_orgs.csv", 3_493, "UTF-8"),
        ("ru-companies/mos_501_pharmacies_new.csv", 4_122, "UTF-8"),
        ("ru-companies/busgov_mvd_orgs.tsv", 666, "UTF-8"),
    ] {
        let (_, how) = read(&folder().join(name));
        assert_eq!((how.records, how.encoding.as_str()), (records, encoding), "{name}");
    }
}

#[test]
fn the_same_list_in_three_encodings_is_the_same_list() {
    let cells = |name: &str| -> Vec<Vec<String>> {
        let (records, how) = read(&folder().join(name));
        assert_eq!(how.records, 521, "{name}");
        records.into_iter().map(|record| record.cells).collect()
    };
    let original = cells("contacts-messy/csv/mos_425_libraries_old.tsv");
    let wide = cells("contacts-messy/encodings/derived_utf16le_bom_tab_libraries.txt");
    assert_eq!(original, wide);
    let windows = cells("contacts-messy/encodings/derived_cp1251_semicolon_libraries.csv");
    assert_eq!(original, windows);
    let console = cells("contacts-messy/encodings/derived_cp866_semicolon_libraries.csv");
    assert_eq!(console.len(), original.len());
}

#[test]
fn every_card_is_a_row_that_names_somebody_or_says_how_to_reach_them() {
    for path in files("contacts-messy/vcard") {
        let (records, how) = read(&path);
        assert_eq!(how.format, Format::Vcard, "{}", path.display());
        assert!(!records.is_empty());
        for record in records {
            let says = |heading: &str| {
                let columns = how.headings.iter().zip(&record.cells);
                columns.into_iter().any(|(h, cell)| h.starts_with(heading) && !cell.is_empty())
            };
            let is_reachable =
                ["Phone", "Fax", "E-mail", "Address", "Website"].into_iter().any(says);
            assert!(says("Organisation") || is_reachable, "{}: {record:?}", path.display());
            // A card that was cut within a letter says so.
            let is_told = record.damage.contains(&Damage::Undecodable);
            let is_whole = record.cells.iter().all(|cell| !cell.contains('\u{fffd}'));
            assert!(is_whole || is_told, "{}", path.display());
        }
    }
    let (records, _) =
        read(&folder().join("contacts-messy/vcard/evolution_vcard21_windows1251.vcf"));
    assert_eq!(records[0].cells[2], "Василий Пупкин");
}
