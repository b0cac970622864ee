//! What is done with attempts: begun, hung up, told of, settled, filed.

use serde::{Deserialize, Serialize};

use super::course::fold;
use super::hosted::incoming;
use super::port::{CallEvent, CallEventKind};
use super::recordings::{self, Recording};
use super::store::{self, lines};
use super::{Attempt, End, EndCause, EndedBy, Measured, Origin, State, TelephonyRefusal};
use super::{accounts, hosted, links, receiving, trunk};
use crate::begin;
use crate::events::{Event, Kind};
use crate::leads::dialling::{self, Denied};
use crate::leads::{Lead, LeadRefusal, leasing};
use crate::people::Viewer;
use crate::storage::{Act, Begun, Tx};
use crate::values::*;

/// What engines listen to beside their own clock.
pub(super) const TOPIC: &str = "exchange";

/// A call that is wished for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttemptForm {
    /// The grant of the lease it is made under.
    pub generation: i64,
    /// The number, by id; empty for the first that may be called.
    #[serde(default)]
    pub phone: String,
    /// `link` where the caller's own telephone calls; empty for the engine.
    #[serde(default)]
    pub by: String,
}

impl AttemptForm {
    fn is_by_link(&self) -> Outcome<bool> {
        match self.by.as_str() {
            "" => Ok(false),
            by if by == Origin::Link.code() => Ok(true),
            _ => Err(Fields::one("by", "unknown-choice")),
        }
    }
    fn means(&self, id: PhoneId) -> bool {
        self.phone.is_empty() || self.phone == id.to_string()
    }
}

/// Begins an attempt: the engine that the caller's phone is registered with takes it from here, or
/// their own telephone, which a link opens. Lease, the result of the call before and admission are
/// asked in this transaction; what a rule forbids is on record. A link that is followed again is
/// the same attempt.
pub async fn place(
    act: &Act,
    viewer: &Viewer,
    lead: LeadId,
    form: &AttemptForm,
) -> Outcome<AttemptId> {
    match place_once(act, viewer, lead, form).await? {
        Ok(attempt) => Ok(attempt),
        Err(denied) => {
            dialling::keep_denied(act, viewer, &denied).await?;
            Err(denied.into())
        }
    }
}

async fn place_once(
    act: &Act,
    viewer: &Viewer,
    lead: LeadId,
    form: &AttemptForm,
) -> Outcome<Result<AttemptId, Denied>> {
    let mut tx = match act.begin().await? {
        Begun::Fresh(tx) => *tx,
        Begun::Done(answer) => return Ok(Ok(answer)),
    };
    let lead = leasing::hold_in(&mut tx, act, (lead, form.generation), viewer.id()).await?;
    let is_by_link = form.is_by_link()?;
    if lead.awaits_result {
        let open = store::list_of_lease(&mut tx, act.org, (lead.id, lead.generation)).await?;
        let same = links::waiting(&open).filter(|one| one.phone.is_some_and(|id| form.means(id)));
        if let Some(same) = same.filter(|_| is_by_link) {
            return tx.finish(same.id).await.map(Ok);
        }
        let is_under_way = open.iter().any(|attempt| attempt.settled_at.is_none());
        return Err(match is_under_way {
            true => TelephonyRefusal::UnderWay.into(),
            false => LeadRefusal::AwaitsResult.into(),
        });
    }
    if store::find_under_way(&mut tx, act.org, viewer.id()).await?.is_some() {
        return Err(TelephonyRefusal::UnderWay.into());
    }
    let exchange = match is_by_link {
        true => None,
        false => Some(find_line(&mut tx, act, viewer).await?),
    };
    let wanted = form.phone.parse().ok();
    let phones = match dialling::judge_leased_in(&mut tx, act, &lead, wanted).await? {
        Ok(phones) => phones,
        Err(denied) => return Ok(Err(denied)),
    };
    let phone = phones.iter().find(|phone| form.means(phone.id));
    let phone = phone.ok_or_else(|| Fields::one("phone", "unknown-choice"))?.id;
    let attempt = match exchange {
        None => links::begin_in(&mut tx, act, &lead, phone).await?,
        Some(exchange) => order_in(&mut tx, act, (&lead, phone), exchange).await?,
    };
    dialling::await_result_in(&mut tx, act, (lead.id, lead.generation)).await?;
    about(&attempt, Kind::AttemptBegun)
        .with("by", attempt.origin.code())
        .record(&mut tx, act)
        .await?;
    if !is_by_link {
        tx.announce(TOPIC);
    }
    tell(&mut tx, &attempt);
    tx.finish(attempt.id).await.map(Ok)
}

