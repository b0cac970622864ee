//! A row of a file as a company, or why it cannot be one.

use std::fmt::Write as _;

use linkage::cells as damaged;
use linkage::normalise::layout::{self, Slip};
use linkage::normalise::{self, IdentifierProblem};
use sha2::{Digest, Sha256};

use super::columns::{Meaning, is_of_people};
use super::people::{self, Person, decides};
use super::phones::{self, PhoneCell};
pub use super::row::{COLUMN, Columns, Shape};
use super::row::{Row, fault_of_row, in_column, quoted};
use crate::companies::alike::Remark;
use crate::companies::{
    NOTE_MAX, Near, NewCompany, NewContact, NewPhone, PARTS_MAX, TEXT_MAX, zones,
};
use crate::values::{Country, phone};
use crate::web::format::capitalised;

/// What is told of a row at most: a cell may hold thousands of pieces that nobody can read, and
/// rows are held by the hundred.
const REMARKS_MAX: usize = 100;

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
    /// How much more there is to tell.
    pub untold: usize,
    /// A digest of what it says, whatever the file.
    pub digest: String,
    /// Where its keys stand.
    pub columns: Columns,
    /// What its cells of telephones gave, and those that look like such and are left out.
    pub phone_cells: Vec<PhoneCell>,
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
        let unread = draft.read_phones(&row);
        draft.read_web(&row);
        draft.read_people(&row);
        draft.judge_unread(unread);
        draft.company.industry = draft.kept(row.one(Meaning::Industry));
        draft.company.note = draft.note_of(&row);
        if draft.untold > 0 {
            let count = draft.untold.to_string();
            draft.remarks.push(Remark::new("remarks-more").with("count", count));
        }
        draft.digest = digest(&draft.said());
        draft
    }

    fn read_names(&mut self, row: &Row<'_>) {
        let (short, full) = (row.one(Meaning::Name), row.one(Meaning::FullName));
        let mut name = short.clone().or_else(|| full.clone()).unwrap_or_default();
        if name.is_empty()
            && is_of_people(&row.shape.meanings)
            && let Some(person) = row.one(Meaning::Person).or_else(|| row.name_in_parts())
        {
            // Of an address book a row may name a person and no company.
            self.remarks.push(Remark::about("name-of-person", quoted(&person)));
            name = person;
        }
        match layout::slip_of_name(&name) {
            Some(Slip::Certain(meant)) => {
                let remark = Remark::about("name-layout", quoted(&name)).with("meant", &meant);
                self.note(row, Meaning::Name, remark);
                name = meant;
            }
            Some(Slip::Likely(meant)) => {
                let remark = Remark::about("name-layout-maybe", quoted(&name));
                self.note(row, Meaning::Name, remark.with("meant", quoted(&meant)));
            }
            None => {}
        }
        if !name.chars().any(char::is_alphanumeric) {
            self.faults.push(row.placed(Meaning::Name, Remark::new("no-name")));
        } else if name.chars().count() > TEXT_MAX {
            let remark = Remark::about("name-too-long", quoted(&name));
            self.faults.push(row.placed(Meaning::Name, remark));
        }
        self.company.name = name;
        self.company.full_name = self.kept(full.filter(|_| short.is_some()));
    }

    fn read_identifiers(&mut self, row: &Row<'_>) {
        if let Some(text) = row.one(Meaning::TaxId) {
            // «7714239823/771401001» is both, as invoices print them.
            let both = text.split_once(['/', '\\']).map(|(first, second)| (first.trim(), second));
            let (tax_id, kpp) = both.unwrap_or((&text, ""));
            self.read_tax_id(row, tax_id);
            self.company.kpp = normalise::kpp(kpp).ok().map(|kpp| kpp.text());
        }
        if let Some(text) = row.one(Meaning::Kpp) {
            match normalise::kpp(&text) {
                Ok(kpp) => self.company.kpp = Some(kpp.text()),
                Err(IdentifierProblem::Empty | IdentifierProblem::AllZero) => {}
                Err(IdentifierProblem::Repaired { value, .. }) => {
                    self.company.kpp = Some(value.text());
                    self.note(row, Meaning::Kpp, Remark::about("kpp-repaired", value.text()));
                }
                Err(_) => self.note(row, Meaning::Kpp, Remark::about("kpp-invalid", quoted(&text))),
            }
        }
        if let Some(text) = row.one(Meaning::Ogrn) {
            match normalise::ogrn(&text) {
                Ok(ogrn) => self.company.ogrn = Some(ogrn.digits()),
                Err(IdentifierProblem::Empty) => {}
                Err(IdentifierProblem::Repaired { value, .. }) => {
                    self.company.ogrn = Some(value.digits());
                    self.note(row, Meaning::Ogrn, Remark::about("ogrn-repaired", value.digits()));
                }
                Err(_) => {
                    self.note(row, Meaning::Ogrn, Remark::about("ogrn-invalid", quoted(&text)));
                }
            }
        }
        self.compare_kinds(row);
    }

    /// A sole trader has a tax number of twelve digits and a registration of fifteen, a company of
    /// ten and thirteen: what contradicts itself is told, for one of the two is somebody else's.
    fn compare_kinds(&mut self, row: &Row<'_>) {
        let is_person = |digits: &Option<String>, long| digits.as_ref().map(|d| d.len() == long);
        let of_tax = is_person(&self.company.tax_id, 12);
        let of_ogrn = is_person(&self.company.ogrn, 15);
        let form = normalise::name(&self.company.name).form;
        let of_form = form.map(|form| matches!(form, "ИП" | "КФХ"));
        if let (Some(tax), Some(ogrn)) = (of_tax, of_ogrn)
            && tax != ogrn
        {
            self.note(row, Meaning::Ogrn, Remark::new("ogrn-other-kind"));
        }
        if let (Some(tax), Some(true)) = (of_tax, of_form)
            && !tax
        {
            self.note(row, Meaning::TaxId, Remark::new("tax-id-of-company"));
        }
    }

    fn read_tax_id(&mut self, row: &Row<'_>, text: &str) {
        self.columns.tax_id = row.column(Meaning::TaxId);
        match normalise::tax_id(text) {
            Ok(tax_id) => self.company.tax_id = Some(tax_id.digits()),
            Err(IdentifierProblem::Empty) => {}
            Err(IdentifierProblem::Repaired { value, .. }) => {
                self.company.tax_id = Some(value.digits());
                self.is_tax_id_repaired = true;
                self.note(row, Meaning::TaxId, Remark::about("tax-id-repaired", value.digits()));
            }
            Err(IdentifierProblem::Characters) => {
                self.note(row, Meaning::TaxId, Remark::about("tax-id-foreign", quoted(text)));
            }
            Err(problem) => {
                let code = format!("tax-id-{}", problem.code().replace('_', "-"));
                // The company is one all the same; a number that is none is not kept.
                self.note(row, Meaning::TaxId, Remark::about(code, quoted(text)));
            }
        }
    }

    fn read_place(&mut self, row: &Row<'_>) {
        let address = row.one(Meaning::Address);
        let city = row.one(Meaning::City).map(|text| self.read_city(row, &text));
        self.company.city = self.kept(city.or_else(|| address.as_deref().and_then(city_of)));
        self.company.address = self.kept(address);
    }

    /// A town as it is called; one typed in the wrong layout is told.
    fn read_city(&mut self, row: &Row<'_>, text: &str) -> String {
        let city = bare_city(text);
        match layout::in_cyrillic(&city).filter(|meant| zones::is_town(meant)) {
            Some(meant) => {
                let remark = Remark::about("city-layout", quoted(&city)).with("meant", &meant);
                self.note(row, Meaning::City, remark);
                capitalised(&meant)
            }
            None => city,
        }
    }

    /// Reads the numbers; answers what could not be read.
    fn read_phones(&mut self, row: &Row<'_>) -> Vec<Remark> {
        let said = row.one(Meaning::Country).and_then(|text| Country::named(&text));
        let near = Near::of(row.shape.country, self.company.city.as_deref());
        let (country, area) = (said.unwrap_or(near.country()), near.area());
        let mut unread = Vec::new();
        self.phone_cells = phones::left_out(row);
        for (column, cell) in row.cells(Meaning::Phones) {
            let mut of_cell = PhoneCell::read(column);
            for found in phone::read_cell_near(&cell, country.code(), area) {
                match found.read {
                    Ok(phone) => self.take_phone(column, phone, found.label),
                    Err(problem) => {
                        let text = quoted(&found.text);
                        of_cell.unread = Some((problem.code(), text.clone()));
                        let remark = in_column(Remark::about(problem.code(), text), column);
                        self.tell_in(&mut unread, remark);
                    }
                }
            }
            self.phone_cells.push(of_cell);
        }
        unread
    }

    /// A number that cannot be read is left out and told. It spoils a row only where the name is
    /// all else that can be read of it: nothing says who that is, where, or how to reach them.
    fn judge_unread(&mut self, mut unread: Vec<Remark>) {
        let new = &self.company;
        let is_known = new.tax_id.is_some() || new.ogrn.is_some();
        let is_found = new.city.is_some() || new.address.is_some();
        let is_reached = !(new.phones.is_empty() && new.emails.is_empty())
            || new.website.is_some()
            || !new.contacts.is_empty();
        let is_usable = is_known || is_found || is_reached;
        if is_usable { &mut self.remarks } else { &mut self.faults }.append(&mut unread);
    }

    fn take_phone(&mut self, column: usize, phone: phone::Phone, label: Option<String>) {
        if phone.is_dummy() {
            let remark = Remark::about("phone-dummy", phone.shown());
            self.tell(in_column(remark, column));
        }
        let is_known = self.company.phones.iter().any(|known| known.phone == phone);
        if !is_known && self.company.phones.len() >= PARTS_MAX {
            self.tell(in_column(over(phone.shown()), column));
        } else if !is_known {
            self.columns.phones.push((phone.e164.clone(), column));
            self.company.phones.push(NewPhone { phone, label });
        }
    }

    fn read_web(&mut self, row: &Row<'_>) {
        for (column, cell) in row.cells(Meaning::Emails) {
            for piece in damaged::split_many(&cell) {
                self.read_email(column, piece);
            }
        }
        let Some(text) = row.one(Meaning::Website) else { return };
        let read = |text: &str| {
            let mut pieces = text.split([' ', ',', ';']).filter(|piece| !piece.is_empty());
            pieces.find_map(|piece| normalise::web_domain(piece).ok())
        };
        if let Some(meant) = layout::slip_of_address(&text)
            && let Some(domain) = read(&meant)
        {
            let remark = Remark::about("site-layout", quoted(&text)).with("meant", domain.host());
            self.note(row, Meaning::Website, remark);
            self.company.website = Some(domain.host().to_owned());
            return;
        }
        match read(&text) {
            Some(domain) => self.company.website = Some(domain.host().to_owned()),
            None => self.note(row, Meaning::Website, Remark::about("site-invalid", quoted(&text))),
        }
    }

    fn read_email(&mut self, column: usize, piece: &str) {
        let meant = layout::slip_of_address(piece);
        let read = match &meant {
            Some(meant) => normalise::email(meant),
            None => normalise::email(piece),
        };
        match read {
            Ok(email) => {
                let address = email.address();
                if meant.is_some() {
                    let remark = Remark::about("email-layout", quoted(piece));
                    self.tell(in_column(remark.with("meant", &address), column));
                }
                let is_known = self.company.emails.contains(&address);
                if !is_known && self.company.emails.len() >= PARTS_MAX {
                    self.tell(in_column(over(quoted(&address)), column));
                } else if !is_known {
                    self.company.emails.push(address);
                }
            }
            Err(_) => {
                let remark = Remark::about("email-invalid", quoted(piece));
                self.tell(in_column(remark, column));
            }
        }
    }

    fn read_people(&mut self, row: &Row<'_>) {
        let heading = row.heading(Meaning::Person).map(|text| people::office(&text));
        let heading = heading.filter(|text| decides(text));
        let said: Vec<String> = row.all(Meaning::Role);
        let mut roles = said.iter().flat_map(|cell| cell.split([';', '\n']).map(str::trim));
        let mut found = Vec::new();
        for cell in row.all(Meaning::Person) {
            let (named, nameless) = people::read(&cell);
            for role in nameless {
                self.note(row, Meaning::Person, Remark::about("person-nameless", quoted(&role)));
            }
            found.extend(named);
        }
        if found.is_empty() {
            found.extend(row.name_in_parts().map(|name| Person { name, role: None }));
        }
        for person in found {
            let is_name = person.name.chars().any(char::is_alphabetic)
                && person.name.chars().count() <= TEXT_MAX;
            if !is_name || self.company.contacts.len() >= PARTS_MAX {
                let remark = Remark::about("person-invalid", quoted(&person.name));
                self.note(row, Meaning::Person, remark);
                continue;
            }
            let beside = || roles.next().map(str::to_owned).or_else(|| heading.clone());
            let role = self.kept(person.role.or_else(beside));
            let is_decision_maker = role.as_deref().is_some_and(decides);
            let (name, role) = (person.name, role);
            self.company.contacts.push(NewContact { name, role, is_decision_maker });
        }
    }

    /// What the row says in words, the lines kept apart.
    fn note_of(&mut self, row: &Row<'_>) -> Option<String> {
        let said = row.all(Meaning::Note).join("\n");
        if said.chars().count() > NOTE_MAX {
            self.note(row, Meaning::Note, Remark::about("text-cut", quoted(&said)));
        }
        let kept: String = said.chars().take(NOTE_MAX).collect();
        (!kept.is_empty()).then_some(kept)
    }

    /// Something worth knowing about a cell, with its column.
    fn note(&mut self, row: &Row<'_>, meaning: Meaning, remark: Remark) {
        self.tell(row.placed(meaning, remark));
    }

    fn tell(&mut self, remark: Remark) {
        let mut told = std::mem::take(&mut self.remarks);
        self.tell_in(&mut told, remark);
        self.remarks = told;
    }

    /// Tells something among others, or counts it where they are very many.
    fn tell_in(&mut self, told: &mut Vec<Remark>, remark: Remark) {
        if told.len() < REMARKS_MAX {
            told.push(remark);
        } else {
            self.untold += 1;
        }
    }

    /// A text as it is kept: one that is too long is cut, and that is told.
    fn kept(&mut self, text: Option<String>) -> Option<String> {
        let text = text?;
        if text.chars().count() <= TEXT_MAX {
            return Some(text);
        }
        self.tell(Remark::about("text-cut", quoted(&text)));
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
        let mut said = vec![
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
            // What could not be read tells rows apart too, wherever it stands.
            self.faults.iter().chain(&self.remarks).fold(String::new(), |mut all, remark| {
                let args = remark.args.iter().filter(|(name, _)| *name != COLUMN);
                // Writing into a string cannot fail.
                let _ = write!(all, "{}{:?}", remark.code, args.collect::<Vec<_>>());
                all
            }),
        ];
        said.extend(new.note.clone());
        said
    }
}

