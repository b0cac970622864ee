use super::*;
use crate::both;
use crate::cast::Cast;
use crate::imports::spool::Content;
use crate::imports::{Import, ImportState, Origin, actions as files};

/// A file of Anna's that waits to be written.
async fn committing(cast: &Cast) -> ImportId {
    let id = checked(cast, "file", 1).await;
    commit(cast, "commit", id).await;
    id
}

/// A file of Anna's with so many rows, each a company the base does not have.
async fn checked(cast: &Cast, key: &str, rows: usize) -> ImportId {
    let row = |row: usize| format!("Flax {key} {row};{}\n", 9_160_000_000 + rows * 10_000 + row);
    let text = format!("Name;Phone\n{}", (0..rows).map(row).collect::<String>());
    let file = files::NewFile {
        name: "base.csv".to_owned(),
        content: Content::of(text.as_bytes()).expect("kept"),
        origin: Origin::default(),
    };
    let id = files::bring(&cast.act("anna", key), file).await.expect("is brought");
    cast.settle().await;
    id
}

async fn commit(cast: &Cast, key: &str, id: ImportId) {
    let version = state_of(cast, id).await.1;
    files::commit(&cast.act("anna", key), id, version).await.expect("waits");
}

/// Looks where an import stands whenever something was said of it, until it stands there.
async fn told(cast: &Cast, id: ImportId, is_there: impl Fn(&Import) -> bool) {
    let mut announcements = cast.app.db.announcements();
    loop {
        let mut tx = cast.app.db.read().await.expect("reads");
        let import = files::find(&mut tx, cast.org, id).await.expect("reads");
        drop(tx);
        if is_there(&import.expect("an import")) {
            return;
        }
        // A lag of notices means the same as a notice: look again.
        let _ = announcements.recv().await;
    }
}

async fn state_of(cast: &Cast, id: ImportId) -> (ImportState, i64) {
    let mut tx = cast.app.db.read().await.expect("reads");
    let import = files::find(&mut tx, cast.org, id).await.expect("reads").expect("an import");
    (import.state, import.version)
}

async fn waiting(cast: &Cast, kind: &str) -> usize {
    let mut tx = cast.app.db.read().await.expect("reads");
    jobs::list_waiting(&mut tx, cast.org, kind).await.expect("reads").len()
}

/// Twenty batches: far more than a small file needs turns.
const LARGE_ROWS: usize = 5_000;

both! {
    async fn nothing_waits_behind_a_long_import(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = committing(&cast).await;
        // Something that is followed happens after the file was brought.
        let out = people::actions::disable_user(&cast.act("alla", "out"), cast.id("boris")).await;
        out.expect("is shut out");
        assert!(waiting(&cast, events::FOLLOW_JOB).await > 0);
        // The worker of long jobs has the file in its hands, and is not done.
        let (db, clock) = (&cast.app.db, &cast.clock);
        let long = jobs::claim(db, Share::Only(LONG), clock.now()).await.expect("claims");
        let ran = run_share(db, clock, Share::AllBut(LONG), &Stop::default()).await.expect("runs");
        assert!(ran > 0);
        assert_eq!(waiting(&cast, events::FOLLOW_JOB).await, 0, "everything was followed");
        assert_eq!(state_of(&cast, id).await.0, ImportState::Committing);
        let long = long.expect("the file waits");
        run(db, clock, &long).await.expect("is written");
        assert_eq!(state_of(&cast, id).await.0, ImportState::Committed);
    }
    async fn a_small_file_is_written_while_a_large_one_is(t: TestDb) {
        let cast = Cast::gather(t).await;
        let large = checked(&cast, "large", LARGE_ROWS).await;
        let small = checked(&cast, "small", 100).await;
        let (db, clock, stop) = (cast.app.db.clone(), cast.clock.clone(), Stop::default());
        let working = tokio::spawn(work(db, clock, stop.clone()));
        commit(&cast, "commit-large", large).await;
        told(&cast, large, |import| import.done_count > 0).await;
        commit(&cast, "commit-small", small).await;
        told(&cast, small, |import| import.state == ImportState::Committed).await;
        assert_eq!(state_of(&cast, large).await.0, ImportState::Committing, "is still written");
        stop.tell();
        working.await.expect("ends");
    }
    async fn what_is_in_hand_at_a_stop_goes_on_at_the_next_start(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = committing(&cast).await;
        let (db, clock) = (&cast.app.db, &cast.clock);
        let stop = Stop::default();
        stop.tell();
        let ended = tokio::time::timeout(GIVING_BACK, work(db.clone(), clock.clone(), stop)).await;
        assert!(ended.is_ok(), "a told worker ends");
        if state_of(&cast, id).await.0 == ImportState::Committing {
            // At the same moment: nobody waits for a lease to end.
            let ran = run_share(db, clock, Share::Only(LONG), &Stop::default()).await;
            assert!(ran.expect("runs") > 0, "it was given back");
        }
        assert_eq!(state_of(&cast, id).await.0, ImportState::Committed);
    }
}

#[test]
fn who_fails_is_named_and_who_heard_of_it_is_not() {
    assert!(all_told(&[("leads", Ok(())), ("pay", Ok(()))]).is_ok());
    let broke = || Err(Error::failure("broke"));
    let told = all_told(&[("leads", broke()), ("handoffs", Ok(())), ("pay", broke())]);
    let told = told.expect_err("two failed").to_string();
    assert_eq!(told, "failure: leads: failure: broke; pay: failure: broke");
}
