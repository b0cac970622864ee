mod lists;

use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::contracts::{self, NewContract};
use crate::events::{self, Kind};
use crate::people::Roles;
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

pub(super) fn at(text: &str) -> Instant {
    Instant::from_rfc3339(text).expect("an instant")
}

fn person(login: &str, role: Role, tier: Option<i64>, team: Option<TeamId>) -> User {
    User {
        id: UserId::fresh(Instant(0)),
        number: 1,
        login: login.to_owned(),
        name: login.to_owned(),
        alias: login.to_owned(),
        roles: Roles::of(&[role]),
        tier,
        team,
        lang: Lang::En,
        theme: String::new(),
        keys_off: false,
        practised_at: None,
        keymap: Default::default(),
        disabled_at: None,
    }
}

#[test]
fn somebody_answers_for_a_client_as_long_as_anybody_above_is_there() {
    let (team, other) = (TeamId::fresh(Instant(0)), TeamId::fresh(Instant(0)));
    let mut people = vec![
        person("olga", Role::Owner, None, None),
        person("sergei", Role::Head, Some(2), None),
        person("valya", Role::Head, Some(3), Some(other)),
        person("vadim", Role::Head, Some(3), Some(team)),
        person("vera", Role::Service, Some(3), Some(team)),
        person("hunter", Role::Seller, Some(2), None),
    ];
    let client = Client {
        id: ClientId::fresh(Instant(0)),
        number: 1,
        company: CompanyId::fresh(Instant(0)),
        campaign: None,
        owner: people[4].id,
        team: Some(team),
        opened_at: Instant(0),
        kept_through: Month::of(Instant(0), &Zone::named("UTC")),
        ended_at: None,
        version: 1,
    };
    let named = Some(people[5].id);
    for expected in ["hunter", "vera", "vadim", "valya", "olga"] {
        let found = answers_for(&client, named, &people).map(|user| user.login.clone());
        assert_eq!(found.as_deref(), Some(expected));
        let gone = people.iter_mut().find(|user| user.login == expected).expect("one of them");
        gone.disabled_at = Some(Instant(1));
    }
    assert_eq!(answers_for(&client, named, &people), None, "a head of sales is nobody's fallback");
}

both! {
    async fn the_tasks_of_a_client_whose_people_left_go_up(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = company(&cast, "Ромашка").await;
        let contract = contract(&cast, company, 90).await;
        let act = cast.act("vera", "open");
        let mut tx = act.db.begin().await.expect("begins");
        let new = NewClient { contract, ..new_client(&cast, company, "vera") };
        actions::open_in(&mut tx, &act, new).await.expect("opens");
        let hunter = Some(cast.id("hunter"));
        companies::actions::set_lead_in(&mut tx, &act, company, hunter, 2).await.expect("leads");
        tx.commit().await.expect("commits");
        for login in ["vera", "hunter"] {
            let act = cast.act("alla", login);
            let out = crate::people::actions::disable_user(&act, cast.id(login)).await;
            out.expect("shut out");
        }
        cast.clock.set(act.now.plus_days(61));
        sweep(&cast).await;
        let told: Vec<String> =
            tasks_of(&cast, "vadim").await.into_iter().map(|task| task.what).collect();
        assert_eq!(told, ["Contract No. 1 runs until 31 Jan 2027: offer a renewal"]);
    }

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
        let story = events::list_for_subject(&mut tx, cast.org, &first.to_string()).await;
        let told: Vec<_> =
            story.expect("reads").into_iter().skip(1).map(|e| (e.kind, e.person)).collect();
        let hunter = Some(cast.id("hunter"));
        assert_eq!(told, [(Kind::ClientExtended, hunter), (Kind::ClientPassed, hunter)]);
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
        let told: Vec<Kind> = all.iter().map(|event| event.kind).collect();
        let (done, undone) = (Kind::OnboardingStepDone, Kind::OnboardingStepUndone);
        assert_eq!(told, [Kind::ClientOpened, done, undone, done]);
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
        assert_eq!(what, "Contract No. 1 runs until 31 Jan 2027: offer a renewal");
    }

    async fn a_client_follows_their_owner_to_another_team(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let company = find(&cast, id).await.company;
        let team = cast.teams.get("sales").copied();
        let act = cast.act("vera", "more");
        let mut tx = act.db.begin().await.expect("begins");
        let new = NewClient { team, ..new_client(&cast, company, "vera") };
        let same = actions::open_in(&mut tx, &act, new).await.expect("joins");
        tx.commit().await.expect("commits");
        assert_eq!(same, id);
        let found = find(&cast, id).await;
        assert_eq!((found.owner, found.team), (cast.id("vera"), team));
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await;
        let kinds: Vec<Kind> = all.expect("reads").iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [Kind::ClientOpened, Kind::ClientExtended], "nobody passed anybody on");
    }
}
