//! A call that comes in: whose company calls, who is concerned, and what they see of it.
//!
//! Concerned is who leads the company; else who has it in their hands or promised to call it; else
//! who was the last to call it. Whose phone rings hears of it, too. Nobody hears of a company that
//! they may not know of, and what they hear names the company and never the number.

use super::{FILED_WITHIN_MS, HostedCall, number_of};
use crate::begin;
use crate::companies;
use crate::events::{Event, Kind};
use crate::leads::{self, Lead};
use crate::people::{self, Scope, User, Viewer};
use crate::storage::{Act, Tx};
use crate::telephony::drivers::hosted::HostedEvent;
use crate::telephony::store::{connectors, incoming as store, lines};
use crate::telephony::{Measured, accounts};
use crate::values::*;

/// That somebody was told of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Its id.
    pub id: IncomingCallId,
    /// Who was told.
    pub user: UserId,
    /// Who calls.
    pub company: CompanyId,
    /// The lead by which they are concerned.
    pub lead: Option<LeadId>,
    /// The call, at an exchange of somebody else's.
    pub hosted: Option<HostedCallId>,
    /// The attempt that it was, where the product rang for it.
    pub attempt: Option<AttemptId>,
    /// What the line called it, where no attempt says how it went.
    pub reference: Option<String>,
    /// When it began.
    pub began_at: Instant,
    /// When it was answered.
    pub answered_at: Option<Instant>,
    /// When it was over.
    pub ended_at: Option<Instant>,
}

/// How long what nobody put away is shown.
pub const SHOWN_MS: i64 = 15 * MINUTE_MS;
/// How many stand on a page at once, where they cover what is under them.
pub const ON_PAGE_MAX: i64 = 5;
/// How long a call of which no end was told is taken to ring.
const RINGS_MS: i64 = 2 * MINUTE_MS;
/// How old news of a call may be that is told as a call.
const FRESH_MS: i64 = 5 * MINUTE_MS;
/// A company that tries again within this time is told once, where calls have no name.
const AGAIN_MS: i64 = 30_000;
/// A number that more companies carry says nothing of who calls.
pub(in crate::telephony) const CARRIERS_MAX: i64 = 20;

impl Incoming {
    /// How it stands, as a code: `rings`, `talks`, `over`, `missed`.
    pub fn state(&self, now: Instant) -> &'static str {
        state_of(self.began_at, (self.answered_at, self.ended_at), now)
    }
}

/// How a call that came in stands, as a code, by when it began, was answered and was over.
pub(in crate::telephony) fn state_of(
    began: Instant,
    times: (Option<Instant>, Option<Instant>),
    now: Instant,
) -> &'static str {
    match times {
        (Some(at), None) if now < at.plus_ms(FILED_WITHIN_MS) => "talks",
        // Of a call whose end nobody told none is known: no call lasts for so long.
        (Some(_), _) => "over",
        (None, None) if now < began.plus_ms(RINGS_MS) => "rings",
        (None, _) => "missed",
    }
}

/// The topic of one person's calls.
pub fn topic(user: UserId) -> String {
    format!("incoming:{user}")
}

/// A call that comes in, as far as it was told.
#[derive(Debug, Clone, Copy)]
pub(in crate::telephony) struct Ringing<'a> {
    number: &'a str,
    rung: Option<UserId>,
    hosted: Option<HostedCallId>,
    name: Option<&'a str>,
    began_at: Instant,
    measured: Measured,
}

impl<'a> Ringing<'a> {
    /// A call at the trunk of the product's own engine.
    pub(in crate::telephony) fn at_trunk(number: &'a str, began_at: Instant) -> Self {
        let measured = Measured::default();
        Self { number, rung: None, hosted: None, name: None, began_at, measured }
    }
    /// The same, by what the line called it.
    pub(in crate::telephony) fn named(self, name: &'a str) -> Self {
        Self { name: Some(name), ..self }
    }
    /// One that nobody took.
    pub(in crate::telephony) fn missed(number: &'a str, began_at: Instant, now: Instant) -> Self {
        let measured = Measured { ended_at: Some(now), ..Measured::default() };
        Self { measured, ..Self::at_trunk(number, began_at) }
    }
    /// What the line called it; empty where nobody waits at it.
    pub(in crate::telephony) fn name(&self) -> &str {
        self.name.unwrap_or_default()
    }
    /// The number that calls.
    pub(in crate::telephony) fn number(&self) -> &str {
        self.number
    }
}

