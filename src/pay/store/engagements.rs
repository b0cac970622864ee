//! How people are engaged; a change is a further row.

use super::super::engagement::{Engagement, Noted};
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

pub(crate) async fn insert_engagement(
    tx: &mut Tx,
    (org, by): (OrgId, Option<UserId>),
    noted: &Noted,
    now: Instant,
) -> Outcome<()> {
    let (name, tax_id) = match &noted.engagement {
        Engagement::Employee => ("", ""),
        Engagement::Contractor { name, tax_id } => (name.as_str(), tax_id.as_str()),
    };
    tx.run(
        "insert into pay_engagements (id, org_id, user_id, from_month, kind, legal_name, tax_id, \
         made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            noted.id,
            org,
            noted.person,
            noted.from.to_string(),
            noted.engagement.code(),
            name,
            tax_id,
            by,
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Everything noted in a firm, in the order it was noted.
pub(crate) async fn list_engagements(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Noted>> {
    tx.all(
        "select id, user_id, from_month, kind, legal_name, tax_id from pay_engagements \
         where org_id = $1 order by made_at, id",
        vals![org],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// What is noted of a person that began in a month or before it, in the order it was noted.
pub(crate) async fn list_engagements_of(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
    month: Month,
) -> Outcome<Vec<Noted>> {
    tx.all(
        "select id, user_id, from_month, kind, legal_name, tax_id from pay_engagements \
         where org_id = $1 and user_id = $2 and from_month <= $3 order by made_at, id",
        vals![org, person, month.to_string()],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Outcome<Noted> {
    let engagement = match row.text("kind")?.as_str() {
        "employee" => Engagement::Employee,
        "contractor" => {
            Engagement::Contractor { name: row.text("legal_name")?, tax_id: row.text("tax_id")? }
        }
        _ => return Err(Error::failure("unknown kind of engagement")),
    };
    Ok(Noted {
        id: row.id("id")?,
        person: row.id("user_id")?,
        from: row.id("from_month")?,
        engagement,
    })
}
