//! The terms of a campaign as they are set by a person, and what may be wrong with them.

use super::hours::{CallingHours, DAY_MINUTES};
use super::passport::PassportField;
use super::{CallingPolicy, LegalBasis, ListShare, MIX_MAX, Purpose, Segment, TargetAction};
use crate::tiers::EngagementPolicy;
use crate::values::*;

/// The longest name.
pub const NAME_CHARS_MAX: usize = 120;
/// The longest choice of a segment.
const CHOICE_CHARS_MAX: usize = 200;

/// What a campaign is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignTerms {
    /// What it is called by.
    pub name: String,
    /// The principal who ordered it.
    pub principal: Option<UserId>,
    /// How many people lead a client.
    pub engagement: EngagementPolicy,
    /// What the calls are for.
    pub purpose: Purpose,
    /// Why we may call.
    pub legal_basis: LegalBasis,
    /// Over which part of the base.
    pub segment: Segment,
    /// When and how often.
    pub policy: CallingPolicy,
    /// What must be known before a lead may cross.
    pub passport: Vec<PassportField>,
    /// What pays tier 1.
    pub targets: Vec<TargetAction>,
}

impl CampaignTerms {
    /// What is wrong with them, by form field.
    pub fn check(&self) -> Fields {
        let mut fields = Fields::default();
        if self.name.trim().is_empty() {
            fields.note("name", "required");
        } else if self.name.chars().count() > NAME_CHARS_MAX {
            fields.note_with("name", "too-long", vec![("max", NAME_CHARS_MAX.to_string())]);
        }
        if self.lacks_consent() {
            fields.note("legal_basis", "advertising-needs-consent");
        }
        check_segment(&self.segment, &mut fields);
        check_hours(self.policy.hours, &mut fields);
        check_policy(&self.policy, &mut fields);
        if fields.0.is_empty() && !self.policy.ever_opens() {
            fields.note("open_from", "never-open");
        }
        fields
    }

    /// Where no country's preset says otherwise, advertising by telephone wants consent.
    fn lacks_consent(&self) -> bool {
        match self.policy.preset.preset() {
            Some(preset) => preset.wants_consent(self.purpose, self.legal_basis),
            None => self.purpose == Purpose::Advertising && self.legal_basis != LegalBasis::Consent,
        }
    }
}

fn check_segment(segment: &Segment, fields: &mut Fields) {
    let choices =
        [("city", &segment.city), ("industry", &segment.industry), ("source", &segment.source)];
    for (field, choice) in choices {
        if choice.as_ref().is_some_and(|text| text.chars().count() > CHOICE_CHARS_MAX) {
            fields.note_with(field, "too-long", vec![("max", CHOICE_CHARS_MAX.to_string())]);
        }
    }
    for (field, number) in [("number_from", segment.number_from), ("number_to", segment.number_to)]
    {
        if number.is_some_and(|number| !(1..=1_000_000_000).contains(&number)) {
            let bounds = vec![("min", "1".to_owned()), ("max", "1000000000".to_owned())];
            fields.note_with(field, "out-of-range", bounds);
        }
    }
    check_mix(&segment.mix, fields);
    if let (Some(from), Some(to)) = (segment.number_from, segment.number_to)
        && from > to
    {
        fields.note("number_to", "ends-before-it-begins");
    }
}

fn check_mix(mix: &[ListShare], fields: &mut Fields) {
    let mut sources: Vec<&str> = mix.iter().map(|one| one.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    if mix.len() > MIX_MAX {
        fields.note_with("mix", "too-many", vec![("max", MIX_MAX.to_string())]);
    } else if sources.len() < mix.len() {
        fields.note("mix", "mix-twice");
    } else if mix
        .iter()
        .any(|one| !(1..=100).contains(&one.percent) || one.source.trim().is_empty())
    {
        fields.note("mix", "mix-not-a-share");
    } else if mix.iter().map(|one| one.percent).sum::<i64>() > 100 {
        fields.note("mix", "mix-over-hundred");
    }
    if mix.iter().any(|one| one.source.chars().count() > CHOICE_CHARS_MAX) {
        fields.note_with("mix", "too-long", vec![("max", CHOICE_CHARS_MAX.to_string())]);
    }
}

fn check_hours(hours: CallingHours, fields: &mut Fields) {
    if !(1..128).contains(&hours.days) {
        fields.note("days", "required");
    }
    if !(0..DAY_MINUTES).contains(&hours.from_minute) {
        fields.note("open_from", "not-a-time");
    }
    if !(1..=DAY_MINUTES).contains(&hours.to_minute) {
        fields.note("open_to", "not-a-time");
    } else if hours.to_minute <= hours.from_minute {
        fields.note("open_to", "ends-before-it-begins");
    }
}

fn check_policy(policy: &CallingPolicy, fields: &mut Fields) {
    let bounds: [(&'static str, i64, i64, i64); 14] = [
        ("attempts_max", policy.attempts_max, 1, 50),
        ("attempts_per_day_max", policy.attempts_per_day_max, 1, 5),
        ("gap_minutes", policy.gap_minutes, 0, 43_200),
        ("cool_down_days", policy.cool_down_days, 0, 1_095),
        ("pressure_max", policy.pressure_max, 1, 50),
        ("pressure_days", policy.pressure_days, 1, 365),
        ("lease_seconds", policy.lease_seconds, 60, 7_200),
        ("callback_grace_minutes", policy.callback_grace_minutes, 0, 10_080),
        ("acceptance_minutes", policy.acceptance_minutes, 5, 9_600),
        ("complaints_max", policy.complaints_max, 1, 1_000),
        ("complaints_calls_min", policy.complaints_calls_min, 1, 100_000),
        ("refusals_in_row_max", policy.refusals_in_row_max, 0, 100),
        ("work_minutes_max", policy.work_minutes_max, 0, 480),
        ("rest_minutes", policy.rest_minutes, 1, 60),
    ];
    let fields_of_parts = ["morning_max", "midday_max", "afternoon_max"];
    let parts = fields_of_parts.into_iter().zip(policy.part_max);
    let parts = parts.filter_map(|(field, max)| Some((field, max?, 0, 50)));
    if policy.part_max == [Some(0); 3] {
        fields.note("morning_max", "no-part-left");
    }
    for (field, value, min, max) in bounds.into_iter().chain(parts) {
        if !(min..=max).contains(&value) {
            let bounds = vec![("min", min.to_string()), ("max", max.to_string())];
            fields.note_with(field, "out-of-range", bounds);
        }
    }
}
