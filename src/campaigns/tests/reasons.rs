//! The dictionary of reasons as heads keep it.

use super::*;
use crate::calls;
use crate::calls::results::CallForm;
use crate::events::Kind;
use crate::storage::testing::MONDAY;

both! {
    async fn a_reason_that_was_changed_decides_when_and_with_what_one_asks_again(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let client = floor.cast.client("anna").await;
        let page = client.get("/reasons").await;
        assert!(page.body.contains("too expensive") && page.body.contains("/reasons/other"));
        let fields = [
            ("label_ru", "дорого"), ("label_en", "beyond their means"), ("reentry_days", "10"),
            ("offer_ru", "рассрочку"), ("offer_en", "a pilot for a month"),
        ];
        let set = client.post("/reasons/too_expensive", &fields).await;
        assert_eq!(set.status, 303, "{}", set.body);
        let grant = floor.lease("boris", "1").await.expect("a company");
        let form = CallForm {
            generation: grant.generation,
            outcome: "refusal".to_owned(),
            reason: "too_expensive".to_owned(),
            ..CallForm::default()
        };
        let boris = floor.cast.viewer("boris").await;
        let act = floor.cast.act("boris", "refused");
        calls::actions::record(&act, &boris, grant.lead, &form).await.expect("recorded");
        assert_eq!(floor.lead(grant.lead).await.next_at, MONDAY.plus_days(10));
        // It is asked again, whatever the firm rests after a refusal: the card is looked at.
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let reasons = actions::list_reasons(&mut tx, floor.cast.org).await.expect("reasons");
        let one = reasons.iter().find(|one| one.code == "too_expensive").expect("it stands");
        assert_eq!(one.offer(Lang::En), Some("a pilot for a month"));
        drop(tx);
        let told = floor.events(Kind::RefusalReasonSet).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].detail["reentry_days"], 10);
        // The same once more is no change.
        assert_eq!(client.post("/reasons/too_expensive", &fields).await.status, 303);
        assert_eq!(floor.events(Kind::RefusalReasonSet).await.len(), 1);
    }

    async fn a_reason_is_added_and_retired_and_stays_on_record(t: TestDb) {
        let floor = Floor::open(t, 4).await;
        let api = floor.cast.api("anna").await;
        let new = serde_json::json!({ "label_ru": "переезжают", "label_en": "Moving house",
            "reentry_days": "30" });
        let added = api.post("/api/v1/refusal-reasons", &new).await;
        assert_eq!(added.json()["data"]["code"], "moving_house", "{}", added.body);
        let refuse = async |login: &str, key: &str| {
            let grant = floor.lease(login, key).await.expect("a company");
            let form = CallForm {
                generation: grant.generation,
                outcome: "refusal".to_owned(),
                reason: "moving_house".to_owned(),
                ..CallForm::default()
            };
            let viewer = floor.cast.viewer(login).await;
            let act = floor.cast.act(login, &format!("{key} refused"));
            calls::actions::record(&act, &viewer, grant.lead, &form).await
        };
        refuse("boris", "1").await.expect("recorded");
        let retired = serde_json::json!({ "label_ru": "переезжают", "label_en": "Moving house",
            "retired": "on" });
        let path = "/api/v1/refusal-reasons/moving_house";
        assert_eq!(api.post(path, &retired).await.status, 200);
        let late = refuse("bella", "1").await;
        assert!(matches!(&late, Err(Error::Invalid(fields)) if fields.0.contains_key("reason")));
        let all = api.get("/api/v1/refusal-reasons").await.json();
        let all = all["data"].as_array().expect("reasons").clone();
        let one = all.iter().find(|one| one["code"] == "moving_house").expect("it is known");
        assert_eq!((&one["is_retired"], &one["reentry_days"]), (&true.into(), &().into()));
        let page = floor.cast.client("anna").await.get("/reasons").await.body;
        assert!(page.contains("not chosen any more"), "{page}");
        // A code is never used anew.
        let again = api.post("/api/v1/refusal-reasons", &new).await;
        assert_eq!(again.json()["data"]["code"], "moving_house_2", "{}", again.body);
    }

    async fn what_cannot_be_meant_is_refused_with_what_was_typed(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let client = floor.cast.client("anna").await;
        let wrong = [("label_ru", "«тест»"), ("label_en", ""), ("reentry_days", "0")];
        let told = client.post("/reasons", &wrong).await;
        assert_eq!(told.status, 422);
        assert!(told.body.contains("value=\"«тест»\"") && told.body.contains("from 1 to 3650"),
            "{}", told.body);
        let named = [("label_ru", "другое"), ("label_en", "other"), ("retired", "on")];
        let told = client.post("/reasons/other", &named).await;
        assert_eq!(told.status, 409);
        assert!(told.body.contains("asked for by name"), "{}", told.body);
        assert_eq!(client.post("/reasons/unheard_of", &named).await.status, 404);
        let caller = floor.cast.client("boris").await;
        assert_eq!(caller.get("/reasons").await.status, 404);
        for number in 0..30 {
            let label = format!("reason {number}");
            let fields = [("label_ru", label.as_str()), ("label_en", label.as_str())];
            let told = client.post("/reasons", &fields).await;
            // Ten stand there from the start.
            assert_eq!(told.status, if number < 20 { 303 } else { 409 }, "{number}");
        }
    }
}
