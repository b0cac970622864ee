use super::*;

fn read(text: &str) -> Result<String, PhoneProblem> {
    Phone::parse(text, "RU").map(shown_with_extension)
}

fn shown_with_extension(phone: Phone) -> String {
    match phone.extension {
        Some(extension) => format!("{} x{extension}", phone.e164),
        None => phone.e164,
    }
}

#[test]
fn russian_and_foreign_spellings_become_one_number() {
    use Line::*;
    for (text, expected, line) in [
        ("8 (495) 123-45-67 доб. 12", "+74951234567 x12", Fixed),
        ("8 (495) 123-45-67 доб.12", "+74951234567 x12", Fixed),
        ("8(495)123-45-67 вн. 105", "+74951234567 x105", Fixed),
        ("+7 (495) 123-45-67 ext. 12", "+74951234567 x12", Fixed),
        ("8 495 123 45 67, доб. 12", "+74951234567 x12", Fixed),
        ("8 (495) 123-45-67#12", "+74951234567 x12", Fixed),
        ("8 (495) 123-45-67*12", "+74951234567 x12", Fixed),
        ("8 (495) 123-45-67 (доб. 12)", "+74951234567 x12", Fixed),
        ("8 (495) 123-45-67 ДОБАВОЧНЫЙ 1204", "+74951234567 x1204", Fixed),
        ("+7 495 1234567", "+74951234567", Fixed),
        ("84951234567", "+74951234567", Fixed),
        ("74951234567", "+74951234567", Fixed),
        ("4951234567", "+74951234567", Fixed),
        ("(3452) 12-34-56", "+73452123456", Fixed),
        ("8 (3452) 53-12-34", "+73452531234", Fixed),
        ("8 (34551) 2-15-43", "+73455121543", Fixed),
        ("+7 916 123-45-67", "+79161234567", Mobile),
        ("89161234567", "+79161234567", Mobile),
        ("9161234567", "+79161234567", Mobile),
        ("8-800-555-35-35", "+78005553535", TollFree),
        ("+78005553535", "+78005553535", TollFree),
        ("88005553535", "+78005553535", TollFree),
        ("8 804 333-00-00", "+78043330000", TollFree),
        ("8-809-100-00-00", "+78091000000", Premium),
        ("+7 701 123 45 67", "+77011234567", Mobile),
        ("8 (727) 258-12-34", "+77272581234", Fixed),
        ("+7 7172 74-12-34", "+77172741234", Fixed),
        ("87011234567", "+77011234567", Mobile),
        ("8~10~375 17 123-45-67", "+375171234567", Fixed),
        ("+375 29 123-45-67", "+375291234567", Mobile),
        ("+49 30 1234567", "+49301234567", Fixed),
        ("+7 999 999 99 99", "+79999999999", Mobile),
        ("тел: 8 (495) 123-45-67", "+74951234567", Fixed),
        ("+7(495)123‑45‑67", "+74951234567", Fixed),
        ("8 (4 9 5) 1 2 3 4 5 6 7", "+74951234567", Fixed),
        ("7 (8442) 12-34-56", "+78442123456", Fixed),
        ("+8 (495) 123-45-67", "+74951234567", Fixed),
        ("8 978 123-45-67", "+79781234567", Mobile),
        ("8 (812) 123-45-67", "+78121234567", Fixed),
        ("+7 812 123 45 67", "+78121234567", Fixed),
        ("8 (843) 221-12-34", "+78432211234", Fixed),
        ("8432211234", "+78432211234", Fixed),
        ("+7 846 221-12-34", "+78462211234", Fixed),
        ("8 (861) 221-12-34", "+78612211234", Fixed),
        ("8 (383) 221-12-34", "+73832211234", Fixed),
        ("+7 (8482) 55-12-34", "+78482551234", Fixed),
    ] {
        assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        assert_eq!(Phone::parse(text, "RU").map(|p| p.line()), Ok(line), "{text}");
    }
}

