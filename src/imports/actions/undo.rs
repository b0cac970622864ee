//! A whole import is taken back: companies it brought leave the base, companies it filled in are
//! again as they were. What newer work stands on stays, and the reason is listed.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::companies::Company;
use crate::companies::actions as companies;
use crate::companies::filling::Fillable;

/// Has an import taken back. One that is being written is stopped first, after the batch in hand.
pub async fn undo(act: &Act, viewer: &Viewer, id: ImportId) -> Outcome<()> {
    let mut tx = begin!(act);
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    import.undo(viewer, act.now)?;
    if import.state.is_under_way() {
        stop::leave_off(&mut tx, act, &import).await?;
    }
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
    /// Every file of each company: while one of them is taken back itself, another may stand.
    by_company: BTreeMap<CompanyId, Vec<ImportId>>,
    /// Up to which line each file was read.
    read_to: BTreeMap<ImportId, i64>,
    /// Those that are in the base now, in the order in which they were written; last those whose
    /// own taking back was stopped, for it may have passed a company already.
    standing: Vec<ImportId>,
}

impl Confirmed {
    async fn read_on(&mut self, tx: &mut Tx, org: OrgId, import: &Import) -> Outcome<()> {
        let since = import.committed_at.unwrap_or(import.made_at);
        self.standing = store::list_newer(tx, org, (import.id, import.number), since).await?;
        for file in self.standing.iter().copied() {
            let after = self.read_to.entry(file).or_default();
            loop {
                let rows = store::list_row_companies(tx, org, file, *after, READ_AT_ONCE).await?;
                let Some((line, _)) = rows.last() else { break };
                *after = *line;
                for (_, company) in rows {
                    // Most have one, in a list of a million.
                    let one = || Vec::with_capacity(1);
                    let files = self.by_company.entry(company).or_insert_with(one);
                    if !files.contains(&file) {
                        files.push(file);
                    }
                }
            }
        }
        Ok(())
    }

    /// The first newer file that has the company, too. Taken back in its turn, it leaves the
    /// company to those that came after it, as this one does.
    fn by(&self, company: CompanyId) -> Option<ImportId> {
        let files = self.by_company.get(&company)?;
        self.standing.iter().copied().find(|file| files.contains(file))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both;
    use crate::cast::Cast;

    /// Brings a list of one company and has it written.
    async fn written(cast: &Cast, key: &str) -> ImportId {
        let content = Content::of(b"Name;Phone\nFlax;8 495 223-45-67\n").expect("kept");
        let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
        let act = cast.act("anna", key);
        let id = bring(&act.part("bring"), file).await.expect("brought");
        check(&act, id).await.expect("checked");
        let version = again(cast, id).await.version;
        commit(&act.part("commit"), id, version).await.expect("begun");
        work_off_commit(&act, id).await.expect("written");
        cast.clock.advance_ms(1_000);
        id
    }

    async fn again(cast: &Cast, id: ImportId) -> Import {
        let mut tx = cast.app.db.read().await.expect("reads");
        find(&mut tx, cast.org, id).await.expect("reads").expect("there")
    }

    both! {
        async fn a_file_stands_for_another_that_is_taken_back_between_two_batches(t: TestDb) {
            let cast = Cast::gather(t).await;
            let first = written(&cast, "one").await;
            let second = written(&cast, "two").await;
            let third = written(&cast, "three").await;
            let anna = cast.viewer("anna").await;
            undo(&cast.act("anna", "undo"), &anna, first).await.expect("is being undone");
            let (import, mut confirmed) = (again(&cast, first).await, Confirmed::default());
            let mut tx = cast.app.db.read().await.expect("reads");
            confirmed.read_on(&mut tx, cast.org, &import).await.expect("reads");
            drop(tx);
            undo(&cast.act("anna", "newest"), &anna, third).await.expect("is being undone");
            let act = cast.act("anna", "work");
            take_back_batch(&act, first, &mut confirmed).await.expect("a batch");
            let undone = again(&cast, first).await;
            assert_eq!(undone.taken_back, TakenBack { removed: 0, restored: 0, stayed: 1 });
            let mut tx = cast.app.db.read().await.expect("reads");
            let rows = list_row_companies(&mut tx, cast.org, first, 0, 9).await.expect("reads");
            let company = companies::find(&mut tx, cast.org, rows[0].1).await.expect("reads");
            assert_eq!(company.expect("there").import, Some(second));
        }
    }
}