/// Tells who is concerned of a call at an exchange of somebody else's, and how it went of which
/// they were told. What is told late is nobody's call any more.
pub(super) async fn tell_of_in(
    tx: &mut Tx,
    act: &Act,
    call: &HostedCall,
    event: &HostedEvent,
) -> Outcome<()> {
    let measured = &call.measured;
    let told = store::update_incoming(tx, act.org, call.id, measured).await?;
    told.iter().for_each(|user| tx.announce(topic(*user)));
    let is_late = event.at < act.now.plus_ms(-FRESH_MS) || measured.ended_at.is_some();
    let Some(number) = call.number.as_deref().filter(|_| !is_late) else { return Ok(()) };
    // Several phones may ring at once: each is told of by itself.
    let rung = match &event.extension {
        Some(name) => connectors::find_extension(tx, act.org, (call.connector, name)).await?,
        None => None,
    };
    // Who is concerned was found when it began; only another phone that rings is news.
    if !told.is_empty() && rung.is_none_or(|rung| told.contains(&rung)) {
        return Ok(());
    }
    let ringing = Ringing {
        number,
        rung,
        hosted: Some(call.id),
        name: None,
        // The clock of an exchange may be ahead of ours.
        began_at: call.began_at.min(act.now),
        measured: *measured,
    };
    tell_in(tx, act, &ringing).await
}

/// Tells who is concerned that a number calls at the trunk of the product's own engine, which takes
/// no calls: whoever it is hears that it is busy.
pub async fn tell_of_trunk(act: &Act, told: &str) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let country = people::actions::firm(&mut tx, act.org).await?.country;
    let number = number_of(told, country.code());
    tell_in(&mut tx, act, &Ringing::at_trunk(&number, act.now)).await?;
    tx.commit().await
}

async fn tell_in(tx: &mut Tx, act: &Act, ringing: &Ringing<'_>) -> Outcome<()> {
    let companies = list_carriers(tx, act.org, ringing.number).await?;
    if companies.is_empty() {
        return Ok(());
    }
    let concerned = concerned_in(tx, act, &companies).await?;
    let mut told: Vec<(UserId, CompanyId, Option<LeadId>)> = concerned.into_iter().collect();
    if let Some(rung) = ringing.rung.filter(|rung| told.iter().all(|(user, ..)| user != rung)) {
        let company = told.first().map(|(_, company, _)| *company);
        let company = company.or_else(|| companies.first().copied());
        told.extend(company.map(|company| (rung, company, None)));
    }
    for (user, company, lead) in told {
        let working = find_working(tx, act.org, user).await?;
        let Some(person) = working else { continue };
        if may_know(tx, &person.scope(act.org), (company, lead), act.now).await? {
            put_in(tx, act, ringing, (user, company, lead), None).await?;
        }
    }
    Ok(())
}

/// The companies whose call it may be that comes from a number; nobody's where many carry it.
pub(in crate::telephony) async fn list_carriers(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
) -> Outcome<Vec<CompanyId>> {
    let numbers = [number.to_owned()];
    let asked = (numbers.as_slice(), CARRIERS_MAX);
    let mut all = companies::actions::list_with_numbers(tx, org, asked).await?;
    Ok(all.remove(number).unwrap_or_default())
}

/// Who is concerned by a call of one of these companies: of several, by whom it concerns most.
async fn concerned_in(
    tx: &mut Tx,
    act: &Act,
    companies: &[CompanyId],
) -> Outcome<Option<(UserId, CompanyId, Option<LeadId>)>> {
    let mut best: Option<(usize, (UserId, CompanyId, Option<LeadId>))> = None;
    for id in companies {
        for (rank, (user, lead)) in concerns_in(tx, act, *id).await? {
            let is_nearer = best.as_ref().is_none_or(|(other, _)| rank < *other);
            if is_nearer && find_working(tx, act.org, user).await?.is_some() {
                best = Some((rank, (user, *id, lead)));
            }
        }
    }
    Ok(best.map(|(_, who)| who))
}

