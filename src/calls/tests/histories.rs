//! Random histories of promised calls, with crashes. After every step each callback is in exactly
//! one state, a lead has one open at most and names the same time and person, and none is lost: a
//! model that knows only what was answered predicts all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::calls::passing::{PassForm, pass};
use crate::campaigns::hours::CallingHours;
use crate::companies::suppression::Whom;
use crate::companies::{Channel, Suppress, SuppressReason};
use crate::leads::callbacks::{Callback, CallbackEnd, CallbackState};
use crate::leads::{Lead, SkipReason, keeping};
use crate::merges::{self, actions::Merging};
use crate::storage::testing::{TestDb, given_up_after};
use crate::web::Cursor;
use crate::{check, schedule};

fn always() -> CallingPolicy {
    let hours = CallingHours {
        days: 0b111_1111,
        from_minute: 0,
        to_minute: 1_440,
        holidays_off: false,
        ..CallingHours::default()
    };
    CallingPolicy {
        hours,
        attempts_max: 50,
        attempts_per_day_max: 5,
        gap_minutes: 0,
        pressure_max: 50,
        lease_seconds: 300,
        spreads: false,
        refusals_in_row_max: 0,
        work_minutes_max: 0,
        ..CallingPolicy::default()
    }
}

/// What is expected of the callbacks of a lead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Model {
    open: Option<(Instant, Option<UserId>, Option<UserId>)>,
    done: usize,
    cancelled: Vec<&'static str>,
}

/// A call that may be taken back: its lead, and what was expected before it.
type Taken = (CallId, LeadId, Model);

struct History {
    floor: Floor,
    seed: u64,
    step: usize,
    models: BTreeMap<LeadId, Model>,
    calls: BTreeMap<&'static str, Taken>,
    merged: Option<(MergeId, LeadId, Model)>,
    banned: Option<SuppressionId>,
    crashes: usize,
    promised: usize,
}

/// Does something under a key; in every third step the process dies in the middle, what stands in
/// the database is looked at, and the same is asked for again.
macro_rules! survive {
    ($history:ident, $login:expr, |$act:ident, $viewer:ident| $work:expr) => {{
        let $act = $history.act($login);
        let $viewer = $history.floor.cast.viewer($login).await;
        if $history.draw(3) == 0 {
            let turns = 1 + $history.draw(60);
            if given_up_after(turns, async { $work.await }).await.is_none() {
                $history.crashes += 1;
                $history.agrees().await;
            }
        }
        $work.await
    }};
}

impl History {
    async fn begin(t: TestDb, seed: u64) -> Self {
        let floor = Floor::with_policy(t, 4, always()).await;
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let mut models = BTreeMap::new();
        for company in &floor.companies {
            let found = leads::actions::list_for_company(&mut tx, floor.cast.org, *company).await;
            models.insert(found.expect("reads")[0].id, Model::default());
        }
        drop(tx);
        let (calls, merged, banned) = (BTreeMap::new(), None, None);
        Self { floor, seed, step: 0, models, calls, merged, banned, crashes: 0, promised: 0 }
    }

