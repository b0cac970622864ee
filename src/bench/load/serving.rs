//! A won opportunity: its contract with payments, and tier 3 with onboarding, orders and months.

use serde_json::json;

use super::firm::Person;
use super::selling::{Deal, Ended, Passed};
use super::world::{Staff, Told, World};
use crate::clients::FIRST_STEPS;
use crate::events::Kind;
use crate::vals;
use crate::values::*;
use crate::web::words;

/// Days of a contract.
const TERM_DAYS: i64 = 365;
/// Share of payments that are taken back.
const REVERSED: f64 = 0.05;
/// Orders of a client.
const ORDERS: i64 = 2;

/// A client being opened.
struct Opened {
    id: ClientId,
    keeper: Person,
    contract: ContractId,
    handoff: HandoffId,
    at: Instant,
}

impl World {
    /// Signs the contract of a won opportunity.
    pub(super) fn win(&mut self, deal: &Deal, value: Money, at: Instant) -> Outcome<ContractId> {
        let id = ContractId::fresh(at);
        let seller = deal.seller.id;
        let number = self.number("contract");
        let detail = json!({ "opportunity": deal.opportunity.to_string(), "number": number });
        let about = (Kind::ContractSigned, id.to_string());
        self.tell(deal.lead, at, Told::by(seller, 2, about, detail).worth(value));
        let detail = json!({ "contract": id.to_string(), "stage": "contract" });
        let about = (Kind::OpportunityWon, deal.opportunity.to_string());
        self.tell(deal.lead, at, Told::by(seller, 2, about, detail).worth(value));
        let row = vals![
            id,
            self.firm.org,
            number,
            deal.opportunity,
            deal.company,
            deal.campaign,
            seller,
            deal.seller.team,
            value.minor,
            value.currency,
            self.midnight(at),
            self.midnight(at.plus_days(TERM_DAYS)),
            "active",
            at,
            1,
        ];
        self.rows.contracts.push(row.to_vec());
        let first = Money::new(value.minor / 2, value.currency);
        let rest = Money::new(value.minor - first.minor, value.currency);
        for (amount, from, to) in [(first, 2, 5), (rest, 18, 30)] {
            let paid_at = self.ahead(at, from, to);
            if paid_at <= self.present {
                self.receive(deal, id, amount, paid_at);
            }
        }
        Ok(id)
    }

    fn receive(&mut self, deal: &Deal, contract: ContractId, amount: Money, at: Instant) {
        let id = PaymentId::fresh(at);
        let seller = deal.seller.id;
        let paid_on = self.midnight(at);
        let day = at.day(&self.firm.owner.zone).to_string();
        let detail = json!({ "contract": contract.to_string(), "paid_on": day });
        let about = (Kind::PaymentEntered, id.to_string());
        self.tell(deal.lead, at, Told::by(seller, 2, about, detail).worth(amount));
        self.keep_payment(deal, (id, None), (contract, amount), (paid_on, at));
        let back_at = self.ahead(at, 1, 3);
        if self.luck(REVERSED) && back_at <= self.present {
            let back = PaymentId::fresh(back_at);
            let detail = json!({ "contract": contract.to_string(), "reversal": back.to_string() });
            let about = (Kind::PaymentReversed, id.to_string());
            let told = Told::by(seller, 2, about, detail).worth(amount).why("mistake");
            self.tell(deal.lead, back_at, told);
            let taken = Money::new(-amount.minor, amount.currency);
            let paid_on = self.midnight(back_at);
            self.keep_payment(deal, (back, Some(id)), (contract, taken), (paid_on, back_at));
        }
    }

    fn keep_payment(
        &mut self,
        deal: &Deal,
        (id, reverses): (PaymentId, Option<PaymentId>),
        (contract, amount): (ContractId, Money),
        (paid_on, at): (Instant, Instant),
    ) {
        let row = vals![
            id,
            self.firm.org,
            self.number("payment"),
            contract,
            amount.minor,
            amount.currency,
            paid_on,
            "",
            reverses,
            reverses.map(|_| "mistake"),
            at,
            deal.seller.id,
        ];
        self.rows.payments.push(row.to_vec());
    }

