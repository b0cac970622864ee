//! What is done with meetings: book, give a host, say what became of them.

use super::{
    Mark, Marker, Meeting, MeetingRefusal, MeetingState, NewMeeting, Range, booking, store,
};
use crate::begin;
use crate::campaigns::{self, TargetAction};
use crate::events::{Event, Kind};
use crate::people::{self, Role, Scope, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::tiers::Tier;
use crate::values::*;

/// Books a talk as part of somebody else's transaction.
pub async fn book_in(tx: &mut Tx, act: &Act, new: NewMeeting) -> Outcome<MeetingId> {
    new.check(act.now).into_result()?;
    let booker_team = team_of(tx, act.org, Some(new.booker)).await?;
    let host_team = team_of(tx, act.org, new.host).await?;
    let meeting = Meeting {
        id: MeetingId::fresh(act.now),
        number: take_numbers(tx, act.org, "meeting", 1).await?,
        company: new.company,
        campaign: new.campaign,
        lead: new.lead,
        contact: new.contact,
        booker: new.booker,
        booker_team,
        host: new.host,
        host_team,
        starts_at: new.starts_at,
        minutes: new.minutes,
        place: new.place.trim().to_owned(),
        state: MeetingState::Booked,
        note: String::new(),
        marked: None,
        version: 1,
        made_at: act.now,
    };
    store::insert(tx, act.org, &meeting).await?;
    let held = TargetAction::MeetingHeld;
    let is_target = campaigns::actions::is_target(tx, act.org, meeting.campaign, held).await?;
    told(Kind::MeetingBooked, &meeting)
        .target(is_target)
        .with("starts_at", meeting.starts_at.rfc3339())
        .record(tx, act)
        .await?;
    announce(tx, &meeting);
    Ok(meeting.id)
}

/// Says who will talk, as part of somebody else's transaction. A meeting that was marked already
/// keeps the host it had. A talk of theirs at the same time refuses nothing: the event names it,
/// and both are shown as clashing.
pub async fn set_host_in(tx: &mut Tx, act: &Act, id: MeetingId, host: UserId) -> Outcome<()> {
    // Another booking of theirs is waited for here.
    store::insert_host(tx, act.org, host).await?;
    let meeting = store::find_for_update(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if meeting.state != MeetingState::Booked || meeting.host == Some(host) {
        return Ok(());
    }
    let host_team = team_of(tx, act.org, Some(host)).await?;
    let before = meeting.host.map(|user| user.to_string());
    let hosted = Meeting { host: Some(host), host_team, ..meeting };
    if store::update_host(tx, act.org, &hosted).await? == 0 {
        return Err(MeetingRefusal::Stale.into());
    }
    let clash = booking::find_clash(tx, act.org, &hosted, host).await?;
    told(Kind::MeetingHostSet, &hosted)
        .with("before", before)
        .with("clashes_with", clash.map(|other| other.id.to_string()))
        .record(tx, act)
        .await?;
    announce(tx, &hosted);
    Ok(())
}

/// A lead was sent back or nobody answered: whoever was to hold its meeting is free again. The talk
/// stays agreed, and whoever accepts the lead later holds it.
pub async fn free_host_in(tx: &mut Tx, act: &Act, id: MeetingId) -> Outcome<()> {
    let meeting = store::find_for_update(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let Some(before) = meeting.host.filter(|_| meeting.state == MeetingState::Booked) else {
        return Ok(());
    };
    let freed = Meeting { host: None, host_team: None, ..meeting };
    if store::update_host(tx, act.org, &freed).await? == 0 {
        return Err(MeetingRefusal::Stale.into());
    }
    let told = told(Kind::MeetingHostSet, &freed).with("before", before.to_string());
    told.record(tx, act).await?;
    announce(tx, &freed);
    tx.announce(format!("user:{before}"));
    Ok(())
}

/// A lead was sent back for good and nobody took it since: the talk that was agreed with it is held
/// by nobody. One that has a host, or was marked, stays as it is.
pub async fn drop_in(tx: &mut Tx, act: &Act, id: MeetingId) -> Outcome<()> {
    let meeting = store::find_for_update(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let is_waiting = meeting.state == MeetingState::Booked && meeting.host.is_none();
    if !is_waiting || act.now < meeting.ends_at() {
        return Ok(());
    }
    let dropped = Meeting { state: MeetingState::Dropped, ..meeting };
    if store::update_mark(tx, act.org, &dropped).await? == 0 {
        return Err(MeetingRefusal::Stale.into());
    }
    told(Kind::MeetingMissed, &dropped).reason("returned".to_owned()).record(tx, act).await?;
    announce(tx, &dropped);
    Ok(())
}

/// Meetings with a company that one person was to hold are held by another.
pub async fn pass_from_in(
    tx: &mut Tx,
    act: &Act,
    (company, from): (CompanyId, UserId),
    to: UserId,
) -> Outcome<()> {
    for id in store::list_hosted(tx, act.org, company, from).await? {
        set_host_in(tx, act, id, to).await?;
    }
    Ok(())
}

/// Says what became of a meeting.
pub async fn mark(
    act: &Act,
    viewer: &Viewer,
    id: MeetingId,
    mark: Mark,
    note: &str,
) -> Outcome<()> {
    if note.chars().count() > 1_000 {
        let mut fields = Fields::default();
        fields.note_with("note", "too-long", vec![("max", "1000".to_owned())]);
        return Err(Error::Invalid(fields));
    }
    let mut tx = begin!(act);
    let seen = store::find(&mut tx, &viewer.scope(), id).await?;
    if seen.is_none() {
        return Err(Error::NotFound);
    }
    let meeting = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let marked = meeting.mark(marker(viewer), mark, note, act.now)?;
    if store::update_mark(&mut tx, act.org, &marked).await? == 0 {
        return Err(MeetingRefusal::Stale.into());
    }
    let event = match mark {
        Mark::Held => told(Kind::MeetingHeld, &marked),
        Mark::ClientMissed | Mark::SellerMissed => {
            told(Kind::MeetingMissed, &marked).reason(mark.code().to_owned())
        }
    };
    event.record(&mut tx, act).await?;
    announce(&mut tx, &marked);
    tx.finish(()).await
}

/// A meeting that may be seen.
pub async fn find_seen(tx: &mut Tx, scope: &Scope, id: MeetingId) -> Outcome<Option<Meeting>> {
    store::find(tx, scope, id).await
}

/// Meetings that may be seen, in the order of their beginning.
pub async fn list(tx: &mut Tx, scope: &Scope, range: &Range, limit: i64) -> Outcome<Vec<Meeting>> {
    store::list(tx, scope, range, limit).await
}

/// Meetings with a company that may be seen, the newest first.
pub async fn list_of_company(
    tx: &mut Tx,
    scope: &Scope,
    company: CompanyId,
    limit: i64,
) -> Outcome<Vec<Meeting>> {
    store::list_of_company(tx, scope, company, limit).await
}

/// Meetings that have begun and that nobody has marked, the oldest first.
pub async fn list_unmarked(tx: &mut Tx, scope: &Scope, now: Instant) -> Outcome<Vec<Meeting>> {
    store::list_unmarked(tx, scope, now).await
}

/// What a person may do as a marker of meetings.
pub fn marker(viewer: &Viewer) -> Marker {
    let heads = if viewer.is(Role::Head) { viewer.user.team } else { None };
    Marker { user: viewer.id(), heads, is_above: viewer.is(Role::Owner) }
}

/// A meeting of the firm, for the rooms above.
pub async fn find(tx: &mut Tx, org: OrgId, id: MeetingId) -> Outcome<Option<Meeting>> {
    store::find(tx, &Scope::whole(org), id).await
}

/// The event about a meeting; it counts as the work of who booked it, in the first tier.
fn told(kind: Kind, meeting: &Meeting) -> Event {
    Event::new(kind, meeting.id)
        .company(meeting.company)
        .campaign(meeting.campaign)
        .person(meeting.booker)
        .tier(Tier::Acquisition.rank())
        .with("lead", meeting.lead.map(|lead| lead.to_string()))
        .with("host", meeting.host.map(|host| host.to_string()))
}

async fn team_of(tx: &mut Tx, org: OrgId, user: Option<UserId>) -> Outcome<Option<TeamId>> {
    let Some(user) = user else { return Ok(None) };
    let found = people::actions::find_user(tx, org, user).await?.ok_or(Error::NotFound)?;
    Ok(found.team)
}

fn announce(tx: &mut Tx, meeting: &Meeting) {
    tx.announce(format!("user:{}", meeting.booker));
    if let Some(host) = meeting.host {
        tx.announce(format!("user:{host}"));
    }
}
