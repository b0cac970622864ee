//! Hand-offs over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::cards::View;
use super::rates::{Rates, total};
use super::{Handoff, HandoffState, Offered, Opened, actions};
use crate::campaigns::passport::{self, Passport, PassportField};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Cursor, Query, Slice};

/// A hand-off.
#[derive(Debug, Serialize, ToSchema)]
pub struct HandoffShown {
    /// Its id.
    pub id: HandoffId,
    /// The number people read aloud.
    pub number: i64,
    /// Tier it comes from: 1, 2, 3.
    pub from_tier: i64,
    /// Tier it goes to.
    pub to_tier: i64,
    /// Whose company it is.
    pub company: CompanyId,
    /// The campaign it came from.
    pub campaign: Option<CampaignId>,
    /// The lead that is offered.
    pub lead: Option<LeadId>,
    /// The contract that is offered.
    pub contract: Option<ContractId>,
    /// The client that is offered for more.
    pub client: Option<ClientId>,
    /// The meeting booked for it.
    pub meeting: Option<MeetingId>,
    /// The offer of the same record that this one repeats.
    pub again_of: Option<HandoffId>,
    /// Who offers.
    pub giver: UserId,
    /// To whom; nobody where it is open to a whole team.
    pub receiver: Option<UserId>,
    /// The receiver's team.
    pub receiver_team: Option<TeamId>,
    /// The passport: answers by field.
    pub passport: Value,
    /// `offered`, `accepted`, `rejected`, `expired`.
    pub state: String,
    /// When it was offered, RFC 3339.
    pub offered_at: String,
    /// Until when it waits, RFC 3339.
    pub due_at: String,
    /// Who answered.
    pub answered_by: Option<UserId>,
    /// When, RFC 3339.
    pub answered_at: Option<String>,
    /// Working minutes until the answer.
    pub delay_minutes: Option<i64>,
    /// Why it was sent back.
    pub reason: Option<String>,
    /// What was said about it.
    pub comment: String,
    /// The opportunity its acceptance opened.
    pub opportunity: Option<OpportunityId>,
    /// The client its acceptance opened.
    pub opened_client: Option<ClientId>,
    /// The contest of its rejection.
    pub dispute: Option<DisputeShown>,
}

/// The contest of a rejection.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputeShown {
    /// Why the giver contests.
    pub words: String,
    /// Since when, RFC 3339.
    pub at: String,
    /// `upheld` or `overturned`; nothing while it is open.
    pub decision: Option<String>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When, RFC 3339.
    pub decided_at: Option<String>,
    /// Why.
    pub decision_words: String,
}

impl HandoffShown {
    fn of(handoff: Handoff) -> Self {
        let (lead, contract, client) = match handoff.offered {
            Offered::Lead(id) => (Some(id), None, None),
            Offered::Contract(id) => (None, Some(id), None),
            Offered::Client(id) => (None, None, Some(id)),
        };
        let (opportunity, opened_client) = match handoff.opened {
            Some(Opened::Opportunity(id)) => (Some(id), None),
            Some(Opened::Client(id)) => (None, Some(id)),
            None => (None, None),
        };
        let (from_tier, to_tier) = (handoff.from().rank(), handoff.to().rank());
        let answered = handoff.answered;
        Self {
            id: handoff.id,
            number: handoff.number,
            from_tier,
            to_tier,
            company: handoff.company,
            campaign: handoff.campaign,
            lead,
            contract,
            client,
            meeting: handoff.meeting,
            again_of: handoff.again_of,
            giver: handoff.giver,
            receiver: handoff.receiver.user,
            receiver_team: handoff.receiver.team,
            passport: passport::to_json(&handoff.passport),
            state: handoff.state.code().to_owned(),
            offered_at: handoff.offered_at.rfc3339(),
            due_at: handoff.due_at.rfc3339(),
            answered_by: answered.as_ref().and_then(|a| a.by),
            answered_at: answered.as_ref().map(|a| a.at.rfc3339()),
            delay_minutes: answered.as_ref().map(|a| a.delay_minutes),
            reason: answered.as_ref().and_then(|a| a.reason).map(|r| r.code().to_owned()),
            comment: answered.map(|a| a.comment).unwrap_or_default(),
            opportunity,
            opened_client,
            dispute: handoff.dispute.map(DisputeShown::of),
        }
    }
}

impl DisputeShown {
    fn of(dispute: super::Dispute) -> Self {
        let decided = dispute.decided;
        Self {
            words: dispute.words,
            at: dispute.at.rfc3339(),
            decision: decided.as_ref().map(|d| d.decision.code().to_owned()),
            decided_by: decided.as_ref().and_then(|d| d.by),
            decided_at: decided.as_ref().map(|d| d.at.rfc3339()),
            decision_words: decided.map(|d| d.words).unwrap_or_default(),
        }
    }
}

