//! `GET /live`: who may hear of what.
//!
//! A page listens to what it shows, so a topic is heard by who may open the record it names. What
//! one may not know of is not refused, it is silent.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::opportunities::lists::{Range, Who};
use crate::people::{Reach, Role, Viewer, session};
use crate::storage::Tx;
use crate::tiers::doors::HEADS;
use crate::values::*;
use crate::web::live::{self, Wanted};
use crate::web::{App, Query};
use crate::{campaigns, companies, contracts, handoffs, imports, pay, people};

/// `GET /live?topics=a,b`
pub async fn stream(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Response {
    let topics = wanted.topics();
    let asked = app.clone();
    live::answer(&app, format!("user:{}", viewer.id()), move || {
        heard(asked.clone(), headers.clone(), topics.clone())
    })
}

/// Which of the topics the holder of the session may hear now; `None` without one.
async fn heard(app: App, headers: HeaderMap, topics: Vec<String>) -> Outcome<Option<Vec<String>>> {
    let Some(viewer) = session::holder(&app, &headers).await? else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let mut heard = Vec::new();
    for topic in topics {
        if may_hear(&mut tx, &viewer, &topic, app.now()).await? {
            heard.push(topic);
        }
    }
    Ok(Some(heard))
}

async fn may_hear(tx: &mut Tx, viewer: &Viewer, topic: &str, now: Instant) -> Outcome<bool> {
    let Some((noun, id)) = topic.split_once(':') else { return Ok(false) };
    match noun {
        "pipeline" => {
            let range = |who| Range::of(&viewer.scope(), who).topic();
            Ok([Who::Mine, Who::Team, Who::All].into_iter().any(|who| range(who) == topic))
        }
        "user" => may_hear_person(tx, viewer, id).await,
        "team" => may_hear_team(tx, viewer, id).await,
        "incoming" => Ok(id == viewer.id().to_string()),
        _ => may_hear_record(tx, viewer, (noun, id), now).await,
    }
}

/// Oneself; of others, those whose work one sees, or whose pay: a head also that of a time when
/// they were of the head's team.
async fn may_hear_person(tx: &mut Tx, viewer: &Viewer, id: &str) -> Outcome<bool> {
    let Ok(id) = id.parse() else { return Ok(false) };
    let Some(user) = people::actions::find_user(tx, viewer.org, id).await? else {
        return Ok(false);
    };
    if viewer.scope().sees(Some(user.id), user.team) || viewer.is(Role::Payroll) {
        return Ok(true);
    }
    Ok(viewer.is(Role::Head) && pay::actions::sees_some(tx, viewer, user.id).await?)
}

/// One's own team; all of them where one sees the whole firm.
async fn may_hear_team(tx: &mut Tx, viewer: &Viewer, id: &str) -> Outcome<bool> {
    let Ok(id) = id.parse::<TeamId>() else { return Ok(false) };
    if viewer.user.is_in(&id) {
        return Ok(true);
    }
    let teams = people::actions::list_teams(tx, viewer.org).await?;
    Ok(viewer.scope().reach == Reach::All && teams.iter().any(|(team, _, _)| *team == id))
}

/// A record one may open.
async fn may_hear_record(
    tx: &mut Tx,
    viewer: &Viewer,
    (noun, id): (&str, &str),
    now: Instant,
) -> Outcome<bool> {
    let Ok(AnyId(id)) = id.parse() else { return Ok(false) };
    let scope = viewer.scope();
    let is_above = viewer.is_any(HEADS);
    Ok(match noun {
        "company" => companies::actions::find_seen(tx, &scope, CompanyId(id), now).await?.is_some(),
        "handoff" => handoffs::actions::find(tx, &scope, HandoffId(id)).await?.is_some(),
        "contract" => contracts::actions::find(tx, &scope, ContractId(id)).await?.is_some(),
        "campaign" if is_above => {
            let seen = campaigns::actions::list(tx, &scope).await?;
            seen.iter().any(|campaign| campaign.id == CampaignId(id))
        }
        "import" if is_above => {
            imports::actions::find(tx, viewer.org, ImportId(id)).await?.is_some()
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests;
