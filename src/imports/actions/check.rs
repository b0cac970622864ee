//! A file is looked at: every row judged, nothing written but the forecast.

use super::*;
use crate::imports::phones::Tally;
use crate::imports::same_name::Names;

/// Rows looked at between two tellings of how far it got: a second or less.
const TOLD_ROWS: i64 = 1_000;

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
