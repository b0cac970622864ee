//! `troika link` as it is typed: answers, refusals, and files that are whole or not there.

use std::fs;
use std::path::PathBuf;

use clap::Parser;

use super::*;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    link: Link,
}

const PEOPLE: &str = "rec_id, given_name, surname, soc_sec_id\n\
    r1, mira, kanlot, 5551234\n\
    r2, mira, kanlott, 5551234\n\
    r3, olaf, berdan, 7770001\n\
    r4, tessa, nortur, 8880002\n";

#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_over_by_nothing() {
    let desk = Desk::new(&[("elsewhere.csv", b"kept")]);
    std::os::unix::fs::symlink(desk.at("elsewhere.csv"), desk.at("out.csv")).expect("a link");
    for name in [desk.at("out.csv"), desk.at(".")] {
        let told = super::out::Sheet::begin(&name).err().expect("is refused");
        assert!(told.contains("is no file"), "{told}");
    }
    assert!(desk.at("out.csv").is_symlink());
    assert_eq!(fs::read(desk.at("elsewhere.csv")).expect("reads"), b"kept");
    assert!(!desk.at("out.csv.partial").exists(), "nothing was begun");
}

struct Desk(tempfile::TempDir);

impl Desk {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        for (name, bytes) in files {
            fs::write(desk.at(name), bytes).expect("written");
        }
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a line whose words that end in `.csv` are files of the desk.
    fn run(&self, line: &str) -> Answer {
        let words = line.split(' ').filter(|word| !word.is_empty()).map(|word| match word {
            file if file.ends_with(".csv") => self.at(file).display().to_string(),
            word => word.to_owned(),
        });
        let words = std::iter::once("link".to_owned()).chain(words);
        Line::try_parse_from(words).map_err(|problem| problem.to_string())?.link.run()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).expect("written")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries.flatten().map(name).collect();
        names.sort();
        names
    }
}

const COLUMNS: &str = "--id rec_id --field given_name:person-name --field surname:person-name \
    --field soc_sec_id:tax-id";

#[test]
fn one_file_is_searched_for_duplicates() {
    let desk = Desk::new(&[("people.csv", PEOPLE.as_bytes())]);
    desk.run(&format!("people.csv {COLUMNS} --out c.csv --pairs p.csv")).expect("linked");
    assert_eq!(
        desk.read("c.csv"),
        "source,id,cluster\npeople.csv,r1,0\npeople.csv,r2,0\npeople.csv,r3,1\npeople.csv,r4,2\n"
    );
    let pairs = desk.read("p.csv");
    let mut lines = pairs.lines();
    assert_eq!(lines.next(), Some("source_a,id_a,source_b,id_b,probability"));
    let pair = lines.next().expect("a pair");
    assert!(pair.starts_with("people.csv,r1,people.csv,r2,0.9"), "{pair}");
    assert_eq!(desk.names(), ["c.csv", "p.csv", "people.csv"]);
}

#[test]
fn two_files_are_linked_across_whatever_their_dialects() {
    let (one, _, _) = encoding_rs::WINDOWS_1251.encode(
        "Код;Название;Телефон\r\n1;ООО «Берканлот»;8 (495) 245-67-89\r\n2;ЗАО Тургелсад;\r\n",
    );
    let other = "Код\tТелефон\tНазвание\nа\t+74952456789\tБерканлот ООО\nб\t\tФилжарцен\n";
    let desk = Desk::new(&[("one.csv", &one), ("other.csv", other.as_bytes())]);
    let line = "one.csv other.csv --id Код --field Название:company-name --field Телефон:phone";
    desk.run(&format!("{line} --out c.csv --threads 2 --one-to-one")).expect("linked");
    let clusters = desk.read("c.csv");
    let cluster = |row: &str| {
        let line = clusters.lines().find(|line| line.starts_with(row));
        line.and_then(|line| line.rsplit(',').next()).map(str::to_owned).expect("a row")
    };
    assert_eq!(clusters.lines().count(), 5);
    assert_eq!(cluster("one.csv,1,"), cluster("other.csv,а,"));
    assert_ne!(cluster("one.csv,2,"), cluster("other.csv,б,"));
}

