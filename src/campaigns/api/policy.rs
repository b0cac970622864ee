//! The calling policy of a campaign as it is sent and told over the API.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::campaigns::CallingPolicy;
use crate::campaigns::forms::{clock, minute};
use crate::campaigns::holidays::Calendar;
use crate::campaigns::hours::CallingHours;
use crate::campaigns::presets::PresetCode;
use crate::values::*;

/// When and how often a client may be called.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicySent {
    /// Whose rules hold beside these: `own`, `ru`, `us`, `gb`, `de`, `fr`, `ca`, `au`, `eu`.
    #[serde(default = "PresetCode::own")]
    pub preset: PresetCode,
    /// Days of the week, 1 for Monday to 7 for Sunday.
    pub days: Vec<i64>,
    /// First hour by the client's clock, as in `09:00`.
    pub open_from: String,
    /// Hour before which calling ends, as in `18:00`.
    pub open_to: String,
    /// True where public holidays are free.
    pub holidays_off: bool,
    /// Whose they are, unless the country of the preset says: `ru`, `us`, `gb`, `de`, `fr`, `ca`,
    /// `au`, `eu`. Left out, they are those of the firm's country.
    #[serde(default)]
    pub calendar: Option<Calendar>,
    /// Attempts on a lead in all.
    pub attempts_max: i64,
    /// Attempts on a lead in a day.
    pub attempts_per_day_max: i64,
    /// Minutes between attempts.
    pub gap_minutes: i64,
    /// Days of peace after a refusal.
    pub cool_down_days: i64,
    /// Contacts with a company over all campaigns…
    pub pressure_max: i64,
    /// … within so many days.
    pub pressure_days: i64,
    /// Seconds for which a company is held.
    pub lease_seconds: i64,
    /// Minutes for which a promised call waits for its caller.
    pub callback_grace_minutes: i64,
    /// Working minutes to accept a lead.
    pub acceptance_minutes: i64,
    /// Whether the attempts on a lead are spread over the parts of the client's day: morning,
    /// midday, afternoon.
    #[serde(default = "spreads")]
    pub spreads: bool,
    /// Attempts on a lead that may reach nobody in the morning, the first third of its hours, 0 to
    /// 50; 0 where nobody is called then, null where only all attempts count.
    #[serde(default)]
    pub morning_max: Option<i64>,
    /// The same at midday.
    #[serde(default)]
    pub midday_max: Option<i64>,
    /// The same in the afternoon, the last third.
    #[serde(default)]
    pub afternoon_max: Option<i64>,
    /// Complaints of 10,000 calls above which the campaign stops by itself, 1 to 1,000.
    #[serde(default = "complaints_max")]
    pub complaints_max: i64,
    /// Fewer calls than that are judged as though they were so many.
    #[serde(default = "complaints_calls_min")]
    pub complaints_calls_min: i64,
    /// Refusals in a row after which a caller rests, 0 for never, to 100.
    #[serde(default = "refusals_in_row_max")]
    pub refusals_in_row_max: i64,
    /// Minutes of work without a break after which they rest, 0 for never, to 480.
    #[serde(default = "work_minutes_max")]
    pub work_minutes_max: i64,
    /// Minutes of a rest, 1 to 60.
    #[serde(default = "rest_minutes")]
    pub rest_minutes: i64,
}

fn spreads() -> bool {
    CallingPolicy::default().spreads
}

fn complaints_max() -> i64 {
    CallingPolicy::default().complaints_max
}

fn complaints_calls_min() -> i64 {
    CallingPolicy::default().complaints_calls_min
}

fn refusals_in_row_max() -> i64 {
    CallingPolicy::default().refusals_in_row_max
}

fn work_minutes_max() -> i64 {
    CallingPolicy::default().work_minutes_max
}

fn rest_minutes() -> i64 {
    CallingPolicy::default().rest_minutes
}

impl PolicySent {
    pub(super) fn of(policy: &CallingPolicy) -> Self {
        let hours = policy.hours;
        let [morning_max, midday_max, afternoon_max] = policy.part_max;
        Self {
            morning_max,
            midday_max,
            afternoon_max,
            preset: policy.preset,
            days: (0..7).filter(|index| hours.has_day(*index)).map(|index| index + 1).collect(),
            open_from: clock(hours.from_minute),
            open_to: clock(hours.to_minute),
            holidays_off: hours.holidays_off,
            calendar: Some(hours.calendar),
            attempts_max: policy.attempts_max,
            attempts_per_day_max: policy.attempts_per_day_max,
            gap_minutes: policy.gap_minutes,
            cool_down_days: policy.cool_down_days,
            pressure_max: policy.pressure_max,
            pressure_days: policy.pressure_days,
            lease_seconds: policy.lease_seconds,
            callback_grace_minutes: policy.callback_grace_minutes,
            acceptance_minutes: policy.acceptance_minutes,
            complaints_max: policy.complaints_max,
            complaints_calls_min: policy.complaints_calls_min,
            spreads: policy.spreads,
            refusals_in_row_max: policy.refusals_in_row_max,
            work_minutes_max: policy.work_minutes_max,
            rest_minutes: policy.rest_minutes,
        }
    }

    pub(super) fn read(&self, country: Country) -> CallingPolicy {
        let bits = self.days.iter().filter(|day| (1..=7).contains(*day));
        CallingPolicy {
            preset: self.preset,
            hours: CallingHours {
                days: bits.fold(0, |days, day| days | 1 << (day - 1)),
                from_minute: minute(&self.open_from).unwrap_or(-1),
                to_minute: minute(&self.open_to).unwrap_or(-1),
                holidays_off: self.holidays_off,
                calendar: self.calendar.unwrap_or(CallingHours::of(country).calendar),
            },
            attempts_max: self.attempts_max,
            attempts_per_day_max: self.attempts_per_day_max,
            gap_minutes: self.gap_minutes,
            cool_down_days: self.cool_down_days,
            pressure_max: self.pressure_max,
            pressure_days: self.pressure_days,
            lease_seconds: self.lease_seconds,
            callback_grace_minutes: self.callback_grace_minutes,
            acceptance_minutes: self.acceptance_minutes,
            complaints_max: self.complaints_max,
            complaints_calls_min: self.complaints_calls_min,
            spreads: self.spreads,
            part_max: [self.morning_max, self.midday_max, self.afternoon_max],
            refusals_in_row_max: self.refusals_in_row_max,
            work_minutes_max: self.work_minutes_max,
            rest_minutes: self.rest_minutes,
        }
    }
}
