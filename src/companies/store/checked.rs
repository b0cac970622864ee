//! Statements by which a check corrects a card, and by which that is taken back.

use crate::companies::*;
use crate::storage::Tx;
use crate::vals;

/// A mail address with what is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEmail {
    /// Its id.
    pub id: AnyId,
    /// The person it belongs to.
    pub contact: Option<ContactId>,
    /// The file that brought it.
    pub import: Option<ImportId>,
    /// The address.
    pub address: String,
    /// Since when it is there.
    pub made_at: Instant,
}

/// Puts a mail address on the card; nought rows where the company has it.
pub async fn insert_email(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    email: &KeptEmail,
) -> Outcome<u64> {
    tx.run(
        "insert into emails (id, org_id, company_id, contact_id, address, address_key, import_id, \
         made_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (org_id, company_id, address_key) do nothing",
        vals![
            email.id,
            org,
            company,
            email.contact,
            &email.address,
            email.address.to_lowercase(),
            email.import,
            email.made_at,
        ],
    )
    .await
}

/// Takes a mail address out; nought rows where it is not that one any more.
pub async fn delete_email(tx: &mut Tx, org: OrgId, id: AnyId, address: &str) -> Outcome<u64> {
    tx.run(
        "delete from emails where org_id = $1 and id = $2 and address_key = $3",
        vals![org, id, address.to_lowercase()],
    )
    .await
}

/// Takes a person out who has not been touched since they were added.
pub async fn delete_contact(tx: &mut Tx, org: OrgId, id: ContactId) -> Outcome<u64> {
    tx.run("delete from contacts where org_id = $1 and id = $2 and version = 1", vals![org, id])
        .await
}

/// A mail address of a company, however its letters are written.
pub async fn find_email(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    address: &str,
) -> Outcome<Option<KeptEmail>> {
    tx.maybe(
        "select id, contact_id, import_id, address, made_at from emails \
         where org_id = $1 and company_id = $2 and address_key = $3",
        vals![org, company, address.to_lowercase()],
    )
    .await?
    .map(|row| {
        Ok(KeptEmail {
            id: row.id("id")?,
            contact: row.opt_id("contact_id")?,
            import: row.opt_id("import_id")?,
            address: row.text("address")?,
            made_at: row.at("made_at")?,
        })
    })
    .transpose()
}

/// Another address takes the place of one; nought rows where it is not that one any more.
pub async fn update_email(
    tx: &mut Tx,
    org: OrgId,
    (id, was): (AnyId, &str),
    (address, import): (&str, Option<ImportId>),
) -> Outcome<u64> {
    tx.run(
        "update emails set address = $4, address_key = $5, import_id = $6 \
         where org_id = $1 and id = $2 and address_key = $3",
        vals![org, id, was.to_lowercase(), address, address.to_lowercase(), import],
    )
    .await
}

/// Takes a number out that stands as it was added.
pub async fn delete_phone(
    tx: &mut Tx,
    org: OrgId,
    id: PhoneId,
    standing: Standing,
) -> Outcome<u64> {
    tx.run(
        "delete from phones where org_id = $1 and id = $2 and standing = $3",
        vals![org, id, standing.code()],
    )
    .await
}
