//! A file is written into the base: batch by batch, each one transaction, as one import.
//!
//! How far it got is kept with every batch, so a crash, a retry or a second worker goes on where
//! the last batch ended and writes no row twice.

use std::collections::{BTreeMap, HashMap};

use super::*;
use crate::companies::actions as companies;
use crate::companies::alike::Known;
use crate::companies::filling::Missing;
use crate::companies::{NewBasis, NewCompany};
use crate::events::{Event, Kind};

/// A file of so many rows makes the planner's picture of the base a wrong one.
const PLANNED_ANEW_ROWS: i64 = 1_000;

/// Has the rows of a checked file written. `version` is that of the forecast the person saw.
pub async fn commit(act: &Act, id: ImportId, version: i64) -> Outcome<()> {
    load(act, id).await?;
    let mut tx = begin!(act);
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    import.commit(version)?;
    store::update_committing(&mut tx, act.org, id, (act.actor, act.now)).await?;
    jobs::enqueue(&mut tx, act.org, COMMIT_JOB, &id.to_string(), act.now).await?;
    tx.announce(topic(id));
    tx.finish(()).await
}

/// Where the rows judged so far went.
struct Progress<'a> {
    judge: Judge<'a>,
    /// The company of each line that has one and that a line below may repeat.
    companies: HashMap<i64, CompanyId>,
    done_count: i64,
}

/// Writes what is left of an import, to its end. Safe to run again after a crash.
pub async fn work_off_commit(act: &Act, id: ImportId) -> Outcome<()> {
    work_off_commit_to(act, id, i64::MAX).await
}

