//! Addresses and slips of the keyboard, in tables.

use super::layout::{self, Slip};
use super::*;

/// `postcode|region|district|city|street|house|building|office`
fn shown(text: &str) -> String {
    let a = address(text);
    [a.postcode, a.region, a.district, a.city, a.street, a.house, a.building, a.office]
        .map(Option::unwrap_or_default)
        .join("|")
}

#[test]
fn addresses_fall_into_comparable_parts() {
    for (text, expected) in [
        ("107061, г. Москва, ул. Льняная, д. 1", "107061|||москва|льняная|1||"),
        ("г.Москва, Льняной пер., 11", "|||москва|льняной|11||"),
        ("105064 Москва, Нижне-Льняной пер., дом 5", "105064|||москва|нижне льняной|5||"),
        ("Москва, Льняная улица, 5А, корп. 2, стр. 3, оф. 12", "|||москва|льняная|5а|к2с3|12"),
        (
            "Россия, 420000, Республика Татарстан, г Казань, ул Льна, д 3/5",
            "420000|татарстан||казань|льна|3/5||",
        ),
        (
            "Московская обл., Льняной р-н, д. Лён, ул. Ткачей, д. 5",
            "|московская|льняной|лен|ткачей|5||",
        ),
        ("СПб, Невский пр., д.5, кв.7", "|||санкт петербург|невский|5||7"),
        ("Санкт-Петербург, наб. реки Льна 12", "|||санкт петербург|реки льна|12||"),
        ("ул. Льна д. 5 корп. 1 офис 3", "||||льна|5|к1|3"),
        ("Ханты-Мансийский АО, г. Сургут, пр-кт Мира, 5", "|ханты мансийский||сургут|мира|5||"),
        ("пос. Льняной, мкр. Южный, 5", "|||льняной|южный|5||"),
        ("", "|||||||"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn the_order_of_parts_does_not_matter_and_nothing_is_forced() {
    assert_eq!(
        address("ул. Льна, д. 1, Казань, 420000").street,
        address("420000, Казань, ул. Льна, 1").street,
    );
    let odd = address("вход со двора, звонить, 3 этаж налево");
    assert!(odd.street.is_none() && odd.house.is_none());
    assert!(!odd.rest.is_empty());
}

#[test]
fn names_typed_in_the_other_layout_are_told() {
    let certain = |text: &str| Some(Slip::Certain(text.to_owned()));
    let likely = |text: &str| Some(Slip::Likely(text.to_owned()));
    for (typed, expected) in [
        ("JJJ Dtrnjh", certain("ООО Вектор")),
        ("jjj \"Ghjuhtcc\"", certain("ооо \"Прогресс\"")),
        ("Dtrnjh", likely("Вектор")),
        ("ghbdtn", likely("привет")),
        ("Vector", None),
        ("ACME Ltd", None),
        ("Schmidt GmbH", None),
        ("HTML Group", None),
        ("BMW", None),
        ("ООО Вектор", None),
        ("Krzysztof", None),
        ("", None),
    ] {
        assert_eq!(layout::slip_of_name(typed), expected, "{typed}");
    }
}

#[test]
fn addresses_typed_in_the_other_layout_are_told() {
    for (typed, expected) in [
        ("штащ@фсьу.кг", Some("info@acme.ru")),
        ("ыфдуы@учфьзду.сщь", Some("sales@example.com")),
        ("фсьу.кг", Some("acme.ru")),
        ("почта@пример.рф", None),
        ("info@acme.ru", None),
        ("нет", None),
    ] {
        assert_eq!(layout::slip_of_address(typed).as_deref(), expected, "{typed}");
    }
    assert_eq!(layout::in_cyrillic("Vjcrdf").as_deref(), Some("Москва"));
}

#[test]
fn a_town_is_one_however_it_is_spelled() {
    for (typed, expected) in [
        ("Тверь", "тверь"),
        ("г.ТВЕРЬ", "тверь"),
        ("Тверь г.", "тверь"),
        ("город Орёл", "орел"),
        ("СПб", "санкт петербург"),
        ("г. С.-Петербург", "санкт петербург"),
        ("Санкт-Петербург", "санкт петербург"),
        ("Нижний Новгород", "нижний новгород"),
        ("", ""),
    ] {
        assert_eq!(town(typed), expected, "{typed}");
    }
}
