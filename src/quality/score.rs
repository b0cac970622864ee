//! The score of one company. Pure: what is known of it and the time are arguments.
//!
//! The shares of reach in [`Facts::channels`], the sureness of a duplicate and the six months of
//! [`UNCONFIRMED_MS`] are assumptions, not measurements; the screen says so.

use std::collections::BTreeSet;

use linkage::normalise;

use super::{PARTS, Part, Weights, validity};
use crate::companies::alike::{Known, Strength};
use crate::companies::{CompanyPhone, Contact, Standing};
use crate::values::phone::Line;
use crate::values::*;
use crate::verification::{Ageing, Field, Finding, Verification};

/// How much older than its import a value is taken to be that nobody ever confirmed.
const UNCONFIRMED_MS: i64 = 180 * DAY_MS;
/// A score is at most that where a duplicate is all but certain.
const DUPLICATE_CAP: i64 = 600;
/// A score is at most that where nobody can be reached.
const DEAD_CAP: i64 = 300;
/// From which sureness on a duplicate caps the score.
const DUPLICATE_SURE: f64 = 0.9;

codes! {
    /// What keeps a score down, whatever its parts say.
    Cap {
        /// Another record is all but certainly the same company.
        Duplicate = "duplicate",
        /// No way to reach anybody there is left.
        Unreachable = "unreachable",
    }
}

/// How sure it is that two records are one, where nobody has decided: of a hundred such pairs so
/// many were in trials on lists with known truth.
pub fn sureness(strength: Strength) -> f64 {
    match strength {
        Strength::Certain => 0.95,
        Strength::Likely => 0.6,
        Strength::Weak => 0.1,
    }
}

/// What is known of a company.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Its record with numbers, addresses and people.
    pub known: &'a Known,
    /// The newest check of each field.
    pub checks: &'a [Verification],
    /// When somebody there answered a call last.
    pub answered_at: Option<Instant>,
    /// They must not be contacted.
    pub is_banned: bool,
    /// Numbers, of them or others, that must not be dialled.
    pub banned_phones: &'a BTreeSet<PhoneId>,
    /// How sure it is that another record is the same, 0 to 1.
    pub duplicate: f64,
}

/// What a record is worth, and when it is to be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The whole, in thousandths.
    pub whole: i64,
    /// The parts, in thousandths.
    pub parts: [i64; PARTS],
    /// What keeps it down.
    pub cap: Option<Cap>,
    /// When each field is to be checked; `None` where there is nothing to check.
    pub due_at: [Option<Instant>; Field::ALL.len()],
    /// What a check brings: what is doubtful times what the company is worth to us.
    pub urgency: i64,
}

impl Score {
    /// The score of a company.
    pub fn of(facts: &Facts<'_>, weights: &Weights, ageing: &Ageing, now: Instant) -> Self {
        let mut parts = [0; PARTS];
        for part in Part::ALL {
            let share = match part {
                Part::Completeness => facts.completeness(),
                Part::Validity => validity::of(facts.known, facts.is_wrong(Field::Email)),
                Part::Uniqueness => 1.0 - facts.duplicate,
                Part::Freshness => facts.freshness(ageing, now),
                Part::Contactability => facts.contactability(),
                Part::DecisionMaker => facts.decision_maker(),
            };
            parts[*part as usize] = thousandths(share);
        }
        let weighed = weights.weigh(&parts);
        let cap = if parts[Part::Contactability as usize] == 0 {
            Some((Cap::Unreachable, DEAD_CAP))
        } else {
            (facts.duplicate >= DUPLICATE_SURE).then_some((Cap::Duplicate, DUPLICATE_CAP))
        };
        let cap = cap.filter(|(_, most)| *most < weighed);
        Self {
            whole: cap.map_or(weighed, |(_, most)| most),
            parts,
            cap: cap.map(|(cap, _)| cap),
            due_at: Field::ALL.map(|field| facts.due_at(field, ageing)),
            urgency: facts.urgency(ageing, now),
        }
    }
}

