//! Campaigns over the API. The same actions as the pages.

mod policy;
pub mod reasons;

pub use policy::PolicySent;

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::passport::PassportField;
use super::terms::CampaignTerms;
use super::{Campaign, CampaignState, LegalBasis, Member, Purpose, Segment, TargetAction, actions};
use crate::people::Viewer;
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::*;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Query, Slice};

/// What a campaign is set to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsSent {
    /// What it is called by.
    pub name: String,
    /// The team that calls; a head's own team whatever is sent.
    #[serde(default)]
    pub team: Option<TeamId>,
    /// The principal who ordered it.
    #[serde(default)]
    pub principal: Option<UserId>,
    /// `three_tiers`, `two_tiers`, `hunter_keeps`.
    pub engagement: String,
    /// What the calls are for.
    pub purpose: Purpose,
    /// Why we may call.
    pub legal_basis: LegalBasis,
    /// Over which part of the base.
    #[serde(default)]
    pub segment: Segment,
    /// When and how often.
    pub policy: PolicySent,
    /// What must be known before a lead may cross.
    pub passport: Vec<PassportField>,
    /// What pays tier 1.
    pub targets: Vec<TargetAction>,
    /// The first version of the script; only when a campaign is made.
    #[serde(default)]
    pub script: String,
    /// The version that was seen; only when a campaign is changed.
    #[serde(default)]
    pub version: i64,
}

impl TermsSent {
    fn read(&self, country: Country) -> Outcome<CampaignTerms> {
        let engagement: Result<EngagementPolicy, ()> = self.engagement.parse();
        Ok(CampaignTerms {
            name: without_unseen(self.name.trim()),
            principal: self.principal,
            engagement: engagement.map_err(|()| Fields::one("engagement", "unknown-choice"))?,
            purpose: self.purpose,
            legal_basis: self.legal_basis,
            segment: self.segment.clone(),
            policy: self.policy.read(country),
            passport: self.passport.clone(),
            targets: self.targets.clone(),
        })
    }
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignShown {
    /// Its id.
    pub id: CampaignId,
    /// The number people read aloud.
    pub number: i64,
    /// What it is called by.
    pub name: String,
    /// The team that calls.
    pub team: Option<TeamId>,
    /// The principal who ordered it.
    pub principal: Option<UserId>,
    /// Where it stands.
    pub state: CampaignState,
    /// `three_tiers`, `two_tiers`, `hunter_keeps`.
    pub engagement: String,
    /// What the calls are for.
    pub purpose: Purpose,
    /// Why we may call.
    pub legal_basis: LegalBasis,
    /// Over which part of the base.
    pub segment: Segment,
    /// When and how often.
    pub policy: PolicySent,
    /// What must be known before a lead may cross.
    pub passport: Vec<PassportField>,
    /// What pays tier 1.
    pub targets: Vec<TargetAction>,
    /// What a change has to name.
    pub version: i64,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// When it first ran, RFC 3339.
    pub launched_at: Option<String>,
    /// When complaints stopped it, RFC 3339; null unless a launch has to say why it goes on.
    pub complained_at: Option<String>,
}

fn shown(campaign: Campaign) -> CampaignShown {
    CampaignShown {
        id: campaign.id,
        number: campaign.number,
        team: campaign.team,
        principal: campaign.principal,
        state: campaign.state,
        engagement: campaign.engagement.code().to_owned(),
        purpose: campaign.purpose,
        legal_basis: campaign.legal_basis,
        policy: PolicySent::of(&campaign.policy),
        version: campaign.version,
        made_at: campaign.made_at.rfc3339(),
        launched_at: campaign.launched_at.map(Instant::rfc3339),
        complained_at: campaign.complained_at.map(Instant::rfc3339),
        name: campaign.name,
        segment: campaign.segment,
        passport: campaign.passport,
        targets: campaign.targets,
    }
}

/// Somebody who works in a campaign.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberSent {
    /// Who.
    pub user: UserId,
    /// In which tier: 1, 2, 3.
    pub tier: i64,
}

impl MemberSent {
    fn read(&self) -> Outcome<Member> {
        let tier = Tier::of_rank(self.tier).ok_or_else(|| Fields::one("tier", "unknown-choice"))?;
        Ok(Member { user: self.user, tier })
    }
}

/// A version of the script.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScriptShown {
    /// 1, 2, 3…
    pub version: i64,
    /// The text in its markup.
    pub body: String,
    /// When it was written, RFC 3339.
    pub made_at: String,
}

/// A script to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptSent {
    /// The text: `# heading`, `> words`, `[ ] checkpoint`, `? objection`.
    pub script: String,
}

/// How many companies a segment holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct SegmentCounted {
    /// Companies that may become leads.
    pub companies: i64,
    /// Of them, those without a record of the ground that was named, whom nobody may call; null
    /// where none was.
    pub groundless: Option<i64>,
}

/// What else may be asked of a segment.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct SegmentAsked {
    /// The ground that a campaign would name.
    pub legal_basis: Option<LegalBasis>,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignMade {
    /// Its id.
    pub id: CampaignId,
}

/// A change that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// Always true.
    pub done: bool,
}

const DONE: Done = Done { done: true };

