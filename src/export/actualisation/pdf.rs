//! The report as pages of A4 whose text can be selected and searched: Noto Sans, which holds
//! Latin and Cyrillic, goes along with the letters that are used.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;

use super::{Document, Sheet};
use crate::values::*;

/// A4 lying, in points.
const PAGE: (f32, f32) = (842.0, 595.0);
const MARGIN: f32 = 36.0;
const SIZE: f32 = 8.5;
const LEADING: f32 = 11.0;
const GAP: f32 = 6.0;
/// Where a figure stands, beside what it is.
const ASIDE: f32 = 260.0;
/// Rows of a part that are printed; a spreadsheet has all.
const ROWS_MAX: usize = 3_000;
/// Lines of one cell that are printed.
const LINES_MAX: usize = 12;
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Writes the report; `rest` is the sentence beneath a part that was cut.
pub(super) fn write(document: &Document, rest: &str) -> Outcome<Vec<u8>> {
    let mut paper = Paper::new()?;
    let document = &printable(document, &paper.plain.face);
    paper.line(&document.title, (15.0, true));
    paper.line(&document.made, (SIZE, false));
    paper.down(GAP);
    for (what, how_much) in &document.figures {
        paper.pair(what, how_much);
    }
    paper.down(GAP);
    paper.text(&document.legend);
    for part in &document.parts {
        paper.table(part, rest);
    }
    paper.finish(&document.title)
}

/// The document in letters that the face has: where it lacks the sign of a currency, by its code.
fn printable(document: &Document, face: &ttf_parser::Face<'_>) -> Document {
    let said = |text: &String| spelled(text, face);
    let row = |row: &Vec<String>| row.iter().map(said).collect();
    let part = |part: &Sheet| Sheet {
        title: said(&part.title),
        columns: part.columns.clone(),
        rows: part.rows.iter().map(row).collect(),
    };
    Document {
        title: said(&document.title),
        made: document.made.clone(),
        legend: said(&document.legend),
        summary: document.summary.clone(),
        figures: document.figures.iter().map(|(what, sum)| (said(what), said(sum))).collect(),
        parts: document.parts.iter().map(part).collect(),
    }
}

fn spelled(text: &str, face: &ttf_parser::Face<'_>) -> String {
    let mut spelled = text.to_owned();
    for currency in Currency::ALL {
        let is_lacking = |sign: char| face.glyph_index(sign).is_none();
        if !currency.sign().chars().any(is_lacking) {
            continue;
        }
        // It stands before the figure in English and behind it in Russian.
        for digit in '0'..='9' {
            let before = format!("{}{digit}", currency.sign());
            spelled = spelled.replace(&before, &format!("{}\u{a0}{digit}", currency.code()));
        }
        spelled = spelled.replace(currency.sign(), currency.code());
    }
    spelled
}

/// A face with the letters used of it so far.
struct Font {
    bytes: &'static [u8],
    face: ttf_parser::Face<'static>,
    used: GlyphRemapper,
    /// What each glyph stands for, by its new number.
    letters: BTreeMap<u16, char>,
}

impl Font {
    fn read(bytes: &'static [u8]) -> Outcome<Self> {
        let face = ttf_parser::Face::parse(bytes, 0).map_err(Error::failure)?;
        Ok(Self { bytes, face, used: GlyphRemapper::new(), letters: BTreeMap::new() })
    }
    fn glyph(&self, letter: char) -> ttf_parser::GlyphId {
        let known = self.face.glyph_index(letter).or_else(|| self.face.glyph_index('?'));
        known.unwrap_or(ttf_parser::GlyphId(0))
    }
    /// In thousandths of the size.
    fn advance(&self, glyph: ttf_parser::GlyphId) -> f32 {
        self.thousandths(f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)))
    }
    fn thousandths(&self, units: f32) -> f32 {
        units * 1_000.0 / f32::from(self.face.units_per_em())
    }
    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.advance(self.glyph(letter))).sum::<f32>() * size / 1_000.0
    }
    fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for letter in text.chars() {
            let new = self.used.remap(self.glyph(letter).0);
            self.letters.entry(new).or_insert(letter);
            bytes.extend(new.to_be_bytes());
        }
        bytes
    }
    /// Words of a text in lines no wider than that.
    fn lines(&self, text: &str, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            for piece in self.pieces(word, width) {
                let Some(line) = lines.last_mut() else { continue };
                let longer =
                    if line.is_empty() { piece.clone() } else { format!("{line} {piece}") };
                if self.width(&longer, SIZE) <= width {
                    *line = longer;
                } else {
                    lines.push(piece);
                }
            }
        }
        lines.truncate(LINES_MAX);
        lines
    }
    /// A word, cut where it alone is wider than the column.
    fn pieces(&self, word: &str, width: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut used = 0.0;
        for letter in word.chars() {
            let wide = self.advance(self.glyph(letter)) * SIZE / 1_000.0;
            if used + wide > width && used > 0.0 {
                pieces.push(String::new());
                used = 0.0;
            }
            used += wide;
            if let Some(piece) = pieces.last_mut() {
                piece.push(letter);
            }
        }
        pieces
    }
}

