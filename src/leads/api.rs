//! The queue over the API: launching, leasing, giving back. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::Serialize;
use utoipa::ToSchema;

use super::callbacks::CallbackState;
use super::forms::{GrantForm, LaunchForm, NothingForm, PriorityForm, ReleaseForm};
use super::manual::{self, NumberForm};
use super::{Grant, Lead, LeadState, Priority, actions, leasing};
use crate::campaigns;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App};

/// A lease as it was granted.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeaseShown {
    /// The lead.
    pub lead: LeadId,
    /// Its company.
    pub company: CompanyId,
    /// Which grant it is; every later write names it.
    pub generation: i64,
    /// Until when, RFC 3339.
    pub until: String,
}

impl LeaseShown {
    /// A grant as it is told.
    pub fn of(grant: Grant) -> Self {
        let Grant { lead, company, generation, until } = grant;
        Self { lead, company, generation, until: until.rfc3339() }
    }
}

/// A lead as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadShown {
    /// Its id.
    pub id: LeadId,
    /// The number people read aloud.
    pub number: i64,
    /// The campaign.
    pub campaign: CampaignId,
    /// The company.
    pub company: CompanyId,
    /// Where it stands.
    pub state: LeadState,
    /// Why it left the queue.
    pub closed_reason: Option<String>,
    /// Attempts so far.
    pub attempts: i64,
    /// Before, among or after the others of its queue.
    pub priority: Priority,
    /// Not called before, RFC 3339.
    pub next_at: String,
    /// When a call was promised, RFC 3339.
    pub callback_at: Option<String>,
    /// Who promised it; null with a promise means anyone.
    pub callback_owner: Option<UserId>,
    /// Where that promise stands; null where none is open.
    pub callback_state: Option<CallbackState>,
    /// Why tier 2 sent it back.
    pub returned_reason: Option<String>,
    /// Who holds it now.
    pub lease: Option<LeaseShown>,
    /// Counts its changes; passing a promised call on names it.
    pub version: i64,
}

impl LeadShown {
    /// A lead as it is told at an instant.
    pub fn of(lead: Lead, now: Instant) -> Self {
        let callback_state = lead.callback_state(now);
        let lease = lead.lease.map(|lease| LeaseShown {
            lead: lead.id,
            company: lead.company,
            generation: lease.generation,
            until: lease.until.rfc3339(),
        });
        Self {
            id: lead.id,
            number: lead.number,
            campaign: lead.campaign,
            company: lead.company,
            state: lead.state,
            closed_reason: lead.closed_reason,
            attempts: lead.attempts,
            priority: lead.priority,
            next_at: lead.next_at.rfc3339(),
            callback_at: lead.callback_at.map(Instant::rfc3339),
            callback_owner: lead.callback_owner,
            callback_state,
            returned_reason: lead.returned_reason,
            lease,
            version: lead.version,
        }
    }
}

/// Leads that were made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Launched {
    /// How many companies became leads.
    pub leads: u64,
}

/// How many leads stand in one place.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceCounted {
    /// `due`, `in_hand`, `callback`, `nurture`, `later`, `offered`, `converted`, `closed:…` with
    /// its reason, `rule:…` with the rule that denies it.
    pub place: String,
    /// How many.
    pub leads: i64,
}

/// The queue of a campaign as its head sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueShown {
    /// Where the leads stand.
    pub places: Vec<PlaceCounted>,
    /// When the next may be looked at, RFC 3339.
    pub next_at: Option<String>,
    /// In somebody's hands or promised.
    pub watched: Vec<LeadShown>,
}

/// A lease that was prolonged.
#[derive(Debug, Serialize, ToSchema)]
pub struct Renewed {
    /// Until when, RFC 3339.
    pub until: String,
}

/// A change that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadDone {
    /// Always true.
    pub done: bool,
}

