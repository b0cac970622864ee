//! Stages: the positions of the pipeline, and what must be known before each is left.

use crate::values::*;

codes! {
    /// Something that must be known before a stage is left forward.
    Criterion {
        /// What is done next, and when.
        NextStep = "next_step",
        /// What the client needs.
        Need = "need",
        /// What it may bring.
        Amount = "amount",
        /// The day the contract is expected.
        ExpectedClose = "expected_close",
    }
}

impl Criterion {
    /// The field of the form that answers it.
    pub fn field(self) -> &'static str {
        match self {
            Self::NextStep => "next_step",
            Self::Need => "need",
            Self::Amount => "amount",
            Self::ExpectedClose => "expected_close_on",
        }
    }
    /// The code of the sentence that asks for it.
    pub fn problem(self) -> &'static str {
        match self {
            Self::NextStep => "stage-wants-next-step",
            Self::Need => "stage-wants-need",
            Self::Amount => "stage-wants-amount",
            Self::ExpectedClose => "stage-wants-expected-close",
        }
    }
}

/// A position of the pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its code; stored with each opportunity.
    pub code: String,
    /// Its place from the left.
    pub position: i64,
    /// Its Russian name.
    pub name_ru: String,
    /// Its English name.
    pub name_en: String,
    /// What must be known before it is left.
    pub criteria: Vec<Criterion>,
    /// Days after which an opportunity counts as stuck here.
    pub stuck_after_days: i64,
}

impl Stage {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ru => &self.name_ru,
            Lang::En => &self.name_en,
        }
    }
    /// From when an opportunity that entered at `since` counts as stuck.
    pub fn stuck_at(&self, since: Instant) -> Instant {
        since.plus_days(self.stuck_after_days)
    }
}

/// The stages a firm begins with.
pub fn defaults() -> Vec<Stage> {
    use Criterion::*;
    let rows: [(&str, &str, &str, &[Criterion], i64); 6] = [
        ("new", "Новые", "New", &[NextStep], 3),
        ("meeting", "Встреча прошла", "Meeting held", &[Need], 7),
        ("need", "Нужда ясна", "Need agreed", &[Amount], 7),
        ("offer", "КП у клиента", "Offer sent", &[NextStep, ExpectedClose], 10),
        ("negotiation", "Согласование", "Negotiation", &[Amount, ExpectedClose], 14),
        ("contract", "Договор у клиента", "Contract out", &[], 10),
    ];
    (1..)
        .zip(rows)
        .map(|(position, (code, name_ru, name_en, criteria, stuck_after_days))| Stage {
            code: code.to_owned(),
            position,
            name_ru: name_ru.to_owned(),
            name_en: name_en.to_owned(),
            criteria: criteria.to_vec(),
            stuck_after_days,
        })
        .collect()
}
