//! A company must not be contacted, and where it complained, what that means for the campaigns that
//! had called it: in the same transaction each is held to its own limit, and stops above it.

use super::store;
use crate::begin;
use crate::campaigns::complaints::{Complaints, DAYS};
use crate::campaigns::{self, Campaign};
use crate::companies::suppression::{Complained, Wanted};
use crate::companies::{self, SuppressReason};
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::values::*;

/// States that a company the person may know of, or a part of it, must not be contacted.
pub async fn suppress(
    act: &Act,
    viewer: &Viewer,
    id: CompanyId,
    wanted: Wanted,
) -> Outcome<SuppressionId> {
    let mut tx = begin!(act);
    let (company, ban) =
        companies::actions::suppress_seen_in(&mut tx, act, viewer, id, wanted).await?;
    if wanted.reason == SuppressReason::Complaint {
        judge_in(&mut tx, act, company).await?;
    }
    tx.finish(ban).await
}

/// Stops each campaign that had called the company and that is complained of more than it allows.
/// Each is kept from others before it is counted, so that of two complaints at once the second
/// counts the first.
pub async fn judge_in(tx: &mut Tx, act: &Act, company: CompanyId) -> Outcome<()> {
    let since = act.now.plus_days(-DAYS);
    for id in store::list_campaigns_that_called(tx, act.org, company, since).await? {
        let campaign = campaigns::actions::hold(tx, act.org, id).await?;
        if !campaign.may_be_halted() {
            continue;
        }
        let heard = count(tx, act.org, &campaign, act.now).await?;
        if campaign.policy.is_over(heard) {
            campaigns::actions::halt_in(tx, act, &campaign, (company, heard)).await?;
        }
    }
    Ok(())
}

/// What was heard of a campaign: companies that complained within its days of counting and that it
/// had called within thirty days before, and its calls. What was lifted was no complaint.
pub async fn count(
    tx: &mut Tx,
    org: OrgId,
    campaign: &Campaign,
    now: Instant,
) -> Outcome<Complaints> {
    let since = campaign.counts_since(now);
    let calls = store::count_made(tx, org, campaign.id, since).await?;
    let month = now.plus_days(-DAYS);
    let complained = companies::actions::list_complaints(tx, org, month).await?;
    let ids: Vec<CompanyId> = complained.iter().map(|one| one.company).collect();
    let in_month = store::list_first_calls(tx, org, (campaign.id, month), &ids).await?;
    let anew = store::list_first_calls(tx, org, (campaign.id, since), &ids).await?;
    let was_called = |calls: &[(CompanyId, Instant)], one: &Complained| {
        calls.iter().any(|(called, first)| *called == one.company && *first <= one.last_at)
    };
    // Who complained before the decision says nothing new, unless they were called again.
    let is_new = |one: &Complained| one.first_at >= since || was_called(&anew, one);
    let counts =
        |one: &&Complained| one.last_at >= since && was_called(&in_month, one) && is_new(one);
    let complaints = complained.iter().filter(counts).count() as i64;
    Ok(Complaints { complaints, calls })
}