/// What is told of a number or an address that a company has no place for.
fn over(value: String) -> Remark {
    Remark::about("parts-too-many", value).with("max", PARTS_MAX.to_string())
}

fn digest(cells: &[String]) -> String {
    hex::encode(key(cells))
}

/// A digest of texts, each apart from the next.
pub(super) fn key(texts: &[impl AsRef<str>]) -> [u8; 16] {
    let mut digest = Sha256::new();
    for text in texts {
        let text = text.as_ref();
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    }
    let whole = digest.finalize();
    std::array::from_fn(|place| whole[place])
}

/// «г. Москва» and «Москва г» as «Москва».
fn bare_city(text: &str) -> String {
    let lower = text.to_lowercase();
    let prefix = ["г.", "гор.", "город ", "г "].iter().find(|prefix| lower.starts_with(**prefix));
    let skipped = prefix.map_or(0, |prefix| prefix.chars().count());
    let bare: String = text.chars().skip(skipped).collect();
    let bare = bare.trim().trim_end_matches([',', '.']);
    // «Казань г», as registers write it.
    bare.strip_suffix(" г").unwrap_or(bare).trim_end().to_owned()
}

/// The town of an address: the part that says it is one, or is known to be one.
fn city_of(address: &str) -> Option<String> {
    // A postal code often stands in front of it without a comma.
    let is_code = |letter: char| letter.is_ascii_digit() || letter.is_whitespace();
    address.split(',').map(|part| part.trim_start_matches(is_code).trim_end()).find_map(|part| {
        let bare = bare_city(part);
        let is_said = bare != part && part.chars().next().is_some_and(|c| "гГ".contains(c));
        let is_name = bare.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | ' '))
            && (2..=40).contains(&bare.chars().count());
        (is_name && (is_said || zones::is_town(&bare))).then_some(bare)
    })
}

#[cfg(test)]
mod tests;
