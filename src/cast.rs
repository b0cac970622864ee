//! The cast of the door tests: one firm with known people, and a client for each of them.
//!
//! Anna heads tier 1, Boris and Bella call for her; Gleb heads a sibling team with Grisha. Sonya
//! and Semyon sell under Sergei; Vera serves under Vadim; Hunter keeps clients through all tiers.
//! Olga owns the firm, Pavel pays, Alla administers, Prokhor is a principal.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, OnceLock};

use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;

use crate::people::actions::{self, NewFirm, NewUser};
use crate::people::{Role, Roles, Viewer, session};
use crate::storage::testing::{PutAside, TestDb};
use crate::storage::{Act, Key};
use crate::values::*;
use crate::web::hosts::Hosts;
use crate::web::{App, Settings};

/// The routes take longer to build than most tests; a firm only puts its own state in.
static ROUTES: OnceLock<Router<App>> = OnceLock::new();

/// A firm with its people, behind the door.
pub struct Cast {
    /// The running product.
    pub app: App,
    /// Its clock.
    pub clock: Clock,
    /// The firm.
    pub org: OrgId,
    /// People by login.
    pub people: BTreeMap<&'static str, UserId>,
    /// Teams by name.
    pub teams: BTreeMap<&'static str, TeamId>,
    router: Router,
    db: TestDb,
}

/// Who works in the firm, apart from any database.
#[derive(Debug, Clone)]
pub struct Roster {
    org: OrgId,
    people: BTreeMap<&'static str, UserId>,
    teams: BTreeMap<&'static str, TeamId>,
}

/// What came back through the door.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Where it leads.
    pub location: Option<String>,
    /// Everything said about it.
    pub headers: HeaderMap,
    /// The body as text.
    pub body: String,
}

/// A program that speaks for a person.
pub struct ApiClient<'a> {
    cast: &'a Cast,
    token: String,
}

/// A person at a browser.
pub struct Client<'a> {
    cast: &'a Cast,
    secret: Option<String>,
    /// Cookies besides the session's.
    jar: Mutex<String>,
}

const TEAMS: [(&str, i64); 4] = [("calls-a", 1), ("calls-b", 1), ("sales", 2), ("service", 3)];

const PEOPLE: [(&str, &[Role], i64, &str); 14] = [
    ("anna", &[Role::Head], 1, "calls-a"),
    ("boris", &[Role::Caller], 1, "calls-a"),
    ("bella", &[Role::Caller], 1, "calls-a"),
    ("gleb", &[Role::Head], 1, "calls-b"),
    ("grisha", &[Role::Caller], 1, "calls-b"),
    ("sergei", &[Role::Head], 2, "sales"),
    ("sonya", &[Role::Seller], 2, "sales"),
    ("semyon", &[Role::Seller], 2, "sales"),
    ("vadim", &[Role::Head], 3, "service"),
    ("vera", &[Role::Service], 3, "service"),
    ("olga", &[Role::Owner], 0, ""),
    ("pavel", &[Role::Payroll], 0, ""),
    ("alla", &[Role::Administrator], 0, ""),
    ("prokhor", &[Role::Principal], 0, ""),
];

impl Cast {
    /// Founds the firm and hires everybody.
    pub async fn gather(t: TestDb) -> Self {
        let now = t.clock.now();
        let firm = NewFirm {
            name: "Лён и сыновья",
            zone: "Europe/Moscow",
            currency: Currency::Rub,
            lang: Lang::En,
            country: Country::RU,
            is_demo: false,
        };
        let org = actions::found_firm(&t.db, firm, now).await.expect("the firm is founded");
        let mut teams = BTreeMap::new();
        for (name, tier) in TEAMS {
            let act = Act::by_product(&t.db, org, now, format!("team:{name}"));
            teams.insert(name, actions::add_team(&act, name, tier).await.expect("a team"));
        }
        let mut people = BTreeMap::new();
        for (login, roles, tier, team) in PEOPLE {
            let roles = Roles::of(roles);
            people.insert(login, hire(&t, org, login, roles, tier, teams.get(team)).await);
        }
        let hunter = Roles::of(&[Role::Caller, Role::Seller, Role::Service]);
        people.insert("hunter", hire(&t, org, "hunter", hunter, 2, teams.get("sales")).await);
        Self::over(Roster { org, people, teams }, t)
    }

