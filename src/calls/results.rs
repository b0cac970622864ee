//! The two results of a call as a caller types them, what may be wrong with them, and where the
//! lead goes then. Pure: everything it decides on is an argument.

mod talks;

use serde::{Deserialize, Serialize};

use super::decider::{self, Decider};
use super::{Meaning, Mechanism, measured, phrase};
use crate::campaigns::parts::DayPart;
use crate::campaigns::passport::{self, Passport, PassportField};
use crate::campaigns::reasons::{OTHER, RefusalReason, UNDER_CONTRACT};
use crate::campaigns::script::CHECKPOINTS_MAX;
use crate::campaigns::{CallingPolicy, Campaign, Script};
use crate::companies::{Contact, Near};
use crate::leads::{Lead, Next, Said};
use crate::values::*;

/// The longest note.
pub const NOTE_CHARS_MAX: usize = 5_000;
/// How long before a contract of theirs ends one asks again.
const BEFORE_CONTRACT_ENDS_DAYS: i64 = 30;
/// How soon a busy line is tried again, when the policy's gap is longer.
const BUSY_MINUTES: i64 = 30;
/// Who rejected a call is not tried again before the next day.
const REJECTED_MINUTES: i64 = 24 * 60;
/// The field of a time chosen from the free ones.
pub const SLOT: &str = "meeting_slot";
/// What the key sends by which abuse is told.
pub const ABUSE: &str = "abuse";
/// Minutes of a meeting when none are said.
pub const MEETING_MINUTES: i64 = 30;

/// What the cockpit sends. All texts are as typed; an empty one was not given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CallForm {
    /// The grant of the lease it is written under.
    pub generation: i64,
    /// What it meant, as a code.
    pub outcome: String,
    /// How it ended, as a code; empty for what the network said where that fits the outcome, and
    /// for what the outcome implies.
    pub mechanism: String,
    /// The number that was dialled, by id.
    pub phone: String,
    /// Why they refused, as a code.
    pub reason: String,
    /// A day to ask again, or the end of their contract.
    pub reentry: String,
    /// When to call again, as a phrase in the client's zone.
    pub callback: String,
    /// `anyone` when the promise is not the caller's own.
    pub callback_by: String,
    /// Who makes that call where the caller does not, by id; only of a promise of their own.
    pub callback_fallback: String,
    /// When they may need it, as a phrase.
    pub nurture: String,
    /// When the meeting begins, as a phrase in the client's zone.
    pub meeting: String,
    /// The same, chosen from the free times: RFC 3339.
    pub meeting_slot: String,
    /// How long it lasts.
    pub meeting_minutes: String,
    /// Where.
    pub meeting_place: String,
    /// Who decides, as a contact of the company, by id.
    pub decider: String,
    /// Their name, where no contact is named; a new one is added to the company.
    pub decider_name: String,
    /// What they do there.
    pub decider_role: String,
    /// A number of theirs.
    pub decider_phone: String,
    /// Who decides there.
    pub passport_who: String,
    /// What they need.
    pub passport_need: String,
    /// What they can spend.
    pub passport_budget: String,
    /// By when.
    pub passport_timing: String,
    /// What was promised to them.
    pub passport_promises: String,
    /// What happens next.
    pub passport_next_step: String,
    /// What else is worth knowing.
    pub note: String,
    /// Checkpoints of the script; anything but empty is ticked.
    pub cp1: String,
    /// The second.
    pub cp2: String,
    /// The third.
    pub cp3: String,
    /// The fourth.
    pub cp4: String,
    /// The fifth.
    pub cp5: String,
    /// The sixth.
    pub cp6: String,
    /// The seventh.
    pub cp7: String,
    /// The eighth.
    pub cp8: String,
    /// The branch of the script that the talk took, by its number from 1; empty for none.
    pub branch: String,
    /// The version of the script that was on the screen; empty for the newest.
    pub script_version: String,
    /// `pause` to lease nothing after it; `abuse` says that they were abusive, whatever the outcome
    /// says.
    pub then: String,
}

