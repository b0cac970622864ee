//! What became of a company that was in somebody's hands.

use askama::Template;
use axum::extract::{Path, State as Web};

use crate::calls::passing;
use crate::leads::{self, leasing};
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Ui, page};

#[derive(Template)]
#[template(path = "calls/views/held.html")]
struct HeldPage {
    ui: Ui,
    lead: LeadId,
    me: UserId,
    told: Option<String>,
}

/// `GET /leads/{lead}/holding`: nothing for who holds the company; what became of it for who held
/// it and does no more.
pub async fn holding(Web(app): Web<App>, viewer: Viewer, ui: Ui, Path(id): Path<LeadId>) -> Answer {
    let mut tx = app.db.read().await?;
    let lead = leads::actions::find(&mut tx, viewer.org, id).await?;
    if !leasing::is_worked_by(&mut tx, viewer.org, &lead, viewer.id()).await? {
        return Err(Error::NotFound.into());
    }
    let is_held = lead.lease.is_some_and(|lease| lease.owner == viewer.id());
    let told =
        if is_held { None } else { Some(passing::how_lost(&mut tx, &viewer, &ui, id).await?) };
    page(&HeldPage { me: viewer.id(), lead: id, told, ui })
}
