//! A campaign's policy within what its country allows: of both the stricter.

use jiff::civil::Date;

use super::CallingPolicy;
use super::hours::CallingHours;
use super::presets::{CAP_DAYS, Preset};
use crate::values::*;

/// How far ahead two sets of hours are looked through for a moment that both allow.
const OPENINGS_MAX: usize = 120;

impl CallingPolicy {
    /// The policy with every figure of the preset that is stricter in the place of its own.
    pub fn bounded(mut self) -> Self {
        let Some(preset) = self.preset.preset() else { return self };
        self.cool_down_days = self.cool_down_days.max(preset.cool_down_days);
        self.hours.calendar = preset.calendar;
        self.hours.holidays_off |= preset.holidays_off;
        self
    }

    /// At most so many attempts within each span of [`CAP_DAYS`], over all campaigns.
    pub fn caps(&self) -> [Option<i64>; 3] {
        let caps = self.preset.preset().map_or(&[][..], |preset| preset.caps);
        CAP_DAYS.map(|days| caps.iter().find(|cap| cap.days == days).map(|cap| cap.max))
    }

    /// True when one may call at that moment in that zone.
    pub fn is_open(&self, at: Instant, zone: &Zone) -> bool {
        let is_allowed = |preset: &Preset| preset.windows().any(|hours| hours.is_open(at, zone));
        self.bounded().hours.is_open(at, zone) && self.preset.preset().is_none_or(is_allowed)
    }

    /// The moment itself when one may call, else the next one; `None` when none comes.
    pub fn next_open(&self, at: Instant, zone: &Zone) -> Option<Instant> {
        let own = self.bounded().hours;
        let Some(preset) = self.preset.preset() else { return own.next_open(at, zone) };
        let mut moment = at;
        for _ in 0..OPENINGS_MAX {
            let mine = own.next_open(moment, zone)?;
            let theirs = preset.windows().filter_map(|hours| hours.next_open(mine, zone)).min()?;
            if theirs == mine {
                return Some(mine);
            }
            moment = theirs;
        }
        None
    }

    /// The moment itself when one may call in each of these zones at once, else the next one;
    /// `None` when none comes.
    pub fn next_open_in(&self, at: Instant, zones: [&Zone; 2]) -> Option<Instant> {
        let mut moment = at;
        for _ in 0..OPENINGS_MAX {
            let mut latest = moment;
            for zone in zones {
                latest = latest.max(self.next_open(latest, zone)?);
            }
            if latest == moment {
                return Some(moment);
            }
            moment = latest;
        }
        None
    }

    /// True when campaign and country are ever open at once.
    pub fn ever_opens(&self) -> bool {
        self.next_open(Instant(0), &Zone::named("UTC")).is_some()
    }

    /// First and last minute of a day on which one may call, as far as campaign and country say.
    pub fn span(&self) -> (i64, i64) {
        let (from, to) = (self.hours.from_minute, self.hours.to_minute);
        let Some(preset) = self.preset.preset() else { return (from, to) };
        let opens = preset.windows().map(|hours| hours.from_minute).min();
        let closes = preset.windows().map(|hours| hours.to_minute).max();
        (opens.map_or(from, |first| first.max(from)), closes.map_or(to, |last| last.min(to)))
    }

    /// The hours in which campaign and country both allow a call; days with the same are together.
    pub fn hours_held(&self) -> Vec<CallingHours> {
        let own = self.bounded().hours;
        let Some(preset) = self.preset.preset() else { return vec![own] };
        let mut held: Vec<CallingHours> = Vec::new();
        for theirs in preset.windows() {
            let both = CallingHours {
                days: own.days & theirs.days,
                from_minute: own.from_minute.max(theirs.from_minute),
                to_minute: own.to_minute.min(theirs.to_minute),
                ..own
            };
            if both.days == 0 || both.from_minute >= both.to_minute {
                continue;
            }
            let span = |one: &CallingHours| (one.from_minute, one.to_minute);
            match held.iter_mut().find(|one| span(one) == span(&both)) {
                Some(known) => known.days |= both.days,
                None => held.push(both),
            }
        }
        held
    }

    /// The spans of a client's day, in minutes of it and in order, in which campaign and country
    /// both allow a call.
    pub fn spans_on(&self, day: Date) -> Vec<(i64, i64)> {
        let held = self.hours_held().into_iter().filter(|hours| hours.is_working_day(day));
        let mut spans: Vec<_> = held.map(|hours| (hours.from_minute, hours.to_minute)).collect();
        spans.sort_unstable();
        spans
    }

