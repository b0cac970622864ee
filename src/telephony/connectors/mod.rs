//! Connectors: which exchanges of others are believed about calls, by which secret, and whose
//! extension is whose. For who looks after people.
//!
//! The secret is what signatures are made with, so the product needs it as it is. It is shown once
//! where it was made here, and never where it was typed; it stands in no event, no log and no
//! answer; one that ended has none.

pub mod api;
pub mod pages;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::drivers::hosted::{Credentials, Provider};
use super::store::connectors as store;
use crate::begin;
use crate::events::{Event, Kind};
use crate::people::actions::Secret;
use crate::people::{self, session};
use crate::storage::{Act, Tx};
use crate::values::*;

/// What tells of calls at an exchange of somebody else's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connector {
    /// Its id; also the last part of its address.
    pub id: ConnectorId,
    /// What it is called here.
    pub name: String,
    /// Whose exchange.
    pub provider: Provider,
    /// A key that is no secret, where the provider has one.
    pub account: String,
    /// The zone of times that are told without one; nothing where it is the firm's.
    pub zone: Option<String>,
    /// When it was made.
    pub made_at: Instant,
    /// When its secret was said last.
    pub renewed_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// When it told something last.
    pub heard_at: Option<Instant>,
}

impl Connector {
    /// The path that a provider is told; the secret is part of it where nothing is signed.
    pub fn path(&self, secret: Option<&str>) -> String {
        let path = format!("/hooks/telephony/{}", self.id);
        match secret.filter(|_| self.provider.has_secret_address()) {
            Some(secret) => format!("{path}/{secret}"),
            None => path,
        }
    }
}

/// Why a connector is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectorRefusal {
    /// It has ended.
    Ended,
}

impl Refusal for ConnectorRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Ended => "connector-ended",
        }
    }
}

/// The longest name of a connector.
pub const NAME_MAX: usize = 60;
/// The longest secret or key that a provider gives.
pub const SECRET_MAX: usize = 200;
/// The longest extension.
pub const EXTENSION_MAX: usize = 60;

/// A connector that is to be made.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectorForm {
    /// What it is called here.
    pub name: String,
    /// Whose exchange: `zadarma`, `mango`, `uis`, `twilio`, `generic`.
    pub provider: String,
    /// The key of the account, for `mango`.
    #[serde(default)]
    pub account: String,
    /// The provider's secret; empty where it is made here, for `uis` and `generic`.
    #[serde(default)]
    pub secret: String,
    /// The zone of the account, as in `Europe/Moscow`, for `zadarma`; empty where it is the firm's.
    #[serde(default)]
    pub zone: String,
}

/// Another secret.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretForm {
    /// The key of the account, for `mango`.
    #[serde(default)]
    pub account: String,
    /// The provider's secret; empty where it is made here.
    #[serde(default)]
    pub secret: String,
    /// The zone of the account, for `zadarma`; empty where it is the firm's.
    #[serde(default)]
    pub zone: String,
}

/// Whose an extension is.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionForm {
    /// The extension, as the provider tells it.
    pub extension: String,
    /// The person, by id; empty for nobody.
    #[serde(default)]
    pub person: String,
}

/// Reads what a provider is known by; makes the secret where it is made here.
fn credentials(provider: Provider, form: &SecretForm, wrong: &mut Fields) -> Outcome<Credentials> {
    let (account, secret) = (form.account.trim(), form.secret.trim());
    for (field, text, is_needed) in
        [("account", account, provider.has_account()), ("secret", secret, provider.gives_secret())]
    {
        match (text.is_empty(), is_needed) {
            (true, true) => wrong.note(field, "required"),
            (false, false) => wrong.note(field, "connector-not-needed"),
            _ if text.chars().count() > SECRET_MAX => {
                wrong.note_with(field, "too-long", vec![("max", SECRET_MAX.to_string())]);
            }
            _ => {}
        }
    }
    let secret = match provider.gives_secret() {
        true => secret.to_owned(),
        false => session::fresh_secret()?,
    };
    Ok(Credentials { account: account.to_owned(), secret })
}

/// The zone of the account, where one is named.
fn zone(provider: Provider, typed: &str, wrong: &mut Fields) -> Option<String> {
    let name = typed.trim();
    if name.is_empty() {
        return None;
    }
    if !provider.has_local_times() {
        wrong.note("zone", "connector-not-needed");
    } else if !Zone::is_known(name) {
        wrong.note("zone", "connector-zone");
    }
    Some(name.to_owned())
}

