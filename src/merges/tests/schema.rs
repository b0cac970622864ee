//! No table with a company is forgotten.

use std::collections::BTreeSet;

use super::{Cast, company, flax};
use crate::both;
use crate::merges::store::{self, MOVED};
use crate::storage::testing::tables_with;
use crate::values::Lang;
use crate::web::words;

/// Tables with a company whose rows stay where they are, and why.
const STAYING: &[(&str, &str)] = &[
    ("events", "append-only: what happened to an alias is read with its survivor"),
    ("suppressions", "append-only: a ban of an alias holds for its survivor"),
    ("verifications", "append-only: a check of an alias is read with its survivor"),
    ("entries", "append-only: pay is what it was, and its link opens the survivor"),
    ("erasures", "append-only: an act names the record it was of; its link opens the survivor"),
    ("import_rows", "what a file held is told by that file; its link opens the survivor"),
    ("import_changes", "what a file filled is taken back from the record that it filled"),
    ("import_stays", "why an undone file left something is told by that file"),
    ("company_scores", "worked out anew from what the company has"),
    ("search_terms", "written anew for both; the survivor is found by its aliases' words, too"),
    ("sights", "moved by statements of its own: its key is the person and the company"),
    ("company_ties", "moved by statements of its own: both of its companies may be the loser"),
];

/// Rows of these stay with the loser where the survivor has the same, so that `check` allows them
/// there.
const WAITING: [&str; 3] = ["phones", "emails", "leads"];

#[test]
fn check_asks_about_every_table_that_moves_and_no_other() {
    let asked = include_str!("../../check/store.rs");
    let begin = asked.find("macro_rules! moved").expect("it lists them");
    let end = asked[begin..].find("};").expect("to an end");
    let asked = asked[begin..begin + end].split("select '").skip(1);
    let asked: Vec<&str> = asked.filter_map(|rest| rest.split('\'').next()).collect();
    let moved = MOVED.iter().map(|table| table.noun).filter(|noun| !WAITING.contains(noun));
    let moved: BTreeSet<&str> = moved.collect();
    assert_eq!(asked.iter().copied().collect::<BTreeSet<&str>>(), moved, "src/check/store.rs");
    assert_eq!(asked.len(), moved.len(), "each once");
    for table in MOVED {
        assert!(!table.may_wait() || WAITING.contains(&table.noun), "{}", table.noun);
    }
}

both! {
    async fn every_table_with_a_company_is_moved_or_told_why_not(t: TestDb) {
        let found: BTreeSet<String> = tables_with(&t.db, "company_id").await.into_iter().collect();
        let moved = MOVED.iter().map(|table| table.noun.to_owned());
        let staying = STAYING.iter().map(|(table, _)| (*table).to_owned());
        let named: BTreeSet<String> = moved.chain(staying).collect();
        assert_eq!(found, named, "moved by src/merges/store/moves.rs, or named above with why not");
        assert_eq!(named.len(), MOVED.len() + STAYING.len(), "each once");
        assert!(STAYING.iter().all(|(_, why)| why.len() > 20), "and why it stays");
    }

    async fn of_every_table_one_row_can_be_placed(t: TestDb) {
        let cast = Cast::gather(t).await;
        let one = super::add(&cast, "one", flax("Лён", None)).await;
        let other = super::add(&cast, "other", flax("Клевер", None)).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        for table in MOVED {
            let placed = store::place(&mut tx, table, cast.org, (one, other), "nothing").await;
            assert_eq!(placed.expect(table.noun), 0, "{} has no such row", table.noun);
        }
        let free = store::update_phone_contact(&mut tx, cast.org, "nothing", ("", &None)).await;
        assert_eq!(free.expect("no such number"), 0);
        drop(tx);
        assert!(company(&cast, one).await.is_in_base());
    }
}

#[test]
fn what_is_moved_has_a_name() {
    for lang in [Lang::Ru, Lang::En] {
        for noun in MOVED.iter().map(|moved| moved.noun).chain(["sights", "ties"]) {
            let key = format!("moved-{}", noun.replace('_', "-"));
            assert!(words::has(lang, &key), "{key} in {lang:?}");
        }
        assert!(words::has(lang, "closed-merged"), "what a merge closes has a place in the queue");
    }
}
