//! Rows of cells in a text, so that nothing is swallowed.
//!
//! A quote that is never closed, that meets its like in the middle of nowhere, or that would run
//! over very many lines is an ordinary letter: it must not turn the rest of a file into one cell.

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use crate::text::Text;
use crate::{Damage, How, Limits, Record, Refused, Take};

/// The delimiters there are.
pub const DELIMITERS: [char; 4] = [';', ',', '\t', '|'];
/// A quoted cell may run over so many lines; a real note does not run over more.
const QUOTED_LINES_MAX: usize = 100;
/// Text looked at to tell a delimiter.
const SAMPLE_BYTES: usize = 256 << 10;
/// Rows looked at to tell a delimiter.
const SAMPLE_ROWS: usize = 50;

/// How the rows of a text are cut.
#[derive(Debug, Clone, Copy)]
struct Cut {
    delimiter: u8,
    /// False where no quote may run over the end of its line.
    is_spanning: bool,
    limits: Limits,
}

/// A row off the front of a text.
struct Row {
    cells: Vec<String>,
    /// Bytes it took, its end of line included.
    bytes: usize,
    lines: u64,
    has_lone_quote: bool,
    /// True where a cell in quotes ran over an end of line.
    is_spanning: bool,
}

/// What stands at the front of a text.
enum Front {
    Row(Row),
    /// The text must go on before that can be told.
    More,
}

/// A cell off the front of a text.
enum Quoted<'a> {
    /// In quotes, to what follows it.
    Closed(String, &'a str),
    /// Its quote is a letter.
    Letter,
    More,
}

/// The rows of a whole text whose cells are parted by `delimiter`. Lines without any character are
/// no rows.
pub fn rows(text: &str, delimiter: char) -> impl Iterator<Item = Vec<String>> {
    numbered_rows(text, delimiter).map(|(_, cells)| cells)
}

/// The same, each with the number a spreadsheet shows beside it: lines without any character count,
/// and a row whose cells run over ends of lines is one.
pub fn numbered_rows(text: &str, delimiter: char) -> impl Iterator<Item = (usize, Vec<String>)> {
    let cut = Cut::new(delimiter, Limits::unbounded());
    let (mut rest, mut number) = (text, 0);
    std::iter::from_fn(move || {
        let next = rest.trim_start_matches(['\n', '\r']);
        number += usize::try_from(line_ends(&rest[..rest.len() - next.len()])).unwrap_or(0) + 1;
        rest = next;
        if rest.is_empty() {
            return None;
        }
        let Ok(Front::Row(row)) = cut.front(rest, true, 0) else { return None };
        rest = &rest[row.bytes..];
        Some((number, row.cells))
    })
}

/// Tells the delimiter: the one that cuts the first rows most evenly into most cells.
pub fn delimiter_of(text: &str) -> char {
    named_delimiter(text).map_or_else(|| usual(text, true).0, |(delimiter, _)| delimiter)
}

/// The delimiter a first line such as `sep=;` names, and the bytes of that line.
fn named_delimiter(text: &str) -> Option<(char, usize)> {
    let line = &text[..memchr2(b'\n', b'\r', text.as_bytes()).unwrap_or(text.len())];
    let bare = line.trim().trim_matches('"');
    let named = bare.strip_prefix("sep=").or_else(|| bare.strip_prefix("SEP="))?;
    // The tab of «sep=⇥» goes with the blanks around.
    let delimiter = named.chars().next().unwrap_or('\t');
    let is_all = named.chars().count() <= 1;
    (is_all && DELIMITERS.contains(&delimiter)).then_some((delimiter, line.len()))
}

/// The delimiter that cuts most evenly, and how many cells it usually makes.
fn usual(text: &str, is_whole: bool) -> (char, usize) {
    let mut best = ((0, false), ';', 0);
    for delimiter in DELIMITERS {
        let (score, width) = evenness(text, delimiter, is_whole);
        let rank = (score, delimiter == ';');
        if rank > best.0 {
            best = (rank, delimiter, width);
        }
    }
    (best.1, best.2)
}

