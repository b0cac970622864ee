//! What is known of two companies side by side, and the comparison of a whole base.

use std::collections::BTreeSet;

use linkage::link::{Field as Column, Kind, Lesson, Linker, Settings, Table};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::KEPT_FROM;
use crate::companies::Company;
use crate::companies::alike::Known;
use crate::values::*;

/// What one field of two companies says about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// `name`, `tax_id`, `phone`, `email`, `website`, `city`, `address`.
    pub field: String,
    /// `same`, `same_common`, `same_other_form`, `same_elsewhere`, `near`, `similar`, `different`,
    /// `different_valid`.
    pub code: String,
    /// How much it says, in hundredths of a bit; below nought it speaks against.
    pub weight: i64,
    /// What both have, as it was compared; empty where they differ.
    pub value: String,
    /// How many companies have it.
    pub carriers: i64,
}

impl Reason {
    /// True when it speaks for the two being the same.
    pub fn is_for(&self) -> bool {
        self.weight > 0
    }
    /// What is remembered of it: field and value, without what changes by itself as a base grows.
    fn mark(&self) -> String {
        let near = matches!(self.code.as_str(), "near" | "similar");
        format!("{}:{}:{}", self.field, if near { "near" } else { "same" }, self.value)
    }
}

/// What speaks for two companies being the same, to be remembered with a decision.
pub fn evidence(reasons: &[Reason]) -> String {
    let marks: BTreeSet<String> =
        reasons.iter().filter(|reason| reason.is_for()).map(Reason::mark).collect();
    marks.into_iter().collect::<Vec<_>>().join("\n")
}

/// True when something speaks for them now that did not when it was decided.
pub fn is_new_evidence(decided: &str, now: &str) -> bool {
    let decided: BTreeSet<&str> = decided.lines().collect();
    now.lines().any(|mark| !decided.contains(mark))
}

/// Two companies of the base, by their places in what was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The one.
    pub left: CompanyId,
    /// The other.
    pub right: CompanyId,
    /// In ten-thousandths.
    pub probability: i64,
    /// The strongest first.
    pub reasons: Vec<Reason>,
}

const COLUMNS: [(&str, Kind); 7] = [
    ("name", Kind::CompanyName),
    ("tax_id", Kind::TaxId),
    ("phone", Kind::Phone),
    ("email", Kind::Email),
    ("website", Kind::Domain),
    ("city", Kind::City),
    ("address", Kind::Address),
];

/// What a company is compared by, in the order of [`COLUMNS`].
pub fn cells<'a>(
    company: &Company,
    phones: impl Iterator<Item = &'a str>,
    emails: impl Iterator<Item = &'a str>,
) -> [String; 7] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        company.name.clone(),
        text(&company.tax_id),
        phones.collect::<Vec<_>>().join("; "),
        emails.collect::<Vec<_>>().join("; "),
        text(&company.website),
        text(&company.city),
        text(&company.address),
    ]
}

/// A base that grows company by company, in the order of their numbers, and is then compared.
#[derive(Debug, Default)]
pub struct Base {
    companies: Vec<(i64, CompanyId)>,
    table: Table,
    lessons: Vec<Lesson>,
}

impl Base {
    /// One more company.
    pub fn add(&mut self, known: &Known) {
        self.companies.push((known.company.number, known.company.id));
        let phones = known.phones.iter().map(|phone| phone.phone.e164.as_str());
        let emails = known.emails.iter().map(|email| email.address.as_str());
        self.table.extend(cells(&known.company, phones, emails));
    }

    /// What people decided: it tells what agreement is worth in this base.
    pub fn teach(&mut self, lessons: Vec<Lesson>) {
        self.lessons = lessons;
    }

    /// How many companies it has.
    pub fn len(&self) -> usize {
        self.companies.len()
    }

    /// True when there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.companies.is_empty()
    }

    /// Compares all with all: the pairs that may be the same, the surest first. The same base and
    /// the same decisions give the same answer.
    pub fn compare(&self, threads: usize) -> Vec<Found> {
        if self.companies.len() < 2 {
            return Vec::new();
        }
        let fields: Vec<Column> =
            COLUMNS.map(|(name, kind)| Column { name: name.to_owned(), kind }).into();
        let report_from = KEPT_FROM as f64 / 10_000.0;
        let lessons = self.lessons.clone();
        let settings = Settings { report_from, threads, lessons, ..Settings::default() };
        let linker = Linker::new(&fields, std::slice::from_ref(&self.table), &settings);
        let pairs = linker.linked().pairs;
        pairs.iter().filter_map(|pair| self.found(&linker, pair.a, pair.b)).collect()
    }

    fn found(&self, linker: &Linker, a: u32, b: u32) -> Option<Found> {
        let explained = linker.explain(a, b)?;
        let (one, other) = (*self.companies.get(a as usize)?, *self.companies.get(b as usize)?);
        let (left, right) = if one.0 <= other.0 { (one.1, other.1) } else { (other.1, one.1) };
        let mut reasons: Vec<Reason> = explained
            .reasons
            .iter()
            .filter(|reason| reason.code != "unknown")
            .map(|reason| Reason {
                field: COLUMNS.get(reason.field).map_or("", |(name, _)| *name).to_owned(),
                code: reason.code.to_owned(),
                weight: (reason.bits * 100.0).round() as i64,
                value: shared(&reason.left, &reason.right),
                carriers: i64::from(reason.carriers),
            })
            .collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.weight));
        let probability = (explained.probability * 10_000.0).round() as i64;
        Some(Found { left, right, probability, reasons })
    }
}

/// What both lists of values have, of those that are joined by `; `.
fn shared(left: &str, right: &str) -> String {
    let right: BTreeSet<&str> = right.split("; ").collect();
    let both: BTreeSet<&str> = left.split("; ").filter(|value| right.contains(value)).collect();
    both.into_iter().collect::<Vec<_>>().join("; ")
}
