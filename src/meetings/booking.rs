//! Who will hold a talk: looked for among those who may take what a campaign hands over, by their
//! diaries, and held in the transaction that books it.

use std::collections::{BTreeMap, BTreeSet};

use super::slots::{DAYS_AHEAD, Host, Hours, NAMED, Slot, Taken};
use super::{MINUTES_MAX, Meeting, MeetingState, store};
use crate::campaigns::{self, Campaign};
use crate::people::{self, Scope};
use crate::storage::{Act, Tx};
use crate::tiers::Tier;
use crate::values::*;
use crate::web::format;

/// A talk to find somebody for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// By which hours.
    pub hours: Hours,
    /// When it begins.
    pub starts_at: Instant,
    /// How long it lasts.
    pub minutes: i64,
}

/// Who there is for a talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This person, whose diary is held until the transaction ends.
    Host(UserId),
    /// The campaign names nobody; who accepts the lead will hold it.
    Open,
    /// Everybody talks to somebody else then; these times are free.
    Taken(Vec<Slot>),
}

/// By which hours a talk of a campaign with a client in that zone is held.
pub async fn hours(tx: &mut Tx, org: OrgId, campaign: &Campaign, theirs: Zone) -> Outcome<Hours> {
    let ours = people::actions::firm(tx, org).await?.zone;
    Ok(Hours { policy: campaign.policy, ours, theirs })
}

/// The free times of a campaign for a talk of that length, the soonest first.
pub async fn list_free(
    tx: &mut Tx,
    org: OrgId,
    (campaign, booker): (&Campaign, UserId),
    (hours, minutes): (&Hours, i64),
    now: Instant,
) -> Outcome<Vec<Slot>> {
    let hosts = hosts(tx, org, (campaign, booker), (now, now.plus_days(DAYS_AHEAD))).await?;
    Ok(hours.list_free(&hosts, minutes, now))
}

/// Finds who holds a talk and holds their diary, so that nobody is booked twice.
pub async fn find_host_in(
    tx: &mut Tx,
    act: &Act,
    (campaign, booker): (&Campaign, UserId),
    wanted: &Wanted,
) -> Outcome<Found> {
    let Wanted { hours, starts_at, minutes } = wanted;
    let (from, until) = (*starts_at, starts_at.plus_minutes(*minutes));
    let week = hours.week_of(from);
    let span = (week.0.min(act.now), week.1.max(until));
    let hosts = hosts(tx, act.org, (campaign, booker), span).await?;
    if hosts.is_empty() {
        return Ok(Found::Open);
    }
    for user in hours.in_turn(&hosts, from, until) {
        // Another booking of theirs is waited for here; what it left is read anew.
        store::insert_host(tx, act.org, user).await?;
        let span = (from.plus_minutes(-MINUTES_MAX), until);
        let taken = store::list_taken(tx, act.org, &[user], span).await?;
        let taken = taken.iter().map(Taken::from).collect();
        if (Host { user, taken, booked_at: None }).is_free(from, until) {
            store::update_host_booked(tx, act.org, user, act.now).await?;
            return Ok(Found::Host(user));
        }
    }
    let mut free = list_free(tx, act.org, (campaign, booker), (hours, *minutes), act.now).await?;
    // What is near the time that was asked for comes first.
    free.sort_by_key(|slot| ((slot.starts_at.ms() - from.ms()).abs(), slot.starts_at));
    free.truncate(NAMED);
    free.sort_by_key(|slot| slot.starts_at);
    Ok(Found::Taken(free))
}

/// The talk in somebody's diary that falls into the time of this one; nothing where the time is
/// free or it is known what became of this one.
pub async fn find_clash(
    tx: &mut Tx,
    org: OrgId,
    meeting: &Meeting,
    host: UserId,
) -> Outcome<Option<Meeting>> {
    if meeting.state != MeetingState::Booked {
        return Ok(None);
    }
    let span = (meeting.starts_at.plus_minutes(-MINUTES_MAX), meeting.ends_at());
    let taken = store::list_taken(tx, org, &[host], span).await?;
    Ok(taken.into_iter().find(|other| other.id != meeting.id && other.meets(meeting)))
}

