//! The rules of a country as the page and the form of a campaign show them: what it allows, where
//! that comes from, and which hours hold in the end.

use super::CallingPolicy;
use super::forms::clock;
use super::hours::CallingHours;
use super::presets::{Preset, PresetCode};
use crate::values::*;
use crate::web::Ui;

/// A preset as it is read.
pub(super) struct PresetShown {
    pub(super) preset: &'static Preset,
    pub(super) hours: String,
    pub(super) caps: String,
    /// For which purposes it wants consent; empty for none.
    pub(super) consent_for: String,
    pub(super) verified: String,
}

impl PresetShown {
    /// What a country allows beside a campaign's own terms.
    pub(super) fn of(ui: &Ui, code: PresetCode) -> Option<Self> {
        let preset = code.preset()?;
        let caps =
            preset.caps.iter().map(|cap| ui.taa("preset-cap", "count", cap.max, "days", cap.days));
        let purposes = preset.consent_for.iter().map(|one| ui.tc("purpose-", one.code()));
        Some(Self {
            preset,
            hours: windows_shown(ui, preset.windows()),
            caps: caps.collect::<Vec<_>>().join(", "),
            consent_for: purposes.collect::<Vec<_>>().join(", "),
            verified: ui.day(&midnight(preset.verified_day()?, &ui.zone)),
        })
    }
}

/// What a form says, before it is saved.
pub(super) struct Rules {
    pub(super) preset: Option<PresetShown>,
    /// The hours that hold in the end; `None` while those of the form are no hours.
    pub(super) held: Option<String>,
    /// True where that is less than the form says.
    pub(super) is_narrower: bool,
    /// Whose holidays are kept; `None` where none are.
    pub(super) holidays: Option<String>,
}

impl Rules {
    /// The rules that a policy names, and what they leave of its hours.
    pub(super) fn of(ui: &Ui, policy: &CallingPolicy) -> Self {
        let own = policy.hours;
        let is_read = own.from_minute >= 0 && own.to_minute > own.from_minute && own.days > 0;
        let held = policy.hours_held();
        let calendar = policy.bounded().hours.calendar;
        Self {
            preset: PresetShown::of(ui, policy.preset),
            is_narrower: held != [CallingHours { calendar, ..own }],
            holidays: holidays_shown(ui, policy.bounded().hours),
            held: is_read.then(|| windows_shown(ui, held.into_iter())),
        }
    }
}

/// Days and hours as people say them.
pub(super) fn hours_shown(ui: &Ui, hours: CallingHours) -> String {
    let days = (0..7).filter(|index| hours.has_day(*index));
    let days: Vec<String> = days.map(|index| ui.tc("weekday-", &index.to_string())).collect();
    format!("{} · {}–{}", days.join(" "), clock(hours.from_minute), clock(hours.to_minute))
}

/// Whose holidays are kept, in words; `None` where none are.
pub(super) fn holidays_shown(ui: &Ui, hours: CallingHours) -> Option<String> {
    hours.holidays_off.then(|| ui.tc("calendar-", hours.calendar.code()))
}

fn windows_shown(ui: &Ui, windows: impl Iterator<Item = CallingHours>) -> String {
    windows.map(|hours| hours_shown(ui, hours)).collect::<Vec<_>>().join("; ")
}
