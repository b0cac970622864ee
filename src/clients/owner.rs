//! Who leads a client: they pass to another person of service with what was promised and is to
//! be done.

use std::collections::BTreeMap;

use super::actions::locked;
use super::{Client, ClientRefusal, store};
use crate::begin;
use crate::events::{Event, Kind};
use crate::people::{Scope, User, Viewer};
use crate::storage::{Act, Tx};
use crate::tiers::{self, Tier};
use crate::values::*;
use crate::{companies, meetings, promises, tasks};

/// A head or the owner hands a client to another account manager.
pub async fn reassign(act: &Act, viewer: &Viewer, id: ClientId, to: UserId) -> Outcome<()> {
    let mut tx = begin!(act);
    let client = locked(&mut tx, viewer, id).await?;
    if !tiers::may_hand_over(viewer, client.owner, client.team) {
        return Err(Error::NotFound);
    }
    let to = tiers::actions::find_taker(&mut tx, viewer, to, Tier::Service).await?;
    let from = (client.company, client.owner);
    meetings::booking::check_pass_in(&mut tx, act, from, to.id).await?;
    reassign_in(&mut tx, act, &client, &to).await?;
    tx.finish(()).await
}

/// The same as part of somebody else's transaction.
pub async fn reassign_in(tx: &mut Tx, act: &Act, client: &Client, to: &User) -> Outcome<()> {
    lead_in(tx, act, client, (to.id, to.team)).await?;
    let company = client.company;
    let rank = Tier::Service.rank();
    companies::actions::set_lead_in(tx, act, company, Some(to.id), rank).await?;
    let from = (company, client.owner);
    promises::actions::pass_from_in(tx, act, from, to.id).await?;
    meetings::actions::pass_from_in(tx, act, from, to.id).await?;
    tasks::actions::pass_from_in(tx, act, from, to.id).await?;
    tasks::actions::pass_in(tx, act, company, to.id).await
}

/// Who else may lead the client, where the viewer may say so.
pub async fn list_takers(
    tx: &mut Tx,
    viewer: &Viewer,
    client: &Client,
) -> Outcome<Vec<(UserId, String)>> {
    if !client.is_active() || !tiers::may_hand_over(viewer, client.owner, client.team) {
        return Ok(Vec::new());
    }
    tiers::actions::list_takers(tx, viewer, Tier::Service, client.owner).await
}

/// Whoever took the client owns it, in the team they took it in; it may be whoever owns it already.
pub(super) async fn take_in(
    tx: &mut Tx,
    act: &Act,
    client: &Client,
    (owner, team): (UserId, Option<TeamId>),
) -> Outcome<()> {
    if client.owner != owner {
        return lead_in(tx, act, client, (owner, team)).await;
    }
    if client.team == team {
        return Ok(());
    }
    match store::update_owner(tx, act.org, &Client { team, ..client.clone() }).await? {
        0 => Err(ClientRefusal::Stale.into()),
        _ => Ok(()),
    }
}

/// Another person owns the client from now on.
pub(super) async fn lead_in(
    tx: &mut Tx,
    act: &Act,
    client: &Client,
    (to, team): (UserId, Option<TeamId>),
) -> Outcome<()> {
    let led = client.reassign(to, team)?;
    if store::update_owner(tx, act.org, &led).await? == 0 {
        return Err(ClientRefusal::Stale.into());
    }
    Event::new(Kind::ClientPassed, client.id)
        .company(client.company)
        .campaign(client.campaign)
        .person(to)
        .tier(Tier::Service.rank())
        .with("before", client.owner.to_string())
        .record(tx, act)
        .await?;
    for user in [client.owner, to] {
        tx.announce(format!("user:{user}"));
    }
    Ok(())
}

/// The clients a person leads, as far as the scope sees them.
pub async fn list_held(tx: &mut Tx, scope: &Scope, owner: UserId) -> Outcome<Vec<Client>> {
    store::list_held(tx, scope, owner).await
}

/// The same, kept from others until the transaction ends: their companies first, as merges do.
pub async fn list_held_for_update(
    tx: &mut Tx,
    scope: &Scope,
    owner: UserId,
) -> Outcome<Vec<Client>> {
    let seen = store::list_held(tx, scope, owner).await?;
    let of = seen.iter().map(|held| held.company);
    companies::actions::hold_all_for_update(tx, scope.org, of).await?;
    store::list_held_for_update(tx, scope, owner).await
}

/// How many of them each person leads.
pub async fn count_held(tx: &mut Tx, scope: &Scope) -> Outcome<BTreeMap<UserId, i64>> {
    store::list_counts(tx, scope).await
}
