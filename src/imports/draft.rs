//! A row of a file as a company, or why it cannot be one.

use std::fmt::Write as _;

use linkage::cells as damaged;
use linkage::normalise::{self, IdentifierProblem};
use sha2::{Digest, Sha256};

use super::cells::unguard;
use super::columns::Meaning;
use crate::companies::alike::Remark;
use crate::companies::{NewCompany, NewContact, NewPhone, PARTS_MAX, TEXT_MAX, zones};
use crate::values::phone;

/// The longest cell a spreadsheet can hold; a longer one is a broken file.
const CELL_MAX: usize = 32_767;
/// The longest value quoted in a remark.
const QUOTED_MAX: usize = 60;
/// What people write where there is nothing.
const NOTHING: [&str; 10] =
    ["-", "—", "–", "нет", "н/д", "n/a", "null", "none", "не указано", "отсутствует"];

/// How the rows of a file are read.
#[derive(Debug, Clone)]
pub struct Shape {
    /// What each column means.
    pub meanings: Vec<Meaning>,
    /// The heading of each column; empty where the file has none.
    pub header: Vec<String>,
    /// The country whose local numbers are understood.
    pub country: &'static str,
}

/// A row as a company.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Its place among the rows, from 1.
    pub line: i64,
    /// What it says.
    pub company: NewCompany,
    /// True when the tax number was valid only after a repair.
    pub is_tax_id_repaired: bool,
    /// Why it cannot be used; empty when it can.
    pub faults: Vec<Remark>,
    /// What is worth knowing about it.
    pub remarks: Vec<Remark>,
    /// A digest of what it says, whatever the file.
    pub digest: String,
}

impl Draft {
    /// Reads a row.
    pub fn read(line: i64, cells: &[String], shape: &Shape) -> Self {
        let mut draft = Self { line, ..Self::default() };
        if let Some(fault) = fault_of_row(cells, shape) {
            draft.faults.push(fault);
            draft.digest = digest(cells);
            return draft;
        }
        let row = Row { cells, shape };
        draft.read_names(&row);
        draft.read_identifiers(&row);
        draft.read_place(&row);
        draft.read_phones(&row);
        draft.read_web(&row);
        draft.read_person(&row);
        draft.company.industry = draft.kept(row.one(Meaning::Industry));
        draft.digest = digest(&draft.said());
        draft
    }

    fn read_names(&mut self, row: &Row<'_>) {
        let (short, full) = (row.one(Meaning::Name), row.one(Meaning::FullName));
        let name = short.clone().or_else(|| full.clone()).unwrap_or_default();
        if !name.chars().any(char::is_alphanumeric) {
            self.faults.push(Remark::new("no-name"));
        } else if name.chars().count() > TEXT_MAX {
            self.faults.push(Remark::about("name-too-long", quoted(&name)));
        }
        self.company.name = name;
        self.company.full_name = self.kept(full.filter(|_| short.is_some()));
    }

    fn read_identifiers(&mut self, row: &Row<'_>) {
        if let Some(text) = row.one(Meaning::TaxId) {
            self.read_tax_id(&text);
        }
        if let Some(text) = row.one(Meaning::Kpp) {
            match normalise::kpp(&text) {
                Ok(kpp) => self.company.kpp = Some(kpp.text()),
                Err(_) => self.remarks.push(Remark::about("kpp-invalid", quoted(&text))),
            }
        }
        if let Some(text) = row.one(Meaning::Ogrn) {
            match normalise::ogrn(&text) {
                Ok(ogrn) => self.company.ogrn = Some(ogrn.digits()),
                Err(_) => self.remarks.push(Remark::about("ogrn-invalid", quoted(&text))),
            }
        }
    }

    fn read_tax_id(&mut self, text: &str) {
        match normalise::tax_id(text) {
            Ok(tax_id) => self.company.tax_id = Some(tax_id.digits()),
            Err(IdentifierProblem::Empty) => {}
            Err(IdentifierProblem::Repaired { value, .. }) => {
                self.company.tax_id = Some(value.digits());
                self.is_tax_id_repaired = true;
                self.remarks.push(Remark::about("tax-id-repaired", value.digits()));
            }
            Err(IdentifierProblem::Characters) => {
                self.remarks.push(Remark::about("tax-id-foreign", quoted(text)));
            }
            Err(problem) => {
                let code = format!("tax-id-{}", problem.code().replace('_', "-"));
                self.faults.push(Remark::about(code, quoted(text)));
            }
        }
    }

