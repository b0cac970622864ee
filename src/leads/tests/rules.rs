//! What becomes of leads when the rules of their campaign change.

use super::*;
use crate::campaigns::hours::CallingHours;
use crate::leads::admission::Rule;
use crate::storage::testing::MONDAY;

/// Calls at the weekend alone; the cast's clock stands on a Monday morning.
fn closed() -> CallingPolicy {
    let hours = CallingHours { days: 0b110_0000, ..CallingHours::default() };
    CallingPolicy { hours, ..policy() }
}

async fn change(floor: &Floor, key: &str, policy: CallingPolicy) {
    let (anna, act) = (floor.cast.viewer("anna").await, floor.cast.act("anna", key));
    let version = floor.campaign().await.version;
    let terms = floor::terms("spring", policy);
    campaigns::actions::change(&act, &anna, (floor.campaign, version), terms)
        .await
        .expect("changes");
    floor.cast.settle().await;
}

both! {
    async fn a_landline_of_another_zone_is_called_when_both_are_at_work(t: TestDb) {
        let cast = crate::cast::Cast::gather(t).await;
        let far = companies::NewCompany {
            city: Some("Екатеринбург".to_owned()),
            ..floor::company(0)
        };
        floor::add(&cast, &[far]).await;
        let campaign = floor::make_campaign(&cast, "spring", policy()).await;
        let floor = Floor { cast, campaign, companies: Vec::new() };
        floor.launch(campaign, "launch").await;
        // Tuesday: ten in the morning there, and eight in Moscow, where the number rings.
        floor.cast.clock.advance_ms(22 * HOUR_MS);
        assert_eq!(floor.lease("boris", "early").await, None);
        assert_eq!(floor.places().await, [("rule:hours".to_owned(), 1)]);
        floor.cast.clock.advance_ms(HOUR_MS);
        assert!(floor.lease("boris", "nine").await.is_some(), "nine in Moscow, eleven there");
    }

    async fn wider_hours_reach_whom_the_old_ones_denied(t: TestDb) {
        let floor = Floor::with_policy(t, 3, closed()).await;
        assert_eq!(floor.lease("boris", "1").await, None, "it is Monday");
        assert_eq!(floor.places().await, [("rule:hours".to_owned(), 3)]);
        // Terms that change no rule look at nobody anew.
        change(&floor, "same", closed()).await;
        assert_eq!(floor.places().await, [("rule:hours".to_owned(), 3)]);
        change(&floor, "wider", policy()).await;
        assert!(floor.lease("boris", "2").await.is_some(), "they may be called at once");
    }

    async fn a_part_of_the_day_that_had_its_attempts_leaves_them_to_another(t: TestDb) {
        let part_max = [Some(1), None, Some(0)];
        let floor = Floor::with_policy(t, 1, CallingPolicy { part_max, ..policy() }).await;
        let morning = floor.cast.clock.now();
        let grant = floor.lease("boris", "1").await.expect("a company");
        settle_to(&floor, "boris", grant, Next::Again { at: morning.plus_minutes(180) }).await;
        // Tuesday at ten: the morning had its attempt.
        floor.cast.clock.set(morning.plus_days(1));
        assert_eq!(floor.lease("boris", "2").await, None);
        assert_eq!(floor.places().await, [("rule:day_part".to_owned(), 1)]);
        let noon = morning.plus_days(1).plus_minutes(120);
        assert_eq!(floor.lead(grant.lead).await.next_at, noon);
        // Nobody asked at noon, and in the afternoon nobody is called: Wednesday is a holiday.
        floor.cast.clock.set(noon.plus_minutes(240));
        assert_eq!(floor.lease("boris", "3").await, None);
        assert_eq!(floor.lead(grant.lead).await.next_at, noon.plus_days(2));
        floor.cast.clock.set(noon.plus_days(2));
        assert!(floor.lease("boris", "4").await.is_some(), "midday has no limit");
    }

    async fn whom_every_part_of_the_day_had_waits_for_another_policy(t: TestDb) {
        let part_max = [Some(1), Some(0), Some(0)];
        let floor = Floor::with_policy(t, 1, CallingPolicy { part_max, ..policy() }).await;
        let morning = floor.cast.clock.now();
        let grant = floor.lease("boris", "1").await.expect("a company");
        settle_to(&floor, "boris", grant, Next::Again { at: morning.plus_minutes(180) }).await;
        floor.cast.clock.set(morning.plus_days(1));
        assert_eq!(floor.lease("boris", "2").await, None);
        assert_eq!(floor.places().await, [("rule:parts_total".to_owned(), 1)]);
        let anna = floor.cast.client("anna").await;
        let queue = anna.get(&format!("/campaigns/{}/queue", floor.campaign)).await.body;
        assert!(queue.contains("every part of the day had its attempts"), "{queue}");
        let part_max = [Some(2), Some(0), Some(0)];
        change(&floor, "more", CallingPolicy { part_max, ..policy() }).await;
        assert!(floor.lease("boris", "3").await.is_some(), "they are looked at anew");
    }

    async fn a_promise_that_a_rule_holds_up_keeps_its_time_and_says_why_it_waits(t: TestDb) {
        let floor = Floor::with_policy(t, 2, policy()).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let at = floor.cast.clock.now().plus_minutes(120);
        let owner = Some(floor.cast.id("boris"));
        promise_to(&floor, grant, (at, owner)).await;
        assert_eq!(floor.lead(grant.lead).await.held_up(at.plus_ms(-1)), None, "it is not due");
        change(&floor, "closed", closed()).await;
        floor.cast.clock.set(at);
        assert_eq!(floor.lead(grant.lead).await.held_up(at), None, "nobody has looked");
        assert_eq!(floor.lease("boris", "2").await, None, "it is Monday");
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.callback_at, lead.next_at > at), (Some(at), true));
        assert_eq!(lead.held_up(at), Some((Some(Rule::Hours), Some(lead.next_at))));
        for (who, page) in [
            ("boris", "/desk".to_owned()),
            ("anna", format!("/campaigns/{}/queue", floor.campaign)),
            ("anna", format!("/leads/{}", grant.lead)),
        ] {
            let shown = floor.cast.client(who).await.get(&page).await.body;
            for told in ["today, 12:00", "waits: not their hours, until Sat 7 Nov, 09:00"] {
                assert!(shown.contains(told), "{told} on {page}: {shown}");
            }
        }
    }

    async fn what_rests_or_was_promised_for_later_comes_no_sooner(t: TestDb) {
        let floor = Floor::with_policy(t, 3, policy()).await;
        let now = floor.cast.clock.now();
        let promised = floor.lease("boris", "1").await.expect("a company");
        let (at, owner) = (now.plus_minutes(120), Some(floor.cast.id("boris")));
        promise_to(&floor, promised, (at, owner)).await;
        let resting = floor.lease("bella", "1").await.expect("a company");
        settle_to(&floor, "bella", resting, Next::Again { at: now.plus_minutes(180) }).await;
        change(&floor, "closed", closed()).await;
        assert_eq!(floor.lease("boris", "2").await, None, "it is Monday");
        change(&floor, "wider", policy()).await;
        let freed = floor.lease("boris", "3").await.expect("whom the hours denied");
        assert!(freed.lead != promised.lead && freed.lead != resting.lead);
        assert_eq!(floor.lease("bella", "2").await, None, "the others wait for their time");
        assert_eq!(floor.lead(promised.lead).await.next_at, at);
        assert_eq!(floor.lead(resting.lead).await.next_at, now.plus_minutes(180));
    }

    async fn a_clock_that_steps_calls_nobody_who_must_not_be(t: TestDb) {
        let policy = CallingPolicy { gap_minutes: 60, ..policy() };
        let floor = Floor::with_policy(t, 2, policy).await;
        let cast = &floor.cast;
        let held = floor.lease("boris", "1").await.expect("a company");
        let called = floor.lease("bella", "1").await.expect("the other");
        let form = crate::calls::results::CallForm {
            generation: called.generation,
            outcome: "not_reached".to_owned(),
            ..Default::default()
        };
        let bella = cast.viewer("bella").await;
        let act = cast.act("bella", "call");
        let done = crate::calls::actions::record(&act, &bella, called.lead, &form).await;
        assert!(done.expect("recorded").next.is_none());
        // Back by an hour: what was called is not called anew, what is held stays held.
        cast.clock.set(MONDAY.plus_minutes(-60));
        assert!(floor.lease("bella", "2").await.is_none());
        let again = floor.lease("boris", "2").await.expect("his own");
        assert_eq!((again.lead, again.generation), (held.lead, held.generation));
        // Forth beyond the closing hour: the company in hand is not called any more.
        cast.clock.set(MONDAY.plus_ms(11 * HOUR_MS));
        let boris = cast.viewer("boris").await;
        let call = crate::telephony::actions::AttemptForm {
            generation: held.generation,
            phone: String::new(),
            by: "link".to_owned(),
        };
        let act = cast.act("boris", "late");
        let late = crate::telephony::actions::place(&act, &boris, held.lead, &call).await;
        assert!(matches!(&late, Err(Error::Refused(refusal)) if refusal.code() == "call-denied"));
        assert!(floor.lease("bella", "3").await.is_none());
    }
}
