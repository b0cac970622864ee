//! Tier 1: a day on the phone.

use serde_json::json;

use super::firm::Person;
use super::world::{Told, World};
use crate::calls::{Meaning, Mechanism};
use crate::campaigns::parts::Tries;
use crate::demo::chances;
use crate::events::Kind;
use crate::leads::{LeadState, Snapshot};
use crate::vals;
use crate::values::*;

/// Milliseconds of a day on the phone.
const SHIFT_MS: i64 = 8 * HOUR_MS;
/// Events that follow from a call in the mean, its own included; says how many calls are needed.
const EVENTS_A_CALL: f64 = 2.45;
/// Attempts before a company is left alone for a while.
const ATTEMPTS_MAX: i64 = 6;
/// Share of answered calls in which the number is confirmed.
const CHECKED: f64 = 0.3;
const REASONS: [&str; 5] =
    ["not_needed", "has_supplier", "too_expensive", "no_budget", "not_our_client"];

impl World {
    /// A day of everybody who calls; `left` working days remain, this one included.
    pub(super) fn call_all_day(&mut self, open: Instant, left: i64) -> Outcome<()> {
        let wanted = (self.events_wanted - self.events).max(0) / left.max(1);
        let callers = self.firm.callers.clone();
        let dials = (wanted as f64 / EVENTS_A_CALL / callers.len() as f64).ceil() as i64;
        let step = SHIFT_MS / dials.max(1);
        for dial in 0..dials {
            for (place, caller) in callers.iter().enumerate() {
                let late = self.between(0, step / 2);
                let at = open.plus_ms(dial * step + late);
                if at < self.present && self.events < self.events_wanted {
                    self.dial(*caller, place % self.campaigns.len(), at)?;
                }
            }
        }
        Ok(())
    }

    fn dial(&mut self, caller: Person, campaign: usize, at: Instant) -> Outcome<()> {
        let Some(place) = self.take(campaign) else { return Ok(()) };
        let (meaning, mechanism) = self.draw(place)?;
        let reason = (meaning == Meaning::Refusal).then(|| self.pick(&REASONS)).transpose()?;
        let Some(lead) = self.leads.get_mut(place) else { return Ok(()) };
        let before = Snapshot {
            state: lead.state,
            attempts: lead.attempts,
            tries: Tries::default(),
            next_at: lead.next_at,
            callback_at: lead.callback_at,
            callback_owner: lead.callback_owner,
            nurture_until: None,
            caller: lead.caller,
            returned_reason: lead.returned_reason.map(str::to_owned),
        };
        lead.generation += 1;
        lead.attempts += 1;
        lead.version += 2;
        lead.caller = Some(caller.id);
        lead.changed_at = at;
        lead.count(at, &self.policy);
        (lead.callback_at, lead.callback_owner, lead.returned_reason) = (None, None, None);
        let (id, generation, attempt) = (lead.id, lead.generation, lead.attempts);
        let call = CallId::fresh(at);
        let leased = json!({ "generation": generation });
        let told = self.of_caller(caller, Kind::LeadLeased, id.to_string(), leased);
        self.tell(place, at.plus_ms(-30_000), told);
        let detail = json!({ "lead": id.to_string(), "mechanism": mechanism.code(),
            "attempt": attempt, "attested": true });
        let told = self.of_caller(caller, Kind::CallRecorded, call.to_string(), detail);
        self.tell(place, at, Told { reason: Some(meaning.code().to_owned()), ..told });
        let meeting = self.follow(place, caller, at, (meaning, reason))?;
        if mechanism == Mechanism::Answered && self.luck(CHECKED) {
            self.confirm_number(place, caller, at);
        }
        self.write_after_call(place, caller, at, meaning);
        self.keep_call(place, (call, caller, at), (meaning, mechanism, reason), (before, meeting))
    }

    /// How a call ends and what it means.
    fn draw(&mut self, place: usize) -> Outcome<(Meaning, Mechanism)> {
        if !self.luck(chances::ANSWERED) {
            let silent = [Mechanism::NoAnswer, Mechanism::NoAnswer, Mechanism::Busy];
            return Ok((Meaning::NotReached, self.pick(&silent)?));
        }
        if !self.luck(chances::CONVERSATION) {
            let meaning = self.pick(&[Meaning::Gatekeeper, Meaning::WrongPerson])?;
            return Ok((meaning, Mechanism::Answered));
        }
        let is_known = self.leads.get(place).is_some_and(|lead| lead.is_decider_known);
        let meaning = if self.luck(0.2) {
            Meaning::Qualified
        } else if self.luck(chances::DECISION_MAKER) && !is_known {
            Meaning::DecisionMakerFound
        } else if self.luck(chances::CALLBACK) {
            Meaning::Callback
        } else {
            Meaning::Refusal
        };
        Ok((meaning, Mechanism::Answered))
    }