/// The same, stopping after the batch that reaches `rows_max`.
pub(in crate::imports) async fn work_off_commit_to(
    act: &Act,
    id: ImportId,
    rows_max: i64,
) -> Outcome<()> {
    let (import, opened) = load(act, id).await?;
    if import.state != ImportState::Committing {
        return Ok(());
    }
    let census = take_census(&opened).await?;
    let judge = Judge::new(act.org, id, act.now, &census);
    let mut progress = Progress { judge, companies: HashMap::new(), done_count: 0 };
    let mut drafts = opened.drafts();
    remember_done(act, &import, &mut drafts, &mut progress).await?;
    loop {
        let batch: Vec<Draft> = drafts.by_ref().take(BATCH).collect();
        let is_last = batch.len() < BATCH;
        if !write_batch(act, id, batch, is_last, &mut progress).await? {
            return Ok(());
        }
        if is_last && progress.done_count >= PLANNED_ANEW_ROWS {
            // A campaign is often launched over the file at once.
            act.db.refresh_statistics().await?;
        }
        if is_last || progress.done_count >= rows_max {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

/// Takes up where an earlier run ended.
async fn remember_done(
    act: &Act,
    import: &Import,
    drafts: &mut impl Iterator<Item = Draft>,
    progress: &mut Progress<'_>,
) -> Outcome<()> {
    let done = usize::try_from(import.done_count).map_err(Error::failure)?;
    if done == 0 {
        return Ok(());
    }
    let mut tx = act.db.read().await?;
    let rows = store::list_rows(&mut tx, act.org, import.id, ("", 0), import.done_count).await?;
    for (draft, row) in drafts.take(done).zip(rows) {
        if row.verdict != Verdict::Suppressed {
            progress.judge.remember(&draft);
        }
        let company = row.company.filter(|_| progress.judge.is_met_again(&draft));
        progress.companies.extend(company.map(|company| (row.line, company)));
    }
    progress.done_count = import.done_count;
    Ok(())
}

/// Writes a batch; false when somebody stopped the writing before it.
async fn write_batch(
    act: &Act,
    id: ImportId,
    batch: Vec<Draft>,
    is_last: bool,
    progress: &mut Progress<'_>,
) -> Outcome<bool> {
    let mut tx = act.db.begin().await?;
    companies::hold_base(&mut tx, act.org).await?;
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if import.state == ImportState::Stopped {
        return Ok(false);
    }
    if import.state != ImportState::Committing || import.done_count != progress.done_count {
        return Err(Error::failure("another worker writes this import"));
    }
    let how_many = i64::try_from(batch.len()).map_err(Error::failure)?;
    let mut judged = progress.judge.judge(&mut tx, batch).await?;
    add_new(&mut tx, act, &import, &mut judged, &mut progress.companies).await?;
    fill(&mut tx, act, &import, &mut judged).await?;
    let mut counts = import.counts;
    let mut rows = Vec::new();
    for one in judged {
        counts.add(one.verdict);
        rows.push(written(one));
    }
    store::insert_rows(&mut tx, act.org, id, &rows).await?;
    progress.done_count += how_many;
    let state = if is_last { ImportState::Committed } else { ImportState::Committing };
    store::update_written(&mut tx, act.org, id, (state, progress.done_count, &counts)).await?;
    if is_last {
        Event::new(Kind::ImportCommitted, id)
            .person(import.committed_by)
            .with("number", import.number)
            .with("rows", counts.total())
            .with("new", counts.new)
            .with("update", counts.update)
            .record(&mut tx, act)
            .await?;
    }
    tx.announce(topic(id));
    tx.commit().await?;
    Ok(true)
}

fn written(judged: Judged) -> (WrittenRow, String) {
    let row = WrittenRow {
        line: judged.draft.line,
        verdict: judged.verdict,
        company: judged.company,
        name: judged.draft.company.name.chars().take(NAME_MAX).collect(),
        remarks: judged.remarks,
    };
    (row, judged.draft.digest)
}

/// Adds the companies the base does not have, and tells the rows which they became.
async fn add_new(
    tx: &mut Tx,
    act: &Act,
    import: &Import,
    judged: &mut [Judged],
    companies: &mut HashMap<i64, CompanyId>,
) -> Outcome<()> {
    let is_new = |one: &&mut Judged| one.verdict == Verdict::New;
    let new: Vec<NewCompany> = judged
        .iter_mut()
        .filter(is_new)
        .map(|one| NewCompany {
            source: origin_text(&import.origin.source),
            basis: basis_of(&import.origin),
            import: Some(import.id),
            ..one.draft.company.clone()
        })
        .collect();
    let ids = companies::add_many_in(tx, act, &new).await?;
    for (one, id) in judged.iter_mut().filter(is_new).zip(ids) {
        one.company = Some(id);
        companies.extend(one.may_repeat.then_some((one.draft.line, id)));
    }
    // In the order of the file, since a row may repeat one that is a repeat itself.
    for one in judged.iter_mut() {
        one.company = one.company.or_else(|| companies.get(&one.above?).copied());
        let company = one.company.filter(|_| one.may_repeat);
        companies.extend(company.map(|company| (one.draft.line, company)));
    }
    Ok(())
}

fn origin_text(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

fn basis_of(origin: &Origin) -> Option<NewBasis> {
    let kind = origin.basis_kind?;
    Some(NewBasis { kind, source: origin.basis_source.clone(), until: None })
}

/// Fills in what updated companies, and those that stand twice in the file, lack.
async fn fill(tx: &mut Tx, act: &Act, import: &Import, judged: &mut [Judged]) -> Outcome<()> {
    let repeated: Vec<CompanyId> = judged
        .iter()
        .filter(|one| one.verdict == Verdict::InFile)
        .filter_map(|one| one.company)
        .collect();
    let known = companies::list_known(tx, act.org, &repeated).await?;
    let mut known: BTreeMap<CompanyId, Known> =
        known.into_iter().map(|known| (known.company.id, known)).collect();
    let mut fills: Vec<(CompanyId, Missing)> = Vec::new();
    let mut changes = Vec::new();
    for one in judged.iter_mut() {
        let Some(id) = one.company else { continue };
        if one.verdict == Verdict::InFile
            && let Some(had) = known.get_mut(&id)
        {
            let missing = Missing::of(had, &one.draft.company);
            one.missing = if one.is_sure { missing } else { missing.numbers() };
            had.absorb(&one.missing);
            if !one.missing.is_empty() {
                let what = one.missing.codes().join(",");
                one.remarks.push(Remark::new("row-adds").with("what", what));
            }
        } else if let Some(had) = known.get_mut(&id) {
            had.absorb(&one.missing);
        }
        if one.missing.is_empty() {
            continue;
        }
        let is_own = known.get(&id).is_some_and(|had| had.company.import == Some(import.id));
        if !is_own {
            let fields = one.missing.fields.iter();
            changes.extend(fields.map(|(field, value)| (id, field.code(), value.clone())));
        }
        fills.push((id, std::mem::take(&mut one.missing)));
    }
    companies::fill_many_in(tx, act, &fills, Some(import.id)).await?;
    store::insert_changes(tx, act.org, import.id, &changes).await
}
