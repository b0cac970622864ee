//! Pages of connectors.

use askama::Template;
use axum::extract::{Path, State};

use super::{Connector, ConnectorForm, ExtensionForm, SecretForm};
use crate::leads::forms::NothingForm;
use crate::people::actions::Secret;
use crate::people::{self, User, Viewer};
use crate::telephony::drivers::hosted::Provider;
use crate::telephony::trunk::{self, Paused, ResumeForm, Trouble};
use crate::values::*;
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_again};

#[derive(Template)]
#[template(path = "telephony/views/connectors.html")]
struct ConnectorsPage {
    ui: Ui,
    connectors: Vec<Connector>,
    troubles: Vec<Trouble>,
    paused: Vec<Paused>,
    form: ConnectorForm,
    fields: Fields,
}

#[derive(Template)]
#[template(path = "telephony/views/connector.html")]
struct ConnectorPage {
    ui: Ui,
    connector: Connector,
    /// The address that the provider is told.
    url: String,
    people: Vec<User>,
    extensions: Vec<(String, UserId)>,
    /// The secret that was made just now.
    secret: Option<String>,
    /// True where a secret was made and shown before.
    is_shown_already: bool,
    account: String,
    zone: String,
    extension: String,
    fields: Fields,
}

impl ConnectorPage {
    fn name_of(&self, id: &UserId) -> &str {
        self.people.iter().find(|user| user.id == *id).map_or("", |user| user.name.as_str())
    }
    fn providers_secret(&self) -> bool {
        self.connector.provider.gives_secret()
    }
}

impl ConnectorsPage {
    fn providers(&self) -> &'static [Provider] {
        Provider::ALL
    }
}

async fn index_page(app: &App, viewer: &Viewer, ui: Ui) -> Outcome<ConnectorsPage> {
    let mut tx = app.db.read().await?;
    let connectors = super::list(&mut tx, viewer.org).await?;
    let troubles = trunk::list_troubles(&mut tx, viewer.org, ui.now).await?;
    let paused = trunk::list_paused(&mut tx, viewer.org, ui.now).await?;
    let (form, fields) = (ConnectorForm::default(), Fields::default());
    Ok(ConnectorsPage { ui, connectors, troubles, paused, form, fields })
}

/// `GET /telephony`
pub async fn index(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    page(&index_page(&app, &viewer, ui).await?)
}

/// `POST /telephony/numbers`: a number of ours is called from again.
pub async fn resume(State(app): State<App>, viewer: Viewer, form: Submitted<ResumeForm>) -> Answer {
    trunk::resume(&viewer.act(&app, form.key), &form.fields).await?;
    go("/telephony")
}

async fn show_page(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, secret): (ConnectorId, Option<Secret>),
) -> Outcome<ConnectorPage> {
    let mut tx = app.db.read().await?;
    let connector = super::find(&mut tx, viewer.org, id).await?;
    let extensions = super::list_extensions(&mut tx, viewer.org, id).await?;
    let mut people = people::actions::list_users(&mut tx, viewer.org).await?;
    let has_any = |user: &User| extensions.iter().any(|(_, owner)| *owner == user.id);
    people.retain(|user| user.disabled_at.is_none() || has_any(user));
    let secret = secret.map(|secret| secret.0);
    Ok(ConnectorPage {
        url: format!("{}{}", app.settings.origin, connector.path(secret.as_deref())),
        account: connector.account.clone(),
        zone: connector.zone.clone().unwrap_or_default(),
        ui,
        connector,
        people,
        extensions,
        secret,
        is_shown_already: false,
        extension: String::new(),
        fields: Fields::default(),
    })
}

/// `POST /telephony`: makes a connector and shows its secret this once.
pub async fn make(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<ConnectorForm>,
) -> Answer {
    match super::make(&viewer.act(&app, form.key), &form.fields).await {
        Ok((id, secret)) => shown_once(&app, &viewer, ui, (id, secret)).await,
        Err(Error::Invalid(fields)) => {
            let shown = index_page(&app, &viewer, ui).await?;
            // What is secret is typed again.
            let form = ConnectorForm { secret: String::new(), ..form.fields };
            page_again(&ConnectorsPage { form, fields, ..shown })
        }
        Err(error) => Err(Failed(error)),
    }
}

/// A connector with the secret that was made just now; where none was, its page.
async fn shown_once(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, secret): (ConnectorId, Option<Secret>),
) -> Answer {
    let is_made = secret.is_some();
    let shown = show_page(app, viewer, ui, (id, secret)).await?;
    if !is_made && shown.providers_secret() {
        return go(format!("/telephony/{id}"));
    }
    page(&ConnectorPage { is_shown_already: !is_made, ..shown })
}

/// `GET /telephony/{connector}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ConnectorId>,
) -> Answer {
    page(&show_page(&app, &viewer, ui, (id, None)).await?)
}

/// `POST /telephony/{connector}/secret`
pub async fn renew(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ConnectorId>,
    form: Submitted<SecretForm>,
) -> Answer {
    match super::renew(&viewer.act(&app, form.key), id, &form.fields).await {
        Ok(secret) => shown_once(&app, &viewer, ui, (id, secret)).await,
        Err(Error::Invalid(fields)) => {
            let shown = show_page(&app, &viewer, ui, (id, None)).await?;
            let SecretForm { account, zone, .. } = form.fields;
            page_again(&ConnectorPage { account, zone, fields, ..shown })
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `POST /telephony/{connector}/extensions`
pub async fn assign(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ConnectorId>,
    form: Submitted<ExtensionForm>,
) -> Answer {
    match super::assign(&viewer.act(&app, form.key), id, &form.fields).await {
        Ok(()) => go(format!("/telephony/{id}#extensions")),
        Err(Error::Invalid(fields)) => {
            let shown = show_page(&app, &viewer, ui, (id, None)).await?;
            let extension = form.fields.extension;
            page_again(&ConnectorPage { extension, fields, ..shown })
        }
        Err(error) => Err(Failed(error)),
    }
}

/// `POST /telephony/{connector}/end`
pub async fn end(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ConnectorId>,
    form: Submitted<NothingForm>,
) -> Answer {
    super::end(&viewer.act(&app, form.key), id).await?;
    go("/telephony")
}
