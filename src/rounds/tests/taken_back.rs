//! A card that is taken back: at once, whichever door is used, and only what it wrote itself.

use serde_json::{Value, json};

use super::{base, card, lease, people, standing, started};
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, CompanyPhone, Contact};
use crate::values::*;

async fn phone(cast: &Cast, company: CompanyId) -> CompanyPhone {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = companies::actions::list_phones(&mut tx, cast.org, company).await;
    all.expect("reads").remove(0)
}

async fn contact(cast: &Cast, company: CompanyId, name: &str) -> Option<Contact> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = companies::actions::list_contacts(&mut tx, cast.org, company).await;
    all.expect("reads").into_iter().find(|one| one.name == name)
}

/// Sends a card and answers the call.
async fn answer(cast: &Cast, lead: LeadId, mut sent: Value) -> String {
    sent["generation"] = card(cast, "boris", lead).await["generation"].clone();
    let path = format!("/api/v1/checks/{lead}/answers");
    let done = cast.api("boris").await.post(&path, &sent).await;
    assert_eq!(done.status.as_u16(), 201, "{}", done.body);
    done.json()["data"]["call"].as_str().expect("a call").to_owned()
}

/// Takes a call back by the bar of the desk and answers what was kept.
async fn take_back(cast: &Cast, call: &str) -> Value {
    let path = format!("/api/v1/calls/{call}/reversal");
    let back = cast.api("boris").await.post(&path, &json!({})).await;
    assert_eq!(back.status.as_u16(), 200, "{}", back.body);
    back.json()["data"]["kept"].clone()
}

/// Corrects a person by hand, on their card.
async fn correct(cast: &Cast, person: &Contact, (role, decides): (Option<&str>, bool)) {
    let sent = json!({ "version": person.version, "name": person.name, "role": role,
        "is_decision_maker": decides, "is_gone": false });
    let path = format!("/api/v1/contacts/{}", person.id);
    let done = cast.api("anna").await.post(&path, &sent).await;
    assert!(done.status.is_success(), "{}", done.body);
}

/// The newest check of who decides: what was found, who does instead, the remark.
async fn decision(cast: &Cast, company: CompanyId) -> Value {
    let path = format!("/api/v1/companies/{company}/checks");
    let all = cast.api("anna").await.get(&path).await.json();
    let checks = all["data"].as_array().expect("checks");
    let check = checks.iter().find(|check| check["field"] == "decision_maker").expect("one");
    json!([check["finding"], check["new"], check["note"]])
}

async fn role(cast: &Cast, company: CompanyId, name: &str) -> Option<String> {
    contact(cast, company, name).await.expect("a person").role
}

fn told(all: &[(&str, bool, bool)]) -> Vec<(String, bool, bool)> {
    all.iter().map(|(name, decides, gone)| ((*name).to_owned(), *decides, *gone)).collect()
}