#[test]
fn what_is_not_a_number_says_why() {
    for (text, expected) in [
        ("", PhoneProblem::Empty),
        ("нет", PhoneProblem::Empty),
        ("7,91235E+10", PhoneProblem::SpreadsheetDamage),
        ("7.91235Е10", PhoneProblem::SpreadsheetDamage),
        ("123-45-67", PhoneProblem::NoAreaCode),
        ("02", PhoneProblem::ShortNumber),
        ("8 (495) 123-45-6", PhoneProblem::TooShort),
        // Without its trunk 8 this would be a number of another town.
        ("8 (343) 123-45-6", PhoneProblem::TooShort),
        ("+7 495 123-45-6", PhoneProblem::TooShort),
        ("8 (495) 123-45-678", PhoneProblem::TooLong),
        ("8 (000) 000-00-00", PhoneProblem::UnassignedCode),
        ("8 (295) 123-45-67", PhoneProblem::UnassignedCode),
        ("+999 123456789", PhoneProblem::NotInPlan),
    ] {
        assert_eq!(read(text), Err(expected), "{text}");
    }
}

#[test]
fn numbers_that_people_make_up_are_flagged() {
    for (text, is_dummy) in [
        ("+7 999 999 99 99", true),
        ("8 (495) 000-00-00", true),
        ("8 (495) 123-45-67", true),
        ("8 (495) 963-76-77", false),
        ("8-800-555-35-35", false),
    ] {
        assert_eq!(Phone::parse(text, "RU").map(|p| p.is_dummy()), Ok(is_dummy), "{text}");
    }
}

/// Each country by the same library, its own habits before all else.
#[test]
fn numbers_are_read_by_the_habits_of_their_country() {
    for (country, text, expected) in [
        ("GB", "020 7946 0958", Ok("+442079460958")),
        ("GB", "(0131) 496 0778", Ok("+441314960778")),
        ("GB", "(020) 7946 0958", Ok("+442079460958")),
        ("GB", "07400 123456", Ok("+447400123456")),
        ("GB", "0800 111 2222", Ok("+448001112222")),
        ("GB", "2079460958", Ok("+442079460958")),
        ("GB", "+44 20 7946 0958", Ok("+442079460958")),
        ("GB", "+44 (0)20 7946 0958", Ok("+442079460958")),
        ("GB", "0044 20 7946 0958", Ok("+442079460958")),
        ("GB", "020 7946 0958 ext. 12", Ok("+442079460958 x12")),
        ("GB", "020 7946 0958 x 12", Ok("+442079460958 x12")),
        ("GB", "+7 495 963-76-77", Ok("+74959637677")),
        ("GB", "7946 0958", Err(())),
        ("GB", "946 0958", Err(())),
        ("GB", "020 7946 09581234", Err(())),
        ("GB", "8 (495) 963-76-77", Err(())),
        ("RU", "020 7946 0958", Err(())),
        ("DE", "030 1234567", Ok("+49301234567")),
        ("US", "(212) 555-0123", Ok("+12125550123")),
        ("IS", "551 2345", Ok("+3545512345")),
    ] {
        let read = Phone::parse(text, country).map(shown_with_extension).map_err(|_| ());
        assert_eq!(read.as_deref(), expected.as_deref(), "{country} {text}");
    }
    assert_eq!(Phone::parse("946 0958", "GB"), Err(PhoneProblem::NoAreaCode));
    assert_eq!(Phone::parse("020 7946 09581234", "GB"), Err(PhoneProblem::TooLong));
    let cell = "020 7946 0958 / 0959; fax (0131) 496 0778 or 07400 123456";
    let read = read_cell_near(cell, "GB", None).into_iter();
    let read: Vec<String> = read
        .map(|found| {
            let label = found.label.map(|label| format!(" {label}")).unwrap_or_default();
            format!("{}{label}", found.read.map_or_else(|p| p.code().to_owned(), |p| p.e164))
        })
        .collect();
    let expected = ["+442079460958", "+442079460959", "+441314960778 fax", "+447400123456"];
    assert_eq!(read, expected);
}

#[test]
fn the_word_before_an_extension_is_no_label() {
    for (cell, expected) in [
        ("8(495)963-76-77 вн. 105", None),
        ("8(495)963-76-77, внутренний 105", None),
        ("8(495)963-76-77 добавочный 105, склад", Some("склад")),
        ("8(495)963-76-77 ext. 105", None),
        ("внешний 8(495)963-76-77", Some("внешний")),
    ] {
        let read = read_cell_near(cell, "RU", None);
        assert_eq!(read[0].label.as_deref(), expected, "{cell}");
    }
}

