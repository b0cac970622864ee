//! The board is read, as far as the viewer sees.

use std::collections::BTreeMap;

use jiff::ToSpan as _;

use super::{Caller, Counts, Due, Halted, PROMISES_MAX, Supply, Wall, figures, store};
use crate::calls;
use crate::campaigns::complaints::Complaints;
use crate::campaigns::{self, Campaign, CampaignState, hours};
use crate::people::{self, Role, User, Viewer};
use crate::storage::Tx;
use crate::telephony::trunk;
use crate::tiers::{Tier, doors};
use crate::values::*;

/// How many days before today make the usual day.
const DAYS_BEFORE: i64 = 7;
/// Of how many days abandoned calls are counted.
const RATE_DAYS: i64 = 30;

/// The board of the callers whom the viewer leads, or of the whole firm.
pub async fn read(tx: &mut Tx, viewer: &Viewer, now: Instant) -> Outcome<Wall> {
    if !doors::may_watch_calls(viewer) {
        return Err(Error::NotFound);
    }
    let users = list_callers(tx, viewer).await?;
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let midnight = hours::at_minute(now.day(&viewer.zone), 0, &viewer.zone);
    let today = store::count_today(tx, viewer.org, &ids, midnight).await?;
    let callers = seat(tx, viewer, &users, &today, now).await?;
    let board = Board::of(tx, viewer, &ids).await?;
    let running = board.running(viewer);
    let due = list_due(tx, viewer, (&running, &ids), now).await?;
    let counts = Counts {
        dials: today.iter().map(|(_, counts)| counts[0]).sum(),
        answered: today.iter().map(|(_, counts)| counts[1]).sum(),
        meetings: today.iter().map(|(_, counts)| counts[2]).sum(),
        before: count_before(tx, viewer, &ids, (midnight, now)).await?,
        callbacks: due.len() as i64,
        present: callers.iter().filter(|one| one.state.is_at_work()).count() as i64,
        callers: callers.len() as i64,
    };
    let campaigns = list_supply(tx, viewer, (&running, &callers), now).await?;
    let takers = running.into_iter().map(|(campaign, members)| (campaign.id, members)).collect();
    let halted = board.halted(viewer);
    let load = store::count_rests(tx, viewer.org, &ids, (midnight, now)).await?;
    Ok(Wall {
        at: now,
        figures: figures(&counts),
        load,
        callers,
        campaigns,
        halted,
        troubles: trunk::list_troubles(tx, viewer.org, now).await?,
        paused: trunk::list_paused(tx, viewer.org, now).await?,
        due,
        takers,
    })
}

/// The campaigns that the viewer knows of, and who of those seen here calls for each.
struct Board {
    campaigns: Vec<Campaign>,
    members: Vec<(CampaignId, UserId)>,
}

impl Board {
    async fn of(tx: &mut Tx, viewer: &Viewer, callers: &[UserId]) -> Outcome<Self> {
        let campaigns = campaigns::actions::list(tx, &viewer.scope()).await?;
        let tier = Tier::Acquisition;
        let mut members = campaigns::actions::list_working(tx, viewer.org, tier).await?;
        members.retain(|(_, user)| callers.contains(user));
        Ok(Self { campaigns, members })
    }

    /// The callers of a campaign who are seen here; `None` where it is none of this board.
    fn members(&self, viewer: &Viewer, campaign: &Campaign) -> Option<Vec<UserId>> {
        let is_its = |(of, _): &&(CampaignId, UserId)| *of == campaign.id;
        let members: Vec<UserId> = self.members.iter().filter(is_its).map(|(_, u)| *u).collect();
        (!members.is_empty() || campaign.is_led_by(viewer)).then_some(members)
    }

    /// Campaigns of this board that complaints stopped.
    fn halted(&self, viewer: &Viewer) -> Vec<Halted> {
        let halted = |campaign: &Campaign| {
            let at = campaign.complained_at?;
            let is_over = campaign.state == CampaignState::Stopped;
            self.members(viewer, campaign).filter(|_| !is_over)?;
            Some(Halted { campaign: campaign.id, name: campaign.name.clone(), at })
        };
        self.campaigns.iter().filter_map(halted).collect()
    }

    /// The running campaigns, with those of their callers who are seen here; without such, and led
    /// by others, a campaign is none of this board.
    fn running(&self, viewer: &Viewer) -> Vec<(Campaign, Vec<UserId>)> {
        let running = self.campaigns.iter().filter(|campaign| campaign.is_running());
        let with = |campaign: &Campaign| Some((campaign.clone(), self.members(viewer, campaign)?));
        running.filter_map(with).collect()
    }
}

async fn list_callers(tx: &mut Tx, viewer: &Viewer) -> Outcome<Vec<User>> {
    let scope = viewer.scope();
    let is_seen = |user: &User| {
        user.roles.has(Role::Caller)
            && user.disabled_at.is_none()
            && scope.sees(Some(user.id), user.team)
    };
    let users = people::actions::list_users(tx, viewer.org).await?;
    Ok(users.into_iter().filter(is_seen).collect())
}

