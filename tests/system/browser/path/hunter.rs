//! A campaign in which whoever brings a client leads them.

use super::start::{members, terms};
use super::{COMPANY, House, Opened, Shift, calls};

/// One person calls, sells and serves. The campaign is of the company that was banned and of the
/// next one, so that the first is seen to be offered to nobody.
pub(super) fn one_person_keeps_a_client(house: &House, banned: i64, opened: &mut Opened) {
    let head = Shift::open(house, "head");
    terms(&head, "Кто привёл, тот и ведёт");
    head.type_into("number_from", &banned.to_string());
    head.type_into("number_to", &(banned + 1).to_string());
    head.choose("engagement", "hunter_keeps");
    head.press("Ctrl+Enter");
    head.sees("Запустить");
    members(&head, &[("hunter", "1"), ("hunter", "2"), ("hunter", "3")]);
    head.click("Запустить");
    head.sees("можно звонить сейчас");

    let hunter = Shift::open(house, "hunter");
    hunter.go("/desk");
    hunter.press("Enter");
    hunter.becomes(COMPANY, "ООО «Тверской узел»");
    calls::qualify(&hunter, "Упаковка", "");
    hunter.sees("Сейчас некому звонить");
    hunter.go("/handoffs");
    hunter.sees("Входящих передач нет");
    hunter.go("/pipeline");
    hunter.click("ООО «Тверской узел»");
    hunter.type_into("next_step", "Отправить счёт");
    hunter.set("next_step_at", &format!("{}T12:00", hunter.day(1)));
    hunter.type_into("amount", "90000");
    hunter.press("Alt+KeyS");
    hunter.sees("90 000,00 ₽");
    // Out of the field, so that the letter is a key.
    hunter.press("Escape");
    hunter.press("KeyW");
    hunter.click("Подписать договор");
    hunter.sees("Внести");
    hunter.type_into("amount", "30000");
    hunter.click("Внести");
    hunter.sees("30 000,00 ₽");
    hunter.go("/clients");
    hunter.click("ООО «Тверской узел»");
    hunter.sees("ведёт Имя hunter");
    hunter.click("Сделано");
    hunter.sees("Вернуть");
    opened.note("hunter", &hunter);

    let took = "return [...document.querySelectorAll('tbody tr')]
        .filter((row) => row.innerText.includes('Тверской узел'))
        .map((row) => row.innerText.split('Имя hunter').length - 1).join()";
    head.go("/handoffs?view=all&state=accepted");
    head.becomes(took, "2,2");
}
