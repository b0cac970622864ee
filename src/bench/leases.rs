//! How many leases a second: agents who take the next company, say that nobody answered, and take
//! the next again, all at once. Counts doubles from what was recorded, not from what was told.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Watch};

use serde::Serialize;

use super::store;
use crate::campaigns::passport::PassportField;
use crate::campaigns::terms::CampaignTerms;
use crate::campaigns::{
    self, CallingPolicy, LegalBasis, Member, Purpose, Segment, TargetAction, hours::CallingHours,
};
use crate::companies::{self, BasisKind, NewBasis, NewCompany, NewPhone};
use crate::leads::{self, Grant, Next, leasing};
use crate::people::{self, Role, Roles, Viewer, session};
use crate::storage::{Act, Db};
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::*;

/// What is asked of the queue.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Leases in all.
    pub leases: i64,
    /// Agents at once.
    pub agents: usize,
    /// Companies to call.
    pub companies: usize,
    /// So many are asked for in a second, whether those before were answered or not; `None` where
    /// each agent asks as soon as they have said how the call before went.
    pub rate: Option<u32>,
}

/// What the queue did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Told {
    /// Leases granted.
    pub leases: i64,
    /// Leads held by two at once, or granted twice under one generation: must be nought.
    pub doubles: i64,
    /// Milliseconds of making the leads.
    pub launch_ms: i64,
    /// Milliseconds of leasing.
    pub lease_ms: i64,
    /// Half of the leases were granted within so many milliseconds of being asked for; at a rate,
    /// of the moment at which they should have been asked for.
    pub p50_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
}

/// What the agents share: how many leases are left, and who holds what now.
struct Floor {
    begun: Watch,
    rate: Option<u32>,
    asked: AtomicI64,
    leases: i64,
    held: Mutex<BTreeSet<LeadId>>,
    overlaps: AtomicI64,
}

impl Floor {
    /// Waits for a turn; says when it was due.
    async fn turn(&self, turn: i64) -> Watch {
        let Some(rate) = self.rate else { return watch() };
        let due = self.begun + Duration::from_secs_f64(turn as f64 / f64::from(rate));
        tokio::time::sleep_until(due.into()).await;
        due
    }
}

impl Told {
    /// Leases a second.
    pub fn per_second(&self) -> i64 {
        self.leases * 1_000 / self.lease_ms.max(1)
    }
}

/// Founds a firm in an empty database and works its queue. `clock` says when the firm calls; how
/// long it took is told by the machine.
pub async fn run(db: &Db, clock: &Clock, load: Load) -> Outcome<Told> {
    let now = clock.now();
    let (org, viewers, campaign) = prepare(db, now, load).await?;
    let machine = Clock::system();
    let begun = machine.now();
    let head = viewers.first().ok_or_else(|| Error::failure("nobody calls"))?;
    let act = Act { db: db.clone(), org, actor: Some(head.id()), now, key: None };
    leads::actions::launch(&act, head, campaign).await?;
    db.refresh_statistics().await?;
    let launched = machine.now();
    let floor = Arc::new(Floor {
        begun: watch(),
        rate: load.rate,
        asked: AtomicI64::new(0),
        leases: load.leases,
        held: Mutex::default(),
        overlaps: AtomicI64::new(0),
    });
    let mut agents = Vec::new();
    for viewer in viewers.into_iter().skip(1) {
        let act = Act { actor: Some(viewer.id()), ..act.clone() };
        agents.push(tokio::spawn(work(act, viewer, campaign, floor.clone())));
    }
    let mut times = Vec::new();
    for agent in agents {
        times.extend(agent.await.map_err(Error::failure)??);
    }
    let ended = machine.now();
    let overlaps = floor.overlaps.load(Ordering::SeqCst);
    let doubles = count_doubles(db, org, campaign).await? + overlaps;
    times.sort_by(f64::total_cmp);
    let within = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or(0.0);
    Ok(Told {
        leases: i64::try_from(times.len()).map_err(Error::failure)?,
        doubles,
        launch_ms: launched.ms() - begun.ms(),
        lease_ms: ended.ms() - launched.ms(),
        p50_ms: within(50),
        p99_ms: within(99),
    })
}

/// The machine's clock; only differences mean anything.
#[expect(clippy::disallowed_methods, reason = "a figure is measured against the machine's clock")]
fn watch() -> Watch {
    Watch::now()
}

/// One agent: lease, result, lease, until all leases are given out or nobody is left to call.
/// Says how many milliseconds each lease took.
async fn work(
    act: Act,
    viewer: Viewer,
    campaign: CampaignId,
    floor: Arc<Floor>,
) -> Outcome<Vec<f64>> {
    let mut times = Vec::new();
    loop {
        let turn = floor.asked.fetch_add(1, Ordering::SeqCst);
        if turn >= floor.leases {
            break;
        }
        let asked = floor.turn(turn).await;
        let Some(grant) = leasing::lease(&act, &viewer, campaign).await? else { break };
        times.push(asked.elapsed().as_secs_f64() * 1_000.0);
        let held = |work: fn(&mut BTreeSet<LeadId>, LeadId) -> bool| {
            work(&mut floor.held.lock().unwrap_or_else(PoisonError::into_inner), grant.lead)
        };
        if !held(|all, lead| all.insert(lead)) {
            floor.overlaps.fetch_add(1, Ordering::SeqCst);
        }
        // Let go of before it is given back: after that it is rightly somebody else's.
        held(|all, lead| all.remove(&lead));
        settle(&act, &viewer, grant).await?;
    }
    Ok(times)
}

