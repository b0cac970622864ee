//! Whether an address would open for a person, before a page links to it.

use std::str::FromStr;
use std::sync::LazyLock;

use axum::http::Method;

use super::{Listed, table};
use crate::people::Viewer;
use crate::storage::Tx;
use crate::telephony::recordings;
use crate::values::*;
use crate::web::App;
use crate::{
    calls, campaigns, clients, companies, contracts, erasures, handoffs, holdings, meetings,
    merges, opportunities, pay,
};

/// What is opened, as the routes declare it.
static PAGES: LazyLock<Vec<Listed>> = LazyLock::new(|| {
    table().listed.into_iter().filter(|route| route.method == Method::GET).collect()
});

/// True when the address opens: by the policy of its route, and by the rule that a record's own
/// folder asks when its page is opened. Nothing is written, nothing noted as looked at.
pub async fn opens(app: &App, viewer: &Viewer, path: &str) -> Outcome<bool> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let Some(page) = page_at(path) else { return Ok(false) };
    if !page.policy.is_public && !page.policy.roles.meets(viewer.user.roles) {
        return Ok(false);
    }
    let named = page.path.split('/').zip(path.split('/')).filter_map(|(part, id)| {
        let noun = part.strip_prefix('{')?.strip_suffix('}')?;
        Some((noun, id))
    });
    let mut tx = app.db.read().await?;
    for record in named {
        match shows(&mut tx, viewer, record, app.now()).await {
            Ok(true) => {}
            Ok(false) | Err(Error::NotFound) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// The route of an address; where several fit, the one with the fewest parameters.
fn page_at(path: &str) -> Option<&'static Listed> {
    let fits = |route: &&Listed| {
        route.path.split('/').count() == path.split('/').count()
            && route
                .path
                .split('/')
                .zip(path.split('/'))
                .all(|(is, asked)| is == asked || is.starts_with('{') && !asked.is_empty())
    };
    PAGES.iter().filter(fits).min_by_key(|route| route.path.matches('{').count())
}

/// True when the person may know of a record; of other nouns whoever passes the policy knows.
async fn shows(
    tx: &mut Tx,
    viewer: &Viewer,
    (noun, id): (&str, &str),
    now: Instant,
) -> Outcome<bool> {
    let scope = &viewer.scope();
    Ok(match noun {
        "company" => companies::actions::find_seen(tx, scope, read(id)?, now).await?.is_some(),
        "campaign" | "round" => {
            campaigns::actions::find_seen(tx, scope, read(id)?).await.map(|_| true)?
        }
        "check" => calls::actions::find_seen(tx, viewer, read(id)?).await.map(|_| true)?,
        "lead" => calls::actions::find_seen(tx, viewer, read(id)?).await.map(|_| true)?,
        "meeting" => meetings::actions::find_seen(tx, scope, read(id)?).await?.is_some(),
        "handoff" => handoffs::actions::find(tx, scope, read(id)?).await?.is_some(),
        "opportunity" => opportunities::actions::find(tx, scope, read(id)?).await?.is_some(),
        "contract" => contracts::actions::find(tx, scope, read(id)?).await?.is_some(),
        "payment" => contracts::actions::find_payment(tx, scope, read(id)?).await?.is_some(),
        "client" => clients::actions::find(tx, scope, read(id)?).await?.is_some(),
        "holder" => holdings::actions::find(tx, viewer, read(id)?).await.map(|_| true)?,
        "pair" => merges::actions::find_pair(tx, viewer, read(id)?, now).await.map(|_| true)?,
        "merge" => merges::actions::find_merge(tx, viewer, read(id)?, now).await.map(|_| true)?,
        "erasure" => erasures::actions::find(tx, viewer, read(id)?).await.map(|_| true)?,
        "plan" => pay::actions::may_read_plan(tx, viewer, read(id)?).await?,
        "recording" => recordings::is_heard_by(tx, viewer, read(id)?, now).await?,
        "entry" => pay::actions::find_line(tx, viewer, read(id)?).await.map(|_| true)?,
        _ => true,
    })
}

fn read<T: FromStr>(id: &str) -> Outcome<T> {
    id.parse().map_err(|_| Error::NotFound)
}
