//! Situations and the answer they call for, and what must hold of every answer.

use proptest::prelude::*;

use super::*;
use crate::normalise::{email, kpp, name, tax_id, web_domain};

const FIRST_ID: &str = "7714239823";
const SECOND_ID: &str = "7709092420";

/// A record from what a spreadsheet row would hold; empty means unknown.
fn record(id: u64, title: &str, tax: &str, phone: &str, mail: &str, city: &str) -> Record {
    let read = tax_id(tax);
    let repaired = read.as_ref().err().and_then(|problem| problem.repaired());
    Record {
        id,
        name: name(title),
        tax_id: read.ok().or(repaired),
        tax_id_repaired: repaired.is_some(),
        branch: None,
        phones: phone.split_whitespace().map(str::to_owned).collect(),
        emails: email(mail).ok().into_iter().collect(),
        domain: None,
        city: Some(city.to_owned()).filter(|city| !city.is_empty()),
    }
}

fn index(records: &[Record]) -> Index {
    let mut index = Index::new();
    records.iter().for_each(|record| index.add(record));
    index
}

/// The strength at which the second record is found for the first, in an index of the two.
fn strength_of(left: &Record, right: &Record) -> Option<Strength> {
    index(&[left.clone(), right.clone()]).find(left).first().map(|found| found.strength)
}

fn codes(found: &Match) -> Vec<&'static str> {
    found.reasons.iter().map(Reason::code).collect()
}

#[test]
fn pairs_fall_into_the_right_band() {
    let base = record(1, "ООО Вектор", FIRST_ID, "+74951234567", "a@vektor.ru", "Москва");
    let check = |other: Record, wanted: Option<Strength>| {
        assert_eq!(strength_of(&base, &other), wanted, "{other:?}");
        assert_eq!(strength_of(&other, &base), wanted, "the other way: {other:?}");
    };
    let with = |title: &str, tax: &str, phone: &str, mail: &str, city: &str| {
        record(2, title, tax, phone, mail, city)
    };
    check(with("Вектор, ООО", FIRST_ID, "", "", ""), Some(Strength::Certain));
    check(with("", FIRST_ID, "", "", ""), Some(Strength::Certain));
    // A tax id that was pasted into a stranger's row is for a person to look at.
    check(with("Ромашка", FIRST_ID, "", "", ""), Some(Strength::Likely));
    check(with("Вектор", "", "+74951234567", "", "Москва"), Some(Strength::Certain));
    check(with("Vektor", "", "+74951234567", "", "г. Москва"), Some(Strength::Certain));
    check(with("Вектор", "", "", "", "Москва"), Some(Strength::Weak));
    check(with("Вектор", "", "+74951234567", "", "Казань"), Some(Strength::Likely));
    check(with("Вектор Плюс", "", "+74951234567", "", ""), Some(Strength::Likely));
    check(with("Веткор", "", "+74951234567", "", ""), Some(Strength::Likely));
    check(with("Ромашка", "", "+74951234567", "", ""), Some(Strength::Weak));
    check(with("Ромашка", "", "+74951234567", "a@vektor.ru", ""), Some(Strength::Weak));
    check(with("Ромашка", "", "", "", "Москва"), None);
    // Two valid tax ids rule it out, whatever else agrees.
    check(with("Вектор", SECOND_ID, "+74951234567", "a@vektor.ru", "Москва"), None);
}

#[test]
fn a_repaired_tax_id_weighs_less_and_vetoes_nothing() {
    let whole = record(1, "ООО Башторг", "0274062111", "+73471234567", "", "Уфа");
    let repaired = record(2, "Башторг", "274062111", "", "", "");
    assert!(repaired.tax_id_repaired);
    let found = index(&[whole.clone(), repaired.clone()]).find(&repaired);
    assert_eq!(codes(&found[0]), ["same_repaired_tax_id", "name_same"]);
    assert_eq!(found[0].strength, Strength::Likely);
    let other = record(3, "Башторг", "7714239823.0", "+73471234567", "", "Уфа");
    let found = index(&[whole, other.clone()]).find(&other);
    assert!(codes(&found[0]).contains(&"different_repaired_tax_ids"));
}

/// A record of one company as a branch.
fn branch(id: u64, code: &str) -> Record {
    let whole = record(id, "ООО Вектор", FIRST_ID, "+74951234567", "", "Москва");
    Record { branch: kpp(code).ok(), ..whole }
}

