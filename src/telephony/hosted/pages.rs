//! What a person is told of calls that come in, on every page; the card that it opens; and of
//! which calls somebody is to say whose they were.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};

use super::incoming;
use crate::leads::forms::NothingForm;
use crate::people::{self, User, Viewer};
use crate::storage::Tx;
use crate::telephony::unknown::forms::WhoseForm;
use crate::telephony::unknown::{Unknown, actions as unknown};
use crate::values::*;
use crate::web::errors::{sentence, status};
use crate::web::{Answer, App, Caller, Failed, Submitted, Ui, go, page, page_as};

/// A call of whom the base does not know, as it is shown.
struct UnknownRow {
    id: UnknownCallId,
    number: Option<String>,
    who: String,
    at: Instant,
    state: &'static str,
    /// The companies that carry its number now.
    carriers: Vec<(CompanyId, String)>,
    /// What was typed and not taken.
    typed: WhoseForm,
    /// Why it was not.
    refused: Option<String>,
}

/// A call of which all is said, as it is shown.
struct SettledRow {
    number: Option<String>,
    came_at: Instant,
    at: Instant,
    /// Who said so; empty where it was put away for its age.
    who: String,
    is_theirs: bool,
    /// Whose it was, where the viewer may know of them.
    company: Option<(CompanyId, String)>,
}

/// What was typed of a call, and why it was not taken.
type Refused = (UnknownCallId, WhoseForm, String);

#[derive(Template)]
#[template(path = "telephony/views/calling.html")]
struct CallingPage {
    ui: Ui,
    unknown: Vec<UnknownRow>,
    settled: Vec<SettledRow>,
    /// Why nothing is said of a call that is listed no more.
    refused: Option<String>,
}

impl CallingPage {
    fn is_quiet(&self) -> bool {
        self.ui.calling.as_ref().is_none_or(Vec::is_empty)
    }
}

/// Who calls a person just now, as their pages say it.
pub async fn list_callers(tx: &mut Tx, viewer: &Viewer, now: Instant) -> Outcome<Vec<Caller>> {
    let shown = incoming::list_shown(tx, viewer, incoming::ON_PAGE_MAX, now).await?;
    let caller = |(one, company): (incoming::Incoming, String)| Caller {
        id: one.id,
        company,
        state: one.state(now),
        at: one.began_at,
    };
    Ok(shown.into_iter().map(caller).collect())
}

async fn calling_page(
    app: &App,
    viewer: &Viewer,
    mut ui: Ui,
    mut refused: Option<Refused>,
) -> Outcome<CallingPage> {
    let mut tx = app.db.read().await?;
    // An answer to a form is told of no calls.
    if ui.calling.is_none() {
        ui.calling = Some(list_callers(&mut tx, viewer, ui.now).await?);
    }
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let settled = settled_rows(&mut tx, viewer, &users, ui.now).await?;
    let open = unknown::list_open(&mut tx, viewer, ui.now).await?;
    let carriers = unknown::list_carriers(&mut tx, viewer, &open, ui.now).await?;
    let mut rows = Vec::new();
    for call in open {
        let own = refused.take_if(|(id, ..)| *id == call.id);
        let (typed, refused) = own.map(|(_, form, why)| (form, Some(why))).unwrap_or_default();
        rows.push(UnknownRow {
            typed,
            refused,
            carriers: carriers_of(&carriers, &call),
            id: call.id,
            who: name_of(&users, call.user),
            at: call.began_at,
            state: call.state(ui.now),
            number: call.number,
        });
    }
    Ok(CallingPage { ui, unknown: rows, settled, refused: refused.map(|(.., why)| why) })
}

fn carriers_of(
    all: &BTreeMap<String, Vec<(CompanyId, String)>>,
    call: &Unknown,
) -> Vec<(CompanyId, String)> {
    let found = call.number.as_ref().and_then(|number| all.get(number));
    found.cloned().unwrap_or_default()
}

fn name_of(users: &[User], id: Option<UserId>) -> String {
    let user = users.iter().find(|user| Some(user.id) == id);
    user.map(|user| user.name.clone()).unwrap_or_default()
}

async fn settled_rows(
    tx: &mut Tx,
    viewer: &Viewer,
    users: &[User],
    now: Instant,
) -> Outcome<Vec<SettledRow>> {
    let all = unknown::list_settled(tx, viewer, now).await?;
    let ids: Vec<CompanyId> = all.iter().filter_map(|call| call.company).collect();
    let names = unknown::list_names(tx, viewer, &ids, now).await?;
    let row = |call: Unknown| SettledRow {
        company: call.company.and_then(|id| Some((id, names.get(&id)?.clone()))),
        is_theirs: call.incoming.is_some(),
        who: name_of(users, call.settled_by),
        at: call.settled_at.unwrap_or(call.began_at),
        came_at: call.began_at,
        number: call.number,
    };
    Ok(all.into_iter().map(row).collect())
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
    let (act, form) = (viewer.act(&app, form.key), form.fields);
    let done = unknown::tie(&act, &viewer, id, &form).await;
    match done {
        Ok(company) => go(format!("/companies/{company}")),
        Err(error @ (Error::Refused(_) | Error::Invalid(_))) => {
            let refused = Some((id, form, sentence(ui.lang, &error)));
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
