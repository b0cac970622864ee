//! Sign-in and sign-out.

use std::net::SocketAddr;

use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::account::Bare;
use super::{actions, session};
use crate::values::*;
use crate::web::{
    Answer, App, Failed, Query, Submitted, Ui, go, limits, own_path, page, page_again, page_as,
};

#[derive(Template)]
#[template(path = "people/views/sign_in.html")]
struct SignInPage {
    ui: Ui,
    login: String,
    next: String,
    problem: Option<String>,
}

/// A link as it is opened: with a button while it is good, with what to do once it is not.
#[derive(Template)]
#[template(path = "people/views/link.html")]
struct LinkPage {
    ui: Ui,
    link: Option<String>,
}

/// Where to go after sign-in.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// Passwords that may be tried for a login from one address within the time below. Whoever knows
/// a login locks its owner out by it only where both sit.
const TRIES_MAX: i64 = 10;
/// The same from all addresses together.
const TRIES_OF_ALL_MAX: i64 = 100;
const TRIES_WITHIN_MS: i64 = 5 * MINUTE_MS;

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
pub async fn sign_in(
    State(app): State<App>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    ui: Ui,
    form: Submitted<SignInForm>,
) -> Answer {
    let SignInForm { login, password, next } = form.fields;
    let now = app.now();
    // Counted by digest: what is typed as a login may be a megabyte, and is kept for minutes.
    let counted = session::digest(login.trim());
    let here = format!("{counted} {}", limits::whence(from.map(|Extension(from)| from.ip())));
    app.limits.count("sign-in", &here, TRIES_MAX, TRIES_WITHIN_MS, now)?;
    // What was refused above is not counted here: one address alone locks nobody out elsewhere.
    app.limits.count("sign-in-of-all", &counted, TRIES_OF_ALL_MAX, TRIES_WITHIN_MS, now)?;
    match actions::sign_in(&app.db, login.trim(), password, now).await {
        Ok(secret) => Ok(entered(&app, &secret.0, own_path(&next, "/"))),
        Err(Error::Refused(refusal)) => {
            let problem = Some(ui.t(&format!("refusal-{}", refusal.code())));
            page_again(&SignInPage { ui, login, next, problem })
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `GET /sign-in/{link}`: a link from an administrator, or one the demo printed. Programs open
/// links too, to preview or to scan them; so this only shows the button that uses it.
pub async fn show_link(State(app): State<App>, Path(link): Path<String>, ui: Ui) -> Answer {
    if actions::is_live_link(&app.db, &link, app.now()).await? {
        page(&LinkPage { ui, link: Some(link) })
    } else {
        page_as(StatusCode::CONFLICT, &LinkPage { ui, link: None })
    }
}

/// `POST /sign-in/{link}`
pub async fn use_link(
    State(app): State<App>,
    Path(link): Path<String>,
    ui: Ui,
    form: Submitted<Bare>,
) -> Answer {
    let Bare {} = form.fields;
    match actions::use_link(&app.db, &link, app.now()).await {
        Ok(secret) => Ok(entered(&app, &secret.0, "/")),
        Err(Error::Refused(_)) => page_as(StatusCode::CONFLICT, &LinkPage { ui, link: None }),
        Err(error) => Err(Failed(error)),
    }
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
