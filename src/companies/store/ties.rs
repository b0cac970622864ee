//! Statements about groups and branches.

use crate::companies::ties::Tie;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// What a company is to others now, the oldest first.
pub async fn list_ties(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Tie>> {
    tx.all(
        "select id, kind, company_id, other_id, made_at from company_ties \
         where org_id = $1 and (company_id = $2 or other_id = $2) and ended_at is null \
         and company_id <> other_id order by made_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read_tie)
    .collect()
}

fn read_tie(row: &Row) -> Outcome<Tie> {
    Ok(Tie {
        id: row.id("id")?,
        kind: row.id("kind")?,
        company: row.id("company_id")?,
        other: row.id("other_id")?,
        made_at: row.at("made_at")?,
    })
}