impl CallForm {
    /// The answers of the passport that were typed.
    pub fn passport(&self) -> Passport {
        PassportField::ALL
            .iter()
            .map(|field| (*field, self.answer(*field).trim().to_owned()))
            .filter(|(_, answer)| !answer.is_empty())
            .collect()
    }
    /// One answer of the passport as typed.
    pub fn answer(&self, field: PassportField) -> &str {
        match field {
            PassportField::Who => &self.passport_who,
            PassportField::Need => &self.passport_need,
            PassportField::Budget => &self.passport_budget,
            PassportField::Timing => &self.passport_timing,
            PassportField::Promises => &self.passport_promises,
            PassportField::NextStep => &self.passport_next_step,
        }
    }
    /// The checkpoints that are ticked.
    pub fn checkpoints(&self) -> Vec<usize> {
        let all = [
            &self.cp1, &self.cp2, &self.cp3, &self.cp4, &self.cp5, &self.cp6, &self.cp7, &self.cp8,
        ];
        (1..).zip(all).filter(|(_, tick)| !tick.is_empty()).map(|(n, _)| n).collect()
    }
    /// What was ticked and marked is of another version of the script than the one that is shown.
    #[must_use]
    pub fn under_script(self, version: Option<i64>) -> Self {
        if self.script_version.parse().ok() == version || self.script_version.is_empty() {
            return self;
        }
        let none = Self::default();
        Self {
            cp1: none.cp1,
            cp2: none.cp2,
            cp3: none.cp3,
            cp4: none.cp4,
            cp5: none.cp5,
            cp6: none.cp6,
            cp7: none.cp7,
            cp8: none.cp8,
            branch: none.branch,
            ..self
        }
    }
    /// The same, where one key said that they were abusive: nothing else that was chosen counts,
    /// and the note stays.
    #[must_use]
    pub fn by_one_key(self) -> Self {
        if self.then != ABUSE {
            return self;
        }
        let (outcome, mechanism) = (Meaning::Abusive.code().to_owned(), String::new());
        Self { outcome, mechanism, then: String::new(), ..self }
    }
}

/// What one decides on.
#[derive(Debug, Clone)]
pub struct Situation<'a> {
    /// When.
    pub now: Instant,
    /// Who calls.
    pub caller: UserId,
    /// The client's zone.
    pub zone: Zone,
    /// The campaign with its policy and passport.
    pub campaign: &'a Campaign,
    /// The lead as it stood.
    pub lead: &'a Lead,
    /// Why companies of this firm refuse.
    pub reasons: &'a [RefusalReason],
    /// The numbers that may be dialled.
    pub phones: &'a [PhoneId],
    /// How the call ended, as the network said.
    pub measured: Option<Mechanism>,
    /// True where a call about the lead was rejected before.
    pub was_rejected: bool,
    /// Who else calls for the campaign.
    pub callers: &'a [UserId],
    /// The company's people.
    pub contacts: &'a [Contact],
    /// By what country's and town's habits a number is read.
    pub near: Near<'a>,
    /// The script that was on the screen, in its version.
    pub script: Option<&'a Script>,
}

/// Both results, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallResults {
    /// How it ended.
    pub mechanism: Mechanism,
    /// True where that is the caller's word and not the network's.
    pub is_said: bool,
    /// What it meant.
    pub meaning: Meaning,
    /// In which part of the client's day.
    pub part: DayPart,
    /// The coded reason of a refusal.
    pub reason: Option<String>,
    /// Where the lead goes.
    pub next: Next,
    /// The meeting to be booked.
    pub meeting: Option<Booking>,
    /// Who decides, where that was found.
    pub decider: Option<Decider>,
    /// The answers of the passport.
    pub passport: Passport,
    /// The note.
    pub note: String,
    /// The number that was dialled.
    pub phone: Option<PhoneId>,
    /// The version of the script that was seen.
    pub script_version: Option<i64>,
    /// The checkpoints that were ticked.
    pub checkpoints: Vec<usize>,
    /// The branch that was marked.
    pub branch: Option<i64>,
}

impl CallResults {
    /// In which part of the client's day they were missed: nobody answered, or not who decides.
    /// Where the line is busy somebody is there.
    pub fn missed(&self) -> Option<DayPart> {
        let is_there = matches!(self.mechanism, Mechanism::Answered | Mechanism::Busy);
        let is_missed = !is_there || self.meaning == Meaning::Gatekeeper;
        is_missed.then_some(self.part)
    }
}

/// A meeting as it was agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// When it begins.
    pub starts_at: Instant,
    /// The field it was said in.
    pub field: &'static str,
    /// How long it lasts.
    pub minutes: i64,
    /// Where.
    pub place: String,
}