    /// Tier 3 takes the client over and keeps it.
    pub(super) fn serve(
        &mut self,
        deal: &Deal,
        contract: ContractId,
        value: Money,
        signed_at: Instant,
    ) -> Outcome<()> {
        let keeper = self.next_of(Staff::Keepers)?;
        let at = signed_at.plus_minutes(self.between(30, 200));
        let opened =
            Opened { id: ClientId::fresh(at), keeper, contract, handoff: HandoffId::fresh(at), at };
        let passed = Passed {
            id: opened.handoff,
            tier: 2,
            lead: None,
            contract: Some(contract),
            meeting: None,
            giver: deal.seller,
            receiver: keeper,
            at: signed_at.plus_ms(1_000),
            due_at: self.ahead(signed_at, 1, 1),
        };
        let is_taken = at <= self.present;
        let ended = Ended {
            state: if is_taken { "accepted" } else { "offered" },
            at: is_taken.then_some(at),
            reason: None,
            opportunity: None,
            client: is_taken.then_some(opened.id),
        };
        self.keep_handoff(deal, &passed, &ended);
        if !is_taken {
            return Ok(());
        }
        self.lead_company(deal, (deal.seller, keeper, 3), at);
        self.open_client(deal, &opened);
        self.tick_steps(deal, &opened);
        for order in 0..ORDERS {
            let opens_at = self.ahead(at, 5 + order * 40, 20 + order * 40);
            if opens_at <= self.present {
                self.order(deal, &opened, value, opens_at);
            }
        }
        Ok(())
    }

    /// Opens the client and keeps it for every month that is over.
    fn open_client(&mut self, deal: &Deal, opened: &Opened) {
        let keeper = opened.keeper.id;
        let detail = json!({ "contract": opened.contract.to_string() });
        let about = (Kind::ClientOpened, opened.id.to_string());
        self.tell(deal.lead, opened.at, Told::by(keeper, 3, about, detail));
        let zone = self.firm.owner.zone.clone();
        let mut kept = Month::of(opened.at, &zone).before();
        while kept.next().ends_at(&zone) <= self.present {
            kept = kept.next();
            let about = (Kind::ClientKept, opened.id.to_string());
            let told = Told::by(keeper, 3, about, json!({ "month": kept.to_string() }));
            self.tell(deal.lead, kept.ends_at(&zone).plus_ms(-1), Told { actor: None, ..told });
        }
        let row = vals![
            opened.id,
            self.firm.org,
            self.number("client"),
            deal.company,
            deal.campaign,
            opened.handoff,
            keeper,
            opened.keeper.team,
            opened.at,
            kept.to_string(),
            "",
            1,
        ];
        self.rows.clients.push(row.to_vec());
        let ends_at = self.midnight(opened.at.plus_days(TERM_DAYS + 1));
        let row = vals![self.firm.org, opened.id, opened.contract, ends_at, opened.at];
        self.rows.held.push(row.to_vec());
    }

    fn tick_steps(&mut self, deal: &Deal, opened: &Opened) {
        let mut at = opened.at;
        for (position, key) in (1_i64..).zip(FIRST_STEPS) {
            at = self.ahead(at, 1, 3);
            let what = words::say(Lang::Ru, key, &[]);
            let done_at = (at <= self.present).then_some(at);
            let about = (Kind::OnboardingStepDone, opened.id.to_string());
            let told = Told::by(opened.keeper.id, 3, about, json!({ "step": &what }));
            self.tell(deal.lead, at, told);
            let by = done_at.map(|_| opened.keeper.id);
            let row = vals![self.firm.org, opened.id, position, what, done_at, by];
            self.rows.steps.push(row.to_vec());
        }
        self.add_task(deal, opened, at);
    }

