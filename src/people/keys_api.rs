//! The keys of the screens over the API: which there are, and other ones in their place.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Viewer;
use super::keys::{self, Keymap};
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Ui};

/// A key of the screens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScreenKey)]
pub struct KeyShown {
    /// The usual key, by its place on the keyboard, as in `KeyD`.
    pub usual: String,
    /// What it does, in the person's language.
    pub does: String,
    /// The key that does it for this person, as it is typed.
    pub key: String,
}

/// Other keys, by the usual ones; what is left out is as it is usually.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeysToKeep)]
pub struct KeysSent {
    /// As in `{"KeyD": "G"}`; in whatever layout.
    #[serde(default)]
    pub keys: BTreeMap<String, String>,
}

fn shown(ui: &Ui, keymap: &Keymap) -> Vec<KeyShown> {
    let one = |(usual, word): (&'static str, &'static str)| KeyShown {
        usual: usual.to_owned(),
        does: ui.t(word),
        key: keys::shown(keymap.key(usual)),
    };
    keys::KEYS.into_iter().map(one).collect()
}

/// The keys of the screens, and which this person chose.
#[utoipa::path(get, path = "/api/v1/keys", tag = "people", operation_id = "list_keys",
    responses((status = 200, body = json::One<Vec<KeyShown>>)))]
pub async fn list(viewer: Viewer, ui: Ui) -> Answer {
    json::one(shown(&ui, &viewer.user.keymap))
}

/// Chooses other keys; all of them at once, so that an empty object brings the usual ones back.
#[utoipa::path(post, path = "/api/v1/keys", tag = "people", operation_id = "keep_keys",
    request_body = KeysSent, params(json::KeyHeader),
    responses((status = 200, body = json::One<Vec<KeyShown>>),
        (status = 422, body = json::Problem)))]
pub async fn keep(State(app): State<App>, viewer: Viewer, ui: Ui, sent: Sent<KeysSent>) -> Answer {
    let keymap = Keymap::of(&sent.body.keys).map_err(Error::Invalid)?;
    keys::keep(&viewer.act(&app, sent.key), &viewer, &keymap).await?;
    json::one(shown(&ui, &keymap))
}
