//! Every statement about letters.

use super::{Address, Letter};
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

pub(super) async fn insert(tx: &mut Tx, org: OrgId, letter: &Letter) -> Outcome<()> {
    let (email, phone) = match letter.address {
        Some(Address::Mail(email)) => (Some(email), None),
        Some(Address::Phone(phone)) => (None, Some(phone)),
        None => (None, None),
    };
    tx.run(
        "insert into letters (id, org_id, number, company_id, contact_id, email_id, phone_id, \
         campaign_id, lead_id, way, subject, note, is_answer, preset, sender_id, sent_at, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        vals![
            letter.id,
            org,
            letter.number,
            letter.company,
            letter.contact,
            email,
            phone,
            letter.campaign,
            letter.lead,
            letter.way.code(),
            &letter.subject,
            &letter.note,
            letter.is_answer,
            &letter.preset,
            letter.sender,
            letter.sent_at,
            letter.made_at,
        ],
    )
    .await?;
    Ok(())
}

/// The columns of a letter before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, number, company_id, contact_id, email_id, phone_id, campaign_id, lead_id, \
             way, subject, note, is_answer, preset, sender_id, sent_at, made_at, taken_back_at \
             from letters ",
            $rest
        )
    };
}

/// Letters to a company, the newest first.
pub(super) async fn list_of_company(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Letter>> {
    tx.all(
        select!("where org_id = $1 and company_id = $2 order by sent_at desc, id desc limit 200"),
        vals![org, company],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// A letter to that company, held until the transaction ends.
pub(super) async fn find_for_update(
    tx: &mut Tx,
    org: OrgId,
    (company, id): (CompanyId, LetterId),
) -> Outcome<Option<Letter>> {
    tx.maybe(
        select!("where org_id = $1 and company_id = $2 and id = $3 /*for update*/"),
        vals![org, company, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Nought rows when it was taken back before.
pub(super) async fn update_taken_back(
    tx: &mut Tx,
    org: OrgId,
    id: LetterId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update letters set taken_back_at = $3 where org_id = $1 and id = $2 \
         and taken_back_at is null",
        vals![org, id, now],
    )
    .await
}

fn read(row: &Row) -> Outcome<Letter> {
    let email = row.opt_id("email_id")?.map(Address::Mail);
    let phone = row.opt_id("phone_id")?.map(Address::Phone);
    Ok(Letter {
        id: row.id("id")?,
        number: row.int("number")?,
        company: row.id("company_id")?,
        contact: row.opt_id("contact_id")?,
        address: email.or(phone),
        campaign: row.opt_id("campaign_id")?,
        lead: row.opt_id("lead_id")?,
        way: row.id("way")?,
        subject: row.text("subject")?,
        note: row.text("note")?,
        is_answer: row.flag("is_answer")?,
        preset: row.text("preset")?,
        sender: row.id("sender_id")?,
        sent_at: row.at("sent_at")?,
        made_at: row.at("made_at")?,
        taken_back_at: row.opt_at("taken_back_at")?,
    })
}
