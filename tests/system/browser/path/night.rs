//! Hours pass: a lease and an offer run out, a screen on the wall loses the program.

use std::time::Duration;

use super::calls::WRITTEN;
use super::{COMPANY, House, Shift};

/// What is figured on the wallboard: how many of its parts are old, and the colour they have.
const STALE: &str =
    "return document.querySelectorAll('[data-region=wall-figures][data-stale]').length";
const COLOUR: &str =
    "return getComputedStyle(document.querySelector('[data-region=wall-figures] dd')).color";

/// The program is away, then back after more than a lease and an offer may take.
pub(super) fn hours_pass(house: &House, phone: &Shift<'_>) {
    let head = Shift::open(house, "head");
    head.go("/wallboard");
    head.sees("ждут обещанного звонка");
    head.becomes(STALE, 0);
    let fresh = head.ask(COLOUR);
    house.stop();
    head.becomes(STALE, 1);
    head.sees("нет связи 1");
    assert_ne!(head.ask(COLOUR), fresh, "old figures are grey");
    house.start(Duration::from_secs(5 * 3600));
    head.becomes(STALE, 0);
    head.becomes(COLOUR, fresh);

    let second = Shift::open(house, "second");
    second.go("/desk");
    second.press("Enter");
    second.becomes(COMPANY, "ООО «Дальний берег»");
    phone.sees("Набранный текст хранится в черновике");
    phone.choose("outcome", "not_reached");
    phone.press("Ctrl+Enter");
    phone.sees("Компания больше не закреплена за вами. Ваш текст сохранён.");
    phone.sees(WRITTEN);
    second.press("Digit3");
    second.choose("reason", "too_expensive");
    second.press("Alt+Enter");
    second.sees("ООО «Дальний берег»: отказ");
    // Whoever is banned is offered to nobody.
    second.sees("Сейчас некому звонить");
    second.sees("закрыты: просили не звонить");
}

/// Nobody answered an offer: both sides see it, and its giver has the company back.
pub(super) fn an_offer_ran_out(house: &House, caller: &Shift<'_>) {
    let state = "return [...document.querySelectorAll('tbody tr')]
        .find((row) => row.innerText.includes('Ясный луч'))?.querySelector('.status')?.innerText";
    caller.width(1366);
    caller.go("/handoffs?view=given");
    caller.becomes(state, "без ответа");
    caller.go("/desk");
    caller.sees("никто не ответил вовремя");
    let head = Shift::open(house, "head");
    head.go("/handoffs?view=all&state=expired");
    head.becomes(state, "без ответа");
    assert_eq!(head.ask("return document.querySelectorAll('tbody tr').length"), 1);
    head.click("ООО «Ясный луч»");
    head.sees("Время вышло, ответа нет");
}
