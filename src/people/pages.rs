//! Sign-in and sign-out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::account::Bare;
use super::{actions, session};
use crate::values::*;
use crate::web::{Answer, App, Failed, Query, Submitted, Ui, go, own_path, page, page_again};

#[derive(Template)]
#[template(path = "people/views/sign_in.html")]
struct SignInPage {
    ui: Ui,
    login: String,
    next: String,
    problem: Option<String>,
}

/// Where to go after sign-in.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// The sign-in form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    login: String,
    password: String,
    next: String,
}

/// `GET /sign-in`
pub async fn sign_in_form(ui: Ui, Query(next): Query<Next>) -> Answer {
    if ui.person.is_some() {
        return go("/");
    }
    let next = next.next.unwrap_or_default();
    page(&SignInPage { ui, login: String::new(), next, problem: None })
}

/// `POST /sign-in`
pub async fn sign_in(State(app): State<App>, ui: Ui, form: Submitted<SignInForm>) -> Answer {
    let SignInForm { login, password, next } = form.fields;
    match actions::sign_in(&app, login.trim(), password).await {
        Ok(secret) => Ok(entered(&app, &secret.0, own_path(&next, "/"))),
        Err(Error::Refused(refusal)) => {
            let problem = Some(ui.t(&format!("refusal-{}", refusal.code())));
            page_again(&SignInPage { ui, login, next, problem })
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `GET /sign-in/{link}`: a link from an administrator, or one the demo printed.
pub async fn use_link(State(app): State<App>, Path(link): Path<String>) -> Answer {
    let secret = actions::use_link(&app, &link).await?;
    Ok(entered(&app, &secret.0, "/"))
}

/// `POST /sign-out`
pub async fn sign_out(State(app): State<App>, headers: HeaderMap, form: Submitted<Bare>) -> Answer {
    let Bare {} = form.fields;
    if let Some(secret) = session::secret_of(&headers) {
        actions::sign_out(&app.db, &secret).await?;
    }
    Ok(([(header::SET_COOKIE, session::cookie(&app, ""))], Redirect::to("/sign-in"))
        .into_response())
}

/// Into the product with a session's secret in the cookie.
pub(super) fn entered(app: &App, secret: &str, next: &str) -> Response {
    ([(header::SET_COOKIE, session::cookie(app, secret))], Redirect::to(next)).into_response()
}
