//! The same over the API.

use axum::extract::{Path, State as Web};
use serde::Serialize;
use utoipa::ToSchema;

use super::accounts::{self, Phone};
use super::actions::{self, AttemptForm};
use super::recordings::Recording;
use super::trunk::{self, Paused, ResumeForm, Trouble};
use super::{Attempt, EndCause, EndedBy, Origin, Retry, State, recordings};
use crate::leads::forms::NothingForm;
use crate::people::{self, Viewer};
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// One try to reach a number. Times that a machine measured and what a person attested are apart.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attempt)]
pub struct AttemptShown {
    /// Its id.
    pub id: AttemptId,
    /// The lead.
    pub lead: LeadId,
    /// The grant of the lease it was made under.
    pub generation: i64,
    /// Who called.
    pub caller: UserId,
    /// The number, by id.
    pub phone: Option<PhoneId>,
    /// How it was placed.
    pub origin: Origin,
    /// The number of ours that it came from; null where the line has one of its own, or none yet.
    pub own_number: Option<String>,
    /// How far it is.
    pub state: State,
    /// What a machine measured.
    pub measured: MeasuredShown,
    /// When a person said that it took place, RFC 3339; null for what was measured.
    pub attested_at: Option<String>,
    /// How it ended; null while it lasts, and for what nobody measured.
    pub end: Option<EndShown>,
    /// The result that was filed for it; null while there is none.
    pub call: Option<CallId>,
    /// Its recordings that stand.
    pub recordings: Vec<RecordingShown>,
}

/// A recording that one may hear.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recording)]
pub struct RecordingShown {
    /// Its id.
    pub id: RecordingId,
    /// How long it plays, in milliseconds.
    pub duration_ms: i64,
    /// When it is removed, RFC 3339.
    pub until: String,
}

/// Times as a machine measured them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MeasuredTimes)]
pub struct MeasuredShown {
    /// When it was wished for, RFC 3339.
    pub asked_at: Option<String>,
    /// When the number was called.
    pub dialled_at: Option<String>,
    /// When it rang there.
    pub rang_at: Option<String>,
    /// When it was answered.
    pub answered_at: Option<String>,
    /// When it was over.
    pub ended_at: Option<String>,
    /// How long it rang, in milliseconds.
    pub ring_ms: Option<i64>,
    /// How long was talked, in milliseconds.
    pub talk_ms: Option<i64>,
}

/// How an attempt ended, as the network says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AttemptEnd)]
pub struct EndShown {
    /// The cause.
    pub cause: EndCause,
    /// Who ended it.
    pub by: EndedBy,
    /// The final status of SIP.
    pub status: Option<u16>,
    /// The Q.850 cause.
    pub q850: Option<u8>,
    /// When to try again.
    pub retry: Retry,
    /// True if a result is to be filed for it.
    pub counts: bool,
}

/// A number of ours that is not called from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PausedNumber)]
pub struct PausedShown {
    /// The number.
    pub number: String,
    /// Until when, RFC 3339.
    pub until: String,
    /// Where whoever blocks it says that one may ask; null where they say nothing.
    pub contact: Option<String>,
}

impl From<Paused> for PausedShown {
    fn from(one: Paused) -> Self {
        Self { number: one.number, until: one.until.rfc3339(), contact: one.contact }
    }
}

/// What is wrong with a way out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrunkTrouble)]
pub struct TroubleShown {
    /// How the last call ended that came to nothing.
    pub cause: EndCause,
    /// Since when they do, RFC 3339.
    pub since: String,
    /// Until when it gets no calls; null where it gets them.
    pub closed_until: Option<String>,
}

impl From<Trouble> for TroubleShown {
    fn from(one: Trouble) -> Self {
        let closed_until = one.closed_until.map(Instant::rfc3339);
        Self { cause: one.cause, since: one.since.rfc3339(), closed_until }
    }
}

