//! Calls by a telephone of the caller's own, which a link opens.

use super::*;
use crate::calls;
use crate::calls::actions::Recorded;
use crate::calls::results::CallForm;

async fn follow(floor: &Floor, login: &str, grant: Grant, key: &str) -> Outcome<AttemptId> {
    let form = AttemptForm {
        generation: grant.generation,
        phone: String::new(),
        by: Origin::Link.code().to_owned(),
    };
    let viewer = floor.cast.viewer(login).await;
    actions::place(&floor.cast.act(login, key), &viewer, grant.lead, &form).await
}

async fn file(floor: &Floor, grant: Grant, key: &str) -> Outcome<Recorded> {
    let boris = floor.cast.viewer("boris").await;
    let outcome = "not_reached".to_owned();
    let form = CallForm { generation: grant.generation, outcome, ..CallForm::default() };
    calls::actions::record(&floor.cast.act("boris", key), &boris, grant.lead, &form).await
}

both! {
    async fn a_followed_link_waits_for_its_result_and_no_other_company_comes(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let id = follow(&floor, "boris", grant, "call").await.expect("is admitted");
        let one = attempt(&floor, id).await;
        let asked = Measured { asked_at: Some(MONDAY), ..Measured::default() };
        assert_eq!((one.origin, one.measured, one.attested_at), (Origin::Link, asked, None));
        assert!(one.phone.is_some() && one.end.is_none() && one.waits_by_link());
        // The telephone was busy with itself; he clicks once more.
        assert_eq!(follow(&floor, "boris", grant, "again").await.expect("the same"), id);
        assert_eq!(floor.events(Kind::AttemptBegun).await.len(), 1);
        cast.clock.advance_ms(DAY_MS);
        let again = floor.lease("boris", "2").await.expect("the same company");
        assert_eq!((again.lead, again.generation), (grant.lead, grant.generation));
        let boris = cast.viewer("boris").await;
        let held = (grant.lead, grant.generation);
        let act = cast.act("boris", "skip");
        let skipped = leasing::release(&act, &boris, held, SkipReason::Other).await;
        assert_eq!(refused(skipped), "lead-awaits-result");
        let page = cast.client("boris").await.get(&format!("/leads/{}", grant.lead)).await.body;
        assert!(page.contains(&format!("/attempts/{id}/hang-up")), "{page}");
        // What he then says is his word.
        file(&floor, grant, "file").await.expect("recorded");
        let filed = attempt(&floor, id).await;
        assert_eq!(filed.attested_at, Some(cast.clock.now()));
        assert!(filed.call.is_some() && !filed.waits_by_link());
        let told = &floor.events(Kind::CallRecorded).await[0].detail;
        assert_eq!(told["attested"], true);
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = actions::list_of_lead(&mut tx, cast.org, grant.lead).await.expect("reads");
        assert_eq!(all.len(), 1, "one call, one attempt");
        drop(tx);
        let boris = cast.viewer("boris").await;
        let act = cast.act("boris", "back");
        let call = filed.call.expect("a call");
        let back = calls::reversal::reverse(&act, &boris, call).await.expect("is taken back");
        let grant = back.grant.expect("it is his again");
        let waits = attempt(&floor, id).await;
        assert!(waits.waits_by_link() && waits.generation == grant.generation);
        assert_eq!(waits.attested_at, None);
        assert!(floor.lead(grant.lead).await.awaits_result, "he did call");
        file(&floor, grant, "file again").await.expect("recorded");
        let broken = crate::check::everything(&cast.app.db).await.expect("is looked at");
        assert!(broken.is_empty(), "{broken:?}");
    }

    async fn a_link_is_admitted_by_the_rules_of_every_call(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let stale = Grant { generation: grant.generation + 1, ..grant };
        assert_eq!(refused(follow(&floor, "boris", stale, "stale").await), "lead-stale-lease");
        let bella = follow(&floor, "bella", grant, "hers").await.expect_err("is not hers");
        assert!(matches!(bella, Error::NotFound), "{bella}");
        // 21:00 in Moscow.
        cast.clock.advance_ms(11 * HOUR_MS);
        let client = cast.client("boris").await;
        let generation = grant.generation.to_string();
        let fields = [("generation", generation.as_str()), ("by", "link")];
        let denied = client.post(&format!("/leads/{}/attempts", grant.lead), &fields).await;
        assert_eq!(denied.status, 409);
        assert!(denied.body.contains("outside calling hours"), "{}", denied.body);
        assert!(!floor.lead(grant.lead).await.awaits_result);
        assert!(floor.events(Kind::AttemptBegun).await.is_empty());
        let api = cast.api("boris").await;
        let path = format!("/api/v1/leads/{}/attempts", grant.lead);
        let odd = serde_json::json!({ "generation": grant.generation, "by": "pigeon" });
        assert_eq!(api.post(&path, &odd).await.status, 422);
        cast.clock.set(MONDAY.plus_days(1));
        let body = serde_json::json!({ "generation": grant.generation, "by": "link" });
        let placed = api.post(&path, &body).await;
        assert_eq!(placed.json()["data"]["origin"], "link", "{}", placed.body);
    }

    async fn a_call_that_was_none_frees_its_company(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let id = follow(&floor, "boris", grant, "call").await.expect("is admitted");
        let (boris, bella) = (cast.viewer("boris").await, cast.viewer("bella").await);
        let strange = actions::hang_up(&cast.act("bella", "x"), &bella, id).await;
        assert!(matches!(strange.expect_err("is not hers"), Error::NotFound));
        actions::hang_up(&cast.act("boris", "none"), &boris, id).await.expect("was none");
        let one = attempt(&floor, id).await;
        let end = one.end.map(|end| (end.cause, end.by));
        assert_eq!(end, Some((EndCause::Cancelled, EndedBy::Caller)));
        assert!(!floor.lead(grant.lead).await.awaits_result);
        let told = &floor.events(Kind::AttemptEnded).await[0];
        assert_eq!(told.detail["counted"], false, "it stays on record, and counts as none");
        let over = actions::hang_up(&cast.act("boris", "twice"), &boris, id).await;
        assert_eq!(refused(over), "attempt-over-already");
        let next = follow(&floor, "boris", grant, "call 2").await.expect("is admitted");
        assert_ne!(next, id);
        file(&floor, grant, "file").await.expect("recorded");
        let filed = attempt(&floor, next).await.call.expect("a call");
        assert_eq!(attempt(&floor, id).await.call, None);
        let over = actions::hang_up(&cast.act("boris", "late"), &boris, next).await;
        assert_eq!(refused(over), "attempt-over-already");
        assert_eq!(attempt(&floor, next).await.call, Some(filed));
        let broken = crate::check::everything(&cast.app.db).await.expect("is looked at");
        assert!(broken.is_empty(), "{broken:?}");
    }
}
