//! The wallboard of the calls: what whoever leads callers looks at all day.
//!
//! Five figures, each with its target and how it stands against it; what each caller does now and
//! since when; how long the queue of each campaign still lasts; who was abandoned and who
//! complained; calls that nobody has said the result of. Nothing is kept here: everything is read
//! from leases, attempts, calls and seats as they stand, and nothing is written.
//!
//! Invariants:
//! - a head sees the callers of the own team and no others; figures are of those callers alone, and
//!   of a campaign that others lead only the work that waits is told;
//! - a share is told with both its numbers, and with nothing below is no share;
//! - no figure ranks people.
//!
//! Neighbours: reads `leads`, `telephony`, `calls`, `companies`, `campaigns`; passing a lead on is
//! an action of `calls`.

pub mod actions;
pub mod api;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

use crate::campaigns::CallingPolicy;
use crate::campaigns::complaints::Complaints;
use crate::telephony::hosted::FILED_WITHIN_MS;
use crate::telephony::trunk::{Paused, Trouble};
use crate::values::*;

codes! {
    /// What a caller does now.
    CallerState {
        /// Talks with a company; by a telephone of their own as far as its exchange tells.
        Talking = "talking",
        /// A call of theirs is being put through, or was begun by link and nobody tells more.
        Dialling = "dialling",
        /// The call is over and its result is not said.
        Filing = "filing",
        /// Has a company in hand.
        InHand = "in_hand",
        /// Asked for a company and has none.
        Ready = "ready",
        /// Has stopped for a while.
        Paused = "paused",
        /// Is not there.
        Away = "away",
    }
}

codes! {
    /// The five figures.
    FigureKind {
        /// Calls made today; the target is the mean of the days before, by the same hour.
        Dials = "dials",
        /// Of them those in which somebody answered.
        Connects = "connects",
        /// Meetings booked today.
        Meetings = "meetings",
        /// Promised calls whose time has come and that nobody has made.
        Callbacks = "callbacks",
        /// Callers at work, of all.
        Present = "present",
    }
}

codes! {
    /// How a figure stands against its target.
    Stand {
        /// The target is met.
        Met = "met",
        /// It is not.
        Behind = "behind",
        /// There is nothing yet to compare.
        Open = "open",
    }
}

/// A call by link of whose end nobody tells counts as under way for so long after the click. A
/// longer one is rare; then its result is what is missing.
pub const LINK_MS: i64 = 15 * 60 * 1_000;
/// Who asked for no company and sent no result for so long is away.
pub const IDLE_MS: i64 = 15 * 60 * 1_000;
/// Of a thousand calls so many are answered: 9.9 % of 175,000 calls between firms in 2025, by
/// Belkins (belkins.io/blog/cold-calling-benchmarks).
const CONNECTS_OF_1000: i64 = 99;
/// Fewer calls than that say nothing about a share.
const DIALS_FOR_A_SHARE: i64 = 20;
/// One meeting is booked of so many calls, by the same count.
const DIALS_PER_MEETING: i64 = 370;
/// Abandoned of a thousand answered calls that a campaign must not exceed.
pub const ABANDONED_OF_1000_MAX: i64 = 30;

/// A company in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hand {
    /// The lead.
    pub lead: LeadId,
    /// Which grant it is.
    pub generation: i64,
    /// The campaign.
    pub campaign: CampaignId,
    /// The company's name.
    pub company: String,
    /// Who holds it.
    pub owner: UserId,
    /// Since when.
    pub leased_at: Option<Instant>,
    /// Until when.
    pub until: Instant,
    /// True while the call under it has no result.
    pub awaits_result: bool,
    /// When the last call under it ended.
    pub ended_at: Option<Instant>,
}

/// A call by a telephone of the caller's own whose result is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByLink {
    /// When they followed the link.
    pub followed_at: Instant,
    /// When it was answered, where the exchange of that telephone tells.
    pub answered_at: Option<Instant>,
    /// When it was over, where it tells.
    pub ended_at: Option<Instant>,
}

impl ByLink {
    /// What its caller does as long as it is under way, and since when.
    fn state(&self, now: Instant) -> Option<(CallerState, Instant)> {
        let Self { followed_at, answered_at, ended_at } = *self;
        match (ended_at, answered_at) {
            (None, Some(at)) if now < at.plus_ms(FILED_WITHIN_MS) => {
                Some((CallerState::Talking, at))
            }
            (None, None) if now < followed_at.plus_ms(LINK_MS) => {
                Some((CallerState::Dialling, followed_at))
            }
            _ => None,
        }
    }
}

