//! What a person leads and owes goes to somebody else, on both databases.

mod offers;

use axum::http::StatusCode;
use serde_json::json;

use super::*;
use crate::both;
use crate::campaigns::passport::{Passport, PassportField};
use crate::cast::Cast;
use crate::clients::{self, NewClient};
use crate::companies::{self, NewCompany};
use crate::contracts::{self, NewContract};
use crate::events::{self, Kind};
use crate::handoffs::{self, Handoff, Offered};
use crate::meetings::{self, NewMeeting, Range};
use crate::opportunities::{self, NewOpportunity};
use crate::people::actions::UserChange;
use crate::people::{self, Role, Roles, Scope};
use crate::promises::{self, NewPromise};
use crate::tasks::{self, NewTask, Origin};

#[test]
fn promises_and_tasks_alone_go_to_the_tier_of_the_person() {
    let held = |opportunities, clients, promises| Held {
        opportunities,
        clients,
        promises,
        ..Held::default()
    };
    let user = |tier| User {
        id: UserId::fresh(Instant(0)),
        number: 1,
        login: String::new(),
        name: String::new(),
        alias: String::new(),
        roles: Roles::of(&[Role::Caller]),
        tier,
        team: None,
        lang: Lang::En,
        theme: String::new(),
        keys_off: false,
        practised_at: None,
        keymap: Default::default(),
        disabled_at: None,
    };
    use Tier::*;
    for (held, tier, expected) in [
        (held(0, 0, 0), Some(1), vec![]),
        (held(0, 0, 2), Some(1), vec![Acquisition]),
        (held(0, 0, 2), None, vec![Sales]),
        (held(1, 0, 2), Some(3), vec![Sales]),
        (held(1, 1, 0), Some(1), vec![Sales, Service]),
    ] {
        assert_eq!(held.ways(&user(tier)), expected, "{held:?} of tier {tier:?}");
    }
}

/// A company that a person leads in a tier, with a promise, a task of theirs and a meeting
/// they host.
async fn company(cast: &Cast, name: &str, lead: &str, tier: i64) -> CompanyId {
    let act = cast.act(lead, name);
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewCompany { name: name.to_owned(), ..NewCompany::default() };
    let company = companies::actions::add_in(&mut tx, &act, new).await.expect("a company");
    let person = cast.id(lead);
    let led = companies::actions::set_lead_in(&mut tx, &act, company, Some(person), tier).await;
    led.expect("led");
    let due_at = act.now.plus_days(2);
    let words = format!("a sample for {name}");
    let new = NewPromise { company, campaign: None, words, due_at, holder: None };
    promises::actions::make_in(&mut tx, &act, new).await.expect("promised");
    let what = format!("ring {name}");
    let (company_of, origin) = (Some(company), Origin::Person);
    let new = NewTask { person, company: company_of, what, due_at, origin, once: None };
    tasks::actions::add_in(&mut tx, &act, new).await.expect("a task");
    let new = NewMeeting {
        company,
        campaign: None,
        lead: None,
        contact: None,
        booker: cast.id("boris"),
        host: Some(person),
        starts_at: due_at,
        minutes: 30,
        place: String::new(),
    };
    meetings::actions::book_in(&mut tx, &act, new).await.expect("booked");
    tx.commit().await.expect("commits");
    company
}

async fn opportunity(cast: &Cast, name: &str, owner: &str) -> (OpportunityId, CompanyId) {
    let company = company(cast, name, owner, 2).await;
    (sell(cast, company, owner, false).await, company)
}

async fn sell(cast: &Cast, company: CompanyId, owner: &str, is_upsell: bool) -> OpportunityId {
    let act = cast.act(owner, "open");
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewOpportunity {
        company,
        campaign: None,
        handoff: None,
        owner: cast.id(owner),
        team: cast.teams.get("sales").copied(),
        is_upsell,
        need: String::new(),
        passport: json!({}),
        next: None,
    };
    let id = opportunities::actions::open_in(&mut tx, &act, new).await.expect("opens");
    tx.commit().await.expect("commits");
    id
}

async fn client(cast: &Cast, name: &str, owner: &str) -> (ClientId, CompanyId) {
    let company = company(cast, name, owner, 3).await;
    let act = cast.act(owner, "client");
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewClient {
        company,
        contract: ContractId::fresh(act.now),
        campaign: None,
        handoff: None,
        owner: cast.id(owner),
        team: cast.teams.get("service").copied(),
    };
    let id = clients::actions::open_in(&mut tx, &act, new).await.expect("opens");
    tx.commit().await.expect("commits");
    cast.settle().await;
    (id, company)
}

