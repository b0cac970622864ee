//! Every coded reason that is stored or answered has words in both languages, so that a new one
//! cannot come without them.

use std::collections::BTreeSet;

use super::offenders::Found;
use super::source::{files, line_of, product, rust};

/// Where reasons are coded: the file, what lists them, what their keys begin with, and codes that
/// are never said, each for the reason beside it.
const CODED: &[(&str, &str, &str, &[&str])] = &[
    ("src/calls/mod.rs", "Meaning", "meaning-", &[]),
    ("src/calls/mod.rs", "Mechanism", "mechanism-", &[]),
    ("src/clients/mod.rs", "EndReason", "client-end-", &[]),
    ("src/clients/orders/mod.rs", "CancelReason", "order-cancel-", &[]),
    ("src/companies/suppression.rs", "SuppressReason", "suppress-reason-", &[]),
    ("src/companies/suppression.rs", "Channel", "channel-", &[]),
    ("src/companies/ties.rs", "TieKind", "tie-", &[]),
    ("src/contracts/codes.rs", "EndReason", "contract-end-", &[]),
    ("src/contracts/codes.rs", "ReversalReason", "reversal-", &[]),
    ("src/handoffs/dispute.rs", "Decision", "handoff-decide-", &[]),
    ("src/handoffs/mod.rs", "RejectionReason", "rejection-", &[]),
    ("src/imports/found.rs", "Branches", "import-branches-", &[]),
    ("src/imports/mod.rs", "Verdict", "verdict-", &[]),
    ("src/leads/admission.rs", "Rule", "rule-", &[]),
    ("src/leads/mod.rs", "SkipReason", "skip-", &[]),
    ("src/merges/fields.rs", "Field", "merge-field-", &[]),
    ("src/merges/mod.rs", "PairState", "pair-state-", &[]),
    ("src/opportunities/mod.rs", "LossReason", "sales-loss-", &[]),
    ("src/quality/mod.rs", "Part", "quality-part-", &[]),
    ("src/rounds/answers.rs", "Reach", "reach-", &[]),
    ("src/telephony/mod.rs", "State", "attempt-state-", &["ended"]),
    ("src/telephony/mod.rs", "EndCause", "attempt-end-", &[]),
    ("src/telephony/drivers/hosted/mod.rs", "Provider", "provider-", &[]),
    ("src/values/phone.rs", "PhoneProblem", "remark-", &[]),
    ("src/verification/mod.rs", "Field", "check-field-", &[]),
    ("src/verification/mod.rs", "Finding", "finding-", &[]),
    ("crates/intake/src/lib.rs", "Damage", "remark-row-", &[]),
    ("crates/linkage/src/duplicates/mod.rs", "Reason", "remark-", &[]),
    ("crates/linkage/src/duplicates/mod.rs", "Strength", "alike-", &[]),
    // A name that is missing is no evidence, so nothing is said of it.
    ("crates/linkage/src/duplicates/compare.rs", "NameLevel", "remark-", &["name_missing"]),
    // An empty cell has no number to speak of; other signs make it a foreign one.
    (
        "crates/linkage/src/normalise/identifiers.rs",
        "IdentifierProblem",
        "remark-tax-id-",
        &["empty", "characters"],
    ),
];

/// What says a coded remark: the code is the first thing in its brackets.
const REMARKS: [&str; 4] = ["Remark::new(", "Remark::about(", "of_company(", "about_company("];

fn keys(lang: &str) -> BTreeSet<String> {
    let is_key = |line: &&str| line.starts_with(|c: char| c.is_ascii_alphabetic());
    let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
    files(&format!("locales/{lang}"), &[".ftl"])
        .iter()
        .flat_map(|file| file.all.lines().filter(is_key).filter_map(key).collect::<Vec<_>>())
        .collect()
}

/// The codes of a type, be they listed by `codes!` or answered by its `fn code`.
fn codes_of(all: &str, name: &str) -> Vec<String> {
    let listed = all.match_indices("codes! {").find_map(|(at, _)| {
        let block = all[at..].split("\n}\n").next()?;
        let inside = block.split_once(&format!("    {name} {{\n"))?.1;
        Some(inside.split("\n    }").next()?.to_owned())
    });
    let answered = || {
        let begin = [format!("impl {name} {{"), format!("> {name}<T> {{")];
        let at = begin.iter().find_map(|begin| all.find(begin.as_str()))?;
        let body = all[at..].split_once("fn code(")?.1;
        Some(body.split("\n    }").next()?.to_owned())
    };
    let Some(body) = listed.or_else(answered) else { return Vec::new() };
    let lines = body.lines().filter(|line| line.contains("= \"") || line.contains("=> \""));
    lines.filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
}

#[test]
fn every_coded_reason_has_words_in_both_languages() {
    let (ru, en) = (keys("ru"), keys("en"));
    let mut found = Found::default();
    let mut look = |place: &str, key: String| {
        if !ru.contains(&key) || !en.contains(&key) {
            found.note(&key, 1, format!("{place}: no words {key} in both languages"));
        }
    };
    for (path, name, prefix, unsaid) in CODED {
        let file = rust().iter().find(|file| file.path == *path);
        let codes = file.map(|file| codes_of(&file.all, name)).unwrap_or_default();
        assert!(codes.len() > 1, "{path} has no codes of {name}: {codes:?}");
        for code in codes.iter().filter(|code| !unsaid.contains(&code.as_str())) {
            look(path, format!("{prefix}{}", code.replace(['_', '.'], "-")));
        }
    }
    let mut remarks = 0;
    for file in product() {
        for mark in REMARKS {
            for (at, _) in file.product.match_indices(mark) {
                let line = line_of(&file.product, at);
                let text = file.all.lines().nth(line - 1).unwrap_or_default();
                let said = text.split_once(mark).map_or("", |(_, said)| said);
                let Some(code) = said.strip_prefix('"').and_then(|rest| rest.split('"').next())
                else {
                    continue;
                };
                remarks += 1;
                let place = format!("{} line {line}", file.path);
                look(&place, format!("remark-{}", code.replace('_', "-")));
            }
        }
    }
    assert!(remarks > 15, "{remarks} remarks were found");
    found.judge("reason");
}

#[test]
fn codes_are_found_in_both_ways_of_writing_them() {
    let listed = "codes! {\n    /// One.\n    Way {\n        One = \"one\",\n        Two = \
                  \"two\",\n    }\n}\n";
    let answered = "impl Other {\n    pub fn code(self) -> &'static str {\n        match self {\n\
                    Self::A => \"a_b\",\n        }\n    }\n}\n";
    let text = &format!("{listed}\n{answered}");
    assert_eq!(codes_of(text, "Way"), ["one", "two"]);
    assert_eq!(codes_of(text, "Other"), ["a_b"]);
    assert_eq!(codes_of(text, "Third"), Vec::<String>::new());
}
