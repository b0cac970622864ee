//! Numbers that do not exist, and companies that decline.

use super::*;
use crate::campaigns::CallingPolicy;
use crate::companies::NewPhone;
use crate::leads::floor;

fn patient() -> CallingPolicy {
    CallingPolicy {
        spreads: false,
        attempts_max: 9,
        attempts_per_day_max: 3,
        gap_minutes: 60,
        pressure_max: 20,
        ..CallingPolicy::default()
    }
}

fn how(mechanism: &str) -> CallForm {
    CallForm { mechanism: mechanism.to_owned(), ..form("not_reached") }
}

/// The number that was dialled last.
async fn held_until(floor: &Floor, grant: Grant) -> Option<Instant> {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let phones = companies::actions::list_phones(&mut tx, floor.cast.org, grant.company).await;
    phones.expect("numbers")[0].held_until
}

both! {
    async fn a_number_that_does_not_exist_waits_and_its_company_stays(t: TestDb) {
        let floor = Floor::with_policy(t, 1, patient()).await;
        let clock = &floor.cast.clock;
        // Wednesday is a holiday.
        for day in [0, 1, 3] {
            clock.set(MONDAY.plus_days(day));
            let grant = floor.lease("boris", &format!("day {day}")).await.expect("the company");
            record(&floor, grant, how("invalid_number")).await.expect("recorded");
            let lead = floor.lead(grant.lead).await;
            assert_eq!(lead.state, LeadState::Queued, "the company stays");
            let until = held_until(&floor, grant).await.expect("it waits");
            let midnight = MONDAY.plus_days(day + 1).day(&Zone::named("Europe/Moscow"));
            match day {
                3 => assert_eq!(until, clock.now().plus_days(30)),
                _ => assert_eq!(until.day(&Zone::named("Europe/Moscow")), midnight),
            }
        }
        clock.set(MONDAY.plus_days(4));
        assert!(floor.lease("boris", "held").await.is_none());
        assert_eq!(floor.places().await, [("rule:number_held".to_owned(), 1)]);
        clock.set(MONDAY.plus_days(36));
        let grant = floor.lease("boris", "after").await.expect("the company");
        let done = record(&floor, grant, how("invalid_number")).await.expect("recorded");
        assert!(held_until(&floor, grant).await.is_some_and(|at| at > clock.now().plus_days(29)));
        // It was a slip: they answered, and said so of another call.
        let boris = floor.cast.viewer("boris").await;
        let act = floor.cast.act("boris", "slip");
        let back = super::super::reversal::reverse(&act, &boris, done.call).await;
        let grant = back.expect("is taken back").grant.expect("it is his again");
        let held = held_until(&floor, grant).await;
        assert!(held.is_none_or(|until| until <= clock.now()), "{held:?}");
        // A person knows better than the network.
        record(&floor, grant, how("invalid_number")).await.expect("recorded");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let phones = companies::actions::list_phones(&mut tx, floor.cast.org, grant.company).await;
        let phone = phones.expect("numbers")[0].id;
        drop(tx);
        let anna = floor.cast.viewer("anna").await;
        let act = floor.cast.act("anna", "good");
        let good = companies::Standing::Good;
        companies::actions::set_standing(&act, &anna, phone, good).await.expect("is good");
        assert_eq!(held_until(&floor, grant).await, None);
    }

    async fn another_number_of_the_company_is_dialled_meanwhile(t: TestDb) {
        let mut floor = Floor::with_policy(t, 1, patient()).await;
        let mut two = floor::company(1);
        let other = Phone::stored("+74951234999".to_owned(), None);
        two.phones.push(NewPhone { phone: other, label: None });
        floor::add_one(&floor.cast, &two).await;
        floor.campaign = floor::make_campaign(&floor.cast, "autumn", patient()).await;
        floor.launch(floor.campaign, "again").await;
        let grant = floor.lease("boris", "1").await.expect("the company");
        record(&floor, grant, how("invalid_number")).await.expect("recorded");
        floor.cast.clock.advance_ms(5 * HOUR_MS);
        let grant = floor.lease("boris", "2").await.expect("the company, on the same day");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let (org, now) = (floor.cast.org, floor.cast.clock.now());
        let free = companies::actions::list_callable_phones(&mut tx, org, grant.company, now).await;
        let free = free.expect("numbers");
        let free: Vec<&str> = free.iter().map(|one| one.phone.e164.as_str()).collect();
        assert_eq!(free, ["+74951234999"]);
    }

    async fn who_declines_a_second_time_is_left_alone(t: TestDb) {
        let floor = Floor::with_policy(t, 1, patient()).await;
        let grant = floor.lease("boris", "1").await.expect("the company");
        record(&floor, grant, how("rejected")).await.expect("recorded");
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.state, lead.next_at), (LeadState::Queued, MONDAY.plus_days(1)));
        floor.cast.clock.set(MONDAY.plus_days(1));
        let grant = floor.lease("boris", "2").await.expect("the company");
        record(&floor, grant, how("rejected")).await.expect("recorded");
        let lead = floor.lead(grant.lead).await;
        let reason = lead.closed_reason.as_deref();
        assert_eq!((lead.state, reason), (LeadState::Closed, Some("rejects_calls")));
    }
}
