//! The rows of an import as they are read once they are written.

use std::collections::BTreeSet;

use super::*;
use crate::companies::actions as companies;
use crate::people::Reach;

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
/// of it, and neither whose row it is nor which company that is. Nor does a remark name another.
pub async fn list_rows_seen(
    tx: &mut Tx,
    viewer: &Viewer,
    id: ImportId,
    of: (Option<Verdict>, i64),
    (limit, now): (i64, Instant),
) -> Outcome<Vec<WrittenRow>> {
    let mut rows = list_rows(tx, viewer.org, id, of, limit).await?;
    let ids: Vec<CompanyId> = rows.iter().filter_map(|row| row.company).collect();
    let seen = companies::list_standing_seen(tx, &viewer.scope(), &ids, now).await?;
    let told = rows.iter().flat_map(|row| veil::numbers(&row.remarks)).collect();
    let known = list_known(tx, viewer, told, now).await?;
    for row in &mut rows {
        let is_veiled = row.company.is_some_and(|company| !seen.contains(&company));
        if veil::veil(&mut row.remarks, is_veiled, |number| known.contains(&number)) {
            row.company = None;
            row.name.clear();
        }
    }
    Ok(rows)
}

/// Rows of a forecast as the viewer may read them: what the file says stays, for it is theirs.
pub async fn veil_forecast(
    tx: &mut Tx,
    viewer: &Viewer,
    rows: &mut [ForecastRow],
    now: Instant,
) -> Outcome<()> {
    veil_all(tx, viewer, rows.iter_mut().map(|row| &mut row.remarks).collect(), now).await
}

/// Remarks, row by row, as the viewer may read them.
pub(super) async fn veil_all(
    tx: &mut Tx,
    viewer: &Viewer,
    all: Vec<&mut Vec<Remark>>,
    now: Instant,
) -> Outcome<()> {
    let told = all.iter().flat_map(|remarks| veil::numbers(remarks)).collect();
    let known = list_known(tx, viewer, told, now).await?;
    for remarks in all {
        veil::veil(remarks, false, |number| known.contains(&number));
    }
    Ok(())
}

/// Those of the companies with these numbers that the viewer may know of.
async fn list_known(
    tx: &mut Tx,
    viewer: &Viewer,
    told: BTreeSet<i64>,
    now: Instant,
) -> Outcome<BTreeSet<i64>> {
    let scope = viewer.scope();
    if scope.reach == Reach::All {
        return Ok(told);
    }
    let told: Vec<i64> = told.into_iter().collect();
    companies::list_seen_numbers(tx, &scope, &told, now).await
}