#[test]
fn branches_are_two_where_both_are_named_and_one_where_one_is_not() {
    let (head, other, whole) = (branch(1, "771401001"), branch(2, "690143001"), branch(3, ""));
    assert_eq!(strength_of(&head, &branch(2, "771401001")), Some(Strength::Certain));
    assert_eq!(strength_of(&head, &other), None, "the tax number alone joins them no more");
    assert_eq!(strength_of(&head, &whole), Some(Strength::Certain));
    assert_eq!(strength_of(&other, &whole), Some(Strength::Certain));
    let comparison = index(&[head.clone(), other.clone()]).compare(&head, &other);
    assert!(comparison.is_vetoed());
    assert_eq!(comparison.tax_id, TaxIdLevel::OtherBranch);
    let repaired = Record { tax_id_repaired: true, ..other.clone() };
    assert!(strength_of(&head, &repaired).is_some(), "a repaired number vetoes nothing");
    // The one that names no branch joins either, but not both.
    let clusters = index(&[head, other, whole]).clusters(Strength::Likely);
    assert!(clusters.iter().all(|cluster| cluster.members != [1, 2, 3]), "{clusters:?}");
    assert_eq!(clusters.len(), 1);
}

#[test]
fn different_numbers_in_the_name_are_different_organisations() {
    let left = record(1, "ГБОУ Школа № 1505", "", "", "", "Москва");
    assert_eq!(strength_of(&left, &record(2, "ГБОУ Школа № 1506", "", "", "", "Москва")), None);
    let same = record(2, "школа 1505", "", "", "", "Москва");
    assert_eq!(strength_of(&left, &same), Some(Strength::Likely));
}

#[test]
fn a_telephone_of_hundreds_does_not_glue() {
    let mut records: Vec<Record> = (0..300)
        .map(|id| record(id, &format!("Фирма{id} Имя{id}"), "", "+74950000000", "", ""))
        .collect();
    records.push(record(1000, "Ромашка Юг", "", "+74950000000", "", ""));
    records.push(record(1001, "ООО «Ромашка-Юг»", "", "+74950000000", "", ""));
    let index = index(&records);
    assert_eq!(index.find(&records[7]), Vec::new());
    // The crowded block is parted by name, so those who also share a name still meet.
    let found = index.find(&records[300]);
    assert_eq!(found.iter().map(|found| found.b).collect::<Vec<_>>(), [1001]);
    assert_eq!(found[0].strength, Strength::Likely);
    let clusters = index.clusters(Strength::Likely);
    assert_eq!(clusters, [Cluster { members: vec![1000, 1001] }]);
    // The telephone, and the beginning «Фирма» that the names have in common.
    assert_eq!(index.figures().crowded_keys, 2);
    assert_eq!(index.figures().largest_block, 302);
}

#[test]
fn a_free_mail_domain_is_no_evidence() {
    let left = record(1, "Вектор", "", "", "a@mail.ru", "");
    assert_eq!(strength_of(&left, &record(2, "Ромашка", "", "", "b@mail.ru", "")), None);
    let mut own = record(3, "Вектор Юг", "", "", "", "");
    own.domain = web_domain("www.vektor.ru").ok();
    let found = index(&[own]).find(&record(4, "Вектор Юг", "", "", "b@vektor.ru", ""));
    assert_eq!(codes(&found[0]), ["name_same", "shared_domain"]);
    assert_eq!(found[0].strength, Strength::Likely);
}

#[test]
fn reasons_carry_what_a_sentence_needs() {
    let left = record(1, "ООО Вектор", FIRST_ID, "+74951234567", "", "Москва");
    let right = record(2, "АО Вектор", "", "+74951234567", "", "Казань");
    let found = &index(&[right]).find(&left)[0];
    assert_eq!(codes(found), ["name_same", "different_forms", "shared_phone", "different_cities"]);
    let parameters: Vec<_> = found.reasons.iter().flat_map(Reason::parameters).collect();
    let expected = [
        ("carriers", "2"),
        ("left", "ООО"),
        ("right", "АО"),
        ("phone", "+74951234567"),
        ("carriers", "2"),
        ("left", "москва"),
        ("right", "казань"),
    ];
    assert_eq!(parameters, expected.map(|(name, value)| (name, value.to_owned())));
}

#[test]
fn clusters_hold_one_valid_tax_id_and_do_not_chain() {
    // The middle record agrees with both, but the two hold different valid tax ids.
    let records = [
        record(1, "ООО Вектор", FIRST_ID, "+74951234567", "", ""),
        record(2, "Вектор", "", "+74951234567", "", ""),
        record(3, "ООО Вектор", SECOND_ID, "+74951234567", "", ""),
    ];
    let clusters = index(&records).clusters(Strength::Likely);
    assert_eq!(clusters, [Cluster { members: vec![1, 2] }]);
    // A chain: neighbours share a telephone, the ends share nothing but half a name.
    let chain = [
        record(1, "Север", "", "+71", "", "Омск"),
        record(2, "Север Плюс", "", "+71 +72", "", ""),
        record(3, "Плюс", "", "+72 +73", "", ""),
        record(4, "Плюс Запад", "", "+73", "", "Томск"),
    ];
    let clusters = index(&chain).clusters(Strength::Likely);
    assert!(clusters.iter().all(|cluster| cluster.members.len() <= 2), "{clusters:?}");
}