/// The run of an engine that a person's phone is registered with and that has a way out.
async fn find_line(tx: &mut Tx, act: &Act, viewer: &Viewer) -> Outcome<ExchangeId> {
    let since = accounts::alive_since(act.now);
    let exchange = lines::find_exchange_of(tx, act.org, viewer.id(), (since, act.now)).await?;
    let exchange = exchange.ok_or(TelephonyRefusal::NoPhone)?;
    if !exchange.is_trunk_up {
        return Err(TelephonyRefusal::TrunkDown.into());
    }
    match trunk::may_call_from(tx, act.org, &exchange.own_numbers, act.now).await? {
        true => Ok(exchange.id),
        false => Err(TelephonyRefusal::NumbersPause.into()),
    }
}

/// Orders a call of an engine.
async fn order_in(
    tx: &mut Tx,
    act: &Act,
    (lead, phone): (&Lead, PhoneId),
    exchange: ExchangeId,
) -> Outcome<Attempt> {
    let attempt = Attempt {
        phone: Some(phone),
        exchange: Some(exchange),
        measured: Measured { asked_at: Some(act.now), ..Measured::default() },
        ..made(act, Origin::Sip, (lead.id, lead.generation), (lead.company, lead.campaign))
    };
    match store::insert_attempt(tx, act.org, &attempt).await? {
        0 => Err(TelephonyRefusal::UnderWay.into()),
        _ => Ok(attempt),
    }
}

/// An attempt that was only just made.
pub(super) fn made(
    act: &Act,
    origin: Origin,
    (lead, generation): (LeadId, i64),
    (company, campaign): (CompanyId, CampaignId),
) -> Attempt {
    Attempt {
        id: AttemptId::fresh(act.now),
        company,
        lead,
        campaign,
        generation,
        caller: act.actor.unwrap_or(UserId(uuid::Uuid::nil())),
        phone: None,
        origin,
        state: State::Asked,
        exchange: None,
        own_number: None,
        measured: Measured::default(),
        attested_at: None,
        end: None,
        settled_at: None,
        hang_up_at: None,
        is_recorded: false,
        call: None,
        made_at: act.now,
    }
}

fn about(attempt: &Attempt, kind: Kind) -> Event {
    Event::new(kind, attempt.id)
        .company(attempt.company)
        .campaign(attempt.campaign)
        .person(attempt.caller)
        .tier(1)
        .with("lead", attempt.lead.to_string())
        .with("generation", attempt.generation)
}

/// Tells that somebody is rung for a call that came in.
pub(super) async fn begin_in(tx: &mut Tx, act: &Act, attempt: &Attempt) -> Outcome<()> {
    about(attempt, Kind::AttemptBegun).with("came_in", true).record(tx, act).await?;
    tell(tx, attempt);
    Ok(())
}

/// The caller hangs up; of a call by link they say that it was none. Says for which lead; a repeat
/// changes nothing.
pub async fn hang_up(act: &Act, viewer: &Viewer, id: AttemptId) -> Outcome<LeadId> {
    let mut tx = begin!(act);
    let found = find_held(&mut tx, act.org, id).await?;
    let attempt = found.filter(|a| a.caller == viewer.id()).ok_or(Error::NotFound)?;
    if attempt.settled_at.is_some() {
        links::withdraw_in(&mut tx, act, &attempt).await?;
        return tx.finish(attempt.lead).await;
    }
    if store::update_hang_up(&mut tx, act.org, id, act.now).await? == 1 {
        about(&attempt, Kind::AttemptHungUp).record(&mut tx, act).await?;
    }
    tx.announce(TOPIC);
    tx.announce(format!("user:{}", viewer.id()));
    tx.finish(attempt.lead).await
}

/// What became of something that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Taken {
    /// It was new.
    New,
    /// It was told before, or is of no attempt.
    Known,
}

