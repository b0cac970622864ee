//! What an attacker sends to every route of the table, as somebody who may pass there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::askers::Asker;
use super::bodies::{self, Sent};
use super::{Spares, Stage, committed, records};
use crate::cast::{Cast, Reply};
use crate::people::session;
use crate::routes::{self, Listed};
use crate::storage::testing::{Engine, fresh};

/// The firm of all attacks.
static STAGE: OnceCell<Stage> = OnceCell::const_new();
/// What passes at each route of that firm, once somebody found it out.
static PASSING: Mutex<BTreeMap<String, Sent>> = Mutex::new(BTreeMap::new());

/// A route with somebody who passes there and what they send.
struct Target {
    stage: &'static Stage,
    route: Listed,
    path: String,
    asker: usize,
    fields: Sent,
}

impl Target {
    fn asker(&self) -> &Asker {
        &self.stage.askers[self.asker]
    }

    fn place(&self) -> String {
        format!("{} {}", self.route.method, self.route.path)
    }

    /// What they send with these fields put in place, under a key of its own.
    fn request(&self, number: usize, changed: &[(&str, Value)]) -> Request<Body> {
        let mut fields = self.fields.clone();
        fields.push(("_key".to_owned(), json!(format!("attack:{number}"))));
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), value.clone()));
        }
        bodies::request(self.asker(), &self.route, &self.path, &fields)
    }

    /// Sends what must be refused as invalid and leave the database as it was.
    async fn refused(&self, cast: &Cast, request: Request<Body>, what: &str) -> Vec<String> {
        let reply = cast.send(request).await;
        let mut problems = Vec::new();
        if reply.status != StatusCode::UNPROCESSABLE_ENTITY {
            problems.push(format!("{}: {what}: {}", self.place(), reply.status));
        }
        if self.stage.is_touched(cast).await {
            problems.push(format!("{}: {what}: something was written", self.place()));
        }
        problems
    }
}

/// Who passes at each route, by the committed table.
fn passers() -> BTreeMap<String, String> {
    let text = committed().1;
    let mut passers = BTreeMap::new();
    for paragraph in text.split("\n\n").skip(1) {
        let (route, answers) = paragraph.split_once('\n').expect("a route and its answers");
        let first = |code: &str| {
            let names = answers.lines().find_map(|line| line.trim().strip_prefix(code))?;
            names.split_whitespace().find(|name| !name.contains(':') && *name != "stranger")
        };
        let passer = ["200", "201", "303", "409", "422"].into_iter().find_map(first);
        if let Some(passer) = passer {
            passers.insert(route.to_owned(), passer.to_owned());
        }
    }
    passers
}

/// Attacks every route that `is_meant`, several at a time; nothing may be wrong with any.
async fn attack<F, W>(is_meant: fn(&Listed) -> bool, how: F)
where
    F: Fn(Target, Arc<Cast>) -> W,
    W: Future<Output = Vec<String>> + Send + 'static,
{
    let stage = STAGE.get_or_init(|| Stage::set(Engine::Sqlite)).await;
    let (passers, spares) = (passers(), Arc::new(Spares::default()));
    let mut meant = routes::table().listed;
    meant.retain(is_meant);
    let targets = stream::iter(meant).then(|route| target(stage, &passers, route));
    let targets = targets.then(async |target| (spares.lend(stage, &target.route).await, target));
    let attacks = targets.map(|(cast, target)| {
        let (spares, is_read) = (spares.clone(), target.route.method == Method::GET);
        let attack = how(target, cast.clone());
        tokio::spawn(async move {
            let problems = attack.await;
            if is_read {
                spares.give_back(cast);
            }
            problems
        })
    });
    let attacks = attacks.buffered(4);
    let problems: Vec<Vec<String>> =
        attacks.map(|done| done.expect("a route was attacked")).collect().await;
    assert!(problems.len() > 90, "{} routes were attacked", problems.len());
    let problems = problems.concat();
    assert!(problems.is_empty(), "{} are wrong:\n{}", problems.len(), problems.join("\n"));
}

