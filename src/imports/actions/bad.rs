//! Rows that cannot be used, as they stand in the file, each with the reason. However many there
//! are, a few are held at a time.

use std::collections::HashMap;

use super::*;

/// Rows read from the database at once.
const PAGE_ROWS: i64 = 1_000;
/// Rows handed on at once.
const HANDED_ROWS: usize = 500;

/// The rows of a file that cannot be used, on their way out.
pub struct BadRows {
    /// The headings of the file.
    pub header: Vec<String>,
    /// Cells of the widest of them.
    pub width: usize,
    /// How many there are.
    pub count: usize,
    batches: Ahead<Vec<BadRow>>,
}

impl BadRows {
    /// The next few of them.
    pub async fn next(&mut self) -> Outcome<Option<Vec<BadRow>>> {
        self.batches.next().await
    }
}

/// The rows of a file behind a line that cannot be used, at most so many.
pub async fn list_bad_rows(
    act: &Act,
    viewer: &Viewer,
    id: ImportId,
    (after, limit): (i64, usize),
) -> Outcome<Vec<BadRow>> {
    let (import, opened) = load(act, id).await?;
    let collided = list_collided(act, viewer, &import).await?;
    apart(move || opened.bad_rows(after, collided).take(limit).collect()).await?
}

/// All rows of a file that cannot be used.
pub async fn find_bad_rows(act: &Act, viewer: &Viewer, id: ImportId) -> Outcome<BadRows> {
    let (import, opened) = load(act, id).await?;
    let collided = list_collided(act, viewer, &import).await?;
    let counted = (opened.clone(), collided.clone());
    let (count, width) = apart(move || {
        counted.0.bad_rows(0, counted.1).try_fold((0, 0), |(count, width), row| {
            Ok::<_, Error>((count + 1, width.max(row?.cells.len())))
        })
    })
    .await??;
    let batches = Ahead::of(reading::in_batches(opened.bad_rows(0, collided), HANDED_ROWS));
    let width = width.max(import.header.len());
    Ok(BadRows { header: import.header, width, count, batches })
}

/// Rows that are bad for what stands in the base, not for what they say; with the reasons as the
/// viewer may read them.
async fn list_collided(
    act: &Act,
    viewer: &Viewer,
    import: &Import,
) -> Outcome<HashMap<i64, Vec<Remark>>> {
    let mut tx = act.db.read().await?;
    let mut all = list_all_collided(&mut tx, import, act.org).await?;
    rows::veil_all(&mut tx, viewer, all.values_mut().collect(), act.now).await?;
    Ok(all)
}

async fn list_all_collided(
    tx: &mut Tx,
    import: &Import,
    org: OrgId,
) -> Outcome<HashMap<i64, Vec<Remark>>> {
    let is_one = |remark: &Remark| [veil::COLLISION, LEFT, MERGED].contains(&&*remark.code);
    let is_so = |remarks: &[Remark]| remarks.iter().any(is_one);
    if import.state.is_forecast() {
        let bad = import.forecast.rows.iter().filter(|row| is_so(&row.remarks));
        return Ok(bad.map(|row| (row.line, row.remarks.clone())).collect());
    }
    let (mut all, mut after) = (HashMap::new(), 0);
    loop {
        let of = (Verdict::Bad.code(), after);
        let rows = store::list_rows(tx, org, import.id, of, PAGE_ROWS).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = last.line;
        let collided = rows.into_iter().filter(|row| is_so(&row.remarks));
        all.extend(collided.map(|row| (row.line, row.remarks)));
    }
}
