//! Remarks as sentences.

use super::alike::Remark;
use crate::values::Phone;
use crate::web::Ui;
use crate::web::words::{self, Word};

/// The sentence of a remark.
pub fn said(ui: &Ui, remark: &Remark) -> String {
    let key = format!("remark-{}", remark.code.replace('_', "-"));
    let args: Vec<(&str, Word)> = remark
        .args
        .iter()
        .map(|(name, value)| (name.as_str(), Word::Text(filled(ui, name, value))))
        .collect();
    let said = words::say(ui.lang, &key, &args);
    match remark.args.get("column") {
        Some(column) => ui.taa("remark-in-column", "column", column.clone(), "said", said),
        None => said,
    }
}

/// All of them, one after another.
pub fn said_all(ui: &Ui, remarks: &[Remark]) -> Vec<String> {
    remarks.iter().map(|remark| said(ui, remark)).collect()
}

fn filled(ui: &Ui, name: &str, value: &str) -> String {
    match name {
        "what" => {
            let parts: Vec<String> = value.split(',').map(|code| ui.tc("part-", code)).collect();
            parts.join(", ")
        }
        "reason" => ui.tc("suppress-reason-", value),
        "phone" => Phone::stored(value.to_owned(), None).shown(),
        _ => value.to_owned(),
    }
}
