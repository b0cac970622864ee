//! From bytes to letters: which encoding a text is in.
//!
//! A mark decides, then a strict look at the whole text for UTF-8, then how much it reads like
//! Russian in each of the four pages that Russian lists are written in; where it does in none, the
//! detector of browsers is asked.

use std::sync::LazyLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};
use encoding_rs::{WINDOWS_1252, X_MAC_CYRILLIC};

use crate::Refused;

/// The encodings offered to who knows better.
pub const OFFERED: [&str; 8] = [
    "UTF-8",
    "windows-1251",
    "IBM866",
    "KOI8-R",
    "x-mac-cyrillic",
    "UTF-16LE",
    "UTF-16BE",
    "windows-1252",
];
/// Bytes kept to tell an encoding by.
const SAMPLE_BYTES: usize = 256 << 10;
/// Text in the pages of Russian lists.
const RUSSIAN: [&Encoding; 4] = [WINDOWS_1251, IBM866, KOI8_R, X_MAC_CYRILLIC];

/// Finds an encoding by any of its names.
pub fn named(name: &str) -> Result<&'static Encoding, Refused> {
    let found = Encoding::for_label(name.as_bytes());
    found
        .filter(|encoding| encoding.name() != "replacement")
        .ok_or_else(|| Refused::NoSuchEncoding(name.chars().take(40).collect()))
}

/// Looks at a text from its first byte to its last, in parts.
#[derive(Default)]
pub struct Detector {
    sample: Vec<u8>,
    has_high: bool,
    total: u64,
    blank: u64,
    zeros: u64,
    /// The end of a part that may be the beginning of a letter.
    cut: Vec<u8>,
    /// Letters of UTF-8 with more than one byte, and bytes that are none.
    letters: u64,
    faults: u64,
}

impl Detector {
    /// Looks at the next part.
    pub fn feed(&mut self, part: &[u8]) {
        self.total += part.len() as u64;
        self.blank += part.iter().filter(|byte| byte.is_ascii_whitespace()).count() as u64;
        self.zeros += part.iter().filter(|byte| **byte == 0).count() as u64;
        let has_high = !part.is_ascii();
        if self.sample.len() < SAMPLE_BYTES && (self.sample.is_empty() || has_high) {
            let room = SAMPLE_BYTES - self.sample.len();
            self.sample.extend_from_slice(&part[..part.len().min(room)]);
        }
        self.has_high |= has_high;
        if has_high || !self.cut.is_empty() {
            self.check(part);
        }
    }

    /// Counts what is UTF-8 and what is not.
    fn check(&mut self, part: &[u8]) {
        let mut joined = std::mem::take(&mut self.cut);
        joined.extend_from_slice(part);
        let mut rest = joined.as_slice();
        loop {
            let (sound, fault) = match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(fault) => (fault.valid_up_to(), Some(fault.error_len())),
            };
            // Every letter of more than one byte begins with a byte above 0xBF.
            self.letters += rest[..sound].iter().filter(|byte| **byte >= 0xC0).count() as u64;
            match fault {
                None => return,
                Some(None) => {
                    self.cut = rest[sound..].to_vec();
                    return;
                }
                Some(Some(length)) => {
                    self.faults += 1;
                    rest = &rest[sound + length..];
                }
            }
        }
    }

    /// Tells the encoding of all that was seen.
    pub fn finish(mut self) -> Result<&'static Encoding, Refused> {
        if self.total == self.blank {
            return Err(Refused::Empty);
        }
        if let Some((encoding, mark)) = Encoding::for_bom(&self.sample) {
            return match (self.total == mark as u64, reads_as_text(&self.sample[mark..], encoding))
            {
                (true, _) => Err(Refused::Empty),
                (_, true) => Ok(encoding),
                (_, false) => Err(Refused::NotText),
            };
        }
        if self.zeros > 0
            && let Some(wide) = of_wide_text(&self.sample)
        {
            let is_text = reads_as_text(&self.sample, wide);
            return if is_text { Ok(wide) } else { Err(Refused::NotText) };
        }
        if self.zeros * 10 > self.total {
            return Err(Refused::NotText);
        }
        let controls = self.sample.iter().filter(|b| **b < 9 || (14..32).contains(*b)).count();
        if controls.saturating_sub(usize::try_from(self.zeros).unwrap_or(0)) * 50
            > self.sample.len()
        {
            return Err(Refused::NotText);
        }
        self.faults += u64::from(!self.cut.is_empty());
        // A few spoilt bytes do not make another encoding of a text that is UTF-8 everywhere else.
        if !self.has_high || self.faults * 50 <= self.letters {
            return Ok(UTF_8);
        }
        Ok(of_single_bytes(&self.sample))
    }
}

