//! Every statement about people, sessions, links and tokens.

pub(super) mod teams;

use super::actions::UserChange;
use super::keys::Keymap;
use super::{Firm, Roles, User};
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

pub(super) struct NewOrg<'a> {
    pub id: OrgId,
    pub name: &'a str,
    pub zone: &'a str,
    pub currency: Currency,
    pub lang: Lang,
    pub country: Country,
    pub is_demo: bool,
}

pub(super) async fn insert_org(tx: &mut Tx, org: NewOrg<'_>, now: Instant) -> Outcome<()> {
    tx.run(
        "insert into organisations (id, name, zone, currency, lang, country, is_demo, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            org.id,
            org.name,
            org.zone,
            org.currency,
            org.lang,
            org.country.code(),
            org.is_demo,
            now
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find_org(tx: &mut Tx, org: OrgId) -> Outcome<Option<Firm>> {
    tx.maybe(
        "select name, zone, currency, lang, country, is_demo from organisations where id = $1",
        vals![org],
    )
    .await?
    .map(|row| {
        Ok(Firm {
            name: row.text("name")?,
            zone: Zone::named(&row.text("zone")?),
            currency: row.currency("currency")?,
            lang: Lang::from_code(&row.text("lang")?).unwrap_or_default(),
            country: Country::from_code(&row.text("country")?).unwrap_or(Country::RU),
            is_demo: row.flag("is_demo")?,
        })
    })
    .transpose()
}

pub(super) async fn update_country(tx: &mut Tx, org: OrgId, country: Country) -> Outcome<u64> {
    tx.run("update organisations set country = $2 where id = $1", vals![org, country.code()]).await
}

pub(super) async fn find_first_org(tx: &mut Tx) -> Outcome<Option<OrgId>> {
    tx.maybe("select id from organisations order by made_at, id limit 1", &[])
        .await?
        .map(|row| row.id("id"))
        .transpose()
}

pub(super) async fn insert_team(
    tx: &mut Tx,
    org: OrgId,
    id: TeamId,
    name: &str,
    tier: i64,
    now: Instant,
) -> Outcome<()> {
    tx.run(
        "insert into teams (id, org_id, name, tier, made_at) values ($1, $2, $3, $4, $5)",
        vals![id, org, name, tier, now],
    )
    .await?;
    Ok(())
}

pub(super) async fn list_teams(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(TeamId, String, i64)>> {
    tx.all("select id, name, tier from teams where org_id = $1 order by tier, name", vals![org])
        .await?
        .iter()
        .map(|row| Ok((row.id("id")?, row.text("name")?, row.int("tier")?)))
        .collect()
}

/// Returns false when the login is taken.
pub(super) async fn insert_user(
    tx: &mut Tx,
    org: OrgId,
    user: &User,
    password_hash: Option<&str>,
    now: Instant,
) -> Outcome<bool> {
    let count = tx
        .run(
            "insert into users (id, org_id, number, login, name, alias, role, tier, team_id, lang, \
             theme, keys_off, password_hash, made_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             on conflict (org_id, login) do nothing",
            vals![
                user.id,
                org,
                user.number,
                &user.login,
                &user.name,
                &user.alias,
                user.roles.text(),
                user.tier,
                user.team,
                user.lang,
                &user.theme,
                user.keys_off,
                password_hash,
                now,
            ],
        )
        .await?;
    Ok(count == 1)
}

pub(super) async fn find_user(tx: &mut Tx, org: OrgId, id: UserId) -> Outcome<Option<User>> {
    tx.maybe(
        "select id, number, login, name, alias, role, tier, team_id, lang, theme, keys_off, \
         practised_at, keymap, disabled_at from users where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_user)
    .transpose()
}

pub(super) async fn list_users(tx: &mut Tx, org: OrgId) -> Outcome<Vec<User>> {
    tx.all(
        "select id, number, login, name, alias, role, tier, team_id, lang, theme, keys_off, \
         practised_at, keymap, disabled_at from users where org_id = $1 order by tier, name, id",
        vals![org],
    )
    .await?
    .iter()
    .map(read_user)
    .collect()
}

/// The user of a login with the digest of the password.
pub(super) async fn find_login(
    tx: &mut Tx,
    login: &str,
) -> Outcome<Option<(OrgId, UserId, Option<String>)>> {
    tx.maybe(
        "select org_id, id, password_hash from users where login = $1 and disabled_at is null",
        vals![login],
    )
    .await?
    .map(|row| Ok((row.id("org_id")?, row.id("id")?, row.opt_text("password_hash")?)))
    .transpose()
}

/// The hash of a person's password, where they have one.
pub(super) async fn find_password(tx: &mut Tx, org: OrgId, id: UserId) -> Outcome<Option<String>> {
    let row = tx
        .maybe("select password_hash from users where org_id = $1 and id = $2", vals![org, id])
        .await?;
    row.map_or(Ok(None), |row| row.opt_text("password_hash"))
}

pub(super) async fn update_user(
    tx: &mut Tx,
    org: OrgId,
    id: UserId,
    change: &UserChange,
) -> Outcome<u64> {
    let UserChange { name, alias, roles, tier, team } = change;
    tx.run(
        "update users set name = $3, alias = $4, role = $5, tier = $6, team_id = $7 \
         where org_id = $1 and id = $2",
        vals![org, id, name.trim(), alias.trim(), roles.text(), *tier, *team],
    )
    .await
}

pub(super) async fn update_password(
    tx: &mut Tx,
    org: OrgId,
    id: UserId,
    password_hash: &str,
) -> Outcome<u64> {
    tx.run(
        "update users set password_hash = $3 where org_id = $1 and id = $2",
        vals![org, id, password_hash],
    )
    .await
}

/// Notes once that a person has learned the screen of calls.
pub(super) async fn update_practised(
    tx: &mut Tx,
    org: OrgId,
    id: UserId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update users set practised_at = $3 where org_id = $1 and id = $2 \
         and practised_at is null",
        vals![org, id, now],
    )
    .await
}

/// Keeps the keys that a person chose.
pub(super) async fn update_keymap(
    tx: &mut Tx,
    org: OrgId,
    id: UserId,
    keymap: &Keymap,
) -> Outcome<u64> {
    tx.run(
        "update users set keymap = $3 where org_id = $1 and id = $2",
        vals![org, id, keymap.text()],
    )
    .await
}

pub(super) async fn update_settings(
    tx: &mut Tx,
    org: OrgId,
    id: UserId,
    (lang, theme, keys_off): (Lang, &str, bool),
) -> Outcome<u64> {
    tx.run(
        "update users set lang = $3, theme = $4, keys_off = $5 where org_id = $1 and id = $2",
        vals![org, id, lang, theme, keys_off],
    )
    .await
}

pub(super) async fn update_disabled(
    tx: &mut Tx,
    org: OrgId,
    id: UserId,
    at: Instant,
) -> Outcome<u64> {
    tx.run(
        "update users set disabled_at = $3 where org_id = $1 and id = $2 and disabled_at is null",
        vals![org, id, at],
    )
    .await
}

/// Who administers the firm, held as they are: of two who would shut each other out, the second
/// sees what the first did.
pub(super) async fn list_administrators_for_update(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<Vec<UserId>> {
    tx.all(
        "select id from users where org_id = $1 and role like '%administrator%' \
         and disabled_at is null order by id /*for update*/",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

pub(super) async fn delete_access(
    tx: &mut Tx,
    org: OrgId,
    id: UserId,
    now: Instant,
) -> Outcome<()> {
    tx.run("delete from sessions where org_id = $1 and user_id = $2", vals![org, id]).await?;
    tx.run("delete from sign_in_links where org_id = $1 and user_id = $2", vals![org, id]).await?;
    tx.run(
        "update api_tokens set revoked_at = $3 \
         where org_id = $1 and user_id = $2 and revoked_at is null",
        vals![org, id, now],
    )
    .await?;
    Ok(())
}

/// Ends every session of a person but one, and every link.
pub(super) async fn delete_other_access(
    tx: &mut Tx,
    org: OrgId,
    id: UserId,
    kept_hash: &str,
) -> Outcome<()> {
    tx.run(
        "delete from sessions where org_id = $1 and user_id = $2 and token_hash <> $3",
        vals![org, id, kept_hash],
    )
    .await?;
    tx.run("delete from sign_in_links where org_id = $1 and user_id = $2", vals![org, id]).await?;
    Ok(())
}

pub(super) async fn insert_session(
    tx: &mut Tx,
    token_hash: &str,
    (org, user): (OrgId, UserId),
    now: Instant,
    ends_at: Instant,
) -> Outcome<()> {
    tx.run(
        "insert into sessions (token_hash, org_id, user_id, made_at, seen_at, ends_at) \
         values ($1, $2, $3, $4, $4, $5)",
        vals![token_hash, org, user, now, ends_at],
    )
    .await?;
    Ok(())
}

pub(super) async fn find_session(
    tx: &mut Tx,
    token_hash: &str,
    now: Instant,
) -> Outcome<Option<(OrgId, UserId)>> {
    tx.maybe(
        "select org_id, user_id from sessions where token_hash = $1 and ends_at > $2",
        vals![token_hash, now],
    )
    .await?
    .map(|row| Ok((row.id("org_id")?, row.id("user_id")?)))
    .transpose()
}

pub(super) async fn delete_session(tx: &mut Tx, token_hash: &str) -> Outcome<u64> {
    tx.run("delete from sessions where token_hash = $1", vals![token_hash]).await
}

pub(super) async fn insert_link(
    tx: &mut Tx,
    token_hash: &str,
    (org, user): (OrgId, UserId),
    is_lasting: bool,
    ends_at: Instant,
) -> Outcome<()> {
    tx.run(
        "insert into sign_in_links (token_hash, org_id, user_id, is_lasting, ends_at) \
         values ($1, $2, $3, $4, $5)",
        vals![token_hash, org, user, is_lasting, ends_at],
    )
    .await?;
    Ok(())
}

/// True for a link that was not used up and has not ended.
pub(super) async fn is_link_live(tx: &mut Tx, token_hash: &str, now: Instant) -> Outcome<bool> {
    let row = tx
        .maybe(
            "select token_hash from sign_in_links where token_hash = $1 and ends_at > $2 \
             and (used_at is null or is_lasting = true)",
            vals![token_hash, now],
        )
        .await?;
    Ok(row.is_some())
}

/// Uses a link; `None` when it was used, has ended or never was.
pub(super) async fn update_link_used(
    tx: &mut Tx,
    token_hash: &str,
    now: Instant,
) -> Outcome<Option<(OrgId, UserId)>> {
    tx.maybe(
        "update sign_in_links set used_at = $2 where token_hash = $1 and ends_at > $2 \
         and (used_at is null or is_lasting = true) returning org_id, user_id",
        vals![token_hash, now],
    )
    .await?
    .map(|row| Ok((row.id("org_id")?, row.id("user_id")?)))
    .transpose()
}

pub(super) struct ApiToken {
    pub id: TokenId,
    pub name: String,
    pub scopes: String,
    pub made_at: Instant,
    pub revoked_at: Option<Instant>,
}

pub(super) async fn insert_api_token(
    tx: &mut Tx,
    (org, user): (OrgId, UserId),
    token: &ApiToken,
    token_hash: &str,
) -> Outcome<()> {
    tx.run(
        "insert into api_tokens (id, org_id, user_id, name, token_hash, scopes, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        vals![token.id, org, user, &token.name, token_hash, &token.scopes, token.made_at],
    )
    .await?;
    Ok(())
}

pub(super) async fn list_api_tokens(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Vec<ApiToken>> {
    tx.all(
        "select id, name, scopes, made_at, revoked_at from api_tokens \
         where org_id = $1 and user_id = $2 order by made_at desc",
        vals![org, user],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(ApiToken {
            id: row.id("id")?,
            name: row.text("name")?,
            scopes: row.text("scopes")?,
            made_at: row.at("made_at")?,
            revoked_at: row.opt_at("revoked_at")?,
        })
    })
    .collect()
}

pub(super) async fn find_api_token(
    tx: &mut Tx,
    token_hash: &str,
    now: Instant,
) -> Outcome<Option<(OrgId, UserId, String)>> {
    tx.maybe(
        "select org_id, user_id, scopes from api_tokens where token_hash = $1 \
         and revoked_at is null and (ends_at is null or ends_at > $2)",
        vals![token_hash, now],
    )
    .await?
    .map(|row| Ok((row.id("org_id")?, row.id("user_id")?, row.text("scopes")?)))
    .transpose()
}

pub(super) async fn update_api_token_revoked(
    tx: &mut Tx,
    (org, user): (OrgId, UserId),
    id: TokenId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update api_tokens set revoked_at = $4 \
         where org_id = $1 and user_id = $2 and id = $3 and revoked_at is null",
        vals![org, user, id, now],
    )
    .await
}

fn read_user(row: &Row) -> Outcome<User> {
    let lang = row.text("lang")?;
    Ok(User {
        id: row.id("id")?,
        number: row.int("number")?,
        login: row.text("login")?,
        name: row.text("name")?,
        alias: row.text("alias")?,
        roles: Roles::parse(&row.text("role")?).ok_or_else(|| Error::failure("unknown role"))?,
        tier: row.opt_int("tier")?,
        team: row.opt_id("team_id")?,
        lang: Lang::from_code(&lang).unwrap_or_default(),
        theme: row.text("theme")?,
        keys_off: row.flag("keys_off")?,
        practised_at: row.opt_at("practised_at")?,
        keymap: Keymap::parse(&row.text("keymap")?),
        disabled_at: row.opt_at("disabled_at")?,
    })
}
