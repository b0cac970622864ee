use super::*;
use crate::both;
use crate::cast::Cast;
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
}
