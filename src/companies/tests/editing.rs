//! The base by hand: through pages and through the API.

use serde_json::json;

use super::{add, flax};
use crate::both;
use crate::cast::Cast;
use crate::companies::{actions, search, store};
use crate::people::Scope;
use crate::values::*;

const LINEN: [(&str, &str); 4] = [
    ("name", "ООО «Лён и нить»"),
    ("tax_id", "7714239823"),
    ("phones", "8 495 223-45-67"),
    ("city", "Хабаровск"),
];

async fn count(cast: &Cast) -> i64 {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = crate::companies::Segment::default();
    actions::count_segment(&mut tx, cast.org, &all).await.expect("counts")
}

async fn found(cast: &Cast, text: &str) -> Vec<String> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let (whole, asked) = (Scope::whole(cast.org), search::asked(text));
    let found = store::list_found(&mut tx, &whole, &asked, 9, cast.clock.now()).await;
    found.expect("reads").into_iter().map(|company| company.name).collect()
}

async fn lend(cast: &Cast, id: CompanyId, to: &str) {
    let act = cast.act("anna", &format!("lend to {to}"));
    let mut tx = act.db.begin().await.expect("begins");
    let until = act.now.plus_minutes(10);
    actions::lend_in(&mut tx, &act, id, cast.id(to), until).await.expect("lent");
    tx.commit().await.expect("kept");
}

