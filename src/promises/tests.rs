use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::events::{self, Kind};
use axum::http::StatusCode;
use serde_json::json;

#[test]
fn a_promise_is_answered_once_and_a_broken_one_says_why() {
    use PromiseState::*;
    let by = UserId::fresh(Instant(0));
    let promise = Promise {
        id: PromiseId::fresh(Instant(0)),
        number: 1,
        company: CompanyId::fresh(Instant(0)),
        campaign: None,
        words: "Send the offer".to_owned(),
        due_at: Instant(10),
        holder: by,
        holder_team: None,
        made_by: by,
        made_at: Instant(0),
        state: Open,
        note: String::new(),
        answered: None,
        version: 1,
    };
    for (from, to, note, expected) in [
        (Open, Kept, "", true),
        (Open, Released, "", true),
        (Open, Broken, " ", false),
        (Open, Broken, "The courier fell ill", true),
        (Open, Open, "", false),
        (Kept, Broken, "no", false),
        (Broken, Kept, "", false),
        (Released, Kept, "", false),
    ] {
        let before = Promise { state: from, ..promise.clone() };
        let answered = before.answer(by, to, note, Instant(20));
        assert_eq!(answered.is_ok(), expected, "{from:?} → {to:?}");
    }
    assert!(promise.is_overdue(Instant(11)) && !promise.is_overdue(Instant(10)));
}

#[test]
fn a_promise_has_words_and_a_day_that_can_come() {
    for (words, due_at, expected) in [
        ("Call on Tuesday", 1, vec![]),
        ("  ", 1, vec!["promise_words"]),
        ("Call", 0, vec!["promise_due"]),
        ("Call", 1_101 * DAY_MS, vec!["promise_due"]),
        (&"x".repeat(301), 0, vec!["promise_due", "promise_words"]),
    ] {
        let new = NewPromise {
            company: CompanyId::fresh(Instant(0)),
            campaign: None,
            words: words.to_owned(),
            due_at: Instant(due_at),
            holder: None,
        };
        let wrong: Vec<&str> = new.check(Instant(0)).0.into_keys().collect();
        assert_eq!(wrong, expected, "{words} {due_at}");
    }
}

/// Boris promises a company something for tomorrow.
async fn promise(cast: &Cast, company: CompanyId, words: &str) -> PromiseId {
    let act = cast.act("boris", words);
    let mut tx = act.db.begin().await.expect("begins");
    let due_at = act.now.plus_days(1);
    let new = NewPromise { company, campaign: None, words: words.to_owned(), due_at, holder: None };
    let id = actions::make_in(&mut tx, &act, new).await.expect("a promise");
    tx.commit().await.expect("kept");
    id
}

/// A company that Sonya leads.
async fn led_by_sonya(cast: &Cast) -> CompanyId {
    let act = cast.act("sonya", "add");
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewCompany { name: "School 5".to_owned(), ..NewCompany::default() };
    let company = companies::actions::add_in(&mut tx, &act, new).await.expect("a company");
    let lead = Some(cast.id("sonya"));
    companies::actions::set_lead_in(&mut tx, &act, company, lead, 2).await.expect("led");
    tx.commit().await.expect("kept");
    company
}

#[test]
fn an_answer_of_a_passport_may_promise_nothing() {
    for nothing in
        ["", " ", "-", "—", "нет", "Ничего.", "ничего не обещали", "Nothing", "none!", "n/a"]
    {
        assert_eq!(told_in(nothing), None, "{nothing}");
    }
    let said = "Нет, но прислать каталог до пятницы";
    assert_eq!(told_in(&format!("  {said} ")).as_deref(), Some(said));
    assert_eq!(told_in("каталог\r\nи образцы").as_deref(), Some("каталог\nи образцы"));
    assert_eq!(told_in(&"я".repeat(400)).expect("a promise").chars().count(), WORDS_MAX);
}

