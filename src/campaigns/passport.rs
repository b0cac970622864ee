//! The passport: what must be known before a lead may cross to another tier.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::values::*;

/// The longest answer.
pub const ANSWER_CHARS_MAX: usize = 2_000;

codes! {
    /// One answer of the passport.
    PassportField {
        /// Who decides there.
        Who = "who",
        /// What they need.
        Need = "need",
        /// What they can spend.
        Budget = "budget",
        /// By when.
        Timing = "timing",
        /// What was promised to them.
        Promises = "promises",
        /// What happens next, and when.
        NextStep = "next_step",
    }
}

impl PassportField {
    /// The name of its form field, also in what is wrong with it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Who => "passport_who",
            Self::Need => "passport_need",
            Self::Budget => "passport_budget",
            Self::Timing => "passport_timing",
            Self::Promises => "passport_promises",
            Self::NextStep => "passport_next_step",
        }
    }
}

/// The answers by field; what was not answered is absent.
pub type Passport = BTreeMap<PassportField, String>;

/// Refuses a passport in which a required answer is missing or an answer is too long.
pub fn check(required: &[PassportField], answers: &Passport) -> Result<(), Fields> {
    let mut fields = Fields::default();
    for field in required {
        if answers.get(field).is_none_or(|answer| answer.trim().is_empty()) {
            fields.note(field.field(), "required");
        }
    }
    for (field, answer) in answers {
        if answer.chars().count() > ANSWER_CHARS_MAX {
            let max = vec![("max", ANSWER_CHARS_MAX.to_string())];
            fields.note_with(field.field(), "too-long", max);
        }
    }
    if fields.0.is_empty() { Ok(()) } else { Err(fields) }
}

/// The answers as an event carries them.
pub fn to_json(answers: &Passport) -> Value {
    answers
        .iter()
        .filter(|(_, answer)| !answer.trim().is_empty())
        .map(|(field, answer)| (field.code().to_owned(), Value::from(answer.trim())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Reads answers as they are kept; unknown fields are left out.
pub fn from_json(value: &Value) -> Passport {
    let Value::Object(map) = value else { return Passport::new() };
    map.iter()
        .filter_map(|(code, answer)| Some((code.parse().ok()?, answer.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_required_answer_may_not_be_missing_or_blank() {
        use PassportField::*;
        let long = "о".repeat(ANSWER_CHARS_MAX + 1);
        for (required, answers, wrong) in [
            (vec![], vec![], vec![]),
            (vec![Who, Need], vec![(Who, "директор")], vec!["passport_need"]),
            (vec![Who], vec![(Who, "  ")], vec!["passport_who"]),
            (vec![Who], vec![(Who, "директор"), (Budget, "")], vec![]),
            (vec![], vec![(Timing, long.as_str())], vec!["passport_timing"]),
        ] {
            let answers = answers.into_iter().map(|(f, a)| (f, a.to_owned())).collect();
            let found: Vec<&str> = check(&required, &answers)
                .err()
                .map(|fields| fields.0.into_keys().collect())
                .unwrap_or_default();
            assert_eq!(found, wrong, "{required:?} {answers:?}");
        }
    }

    #[test]
    fn answers_survive_an_event() {
        let answers = Passport::from([(PassportField::NextStep, " показ в четверг ".to_owned())]);
        let read = from_json(&to_json(&answers));
        assert_eq!(read[&PassportField::NextStep], "показ в четверг");
    }
}
