//! Who belonged to which team. Nothing here updates or deletes a row.

use std::collections::BTreeSet;

use super::super::Roles;
use super::super::teams::Membership;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

pub(crate) async fn insert_membership(tx: &mut Tx, org: OrgId, one: &Membership) -> Outcome<()> {
    tx.run(
        "insert into team_history (org_id, user_id, ordinal, team_id, tier, role, has_left, \
         starts_at) values ($1, $2, (select count(*) from team_history where user_id = $2), \
         $3, $4, $5, $6, $7)",
        vals![org, one.person, one.team, one.tier, one.roles.text(), one.has_left, one.starts_at,],
    )
    .await?;
    Ok(())
}

/// Every membership of the firm, of each person the oldest first.
pub(crate) async fn list_memberships(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Membership>> {
    tx.all(
        "select user_id, team_id, tier, role, has_left, starts_at from team_history \
         where org_id = $1 order by user_id, ordinal",
        vals![org],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The memberships of these people, of each the oldest first.
pub(crate) async fn list_memberships_of(
    tx: &mut Tx,
    org: OrgId,
    people: &BTreeSet<UserId>,
) -> Outcome<Vec<Membership>> {
    tx.all_among(
        "select user_id, team_id, tier, role, has_left, starts_at from team_history \
         where org_id = $1 and user_id in (/*among*/) order by user_id, ordinal",
        vals![org],
        &among(people),
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Everybody who was ever of a team that one of these people was ever of.
pub(crate) async fn list_teammates(
    tx: &mut Tx,
    org: OrgId,
    people: &BTreeSet<UserId>,
) -> Outcome<BTreeSet<UserId>> {
    tx.all_among(
        "select user_id from team_history where org_id = $1 and team_id in \
         (select team_id from team_history where org_id = $1 and user_id in (/*among*/))",
        vals![org],
        &among(people),
    )
    .await?
    .iter()
    .map(|row| row.id("user_id"))
    .collect()
}

fn among(people: &BTreeSet<UserId>) -> Vec<Val> {
    people.iter().map(|person| Val::from(*person)).collect()
}

fn read(row: &Row) -> Outcome<Membership> {
    let roles = Roles::parse(&row.text("role")?);
    Ok(Membership {
        person: row.id("user_id")?,
        team: row.opt_id("team_id")?,
        tier: row.opt_int("tier")?,
        roles: roles.ok_or_else(|| Error::failure("unknown role"))?,
        has_left: row.flag("has_left")?,
        starts_at: row.at("starts_at")?,
    })
}