#[test]
fn a_decision_keeps_records_apart() {
    let records = [
        record(1, "Вектор", "", "+74951234567", "", ""),
        record(2, "Вектор", "", "+74951234567", "", ""),
    ];
    let mut index = index(&records);
    assert_eq!(index.clusters(Strength::Certain).len(), 1);
    index.keep_apart(2, 1);
    assert_eq!(index.find(&records[0]), Vec::new());
    assert_eq!(index.clusters(Strength::Weak), Vec::new());
    index.allow_together(1, 2);
    assert_eq!(index.find(&records[0]).len(), 1);
}

#[test]
fn a_vetoed_pair_can_still_be_shown() {
    let left = record(1, "Вектор", FIRST_ID, "", "", "");
    let right = record(2, "Вектор", SECOND_ID, "", "", "");
    let comparison = index(&[left.clone(), right.clone()]).compare(&left, &right);
    assert!(comparison.is_vetoed());
    assert_eq!(comparison.name, NameLevel::Same);
}

#[test]
fn a_record_is_replaced_and_removed() {
    let mut index = Index::with_limits(Limits { block_records_max: 4 });
    let asked = record(9, "Вектор", "", "+71", "", "");
    index.add(&record(1, "Вектор", "", "+71", "", ""));
    assert_eq!(index.find(&asked).len(), 1);
    index.add(&record(1, "Ромашка", "", "+72", "", ""));
    assert_eq!((index.len(), index.find(&asked).len()), (1, 0));
    assert!(index.remove(1) && !index.remove(1) && index.is_empty());
    assert_eq!(index.figures(), Figures::default());
}

/// Small worlds in which nearly everything collides with something.
fn worlds() -> impl Strategy<Value = Vec<Record>> {
    let title = prop::sample::select(vec![
        "Вектор",
        "ООО Вектор",
        "Vektor",
        "Веткор",
        "Вектор Плюс",
        "Школа 5",
        "Школа 6",
        "",
    ]);
    let tax = prop::sample::select(vec!["", "", "", FIRST_ID, SECOND_ID, "274062111"]);
    let phone = prop::sample::select(vec!["", "+71", "+72", "+71 +72", "+73"]);
    let mail = prop::sample::select(vec!["", "a@b.ru", "c@b.ru", "d@mail.ru"]);
    let city = prop::sample::select(vec!["", "Москва", "Казань"]);
    prop::collection::vec((title, tax, phone, mail, city), 1..24).prop_map(|rows| {
        let numbered = rows.into_iter().zip(1..);
        numbered
            .map(|((name, tax, phone, mail, city), id)| record(id, name, tax, phone, mail, city))
            .collect()
    })
}

/// An index whose blocks are crowded from five records on.
fn tight_index<'a>(records: impl Iterator<Item = &'a Record>) -> Index {
    let mut index = Index::with_limits(Limits { block_records_max: 4 });
    records.for_each(|record| index.add(record));
    index
}

proptest! {
    #[test]
    fn answers_do_not_depend_on_the_order_of_arrival(records in worlds(), gone in 0_usize..24) {
        let forward = tight_index(records.iter());
        let mut backward = tight_index(records.iter().rev());
        // Taking a record out and putting it back must leave no trace either.
        let again = &records[gone % records.len()];
        backward.remove(again.id);
        backward.add(again);
        for record in &records {
            prop_assert_eq!(forward.find(record), backward.find(record));
        }
        prop_assert_eq!(forward.clusters(Strength::Weak), backward.clusters(Strength::Weak));
        prop_assert_eq!(forward.figures(), backward.figures());
    }

    #[test]
    fn no_cluster_holds_two_valid_tax_ids(records in worlds()) {
        for cluster in index(&records).clusters(Strength::Weak) {
            let mut ids: Vec<_> = records
                .iter()
                .filter(|record| cluster.members.contains(&record.id) && !record.tax_id_repaired)
                .filter_map(|record| record.tax_id)
                .collect();
            ids.dedup();
            ids.sort_unstable();
            ids.dedup();
            prop_assert!(ids.len() <= 1, "{:?}", cluster);
        }
    }

    #[test]
    fn what_is_found_one_way_is_found_the_other(records in worlds()) {
        let index = index(&records);
        for record in &records {
            for found in index.find(record) {
                let other = &records[found.b as usize - 1];
                let back = index.find(other).into_iter().find(|back| back.b == record.id);
                prop_assert_eq!(back.map(|back| back.strength), Some(found.strength));
            }
        }
    }
}
