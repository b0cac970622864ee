//! Statements about what belongs to a company: numbers, addresses, people, grounds, notes.

use crate::companies::*;
use crate::storage::{Row, Tx, Val};
use crate::vals;

/// Numbers of companies; those already known to their company are left as they are.
pub async fn insert_phones(
    tx: &mut Tx,
    org: OrgId,
    phones: &[(CompanyId, &NewPhone, Standing, Option<ImportId>)],
    now: Instant,
) -> Outcome<u64> {
    let rows: Vec<Vec<Val>> = phones
        .iter()
        .map(|(company, new, standing, import)| {
            vals![
                PhoneId::fresh(now),
                org,
                *company,
                &new.phone.e164,
                new.phone.extension.as_deref().unwrap_or(""),
                &new.label,
                new.phone.line().code(),
                standing.code(),
                *import,
                now,
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many(
        "insert into phones (id, org_id, company_id, e164, extension, label, line, standing, \
         import_id, made_at) values",
        &rows,
        "on conflict (org_id, company_id, e164, extension) do nothing",
    )
    .await
}

pub async fn insert_emails(
    tx: &mut Tx,
    org: OrgId,
    emails: &[(CompanyId, &str, Option<ImportId>)],
    now: Instant,
) -> Outcome<u64> {
    let rows: Vec<Vec<Val>> = emails
        .iter()
        .map(|(company, address, import)| {
            let key = address.to_lowercase();
            vals![AnyId::fresh(now), org, *company, *address, key, *import, now].to_vec()
        })
        .collect();
    tx.insert_many(
        "insert into emails (id, org_id, company_id, address, address_key, import_id, made_at) \
         values",
        &rows,
        "on conflict (org_id, company_id, address_key) do nothing",
    )
    .await
}

pub async fn insert_contacts(
    tx: &mut Tx,
    org: OrgId,
    contacts: &[(ContactId, CompanyId, &NewContact, Option<ImportId>)],
    now: Instant,
) -> Outcome<()> {
    let rows: Vec<Vec<Val>> = contacts
        .iter()
        .map(|(id, company, new, import)| {
            vals![
                *id,
                org,
                *company,
                new.name.trim(),
                &new.role,
                new.is_decision_maker,
                *import,
                1,
                now,
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many(
        "insert into contacts (id, org_id, company_id, name, role, is_decision_maker, import_id, \
         version, made_at) values",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

pub async fn insert_bases(
    tx: &mut Tx,
    org: OrgId,
    bases: &[(CompanyId, &NewBasis, Option<ImportId>)],
    now: Instant,
) -> Outcome<()> {
    let rows: Vec<Vec<Val>> = bases
        .iter()
        .map(|(company, basis, import)| {
            vals![
                AnyId::fresh(now),
                org,
                *company,
                basis.kind.code(),
                &basis.source,
                now,
                basis.until,
                *import,
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many(
        "insert into bases (id, org_id, company_id, kind, source, at, until, import_id) values",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

pub async fn list_phones(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<CompanyPhone>> {
    tx.all(
        "select id, company_id, coalesce((select j.joined_id from contacts j \
           where j.id = phones.contact_id), contact_id) as contact_id, \
         e164, extension, label, standing, held_until from phones \
         where org_id = $1 and company_id = $2 order by made_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read_phone)
    .collect()
}

pub async fn list_phones_of(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<CompanyPhone>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, company_id, coalesce((select j.joined_id from contacts j \
           where j.id = phones.contact_id), contact_id) as contact_id, \
         e164, extension, label, standing, held_until from phones \
         where org_id = $1 and company_id in (/*among*/) order by made_at, id",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(read_phone)
    .collect()
}

pub async fn list_contacts(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Contact>> {
    tx.all(
        "select id, company_id, name, role, is_decision_maker, gone_at, gone_reason, version \
         from contacts where org_id = $1 and company_id = $2 and joined_id is null \
         order by is_decision_maker desc, made_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read_contact)
    .collect()
}

pub async fn list_emails(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<CompanyEmail>> {
    tx.all(
        "select coalesce((select j.joined_id from contacts j \
           where j.id = emails.contact_id), contact_id) as contact_id, \
         address from emails where org_id = $1 and company_id = $2 order by made_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(CompanyEmail { contact: row.opt_id("contact_id")?, address: row.text("address")? })
    })
    .collect()
}

/// The mail addresses of a company and of what was merged into it: where both have the same one, it
/// is there twice.
pub async fn list_known_emails(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<KnownEmail>> {
    tx.all(
        "select id, coalesce((select j.joined_id from contacts j \
           where j.id = emails.contact_id), contact_id) as contact_id, address from emails \
         where org_id = $1 and company_id in (select c.id from companies c \
           where c.org_id = $1 and (c.id = $2 or c.merged_into = $2)) order by made_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        let email =
            CompanyEmail { contact: row.opt_id("contact_id")?, address: row.text("address")? };
        Ok(KnownEmail { id: row.id("id")?, email })
    })
    .collect()
}

pub async fn insert_note(tx: &mut Tx, org: OrgId, company: CompanyId, note: &Note) -> Outcome<()> {
    tx.run(
        "insert into notes (id, org_id, company_id, author_id, body, made_at) \
         values ($1, $2, $3, $4, $5, $6)",
        vals![note.id, org, company, note.author, &note.body, note.made_at],
    )
    .await?;
    Ok(())
}

pub async fn list_notes(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    limit: i64,
) -> Outcome<Vec<Note>> {
    tx.all(
        "select id, author_id, body, made_at from notes where org_id = $1 and company_id = $2 \
         order by made_at desc, id desc limit $3",
        vals![org, company, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Note {
            id: row.id("id")?,
            author: row.opt_id("author_id")?,
            body: row.text("body")?,
            made_at: row.at("made_at")?,
        })
    })
    .collect()
}

pub fn read_phone(row: &Row) -> Outcome<CompanyPhone> {
    let extension = row.text("extension")?;
    let extension = (!extension.is_empty()).then_some(extension);
    Ok(CompanyPhone {
        id: row.id("id")?,
        company: row.id("company_id")?,
        contact: row.opt_id("contact_id")?,
        phone: Phone::stored(row.text("e164")?, extension),
        label: row.opt_text("label")?,
        standing: row.text("standing")?.parse().unwrap_or_default(),
        held_until: row.opt_at("held_until")?,
    })
}

pub fn read_contact(row: &Row) -> Outcome<Contact> {
    Ok(Contact {
        id: row.id("id")?,
        company: row.id("company_id")?,
        name: row.text("name")?,
        role: row.opt_text("role")?,
        is_decision_maker: row.flag("is_decision_maker")?,
        gone_at: row.opt_at("gone_at")?,
        gone_reason: row.opt_text("gone_reason")?,
        version: row.int("version")?,
    })
}