/// How evenly a delimiter cuts the first rows, and into how many cells.
fn evenness(text: &str, delimiter: char, is_whole: bool) -> (usize, usize) {
    let widths = widths(text, delimiter, is_whole);
    let common = |width: usize| widths.iter().filter(|w| **w == width).count();
    let usual = widths.iter().copied().max_by_key(|width| common(*width)).unwrap_or(0);
    if usual < 2 {
        return (0, usual);
    }
    (common(usual) * 100 / widths.len() * 10 + usual.min(100), usual)
}

/// How many cells the first rows have.
fn widths(text: &str, delimiter: char, is_whole: bool) -> Vec<usize> {
    let cut = Cut::new(delimiter, Limits::default());
    let (mut rest, mut widths) = (text, Vec::new());
    while widths.len() < SAMPLE_ROWS {
        rest = rest.trim_start_matches(['\n', '\r']);
        if rest.is_empty() {
            break;
        }
        let Ok(Front::Row(row)) = cut.front(rest, is_whole, 0) else { break };
        rest = &rest[row.bytes..];
        widths.push(row.cells.len());
    }
    widths
}

impl Cut {
    fn new(delimiter: char, limits: Limits) -> Self {
        let delimiter = u8::try_from(delimiter).unwrap_or(b';');
        Self { delimiter, is_spanning: true, limits }
    }

    /// The row at the front of a text that does not begin with an end of line.
    fn front(self, text: &str, is_whole: bool, line: u64) -> Result<Front, Refused> {
        let mut row =
            Row { cells: vec![], bytes: 0, lines: 1, has_lone_quote: false, is_spanning: false };
        let mut rest = text;
        loop {
            let cell = match self.quoted(rest, is_whole) {
                Quoted::More => return Ok(Front::More),
                Quoted::Closed(cell, after) => {
                    let lines = line_ends(&rest[..rest.len() - after.len()]);
                    row.is_spanning |= lines > 0;
                    row.lines += lines;
                    rest = after;
                    cell
                }
                Quoted::Letter => {
                    let bytes = rest.as_bytes();
                    let Some(end) = self.end_of_cell(bytes, is_whole) else {
                        let column = row.cells.len() as u64 + 1;
                        self.check_cell(rest.len(), line, column)?;
                        return Ok(Front::More);
                    };
                    let cell = &rest[..end];
                    row.has_lone_quote |= cell.starts_with('"')
                        && memchr_iter(b'"', cell.as_bytes()).count() % 2 == 1;
                    rest = &rest[end..];
                    cell.to_owned()
                }
            };
            self.check_cell(cell.len(), line, row.cells.len() as u64 + 1)?;
            row.cells.push(cell);
            if row.cells.len() > self.limits.cells_max {
                let columns_max = self.limits.cells_max as u64;
                return Err(Refused::TooManyColumns { line, columns_max });
            }
            if text.len() - rest.len() > self.limits.record_max {
                return Err(Refused::RecordTooLong { line });
            }
            match rest.as_bytes() {
                [] if !is_whole => return Ok(Front::More),
                [] => break,
                [first, ..] if *first == self.delimiter => rest = &rest[1..],
                [b'\r'] if !is_whole => return Ok(Front::More),
                [b'\r', b'\n', ..] => {
                    rest = &rest[2..];
                    break;
                }
                _ => {
                    rest = &rest[1..];
                    break;
                }
            }
        }
        row.bytes = text.len() - rest.len();
        Ok(Front::Row(row))
    }

    fn check_cell(self, bytes: usize, line: u64, column: u64) -> Result<(), Refused> {
        let is_long = bytes > self.limits.cell_max;
        if is_long { Err(Refused::CellTooLong { line, column }) } else { Ok(()) }
    }

    /// Where a cell without quotes ends; `None` where that cannot be told yet.
    fn end_of_cell(self, bytes: &[u8], is_whole: bool) -> Option<usize> {
        let found = memchr3(self.delimiter, b'\n', b'\r', bytes);
        found.or_else(|| is_whole.then_some(bytes.len()))
    }

