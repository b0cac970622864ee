//! Whose table a statement names. A folder's SQL names its own; what it wants of another's it asks
//! of its actions. Who reads further today stands in `offenders.txt`: folder and table. The list
//! may only shrink, and ARCHITECTURE says why each of them is there.

use std::collections::BTreeSet;

use super::edges::{READERS, TOP};
use super::offenders::Found;
use super::source::{files, folder, product, word_places};

/// The tables of each folder.
const TABLES: &[(&str, &[&str])] = &[
    ("storage", &["counters", "receipts"]),
    ("jobs", &["jobs"]),
    ("events", &["events"]),
    ("web", &["drafts"]),
    (
        "people",
        &[
            "api_tokens",
            "organisations",
            "sessions",
            "sign_in_links",
            "team_history",
            "teams",
            "users",
        ],
    ),
    (
        "companies",
        &[
            "bases",
            "companies",
            "company_ties",
            "contacts",
            "emails",
            "erased_traces",
            "notes",
            "phones",
            "search_terms",
            "sights",
            "suppression_secrets",
            "suppression_targets",
            "suppressions",
        ],
    ),
    (
        "imports",
        &[
            "file_parts",
            "files",
            "import_blocks",
            "import_changes",
            "import_rows",
            "import_stays",
            "imports",
        ],
    ),
    (
        "campaigns",
        &["campaign_halts", "campaign_members", "campaigns", "refusal_reasons", "scripts"],
    ),
    ("meetings", &["meeting_hosts", "meetings"]),
    ("leads", &["callbacks", "leads", "rests", "seats"]),
    ("verification", &["ageing_rules", "check_reversals", "check_values", "verifications"]),
    (
        "telephony",
        &[
            "attempt_events",
            "attempts",
            "connector_extensions",
            "connectors",
            "exchange_phones",
            "exchanges",
            "hosted_calls",
            "hosted_desks",
            "hosted_events",
            "incoming_calls",
            "paused_numbers",
            "phone_accounts",
            "recordings",
            "unknown_calls",
        ],
    ),
    ("calls", &["calls", "practice_answers"]),
    (
        "quality",
        &[
            "company_scores",
            "report_rules",
            "score_days",
            "score_firsts",
            "score_passes",
            "score_weights",
        ],
    ),
    ("rounds", &["rounds"]),
    ("letters", &["letters"]),
    ("promises", &["promises"]),
    ("contracts", &["contracts", "payments"]),
    ("opportunities", &["opportunities", "opportunity_moves", "stages"]),
    ("tasks", &["tasks"]),
    (
        "clients",
        &[
            "client_contracts",
            "client_sweeps",
            "clients",
            "important_dates",
            "onboarding_steps",
            "orders",
            "prototypes",
        ],
    ),
    ("handoffs", &["handoffs"]),
    (
        "merges",
        &[
            "duplicate_pairs",
            "duplicate_scans",
            "merge_changes",
            "merge_moves",
            "merge_strays",
            "merges",
        ],
    ),
    ("erasures", &["erasures"]),
    (
        "pay",
        &[
            "entries",
            "pay_adjustments",
            "pay_closings",
            "pay_disputes",
            "pay_engagements",
            "pay_heads",
            "pay_periods",
            "pay_remittances",
            "plan_assignments",
            "plan_versions",
            "plans",
        ],
    ),
];

/// What writes to any table with a company: it moves their rows, or strikes people out of them.
const WIDE: &[&str] = &["merges", "erasures"];

/// The tables that a statement, or a part of one, names.
fn named(text: &str) -> impl Iterator<Item = &str> {
    ["from", "join", "into", "update"].into_iter().flat_map(move |verb| {
        word_places(text, verb).filter_map(move |at| {
            let rest = text[at + verb.len()..].strip_prefix(' ')?.trim_start();
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_');
            Some(&rest[..end.unwrap_or(rest.len())])
        })
    })
}

fn owner(table: &str) -> Option<&'static str> {
    TABLES.iter().find(|(_, tables)| tables.contains(&table)).map(|(folder, _)| *folder)
}

#[test]
fn a_statement_names_the_tables_of_its_own_folder() {
    let mut read = BTreeSet::new();
    for file in product() {
        let home = folder(&file.path);
        let is_store = file.path.ends_with("store.rs") || file.path.contains("/store/");
        if !is_store || [READERS, TOP, WIDE].iter().any(|some| some.contains(&home)) {
            continue;
        }
        for (_, text) in &file.literals {
            // A statement goes over several lines, each with a backslash.
            let text = text.replace("\\\n", " ");
            for table in named(&text) {
                let other = owner(table).filter(|owner| *owner != home);
                read.extend(other.map(|owner| (home, owner, table.to_owned())));
            }
        }
    }
    let mut found = Found::default();
    for (home, owner, table) in read {
        let sentence = format!("{table} is of {owner}: ask its actions, or say here why not");
        found.note(format!("{home} {table}"), 1, sentence);
    }
    found.judge("table");
}

#[test]
fn every_table_has_its_folder() {
    let mut made = BTreeSet::new();
    let mut gone = BTreeSet::new();
    for file in files("migrations", &[".sql"]) {
        for (verb, tables) in [("create table ", &mut made), ("drop table ", &mut gone)] {
            let names = file.all.split(verb).skip(1);
            let name = |rest: &str| rest.split([' ', ';', '(']).next().map(str::to_owned);
            tables.extend(names.filter_map(name));
        }
    }
    let stand: BTreeSet<&str> = made.difference(&gone).map(String::as_str).collect();
    let owned: BTreeSet<&str> =
        TABLES.iter().flat_map(|(_, tables)| tables.iter().copied()).collect();
    assert_eq!(stand, owned, "say in tests/tidy/tables.rs whose table it is");
}

#[test]
fn tables_are_found_in_a_statement() {
    let text = "select a from leads l \\\n join companies c on c.id = l.id where exists (select 1 \
                from phones) and from_tier = 1 order by a";
    assert_eq!(named(text).collect::<Vec<_>>(), ["leads", "phones", "companies"]);
    assert_eq!(named("update users set a = $1").collect::<Vec<_>>(), ["users"]);
    assert_eq!(owner("phones"), Some("companies"));
}
