//! Letters beside the calls: a caller writes to whom they did not reach and to who asked for it, a
//! seller along a sale. What admission forbids is not sent.

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use serde_json::json;

use super::firm::Person;
use super::selling::Deal;
use super::world::{Lead, Told, World};
use crate::calls::Meaning;
use crate::campaigns::CallingPolicy;
use crate::companies::Channel;
use crate::demo::chances;
use crate::events::Kind;
use crate::leads::admission::{Facts, Verdict, admit};
use crate::letters::Way;
use crate::vals;
use crate::values::*;

/// Share of calls that reached nobody who decides after which the caller writes: with what follows
/// from talks and sales about one letter for every ten calls.
const UNREACHED: f64 = 0.09;
/// Share of talks to be gone on with in which they ask for a letter.
const ASKED_FOR: f64 = 0.5;
/// A letter goes out before the result of the call is said: the company is in hand still.
const BEFORE_RESULT_MS: i64 = 5_000;
const SUBJECTS: [&str; 4] =
    ["Расчёт тиража", "Образцы бумаги", "Прайс-лист на печать", "Сроки поставки"];

impl Lead {
    /// They were called or written to. As many of the latest contacts are kept as fill the budget.
    pub(super) fn count(&mut self, at: Instant, policy: &CallingPolicy) {
        let place = self.contacts.partition_point(|one| *one <= at);
        self.contacts.insert(place, at);
        let spare = self.contacts.len().saturating_sub(budget(policy));
        self.contacts.drain(..spare);
    }

    /// The contact from which on the budget is full.
    fn full_since(&self, policy: &CallingPolicy) -> Option<Instant> {
        self.contacts.first().copied().filter(|_| self.contacts.len() >= budget(policy))
    }
}

/// How many contacts a company may have in the days of the budget.
fn budget(policy: &CallingPolicy) -> usize {
    usize::try_from(policy.pressure_max).unwrap_or_default()
}

impl World {
    /// At times a caller writes about the call they have just made.
    pub(super) fn write_after_call(
        &mut self,
        place: usize,
        caller: Person,
        at: Instant,
        meaning: Meaning,
    ) {
        let (chance, is_answer) = match meaning {
            Meaning::NotReached | Meaning::Gatekeeper | Meaning::WrongPerson => (UNREACHED, false),
            Meaning::Callback | Meaning::DecisionMakerFound => (ASKED_FOR, true),
            _ => return,
        };
        if self.pen.random_bool(chance) {
            self.write(place, (caller, 1), at.plus_ms(-BEFORE_RESULT_MS), is_answer);
        }
    }

    /// At times a seller writes after a step of a sale.
    pub(super) fn write_after_step(&mut self, deal: &Deal, at: Instant) {
        if self.pen.random_bool(chances::LETTER) {
            self.write(deal.lead, (deal.seller, 2), at.plus_minutes(10), false);
        }
    }

    /// Writes a letter, unless it is still to come or admission forbids it at that moment.
    pub(super) fn write(
        &mut self,
        place: usize,
        (writer, tier): (Person, i64),
        at: Instant,
        is_answer: bool,
    ) {
        let zone = self.firm.owner.zone.clone();
        let Some(lead) = self.leads.get_mut(place) else { return };
        let facts = Facts {
            is_promised: is_answer,
            pressure_cap_at: lead.full_since(&self.policy),
            refused_at: lead.refused_at,
            ..Facts::free(Channel::Letter, zone)
        };
        if at > self.present || admit(&self.policy, &facts, at) != Verdict::Allow {
            return;
        }
        if !is_answer {
            lead.count(at, &self.policy);
        }
        let (company, campaign) = (lead.company, self.campaigns.get(lead.campaign).copied());
        let (lead, email) = (lead.id, lead.email);
        let (id, number) = (LetterId::fresh(at), self.number("letter"));
        let (way, preset) = (Way::Mail.code(), self.policy.preset.mark());
        let detail = json!({ "number": number, "way": way, "is_answer": is_answer,
            "preset": &preset, "sent_at": at.rfc3339() });
        let about = (Kind::LetterSent, id.to_string());
        self.tell(place, at, Told::by(writer.id, tier, about, detail));
        let subject = SUBJECTS.choose(&mut self.pen).copied().unwrap_or_default();
        let row = vals![
            id,
            self.firm.org,
            number,
            company,
            email,
            campaign,
            lead,
            way,
            subject,
            "",
            is_answer,
            preset,
            writer.id,
            at,
            at,
        ];
        self.rows.letters.push(row.to_vec());
        self.letters += 1;
    }
}
