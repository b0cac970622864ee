//! What people type about a campaign, read into terms that are checked.

use serde::{Deserialize, Serialize};

use super::holidays::Calendar;
use super::hours::CallingHours;
use super::passport::PassportField;
use super::presets::PresetCode;
use super::terms::CampaignTerms;
use super::{CallingPolicy, Campaign, ListShare, Segment, TargetAction};
use crate::values::*;
use crate::web::forms::tick;

/// The form of a campaign. All texts are as typed; a box that is not ticked is empty.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CampaignForm {
    pub(super) version: i64,
    pub(super) act: String,
    pub(super) name: String,
    pub(super) team: String,
    pub(super) principal: String,
    pub(super) engagement: String,
    pub(super) purpose: String,
    pub(super) legal_basis: String,
    pub(super) city: String,
    pub(super) industry: String,
    pub(super) source: String,
    pub(super) import: String,
    pub(super) number_from: String,
    pub(super) number_to: String,
    pub(super) mix: String,
    pub(super) with_phoneless: String,
    pub(super) with_shared: String,
    pub(super) day1: String,
    pub(super) day2: String,
    pub(super) day3: String,
    pub(super) day4: String,
    pub(super) day5: String,
    pub(super) day6: String,
    pub(super) day7: String,
    pub(super) preset: String,
    pub(super) open_from: String,
    pub(super) open_to: String,
    pub(super) holidays_off: String,
    pub(super) calendar: String,
    pub(super) attempts_max: String,
    pub(super) attempts_per_day_max: String,
    pub(super) gap_minutes: String,
    pub(super) cool_down_days: String,
    pub(super) pressure_max: String,
    pub(super) pressure_days: String,
    pub(super) lease_seconds: String,
    pub(super) callback_grace_minutes: String,
    pub(super) acceptance_minutes: String,
    pub(super) complaints_max: String,
    pub(super) complaints_calls_min: String,
    pub(super) spreads: String,
    pub(super) morning_max: String,
    pub(super) midday_max: String,
    pub(super) afternoon_max: String,
    pub(super) refusals_in_row_max: String,
    pub(super) work_minutes_max: String,
    pub(super) rest_minutes: String,
    pub(super) wants_who: String,
    pub(super) wants_need: String,
    pub(super) wants_budget: String,
    pub(super) wants_timing: String,
    pub(super) wants_promises: String,
    pub(super) wants_next_step: String,
    pub(super) pays_company_verified: String,
    pub(super) pays_decision_maker_found: String,
    pub(super) pays_lead_accepted: String,
    pub(super) pays_meeting_held: String,
    pub(super) script: String,
}

