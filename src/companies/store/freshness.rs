//! Statements about what is known of a company's facts: when each was checked, when it is due.

use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// A fact with its last check.
pub struct FieldKnown {
    /// Which, as its stored code.
    pub field: String,
    /// What the check found.
    pub finding: String,
    /// Against what.
    pub source: String,
    /// Who checked.
    pub actor: Option<UserId>,
    /// When.
    pub checked_at: Instant,
}

/// The newest check of every field of a company, be it of a record that was merged into it; what
/// was taken back is left out.
pub async fn list_checked(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<FieldKnown>> {
    let mut last: Vec<FieldKnown> = Vec::new();
    for known in list_checks(tx, org, company).await? {
        if last.iter().all(|one| one.field != known.field) {
            last.push(known);
        }
    }
    Ok(last)
}

/// Checks of a company and of what was merged into it that stand, newest first.
async fn list_checks(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<FieldKnown>> {
    tx.all(
        "select field, result, source, actor_id, made_at from verifications v \
         where org_id = $1 and company_id in (select a.id \
           from companies a where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) \
         and not exists (select 1 from check_reversals r where r.verification_id = v.id) \
         order by made_at desc, id desc",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(FieldKnown {
            field: row.text("field")?,
            finding: row.text("result")?,
            source: row.text("source")?,
            actor: row.opt_id("actor_id")?,
            checked_at: row.at("made_at")?,
        })
    })
    .collect()
}

/// A company's score in thousandths, and when each field that holds something is to be checked.
pub async fn find_due(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Option<(i64, Vec<(&'static str, Instant)>)>> {
    let row = tx
        .maybe(
            "select score, phone_due_at, email_due_at, contact_due_at, decision_maker_due_at, \
             requisites_due_at, address_due_at from company_scores \
             where org_id = $1 and company_id = $2",
            vals![org, company],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut due = Vec::new();
    for field in ["phone", "email", "contact", "decision_maker", "requisites", "address"] {
        due.extend(row.opt_at(&format!("{field}_due_at"))?.map(|at| (field, at)));
    }
    Ok(Some((row.int("score")?, due)))
}
