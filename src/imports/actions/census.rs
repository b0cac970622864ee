//! The keys of a file are counted on a thread of its own. That has no batches, so it is looked
//! meanwhile whether anybody still wants it.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::super::census::Census;
use super::*;

/// How often it is looked whether the census is wanted.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// Has the counting end once nobody waits for it.
struct Halt(Arc<AtomicBool>);

impl Drop for Halt {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Goes through a file for its keys; `None` once somebody stopped the import or has it read in
/// another way.
pub(super) async fn take_census(
    act: &Act,
    import: &Import,
    opened: &Arc<Opened>,
) -> Outcome<Option<Arc<Census>>> {
    let (opened, halt) = (opened.clone(), Halt(Arc::default()));
    let is_halted = halt.0.clone();
    let mut counting = pin!(apart(move || {
        let goes_on = |_: &Draft| !is_halted.load(Ordering::Relaxed);
        reading::whole(opened.drafts(), |rows| Census::of(rows.take_while(goes_on)))
    }));
    while is_wanted(act, import).await? {
        if let Ok(counted) = tokio::time::timeout(LOOKS_EVERY, &mut counting).await {
            return Ok(Some(Arc::new(counted??)));
        }
    }
    Ok(None)
}

/// True while the import stands where it stood; of a file that is not even stored, always.
async fn is_wanted(act: &Act, import: &Import) -> Outcome<bool> {
    if import.number == 0 {
        return Ok(true);
    }
    let found = find(&mut act.db.read().await?, act.org, import.id).await?;
    let was = (import.state, import.version);
    Ok(found.is_some_and(|found| (found.state, found.version) == was))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both;
    use crate::cast::Cast;

    both! {
        async fn a_census_that_nobody_wants_any_more_ends(t: TestDb) {
            let (cast, text) = (Cast::gather(t).await, b"Name;Phone\nFlax;8 495 223-45-67\n");
            let file = NewFile {
                name: "list.csv".to_owned(),
                content: Content::of(text).expect("kept"),
                origin: Origin::default(),
            };
            let act = cast.act("anna", "one");
            let id = bring(&act, file).await.expect("brought");
            let (import, opened) = load(&act, id).await.expect("loaded");
            let counted = take_census(&act, &import, &opened).await.expect("counted");
            assert!(counted.is_some());
            let anna = cast.viewer("anna").await;
            stop(&cast.act("anna", "stop"), &anna, id).await.expect("stopped");
            let counted = take_census(&act, &import, &opened).await.expect("looked");
            assert!(counted.is_none(), "it was stopped");
        }
    }
}