fn thousandths(share: f64) -> i64 {
    (share.clamp(0.0, 1.0) * 1_000.0).round() as i64
}

pub(super) fn mean(shares: &[f64]) -> f64 {
    if shares.is_empty() { 0.0 } else { shares.iter().sum::<f64>() / shares.len() as f64 }
}

impl Facts<'_> {
    fn people(&self) -> impl Iterator<Item = &Contact> {
        self.known.contacts.iter().filter(|one| one.gone_at.is_none())
    }
    fn decider(&self) -> Option<&Contact> {
        self.people().find(|one| one.is_decision_maker)
    }
    fn last(&self, field: Field) -> Option<&Verification> {
        self.checks.iter().find(|check| check.field == field)
    }
    fn is_wrong(&self, field: Field) -> bool {
        // A wrong number says nothing of another that was not tried, be it banned.
        let is_left = field == Field::Phone
            && self.all_phones().any(|phone| phone.standing.is_worth_dialling());
        !is_left && self.last(field).is_some_and(|check| check.finding == Finding::Wrong)
    }
    fn all_phones(&self) -> impl Iterator<Item = &CompanyPhone> {
        self.known.phones.iter().filter(|one| !one.went_with(&self.known.contacts))
    }
    fn is_silent(&self, phone: &CompanyPhone) -> bool {
        self.banned_phones.contains(&phone.id)
    }
    fn phones(&self) -> impl Iterator<Item = &CompanyPhone> {
        self.all_phones().filter(|one| one.standing.is_worth_dialling() && !self.is_silent(one))
    }

    /// The share of what there should be, by weight.
    fn completeness(&self) -> f64 {
        let company = &self.known.company;
        let all = [
            (4, !company.name.trim().is_empty()),
            (4, company.tax_id.is_some()),
            (2, company.city.is_some()),
            (4, !self.known.phones.is_empty()),
            (2, !self.known.emails.is_empty()),
            (1, company.website.is_some()),
            (1, company.industry.is_some()),
            (2, self.people().next().is_some()),
        ];
        let there: i32 =
            all.iter().filter(|(_, is_there)| *is_there).map(|(weight, _)| weight).sum();
        f64::from(there) / 20.0
    }

    /// Fields that hold something that ages.
    fn fields(&self) -> impl Iterator<Item = Field> {
        let company = &self.known.company;
        [
            (Field::Phone, !self.known.phones.is_empty()),
            (Field::Email, !self.known.emails.is_empty()),
            (Field::Contact, self.people().next().is_some()),
            (Field::DecisionMaker, self.decider().is_some()),
            (Field::Requisites, company.tax_id.is_some() || company.ogrn.is_some()),
            (Field::Address, company.address.is_some()),
        ]
        .into_iter()
        .filter_map(|(field, is_there)| is_there.then_some(field))
    }

    fn confirmed_at(&self, field: Field) -> Option<Instant> {
        let checked = self.last(field).and_then(Verification::confirmed_at);
        if field == Field::Phone { checked.max(self.answered_at) } else { checked }
    }

    fn worth(&self, field: Field, ageing: &Ageing, now: Instant) -> f64 {
        if self.is_wrong(field) {
            return 0.0;
        }
        let age_ms = match self.confirmed_at(field) {
            Some(at) => now.ms() - at.ms(),
            None => now.ms() - self.known.company.made_at.ms() + UNCONFIRMED_MS,
        };
        ageing.of(field).worth(age_ms)
    }

    /// The mean of how likely each field is still right.
    fn freshness(&self, ageing: &Ageing, now: Instant) -> f64 {
        let shares: Vec<f64> = self.fields().map(|field| self.worth(field, ageing, now)).collect();
        mean(&shares)
    }

    /// Each way to reach somebody, as the share of tries on which it would.
    fn channels(&self) -> Vec<f64> {
        let by_phone = self.all_phones().map(|phone| {
            let is_named = phone.contact.is_some_and(|id| self.people().any(|one| one.id == id));
            match (phone.standing, phone.phone.line()) {
                _ if self.is_silent(phone) => 0.0,
                (Standing::Wrong | Standing::Dead | Standing::Dummy, _) => 0.0,
                (Standing::Good, Line::Mobile) if is_named => 0.6,
                (_, Line::Mobile) => 0.35,
                (_, Line::TollFree) => 0.15,
                _ if phone.phone.extension.is_some() => 0.35,
                _ => 0.25,
            }
        });
        let is_mail_wrong = self.is_wrong(Field::Email);
        let by_mail =
            self.known.emails.iter().map(|email| match normalise::email(&email.address) {
                _ if is_mail_wrong => 0.0,
                Ok(email) if is_personal(email.local()) && !email.is_free_mail() => 0.25,
                Ok(_) => 0.10,
                Err(_) => 0.0,
            });
        by_phone.chain(by_mail).collect()
    }

    fn contactability(&self) -> f64 {
        if self.is_banned {
            return 0.0;
        }
        1.0 - self.channels().into_iter().map(|share| 1.0 - share).product::<f64>()
    }

    fn decision_maker(&self) -> f64 {
        let Some(decider) = self.decider() else {
            let is_head = |one: &Contact| one.role.as_deref().is_some_and(heads_a_company);
            return if self.people().any(is_head) {
                0.3
            } else if self.people().any(|one| one.role.is_some()) {
                0.1
            } else {
                0.0
            };
        };
        let has_phone = self.phones().any(|phone| phone.contact == Some(decider.id));
        let has_mail = self.known.emails.iter().any(|email| email.contact == Some(decider.id));
        if has_phone || has_mail {
            1.0
        } else if self.phones().next().is_some() {
            0.6
        } else {
            0.3
        }
    }

    /// What is not there is to be found out where a talk can do that.
    fn due_at(&self, field: Field, ageing: &Ageing) -> Option<Instant> {
        let is_there = self.fields().any(|one| one == field);
        match field {
            Field::Phone | Field::DecisionMaker if !is_there => Some(Instant(0)),
            _ if !is_there => None,
            _ if self.is_wrong(field) => Some(Instant(0)),
            _ => Some(ageing.of(field).due_at(self.confirmed_at(field))),
        }
    }

    /// Doubt about number, person and decision, in thousandths, times 1 to 5: a company that we
    /// have spoken to, whose decision maker we know or that somebody leads is worth more.
    fn urgency(&self, ageing: &Ageing, now: Instant) -> i64 {
        let asked = [Field::Phone, Field::Contact, Field::DecisionMaker];
        let there: Vec<Field> = self.fields().collect();
        let doubts = asked.map(|field| {
            if there.contains(&field) { 1.0 - self.worth(field, ageing, now) } else { 1.0 }
        });
        let company = &self.known.company;
        let value = 1
            + i64::from(self.answered_at.is_some())
            + i64::from(self.decider().is_some())
            + 2 * i64::from(company.lead.is_some());
        thousandths(mean(&doubts)) * value
    }
}

/// True for the name of a mailbox that is somebody's own rather than a department's.
fn is_personal(local: &str) -> bool {
    const SHARED: [&str; 16] = [
        "info",
        "sales",
        "office",
        "mail",
        "zakaz",
        "order",
        "orders",
        "support",
        "admin",
        "hr",
        "buh",
        "secretary",
        "reception",
        "contact",
        "hello",
        "marketing",
    ];
    !SHARED.contains(&local.to_lowercase().as_str())
}

/// True for a role that a register would name.
fn heads_a_company(role: &str) -> bool {
    let role = role.to_lowercase();
    ["директор", "director", "руководител", "ceo", "президент", "president", "глава"]
        .iter()
        .any(|word| role.contains(word))
}