/// Makes a connector. Says its secret where it was made here, once: a repeated request made none.
pub async fn make(act: &Act, form: &ConnectorForm) -> Outcome<(ConnectorId, Option<Secret>)> {
    let mut wrong = Fields::default();
    let name = form.name.trim();
    if name.is_empty() {
        wrong.note("name", "required");
    }
    if name.chars().count() > NAME_MAX {
        wrong.note_with("name", "too-long", vec![("max", NAME_MAX.to_string())]);
    }
    let Ok(provider) = form.provider.parse::<Provider>() else {
        wrong.note("provider", "unknown-choice");
        return Err(Error::Invalid(wrong));
    };
    let ConnectorForm { account, secret, zone: typed_zone, .. } = form.clone();
    let zone = zone(provider, &typed_zone, &mut wrong);
    let typed = SecretForm { account, secret, zone: typed_zone };
    let known = credentials(provider, &typed, &mut wrong)?;
    wrong.into_result()?;
    let connector = Connector {
        id: ConnectorId::fresh(act.now),
        name: name.to_owned(),
        provider,
        account: known.account.clone(),
        zone,
        made_at: act.now,
        renewed_at: act.now,
        ended_at: None,
        heard_at: None,
    };
    let id = make_with(act, &connector, &known).await?;
    let is_fresh = id == connector.id && !provider.gives_secret();
    Ok((id, is_fresh.then_some(Secret(known.secret))))
}

async fn make_with(act: &Act, connector: &Connector, known: &Credentials) -> Outcome<ConnectorId> {
    let mut tx = begin!(act);
    store::insert_connector(&mut tx, act.org, connector, (known, act.actor)).await?;
    about(Kind::ConnectorMade, connector.id)
        .with("provider", connector.provider.code())
        .record(&mut tx, act)
        .await?;
    tx.finish(connector.id).await
}

fn about(kind: Kind, id: ConnectorId) -> Event {
    Event::new(kind, id)
}

/// Gives a connector another secret; the old one ends. Says it where it was made here, once.
pub async fn renew(act: &Act, id: ConnectorId, form: &SecretForm) -> Outcome<Option<Secret>> {
    let found = find(&mut act.db.read().await?, act.org, id).await?;
    let mut wrong = Fields::default();
    let known = credentials(found.provider, form, &mut wrong)?;
    let zone = zone(found.provider, &form.zone, &mut wrong);
    wrong.into_result()?;
    let is_made_here = !found.provider.gives_secret();
    renew_with(act, id, (&known, &zone)).await?;
    let now_known = store::find_believed(&mut act.db.read().await?, id).await?;
    let is_fresh = now_known.is_some_and(|(_, _, now)| now.secret == known.secret);
    Ok((is_fresh && is_made_here).then_some(Secret(known.secret)))
}

async fn renew_with(
    act: &Act,
    id: ConnectorId,
    (known, zone): (&Credentials, &Option<String>),
) -> Outcome<()> {
    let mut tx = begin!(act);
    if store::update_credentials(&mut tx, act.org, id, (known, zone, act.now)).await? == 0 {
        return Err(ConnectorRefusal::Ended.into());
    }
    about(Kind::ConnectorRenewed, id).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// Says whose an extension is, or that it is nobody's.
pub async fn assign(act: &Act, id: ConnectorId, form: &ExtensionForm) -> Outcome<()> {
    let extension = form.extension.trim();
    let mut wrong = Fields::default();
    if extension.is_empty() {
        wrong.note("extension", "required");
    }
    if extension.chars().count() > EXTENSION_MAX {
        wrong.note_with("extension", "too-long", vec![("max", EXTENSION_MAX.to_string())]);
    }
    wrong.into_result()?;
    let mut tx = begin!(act);
    let found = find(&mut tx, act.org, id).await?;
    if found.ended_at.is_some() {
        return Err(ConnectorRefusal::Ended.into());
    }
    let person = match form.person.as_str() {
        "" => {
            store::delete_extension(&mut tx, act.org, (id, extension)).await?;
            None
        }
        text => {
            let unknown = || Fields::one("person", "unknown-choice");
            let user = text.parse::<UserId>().map_err(|_| unknown())?;
            let known = people::actions::find_user(&mut tx, act.org, user).await?;
            known.filter(|user| user.disabled_at.is_none()).ok_or_else(unknown)?;
            store::insert_extension(&mut tx, act.org, (id, extension), user).await?;
            Some(user)
        }
    };
    about(Kind::ExtensionAssigned, id).person(person).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// Ends a connector: it is believed no longer, and its secret is gone.
pub async fn end(act: &Act, id: ConnectorId) -> Outcome<()> {
    let mut tx = begin!(act);
    find(&mut tx, act.org, id).await?;
    if store::update_connector_ended(&mut tx, act.org, id, act.now).await? == 0 {
        return Err(ConnectorRefusal::Ended.into());
    }
    about(Kind::ConnectorEnded, id).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// A connector of the firm.
pub async fn find(tx: &mut Tx, org: OrgId, id: ConnectorId) -> Outcome<Connector> {
    store::find_connector(tx, org, id).await?.ok_or(Error::NotFound)
}

/// The connectors of the firm, those that ended last.
pub async fn list(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Connector>> {
    store::list_connectors(tx, org).await
}

/// The extensions of a connector, each with its person.
pub async fn list_extensions(
    tx: &mut Tx,
    org: OrgId,
    id: ConnectorId,
) -> Outcome<Vec<(String, UserId)>> {
    store::list_extensions(tx, org, id).await
}
