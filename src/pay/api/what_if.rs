//! What-if over the API: a draft against the real events of past months.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::actions::{self, BeforeAfter, WhatIf};
use super::super::pages;
use super::Sum;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App};

/// Which months are replayed, a year of them at most.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthsSent {
    /// The first, `2026-10`; the last that is over where nothing is said.
    pub first: Option<String>,
    /// The last; the last that is over where nothing is said.
    pub last: Option<String>,
}

/// A sum by the rules in force and by the draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayedSum {
    /// Owed by the rules in force.
    pub before: Sum,
    /// Owed by the draft.
    pub after: Sum,
    /// What the draft adds.
    pub difference: Sum,
    /// What still waits by the rules in force.
    pub waits_before: Sum,
    /// What still waits by the draft.
    pub waits_after: Sum,
}

impl From<BeforeAfter> for ReplayedSum {
    fn from(sums: BeforeAfter) -> Self {
        Self {
            before: sums.before.into(),
            after: sums.after.into(),
            difference: sums.difference.into(),
            waits_before: sums.waits_before.into(),
            waits_after: sums.waits_after.into(),
        }
    }
}

/// What a draft changes for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayedPerson {
    /// Whom.
    pub person: UserId,
    /// By how much.
    pub sums: ReplayedSum,
}

/// What a draft changes of a component.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayedComponent {
    /// The component of the plan, or a floor.
    pub component: String,
    /// By how much.
    pub sums: ReplayedSum,
}

/// Past months replayed under a draft.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayShown {
    /// The first month.
    pub first: String,
    /// The last month.
    pub last: String,
    /// How many events were replayed.
    pub events: usize,
    /// The cost.
    pub total: ReplayedSum,
    /// Everybody whom the plan pays, whoever gains most first.
    pub people: Vec<ReplayedPerson>,
    /// By component of the plan; `guarantee` and `draw` are what floors under the months that are
    /// over add for those whom it pays.
    pub components: Vec<ReplayedComponent>,
    /// The state of the draft, for its approval.
    pub revision: i64,
}

fn shown((first, last): (Month, Month), found: WhatIf) -> ReplayShown {
    let people = found.people.into_iter();
    let components = found.components.into_iter();
    ReplayShown {
        first: first.to_string(),
        last: last.to_string(),
        events: found.events,
        revision: found.revision,
        total: found.total.into(),
        people: people
            .map(|(user, sums)| ReplayedPerson { person: user.id, sums: sums.into() })
            .collect(),
        components: components
            .map(|(component, sums)| ReplayedComponent { component, sums: sums.into() })
            .collect(),
    }
}

/// Replays the events of past months under the draft of a plan. Nothing is written.
#[utoipa::path(post, path = "/api/v1/pay-plans/{plan}/what-if", tag = "pay",
    operation_id = "replay_pay_plan", request_body = MonthsSent,
    params(("plan" = PlanId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<ReplayShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn what_if(
    State(app): State<App>,
    viewer: Viewer,
    Path(plan): Path<PlanId>,
    sent: Sent<MonthsSent>,
) -> Answer {
    let MonthsSent { first, last } = sent.body;
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let months = pages::span((&first, &last), app.now(), &viewer.zone)?;
    let mut tx = app.db.read().await?;
    let found = actions::what_if(&mut tx, &viewer, plan, months, app.now()).await?;
    json::one(shown(months, found))
}
