//! What is read of holdings, and how all of them pass to another person.
//!
//! Who may do so depends on where the person works now. The records keep the team they were made
//! in, so all of the person's are read, whichever team that was.

use super::{Held, HoldingsRefusal};
use crate::begin;
use crate::clients::{self, Client};
use crate::events::{Event, Kind};
use crate::opportunities::{self, Opportunity};
use crate::people::{self, Role, Scope, User, Viewer};
use crate::storage::{Act, Tx};
use crate::tiers::{self, Tier};
use crate::values::*;
use crate::{handoffs, promises, tasks};

/// The people whose holdings the viewer may hand over, with what they hold: those who were shut
/// out and still hold something first; of the others those who are there.
pub async fn list(tx: &mut Tx, viewer: &Viewer) -> Outcome<Vec<(User, Held)>> {
    let counts = Counts::read(tx, &Scope::whole(viewer.org)).await?;
    let users = people::actions::list_users(tx, viewer.org).await?;
    let mut all: Vec<(User, Held)> = users
        .into_iter()
        .filter(|user| is_below(viewer, user))
        .map(|user| (user.clone(), counts.of(user.id)))
        .filter(|(user, held)| !held.is_nothing() || is_at_work(user))
        .collect();
    all.sort_by_key(|(user, _)| user.disabled_at.is_none());
    Ok(all)
}

fn is_below(viewer: &Viewer, user: &User) -> bool {
    tiers::may_hand_over(viewer, user.id, user.team)
}

fn is_at_work(user: &User) -> bool {
    let holds = [Role::Caller, Role::Seller, Role::Service, Role::Head];
    user.disabled_at.is_none() && holds.iter().any(|role| user.roles.has(*role))
}

/// What one person holds.
pub struct Holdings {
    /// Who.
    pub user: User,
    /// How much.
    pub held: Held,
    /// Their open opportunities.
    pub opportunities: Vec<Opportunity>,
    /// The clients they lead.
    pub clients: Vec<Client>,
}

/// What a person holds; 404 unless the viewer may hand it over.
pub async fn find(tx: &mut Tx, viewer: &Viewer, user: UserId) -> Outcome<Holdings> {
    let scope = Scope::whole(viewer.org);
    let found = people::actions::find_user(tx, viewer.org, user).await?;
    let user = found.filter(|user| is_below(viewer, user)).ok_or(Error::NotFound)?;
    let held = Counts::read(tx, &scope).await?.of(user.id);
    Ok(Holdings {
        held,
        opportunities: opportunities::owner::list_held(tx, &scope, user.id).await?,
        clients: clients::owner::list_held(tx, &scope, user.id).await?,
        user,
    })
}

/// Hands over what a person holds in a tier. Promises and tasks that belong to none of it go along
/// when no record of another tier is left.
pub async fn hand_over(
    act: &Act,
    viewer: &Viewer,
    from: UserId,
    (tier, to): (Tier, UserId),
) -> Outcome<()> {
    let mut tx = begin!(act);
    let before = find(&mut tx, viewer, from).await?;
    if !before.held.ways(&before.user).contains(&tier) {
        return Err(HoldingsRefusal::NothingHeld.into());
    }
    let to = tiers::actions::find_taker(&mut tx, viewer, to, tier).await?;
    if to.id == from {
        return Err(Fields::one("to", "unknown-choice"));
    }
    let scope = Scope::whole(viewer.org);
    pass_records_in(&mut tx, act, &scope, from, (tier, &to)).await?;
    if Counts::read(&mut tx, &scope).await?.of(from).tiers().is_empty() {
        promises::actions::pass_held_in(&mut tx, act, &scope, from, to.id).await?;
        tasks::actions::pass_held_in(&mut tx, act, &scope, from, to.id).await?;
    }
    let left = Counts::read(&mut tx, &scope).await?.of(from);
    let held = before.held;
    Event::new(Kind::HoldingsPassed, from)
        .person(to.id)
        .tier(tier.rank())
        .with("opportunities", held.opportunities - left.opportunities)
        .with("clients", held.clients - left.clients)
        .with("promises", held.promises - left.promises)
        .with("tasks", held.tasks - left.tasks)
        .with("offers", held.offers() - left.offers())
        .record(&mut tx, act)
        .await?;
    tx.finish(()).await
}

async fn pass_records_in(
    tx: &mut Tx,
    act: &Act,
    scope: &Scope,
    from: UserId,
    (tier, to): (Tier, &User),
) -> Outcome<()> {
    match tier {
        Tier::Acquisition => return Ok(()),
        Tier::Sales => {
            for held in opportunities::owner::list_held_for_update(tx, scope, from).await? {
                opportunities::owner::reassign_in(tx, act, &held, to).await?;
            }
        }
        Tier::Service => {
            for held in clients::owner::list_held_for_update(tx, scope, from).await? {
                clients::owner::reassign_in(tx, act, &held, to).await?;
            }
        }
    }
    handoffs::actions::pass_on_in(tx, act, (from, tier), to.id).await
}

type ByPerson = std::collections::BTreeMap<UserId, i64>;

/// What everybody holds.
struct Counts {
    opportunities: ByPerson,
    clients: ByPerson,
    promises: ByPerson,
    tasks: ByPerson,
    sales_offers: ByPerson,
    service_offers: ByPerson,
}

impl Counts {
    async fn read(tx: &mut Tx, scope: &Scope) -> Outcome<Self> {
        let waiting = handoffs::actions::count_waiting;
        Ok(Self {
            opportunities: opportunities::owner::count_held(tx, scope).await?,
            clients: clients::owner::count_held(tx, scope).await?,
            promises: promises::actions::count_held(tx, scope).await?,
            tasks: tasks::actions::count_held(tx, scope).await?,
            sales_offers: waiting(tx, scope.org, Tier::Sales).await?,
            service_offers: waiting(tx, scope.org, Tier::Service).await?,
        })
    }
    fn of(&self, user: UserId) -> Held {
        let in_all = |counts: &ByPerson| counts.get(&user).copied().unwrap_or(0);
        Held {
            opportunities: in_all(&self.opportunities),
            clients: in_all(&self.clients),
            promises: in_all(&self.promises),
            tasks: in_all(&self.tasks),
            sales_offers: in_all(&self.sales_offers),
            service_offers: in_all(&self.service_offers),
        }
    }
}
