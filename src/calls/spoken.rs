//! A time in words is read back as it was understood, while it can still be corrected.

use axum::extract::{Path, State as Web};
use axum::response::IntoResponse as _;
use serde::Deserialize;

use super::{actions, phrase};
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::values::*;
use crate::web::{Answer, App, Query, Ui};
use crate::{companies, leads};

/// A time as the caller typed it.
#[derive(Debug, Default, Deserialize)]
pub struct SaidQuery {
    #[serde(default)]
    said: String,
}

/// `GET /leads/{lead}/when`: the sentence beside the field, in the client's time and the caller's.
pub async fn when(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    Query(query): Query<SaidQuery>,
) -> Answer {
    let mut tx = app.db.read().await?;
    actions::find_worked(&mut tx, &viewer, id).await?;
    let zone = zone_of(&mut tx, viewer.org, id).await?;
    if query.said.trim().is_empty() {
        return Ok("".into_response());
    }
    let told = match phrase::read(&query.said, app.now(), &zone) {
        Ok(at) => understood(&ui, &at, zone),
        Err(problem) => ui.problem(&Problem { code: problem.code(), args: Vec::new() }),
    };
    Ok(told.into_response())
}

fn understood(ui: &Ui, at: &Instant, zone: Zone) -> String {
    let there = Ui { zone, ..ui.clone() };
    let time = format!("{}, {}", there.long_day(at), there.time(at));
    if at.local(&there.zone) == at.local(&ui.zone) {
        return ui.ta("call-understood", "time", time);
    }
    let time = format!("{time} ({})", ui.zone_name(&there.zone));
    ui.taa("call-understood-there", "time", time, "own", ui.day_time(at))
}

/// The company's zone; the firm's where it is not known.
async fn zone_of(tx: &mut Tx, org: OrgId, id: LeadId) -> Outcome<Zone> {
    let lead = leads::actions::find(tx, org, id).await?;
    let company = companies::actions::find(tx, org, lead.company).await?.ok_or(Error::NotFound)?;
    Ok(company.zone_or(&people::actions::firm(tx, org).await?.zone))
}
