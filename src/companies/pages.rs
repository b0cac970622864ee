//! The base on screen: the list, the search, the card of a company.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

use super::sight::{self, PhoneSeen};
use super::suppression::{Channel, SuppressReason, Suppression};
use super::ties::Relative;
use super::{Company, Contact, Note, actions};
use crate::people::{self, Role, User, Viewer};
use crate::tiers::doors::{ERASING, LEADING, WORKING};
use crate::values::*;
use crate::web::errors::form_again;
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
    may_add: bool,
    may_merge: bool,
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
    let may_add = viewer.is_any(super::ADDERS);
    let may_merge = viewer.is_any(LEADING);
    page(&IndexPage { ui, may_add, may_merge, q: looked.q, rows, next })
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
    phones: Vec<PhoneSeen>,
    emails: Vec<String>,
    contacts: Vec<Contact>,
    notes: Vec<(Note, String)>,
    is_banned: bool,
    /// Bans in force, and who stated each.
    bans: Vec<(Suppression, String)>,
    /// Those of them that were stated since it is called as a banned one.
    of_namesakes: BTreeSet<SuppressionId>,
    may_lift: bool,
    lifting: Lifting,
    may_suppress: bool,
    may_change: bool,
    score: Option<i64>,
    facts: Vec<actions::FactSeen>,
    /// What was merged into it.
    aliases: Vec<Company>,
    /// Groups and branches.
    relatives: Vec<Relative>,
    may_merge: bool,
    may_erase: bool,
    /// True for whose roles open letters.
    has_letters: bool,
}

/// A lifting that was not taken: of which ban, what was typed, what is wrong with it.
#[derive(Debug, Clone, Default)]
struct Lifting {
    ban: Option<SuppressionId>,
    why: String,
    wrong: Fields,
    refused: Option<String>,
}

impl ShowPage {
    fn lifts(&self, ban: &Suppression) -> bool {
        self.lifting.ban == Some(ban.id)
    }
    fn is_by_name(&self, ban: &Suppression) -> bool {
        self.of_namesakes.contains(&ban.id)
    }
}

/// `GET /companies/{company}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
) -> Answer {
    let shown = show_page(&app, &viewer, ui, id).await?;
    if shown.company.id != id {
        // It was merged into another: an old link leads there.
        return go(format!("/companies/{}", shown.company.id));
    }
    page(&shown)
}

async fn show_page(app: &App, viewer: &Viewer, ui: Ui, id: CompanyId) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let found = actions::find_seen(&mut tx, &viewer.scope(), id, app.now()).await?;
    let company = found.ok_or(Error::NotFound)?;
    let id = company.id;
    let aliases = actions::list_aliases(&mut tx, viewer.org, id).await?;
    let relatives = actions::list_relatives_seen(&mut tx, &viewer.scope(), id, app.now()).await?;
    let contacts = actions::list_contacts(&mut tx, viewer.org, id).await?;
    let emails = actions::list_emails(&mut tx, viewer.org, id).await?;
    let notes = actions::list_notes(&mut tx, viewer.org, id, 20).await?;
    let all = actions::list_phones(&mut tx, viewer.org, id).await?;
    let ban = actions::find_suppression(&mut tx, viewer.org, id, &all, app.now()).await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let bans = actions::list_bans(&mut tx, viewer.org, id, app.now()).await?;
    let of_namesakes = actions::list_of_namesakes(&mut tx, viewer.org, &bans).await?;
    let may_change =
        company.is_in_base() && actions::may_change(&mut tx, viewer, &company, app.now()).await?;
    let known = (users.as_slice(), app.now());
    let (score, facts) = actions::list_facts(&mut tx, viewer.org, id, known).await?;
    drop(tx);
    let phones = sight::open(&viewer.act(app, None), viewer, &company).await?;
    Ok(ShowPage {
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
        bans: bans
            .into_iter()
            .map(|ban| {
                let by = name_of(&users, ban.actor);
                (ban, by)
            })
            .collect(),
        of_namesakes,
        aliases,
        relatives,
        may_merge: viewer.is_any(LEADING),
        may_erase: viewer.is_any(ERASING),
        has_letters: viewer.is_any(WORKING),
        may_lift: actions::may_lift(viewer),
        lifting: Lifting::default(),
        may_suppress: !viewer.is(Role::Principal),
        may_change,
        score,
        facts,
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

/// Why a ban is lifted, as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftingForm {
    why: String,
}

/// `POST /companies/{company}/suppressions/{suppression}/lifting`
pub async fn lift(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path((id, ban)): Path<(CompanyId, SuppressionId)>,
    form: Submitted<LiftingForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let why = form.fields.why;
    let error = match actions::lift(&act, &viewer, (id, ban), &why).await {
        Ok(()) => return go(format!("/companies/{id}")),
        Err(error) => error,
    };
    let (status, wrong, refused) = form_again(ui.lang, error)?;
    let lifting = Lifting { ban: Some(ban), why, wrong, refused };
    let shown = show_page(&app, &viewer, ui, id).await?;
    let mut reply = page(&ShowPage { lifting, ..shown })?;
    *reply.status_mut() = status;
    Ok(reply)
}