/// What the product knows of a caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signs {
    /// True while a session of theirs stands.
    pub is_signed_in: bool,
    /// When they last asked for a company or sent a result.
    pub seen_at: Option<Instant>,
    /// When they stopped for a while.
    pub paused_at: Option<Instant>,
    /// What they hold.
    pub hand: Option<Hand>,
    /// The call that is under way: since when, and when it was answered.
    pub call: Option<(Instant, Option<Instant>)>,
    /// The call by link that waits for its result.
    pub link: Option<ByLink>,
}

impl Signs {
    /// What the caller does now, and since when.
    pub fn state(&self, now: Instant) -> (CallerState, Option<Instant>) {
        if let Some((begun, answered)) = self.call {
            return match answered {
                Some(at) => (CallerState::Talking, Some(at)),
                None => (CallerState::Dialling, Some(begun)),
            };
        }
        match &self.hand {
            Some(hand) if hand.awaits_result => {
                if let Some((state, since)) = self.link.and_then(|link| link.state(now)) {
                    return (state, Some(since));
                }
                let told = self.link.and_then(|link| link.ended_at);
                return (CallerState::Filing, told.or(hand.ended_at).or(hand.leased_at));
            }
            Some(hand) if hand.until > now => return (CallerState::InHand, hand.leased_at),
            _ => {}
        }
        let is_idle = self.seen_at.is_none_or(|at| at.plus_ms(IDLE_MS) <= now);
        match self.paused_at {
            _ if !self.is_signed_in => (CallerState::Away, self.seen_at),
            Some(at) => (CallerState::Paused, Some(at)),
            None if is_idle => (CallerState::Away, self.seen_at),
            None => (CallerState::Ready, self.seen_at),
        }
    }
}

impl CallerState {
    /// True for who calls or would call.
    pub fn is_at_work(self) -> bool {
        !matches!(self, Self::Paused | Self::Away)
    }
    /// The tone of its word.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Talking | Self::Dialling => "pos",
            Self::Filing => "warn",
            Self::InHand => "act",
            Self::Ready | Self::Paused | Self::Away => "",
        }
    }
}

/// One of the five figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Which.
    pub kind: FigureKind,
    /// The number.
    pub value: i64,
    /// Of how many, where it is a share.
    pub of: Option<i64>,
    /// What it should be.
    pub target: Option<i64>,
    /// How it stands.
    pub stand: Stand,
}

/// What the figures are made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls today.
    pub dials: i64,
    /// Of them answered.
    pub answered: i64,
    /// Meetings booked in them.
    pub meetings: i64,
    /// Calls by this hour on the days before.
    pub before: Vec<i64>,
    /// Promised calls that are due.
    pub callbacks: i64,
    /// Callers at work.
    pub present: i64,
    /// Callers.
    pub callers: i64,
}

/// The five figures, always in the same order.
pub fn figures(counts: &Counts) -> [Figure; 5] {
    let stand = |is_met: bool| if is_met { Stand::Met } else { Stand::Behind };
    let at_least = |value: i64, target: Option<i64>| match target {
        Some(target) => stand(value >= target),
        None => Stand::Open,
    };
    let Counts { dials, answered, meetings, callbacks, present, callers, .. } = *counts;
    // A day on which nobody called was none.
    let worked: Vec<i64> = counts.before.iter().copied().filter(|dials| *dials > 0).collect();
    let days = worked.len() as i64;
    let usual = (days > 0).then(|| (worked.iter().sum::<i64>() + days - 1) / days);
    let has_share = dials >= DIALS_FOR_A_SHARE;
    let connects = has_share.then(|| (dials * CONNECTS_OF_1000 + 999) / 1000);
    let booked = has_share.then_some(dials / DIALS_PER_MEETING);
    let figure = |kind, value, of, target, stand| Figure { kind, value, of, target, stand };
    [
        figure(FigureKind::Dials, dials, None, usual, at_least(dials, usual)),
        figure(FigureKind::Connects, answered, Some(dials), connects, at_least(answered, connects)),
        figure(FigureKind::Meetings, meetings, None, booked, at_least(meetings, booked)),
        figure(FigureKind::Callbacks, callbacks, None, Some(0), stand(callbacks == 0)),
        figure(
            FigureKind::Present,
            present,
            Some(callers),
            Some(callers),
            if callers == 0 { Stand::Open } else { stand(present >= callers) },
        ),
    ]
}

/// What is left to call in a campaign, and how its people fare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supply {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub name: String,
    /// True for who leads it: they may pass its leads on.
    pub is_led: bool,
    /// Companies whose time has come, counted up to [`DUE_MAX`].
    pub due: i64,
    /// Callers at work in it who are seen here.
    pub callers: i64,
    /// Their calls in the last hour.
    pub pace: i64,
    /// Calls of all who work in it, in the last hour: they share what is due.
    pub pace_of_all: i64,
    /// Answered calls by the product's own lines in 30 days, the abandoned included.
    pub talked: i64,
    /// Of them those that nobody took up.
    pub abandoned: i64,
    /// Its calls and complaints, as far as they count.
    pub heard: Complaints,
    /// How many it may have.
    pub policy: CallingPolicy,
}

