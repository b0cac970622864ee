//! A file is written into the base: batch by batch, each one transaction, as one import.
//!
//! How far it got is kept with every batch, so a crash, a retry or a second worker goes on where
//! the last batch ended and writes no row twice.
//!
//! Room on the disk is asked for before the first row. Where it ends all the same, the job waits
//! for room and goes on by itself: what is written stays in the base until somebody takes it back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::*;
use crate::companies::NewCompany;
use crate::companies::actions as companies;
use crate::companies::alike::Known;
use crate::companies::filling::Missing;

/// New companies of which search hears at once. Their terms, and the pages these go to, are held in
/// memory meanwhile: for 50,000 that took 475 MB, see docs/figures.md.
const FOUND_AT_ONCE: usize = if cfg!(test) { 300 } else { 20_000 };
/// A file of so many rows makes the planner's picture of the base a wrong one.
const PLANNED_ANEW_ROWS: i64 = 1_000;

/// Has the rows of a checked file written. `version` is that of the forecast the person saw.
pub async fn commit(act: &Act, id: ImportId, version: i64) -> Outcome<()> {
    find_to_change(act, id).await?;
    let (_, opened) = load(act, id).await?;
    let free = act.db.free_room().await?;
    let mut tx = begin!(act);
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    may_change(&mut tx, act, &import).await?;
    import.commit(version)?;
    let (forecast, packed) = (&import.forecast.counts, opened.packed_bytes());
    let needed = room::of_all_rows(forecast, import.row_count, packed);
    room::check(needed, free)?;
    store::update_committing(&mut tx, act.org, id, (act.actor, act.now)).await?;
    enqueue(&mut tx, act, Work::Commit, &import).await?;
    told(Kind::ImportBegun, &import, act).record(&mut tx, act).await?;
    tx.announce(topic(id));
    tx.finish(()).await
}

/// Where the rows judged so far went.
struct Progress {
    judge: Judge,
    /// The company of each line that has one and that a line below may repeat.
    companies: HashMap<i64, CompanyId>,
    /// Companies that search does not find yet.
    unfound: Vec<CompanyId>,
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
    let (import, opened, found, census) = loop {
        let import = find(&mut act.db.read().await?, act.org, id).await?.ok_or(Error::NotFound)?;
        let found = store::find_found_count(&mut act.db.read().await?, act.org, id).await?;
        // What is written is found by search, whether or not the file can still be read.
        if import.state != ImportState::Committing {
            return make_left_found(act, &import, found).await;
        }
        let (import, opened) = load(act, id).await?;
        // Where somebody stopped it meanwhile, or has it go on, something else is left to do.
        if import.state != ImportState::Committing {
            continue;
        }
        ask_for_rest(act, &import, &opened).await?;
        if let Some(census) = take_census(act, &import, &opened).await? {
            break (import, opened, found, census);
        }
    };
    let judge = Judge::new(act.org, &import, act.now, census);
    let (companies, unfound) = (HashMap::new(), Vec::new());
    let mut progress = Progress { judge, companies, unfound, done_count: 0 };
    let done = usize::try_from(import.done_count).map_err(Error::failure)?;
    remember_done(act, &import, (opened.first(BATCH, done), found), &mut progress).await?;
    let batches = Ahead::of(opened.batches(BATCH, done));
    let written = write_batches(act, id, (batches, rows_max), &mut progress).await;
    // Search may need less room than the batch that found none.
    if matches!(written, Err(Error::Full(_)))
        && let Err(error) = make_found(act, id, &mut progress).await
    {
        tracing::warn!(import.id = %id, %error, "search finds not all that is written yet");
    }
    written
}

/// Waits where the disk has no room for the rest: written until it is full, it would leave none to
/// all others. Room for the log was asked for as it began.
async fn ask_for_rest(act: &Act, import: &Import, opened: &Opened) -> Outcome<()> {
    let rows = (import.done_count, import.row_count);
    let needed = room::of_rows(&import.forecast.counts, rows, opened.packed_bytes());
    let checked = room::check(needed, act.db.free_room().await?);
    checked.map_err(|_| Error::Full(format!("{needed} bytes are needed for the rest of a file")))
}

