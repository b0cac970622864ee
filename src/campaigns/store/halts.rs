//! Campaigns that complaints stopped, and what was decided.

use crate::campaigns::complaints::{Complaints, Halt};
use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// Complaints stop a campaign, or it was decided that it goes on and from when they count.
pub(in crate::campaigns) async fn update_complained(
    tx: &mut Tx,
    org: OrgId,
    id: CampaignId,
    (at, from): (Option<Instant>, Option<Instant>),
) -> Outcome<u64> {
    tx.run(
        "update campaigns set complained_at = $3, complaints_from = $4, version = version + 1 \
         where org_id = $1 and id = $2",
        vals![org, id, at, from],
    )
    .await
}

pub(in crate::campaigns) async fn insert_halt(
    tx: &mut Tx,
    org: OrgId,
    (campaign, company): (CampaignId, CompanyId),
    halt: &Halt,
) -> Outcome<()> {
    tx.run(
        "insert into campaign_halts (id, org_id, campaign_id, company_id, at, complaints, calls, \
         limit_of_10000) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            AnyId::fresh(halt.at),
            org,
            campaign,
            company,
            halt.at,
            halt.heard.complaints,
            halt.heard.calls,
            halt.limit,
        ],
    )
    .await?;
    Ok(())
}

/// Who has it go on, and why; nought rows where nothing waits for that.
pub(in crate::campaigns) async fn update_answered(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    (by, why): (Option<UserId>, &str),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update campaign_halts set answered_at = $3, answered_by_id = $4, why = $5 \
         where org_id = $1 and campaign_id = $2 and answered_at is null",
        vals![org, campaign, now, by, why],
    )
    .await
}

/// Every time that complaints stopped a campaign, the latest first.
pub(in crate::campaigns) async fn list_halts(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Vec<Halt>> {
    tx.all(
        "select at, complaints, calls, limit_of_10000, answered_at, answered_by_id, why \
         from campaign_halts where org_id = $1 and campaign_id = $2 order by at desc limit 50",
        vals![org, campaign],
    )
    .await?
    .iter()
    .map(|row| {
        let who = (row.opt_id("answered_by_id")?, row.opt_at("answered_at")?);
        let why = row.opt_text("why")?.unwrap_or_default();
        Ok(Halt {
            at: row.at("at")?,
            heard: Complaints { complaints: row.int("complaints")?, calls: row.int("calls")? },
            limit: row.int("limit_of_10000")?,
            answer: who.0.zip(who.1).map(|(user, at)| (user, at, why)),
        })
    })
    .collect()
}
