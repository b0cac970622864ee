//! What tells of people stands where it can be erased, and in no append-only table.

use serde_json::json;

use super::{base, card, lease, started};
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, Contact};
use crate::storage::testing::text_of;
use crate::values::*;
use crate::verification;

both! {
    async fn no_append_only_table_tells_a_name_a_number_or_an_address(t: TestDb) {
        let (cast, ids) = base(t, 3).await;
        let anna = cast.api("anna").await;
        let numbers = numbers(&cast, &ids).await;
        let mut people = everybody(&cast, &ids[2..]).await.into_iter();
        let petr = people.find(|one| one.name == "Пётр").expect("Пётр");
        // By hand: a check with a remark, a person who left and why, a number that failed.
        let sent = json!({ "field": "contact", "finding": "confirmed", "source": "website",
            "note": "Маркерова на больничном" });
        let path = format!("/api/v1/companies/{}/checks", ids[2]);
        assert_eq!(anna.post(&path, &sent).await.status.as_u16(), 201);
        let sent = json!({ "version": petr.version, "name": "Маркеров", "role": "завхоз",
            "is_decision_maker": true, "is_gone": true, "gone_reason": "Маркеров запил" });
        let done = anna.post(&format!("/api/v1/contacts/{}", petr.id), &sent).await;
        assert!(done.status.is_success(), "{}", done.body);
        cast.settle().await;
        let checks = anna.get(&path).await.body;
        assert!(checks.contains("Маркеров запил"), "why is kept beside the check: {checks}");
        // In a round: who left, who decides, mail, address; then a wrong number.
        let round = started(&cast).await;
        let boris = cast.api("boris").await;
        let lead = lease(&cast, "boris", round).await;
        let shown = card(&cast, "boris", lead).await;
        let sent = json!({ "generation": shown["generation"], "contact": shown["contact"]["id"],
            "contact_answer": "left", "contact_why": "Маркерова увела в музей",
            "decision": "another", "decision_name": "Маркерова",
            "email": "another", "email_new": "markerova@len.example",
            "address": "another", "address_new": "дом Маркеровой" });
        let done = boris.post(&format!("/api/v1/checks/{lead}/answers"), &sent).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.body);
        let why: Vec<Option<String>> =
            everybody(&cast, &ids).await.into_iter().map(|one| one.gone_reason).collect();
        assert!(why.contains(&Some("Маркерова увела в музей".to_owned())), "{why:?}");
        let next = done.json()["data"]["next"].as_str().expect("the next").to_owned();
        let generation =
            card(&cast, "boris", next.parse().expect("an id")).await["generation"].clone();
        let sent = json!({ "generation": generation, "reach": "not_theirs" });
        let done = boris.post(&format!("/api/v1/checks/{next}/answers"), &sent).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.body);
        cast.settle().await;

        let mut markers = vec!["аркеров".to_owned(), "markerova".to_owned(), "Пётр".to_owned(),
            "Анна".to_owned(), "info@len".to_owned(), "Льняная".to_owned()];
        markers.extend(numbers);
        for table in ["events", "verifications", "check_reversals"] {
            let text = text_of(&cast.app.db, table).await;
            for marker in &markers {
                let line = text.lines().find(|line| line.contains(marker.as_str()));
                assert_eq!(line, None, "{marker} stands in {table}");
            }
        }
        let values = text_of(&cast.app.db, "check_values").await;
        assert!(values.contains("Маркерова") && values.contains("markerova@"), "{values}");

        // Erased, a person leaves nothing of theirs beside the checks, which stay.
        let before = verifications(&cast).await;
        let act = cast.act("anna", "forgets");
        let mut tx = act.db.begin().await.expect("begins");
        for contact in &everybody(&cast, &ids).await {
            verification::actions::forget_contact_in(&mut tx, &act, contact).await.expect("done");
        }
        tx.commit().await.expect("kept");
        let values = text_of(&cast.app.db, "check_values").await;
        for marker in ["Маркеров\"", "Маркерова", "запил", "музей", "больничном", "Пётр", "Анна"] {
            assert!(!values.contains(marker), "{marker}: {values}");
        }
        assert_eq!(verifications(&cast).await, before, "the checks themselves stand");
        let shown = anna.get(&path).await;
        assert_eq!(shown.status.as_u16(), 200, "{}", shown.body);
    }

    async fn the_role_that_a_check_took_from_somebody_goes_with_them(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let sent = json!({ "generation": card(&cast, "boris", lead).await["generation"],
            "decision": "another", "decision_name": "Анна", "decision_role": "владелица",
            "then": "pause" });
        let path = format!("/api/v1/checks/{lead}/answers");
        let done = cast.api("boris").await.post(&path, &sent).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.body);
        let roles = ["директор", "владелица"];
        let values = text_of(&cast.app.db, "check_values").await;
        assert!(roles.iter().all(|role| values.contains(role)), "it can be given back: {values}");
        let act = cast.act("anna", "forgets");
        let mut tx = act.db.begin().await.expect("begins");
        for contact in &everybody(&cast, &ids).await {
            verification::actions::forget_contact_in(&mut tx, &act, contact).await.expect("done");
        }
        tx.commit().await.expect("kept");
        let values = text_of(&cast.app.db, "check_values").await;
        assert!(!roles.iter().any(|role| values.contains(role)), "{values}");
        assert!(values.contains("decides"), "what was changed is known by ids: {values}");
    }
}

async fn numbers(cast: &Cast, ids: &[CompanyId]) -> Vec<String> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let mut all = Vec::new();
    for id in ids {
        let phones = companies::actions::list_phones(&mut tx, cast.org, *id).await;
        all.extend(phones.expect("reads").into_iter().map(|phone| phone.phone.e164));
    }
    all
}

async fn everybody(cast: &Cast, ids: &[CompanyId]) -> Vec<Contact> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let mut all = Vec::new();
    for id in ids {
        let people = companies::actions::list_contacts(&mut tx, cast.org, *id).await;
        all.extend(people.expect("reads"));
    }
    all
}

async fn verifications(cast: &Cast) -> usize {
    text_of(&cast.app.db, "verifications").await.lines().count()
}