both! {
    async fn what_somebody_changed_since_stays_and_is_told(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let (company, anna) = (ids[0], cast.api("anna").await);
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let petr = contact(&cast, company, "Пётр").await.expect("Пётр");
        let call = answer(&cast, lead, json!({ "contact": petr.id, "contact_answer": "left",
            "decision": "another", "decision_name": "Вера", "email": "another",
            "email_new": "new@len.example", "address": "another", "address_new": "ул. Новая, 2",
            "then": "pause" })).await;
        // Within the ten minutes a colleague corrects the card.
        let vera = contact(&cast, company, "Вера").await.expect("Вера");
        let sent = json!({ "version": vera.version, "name": "Вера Ильина", "role": null,
            "is_decision_maker": true, "is_gone": false });
        let done = anna.post(&format!("/api/v1/contacts/{}", vera.id), &sent).await;
        assert!(done.status.is_success(), "{}", done.body);
        let number = phone(&cast, company).await.id;
        let path = format!("/api/v1/phones/{number}/standing");
        let done = anna.post(&path, &json!({ "standing": "wrong" })).await;
        assert!(done.status.is_success(), "{}", done.body);

        let kept = take_back(&cast, &call).await;
        assert_eq!(kept, json!(["decision_maker", "phone"]), "what was changed since is told");
        let after = told(&[("Анна", false, false), ("Вера Ильина", true, false),
            ("Пётр", false, false)]);
        assert_eq!(people(&cast, company).await, after, "who left is back, the new name stays");
        assert_eq!(standing(&cast, company).await, companies::Standing::Wrong);
        let shown = anna.get(&format!("/api/v1/companies/{company}")).await.body;
        assert!(shown.contains("Льняная") && !shown.contains("new@len.example"), "{shown}");
    }

    async fn who_is_on_the_card_and_is_named_decides_and_is_there_once(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let company = ids[0];
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let before = told(&[("Анна", true, false), ("Пётр", false, false)]);
        let petr = contact(&cast, company, "Пётр").await.expect("Пётр");
        // However he is written, and beside what else was said.
        for (key, mut sent) in [
            ("alone", json!({})),
            ("who decided left", json!({ "contact": contact(&cast, company, "Анна").await
                .expect("Анна").id, "contact_answer": "left" })),
        ] {
            sent["decision"] = json!("another");
            sent["decision_name"] = json!(" петр ");
            sent["decision_role"] = json!("завхоз");
            sent["then"] = json!("pause");
            let has_left = sent["contact_answer"] == "left";
            let call = answer(&cast, lead, sent).await;
            let after = told(&[("Анна", false, has_left), ("Пётр", true, false)]);
            assert_eq!(people(&cast, company).await, after, "{key}: nobody is there twice");
            let now = contact(&cast, company, "Пётр").await.expect("Пётр");
            assert_eq!((now.id, now.role.as_deref()), (petr.id, Some("завхоз")), "{key}");
            assert_eq!(take_back(&cast, &call).await, json!([]), "{key}");
            assert_eq!(people(&cast, company).await, before, "{key}: he is not taken out");
            let back = contact(&cast, company, "Пётр").await.expect("Пётр");
            assert_eq!((back.id, back.role), (petr.id, None), "{key}");
            cast.clock.advance_ms(1_000);
        }
    }

    async fn who_decides_alone_and_is_named_takes_the_role_until_the_card_is_taken_back(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let company = ids[0];
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let before = told(&[("Анна", true, false), ("Пётр", false, false)]);
        let named = |role: &str| json!({ "decision": "another", "decision_name": "анна",
            "decision_role": role, "then": "pause" });
        for (typed, has, note) in [
            ("владелица", "владелица", json!("владелица")),
            ("директор", "директор", json!(null)),
            ("", "директор", json!(null)),
        ] {
            let call = answer(&cast, lead, named(typed)).await;
            assert_eq!(people(&cast, company).await, before, "{typed}: she decided, and does");
            assert_eq!(role(&cast, company, "Анна").await.as_deref(), Some(has), "{typed}");
            let found = json!(["confirmed", null, note]);
            assert_eq!(decision(&cast, company).await, found, "{typed}");
            assert_eq!(take_back(&cast, &call).await, json!([]), "{typed}");
            assert_eq!(people(&cast, company).await, before, "{typed}");
            let back = role(&cast, company, "Анна").await;
            assert_eq!(back.as_deref(), Some("директор"), "{typed}: the role she had");
            cast.clock.advance_ms(1_000);
        }
        // Within the ten minutes a colleague gives her another one.
        let call = answer(&cast, lead, named("владелица")).await;
        let director = contact(&cast, company, "Анна").await.expect("Анна");
        correct(&cast, &director, (Some("учредитель"), true)).await;
        assert_eq!(take_back(&cast, &call).await, json!(["decision_maker"]), "it is told");
        assert_eq!(people(&cast, company).await, before);
        assert_eq!(role(&cast, company, "Анна").await.as_deref(), Some("учредитель"));
    }

    async fn one_of_two_who_decide_is_named_and_decides_alone_until_it_is_taken_back(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let company = ids[0];
        let petr = contact(&cast, company, "Пётр").await.expect("Пётр");
        correct(&cast, &petr, (Some("завхоз"), true)).await;
        let director = contact(&cast, company, "Анна").await.expect("Анна");
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let before = told(&[("Анна", true, false), ("Пётр", true, false)]);
        let alone = told(&[("Анна", false, false), ("Пётр", true, false)]);
        let added = told(&[("Анна", false, false), ("Вера", true, false), ("Пётр", false, false)]);
        let left = told(&[("Анна", false, true), ("Пётр", true, false)]);
        for (key, mut sent, after, found) in [
            ("one of the two", json!({ "decision_name": "Пётр", "decision_role": "закупки" }),
                &alone, json!(["corrected", "Пётр", "закупки"])),
            ("somebody new", json!({ "decision_name": "Вера" }),
                &added, json!(["corrected", "Вера", null])),
            ("the other left", json!({ "decision_name": "Пётр", "contact": director.id,
                "contact_answer": "left" }), &left, json!(["confirmed", null, null])),
        ] {
            sent["decision"] = json!("another");
            sent["then"] = json!("pause");
            let call = answer(&cast, lead, sent).await;
            assert_eq!(&people(&cast, company).await, after, "{key}");
            let is_new = key == "one of the two";
            let has = if is_new { "закупки" } else { "завхоз" };
            assert_eq!(role(&cast, company, "Пётр").await.as_deref(), Some(has), "{key}");
            assert_eq!(decision(&cast, company).await, found, "{key}");
            assert_eq!(take_back(&cast, &call).await, json!([]), "{key}");
            assert_eq!(people(&cast, company).await, before, "{key}: both decide again");
            assert_eq!(role(&cast, company, "Пётр").await.as_deref(), Some("завхоз"), "{key}");
            cast.clock.advance_ms(1_000);
        }
    }

    async fn who_decides_otherwise_since_is_left_so_when_the_card_is_taken_back(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let company = ids[0];
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let call = answer(&cast, lead, json!({ "decision": "another", "decision_name": "Пётр",
            "then": "pause" })).await;
        // Within the ten minutes a colleague says that he does not decide.
        let petr = contact(&cast, company, "Пётр").await.expect("Пётр");
        correct(&cast, &petr, (None, false)).await;
        assert_eq!(take_back(&cast, &call).await, json!(["decision_maker"]));
        let stands = told(&[("Анна", false, false), ("Пётр", false, false)]);
        assert_eq!(people(&cast, company).await, stands);
    }

    async fn a_card_answered_anew_is_not_undone_by_what_comes_later(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let (company, boris) = (ids[0], cast.client("boris").await);
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let first = json!({ "decision": "another", "decision_name": "Вера", "then": "pause" });
        let call = answer(&cast, lead, first).await;
        assert!(contact(&cast, company, "Вера").await.is_some());
        assert_eq!(take_back(&cast, &call).await, json!([]));
        let before = told(&[("Анна", true, false), ("Пётр", false, false)]);
        assert_eq!(people(&cast, company).await, before, "who was invented is not on the card");
        let second = json!({ "decision": "another", "decision_name": "Глеб", "address": "another",
            "address_new": "ул. Новая, 2", "then": "pause" });
        let call = answer(&cast, lead, second).await;
        cast.settle().await;
        let after = told(&[("Анна", false, false), ("Глеб", true, false), ("Пётр", false, false)]);
        assert_eq!(people(&cast, company).await, after, "no job undoes it afterwards");
        // A note of Gleb's birthday depends on him: he stays, and decides no more.
        let gleb = contact(&cast, company, "Глеб").await.expect("Глеб");
        let mut tx = cast.app.db.begin().await.expect("begins");
        tx.run(
            "insert into important_dates (id, org_id, company_id, contact_id, person_name, what, \
             month, day, days_ahead, made_at) values ('date', $1, $2, $3, '', '', 1, 1, 1, 0)",
            crate::vals![cast.org, company, gleb.id],
        ).await.expect("a date");
        tx.commit().await.expect("kept");
        let back = boris.post(&format!("/calls/{call}/reversal"), &[]).await;
        let to = back.location.expect("the card");
        assert_eq!(to, format!("/leads/{lead}?kept=decision_maker"));
        let to = boris.get(&to).await.location.expect("a round has cards of its own");
        assert_eq!(to, format!("/checks/{lead}?kept=decision_maker"));
        let page = boris.get(&to).await.body;
        assert!(page.contains("who decides.</p>"), "and is told: {page}");
        let page = boris.get(&format!("/checks/{lead}?kept=%0d%0a,any")).await.body;
        assert!(!page.contains("stays as it is now"), "what is no field is left out");
        let after = told(&[("Анна", true, false), ("Глеб", false, false), ("Пётр", false, false)]);
        assert_eq!(people(&cast, company).await, after);
    }

    async fn a_call_taken_back_reverses_its_own_check_of_the_number_only(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let (company, anna) = (ids[0], cast.api("anna").await);
        let number = phone(&cast, company).await.id;
        let path = format!("/api/v1/phones/{number}/standing");
        for standing in ["wrong", "unknown"] {
            let done = anna.post(&path, &json!({ "standing": standing })).await;
            assert!(done.status.is_success(), "{}", done.body);
            cast.settle().await;
            cast.clock.advance_ms(1_000);
        }
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let call = answer(&cast, lead, json!({ "reach": "dead", "then": "pause" })).await;
        let checks = format!("/api/v1/companies/{company}/checks");
        let all = anna.get(&checks).await.json();
        assert_eq!(all["data"].as_array().map(Vec::len), Some(2), "{all}");
        assert_eq!(take_back(&cast, &call).await, json!([]));
        assert_eq!(standing(&cast, company).await, companies::Standing::Unknown);
        cast.settle().await;
        let all = anna.get(&checks).await.json();
        assert_eq!(all["data"].as_array().map(Vec::len), Some(1), "the older one stands: {all}");
        assert_eq!(all["data"][0]["source"], "colleague");
    }
}
