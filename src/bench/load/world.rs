//! The firm as it stands while its history is made, and what waits to be written.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::firm::{self, Firm};
use super::store::{self, Rows};
use super::{Loaded, Size};
use crate::campaigns::CallingPolicy;
use crate::events::{Kind, Recorded};
use crate::leads::LeadState;
use crate::storage::{Act, Db, take_numbers};
use crate::values::*;

/// A lead while it is worked.
pub(super) struct Lead {
    pub id: LeadId,
    pub company: CompanyId,
    /// Its mail address.
    pub email: Option<AnyId>,
    pub campaign: usize,
    pub state: LeadState,
    pub attempts: i64,
    pub generation: i64,
    pub version: i64,
    pub next_at: Instant,
    pub callback_at: Option<Instant>,
    pub callback_owner: Option<UserId>,
    pub returned_reason: Option<&'static str>,
    pub caller: Option<UserId>,
    pub changed_at: Instant,
    pub is_decider_known: bool,
    pub is_checked: bool,
    /// The latest calls and letters, the earliest first: those that count in the budget.
    pub contacts: Vec<Instant>,
    pub refused_at: Option<Instant>,
}

/// An event on its way.
pub(super) struct Told {
    pub kind: Kind,
    pub subject: String,
    pub actor: Option<UserId>,
    pub person: Option<UserId>,
    pub tier: Option<i64>,
    pub reason: Option<String>,
    pub amount: Option<Money>,
    pub detail: Value,
}

impl Told {
    /// Something that a person of a tier did and that counts as their work.
    pub fn by(person: UserId, tier: i64, (kind, subject): (Kind, String), detail: Value) -> Self {
        Self {
            kind,
            subject,
            actor: Some(person),
            person: Some(person),
            tier: Some(tier),
            reason: None,
            amount: None,
            detail,
        }
    }
    /// The same with a coded reason.
    pub fn why(self, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..self }
    }
    /// The same with money.
    pub fn worth(self, amount: Money) -> Self {
        Self { amount: Some(amount), ..self }
    }
}

/// The firm and everything its history needs.
pub(super) struct World {
    pub db: Db,
    pub firm: Firm,
    pub rng: ChaCha8Rng,
    /// Decides about letters alone: what else happens is the same with them or without.
    pub pen: ChaCha8Rng,
    /// By which every campaign reaches companies.
    pub policy: CallingPolicy,
    pub opening: Instant,
    pub present: Instant,
    pub campaigns: Vec<CampaignId>,
    pub leads: Vec<Lead>,
    /// Leads of each campaign by the moment they may be called again.
    waiting: Vec<BinaryHeap<Reverse<(Instant, usize)>>>,
    /// Events by their moment; those beyond the present never happen.
    to_come: BTreeMap<(Instant, u64), Recorded>,
    told: u64,
    pub rows: Rows,
    numbers: BTreeMap<&'static str, i64>,
    pub events_wanted: i64,
    pub events: i64,
    pub calls: i64,
    pub letters: i64,
    pub paid_since: Instant,
    turn: usize,
}

impl World {
    /// The firm on its first morning.
    pub async fn found(
        db: &Db,
        size: Size,
        (opening, present): (Instant, Instant),
    ) -> Outcome<Self> {
        let firm = firm::found(db, size, opening).await?;
        let mut world = Self {
            db: db.clone(),
            firm,
            rng: ChaCha8Rng::seed_from_u64(size.seed),
            pen: ChaCha8Rng::seed_from_u64(size.seed.wrapping_add(1)),
            policy: CallingPolicy::default(),
            opening,
            present,
            campaigns: Vec::new(),
            leads: Vec::new(),
            waiting: Vec::new(),
            to_come: BTreeMap::new(),
            told: 0,
            rows: Rows::default(),
            numbers: BTreeMap::new(),
            events_wanted: size.events,
            events: 0,
            calls: 0,
            letters: 0,
            paid_since: opening,
            turn: 0,
        };
        world.start_pay().await?;
        world.bring_base(size.companies).await?;
        world.start_campaigns(size.companies).await?;
        let mut tx = db.read().await?;
        world.events = store::count_events(&mut tx, world.firm.org).await?;
        Ok(world)
    }

    /// Something a person does at a moment.
    pub fn act(&self, actor: Option<UserId>, now: Instant) -> Act {
        Act { db: self.db.clone(), org: self.firm.org, actor, now, key: None }
    }

    /// A lead waits to be called.
    pub fn wait(&mut self, place: usize) {
        let Some(lead) = self.leads.get(place) else { return };
        while self.waiting.len() <= lead.campaign {
            self.waiting.push(BinaryHeap::new());
        }
        if let Some(queue) = self.waiting.get_mut(lead.campaign) {
            queue.push(Reverse((lead.next_at, place)));
        }
    }

