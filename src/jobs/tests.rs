use super::*;
use crate::both;
use crate::storage::testing::TestDb;

async fn enqueued(t: &TestDb, kind: &str) -> OrgId {
    let org = OrgId::fresh(t.clock.now());
    let mut tx = t.db.begin().await.expect("a transaction");
    enqueue(&mut tx, org, kind, "subject", t.clock.now()).await.expect("enqueued");
    tx.commit().await.expect("committed");
    org
}

both! {
    async fn a_job_is_claimed_once_and_forgotten_when_done(t: TestDb) {
        let org = enqueued(&t, "a").await;
        let now = t.clock.now();
        let job = claim(&t.db, now).await.expect("claims").expect("a job is due");
        assert_eq!((job.org, job.kind.as_str(), job.tries), (org, "a", 1));
        assert_eq!(claim(&t.db, now).await.expect("claims"), None);
        complete(&t.db, &job).await.expect("completes");
        assert_eq!(claim(&t.db, now.plus_days(1)).await.expect("claims"), None);
    }

    async fn a_worker_that_died_gives_the_job_back(t: TestDb) {
        enqueued(&t, "a").await;
        let now = t.clock.now();
        let dead = claim(&t.db, now).await.expect("claims").expect("a job is due");
        let later = now.plus_ms(LEASE_MS);
        let again = claim(&t.db, later).await.expect("claims").expect("a job is due");
        assert_eq!(again.tries, 2);
        complete(&t.db, &dead).await.expect("a late finish changes nothing");
        put_off(&t.db, &again, later, "no luck").await.expect("puts off");
        let much_later = later.plus_days(1);
        assert_eq!(claim(&t.db, much_later).await.expect("claims").map(|j| j.tries), Some(3));
    }

    async fn a_job_of_a_rolled_back_change_never_existed(t: TestDb) {
        let mut tx = t.db.begin().await.expect("a transaction");
        enqueue(&mut tx, OrgId::fresh(t.clock.now()), "a", "s", t.clock.now())
            .await
            .expect("enqueued");
        drop(tx);
        assert_eq!(claim(&t.db, t.clock.now()).await.expect("claims"), None);
    }
}
