//! A line of a card: its name, its parameters, its value in letters.

use encoding_rs::{Encoding, UTF_8};

use crate::encoding::{named, of_single_bytes};

/// A property of a card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Property {
    /// What groups it with its label: `item1`.
    pub group: String,
    /// Its name in capitals.
    pub name: String,
    /// What kind it is, in capitals: `WORK`, `FAX`, `CELL`.
    pub kinds: Vec<String>,
    /// Its value, escapes untouched.
    pub value: String,
    /// True where some of its bytes were no letters.
    pub is_spoilt: bool,
}

/// In what the bytes of values are.
#[derive(Clone, Copy)]
pub(super) struct Letters {
    /// The encoding of the file.
    pub encoding: &'static Encoding,
    /// True where a person said so.
    pub is_said: bool,
}

impl Property {
    /// Takes a line apart; `None` where it is no property.
    pub fn of(line: &[u8], letters: Letters) -> Option<Self> {
        let end = end_of_parameters(line)?;
        let (before, value) = (String::from_utf8_lossy(&line[..end]), &line[end + 1..]);
        let mut parts = before.split(';').map(str::trim);
        let full = parts.next().unwrap_or("").to_uppercase();
        let (group, name) = full.rsplit_once('.').unwrap_or(("", &full));
        let is_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !is_name {
            return None;
        }
        let mut property =
            Self { group: group.to_owned(), name: name.to_owned(), ..Self::default() };
        let (mut charset, mut is_quoted) = (None, false);
        for part in parts {
            let (key, told) = part.split_once('=').unwrap_or(("TYPE", part));
            let told = told.trim_matches('"').to_uppercase();
            match key.trim().to_uppercase().as_str() {
                "CHARSET" => charset = named(&told).ok(),
                "ENCODING" => is_quoted |= told == "QUOTED-PRINTABLE",
                "TYPE" if told == "QUOTED-PRINTABLE" => is_quoted = true,
                "TYPE" => property.kinds.extend(told.split(',').map(|kind| kind.trim().to_owned())),
                _ => {}
            }
        }
        let bytes = if is_quoted { unquoted(value) } else { value.to_vec() };
        let encoding = charset.unwrap_or_else(|| letters.of(&bytes));
        let (value, is_spoilt) = encoding.decode_without_bom_handling(&bytes);
        property.value = value.into_owned();
        property.is_spoilt = is_spoilt;
        Some(property)
    }

    /// True where it is of any of these kinds.
    pub fn is_of(&self, kinds: &[&str]) -> bool {
        self.kinds.iter().any(|kind| kinds.contains(&kind.as_str()))
    }

    /// Its value as one text.
    pub fn text(&self) -> String {
        unescaped(&self.value)
    }

    /// The parts of a value such as a name or an address.
    pub fn parts(&self) -> Vec<String> {
        let (mut parts, mut from, mut is_escaped) = (Vec::new(), 0, false);
        for (at, letter) in self.value.char_indices() {
            if letter == ';' && !is_escaped {
                parts.push(unescaped(&self.value[from..at]));
                from = at + 1;
            }
            is_escaped = letter == '\\' && !is_escaped;
        }
        parts.push(unescaped(&self.value[from..]));
        parts
    }
}

impl Letters {
    /// The encoding of a value that does not tell its own.
    fn of(self, bytes: &[u8]) -> &'static Encoding {
        let is_wide = self.encoding.name().starts_with("UTF-16");
        if self.is_said && !is_wide {
            self.encoding
        } else if std::str::from_utf8(bytes).is_ok() {
            UTF_8
        } else if is_wide || self.encoding == UTF_8 {
            // Bytes written as quoted-printable in an encoding that nobody named.
            of_single_bytes(bytes)
        } else {
            self.encoding
        }
    }
}

/// Where the value begins: at the first colon that stands in no quotes.
fn end_of_parameters(line: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b':' if !is_quoted => return Some(at),
            _ => {}
        }
    }
    line.iter().position(|byte| *byte == b':')
}

/// The bytes that quoted-printable stands for; what is none of it stays as it is.
fn unquoted(value: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let (mut bytes, mut at) = (Vec::with_capacity(value.len()), 0);
    while let Some(byte) = value.get(at) {
        match (byte, digit(value.get(at + 1)), digit(value.get(at + 2))) {
            (b'=', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    bytes
}

/// A value without its escapes.
fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.trim().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(escaped @ (',' | ';' | ':' | '\\' | '"')) => text.push(escaped),
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            '\r' => {}
            other => text.push(other),
        }
    }
    text.trim().to_owned()
}
