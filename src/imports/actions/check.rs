//! A file is looked at: every row judged, nothing written but the forecast.

use tokio::sync::Semaphore;

use super::*;
use crate::imports::phones::Tally;
use crate::imports::same_name::Names;

/// Rows looked at between two tellings of how far it got: a second or less.
const TOLD_ROWS: i64 = 1_000;
/// Files that are looked at while their senders wait; the others wait for their turn. Each takes
/// memory up to the bound of one file.
const LOOKED_AT_MAX: usize = 2;

static LOOKING: Semaphore = Semaphore::const_new(LOOKED_AT_MAX);

/// Looks at the rows of a small file while its sender waits; a large one is left to the job.
pub async fn check_at_once(act: &Act, id: ImportId) -> Outcome<()> {
    let import = find(&mut act.db.read().await?, act.org, id).await?;
    if import.is_none_or(|import| import.row_count > CHECKED_AT_ONCE_MAX) {
        return Ok(());
    }
    let _turn = LOOKING.acquire().await.map_err(Error::failure)?;
    check(act, id).await
}

/// Looks at every row of a file and keeps what would become of them. Writes nothing else.
pub async fn check(act: &Act, id: ImportId) -> Outcome<()> {
    let (import, opened) = load(act, id).await?;
    if import.state != ImportState::Checking {
        return Ok(());
    }
    let (state, forecast) = match judge_all(act, &import, opened).await {
        Ok(Some(forecast)) => (ImportState::Checked, forecast),
        Ok(None) => return Ok(()),
        // Another look would end as this one: it rests until somebody has it read in another way.
        Err(error) if is_full(&error) => {
            (ImportState::Unchecked, Forecast { is_too_repetitive: true, ..Forecast::default() })
        }
        Err(error) => return Err(error),
    };
    let mut tx = act.db.begin().await?;
    store::update_checked(&mut tx, act.org, &import, (state, &forecast)).await?;
    tx.announce(topic(id));
    tx.commit().await
}

/// True where more rows of a file repeat others than can be remembered.
fn is_full(error: &Error) -> bool {
    let full = ImportRefusal::TooManyRepeats.code();
    matches!(error, Error::Refused(refusal) if refusal.code() == full)
}

/// What would become of the rows; `None` when somebody stopped it or has it read in another way.
pub(super) async fn judge_all(
    act: &Act,
    import: &Import,
    opened: Arc<Opened>,
) -> Outcome<Option<Forecast>> {
    let Some(census) = take_census(act, import, &opened).await? else { return Ok(None) };
    let mut judge = Judge::new(act.org, import, act.now, census);
    let mut forecast = Forecast::default();
    let mut shown = Counts::default();
    let (mut tally, mut names) = (Tally::default(), Names::default());
    let mut tx = act.db.read().await?;
    let mut batches = Ahead::of(opened.batches(BATCH, 0));
    let mut told_at = 0;
    while let Some(batch) = batches.next().await? {
        let done_count = forecast.counts.total();
        if done_count - told_at >= TOLD_ROWS {
            // A view that stays open for minutes keeps the database from tidying up.
            drop(tx);
            if !tell_progress(act, import, done_count).await? {
                return Ok(None);
            }
            told_at = done_count;
            tx = act.db.read().await?;
        }
        for judged in judge.judge(&mut tx, batch).await? {
            forecast.counts.add(judged.verdict);
            forecast.counts.branches += i64::from(judged.branch_of.is_some());
            tally.add(&judged.draft);
            names.add(&judged.draft.company.name);
            if shown.of(judged.verdict) < SHOWN_MAX {
                shown.add(judged.verdict);
                forecast.rows.push(shown_row(judged));
            }
        }
        if judge.is_full() {
            return Err(ImportRefusal::TooManyRepeats.into());
        }
        // Others get their turn between the batches of a long file.
        tokio::task::yield_now().await;
    }
    all_accounted_for(import, forecast.counts.total())?;
    forecast.phones = tally.columns();
    forecast.same_name = names.told();
    Ok(Some(forecast))
}

/// Says how far the looking got; false when it is no longer wanted. A file that is not even stored
/// has nobody who waits.
async fn tell_progress(act: &Act, import: &Import, done_count: i64) -> Outcome<bool> {
    if import.state != ImportState::Checking || import.number == 0 {
        return Ok(true);
    }
    let mut tx = act.db.begin().await?;
    let is_wanted = store::update_check_progress(&mut tx, act.org, import, done_count).await? > 0;
    tx.announce(topic(import.id));
    tx.commit().await?;
    Ok(is_wanted)
}

fn shown_row(judged: Judged) -> ForecastRow {
    let new = judged.draft.company;
    let phones: Vec<String> = new.phones.iter().map(|p| p.phone.shown()).collect();
    ForecastRow {
        line: judged.draft.line,
        verdict: judged.verdict,
        name: new.name.chars().take(NAME_MAX).collect(),
        phones: phones.join(", "),
        tax_id: new.tax_id.unwrap_or_default(),
        remarks: judged.remarks,
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::time::Duration;

    use super::*;
    use crate::both;
    use crate::cast::Cast;

    both! {
        async fn a_file_waits_to_be_looked_at_while_others_are(t: TestDb) {
            let cast = Cast::gather(t).await;
            let content = Content::of(b"Name;Phone\nFlax;8 495 223-45-67\n").expect("kept");
            let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
            let act = cast.act("anna", "one");
            let id = bring(&act, file).await.expect("brought");
            let state = async || {
                let mut tx = cast.app.db.read().await.expect("reads");
                find(&mut tx, cast.org, id).await.expect("reads").expect("there").state
            };
            let all = u32::try_from(LOOKED_AT_MAX).expect("few");
            let others = LOOKING.acquire_many(all).await.expect("every turn is taken");
            let mut looking = pin!(check_at_once(&act, id));
            let early = tokio::time::timeout(Duration::from_secs(1), &mut looking).await;
            assert!(early.is_err(), "it has no turn yet: {early:?}");
            assert_eq!(state().await, ImportState::Checking);
            drop(others);
            looking.await.expect("looked at");
            assert_eq!(state().await, ImportState::Checked);
        }
    }
}
