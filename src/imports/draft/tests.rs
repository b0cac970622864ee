use super::*;
use crate::imports::row::CELL_MAX;

const HOME: Country = Country::RU;

#[test]
fn the_town_of_an_address_is_found_wherever_it_stands() {
    for (address, town) in [
        ("107061, г. Москва, улица Льна, дом 1", Some("Москва")),
        ("\u{a0}119136 г.Москва, 2-й Льняной проезд, д. 9", Some("Москва")),
        ("121354,г.Москва, ул.Льна, д.20", Some("Москва")),
        ("420000 Казань, ул. Льна, 1", Some("Казань")),
        ("ул. Казанская, 5", None),
        ("5 этаж, офис 7", None),
    ] {
        assert_eq!(city_of(address).as_deref(), town, "{address}");
    }
}

fn read(cells: &[(Meaning, &str)]) -> Draft {
    let shape = Shape {
        meanings: cells.iter().map(|(meaning, _)| *meaning).collect(),
        header: Vec::new(),
        called: Vec::new(),
        country: HOME,
    };
    let cells: Vec<String> = cells.iter().map(|(_, text)| (*text).to_owned()).collect();
    Draft::read(1, &cells, &shape)
}

fn codes(remarks: &[Remark]) -> Vec<&str> {
    remarks.iter().map(|remark| remark.code.as_str()).collect()
}

#[test]
fn what_makes_a_row_bad_is_said() {
    use Meaning::*;
    for (cells, expected) in [
        (vec![(Name, "Лён"), (TaxId, "7714239823")], vec![]),
        (vec![(Name, "Лён"), (TaxId, "\u{a0}-")], vec![]),
        (vec![(Name, " "), (TaxId, "7714239823")], vec!["no-name"]),
        (vec![(Name, "Лён"), (TaxId, "7714239824")], vec![]),
        (vec![(Name, "Лён"), (TaxId, "DE123456789")], vec![]),
        (vec![(Name, "Лён"), (Phones, "7,91235E+10")], vec!["phone-spreadsheet-damage"]),
        (vec![(Name, "Лён"), (Phones, "123-45-67"), (TaxId, "7714239823")], vec![]),
        (vec![(Name, "Лён"), (Phones, "123-45-67"), (Address, "Москва, ул. Льна, 1")], vec![]),
        (vec![(Name, "Лён"), (Phones, "123-45-67"), (City, "Москва")], vec![]),
        (vec![(Name, "Лён"), (Phones, "123-45-67"), (Person, "Льнов Пётр")], vec![]),
        (vec![(Name, "Лён"), (Phones, "123-45-67"), (Emails, "x")], vec!["phone-no-area-code"]),
        (vec![(Name, "Нет информации"), (TaxId, "7714239823")], vec!["no-name"]),
        (vec![(Name, "Лён"), (Phones, "нет данных")], vec![]),
        (vec![(Name, "Лён"), (Phones, "#Н/Д"), (Kpp, "0")], vec![]),
        (vec![(Name, ""), (Phones, "")], vec!["row-empty"]),
        (vec![(Name, "Л\u{fffd}н")], vec!["row-unreadable"]),
    ] {
        assert_eq!(codes(&read(&cells).faults), expected, "{cells:?}");
    }
    let long = "x".repeat(CELL_MAX + 1);
    assert_eq!(codes(&read(&[(Name, &long)]).faults), ["cell-too-long"]);
    let one = Shape { meanings: vec![Name], header: vec![], called: vec![], country: HOME };
    let wide = Draft::read(1, &["Лён".to_owned(), "нить".to_owned()], &one);
    assert_eq!(codes(&wide.faults), ["cells-too-many"]);
}

#[test]
fn a_tax_number_that_is_none_is_left_out_and_told() {
    use Meaning::*;
    for (text, expected) in [
        ("7714239824", "tax-id-checksum"),
        ("7,71424E+09", "tax-id-damaged"),
        ("0000000000", "tax-id-all-zero"),
        ("123", "tax-id-length"),
    ] {
        let draft = read(&[(Name, "Лён"), (TaxId, text)]);
        assert_eq!(codes(&draft.remarks), [expected], "{text}");
        assert_eq!((draft.company.tax_id, draft.faults.len()), (None, 0), "{text}");
    }
}