/// A route with somebody who passes there and what they send.
async fn target(
    stage: &'static Stage,
    passers: &BTreeMap<String, String>,
    route: Listed,
) -> Target {
    let place = format!("{} {}", route.method, route.path);
    let name = passers.get(&place);
    let name = name.map_or("boris", String::as_str);
    let asker = stage.askers.iter().position(|asker| asker.name == name).expect("an asker");
    let path = records::fill(route.path, &stage.records);
    let known = PASSING.lock().expect("nobody panicked").get(&place).cloned();
    let fields = match known {
        Some(fields) => fields,
        None if route.method == Method::GET => Sent::new(),
        None => {
            let (cast, fitting) = (stage.copy().await, (path.as_str(), &stage.bodies));
            let (_, fields) = bodies::send(&cast, &stage.askers[asker], &route, fitting).await;
            PASSING.lock().expect("nobody panicked").insert(place, fields.clone());
            fields
        }
    };
    Target { route, path, asker, fields, stage }
}

fn is_change(route: &Listed) -> bool {
    route.method == Method::POST
}

/// A change with fields. A firm that is no demo knows of no removal; the API takes a file as a
/// whole body.
fn has_fields(route: &Listed) -> bool {
    is_change(route)
        && !route.policy.is_hook
        && !["/demo/removal", "/api/v1/imports"].contains(&route.path)
}

fn is_form(route: &Listed) -> bool {
    is_change(route) && !route.policy.is_hook && !route.path.starts_with("/api/")
}