    /// The cell in quotes at the front of a text.
    fn quoted(self, text: &str, is_whole: bool) -> Quoted<'_> {
        let Some(inner) = text.strip_prefix('"') else { return Quoted::Letter };
        let bytes = inner.as_bytes();
        let mut cell = String::new();
        let (mut from, mut lines) = (0, 0);
        loop {
            let found = memchr(b'"', &bytes[from..]).map(|at| from + at);
            let part = &inner[from..found.unwrap_or(bytes.len())];
            lines += line_ends(part);
            let is_long = cell.len() + part.len() > self.limits.cell_max;
            if lines > if self.is_spanning { QUOTED_LINES_MAX as u64 } else { 0 } || is_long {
                return Quoted::Letter;
            }
            let Some(at) = found else {
                return if is_whole { Quoted::Letter } else { Quoted::More };
            };
            cell.push_str(part);
            let rest = &inner[at + 1..];
            if let Some(rest) = rest.strip_prefix('"') {
                cell.push('"');
                from = inner.len() - rest.len();
                continue;
            }
            let rest = rest.trim_start_matches(' ');
            return match rest.as_bytes().first() {
                None if !is_whole => Quoted::More,
                None | Some(b'\n' | b'\r') => Quoted::Closed(cell, rest),
                Some(first) if *first == self.delimiter => Quoted::Closed(cell, rest),
                // «"Ромашка" ООО» was written without a spreadsheet: its quotes are letters. So is
                // a quote left open, which meets the next one in the middle of nowhere.
                Some(_) => Quoted::Letter,
            };
        }
    }
}

/// Ends of lines in a text, whatever they are made of.
fn line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let feeds = memchr_iter(b'\n', bytes).count();
    let returns = memchr_iter(b'\r', bytes);
    let alone = returns.filter(|at| bytes.get(at + 1) != Some(&b'\n')).count();
    (feeds + alone) as u64
}

/// Gives the rows of a text away, one by one, holding no more of it than a row needs.
pub(crate) fn read(
    mut source: Text<'_>,
    said: Option<char>,
    limits: Limits,
    how: &mut How,
    take: &mut Take<'_>,
) -> Result<(), Refused> {
    let mut text = String::new();
    fill(&mut source, &mut text, SAMPLE_BYTES)?;
    let named = named_delimiter(&text);
    let begin = named.map_or(0, |(_, bytes)| bytes);
    let (guessed, _) = match named {
        Some((delimiter, _)) => (delimiter, 0),
        None => usual(&text, source.is_end()),
    };
    let delimiter = said.unwrap_or(guessed);
    let (_, width) = evenness(&text[begin..], delimiter, source.is_end());
    how.delimiter = Some(delimiter);
    let mut reader = Reader { source, text, at: begin, line: 1, cut: Cut::new(delimiter, limits) };
    if begin > 0 {
        how.blank_lines += 1;
        // A text may end with that line.
        reader.line += u64::from(!reader.skip_end_of_line()?);
    }
    reader.run(width, how, take)
}

fn fill(source: &mut Text<'_>, text: &mut String, wanted: usize) -> Result<bool, Refused> {
    source.fill(text, wanted).map_err(|cause| crate::source::refused(&cause))
}

/// A text that is gone through, with a window on it.
struct Reader<'a> {
    source: Text<'a>,
    text: String,
    /// Where in the window the next row begins.
    at: usize,
    line: u64,
    cut: Cut,
}

