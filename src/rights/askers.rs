//! Everybody who asks.

use crate::cast::Cast;
use crate::people::Role;
use crate::people::actions::{self, Secret};
use crate::people::session;
use crate::routes::Listed;
use crate::values::HOUR_MS;

/// Somebody with a session, a token, or neither.
pub(super) struct Asker {
    /// Their name in the table.
    pub name: &'static str,
    /// The session's secret, for pages.
    pub session: Option<String>,
    /// A personal token, for the API.
    pub token: Option<String>,
    /// True for who only asks the API: a token with less than all scopes.
    is_only_token: bool,
}

impl Asker {
    /// Whether they ask for a route at all.
    pub(super) fn asks(&self, route: &Listed) -> bool {
        !self.is_only_token || route.path.starts_with("/api/")
    }
}

/// Who asks with everything they have: the roles, colleagues, and sibling teams.
pub(super) const PEOPLE: [&str; 17] = [
    "boris", "bella", "grisha", "anna", "gleb", "sonya", "semyon", "stepan", "sergei", "vera",
    "vlad", "varya", "vadim", "hunter", "olga", "pavel", "alla",
];

/// Owner's tokens that may do less.
const TOKENS: [(&str, &str); 3] =
    [("olga:reads", "*:read"), ("olga:writes", "*:write"), ("olga:other", "story:write")];

/// The colleagues and siblings that the cast lacks, and one who is shut out later.
pub(super) async fn hire_siblings(cast: &mut Cast) {
    cast.hire("vlad", Role::Service, ("service", 3)).await;
    cast.hire("varya", Role::Service, ("service-b", 3)).await;
    cast.hire("stepan", Role::Seller, ("sales-b", 2)).await;
    cast.hire("denis", Role::Owner, ("", 0)).await;
}

/// Everybody, with sessions and tokens made now.
pub(super) async fn all(cast: &Cast) -> Vec<Asker> {
    let mut askers =
        vec![Asker { name: "stranger", session: None, token: None, is_only_token: false }];
    for name in PEOPLE.into_iter().chain(["prokhor"]) {
        let token = token(cast, name, name, "*:read *:write").await;
        let session = Some(session(cast, name, 0).await);
        askers.push(Asker { name, session, token: Some(token), is_only_token: false });
    }
    // An owner until a moment ago: nothing they held opens anything.
    let (old, token_of_old) =
        (session(cast, "denis", 0).await, token(cast, "denis", "denis", "*:read *:write").await);
    actions::disable_user(&cast.act("olga", "out:denis"), cast.id("denis")).await.expect("out");
    let (session_of_old, token_of_old) = (Some(old), Some(token_of_old));
    askers.push(Asker {
        name: "shut-out",
        session: session_of_old,
        token: token_of_old,
        is_only_token: false,
    });
    let ended = Some(session(cast, "olga", 13 * HOUR_MS).await);
    askers.push(Asker { name: "late", session: ended, token: None, is_only_token: false });
    for (name, scopes) in TOKENS {
        let token = token(cast, "olga", name, scopes).await;
        askers.push(Asker { name, session: None, token: Some(token), is_only_token: true });
    }
    askers
}

async fn session(cast: &Cast, login: &str, ago_ms: i64) -> String {
    let at = cast.clock.now().plus_ms(-ago_ms);
    let opened = actions::open_session(&cast.app.db, cast.org, cast.id(login), at).await;
    opened.expect("a session").0
}

async fn token(cast: &Cast, login: &str, name: &str, scopes: &str) -> String {
    let secret = session::fresh_secret().expect("chance");
    let act = cast.act(login, &format!("token:{name}"));
    let kept = Secret(secret.clone());
    actions::make_token(&act, cast.id(login), name, scopes, &kept).await.expect("a token");
    secret
}
