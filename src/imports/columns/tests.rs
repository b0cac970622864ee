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
        ("Имя", Meaning::GivenName),
        ("Имя контактного лица", Meaning::Person),
        ("Фамилия, имя, отчество", Meaning::Person),
        ("chiefname", Meaning::Person),
        ("Director", Meaning::Person),
        ("Directory Server", Meaning::Ignore),
        ("Phone 2 - Label", Meaning::Ignore),
        ("Имя компании", Meaning::Name),
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

#[test]
fn the_number_of_a_register_is_no_telephone() {
    let rows = ["Лён;0311100000115;74991234567", "Мёд;0311100000090;74991234568"];
    assert_eq!(codes("name;placer_regNum;x", &rows), "name ignore phones");
    assert_eq!(codes("name;phone;x", &rows), "name phones phones");
}

/// Rows of so many lines, made from a pattern in which `#` is the number of the line.
fn many(pattern: &str) -> Vec<String> {
    (1..=20).map(|n| pattern.replace('#', &n.to_string())).collect()
}

fn guessed(header: &str, pattern: &str) -> String {
    let rows = many(pattern);
    codes(header, &rows.iter().map(String::as_str).collect::<Vec<&str>>())
}

#[test]
fn a_column_of_words_for_nothing_holds_no_names() {
    let header = "0_Код;1_Название;1_Адрес;1_Телефон;0_Доп.компания;0_Тип";
    let row = "2#;ООО Лён#;г. Москва, улица Льна, дом #;(499)404-92-70;нет информации;Киоск";
    assert_eq!(guessed(header, row), "ignore name address phones ignore ignore");
    // However few companies stand there.
    let mut rows = many(row);
    rows[3] = rows[3].replace("нет информации", "ЗАО Шёлк");
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(codes(header, &rows), "ignore name address phones ignore ignore");
}

#[test]
fn a_name_of_something_else_is_not_the_companys() {
    let header = "placer_fullName;placer_inn;shortName;okfs_code;okfs_name;address_zip;\
        address_city_code;address_city_name;founder_fullName";
    let row = "учреждение Лён номер #;7714239823;Лён #;12;Льняная собственность;423812;16000;\
        Казань г;Льняное ведомство";
    let expected = "full_name tax_id name ignore ignore ignore ignore city ignore";
    assert_eq!(guessed(header, row), expected);
    let without = "placer_fullName;placer_inn;okfs_name";
    let row = "учреждение Лён номер #;7714239823;Льняная собственность";
    assert_eq!(
        guessed(without, row),
        "name tax_id ignore",
        "the full name where there is no other"
    );
}

#[test]
fn the_surest_heading_has_the_names() {
    for (header, expected) in [
        ("Name;Company", "ignore name"),
        ("Доп.компания;1_Название", "ignore name"),
        ("Название товара;Клиент", "ignore name"),
        ("okfs_name;companyName", "ignore name"),
        ("first_name;org_name", "ignore name"),
        ("Company size;Name", "ignore name"),
        ("type;naimenovanie", "ignore name"),
        ("Кратк. наим.;Полн. наим.", "name full_name"),
        ("Название;Company", "name ignore"),
    ] {
        assert_eq!(guessed(header, "Сукно #;Лён #"), expected, "{header}");
    }
    // All shops of one firm: what is called the name is kept, and that is told.
    assert_eq!(guessed("Название;Телефон", "Лён;8 495 963-76-#7"), "name phones");
}

#[test]
fn a_person_names_a_column_by_heading_or_number() {
    let header = ["0_Код", "1_Название", "shortName", "7"].map(str::to_owned);
    for (named, expected) in [
        ("1_Название", Some(1)),
        (" название ", Some(1)),
        ("shortName", Some(2)),
        ("SHORTNAME", Some(2)),
        ("2", Some(1)),
        ("7", Some(3)),
        ("5", None),
        ("0", None),
        ("Адрес", None),
    ] {
        assert_eq!(place(&header, 4, named), expected, "{named}");
    }
    assert_eq!(place(&[], 4, "4"), Some(3));
}

#[test]
fn a_column_holds_people_when_its_values_name_them() {
    let header = "areaid;areaname;orgname;address;phone;chiefname";
    let rows: Vec<String> = ["Район Зябликово", "Академический район", "Район Сокол"]
        .map(|area| {
            format!("1;{area};Управление газа;г. Москва, ул. Льна, 1;8 495 287-96-11;Н.Ф.Льнов")
        })
        .to_vec();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(codes(header, &rows), "ignore ignore name address phones person");
    assert_eq!(codes("Фирма;Руководитель", &["Лён;Льнов Пётр", "Шёлк;Анна"]), "name person");
    let rows = ["Лён;отдел продаж", "Шёлк;8-й этаж", "Вата;приёмная"];
    assert_eq!(codes("Фирма;Контакт", &rows), "name ignore", "called so and naming nobody");
    let rows = ["Лён;директор", "Шёлк;главный бухгалтер"];
    assert_eq!(codes("Фирма;Контакт", &rows), "name role");
}

#[test]
fn names_in_parts_are_those_of_a_person() {
    let row = "Льнов;Пётр;Ильич;Лён;8 495 963-76-77";
    let header = "Фамилия;Имя;Отчество;Компания;Телефон";
    assert_eq!(codes(header, &[row]), "surname given_name given_name name phones");
    assert_eq!(codes("Имя;Телефон", &["Лён;8 495 963-76-77"]), "name phones");
    assert_eq!(codes("Имя;Фирма", &["logi_n1;Лён"]), "ignore name");
    assert_eq!(codes("Name;Surname;Company", &["Jane;Silk;Acme"]), "given_name surname name");
    assert_eq!(codes("Name;Surname;Phone", &["Jane;Silk;84959637677"]), "name surname phones");
}