async fn settle(act: &Act, viewer: &Viewer, grant: Grant) -> Outcome<()> {
    let mut tx = act.db.begin().await?;
    let held = (grant.lead, grant.generation);
    let lead = leasing::hold_in(&mut tx, act, held, viewer.id()).await?;
    // No gap: with more leases than companies each is called again.
    let (call, again) = (CallId::fresh(act.now), Next::Again { at: act.now });
    leasing::settle_in(&mut tx, act, (&lead, call), (&again, None)).await?;
    tx.commit().await
}

/// Leads that were granted more often than their grants were counted: each grant is counted by the
/// statement that makes it, so two who had one grant are one too many. Leases do not stand in
/// memory, be they ten million.
async fn count_doubles(db: &Db, org: OrgId, campaign: CampaignId) -> Outcome<i64> {
    let mut tx = db.read().await?;
    store::count_doubled(&mut tx, org, campaign).await
}

async fn prepare(db: &Db, now: Instant, load: Load) -> Outcome<(OrgId, Vec<Viewer>, CampaignId)> {
    let firm = people::actions::NewFirm {
        name: "Bench",
        zone: "Europe/Moscow",
        currency: Currency::Rub,
        lang: Lang::En,
        country: Country::RU,
        is_demo: false,
    };
    let org = people::actions::found_firm(db, firm, now).await?;
    let product = Act { db: db.clone(), org, actor: None, now, key: None };
    let mut viewers = Vec::new();
    for n in 0..=load.agents {
        let role = if n == 0 { Role::Owner } else { Role::Caller };
        let user = people::actions::add_user(&product, person(n, role)).await?;
        let mut tx = db.read().await?;
        let viewer = session::viewer(&mut tx, org, user, None).await?;
        viewers.push(viewer.ok_or(Error::NotFound)?);
    }
    let companies: Vec<NewCompany> = (0..load.companies).map(company).collect();
    for some in companies.chunks(5_000) {
        let mut tx = db.begin().await?;
        companies::actions::add_many_in(&mut tx, &product, some).await?;
        tx.commit().await?;
    }
    // As behind every large import.
    db.refresh_statistics().await?;
    let head = viewers.first().ok_or_else(|| Error::failure("nobody calls"))?;
    let script = "> Good day";
    let campaign = campaigns::actions::make(&product, head, terms(), None, script).await?;
    for viewer in viewers.iter().skip(1) {
        let member = Member { user: viewer.id(), tier: Tier::Acquisition };
        campaigns::actions::add_member(&product, head, campaign, member).await?;
    }
    Ok((org, viewers, campaign))
}

fn person(n: usize, role: Role) -> people::actions::NewUser {
    people::actions::NewUser {
        login: format!("agent{n}"),
        name: format!("agent {n}"),
        alias: format!("agent {n}"),
        roles: Roles::of(&[role]),
        tier: (role == Role::Caller).then_some(1),
        team: None,
        lang: Lang::En,
        password: None,
    }
}

fn company(n: usize) -> NewCompany {
    let phone = Phone::stored(format!("+7495{:07}", n % 10_000_000), None);
    NewCompany {
        name: format!("Company {n}"),
        phones: vec![NewPhone { phone, label: None }],
        basis: Some(NewBasis {
            kind: BasisKind::PublicSource,
            source: "bench".to_owned(),
            until: None,
        }),
        ..NewCompany::default()
    }
}

fn terms() -> CampaignTerms {
    // Always open and never too often, so that only the queue itself is measured.
    let hours = CallingHours {
        days: 127,
        from_minute: 0,
        to_minute: 1_440,
        holidays_off: false,
        ..CallingHours::default()
    };
    CampaignTerms {
        name: "Bench".to_owned(),
        principal: None,
        engagement: EngagementPolicy::ThreeTiers,
        purpose: Purpose::Contract,
        legal_basis: LegalBasis::PublicSource,
        segment: Segment::default(),
        policy: CallingPolicy { hours, gap_minutes: 0, ..CallingPolicy::default() },
        passport: vec![PassportField::Who],
        targets: vec![TargetAction::LeadAccepted],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both;

    both! {
        async fn leases_are_counted_and_no_doubles(t: TestDb) {
            let load = Load { leases: 120, agents: 8, companies: 200, rate: None };
            let told = run(&t.db, &t.clock, load).await.expect("runs");
            assert_eq!((told.leases, told.doubles), (120, 0));
            // A grant that was not counted is seen.
            let mut tx = t.db.begin().await.expect("begins");
            let text = "update leads set lease_generation = lease_generation - 1 \
                        where id in (select subject_id from events \
                          where kind = 'lead.leased' limit 3)";
            tx.run(text, &[]).await.expect("spoilt");
            let row = tx.one("select id, org_id from campaigns", &[]).await.expect("a campaign");
            let (org, id) = (row.id("org_id").expect("an id"), row.id("id").expect("an id"));
            let doubled = store::count_doubled(&mut tx, org, id).await.expect("counts");
            assert!((1..=3).contains(&doubled), "{doubled}");
        }

        async fn at_a_rate_no_more_are_asked_for(t: TestDb) {
            let load = Load { leases: 40, agents: 8, companies: 60, rate: Some(200) };
            let told = run(&t.db, &t.clock, load).await.expect("runs");
            assert_eq!((told.leases, told.doubles), (40, 0));
            assert!(told.lease_ms >= 195, "the last is asked for after so long: {told:?}");
        }
    }
}
