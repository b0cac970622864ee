//! The made-up calls as pages: the list, the screen of one, and what a good result would have been.

use askama::Template;
use axum::extract::{Path, State as Web};
use axum::http::StatusCode;

use super::stage::Stage;
use super::{ALL, Answered, EXERCISES, Exercise, Progress, actions};
use crate::calls::cockpit::Cockpit;
use crate::calls::results::CallForm;
use crate::campaigns;
use crate::campaigns::script::Block;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_as};

/// A line of the list.
struct Line {
    exercise: Exercise,
    company: String,
    answered: Option<Answered>,
}

#[derive(Template)]
#[template(path = "calls/views/practice.html")]
struct PracticePage {
    ui: Ui,
    lines: Vec<Line>,
    progress: Progress,
    practised_at: Option<Instant>,
}

impl PracticePage {
    fn next(&self) -> usize {
        self.progress.next().unwrap_or(1)
    }
}

#[derive(Template)]
#[template(path = "calls/views/exercise.html")]
struct ExercisePage {
    ui: Ui,
    cockpit: Cockpit,
    exercise: Exercise,
    /// What one hears.
    hears: String,
    fields: Fields,
    kept: String,
}

impl ExercisePage {
    fn problem(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.fields, field)
    }
    fn wrong_decider(&self) -> Option<String> {
        self.problem("decider_name").or_else(|| self.problem("decider"))
    }
    fn label(&self, reason: &campaigns::reasons::RefusalReason) -> String {
        reason.label(self.ui.lang).to_owned()
    }
    fn number(&self) -> i64 {
        self.exercise.number as i64
    }
    fn of(&self) -> i64 {
        EXERCISES as i64
    }
    fn first_wrong(&self) -> &'static str {
        if self.fields.0.is_empty() { "#hears" } else { "[aria-invalid=true]" }
    }
}

#[derive(Template)]
#[template(path = "calls/views/feedback.html")]
struct FeedbackPage {
    ui: Ui,
    exercise: Exercise,
    company: String,
    hears: String,
    why: String,
    answered: Answered,
    progress: Progress,
    practised_at: Option<Instant>,
}

impl FeedbackPage {
    fn next(&self) -> Option<usize> {
        self.progress.after(self.exercise.number, self.practised_at)
    }
}

fn said(ui: &Ui, part: &str, exercise: Exercise) -> String {
    ui.tc(&format!("practice-{part}-"), &exercise.number.to_string())
}

/// An exercise by its number in an address.
fn named(number: &str) -> Outcome<Exercise> {
    number.parse().ok().and_then(Exercise::of).ok_or(Error::NotFound)
}

/// `GET /practice`: which of the made-up calls were had right.
pub async fn index(Web(app): Web<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let progress = actions::find_progress(&mut tx, viewer.org, viewer.id()).await?;
    let line = |exercise: Exercise| Line {
        exercise,
        company: said(&ui, "company", exercise),
        answered: progress.of(exercise.number),
    };
    let lines = ALL.into_iter().map(line).collect();
    page(&PracticePage { lines, progress, practised_at: viewer.user.practised_at, ui })
}

/// `GET /practice/{exercise}`: the screen of a call, over one that is made up.
pub async fn show(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(number): Path<String>,
) -> Answer {
    let exercise = named(&number)?;
    let form = CallForm::default();
    let shown = exercise_page(&app, &viewer, ui, exercise, (form, Fields::default())).await?;
    page(&shown)
}

async fn exercise_page(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    exercise: Exercise,
    (form, fields): (CallForm, Fields),
) -> Outcome<ExercisePage> {
    let mut tx = app.db.read().await?;
    let stage = Stage::of(&mut tx, viewer, exercise, ui.now).await?;
    let cockpit = stage.cockpit(viewer, &ui, exercise, form);
    let hears = said(&ui, "hears", exercise);
    Ok(ExercisePage { cockpit, exercise, hears, fields, kept: String::new(), ui })
}

/// `POST /practice/{exercise}/calls`: the result of a made-up call.
pub async fn answer(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(number): Path<String>,
    form: Submitted<CallForm>,
) -> Answer {
    let exercise = named(&number)?;
    let act = viewer.act(&app, form.key);
    match actions::answer(&act, &viewer, exercise, &form.fields).await {
        Ok(()) => go(format!("/practice/{number}/feedback")),
        Err(Error::Invalid(fields)) => {
            let typed = (form.fields, fields);
            let shown = exercise_page(&app, &viewer, ui, exercise, typed).await?;
            page_as(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `GET /practice/{exercise}/feedback`: what a good result would have been, and why.
pub async fn feedback(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(number): Path<String>,
) -> Answer {
    let exercise = named(&number)?;
    let mut tx = app.db.read().await?;
    let progress = actions::find_progress(&mut tx, viewer.org, viewer.id()).await?;
    let Some(answered) = progress.of(exercise.number) else {
        return go(format!("/practice/{number}"));
    };
    page(&FeedbackPage {
        company: said(&ui, "company", exercise),
        hears: said(&ui, "hears", exercise),
        why: said(&ui, "why", exercise),
        exercise,
        answered,
        progress,
        practised_at: viewer.user.practised_at,
        ui,
    })
}
