//! The lists really are as messy as they say, and the scores are those of hand-made cases.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::normalise;

const ROWS: u32 = 20_000;

fn list() -> Vec<Row> {
    Companies::new(7, ROWS).rows().collect()
}

/// Rows with a mess, of a thousand.
fn thousandths(rows: &[Row], mess: Mess) -> usize {
    rows.iter().filter(|row| row.mess.has(mess)).count() * 1000 / rows.len()
}

#[test]
fn every_kind_of_mess_has_its_share_of_the_rows() {
    let rows = list();
    for (mess, least, most) in [
        (Mess::Switchboard, 30, 70),
        (Mess::Registrar, 20, 32),
        (Mess::StrangersPhone, 6, 11),
        (Mess::PhoneDigit, 8, 18),
        (Mess::LocalPhone, 12, 22),
        (Mess::SeveralPhones, 180, 240),
        (Mess::Extension, 25, 70),
        (Mess::Sister, 90, 150),
        (Mess::Branch, 5, 20),
        (Mess::StrangersTaxId, 7, 13),
        (Mess::LostZero, 20, 60),
        (Mess::TaxIdDigit, 11, 20),
        (Mess::DecimalTail, 5, 11),
        (Mess::NoForm, 160, 200),
        (Mess::FormBehind, 75, 105),
        (Mess::OtherForm, 8, 30),
        (Mess::FormInFull, 40, 65),
        (Mess::Misspelt, 65, 85),
        (Mess::Latin, 48, 65),
        (Mess::LookAlike, 25, 42),
        (Mess::OtherLayout, 6, 12),
        (Mess::Shortened, 50, 110),
        (Mess::Joined, 50, 85),
        (Mess::Initials, 25, 45),
        (Mess::TownInName, 20, 40),
        (Mess::Case, 110, 170),
        (Mess::NoCity, 210, 250),
        (Mess::NoPhone, 105, 135),
        (Mess::NoTaxId, 350, 400),
        (Mess::MailMisspelt, 3, 10),
        (Mess::OtherAddress, 380, 450),
    ] {
        let share = thousandths(&rows, mess);
        assert!((least..=most).contains(&share), "{mess:?}: {share} of a thousand");
    }
}

