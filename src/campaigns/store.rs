//! Every statement about campaigns, their members and scripts.

use super::hours::CallingHours;
use super::{CallingPolicy, Campaign, read_codes};
use crate::storage::{Row, Tx};
use crate::tiers::Tier;
use crate::vals;
use crate::values::*;

pub(super) async fn find_campaign(
    tx: &mut Tx,
    org: OrgId,
    id: CampaignId,
) -> Outcome<Option<Campaign>> {
    tx.maybe(
        "select id, number, name, team_id, principal_id, state, engagement, purpose, legal_basis, \
         segment, open_days, open_from, open_to, holidays_off, attempts_max, \
         attempts_per_day_max, gap_minutes, cool_down_days, pressure_max, pressure_days, \
         lease_seconds, callback_grace_minutes, acceptance_minutes, credit_days, \
         passport_fields, target_actions, version, made_at, launched_at \
         from campaigns where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_campaign)
    .transpose()
}

pub(super) async fn list_members(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    tier: Tier,
) -> Outcome<Vec<UserId>> {
    tx.all(
        "select m.user_id from campaign_members m join users u on u.id = m.user_id \
         where m.org_id = $1 and m.campaign_id = $2 and m.tier = $3 and u.disabled_at is null \
         order by m.made_at, m.user_id",
        vals![org, campaign, tier.rank()],
    )
    .await?
    .iter()
    .map(|row| row.id("user_id"))
    .collect()
}

fn coded<T: std::str::FromStr>(row: &Row, column: &str) -> Outcome<T> {
    row.id(column)
}

fn read_campaign(row: &Row) -> Outcome<Campaign> {
    Ok(Campaign {
        id: row.id("id")?,
        number: row.int("number")?,
        name: row.text("name")?,
        team: row.opt_id("team_id")?,
        principal: row.opt_id("principal_id")?,
        state: coded(row, "state")?,
        engagement: coded(row, "engagement")?,
        purpose: coded(row, "purpose")?,
        legal_basis: coded(row, "legal_basis")?,
        segment: serde_json::from_str(&row.text("segment")?).map_err(Error::failure)?,
        policy: read_policy(row)?,
        passport: read_codes(&row.text("passport_fields")?),
        targets: read_codes(&row.text("target_actions")?),
        version: row.int("version")?,
        made_at: row.at("made_at")?,
        launched_at: row.opt_at("launched_at")?,
    })
}

fn read_policy(row: &Row) -> Outcome<CallingPolicy> {
    Ok(CallingPolicy {
        hours: CallingHours {
            days: row.int("open_days")?,
            from_minute: row.int("open_from")?,
            to_minute: row.int("open_to")?,
            holidays_off: row.flag("holidays_off")?,
        },
        attempts_max: row.int("attempts_max")?,
        attempts_per_day_max: row.int("attempts_per_day_max")?,
        gap_minutes: row.int("gap_minutes")?,
        cool_down_days: row.int("cool_down_days")?,
        pressure_max: row.int("pressure_max")?,
        pressure_days: row.int("pressure_days")?,
        lease_seconds: row.int("lease_seconds")?,
        callback_grace_minutes: row.int("callback_grace_minutes")?,
        acceptance_minutes: row.int("acceptance_minutes")?,
        credit_days: row.int("credit_days")?,
    })
}
