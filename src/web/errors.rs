//! One mapping of errors to responses: pages for people, one envelope for the API.
//!
//! Refused → 409, invalid → 422, not found or not to be known of → 404, not signed in → the
//! sign-in page or 401, too many → 429, no room on the disk → 507, failure → 500 with an incident
//! number and no detail.
//! What a person typed is given back on the error page, so no text is lost.

use std::sync::Arc;

use askama::Template;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::json;

use super::forms::Typed;
use super::kept::{self, Kept};
use super::own_path;
use super::ui::Ui;
use super::words::{self, Word};
use crate::values::{AnyId, Error, Fields, Lang};

/// What a handler answers.
pub type Answer = Result<Response, Failed>;

/// An error on its way to the edge.
#[derive(Debug)]
pub struct Failed(pub Error);

impl<E: Into<Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

#[derive(Clone)]
struct Carried(Arc<Error>);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = status(&self.0).into_response();
        response.extensions_mut().insert(Carried(Arc::new(self.0)));
        response
    }
}

/// How an error is answered.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::Refused(_) => StatusCode::CONFLICT,
        Error::Invalid(_) | Error::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::NotSignedIn => StatusCode::UNAUTHORIZED,
        Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Crossed(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Full(_) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Failure(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Why a form comes back with what was typed: the status, what is wrong with its fields, and the
/// sentence of a refusal. What broke is no matter of a form.
pub fn form_again(
    lang: Lang,
    error: Error,
) -> Result<(StatusCode, Fields, Option<String>), Failed> {
    let status = status(&error);
    match error {
        Error::Invalid(fields) => Ok((status, fields, None)),
        Error::Refused(_) => Ok((status, Fields::default(), Some(sentence(lang, &error)))),
        other => Err(Failed(other)),
    }
}

/// True for the answer to a change that crossed another and left nothing behind.
pub fn is_crossed(response: &Response) -> bool {
    let carried = response.extensions().get::<Carried>();
    carried.is_some_and(|carried| matches!(*carried.0, Error::Crossed(_)))
}

/// Dresses a bare error as a page or as the API's envelope.
pub async fn dress(request: Request, next: Next) -> Response {
    let ui = request.extensions().get::<Ui>().cloned();
    let path = request.uri().path().to_owned();
    // The address of a link is its secret, so the log names the route and not the path.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let back = request
        .headers()
        .get(header::REFERER)
        .and_then(|v| v.to_str().ok())
        .and_then(|url| {
            url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|i| &rest[i..]))
        })
        .map_or("/", |path| own_path(path, "/"))
        .to_owned();
    let ui = ui.unwrap_or_else(|| Ui::anonymous(Lang::default(), crate::values::Instant(0)));
    let response = next.run(request).await;
    // An address in which an id cannot be read is an address of nothing.
    let is_unread = response.status() == StatusCode::BAD_REQUEST;
    let is_bare = is_unread
        || response.extensions().get::<Carried>().is_some()
        || (response.status() == StatusCode::NOT_FOUND
            || response.status() == StatusCode::METHOD_NOT_ALLOWED)
            && response.headers().get(header::CONTENT_TYPE).is_none();
    if !is_bare {
        return response;
    }
    let error = response
        .extensions()
        .get::<Carried>()
        .map_or_else(|| Arc::new(Error::NotFound), |carried| carried.0.clone());
    let incident = note(&error, route.as_ref().map_or("", MatchedPath::as_str));
    if path.starts_with("/api/") {
        return envelope(&ui, &error, &incident);
    }
    if matches!(*error, Error::NotSignedIn) {
        let next = serde_urlencoded::to_string([("next", &path)]).unwrap_or_default();
        return Redirect::to(&format!("/sign-in?{next}")).into_response();
    }
    // What was typed is given back, but a password or a secret is never printed on a page.
    let typed = response
        .extensions()
        .get::<Typed>()
        .map(|t| t.pairs.iter().filter(|(name, _)| !is_secret(name)).cloned().collect());
    error_page(ui, &error, incident, ErrorFrame { path, back, typed: typed.unwrap_or_default() })
}

/// True for a field that is never printed on a page.
fn is_secret(name: &str) -> bool {
    name.contains("password") || name.contains("secret")
}

struct ErrorFrame {
    path: String,
    back: String,
    typed: Vec<(String, String)>,
}

/// Logs a failure once, and gives it a number a person can quote.
fn note(error: &Error, route: &str) -> String {
    let (Error::Failure(cause) | Error::Crossed(cause) | Error::Full(cause)) = error else {
        return String::new();
    };
    let incident = AnyId::fresh(crate::values::Clock::system().now()).to_string();
    tracing::error!(incident, route, error = cause, "a request failed");
    incident
}

/// The sentence of an error.
pub fn sentence(lang: Lang, error: &Error) -> String {
    let worded = |args: Vec<(&'static str, String)>| -> Vec<(&str, Word)> {
        args.into_iter().map(|(name, value)| (name, Word::Text(value))).collect()
    };
    match error {
        Error::Refused(refusal) => {
            words::say(lang, &format!("refusal-{}", refusal.code()), &worded(refusal.args()))
        }
        Error::Invalid(_) => words::say(lang, "error-invalid", &[]),
        Error::NotFound => words::say(lang, "error-not-found", &[]),
        Error::NotSignedIn => words::say(lang, "error-not-signed-in", &[]),
        Error::TooMany(seconds) => {
            words::say(lang, "error-too-many", &[("seconds", Word::Count(*seconds))])
        }
        Error::KeyReused => words::say(lang, "error-key-reused", &[]),
        Error::Crossed(_) => words::say(lang, "error-crossed", &[]),
        Error::Full(_) => words::say(lang, "error-full", &[]),
        Error::Failure(_) => words::say(lang, "error-failure", &[]),
    }
}

