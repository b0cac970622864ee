//! The rules, without a database.

use super::flax;
use crate::companies::Company;
use crate::merges::evidence::{Base, evidence, is_new_evidence};
use crate::merges::fields::{self, Half};
use crate::merges::marks::mark;
use crate::merges::*;

fn half(number: i64, change: impl FnOnce(&mut Company)) -> Half {
    let new = flax("Лён", None);
    let mut company = Company {
        id: CompanyId::fresh(Instant(number)),
        number,
        name: new.name,
        full_name: None,
        legal_form: None,
        tax_id: None,
        kpp: None,
        ogrn: None,
        city: None,
        zone: None,
        address: None,
        website: None,
        industry: None,
        source: None,
        lead: None,
        lead_tier: None,
        team: None,
        import: None,
        merged_into: None,
        removed_at: None,
        version: 1,
        made_at: Instant(0),
    };
    change(&mut company);
    Half {
        company,
        requisites_checked_at: None,
        address_checked_at: None,
        changed_at: Instant(number),
        records: 0,
        is_served: false,
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn the_record_with_a_client_then_a_lead_then_a_history_stands() {
    let plain = |number| half(number, |_| {});
    let served = |number| Half { is_served: true, ..plain(number) };
    let busy = |number| Half { records: 3, ..plain(number) };
    let led = |number, tier| {
        half(number, |c| (c.lead, c.lead_tier) = (Some(UserId::fresh(Instant(1))), Some(tier)))
    };
    for (left, right, expected) in [
        (plain(1), plain(2), Side::Left),
        (plain(1), busy(2), Side::Right),
        (busy(1), led(2, 1), Side::Right),
        (led(1, 2), led(2, 1), Side::Left),
        (led(1, 2), served(2), Side::Right),
        (served(1), served(2), Side::Left),
    ] {
        assert_eq!(fields::survivor(&left, &right), expected);
    }
}

#[test]
fn town_and_address_survive_together() {
    let check = |left: Half, right: Half, field, expected| {
        assert_eq!(fields::propose(&left, &right)[&field], expected, "{field:?}");
    };
    let place = |number, town: Option<&str>, words: &str| {
        half(number, |c| (c.city, c.address) = (town.map(str::to_owned), text(words)))
    };
    for field in [Field::City, Field::Address] {
        let (one, other) = (place(1, Some("Омск"), "Льна, 1"), place(2, Some("Тула"), "Льна, 15"));
        check(one.clone(), other, field, Side::Right);
        let other = place(2, None, "Тула, ул. Льна, дом 15");
        check(one, other, field, Side::Left);
    }
}

#[test]
fn the_record_that_stands_keeps_its_name_unless_it_is_written_wrongly_or_older() {
    let named = |number, name: &str| half(number, |c| c.name = name.to_owned());
    let checked = |name: &str| Half { requisites_checked_at: Some(Instant(9)), ..named(2, name) };
    for (left, right, expected, why) in [
        ("ЛЁН И НИТЬ", named(2, "Лён и нить"), Side::Right, "written before shouted"),
        ("Лён и нить", named(2, "ООО «Лён и нить», филиал"), Side::Left, "longer and newer"),
        ("JJJ Dtrnjh", named(2, "ООО Вектор"), Side::Right, "before one of another layout"),
        ("Лён и нить", checked("Льняная нить"), Side::Right, "checked before merely brought"),
    ] {
        let proposed = fields::propose(&named(1, left), &right);
        assert_eq!(proposed[&Field::Name], expected, "{why}");
    }
}

#[test]
fn a_fact_survives_by_its_worth() {
    let check = |left: Half, right: Half, field, expected, why: &str| {
        assert_eq!(fields::propose(&left, &right)[&field], expected, "{why}");
    };
    let address = |number, words: &str| half(number, |c| c.address = text(words));
    let checked = |half: Half| Half { address_checked_at: Some(Instant(5)), ..half };
    let tax = |number, digits: &str| half(number, |c| c.tax_id = text(digits));
    check(
        half(1, |_| {}),
        address(2, "Пушкина, 1"),
        Field::Address,
        Side::Right,
        "what is there before what is not",
    );
    check(
        tax(1, "7714239824"),
        tax(2, "7714239823"),
        Field::TaxId,
        Side::Right,
        "valid before invalid",
    );
    check(
        checked(address(1, "Пушкина, 1")),
        address(2, "ул. Пушкина, дом 1, этаж 2"),
        Field::Address,
        Side::Left,
        "checked before fuller",
    );
    check(
        address(1, "Пушкина, 1"),
        address(2, "ул. Пушкина, дом 1"),
        Field::Address,
        Side::Right,
        "fuller before shorter",
    );
    let city = |number, name: &str| half(number, |c| c.city = text(name));
    check(
        city(1, "Москва"),
        city(2, "Химки"),
        Field::City,
        Side::Right,
        "of two towns the newer record's",
    );
    let with_kpp = |number, digits: &str, kpp: &str| {
        half(number, |c| (c.tax_id, c.kpp) = (text(digits), text(kpp)))
    };
    check(
        with_kpp(9, "7714239823", "771401001"),
        with_kpp(2, "7714239824", "771401002"),
        Field::Kpp,
        Side::Left,
        "a КПП belongs to its tax number",
    );
}

#[test]
fn what_differs_is_marked_within_the_value() {
    let check = |left: &str, right: &str, expected: (&str, &str)| {
        let (one, other) = mark(left, right);
        let shown = |pieces: Vec<marks::Piece>| -> String {
            let piece = |p: marks::Piece| if p.differs { format!("[{}]", p.text) } else { p.text };
            pieces.into_iter().map(piece).collect()
        };
        assert_eq!((shown(one).as_str(), shown(other).as_str()), expected);
    };
    check("7714239823", "7714239832", ("77142398[2]3", "771423983[2]"));
    check("Лён и нить", "лен и нить", ("Лён и нить", "лен и нить"));
    check("Вектор", "Вектор Плюс", ("Вектор", "Вектор[ Плюс]"));
    check("", "Лён", ("", "[Лён]"));
    let long = "125009, г. Москва, ул. Тверская, дом 12, строение 1, офис";
    check(
        &format!("{long} 301"),
        &format!("{long} 302"),
        (&format!("{long} [301]"), &format!("{long} [302]")),
    );
}

#[test]
fn two_leads_of_a_campaign_are_settled_by_their_states() {
    for (loser, survivor, expected) in [
        ("queued", "queued", LeadRule::Close),
        ("queued", "offered", LeadRule::Close),
        ("queued", "closed", LeadRule::OtherWay),
        ("queued", "converted", LeadRule::OtherWay),
        ("offered", "queued", LeadRule::Answer),
        ("offered", "offered", LeadRule::Answer),
        ("closed", "queued", LeadRule::Leave),
        ("converted", "queued", LeadRule::Leave),
    ] {
        assert_eq!(lead_rule(loser, survivor), expected, "{loser} into {survivor}");
    }
}

#[test]
fn of_pairs_alike_the_one_whose_decision_is_worth_most_comes_first() {
    let open = gain(5_000, 10);
    assert!(open > gain(9_000, 10) && open > gain(1_500, 10), "an open question first");
    assert!(gain(7_000, 40) > gain(7_000, 2), "more records first");
    assert!(gain(9_990, 0) > 0, "a sure pair counts for something");
    assert_eq!(Band::of(9_950), Band::Sure);
    assert_eq!(Band::of(5_000), Band::Review);
    assert_eq!(Band::of(2_000), Band::No);
}

#[test]
fn nobody_is_asked_about_a_coincidence() {
    let says =
        |field: &str, code: &str| Reason { code: code.to_owned(), ..reason(field, "", 9, 2) };
    let check = |reasons: &[(&str, &str)], expected: Band| {
        let reasons: Vec<Reason> = reasons.iter().map(|(field, code)| says(field, code)).collect();
        assert_eq!(Band::judge(9_999, &reasons), expected, "{reasons:?}");
    };
    check(&[("tax_id", "same")], Band::Sure);
    check(&[("phone", "same"), ("name", "near")], Band::Sure);
    check(&[("phone", "same"), ("name", "similar")], Band::Review);
    check(&[("name", "same"), ("city", "same")], Band::Review);
    check(&[("name", "similar"), ("address", "similar"), ("city", "same")], Band::No);
    check(&[("phone", "same_common"), ("city", "same")], Band::No);
}

fn reason(field: &str, value: &str, weight: i64, carriers: i64) -> Reason {
    let code = if weight > 0 { "same" } else { "different" };
    Reason {
        field: field.to_owned(),
        code: code.to_owned(),
        weight,
        value: value.to_owned(),
        carriers,
    }
}

#[test]
fn only_something_new_that_speaks_for_it_asks_again() {
    let then = evidence(&[reason("name", "лен", 300, 2), reason("city", "", -100, 0)]);
    let same = evidence(&[reason("name", "лен", 280, 9), reason("city", "", -90, 0)]);
    let more = evidence(&[reason("name", "лен", 300, 2), reason("phone", "+7495", 700, 2)]);
    let less = evidence(&[]);
    assert!(!is_new_evidence(&then, &same), "more carriers are no news");
    assert!(!is_new_evidence(&then, &less));
    assert!(is_new_evidence(&then, &more));
}

#[test]
fn a_base_is_compared_the_same_way_each_time() {
    use crate::companies::alike::Known;
    let known = |number: i64, name: &str, city: &str, address: &str| Known {
        emails: vec![crate::companies::CompanyEmail { contact: None, address: address.to_owned() }],
        ..Known::bare(half(number, |c| (c.name, c.city) = (name.to_owned(), text(city))).company)
    };
    let mut base = Base::default();
    for (number, (name, city, address)) in (1..).zip([
        ("Лён и нить", "Москва", "info@len.example"),
        ("ООО «Лён и нить»", "Москва", "info@len.example"),
        ("Вектор", "Казань", "post@vektor.example"),
        ("Клевер", "Омск", "klever@yandex.ru"),
        ("Северный ветер", "Пермь", "office@veter.example"),
        ("Пятый элемент", "Тверь", "mail@fifth.example"),
    ]) {
        base.add(&known(number, name, city, address));
    }
    let found = base.compare(1);
    assert_eq!(found, base.compare(3), "whatever the number of threads");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].probability >= REVIEW_FROM, "{found:?}");
    assert!(found[0].reasons.iter().any(|r| r.field == "name" && r.is_for()), "{found:?}");
    assert!(found[0].reasons.iter().any(|r| r.field == "email" && r.is_for()), "{found:?}");
}
