//! People, pay, a file and a campaign.

use super::{House, Opened, Shift};

const WORKSHOPS: &str = "Наименование;Телефон;E-mail;Город;Директор
ООО «Льняной двор»;8 (495) 963-70-01;dvor@len.example;Москва;Льнов Пётр
ООО «Медный лев»;8 (495) 963-70-02;lev@med.example;Москва;Меднова Анна
ООО «Северный ветер»;8 (495) 963-70-03;veter@sever.example;Москва;Ветров Иван
ООО «Золотой карп»;8 (495) 963-70-05;karp@prud.example;Москва;Карпова Вера
ООО «Белый клён»;8 (495) 963-70-08;klen@roscha.example;Москва;Клёнова Ида
ООО «Медный лев»;8 (495) 963-70-02;lev@med.example;Москва;Меднова Анна
;8 (495) 963-70-13;bez@imeni.example;Москва;
ООО «Ясный луч»;8 (495) 963-70-14;luch@yasno.example;Москва;Лучева Зоя
ООО «Тихий омут»;8 (495) 963-70-15;omut@tiho.example;Москва;Омутов Лев
ООО «Тверской узел»;8 (482) 263-70-16;uzel@tver.example;Тверь;Узлова Нина
ООО «Дальний берег»;8 (495) 963-70-17;bereg@dalno.example;Москва;Берегов Глеб
";

pub(super) fn people_are_hired(house: &House, opened: &mut Opened) {
    let administrator = Shift::open(house, "administrator");
    for (login, roles) in
        [("second", &["caller"][..]), ("hunter", &["caller", "seller", "service"])]
    {
        administrator.go("/people");
        administrator.type_into("login", login);
        administrator.type_into("name", &format!("Имя {login}"));
        administrator.type_into("alias", login);
        for role in roles {
            administrator.choose(&format!("role_{role}"), "on");
        }
        administrator.choose("tier", "1");
        administrator.pick("team", "Привлечение");
        administrator.click("Добавить человека");
        administrator.sees("Сделать ссылку");
        opened.note("administrator", &administrator);
    }
}

pub(super) fn pay_is_agreed(house: &House, opened: &mut Opened) {
    let owner = Shift::open(house, "owner");
    owner.go("/pay/plans");
    owner.set("day", &owner.day(0));
    owner.click("Начать с обычных планов");
    owner.misses("Начать с обычных планов");
    for (tier, who, salary) in [
        ("Привлечение", "caller", ""),
        ("Продажи", "seller", "60000"),
        ("Обслуживание", "service", "70000"),
    ] {
        owner.go("/pay/plans");
        owner.click(tier);
        owner.pick("user", &format!("Имя {who}"));
        owner.set("day", &owner.day(0));
        owner.type_into("salary", salary);
        owner.click("Назначить");
        owner.sees("Изменить или закончить");
        opened.note("owner", &owner);
    }
    owner.click("Изменить или закончить");
    owner.sees("Оклад — 70 000,00 ₽ в месяц.");
    owner.type_into("salary", "75000");
    owner.click("Сохранить");
    owner.sees("Оклад — 75 000,00 ₽ в месяц.");
    opened.look("owner", &owner);
    owner.go(&owner.href("/pay/plans/"));
    owner.click("Изменить: начать новую версию");
    owner.click("Новая строка во всех подробностях");
    owner.click("Множители");
    owner.sees("По норме какой строки");
    opened.look("owner", &owner);
    owner.go(&owner.href("/pay/plans/"));
    owner.click("Сколько черновик заплатил бы за прошлые месяцы");
    owner.sees("Ничего не записывается");
    opened.look("owner", &owner);
    owner.go("/pay/engagements");
    owner.pick("user", "Имя service");
    owner.choose("kind", "contractor");
    owner.type_into("name", "ИП Имя");
    owner.type_into("tax_id", "500100732259");
    owner.click("Записать");
    owner.sees("ИП Имя");
}

pub(super) fn a_file_and_a_campaign(house: &House, opened: &mut Opened) {
    let head = Shift::open(house, "head");
    let file = house.home.folder().join("workshops.csv");
    std::fs::write(&file, WORKSHOPS).expect("a file");
    for is_first in [true, false] {
        head.go("/imports");
        head.attach("file", &file);
        head.choose("basis_kind", "public_source");
        head.click("Посмотреть, что в файле");
        head.sees("11 строк");
        opened.note("head", &head);
        if is_first {
            head.press_in_russian("KeyC");
            head.sees("в базе");
            head.sees("Отменить");
        } else {
            head.sees("В файле нет ничего, чего не было бы в базе.");
        }
    }
    terms(&head, "Печать для мастерских");
    head.type_into("city", "Москва");
    head.type_into("open_to", "26:00");
    head.press("Ctrl+Enter");
    head.becomes("return document.activeElement.name ?? ''", "open_to");
    head.sees("Не всё заполнено верно");
    head.type_into("open_to", "24:00");
    head.press("Ctrl+Enter");
    head.sees("Запустить");
    members(&head, &[("caller", "1"), ("second", "1"), ("seller", "2"), ("service", "3")]);
    opened.note("head", &head);
    head.click("Запустить");
    head.sees("можно звонить сейчас");
}

/// The form of a campaign that is open day and night, so that calls are made at the hour at which
/// the test needs them: no country allows that.
pub(super) fn terms(head: &Shift<'_>, name: &str) {
    head.go("/campaigns/new");
    head.type_into("name", name);
    head.choose("preset", "own");
    for always in ["day6", "day7"] {
        head.choose(always, "on");
    }
    for unasked in ["holidays_off", "wants_timing", "wants_promises"] {
        head.choose(unasked, "off");
    }
    head.type_into("open_from", "00:00");
    head.type_into("open_to", "24:00");
}

/// Puts people into the campaign on the screen, each into a tier.
pub(super) fn members(head: &Shift<'_>, people: &[(&str, &str)]) {
    for (count, (who, tier)) in people.iter().enumerate() {
        head.pick("user", &format!("Имя {who}"));
        head.choose("tier", tier);
        head.click("Добавить");
        let listed =
            "return document.querySelectorAll('form[action$=\"/members/removal\"]').length";
        head.becomes(listed, count + 1);
        head.sees(&format!("Имя {who}"));
    }
}
