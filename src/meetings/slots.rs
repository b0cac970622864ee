//! When those who hold talks are free. Pure: their diaries, the hours and the clock are arguments.

use jiff::ToSpan as _;

use super::Meeting;
use crate::campaigns::CallingPolicy;
use crate::campaigns::hours::{at_minute, weekday_index};
use crate::values::*;

/// How many working days ahead free times are shown.
pub const SLOT_DAYS: usize = 10;
/// Days among which those are looked for: longer than any row of holidays.
pub const DAYS_AHEAD: i64 = 40;
/// Free times begin at every so many minutes of the working day.
const STEP_MINUTES: i64 = 30;
/// Whoever holds a talk hears of it at least so long before.
const NOTICE_MINUTES: i64 = 60;
/// Free times named where one is taken.
pub const NAMED: usize = 3;

/// Somebody who may hold a talk, with what stands in their diary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// The person.
    pub user: UserId,
    /// When they talk already: from, until, and whether that is still to come.
    pub taken: Vec<Taken>,
    /// When a talk was booked for them last.
    pub booked_at: Option<Instant>,
}

/// A talk in somebody's diary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// When it begins.
    pub from: Instant,
    /// When it ends.
    pub until: Instant,
    /// False once somebody said what became of it.
    pub is_booked: bool,
}

impl Host {
    /// True when no talk of theirs falls into that time.
    pub fn is_free(&self, from: Instant, until: Instant) -> bool {
        !self.taken.iter().any(|one| one.is_booked && one.from < until && from < one.until)
    }
    /// Their talks of a week, whatever became of them.
    fn load(&self, (from, until): (Instant, Instant)) -> usize {
        self.taken.iter().filter(|one| from <= one.from && one.from < until).count()
    }
}

/// A time at which somebody is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// When it begins.
    pub starts_at: Instant,
    /// How many are free then.
    pub free: usize,
}

/// By what free times are reckoned.
#[derive(Debug, Clone)]
pub struct Hours {
    /// The hours of the campaign: ours as they stand, the client's within what their country
    /// allows.
    pub policy: CallingPolicy,
    /// The zone of those who hold talks.
    pub ours: Zone,
    /// The client's zone.
    pub theirs: Zone,
}

impl Hours {
    /// Every time of the next working days at which somebody is free and the client may be talked
    /// to, the soonest first.
    pub fn list_free(&self, hosts: &[Host], minutes: i64, now: Instant) -> Vec<Slot> {
        let soonest = now.plus_minutes(NOTICE_MINUTES);
        self.list_times(minutes, now)
            .filter(|starts_at| *starts_at >= soonest)
            .filter_map(|starts_at| {
                let until = starts_at.plus_minutes(minutes);
                let free = hosts.iter().filter(|host| host.is_free(starts_at, until)).count();
                (free > 0).then_some(Slot { starts_at, free })
            })
            .collect()
    }

    /// True for a time that is offered where somebody is free then, or was while the caller talked:
    /// it only has to be still to come.
    pub fn offers(&self, at: Instant, minutes: i64, now: Instant) -> bool {
        self.list_times(minutes, now).any(|time| time == at)
    }

    fn list_times(&self, minutes: i64, now: Instant) -> impl Iterator<Item = Instant> {
        let own = self.policy.hours;
        let begins = self.working_days(now).flat_map(move |day| {
            let last = own.to_minute - minutes;
            let mut minute = own.from_minute;
            std::iter::from_fn(move || {
                let this = (minute <= last).then_some(minute)?;
                minute += STEP_MINUTES;
                Some((day, this))
            })
        });
        begins
            .map(|(day, minute)| at_minute(day, minute, &self.ours))
            .filter(move |at| *at >= now && self.suits_client(*at, minutes))
    }

    fn working_days(&self, now: Instant) -> impl Iterator<Item = jiff::civil::Date> {
        let (first, hours) = (now.day(&self.ours), self.policy.hours);
        (0..DAYS_AHEAD)
            .filter_map(move |ahead| first.checked_add(ahead.days()).ok())
            .filter(move |day| hours.is_working_day(*day))
            .take(SLOT_DAYS)
    }

    /// Nobody is asked to a talk in the night, or on a day of rest of theirs.
    fn suits_client(&self, from: Instant, minutes: i64) -> bool {
        let last = from.plus_minutes(minutes).plus_ms(-1);
        self.policy.is_open(from, &self.theirs) && self.policy.is_open(last, &self.theirs)
    }

    /// The week of a moment where those who hold talks are, Monday first.
    pub fn week_of(&self, at: Instant) -> (Instant, Instant) {
        let day = at.day(&self.ours);
        let monday = day.checked_sub(weekday_index(day).days()).unwrap_or(day);
        let next = monday.checked_add(7.days()).unwrap_or(monday);
        (at_minute(monday, 0, &self.ours), at_minute(next, 0, &self.ours))
    }

    /// Who is asked to hold a talk, in that order: of those who are free whoever has fewest talks
    /// that week, and among equals whoever was given one longest ago.
    pub fn in_turn(&self, hosts: &[Host], from: Instant, until: Instant) -> Vec<UserId> {
        let week = self.week_of(from);
        let mut free: Vec<&Host> = hosts.iter().filter(|host| host.is_free(from, until)).collect();
        free.sort_by_key(|host| (host.load(week), host.booked_at, host.user));
        free.iter().map(|host| host.user).collect()
    }
}

impl From<&Meeting> for Taken {
    fn from(meeting: &Meeting) -> Self {
        let is_booked = meeting.state == super::MeetingState::Booked;
        Self { from: meeting.starts_at, until: meeting.ends_at(), is_booked }
    }
}
