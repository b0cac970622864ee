use serde_json::json;

use super::*;
use crate::both;
use crate::cast::Cast;
use crate::storage::testing::MONDAY;

fn check(field: Field, finding: Finding, days_ago: i64) -> Verification {
    Verification {
        id: VerificationId::fresh(MONDAY),
        field,
        finding,
        source: CheckedBy::Call,
        note: None,
        actor: None,
        made_at: MONDAY.plus_days(-days_ago),
        about: About::default(),
    }
}

#[test]
fn a_field_ages_by_its_half_life_and_what_is_wrong_is_stale_at_once() {
    let ageing = Ageing::default();
    for (field, finding, days_ago, expected) in [
        (Field::Phone, Finding::Confirmed, 0, Freshness::Fresh),
        (Field::Phone, Finding::Confirmed, 89, Freshness::Fresh),
        (Field::Phone, Finding::Corrected, 90, Freshness::Ageing),
        (Field::Phone, Finding::Confirmed, 359, Freshness::Ageing),
        (Field::Phone, Finding::Confirmed, 360, Freshness::Stale),
        (Field::Email, Finding::Confirmed, 270, Freshness::Stale),
        (Field::Address, Finding::Confirmed, 360, Freshness::Ageing),
        (Field::Phone, Finding::Wrong, 0, Freshness::Stale),
    ] {
        let freshness = ageing.freshness_of(&check(field, finding, days_ago), MONDAY);
        assert_eq!(freshness, expected, "{field:?} {finding:?} {days_ago} days ago");
    }
    assert_eq!(ageing.freshness(Field::Phone, None, MONDAY), Freshness::Stale);
}

#[test]
fn only_a_check_that_was_needed_counts_as_work() {
    let last = |finding, days_ago| Some(check(Field::Phone, finding, days_ago));
    for (last, finding, expected) in [
        (None, Finding::Confirmed, true),
        (last(Finding::Confirmed, 1), Finding::Confirmed, false),
        (last(Finding::Confirmed, 100), Finding::Confirmed, true),
        (last(Finding::Confirmed, 1), Finding::Wrong, true),
        (last(Finding::Wrong, 1), Finding::Corrected, true),
        (last(Finding::Corrected, 1), Finding::Confirmed, false),
        (last(Finding::Wrong, 0), Finding::Corrected, false),
    ] {
        let is_counted = counts(last.as_ref(), finding, &Ageing::default(), MONDAY);
        assert_eq!(is_counted, expected, "{last:?} then {finding:?}");
    }
}

#[test]
fn who_decides_is_as_we_have_it_only_where_nobody_else_was_said_to() {
    let person = |number: i64, name: &str| Contact {
        id: ContactId::fresh(Instant(number)),
        company: CompanyId::fresh(MONDAY),
        name: name.to_owned(),
        role: None,
        is_decision_maker: true,
        gone_at: None,
        gone_reason: None,
        version: 1,
    };
    let (anna, petr) = (person(1, "Анна"), person(2, "Пётр"));
    for (before, finding, old, new) in [
        (vec![], Finding::Corrected, None, Some("Анна")),
        (vec![&anna], Finding::Confirmed, Some("Анна"), None),
        (vec![&petr], Finding::Corrected, Some("Пётр"), Some("Анна")),
        (vec![&anna, &petr], Finding::Corrected, Some("Пётр"), Some("Анна")),
    ] {
        let before: Vec<Contact> = before.into_iter().cloned().collect();
        let (found, about) = About::decider(anna.id, &anna.name, &before);
        let text = |value: Option<Value>| value.map(|value| value.text);
        assert_eq!(found, finding, "{before:?}");
        assert_eq!(about.subject, Some(anna.id.to_string()), "{before:?}");
        let told = (text(about.old), text(about.new));
        assert_eq!(told, (old.map(str::to_owned), new.map(str::to_owned)), "{before:?}");
    }
}

both! {
    async fn a_check_is_recorded_by_hand_and_makes_its_field_fresh(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = crate::leads::floor::add_companies(&cast, 1).await[0];
        let (path, anna) = (format!("/companies/{id}/checks"), cast.client("anna").await);
        let before = anna.get(&path).await.body;
        assert!(before.contains("out of date") && !before.contains(">fresh<"), "{before}");
        let fields = [
            ("field", "phone"), ("finding", "confirmed"), ("source", "website"),
            ("note", "их сайт"),
        ];
        let done = anna.post_with_key(&path, &fields, "once").await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.body);
        anna.post_with_key(&path, &fields, "once").await;
        let after = anna.get(&path).await.body;
        assert!(after.contains(">fresh<"), "{after}");
        assert_eq!(after.matches("их сайт").count(), 1, "once: {after}");
        let mut wrong = fields;
        wrong[1] = ("finding", "guessed");
        let again = anna.post(&path, &wrong).await;
        assert_eq!(again.status.as_u16(), 422);
        assert!(again.body.contains("value=\"их сайт\""), "what was typed is kept: {}", again.body);
        let long = "я".repeat(1_001);
        wrong = [fields[0], fields[1], fields[2], ("note", &long)];
        assert_eq!(anna.post(&path, &wrong).await.status.as_u16(), 422);
        let boris = cast.client("boris").await;
        assert_eq!(boris.post(&path, &fields).await.status.as_u16(), 404);
        assert_eq!(boris.get(&path).await.status.as_u16(), 404);
    }

    async fn programs_record_checks_and_page_through_them(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = crate::leads::floor::add_companies(&cast, 1).await[0];
        let (path, anna) = (format!("/api/v1/companies/{id}/checks"), cast.api("anna").await);
        for field in ["phone", "email", "address"] {
            cast.clock.advance_ms(1_000);
            let body = json!({ "field": field, "finding": "wrong", "source": "registry" });
            let made = anna.post(&path, &body).await;
            assert_eq!(made.status.as_u16(), 201, "{}", made.body);
        }
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = anna.get(&format!("{path}?limit=2&after={after}")).await.json();
            for check in page["data"].as_array().expect("checks") {
                assert_eq!(check["freshness"], "stale", "wrong is stale at once");
                seen.push(check["field"].as_str().unwrap_or_default().to_owned());
            }
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen, ["address", "email", "phone"]);
        let absurd = json!({ "field": "mood", "finding": "wrong", "source": "registry" });
        assert_eq!(anna.post(&path, &absurd).await.status.as_u16(), 422);
        let boris = cast.api("boris").await;
        assert_eq!(boris.get(&path).await.status.as_u16(), 404);
    }
}
