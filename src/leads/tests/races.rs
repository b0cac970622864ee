//! A renewal beside the question for the next company, of one caller at one moment.

use super::*;
use crate::leads::store;
use crate::storage::testing::until_held_up;

both! {
    async fn a_lease_that_is_renewed_while_the_next_is_asked_for_is_the_answer(t: TestDb) {
        let floor = Floor::with_policy(t, 3, policy()).await;
        let held = floor.lease("boris", "first").await.expect("a company");
        floor.cast.clock.advance_ms(600_000);
        let (act, viewer) = (floor.cast.act("boris", "next"), floor.cast.viewer("boris").await);
        let (db, campaign) = (act.db.clone(), floor.campaign);
        let mut renewal = db.begin().await.expect("begins");
        let lead = store::find_lead_for_update(&mut renewal, act.org, held.lead).await;
        assert!(lead.expect("reads").is_some());
        let grant = (held.lead, held.generation);
        let (caller, until) = (viewer.id(), act.now.plus_minutes(10));
        let next = tokio::spawn(async move { leasing::lease(&act, &viewer, campaign).await });
        until_held_up(&db, &next).await;
        let org = floor.cast.org;
        let renewed = store::queue::update_lease_until(&mut renewal, org, grant, caller, until);
        assert_eq!(renewed.await.expect("renewed"), 1);
        renewal.commit().await.expect("kept");
        let answer = next.await.expect("it ends").expect("no incident");
        assert_eq!(answer.map(|grant| (grant.lead, grant.until)), Some((held.lead, until)));
    }

    async fn a_renewal_waits_for_what_its_caller_asked_before(t: TestDb) {
        let floor = Floor::with_policy(t, 3, policy()).await;
        let held = floor.lease("boris", "first").await.expect("a company");
        let (act, viewer) = (floor.cast.act("boris", "renew"), floor.cast.viewer("boris").await);
        let (db, campaign, caller) = (act.db.clone(), floor.campaign, viewer.id());
        let mut asking = db.begin().await.expect("begins");
        leasing::sit_in(&mut asking, &act, caller, campaign).await.expect("sits");
        let grant = (held.lead, held.generation);
        let renewal = tokio::spawn(async move { leasing::renew(&act, &viewer, grant).await });
        until_held_up(&db, &renewal).await;
        assert!(!renewal.is_finished(), "it takes its turn");
        asking.commit().await.expect("kept");
        renewal.await.expect("it ends").expect("renewed");
    }
}
