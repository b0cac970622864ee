//! Whom nobody of the firm is sent to any more: who asked for it, and who was abusive.

use super::actions::find_worked_lead;
use super::{Meaning, REVERSAL_MS};
use crate::begin;
use crate::companies::suppression::{Suppression, Whom};
use crate::companies::{self, Channel, Suppress, SuppressReason};
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::values::*;

/// States at once what a call says of whether they may be called at all, before anything else is
/// looked at: it stands even when the lease is stale or another field is wrong. Who was abusive is
/// shielded from the firm, and the firm from them, until a head says otherwise. Says which ban ends
/// where the call is taken back: what they asked for never does.
pub(super) async fn state(
    act: &Act,
    viewer: &Viewer,
    id: LeadId,
    meaning: Meaning,
) -> Outcome<Option<SuppressionId>> {
    let mut tx = begin!(act);
    let lead = find_worked_lead(&mut tx, viewer, id).await?;
    // A merge that is under way takes its numbers elsewhere: the ban is of what stands for it then.
    let company = companies::actions::hold_standing(&mut tx, act.org, lead.company).await?;
    let ban = match meaning {
        Meaning::Abusive => state_in(&mut tx, act, company, SuppressReason::Abusive).await?,
        _ => {
            state_in(&mut tx, act, company, SuppressReason::Asked).await?;
            None
        }
    };
    tx.finish(ban).await
}

/// States that a company must not be contacted by any way, without an end; says which ban is of
/// this call. A ban of the company itself that says as much is enough. One by our own choice, of a
/// number that another company has, by one way or with an end says less: it is lifted or over while
/// what they asked for is not. Abuse adds nothing to what they asked for, but not the reverse.
async fn state_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    reason: SuppressReason,
) -> Outcome<Option<SuppressionId>> {
    let says_as_much = |ban: &&Suppression| {
        let has_reason = match ban.reason {
            SuppressReason::OurChoice => false,
            SuppressReason::Abusive => reason == SuppressReason::Abusive,
            SuppressReason::Asked | SuppressReason::Complaint | SuppressReason::Law => true,
        };
        has_reason && ban.channel == Channel::All && ban.until.is_none()
    };
    let bans = companies::actions::list_bans_of_itself(tx, act.org, company, act.now).await?;
    if let Some(ban) = bans.iter().find(says_as_much) {
        // The form was sent again with what was wrong in it put right: the ban is the same call's.
        let is_same = (ban.reason, ban.actor) == (reason, act.actor)
            && ban.made_at > act.now.plus_ms(-REVERSAL_MS);
        return Ok(is_same.then_some(ban.id));
    }
    let (whom, channel) = (Whom::Company(company), Channel::All);
    let ban = Suppress { whom, channel, reason, until: None };
    companies::actions::suppress_in(tx, act, ban).await.map(Some)
}
