//! No text is forgotten.

use std::collections::BTreeSet;

use super::super::store::{self, WRITTEN};
use super::*;
use crate::both;
use crate::storage::testing::{tables_with, text_columns};

/// Endings of columns that hold no words: ids, codes, hashes, days.
const ENDINGS: &[&str] = &["_id", "_contact", "_by", "_hash", "_key", "_digest", "_on"];
/// Columns of codes, numbers and names of things.
const CODES: &[&str] = &[
    "id",
    "band",
    "channel",
    "currency",
    "kind",
    "line",
    "mechanism",
    "meaning",
    "noun",
    "origin",
    "purpose",
    "reason",
    "stage",
    "standing",
    "state",
    "target",
    "term",
];
/// Tables that hold nothing of people of companies, or whose texts are dealt with otherwise.
const APART: &[(&str, &str)] = &[
    ("companies", "facts of the company itself; they are no data of a contact"),
    ("emails", "the address goes with its row"),
    ("import_rows", "struck by imports, with the records of the file"),
    ("imports", "struck by imports, with the records of the file"),
    ("files", "the file as it was brought is destroyed by imports"),
    ("drafts", "struck by a statement of its own"),
    ("erasures", "names nobody: the document is refused where it does"),
    ("events", "append-only: see decision 0014"),
    ("verifications", "codes and ids: what they tell of stands in check_values"),
    ("payments", "append-only: see decision 0014"),
    ("merge_changes", "facts of companies and ids; what is of a person's row goes with it"),
    ("import_changes", "facts of companies that a file filled in"),
    ("search_terms", "written anew from what is left"),
    ("suppressions", "codes, ids and hashes of numbers"),
    ("entries", "append-only: pay names records and employees"),
    ("company_scores", "worked out from what the company has"),
    ("leads", "codes and ids; nothing is typed there"),
];

both! {
    async fn every_text_about_a_company_is_reached_or_told_why_not(t: TestDb) {
        let mut of_companies: BTreeSet<String> = BTreeSet::new();
        for column in ["company_id", "verification_id", "left_id", "order_id"] {
            of_companies.extend(tables_with(&t.db, column).await);
        }
        let reached: BTreeSet<&str> = WRITTEN.iter().map(|written| written.noun).collect();
        let mut forgotten = BTreeSet::new();
        for (table, column) in text_columns(&t.db).await {
            let is_apart = APART.iter().any(|(name, _)| *name == table);
            let is_code = CODES.contains(&&*column)
                || ENDINGS.iter().any(|ending| column.ends_with(ending));
            let place = format!("{table}.{column}");
            let is_known = is_apart || is_code || reached.contains(&&*place);
            if of_companies.contains(&table) && !is_known {
                forgotten.insert(place);
            }
        }
        let known: BTreeSet<String> = KNOWN.iter().map(|place| (*place).to_owned()).collect();
        assert_eq!(forgotten, known, "struck by store/texts.rs, or named here with why not");
        assert!(APART.iter().all(|(_, why)| why.len() > 14), "and why it stays");
    }

    async fn every_text_can_be_put(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        for written in WRITTEN {
            let nobody = ("nothing", Some("[x]"));
            let put = store::put_written(&mut tx, written, cast.org, nobody).await;
            assert_eq!(put.expect(written.noun), 0, "{} has no such row", written.noun);
        }
    }
}

/// Codes that nobody writes by hand, and values of a record that goes as a whole.
const KNOWN: &[&str] = &[
    "calls.checkpoints",
    "calls.legal_basis",
    "calls.lead_before",
    "check_values.change",
    "clients.kept_through",
    "clients.end_reason",
    "contacts.name",
    "contracts.end_reason",
    "handoffs.again_of",
    "handoffs.dispute",
    "important_dates.person_name",
    "opportunities.loss_reason",
    "orders.cancel_reason",
    "phones.e164",
    "phones.extension",
    "prototypes.answer",
];
