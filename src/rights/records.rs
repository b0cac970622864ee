//! The record that each noun of a path stands for, made by the product's own actions.

use std::collections::BTreeMap;

use crate::cast::Cast;

/// Nouns a record is made for, in the order they are made.
pub(super) const NOUNS: [&str; 10] = [
    "version",
    "link",
    "user",
    "team",
    "plan",
    "assignment",
    "period",
    "entry",
    "dispute",
    "adjustment",
];

/// Nouns nobody makes a record for yet. May only shrink.
pub(super) const NOT_YET: [&str; 0] = [];

/// The parameters of a path: `/leads/{lead}/calls` has `lead`.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .filter(|name| !name.starts_with('*'))
}

/// A path with the records filled in; where there is none, an id that nothing has.
pub(super) fn fill(path: &str, records: &BTreeMap<&'static str, String>) -> String {
    path.split('/')
        .map(|part| {
            if part.starts_with("{*") {
                return "css/troika.css".to_owned();
            }
            let noun = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            match noun {
                None => part.to_owned(),
                Some(noun) => records.get(noun).cloned().unwrap_or_else(|| NOBODY.to_owned()),
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// A well-formed id that nothing has.
const NOBODY: &str = "01234567-89ab-7def-8123-456789abcdef";

/// Makes the records; whose each is stands beside it.
pub(super) async fn make(cast: &Cast) -> BTreeMap<&'static str, String> {
    let mut records = BTreeMap::new();
    records.insert("version", "0".to_owned());
    // A link that was never made; a good one is tried in `people/tests.rs`.
    records.insert("link", "0".repeat(64));
    records.insert("user", cast.id("boris").to_string());
    records.insert("team", cast.teams["calls-a"].to_string());
    // Boris is paid by a plan; a line of his is contested, a sum by hand waits for approval.
    records.extend(crate::pay::tests::records(cast).await);
    records
}