    fn read_place(&mut self, row: &Row<'_>) {
        let address = row.one(Meaning::Address);
        let city = row.one(Meaning::City).map(|text| bare_city(&text));
        self.company.city = self.kept(city.or_else(|| address.as_deref().and_then(city_of)));
        self.company.address = self.kept(address);
    }

    fn read_phones(&mut self, row: &Row<'_>) {
        let area = self.company.city.as_deref().and_then(zones::area_code);
        let mut unread = Vec::new();
        for cell in row.all(Meaning::Phones) {
            for found in phone::read_cell_near(&cell, row.shape.country, area) {
                match found.read {
                    Ok(phone) => self.take_phone(phone, found.label),
                    Err(problem) => {
                        unread.push(Remark::about(problem.code(), quoted(&found.text)));
                    }
                }
            }
        }
        let is_reachable = !self.company.phones.is_empty()
            || self.company.tax_id.is_some()
            || !row.all(Meaning::Emails).is_empty()
            || row.one(Meaning::Website).is_some();
        if is_reachable { &mut self.remarks } else { &mut self.faults }.append(&mut unread);
    }

    fn take_phone(&mut self, phone: phone::Phone, label: Option<String>) {
        if phone.is_dummy() {
            self.remarks.push(Remark::about("phone-dummy", phone.shown()));
        }
        let is_known = self.company.phones.iter().any(|known| known.phone == phone);
        if !is_known && self.company.phones.len() < PARTS_MAX {
            self.company.phones.push(NewPhone { phone, label });
        }
    }

    fn read_web(&mut self, row: &Row<'_>) {
        for cell in row.all(Meaning::Emails) {
            for piece in damaged::split_many(&cell) {
                match normalise::email(piece) {
                    Ok(email) if self.company.emails.len() < PARTS_MAX => {
                        let address = email.address();
                        if !self.company.emails.contains(&address) {
                            self.company.emails.push(address);
                        }
                    }
                    Ok(_) => {}
                    Err(_) => self.remarks.push(Remark::about("email-invalid", quoted(piece))),
                }
            }
        }
        if let Some(text) = row.one(Meaning::Website) {
            let mut pieces = text.split([' ', ',', ';']).filter(|piece| !piece.is_empty());
            match pieces.find_map(|piece| normalise::web_domain(piece).ok()) {
                Some(domain) => self.company.website = Some(domain.host().to_owned()),
                None => self.remarks.push(Remark::about("site-invalid", quoted(&text))),
            }
        }
    }

    fn read_person(&mut self, row: &Row<'_>) {
        let Some(name) = row.one(Meaning::Person) else { return };
        if !name.chars().any(char::is_alphabetic) || name.chars().count() > TEXT_MAX {
            self.remarks.push(Remark::about("person-invalid", quoted(&name)));
            return;
        }
        let heading = row.heading(Meaning::Person).filter(|text| decides(text));
        let role = self.kept(row.one(Meaning::Role).or(heading));
        let is_decision_maker = role.as_deref().is_some_and(decides);
        self.company.contacts.push(NewContact { name, role, is_decision_maker });
    }

    /// A text as it is kept: one that is too long is cut, and that is told.
    fn kept(&mut self, text: Option<String>) -> Option<String> {
        let text = text?;
        if text.chars().count() <= TEXT_MAX {
            return Some(text);
        }
        self.remarks.push(Remark::about("text-cut", quoted(&text)));
        Some(text.chars().take(TEXT_MAX).collect())
    }

    /// What the row says, in one order whatever the order of its columns.
    fn said(&self) -> Vec<String> {
        let new = &self.company;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let phones: Vec<String> =
            new.phones.iter().map(|p| format!("{}{:?}", p.phone.e164, p.phone.extension)).collect();
        let people: Vec<String> =
            new.contacts.iter().map(|c| format!("{}{:?}", c.name, c.role)).collect();
        vec![
            new.name.to_lowercase(),
            text(&new.full_name).to_lowercase(),
            text(&new.tax_id),
            text(&new.kpp),
            text(&new.ogrn),
            text(&new.city),
            text(&new.address),
            text(&new.website),
            text(&new.industry),
            phones.join(" "),
            new.emails.join(" "),
            people.join(" "),
            // What could not be read tells rows apart too.
            self.faults.iter().chain(&self.remarks).fold(String::new(), |mut all, remark| {
                // Writing into a string cannot fail.
                let _ = write!(all, "{}{:?}", remark.code, remark.args);
                all
            }),
        ]
    }
}

