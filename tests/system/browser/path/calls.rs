//! A shift on the phone.

use super::{COMPANY, House, Opened, Shift, names_keys};

pub(super) fn qualify(caller: &Shift<'_>, need: &str, meeting: &str) {
    caller.press("Digit1");
    caller.type_into("passport_who", "Директор");
    caller.type_into("passport_need", need);
    caller.type_into("passport_next_step", "Показать образцы");
    caller.type_into("meeting", meeting);
    caller.press("Ctrl+Enter");
}

/// The caller's shift; answers the number of the company that is banned in it.
pub(super) fn a_shift_on_the_phone(house: &House, opened: &mut Opened) -> i64 {
    let caller = Shift::open(house, "caller");
    caller.go("/desk");
    caller.press("Enter");
    caller.becomes(COMPANY, "ООО «Льняной двор»");
    opened.note("caller", &caller);
    let dialled = "return document.querySelector('#dial').getAttribute('href')";
    caller.becomes(dialled, "tel:+74959637001");
    let field = "return document.activeElement.name ?? ''";
    caller.press("Digit2");
    caller.becomes(field, "callback");
    caller.press("Escape");
    caller.press("Digit3");
    caller.becomes(field, "reason");
    for _ in ["договор до срока", "дорого"] {
        caller.press_in_russian("KeyL");
    }
    caller.becomes("return document.activeElement.value", "too_expensive");
    caller.press("Enter");
    caller.becomes(COMPANY, "ООО «Медный лев»");
    caller.sees("ООО «Льняной двор»: отказ");
    // What follows the key of a result is text: its digits are no other results.
    caller.press_in_russian("KeyC");
    caller.becomes(field, "callback");
    caller.types("завтра 11:00");
    let when = "return document.querySelector('#callback-when').textContent.startsWith('Понято: ')";
    caller.becomes(when, true);
    caller.press("Enter");
    caller.becomes(COMPANY, "ООО «Северный ветер»");
    caller.sees("ООО «Медный лев»: перезвонить");
    // What was typed a moment before the page is read anew is there afterwards.
    caller.type_into("note", "Ждёт образцы");
    caller.go(&caller.path());
    caller.becomes("return document.getElementsByName('note')[0].value", "Ждёт образцы");
    caller.press("Digit1");
    caller.press("Alt+Enter");
    caller.becomes("return document.querySelectorAll('[aria-invalid=true]').length", 3);
    qualify(&caller, "Календари", "");
    caller.becomes(COMPANY, "ООО «Золотой карп»");
    qualify(&caller, "Каталог к весне", "завтра 12");
    caller.becomes(COMPANY, "ООО «Белый клён»");
    qualify(&caller, "Буклеты", "");
    caller.becomes(COMPANY, "ООО «Ясный луч»");
    qualify(&caller, "Открытки", "");
    names_keys(
        &caller,
        &["Позвонить: D", "квалифицирован: 1 H", "перезвонить: 2 C", "Сохранить и дальше: Enter"],
    );
    let number = a_company_is_banned(house, &caller);
    caller.becomes(COMPANY, "ООО «Дальний берег»");
    caller.dies();
    number
}

const BAN: &str = "return document.querySelector('.head .status.neg')?.innerText ?? ''";

/// Bans the company in the cockpit by its key; answers its number.
fn a_company_is_banned(house: &House, caller: &Shift<'_>) -> i64 {
    caller.becomes(COMPANY, "ООО «Тихий омут»");
    let head = Shift::open(house, "head");
    head.go(&caller.href("/companies/"));
    head.becomes(BAN, "");
    caller.press("Digit0");
    caller.press("Enter");
    caller.sees("ООО «Тихий омут»: не звонить. Этого не отменить");
    head.go(&head.path());
    head.becomes(BAN, "не звонить");
    head.sees("попросили");
    let number = "return Number(document.querySelector('.head p').innerText.replace(/\\D/g, ''))";
    head.ask(number).as_i64().expect("a number")
}

/// How many answers of the cockpit the notice over the page lies on, wherever one scrolls to.
const COVERED: &str = "
    const toast = document.querySelector('.toast');
    return [...document.querySelectorAll('.outcomes label')].filter((answer) =>
      ['start', 'center', 'end'].some((block) => {
        answer.scrollIntoView({ block, behavior: 'instant' });
        const [a, b] = [toast, answer].map((one) => one.getBoundingClientRect());
        return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      })).length";

/// What the caller has written of the company in the hand-held's cockpit.
pub(super) const WRITTEN: &str = "Просят счёт, говорить с бухгалтером";

/// The browser at the desk has died. The caller goes on writing on a phone, which is then put away.
pub(super) fn a_browser_dies(house: &House) -> Shift<'_> {
    let phone = Shift::open(house, "caller");
    phone.width(390);
    phone.go("/desk");
    phone.press("Enter");
    phone.becomes(COMPANY, "ООО «Дальний берег»");
    phone.becomes("return document.querySelector('.toast') !== null", true);
    assert_eq!(phone.ask(COVERED), 0, "a notice covers no answer");
    phone.type_into("note", WRITTEN);
    phone.sees("сохранено");
    phone
}
