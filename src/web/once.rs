//! A secret that the page after a redirect shows once: the browser carries it there in a cookie.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::errors::Failed;
use super::{Answer, App, go};
use crate::values::Error;

/// Name of the cookie.
const COOKIE: &str = "troika_once";
/// How long it waits for the page, in seconds.
const AGE: i64 = 60;

/// What was carried here, if anything.
pub struct Carried(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Carried {
    type Rejection = Failed;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        Ok(Self(read(&parts.headers)))
    }
}

/// Goes to a path that shows the secret; nowhere else is it sent.
pub fn carry(app: &App, path: &str, secret: &str) -> Answer {
    with_cookie(app, go(path)?, (path, secret, AGE))
}

/// The page that showed it; the browser forgets it.
pub fn spent(app: &App, path: &str, shown: Response) -> Answer {
    with_cookie(app, shown, (path, "", 0))
}

fn with_cookie(app: &App, mut answer: Response, (path, secret, age): (&str, &str, i64)) -> Answer {
    let secure = if app.settings.is_secure { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={secret}; Path={path}; HttpOnly; SameSite=Strict; Max-Age={age}{secure}");
    let value = HeaderValue::from_str(&text).map_err(Error::failure)?;
    answer.headers_mut().append(header::SET_COOKIE, value);
    Ok(answer)
}

fn read(headers: &HeaderMap) -> Option<String> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == COOKIE && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}
