//! Whom nobody of the firm is sent to any more: who asked for it, and who was abusive.

use super::Meaning;
use super::actions::find_worked_lead;
use crate::begin;
use crate::companies::{self, Channel, Suppress, SuppressReason, suppression::Whom};
use crate::leads::Lead;
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::values::*;

/// States at once that the company asked not to be called, before anything else is looked at: it
/// stands even when the lease is stale or another field is wrong.
pub(super) async fn suppress(act: &Act, viewer: &Viewer, id: LeadId) -> Outcome<()> {
    let mut tx = begin!(act);
    let lead = find_worked_lead(&mut tx, viewer, id).await?;
    // A merge that is under way takes its numbers elsewhere: the ban is of what stands for it then.
    let company = companies::actions::hold_standing(&mut tx, act.org, lead.company).await?;
    let phones = companies::actions::list_phones(&mut tx, act.org, company).await?;
    let standing =
        companies::actions::find_suppression(&mut tx, act.org, company, &phones, act.now);
    if standing.await?.is_none() {
        let ban = Suppress {
            whom: Whom::Company(company),
            channel: Channel::All,
            reason: SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, act, ban).await?;
    }
    tx.finish(()).await
}

/// Nobody of the firm is sent to who was abusive, until a head says otherwise. A ban that stands
/// already is enough.
pub(super) async fn shield_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    meaning: Meaning,
) -> Outcome<Option<SuppressionId>> {
    if meaning != Meaning::Abusive {
        return Ok(None);
    }
    let phones = companies::actions::list_phones(tx, act.org, lead.company).await?;
    let standing =
        companies::actions::find_suppression(tx, act.org, lead.company, &phones, act.now);
    if standing.await?.is_some() {
        return Ok(None);
    }
    let ban = Suppress {
        whom: Whom::Company(lead.company),
        channel: Channel::All,
        reason: SuppressReason::Abusive,
        until: None,
    };
    companies::actions::suppress_in(tx, act, ban).await.map(Some)
}
