//! The same over the API.

use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Connector, ConnectorForm, ExtensionForm, SecretForm};
use crate::leads::forms::NothingForm;
use crate::people::Viewer;
use crate::people::actions::Secret;
use crate::telephony::drivers::hosted::Provider;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// A connector.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Connector)]
pub struct ConnectorShown {
    /// Its id.
    pub id: ConnectorId,
    /// What it is called.
    pub name: String,
    /// Whose exchange.
    pub provider: Provider,
    /// The key of the account; empty where there is none.
    pub account: String,
    /// The zone of its times, where they are told without one and it is not the firm's.
    pub zone: Option<String>,
    /// The address that the provider is told. For `uis` it is whole only in the answer that makes
    /// the secret.
    pub url: String,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// When its secret was said last.
    pub renewed_at: String,
    /// When it ended; null while it is believed.
    pub ended_at: Option<String>,
    /// When it told something last.
    pub heard_at: Option<String>,
    /// The secret, in the one answer that makes it; null where the provider's is used.
    pub secret: Option<String>,
    /// Whose extension is whose.
    pub extensions: Vec<ExtensionShown>,
}

/// An extension with its person.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConnectorExtension)]
pub struct ExtensionShown {
    /// The extension.
    pub extension: String,
    /// Whose it is.
    pub person: UserId,
}

fn shown(
    app: &App,
    connector: Connector,
    extensions: Vec<(String, UserId)>,
    secret: Option<Secret>,
) -> ConnectorShown {
    let secret = secret.map(|secret| secret.0);
    let extensions = extensions.into_iter();
    ConnectorShown {
        url: format!("{}{}", app.settings.origin, connector.path(secret.as_deref())),
        id: connector.id,
        name: connector.name,
        provider: connector.provider,
        account: connector.account,
        zone: connector.zone,
        made_at: connector.made_at.rfc3339(),
        renewed_at: connector.renewed_at.rfc3339(),
        ended_at: connector.ended_at.map(Instant::rfc3339),
        heard_at: connector.heard_at.map(Instant::rfc3339),
        secret,
        extensions: extensions
            .map(|(extension, person)| ExtensionShown { extension, person })
            .collect(),
    }
}

async fn one(app: &App, viewer: &Viewer, id: ConnectorId) -> Outcome<ConnectorShown> {
    with(app, viewer, id, None).await
}

async fn with(
    app: &App,
    viewer: &Viewer,
    id: ConnectorId,
    secret: Option<Secret>,
) -> Outcome<ConnectorShown> {
    let mut tx = app.db.read().await?;
    let connector = super::find(&mut tx, viewer.org, id).await?;
    let extensions = super::list_extensions(&mut tx, viewer.org, id).await?;
    Ok(shown(app, connector, extensions, secret))
}

/// The connectors of the firm.
#[utoipa::path(get, path = "/api/v1/connectors", tag = "telephony",
    operation_id = "list_connectors",
    responses((status = 200, body = json::Many<ConnectorShown>)))]
pub async fn list(State(app): State<App>, viewer: Viewer) -> Answer {
    let mut tx = app.db.read().await?;
    let mut rows = Vec::new();
    for connector in super::list(&mut tx, viewer.org).await? {
        let extensions = super::list_extensions(&mut tx, viewer.org, connector.id).await?;
        rows.push(shown(&app, connector, extensions, None));
    }
    json::many(Slice { rows, next: None })
}

/// Makes a connector. Its secret is in this answer alone, where it is made here; a repeat answers
/// without one.
#[utoipa::path(post, path = "/api/v1/connectors", tag = "telephony",
    operation_id = "make_connector", request_body = ConnectorForm, params(json::KeyHeader),
    responses((status = 201, body = json::One<ConnectorShown>),
        (status = 422, body = json::Problem)))]
pub async fn make(State(app): State<App>, viewer: Viewer, sent: Sent<ConnectorForm>) -> Answer {
    let (id, secret) = super::make(&viewer.act(&app, sent.key), &sent.body).await?;
    json::made(with(&app, &viewer, id, secret).await?)
}

/// A connector.
#[utoipa::path(get, path = "/api/v1/connectors/{connector}", tag = "telephony",
    operation_id = "show_connector", params(("connector" = ConnectorId, Path)),
    responses((status = 200, body = json::One<ConnectorShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<ConnectorId>) -> Answer {
    json::one(one(&app, &viewer, id).await?)
}

/// Gives it another secret; the old one ends at once.
#[utoipa::path(post, path = "/api/v1/connectors/{connector}/secret", tag = "telephony",
    operation_id = "renew_connector", request_body = SecretForm,
    params(("connector" = ConnectorId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<ConnectorShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn renew(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ConnectorId>,
    sent: Sent<SecretForm>,
) -> Answer {
    let secret = super::renew(&viewer.act(&app, sent.key), id, &sent.body).await?;
    json::one(with(&app, &viewer, id, secret).await?)
}

/// Says whose an extension is; without a person it is nobody's.
#[utoipa::path(post, path = "/api/v1/connectors/{connector}/extensions", tag = "telephony",
    operation_id = "assign_extension", request_body = ExtensionForm,
    params(("connector" = ConnectorId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<ConnectorShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn assign(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ConnectorId>,
    sent: Sent<ExtensionForm>,
) -> Answer {
    super::assign(&viewer.act(&app, sent.key), id, &sent.body).await?;
    json::one(one(&app, &viewer, id).await?)
}

/// Ends it: it is believed no longer.
#[utoipa::path(post, path = "/api/v1/connectors/{connector}/end", tag = "telephony",
    operation_id = "end_connector", request_body = NothingForm,
    params(("connector" = ConnectorId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<ConnectorShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn end(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ConnectorId>,
    sent: Sent<NothingForm>,
) -> Answer {
    super::end(&viewer.act(&app, sent.key), id).await?;
    json::one(one(&app, &viewer, id).await?)
}
