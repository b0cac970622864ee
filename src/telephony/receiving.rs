//! A call that a trunk brings and that the product may take: for whom it is, and what is owed where
//! nobody takes it.
//!
//! It is for whoever the company concerns, the nearest first; else for who is free of the team that
//! has the number that was called. Free is whose phone is here, who talks to nobody, owes no result
//! and does not pause. One after another is rung; whom nobody reaches is called back by who answers
//! for the company, at an hour of theirs.
//!
//! A call that came in is an attempt of its origin: it has times, an end and a recording, is
//! counted nowhere, and waits for no result. One of a company without a lead stands by what the
//! line called it. One of a stranger is bridged, too, and stands in `unknown` until somebody says
//! whose it was.

use super::hosted::incoming::{self, Ringing, topic};
use super::hosted::number_of;
use super::store::{self, lines};
use super::unknown;
use super::{Attempt, End, EndCause, Origin, State, accounts, actions};
use crate::companies;
use crate::leads::{self, Lead, keeping, resting};
use crate::people::{self, User};
use crate::storage::{Act, Tx};
use crate::values::*;

/// How long the card of a company that called stands open to who took the call.
pub(super) const LENT_MS: i64 = HOUR_MS;
/// Numbers that are compared by their ends must have so many digits in common.
const DIGITS_MIN: usize = 7;

/// A number of the firm at its trunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnNumber {
    /// Its digits.
    pub digits: String,
    /// The name of the team that takes its calls; without one a call is for whom it concerns alone.
    pub team: Option<String>,
}

impl OwnNumber {
    /// True for the number that a trunk says was called, with or without the code of its country.
    pub fn is_called(&self, called: &str) -> bool {
        let digits: String = called.chars().filter(char::is_ascii_digit).collect();
        let (short, long) = match digits.len() <= self.digits.len() {
            true => (&digits, &self.digits),
            false => (&self.digits, &digits),
        };
        let tail = &long[long.len() - short.len()..];
        short == long || short.len() > DIGITS_MIN && tail[1..] == short[1..]
    }
}

/// A call that waits at the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What the line calls it.
    pub name: String,
    /// Who calls, as the trunk says.
    pub from: String,
    /// The team that has the number.
    pub team: Option<String>,
    /// Who was rung for it.
    pub tried: Vec<UserId>,
    /// When it came.
    pub came_at: Instant,
}

/// Whose phone is rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Theirs.
    pub user: UserId,
    /// The attempt it is; nothing for that of a stranger, or of a company without a lead.
    pub attempt: Option<AttemptId>,
}

/// A company that calls, for somebody.
type Concern = (UserId, CompanyId, Option<LeadId>);

/// Chooses whose phone rings next and writes it, so that they are asked for nothing else meanwhile;
/// nothing where nobody is free.
pub async fn choose(
    act: &Act,
    exchange: ExchangeId,
    offer: &Offer,
    is_recorded: bool,
) -> Outcome<Option<Chosen>> {
    let mut tx = act.db.begin().await?;
    let number = called_from(&mut tx, act, offer).await?;
    let companies = incoming::list_carriers(&mut tx, act.org, &number).await?;
    let mut all = concerned(&mut tx, act, &companies).await?;
    for user in team_of(&mut tx, act, offer).await? {
        if let Some((_, company, lead)) = all.first().copied() {
            all.push((user, company, lead));
        } else if let Some(company) = companies.first() {
            all.push((user, *company, None));
        } else if !offer.tried.contains(&user) && is_free(&mut tx, act, (exchange, user)).await? {
            let stranger = (offer, number.as_str());
            unknown::actions::put_in(&mut tx, act, stranger, Some(user)).await?;
            tx.commit().await?;
            return Ok(Some(Chosen { user, attempt: None }));
        }
    }
    for one in all {
        if offer.tried.contains(&one.0) || !is_free(&mut tx, act, (exchange, one.0)).await? {
            continue;
        }
        let ringing = Ringing::at_trunk(&number, offer.came_at).named(&offer.name);
        let run = (exchange, is_recorded);
        if let Some(chosen) = write_in(&mut tx, act, run, (&ringing, one)).await? {
            tx.commit().await?;
            return Ok(Some(chosen));
        }
    }
    Ok(None)
}

/// Whoever was rung before for a company without a lead is rung no more; where they did not take
/// the call, the company is none of theirs to look at any more.
async fn end_rung(tx: &mut Tx, act: &Act, name: &str) -> Outcome<()> {
    let rung = store::incoming::update_incoming_over(tx, act.org, name, act.now).await?;
    for (user, company, was_taken) in rung {
        if !was_taken {
            companies::actions::take_back_in(tx, act, company, user).await?;
        }
        tx.announce(topic(user));
    }
    Ok(())
}

