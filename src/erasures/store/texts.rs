//! Where people of a company may be named in words that somebody wrote. A test reads the schema:
//! a text that is neither here nor on the test's list of those that name nobody fails it.

use crate::storage::{Tx, Val};
use crate::vals;
use crate::values::*;

/// A column of texts about a company.
pub struct Written {
    /// The table and the column.
    pub noun: &'static str,
    /// True where the text is JSON, whose field names are not touched.
    pub is_json: bool,
    /// Lists the texts of some companies.
    list: &'static str,
    /// Puts $3 where the text of row $2 stood.
    put: &'static str,
}

/// The statements of a column: by what its rows are known, and how they are found by companies.
macro_rules! written {
    ($table:literal, $column:literal, $is_json:literal, $id:literal, $of:literal) => {
        Written {
            noun: concat!($table, ".", $column),
            is_json: $is_json,
            list: concat!(
                "select ",
                $id,
                " as id, ",
                $column,
                " as said from ",
                $table,
                " where org_id = $1 and ",
                $column,
                " is not null and ",
                $column,
                " <> '' and ",
                $of,
                " in (/*among*/)"
            ),
            put: concat!(
                "update ",
                $table,
                " set ",
                $column,
                " = $3 where org_id = $1 and ",
                $id,
                " = $2"
            ),
        }
    };
    ($table:literal, $column:literal, $is_json:literal, $of:literal) => {
        written!($table, $column, $is_json, "id", $of)
    };
    ($table:literal, $column:literal) => {
        written!($table, $column, false, "id", "company_id")
    };
    ($table:literal, $column:literal, json) => {
        written!($table, $column, true, "id", "company_id")
    };
    (check $column:literal) => {
        written!(
            "check_values",
            $column,
            false,
            "verification_id",
            "(select v.company_id from verifications v where v.id = check_values.verification_id)"
        )
    };
    (check $column:literal, json) => {
        written!(
            "check_values",
            $column,
            true,
            "verification_id",
            "(select v.company_id from verifications v where v.id = check_values.verification_id)"
        )
    };
    (prototype $column:literal) => {
        written!(
            "prototypes",
            $column,
            false,
            "id",
            "(select o.company_id from orders o where o.id = prototypes.order_id)"
        )
    };
}

/// Every one of them.
pub const WRITTEN: &[Written] = &[
    written!("contacts", "role"),
    written!("contacts", "gone_reason"),
    written!("phones", "label"),
    written!("bases", "source"),
    written!("notes", "body"),
    written!("calls", "note"),
    written!("letters", "subject"),
    written!("letters", "note"),
    written!("campaign_halts", "why"),
    written!("meetings", "place"),
    written!("meetings", "note"),
    written!("promises", "words"),
    written!("promises", "note"),
    written!("tasks", "what"),
    written!("leads", "passport", json),
    written!("handoffs", "passport", json),
    written!("handoffs", "comment"),
    written!("handoffs", "dispute_words"),
    written!("handoffs", "decision_words"),
    written!("opportunities", "passport", json),
    written!("opportunities", "need"),
    written!("opportunities", "next_step"),
    written!("opportunities", "loss_note"),
    written!("contracts", "end_note"),
    written!("clients", "end_note"),
    written!("orders", "title"),
    written!("orders", "cancel_note"),
    written!("important_dates", "what"),
    written!(check "old_value"),
    written!(check "new_value"),
    written!(check "note"),
    written!(check "change", json),
    written!(prototype "description"),
    written!(prototype "answer_name"),
    written!(prototype "answer_comment"),
    written!("duplicate_pairs", "reasons", true, "left_id"),
    written!("duplicate_pairs", "reasons", true, "right_id"),
    written!("duplicate_pairs", "evidence", false, "left_id"),
    written!("duplicate_pairs", "evidence", false, "right_id"),
];

/// The texts of some companies, by the id of the row.
pub async fn list_written(
    tx: &mut Tx,
    written: &Written,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<(String, String)>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    let rows = tx.all_among(written.list, vals![org], &among).await?;
    rows.iter().map(|row| Ok((row.text("id")?, row.text("said")?))).collect()
}

impl Written {
    /// True for a value that is either whole or not there: nothing stands in its place.
    pub fn is_value(&self) -> bool {
        matches!(self.noun, "check_values.old_value" | "check_values.new_value")
    }
}

/// Puts another text where one stood, or nothing.
pub async fn put_written(
    tx: &mut Tx,
    written: &Written,
    org: OrgId,
    (row, said): (&str, Option<&str>),
) -> Outcome<u64> {
    tx.run(written.put, vals![org, row, said]).await
}
