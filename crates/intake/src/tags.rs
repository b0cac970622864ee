//! The tags of a workbook as its bytes go by: a row of more cells than any can have, or a cell of a
//! longer text, is told before anybody builds on it, with its place.

use memchr::memchr;

use crate::{Limits, Refused};

/// Bytes of a tag that are looked at: its name and the place it tells.
const TAG_BYTES: usize = 200;
/// Digits of the number of a text that cells share.
const NUMBER_BYTES: usize = 20;

/// What a part of a workbook may hold.
pub(crate) struct Tags<'a> {
    pub limits: &'a Limits,
    /// The tag under way, as far as it is looked at.
    tag: Vec<u8>,
    is_in_tag: bool,
    /// Bytes of the text under way, and the first of them.
    text_bytes: usize,
    text: Vec<u8>,
    is_value: bool,
    is_shared: bool,
    /// True once rows began.
    is_sheet: bool,
    row: u64,
    /// Cells of the row, and where the last of them stands.
    cells: usize,
    column: u64,
    /// Texts that cells share: how many began, and the first that is too long for a cell.
    texts: u64,
    pub too_long: Option<u64>,
    /// True where cells are one over others.
    pub has_merged: bool,
    /// The number of a text whose cell is looked for.
    pub wanted: Option<u64>,
}

impl<'a> Tags<'a> {
    pub fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            tag: Vec::new(),
            is_in_tag: false,
            text_bytes: 0,
            text: Vec::new(),
            is_value: false,
            is_shared: false,
            is_sheet: false,
            row: 0,
            cells: 0,
            column: 0,
            texts: 0,
            too_long: None,
            has_merged: false,
            wanted: None,
        }
    }

    /// Takes the next bytes.
    pub fn take(&mut self, part: &[u8]) -> Result<(), Refused> {
        let mut rest = part;
        loop {
            let sign = if self.is_in_tag { b'>' } else { b'<' };
            let end = memchr(sign, rest);
            let piece = &rest[..end.unwrap_or(rest.len())];
            if !self.is_in_tag {
                self.take_text(piece)?;
            } else if end.is_none() || !self.tag.is_empty() {
                let room = TAG_BYTES.saturating_sub(self.tag.len());
                self.tag.extend_from_slice(&piece[..piece.len().min(room)]);
            }
            let Some(end) = end else { return Ok(()) };
            if !self.is_in_tag {
                self.end_text()?;
            } else if self.tag.is_empty() {
                self.end_tag(&piece[..piece.len().min(TAG_BYTES)])?;
            } else {
                let tag = std::mem::take(&mut self.tag);
                self.end_tag(&tag)?;
            }
            self.is_in_tag = !self.is_in_tag;
            rest = &rest[end + 1..];
        }
    }

    fn take_text(&mut self, piece: &[u8]) -> Result<(), Refused> {
        self.text_bytes += piece.len();
        if self.text_bytes > self.limits.cell_max {
            if self.is_sheet {
                return Err(self.too_long());
            }
            self.too_long = self.too_long.or(self.texts.checked_sub(1));
        }
        if self.is_value && self.wanted.is_some() {
            let room = NUMBER_BYTES.saturating_sub(self.text.len());
            self.text.extend_from_slice(&piece[..piece.len().min(room)]);
        }
        Ok(())
    }

    fn end_text(&mut self) -> Result<(), Refused> {
        self.text_bytes = 0;
        let Some(wanted) = self.wanted.filter(|_| self.is_value) else { return Ok(()) };
        let is_it = self.is_shared && self.text == wanted.to_string().as_bytes();
        self.text.clear();
        if is_it { Err(self.too_long()) } else { Ok(()) }
    }

    fn end_tag(&mut self, tag: &[u8]) -> Result<(), Refused> {
        let end = tag.iter().position(|byte| matches!(byte, b' ' | b'/' | b'\t' | b'\r' | b'\n'));
        let name = &tag[..end.unwrap_or(tag.len())];
        let begin = name.iter().position(|byte| *byte == b':').map_or(0, |at| at + 1);
        self.is_value = false;
        match &name[begin..] {
            b"v" => self.is_value = true,
            b"sheetData" => self.is_sheet = true,
            b"row" | b"table-row" => {
                let told =
                    place(tag).and_then(|place| std::str::from_utf8(place).ok()?.parse().ok());
                self.row = told.unwrap_or(self.row + 1);
                self.is_sheet = true;
                (self.cells, self.column) = (0, 0);
            }
            b"c" | b"table-cell" | b"covered-table-cell" if self.is_sheet => {
                self.cells += 1;
                self.column = place(tag).and_then(column).unwrap_or(self.column + 1);
                self.is_shared =
                    self.wanted.is_some() && tag.windows(6).any(|part| part == b" t=\"s\"");
                if self.cells > self.limits.cells_max {
                    let columns_max = self.limits.cells_max as u64;
                    return Err(Refused::TooManyColumns { line: self.row.max(1), columns_max });
                }
            }
            b"si" => {
                self.texts += 1;
                if self.texts > self.limits.words_max {
                    return Err(Refused::TooManyWords);
                }
            }
            b"mergeCell" => self.has_merged = true,
            _ => {}
        }
        Ok(())
    }

    fn too_long(&self) -> Refused {
        Refused::CellTooLong { line: self.row.max(1), column: self.column.max(1) }
    }
}

