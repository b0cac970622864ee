//! What happens later.

use super::{actions, dates, store};
use crate::events::{Kind, Recorded};
use crate::people;
use crate::storage::Act;
use crate::values::*;

/// Acts upon an event of another folder.
pub async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    match event.kind {
        Kind::ClientReassigned => actions::follow_lead(act, event).await,
        _ => Ok(()),
    }
}

/// Looks at what has become due; called every few seconds and safe to repeat.
pub async fn sweep(act: &Act) -> Outcome<()> {
    let mut tx = act.db.read().await?;
    let firm = people::actions::firm(&mut tx, act.org).await?;
    let today = act.now.day(&firm.zone).to_string();
    let swept_on = store::find_swept_on(&mut tx, act.org).await?;
    drop(tx);
    if swept_on.as_ref() == Some(&today) {
        return Ok(());
    }
    // What fails of one kind does not hold up the others; the day is noted when all went well.
    let months = actions::keep_months(act, &firm).await;
    let dates = dates::actions::remind(act, &firm).await;
    let renewals = actions::remind_of_renewals(act, &firm).await;
    months.and(dates).and(renewals)?;
    // Noted last: what a crash cut short is looked at again.
    let mut tx = act.db.begin().await?;
    store::update_swept_on(&mut tx, act.org, &today).await?;
    tx.commit().await
}