#[test]
fn a_list_of_catalogues_has_other_messes_in_other_proportions() {
    let rows: Vec<Row> = Companies::of(Origin::Catalogue, 7, ROWS).rows().collect();
    for (mess, least, most) in [
        (Mess::Truncated, 12, 30),
        (Mess::Reordered, 15, 60),
        (Mess::Brand, 30, 60),
        (Mess::Moved, 45, 75),
        (Mess::Nickname, 30, 80),
        (Mess::Shifted, 10, 20),
        (Mess::NotGiven, 180, 320),
        (Mess::SharedEnding, 10, 30),
        (Mess::NoTaxId, 520, 580),
        (Mess::StrangersTaxId, 7, 16),
        (Mess::NoForm, 300, 360),
        (Mess::Sister, 60, 130),
        (Mess::Switchboard, 40, 110),
        (Mess::Initials, 50, 110),
    ] {
        let share = thousandths(&rows, mess);
        assert!((least..=most).contains(&share), "{mess:?}: {share} of a thousand");
    }
    let sales = list();
    for mess in &Mess::ALL[31..] {
        assert_eq!(thousandths(&sales, *mess), 0, "{mess:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_list_and_another_gives_another() {
    let take = |seed| Companies::new(seed, 50).rows().collect::<Vec<Row>>();
    assert_eq!(take(1), take(1));
    assert_ne!(take(1), take(2));
    assert_eq!(Companies::new(1, 50).rows_count(), 50);
    let take = |seed| Persons::new(seed, 50).rows().collect::<Vec<PersonRow>>();
    assert_eq!(take(1), take(1));
    assert_ne!(take(1), take(2));
}

#[test]
fn tax_numbers_and_register_numbers_are_right_unless_they_are_marked_wrong() {
    let (mut valid, mut wrong, mut repaired) = (0, 0, 0);
    for row in list() {
        let [_, tax_id, kpp, ogrn, ..] = &row.cells;
        if tax_id.is_empty() {
            assert!(row.mess.has(Mess::NoTaxId));
            continue;
        }
        assert!(kpp.is_empty() || normalise::kpp(kpp).is_ok(), "{kpp}");
        assert!(ogrn.is_empty() || normalise::ogrn(ogrn).is_ok(), "{ogrn}");
        assert_eq!(row.mess.has(Mess::DecimalTail), tax_id.ends_with(".0"));
        let digits = tax_id.trim_end_matches(".0");
        match (row.mess.has(Mess::TaxIdDigit), normalise::tax_id(digits).is_ok()) {
            (false, is_valid) if row.mess.has(Mess::LostZero) => {
                assert!(matches!(tax_id.len(), 9 | 11), "{tax_id}");
                repaired += usize::from(is_valid);
            }
            (false, is_valid) => {
                assert!(is_valid, "{tax_id}");
                valid += 1;
            }
            (true, is_valid) => wrong += usize::from(!is_valid),
        }
    }
    assert!(valid > 10_000 && wrong > 200, "{valid} valid, {wrong} wrong, {repaired} repaired");
}

/// For each value of a cell, the firms that have it.
fn firms_by(rows: &[Row], values: impl Fn(&Row) -> Vec<String>) -> HashMap<String, HashSet<u32>> {
    let mut firms: HashMap<String, HashSet<u32>> = HashMap::new();
    for row in rows {
        for value in values(row) {
            firms.entry(value).or_default().insert(row.truth);
        }
    }
    firms
}

/// Whole numbers of a cell, without their first seven or eight.
fn numbers(row: &Row) -> Vec<String> {
    let parts = row.cells[4].split([',', ';', '/', '\n']);
    let digits = |part: &str| {
        let part = part.split(['д', 'в', 'e', '#']).next().unwrap_or_default();
        part.chars().filter(char::is_ascii_digit).collect::<String>()
    };
    let ten = |digits: String| match digits.len() {
        11 => Some(digits[1..].to_owned()),
        10 => Some(digits),
        _ => None,
    };
    parts.map(|part| part.trim_start_matches("тел.").trim()).map(digits).filter_map(ten).collect()
}

#[test]
fn telephones_are_shared_by_switchboards_registrars_and_sisters() {
    let rows = list();
    let firms = firms_by(&rows, numbers);
    let mut sizes: Vec<usize> = firms.values().map(HashSet::len).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    assert!(sizes[0] > 100 && sizes[4] > 40, "{:?}", &sizes[..8]);
    let shared: usize = sizes.iter().filter(|size| **size > 1).count();
    assert!(shared > 500, "{shared} telephones of more than one firm");
}

#[test]
fn names_of_one_town_are_shared_by_different_firms() {
    let rows = list();
    let name_and_town = |row: &Row| {
        let name = normalise::name(&row.cells[0]).core;
        if row.cells[7].is_empty() { Vec::new() } else { vec![format!("{name} {}", row.cells[7])] }
    };
    let firms = firms_by(&rows, name_and_town);
    let twice = firms.values().filter(|firms| firms.len() > 1).count();
    let names = firms_by(&rows, |row| vec![normalise::name(&row.cells[0]).core]);
    let everywhere = names.values().filter(|firms| firms.len() > 4).count();
    assert!(twice > 100 && everywhere > 60, "{twice} in one town, {everywhere} in five");
}

#[test]
fn letters_are_of_the_script_that_is_marked() {
    let is_russian = |letter: char| matches!(letter, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё');
    for row in list() {
        let name = &row.cells[0];
        let (mess, both) = (row.mess, name.chars().any(is_russian));
        if mess.has(Mess::Latin) && !mess.has(Mess::TownInName) {
            assert!(!both, "{name}");
        }
        if mess.has(Mess::OtherLayout) {
            assert!(!both, "{name}");
        }
        if mess.has(Mess::LookAlike) {
            assert!(name.chars().any(|letter| letter.is_ascii_alphabetic()), "{name}");
        }
    }
}

#[test]
fn nearly_every_pair_can_be_found_by_who_sees_through_the_mess() {
    // Rows of one firm hang together when they share what is the firm's own: a tax or register
    // number, a telephone, mail, a site; or when nobody else has its name, or nobody in its town
    // and both rows name the town. What does not hang together nobody can find, and a list with
    // much of that would be a lottery.
    let rows = list();
    let companies = Companies::new(7, ROWS);
    let mut names: HashMap<String, usize> = HashMap::new();
    for number in 0..companies.firms() as u32 {
        let firm = companies.firm(number);
        *names.entry(format!("{} {}", firm.name, firm.head.city.name)).or_default() += 1;
        *names.entry(firm.name).or_default() += 1;
    }
    let mut parent: Vec<usize> = (0..rows.len()).collect();
    fn root(parent: &mut [usize], mut row: usize) -> usize {
        while parent[row] != row {
            parent[row] = parent[parent[row]];
            row = parent[row];
        }
        row
    }
    let mut first: HashMap<(u32, String), usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let own = |place: usize| row.cells[place].to_lowercase();
        let mut values = vec![own(1), own(3), own(5)];
        let bare = own(6).replace("www.", "");
        let bare = bare.trim_start_matches("https://").trim_start_matches("http://").to_owned();
        values.push(bare.split('/').next().unwrap_or_default().to_owned());
        values.extend(numbers(row));
        let firm = companies.firm(row.truth);
        let town = firm.head.city.name;
        if names[&firm.name] == 1 {
            values.push("name".to_owned());
        }
        let is_named = !row.mess.has(Mess::NoCity) && !row.mess.has(Mess::Branch);
        if is_named && names[&format!("{} {town}", firm.name)] == 1 {
            values.push("name in town".to_owned());
        }
        for value in values.into_iter().filter(|value| !value.is_empty()) {
            let other = *first.entry((row.truth, value)).or_insert(at);
            let (a, b) = (root(&mut parent, at), root(&mut parent, other));
            parent[a] = b;
        }
    }
    let clusters: Vec<u32> = (0..rows.len()).map(|at| root(&mut parent, at) as u32).collect();
    let truth: Vec<u32> = rows.iter().map(|row| row.truth).collect();
    let score = of_clusters(&clusters, &truth, None);
    assert_eq!(score.precision(), 1.0);
    println!("{} firms, within reach {:.4}", companies.firms(), score.recall());
    assert!(score.recall() > 0.98, "{}", score.recall());
}

#[test]
fn copies_of_persons_differ_a_little() {
    let rows: Vec<PersonRow> = Persons::new(3, 2_000).rows().collect();
    let mut by_person: HashMap<u32, Vec<&PersonRow>> = HashMap::new();
    rows.iter().for_each(|row| by_person.entry(row.truth).or_default().push(row));
    assert_eq!(rows.len(), 2_000);
    assert_eq!(by_person.len(), 1_000);
    let (mut same, mut cells, mut copies) = (0, 0, 0);
    for records in by_person.values().filter(|records| records.len() > 1) {
        for copy in &records[1..] {
            let alike = copy.cells.iter().zip(&records[0].cells).filter(|(a, b)| a == b).count();
            same += alike;
            cells += 10;
            copies += usize::from(alike < 10);
        }
    }
    assert!(same * 10 > cells * 5 && same * 10 < cells * 9, "{same} of {cells}");
    assert!(copies > 800, "{copies}");
}

#[test]
fn pairs_are_judged_against_the_truth() {
    // Rows 0, 1, 2 are one thing, 3 and 4 another, 5 alone: four pairs are wanted.
    let truth = [9, 9, 9, 4, 4, 1];
    let score = of_pairs([(0, 1), (3, 4), (4, 5)], &truth, None);
    assert_eq!(score, Score { right: 2, found: 3, wanted: 4 });
    assert!((score.precision() - 2.0 / 3.0).abs() < 1e-12);
    assert!((score.recall() - 0.5).abs() < 1e-12);
    assert!((score.f1() - 4.0 / 7.0).abs() < 1e-12);
    // Rows 0 to 2 are of the first table: 0-3 is across, 0-1 is not; of the wanted, none is.
    let score = of_pairs([(0, 1), (0, 3)], &truth, Some(3));
    assert_eq!(score, Score { right: 0, found: 1, wanted: 0 });
    let across = [9, 4, 1, 4, 9, 9];
    let score = of_pairs([(0, 4), (1, 3), (2, 3)], &across, Some(3));
    assert_eq!(score, Score { right: 2, found: 3, wanted: 3 });
}

#[test]
fn clusters_are_judged_by_the_pairs_within_them() {
    let truth = [9, 9, 9, 4, 4, 1];
    for (clusters, right, found, second) in [
        ([0, 0, 0, 1, 1, 2], 4, 4, None),
        ([0, 1, 2, 3, 4, 5], 0, 0, None),
        ([0, 0, 0, 0, 0, 0], 4, 15, None),
        ([0, 0, 1, 1, 2, 2], 1, 3, None),
        ([0, 0, 0, 1, 1, 2], 2, 2, Some(2)),
        ([0, 0, 0, 0, 0, 0], 2, 8, Some(2)),
    ] {
        let score = of_clusters(&clusters, &truth, second);
        assert_eq!((score.right, score.found), (right, found), "{clusters:?} {second:?}");
    }
    let nothing = of_clusters(&[0, 1], &[0, 1], None);
    assert_eq!((nothing.precision(), nothing.recall(), nothing.f1()), (1.0, 1.0, 1.0));
}
