//! The page of jobs: what is to be done later, how it stands, what went wrong, and *run again*.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use super::page;
use crate::begin;
use crate::events::{Event, Kind};
use crate::jobs::{self, Kept, Standing};
use crate::people::Viewer;
use crate::storage::Act;
use crate::values::*;
use crate::web::{Answer, App, Submitted, Ui, go};

/// So many jobs are shown; those that failed come first.
const SHOWN_MAX: i64 = 200;

/// Whose jobs have a word of their own, by the folder that runs them.
const FOLDERS: [&str; 6] = ["events", "imports", "merges", "pay", "quality", "rounds"];

#[derive(Template)]
#[template(path = "app/views/jobs.html")]
struct JobsPage {
    ui: Ui,
    rows: Vec<Kept>,
    failed: i64,
}

impl JobsPage {
    /// What a job does, in a word.
    fn does(&self, job: &Kept) -> String {
        let folder = job.kind.split('.').next().unwrap_or_default();
        let known = FOLDERS.into_iter().find(|known| *known == folder);
        self.ui.tc("job-of-", known.unwrap_or("other"))
    }
    fn are_many(&self) -> bool {
        self.failed > 1
    }
    fn has_failed(&self, job: &Kept) -> bool {
        job.standing == Standing::Failed
    }
    fn may_run_again(&self, job: &Kept) -> bool {
        matches!(job.standing, Standing::Failed | Standing::Again)
    }
}

/// `GET /jobs`
pub async fn index(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let rows = jobs::list(&mut tx, viewer.org, app.now(), SHOWN_MAX).await?;
    let failed = rows.iter().filter(|job| job.standing == Standing::Failed).count();
    let failed = i64::try_from(failed).map_err(Error::failure)?;
    page(&JobsPage { ui, rows, failed })
}

/// Which job is run again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryForm {
    /// Its id; nothing for all that failed for good.
    #[serde(default)]
    job: String,
}

/// `POST /jobs/retrial`
pub async fn retry(State(app): State<App>, viewer: Viewer, form: Submitted<RetryForm>) -> Answer {
    let act = viewer.act(&app, form.key);
    let id = match form.fields.job.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| Error::NotFound)?),
    };
    run_again(&act, id).await?;
    go("/jobs")
}

/// Has jobs run again: that one, or all that failed for good. Says how many.
async fn run_again(act: &Act, id: Option<JobId>) -> Outcome<u64> {
    let mut tx = begin!(act);
    let count = jobs::retry_in(&mut tx, act.org, id, act.now).await?;
    let subject = id.map_or_else(|| "all".to_owned(), |id| id.to_string());
    let told = i64::try_from(count).map_err(Error::failure)?;
    let event = Event::new(Kind::JobsRetried, subject).person(act.actor);
    event.with("count", told).record(&mut tx, act).await?;
    tx.finish(count).await
}
