//! What a person says about a pair, as it is typed or pressed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::actions::Answer;
use super::{Field, Pair, PairState, Side, pages};
use crate::values::*;

/// The answer, and for a merge whose record stands, of whom each fact survives, and an `apart-…`
/// for each person who stays two.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairForm {
    pub(super) answer: String,
    pub(super) version: String,
    #[serde(default)]
    pub(super) band: String,
    #[serde(default)]
    pub(super) survivor: String,
    #[serde(default)]
    pub(super) left_version: String,
    #[serde(default)]
    pub(super) right_version: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    full_name: String,
    #[serde(default)]
    tax_id: String,
    #[serde(default)]
    kpp: String,
    #[serde(default)]
    ogrn: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    website: String,
    #[serde(default)]
    industry: String,
    #[serde(default)]
    source: String,
    #[serde(skip)]
    pub(super) apart: BTreeSet<ContactId>,
}

impl PairForm {
    /// The fields of a form.
    pub(super) fn of(fields: BTreeMap<String, String>) -> Outcome<Self> {
        let mut rest = serde_json::Map::new();
        let mut apart = BTreeSet::new();
        for (name, value) in fields {
            match name.strip_prefix("apart-") {
                Some(id) => {
                    let id = id.parse().map_err(|_| Fields::one("apart", "unknown-choice"))?;
                    apart.insert(id);
                }
                None => {
                    rest.insert(name, value.into());
                }
            }
        }
        let form: Self = serde_json::from_value(rest.into())
            .map_err(|_| Fields::one("form", "form-not-understood"))?;
        Ok(Self { apart, ..form })
    }

    /// Of which company a fact survives; `None` where both say the same.
    pub(super) fn side(&self, field: Field) -> Outcome<Option<Side>> {
        let text = match field {
            Field::Name => &self.name,
            Field::FullName => &self.full_name,
            Field::TaxId => &self.tax_id,
            Field::Kpp => &self.kpp,
            Field::Ogrn => &self.ogrn,
            Field::City => &self.city,
            Field::Address => &self.address,
            Field::Website => &self.website,
            Field::Industry => &self.industry,
            Field::Source => &self.source,
        };
        if text.is_empty() {
            return Ok(None);
        }
        let side = text.parse().map_err(|()| Fields::one(field.code(), "unknown-choice"))?;
        Ok(Some(side))
    }

    /// The choices that were made.
    pub(super) fn choices(&self) -> BTreeMap<Field, Side> {
        let said = |field: &Field| Some((*field, self.side(*field).ok().flatten()?));
        Field::ALL.iter().filter_map(said).collect()
    }

    /// What is decided of which version of the pair.
    pub(super) fn read(&self, pair: &Pair) -> Outcome<(i64, Answer)> {
        let version = self.version.parse().unwrap_or(0);
        let answer = match self.answer.as_str() {
            "same" => Answer::Same(pages::merging(pair, self)?),
            "later" => Answer::Later,
            other => {
                let state: PairState =
                    other.parse().map_err(|()| Fields::one("answer", "unknown-choice"))?;
                Answer::Apart(state)
            }
        };
        Ok((version, answer))
    }

    /// Where the next pair is.
    pub(super) fn way_on(&self) -> String {
        let is_known = self.band.parse::<super::Band>().is_ok();
        if is_known { format!("/duplicates?band={}", self.band) } else { "/duplicates".to_owned() }
    }
}
