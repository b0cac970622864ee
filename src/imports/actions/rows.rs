//! The rows of an import as they are read once they are written.

use super::*;
use crate::companies::actions as companies;

/// Written rows of a verdict, behind a line.
pub async fn list_rows(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    (verdict, after): (Option<Verdict>, i64),
    limit: i64,
) -> Outcome<Vec<WrittenRow>> {
    let verdict = verdict.map_or("", Verdict::code);
    store::list_rows(tx, org, id, (verdict, after), limit).await
}

/// The same as the viewer may read them: a row whose company they may not know of says what became
/// of it, and neither whose row it is nor which company that is.
pub async fn list_rows_seen(
    tx: &mut Tx,
    viewer: &Viewer,
    id: ImportId,
    of: (Option<Verdict>, i64),
    (limit, now): (i64, Instant),
) -> Outcome<Vec<WrittenRow>> {
    let mut rows = list_rows(tx, viewer.org, id, of, limit).await?;
    let ids: Vec<CompanyId> = rows.iter().filter_map(|row| row.company).collect();
    let seen = companies::list_seen(tx, &viewer.scope(), &ids, now).await?;
    for row in &mut rows {
        if row.company.is_some_and(|company| !seen.contains(&company)) {
            row.company = None;
            row.name.clear();
            row.remarks.retain(|remark| !remark.args.contains_key("name"));
        }
    }
    Ok(rows)
}