/// What a tag says of its own place: `r="C5"`.
fn place(tag: &[u8]) -> Option<&[u8]> {
    let at = tag.windows(4).position(|part| part == b" r=\"")?;
    let told = &tag[at + 4..];
    told.iter().position(|byte| *byte == b'"').map(|end| &told[..end])
}

/// The number of a column, from its letters.
fn column(place: &[u8]) -> Option<u64> {
    let letters = place.iter().take_while(|byte| byte.is_ascii_uppercase()).take(4);
    let number = letters.fold(0, |number, letter| number * 26 + u64::from(letter - b'A') + 1);
    (number > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(limits: &Limits, text: &str, step: usize) -> Result<Option<u64>, Refused> {
        let mut tags = Tags::new(limits);
        for part in text.as_bytes().chunks(step) {
            tags.take(part)?;
        }
        Ok(tags.too_long)
    }

    #[test]
    fn too_many_cells_and_too_long_texts_are_told_with_their_place() {
        let limits = Limits { cells_max: 3, cell_max: 40, ..Limits::default() };
        let long = "x".repeat(41);
        let many = |cell: &str| format!("<row r=\"2\"/><row>{}</row>", cell.repeat(4));
        for step in [1, 3, 1_000] {
            let refused = Refused::TooManyColumns { line: 3, columns_max: 3 };
            for cell in ["<c><v>1</v></c>", "<c/>", "<x:c r=\"A1\"/>"] {
                assert_eq!(told(&limits, &many(cell), step), Err(refused.clone()), "{cell}");
            }
            let three = format!("<row>{0}</row><row>{0}</row>", "<c><v>1</v></c>".repeat(3));
            assert_eq!(told(&limits, &three, step), Ok(None));
            let cell = format!("<row r=\"7\"><c r=\"B7\"/><c r=\"AB7\"><is><t>{long}</t></is></c>");
            let refused = Refused::CellTooLong { line: 7, column: 28 };
            assert_eq!(told(&limits, &cell, step), Err(refused));
            let shared = format!("<sst><si><t>a</t></si><si><t>{long}</t></si></sst>");
            assert_eq!(told(&limits, &shared, step), Ok(Some(1)));
            let three = "<sst><si/><si><t>a</t></si><x:si/></sst>";
            assert_eq!(told(&Limits { words_max: 3, ..limits }, three, step), Ok(None));
            let few = Limits { words_max: 2, ..limits };
            assert_eq!(told(&few, three, step), Err(Refused::TooManyWords));
            let mut tags = Tags { wanted: Some(1), ..Tags::new(&limits) };
            let sheet = "<row><c><v>1</v></c><c t=\"s\"><v>11</v></c></row>\
                         <row><c/><c t=\"s\"><v>1</v></c></row>";
            let found = sheet.as_bytes().chunks(step).find_map(|part| tags.take(part).err());
            assert_eq!(found, Some(Refused::CellTooLong { line: 2, column: 2 }));
        }
    }
}
