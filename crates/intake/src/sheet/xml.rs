//! The XML of a workbook, event by event: attributes, texts and the letters they stand for.

use std::borrow::Cow;
use std::io::{BufRead, BufReader};

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::broken;
use crate::{Bytes, Format, Refused, archive};

/// Bytes of a part that are asked for at once.
const PART_BYTES: usize = 64 << 10;
/// What a text may have around it that is none of it.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];
/// Letters of `_x000D_`.
const ESCAPE_BYTES: usize = 7;

/// Why a part makes no sense.
pub(super) fn spoilt<E>(_: E) -> Refused {
    broken(Format::Xlsx)
}

/// A part of a workbook by its place in the archive.
pub(super) fn open<S: Bytes>(
    archive: &mut ZipArchive<S>,
    place: usize,
) -> Result<Reader<BufReader<ZipFile<'_, S>>>, Refused> {
    let file = archive.by_index(place).map_err(archive::spoilt)?;
    Ok(reader(BufReader::with_capacity(PART_BYTES, file)))
}

/// Reads what other programs write, who are not strict.
pub(super) fn reader<R: BufRead>(source: R) -> Reader<R> {
    let mut reader = Reader::from_reader(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.trim_text(false);
    config.check_comments = false;
    config.expand_empty_elements = true;
    reader
}

/// What a tag says under a name.
pub(super) fn attribute<'t>(
    tag: &'t BytesStart<'_>,
    name: &str,
) -> Result<Option<&'t str>, Refused> {
    for told in attributes(tag) {
        let (key, value) = told?;
        if key == name {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// What a tag says, as it is written.
pub(super) fn attributes<'t>(
    tag: &'t BytesStart<'_>,
) -> impl Iterator<Item = Result<(&'t str, &'t str), Refused>> {
    let mut rest = tag.attributes_raw();
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let told = first_attribute(rest);
        rest = told.map_or("", |(_, after)| after);
        Some(told.map(|(told, _)| told).ok_or_else(|| spoilt(())))
    })
}

/// The first attribute of a text, and what is behind it.
fn first_attribute(text: &str) -> Option<((&str, &str), &str)> {
    let (key, rest) = text.split_once('=')?;
    let rest = rest.trim_ascii_start();
    let quote = rest.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    let (value, rest) = rest[1..].split_once(quote)?;
    Some(((key.trim_ascii_end(), value), rest))
}

/// Adds the letters up to the end of a tag that has begun.
pub(super) fn letters<R: BufRead>(
    source: &mut Reader<R>,
    name: &str,
    buffer: &mut Vec<u8>,
    text: &mut String,
) -> Result<(), Refused> {
    loop {
        buffer.clear();
        match source.read_event_into(buffer).map_err(spoilt)? {
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(sign) => text.push_str(&sign_of(&sign)?),
            Event::End(tag) if tag.local_name().as_ref() == name => return Ok(()),
            Event::Eof => return Err(spoilt(())),
            _ => {}
        }
    }
}

/// What `&amp;` or `&#65;` stands for.
fn sign_of(sign: &BytesRef<'_>) -> Result<Cow<'static, str>, Refused> {
    if let Some(known) = resolve_xml_entity(sign.as_ref()) {
        return Ok(known.into());
    }
    let letter = sign.resolve_char_ref().map_err(spoilt)?.ok_or_else(|| spoilt(()))?;
    Ok(letter.to_string().into())
}

/// The text of a cell, or of a word that cells share, up to the end of its tag: all its runs
/// together, without what only says how they are read aloud.
pub(super) fn text_of<R: BufRead>(
    source: &mut Reader<R>,
    name: &str,
    buffer: &mut Vec<u8>,
    text: &mut String,
) -> Result<(), Refused> {
    text.clear();
    let mut is_aloud = false;
    loop {
        buffer.clear();
        let is_kept = match source.read_event_into(buffer).map_err(spoilt)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "rPh" => {
                    is_aloud = true;
                    continue;
                }
                "t" if !is_aloud => attribute(&tag, "xml:space")? == Some("preserve"),
                _ => continue,
            },
            Event::End(tag) if tag.local_name().as_ref() == name => return Ok(()),
            Event::End(tag) if tag.local_name().as_ref() == "rPh" => {
                is_aloud = false;
                continue;
            }
            Event::Eof => return Err(spoilt(())),
            _ => continue,
        };
        let from = text.len();
        letters(source, "t", buffer, text)?;
        tidy(text, from, is_kept);
    }
}

