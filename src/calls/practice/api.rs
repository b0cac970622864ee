//! The made-up calls over the API.

use axum::extract::{Path, State as Web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ALL, Answered, Exercise, actions};
use crate::calls::Meaning;
use crate::calls::results::CallForm;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Ui};

/// A made-up call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeCall)]
pub struct ExerciseShown {
    /// Its number, from 1.
    pub number: usize,
    /// Who is called, in the person's language.
    pub company: String,
    /// What is heard.
    pub hears: String,
    /// What the person answered last; null where they did not.
    pub answered: Option<AnsweredShown>,
}

/// What came of one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeAnswer)]
pub struct AnsweredShown {
    /// The result that was chosen.
    pub outcome: Meaning,
    /// True when it was a good one.
    pub is_good: bool,
    /// The best one.
    pub best: Meaning,
    /// Why.
    pub why: String,
}

fn said(ui: &Ui, part: &str, exercise: Exercise) -> String {
    ui.tc(&format!("practice-{part}-"), &exercise.number.to_string())
}

fn answered(ui: &Ui, exercise: Exercise, answered: Answered) -> AnsweredShown {
    AnsweredShown {
        outcome: answered.outcome,
        is_good: answered.is_good,
        best: exercise.best,
        why: said(ui, "why", exercise),
    }
}

/// The made-up calls, and what the person answered.
#[utoipa::path(get, path = "/api/v1/practice", tag = "calls", operation_id = "list_practice",
    responses((status = 200, body = json::One<Vec<ExerciseShown>>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let progress = actions::find_progress(&mut tx, viewer.org, viewer.id()).await?;
    let shown = |exercise: Exercise| ExerciseShown {
        number: exercise.number,
        company: said(&ui, "company", exercise),
        hears: said(&ui, "hears", exercise),
        answered: progress.of(exercise.number).map(|one| answered(&ui, exercise, one)),
    };
    json::one(ALL.into_iter().map(shown).collect::<Vec<_>>())
}

/// Answers a made-up call, by the rules of real ones.
#[utoipa::path(post, path = "/api/v1/practice/{exercise}/calls", tag = "calls",
    operation_id = "answer_practice", request_body = CallForm,
    params(("exercise" = usize, Path), json::KeyHeader),
    responses((status = 201, body = json::One<AnsweredShown>),
        (status = 404, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn answer(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(number): Path<String>,
    sent: Sent<CallForm>,
) -> Answer {
    let exercise = number.parse().ok().and_then(Exercise::of).ok_or(Error::NotFound)?;
    actions::answer(&viewer.act(&app, sent.key), &viewer, exercise, &sent.body).await?;
    let mut tx = app.db.read().await?;
    let progress = actions::find_progress(&mut tx, viewer.org, viewer.id()).await?;
    let last = progress.of(exercise.number).ok_or(Error::NotFound)?;
    json::made(answered(&ui, exercise, last))
}
