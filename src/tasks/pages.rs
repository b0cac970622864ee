//! One's tasks: those to do, those that are late, those done; as a head, the team's.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::{NewTask, Origin, Task, View, Whose, actions};
use crate::companies;
use crate::people::{Reach, User, Viewer};
use crate::promises::Promise;
use crate::values::*;
use crate::web::{Answer, App, Cursor, Failed, Query, Submitted, Ui, errors, go, page};

/// What a list is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    pub(super) view: String,
    #[serde(default)]
    pub(super) whose: String,
    /// What a new task is about.
    company: Option<CompanyId>,
    pub(super) after: Option<String>,
    pub(super) limit: Option<i64>,
}

impl ListQuery {
    /// Where the page starts.
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { after: self.after.clone(), limit: self.limit }
    }
}

#[derive(Template)]
#[template(path = "tasks/views/index.html")]
struct IndexPage {
    ui: Ui,
    view: View,
    whose: Whose,
    can_see_team: bool,
    counts: (i64, i64),
    tasks: Vec<Task>,
    /// What was promised for the same time; with the first page alone.
    promises: Vec<Promise>,
    next: Option<String>,
    companies: HashMap<CompanyId, String>,
    seen: BTreeSet<CompanyId>,
    workers: Vec<User>,
    me: UserId,
    about: Option<(CompanyId, String)>,
    typed: AddForm,
    fields: Fields,
    refusal: Option<String>,
}

impl IndexPage {
    fn is_late(&self, task: &Task) -> bool {
        task.is_overdue(self.ui.now)
    }
    fn is_broken(&self, promise: &Promise) -> bool {
        promise.is_overdue(self.ui.now)
    }
    fn company(&self, task: &Task) -> Option<(CompanyId, &str)> {
        let id = task.company?;
        Some((id, self.companies.get(&id)?.as_str()))
    }
    fn promised_to(&self, promise: &Promise) -> &str {
        self.companies.get(&promise.company).map_or("", String::as_str)
    }
    fn name(&self, id: &UserId) -> &str {
        self.workers.iter().find(|user| user.id == *id).map_or("", |user| user.name.as_str())
    }
    /// Times a task is put off to with one press: tomorrow, in three days, in a week, at ten.
    fn later(&self) -> Vec<(&'static str, String)> {
        let zone = &self.ui.zone;
        let today = self.ui.now.day(zone);
        let at_ten = |days: i32| {
            let day = today.saturating_add(jiff::Span::new().days(days));
            self.ui.input_day_time(&Instant::from_local(day.at(10, 0, 0, 0), zone))
        };
        vec![
            ("task-later-tomorrow", at_ten(1)),
            ("task-later-days", at_ten(3)),
            ("task-later-week", at_ten(7)),
        ]
    }
    fn is_me(&self, user: &User) -> bool {
        user.id == self.me
    }
    fn can_give(&self) -> bool {
        self.workers.len() > 1
    }
}

/// `GET /tasks`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<ListQuery>,
) -> Answer {
    page(&drawn(&app, &viewer, ui, query, AddForm::default(), None).await?)
}

async fn drawn(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    query: ListQuery,
    typed: AddForm,
    error: Option<Error>,
) -> Outcome<IndexPage> {
    let (view, whose) = (View::of_code(&query.view), Whose::of_code(&query.whose));
    let now = app.now();
    let mut tx = app.db.read().await?;
    let slice = actions::list(&mut tx, viewer, (view, whose), &query.cursor(), now).await?;
    let promises = match query.after {
        None => actions::list_promises(&mut tx, viewer, (view, whose), now).await?,
        Some(_) => Vec::new(),
    };
    let about = slice.rows.iter().filter_map(|task| task.company);
    let ids: Vec<CompanyId> = about.chain(promises.iter().map(|p| p.company)).collect();
    let found = companies::actions::list_by_ids(&mut tx, viewer.org, &ids).await?;
    let seen = companies::actions::list_seen(&mut tx, &viewer.scope(), &ids, now).await?;
    let about = match query.company {
        Some(id) => {
            let seen = companies::actions::find_seen(&mut tx, &viewer.scope(), id, now).await?;
            seen.map(|company| (company.id, company.name))
        }
        None => None,
    };
    let (view_code, whose_code) = (view.code(), whose.code());
    let (fields, refusal) = match error {
        Some(Error::Invalid(fields)) => (fields, None),
        Some(error) => (Fields::default(), Some(errors::sentence(ui.lang, &error))),
        None => (Fields::default(), None),
    };
    Ok(IndexPage {
        view,
        whose,
        can_see_team: viewer.scope().reach != Reach::Own,
        counts: actions::count_open(&mut tx, viewer, whose, now).await?,
        next: slice
            .next
            .map(|after| format!("/tasks?view={view_code}&whose={whose_code}&after={after}")),
        tasks: slice.rows,
        promises,
        seen,
        companies: found.into_iter().map(|company| (company.id, company.name)).collect(),
        workers: actions::list_workers(&mut tx, viewer).await?,
        me: viewer.id(),
        about,
        typed,
        fields,
        refusal,
        ui,
    })
}

