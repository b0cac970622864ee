use axum::http::StatusCode;
use serde_json::json;

use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::events::{self, Kind};
use crate::promises::{self, NewPromise};
use crate::storage::testing::MONDAY;
use crate::web::Cursor;

fn new_task(person: UserId, now: Instant) -> NewTask {
    NewTask {
        person,
        company: None,
        what: "Send the brief".to_owned(),
        due_at: now.plus_days(1),
        origin: Origin::Person,
        once: None,
    }
}

/// A task that a person wrote down for themselves.
async fn task(cast: &Cast, login: &str, what: &str, due_at: Instant) -> TaskId {
    let viewer = cast.viewer(login).await;
    let act = cast.act(login, &format!("task:{what}"));
    let new = NewTask { what: what.to_owned(), due_at, ..new_task(cast.id(login), act.now) };
    actions::add(&act, &viewer, new).await.expect("adds")
}

async fn listed(cast: &Cast, login: &str, choice: (View, Whose)) -> Vec<String> {
    let viewer = cast.viewer(login).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let now = cast.clock.now();
    let list = actions::list(&mut tx, &viewer, choice, &Cursor::default(), now).await;
    list.expect("lists").rows.into_iter().map(|task| task.what).collect()
}

fn open(now: Instant) -> Task {
    Task {
        id: TaskId::fresh(now),
        number: 1,
        person: UserId::fresh(now),
        team: None,
        company: None,
        what: String::new(),
        origin: Origin::Person,
        due_at: now,
        put_off_count: 0,
        made_at: now,
        done_at: None,
        version: 1,
    }
}

#[test]
fn a_task_is_done_once_and_then_stays_as_it_is() {
    let task = open(MONDAY);
    let done = task.done(MONDAY).expect("done");
    assert_eq!(done.done(MONDAY).err(), Some(TaskRefusal::AlreadyDone));
    let later = done.put_off(MONDAY.plus_days(1), MONDAY);
    assert!(matches!(later, Err(Error::Refused(_))), "{later:?}");
    assert_eq!(done.passed(UserId::fresh(MONDAY), None).err(), Some(TaskRefusal::AlreadyDone));
    assert_eq!(task.passed(task.person, None).err(), Some(TaskRefusal::AlreadyTheirs));
    assert!(!task.is_overdue(MONDAY) && task.is_overdue(MONDAY.plus_ms(1)));
    assert!(!done.is_overdue(MONDAY.plus_days(9)));
}

#[test]
fn absurd_times_and_texts_are_not_taken() {
    for (what, due_at, field) in [
        ("call", MONDAY, None),
        ("call", MONDAY.plus_ms(-1), Some("due")),
        ("call", MONDAY.plus_days(1_831), Some("due")),
        ("call", Instant(i64::MAX), Some("due")),
        ("call", Instant(i64::MIN), Some("due")),
        (" \n", MONDAY, Some("what")),
    ] {
        let found = match check(what, due_at, MONDAY) {
            Err(Error::Invalid(fields)) => fields.0.keys().next().copied(),
            _ => None,
        };
        assert_eq!(found, field, "{what} {due_at:?}");
    }
    assert!(check(&"я".repeat(500), MONDAY, MONDAY).is_ok());
    assert!(check(&"я".repeat(501), MONDAY, MONDAY).is_err());
}

#[test]
fn the_place_of_a_page_is_read_as_it_was_written() {
    let place = Place(MONDAY, TaskId::fresh(MONDAY));
    assert_eq!(Place::parse(&place.text()), Some(place));
    for damaged in ["", "x", "1.", ".1", "1.2", "99999999999999999999.x"] {
        assert_eq!(Place::parse(damaged), None, "{damaged}");
    }
}

