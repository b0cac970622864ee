//! Who decides is found by name, and stands on the card.

use super::*;
use crate::storage::testing::TestDb;
use crate::verification::{Field, Finding};
use axum::http::StatusCode;
use serde_json::json;

/// The people of a company, and how the last check of who decides there ended.
async fn card(floor: &Floor, company: CompanyId) -> Vec<(String, Option<String>, bool)> {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let people = companies::actions::list_contacts(&mut tx, floor.cast.org, company).await;
    let people = people.expect("people").into_iter();
    people.map(|one| (one.name, one.role, one.is_decision_maker)).collect()
}

async fn checked(floor: &Floor, company: CompanyId) -> Option<(Finding, Option<String>)> {
    let (mut tx, field) = (floor.cast.app.db.read().await.expect("reads"), Field::DecisionMaker);
    let last =
        crate::verification::actions::find_last(&mut tx, floor.cast.org, company, field).await;
    last.expect("reads").map(|check| (check.finding, check.about.subject))
}

/// One company that is called as often as one likes.
async fn open(t: TestDb) -> (Floor, Grant) {
    let policy = CallingPolicy {
        gap_minutes: 0,
        attempts_per_day_max: 5,
        pressure_max: 9,
        ..CallingPolicy::default()
    };
    let floor = Floor::with_policy(t, 1, policy).await;
    let grant = floor.lease("boris", "1").await.expect("a company");
    (floor, grant)
}

async fn add_person(floor: &Floor, company: CompanyId, new: companies::NewContact) -> ContactId {
    let (olga, act) = (floor.cast.viewer("olga").await, floor.cast.act("olga", &new.name));
    companies::actions::add_contact(&act, &olga, company, new).await.expect("added")
}