/// Writes that somebody is rung for a company; nothing where they are asked for another just now.
async fn write_in(
    tx: &mut Tx,
    act: &Act,
    (exchange, is_recorded): (ExchangeId, bool),
    (ringing, (user, company, lead)): (&Ringing<'_>, Concern),
) -> Outcome<Option<Chosen>> {
    // A merge that is under way takes what it has elsewhere: the call is of what stands for it.
    let company = companies::actions::hold_standing(tx, act.org, company).await?;
    end_rung(tx, act, ringing.name()).await?;
    let Some(lead) = lead_of(tx, act, (company, lead)).await? else {
        lend_in(tx, act, (None, company), user).await?;
        incoming::put_in(tx, act, ringing, (user, company, None), None).await?;
        return Ok(Some(Chosen { user, attempt: None }));
    };
    let phones = companies::actions::list_phones(tx, act.org, company).await?;
    let phone = phones.iter().find(|phone| phone.phone.e164 == ringing.number());
    let attempt = Attempt {
        caller: user,
        phone: phone.map(|phone| phone.id),
        state: State::Taken,
        exchange: Some(exchange),
        is_recorded,
        ..actions::made(act, Origin::In, (lead.id, lead.generation), (company, lead.campaign))
    };
    if store::insert_attempt(tx, act.org, &attempt).await? == 0 {
        return Ok(None);
    }
    actions::begin_in(tx, act, &attempt).await?;
    lend_in(tx, act, (Some(&lead), company), user).await?;
    let told = (user, company, Some(lead.id));
    incoming::put_in(tx, act, ringing, told, Some(attempt.id)).await?;
    Ok(Some(Chosen { user, attempt: Some(attempt.id) }))
}

/// Whoever is rung may look at whom they are to talk to.
async fn lend_in(
    tx: &mut Tx,
    act: &Act,
    (lead, company): (Option<&Lead>, CompanyId),
    user: UserId,
) -> Outcome<()> {
    if is_stranger_to(tx, act, (lead, company), user).await? {
        let until = act.now.plus_ms(LENT_MS);
        companies::actions::lend_in(tx, act, company, user, until).await?;
    }
    Ok(())
}

/// True for who neither leads a company nor holds its lead: they see it for the call alone.
async fn is_stranger_to(
    tx: &mut Tx,
    act: &Act,
    (lead, company): (Option<&Lead>, CompanyId),
    user: UserId,
) -> Outcome<bool> {
    let seen = companies::actions::find(tx, act.org, company).await?;
    let is_leading = seen.is_some_and(|company| company.lead == Some(user));
    Ok(!is_leading && lead.and_then(|one| one.lease).is_none_or(|one| one.owner != user))
}

/// A call that came in is over for who was rung; where they did not take it, the company is none of
/// theirs to look at any more. Of a call that broke off nobody knows.
pub(super) async fn end_in(tx: &mut Tx, act: &Act, attempt: &Attempt, end: End) -> Outcome<()> {
    let may_have_talked = [EndCause::Answered, EndCause::Abandoned, EndCause::Interrupted];
    if may_have_talked.contains(&end.cause) {
        return Ok(());
    }
    let lead = leads::actions::find(tx, act.org, attempt.lead).await?;
    let (company, user) = (attempt.company, attempt.caller);
    if is_stranger_to(tx, act, (Some(&lead), company), user).await? {
        companies::actions::take_back_in(tx, act, company, user).await?;
    }
    Ok(())
}

/// The lead that a call is about: the one that concerns somebody, else the company's latest.
async fn lead_of(
    tx: &mut Tx,
    act: &Act,
    (company, lead): (CompanyId, Option<LeadId>),
) -> Outcome<Option<Lead>> {
    let all = leads::actions::list_for_company(tx, act.org, company).await?;
    let named = all.iter().position(|one| Some(one.id) == lead);
    Ok(all.into_iter().nth(named.unwrap_or(0)))
}

/// Nobody took a call of a company: who answers for it sees that it called, and calls back at an
/// hour of theirs. Where nobody does, or it is a stranger's, it stands among the unknown.
pub async fn miss(act: &Act, offer: &Offer) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let number = called_from(&mut tx, act, offer).await?;
    let companies = incoming::list_carriers(&mut tx, act.org, &number).await?;
    let concerned = concerned(&mut tx, act, &companies).await?;
    if let Some((user, company, lead)) = concerned.first().copied() {
        let ringing = Ringing::missed(&number, offer.came_at, act.now);
        incoming::put_in(&mut tx, act, &ringing, (user, company, lead), None).await?;
        if let Some(lead) = lead {
            keeping::owe_warm_in(&mut tx, act, lead, user).await?;
        }
    } else if companies.is_empty() || offer.tried.is_empty() {
        unknown::actions::miss_in(&mut tx, act, (offer, number.as_str())).await?;
    }
    end_rung(&mut tx, act, &offer.name).await?;
    tx.commit().await
}

