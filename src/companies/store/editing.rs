//! Statements that correct a company by hand.

use super::*;
use crate::companies::forms::Details;

/// What the application decides about changed facts.
pub struct Decided {
    pub name_key: String,
    pub legal_form: Option<&'static str>,
    pub zone: Option<&'static str>,
}

/// Keeps the facts; nought rows when somebody was faster.
pub async fn update_details(
    tx: &mut Tx,
    (org, id, version): (OrgId, CompanyId, i64),
    details: &Details,
    decided: Decided,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update companies set name = $4, full_name = $5, tax_id = $6, kpp = $7, ogrn = $8, \
         city = $9, address = $10, website = $11, industry = $12, source = $13, name_key = $14, \
         legal_form = $15, zone = coalesce($16, zone), version = version + 1, changed_at = $17 \
         where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            id,
            version,
            &details.name,
            &details.full_name,
            &details.tax_id,
            &details.kpp,
            &details.ogrn,
            &details.city,
            &details.address,
            &details.website,
            &details.industry,
            &details.source,
            decided.name_key,
            decided.legal_form,
            decided.zone,
            now,
        ],
    )
    .await
}

pub async fn find_phone(tx: &mut Tx, org: OrgId, id: PhoneId) -> Outcome<Option<CompanyPhone>> {
    tx.maybe(
        "select id, company_id, coalesce((select j.joined_id from contacts j \
           where j.id = phones.contact_id), contact_id) as contact_id, \
         e164, extension, label, standing, held_until from phones \
         where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_phone)
    .transpose()
}

/// Keeps what became of a number, which then waits for nothing; nought rows when it stands so
/// already.
pub async fn update_standing(
    tx: &mut Tx,
    org: OrgId,
    id: PhoneId,
    standing: Standing,
) -> Outcome<u64> {
    tx.run(
        "update phones set standing = $3, held_until = null \
         where org_id = $1 and id = $2 and (standing <> $3 or held_until is not null)",
        vals![org, id, standing.code()],
    )
    .await
}

/// Keeps until when nobody dials a number; nought rows when it is kept so already.
pub async fn update_held_until(
    tx: &mut Tx,
    org: OrgId,
    id: PhoneId,
    until: Option<Instant>,
) -> Outcome<u64> {
    tx.run(
        "update phones set held_until = $3 where org_id = $1 and id = $2 \
         and coalesce(held_until, 0) <> coalesce($3, 0)",
        vals![org, id, until],
    )
    .await
}

/// A person by any of their records: the one that stands for all of them.
pub async fn find_contact(tx: &mut Tx, org: OrgId, id: ContactId) -> Outcome<Option<Contact>> {
    tx.maybe(
        "select id, company_id, name, role, is_decision_maker, gone_at, gone_reason, version \
         from contacts where org_id = $1 and id = (select coalesce(j.joined_id, j.id) \
           from contacts j where j.org_id = $1 and j.id = $2)",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_contact)
    .transpose()
}

/// Keeps a person of the version that was seen; nought rows when somebody was faster.
pub async fn update_contact(tx: &mut Tx, org: OrgId, contact: &Contact) -> Outcome<u64> {
    tx.run(
        "update contacts set name = $4, role = $5, is_decision_maker = $6, gone_at = $7, \
         gone_reason = $8, version = version + 1 where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            contact.id,
            contact.version,
            &contact.name,
            &contact.role,
            contact.is_decision_maker,
            contact.gone_at,
            &contact.gone_reason,
        ],
    )
    .await
}

/// Says whose number it is; nought rows where it is somebody's own.
pub async fn update_phone_owner(
    tx: &mut Tx,
    org: OrgId,
    phone: PhoneId,
    person: ContactId,
) -> Outcome<u64> {
    tx.run(
        "update phones set contact_id = $3 where org_id = $1 and id = $2 and contact_id is null",
        vals![org, phone, person],
    )
    .await
}

/// The grounds on which a company may be contacted, newest first.
pub async fn list_bases(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<(NewBasis, Instant)>> {
    tx.all(
        "select kind, source, at, until from bases where org_id = $1 and company_id = $2 \
         order by at desc, id desc",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        let (source, until) = (row.text("source")?, row.opt_at("until")?);
        Ok((NewBasis { kind: row.id("kind")?, source, until }, row.at("at")?))
    })
    .collect()
}
