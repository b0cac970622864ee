//! A call is taken back by who made it, for as long as nothing newer stands on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::actions::draft_scope;
use super::{CallRefusal, dead, store};
use crate::begin;
use crate::events::{Event, Kind};
use crate::leads::{self, Grant, leasing, resting};
use crate::people::Viewer;
use crate::storage::Act;
use crate::values::*;
use crate::web::drafts;
use crate::{campaigns, companies, telephony, verification};

/// A call that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// The lead.
    pub lead: LeadId,
    /// Its lease, for it is in the caller's hands again; absent where the campaign gives them
    /// nothing any more, and it waits in its queue.
    pub grant: Option<Grant>,
    /// Fields, by code, of which something stays as it is on the card: it was changed again since.
    pub kept: Vec<String>,
}

/// Takes the caller's last call back: the lead is where it was and in the caller's hands again,
/// the company they had taken instead returns to the queue, what was typed is on the screen. The
/// checks it made go along, and what they changed on the card; so does the rest it began. Who does
/// not call for the campaign any more, or whose campaign does not run, takes it back all the same,
/// and the lead is its queue's.
pub async fn reverse(act: &Act, viewer: &Viewer, id: CallId) -> Outcome<TakenBack> {
    let mut tx = begin!(act);
    // The company comes before what belongs to it, as with everybody who changes it.
    let company = store::find_company(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    companies::actions::find_standing_for_update(&mut tx, act.org, company).await?;
    let found = store::find_call_for_update(&mut tx, act.org, id).await?;
    let (call, before) =
        found.filter(|(call, _)| call.caller == viewer.id()).ok_or(Error::NotFound)?;
    call.reverse(viewer.id(), act.now)?;
    let campaign = campaigns::actions::find(&mut tx, act.org, call.campaign).await?;
    leasing::sit_in(&mut tx, act, viewer.id(), campaign.id).await?;
    let lead = (call.lead, call.lead_version);
    leads::actions::restore_in(&mut tx, act, lead, (id, &before)).await?;
    if let Some(ban) = call.ban {
        companies::actions::take_ban_back_in(&mut tx, act, (company, ban)).await?;
    }
    let kept = verification::actions::take_back_of_call_in(&mut tx, act, id).await?;
    let rested = resting::end_in(&mut tx, act, (viewer.id(), call.at)).await?;
    let grant = leasing::regrant_in(&mut tx, act, &campaign, (call.lead, viewer)).await?;
    if let Some(grant) = grant {
        // What was measured waits for its result again; where nobody says it, it stays as it is.
        let again = (grant.lead, grant.generation);
        telephony::actions::unfile_in(&mut tx, act, id, again).await?;
    }
    if store::update_reversed(&mut tx, act.org, id, act.now).await? == 0 {
        return Err(CallRefusal::TakenBackAlready.into());
    }
    dead::review_in(&mut tx, act, &call, viewer).await?;
    // What the result implies, or the network said, was chosen by nobody.
    let is_implied = call.meaning.mechanisms().first() == Some(&call.mechanism)
        || call.measured == Some(call.mechanism);
    let draft = BTreeMap::from([
        ("outcome", call.meaning.code()),
        ("mechanism", if is_implied { "" } else { call.mechanism.code() }),
        ("reason", call.reason.as_deref().unwrap_or("")),
        ("note", call.note.as_str()),
    ]);
    let body = serde_json::to_string(&draft).map_err(Error::failure)?;
    let whose = (act.org, viewer.id());
    drafts::keep(&mut tx, whose, &draft_scope(call.lead), &body, act.now).await?;
    Event::new(Kind::CallReversed, id)
        .company(call.company)
        .campaign(call.campaign)
        .person(call.caller)
        .tier(1)
        .reason(call.meaning.code().to_owned())
        .with("lead", call.lead.to_string())
        .with("ends_rest", rested)
        .record(&mut tx, act)
        .await?;
    let kept = kept.into_iter().map(|field| field.code().to_owned()).collect();
    tx.finish(TakenBack { lead: call.lead, grant, kept }).await
}
