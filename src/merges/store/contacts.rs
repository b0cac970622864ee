//! Statements about people who stand at both companies of a merge.

use super::*;

/// A record that stands behind another, wherever each of the two is by now.
#[derive(Debug, Clone)]
pub struct Behind {
    pub contact: ContactId,
    /// The record it stands behind.
    pub stands: ContactId,
    /// The company it is at home with.
    pub home: CompanyId,
}

/// A record, and those that stood behind it, stand behind another from now on.
pub async fn update_joined(
    tx: &mut Tx,
    org: OrgId,
    (contact, stands): (ContactId, ContactId),
) -> Outcome<u64> {
    tx.run(
        "update contacts set joined_id = $3 where org_id = $1 and (id = $2 or joined_id = $2)",
        vals![org, contact, stands],
    )
    .await
}

/// A record stands behind another, or for itself.
pub async fn update_stands_for(
    tx: &mut Tx,
    org: OrgId,
    contact: ContactId,
    stands: Option<ContactId>,
) -> Outcome<u64> {
    tx.run(
        "update contacts set joined_id = $3 where org_id = $1 and id = $2",
        vals![org, contact, stands],
    )
    .await
}

/// Who looks at the record looks at another one now.
pub async fn update_looked_at(tx: &mut Tx, org: OrgId, contact: ContactId) -> Outcome<u64> {
    tx.run(
        "update contacts set version = version + 1 where org_id = $1 and id = $2",
        vals![org, contact],
    )
    .await
}

/// Fills or empties one fact of a person; nought rows where it is another by now.
pub async fn update_filled(
    tx: &mut Tx,
    org: OrgId,
    (contact, field): (&str, &str),
    (from, to): (&str, &Option<String>),
) -> Outcome<u64> {
    tx.run(
        "update contacts set name = case when $3 = 'name' then coalesce($5, name) else name end, \
         role = case when $3 = 'role' then $5 else role end, \
         is_decision_maker = case when $3 = 'is_decision_maker' then coalesce($5, '') = 'true' \
           else is_decision_maker end, \
         version = version + 1 where org_id = $1 and id = $2 and $4 = case $3 \
         when 'name' then name when 'role' then coalesce(role, '') \
         when 'is_decision_maker' then \
           case when is_decision_maker = true then 'true' else 'false' end end",
        vals![org, contact, field, from, to],
    )
    .await
}

/// Records of a company that stand behind one of another company: a merge that joined the two was
/// undone.
pub async fn list_parted(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Behind>> {
    tx.all(
        "select c.id, c.joined_id, coalesce((select m.home_id from merge_moves m \
           where m.org_id = $1 and m.noun = 'contacts' and m.row_id = c.id \
           and m.returned_at is null), c.company_id) as home_id \
         from contacts c left join contacts k on k.id = c.joined_id \
         where c.org_id = $1 and c.company_id = $2 and c.joined_id is not null \
         and (k.id is null or k.company_id <> c.company_id) order by c.made_at, c.id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Behind {
            contact: row.id("id")?,
            stands: row.id("joined_id")?,
            home: row.id("home_id")?,
        })
    })
    .collect()
}