    /// The same firm over a copy of its database.
    pub fn over(roster: Roster, t: TestDb) -> Self {
        let origin = "http://localhost".to_owned();
        let hosts = Hosts::of(&origin, SocketAddr::from(([127, 0, 0, 1], 80)));
        let settings =
            Settings { origin, hosts, proxies: Vec::new(), is_secure: false, is_demo: false };
        let app = App::new(t.db.clone(), t.clock.clone(), settings);
        let router = ROUTES.get_or_init(crate::app::layered).clone().with_state(app.clone());
        let Roster { org, people, teams } = roster;
        Self { app, clock: t.clock.clone(), org, people, teams, router, db: t }
    }

    /// False where it is certain that nobody wrote since this was asked last.
    pub async fn may_have_changed(&self) -> bool {
        self.db.may_have_changed().await
    }

    /// Closes the firm for a while; what it is made of, and where copies come from.
    pub async fn put_aside(self) -> (Roster, PutAside) {
        let roster = Roster { org: self.org, people: self.people, teams: self.teams };
        (roster, self.db.put_aside().await)
    }

    /// Hires one more into a team that stands or is made.
    pub async fn hire(
        &mut self,
        login: &'static str,
        role: Role,
        (team, tier): (&'static str, i64),
    ) {
        let now = self.clock.now();
        if !team.is_empty() && !self.teams.contains_key(team) {
            let act = Act::by_product(&self.app.db, self.org, now, format!("team:{team}"));
            let id = actions::add_team(&act, team, tier).await.expect("a team");
            self.teams.insert(team, id);
        }
        let t = &self.db;
        let id = hire(t, self.org, login, Roles::of(&[role]), tier, self.teams.get(team)).await;
        self.people.insert(login, id);
    }

    /// The id of a person.
    pub fn id(&self, login: &str) -> UserId {
        self.people[login]
    }

    /// Something a person does now, under a key of its own.
    pub fn act(&self, login: &str, key: &str) -> Act {
        let actor = Some(self.id(login));
        let key = Some(Key::new(key, &[]));
        Act { db: self.app.db.clone(), org: self.org, actor, now: self.clock.now(), key }
    }

    /// The viewer a person is.
    pub async fn viewer(&self, login: &str) -> Viewer {
        let mut tx = self.app.db.read().await.expect("reads");
        session::viewer(&mut tx, self.org, self.id(login), None)
            .await
            .expect("reads")
            .expect("a person")
    }

    /// Runs every job that is due.
    pub async fn settle(&self) {
        crate::schedule::run_due(&self.app.db, &self.clock).await.expect("jobs run");
    }

    /// A person signed in at a browser.
    pub async fn client(&self, login: &str) -> Client<'_> {
        let now = self.clock.now();
        let secret = actions::open_session(&self.app.db, self.org, self.id(login), now)
            .await
            .expect("a session");
        Client { cast: self, secret: Some(secret.0), jar: Mutex::default() }
    }

