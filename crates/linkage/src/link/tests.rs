//! What linking promises, whatever the rows.

use proptest::prelude::*;

use super::near::edits;
use super::*;
use crate::similar::damerau_levenshtein;
use crate::trial::{Persons, of_clusters};

const FIRST_ID: &str = "7714239823";
const SECOND_ID: &str = "7709092420";

fn fields() -> Vec<Field> {
    let field = |(name, kind): (&str, Kind)| Field { name: name.to_owned(), kind };
    [
        ("name", Kind::CompanyName),
        ("inn", Kind::TaxId),
        ("phone", Kind::Phone),
        ("mail", Kind::Email),
        ("city", Kind::City),
    ]
    .map(field)
    .to_vec()
}

type Row = [String; 5];

fn table(rows: &[Row]) -> Table {
    rows.iter().flatten().collect()
}

fn row(name: &str, inn: &str, phone: &str, mail: &str, city: &str) -> Row {
    [name, inn, phone, mail, city].map(str::to_owned)
}

/// Small worlds in which nearly everything collides with something.
fn worlds() -> impl Strategy<Value = Vec<Row>> {
    let title = prop::sample::select(vec![
        "ООО Вектор",
        "Vektor",
        "Веткор",
        "Вектор Плюс",
        "Ромашка",
        "Школа 5",
        "Школа 6",
        "",
    ]);
    let tax = prop::sample::select(vec!["", FIRST_ID, SECOND_ID, FIRST_ID, SECOND_ID]);
    let phone = prop::sample::select(vec!["", "+74951234567", "8 (495) 765-43-21", "4957654321"]);
    let mail = prop::sample::select(vec!["", "info@vektor.ru", "sale@vektor.ru", "a@mail.ru"]);
    let city = prop::sample::select(vec!["", "Москва", "Казань"]);
    let one = (title, tax, phone, mail, city);
    prop::collection::vec(one.prop_map(|(a, b, c, d, e)| row(a, b, c, d, e)), 2..40)
}

/// For each row the smallest number of its cluster's rows, so that numberings do not matter.
fn canonical(clusters: &[u32]) -> Vec<usize> {
    clusters
        .iter()
        .map(|mine| clusters.iter().position(|other| other == mine).unwrap_or(0))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_does_not_change_the_clusters(rows in worlds()) {
        // Equal rows are told apart by nothing, so they are left out.
        let mut rows = rows;
        rows.sort();
        rows.dedup();
        let forward = link(&fields(), &[table(&rows)], &Settings::default());
        let turned: Vec<Row> = rows.iter().rev().cloned().collect();
        let backward = link(&fields(), &[table(&turned)], &Settings::default());
        let last = rows.len() - 1;
        for a in 0..rows.len() {
            for b in 0..rows.len() {
                prop_assert_eq!(
                    forward.clusters[a] == forward.clusters[b],
                    backward.clusters[last - a] == backward.clusters[last - b]
                );
            }
        }
    }

    #[test]
    fn threads_do_not_change_the_answer(rows in worlds(), threads in 2_usize..5) {
        let one = link(&fields(), &[table(&rows)], &Settings::default());
        let settings = Settings { threads, ..Settings::default() };
        let many = link(&fields(), &[table(&rows)], &settings);
        prop_assert_eq!(one.pairs, many.pairs);
        prop_assert_eq!(one.clusters, many.clusters);
        prop_assert_eq!(one.compared, many.compared);
    }

    #[test]
    fn lessons_change_what_agreement_is_worth_and_nothing_else(
        rows in worlds(),
        threads in 1_usize..4,
    ) {
        let lesson = |a: usize, b: usize, same: bool| Lesson {
            left: rows[a % rows.len()].clone().into(),
            right: rows[b % rows.len()].clone().into(),
            same,
        };
        let both = |at| [lesson(at, at + 1, false), lesson(at, at, true)];
        let lessons: Vec<Lesson> = (0..4).flat_map(both).collect();
        let plain = Linker::new(&fields(), &[table(&rows)], &Settings::default()).linked();
        let settings = Settings { lessons: lessons.clone(), threads, ..Settings::default() };
        let taught = Linker::new(&fields(), &[table(&rows)], &settings).linked();
        prop_assert_eq!(taught.compared, plain.compared);
        prop_assert_eq!(taught.clusters.len(), rows.len());
        let backward = lessons.into_iter().rev().collect();
        let turned = Settings { lessons: backward, ..Settings::default() };
        let turned = Linker::new(&fields(), &[table(&rows)], &turned).linked();
        prop_assert_eq!(turned.pairs, taught.pairs);
        prop_assert_eq!(turned.clusters, taught.clusters);
    }

    #[test]
    fn no_cluster_holds_a_pair_that_is_ruled_out(rows in worlds()) {
        let settings = Settings {
            threshold: Some(1e-6),
            labels: vec![(0, 1, false)],
            ..Settings::default()
        };
        let linker = Linker::new(&fields(), &[table(&rows)], &settings);
        let found = linker.linked();
        prop_assert_ne!(found.clusters[0], found.clusters[1]);
        for a in 0..rows.len() as u32 {
            for b in a + 1..rows.len() as u32 {
                if found.clusters[a as usize] == found.clusters[b as usize] {
                    let why = linker.explain(a, b);
                    prop_assert!(why.is_some_and(|why| !why.is_ruled_out));
                }
            }
        }
    }

    #[test]
    fn clusters_are_numbered_in_the_order_of_their_first_rows(rows in worlds()) {
        let found = link(&fields(), &[table(&rows)], &Settings::default());
        let mut next = 0;
        for (at, first) in canonical(&found.clusters).into_iter().enumerate() {
            if first == at {
                prop_assert_eq!(found.clusters[at], next);
                next += 1;
            }
        }
    }

    #[test]
    fn few_edits_are_counted_as_the_plain_distance_counts_them(
        a in "[abc]{0,8}",
        b in "[abc]{0,8}",
    ) {
        let found = edits(a.as_bytes(), b.as_bytes(), 2);
        let plain = damerau_levenshtein(&a, &b);
        // The restricted distance may be larger, never smaller.
        prop_assert!(found >= plain.min(3));
        prop_assert_eq!(found == 0, a == b);
        prop_assert_eq!(found, edits(b.as_bytes(), a.as_bytes(), 2));
    }
}