    fn reasons(&self) -> BTreeSet<&'static str> {
        self.models.values().flat_map(|model| model.cancelled.iter().copied()).collect()
    }

    fn draw(&mut self, below: usize) -> usize {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        (self.seed % below as u64) as usize
    }

    fn act(&self, login: &str) -> crate::storage::Act {
        self.floor.cast.act(login, &format!("step {}", self.step))
    }

    fn caller(&mut self) -> &'static str {
        ["boris", "bella"][self.draw(2)]
    }

    async fn held(&self, login: &str) -> Option<Lead> {
        let cast = &self.floor.cast;
        let mut tx = cast.app.db.read().await.expect("reads");
        leads::actions::find_held(&mut tx, cast.org, cast.id(login)).await.expect("reads")
    }

    async fn callbacks(&self, lead: LeadId) -> Vec<Callback> {
        let cast = &self.floor.cast;
        let mut tx = cast.app.db.read().await.expect("reads");
        let (mut all, mut cursor) = (Vec::new(), Cursor::default());
        loop {
            let list = keeping::list_of_lead(&mut tx, cast.org, lead, &cursor);
            let page = list.await.expect("reads");
            all.extend(page.rows);
            match page.next {
                None => break all,
                after => cursor = Cursor { after, limit: None },
            }
        }
    }

    /// A record and its lead agree, whatever happened.
    async fn agrees(&self) {
        let now = self.floor.cast.clock.now();
        for id in self.models.keys() {
            let (lead, all) = (self.floor.lead(*id).await, self.callbacks(*id).await);
            let open: Vec<&Callback> = all.iter().filter(|one| one.ended.is_none()).collect();
            assert!(open.len() <= 1, "step {}: {open:?}", self.step);
            let named = lead.callback_at.map(|at| (at, lead.callback_owner));
            let kept = open.first().map(|one| (one.at, one.owner));
            assert_eq!(named, kept, "step {}", self.step);
            assert!(kept.is_none() || lead.state == LeadState::Queued, "step {}", self.step);
            for one in &all {
                let is_open = one.ended.is_none();
                let state = match (is_open, lead.lease.is_some(), one.at <= now) {
                    (true, true, _) => CallbackState::InHand,
                    (true, false, true) => CallbackState::Due,
                    (true, false, false) => CallbackState::Scheduled,
                    (false, ..) => match one.ended.expect("an end").how {
                        CallbackEnd::Done(_) => CallbackState::Done,
                        CallbackEnd::Cancelled(_) => CallbackState::Cancelled,
                    },
                };
                assert_eq!(one.state(&lead, now), state, "step {}", self.step);
            }
        }
    }

    /// What is expected is what stands there.
    async fn compare(&mut self) {
        self.agrees().await;
        let banned = self.banned.map(|_| self.floor.companies[2]);
        for (id, model) in &mut self.models {
            let lead = self.floor.lead(*id).await;
            if model.open.is_some() && lead.lease.is_none() && banned == Some(lead.company) {
                model.open = None;
                model.cancelled.push("suppressed");
            }
        }
        for (id, model) in &self.models {
            let mut found = Model::default();
            for one in self.callbacks(*id).await {
                match one.ended.map(|ended| ended.how) {
                    None => found.open = Some((one.at, one.owner, one.fallback)),
                    Some(CallbackEnd::Done(_)) => found.done += 1,
                    Some(CallbackEnd::Cancelled(why)) => found.cancelled.push(why.code()),
                }
            }
            found.cancelled.sort_unstable();
            let mut expected = model.clone();
            expected.cancelled.sort_unstable();
            assert_eq!(found, expected, "step {}", self.step);
        }
    }

    async fn go(&mut self) {
        self.step += 1;
        match self.draw(14) {
            0..=2 => {
                let (who, campaign) = (self.caller(), self.floor.campaign);
                let leased =
                    survive!(self, who, |act, viewer| { leasing::lease(&act, &viewer, campaign) });
                leased.expect("answers");
            }
            3..=5 => self.promises().await,
            6 => self.ends_a_call().await,
            7 => {
                let minutes = [1, 3, 20, 61, 150, 1_440][self.draw(6)];
                self.floor.cast.clock.advance_ms(minutes * MINUTE_MS);
            }
            8 => {
                let (db, clock) = (&self.floor.cast.app.db, &self.floor.cast.clock);
                schedule::sweep(db, clock).await.expect("sweeps");
            }
            9 => self.gives_back().await,
            10 => self.takes_a_call_back().await,
            11 => self.passes_on().await,
            12 => self.bans_or_lifts().await,
            _ => self.merges_or_parts().await,
        }
        self.compare().await;
    }

    async fn promises(&mut self) {
        let who = self.caller();
        let by = ["", "anyone"][self.draw(2)];
        // Of every other promise of their own a colleague stands in.
        let other = ["bella", "boris"][usize::from(who == "bella")];
        self.promised += 1;
        let stands_in = by.is_empty() && self.promised.is_multiple_of(2);
        let fallback = stands_in.then(|| self.floor.cast.id(other));
        let typed = CallForm {
            callback: "in 1 h".to_owned(),
            callback_by: by.to_owned(),
            callback_fallback: fallback.map(|id| id.to_string()).unwrap_or_default(),
            ..form("callback")
        };
        let Some((call, lead)) = self.records(who, typed).await else { return };
        let made = self.callbacks(lead).await.into_iter().find(|one| one.asked_in == Some(call));
        let made = made.expect("what was promised is on record");
        let owner = by.is_empty().then(|| self.floor.cast.id(who));
        assert_eq!((made.fallback, made.zone.as_deref()), (fallback, Some("Europe/Moscow")));
        assert_eq!((made.owner, made.asked_by), (owner, Some(self.floor.cast.id(who))));
        assert!(made.at > self.floor.cast.clock.now());
        self.models.get_mut(&lead).expect("a lead").open = Some((made.at, owner, fallback));
    }

    async fn ends_a_call(&mut self) {
        let who = self.caller();
        self.records(who, form("not_reached")).await;
    }

    /// Records a call about what the caller holds; what was open is done.
    async fn records(&mut self, who: &'static str, typed: CallForm) -> Option<(CallId, LeadId)> {
        let lead = self.held(who).await?;
        let then = ["", "pause"][self.draw(2)].to_owned();
        let typed = CallForm { generation: lead.generation, then, ..typed };
        let done =
            survive!(self, who, |act, viewer| { actions::record(&act, &viewer, lead.id, &typed) });
        let model = self.models.get_mut(&lead.id).expect("a lead");
        let call = done.expect("is recorded").call;
        self.calls.insert(who, (call, lead.id, model.clone()));
        model.done += usize::from(model.open.take().is_some());
        Some((call, lead.id))
    }

    async fn gives_back(&mut self) {
        let who = self.caller();
        let Some(lead) = self.held(who).await else { return };
        let grant = (lead.id, lead.generation);
        if self.draw(2) == 0 {
            let done = survive!(self, who, |act, viewer| {
                leasing::release(&act, &viewer, grant, SkipReason::Pause)
            });
            done.expect("is given back");
        } else {
            let done =
                survive!(self, "anna", |act, viewer| { leasing::take_back(&act, &viewer, grant) });
            done.expect("is taken back");
        }
    }

    async fn takes_a_call_back(&mut self) {
        let who = self.caller();
        let Some((call, lead, before)) = self.calls.get(who).cloned() else { return };
        let done = survive!(self, who, |act, viewer| reversal::reverse(&act, &viewer, call));
        if !is_done(&done) {
            return;
        }
        self.calls.remove(who);
        let model = self.models.get_mut(&lead).expect("a lead");
        let promised = model.open.take().map(|_| "taken_back");
        model.cancelled.extend(promised);
        (model.open, model.done) = (before.open, before.done);
    }

    async fn passes_on(&mut self) {
        let open = self.models.iter().find(|(_, model)| model.open.is_some());
        let Some(id) = open.map(|(id, _)| *id) else { return };
        let (lead, taker) = (self.floor.lead(id).await, self.caller());
        let to = (self.draw(3) > 0).then(|| self.floor.cast.id(taker));
        let (generation, version) = (lead.generation, Some(lead.version));
        let wish =
            PassForm { to: to.map(|to| to.to_string()).unwrap_or_default(), generation, version };
        let done = survive!(self, "anna", |act, viewer| pass(&act, &viewer, id, &wish));
        // What somebody has in hand passes as a lease, and the promise stays whose it is.
        if is_done(&done) && lead.lease.is_none() {
            let model = self.models.get_mut(&id).expect("a lead");
            model.open = model.open.map(|(at, ..)| (at, to, None));
        }
    }

    async fn bans_or_lifts(&mut self) {
        let company = self.floor.companies[2];
        if let Some(ban) = self.banned {
            let done = survive!(self, "olga", |act, viewer| {
                companies::actions::lift(&act, &viewer, (company, ban), "a slip")
            });
            done.expect("is lifted");
            self.banned = None;
        } else {
            let act = self.act("anna");
            let mut tx = act.db.begin().await.expect("begins");
            let ban = Suppress {
                whom: Whom::Company(company),
                channel: Channel::All,
                reason: SuppressReason::Asked,
                until: None,
            };
            let ban = companies::actions::suppress_in(&mut tx, &act, ban).await.expect("bans");
            tx.commit().await.expect("kept");
            self.banned = Some(ban);
        }
        self.floor.cast.settle().await;
    }

    async fn merges_or_parts(&mut self) {
        if let Some((merge, lead, before)) = self.merged.clone() {
            let done = survive!(self, "olga", |act, viewer| {
                merges::actions::undo(&act, &viewer, merge)
            });
            if is_done(&done) {
                let model = self.models.get_mut(&lead).expect("a lead");
                model.open = before.open;
                model.cancelled = before.cancelled;
                self.merged = None;
            }
            return;
        }
        let cast = &self.floor.cast;
        let mut tx = cast.app.db.read().await.expect("reads");
        let mut both = Vec::new();
        for id in &self.floor.companies[..2] {
            let found = companies::actions::find(&mut tx, cast.org, *id).await.expect("reads");
            both.push((*id, found.expect("a company").version));
        }
        let org = cast.org;
        let of_loser = leads::actions::list_for_company(&mut tx, org, both[0].0).await;
        let lead = of_loser.expect("reads")[0].id;
        drop(tx);
        let merging = Merging {
            survivor: both[1],
            loser: both[0],
            taken: Vec::new(),
            apart: Default::default(),
        };
        let done = survive!(self, "olga", |act, viewer| {
            merges::actions::merge(&act, &viewer, &merging)
        });
        if !is_done(&done) {
            return;
        }
        let merge = done.expect("is merged");
        let model = self.models.get_mut(&lead).expect("a lead");
        self.merged = Some((merge, lead, model.clone()));
        model.cancelled.extend(model.open.take().map(|_| "merged"));
    }
}

