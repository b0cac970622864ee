//! The page and the API, through the door.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::*;
use crate::both;
use crate::vals;

/// A pair that Olga named, with both companies.
async fn pair(cast: &Cast) -> (String, CompanyId, CompanyId) {
    let one = add(cast, "one", flax("ООО «Лён и нить»", Some("7714239823"))).await;
    let mut other = flax("Лён и нить", None);
    other.address = Some("Москва, Тверская, 1".to_owned());
    let other = add(cast, "other", other).await;
    let client = cast.client("olga").await;
    let number = company(cast, other).await.number.to_string();
    let path = format!("/companies/{one}/duplicates");
    let reply = client.post(&path, &[("number", number.as_str())]).await;
    let location = reply.location.expect("a way on");
    assert!(location.starts_with("/duplicates/"), "{location}");
    (location, one, other)
}

both! {
    async fn a_pair_is_shown_side_by_side_and_merged_by_one_answer(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (path, one, other) = pair(&cast).await;
        let client = cast.client("olga").await;
        let shown = client.get(&path).await;
        assert_eq!(shown.status, StatusCode::OK);
        for part in ["Тверская", "<u>ООО «</u>", "data-key=\"Digit1\"", "data-key=\"KeyQ\"",
            "data-key=\"BracketLeft\""] {
            assert!(shown.body.contains(part), "{part} in {}", shown.body);
        }
        let mut form = vec![
            ("answer", "same"), ("version", "1"), ("survivor", "left"), ("left_version", "1"),
            ("right_version", "9"), ("address", "right"), ("name", "left"),
        ];
        let answer = format!("{path}/answer");
        let refused = client.post(&answer, &form).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("changed meanwhile"), "{}", refused.body);
        form[4] = ("right_version", "1");
        let done = client.post(&answer, &form).await;
        assert_eq!(done.location.as_deref(), Some("/duplicates"), "{}", done.body);
        let card = company(&cast, one).await;
        assert_eq!(card.address.as_deref(), Some("Москва, Тверская, 1"));
        assert_eq!(card.name, "ООО «Лён и нить»");
        assert_eq!(company(&cast, other).await.merged_into, Some(one));
        let list = client.get("/merges").await;
        assert!(list.body.contains("Лён и нить"), "{}", list.body);
        let card = client.get(&format!("/companies/{one}")).await;
        assert!(card.body.contains("Merged into this record"), "{}", card.body);
        let story = client.get(&format!("/companies/{one}/story")).await;
        assert!(story.body.contains("Records merged"), "{}", story.body);
        let back = client.post(&format!("{path}/reversal"), &[]).await;
        assert_eq!(back.location.as_deref(), Some(path.as_str()));
        assert!(company(&cast, other).await.is_in_base());
    }

    async fn the_surest_pair_comes_first_and_a_doubtful_one_offers_no_answer(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (path, _, other) = pair(&cast).await;
        let third = add(&cast, "third", flax("Лён и шёлк", None)).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let doubtful = PairId::fresh(cast.clock.now()).to_string();
        let values = vals![doubtful.as_str(), cast.org, other, third];
        tx.run(
            "insert into duplicate_pairs (id, org_id, left_id, right_id, probability, band, gain, \
             reasons, evidence, state, found_at, version) \
             values ($1, $2, $3, $4, 5000, 'review', 999999, '[]', '', 'open', 1, 1)",
            values,
        )
        .await
        .expect("a pair");
        let sure = "update duplicate_pairs set band = 'sure', probability = 9990, gain = 1 \
            where org_id = $1 and left_id <> $2";
        tx.run(sure, vals![cast.org, other]).await.expect("a sure one");
        tx.commit().await.expect("kept");
        let olga = cast.client("olga").await;
        let first = olga.get("/duplicates").await.body;
        assert!(first.contains(&format!("{path}/answer")), "the surest first: {first}");
        let same = "<button class=\"primary\" name=\"answer\" value=\"same\"";
        assert!(first.contains(same), "{first}");
        let doubt = olga.get(&format!("/duplicates/{doubtful}")).await.body;
        let form = doubt.split("id=\"pair\"").nth(1).expect("the pair");
        let form = form.split("</form>").next().expect("to its end");
        assert!(!form.contains("primary"), "no answer before the others: {form}");
        let button = form.find("<button").expect("a button");
        assert!(form[button..].starts_with("<button disabled"), "Enter answers nothing: {form}");
    }

    async fn the_same_over_the_api(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (_, one, other) = pair(&cast).await;
        let api = cast.api("olga").await;
        let list: Value =
            serde_json::from_str(&api.get("/api/v1/duplicates").await.body).expect("JSON");
        let pair = &list["data"][0];
        assert_eq!(pair["left"]["company"], json!(one));
        assert_eq!(pair["proposed"]["address"], "right");
        let path = format!("/api/v1/duplicates/{}/answer", pair["id"].as_str().expect("an id"));
        let lacking = json!({ "version": pair["version"], "answer": "same" });
        assert_eq!(api.post(&path, &lacking).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let merging = json!({ "survivor": one, "survivor_version": 1, "loser": other,
            "loser_version": 1, "taken": ["address"] });
        let body = json!({ "version": pair["version"], "answer": "same", "merge": merging });
        let done = api.post(&path, &body).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
        let done: Value = serde_json::from_str(&done.body).expect("JSON");
        let merge = done["data"]["merge"].as_str().expect("a merge").to_owned();
        let card = api.get(&format!("/api/v1/merges/{merge}")).await;
        let card: Value = serde_json::from_str(&card.body).expect("JSON");
        assert_eq!(card["data"]["loser"], json!(other), "{card}");
        assert_eq!(card["data"]["moved"]["contacts"], 1, "{card}");
        let undone = api.post(&format!("/api/v1/merges/{merge}/reversal"), &json!({})).await;
        assert_eq!(undone.status, StatusCode::OK, "{}", undone.body);
        let again = api.post(&format!("/api/v1/merges/{merge}/reversal"), &json!({})).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
        let made = api.post("/api/v1/merges", &json!({ "survivor": one,
            "survivor_version": company(&cast, one).await.version, "loser": other,
            "loser_version": company(&cast, other).await.version })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    }

    async fn a_tie_tells_nothing_of_a_company_that_one_may_not_know(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (path, one, other) = pair(&cast).await;
        let group = [("answer", "group"), ("version", "1")];
        let done = cast.client("olga").await.post(&format!("{path}/answer"), &group).await;
        assert_eq!(done.location.as_deref(), Some("/duplicates"), "{}", done.body);
        let act = cast.act("anna", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        for (company, login) in [(one, "sonya"), (other, "vera")] {
            let whose = Some(cast.id(login));
            companies::actions::set_lead_in(&mut tx, &act, company, whose, 2).await.expect("led");
        }
        tx.commit().await.expect("kept");
        let other = (other.to_string(), format!("/companies/{other}"));
        let named = ": Лён и нить".to_owned();
        for (login, is_told) in [("olga", true), ("sonya", false)] {
            let (client, api) = (cast.client(login).await, cast.api(login).await);
            for (reply, what) in [
                (api.get(&format!("/api/v1/companies/{one}/ties")).await, &other.0),
                (client.get(&format!("/companies/{one}")).await, &other.1),
                (client.get(&format!("/companies/{one}/story")).await, &named),
                (api.get(&format!("/api/v1/companies/{one}/story")).await, &named),
            ] {
                assert_eq!(reply.status, StatusCode::OK, "{login}");
                assert_eq!(reply.body.contains(what.as_str()), is_told, "{login}: {}", reply.body);
                if what.starts_with(": ") {
                    assert_eq!(reply.body.contains("another company"), !is_told, "{login}");
                }
            }
        }
    }

    async fn who_may_know_of_one_of_two_that_were_parted_reads_nothing_of_the_other(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (path, one, other) = pair(&cast).await;
        let (kept, gone) = (company(&cast, one).await, company(&cast, other).await);
        let merging = [
            ("answer", "same"), ("version", "1"), ("survivor", "left"), ("left_version", "1"),
            ("right_version", "1"), ("address", "right"), ("name", "left"),
        ];
        let olga = cast.client("olga").await;
        let done = olga.post(&format!("{path}/answer"), &merging).await;
        assert_eq!(done.location.as_deref(), Some("/duplicates"), "{}", done.body);
        let act = cast.act("anna", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        let sonya = Some(cast.id("sonya"));
        companies::actions::set_lead_in(&mut tx, &act, one, sonya, 2).await.expect("led");
        tx.commit().await.expect("kept");
        let line = |company: &companies::Company| format!("№ {} {}", company.number, company.name);
        let (kept, gone) = (line(&kept), line(&gone));
        let told = async |login: &'static str, company: CompanyId| {
            let path = format!("/api/v1/companies/{company}/story");
            let api = cast.api(login).await.get(&path).await;
            assert_eq!(api.status, StatusCode::OK, "{login}");
            let api = serde_json::from_str::<Value>(&api.body).expect("JSON");
            let lines = api["data"]["timeline"].as_array().expect("events").clone();
            let lines = lines.iter().filter_map(|line| line["sentence"].as_str());
            let lines: Vec<&str> = lines.filter(|line| line.contains('→')).collect();
            let page = cast.client(login).await.get(&format!("/companies/{company}/story")).await;
            let story = lines.join("\n");
            for name in [&kept, &gone, &"another company →".to_owned(), &"→ another".to_owned()] {
                assert_eq!(page.body.contains(name.as_str()), story.contains(name.as_str()));
            }
            story
        };
        let merged = format!("Records merged: {gone} → {kept}");
        assert_eq!(told("sonya", one).await, merged, "what was merged is one company");
        let back = olga.post(&format!("{path}/reversal"), &[]).await;
        assert_eq!(back.location.as_deref(), Some(path.as_str()), "{}", back.body);
        let act = cast.act("anna", "lead the other");
        let mut tx = act.db.begin().await.expect("begins");
        let vera = Some(cast.id("vera"));
        companies::actions::set_lead_in(&mut tx, &act, other, vera, 3).await.expect("led");
        tx.commit().await.expect("kept");
        for (login, company, way) in [
            ("sonya", one, format!("another company → {kept}")),
            ("vera", other, format!("{gone} → another company")),
            ("olga", one, format!("{gone} → {kept}")),
            ("olga", other, format!("{gone} → {kept}")),
        ] {
            let wanted = format!("Merge undone: {way}\nRecords merged: {way}");
            assert_eq!(told(login, company).await, wanted, "{login}");
        }
    }

    async fn a_caller_and_a_stranger_see_nothing_of_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (path, _, other) = pair(&cast).await;
        let act = cast.act("anna", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        let whose = Some(cast.id("sonya"));
        companies::actions::set_lead_in(&mut tx, &act, other, whose, 2).await.expect("led");
        tx.commit().await.expect("kept");
        for (login, expected) in [
            ("boris", StatusCode::NOT_FOUND),
            ("sonya", StatusCode::NOT_FOUND),
            ("alla", StatusCode::NOT_FOUND),
            ("gleb", StatusCode::NOT_FOUND),
            ("sergei", StatusCode::OK),
        ] {
            assert_eq!(cast.client(login).await.get(&path).await.status, expected, "{login}");
        }
        let list = cast.client("gleb").await.get("/duplicates").await;
        assert!(!list.body.contains("Лён и нить"), "{}", list.body);
    }
}