/// A task as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddForm {
    what: String,
    due: String,
    #[serde(default)]
    company: String,
    #[serde(default)]
    person: String,
}

impl AddForm {
    fn read(&self, viewer: &Viewer, now: Instant) -> Outcome<NewTask> {
        let mut fields = Fields::default();
        let due_at = Instant::typed_day_time(&self.due, &viewer.zone, now)
            .map_err(|problem| fields.note("due", problem.code()))
            .unwrap_or(now);
        let person = match self.person.as_str() {
            "" => Ok(viewer.id()),
            id => id.parse().map_err(|_| fields.note("person", "unknown-choice")),
        };
        let company = match self.company.as_str() {
            "" => None,
            id => id.parse().map_err(|_| fields.note("company", "unknown-choice")).ok(),
        };
        if let Err(Error::Invalid(more)) = super::check(&self.what, due_at, now) {
            for (field, problem) in more.0 {
                fields.note_with(field, problem.code, problem.args);
            }
        }
        fields.into_result()?;
        let (person, what) = (person.unwrap_or(viewer.id()), self.what.clone());
        Ok(NewTask { person, company, what, due_at, origin: Origin::Person, once: None })
    }
}

/// `POST /tasks`
pub async fn add(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<AddForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = form.fields;
    let added = match typed.read(&viewer, act.now) {
        Ok(new) => actions::add(&act, &viewer, new).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => go("/tasks"),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let status = errors::status(&error);
            let query = ListQuery { company: typed.company.parse().ok(), ..ListQuery::default() };
            let drawn = drawn(&app, &viewer, ui, query, typed, Some(error)).await?;
            Ok((status, page(&drawn)?).into_response())
        }
        Err(error) => Err(Failed(error)),
    }
}

/// A form without fields of its own; it says where to return to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackForm {
    #[serde(default)]
    view: String,
    #[serde(default)]
    whose: String,
}

impl BackForm {
    fn path(&self) -> String {
        let (view, whose) = (View::of_code(&self.view), Whose::of_code(&self.whose));
        format!("/tasks?view={}&whose={}", view.code(), whose.code())
    }
}

/// `POST /tasks/{task}/completion`
pub async fn complete(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<TaskId>,
    form: Submitted<BackForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    actions::complete(&act, &viewer, id).await?;
    go(form.fields.path())
}

/// A task put off, as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutOffForm {
    due: String,
    #[serde(default)]
    view: String,
    #[serde(default)]
    whose: String,
}

/// `POST /tasks/{task}/postponement`
pub async fn put_off(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<TaskId>,
    form: Submitted<PutOffForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let PutOffForm { due, view, whose } = form.fields;
    let due_at = Instant::typed_day_time(&due, &viewer.zone, act.now)
        .map_err(|problem| Fields::one("due", problem.code()))?;
    actions::put_off(&act, &viewer, id, due_at).await?;
    go(BackForm { view, whose }.path())
}

/// A task for somebody else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveForm {
    person: UserId,
    #[serde(default)]
    view: String,
    #[serde(default)]
    whose: String,
}

/// `POST /tasks/{task}/reassignment`
pub async fn reassign(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<TaskId>,
    form: Submitted<GiveForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let GiveForm { person, view, whose } = form.fields;
    actions::reassign(&act, &viewer, id, person).await?;
    go(BackForm { view, whose }.path())
}
