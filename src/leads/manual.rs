//! A number that a caller types: the company of their campaign that has it, as if the queue had
//! given it. Every rule of the queue is asked, so there is no way round it; what is nobody's in the
//! campaign is not called.

use super::admission::Rule;
use super::dialling::{self, Denied};
use super::store::numbers;
use super::store::queue::{self, Ask, Candidate};
use super::{Grant, LeadRefusal, LeadState, leasing, resting, store};
use crate::companies::{Near, forms};
use crate::people::{self, Viewer};
use crate::storage::{Act, Begun, Tx};
use crate::values::*;

/// A number as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberForm {
    /// The number, in any spelling.
    pub number: String,
}

/// A company in the caller's hands, and which of its numbers they typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Found {
    /// The lease.
    pub grant: Grant,
    /// The number.
    pub phone: PhoneId,
}

/// Leases the company of a campaign that has a number. What the caller holds instead goes back,
/// unless it waits for a result. Who does not call for the campaign knows nothing of it, and of a
/// number that none of its companies has everybody is told the same. That a rule forbade it is on
/// record.
pub async fn lease(
    act: &Act,
    viewer: &Viewer,
    id: CampaignId,
    form: &NumberForm,
) -> Outcome<Found> {
    match lease_once(act, viewer, id, form).await? {
        Ok(found) => Ok(found),
        Err(denied) => {
            dialling::keep_denied(act, viewer, &denied).await?;
            Err(denied.into())
        }
    }
}

async fn lease_once(
    act: &Act,
    viewer: &Viewer,
    id: CampaignId,
    form: &NumberForm,
) -> Outcome<Result<Found, Denied>> {
    let mut tx = match act.begin().await? {
        Begun::Fresh(tx) => *tx,
        Begun::Done(answer) => return Ok(Ok(answer)),
    };
    let campaign = leasing::find_called(&mut tx, viewer, id).await?;
    if !campaign.is_running() {
        return Err(LeadRefusal::NotRunning.into());
    }
    let firm = people::actions::firm(&mut tx, act.org).await?;
    let typed = forms::read_phone(&form.number, Near::of(firm.country, None))
        .map_err(|code| Fields::one("number", code))?;
    leasing::sit_in(&mut tx, act, viewer.id(), id).await?;
    let carried = numbers::list_leads_with(&mut tx, act.org, id, &typed.e164).await?;
    let held = store::find_held(&mut tx, act.org, viewer.id()).await?;
    if let Some(held) = &held
        && let Some((_, phone)) = carried.iter().find(|(lead, _)| *lead == held.id)
        && let Some(grant) = leasing::live_grant(held, act.now)
    {
        return tx.finish(Found { grant, phone: *phone }).await.map(Ok);
    }
    let (lead, phone) = carried.into_iter().next().ok_or(LeadRefusal::NumberNotHere)?;
    if let Some(rest) = resting::keeps_from(&mut tx, act, (&campaign, viewer.id())).await? {
        return Err(resting::refuse(&mut tx, act, &rest).await?);
    }
    if held.is_some_and(|held| held.awaits_result) {
        return Err(LeadRefusal::AwaitsResult.into());
    }
    leasing::put_down_in(&mut tx, act, viewer.id()).await?;
    let seen = super::actions::find(&mut tx, act.org, lead).await?;
    let lead = leasing::hold_after_company_in(&mut tx, act.org, &seen).await?;
    if lead.is_held(act.now) {
        return Err(LeadRefusal::InOtherHands.into());
    }
    if lead.lease.is_some() {
        leasing::lapse_in(&mut tx, act, lead.id).await?;
    }
    if lead.state != LeadState::Queued {
        return Err(LeadRefusal::NotFromThisState.into());
    }
    let ask = Ask { org: act.org, campaign: &campaign, zone: &firm.zone, now: act.now };
    let found = queue::find_free(&mut tx, &ask, lead.id).await?;
    let mut candidate = found.ok_or(LeadRefusal::InOtherHands)?;
    if let Some(why) = judge_in(&mut tx, act, &ask, (&mut candidate, phone)).await? {
        return Ok(Err(Denied::of(&ask, candidate.slot, why)));
    }
    let slot = (candidate.slot, viewer.id());
    let granted = leasing::grant_in(&mut tx, act, &campaign, slot).await?;
    let grant = granted.ok_or(LeadRefusal::InOtherHands)?;
    tx.finish(Found { grant, phone }).await.map(Ok)
}

/// The rule that forbids to call this number of a company now, and until when.
async fn judge_in(
    tx: &mut Tx,
    act: &Act,
    ask: &Ask<'_>,
    (candidate, phone): (&mut Candidate, PhoneId),
) -> Outcome<Option<(Rule, Instant)>> {
    let phones = match dialling::judge_in(tx, act, ask, candidate).await? {
        Ok(phones) => phones,
        Err(why) => return Ok(Some(why)),
    };
    if phones.iter().all(|one| one.id != phone) {
        return dialling::why_undialled(tx, act, phone).await.map(Some);
    }
    let held = dialling::held_numbers(&ask.campaign.policy, &candidate.facts, &phones, act.now);
    let held = held.into_iter().find(|(id, ..)| *id == phone);
    Ok(held.map(|(_, rule, until)| (rule, until)))
}
