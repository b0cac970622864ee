//! The product put together: layers around the routes, the frame of each page, the worker.
//!
//! Order of the layers, outermost first: run to the end, security headers, who asks, the page
//! frame, errors dressed, forms read, then the route with its policy.

pub mod live;

use std::net::SocketAddr;

use askama::Template;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tower_http::compression::CompressionLayer;

use crate::pay;
use crate::people::{Viewer, session};
use crate::routes;
use crate::tiers::doors;
use crate::values::*;
use crate::web::{
    Answer, App, Doors, Failed, NavLink, Person, Submitted, Ui, drafts, errors, forms, headers,
    page, words,
};

/// The product as one handler of requests.
pub fn router(app: App) -> Router {
    routes::table()
        .into_router()
        .layer(from_fn(forms::read))
        .layer(from_fn_with_state(app.clone(), throttle))
        .layer(from_fn(errors::dress))
        .layer(from_fn_with_state(app.clone(), frame))
        .layer(from_fn_with_state(app.clone(), session::load))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::secure))
        .layer(from_fn(headers::to_the_end))
        .with_state(app)
}

/// Prepares the frame of the page: language, zone, links, the session's token.
async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let viewer = request.extensions().get::<Viewer>().cloned();
    let mut ui = Ui::anonymous(words::wanted(request.headers()), app.now());
    ui.path = request.uri().path().to_owned();
    if let Some(token) = request.extensions().get::<forms::CsrfToken>() {
        ui.csrf = token.0.clone();
    }
    if let Some(viewer) = &viewer {
        ui.lang = viewer.user.lang;
        ui.zone = viewer.zone.clone();
        ui.currency = viewer.currency;
        ui.theme = viewer.user.theme.clone();
        ui.keys_off = viewer.user.keys_off;
        ui.is_demo = viewer.is_demo;
        ui.nav = nav(viewer);
        ui.may_search = doors::may_enter(viewer, "/search");
        ui.doors = doors_of(&app, viewer);
        ui.person = Some(Person {
            id: viewer.id(),
            name: viewer.user.name.clone(),
            role_key: viewer.user.roles.first().key(),
        });
        if is_page(&request) {
            match earned_today(&app, viewer).await {
                Ok(earned) => ui.earned_today = earned,
                Err(error) => return Failed(error).into_response(),
            }
        }
    }
    request.extensions_mut().insert(ui);
    next.run(request).await
}

/// What answers for a page whether its links would open.
fn doors_of(app: &App, viewer: &Viewer) -> Doors {
    let (app, viewer) = (app.clone(), viewer.clone());
    Doors::asking(move |path| {
        let (app, viewer) = (app.clone(), viewer.clone());
        async move { routes::opens(&app, &viewer, &path).await }
    })
}

/// True for what a person looks at, rather than what a page or a program fetches.
fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    let is_fetched = ["/api/", "/assets/", "/live"].iter().any(|start| path.starts_with(start));
    request.method() == Method::GET && !is_fetched
}

/// What the person earned since midnight, for the top bar.
async fn earned_today(app: &App, viewer: &Viewer) -> Outcome<Option<Money>> {
    let since = midnight(app.now().day(&viewer.zone), &viewer.zone);
    let mut tx = app.db.read().await?;
    pay::actions::earned_today(&mut tx, viewer.org, viewer.id(), since, viewer.currency).await
}

/// Changes a person may make in a minute: far above any hand, far below a flood.
const CHANGES_A_MINUTE: i64 = 6_000;
/// Requests an address may make in a minute without a session.
const STRANGER_A_MINUTE: i64 = 600;

/// Stops a flood before it reaches a form or the database.
async fn throttle(State(app): State<App>, request: Request, next: Next) -> Response {
    let counted = match request.extensions().get::<Viewer>() {
        Some(_) if request.method() == Method::GET => Ok(()),
        Some(viewer) => {
            let person = viewer.id().to_string();
            app.limits.count("changes", &person, CHANGES_A_MINUTE, MINUTE_MS, app.now())
        }
        None if is_free(request.uri().path()) => Ok(()),
        None => match request.extensions().get::<ConnectInfo<SocketAddr>>() {
            Some(from) => {
                let address = from.ip().to_string();
                app.limits.count("stranger", &address, STRANGER_A_MINUTE, MINUTE_MS, app.now())
            }
            None => Ok(()),
        },
    };
    match counted {
        Ok(()) => next.run(request).await,
        Err(error) => Failed(error).into_response(),
    }
}

/// What a watchdog or a browser may ask for as often as it likes.
fn is_free(path: &str) -> bool {
    path == "/healthz" || path.starts_with("/assets/")
}

/// What the top bar may offer: address, word, tier.
const PLACES: [(&str, &str, i64); 12] = [
    ("/desk", "nav-desk", 1),
    ("/handoffs", "nav-handoffs", 2),
    ("/pipeline", "nav-pipeline", 2),
    ("/clients", "nav-clients", 3),
    ("/tasks", "nav-tasks", 0),
    ("/holdings", "nav-holdings", 0),
    ("/companies", "nav-base", 0),
    ("/imports", "nav-imports", 1),
    ("/campaigns", "nav-campaigns", 1),
    ("/pay", "nav-pay", 0),
    ("/reports", "nav-reports", 0),
    ("/people", "nav-people", 0),
];

/// What it offers to a person: what opens for them, but the base only to who goes through it.
fn nav(viewer: &Viewer) -> Vec<NavLink> {
    let is_offered = |href: &str| {
        doors::may_enter(viewer, href) && (href != "/companies" || viewer.is_any(doors::BROWSING))
    };
    PLACES
        .into_iter()
        .filter(|(href, _, _)| is_offered(href))
        .map(|(href, key, tier)| NavLink { href, key, tier })
        .collect()
}

/// `GET /`: to the place where the person's day begins.
pub async fn home(ui: Ui) -> Answer {
    let place = if ui.person.is_none() {
        "/sign-in"
    } else {
        ui.nav.first().map_or("/settings", |link| link.href)
    };
    Ok(Redirect::to(place).into_response())
}

/// `GET /healthz`: 200 as soon as pages are served.
pub async fn healthz(State(app): State<App>) -> Answer {
    app.db.answer().await?;
    Ok("ok".into_response())
}

/// What a person is typing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftForm {
    scope: String,
    body: String,
}

/// `POST /drafts`
pub async fn keep_draft(
    State(app): State<App>,
    viewer: Viewer,
    form: Submitted<DraftForm>,
) -> Answer {
    let mut tx = app.db.begin().await?;
    let DraftForm { scope, body } = form.fields;
    drafts::keep(&mut tx, (viewer.org, viewer.id()), &scope, &body, app.now()).await?;
    tx.commit().await?;
    Ok("".into_response())
}

#[derive(Template)]
#[template(path = "web/views/styleguide.html")]
struct Styleguide {
    ui: Ui,
}

/// `GET /styleguide`: every part of the screens on one page.
pub async fn styleguide(ui: Ui) -> Answer {
    page(&Styleguide { ui })
}