/// Whoever leads a client offers them to a seller for more.
async fn upsell(cast: &Cast, client: ClientId, giver: &str, to: &str) -> HandoffId {
    let known = [(PassportField::Need, "chairs"), (PassportField::NextStep, "show samples")];
    let known: Passport = known.map(|(field, words)| (field, words.to_owned())).into();
    let (act, viewer) = (cast.act(giver, &format!("more {to}")), cast.viewer(giver).await);
    let to = Some(cast.id(to));
    handoffs::actions::offer_upsell(&act, &viewer, client, known, to).await.expect("offered")
}

/// A contract that Sonya signed and that this person is asked to serve.
async fn signed(cast: &Cast, to: &str) -> HandoffId {
    let company = company(cast, "Клевер", "sonya", 2).await;
    let act = cast.act("sonya", "sign");
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewContract {
        opportunity: OpportunityId::fresh(act.now),
        company,
        campaign: None,
        seller: cast.id("sonya"),
        team: cast.teams.get("sales").copied(),
        value: Money::new(10_000_000, Currency::Rub),
        term_from: act.now,
        term_to: act.now.plus_days(100),
    };
    let id = contracts::actions::sign_in(&mut tx, &act, new).await.expect("signs");
    tx.commit().await.expect("commits");
    cast.settle().await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let whole = Scope::whole(cast.org);
    let all = handoffs::actions::list_seen(&mut tx, &whole, None, i64::MAX, 9).await;
    let all = all.expect("lists");
    let offer = all.iter().find(|handoff| handoff.offered == Offered::Contract(id));
    let offer = offer.expect("an offer").id;
    drop(tx);
    let (act, olga) = (cast.act("olga", "to whom"), cast.viewer("olga").await);
    handoffs::actions::reassign(&act, &olga, offer, cast.id(to)).await.expect("passed on");
    offer
}

async fn handoff(cast: &Cast, id: HandoffId) -> Handoff {
    let mut tx = cast.app.db.read().await.expect("reads");
    let found = handoffs::actions::find(&mut tx, &Scope::whole(cast.org), id).await;
    found.expect("reads").expect("a hand-off")
}

/// A task about no company.
async fn desk_task(cast: &Cast, login: &str) {
    let act = cast.act(login, "mine");
    let mut tx = act.db.begin().await.expect("begins");
    let (person, what) = (cast.id(login), "tidy the desk".to_owned());
    let (due_at, origin) = (act.now.plus_days(1), Origin::Person);
    let new = NewTask { person, company: None, what, due_at, origin, once: None };
    tasks::actions::add_in(&mut tx, &act, new).await.expect("a task");
    tx.commit().await.expect("commits");
}

/// The administrator puts a person into a team of sales, with these roles.
async fn place(cast: &Cast, login: &str, roles: &[Role], team: &str) {
    let change = UserChange {
        name: login.to_owned(),
        alias: login.to_owned(),
        roles: Roles::of(roles),
        tier: Some(2),
        team: cast.teams.get(team).copied(),
    };
    let act = cast.act("alla", &format!("place {login}"));
    people::actions::change_user(&act, cast.id(login), change).await.expect("changed");
}

/// Everything of a tier is handed over.
async fn hand_over(cast: &Cast, by: &str, from: &str, (tier, to): (Tier, &str)) {
    let (act, viewer) = (cast.act(by, &format!("{from} {to}")), cast.viewer(by).await);
    let choice = (tier, cast.id(to));
    actions::hand_over(&act, &viewer, cast.id(from), choice).await.expect("passes");
}

async fn held(cast: &Cast, login: &str) -> Held {
    let olga = cast.viewer("olga").await;
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::find(&mut tx, &olga, cast.id(login)).await.expect("a person").held
}

async fn lead(cast: &Cast, company: CompanyId) -> Option<UserId> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let found = companies::actions::find(&mut tx, cast.org, company).await.expect("reads");
    found.expect("a company").lead
}

async fn kinds(cast: &Cast, subject: impl ToString) -> Vec<Kind> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = events::list_for_subject(&mut tx, cast.org, &subject.to_string()).await;
    all.expect("reads").iter().map(|event| event.kind).collect()
}

