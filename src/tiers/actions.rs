//! Who may be given work of a tier.

use super::{Tier, may_hand_over, may_take};
use crate::people::{self, User, Viewer};
use crate::storage::Tx;
use crate::values::*;

/// The person chosen in a form, in its field `to`.
pub fn read_taker(typed: &str) -> Outcome<UserId> {
    if typed.is_empty() {
        return Err(Fields::one("to", "required"));
    }
    typed.parse().map_err(|_| Fields::one("to", "unknown-choice"))
}

/// A person whom the viewer may give work of a tier to: one of their team, for the owner anybody.
pub async fn find_taker(tx: &mut Tx, viewer: &Viewer, to: UserId, tier: Tier) -> Outcome<User> {
    let found = people::actions::find_user(tx, viewer.org, to).await?;
    let user = found.filter(|user| may_hand_over(viewer, user.id, user.team));
    let user = user.ok_or_else(|| Fields::one("to", "unknown-choice"))?;
    if may_take(&user, tier) { Ok(user) } else { Err(Fields::one("to", "not-in-that-tier")) }
}

/// All of them but one, by name, for a list to choose from.
pub async fn list_takers(
    tx: &mut Tx,
    viewer: &Viewer,
    tier: Tier,
    but: UserId,
) -> Outcome<Vec<(UserId, String)>> {
    let mut users = people::actions::list_users(tx, viewer.org).await?;
    users.retain(|user| {
        let is_below = may_hand_over(viewer, user.id, user.team);
        user.id != but && is_below && may_take(user, tier)
    });
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}
