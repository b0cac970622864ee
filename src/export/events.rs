//! Everything that happened, in the order in which it was noted.

use std::io::Write;

use super::actions::{PAGE_ROWS, Sheet, list_names};
use super::store;
use crate::storage::Tx;
use crate::values::*;

const HEAD: [&str; 14] = [
    "export-id",
    "export-at",
    "export-kind",
    "export-subject",
    "export-company-number",
    "meaning-name",
    "export-campaign",
    "export-tier",
    "export-person-of",
    "export-actor",
    "export-reason",
    "export-amount",
    "export-currency",
    "export-detail",
];

pub(super) async fn write<W: Write>(
    tx: &mut Tx,
    org: OrgId,
    sheet: &mut Sheet<'_, W>,
) -> Outcome<()> {
    sheet.head(&HEAD)?;
    let names = list_names(tx, org).await?;
    let name = |id: Option<UserId>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let mut after = String::new();
    loop {
        let page = store::list_events(tx, org, &after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.id);
        for event in page {
            sheet.row(&[
                event.id,
                event.at.rfc3339(),
                event.kind,
                event.subject,
                event.company_number.map(|number| number.to_string()).unwrap_or_default(),
                event.company.unwrap_or_default(),
                event.campaign.unwrap_or_default(),
                event.tier.map(|tier| tier.to_string()).unwrap_or_default(),
                name(event.person),
                name(event.actor),
                event.reason.unwrap_or_default(),
                event.minor.map(major).unwrap_or_default(),
                event.currency.unwrap_or_default(),
                event.detail,
            ])?;
        }
    }
}

/// An amount of minor units as a decimal that spreadsheets of every country read.
fn major(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let whole = minor.unsigned_abs();
    format!("{sign}{}.{:02}", whole / 100, whole % 100)
}
