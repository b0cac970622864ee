//! What a person is told of calls that come in, on every page; the card that it opens; and of
//! which calls somebody is to say whose they were.

use askama::Template;
use axum::extract::{Path, State};

use super::incoming;
use crate::leads::forms::NothingForm;
use crate::people::{self, Viewer};
use crate::telephony::unknown::{WhoseForm, actions as unknown};
use crate::values::*;
use crate::web::errors::{sentence, status};
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_as};

/// A call of whom the base does not know, as it is shown.
struct UnknownRow {
    id: UnknownCallId,
    number: Option<String>,
    who: String,
    at: Instant,
    state: &'static str,
    /// The companies that carry its number now.
    carriers: Vec<(CompanyId, String)>,
}

#[derive(Template)]
#[template(path = "telephony/views/calling.html")]
struct CallingPage {
    ui: Ui,
    unknown: Vec<UnknownRow>,
    refused: Option<String>,
}

impl CallingPage {
    fn is_quiet(&self) -> bool {
        self.ui.calling.as_ref().is_none_or(Vec::is_empty)
    }
}

async fn calling_page(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    refused: Option<String>,
) -> Outcome<CallingPage> {
    let mut tx = app.db.read().await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let mut rows = Vec::new();
    for call in unknown::list_open(&mut tx, viewer).await? {
        let who = users.iter().find(|user| Some(user.id) == call.user);
        rows.push(UnknownRow {
            carriers: unknown::list_carriers(&mut tx, viewer, &call, ui.now).await?,
            id: call.id,
            who: who.map(|user| user.name.clone()).unwrap_or_default(),
            at: call.began_at,
            state: call.state(ui.now),
            number: call.number,
        });
    }
    Ok(CallingPage { ui, unknown: rows, refused })
}

/// `GET /calling`: who calls just now, as every page says it, and who called unknown.
pub async fn index(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    page(&calling_page(&app, &viewer, ui, None).await?)
}

/// `POST /calling/unknown/{unknown}/company`: says whose an unknown call was.
pub async fn tie(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<UnknownCallId>,
    form: Submitted<WhoseForm>,
) -> Answer {
    match unknown::tie(&viewer.act(&app, form.key), &viewer, id, &form.fields).await {
        Ok(company) => go(format!("/companies/{company}")),
        Err(error @ (Error::Refused(_) | Error::Invalid(_))) => {
            let refused = Some(sentence(ui.lang, &error));
            page_as(status(&error), &calling_page(&app, &viewer, ui, refused).await?)
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `POST /calling/unknown/{unknown}/removal`: says that it was no company's.
pub async fn put_unknown_away(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<UnknownCallId>,
    form: Submitted<NothingForm>,
) -> Answer {
    unknown::put_away(&viewer.act(&app, form.key), &viewer, id).await?;
    go("/calling")
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