/// Pages being written, from the top of each down.
struct Paper {
    plain: Font,
    bold: Font,
    pages: Vec<Content>,
    y: f32,
}

impl Paper {
    fn new() -> Outcome<Self> {
        let (plain, bold) = (Font::read(notosans::REGULAR_TTF)?, Font::read(notosans::BOLD_TTF)?);
        let y = PAGE.1 - MARGIN;
        Ok(Self { plain, bold, pages: vec![Content::new()], y })
    }
    fn down(&mut self, points: f32) {
        self.y -= points;
    }
    fn has_room(&self, points: f32) -> bool {
        self.y - points >= MARGIN + LEADING
    }
    fn turn(&mut self) {
        self.pages.push(Content::new());
        self.y = PAGE.1 - MARGIN;
    }
    fn put(&mut self, text: &str, (x, y): (f32, f32), (size, is_bold): (f32, bool)) {
        let font = if is_bold { &mut self.bold } else { &mut self.plain };
        let bytes = font.encode(text);
        let name = if is_bold { Name(b"B") } else { Name(b"R") };
        if let Some(page) = self.pages.last_mut() {
            page.begin_text().set_font(name, size).next_line(x, y);
            page.show(Str(&bytes)).end_text();
        }
    }
    fn rule(&mut self, y: f32) {
        if let Some(page) = self.pages.last_mut() {
            page.set_line_width(0.4).set_stroke_gray(0.7);
            page.move_to(MARGIN, y).line_to(PAGE.0 - MARGIN, y).stroke();
        }
    }
    fn line(&mut self, text: &str, (size, is_bold): (f32, bool)) {
        let leading = size + 3.0;
        if !self.has_room(leading) {
            self.turn();
        }
        self.down(leading);
        self.put(text, (MARGIN, self.y), (size, is_bold));
    }
    /// A sentence or two over the whole width.
    fn text(&mut self, text: &str) {
        for line in self.plain.lines(text, PAGE.0 - 2.0 * MARGIN) {
            self.line(&line, (SIZE, false));
        }
    }
    /// A figure with what it is; either may take several lines.
    fn pair(&mut self, what: &str, how_much: &str) {
        let sides = [
            (MARGIN, false, self.plain.lines(what, ASIDE - GAP)),
            (MARGIN + ASIDE, true, self.bold.lines(how_much, PAGE.0 - 2.0 * MARGIN - ASIDE)),
        ];
        let most = sides.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(1);
        let height = LEADING * most as f32 + 1.0;
        if !self.has_room(height) {
            self.turn();
        }
        let top = self.y - 1.0;
        for (x, is_bold, lines) in &sides {
            for (step, line) in (1_u8..).zip(lines) {
                self.put(line, (*x, top - LEADING * f32::from(step)), (SIZE, *is_bold));
            }
        }
        self.down(height);
    }

