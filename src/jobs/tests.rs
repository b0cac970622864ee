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
        let job = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        assert_eq!((job.org, job.kind.as_str(), job.tries), (org, "a", 1));
        assert_eq!(claim(&t.db, Share::All, now).await.expect("claims"), None);
        complete(&t.db, &job).await.expect("completes");
        assert_eq!(claim(&t.db, Share::All, now.plus_days(1)).await.expect("claims"), None);
    }

    async fn a_worker_that_died_gives_the_job_back(t: TestDb) {
        enqueued(&t, "a").await;
        let now = t.clock.now();
        let dead = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        let later = now.plus_ms(LEASE_MS);
        let again = claim(&t.db, Share::All, later).await.expect("claims").expect("a job is due");
        assert_eq!(again.tries, 2);
        complete(&t.db, &dead).await.expect("a late finish changes nothing");
        put_off(&t.db, &again, later, "no luck").await.expect("puts off");
        let much_later = later.plus_days(1);
        let third = claim(&t.db, Share::All, much_later).await.expect("claims");
        assert_eq!(third.map(|job| job.tries), Some(3));
    }

    async fn a_job_that_failed_for_good_is_listed_and_tried_again_when_asked(t: TestDb) {
        let org = enqueued(&t, "a").await;
        let mut now = t.clock.now();
        let failed = async |now: Instant| {
            let mut tx = t.db.read().await.expect("reads");
            assert_eq!(claim(&t.db, Share::All, now).await.expect("claims"), None);
            list_failed(&mut tx, org).await.expect("reads")
        };
        for _ in 0..TRIES_MAX {
            let job = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
            put_off(&t.db, &job, now, "no luck").await.expect("puts off");
            now = now.plus_days(1);
        }
        let listed = failed(now).await.remove(0);
        let said = (&*listed.kind, &*listed.subject, &*listed.problem);
        assert_eq!(said, ("a", "subject", "no luck"));
        let other = JobId::fresh(now);
        assert_eq!(retry(&t.db, org, Some(other), now).await.expect("none of it"), 0);
        assert_eq!(retry(&t.db, OrgId::fresh(now), None, now).await.expect("of another firm"), 0);
        assert_eq!(failed(now).await.len(), 1);
        assert_eq!(retry(&t.db, org, Some(listed.id), now).await.expect("retried"), 1);
        assert_eq!(retry(&t.db, org, None, now).await.expect("nothing is left"), 0);
        let again = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        assert_eq!((again.id, again.tries), (listed.id, 1));
        assert_eq!(failed(now).await, []);
    }

    async fn what_only_quotes_that_there_is_no_room_is_given_up_as_anything_else(t: TestDb) {
        let org = enqueued(&t, "a").await;
        let mut now = t.clock.now();
        let said = Error::failure(format!("ООО «{NO_ROOM}» is in the way")).to_string();
        for tries in 1..=TRIES_MAX {
            let job = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
            assert_eq!(job.tries, tries);
            put_off(&t.db, &job, now, &said).await.expect("puts off");
            now = now.plus_days(1);
        }
        assert_eq!(claim(&t.db, Share::All, now).await.expect("claims"), None);
        let mut tx = t.db.read().await.expect("reads");
        assert_eq!(list_failed(&mut tx, org).await.expect("reads").len(), 1);
    }

    async fn what_waits_for_room_is_looked_at_again_for_as_long_as_it_takes(t: TestDb) {
        let org = enqueued(&t, "a").await;
        let (mut now, full) = (t.clock.now(), Error::Full("of a kind".to_owned()).to_string());
        let due = async |now: Instant| claim(&t.db, Share::All, now).await.expect("claims");
        for _ in 0..=TRIES_MAX {
            let job = due(now).await.expect("a job is due");
            assert_eq!(job.tries, 1, "waiting is no try");
            put_off(&t.db, &job, now, &full).await.expect("puts off");
            assert_eq!(due(now.plus_ms(ROOM_MS - 1)).await, None);
            now = now.plus_ms(ROOM_MS);
        }
        let mut tx = t.db.read().await.expect("reads");
        assert_eq!(list_failed(&mut tx, org).await.expect("reads"), []);
        let told = find_trouble(&mut tx, org, ("a", "subject")).await.expect("reads");
        assert_eq!(told, Some(Trouble { problem: full, again_at: Some(now) }));
        drop(tx);
        let job = due(now).await.expect("a job is due");
        put_off(&t.db, &job, now, "no luck").await.expect("puts off");
        assert!(due(now.plus_days(1)).await.is_some_and(|job| job.tries == 2), "that was a try");
    }

    async fn jobs_are_told_as_they_stand_and_one_that_failed_once_runs_again_when_asked(t: TestDb) {
        let org = enqueued(&t, "a").await;
        let now = t.clock.now().plus_ms(9);
        let mut tx = t.db.begin().await.expect("a transaction");
        for (kind, run_at) in [("b", now.plus_ms(-8)), ("c", now.plus_ms(-7))] {
            enqueue(&mut tx, org, kind, "subject", run_at).await.expect("enqueued");
        }
        tx.commit().await.expect("committed");
        let broken = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        put_off(&t.db, &broken, now, "no luck").await.expect("puts off");
        let held = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        let mut tx = t.db.read().await.expect("reads");
        let all = list(&mut tx, org, now, 9).await.expect("reads");
        drop(tx);
        let told = all.iter().map(|one| (&*one.kind, one.standing, one.problem.as_deref()));
        assert_eq!(told.collect::<Vec<_>>(), [
            ("a", Standing::Again, Some("no luck")),
            ("b", Standing::Running, None),
            ("c", Standing::Waiting, None),
        ]);
        assert_eq!(retry(&t.db, org, None, now).await.expect("none failed for good"), 0);
        assert_eq!(retry(&t.db, org, Some(held.id), now).await.expect("it is in hand"), 0);
        assert_eq!(retry(&t.db, org, Some(broken.id), now).await.expect("at once"), 1);
        complete(&t.db, &held).await.expect("completes");
        let next = claim(&t.db, Share::All, now).await.expect("claims").expect("c is due");
        complete(&t.db, &next).await.expect("completes");
        let again = claim(&t.db, Share::All, now).await.expect("claims").expect("it is due");
        assert_eq!((again.id, again.tries), (broken.id, 1));
    }

    async fn a_job_given_back_is_taken_at_once_and_counts_as_no_try(t: TestDb) {
        enqueued(&t, "a").await;
        let now = t.clock.now();
        let begun = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        give_back(&t.db, &begun).await.expect("gives back");
        let again = claim(&t.db, Share::All, now).await.expect("claims").expect("it is due");
        assert_eq!((again.id, again.tries), (begun.id, 1));
        give_back(&t.db, &begun).await.expect("what another has in hand stays there");
        assert_eq!(claim(&t.db, Share::All, now).await.expect("claims"), None);
    }

    async fn what_is_withdrawn_is_forgotten_unless_somebody_has_it_in_hand(t: TestDb) {
        let org = enqueued(&t, "a").await;
        let now = t.clock.now();
        let withdrawn = async |kind: &str, now: Instant| {
            let mut tx = t.db.begin().await.expect("a transaction");
            let of = (kind, "subject");
            let count = withdraw_in(&mut tx, org, of, now).await.expect("withdraws");
            tx.commit().await.expect("committed");
            count
        };
        let held = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        assert_eq!(withdrawn("a", now).await, 0, "it is in hand");
        put_off(&t.db, &held, now, "no luck").await.expect("puts off");
        assert_eq!(withdrawn("b", now).await, 0, "it is another kind");
        assert_eq!(withdrawn("a", now).await, 1);
        assert_eq!(claim(&t.db, Share::All, now.plus_days(1)).await.expect("claims"), None);
    }

    async fn a_job_asked_for_again_while_it_is_in_hand_runs_once_more(t: TestDb) {
        let org = enqueued(&t, "a").await;
        let now = t.clock.now();
        let asked = async || {
            let mut tx = t.db.begin().await.expect("a transaction");
            let count = ask_again_in(&mut tx, org, ("a", "subject")).await.expect("asks");
            tx.commit().await.expect("committed");
            count
        };
        let first = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        assert_eq!((asked().await, asked().await), (1, 1));
        assert_eq!(claim(&t.db, Share::All, now).await.expect("claims"), None, "one at a time");
        complete(&t.db, &first).await.expect("completes");
        let second = claim(&t.db, Share::All, now).await.expect("claims").expect("it is due");
        assert_eq!((second.id, second.tries), (first.id, 1));
        assert_eq!(asked().await, 1);
        give_back(&t.db, &second).await.expect("gives back");
        let third = claim(&t.db, Share::All, now).await.expect("claims").expect("it is due");
        assert_eq!(asked().await, 1);
        put_off(&t.db, &third, now, "it failed at what is mended now").await.expect("puts off");
        let fourth = claim(&t.db, Share::All, now).await.expect("claims").expect("it is due");
        complete(&t.db, &second).await.expect("a late finish changes nothing");
        complete(&t.db, &fourth).await.expect("completes");
        assert_eq!(asked().await, 0, "it is done");
        assert_eq!(claim(&t.db, Share::All, now).await.expect("claims"), None);
    }

    async fn a_trouble_is_told_until_the_job_is_taken_up_again(t: TestDb) {
        let org = enqueued(&t, "a").await;
        let trouble = async || {
            let mut tx = t.db.read().await.expect("reads");
            let found = find_trouble(&mut tx, org, ("a", "subject")).await.expect("reads");
            found.map(|trouble| trouble.problem)
        };
        let now = t.clock.now();
        let job = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        assert_eq!(trouble().await, None);
        put_off(&t.db, &job, now, "no luck").await.expect("puts off");
        assert_eq!(trouble().await.as_deref(), Some("no luck"));
        let later = now.plus_days(1);
        let job = claim(&t.db, Share::All, later).await.expect("claims").expect("a job is due");
        assert_eq!(trouble().await, None, "it is in hand");
        give_back(&t.db, &job).await.expect("gives back");
        assert_eq!(trouble().await, None, "this time nothing went wrong");
    }

    async fn a_worker_takes_its_own_share_only(t: TestDb) {
        enqueued(&t, "long.one").await;
        enqueued(&t, "short").await;
        let now = t.clock.now();
        let taken = async |share| {
            let job = claim(&t.db, share, now).await.expect("claims");
            job.map(|job| job.kind)
        };
        assert_eq!(taken(Share::AllBut(["long.", "later."])).await.as_deref(), Some("short"));
        assert_eq!(taken(Share::AllBut(["long.", "later."])).await, None);
        assert_eq!(taken(Share::Only(["long.", "later."])).await.as_deref(), Some("long.one"));
        assert_eq!(taken(Share::All).await, None);
    }

    async fn a_job_that_takes_long_is_held_by_renewing(t: TestDb) {
        enqueued(&t, "a").await;
        let now = t.clock.now();
        let job = claim(&t.db, Share::All, now).await.expect("claims").expect("a job is due");
        let nearly = now.plus_ms(LEASE_MS - 1);
        assert!(renew(&t.db, &job, nearly).await.expect("renews"));
        let later = now.plus_ms(LEASE_MS + 1);
        assert_eq!(claim(&t.db, Share::All, later).await.expect("claims"), None);
        let over = nearly.plus_ms(LEASE_MS);
        let taken = claim(&t.db, Share::All, over).await.expect("claims");
        assert_eq!(taken.map(|job| job.tries), Some(2));
        assert!(!renew(&t.db, &job, over).await.expect("asks"), "another has it");
    }

    async fn a_job_of_a_rolled_back_change_never_existed(t: TestDb) {
        let mut tx = t.db.begin().await.expect("a transaction");
        enqueue(&mut tx, OrgId::fresh(t.clock.now()), "a", "s", t.clock.now())
            .await
            .expect("enqueued");
        drop(tx);
        assert_eq!(claim(&t.db, Share::All, t.clock.now()).await.expect("claims"), None);
    }
}
