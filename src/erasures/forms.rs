//! What is asked before a person is erased.

use std::collections::{BTreeMap, BTreeSet};

use super::{DOCUMENT_MAX, Ground};
use crate::values::*;

/// An erasure as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasing {
    /// The name, typed to show that it is meant.
    pub name: String,
    /// On what ground.
    pub ground: Ground,
    /// The letter or order that it follows.
    pub document: String,
    /// Numbers and addresses of the company that are the person's, by id.
    pub parts: BTreeSet<String>,
    /// The company is the person: what it is called and where it is goes, too.
    pub company: bool,
}

/// An erasure as it was typed: the fields, and a `part-…` for each number or address that was
/// ticked.
#[derive(Debug, Clone, Default)]
pub struct ErasureForm {
    /// The name.
    pub name: String,
    /// The ground, by its code.
    pub ground: String,
    /// The letter or order.
    pub document: String,
    /// What was ticked.
    pub parts: BTreeSet<String>,
    /// Whether the company was ticked.
    pub company: bool,
}

impl ErasureForm {
    /// The fields of a form.
    pub fn of(fields: BTreeMap<String, String>) -> Outcome<Self> {
        let mut form = Self::default();
        for (name, value) in fields {
            match (name.as_str(), name.strip_prefix("part-")) {
                ("name", _) => form.name = value,
                ("ground", _) => form.ground = value,
                ("document", _) => form.document = value,
                ("company", _) => form.company = value == "on",
                (_, Some(part)) => {
                    form.parts.insert(part.to_owned());
                }
                _ => return Err(Fields::one("form", "form-not-understood")),
            }
        }
        Ok(form)
    }

    /// What was meant; all that is wrong with it comes back at once.
    pub fn read(&self) -> Outcome<Erasing> {
        let mut wrong = Fields::default();
        if self.name.trim().is_empty() {
            wrong.note("name", "required");
        }
        let document = self.document.trim().to_owned();
        if document.chars().count() > DOCUMENT_MAX {
            wrong.note_with("document", "too-long", vec![("max", DOCUMENT_MAX.to_string())]);
        }
        let ground: Option<Ground> = self.ground.parse().ok();
        if ground.is_none() {
            let is_none = self.ground.is_empty();
            wrong.note("ground", if is_none { "required" } else { "unknown-choice" });
        }
        wrong.into_result()?;
        let ground = ground.ok_or_else(|| Fields::one("ground", "required"))?;
        let (name, parts) = (self.name.clone(), self.parts.clone());
        Ok(Erasing { name, ground, document, parts, company: self.company })
    }
}
