//! Random histories, delivered in any order and more than once, against sums made by plain SQL
//! that shares nothing with the product but the tables of events.

use jiff::civil::date;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::super::actions;
use super::super::trigger::Trigger;
use super::{NOVEMBER, OCTOBER, Yard, each, handoff, meeting, payment, share};
use crate::both;
use crate::events::{Event, Kind};
use crate::storage::Db;
use crate::values::*;

/// Histories per database in the ordinary run; `TROIKA_HISTORIES` asks for more.
const HISTORIES: u64 = 60;

both! {
    async fn random_histories_pay_what_plain_sql_says(t: TestDb) {
        let wanted = std::env::var("TROIKA_HISTORIES").ok().and_then(|n| n.parse().ok());
        for seed in 0..wanted.unwrap_or(HISTORIES) {
            one(&t.db, &t.clock, seed).await;
        }
    }
}

/// One firm, one history, three deliveries: in order, shuffled with repeats, and in two batches
/// with October closed between them.
async fn one(db: &Db, clock: &Clock, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let yard = Yard::open(db, clock).await;
    yard.clock.set(OCTOBER.plus_days(1));
    publish_with_window(&yard).await;
    yard.publish(1, &[share(3, 70)], date(2026, 11, 1), 2).await.expect("published");
    let mut recorded = Vec::new();
    let mut telling = history(&yard, &mut rng);
    telling.shuffle(&mut rng);
    for (at, event) in telling {
        recorded.push(yard.record(at, event).await);
    }
    let repeats: Vec<_> = recorded.iter().filter(|_| rng.random_bool(0.2)).cloned().collect();
    recorded.extend(repeats);
    recorded.shuffle(&mut rng);
    clock.set(NOVEMBER.plus_ms(HOUR_MS));
    let is_closing = rng.random_bool(0.3);
    let cut = rng.random_range(0..=recorded.len());
    for (place, event) in recorded.iter().enumerate() {
        if is_closing && place == cut {
            yard.close("2026-10").await;
        }
        yard.follow(event).await;
    }
    // What the worker would have delivered once more.
    yard.settle().await;
    for login in ["caller", "seller", "service", "hunter"] {
        let found = earned(&yard, login).await;
        assert_eq!(found, naive(&yard, login).await, "seed {seed}: {login}");
    }
    assert_eq!(yard.broken().await, Vec::<String>::new(), "seed {seed}");
}

/// Other sums for callers since November, and a credit window of thirty days.
async fn publish_with_window(yard: &Yard) {
    let (id, by) = (yard.plans[0], || yard.by("owner"));
    actions::start_draft(&by(), id).await.expect("a draft");
    for preset in [each(Trigger::Handoff, 1, 333_33), each(Trigger::Meeting, 1, 401_01)] {
        actions::put_preset(&by(), id, preset).await.expect("put in");
    }
    actions::put_limits(&by(), id, (None, None, Some(30))).await.expect("said");
    yard.approve(id, date(2026, 11, 1)).await.expect("approved");
    actions::publish(&by(), id, 2).await.expect("published");
}

/// What may happen to a handful of subjects in October and November.
fn history(yard: &Yard, rng: &mut ChaCha8Rng) -> Vec<(Instant, Event)> {
    let mut telling = Vec::new();
    for _ in 0..rng.random_range(3..9) {
        let at = OCTOBER.plus_ms(rng.random_range(0..55 * DAY_MS));
        let later = at.plus_ms(rng.random_range(1..5 * DAY_MS));
        let login = ["caller", "hunter"][rng.random_range(0..2)];
        match rng.random_range(0..8) {
            0 => tell_handoff(yard, rng, (at, later), &mut telling),
            1 => {
                let id = MeetingId::fresh(at);
                let booked = meeting(yard, login, id, Kind::MeetingBooked);
                telling.push((at, booked.target(rng.random_bool(0.8))));
                let end = match rng.random_range(0..4) {
                    0 => meeting(yard, login, id, Kind::MeetingHeld),
                    1 => meeting(yard, login, id, Kind::MeetingMissed).reason("seller".to_owned()),
                    2 => meeting(yard, login, id, Kind::MeetingMissed).reason("client".to_owned()),
                    _ => continue,
                };
                telling.push((later, end));
            }
            2 | 3 => {
                let login = ["seller", "hunter"][rng.random_range(0..2)];
                let (id, minor) = (PaymentId::fresh(at), rng.random_range(1..9_000_000));
                telling.push((at, payment(yard, login, id, Kind::PaymentEntered, minor)));
                if rng.random_bool(0.4) {
                    let back =
                        if rng.random_bool(0.5) { minor } else { rng.random_range(1..=minor) };
                    telling.push((later, payment(yard, login, id, Kind::PaymentReversed, back)));
                }
            }
            4 => {
                let company = CompanyId::fresh(at);
                for at in [at, later] {
                    let event = Event::new(Kind::CompanyVerified, company).tier(1);
                    let event = event.person(yard.id(login)).with("field", "phone");
                    telling.push((at, event.target(rng.random_bool(0.8))));
                }
            }
            5 => tell_return(yard, rng, (at, later), &mut telling),
            6 => {
                let event = Event::new(Kind::DecisionMakerFound, LeadId::fresh(at)).tier(1);
                let event = event.person(yard.id(login));
                telling.push((at, event.target(rng.random_bool(0.8))));
            }
            _ => tell_service(yard, rng, (at, later), &mut telling),
        }
    }
    telling
}

