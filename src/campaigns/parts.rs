//! The parts of a client's day: morning, midday and afternoon, each a third of the hours in which
//! the campaign may call. Whoever was not there in the morning may be there after lunch, so the
//! attempts on a lead are spread over them, and a campaign may say how many each of them has at
//! most.

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::CallingPolicy;
use super::hours::at_minute;
use crate::values::*;

/// How far ahead the next part is looked for: longer than any row of holidays.
const DAYS_AHEAD: i32 = 30;
/// How the attempts of a part are packed into one number: more than any lead may have.
const PLACE: i64 = 1_000;

codes! {
    /// A part of a client's day.
    DayPart {
        /// The first third of the hours.
        Morning = "morning",
        /// The second.
        Midday = "midday",
        /// The last, and whatever comes after it.
        Afternoon = "afternoon",
    }
}

impl DayPart {
    /// 0 for the morning, 2 for the afternoon; stored.
    pub fn index(self) -> usize {
        match self {
            Self::Morning => 0,
            Self::Midday => 1,
            Self::Afternoon => 2,
        }
    }
}

/// How many attempts on a lead reached nobody in each part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tries([i64; 3]);

impl Tries {
    /// Reads them out of one number, as they are stored.
    pub fn unpack(packed: i64) -> Self {
        let digit = |place: i64| (packed.max(0) / place) % PLACE;
        Self([digit(1), digit(PLACE), digit(PLACE * PLACE)])
    }
    /// The one number.
    pub fn pack(self) -> i64 {
        let [morning, midday, afternoon] = self.0;
        morning + midday * PLACE + afternoon * PLACE * PLACE
    }
    /// What such an attempt in that part adds to the number.
    pub fn one(part: DayPart) -> i64 {
        [1, PLACE, PLACE * PLACE].get(part.index()).copied().unwrap_or(0)
    }
    /// How many there were in a part.
    pub fn of(self, part: DayPart) -> i64 {
        self.0.get(part.index()).copied().unwrap_or(0)
    }
}

impl CallingPolicy {
    /// In which part of the client's day a moment lies.
    pub fn part_at(&self, at: Instant, zone: &Zone) -> DayPart {
        let local = at.local(zone);
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let [_, midday, afternoon] = self.part_starts();
        match minute {
            minute if minute < midday => DayPart::Morning,
            minute if minute < afternoon => DayPart::Midday,
            _ => DayPart::Afternoon,
        }
    }

    /// True where a lead may be tried once more in a part of the day.
    fn has_room(&self, part: DayPart, tries: Tries) -> bool {
        let max = self.part_max.get(part.index()).copied().flatten();
        max.is_none_or(|max| tries.of(part) < max)
    }

    /// True where every part of the day had its attempts.
    pub fn is_tried_out(&self, tries: Tries) -> bool {
        !DayPart::ALL.iter().any(|part| self.has_room(*part, tries))
    }

    /// The first moment, from an open one on, in a part of the day that has room for an attempt
    /// and, where attempts are spread, was tried least often of those. Where that one never comes,
    /// the moment itself does if its part has room, else it is looked at again later.
    pub fn next_part(&self, from: Instant, tries: Tries, zone: &Zone) -> Instant {
        let with_room = DayPart::ALL.iter().filter(|part| self.has_room(**part, tries));
        let least = with_room.map(|part| tries.of(*part)).min();
        let is_free = |at: Instant| {
            let part = self.part_at(at, zone);
            self.has_room(part, tries) && (!self.spreads || Some(tries.of(part)) == least)
        };
        if is_free(from) {
            return from;
        }
        let today = from.day(zone);
        let starts = (0..DAYS_AHEAD)
            .filter_map(|days| today.checked_add(days.days()).ok())
            .flat_map(|day| self.part_starts().map(|minute| at_minute(day, minute, zone)));
        // A part may be closed when it begins, as at lunch, and open later.
        starts
            .filter(|start| *start > from)
            .filter_map(|start| self.next_open(start, zone))
            .find(|opens| is_free(*opens))
            .unwrap_or_else(|| match self.has_room(self.part_at(from, zone), tries) {
                true => from,
                false => from.plus_days(i64::from(DAYS_AHEAD)),
            })
    }