both! {
    async fn promises_travel_with_the_client_and_are_kept_by_who_leads_them(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = CompanyId::fresh(cast.clock.now());
        let first = promise(&cast, company, "Send the offer").await;
        let second = promise(&cast, company, "Bring a sample").await;
        let act = cast.act("boris", "pass");
        let mut tx = act.db.begin().await.expect("begins");
        let to = cast.id("sonya");
        assert_eq!(actions::pass_in(&mut tx, &act, company, to).await.expect("passed"), 2);
        assert_eq!(actions::pass_in(&mut tx, &act, company, to).await.expect("again"), 0);
        tx.commit().await.expect("kept");
        let (boris, sonya) = (cast.viewer("boris").await, cast.viewer("sonya").await);
        let kept = PromiseState::Kept;
        let late = actions::answer(&cast.act("boris", "late"), &boris, first, kept, "").await;
        assert!(matches!(late, Err(Error::NotFound)), "{late:?}");
        for _ in 0..2 {
            let act = cast.act("sonya", "kept");
            actions::answer(&act, &sonya, first, kept, "").await.expect("kept");
        }
        let again = actions::answer(&cast.act("sonya", "again"), &sonya, first, kept, "").await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        let mut tx = cast.app.db.read().await.expect("reads");
        let open = actions::list_open(&mut tx, cast.org, company).await.expect("reads");
        assert_eq!(open.iter().map(|p| (p.id, p.holder)).collect::<Vec<_>>(), [(second, to)]);
        let story = events::list_for_subject(&mut tx, cast.org, &first.to_string()).await;
        let told: Vec<_> = story.expect("it").iter().map(|e| (e.kind, e.person)).collect();
        let (boris, sonya) = (Some(cast.id("boris")), Some(to));
        assert_eq!(told, [(Kind::PromiseMade, boris), (Kind::PromiseKept, sonya)]);
        let story = events::list_for_subject(&mut tx, cast.org, &company.to_string()).await;
        let passed: Vec<_> = story.expect("it").into_iter().map(|e| (e.kind, e.detail)).collect();
        let one = |id: PromiseId| json!({ "promise": id, "before": cast.id("boris") });
        let both = [one(first), one(second)];
        assert_eq!(passed, [(Kind::PromisesPassed, json!({ "promises": both }))]);
    }

    async fn the_story_tells_in_their_words_which_promises_were_passed(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = led_by_sonya(&cast).await;
        for words in ["Send the offer", "Bring a sample"] {
            promise(&cast, company, words).await;
        }
        let act = cast.act("sonya", "pass");
        let mut tx = act.db.begin().await.expect("begins");
        actions::pass_in(&mut tx, &act, company, cast.id("vera")).await.expect("passed");
        tx.commit().await.expect("kept");
        let path = format!("/companies/{company}/story");
        let story = cast.client("sonya").await.get(&path).await.body;
        let passed = story.split("Promises kept from now on").nth(1).unwrap_or_default();
        let line = passed.split('<').next().unwrap_or_default();
        for words in ["Send the offer", "Bring a sample"] {
            assert!(line.contains(words), "{line}: {story}");
            assert!(story.contains(&format!("Promised: {words}")), "{words}: {story}");
        }
    }

    async fn who_leads_a_client_promises_and_answers_on_its_pages(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = led_by_sonya(&cast).await;
        let path = format!("/companies/{company}/promises");
        let sonya = cast.client("sonya").await;
        for (words, due, said) in [
            ("", "2026-11-10", "Please fill this in"),
            ("Send the offer", "", "Please fill this in"),
            ("Send the offer", "2026-02-31", "There is no such date"),
            ("Send the offer", "2026-10-30", "has passed"),
        ] {
            let fields = [("promise_words", words), ("promise_due", due)];
            let wrong = sonya.post(&path, &fields).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{words} {due}");
            assert!(wrong.body.contains(said), "{said}: {}", wrong.body);
            assert!(wrong.body.contains(&format!(">{words}</textarea>")), "{}", wrong.body);
        }
        let fields = [("promise_words", "Send the offer"), ("promise_due", "2026-11-10T12:00"),
            ("back", "//evil")];
        for _ in 0..2 {
            let made = sonya.post_with_key(&path, &fields, "same").await;
            assert_eq!(made.location.as_deref(), Some(path.as_str()), "{}", made.body);
        }
        let vera = cast.client("vera").await;
        assert_eq!(vera.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(vera.post(&path, &fields).await.status, StatusCode::NOT_FOUND);
        let mut tx = cast.app.db.read().await.expect("reads");
        let open = actions::list_open(&mut tx, cast.org, company).await.expect("reads");
        drop(tx);
        assert_eq!(open.len(), 1);
        let answer = format!("/promises/{}/answer", open[0].id);
        let strange = vera.post(&answer, &[("state", "kept")]).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
        let mine = sonya.get("/promises").await.body;
        assert!(mine.contains("Send the offer") && !mine.contains('⟦'), "{mine}");
        for back in ["/promises?view=mine", &path] {
            let fields = [("state", "broken"), ("note", " "), ("back", back)];
            let why = sonya.post(&answer, &fields).await;
            assert_eq!(why.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(why.body.contains("Say why the promise was broken"), "{}", why.body);
        }
        let fields = [("state", "broken"), ("note", "The courier fell ill"), ("back", "/promises")];
        assert_eq!(sonya.post(&answer, &fields).await.status, StatusCode::SEE_OTHER);
        let again = sonya.post(&answer, &[("state", "kept"), ("back", "/promises")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        for (login, view) in [("sonya", "answered"), ("sergei", "answered"), ("olga", "team")] {
            let page = cast.client(login).await.get(&format!("/promises?view={view}")).await;
            assert_eq!(page.status, StatusCode::OK);
            let sees = page.body.contains("The courier fell ill");
            assert_eq!(sees, view == "answered", "{login}: {}", page.body);
        }
    }

    async fn who_leads_a_client_promises_and_answers_over_the_api(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = led_by_sonya(&cast).await;
        let api = cast.api("sonya").await;
        let path = format!("/api/v1/companies/{company}/promises");
        let body = json!({ "words": "Call on Tuesday", "due_at": "2026-11-03" });
        let made = api.post(&path, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let id = made.json()["data"]["promise"].as_str().expect("an id").to_owned();
        let open = api.get("/api/v1/promises").await.json();
        assert_eq!(open["data"][0]["due_at"], "2026-11-03T15:00:00Z", "the end of the day's work");
        let answer = format!("/api/v1/promises/{id}/answer");
        let kept = api.post(&answer, &json!({ "state": "kept" })).await.json();
        assert_eq!(kept["data"]["state"], "kept");
        let all = api.get(&path).await.json();
        assert_eq!(all["data"].as_array().map(Vec::len), Some(1));
        let strange = cast.api("vera").await.get(&path).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
    }
}
