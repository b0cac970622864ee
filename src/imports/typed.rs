//! What a person says about a file, as a form has it.

use super::text::DELIMITERS;
use super::upload::origin;
use super::*;

/// The fields of the form besides the meanings.
const KNOWN: [&str; 12] = [
    "version",
    "encoding",
    "delimiter",
    "member",
    "sheet",
    "header",
    "fields",
    "branches",
    "source",
    "basis_kind",
    "basis_source",
    "guess",
];

/// How a person says the file is to be read: `column-0` and so on hold the meanings.
#[derive(Clone)]
pub(super) struct Typed {
    pub version: i64,
    pub reading: Reading,
    pub origin: Origin,
    /// True when it is to be guessed again, whatever else was chosen.
    pub is_guess_wanted: bool,
}

impl Typed {
    pub fn of(pairs: &[(String, String)]) -> Outcome<Self> {
        let unknown = pairs
            .iter()
            .any(|(name, _)| !KNOWN.contains(&name.as_str()) && !name.starts_with("column-"));
        if unknown {
            return Err(Fields::one("form", "form-not-understood"));
        }
        let find = |wanted: &str| {
            pairs.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str())
        };
        let version =
            find("version").parse().map_err(|_| Fields::one("version", "not-a-number"))?;
        let unknown_choice = |field| Fields::one(field, "unknown-choice");
        let encoding = match find("encoding") {
            "" => "",
            label => encoding_rs::Encoding::for_label(label.as_bytes())
                .ok_or_else(|| unknown_choice("encoding"))?
                .name(),
        };
        let delimiter = match find("delimiter") {
            "" => Some(DELIMITERS[0]),
            typed => typed.chars().next().filter(|c| DELIMITERS.contains(c)),
        };
        let header_row = match find("header") {
            "yes" => 0,
            "" | "no" => -1,
            row => row.parse().map_err(|_| unknown_choice("header"))?,
        };
        let field_column = match find("fields") {
            "" => -1,
            column => column.parse().map_err(|_| unknown_choice("fields"))?,
        };
        let branches = match find("branches") {
            "" => Branches::One,
            code => code.parse().map_err(|()| unknown_choice("branches"))?,
        };
        let chosen = |name| Some(find(name).to_owned()).filter(|text| !text.is_empty());
        let mut meanings = Vec::new();
        while let Some((_, code)) =
            pairs.iter().find(|(name, _)| *name == format!("column-{}", meanings.len()))
        {
            meanings.push(code.parse().map_err(|()| unknown_choice("columns"))?);
        }
        Ok(Self {
            version,
            reading: Reading {
                encoding: encoding.to_owned(),
                delimiter: delimiter.ok_or_else(|| unknown_choice("delimiter"))?,
                member: chosen("member"),
                sheet: chosen("sheet"),
                has_header: header_row >= 0,
                header_row: header_row.max(0),
                field_column,
                meanings,
                branches,
            },
            origin: origin(find("source"), find("basis_kind"), find("basis_source"))?,
            is_guess_wanted: find("guess") == "yes",
        })
    }
}