    /// The client is to be called after onboarding.
    fn add_task(&mut self, deal: &Deal, opened: &Opened, at: Instant) {
        if at > self.present {
            return;
        }
        let (id, keeper) = (TaskId::fresh(at), opened.keeper);
        let due_at = self.ahead(at, 3, 20);
        let done_at = (due_at <= self.present && self.luck(0.9)).then_some(due_at);
        let what = "Позвонить клиенту";
        let told = |kind| {
            let detail = json!({ "origin": "person" });
            Told { tier: None, ..Told::by(keeper.id, 3, (kind, id.to_string()), detail) }
        };
        self.tell(deal.lead, at, told(Kind::TaskMade));
        if let Some(done_at) = done_at {
            self.tell(deal.lead, done_at, told(Kind::TaskDone));
        }
        let row = vals![
            id,
            self.firm.org,
            self.number("task"),
            keeper.id,
            keeper.team,
            deal.company,
            what,
            "person",
            due_at,
            0,
            keeper.id,
            at,
            done_at,
            done_at.map(|_| keeper.id),
            1 + i64::from(done_at.is_some()),
        ];
        self.rows.tasks.push(row.to_vec());
    }

    fn order(&mut self, deal: &Deal, opened: &Opened, value: Money, at: Instant) {
        let (id, keeper) = (OrderId::fresh(at), opened.keeper.id);
        let number = self.number("order");
        let title = "Каталог, 500 экз.";
        let amount = Money::new(value.minor / 4, value.currency);
        let about = json!({ "number": number });
        let told = |kind| Told::by(keeper, 3, (kind, id.to_string()), about.clone()).worth(amount);
        self.tell(deal.lead, at, told(Kind::OrderOpened));
        let delivered_at = self.ahead(at, 10, 25);
        let closed_at = (delivered_at <= self.present).then_some(delivered_at);
        self.tell(deal.lead, delivered_at, told(Kind::OrderDelivered));
        let row = vals![
            id,
            self.firm.org,
            opened.id,
            deal.company,
            number,
            title,
            amount.minor,
            amount.currency,
            self.midnight(at.plus_days(14)),
            if closed_at.is_some() { "delivered" } else { "open" },
            keeper,
            at,
            closed_at,
            "",
            1 + i64::from(closed_at.is_some()),
        ];
        self.rows.orders.push(row.to_vec());
        self.show_prototype(deal, opened, (id, number), at);
    }

    fn show_prototype(
        &mut self,
        deal: &Deal,
        opened: &Opened,
        (order, number): (OrderId, i64),
        at: Instant,
    ) {
        let sent_at = self.ahead(at, 2, 5);
        let answered_at = self.ahead(sent_at, 1, 3);
        if sent_at > self.present {
            return;
        }
        let (id, keeper) = (PrototypeId::fresh(sent_at), opened.keeper.id);
        let detail = json!({ "order": order.to_string(), "number": number, "version": 1 });
        let told = |kind| Told::by(keeper, 3, (kind, id.to_string()), detail.clone());
        self.tell(deal.lead, sent_at, told(Kind::PrototypeSent));
        let answer = Told { actor: None, ..told(Kind::PrototypeApproved) };
        self.tell(deal.lead, answered_at, answer);
        let is_answered = answered_at <= self.present;
        let row = vals![
            id,
            self.firm.org,
            order,
            1,
            "Макет первой страницы",
            keeper,
            sent_at,
            keeper,
            sent_at,
            is_answered.then_some("approved"),
            "",
            "",
            is_answered.then_some(answered_at),
        ];
        self.rows.prototypes.push(row.to_vec());
    }

    fn midnight(&self, at: Instant) -> Instant {
        let zone = &self.firm.owner.zone;
        Instant::from_local(at.day(zone).at(0, 0, 0, 0), zone)
    }
}