/// The columns of an address book that mean something, each with its heading.
fn told(header: &str, row: &str) -> String {
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<String>>();
    let (header, row) = (cells(header), cells(row));
    assert_eq!(header.len(), row.len(), "{row:?}");
    let guessed = guess(&header, &[row], Country::RU);
    let named = header.iter().zip(guessed).filter(|(_, meaning)| *meaning != Meaning::Ignore);
    let named = named.map(|(heading, meaning)| format!("{heading}={}", meaning.code()));
    named.collect::<Vec<String>>().join("|")
}

#[test]
fn address_books_of_other_programs_are_read_by_their_headings() {
    // Google Contacts as it exports today, and as it did until 2024.
    assert_eq!(
        told(
            "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Nickname,File As,\
             Organization Name,Organization Title,Organization Department,Birthday,Notes,Labels,\
             E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,\
             Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,\
             Address 1 - Postal Code,Address 1 - Country,Website 1 - Label,Website 1 - Value",
            "Jane,,Silk,,Ms,Jay,,Acme,Buyer,Looms,1991-01-20,likes silk,* myContacts,\
             * Work,jane@acme.example,Work,+7 495 963-76-77,\
             Work,Flax 1 Tver,Flax 1,Tver,170000,RU,Profile,https://acme.example",
        ),
        "First Name=given_name|Middle Name=given_name|Last Name=surname|Organization Name=name|\
         Organization Title=role|Notes=note|E-mail 1 - Value=emails|Phone 1 - Value=phones|\
         Address 1 - Formatted=address|Address 1 - City=city|Address 1 - Country=country|\
         Website 1 - Value=website"
    );
    assert_eq!(
        told(
            "Name,Given Name,Additional Name,Family Name,Given Name Yomi,Initials,Short Name,\
             Directory Server,Subject,E-mail 1 - Type,E-mail 1 - Value,Address 1 - Type,\
             Address 1 - Formatted,Organization 1 - Type,Organization 1 - Name,\
             Organization 1 - Yomi Name,Organization 1 - Title",
            "Jane Silk,Jane,,Silk,,,,,,* Home,jane@acme.example,Work,Flax 1 Tver,,Acme,,Buyer",
        ),
        "Name=person|Given Name=given_name|Additional Name=given_name|Family Name=surname|\
         E-mail 1 - Value=emails|Address 1 - Formatted=address|Organization 1 - Name=name|\
         Organization 1 - Title=role"
    );
}

#[test]
fn what_is_at_work_goes_before_what_is_at_home() {
    // Outlook.
    assert_eq!(
        told(
            "Title,First Name,Middle Name,Last Name,Company,Department,Job Title,Home Street,\
             Home City,Business Street,Business City,Business Postal Code,\
             Business Country/Region,Assistant's Phone,Business Fax,Business Phone,\
             Company Main Phone,Mobile Phone,E-mail Address,E-mail Type,E-mail Display Name,\
             Manager's Name,Notes,Personal Web Page,Web Page",
            "Ms,Jane,,Silk,Acme,Looms,Buyer,Wool 2,Omsk,Flax 1,Tver,170000,Россия,,,\
             +7 495 963-76-77,,,jane@acme.example,SMTP,Jane Silk,Mary Wool,,,acme.example",
        ),
        "First Name=given_name|Middle Name=given_name|Last Name=surname|Company=name|\
         Job Title=role|Business Street=address|Business City=city|\
         Business Country/Region=country|Assistant's Phone=phones|Business Fax=phones|\
         Business Phone=phones|Company Main Phone=phones|Mobile Phone=phones|\
         E-mail Address=emails|Notes=note|Web Page=website"
    );
    // Roundcube, and Thunderbird after it.
    assert_eq!(
        told(
            "Display Name,Title,First Name,Last Name,Nickname,Company,Department,Job Title,\
             Email Home,Email Work,Home Phone,Home City,Work City,Maiden Name,Manager's Name,\
             Spouse,Website Blog,Website Work",
            "Jane Silk,Ms,Jane,Silk,Jay,Acme,Looms,Buyer,j@silk.example,jane@acme.example,\
             +7 495 963-76-77,Omsk,Tver,Flax,Ada Wool,Tom Wool,https://blog.example,\
             https://acme.example",
        ),
        "Display Name=person|First Name=given_name|Last Name=surname|Company=name|\
         Job Title=role|Email Home=emails|Email Work=emails|Home Phone=phones|Work City=city|\
         Website Work=website"
    );
    assert_eq!(
        told(
            "First Name,Last Name,Display Name,Nickname,Primary Email,Screen Name,Work Phone,\
             Pager Number,Home Address,Home City,Work Address,Work City,Job Title,Organization,\
             Web Page 1",
            "Jane,Silk,Jane Silk,Jay,jane@acme.example,,+7 495 963-76-77,,,,Flax 1,Tver,Buyer,\
             Acme,http://acme.example",
        ),
        "First Name=given_name|Last Name=surname|Display Name=person|Primary Email=emails|\
         Work Phone=phones|Work Address=address|Work City=city|Job Title=role|\
         Organization=name|Web Page 1=website"
    );
}

#[test]
fn what_a_format_calls_its_columns_is_what_they_hold() {
    let header = ["Organisation", "Contact", "Phone (work)", "Fax", "E-mail", "Birthday", "Note"];
    let declared = declared(&header.map(str::to_owned));
    let codes: Vec<&str> = declared.into_iter().map(Meaning::code).collect();
    assert_eq!(codes.join(" "), "name person phones phones emails ignore note");
}
