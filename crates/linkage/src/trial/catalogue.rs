//! Words of the second list, which the first does not know, and what only it does to a row.

use super::dice::Dice;

/// Names that every town has several times over, the commonest first.
pub(super) const EVERYWHERE: [&str; 40] = [
    "Надежда",
    "Мечта",
    "Берёзка",
    "Удача",
    "Звезда",
    "Уют",
    "Фортуна",
    "Весна",
    "Ромашка",
    "Дружба",
    "Восход",
    "Росток",
    "Лотос",
    "Бриз",
    "Янтарь",
    "Классик",
    "Визит",
    "Контакт",
    "Интерьер",
    "Формула",
    "Северная звезда",
    "Золотой ключ",
    "Новый дом",
    "Белый медведь",
    "Зелёный двор",
    "Малахит",
    "Прометей",
    "Аврора Плюс",
    "Русь",
    "Кедровый лес",
    "Эдельвейс",
    "Колос",
    "Ласточка",
    "Оазис",
    "Пирамида",
    "Радуга",
    "Светлый путь",
    "Тройка",
    "Умный дом",
    "Ярмарка",
];

/// What tells a sister company from its elder.
pub(super) const TAILS: [&str; 10] =
    ["Сибирь", "XXI", "Москва", "и К", "Премиум", "1", "Урал", "Опт", "Розница", "Снабжение"];

/// What firms deal in, as catalogues put it beside a name.
const DEALS_IN: [&str; 12] = [
    "металлопрокат",
    "стоматология",
    "грузоперевозки",
    "окна и двери",
    "автозапчасти",
    "типография",
    "кафе",
    "бухгалтерские услуги",
    "спецодежда",
    "стройматериалы",
    "мебель на заказ",
    "электромонтаж",
];

/// What stands where nothing is known.
const NOTHING: [&str; 8] = ["нет", "-", "не указан", "н/д", "—", "нет данных", "отсутствует", "0"];

/// What people call a town.
const NICKNAMES: [(&str, &str); 14] = [
    ("Москва", "МСК"),
    ("Санкт-Петербург", "Питер"),
    ("Екатеринбург", "Екб"),
    ("Новосибирск", "Нск"),
    ("Нижний Новгород", "НН"),
    ("Ростов-на-Дону", "Ростов"),
    ("Казань", "Казань, Татарстан"),
    ("Уфа", "Уфа РБ"),
    ("Челябинск", "Челябинская обл., Челябинск"),
    ("Самара", "Самарская область"),
    ("Омск", "Омская обл"),
    ("Красноярск", "Красноярский край"),
    ("Пермь", "Пермский край, г Пермь"),
    ("Владивосток", "Влад"),
];

/// A field of fixed width holds so many letters.
const WIDTH: usize = 22;

/// The name as a field of fixed width keeps it.
pub(super) fn truncated(name: &str) -> String {
    name.chars().take(WIDTH).collect::<String>().trim_end().to_owned()
}

/// The words in another order, the last one first.
pub(super) fn reordered(name: &str) -> String {
    match name.rsplit_once(' ') {
        Some((rest, last)) => format!("{last} {rest}"),
        None => name.to_owned(),
    }
}

/// The name under which a firm trades, beside its own or in its place, or with what it deals in.
pub(super) fn branded(dice: &mut Dice, name: &str, brand: &str) -> String {
    match dice.below(5) {
        0 => brand.to_owned(),
        1 => format!("{brand} ({name})"),
        2 => format!("{name} / {brand}"),
        3 => format!("{name}, {}", dice.one_of(&DEALS_IN)),
        _ => format!("{} {name}", dice.one_of(&DEALS_IN)),
    }
}

pub(super) fn nothing(dice: &mut Dice) -> String {
    (*dice.one_of(&NOTHING)).to_owned()
}

/// What a town is called when it is not written out; as it is where it has no such name.
pub(super) fn nickname(town: &str) -> String {
    let found = NICKNAMES.iter().find(|(name, _)| *name == town);
    found.map_or(town, |(_, nick)| nick).to_owned()
}

/// «(495) 123-45-67/68»: a second number told by its last two digits.
pub(super) fn with_ending(dice: &mut Dice, written: &str) -> String {
    format!("{written}/{}", dice.digits(2))
}
