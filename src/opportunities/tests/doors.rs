//! Through the door: pages and API.

use axum::http::StatusCode;
use serde_json::json;

use super::*;

const KEPT: [(&str, &str); 6] = [
    ("version", "1"),
    ("need", "10 signs"),
    ("amount", "120 000,50"),
    ("next_step", "send the offer"),
    ("next_step_at", "2026-11-03T12:00"),
    ("expected_close_on", "2026-11-20"),
];

both! {
    async fn a_seller_works_an_opportunity_to_its_contract(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "sonya", "Лён & Ко").await;
        let sonya = cast.client("sonya").await;
        let page = format!("/opportunities/{id}");
        let board = sonya.get("/pipeline").await;
        assert!(board.body.contains("Лён &#38; Ко") && board.body.contains("no next step"));
        let shown = sonya.get(&page).await;
        assert!(shown.body.contains("100 000") && shown.body.contains("colour"), "{}", shown.body);
        let term = [r#"name="term_from" type="date" required value="2026-11-02""#,
            r#"name="term_to" type="date" required value="2027-11-01""#];
        assert!(term.iter().all(|field| shown.body.contains(field)), "{}", shown.body);
        let kept = sonya.post(&format!("{page}/details"), &KEPT).await;
        assert_eq!((kept.status, kept.location.as_deref()), (StatusCode::SEE_OTHER, Some(&*page)));
        assert!(sonya.get(&page).await.body.contains("₽120,000.50"));
        let promise = [("promise_words", "a sketch"), ("promise_due", "2026-11-04T15:00")];
        let made = sonya.post(&format!("{page}/promises"), &promise).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        assert!(sonya.get(&page).await.body.contains("a sketch"));
        let past = [("promise_words", "a sketch"), ("promise_due", "2026-10-04T15:00")];
        let refused = sonya.post(&format!("{page}/promises"), &past).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let moved = [("version", "2"), ("stage", "offer"), ("who", "mine")];
        let moved = sonya.post(&format!("{page}/stage"), &moved).await;
        let back = moved.location.expect("back to the board");
        assert_eq!(back, format!("/pipeline?who=mine&undo={id}"));
        assert!(sonya.get(&back).await.body.contains("stage-reversal"), "an undo is offered");
        cast.clock.advance_ms(UNDO_MS + 1);
        assert!(!sonya.get(&back).await.body.contains("stage-reversal"), "not for ever");
        let table = sonya.get("/opportunities?mark=stuck").await;
        assert!(table.body.contains("no such opportunities"), "{}", table.body);
        let won = [
            ("version", "3"),
            ("value", "90 000"),
            ("term_from", "2026-11-10"),
            ("term_to", "2027-11-09"),
        ];
        let won = sonya.post(&format!("{page}/win"), &won).await;
        assert_eq!(won.status, StatusCode::SEE_OTHER, "{}", won.body);
        assert!(won.location.expect("on to the contract").starts_with("/contracts/"));
        assert!(sonya.get(&page).await.body.contains("Open the contract"));
    }

    async fn what_is_missing_is_told_on_the_board_and_on_the_page(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "sonya", "Лён").await;
        let sonya = cast.client("sonya").await;
        let path = format!("/opportunities/{id}/stage");
        let board = [("version", "1"), ("stage", "offer"), ("who", "mine")];
        for fields in [&board[..], &board[..2]] {
            let refused = sonya.post(&path, fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.body.contains("wants an amount"), "{}", refused.body);
            assert!(refused.body.contains("wants a next step"), "{}", refused.body);
        }
        let stale = [("version", "7"), ("stage", "offer"), ("who", "mine")];
        let refused = sonya.post(&path, &stale).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("changed this opportunity while"), "{}", refused.body);
    }

    async fn absurd_input_is_given_back_with_a_sentence(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "sonya", "Лён").await;
        let sonya = cast.client("sonya").await;
        let long = "щ".repeat(10_000);
        let details = |name: &'static str, value: &'static str| {
            let mut fields = KEPT.to_vec();
            fields.retain(|(n, _)| *n != name);
            fields.push((name, value));
            fields
        };
        for (name, value, sentence) in [
            ("amount", "99999999999999999999", "too large"),
            ("amount", "-5", "negative"),
            ("amount", "0", "more than nought"),
            ("amount", "much", "1,234.50"),
            ("next_step_at", "1066-10-14T09:00", "too far"),
            ("expected_close_on", "2060-01-01", "too far"),
            ("expected_close_on", "2026-02-30", "no such date"),
            ("next_step", "", "Fill this in"),
        ] {
            let path = format!("/opportunities/{id}/details");
            let refused = sonya.post(&path, &details(name, value)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
            assert!(refused.body.contains("10 signs"), "the typed text is kept");
            let told = refused.body.to_lowercase().contains(&sentence.to_lowercase());
            assert!(told, "{name} {value}: {}", refused.body);
        }
        let loss = [("version", "1"), ("reason", "price"), ("note", long.as_str())];
        let refused = sonya.post(&format!("/opportunities/{id}/loss"), &loss).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&long), "the typed note is kept");
        let blank = [("version", "1"), ("reason", ""), ("note", "")];
        let refused = sonya.post(&format!("/opportunities/{id}/loss"), &blank).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(seen(&cast, "sonya", id).await.expect("seen").version, 1);
    }

    async fn what_was_being_typed_comes_back_until_it_is_saved(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "sonya", "Лён").await;
        let (sonya, page) = (cast.client("sonya").await, format!("/opportunities/{id}"));
        let draft = async |scope: &str, body: &str| {
            let fields = [("scope", format!("{scope}:{id}")), ("body", body.to_owned())];
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            assert_eq!(sonya.post("/drafts", &fields).await.status, StatusCode::OK);
        };
        draft("opportunity", r#"{"version":"1","need":"half a sen"}"#).await;
        draft("loss", r#"{"reason":"price","note":"they sai"}"#).await;
        let shown = sonya.get(&page).await.body;
        assert!(shown.contains("half a sen") && shown.contains("they sai"), "{shown}");
        let head = cast.client("sergei").await.get(&page).await.body;
        assert!(!head.contains("half a sen"), "a draft is one's own");
        sonya.post(&format!("{page}/details"), &KEPT).await;
        let shown = sonya.get(&page).await.body;
        assert!(!shown.contains("half a sen") && shown.contains("they sai"), "{shown}");
        let lost = [("version", "2"), ("reason", "price"), ("note", "they said no")];
        sonya.post(&format!("{page}/loss"), &lost).await;
        sonya.post(&format!("{page}/reopening"), &[("version", "3")]).await;
        assert!(!sonya.get(&page).await.body.contains("they sai"));
    }

    async fn strangers_do_not_learn_that_it_is_there(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "sonya", "Лён").await;
        let moved = [("version", "1"), ("stage", "offer")];
        for (login, expected) in [
            ("sonya", StatusCode::OK),
            ("sergei", StatusCode::OK),
            ("olga", StatusCode::OK),
            ("semyon", StatusCode::NOT_FOUND),
            ("hunter", StatusCode::NOT_FOUND),
            ("anna", StatusCode::NOT_FOUND),
            ("vadim", StatusCode::NOT_FOUND),
            ("boris", StatusCode::NOT_FOUND),
            ("vera", StatusCode::NOT_FOUND),
            ("pavel", StatusCode::NOT_FOUND),
            ("prokhor", StatusCode::NOT_FOUND),
        ] {
            let client = cast.client(login).await;
            let shown = client.get(&format!("/opportunities/{id}")).await;
            assert_eq!(shown.status, expected, "{login}");
            if expected == StatusCode::NOT_FOUND {
                let refused = client.post(&format!("/opportunities/{id}/stage"), &moved).await;
                assert_eq!(refused.status, expected, "{login}");
                let board = client.get("/pipeline").await;
                assert!(!board.body.contains("Лён"), "{login}");
            }
        }
        assert_eq!(seen(&cast, "sonya", id).await.expect("seen").version, 1);
    }

    async fn a_hunter_leads_what_is_theirs(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "hunter", "Лён").await;
        let hunter = cast.client("hunter").await;
        assert!(hunter.get("/pipeline").await.body.contains("Лён"));
        let kept = hunter.post(&format!("/opportunities/{id}/details"), &KEPT).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
        let lost = [("version", "2"), ("reason", "silent"), ("note", "no answer since May")];
        let lost = hunter.post(&format!("/opportunities/{id}/loss"), &lost).await;
        assert_eq!(lost.status, StatusCode::SEE_OTHER, "{}", lost.body);
        let page = hunter.get(&format!("/opportunities/{id}")).await;
        assert!(page.body.contains("stopped answering") && page.body.contains("since May"));
        let path = format!("/opportunities/{id}/reopening");
        let back = hunter.post(&path, &[("version", "3")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
    }

    async fn what_the_caller_agreed_stands_on_the_page_of_the_seller(t: TestDb) {
        let cast = Cast::gather(t).await;
        let contact = companies::NewContact {
            name: "Director Maria".to_owned(),
            role: None,
            is_decision_maker: true,
        };
        let new = NewCompany { contacts: vec![contact], ..crate::leads::floor::company(0) };
        let company = crate::leads::floor::add_one(&cast, &new).await;
        let act = cast.act("sonya", "open");
        let mut tx = act.db.begin().await.expect("begins");
        let led = companies::actions::set_lead_in(&mut tx, &act, company, act.actor, 2);
        led.await.expect("is led");
        let booked = crate::meetings::NewMeeting {
            company,
            campaign: None,
            lead: None,
            contact: None,
            booker: cast.id("boris"),
            host: Some(cast.id("sonya")),
            starts_at: act.now.plus_days(1),
            minutes: 30,
            place: "At their office".to_owned(),
        };
        crate::meetings::actions::book_in(&mut tx, &act, booked).await.expect("booked");
        let new = NewOpportunity {
            company,
            campaign: None,
            handoff: None,
            owner: cast.id("sonya"),
            team: cast.viewer("sonya").await.user.team,
            is_upsell: false,
            need: String::new(),
            passport: json!({ "promises": "send samples", "next_step": "Show samples" }),
            next: None,
        };
        let id = actions::open_in(&mut tx, &act, new).await.expect("opens");
        tx.commit().await.expect("commits");
        let (sonya, page) = (cast.client("sonya").await, format!("/opportunities/{id}"));
        let shown = sonya.get(&page).await.body;
        for said in [
            "At their office",
            "Director Maria",
            "href=\"tel:+7",
            "promised without a day",
            r#"name="next_step" value="Show samples""#,
        ] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        let head = cast.client("sergei").await.get(&page).await.body;
        assert!(head.contains("Director Maria") && !head.contains("tel:+7"), "{head}");
        let move_on = [("stage", "meeting"), ("version", "1")];
        let undated = sonya.post(&format!("{page}/stage"), &move_on).await;
        assert_eq!(undated.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(undated.body.contains("next_step_at-e"), "the day is marked: {}", undated.body);
        assert!(!undated.body.contains("next_step-e"), "the step is there: {}", undated.body);
        let step = [("version", "1"), ("next_step", "Show samples"), ("need", "10 signs"),
            ("next_step_at", "2026-11-04T15:00"), ("amount", ""), ("expected_close_on", "")];
        let kept = sonya.post(&format!("{page}/details"), &step).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
        let told = sonya.get(&page).await.body;
        assert!(told.contains("Details set: next step, day of the next step, need"), "{told}");
        let story = sonya.get(&format!("/companies/{company}/story")).await.body;
        assert!(story.contains("details updated: next step, day of"), "{story}");
        let dated = [("promise_words", "send samples"), ("promise_due", "2026-11-04T15:00")];
        let made = sonya.post(&format!("{page}/promises"), &dated).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let shown = sonya.get(&page).await.body;
        assert!(!shown.contains("promised without a day"), "it has a day now: {shown}");
    }

    async fn the_api_does_what_the_pages_do(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "sonya", "Лён").await;
        let api = cast.api("sonya").await;
        let path = format!("/api/v1/opportunities/{id}");
        assert_eq!(api.get("/api/v1/stages").await.json()["data"][0]["code"], "new");
        let rows = api.get("/api/v1/opportunities?state=open&limit=1").await.json();
        assert_eq!(rows["data"][0]["marks"], json!(["no_step"]));
        let kept = json!({
            "version": 1, "need": "10 signs", "next_step": "call",
            "amount": { "minor": 12_000_000, "currency": "RUB" },
            "next_step_at": "2026-11-03T09:00:00Z", "expected_close_on": "2026-11-20",
        });
        let mut far = kept.clone();
        far["next_step_at"] = json!("1066-10-14T09:00:00Z");
        let far = api.post(&format!("{path}/details"), &far).await;
        assert_eq!(far.json()["error"]["fields"]["next_step_at"]["code"], "date-out-of-range");
        let kept = api.post(&format!("{path}/details"), &kept).await;
        assert_eq!(kept.json()["data"]["version"], 2, "{}", kept.body);
        let move_on = json!({ "version": 2, "stage": "offer" });
        let moved = api.post_with_key(&format!("{path}/stage"), &move_on, "k").await;
        assert_eq!(moved.json()["data"]["version"], 3);
        let again = api.post_with_key(&format!("{path}/stage"), &move_on, "k").await;
        assert_eq!(again.json()["data"]["version"], 3, "a retry has one effect");
        let undone = api.post(&format!("{path}/stage-reversal"), &json!({})).await;
        assert_eq!(undone.json()["data"]["version"], 4);
        let lost = json!({ "version": 4, "reason": "weather", "note": "rain" });
        let lost = api.post(&format!("{path}/loss"), &lost).await;
        assert_eq!(lost.json()["error"]["fields"]["reason"]["code"], "unknown-choice");
        let lost = json!({ "version": 4, "reason": "timing", "note": "in May" });
        assert_eq!(api.post(&format!("{path}/loss"), &lost).await.json()["data"]["version"], 5);
        let back = api.post(&format!("{path}/reopening"), &json!({ "version": 5 })).await;
        assert_eq!(back.json()["data"]["version"], 6);
        let win = json!({
            "version": 6, "value": { "minor": 9_000_000, "currency": "RUB" },
            "term_from": "2026-11-10", "term_to": "2027-11-09",
        });
        let mut foreign = win.clone();
        foreign["value"]["currency"] = json!("EUR");
        let foreign = api.post(&format!("{path}/win"), &foreign).await;
        assert_eq!(
            foreign.json()["error"]["fields"]["value"]["code"],
            "other-currency-of-firm",
            "reports add up the firm's own currency"
        );
        let won = api.post(&format!("{path}/win"), &win).await;
        assert_eq!(won.status, StatusCode::CREATED, "{}", won.body);
        let shown = api.get(&path).await.json();
        assert_eq!(shown["data"]["state"], "won");
        assert_eq!(shown["data"]["contract"], won.json()["data"]["contract"]);
        let twice = json!({ "version": 7, "stage": "new" });
        let refused = api.post(&format!("{path}/stage"), &twice).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(refused.json()["error"]["code"], "opportunity-already-won");
    }
}
