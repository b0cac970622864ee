//! People, teams and one's own tokens over the API. The same actions as the pages.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::account::Bare;
use super::actions::{self, NewUser, UserChange};
use super::{Role, Roles, User, Viewer};
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Cursor, Query, Slice};

/// A person of the firm.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonShown {
    /// Their id.
    pub id: UserId,
    /// The number people read aloud.
    pub number: i64,
    /// What they type to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// All that outsiders learn of it.
    pub alias: String,
    /// `caller`, `seller`, `service`, `head`, `owner`, `payroll`, `administrator`, `principal`.
    pub roles: Vec<String>,
    /// The tier they work in: 1, 2, 3.
    pub tier: Option<i64>,
    /// Their team.
    pub team: Option<TeamId>,
    /// `ru` or `en`.
    pub lang: String,
    /// When they were shut out, RFC 3339.
    pub disabled_at: Option<String>,
}

/// What is sent about a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonSent {
    /// What they type to sign in; only for a new person.
    pub login: Option<String>,
    /// Their name.
    pub name: String,
    /// All that outsiders learn of it.
    pub alias: String,
    /// Codes of their roles.
    pub roles: Vec<String>,
    /// The tier they work in.
    pub tier: Option<i64>,
    /// Their team.
    pub team: Option<TeamId>,
    /// `ru` or `en`; only for a new person.
    pub lang: Option<String>,
}

/// A team of a tier.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamShown {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Its tier: 1, 2, 3.
    pub tier: i64,
}

/// A team to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamSent {
    /// Its name, at most 60 characters.
    pub name: String,
    /// Its tier: 1, 2, 3.
    pub tier: i64,
}

/// A personal token without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenShown {
    /// Its id.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// When it was revoked, RFC 3339.
    pub revoked_at: Option<String>,
}

/// The id of what was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeId {
    /// The id.
    pub id: String,
}

/// A way in, shown once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignInLink)]
pub struct LinkMade {
    /// The address to open within 30 minutes; null where a repeated request made none.
    pub link: Option<String>,
}

fn shown(user: User) -> PersonShown {
    PersonShown {
        id: user.id,
        number: user.number,
        login: user.login,
        name: user.name,
        alias: user.alias,
        roles: user.roles.iter().map(|role| role.code().to_owned()).collect(),
        tier: user.tier,
        team: user.team,
        lang: user.lang.code().to_owned(),
        disabled_at: user.disabled_at.map(Instant::rfc3339),
    }
}

fn change(sent: &PersonSent) -> Outcome<UserChange> {
    let roles: Result<Vec<Role>, ()> = sent.roles.iter().map(|code| code.parse()).collect();
    let roles = roles.map_err(|()| Fields::one("roles", "unknown-choice"))?;
    Ok(UserChange {
        name: sent.name.clone(),
        alias: sent.alias.clone(),
        roles: Roles::of(&roles),
        tier: sent.tier,
        team: sent.team,
    })
}

/// Who the token belongs to.
#[utoipa::path(get, path = "/api/v1/me", tag = "people", operation_id = "show_me",
    responses((status = 200, body = json::One<PersonShown>), (status = 401, body = json::Problem)))]
pub async fn me(viewer: Viewer) -> Answer {
    json::one(shown(viewer.user))
}

/// Everybody of the firm, by number.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", operation_id = "list_people",
    params(Cursor),
    responses((status = 200, body = json::Many<PersonShown>),
        (status = 404, body = json::Problem)))]
pub async fn list(State(app): State<App>, viewer: Viewer, Query(cursor): Query<Cursor>) -> Answer {
    let after: i64 = cursor.after().parse().unwrap_or(0);
    let mut users = actions::list_users(&mut app.db.read().await?, viewer.org).await?;
    users.retain(|user| user.number > after);
    users.sort_by_key(|user| user.number);
    let rows = users.into_iter().map(shown).collect();
    json::many(Slice::cut(rows, cursor.limit(), |person| person.number.to_string()))
}

/// Adds a person. They get in by a link that an administrator makes.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", operation_id = "add_person",
    request_body = PersonSent, params(json::KeyHeader),
    responses((status = 201, body = json::One<MadeId>), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn add(State(app): State<App>, viewer: Viewer, sent: Sent<PersonSent>) -> Answer {
    let UserChange { name, alias, roles, tier, team } = change(&sent.body)?;
    let login = sent.body.login.unwrap_or_default().trim().to_owned();
    let lang = match &sent.body.lang {
        Some(code) => Lang::from_code(code).ok_or_else(|| Fields::one("lang", "unknown-choice"))?,
        None => viewer.user.lang,
    };
    let new = NewUser { login, name, alias, roles, tier, team, lang, password: None };
    let id = actions::add_user(&viewer.act(&app, sent.key), new).await?;
    json::made(MadeId { id: id.to_string() })
}

/// One person.
#[utoipa::path(get, path = "/api/v1/people/{user}", tag = "people",
    operation_id = "show_person", params(("user" = UserId, Path)),
    responses((status = 200, body = json::One<PersonShown>), (status = 404, body = json::Problem)))]