/// An attempt, locked, and its lead before it: whoever files a result holds the lead first, too.
async fn find_held(tx: &mut Tx, org: OrgId, id: AttemptId) -> Outcome<Option<Attempt>> {
    let Some(seen) = store::find_attempt(tx, org, id).await? else { return Ok(None) };
    dialling::hold_in(tx, org, seen.lead).await?;
    store::find_attempt_for_update(tx, org, id).await
}

/// Keeps what a line tells of an attempt, once, and settles the attempt when it is over. Recordings
/// stand for so many days.
pub async fn keep(act: &Act, event: &CallEvent, days: i64) -> Outcome<Taken> {
    let mut tx = act.db.begin().await?;
    let found = find_held(&mut tx, act.org, event.attempt).await?;
    let Some(attempt) = found else { return Ok(Taken::Known) };
    if store::insert_event(&mut tx, act.org, event, act.now).await? == 0 {
        return Ok(Taken::Known);
    }
    let events = store::list_events(&mut tx, act.org, attempt.id).await?;
    let course = fold(&events);
    store::update_course(&mut tx, act.org, attempt.id, &course).await?;
    if attempt.origin == Origin::In {
        incoming::note_in(&mut tx, act, attempt.id, &course.measured).await?;
    }
    if let Some(end) = course.end {
        settle_in(&mut tx, act, &attempt, (end, &events)).await?;
    }
    if let CallEventKind::RecordingAvailable { path, duration_ms, bytes, digest } = &event.kind {
        let recording = Recording {
            id: RecordingId::fresh(act.now),
            attempt: attempt.id,
            path: path.clone(),
            duration_ms: *duration_ms,
            bytes: *bytes,
            digest: digest.clone(),
            made_at: event.at,
            // What was not to be recorded, or no longer is, goes at once.
            until: if attempt.is_recorded { event.at.plus_days(days) } else { act.now },
        };
        recordings::keep_in(&mut tx, act, &recording, event.seq).await?;
    }
    tell(&mut tx, &attempt);
    tx.commit().await?;
    Ok(Taken::New)
}

/// Settles an attempt, once. One that was none frees its lease of a result.
async fn settle_in(
    tx: &mut Tx,
    act: &Act,
    attempt: &Attempt,
    (end, told): (End, &[CallEvent]),
) -> Outcome<()> {
    if store::update_settled(tx, act.org, attempt.id, end, act.now).await? == 0 {
        return Ok(());
    }
    let is_counted = end.is_counted() && attempt.origin != Origin::In;
    if !is_counted && attempt.call.is_none() && attempt.origin != Origin::In {
        dialling::await_nothing_in(tx, act, (attempt.lead, attempt.generation)).await?;
    }
    match attempt.origin {
        Origin::In => receiving::end_in(tx, act, attempt, end).await?,
        _ => trunk::note_in(tx, act, attempt, (&end, told)).await?,
    }
    tell_end_in(tx, act, attempt, (end, is_counted)).await
}

/// Tells that an attempt is over.
pub(super) async fn tell_end_in(
    tx: &mut Tx,
    act: &Act,
    attempt: &Attempt,
    (end, is_counted): (End, bool),
) -> Outcome<()> {
    about(attempt, Kind::AttemptEnded)
        .reason(end.cause.code().to_owned())
        .with("by", end.by.code())
        .with("counted", is_counted)
        .record(tx, act)
        .await?;
    tell(tx, attempt);
    Ok(())
}

/// The caller's screen looks again, and whoever watches the campaign.
fn tell(tx: &mut Tx, attempt: &Attempt) {
    tx.announce(format!("user:{}", attempt.caller));
    tx.announce(format!("campaign:{}", attempt.campaign));
}

/// Settles an attempt of which no more will be told. What nobody had taken was never dialled; of
/// what was taken nobody can say it, and so a person does.
pub async fn give_up(act: &Act, id: AttemptId) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let found = find_held(&mut tx, act.org, id).await?;
    let Some(attempt) = found.filter(|a| a.settled_at.is_none()) else { return Ok(()) };
    let cause = match attempt.state {
        State::Asked => EndCause::NotPlaced,
        _ => EndCause::Interrupted,
    };
    settle_in(&mut tx, act, &attempt, (End::of(cause, EndedBy::Engine), &[])).await?;
    tx.commit().await
}