/// A number of ours is called from again, before its pause is over; answers those that pause.
#[utoipa::path(post, path = "/api/v1/own-numbers/resumption", tag = "telephony",
    operation_id = "resume_own_number", request_body = ResumeForm,
    params(json::KeyHeader),
    responses((status = 200, body = json::Many<PausedShown>),
        (status = 404, body = json::Problem)))]
pub async fn resume(Web(app): Web<App>, viewer: Viewer, sent: Sent<ResumeForm>) -> Answer {
    trunk::resume(&viewer.act(&app, sent.key), &sent.body).await?;
    let paused = trunk::list_paused(&mut app.db.read().await?, viewer.org, app.now()).await?;
    json::many(Slice { rows: paused.into_iter().map(PausedShown::from).collect(), next: None })
}

fn shown((attempt, recordings): (Attempt, Vec<Recording>)) -> AttemptShown {
    let text = |at: Option<Instant>| at.map(Instant::rfc3339);
    let measured = attempt.measured;
    AttemptShown {
        id: attempt.id,
        lead: attempt.lead,
        generation: attempt.generation,
        caller: attempt.caller,
        phone: attempt.phone,
        origin: attempt.origin,
        own_number: attempt.own_number,
        state: attempt.state,
        measured: MeasuredShown {
            asked_at: text(measured.asked_at),
            dialled_at: text(measured.dialled_at),
            rang_at: text(measured.rang_at),
            answered_at: text(measured.answered_at),
            ended_at: text(measured.ended_at),
            ring_ms: measured.ring_ms,
            talk_ms: measured.talk_ms,
        },
        attested_at: text(attempt.attested_at),
        end: attempt.end.map(|end| EndShown {
            cause: end.cause,
            by: end.by,
            status: end.status,
            q850: end.q850,
            retry: end.cause.retry(),
            counts: attempt.origin != Origin::In && end.is_counted(),
        }),
        call: attempt.call,
        recordings: recordings
            .into_iter()
            .map(|one| RecordingShown {
                id: one.id,
                duration_ms: one.duration_ms,
                until: one.until.rfc3339(),
            })
            .collect(),
    }
}

/// An attempt of the viewer's own with its recordings.
async fn own(app: &App, viewer: &Viewer, id: AttemptId) -> Outcome<(Attempt, Vec<Recording>)> {
    let mut tx = app.db.read().await?;
    let found = actions::find(&mut tx, viewer.org, id).await?;
    let own = found.filter(|attempt| attempt.caller == viewer.id()).ok_or(Error::NotFound)?;
    let of = std::slice::from_ref(&own);
    let heard = recordings::list_heard(&mut tx, viewer, (own.lead, of), app.now()).await?;
    Ok((own, heard))
}

