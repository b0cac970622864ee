//! Two hundred thousand leases: sixty-four callers, on PostgreSQL over two nodes. What grants and
//! what ends a lease is asked here by itself, as fast as the database answers, and mostly of leads
//! named at a guess, whoever holds them; the whole way of a request is tried beside it with fewer.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::*;
use crate::campaigns::Campaign;
use crate::leads::store::queue::{self, Ask, Slot};
use crate::storage;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Leases in the ordinary run; `TROIKA_LEASES` asks for more.
const LEASES: i64 = 200_000;
/// Callers at once.
const CALLERS: usize = 64;
/// Companies they share.
const COMPANIES: usize = 256;
/// One lease of so many is taken from the head of the queue.
const QUEUED: i64 = 20;
/// One lease of so many puts its lead back into the queue, so that it never runs dry.
const READY: i64 = 4;

/// What the callers know of each other, which the product does not ask.
struct Tally {
    left: AtomicI64,
    leads: Vec<(LeadId, CompanyId)>,
    /// Grants that were refused because somebody was faster or held the company.
    refused: AtomicU64,
    /// Whoever holds a lead, and the highest generation it was ever granted under.
    held: Mutex<BTreeMap<LeadId, (Option<usize>, i64)>>,
    /// Grants so far.
    granted: AtomicU64,
    /// The most grants others had while one waited.
    longest_wait: AtomicU64,
}

impl Tally {
    fn take(&self, caller: usize, lead: LeadId, generation: i64) {
        let mut held = self.held.lock().expect("nobody panicked");
        let (holder, last) = held.entry(lead).or_insert((None, 0));
        assert_eq!(*holder, None, "{lead} is held by two");
        assert_eq!(generation, *last + 1, "each grant of {lead} is counted once");
        (*holder, *last) = (Some(caller), generation);
    }

    /// A lead at a guess, under the grant that follows the last.
    fn guess(&self, rng: &mut ChaCha8Rng) -> Slot {
        let (id, company) = self.leads[rng.random_range(0..self.leads.len())];
        let held = self.held.lock().expect("nobody panicked");
        Slot { id, company, generation: held.get(&id).map_or(0, |held| held.1) }
    }

    fn let_go(&self, lead: LeadId) {
        self.held.lock().expect("nobody panicked").entry(lead).and_modify(|held| held.0 = None);
    }
}

/// One caller of one node.
struct Hand {
    db: Db,
    campaign: Campaign,
    zone: Zone,
    caller: UserId,
    place: usize,
    org: OrgId,
    now: Instant,
}

impl Hand {
    async fn work(self, tally: Arc<Tally>) -> i64 {
        let mut rng = ChaCha8Rng::seed_from_u64(self.place as u64);
        let mut had = 0;
        while tally.left.fetch_sub(1, Ordering::SeqCst) > 0 {
            let asked = tally.granted.load(Ordering::SeqCst);
            let grant = loop {
                let guess = (had % QUEUED != 0).then(|| tally.guess(&mut rng));
                match self.take(guess).await {
                    Some(grant) => break grant,
                    None => tally.refused.fetch_add(1, Ordering::SeqCst),
                };
            };
            let waited = tally.granted.fetch_add(1, Ordering::SeqCst) - asked;
            tally.longest_wait.fetch_max(waited, Ordering::SeqCst);
            tally.take(self.place, grant.0, grant.1);
            had += 1;
            // Let go of before it is given back: after that it is rightly somebody else's.
            tally.let_go(grant.0);
            self.give_back(grant, had).await;
        }
        had
    }

    /// Asks for a lead: the one that is named, or the first of the queue.
    async fn take(&self, named: Option<Slot>) -> Option<(LeadId, i64)> {
        let ask = Ask { org: self.org, campaign: &self.campaign, zone: &self.zone, now: self.now };
        let mut tx = self.db.begin().await.expect("begins");
        let slot = match named {
            Some(slot) => slot,
            None => queue::list_ready(&mut tx, &ask, 1).await.expect("reads").pop()?.slot,
        };
        let lease = (self.caller, self.now.plus_minutes(10));
        let count = queue::update_leased(&mut tx, self.org, slot, lease, self.now).await;
        let is_granted = count.expect("grants") == 1;
        tx.commit().await.expect("kept");
        is_granted.then_some((slot.id, slot.generation + 1))
    }