/// Tells the encoding of a whole text at once.
pub fn of(bytes: &[u8]) -> Result<&'static Encoding, Refused> {
    let mut detector = Detector::default();
    detector.feed(bytes);
    detector.finish()
}

/// True where hardly a letter of it is none: what merely begins like a text in an encoding, or has
/// noughts where one would, is a file of another program.
fn reads_as_text(sample: &[u8], encoding: &'static Encoding) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let is_none = |letter: &char| {
        let is_blank = matches!(letter, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}');
        letter.is_control() && !is_blank || matches!(letter, '\u{fffd}' | '\u{e000}'..='\u{f8ff}')
    };
    // The last letter may be cut by the end of the sample.
    let (mut count, mut none) = (0_usize, 0_usize);
    for letter in text.chars() {
        (count, none) = (count + 1, none + usize::from(is_none(&letter)));
    }
    none * 50 <= count
}

/// UTF-16 without its mark: nearly every other byte of a Latin or Cyrillic text is 0 or 4.
fn of_wide_text(sample: &[u8]) -> Option<&'static Encoding> {
    let sample = &sample[..sample.len() & !1];
    let share = |offset: usize| {
        let high = sample.iter().skip(offset).step_by(2).filter(|b| matches!(**b, 0 | 4)).count();
        high * 200 / sample.len().max(1)
    };
    // Bytes that are nought everywhere are no letters of any width.
    let is_letter = |pair: &&[u8]| pair != &[0, 0];
    if sample.chunks(2).filter(is_letter).count() * 20 < sample.len() * 9 {
        return None;
    }
    let (little, big) = (share(1), share(0));
    match (little > 80, big > 80) {
        (true, _) if little >= big => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// Which of the single-byte encodings of Russian reads most like Russian; where none does, what
/// the detector of browsers says.
pub(crate) fn of_single_bytes(sample: &[u8]) -> &'static Encoding {
    let mut best = (0, None);
    for encoding in RUSSIAN {
        let score = likeness(sample, encoding);
        if score > best.0 {
            best = (score, Some(encoding));
        }
    }
    if let Some(encoding) = best.1 {
        return encoding;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    // The Ukrainian variant differs in letters that no Russian list has.
    match guess.name() {
        "KOI8-U" => KOI8_R,
        "UTF-8" => WINDOWS_1252,
        _ => guess,
    }
}

/// How often each letter from а to я stands in Russian, in ten thousands.
const FREQUENCY: [u16; 32] = [
    801, 159, 454, 170, 298, 845, 94, 165, 735, 121, 349, 440, 321, 670, 1097, 281, 473, 547, 626,
    262, 26, 97, 48, 144, 73, 36, 4, 190, 174, 32, 64, 201,
];
/// Pairs of letters that stand together most often.
const PAIRS: &str = "ад ак ал ан ар ас ат ая бе бо ва ве ви во го да де дн ду ды ее ел ем ен ер \
    ес ет за зд зо иа ие из ий ил им ин ис ит их иц ия ка кв ки ко кр ку ла ле \
    ли ло ма ме ми мо му мы на не ни но об ов ог ое ой ол ом ор ос от оч пе по \
    пр ра ре ри ро ру ск сл см сн со сп ст су та тв те ти то тр тс ту ть уб ук \
    ул ун уч фи фо ха хо ци ча че чн ше шк щи ый ык ым ых эл юр ян яр";

/// For each letter, which letters often follow it.
static FOLLOWERS: LazyLock<[u32; 32]> = LazyLock::new(|| {
    let mut followers = [0; 32];
    for pair in PAIRS.split(' ') {
        let mut places = pair.chars().filter_map(place_of);
        if let (Some(first), Some(second)) = (places.next(), places.next()) {
            followers[first] |= 1 << second;
        }
    }
    followers
});

/// The place of a letter from а to я, large or small.
fn place_of(letter: char) -> Option<usize> {
    match letter {
        'а'..='я' => Some(letter as usize - 'а' as usize),
        'А'..='Я' => Some(letter as usize - 'А' as usize),
        'ё' | 'Ё' => Some(5),
        _ => None,
    }
}

/// How much a text reads like Russian in an encoding; below nought where it does not.
fn likeness(sample: &[u8], encoding: &'static Encoding) -> i64 {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let mut score = 0;
    let mut before = ' ';
    for letter in text.chars() {
        if letter.is_ascii() && before.is_ascii() {
            before = letter;
            continue;
        }
        score += of_letter(before, letter);
        before = letter;
    }
    score
}

fn of_letter(before: char, letter: char) -> i64 {
    let was = place_of(before);
    if letter.is_ascii() {
        // A Latin letter right behind a Russian one is a slip of the keyboard at best.
        return if letter.is_ascii_alphabetic() && was.is_some() { -20 } else { 0 };
    }
    let Some(place) = place_of(letter) else {
        let is_sign = "№«»—–…„“”‘’\u{a0}·•§°©®−".contains(letter);
        return if is_sign { 0 } else { -25 };
    };
    // What stands three times in a hundred speaks for it, what stands less against it.
    let mut score = i64::from((FREQUENCY[place] / 4).max(1).ilog2()) * 3 - 14;
    if let Some(was) = was {
        score += if FOLLOWERS[was] >> place & 1 == 1 { 8 } else { -2 };
        if before.is_lowercase() && letter.is_uppercase() {
            score -= 20;
        }
    } else if before.is_ascii_alphabetic() {
        score -= 20;
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::Encoding;

    /// A text in the bytes of an encoding; also in the wide ones, which the library only reads.
    pub(crate) fn written(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        match encoding.name() {
            "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => encoding.encode(text).0.into_owned(),
        }
    }

    #[test]
    fn russian_is_told_in_every_page_it_is_written_in() {
        let texts = [
            "ООО",
            "ООО Вектор",
            "ИП Иванов И.И.",
            "Название;ИНН;Телефон\r\nООО «Лён и нить»;7714239823;84959637677\r\n",
            "АПТЕКА;УЛ. ЛЕНИНА, 5\nБОЛЬНИЦА;ПР. МИРА, 7\n",
            "школа;москва\nдетский сад;тверь\nясли;рязань\n",
            "Ромашка",
            "ЗАО \"ПРОМСТРОЙ\";ул. Щорса, 12;г. Екатеринбург",
            "Компания\tГород\nФилиал Sberbank\tКазань\n",
        ];
        for text in texts {
            for encoding in RUSSIAN {
                let text = text.replace(['«', '»'], "\"");
                let bytes = written(&text, encoding);
                let found = of(&bytes).expect("is told");
                // Capitals alone are the same bytes in two of the pages.
                assert_eq!(
                    found.decode(&bytes).0,
                    text,
                    "{} for {}",
                    found.name(),
                    encoding.name()
                );
            }
            for encoding in [UTF_8, UTF_16LE, UTF_16BE] {
                let text = format!("Name;{text}\n");
                assert_eq!(of(&written(&text, encoding)), Ok(encoding), "{text:?}");
            }
        }
    }

    #[test]
    fn a_text_of_the_west_is_not_taken_for_russian() {
        for text in ["Müller GmbH;Straße 5\n", "Café Élysée;Besançon\n", "São João;Coração\n"]
        {
            assert_eq!(of(&written(text, WINDOWS_1252)), Ok(WINDOWS_1252), "{text:?}");
        }
    }

    #[test]
    fn a_letter_cut_by_the_end_of_a_part_spoils_nothing() {
        let text = "Лён и нить;Тверь\n".repeat(50);
        for size in 1..9 {
            let mut detector = Detector::default();
            text.as_bytes().chunks(size).for_each(|part| detector.feed(part));
            assert_eq!(detector.finish(), Ok(UTF_8), "parts of {size}");
        }
    }

    #[test]
    fn a_few_spoilt_bytes_leave_the_rest_what_it_is() {
        let mut bytes = "Лён и нить;Тверь\n".repeat(50).into_bytes();
        bytes[40] = 0xff;
        assert_eq!(of(&bytes), Ok(UTF_8));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, expected) in [
            (vec![], Refused::Empty),
            (b" \r\n\t ".to_vec(), Refused::Empty),
            (b"\xef\xbb\xbf".to_vec(), Refused::Empty),
            ((1..=255).cycle().take(9_000).collect(), Refused::NotText),
            (vec![0; 400], Refused::NotText),
            // A mark of UTF-16, and nothing of it behind.
            (b"\xff\xfebin".to_vec(), Refused::NotText),
            (b"\xfe\xffbin".to_vec(), Refused::NotText),
            (b"\xff\xfeb\0i\0n".to_vec(), Refused::NotText),
            (b"\xef\xbb\xbf\x01\x02\x03\xfe\xff".to_vec(), Refused::NotText),
            // Small numbers of two bytes each, four bytes apart.
            ((0..400).flat_map(|n: u32| (n % 200).to_le_bytes()).collect(), Refused::NotText),
        ] {
            assert_eq!(of(&bytes), Err(expected));
        }
    }

    #[test]
    fn an_encoding_is_found_by_its_names_and_an_invented_one_is_not() {
        assert_eq!(named("cp866"), Ok(IBM866));
        assert_eq!(named("WINDOWS-1251"), Ok(WINDOWS_1251));
        for name in ["", "klingon", "replacement", "ISO-2022-CN"] {
            assert!(matches!(named(name), Err(Refused::NoSuchEncoding(_))), "{name}");
        }
    }
}
