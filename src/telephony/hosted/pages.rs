//! What a person is told of calls that come in, on every page; and the card that it opens.

use askama::Template;
use axum::extract::{Path, State};

use super::incoming;
use crate::leads::forms::NothingForm;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Submitted, Ui, go, page};

#[derive(Template)]
#[template(path = "telephony/views/calling.html")]
struct CallingPage {
    ui: Ui,
}

impl CallingPage {
    fn is_quiet(&self) -> bool {
        self.ui.calling.as_ref().is_none_or(Vec::is_empty)
    }
}

/// `GET /calling`: who calls just now, as every page says it.
pub async fn index(ui: Ui) -> Answer {
    page(&CallingPage { ui })
}

/// `POST /calling/{incoming}`: to the card of who calls: the lead by which the person is concerned,
/// where they may open it, else the company.
pub async fn open(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<IncomingCallId>,
    form: Submitted<NothingForm>,
) -> Answer {
    let id = incoming::put_away(&viewer.act(&app, form.key), &viewer, id).await?;
    let found = incoming::find(&mut app.db.read().await?, &viewer, id).await?;
    if let Some(lead) = found.lead {
        let lead = format!("/leads/{lead}");
        if ui.doors.open(&lead).await? {
            return go(lead);
        }
    }
    go(format!("/companies/{}", found.company))
}

/// `POST /calling/{incoming}/removal`: puts it away.
pub async fn put_away(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<IncomingCallId>,
    form: Submitted<NothingForm>,
) -> Answer {
    incoming::put_away(&viewer.act(&app, form.key), &viewer, id).await?;
    go("/calling")
}
