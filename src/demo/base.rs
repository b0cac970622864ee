//! The demo's base: a file of companies as lists really come, brought in by the head of tier 1.
//!
//! Some rows stand twice, some are unusable, as in every list; the import tells them apart.

use super::names::{self, MadeCompany};
use super::story::Story;
use crate::companies::BasisKind;
use crate::imports::actions::{self as imports, NewFile};
use crate::imports::spool::Content;
use crate::imports::{Import, Origin, cells};
use crate::values::*;

/// A row stands twice after so many: two or three in a hundred are usual.
const REPEATED_EACH: usize = 61;
/// A row is unusable after so many.
const BAD_EACH: usize = 173;

const HEAD_RU: [&str; 8] =
    ["Название", "ИНН", "Город", "Адрес", "Телефоны", "Почта", "Отрасль", "Контактное лицо"];
const HEAD_EN: [&str; 8] =
    ["Company", "Tax number", "City", "Address", "Phones", "Mail", "Industry", "Contact person"];

pub(super) type Cells = [String; 8];

impl Story {
    /// Brings the base in.
    pub(super) async fn bring_base(&mut self) -> Outcome<()> {
        let file = self.list_of_companies()?;
        self.take_in(file, self.extent.companies).await
    }

    /// The head of tier 1 takes a file in, which must bring so many new companies.
    pub(super) async fn take_in(&self, file: NewFile, new: usize) -> Outcome<()> {
        let head = self.viewer("head1")?;
        let id = imports::bring(&self.act(&head), file).await?;
        self.settle().await?;
        let seen = self.import(id).await?;
        imports::commit(&self.act(&head), id, seen.version).await?;
        self.settle().await?;
        let done = self.import(id).await?;
        if usize::try_from(done.counts.new) == Ok(new) {
            Ok(())
        } else {
            Err(Error::failure(format!("the demo's file became {:?}", done.counts)))
        }
    }

    async fn import(&self, id: ImportId) -> Outcome<Import> {
        let mut tx = self.db.read().await?;
        imports::find(&mut tx, self.firm.org, id).await?.ok_or(Error::NotFound)
    }

    fn list_of_companies(&mut self) -> Outcome<NewFile> {
        let mut rows = Vec::new();
        for number in 0..self.extent.companies {
            let row = cells_of(names::company(&mut self.rng, self.firm.lang, number));
            rows.push(row.clone());
            if number % REPEATED_EACH == REPEATED_EACH - 1 {
                rows.push(written_again(&row));
            }
            if number % BAD_EACH == BAD_EACH - 1 {
                rows.push(spoilt(&row, number / BAD_EACH));
            }
        }
        let origin = Origin {
            source: self.say("Выставка «Печать и упаковка»", "Print and packaging fair").to_owned(),
            basis_kind: Some(BasisKind::Consent),
            basis_source: self
                .say("Согласия гостей выставки, папка 7", "Consents of the guests, folder 7")
                .to_owned(),
        };
        self.file(("Гости выставки.csv", "Guests of the fair.csv"), &rows, origin)
    }

    /// A file of rows as an office of the firm's country saves it.
    pub(super) fn file(
        &self,
        (ru, en): (&str, &str),
        rows: &[Cells],
        origin: Origin,
    ) -> Outcome<NewFile> {
        let is_russian = self.firm.lang == Lang::Ru;
        let (head, delimiter) = if is_russian { (HEAD_RU, ';') } else { (HEAD_EN, ',') };
        let mut text = cells::write_row(&head, delimiter);
        for row in rows {
            text.push_str(&cells::write_row(row, delimiter));
        }
        // Offices of one country save in its old encoding, those of the other in Unicode.
        let bytes = if is_russian {
            encoding_rs::WINDOWS_1251.encode(&text).0.into_owned()
        } else {
            text.into_bytes()
        };
        let name = self.say(ru, en).to_owned();
        Ok(NewFile { name, content: Content::of(&bytes)?, origin })
    }
}

fn cells_of(one: MadeCompany) -> Cells {
    [
        one.name,
        one.tax_id,
        one.city.to_owned(),
        one.address,
        one.phones,
        one.email,
        one.industry.to_owned(),
        one.person,
    ]
}

/// The same company as somebody else wrote it down.
fn written_again(row: &Cells) -> Cells {
    let mut again = row.clone();
    again[0] = row[0].to_uppercase();
    again[3] = String::new();
    again[7] = String::new();
    again
}

/// A row nobody can use, in one of the ways in which lists are spoilt.
fn spoilt(row: &Cells, way: usize) -> Cells {
    let mut bad = row.clone();
    match way % 2 {
        // A spreadsheet took the telephone for a number, and nothing else was known.
        0 => {
            for known in [1, 2, 3, 5, 7] {
                bad[known] = String::new();
            }
            bad[4] = "7,91235E+10".to_owned();
        }
        // No name.
        _ => bad[0] = String::new(),
    }
    bad
}
