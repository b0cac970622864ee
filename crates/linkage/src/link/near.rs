//! How near two different values are, by the measure of their kind.

use super::Kind;
use super::compare::{DIFFERENT, ELSEWHERE};
use super::dictionary::{Dictionary, Seen};
use super::read::Sound;

/// How near two different values are, [`DIFFERENT`] to [`ELSEWHERE`].
#[inline]
pub(super) fn near(kind: Kind, dictionary: &Dictionary, one: Seen, other: Seen) -> u8 {
    match kind {
        Kind::PersonName | Kind::City => near_names(one, other),
        Kind::Address => near_addresses(dictionary, one, other),
        Kind::CompanyName => near_companies(dictionary, one, other),
        Kind::Text => near_texts(dictionary, one, other),
        Kind::Postcode | Kind::TaxId => match apart(one, other, 2) {
            1 => 9,
            2 if one.length() > 5 => 7,
            _ if one.sound != Sound::Valid
                && kind == Kind::Postcode
                && one.begin() == other.begin() =>
            {
                4
            }
            _ => DIFFERENT,
        },
        Kind::Phone => {
            let ends_alike = || {
                let (a, b) = (one.key(), other.key());
                a.ends_with(b) || b.ends_with(a)
            };
            match apart(one, other, 1) {
                _ if one.length() != other.length() && ends_alike() => ELSEWHERE,
                1 => 6,
                _ => DIFFERENT,
            }
        }
        Kind::Email => near_emails(one, other),
        Kind::Domain => near_domains(one, other),
        Kind::Date => near_dates(one, other),
        Kind::Number | Kind::Category => DIFFERENT,
    }
}

fn words_of(key: &[u8]) -> impl Iterator<Item = &[u8]> {
    key.split(|byte| *byte == b' ')
}

/// Whether one is the other with first letters in place of words: «Кузнецов А. А.» and «Кузнецов
/// Антон Александрович». At least one whole word must be the same and one be shortened.
fn are_initials(one: Seen, other: Seen) -> bool {
    if !(one.has_short || other.has_short) {
        return false;
    }
    let (mut whole, mut short) = (0, 0);
    let (mut left, mut right) = (words_of(one.key()), words_of(other.key()));
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if a == b => whole += usize::from(a.len() > 2),
            (Some(a), Some(b))
                if a.len().min(b.len()) <= 2 && (a.starts_with(b) || b.starts_with(a)) =>
            {
                short += 1;
            }
            (Some(_), Some(_)) => return false,
            // A patronymic left out does not make another person.
            _ => return whole > 0 && short > 0,
        }
    }
}

fn near_names(one: Seen, other: Seen) -> u8 {
    let short = one.length().min(other.length());
    if are_initials(one, other) {
        return 8;
    }
    let most = match short {
        ..4 => 1,
        4..7 => 2,
        _ => 3,
    };
    let distance = apart(one, other, most);
    let begin_alike = one.begin() == other.begin();
    match distance {
        1 if short >= 4 => 9,
        1 if short >= 2 => 8,
        2 if short >= 6 => 7,
        _ if short == 1 && one.begin()[0] == other.begin()[0] => 6,
        _ if short >= 4 && begin_alike && one.key()[..short] == other.key()[..short] => 6,
        2 if short >= 4 => 5,
        3 if short >= 7 => 4,
        _ if begin_alike => 3,
        _ => DIFFERENT,
    }
}

fn near_addresses(dictionary: &Dictionary, one: Seen, other: Seen) -> u8 {
    let short = one.length().min(other.length());
    let distance = apart(one, other, 3);
    if distance <= 1 && short >= 4 {
        return 9;
    }
    if have_the_same_words(one, other) || (distance <= 2 && short >= 6) {
        return 8;
    }
    match cosine(dictionary, one, other) {
        0.8.. => 7,
        0.6.. => 6,
        0.4.. => 5,
        _ if distance <= 3 => 4,
        0.2.. => 3,
        0.05.. => 2,
        _ => DIFFERENT,
    }
}

/// Whether two names are the same but for their blanks.
fn have_the_same_letters(one: Seen, other: Seen) -> bool {
    let is_letter = |byte: &&u8| **byte != b' ';
    one.letters == other.letters
        && one.key().iter().filter(is_letter).eq(other.key().iter().filter(is_letter))
}

