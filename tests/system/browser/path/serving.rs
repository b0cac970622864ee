//! The client is served.

use super::{House, Opened, Shift};

pub(super) fn the_client_is_served(house: &House, opened: &mut Opened) {
    let service = Shift::open(house, "service");
    service.go("/handoffs");
    service.sees("ООО «Золотой карп»");
    service.press("KeyA");
    service.sees("Принято: ООО «Золотой карп»");
    service.press("KeyO");
    service.sees("Начало работы");
    let client = service.path();
    opened.note("service", &service);
    service.click("Сделано");
    service.sees("Вернуть");
    // The form stands open: its key goes on with it.
    service.press("KeyO");
    service.becomes("return document.activeElement.name ?? ''", "title");
    service.type_into("title", "Каталог, 500 экз.");
    service.type_into("amount", "120000");
    service.set("due", &service.day(14));
    service.click("Открыть заказ");
    for (version, answer) in [("Первая страница", "Прошу изменить"), ("Логотип крупнее", "Одобряю")]
    {
        service.unfold("Новая версия прототипа", "description");
        service.type_into("description", version);
        service.click("Добавить версию");
        service.click("Сделать ссылку для клиента");
        service.becomes("return document.getElementById('link') !== null", true);
        let link = service.ask("return new URL(document.getElementById('link').value).pathname");
        let stranger = Shift::anonymous(house);
        let link = link.as_str().expect("a link").to_owned();
        stranger.go(&link);
        stranger.sees(version);
        stranger.type_into("comment", "Логотип крупнее, пожалуйста");
        opened.look("stranger", &stranger);
        stranger.click(answer);
        stranger.sees("Спасибо");
        service.go(&client);
    }
    service.sees("одобрен");
    service.click("Сдан клиенту");
    service.sees("сдан");
    service.press("KeyD");
    service.type_into("person_name", "Внук Пётр");
    service.type_into("what", "день рождения");
    let tomorrow = service.day(1);
    service.type_into("day", &tomorrow[8..]);
    service.choose("month", tomorrow[5..7].trim_start_matches('0'));
    service.click("Записать дату");
    service.go("/tasks");
    service.sees("Пётр");
    service.go(&client);
    service.press("KeyU");
    service.type_into("passport_need", "Ещё и коробки");
    service.type_into("passport_next_step", "Позвонить в четверг");
    service.click("Передать");
    opened.note("service", &service);
    let seller = Shift::open(house, "seller");
    seller.go("/handoffs");
    seller.sees("Ещё и коробки");
    seller.press("KeyA");
    seller.sees("Принято: ООО «Золотой карп»");
}
