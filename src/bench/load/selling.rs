//! Tier 2: what becomes of a qualified lead. Its whole way is drawn when it is qualified; what
//! lies beyond the present has not happened yet.

use serde_json::{Value, json};

use super::firm::Person;
use super::world::{Staff, Told, World};
use crate::demo::chances;
use crate::events::Kind;
use crate::leads::LeadState;
use crate::opportunities::stages::{self, Stage};
use crate::vals;
use crate::values::*;

/// A qualified lead on its way through sales.
pub(super) struct Deal {
    pub lead: usize,
    pub company: CompanyId,
    pub campaign: CampaignId,
    pub caller: Person,
    pub seller: Person,
    pub handoff: HandoffId,
    pub opportunity: OpportunityId,
    pub opened_at: Instant,
}

/// How a hand-off ended, if it did.
pub(super) struct Ended {
    pub state: &'static str,
    pub at: Option<Instant>,
    pub reason: Option<&'static str>,
    pub opportunity: Option<OpportunityId>,
    pub client: Option<ClientId>,
}

/// A hand-off as it was offered.
pub(super) struct Passed {
    pub id: HandoffId,
    pub tier: i64,
    pub lead: Option<LeadId>,
    pub contract: Option<ContractId>,
    pub meeting: Option<MeetingId>,
    pub giver: Person,
    pub receiver: Person,
    pub at: Instant,
    pub due_at: Instant,
}

const REJECTIONS: [&str; 3] = ["no_decision_maker", "no_need", "passport_incomplete"];
const LOSSES: [&str; 5] = ["price", "competitor", "no_budget", "timing", "no_need"];
const MISSED: [(&str, &str); 4] = [
    ("missed_by_client", "client"),
    ("missed_by_client", "client"),
    ("missed_by_client", "client"),
    ("missed_by_seller", "seller"),
];

impl World {
    /// A lead passed the checklist: a meeting is booked, and tier 2 is asked to take it.
    pub(super) fn qualify(
        &mut self,
        place: usize,
        caller: Person,
        at: Instant,
    ) -> Outcome<MeetingId> {
        let (lead, company, campaign) = self.leads.get(place).map_or_else(
            || Err(Error::failure("no such lead")),
            |l| Ok((l.id, l.company, self.campaigns.get(l.campaign).copied())),
        )?;
        let campaign = campaign.ok_or_else(|| Error::failure("no such campaign"))?;
        let seller = self.next_of(Staff::Sellers)?;
        let meeting = MeetingId::fresh(at);
        let detail = json!({ "meeting": meeting.to_string() });
        let told = self.of_caller(caller, Kind::LeadQualified, lead.to_string(), detail);
        self.tell(place, at, told);
        let answered_at = at.plus_minutes(self.between(20, 200));
        let passed = Passed {
            id: HandoffId::fresh(at),
            tier: 1,
            lead: Some(lead),
            contract: None,
            meeting: Some(meeting),
            giver: caller,
            receiver: seller,
            at: at.plus_ms(1_000),
            due_at: self.ahead(at, 1, 1),
        };
        let deal = Deal {
            lead: place,
            company,
            campaign,
            caller,
            seller,
            handoff: passed.id,
            opportunity: OpportunityId::fresh(answered_at),
            opened_at: answered_at,
        };
        let state = self.answer(&deal, &passed, answered_at)?;
        let is_taken = state == "accepted";
        self.meet(&deal, meeting, at, is_taken)?;
        if is_taken {
            self.sell(&deal)?;
        }
        Ok(meeting)
    }

