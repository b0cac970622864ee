//! What a person may choose about a text, and a whole text at once for who holds it anyway.

use encoding_rs::Encoding;
use intake::{Refused, csv, encoding};

use super::ImportRefusal;

/// The largest file taken.
pub const FILE_BYTES_MAX: usize = 512 << 20;
/// The encodings offered to who knows better.
pub const ENCODINGS: [&str; 8] = encoding::OFFERED;
/// The delimiters offered.
pub const DELIMITERS: [char; 4] = csv::DELIMITERS;
/// The heading stands within so many records; what is above it is a title.
pub const TOPS: usize = 12;

impl From<Refused> for ImportRefusal {
    fn from(refused: Refused) -> Self {
        Self::File(refused)
    }
}

/// Tells the encoding of a text.
pub fn encoding_of(bytes: &[u8]) -> Result<&'static Encoding, ImportRefusal> {
    Ok(encoding::of(bytes)?)
}

/// A text in a known encoding, without its mark.
pub fn decode(bytes: &[u8], name: &str) -> Result<String, ImportRefusal> {
    let (text, _, _) = encoding::named(name)?.decode(bytes);
    Ok(text.into_owned())
}

/// Tells the delimiter of a text.
pub fn delimiter_of(text: &str) -> char {
    csv::delimiter_of(text)
}
