//! Rates, quotas, ramps, advances and guarantees of people, on both databases.

use jiff::civil::date;

use super::super::actions::{self, Agreed, NewAssignment};
use super::super::terms::Terms;
use super::booking::{day, refusal};
use super::{DECEMBER, NOVEMBER, OCTOBER, Yard, payment};
use crate::both;
use crate::events::Kind;
use crate::storage::testing::TestDb;
use crate::values::*;

fn terms(json: serde_json::Value) -> Terms {
    serde_json::from_value(json).expect("terms")
}

/// A seller whom no plan paid until the second day of October is paid on terms of their own.
async fn rookie_on(yard: &Yard, json: serde_json::Value) -> Outcome<AnyId> {
    let new = NewAssignment {
        person: yard.id("rookie"),
        plan: yard.plans[1],
        from: date(2026, 10, 2),
        until: None,
        salary: Money::new(0, Currency::Rub),
    };
    actions::assign_on(&yard.by("owner"), new, terms(json)).await
}

async fn pay(yard: &Yard, at: Instant, sum: i64) {
    let entered = payment(yard, "rookie", PaymentId::fresh(at), Kind::PaymentEntered, sum);
    yard.tell(at, entered).await;
}

/// What the rookie's lines of a component add up to.
async fn of(yard: &Yard, component: &str) -> i64 {
    let viewer = yard.viewer("rookie").await;
    let mut sum = 0;
    for month in ["2026-10", "2026-11"] {
        let period = yard.period(month).await;
        let mut tx = yard.db.read().await.expect("reads");
        let found = actions::statement(&mut tx, &viewer, period.id, viewer.id()).await;
        let lines = found.expect("own").lines;
        let own = lines.iter().filter(|one| one.component == component);
        sum += own.map(super::super::entry::Entry::posted).sum::<i64>();
    }
    sum
}