both! {
    async fn a_task_asked_for_once_is_one_task(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("vadim", "once");
        let mut tx = act.db.begin().await.expect("begins");
        let once = Some("date:x:2026".to_owned());
        let new = NewTask { once, ..new_task(cast.id("vera"), act.now) };
        let first = actions::add_in(&mut tx, &act, new.clone()).await.expect("added");
        let second = actions::add_in(&mut tx, &act, new).await.expect("found");
        assert_eq!(first, second);
        tx.commit().await.expect("commits");
        assert_eq!(listed(&cast, "vera", (View::Open, Whose::Mine)).await.len(), 1);
    }

    async fn tasks_are_listed_by_their_time_and_page_through(t: TestDb) {
        let cast = Cast::gather(t).await;
        let now = cast.clock.now();
        for (what, hours) in [("in a week", 168), ("soon", 2), ("tomorrow", 25), ("at once", 0)] {
            task(&cast, "vera", what, now.plus_ms(hours * HOUR_MS)).await;
        }
        task(&cast, "sonya", "another's", now).await;
        cast.clock.advance_ms(HOUR_MS);
        for (view, expected) in [
            (View::Open, vec!["at once", "soon", "tomorrow", "in a week"]),
            (View::Due, vec!["at once", "soon"]),
            (View::Overdue, vec!["at once"]),
            (View::Done, vec![]),
        ] {
            assert_eq!(listed(&cast, "vera", (view, Whose::Mine)).await, expected, "{view:?}");
        }
        let vera = cast.viewer("vera").await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let now = cast.clock.now();
        let counted = actions::count_open(&mut tx, &vera, Whose::Mine, now).await;
        assert_eq!(counted.expect("counts"), (4, 1));
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let cursor = Cursor { after, limit: Some(1) };
            let open = (View::Open, Whose::Mine);
            let slice = actions::list(&mut tx, &vera, open, &cursor, now).await.expect("lists");
            seen.extend(slice.rows.into_iter().map(|task| task.what));
            after = slice.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["at once", "soon", "tomorrow", "in a week"]);
    }

    async fn what_was_promised_stands_beside_the_tasks_of_the_same_time(t: TestDb) {
        let cast = Cast::gather(t).await;
        let now = cast.clock.now();
        for (words, hours) in [("Send the offer", 1), ("Bring a sample", 30)] {
            let act = cast.act("vera", words);
            let mut tx = act.db.begin().await.expect("begins");
            let (company, due_at) = (CompanyId::fresh(now), now.plus_ms(hours * HOUR_MS));
            let words = words.to_owned();
            let new = NewPromise { company, campaign: None, words, due_at, holder: None };
            promises::actions::make_in(&mut tx, &act, new).await.expect("promised");
            tx.commit().await.expect("kept");
        }
        task(&cast, "vera", "soon", now.plus_days(1)).await;
        cast.clock.advance_ms(2 * HOUR_MS);
        let (vera, vadim) = (cast.viewer("vera").await, cast.viewer("vadim").await);
        let now = cast.clock.now();
        let mut tx = cast.app.db.read().await.expect("reads");
        for (viewer, view, whose, expected) in [
            (&vera, View::Open, Whose::Mine, vec!["Send the offer", "Bring a sample"]),
            (&vera, View::Due, Whose::Mine, vec!["Send the offer"]),
            (&vera, View::Overdue, Whose::Mine, vec!["Send the offer"]),
            (&vera, View::Done, Whose::Mine, vec![]),
            (&vadim, View::Overdue, Whose::Mine, vec![]),
            (&vadim, View::Overdue, Whose::Team, vec!["Send the offer"]),
        ] {
            let found = actions::list_promises(&mut tx, viewer, (view, whose), now).await;
            let found: Vec<String> = found.expect("lists").into_iter().map(|p| p.words).collect();
            assert_eq!(found, expected, "{view:?} {whose:?}");
        }
        for (whose, expected) in [(Whose::Mine, (0, 0)), (Whose::Team, (1, 0))] {
            let counted = actions::count_open(&mut tx, &vadim, whose, now).await;
            assert_eq!(counted.expect("counts"), expected, "{whose:?}");
        }
        drop(tx);
        let client = cast.client("vera").await;
        let page = client.get("/tasks?view=overdue").await.body;
        assert!(page.contains("Promised to clients") && page.contains("Send the offer"), "{page}");
        assert!(!page.contains("Bring a sample") && !page.contains("class=\"empty\""), "{page}");
        let path = page.split("action=\"").find(|part| part.starts_with("/promises/"));
        let path = path.and_then(|part| part.split('"').next()).expect("an answer");
        let back = "/tasks?view=overdue&whose=mine";
        let kept = client.post(path, &[("state", "kept"), ("back", back)]).await;
        assert_eq!(kept.location.as_deref(), Some(back));
        assert!(!client.get(back).await.body.contains("Send the offer"));
    }

    async fn done_tasks_are_listed_latest_first(t: TestDb) {
        let cast = Cast::gather(t).await;
        let vera = cast.viewer("vera").await;
        for what in ["first", "second", "third"] {
            let id = task(&cast, "vera", what, cast.clock.now().plus_days(1)).await;
            cast.clock.advance_ms(1_000);
            let act = cast.act("vera", &format!("done:{what}"));
            actions::complete(&act, &vera, id).await.expect("done");
            actions::complete(&act, &vera, id).await.expect("a repeat");
            let again = actions::complete(&cast.act("vera", &format!("x:{what}")), &vera, id).await;
            assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        }
        let done = (View::Done, Whose::Mine);
        assert_eq!(listed(&cast, "vera", done).await, ["third", "second", "first"]);
        let mut tx = cast.app.db.read().await.expect("reads");
        let cursor = Cursor { after: None, limit: Some(2) };
        let now = cast.clock.now();
        let slice = actions::list(&mut tx, &vera, done, &cursor, now).await.expect("lists");
        let cursor = Cursor { after: slice.next, limit: Some(2) };
        let rest = actions::list(&mut tx, &vera, done, &cursor, now).await.expect("lists");
        assert_eq!(rest.rows[0].what, "first");
        let all = events::list_for_person(
            &mut tx,
            cast.org,
            cast.id("vera"),
            &[Kind::TaskDone],
            (MONDAY, now.plus_days(1)),
        );
        let all = all.await.expect("reads");
        assert_eq!(all.iter().filter(|event| event.kind == Kind::TaskDone).count(), 3);
    }

    async fn a_head_passes_tasks_on_within_the_team_and_nobody_else_does(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = task(&cast, "boris", "call back", cast.clock.now().plus_days(1)).await;
        let bella = cast.id("bella");
        for (login, to, expected) in [
            ("bella", "bella", "not found"),
            ("gleb", "grisha", "not found"),
            ("sergei", "sonya", "not found"),
            ("boris", "bella", "not found"),
            ("anna", "grisha", "not found"),
        ] {
            let viewer = cast.viewer(login).await;
            let act = cast.act(login, &format!("{login}:{to}"));
            let refused = actions::reassign(&act, &viewer, id, cast.id(to)).await;
            let told = refused.expect_err("not theirs to pass on").to_string();
            assert_eq!(told, expected, "{login} to {to}");
        }
        let anna = cast.viewer("anna").await;
        actions::reassign(&cast.act("anna", "a"), &anna, id, bella).await.expect("passes");
        let own = (View::Open, Whose::Mine);
        assert_eq!(listed(&cast, "bella", own).await, ["call back"]);
        assert!(listed(&cast, "boris", own).await.is_empty());
        assert_eq!(listed(&cast, "anna", (View::Open, Whose::Team)).await, ["call back"]);
        assert!(listed(&cast, "gleb", (View::Open, Whose::Team)).await.is_empty());
        let olga = cast.viewer("olga").await;
        let grisha = cast.id("grisha");
        actions::reassign(&cast.act("olga", "o"), &olga, id, grisha).await.expect("the owner may");
        crate::people::actions::disable_user(&cast.act("alla", "out"), bella).await.expect("out");
        let gone = actions::reassign(&cast.act("olga", "p"), &olga, id, bella).await;
        assert!(matches!(gone, Err(Error::Refused(_))), "{gone:?}");
        let mut tx = cast.app.db.read().await.expect("reads");
        let story = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await;
        let told: Vec<_> = story.expect("reads").iter().map(|e| (e.kind, e.person)).collect();
        let (made, passed) = (Kind::TaskMade, Kind::TaskReassigned);
        let of = |login: &str| Some(cast.id(login));
        assert_eq!(told, [(made, of("boris")), (passed, of("bella")), (passed, of("grisha"))]);
    }

    async fn a_task_is_about_a_company_its_author_may_know_of(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("vera", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        let new = NewCompany { name: "Ромашка".to_owned(), ..NewCompany::default() };
        let company = companies::actions::add_in(&mut tx, &act, new).await.expect("adds");
        let vera = Some(cast.id("vera"));
        companies::actions::set_lead_in(&mut tx, &act, company, vera, 3).await.expect("leads");
        tx.commit().await.expect("commits");
        for (login, may) in [("vera", true), ("vadim", true), ("sonya", false), ("olga", true)] {
            let viewer = cast.viewer(login).await;
            let act = cast.act(login, "about");
            let new = new_task(cast.id(login), act.now);
            let new = NewTask { company: Some(company), ..new };
            let added = actions::add(&act, &viewer, new).await;
            assert_eq!(added.is_ok(), may, "{login}: {added:?}");
            let client = cast.client(login).await;
            let page = client.get(&format!("/tasks?company={company}")).await;
            assert_eq!(page.body.contains("Ромашка"), may, "{login}");
        }
        let mut tx = act.db.read().await.expect("reads");
        let open = actions::list_open(&mut tx, cast.org, company).await.expect("lists");
        assert_eq!(open.len(), 3);
    }

    async fn the_page_adds_does_puts_off_and_gives(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let boris = cast.id("boris").to_string();
        let fields =
            [("what", "Ring <b>them</b>"), ("due", "2026-11-03T10:00"), ("person", &boris)];
        let added = anna.post("/tasks", &fields).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
        let page = cast.client("boris").await.get("/tasks").await;
        assert!(page.body.contains("Ring &#60;b&#62;them"), "{}", page.body);
        let id = {
            let viewer = cast.viewer("boris").await;
            let mut tx = cast.app.db.read().await.expect("reads");
            let open = (View::Open, Whose::Mine);
            let now = cast.clock.now();
            let list = actions::list(&mut tx, &viewer, open, &Cursor::default(), now).await;
            list.expect("lists").rows[0].id
        };
        for (fields, sentence) in [
            ([("what", ""), ("due", "2026-11-03T10:00"), ("person", "")], "Please fill this in"),
            ([("what", "x"), ("due", "2026-11-01T10:00"), ("person", "")], "That time has passed"),
            ([("what", "x"), ("due", "tomorrow"), ("person", "")], "There is no such date"),
            ([("what", "x"), ("due", "2026-11-03T10:00"), ("person", "me")], "no such choice"),
        ] {
            let refused = anna.post("/tasks", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            assert!(refused.body.contains(sentence), "{fields:?}: {}", refused.body);
        }
        let semyon = cast.client("semyon").await;
        let client = cast.client("boris").await;
        let put_off = format!("/tasks/{id}/postponement");
        let later = [("due", "2026-11-05T10:00"), ("view", "due"), ("whose", "mine")];
        assert_eq!(semyon.post(&put_off, &later).await.status, StatusCode::NOT_FOUND);
        let back = client.post_with_key(&put_off, &later, "off").await;
        client.post_with_key(&put_off, &later, "off").await;
        assert_eq!(back.location.as_deref(), Some("/tasks?view=due&whose=mine"));
        let past = client.post(&put_off, &[("due", "2026-11-01T10:00")]).await;
        assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
        let bella = cast.id("bella").to_string();
        let given = anna.post(&format!("/tasks/{id}/reassignment"), &[("person", &bella)]).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER);
        let done = format!("/tasks/{id}/completion");
        assert_eq!(client.post(&done, &[]).await.status, StatusCode::NOT_FOUND);
        let bella = cast.client("bella").await;
        assert_eq!(bella.post_with_key(&done, &[], "k").await.status, StatusCode::SEE_OTHER);
        assert_eq!(bella.post_with_key(&done, &[], "k").await.status, StatusCode::SEE_OTHER);
        assert_eq!(bella.post(&done, &[]).await.status, StatusCode::CONFLICT);
        let mut tx = cast.app.db.read().await.expect("reads");
        let story = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await;
        let told: Vec<Kind> = story.expect("reads").iter().map(|event| event.kind).collect();
        let (made, off) = (Kind::TaskMade, Kind::TaskPutOff);
        assert_eq!(told, [made, off, Kind::TaskReassigned, Kind::TaskDone]);
    }

    async fn tasks_over_the_api_are_the_same_tasks(t: TestDb) {
        let cast = Cast::gather(t).await;
        let vera = cast.api("vera").await;
        let body = json!({ "what": "Send the brief", "due_at": "2026-11-03T07:00:00Z" });
        let made = vera.post_with_key("/api/v1/tasks", &body, "k").await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let again = vera.post_with_key("/api/v1/tasks", &body, "k").await;
        assert_eq!(again.json(), made.json());
        let id = made.json()["data"]["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/v1/tasks/{id}");
        let sonya = cast.api("sonya").await;
        assert_eq!(sonya.get(&path).await.status, StatusCode::NOT_FOUND);
        let later = json!({ "due_at": "2026-11-04T07:00:00Z" });
        let put_off = vera.post(&format!("{path}/postponement"), &later).await;
        assert_eq!(put_off.json()["data"]["put_off_count"], 1, "{}", put_off.body);
        let vadim = cast.api("vadim").await;
        let to = json!({ "person": cast.id("vadim") });
        let given = vadim.post(&format!("{path}/reassignment"), &to).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.body);
        let done = vadim.post(&format!("{path}/completion"), &json!({})).await;
        assert!(done.json()["data"]["done_at"].is_string(), "{}", done.body);
        let list = vadim.get("/api/v1/tasks?view=done").await;
        assert_eq!(list.json()["data"][0]["id"], id);
        let unknown = json!({ "what": "x", "due_at": "2026-11-03T07:00:00Z", "origin": "date" });
        let refused = vera.post("/api/v1/tasks", &unknown).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
