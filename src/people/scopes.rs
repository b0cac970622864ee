//! What a personal token may do: words `noun:verb` with spaces between.

use crate::values::*;

/// What the routes of the API are about; `routes` tests that there are no others.
pub const NOUNS: &[&str] = &[
    "calls",
    "campaigns",
    "clients",
    "companies",
    "connectors",
    "contracts",
    "erasures",
    "handoffs",
    "holdings",
    "imports",
    "incoming-calls",
    "leads",
    "letters",
    "meetings",
    "merges",
    "opportunities",
    "pay",
    "people",
    "promises",
    "quality",
    "recordings",
    "reports",
    "rounds",
    "story",
    "tasks",
    "telephony",
    "verification",
    "wallboard",
];
/// Letters of a wrong word that are told.
const SHOWN_MAX: usize = 40;

/// Notes the first word that opens nothing, with the nouns there are.
pub(super) fn check(fields: &mut Fields, scopes: &str) {
    let Some(wrong) = scopes.split(' ').find(|scope| !is_scope(scope)) else { return };
    let wrong = wrong.chars().take(SHOWN_MAX).collect();
    let args = vec![("scope", wrong), ("nouns", NOUNS.join(", "))];
    fields.note_with("scopes", "no-such-scope", args);
}

fn is_scope(scope: &str) -> bool {
    scope.split_once(':').is_some_and(|(noun, verb)| {
        (noun == "*" || NOUNS.contains(&noun)) && matches!(verb, "read" | "write")
    })
}
