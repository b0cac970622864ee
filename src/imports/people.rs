//! People as they stand in a cell: one or several, each with what they do in the same breath.
//!
//! «Гл. инженер Петров П. П.», «Иванов Иван (директор); Петрова А. А., главбух», “John Smith, CEO”.

mod given;

use crate::companies::erased::is_patronymic;

/// A person read from a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they do, where the cell says so.
    pub role: Option<String>,
}

/// How words begin that name what somebody does.
const ROLES: &[&str] = &[
    "директор",
    "гендир",
    "генеральн",
    "исполнительн",
    "коммерческ",
    "финансов",
    "техническ",
    "заместител",
    "главн",
    "главбух",
    "бухгалтер",
    "инженер",
    "механик",
    "энергетик",
    "технолог",
    "начальник",
    "руководител",
    "менеджер",
    "заведующ",
    "председател",
    "президент",
    "вице",
    "учредител",
    "собственник",
    "владел",
    "секретар",
    "специалист",
    "снабженец",
    "логист",
    "юрист",
    "юрисконсульт",
    "администратор",
    "управляющ",
    "прораб",
    "кадровик",
    "врач",
    "ректор",
    "проректор",
    "director",
    "manager",
    "chief",
    "owner",
    "founder",
    "co-founder",
    "president",
    "vice",
    "accountant",
    "engineer",
    "buyer",
    "secretary",
    "assistant",
    "chairman",
    "chairwoman",
    "officer",
    "geschäftsführer",
    "leiter",
    "prokurist",
];
/// Whole words, with or without a stop behind them, that begin a role or are one.
const ROLE_WORDS: &[&str] = &[
    "гл",
    "ген",
    "зам",
    "нач",
    "рук",
    "зав",
    "бух",
    "и.о",
    "ио",
    "врио",
    "дир",
    "ceo",
    "cfo",
    "cto",
    "coo",
    "cio",
    "cmo",
    "hr",
    "vp",
    "head",
    "sales",
    "marketing",
    "purchasing",
    "procurement",
    "managing",
    "general",
    "commercial",
    "finance",
    "financial",
    "technical",
];
/// How words begin that go on with a role.
const ROLE_GOES_ON: &[&str] = &[
    "отдел",
    "снабжен",
    "продаж",
    "закуп",
    "производств",
    "развити",
    "маркетинг",
    "персонал",
    "вопрос",
    "филиал",
    "служб",
    "склад",
    "цех",
    "участк",
    "department",
];
/// Abbreviations as they are spelled out.
const SHORT: &[(&str, &str)] = &[
    ("гл", "главный"),
    ("ген", "генеральный"),
    ("зам", "заместитель"),
    ("нач", "начальник"),
    ("рук", "руководитель"),
    ("зав", "заведующий"),
    ("бух", "бухгалтер"),
    ("дир", "директор"),
    ("главбух", "главный бухгалтер"),
    ("гендиректор", "генеральный директор"),
    ("гендир", "генеральный директор"),
];

/// A piece of a cell: the words of a name, those of a role, or both.
struct Piece {
    name: String,
    role: String,
}

/// The people of a cell, and the roles that stand there without a name.
pub fn read(cell: &str) -> (Vec<Person>, Vec<String>) {
    let (mut people, mut nameless) = (Vec::new(), Vec::new());
    for part in cell.split([';', '\n', '|']) {
        read_part(part, &mut people, &mut nameless);
    }
    (people, nameless)
}

/// People of one line: a name and a role that follow one another belong together.
fn read_part(part: &str, people: &mut Vec<Person>, nameless: &mut Vec<String>) {
    let (mut person, mut waiting) = (None::<Person>, None::<String>);
    for (text, is_bracketed) in pieces(part) {
        let piece = read_piece(text, is_bracketed);
        if !piece.name.is_empty() {
            match person.take() {
                // «Петров, Пётр Петрович»: a family name in front of the others.
                Some(had) if had.role.is_none() && !had.name.contains(' ') => {
                    person = Some(Person { name: format!("{} {}", had.name, piece.name), ..had });
                }
                had => {
                    people.extend(had);
                    person = Some(Person { name: piece.name, role: waiting.take() });
                }
            }
        }
        if piece.role.is_empty() {
            continue;
        }
        match &mut person {
            Some(one) if one.role.is_none() => one.role = Some(piece.role),
            Some(one) if is_bracketed => {
                one.role = one.role.take().map(|had| format!("{had}, {}", piece.role));
            }
            _ => {
                people.extend(person.take());
                nameless.extend(waiting.replace(piece.role));
            }
        }
    }
    people.extend(person);
    nameless.extend(waiting);
}