#[test]
fn decided_pairs_are_kept_to() {
    let labels = "id_a,id_b,same\nr1,r2,no\nr3,r4,yes\n";
    let files: [(&str, &[u8]); 2] =
        [("people.csv", PEOPLE.as_bytes()), ("l.csv", labels.as_bytes())];
    let desk = Desk::new(&files);
    desk.run(&format!("people.csv {COLUMNS} --labels l.csv --out c.csv")).expect("linked");
    let clusters = desk.read("c.csv");
    let numbers: Vec<&str> =
        clusters.lines().skip(1).filter_map(|line| line.rsplit(',').next()).collect();
    assert_ne!(numbers[0], numbers[1], "{clusters}");
    assert_eq!(numbers[2], numbers[3], "{clusters}");
}

#[test]
fn what_is_wrong_is_named_and_nothing_is_written() {
    let open_quote = format!("rec_id,name\na,x\nb,\"{}", "z".repeat(100_000));
    let files: [(&str, &[u8]); 11] = [
        ("people.csv", PEOPLE.as_bytes()),
        ("twice.csv", b"rec_id,name\na,x\nb,y\na,z\n"),
        ("nameless.csv", b"rec_id,name\na,x\n,y\n"),
        ("empty.csv", b""),
        ("heading.csv", b"rec_id,name\n"),
        ("quote.csv", open_quote.as_bytes()),
        ("binary.csv", b"%PDF-1.7\n\x00\x01\xff stream"),
        ("sheet.csv", b"PK\x03\x04\x00\x00"),
        ("doubled.csv", b"rec_id,name,name\na,x,y\n"),
        ("unknown.csv", b"id_a,id_b,same\nr1,r9,1\n"),
        ("unsure.csv", b"id_a,id_b,same\nr1,r2,perhaps\n"),
    ];
    let desk = Desk::new(&files);
    let before = desk.names();
    let name = "--id rec_id --field name:text --out c.csv";
    let many: String = (0..17).map(|n| format!(" --field c{n}:text")).collect();
    let many = format!("--id rec_id{many}");
    for (line, parts) in [
        (
            "people.csv --id rec_id --field nam:text --out c.csv",
            &["\"nam\"", "given_name, surname"],
        ),
        (
            "people.csv --id key --field surname:text --out c.csv",
            &["\"key\"", "rec_id, given_name"],
        ),
        ("people.csv --id rec_id --field surname:name --out c.csv", &["\"name\"", "person-name"]),
        ("people.csv --id rec_id --field surname --out c.csv", &["no kind", "tax-id"]),
        (&format!("twice.csv {name}"), &["rows 2 and 4", "\"a\" in column \"rec_id\""]),
        (&format!("nameless.csv {name}"), &["row 3", "no id: column \"rec_id\""]),
        (&format!("quote.csv {name}"), &["row 3, column \"name\"", "100001 bytes"]),
        (&format!("binary.csv {name}"), &["binary.csv", "text"]),
        (&format!("empty.csv {name}"), &["empty.csv", "empty"]),
        (&format!("heading.csv {name}"), &["heading.csv", "no rows"]),
        (&format!("sheet.csv {name}"), &["sheet.csv", "Excel"]),
        (&format!("absent.csv {name}"), &["absent.csv", "No such file"]),
        (&format!("doubled.csv {name}"), &["2 columns", "\"name\""]),
        (&format!("people.csv {COLUMNS} --out c.csv --labels unknown.csv"), &["row 2", "\"r9\""]),
        (&format!("people.csv {COLUMNS} --out c.csv --labels unsure.csv"), &["perhaps", "yes"]),
        (&format!("people.csv {COLUMNS} --out c.csv --threshold 1.5"), &["1.5", "0 to 1"]),
        (&format!("people.csv {COLUMNS} --out c.csv --threshold NaN"), &["NaN", "0 to 1"]),
        (&format!("people.csv {COLUMNS} --out no/c.csv"), &["cannot be written", "no/c.csv"]),
        (&format!("people.csv {COLUMNS} --out people.csv"), &["named twice", "people.csv"]),
        (&format!("people.csv {COLUMNS} --out c.csv --pairs c.csv"), &["named twice", "c.csv"]),
        (&format!("people.csv {COLUMNS} --out c.csv --one-to-one"), &["two files", "one-to-one"]),
        (&format!("people.csv {many} --out c.csv"), &["at most 16 columns", "name fewer"]),
        (&format!("people.csv {COLUMNS} --out c.csv --encoding x-y"), &["\"x-y\"", "not known"]),
    ] {
        let problem = desk.run(line).expect_err(line);
        for part in parts {
            assert!(problem.contains(part), "{line}: {problem}");
        }
        assert!(problem.ends_with("nothing was written"), "{problem}");
        assert_eq!(desk.names(), before, "{line}");
    }
}