#[test]
fn a_row_is_read_into_its_parts() {
    use Meaning::*;
    let draft = read(&[
        (Name, " ООО  «Лён» "),
        (TaxId, "714239823"),
        (Ogrn, "002.067.850"),
        (Address, "107061, г. Москва, улица Льна, дом 1"),
        (Phones, "(495) 963-76-77 приёмная; 8 916 963-76-78"),
        (Emails, "A@len.example, b@len.example"),
        (Website, "len.example; other.example"),
        (Person, "Льнов Пётр"),
        (Role, "Генеральный директор"),
    ]);
    let company = &draft.company;
    assert_eq!(company.name, "ООО «Лён»");
    assert_eq!(company.city.as_deref(), Some("Москва"));
    assert_eq!(company.phones.len(), 2);
    assert_eq!(company.phones[0].label.as_deref(), Some("приёмная"));
    assert_eq!(company.emails, ["A@len.example", "b@len.example"]);
    assert_eq!(company.website.as_deref(), Some("len.example"));
    assert!(company.contacts[0].is_decision_maker);
    assert!(codes(&draft.remarks).contains(&"ogrn-invalid"));
}

#[test]
fn of_very_much_that_cannot_be_read_so_much_is_told_and_how_much_more_there_is() {
    use Meaning::*;
    for (meaning, junk) in [(Emails, "a,"), (Phones, "1;")] {
        let draft = read(&[(Name, "Лён"), (City, "Тверь"), (meaning, &junk.repeat(10_000))]);
        let told = codes(&draft.remarks);
        assert_eq!(told.len(), REMARKS_MAX + 1, "{meaning:?}");
        assert!(told[..REMARKS_MAX].iter().all(|one| *one == told[0]), "{told:?}");
        let more = Remark::new("remarks-more").with("count", (10_000 - REMARKS_MAX).to_string());
        assert_eq!(draft.remarks.last(), Some(&more));
    }
}

#[test]
fn a_number_or_an_address_that_a_company_has_no_place_for_is_told() {
    use Meaning::*;
    let addresses: String = (0..PARTS_MAX + 2).map(|n| format!("n{n}@len.example;")).collect();
    let numbers: String = (0..PARTS_MAX + 2).map(|n| format!("8 495 963-76-{n:02};")).collect();
    let draft = read(&[(Name, "Лён"), (Emails, &addresses), (Phones, &numbers)]);
    let company = &draft.company;
    assert_eq!((company.emails.len(), company.phones.len()), (PARTS_MAX, PARTS_MAX));
    let left = draft.remarks.iter().filter(|remark| remark.code == "parts-too-many");
    let left: Vec<&str> = left.map(|remark| remark.args["value"].as_str()).collect();
    assert_eq!(left[2..], ["n50@len.example", "n51@len.example"]);
    assert!(left[..2].iter().all(|number| number.contains("963-76-5")), "{left:?}");
}

#[test]
fn a_local_number_is_completed_in_a_town_with_one_code() {
    use Meaning::*;
    let draft = read(&[(Name, "Лён"), (City, "г. Казань"), (Phones, "221-12-34")]);
    assert_eq!(draft.company.phones[0].phone.e164, "+78432211234");
    let draft = read(&[(Name, "Лён"), (City, "Москва"), (Phones, "221-12-34")]);
    assert_eq!((codes(&draft.remarks), draft.faults.len()), (vec!["phone-no-area-code"], 0));
}

#[test]
fn a_town_is_called_without_its_kind() {
    for text in ["г. Казань", "Казань г", "Казань г.", "город Казань,", "Казань"]
    {
        assert_eq!(bare_city(text), "Казань", "{text}");
    }
}

#[test]
fn the_same_words_in_other_columns_are_the_same_row() {
    use Meaning::*;
    let one = read(&[(Name, "Лён"), (Phones, "8 (495) 963-76-77"), (Ignore, "x")]);
    let two = read(&[(Phones, "+7 495 963 76 77"), (Name, " лён")]);
    let other = read(&[(Phones, "+7 495 963 76 78"), (Name, " лён")]);
    assert_eq!(one.digest, two.digest);
    assert_ne!(one.digest, other.digest);
}