    /// What tier 2 says to the offer of a lead.
    fn answer(&mut self, deal: &Deal, passed: &Passed, at: Instant) -> Outcome<&'static str> {
        let mut ended =
            Ended { state: "offered", at: None, reason: None, opportunity: None, client: None };
        if at > self.present {
            self.pass_on(deal.lead, LeadState::Offered);
        } else if self.luck(chances::ACCEPTED) {
            (ended.state, ended.at) = ("accepted", Some(at));
            ended.opportunity = Some(deal.opportunity);
            self.pass_on(deal.lead, LeadState::Converted);
        } else {
            let (state, reason) = ("rejected", self.pick(&REJECTIONS)?);
            (ended.state, ended.at, ended.reason) = (state, Some(at), Some(reason));
            let again = self.ahead(at, 1, 3);
            self.come_back(deal.lead, again, reason);
        }
        self.keep_handoff(deal, passed, &ended);
        Ok(ended.state)
    }

    /// Writes a hand-off, and tells of its offer and its answer.
    pub(super) fn keep_handoff(&mut self, deal: &Deal, passed: &Passed, ended: &Ended) {
        let detail = json!({
            "giver": passed.giver.id.to_string(),
            "to_tier": passed.tier + 1,
            "receiver": passed.receiver.id.to_string(),
            "again_of": Value::Null,
            "lead": passed.lead.map(|id| id.to_string()),
            "contract": passed.contract.map(|id| id.to_string()),
            "due_at": passed.due_at.rfc3339(),
        });
        let told = |kind, detail: &Value| {
            let about = (kind, passed.id.to_string());
            Told::by(passed.giver.id, passed.tier, about, detail.clone())
        };
        self.tell(deal.lead, passed.at, told(Kind::HandoffOffered, &detail));
        if let Some(at) = ended.at {
            let kind = if ended.state == "accepted" {
                Kind::HandoffAccepted
            } else {
                Kind::HandoffRejected
            };
            let answer = Told { actor: Some(passed.receiver.id), ..told(kind, &detail) };
            let reason = ended.reason.map(str::to_owned);
            self.tell(deal.lead, at, Told { reason, ..answer });
        }
        let delay = ended.at.map(|at| (at.ms() - passed.at.ms()) / MINUTE_MS);
        let answered_by = ended.at.map(|_| passed.receiver.id);
        let row = vals![
            passed.id,
            self.firm.org,
            self.number("handoff"),
            passed.tier,
            passed.tier + 1,
            deal.company,
            deal.campaign,
            passed.lead,
            passed.contract,
            passed.meeting,
            passed.giver.id,
            passed.giver.team,
            passed.receiver.id,
            passed.receiver.team,
            passport().to_string(),
            true,
            ended.state,
            passed.at,
            passed.due_at,
            answered_by,
            ended.at,
            delay,
            ended.reason,
            "",
            ended.opportunity,
            ended.client,
            1 + i64::from(ended.at.is_some()),
        ];
        self.rows.handoffs.push(row.to_vec());
    }

    fn meet(&mut self, deal: &Deal, id: MeetingId, at: Instant, is_taken: bool) -> Outcome<()> {
        let starts_at = self.ahead(at, 2, 6);
        let host = is_taken.then_some(deal.seller);
        let lead = self.leads.get(deal.lead).map(|lead| lead.id);
        let detail = json!({ "lead": lead.map(|id| id.to_string()), "host": Value::Null });
        let told = self.of_caller(deal.caller, Kind::MeetingBooked, id.to_string(), detail.clone());
        self.tell(deal.lead, at, told);
        let marked_at = starts_at.plus_minutes(45);
        let (mut state, mut marked) = ("booked", None);
        if let Some(host) = host.filter(|_| marked_at <= self.present) {
            marked = Some(marked_at);
            let about = |kind| (kind, id.to_string());
            let caller = deal.caller.id;
            let told = if self.luck(chances::HELD) {
                state = "held";
                Told::by(caller, 1, about(Kind::MeetingHeld), detail)
            } else {
                let (missed, reason) = self.pick(&MISSED)?;
                state = missed;
                Told::by(caller, 1, about(Kind::MeetingMissed), detail).why(reason)
            };
            self.tell(deal.lead, marked_at, Told { actor: Some(host.id), ..told });
        }
        let row = vals![
            id,
            self.firm.org,
            self.number("meeting"),
            deal.company,
            deal.campaign,
            lead,
            deal.caller.id,
            deal.caller.team,
            host.map(|host| host.id),
            host.and_then(|host| host.team),
            starts_at,
            30,
            "Zoom",
            state,
            "",
            marked.and(host).map(|host| host.id),
            marked,
            1 + i64::from(marked.is_some()),
            at,
        ];
        self.rows.meetings.push(row.to_vec());
        Ok(())
    }

    /// The way of an opportunity through its stages, as far as it came.
    fn sell(&mut self, deal: &Deal) -> Outcome<()> {
        let about = |kind| (kind, deal.opportunity.to_string());
        let seller = deal.seller.id;
        let detail = json!({ "handoff": deal.handoff.to_string(), "is_upsell": false });
        self.lead_company(deal, (deal.caller, deal.seller, 2), deal.opened_at);
        let told = Told::by(seller, 2, about(Kind::OpportunityOpened), detail);
        self.tell(deal.lead, deal.opened_at, told);
        let amount = Money::new(self.between(60, 900) * 1_000_00, Currency::Rub);
        let is_won = self.luck(chances::WON);
        let (mut at, mut version) = (deal.opened_at, 1);
        let stages = stages::defaults();
        let mut stage = stages.first().ok_or_else(|| Error::failure("no stage"))?;
        let mut since = at;
        let mut loss = None;
        for next in stages.iter().skip(1) {
            let moved_at = self.ahead(at, 2, 9);
            if !is_won && self.luck(0.3) && moved_at <= self.present {
                loss = Some((moved_at, self.pick(&LOSSES)?));
            }
            at = moved_at;
            if at > self.present || loss.is_some() {
                break;
            }
            self.advance(deal, (stage, next), (since, at), version, amount);
            version += 2;
            (stage, since) = (next, at);
        }
        let is_last = stages.last().is_some_and(|last| last.code == stage.code);
        let closes_at = self.ahead(at, 1, 6);
        let is_over = is_last && closes_at <= self.present;
        if is_over && !is_won {
            loss = Some((closes_at, self.pick(&LOSSES)?));
        }
        let mut contract = None;
        if let Some((lost_at, reason)) = loss {
            let detail = json!({ "stage": &stage.code });
            let told = Told::by(seller, 2, about(Kind::OpportunityLost), detail).why(reason);
            self.tell(deal.lead, lost_at, told);
        } else if is_over {
            contract = Some((closes_at, self.win(deal, amount, closes_at)?));
        }
        self.keep_opportunity(deal, (stage, since, version), amount, (loss, contract));
        if let Some((signed_at, contract)) = contract {
            self.serve(deal, contract, amount, signed_at)?;
        }
        self.promise(deal);
        Ok(())
    }

    fn advance(
        &mut self,
        deal: &Deal,
        (from, to): (&Stage, &Stage),
        (since, at): (Instant, Instant),
        version: i64,
        amount: Money,
    ) {
        let about = |kind| (kind, deal.opportunity.to_string());
        let seller = deal.seller.id;
        let next = json!({ "next_step_at": at.plus_days(3).rfc3339() });
        let told = Told::by(seller, 2, about(Kind::OpportunityChanged), next).worth(amount);
        self.tell(deal.lead, at.plus_ms(-60_000), told);
        let detail = json!({ "from": &from.code, "is_reversal": false });
        let told = Told::by(seller, 2, about(Kind::OpportunityAdvanced), detail).why(&to.code);
        self.tell(deal.lead, at, told);
        let row = vals![
            AnyId::fresh(at),
            self.firm.org,
            deal.opportunity,
            &from.code,
            &to.code,
            since,
            version + 2,
            false,
            at,
            seller,
        ];
        self.rows.moves.push(row.to_vec());
        self.write_after_step(deal, at);
    }

    fn keep_opportunity(
        &mut self,
        deal: &Deal,
        (stage, since, version): (&Stage, Instant, i64),
        amount: Money,
        (loss, contract): (Option<(Instant, &str)>, Option<(Instant, ContractId)>),
    ) {
        let next_at = self.ahead(since, 2, 12);
        let closed_at = loss.map(|(at, _)| at).or(contract.map(|(at, _)| at));
        let state = match (loss, contract) {
            (Some(_), _) => "lost",
            (None, Some(_)) => "won",
            (None, None) => "open",
        };
        let row = vals![
            deal.opportunity,
            self.firm.org,
            self.number("opportunity"),
            deal.company,
            deal.campaign,
            deal.handoff,
            deal.seller.id,
            deal.seller.team,
            false,
            passport().to_string(),
            "Каталог к весне",
            amount.minor,
            amount.currency,
            "Созвониться с директором",
            next_at,
            self.ahead(since, 15, 40),
            &stage.code,
            since,
            stage.stuck_at(since),
            next_at,
            state,
            loss.map(|(_, reason)| reason),
            loss.map(|_| ""),
            closed_at,
            contract.map(|(_, id)| id),
            deal.opened_at,
            version + i64::from(closed_at.is_some()),
        ];
        self.rows.opportunities.push(row.to_vec());
    }

    /// The company is led by the next tier from now on; who passed it on keeps it in sight.
    pub(super) fn lead_company(
        &mut self,
        deal: &Deal,
        (from, to, tier): (Person, Person, i64),
        at: Instant,
    ) {
        let before = if tier == 2 { None } else { Some(from.id.to_string()) };
        let about = (Kind::ClientReassigned, deal.company.to_string());
        let told = Told::by(to.id, tier, about, json!({ "before": before }));
        self.tell(deal.lead, at, told);
        self.rows.led.push(vals![self.firm.org, deal.company, to.id, tier, to.team, at].to_vec());
        let sight = vals![self.firm.org, deal.company, from.id, None::<i64>, at];
        self.rows.sights.push(sight.to_vec());
    }

    fn promise(&mut self, deal: &Deal) {
        if !self.luck(0.5) {
            return;
        }
        let (id, made_at) = (PromiseId::fresh(deal.opened_at), deal.opened_at.plus_minutes(10));
        if made_at > self.present {
            return;
        }
        let due_at = self.ahead(made_at, 2, 5);
        let words = "Прислать образцы бумаги";
        let about = |kind| (kind, id.to_string());
        let told = |kind| {
            let told = Told::by(deal.seller.id, 2, about(kind), json!({}));
            Told { tier: None, ..told }
        };
        self.tell(deal.lead, made_at, told(Kind::PromiseMade));
        let is_kept = due_at <= self.present;
        self.tell(deal.lead, due_at, told(Kind::PromiseKept));
        let row = vals![
            id,
            self.firm.org,
            self.number("promise"),
            deal.company,
            deal.campaign,
            words,
            due_at,
            deal.seller.id,
            deal.seller.team,
            deal.seller.id,
            made_at,
            if is_kept { "kept" } else { "open" },
            "",
            is_kept.then_some(deal.seller.id),
            is_kept.then_some(due_at),
            1 + i64::from(is_kept),
        ];
        self.rows.promises.push(row.to_vec());
    }
}

/// The answers of the checklist.
fn passport() -> Value {
    json!({
        "who": "Директор, решает сам",
        "need": "Каталог к весне, нынешний поставщик опаздывает",
        "next_step": "Встреча с нашим специалистом",
    })
}