    /// The lead of a campaign that has waited longest.
    pub fn take(&mut self, campaign: usize) -> Option<usize> {
        self.waiting.get_mut(campaign)?.pop().map(|Reverse((_, place))| place)
    }

    /// Something happens to the company of a lead, now or later.
    pub fn tell(&mut self, lead: usize, at: Instant, told: Told) {
        let Some(lead) = self.leads.get(lead) else { return };
        let recorded = Recorded {
            id: EventId(uuid::Uuid::nil()),
            org: self.firm.org,
            at,
            actor: told.actor,
            kind: told.kind,
            subject: told.subject,
            company: Some(lead.company),
            campaign: self.campaigns.get(lead.campaign).copied(),
            person: told.person,
            tier: told.tier,
            reason: told.reason,
            amount: told.amount,
            detail: told.detail,
        };
        self.told += 1;
        if at <= self.present {
            self.events += 1;
            self.to_come.insert((at, self.told), recorded);
        }
    }

    /// Writes what happened until `night`.
    pub async fn keep(&mut self, night: Instant) -> Outcome<()> {
        let later = self.to_come.split_off(&(night.plus_ms(1), 0));
        let happened = std::mem::replace(&mut self.to_come, later);
        let mut tx = self.db.begin().await?;
        let events =
            happened.into_values().map(|event| Recorded { id: EventId::fresh(event.at), ..event });
        store::insert_events(&mut tx, &events.collect::<Vec<_>>()).await?;
        store::insert_rows(&mut tx, &std::mem::take(&mut self.rows)).await?;
        tx.commit().await
    }

    /// Where every lead stands in the end, and the numbers that were given out.
    pub async fn end(mut self) -> Outcome<Loaded> {
        let org = self.firm.org;
        for some in self.leads.chunks(5_000) {
            let mut tx = self.db.begin().await?;
            for lead in some.iter().filter(|lead| lead.generation > 0) {
                store::update_lead(&mut tx, org, lead).await?;
                let campaign = self.campaigns.get(lead.campaign).copied();
                if let (Some(campaign), Some(at)) = (campaign, lead.callback_at) {
                    store::insert_callback(&mut tx, (org, campaign), lead, at).await?;
                }
            }
            tx.commit().await?;
        }
        let mut tx = self.db.begin().await?;
        for (noun, count) in std::mem::take(&mut self.numbers) {
            take_numbers(&mut tx, org, noun, count).await?;
        }
        tx.commit().await?;
        let mut tx = self.db.read().await?;
        Ok(Loaded {
            events: store::count_events(&mut tx, org).await?,
            calls: self.calls,
            letters: self.letters,
            handoffs: store::count_handoffs(&mut tx, org).await?,
            entries: store::count_entries(&mut tx, org).await?,
            present: self.present,
        })
    }

    /// The next number of a noun.
    pub fn number(&mut self, noun: &'static str) -> i64 {
        let last = self.numbers.entry(noun).or_default();
        *last += 1;
        *last
    }

    /// True with that chance.
    pub fn luck(&mut self, chance: f64) -> bool {
        self.rng.random_bool(chance.clamp(0.0, 1.0))
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Outcome<T> {
        from.choose(&mut self.rng).copied().ok_or_else(|| Error::failure("nothing to choose from"))
    }

    /// A whole number within bounds, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        self.rng.random_range(from..=to)
    }

    /// A working moment some days after `at`.
    pub fn ahead(&mut self, at: Instant, from: i64, to: i64) -> Instant {
        let zone = self.firm.owner.zone.clone();
        let mut day = at.plus_days(self.between(from, to)).day(&zone);
        while !super::is_working(day) {
            day = day.saturating_add(jiff::Span::new().days(1));
        }
        let hour = i8::try_from(self.between(10, 16)).unwrap_or(10);
        let minute = i8::try_from(self.between(0, 59)).unwrap_or(0);
        Instant::from_local(day.at(hour, minute, 0, 0), &zone)
    }

    /// People take their turns.
    pub fn next_of(&mut self, people: Staff) -> Outcome<firm::Person> {
        self.turn += 1;
        let all = match people {
            Staff::Sellers => &self.firm.sellers,
            Staff::Keepers => &self.firm.keepers,
        };
        let place = self.turn % all.len().max(1);
        all.get(place).copied().ok_or_else(|| Error::failure("nobody works there"))
    }
}

/// Who is asked next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Staff {
    Sellers,
    Keepers,
}