    /// The minutes of the day at which the parts begin.
    fn part_starts(&self) -> [i64; 3] {
        let (from, to) = self.span();
        let third = (to - from).max(0) / 3;
        [from, from + third, from + 2 * third]
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    fn at(day: i8, hour: i8, minute: i8) -> Instant {
        Instant::from_local(datetime(2026, 11, day, hour, minute, 0, 0), &zone())
    }

    fn zone() -> Zone {
        Zone::named("Asia/Yekaterinburg")
    }

    /// Nine to six: parts begin at 9, 12 and 15. The second of November is a Monday.
    fn policy() -> CallingPolicy {
        CallingPolicy::default()
    }

    fn tries(morning: i64, midday: i64, afternoon: i64) -> Tries {
        Tries([morning, midday, afternoon])
    }

    #[test]
    fn a_day_has_three_parts_of_its_open_hours() {
        let part = |hour, minute| policy().part_at(at(2, hour, minute), &zone());
        assert_eq!(part(9, 0), DayPart::Morning);
        assert_eq!(part(11, 59), DayPart::Morning);
        assert_eq!(part(12, 0), DayPart::Midday);
        assert_eq!(part(15, 0), DayPart::Afternoon);
        assert_eq!(part(17, 59), DayPart::Afternoon);
    }

    #[test]
    fn whoever_was_tried_in_the_morning_is_tried_at_another_part_of_the_day() {
        let next = |from, tries| policy().next_part(from, tries, &zone());
        assert_eq!(next(at(3, 9, 0), tries(0, 0, 0)), at(3, 9, 0));
        assert_eq!(next(at(3, 9, 0), tries(1, 0, 0)), at(3, 12, 0));
        assert_eq!(next(at(3, 12, 30), tries(1, 1, 0)), at(3, 15, 0));
        assert_eq!(next(at(3, 16, 0), tries(1, 1, 1)), at(3, 16, 0));
        // Only the morning is left: of the next day that is no holiday.
        assert_eq!(next(at(2, 13, 0), tries(0, 1, 1)), at(3, 9, 0));
        assert_eq!(next(at(3, 13, 0), tries(0, 1, 1)), at(5, 9, 0));
        // After Friday comes Monday.
        assert_eq!(next(at(6, 16, 0), tries(0, 1, 1)), at(9, 9, 0));
        let own = CallingPolicy { spreads: false, ..policy() };
        assert_eq!(own.next_part(at(3, 13, 0), tries(0, 1, 1), &zone()), at(3, 13, 0));
    }

    #[test]
    fn a_part_of_the_day_that_had_its_attempts_is_left_to_the_others() {
        let limited = |spreads, part_max| CallingPolicy { spreads, part_max, ..policy() };
        let next = |policy: &CallingPolicy, from, tries| policy.next_part(from, tries, &zone());
        let own = limited(false, [Some(1), None, Some(2)]);
        assert_eq!(next(&own, at(3, 9, 0), tries(0, 0, 0)), at(3, 9, 0));
        assert_eq!(next(&own, at(3, 9, 0), tries(1, 0, 0)), at(3, 12, 0));
        assert_eq!(next(&own, at(3, 12, 0), tries(1, 5, 0)), at(3, 12, 0), "it has no limit");
        assert_eq!(next(&own, at(3, 15, 0), tries(1, 5, 2)), at(5, 12, 0), "the fourth is free");
        // Spread over those that have room: of the afternoon nobody speaks.
        let spread = limited(true, [None, None, Some(0)]);
        assert_eq!(next(&spread, at(3, 9, 0), tries(1, 0, 0)), at(3, 12, 0));
        assert_eq!(next(&spread, at(3, 12, 0), tries(1, 1, 0)), at(3, 12, 0));
        assert_eq!(next(&spread, at(3, 15, 30), tries(1, 1, 0)), at(5, 9, 0));
        for (part_max, tries, is_out) in [
            ([None; 3], tries(9, 9, 9), false),
            ([Some(1), Some(1), Some(1)], tries(1, 1, 0), false),
            ([Some(1), Some(1), Some(1)], tries(1, 1, 1), true),
            ([Some(2), Some(0), Some(0)], tries(2, 0, 0), true),
        ] {
            assert_eq!(limited(true, part_max).is_tried_out(tries), is_out, "{part_max:?}");
        }
    }

    #[test]
    fn attempts_are_packed_into_one_number_and_read_again() {
        let packed = 2 * Tries::one(DayPart::Morning) + 3 * Tries::one(DayPart::Afternoon);
        assert_eq!(Tries::unpack(packed), tries(2, 0, 3));
        assert_eq!(tries(2, 0, 3).pack(), packed);
        assert_eq!(DayPart::ALL.iter().map(|p| Tries::unpack(packed).of(*p)).sum::<i64>(), 5);
        assert_eq!(Tries::unpack(-5), Tries::default());
    }
}
