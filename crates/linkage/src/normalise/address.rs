//! Postal addresses in comparable parts, as Russian lists write them.
//!
//! A part is taken only where a word or a sign says what it is; what nothing says stays in `rest`
//! and is never forced into a part. The order of parts does not matter.
//!
//! The parts are those of the rules for addresses (decree of the government 1221 of 19 November
//! 2014), the words and their abbreviations those of the order of the Ministry of Finance 171н of
//! 5 November 2015, with others that lists use.

use super::words;

/// An address in parts, each in comparable spelling: lower case, ё as е, without the word that
/// says what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// Six digits.
    pub postcode: Option<String>,
    /// Republic, oblast, krai or okrug, without that word.
    pub region: Option<String>,
    /// District within a region.
    pub district: Option<String>,
    /// Town, settlement or village.
    pub city: Option<String>,
    /// Street, avenue, lane: the name alone.
    pub street: Option<String>,
    /// House, with its letter or fraction.
    pub house: Option<String>,
    /// Block (корпус) and building (строение), as `к2с3`.
    pub building: Option<String>,
    /// Office, flat or room.
    pub office: Option<String>,
    /// What nothing says the kind of, in its order.
    pub rest: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Region,
    District,
    City,
    Street,
    House,
    Block,
    Building,
    Office,
    Country,
}

/// Words that say what stands beside them, and whether they stand in front, behind or either.
const SIGNS: &[(Part, &[&str])] = &[
    (Part::Country, &["россия", "рф", "российская федерация"]),
    (Part::Region, &["область", "обл", "край", "республика", "респ", "автономный округ", "ао"]),
    (Part::District, &["район", "р н", "рн", "городской округ", "муниципальный округ", "м р н"]),
    (
        Part::City,
        &[
            "город",
            "гор",
            "г",
            "поселок городского типа",
            "пгт",
            "рп",
            "рабочий поселок",
            "поселок",
            "пос",
            "п",
            "село",
            "с",
            "деревня",
            "дер",
            "д",
            "станица",
            "ст ца",
            "хутор",
            "х",
            "аул",
        ],
    ),
    (
        Part::Street,
        &[
            "улица",
            "ул",
            "проспект",
            "пр кт",
            "просп",
            "пр т",
            "пр",
            "переулок",
            "пер",
            "шоссе",
            "ш",
            "бульвар",
            "б р",
            "бул",
            "бульв",
            "набережная",
            "наб",
            "площадь",
            "пл",
            "проезд",
            "пр д",
            "тупик",
            "туп",
            "аллея",
            "линия",
            "тракт",
            "микрорайон",
            "мкр",
            "мкрн",
            "квартал",
            "кв л",
        ],
    ),
    (Part::House, &["дом", "д", "домовладение", "двлд", "вл", "владение", "house"]),
    (Part::Block, &["корпус", "корп", "кор", "к"]),
    (Part::Building, &["строение", "стр", "строен", "сооружение", "соор", "литера", "лит"]),
    (
        Part::Office,
        &[
            "офис",
            "оф",
            "помещение",
            "пом",
            "комната",
            "ком",
            "комн",
            "квартира",
            "кв",
            "кабинет",
            "каб",
            "этаж",
            "эт",
        ],
    ),
];

/// The two towns that are regions of their own, and what people call them.
const SHORT_CITIES: [(&str, &str); 4] = [
    ("спб", "санкт петербург"),
    ("с петербург", "санкт петербург"),
    ("мск", "москва"),
    ("питер", "санкт петербург"),
];

impl Address {
    /// Whether nothing was recognised.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { rest, .. } = self;
        *self == Self { rest: rest.clone(), ..Self::default() }
    }

    fn place(&mut self, part: Part) -> Option<&mut Option<String>> {
        Some(match part {
            Part::Region => &mut self.region,
            Part::District => &mut self.district,
            Part::City => &mut self.city,
            Part::Street => &mut self.street,
            Part::House => &mut self.house,
            Part::Block | Part::Building => &mut self.building,
            Part::Office => &mut self.office,
            Part::Country => return None,
        })
    }
}

/// Reads an address.
#[must_use]
pub fn address(text: &str) -> Address {
    let mut found = Address::default();
    for piece in pieces(text) {
        let mut words = tokens(&piece);
        take_postcode(&mut found, &mut words);
        if !words.is_empty() {
            take_piece(&mut found, &words);
        }
    }
    found
}

/// A town in comparable spelling, without «г.» or «город»; one that is called in short as it is
/// called whole.
#[must_use]
pub fn town(text: &str) -> String {
    let mut words = tokens(text);
    words.retain(|word| !matches!(word.as_str(), "г" | "гор" | "город"));
    let called = words.join(" ");
    match SHORT_CITIES.iter().find(|(known, _)| *known == called) {
        Some((_, whole)) => (*whole).to_owned(),
        None => called,
    }
}

/// Words in comparable spelling; a fraction such as «3/5» stays whole.
fn tokens(piece: &str) -> Vec<String> {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '.' | '№' | '"' | '«' | '»');
    let mut found = Vec::new();
    for token in piece.split(is_edge) {
        let is_fraction = token.contains('/') && token.starts_with(|c: char| c.is_ascii_digit());
        if is_fraction { found.push(token.to_lowercase()) } else { found.extend(words(token)) }
    }
    found
}

/// Cut at commas and semicolons, and in front of a sign that begins another part: «ул. Льна д. 1
/// корп. 2» has three.
fn pieces(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for piece in text.split([',', ';', '\n', '(', ')']) {
        let mut now: Vec<&str> = Vec::new();
        for word in piece.split_whitespace() {
            if begins_part(word) && !now.is_empty() {
                all.push(now.join(" "));
                now.clear();
            }
            now.push(word);
        }
        if !now.is_empty() {
            all.push(now.join(" "));
        }
    }
    all
}

