//! JSON in and out: the request's idempotency key is required for every change.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::errors::{Answer, Failed};
use super::forms::FORM_BYTES_MAX;
use super::paging::Slice;
use crate::storage::Key;
use crate::values::{Error, Fields};

/// A JSON body as `T`, with the request's key from the `Idempotency-Key` header.
pub struct Sent<T> {
    /// The body.
    pub body: T,
    /// The request's key.
    pub key: Option<Key>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Failed;
    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let (parts, body) = request.into_parts();
        let key = key_text(&parts.headers)?.to_owned();
        let bytes = axum::body::to_bytes(body, FORM_BYTES_MAX)
            .await
            .map_err(|_| Failed(Fields::one("body", "form-too-large")))?;
        // Escaped or not, it is no text: see [`super::forms::NO_TEXT`].
        if bytes.contains(&0) || bytes.windows(6).any(|part| part == b"\\u0000") {
            return Err(Failed(Fields::one("body", "form-not-understood")));
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let body = serde_json::from_slice(text).map_err(|cause| {
            let mut fields = Fields::default();
            fields.note_with("body", "form-field", vec![("problem", cause.to_string())]);
            Error::Invalid(fields)
        })?;
        let path = parts.uri.path().as_bytes();
        let key = Key::new(key, &[parts.method.as_str().as_bytes(), path, &bytes]);
        Ok(Self { body, key: Some(key) })
    }
}

/// The text of the `Idempotency-Key` header.
pub fn key_text(headers: &HeaderMap) -> Result<&str, Failed> {
    let text = headers.get("idempotency-key").and_then(|value| value.to_str().ok());
    text.filter(|text| (1..=100).contains(&text.len()))
        .ok_or_else(|| Failed(Fields::one("Idempotency-Key", "key-length")))
}

/// The body of a change that needs nothing said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// One thing: `{"data": …}`.
pub fn one(value: impl Serialize) -> Answer {
    Ok(axum::Json(json!({ "data": value })).into_response())
}

/// One new thing: the same with 201.
pub fn made(value: impl Serialize) -> Answer {
    Ok((StatusCode::CREATED, axum::Json(json!({ "data": value }))).into_response())
}

/// Many things with the cursor of the next page: `{"data": […], "next": …}`.
pub fn many<T: Serialize>(slice: Slice<T>) -> Answer {
    Ok(axum::Json(json!({ "data": slice.rows, "next": slice.next })).into_response())
}

/// How one thing is answered, for the description of the API.
#[derive(Debug, ToSchema)]
pub struct One<T> {
    /// The thing.
    pub data: T,
}

/// How many things are answered, for the description of the API.
#[derive(Debug, ToSchema)]
pub struct Many<T> {
    /// The things of this page.
    pub data: Vec<T>,
    /// What to send as `after` for the next page; null at the end.
    pub next: Option<String>,
}

/// How every error is answered, for the description of the API.
#[derive(Debug, ToSchema)]
pub struct Problem {
    /// What is wrong.
    pub error: Wrong,
}

/// What is wrong, for a program and for a person.
#[derive(Debug, ToSchema)]
pub struct Wrong {
    /// Stable code: of a refusal, or `invalid`, `not-found`, `not-signed-in`, `too-many`,
    /// `key-reused`, `failure`.
    pub code: String,
    /// A sentence in the language of the token's owner; before one is known, of `Accept-Language`.
    pub message: String,
    /// What is wrong with each field, by its name.
    pub fields: std::collections::BTreeMap<String, WrongField>,
    /// What the sentence of a refusal names, as the rule that denies a call and until when; absent
    /// where it names nothing.
    pub details: Option<std::collections::BTreeMap<String, String>>,
    /// A number to quote to the administrator; only with `failure`.
    pub incident: Option<String>,
}

/// What is wrong with one field.
#[derive(Debug, ToSchema)]
pub struct WrongField {
    /// Stable code.
    pub code: String,
    /// A sentence.
    pub message: String,
}

/// The header that every change carries.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct KeyHeader {
    /// 1 to 100 characters, fresh for each new change; the same key repeated with the same body
    /// acts once and answers as the first time.
    #[param(rename = "Idempotency-Key")]
    pub idempotency_key: String,
}
