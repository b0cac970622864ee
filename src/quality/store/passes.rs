//! Statements about how far the base was scored, and what is scored before the rest.

use super::*;

/// How far the base was scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The last event that was looked at.
    pub seen_event: String,
    /// The last company of the pass.
    pub after: String,
    /// The day the pass began on.
    pub begun_on: String,
    /// The day it ended on; empty while it goes on.
    pub ended_on: String,
    /// True when another pass follows this one.
    pub is_again: bool,
    /// True when scores were written since the sums were.
    pub is_stirred: bool,
    /// When the sums were written.
    pub summed_at: Instant,
}

impl Default for Pass {
    fn default() -> Self {
        let none = String::new;
        Self {
            seen_event: none(),
            after: none(),
            begun_on: none(),
            ended_on: none(),
            is_again: false,
            is_stirred: false,
            summed_at: Instant(0),
        }
    }
}

impl Pass {
    /// Has the base gone through from its first company: at once, or when the pass that is under
    /// way has come to its end. Whoever asks often would else keep it from ever getting there.
    pub fn ask_anew(&mut self, today: &str) {
        if self.ended_on.is_empty() && !self.after.is_empty() {
            self.is_again = true;
        } else {
            self.begin(today);
        }
    }
    fn begin(&mut self, today: &str) {
        today.clone_into(&mut self.begun_on);
        self.after.clear();
        self.ended_on.clear();
        self.is_again = false;
    }
    /// The last company was scored.
    pub fn end(&mut self, today: &str) {
        if self.is_again {
            self.begin(today);
        } else {
            today.clone_into(&mut self.ended_on);
        }
    }
}

pub async fn find_pass(tx: &mut Tx, org: OrgId) -> Outcome<Pass> {
    let row = tx
        .maybe(
            "select seen_event, after_company, begun_on, ended_on, is_again, is_stirred, \
             summed_at from score_passes where org_id = $1",
            vals![org],
        )
        .await?;
    let Some(row) = row else { return Ok(Pass::default()) };
    Ok(Pass {
        seen_event: row.text("seen_event")?,
        after: row.text("after_company")?,
        begun_on: row.text("begun_on")?,
        ended_on: row.text("ended_on")?,
        is_again: row.flag("is_again")?,
        is_stirred: row.flag("is_stirred")?,
        summed_at: row.at("summed_at")?,
    })
}

/// The same, held until the transaction ends: who reads it to write it does so alone.
pub async fn find_pass_for_update(tx: &mut Tx, org: OrgId) -> Outcome<Pass> {
    // What does not stand yet cannot be held.
    tx.run(
        "insert into score_passes (org_id, seen_event, after_company, begun_on, ended_on, \
         is_again, is_stirred, summed_at) values ($1, '', '', '', '', $2, $2, 0) \
         on conflict (org_id) do nothing",
        vals![org, false],
    )
    .await?;
    tx.maybe("select org_id from score_passes where org_id = $1 /*for update*/", vals![org])
        .await?;
    find_pass(tx, org).await
}

pub async fn insert_pass(tx: &mut Tx, org: OrgId, pass: &Pass) -> Outcome<()> {
    tx.run(
        "insert into score_passes (org_id, seen_event, after_company, begun_on, ended_on, \
         is_again, is_stirred, summed_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (org_id) do update \
         set seen_event = excluded.seen_event, after_company = excluded.after_company, \
         begun_on = excluded.begun_on, ended_on = excluded.ended_on, \
         is_again = excluded.is_again, is_stirred = excluded.is_stirred, \
         summed_at = excluded.summed_at",
        vals![
            org,
            &pass.seen_event,
            &pass.after,
            &pass.begun_on,
            &pass.ended_on,
            pass.is_again,
            pass.is_stirred,
            pass.summed_at,
        ],
    )
    .await?;
    Ok(())
}

/// The sums are those of now.
pub async fn update_summed(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<u64> {
    tx.run(
        "update score_passes set is_stirred = false, summed_at = $2 where org_id = $1",
        vals![org, now],
    )
    .await
}

/// Puts a file's companies before the rest of the base, from its first row.
pub async fn insert_first(tx: &mut Tx, org: OrgId, import: ImportId, now: Instant) -> Outcome<()> {
    tx.run(
        "insert into score_firsts (org_id, import_id, after_line, asked_at) \
         values ($1, $2, -1, $3) on conflict (org_id, import_id) do update \
         set after_line = excluded.after_line, asked_at = excluded.asked_at",
        vals![org, import, now],
    )
    .await?;
    Ok(())
}

/// A file whose companies come before the rest of the base.
#[derive(Debug, Clone, Copy)]
pub struct First {
    pub import: ImportId,
    /// The line behind which they stand.
    pub after: i64,
    /// When this was asked for.
    pub asked_at: Instant,
}

pub async fn find_first(tx: &mut Tx, org: OrgId) -> Outcome<Option<First>> {
    tx.maybe(
        "select import_id, after_line, asked_at from score_firsts where org_id = $1 \
         order by asked_at, import_id limit 1",
        vals![org],
    )
    .await?
    .map(|row| {
        let (import, after) = (row.id("import_id")?, row.int("after_line")?);
        Ok(First { import, after, asked_at: row.at("asked_at")? })
    })
    .transpose()
}

/// Goes on behind a line, unless it was asked for anew meanwhile.
pub async fn update_first(tx: &mut Tx, org: OrgId, first: &First, line: i64) -> Outcome<u64> {
    tx.run(
        "update score_firsts set after_line = $4 \
         where org_id = $1 and import_id = $2 and asked_at = $3",
        vals![org, first.import, first.asked_at, line],
    )
    .await
}

/// Nothing of it is left, unless it was asked for anew meanwhile.
pub async fn delete_first(tx: &mut Tx, org: OrgId, first: &First) -> Outcome<u64> {
    tx.run(
        "delete from score_firsts where org_id = $1 and import_id = $2 and asked_at = $3",
        vals![org, first.import, first.asked_at],
    )
    .await
}
