//! Events become lines, on both databases.

use jiff::civil::date;

use super::super::actions::{self, NewAssignment};
use super::super::trigger::Trigger;
use super::{DECEMBER, NOVEMBER, OCTOBER, Yard, each, handoff, meeting, payment, share};
use crate::both;
use crate::events::{Event, Kind};
use crate::values::*;

/// An instant of a day of October or later, at noon.
pub(super) fn day(of_october: i64) -> Instant {
    OCTOBER.plus_days(of_october - 1).plus_ms(12 * HOUR_MS)
}

pub(super) fn refusal(outcome: Outcome<impl std::fmt::Debug>) -> &'static str {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.code(),
        Err(Error::Invalid(fields)) => fields.0.values().next().map_or("", |problem| problem.code),
        other => panic!("it should be refused: {other:?}"),
    }
}

both! {
    async fn a_hand_off_waits_and_pays_when_it_is_accepted(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let id = HandoffId::fresh(OCTOBER);
        let offered =
            yard.tell(day(2), handoff(&yard, "caller", 1, id, Kind::HandoffOffered)).await;
        assert_eq!(yard.stands("caller").await, (0, 300_00));
        let accepted =
            yard.tell(day(3), handoff(&yard, "caller", 1, id, Kind::HandoffAccepted)).await;
        assert_eq!(yard.stands("caller").await, (300_00, 0));
        for event in [&offered, &accepted, &offered] {
            yard.follow(event).await;
        }
        assert_eq!(yard.stands("caller").await, (300_00, 0), "a second delivery changes nothing");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_rejection_voids_and_an_overturned_one_pays_by_a_new_line(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let id = HandoffId::fresh(OCTOBER);
        yard.tell(day(2), handoff(&yard, "caller", 1, id, Kind::HandoffOffered)).await;
        let rejected =
            handoff(&yard, "caller", 1, id, Kind::HandoffRejected).reason("budget".to_owned());
        yard.tell(day(3), rejected).await;
        assert_eq!(yard.stands("caller").await, (0, 0));
        let upheld =
            handoff(&yard, "caller", 1, id, Kind::HandoffDecided).reason("upheld".to_owned());
        yard.tell(day(4), upheld).await;
        assert_eq!(yard.stands("caller").await, (0, 0));
        let overturned =
            handoff(&yard, "caller", 1, id, Kind::HandoffDecided).reason("overturned".to_owned());
        yard.tell(day(5), overturned).await;
        assert_eq!(yard.stands("caller").await, (300_00, 0));
        let mut tx = t.db.read().await.expect("reads");
        let lines =
            super::super::store::entries::list_for_subjects(&mut tx, yard.org, &[&id.to_string()])
                .await
                .expect("reads");
        let kinds: Vec<&str> = lines.iter().map(|line| line.kind.code()).collect();
        assert_eq!(kinds, ["pending", "void", "posted"]);
        assert_eq!(lines[2].corrects, Some(lines[1].id), "it names the voided one");
        assert_eq!(lines[1].why.reason.as_deref(), Some("budget"), "the reason shows");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_meeting_missed_by_the_seller_pays_and_by_the_client_does_not(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        for (reason, pays) in [("seller", 350_00), ("client", 0)] {
            let id = MeetingId::fresh(OCTOBER);
            let before = yard.stands("caller").await.0;
            yard.tell(day(2), meeting(&yard, "caller", id, Kind::MeetingBooked)).await;
            assert_eq!(yard.stands("caller").await, (before, 350_00));
            let missed =
                meeting(&yard, "caller", id, Kind::MeetingMissed).reason(reason.to_owned());
            yard.tell(day(3), missed).await;
            assert_eq!(yard.stands("caller").await, (before + pays, 0), "{reason}");
        }
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn what_was_held_or_accepted_pays_nobody_where_nothing_began_it(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (talk, offer) = (MeetingId::fresh(OCTOBER), HandoffId::fresh(OCTOBER));
        let held = meeting(&yard, "caller", talk, Kind::MeetingHeld);
        let held = yard.tell(day(3), held).await;
        yard.tell(day(3), handoff(&yard, "caller", 1, offer, Kind::HandoffAccepted)).await;
        assert_eq!(yard.stands("caller").await, (0, 0));
        // The beginning comes late, with a clock that goes behind.
        let booked = meeting(&yard, "caller", talk, Kind::MeetingBooked);
        yard.tell(day(4), booked).await;
        assert_eq!(yard.stands("caller").await, (350_00, 0), "whatever the clocks say");
        yard.follow(&held).await;
        yard.tell(day(2), handoff(&yard, "caller", 1, offer, Kind::HandoffOffered)).await;
        assert_eq!(yard.stands("caller").await, (650_00, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_check_taken_back_leaves_its_month_to_the_next_that_stands(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let company = CompanyId::fresh(OCTOBER);
        let verified = |login: &str, check: &str| {
            let event = Event::new(Kind::CompanyVerified, company).person(yard.id(login));
            event.tier(1).with("check", check)
        };
        let reversed = |login: &str, check: &str, reason: &str| {
            let event = Event::new(Kind::CheckReversed, company).person(yard.id(login)).tier(1);
            event.with("check", check).with("month", "2026-10").reason(reason.to_owned())
        };
        yard.tell(day(2), verified("caller", "one")).await;
        yard.tell(day(3), verified("hunter", "two")).await;
        assert_eq!(earned(&yard).await, (30_00, 0), "the first of a month is paid");
        yard.tell(day(4), reversed("caller", "one", "others_stand")).await;
        assert_eq!(earned(&yard).await, (0, 30_00), "the other check stands");
        yard.tell(day(5), reversed("hunter", "two", "none_stands")).await;
        assert_eq!(earned(&yard).await, (0, 0));
        yard.tell(day(6), verified("caller", "three")).await;
        assert_eq!(earned(&yard).await, (30_00, 0), "and one made anew is paid");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_payment_pays_its_share_and_gives_it_back_when_reversed(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let id = PaymentId::fresh(OCTOBER);
        yard.tell(day(2), payment(&yard, "seller", id, Kind::PaymentEntered, 100_000_00)).await;
        assert_eq!(yard.stands("seller").await, (5_000_00, 0));
        yard.tell(day(3), payment(&yard, "seller", id, Kind::PaymentReversed, 40_000_00)).await;
        assert_eq!(yard.stands("seller").await, (3_000_00, 0), "what is left pays pro rata");
        yard.tell(day(4), payment(&yard, "seller", id, Kind::PaymentReversed, 60_000_00)).await;
        assert_eq!(yard.stands("seller").await, (0, 0));
        let euro = Event::new(Kind::PaymentEntered, PaymentId::fresh(OCTOBER))
            .person(yard.id("seller"))
            .tier(2)
            .amount(Money::new(100_00, Currency::Eur));
        yard.tell(day(5), euro).await;
        assert_eq!(yard.stands("seller").await, (0, 0), "another currency is not mixed in");
        let period = yard.period("2026-10").await;
        let seller = yard.viewer("seller").await;
        let mut tx = t.db.read().await.expect("reads");
        let statement =
            actions::statement(&mut tx, &seller, period.id, seller.id()).await.expect("own");
        assert_eq!(statement.unpaid.len(), 1, "and the statement says why");
        assert_eq!(statement.unpaid[0].1.code(), "other-currency");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn what_recurs_pays_one_time_a_month_and_the_hunter_by_each_plan(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (company, hunter) = (CompanyId::fresh(OCTOBER), yard.id("hunter"));
        let verified =
            || Event::new(Kind::CompanyVerified, company).person(yard.id("caller")).tier(1);
        yard.tell(day(2), verified()).await;
        yard.tell(day(3), verified()).await;
        assert_eq!(yard.stands("caller").await, (30_00, 0));
        yard.tell(day(33), verified()).await;
        assert_eq!(yard.stands("caller").await, (60_00, 0), "a new month, a new check");
        let client = ClientId::fresh(OCTOBER);
        let kept = |month: &str| {
            Event::new(Kind::ClientKept, client).person(hunter).tier(3).with("month", month)
        };
        yard.tell(day(31), kept("2026-10")).await;
        yard.tell(day(32), kept("2026-10")).await;
        yard.tell(
            day(32),
            Event::new(Kind::OrderDelivered, OrderId::fresh(OCTOBER)).person(hunter).tier(3),
        )
        .await;
        yard.tell(
            day(32),
            payment(&yard, "hunter", PaymentId::fresh(OCTOBER), Kind::PaymentEntered, 1_000_00),
        )
        .await;
        yard.tell(
            day(32),
            Event::new(Kind::DecisionMakerFound, LeadId::fresh(OCTOBER)).person(hunter).tier(1),
        )
        .await;
        let upsell = HandoffId::fresh(OCTOBER);
        yard.tell(day(32), handoff(&yard, "hunter", 3, upsell, Kind::HandoffOffered)).await;
        yard.tell(day(32), handoff(&yard, "hunter", 3, upsell, Kind::HandoffAccepted)).await;
        let earned = 500_00 + 700_00 + 50_00 + 100_00 + 1_000_00;
        assert_eq!(yard.stands("hunter").await, (earned, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_check_that_one_campaign_does_not_pay_for_is_paid_by_another(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let company = CompanyId::fresh(OCTOBER);
        let verified = |is_target| {
            let event = Event::new(Kind::CompanyVerified, company).person(yard.id("caller"));
            event.tier(1).target(is_target)
        };
        yard.tell(day(2), verified(false)).await;
        assert_eq!(yard.stands("caller").await, (0, 0));
        yard.tell(day(3), verified(true)).await;
        yard.tell(day(4), verified(false)).await;
        assert_eq!(yard.stands("caller").await, (30_00, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_version_published_for_days_already_counted_corrects_by_new_lines(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        for n in [2, 10, 20] {
            let lead = LeadId::fresh(OCTOBER);
            yard.tell(
                day(n),
                Event::new(Kind::DecisionMakerFound, lead).person(yard.id("caller")).tier(1),
            )
            .await;
        }
        assert_eq!(yard.stands("caller").await, (300_00, 0));
        yard.clock.set(day(21));
        let raised = [each(Trigger::DecisionMaker, 1, 150_00)];
        yard.publish(0, &raised, date(2026, 10, 10), 2).await.expect("published");
        yard.settle().await;
        assert_eq!(yard.stands("caller").await, (400_00, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
        let again = yard.publish(0, &raised, date(2026, 10, 10), 3).await;
        assert_eq!(refusal(again), "pay-not-after-last-version");
    }

    async fn somebody_assigned_later_is_paid_from_the_day_on(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let mut tx = t.db.read().await.expect("reads");
        let (_, _, all) = actions::list_plans(&mut tx, yard.org).await.expect("reads");
        drop(tx);
        let mine = all.into_iter().find(|a| a.person == yard.id("caller")).expect("assigned");
        let found = Event::new(Kind::DecisionMakerFound, LeadId::fresh(OCTOBER));
        yard.tell(day(20), found.person(yard.id("caller")).tier(1)).await;
        yard.clock.set(day(21));
        actions::end_assignment(&yard.by("owner"), mine.id, date(2026, 10, 15))
            .await
            .expect("ended");
        yard.settle().await;
        assert_eq!(yard.stands("caller").await, (0, 0), "nobody pays for the 20th any more");
        let overlapping = yard.assign("caller", 0, 0).await;
        assert_eq!(refusal(overlapping), "pay-assignment-overlaps");
        let new = NewAssignment {
            person: yard.id("caller"),
            plan: yard.plans[0],
            from: date(2026, 10, 18),
            until: None,
            salary: Money::new(0, Currency::Rub),
        };
        actions::assign(&yard.by("owner"), new.clone()).await.expect("assigned again");
        yard.settle().await;
        assert_eq!(yard.stands("caller").await, (100_00, 0));
        for (change, expected) in [
            (NewAssignment { plan: yard.plans[1], ..new.clone() }, "pay-not-of-that-tier"),
            (
                NewAssignment { salary: Money::new(1, Currency::Eur), ..new.clone() },
                "pay-other-currency",
            ),
            (
                NewAssignment { salary: Money::new(i64::MAX, Currency::Rub), ..new.clone() },
                "money-too-large",
            ),
            (NewAssignment { from: date(9999, 12, 31), ..new.clone() }, "date-out-of-range"),
            (NewAssignment { until: Some(date(2026, 10, 1)), ..new }, "date-out-of-range"),
        ] {
            assert_eq!(refusal(actions::assign(&yard.by("owner"), change).await), expected);
        }
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_closed_month_keeps_its_bytes_and_late_events_fall_into_the_open_one(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let id = MeetingId::fresh(OCTOBER);
        yard.tell(day(20), meeting(&yard, "caller", id, Kind::MeetingBooked)).await;
        let held = yard.record(day(30), meeting(&yard, "caller", id, Kind::MeetingHeld)).await;
        let paid = PaymentId::fresh(OCTOBER);
        yard.tell(day(21), payment(&yard, "seller", paid, Kind::PaymentEntered, 10_000_00)).await;
        yard.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.close("2026-10").await;
        let bytes = october(&yard).await;
        assert!(bytes.len() > 3, "lines, salaries and pay-outs: {bytes:?}");
        assert_eq!(yard.stands("seller").await, (0, 0), "all was handed over");
        yard.follow(&held).await;
        yard.tell(day(35), payment(&yard, "seller", paid, Kind::PaymentReversed, 10_000_00)).await;
        assert_eq!(october(&yard).await, bytes);
        assert_eq!(yard.stands("caller").await, (350_00, 0));
        assert_eq!(yard.stands("seller").await, (-500_00, 0), "a debt is carried over");
        let mut tx = t.db.read().await.expect("reads");
        let lines =
            super::super::store::entries::list_for_subjects(&mut tx, yard.org, &[&id.to_string()])
                .await
                .expect("reads");
        drop(tx);
        assert_eq!(lines[1].period.to_string(), "2026-11");
        assert_eq!(lines[1].why.late.as_deref(), Some("2026-10"), "and the line says so");
        assert_eq!(yard.broken().await, Vec::<String>::new());
        let back = yard.publish(0, &[each(Trigger::Meeting, 1, 1)], date(2026, 10, 31), 2).await;
        assert_eq!(refusal(back), "pay-day-in-closed-period");
    }

    async fn the_database_itself_refuses_to_change_pay(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.held("caller", day(2)).await;
        yard.clock.set(NOVEMBER.plus_ms(1));
        yard.close("2026-10").await;
        for statement in [
            "update entries set amount = amount + 1",
            "delete from entries",
            "update plan_versions set body = '{}'",
            "delete from plan_versions",
            "delete from pay_closings",
            "insert into entries (id, org_id, seq, at, period, kind, debit, credit, amount, \
             currency, posted, pending, person_id, component, credit_key, ordinal, subject_id, \
             source, reason, previous_hash, hash) select 'x', org_id, 999, at, period, kind, \
             debit, credit, amount, currency, posted, pending, person_id, component, 'x', ordinal, \
             subject_id, source, reason, previous_hash, hash from entries where seq = 0",
        ] {
            let mut tx = t.db.begin().await.expect("begins");
            let refused = tx.run(statement, &[]).await;
            assert!(refused.is_err(), "{statement}");
        }
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn the_check_finds_what_was_tampered_with(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let event = yard.held("caller", day(2)).await;
        yard.settle().await;
        assert_eq!(yard.broken().await, Vec::<String>::new());
        let mut tx = t.db.begin().await.expect("begins");
        tx.run("update pay_heads set hash = $1", crate::vals!["00".repeat(32)])
            .await
            .expect("runs");
        tx.commit().await.expect("commits");
        assert!(yard.broken().await.iter().any(|broken| broken.starts_with("chain")));
        // An event without its line, and nobody waiting for it, is a broken credit.
        let lost = meeting(&yard, "caller", MeetingId::fresh(OCTOBER), Kind::MeetingBooked);
        yard.record(event.at, lost).await;
        let mut tx = t.db.begin().await.expect("begins");
        tx.run("delete from jobs", &[]).await.expect("runs");
        tx.commit().await.expect("commits");
        let told = yard.broken().await;
        assert!(told.iter().any(|broken| broken.contains("0 owed and 35000 waiting")), "{told:?}");
    }

    async fn salaries_are_booked_at_review_by_days(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let mut tx = t.db.read().await.expect("reads");
        let (_, _, all) = actions::list_plans(&mut tx, yard.org).await.expect("reads");
        drop(tx);
        let mine = all.into_iter().find(|a| a.person == yard.id("service")).expect("assigned");
        yard.clock.set(day(12));
        actions::end_assignment(&yard.by("owner"), mine.id, date(2026, 10, 10))
            .await
            .expect("ended");
        yard.clock.set(NOVEMBER.plus_ms(1));
        let id = yard.period("2026-10").await.id;
        actions::review(&yard.by("pavel"), id).await.expect("reviewed");
        // 60 000,00 × 10 / 31 = 19 354,838…
        assert_eq!(yard.stands("service").await, (19_354_84, 0));
        assert_eq!(yard.stands("hunter").await, (120_000_00, 0), "one salary per tier");
        actions::approve(&yard.by("owner"), id).await.expect("approved");
        yard.held("caller", day(31)).await;
        let lines = yard.shown("2026-10").await;
        let since = actions::close(&yard.by("pavel"), id, lines).await;
        assert_eq!(refusal(since), "pay-lines-came-since");
        actions::approve(&yard.by("owner"), id).await.expect("approved again");
        assert_eq!(
            refusal(actions::close(&yard.by("owner"), id, lines).await),
            "pay-approver-closes"
        );
        assert_eq!(
            refusal(actions::close(&yard.by("pavel"), id, 7_777).await),
            "pay-confirmation-differs"
        );
        actions::close(&yard.by("pavel"), id, lines).await.expect("closed");
        assert_eq!(
            refusal(actions::close(&yard.by("polina"), id, lines).await),
            "pay-already-closed"
        );
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn months_close_in_order(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.clock.set(DECEMBER.plus_ms(1));
        let id = yard.period("2026-11").await.id;
        actions::review(&yard.by("pavel"), id).await.expect("reviewed");
        actions::approve(&yard.by("owner"), id).await.expect("approved");
        let lines = yard.shown("2026-11").await;
        assert_eq!(
            refusal(actions::close(&yard.by("pavel"), id, lines).await),
            "pay-earlier-period-open"
        );
    }

    async fn a_sale_never_pays_tier_one(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.clock.set(day(2));
        let published = yard.publish(0, &[share(1, 20)], date(2026, 10, 3), 2).await;
        assert_eq!(refusal(published), "pay-tier-one-sale");
        yard.tell(
            day(4),
            payment(&yard, "caller", PaymentId::fresh(OCTOBER), Kind::PaymentEntered, 1_000_00),
        )
        .await;
        assert_eq!(yard.stands("caller").await, (0, 0));
    }

    async fn what_was_earned_today_is_known_at_once(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.clock.set(day(2));
        yard.held("caller", day(2)).await;
        let mut tx = t.db.read().await.expect("reads");
        let start = OCTOBER.plus_days(1);
        for (login, since, expected) in [
            ("caller", start, Some(350_00)),
            ("caller", start.plus_days(1), Some(0)),
            ("owner", start, None),
        ] {
            let earned =
                actions::earned_today(&mut tx, yard.org, yard.id(login), since, Currency::Rub)
                    .await;
            assert_eq!(earned.expect("reads").map(|money| money.minor), expected, "{login}");
        }
    }
}

/// What the caller and the hunter are owed.
async fn earned(yard: &Yard) -> (i64, i64) {
    (yard.stands("caller").await.0, yard.stands("hunter").await.0)
}

/// The bytes of October as they are stored.
async fn october(yard: &Yard) -> Vec<Vec<(String, Option<String>)>> {
    let mut tx = yard.db.read().await.expect("reads");
    tx.all(
        "select id, seq, at, kind, debit, credit, amount, reason, hash from entries \
         where org_id = $1 and period = '2026-10' order by seq",
        crate::vals![yard.org],
    )
    .await
    .expect("reads")
    .iter()
    .map(|row| row.cells())
    .collect()
}
