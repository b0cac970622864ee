//! Tier 1 in the demo: callers work the queue by the same form that the cockpit sends.

use super::chances::*;
use super::story::Story;
use super::{days, names};
use crate::calls::actions as calls;
use crate::calls::results::{CallForm, MEETING_MINUTES};
use crate::calls::slots;
use crate::companies;
use crate::leads::{Grant, leasing, resting};
use crate::people::Viewer;
use crate::values::*;
use crate::verification::{self, CheckedBy, Field, Finding, Verify};

/// Who calls in which campaign, and how good they are.
pub(super) const CALLERS: [(&str, &str, usize); 5] = [
    ("caller1", "three", 0),
    ("caller2", "three", 1),
    ("caller3", "three", 2),
    ("caller4", "three", 3),
    ("hunter", "hunt", 4),
];
const REASONS: [&str; 6] = [
    "not_needed",
    "has_supplier",
    "too_expensive",
    "no_budget",
    "under_contract",
    "not_our_client",
];
const NEEDS: [(&str, &str); 4] = [
    (
        "Каталог к весне, нынешний поставщик опаздывает",
        "A catalogue by spring; the supplier is late",
    ),
    ("Коробки для нового товара", "Boxes for a new product"),
    ("Буклеты на выставку, 2 000 штук", "Booklets for a fair, 2,000 copies"),
    ("Постоянный подрядчик на печать", "A steady contractor for print"),
];

/// Who buys print in a firm.
const DECIDERS: [(&str, &str); 4] = [
    ("директор", "director"),
    ("коммерческий директор", "sales director"),
    ("руководитель закупок", "head of purchasing"),
    ("маркетолог", "marketing manager"),
];

impl Story {
    /// An hour of everybody who calls.
    pub(super) async fn call(&mut self) -> Outcome<()> {
        let began = self.now();
        for (login, campaign, skill) in CALLERS {
            // Everybody's hour is the same hour.
            self.clock.set(began);
            let caller = self.viewer(login)?;
            let Some(campaign) = self.campaigns.get(campaign).copied() else { continue };
            let talk = |story: &mut Self, _| story.talk(skill);
            self.dial(&caller, campaign, (DIALS_AN_HOUR, talk)).await?;
        }
        Ok(())
    }

    /// A caller makes so many calls of a campaign, as far as it has companies, and pauses.
    pub(super) async fn dial(
        &mut self,
        caller: &Viewer,
        campaign: CampaignId,
        (dials, talk): (usize, impl Fn(&mut Self, usize) -> Outcome<CallForm>),
    ) -> Outcome<()> {
        self.rest(caller).await?;
        let mut grant = leasing::lease(&self.act(caller), caller, campaign).await?;
        for dial in 1..=dials {
            let Some(held) = grant else { break };
            self.pass_minutes(4, 12);
            let mut form = talk(self, dial)?;
            if dial == dials {
                form.then = "pause".to_owned();
            }
            grant = self.put_down(caller, held, form).await?;
            if grant.is_none() && dial < dials && self.rest(caller).await? {
                grant = leasing::lease(&self.act(caller), caller, campaign).await?;
            }
        }
        Ok(())
    }

    /// Lets the clock go on to the end of a caller's rest; true where they have one.
    async fn rest(&mut self, caller: &Viewer) -> Outcome<bool> {
        let mut tx = self.db.read().await?;
        let rest = resting::find(&mut tx, caller.org, caller.id(), self.now()).await?;
        drop(tx);
        if let Some(rest) = rest {
            self.clock.set(rest.until);
        }
        Ok(rest.is_some())
    }

    /// What comes of a dial.
    pub(super) fn talk(&mut self, skill: usize) -> Outcome<CallForm> {
        let mut form = CallForm::default();
        if !self.luck(ANSWERED) {
            form.outcome = if self.luck(0.03) { "bad_number" } else { "not_reached" }.to_owned();
        } else if !self.luck(CONVERSATION) {
            let outcome = self.pick(&["gatekeeper", "wrong_person"])?;
            form.outcome = outcome.to_owned();
        } else {
            self.converse(&mut form, skill)?;
        }
        Ok(form)
    }

    /// A conversation that ends as a caller would have all of them end.
    pub(super) fn agreement(&mut self) -> Outcome<CallForm> {
        let mut form = CallForm::default();
        self.qualify(&mut form)?;
        Ok(form)
    }

