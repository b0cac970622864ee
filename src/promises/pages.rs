//! Promises to be kept, those of one company, and the forms that make and answer them.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};
use serde::Deserialize;

use super::{Promise, PromiseState, actions};
use crate::companies;
use crate::people::{self, Reach, Viewer};
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Query, Submitted, Ui, go, own_path};

/// Promises of a page.
pub(super) const LIST_MAX: i64 = 100;

/// Which promises are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Mine that are open.
    Mine,
    /// All open ones that I may see.
    Team,
    /// What became of the others.
    Answered,
}

impl View {
    const ALL: [Self; 3] = [Self::Mine, Self::Team, Self::Answered];
    fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
            Self::Answered => "answered",
        }
    }
    /// The view asked for, where the viewer has it.
    pub(super) fn asked(code: Option<&str>, viewer: &Viewer) -> Self {
        Self::of(viewer).into_iter().find(|v| Some(v.code()) == code).unwrap_or(Self::Mine)
    }
    fn of(viewer: &Viewer) -> Vec<Self> {
        let is_above = viewer.scope().reach != Reach::Own;
        Self::ALL.into_iter().filter(|view| is_above || *view != Self::Team).collect()
    }
    /// The promises of the view.
    pub(super) async fn list(self, tx: &mut Tx, viewer: &Viewer) -> Outcome<Vec<Promise>> {
        let scope = viewer.scope();
        match self {
            Self::Mine => actions::list_due(tx, &scope, true, LIST_MAX).await,
            Self::Team => actions::list_due(tx, &scope, false, LIST_MAX).await,
            Self::Answered => actions::list_answered(tx, &scope, LIST_MAX).await,
        }
    }
}

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    pub(super) view: Option<String>,
}

/// A promise with the names beside it.
struct Row {
    promise: Promise,
    company: String,
    holder: String,
    opens: bool,
    can_answer: bool,
}

impl Row {
    fn tone(&self) -> &'static str {
        match self.promise.state {
            PromiseState::Open => "warn",
            PromiseState::Kept => "pos",
            PromiseState::Broken => "neg",
            PromiseState::Released => "act",
        }
    }
}

/// What was typed into an answer that cannot be taken so.
#[derive(Debug, Default)]
struct Typed {
    at: Option<PromiseId>,
    note: String,
    words: String,
    due: String,
}

#[derive(Template)]
#[template(path = "promises/views/index.html")]
struct ListPage {
    ui: Ui,
    view: View,
    tabs: Vec<View>,
    rows: Vec<Row>,
    back: String,
    typed: Typed,
    problems: Fields,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "promises/views/company.html")]
struct CompanyPage {
    ui: Ui,
    company: CompanyId,
    name: String,
    rows: Vec<Row>,
    back: String,
    typed: Typed,
    problems: Fields,
    refused: Option<String>,
}

macro_rules! asked_by_views {
    ($($page:ident),+) => {$(
        impl $page {
            fn is_overdue(&self, row: &Row) -> bool {
                row.promise.is_overdue(self.ui.now)
            }
            fn is_typed(&self, row: &Row) -> bool {
                self.typed.at == Some(row.promise.id)
            }
            fn wrong(&self, field: &str) -> Option<String> {
                self.ui.wrong(&self.problems, field)
            }
        }
    )+};
}
asked_by_views!(ListPage, CompanyPage);

async fn rows(tx: &mut Tx, viewer: &Viewer, all: Vec<Promise>, now: Instant) -> Outcome<Vec<Row>> {
    let ids: Vec<CompanyId> = all.iter().map(|promise| promise.company).collect();
    let companies = companies::actions::list_by_ids(tx, viewer.org, &ids).await?;
    let companies: BTreeMap<CompanyId, String> =
        companies.into_iter().map(|company| (company.id, company.name)).collect();
    let users = people::actions::list_users(tx, viewer.org).await?;
    let users: BTreeMap<UserId, String> = users.into_iter().map(|u| (u.id, u.name)).collect();
    let scope = viewer.scope();
    let seen = companies::actions::list_seen(tx, &scope, &ids, now).await?;
    let row = |promise: Promise| Row {
        opens: seen.contains(&promise.company),
        company: companies.get(&promise.company).cloned().unwrap_or_default(),
        holder: users.get(&promise.holder).cloned().unwrap_or_default(),
        can_answer: promise.state == PromiseState::Open
            && scope.sees(Some(promise.holder), promise.holder_team),
        promise,
    };
    Ok(all.into_iter().map(row).collect())
}

/// `GET /promises`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<ListQuery>,
) -> Answer {
    let view = View::asked(query.view.as_deref(), &viewer);
    drawn(StatusCode::OK, &list_page(&app, &viewer, ui, view).await?)
}

