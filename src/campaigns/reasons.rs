//! Why companies refuse: a dictionary of the firm, each reason with the time after which one may
//! ask again.

use crate::values::*;

/// A coded reason of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalReason {
    /// The stored code.
    pub code: String,
    /// Its words in Russian.
    pub label_ru: String,
    /// Its words in English.
    pub label_en: String,
    /// Days after which the company may be asked again; `None` for never.
    pub reentry_days: Option<i64>,
    /// Its place in the list.
    pub position: i64,
}

impl RefusalReason {
    /// Its words in a language.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.label_ru,
            Lang::En => &self.label_en,
        }
    }
}

/// The code under which the reason stands in the note.
pub const OTHER: &str = "other";
/// The code that wants the day until which they are bound.
pub const UNDER_CONTRACT: &str = "under_contract";

/// What a new firm starts with: code, Russian, English, days until one may ask again.
pub const FIRST: [(&str, &str, &str, Option<i64>); 10] = [
    ("not_needed", "не нужно", "no need", Some(180)),
    ("has_supplier", "есть поставщик", "has a supplier", Some(120)),
    (UNDER_CONTRACT, "договор до срока", "bound by a contract", Some(90)),
    ("too_expensive", "дорого", "too expensive", Some(90)),
    ("no_budget", "нет бюджета", "no budget now", Some(60)),
    ("decided_elsewhere", "решает головной офис", "decided at the head office", Some(180)),
    ("bad_experience", "плохой опыт с нами", "bad experience with us", Some(365)),
    ("not_our_client", "не наш профиль", "not our kind of client", None),
    ("closed_down", "не работают больше", "out of business", None),
    (OTHER, "другое (напишите)", "other (say which)", Some(90)),
];
