//! The teller of the demo's history: who acts, when, and with what luck.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::Extent;
use super::firm::Firm;
use crate::people::Viewer;
use crate::schedule;
use crate::storage::{Act, Db};
use crate::values::*;

/// Everything the telling needs.
pub struct Story {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) firm: Firm,
    /// The moment up to which it is told.
    pub(super) until: Instant,
    pub(super) extent: Extent,
    pub(super) rng: ChaCha8Rng,
    /// Draws what is written, apart: whatever is, the rest goes as it went.
    pub(super) pen: ChaCha8Rng,
    pub(super) campaigns: BTreeMap<&'static str, CampaignId>,
    pub(super) ignored: BTreeSet<HandoffId>,
    pub(super) taken_up: BTreeSet<HandoffId>,
    pub(super) rejected: Vec<(HandoffId, UserId)>,
    pub(super) meetings: BTreeSet<MeetingId>,
    pub(super) deals: Vec<super::selling::Deal>,
    pub(super) bills: Vec<super::selling::Bill>,
    pub(super) served: Vec<super::serving::Served>,
}

impl Story {
    /// Begins the telling for a founded firm.
    pub fn new(db: Db, clock: Clock, firm: Firm, told: (u64, Instant, Extent)) -> Self {
        let (seed, until, extent) = told;
        let mut pen = ChaCha8Rng::seed_from_u64(seed);
        pen.set_stream(1);
        Self {
            db,
            clock,
            firm,
            until,
            extent,
            rng: ChaCha8Rng::seed_from_u64(seed),
            pen,
            campaigns: BTreeMap::new(),
            ignored: BTreeSet::new(),
            taken_up: BTreeSet::new(),
            rejected: Vec::new(),
            meetings: BTreeSet::new(),
            deals: Vec::new(),
            bills: Vec::new(),
            served: Vec::new(),
        }
    }

    /// The person of a login.
    pub(super) fn viewer(&self, login: &str) -> Outcome<Viewer> {
        self.firm.viewer(login).cloned()
    }

    /// The person of an id.
    pub(super) fn person(&self, id: UserId) -> Option<Viewer> {
        self.firm.people.values().find(|viewer| viewer.id() == id).cloned()
    }

    /// Something a person does at the telling's present moment.
    pub(super) fn act(&self, viewer: &Viewer) -> Act {
        let actor = Some(viewer.id());
        Act { db: self.db.clone(), org: self.firm.org, actor, now: self.clock.now(), key: None }
    }

    /// The telling's present moment.
    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// True with that chance.
    pub(super) fn luck(&mut self, chance: f64) -> bool {
        self.rng.random_bool(chance.clamp(0.0, 1.0))
    }

    /// One of several.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Outcome<T> {
        from.choose(&mut self.rng).copied().ok_or_else(|| Error::failure("nothing to choose from"))
    }

    /// A whole number within bounds, both included.
    pub(super) fn number(&mut self, from: i64, to: i64) -> i64 {
        self.rng.random_range(from..=to)
    }

    /// Minutes pass.
    pub(super) fn pass_minutes(&mut self, from: i64, to: i64) {
        let minutes = self.number(from, to);
        self.clock.advance_ms(minutes * MINUTE_MS);
    }

    /// A text in the firm's language.
    pub(super) fn say<'a>(&self, ru: &'a str, en: &'a str) -> &'a str {
        if self.firm.lang == Lang::Ru { ru } else { en }
    }

    /// What follows from what happened, followed.
    pub(super) async fn follow(&self) -> Outcome<()> {
        schedule::run_due(&self.db, &self.clock).await.map(drop)
    }

    /// The same, with what became due by itself.
    pub(super) async fn settle(&self) -> Outcome<()> {
        schedule::sweep(&self.db, &self.clock).await?;
        self.follow().await
    }

    /// A round sum in the firm's money.
    pub(super) fn sum(&mut self, from_thousands: i64, to_thousands: i64) -> Outcome<Money> {
        let viewer = self.viewer("owner")?;
        // British orders are fewer and larger than the rate of exchange alone would have them.
        let scale = if viewer.currency == Currency::Rub { 1 } else { 20 };
        let major = self.number(from_thousands, to_thousands) * 1_000 / scale;
        Ok(Money::new(major * 100, viewer.currency))
    }
}