/// A line cut at commas, colons, dashes with blanks around them, and brackets.
fn pieces(part: &str) -> Vec<(&str, bool)> {
    let mut found = Vec::new();
    let (mut start, mut is_bracketed) = (0, false);
    let mut cut = |from: usize, to: usize, is_bracketed: bool| {
        let text = part[from..to].trim();
        if text.chars().any(char::is_alphabetic) {
            found.push((text, is_bracketed));
        }
    };
    for (at, letter) in part.char_indices() {
        let behind = at + letter.len_utf8();
        let stands_apart = part[..at].ends_with(' ') && part[behind..].starts_with(' ');
        let is_cut = match letter {
            ',' | ':' | '(' | ')' => true,
            '-' | '–' | '—' | '/' => stands_apart,
            _ => false,
        };
        if is_cut {
            cut(start, at, is_bracketed);
            start = behind;
            is_bracketed = letter == '(';
        }
    }
    cut(start, part.len(), is_bracketed);
    found
}

/// A piece parted into the words of a name and those of a role. Once a role began it takes in what
/// is not capitalised; a name is capitalised and no word of a role.
fn read_piece(text: &str, is_bracketed: bool) -> Piece {
    let (mut name, mut role) = (Vec::new(), Vec::new());
    let mut is_in_role = false;
    for word in text.split_whitespace() {
        let is_capital = word.chars().next().is_some_and(char::is_uppercase);
        is_in_role =
            if begins_role(word) { true } else { is_in_role && (!is_capital || goes_on(word)) };
        if is_in_role { role.push(word) } else { name.push(word) }
    }
    // What stands in brackets behind a name says what they do, whatever the words.
    if is_bracketed && role.is_empty() {
        std::mem::swap(&mut name, &mut role);
    }
    Piece { name: name.join(" "), role: spelled_out(&role) }
}

fn bare(word: &str) -> String {
    word.trim_matches('.').to_lowercase().replace('ё', "е")
}

fn begins_role(word: &str) -> bool {
    let word = bare(word);
    // «Гл.инженер»: the stop parts two words.
    let mut parts = word.split('.').filter(|part| !part.is_empty());
    parts.clone().count() <= 2
        && parts.any(|part| {
            ROLE_WORDS.contains(&part) || ROLES.iter().any(|stem| part.starts_with(stem))
        })
}

fn goes_on(word: &str) -> bool {
    let word = bare(word);
    ROLE_GOES_ON.iter().any(|stem| word.starts_with(stem))
}

fn spelled_out(words: &[&str]) -> String {
    let parts = words.iter().flat_map(|word| match word.trim_end_matches('.').split_once('.') {
        Some((first, second)) if begins_role(first) => vec![first, second],
        _ => vec![*word],
    });
    let whole = parts.map(|word| {
        let known = SHORT.iter().find(|(short, _)| *short == bare(word));
        known.map_or_else(|| word.to_owned(), |(_, long)| (*long).to_owned())
    });
    whole.collect::<Vec<String>>().join(" ")
}

/// True for what reads like one person's name: two to four words of one, and among them initials,
/// a patronymic or a name that people are given. «Район Сокол» is two capitalised words as well.
pub fn is_person(text: &str) -> bool {
    let words = words(text);
    let is_short = |word: &&&str| word.chars().count() == 1;
    let shorts = words.iter().filter(is_short).count();
    let has_initials = (shorts > 1 || text.contains('.') && shorts > 0) && shorts < words.len();
    (2..=4).contains(&words.len())
        && words.iter().all(|word| is_word_of_name(word))
        && (has_initials
            || words.iter().any(|word| is_patronymic(&bare(word)) || given::is_given(&bare(word))))
}

/// True where somebody may be named: by a name that people are given alone, or by words that are
/// written as names are, with a role beside them or not.
pub fn names_somebody(text: &str) -> bool {
    let named = |person: &Person| {
        let words = words(&person.name);
        let is_one = words.len() == 1 && given::is_given(&bare(words[0]));
        let is_written_so = words.iter().all(|word| is_word_of_name(word));
        is_one || is_written_so && (2..=4).contains(&words.len())
    };
    read(text).0.iter().any(named)
}

/// True for what may be a family or a given name: one to three words of a name.
pub fn is_part_of_name(text: &str) -> bool {
    let words = words(text);
    (1..=3).contains(&words.len()) && words.iter().all(|word| is_word_of_name(word))
}

fn words(text: &str) -> Vec<&str> {
    text.split([' ', '.']).filter(|word| !word.is_empty()).collect()
}

/// A word as names have them. Not every script has capitals.
fn is_word_of_name(word: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’');
    !word.starts_with(char::is_lowercase) && word.chars().all(is_letter) && !begins_role(word)
}

/// True for what somebody does, without a name beside it.
pub fn is_role(text: &str) -> bool {
    let piece = read_piece(text, false);
    piece.name.is_empty() && !piece.role.is_empty()
}

/// What a heading over names says that they do: «chiefname» as «chief».
pub fn office(heading: &str) -> String {
    let words = heading.split([' ', '_']).filter_map(|word| {
        let lower = word.to_lowercase();
        let is_of_names = matches!(lower.trim_matches('.'), "фио" | "ф.и.о" | "имя" | "name");
        let bare = word.strip_suffix("name").or_else(|| word.strip_suffix("Name"));
        (!is_of_names).then(|| bare.unwrap_or(word))
    });
    words.filter(|word| !word.is_empty()).collect::<Vec<&str>>().join(" ")
}

