//! The words on screen: Fluent texts by language, embedded. A missing word fails a test.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::{HeaderMap, header};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::assets::embedded::LOCALES;
use super::format;
use crate::values::Lang;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<HashMap<Lang, Bundle>> =
    LazyLock::new(|| [Lang::Ru, Lang::En].into_iter().map(|l| (l, bundle(l))).collect());

fn bundle(lang: Lang) -> Bundle {
    let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Ru => |value, _| grouped(Lang::Ru, value),
        Lang::En => |value, _| grouped(Lang::En, value),
    }));
    for (path, text) in LOCALES.iter().filter(|(path, _)| path.starts_with(lang.code())) {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(kept, all)| {
            tracing::error!(file = path, problems = ?all, "a word file has mistakes");
            kept
        });
        if let Err(all) = bundle.add_resource(resource) {
            tracing::error!(file = path, problems = ?all, "a word stands twice");
        }
    }
    bundle
}

/// Counts look in a sentence as they look in a table. The number of a record is no count: it is
/// given as text.
#[expect(clippy::cast_possible_truncation, reason = "counts are whole and far below 2⁵³")]
fn grouped(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(count) = value else { return None };
    Some(format::number(lang, count.value as i64))
}

/// The language that a browser asks for, as long as nobody is known to have chosen another.
pub fn wanted(headers: &HeaderMap) -> Lang {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(',').find_map(Lang::from_code))
        .unwrap_or_default()
}

/// The text of a key. A missing key shows as `⟦key⟧`; the tests refuse that.
pub fn say(lang: Lang, key: &str, args: &[(&str, Word)]) -> String {
    let missing = || format!("⟦{key}⟧");
    let Some(bundle) = BUNDLES.get(&lang) else { return missing() };
    let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { return missing() };
    let mut named = FluentArgs::new();
    for (name, word) in args {
        named.set(
            (*name).to_owned(),
            match word {
                Word::Text(text) => FluentValue::from(text.clone()),
                Word::Count(count) => FluentValue::from(*count),
            },
        );
    }
    let mut problems = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&named), &mut problems).into_owned();
    if !problems.is_empty() {
        tracing::warn!(key, ?problems, "a text misses an argument");
    }
    text
}

/// True when the language has the key.
pub fn has(lang: Lang, key: &str) -> bool {
    BUNDLES.get(&lang).is_some_and(|b| b.get_message(key).is_some_and(|m| m.value().is_some()))
}

/// An argument of a text.
#[derive(Debug, Clone)]
pub enum Word {
    /// Text as it is.
    Text(String),
    /// A number that chooses the plural form.
    Count(i64),
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<&String> for Word {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}
impl From<String> for Word {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Word {
    fn from(count: i64) -> Self {
        Self::Count(count)
    }
}
impl From<&i64> for Word {
    fn from(count: &i64) -> Self {
        Self::Count(*count)
    }
}
impl From<usize> for Word {
    fn from(count: usize) -> Self {
        Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_file_is_read_whole() {
        for (path, text) in LOCALES {
            let problems = FluentResource::try_new((*text).to_owned()).err().map(|(_, all)| all);
            assert!(problems.is_none(), "{path}: {problems:?}");
        }
    }

    #[test]
    fn a_text_that_looks_like_a_variant_is_said() {
        for lang in [Lang::Ru, Lang::En] {
            assert!(say(lang, "campaign-script-first", &[]).contains("\n[ ] "), "{lang:?}");
        }
    }

    #[test]
    fn a_large_count_is_grouped_and_still_chooses_its_form() {
        let rows = |lang, n: i64| say(lang, "import-rows-count", &[("count", n.into())]);
        assert_eq!(rows(Lang::Ru, 3_492), "3\u{a0}492 строки");
        assert_eq!(rows(Lang::Ru, 1_235), "1\u{a0}235 строк");
        assert_eq!(rows(Lang::En, 3_492), "3,492 rows");
    }
}