    /// What follows from a call: the lead moves on, and what was said is told.
    fn follow(
        &mut self,
        place: usize,
        caller: Person,
        at: Instant,
        (meaning, reason): (Meaning, Option<&str>),
    ) -> Outcome<Option<MeetingId>> {
        let subject = self.leads.get(place).map(|lead| lead.id.to_string()).unwrap_or_default();
        match meaning {
            Meaning::Qualified => return self.qualify(place, caller, at).map(Some),
            Meaning::DecisionMakerFound => {
                let told = self.of_caller(caller, Kind::DecisionMakerFound, subject, json!({}));
                self.tell(place, at, told);
                if let Some(lead) = self.leads.get_mut(place) {
                    lead.is_decider_known = true;
                }
                self.call_again(place, at, (1, 4));
            }
            Meaning::Callback => {
                let promised = self.ahead(at, 1, 7);
                let detail = json!({ "lead": subject, "at": promised.rfc3339() });
                let callback = CallbackId::fresh(at).to_string();
                let told = self.of_caller(caller, Kind::CallbackPromised, callback, detail);
                self.tell(place, at, told);
                if let Some(lead) = self.leads.get_mut(place) {
                    (lead.callback_at, lead.callback_owner) = (Some(promised), Some(caller.id));
                    lead.next_at = promised;
                }
                self.wait(place);
            }
            Meaning::Refusal => {
                let told = self.of_caller(caller, Kind::LeadRefused, subject, json!({}));
                let reason = reason.map(str::to_owned);
                self.tell(place, at, Told { reason, ..told });
                if let Some(lead) = self.leads.get_mut(place) {
                    lead.refused_at = Some(at);
                }
                self.rest(place, at, 90);
            }
            _ => self.call_again(place, at, (1, 5)),
        }
        Ok(None)
    }

    fn call_again(&mut self, place: usize, at: Instant, (from, to): (i64, i64)) {
        if self.leads.get(place).is_some_and(|lead| lead.attempts >= ATTEMPTS_MAX) {
            return self.rest(place, at, 60);
        }
        let next_at = self.ahead(at, from, to);
        if let Some(lead) = self.leads.get_mut(place) {
            lead.next_at = next_at;
        }
        self.wait(place);
    }

    /// Left alone for some days, then worked anew.
    fn rest(&mut self, place: usize, at: Instant, days: i64) {
        if let Some(lead) = self.leads.get_mut(place) {
            lead.attempts = 0;
            lead.next_at = at.plus_days(days);
        }
        self.wait(place);
    }

    fn confirm_number(&mut self, place: usize, caller: Person, at: Instant) {
        let Some(lead) = self.leads.get_mut(place).filter(|lead| !lead.is_checked) else { return };
        lead.is_checked = true;
        let company = lead.company;
        let detail = json!({ "field": "phone", "result": "confirmed", "source": "call" });
        let told = self.of_caller(caller, Kind::CompanyVerified, company.to_string(), detail);
        self.tell(place, at.plus_ms(1), told);
        let id = VerificationId::fresh(at);
        let row = vals![id, self.firm.org, company, "phone", "confirmed", "call", caller.id, at,];
        self.rows.verifications.push(row.to_vec());
    }

    fn keep_call(
        &mut self,
        place: usize,
        (id, caller, at): (CallId, Person, Instant),
        (meaning, mechanism, reason): (Meaning, Mechanism, Option<&str>),
        (before, meeting): (Snapshot, Option<MeetingId>),
    ) -> Outcome<()> {
        let Some(lead) = self.leads.get(place) else { return Ok(()) };
        let before = serde_json::to_string(&before).map_err(Error::failure)?;
        let promised = if meaning == Meaning::Callback { lead.callback_at } else { None };
        let row = vals![
            id,
            self.firm.org,
            lead.id,
            self.campaigns.get(lead.campaign).copied(),
            lead.company,
            caller.id,
            lead.generation,
            at,
            mechanism.code(),
            meaning.code(),
            reason,
            "",
            1,
            "",
            "contract",
            "public_source",
            promised,
            meeting,
            before,
            lead.version,
        ];
        self.rows.calls.push(row.to_vec());
        self.calls += 1;
        Ok(())
    }

    /// An event of tier 1 that counts as a caller's work.
    pub(super) fn of_caller(
        &self,
        caller: Person,
        kind: Kind,
        subject: String,
        detail: serde_json::Value,
    ) -> Told {
        Told::by(caller.id, 1, (kind, subject), detail)
    }

    /// The lead is tier 2's, or on its way there.
    pub(super) fn pass_on(&mut self, place: usize, state: LeadState) {
        if let Some(lead) = self.leads.get_mut(place) {
            lead.state = state;
        }
    }

    /// The lead came back to its caller, who calls again.
    pub(super) fn come_back(&mut self, place: usize, at: Instant, reason: &'static str) {
        if let Some(lead) = self.leads.get_mut(place) {
            lead.state = LeadState::Queued;
            lead.returned_reason = Some(reason);
            (lead.callback_at, lead.callback_owner) = (Some(at), lead.caller);
            lead.next_at = at;
        }
        self.wait(place);
    }
}
