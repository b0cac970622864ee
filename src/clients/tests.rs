use serde_json::json;

use super::dates::{ImportantDate, NewDate};
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::contracts::{self, NewContract};
use crate::events::{self, Kind};
use crate::storage::Act;
use crate::tasks::{self, Origin, View};
use crate::web::Cursor;

/// A company of the base.
pub(super) async fn company(cast: &Cast, name: &str) -> CompanyId {
    let act = cast.act("olga", &format!("company:{name}"));
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewCompany { name: name.to_owned(), ..NewCompany::default() };
    let id = companies::actions::add_in(&mut tx, &act, new).await.expect("a company");
    tx.commit().await.expect("commits");
    id
}

/// A contract of a company over days of 24 hours from now.
async fn contract(cast: &Cast, company: CompanyId, days: i64) -> ContractId {
    let act = cast.act("sonya", "contract");
    let new = NewContract {
        opportunity: OpportunityId::fresh(act.now),
        company,
        campaign: None,
        seller: cast.id("sonya"),
        team: cast.teams.get("sales").copied(),
        value: Money::new(10_000_000, Currency::Rub),
        term_from: act.now,
        term_to: act.now.plus_days(days),
    };
    let mut tx = act.db.begin().await.expect("begins");
    let id = contracts::actions::sign_in(&mut tx, &act, new).await.expect("signs");
    tx.commit().await.expect("commits");
    id
}

fn new_client(cast: &Cast, company: CompanyId, owner: &str) -> NewClient {
    NewClient {
        company,
        contract: ContractId::fresh(cast.clock.now()),
        campaign: None,
        handoff: None,
        owner: cast.id(owner),
        team: cast.teams.get("service").copied(),
    }
}

/// A client that a person leads.
pub(super) async fn client(cast: &Cast, name: &str, owner: &str) -> ClientId {
    let company = company(cast, name).await;
    let act = cast.act(owner, "open");
    let mut tx = act.db.begin().await.expect("begins");
    let id = actions::open_in(&mut tx, &act, new_client(cast, company, owner)).await;
    let id = id.expect("opens");
    companies::actions::set_lead_in(&mut tx, &act, company, Some(cast.id(owner)), 3)
        .await
        .expect("leads");
    tx.commit().await.expect("commits");
    cast.settle().await;
    id
}

pub(super) async fn find(cast: &Cast, id: ClientId) -> Client {
    let mut tx = cast.app.db.read().await.expect("reads");
    let scope = crate::people::Scope::whole(cast.org);
    actions::find(&mut tx, &scope, id).await.expect("reads").expect("a client")
}

pub(super) async fn sweep(cast: &Cast) {
    crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
}

pub(super) async fn tasks_of(cast: &Cast, login: &str) -> Vec<tasks::Task> {
    let viewer = cast.viewer(login).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let view = (View::Open, Whose::Mine);
    let now = cast.clock.now();
    let list = tasks::actions::list(&mut tx, &viewer, view, &Cursor::default(), now).await;
    list.expect("lists").rows
}

async fn kept_months(cast: &Cast, id: ClientId) -> Vec<String> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await.expect("reads");
    let kept = all.iter().filter(|event| event.kind == Kind::ClientKept);
    kept.map(|event| event.detail["month"].as_str().expect("a month").to_owned()).collect()
}

fn at(text: &str) -> Instant {
    Instant::from_rfc3339(text).expect("an instant")
}

fn date(month: i64, day: i64, days_ahead: i64) -> ImportantDate {
    let now = Instant(0);
    ImportantDate {
        id: ImportantDateId::fresh(now),
        company: CompanyId::fresh(now),
        contact: None,
        person_name: "Pyotr".to_owned(),
        what: "birthday".to_owned(),
        month,
        day,
        year: None,
        days_ahead,
    }
}