/// Which hand-offs are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct HandoffParams {
    /// `inbox`: what waits for me; `given`: mine; `all`: of my team or firm; `disputes`.
    view: Option<String>,
    /// With `all`: only those in this state.
    state: Option<String>,
    /// The cursor of the page before.
    after: Option<String>,
    /// Rows of a page, 1 to 100.
    limit: Option<i64>,
}

/// A rejection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectionSent {
    /// Code of the reason.
    pub reason: String,
    /// What the giver should know; required with `other`.
    #[serde(default)]
    pub comment: String,
}

/// A contest of a rejection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContestSent {
    /// Why the rejection is wrong.
    pub words: String,
}

/// The decision of a contest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandoffDecision)]
pub struct DecisionSent {
    /// `upheld` or `overturned`.
    pub decision: String,
    /// Why.
    pub words: String,
    /// Whom to offer it to again; by turn when it is left out.
    #[serde(default)]
    pub to: Option<UserId>,
}

/// Another receiver.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiverSent {
    /// To whom.
    pub to: UserId,
}

/// A passport to be offered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferSent {
    /// Answers by field: `who`, `need`, `budget`, `timing`, `promises`, `next_step`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub passport: Map<String, Value>,
    /// To whom; by turn when it is left out.
    #[serde(default)]
    pub to: Option<UserId>,
}

/// What an acceptance opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptanceMade {
    /// The opportunity, where a lead or an up-sell was taken.
    pub opportunity: Option<OpportunityId>,
    /// The client, where a contract was taken.
    pub client: Option<ClientId>,
}

/// The id of a new hand-off.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferMade {
    /// Its id; nothing where there was nothing to offer again.
    pub handoff: Option<HandoffId>,
}

/// How offers fared within the last 90 days.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatesShown {
    /// `given` or `taken`.
    pub side: String,
    /// `mine` or `team`.
    pub whose: String,
    /// Offers.
    pub offered: i64,
    /// Taken.
    pub accepted: i64,
    /// Sent back.
    pub rejected: i64,
    /// Rejections overturned.
    pub overturned: i64,
    /// Left to run out.
    pub expired: i64,
    /// Working minutes until an answer on average.
    pub delay_minutes_mean: Option<i64>,
}

/// Hand-offs of one view.
#[utoipa::path(get, path = "/api/v1/handoffs", tag = "handoffs",
    operation_id = "list_handoffs", params(HandoffParams),
    responses((status = 200, body = json::Many<HandoffShown>),
        (status = 422, body = json::Problem)))]
pub async fn list(
    Web(app): Web<App>,
    viewer: Viewer,
    Query(asked): Query<HandoffParams>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let scope = viewer.scope();
    let cursor = Cursor { after: asked.after, limit: asked.limit };
    let (limit, before) = (cursor.limit(), cursor.after().parse().unwrap_or(i64::MAX));
    let state: Option<HandoffState> = match asked.state.as_deref() {
        Some(code) => Some(code.parse().map_err(|()| Fields::one("state", "unknown-choice"))?),
        None => None,
    };
    let view = View::asked(asked.view.as_deref(), &viewer);
    let found = match view {
        View::Inbox => actions::list_waiting(&mut tx, &scope, 100).await?,
        View::Disputes => actions::list_contested(&mut tx, &scope, 100).await?,
        View::Given => actions::list_given(&mut tx, &scope, before, limit + 1).await?,
        View::All | View::Rates => {
            actions::list_seen(&mut tx, &scope, state, before, limit + 1).await?
        }
    };
    let limit = if matches!(view, View::Inbox | View::Disputes) { 100 } else { limit };
    let Slice { rows, next } = Slice::cut(found, limit, |handoff| handoff.number.to_string());
    json::many(Slice { rows: rows.into_iter().map(HandoffShown::of).collect(), next })
}

/// One hand-off.
#[utoipa::path(get, path = "/api/v1/handoffs/{handoff}", tag = "handoffs",
    operation_id = "show_handoff", params(("handoff" = HandoffId, Path)),
    responses((status = 200, body = json::One<HandoffShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<HandoffId>) -> Answer {
    let mut tx = app.db.read().await?;
    let found = actions::find(&mut tx, &viewer.scope(), id).await?;
    json::one(HandoffShown::of(found.ok_or(Error::NotFound)?))
}

/// How offers fare: my own, and those of my whole team.
#[utoipa::path(get, path = "/api/v1/handoffs/rates", tag = "handoffs",
    operation_id = "list_handoff_rates",
    responses((status = 200, body = json::Many<RatesShown>)))]
pub async fn rates(Web(app): Web<App>, viewer: Viewer) -> Answer {
    let mut tx = app.db.read().await?;
    let pairs = actions::list_pairs(&mut tx, viewer.org, app.now()).await?;
    let (me, team) = (Some(viewer.id()), viewer.user.team);
    let in_team = |of: Option<TeamId>| team.is_some() && of == team;
    let rows = vec![
        shown("given", "mine", total(&pairs, |pair| Some(pair.giver) == me)),
        shown("given", "team", total(&pairs, |pair| in_team(pair.giver_team))),
        shown("taken", "mine", total(&pairs, |pair| pair.receiver == me)),
        shown("taken", "team", total(&pairs, |pair| in_team(pair.receiver_team))),
    ];
    json::many(Slice { rows, next: None })
}

