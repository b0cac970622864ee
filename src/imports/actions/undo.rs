//! A whole import is taken back: companies it brought leave the base, companies it filled in are
//! again as they were. What newer work stands on stays, and the reason is listed.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::companies::Company;
use crate::companies::actions as companies;
use crate::companies::filling::Fillable;

/// Rows of a newer file read at once.
const READ_AT_ONCE: i64 = 10_000;

/// Has an import taken back.
pub async fn undo(act: &Act, viewer: &Viewer, id: ImportId) -> Outcome<()> {
    let mut tx = begin!(act);
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    import.undo(viewer, act.now)?;
    store::update_undoing(&mut tx, act.org, id, act.actor).await?;
    enqueue(&mut tx, act, Work::Undo, &import).await?;
    told(Kind::ImportUndoBegun, &import, act).record(&mut tx, act).await?;
    tx.announce(topic(id));
    tx.finish(()).await
}

/// Takes back what is left of an import, to its end. Safe to run again after a crash.
pub async fn work_off_undo(act: &Act, id: ImportId) -> Outcome<()> {
    work_off_undo_to(act, id, i64::MAX).await
}

/// The same, stopping after the batch that reaches the row `rows_max`.
pub(in crate::imports) async fn work_off_undo_to(
    act: &Act,
    id: ImportId,
    rows_max: i64,
) -> Outcome<()> {
    let mut confirmed = Confirmed::default();
    let mut tx = act.db.read().await?;
    let Some(import) = store::find(&mut tx, act.org, id).await? else { return Ok(()) };
    if import.state != ImportState::Undoing {
        return Ok(());
    }
    confirmed.read_on(&mut tx, act.org, &import).await?;
    drop(tx);
    while take_back_batch(act, id, &mut confirmed).await?.is_some_and(|done| done < rows_max) {
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Companies in the rows of files that came later and are in the base: each would have brought
/// them, had this one not. No index leads from a company to its rows, so they are gone through once
/// for the whole undo, and before each batch what was written meanwhile.
#[derive(Debug, Default)]
struct Confirmed {
    /// The newest file of each company.
    by_company: BTreeMap<CompanyId, ImportId>,
    /// Up to which line each newer file was read. One that is taken back itself is no longer in it.
    read_to: BTreeMap<ImportId, i64>,
}

impl Confirmed {
    async fn read_on(&mut self, tx: &mut Tx, org: OrgId, import: &Import) -> Outcome<()> {
        let since = import.committed_at.unwrap_or(import.made_at);
        let newer = store::list_newer(tx, org, (import.id, import.number), since).await?;
        self.read_to.retain(|file, _| newer.contains(file));
        for file in newer {
            let after = self.read_to.entry(file).or_default();
            loop {
                let rows = store::list_row_companies(tx, org, file, *after, READ_AT_ONCE).await?;
                let Some((line, _)) = rows.last() else { break };
                *after = *line;
                self.by_company.extend(rows.into_iter().map(|(_, company)| (company, file)));
            }
        }
        Ok(())
    }
    /// The newer file that has the company, too.
    fn by(&self, company: CompanyId) -> Option<ImportId> {
        self.by_company.get(&company).copied().filter(|file| self.read_to.contains_key(file))
    }
}

/// Takes back the rows of one batch and answers up to which; `None` when there is nothing left, or
/// somebody stopped it.
async fn take_back_batch(
    act: &Act,
    id: ImportId,
    confirmed: &mut Confirmed,
) -> Outcome<Option<i64>> {
    let mut tx = act.db.begin().await?;
    companies::hold_base(&mut tx, act.org).await?;
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if import.state != ImportState::Undoing {
        return Ok(None);
    }
    confirmed.read_on(&mut tx, act.org, &import).await?;
    let limit = i64::try_from(BATCH).map_err(Error::failure)?;
    let rows = store::list_rows(&mut tx, act.org, id, ("", import.done_count), limit).await?;
    let is_last = i64::try_from(rows.len()).map_err(Error::failure)? < limit;
    let mut taken_back = import.taken_back;
    let stays = take_back(&mut tx, act, (&import, confirmed), &rows, &mut taken_back).await?;
    let stayed = store::insert_stays(&mut tx, act.org, id, &stays).await?;
    taken_back.stayed += i64::try_from(stayed).map_err(Error::failure)?;
    let done_count = rows.last().map_or(import.done_count, |row| row.line);
    let undone_at = is_last.then_some(act.now);
    store::update_taken_back(&mut tx, act.org, id, (done_count, &taken_back, undone_at)).await?;
    if is_last {
        Event::new(Kind::ImportUndone, id)
            .person(import.undone_by)
            .with("number", import.number)
            .with("removed", taken_back.removed)
            .with("restored", taken_back.restored)
            .with("stayed", taken_back.stayed)
            .record(&mut tx, act)
            .await?;
    }
    tx.announce(topic(id));
    tx.commit().await?;
    Ok((!is_last).then_some(done_count))
}

async fn take_back(
    tx: &mut Tx,
    act: &Act,
    (import, confirmed): (&Import, &Confirmed),
    rows: &[WrittenRow],
    taken_back: &mut TakenBack,
) -> Outcome<Vec<Stay>> {
    let since = import.committed_at.unwrap_or(import.made_at);
    let touched: BTreeSet<CompanyId> = rows.iter().filter_map(|row| row.company).collect();
    let touched: Vec<CompanyId> = touched.into_iter().collect();
    let stood_on = companies::list_stood_on(tx, act.org, &touched, import.id, since).await?;
    // What was merged into another is in the base no more, and yet what it brought is: parted
    // again, it stands there as it stood.
    let all = companies::list_by_ids(tx, act.org, &touched).await?;
    let merged = all.into_iter().filter(|company| company.merged_into.is_some());
    let stay = |company: Company| Stay { company: company.id, reason: "merged".to_owned() };
    let mut stays: Vec<Stay> = merged.map(stay).collect();
    let mut removed = Vec::new();
    for known in companies::list_known(tx, act.org, &touched).await? {
        let company = known.company;
        let is_own = company.import == Some(import.id);
        let newer = if is_own { confirmed.by(company.id) } else { None };
        if let Some(newer) = newer {
            companies::pass_to_import_in(tx, act, company.id, newer).await?;
        }
        match stood_on.get(&company.id).copied().or(newer.map(|_| "confirmed")) {
            Some(reason) if is_own => {
                stays.push(Stay { company: company.id, reason: reason.to_owned() });
            }
            None if is_own => removed.push(company.id),
            _ => {
                restore(tx, act, (import.id, company.id), &stood_on, taken_back, &mut stays).await?
            }
        }
    }
    companies::remove_many_in(tx, act, &removed).await?;
    taken_back.removed += i64::try_from(removed.len()).map_err(Error::failure)?;
    Ok(stays)
}

/// Takes back what the import filled in a company that was there before it.
async fn restore(
    tx: &mut Tx,
    act: &Act,
    (import, company): (ImportId, CompanyId),
    stood_on: &BTreeMap<CompanyId, &'static str>,
    taken_back: &mut TakenBack,
    stays: &mut Vec<Stay>,
) -> Outcome<()> {
    if stood_on.get(&company) == Some(&"worked-on") {
        stays.push(Stay { company, reason: "worked-on".to_owned() });
        return Ok(());
    }
    let changes = store::list_changes(tx, act.org, import, company).await?;
    let fields: Vec<(Fillable, String)> = changes
        .into_iter()
        .filter_map(|(code, value)| Some((Fillable::from_code(&code)?, value)))
        .collect();
    let undone = companies::unfill_in(tx, act, company, &fields, import).await?;
    store::delete_changes(tx, act.org, import, company).await?;
    if undone.is_any {
        taken_back.restored += 1;
    }
    stays.extend(undone.changed.into_iter().map(|field| Stay {
        company,
        reason: format!("changed-{}", field.code().replace('_', "-")),
    }));
    Ok(())
}
