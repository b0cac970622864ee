//! Cards of contacts as a table: one row a card, under headings that are always the same.
//!
//! Whatever dialect a card is written in, the row says who, where and how to reach them. A card
//! that is never closed is a row too, and so are lines that stand in no card, with what is wrong.

mod lines;
mod property;

use std::collections::HashMap;

use encoding_rs::Encoding;

use crate::archive::Unpacked;
use crate::{Damage, How, Limits, Record, Refused, Take};

use lines::{Line, Lines};
use property::{Letters, Property};

/// The headings of the table.
pub(crate) const HEADINGS: [&str; 16] = [
    "Organisation",
    "Department",
    "Contact",
    "Position",
    "Phone",
    "Phone (work)",
    "Phone (mobile)",
    "Phone (home)",
    "Fax",
    "E-mail",
    "Address",
    "City",
    "Website",
    "Birthday",
    "Note",
    "Other",
];
const ORGANISATION: usize = 0;
const DEPARTMENT: usize = 1;
const CONTACT: usize = 2;
const POSITION: usize = 3;
const PHONE: usize = 4;
const PHONE_WORK: usize = 5;
const PHONE_MOBILE: usize = 6;
const PHONE_HOME: usize = 7;
const FAX: usize = 8;
const EMAIL: usize = 9;
const ADDRESS: usize = 10;
const CITY: usize = 11;
const WEBSITE: usize = 12;
const BIRTHDAY: usize = 13;
const NOTE: usize = 14;
const OTHER: usize = 15;

/// Cards may stand within one another so deep; a person has an agent, who may have one.
const DEPTH_MAX: usize = 8;
/// What says nothing about anybody.
const TECHNICAL: [&str; 20] = [
    "VERSION",
    "REV",
    "UID",
    "PRODID",
    "PROFILE",
    "PHOTO",
    "LOGO",
    "SOUND",
    "KEY",
    "AGENT",
    "GEO",
    "TZ",
    "CLASS",
    "MAILER",
    "SORT-STRING",
    "SOURCE",
    "KIND",
    "CLIENTPIDMAP",
    "XML",
    "LABEL",
];
/// What is longer is no word about anybody but a program's own.
const OTHER_BYTES_MAX: usize = 200;

