//! A company in hand, a call without a result or a promised call passes to another caller, or back
//! to the queue; and what the caller who lost it is told.

use serde::Deserialize;

use crate::begin;
use crate::events::{self, Kind};
use crate::leads::passing;
use crate::people::{self, Viewer};
use crate::storage::{Act, Tx};
use crate::telephony;
use crate::values::*;
use crate::web::Ui;

/// To whom a lead passes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassForm {
    /// The caller's id; empty for the queue, of a promised call for anyone.
    #[serde(default)]
    pub to: String,
    /// The grant that was seen last: where the lead was granted anew meanwhile, nothing passes.
    pub generation: i64,
    /// Of a promised call the version of its lead that was seen last: where it changed meanwhile,
    /// or where a company in hand became a promised call, nothing passes.
    #[serde(default)]
    pub version: Option<i64>,
}

impl PassForm {
    fn to(&self) -> Outcome<Option<UserId>> {
        if self.to.is_empty() {
            return Ok(None);
        }
        self.to.parse().map(Some).map_err(|_| Fields::one("to", "unknown-choice"))
    }
}

/// Passes a lead on in one transaction: the grant is raised, what was measured and has no result
/// goes along, whoever lost it is told. A call without a result goes to a person and not to the
/// queue: somebody says how it went.
pub async fn pass(act: &Act, viewer: &Viewer, id: LeadId, form: &PassForm) -> Outcome<()> {
    let to = form.to()?;
    let mut tx = begin!(act);
    let lead = passing::hold_led_in(&mut tx, act, viewer, (id, form.generation)).await?;
    match (lead.lease, to) {
        (None, to) => {
            passing::promise_in(&mut tx, act, (viewer, &lead), (to, form.version)).await?;
        }
        (Some(_), None) => passing::return_in(&mut tx, act, lead).await?,
        (Some(_), Some(to)) => {
            let grant = passing::pass_in(&mut tx, act, (viewer, &lead), to).await?;
            let before = (lead.id, lead.generation);
            telephony::actions::pass_in(&mut tx, act, before, grant.generation).await?;
        }
    }
    tx.finish(()).await
}

/// How the viewer lost a company, in words.
pub async fn how_lost(tx: &mut Tx, viewer: &Viewer, ui: &Ui, id: LeadId) -> Outcome<String> {
    let all = events::list_for_subject(tx, viewer.org, &id.to_string()).await?;
    let me = viewer.id().to_string();
    let last = all.iter().rev().find(|event| match event.kind {
        Kind::LeadReassigned => event.detail["from"] == me.as_str(),
        Kind::LeadReleased | Kind::LeaseExpired => event.person == Some(viewer.id()),
        _ => false,
    });
    let Some(event) = last.filter(|event| event.actor != Some(viewer.id())) else {
        return Ok(ui.t("held-over"));
    };
    let users = people::actions::list_users(tx, viewer.org).await?;
    let name = |id: Option<UserId>| {
        users.iter().find(|user| Some(user.id) == id).map_or_else(String::new, |u| u.name.clone())
    };
    let time = ui.time(&event.at);
    Ok(match event.kind {
        Kind::LeadReassigned => ui.taa("held-passed", "who", name(event.person), "time", time),
        Kind::LeadReleased => ui.taa("held-returned", "who", name(event.actor), "time", time),
        _ => ui.t("held-over"),
    })
}