fn near_companies(dictionary: &Dictionary, one: Seen, other: Seen) -> u8 {
    let short = one.length().min(other.length());
    let distance = apart(one, other, 2);
    if have_the_same_words(one, other) || have_the_same_letters(one, other) {
        return 9;
    }
    if (distance == 1 && short >= 5) || (distance == 2 && short >= 9) {
        // A number that differs is another school, not a slip.
        let digits =
            |text: &[u8]| -> Vec<u8> { text.iter().copied().filter(u8::is_ascii_digit).collect() };
        return if digits(one.key()) == digits(other.key()) { 8 } else { 2 };
    }
    if are_numbered_apart(one, other) {
        return 2;
    }
    if are_initials(one, other) {
        return 8;
    }
    let common = cosine(dictionary, one, other);
    let is_within = common > 0.0 && {
        let shared = shared_words(one, other);
        shared == one.words().len().min(other.words().len())
    };
    let only_trade = |longer: Seen, shorter: Seen| {
        let extra =
            longer.words().iter().filter(|word| shorter.words().binary_search(word).is_err());
        extra.copied().all(|word| dictionary.is_trade[word as usize])
    };
    match common {
        _ if is_within && (only_trade(one, other) && only_trade(other, one)) => 9,
        0.85.. if is_within => 7,
        _ if is_within => 6,
        0.75.. => 5,
        0.5.. => 4,
        0.25.. => 3,
        _ if distance <= 2 && short >= 4 => 4,
        _ => DIFFERENT,
    }
}

/// Whether each name has a number that the other has not: two polyclinics of one town, however much
/// of their long names is the same.
fn are_numbered_apart(one: Seen, other: Seen) -> bool {
    const DIGITS: u128 = (1 << 10) - 1;
    if one.letters & DIGITS == 0 || other.letters & DIGITS == 0 {
        return false;
    }
    let lacks = |own: Seen, from: Seen| {
        let mut numbers = words_of(own.key()).filter(|word| word.iter().all(u8::is_ascii_digit));
        numbers.any(|number| words_of(from.key()).all(|word| word != number))
    };
    lacks(one, other) && lacks(other, one)
}

/// Words in common, weighed; a rare code such as `PSLX350H` in common lifts the level by more.
fn near_texts(dictionary: &Dictionary, one: Seen, other: Seen) -> u8 {
    if one.word_bits & other.word_bits == 0 {
        return DIFFERENT;
    }
    let is_shared_code = |word: &&u32| {
        dictionary.is_code[**word as usize] && other.words().binary_search(word).is_ok()
    };
    let has_code = one.words().iter().any(|word| is_shared_code(&word));
    match (cosine(dictionary, one, other), has_code) {
        (0.6.., true) => 10,
        (0.4.., true) => 9,
        (0.25.., true) => 8,
        (_, true) => 7,
        (0.6.., _) => 6,
        (0.4.., _) => 5,
        (0.25.., _) => 4,
        (0.12.., _) => 3,
        (0.04.., _) => 2,
        _ => DIFFERENT,
    }
}

/// Whether two mail addresses or domains may have their first halves in common, or their second.
fn may_share_half(one: Seen, other: Seen) -> bool {
    let unlike = one.word_bits ^ other.word_bits;
    unlike & u64::from(u32::MAX) == 0 || unlike >> 32 == 0
}

fn near_emails(one: Seen, other: Seen) -> u8 {
    if apart(one, other, 1) <= 1 {
        return 9;
    }
    if !may_share_half(one, other) {
        return DIFFERENT;
    }
    let at = |key: &[u8]| key.iter().position(|byte| *byte == b'@').unwrap_or(0);
    let (left, left_domain) = one.key().split_at(at(one.key()));
    let (right, right_domain) = other.key().split_at(at(other.key()));
    let is_free =
        || std::str::from_utf8(&left_domain[1..]).is_ok_and(crate::normalise::is_free_mail);
    if left_domain == right_domain && !is_free() {
        return 7;
    }
    if left == right && left.len() >= 6 { 6 } else { DIFFERENT }
}

fn near_domains(one: Seen, other: Seen) -> u8 {
    let has_one_label = || {
        let label = |key: &[u8]| key.iter().take_while(|byte| **byte != b'.').count();
        let (a, b) = (one.key(), other.key());
        a[..label(a)] == b[..label(b)]
    };
    if may_share_half(one, other) && has_one_label() {
        return 8;
    }
    if apart(one, other, 1) == 1 { 6 } else { DIFFERENT }
}

fn near_dates(one: Seen, other: Seen) -> u8 {
    let (Some(a), Some(b)) = (one.eight(), other.eight()) else {
        return if apart(one, other, 1) <= 1 { 8 } else { DIFFERENT };
    };
    let (year, month, day) = (a[..4] == b[..4], a[4..6] == b[4..6], a[6..] == b[6..]);
    if year && a[4..6] == b[6..] && a[6..] == b[4..6] {
        return ELSEWHERE;
    }
    match apart(one, other, 2) {
        1 => 9,
        _ if usize::from(year) + usize::from(month) + usize::from(day) == 2 => 7,
        2 => 5,
        _ if year => 2,
        _ => DIFFERENT,
    }
}

