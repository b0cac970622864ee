//! The ways a name is written: whole, in whatever order and with letters of another alphabet that
//! look the same, or with initials. «Иванов И. И.» may be Иванов Иван Иванович and is taken for
//! him; Иванов Игорь is not.

use linkage::normalise;

use super::{is_patronymic, person_key};

/// What stands before a family name with initials: left by a name in whatever writing.
const ANY: char = '~';
/// The same, left by a name of which nothing but initials was known.
const SHORT: char = '=';
/// Stands for the initial of a patronymic that was not known.
const UNKNOWN: char = '*';

/// Under what a name is kept.
pub(super) fn left(name: &str) -> Vec<String> {
    let written = Written::of(name);
    let mut keys = written.whole;
    for (family, given, patronymic) in &written.short {
        let of_patronymic = patronymic.unwrap_or(UNKNOWN);
        let forms = [format!("{family} {given}"), format!("{family} {given} {of_patronymic}")];
        for form in forms {
            keys.push(format!("{ANY}{form}"));
            keys.extend(written.has_initials.then(|| format!("{SHORT}{form}")));
        }
    }
    tidy(keys)
}

/// Under what a name is looked for: one with initials among all, a whole one among those that are
/// whole, and among those of which nobody knows more than initials.
pub(super) fn met(name: &str) -> Vec<String> {
    let written = Written::of(name);
    let sign = if written.has_initials { ANY } else { SHORT };
    let mut keys = written.whole;
    for (family, given, patronymic) in &written.short {
        match patronymic {
            Some(own) => {
                keys.push(format!("{sign}{family} {given} {own}"));
                keys.push(format!("{sign}{family} {given} {UNKNOWN}"));
            }
            None => keys.push(format!("{sign}{family} {given}")),
        }
    }
    tidy(keys)
}

fn tidy(mut keys: Vec<String>) -> Vec<String> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A name taken apart.
struct Written {
    /// It as a whole, in its own letters and in Cyrillic ones.
    whole: Vec<String>,
    /// True where a family name stands beside initials alone.
    has_initials: bool,
    /// Every family name it may have, with the initials of the given name and of the patronymic.
    short: Vec<(String, char, Option<char>)>,
}

impl Written {
    fn of(name: &str) -> Self {
        let words = normalise::cyrillic_words(name);
        let (initials, long): (Vec<&String>, Vec<&String>) =
            words.iter().partition(|word| word.chars().count() == 1);
        let letter = |word: &str| word.chars().next().unwrap_or(UNKNOWN);
        let mut whole = vec![person_key(name), person_key(&words.join(" "))];
        let has_initials = long.len() == 1 && !initials.is_empty();
        if has_initials {
            let patronymic = initials.get(1).map(|word| letter(word));
            let short = vec![(long[0].clone(), letter(initials[0]), patronymic)];
            return Self { whole, has_initials, short };
        }
        if long.len() > 1 {
            let long: Vec<&str> = long.iter().map(|word| word.as_str()).collect();
            whole.push(person_key(&long.join(" ")));
        }
        let of_father = long.iter().position(|word| long.len() > 2 && is_patronymic(word));
        let patronymic = of_father.map(|at| long[at]).or_else(|| initials.first().copied());
        let patronymic = patronymic.map(|word| letter(word));
        let names = || (0..long.len()).filter(|at| Some(*at) != of_father).take(4);
        let short = names()
            .flat_map(|family| names().map(move |given| (family, given)))
            .filter(|(family, given)| family != given)
            .map(|(family, given)| (long[family].clone(), letter(long[given]), patronymic));
        Self { whole, has_initials, short: short.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_again_however_it_is_written() {
        for (erased, name, expected) in [
            ("Иванов Иван Иванович", "Иванов И. И.", true),
            ("Иванов Иван Иванович", "И.И. Иванов", true),
            ("Иванов Иван Иванович", "ИВАНОВ И", true),
            ("Иванов Иван", "Иванов И.П.", true),
            ("Иванов Иван Иванович", "Иванов Иван И.", true),
            ("Иванов Иван Иванович", "Иванов И. П.", false),
            ("Иванов Иван Иванович", "Иванов Игорь Иванович", false),
            ("Иванов Иван Иванович", "Петров И. И.", false),
            ("Иванов И. И.", "Иванов Иван Иванович", true),
            ("Иванов И. И.", "Иванов Игорь", true),
            ("Иванов И. И.", "Иванов Пётр Иванович", false),
            ("Иванов И. И.", "И. И. Иванов", true),
            ("Серов Олег", "Cepoв O\u{43b}ег", true),
            ("Серов Олег", "CEPOB O.", true),
            ("Cepoв Олег", "Серов Олег", true),
            ("Tom Cox", "Том Cox", true),
            ("Silk Jane", "Jane Silk", true),
            ("Jane Silk", "J. Silk", true),
            ("Jane Silk", "Ann Silk", false),
            ("Иван", "Иванов И.", false),
        ] {
            let kept = left(erased);
            let is_met = met(name).iter().any(|key| kept.contains(key));
            assert_eq!(is_met, expected, "{erased}: {name}");
        }
    }
}