    /// Writes a call down and takes the next company, where one is wanted.
    async fn put_down(
        &mut self,
        caller: &Viewer,
        held: Grant,
        mut form: CallForm,
    ) -> Outcome<Option<Grant>> {
        form.generation = held.generation;
        self.name_decider(&mut form, held.company).await?;
        if self.luck(0.3) && form.outcome != "not_reached" {
            self.confirm_phone(caller, held.company).await?;
        }
        match calls::record(&self.act(caller), caller, held.lead, &form).await {
            Ok(done) => Ok(done.next),
            // Everybody sells to somebody else then: they agree on another time.
            Err(Error::Invalid(fields)) if fields.0.contains_key("meeting") => {
                let asked = (held.lead, MEETING_MINUTES);
                let mut tx = self.db.read().await?;
                let (free, _) = slots::list_free(&mut tx, caller, asked, self.now()).await?;
                drop(tx);
                form.meeting = String::new();
                form.meeting_slot = match free.is_empty() {
                    true => String::new(),
                    false => self.pick(&free)?.starts_at.rfc3339(),
                };
                Ok(calls::record(&self.act(caller), caller, held.lead, &form).await?.next)
            }
            Err(error) => Err(error),
        }
    }

    fn converse(&mut self, form: &mut CallForm, skill: usize) -> Outcome<()> {
        let meeting = MEETING.get(skill).copied().unwrap_or(0.1);
        if self.luck(meeting) {
            return self.qualify(form);
        }
        if self.luck(DECISION_MAKER) {
            form.outcome = "decision_maker_found".to_owned();
            form.callback = self.ahead_phrase(1, 5);
        } else if self.luck(CALLBACK) {
            form.outcome = "callback".to_owned();
            form.callback = self.ahead_phrase(1, 7);
        } else if self.luck(NEVER_AGAIN) {
            form.outcome = "do_not_call".to_owned();
        } else {
            form.outcome = "refusal".to_owned();
            form.reason = self.pick(&REASONS)?.to_owned();
            if form.reason == "under_contract" {
                let ahead = self.number(30, 200);
                form.reentry = self.midnight(ahead).day(&Zone::utc()).to_string();
            }
        }
        Ok(())
    }

    /// Who decides is whom the list named, for the most part, and can be reached past the desk.
    async fn name_decider(&mut self, form: &mut CallForm, company: CompanyId) -> Outcome<()> {
        if form.outcome != "decision_maker_found" {
            return Ok(());
        }
        let mut tx = self.db.read().await?;
        let there = companies::actions::list_contacts(&mut tx, self.firm.org, company).await?;
        let first = there.into_iter().find(|one| one.gone_at.is_none());
        drop(tx);
        let listed = first.filter(|_| self.luck(LISTED_DECIDES));
        form.decider_name = match listed {
            Some(one) => one.name,
            None => names::person(&mut self.rng, self.firm.lang).to_owned(),
        };
        let (ru, en) = self.pick(&DECIDERS)?;
        form.decider_role = self.say(ru, en).to_owned();
        Ok(())
    }

    fn qualify(&mut self, form: &mut CallForm) -> Outcome<()> {
        let (ru, en) = self.pick(&NEEDS)?;
        form.outcome = "qualified".to_owned();
        form.meeting = self.ahead_phrase(2, 6);
        form.passport_who = self.say("Директор, решает сам", "The director, who decides").into();
        form.passport_need = self.say(ru, en).to_owned();
        form.passport_timing = self.say("в этом квартале", "this quarter").to_owned();
        form.passport_next_step =
            self.say("Встреча с нашим специалистом", "A meeting with our specialist").to_owned();
        if self.luck(0.5) {
            form.passport_promises =
                self.say("Принести образцы бумаги", "Bring paper samples").to_owned();
        }
        for checkpoint in [&mut form.cp1, &mut form.cp2, &mut form.cp3] {
            *checkpoint = "on".to_owned();
        }
        Ok(())
    }

    /// A working day ahead and a time of it, as one types it.
    fn ahead_phrase(&mut self, from: i64, to: i64) -> String {
        let ahead = self.number(from, to);
        let day = days::day_to_call(days::hours(self.firm.lang), self.now(), ahead);
        let hour = self.number(10, 16);
        format!("{day}T{hour:02}:00")
    }

    async fn confirm_phone(&mut self, caller: &Viewer, company: CompanyId) -> Outcome<()> {
        let verify = Verify::of(company, Field::Phone, Finding::Confirmed, CheckedBy::Call);
        match verification::actions::record(&self.act(caller), caller, verify).await {
            // Checked of late by a colleague: nothing to add.
            Ok(_) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