async fn list_page(app: &App, viewer: &Viewer, ui: Ui, view: View) -> Outcome<ListPage> {
    let mut tx = app.db.read().await?;
    let found = view.list(&mut tx, viewer).await?;
    Ok(ListPage {
        rows: rows(&mut tx, viewer, found, ui.now).await?,
        tabs: View::of(viewer),
        back: format!("/promises?view={}", view.code()),
        typed: Typed::default(),
        problems: Fields::default(),
        refused: None,
        view,
        ui,
    })
}

/// `GET /companies/{company}/promises`
pub async fn of_company(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
) -> Answer {
    drawn(StatusCode::OK, &company_page(&app, &viewer, ui, id).await?)
}

async fn company_page(app: &App, viewer: &Viewer, ui: Ui, id: CompanyId) -> Outcome<CompanyPage> {
    let mut tx = app.db.read().await?;
    let seen = companies::actions::find_seen(&mut tx, &viewer.scope(), id, ui.now).await?;
    let company = seen.ok_or(Error::NotFound)?;
    let id = company.id;
    let found = actions::list_of_company(&mut tx, viewer.org, id).await?;
    Ok(CompanyPage {
        rows: rows(&mut tx, viewer, found, ui.now).await?,
        company: id,
        name: company.name,
        back: format!("/companies/{id}/promises"),
        typed: Typed::default(),
        problems: Fields::default(),
        refused: None,
        ui,
    })
}

/// A thing promised to a client.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromiseForm {
    promise_words: String,
    #[serde(default)]
    promise_due: String,
    /// What was said when it is put away: then it has no time.
    note: Option<String>,
    /// The page it was promised on.
    #[serde(default)]
    back: String,
}

/// Reads when a promise is due; a day without a time means the end of the working day.
pub(super) fn due(text: &str, zone: &Zone, now: Instant) -> Outcome<Instant> {
    let text = text.trim();
    let is_day = !text.contains(['T', ' ']);
    let full = if is_day { format!("{text}T18:00") } else { text.to_owned() };
    let code = if text.is_empty() { Some("required") } else { None };
    match (code, Instant::typed_day_time(&full, zone, now)) {
        (Some(code), _) => Err(Fields::one("promise_due", code)),
        (None, Err(problem)) => Err(Fields::one("promise_due", problem.code())),
        (None, Ok(due_at)) => Ok(due_at),
    }
}

/// `POST /companies/{company}/promises`
pub async fn make(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    form: Submitted<PromiseForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let PromiseForm { promise_words, promise_due, note, back } = form.fields;
    let made = match (note, due(&promise_due, &viewer.zone, app.now())) {
        (Some(note), _) => actions::put_away(&act, &viewer, id, &promise_words, &note).await,
        (None, Ok(due_at)) => actions::make(&act, &viewer, id, &promise_words, due_at).await,
        (None, Err(error)) => Err(error),
    };
    let (status, problems, refused) = match made {
        Ok(_) => return go(own_path(&back, &format!("/companies/{id}/promises"))),
        Err(error) => form_again(ui.lang, error)?,
    };
    let page = company_page(&app, &viewer, ui, id).await?;
    let typed = Typed { words: promise_words, due: promise_due, ..Typed::default() };
    drawn(status, &CompanyPage { typed, problems, refused, back, ..page })
}

/// What became of a promise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    state: String,
    #[serde(default)]
    note: String,
    /// The page it was answered on.
    #[serde(default)]
    back: String,
}

/// `POST /promises/{promise}/answer`
pub async fn answer(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PromiseId>,
    form: Submitted<AnswerForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let AnswerForm { state, note, back } = form.fields;
    let answered = match state.parse() {
        Ok(state) => actions::answer(&act, &viewer, id, state, &note).await,
        Err(()) => Err(Fields::one("state", "unknown-choice")),
    };
    let (status, problems, refused) = match answered {
        Ok(()) => return go(own_path(&back, "/promises")),
        Err(error) => form_again(ui.lang, error)?,
    };
    let typed = Typed { at: Some(id), note, ..Typed::default() };
    if let Some(company) = company_of(&back) {
        let page = company_page(&app, &viewer, ui, company).await?;
        return drawn(status, &CompanyPage { typed, problems, refused, ..page });
    }
    let code = back.split_once("view=").map(|(_, code)| code);
    let view = View::asked(code, &viewer);
    let page = list_page(&app, &viewer, ui, view).await?;
    drawn(status, &ListPage { typed, problems, refused, ..page })
}

/// The company of `/companies/{company}/promises`.
fn company_of(back: &str) -> Option<CompanyId> {
    back.strip_prefix("/companies/")?.strip_suffix("/promises")?.parse().ok()
}

fn drawn(status: StatusCode, page: &impl Template) -> Answer {
    Ok((status, Html(page.render().map_err(Error::failure)?)).into_response())
}
