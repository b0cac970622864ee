//! The product put together: layers around the routes, the frame of each page, the worker.
//!
//! Order of the layers, outermost first: run to the end, security headers, whence and under which
//! name, who asks, the page frame, errors dressed, forms read, what crossed another change made
//! again, then the route with its policy.

pub mod jobs;
pub mod live;

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Router};
use serde::Deserialize;
use tower_http::compression::CompressionLayer;

use crate::handoffs::actions as handoffs;
use crate::opportunities::lists::{Filter, Mark, Range, Who};
use crate::opportunities::{State as Standing, actions as opportunities};
use crate::pay;
use crate::people::{Role, Viewer, session};
use crate::promises::actions as promises;
use crate::routes;
use crate::telephony::hosted::{incoming, pages};
use crate::telephony::unknown::actions as unknown;
use crate::tiers::doors;
use crate::values::*;
use crate::web::{
    Answer, App, Caller, Cursor, Doors, Failed, Late, NavLink, Person, Submitted, Ui, again,
    drafts, errors, forms, headers, hosts, limits, page, proxies, words,
};

/// The product as one handler of requests.
pub fn router(app: App) -> Router {
    layered().layer(Extension(app.clone())).with_state(app)
}

/// The routes under their layers, of nobody's yet: each request brings its [`App`] as an extension.
pub(crate) fn layered() -> Router<App> {
    routes::table()
        .into_router()
        .layer(from_fn(again::run))
        .layer(from_fn(forms::read))
        .layer(from_fn(throttle))
        .layer(from_fn(errors::dress))
        .layer(from_fn(frame))
        .layer(from_fn(session::load))
        .layer(CompressionLayer::new())
        .layer(from_fn(hosts::check))
        .layer(from_fn(proxies::see_through))
        .layer(from_fn(headers::secure))
        .layer(from_fn(headers::to_the_end))
}

