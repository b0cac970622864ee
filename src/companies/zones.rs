//! In which zone a company's day runs, guessed from its town, its landline or its tax number.
//!
//! A guess is better than the firm's own zone: it keeps a caller in Moscow from ringing Vladivostok
//! at midnight. A town says most, then a landline's code, then the region of the registration.

use crate::values::Zone;

const MOSCOW: &str = "Europe/Moscow";
const SAMARA: &str = "Europe/Samara";
const URAL: &str = "Asia/Yekaterinburg";
const KRASNOYARSK: &str = "Asia/Krasnoyarsk";

/// Regions of tax numbers whose clocks differ from Moscow's.
const REGIONS: [(u8, &str); 35] = [
    (2, URAL),
    (3, "Asia/Irkutsk"),
    (4, "Asia/Barnaul"),
    (14, "Asia/Yakutsk"),
    (17, KRASNOYARSK),
    (18, SAMARA),
    (19, KRASNOYARSK),
    (22, "Asia/Barnaul"),
    (24, KRASNOYARSK),
    (25, "Asia/Vladivostok"),
    (27, "Asia/Vladivostok"),
    (28, "Asia/Yakutsk"),
    (30, "Europe/Astrakhan"),
    (38, "Asia/Irkutsk"),
    (39, "Europe/Kaliningrad"),
    (41, "Asia/Kamchatka"),
    (42, "Asia/Novokuznetsk"),
    (45, URAL),
    (49, "Asia/Magadan"),
    (54, "Asia/Novosibirsk"),
    (55, "Asia/Omsk"),
    (56, URAL),
    (59, URAL),
    (63, SAMARA),
    (64, "Europe/Saratov"),
    (65, "Asia/Sakhalin"),
    (66, URAL),
    (70, "Asia/Tomsk"),
    (72, URAL),
    (73, "Europe/Ulyanovsk"),
    (74, URAL),
    (75, "Asia/Chita"),
    (79, "Asia/Vladivostok"),
    (86, URAL),
    (87, "Asia/Anadyr"),
];

/// Landline codes (three digits) and the region of the tax number they belong to.
const CODES: [(&str, u8); 38] = [
    ("301", 3),
    ("302", 75),
    ("341", 18),
    ("342", 59),
    ("343", 66),
    ("345", 72),
    ("346", 86),
    ("347", 2),
    ("349", 89),
    ("351", 74),
    ("352", 45),
    ("353", 56),
    ("381", 55),
    ("382", 70),
    ("383", 54),
    ("384", 42),
    ("385", 22),
    ("388", 4),
    ("390", 19),
    ("391", 24),
    ("394", 17),
    ("395", 38),
    ("401", 39),
    ("411", 14),
    ("413", 49),
    ("415", 41),
    ("416", 28),
    ("421", 27),
    ("423", 25),
    ("424", 65),
    ("426", 79),
    ("427", 87),
    ("842", 73),
    ("845", 64),
    ("846", 63),
    ("848", 63),
    ("851", 30),
    ("495", 77),
];

/// Towns by name and the region of the tax number they lie in.
const TOWNS: [(&str, u8); 62] = [
    ("москва", 77),
    ("санкт-петербург", 78),
    ("новосибирск", 54),
    ("екатеринбург", 66),
    ("казань", 16),
    ("нижний новгород", 52),
    ("челябинск", 74),
    ("красноярск", 24),
    ("самара", 63),
    ("уфа", 2),
    ("ростов-на-дону", 61),
    ("омск", 55),
    ("краснодар", 23),
    ("воронеж", 36),
    ("пермь", 59),
    ("волгоград", 34),
    ("саратов", 64),
    ("тюмень", 72),
    ("тольятти", 63),
    ("барнаул", 22),
    ("ижевск", 18),
    ("махачкала", 5),
    ("хабаровск", 27),
    ("ульяновск", 73),
    ("иркутск", 38),
    ("владивосток", 25),
    ("ярославль", 76),
    ("кемерово", 42),
    ("томск", 70),
    ("набережные челны", 16),
    ("севастополь", 92),
    ("ставрополь", 26),
    ("оренбург", 56),
    ("новокузнецк", 42),
    ("рязань", 62),
    ("балашиха", 50),
    ("пенза", 58),
    ("чебоксары", 21),
    ("липецк", 48),
    ("калининград", 39),
    ("астрахань", 30),
    ("тула", 71),
    ("киров", 43),
    ("сочи", 23),
    ("курск", 46),
    ("улан-удэ", 3),
    ("тверь", 69),
    ("магнитогорск", 74),
    ("сургут", 86),
    ("брянск", 32),
    ("якутск", 14),
    ("иваново", 37),
    ("владимир", 33),
    ("нижний тагил", 66),
    ("чита", 75),
    ("белгород", 31),
    ("архангельск", 29),
    ("калуга", 40),
    ("мурманск", 51),
    ("благовещенск", 28),
    ("южно-сахалинск", 65),
    ("магадан", 49),
];

