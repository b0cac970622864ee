//! Forms in: CSRF and idempotency are settled before a handler sees its fields.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::errors::Failed;
use crate::storage::Key;
use crate::values::{Error, Fields};

/// The largest urlencoded form; larger texts are refused with a sentence.
pub const FORM_BYTES_MAX: usize = 1 << 20;

/// Where exchanges of others and the like tell what happened: a signature is their authority.
pub const HOOKS: &str = "/hooks/";

/// The one character that is no text: PostgreSQL stores none, so nobody may send it.
pub const NO_TEXT: char = '\0';

/// The session's token against forged forms, put there by the sign-in layer.
#[derive(Clone)]
pub struct CsrfToken(pub String);

/// What a form carried, without its token and key. Kept so that an error page can give it back.
#[derive(Clone)]
pub struct Typed {
    /// Field names and values in order.
    pub pairs: Arc<Vec<(String, String)>>,
    /// The idempotency key of the request.
    pub key: Option<Key>,
}

/// A form's fields as `T`, with the request's idempotency key.
///
/// `T` refuses unknown fields where it says `#[serde(deny_unknown_fields)]`; every input does.
pub struct Submitted<T> {
    /// The fields.
    pub fields: T,
    /// The request's key.
    pub key: Option<Key>,
}

/// The query string as `T`; a broken one is an error page, not a panic of text.
pub struct Query<T>(pub T);

/// True when a script asked and wants only the regions that change.
#[derive(Debug, Clone, Copy)]
pub struct Fragment(pub bool);

/// What the box of a form sends: `on` where it is ticked, else nothing.
pub fn tick(is_ticked: bool) -> String {
    if is_ticked { "on".to_owned() } else { String::new() }
}

/// Reads an urlencoded form once, checks its token, and leaves its fields for [`Submitted`].
pub async fn read(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let is_form = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    // What signs its body reads it byte by byte, and has no session whose token it could carry.
    let is_signed = parts.uri.path().starts_with(HOOKS);
    if !is_form || is_signed || parts.method == Method::GET {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Ok(bytes) = axum::body::to_bytes(body, FORM_BYTES_MAX).await else {
        return Failed(Fields::one("form", "form-too-large")).into_response();
    };
    match typed(&parts, &bytes) {
        Ok(typed) => {
            let mut request = Request::from_parts(parts, bytes.into());
            request.extensions_mut().insert(typed.clone());
            let mut response = next.run(request).await;
            response.extensions_mut().insert(typed);
            response
        }
        Err(error) => Failed(error).into_response(),
    }
}

fn typed(parts: &Parts, bytes: &Bytes) -> Result<Typed, Error> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes)
        .map_err(|_| Fields::one("form", "form-not-understood"))?;
    if pairs.iter().any(|(name, value)| name.contains(NO_TEXT) || value.contains(NO_TEXT)) {
        return Err(Fields::one("form", "form-not-understood"));
    }
    let find = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    check_token(parts, find("_csrf").as_deref())?;
    let kept: Vec<(String, String)> =
        pairs.iter().filter(|(n, _)| n != "_csrf" && n != "_key").cloned().collect();
    let key = find("_key").map(|text| request_key(parts, text, &kept)).transpose()?;
    Ok(Typed { pairs: Arc::new(kept), key })
}

fn request_key(parts: &Parts, text: String, pairs: &[(String, String)]) -> Result<Key, Error> {
    if text.is_empty() || text.len() > 100 {
        return Err(Fields::one("_key", "key-length"));
    }
    let body = serde_urlencoded::to_string(pairs).map_err(Error::failure)?;
    Ok(Key::new(text, &[parts.method.as_str().as_bytes(), path(parts), body.as_bytes()]))
}

fn path(parts: &Parts) -> &[u8] {
    parts.uri.path().as_bytes()
}

/// A form needs its session's token. Where there is no session there is nothing to forge, but a
/// form sent from another site is refused all the same.
pub fn check_token(parts: &Parts, given: Option<&str>) -> Result<(), Error> {
    let site = parts.headers.get("sec-fetch-site").and_then(|v| v.to_str().ok());
    if site.is_some_and(|site| site == "cross-site") {
        return Err(Fields::one("_csrf", "form-from-elsewhere"));
    }
    match parts.extensions.get::<CsrfToken>() {
        Some(CsrfToken(wanted)) if given == Some(wanted.as_str()) => Ok(()),
        Some(_) => Err(Fields::one("_csrf", "form-from-elsewhere")),
        None => Ok(()),
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Submitted<T> {
    type Rejection = Failed;
    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let Some(typed) = request.extensions().get::<Typed>().cloned() else {
            return Err(Failed(Fields::one("form", "form-not-understood")));
        };
        let text = serde_urlencoded::to_string(&*typed.pairs).map_err(Error::failure)?;
        let fields = serde_urlencoded::from_str(&text).map_err(|cause| {
            let mut fields = Fields::default();
            fields.note_with("form", "form-field", vec![("problem", cause.to_string())]);
            Error::Invalid(fields)
        })?;
        Ok(Self { fields, key: typed.key })
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failed;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        let query = parts.uri.query().unwrap_or("");
        if query.contains("%00") {
            return Err(Failed(Fields::one("query", "query-not-understood")));
        }
        serde_urlencoded::from_str(query)
            .map(Self)
            .map_err(|_| Failed(Fields::one("query", "query-not-understood")))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Fragment {
    type Rejection = Failed;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        Ok(Self(parts.headers.contains_key("x-fragment")))
    }
}
