//! What is read of hand-offs, each under the viewer's scope.

use std::collections::BTreeMap;

use crate::handoffs::rates::{Pair, RATE_DAYS};
use crate::handoffs::{Handoff, HandoffState, store};
use crate::people::Scope;
use crate::storage::Tx;
use crate::tiers::Tier;
use crate::values::*;

/// A hand-off that may be seen.
pub async fn find(tx: &mut Tx, scope: &Scope, id: HandoffId) -> Outcome<Option<Handoff>> {
    store::find(tx, scope, id).await
}

/// What waits for an answer by this person, the most urgent first.
pub async fn list_waiting(tx: &mut Tx, scope: &Scope, limit: i64) -> Outcome<Vec<Handoff>> {
    store::list_waiting(tx, scope, limit).await
}

/// How many offers to a tier wait for each person.
pub async fn count_waiting(tx: &mut Tx, org: OrgId, tier: Tier) -> Outcome<BTreeMap<UserId, i64>> {
    let loads = store::counts::list_loads(tx, org, tier.rank()).await?;
    Ok(loads.into_iter().map(|(user, waiting, _)| (user, waiting)).collect())
}

/// What this person gave, the newest first.
pub async fn list_given(
    tx: &mut Tx,
    scope: &Scope,
    before: i64,
    limit: i64,
) -> Outcome<Vec<Handoff>> {
    store::list_given(tx, scope, before, limit).await
}

/// Everything this person may see, the newest first.
pub async fn list_seen(
    tx: &mut Tx,
    scope: &Scope,
    state: Option<HandoffState>,
    before: i64,
    limit: i64,
) -> Outcome<Vec<Handoff>> {
    store::list_seen(tx, scope, state, before, limit).await
}

/// Contested rejections that wait for a decision, the oldest first.
pub async fn list_contested(tx: &mut Tx, scope: &Scope, limit: i64) -> Outcome<Vec<Handoff>> {
    store::list_contested(tx, scope, limit).await
}

/// How offers fared between each two people of the firm of late. Whom a reader is shown by name
/// is the page's choice; see `rates`.
pub async fn list_pairs(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<Vec<Pair>> {
    store::counts::list_pairs(tx, org, now.plus_days(-RATE_DAYS)).await
}
