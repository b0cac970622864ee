//! What people type about an opportunity, read into values that cannot be wrong.

use serde::Deserialize;

use super::actions::Win;
use super::{Details, LossReason, Opportunity, STEP_MAX, State};
use crate::values::*;
use crate::web::drafts::Draft;

/// A move to another stage.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveForm {
    pub(super) stage: String,
    pub(super) version: i64,
    /// Whose board it was made on; absent on the page of the opportunity.
    pub(super) who: Option<String>,
}

/// A move taken back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoForm {
    /// Whose board to return to; absent on the page of the opportunity.
    pub(super) who: Option<String>,
}

/// A lost one taken up again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReopenForm {
    pub(super) version: i64,
}

/// What its owner keeps up to date.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailsForm {
    pub(super) version: i64,
    need: String,
    amount: String,
    next_step: String,
    next_step_at: String,
    expected_close_on: String,
}

/// Something promised to the client.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromiseForm {
    promise_words: String,
    promise_due: String,
}

/// A loss.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossForm {
    pub(super) version: i64,
    #[serde(default)]
    reason: String,
    note: String,
}

/// A win.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WinForm {
    pub(super) version: i64,
    value: String,
    term_from: String,
    term_to: String,
}

/// In which money and zone a person types, and when.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Currency of the firm.
    pub currency: Currency,
    /// Zone of the firm.
    pub zone: Zone,
    /// The present moment.
    pub now: Instant,
}