both! {
    async fn who_decides_is_found_by_name_or_not_at_all(t: TestDb) {
        let (floor, grant) = open(t).await;
        let nameless = record(&floor, grant, form("decision_maker_found")).await;
        let Err(Error::Invalid(wrong)) = nameless else { panic!("{nameless:?}") };
        assert_eq!(wrong.0.keys().copied().collect::<Vec<_>>(), ["decider_name"]);
        assert_eq!(floor.events(Kind::DecisionMakerFound).await.len(), 0);
        let named = CallForm {
            decider_role: "директор".to_owned(),
            decider_phone: "8 (495) 963-76-81".to_owned(),
            then: "pause".to_owned(),
            ..found(" Пётр  Зубов ")
        };
        record(&floor, grant, named).await.expect("recorded");
        let people = card(&floor, grant.company).await;
        assert_eq!(people, [("Пётр Зубов".to_owned(), Some("директор".to_owned()), true)]);
        let told = floor.events(Kind::DecisionMakerFound).await;
        let contact = told[0].detail["contact"].as_str().map(str::to_owned);
        let corrected = Some((Finding::Corrected, contact.clone()));
        assert_eq!(checked(&floor, grant.company).await, corrected);
        assert_eq!(floor.events(Kind::CompanyVerified).await.len(), 0, "it pays by itself, once");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let phones = companies::actions::list_phones(&mut tx, floor.cast.org, grant.company).await;
        let phones = phones.expect("phones");
        let theirs = phones.iter().find(|one| one.phone.e164 == "+74959637681").expect("added");
        assert_eq!(theirs.contact.map(|id| id.to_string()), contact);
    }

    async fn one_of_their_people_is_chosen_and_nobody_is_there_twice(t: TestDb) {
        let (floor, grant) = open(t).await;
        let person = |name: &str, decides| companies::NewContact {
            name: name.to_owned(),
            role: None,
            is_decision_maker: decides,
        };
        let alyona = add_person(&floor, grant.company, person("Алёна Смирнова", false)).await;
        add_person(&floor, grant.company, person("Олег Кузьмин", true)).await;
        for name in ["Зубов Пётр Ильич", "Зубов Пётр Львович"] {
            add_person(&floor, grant.company, person(name, false)).await;
        }
        let pause = |form: CallForm| CallForm { then: "pause".to_owned(), ..form };
        record(&floor, grant, pause(found("смирнова алена"))).await.expect("recorded");
        let decides = |people: Vec<(String, Option<String>, bool)>| {
            let all = people.into_iter().filter(|one| one.2).map(|one| one.0);
            all.collect::<Vec<_>>()
        };
        let people = card(&floor, grant.company).await;
        assert_eq!((people.len(), decides(people)), (4, vec!["Алёна Смирнова".to_owned()]));

        // Named again, by id this time, with what is said anew about her.
        let grant = floor.lease("boris", "2").await.expect("the company");
        let again = CallForm {
            decider: alyona.to_string(),
            decider_role: "закупки".to_owned(),
            decider_phone: "+7 495 100-00-00".to_owned(),
            ..pause(form("decision_maker_found"))
        };
        record(&floor, grant, again).await.expect("recorded");
        let people = card(&floor, grant.company).await;
        let role = people.iter().find(|one| one.2).and_then(|one| one.1.clone());
        assert_eq!((people.len(), role.as_deref()), (4, Some("закупки")));
        let subject = Some(alyona.to_string());
        assert_eq!(checked(&floor, grant.company).await, Some((Finding::Confirmed, subject)));
        assert_eq!(floor.events(Kind::DecisionMakerFound).await.len(), 1, "it counts once");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let phones = companies::actions::list_phones(&mut tx, floor.cast.org, grant.company).await;
        assert_eq!(phones.expect("phones")[0].contact, Some(alyona), "a number there was is hers");
        drop(tx);

        // Either of two may be meant, so it is neither.
        let grant = floor.lease("boris", "3").await.expect("the company");
        record(&floor, grant, pause(found("Пётр Зубов"))).await.expect("recorded");
        let people = card(&floor, grant.company).await;
        assert_eq!((people.len(), decides(people)), (5, vec!["Пётр Зубов".to_owned()]));
    }

    async fn a_person_erased_meanwhile_does_not_come_back(t: TestDb) {
        let (floor, grant) = open(t).await;
        let cast = &floor.cast;
        // Whoever erases has the company, and is not through yet.
        let mut erasing = cast.app.db.begin().await.expect("begins");
        companies::actions::find_for_update(&mut erasing, cast.org, grant.company)
            .await
            .expect("held");
        let (act, boris) = (cast.act("boris", "found"), cast.viewer("boris").await);
        let form = CallForm { generation: grant.generation, ..found("Пётр Зубов") };
        let recording = actions::record(&act, &boris, grant.lead, &form);
        let waited = tokio::time::timeout(std::time::Duration::from_millis(300), recording).await;
        assert!(waited.is_err(), "it waits for who holds the company");
        drop(erasing);
        record(&floor, grant, found("Пётр Зубов")).await.expect("recorded once they are through");
    }

    async fn without_a_name_the_cockpit_asks_for_it_and_keeps_what_was_typed(t: TestDb) {
        let (floor, grant) = open(t).await;
        let boris = floor.cast.client("boris").await;
        let calls = format!("/leads/{}/calls", grant.lead);
        let fields = [
            ("generation", "1"),
            ("outcome", "decision_maker_found"),
            ("decider_role", "главный технолог"),
            ("callback", "завтра 10"),
            ("note", "обещала соединить"),
        ];
        let again = boris.post(&calls, &fields).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("Name who decides"), "{}", again.body);
        for (_, text) in fields.into_iter().filter(|(_, text)| !text.is_ascii()) {
            assert!(again.body.contains(text), "{text} is lost: {}", again.body);
        }
        let api = floor.cast.api("boris").await;
        let path = format!("/api/v1/leads/{}/calls", grant.lead);
        let body = json!({ "generation": 1, "outcome": "decision_maker_found" });
        let refused = api.post_with_key(&path, &body, "nameless").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains("\"decider_name\""), "{}", refused.body);
        let body = json!({ "generation": 1, "outcome": "decision_maker_found",
            "decider_name": "Инна Ким" });
        let named = api.post_with_key(&path, &body, "named").await;
        assert_eq!(named.status, StatusCode::CREATED, "{}", named.body);
        assert_eq!(card(&floor, grant.company).await, [("Инна Ким".to_owned(), None, true)]);
    }
}
