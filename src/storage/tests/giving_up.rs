//! Whoever gives up half-way harms nobody: neither those who write at the same moment nor those who
//! have the connection next.

use super::*;
use crate::storage::testing::given_up_after;

const TURNS_MAX: usize = 24;

async fn note(db: &Db, noun: &str) -> Outcome<()> {
    db.answer().await?;
    let mut tx = db.begin().await?;
    take_numbers(&mut tx, OrgId::fresh(Instant(0)), noun, 1).await?;
    tx.commit().await
}

both! {
    async fn a_transaction_that_is_given_up_leaves_nothing_to_the_next(t: TestDb) {
        for turns in 1..=TURNS_MAX {
            // What is given up while it commits may be kept all the same.
            let _ = given_up_after(turns, note(&t.db, "given up")).await;
            // Every connection of the pool is asked, the one that was left among them.
            for one in 0..3 {
                let noun = format!("whole {turns} {one}");
                note(&t.db, &noun).await.expect("writes as if nothing had been");
                assert_eq!(count(&t.db, &noun).await, Some(1));
            }
        }
    }

    async fn who_writes_beside_one_who_gives_up_keeps_what_was_acknowledged(t: TestDb) {
        for turns in 1..=TURNS_MAX {
            let mut tasks = Vec::new();
            for one in 0..6 {
                let (db, noun) = (t.db.clone(), format!("beside {turns} {one}"));
                tasks.push(tokio::spawn(async move {
                    let done = note(&db, &noun).await;
                    (noun, done.is_ok())
                }));
            }
            let others = (0..3).map(|_| given_up_after(turns, note(&t.db, "given up")));
            futures_util::future::join_all(others).await;
            for task in tasks {
                let (noun, is_kept) = task.await.expect("ends");
                assert!(is_kept, "{noun} has nothing to do with others");
                assert_eq!(count(&t.db, &noun).await, Some(1), "{noun} was acknowledged");
            }
        }
    }
}
