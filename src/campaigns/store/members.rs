//! Who works for a campaign and was not shut out.

use crate::people::Roles;
use crate::storage::Tx;
use crate::tiers::Tier;
use crate::vals;
use crate::values::*;

/// Who works in a tier of each campaign, as [`list_members`] says of one.
pub(in crate::campaigns) async fn list_working(
    tx: &mut Tx,
    org: OrgId,
    tier: Tier,
) -> Outcome<Vec<(CampaignId, UserId)>> {
    let rows = tx
        .all(
            "select m.campaign_id, m.user_id, u.role from campaign_members m \
             join users u on u.id = m.user_id where m.org_id = $1 and m.tier = $2 \
             and u.disabled_at is null order by m.made_at, m.user_id",
            vals![org, tier.rank()],
        )
        .await?;
    let mut working = Vec::new();
    for row in &rows {
        let roles = Roles::parse(&row.text("role")?);
        if roles.is_some_and(|roles| roles.has(tier.role())) {
            working.push((row.id("campaign_id")?, row.id("user_id")?));
        }
    }
    Ok(working)
}

pub(in crate::campaigns) async fn list_members(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    tier: Tier,
) -> Outcome<Vec<UserId>> {
    let rows = tx
        .all(
            "select m.user_id, u.role from campaign_members m join users u on u.id = m.user_id \
             where m.org_id = $1 and m.campaign_id = $2 and m.tier = $3 \
             and u.disabled_at is null order by m.made_at, m.user_id",
            vals![org, campaign, tier.rank()],
        )
        .await?;
    let mut working = Vec::new();
    for row in &rows {
        let roles = Roles::parse(&row.text("role")?);
        if roles.is_some_and(|roles| roles.has(tier.role())) {
            working.push(row.id("user_id")?);
        }
    }
    Ok(working)
}
