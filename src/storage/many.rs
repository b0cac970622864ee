//! Many rows in one statement: the text is a literal, only the number of places grows.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::dialect::{self, Kind};
use super::{Row, Tx, Val};
use crate::values::{Error, Outcome};

/// Values per statement. A few fixed sizes keep the number of prepared texts small.
const SIZES: [usize; 4] = [256, 64, 8, 1];
/// Rows per statement.
const ROWS: [usize; 4] = [128, 32, 8, 1];

impl Tx {
    /// Inserts rows: `head` is `insert into t (a, b) values`, `tail` what follows the rows, such
    /// as `on conflict do nothing`. Says how many rows were written.
    pub async fn insert_many(
        &mut self,
        head: &'static str,
        rows: &[Vec<Val>],
        tail: &'static str,
    ) -> Outcome<u64> {
        let Some(width) = rows.first().map(Vec::len) else { return Ok(0) };
        if rows.iter().any(|row| row.len() != width) {
            return Err(Error::failure("rows of different widths"));
        }
        #[cfg(test)]
        super::testing::note(self.kind(), head);
        let mut count = 0;
        let mut rest = rows;
        while !rest.is_empty() {
            let size = ROWS.into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
            let (now, later) = rest.split_at(size);
            let values: Vec<Val> = now.iter().flatten().cloned().collect();
            let text = format!("{head} {} {tail}", places(self.kind(), (size, width))?);
            count += self.run_text(Cow::Owned(text), &values).await?;
            rest = later;
        }
        Ok(count)
    }

    /// Every row of an answer about many values: `/*among*/` in the text stands for their places,
    /// as in `where org_id = $1 and tax_id in (/*among*/)`; `fixed` are bound before them.
    pub async fn all_among(
        &mut self,
        text: &'static str,
        fixed: &[Val],
        among: &[Val],
    ) -> Outcome<Vec<Row>> {
        #[cfg(test)]
        super::testing::note(self.kind(), text);
        let text = dialect::statement(self.kind(), text);
        let mut rows = Vec::new();
        for chunk in among.chunks(SIZES[0]) {
            let (spelt, values) = spelt_among(&text, fixed, chunk)?;
            rows.extend(self.all_text(Cow::Owned(spelt), &values).await?);
        }
        Ok(rows)
    }

    /// Runs a statement upon many rows, written as that of [`Tx::all_among`]. Says how many rows it
    /// touched.
    pub async fn run_among(
        &mut self,
        text: &'static str,
        fixed: &[Val],
        among: &[Val],
    ) -> Outcome<u64> {
        #[cfg(test)]
        super::testing::note(self.kind(), text);
        let text = dialect::statement(self.kind(), text);
        let mut count = 0;
        for chunk in among.chunks(SIZES[0]) {
            let (spelt, values) = spelt_among(&text, fixed, chunk)?;
            count += self.run_text(Cow::Owned(spelt), &values).await?;
        }
        Ok(count)
    }
}

/// The text with places for one chunk of the values, and what is bound to it.
fn spelt_among(text: &str, fixed: &[Val], chunk: &[Val]) -> Outcome<(String, Vec<Val>)> {
    let size = SIZES.into_iter().rev().find(|size| *size >= chunk.len());
    let size = size.unwrap_or(SIZES[0]);
    let mut values = fixed.to_vec();
    values.extend_from_slice(chunk);
    // The last value again in the places that are left changes no answer.
    if let Some(last) = chunk.last() {
        values.resize(fixed.len() + size, last.clone());
    }
    Ok((text.replace("/*among*/", &list(fixed.len() + 1, size)?), values))
}

/// `($1, $2), ($3, $4)`; for SQLite `(?, ?), (?, ?)`: it looks a place with a name up in a list, so
/// that twice as many would take four times as long.
fn places(kind: Kind, (rows, width): (usize, usize)) -> Outcome<String> {
    let mut text = String::new();
    for row in 0..rows {
        let comma = if row == 0 { "" } else { ", " };
        let places = match kind {
            Kind::Lite => vec!["?"; width].join(", "),
            Kind::Pg => list(row * width + 1, width)?,
        };
        write!(text, "{comma}({places})").map_err(Error::failure)?;
    }
    Ok(text)
}

/// `$5, $6, $7`
fn list(first: usize, count: usize) -> Outcome<String> {
    let mut text = String::new();
    for place in first..first + count {
        let comma = if place == first { "" } else { ", " };
        write!(text, "{comma}${place}").map_err(Error::failure)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{both, vals};

    both! {
        async fn many_rows_go_in_and_are_found_among_many_values(t: TestDb) {
            let mut tx = t.db.begin().await.expect("begins");
            let head = "insert into counters (org_id, noun, last) values";
            let rows: Vec<Vec<Val>> =
                (0..350).map(|n| vals!["org", format!("noun {n:03}"), n].to_vec()).collect();
            let written = tx.insert_many(head, &rows, "on conflict do nothing").await;
            assert_eq!(written.expect("written"), 350);
            let again = tx.insert_many(head, &rows[..70], "on conflict do nothing").await;
            assert_eq!(again.expect("nothing new"), 0);
            let among: Vec<Val> = (300..600).map(|n| Val::from(format!("noun {n:03}"))).collect();
            let text = "select noun from counters where org_id = $1 and noun in (/*among*/)";
            let found = tx.all_among(text, vals!["org"], &among).await.expect("found");
            assert_eq!(found.len(), 50);
            assert_eq!(tx.all_among(text, vals!["org"], &[]).await.expect("none").len(), 0);
            let text = "update counters set last = $2 where org_id = $1 and noun in (/*among*/)";
            let changed = tx.run_among(text, vals!["org", 7], &among).await;
            assert_eq!(changed.expect("changed"), 50);
            assert_eq!(tx.run_among(text, vals!["org", 7], &[]).await.expect("none"), 0);
        }

        async fn what_is_marked_to_be_locked_is_locked(t: TestDb) {
            let text = "select noun from counters where org_id = $1 and noun in (/*among*/) \
                        order by noun /*for update*/";
            let among = [Val::from("invoice"), Val::from("task")];
            let mut tx = t.db.begin().await.expect("begins");
            let rows = [vals!["org", "invoice", 1].to_vec(), vals!["org", "task", 1].to_vec()];
            tx.insert_many("insert into counters (org_id, noun, last) values", &rows, "")
                .await
                .expect("written");
            tx.commit().await.expect("kept");
            let mut tx = t.db.begin().await.expect("begins");
            let held = tx.all_among(text, vals!["org"], &among).await.expect("held");
            assert_eq!(held.len(), 2);
            let second = async {
                let mut other = t.db.begin().await.expect("begins");
                other.all_among(text, vals!["org"], &among).await.expect("held").len()
            };
            let patience = std::time::Duration::from_millis(200);
            assert!(tokio::time::timeout(patience, second).await.is_err(), "it waits");
        }
    }
}
