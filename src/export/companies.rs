//! The base as a file that an import takes back.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use super::actions::{PAGE_ROWS, Sheet, list_names};
use crate::companies::alike::Known;
use crate::companies::{Contact, Segment, actions};
use crate::storage::Tx;
use crate::values::*;
use crate::web::words;

/// Headings. Those of an import are its own words for what a column means.
const HEAD: [&str; 17] = [
    "export-number",
    "meaning-name",
    "meaning-full-name",
    "meaning-tax-id",
    "meaning-kpp",
    "meaning-ogrn",
    "meaning-city",
    "meaning-address",
    "meaning-phones",
    "meaning-emails",
    "meaning-website",
    "export-person",
    "meaning-role",
    "export-more-people",
    "meaning-industry",
    "company-lead",
    "export-banned",
];

pub(super) async fn write<W: Write>(
    tx: &mut Tx,
    org: OrgId,
    now: Instant,
    sheet: &mut Sheet<'_, W>,
) -> Outcome<()> {
    sheet.head(&HEAD)?;
    let names = list_names(tx, org).await?;
    let all = Segment::default();
    let mut after = None;
    loop {
        let ids = actions::list_segment(tx, org, &all, after, PAGE_ROWS).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        let page = actions::list_known(tx, org, &ids).await?;
        let banned = list_banned(tx, org, &page, now).await?;
        for known in &page {
            let row = row(known, &names, banned.contains(&known.company.id), sheet);
            sheet.row(&row)?;
        }
    }
}

/// Companies that must not be called: banned themselves, or by every number they have.
async fn list_banned(
    tx: &mut Tx,
    org: OrgId,
    page: &[Known],
    now: Instant,
) -> Outcome<BTreeSet<CompanyId>> {
    let silenced = actions::list_silenced(tx, org, page, now).await?;
    let has_no_other = |known: &&Known| {
        !known.phones.is_empty()
            && known.phones.iter().all(|phone| silenced.phones.contains(&phone.id))
    };
    let by_numbers = page.iter().filter(has_no_other).map(|known| known.company.id);
    Ok(by_numbers.chain(silenced.companies.iter().copied()).collect())
}

fn row<W: Write>(
    known: &Known,
    names: &HashMap<UserId, String>,
    is_banned: bool,
    sheet: &Sheet<'_, W>,
) -> Vec<String> {
    let company = &known.company;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let present: Vec<&Contact> = known.contacts.iter().filter(|c| c.gone_at.is_none()).collect();
    let first = present.iter().find(|c| c.is_decision_maker).or(present.first()).copied();
    let more = present.iter().filter(|c| first.is_none_or(|first| first.id != c.id));
    let emails: Vec<&str> = known.emails.iter().map(|email| email.address.as_str()).collect();
    vec![
        company.number.to_string(),
        company.name.clone(),
        text(&company.full_name),
        text(&company.tax_id),
        text(&company.kpp),
        text(&company.ogrn),
        text(&company.city),
        text(&company.address),
        known.phones.iter().map(|p| number(&p.phone, sheet.lang)).collect::<Vec<_>>().join(", "),
        emails.join(", "),
        text(&company.website),
        first.map(|c| c.name.clone()).unwrap_or_default(),
        first.and_then(|c| c.role.clone()).unwrap_or_default(),
        more.map(|c| c.name.clone()).collect::<Vec<_>>().join(", "),
        text(&company.industry),
        company.lead.and_then(|lead| names.get(&lead).cloned()).unwrap_or_default(),
        sheet.yes(is_banned),
    ]
}

fn number(phone: &Phone, lang: Lang) -> String {
    match &phone.extension {
        None => phone.e164.clone(),
        Some(digits) => {
            let digits = words::Word::Text(digits.clone());
            let extension = words::say(lang, "phone-extension", &[("digits", digits)]);
            format!("{} {extension}", phone.e164)
        }
    }
}