/// What each of them does now.
async fn seat(
    tx: &mut Tx,
    viewer: &Viewer,
    users: &[User],
    today: &[(UserId, [i64; 3])],
    now: Instant,
) -> Outcome<Vec<Caller>> {
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let mut signs: BTreeMap<UserId, _> =
        store::list_signs(tx, viewer.org, &ids, now).await?.into_iter().collect();
    for hand in store::list_hands(tx, viewer.org, &ids).await? {
        let owner = hand.owner;
        signs.entry(owner).or_default().hand = Some(hand);
    }
    for (owner, link) in store::list_links(tx, viewer.org, &ids).await? {
        signs.entry(owner).or_default().link = Some(link);
    }
    let mut callers: Vec<Caller> = users
        .iter()
        .map(|user| {
            let signs = signs.remove(&user.id).unwrap_or_default();
            let (state, since) = signs.state(now);
            let counts = today.iter().find(|(id, _)| *id == user.id);
            let [dials, answered, _] = counts.map(|(_, counts)| *counts).unwrap_or_default();
            let hand = signs.hand.filter(|hand| hand.awaits_result || hand.until > now);
            Caller { user: user.id, name: user.name.clone(), state, since, hand, dials, answered }
        })
        .collect();
    callers.sort_by(|a, b| (a.state, &a.name).cmp(&(b.state, &b.name)));
    Ok(callers)
}

/// Promised calls that are due: those of the callers seen here, and anyone's where the campaign is
/// led by the viewer. Of a campaign no more than [`PROMISES_MAX`] and one.
async fn list_due(
    tx: &mut Tx,
    viewer: &Viewer,
    (running, callers): (&[(Campaign, Vec<UserId>)], &[UserId]),
    now: Instant,
) -> Outcome<Vec<Due>> {
    let mut due = Vec::new();
    for (campaign, _) in running {
        let are_of_anyone = campaign.is_led_by(viewer);
        let whose = store::Promises { campaign: campaign.id, callers, are_of_anyone, now };
        due.extend(store::list_due(tx, viewer.org, whose, PROMISES_MAX + 1).await?);
    }
    due.sort_by_key(|one| (one.at, one.lead));
    Ok(due)
}

/// How many calls these people had made by this hour of the clock on each of the days before.
async fn count_before(
    tx: &mut Tx,
    viewer: &Viewer,
    callers: &[UserId],
    (midnight, now): (Instant, Instant),
) -> Outcome<Vec<i64>> {
    let (today, into_day) = (now.day(&viewer.zone), now.ms() - midnight.ms());
    let mut before = Vec::new();
    for days in 1..=DAYS_BEFORE {
        let midnight = hours::at_minute(today.saturating_sub(days.days()), 0, &viewer.zone);
        let span = (midnight, midnight.plus_ms(into_day));
        before.push(store::count_between(tx, viewer.org, callers, span).await?);
    }
    Ok(before)
}

async fn list_supply(
    tx: &mut Tx,
    viewer: &Viewer,
    (running, callers): (&[(Campaign, Vec<UserId>)], &[Caller]),
    now: Instant,
) -> Outcome<Vec<Supply>> {
    let org = viewer.org;
    let ids: Vec<CampaignId> = running.iter().map(|(campaign, _)| campaign.id).collect();
    let since = now.plus_days(-RATE_DAYS);
    let paces = store::count_pace(tx, org, &ids, now.plus_ms(-HOUR_MS)).await?;
    let talked = store::count_talked(tx, org, &ids, since).await?;
    let due = store::count_due(tx, org, &ids, now).await?;
    let mut all = Vec::new();
    for (campaign, members) in running {
        let id = campaign.id;
        // Of a campaign that others lead nothing is told but the work that waits in it.
        let is_led = campaign.is_led_by(viewer);
        let is_working =
            |user: &UserId| callers.iter().any(|one| one.user == *user && one.state.is_at_work());
        let working: Vec<UserId> = members.iter().copied().filter(is_working).collect();
        let of_it = || paces.iter().filter(|(of, _, _)| *of == id);
        let own = of_it().filter(|(_, user, _)| working.contains(user));
        let (talked, abandoned) = talked
            .iter()
            .find(|(of, _, _)| *of == id && is_led)
            .map_or((0, 0), |(_, talked, abandoned)| (*talked, *abandoned));
        all.push(Supply {
            campaign: id,
            name: campaign.name.clone(),
            is_led: is_led && viewer.is_any(doors::LEADING),
            due: due.iter().find(|(of, _)| *of == id).map_or(0, |(_, count)| *count),
            callers: working.len() as i64,
            pace: own.map(|(_, _, calls)| calls).sum(),
            pace_of_all: of_it().map(|(_, _, calls)| calls).sum(),
            talked,
            abandoned,
            heard: match is_led {
                true => calls::complaints::count(tx, org, campaign, now).await?,
                false => Complaints::default(),
            },
            policy: campaign.policy,
        });
    }
    Ok(all)
}
