//! Tables of spellings and what they have to become.

use proptest::prelude::*;

use super::*;

fn check_name(text: &str, form: Option<&str>, core: &str) {
    let found = name(text);
    assert_eq!((found.form, found.core.as_str()), (form, core), "{text}");
    assert_eq!(found.tokens.join(" "), found.core, "{text}");
}

#[test]
fn russian_forms_are_set_apart() {
    check_name("ООО «Вектор»", Some("ООО"), "вектор");
    check_name("Вектор, ООО", Some("ООО"), "вектор");
    check_name("О.О.О. \"Вектор\"", Some("ООО"), "вектор");
    check_name("OOO Вектор", Some("ООО"), "вектор");
    check_name("000 Вектор", Some("ООО"), "вектор");
    check_name("Общество с ограниченной ответственностью \"ВЕКТОР\"", Some("ООО"), "вектор");
    check_name("3АО Заря", Some("ЗАО"), "заря");
    check_name("Публичное акционерное общество «Сбербанк России»", Some("ПАО"), "сбербанк россии");
    check_name("ИП Иванов Иван Иванович", Some("ИП"), "иванов иван иванович");
    check_name("Иванов И.И. (ИП)", Some("ИП"), "иванов и и");
    check_name("И. П. Иванов", None, "и п иванов");
    check_name("АО", None, "ао");
    check_name("ООО «Вектор Лтд»", Some("ООО"), "вектор");
    check_name("ФГУП «Почта России»", Some("ФГУП"), "почта россии");
    check_name("", None, "");
    check_name(" «» № ", None, "");
}

#[test]
fn institutions_spelled_out_agree_with_their_abbreviations() {
    check_name(
        " Государственное бюджетное образовательное учреждение города Москвы гимназия № 1505",
        Some("ГБОУ"),
        "гимназия 1505",
    );
    check_name("ГБОУ Гимназия №1505", Some("ГБОУ"), "гимназия 1505");
    check_name(
        "Муниципальное бюджетное дошкольное образовательное учреждение детский сад 7",
        Some("МБДОУ"),
        "детский сад 7",
    );
    check_name("МБОУ СОШ 12 г. Казани", Some("МБОУ"), "сош 12 г казани");
    check_name(
        "Федеральное государственное бюджетное образовательное учреждение высшего образования \
         «Университет»",
        Some("ФГБОУ ВО"),
        "университет",
    );
    check_name("ФГБОУ ВО «Университет»", Some("ФГБОУ ВО"), "университет");
    check_name("Государственное бюджетное учреждение «Жилищник»", Some("ГБУ"), "жилищник");
    check_name(
        "Федеральное государственное унитарное предприятие «Почта России»",
        Some("ФГУП"),
        "почта россии",
    );
    check_name("Государственное учреждение культуры Музей", Some("ГУК"), "музей");
}

#[test]
fn english_and_german_forms_stand_behind_the_name() {
    check_name("Acme Ltd.", Some("Ltd"), "acme");
    check_name("Acme Trading Co., Ltd", Some("Ltd"), "acme trading");
    check_name("ACME L.L.C.", Some("LLC"), "acme");
    check_name("Acme Widgets, Inc.", Some("Inc"), "acme widgets");
    check_name("Limited Edition Corp", Some("Corp"), "limited edition");
    check_name("Tesco PLC", Some("plc"), "tesco");
    check_name("Müller GmbH & Co. KG", Some("GmbH & Co. KG"), "müller");
    check_name("Siemens AG", Some("AG"), "siemens");
    check_name("Bäcker UG (haftungsbeschränkt)", Some("UG"), "bäcker");
    check_name("Muster G.m.b.H.", Some("GmbH"), "muster");
    check_name("AG Insurance", None, "ag insurance");
}

