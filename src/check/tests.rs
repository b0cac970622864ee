use super::*;
use crate::both;
use crate::cast::Cast;
use crate::events::{Event, Kind};
use crate::leads::floor::Floor;
use crate::vals;
use crate::values::*;

both! {
    async fn a_sound_firm_passes_and_a_broken_one_is_told_where(t: TestDb) {
        let cast = Cast::gather(t).await;
        assert_eq!(everything(&cast.app.db).await.expect("checked"), []);
        let mut tx = cast.app.db.begin().await.expect("a transaction");
        tx.run(
            "insert into receipts (org_id, actor, request_key, request_digest, answer, made_at) \
             values ($1, '', 'half-done', '', '', 0)",
            vals![cast.org],
        )
        .await
        .expect("written");
        tx.run(
            "insert into tasks (id, org_id, number, person_id, what, origin, due_at, \
             put_off_count, made_at, version) \
             values ($1, $2, 1, 'nobody', 'x', 'person', 0, 0, 0, 1)",
            vals![AnyId::fresh(cast.clock.now()), cast.org],
        )
        .await
        .expect("written");
        tx.commit().await.expect("committed");
        let broken = everything(&cast.app.db).await.expect("checked");
        let rules: Vec<&str> = broken.iter().map(|one| one.rule).collect();
        assert_eq!(rules, ["an action that happened has an answer", "a task is somebody's"]);
    }


    async fn an_offered_lead_that_nobody_is_asked_about_is_told_once_nobody_will_be(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let lead = floor.lease("boris", "1").await.expect("a company").lead;
        let (db, now) = (floor.cast.app.db.clone(), floor.cast.clock.now());
        let mut tx = db.begin().await.expect("begins");
        let text = "update leads set state = 'offered', lease_owner_id = null, \
            lease_until = null where id = $1";
        tx.run(text, vals![lead]).await.expect("offered");
        let act = floor.cast.act("boris", "qualified");
        Event::new(Kind::LeadQualified, lead).record(&mut tx, &act).await.expect("told");
        tx.commit().await.expect("kept");
        let rule = "an offered lead has a hand-off that waits";
        let told = async || {
            let broken = everything(&db).await.expect("checked");
            broken.into_iter().filter(|one| one.rule == rule).map(|one| one.what).next()
        };
        assert_eq!(told().await, None, "the follower has not come to it yet");
        let mut tx = db.begin().await.expect("begins");
        let text = "update jobs set failed_at = $1, problem = 'broke' where kind = 'events.follow'";
        tx.run(text, vals![now]).await.expect("failed");
        tx.commit().await.expect("kept");
        assert_eq!(told().await, Some(lead.to_string()));
    }
}
