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
/// Columns that hold nothing of people of companies, or whose texts are dealt with otherwise, each
/// with the reason. A column that is made later is on no list, whatever its table.
const APART: &[(&str, &str)] = &[
    ("emails.address", "the address goes with its row"),
    ("import_rows.verdict", "a code"),
    ("import_rows.name", "of a company that is the person, by `update_nameless`"),
    ("import_rows.remarks", "struck by imports, with the records of the file"),
    ("import_rows.digest", "emptied by imports, with the records of the file"),
    ("erasures.ground", "a code"),
    ("erasures.document", "names nobody: it is refused where it does"),
    ("erasures.counts", "figures"),
    ("events.detail", "append-only: see decision 0014"),
    ("verifications.field", "a code"),
    ("verifications.result", "a code"),
    ("verifications.source", "a code"),
    ("payments.note", "append-only: see decision 0014"),
    ("import_changes.field", "a code"),
    ("import_changes.value", "facts of companies that a file filled in"),
    ("entries.period", "a month"),
    ("entries.debit", "an account, which names an employee by id"),
    ("entries.credit", "an account, which names an employee by id"),
    ("entries.component", "a code of the plan"),
    ("entries.source", "a code"),
    ("entries.corrects", "an id"),
    ("entries.hash", "a hash"),
    ("company_scores.cap", "a code"),
    ("company_scores.source", "where the company came from, as its card says"),
    ("calls.part", "a code"),
    ("incoming_calls.reference", "what the line called the call"),
    ("letters.way", "a code"),
    ("letters.preset", "a code and a version"),
    ("attempts.own_number", "a number of the firm's own"),
    ("calls.measured", "a code"),
    ("leads.closed_reason", "a code"),
    ("leads.denied_preset", "a code and a version"),
    ("leads.denied_rule", "a code"),
    ("leads.returned_reason", "a code"),
];

both! {
    async fn every_text_about_a_company_is_reached_or_told_why_not(t: TestDb) {
        let mut of_companies: BTreeSet<String> = BTreeSet::new();
        for column in ["company_id", "verification_id", "left_id", "order_id", "contract_id"] {
            of_companies.extend(tables_with(&t.db, column).await);
        }
        let reached: BTreeSet<&str> = WRITTEN.iter().map(|written| written.noun).collect();
        let (mut forgotten, mut apart) = (BTreeSet::new(), BTreeSet::new());
        for (table, column) in text_columns(&t.db).await {
            let is_code = CODES.contains(&&*column)
                || ENDINGS.iter().any(|ending| column.ends_with(ending));
            let place = format!("{table}.{column}");
            let told = APART.iter().find(|(name, _)| *name == place);
            if let Some((name, _)) = told.filter(|_| of_companies.contains(&table)) {
                apart.insert(*name);
            }
            let is_known = told.is_some() || is_code || reached.contains(&&*place);
            if of_companies.contains(&table) && !is_known {
                forgotten.insert(place);
            }
        }
        let known: BTreeSet<String> = KNOWN.iter().map(|place| (*place).to_owned()).collect();
        assert_eq!(forgotten, known, "struck by store/texts.rs, or named here with why not");
        assert_eq!(apart, APART.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), "gone");
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
