//! Leads of all campaigns.

use std::io::Write;

use super::actions::{PAGE_ROWS, Sheet, list_names};
use super::store;
use crate::calls::Meaning;
use crate::campaigns;
use crate::storage::Tx;
use crate::values::*;
use crate::web::words;

const HEAD: [&str; 15] = [
    "export-number",
    "export-campaign",
    "export-company-number",
    "meaning-name",
    "export-state",
    "export-reason",
    "export-attempts",
    "export-caller",
    "export-callback",
    "export-made",
    "export-changed",
    "export-last-result",
    "export-last-reason",
    "export-calls",
    "export-next",
];

pub(super) async fn write<W: Write>(
    tx: &mut Tx,
    org: OrgId,
    sheet: &mut Sheet<'_, W>,
) -> Outcome<()> {
    sheet.head(&HEAD)?;
    let names = list_names(tx, org).await?;
    let reasons = campaigns::dictionary::list_known(tx, org).await?;
    let lang = sheet.lang;
    let meaning = |code: Meaning| {
        words::say(lang, &format!("meaning-{}", code.code().replace('_', "-")), &[])
    };
    let reason = |code: String| {
        let known = reasons.iter().find(|reason| reason.code == code);
        known.map_or(code, |reason| reason.label(lang).to_owned())
    };
    let mut after = String::new();
    loop {
        let page = store::list_leads(tx, org, &after, PAGE_ROWS).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.id);
        for lead in page {
            let state = format!("lead-state-{}", lead.state.replace('_', "-"));
            let state = if words::has(sheet.lang, &state) {
                words::say(sheet.lang, &state, &[])
            } else {
                lead.state
            };
            sheet.row(&[
                lead.number.to_string(),
                lead.campaign,
                lead.company_number.to_string(),
                lead.company,
                state,
                lead.closed_reason.unwrap_or_default(),
                lead.attempts.to_string(),
                lead.caller.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
                lead.callback_at.map(Instant::rfc3339).unwrap_or_default(),
                lead.made_at.rfc3339(),
                lead.changed_at.rfc3339(),
                lead.last_meaning.map(meaning).unwrap_or_default(),
                lead.last_reason.map(reason).unwrap_or_default(),
                lead.calls.to_string(),
                lead.next_at.map(Instant::rfc3339).unwrap_or_default(),
            ])?;
        }
    }
}
