//! A campaign with people in all tiers, and leads that qualify.

use crate::campaigns::passport::PassportField;
use crate::cast::Cast;
use crate::companies::NewCompany;
use crate::events::{self, Event, Kind, Recorded};
use crate::handoffs::{Handoff, Opened, actions, store};
use crate::meetings::NewMeeting;
use crate::people::Scope;
use crate::promises::NewPromise;
use crate::storage::Tx;
use crate::storage::testing::TestDb;
use crate::tiers::EngagementPolicy;
use crate::vals;
use crate::values::*;
use crate::{companies, leads, meetings, opportunities, promises};

/// A firm with a campaign.
pub struct Setting {
    pub cast: Cast,
    pub campaign: CampaignId,
}

/// A lead that qualified.
#[derive(Debug, Clone, Copy)]
pub struct Qualified {
    pub company: CompanyId,
    pub lead: LeadId,
    pub meeting: MeetingId,
}

impl Setting {
    pub async fn new(t: TestDb, engagement: EngagementPolicy) -> Self {
        let cast = Cast::gather(t).await;
        let now = cast.clock.now();
        let campaign = CampaignId::fresh(now);
        let mut tx = cast.app.db.begin().await.expect("begins");
        tx.run(
            "insert into campaigns (id, org_id, number, name, state, engagement, purpose, \
             legal_basis, segment, open_days, open_from, open_to, holidays_off, attempts_max, \
             attempts_per_day_max, gap_minutes, cool_down_days, pressure_max, pressure_days, \
             lease_seconds, callback_grace_minutes, acceptance_minutes, passport_fields, \
             target_actions, version, made_at) \
             values ($1, $2, 1, 'Schools', 'running', $3, 'advertising', 'consent', '{}', 31, \
             540, 1080, false, 6, 1, 180, 60, 2, 7, 900, 60, 240, 'who,need', '', 1, $4)",
            vals![campaign, cast.org, engagement.code(), now],
        )
        .await
        .expect("a campaign");
        let mut members = vec![("boris", 1), ("sonya", 2), ("semyon", 2), ("vera", 3)];
        if engagement != EngagementPolicy::ThreeTiers {
            members.extend([("hunter", 1), ("hunter", 2), ("hunter", 3)]);
        }
        for (login, tier) in members {
            tx.run(
                "insert into campaign_members (org_id, campaign_id, user_id, tier, made_at) \
                 values ($1, $2, $3, $4, $5)",
                vals![cast.org, campaign, cast.id(login), tier, now],
            )
            .await
            .expect("a member");
        }
        tx.commit().await.expect("kept");
        Self { cast, campaign }
    }

    /// A lead qualifies in a call of this caller: meeting tomorrow, a promise, the passport.
    pub async fn qualify(&self, caller: &str, name: &str) -> Qualified {
        let of = self.call(caller, name).await;
        self.cast.settle().await;
        of
    }

    /// The same before anything follows.
    pub async fn call(&self, caller: &str, name: &str) -> Qualified {
        let act = self.cast.act(caller, &format!("qualify {name}"));
        let mut tx = act.db.begin().await.expect("begins");
        let new = NewCompany { name: name.to_owned(), ..NewCompany::default() };
        let company = companies::actions::add_in(&mut tx, &act, new).await.expect("a company");
        let lead = LeadId::fresh(act.now);
        let number = crate::storage::take_numbers(&mut tx, act.org, "lead", 1).await;
        tx.run(
            "insert into leads (id, org_id, number, campaign_id, company_id, state, \
             attempts, next_at, is_ready, caller_id, lease_generation, version, made_at, \
             changed_at) values ($1, $2, $3, $4, $5, 'offered', 1, $6, false, $7, 1, 1, $6, $6)",
            vals![
                lead,
                act.org,
                number.expect("a number"),
                self.campaign,
                company,
                act.now,
                act.actor
            ],
        )
        .await
        .expect("a lead");
        let booked = NewMeeting {
            company,
            campaign: Some(self.campaign),
            lead: Some(lead),
            contact: None,
            booker: self.cast.id(caller),
            host: None,
            starts_at: act.now.plus_days(1),
            minutes: 30,
            place: "at their office".to_owned(),
        };
        let meeting = meetings::actions::book_in(&mut tx, &act, booked).await.expect("a meeting");
        let promised = NewPromise {
            company,
            campaign: Some(self.campaign),
            words: format!("Send {name} the price list"),
            due_at: act.now.plus_days(2),
            holder: None,
        };
        promises::actions::make_in(&mut tx, &act, promised).await.expect("a promise");
        self.tell_qualified(&mut tx, caller, Qualified { company, lead, meeting }).await;
        tx.commit().await.expect("kept");
        Qualified { company, lead, meeting }
    }