struct Row<'a> {
    cells: &'a [String],
    shape: &'a Shape,
}

impl Row<'_> {
    /// Every cell of a meaning that holds something.
    fn all(&self, meaning: Meaning) -> Vec<String> {
        let meanings = self.shape.meanings.iter().enumerate();
        meanings
            .filter(|(_, found)| **found == meaning)
            .filter_map(|(column, _)| self.cells.get(column))
            .filter_map(|cell| tidy(cell))
            .collect()
    }

    fn one(&self, meaning: Meaning) -> Option<String> {
        self.all(meaning).into_iter().next()
    }

    fn heading(&self, meaning: Meaning) -> Option<String> {
        let column = self.shape.meanings.iter().position(|found| *found == meaning)?;
        let heading = self.shape.header.get(column)?;
        let bare = heading.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_' || c == ' ');
        (!bare.is_empty()).then(|| bare.to_owned())
    }
}

/// A cell without blanks around and within; `None` when it says nothing.
fn tidy(cell: &str) -> Option<String> {
    let text = unguard(cell);
    let is_blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    let words: Vec<&str> = text.split(is_blank).collect();
    let text = words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<&str>>().join(" ");
    let is_nothing = text.is_empty()
        || NOTHING.contains(&text.to_lowercase().as_str())
        || damaged::damage(&text) == Some(damaged::Damage::FormulaError);
    (!is_nothing).then_some(text)
}

/// What makes a whole row unusable before its cells are read.
fn fault_of_row(cells: &[String], shape: &Shape) -> Option<Remark> {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Some(Remark::new("row-empty"));
    }
    if let Some(long) = cells.iter().find(|cell| cell.len() > CELL_MAX) {
        return Some(Remark::about("cell-too-long", quoted(long)));
    }
    if cells.iter().any(|cell| cell.contains('\u{fffd}')) {
        return Some(Remark::new("row-unreadable"));
    }
    let width = shape.meanings.len();
    let is_wide = cells.iter().skip(width).any(|cell| !cell.trim().is_empty());
    is_wide.then(|| {
        let found = cells.len().to_string();
        Remark::new("cells-too-many").with("found", found).with("wanted", width.to_string())
    })
}

/// As much of a value as fits into a sentence.
fn quoted(text: &str) -> String {
    let mut short: String = text.trim().chars().take(QUOTED_MAX).collect();
    if text.trim().chars().count() > QUOTED_MAX {
        short.push('…');
    }
    short
}

fn digest(cells: &[String]) -> String {
    let mut digest = Sha256::new();
    for cell in cells {
        digest.update((cell.len() as u64).to_be_bytes());
        digest.update(cell);
    }
    hex::encode(&digest.finalize()[..16])
}