/// Campaigns one may know of, the running ones first.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "campaigns",
    operation_id = "list_campaigns", responses((status = 200, body = json::Many<CampaignShown>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer) -> Answer {
    let all = actions::list(&mut app.db.read().await?, &viewer.scope()).await?;
    json::many(Slice { rows: all.into_iter().map(shown).collect(), next: None })
}

/// One campaign.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}", tag = "campaigns",
    operation_id = "show_campaign", params(("campaign" = CampaignId, Path)),
    responses((status = 200, body = json::One<CampaignShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<CampaignId>) -> Answer {
    json::one(shown(actions::find_seen(&mut app.db.read().await?, &viewer.scope(), id).await?))
}

/// Makes a campaign in draft.
#[utoipa::path(post, path = "/api/v1/campaigns", tag = "campaigns",
    operation_id = "make_campaign", request_body = TermsSent, params(json::KeyHeader),
    responses((status = 201, body = json::One<CampaignMade>),
        (status = 422, body = json::Problem)))]
pub async fn make(Web(app): Web<App>, viewer: Viewer, sent: Sent<TermsSent>) -> Answer {
    let act = viewer.act(&app, sent.key);
    let (terms, team, script) =
        (sent.body.read(viewer.country)?, sent.body.team, &sent.body.script);
    json::made(CampaignMade { id: actions::make(&act, &viewer, terms, team, script).await? })
}

/// Sets new terms over those of the version that was seen.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}", tag = "campaigns",
    operation_id = "change_campaign", request_body = TermsSent,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Done>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn change(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<TermsSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let terms = sent.body.read(viewer.country)?;
    actions::change(&act, &viewer, (id, sent.body.version), terms).await?;
    json::one(DONE)
}

/// Counts the companies of a segment that may become leads. Changes nothing.
#[utoipa::path(post, path = "/api/v1/segments/count", tag = "campaigns",
    operation_id = "count_segment", request_body = Segment, params(SegmentAsked, json::KeyHeader),
    responses((status = 200, body = json::One<SegmentCounted>)))]
pub async fn count(
    Web(app): Web<App>,
    viewer: Viewer,
    Query(asked): Query<SegmentAsked>,
    sent: Sent<Segment>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (org, now) = (viewer.org, app.now());
    let companies = actions::count_segment(&mut tx, org, &sent.body, None, now).await?;
    let mut groundless = None;
    if let Some(ground) = asked.legal_basis {
        let of = (&sent.body, ground);
        groundless = Some(actions::count_groundless(&mut tx, org, of, None, now).await?);
    }
    json::one(SegmentCounted { companies, groundless })
}

/// Everybody who works in a campaign.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/members", tag = "campaigns",
    operation_id = "list_campaign_members", params(("campaign" = CampaignId, Path)),
    responses((status = 200, body = json::Many<MemberSent>),
        (status = 404, body = json::Problem)))]
pub async fn members(Web(app): Web<App>, viewer: Viewer, Path(id): Path<CampaignId>) -> Answer {
    let mut tx = app.db.read().await?;
    actions::find_seen(&mut tx, &viewer.scope(), id).await?;
    let all = actions::list_all_members(&mut tx, viewer.org, id).await?;
    let told = |member: Member| MemberSent { user: member.user, tier: member.tier.rank() };
    json::many(Slice { rows: all.into_iter().map(told).collect(), next: None })
}

/// Adds a person to a tier of a campaign.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/members", tag = "campaigns",
    operation_id = "add_campaign_member", request_body = MemberSent,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Done>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn add_member(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<MemberSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::add_member(&act, &viewer, id, sent.body.read()?).await?;
    json::one(DONE)
}

/// Takes a person out of a tier of a campaign.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/members/removal", tag = "campaigns",
    operation_id = "remove_campaign_member", request_body = MemberSent,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Done>), (status = 404, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn remove_member(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<MemberSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::remove_member(&act, &viewer, id, sent.body.read()?).await?;
    json::one(DONE)
}

/// Every version of the script, newest first.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}/scripts", tag = "campaigns",
    operation_id = "list_scripts", params(("campaign" = CampaignId, Path)),
    responses((status = 200, body = json::Many<ScriptShown>),
        (status = 404, body = json::Problem)))]
pub async fn scripts(Web(app): Web<App>, viewer: Viewer, Path(id): Path<CampaignId>) -> Answer {
    let mut tx = app.db.read().await?;
    actions::find_seen(&mut tx, &viewer.scope(), id).await?;
    let all = actions::list_scripts(&mut tx, viewer.org, id).await?;
    let rows = all.into_iter().map(|script| ScriptShown {
        version: script.version,
        body: script.body,
        made_at: script.made_at.rfc3339(),
    });
    json::many(Slice { rows: rows.collect(), next: None })
}

/// Writes a new version of the script.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/scripts", tag = "campaigns",
    operation_id = "write_script", request_body = ScriptSent,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Done>), (status = 404, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn write_script(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<ScriptSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::write_script(&act, &viewer, id, &sent.body.script).await?;
    json::one(DONE)
}

/// Pauses a running campaign.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/pause", tag = "campaigns",
    operation_id = "pause_campaign", request_body = Nothing,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Done>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn pause(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::pause(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(DONE)
}

/// Stops a campaign for good.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/stop", tag = "campaigns",
    operation_id = "stop_campaign", request_body = Nothing,
    params(("campaign" = CampaignId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<Done>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn stop(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::stop(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(DONE)
}