    /// Leaves the event behind that a qualifying call leaves.
    pub async fn tell_qualified(&self, tx: &mut Tx, caller: &str, of: Qualified) {
        let mut act = self.cast.act(caller, "tell");
        act.key = None;
        Event::new(Kind::LeadQualified, of.lead)
            .company(of.company)
            .campaign(self.campaign)
            .person(self.cast.id(caller))
            .tier(1)
            .with("meeting", of.meeting.to_string())
            .record(tx, &act)
            .await
            .expect("an event");
        let answers = crate::campaigns::passport::from_json(&passport());
        let kept = leads::actions::keep_passport_in(tx, self.cast.org, of.lead, &answers);
        kept.await.expect("kept");
    }

    /// A lead of Boris is taken by a seller.
    pub async fn taken(&self, name: &str) -> (OpportunityId, String) {
        self.qualify("boris", name).await;
        let offer = self.last().await;
        let seller = self.login(offer.receiver.user).to_owned();
        let viewer = self.cast.viewer(&seller).await;
        let act = self.cast.act(&seller, &format!("take {name}"));
        match actions::accept(&act, &viewer, offer.id).await.expect("taken") {
            Opened::Opportunity(id) => (id, seller),
            other => panic!("{other:?}"),
        }
    }

    /// The seller wins an opportunity; what follows, follows.
    pub async fn sign(&self, seller: &str, id: OpportunityId) -> ContractId {
        let won = self.win(seller, id).await;
        self.cast.settle().await;
        won
    }

    /// The same before anything follows.
    pub async fn win(&self, seller: &str, id: OpportunityId) -> ContractId {
        let viewer = self.cast.viewer(seller).await;
        let now = self.cast.clock.now();
        let win = opportunities::actions::Win {
            value: Money::new(10_000_000, Currency::Rub),
            term_from: now,
            term_to: now.plus_days(365),
        };
        let act = self.cast.act(seller, &format!("win {id}"));
        let mut tx = self.cast.app.db.read().await.expect("reads");
        let found = opportunities::actions::find(&mut tx, &viewer.scope(), id).await;
        let seen = found.expect("reads").expect("an opportunity").version;
        drop(tx);
        opportunities::actions::win(&act, &viewer, id, seen, win).await.expect("won")
    }

    /// A lead that became a client under a policy by which the seller serves.
    pub async fn served(&self, name: &str) -> ClientId {
        let (opportunity, seller) = self.taken(name).await;
        self.sign(&seller, opportunity).await;
        match self.last().await.opened {
            Some(Opened::Client(client)) => client,
            other => panic!("{other:?}"),
        }
    }

    /// Every offer there is, the oldest first.
    pub async fn all(&self) -> Vec<Handoff> {
        let mut tx = self.cast.app.db.read().await.expect("reads");
        let whole = Scope::whole(self.cast.org);
        let mut all = store::list_seen(&mut tx, &whole, None, i64::MAX, 100).await.expect("reads");
        all.reverse();
        all
    }

    /// The newest offer.
    pub async fn last(&self) -> Handoff {
        self.all().await.pop().expect("an offer")
    }

    /// What happened to a subject.
    pub async fn story(&self, subject: impl ToString) -> Vec<Recorded> {
        let mut tx = self.cast.app.db.read().await.expect("reads");
        let all = events::list_for_subject(&mut tx, self.cast.org, &subject.to_string()).await;
        all.expect("reads")
    }

    /// Kinds of the events about a hand-off.
    pub async fn kinds(&self, id: HandoffId) -> Vec<Kind> {
        self.story(id).await.iter().map(|event| event.kind).collect()
    }

    /// The login of a person.
    pub fn login(&self, user: Option<UserId>) -> &str {
        let found = self.cast.people.iter().find(|(_, id)| Some(**id) == user);
        found.map_or("nobody", |(login, _)| login)
    }
}

/// What the caller learned.
pub fn passport() -> serde_json::Value {
    serde_json::json!({
        PassportField::Who.code(): "Director Maria",
        PassportField::Need.code(): "New chairs for two halls",
        PassportField::NextStep.code(): "Show samples on Tuesday",
    })
}