    fn table(&mut self, part: &Sheet, rest: &str) {
        let heads: Vec<String> = part.columns.iter().map(|(heading, _)| heading.clone()).collect();
        let whole: f32 = part.columns.iter().map(|(_, width)| f32::from(*width)).sum();
        let room = PAGE.0 - 2.0 * MARGIN;
        let widths: Vec<f32> =
            part.columns.iter().map(|(_, width)| f32::from(*width) * room / whole).collect();
        let rows = &part.rows[..part.rows.len().min(ROWS_MAX)];
        self.down(2.0 * GAP);
        let first: f32 = rows.iter().take(2).map(|cells| self.laid(cells, &widths, false).1).sum();
        if !self.has_room((3.0 * LEADING + first).max(5.0 * LEADING)) {
            self.turn();
        }
        self.line(&part.title, (11.0, true));
        self.row(&heads, &widths, true);
        for (place, cells) in rows.iter().enumerate() {
            // The last row may be what the others add up to: it takes one of them along.
            let last = rows.get(place + 1).filter(|_| place + 2 == rows.len());
            let height = |cells: &[String]| self.laid(cells, &widths, false).1;
            let both = last.map_or(0.0, |last| height(cells) + height(last));
            if !self.has_room(both) || !self.row(cells, &widths, false) {
                self.turn();
                self.row(&heads, &widths, true);
                self.row(cells, &widths, false);
            }
        }
        if part.rows.len() > ROWS_MAX {
            self.line(rest, (SIZE, true));
        }
    }

    /// The cells of a row in lines, and how high it is.
    fn laid(&self, cells: &[String], widths: &[f32], is_head: bool) -> (Vec<Vec<String>>, f32) {
        let font = if is_head { &self.bold } else { &self.plain };
        let lines: Vec<Vec<String>> =
            cells.iter().zip(widths).map(|(text, width)| font.lines(text, width - 4.0)).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1);
        (lines, LEADING * most as f32 + 3.0)
    }

    /// A row of a table; false where it has no room on this page, and then nothing is written.
    fn row(&mut self, cells: &[String], widths: &[f32], is_head: bool) -> bool {
        let (lines, height) = self.laid(cells, widths, is_head);
        if !self.has_room(height) && self.y < PAGE.1 - 3.0 * MARGIN {
            return false;
        }
        let top = self.y;
        let mut x = MARGIN;
        for (lines, width) in lines.iter().zip(widths) {
            for (step, line) in (1_u8..).zip(lines) {
                self.put(line, (x, top - LEADING * f32::from(step)), (SIZE, is_head));
            }
            x += width;
        }
        self.y = top - height;
        self.rule(self.y);
        true
    }

    fn finish(mut self, title: &str) -> Outcome<Vec<u8>> {
        self.number_pages();
        let mut pdf = Pdf::new();
        let mut next = 1;
        let mut fresh = || {
            next += 1;
            Ref::new(next)
        };
        let (catalog, tree, info) = (Ref::new(1), fresh(), fresh());
        let (plain, bold) = (fresh(), fresh());
        let pages: Vec<(Ref, Ref)> = self.pages.iter().map(|_| (fresh(), fresh())).collect();
        pdf.catalog(catalog).pages(tree);
        pdf.document_info(info).title(TextStr(title));
        let count = i32::try_from(pages.len()).map_err(Error::failure)?;
        pdf.pages(tree).kids(pages.iter().map(|(page, _)| *page)).count(count);
        for (content, (id, stream)) in self.pages.into_iter().zip(&pages) {
            let mut page = pdf.page(*id);
            page.media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).parent(tree).contents(*stream);
            let mut resources = page.resources();
            resources.fonts().pair(Name(b"R"), plain).pair(Name(b"B"), bold);
            resources.finish();
            page.finish();
            let packed = pack(&content.finish())?;
            pdf.stream(*stream, &packed).filter(Filter::FlateDecode);
        }
        for (font, id, name) in [(&self.plain, plain, "R"), (&self.bold, bold, "B")] {
            let parts = [fresh(), fresh(), fresh(), fresh()];
            embed(&mut pdf, font, (id, name), parts)?;
        }
        Ok(pdf.finish())
    }

    fn number_pages(&mut self) {
        let count = self.pages.len();
        for place in 0..count {
            let text = format!("{} / {count}", place + 1);
            let bytes = self.plain.encode(&text);
            let x = PAGE.0 - MARGIN - self.plain.width(&text, SIZE);
            if let Some(page) = self.pages.get_mut(place) {
                page.begin_text().set_font(Name(b"R"), SIZE).next_line(x, MARGIN - LEADING);
                page.show(Str(&bytes)).end_text();
            }
        }
    }
}

fn pack(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).map_err(Error::failure)?;
    packer.finish().map_err(Error::failure)
}

