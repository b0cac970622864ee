//! How a file is read, as the API tells it and is told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::imports::columns::Meaning;
use crate::imports::text::DELIMITERS;
use crate::imports::upload::origin;
use crate::imports::{BasisKind, Branches, Origin, Reading};
use crate::values::{Fields, Outcome};

/// How a file is read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingShown {
    /// The name of its encoding.
    pub encoding: String,
    /// `csv`, `xlsx`, `xlsb`, `xls`, `ods` or `vcard`.
    pub format: String,
    /// The lists of an archive.
    pub members: Vec<String>,
    /// The one that is read.
    pub member: Option<String>,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// The one that is read.
    pub sheet: Option<String>,
    /// What parts its cells.
    pub delimiter: String,
    /// True when a row of it names the columns.
    pub has_header: bool,
    /// Which of its records that is, from 1; 0 where none is, or the format names them itself.
    pub header_row: i64,
    /// Where a row is one field of a company, which column names the field, from 1; else 0.
    pub field_column: i64,
    /// Of rows with the tax number of a company and another KPP: `one` where they are that company,
    /// `apart` where each KPP is a company of its own, tied to the first one as its branch.
    pub branches: String,
    /// Lines that are no records.
    pub blank_lines: u64,
    /// Records with something wrong in the file itself.
    pub damaged: u64,
    /// Its columns.
    pub columns: Vec<ColumnShown>,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnShown {
    /// Its heading; empty where there is none.
    pub heading: String,
    /// `name`, `full_name`, `tax_id`, `kpp`, `ogrn`, `city`, `address`, `country`, `phones`,
    /// `emails`, `website`, `person`, `surname`, `given_name`, `role`, `industry`, `note` or
    /// `ignore`.
    pub meaning: String,
}

impl ReadingShown {
    pub(super) fn of(reading: Reading, how: intake::How, header: &[String]) -> Self {
        let columns = reading.meanings.iter().enumerate().map(|(place, meaning)| ColumnShown {
            heading: header.get(place).cloned().unwrap_or_default(),
            meaning: meaning.code().to_owned(),
        });
        Self {
            columns: columns.collect(),
            encoding: reading.encoding,
            format: how.format.code().to_owned(),
            members: how.members,
            member: reading.member,
            sheets: how.sheets,
            sheet: reading.sheet,
            delimiter: reading.delimiter.to_string(),
            has_header: reading.has_header,
            header_row: reading.header_row,
            field_column: reading.field_column,
            branches: reading.branches.code().to_owned(),
            blank_lines: how.blank_lines,
            damaged: how.damaged,
        }
    }
}

/// How a file is to be read, and where it comes from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadingSent {
    /// The version that was seen.
    pub(super) version: i64,
    /// The name of its encoding; empty for a workbook.
    encoding: String,
    /// What parts its cells: `;`, `,`, `|` or a tab.
    delimiter: String,
    /// Which file of an archive.
    member: Option<String>,
    /// Which sheet of a workbook.
    sheet: Option<String>,
    /// True when a row of it names the columns.
    has_header: bool,
    /// Which of its records that is, from 1; found out where it is left out.
    header_row: Option<i64>,
    /// Where a row is one field of a company, which column names the field, from 1; 0 where a row
    /// is a company. As it was, where it is left out.
    field_column: Option<i64>,
    /// What each column means, in their order.
    meanings: Vec<String>,
    /// `one` or `apart`, whether branches are told apart. As it was, where it is left out.
    branches: Option<String>,
    /// Where the list comes from. As it was, where it is left out; empty where it is not known.
    source: Option<String>,
    /// `public_source`, `legitimate_interest`, `consent` or `contract`. As it was, where it is left
    /// out; empty where there is none.
    basis_kind: Option<String>,
    /// Where that ground is documented. As it was, where it is left out; empty where it is not
    /// known.
    basis_source: Option<String>,
}

impl ReadingSent {
    /// Where the list comes from: what is left out is as it was.
    pub(super) fn origin(&self, was: &Origin) -> Outcome<Origin> {
        let kind = was.basis_kind.map_or("", BasisKind::code);
        origin(
            self.source.as_deref().unwrap_or(&was.source),
            self.basis_kind.as_deref().unwrap_or(kind),
            self.basis_source.as_deref().unwrap_or(&was.basis_source),
        )
    }

    /// How the file is to be read that was read so.
    pub(super) fn reading(&self, was: &Reading) -> Outcome<Reading> {
        let unknown = |field| Fields::one(field, "unknown-choice");
        let encoding = match self.encoding.as_str() {
            "" => "",
            label => encoding_rs::Encoding::for_label(label.as_bytes())
                .ok_or_else(|| unknown("encoding"))?
                .name(),
        };
        let delimiter = self.delimiter.chars().next().filter(|c| DELIMITERS.contains(c));
        let branches: Branches = match self.branches.as_deref() {
            Some(code) => code.parse().map_err(|()| unknown("branches"))?,
            None => was.branches,
        };
        let meanings: Result<Vec<Meaning>, ()> =
            self.meanings.iter().map(|code| code.parse()).collect();
        Ok(Reading {
            encoding: encoding.to_owned(),
            delimiter: delimiter.ok_or_else(|| unknown("delimiter"))?,
            member: self.member.clone(),
            sheet: self.sheet.clone(),
            has_header: self.has_header,
            header_row: self.header_row.unwrap_or(0),
            field_column: self.field_column.unwrap_or(-1),
            meanings: meanings.map_err(|()| unknown("meanings"))?,
            branches,
        })
    }
}
