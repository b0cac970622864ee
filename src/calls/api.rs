//! Calls over the API: the desk, a lead in hand, recording and taking back. The same actions as
//! the pages.

use axum::extract::{Path, State as Web};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{self, OwnFigures};
use super::cockpit::Cockpit;
use super::measured::Proposal;
use super::passing::{self, PassForm};
use super::results::CallForm;
use super::{Call, Meaning, Mechanism, complaints, reversal};
use crate::campaigns::hours;
use crate::companies::api::{SuppressionMade, SuppressionSent};
use crate::leads::api::{LeadDone, LeadShown, LeaseShown};
use crate::leads::callbacks::{Callback, CallbackEnd, CallbackOrigin, CallbackState, CancelReason};
use crate::leads::forms::NothingForm;
use crate::leads::resting::{self, Rest, RestKind};
use crate::leads::{self, keeping};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Cursor, Query, Slice, Ui};

/// What became of a recorded call.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordedShown {
    /// The call.
    pub call: CallId,
    /// The meeting it booked.
    pub meeting: Option<MeetingId>,
    /// The next company, leased in the same transaction; null when nobody may be called now, or
    /// the caller rests.
    pub next: Option<LeaseShown>,
    /// Until when the caller rests and is given what was promised alone, RFC 3339.
    pub rests_until: Option<String>,
}

/// One attempt with its two results.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallShown {
    /// Its id.
    pub id: CallId,
    /// Who called.
    pub caller: UserId,
    /// When, RFC 3339.
    pub at: String,
    /// How it ended.
    pub mechanism: Mechanism,
    /// How it ended as the network said; null where it said nothing.
    pub measured: Option<Mechanism>,
    /// Who said how it ended; null where the network's word stands.
    pub mechanism_by: Option<UserId>,
    /// What it meant.
    pub meaning: Meaning,
    /// The coded reason of a refusal.
    pub reason: Option<String>,
    /// What the caller wrote.
    pub note: String,
    /// When it was taken back, RFC 3339.
    pub reversed_at: Option<String>,
}

/// A number of the company in hand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PhoneToCall)]
pub struct PhoneShown {
    /// Its id, to be named in the call.
    pub id: PhoneId,
    /// The number.
    pub e164: String,
    /// Digits to dial after the answer.
    pub extension: Option<String>,
}

/// A lead with its calls; numbers only for who holds it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeadInHand {
    /// The lead.
    pub lead: LeadShown,
    /// Its calls, newest first.
    pub calls: Vec<CallShown>,
    /// Numbers that may be dialled; empty for who does not hold it.
    pub phones: Vec<PhoneShown>,
    /// When calling ends today, RFC 3339; null when one may not call now or does not hold it.
    pub may_call_until: Option<String>,
    /// What the network said of the call that waits for its result; null where it said nothing, and
    /// for who does not hold the lead.
    pub proposal: Option<ProposalShown>,
}

/// Both results as the network knows them; what a call meant is a person's to say.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalShown {
    /// How it ended.
    pub mechanism: Mechanism,
    /// What it meant; null where a person must say it.
    pub meaning: Option<Meaning>,
}

impl From<Proposal> for ProposalShown {
    fn from(said: Proposal) -> Self {
        Self { mechanism: said.mechanism, meaning: said.meaning }
    }
}

/// The caller's desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskShown {
    /// The lead in hand.
    pub held: Option<LeadShown>,
    /// What was done since midnight.
    pub today: OwnFigures,
    /// Promised calls, soonest first.
    pub promised: Vec<LeadShown>,
    /// Why and until when no new company is given.
    pub rest: Option<RestShown>,
}

/// Some minutes without a new company.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestShown {
    /// Why.
    pub kind: RestKind,
    /// How many refusals in a row, minutes of work or rests worked through that was.
    pub value: i64,
    /// Until when, RFC 3339.
    pub until: String,
}

fn shown(call: Call) -> CallShown {
    CallShown {
        id: call.id,
        caller: call.caller,
        at: call.at.rfc3339(),
        mechanism: call.mechanism,
        measured: call.measured,
        mechanism_by: call.mechanism_by,
        meaning: call.meaning,
        reason: call.reason,
        note: call.note,
        reversed_at: call.reversed_at.map(Instant::rfc3339),
    }
}