/// Prepares the frame of the page: language, zone, links, the session's token.
async fn frame(Extension(app): Extension<App>, mut request: Request, next: Next) -> Response {
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
        ui.keymap = viewer.user.keymap.moves();
        ui.is_demo = viewer.is_demo;
        ui.nav = nav(viewer);
        ui.may_search = doors::may_enter(viewer, "/search");
        ui.doors = doors_of(&app, viewer);
        ui.person = Some(Person {
            id: viewer.id(),
            name: viewer.user.name.clone(),
            role_key: viewer.user.roles.first().key(),
        });
        if ui.path == "/tasks" && is_page(&request) {
            match late(&app, viewer).await {
                Ok(late) => ui.late = late,
                Err(error) => return Failed(error).into_response(),
            }
        }
        if is_page(&request) {
            match earned_today(&app, viewer).await {
                Ok(earned) => ui.earned_today = earned,
                Err(error) => return Failed(error).into_response(),
            }
            match calling(&app, viewer).await {
                Ok(calling) => ui.calling = calling,
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

/// So many late things are counted; more are as many.
const LATE_MAX: i64 = 100;

/// What the person earned since midnight, for the top bar.
async fn earned_today(app: &App, viewer: &Viewer) -> Outcome<Option<Money>> {
    let since = midnight(app.now().day(&viewer.zone), &viewer.zone);
    let mut tx = app.db.read().await?;
    pay::actions::earned_today(&mut tx, viewer.org, viewer.id(), since, viewer.currency).await
}

/// Who calls this person just now; nothing where no calls come in that anybody is told of and none
/// waits for them to say whose it was, or where their work is not with clients.
async fn calling(app: &App, viewer: &Viewer) -> Outcome<Option<Vec<Caller>>> {
    if !viewer.is_any(doors::WORKING) {
        return Ok(None);
    }
    let (mut tx, now) = (app.db.read().await?, app.now());
    let is_told = incoming::is_on(&mut tx, viewer.org, now).await?
        || !unknown::list_open(&mut tx, viewer, now).await?.is_empty();
    match is_told {
        true => pages::list_callers(&mut tx, viewer, now).await.map(Some),
        false => Ok(None),
    }
}

/// Changes a person may make in a minute: far above any hand, far below a flood.
const CHANGES_A_MINUTE: i64 = 6_000;
/// Requests an address may make in a minute without a session.
const STRANGER_A_MINUTE: i64 = 600;
/// What an exchange of somebody else's may tell in a minute from one address.
const HOOKS_A_MINUTE: i64 = 6_000;

/// Stops a flood before it reaches a form or the database.
async fn throttle(Extension(app): Extension<App>, request: Request, next: Next) -> Response {
    let counted = match request.extensions().get::<Viewer>() {
        Some(_) if request.method() == Method::GET => Ok(()),
        Some(viewer) => {
            let person = viewer.id().to_string();
            app.limits.count("changes", &person, CHANGES_A_MINUTE, MINUTE_MS, app.now())
        }
        None if is_free(request.uri().path()) => Ok(()),
        None => match request.extensions().get::<ConnectInfo<SocketAddr>>() {
            Some(from) => {
                let address = limits::whence(Some(from.ip()));
                let is_hook = request.uri().path().starts_with(forms::HOOKS);
                let (name, most) = match is_hook {
                    true => ("hooks", HOOKS_A_MINUTE),
                    false => ("stranger", STRANGER_A_MINUTE),
                };
                app.limits.count(name, &address, most, MINUTE_MS, app.now())
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

/// What the top bar may offer: address, word, tier, and what else belongs there.
const PLACES: [(&str, &str, i64, &[&str]); 13] = [
    ("/desk", "nav-desk", 1, &["/leads", "/checks"]),
    ("/handoffs", "nav-handoffs", 2, &[]),
    ("/pipeline", "nav-pipeline", 2, &["/opportunities", "/contracts", "/payments"]),
    ("/clients", "nav-clients", 3, &["/contracts", "/payments"]),
    ("/tasks", "nav-tasks", 0, &["/meetings", "/promises"]),
    ("/holdings", "nav-holdings", 0, &[]),
    ("/companies", "nav-base", 0, &["/duplicates", "/merges", "/quality", "/rounds"]),
    ("/imports", "nav-imports", 1, &[]),
    ("/wallboard", "nav-wallboard", 1, &[]),
    ("/campaigns", "nav-campaigns", 1, &["/leads", "/checks"]),
    ("/pay", "nav-pay", 0, &[]),
    ("/reports", "nav-reports", 0, &[]),
    ("/people", "nav-people", 0, &["/jobs", "/erasures", "/telephony"]),
];

/// What it offers to a person: what opens for them, but the base only to who goes through it.
fn nav(viewer: &Viewer) -> Vec<NavLink> {
    let is_offered = |href: &str| {
        doors::may_enter(viewer, href)
            && (href != "/companies" || viewer.is_any(doors::BROWSING))
            && (href != "/wallboard" || doors::may_watch_calls(viewer))
    };
    PLACES
        .into_iter()
        .filter(|(href, ..)| is_offered(href))
        .map(|(href, key, tier, below)| NavLink { href, key, tier, below })
        .collect()
}

/// `GET /`: to the place where the person's day begins.
pub async fn home(State(app): State<App>, viewer: Option<Extension<Viewer>>, ui: Ui) -> Answer {
    let place = match viewer {
        None => "/sign-in",
        Some(Extension(viewer)) => start(&app, &viewer, &ui).await?,
    };
    Ok(Redirect::to(place).into_response())
}

/// Callers go to their desk, the owner to the figures; who takes over from others goes to what
/// waits for an answer, and where nothing does, to their own work.
async fn start(app: &App, viewer: &Viewer, ui: &Ui) -> Outcome<&'static str> {
    let first = ui.nav.first().map_or("/settings", |link| link.href);
    if viewer.is(Role::Caller) || first != "/handoffs" {
        return Ok(first);
    }
    if viewer.is(Role::Owner) {
        return Ok("/reports");
    }
    let (mut tx, scope) = (app.db.read().await?, viewer.scope());
    if !handoffs::list_waiting(&mut tx, &scope, 1).await?.is_empty() {
        return Ok("/handoffs");
    }
    let is_head = viewer.is(Role::Head);
    if is_head && !handoffs::list_contested(&mut tx, &scope, 1).await?.is_empty() {
        return Ok("/handoffs?view=disputes");
    }
    Ok(match viewer.user.tier {
        Some(1) if is_head => "/campaigns",
        Some(2) => "/pipeline",
        Some(3) => "/clients",
        _ => first,
    })
}

/// What is late besides tasks, each with where it is and its word.
async fn late(app: &App, viewer: &Viewer) -> Outcome<Vec<Late>> {
    let (now, scope, mut tx) = (app.now(), viewer.scope(), app.db.read().await?);
    let mut late = Vec::new();
    let mut note = |path: &str, href, key, count: usize| {
        if count > 0 && doors::may_enter(viewer, path) {
            late.push(Late { href, key, count: i64::try_from(count).unwrap_or(i64::MAX) });
        }
    };
    let promised = promises::list_due(&mut tx, &scope, true, LATE_MAX).await?;
    let broken = promised.iter().filter(|promise| promise.is_overdue(now)).count();
    note("/promises", "/promises", "promises-late-count", broken);
    let steps = Filter {
        range: Range::of(&scope, Who::Mine),
        state: Standing::Open,
        stage: String::new(),
        mark: Some(Mark::Late),
    };
    let all = Cursor { after: None, limit: Some(LATE_MAX) };
    let steps = opportunities::list(&mut tx, viewer.org, &steps, &all, now).await?.rows.len();
    note("/opportunities", "/opportunities?who=mine&mark=late", "steps-late-count", steps);
    Ok(late)
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

#[cfg(test)]
mod tests;
