//! A caller rests for a few minutes: no new company is given, what was promised is.
//!
//! Whether somebody has borne enough is asked where calls are recorded. Here a rest is begun, told
//! and kept to; it ends by itself.

use super::store::rests;
use super::store::seats;
use crate::campaigns::Campaign;
use crate::events::{Event, Kind};
use crate::people;
use crate::storage::{Act, Tx};
use crate::values::*;

/// A pause of yesterday is over.
const PAUSE_HOURS: i64 = 12;

codes! {
    /// Why a caller rests.
    RestKind {
        /// They were refused many times in a row.
        Refusals = "refusals",
        /// They have worked long without a break.
        Minutes = "minutes",
        /// They worked on in the rests before.
        Skipped = "skipped",
    }
}

/// A few minutes without a new company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// Its id.
    pub id: RestId,
    /// Who rests.
    pub user: UserId,
    /// Where they called.
    pub campaign: CampaignId,
    /// Why.
    pub kind: RestKind,
    /// How many refusals, minutes or rests that was.
    pub value: i64,
    /// Since when.
    pub began_at: Instant,
    /// Until when.
    pub until: Instant,
}

/// No new company is given yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resting {
    /// When one is.
    pub until: Instant,
    /// True where checks of the base wait, too.
    pub is_alone: bool,
    /// The firm's zone, in which that moment is told.
    pub zone: Zone,
}

impl Refusal for Resting {
    fn code(&self) -> &'static str {
        if self.is_alone { "lead-resting-alone" } else { "lead-resting" }
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        let until = self.until.local(&self.zone).strftime("%H:%M").to_string();
        vec![("until", until), ("until_at", self.until.rfc3339())]
    }
}

/// A caller stops for a while; their next request for a company ends it.
pub async fn pause_in(tx: &mut Tx, act: &Act, caller: UserId) -> Outcome<()> {
    seats::update_paused(tx, act.org, caller, act.now).await.map(drop)
}

/// True for who pauses or rests now: no call is put through to them.
pub async fn is_paused(tx: &mut Tx, org: OrgId, user: UserId, now: Instant) -> Outcome<bool> {
    seats::is_paused(tx, org, user, now.plus_minutes(-PAUSE_HOURS * 60)).await
}

/// Begins a rest, as part of the transaction after which it is due.
pub async fn begin_in(
    tx: &mut Tx,
    act: &Act,
    campaign: &Campaign,
    (user, kind, value): (UserId, RestKind, i64),
    until: Instant,
) -> Outcome<Rest> {
    let (id, began_at) = (RestId::fresh(act.now), act.now);
    let rest = Rest { id, user, campaign: campaign.id, kind, value, began_at, until };
    rests::insert_rest(tx, act.org, &rest).await?;
    pause_in(tx, act, user).await?;
    Event::new(Kind::CallerRested, rest.id)
        .campaign(rest.campaign)
        .person(user)
        .tier(1)
        .reason(kind.code().to_owned())
        .with("value", value)
        .with("until", until.rfc3339())
        .record(tx, act)
        .await?;
    tx.announce(format!("campaign:{}", rest.campaign));
    Ok(rest)
}

/// The call after which a rest began is taken back, and the rest with it: it never was one. Says
/// whether there was such a rest.
pub async fn end_in(tx: &mut Tx, act: &Act, (user, began_at): (UserId, Instant)) -> Outcome<bool> {
    Ok(rests::delete_rest(tx, act.org, user, began_at).await? > 0)
}

/// The rest of a caller that is not over yet.
pub async fn find(tx: &mut Tx, org: OrgId, user: UserId, now: Instant) -> Outcome<Option<Rest>> {
    let last = rests::list_rests(tx, org, user, now.plus_days(-1), 1).await?;
    Ok(last.into_iter().next().filter(|rest| rest.until > now))
}

/// The rests of a caller since then, the latest first.
pub async fn list(tx: &mut Tx, org: OrgId, user: UserId, since: Instant) -> Outcome<Vec<Rest>> {
    rests::list_rests(tx, org, user, since, 50).await
}

/// Since when a caller has worked without a break.
pub async fn find_working_since(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<Option<Instant>> {
    seats::find_working_since(tx, org, user).await
}

/// True where a campaign gives this caller no new company now; a round of checks always does, it
/// is the other work.
pub(super) async fn keeps_from(
    tx: &mut Tx,
    act: &Act,
    (campaign, user): (&Campaign, UserId),
) -> Outcome<Option<Rest>> {
    let found = find(tx, act.org, user, act.now).await?;
    Ok(found.filter(|rest| !campaign.is_round() || rest.kind == RestKind::Skipped))
}

/// The refusal that says until when.
pub(super) async fn refuse(tx: &mut Tx, act: &Act, rest: &Rest) -> Outcome<Error> {
    let zone = people::actions::firm(tx, act.org).await?.zone;
    Ok(Resting { until: rest.until, is_alone: rest.kind == RestKind::Skipped, zone }.into())
}