impl Reader<'_> {
    /// Widens the window: by as much again as was not enough, so that a long row costs no more
    /// than twice its length. False where the text has ended.
    fn widen(&mut self) -> Result<bool, Refused> {
        self.text.drain(..self.at);
        self.at = 0;
        let wanted = self.text.len().max(SAMPLE_BYTES);
        fill(&mut self.source, &mut self.text, wanted)
    }

    fn run(&mut self, width: usize, how: &mut How, take: &mut Take<'_>) -> Result<(), Refused> {
        loop {
            while self.skip_end_of_line()? {
                how.blank_lines += 1;
            }
            if self.at == self.text.len() {
                if self.widen()? {
                    continue;
                }
                how.lines = self.line - 1;
                return Ok(());
            }
            let Some(row) = self.take_row(width)? else { continue };
            let (line, raw) = (self.line, &self.text[self.at..self.at + row.bytes]);
            let mut damage = Vec::new();
            if row.has_lone_quote {
                damage.push(Damage::LoneQuote);
            }
            let has_zeros = memchr(0, raw.as_bytes()).is_some();
            if has_zeros {
                damage.push(Damage::ZeroBytes);
            }
            if raw.contains('\u{fffd}') {
                damage.push(Damage::Undecodable);
            }
            let mut cells = row.cells;
            if has_zeros {
                cells.iter_mut().for_each(|cell| cell.retain(|letter| letter != '\0'));
            }
            self.at += row.bytes;
            self.line += row.lines;
            if !how.give(Record { number: 0, line, cells, damage }, take) {
                return Ok(());
            }
        }
    }

    /// The row at the front; `None` where the window had to be widened for it.
    fn take_row(&mut self, width: usize) -> Result<Option<Row>, Refused> {
        let is_whole = self.source.is_end();
        let rest = &self.text[self.at..];
        let row = match self.cut.front(rest, is_whole, self.line)? {
            Front::Row(row) => row,
            Front::More => {
                if rest.len() > self.cut.limits.record_max * 2 {
                    return Err(Refused::RecordTooLong { line: self.line });
                }
                self.widen()?;
                return Ok(None);
            }
        };
        if row.is_spanning && width > 1 {
            let first = self.by_lines(&rest[..row.bytes], (row.cells.len(), width))?;
            if let Some(first) = first {
                return Ok(Some(Row { has_lone_quote: true, ..first }));
            }
        }
        Ok(Some(row))
    }

    /// A quote left open may meet the quote of another row, and the two rows become one. That is
    /// told by the width: the rows have one that is not theirs, and line by line the right one; or
    /// every line of them has it. Answers the first line as a row where that is so.
    fn by_lines(&self, text: &str, (width, usual): (usize, usize)) -> Result<Option<Row>, Refused> {
        let by_line = Cut { is_spanning: false, ..self.cut };
        let Front::Row(first) = by_line.front(text, true, self.line)? else { return Ok(None) };
        if first.cells.len() != usual {
            return Ok(None);
        }
        let mut rest = &text[first.bytes..];
        while width == usual && !rest.is_empty() {
            let Front::Row(next) = by_line.front(rest, true, self.line)? else { return Ok(None) };
            // Two cells in each line of a note are nothing rare, three are.
            if next.cells.len() != usual || usual < 3 {
                return Ok(None);
            }
            rest = &rest[next.bytes..];
        }
        Ok(Some(first))
    }

    /// Takes an end of line off the front; false where none stands there.
    fn skip_end_of_line(&mut self) -> Result<bool, Refused> {
        if self.text.len() - self.at < 2 && !self.source.is_end() {
            self.widen()?;
        }
        let taken = match &self.text.as_bytes()[self.at..] {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => return Ok(false),
        };
        self.at += taken;
        self.line += 1;
        Ok(true)
    }
}

impl Limits {
    /// Nothing is too long: for texts that are held whole anyway.
    fn unbounded() -> Self {
        let all = usize::MAX;
        Self { cell_max: all, cells_max: all, record_max: all, ..Self::default() }
    }
}

impl How {
    /// Gives a record away under its number.
    pub(crate) fn give(&mut self, mut record: Record, take: &mut Take<'_>) -> bool {
        self.records += 1;
        self.damaged += u64::from(!record.damage.is_empty());
        self.width = self.width.max(record.cells.len() as u64);
        record.number = self.records;
        take(record)
    }
}

#[cfg(test)]
mod tests;