fn code(error: &Error) -> &'static str {
    match error {
        Error::Refused(refusal) => refusal.code(),
        Error::Invalid(_) => "invalid",
        Error::NotFound => "not-found",
        Error::NotSignedIn => "not-signed-in",
        Error::TooMany(_) => "too-many",
        Error::KeyReused => "key-reused",
        Error::Crossed(_) => "crossed",
        Error::Full(_) => "full",
        Error::Failure(_) => "failure",
    }
}

fn envelope(ui: &Ui, error: &Error, incident: &str) -> Response {
    let mut fields = serde_json::Map::new();
    if let Error::Invalid(all) = error {
        for (name, problem) in &all.0 {
            let told = json!({ "code": problem.code, "message": ui.problem(problem) });
            fields.insert((*name).to_owned(), told);
        }
    }
    let mut body = json!({
        "code": code(error),
        "message": sentence(ui.lang, error),
        "fields": fields,
    });
    if let Error::Refused(refusal) = error
        && !refusal.args().is_empty()
    {
        body["details"] = refusal.args().into_iter().map(|(n, v)| (n, json!(v))).collect();
    }
    if !incident.is_empty() {
        body["incident"] = json!(incident);
    }
    let mut response = (status(error), axum::Json(json!({ "error": body }))).into_response();
    wait(&mut response, error);
    response
}

fn wait(response: &mut Response, error: &Error) {
    if let Error::TooMany(seconds) = error
        && let Ok(value) = HeaderValue::from_str(&seconds.to_string())
    {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
}

#[derive(Template)]
#[template(path = "web/views/error.html")]
struct ErrorPage {
    ui: Ui,
    message: String,
    problems: Vec<(Option<String>, String)>,
    safe_key: &'static str,
    incident: String,
    path: String,
    back: String,
    kept: Vec<Kept>,
    may_resend: bool,
}

impl ErrorPage {
    fn shows_text(&self) -> bool {
        self.kept.iter().any(|one| one.label.is_some())
    }
}

fn error_page(ui: Ui, error: &Error, incident: String, frame: ErrorFrame) -> Response {
    let problems = match error {
        Error::Invalid(fields) => {
            fields.0.iter().map(|(name, p)| (kept::label(&ui, name), ui.problem(p))).collect()
        }
        _ => Vec::new(),
    };
    let wrong: Vec<&str> = match error {
        Error::Invalid(fields) => fields.0.keys().copied().collect(),
        _ => Vec::new(),
    };
    let kept = kept::kept(&ui, &frame.typed, &wrong);
    // What was only chosen is refused again as it stands; what failed may pass the next time.
    let is_answered = matches!(error, Error::Refused(_) | Error::Invalid(_));
    let safe_key = match error {
        Error::Failure(_) => "error-safe-failure",
        Error::Full(_) => "error-safe-full",
        Error::NotFound => "error-safe-not-found",
        _ => "error-safe-nothing-changed",
    };
    let page = ErrorPage {
        message: sentence(ui.lang, error),
        problems,
        safe_key,
        incident,
        path: frame.path,
        back: frame.back,
        may_resend: !kept.is_empty() && (!is_answered || kept.iter().any(|k| k.label.is_some())),
        kept,
        ui,
    };
    let mut response = match page.render() {
        Ok(html) => (status(error), Html(html)).into_response(),
        Err(cause) => {
            tracing::error!(error = %cause, "the error page cannot be drawn");
            status(error).into_response()
        }
    };
    wait(&mut response, error);
    response
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Mutex;

    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    /// What was logged.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("nobody panics while writing").write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Self;
        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn a_form_comes_back_for_its_fields_and_for_nothing_that_broke() {
        let mut fields = Fields::default();
        fields.note("name", "required");
        let (status, wrong, refused) =
            form_again(Lang::En, Error::Invalid(fields.clone())).expect("comes back");
        assert_eq!((status, wrong, refused), (StatusCode::UNPROCESSABLE_ENTITY, fields, None));
        for error in [Error::NotFound, Error::KeyReused, Error::failure("a broken disk")] {
            assert!(form_again(Lang::En, error).is_err());
        }
    }

    #[tokio::test]
    async fn a_failure_is_logged_by_its_route_and_never_by_a_link() {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::fmt().with_writer(lines.clone()).finish();
        let _kept = tracing::subscriber::set_default(subscriber);
        let router = Router::new()
            .route("/sign-in/{link}", get(|| async { Failed(Error::failure("a broken disk")) }))
            .layer(from_fn(dress));
        let request = Request::get("/sign-in/5ec2e7").body(Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("a response");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let told = lines.0.lock().expect("nobody panics while writing").clone();
        let told = String::from_utf8(told).expect("text");
        assert!(told.contains("a broken disk") && told.contains("/sign-in/{link}"), "{told}");
        assert!(!told.contains("5ec2e7"), "{told}");
    }
}