/// A word of consonants and vowels that no other number gives.
fn made_up(number: usize) -> String {
    let syllables = ["ба", "ве", "ги", "до", "жу", "за", "ке", "ли", "мо", "ну", "пэ", "ра"];
    let mut rest = number.wrapping_mul(7919) % 20_736;
    let mut word = String::from("К");
    for _ in 0..4 {
        word.push_str(syllables[rest % 12]);
        rest /= 12;
    }
    word
}

#[test]
fn a_telephone_of_three_hundred_rows_glues_nothing_together() {
    let mut rows: Vec<Row> = (0..300)
        .map(|number| row(&made_up(number), "", "+7 495 123-45-67", "", "Москва"))
        .collect();
    // And a real duplicate among them, which must still be found.
    rows.push(row("ООО Вектор", "", "8 495 123 45 67", "info@vektor.ru", "Москва"));
    rows.push(row("Вектор", "", "+74951234567", "info@vektor.ru", "Москва"));
    let found = link(&fields(), &[table(&rows)], &Settings::default());
    assert_eq!(found.clusters[300], found.clusters[301]);
    let distinct: std::collections::BTreeSet<u32> = found.clusters.iter().copied().collect();
    assert_eq!(distinct.len(), 301);
    assert!(found.crowded_keys > 0 && found.narrowed > 0);
}

#[test]
fn across_two_tables_a_row_may_be_held_to_one_partner() {
    let first = [row("Вектор", "", "+74951234567", "info@vektor.ru", "Москва")];
    let second = [
        row("Вектор", "", "+74951234567", "info@vektor.ru", "Москва"),
        row("Вектор", "", "+74951234567", "", "Москва"),
    ];
    let settings = Settings { one_to_one: true, threshold: Some(0.01), ..Settings::default() };
    let tables = [table(&first), table(&second)];
    let found = link(&fields(), &tables, &settings);
    assert!(found.pairs.iter().all(|pair| pair.a == 0 && pair.b > 0));
    assert_eq!(found.clusters[0], found.clusters[1]);
    assert_ne!(found.clusters[0], found.clusters[2]);
}

