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
    /// What is offered when it is asked again, in Russian; empty where the reason says nothing.
    pub offer_ru: String,
    /// The same in English.
    pub offer_en: String,
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
    /// What is offered when the company is asked again; `None` where the reason says nothing of it.
    pub fn offer(&self, lang: Lang) -> Option<&str> {
        let offer = match lang {
            Lang::Ru => &self.offer_ru,
            Lang::En => &self.offer_en,
        };
        Some(offer.as_str()).filter(|offer| !offer.is_empty())
    }
}

/// The code under which the reason stands in the note.
pub const OTHER: &str = "other";
/// The code that wants the day until which they are bound.
pub const UNDER_CONTRACT: &str = "under_contract";

/// A reason a new firm starts with.
#[derive(Debug, Clone, Copy)]
pub struct First {
    /// Its code.
    pub code: &'static str,
    /// Its words in Russian and in English.
    pub label: [&'static str; 2],
    /// Days until one may ask again.
    pub reentry_days: Option<i64>,
    /// What is offered then, in both languages.
    pub offer: [&'static str; 2],
}

const fn first(
    code: &'static str,
    label: [&'static str; 2],
    reentry_days: Option<i64>,
    offer: [&'static str; 2],
) -> First {
    First { code, label, reentry_days, offer }
}

/// What a new firm starts with.
pub const FIRST: [First; 10] = [
    first(
        "not_needed",
        ["не нужно", "no need"],
        Some(180),
        [
            "одну новую пользу, узнав, что изменилось",
            "one new benefit, after asking what has changed",
        ],
    ),
    first(
        "has_supplier",
        ["есть поставщик", "has a supplier"],
        Some(120),
        ["часть объёма, вторым поставщиком", "a part of the volume, as a second supplier"],
    ),
    first(
        UNDER_CONTRACT,
        ["договор до срока", "bound by a contract"],
        Some(90),
        ["условия к концу их договора", "terms for the end of their contract"],
    ),
    first(
        "too_expensive",
        ["дорого", "too expensive"],
        Some(90),
        ["рассрочку или меньший объём", "payment in parts or a smaller volume"],
    ),
    first(
        "no_budget",
        ["нет бюджета", "no budget now"],
        Some(60),
        ["заложить в бюджет следующего периода", "a place in the next budget"],
    ),
    first(
        "decided_elsewhere",
        ["решает головной офис", "decided at the head office"],
        Some(180),
        ["познакомить нас с головным офисом", "an introduction to the head office"],
    ),
    first(
        "bad_experience",
        ["плохой опыт с нами", "bad experience with us"],
        Some(365),
        ["извинение и пробный заказ на наших условиях", "an apology and a trial at our cost"],
    ),
    first("not_our_client", ["не наш профиль", "not our kind of client"], None, ["", ""]),
    first("closed_down", ["не работают больше", "out of business"], None, ["", ""]),
    first(OTHER, ["другое (напишите)", "other (say which)"], Some(90), ["", ""]),
];
