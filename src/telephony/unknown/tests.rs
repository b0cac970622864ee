//! Calls of whom the base does not know: somebody says whose they were.

use serde_json::json;

use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies;
use crate::events::Kind;
use crate::leads::floor::Floor;
use crate::storage::testing::TestDb;
use crate::telephony::receiving::Offer;
use crate::telephony::{hosted, rig};

const NUMBER: &str = "+79161234567";

/// Somebody is rung for a call of a number that the base does not have; the call's id.
pub(crate) async fn came(cast: &Cast, login: &str) -> String {
    let act = rig::act(cast);
    let offer = Offer {
        name: format!("in-{login}"),
        from: NUMBER.to_owned(),
        team: None,
        tried: Vec::new(),
        came_at: act.now,
    };
    let mut tx = act.db.begin().await.expect("begins");
    let user = Some(cast.id(login));
    actions::put_in(&mut tx, &act, (&offer, NUMBER), user).await.expect("is on record");
    tx.commit().await.expect("commits");
    let viewer = cast.viewer(login).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = actions::list_open(&mut tx, &viewer).await.expect("reads");
    all.first().expect("a call").id.to_string()
}

async fn seen(cast: &Cast, login: &str) -> Vec<Option<String>> {
    let viewer = cast.viewer(login).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = actions::list_open(&mut tx, &viewer).await.expect("reads");
    all.into_iter().map(|call| call.number).collect()
}

#[test]
fn whose_it_was_is_one_company_or_a_name() {
    let read = |company: &str, name: &str| {
        let (company, name) = (company.to_owned(), name.to_owned());
        WhoseForm { company, name, anyway: String::new() }.read()
    };
    let id: CompanyId = "01234567-89ab-7def-8123-456789abcdef".parse().expect("an id");
    for text in [id.to_string(), format!(" https://troika.example/companies/{id} ")] {
        assert_eq!(read(&text, "").expect("is meant"), Whose::Known(id));
    }
    let new = Whose::New("Flax".to_owned(), false);
    assert_eq!(read("", " Flax ").expect("is meant"), new);
    for (company, name) in [("", " "), ("flax", ""), (id.to_string().as_str(), "Flax")] {
        assert!(matches!(read(company, name), Err(Error::Invalid(_))), "{company} {name}");
    }
}

both! {
    async fn whoever_took_a_call_says_whose_it_was_though_the_base_had_no_such_company(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let id = came(cast, "boris").await;
        let path = format!("/api/v1/unknown-calls/{id}/company");
        let flax = json!({ "name": "Flax of Tver" });
        for login in ["bella", "gleb"] {
            assert!(seen(cast, login).await.is_empty(), "{login}");
            assert_eq!(cast.api(login).await.post(&path, &flax).await.status, 404, "{login}");
        }
        assert_eq!(seen(cast, "anna").await, [Some(NUMBER.to_owned())], "she leads him");
        let page = cast.client("boris").await.get("/calling").await.body;
        let form = format!("/calling/unknown/{id}/company");
        assert!(page.contains(NUMBER) && page.contains(&form), "{page}");
        let boris = cast.api("boris").await;
        assert_eq!(boris.post(&path, &json!({})).await.status, 422, "nothing is meant");
        let done = boris.post(&path, &flax).await;
        assert_eq!(done.status, 200, "{}", done.body);
        let company = done.json()["data"]["company"].as_str().expect("an id").to_owned();
        let company: CompanyId = company.parse().expect("an id");
        let card = cast.client("boris").await.get(&format!("/companies/{company}")).await;
        assert_eq!(card.status, 200, "he may look at it");
        let mut tx = cast.app.db.read().await.expect("reads");
        let phones = companies::actions::list_phones(&mut tx, cast.org, company).await;
        drop(tx);
        assert_eq!(phones.expect("reads")[0].phone.e164, NUMBER);
        let told = &floor.events(Kind::CallCameIn).await[0];
        assert_eq!((told.company, told.person), (Some(company), Some(cast.id("boris"))));
        assert!(seen(cast, "boris").await.is_empty());
        let again = boris.post(&path, &flax).await;
        assert_eq!(again.status, 409, "{}", again.body);
        let broken = crate::check::everything(&cast.app.db).await.expect("is checked");
        assert!(broken.is_empty(), "{broken:?}");
    }

    async fn a_call_is_of_a_company_that_is_seen_or_nobodys(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let id = came(cast, "boris").await;
        let boris = cast.client("boris").await;
        let path = format!("/calling/unknown/{id}/company");
        let hidden = floor.companies.iter().find(|one| **one != grant.company).expect("another");
        let hidden = hidden.to_string();
        let refused = boris.post(&path, &[("company", hidden.as_str())]).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(refused.body.contains(NUMBER), "the page says why, and the call is still there");
        let card = format!("/companies/{}", grant.company);
        let done = boris.post(&path, &[("company", card.as_str())]).await;
        assert_eq!(done.location.as_deref(), Some(card.as_str()), "{}", done.body);
        let bella = came(cast, "bella").await;
        let away = format!("/api/v1/unknown-calls/{bella}/removal");
        let put = cast.api("bella").await.post(&away, &json!({})).await;
        assert!(put.json()["data"]["settled_at"].is_string(), "{}", put.body);
        assert!(seen(cast, "bella").await.is_empty());
        assert_eq!(floor.events(Kind::UnknownPutAway).await.len(), 1);
    }

    async fn a_number_is_kept_for_thirty_days_and_no_longer_than_its_person(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        came(cast, "boris").await;
        let act = rig::act(cast);
        let mut tx = act.db.begin().await.expect("begins");
        let numbers = [NUMBER.to_owned()];
        let count = hosted::actions::forget_in(&mut tx, &act, &numbers).await.expect("forgets");
        tx.commit().await.expect("commits");
        assert_eq!((count, seen(cast, "boris").await), (1, vec![None]));
        came(cast, "bella").await;
        cast.clock.advance_ms(29 * DAY_MS);
        crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
        assert_eq!(seen(cast, "bella").await, [Some(NUMBER.to_owned())]);
        cast.clock.advance_ms(2 * DAY_MS);
        crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
        assert_eq!(seen(cast, "bella").await, [None]);
    }
}