fn tell_handoff(
    yard: &Yard,
    rng: &mut ChaCha8Rng,
    (at, later): (Instant, Instant),
    telling: &mut Vec<(Instant, Event)>,
) {
    let (login, tier) =
        [("caller", 1), ("hunter", 1), ("hunter", 3), ("service", 3)][rng.random_range(0..4)];
    let id = HandoffId::fresh(at);
    let offered = handoff(yard, login, tier, id, Kind::HandoffOffered);
    telling.push((at, offered.target(rng.random_bool(0.8))));
    match rng.random_range(0..4) {
        0 => telling.push((later, handoff(yard, login, tier, id, Kind::HandoffAccepted))),
        1 => telling.push((later, handoff(yard, login, tier, id, Kind::HandoffExpired))),
        2 => {
            let rejected = handoff(yard, login, tier, id, Kind::HandoffRejected);
            telling.push((later, rejected.reason("budget".to_owned())));
            let verdict = ["upheld", "overturned"][rng.random_range(0..2)];
            let decided = handoff(yard, login, tier, id, Kind::HandoffDecided);
            telling.push((later.plus_ms(DAY_MS), decided.reason(verdict.to_owned())));
        }
        _ => {}
    }
}

/// A firm came back, in time or not; in some histories it had not gone.
fn tell_return(
    yard: &Yard,
    rng: &mut ChaCha8Rng,
    (at, later): (Instant, Instant),
    telling: &mut Vec<(Instant, Event)>,
) {
    let person = yard.id(["caller", "hunter"][rng.random_range(0..2)]);
    let id = AnyId::fresh(at);
    let of = |kind| Event::new(kind, id).tier(1).person(person);
    let away = [0, 30, 31, 90][rng.random_range(0..4)];
    let returned = of(Kind::FirmReturned).target(rng.random_bool(0.8)).with("away", away);
    telling.push((at, returned));
    if rng.random_bool(0.2) {
        telling.push((later, of(Kind::ReturnUndone)));
    }
}

fn tell_service(
    yard: &Yard,
    rng: &mut ChaCha8Rng,
    (at, later): (Instant, Instant),
    telling: &mut Vec<(Instant, Event)>,
) {
    let person = yard.id(["service", "hunter"][rng.random_range(0..2)]);
    if rng.random_bool(0.5) {
        let order = Event::new(Kind::OrderDelivered, OrderId::fresh(at)).tier(3);
        telling.push((at, order.person(person)));
    } else {
        let client = ClientId::fresh(at);
        for (at, month) in [(at, "2026-10"), (later, "2026-10"), (later, "2026-11")] {
            let kept = Event::new(Kind::ClientKept, client).tier(3).with("month", month);
            telling.push((at, kept.person(person)));
        }
    }
}

/// What the ledger says, salaries and pay-outs aside: posted and pending.
async fn earned(yard: &Yard, login: &str) -> (i64, i64) {
    let mut tx = yard.db.read().await.expect("reads");
    let row = tx
        .one(
            "select cast(coalesce(sum(posted), 0) as bigint) as posted, \
             cast(coalesce(sum(pending), 0) as bigint) as pending from entries \
             where org_id = $1 and person_id = $2 and component not in ('payout', 'month-0')",
            crate::vals![yard.org, yard.id(login)],
        )
        .await
        .expect("reads");
    (row.int("posted").expect("a sum"), row.int("pending").expect("a sum"))
}