    /// Ends the lease; now and then the lead is put back into the queue, and a word under an older
    /// grant comes first.
    async fn give_back(&self, (lead, generation): (LeadId, i64), had: i64) {
        let next = (&Next::Again { at: self.now }, None);
        let mut tx = self.db.begin().await.expect("begins");
        if had % 16 == 0 {
            let old = (lead, generation - 1);
            let settled = queue::update_settled(&mut tx, self.org, old, next, self.now).await;
            assert_eq!(settled.expect("answers"), 0, "an older grant ends nothing");
            let until = self.now.plus_days(1);
            let renewed =
                queue::update_lease_until(&mut tx, self.org, old, self.caller, until).await;
            assert_eq!(renewed.expect("answers"), 0, "nor does it make a lease longer");
        }
        let own = (lead, generation);
        let settled = queue::update_settled(&mut tx, self.org, own, next, self.now).await;
        assert_eq!(settled.expect("settles"), 1, "it was nobody else's meanwhile");
        if had % READY == 0 {
            queue::update_ready(&mut tx, self.org, &[lead]).await.expect("ready");
        }
        tx.commit().await.expect("kept");
    }
}

both! {
    async fn two_hundred_thousand_leases_never_overlap(t: TestDb) {
        let wanted = std::env::var("TROIKA_LEASES").ok().and_then(|n| n.parse().ok());
        let leases = wanted.unwrap_or(LEASES);
        let nodes = t.nodes().await;
        let floor = Floor::with_policy(t, COMPANIES, policy()).await;
        let callers = floor::hire(&floor.cast, floor.campaign, CALLERS).await;
        let (db, org, now) = (floor.cast.app.db.clone(), floor.cast.org, floor.cast.clock.now());
        let mut tx = db.begin().await.expect("begins");
        let all = tx.all("select id, company_id from leads", &[]).await.expect("reads");
        let read = |row: &storage::Row| -> (LeadId, CompanyId) {
            (row.id("id").expect("an id"), row.id("company_id").expect("an id"))
        };
        let leads: Vec<(LeadId, CompanyId)> = all.iter().map(read).collect();
        let ids: Vec<LeadId> = leads.iter().map(|lead| lead.0).collect();
        queue::update_ready(&mut tx, org, &ids).await.expect("ready");
        tx.commit().await.expect("kept");
        // As a firm that has been at work for a day: what is not known of a table is guessed at.
        db.refresh_statistics().await.expect("looks at the tables");
        let tally = Arc::new(Tally {
            left: AtomicI64::new(leases),
            leads,
            refused: AtomicU64::new(0),
            held: Mutex::default(),
            granted: AtomicU64::new(0),
            longest_wait: AtomicU64::new(0),
        });
        let mut hands = Vec::new();
        for (place, caller) in callers.into_iter().enumerate() {
            let (db, campaign) = (nodes[place % nodes.len()].clone(), floor.campaign().await);
            let zone = Zone::named("Europe/Moscow");
            let hand = Hand { db, campaign, zone, caller, place, org, now };
            hands.push(tokio::spawn(hand.work(tally.clone())));
        }
        let mut had = Vec::new();
        for hand in hands {
            had.push(hand.await.expect("a caller ends the day"));
        }
        assert_eq!(had.iter().sum::<i64>(), leases);
        let held = tally.held.lock().expect("nobody panicked").clone();
        let turns: Vec<i64> = held.values().map(|(_, generation)| *generation).collect();
        assert_eq!(turns.iter().sum::<i64>(), leases, "the database counted them, too");
        let longest = tally.longest_wait.load(Ordering::SeqCst);
        let refused = tally.refused.load(Ordering::SeqCst);
        println!("{leases} leases, {refused} refused, the longest wait {longest} grants");
        assert!(refused > 0, "they stood in each other's way");
        assert!(longest < 100 * CALLERS as u64, "no caller starves: {longest} grants went by");
    }
}
