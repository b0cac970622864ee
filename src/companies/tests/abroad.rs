//! Numbers of a firm abroad: typed, sent and looked for as people write them there.

use serde_json::json;

use crate::both;
use crate::cast::Cast;
use crate::companies::{search, store};
use crate::people::{self, Scope};
use crate::values::*;

async fn in_britain(cast: &Cast) {
    people::actions::set_country(&cast.act("alla", "gb"), Country::GB).await.expect("kept");
}

async fn found(cast: &Cast, text: &str) -> Vec<String> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let (whole, asked) = (Scope::whole(cast.org), search::asked(text));
    let found = store::list_found(&mut tx, &whole, &asked, 9, cast.clock.now()).await;
    found.expect("reads").into_iter().map(|company| company.name).collect()
}

both! {
    async fn british_numbers_are_taken_from_forms_and_programs_and_found(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let acme = [("name", "Acme Weavers"), ("city", "Leeds"), ("phones", "020 7946 0958")];
        let refused = anna.post("/companies", &acme).await;
        assert_eq!(refused.status.as_u16(), 422, "a Russian firm has no such numbers");
        in_britain(&cast).await;
        let made = anna.post("/companies", &acme).await;
        assert_eq!(made.status.as_u16(), 303, "{}", made.body);
        let path = made.location.expect("its card");
        assert!(anna.get(&path).await.body.contains("+44 20 7946 0958"));
        let more = anna.post(&format!("{path}/phones"), &[("phones", "(0131) 496 0778")]).await;
        assert_eq!(more.status.as_u16(), 303, "{}", more.body);
        let api = cast.api("anna").await;
        let sent = json!({ "name": "Borough Looms", "phones": ["07400 123456"] });
        let added = api.post("/api/v1/companies", &sent).await;
        assert_eq!(added.status.as_u16(), 201, "{}", added.body);
        let id = added.json()["data"]["id"].as_str().expect("an id").to_owned();
        let sent = json!({ "phones": ["0161 496 0123"] });
        let more = api.post(&format!("/api/v1/companies/{id}/phones"), &sent).await;
        assert_eq!(more.status.as_u16(), 200, "{}", more.body);
        for (text, expected) in [
            ("020 7946 0958", "Acme Weavers"),
            ("+44 20 7946 0958", "Acme Weavers"),
            ("2079460958", "Acme Weavers"),
            ("7946 0958", "Acme Weavers"),
            ("0958", "Acme Weavers"),
            ("(0131) 496", "Acme Weavers"),
            ("07400 123456", "Borough Looms"),
            ("0161 496 0123", "Borough Looms"),
        ] {
            assert_eq!(found(&cast, text).await, [expected], "{text}");
        }
        // The same company by its number, however it is typed.
        let again = [("name", "Acme"), ("phones", "+44 (0)20 7946 0958")];
        let again = anna.post("/companies", &again).await;
        assert_eq!(again.status.as_u16(), 422, "{}", again.body);
        assert!(again.body.contains("Acme Weavers"), "{}", again.body);
    }

    async fn a_company_in_a_russian_town_has_russian_numbers_wherever_the_firm_is(t: TestDb) {
        let cast = Cast::gather(t).await;
        in_britain(&cast).await;
        let anna = cast.client("anna").await;
        let russian = [("name", "Шёлк"), ("city", "Казань"), ("phones", "221-12-34")];
        let made = anna.post("/companies", &russian).await;
        assert_eq!(made.status.as_u16(), 303, "{}", made.body);
        assert_eq!(found(&cast, "8 843 221-12-34").await, ["Шёлк"]);
    }
}