/// What the events say, by plain SQL with the rates written out.
async fn naive(yard: &Yard, login: &str) -> (i64, i64) {
    let tiers: &[i64] = match login {
        "caller" => &[1],
        "seller" => &[2],
        "service" => &[3],
        _ => &[1, 2, 3],
    };
    let has = |tier: i64| i64::from(tiers.contains(&tier));
    let mut tx = yard.db.read().await.expect("reads");
    let row = tx
        .one(
            "with mine as (select * from events where org_id = $1 and person_id = $2 \
               and detail not like '%\"is_target\":false%'), \
             offers as (select tier, case \
               when tier = 3 then 100000 when at >= $3 then 33333 else 30000 end as pay, \
               (select count(*) from events a where a.subject_id = o.subject_id \
                 and (a.kind = 'handoff.accepted' \
                   or a.kind = 'handoff.decided' and a.reason = 'overturned')) as yes, \
               (select count(*) from events a where a.subject_id = o.subject_id \
                 and a.kind in ('handoff.rejected', 'handoff.expired')) as no \
               from mine o where kind = 'handoff.offered'), \
             came_back as (select 33333 as pay from mine o where kind = 'company.returned' \
               and at >= $3 and (detail like '%\"away\":0%' or detail like '%\"away\":30%') \
               and (select count(*) from events a where a.subject_id = o.subject_id \
                 and a.kind = 'company.return_undone') = 0), \
             talks as (select case when at >= $3 then 40101 else 35000 end as pay, \
               (select count(*) from events a where a.subject_id = o.subject_id \
                 and (a.kind = 'meeting.held' \
                   or a.kind = 'meeting.missed' and a.reason = 'seller')) as yes, \
               (select count(*) from events a where a.subject_id = o.subject_id \
                 and a.kind = 'meeting.missed' and a.reason = 'client') as no \
               from mine o where kind = 'meeting.booked'), \
             receipts_left as (select at, \
               amount - coalesce((select cast(sum(b.amount) as bigint) from events b \
               where b.subject_id = o.subject_id and b.kind = 'payment.reversed'), 0) as rest \
               from mine o where kind = 'payment.entered'), \
             shares as (select case when at >= $3 then (2 * rest * 3 + 70) / 140 \
               else (2 * rest + 20) / 40 end as pay from receipts_left), \
             checks as (select 3000 as pay from mine where kind = 'company.verified' \
               group by subject_id, case when at >= $3 then 1 else 0 end), \
             found as (select 10000 as pay from mine where kind = 'lead.decision_maker_found' \
               group by subject_id), \
             kept as (select 50000 as pay from mine where kind = 'client.kept' \
               group by subject_id, detail), \
             orders as (select 70000 as pay from mine where kind = 'order.delivered' \
               group by subject_id) \
             select cast( \
               $4 * coalesce((select sum(pay) from offers where tier = 1 and yes > 0), 0) \
               + $6 * coalesce((select sum(pay) from offers where tier = 3 and yes > 0), 0) \
               + $4 * coalesce((select sum(pay) from talks where yes > 0), 0) \
               + $4 * coalesce((select sum(pay) from came_back), 0) \
               + $5 * coalesce((select sum(pay) from shares), 0) \
               + $4 * coalesce((select sum(pay) from checks), 0) \
               + $4 * coalesce((select sum(pay) from found), 0) \
               + $6 * coalesce((select sum(pay) from kept), 0) \
               + $6 * coalesce((select sum(pay) from orders), 0) as bigint) as posted, \
             cast( \
               $4 * coalesce((select sum(pay) from offers \
                 where tier = 1 and yes = 0 and no = 0), 0) \
               + $6 * coalesce((select sum(pay) from offers \
                 where tier = 3 and yes = 0 and no = 0), 0) \
               + $4 * coalesce((select sum(pay) from talks where yes = 0 and no = 0), 0) \
               as bigint) as pending",
            crate::vals![yard.org, yard.id(login), NOVEMBER, has(1), has(2), has(3)],
        )
        .await
        .expect("reads");
    (row.int("posted").expect("a sum"), row.int("pending").expect("a sum"))
}
