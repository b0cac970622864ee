use super::*;
use crate::calls::practice::{ALL, EXERCISES, Progress, actions as practice};
use axum::http::StatusCode;

/// A good result of each exercise, as it is typed.
fn good(number: usize) -> Vec<(&'static str, &'static str)> {
    match number {
        1 => vec![("outcome", "not_reached")],
        2 => vec![("outcome", "callback"), ("callback", "завтра 10")],
        3 => vec![("outcome", "bad_number")],
        4 => vec![("outcome", "gatekeeper")],
        5 => vec![("outcome", "refusal"), ("reason", "under_contract")],
        6 => vec![("outcome", "do_not_call")],
        7 => vec![("outcome", "wrong_person")],
        8 => vec![("outcome", "decision_maker_found"), ("decider_name", "Петров Сергей")],
        9 => vec![("outcome", "not_now"), ("nurture", "через месяц")],
        _ => vec![
            ("outcome", "qualified"),
            ("passport_who", "директор"),
            ("passport_need", "каталог"),
            ("passport_next_step", "показ"),
            ("meeting", "завтра 12"),
        ],
    }
}

#[test]
fn every_meaning_is_practised_once() {
    let mut best: Vec<Meaning> = ALL.iter().map(|one| one.best).collect();
    best.sort();
    best.dedup();
    assert_eq!(best.len(), Meaning::offered().len());
    assert_eq!(Progress::default().next(), Some(1));
}

both! {
    async fn a_newcomer_practises_on_the_screen_of_calls_and_passes(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let boris = floor.cast.client("boris").await;
        assert!(boris.get("/desk").await.body.contains("href=\"/practice\""));
        let screen = boris.get("/practice/5").await.body;
        for text in [
            "action=\"/practice/5/calls\"",
            "data-key=\"Digit3\"",
            "the firm is made up",
            "data-key=\"KeyQ\"",
        ] {
            assert!(screen.contains(text), "{text}: {screen}");
        }
        assert!(!screen.contains("href=\"tel:") && !screen.contains("⟦"), "{screen}");
        let wrong = boris.post("/practice/5/calls", &[("outcome", "callback")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let worse = boris.post("/practice/5/calls", &[("outcome", "do_not_call")]).await;
        assert_eq!(worse.location.as_deref(), Some("/practice/5/feedback"));
        let told = boris.get("/practice/5/feedback").await.body;
        assert!(told.contains("could be closer"), "{told}");
        assert!(told.contains("because of a contract"), "{told}");
        for number in 1..=EXERCISES {
            assert_eq!(floor.cast.viewer("boris").await.user.practised_at, None, "{number}");
            let done = boris.post(&format!("/practice/{number}/calls"), &good(number)).await;
            let next = format!("/practice/{number}/feedback");
            assert_eq!(done.location, Some(next.clone()), "{number}: {}", done.body);
            let told = boris.get(&next).await.body;
            assert!(told.contains(">right<") && !told.contains('⟦'), "{number}: {told}");
        }
        assert!(boris.get("/practice").await.body.contains("passed on"));
        assert!(floor.cast.viewer("boris").await.user.practised_at.is_some());
        assert_eq!(floor.events(Kind::UserPractised).await.len(), 1);
        for kind in [Kind::CallRecorded, Kind::ContactSuppressed, Kind::LeadQualified] {
            assert!(floor.events(kind).await.is_empty(), "{kind:?} of a call that never was");
        }
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let (org, user) = (floor.cast.org, floor.cast.id("boris"));
        let own = actions::count_own(&mut tx, org, user, Instant(0)).await.expect("figures");
        assert_eq!(own.calls, 0);
        let bella = practice::find_progress(&mut tx, org, floor.cast.id("bella")).await;
        assert_eq!(bella.expect("reads"), Progress::default());
        drop(tx);
        for path in ["/practice/0", "/practice/11", "/practice/0/feedback"] {
            assert_eq!(boris.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(boris.get("/practice/one").await.status, StatusCode::NOT_FOUND);
        let sonya = floor.cast.client("sonya").await;
        assert_eq!(sonya.get("/practice").await.status, StatusCode::NOT_FOUND);
        let alla = floor.cast.client("alla").await;
        let person = alla.get(&format!("/people/{user}")).await.body;
        assert!(person.contains("passed on"), "{person}");
    }

    async fn who_passed_does_them_again_one_after_another_and_loses_nothing(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let boris = floor.cast.client("boris").await;
        let answer = async |number: usize, fields: &[(&str, &str)]| {
            let done = boris.post(&format!("/practice/{number}/calls"), fields).await;
            boris.get(&done.location.expect("leads to what would have been right")).await.body
        };
        for number in 2..=EXERCISES {
            answer(number, &good(number)).await;
        }
        let last = answer(1, &good(1)).await;
        assert!(last.contains("id=\"next\" href=\"/desk\""), "they have passed: {last}");
        floor.cast.clock.advance_ms(MINUTE_MS);
        let worse = answer(1, &[("outcome", "wrong_person")]).await;
        assert!(worse.contains("could be closer") && !worse.contains("All ten"), "{worse}");
        assert!(boris.get("/practice").await.body.contains("10 of 10"));
        let again = answer(1, &good(1)).await;
        assert!(again.contains("id=\"next\" href=\"/practice/2\""), "{again}");
        let end = answer(EXERCISES, &good(EXERCISES)).await;
        assert!(end.contains("id=\"next\" href=\"/desk\""), "{end}");
        assert_eq!(floor.events(Kind::UserPractised).await.len(), 1);
    }

    async fn it_is_practised_over_the_api_as_well(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let api = floor.cast.api("boris").await;
        let all = api.get("/api/v1/practice").await.json();
        assert_eq!(all["data"].as_array().map(Vec::len), Some(EXERCISES), "{all}");
        assert!(all["data"][0]["answered"].is_null() && all["data"][0]["hears"].is_string());
        let path = "/api/v1/practice/1/calls";
        let made = api.post(path, &serde_json::json!({ "outcome": "refusal" })).await;
        assert_eq!(made.status, StatusCode::UNPROCESSABLE_ENTITY, "as with a real call");
        let made = api.post(path, &serde_json::json!({ "outcome": "not_reached" })).await;
        let is_good = made.json()["data"]["is_good"].clone();
        assert_eq!((made.status, is_good), (StatusCode::CREATED, true.into()));
        let made = api.post(path, &serde_json::json!({ "outcome": "wrong_person" })).await;
        let told = made.json();
        assert_eq!(told["data"]["is_good"], false);
        assert_eq!(told["data"]["best"], "not_reached");
        let none = api.post("/api/v1/practice/11/calls", &serde_json::json!({})).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    }
}