/// Trims what was added from a place on, and puts letters for what stands for them.
fn tidy(text: &mut String, from: usize, is_kept: bool) {
    if !is_kept {
        text.truncate(from + text[from..].trim_end_matches(BLANKS).len());
        let blanks = text.len() - from - text[from..].trim_start_matches(BLANKS).len();
        text.replace_range(from..from + blanks, "");
    }
    if let Cow::Owned(meant) = unescaped(&text[from..]) {
        text.truncate(from);
        text.push_str(&meant);
    }
}

/// A text with the letters that `_x000D_` and the like stand for: units of UTF-16 in four digits.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    let find = |text: &str| {
        let mut places = text.match_indices("_x");
        places.find_map(|(at, _)| Some((at, unit(&text[at..])?)))
    };
    let Some(mut found) = find(text) else { return Cow::Borrowed(text) };
    let (mut meant, mut rest) = (String::with_capacity(text.len()), text);
    loop {
        let (at, first) = found;
        meant.push_str(&rest[..at]);
        rest = &rest[at + ESCAPE_BYTES..];
        let is_first = (0xd800..0xdc00).contains(&first);
        let second = unit(rest).filter(|unit| is_first && (0xdc00..0xe000).contains(unit));
        if second.is_some() {
            rest = &rest[ESCAPE_BYTES..];
        }
        let letters = char::decode_utf16([Some(first), second].into_iter().flatten());
        meant.extend(letters.map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)));
        match find(rest) {
            Some(next) => found = next,
            None => break,
        }
    }
    meant.push_str(rest);
    Cow::Owned(meant)
}

/// The unit that a text begins with, as `_x000D_`.
fn unit(text: &str) -> Option<u16> {
    let [b'_', b'x', digits @ .., b'_'] = text.as_bytes().first_chunk::<ESCAPE_BYTES>()? else {
        return None;
    };
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> Result<String, Refused> {
        let xml = format!("<is>{xml}</is>");
        let mut source = reader(xml.as_bytes());
        let (mut buffer, mut text) = (Vec::new(), String::new());
        source.read_event_into(&mut buffer).expect("the first tag");
        text_of(&mut source, "is", &mut buffer, &mut text)?;
        Ok(text)
    }

    #[test]
    fn a_text_is_all_its_runs_with_the_letters_that_signs_stand_for() {
        for (xml, expected) in [
            ("", ""),
            ("<t/>", ""),
            ("<t>Лён</t>", "Лён"),
            ("<x:t>\n Лён </x:t>", "Лён"),
            ("<t xml:space=\"preserve\"> Лён </t>", " Лён "),
            ("<r><t>Лён</t></r><r><rPr/><t xml:space='preserve'> и</t></r>", "Лён и"),
            ("<t>漢</t><rPh sb=\"0\"><t>かん</t></rPh><t>字</t>", "漢字"),
            ("<t>a&amp;&lt;&#65;&#x42;<![CDATA[<c>]]></t>", "a&<AB<c>"),
            ("<t>a_x000D_b__x0041__x_x0042_</t>", "a\rb_A_xB"),
            ("<t>_xD83D__xDE00__xD83D_!_x005F_x0041_</t>", "😀\u{fffd}!_x0041_"),
            ("<t>_x00g1_ _x12</t>", "_x00g1_ _x12"),
        ] {
            assert_eq!(text(xml), Ok(expected.to_owned()), "{xml}");
        }
        for xml in ["<t>&nothing;</t>", "<t>&#xD800;</t>"] {
            assert!(text(xml).is_err(), "{xml}");
        }
    }

    #[test]
    fn what_a_tag_says_is_read_however_it_is_quoted() {
        let said = |tag: &str| -> Result<Vec<String>, Refused> {
            let tag = BytesStart::from_content(tag.to_owned(), 1);
            let told =
                attributes(&tag).map(|told| told.map(|(key, value)| format!("{key}:{value}")));
            told.collect()
        };
        let told = said("c r = \"A1\" x:s='\"2\"'\n t=\"\"").expect("read");
        assert_eq!(told, ["r:A1", "x:s:\"2\"", "t:"]);
        for spoilt in ["c r", "c r=A1", "c r=\"A1"] {
            assert!(said(spoilt).is_err(), "{spoilt}");
        }
    }
}