both! {
    async fn a_rate_of_one_s_own_goes_before_that_of_the_plan(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.clock.set(day(3));
        let own = serde_json::json!({"rates": {"payment-2": "8 %"}});
        rookie_on(&yard, own).await.expect("assigned");
        pay(&yard, day(4), 1_000_00).await;
        assert_eq!(yard.stands("rookie").await, (80_00, 0));
        let other = serde_json::json!({"rates": {"payment-2": "8.00 RUB"}});
        assert_eq!(refusal(rookie_on(&yard, other).await), "pay-assignment-overlaps");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn terms_that_do_not_go_with_the_plan_are_refused(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        for (json, expected) in [
            (serde_json::json!({"rates": {"payment-2": "8.00 RUB"}}), "pay-fault-own-rate"),
            (serde_json::json!({"quotas": {"q": {"target": 0}}}), "pay-fault-target"),
            (
                serde_json::json!({"draw": {"floor": "5.00 EUR", "recoverable": true}}),
                "pay-fault-sum",
            ),
        ] {
            assert_eq!(refusal(rookie_on(&yard, json).await), expected);
        }
    }

    async fn an_advance_fills_months_up_and_is_recovered_of_later_ones(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.clock.set(day(3));
        let own = serde_json::json!({
            "draw": {"floor": "1000.00 RUB", "recoverable": true},
            "rates": {"payment-2": "100 %"}
        });
        rookie_on(&yard, own).await.expect("assigned");
        yard.settle().await;
        pay(&yard, day(4), 500_00).await;
        yard.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.close("2026-10").await;
        assert_eq!(of(&yard, "draw").await, 500_00, "1,000 left and 500 of it are due");
        pay(&yard, NOVEMBER.plus_days(2), 1_200_00).await;
        yard.clock.set(DECEMBER.plus_ms(HOUR_MS));
        let november = yard.period("2026-11").await.id;
        actions::review(&yard.by("pavel"), november).await.expect("reviewed");
        assert_eq!(of(&yard, "draw").await, 300_00, "200 above the floor are recovered");
        // What comes while the month is looked at is in it when it is approved.
        pay(&yard, NOVEMBER.plus_days(3), 100_00).await;
        actions::approve(&yard.by("owner"), november).await.expect("approved");
        assert_eq!(of(&yard, "draw").await, 200_00);
        let lines = yard.shown("2026-11").await;
        actions::close(&yard.by("pavel"), november, lines).await.expect("closed");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_guarantee_fills_a_month_up_for_good(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.clock.set(day(3));
        let own = serde_json::json!({
            "draw": {"floor": "1000.00 RUB", "recoverable": false},
            "rates": {"payment-2": "100 %"}
        });
        rookie_on(&yard, own).await.expect("assigned");
        pay(&yard, day(4), 400_00).await;
        yard.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.close("2026-10").await;
        assert_eq!((of(&yard, "guarantee").await, of(&yard, "draw").await), (600_00, 0));
        pay(&yard, NOVEMBER.plus_days(2), 5_000_00).await;
        yard.clock.set(DECEMBER.plus_ms(HOUR_MS));
        yard.close("2026-11").await;
        assert_eq!((of(&yard, "guarantee").await, of(&yard, "draw").await), (600_00, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_floor_by_days_agreed_anew_in_mid_month_has_the_days_of_both(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.clock.set(day(3));
        let own = |floor: &str| {
            serde_json::json!({
                "draw": {"floor": floor, "recoverable": false, "prorated": true}
            })
        };
        let id = rookie_on(&yard, own("3100.00 RUB")).await.expect("assigned");
        let (from, terms) = (date(2026, 10, 17), terms(own("6200.00 RUB")));
        let agreed = Agreed { revision: None, from, salary: None, terms };
        actions::change_terms(&yard.by("owner"), id, agreed).await.expect("another goes on");
        yard.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.close("2026-10").await;
        // Fifteen of thirty-one days by each.
        assert_eq!(of(&yard, "guarantee").await, 1_500_00 + 3_000_00);
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn terms_put_right_are_counted_again_and_later_ones_from_their_day(t: TestDb) {
        put_right(t).await;
    }

    async fn what_the_plan_does_not_know_is_no_term(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        for (json, expected) in [
            (serde_json::json!({"rates": {"paymnt-2": "8 %"}}), "pay-fault-unknown-component"),
            (
                serde_json::json!({"quotas": {"money": {"target": "100.00 RUB"}}}),
                "pay-fault-unknown-quota",
            ),
        ] {
            assert_eq!(refusal(rookie_on(&yard, json).await), expected);
        }
    }

    async fn a_newcomer_is_held_against_the_part_of_the_quota_that_the_ramp_says(t: TestDb) {
        attained(t).await;
    }
}

/// 5 % up to the quota and 10 % above it, the first month against half of 10,000.
async fn attained(t: TestDb) {
    let yard = Yard::open(&t.db, &t.clock).await;
    let one = serde_json::json!({
        "code": "payment-2", "on": {"events": ["payment.entered"]}, "once": "subject",
        "measure": {"of": "amount"}, "period": "month", "quota": "money",
        "rate": {"table": {"by": "attainment", "reading": "marginal", "rows": [
            {"over": "0 %", "up_to": "100 %", "pays": "5 %"}, {"over": "100 %", "pays": "10 %"}]}},
        "payees": {"by": {"role": "person"}, "split": [
            {"who": {"role": "person"}, "share": "100 %"}]}
    });
    let (id, by) = (yard.plans[1], || yard.by("owner"));
    actions::start_draft(&by(), id).await.expect("a draft");
    let one = serde_json::from_value(one).expect("a component");
    actions::put_component(&by(), id, one).await.expect("put in");
    yard.approve(id, date(2026, 10, 2)).await.expect("approved");
    actions::publish(&by(), id, 2).await.expect("published");
    yard.settle().await;
    let entered = payment(&yard, "seller", PaymentId::fresh(OCTOBER), Kind::PaymentEntered, 9_00);
    yard.tell(day(3), entered).await;
    assert_eq!(yard.stands("seller").await, (0, 0), "without a quota nothing is reached");
    let own =
        serde_json::json!({"quotas": {"money": {"target": "10000.00 RUB", "ramp": ["50 %"]}}});
    yard.clock.set(day(3));
    rookie_on(&yard, own).await.expect("assigned");
    yard.settle().await;
    pay(&yard, day(4), 6_000_00).await;
    assert_eq!(yard.stands("rookie").await, (250_00 + 100_00, 0));
    pay(&yard, NOVEMBER.plus_days(2), 6_000_00).await;
    assert_eq!(yard.stands("rookie").await, (350_00 + 300_00, 0), "later the whole holds");
    assert_eq!(yard.broken().await, Vec::<String>::new());
}

/// 8 % are put right to 10 % from the first day, and are 20 % from the tenth.
async fn put_right(t: TestDb) {
    let yard = Yard::open(&t.db, &t.clock).await;
    yard.clock.set(day(12));
    let own = |share: &str| serde_json::json!({"rates": {"payment-2": share}});
    let id = rookie_on(&yard, own("8 %")).await.expect("assigned");
    pay(&yard, day(4), 1_000_00).await;
    assert_eq!(yard.stands("rookie").await, (80_00, 0));
    let agreed =
        |from, share: &str| Agreed { revision: None, from, salary: None, terms: terms(own(share)) };
    let by = || yard.by("owner");
    let first = agreed(date(2026, 10, 2), "10 %");
    assert_eq!(actions::change_terms(&by(), id, first).await.expect("put right"), id);
    yard.settle().await;
    assert_eq!(yard.stands("rookie").await, (100_00, 0), "what was paid for is counted again");
    let early = actions::change_terms(&by(), id, agreed(date(2026, 10, 1), "10 %")).await;
    assert_eq!(refusal(early), "pay-not-of-assignment");
    let wrong = Agreed { terms: terms(own("8.00 RUB")), ..agreed(date(2026, 10, 2), "10 %") };
    assert_eq!(refusal(actions::change_terms(&by(), id, wrong).await), "pay-fault-own-rate");
    let later = agreed(date(2026, 10, 10), "20 %");
    let next = actions::change_terms(&by(), id, later).await.expect("another goes on");
    assert_ne!(next, id);
    yard.settle().await;
    pay(&yard, day(9), 1_000_00).await;
    pay(&yard, day(11), 1_000_00).await;
    assert_eq!(yard.stands("rookie").await, (100_00 + 100_00 + 200_00, 0));
    let over = actions::change_terms(&by(), id, agreed(date(2026, 10, 11), "30 %")).await;
    assert_eq!(refusal(over), "pay-not-of-assignment", "that day is the next one's");
    yard.clock.set(NOVEMBER.plus_ms(HOUR_MS));
    yard.close("2026-10").await;
    let settled = actions::change_terms(&by(), next, agreed(date(2026, 10, 10), "30 %")).await;
    assert_eq!(refusal(settled), "pay-day-in-closed-period");
    actions::change_terms(&by(), next, agreed(date(2026, 11, 1), "30 %")).await.expect("later");
    assert_eq!(yard.broken().await, Vec::<String>::new());
}
