//! How hands and programs spoil what they write.

use super::dice::Dice;

/// Cyrillic in Latin letters, in one of three habits.
pub(super) fn latin(text: &str, habit: usize) -> String {
    let mut written = String::new();
    for letter in text.chars() {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        let Some(three) = three_habits(small) else {
            written.push(letter);
            continue;
        };
        let latin = three[habit % 3];
        if letter.is_uppercase() {
            let mut letters = latin.chars();
            written.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            written.extend(letters);
        } else {
            written.push_str(latin);
        }
    }
    written
}

/// A small Cyrillic letter as a passport, a letter and a domain write it.
fn three_habits(small: char) -> Option<[&'static str; 3]> {
    Some(match small {
        'а' => ["a"; 3],
        'б' => ["b"; 3],
        'в' => ["v", "v", "w"],
        'г' => ["g"; 3],
        'д' => ["d"; 3],
        'е' => ["e"; 3],
        'ё' => ["e", "yo", "e"],
        'ж' => ["zh", "zh", "j"],
        'з' => ["z"; 3],
        'и' => ["i"; 3],
        'й' => ["i", "y", "j"],
        'к' => ["k", "k", "c"],
        'л' => ["l"; 3],
        'м' => ["m"; 3],
        'н' => ["n"; 3],
        'о' => ["o"; 3],
        'п' => ["p"; 3],
        'р' => ["r"; 3],
        'с' => ["s"; 3],
        'т' => ["t"; 3],
        'у' => ["u"; 3],
        'ф' => ["f"; 3],
        'х' => ["kh", "h", "x"],
        'ц' => ["ts", "c", "c"],
        'ч' => ["ch"; 3],
        'ш' => ["sh"; 3],
        'щ' => ["shch", "sch", "sch"],
        'ъ' => ["ie", "", ""],
        'ы' => ["y"; 3],
        'ь' => ["", "", "'"],
        'э' => ["e"; 3],
        'ю' => ["iu", "yu", "ju"],
        'я' => ["ia", "ya", "ja"],
        _ => return None,
    })
}

/// Cyrillic letters that have a Latin twin, both in order.
const TWINS: (&str, &str) = ("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx");

/// Some letters in their Latin twins: the eye sees nothing, a program another word.
pub(super) fn looking_alike(dice: &mut Dice, text: &str) -> String {
    let twin = |letter: char| {
        TWINS.0.chars().zip(TWINS.1.chars()).find(|(one, _)| *one == letter).map(|(_, two)| two)
    };
    let mut any = false;
    let mut swap = |letter: char| match twin(letter) {
        Some(latin) if !any || dice.thousandths(400) => {
            any = true;
            latin
        }
        _ => letter,
    };
    text.chars().map(&mut swap).collect()
}

/// Russian keys and what stands on them in the English layout, both in order.
const KEYS: (&str, &str) =
    ("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`");

/// Typed with the keyboard in the other layout.
pub(super) fn other_layout(text: &str) -> String {
    let key = |letter: char| {
        let small = letter.to_lowercase().next().unwrap_or(letter);
        let found = KEYS.0.chars().zip(KEYS.1.chars()).find(|(one, _)| *one == small);
        match found {
            Some((_, latin)) if letter.is_uppercase() => latin.to_ascii_uppercase(),
            Some((_, latin)) => latin,
            None => letter,
        }
    };
    text.chars().map(key).collect()
}

/// One slip of the hand past the first letter: dropped, doubled, swapped with the next, or
/// another in its place. Short words are left alone.
pub(super) fn misspelt(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|at| letters[*at].is_alphabetic() && letters[*at + 1].is_alphabetic())
        .collect();
    if places.len() < 3 {
        return text.to_owned();
    }
    let at = *dice.one_of(&places);
    match dice.below(4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at, at + 1),
        _ => letters[at] = neighbour(dice, letters[at]),
    }
    letters.into_iter().collect()
}

/// A letter that is mistaken for another, by sound or by key.
fn neighbour(dice: &mut Dice, letter: char) -> char {
    const NEAR: [(char, &str); 14] = [
        ('а', "ов"),
        ('о', "ал"),
        ('е', "ин"),
        ('и', "ем"),
        ('т', "дь"),
        ('д', "тл"),
        ('с', "зч"),
        ('з', "сщ"),
        ('б', "пю"),
        ('п', "ба"),
        ('г', "кн"),
        ('к', "ге"),
        ('в', "фы"),
        ('р', "по"),
    ];
    match NEAR.iter().find(|(one, _)| *one == letter) {
        Some((_, near)) => {
            let near: Vec<char> = near.chars().collect();
            *dice.one_of(&near)
        }
        None if letter.is_ascii() => char::from(b'a' + dice.below(26) as u8),
        None => 'е',
    }
}

/// A number with one digit wrong.
pub(super) fn one_digit_wrong(dice: &mut Dice, number: &str) -> String {
    let at = dice.below(number.len());
    let wrong = |(place, digit): (usize, char)| match digit.to_digit(10) {
        Some(value) if place == at => {
            let other = (value + 1 + dice.below(9) as u32) % 10;
            char::from_digit(other, 10).unwrap_or(digit)
        }
        _ => digit,
    };
    number.chars().enumerate().map(wrong).collect()
}

/// A Russian number of ten digits as people write it.
pub(super) fn phone(dice: &mut Dice, ten: &str, code: usize) -> String {
    let (code, local) = ten.split_at(code);
    let cut = local.len() - 4;
    let (a, rest) = local.split_at(cut);
    let (b, c) = rest.split_at(2);
    match dice.below(10) {
        0 | 1 => format!("+7 ({code}) {a}-{b}-{c}"),
        2 => format!("8 ({code}) {a}-{b}-{c}"),
        3 => format!("8-{code}-{a}-{b}-{c}"),
        4 => format!("8{ten}"),
        5 => format!("7{ten}"),
        6 => format!("+7{ten}"),
        7 => format!("({code}){a}{b}{c}"),
        8 => format!("тел. 8({code}) {a} {b} {c}"),
        _ => format!("+7.{code}.{a}.{b}.{c}"),
    }
}