/// Writes a face with the letters used, and what they stand for: so the text can be selected.
fn embed(
    pdf: &mut Pdf,
    font: &Font,
    (id, tag): (Ref, &str),
    [cid, descriptor, cmap, file]: [Ref; 4],
) -> Outcome<()> {
    let name = format!("TROIK{tag}+NotoSans-{}", if tag == "B" { "Bold" } else { "Regular" });
    let name = Name(name.as_bytes());
    pdf.type0_font(id)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(cmap);
    let face = &font.face;
    let mut described = pdf.cid_font(cid);
    described.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY);
    described.font_descriptor(descriptor).default_width(0.0);
    described.cid_to_gid_map_predefined(Name(b"Identity"));
    let advances = font.used.remapped_gids().map(|old| font.advance(ttf_parser::GlyphId(old)));
    described.widths().consecutive(0, advances);
    described.finish();
    let bounds = face.global_bounding_box();
    let side = |units: i16| font.thousandths(f32::from(units));
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(
            side(bounds.x_min),
            side(bounds.y_min),
            side(bounds.x_max),
            side(bounds.y_max),
        ))
        .italic_angle(0.0)
        .ascent(side(face.ascender()))
        .descent(side(face.descender()))
        .cap_height(side(face.capital_height().unwrap_or(700)))
        .stem_v(if tag == "B" { 140.0 } else { 80.0 })
        .font_file2(file);
    let mut letters = UnicodeCmap::new(Name(b"Letters"), IDENTITY);
    for (glyph, letter) in &font.letters {
        letters.pair(*glyph, *letter);
    }
    let letters = pack(&letters.finish())?;
    pdf.cmap(cmap, &letters).filter(Filter::FlateDecode);
    let subset = subsetter::subset(font.bytes, 0, &font.used).map_err(Error::failure)?;
    let packed = pack(&subset)?;
    pdf.stream(file, &packed).filter(Filter::FlateDecode);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::format;

    /// How many texts stand on each page beneath a title, of a table that has so many rows.
    fn texts_of_pages(rows: usize) -> Vec<usize> {
        let mut paper = Paper::new().expect("paper");
        let sheet = Sheet {
            title: "Встреча".to_owned(),
            columns: vec![("За что".to_owned(), 90)],
            rows: (1..=rows).map(|number| vec![format!("Строка {number}")]).collect(),
        };
        paper.table(&sheet, "");
        let texts = |page: Content| page.finish().windows(3).filter(|at| *at == b"BT\n").count();
        paper.pages.into_iter().map(texts).collect()
    }

    #[test]
    fn what_rows_add_up_to_never_stands_alone_on_a_page() {
        let mut turned = 0;
        for rows in 1..=120 {
            let pages = texts_of_pages(rows);
            let heads = pages.len() + 1;
            assert_eq!(pages.iter().sum::<usize>(), rows + heads, "{rows}: {pages:?}");
            if let [_, .., last] = pages.as_slice() {
                turned += 1;
                assert!(*last >= 3, "{rows}: a heading and two rows at least: {pages:?}");
            }
        }
        assert!(turned > 60, "{turned} tables went over a page");
    }

    #[test]
    fn a_figure_that_is_a_sentence_is_cut_into_lines_within_the_page() {
        let mut paper = Paper::new().expect("paper");
        let before = paper.y;
        paper.pair("Фирма", &"Общество с ограниченной ответственностью ".repeat(6));
        let page = paper.pages.remove(0).finish();
        let lines = page.windows(3).filter(|at| *at == b"BT\n").count();
        assert!(lines >= 3, "the name alone takes two lines: {lines}");
        assert!(before - paper.y > 2.0 * LEADING);
    }

    #[test]
    fn a_sum_of_any_currency_is_printed_in_letters_that_the_faces_have() {
        let fonts = [notosans::REGULAR_TTF, notosans::BOLD_TTF];
        for face in fonts.map(|bytes| Font::read(bytes).expect("a face").face) {
            for currency in Currency::ALL {
                for lang in [Lang::Ru, Lang::En] {
                    let sum = format::money(lang, Money::new(-822_000, currency));
                    let printed = spelled(&sum, &face);
                    let lacks = printed.chars().find(|one| face.glyph_index(*one).is_none());
                    assert_eq!(lacks, None, "{sum}: {printed}");
                }
            }
            let rouble = |lang| spelled(&format::money(lang, Money::new(50, Currency::Rub)), &face);
            if face.glyph_index('₽').is_none() {
                assert_eq!(rouble(Lang::Ru), "0,50\u{a0}RUB");
                assert_eq!(rouble(Lang::En), "RUB\u{a0}0.50");
            }
        }
    }
}
