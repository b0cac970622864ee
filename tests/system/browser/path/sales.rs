//! The board, the contract and its payment.

use super::{House, Opened, Shift};

/// The stage in which a company's card stands.
fn stage(company: &str) -> String {
    format!(
        "const card = [...document.querySelectorAll('[data-card]')]
          .find((c) => c.innerText.includes('{company}'));
        return card?.closest('[data-stage]').dataset.stage ?? ''"
    )
}

/// How many choices of a stage are narrower on the board than they would be by themselves.
const CUT_STAGES: &str = "
    return [...document.querySelectorAll('.move select')].filter((shown) => {
      const free = document.body.appendChild(shown.cloneNode(true));
      free.style.cssText = getComputedStyle(shown).font.replace(/^/, 'font: ')
        + '; padding-inline: .375rem; position: absolute; width: auto';
      const isCut = free.offsetWidth > shown.offsetWidth;
      free.remove();
      return isCut;
    }).length";

pub(super) fn an_opportunity_is_won_and_one_lost(house: &House, opened: &mut Opened) {
    let seller = Shift::open(house, "seller");
    seller.go("/pipeline");
    seller.click("ООО «Золотой карп»");
    seller.type_into("next_step", "Отправить расчёт");
    seller.set("next_step_at", &format!("{}T12:00", seller.day(1)));
    seller.set("expected_close_on", &seller.day(10));
    seller.type_into("amount", "480000,50");
    seller.press("Alt+KeyS");
    seller.sees("480 000,50 ₽");
    seller.press("Alt+KeyP");
    seller.type_into("promise_words", "Образцы бумаги");
    seller.set("promise_due", &format!("{}T18:00", seller.day(1)));
    seller.click("Записать обещание");
    seller.sees("Образцы бумаги");
    opened.note("seller", &seller);

    seller.go("/pipeline");
    seller.ask(
        "[...document.querySelectorAll('[data-card]')]
        .find((c) => c.innerText.includes('карп')).id = 'carp'",
    );
    seller.drag("#carp", "#s-meeting");
    seller.becomes(&stage("карп"), "meeting");
    seller.ask(
        "[...document.querySelectorAll('[data-card]')]
        .find((c) => c.innerText.includes('карп')).querySelector('a').focus()",
    );
    assert_eq!(seller.ask(CUT_STAGES), 0, "the names of stages have room");
    seller.press("Alt+ArrowRight");
    seller.becomes(&stage("карп"), "need");

    seller.click("ООО «Северный ветер»");
    seller.press_in_russian("KeyL");
    seller.choose("reason", "price");
    seller.type_into("note", "Нашли дешевле");
    seller.click("Закрыть как проигранную");
    seller.sees("Нашли дешевле");

    seller.go("/pipeline");
    seller.click("ООО «Золотой карп»");
    seller.press("KeyW");
    let form = "document.activeElement.form?.getAttribute('action').endsWith('/win')";
    seller.becomes(&format!("return {form} && document.activeElement.tagName"), "INPUT");
    seller.press("Enter");
    seller.becomes(&format!("return {form} && document.activeElement.tagName"), "BUTTON");
    seller.sees("Чем кончилось");
    seller.press("Enter");
    seller.sees("Внести");
    seller.type_into("amount", "120000,17");
    seller.click("Внести");
    seller.sees("120 000,17 ₽");
    opened.note("seller", &seller);
}
