//! What is done with campaigns.

use super::{Campaign, store};
use crate::storage::Tx;
use crate::tiers::Tier;
use crate::values::*;

/// A campaign of the firm, for the rooms above.
pub async fn find(tx: &mut Tx, org: OrgId, id: CampaignId) -> Outcome<Campaign> {
    store::find_campaign(tx, org, id).await?.ok_or(Error::NotFound)
}

/// Who works in a tier of a campaign, in the order they joined; the shut out are left out.
pub async fn list_members(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    tier: Tier,
) -> Outcome<Vec<UserId>> {
    store::list_members(tx, org, campaign, tier).await
}
