//! The cockpit through the door, as a caller and their head use it.

use super::*;
use axum::http::StatusCode;

/// The value of a hidden field on a page.
fn hidden(body: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = body.split(&mark).nth(1).unwrap_or_else(|| panic!("no {name} in {body}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

both! {
    async fn a_caller_works_the_queue_on_screen(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let boris = floor.cast.client("boris").await;
        let desk = boris.get("/desk").await;
        assert!(desk.body.contains("Next company"), "{}", desk.body);
        let next = boris.post(&format!("/campaigns/{}/lease", floor.campaign), &[]).await;
        let lead = next.location.expect("leads to the company");
        let cockpit = boris.get(&lead).await;
        assert_eq!(cockpit.status, StatusCode::OK);
        assert!(cockpit.body.contains("href=\"tel:+7495"), "{}", cockpit.body);
        assert!(cockpit.body.contains("Good day, this is boris."), "{}", cockpit.body);
        assert_eq!(boris.get("/desk").await.location.as_deref(), Some(lead.as_str()));
        let generation = hidden(&cockpit.body, "generation");
        let calls = format!("{lead}/calls");
        let note = "мы <b>думаем</b>";
        let wrong = [("generation", generation.as_str()), ("outcome", "refusal"), ("note", note)];
        let again = boris.post(&calls, &wrong).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("мы &#60;b&#62;думаем"), "{}", again.body);
        let right = [
            ("generation", generation.as_str()),
            ("outcome", "refusal"),
            ("reason", "too_expensive"),
            ("note", "дорого"),
        ];
        let key = AnyId::fresh(floor.cast.clock.now()).to_string();
        let saved = boris.post_with_key(&calls, &right, &key).await;
        let other = saved.location.clone().expect("leads to the next company");
        assert!(other.starts_with("/leads/") && other != lead, "{other}");
        let twice = boris.post_with_key(&calls, &right, &key).await;
        assert_eq!(twice.location, saved.location, "a repeat answers the same");
        let cockpit = boris.get(&other).await;
        assert!(cockpit.body.contains("Take back"), "{}", cockpit.body);
        let story = boris.get(&lead).await;
        assert!(story.body.contains("refusal") && !story.body.contains("tel:"), "{}", story.body);
        let bella = floor.cast.client("bella").await;
        assert_eq!(bella.get(&lead).await.status, StatusCode::NOT_FOUND);
        assert_eq!(bella.get(&other).await.status, StatusCode::NOT_FOUND);
        let fields = [("generation", "1"), ("reason", "pause")];
        let strange = bella.post(&format!("{other}/release"), &fields).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
    }

    async fn a_time_in_words_is_read_back_before_it_is_saved(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let boris = floor.cast.client("boris").await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let cockpit = boris.get(&format!("/leads/{}", grant.lead)).await.body;
        let asks = format!("data-when=\"/leads/{}/when\"", grant.lead);
        assert!(cockpit.contains(&asks), "{cockpit}");
        let path = format!("/leads/{}/when?said=", grant.lead);
        for (said, told) in [
            ("tomorrow+10", "10:00"),
            ("yesterday+10", "This time has passed."),
            ("9999-12-31", "This is more than a year away."),
            ("perhaps", "When? For example"),
        ] {
            let answer = boris.get(&format!("{path}{said}")).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(answer.body.contains(told), "{said}: {}", answer.body);
        }
        assert!(boris.get(&format!("{path}tomorrow+10")).await.body.starts_with("Understood: "));
        assert_eq!(boris.get(&path).await.body, "");
        let grisha = floor.cast.client("grisha").await;
        assert_eq!(grisha.get(&path).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_late_result_is_refused_with_the_text_on_screen(t: TestDb) {
        let policy = CallingPolicy { lease_seconds: 60, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 1, policy).await;
        let boris = floor.cast.client("boris").await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        floor.cast.clock.advance_ms(61_000);
        floor.lease("bella", "1").await.expect("the same company");
        let fields = [
            ("generation", "1"),
            ("outcome", "qualified"),
            ("passport_who", "директор Зубов"),
            ("passport_need", "каталоги к выставке"),
            ("passport_next_step", "показать образцы"),
            ("meeting", "завтра 12"),
            ("meeting_place", "у них в офисе"),
            ("reentry", "в мае"),
            ("nurture", "через месяц"),
            ("note", "обещал подумать"),
        ];
        let late = boris.post(&format!("/leads/{}/calls", grant.lead), &fields).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("Your text is kept"), "{}", late.body);
        for (name, text) in fields.into_iter().filter(|(_, text)| !text.is_ascii()) {
            assert!(late.body.contains(text), "{name} is lost: {}", late.body);
        }
    }

    async fn a_result_that_cannot_be_taken_back_is_told_of_just_after(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let boris = floor.cast.client("boris").await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let fields = [("generation", "1"), ("outcome", "do_not_call")];
        let saved = boris.post(&format!("/leads/{}/calls", grant.lead), &fields).await;
        let next = saved.location.expect("leads to the next company");
        let cockpit = boris.get(&next).await.body;
        let told = ": do not call. This is not taken back: a head may lift the ban";
        assert!(cockpit.contains(told), "{cockpit}");
        assert!(!cockpit.contains("/reversal"), "{cockpit}");
        assert!(!cockpit.contains("class=\"left\""), "nothing is counted down: {cockpit}");
        floor.cast.clock.advance_ms(20_000);
        let later = boris.get(&next).await.body;
        assert!(!later.contains(told), "{later}");
    }

    async fn an_empty_queue_says_why_and_a_company_is_skipped_and_prolonged(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let boris = floor.cast.client("boris").await;
        let start = format!("/campaigns/{}/lease", floor.campaign);
        let lead = boris.post(&start, &[]).await.location.expect("a company");
        let renewed = boris.post(&format!("{lead}/renewal"), &[("generation", "1")]).await;
        assert_eq!(renewed.location.as_deref(), Some(lead.as_str()));
        let fields = [("generation", "1"), ("reason", "whim")];
        let why = boris.post(&format!("{lead}/release"), &fields).await;
        assert_eq!(why.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("generation", "1"), ("reason", "other")];
        let skipped = boris.post(&format!("{lead}/release"), &fields).await;
        assert_eq!(skipped.location.as_deref(), Some("/desk"));
        let dry = boris.post(&start, &[]).await;
        assert_eq!(dry.location.as_deref(), Some("/desk?dry=1"));
        let desk = boris.get("/desk?dry=1").await;
        assert!(desk.body.contains("Nobody can be called now"), "{}", desk.body);
        let anna = floor.cast.client("anna").await;
        let queue = anna.get(&format!("/campaigns/{}/queue", floor.campaign)).await;
        assert!(queue.body.contains("Nobody can be called now"), "{}", queue.body);
    }

    async fn the_head_watches_takes_back_and_passes_on(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let anna = floor.cast.client("anna").await;
        let queue = format!("/campaigns/{}/queue", floor.campaign);
        let page = anna.get(&queue).await;
        assert!(page.body.contains("held until"), "{}", page.body);
        let generation = hidden(&page.body, "generation");
        let seen = [("generation", generation.as_str())];
        let taken = anna.post(&format!("/leads/{}/return", grant.lead), &seen).await;
        assert_eq!(taken.location.as_deref(), Some(queue.as_str()));
        let again = floor.lease("boris", "2").await.expect("a company");
        let (callback, then) = ("через 2 ч".to_owned(), "pause".to_owned());
        let form = CallForm { callback, then, ..form("callback") };
        record(&floor, again, form).await.expect("recorded");
        let bella = floor.cast.id("bella").to_string();
        let path = format!("/leads/{}/reassignment", again.lead);
        let version = floor.lead(again.lead).await.version.to_string();
        let passed = anna.post(&path, &[("to", &bella), ("version", &version)]).await;
        assert_eq!(passed.location.as_deref(), Some(queue.as_str()));
        let page = anna.get(&queue).await;
        assert!(page.body.contains("promised"), "{}", page.body);
        assert!(anna.get(&format!("/leads/{}", again.lead)).await.body.contains("call again"));
        let gleb = floor.cast.client("gleb").await;
        assert_eq!(gleb.get(&queue).await.status, StatusCode::NOT_FOUND);
        let strange = gleb.post(&format!("/leads/{}/return", again.lead), &seen).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
        let desk = floor.cast.client("bella").await.get("/desk").await;
        assert!(desk.body.contains("Promised calls"), "{}", desk.body);
    }
}