/// Somebody took a call; of one that is an attempt nothing is told here.
pub(super) async fn take(act: &Act, name: &str) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let unknown = store::unknown::update_unknown_answered(&mut tx, act.org, name, act.now).await?;
    let known = store::incoming::update_incoming_taken(&mut tx, act.org, name, act.now).await?;
    known.into_iter().chain(unknown).for_each(|user| tx.announce(topic(user)));
    tx.commit().await
}

/// A call that was taken and is no attempt is over.
pub(super) async fn end(act: &Act, name: &str) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let unknown = store::unknown::update_unknown_ended(&mut tx, act.org, name, act.now).await?;
    unknown.into_iter().for_each(|user| tx.announce(topic(user)));
    end_rung(&mut tx, act, name).await?;
    tx.commit().await
}

async fn called_from(tx: &mut Tx, act: &Act, offer: &Offer) -> Outcome<String> {
    let country = people::actions::firm(tx, act.org).await?.country;
    Ok(number_of(&offer.from, country.code()))
}

/// Whom these companies concern, the nearest first, each person once.
async fn concerned(tx: &mut Tx, act: &Act, companies: &[CompanyId]) -> Outcome<Vec<Concern>> {
    let mut ranked = Vec::new();
    for id in companies {
        for (rank, (user, lead)) in incoming::concerns_in(tx, act, *id).await? {
            let scope = match incoming::find_working(tx, act.org, user).await? {
                Some(person) => person.scope(act.org),
                None => continue,
            };
            if incoming::may_know(tx, &scope, (*id, lead), act.now).await? {
                ranked.push((rank, (user, *id, lead)));
            }
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut all: Vec<Concern> = Vec::new();
    for (_, one) in ranked {
        if all.iter().all(|other| other.0 != one.0) {
            all.push(one);
        }
    }
    Ok(all)
}

/// The team that has the number that was called.
pub(super) async fn find_team(tx: &mut Tx, act: &Act, offer: &Offer) -> Outcome<Option<TeamId>> {
    let Some(name) = &offer.team else { return Ok(None) };
    let teams = people::actions::list_teams(tx, act.org).await?;
    let found = teams.into_iter().find(|(_, known, _)| known == name);
    if found.is_none() {
        tracing::warn!("a number is said to be of a team that there is not");
    }
    Ok(found.map(|(team, ..)| team))
}

/// Who works in that team, those first who have called nobody for longest.
async fn team_of(tx: &mut Tx, act: &Act, offer: &Offer) -> Outcome<Vec<UserId>> {
    let Some(team) = find_team(tx, act, offer).await? else { return Ok(Vec::new()) };
    let users = people::actions::list_users(tx, act.org).await?;
    let is_its = |user: &&User| user.team == Some(team) && user.disabled_at.is_none();
    let mut all = Vec::new();
    for user in users.iter().filter(is_its) {
        all.push((store::find_last_made(tx, act.org, user.id).await?, user.id));
    }
    all.sort();
    Ok(all.into_iter().map(|(_, user)| user).collect())
}

/// True for whose phone is registered with this run, who talks to nobody and owes no result.
async fn is_free(tx: &mut Tx, act: &Act, (exchange, user): (ExchangeId, UserId)) -> Outcome<bool> {
    let since = accounts::alive_since(act.now);
    let phone = lines::find_exchange_of(tx, act.org, user, (since, act.now)).await?;
    if phone.is_none_or(|phone| phone.id != exchange) {
        return Ok(false);
    }
    if store::find_under_way(tx, act.org, user).await?.is_some() {
        return Ok(false);
    }
    if resting::is_paused(tx, act.org, user, act.now).await? {
        return Ok(false);
    }
    let held = leads::actions::find_held(tx, act.org, user).await?;
    Ok(!held.is_some_and(|lead| lead.awaits_result))
}
