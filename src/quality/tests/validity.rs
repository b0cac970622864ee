//! What can be right of a record, case by case.

use super::*;

/// The part of a record with a tax number and one more thing.
fn valid(change: impl Fn(&mut Known)) -> i64 {
    let mut known = bare("ООО «Лён»");
    known.company.legal_form = Some("ООО".to_owned());
    known.company.tax_id = Some("7714239823".to_owned());
    change(&mut known);
    score(&facts(&known, &[])).parts[Part::Validity as usize]
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_repair_a_conflict_and_a_wrong_digit_are_worth_less_each() {
    for (what, tax_id, expected) in [
        ("right", "7714239823", 1000),
        ("a wrong digit", "7714239824", 0),
        ("a lost nought, mended", "274062111", 700),
        ("a person's under a firm's form", "500100732259", 600),
    ] {
        assert_eq!(valid(|known| known.company.tax_id = text(tax_id)), expected, "{what}");
    }
    for (what, form, tax_id, expected) in [
        ("a sole trader's", "ИП", "500100732259", 1000),
        ("a firm's under a sole trader", "ИП", "7714239823", 600),
        ("a farm may have either", "КФХ", "500100732259", 1000),
    ] {
        let told = valid(|known| {
            (known.company.legal_form, known.company.tax_id) = (text(form), text(tax_id));
        });
        assert_eq!(told, expected, "{what}");
    }
    for (what, ogrn, expected) in [
        ("of the same region", "1027700132195", 1000),
        ("a wrong digit", "1027700132196", 500),
        ("a sole trader's: one of the two is not theirs", "304500116000157", 600),
    ] {
        assert_eq!(valid(|known| known.company.ogrn = text(ogrn)), expected, "ОГРН: {what}");
    }
    let both = valid(|known| {
        known.company.tax_id = text("0274062111");
        known.company.ogrn = text("1027700132195");
    });
    assert_eq!(both, 600, "registered in two regions");
    let trader = valid(|known| {
        (known.company.legal_form, known.company.tax_id) = (text("ИП"), text("500100732259"));
        known.company.kpp = text("771401001");
    });
    assert_eq!(trader, 800, "a sole trader has no КПП");
}

#[test]
fn a_landline_of_another_zone_speaks_against_the_town_until_somebody_answers_it() {
    let line = |city: &str, number: &str, standing: Standing| {
        valid(|known| {
            known.company.city = text(city);
            known.phones = vec![phone(known, number, standing)];
        })
    };
    for (what, city, number, standing, expected) in [
        ("where it should be", "Омск", "+73812234567", Standing::Unknown, 1000),
        ("five hours away", "Омск", "+74952234567", Standing::Unknown, 800),
        ("and somebody answered", "Омск", "+74952234567", Standing::Good, 1000),
        ("a mobile is anywhere", "Омск", "+79162234567", Standing::Unknown, 1000),
        ("a town nobody knows", "Малые Пупки", "+74952234567", Standing::Unknown, 1000),
        ("a dummy", "Омск", "+79999999999", Standing::Dummy, 650),
        ("a dead one", "Омск", "+73812234567", Standing::Dead, 500),
    ] {
        assert_eq!(line(city, number, standing), expected, "{what}");
    }
}