#[test]
fn a_date_is_due_some_days_ahead_and_a_leap_day_is_kept_on_the_28th() {
    for (month, day, ahead, today, expected) in [
        (11, 12, 7, "2026-11-04", None),
        (11, 12, 7, "2026-11-05", Some("2026-11-12")),
        (11, 12, 7, "2026-11-12", Some("2026-11-12")),
        (11, 12, 7, "2026-11-13", None),
        (11, 12, 0, "2026-11-11", None),
        (11, 12, 0, "2026-11-12", Some("2026-11-12")),
        (1, 3, 7, "2026-12-27", Some("2027-01-03")),
        (12, 31, 7, "2026-12-31", Some("2026-12-31")),
        (2, 29, 7, "2027-02-22", Some("2027-02-28")),
        (2, 29, 7, "2027-02-28", Some("2027-02-28")),
        (2, 29, 7, "2028-02-22", Some("2028-02-29")),
        (2, 29, 7, "2028-02-21", None),
        (2, 29, 0, "2028-02-28", None),
        (2, 29, 0, "2028-02-29", Some("2028-02-29")),
        (3, 31, 45, "2026-02-14", Some("2026-03-31")),
    ] {
        let today = today.parse().expect("a day");
        let due = date(month, day, ahead).due(today).map(|day| day.to_string());
        assert_eq!(due.as_deref(), expected, "{day}.{month} on {today}");
    }
}

#[test]
fn a_date_that_no_calendar_has_is_not_taken() {
    let good = NewDate {
        contact: None,
        person_name: "Pyotr".to_owned(),
        what: "birthday".to_owned(),
        month: 2,
        day: 29,
        year: None,
        days_ahead: 7,
    };
    let long = "я".repeat(121);
    for (new, field) in [
        (good.clone(), None),
        (NewDate { year: Some(2024), ..good.clone() }, None),
        (NewDate { year: Some(2023), ..good.clone() }, Some("day")),
        (NewDate { month: 4, day: 31, ..good.clone() }, Some("day")),
        (NewDate { month: 13, ..good.clone() }, Some("day")),
        (NewDate { day: i64::MAX, ..good.clone() }, Some("day")),
        (NewDate { year: Some(1899), day: 28, ..good.clone() }, Some("year")),
        (NewDate { year: Some(2027), day: 28, ..good.clone() }, Some("year")),
        (NewDate { days_ahead: 46, ..good.clone() }, Some("days_ahead")),
        (NewDate { days_ahead: -1, ..good.clone() }, Some("days_ahead")),
        (NewDate { what: " ".to_owned(), ..good.clone() }, Some("what")),
        (NewDate { person_name: long, ..good.clone() }, Some("person_name")),
    ] {
        let fields = new.check(2026);
        assert_eq!(fields.0.keys().next().copied(), field, "{new:?}");
    }
}

