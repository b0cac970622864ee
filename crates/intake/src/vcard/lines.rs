//! Lines of a file of cards: physical ones, and the logical ones they are folded from.

use std::io::{BufRead, BufReader, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::source::refused;
use crate::text::Text;
use crate::{Limits, Refused};

/// Texts whose letters are two bytes wide, as bytes of UTF-8.
struct Narrow<'a> {
    text: Text<'a>,
    ready: String,
    at: usize,
}

impl Read for Narrow<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.ready.len() {
            self.ready.clear();
            self.at = 0;
            self.text.fill(&mut self.ready, 1)?;
        }
        let rest = &self.ready.as_bytes()[self.at..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

/// A logical line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// The physical line where it begins, from 1.
    pub place: u64,
    /// Its bytes, unfolded; those of pictures and keys are left out.
    pub bytes: Vec<u8>,
    /// True where nothing but blanks stands in it.
    pub is_blank: bool,
}

/// Goes through the lines of a file.
pub(super) struct Lines<'a> {
    source: BufReader<Box<dyn Read + 'a>>,
    bytes_max: usize,
    /// The physical line behind the one that was given away.
    ahead: Option<Line>,
    /// Physical lines so far.
    pub count: u64,
}

impl<'a> Lines<'a> {
    pub fn new(source: Box<dyn Read + 'a>, encoding: &'static Encoding, limits: &Limits) -> Self {
        let source = if encoding == UTF_16LE || encoding == UTF_16BE {
            let text = Text::new(source, encoding);
            Box::new(Narrow { text, ready: String::new(), at: 0 })
        } else {
            source
        };
        let source = BufReader::new(source);
        Self { source, bytes_max: limits.record_max, ahead: None, count: 0 }
    }

    /// The next logical line.
    pub fn take(&mut self) -> Result<Option<Line>, Refused> {
        let Some(mut line) = self.take_physical()? else { return Ok(None) };
        if line.is_blank {
            return Ok(Some(line));
        }
        let is_left_out = is_binary(&line.bytes);
        while let Some(next) = self.take_physical()? {
            if is_soft(&line.bytes) {
                line.bytes.pop();
                line.bytes.extend_from_slice(&next.bytes);
            } else if !next.is_blank && matches!(next.bytes.first(), Some(b' ' | b'\t')) {
                if !is_left_out {
                    line.bytes.extend_from_slice(&next.bytes[1..]);
                }
            } else if is_left_out && !next.is_blank && !next.bytes.contains(&b':') {
                // Pictures whose lines stand at the margin, as some programs write them.
            } else {
                self.ahead = Some(next);
                break;
            }
            if line.bytes.len() > self.bytes_max {
                return Err(Refused::RecordTooLong { line: line.place });
            }
        }
        if is_left_out {
            let end = line.bytes.iter().position(|byte| *byte == b':').unwrap_or(0);
            line.bytes.truncate(end + 1);
        }
        Ok(Some(line))
    }

    /// The next physical line, whatever ends it.
    fn take_physical(&mut self) -> Result<Option<Line>, Refused> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        let mut line = Line { place: self.count + 1, ..Line::default() };
        let (mut is_begun, mut is_over) = (false, false);
        loop {
            let part = self.source.fill_buf().map_err(|cause| refused(&cause))?;
            if part.is_empty() {
                break;
            }
            is_begun = true;
            let end = memchr::memchr2(b'\n', b'\r', part);
            let taken = end.unwrap_or(part.len());
            let room = (self.bytes_max + 1).saturating_sub(line.bytes.len());
            is_over |= taken > room;
            line.bytes.extend_from_slice(&part[..taken.min(room)]);
            let Some(end) = end else {
                self.source.consume(taken);
                continue;
            };
            let is_return = part[end] == b'\r';
            self.source.consume(end + 1);
            if is_return {
                let next = self.source.fill_buf().map_err(|cause| refused(&cause))?;
                let feed = usize::from(next.first() == Some(&b'\n'));
                self.source.consume(feed);
            }
            break;
        }
        if !is_begun {
            return Ok(None);
        }
        self.count += 1;
        if is_over && !is_binary(&line.bytes) {
            return Err(Refused::RecordTooLong { line: line.place });
        }
        if line.place == 1 && line.bytes.starts_with(b"\xef\xbb\xbf") {
            line.bytes.drain(..3);
        }
        line.is_blank = line.bytes.iter().all(u8::is_ascii_whitespace);
        Ok(Some(line))
    }
}

/// The name and the parameters of a line, in capitals.
fn before_value(bytes: &[u8]) -> String {
    let end = bytes.iter().take(400).position(|byte| *byte == b':').unwrap_or(0);
    String::from_utf8_lossy(&bytes[..end]).to_uppercase()
}

/// A line in quoted-printable that goes on in the next one.
fn is_soft(bytes: &[u8]) -> bool {
    bytes.ends_with(b"=") && before_value(bytes).contains("QUOTED-PRINTABLE")
}

/// A picture, a sound, a key: what no table holds.
fn is_binary(bytes: &[u8]) -> bool {
    let before = before_value(bytes);
    let name = before.split(';').next().unwrap_or("");
    let name = name.rsplit('.').next().unwrap_or("");
    matches!(name, "PHOTO" | "LOGO" | "SOUND" | "KEY")
        || before.contains("BASE64")
        || before.contains("ENCODING=B;")
        || before.ends_with("ENCODING=B")
}