/// Whether a role is one that decides.
pub fn decides(role: &str) -> bool {
    const WORDS: [&str; 14] = [
        "директор",
        "руковод",
        "глава",
        "председат",
        "собственник",
        "владелец",
        "учредител",
        "director",
        "chief",
        "ceo",
        "owner",
        "founder",
        "president",
        "head of",
    ];
    let lower = role.to_lowercase();
    // Whoever stands in for one or writes for one does not decide.
    let is_second = ["заместител", "зам.", "секретар", "помощник", "assistant", "deputy"]
        .iter()
        .any(|word| lower.starts_with(word));
    !is_second && WORDS.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cell: &str) -> String {
        let (people, nameless) = read(cell);
        let people = people.into_iter().map(|person| match person.role {
            Some(role) => format!("{} = {role}", person.name),
            None => person.name,
        });
        people
            .chain(nameless.into_iter().map(|role| format!("? = {role}")))
            .collect::<Vec<_>>()
            .join(" | ")
    }

    #[test]
    fn people_are_told_from_what_they_do() {
        for (cell, expected) in [
            ("Льнов Пётр Ильич", "Льнов Пётр Ильич"),
            ("Льнов П. И., главный бухгалтер", "Льнов П. И. = главный бухгалтер"),
            ("гл. инженер Льнов П.И.", "Льнов П.И. = главный инженер"),
            ("Гл.инженер Льнов П.И.", "Льнов П.И. = главный инженер"),
            ("Льнов П.И. гл. бух.", "Льнов П.И. = главный бухгалтер"),
            ("Генеральный директор: Льнов Пётр", "Льнов Пётр = Генеральный директор"),
            (
                "Начальник отдела снабжения Шёлкова Анна",
                "Шёлкова Анна = Начальник отдела снабжения",
            ),
            ("Начальник Отдела Снабжения Шёлкова А.", "Шёлкова А. = Начальник Отдела Снабжения"),
            ("Шёлкова Анна — директор по развитию", "Шёлкова Анна = директор по развитию"),
            (
                "Льнов Пётр (директор); Шёлкова А. А., главбух",
                "Льнов Пётр = директор | Шёлкова А. А. = главный бухгалтер",
            ),
            ("Льнов П.И., Шёлкова А.А.", "Льнов П.И. | Шёлкова А.А."),
            ("Льнов, Пётр Ильич", "Льнов Пётр Ильич"),
            ("Льнов Пётр (закупки)", "Льнов Пётр = закупки"),
            ("John Flax, CEO", "John Flax = CEO"),
            ("Sales Director Jane Silk", "Jane Silk = Sales Director"),
            ("Jane Silk - Head of Purchasing", "Jane Silk = Head of Purchasing"),
            ("директор", "? = директор"),
            ("Льнов Пётр\nШёлкова Анна", "Льнов Пётр | Шёлкова Анна"),
            ("Анна-Мария Шёлкова-Льнова", "Анна-Мария Шёлкова-Льнова"),
        ] {
            assert_eq!(shown(cell), expected, "{cell}");
        }
    }

    #[test]
    fn names_of_people_are_told_from_other_capitalised_words() {
        for (text, expected) in [
            ("Льнов Пётр Ильич", true),
            ("Н.Ф.Льнов", true),
            ("ЛЬНОВ И И", true),
            ("Анна-Мария Шёлкова", true),
            ("John Flax", true),
            ("Айгуль Нитева", true),
            ("Район Зябликово", false),
            ("Академический Район", false),
            ("Район Косино-Ухтомский", false),
            ("Литера Б", false),
            ("Acme Looms", false),
            ("Директор Льнов", false),
            ("анна", false),
        ] {
            assert_eq!(is_person(text), expected, "{text}");
        }
        for (text, expected) in [
            ("Анна", true),
            ("Шёлкова Анна, директор", true),
            ("Ли Вэй", true),
            ("李 伟", true),
            ("директор", false),
            ("отдел снабжения", false),
            ("Тверь", false),
        ] {
            assert_eq!(names_somebody(text), expected, "{text}");
        }
    }

    #[test]
    fn what_people_do_is_read_off_the_heading_over_their_names() {
        for (heading, expected) in [
            ("chiefname", "chief"),
            ("Director Name", "Director"),
            ("Генеральный директор", "Генеральный директор"),
            ("ФИО директора", "директора"),
        ] {
            assert_eq!(office(heading), expected, "{heading}");
        }
    }

    #[test]
    fn who_decides_is_not_who_stands_in() {
        for (role, is_so) in [
            ("Генеральный директор", true),
            ("Заместитель директора", false),
            ("секретарь руководителя", false),
            ("CEO", true),
            ("главный бухгалтер", false),
            ("Head of Purchasing", true),
        ] {
            assert_eq!(decides(role), is_so, "{role}");
        }
    }
}