/// False for what was refused, or was no choice; anything else that goes wrong is a defect.
fn is_done<T: std::fmt::Debug>(done: &Outcome<T>) -> bool {
    match done {
        Ok(_) => true,
        Err(Error::Refused(_) | Error::Invalid(_)) => false,
        Err(_) => panic!("{done:?}"),
    }
}

/// A whole history of so many steps, and of up to thrice as many where some reason was not met yet;
/// says how many calls were kept, the reasons of those that were not, and how often the process
/// died.
async fn told(
    t: TestDb,
    seed: u64,
    (steps, wanted): (usize, &[&'static str]),
) -> (usize, BTreeSet<&'static str>, usize) {
    let wanted = wanted.iter().copied().collect::<BTreeSet<_>>();
    let mut history = History::begin(t, seed).await;
    for step in 0..3 * steps {
        if step >= steps && wanted.is_subset(&history.reasons()) {
            break;
        }
        history.go().await;
    }
    let broken = check::everything(&history.floor.cast.app.db).await.expect("checked");
    assert_eq!(broken, []);
    let done = history.models.values().map(|model| model.done).sum();
    (done, history.reasons(), history.crashes)
}

both! {
    async fn whatever_happens_a_promised_call_is_in_one_state_and_none_is_lost(t: TestDb) {
        let all = ["merged", "suppressed", "taken_back"];
        let (done, reasons, crashes) = told(t, 0x5EED_CA11, (600, &all)).await;
        assert!(done > 10 && crashes > 20, "kept {done}, crashes {crashes}");
        assert_eq!(reasons, BTreeSet::from(all));
    }

    async fn the_same_holds_of_another_history(t: TestDb) {
        let (done, reasons, crashes) = told(t, 0x0B0A_7B0A, (250, &["taken_back"])).await;
        assert!(done > 3 && crashes > 5, "kept {done}, crashes {crashes}");
        assert!(reasons.contains("taken_back"), "{reasons:?}");
    }
}