/// Whole numbers of the policy: form field, and where it is kept.
type Figure = (&'static str, fn(&CampaignForm) -> &String, fn(&mut CallingPolicy) -> &mut i64);

const FIGURES: [Figure; 14] = [
    ("attempts_max", |f| &f.attempts_max, |p| &mut p.attempts_max),
    ("attempts_per_day_max", |f| &f.attempts_per_day_max, |p| &mut p.attempts_per_day_max),
    ("gap_minutes", |f| &f.gap_minutes, |p| &mut p.gap_minutes),
    ("cool_down_days", |f| &f.cool_down_days, |p| &mut p.cool_down_days),
    ("pressure_max", |f| &f.pressure_max, |p| &mut p.pressure_max),
    ("pressure_days", |f| &f.pressure_days, |p| &mut p.pressure_days),
    ("lease_seconds", |f| &f.lease_seconds, |p| &mut p.lease_seconds),
    ("callback_grace_minutes", |f| &f.callback_grace_minutes, |p| &mut p.callback_grace_minutes),
    ("acceptance_minutes", |f| &f.acceptance_minutes, |p| &mut p.acceptance_minutes),
    ("complaints_max", |f| &f.complaints_max, |p| &mut p.complaints_max),
    ("complaints_calls_min", |f| &f.complaints_calls_min, |p| &mut p.complaints_calls_min),
    ("refusals_in_row_max", |f| &f.refusals_in_row_max, |p| &mut p.refusals_in_row_max),
    ("work_minutes_max", |f| &f.work_minutes_max, |p| &mut p.work_minutes_max),
    ("rest_minutes", |f| &f.rest_minutes, |p| &mut p.rest_minutes),
];

impl CampaignForm {
    /// A form of a campaign to be made by a firm of that currency and country.
    pub fn fresh(currency: Currency, country: Country) -> Self {
        let hours = CallingHours::of(country);
        let preset = PresetCode::of(currency);
        let terms = CampaignTerms {
            name: String::new(),
            principal: None,
            engagement: crate::tiers::EngagementPolicy::ThreeTiers,
            purpose: super::Purpose::Contract,
            legal_basis: super::LegalBasis::PublicSource,
            segment: Segment::default(),
            policy: CallingPolicy { preset, hours, ..CallingPolicy::default() },
            passport: PassportField::ALL
                .iter()
                .copied()
                .filter(|field| *field != PassportField::Budget)
                .collect(),
            targets: TargetAction::ALL.to_vec(),
        };
        Self::of_terms(&terms)
    }

    /// The form of a campaign as it is set.
    pub fn of(campaign: &Campaign) -> Self {
        let team = campaign.team.map(|id| id.to_string()).unwrap_or_default();
        Self { version: campaign.version, team, ..Self::of_terms(&campaign.terms()) }
    }

    pub(super) fn of_terms(terms: &CampaignTerms) -> Self {
        let (segment, hours) = (&terms.segment, terms.policy.hours);
        let choice = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
        let wants = |field| tick(terms.passport.contains(&field));
        let pays = |target| tick(terms.targets.contains(&target));
        let mut form = Self {
            name: terms.name.clone(),
            principal: terms.principal.map(|id| id.to_string()).unwrap_or_default(),
            engagement: terms.engagement.code().to_owned(),
            purpose: terms.purpose.code().to_owned(),
            legal_basis: terms.legal_basis.code().to_owned(),
            city: choice(&segment.city),
            industry: choice(&segment.industry),
            source: choice(&segment.source),
            import: segment.import.map(|id| id.to_string()).unwrap_or_default(),
            number_from: number(segment.number_from),
            number_to: number(segment.number_to),
            mix: typed_mix(&segment.mix),
            with_phoneless: tick(segment.with_phoneless),
            with_shared: tick(segment.with_shared),
            preset: terms.policy.preset.code().to_owned(),
            open_from: clock(hours.from_minute),
            open_to: clock(hours.to_minute),
            holidays_off: tick(hours.holidays_off),
            calendar: hours.calendar.code().to_owned(),
            spreads: tick(terms.policy.spreads),
            wants_who: wants(PassportField::Who),
            wants_need: wants(PassportField::Need),
            wants_budget: wants(PassportField::Budget),
            wants_timing: wants(PassportField::Timing),
            wants_promises: wants(PassportField::Promises),
            wants_next_step: wants(PassportField::NextStep),
            pays_company_verified: pays(TargetAction::CompanyVerified),
            pays_decision_maker_found: pays(TargetAction::DecisionMakerFound),
            pays_lead_accepted: pays(TargetAction::LeadAccepted),
            pays_meeting_held: pays(TargetAction::MeetingHeld),
            ..Self::default()
        };
        for (index, day) in (0..).zip(form.days_mut()) {
            *day = tick(hours.has_day(index));
        }
        let policy = terms.policy;
        form.attempts_max = policy.attempts_max.to_string();
        form.attempts_per_day_max = policy.attempts_per_day_max.to_string();
        form.gap_minutes = policy.gap_minutes.to_string();
        form.cool_down_days = policy.cool_down_days.to_string();
        form.pressure_max = policy.pressure_max.to_string();
        form.pressure_days = policy.pressure_days.to_string();
        form.lease_seconds = policy.lease_seconds.to_string();
        form.callback_grace_minutes = policy.callback_grace_minutes.to_string();
        form.acceptance_minutes = policy.acceptance_minutes.to_string();
        form.complaints_max = policy.complaints_max.to_string();
        form.complaints_calls_min = policy.complaints_calls_min.to_string();
        form.refusals_in_row_max = policy.refusals_in_row_max.to_string();
        form.work_minutes_max = policy.work_minutes_max.to_string();
        form.rest_minutes = policy.rest_minutes.to_string();
        [form.morning_max, form.midday_max, form.afternoon_max] = policy.part_max.map(number);
        form
    }

    /// The form with the holidays of the firm's country, where it names no others.
    pub(super) fn with_calendar_of(mut self, country: Country) -> Self {
        if self.calendar.trim().is_empty() {
            self.calendar = CallingHours::of(country).calendar.code().to_owned();
        }
        self
    }

    fn days_mut(&mut self) -> [&mut String; 7] {
        [
            &mut self.day1,
            &mut self.day2,
            &mut self.day3,
            &mut self.day4,
            &mut self.day5,
            &mut self.day6,
            &mut self.day7,
        ]
    }

    /// The days of the week, each with whether it is ticked.
    pub(super) fn days(&self) -> [bool; 7] {
        [&self.day1, &self.day2, &self.day3, &self.day4, &self.day5, &self.day6, &self.day7]
            .map(|day| !day.is_empty())
    }

    /// The answers the passport may require, each with whether it is ticked.
    pub(super) fn wants(&self) -> [(PassportField, bool); 6] {
        use PassportField::*;
        [
            (Who, &self.wants_who),
            (Need, &self.wants_need),
            (Budget, &self.wants_budget),
            (Timing, &self.wants_timing),
            (Promises, &self.wants_promises),
            (NextStep, &self.wants_next_step),
        ]
        .map(|(field, tick)| (field, !tick.is_empty()))
    }

    /// The events that may pay tier 1, each with whether it is ticked.
    pub(super) fn pays(&self) -> [(TargetAction, bool); 4] {
        use TargetAction::*;
        [
            (CompanyVerified, &self.pays_company_verified),
            (DecisionMakerFound, &self.pays_decision_maker_found),
            (LeadAccepted, &self.pays_lead_accepted),
            (MeetingHeld, &self.pays_meeting_held),
        ]
        .map(|(target, tick)| (target, !tick.is_empty()))
    }

    /// The figures of the policy: form field and what was typed.
    pub(super) fn figures(&self) -> Vec<(&'static str, &str)> {
        FIGURES.iter().map(|(field, typed, _)| (*field, typed(self).as_str())).collect()
    }

    /// How often each part of the day may be tried: form field and what was typed.
    pub(super) fn part_figures(&self) -> [(&'static str, &str); 3] {
        [
            ("morning_max", &self.morning_max),
            ("midday_max", &self.midday_max),
            ("afternoon_max", &self.afternoon_max),
        ]
    }

    /// The team, where one was chosen.
    pub(super) fn team(&self) -> Option<TeamId> {
        self.team.parse().ok()
    }

    /// The terms, or everything that is wrong with them.
    pub fn terms(&self) -> Result<CampaignTerms, Fields> {
        let mut fields = Fields::default();
        let terms = CampaignTerms {
            name: without_unseen(self.name.trim()),
            principal: optional(&self.principal, "principal", &mut fields),
            engagement: chosen(&self.engagement, "engagement", &mut fields)
                .unwrap_or(crate::tiers::EngagementPolicy::ThreeTiers),
            purpose: chosen(&self.purpose, "purpose", &mut fields)
                .unwrap_or(super::Purpose::Contract),
            legal_basis: chosen(&self.legal_basis, "legal_basis", &mut fields)
                .unwrap_or(super::LegalBasis::PublicSource),
            segment: self.segment(&mut fields),
            policy: self.policy(&mut fields),
            passport: self.wants().iter().filter(|(_, on)| *on).map(|(field, _)| *field).collect(),
            targets: self.pays().iter().filter(|(_, on)| *on).map(|(target, _)| *target).collect(),
        };
        for (field, problem) in terms.check().0 {
            fields.0.entry(field).or_insert(problem);
        }
        if fields.0.is_empty() { Ok(terms) } else { Err(fields) }
    }

    fn segment(&self, fields: &mut Fields) -> Segment {
        let choice = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Segment {
            city: choice(&self.city),
            industry: choice(&self.industry),
            source: choice(&self.source),
            import: optional(&self.import, "import", fields),
            number_from: whole(&self.number_from, "number_from", fields),
            number_to: whole(&self.number_to, "number_to", fields),
            mix: read_mix(&self.mix, fields),
            with_phoneless: !self.with_phoneless.is_empty(),
            with_shared: !self.with_shared.is_empty(),
        }
    }

    /// The policy as far as it can be read.
    pub(super) fn policy(&self, fields: &mut Fields) -> CallingPolicy {
        let days = self.days();
        let ticked = (0..).zip(days).filter(|(_, on)| *on).map(|(index, _)| 1_i64 << index).sum();
        let mut policy = CallingPolicy {
            preset: optional(&self.preset, "preset", fields).unwrap_or(PresetCode::Own),
            hours: CallingHours {
                days: ticked,
                from_minute: minute(&self.open_from).unwrap_or(-1),
                to_minute: minute(&self.open_to).unwrap_or(-1),
                holidays_off: !self.holidays_off.is_empty(),
                calendar: chosen(&self.calendar, "calendar", fields).unwrap_or(Calendar::Ru),
            },
            spreads: !self.spreads.is_empty(),
            part_max: self.part_figures().map(|(field, typed)| whole(typed, field, fields)),
            ..CallingPolicy::default()
        };
        for (field, typed, place) in FIGURES {
            match typed(self).trim().parse() {
                Ok(figure) => *place(&mut policy) = figure,
                Err(_) => fields.note(field, "not-a-number"),
            }
        }
        policy
    }
}

/// The shares of a mix as they are typed, `Trade fair 60`: a list in a line.
fn typed_mix(mix: &[ListShare]) -> String {
    let one = |share: &ListShare| format!("{} {}", share.source, share.percent);
    mix.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// One list in a line, its share behind it.
fn read_mix(text: &str, fields: &mut Fields) -> Vec<ListShare> {
    let mut mix = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let parted = line.trim_end_matches(['%', ' ']).rsplit_once([' ', '\t']);
        let read = parted.and_then(|(source, percent)| Some((source, percent.parse().ok()?)));
        match read {
            Some((source, percent)) => {
                mix.push(ListShare {
                    source: source.trim_end_matches([' ', ':']).to_owned(),
                    percent,
                });
            }
            None => fields.note("mix", "mix-not-a-share"),
        }
    }
    mix
}

fn chosen<T: std::str::FromStr>(text: &str, field: &'static str, fields: &mut Fields) -> Option<T> {
    let found = text.parse().ok();
    if found.is_none() {
        fields.note(field, "unknown-choice");
    }
    found
}

fn optional<T: std::str::FromStr>(
    text: &str,
    field: &'static str,
    fields: &mut Fields,
) -> Option<T> {
    if text.trim().is_empty() { None } else { chosen(text.trim(), field, fields) }
}

fn whole(text: &str, field: &'static str, fields: &mut Fields) -> Option<i64> {
    if text.trim().is_empty() {
        return None;
    }
    let found = text.trim().parse().ok();
    if found.is_none() {
        fields.note(field, "not-a-number");
    }
    found
}

/// `540` as `09:00`.
pub(super) fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `9`, `09:00` and `24:00` as minutes of the day.
pub(super) fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute);
    (is_time || (hour, minute) == (24, 0)).then(|| hour * 60 + minute)
}

/// A person in or out of a tier.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberForm {
    pub(super) user: String,
    pub(super) tier: String,
}

/// A new version of the script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptForm {
    pub(super) script: String,
}

/// A change that needs no words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NothingForm {}
