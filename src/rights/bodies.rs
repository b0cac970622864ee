//! What is sent with a change: a form or a JSON body with every field the handler wants.
//!
//! What must be right for the request to reach its record stands in `bodies.txt`. Other fields are
//! found by asking: a body that lacks one is refused with its name. So nobody is turned away for
//! the shape of a request before the question is asked whose record it is.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Map, Value, json};

use super::askers::Asker;
use crate::cast::{Cast, Reply};
use crate::people::session;
use crate::routes::Listed;

/// Bodies by route.
const BODIES: &str = include_str!("bodies.txt");

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
const QUERIES: [(&str, &str); 5] = [
    ("/live", "topics=people"),
    ("/reports/records", "step=dials"),
    ("/api/v1/reports/records", "step=dials"),
    ("/reports/scripts/records", "campaign=01234567-89ab-7def-8123-456789abcdef&version=1"),
    ("/api/v1/reports/scripts/records", "campaign=01234567-89ab-7def-8123-456789abcdef&version=1"),
];

/// By how many fields a body may grow.
const FIELDS_MAX: usize = 16;

/// What is sent to each route of `bodies.txt`, with the records and people it names.
pub(super) struct Bodies {
    by_path: BTreeMap<&'static str, Map<String, Value>>,
}

impl Bodies {
    /// Reads the bodies; `named` are the ids of records by noun and of people by login.
    pub(super) fn read(named: &BTreeMap<&'static str, String>) -> Self {
        let mut texts: Vec<(&'static str, String)> = Vec::new();
        for line in BODIES.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            match (line.strip_prefix("  "), texts.last_mut()) {
                (Some(part), Some((_, text))) => text.push_str(part),
                _ => texts.push((line, String::new())),
            }
        }
        let mut by_path = BTreeMap::new();
        for (path, text) in texts {
            let body = serde_json::from_str::<Value>(&text).expect(path);
            let Value::Object(body) = filled(body, named) else { panic!("{path}: no fields") };
            assert!(by_path.insert(path, body).is_none(), "{path} stands twice in bodies.txt");
        }
        Self { by_path }
    }

    /// The routes that have a body of their own.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.by_path.keys().copied()
    }

    fn fields(&self, route: &Listed) -> Vec<(String, Value)> {
        let body = self.by_path.get(route.path).filter(|_| route.method == Method::POST);
        body.cloned().unwrap_or_default().into_iter().collect()
    }
}

/// The body with the ids that its `@` words stand for.
fn filled(body: Value, named: &BTreeMap<&'static str, String>) -> Value {
    match body {
        Value::Object(map) => {
            map.into_iter().map(|(name, value)| (name, filled(value, named))).collect()
        }
        Value::Array(all) => all.into_iter().map(|value| filled(value, named)).collect(),
        Value::String(text) => match text.strip_prefix('@') {
            Some(name) => json!(named.get(name).expect(name)),
            None => Value::String(text),
        },
        other => other,
    }
}

/// The fields of a body.
pub(super) type Sent = Vec<(String, Value)>;

/// Sends the request of a route, growing its body until nothing is missing; says what was sent.
pub(super) async fn send(
    cast: &Cast,
    asker: &Asker,
    route: &Listed,
    (path, bodies): (&str, &Bodies),
) -> (Reply, Sent) {
    let mut fields = bodies.fields(route);
    let given = fields.len();
    loop {
        let reply = cast.send(request(asker, route, path, &fields)).await;
        if let Some((_, last)) = fields.last_mut()
            && let Some(better) = wanted_kind(&reply).filter(|better| better != last)
        {
            *last = better;
            continue;
        }
        let missing = missing_field(&reply);
        let Some(name) = missing.filter(|_| fields.len() < given + FIELDS_MAX) else {
            return (reply, fields);
        };
        if fields.iter().any(|(known, _)| *known == name) {
            return (reply, fields);
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

/// The request of a route with these fields. `_key` and `_csrf` stand for the right ones unless
/// they are among the fields; a null is left out.
pub(super) fn request(
    asker: &Asker,
    route: &Listed,
    path: &str,
    fields: &[(String, Value)],
) -> Request<Body> {
    let is_api = path.starts_with("/api/");
    let query = QUERIES.iter().find(|(known, _)| *known == route.path);
    let path = query.map_or(path.to_owned(), |(_, query)| format!("{path}?{query}"));
    let mut request = Request::builder()
        .method(&route.method)
        .uri(path)
        .header(header::ACCEPT_LANGUAGE, "en")
        .header("idempotency-key", key_of(asker, fields));
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
        let sent = fields.iter().filter(|(name, _)| !name.starts_with('_'));
        let map: Map<String, Value> = sent.cloned().collect();
        ("application/json", Value::Object(map).to_string())
    } else {
        let pairs = pairs(asker, fields);
        match pairs.iter().any(|(name, _)| name == "file") {
            true => ("multipart/form-data; boundary=edge", with_file(&pairs)),
            false => {
                let text = serde_urlencoded::to_string(pairs).expect("a form");
                ("application/x-www-form-urlencoded", text)
            }
        }
    };
    request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).expect("a request")
}

/// What a form holds, with its session's token and a key.
fn pairs(asker: &Asker, fields: &[(String, Value)]) -> Vec<(String, String)> {
    let token = asker.session.as_deref().map(session::csrf).unwrap_or_default();
    let own = [("_csrf", token), ("_key", key_of(asker, fields))];
    let own = own.into_iter().filter(|(own, _)| fields.iter().all(|(name, _)| name != own));
    let typed = fields.iter().filter(|(_, value)| !value.is_null());
    let typed = typed.map(|(name, value)| (name.clone(), value.as_str().unwrap_or("1").to_owned()));
    typed.chain(own.map(|(name, value)| (name.to_owned(), value))).collect()
}

fn key_of(asker: &Asker, fields: &[(String, Value)]) -> String {
    let given = fields.iter().find(|(name, _)| name == "_key");
    match given.and_then(|(_, value)| value.as_str()) {
        Some(key) => key.to_owned(),
        None => format!("{}:{}", asker.name, fields.len()),
    }
}

/// The same as a form with a file.
fn with_file(pairs: &[(String, String)]) -> String {
    let mut body = String::new();
    for (name, value) in pairs {
        let called = if name == "file" { "; filename=\"a file.csv\"" } else { "" };
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{called}");
        body.push_str(&format!("{head}\r\n\r\n{value}\r\n"));
    }
    body + "--edge--\r\n"
}
