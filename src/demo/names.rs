//! Names of a firm that does not exist: companies, people, streets, telephone numbers.
//!
//! Russian subscriber numbers begin with nought, British ones are those kept for drama, tax numbers
//! begin with 9999: nobody real is ever named, called or billed.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::values::Lang;

/// A made-up company as a row of a file of companies.
#[derive(Debug, Clone)]
pub struct MadeCompany {
    /// Name with its legal form.
    pub name: String,
    /// Ten digits with a right checksum.
    pub tax_id: String,
    /// City.
    pub city: &'static str,
    /// IANA zone of the city.
    pub zone: &'static str,
    /// Street and house.
    pub address: String,
    /// One or two numbers.
    pub phones: String,
    /// E-mail.
    pub email: String,
    /// Industry.
    pub industry: &'static str,
    /// Who leads it.
    pub person: String,
}

const CITIES_RU: [(&str, &str, &str); 10] = [
    ("Москва", "495", "Europe/Moscow"),
    ("Санкт-Петербург", "812", "Europe/Moscow"),
    ("Казань", "843", "Europe/Moscow"),
    ("Нижний Новгород", "831", "Europe/Moscow"),
    ("Самара", "846", "Europe/Samara"),
    ("Екатеринбург", "343", "Asia/Yekaterinburg"),
    ("Челябинск", "351", "Asia/Yekaterinburg"),
    ("Омск", "3812", "Asia/Omsk"),
    ("Новосибирск", "383", "Asia/Novosibirsk"),
    ("Красноярск", "391", "Asia/Krasnoyarsk"),
];
const FIRST_RU: [&str; 32] = [
    "Северный",
    "Южный",
    "Волжский",
    "Уральский",
    "Сибирский",
    "Невский",
    "Полярный",
    "Речной",
    "Городской",
    "Новый",
    "Старый",
    "Белый",
    "Красный",
    "Зелёный",
    "Золотой",
    "Серебряный",
    "Первый",
    "Единый",
    "Верный",
    "Надёжный",
    "Быстрый",
    "Точный",
    "Ясный",
    "Тихий",
    "Ладный",
    "Добрый",
    "Славный",
    "Крепкий",
    "Лёгкий",
    "Дальний",
    "Ближний",
    "Восточный",
];
const SECOND_RU: [(&str, &str); 24] = [
    ("Причал", "Логистика"),
    ("Станок", "Машиностроение"),
    ("Терминал", "Логистика"),
    ("Печатник", "Полиграфия"),
    ("Мебельщик", "Мебель"),
    ("Пекарь", "Пищевая"),
    ("Текстиль", "Лёгкая"),
    ("Кирпич", "Стройматериалы"),
    ("Проект", "Строительство"),
    ("Монтаж", "Строительство"),
    ("Фарм", "Медицина"),
    ("Доктор", "Медицина"),
    ("Учебник", "Образование"),
    ("Лицей", "Образование"),
    ("Хостинг", "ИТ"),
    ("Софт", "ИТ"),
    ("Склад", "Торговля"),
    ("Рынок", "Торговля"),
    ("Сервис", "Услуги"),
    ("Клининг", "Услуги"),
    ("Авто", "Транспорт"),
    ("Рейс", "Транспорт"),
    ("Сад", "Сельское хозяйство"),
    ("Колос", "Сельское хозяйство"),
];
const STREETS_RU: [&str; 12] = [
    "Садовая",
    "Заводская",
    "Лесная",
    "Речная",
    "Полевая",
    "Школьная",
    "Мира",
    "Труда",
    "Парковая",
    "Озёрная",
    "Вокзальная",
    "Цветочная",
];
const PEOPLE_RU: [&str; 24] = [
    "Орлов Тимофей Ильич",
    "Лебедева Ульяна Марковна",
    "Соколов Макар Львович",
    "Воронова Злата Олеговна",
    "Журавлёв Платон Егорович",
    "Синицына Варвара Глебовна",
    "Дроздов Савелий Романович",
    "Голубева Агата Денисовна",
    "Ястребов Мирон Кириллович",
    "Чайкина Стефания Юрьевна",
    "Филинов Лука Матвеевич",
    "Ласточкина Есения Павловна",
    "Снегирёв Родион Фёдорович",
    "Зимородкова Алиса Тарасовна",
    "Кречетов Елисей Борисович",
    "Перепёлкина Нелли Игоревна",
    "Скворцов Демид Артёмович",
    "Иволгина Майя Степановна",
    "Коршунов Назар Вадимович",
    "Цаплина Инга Родионовна",
    "Щеглов Захар Антонович",
    "Уткина Лада Семёновна",
    "Беркутов Ярослав Никитич",
    "Овсянкина Рада Петровна",
];