#[test]
fn a_pair_is_explained_field_by_field() {
    let mut rows: Vec<Row> =
        (0..40).map(|number| row(&made_up(number), "", "", "", "Москва")).collect();
    rows.push(row("ООО Вектор", FIRST_ID, "+74951234567", "", "Москва"));
    rows.push(row("АО Вектор", SECOND_ID, "8 495 123-45-67", "", "Москва"));
    let linker = Linker::new(&fields(), &[table(&rows)], &Settings::default());
    let why = linker.explain(40, 41).expect("there are such rows");
    let codes: Vec<&str> = why.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(codes, ["same_other_form", "different_valid", "same", "unknown", "same_common"]);
    assert!(why.is_ruled_out && why.probability == 0.0);
    assert!(why.reasons[2].bits > why.reasons[4].bits);
    assert_eq!(why.reasons[4].carriers, 42);
    assert_eq!(linker.explain(3, 3), None);
    assert_eq!(linker.explain(3, 99), None);
}

#[test]
fn nothing_comes_of_nothing() {
    let found = link(&fields(), &[], &Settings::default());
    assert!(found.clusters.is_empty() && found.pairs.is_empty());
    let empty: Vec<Row> = vec![row("", "", "", "", ""); 3];
    let found = link(&fields(), &[table(&empty)], &Settings::default());
    assert_eq!(found.clusters, [0, 1, 2]);
}

/// The clusters that a list of companies falls into.
fn clusters(rows: &[Row]) -> Vec<u32> {
    link(&fields(), &[table(rows)], &Settings::default()).clusters
}

/// A made-up list with rows of one's own behind it, so that there is something to learn from.
fn among_companies(own: &[Row]) -> Linked {
    let list = crate::trial::Companies::new(5, 4_000);
    let mut rows: Vec<Row> = list
        .rows()
        .map(|row| {
            let [name, inn, _, _, phone, mail, _, city, ..] = row.cells;
            [name, inn, phone, mail, city]
        })
        .collect();
    rows.extend_from_slice(own);
    link(&fields(), &[table(&rows)], &Settings::default())
}

#[test]
fn a_pasted_tax_number_does_not_part_a_row_from_its_own() {
    // The second row of «Кабевегидо» carries the number of a firm that it has nothing to do with.
    let own = [
        row("ООО Кабевегидо", SECOND_ID, "8 (3012) 45-67-01", "", "Улан-Удэ"),
        row("Кабевегидо", FIRST_ID, "8 (3012) 45-67-01", "", "Улан-Удэ"),
        row("ЗАО Ножурамали", FIRST_ID, "8 (4872) 33-12-09", "", "Тула"),
        row("Ножурамали", FIRST_ID, "8 (4872) 33-12-09", "", "Тула"),
    ];
    let found = among_companies(&own);
    let [a, b, c, d] = found.clusters[4_000..] else { panic!("four rows") };
    assert_eq!((a == b, c == d, a == c), (true, true, false), "{a} {b} {c} {d}");
    assert!(found.auto_from.is_some_and(|from| (0.95..1.0).contains(&from)));
    // Where nobody else has the number, it stays a veto.
    let own = [
        row("ООО Кабевегидо", SECOND_ID, "8 (3012) 45-67-01", "", "Улан-Удэ"),
        row("Кабевегидо", FIRST_ID, "8 (3012) 45-67-01", "", "Улан-Удэ"),
    ];
    let found = among_companies(&own);
    assert_ne!(found.clusters[4_000], found.clusters[4_001]);
}

#[test]
fn a_number_that_strangers_share_is_for_a_person_to_look_at() {
    let own = [
        row("ООО Кабевегидо", FIRST_ID, "8 (3012) 45-67-01", "", ""),
        row("ЗАО Ножурамали", FIRST_ID, "8 (4872) 33-12-09", "", ""),
    ];
    let list = among_companies(&own);
    assert_ne!(list.clusters[4_000], list.clusters[4_001]);
    let found = list.pairs.iter().find(|pair| (pair.a, pair.b) == (4_000, 4_001));
    assert!(found.is_none_or(|pair| pair.probability < 0.5));
}