/// Writes batch after batch, up to the one that reaches `rows_max`.
async fn write_batches(
    act: &Act,
    id: ImportId,
    (mut batches, rows_max): (Ahead<Vec<Draft>>, i64),
    progress: &mut Progress,
) -> Outcome<()> {
    loop {
        let batch = batches.next().await?.unwrap_or_default();
        let is_last = batch.len() < BATCH;
        if is_last || progress.unfound.len() >= FOUND_AT_ONCE {
            make_found(act, id, progress).await?;
        }
        if !write_batch(act, id, batch, is_last, progress).await? {
            return make_found(act, id, progress).await;
        }
        if is_last && progress.done_count >= PLANNED_ANEW_ROWS {
            // A campaign is often launched over the file at once.
            act.db.refresh_statistics().await?;
        }
        if is_last || progress.done_count >= rows_max {
            return Ok(());
        }
        // Who was banned as it was checked, and is no more, is remembered besides the others.
        if progress.judge.is_full() {
            make_found(act, id, progress).await?;
            return break_off(act, id).await;
        }
        tokio::task::yield_now().await;
    }
}

/// Has it rest where more rows repeat others than can be remembered: another run would end as this
/// one. What is written stays until somebody takes it back.
async fn break_off(act: &Act, id: ImportId) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if import.state != ImportState::Committing {
        return Ok(());
    }
    store::update_broken_off(&mut tx, act.org, &import).await?;
    stop::leave_off(&mut tx, act, &import).await?;
    tx.announce(topic(id));
    tx.commit().await
}

/// Has search find what was written until now.
async fn make_found(act: &Act, id: ImportId, progress: &mut Progress) -> Outcome<()> {
    if progress.unfound.is_empty() {
        return Ok(());
    }
    make_found_to(act, id, &progress.unfound, progress.done_count).await?;
    progress.unfound.clear();
    Ok(())
}

/// Has search find these, and keeps up to which row that is.
async fn make_found_to(
    act: &Act,
    id: ImportId,
    unfound: &[CompanyId],
    found_count: i64,
) -> Outcome<()> {
    companies::make_found(act, unfound).await?;
    let mut tx = act.db.begin().await?;
    store::update_found_count(&mut tx, act.org, id, found_count).await?;
    tx.commit().await
}

/// Has search find what an import left in the base whose writing broke off before it was stopped
/// or taken back: what newer work stands on stays there.
async fn make_left_found(act: &Act, import: &Import, found: i64) -> Outcome<()> {
    // Taking back counts its rows anew; those that are accounted for are those that were written.
    let written = import.counts.total();
    if !is_broken_off(import.state) || found >= written {
        return Ok(());
    }
    let (mut unfound, mut count, mut after) = (Vec::new(), 0, 0);
    let mut tx = act.db.read().await?;
    loop {
        let rows = store::list_rows(&mut tx, act.org, import.id, ("", after), READ_AT_ONCE).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        for row in rows {
            if count >= found && row.verdict == Verdict::New {
                unfound.extend(row.company);
            }
            count += 1;
        }
    }
    drop(tx);
    make_found_to(act, import.id, &unfound, written).await
}

/// True where nobody writes a file to its end any more.
fn is_broken_off(state: ImportState) -> bool {
    use ImportState::{Stopped, UndoStopped, Undoing, Undone};
    matches!(state, Stopped | Undoing | UndoStopped | Undone)
}

