//! From bytes to text: which encoding, which delimiter, or why it is no table at all.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::ImportRefusal;
use super::cells::rows;

/// The largest file taken.
pub const FILE_BYTES_MAX: usize = 64 << 20;
/// Bytes looked at to tell an encoding.
const SAMPLE_BYTES: usize = 256 << 10;
/// Rows looked at to tell a delimiter.
const SAMPLE_ROWS: usize = 50;

/// The encodings offered to who knows better.
pub const ENCODINGS: [&str; 6] =
    ["UTF-8", "windows-1251", "IBM866", "KOI8-R", "UTF-16LE", "x-mac-cyrillic"];
/// The delimiters offered.
pub const DELIMITERS: [char; 4] = [';', ',', '\t', '|'];

/// Tells the encoding of a file.
pub fn encoding_of(bytes: &[u8]) -> Result<&'static Encoding, ImportRefusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ImportRefusal::EmptyFile);
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(encoding);
    }
    if let Some(kind) = foreign_kind(bytes) {
        return Err(kind);
    }
    if bytes.contains(&0) {
        return of_wide_text(bytes).ok_or(ImportRefusal::NotText);
    }
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let controls = sample.iter().filter(|b| **b < 9 || (14..32).contains(*b)).count();
    if controls * 50 > sample.len() {
        return Err(ImportRefusal::NotText);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(UTF_8);
    }
    Ok(of_single_bytes(sample))
}

/// Files of other programs, by how they begin.
fn foreign_kind(bytes: &[u8]) -> Option<ImportRefusal> {
    let starts: [(&[u8], ImportRefusal); 5] = [
        (b"PK\x03\x04", ImportRefusal::Spreadsheet),
        (b"\xd0\xcf\x11\xe0", ImportRefusal::Spreadsheet),
        (b"%PDF", ImportRefusal::NotText),
        (b"\x89PNG", ImportRefusal::NotText),
        (b"\xff\xd8\xff", ImportRefusal::NotText),
    ];
    starts.into_iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| kind)
}

/// UTF-16 without its mark: nearly every other byte of a Latin or Cyrillic text is 0 or 4.
fn of_wide_text(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES) & !1];
    let share = |offset: usize| {
        let high = sample.iter().skip(offset).step_by(2).filter(|b| matches!(**b, 0 | 4)).count();
        high * 200 / sample.len().max(1)
    };
    if share(1) > 90 {
        Some(UTF_16LE)
    } else if share(0) > 90 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Which of the single-byte encodings of Russian reads most like Russian; where none does, what
/// the detector of browsers says.
fn of_single_bytes(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(Some(b"ru"), Utf8Detection::Deny);
    let russian = ["windows-1251", "IBM866", "KOI8-R", "x-mac-cyrillic"];
    let mut best = (likeness(sample, guess), guess);
    for label in russian {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1251);
        let score = likeness(sample, encoding);
        if score > best.0 {
            best = (score, encoding);
        }
    }
    // The Ukrainian variant differs in letters that no Russian list has.
    if best.1 == encoding_rs::KOI8_U { encoding_rs::KOI8_R } else { best.1 }
}

/// How much a text reads like Russian: common letters speak for it, a capital inside a word and
/// letters no Russian word has speak against.
fn likeness(sample: &[u8], encoding: &'static Encoding) -> i64 {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let mut score = 0;
    let mut before = ' ';
    for letter in text.chars() {
        score += match letter {
            'о' | 'е' | 'а' | 'и' | 'н' | 'т' | 'с' | 'р' | 'в' | 'л' => 3,
            'а'..='я' => 1,
            'А'..='Я' if before.is_lowercase() => -4,
            'А'..='Я' | 'ё' | 'Ё' | '№' | '«' | '»' | '—' | '–' | '\u{a0}' => 0,
            c if c.is_ascii() => 0,
            _ => -4,
        };
        before = letter;
    }
    score
}

/// The text of a file in a known encoding, without its mark.
pub fn decode(bytes: &[u8], encoding: &str) -> Result<String, ImportRefusal> {
    let encoding = Encoding::for_label(encoding.as_bytes()).ok_or(ImportRefusal::NotText)?;
    let (text, _, _) = encoding.decode(bytes);
    Ok(text.into_owned())
}

/// Tells the delimiter: the one that cuts the first rows most evenly into most cells.
pub fn delimiter_of(text: &str) -> char {
    let score = |delimiter: char| {
        let widths: Vec<usize> =
            rows(text, delimiter).take(SAMPLE_ROWS).map(|row| row.len()).collect();
        let common = |width: usize| widths.iter().filter(|w| **w == width).count();
        let usual = widths.iter().copied().max_by_key(|width| common(*width)).unwrap_or(0);
        if usual < 2 { 0 } else { common(usual) * 100 / widths.len() * 10 + usual.min(100) }
    };
    DELIMITERS.into_iter().max_by_key(|d| (score(*d), *d == ';')).unwrap_or(';')
}
