//! A person's own settings, password and tokens.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Deserialize;

use super::actions::{Secret, Token};
use super::keys::{self, Keymap};
use super::{Viewer, actions, session};
use crate::values::*;
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_again};

#[derive(Template)]
#[template(path = "people/views/settings.html")]
struct SettingsPage {
    ui: Ui,
    is_demo_administrator: bool,
    has_password: bool,
    tokens: Vec<Token>,
    name: String,
    scopes: String,
    /// What was typed beside each usual key.
    typed: BTreeMap<String, String>,
    fields: Fields,
}

/// A usual key with what it does and what is chosen for it.
struct KeyRow {
    usual: &'static str,
    cap: String,
    does: String,
    typed: String,
}

impl SettingsPage {
    fn keys(&self) -> Vec<KeyRow> {
        let row = |(usual, word): (&'static str, &str)| KeyRow {
            usual,
            cap: keys::shown(usual),
            does: self.ui.t(word),
            typed: self.typed.get(usual).cloned().unwrap_or_default(),
        };
        keys::KEYS.into_iter().map(row).collect()
    }

    /// Whether there is something to see among the keys: one's own, or one that cannot be.
    fn has_own_keys(&self) -> bool {
        self.typed.values().any(|typed| !typed.is_empty())
    }
}

/// Shown once, right after a token was made.
#[derive(Template)]
#[template(path = "people/views/token.html")]
struct TokenPage {
    ui: Ui,
    name: String,
    scopes: String,
    secret: Option<String>,
}

/// How a person likes their screens.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsForm {
    lang: String,
    theme: String,
    keys: String,
}

/// The old password and the new.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    #[serde(default)]
    old_password: String,
    password: String,
}

/// A token to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenForm {
    name: String,
    scopes: String,
}

/// Nothing but the request itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bare {}

async fn settings_page(app: &App, viewer: &Viewer, ui: Ui) -> Outcome<SettingsPage> {
    Ok(SettingsPage {
        ui,
        is_demo_administrator: viewer.is_demo && viewer.is(super::Role::Administrator),
        has_password: actions::has_password(&app.db, viewer).await?,
        tokens: actions::list_tokens(&app.db, viewer).await?,
        name: String::new(),
        scopes: "*:read".to_owned(),
        typed: keys::KEYS
            .iter()
            .map(|(usual, _)| (*usual, viewer.user.keymap.key(usual)))
            .filter(|(usual, key)| usual != key)
            .map(|(usual, key)| (usual.to_owned(), keys::shown(key)))
            .collect(),
        fields: Fields::default(),
    })
}

/// `GET /settings`
pub async fn settings(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    page(&settings_page(&app, &viewer, ui).await?)
}

/// `POST /settings`
pub async fn keep_settings(
    State(app): State<App>,
    viewer: Viewer,
    form: Submitted<SettingsForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let lang =
        Lang::from_code(&form.fields.lang).ok_or_else(|| Fields::one("lang", "unknown-choice"))?;
    let keys_off = form.fields.keys == "off";
    actions::keep_settings(&act, &viewer, lang, &form.fields.theme, keys_off).await?;
    go("/settings")
}

/// `POST /settings/keys`: other keys for what the screens do, or the usual ones again.
pub async fn keep_keys(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<BTreeMap<String, String>>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let mut typed = form.fields;
    if typed.remove("act").is_some_and(|act| act == "usual") {
        typed.clear();
    }
    match Keymap::of(&typed) {
        Ok(keymap) => {
            keys::keep(&act, &viewer, &keymap).await?;
            go("/settings#keys-own")
        }
        Err(fields) => {
            let shown = settings_page(&app, &viewer, ui).await?;
            page_again(&SettingsPage { typed, fields, ..shown })
        }
    }
}

/// `POST /settings/password`
pub async fn change_password(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    headers: HeaderMap,
    form: Submitted<PasswordForm>,
) -> Answer {
    app.limits.count("password", &viewer.id().to_string(), 10, 5 * MINUTE_MS, app.now())?;
    let kept = session::secret_of(&headers).ok_or(Error::NotSignedIn)?;
    let act = viewer.act(&app, form.key);
    let PasswordForm { old_password, password } = form.fields;
    match actions::change_password(&act, viewer.id(), old_password, password, &kept).await {
        Ok(()) => go("/settings#password"),
        Err(Error::Invalid(fields)) => {
            page_again(&SettingsPage { fields, ..settings_page(&app, &viewer, ui).await? })
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `POST /settings/tokens`
pub async fn make_token(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<TokenForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let TokenForm { name, scopes } = form.fields;
    let scopes = scopes.split_whitespace().collect::<Vec<_>>().join(" ");
    let secret = Secret(format!("troika_{}", session::fresh_secret()?));
    match actions::make_token(&act, viewer.id(), &name, &scopes, &secret).await {
        Ok(_) => {
            // A repeated request made nothing: its secret was shown the first time and is gone.
            let is_live = actions::is_live_token(&app.db, &secret, app.now()).await?;
            let secret = is_live.then_some(secret.0);
            page(&TokenPage { ui, name, scopes, secret })
        }
        Err(Error::Invalid(fields)) => {
            let shown = settings_page(&app, &viewer, ui).await?;
            page_again(&SettingsPage { name, scopes, fields, ..shown })
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `POST /settings/tokens/{token}/revocation`
pub async fn revoke_token(
    State(app): State<App>,
    viewer: Viewer,
    Path(token): Path<TokenId>,
    form: Submitted<Bare>,
) -> Answer {
    actions::revoke_token(&viewer.act(&app, form.key), viewer.id(), token).await?;
    go("/settings#tokens")
}
