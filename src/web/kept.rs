//! What a person sent with a form that was refused, given back on the error page: texts under the
//! words they had on screen; choices, ids and ticks are carried on unseen.

use super::ui::Ui;
use super::words;

/// A field of the refused form.
pub struct Kept {
    /// Its name, as it is sent again.
    pub name: String,
    /// What was sent.
    pub value: String,
    /// What it is called on screen; `None` for what nobody typed.
    pub label: Option<String>,
}

/// The word for a field; `None` where it has none.
pub fn label(ui: &Ui, name: &str) -> Option<String> {
    let key = format!("field-{}", name.replace('_', "-"));
    words::has(ui.lang, &key).then(|| ui.t(&key))
}

/// The fields of a form in their order; of those in `wrong` also the empty ones are shown.
pub fn kept(ui: &Ui, pairs: &[(String, String)], wrong: &[&str]) -> Vec<Kept> {
    let all = pairs.iter().map(|(name, value)| {
        let is_wrong = wrong.contains(&name.as_str());
        let label = if is_typed(name, value) || is_wrong && !is_code(value) {
            label(ui, name).or_else(|| is_text(value).then(|| ui.t("field-other")))
        } else {
            None
        };
        Kept { name: name.clone(), value: value.clone(), label }
    });
    all.collect()
}

/// A reason is a text in one form and a choice in another, so its value tells which.
fn is_typed(name: &str, value: &str) -> bool {
    !value.trim().is_empty() && (name != "reason" || !is_code(value))
}

/// What the product itself writes into a form: `half_up`, an id, a number.
fn is_code(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// Words of a person: more than one of them, or letters that no code has.
fn is_text(value: &str) -> bool {
    !value.trim().is_empty() && !is_code(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Instant, Lang};

    fn labels(pairs: &[(&str, &str)], wrong: &[&str]) -> Vec<String> {
        let ui = Ui::anonymous(Lang::En, Instant(0));
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        kept(&ui, &pairs, wrong).into_iter().map(|one| one.label.unwrap_or_default()).collect()
    }

    #[test]
    fn texts_are_shown_under_their_words_and_choices_not_at_all() {
        let chosen = [
            ("trigger", "record"),
            ("tier", "1"),
            ("rounding", "half_up"),
            ("user", "01a05109-ec80-73ec-b9bd-efae9e4e03fc"),
            ("outcome", "approved"),
            ("reason", "price"),
        ];
        assert_eq!(labels(&chosen, &["trigger"]), [""; 6]);
        let typed = [("rate", "lots"), ("reason", "Taxi"), ("cap", ""), ("unnamed", "Two words")];
        let words = ["Sum or percentage", "Reason", "At most at a time", "Your text"];
        assert_eq!(labels(&typed, &["cap"]), words);
    }
}
