//! A firm at work: people of three tiers in one campaign that calls at any hour.

use troika::campaigns::{self, Member};
use troika::companies::{self, NewCompany};
use troika::leads;
use troika::pay::actions::{NewAssignment, assign, start_tier_plans};
use troika::people::actions::{NewUser, add_user, make_token, open_session};
use troika::people::{Role, Roles, Viewer, session};
use troika::storage::{Act, Db};
use troika::tiers::Tier;
use troika::values::{CampaignId, Clock, Currency, Instant, Lang, Money, OrgId, Outcome, UserId};

use crate::campaign::{company, terms};
use crate::server::{Person, found};

/// More companies than can be called before the last kill.
const COMPANIES: usize = 6_000;
/// Callers beside the one of [`found`].
const MORE_CALLERS: [&str; 2] = ["caller2", "caller3"];

/// What somebody does until the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    /// Takes the next company, says how the call went, takes the next.
    Calls,
    /// Takes what is offered, wins it, enters payments.
    Sells,
    /// Takes the clients that are offered.
    Serves,
    /// Adds companies and writes notes about them.
    Gathers,
    /// Changes how the screens look, by a form.
    Likes,
    /// Does nothing of their own.
    Looks,
}

/// Somebody at work, with a token for their programs.
#[derive(Debug)]
pub struct Worker {
    pub person: Person,
    pub token: String,
    pub trade: Trade,
}

/// The firm that is killed.
#[derive(Debug)]
pub struct Firm {
    pub org: OrgId,
    pub campaign: CampaignId,
    pub workers: Vec<Worker>,
}

/// Founds it in an empty database and starts its campaign, by the product's own actions.
pub async fn prepare(db: &Db) -> Firm {
    let (org, people) = found(db).await;
    let now = Clock::system().now();
    let act = Act { db: db.clone(), org, actor: None, now, key: None };
    let mut workers = Vec::new();
    for person in people {
        let trade = match person.login {
            "caller" => Trade::Calls,
            "seller" => Trade::Sells,
            "service" => Trade::Serves,
            "head" => Trade::Gathers,
            "principal" => Trade::Likes,
            _ => Trade::Looks,
        };
        workers.push(employ(&act, person, trade).await.expect("a token"));
    }
    for login in MORE_CALLERS {
        let id = add_user(&act, caller(login)).await.expect("a caller is hired");
        let secret = open_session(db, org, id, now).await.expect("a session").0;
        let person = Person { login, id, secret };
        workers.push(employ(&act, person, Trade::Calls).await.expect("a token"));
    }
    promise_pay(&act, &workers).await.expect("plans of pay");
    let campaign = campaign(&act, &workers).await.expect("a campaign");
    Firm { org, campaign, workers }
}

async fn employ(act: &Act, person: Person, trade: Trade) -> Outcome<Worker> {
    let secret = troika::people::actions::Secret(session::fresh_secret()?);
    let act = Act { actor: Some(person.id), ..act.clone() };
    make_token(&act, person.id, "crash", "*:read *:write", &secret).await?;
    Ok(Worker { person, token: secret.0, trade })
}

fn caller(login: &str) -> NewUser {
    NewUser {
        login: login.to_owned(),
        name: login.to_owned(),
        alias: login.to_owned(),
        roles: Roles::of(&[Role::Caller]),
        tier: Some(1),
        team: None,
        lang: Lang::Ru,
        password: None,
    }
}

/// The tier of who works in one.
fn tier(trade: Trade) -> Option<Tier> {
    match trade {
        Trade::Calls => Some(Tier::Acquisition),
        Trade::Sells => Some(Tier::Sales),
        Trade::Serves => Some(Tier::Service),
        Trade::Gathers | Trade::Likes | Trade::Looks => None,
    }
}

async fn promise_pay(act: &Act, workers: &[Worker]) -> Outcome<()> {
    let zone = viewer(act, workers, "owner").await?.zone;
    let from = act.now.day(&zone).first_of_month();
    let effective_from = Instant::from_local(from.at(0, 0, 0, 0), &zone);
    let plans = start_tier_plans(act, ["1", "2", "3"], effective_from).await?;
    for (plan, rank) in plans.into_iter().zip(Tier::ALL) {
        for worker in workers.iter().filter(|worker| tier(worker.trade) == Some(rank)) {
            let salary = Money::new(0, Currency::Rub);
            let person = worker.person.id;
            assign(act, NewAssignment { person, plan, from, until: None, salary }).await?;
        }
    }
    Ok(())
}

async fn viewer(act: &Act, workers: &[Worker], login: &str) -> Outcome<Viewer> {
    let id = workers.iter().find(|worker| worker.person.login == login).map(|w| w.person.id);
    let id: UserId = id.expect("they work here");
    let mut tx = act.db.read().await?;
    Ok(session::viewer(&mut tx, act.org, id, None).await?.expect("they may sign in"))
}

async fn campaign(act: &Act, workers: &[Worker]) -> Outcome<CampaignId> {
    let all: Vec<NewCompany> = (0..COMPANIES).map(company).collect();
    for some in all.chunks(2_000) {
        let mut tx = act.db.begin().await?;
        companies::actions::add_many_in(&mut tx, act, some).await?;
        tx.commit().await?;
    }
    act.db.refresh_statistics().await?;
    let owner = viewer(act, workers, "owner").await?;
    let act = Act { actor: Some(owner.id()), ..act.clone() };
    let id = campaigns::actions::make(&act, &owner, terms(), None, "> Добрый день").await?;
    for worker in workers {
        let Some(tier) = tier(worker.trade) else { continue };
        let member = Member { user: worker.person.id, tier };
        campaigns::actions::add_member(&act, &owner, id, member).await?;
    }
    leads::actions::launch(&act, &owner, id).await?;
    Ok(id)
}
