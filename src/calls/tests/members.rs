//! Who is given companies, who may say of one that it is not to be called, and what a key that was
//! used before undoes of that.

use axum::http::StatusCode;
use serde_json::json;

use super::*;
use crate::campaigns::Member;
use crate::tiers::Tier;

/// Boris calls for the campaign no more.
async fn remove_boris(floor: &Floor) {
    let anna = floor.cast.viewer("anna").await;
    let member = Member { user: floor.cast.id("boris"), tier: Tier::Acquisition };
    let act = floor.cast.act("anna", "boris leaves");
    campaigns::actions::remove_member(&act, &anna, floor.campaign, member).await.expect("leaves");
}

async fn pause(floor: &Floor) {
    let anna = floor.cast.viewer("anna").await;
    let act = floor.cast.act("anna", "pause");
    campaigns::actions::pause(&act, &anna, floor.campaign).await.expect("pauses");
}

fn refusal() -> CallForm {
    CallForm { reason: "not_needed".to_owned(), ..form("refusal") }
}

async fn reverse(floor: &Floor, call: CallId) -> reversal::TakenBack {
    let (act, boris) = (floor.cast.act("boris", "undo"), floor.cast.viewer("boris").await);
    reversal::reverse(&act, &boris, call).await.expect("is taken back")
}

both! {
    async fn who_was_removed_files_what_they_hold_and_is_given_nothing_more(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        remove_boris(&floor).await;
        let done = record(&floor, grant, refusal()).await.expect("what was said is filed");
        assert_eq!(done.next, None);
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let (org, boris) = (floor.cast.org, floor.cast.id("boris"));
        let held = leads::actions::find_held(&mut tx, org, boris).await.expect("reads");
        assert_eq!(held, None);
        drop(tx);
        // The call is taken back, and the company is its queue's.
        let path = format!("/api/v1/calls/{}/reversal", done.call);
        let back = floor.cast.api("boris").await.post(&path, &json!({})).await;
        assert_eq!(back.status, StatusCode::OK, "{}", back.body);
        let told = &back.json()["data"];
        assert_eq!(told["lead"], json!(grant.lead));
        assert!(told["generation"].is_null() && told["until"].is_null(), "{told}");
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.state, lead.attempts, lead.lease), (LeadState::Queued, 0, None));
        let bella = floor.lease("bella", "1").await.expect("a company");
        assert_eq!(bella.lead, grant.lead, "it comes first again");
        let page = floor.cast.client("boris").await.get("/desk?returned=1").await.body;
        assert!(page.contains("The result was taken back."), "{page}");
    }

    async fn a_call_of_a_paused_campaign_is_taken_back_and_nothing_is_leased(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let done = record(&floor, grant, refusal()).await.expect("recorded");
        let next = done.next.expect("the next company");
        pause(&floor).await;
        let back = reverse(&floor, done.call).await;
        assert_eq!((back.lead, back.grant), (grant.lead, None));
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.state, lead.attempts, lead.lease), (LeadState::Queued, 0, None));
        let held = floor.lead(next.lead).await.lease.expect("what they hold stays with them");
        assert_eq!(held.owner, floor.cast.id("boris"));
        let done = record(&floor, next, form("not_reached")).await.expect("filed");
        assert_eq!(done.next, None);
    }

    async fn what_was_promised_is_owed_again_where_a_call_is_taken_back_by_who_left(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let promise = CallForm { callback: "через 2 ч".to_owned(), ..form("callback") };
        record(&floor, grant, promise).await.expect("promised");
        floor.cast.clock.advance_ms(2 * HOUR_MS);
        let grant = floor.lease("boris", "2").await.expect("what was promised");
        let done = record(&floor, grant, refusal()).await.expect("refused");
        remove_boris(&floor).await;
        assert_eq!(reverse(&floor, done.call).await.grant, None);
        assert!(floor.lead(grant.lead).await.callback_at.is_some());
    }

    async fn only_who_knows_a_company_may_say_that_it_is_not_to_be_called(t: TestDb) {
        let policy = CallingPolicy { lease_seconds: 60, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 2, policy).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let bella = floor.cast.api("bella").await;
        let path = format!("/api/v1/leads/{}", grant.lead);
        let sent = json!({ "generation": 1, "outcome": "do_not_call" });
        let foreign = bella.post(&format!("{path}/calls"), &sent).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.body);
        assert!(!is_suppressed(&floor, grant.company).await);
        assert_eq!(bella.get(&format!("{path}/slots")).await.status, StatusCode::NOT_FOUND);
        let when = format!("/leads/{}/when?said=завтра", grant.lead);
        let page = floor.cast.client("bella").await.get(&when.replace("завтра", "10")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        // Who held it may, though it was taken from them and they left.
        floor.cast.clock.advance_ms(61_000);
        let act = floor.cast.act("boris", "sweep");
        crate::schedule::sweep(&act.db, &floor.cast.clock).await.expect("sweeps");
        remove_boris(&floor).await;
        let boris = floor.cast.api("boris").await;
        assert_eq!(boris.get(&format!("{path}/slots")).await.status, StatusCode::OK);
        let late = boris.post(&format!("{path}/calls"), &sent).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
        assert!(is_suppressed(&floor, grant.company).await);
    }

    async fn a_key_of_another_request_is_refused_before_anything_stands(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let boris = floor.cast.api("boris").await;
        let path = format!("/api/v1/leads/{}/calls", grant.lead);
        let sent = json!({ "generation": 1, "outcome": "not_reached", "then": "pause" });
        let done = boris.post_with_key(&path, &sent, "one").await;
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.body);
        let other = json!({ "generation": 1, "outcome": "do_not_call" });
        let reused = boris.post_with_key(&path, &other, "one").await;
        assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reused.body);
        assert!(!is_suppressed(&floor, grant.company).await);
        let ban = boris.post_with_key(&path, &other, "two").await;
        assert_eq!(ban.status, StatusCode::CONFLICT, "the lease is over: {}", ban.body);
        assert!(is_suppressed(&floor, grant.company).await);
    }
}