/// What the caller holds, has done today and has promised.
#[utoipa::path(get, path = "/api/v1/desk", tag = "calls", operation_id = "show_desk",
    responses((status = 200, body = json::One<DeskShown>)))]
pub async fn desk(Web(app): Web<App>, viewer: Viewer) -> Answer {
    let mut tx = app.db.read().await?;
    let now = app.now();
    let midnight = hours::at_minute(now.day(&viewer.zone), 0, &viewer.zone);
    let held = leads::actions::find_held(&mut tx, viewer.org, viewer.id()).await?;
    let promised =
        leads::actions::list_promised(&mut tx, viewer.org, (viewer.id(), now), 100).await?;
    let rest = resting::find(&mut tx, viewer.org, viewer.id(), now).await?;
    let until = |rest: &Rest| rest.until.rfc3339();
    json::one(DeskShown {
        rest: rest.map(|rest| RestShown {
            kind: rest.kind,
            value: rest.value,
            until: until(&rest),
        }),
        held: held.map(|lead| LeadShown::of(lead, now)),
        today: actions::count_own(&mut tx, viewer.org, viewer.id(), midnight).await?,
        promised: promised.into_iter().map(|lead| LeadShown::of(lead, now)).collect(),
    })
}

/// A lead with its calls, for who holds it or may look at it.
#[utoipa::path(get, path = "/api/v1/leads/{lead}", tag = "calls", operation_id = "show_lead",
    params(("lead" = LeadId, Path)),
    responses((status = 200, body = json::One<LeadInHand>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, ui: Ui, Path(id): Path<LeadId>) -> Answer {
    let mut tx = app.db.read().await?;
    let calls = actions::list_for_lead(&mut tx, viewer.org, id).await?;
    let calls = calls.into_iter().map(shown).collect();
    if let Some(cockpit) = Cockpit::of(&mut tx, &viewer, &ui, id).await? {
        // Where there is no number left, as after a ban, nobody may be called at any hour.
        let closes_at = cockpit.closes_at.filter(|_| !cockpit.phones.is_empty());
        let phones = cockpit.phones.into_iter().map(|phone| PhoneShown {
            id: phone.id,
            e164: phone.phone.e164,
            extension: phone.phone.extension,
        });
        return json::one(LeadInHand {
            phones: phones.collect(),
            may_call_until: closes_at.map(Instant::rfc3339),
            proposal: cockpit.proposal.map(ProposalShown::from),
            lead: LeadShown::of(cockpit.lead, ui.now),
            calls,
        });
    }
    let lead = actions::find_seen(&mut tx, &viewer, id).await?;
    let (phones, may_call_until) = (Vec::new(), None);
    let lead = LeadShown::of(lead, ui.now);
    json::one(LeadInHand { lead, calls, phones, may_call_until, proposal: None })
}

/// A call that was promised.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallbackShown {
    /// Its id.
    pub id: CallbackId,
    /// Where it stands.
    pub state: CallbackState,
    /// How it came to be.
    pub origin: CallbackOrigin,
    /// The call in which it was promised.
    pub asked_in: Option<CallId>,
    /// Who promised it.
    pub asked_by: Option<UserId>,
    /// When it was promised, RFC 3339.
    pub made_at: String,
    /// The time that was promised, RFC 3339.
    pub at: String,
    /// Whose it is; null is anyone's.
    pub owner: Option<UserId>,
    /// Who makes it where its owner is away, was shut out, or does not within the grace.
    pub fallback: Option<UserId>,
    /// The zone in which the time was said, as in `Asia/Yekaterinburg`.
    pub zone: Option<String>,
    /// When it ended, RFC 3339; null while it is open.
    pub ended_at: Option<String>,
    /// Who ended it; null where the product did.
    pub ended_by: Option<UserId>,
    /// The call that kept it.
    pub kept_by: Option<CallId>,
    /// Why it will not be made.
    pub cancelled_because: Option<CancelReason>,
}

