//! Two changes may hold what the other needs; the database then lets one go, and nothing of it is
//! kept. Such a change is made again at once, as if it had come a moment later.
//!
//! Only what has an idempotency key: whatever of it was kept before, an action of several
//! transactions included, is answered from its receipt and not done twice.

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::errors::{Failed, is_crossed};
use super::forms::{FORM_BYTES_MAX, HOOKS, Typed};
use crate::values::Fields;

/// How often a change is made in all.
const TRIES: usize = 3;

/// Makes a change again that crossed another.
pub async fn run(request: Request, next: Next) -> Response {
    if !has_key(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, FORM_BYTES_MAX).await else {
        return Failed(Fields::one("body", "form-too-large")).into_response();
    };
    for _ in 1..TRIES {
        let same = Request::from_parts(parts.clone(), bytes.clone().into());
        let response = next.clone().run(same).await;
        if !is_crossed(&response) {
            return response;
        }
        tracing::info!("a change crossed another and is made again");
    }
    next.run(Request::from_parts(parts, bytes.into())).await
}

/// True for a form and for a body of the API that came with a key. A file that is brought is not
/// held in memory for it.
fn has_key(request: &Request) -> bool {
    if request.uri().path().starts_with(HOOKS) {
        return false;
    }
    if let Some(typed) = request.extensions().get::<Typed>() {
        return typed.key.is_some();
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.starts_with("application/json"));
    is_json && request.headers().contains_key("idempotency-key")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;
    use crate::values::Error;

    /// How a change is answered that crosses others so often, and how often it was made.
    async fn answered(crossings: usize, key: Option<&str>) -> (StatusCode, usize) {
        let count = Arc::new(AtomicUsize::new(0));
        let made = count.clone();
        let change = move |body: String| async move {
            assert_eq!(body, "{}");
            match made.fetch_add(1, Ordering::SeqCst) < crossings {
                true => Err(Failed(Error::Crossed("deadlock detected".to_owned()))),
                false => Ok("done"),
            }
        };
        let router = Router::new().route("/", post(change)).layer(from_fn(run));
        let mut request = Request::post("/").header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let request = request.body(Body::from("{}")).expect("a request");
        let response = router.oneshot(request).await.expect("a response");
        (response.status(), count.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn what_crossed_another_is_made_again_under_its_key_alone() {
        assert_eq!(answered(0, Some("a")).await, (StatusCode::OK, 1));
        assert_eq!(answered(2, Some("a")).await, (StatusCode::OK, 3));
        assert_eq!(answered(9, Some("a")).await, (StatusCode::SERVICE_UNAVAILABLE, 3));
        assert_eq!(answered(1, None).await, (StatusCode::SERVICE_UNAVAILABLE, 1));
    }
}
