//! Tier 2 in the demo: offers answered, meetings held, opportunities moved, won and lost, payments.

use super::chances::*;
use super::story::Story;
use crate::contracts::actions as contracts;
use crate::contracts::{NewPayment, ReversalReason};
use crate::handoffs::actions as handoffs;
use crate::handoffs::{Decision, Handoff, HandoffState, Opened, RejectionReason};
use crate::meetings::actions as meetings;
use crate::meetings::{Mark, MeetingState};
use crate::opportunities::actions as opportunities;
use crate::opportunities::{Details, LossReason};
use crate::people::Viewer;
use crate::promises::actions as promises;
use crate::promises::{NewPromise, PromiseState};
use crate::values::*;

/// An opportunity on its way.
pub(super) struct Deal {
    id: OpportunityId,
    company: CompanyId,
    owner: UserId,
    next_at: Instant,
    is_won_in_the_end: bool,
}

/// A sum that will be paid.
pub(super) struct Bill {
    contract: ContractId,
    seller: UserId,
    amount: Money,
    due_at: Instant,
}

const NEEDS: [(&str, &str); 6] = [
    ("Нужны буклеты к выставке", "Wants booklets for a fair"),
    ("Меняют поставщика упаковки", "Changes its packaging supplier"),
    ("Открывают второй склад", "Opens a second warehouse"),
    ("Ищут подрядчика на год", "Looks for a contractor for a year"),
    ("Недовольны сроками прежних", "Unhappy with late deliveries"),
    ("Нужен каталог к сезону", "Needs a catalogue for the season"),
];

impl Story {
    /// An hour of the sellers and of the hunter.
    pub(super) async fn sell(&mut self) -> Outcome<()> {
        for login in ["seller1", "seller2", "hunter"] {
            let seller = self.viewer(login)?;
            let done = self.answer_offers(&seller).await;
            self.told("answering offers", done)?;
        }
        let done = self.take_up().await;
        self.told("taking up what was accepted", done)?;
        let done = self.contest().await;
        self.told("contesting", done)?;
        let done = self.hold_meetings().await;
        self.told("holding meetings", done)?;
        let done = self.move_deals().await;
        self.told("moving opportunities", done)?;
        let done = self.take_payments().await;
        self.told("taking payments", done)
    }

    /// What may still be answered when the telling ends waits for whoever looks at the demo.
    pub(super) fn is_left(&self, handoff: &Handoff) -> bool {
        handoff.due_at > self.until
    }

    async fn answer_offers(&mut self, seller: &Viewer) -> Outcome<()> {
        let mut tx = self.db.read().await?;
        let waiting = handoffs::list_waiting(&mut tx, &seller.scope(), 20).await?;
        drop(tx);
        for handoff in waiting {
            let is_mine = handoff.receiver.user == Some(seller.id());
            if !is_mine
                || self.is_left(&handoff)
                || self.ignored.contains(&handoff.id)
                || self.luck(0.5)
            {
                continue;
            }
            if self.luck(IGNORED) {
                self.ignored.insert(handoff.id);
            } else if self.luck(ACCEPTED) {
                handoffs::accept(&self.act(seller), seller, handoff.id).await?;
            } else {
                self.reject(seller, &handoff).await?;
            }
        }
        Ok(())
    }

    /// What was accepted enters the telling, also what nobody had to answer: a hunter passes a
    /// client to himself, a head overturns a rejection.
    async fn take_up(&mut self) -> Outcome<()> {
        let owner = self.viewer("owner")?;
        let accepted = Some(HandoffState::Accepted);
        let mut tx = self.db.read().await?;
        let all = handoffs::list_seen(&mut tx, &owner.scope(), accepted, i64::MAX, 1_000).await?;
        drop(tx);
        for handoff in all.into_iter().rev() {
            let (Some(opened), Some(by)) = (handoff.opened, handoff.receiver.user) else {
                continue;
            };
            if !self.taken_up.insert(handoff.id) {
                continue;
            }
            match opened {
                Opened::Opportunity(id) => self.begin_deal(id, handoff.company, by),
                Opened::Client(id) => self.begin_service(id, by),
            }
            self.meetings.extend(handoff.meeting);
        }
        Ok(())
    }

    /// An opportunity enters the telling.
    fn begin_deal(&mut self, id: OpportunityId, company: CompanyId, owner: UserId) {
        let next_at = self.now().plus_days(self.rng_days(1, 4));
        let is_won_in_the_end = self.luck(WON);
        self.deals.push(Deal { id, company, owner, next_at, is_won_in_the_end });
    }

    fn rng_days(&mut self, from: i64, to: i64) -> i64 {
        self.number(from, to)
    }