#[test]
fn a_town_is_told_by_the_code_of_a_telephone() {
    // «Вектор» is in every town; two rows without a town are told apart by their telephones.
    let own = [
        row("Кабевегидо Мир", "", "8 (3812) 45-67-01", "", ""),
        row("Кабевегидо Мир", "", "8 (383) 345-67-02", "", ""),
        row("Ножурамали Мир", "", "8 (3812) 45-67-03", "", ""),
        row("Ножурамали Мир", "", "8-923-345-67-04", "", "Омск"),
    ];
    let found = among_companies(&own);
    let probability = |a: u32, b: u32| {
        let pair = found.pairs.iter().find(|pair| (pair.a, pair.b) == (4_000 + a, 4_000 + b));
        pair.map_or(0.0, |pair| pair.probability)
    };
    assert!(probability(2, 3) > probability(0, 1), "{:?}", &found.clusters[4_000..]);
}

#[test]
fn a_name_is_the_same_however_it_was_typed() {
    let mut rows: Vec<Row> =
        (0..40).map(|number| row(&made_up(number), "", "", "", "Москва")).collect();
    for (one, other) in [
        ("LLC «Spectr»", "ООО Спектр"),
        ("JSC “Vektor Zapad”", "АО Вектор Запад"),
        ("JJJ “Tvxfh Kjubcnbr”", "ООО Емчар Логистик"),
        ("ООО «ВикокСтрой»", "Викок Строй"),
        ("ООО \"Научно-производственноепредприятиеЛотмакор\"", "НПП Лотмакор"),
        ("Торговый дом Вектор", "ТД «Вектор»"),
    ] {
        rows.truncate(40);
        rows.push(row(one, "", "+74951234567", "", "г. Омск"));
        rows.push(row(other, "", "8 495 123-45-67", "", "Омск"));
        let linker = Linker::new(&fields(), &[table(&rows)], &Settings::default());
        let why = linker.explain(40, 41).expect("there are such rows");
        let (name, town) = (&why.reasons[0], &why.reasons[4]);
        assert!(matches!(name.code, "same" | "near"), "{one}: {name:?}");
        assert_eq!(town.code, "same", "{town:?}");
        let clusters = clusters(&rows);
        assert_eq!(clusters[40], clusters[41], "{one}");
    }
}

#[test]
fn two_long_names_that_are_numbered_apart_are_not_joined() {
    let clinic =
        |number: usize| format!("ГБУЗ города Москвы «Городская поликлиника № {number} ДЗМ»");
    let mut rows: Vec<Row> =
        (0..40).map(|number| row(&made_up(number), "", "", "", "Москва")).collect();
    rows.push(row(&clinic(68), "", "", "", "Москва"));
    rows.push(row(&clinic(220), "", "", "", "Москва"));
    rows.push(row("Городская поликлиника № 68 ДЗМ города Москвы, ГБУЗ", "", "", "", "Москва"));
    let linker = Linker::new(&fields(), &[table(&rows)], &Settings::default());
    let name = |a, b| linker.explain(a, b).expect("there are such rows").reasons[0].bits;
    assert!(name(40, 41) < 1.0 && name(40, 42) > 3.0, "{} {}", name(40, 41), name(40, 42));
}

#[test]
fn a_long_list_is_linked_alike_by_any_number_of_threads() {
    let list = crate::trial::Companies::new(9, 5_000);
    let (places, fields): (Vec<usize>, Vec<Field>) =
        crate::trial::Companies::fields().into_iter().unzip();
    let rows =
        list.rows().flat_map(|row| places.clone().into_iter().map(move |at| row.cells[at].clone()));
    let tables = [rows.collect::<Table>()];
    let linked = |threads: usize| {
        let settings = Settings { threads, report_from: 0.05, ..Settings::default() };
        link(&fields, &tables, &settings)
    };
    let one = linked(1);
    assert!(one.pairs.len() > 3_000 && one.auto_from.is_some(), "{}", one.pairs.len());
    for threads in [2, 3, 7] {
        let many = linked(threads);
        assert_eq!(one.pairs, many.pairs);
        assert_eq!(one.clusters, many.clusters);
        assert_eq!((one.compared, one.auto_from), (many.compared, many.auto_from));
    }
}

