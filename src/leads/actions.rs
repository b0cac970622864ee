//! What is done with leads.

use super::{Lead, LeadRefusal, store};
use crate::storage::{Act, Tx};
use crate::values::*;

/// A lead of the firm, for the rooms above.
pub async fn find(tx: &mut Tx, org: OrgId, id: LeadId) -> Outcome<Lead> {
    store::find_lead(tx, org, id).await?.ok_or(Error::NotFound)
}

/// Tier 2 took the offered lead.
pub async fn convert_in(tx: &mut Tx, act: &Act, lead: LeadId) -> Outcome<()> {
    match store::update_converted(tx, act.org, lead, act.now).await? {
        0 => Err(LeadRefusal::NotFromThisState.into()),
        _ => Ok(()),
    }
}

/// Tier 2 sent the offered lead back or let its clock run out: it is its caller's again, first
/// in their queue, with the reason.
pub async fn return_in(tx: &mut Tx, act: &Act, lead: LeadId, reason: &str) -> Outcome<()> {
    match store::update_returned(tx, act.org, lead, reason, act.now).await? {
        0 => Err(LeadRefusal::NotFromThisState.into()),
        _ => Ok(()),
    }
}

/// A lead that came back is offered again, as after a rejection that was overturned.
pub async fn offer_in(tx: &mut Tx, act: &Act, lead: LeadId) -> Outcome<()> {
    let found = store::find_lead_for_update(tx, act.org, lead).await?.ok_or(Error::NotFound)?;
    match store::update_offered(tx, act.org, found.id, act.now).await? {
        0 => Err(LeadRefusal::NotFromThisState.into()),
        _ => Ok(()),
    }
}