/// What is filed of a call.
#[derive(Debug, Clone, Copy)]
pub struct Filed {
    /// The call with its results.
    pub call: CallId,
    /// The lease it was made under.
    pub grant: (LeadId, i64),
    /// The company.
    pub company: CompanyId,
    /// The campaign.
    pub campaign: CampaignId,
    /// Who called.
    pub caller: UserId,
    /// The number, as far as it is known.
    pub phone: Option<PhoneId>,
}

/// Files a result for what was measured under a lease. What still talks is hung up. Where nothing
/// was measured, the person's word that there was a call is kept as such, and what the exchange of
/// their telephone measured beside it. True for what was measured. `attempts` are those under the
/// lease.
pub async fn file_in(tx: &mut Tx, act: &Act, attempts: &[Attempt], filed: Filed) -> Outcome<bool> {
    for open in attempts.iter().filter(|attempt| attempt.settled_at.is_none()) {
        store::update_hang_up(tx, act.org, open.id, act.now).await?;
        tx.announce(TOPIC);
    }
    let has_any = !attempts.is_empty();
    if has_any && store::update_filed(tx, act.org, (filed.grant, filed.call), act.now).await? > 0 {
        // Of a call by link there is the caller's word, and what their exchange measured beside it.
        return match links::waiting(attempts) {
            Some(attempt) => hosted::actions::measure_in(tx, act, attempt.id).await,
            None => Ok(true),
        };
    }
    let of = (filed.company, filed.campaign);
    let attested = Attempt {
        caller: filed.caller,
        phone: filed.phone,
        state: State::Ended,
        attested_at: Some(act.now),
        settled_at: Some(act.now),
        call: Some(filed.call),
        ..made(act, Origin::Link, filed.grant, of)
    };
    store::insert_attempt(tx, act.org, &attested).await?;
    hosted::actions::measure_in(tx, act, attested.id).await
}

/// A call was taken back: what was measured waits for another result under the new lease.
pub async fn unfile_in(tx: &mut Tx, act: &Act, call: CallId, grant: (LeadId, i64)) -> Outcome<()> {
    hosted::actions::free_in(tx, act, call).await?;
    if store::update_unfiled(tx, act.org, call, grant.1).await? > 0 {
        dialling::await_result_in(tx, act, grant).await?;
    }
    Ok(())
}

/// A lease passes to another caller, who says how its call went. Nobody is cut off in a talk: one
/// that is under way is refused.
pub async fn pass_in(tx: &mut Tx, act: &Act, grant: (LeadId, i64), next: i64) -> Outcome<()> {
    let attempts = store::list_of_lease(tx, act.org, grant).await?;
    if attempts.iter().any(|attempt| attempt.settled_at.is_none()) {
        return Err(TelephonyRefusal::TalksNow.into());
    }
    store::update_passed(tx, act.org, grant, next).await.map(drop)
}

/// Of the attempts under a lease: who called, and the number that was really dialled, where a
/// machine dialled it.
pub fn dialled(attempts: &[Attempt]) -> Option<(UserId, Option<PhoneId>)> {
    let is_counted = |a: &&Attempt| a.end.is_none_or(|end| end.is_counted());
    attempts.iter().rev().find(is_counted).map(|attempt| (attempt.caller, attempt.phone))
}

/// How the last of the attempts under a lease ended that the other end had its chance at; nothing
/// while it lasts.
pub fn end_of(attempts: &[Attempt]) -> Option<End> {
    let is_counted = |a: &&Attempt| a.end.is_none_or(|end| end.is_counted());
    attempts.iter().rev().find(is_counted)?.end
}

/// An attempt of one's own, or of a lead that one may look at.
pub async fn find(tx: &mut Tx, org: OrgId, id: AttemptId) -> Outcome<Option<Attempt>> {
    store::find_attempt(tx, org, id).await
}

/// What is under way of a person.
pub async fn find_under_way(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<Option<Attempt>> {
    store::find_under_way(tx, org, user).await
}

/// The attempts under a lease, oldest first.
pub async fn list_of_lease(tx: &mut Tx, org: OrgId, grant: (LeadId, i64)) -> Outcome<Vec<Attempt>> {
    store::list_of_lease(tx, org, grant).await
}

/// The latest attempts at a lead, newest first.
pub async fn list_of_lead(tx: &mut Tx, org: OrgId, lead: LeadId) -> Outcome<Vec<Attempt>> {
    store::list_of_lead(tx, org, lead).await
}
