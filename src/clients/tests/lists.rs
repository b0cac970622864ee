//! The list of clients, and the whole of service over the API.

use serde_json::json;

use super::*;

both! {
    async fn the_list_shows_whose_clients_wait_for_what(t: TestDb) {
        let cast = Cast::gather(t).await;
        let hers = client(&cast, "Ромашка", "vera").await;
        let gone = client(&cast, "Лютик", "vera").await;
        let his = client(&cast, "Василёк", "hunter").await;
        let vera = cast.viewer("vera").await;
        let act = cast.act("vera", "end");
        actions::end(&act, &vera, gone, EndReason::Price, "").await.expect("ends");
        for position in 1..=6 {
            let act = cast.act("vera", &format!("tick:{position}"));
            actions::set_step(&act, &vera, hers, position, true).await.expect("ticks");
        }
        let due = cast.clock.now().plus_days(1);
        let new = orders::NewOrder {
            title: "Stand".to_owned(),
            amount: Money::new(1, Currency::Rub),
            due_at: due,
        };
        let act = cast.act("vera", "order");
        let order = orders::actions::open(&act, &vera, hers, new).await.expect("opens");
        let all = [hers, gone, his];
        for (login, query, expected) in [
            ("vera", "", vec![hers]),
            ("vera", "?standing=ended", vec![gone]),
            ("vera", "?whose=team", vec![hers]),
            ("vadim", "", vec![hers, his]),
            ("vadim", "?whose=mine", vec![]),
            ("olga", "", vec![hers, his]),
            ("hunter", "", vec![his]),
            ("sonya", "", vec![]),
            ("sergei", "", vec![]),
            ("vadim", "?waiting=onboarding", vec![his]),
            ("vadim", "?waiting=order", vec![hers]),
            ("vadim", "?waiting=late_order", vec![]),
            ("vadim", "?waiting=comment", vec![]),
            ("vadim", "?whose=team&after=damaged", vec![hers, his]),
        ] {
            let page = cast.client(login).await.get(&format!("/clients{query}")).await;
            assert_eq!(page.status, 200);
            let is_there = |id: &ClientId| page.body.contains(&format!("/clients/{id}"));
            let shown: Vec<ClientId> = all.into_iter().filter(is_there).collect();
            assert_eq!(shown, expected, "{login} {query}");
        }
        for login in ["boris", "pavel", "prokhor", "alla"] {
            assert_eq!(cast.client(login).await.get("/clients").await.status, 404, "{login}");
        }
        let (prototype, _) =
            orders::actions::add_prototype(&cast.act("vera", "p"), &vera, order, "sketch", None)
                .await
                .expect("a version");
        orders::actions::send(&cast.act("vera", "s"), &vera, prototype, "s").await.expect("sends");
        let comment = [("answer", "commented"), ("name", ""), ("comment", "bluer")];
        assert_eq!(cast.anonymous().post("/approval/s", &comment).await.status, 200);
        cast.clock.advance_ms(3 * DAY_MS);
        for waiting in ["late_order", "comment"] {
            let vadim = cast.client("vadim").await;
            let page = vadim.get(&format!("/clients?waiting={waiting}")).await;
            assert!(page.body.contains(&format!("/clients/{hers}")), "{waiting}");
            assert!(!page.body.contains(&format!("/clients/{his}")), "{waiting}");
        }
    }

    async fn the_list_pages_by_its_cursor(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut made = Vec::new();
        for name in ["Ромашка", "Лютик", "Василёк"] {
            made.push(client(&cast, name, "vera").await.to_string());
        }
        made.reverse();
        let vera = cast.api("vera").await;
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = vera.get(&format!("/api/v1/clients?limit=2&after={after}")).await.json();
            let rows = page["data"].as_array().expect("rows").clone();
            seen.extend(rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()));
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(seen, made);
    }

    async fn the_whole_service_of_a_client_goes_over_the_api(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.api("vera").await;
        let path = format!("/api/v1/clients/{id}");
        let step = json!({ "step": 2, "done": true });
        let ticked = vera.post(&format!("{path}/onboarding"), &step).await.json();
        assert!(ticked["data"]["onboarding"][1]["done_at"].is_string(), "{ticked}");
        let date = json!({ "person_name": "Maria", "what": "jubilee", "month": 2, "day": 29 });
        let noted = vera.post(&format!("{path}/dates"), &date).await;
        assert_eq!(noted.status, 201, "{}", noted.body);
        let order = json!({ "title": "Stand", "amount": { "minor": 5, "currency": "RUB" },
            "due_on": "2026-11-20" });
        let opened = vera.post_with_key(&format!("{path}/orders"), &order, "k").await;
        let again = vera.post_with_key(&format!("{path}/orders"), &order, "k").await;
        assert_eq!((opened.status.as_u16(), opened.json()), (201, again.json()));
        let order = opened.json()["data"]["id"].as_str().expect("an id").to_owned();
        let what = json!({ "description": "sketch" });
        let version = vera.post(&format!("/api/v1/orders/{order}/prototypes"), &what).await;
        let version = version.json()["data"]["id"].as_str().expect("an id").to_owned();
        let sent = format!("/api/v1/prototypes/{version}/link");
        let link = vera.post_with_key(&sent, &json!({}), "l").await.json();
        let link = link["data"]["link"].as_str().expect("a link").to_owned();
        let repeat = vera.post_with_key(&sent, &json!({}), "l").await.json();
        assert!(repeat["data"]["link"].is_null(), "{repeat}");
        let local = link.strip_prefix("http://localhost").expect("our origin");
        let approve = [("answer", "approved"), ("name", ""), ("comment", "")];
        assert_eq!(cast.anonymous().post(local, &approve).await.status, 200);
        let nothing = json!({});
        let done = vera.post(&format!("/api/v1/orders/{order}/delivery"), &nothing).await.json();
        assert_eq!(done["data"]["state"], "delivered", "{done}");
        assert_eq!(done["data"]["prototypes"][0]["answer"], "approved");
        let late = json!({ "reason": "mistake" });
        let late = vera.post(&format!("/api/v1/orders/{order}/cancellation"), &late).await;
        assert_eq!(late.status, 409);
        assert_eq!(late.json()["error"]["code"], "order-closed");
        let listed = vera.get(&format!("{path}/orders")).await.json();
        assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
        let shown = vera.get(&path).await.json();
        let date = shown["data"]["dates"][0]["id"].as_str().expect("an id").to_owned();
        let removed = vera.post(&format!("/api/v1/dates/{date}/removal"), &nothing).await.json();
        assert_eq!(removed["data"]["dates"], json!([]));
        let end = json!({ "reason": "other" });
        assert_eq!(vera.post(&format!("{path}/end"), &end).await.status, 422);
        let end = json!({ "reason": "price" });
        let ended = vera.post(&format!("{path}/end"), &end).await.json();
        assert!(ended["data"]["ended_at"].is_string(), "{ended}");
        let sonya = cast.api("sonya").await;
        for hidden in [path.clone(), format!("{path}/orders"), format!("/api/v1/orders/{order}")] {
            assert_eq!(sonya.get(&hidden).await.status, 404, "{hidden}");
        }
    }
}
