//! What a file is, by its bytes, and the way from there to its records.

use std::fmt;
use std::io::{self, Cursor, Read, SeekFrom};

use encoding_rs::Encoding;

use crate::archive::{self, Unpacked};
use crate::encoding::{self, Detector};
use crate::text::Text;
use crate::{Bytes, Format, How, Limits, Packing, Refused, Said, Take};
use crate::{csv, sheet, vcard};

/// Bytes by which a file is known.
const HEAD_BYTES: usize = 4 << 10;

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Gzip,
    /// An archive, or what is made of one.
    Zip,
    /// A workbook of old Excel, or another document of its time.
    Compound,
    Other,
}

/// How other programs' files begin.
const FOREIGN: [(&[u8], Option<&str>); 16] = [
    (b"%PDF", None),
    (b"\x89PNG", None),
    (b"\xff\xd8\xff", None),
    (b"GIF8", None),
    (b"MZ", None),
    (b"\x7fELF", None),
    (b"SQLite format", None),
    (b"{\\rtf", None),
    (b"7z\xbc\xaf\x27\x1c", Some("7z")),
    (b"Rar!\x1a\x07", Some("RAR")),
    (b"BZh", Some("bzip2")),
    (b"\xfd7zXZ\0", Some("xz")),
    (b"\x28\xb5\x2f\xfd", Some("zstd")),
    (b"MSCF", Some("CAB")),
    (b"LZIP", Some("lzip")),
    (b"\x1f\x9d", Some("compress")),
];

impl Kind {
    /// Tells a file by how it begins.
    pub fn of(head: &[u8]) -> Result<Self, Refused> {
        if head.starts_with(b"\x1f\x8b") {
            return Ok(Self::Gzip);
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Ok(Self::Zip);
        }
        if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return Ok(Self::Compound);
        }
        match FOREIGN.iter().find(|(start, _)| head.starts_with(start)) {
            // A list may begin with «MZ» too; a program goes on with bytes that are no text.
            Some((b"MZ", _)) if !head.iter().any(|byte| *byte < 9) => Ok(Self::Other),
            Some((_, None)) => Err(Refused::NotText),
            Some((_, Some(name))) => Err(Refused::OtherPacking((*name).to_owned())),
            None => Ok(Self::Other),
        }
    }
}

/// Gives the records of a file away, one by one, and tells how it was read.
pub fn read(
    source: &mut dyn Bytes,
    said: &Said,
    limits: &Limits,
    take: &mut Take<'_>,
) -> Result<How, Refused> {
    if let Some(name) = &said.encoding {
        encoding::named(name)?;
    }
    let mut how = How::default();
    match Kind::of(&head(source)?)? {
        Kind::Gzip => {
            how.packing = Packing::Gzip;
            let mut packed = archive::Gzip { source, limits: *limits };
            read_unpacked(&mut packed, (said, limits), &mut how, take)?;
        }
        Kind::Zip => match sheet::of_archive(source, limits)? {
            Some(format) => {
                how.format = format;
                sheet::read(source, (said, limits), &mut how, take)?;
            }
            None => {
                how.packing = Packing::Zip;
                let mut member = archive::open(source, said, limits, &mut how)?;
                read_unpacked(&mut member, (said, limits), &mut how, take)?;
            }
        },
        Kind::Compound => {
            how.format = Format::Xls;
            sheet::read(source, (said, limits), &mut how, take)?;
        }
        Kind::Other => read_unpacked(&mut Whole(source), (said, limits), &mut how, take)?,
    }
    Ok(how)
}

/// A file that is not packed.
struct Whole<'a>(&'a mut dyn Bytes);

impl Unpacked for Whole<'_> {
    fn name(&self) -> &str {
        ""
    }
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refused> {
        self.0.seek(SeekFrom::Start(0)).map_err(|cause| refused(&cause))?;
        Ok(Box::new(&mut *self.0))
    }
}

/// Reads what was packed; a workbook in an archive is one, another archive is refused.
fn read_unpacked(
    packed: &mut dyn Unpacked,
    (said, limits): (&Said, &Limits),
    how: &mut How,
    take: &mut Take<'_>,
) -> Result<(), Refused> {
    let head = first_bytes(&mut packed.open()?)?;
    match Kind::of(&head)? {
        Kind::Gzip => Err(Refused::Nested(packed.name().to_owned())),
        Kind::Other => read_text(packed, (said, limits), how, take),
        kind => {
            let whole = read_whole(packed, limits)?;
            let mut whole = Cursor::new(whole);
            how.format = match kind {
                Kind::Compound => Format::Xls,
                _ => sheet::of_archive(&mut whole, limits)?
                    .ok_or_else(|| Refused::Nested(packed.name().to_owned()))?,
            };
            sheet::read(&mut whole, (said, limits), how, take)
        }
    }
}

fn read_whole(packed: &mut dyn Unpacked, limits: &Limits) -> Result<Vec<u8>, Refused> {
    let mut whole = Vec::new();
    let bytes_max = limits.packed_workbook_max;
    let mut source = Limited::new(packed.open()?, bytes_max);
    source.read_to_end(&mut whole).map_err(|cause| refused(&cause))?;
    Ok(whole)
}