#[test]
fn every_kind_of_comparison_has_its_words() {
    let near = "near";
    for (kind, cells, codes) in [
        (Kind::CompanyName, ["ООО Вектор", "Вектор, ООО", "Веткор", "Ромашка"], ["same", near]),
        (
            Kind::CompanyName,
            ["ООО Вектор", "LLC Vektor", "АО Вектор", "Ромашка"],
            ["same", "same_other_form"],
        ),
        (
            Kind::PersonName,
            ["Попов Пётр", "ПОПОВ ПЕТР", "Попов П.", "Сидорин Иван"],
            ["same", near],
        ),
        (
            Kind::Text,
            ["red pump PX-200", "PX-200 red pump", "blue pump PX-200", "tea"],
            [near, near],
        ),
        (
            Kind::Address,
            ["ул. Ленина, 5", "УЛ ЛЕНИНА 5", "Ленина ул., 5", "Мира 17"],
            ["same", near],
        ),
        (Kind::City, ["г. Казань", "Казань", "Козань", "Омск"], ["same", near]),
        (Kind::Postcode, ["123456", "123 456", "123457", "650000"], ["same", near]),
        (
            Kind::Phone,
            ["+7 495 123-45-67", "84951234567 доб. 2", "123-45-67", "8 495 700-10-20"],
            ["same", "same_elsewhere"],
        ),
        (
            Kind::Email,
            ["info@vektor.ru", "INFO@VEKTOR.RU", "sale@vektor.ru", "a@mail.ru"],
            ["same", near],
        ),
        (
            Kind::Domain,
            ["https://www.vektor.ru/a", "vektor.ru", "vektor.com", "romashka.ru"],
            ["same", near],
        ),
        (Kind::TaxId, [FIRST_ID, "7714 239 823", "7714239824", SECOND_ID], ["same", near]),
        (
            Kind::Date,
            ["1956-04-09", "09.04.1956", "1956-09-04", "2001-12-30"],
            ["same", "same_elsewhere"],
        ),
        (Kind::Number, ["1 000,5", "1000.5", "1005", "7"], ["same", near]),
        (Kind::Category, ["Опт", "опт", "", "Розница"], ["same", "unknown"]),
    ] {
        let field = [Field { name: "x".to_owned(), kind }];
        let mut all: Vec<String> = cells.map(str::to_owned).to_vec();
        all.push(String::new());
        let linker = Linker::new(&field, &[all.iter().collect()], &Settings::default());
        let reason = |row: u32| linker.explain(0, row).expect("a pair").reasons.remove(0);
        let told = [1, 2, 3, 4].map(|row| reason(row).code);
        let other = if kind == Kind::TaxId { "different_valid" } else { "different" };
        assert_eq!(told, [codes[0], codes[1], other, "unknown"], "{kind:?} {cells:?}");
        // What many have in common counts for little, and says of how many.
        let mut all = vec![cells[0].to_owned(); 40];
        all.resize(100, String::new());
        all.extend([cells[3].to_owned(), cells[3].to_owned()]);
        let linker = Linker::new(&field, &[all.iter().collect()], &Settings::default());
        let reason = |a: u32, b: u32| linker.explain(a, b).expect("a pair").reasons.remove(0);
        let (common, rare) = (reason(0, 1), reason(100, 101));
        assert_eq!((common.code, common.carriers), ("same_common", 40), "{kind:?}");
        assert_eq!((rare.code, rare.carriers), ("same", 2), "{kind:?}");
        assert!(common.bits < rare.bits, "{kind:?}: {} {}", common.bits, rare.bits);
    }
}

#[test]
fn what_goes_together_by_nature_counts_once() {
    // Everyone of a suburb has its postal code and its state: that says no more than the suburb.
    let people = Persons::new(5, 6_000);
    let (mut table, mut truth) = (Table::default(), Vec::new());
    for row in people.rows() {
        table.extend(row.cells);
        truth.push(row.truth);
    }
    let tables = std::slice::from_ref(&table);
    let linker = Linker::new(&Persons::fields(), tables, &Settings::default());
    assert_eq!(linker.weights.ties.len(), 2, "{:?}", linker.weights.ties);
    let score = of_clusters(&linker.linked().clusters, &truth, None);
    assert!(score.f1() >= 0.9996, "{score:?}");
}