/// «д.», «корп.», «стр.», «оф.» and the like in the midst of a piece, and «д.5» in one word.
fn begins_part(word: &str) -> bool {
    const MARKS: [&str; 17] = [
        "г.",
        "ул.",
        "д.",
        "дом",
        "корп.",
        "корпус",
        "стр.",
        "строение",
        "оф.",
        "офис",
        "пом.",
        "кв.",
        "ком.",
        "к.",
        "вл.",
        "лит.",
        "этаж",
    ];
    let lower = word.to_lowercase();
    let begins_with_digit = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let is_glued = |mark: &str| lower.strip_prefix(mark).is_some_and(begins_with_digit);
    MARKS.contains(&lower.as_str())
        || MARKS.iter().any(|mark| mark.ends_with('.') && is_glued(mark))
}

fn take_postcode(found: &mut Address, words: &mut Vec<String>) {
    let is_code = |word: &String| word.len() == 6 && word.bytes().all(|b| b.is_ascii_digit());
    if let Some(at) = words.iter().position(is_code).filter(|_| found.postcode.is_none()) {
        found.postcode = Some(words.remove(at));
    }
}

fn take_piece(found: &mut Address, words: &[String]) {
    let short = words.join(" ");
    if let Some((_, city)) = SHORT_CITIES.iter().find(|(known, _)| *known == short) {
        found.city.get_or_insert_with(|| (*city).to_owned());
        return;
    }
    match signed(found, words) {
        Some((Part::Country, _)) => {}
        Some((part, value)) => set(found, part, value),
        None => take_unsigned(found, words),
    }
}

/// The part a sign in front or behind says, with what is left without the sign.
fn signed(found: &Address, words: &[String]) -> Option<(Part, String)> {
    let mut best: Option<(Part, usize, bool)> = None;
    for (part, signs) in SIGNS {
        for sign in *signs {
            let sign: Vec<&str> = sign.split(' ').collect();
            let is_front =
                words.len() >= sign.len() && words.iter().zip(&sign).all(|(a, b)| a == b);
            let is_behind = words.len() > sign.len()
                && words.iter().rev().zip(sign.iter().rev()).all(|(a, b)| a == b);
            if !(is_front || is_behind) || !fits(found, *part, words, (sign.len(), is_front)) {
                continue;
            }
            if best.is_none_or(|(_, length, _)| sign.len() > length) {
                best = Some((*part, sign.len(), is_front));
            }
        }
    }
    let (part, length, is_front) = best?;
    let left = if is_front { &words[length..] } else { &words[..words.len() - length] };
    let is_country = part == Part::Country;
    (!left.is_empty() || is_country).then(|| (part, left.join(" ")))
}

/// One letter says many things: «д. 5» is a house and «д. Лён» a village; «к. 2» a block.
fn fits(found: &Address, part: Part, words: &[String], (length, is_front): (usize, bool)) -> bool {
    let left = if is_front { &words[length..] } else { &words[..words.len() - length] };
    let has_digit = left.iter().any(|word| word.bytes().any(|b| b.is_ascii_digit()));
    let sign = if is_front { &words[..length] } else { &words[words.len() - length..] };
    let is_letter = length == 1 && sign[0].chars().count() == 1;
    match part {
        Part::House => is_front && has_digit,
        Part::Block | Part::Building | Part::Office => is_front && !left.is_empty(),
        Part::City if is_letter && sign[0] != "г" => {
            is_front && !has_digit && found.city.is_none()
        }
        Part::City => !has_digit || left.len() > 1,
        // «АО» in front is a company.
        Part::Region => !(is_front && sign == ["ао"]),
        _ => true,
    }
}

fn set(found: &mut Address, part: Part, value: String) {
    let letter = match part {
        Part::Block => "к",
        Part::Building => "с",
        _ => "",
    };
    // «ул. Льна 5»: the house stands behind the street.
    let (value, house) = match (part, value.rsplit_once(' ')) {
        (Part::Street, Some((street, house))) if is_house(house) && !street.is_empty() => {
            (street.to_owned(), Some(house.to_owned()))
        }
        _ => (value, None),
    };
    if let Some(house) = house {
        found.house.get_or_insert(house);
    }
    let value = if part == Part::House { value.replace(' ', "") } else { value };
    let Some(place) = found.place(part) else { return };
    match (place.as_mut(), letter) {
        (None, _) => *place = Some(format!("{letter}{value}")),
        (Some(had), "к" | "с") => had.push_str(&format!("{letter}{value}")),
        (Some(_), _) => found.rest.push(value),
    }
}

/// «5», «5а», «5 2»: a house number has a digit in front and little behind.
fn is_house(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.chars().count() <= 7
        && word.chars().filter(|c| c.is_alphabetic()).count() <= 1
}

/// A piece without a sign: a house number behind a street, a town that stands alone in front of
/// one, else nothing in particular.
fn take_unsigned(found: &mut Address, words: &[String]) {
    let text = words.join(" ");
    let has_digit = text.bytes().any(|b| b.is_ascii_digit());
    let is_number = words.len() <= 2 && is_house(&words[0]);
    if is_number && found.street.is_some() && found.house.is_none() {
        found.house = Some(text.replace(' ', ""));
    } else if !has_digit && found.city.is_none() && found.street.is_none() && words.len() <= 3 {
        found.city = Some(text);
    } else {
        found.rest.push(text);
    }
}