pub async fn show(State(app): State<App>, viewer: Viewer, Path(user): Path<UserId>) -> Answer {
    let found = actions::find_user(&mut app.db.read().await?, viewer.org, user).await?;
    json::one(shown(found.ok_or(Error::NotFound)?))
}

/// Changes name, alias, roles, tier and team.
#[utoipa::path(post, path = "/api/v1/people/{user}", tag = "people",
    operation_id = "change_person", request_body = PersonSent,
    params(("user" = UserId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<MadeId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn change_person(
    State(app): State<App>,
    viewer: Viewer,
    Path(user): Path<UserId>,
    sent: Sent<PersonSent>,
) -> Answer {
    actions::change_user(&viewer.act(&app, sent.key), user, change(&sent.body)?).await?;
    json::one(MadeId { id: user.to_string() })
}

/// Makes a link that signs the person in once within 30 minutes. A repeat of the request makes and
/// shows no other: ask for a new one under a new key.
#[utoipa::path(post, path = "/api/v1/people/{user}/link", tag = "people",
    operation_id = "make_link",
    params(("user" = UserId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<LinkMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn make_link(
    State(app): State<App>,
    viewer: Viewer,
    Path(user): Path<UserId>,
    sent: Sent<Bare>,
) -> Answer {
    let secret = actions::make_link(&viewer.act(&app, sent.key), user, false).await?;
    let link = secret.map(|secret| format!("{}/sign-in/{}", app.settings.origin, secret.0));
    json::made(LinkMade { link })
}

/// Shuts a person out everywhere at once: sessions, links and tokens end.
#[utoipa::path(post, path = "/api/v1/people/{user}/disablement", tag = "people",
    operation_id = "disable_person",
    params(("user" = UserId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<MadeId>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn disable(
    State(app): State<App>,
    viewer: Viewer,
    Path(user): Path<UserId>,
    sent: Sent<Bare>,
) -> Answer {
    actions::disable_user(&viewer.act(&app, sent.key), user).await?;
    json::one(MadeId { id: user.to_string() })
}

/// Every team of the firm, by tier and name.
#[utoipa::path(get, path = "/api/v1/teams", tag = "people", operation_id = "list_teams",
    responses((status = 200, body = json::Many<TeamShown>)))]
pub async fn list_teams(State(app): State<App>, viewer: Viewer) -> Answer {
    let teams = actions::list_teams(&mut app.db.read().await?, viewer.org).await?;
    let rows = teams.into_iter().map(|(id, name, tier)| TeamShown { id, name, tier }).collect();
    json::many(Slice { rows, next: None })
}

/// Makes a team.
#[utoipa::path(post, path = "/api/v1/teams", tag = "people", operation_id = "add_team",
    request_body = TeamSent, params(json::KeyHeader),
    responses((status = 201, body = json::One<MadeId>), (status = 422, body = json::Problem)))]
pub async fn add_team(State(app): State<App>, viewer: Viewer, sent: Sent<TeamSent>) -> Answer {
    let act = viewer.act(&app, sent.key);
    let id = actions::add_team(&act, &sent.body.name, sent.body.tier).await?;
    json::made(MadeId { id: id.to_string() })
}

/// One's own tokens, newest first. Tokens are made on the settings page only, so that a token
/// cannot make a stronger one.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "people", operation_id = "list_tokens",
    responses((status = 200, body = json::Many<TokenShown>)))]
pub async fn list_tokens(State(app): State<App>, viewer: Viewer) -> Answer {
    let tokens = actions::list_tokens(&app.db, &viewer).await?;
    let rows = tokens
        .into_iter()
        .map(|token| TokenShown {
            id: token.id,
            name: token.name,
            scopes: token.scopes,
            made_at: token.made_at.rfc3339(),
            revoked_at: token.revoked_at.map(Instant::rfc3339),
        })
        .collect();
    json::many(Slice { rows, next: None })
}

/// Revokes one of one's own tokens.
#[utoipa::path(post, path = "/api/v1/tokens/{token}/revocation", tag = "people",
    operation_id = "revoke_token",
    params(("token" = TokenId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<MadeId>), (status = 404, body = json::Problem)))]
pub async fn revoke_token(
    State(app): State<App>,
    viewer: Viewer,
    Path(token): Path<TokenId>,
    sent: Sent<Bare>,
) -> Answer {
    let _: Bare = sent.body;
    actions::revoke_token(&viewer.act(&app, sent.key), viewer.id(), token).await?;
    json::one(MadeId { id: token.to_string() })
}
