//! Which companies of the base a new one may be is asked while it is being typed.

use serde_json::json;

use super::{add, flax};
use crate::both;
use crate::cast::Cast;
use crate::companies::actions;
use crate::storage::dump_digest;
use crate::values::*;

const ASK: &str = "/companies/alike";
const ASK_API: &str = "/api/v1/companies/alike";
const NONE: &str = "Nothing like it is among the companies";

/// What the firm is: who asks is seen to be there, and nothing else may change.
async fn digest(cast: &Cast) -> String {
    dump_digest(&cast.app.db, &["sessions"]).await.expect("the database is read")
}

/// Gives the company to a seller: the callers and their head know of it no more.
async fn pass_to_sonya(cast: &Cast, id: CompanyId) {
    let act = cast.act("anna", "lead");
    let mut tx = act.db.begin().await.expect("begins");
    let sonya = Some(cast.id("sonya"));
    actions::set_lead_in(&mut tx, &act, id, sonya, 2).await.expect("led");
    tx.commit().await.expect("kept");
}

both! {
    async fn each_field_that_tells_something_finds_the_company_before_the_form_is_sent(t: TestDb) {
        let cast = Cast::gather(t).await;
        let path = format!("/companies/{}", add(&cast, "flax", flax()).await);
        let anna = cast.client("anna").await;
        let before = digest(&cast).await;
        for (fields, why) in [
            (vec![("tax_id", "7714239823")], "The same tax number 7714239823"),
            (vec![("phones", "8 916 223-45-68")], "Shared phone"),
            (vec![("emails", "info@len.example")], "Shared mail info@len.example"),
            (vec![("name", "Лён и нить"), ("city", "Хабаровск")], "The same city"),
            (vec![("tax_id", "7714239823"), ("phones", "8 91"), ("website", "?")], "The same tax"),
        ] {
            let told = anna.post(ASK, &fields).await;
            assert_eq!(told.status.as_u16(), 200, "{fields:?}: {}", told.body);
            for part in [path.as_str(), "ООО «Лён и нить»", why] {
                assert!(told.body.contains(part), "{fields:?}, {part}: {}", told.body);
            }
            let typed = format!("value=\"{}\"", fields[0].1);
            assert!(told.body.contains(&typed), "{fields:?}: what was typed is kept");
            assert!(!told.body.contains("aria-invalid"), "{fields:?}: nothing is wrong yet");
            assert!(!told.body.contains("name=\"anyway\""), "{fields:?}: nothing was refused");
        }
        for fields in [
            vec![],
            vec![("tax_id", "771423982")],
            vec![("name", "Лён и нить"), ("city", "Тверь")],
            vec![("name", "Шёлк"), ("phones", "8 916 223-45-69"), ("emails", "no mail")],
        ] {
            let told = anna.post(ASK, &fields).await;
            assert_eq!(told.status.as_u16(), 200, "{fields:?}: {}", told.body);
            assert!(told.body.contains(NONE), "{fields:?}: {}", told.body);
            assert!(!told.body.contains(&path), "{fields:?}: {}", told.body);
        }
        assert_eq!(digest(&cast).await, before, "nothing was written");
        let form = anna.get("/companies/new").await.body;
        assert!(!form.contains(NONE) && !form.contains("seems to be in the base"), "{form}");
        let boris = cast.client("boris").await;
        let asked = boris.post(ASK, &[("tax_id", "7714239823")]).await;
        assert_eq!(asked.status.as_u16(), 404, "who adds none asks for none");
    }

    async fn who_asks_learns_nothing_of_a_company_they_may_not_know_of(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        pass_to_sonya(&cast, id).await;
        let (anna, olga) = (cast.client("anna").await, cast.client("olga").await);
        let (her_api, api) = (cast.api("anna").await, cast.api("olga").await);
        let before = digest(&cast).await;
        let fields = [("name", "Шёлк"), ("phones", "8 916 223-45-68")];
        let told = anna.post(ASK, &fields).await;
        assert_eq!(told.status.as_u16(), 200, "{}", told.body);
        assert!(told.body.contains(NONE), "{}", told.body);
        let sent = json!({ "name": "Шёлк", "phones": ["8 916 223-45-68"] });
        let listed = her_api.post(ASK_API, &sent).await;
        assert_eq!(listed.json()["data"], json!([]), "{}", listed.body);
        let id = id.to_string();
        for hidden in [id.as_str(), "Лён", "7714239823", "№ 1", "that you do not see"] {
            assert!(!told.body.contains(hidden), "{hidden}: {}", told.body);
        }
        let seen = olga.post(ASK, &fields).await;
        assert!(seen.body.contains(&format!("/companies/{id}")), "the owner sees: {}", seen.body);
        let seen = api.post(ASK_API, &sent).await.json()["data"].clone();
        assert_eq!((&seen[0]["id"], &seen[0]["number"]), (&json!(id), &json!(1)), "{seen}");
        let reasons = seen[0]["reasons"].as_array().cloned().expect("reasons");
        let shared = reasons.iter().find(|one| one["code"] == "shared_phone").expect("one");
        assert_eq!(shared["args"]["phone"], "+79162234568");
        assert_eq!(digest(&cast).await, before, "nothing was written");
        let absurd = api.post(ASK_API, &json!({ "name": "Лён", "tax_id": "1" })).await;
        assert_eq!(absurd.status.as_u16(), 422, "{}", absurd.body);
        assert_eq!(absurd.json()["error"]["fields"]["tax_id"]["code"], "tax-id-length");
        let boris = cast.api("boris").await;
        assert_eq!(boris.post(ASK_API, &sent).await.status.as_u16(), 404);
    }
}