both! {
    async fn a_second_contract_joins_the_same_client(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = company(&cast, "Ромашка").await;
        let act = cast.act("vera", "open");
        let mut tx = act.db.begin().await.expect("begins");
        let new = new_client(&cast, company, "vera");
        let first = actions::open_in(&mut tx, &act, new).await.expect("opens");
        let new = new_client(&cast, company, "hunter");
        let second = actions::open_in(&mut tx, &act, new).await.expect("joins");
        assert_eq!(first, second);
        let found = store::find_active_for_update(&mut tx, act.org, company).await.expect("reads");
        assert_eq!(found.map(|client| client.owner), Some(cast.id("hunter")));
        for (login, sees, leads) in [("vera", false, 0), ("hunter", true, 1), ("vadim", true, 0)] {
            let scope = cast.viewer(login).await.scope();
            let found = actions::find(&mut tx, &scope, first).await.expect("reads");
            assert_eq!(found.is_some(), sees, "{login}");
            let count = actions::count_led(&mut tx, cast.org, cast.id(login)).await.expect("reads");
            assert_eq!(count, leads, "{login}");
        }
        let held = actions::list_contracts(&mut tx, cast.org, first).await.expect("reads");
        assert_eq!(held.len(), 2);
        let steps = actions::list_steps(&mut tx, cast.org, first).await.expect("reads");
        assert_eq!(steps.len(), FIRST_STEPS.len());
        let greeting = "Introduce yourself: who leads the client now and how to reach them";
        assert_eq!(steps[0].what, greeting);
    }

    async fn a_step_is_ticked_and_unticked_and_told_of_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.viewer("vera").await;
        for (key, is_done) in [("a", true), ("a", true), ("b", true), ("c", false), ("d", true)] {
            let act = cast.act("vera", key);
            actions::set_step(&act, &vera, id, 1, is_done).await.expect("ticks");
        }
        let mut tx = cast.app.db.read().await.expect("reads");
        let steps = actions::list_steps(&mut tx, cast.org, id).await.expect("reads");
        assert_eq!(steps[0].done_by, Some(cast.id("vera")));
        let all = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await;
        let all = all.expect("reads");
        let told = all.iter().filter(|event| event.kind == Kind::OnboardingStepDone).count();
        assert_eq!(told, 2);
        let sonya = cast.viewer("sonya").await;
        let stranger = actions::set_step(&cast.act("sonya", "x"), &sonya, id, 1, false).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
        let nowhere = actions::set_step(&cast.act("vera", "y"), &vera, id, 99, true).await;
        assert!(matches!(nowhere, Err(Error::NotFound)), "{nowhere:?}");
    }

    async fn each_month_a_client_is_kept_for_is_recorded_once_within_that_month(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let gone = client(&cast, "Лютик", "vera").await;
        // November is over in Moscow at 21:00 UTC of its last day.
        cast.clock.set(at("2026-11-30T20:59:59Z"));
        sweep(&cast).await;
        assert!(kept_months(&cast, id).await.is_empty());
        let vera = cast.viewer("vera").await;
        let act = cast.act("vera", "end");
        actions::end(&act, &vera, gone, EndReason::Price, "").await.expect("ends");
        cast.clock.set(at("2026-11-30T21:00:00Z"));
        sweep(&cast).await;
        sweep(&cast).await;
        assert_eq!(kept_months(&cast, id).await, ["2026-11"]);
        assert!(kept_months(&cast, gone).await.is_empty());
        // The product was off for two months: nothing is lost, nothing doubled.
        cast.clock.set(at("2027-02-03T10:00:00Z"));
        sweep(&cast).await;
        assert_eq!(kept_months(&cast, id).await, ["2026-11", "2026-12", "2027-01"]);
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await;
        let all = all.expect("reads");
        let november = all.iter().find(|event| event.kind == Kind::ClientKept).expect("kept");
        assert_eq!(november.at, at("2026-11-30T20:59:59.999Z"));
        assert_eq!((november.person, november.tier), (Some(cast.id("vera")), Some(3)));
    }

    async fn two_sweeps_at_once_keep_a_month_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        cast.clock.set(at("2026-12-01T10:00:00Z"));
        tokio::join!(sweep(&cast), sweep(&cast), sweep(&cast));
        assert_eq!(kept_months(&cast, id).await, ["2026-11"]);
    }

    async fn a_client_who_left_stays_left(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.viewer("vera").await;
        let wordless = actions::end(&cast.act("vera", "a"), &vera, id, EndReason::Other, " ").await;
        assert!(matches!(wordless, Err(Error::Invalid(_))), "{wordless:?}");
        let act = cast.act("vera", "b");
        actions::end(&act, &vera, id, EndReason::NoNeed, "moved abroad").await.expect("ends");
        let again = actions::end(&cast.act("vera", "c"), &vera, id, EndReason::Price, "").await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        let step = actions::set_step(&cast.act("vera", "d"), &vera, id, 1, true).await;
        assert!(matches!(step, Err(Error::Refused(_))), "{step:?}");
        // A new contract opens the company anew, as another client.
        let company = find(&cast, id).await.company;
        let act = cast.act("vera", "e");
        let mut tx = act.db.begin().await.expect("begins");
        let new = new_client(&cast, company, "vera");
        let second = actions::open_in(&mut tx, &act, new).await.expect("opens");
        assert_ne!(second, id);
    }

    async fn the_client_and_its_tasks_follow_whoever_leads_the_company(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let company = find(&cast, id).await.company;
        let act = cast.act("vera", "tasks");
        let mut tx = act.db.begin().await.expect("begins");
        for (origin, what) in [(Origin::Renewal, "renew"), (Origin::Person, "my own note")] {
            let new = tasks::NewTask {
                person: cast.id("vera"),
                company: Some(company),
                what: what.to_owned(),
                due_at: act.now.plus_days(1),
                origin,
                once: None,
            };
            tasks::actions::add_in(&mut tx, &act, new).await.expect("adds");
        }
        let hunter = Some(cast.id("hunter"));
        companies::actions::set_lead_in(&mut tx, &act, company, hunter, 3).await.expect("leads");
        tx.commit().await.expect("commits");
        cast.settle().await;
        assert_eq!(find(&cast, id).await.owner, cast.id("hunter"));
        for (login, left) in [("vera", "my own note"), ("hunter", "renew")] {
            let tasks = tasks_of(&cast, login).await;
            let told: Vec<&str> = tasks.iter().map(|task| task.what.as_str()).collect();
            assert_eq!(told, [left], "{login}");
        }
    }

    async fn a_date_becomes_a_task_of_whoever_leads_then_once_a_year(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.viewer("vera").await;
        let new = NewDate {
            contact: None,
            person_name: "Grandson of the director".to_owned(),
            what: "birthday".to_owned(),
            month: 12,
            day: 24,
            year: Some(2019),
            days_ahead: 7,
        };
        let act = cast.act("vera", "date");
        dates::actions::note(&act, &vera, id, new.clone()).await.expect("notes");
        assert!(tasks_of(&cast, "vera").await.is_empty());
        cast.clock.set(at("2026-12-16T10:00:00Z"));
        sweep(&cast).await;
        assert!(tasks_of(&cast, "vera").await.is_empty());
        // The client passes to another person before the date comes near.
        let company = find(&cast, id).await.company;
        let act = cast.act("vadim", "pass");
        let mut tx = act.db.begin().await.expect("begins");
        let hunter = Some(cast.id("hunter"));
        companies::actions::set_lead_in(&mut tx, &act, company, hunter, 3).await.expect("leads");
        tx.commit().await.expect("commits");
        cast.settle().await;
        for day in ["2026-12-17T10:00:00Z", "2026-12-18T10:00:00Z", "2026-12-24T10:00:00Z"] {
            cast.clock.set(at(day));
            sweep(&cast).await;
            sweep(&cast).await;
        }
        let tasks = tasks_of(&cast, "hunter").await;
        let told: Vec<&str> = tasks.iter().map(|task| task.what.as_str()).collect();
        assert_eq!(told, ["Grandson of the director: birthday, 24 December"]);
        assert_eq!(tasks[0].due_at, at("2026-12-24T07:00:00Z"));
        cast.clock.set(at("2027-12-20T10:00:00Z"));
        sweep(&cast).await;
        assert_eq!(tasks_of(&cast, "hunter").await.len(), 2);
    }

    async fn a_date_noted_when_it_is_near_is_a_task_at_once_and_a_removed_one_is_none(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.viewer("vera").await;
        let new = NewDate {
            contact: None,
            person_name: "Maria".to_owned(),
            what: "jubilee".to_owned(),
            month: 11,
            day: 5,
            year: None,
            days_ahead: 7,
        };
        let act = cast.act("vera", "near");
        dates::actions::note(&act, &vera, id, new.clone()).await.expect("notes");
        dates::actions::note(&act, &vera, id, new.clone()).await.expect("a repeat");
        assert_eq!(tasks_of(&cast, "vera").await.len(), 1);
        let far = NewDate { month: 12, day: 5, ..new.clone() };
        let date = dates::actions::note(&cast.act("vera", "far"), &vera, id, far).await;
        let date = date.expect("notes");
        let sonya = cast.viewer("sonya").await;
        let stranger = dates::actions::remove(&cast.act("sonya", "x"), &sonya, date).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
        let foreign = dates::actions::note(&cast.act("sonya", "y"), &sonya, id, new.clone()).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
        dates::actions::remove(&cast.act("vera", "gone"), &vera, date).await.expect("removes");
        cast.clock.set(at("2026-12-01T10:00:00Z"));
        sweep(&cast).await;
        assert_eq!(tasks_of(&cast, "vera").await.len(), 1);
        let unknown = NewDate { contact: Some(ContactId::fresh(act.now)), ..new };
        let refused = dates::actions::note(&cast.act("vera", "z"), &vera, id, unknown).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }

    async fn thirty_days_before_a_contract_ends_its_renewal_is_a_task(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = company(&cast, "Ромашка").await;
        let contract = contract(&cast, company, 90).await;
        let act: Act = cast.act("vera", "open");
        let mut tx = act.db.begin().await.expect("begins");
        let new = NewClient { contract, ..new_client(&cast, company, "vera") };
        actions::open_in(&mut tx, &act, new).await.expect("opens");
        tx.commit().await.expect("commits");
        for (days, count) in [(60, 0), (61, 1), (62, 1), (89, 1), (95, 1)] {
            cast.clock.set(act.now.plus_days(days));
            sweep(&cast).await;
            assert_eq!(tasks_of(&cast, "vera").await.len(), count, "after {days} days");
        }
        let what = tasks_of(&cast, "vera").await[0].what.clone();
        assert_eq!(what, "Contract No 1 runs until 31 Jan 2027: offer a renewal");
    }

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
