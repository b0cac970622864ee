//! Two who write how far the base was scored: neither forgets what the other wrote.

use super::*;
use crate::events::{self, Kind};
use crate::quality::store;
use crate::storage::Act;
use crate::storage::testing::until_held_up;

/// A base that was scored to its end, and how far.
async fn scored_through(cast: &Cast) -> store::Pass {
    floor::add_companies(cast, 3).await;
    score_all(cast).await;
    found(cast).await
}

async fn found(cast: &Cast) -> store::Pass {
    let mut tx = cast.app.db.read().await.expect("reads");
    store::find_pass(&mut tx, cast.org).await.expect("reads")
}

both! {
    async fn what_was_asked_for_while_a_step_was_kept_is_not_forgotten(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut pass = scored_through(&cast).await;
        let act = Act { actor: None, key: None, ..cast.act("anna", "step") };
        // A new pass is under way behind its first company.
        actions::begin_anew(&act, None).await.expect("asked");
        actions::step_by(&act, 1).await.expect("a step");
        pass.clone_from(&found(&cast).await);
        let mut asking = act.db.begin().await.expect("begins");
        store::find_pass_for_update(&mut asking, cast.org).await.expect("held");
        let (db, own) = (act.db.clone(), act.clone());
        let step = tokio::spawn(async move { actions::step_by(&own, 1).await });
        until_held_up(&db, &step).await;
        pass.is_again = true;
        store::insert_pass(&mut asking, cast.org, &pass).await.expect("asked anew");
        asking.commit().await.expect("kept");
        step.await.expect("it ends").expect("a step");
        assert!(found(&cast).await.is_again);
    }

    async fn who_asks_anew_does_not_undo_the_step_before(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut pass = scored_through(&cast).await;
        let act = Act { actor: None, key: None, ..cast.act("anna", "step") };
        let mut keeping = act.db.begin().await.expect("begins");
        store::find_pass_for_update(&mut keeping, cast.org).await.expect("held");
        let (db, own) = (act.db.clone(), act.clone());
        let asking = tokio::spawn(async move { actions::begin_anew(&own, None).await });
        until_held_up(&db, &asking).await;
        pass.seen_event = "seen by the step".to_owned();
        store::insert_pass(&mut keeping, cast.org, &pass).await.expect("a step");
        keeping.commit().await.expect("kept");
        asking.await.expect("it ends").expect("asked");
        assert_eq!(found(&cast).await.seen_event, "seen by the step");
    }

    async fn how_reports_name_checkers_is_no_matter_of_scores(t: TestDb) {
        let cast = Cast::gather(t).await;
        scored_through(&cast).await;
        cast.clock.advance_ms(60_000);
        score_all(&cast).await;
        cast.client("olga").await.post("/quality/report", &[("names_checkers", "on")]).await;
        cast.clock.advance_ms(60_000);
        let act = Act { actor: None, key: None, ..cast.act("anna", "step") };
        actions::step(&act).await.expect("a step");
        let pass = found(&cast).await;
        assert!(!pass.ended_on.is_empty() && !pass.is_again, "nothing is gone through: {pass:?}");
        let mut tx = cast.app.db.read().await.expect("reads");
        let always = (Instant(0), Instant(i64::MAX));
        for (kind, count) in [(Kind::WeightsSet, 0), (Kind::ReportNamingSet, 1)] {
            let told = events::list_of_kind(&mut tx, cast.org, kind, always).await;
            assert_eq!(told.expect("reads").len(), count, "{kind:?}");
        }
    }
}
