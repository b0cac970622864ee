//! Checks of a company on screen: how fresh each field is, who checked what, and a form.

use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::{CheckedBy, Field, Finding, Freshness, Verification, Verify, actions};
use crate::companies::{self, Company};
use crate::people::{self, User, Viewer};
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Submitted, Ui, go, page, page_again};

/// Checks shown.
const ROWS: i64 = 50;

/// How fresh a field is.
struct Row {
    field: Field,
    freshness: Freshness,
    checked_at: Option<Instant>,
}

#[derive(Template)]
#[template(path = "verification/views/index.html")]
struct IndexPage {
    ui: Ui,
    company: Company,
    may_check: bool,
    rows: Vec<Row>,
    checks: Vec<(Verification, String)>,
    form: CheckForm,
    fields: Fields,
    refused: Option<String>,
}

/// A check as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckForm {
    pub(super) field: String,
    pub(super) finding: String,
    pub(super) source: String,
    pub(super) note: String,
}

impl CheckForm {
    /// Reads the check.
    pub(super) fn read(&self, company: CompanyId) -> Outcome<Verify> {
        let mut wrong = Fields::default();
        let (field, finding) = (self.field.parse::<Field>(), self.finding.parse::<Finding>());
        let source = self.source.parse::<CheckedBy>();
        for (name, is_wrong) in
            [("field", field.is_err()), ("finding", finding.is_err()), ("source", source.is_err())]
        {
            if is_wrong {
                wrong.note(name, "unknown-choice");
            }
        }
        let note = self.note.trim();
        let note = (!note.is_empty()).then(|| note.to_owned());
        match (field, finding, source) {
            (Ok(field), Ok(finding), Ok(source)) => {
                Ok(Verify { note, ..Verify::of(company, field, finding, source) })
            }
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// `GET /companies/{company}/checks`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
) -> Answer {
    page(&index_page(&app, &viewer, ui, id).await?)
}

async fn index_page(app: &App, viewer: &Viewer, ui: Ui, id: CompanyId) -> Outcome<IndexPage> {
    let mut tx = app.db.read().await?;
    let now = app.now();
    let seen = companies::actions::find_seen(&mut tx, &viewer.scope(), id, now).await?;
    let company = seen.ok_or(Error::NotFound)?;
    let id = company.id;
    let may_check = company.is_in_base()
        && companies::actions::may_change(&mut tx, viewer, &company, now).await?;
    let last = actions::list_last(&mut tx, viewer.org, id).await?;
    let ageing = actions::find_ageing(&mut tx, viewer.org).await?;
    let checks = actions::list(&mut tx, viewer.org, id, None, ROWS).await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let rows = Field::ALL
        .into_iter()
        .map(|field| {
            let last = last.iter().find(|check| check.field == field);
            let unchecked = Freshness::Stale;
            let freshness = last.map_or(unchecked, |check| ageing.freshness_of(check, now));
            Row { field, freshness, checked_at: last.map(|check| check.made_at) }
        })
        .collect();
    Ok(IndexPage {
        ui,
        company,
        may_check,
        rows,
        checks: checks
            .into_iter()
            .map(|check| {
                let who = name_of(&users, check.actor);
                (check, who)
            })
            .collect(),
        form: CheckForm::default(),
        fields: Fields::default(),
        refused: None,
    })
}

fn name_of(users: &[User], id: Option<UserId>) -> String {
    users.iter().find(|user| Some(user.id) == id).map(|u| u.name.clone()).unwrap_or_default()
}

/// `POST /companies/{company}/checks`
pub async fn record(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    submitted: Submitted<CheckForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let done = match form.read(id) {
        Ok(verify) => actions::record(&act, &viewer, verify).await,
        Err(error) => Err(error),
    };
    let (_, fields, refused) = match done {
        Ok(_) => return go(format!("/companies/{id}/checks")),
        Err(error) => form_again(ui.lang, error)?,
    };
    let again = index_page(&app, &viewer, ui, id).await?;
    page_again(&IndexPage { form, fields, refused, ..again })
}