pub(super) fn near_numbers(one: f64, other: f64) -> u8 {
    let apart = (one - other).abs() / one.abs().max(other.abs()).max(f64::MIN_POSITIVE);
    match apart {
        ..=0.01 => 9,
        ..=0.05 => 8,
        ..=0.1 => 7,
        ..=0.2 => 6,
        ..=0.35 => 4,
        ..=0.5 => 3,
        ..=0.75 => 2,
        _ => DIFFERENT,
    }
}

fn have_the_same_words(one: Seen, other: Seen) -> bool {
    one.word_bits == other.word_bits && one.words() == other.words()
}

/// How many words two values have in common.
fn shared_words(one: Seen, other: Seen) -> usize {
    let mut shared = 0;
    each_shared(one.words(), other.words(), |_| shared += 1);
    shared
}

/// The cosine of the two vectors of word weights, 0 to 1.
#[inline]
fn cosine(dictionary: &Dictionary, one: Seen, other: Seen) -> f32 {
    if one.word_bits & other.word_bits == 0 {
        return 0.0;
    }
    let mut shared = 0.0_f32;
    each_shared(one.words(), other.words(), |word| {
        shared += dictionary.word_weights[word as usize].powi(2);
    });
    shared / (one.norm * other.norm).max(f32::MIN_POSITIVE)
}

/// Hands out what two ascending lists have in common; they are short, so both are gone through.
#[inline]
fn each_shared(one: &[u32], other: &[u32], mut with: impl FnMut(u32)) {
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        let (a, b) = (one[i], other[j]);
        if a == b {
            with(a);
        }
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
}

/// [`edits`] of two values, without counting where their letters alone tell that it is too many.
#[inline]
fn apart(one: Seen, other: Seen, most: usize) -> usize {
    if one.may_be_near(&other, most) { edits(one.key(), other.key(), most) } else { most + 1 }
}

/// No more edits than so many are counted.
const EDITS_MAX: usize = 3;
/// Strings that differ over more bytes are far apart.
const LONGEST: usize = 64;
/// No such path, however many steps are put to it.
const NOWHERE: i32 = i32::MIN / 2;

/// Edits between two byte strings (insertions, deletions, replacements, swaps of neighbours; the
/// restricted Damerau–Levenshtein distance), or `most + 1` when there are more than `most`, which
/// is 3 at most.
///
/// Counted by how far each diagonal of the table of distances is reached with so many edits
/// (Ukkonen 1985), since few edits leave few diagonals.
pub(super) fn edits(a: &[u8], b: &[u8], most: usize) -> usize {
    let same_head = a.iter().zip(b).take_while(|(one, other)| one == other).count();
    let (a, b) = (&a[same_head..], &b[same_head..]);
    let same_tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - same_tail], &b[..b.len() - same_tail]);
    let beyond = most + 1;
    if a.len().abs_diff(b.len()) > most || a.len().max(b.len()) > LONGEST {
        return beyond;
    }
    if a.is_empty() || b.is_empty() {
        return a.len().max(b.len());
    }
    if most == 1 {
        let is_one = match (a, b) {
            ([_], [_]) => true,
            ([p, q], [r, s]) => p == s && q == r,
            _ => false,
        };
        return if is_one { 1 } else { beyond };
    }
    let last = b.len() as i32 - a.len() as i32;
    // Diagonals from the lowest on, one more at either end that nothing reaches.
    const MIDDLE: i32 = EDITS_MAX as i32 + 1;
    let mut reached = [NOWHERE; 2 * MIDDLE as usize + 1];
    reached[MIDDLE as usize] = 0;
    for count in 1..=most.min(EDITS_MAX) {
        let (before, left) = (reached, (most - count) as i32);
        // Those from which the last one is still to be reached.
        for diagonal in (last - left).max(-(count as i32))..=(last + left).min(count as i32) {
            let at = (MIDDLE + diagonal) as usize;
            let far = furthest((a, b), diagonal, [before[at - 1], before[at], before[at + 1]]);
            if diagonal == last && far == a.len() as i32 {
                return count;
            }
            reached[at] = far;
        }
    }
    beyond
}

/// How far in `a` one more edit reaches on a diagonal, that is with as many more bytes of `b`;
/// `before` is how far one edit less did on the diagonal below, on this one and on that above.
fn furthest((a, b): (&[u8], &[u8]), diagonal: i32, before: [i32; 3]) -> i32 {
    let [inserted, here, deleted] = before;
    let mut far = inserted.max(here + 1).max(deleted + 1);
    if here >= 0 {
        let (one, other) = (here as usize, (here + diagonal) as usize);
        if let ([p, q, ..], [r, s, ..]) = (&a[one..], &b[other..])
            && p == s
            && q == r
        {
            far = far.max(here + 2);
        }
    }
    far = far.min(a.len() as i32).min(b.len() as i32 - diagonal);
    if far < 0 {
        return NOWHERE;
    }
    let (rest, other) = (&a[far as usize..], &b[(far + diagonal) as usize..]);
    far + rest.iter().zip(other).take_while(|(one, other)| one == other).count() as i32
}
