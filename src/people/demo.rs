//! The page that removes a demo firm: it shows what goes, and asks for the number shown.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use super::pages::entered;
use super::removal::{self, FreshStart};
use super::{Viewer, actions};
use crate::values::*;
use crate::web::{Answer, App, Failed, Submitted, Ui, page, page_again};

#[derive(Template)]
#[template(path = "people/views/demo_removal.html")]
struct RemovalPage {
    ui: Ui,
    count: i64,
    firm: String,
    login: String,
    name: String,
    typed: String,
    problem: Option<String>,
    fields: Fields,
}

/// The new firm, its administrator, and the number of companies typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalForm {
    firm: String,
    login: String,
    name: String,
    password: String,
    count: String,
}

async fn removal_page(app: &App, viewer: &Viewer, ui: Ui) -> Outcome<RemovalPage> {
    let mut tx = app.db.read().await?;
    let count = removal::count_demo_companies(&mut tx, viewer).await?;
    Ok(RemovalPage {
        ui,
        count,
        firm: String::new(),
        login: String::new(),
        name: String::new(),
        typed: String::new(),
        problem: None,
        fields: Fields::default(),
    })
}

/// `GET /demo/removal`
pub async fn removal_form(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    page(&removal_page(&app, &viewer, ui).await?)
}

/// `POST /demo/removal`
pub async fn remove_demo(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<RemovalForm>,
) -> Answer {
    let shown = removal_page(&app, &viewer, ui).await?;
    let RemovalForm { firm, login, name, password, count: typed } = form.fields;
    let figures: String = typed.chars().filter(char::is_ascii_digit).collect();
    let count = figures.parse().unwrap_or(-1);
    let start = FreshStart {
        firm: firm.clone(),
        login: login.clone(),
        name: name.clone(),
        password,
        count,
    };
    let act = viewer.act(&app, form.key);
    let shown = RemovalPage { firm, login, name, typed, ..shown };
    match removal::remove_demo(&act, &viewer, start).await {
        Ok(actions::Secret(secret)) => Ok(entered(&app, &secret, "/people")),
        Err(Error::Refused(refusal)) => {
            let problem = Some(shown.ui.t(&format!("refusal-{}", refusal.code())));
            page_again(&RemovalPage { problem, ..shown })
        }
        Err(Error::Invalid(fields)) => page_again(&RemovalPage { fields, ..shown }),
        Err(error) => Err(Failed(error)),
    }
}