    /// A program with a token of that person for every noun.
    pub async fn api(&self, login: &str) -> ApiClient<'_> {
        let secret = actions::Secret(session::fresh_secret().expect("a secret"));
        let act = self.act(login, &secret.0);
        let scopes = "*:read *:write";
        actions::make_token(&act, self.id(login), "tests", scopes, &secret).await.expect("a token");
        ApiClient { cast: self, token: secret.0 }
    }

    /// Whoever holds that session's secret, be it of another firm.
    pub fn holder_of(&self, secret: String) -> Client<'_> {
        Client { cast: self, secret: Some(secret), jar: Mutex::default() }
    }

    /// Somebody not signed in.
    pub fn anonymous(&self) -> Client<'_> {
        Client { cast: self, secret: None, jar: Mutex::default() }
    }

    /// Sends a request as it is.
    pub async fn send(&self, mut request: Request<Body>) -> Reply {
        request.extensions_mut().insert(self.app.clone());
        let response = self.router.clone().oneshot(request).await.expect("a response");
        let status = response.status();
        let headers = response.headers().clone();
        let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let location = text(header::LOCATION);
        if text(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/event-stream")) {
            // A stream of notices has no end to wait for.
            return Reply { status, location, headers, body: String::new() };
        }
        let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.expect("a body");
        Reply { status, location, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

async fn hire(
    t: &TestDb,
    org: OrgId,
    login: &str,
    roles: Roles,
    tier: i64,
    team: Option<&TeamId>,
) -> UserId {
    let act = Act::by_product(&t.db, org, t.clock.now(), format!("user:{login}"));
    let new = NewUser {
        login: login.to_owned(),
        name: format!("{login} of the cast"),
        alias: login.to_owned(),
        roles,
        tier: (tier > 0).then_some(tier),
        team: team.copied(),
        lang: Lang::En,
        password: None,
    };
    actions::add_user(&act, new).await.expect("a person is hired")
}

impl Client<'_> {
    /// Opens a page.
    pub async fn get(&self, path: &str) -> Reply {
        let request = self.request("GET", path).body(Body::empty()).expect("a request");
        self.send(request).await
    }

    /// Sends a request and keeps the cookie that comes back.
    async fn send(&self, request: Request<Body>) -> Reply {
        let reply = self.cast.send(request).await;
        let given = reply.headers.get_all(header::SET_COOKIE).iter();
        for cookie in given.filter_map(|value| value.to_str().ok()) {
            let pair = cookie.split(';').next().unwrap_or_default();
            if !pair.starts_with(session::COOKIE) {
                pair.clone_into(&mut self.jar.lock().expect("a jar"));
            }
        }
        reply
    }

    /// Opens a stream of notices and leaves it open.
    pub async fn listen(&self, path: &str) -> BodyDataStream {
        let mut request = self.request("GET", path).body(Body::empty()).expect("a request");
        request.extensions_mut().insert(self.cast.app.clone());
        let response = self.cast.router.clone().oneshot(request).await.expect("a response");
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().into_data_stream()
    }

    /// Sends a form with the session's token and a fresh key.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let key = AnyId::fresh(self.cast.clock.now()).to_string();
        self.post_with_key(path, fields, &key).await
    }

    /// Sends a form under a chosen key, as a browser that tries again does.
    pub async fn post_with_key(&self, path: &str, fields: &[(&str, &str)], key: &str) -> Reply {
        let token = self.secret.as_deref().map(session::csrf).unwrap_or_default();
        let mut all = fields.to_vec();
        all.push(("_csrf", &token));
        all.push(("_key", key));
        let body = serde_urlencoded::to_string(all).expect("a form");
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    /// Sends a form with a file, as browsers do.
    pub async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str, &[u8]),
    ) -> Reply {
        let token = self.secret.as_deref().map(session::csrf).unwrap_or_default();
        let key = AnyId::fresh(self.cast.clock.now()).to_string();
        let mut body = Vec::new();
        for (name, value) in fields.iter().chain(&[("_csrf", token.as_str()), ("_key", &key)]) {
            let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"");
            body.extend_from_slice(format!("{head}\r\n\r\n{value}\r\n").as_bytes());
        }
        let (field, name, bytes) = file;
        let head = format!("name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: text/html");
        body.extend_from_slice(b"--edge\r\nContent-Disposition: form-data; ");
        body.extend_from_slice(format!("{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(Body::from(body))
            .expect("a request");
        self.cast.send(request).await
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let mut request =
            Request::builder().method(method).uri(path).header(header::ACCEPT_LANGUAGE, "en");
        if let Some(secret) = &self.secret {
            let jar = self.jar.lock().expect("a jar");
            let cookies = format!("{}={secret}; {jar}", session::COOKIE);
            request = request.header(header::COOKIE, cookies);
        }
        request
    }
}

impl ApiClient<'_> {
    /// Asks for something.
    pub async fn get(&self, path: &str) -> Reply {
        let request = self.request("GET", path).body(Body::empty()).expect("a request");
        self.cast.send(request).await
    }

    /// Sends a change under a fresh key.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Reply {
        let key = AnyId::fresh(self.cast.clock.now()).to_string();
        self.post_with_key(path, body, &key).await
    }

    /// Sends a change under a chosen key, as a program that tries again does.
    pub async fn post_with_key(&self, path: &str, body: &serde_json::Value, key: &str) -> Reply {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.cast.send(request).await
    }

    /// Sends a file as it is under a chosen key.
    pub async fn send_bytes(&self, path: &str, bytes: &[u8], key: &str) -> Reply {
        let request = self
            .request("POST", path)
            .header("idempotency-key", key)
            .body(Body::from(bytes.to_vec()))
            .expect("a request");
        self.cast.send(request).await
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let bearer = format!("Bearer {}", self.token);
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, bearer)
            .header(header::ACCEPT_LANGUAGE, "en")
    }
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("json")
    }
}
