//! Calls of whom the base does not know: somebody says whose they were.

use serde_json::{Value, json};

use super::forms::WhoseForm;
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany, NewPhone};
use crate::events::Kind;
use crate::leads::floor::{self, Floor};
use crate::storage::testing::MONDAY;
use crate::telephony::receiving::Offer;
use crate::telephony::store::unknown as store;
use crate::telephony::{hosted, rig};

const NUMBER: &str = "+79161234567";

/// Somebody is rung for calls that the line calls so.
async fn come(cast: &Cast, login: &str, names: &[String]) {
    let act = rig::act(cast);
    let mut tx = act.db.begin().await.expect("begins");
    for name in names {
        let offer = Offer {
            name: name.clone(),
            from: NUMBER.to_owned(),
            team: None,
            tried: Vec::new(),
            came_at: act.now,
        };
        let user = Some(cast.id(login));
        actions::put_in(&mut tx, &act, (&offer, NUMBER), user).await.expect("is on record");
    }
    tx.commit().await.expect("commits");
}

/// Somebody is rung for a call of a number that the base does not have; the call's id.
pub(crate) async fn came(cast: &Cast, login: &str) -> String {
    come(cast, login, &[format!("in-{login}")]).await;
    let viewer = cast.viewer(login).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = actions::list_open(&mut tx, &viewer, cast.clock.now()).await.expect("reads");
    all.first().expect("a call").id.to_string()
}

async fn seen(cast: &Cast, login: &str) -> Vec<Option<String>> {
    let viewer = cast.viewer(login).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = actions::list_open(&mut tx, &viewer, cast.clock.now()).await.expect("reads");
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
    let both = (id.to_string(), "Flax");
    for (company, name) in [("", " "), ("", "—"), ("flax", ""), (both.0.as_str(), both.1)] {
        assert!(matches!(read(company, name), Err(Error::Invalid(_))), "{company} {name}");
    }
}

#[test]
fn a_call_whose_end_nobody_told_is_over_after_hours() {
    let state = |hours: i64| {
        let now = MONDAY.plus_ms(hours * HOUR_MS);
        hosted::incoming::state_of(MONDAY, (Some(MONDAY), None), now)
    };
    assert_eq!((state(1), state(4)), ("talks", "over"));
}

