//! A lead for those who look at it afterwards.

use askama::Template;

use crate::calls::cockpit::told;
use crate::calls::{Call, actions};
use crate::campaigns::{self, Campaign};
use crate::companies::{self, Company};
use crate::leads::callbacks::{Callback, CallbackEnd, CallbackState};
use crate::leads::{self, Lead, LeadState, Priority, keeping};
use crate::people::{self, User, Viewer};
use crate::storage::Tx;
use crate::telephony::recordings::{self, Recording};
use crate::telephony::{self, Attempt, Origin};
use crate::tiers::doors;
use crate::values::*;
use crate::web::{Cursor, Ui, format};

#[derive(Template)]
#[template(path = "calls/views/lead.html")]
pub(super) struct LeadPage {
    ui: Ui,
    lead: Lead,
    campaign: Campaign,
    company: Company,
    sees_company: bool,
    calls: Vec<Call>,
    /// What was promised, the latest first.
    callbacks: Vec<Callback>,
    /// What machines measured of them.
    attempts: Vec<Attempt>,
    /// The recordings that the viewer may hear.
    recordings: Vec<Recording>,
    users: Vec<User>,
    /// The viewer may put it before or after the others.
    is_led: bool,
}

impl LeadPage {
    fn measured(&self, call: &Call) -> Vec<&Attempt> {
        let is_of = |attempt: &&Attempt| attempt.call == Some(call.id) && attempt.end.is_some();
        self.attempts.iter().filter(is_of).collect()
    }
    /// Calls of the company that somebody was rung for, the latest first.
    fn came_in(&self) -> Vec<&Attempt> {
        self.attempts.iter().filter(|one| one.origin == Origin::In && one.end.is_some()).collect()
    }
    fn recorded(&self, attempt: &Attempt) -> Vec<&Recording> {
        self.recordings.iter().filter(|one| one.attempt == attempt.id).collect()
    }
    fn told(&self, call: &Call) -> String {
        told(&self.ui, call)
    }
    fn name(&self, id: &UserId) -> &str {
        self.users.iter().find(|user| user.id == *id).map_or("", |user| user.name.as_str())
    }
    /// Why an open one whose time has come cannot be made yet.
    fn waits(&self, callback: &Callback) -> Option<String> {
        leads::pages::waits(&self.ui, &self.lead).filter(|_| callback.ended.is_none())
    }
    /// When it was said to be, by the client's clock, where that is another than the reader's.
    fn said(&self, callback: &Callback) -> Option<String> {
        let zone = Zone::named(callback.zone.as_ref()?);
        if callback.at.local(&zone) == callback.at.local(&self.ui.zone) {
            return None;
        }
        let time = format::time(callback.at, &zone);
        Some(self.ui.taa("callback-said", "time", time, "zone", self.ui.zone_name(&zone)))
    }
    fn state(&self, callback: &Callback) -> CallbackState {
        callback.state(&self.lead, self.ui.now)
    }
    fn is_queued(&self) -> bool {
        self.lead.state == LeadState::Queued
    }
}

/// The lead's story: for who called it, for heads who know of its campaign, for the owner.
pub(super) async fn lead_page(
    tx: &mut Tx,
    viewer: &Viewer,
    ui: Ui,
    id: LeadId,
) -> Outcome<LeadPage> {
    let lead = actions::find_seen(tx, viewer, id).await?;
    let calls = actions::list_for_lead(tx, viewer.org, id).await?;
    let newest = Cursor::default();
    let callbacks = keeping::list_of_lead(tx, viewer.org, id, &newest).await?.rows;
    let attempts = telephony::actions::list_of_lead(tx, viewer.org, id).await?;
    let recordings = recordings::list_heard(tx, viewer, (id, &attempts), ui.now).await?;
    let company = companies::actions::find(tx, viewer.org, lead.company).await?;
    let scope = viewer.scope();
    let seen = companies::actions::find_seen(tx, &scope, lead.company, ui.now).await?;
    let campaign = campaigns::actions::find(tx, viewer.org, lead.campaign).await?;
    Ok(LeadPage {
        sees_company: seen.is_some(),
        is_led: lead.state == LeadState::Queued
            && campaign.is_led_by(viewer)
            && viewer.is_any(doors::LEADING),
        campaign,
        company: company.ok_or(Error::NotFound)?,
        users: people::actions::list_users(tx, viewer.org).await?,
        calls,
        callbacks,
        attempts,
        recordings,
        lead,
        ui,
    })
}