/// Starts a campaign, or goes on with a paused one, and fills its queue. One that complaints
/// stopped goes on with a reason.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/launch", tag = "leads",
    operation_id = "launch_campaign", request_body = LaunchForm,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Launched>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn launch(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<LaunchForm>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let leads = actions::go_on(&act, &viewer, id, &sent.body.why).await?;
    json::one(Launched { leads })
}

/// The queue of a campaign: counts by place and rule, who holds what.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/queue", tag = "leads",
    operation_id = "show_queue", params(("campaign" = CampaignId, Path)),
    responses((status = 200, body = json::One<QueueShown>),
        (status = 404, body = json::Problem)))]
pub async fn queue(Web(app): Web<App>, viewer: Viewer, Path(id): Path<CampaignId>) -> Answer {
    let mut tx = app.db.read().await?;
    let scope = viewer.scope();
    campaigns::actions::find_seen(&mut tx, &scope, id).await?;
    let now = app.now();
    let counts = actions::count_places(&mut tx, viewer.org, id, now).await?;
    let watched = actions::list_watched(&mut tx, &scope, id).await?;
    let next_at = actions::find_next_at(&mut tx, viewer.org, id).await?;
    json::one(QueueShown {
        places: counts.into_iter().map(|(place, leads)| PlaceCounted { place, leads }).collect(),
        next_at: next_at.map(Instant::rfc3339),
        watched: watched.into_iter().map(|lead| LeadShown::of(lead, now)).collect(),
    })
}

/// Leases the next admissible company; null when nobody may be called now.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/lease", tag = "leads",
    operation_id = "lease_next", request_body = NothingForm,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Option<LeaseShown>>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn lease(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<NothingForm>,
) -> Answer {
    let grant = leasing::lease(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(grant.map(LeaseShown::of))
}

/// The company that has a number, in the caller's hands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FoundNumber)]
pub struct FoundShown {
    /// The lease.
    pub lease: LeaseShown,
    /// The number, by id.
    pub phone: PhoneId,
}

/// Leases the company of the campaign that has a number, by the rules of the queue.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/number", tag = "leads",
    operation_id = "lease_number", request_body = NumberForm,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<FoundShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn lease_number(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<NumberForm>,
) -> Answer {
    let found = manual::lease(&viewer.act(&app, sent.key), &viewer, id, &sent.body).await?;
    json::one(FoundShown { lease: LeaseShown::of(found.grant), phone: found.phone })
}

/// Makes the caller's lease as long as a fresh one.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/renewal", tag = "leads",
    operation_id = "renew_lease", request_body = GrantForm,
    params(("lead" = LeadId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Renewed>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn renew(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    sent: Sent<GrantForm>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let until = leasing::renew(&act, &viewer, (id, sent.body.generation)).await?;
    json::one(Renewed { until: until.rfc3339() })
}

/// Gives a company back without calling it.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/release", tag = "leads",
    operation_id = "release_lead", request_body = ReleaseForm,
    params(("lead" = LeadId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<LeadDone>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn release(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    sent: Sent<ReleaseForm>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let grant = (id, sent.body.generation);
    leasing::release(&act, &viewer, grant, sent.body.reason()?).await?;
    json::one(LeadDone { done: true })
}

/// Takes a company out of a caller's hands; for the head of the campaign.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/return", tag = "leads",
    operation_id = "take_lead_back", request_body = GrantForm,
    params(("lead" = LeadId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<LeadDone>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn take_back(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    sent: Sent<GrantForm>,
) -> Answer {
    let grant = (id, sent.body.generation);
    leasing::take_back(&viewer.act(&app, sent.key), &viewer, grant).await?;
    json::one(LeadDone { done: true })
}

/// Puts a lead before or after the others of its queue; for the head of the campaign.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/priority", tag = "leads",
    operation_id = "prioritise_lead", request_body = PriorityForm,
    params(("lead" = LeadId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<LeadDone>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn prioritise(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    sent: Sent<PriorityForm>,
) -> Answer {
    let put = sent.body.put()?;
    actions::prioritise(&viewer.act(&app, sent.key), &viewer, id, put).await?;
    json::one(LeadDone { done: true })
}