    pub(super) async fn reject(&mut self, seller: &Viewer, handoff: &Handoff) -> Outcome<()> {
        let reasons = [
            RejectionReason::NoDecisionMaker,
            RejectionReason::NoNeed,
            RejectionReason::PassportIncomplete,
            RejectionReason::Duplicate,
        ];
        let reason = self.pick(&reasons)?;
        let words = self.say("Секретарь, решение не принимает", "An assistant, does not decide");
        let words = words.to_owned();
        handoffs::reject(&self.act(seller), seller, handoff.id, reason, &words).await?;
        self.rejected.push((handoff.id, handoff.giver));
        Ok(())
    }

    async fn contest(&mut self) -> Outcome<()> {
        for (id, giver) in std::mem::take(&mut self.rejected) {
            if !self.luck(CONTESTED) {
                continue;
            }
            let Some(caller) = self.person(giver) else { continue };
            let words = self.say("Говорил с директором, запись есть", "I spoke to the director");
            if handoffs::contest(&self.act(&caller), &caller, id, words).await.is_err() {
                continue;
            }
            let head = match caller.user.tier {
                Some(1) => self.viewer("head1")?,
                Some(2) => self.viewer("head2")?,
                _ => self.viewer("head3")?,
            };
            let is_overturned = self.luck(OVERTURNED);
            let (decision, words) = if is_overturned {
                let words = self.say("Критерии выполнены", "The criteria are met");
                (Decision::Overturned, words.to_owned())
            } else {
                let words = self.say("Отказ обоснован", "The rejection stands");
                (Decision::Upheld, words.to_owned())
            };
            handoffs::decide(&self.act(&head), &head, id, (decision, &words), None).await?;
        }
        Ok(())
    }

    async fn hold_meetings(&mut self) -> Outcome<()> {
        for id in self.meetings.clone() {
            let mut tx = self.db.read().await?;
            let found = meetings::find(&mut tx, self.firm.org, id).await?;
            drop(tx);
            let Some(meeting) = found else { continue };
            if meeting.state != MeetingState::Booked {
                self.meetings.remove(&id);
                continue;
            }
            if meeting.starts_at.plus_minutes(45) > self.now() {
                continue;
            }
            self.meetings.remove(&id);
            let Some(host) = meeting.host.and_then(|host| self.person(host)) else { continue };
            let mark = if self.luck(HELD) {
                Mark::Held
            } else if self.luck(SELLER_MISSED) {
                Mark::SellerMissed
            } else {
                Mark::ClientMissed
            };
            meetings::mark(&self.act(&host), &host, id, mark, "").await?;
        }
        Ok(())
    }

    async fn move_deals(&mut self) -> Outcome<()> {
        let now = self.now();
        let (due, later): (Vec<Deal>, Vec<Deal>) =
            std::mem::take(&mut self.deals).into_iter().partition(|deal| deal.next_at <= now);
        self.deals = later;
        for mut deal in due {
            let Some(owner) = self.person(deal.owner) else { continue };
            if self.move_one(&owner, &deal).await? {
                deal.next_at = now.plus_days(self.rng_days(2, 6));
                self.deals.push(deal);
            }
        }
        Ok(())
    }

    /// Moves an opportunity on; false when it has ended.
    async fn move_one(&mut self, owner: &Viewer, deal: &Deal) -> Outcome<bool> {
        let mut tx = self.db.read().await?;
        let found = opportunities::find(&mut tx, &owner.scope(), deal.id).await?;
        let stages = opportunities::list_stages(&mut tx, self.firm.org).await?;
        drop(tx);
        let Some(seen) = found else { return Ok(false) };
        if !deal.is_won_in_the_end && self.luck(0.3) {
            self.lose(owner, deal, seen.version).await?;
            return Ok(false);
        }
        let at = stages.iter().position(|stage| stage.code == seen.stage).unwrap_or(0);
        let Some(next) = stages.get(at + 1) else {
            if deal.is_won_in_the_end {
                self.win(owner, deal, seen.version, seen.amount).await?;
            } else {
                self.lose(owner, deal, seen.version).await?;
            }
            return Ok(false);
        };
        let amount = match seen.amount {
            Some(amount) => amount,
            None => self.sum(60, 900)?,
        };
        let version = self.detail(owner, deal, seen.version, amount).await?;
        opportunities::advance(&self.act(owner), owner, deal.id, version, &next.code).await?;
        if self.luck(0.4) {
            self.promise(owner, deal).await?;
        }
        self.write(owner, deal.company).await?;
        Ok(true)
    }