const CITIES_EN: [(&str, &str, &str); 6] = [
    ("London", "20 7946 0", "Europe/London"),
    ("Manchester", "161 496 0", "Europe/London"),
    ("Leeds", "113 496 0", "Europe/London"),
    ("Bristol", "117 496 0", "Europe/London"),
    ("Edinburgh", "131 496 0", "Europe/London"),
    ("Cardiff", "29 2018 0", "Europe/London"),
];
const FIRST_EN: [&str; 32] = [
    "Northern",
    "Southern",
    "Harbour",
    "Meadow",
    "River",
    "Granite",
    "Silver",
    "Amber",
    "Oak",
    "Maple",
    "Falcon",
    "Heron",
    "Bright",
    "Steady",
    "Swift",
    "Clear",
    "Old Mill",
    "New Bridge",
    "Grand",
    "Quiet",
    "True",
    "First",
    "United",
    "Border",
    "Castle",
    "Orchard",
    "Summit",
    "Valley",
    "Coastal",
    "Highland",
    "Lowland",
    "Western",
];
const SECOND_EN: [(&str, &str); 24] = [
    ("Freight", "Logistics"),
    ("Tooling", "Engineering"),
    ("Terminals", "Logistics"),
    ("Print", "Printing"),
    ("Furniture", "Furniture"),
    ("Bakeries", "Food"),
    ("Textiles", "Textiles"),
    ("Brick", "Building materials"),
    ("Projects", "Construction"),
    ("Fitters", "Construction"),
    ("Pharma", "Healthcare"),
    ("Clinics", "Healthcare"),
    ("Learning", "Education"),
    ("Schools", "Education"),
    ("Hosting", "IT"),
    ("Software", "IT"),
    ("Wholesale", "Trade"),
    ("Markets", "Trade"),
    ("Services", "Services"),
    ("Cleaning", "Services"),
    ("Motors", "Transport"),
    ("Coaches", "Transport"),
    ("Gardens", "Agriculture"),
    ("Grain", "Agriculture"),
];
const STREETS_EN: [&str; 12] = [
    "Garden Street",
    "Mill Lane",
    "Forest Road",
    "River Walk",
    "Field Row",
    "School Lane",
    "Station Road",
    "Park View",
    "Lake Street",
    "Market Square",
    "Church Lane",
    "Bridge Street",
];
const PEOPLE_EN: [&str; 24] = [
    "Oswin Hale",
    "Merrin Lark",
    "Corin Dale",
    "Isolde Wren",
    "Piers Thorne",
    "Linnet Marsh",
    "Rowan Pike",
    "Avis Holt",
    "Jory Finch",
    "Elowen Stone",
    "Tamsin Brook",
    "Kit Hollow",
    "Bryn Ashdown",
    "Perdita Lowe",
    "Ellis Crane",
    "Maeve Rook",
    "Silas Fen",
    "Nerys Vale",
    "Alaric Moss",
    "Sorrel Heath",
    "Emrys Cole",
    "Juno Reed",
    "Wystan Birch",
    "Odette Plume",
];

/// A made-up company, the `number`-th of its firm.
pub fn company(rng: &mut ChaCha8Rng, lang: Lang, number: usize) -> MadeCompany {
    match lang {
        Lang::Ru => russian(rng, number),
        Lang::En => english(rng, number),
    }
}