#[test]
fn forms_of_many_countries_are_set_apart() {
    check_name("МБУ ДО «Детская школа»", Some("МБУ ДО"), "детская школа");
    check_name("ОсОО Лён", Some("ОсОО"), "лен");
    check_name("ЖШС «Лён»", Some("ТОО"), "лен");
    check_name("Лён ЕООД", Some("ЕООД"), "лен");
    check_name("ЧОП «Щит»", Some("ЧОП"), "щит");
    check_name("Flachs KGaA", Some("KGaA"), "flachs");
    check_name("Flachs GbR", Some("GbR"), "flachs");
    check_name("Len s.r.o.", Some("s.r.o."), "len");
    check_name("Len d.o.o.", Some("d.o.o."), "len");
    check_name("Lin EURL", Some("EURL"), "lin");
    check_name("Flax Sdn. Bhd.", Some("Sdn Bhd"), "flax");
    assert!(forms::count() >= 300, "{}", forms::count());
}

#[test]
fn look_alike_letters_are_repaired_within_a_word() {
    check_name("ООО Bектор", Some("ООО"), "вектор");
    check_name("OОО Вектор", Some("ООО"), "вектор");
    check_name("Аcme Ltd", Some("Ltd"), "acme");
    check_name("ЁЛКА", None, "елка");
    // Both alphabets of their own right stay as they are: no look-alike explains them.
    check_name("ИТsolutions", None, "итsolutions");
    check_name("Vector Вектор", None, "vector вектор");
}

#[test]
fn punctuation_and_width_do_not_count() {
    check_name("Л’Этуаль", None, "лэтуаль");
    check_name("Авто\u{2013}Трейд", None, "авто трейд");
    check_name("ＡＢＣ\u{a0}Trading", None, "abc trading");
    check_name("Ве\u{ad}ктор\u{200b}", None, "вектор");
    assert_eq!(name("Авто-Трейд").compact(), name("Автотрейд").compact());
    assert_eq!(CompanyName::from_core(None, " авто  трейд "), name("Авто-Трейд"));
}

#[test]
fn both_alphabets_meet_in_the_latin_key() {
    let check = |a: &str, b: &str| assert_eq!(latin_key(a), latin_key(b), "{a} {b}");
    check("Вектор", "Vector");
    check("Вектор", "Vektor");
    check("Прогресс", "Progres");
    check("Щука", "Shchuka");
    check("Юпитер", "Yupiter");
    check("Техно", "Tekhno");
    check("Центр", "Centr");
    check("Альфа", "Alfa");
    check("Müller", "Muller");
    assert_ne!(latin_key("11"), latin_key("1"));
    assert_eq!(skeleton("Вектор"), skeleton("Виктар"));
    assert_eq!(skeleton("Альфа"), "alf");
}

/// The outcome in one word: `ok`, or the code of the problem.
fn outcome<T: Copy>(found: &Result<T, IdentifierProblem<T>>) -> &'static str {
    found.as_ref().map_or_else(IdentifierProblem::code, |_| "ok")
}

#[test]
fn tax_ids_are_checked() {
    let check = |text: &str, wanted: &str| assert_eq!(outcome(&tax_id(text)), wanted, "{text}");
    for valid in ["7714239823", "7709092420", "7720638953", "7707083893", "7736050003"] {
        check(valid, "ok");
    }
    for valid in ["500100732259", "0274062111", "7700000070", "1234567894"] {
        check(valid, "ok");
    }
    check(" ИНН: 7714 239 823 ", "ok");
    check("'7714239823", "ok");
    check("7714239824", "checksum");
    check("7707083894", "checksum");
    check("366216541205", "checksum");
    check("0000000000", "all_zero");
    check("000000000000", "all_zero");
    check("0012345678", "lead");
    check("", "empty");
    check("ИНН", "empty");
    check("77142398", "length");
    check("77142398230", "length");
    check("7714239823/771401001", "characters");
    check("7,71424E+09", "damaged");
    check("#####", "damaged");
}

