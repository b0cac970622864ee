//! The cells of a sheet of Excel one by one, as they come; no more than one is held.

use std::io::BufRead;

use calamine::{CellErrorType, DataRef, Dimensions, ExcelDateTime};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::book::Looks;
use super::words::Words;
use super::xml::{attribute, attributes, letters, spoilt, text_of, unescaped};
use crate::Refused;

/// What may stand in a cell.
const INSIDE: [&str; 3] = ["v", "is", "f"];

/// The cells of a sheet.
pub(super) struct Cells<'w, R: BufRead> {
    source: Reader<R>,
    words: &'w Words,
    looks: &'w Looks,
    row: u32,
    column: u32,
    buffer: Vec<u8>,
    text: String,
}

/// A cell, its row and column from nought.
pub(super) struct Cell {
    pub row: u32,
    pub column: u32,
    pub style: usize,
    pub value: DataRef<'static>,
}

/// What its tag says of a cell.
#[derive(Clone, Copy)]
struct Head {
    place: Option<(u32, u32)>,
    style: Option<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Untold,
    Number,
    Word,
    Text,
    Inline,
    Truth,
    Error,
    Day,
    Unknown,
}

impl Head {
    fn of(tag: &BytesStart<'_>) -> Result<Self, Refused> {
        let mut head = Self { place: None, style: None, kind: Kind::Untold };
        for told in attributes(tag) {
            match told? {
                ("r", told) => {
                    let (row, column) = place_of(told).ok_or_else(|| spoilt(()))?;
                    head.place = Some((row, column.ok_or_else(|| spoilt(()))?));
                }
                ("s", told) => head.style = Some(told.parse().unwrap_or(0)),
                ("t", told) => {
                    head.kind = match told {
                        "n" => Kind::Number,
                        "s" => Kind::Word,
                        "str" => Kind::Text,
                        "inlineStr" | "is" => Kind::Inline,
                        "b" => Kind::Truth,
                        "e" => Kind::Error,
                        "d" => Kind::Day,
                        _ => Kind::Unknown,
                    };
                }
                _ => {}
            }
        }
        Ok(head)
    }
}

impl<'w, R: BufRead> Cells<'w, R> {
    /// From where the cells of a sheet begin.
    pub fn begin(
        mut source: Reader<R>,
        words: &'w Words,
        looks: &'w Looks,
    ) -> Result<Self, Refused> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match source.read_event_into(&mut buffer).map_err(spoilt)? {
                Event::Start(tag) if tag.local_name().as_ref() == "sheetData" => break,
                Event::Eof => return Err(spoilt(())),
                _ => {}
            }
        }
        Ok(Self { source, words, looks, row: 0, column: 0, buffer, text: String::new() })
    }

    /// The next cell, also one that holds nothing.
    pub fn next_cell(&mut self) -> Result<Option<Cell>, Refused> {
        loop {
            self.buffer.clear();
            let head = match self.source.read_event_into(&mut self.buffer).map_err(spoilt)? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        if let Some(told) = attribute(&tag, "r")? {
                            self.row = place_of(told).ok_or_else(|| spoilt(()))?.0;
                        }
                        continue;
                    }
                    "c" => Head::of(&tag)?,
                    _ => continue,
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        self.row = self.row.saturating_add(1);
                        self.column = 0;
                        continue;
                    }
                    "sheetData" => return Ok(None),
                    _ => continue,
                },
                Event::Eof => return Err(spoilt(())),
                _ => continue,
            };
            return self.cell(head).map(Some);
        }
    }

    fn cell(&mut self, head: Head) -> Result<Cell, Refused> {
        let (row, column) = head.place.unwrap_or((self.row, self.column));
        self.column = column.saturating_add(1);
        let mut value = DataRef::Empty;
        loop {
            self.buffer.clear();
            let inside = match self.source.read_event_into(&mut self.buffer).map_err(spoilt)? {
                Event::Start(tag) => {
                    let name = tag.local_name();
                    INSIDE.into_iter().find(|known| name.as_ref() == *known)
                }
                Event::End(tag) if tag.local_name().as_ref() == "c" => break,
                Event::Eof => return Err(spoilt(())),
                _ => continue,
            };
            let name = inside.ok_or_else(|| spoilt(()))?;
            if name == "is" {
                text_of(&mut self.source, name, &mut self.buffer, &mut self.text)?;
                value = DataRef::String(self.text.clone());
                continue;
            }
            self.text.clear();
            letters(&mut self.source, name, &mut self.buffer, &mut self.text)?;
            // What is said beside a text of its own says the same again.
            if name == "v" && head.kind != Kind::Inline {
                value = self.value(head)?;
            }
        }
        Ok(Cell { row, column, style: head.style.unwrap_or(0), value })
    }

    /// What the text of a cell means.
    fn value(&self, head: Head) -> Result<DataRef<'static>, Refused> {
        let text = self.text.as_str();
        Ok(match head.kind {
            Kind::Unknown => return Err(spoilt(())),
            Kind::Text => DataRef::String(unescaped(text).into_owned()),
            Kind::Day => DataRef::DateTimeIso(text.to_owned()),
            _ if text.is_empty() => DataRef::Empty,
            Kind::Word => {
                let number = text.trim_ascii().parse::<usize>().map_err(spoilt)?;
                DataRef::String(self.words.get(number).ok_or_else(|| spoilt(()))?)
            }
            Kind::Truth => DataRef::Bool(truth(text.trim()).ok_or_else(|| spoilt(()))?),
            // Other offices have errors of their own, as `Err:502`.
            Kind::Error => match text.parse::<CellErrorType>() {
                Ok(error) => DataRef::Error(error),
                Err(_) => DataRef::String(text.to_owned()),
            },
            Kind::Untold | Kind::Number | Kind::Inline => match text.parse::<f64>() {
                Ok(number) => self.number(number, head.style),
                Err(_) if head.kind == Kind::Number => return Err(spoilt(())),
                Err(_) => DataRef::String(text.to_owned()),
            },
        })
    }

    fn number(&self, number: f64, style: Option<usize>) -> DataRef<'static> {
        match style.and_then(|style| self.looks.day(style)) {
            Some(day) => DataRef::DateTime(ExcelDateTime::new(number, day, self.looks.is_1904)),
            None => DataRef::Float(number),
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        // Nothing is neither.
        _ => None,
    }
}

/// Cells of a sheet that are one over several rows, not more than so many; they stand behind the
/// others.
pub(super) fn merged<R: BufRead>(source: &mut Reader<R>, most: usize) -> Vec<Dimensions> {
    let (mut merged, mut buffer) = (Vec::new(), Vec::new());
    while merged.len() < most {
        buffer.clear();
        match source.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "mergeCell" => {
                let told = attribute(&tag, "ref").ok().flatten().and_then(range_of);
                merged.extend(told.filter(|cells| cells.end.0 > cells.start.0));
            }
            // What is spoilt is told by whoever reads the cells.
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    merged
}

fn range_of(told: &str) -> Option<Dimensions> {
    let (start, end) = told.split_once(':')?;
    let corner = |told: &str| place_of(told).and_then(|(row, column)| Some((row, column?)));
    Some(Dimensions::new(corner(start)?, corner(end)?))
}

/// The row and the column of a place such as `C5`, from nought; a row may stand alone.
fn place_of(told: &str) -> Option<(u32, Option<u32>)> {
    let end = told.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = told.split_at(end);
    let column = letters.bytes().try_fold(0_u32, |number, letter| {
        let letter = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        number.checked_mul(26)?.checked_add(letter)
    })?;
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)))
}
