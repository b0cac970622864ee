//! The page on which a client approves a prototype or comments on it, through a link of their own.
//!
//! Nobody is signed in. Whoever holds the link sees the version and may answer once. A wrong link
//! is looked up like a right one and answers like any page that does not exist.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use serde::Deserialize;

use super::actions::{self, Shown};
use super::pages::served;
use super::{Answer as ClientAnswer, NewAnswer};
use crate::clients;
use crate::people;
use crate::people::session::digest;
use crate::storage::{Act, Key};
use crate::values::*;
use crate::web::{Answer, App, Failed, Query, Submitted, Ui, page, page_again};

/// How often one link may be used within a window.
const USES_MAX: i64 = 60;
/// How many wrong links are looked up within a window, from everybody together.
const MISSES_MAX: i64 = 600;
/// The window.
const WINDOW_MS: i64 = 5 * MINUTE_MS;

#[derive(Template)]
#[template(path = "clients/views/approval.html")]
struct ApprovalPage {
    ui: Ui,
    firm: String,
    lead: String,
    shown: Shown,
    secret: String,
    /// The query of its address: the language that was chosen.
    asked: String,
    typed: NewAnswer,
    fields: Fields,
}

impl ApprovalPage {
    fn is_commented(&self) -> bool {
        self.shown.prototype.answer == Some(ClientAnswer::Commented)
    }
    fn refusal(&self) -> Option<String> {
        let refusal = self.shown.refusal?;
        Some(self.ui.tc("refusal-", refusal.code()))
    }
}

/// The language the visitor chose on the page.
#[derive(Debug, Default, Deserialize)]
pub struct LangQuery {
    lang: Option<String>,
}

impl LangQuery {
    fn chosen(&self) -> Option<Lang> {
        self.lang.as_deref().and_then(Lang::from_code)
    }
}

/// `GET /approval/{approval}`
pub async fn show(
    State(app): State<App>,
    ui: Ui,
    Path(secret): Path<String>,
    Query(query): Query<LangQuery>,
) -> Answer {
    let blank =
        NewAnswer { answer: ClientAnswer::Approved, name: String::new(), comment: String::new() };
    let visit = Visit { ui, lang: query.chosen() };
    let drawn = drawn(&app, visit, secret, blank, Fields::default()).await?;
    Ok(unlisted(page(&drawn)?))
}

/// The client's answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    answer: String,
    name: String,
    comment: String,
}

/// `POST /approval/{approval}`
pub async fn answer(
    State(app): State<App>,
    ui: Ui,
    Path(secret): Path<String>,
    Query(query): Query<LangQuery>,
    form: Submitted<AnswerForm>,
) -> Answer {
    let visit = Visit { ui, lang: query.chosen() };
    let shown = found(&app, &secret).await?;
    let AnswerForm { answer, name, comment } = form.fields;
    let answer = answer.parse().map_err(|()| Fields::one("answer", "unknown-choice"))?;
    let new = NewAnswer { answer, name, comment };
    // The key is the client's own: under the link it cannot meet anybody else's.
    let key = form.key.map(|key| Key {
        text: format!("approval:{}", digest(&format!("{secret}:{}", key.text))),
        request_digest: key.request_digest,
    });
    let act = Act { db: app.db.clone(), org: shown.org, actor: None, now: app.now(), key };
    match actions::answer(&act, &secret, new.clone()).await {
        Ok(()) => {
            let drawn = drawn(&app, visit, secret, new, Fields::default()).await?;
            Ok(unlisted(page(&drawn)?))
        }
        // Answered before, or too late: the page says so and what stands.
        Err(Error::Refused(_)) => {
            let drawn = drawn(&app, visit, secret, new, Fields::default()).await?;
            let mut response = unlisted(page(&drawn)?);
            *response.status_mut() = axum::http::StatusCode::CONFLICT;
            Ok(response)
        }
        Err(Error::Invalid(fields)) => {
            let drawn = drawn(&app, visit, secret, new, fields).await?;
            Ok(unlisted(page_again(&drawn)?))
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `GET /approval/{approval}/file`
pub async fn download(State(app): State<App>, Path(secret): Path<String>) -> Answer {
    found(&app, &secret).await?;
    let mut tx = app.db.read().await?;
    let file = actions::find_shown_file(&mut tx, &secret).await?;
    Ok(unlisted(served(file.ok_or(Error::NotFound)?)?))
}

async fn found(app: &App, secret: &str) -> Outcome<Shown> {
    let shown = actions::find_shown(&mut app.db.read().await?, secret).await?;
    let Some(shown) = shown else {
        app.limits.count("approval-miss", "", MISSES_MAX, WINDOW_MS, app.now())?;
        return Err(Error::NotFound);
    };
    let link = digest(secret);
    app.limits.count("approval", &link, USES_MAX, WINDOW_MS, app.now())?;
    Ok(shown)
}

/// The frame of the page, and the language that was chosen on it.
struct Visit {
    ui: Ui,
    lang: Option<Lang>,
}

async fn drawn(
    app: &App,
    visit: Visit,
    secret: String,
    typed: NewAnswer,
    fields: Fields,
) -> Outcome<ApprovalPage> {
    let shown = found(app, &secret).await?;
    let mut tx = app.db.read().await?;
    let firm = people::actions::firm(&mut tx, shown.org).await?;
    let lead = clients::actions::find_lead(&mut tx, shown.org, &shown.client).await?;
    let Visit { mut ui, lang } = visit;
    // It speaks as the firm does, whatever the browser asks for, unless the visitor says otherwise.
    ui.lang = lang.unwrap_or(firm.lang);
    let asked = lang.map(|lang| format!("?lang={}", lang.code())).unwrap_or_default();
    // The page is the client's: nothing of whoever else is signed in at this browser.
    ui.person = None;
    ui.nav = Vec::new();
    ui.earned_today = None;
    ui.zone = firm.zone;
    ui.currency = firm.currency;
    let lead = lead.map(|lead| lead.alias).unwrap_or_default();
    Ok(ApprovalPage { ui, firm: firm.name, lead, shown, secret, asked, typed, fields })
}

/// Keeps the page out of search engines: the link is a secret.
fn unlisted(mut response: Response) -> Response {
    let name = HeaderName::from_static("x-robots-tag");
    response.headers_mut().insert(name, HeaderValue::from_static("noindex, nofollow"));
    response
}