fn shown(side: &str, whose: &str, rates: Rates) -> RatesShown {
    RatesShown {
        side: side.to_owned(),
        whose: whose.to_owned(),
        offered: rates.offered,
        accepted: rates.accepted,
        rejected: rates.rejected,
        overturned: rates.overturned,
        expired: rates.expired,
        delay_minutes_mean: rates.delay_minutes_mean(),
    }
}

/// Takes the offer.
#[utoipa::path(post, path = "/api/v1/handoffs/{handoff}/acceptance", tag = "handoffs",
    operation_id = "accept_handoff", params(("handoff" = HandoffId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<AcceptanceMade>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn accept(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<HandoffId>,
    sent: Sent<Nothing>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    json::made(match actions::accept(&act, &viewer, id).await? {
        Opened::Opportunity(id) => AcceptanceMade { opportunity: Some(id), client: None },
        Opened::Client(id) => AcceptanceMade { opportunity: None, client: Some(id) },
    })
}

/// Sends the offer back with a reason.
#[utoipa::path(post, path = "/api/v1/handoffs/{handoff}/rejection", tag = "handoffs",
    operation_id = "reject_handoff", request_body = RejectionSent,
    params(("handoff" = HandoffId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<HandoffShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn reject(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<HandoffId>,
    sent: Sent<RejectionSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let reason =
        sent.body.reason.parse().map_err(|()| Fields::one("reason", "rejection-reason"))?;
    actions::reject(&act, &viewer, id, reason, &sent.body.comment).await?;
    show(Web(app), viewer, Path(id)).await
}

/// Contests a rejection.
#[utoipa::path(post, path = "/api/v1/handoffs/{handoff}/dispute", tag = "handoffs",
    operation_id = "contest_rejection", request_body = ContestSent,
    params(("handoff" = HandoffId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<HandoffShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn contest(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<HandoffId>,
    sent: Sent<ContestSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::contest(&act, &viewer, id, &sent.body.words).await?;
    show(Web(app), viewer, Path(id)).await
}

/// Decides a contested rejection; says which offer repeats what was overturned.
#[utoipa::path(post, path = "/api/v1/handoffs/{handoff}/decision", tag = "handoffs",
    operation_id = "decide_dispute", request_body = DecisionSent,
    params(("handoff" = HandoffId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<OfferMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn decide(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<HandoffId>,
    sent: Sent<DecisionSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let DecisionSent { decision, words, to } = sent.body;
    let decision = decision.parse().map_err(|()| Fields::one("decision", "unknown-choice"))?;
    let handoff = actions::decide(&act, &viewer, id, (decision, &words), to).await?;
    json::one(OfferMade { handoff })
}

/// Passes an open offer on to somebody else of the tier.
#[utoipa::path(post, path = "/api/v1/handoffs/{handoff}/receiver", tag = "handoffs",
    operation_id = "reassign_handoff", request_body = ReceiverSent,
    params(("handoff" = HandoffId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<HandoffShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn reassign(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<HandoffId>,
    sent: Sent<ReceiverSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::reassign(&act, &viewer, id, sent.body.to).await?;
    show(Web(app), viewer, Path(id)).await
}

/// Offers a contract or a client again after it came back.
#[utoipa::path(post, path = "/api/v1/handoffs/{handoff}/offers", tag = "handoffs",
    operation_id = "offer_again", request_body = OfferSent,
    params(("handoff" = HandoffId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<OfferMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn offer_again(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<HandoffId>,
    sent: Sent<OfferSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let (answers, to) = (sent.body.answers()?, sent.body.to);
    let handoff = actions::offer_again(&act, &viewer, id, answers, to).await?;
    json::made(OfferMade { handoff: Some(handoff) })
}

/// Offers a client back to tier 2, where they may buy more.
#[utoipa::path(post, path = "/api/v1/clients/{client}/upsell", tag = "handoffs",
    operation_id = "offer_upsell", request_body = OfferSent,
    params(("client" = ClientId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<OfferMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn offer_upsell(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ClientId>,
    sent: Sent<OfferSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let (answers, to) = (sent.body.answers()?, sent.body.to);
    let handoff = actions::offer_upsell(&act, &viewer, id, answers, to).await?;
    json::made(OfferMade { handoff: Some(handoff) })
}

impl OfferSent {
    /// The answers; a field that no passport has is refused, never left out silently.
    fn answers(&self) -> Outcome<Passport> {
        let mut answers = Passport::new();
        for (code, answer) in &self.passport {
            let field: PassportField =
                code.parse().map_err(|()| Fields::one("passport", "unknown-choice"))?;
            let text = answer.as_str().ok_or_else(|| Fields::one(field.field(), "required"))?;
            answers.insert(field, text.trim().to_owned());
        }
        Ok(answers)
    }
}
