//! The pages and the API, through the door.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::*;
use crate::both;

both! {
    async fn the_owner_erases_by_typing_the_name(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        let person = people(&cast, company).await.remove(0).id;
        let client = cast.client("olga").await;
        let path = format!("/contacts/{person}/erasure");
        let card = client.get(&format!("/companies/{company}")).await;
        assert!(card.body.contains(&path), "{}", card.body);
        let form = client.get(&path).await;
        assert_eq!(form.status, StatusCode::OK);
        let phone = form.body.split("name=\"part-").nth(2).expect("a second number");
        let phone = format!("part-{}", phone.split('"').next().expect("an id"));
        let typed = [("name", "Маркеров"), ("ground", "asked"), ("document", "вх. № 44"),
            (phone.as_str(), "on")];
        let other = client.post(&path, &typed).await;
        assert_eq!(other.status, StatusCode::CONFLICT);
        assert!(other.body.contains("The name is not the same"), "{}", other.body);
        assert!(other.body.contains("value=\"вх. № 44\""), "what was typed is kept");
        assert!(other.body.contains(&format!("name=\"{phone}\" value=\"on\" checked")));
        let mut naming = typed;
        (naming[0].1, naming[2].1) = ("Маркеров Маркел", "письмо Маркерова");
        let named = client.post(&path, &naming).await;
        assert_eq!(named.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", named.body);
        let empty = client.post(&path, &[("name", ""), ("ground", "")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.body);
        let mut right = typed;
        right[0].1 = "маркеров маркел";
        let done = client.post(&path, &right).await;
        let act = done.location.clone().expect("an act");
        assert!(act.starts_with("/erasures/"), "{}", done.body);
        let shown = client.get(&act).await;
        assert!(shown.body.contains("letter") || shown.body.contains("вх. № 44"));
        assert!(!shown.body.contains("Маркел"), "an act names nobody: {}", shown.body);
        let list = client.get("/erasures").await;
        assert!(list.body.contains("Act No. 1"), "{}", list.body);
        let csv = client.get("/erasures/acts.csv").await;
        assert!(csv.body.contains("вх. № 44"), "{}", csv.body);
        let story = client.get(&format!("/companies/{company}/story")).await;
        assert!(story.body.contains("Contact erased on request, act No. 1"), "{}", story.body);
        let again = client.get(&path).await;
        assert_eq!(again.location.as_deref(), Some(act.as_str()), "an old link leads to the act");
        let twice = client.post(&path, &right).await;
        assert_ne!(twice.status, StatusCode::OK, "nobody is erased twice");
    }

    async fn the_same_over_the_api(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        let person = people(&cast, company).await.remove(0).id;
        let api = cast.api("alla").await;
        let path = format!("/api/v1/contacts/{person}/erasure");
        let offered: Value = serde_json::from_str(&api.get(&path).await.body).expect("JSON");
        let parts: Vec<Value> = offered["data"]["parts"].as_array().expect("parts").iter()
            .filter(|one| one["value"] == "+79167007711")
            .map(|one| one["id"].clone())
            .collect();
        assert_eq!(parts.len(), 1, "{offered}");
        let sent = json!({ "name": "Маркеров Маркел", "ground": "ordered", "parts": parts });
        let foreign = json!({ "name": "Маркеров Маркел", "ground": "ordered", "parts": ["x"] });
        let refused = api.post(&path, &foreign).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let done = api.post(&path, &sent).await;
        assert_eq!(done.status, StatusCode::CREATED, "{}", done.body);
        let done: Value = serde_json::from_str(&done.body).expect("JSON");
        assert_eq!(done["data"]["contact"], json!(person));
        let list: Value =
            serde_json::from_str(&api.get("/api/v1/erasures").await.body).expect("JSON");
        assert_eq!(list["data"][0]["counts"]["phones"], 1, "{list}");
        let one = format!("/api/v1/erasures/{}", done["data"]["id"].as_str().expect("an id"));
        assert_eq!(api.get(&one).await.status, StatusCode::OK);
        let again = api.post(&path, &sent).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    }

    async fn for_others_there_is_nothing_of_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        let person = people(&cast, company).await.remove(0).id;
        let path = format!("/contacts/{person}/erasure");
        for login in ["anna", "boris", "sonya", "vera", "pavel", "prokhor"] {
            let client = cast.client(login).await;
            for path in [path.as_str(), "/erasures", "/erasures/acts.csv"] {
                assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{login} {path}");
            }
            let typed = [("name", "Маркеров Маркел"), ("ground", "asked"), ("document", "")];
            let sent = client.post(&path, &typed).await;
            assert_eq!(sent.status, StatusCode::NOT_FOUND, "{login}");
        }
        assert_eq!(people(&cast, company).await.len(), 1);
    }
}