/// A campaign that complaints stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Halted {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub name: String,
    /// Since when.
    pub at: Instant,
}

/// How far what is due is counted.
pub const DUE_MAX: i64 = 5_000;
/// How far promised calls of a campaign are counted.
pub const PROMISES_MAX: i64 = 200;

impl Supply {
    /// How long what is due lasts at the pace of the last hour, in tenths of an hour; `None` while
    /// there is no pace. All who call in the campaign draw on it.
    pub fn tenths_left(&self) -> Option<i64> {
        (self.pace_of_all > 0).then(|| self.due * 10 / self.pace_of_all)
    }
    /// True where more is due than was counted.
    pub fn is_more(&self) -> bool {
        self.due >= DUE_MAX
    }
    /// True where less than an hour is left for those who call.
    pub fn is_dry(&self) -> bool {
        self.callers > 0 && (self.due == 0 || self.tenths_left().is_some_and(|left| left < 10))
    }
    /// True where more was abandoned than may be.
    pub fn is_abandoning(&self) -> bool {
        self.abandoned * 1000 > self.talked * ABANDONED_OF_1000_MAX
    }
    /// True where more complained than may, as far as the viewer is told.
    pub fn is_complained_of(&self) -> bool {
        self.policy.is_over(self.heard)
    }
}

/// A caller on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// What they do.
    pub state: CallerState,
    /// Since when.
    pub since: Option<Instant>,
    /// What they hold.
    pub hand: Option<Hand>,
    /// Their calls today.
    pub dials: i64,
    /// Of them answered.
    pub answered: i64,
}

/// What the callers of the board bore today, all together: nobody is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Callers who rest now.
    pub resting: i64,
    /// Callers who had a rest today.
    pub rested: i64,
    /// Rests after refusals in a row.
    pub refusals: i64,
    /// Rests after long work without a break.
    pub minutes: i64,
    /// Rests, of both kinds and longer ones, in which calls were filed all the same.
    pub skipped: i64,
    /// All rests.
    pub rests: i64,
}

/// A promised call that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The lead.
    pub lead: LeadId,
    /// Its grants so far.
    pub generation: i64,
    /// Counts its changes.
    pub version: i64,
    /// The campaign.
    pub campaign: CampaignId,
    /// The company's name.
    pub company: String,
    /// Who promised it; `None` for anyone.
    pub owner: Option<UserId>,
    /// The promised time.
    pub at: Instant,
}

/// The whole board, as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wall {
    /// The moment.
    pub at: Instant,
    /// The five figures.
    pub figures: [Figure; 5],
    /// What they bore today.
    pub load: Load,
    /// The callers, who calls first.
    pub callers: Vec<Caller>,
    /// The running campaigns.
    pub campaigns: Vec<Supply>,
    /// Those that complaints stopped and nobody has decided about.
    pub halted: Vec<Halted>,
    /// What is wrong with the ways out of the engine.
    pub troubles: Vec<Trouble>,
    /// Numbers of ours that pause, since far networks block them.
    pub paused: Vec<Paused>,
    /// Promised calls that are due, the oldest first.
    pub due: Vec<Due>,
    /// To whom leads of a campaign may pass.
    pub takers: Vec<(CampaignId, Vec<UserId>)>,
}

impl Wall {
    /// What is in hand: first the calls without a result, the oldest first.
    pub fn hands(&self) -> Vec<(&Caller, &Hand)> {
        let mut hands: Vec<_> =
            self.callers.iter().filter_map(|one| Some((one, one.hand.as_ref()?))).collect();
        hands.sort_by_key(|(one, hand)| (!hand.awaits_result, one.since, hand.lead));
        hands
    }
    /// How many calls have no result.
    pub fn undisposed(&self) -> i64 {
        self.callers.iter().filter(|one| one.state == CallerState::Filing).count() as i64
    }
    /// A campaign of the board.
    pub fn campaign(&self, id: CampaignId) -> Option<&Supply> {
        self.campaigns.iter().find(|one| one.campaign == id)
    }
    /// To whom a lead of a campaign may pass, beside who has it.
    pub fn takers_of(&self, id: CampaignId, but: Option<UserId>) -> Vec<UserId> {
        let all = self.takers.iter().find(|(campaign, _)| *campaign == id);
        let all = all.map(|(_, users)| users.as_slice()).unwrap_or_default();
        all.iter().copied().filter(|user| Some(*user) != but).collect()
    }
    /// The name of a caller of the board.
    pub fn name(&self, id: UserId) -> &str {
        self.callers.iter().find(|one| one.user == id).map_or("", |one| one.name.as_str())
    }
}