#[test]
fn a_column_may_be_the_id_and_be_compared_in_two_ways() {
    let chosen = Chosen {
        id: "name".to_owned(),
        fields: lists::fields(&[
            "name:text".to_owned(),
            "NAME:company-name".to_owned(),
            "city:city".to_owned(),
        ])
        .expect("fields"),
        delimiter: None,
        encoding: None,
    };
    let desk = Desk::new(&[("a.csv", b"name|city\n x y |Omsk\nz|\nshort\n")]);
    let list = List::read(&desk.at("a.csv"), &chosen).expect("read");
    assert_eq!(list.ids, ["x y", "z", "short"]);
    let cells = ["x y", "x y", "Omsk", "z", "z", "", "short", "short", ""];
    assert!(list.table.cells().eq(cells));
}

/// Three telephones in 4,121 rows, by a slip in the sheet that the list was made in. Its names are
/// those of 1,773 firms, most with the number of a shop behind them.
#[cfg(feature = "real")]
#[test]
fn pharmacies_under_three_numbers_are_not_glued() {
    use std::collections::{BTreeMap, BTreeSet};
    let folder = std::env::var("TROIKA_REAL_DATA").expect("TROIKA_REAL_DATA names a folder");
    let path = std::path::Path::new(&folder).join("ru-companies/mos_501_pharmacies_new.csv");
    let bytes = fs::read(path).expect("the file is there");
    let desk = Desk::new(&[("shops.csv", &bytes)]);
    let line = "shops.csv --id 0_Код --field 1_Название:company-name --field 1_Адрес:address";
    desk.run(&format!("{line} --field 1_Телефон:phone --out with.csv")).expect("linked");
    desk.run(&format!("{line} --out without.csv")).expect("linked");
    let rows = lists::Rows::open(&desk.at("shops.csv"), None, None).expect("read");
    let firm = |name: &str| {
        let bare = name.rsplit_once(" - ").filter(|(_, tail)| tail.parse::<u32>().is_ok());
        linkage::normalise::name(bare.map_or(name, |(name, _)| name)).latin_key()
    };
    let firms: BTreeMap<String, String> =
        rows.all().skip(1).map(|(_, row)| (row[0].trim().to_owned(), firm(&row[1]))).collect();
    let clusters = |name: &str| -> BTreeMap<String, BTreeSet<String>> {
        let mut clusters: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in desk.read(name).lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            clusters.entry(cells[2].to_owned()).or_default().insert(firms[cells[1]].clone());
        }
        clusters
    };
    let (with, without) = (clusters("with.csv"), clusters("without.csv"));
    let all: BTreeSet<&String> = firms.values().collect();
    let mixed = with.values().filter(|firms| firms.len() > 1).count();
    let most = with.values().map(BTreeSet::len).max();
    println!("{} firms, {} clusters, {mixed} mixed, {most:?}", all.len(), with.len());
    assert_eq!(firms.len(), 4_121);
    assert!(with.len() * 20 > without.len() * 19, "{} of {}", with.len(), without.len());
    assert!(with.len() * 10 > all.len() * 9 && mixed * 20 < with.len(), "{mixed} mixed");
    assert!(most.is_some_and(|most| most <= 6), "{most:?} firms in one cluster");
}
