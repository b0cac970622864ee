//! What is sent with a change: a form or a JSON body with every field the handler wants.
//!
//! The fields are found by asking: a body that lacks one is refused with its name. So the request
//! goes as deep as the handler lets it, and is not turned away for its shape alone.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Map, Value, json};

use super::askers::Asker;
use crate::cast::{Cast, Reply};
use crate::people::session;
use crate::routes::Listed;

/// Fields whose value is not simply `1`.
const VALUES: [(&str, &str); 14] = [
    ("body", "{}"),
    ("lang", "en"),
    ("theme", "dark"),
    ("keys", "on"),
    ("next", ""),
    ("reason", "other"),
    ("note", "a note"),
    ("text", "a text"),
    ("name", "a name"),
    ("day", "2026-11-20"),
    ("due", "2026-11-20"),
    ("at", "2026-11-20T12:00"),
    ("currency", "RUB"),
    ("scope", "rights"),
];

/// Questions that want a query.
const QUERIES: [(&str, &str); 1] = [("/live", "topics=people")];

/// How many fields a body may grow.
const FIELDS_MAX: usize = 16;

/// Sends the request of a route, growing its body until nothing is missing.
pub(super) async fn send(cast: &Cast, asker: &Asker, route: &Listed, path: &str) -> Reply {
    let mut fields: Vec<(String, Value)> = Vec::new();
    loop {
        let reply = cast.send(request(asker, route, path, &fields)).await;
        if let Some((_, last)) = fields.last_mut()
            && let Some(better) = wanted_kind(&reply).filter(|better| better != last)
        {
            *last = better;
            continue;
        }
        let missing = missing_field(&reply);
        let Some(name) = missing.filter(|_| fields.len() < FIELDS_MAX) else { return reply };
        if fields.iter().any(|(known, _)| *known == name) {
            return reply;
        }
        let value = VALUES.iter().find(|(known, _)| *known == name).map_or("1", |(_, v)| v);
        fields.push((name, json!(value)));
    }
}

/// A value of the kind that a JSON field wants, when the last one was of another.
fn wanted_kind(reply: &Reply) -> Option<Value> {
    let text = reply.body.replace("\\\"", "'");
    let (_, wanted) = text.split_once("invalid type: string '")?.1.split_once("', expected ")?;
    let kinds = [
        ("i64", json!(1)),
        ("i32", json!(1)),
        ("u", json!(1)),
        ("a boolean", json!(true)),
        ("a sequence", json!([])),
        ("a map", json!({})),
        ("struct", json!({})),
    ];
    kinds.into_iter().find(|(kind, _)| wanted.starts_with(kind)).map(|(_, value)| value)
}

fn missing_field(reply: &Reply) -> Option<String> {
    let text = reply.body.replace("&#96;", "`");
    let rest = text.split("missing field `").nth(1)?;
    rest.split('`').next().map(str::to_owned)
}

fn request(asker: &Asker, route: &Listed, path: &str, fields: &[(String, Value)]) -> Request<Body> {
    let is_api = path.starts_with("/api/");
    let query = QUERIES.iter().find(|(known, _)| *known == route.path);
    let path = query.map_or(path.to_owned(), |(_, query)| format!("{path}?{query}"));
    let mut request = Request::builder()
        .method(&route.method)
        .uri(path)
        .header(header::ACCEPT_LANGUAGE, "en")
        .header("idempotency-key", format!("{}:{}", asker.name, fields.len()));
    if let Some(secret) = &asker.session {
        request = request.header(header::COOKIE, format!("{}={secret}", session::COOKIE));
    }
    if let Some(token) = asker.token.as_ref().filter(|_| is_api) {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if route.method == Method::GET {
        return request.body(Body::empty()).expect("a request");
    }
    let (kind, body) = if is_api {
        let map: Map<String, Value> = fields.iter().cloned().collect();
        ("application/json", Value::Object(map).to_string())
    } else {
        ("application/x-www-form-urlencoded", form(asker, fields))
    };
    request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).expect("a request")
}

fn form(asker: &Asker, fields: &[(String, Value)]) -> String {
    let token = asker.session.as_deref().map(session::csrf).unwrap_or_default();
    let mut pairs: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap_or("1"))).collect();
    let key = format!("{}:{}", asker.name, fields.len());
    pairs.push(("_csrf", &token));
    pairs.push(("_key", &key));
    serde_urlencoded::to_string(pairs).expect("a form")
}