    /// When one may call no longer, if one may now.
    pub fn closes_at(&self, at: Instant, zone: &Zone) -> Option<Instant> {
        let mine = self.bounded().hours.closes_at(at, zone)?;
        let Some(preset) = self.preset.preset() else { return Some(mine) };
        let theirs = preset.windows().filter_map(|hours| hours.closes_at(at, zone)).max()?;
        Some(mine.min(theirs))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;
    use crate::campaigns::presets::PresetCode;

    fn at(zone: &Zone, day: i8, hour: i8, minute: i8) -> Instant {
        Instant::from_local(datetime(2026, 7, day, hour, minute, 0, 0), zone)
    }

    fn policy(code: PresetCode) -> CallingPolicy {
        CallingPolicy { preset: code, ..CallingPolicy::default() }
    }

    fn utc(text: &str) -> Instant {
        Instant::from_rfc3339(text).expect("an instant")
    }

    #[test]
    fn the_day_of_a_change_opens_and_closes_by_the_clock_on_the_wall() {
        let hours = CallingHours {
            days: 127,
            from_minute: 9 * 60,
            to_minute: 18 * 60,
            holidays_off: false,
            ..CallingHours::default()
        };
        let policy = CallingPolicy { hours, ..CallingPolicy::default() };
        for (zone, evening, opens, closes) in [
            // Clocks go forward: the day has 23 hours, and nine comes an hour sooner.
            ("Europe/London", "2027-03-27T20:00:00Z", "2027-03-28T08:00:00Z", "17:00"),
            ("America/New_York", "2027-03-13T23:30:00Z", "2027-03-14T13:00:00Z", "22:00"),
            // They go back: nine comes an hour later.
            ("Europe/London", "2027-10-30T20:00:00Z", "2027-10-31T09:00:00Z", "18:00"),
            ("America/New_York", "2027-11-06T23:30:00Z", "2027-11-07T14:00:00Z", "23:00"),
            // The hour that there is twice, and the one that there is not, are closed.
            ("Europe/London", "2027-10-31T00:30:00Z", "2027-10-31T09:00:00Z", "18:00"),
            ("Europe/London", "2027-10-31T01:30:00Z", "2027-10-31T09:00:00Z", "18:00"),
            ("Europe/London", "2027-03-28T01:00:00Z", "2027-03-28T08:00:00Z", "17:00"),
        ] {
            let zone = Zone::named(zone);
            let (evening, opens) = (utc(evening), utc(opens));
            assert!(!policy.is_open(evening, &zone), "{evening:?}");
            assert_eq!(policy.next_open(evening, &zone), Some(opens), "{evening:?}");
            assert!(policy.is_open(opens, &zone) && !policy.is_open(opens.plus_ms(-1), &zone));
            let closed = utc(&format!("{}T{closes}:00Z", &opens.rfc3339()[..10]));
            assert_eq!(policy.closes_at(opens, &zone), Some(closes).map(|_| closed));
            assert!(!policy.is_open(closed, &zone) && policy.is_open(closed.plus_ms(-1), &zone));
        }
    }

    #[test]
    fn of_two_zones_both_must_be_open() {
        let policy = CallingPolicy::default();
        let (moscow, far) = (Zone::named("Europe/Moscow"), Zone::named("Asia/Vladivostok"));
        // Tuesday, nine to six: nine in Moscow is four in the afternoon there.
        let first = utc("2026-07-21T06:00:00Z");
        for at in ["2026-07-20T20:00:00Z", "2026-07-20T23:00:00Z", "2026-07-21T02:00:00Z"] {
            assert_eq!(policy.next_open_in(utc(at), [&moscow, &far]), Some(first), "{at}");
        }
        assert_eq!(policy.next_open_in(first, [&far, &moscow]), Some(first));
        let apart = [&Zone::named("Europe/Kaliningrad"), &Zone::named("Asia/Kamchatka")];
        assert_eq!(policy.next_open_in(first, apart), None, "no hour is theirs both");
    }

    #[test]
    fn france_rests_at_noon_and_on_its_fourteenth_of_july() {
        let zone = Zone::named("Europe/Paris");
        let policy = CallingPolicy {
            hours: CallingHours {
                from_minute: 8 * 60,
                to_minute: 22 * 60,
                ..policy(PresetCode::Fr).hours
            },
            ..policy(PresetCode::Fr)
        };
        let rows = [
            ((6, 9, 59), (6, 10, 0)),
            ((6, 12, 59), (6, 12, 59)),
            ((6, 13, 0), (6, 14, 0)),
            ((6, 20, 0), (7, 10, 0)),
            ((10, 20, 0), (13, 10, 0)),
            ((13, 20, 0), (15, 10, 0)),
        ];
        for ((day, hour, minute), (d, h, m)) in rows {
            let from = at(&zone, day, hour, minute);
            let opens = policy.next_open(from, &zone);
            assert_eq!(opens, Some(at(&zone, d, h, m)), "{day} {hour}:{minute}");
            assert_eq!(policy.is_open(from, &zone), opens == Some(from));
        }
        let noon = policy.closes_at(at(&zone, 6, 11, 0), &zone);
        assert_eq!(noon, Some(at(&zone, 6, 13, 0)));
    }

    #[test]
    fn the_hours_that_hold_are_those_of_both() {
        let told = |code, days, from: i64, to: i64| {
            let hours = CallingHours {
                days,
                from_minute: from * 60,
                to_minute: to * 60,
                ..CallingHours::default()
            };
            let held = CallingPolicy { hours, ..policy(code) }.hours_held();
            let spans = held.iter().map(|one| (one.days, one.from_minute, one.to_minute));
            spans.collect::<Vec<_>>()
        };
        let (work, week) = (0b001_1111, 0b111_1111);
        assert_eq!(told(PresetCode::Own, work, 9, 18), [(work, 540, 1_080)]);
        assert_eq!(told(PresetCode::Ru, week, 8, 20), [(work, 540, 1_080)]);
        assert_eq!(told(PresetCode::Ru, 0b11, 10, 17), [(0b11, 600, 1_020)]);
        assert_eq!(told(PresetCode::Fr, work, 9, 18), [(work, 600, 780), (work, 840, 1_080)]);
        assert_eq!(told(PresetCode::Ca, week, 10, 18), [(week, 600, 1_080)]);
        assert_eq!(told(PresetCode::De, 0b110_0000, 10, 18), []);
        assert_eq!(told(PresetCode::De, work, 19, 21), []);
    }

    #[test]
    fn the_stricter_of_campaign_and_country_holds() {
        let zone = Zone::named("America/New_York");
        let narrow = CallingPolicy {
            hours: CallingHours {
                from_minute: 10 * 60,
                to_minute: 11 * 60,
                ..policy(PresetCode::Us).hours
            },
            cool_down_days: 90,
            ..policy(PresetCode::Us)
        };
        assert!(narrow.is_open(at(&zone, 6, 10, 30), &zone));
        assert!(!narrow.is_open(at(&zone, 6, 12, 0), &zone));
        assert!(!narrow.is_open(at(&zone, 4, 10, 30), &zone), "a Saturday");
        assert_eq!(narrow.bounded().cool_down_days, 90);
        let wide = CallingPolicy { cool_down_days: 0, ..policy(PresetCode::Fr) };
        assert_eq!(wide.bounded().cool_down_days, 60);
        assert_eq!(policy(PresetCode::Ru).caps(), [Some(1), Some(2), Some(8)]);
        assert_eq!(policy(PresetCode::Own).caps(), [None; 3]);
        // Evening hours in a land that ends at six: they never open.
        let evening = CallingHours { from_minute: 19 * 60, to_minute: 20 * 60, ..narrow.hours };
        let never = CallingPolicy { hours: evening, ..policy(PresetCode::De) };
        assert_eq!(never.next_open(at(&zone, 6, 9, 0), &zone), None);
    }

    #[test]
    fn own_rules_are_the_campaign_s_alone() {
        let zone = Zone::named("Europe/Moscow");
        let own = policy(PresetCode::Own);
        for hour in 0..24 {
            let now = at(&zone, 6, hour, 0);
            assert_eq!(own.is_open(now, &zone), own.hours.is_open(now, &zone));
            assert_eq!(own.next_open(now, &zone), own.hours.next_open(now, &zone));
            assert_eq!(own.closes_at(now, &zone), own.hours.closes_at(now, &zone));
        }
    }
}