/// Whom a company concerns, nearest first: who leads it, who has it in hand, who promised to call
/// it, who called it last.
pub(in crate::telephony) async fn concerns_in(
    tx: &mut Tx,
    act: &Act,
    id: CompanyId,
) -> Outcome<Vec<(usize, (UserId, Option<LeadId>))>> {
    let company = companies::actions::find(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let all = leads::actions::list_for_company(tx, act.org, id).await?;
    let held = |lead: &Lead| lead.lease.filter(|_| lead.is_held(act.now)).map(|one| one.owner);
    let promised = |lead: &Lead| lead.callback_owner.filter(|_| lead.callback_at.is_some());
    let of = |who: &dyn Fn(&Lead) -> Option<UserId>, rank: usize| {
        let found = all.iter().filter_map(|lead| Some((who(lead)?, Some(lead.id))));
        found.map(|who| (rank, who)).collect::<Vec<_>>()
    };
    let mut concerns: Vec<_> = company.lead.map(|user| (0, (user, None))).into_iter().collect();
    concerns.extend(of(&held, 1));
    concerns.extend(of(&promised, 2));
    let last = store::find_last_caller(tx, act.org, id).await?;
    concerns.extend(last.map(|(user, lead)| (3, (user, Some(lead)))));
    Ok(concerns)
}

/// Somebody who was not shut out.
pub(in crate::telephony) async fn find_working(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Option<User>> {
    let found = people::actions::find_user(tx, org, user).await?;
    Ok(found.filter(|user| user.disabled_at.is_none()))
}

/// True where a person may know of a company now, or called it for that lead, whose page shows it
/// to whoever did.
pub(in crate::telephony) async fn may_know(
    tx: &mut Tx,
    scope: &Scope,
    (company, lead): (CompanyId, Option<LeadId>),
    now: Instant,
) -> Outcome<bool> {
    if companies::actions::find_seen(tx, scope, company, now).await?.is_some() {
        return Ok(true);
    }
    match lead {
        Some(lead) => store::has_called(tx, scope.org, (scope.user, lead)).await,
        None => Ok(false),
    }
}

/// Tells a person that a company calls.
pub(in crate::telephony) async fn put_in(
    tx: &mut Tx,
    act: &Act,
    ringing: &Ringing<'_>,
    (user, company, lead): (UserId, CompanyId, Option<LeadId>),
    attempt: Option<AttemptId>,
) -> Outcome<()> {
    let recent = act.now.plus_ms(-AGAIN_MS);
    let name = ringing.name.filter(|_| attempt.is_none());
    let has_name = ringing.hosted.is_some() || attempt.is_some() || name.is_some();
    if !has_name && store::was_told(tx, act.org, (user, company), recent).await? {
        return Ok(());
    }
    let incoming = Incoming {
        id: IncomingCallId::fresh(act.now),
        user,
        company,
        lead,
        hosted: ringing.hosted,
        attempt,
        reference: name.map(str::to_owned),
        began_at: ringing.began_at,
        answered_at: ringing.measured.answered_at,
        ended_at: ringing.measured.ended_at,
    };
    if store::insert_incoming(tx, act.org, &incoming, act.now).await? == 0 {
        return Ok(());
    }
    Event::new(Kind::CallCameIn, incoming.id)
        .company(company)
        .person(user)
        .with("lead", lead.map(|lead| lead.to_string()))
        .record(tx, act)
        .await?;
    tx.announce(topic(user));
    Ok(())
}

/// How a call went that somebody was rung for.
pub(in crate::telephony) async fn note_in(
    tx: &mut Tx,
    act: &Act,
    attempt: AttemptId,
    measured: &Measured,
) -> Outcome<()> {
    let told = store::update_incoming_of_attempt(tx, act.org, attempt, measured).await?;
    if let Some(user) = told {
        tx.announce(topic(user));
    }
    Ok(())
}

/// True where calls come in that people are told of: an exchange is believed, or an engine runs.
pub async fn is_on(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<bool> {
    if connectors::has_connector(tx, org).await? {
        return Ok(true);
    }
    Ok(lines::find_exchange(tx, org, (accounts::alive_since(now), now)).await?.is_some())
}

/// What a person was told and has not put away, the newest so many, with what each company is
/// called; only those that they may know of still.
pub async fn list_shown(
    tx: &mut Tx,
    viewer: &Viewer,
    limit: i64,
    now: Instant,
) -> Outcome<Vec<(Incoming, String)>> {
    let asked = (now.plus_ms(-SHOWN_MS), limit);
    let mut shown = Vec::new();
    for incoming in store::list_unseen(tx, viewer.org, viewer.id(), asked).await? {
        let about = (incoming.company, incoming.lead);
        if may_know(tx, &viewer.scope(), about, now).await? {
            let company = companies::actions::find(tx, viewer.org, incoming.company).await?;
            shown.extend(company.map(|company| (incoming, company.name)));
        }
    }
    Ok(shown)
}

/// Puts away what one was told, or goes to it: it is shown no more. Says what it was.
pub async fn put_away(act: &Act, viewer: &Viewer, id: IncomingCallId) -> Outcome<IncomingCallId> {
    let mut tx = begin!(act);
    let own = (id, viewer.id());
    let found = store::find_incoming(&mut tx, act.org, own).await?;
    let incoming = found.ok_or(Error::NotFound)?;
    if store::update_incoming_seen(&mut tx, act.org, own, act.now).await? == 1 {
        Event::new(Kind::CallSeen, id)
            .company(incoming.company)
            .person(viewer.id())
            .record(&mut tx, act)
            .await?;
    }
    tx.announce(topic(viewer.id()));
    tx.finish(id).await
}

/// One of a person's own.
pub async fn find(tx: &mut Tx, viewer: &Viewer, id: IncomingCallId) -> Outcome<Incoming> {
    let found = store::find_incoming(tx, viewer.org, (id, viewer.id())).await?;
    found.ok_or(Error::NotFound)
}