impl Frame {
    fn money(&self, fields: &mut Fields, field: &'static str, text: &str) -> Option<Money> {
        Money::typed(text, self.currency).map_err(|p| fields.note(field, p.code())).ok()
    }
    fn day(&self, fields: &mut Fields, field: &'static str, text: &str) -> Option<Instant> {
        Instant::typed_day(text, &self.zone, self.now)
            .map_err(|problem| fields.note(field, problem.code()))
            .ok()
    }
    fn day_time(&self, fields: &mut Fields, field: &'static str, text: &str) -> Option<Instant> {
        Instant::typed_day_time(text, &self.zone, self.now)
            .map_err(|problem| fields.note(field, problem.code()))
            .ok()
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

impl DetailsForm {
    pub(super) fn read(&self, frame: &Frame) -> Outcome<Details> {
        let mut fields = Fields::default();
        let details = Details {
            need: self.need.clone(),
            amount: (!is_blank(&self.amount))
                .then(|| frame.money(&mut fields, "amount", &self.amount))
                .flatten(),
            next_step: self.next_step.clone(),
            next_step_at: (!is_blank(&self.next_step_at))
                .then(|| frame.day_time(&mut fields, "next_step_at", &self.next_step_at))
                .flatten(),
            expected_close_on: (!is_blank(&self.expected_close_on))
                .then(|| frame.day(&mut fields, "expected_close_on", &self.expected_close_on))
                .flatten(),
        };
        let problems = details.problems();
        for (field, problem) in problems.0 {
            fields.note_with(field, problem.code, problem.args);
        }
        fields.into_result().map(|()| details)
    }
}

impl PromiseForm {
    pub(super) fn read(&self, frame: &Frame) -> Outcome<(String, Instant)> {
        let mut fields = Fields::default();
        let due_at = frame.day_time(&mut fields, "promise_due", &self.promise_due);
        if is_blank(&self.promise_words) {
            fields.note("promise_words", "required");
        }
        fields.into_result()?;
        Ok((self.promise_words.clone(), due_at.unwrap_or_default()))
    }
}

impl LossForm {
    pub(super) fn read(&self) -> Outcome<(LossReason, String)> {
        let reason = self.reason.parse().map_err(|()| {
            let mut fields = Fields::default();
            fields.note("reason", "required");
            if is_blank(&self.note) {
                fields.note("note", "required");
            }
            Error::Invalid(fields)
        })?;
        Ok((reason, self.note.clone()))
    }
}

impl WinForm {
    pub(super) fn read(&self, frame: &Frame) -> Outcome<Win> {
        let mut fields = Fields::default();
        let value = frame.money(&mut fields, "value", &self.value);
        let term_from = frame.day(&mut fields, "term_from", &self.term_from);
        let term_to = frame.day(&mut fields, "term_to", &self.term_to);
        fields.into_result()?;
        match (value, term_from, term_to) {
            (Some(value), Some(term_from), Some(term_to)) => Ok(Win { value, term_from, term_to }),
            _ => Err(Error::failure("a faultless form lacks a field")),
        }
    }
}

/// What stands in the fields of the page: the record's own, or what was typed and is wrong.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub need: String,
    pub amount: String,
    pub next_step: String,
    pub next_step_at: String,
    pub expected_close_on: String,
    pub reason: String,
    pub note: String,
    pub value: String,
    pub term_from: String,
    pub term_to: String,
    pub promise_words: String,
    pub promise_due: String,
    pub to: String,
}

impl Typed {
    pub(super) fn of(o: &Opportunity, frame: &Frame) -> Self {
        use crate::web::format::{input_day, input_day_time};
        // A year to the day before: one term follows another without a gap.
        let next = frame.now.day(&frame.zone).saturating_add(jiff::Span::new().years(1));
        let last = next.yesterday().unwrap_or(next);
        let last_at = Instant::from_local(last.at(0, 0, 0, 0), &frame.zone);
        Self {
            need: o.need.clone(),
            amount: o.amount.map(Money::typed_text).unwrap_or_default(),
            next_step: first_step(o),
            next_step_at: o
                .next_step_at
                .map(|at| input_day_time(at, &frame.zone))
                .unwrap_or_default(),
            expected_close_on: o
                .expected_close_on
                .map(|at| input_day(at, &frame.zone))
                .unwrap_or_default(),
            value: o.amount.map(Money::typed_text).unwrap_or_default(),
            term_from: input_day(frame.now, &frame.zone),
            term_to: input_day(last_at, &frame.zone),
            ..Self::default()
        }
    }
    pub(super) fn with_details(self, form: DetailsForm) -> Self {
        Self {
            need: form.need,
            amount: form.amount,
            next_step: form.next_step,
            next_step_at: form.next_step_at,
            expected_close_on: form.expected_close_on,
            ..self
        }
    }
    /// What was being typed when the page was left, kept as a draft. A draft of the details is of
    /// use only while nobody has changed them since.
    pub(super) fn with_drafts(self, details: &Draft, loss: &Draft, version: i64) -> Self {
        let is_same = details.get("version") == Some(&version.to_string());
        let kept = |draft: &Draft, name: &str, now: String| draft.get(name).cloned().unwrap_or(now);
        let mut typed = self;
        if is_same {
            typed.need = kept(details, "need", typed.need);
            typed.amount = kept(details, "amount", typed.amount);
            typed.next_step = kept(details, "next_step", typed.next_step);
            typed.next_step_at = kept(details, "next_step_at", typed.next_step_at);
            typed.expected_close_on = kept(details, "expected_close_on", typed.expected_close_on);
        }
        typed.reason = kept(loss, "reason", typed.reason);
        typed.note = kept(loss, "note", typed.note);
        typed
    }
    pub(super) fn with_promise(self, form: PromiseForm) -> Self {
        Self { promise_words: form.promise_words, promise_due: form.promise_due, ..self }
    }
    pub(super) fn with_loss(self, form: LossForm) -> Self {
        Self { reason: form.reason, note: form.note, ..self }
    }
    pub(super) fn with_win(self, form: WinForm) -> Self {
        Self { value: form.value, term_from: form.term_from, term_to: form.term_to, ..self }
    }
}

/// The next step; until anything is saved, the one that the passport names, to be dated.
fn first_step(o: &Opportunity) -> String {
    let said = o.passport.get("next_step").and_then(|answer| answer.as_str()).unwrap_or_default();
    if o.version > 1 || o.state != State::Open || !o.next_step.is_empty() {
        return o.next_step.clone();
    }
    said.trim().chars().take(STEP_MAX).collect()
}
