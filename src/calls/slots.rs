//! The free times of those who may hold a talk: beside the form, over the API, and the booking of
//! one of them.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions;
use super::results::{Booking, MEETING_MINUTES, SLOT};
use crate::campaigns::Campaign;
use crate::companies;
use crate::leads::Lead;
use crate::meetings::booking::{self, Found, Wanted};
use crate::meetings::slots::Slot;
use crate::meetings::{self, MINUTES_MAX, MINUTES_MIN, NewMeeting};
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::values::*;
use crate::web::json;
use crate::web::{Answer, App, Query, Slice, Ui, format};

/// The free times of one day, in the client's zone.
pub struct SlotDay {
    /// The day.
    pub day: String,
    /// Its times: what is sent, and what is read.
    pub times: Vec<(String, String)>,
}

/// Books the talk that was agreed, with whoever is free and is next in turn.
pub(super) async fn book_in(
    tx: &mut Tx,
    act: &Act,
    (viewer, booker): (&Viewer, UserId),
    (campaign, lead): (&Campaign, &Lead),
    booked: &Booking,
) -> Outcome<MeetingId> {
    let theirs = zone_of(tx, viewer, lead).await?;
    let hours = booking::hours(tx, act.org, campaign, theirs.clone()).await?;
    // What is typed was agreed, whenever that is; what is chosen is one of those that are offered.
    let unknown = || Fields::one(SLOT, "unknown-choice");
    let is_chosen = booked.field == SLOT;
    if is_chosen && !hours.offers(booked.starts_at, booked.minutes, act.now) {
        return Err(unknown());
    }
    let wanted = Wanted { hours, starts_at: booked.starts_at, minutes: booked.minutes };
    let host = match booking::find_host_in(tx, act, (campaign, booker), &wanted).await? {
        Found::Host(user) => Some(user),
        Found::Open if is_chosen => return Err(unknown()),
        Found::Open => None,
        Found::Taken(free) => return Err(taken(booked, &free, (viewer.user.lang, &theirs))),
    };
    let new = NewMeeting {
        company: lead.company,
        campaign: Some(campaign.id),
        lead: Some(lead.id),
        contact: None,
        booker,
        host,
        starts_at: booked.starts_at,
        minutes: booked.minutes,
        place: booked.place.clone(),
    };
    meetings::actions::book_in(tx, act, new).await
}

/// Nobody is free then; says when somebody is, by the client's clock.
fn taken(booked: &Booking, free: &[Slot], (lang, zone): (Lang, &Zone)) -> Error {
    let mut fields = Fields::default();
    let told =
        |at: Instant| format!("{} {}", format::near_day(lang, at, zone), format::time(at, zone));
    let free: Vec<String> = free.iter().map(|slot| told(slot.starts_at)).collect();
    let time = told(booked.starts_at);
    match free.is_empty() {
        true => fields.note_with(booked.field, "meeting-nobody-free", vec![("time", time)]),
        false => {
            let said = vec![("time", time), ("free", free.join(" · "))];
            fields.note_with(booked.field, "meeting-taken", said);
        }
    }
    Error::Invalid(fields)
}

/// The company's zone; the firm's where it is not known.
async fn zone_of(tx: &mut Tx, viewer: &Viewer, lead: &Lead) -> Outcome<Zone> {
    let company = companies::actions::find(tx, viewer.org, lead.company).await?;
    Ok(company.ok_or(Error::NotFound)?.zone_or(&viewer.zone))
}

/// The free times as the form offers them, by day of the client's calendar.
pub(super) async fn days(
    tx: &mut Tx,
    (viewer, ui): (&Viewer, &Ui),
    campaign: &Campaign,
    theirs: &Zone,
) -> Outcome<Vec<SlotDay>> {
    let hours = booking::hours(tx, viewer.org, campaign, theirs.clone()).await?;
    let whose = (campaign, viewer.id());
    let asked = (&hours, MEETING_MINUTES);
    let free = booking::list_free(tx, viewer.org, whose, asked, ui.now).await?;
    Ok(by_day(ui, &free, theirs))
}

/// Free times by day of the client's calendar, each with the caller's own clock where it differs.
pub(super) fn by_day(ui: &Ui, free: &[Slot], theirs: &Zone) -> Vec<SlotDay> {
    let mut days: Vec<SlotDay> = Vec::new();
    for slot in free {
        let at = slot.starts_at;
        let day = format::near_day(ui.lang, at, theirs);
        let mut time = format::time(at, theirs);
        if at.local(theirs) != at.local(&ui.zone) {
            time = ui.taa("call-slot-there", "time", time, "own", format::time(at, &ui.zone));
        }
        match days.last_mut() {
            Some(last) if last.day == day => last.times.push((at.rfc3339(), time)),
            _ => days.push(SlotDay { day, times: vec![(at.rfc3339(), time)] }),
        }
    }
    days
}

/// The free times for a talk of that length with the company of a lead, for who calls it.
pub async fn list_free(
    tx: &mut Tx,
    viewer: &Viewer,
    (lead, minutes): (LeadId, i64),
    now: Instant,
) -> Outcome<(Vec<Slot>, Zone)> {
    let (lead, campaign) = actions::find_worked(tx, viewer, lead).await?;
    let theirs = zone_of(tx, viewer, &lead).await?;
    let hours = booking::hours(tx, viewer.org, &campaign, theirs.clone()).await?;
    let (whose, asked) = ((&campaign, viewer.id()), (&hours, minutes));
    Ok((booking::list_free(tx, viewer.org, whose, asked, now).await?, theirs))
}

/// How long a talk is to be.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SlotsQuery {
    /// Minutes of the talk, 5 to 480; 30 when it is left out.
    minutes: Option<i64>,
}

/// A time at which somebody of the second tier is free.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotShown {
    /// When it begins, RFC 3339: what `meeting_slot` of a call takes.
    pub starts_at: String,
    /// The same by the client's clock, as in `2026-11-25T14:00`.
    pub there: String,
    /// The client's zone.
    pub zone: String,
    /// How many are free then.
    pub free: usize,
}

/// Times of the next ten working days at which somebody may hold a talk with the company of a lead.
#[utoipa::path(get, path = "/api/v1/leads/{lead}/slots", tag = "calls", operation_id = "list_slots",
    params(("lead" = LeadId, Path), SlotsQuery),
    responses((status = 200, body = json::Many<SlotShown>),
        (status = 404, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn list(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    Query(query): Query<SlotsQuery>,
) -> Answer {
    let minutes = query.minutes.unwrap_or(MEETING_MINUTES);
    if !(MINUTES_MIN..=MINUTES_MAX).contains(&minutes) {
        let mut fields = Fields::default();
        let bounds = vec![("min", MINUTES_MIN.to_string()), ("max", MINUTES_MAX.to_string())];
        fields.note_with("minutes", "out-of-range", bounds);
        fields.into_result()?;
    }
    let mut tx = app.db.read().await?;
    let (found, theirs) = list_free(&mut tx, &viewer, (id, minutes), app.now()).await?;
    let shown = |slot: &Slot| SlotShown {
        starts_at: slot.starts_at.rfc3339(),
        there: format::input_day_time(slot.starts_at, &theirs),
        zone: theirs.name().to_owned(),
        free: slot.free,
    };
    json::many(Slice { rows: found.iter().map(shown).collect(), next: None })
}