#[test]
fn every_single_wrong_digit_of_the_examples_is_caught_but_for_a_few() {
    let mut slipped = 0;
    for valid in ["7714239823", "7709092420", "7720638953"] {
        for at in 0..valid.len() {
            for digit in b'0'..=b'9' {
                let mut damaged = valid.as_bytes().to_vec();
                damaged[at] = digit;
                let damaged: String = damaged.into_iter().map(char::from).collect();
                slipped += usize::from(damaged != valid && tax_id(&damaged).is_ok());
            }
        }
    }
    // 270 damaged numbers; by arithmetic about 1.6 % slip through.
    assert!(slipped <= 9, "{slipped}");
}

#[test]
fn a_repaired_tax_id_is_never_given_as_a_plain_one() {
    let check = |text: &str, wanted: &str, how: Repair| match tax_id(text) {
        Err(IdentifierProblem::Repaired { value, repair }) => {
            assert_eq!((value.digits().as_str(), repair), (wanted, how), "{text}");
        }
        other => panic!("{text}: {other:?}"),
    };
    check("274062111", "0274062111", Repair::LostZero);
    check("274062111.0", "0274062111", Repair::LostZero);
    check("7714239823.0", "7714239823", Repair::DecimalTail);
    check("7714239823,00", "7714239823", Repair::DecimalTail);
    check("771423982З", "7714239823", Repair::LookAlikeLetter);
    check("77О9О9242О", "7709092420", Repair::LookAlikeLetter);
    assert_eq!(tax_id("274062112"), Err(TaxIdProblem::Length { found: 9 }));
}

#[test]
fn a_tax_id_tells_its_kind_and_region() {
    let company = tax_id("0274062111").ok();
    assert_eq!(company.map(TaxId::kind), Some(TaxIdKind::Company10));
    assert_eq!(company.map(TaxId::region), Some(2));
    assert_eq!(company.map(|id| id.to_string()).as_deref(), Some("0274062111"));
    let person = tax_id("500100732259").ok();
    assert_eq!(person.map(TaxId::kind), Some(TaxIdKind::Person12));
    assert_eq!(person.map(TaxId::region), Some(50));
    assert_eq!(person.map(TaxId::is_foreign_company), Some(false));
}

#[test]
fn registration_numbers_are_checked() {
    let check = |text: &str, wanted: &str| assert_eq!(outcome(&ogrn(text)), wanted, "{text}");
    check("1027700132195", "ok");
    check("ОГРН 1027700132195", "ok");
    check("304500116000157", "ok");
    check("ОГРНИП: 304500116000157", "ok");
    check("1027700132196", "checksum");
    check("304500116000158", "checksum");
    check("2027700132195", "lead");
    check("007022179", "length");
    check("0000000000000", "all_zero");
    check("1,0277E+12", "damaged");
    check("77№012387121", "characters");
    check("1027700132195.0", "repaired");
    let company = ogrn("1027700132195").ok();
    assert_eq!(company.map(Ogrn::year), Some(2));
    assert_eq!(company.map(Ogrn::region), Some(77));
    assert_eq!(company.map(Ogrn::kind), Some(OgrnKind::Company13));
    assert_eq!(ogrn("304500116000157").ok().map(Ogrn::region), Some(50));
}

#[test]
fn registration_reasons_are_checked() {
    let check = |text: &str, wanted: &str| assert_eq!(outcome(&kpp(text)), wanted, "{text}");
    check("771801001", "ok");
    check("КПП 7718 01 001", "ok");
    check("7718AB001", "ok");
    check("77180A00B", "characters");
    check("77180100", "repaired");
    check("001801001", "lead");
    check("7718010011", "length");
    check("000000000", "all_zero");
    check("7,718E+08", "damaged");
    let code = kpp("27401001").err().and_then(|problem| problem.repaired());
    assert_eq!(code.map(Kpp::tax_office), Some(274));
    assert_eq!(code.map(Kpp::is_head_office), Some(true));
    assert_eq!(code.map(Kpp::text).as_deref(), Some("027401001"));
}