both! {
    async fn a_flood_at_one_team_hides_no_call_of_another(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        came(cast, "boris").await;
        cast.clock.advance_ms(1_000);
        let flood: Vec<String> = (0..=200).map(|number| format!("flood-{number}")).collect();
        come(cast, "gleb", &flood).await;
        let counts = [seen(cast, "boris").await, seen(cast, "anna").await, seen(cast, "gleb").await]
            .map(|numbers| numbers.len());
        assert_eq!(counts, [1, 1, 200]);
    }

    async fn a_call_of_a_large_team_is_listed_once(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        came(cast, "anna").await;
        cast.clock.advance_ms(1_000);
        came(cast, "boris").await;
        let (anna, boris) = (cast.viewer("anna").await, cast.id("boris"));
        let mut members = vec![anna.id()];
        members.extend((0..600).map(|_| UserId::fresh(MONDAY)));
        members.push(boris);
        let mut tx = cast.app.db.read().await.expect("reads");
        let both = vec![Some(boris), Some(anna.id())];
        for (limit, expected) in [(10, both), (1, vec![Some(boris)])] {
            let asked = (MONDAY, limit);
            let all = store::list_unknown(&mut tx, &anna.scope(), &members, asked).await;
            let users: Vec<_> = all.expect("reads").iter().map(|call| call.user).collect();
            assert_eq!(users, expected, "the newest first, each once");
        }
        let later = (cast.clock.now(), 10);
        let all = store::list_unknown(&mut tx, &anna.scope(), &members, later).await;
        assert_eq!(all.expect("reads").len(), 1, "what is older is not asked for");
    }

    async fn what_was_settled_before_is_not_asked_for_and_nothing_is_listed_twice(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let mut settled = Vec::new();
        for login in ["boris", "bella"] {
            let id = came(cast, login).await;
            cast.clock.advance_ms(HOUR_MS);
            let path = format!("/api/v1/unknown-calls/{id}/removal");
            assert_eq!(cast.api(login).await.post(&path, &json!({})).await.status, 200, "{login}");
            settled.push(cast.clock.now());
        }
        let anna = cast.viewer("anna").await;
        let (boris, bella) = (Some(cast.id("boris")), Some(cast.id("bella")));
        let mut members = vec![cast.id("boris")];
        members.extend((0..600).map(|_| UserId::fresh(MONDAY)));
        members.push(cast.id("bella"));
        let mut tx = cast.app.db.read().await.expect("reads");
        for (since, expected) in [
            (settled[0], vec![bella, boris]),
            (settled[0].plus_ms(1), vec![bella]),
            (settled[1].plus_ms(1), Vec::new()),
        ] {
            let all = store::list_settled(&mut tx, &anna.scope(), &members, (since, 10)).await;
            let users: Vec<_> = all.expect("reads").iter().map(|call| call.user).collect();
            assert_eq!(users, expected);
        }
    }

    async fn who_is_refused_reads_why_at_the_form_and_who_calls_meanwhile(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let (boris, link) = (cast.client("boris").await, "href=\"/calling\"");
        assert!(!boris.get("/settings").await.body.contains(link), "no calls come in");
        let id = came(cast, "boris").await;
        assert!(boris.get("/settings").await.body.contains(link), "one waits for his word");
        let bella = cast.client("bella").await.get("/settings").await;
        assert!(!bella.body.contains(link), "and for none of hers");
        floor.lease("boris", "1").await.expect("a company");
        hosted::incoming::tell_of_trunk(&rig::act(cast), "+74951000000").await.expect("is told");
        let refused = boris.post(&format!("/calling/unknown/{id}/company"), &[]).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(!refused.body.contains("Nobody calls just now"), "{}", refused.body);
        assert!(refused.body.contains("<b>ООО «Ромашка 0»</b>"), "{}", refused.body);
        let place = |text: &str| refused.body.find(text).expect("is on the page");
        assert!(place("id=\"unknown\"") < place("class=\"notice neg\""), "{}", refused.body);
    }

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
        // They call once more, and he adds them though he sees that they are there.
        cast.clock.advance_ms(1_000);
        come(cast, "boris", &["once more".to_owned()]).await;
        let viewer = cast.viewer("boris").await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = actions::list_open(&mut tx, &viewer, cast.clock.now()).await.expect("reads");
        drop(tx);
        let path = format!("/api/v1/unknown-calls/{}/company", all[0].id);
        assert_eq!(boris.post(&path, &flax).await.status, 409, "the base has them");
        let anyway = json!({ "name": "Flax of Tver", "anyway": true });
        let done = boris.post(&path, &anyway).await;
        assert_eq!(done.status, 200, "{}", done.body);
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
        assert!(refused.body.contains(&format!("value=\"{hidden}\"")), "and what was typed");
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

    async fn a_number_that_many_carry_is_offered_with_no_company(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        came(cast, "boris").await;
        let carrier = |number: usize| {
            let phone = Phone::stored(NUMBER.to_owned(), None);
            let twice = Phone::stored(NUMBER.to_owned(), Some("2".to_owned()));
            let phones = [phone, twice].map(|phone| NewPhone { phone, label: None });
            NewCompany { phones: phones.into(), ..floor::company(number) }
        };
        let few: Vec<NewCompany> = (100..120).map(carrier).collect();
        floor::add(cast, &few).await;
        let anna = cast.client("anna").await;
        let offered = |page: &str| page.matches("«Ромашка 1").count();
        let page = anna.get("/calling").await.body;
        assert_eq!(offered(&page), few.len(), "{page}");
        let boris = cast.client("boris").await.get("/calling").await.body;
        assert!(boris.contains(NUMBER), "{boris}");
        assert_eq!(offered(&boris), 0, "he may know of none of them");
        floor::add_one(cast, &carrier(120)).await;
        let page = anna.get("/calling").await.body;
        assert!(page.contains(NUMBER), "{page}");
        assert_eq!(offered(&page), 0, "twenty-one say nothing of who called");
        let mut tx = cast.app.db.read().await.expect("reads");
        let numbers = [NUMBER.to_owned(), "+74950000000".to_owned()];
        for (most, expected) in [(20, 0), (21, 21)] {
            let asked = (numbers.as_slice(), most);
            let all = companies::actions::list_with_numbers(&mut tx, cast.org, asked).await;
            let counts: Vec<usize> = all.expect("reads").values().map(Vec::len).collect();
            assert_eq!(counts.iter().sum::<usize>(), expected, "{counts:?}");
        }
    }

    async fn who_said_whose_a_call_was_and_what_became_of_it_is_shown(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let hidden = floor.companies.iter().find(|one| **one != grant.company).expect("another");
        let anna = cast.api("anna").await;
        let path = |id: &str, end: &str| format!("/api/v1/unknown-calls/{id}/{end}");
        for company in [grant.company, *hidden] {
            cast.clock.advance_ms(1_000);
            let name = company.to_string();
            come(cast, "boris", std::slice::from_ref(&name)).await;
            let viewer = cast.viewer("boris").await;
            let mut tx = cast.app.db.read().await.expect("reads");
            let open = actions::list_open(&mut tx, &viewer, cast.clock.now()).await;
            drop(tx);
            let id = open.expect("reads")[0].id.to_string();
            let done = anna.post(&path(&id, "company"), &json!({ "company": name })).await;
            assert_eq!(done.status, 200, "{}", done.body);
        }
        let third = came(cast, "boris").await;
        let boris = cast.api("boris").await;
        let away = boris.post(&path(&third, "removal"), &json!({})).await;
        assert_eq!(away.json()["data"]["settled_by"], json!(cast.id("boris")), "{}", away.body);
        let asked = "/api/v1/unknown-calls?is_settled=true";
        for (api, sees_hidden) in [(&boris, false), (&anna, true)] {
            let all = api.get(asked).await.json()["data"].clone();
            let row = |call: &Value| {
                (call["settled_by"].clone(), call["company"].clone(), call["incoming"].is_string())
            };
            let mut told: Vec<_> = all.as_array().expect("a list").iter().map(row).collect();
            let by = |login: &str| json!(cast.id(login));
            let company = if sees_hidden { json!(hidden) } else { json!(null) };
            let mut expected = vec![
                (by("boris"), json!(null), false),
                (by("anna"), json!(grant.company), true),
                (by("anna"), company, true),
            ];
            let order = |row: &(Value, Value, bool)| format!("{row:?}");
            expected.sort_by_key(order);
            told.sort_by_key(order);
            assert_eq!(told, expected);
        }
        let page = cast.client("boris").await.get("/calling").await.body;
        let link = format!("<a href=\"/companies/{}\">", grant.company);
        let anna = cast.viewer("anna").await.user.name;
        let elsewhere = "a company that is not in your sight";
        for part in [link.as_str(), elsewhere, "no company’s", anna.as_str()] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains(&format!("/companies/{hidden}")), "{page}");
        let gleb = cast.api("gleb").await.get(asked).await.json();
        assert_eq!(gleb["data"], json!([]), "nothing of it is his");
    }

    async fn a_call_is_open_and_its_number_kept_for_thirty_days_at_most(t: TestDb) {
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
        assert!(seen(cast, "bella").await.is_empty(), "nobody can say any more whose it was");
        assert!(floor.events(Kind::UnknownPutAway).await.is_empty());
        for _ in 0..2 {
            crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
        }
        let away = floor.events(Kind::UnknownPutAway).await;
        assert_eq!(away.iter().map(|event| event.person).collect::<Vec<_>>(), [None, None]);
        let mut tx = cast.app.db.read().await.expect("reads");
        for id in away.iter().map(|event| event.subject.parse().expect("an id")) {
            let call = store::find_unknown(&mut tx, cast.org, id).await.expect("reads");
            let call = call.expect("it stays on record");
            assert_eq!((call.number, call.settled_at), (None, Some(cast.clock.now())));
            assert_eq!(call.settled_by, None);
        }
        drop(tx);
        let page = cast.client("bella").await.get("/calling").await.body;
        assert!(page.contains("nobody said whose it was in thirty days"), "{page}");
        cast.clock.advance_ms(31 * DAY_MS);
        let asked = "/api/v1/unknown-calls?is_settled=true";
        let told = cast.api("bella").await.get(asked).await.json();
        assert_eq!(told["data"], json!([]), "it is news for thirty days");
    }
}