fn read_text(
    packed: &mut dyn Unpacked,
    (said, limits): (&Said, &Limits),
    how: &mut How,
    take: &mut Take<'_>,
) -> Result<(), Refused> {
    let mut detector = Detector::default();
    let seen = look_through(packed, &mut detector);
    let found = detector.finish();
    // What nobody can tell may still be known to who chose the encoding.
    let encoding = match (&said.encoding, found) {
        (_, Err(Refused::Empty)) => Err(Refused::Empty),
        (Some(name), _) => encoding::named(name),
        (None, found) => found,
    };
    match seen {
        Ok(()) => read_letters(packed, encoding?, (said, limits), how, take),
        Err((cause, longest)) => {
            // Where a line is longer than any cell it is said which.
            let found = encoding.ok().filter(|_| longest > limits.cell_max);
            let placed = found.and_then(|encoding| {
                read_letters(packed, encoding, (said, limits), how, &mut |_| true).err()
            });
            Err(placed.unwrap_or(cause))
        }
    }
}

/// Looks at all bytes of a text; where they are too many, also tells how long its longest line is.
fn look_through(
    packed: &mut dyn Unpacked,
    detector: &mut Detector,
) -> Result<(), (Refused, usize)> {
    let mut source = packed.open().map_err(|refused| (refused, 0))?;
    let mut part = vec![0; 64 << 10];
    let (mut line, mut longest) = (0, 0);
    loop {
        let count = source.read(&mut part).map_err(|cause| (refused(&cause), longest))?;
        if count == 0 {
            return Ok(());
        }
        let part = &part[..count];
        detector.feed(part);
        line = match memchr::memrchr2(b'\n', b'\r', part) {
            Some(end) => count - end - 1,
            None => line + count,
        };
        longest = longest.max(line);
    }
}

/// Reads a text whose encoding is known.
fn read_letters(
    packed: &mut dyn Unpacked,
    encoding: &'static Encoding,
    (said, limits): (&Said, &Limits),
    how: &mut How,
    take: &mut Take<'_>,
) -> Result<(), Refused> {
    how.encoding = encoding.name().to_owned();
    let mut begin = String::new();
    let mut text = Text::new(packed.open()?, encoding);
    text.fill(&mut begin, HEAD_BYTES).map_err(|cause| refused(&cause))?;
    drop(text);
    // The mark of a wide text, read as letters: whatever made it so, the rest is no text either.
    if ["ÿþ", "þÿ", "яю", "юя"].iter().any(|mark| begin.starts_with(mark)) {
        return Err(Refused::NotText);
    }
    let begin = begin.trim_start().to_lowercase();
    if ["<!doctype", "<html", "<?xml", "<table", "<meta"].iter().any(|s| begin.starts_with(s)) {
        return Err(Refused::WebPage);
    }
    how.format = match said.format {
        Some(format @ (Format::Csv | Format::Vcard)) => format,
        _ if begin.starts_with("begin:vcard") => Format::Vcard,
        _ => Format::Csv,
    };
    match how.format {
        Format::Vcard => {
            let letters = (encoding, said.encoding.is_some());
            vcard::read(packed, letters, limits, how, take)
        }
        _ => {
            let text = Text::new(packed.open()?, encoding);
            csv::read(text, said.delimiter, *limits, how, take)
        }
    }
}

fn head(source: &mut dyn Bytes) -> Result<Vec<u8>, Refused> {
    source.seek(SeekFrom::Start(0)).map_err(|cause| refused(&cause))?;
    let head = first_bytes(source)?;
    source.seek(SeekFrom::Start(0)).map_err(|cause| refused(&cause))?;
    Ok(head)
}

fn first_bytes(source: &mut (impl Read + ?Sized)) -> Result<Vec<u8>, Refused> {
    let mut head = Vec::new();
    let most = HEAD_BYTES as u64;
    source.take(most).read_to_end(&mut head).map_err(|cause| refused(&cause))?;
    Ok(head)
}

/// A source that ends with an error where it is larger than is taken.
pub(crate) struct Limited<R> {
    source: R,
    left: u64,
    bytes_max: u64,
}

impl<R> Limited<R> {
    /// So many bytes of a source, and no more.
    pub fn new(source: R, bytes_max: u64) -> Self {
        Self { source, left: bytes_max, bytes_max }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        let Some(left) = self.left.checked_sub(count as u64) else {
            return Err(io::Error::other(TooMuch { bytes_max: self.bytes_max }));
        };
        self.left = left;
        Ok(count)
    }
}

/// What [`Limited`] ends with.
#[derive(Debug)]
struct TooMuch {
    bytes_max: u64,
}

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "more than {} bytes", self.bytes_max)
    }
}

impl std::error::Error for TooMuch {}

/// Why a source could not be read to its end.
pub(crate) fn refused(cause: &io::Error) -> Refused {
    match cause.get_ref().and_then(|inner| inner.downcast_ref::<TooMuch>()) {
        Some(TooMuch { bytes_max }) => Refused::TooLarge { bytes_max: *bytes_max },
        None => Refused::Broken { part: cause.kind().to_string() },
    }
}

#[cfg(test)]
mod tests;