/// Refuses a choice of who is to hold a talk that is still to come where their diary is taken then;
/// says what by.
pub async fn check_host_in(tx: &mut Tx, act: &Act, id: MeetingId, host: UserId) -> Outcome<()> {
    // Another booking of theirs is waited for here.
    store::insert_host(tx, act.org, host).await?;
    let meeting = store::find(tx, &Scope::whole(act.org), id).await?.ok_or(Error::NotFound)?;
    if meeting.host == Some(host) || meeting.ends_at() <= act.now {
        return Ok(());
    }
    let Some(other) = find_clash(tx, act.org, &meeting, host).await? else { return Ok(()) };
    let firm = people::actions::firm(tx, act.org).await?;
    let lang = match act.actor {
        Some(actor) => people::actions::find_user(tx, act.org, actor).await?.map(|user| user.lang),
        None => None,
    };
    let lang = lang.unwrap_or(firm.lang);
    let told = |at| format::time(at, &firm.zone);
    let day = format::near_day(lang, other.starts_at, &firm.zone);
    let time = format!("{day}, {}–{}", told(other.starts_at), told(other.ends_at()));
    let mut fields = Fields::default();
    fields.note_with("to", "meeting-host-is-busy", vec![("time", time)]);
    Err(Error::Invalid(fields))
}

/// Refuses the choice of who takes over another's talks with a company where one of them falls into
/// a talk of theirs.
pub async fn check_pass_in(
    tx: &mut Tx,
    act: &Act,
    (company, from): (CompanyId, UserId),
    to: UserId,
) -> Outcome<()> {
    for id in store::list_hosted(tx, act.org, company, from).await? {
        check_host_in(tx, act, id, to).await?;
    }
    Ok(())
}

/// Those of these talks whose host holds another at the same time.
pub async fn list_clashing(
    tx: &mut Tx,
    org: OrgId,
    all: &[Meeting],
) -> Outcome<BTreeSet<MeetingId>> {
    let booked = all.iter().filter(|one| one.state == MeetingState::Booked);
    let booked: Vec<&Meeting> = booked.filter(|one| one.host.is_some()).collect();
    let hosts: BTreeSet<UserId> = booked.iter().filter_map(|one| one.host).collect();
    let hosts: Vec<UserId> = hosts.into_iter().collect();
    let from = booked.iter().map(|one| one.starts_at.plus_minutes(-MINUTES_MAX)).min();
    let until = booked.iter().map(|one| one.ends_at()).max();
    let Some(span) = from.zip(until) else { return Ok(BTreeSet::new()) };
    let taken = store::list_taken(tx, org, &hosts, span).await?;
    let clashes = |one: &&&Meeting| {
        taken.iter().any(|other| other.id != one.id && other.host == one.host && other.meets(one))
    };
    Ok(booked.iter().filter(clashes).map(|one| one.id).collect())
}

/// Who may hold a talk of a campaign: whoever keeps the client, else who works in its second tier.
async fn hosts(
    tx: &mut Tx,
    org: OrgId,
    (campaign, booker): (&Campaign, UserId),
    span: (Instant, Instant),
) -> Outcome<Vec<Host>> {
    let users = if campaign.engagement.keeps(Tier::Acquisition, Tier::Sales) {
        vec![booker]
    } else {
        let mut all = campaigns::actions::list_members(tx, org, campaign.id, Tier::Sales).await?;
        all.retain(|user| *user != booker);
        all
    };
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let last: BTreeMap<UserId, Instant> =
        store::list_hosts(tx, org, &users).await?.into_iter().collect();
    let mut diaries: BTreeMap<UserId, Vec<Taken>> = BTreeMap::new();
    let longest = span.0.plus_minutes(-MINUTES_MAX);
    for meeting in &store::list_taken(tx, org, &users, (longest, span.1)).await? {
        let Meeting { host: Some(host), .. } = meeting else { continue };
        diaries.entry(*host).or_default().push(meeting.into());
    }
    Ok(users
        .into_iter()
        .map(|user| Host {
            user,
            taken: diaries.remove(&user).unwrap_or_default(),
            booked_at: last.get(&user).copied(),
        })
        .collect())
}