/// Whether a role is one that decides.
fn decides(role: &str) -> bool {
    const WORDS: [&str; 12] = [
        "директор",
        "руковод",
        "глава",
        "председат",
        "собственник",
        "владелец",
        "director",
        "chief",
        "ceo",
        "owner",
        "president",
        "head of",
    ];
    let lower = role.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// «г. Москва» as «Москва».
fn bare_city(text: &str) -> String {
    let lower = text.to_lowercase();
    let prefix = ["г.", "гор.", "город ", "г "].iter().find(|prefix| lower.starts_with(**prefix));
    let skipped = prefix.map_or(0, |prefix| prefix.chars().count());
    let bare: String = text.chars().skip(skipped).collect();
    bare.trim().trim_end_matches([',', '.']).to_owned()
}

/// The town of an address: the part that says it is one, or is known to be one.
fn city_of(address: &str) -> Option<String> {
    address.split(',').map(str::trim).find_map(|part| {
        let bare = bare_city(part);
        let is_said = bare != part && part.chars().next().is_some_and(|c| "гГ".contains(c));
        let is_name = bare.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | ' '))
            && (2..=40).contains(&bare.chars().count());
        (is_name && (is_said || zones::is_town(&bare))).then_some(bare)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &[(Meaning, &str)]) -> Draft {
        let shape = Shape {
            meanings: cells.iter().map(|(meaning, _)| *meaning).collect(),
            header: Vec::new(),
            country: "RU",
        };
        let cells: Vec<String> = cells.iter().map(|(_, text)| (*text).to_owned()).collect();
        Draft::read(1, &cells, &shape)
    }

    fn codes(remarks: &[Remark]) -> Vec<&str> {
        remarks.iter().map(|remark| remark.code.as_str()).collect()
    }

    #[test]
    fn what_makes_a_row_bad_is_said() {
        use Meaning::*;
        for (cells, expected) in [
            (vec![(Name, "Лён"), (TaxId, "7714239823")], vec![]),
            (vec![(Name, "Лён"), (TaxId, "\u{a0}-")], vec![]),
            (vec![(Name, " "), (TaxId, "7714239823")], vec!["no-name"]),
            (vec![(Name, "Лён"), (TaxId, "7714239824")], vec!["tax-id-checksum"]),
            (vec![(Name, "Лён"), (TaxId, "7,71424E+09")], vec!["tax-id-damaged"]),
            (vec![(Name, "Лён"), (TaxId, "0000000000")], vec!["tax-id-all-zero"]),
            (vec![(Name, "Лён"), (TaxId, "DE123456789")], vec![]),
            (vec![(Name, "Лён"), (Phones, "7,91235E+10")], vec!["phone-spreadsheet-damage"]),
            (vec![(Name, "Лён"), (Phones, "123-45-67"), (TaxId, "7714239823")], vec![]),
            (vec![(Name, "Лён"), (Phones, "#Н/Д"), (Kpp, "0")], vec![]),
            (vec![(Name, ""), (Phones, "")], vec!["row-empty"]),
            (vec![(Name, "Л\u{fffd}н")], vec!["row-unreadable"]),
        ] {
            assert_eq!(codes(&read(&cells).faults), expected, "{cells:?}");
        }
        let long = "x".repeat(CELL_MAX + 1);
        assert_eq!(codes(&read(&[(Name, &long)]).faults), ["cell-too-long"]);
        let shape = Shape { meanings: vec![Name], header: vec![], country: "RU" };
        let wide = Draft::read(1, &["Лён".to_owned(), "нить".to_owned()], &shape);
        assert_eq!(codes(&wide.faults), ["cells-too-many"]);
    }

    #[test]
    fn a_row_is_read_into_its_parts() {
        use Meaning::*;
        let draft = read(&[
            (Name, " ООО  «Лён» "),
            (TaxId, "714239823"),
            (Ogrn, "002.067.850"),
            (Address, "107061, г. Москва, улица Льна, дом 1"),
            (Phones, "(495) 963-76-77 приёмная; 8 916 963-76-78"),
            (Emails, "A@len.example, b@len.example"),
            (Website, "len.example; other.example"),
            (Person, "Льнов Пётр"),
            (Role, "Генеральный директор"),
        ]);
        let company = &draft.company;
        assert_eq!(company.name, "ООО «Лён»");
        assert_eq!(company.city.as_deref(), Some("Москва"));
        assert_eq!(company.phones.len(), 2);
        assert_eq!(company.phones[0].label.as_deref(), Some("приёмная"));
        assert_eq!(company.emails, ["A@len.example", "b@len.example"]);
        assert_eq!(company.website.as_deref(), Some("len.example"));
        assert!(company.contacts[0].is_decision_maker);
        assert!(codes(&draft.remarks).contains(&"ogrn-invalid"));
    }

    #[test]
    fn a_local_number_is_completed_in_a_town_with_one_code() {
        use Meaning::*;
        let draft = read(&[(Name, "Лён"), (City, "г. Казань"), (Phones, "221-12-34")]);
        assert_eq!(draft.company.phones[0].phone.e164, "+78432211234");
        let draft = read(&[(Name, "Лён"), (City, "Москва"), (Phones, "221-12-34")]);
        assert_eq!(codes(&draft.faults), ["phone-no-area-code"]);
    }

    #[test]
    fn the_same_words_in_other_columns_are_the_same_row() {
        use Meaning::*;
        let one = read(&[(Name, "Лён"), (Phones, "8 (495) 963-76-77"), (Ignore, "x")]);
        let two = read(&[(Phones, "+7 495 963 76 77"), (Name, " лён")]);
        let other = read(&[(Phones, "+7 495 963 76 78"), (Name, " лён")]);
        assert_eq!(one.digest, two.digest);
        assert_ne!(one.digest, other.digest);
    }
}
