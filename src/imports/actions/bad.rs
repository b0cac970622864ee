//! Rows that cannot be used, as they stand in the file, each with the reason. However many there
//! are, a few are held at a time.

use std::collections::HashMap;

use super::*;

/// Rows read from the database at once.
const PAGE_ROWS: i64 = 1_000;
/// Rows handed on at once.
const HANDED_ROWS: usize = 500;
/// Bytes of their cells handed on at once, and of one row more: a cell that is too long may have
/// megabytes.
const HANDED_BYTES: usize = 1 << 20;

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
    let batches = Ahead::of(in_handfuls(opened.bad_rows(0, collided)));
    let width = width.max(import.header.len());
    Ok(BadRows { header: import.header, width, count, batches })
}

/// Rows few at a time, fewer where they are long.
fn in_handfuls(
    mut rows: impl Iterator<Item = Outcome<BadRow>>,
) -> impl Iterator<Item = Outcome<Vec<BadRow>>> {
    std::iter::from_fn(move || {
        let (mut some, mut bytes) = (Vec::new(), 0);
        while some.len() < HANDED_ROWS && bytes < HANDED_BYTES {
            match rows.next() {
                Some(Ok(row)) => {
                    bytes += row.cells.iter().map(String::len).sum::<usize>();
                    some.push(row);
                }
                Some(Err(error)) => return Some(Err(error)),
                None => break,
            }
        }
        (!some.is_empty()).then_some(Ok(some))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_long_are_handed_on_fewer_at_a_time() {
        let row = |bytes: usize| -> Outcome<BadRow> {
            Ok(BadRow { line: 1, cells: vec!["x".repeat(bytes)], faults: Vec::new() })
        };
        let long = [HANDED_BYTES, 1, HANDED_BYTES, 9].map(row);
        let handed = |rows: Vec<Outcome<BadRow>>| -> Vec<usize> {
            in_handfuls(rows.into_iter()).map(|some| some.expect("whole").len()).collect()
        };
        assert_eq!(handed(long.into()), [1, 2, 1]);
        assert_eq!(handed((0..=HANDED_ROWS).map(|_| row(1)).collect()), [HANDED_ROWS, 1]);
        let torn = vec![row(1), Err(Error::failure("torn"))];
        assert!(in_handfuls(torn.into_iter()).next().is_some_and(|some| some.is_err()));
    }
}
