//! Whether an address would open for a person, before a page links to it.

use std::str::FromStr;

use crate::people::Viewer;
use crate::storage::Tx;
use crate::tiers::doors;
use crate::values::*;
use crate::web::App;
use crate::{calls, clients, companies, contracts, handoffs, meetings, opportunities, pay};

/// True when the address opens: by the role, and by the rule that the record's own folder asks
/// when the page is opened. Nothing is written, and nothing is noted as looked at.
pub async fn opens(app: &App, viewer: &Viewer, path: &str) -> Outcome<bool> {
    if !doors::may_enter(viewer, path) {
        return Ok(false);
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.trim_start_matches('/').split('/');
    let (folder, id) = match (parts.next(), parts.next(), parts.next()) {
        (Some("pay"), Some("plans"), Some(plan)) => ("pay/plans", plan),
        (Some(folder), Some(id), _) => (folder, id),
        _ => return Ok(true),
    };
    let mut tx = app.db.read().await?;
    match shows(&mut tx, viewer, (folder, id), app.now()).await {
        Err(Error::NotFound) => Ok(false),
        answer => answer,
    }
}

async fn shows(
    tx: &mut Tx,
    viewer: &Viewer,
    (folder, id): (&str, &str),
    now: Instant,
) -> Outcome<bool> {
    let scope = &viewer.scope();
    Ok(match folder {
        "companies" => companies::actions::find_seen(tx, scope, read(id)?, now).await?.is_some(),
        "leads" => calls::actions::find_seen(tx, viewer, read(id)?).await.map(|_| true)?,
        "meetings" => meetings::actions::find_seen(tx, scope, read(id)?).await?.is_some(),
        "handoffs" => handoffs::actions::find(tx, scope, read(id)?).await?.is_some(),
        "opportunities" => opportunities::actions::find(tx, scope, read(id)?).await?.is_some(),
        "contracts" => contracts::actions::find(tx, scope, read(id)?).await?.is_some(),
        "payments" => contracts::actions::find_payment(tx, scope, read(id)?).await?.is_some(),
        "clients" => clients::actions::find(tx, scope, read(id)?).await?.is_some(),
        "pay/plans" => pay::actions::may_read_plan(tx, viewer, read(id)?).await?,
        _ => true,
    })
}

fn read<T: FromStr>(id: &str) -> Outcome<T> {
    id.parse().map_err(|_| Error::NotFound)
}
