//! The base is looked after: duplicates, erasures, another round of checks.

use super::{House, Opened, Shift, names_keys};

/// Opens the card of a company.
fn card(shift: &Shift<'_>, name: &str) {
    shift.go(&format!("/search?q={name}"));
    shift.click(&format!("ООО «{name}»"));
    shift.sees("Не беспокоить");
}

pub(super) fn the_base_is_looked_after(house: &House, opened: &mut Opened) {
    let head = Shift::open(house, "head");
    two_are_one(&head, opened);
    a_round_is_started(house, &head, opened);
    a_company_is_met_as_it_is_typed(&head, opened);
    let owner = Shift::open(house, "owner");
    a_person_is_erased(&owner, opened);
}

fn two_are_one(head: &Shift<'_>, opened: &mut Opened) {
    card(head, "Льняной двор");
    let number = "return document.querySelector('.head p').innerText.replace(/\\D/g, '')";
    let number = head.ask(number).as_str().expect("a number").to_owned();
    card(head, "Дальний берег");
    head.click("Это дубль другой компании");
    head.type_into("number", &number);
    head.click("Сравнить");
    head.sees("Одна компания");
    opened.look("head", head);
    names_keys(
        head,
        &["№ 1: остаётся эта запись: [ (х)", "Название: ООО «Льняной двор»: Q", "Одна компания: 1"],
    );
    head.press("Digit1");
    head.is_at("/duplicates");
    head.go("/merges");
    head.go(&head.href("/merges/"));
    head.sees("Льняной двор");
    opened.note("head", head);
}

fn a_round_is_started(house: &House, head: &Shift<'_>, opened: &mut Opened) {
    head.go("/rounds/new");
    head.type_into("name", "Раз в полгода");
    head.pick("who", "Имя second");
    head.press_in_russian("Alt+KeyS");
    head.sees("Что выясняем");
    head.sees("можно звонить сейчас");
    opened.note("head", head);
    let second = Shift::open(house, "second");
    second.go("/desk");
    second.ask(
        "[...document.querySelectorAll('form')]
        .find((form) => form.innerText.includes('Раз в полгода')).querySelector('button').click()",
    );
    second.becomes("return document.querySelector('.cockpit') !== null", true);
    opened.look("second", &second);
}

fn a_company_is_met_as_it_is_typed(head: &Shift<'_>, opened: &mut Opened) {
    head.go("/companies/new");
    head.type_into("name", "ООО «Тихая заводь»");
    head.type_into("tax_id", "7714239823");
    head.click("Добавить компанию");
    head.sees("Не беспокоить");
    head.go("/companies/new");
    head.misses("Тихая заводь");
    head.type_into("tax_id", "7714239823");
    head.type_into("city", "Тверь");
    head.sees("ООО «Тихая заводь»");
    head.sees("Тот же ИНН 7714239823.");
    head.becomes("return document.activeElement.name", "city");
    head.becomes("return document.getElementById('city').value", "Тверь");
    opened.look("head", head);
    head.type_into("tax_id", "7707083893");
    head.type_into("city", "Омск");
    head.misses("Тихая заводь");
    head.is_at("/companies/new");
    head.misses("Похожей нет среди компаний");
    head.click("Поискать её в базе");
    head.sees("Похожей нет среди компаний");
    head.becomes("return document.getElementById('city').value", "Омск");
}

fn a_person_is_erased(owner: &Shift<'_>, opened: &mut Opened) {
    card(owner, "Медный лев");
    owner.go(&owner.href("/contacts/"));
    opened.note("owner", owner);
    card(owner, "Ясный луч");
    owner.click("стереть данные…");
    owner.choose("ground", "asked");
    owner.type_into("name", "Лучева Зоя");
    owner.click("Стереть навсегда");
    owner.becomes("return location.pathname.startsWith('/erasures/')", true);
    owner.misses("Лучева");
    opened.note("owner", owner);
}