both! {
    async fn an_opportunity_passes_to_another_seller_with_all_that_hangs_on_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (id, company) = opportunity(&cast, "Ромашка", "sonya").await;
        let path = format!("/opportunities/{id}/owner");
        let (sergei, sonya) = (cast.client("sergei").await, cast.client("sonya").await);
        let (semyon, vera) = (cast.id("semyon").to_string(), cast.id("vera").to_string());
        let page = sergei.get(&format!("/opportunities/{id}")).await.body;
        assert!(page.contains(&path) && page.contains("semyon"), "{page}");
        assert!(!sonya.get(&format!("/opportunities/{id}")).await.body.contains(&path));
        for login in ["sonya", "vadim", "anna", "alla"] {
            let refused = cast.client(login).await.post(&path, &[("to", &semyon)]).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{login}");
        }
        for to in [vera.as_str(), "", "nobody"] {
            let refused = sergei.post(&path, &[("to", to)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}");
        }
        for _ in 0..2 {
            let passed = sergei.post_with_key(&path, &[("to", &semyon)], "k").await;
            assert_eq!(passed.status, StatusCode::SEE_OTHER, "{}", passed.body);
        }
        let again = sergei.post(&path, &[("to", &semyon)]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
        assert_eq!(held(&cast, "sonya").await, Held::default());
        let one = Held { opportunities: 1, promises: 1, tasks: 1, ..Held::default() };
        assert_eq!(held(&cast, "semyon").await, one);
        assert_eq!(lead(&cast, company).await, Some(cast.id("semyon")));
        let told = kinds(&cast, id).await;
        assert_eq!(told, [Kind::OpportunityOpened, Kind::OpportunityReassigned]);
        assert_eq!(sonya.get(&format!("/opportunities/{id}")).await.status, StatusCode::NOT_FOUND);
        let own = cast.client("semyon").await.get("/meetings?side=host").await.body;
        assert!(own.contains("Ромашка"), "the meeting is the new seller's: {own}");
    }

    async fn an_upsell_passes_without_the_lead_of_its_company(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (id, company) = opportunity(&cast, "Ромашка", "sonya").await;
        let act = cast.act("vera", "serves");
        let mut tx = act.db.begin().await.expect("begins");
        let vera = Some(cast.id("vera"));
        companies::actions::set_lead_in(&mut tx, &act, company, vera, 3).await.expect("led");
        tx.commit().await.expect("commits");
        let to = json!({ "to": cast.id("semyon") });
        let path = format!("/api/v1/opportunities/{id}/owner");
        let done = cast.api("sergei").await.post(&path, &to).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.body);
        assert_eq!(lead(&cast, company).await, vera);
        let semyon = cast.client("semyon").await;
        let card = semyon.get(&format!("/companies/{company}")).await;
        assert_eq!(card.status, StatusCode::OK, "the new seller sees whom they sell to");
    }

    async fn a_client_passes_to_another_person_of_service(t: TestDb) {
        let mut cast = Cast::gather(t).await;
        cast.hire("valya", Role::Service, ("service", 3)).await;
        let (id, company) = client(&cast, "Ромашка", "vera").await;
        let path = format!("/clients/{id}/owner");
        let (valya, sonya) = (cast.id("valya").to_string(), cast.id("sonya").to_string());
        let vadim = cast.client("vadim").await;
        let page = vadim.get(&format!("/clients/{id}")).await.body;
        assert!(page.contains(&path) && page.contains("valya"), "{page}");
        for login in ["vera", "sergei", "sonya"] {
            let refused = cast.client(login).await.post(&path, &[("to", &valya)]).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{login}");
        }
        let elsewhere = vadim.post(&path, &[("to", &sonya)]).await;
        assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", elsewhere.body);
        for _ in 0..2 {
            let passed = vadim.post_with_key(&path, &[("to", &valya)], "k").await;
            assert_eq!(passed.status, StatusCode::SEE_OTHER, "{}", passed.body);
        }
        let again = json!({ "to": cast.id("valya") });
        let again = cast.api("vadim").await.post(&format!("/api/v1{path}"), &again).await;
        assert_eq!(again.json()["error"]["code"], "client-already-theirs", "{}", again.body);
        cast.settle().await;
        assert_eq!(held(&cast, "vera").await, Held::default());
        let one = Held { clients: 1, promises: 1, tasks: 1, ..Held::default() };
        assert_eq!(held(&cast, "valya").await, one);
        assert_eq!(lead(&cast, company).await, Some(cast.id("valya")));
        assert_eq!(kinds(&cast, id).await, [Kind::ClientOpened, Kind::ClientPassed]);
    }

    async fn whoever_leaves_takes_nothing_along(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (first, company) = opportunity(&cast, "Ромашка", "sonya").await;
        let (second, _) = opportunity(&cast, "Василёк", "sonya").await;
        let act = cast.act("alla", "out");
        crate::people::actions::disable_user(&act, cast.id("sonya")).await.expect("shut out");
        cast.settle().await;
        let sergei = cast.client("sergei").await;
        let path = format!("/holdings/{}", cast.id("sonya"));
        let list = sergei.get("/holdings").await.body;
        assert!(list.contains(&path) && list.contains("shut out"), "{list}");
        assert!(!list.contains(&cast.id("vera").to_string()), "another team's: {list}");
        let page = sergei.get(&path).await.body;
        for text in ["Ромашка", "Василёк", "Hand over everything", "semyon"] {
            assert!(page.contains(text), "{text}: {page}");
        }
        let card = cast.client("olga").await.get(&format!("/people/{}", cast.id("sonya"))).await;
        assert!(card.body.contains(&path), "{}", card.body);
        let semyon = cast.id("semyon").to_string();
        let over = format!("{path}/reassignment");
        for login in ["vadim", "semyon", "alla"] {
            let fields = [("tier", "2"), ("to", semyon.as_str())];
            let refused = cast.client(login).await.post(&over, &fields).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{login}");
        }
        let vera = cast.id("vera").to_string();
        for fields in [[("tier", "2"), ("to", "")], [("tier", "2"), ("to", vera.as_str())]] {
            let refused = sergei.post(&over, &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        }
        let other = sergei.post(&over, &[("tier", "3"), ("to", &semyon)]).await;
        assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.body);
        for _ in 0..2 {
            let fields = [("tier", "2"), ("to", semyon.as_str())];
            let passed = sergei.post_with_key(&over, &fields, "k").await;
            assert_eq!(passed.status, StatusCode::SEE_OTHER, "{}", passed.body);
        }
        assert_eq!(held(&cast, "sonya").await, Held::default());
        let all = Held { opportunities: 2, promises: 2, tasks: 2, ..Held::default() };
        assert_eq!(held(&cast, "semyon").await, all);
        assert_eq!(lead(&cast, company).await, Some(cast.id("semyon")));
        for id in [first, second] {
            assert_eq!(kinds(&cast, id).await.pop(), Some(Kind::OpportunityReassigned));
        }
        let whole = kinds(&cast, cast.id("sonya")).await;
        assert_eq!(whole.iter().filter(|kind| **kind == Kind::HoldingsPassed).count(), 1);
        let nothing = json!({ "tier": 2, "to": semyon });
        let api = cast.api("sergei").await;
        let nothing = api.post(&format!("/api/v1{over}"), &nothing).await;
        assert_eq!(nothing.json()["error"]["code"], "nothing-held", "{}", nothing.body);
        let left = api.get(&format!("/api/v1{path}")).await.json();
        assert_eq!(left["data"]["opportunities"], 0);
        let all = api.get("/api/v1/holdings").await.json();
        let rows = all["data"].as_array().expect("rows");
        let names: Vec<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
        assert!(!names.iter().any(|name| name.starts_with("sonya")), "nothing is left: {names:?}");
    }

    async fn what_belongs_to_no_record_goes_with_the_last(t: TestDb) {
        let cast = Cast::gather(t).await;
        opportunity(&cast, "Ромашка", "hunter").await;
        client(&cast, "Василёк", "hunter").await;
        desk_task(&cast, "hunter").await;
        for (tier, to, tasks_left) in [(Tier::Sales, "sonya", 2), (Tier::Service, "vera", 0)] {
            hand_over(&cast, "olga", "hunter", (tier, to)).await;
            assert_eq!(held(&cast, "hunter").await.tasks, tasks_left, "{tier:?}");
        }
        assert!(held(&cast, "hunter").await.is_nothing());
        let vera = Held { clients: 1, promises: 1, tasks: 2, ..Held::default() };
        assert_eq!(held(&cast, "vera").await, vera);
        let mut tx = cast.app.db.read().await.expect("reads");
        let scope = Scope::whole(cast.org);
        let counts = promises::actions::count_held(&mut tx, &scope).await.expect("counts");
        assert_eq!(counts.get(&cast.id("sonya")), Some(&1));
    }

    async fn what_somebody_holds_follows_them_to_another_team(t: TestDb) {
        let mut cast = Cast::gather(t).await;
        cast.hire("sveta", Role::Head, ("sales-b", 2)).await;
        cast.hire("stepan", Role::Seller, ("sales-b", 2)).await;
        let (id, _) = opportunity(&cast, "Ромашка", "sonya").await;
        place(&cast, "sonya", &[Role::Seller], "sales-b").await;
        let path = format!("/holdings/{}", cast.id("sonya"));
        let before = cast.client("sergei").await.get(&path).await;
        assert_eq!(before.status, StatusCode::NOT_FOUND, "she works for another head now");
        let page = cast.client("sveta").await.get(&path).await.body;
        assert!(page.contains("Ромашка") && page.contains("stepan"), "{page}");
        let link = format!("/opportunities/{id}");
        assert!(!page.contains(&link), "a link to what the head may not open yet: {page}");
        let one = Held { opportunities: 1, promises: 1, tasks: 1, ..Held::default() };
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list(&mut tx, &cast.viewer("sveta").await).await.expect("lists");
        drop(tx);
        let sonya = rows.iter().find(|(user, _)| user.id == cast.id("sonya"));
        assert_eq!(sonya.map(|(_, held)| *held), Some(one));
        hand_over(&cast, "sveta", "sonya", (Tier::Sales, "stepan")).await;
        assert_eq!(held(&cast, "sonya").await, Held::default());
        assert_eq!(held(&cast, "stepan").await, one);
        let seen = cast.client("sveta").await.get(&link).await;
        assert_eq!(seen.status, StatusCode::OK, "it is the new team's");
    }

    async fn a_head_who_administers_leads_one_team_still(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (id, _) = opportunity(&cast, "Ромашка", "sonya").await;
        place(&cast, "sergei", &[Role::Head, Role::Administrator], "sales").await;
        let sergei = cast.client("sergei").await;
        let vera = cast.id("vera").to_string();
        let list = sergei.get("/holdings").await.body;
        assert!(list.contains(&cast.id("sonya").to_string()) && !list.contains(&vera), "{list}");
        let other = sergei.get(&format!("/holdings/{vera}")).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        let path = format!("/opportunities/{id}/owner");
        for to in ["", vera.as_str()] {
            let refused = sergei.post(&path, &[("to", to)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        }
        let page = sergei.get(&format!("/opportunities/{id}")).await.body;
        assert!(page.contains("<option value=\"\">choose</option>"), "nobody is chosen: {page}");
    }

    async fn a_client_passes_without_what_others_promised(t: TestDb) {
        let mut cast = Cast::gather(t).await;
        cast.hire("valya", Role::Service, ("service", 3)).await;
        let (id, company) = client(&cast, "Ромашка", "vera").await;
        let sold = sell(&cast, company, "sonya", true).await;
        let act = cast.act("sonya", "promise");
        let mut tx = act.db.begin().await.expect("begins");
        let (words, due_at) = ("an offer by Friday".to_owned(), act.now.plus_days(3));
        let new = NewPromise { company, campaign: None, words, due_at, holder: None };
        promises::actions::make_in(&mut tx, &act, new).await.expect("promised");
        tx.commit().await.expect("commits");
        let (act, vadim) = (cast.act("vadim", "pass"), cast.viewer("vadim").await);
        clients::owner::reassign(&act, &vadim, id, cast.id("valya")).await.expect("passes");
        cast.settle().await;
        let sells = Held { opportunities: 1, promises: 1, ..Held::default() };
        assert_eq!(held(&cast, "sonya").await, sells, "the seller of {sold} keeps their word");
        let serves = Held { clients: 1, promises: 1, tasks: 1, ..Held::default() };
        assert_eq!(held(&cast, "valya").await, serves);
        let mut tx = cast.app.db.read().await.expect("reads");
        let mine = Scope { reach: people::Reach::Own, ..cast.viewer("valya").await.scope() };
        let range = Range { from: act.now, until: act.now.plus_days(9), side: None };
        let meetings = meetings::actions::list(&mut tx, &mine, &range, 9).await.expect("lists");
        let hosts: Vec<_> = meetings.iter().map(|meeting| meeting.host).collect();
        assert_eq!(hosts, [Some(cast.id("valya"))], "the meeting with the client goes along");
    }
}
