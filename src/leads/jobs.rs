//! What becomes due by itself: leases run out, the queue is filled, a lifted ban frees a lead,
//! other rules of a campaign, a change of a company, a letter that was none and a file have whom a
//! rule denied looked at anew, and a ban, a campaign that stops or a caller who leaves has promised
//! calls looked at.

use super::filling::{self, FILL};
use super::leasing::lapse_in;
use super::store::lapsed;
use super::{actions, anew, keeping};
use crate::campaigns;
use crate::events::{Kind, Recorded};
use crate::people::Scope;
use crate::storage::Act;
use crate::values::*;

/// Leases of the dead that one transaction returns.
const LAPSED_MAX: i64 = 100;

/// Acts upon an event of another folder.
pub async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    match event.kind {
        Kind::SuppressionLifted => actions::reopen_unbanned(act, event).await,
        Kind::ContactSuppressed => keeping::follow_ban(act, event).await,
        Kind::UserDisabled => keeping::follow_leaver(act, event).await,
        Kind::CampaignTurned if event.reason.as_deref() == Some("stopped") => {
            keeping::follow_stop(act, event).await
        }
        Kind::CampaignChanged if event.detail["rules"] == true => {
            anew::look_by_rules(act, event).await
        }
        Kind::CompanyChanged | Kind::ClientReassigned | Kind::LetterTakenBack => {
            anew::look_at_company(act, event).await
        }
        Kind::ImportCommitted | Kind::ImportStopped => anew::look_along(act, event).await,
        _ => Ok(()),
    }
}

/// Returns lapsed leases and fills the queues; called every few seconds and safe to repeat.
pub async fn sweep(act: &Act) -> Outcome<()> {
    while return_lapsed(act).await? > 0 {}
    let all = campaigns::actions::list(&mut act.db.read().await?, &Scope::whole(act.org)).await?;
    for campaign in all.iter().filter(|campaign| campaign.is_running()) {
        filling::fill(act, campaign, FILL).await?;
    }
    Ok(())
}

async fn return_lapsed(act: &Act) -> Outcome<u64> {
    let mut look = act.db.read().await?;
    if !lapsed::has_expired(&mut look, act.org, act.now).await? {
        return Ok(0);
    }
    drop(look);
    let mut tx = act.db.begin().await?;
    let mut count = 0;
    for lead in lapsed::list_expired(&mut tx, act.org, act.now, LAPSED_MAX).await? {
        count += u64::from(lapse_in(&mut tx, act, lead).await?);
    }
    tx.commit().await?;
    Ok(count)
}
