//! Calls that come in: who hears of them, and who does not.

use super::*;
use crate::companies;
use crate::telephony::port::News;
use crate::telephony::rig::Played;
use crate::telephony::store::incoming as store;

fn comes(call: &str, event: &str, second: i64) -> Value {
    of(call, event, "in", second)
}

/// What a person's pages say of calls.
async fn hears(cast: &Cast, login: &str) -> Vec<(String, String)> {
    let all = cast.api(login).await.get("/api/v1/incoming-calls").await;
    assert_eq!(all.status, 200, "{}", all.body);
    assert!(!all.body.contains("4951000000"), "no number is told: {}", all.body);
    let rows = all.json()["data"].as_array().expect("rows").clone();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    rows.iter().map(|row| (text(row, "company"), text(row, "state"))).collect()
}

async fn led_by(cast: &Cast, company: CompanyId, login: Option<&str>, key: &str) {
    let act = cast.act("olga", key);
    let mut tx = act.db.begin().await.expect("begins");
    let lead = login.map(|login| cast.id(login));
    companies::actions::set_lead_in(&mut tx, &act, company, lead, 2).await.expect("is led");
    tx.commit().await.expect("commits");
}

both! {
    async fn who_holds_a_company_hears_that_it_calls_and_opens_its_card(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[]).await;
        let boris = cast.client("boris").await;
        assert!(!boris.get("/desk").await.body.contains("toast\"><span><b>"));
        let mut started = comes("i1", "started", 0);
        started["extension"] = json!(null);
        office.tells(started.clone()).await;
        office.tells(started).await;
        let company = grant.company.to_string();
        assert_eq!(hears(cast, "boris").await, [(company.clone(), "rings".to_owned())]);
        for login in ["bella", "grisha", "anna", "sonya"] {
            assert!(hears(cast, login).await.is_empty(), "{login} is not concerned");
        }
        let page = boris.get("/settings").await.body;
        assert!(page.contains("Ромашка 0") && page.contains("is calling"), "{page}");
        assert!(page.contains("/live?topics=incoming:"), "{page}");
        let told = floor.events(Kind::CallCameIn).await;
        let [one] = told.as_slice() else { panic!("one: {told:?}") };
        assert_eq!((one.company, one.person), (Some(grant.company), Some(cast.id("boris"))));
        assert!(!one.detail.to_string().contains("495"), "{:?}", one.detail);
        let path = format!("/calling/{}", one.subject);
        let bella = cast.client("bella").await;
        assert_eq!(bella.post(&path, &[]).await.status, 404, "it is not hers");
        let to = boris.post(&path, &[]).await.location;
        assert_eq!(to, Some(format!("/leads/{}", grant.lead)));
        assert!(hears(cast, "boris").await.is_empty(), "who went to it is told no more");
        assert_eq!(floor.events(Kind::CallSeen).await.len(), 1);
        assert_eq!(boris.post(&path, &[]).await.status, 303, "a repeat changes nothing");
        assert_eq!(floor.events(Kind::CallSeen).await.len(), 1);
    }

    async fn who_leads_a_company_goes_before_who_called_it_last(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        file(&floor, grant, "file").await;
        for (who, has) in [("boris", true), ("bella", false)] {
            let mut tx = cast.app.db.read().await.expect("reads");
            let called = store::has_called(&mut tx, cast.org, (cast.id(who), grant.lead)).await;
            assert_eq!(called.expect("reads"), has, "{who}");
        }
        let office = Office::open(cast, &[]).await;
        let call = async |name: &str| office.tells(comes(name, "started", 0)).await;
        led_by(cast, grant.company, Some("sonya"), "lead").await;
        call("i1").await;
        assert_eq!(hears(cast, "sonya").await.len(), 1);
        assert!(hears(cast, "boris").await.is_empty());
        let sonya = cast.client("sonya").await;
        let told = floor.events(Kind::CallCameIn).await;
        let to = sonya.post(&format!("/calling/{}", told[0].subject), &[]).await.location;
        assert_eq!(to, Some(format!("/companies/{}", grant.company)));
        // Nobody leads it, and the lease is his still.
        led_by(cast, grant.company, None, "nobody").await;
        call("i2").await;
        assert_eq!(hears(cast, "boris").await.len(), 1);
        // Who was shut out hears nothing, and nobody stands in for them.
        let out = cast.act("alla", "out");
        crate::people::actions::disable_user(&out, cast.id("boris")).await.expect("is out");
        call("i3").await;
        assert_eq!(floor.events(Kind::CallCameIn).await.len(), 2);
    }

    async fn whose_phone_rings_hears_of_what_they_may_know(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let phones = [("101", "bella"), ("102", "anna"), ("103", "boris")];
        let office = Office::open(cast, &phones).await;
        let ring = async |call: &str, extension: &str| {
            let mut told = comes(call, "ringing", 0);
            told["extension"] = json!(extension);
            office.tells(told).await;
        };
        // Bella may not know of what Boris holds; his head may.
        ring("i1", "101").await;
        assert!(hears(cast, "bella").await.is_empty());
        assert_eq!(hears(cast, "boris").await.len(), 1, "who holds it hears all the same");
        ring("i2", "102").await;
        assert_eq!(hears(cast, "anna").await.len(), 1);
        // His own phone rings, and he is told once.
        ring("i3", "103").await;
        let of_boris = floor.events(Kind::CallCameIn).await;
        let of_boris = of_boris.iter().filter(|event| event.person == Some(cast.id("boris")));
        assert_eq!(of_boris.count(), 3);
        // A call that rings at several phones is told at each, whichever is told first.
        ring("i6", "103").await;
        ring("i6", "102").await;
        assert_eq!(hears(cast, "anna").await.len(), 2);
        let mut strange = comes("i4", "started", 0);
        strange["number"] = json!("+74959999999");
        office.tells(strange).await;
        let mut hidden = comes("i5", "started", 0);
        hidden["number"] = json!(null);
        office.tells(hidden).await;
        assert_eq!(floor.events(Kind::CallCameIn).await.len(), 6, "strangers are nobody's");
        assert_eq!(grant.company, floor.companies[0]);
    }

    async fn how_a_call_went_is_told_and_what_is_late_is_no_call(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[("101", "boris")]).await;
        office.tells(comes("i1", "ringing", 0)).await;
        office.tells(comes("i1", "answered", 5)).await;
        let states = async || -> Vec<String> {
            hears(cast, "boris").await.into_iter().map(|(_, state)| state).collect()
        };
        assert_eq!(states().await, ["talks"]);
        let mut ended = comes("i1", "ended", 30);
        ended["seconds"] = json!(25);
        office.tells(ended).await;
        assert_eq!(states().await, ["over"]);
        office.tells(comes("i2", "ringing", 40)).await;
        let mut none = comes("i2", "ended", 60);
        none["cause"] = json!("no_answer");
        office.tells(none).await;
        assert_eq!(states().await, ["missed", "over"]);
        // The end comes first, and nobody is told of a call that is over.
        let mut over = comes("i3", "ended", 61);
        over["cause"] = json!("no_answer");
        office.tells(over).await;
        office.tells(comes("i3", "ringing", 41)).await;
        assert_eq!(states().await.len(), 2);
        // Ten minutes late.
        cast.clock.advance_ms(11 * MINUTE_MS);
        office.tells(comes("i4", "ringing", 0)).await;
        assert_eq!(floor.events(Kind::CallCameIn).await.len(), 2);
        cast.clock.advance_ms(15 * MINUTE_MS);
        assert!(states().await.is_empty(), "what nobody put away goes by itself");
    }

    async fn the_api_lists_more_calls_than_a_page_shows_at_once(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[]).await;
        for n in 0..7 {
            let mut started = comes(&format!("i{n}"), "started", 0);
            started["extension"] = json!(null);
            office.tells(started).await;
        }
        assert_eq!(hears(cast, "boris").await.len(), 7);
        let page = cast.client("boris").await.get("/settings").await.body;
        assert_eq!(page.matches("toast\"><span><b>").count(), 5, "{page}");
        assert_eq!(hears(cast, "boris").await[0].0, grant.company.to_string());
    }

    async fn a_call_at_the_trunk_is_told_once(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let cast = &floor.cast;
        let mut exchange = rig::connect(cast, Played::default(), &["boris"]).await;
        for number in ["74951000000", "+74951000000", "anonymous", ""] {
            exchange.note(News::Incoming(number.to_owned()));
        }
        exchange.step().await.expect("a step");
        assert_eq!(floor.events(Kind::CallCameIn).await.len(), 1);
        let told = hears(cast, "boris").await;
        assert_eq!(told.len(), 1);
        let api = cast.api("boris").await;
        let one = floor.events(Kind::CallCameIn).await[0].subject.clone();
        let away = format!("/api/v1/incoming-calls/{one}/removal");
        assert_eq!(cast.api("bella").await.post(&away, &json!({})).await.status, 404);
        assert_eq!(api.post(&away, &json!({})).await.status, 200);
        assert!(hears(cast, "boris").await.is_empty());
        let quiet = cast.client("boris").await.get("/calling").await;
        assert!(quiet.body.contains("Nobody calls just now"), "{}", quiet.body);
    }

    async fn a_number_of_many_says_nothing(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let cast = &floor.cast;
        for number in 0..20 {
            let mut company = floor::company(500 + number);
            company.phones[0].phone = Phone::stored("+74951000000".to_owned(), None);
            floor::add_one(cast, &company).await;
        }
        let office = Office::open(cast, &[("101", "boris")]).await;
        office.tells(comes("i1", "ringing", 0)).await;
        assert!(floor.events(Kind::CallCameIn).await.is_empty());
    }

    async fn nobody_is_told_of_another_s_calls(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let cast = &floor.cast;
        let office = Office::open(cast, &[]).await;
        let boris = cast.client("boris").await;
        let stream = |login: &str| format!("/live?topics=incoming:{}", cast.id(login));
        let mut own = boris.listen(&stream("boris")).await;
        let mut other = cast.client("bella").await.listen(&stream("boris")).await;
        let first = async |stream: &mut axum::body::BodyDataStream| {
            use futures_util::StreamExt as _;
            let next = stream.next().await.expect("a notice").expect("a notice");
            String::from_utf8_lossy(&next).into_owned()
        };
        assert!(first(&mut own).await.contains("beat"));
        assert!(first(&mut other).await.contains("beat"));
        office.tells(comes("i1", "started", 0)).await;
        assert!(first(&mut own).await.contains("incoming:"));
        // At her next beat nothing of his has come in between.
        assert!(first(&mut other).await.contains("beat"));
    }
}