/// Takes up where an earlier run ended.
async fn remember_done(
    act: &Act,
    import: &Import,
    (done, found): (impl Iterator<Item = Outcome<Vec<Draft>>> + Send + 'static, i64),
    progress: &mut Progress,
) -> Outcome<()> {
    let mut tx = act.db.read().await?;
    let mut batches = Ahead::of(done);
    let mut count = 0;
    while let Some(batch) = batches.next().await? {
        let is_met =
            |(at, draft): &(i64, Draft)| *at >= found || progress.judge.is_met_again(draft);
        let batch: Vec<(i64, Draft)> =
            (count..).zip(batch).inspect(|(at, _)| count = at + 1).filter(is_met).collect();
        let lines: Vec<i64> = batch.iter().map(|(_, draft)| draft.line).collect();
        let became = store::list_became(&mut tx, act.org, import.id, &lines).await?;
        for (at, draft) in batch {
            let Some((verdict, company)) = became.get(&draft.line) else { continue };
            if at >= found && *verdict == Verdict::New {
                progress.unfound.extend(*company);
            }
            // What was not brought is repeated by no row below.
            let is_brought = !matches!(verdict, Verdict::Suppressed | Verdict::Bad);
            if is_brought && progress.judge.remember_written(&draft, (*verdict, *company)) {
                progress.companies.extend(company.map(|company| (draft.line, company)));
            }
        }
    }
    progress.done_count = import.done_count;
    Ok(())
}

/// Writes a batch; false when somebody stopped the writing before it, or takes back what is
/// written.
async fn write_batch(
    act: &Act,
    id: ImportId,
    batch: Vec<Draft>,
    is_last: bool,
    progress: &mut Progress,
) -> Outcome<bool> {
    let mut tx = act.db.begin_large().await?;
    companies::hold_base(&mut tx, act.org).await?;
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if is_broken_off(import.state) {
        return Ok(false);
    }
    if import.state != ImportState::Committing || import.done_count != progress.done_count {
        return Err(Error::failure("another worker writes this import"));
    }
    let how_many = i64::try_from(batch.len()).map_err(Error::failure)?;
    let mut judged = progress.judge.judge(&mut tx, batch).await?;
    let unfound = add_new(&mut tx, act, &import, &mut judged, (&mut *progress, is_last)).await?;
    fill(&mut tx, act, &import, &mut judged).await?;
    let mut counts = import.counts;
    let mut rows = Vec::new();
    for one in judged {
        counts.add(one.verdict);
        counts.branches += i64::from(one.branch_of.is_some());
        rows.push(written(one));
    }
    store::insert_rows(&mut tx, act.org, id, &rows).await?;
    progress.done_count += how_many;
    if is_last {
        all_accounted_for(&import, progress.done_count)?;
    }
    let state = if is_last { ImportState::Committed } else { ImportState::Committing };
    let written = (state, progress.done_count, &counts);
    store::update_written(&mut tx, act.org, id, written, act.now).await?;
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
    progress.judge.forget_brought();
    progress.unfound.extend(unfound);
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
    // By the first of them a later file knows all rows that say the same: a list may be one row a
    // million times, and each batch of it, brought again, would be answered with all of them.
    let digest = if judged.is_said_above { String::new() } else { judged.draft.digest };
    (row, digest)
}

/// Adds the companies the base does not have, and tells the rows which they became. Answers those
/// that search is yet to find; with the last batch that are none.
async fn add_new(
    tx: &mut Tx,
    act: &Act,
    import: &Import,
    judged: &mut [Judged],
    (progress, is_last): (&mut Progress, bool),
) -> Outcome<Vec<CompanyId>> {
    let companies = &mut progress.companies;
    let is_new = |one: &&mut Judged| one.verdict == Verdict::New;
    let new: Vec<NewCompany> = judged
        .iter_mut()
        .filter(is_new)
        .map(|one| NewCompany {
            source: origin_text(&import.origin.source),
            basis: import.origin.basis(),
            import: Some(import.id),
            ..one.draft.company.clone()
        })
        .collect();
    let by = Act { actor: import.committed_by, ..act.clone() };
    let ids = match is_last {
        true => companies::add_many_in(tx, &by, &new).await?,
        false => companies::add_unfound_in(tx, &by, &new).await?,
    };
    for (one, id) in judged.iter_mut().filter(is_new).zip(ids.iter().copied()) {
        one.company = Some(id);
        companies.extend(one.may_repeat.then_some((one.draft.line, id)));
    }
    // In the order of the file, since a row may repeat one that is a repeat itself.
    for one in judged.iter_mut() {
        one.company = one.company.or_else(|| companies.get(&one.above?).copied());
        let company = one.company.filter(|_| one.may_repeat);
        companies.extend(company.map(|company| (one.draft.line, company)));
    }
    branches::tie_new(tx, &by, judged, companies).await?;
    Ok(if is_last { Vec::new() } else { ids })
}

fn origin_text(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
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
    let mut noted = companies::list_noted(tx, act.org, &repeated).await?;
    let mut fills: Vec<(CompanyId, Missing)> = Vec::new();
    let mut filled: Vec<(i64, CompanyId)> = Vec::new();
    let (mut changes, mut left) = (Vec::new(), BTreeSet::new());
    for one in judged.iter_mut() {
        let Some(id) = one.company else { continue };
        if one.verdict == Verdict::InFile && !known.contains_key(&id) {
            left.extend((!one.says_the_same()).then_some(one.draft.line));
        } else if one.verdict == Verdict::InFile
            && let Some(had) = known.get_mut(&id)
        {
            let (missing, told) = otherwise::sort(had, &one.draft.company, one.is_sure);
            one.missing = missing;
            let note = one.draft.company.note.clone();
            one.missing.note = note.filter(|note| noted.insert((id, note.clone())));
            had.absorb(&one.missing);
            if !one.says_the_same() {
                one.remarks.extend(told);
            }
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
        filled.push((one.draft.line, id));
    }
    // The job writes for the person who had it written: a note says who.
    let by = Act { actor: import.committed_by, ..act.clone() };
    let gone = companies::fill_many_in(tx, &by, &fills, Some(import.id)).await?;
    changes.retain(|(id, ..)| !gone.contains(id));
    let of_gone = filled.into_iter().filter(|(_, id)| gone.contains(id));
    left.extend(of_gone.map(|(line, _)| line));
    left::return_rows(tx, act.org, judged, &left).await?;
    store::insert_changes(tx, act.org, import.id, &changes).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both;
    use crate::cast::Cast;

    /// Brings a list, the writing of which is begun.
    async fn begun(cast: &Cast, key: &str, text: &str) -> ImportId {
        let content = Content::of(text.as_bytes()).expect("kept");
        let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
        let act = cast.act("anna", key);
        let id = bring(&act.part("bring"), file).await.expect("brought");
        check(&act, id).await.expect("checked");
        let version = again(cast, id).await.version;
        commit(&act.part("commit"), id, version).await.expect("begun");
        id
    }

    async fn again(cast: &Cast, id: ImportId) -> Import {
        let mut tx = cast.app.db.read().await.expect("reads");
        find(&mut tx, cast.org, id).await.expect("reads").expect("there")
    }

    both! {
        async fn what_a_batch_wrote_to_companies_of_the_base_is_remembered_no_longer(t: TestDb) {
            let cast = Cast::gather(t).await;
            let first = begun(&cast, "one", "Name;Phone\nFlax;8 495 223-45-67\n").await;
            let act = cast.act("anna", "work");
            work_off_commit(&act, first).await.expect("written");
            let id = begun(&cast, "two", "Name;Phone;City\nFlax;8 495 223-45-67;Tver\n").await;
            let (import, opened) = load(&act, id).await.expect("loaded");
            let census = take_census(&act, &import, &opened).await.expect("counted");
            let judge = Judge::new(act.org, &import, act.now, census.expect("it is wanted"));
            let (companies, unfound) = (HashMap::new(), Vec::new());
            let mut progress = Progress { judge, companies, unfound, done_count: 0 };
            let mut batches = Ahead::of(opened.batches(BATCH, 0));
            let batch = batches.next().await.expect("read").expect("a batch");
            assert!(write_batch(&act, id, batch, true, &mut progress).await.expect("written"));
            assert_eq!(again(&cast, id).await.counts.update, 1);
            assert!(!progress.judge.remembers_brought(), "the base has it");
        }
    }
}