/// Towns whose landlines have one code, so that a local number can be completed: of seven digits
/// behind three, of six behind four, of five behind five. Moscow has three codes.
const AREAS: [(&str, &str); 87] = [
    ("санкт-петербург", "812"),
    ("казань", "843"),
    ("екатеринбург", "343"),
    ("новосибирск", "383"),
    ("нижний новгород", "831"),
    ("самара", "846"),
    ("челябинск", "351"),
    ("омск", "3812"),
    ("ростов-на-дону", "863"),
    ("уфа", "347"),
    ("красноярск", "391"),
    ("пермь", "342"),
    ("воронеж", "473"),
    ("волгоград", "8442"),
    ("краснодар", "861"),
    ("саратов", "8452"),
    ("тюмень", "3452"),
    ("тольятти", "8482"),
    ("ижевск", "3412"),
    ("барнаул", "3852"),
    ("иркутск", "3952"),
    ("хабаровск", "4212"),
    ("ярославль", "4852"),
    ("владивосток", "423"),
    ("томск", "3822"),
    ("оренбург", "3532"),
    ("кемерово", "3842"),
    ("рязань", "4912"),
    ("тула", "4872"),
    ("пенза", "8412"),
    ("липецк", "4742"),
    ("киров", "8332"),
    ("чебоксары", "8352"),
    ("калининград", "4012"),
    ("балаково", "8453"),
    ("энгельс", "8453"),
    ("северодвинск", "8184"),
    ("череповец", "8202"),
    ("рыбинск", "4855"),
    ("магнитогорск", "3519"),
    ("орск", "3537"),
    ("нижнекамск", "8555"),
    ("альметьевск", "8553"),
    ("набережные челны", "8552"),
    ("стерлитамак", "3473"),
    ("сургут", "3462"),
    ("нижневартовск", "3466"),
    ("новокузнецк", "3843"),
    ("сочи", "862"),
    ("таганрог", "8634"),
    ("ставрополь", "8652"),
    ("белгород", "4722"),
    ("курск", "4712"),
    ("орел", "4862"),
    ("брянск", "4832"),
    ("смоленск", "4812"),
    ("калуга", "4842"),
    ("тамбов", "4752"),
    ("владимир", "4922"),
    ("иваново", "4932"),
    ("кострома", "4942"),
    ("вологда", "8172"),
    ("архангельск", "8182"),
    ("мурманск", "8152"),
    ("петрозаводск", "8142"),
    ("псков", "8112"),
    ("великий новгород", "8162"),
    ("ульяновск", "8422"),
    ("саранск", "8342"),
    ("йошкар-ола", "8362"),
    ("астрахань", "8512"),
    ("курган", "3522"),
    ("чита", "3022"),
    ("улан-удэ", "3012"),
    ("благовещенск", "4162"),
    ("якутск", "4112"),
    ("южно-сахалинск", "4242"),
    ("абакан", "3902"),
    ("братск", "3953"),
    ("ангарск", "3955"),
    ("бийск", "3854"),
    ("рубцовск", "38557"),
    ("сыктывкар", "8212"),
    ("ухта", "8216"),
    ("тверь", "4822"),
    ("ишим", "34551"),
    ("элиста", "84722"),
];

/// The landline code of a town, where it has but one.
pub fn area_code(city: &str) -> Option<&'static str> {
    let key = city.trim().to_lowercase().replace('ё', "е");
    AREAS.iter().find(|(town, _)| *town == key).map(|(_, code)| *code)
}

/// True for a town that is known by name.
pub fn is_town(name: &str) -> bool {
    let key = name.trim().to_lowercase().replace('ё', "е");
    TOWNS.iter().any(|(town, _)| *town == key)
}

/// The zone by what is known; `None` when nothing says.
pub fn guess<'a>(
    city: Option<&str>,
    phones: impl IntoIterator<Item = &'a str>,
    tax_id: Option<&str>,
) -> Option<&'static str> {
    let of_town = city.and_then(|city| {
        let key = city.trim().to_lowercase().replace('ё', "е");
        TOWNS.iter().find(|(town, _)| *town == key).map(|(_, region)| zone_of(*region))
    });
    of_town
        .or_else(|| phones.into_iter().find_map(of_landline))
        .or_else(|| tax_id.filter(|id| !id.starts_with("99")).and_then(of_tax_id))
}

/// The zone in which a number rings, where its code tells; a mobile one rings anywhere.
pub fn of_number(e164: &str) -> Option<Zone> {
    of_landline(e164).map(Zone::named)
}

fn of_landline(e164: &str) -> Option<&'static str> {
    let code = e164.strip_prefix("+7")?.get(..3)?;
    if code.starts_with(['6', '7']) {
        return Some("Asia/Almaty");
    }
    if code.starts_with('9') || code.starts_with("80") {
        return None;
    }
    let found = CODES.iter().find(|(known, _)| *known == code);
    Some(found.map_or(MOSCOW, |(_, region)| zone_of(*region)))
}

fn of_tax_id(tax_id: &str) -> Option<&'static str> {
    tax_id.get(..2)?.parse().ok().map(zone_of)
}

fn zone_of(region: u8) -> &'static str {
    // Yamal keeps the Ural's time under a number of its own.
    let region = if region == 89 { 86 } else { region };
    REGIONS.iter().find(|(known, _)| *known == region).map_or(MOSCOW, |(_, zone)| zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_town_speaks_before_the_landline_and_that_before_the_tax_number() {
        for (city, phone, tax_id, expected) in [
            (Some("Владивосток"), Some("+74951234567"), Some("7714239823"), "Asia/Vladivostok"),
            (Some("Малые Пупки"), Some("+73831234567"), Some("7714239823"), "Asia/Novosibirsk"),
            (None, Some("+79161234567"), Some("6670000000"), URAL),
            (None, Some("+78432211234"), None, MOSCOW),
            (None, Some("+77272581234"), None, "Asia/Almaty"),
            (None, None, Some("8904000000"), URAL),
        ] {
            assert_eq!(guess(city, phone, tax_id), Some(expected), "{city:?} {phone:?} {tax_id:?}");
        }
        assert_eq!(guess(None, ["+79161234567"], None), None);
        for elsewhere in ["9909123456", "9999000341"] {
            assert_eq!(guess(None, [], Some(elsewhere)), None);
        }
    }

    #[test]
    fn every_zone_is_known_to_the_calendar() {
        for (region, zone) in REGIONS {
            assert!(Zone::is_known(zone), "{region}: {zone}");
        }
    }
}