fn russian(rng: &mut ChaCha8Rng, number: usize) -> MadeCompany {
    let first = FIRST_RU[number % FIRST_RU.len()];
    let (second, industry) = SECOND_RU[(number / FIRST_RU.len()) % SECOND_RU.len()];
    let round = number / (FIRST_RU.len() * SECOND_RU.len());
    let tail = if round == 0 { String::new() } else { format!("-{}", round + 1) };
    let (city, code, zone) = pick(rng, &CITIES_RU);
    let form = pick(rng, &["ООО", "ООО", "ООО", "АО", "ЗАО"]);
    let local = 7 - code.len().saturating_sub(3);
    MadeCompany {
        name: format!("{form} «{first} {second}{tail}»"),
        tax_id: tax_id(number),
        city,
        zone,
        address: format!("{city}, ул. {}, д. {}", pick(rng, &STREETS_RU), rng.random_range(1..120)),
        phones: numbers(rng, &format!("8 ({code}) "), local),
        email: format!("office{number}@demo.example"),
        industry,
        person: pick(rng, &PEOPLE_RU).to_owned(),
    }
}

fn english(rng: &mut ChaCha8Rng, number: usize) -> MadeCompany {
    let first = FIRST_EN[number % FIRST_EN.len()];
    let (second, industry) = SECOND_EN[(number / FIRST_EN.len()) % SECOND_EN.len()];
    let round = number / (FIRST_EN.len() * SECOND_EN.len());
    let tail = if round == 0 { String::new() } else { format!(" {}", round + 1) };
    let (city, drama, zone) = CITIES_EN[number % CITIES_EN.len()];
    let form = pick(rng, &["Ltd", "Ltd", "Ltd", "plc", "LLP"]);
    let street = pick(rng, &STREETS_EN);
    MadeCompany {
        name: format!("{first} {second}{tail} {form}"),
        tax_id: tax_id(number),
        city,
        zone,
        address: format!("{} {street}, {city}", rng.random_range(1..120)),
        phones: format!("+44 {drama}{:03}", number / CITIES_EN.len() % 1_000),
        email: format!("office{number}@demo.example"),
        industry,
        person: pick(rng, &PEOPLE_EN).to_owned(),
    }
}

/// Somebody who works there.
pub fn person(rng: &mut ChaCha8Rng, lang: Lang) -> &'static str {
    if lang == Lang::Ru { pick(rng, &PEOPLE_RU) } else { pick(rng, &PEOPLE_EN) }
}

fn pick<T: Copy>(rng: &mut ChaCha8Rng, from: &[T]) -> T {
    *from.choose(rng).unwrap_or(&from[0])
}

/// One number, or two in one cell as lists have them.
fn numbers(rng: &mut ChaCha8Rng, head: &str, digits: usize) -> String {
    let mut one = || {
        let tail = rng.random_range(0..10_u64.pow(u32::try_from(digits).unwrap_or(7) - 2));
        format!("{head}{:0digits$}", tail)
    };
    let first = one();
    let second = one();
    if second.ends_with(['1', '2', '3']) { format!("{first}, {second}") } else { first }
}

/// A tax number with a right checksum of a block that was never given out.
fn tax_id(number: usize) -> String {
    let body = format!("9999{number:05}");
    let weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    let sum: u32 = body.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
    format!("{body}{}", sum % 11 % 10)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::values::{Zone, phone};

    #[test]
    fn made_companies_are_sound_and_differ() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for (lang, country) in [(Lang::Ru, "RU"), (Lang::En, "GB")] {
            let made: Vec<MadeCompany> =
                (0..2_000).map(|number| company(&mut rng, lang, number)).collect();
            let names: std::collections::BTreeSet<&str> =
                made.iter().map(|c| c.name.as_str()).collect();
            assert!(names.len() > 1_990, "{}", names.len());
            for one in &made {
                assert!(Zone::is_known(one.zone));
                assert!(linkage::normalise::tax_id(&one.tax_id).is_ok(), "{}", one.tax_id);
                for (text, read) in phone::read_cell(&one.phones, country) {
                    assert!(read.is_ok(), "{text}: {read:?}");
                }
            }
        }
    }
}
