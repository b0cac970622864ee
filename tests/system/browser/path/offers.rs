//! What was passed on is accepted, sent back, contested.

use super::pay::standing;
use super::{House, Opened, Shift};

pub(super) fn offers_are_answered(house: &House) {
    let caller = Shift::open(house, "caller");
    caller.go("/pay/me");
    caller.go(&caller.href("/pay/statements/"));
    for company in ["Северный ветер", "Ясный луч"] {
        caller.becomes(&standing(company), "ждёт");
    }

    let seller = Shift::open(house, "seller");
    seller.go("/handoffs");
    seller.sees("Каталог к весне");
    for company in ["Северный ветер", "Золотой карп"] {
        seller.press("KeyA");
        seller.sees(&format!("Принято: ООО «{company}»"));
        // A live page that is drawn anew draws the notice too.
        seller.becomes("return location.search.includes('taken=')", true);
    }
    seller.press_in_russian("KeyR");
    seller.press_in_russian("Digit2");
    seller.press_in_russian("Enter");
    seller.misses("ООО «Белый клён»");
    seller.sees("ООО «Ясный луч»");
    caller.becomes(&standing("Северный ветер"), "начислено");
    caller.becomes(&standing("Белый клён"), "не начислено");
    caller.becomes(&standing("Ясный луч"), "ждёт");
}

pub(super) fn a_rejection_is_contested(house: &House, opened: &mut Opened) {
    let caller = Shift::open(house, "caller");
    caller.go("/handoffs?view=given");
    caller.sees("нет нужды");
    caller.click("ООО «Белый клён»");
    caller.type_into("words", "Просили буклеты");
    opened.note("caller", &caller);
    caller.click("Оспорить");
    caller.misses("Оспорить");

    let head = Shift::open(house, "head");
    head.go("/handoffs?view=disputes");
    head.sees("Просили буклеты");
    head.click("ООО «Белый клён»");
    head.choose("decision", "overturned");
    head.type_into("words", "Нужда есть");
    opened.note("head", &head);
    head.click("Решить");
    head.sees("Нужда есть");

    let seller = Shift::open(house, "seller");
    seller.go("/handoffs");
    seller.sees("ООО «Белый клён»");
    seller.press("KeyA");
    seller.sees("Принято: ООО «Белый клён»");
}