/// Gives the cards of a file away as rows of a table.
pub(crate) fn read(
    packed: &mut dyn Unpacked,
    (encoding, is_said): (&'static Encoding, bool),
    limits: &Limits,
    how: &mut How,
    take: &mut Take<'_>,
) -> Result<(), Refused> {
    how.headings = HEADINGS.map(str::to_owned).to_vec();
    let mut lines = Lines::new(packed.open()?, encoding, limits);
    let letters = Letters { encoding, is_said };
    let mut cards = Cards { open: Vec::new(), stray: None, letters, limits, how, take };
    while let Some(line) = lines.take()? {
        if line.is_blank {
            cards.how.blank_lines += 1;
        } else if !cards.take_line(&line)? {
            return Ok(());
        }
    }
    cards.finish();
    how.lines = lines.count;
    Ok(())
}

/// Cards on their way out.
struct Cards<'r, 't> {
    /// Those that are begun and not ended, the outermost first.
    open: Vec<Card>,
    /// Lines that stand in no card.
    stray: Option<Card>,
    letters: Letters,
    limits: &'r Limits,
    how: &'r mut How,
    take: &'r mut Take<'t>,
}

impl Cards<'_, '_> {
    /// Takes a line in; false once nobody wants more.
    fn take_line(&mut self, line: &Line) -> Result<bool, Refused> {
        let property = Property::of(&line.bytes, self.letters);
        let is = |name: &str| {
            property.as_ref().is_some_and(|property| {
                property.name == name && property.value.trim().eq_ignore_ascii_case("VCARD")
            })
        };
        if is("BEGIN") {
            let mut goes_on = self.give_stray();
            // A card that begins where another has not ended is either the agent of that one, or
            // the end of that one is lost.
            let is_agent = self.open.last().is_some_and(|card| card.awaits_agent);
            if !is_agent || self.open.len() >= DEPTH_MAX {
                goes_on &= self.give_unfinished();
            }
            self.open.push(Card::begun_at(line.place));
            return Ok(goes_on);
        }
        if is("END") && !self.open.is_empty() {
            return Ok(match self.open.pop() {
                Some(card) => self.give(card),
                None => true,
            });
        }
        let limits = self.limits;
        match (self.open.last_mut(), property) {
            (Some(card), Some(property)) => card.take(property, line.place, limits)?,
            (Some(card), None) => card.take_stray(line, self.letters, limits)?,
            (None, _) => {
                let card = self.stray.get_or_insert_with(|| Card::begun_at(line.place));
                card.take_stray(line, self.letters, limits)?;
            }
        }
        Ok(true)
    }

    fn give(&mut self, card: Card) -> bool {
        self.how.give(card.record(), self.take)
    }

    fn give_stray(&mut self) -> bool {
        match self.stray.take() {
            Some(card) => self.give(card),
            None => true,
        }
    }

    fn give_unfinished(&mut self) -> bool {
        let mut goes_on = true;
        for mut card in std::mem::take(&mut self.open) {
            card.note(Damage::Unfinished);
            goes_on &= self.give(card);
        }
        goes_on
    }

    fn finish(&mut self) {
        // Whether anybody wanted more does not matter at the end.
        let _ = self.give_stray() && self.give_unfinished();
    }
}

/// A card as a row.
#[derive(Default)]
struct Card {
    line: u64,
    cells: Vec<String>,
    bytes: usize,
    damage: Vec<Damage>,
    awaits_agent: bool,
    formatted: String,
    name: String,
    /// The label on an envelope, for where there is no address.
    label: String,
    /// Telephones that a label of their group may tell more about.
    phones: Vec<(String, usize, String)>,
    labels: HashMap<String, String>,
}

impl Card {
    fn begun_at(line: u64) -> Self {
        Self { line, cells: vec![String::new(); HEADINGS.len()], ..Self::default() }
    }

    fn note(&mut self, damage: Damage) {
        if !self.damage.contains(&damage) {
            self.damage.push(damage);
        }
    }

    /// Adds to a cell what it does not hold yet.
    fn add(&mut self, column: usize, text: &str) {
        let cell = &mut self.cells[column];
        let text = text.trim();
        if text.is_empty() || cell == text {
            return;
        }
        if !cell.is_empty() {
            cell.push_str("; ");
        }
        cell.push_str(text);
    }

    /// Takes in a line that is no property.
    fn take_stray(
        &mut self,
        line: &Line,
        letters: Letters,
        limits: &Limits,
    ) -> Result<(), Refused> {
        let whole: Vec<u8> = b"NOTE:".iter().chain(&line.bytes).copied().collect();
        let property = Property::of(&whole, letters).unwrap_or_default();
        self.note(Damage::StrayLines);
        self.take(property, line.place, limits)
    }

    fn take(&mut self, property: Property, line: u64, limits: &Limits) -> Result<(), Refused> {
        self.bytes += property.value.len() + property.name.len();
        if self.bytes > limits.record_max || property.value.len() > limits.cell_max {
            return Err(Refused::RecordTooLong { line });
        }
        if property.is_spoilt {
            self.note(Damage::Undecodable);
        }
        if property.value.contains('\0') {
            self.note(Damage::ZeroBytes);
        }
        self.awaits_agent = property.name == "AGENT" && property.value.trim().is_empty();
        match property.name.as_str() {
            "FN" => self.formatted = one_line(&property.text()),
            "N" => self.name = name_of(&property.parts()),
            "ORG" => self.take_organisation(&property.parts()),
            "TITLE" | "ROLE" => self.add(POSITION, &one_line(&property.text())),
            "TEL" => self.take_phone(&property),
            "EMAIL" => self.add(EMAIL, property.text().trim_start_matches("mailto:")),
            "ADR" => self.take_address(&property.parts()),
            "LABEL" => self.label = one_line(&property.text()),
            "URL" => self.add(WEBSITE, &property.text()),
            "BDAY" => self.add(BIRTHDAY, &property.text()),
            "NOTE" => self.add(NOTE, &property.text()),
            "X-ABLABEL" => {
                self.labels.insert(property.group.clone(), property.text().to_uppercase());
            }
            name => {
                let is_word = !TECHNICAL.contains(&name) && !name.starts_with("X-AB");
                let text = one_line(&property.text());
                if is_word && !text.is_empty() && text.len() <= OTHER_BYTES_MAX {
                    self.add(OTHER, &format!("{name}: {text}"));
                }
            }
        }
        Ok(())
    }

    fn take_organisation(&mut self, parts: &[String]) {
        let mut parts = parts.iter().map(|part| one_line(part)).filter(|part| !part.is_empty());
        if let Some(organisation) = parts.next() {
            self.add(ORGANISATION, &organisation);
        }
        for department in parts {
            self.add(DEPARTMENT, &department);
        }
    }

    fn take_phone(&mut self, property: &Property) {
        let text = one_line(&property.text());
        let text = text.strip_prefix("tel:").unwrap_or(&text).replace(";ext=", " ext. ");
        let column = match property {
            property if property.is_of(&["FAX"]) => FAX,
            property if property.is_of(&["CELL", "MOBILE", "IPHONE"]) => PHONE_MOBILE,
            property if property.is_of(&["WORK"]) => PHONE_WORK,
            property if property.is_of(&["HOME"]) => PHONE_HOME,
            _ => PHONE,
        };
        self.phones.push((property.group.clone(), column, text));
    }

    fn take_address(&mut self, parts: &[String]) {
        let part = |place: usize| parts.get(place).map(|part| one_line(part)).unwrap_or_default();
        // Box, room, street, town, region, postcode, country; written from the large to the small.
        let order = [5, 6, 4, 3, 2, 1, 0].map(part);
        let told: Vec<&str> =
            order.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        self.add(ADDRESS, &told.join(", "));
        if self.cells[CITY].is_empty() {
            self.add(CITY, &part(3));
        }
    }

    fn record(mut self) -> Record {
        for (group, column, text) in std::mem::take(&mut self.phones) {
            let label = self.labels.get(&group).map_or("", String::as_str);
            let column = match column {
                PHONE if label.contains("FAX") => FAX,
                PHONE if label.contains("MOBILE") || label.contains("IPHONE") => PHONE_MOBILE,
                PHONE if label.contains("WORK") => PHONE_WORK,
                PHONE if label.contains("HOME") => PHONE_HOME,
                column => column,
            };
            self.add(column, &text);
        }
        if self.cells[ADDRESS].is_empty() {
            let label = std::mem::take(&mut self.label);
            self.add(ADDRESS, &label);
        }
        let has_name = !self.name.is_empty();
        let shown = if self.formatted.is_empty() { self.name } else { self.formatted };
        // A card without an organisation stands for the one it names: a trader, or a firm whose
        // name stands where names of people do.
        let is_alone = self.cells[ORGANISATION].is_empty();
        if is_alone {
            self.cells[ORGANISATION].clone_from(&shown);
        }
        if has_name || (!is_alone && shown != self.cells[ORGANISATION]) {
            self.cells[CONTACT] = shown;
        }
        if self.damage.contains(&Damage::ZeroBytes) {
            self.cells.iter_mut().for_each(|cell| cell.retain(|letter| letter != '\0'));
        }
        Record { number: 0, line: self.line, cells: self.cells, damage: self.damage }
    }
}

/// A person's name out of its parts: family, given, further names.
fn name_of(parts: &[String]) -> String {
    let told: Vec<String> =
        parts.iter().take(3).map(|part| one_line(part)).filter(|part| !part.is_empty()).collect();
    told.join(" ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[cfg(test)]
mod tests;