/// Reads what was typed; all that is wrong with it comes back at once.
pub fn read(form: &CallForm, on: &Situation<'_>) -> Result<CallResults, Fields> {
    let mut fields = Fields::default();
    if form.note.chars().count() > NOTE_CHARS_MAX {
        fields.note_with("note", "too-long", vec![("max", NOTE_CHARS_MAX.to_string())]);
    }
    let Ok(meaning) = form.outcome.parse::<Meaning>() else {
        let code = if form.outcome.is_empty() { "required" } else { "unknown-choice" };
        fields.note("outcome", code);
        return Err(fields);
    };
    let (mechanism, is_said) = read_mechanism(form, meaning, on.measured, &mut fields);
    let phone = read_phone(form, on, &mut fields);
    let branch = read_branch(form, on.script, &mut fields);
    let checkpoints = read_checkpoints(form, on.script, &mut fields);
    if !form.script_version.is_empty() && on.script.is_none() {
        fields.note("script_version", "unknown-choice");
    }
    let next = read_next(form, on, (meaning, mechanism), &mut fields);
    let decider = match meaning {
        Meaning::DecisionMakerFound => decider::read(form, (on.contacts, on.near), &mut fields),
        _ => None,
    };
    let is_qualified = meaning == Meaning::Qualified;
    let passport = if is_qualified { form.passport() } else { Passport::new() };
    if is_qualified && let Err(wrong) = passport::check(&on.campaign.passport, &passport) {
        for (field, problem) in wrong.0 {
            fields.0.entry(field).or_insert(problem);
        }
    }
    let meeting = if is_qualified { talks::read(form, on, &mut fields) } else { None };
    let reason = (meaning == Meaning::Refusal).then(|| form.reason.clone());
    match next {
        Some(next) if fields.0.is_empty() => Ok(CallResults {
            mechanism,
            is_said,
            meaning,
            part: on.campaign.policy.part_at(on.now, &on.zone),
            reason,
            next,
            meeting,
            decider,
            passport,
            note: form.note.trim().to_owned(),
            phone,
            script_version: on.script.map(|script| script.version),
            checkpoints,
            branch,
        }),
        _ => Err(fields),
    }
}

/// How it ended, and whether that is the caller's word.
fn read_mechanism(
    form: &CallForm,
    meaning: Meaning,
    measured: Option<Mechanism>,
    fields: &mut Fields,
) -> (Mechanism, bool) {
    let said = match form.mechanism.parse() {
        _ if form.mechanism.is_empty() => None,
        Ok(mechanism) if meaning.mechanisms().contains(&mechanism) => Some(mechanism),
        Ok(_) => {
            fields.note("mechanism", "mechanism-does-not-fit");
            None
        }
        Err(()) => {
            fields.note("mechanism", "unknown-choice");
            None
        }
    };
    measured::settle(meaning, measured, said)
}

fn read_phone(form: &CallForm, on: &Situation<'_>, fields: &mut Fields) -> Option<PhoneId> {
    if form.phone.is_empty() {
        return on.phones.first().copied();
    }
    let known = form.phone.parse().ok().filter(|id| on.phones.contains(id));
    if known.is_none() {
        fields.note("phone", "unknown-choice");
    }
    known
}

fn read_branch(form: &CallForm, script: Option<&Script>, fields: &mut Fields) -> Option<i64> {
    if form.branch.is_empty() {
        return None;
    }
    let is_its = |number: &i64| script.is_some_and(|script| script.has_branch(*number));
    let known = form.branch.parse().ok().filter(is_its);
    if known.is_none() {
        fields.note("branch", "unknown-choice");
    }
    known
}

/// A checkpoint the script has not is named by its field.
fn read_checkpoints(form: &CallForm, script: Option<&Script>, fields: &mut Fields) -> Vec<usize> {
    const NAMES: [&str; CHECKPOINTS_MAX] = ["cp1", "cp2", "cp3", "cp4", "cp5", "cp6", "cp7", "cp8"];
    let ticked = form.checkpoints();
    let has = script.map_or(0, Script::count_checkpoints);
    for name in ticked.iter().filter(|n| **n > has).filter_map(|n| NAMES.get(n - 1)) {
        fields.note(name, "unknown-choice");
    }
    ticked
}

fn read_next(
    form: &CallForm,
    on: &Situation<'_>,
    (meaning, mechanism): (Meaning, Mechanism),
    fields: &mut Fields,
) -> Option<Next> {
    let closed = |reason: &str| Some(Next::Closed { reason: reason.to_owned() });
    match meaning {
        Meaning::Qualified => Some(Next::Offered),
        Meaning::DoNotCall => closed("do_not_call"),
        Meaning::Abusive => closed("abusive"),
        Meaning::Checked if on.campaign.is_round() => closed("checked"),
        Meaning::Checked => {
            fields.note("outcome", "unknown-choice");
            None
        }
        Meaning::Callback => read_callback(form, on, fields),
        Meaning::Refusal => read_refusal(form, on, fields),
        Meaning::NotNow => {
            let until = read_phrase(&form.nurture, "nurture", on, fields)?;
            Some(Next::Nurture { until })
        }
        Meaning::BadNumber if on.phones.len() < 2 => closed("no_number"),
        Meaning::Gatekeeper | Meaning::DecisionMakerFound if !form.callback.trim().is_empty() => {
            read_callback(form, on, fields)
        }
        _ => Some(again(on, mechanism)),
    }
}

