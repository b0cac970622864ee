//! Who leads an opportunity: it passes to another seller with what was promised and is to be done.

use std::collections::BTreeMap;

use super::actions::{SALES, announce, event, found_for_update, keep};
use super::{Opportunity, store};
use crate::begin;
use crate::events::Kind;
use crate::people::{Scope, User, Viewer};
use crate::storage::{Act, Tx};
use crate::tiers::{self, Tier};
use crate::values::*;
use crate::{companies, meetings, promises, tasks};

/// A head or the owner hands an open opportunity to another seller.
pub async fn reassign(act: &Act, viewer: &Viewer, id: OpportunityId, to: UserId) -> Outcome<i64> {
    let mut tx = begin!(act);
    let before = found_for_update(&mut tx, viewer, id).await?;
    if !tiers::may_hand_over(viewer, before.owner, before.team) {
        return Err(Error::NotFound);
    }
    let to = tiers::actions::find_taker(&mut tx, viewer, to, Tier::Sales).await?;
    let from = (before.company, before.owner);
    meetings::booking::check_pass_in(&mut tx, act, from, to.id).await?;
    let version = reassign_in(&mut tx, act, &before, &to).await?;
    tx.finish(version).await
}

/// The same as part of somebody else's transaction. Where its owner led the company, the new one
/// does; where service leads it, service goes on.
pub async fn reassign_in(tx: &mut Tx, act: &Act, before: &Opportunity, to: &User) -> Outcome<i64> {
    let after = before.reassign(to.id, to.team)?;
    keep(tx, act, before, &after).await?;
    event(Kind::OpportunityReassigned, &after)
        .with("before", before.owner.to_string())
        .record(tx, act)
        .await?;
    let company = companies::actions::find_for_update(tx, act.org, before.company).await?;
    let led = company.and_then(|company| company.lead.zip(company.lead_tier));
    let is_nobodys = led.is_none() && !before.is_upsell;
    if is_nobodys || led == Some((before.owner, SALES)) {
        let lead = Some(to.id);
        companies::actions::set_lead_in(tx, act, before.company, lead, SALES).await?;
    } else if !before.is_upsell {
        companies::actions::keep_in_sight_in(tx, act, before.company, to.id).await?;
    }
    let from = (before.company, before.owner);
    promises::actions::pass_from_in(tx, act, from, to.id).await?;
    tasks::actions::pass_from_in(tx, act, from, to.id).await?;
    meetings::actions::pass_from_in(tx, act, from, to.id).await?;
    announce(tx, act.org, before);
    announce(tx, act.org, &after);
    Ok(after.version)
}

/// The open opportunities of a person, as far as the scope sees them.
pub async fn list_held(tx: &mut Tx, scope: &Scope, owner: UserId) -> Outcome<Vec<Opportunity>> {
    store::list_held(tx, scope, owner).await
}

/// The same, kept from others until the transaction ends: their companies first, as merges do.
pub async fn list_held_for_update(
    tx: &mut Tx,
    scope: &Scope,
    owner: UserId,
) -> Outcome<Vec<Opportunity>> {
    let seen = store::list_held(tx, scope, owner).await?;
    let of = seen.iter().map(|held| held.company);
    companies::actions::hold_all_for_update(tx, scope.org, of).await?;
    store::list_held_for_update(tx, scope, owner).await
}

/// How many of them each person has.
pub async fn count_held(tx: &mut Tx, scope: &Scope) -> Outcome<BTreeMap<UserId, i64>> {
    store::list_counts(tx, scope).await
}
