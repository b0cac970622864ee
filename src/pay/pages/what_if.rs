//! What a draft would have paid for months that are over.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::super::actions::{self, BeforeAfter, WhatIf};
use super::super::wording;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Ui, page};

/// Which months; the last that is over where nothing is said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Months {
    #[serde(default)]
    first: String,
    #[serde(default)]
    last: String,
}

#[derive(Template)]
#[template(path = "pay/views/what_if.html")]
struct WhatIfPage {
    ui: Ui,
    id: PlanId,
    name: String,
    first: String,
    last: String,
    found: WhatIf,
    events: i64,
    winners: String,
    losers: String,
    tables: Vec<(String, Vec<(String, BeforeAfter)>)>,
}

/// `GET /pay/plans/{plan}/what-if`: the draft of a plan against real events.
pub async fn what_if(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PlanId>,
    Query(months): Query<Months>,
) -> Answer {
    let (first, last) = span((&months.first, &months.last), app.now(), &viewer.zone)?;
    let mut tx = app.db.read().await?;
    let (plans, _, _) = actions::list_plans(&mut tx, viewer.org).await?;
    let plan = plans.into_iter().find(|plan| plan.id == id).ok_or(Error::NotFound)?;
    let found = actions::what_if(&mut tx, &viewer, id, (first, last), app.now()).await?;
    let gains = |is: fn(i64) -> bool| {
        let all = found.people.iter().filter(|(_, sums)| is(sums.difference.minor));
        i64::try_from(all.count()).unwrap_or(i64::MAX)
    };
    let people = found.people.iter().map(|(user, sums)| (user.name.clone(), *sums)).collect();
    let components = found.components.iter();
    let components = components.map(|(code, sums)| (wording::component(&ui, code), *sums));
    page(&WhatIfPage {
        id,
        name: plan.name,
        first: first.to_string(),
        last: last.to_string(),
        events: i64::try_from(found.events).unwrap_or(i64::MAX),
        winners: ui.n("pay-winners", gains(|minor| minor > 0)),
        losers: ui.n("pay-losers", gains(|minor| minor < 0)),
        tables: vec![(ui.t("pay-people"), people), (ui.t("pay-component"), components.collect())],
        found,
        ui,
    })
}

/// From which month to which; the last that is over where nothing is said.
pub(in crate::pay) fn span(
    (first, last): (&str, &str),
    now: Instant,
    zone: &Zone,
) -> Outcome<(Month, Month)> {
    let over = Month::of(now, zone).before();
    Ok((month("first", first, over)?, month("last", last, over)?))
}

fn month(field: &'static str, text: &str, usual: Month) -> Outcome<Month> {
    match text.trim() {
        "" => Ok(usual),
        text => text.parse().map_err(|()| Fields::one(field, "not-a-date")),
    }
}
