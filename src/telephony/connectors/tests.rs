//! Who keeps connectors, what is shown of their secrets, and where an address echoes.

use axum::http::StatusCode;
use serde_json::json;

use super::*;
use crate::both;
use crate::cast::Cast;

both! {
    async fn connectors_are_kept_by_who_looks_after_people(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.api("alla").await;
        let made = alla.post("/api/v1/connectors",
            &json!({ "name": "Office", "provider": "uis" })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let data = made.json()["data"].clone();
        let secret = data["secret"].as_str().expect("shown once").to_owned();
        let url = data["url"].as_str().expect("an address").to_owned();
        assert!(url.ends_with(&secret) && url.contains("/hooks/telephony/"), "{url}");
        let one = format!("/api/v1/connectors/{}", data["id"].as_str().expect("an id"));
        let shown = alla.get(&one).await;
        assert!(!shown.body.contains(&secret), "the secret is shown once: {}", shown.body);
        let person = json!({ "extension": "101", "person": cast.id("boris") });
        let with = alla.post(&format!("{one}/extensions"), &person).await.json();
        assert_eq!(with["data"]["extensions"][0]["extension"], json!("101"));
        let nobody = json!({ "extension": "101" });
        let without = alla.post(&format!("{one}/extensions"), &nobody).await.json();
        assert_eq!(without["data"]["extensions"], json!([]));
        let renewed = alla.post(&format!("{one}/secret"), &json!({})).await.json();
        assert_ne!(renewed["data"]["secret"], json!(secret));
        let ended = alla.post(&format!("{one}/end"), &json!({})).await.json();
        assert!(ended["data"]["ended_at"].is_string(), "{ended}");
        let late = alla.post(&format!("{one}/secret"), &json!({})).await;
        assert_eq!(late.json()["error"]["code"], json!("connector-ended"));
        let form = json!({ "name": "", "provider": "mango", "secret": "s".repeat(201) });
        let wrong = alla.post("/api/v1/connectors", &form).await;
        assert_eq!(wrong.status, 422);
        for field in ["name", "account", "secret"] {
            assert!(wrong.json()["error"]["fields"][field].is_object(), "{field}: {}", wrong.body);
        }
        let form = json!({ "name": "Z", "provider": "zadarma", "secret": "typed-secret" });
        let typed = alla.post("/api/v1/connectors", &form).await;
        assert!(!typed.body.contains("typed-secret"), "{}", typed.body);
        assert_eq!(alla.get("/api/v1/connectors").await.json()["data"].as_array().map(Vec::len),
            Some(2));
        for login in ["anna", "boris", "pavel"] {
            assert_eq!(cast.client(login).await.get("/telephony").await.status, 404, "{login}");
        }
        let dump = crate::events::list_of_kind(&mut cast.app.db.read().await.expect("reads"),
            cast.org, Kind::ConnectorMade, (Instant(0), Instant(i64::MAX))).await.expect("events");
        assert_eq!(dump.len(), 2);
        assert!(dump.iter().all(|event| !event.detail.to_string().contains("secret")));
    }

    async fn pages_of_connectors_show_a_secret_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let olga = cast.client("olga").await;
        assert!(olga.get("/telephony").await.body.contains("No connectors yet"));
        let fields = [("name", "Office"), ("provider", "generic"), ("account", ""),
            ("secret", "")];
        let made = olga.post_with_key("/telephony", &fields, "k1").await;
        assert!(made.body.contains("shown only this once"), "{}", made.body);
        let again = olga.post_with_key("/telephony", &fields, "k1").await;
        assert!(again.body.contains("was shown already"), "{}", again.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let id = store::list_connectors(&mut tx, cast.org).await.expect("reads")[0].id;
        let (_, _, known) = store::find_believed(&mut tx, id).await.expect("reads").expect("one");
        drop(tx);
        let page = format!("/telephony/{id}");
        let shown = olga.get(&page).await.body;
        assert!(shown.contains(&format!("/hooks/telephony/{id}")), "{shown}");
        assert!(made.body.contains(&known.secret) && !shown.contains(&known.secret));
        let boris = cast.id("boris").to_string();
        let fields = [("extension", "101"), ("person", boris.as_str())];
        let to = olga.post(&format!("{page}/extensions"), &fields).await.location;
        assert_eq!(to, Some(format!("{page}#extensions")));
        assert!(olga.get(&page).await.body.contains("boris of the cast"));
        let wrong = olga.post(&format!("{page}/extensions"), &[("extension", " "),
            ("person", "")]).await;
        assert_eq!(wrong.status, 422);
        let typed = [("account", ""), ("secret", "typed")];
        let wrong = olga.post(&format!("{page}/secret"), &typed).await;
        assert_eq!(wrong.status, 422, "{}", wrong.body);
        assert!(!wrong.body.contains("typed\""), "{}", wrong.body);
        assert_eq!(olga.post(&format!("{page}/end"), &[]).await.location.as_deref(),
            Some("/telephony"));
        let zadarma = [("name", "Z"), ("provider", "zadarma"), ("secret", "typed")];
        let made = olga.post("/telephony", &zadarma).await;
        assert!(made.location.is_some_and(|to| to.starts_with("/telephony/")));
    }

    async fn zadarma_is_echoed_at_its_own_address(t: TestDb) {
        let cast = Cast::gather(t).await;
        let form = ConnectorForm {
            name: "Z".to_owned(),
            provider: "zadarma".to_owned(),
            secret: "typed".to_owned(),
            ..ConnectorForm::default()
        };
        let (id, none) = make(&cast.act("alla", "z"), &form).await.expect("is made");
        assert!(none.is_none(), "what was typed is shown to nobody");
        let nobody = cast.anonymous();
        let echo = nobody.get(&format!("/hooks/telephony/{id}?zd_echo=a1B2")).await;
        assert_eq!((echo.status, echo.body.as_str()), (StatusCode::OK, "a1B2"));
        for path in ["?zd_echo=%3Cb%3E", "", "?x=1"] {
            let reply = nobody.get(&format!("/hooks/telephony/{id}{path}")).await;
            assert_eq!(reply.status, 404, "{path}");
        }
        let again = SecretForm { secret: "other".to_owned(), ..SecretForm::default() };
        let renewed = renew(&cast.act("alla", "r"), id, &again).await;
        assert!(renewed.expect("is renewed").is_none());
    }
}