both! {
    async fn a_company_added_by_hand_is_found_and_a_repeat_adds_no_other(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        assert_eq!(anna.get("/companies/new").await.status.as_u16(), 200);
        let mut fields = LINEN.to_vec();
        fields.extend([
            ("person", "Пётр Льнов"),
            ("decides", "on"),
            ("emails", "Info@len.example"),
            ("basis_kind", "consent"),
            ("basis_source", "договор 7"),
        ]);
        let first = anna.post_with_key("/companies", &fields, "once").await;
        assert_eq!(first.status.as_u16(), 303, "{}", first.body);
        let again = anna.post_with_key("/companies", &fields, "once").await;
        assert_eq!((again.status, &again.location), (first.status, &first.location));
        assert_eq!(count(&cast).await, 1);
        let path = first.location.expect("its card");
        let card = anna.get(&path).await.body;
        for part in ["+7 495 223-45-67", "Пётр Льнов", "7714239823", "Info@len.example"] {
            assert!(card.contains(part), "{part}: {card}");
        }
        let edit = anna.get(&format!("{path}/edit")).await.body;
        assert!(edit.contains("договор 7"), "its ground is noted: {edit}");
        assert_eq!(found(&cast, "нить").await, ["ООО «Лён и нить»"]);
        let boris = cast.client("boris").await;
        assert_eq!(boris.get("/companies/new").await.status.as_u16(), 404);
        assert_eq!(boris.post("/companies", &LINEN).await.status.as_u16(), 404);
    }

    async fn who_adds_a_company_is_told_of_those_that_may_be_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = add(&cast, "flax", flax()).await;
        let anna = cast.client("anna").await;
        for (case, fields) in [
            ("number", vec![("name", "Шёлк"), ("phones", "8 916 223-45-68")]),
            ("tax number", vec![("name", "Бархат"), ("tax_id", "7714239823")]),
        ] {
            let again = anna.post("/companies", &fields).await;
            assert_eq!(again.status.as_u16(), 422, "{case}: {}", again.body);
            assert!(again.body.contains(&format!("/companies/{first}")), "{case}: {}", again.body);
            let typed = format!("value=\"{}\"", fields[0].1);
            assert!(again.body.contains(&typed), "{case}: what was typed is kept");
            assert!(again.body.contains("name=\"anyway\""), "{case}");
        }
        assert_eq!(count(&cast).await, 1, "nothing was written");
        let mut fields = LINEN.to_vec();
        fields.push(("anyway", "on"));
        assert_eq!(anna.post("/companies", &fields).await.status.as_u16(), 303);
        assert_eq!(count(&cast).await, 2);
        // Of a company that somebody of another team leads nothing is told but that there is one.
        let act = cast.act("anna", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        let sonya = Some(cast.id("sonya"));
        actions::set_lead_in(&mut tx, &act, first, sonya, 2).await.expect("led");
        tx.commit().await.expect("kept");
        let fields = [("name", "Шёлк"), ("phones", "8 916 223-45-68")];
        let told = anna.post("/companies", &fields).await;
        assert_eq!(told.status.as_u16(), 422);
        assert!(told.body.contains("that you do not see"), "{}", told.body);
        assert!(told.body.contains("name=\"anyway\""), "{}", told.body);
        let api = cast.api("anna").await;
        let sent = json!({ "name": "Шёлк", "phones": ["8 916 223-45-68"] });
        let refused = api.post("/api/v1/companies", &sent).await;
        assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
        assert!(refused.body.contains("that you do not see"), "{}", refused.body);
        for hidden in [first.to_string().as_str(), "Лён", "7714239823", "№ 1"] {
            assert!(!told.body.contains(hidden), "{hidden}: {}", told.body);
            assert!(!refused.body.contains(hidden), "{hidden}: {}", refused.body);
        }
        let olga = cast.client("olga").await.post("/companies", &fields).await;
        assert!(olga.body.contains(&format!("/companies/{first}")), "the owner sees it");
        assert!(!olga.body.contains("that you do not see"), "{}", olga.body);
    }

    async fn a_namesake_in_the_same_place_is_offered_and_one_elsewhere_is_not(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let place = ("address", "ул. Льна, д. 5");
        let first = [("name", "ООО «Нить»"), ("city", "Тверь"), place];
        let card = anna.post("/companies", &first).await.location.expect("its card");
        for (other, is_offered) in [
            ([("name", "Нить"), ("city", "Тверь"), ("address", "улица Льна, дом 5, офис 2")], true),
            ([("name", "ООО НИТЬ"), ("city", "г. Тверь"), ("address", "")], true),
            ([("name", "Нить"), ("city", ""), place], true),
            ([("name", "Нить"), ("city", "Тверь"), ("address", "ул. Шёлка, д. 9")], false),
            ([("name", "Нить"), ("city", "Омск"), place], false),
            ([("name", "Шёлк"), ("city", "Тверь"), place], false),
        ] {
            let typed = anna.post("/companies", &other).await;
            assert_eq!(typed.status == 422 && typed.body.contains(&card), is_offered, "{other:?}");
        }
    }

    async fn two_people_who_add_the_same_company_at_once_add_it_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (anna, gleb) = (cast.act("anna", "hers"), cast.act("gleb", "his"));
        let (her, him) = (cast.viewer("anna").await, cast.viewer("gleb").await);
        let (hers, his) = tokio::join!(
            actions::add(&anna, &her, flax(), false),
            actions::add(&gleb, &him, flax(), false),
        );
        assert!(hers.is_ok() != his.is_ok(), "{hers:?} {his:?}");
        assert_eq!(count(&cast).await, 1);
    }

    async fn absurd_facts_are_named_and_nothing_typed_is_lost(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let long = "я".repeat(501);
        for (field, value, sentence) in [
            ("name", " - ", "Please fill this in"),
            ("name", long.as_str(), "500"),
            ("tax_id", "0000000000", "all zeros"),
            ("tax_id", "7714239824", "check digit"),
            ("tax_id", "123", "number of digits"),
            ("tax_id", "DE123456789", "digits only"),
            ("tax_id", "7,71424E+09", "spreadsheet"),
            ("kpp", "1", "nine characters"),
            ("ogrn", "12345", "13 or 15"),
            ("website", "not a site", "address of a site"),
            ("phones", "123-45-67", "code"),
            ("phones", "7,91235E+10", "spreadsheet damaged"),
            ("emails", "nobody at home", "mail address"),
            ("basis_kind", "because", "no such choice"),
            ("role", "директор", "Please fill this in"),
        ] {
            let mut fields = vec![("name", "Шёлк"), ("city", "Тверь")];
            fields.retain(|(name, _)| *name != field);
            fields.push((field, value));
            let again = anna.post("/companies", &fields).await;
            assert_eq!(again.status.as_u16(), 422, "{field}={value}: {}", again.body);
            let body = again.body.to_lowercase();
            assert!(body.contains(&sentence.to_lowercase()), "{field}={value}: {}", again.body);
            assert!(again.body.contains("value=\"Тверь\""), "{field}: {}", again.body);
        }
        assert_eq!(count(&cast).await, 0);
    }

    async fn a_corrected_company_is_found_by_its_new_words_only(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let (path, anna) = (format!("/companies/{id}"), cast.client("anna").await);
        let fields = |version: &'static str, name: &'static str| {
            [
                ("version", version), ("name", name), ("full_name", ""), ("tax_id", "7714239823"),
                ("kpp", "770801001"), ("ogrn", ""), ("city", "Тверь"), ("address", "ул. Льна, 1"),
                ("website", "https://silk.example/about"), ("industry", ""), ("source", ""),
            ]
        };
        let done = anna.post(&path, &fields("1", "АО «Шёлк»")).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.body);
        assert_eq!(found(&cast, "шёлк").await, ["АО «Шёлк»"]);
        assert_eq!(found(&cast, "лён").await, [] as [&str; 0]);
        assert_eq!(found(&cast, "2234567").await, ["АО «Шёлк»"], "its numbers still find it");
        let mut tx = cast.app.db.read().await.expect("reads");
        let company = actions::find(&mut tx, cast.org, id).await.expect("reads").expect("there");
        assert_eq!(company.legal_form.as_deref(), Some("АО"));
        assert_eq!(company.zone.as_deref(), Some("Europe/Moscow"));
        assert_eq!(company.website.as_deref(), Some("silk.example"));
        drop(tx);
        let stale = anna.post(&path, &fields("1", "АО «Бархат»")).await;
        assert_eq!(stale.status.as_u16(), 409, "{}", stale.body);
        assert!(stale.body.contains("АО «Бархат»"), "what was typed is kept: {}", stale.body);
        assert!(stale.body.contains("name=\"version\" value=\"2\""), "{}", stale.body);
        let wrong = anna.post(&path, &fields("2", "")).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.body.contains("ул. Льна, 1"), "{}", wrong.body);
        for (login, status) in [("boris", 404), ("sonya", 404), ("olga", 303), ("alla", 303)] {
            let client = cast.client(login).await;
            let version = if login == "alla" { "3" } else { "2" };
            let name = if login == "alla" { "АО «Хлопок»" } else { "АО «Атлас»" };
            let answer = client.post(&path, &fields(version, name)).await;
            assert_eq!(answer.status.as_u16(), status, "{login}: {}", answer.body);
        }
        lend(&cast, id, "boris").await;
        let boris = cast.client("boris").await;
        assert_eq!(boris.get(&format!("{path}/edit")).await.status.as_u16(), 200);
        let answer = boris.post(&path, &fields("4", "АО «Марля»")).await;
        assert_eq!(answer.status.as_u16(), 303, "who holds its lease: {}", answer.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let told = crate::events::list_for_subject(&mut tx, cast.org, &id.to_string()).await;
        let told = told.expect("reads");
        let changes: Vec<_> =
            told.iter().filter(|e| e.kind == crate::events::Kind::CompanyChanged).collect();
        assert_eq!(changes.len(), 4);
        assert_eq!(changes[3].detail["fields"], "name");
    }

    async fn numbers_addresses_and_grounds_are_added_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let (path, anna) = (format!("/companies/{id}"), cast.client("anna").await);
        for (part, fields) in [
            ("phones", vec![("phones", "8 499 161-13-40, факс 8 499 161-13-41")]),
            ("emails", vec![("emails", "new@len.example")]),
            ("bases", vec![("basis_kind", "contract"), ("basis_source", "№ 8")]),
        ] {
            let there = format!("{path}/{part}");
            let done = anna.post(&there, &fields).await;
            assert_eq!(done.status.as_u16(), 303, "{part}: {}", done.body);
            let again = anna.post(&there, &fields).await;
            assert_eq!(again.status.as_u16(), 409, "{part}: {}", again.body);
            assert!(again.body.contains("already"), "{part}: {}", again.body);
            let typed = fields.last().expect("one").1;
            assert!(again.body.contains(typed), "{part}: what was typed is kept");
            let boris = cast.client("boris").await;
            assert_eq!(boris.post(&there, &fields).await.status.as_u16(), 404, "{part}");
        }
        let none = [("basis_kind", ""), ("basis_source", "")];
        let empty = anna.post(&format!("{path}/bases"), &none).await;
        assert_eq!(empty.status.as_u16(), 422);
        let mut tx = cast.app.db.read().await.expect("reads");
        let phones = actions::list_phones(&mut tx, cast.org, id).await.expect("reads");
        assert_eq!(phones.len(), 4);
        drop(tx);
        assert_eq!(found(&cast, "1611340").await.len(), 1);
        let dead = phones.iter().find(|p| p.phone.e164 == "+74991611341").expect("the fax");
        assert_eq!(dead.label.as_deref(), Some("факс"));
        let there = format!("/phones/{}/standing", dead.id);
        assert_eq!(anna.post(&there, &[("standing", "dead")]).await.status.as_u16(), 303);
        assert_eq!(anna.post(&there, &[("standing", "gone")]).await.status.as_u16(), 422);
        let sonya = cast.client("sonya").await;
        assert_eq!(sonya.post(&there, &[("standing", "good")]).await.status.as_u16(), 404);
        let mut tx = cast.app.db.read().await.expect("reads");
        let left = actions::list_callable_phones(&mut tx, cast.org, id, cast.clock.now()).await;
        assert_eq!(left.expect("reads").len(), 3, "a dead number is not called");
    }

    async fn a_person_is_added_corrected_and_leaves(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let anna = cast.client("anna").await;
        let new = [("name", "Анна Шёлкова"), ("role", "директор"), ("decides", "on")];
        let there = format!("/companies/{id}/contacts");
        assert_eq!(anna.post(&there, &new).await.status.as_u16(), 303);
        let wrong = anna.post(&there, &[("name", "…"), ("role", "швея")]).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.body.contains("value=\"швея\""), "{}", wrong.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let people = actions::list_contacts(&mut tx, cast.org, id).await.expect("reads");
        drop(tx);
        assert!(people[0].is_decision_maker && people.len() == 2, "{people:?}");
        let there = format!("/contacts/{}", people[0].id);
        let gone = [
            ("version", "1"), ("name", "Анна Шёлкова"), ("role", "директор"), ("decides", "on"),
            ("gone", "on"), ("gone_reason", "в декрете"),
        ];
        assert_eq!(anna.post(&there, &gone).await.status.as_u16(), 303);
        let stale = anna.post(&there, &gone).await;
        assert_eq!(stale.status.as_u16(), 409);
        assert!(stale.body.contains("в декрете"), "{}", stale.body);
        let semyon = cast.client("semyon").await;
        assert_eq!(semyon.post(&there, &gone).await.status.as_u16(), 404);
        let mut tx = cast.app.db.read().await.expect("reads");
        let left = actions::find_contact(&mut tx, cast.org, people[0].id).await;
        let left = left.expect("reads").expect("there");
        assert_eq!(left.gone_at, Some(cast.clock.now()));
        assert!(!left.is_decision_maker, "who left decides no more");
        drop(tx);
        let back = [("version", "2"), ("name", "Анна Шёлкова"), ("role", ""), ("decides", "on")];
        assert_eq!(anna.post(&there, &back).await.status.as_u16(), 303);
        let mut tx = cast.app.db.read().await.expect("reads");
        let back = actions::find_contact(&mut tx, cast.org, people[0].id).await;
        let back = back.expect("reads").expect("there");
        assert_eq!((back.gone_at, back.gone_reason, back.role), (None, None, None));
    }

    async fn programs_add_correct_and_read_companies_as_people_do(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.api("anna").await;
        let body = json!({
            "name": "ООО «Лён»", "tax_id": "7714239823", "phones": ["8 495 223-45-67"],
            "contacts": [{ "name": "Пётр", "is_decision_maker": true }],
            "basis": { "kind": "consent" },
        });
        let made = anna.post_with_key("/api/v1/companies", &body, "one").await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.body);
        let again = anna.post_with_key("/api/v1/companies", &body, "one").await;
        assert_eq!(again.json(), made.json());
        let id = made.json()["data"]["id"].as_str().expect("an id").to_owned();
        let alike = anna.post("/api/v1/companies", &body).await;
        assert_eq!(alike.status.as_u16(), 409);
        assert_eq!(alike.json()["error"]["code"], "company-alike");
        assert!(alike.body.contains("№ 1 ООО «Лён»"), "{}", alike.body);
        let mut anyway = body.clone();
        anyway["anyway"] = json!(true);
        assert_eq!(anna.post("/api/v1/companies", &anyway).await.status.as_u16(), 201);
        let path = format!("/api/v1/companies/{id}");
        let card = anna.get(&path).await.json()["data"].clone();
        assert_eq!(card["phones"][0]["tel"], "tel:+74952234567");
        assert_eq!(card["bases"][0]["kind"], "consent");
        assert_eq!(card["contacts"][0]["is_decision_maker"], true);
        let first = anna.get("/api/v1/companies?limit=1").await.json();
        let next = first["next"].as_str().expect("more");
        let rest = anna.get(&format!("/api/v1/companies?limit=1&after={next}")).await.json();
        assert_eq!((rest["data"].as_array().map(Vec::len), &rest["next"]), (Some(1), &json!(null)));
        let searched = anna.get("/api/v1/companies?q=2234567").await.json();
        assert_eq!(searched["data"].as_array().map(Vec::len), Some(2));
        let change = json!({ "version": 1, "name": "АО «Шёлк»", "city": "Тверь" });
        let changed = anna.post(&path, &change).await;
        assert_eq!(changed.json()["data"]["name"], "АО «Шёлк»", "{}", changed.body);
        assert_eq!(changed.json()["data"]["tax_id"], json!(null), "what is left out is gone");
        let stale = anna.post(&path, &change).await;
        assert_eq!(stale.json()["error"]["code"], "company-stale");
        let absurd = json!({ "name": "Лён", "tax_id": "1" });
        let absurd = anna.post("/api/v1/companies", &absurd).await;
        assert_eq!(absurd.status.as_u16(), 422);
        assert_eq!(absurd.json()["error"]["fields"]["tax_id"]["code"], "tax-id-length");
        let phones = json!({ "phones": ["8 499 161-13-40"] });
        let with = anna.post(&format!("{path}/phones"), &phones).await.json()["data"].clone();
        let phone = with["phones"][1]["id"].as_str().expect("an id").to_owned();
        let dead = json!({ "standing": "dead" });
        let with = anna.post(&format!("/api/v1/phones/{phone}/standing"), &dead).await.json();
        assert_eq!(with["data"]["phones"][1]["standing"], "dead");
        let emails = json!({ "emails": ["a@len.example"] });
        let with = anna.post(&format!("{path}/emails"), &emails).await.json();
        assert_eq!(with["data"]["emails"][0], "a@len.example");
        let basis = json!({ "kind": "contract", "source": "№ 8" });
        let with = anna.post(&format!("{path}/bases"), &basis).await.json();
        assert_eq!(with["data"]["bases"].as_array().map(Vec::len), Some(2));
        let person = json!({ "name": "Анна", "role": "директор" });
        let person = anna.post(&format!("{path}/contacts"), &person).await.json();
        let person = person["data"]["id"].as_str().expect("an id").to_owned();
        let gone = json!({ "version": 1, "name": "Анна", "is_gone": true });
        let with = anna.post(&format!("/api/v1/contacts/{person}"), &gone).await.json();
        let people = with["data"]["contacts"].as_array().cloned().expect("people");
        assert!(people.iter().any(|one| one["id"] == person && !one["gone_at"].is_null()));
        let noted = anna.post(&format!("{path}/notes"), &json!({ "text": "перезвонят" })).await;
        assert_eq!(noted.status.as_u16(), 201);
        let notes = anna.get(&format!("{path}/notes")).await.json();
        assert_eq!(notes["data"][0]["text"], "перезвонят");
        let ban = json!({ "channel": "all", "reason": "asked" });
        assert_eq!(anna.post(&format!("{path}/suppression"), &ban).await.status.as_u16(), 201);
        assert_eq!(anna.get(&path).await.json()["data"]["suppression"]["reason"], "asked");
    }

    async fn numbers_are_masked_for_who_does_not_work_with_the_company(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let (path, page) = (format!("/api/v1/companies/{id}"), format!("/companies/{id}"));
        let (boris, api) = (cast.client("boris").await, cast.api("boris").await);
        assert_eq!(api.get(&path).await.status.as_u16(), 404);
        assert_eq!(api.get("/api/v1/companies").await.json()["data"], json!([]));
        let act = cast.act("anna", "sight");
        let mut tx = act.db.begin().await.expect("begins");
        actions::keep_in_sight_in(&mut tx, &act, id, cast.id("boris")).await.expect("kept");
        tx.commit().await.expect("kept");
        for said in [api.get(&path).await.body, boris.get(&page).await.body] {
            assert!(said.contains("Лён"), "{said}");
            for digits in ["223-45-67", "2234567", "223-45-68", "2234568"] {
                assert!(!said.contains(digits), "{digits}: {said}");
            }
        }
        let card = api.get(&path).await.json()["data"].clone();
        assert_eq!((&card["may_change"], &card["phones"][0]["tel"]), (&json!(false), &json!(null)));
        let change = json!({ "version": 1, "name": "Шёлк" });
        assert_eq!(api.post(&path, &change).await.status.as_u16(), 404);
        assert_eq!(boris.get(&format!("{page}/edit")).await.status.as_u16(), 404);
        // Nor do digits find it one by one; what the card shows of it still does.
        let found = async |asked: &str| {
            let list = api.get(&format!("/api/v1/companies?q={asked}&limit=1")).await.json();
            let page = boris.get(&format!("/search.json?q={asked}")).await.json();
            let counts = [&list["data"], &page].map(|rows| rows.as_array().map_or(0, Vec::len));
            assert_eq!(counts[0], counts[1], "{asked}: {list} {page}");
            counts[0]
        };
        let digits = ["495", "4952", "4952234567", "%2B7+495+223-45-67", "2234567", "4567"];
        for asked in digits.into_iter().chain(["Лён+4567", "Лён+4952234567"]) {
            assert_eq!(found(asked).await, 0, "{asked}");
        }
        let seen = ["Лён", "7714239823", "771423", "Лён+7714"];
        for asked in seen {
            assert_eq!(found(asked).await, 1, "{asked}");
        }
        lend(&cast, id, "boris").await;
        for asked in digits.into_iter().chain(seen) {
            assert_eq!(found(asked).await, 1, "{asked}");
        }
        let card = api.get(&path).await.json()["data"].clone();
        assert_eq!(card["phones"][0]["tel"], "tel:+74952234567;ext=12");
        assert_eq!(card["may_change"], json!(true));
    }
}

#[test]
fn a_text_longer_than_its_parts_may_be_is_refused_before_it_is_read() {
    use crate::companies::forms::{read_emails, read_phones};
    let near = crate::companies::Near::of(Country::RU, None);
    let mut wrong = Fields::default();
    assert!(read_phones(&"#".repeat(1_000_000), near, &mut wrong).is_empty());
    assert!(read_emails(&"a@b.example ".repeat(100_000), &mut wrong).is_empty());
    let codes: Vec<_> = wrong.0.iter().map(|(field, problem)| (*field, problem.code)).collect();
    assert_eq!(codes, [("emails", "too-many"), ("phones", "too-many")]);
}
