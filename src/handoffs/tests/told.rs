//! What was promised in the call is not lost when the deal is won.

use axum::http::StatusCode;

use super::setting::Setting;
use crate::both;
use crate::handoffs::*;
use crate::people::Scope;
use crate::promises::{self, PromiseState};
use crate::tiers::EngagementPolicy::*;
use crate::vals;
use crate::values::*;

const TOLD: &str = "Send the catalogue by Friday";

/// A deal in whose passport the caller wrote what they promised, and another answer beside it.
async fn told(s: &Setting, name: &str, words: &str) -> (OpportunityId, String, CompanyId) {
    let (id, seller) = s.taken(name).await;
    let mut tx = s.cast.app.db.begin().await.expect("begins");
    let passport = serde_json::json!({ "need": "Chairs", "promises": words }).to_string();
    for text in [
        "update opportunities set passport = $1 where id = $2",
        "update handoffs set passport = $1 where opportunity_id = $2",
    ] {
        assert_eq!(tx.run(text, vals![&passport, id]).await.expect("told"), 1);
    }
    tx.commit().await.expect("kept");
    let whole = Scope::whole(s.cast.org);
    let mut tx = s.cast.app.db.read().await.expect("reads");
    let found = crate::opportunities::actions::find(&mut tx, &whole, id).await.expect("reads");
    (id, seller, found.expect("it").company)
}

both! {
    async fn what_was_told_in_a_passport_outlives_the_deal_until_it_is_recorded(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (id, seller, company) = told(&s, "School 5", TOLD).await;
        let client = s.cast.client(&seller).await;
        let page = client.get(&format!("/opportunities/{id}")).await.body;
        assert!(page.contains("Promised without a time: Send the catalogue by Friday."), "{page}");
        s.sign(&seller, id).await;
        let offer = s.last().await;
        assert_eq!(offer.to().rank(), 3);
        let vera = s.cast.client("vera").await;
        let says = format!("{TOLD} <span class=\"status warn\">promised without a day</span>");
        let offered = vera.get("/handoffs").await.body;
        assert!(offered.contains(&says), "{offered}");
        let viewer = s.cast.viewer("vera").await;
        let act = s.cast.act("vera", "take");
        let opened = actions::accept(&act, &viewer, offer.id).await.expect("taken");
        let story = format!("/companies/{company}/story");
        for path in [opened.path(), story.clone()] {
            let body = vera.get(&path).await.body;
            assert!(body.contains(&says), "{path}: {body}");
            assert!(!body.contains("Nothing was promised."), "{path}");
        }
        let won = client.get(&format!("/opportunities/{id}")).await.body;
        assert!(won.contains(&says), "still to be seen by who won it: {won}");
        let make = format!("/companies/{company}/promises");
        let back = opened.path();
        let dated = ("promise_due", "2026-12-04");
        let fields = [("promise_words", TOLD), dated, ("back", back.as_str())];
        let made = vera.post(&make, &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        assert_eq!(made.location.as_deref(), Some(back.as_str()));
        for path in [opened.path(), story] {
            let body = vera.get(&path).await.body;
            assert!(!body.contains(&says) && body.contains(TOLD), "{path}: {body}");
        }
    }

    async fn what_was_told_is_put_away_with_a_word(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (id, seller, company) = told(&s, "School 5", TOLD).await;
        let client = s.cast.client(&seller).await;
        let make = format!("/companies/{company}/promises");
        let silent = client.post(&make, &[("promise_words", TOLD), ("note", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.body);
        assert!(silent.body.contains("Say why there is nothing to keep"), "{}", silent.body);
        let sent = [("promise_words", TOLD), ("note", "Sent on the same day")];
        let away = client.post(&make, &sent).await;
        assert_eq!(away.status, StatusCode::SEE_OTHER, "{}", away.body);
        let page = client.get(&format!("/opportunities/{id}")).await.body;
        assert!(!page.contains("promised without a day"), "{page}");
        let mut tx = s.cast.app.db.read().await.expect("reads");
        let all = promises::actions::list_of_company(&mut tx, s.cast.org, company).await;
        let all = all.expect("reads");
        let away = all.iter().find(|promise| promise.words == TOLD).expect("it stands there");
        assert_eq!(away.state, PromiseState::Released);
        assert_eq!(away.note, "Sent on the same day");
    }

    async fn nothing_is_no_promise(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (id, seller, _) = told(&s, "School 5", "Ничего.").await;
        let page = s.cast.client(&seller).await.get(&format!("/opportunities/{id}")).await.body;
        assert!(!page.contains("promised without a day"), "{page}");
    }
}
