//! What is wrong on a card is put right in the same answer.

use serde_json::{Value, json};

use super::{base, card, lease, started};
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, Standing};
use crate::values::*;

async fn numbers(cast: &Cast, company: CompanyId) -> Vec<(String, Standing)> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = companies::actions::list_phones(&mut tx, cast.org, company).await;
    all.expect("reads").into_iter().map(|one| (one.phone.e164, one.standing)).collect()
}

async fn emails(cast: &Cast, company: CompanyId) -> Vec<String> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = companies::actions::list_emails(&mut tx, cast.org, company).await;
    all.expect("reads").into_iter().map(|one| one.address).collect()
}

async fn send(cast: &Cast, lead: LeadId, mut sent: Value) -> (u16, Value) {
    sent["generation"] = card(cast, "boris", lead).await["generation"].clone();
    sent["then"] = json!("pause");
    let path = format!("/api/v1/checks/{lead}/answers");
    let done = cast.api("boris").await.post(&path, &sent).await;
    (done.status.as_u16(), done.json())
}

async fn take_back(cast: &Cast, done: &Value) {
    let call = done["data"]["call"].as_str().expect("a call");
    let path = format!("/api/v1/calls/{call}/answers-reversal");
    let back = cast.api("boris").await.post(&path, &json!({})).await;
    assert_eq!(back.status.as_u16(), 200, "{}", back.body);
    assert_eq!(back.json()["data"]["kept"], json!([]), "{}", back.body);
}

both! {
    async fn the_right_number_takes_over_and_the_company_is_called_again(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let (company, anna) = (ids[0], cast.api("anna").await);
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let had = numbers(&cast, company).await;
        let wrong = json!({ "reach": "not_theirs", "phone_new": "12" });
        assert_eq!(send(&cast, lead, wrong).await.0, 422);
        let same = json!({ "reach": "not_theirs", "phone_new": had[0].0 });
        let (status, told) = send(&cast, lead, same).await;
        assert_eq!(status, 422, "it cannot be wrong and right: {told}");
        assert_eq!(numbers(&cast, company).await, had, "nothing was changed");
        let right = json!({ "reach": "not_theirs", "phone_new": "8 (912) 345-67-80" });
        let (status, done) = send(&cast, lead, right.clone()).await;
        assert_eq!(status, 201, "{done}");
        let now = numbers(&cast, company).await;
        assert_eq!(now[0], (had[0].0.clone(), Standing::Wrong));
        assert_eq!(now[1], ("+79123456780".to_owned(), Standing::Unknown), "not dialled yet");
        let checks = anna.get(&format!("/api/v1/companies/{company}/checks")).await.json();
        assert_eq!(checks["data"][0]["finding"], "corrected", "{checks}");
        assert_eq!(checks["data"][0]["new"], "+79123456780");
        assert_eq!(checks["data"][1]["finding"], "wrong");
        let shown = anna.get(&format!("/api/v1/leads/{lead}")).await.json();
        assert_eq!(shown["data"]["lead"]["state"], "queued", "called again: {shown}");
        take_back(&cast, &done).await;
        assert_eq!(numbers(&cast, company).await, had, "as it was");
        // By the page: what was typed is kept when it is no number.
        let boris = cast.client("boris").await;
        let generation = card(&cast, "boris", lead).await["generation"].to_string();
        let typed = [("generation", generation.as_str()), ("reach", "dead"),
            ("phone_new", "звоните по 12")];
        let again = boris.post(&format!("/checks/{lead}/answers"), &typed).await;
        assert_eq!(again.status.as_u16(), 422);
        assert!(again.body.contains("value=\"звоните по 12\""), "{}", again.body);
    }

    async fn a_corrected_address_takes_the_place_of_the_one_asked_about(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let (company, anna) = (ids[0], cast.api("anna").await);
        let path = format!("/api/v1/companies/{company}/emails");
        let done = anna.post(&path, &json!({ "emails": ["sales@len.example"] })).await;
        assert!(done.status.is_success(), "{}", done.body);
        let had = ["info@len0.example", "sales@len.example"];
        assert_eq!(emails(&cast, company).await, had);
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        for (asked, new, expected) in [
            (None, "new@len.example", vec!["new@len.example", had[1]]),
            (Some(had[1]), "new@len.example", vec![had[0], "new@len.example"]),
            (Some("INFO@len0.example"), had[1], vec![had[1]]),
            (Some("gone@len.example"), "new@len.example", vec![had[0], had[1], "new@len.example"]),
            (Some("gone@len.example"), had[1], vec![had[0], had[1]]),
        ] {
            let sent = json!({ "email": "another", "email_new": new,
                "email_asked": asked.unwrap_or_default() });
            let (status, done) = send(&cast, lead, sent).await;
            assert_eq!(status, 201, "{asked:?} {new}: {done}");
            assert_eq!(emails(&cast, company).await, expected, "{asked:?} {new}");
            take_back(&cast, &done).await;
            let mut back = emails(&cast, company).await;
            back.sort();
            assert_eq!(back, had, "{asked:?} {new} taken back");
            cast.clock.advance_ms(1_000);
        }
    }

    async fn who_left_decides_no_more_whoever_says_so(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let (company, anna) = (ids[0], cast.api("anna").await);
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let shown = card(&cast, "boris", lead).await;
        let (contact, decider) = (shown["contact"]["id"].clone(), shown["decider"]["id"].clone());
        let both = json!({ "contact": decider, "contact_answer": "left", "decider": decider,
            "decision": "same" });
        let (status, told) = send(&cast, lead, both).await;
        assert_eq!(status, 422, "{told}");
        assert!(told.to_string().contains("no more"), "a clear sentence: {told}");
        let other = json!({ "decider": contact, "decision": "same" });
        assert_eq!(send(&cast, lead, other).await.0, 422, "nobody said that they decide");
        // A colleague notes meanwhile that the decider has left.
        let found = {
            let mut tx = cast.app.db.read().await.expect("reads");
            companies::actions::list_contacts(&mut tx, cast.org, company).await.expect("reads")
        };
        let anna_there = found.iter().find(|one| one.is_decision_maker).expect("decides");
        let sent = json!({ "version": anna_there.version, "name": anna_there.name, "role": null,
            "is_decision_maker": true, "is_gone": true });
        let done = anna.post(&format!("/api/v1/contacts/{}", anna_there.id), &sent).await;
        assert!(done.status.is_success(), "{}", done.body);
        for late in [
            json!({ "decider": decider, "decision": "same" }),
            json!({ "contact": decider, "contact_answer": "stays" }),
        ] {
            let (status, told) = send(&cast, lead, late).await;
            assert_eq!(status, 422, "{told}");
        }
        let calls = anna.get(&format!("/api/v1/leads/{lead}")).await.json();
        assert_eq!(calls["data"]["calls"], json!([]), "nothing was recorded: {calls}");
    }
}