/// Calls a number of the company in hand through the caller's registered phone. Refused with the
/// rule and until when, where the company may not be called now; while a call of theirs is under
/// way; and while one has no result.
#[utoipa::path(post, path = "/api/v1/leads/{lead}/attempts", tag = "telephony",
    operation_id = "place_attempt", request_body = AttemptForm,
    params(("lead" = LeadId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<AttemptShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn place(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    sent: Sent<AttemptForm>,
) -> Answer {
    let placed = actions::place(&viewer.act(&app, sent.key), &viewer, id, &sent.body).await?;
    json::made(shown(own(&app, &viewer, placed).await?))
}

/// An attempt of the caller's own.
#[utoipa::path(get, path = "/api/v1/attempts/{attempt}", tag = "telephony",
    operation_id = "show_attempt", params(("attempt" = AttemptId, Path)),
    responses((status = 200, body = json::One<AttemptShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<AttemptId>) -> Answer {
    json::one(shown(own(&app, &viewer, id).await?))
}

/// Hangs up, or takes back what is not answered. How it ended is told by the attempt.
#[utoipa::path(post, path = "/api/v1/attempts/{attempt}/hang-up", tag = "telephony",
    operation_id = "hang_up_attempt", request_body = NothingForm,
    params(("attempt" = AttemptId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<AttemptShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn hang_up(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<AttemptId>,
    sent: Sent<NothingForm>,
) -> Answer {
    actions::hang_up(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(shown(own(&app, &viewer, id).await?))
}

/// A person's phone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PhoneAccount)]
pub struct PhoneShown {
    /// The name it registers by; null without an account.
    pub name: Option<String>,
    /// Where it registers; null while no engine runs.
    pub server: Option<String>,
    /// True while it is registered.
    pub is_here: bool,
    /// True while calls go out from it.
    pub is_trunk_up: bool,
    /// Its password, in the one answer that makes it.
    pub password: Option<String>,
}

fn phone_shown(phone: Phone, password: Option<String>) -> PhoneShown {
    PhoneShown {
        is_here: phone.is_here(),
        is_trunk_up: phone.is_trunk_up(),
        server: phone.running.map(|running| running.place),
        name: phone.name,
        password,
    }
}

/// One's own phone.
#[utoipa::path(get, path = "/api/v1/phone", tag = "telephony", operation_id = "show_own_phone",
    responses((status = 200, body = json::One<PhoneShown>)))]
pub async fn own_phone(Web(app): Web<App>, viewer: Viewer) -> Answer {
    let mut tx = app.db.read().await?;
    json::one(phone_shown(accounts::find(&mut tx, viewer.org, viewer.id(), app.now()).await?, None))
}

async fn phone_of(app: &App, viewer: &Viewer, id: UserId) -> Outcome<Phone> {
    let mut tx = app.db.read().await?;
    people::actions::find_user(&mut tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    accounts::find(&mut tx, viewer.org, id, app.now()).await
}

/// The phone of a person.
#[utoipa::path(get, path = "/api/v1/people/{user}/phone", tag = "telephony",
    operation_id = "show_phone", params(("user" = UserId, Path)),
    responses((status = 200, body = json::One<PhoneShown>),
        (status = 404, body = json::Problem)))]
pub async fn account(Web(app): Web<App>, viewer: Viewer, Path(id): Path<UserId>) -> Answer {
    json::one(phone_shown(phone_of(&app, &viewer, id).await?, None))
}

/// Gives a person a phone account, or their account another password. A repeat answers without one.
#[utoipa::path(post, path = "/api/v1/people/{user}/phone", tag = "telephony",
    operation_id = "make_phone", request_body = NothingForm,
    params(("user" = UserId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PhoneShown>),
        (status = 404, body = json::Problem)))]
pub async fn make_account(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<UserId>,
    sent: Sent<NothingForm>,
) -> Answer {
    let password = accounts::make(&viewer.act(&app, sent.key), id).await?;
    let phone = phone_of(&app, &viewer, id).await?;
    json::one(phone_shown(phone, password.map(|password| password.0)))
}

/// Takes a person's phone account away.
#[utoipa::path(post, path = "/api/v1/people/{user}/phone/removal", tag = "telephony",
    operation_id = "remove_phone", request_body = NothingForm,
    params(("user" = UserId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<PhoneShown>),
        (status = 404, body = json::Problem)))]
pub async fn remove_account(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<UserId>,
    sent: Sent<NothingForm>,
) -> Answer {
    accounts::remove(&viewer.act(&app, sent.key), id).await?;
    json::one(phone_shown(phone_of(&app, &viewer, id).await?, None))
}

/// The sound of a call as a WAV file: the caller on the left, the other end on the right. For the
/// caller, the head of their team and the owner; that it was asked for is recorded.
#[utoipa::path(get, path = "/api/v1/recordings/{recording}", tag = "telephony",
    operation_id = "listen_to_recording", params(("recording" = RecordingId, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "audio/wav"),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn listen(Web(app): Web<App>, viewer: Viewer, Path(id): Path<RecordingId>) -> Answer {
    super::pages::sound(recordings::hear(&viewer.act(&app, None), &viewer, id).await?)
}