impl CallbackShown {
    fn of(callback: &Callback, state: CallbackState) -> Self {
        let ended = callback.ended;
        let (kept_by, cancelled_because) = match ended.map(|ended| ended.how) {
            Some(CallbackEnd::Done(call)) => (Some(call), None),
            Some(CallbackEnd::Cancelled(why)) => (None, Some(why)),
            None => (None, None),
        };
        Self {
            id: callback.id,
            state,
            origin: callback.origin,
            asked_in: callback.asked_in,
            asked_by: callback.asked_by,
            made_at: callback.made_at.rfc3339(),
            at: callback.at.rfc3339(),
            owner: callback.owner,
            fallback: callback.fallback,
            zone: callback.zone.clone(),
            ended_at: ended.map(|ended| ended.at.rfc3339()),
            ended_by: ended.and_then(|ended| ended.by),
            kept_by,
            cancelled_because,
        }
    }
}

/// What was promised of a lead and what became of it, newest first; for who may look at the lead.
#[utoipa::path(get, path = "/api/v1/leads/{lead}/callbacks", tag = "calls",
    operation_id = "list_callbacks", params(("lead" = LeadId, Path), Cursor),
    responses((status = 200, body = json::Many<CallbackShown>),
        (status = 404, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn list_callbacks(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let lead = actions::find_seen(&mut tx, &viewer, id).await?;
    let found = keeping::list_of_lead(&mut tx, viewer.org, id, &cursor).await?;
    let now = app.now();
    let shown = |one: &Callback| CallbackShown::of(one, one.state(&lead, now));
    json::many(Slice { rows: found.rows.iter().map(shown).collect(), next: found.next })
}

/// Records a call with both results and leases the next company in the same transaction.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/calls", tag = "calls",
    operation_id = "record_call", request_body = CallForm,
    params(("lead" = LeadId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<RecordedShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn record(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    sent: Sent<CallForm>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let done = actions::record(&act, &viewer, id, &sent.body).await?;
    json::made(RecordedShown {
        call: done.call,
        meeting: done.meeting,
        next: done.next.map(LeaseShown::of),
        rests_until: done.rests_until.map(Instant::rfc3339),
    })
}

/// A call that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenBackShown {
    /// The lead.
    pub lead: LeadId,
    /// Which grant it is, for it is in the caller's hands again; null where the campaign gives them
    /// nothing any more, and the lead waits in its queue.
    pub generation: Option<i64>,
    /// Until when they hold it, RFC 3339.
    pub until: Option<String>,
    /// Its company, where they hold it.
    pub company: Option<CompanyId>,
    /// Fields of which something stays as it is on the card, because it was changed again since:
    /// `phone`, `email`, `contact`, `decision_maker` or `address`.
    pub kept: Vec<String>,
}

/// Takes the caller's last call back with its checks, what they changed and the rest it began; the
/// lead is in their hands again, where they still call for its campaign and it runs.
#[utoipa::path(post, path = "/api/v1/calls/{call}/reversal", tag = "calls",
    operation_id = "reverse_call", request_body = NothingForm,
    params(("call" = CallId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<TakenBackShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn reverse(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CallId>,
    sent: Sent<NothingForm>,
) -> Answer {
    let done = reversal::reverse(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(TakenBackShown {
        lead: done.lead,
        generation: done.grant.map(|grant| grant.generation),
        until: done.grant.map(|grant| grant.until.rfc3339()),
        company: done.grant.map(|grant| grant.company),
        kept: done.kept,
    })
}

/// Gives a company in hand, a call without a result or a promised call to another caller, or back
/// to the queue; for the head of the campaign.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/passing", tag = "leads",
    operation_id = "pass_lead", request_body = PassForm,
    params(("lead" = LeadId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<LeadDone>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn pass_on(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    sent: Sent<PassForm>,
) -> Answer {
    passing::pass(&viewer.act(&app, sent.key), &viewer, id, &sent.body).await?;
    json::one(LeadDone { done: true })
}

/// States that a company must not be contacted, with the numbers that are its own, or one number or
/// person of theirs. A complaint may stop the campaigns that had called it.
#[utoipa::path(post, path = "/api/v1/companies/{company}/suppression", tag = "companies",
    operation_id = "suppress_company", params(("company" = CompanyId, Path), json::KeyHeader),
    request_body = SuppressionSent,
    responses((status = 201, body = json::One<SuppressionMade>),
        (status = 404, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn suppress_company(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<SuppressionSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let wanted = sent.body.read(&viewer.zone, act.now)?;
    let id = complaints::suppress(&act, &viewer, id, wanted).await?;
    json::made(SuppressionMade { id })
}
