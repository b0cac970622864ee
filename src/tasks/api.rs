//! Tasks over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::pages::ListQuery;
use super::{NewTask, Origin, Task, View, Whose, actions};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Query, Slice};

/// Something a person should do.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskShown {
    /// Its id.
    pub id: TaskId,
    /// The number people read aloud.
    pub number: i64,
    /// Who should do it.
    pub person: UserId,
    /// What it is about.
    pub company: Option<CompanyId>,
    /// What to do.
    pub what: String,
    /// `person`, `handoff`, `date`, `renewal` or `prototype`.
    pub origin: String,
    /// By when, RFC 3339.
    pub due_at: String,
    /// How often it was put off.
    pub put_off_count: i64,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// When it was done, RFC 3339.
    pub done_at: Option<String>,
}

fn shown(task: Task) -> TaskShown {
    TaskShown {
        id: task.id,
        number: task.number,
        person: task.person,
        company: task.company,
        origin: task.origin.code().to_owned(),
        due_at: task.due_at.rfc3339(),
        put_off_count: task.put_off_count,
        made_at: task.made_at.rfc3339(),
        done_at: task.done_at.map(Instant::rfc3339),
        what: task.what,
    }
}

/// The list's choices.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query that the page reads")]
pub struct TaskListParams {
    /// `open`, `due` within a day, `overdue` or `done`.
    view: Option<String>,
    /// `mine` or, for a head, `team`.
    whose: Option<String>,
    /// Where the page starts.
    after: Option<String>,
    /// Rows wanted.
    limit: Option<i64>,
}

/// One's tasks.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", operation_id = "list_tasks",
    params(TaskListParams), responses((status = 200, body = json::Many<TaskShown>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, Query(query): Query<ListQuery>) -> Answer {
    let choice = (View::of_code(&query.view), Whose::of_code(&query.whose));
    let mut tx = app.db.read().await?;
    let slice = actions::list(&mut tx, &viewer, choice, &query.cursor(), app.now()).await?;
    json::many(Slice { rows: slice.rows.into_iter().map(shown).collect(), next: slice.next })
}

/// One task.
#[utoipa::path(get, path = "/api/v1/tasks/{task}", tag = "tasks", operation_id = "show_task",
    params(("task" = TaskId, Path)),
    responses((status = 200, body = json::One<TaskShown>), (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<TaskId>) -> Answer {
    let found = actions::find(&mut app.db.read().await?, &viewer, id).await?;
    json::one(shown(found.ok_or(Error::NotFound)?))
}

/// A task to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskSent {
    /// What to do.
    what: String,
    /// By when, RFC 3339.
    due_at: String,
    /// Who should do it; oneself where nobody is named.
    person: Option<UserId>,
    /// What it is about.
    company: Option<CompanyId>,
}

/// A task that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskMade {
    /// Its id.
    id: TaskId,
}

/// Adds a task.
#[utoipa::path(post, path = "/api/v1/tasks", tag = "tasks", operation_id = "add_task",
    params(json::KeyHeader), request_body = TaskSent,
    responses((status = 201, body = json::One<TaskMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn add(Web(app): Web<App>, viewer: Viewer, sent: Sent<TaskSent>) -> Answer {
    let act = viewer.act(&app, sent.key);
    let TaskSent { what, due_at, person, company } = sent.body;
    let due_at = read_due(&due_at)?;
    let person = person.unwrap_or(viewer.id());
    let new = NewTask { person, company, what, due_at, origin: Origin::Person, once: None };
    json::made(TaskMade { id: actions::add(&act, &viewer, new).await? })
}

fn read_due(text: &str) -> Outcome<Instant> {
    Instant::from_rfc3339(text).ok_or_else(|| Fields::one("due", "not-a-date"))
}

/// The task is done.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/completion", tag = "tasks",
    operation_id = "complete_task", params(("task" = TaskId, Path), json::KeyHeader),
    request_body = Nothing,
    responses((status = 200, body = json::One<TaskShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn complete(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<TaskId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::complete(&viewer.act(&app, sent.key), &viewer, id).await?;
    show(Web(app), viewer, Path(id)).await
}

/// Another time for a task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostponementSent {
    /// By when, RFC 3339.
    due_at: String,
}

/// The task is due at another time.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/postponement", tag = "tasks",
    operation_id = "put_off_task", params(("task" = TaskId, Path), json::KeyHeader),
    request_body = PostponementSent,
    responses((status = 200, body = json::One<TaskShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn put_off(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<TaskId>,
    sent: Sent<PostponementSent>,
) -> Answer {
    let due_at = read_due(&sent.body.due_at)?;
    actions::put_off(&viewer.act(&app, sent.key), &viewer, id, due_at).await?;
    show(Web(app), viewer, Path(id)).await
}

/// Another person for a task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignmentSent {
    /// Who should do it.
    person: UserId,
}

/// A head gives the task to another person.
#[utoipa::path(post, path = "/api/v1/tasks/{task}/reassignment", tag = "tasks",
    operation_id = "reassign_task", params(("task" = TaskId, Path), json::KeyHeader),
    request_body = ReassignmentSent,
    responses((status = 200, body = json::One<TaskShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn reassign(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<TaskId>,
    sent: Sent<ReassignmentSent>,
) -> Answer {
    actions::reassign(&viewer.act(&app, sent.key), &viewer, id, sent.body.person).await?;
    show(Web(app), viewer, Path(id)).await
}
