//! Names of organisations.

use super::forms::{self, Found};
use super::letters::{is_blank, joined, latin_key};
use smallvec::SmallVec;

/// A name taken apart: the legal form, and what is left to compare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CompanyName {
    /// The legal form in one official spelling («ООО», `GmbH`, «ГБОУ»), if one was recognised.
    pub form: Option<&'static str>,
    /// The comparable name: the words of [`tokens`](Self::tokens) joined by a blank.
    pub core: String,
    /// The words of the name without its form, in lower case and without punctuation.
    pub tokens: Vec<String>,
}

impl CompanyName {
    /// A name from a stored core, such as the one an earlier call gave.
    #[must_use]
    pub fn from_core(form: Option<&'static str>, core: &str) -> Self {
        let tokens: Vec<String> = core.split_whitespace().map(str::to_owned).collect();
        Self { form, core: tokens.join(" "), tokens }
    }

    /// Whether there is nothing to compare.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The core without blanks: «Авто-Трейд» and «Автотрейд» agree in it.
    #[must_use]
    pub fn compact(&self) -> String {
        self.tokens.concat()
    }

    /// The Latin key of [`compact`](Self::compact): «Вектор» and `Vector` agree in it.
    #[must_use]
    pub fn latin_key(&self) -> String {
        latin_key(&self.compact())
    }
}

/// Takes the name of an organisation apart.
///
/// Legal forms (Russian, English, German and some others; abbreviated, spelled out or with stops
/// between the letters) are cut off both ends, as in «ООО "Вектор Лтд"»; the first one found is
/// kept. A name that consists of a form alone keeps its words. Of an institution also the town of
/// its founder is dropped («… учреждение города Москвы школа № 5»), since short names lack it.
/// Quotes, brackets, punctuation and № count as blanks.
#[must_use]
pub fn name(text: &str) -> CompanyName {
    let words = joined(text);
    let (form, tokens) = parted(&words);
    let tokens: Vec<String> = tokens.into_iter().map(str::to_owned).collect();
    CompanyName { form, core: tokens.join(" "), tokens }
}

/// The words of a name; few have more.
pub(crate) type Words<'a> = SmallVec<[&'a str; 8]>;

/// The form of a name and its other words; of its words as [`joined`] gives them.
pub(crate) fn parted(words: &str) -> (Option<&'static str>, Words<'_>) {
    let mut tokens: Words = words.split(is_blank).filter(|word| !word.is_empty()).collect();
    let mut form = None;
    // Three rounds are enough for any real pile of forms and keep odd input from being eaten up.
    for _ in 0..3 {
        let found: Option<Found> = forms::at_start(&tokens);
        if let Some(Found { name, words }) = found {
            tokens.drain(..words);
            form = form.or(Some(name));
            if forms::is_institution(name) {
                drop_founder(&mut tokens);
            }
            continue;
        }
        let Some(Found { name, words }) = forms::at_end(&tokens) else { break };
        tokens.truncate(tokens.len() - words);
        form = form.or(Some(name));
    }
    (form, tokens)
}

/// Drops «города Москвы», «г. Санкт-Петербурга» and the like from the beginning of a name.
fn drop_founder(tokens: &mut Words) {
    let is_town_word = tokens.first().is_some_and(|word| matches!(*word, "города" | "г"));
    if !is_town_word {
        return;
    }
    let two_words = tokens.get(1).is_some_and(|word| {
        matches!(*word, "санкт" | "нижнего" | "великого" | "набережных" | "ростова")
    });
    let count = if two_words { 3 } else { 2 };
    if tokens.len() > count {
        tokens.drain(..count);
    }
}
