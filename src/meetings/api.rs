//! Meetings over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::pages::{LIST_MAX, ListQuery};
use super::{Mark, Meeting, actions};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Query, Slice};

/// A talk with a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingShown {
    /// Its id.
    pub id: MeetingId,
    /// The number people read aloud.
    pub number: i64,
    /// With whom.
    pub company: CompanyId,
    /// For which campaign.
    pub campaign: Option<CampaignId>,
    /// The lead it was booked for.
    pub lead: Option<LeadId>,
    /// The person at the company.
    pub contact: Option<ContactId>,
    /// Who booked it.
    pub booker: UserId,
    /// Who talks; unknown until the lead is accepted.
    pub host: Option<UserId>,
    /// When it begins, RFC 3339.
    pub starts_at: String,
    /// How long it lasts.
    pub minutes: i64,
    /// Where.
    pub place: String,
    /// `booked`, `held`, `missed_by_client`, `missed_by_seller`, `dropped`.
    pub state: String,
    /// What was said when it was marked.
    pub note: String,
    /// When it was marked, RFC 3339.
    pub marked_at: Option<String>,
}

impl MeetingShown {
    fn of(meeting: Meeting) -> Self {
        Self {
            id: meeting.id,
            number: meeting.number,
            company: meeting.company,
            campaign: meeting.campaign,
            lead: meeting.lead,
            contact: meeting.contact,
            booker: meeting.booker,
            host: meeting.host,
            starts_at: meeting.starts_at.rfc3339(),
            minutes: meeting.minutes,
            place: meeting.place,
            state: meeting.state.code().to_owned(),
            note: meeting.note,
            marked_at: meeting.marked.map(|(_, at)| at.rfc3339()),
        }
    }
}

/// What a list of meetings is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query; `ListQuery` reads it")]
pub struct MeetingParams {
    /// First day, as in `2026-11-23`; today when it is left out.
    day: Option<String>,
    /// How many days, 1 to 31; a week when it is left out.
    days: Option<i64>,
    /// `host`: those I host; `booker`: those I booked.
    side: Option<String>,
}

/// What became of a meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkSent {
    /// `held`, `client` (they did not come) or `seller` (we did not come).
    pub mark: String,
    /// What was said.
    #[serde(default)]
    pub note: String,
}

/// Meetings of some days, in the order of their beginning; 200 at most.
#[utoipa::path(get, path = "/api/v1/meetings", tag = "meetings",
    operation_id = "list_meetings", params(MeetingParams),
    responses((status = 200, body = json::Many<MeetingShown>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, Query(query): Query<ListQuery>) -> Answer {
    let mut tx = app.db.read().await?;
    let range = query.range(&viewer.zone, app.now());
    let found = actions::list(&mut tx, &viewer.scope(), &range, LIST_MAX).await?;
    let rows = found.into_iter().map(MeetingShown::of).collect();
    json::many(Slice { rows, next: None })
}

/// One meeting.
#[utoipa::path(get, path = "/api/v1/meetings/{meeting}", tag = "meetings",
    operation_id = "show_meeting", params(("meeting" = MeetingId, Path)),
    responses((status = 200, body = json::One<MeetingShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<MeetingId>) -> Answer {
    let mut tx = app.db.read().await?;
    let found = actions::find_seen(&mut tx, &viewer.scope(), id).await?;
    json::one(MeetingShown::of(found.ok_or(Error::NotFound)?))
}

/// Says what became of a meeting.
#[utoipa::path(post, path = "/api/v1/meetings/{meeting}/mark", tag = "meetings",
    operation_id = "mark_meeting", request_body = MarkSent,
    params(("meeting" = MeetingId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<MeetingShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn mark(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<MeetingId>,
    sent: Sent<MarkSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let mark: Mark = sent.body.mark.parse().map_err(|()| Fields::one("mark", "unknown-choice"))?;
    actions::mark(&act, &viewer, id, mark, &sent.body.note).await?;
    show(Web(app), viewer, Path(id)).await
}