/// The next try: after the gap, a busy line sooner, who rejected the call once the day after; never
/// beyond the last allowed attempt.
fn again(on: &Situation<'_>, mechanism: Mechanism) -> Next {
    let policy: &CallingPolicy = &on.campaign.policy;
    if on.lead.attempts + 1 >= policy.attempts_max {
        return Next::Closed { reason: "attempts_exhausted".to_owned() };
    }
    if mechanism == Mechanism::Rejected && on.was_rejected {
        return Next::Closed { reason: "rejects_calls".to_owned() };
    }
    let gap = match mechanism {
        Mechanism::Busy => policy.gap_minutes.min(BUSY_MINUTES),
        Mechanism::Rejected => policy.gap_minutes.max(REJECTED_MINUTES),
        _ => policy.gap_minutes,
    };
    Next::Again { at: on.now.plus_minutes(gap) }
}

fn read_callback(form: &CallForm, on: &Situation<'_>, fields: &mut Fields) -> Option<Next> {
    let at = read_phrase(&form.callback, "callback", on, fields)?;
    let policy = &on.campaign.policy;
    if !policy.is_open(at, &on.zone) {
        let told = open_hours(policy, at, &on.zone);
        fields.note_with("callback", "callback-outside-hours", told);
        return None;
    }
    let owner = (form.callback_by != "anyone").then_some(on.caller);
    let fallback = read_fallback(form, on, fields);
    let said = Said { fallback, zone: Some(on.zone.name().to_owned()) };
    Some(Next::Callback { at, owner, said })
}

/// When one may call on the day of a moment at which one may not, and when next.
pub(super) fn open_hours(
    policy: &CallingPolicy,
    at: Instant,
    zone: &Zone,
) -> Vec<(&'static str, String)> {
    let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    let spans = policy.spans_on(at.day(zone)).into_iter();
    let spans = spans.map(|(from, to)| format!("{}–{}", clock(from), clock(to)));
    let spans: Vec<String> = spans.collect();
    let hours = if spans.is_empty() { "none".to_owned() } else { spans.join(", ") };
    let next = policy.next_open(at, zone);
    let next = next.map(|at| at.local(zone).strftime("%d.%m %H:%M").to_string());
    vec![("hours", hours), ("next", next.unwrap_or_else(|| "—".to_owned()))]
}

/// Who calls where the caller does not: another caller of the campaign, for a promise of one's own.
fn read_fallback(form: &CallForm, on: &Situation<'_>, fields: &mut Fields) -> Option<UserId> {
    if form.callback_fallback.is_empty() {
        return None;
    }
    let is_own = form.callback_by != "anyone";
    let named = form.callback_fallback.parse().ok();
    let known = named.filter(|user| is_own && *user != on.caller && on.callers.contains(user));
    if known.is_none() {
        fields.note("callback_fallback", "unknown-choice");
    }
    known
}

fn read_refusal(form: &CallForm, on: &Situation<'_>, fields: &mut Fields) -> Option<Next> {
    let Some(reason) = on.reasons.iter().find(|reason| reason.code == form.reason) else {
        let code = if form.reason.is_empty() { "required" } else { "unknown-choice" };
        fields.note("reason", code);
        return None;
    };
    if reason.code == OTHER && form.note.trim().is_empty() {
        fields.note("note", "other-needs-words");
        return None;
    }
    if !form.reentry.trim().is_empty() {
        let said = read_phrase(&form.reentry, "reentry", on, fields)?;
        let is_end = reason.code == UNDER_CONTRACT;
        let at = if is_end { said.plus_days(-BEFORE_CONTRACT_ENDS_DAYS) } else { said };
        return Some(Next::Recycle { at: at.max(on.now.plus_days(1)) });
    }
    match reason.reentry_days {
        Some(days) => Some(Next::Recycle { at: on.now.plus_days(days) }),
        None => Some(Next::Closed { reason: "refused".to_owned() }),
    }
}

fn read_phrase(
    text: &str,
    field: &'static str,
    on: &Situation<'_>,
    fields: &mut Fields,
) -> Option<Instant> {
    if text.trim().is_empty() {
        fields.note(field, "required");
        return None;
    }
    match phrase::read(text, on.now, &on.zone) {
        Ok(at) => Some(at),
        Err(problem) => {
            fields.note(field, problem.code());
            None
        }
    }
}
