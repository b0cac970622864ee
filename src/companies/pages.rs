//! The base on screen: the list, the search, the card of a company.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

use super::suppression::{Channel, Suppress, SuppressReason, Whom};
use super::{Company, Contact, Note, actions};
use crate::begin;
use crate::people::{self, Role, User, Viewer};
use crate::values::*;
use crate::web::{Answer, App, Cursor, Query, Submitted, Ui, go, page};

/// Rows the search shows.
const FOUND_MAX: i64 = 50;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Looked {
    #[serde(default)]
    q: String,
    after: Option<String>,
    limit: Option<i64>,
}

#[derive(Template)]
#[template(path = "companies/views/index.html")]
struct IndexPage {
    ui: Ui,
    q: String,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    company: Company,
    lead: String,
}

/// `GET /companies` and `GET /search`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(looked): Query<Looked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let (companies, next) = if looked.q.trim().is_empty() {
        let cursor = Cursor { after: looked.after, limit: looked.limit };
        let slice = actions::list(&mut tx, &viewer, &cursor, app.now()).await?;
        (slice.rows, slice.next.map(|after| format!("/companies?after={after}")))
    } else {
        let found = actions::find_typed(&mut tx, &viewer, &looked.q, FOUND_MAX, app.now()).await?;
        (found, None)
    };
    let rows = companies
        .into_iter()
        .map(|company| Row { lead: name_of(&users, company.lead), company })
        .collect();
    page(&IndexPage { ui, q: looked.q, rows, next })
}

fn name_of(users: &[User], id: Option<UserId>) -> String {
    users.iter().find(|user| Some(user.id) == id).map(|u| u.name.clone()).unwrap_or_default()
}

/// `GET /search.json?q=`: what the palette offers.
pub async fn search_json(
    State(app): State<App>,
    viewer: Viewer,
    Query(looked): Query<Looked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let found = actions::find_typed(&mut tx, &viewer, &looked.q, 12, app.now()).await?;
    let offers: Vec<serde_json::Value> = found
        .into_iter()
        .map(|company| {
            json!({
                "label": company.name,
                "detail": company.city.unwrap_or_default(),
                "href": format!("/companies/{}", company.id),
                "keys": "",
            })
        })
        .collect();
    Ok(axum::Json(offers).into_response())
}

#[derive(Template)]
#[template(path = "companies/views/show.html")]
struct ShowPage {
    ui: Ui,
    company: Company,
    lead: String,
    phones: Vec<PhoneRow>,
    emails: Vec<String>,
    contacts: Vec<Contact>,
    notes: Vec<(Note, String)>,
    is_banned: bool,
    may_suppress: bool,
}

struct PhoneRow {
    shown: String,
    tel: Option<String>,
    extension: Option<String>,
    label: String,
    standing: &'static str,
}

/// `GET /companies/{company}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let found = actions::find_seen(&mut tx, &viewer.scope(), id, app.now()).await?;
    let company = found.ok_or(Error::NotFound)?;
    let contacts = actions::list_contacts(&mut tx, viewer.org, id).await?;
    let emails = actions::list_emails(&mut tx, viewer.org, id).await?;
    let notes = actions::list_notes(&mut tx, viewer.org, id, 20).await?;
    let all = actions::list_phones(&mut tx, viewer.org, id).await?;
    let ban = actions::find_suppression(&mut tx, viewer.org, id, &all, app.now()).await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    drop(tx);
    let (may_read, phones) =
        actions::open_phones(&viewer.act(&app, None), &viewer, &company).await?;
    let phones = phones
        .into_iter()
        .map(|one| PhoneRow {
            shown: if may_read { one.phone.shown() } else { one.phone.masked() },
            tel: may_read.then(|| one.phone.tel()),
            extension: one.phone.extension.clone().filter(|_| may_read),
            label: one.label.unwrap_or_default(),
            standing: one.standing.code(),
        })
        .collect();
    page(&ShowPage {
        lead: name_of(&users, company.lead),
        notes: notes
            .into_iter()
            .map(|note| {
                let author = name_of(&users, note.author);
                (note, author)
            })
            .collect(),
        emails: emails.into_iter().map(|email| email.address).collect(),
        is_banned: ban.is_some(),
        may_suppress: !viewer.is(Role::Principal),
        ui,
        company,
        phones,
        contacts,
    })
}

/// A note as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteForm {
    text: String,
}

/// `POST /companies/{company}/notes`
pub async fn note(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    form: Submitted<NoteForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    actions::write_note(&act, &viewer, id, &form.fields.text).await?;
    go(format!("/companies/{id}"))
}

/// Why they must not be contacted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuppressionForm {
    channel: String,
    reason: String,
}

/// `POST /companies/{company}/suppression`
pub async fn suppress(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    form: Submitted<SuppressionForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let unknown = |field| Fields::one(field, "unknown-choice");
    let channel: Channel = form.fields.channel.parse().map_err(|()| unknown("channel"))?;
    let reason: SuppressReason = form.fields.reason.parse().map_err(|()| unknown("reason"))?;
    suppress_company(&act, &viewer, id, (channel, reason)).await?;
    go(format!("/companies/{id}"))
}

async fn suppress_company(
    act: &crate::storage::Act,
    viewer: &Viewer,
    id: CompanyId,
    (channel, reason): (Channel, SuppressReason),
) -> Outcome<SuppressionId> {
    let mut tx = begin!(act);
    let found = actions::find_seen(&mut tx, &viewer.scope(), id, act.now).await?;
    found.ok_or(Error::NotFound)?;
    let suppress = Suppress { whom: Whom::Company(id), channel, reason, until: None };
    let done = actions::suppress_in(&mut tx, act, suppress).await?;
    tx.finish(done).await
}