#[test]
fn a_number_is_dialled_at_home_with_its_trunk_and_without() {
    for (e164, expected) in [
        ("+442079460958", vec!["02079460958", "2079460958"]),
        ("+12125550123", vec!["2125550123"]),
        ("+74959637677", vec![]),
    ] {
        assert_eq!(dialled_at_home(e164), expected, "{e164}");
    }
    assert_eq!(Phone::stored("+442079460958".to_owned(), None).masked(), "+44 ••• •••-••-58");
}

#[test]
fn a_local_number_needs_a_town_with_a_certain_code() {
    let near = |text, area| Phone::parse_near(text, "RU", area).map(|p| p.e164);
    assert_eq!(near("221-12-34", Some("843")).as_deref(), Ok("+78432211234"));
    assert_eq!(near("12-34-56", Some("3452")).as_deref(), Ok("+73452123456"));
    assert_eq!(near("2-15-43", Some("34551")).as_deref(), Ok("+73455121543"));
    assert_eq!(near("12-34-56", Some("843")), Err(PhoneProblem::NoAreaCode));
    assert_eq!(near("221-12-34", None), Err(PhoneProblem::NoAreaCode));
}

#[test]
fn a_cell_gives_all_its_numbers_with_their_words() {
    for (cell, expected) in [
        ("8 (495) 123-45-67, 8 (495) 765-43-21", "+74951234567 | +74957654321"),
        ("8 (495) 123-45-67, 8 (495) 765-43-21, доб. 5", "+74951234567 | +74957654321 x5"),
        ("8(495)2234567 8(499)7654322", "+74952234567 | +74997654322"),
        ("84952234567 и 84997654322", "+74952234567 | +74997654322"),
        ("(495) 223-45-67 (499) 765-43-22", "+74952234567 | +74997654322"),
        ("8 (495) 223-45-67, 68", "+74952234567 | +74952234568"),
        ("8 (495) 223-45-67/45-69", "+74952234567 | +74952234569"),
        ("факс: 8 (495) 223-45-67", "+74952234567 факс"),
        (
            "8 (495) 223-45-67 бухгалтерия; тел. 8 916 223-45-67",
            "+74952234567 бухгалтерия | +79162234567",
        ),
        ("8 (495) 223-45-67, охрана", "+74952234567 охрана"),
        ("8 (495) 223-45-67 | 12", "+74952234567 | +74952234512"),
        ("123-45-67; нет", "phone-no-area-code | phone-empty"),
        ("7,91235E+10", "phone-spreadsheet-damage"),
        (" - ", "phone-empty"),
    ] {
        let found: Vec<String> = read_cell_near(cell, "RU", None)
            .into_iter()
            .map(|found| match found.read {
                Ok(phone) => {
                    let label = found.label.map(|l| format!(" {l}")).unwrap_or_default();
                    format!("{}{label}", shown_with_extension(phone))
                }
                Err(problem) => problem.code().to_owned(),
            })
            .collect();
        assert_eq!(found.join(" | "), expected, "{cell}");
    }
}

/// It would take minutes if each of its words were looked back from.
#[test]
fn a_long_run_of_extension_words_is_no_number() {
    let long = "#x".repeat(200_000);
    assert_eq!(Phone::parse(&long, "RU"), Err(PhoneProblem::Empty));
    let phone = Phone::parse(&format!("8 495 963-76-77 {long}12"), "RU").expect("a number");
    assert_eq!(phone.extension.as_deref(), Some("12"));
}

#[test]
fn a_number_is_masked_for_who_may_not_dial_it() {
    let phone = Phone::parse("8 (495) 963-76-77", "RU").expect("a number");
    assert_eq!(phone.shown(), "+7 495 963-76-77");
    assert_eq!(phone.masked(), "+7 ••• •••-••-77");
}

/// The list of tricky spellings, where a folder with it is named: every line of it stands in the
/// tables above, or is read here as it should be.
#[cfg(feature = "real")]
#[test]
fn every_tricky_spelling_of_the_list_is_answered_for() {
    let folder = std::env::var("TROIKA_REAL_DATA").expect("TROIKA_REAL_DATA names a folder");
    let path = std::path::Path::new(&folder).join("phones-ru/inputs.txt");
    let text = std::fs::read_to_string(path).expect("the list is there");
    let tables = include_str!("tests.rs");
    let spellings: Vec<&str> = text.lines().filter_map(|line| line.split('|').next()).collect();
    assert!(spellings.len() >= 50, "{}", spellings.len());
    for spelling in spellings {
        assert!(tables.contains(&format!("(\"{spelling}\"")), "no table answers for {spelling}");
    }
}