    async fn detail(
        &mut self,
        owner: &Viewer,
        deal: &Deal,
        version: i64,
        amount: Money,
    ) -> Outcome<i64> {
        let (ru, en) = self.pick(&NEEDS)?;
        let steps = [
            ("Отправить расчёт", "Send the estimate"),
            ("Созвониться с директором", "Call the director"),
            ("Показать образцы", "Show the samples"),
            ("Согласовать договор", "Agree the contract"),
        ];
        let (step_ru, step_en) = self.pick(&steps)?;
        let ahead = self.number(2, 8);
        let details = Details {
            need: self.say(ru, en).to_owned(),
            amount: Some(amount),
            next_step: self.say(step_ru, step_en).to_owned(),
            next_step_at: Some(self.now().plus_days(ahead)),
            expected_close_on: Some(self.midnight(20)),
        };
        opportunities::keep_details(&self.act(owner), owner, deal.id, version, details).await
    }

    async fn promise(&mut self, owner: &Viewer, deal: &Deal) -> Outcome<()> {
        let act = self.act(owner);
        let mut tx = self.db.read().await?;
        let told = opportunities::list_told(&mut tx, act.org, deal.company).await?;
        drop(tx);
        // What the caller promised gets its day first.
        let own = self.say("Прислать образцы бумаги", "Send paper samples");
        let words = told.into_iter().next().unwrap_or_else(|| own.to_owned());
        let due_at = self.now().plus_days(self.rng_days(1, 5));
        let new = NewPromise {
            company: deal.company,
            campaign: None,
            words,
            due_at,
            holder: Some(owner.id()),
        };
        let mut tx = self.db.begin().await?;
        let id = promises::make_in(&mut tx, &act, new).await?;
        tx.commit().await?;
        if self.luck(0.7) {
            let state = if self.luck(0.9) { PromiseState::Kept } else { PromiseState::Broken };
            let note = match state {
                PromiseState::Broken => self.say("Склад не отгрузил", "The store did not ship"),
                _ => "",
            };
            promises::answer(&self.act(owner), owner, id, state, note).await?;
        }
        Ok(())
    }

    async fn lose(&mut self, owner: &Viewer, deal: &Deal, version: i64) -> Outcome<()> {
        let reasons = [
            LossReason::Price,
            LossReason::Competitor,
            LossReason::NoBudget,
            LossReason::Timing,
            LossReason::NoNeed,
        ];
        let reason = self.pick(&reasons)?;
        let note = self.say("Решили после сравнения", "Decided after comparing").to_owned();
        opportunities::lose(&self.act(owner), owner, deal.id, version, (reason, &note)).await?;
        Ok(())
    }

    async fn win(
        &mut self,
        owner: &Viewer,
        deal: &Deal,
        version: i64,
        amount: Option<Money>,
    ) -> Outcome<()> {
        let value = match amount {
            Some(amount) => amount,
            None => self.sum(60, 900)?,
        };
        let (term_from, term_to) = (self.midnight(0), self.midnight(365));
        let win = opportunities::Win { value, term_from, term_to };
        let contract = opportunities::win(&self.act(owner), owner, deal.id, version, win).await?;
        let first = Money::new(value.minor / 2, value.currency);
        let rest = Money::new(value.minor - first.minor, value.currency);
        for (amount, from, to) in [(first, 2, 5), (rest, 18, 30)] {
            let due_at = self.now().plus_days(self.rng_days(from, to));
            self.bills.push(Bill { contract, seller: owner.id(), amount, due_at });
        }
        Ok(())
    }

    async fn take_payments(&mut self) -> Outcome<()> {
        let now = self.now();
        let (due, later): (Vec<Bill>, Vec<Bill>) =
            std::mem::take(&mut self.bills).into_iter().partition(|bill| bill.due_at <= now);
        self.bills = later;
        for bill in due {
            let Some(seller) = self.person(bill.seller) else { continue };
            let new =
                NewPayment { amount: bill.amount, paid_on: self.midnight(0), note: String::new() };
            let act = self.act(&seller);
            let payment = contracts::enter_payment(&act, &seller, bill.contract, new).await?;
            if self.luck(0.06) {
                let act = self.act(&seller);
                let reason = ReversalReason::Mistake;
                contracts::reverse_payment(&act, &seller, payment, reason, "").await?;
            }
        }
        Ok(())
    }

    /// Midnight of the firm so many days from today.
    pub(super) fn midnight(&self, days: i64) -> Instant {
        let zone = self.firm.people.values().next().map(|v| v.zone.clone());
        let zone = zone.unwrap_or_else(Zone::utc);
        Instant::from_local(self.now().plus_days(days).day(&zone).at(0, 0, 0, 0), &zone)
    }
}