fn is_any(_: &Listed) -> bool {
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_without_the_token_of_its_session_changes_nothing() {
    attack(is_form, async |target: Target, cast: Arc<Cast>| {
        let another = target.stage.askers.iter().filter_map(|asker| asker.session.as_deref());
        let another = another.map(session::csrf).find(|token| {
            Some(token) != target.asker().session.as_deref().map(session::csrf).as_ref()
        });
        let mut problems = Vec::new();
        let tokens = [json!(null), json!(""), json!(another), json!("0")];
        for (number, token) in tokens.into_iter().enumerate() {
            let request = target.request(number, &[("_csrf", token)]);
            problems.extend(target.refused(&cast, request, "a wrong token").await);
        }
        let mut request = target.request(9, &[]);
        let site = HeaderValue::from_static("cross-site");
        request.headers_mut().insert("sec-fetch-site", site);
        problems.extend(target.refused(&cast, request, "from another site").await);
        problems
    })
    .await;
}

/// The value with one more field in one of its objects, for each of them.
fn with_one_more(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    if let Value::Object(map) = value {
        let mut more = map.clone();
        more.insert("is_admin".to_owned(), json!("1"));
        all.push(Value::Object(more));
        for (name, inner) in map {
            for changed in with_one_more(inner) {
                let mut more = map.clone();
                more.insert(name.clone(), changed);
                all.push(Value::Object(more));
            }
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_too_many_is_refused() {
    attack(has_fields, async |target: Target, cast: Arc<Cast>| {
        let request = target.request(0, &[("is_admin", json!("1"))]);
        let mut problems = target.refused(&cast, request, "a field too many").await;
        for (number, (name, value)) in target.fields.iter().enumerate() {
            for (deep, changed) in with_one_more(value).into_iter().enumerate() {
                let what = format!("a field too many: {changed}");
                let request = target.request(100 * (number + 1) + deep, &[(name, changed)]);
                problems.extend(target.refused(&cast, request, &what).await);
            }
        }
        problems
    })
    .await;
}

/// Texts that no field expects.
const TEXTS: [&str; 16] = [
    "",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "99999999999999999999999999999999.99",
    "1e309",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59",
    "9999-12-31T23:59:59.999999999-23:59",
    "\u{0}",
    "\u{202e}٣🪑",
    "'; drop table users; --",
    "<script>alert(1)</script>",
];

/// The value with each of its leaves replaced by everything that is absurd there.
fn absurd(value: &Value, is_json: bool) -> Vec<Value> {
    match value {
        Value::Object(map) if !map.is_empty() => {
            let changed = |(name, inner): (&String, &Value)| {
                let all = absurd(inner, is_json).into_iter();
                let put = |inner| map.clone().into_iter().chain([(name.clone(), inner)]).collect();
                all.map(put).collect::<Vec<Value>>()
            };
            map.iter().flat_map(changed).collect()
        }
        _ => {
            let texts = TEXTS.map(|text| json!(text)).into_iter();
            let long = [json!("ы".repeat(10_000))];
            let numbers = [
                json!(i64::MAX),
                json!(i64::MIN),
                json!(u64::MAX),
                json!(-1),
                json!(1e308),
                json!(true),
                json!(null),
                json!([[[[[]]]]]),
                json!({"": {}}),
            ];
            texts.chain(long).chain(numbers.into_iter().filter(|_| is_json)).collect()
        }
    }
}

/// Sends it: whatever it is, the answer is an answer, and so is the page it leads to.
async fn answered(
    target: &Target,
    cast: &Cast,
    request: Request<Body>,
    what: &str,
) -> (Reply, Vec<String>) {
    let what: String = what.chars().take(200).collect();
    let mut problems = Vec::new();
    let reply = cast.send(request).await;
    if reply.status.is_server_error() {
        problems.push(format!("{}: {what}: {}", target.place(), reply.status));
    }
    if let Some(to) = reply.location.as_deref().filter(|to| to.starts_with('/')) {
        let secret = target.asker().session.clone().unwrap_or_default();
        let next = cast.holder_of(secret).get(to).await;
        if next.status.is_server_error() {
            problems.push(format!("{}: {what}: then {to}: {}", target.place(), next.status));
        }
    }
    (reply, problems)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn absurd_values_break_nothing() {
    attack(is_change, async |target: Target, mut cast: Arc<Cast>| {
        let is_json = target.path.starts_with("/api/");
        let (mut number, mut problems) = (0, Vec::new());
        for (name, value) in &target.fields {
            for changed in absurd(value, is_json) {
                number += 1;
                let what = format!("{name} is {changed}");
                let request = target.request(number, &[(name, changed)]);
                let (reply, more) = answered(&target, &cast, request, &what).await;
                problems.extend(more);
                if !reply.status.is_client_error() {
                    cast = Arc::new(target.stage.copy().await);
                }
            }
        }
        problems
    })
    .await;
}

/// Bodies that are no body of that kind.
fn broken() -> Vec<(&'static str, Vec<u8>)> {
    let form = "application/x-www-form-urlencoded";
    let file = "multipart/form-data; boundary=edge";
    let name = |text: &[u8]| {
        let head = b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"".to_vec();
        [&head, text, b"\"\r\n\r\nName\n1\r\n--edge--\r\n"].concat()
    };
    vec![
        (form, b"name=%FF%FE".to_vec()),
        (form, b"name=\xff\xfe".to_vec()),
        (form, b"%00=1&=&&&=".to_vec()),
        ("application/json", b"{\"name\": \"\xff\"}".to_vec()),
        ("application/json", b"{\"name\": \"\\u0000\"}".to_vec()),
        ("application/json", b"{\"name\": \"\\ud800\"}".to_vec()),
        ("application/json", vec![b'['; 100_000]),
        ("application/json", b"null".to_vec()),
        (file, b"--edge".to_vec()),
        (file, name(b"\xff\xfe.csv")),
        (file, name(b"a\0.csv")),
        (file, name(b"")),
        ("text/plain", b"name=1".to_vec()),
        ("", Vec::new()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_body_breaks_nothing() {
    attack(is_change, async |target: Target, cast: Arc<Cast>| {
        let mut problems = Vec::new();
        for (number, (kind, bytes)) in broken().into_iter().enumerate() {
            let what =
                format!("{kind}: {:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(90)]));
            let (mut parts, _) = target.request(number, &[]).into_parts();
            parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            let request = Request::from_parts(parts, Body::from(bytes));
            problems.extend(answered(&target, &cast, request, &what).await.1);
        }
        problems
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_megabytes_is_refused_with_a_sentence() {
    let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
    let long = "a".repeat(10 << 20);
    let client = cast.client("olga").await;
    let refused = client.post("/tasks", &[("what", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("too large"), "{}", refused.body);
    let api = cast.api("olga").await;
    let refused = api.post("/api/v1/tasks", &json!({ "what": long })).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("too large"), "{}", refused.body);
    let anonymous = cast.anonymous();
    let refused = anonymous.post("/sign-in", &[("login", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// What of an answer lets a browser do more than it should.
fn policy_problem(target: &Target, reply: &Reply) -> Option<String> {
    let said = |name: &str| {
        let value = reply.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let policy = said("content-security-policy");
    let is_strict = policy.starts_with("default-src 'none'; ")
        && !policy.contains("unsafe")
        && said("x-content-type-options") == "nosniff";
    // What is kept is only what everybody may see.
    let is_kept = !said("cache-control").contains("no-");
    let is_wrong = !is_strict || is_kept && !target.path.starts_with("/assets/");
    is_wrong.then(|| format!("{}: {:?}", target.place(), reply.headers))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_the_policy_of_the_browser_and_trusts_no_host() {
    // Under another `host` nothing is answered at all: see `web/hosts.rs`.
    const HEADERS: [&str; 7] = [
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-forwarded-for",
        "x-original-url",
        "x-rewrite-url",
        "forwarded",
        "origin",
    ];
    attack(is_any, async |target: Target, cast: Arc<Cast>| {
        let mut led_astray = target.request(0, &[]);
        for name in HEADERS {
            led_astray.headers_mut().insert(name, HeaderValue::from_static("evil.example"));
        }
        let from = HeaderValue::from_static("https://evil.example//evil.example/x");
        led_astray.headers_mut().insert(header::REFERER, from);
        let mut stranger = target.request(1, &[]);
        stranger.headers_mut().remove(header::AUTHORIZATION);
        stranger.headers_mut().remove(header::COOKIE);
        let mut problems = Vec::new();
        for request in [led_astray, stranger, target.request(2, &[])] {
            let reply = cast.send(request).await;
            problems.extend(policy_problem(&target, &reply));
            let told = format!("{:?} {}", reply.headers, reply.body);
            if let Some(at) = told.find("evil.example") {
                let around: String = told.chars().skip(at.saturating_sub(90)).take(180).collect();
                problems.push(format!("{}: {around}", target.place()));
            }
        }
        problems
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_odd_address_is_answered() {
    const ODD: [&str; 10] = [
        "0",
        "-1",
        "9223372036854775808",
        "%00",
        "%FF",
        "..%2F..%2Fetc%2Fpasswd",
        "%F0%9F%AA%91",
        "'%3B%20drop%20table%20users%3B%20--",
        "00000000-0000-0000-0000-000000000000",
        "NaN",
    ];
    const NAMES: [&str; 25] = [
        "after", "before", "limit", "q", "view", "whose", "state", "stage", "from", "until", "day",
        "period", "campaign", "person", "company", "verdict", "step", "standing", "tier", "page",
        "who", "mark", "taken", "owed", "topics",
    ];
    fn is_read(route: &Listed) -> bool {
        route.method == Method::GET
    }
    attack(is_read, async |target: Target, cast: Arc<Cast>| {
        let in_place = ODD.iter().map(|odd| {
            let part = |part: &str| if part.starts_with('{') { *odd } else { part }.to_owned();
            target.route.path.split('/').map(part).collect::<Vec<String>>().join("/")
        });
        let asked = NAMES.iter().zip(ODD.iter().cycle());
        let asked = asked.map(|(name, odd)| format!("{}?{name}={odd}", target.path));
        let mut problems = Vec::new();
        for address in in_place.chain(asked) {
            let mut request = target.request(0, &[]);
            *request.uri_mut() = address.parse().expect("an address");
            let reply = cast.send(request).await;
            // Who asks too often is answered nothing else any more.
            let is_counted = reply.status == StatusCode::TOO_MANY_REQUESTS;
            if reply.status.is_server_error() || is_counted {
                problems.push(format!("GET {address}: {}", reply.status));
            }
        }
        problems
    })
    .await;
}
