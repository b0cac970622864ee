//! How a person is struck out of a text.

use super::super::marks::{Marks, is_name};
use crate::companies::erased::is_same_person;

fn marks() -> Marks {
    let phones = ["+79167007711".to_owned()];
    let emails = ["Markerov@len.example".to_owned()];
    Marks::new(["Маркеров Маркел Ли"], &phones, &emails, "[№ 17]")
}

#[test]
fn a_person_is_struck_out_however_they_are_written() {
    for (text, expected) in [
        ("Перезвонить Маркерову", Some("Перезвонить [№ 17]")),
        ("у Маркела Маркерова отпуск", Some("у [№ 17] отпуск")),
        ("МАРКЕРОВ, директор", Some("[№ 17], директор")),
        ("8 (916) 700-77-11 доб. 2", Some("[№ 17] доб. 2")),
        ("тел.+79167007711;", Some("тел.[№ 17];")),
        ("7916-700-77-11", Some("[№ 17]")),
        ("писать на MARKEROV@len.example!", Some("писать на [№ 17]!")),
        ("Ли решает", Some("[№ 17] решает")),
        ("знает ли он", None),
        ("маркетинг и марка", None),
        ("8 916 700-77-12", None),
        ("", None),
    ] {
        assert_eq!(marks().struck(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn of_json_only_the_texts_are_touched() {
    let text = r#"{"Маркеров":{"who":["Маркеров М.","Травкина"]},"count":3}"#;
    let struck = marks().struck_json(text).expect("they stand in it");
    assert_eq!(struck, r#"{"count":3,"Маркеров":{"who":["[№ 17] М.","Травкина"]}}"#);
    assert_eq!(marks().struck_json(r#"{"who":"Травкина"}"#), None);
}

#[test]
fn of_other_companies_only_what_certainly_means_them() {
    assert!(!marks().is_certain("Маркеров и партнёры"));
    assert!(marks().is_certain("звонить 8 916 700 77 11"));
    assert!(marks().is_certain("Маркел Маркеров, Ли"));
    let cells = ["Клевер".to_owned(), "79167007711".to_owned(), "Маркеров".to_owned()];
    let struck = marks().struck_cells(&cells).expect("their number");
    assert_eq!(struck, ["Клевер", "[№ 17]", "[№ 17]"]);
    assert_eq!(marks().struck_cells(&["Маркеров и партнёры".to_owned()]), None);
}

#[test]
fn a_name_is_compared_as_people_write_it() {
    assert!(is_name(" маркёров  Маркел", "Маркеров Маркел"));
    assert!(!is_name("Маркеров", "Маркеров Маркел"));
    assert!(!is_name("", ""));
    assert!(is_same_person("Маркел Маркович Маркеров", "Маркеров Маркел"));
    assert!(!is_same_person("Маркеров Марк", "Маркеров Маркел"));
    let (son, namesake) = ("Маркеров Маркел Маркович", "Маркеров Маркел Петрович");
    assert!(!is_same_person(son, namesake), "another patronymic is another person");
}

#[test]
fn of_a_sole_trader_the_company_is_struck_out_too() {
    let names = ["ИП Маркеров Маркел Маркович «Лён»".to_owned(), "Лён".to_owned()];
    let places = ["ул. Льняная, д. 5".to_owned()];
    let marks = Marks::new(["Маркеров Маркел"], &[], &[], "[№ 17]");
    let marks = marks.and_company(&names, &places, &["500100732259".to_owned()]);
    for (text, expected) in [
        ("ИП Маркеров Маркел Маркович «Лён» ждёт", Some("[№ 17] ждёт")),
        ("Маркович на Ул. Льняная, д. 5, кв. 7", Some("[№ 17] на [№ 17], кв. 7")),
        ("ИНН 500100732259", Some("ИНН [№ 17]")),
        ("лён сдают", None),
    ] {
        assert_eq!(marks.struck(text).as_deref(), expected, "{text}");
    }
    assert!(marks.is_certain("Маркеров Маркел"), "a patronymic more is not asked for");
    assert!(marks.is_certain("ИНН 500100732259"));
    assert!(!marks.is_certain("ул. Льняная, д. 5"), "others may stand there, too");
}