#[test]
fn mail_addresses_are_read() {
    let check = |text: &str, wanted: Result<&str, EmailProblem>| {
        let found = email(text).map(|email| email.address());
        assert_eq!(found.as_deref().map_err(|problem| *problem), wanted, "{text}");
    };
    check("Info@Example.RU", Ok("Info@example.ru"));
    check("mailto:a.b+c@example.ru", Ok("a.b+c@example.ru"));
    check("Иван Петров <ivan@example.ru>;", Ok("ivan@example.ru"));
    check("почта@пример.рф", Ok("почта@пример.рф"));
    check("", Err(EmailProblem::Empty));
    check("нет", Err(EmailProblem::NoAt));
    check("a@b.ru c@d.ru", Err(EmailProblem::Several));
    check("@example.ru", Err(EmailProblem::Local));
    check("a..b@example.ru", Err(EmailProblem::Local));
    check("a b@example.ru", Err(EmailProblem::Local));
    check("a@example", Err(EmailProblem::Domain));
    check("a@-example.ru", Err(EmailProblem::Domain));
    check("a@1.2", Err(EmailProblem::Domain));
    check("infо@example.ru", Err(EmailProblem::MixedAlphabets));
    let work = email("Sales@Shop.Example.ru").ok();
    assert_eq!(work.as_ref().map(Email::key).as_deref(), Some("sales@shop.example.ru"));
    let domain = work.and_then(|email| email.web_domain());
    assert_eq!(domain.as_ref().map(WebDomain::registrable), Some("example.ru"));
    assert_eq!(email("a@mail.ru").ok().and_then(|email| email.web_domain()), None);
}

#[test]
fn web_domains_are_read() {
    let check = |text: &str, wanted: Result<(&str, &str, bool), WebDomainProblem>| {
        let found = web_domain(text);
        let found = found.as_ref().map(|d| (d.host(), d.registrable(), d.is_shared()));
        assert_eq!(found.map_err(|problem| *problem), wanted, "{text}");
    };
    check("https://www.Example.ru/about?x=1", Ok(("example.ru", "example.ru", false)));
    check("shop.example.co.uk:8080", Ok(("shop.example.co.uk", "example.co.uk", false)));
    check("sch1690.mskobr.ru", Ok(("sch1690.mskobr.ru", "sch1690.mskobr.ru", false)));
    check("vk.com/club1", Ok(("vk.com", "vk.com", true)));
    check("пример.рф.", Ok(("пример.рф", "пример.рф", false)));
    check("a.ru, b.ru", Err(WebDomainProblem::Several));
    check("a@b.ru", Err(WebDomainProblem::MailAddress));
    check("нет", Err(WebDomainProblem::NotADomain));
    check("10.0.0.1", Err(WebDomainProblem::NotADomain));
    check(" — ", Err(WebDomainProblem::Empty));
}

proptest! {
    #[test]
    fn nothing_typed_breaks_the_readers(text in "\\PC{0,24}") {
        let found = name(&text);
        prop_assert_eq!(&found.tokens.join(" "), &found.core);
        prop_assert!(!latin_key(&found.core).contains("  "));
        let _ = (tax_id(&text), ogrn(&text), kpp(&text), email(&text), web_domain(&text));
        let _ = (crate::cells::damage(&text), crate::cells::split_many(&text));
    }

    #[test]
    fn a_name_is_the_same_in_any_case_and_quotes(text in "[а-яё ]{0,16}") {
        let plain = name(&text);
        prop_assert_eq!(&name(&text.to_uppercase()), &plain);
        prop_assert_eq!(&name(&format!("«{text}»")), &plain);
    }

    #[test]
    fn digits_survive_reading(number in 100_000_000_u64..=9_999_999_999) {
        let text = format!("{number:010}");
        if let Ok(id) = tax_id(&text) {
            prop_assert_eq!(id.digits(), text);
        }
    }
}

#[test]
fn words_that_look_the_same_are_one_in_cyrillic() {
    for text in ["Серов Пётр", "CEPOB Петр", "Cepoв, П\u{435}тр", "серов петр"]
    {
        assert_eq!(cyrillic_words(text), ["серов", "петр"], "{text}");
    }
    assert_eq!(cyrillic_words("Silk 7"), ["silk", "7"], "what is no Cyrillic stays");
}
