//! Personal tokens, by which programs speak for people.

use super::*;
use crate::people::scopes;

/// Makes a personal token out of a fresh secret, of which only the digest is kept.
pub async fn make_token(
    act: &Act,
    user: UserId,
    name: &str,
    scopes: &str,
    secret: &Secret,
) -> Outcome<TokenId> {
    let mut fields = Fields::default();
    if name.trim().is_empty() || name.chars().count() > 60 {
        fields.note("name", "required");
    }
    scopes::check(&mut fields, scopes);
    fields.into_result()?;
    let mut tx = begin!(act);
    let token = store::ApiToken {
        id: TokenId::fresh(act.now),
        name: name.trim().to_owned(),
        scopes: scopes.to_owned(),
        made_at: act.now,
        revoked_at: None,
    };
    store::insert_api_token(&mut tx, (act.org, user), &token, &digest(&secret.0)).await?;
    Event::new(Kind::TokenMade, token.id).record(&mut tx, act).await?;
    tx.finish(token.id).await
}

/// A personal token as its owner sees it; the secret is known to nobody.
#[derive(Debug, Clone)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: String,
    /// When it was made.
    pub made_at: Instant,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
}

/// The tokens of a person, newest first.
pub async fn list_tokens(db: &Db, viewer: &Viewer) -> Outcome<Vec<Token>> {
    let mut tx = db.read().await?;
    let tokens = store::list_api_tokens(&mut tx, viewer.org, viewer.id()).await?;
    Ok(tokens
        .into_iter()
        .map(|store::ApiToken { id, name, scopes, made_at, revoked_at }| Token {
            id,
            name,
            scopes,
            made_at,
            revoked_at,
        })
        .collect())
}

/// True when the secret opens the API: after a repeated request it is not the one that was made.
pub async fn is_live_token(db: &Db, secret: &Secret, now: Instant) -> Outcome<bool> {
    let mut tx = db.read().await?;
    Ok(store::find_api_token(&mut tx, &digest(&secret.0), now).await?.is_some())
}

/// Revokes a personal token.
pub async fn revoke_token(act: &Act, user: UserId, token: TokenId) -> Outcome<()> {
    let mut tx = begin!(act);
    if store::update_api_token_revoked(&mut tx, (act.org, user), token, act.now).await? == 0 {
        return Err(Error::NotFound);
    }
    Event::new(Kind::TokenRevoked, token).record(&mut tx, act).await?;
    tx.finish(()).await
}
