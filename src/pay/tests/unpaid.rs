//! What a statement says of work that pays nothing.

use jiff::civil::date;

use super::{NOVEMBER, OCTOBER, Yard, meeting};
use crate::both;
use crate::events::Kind;
use crate::values::*;

both! {
    async fn the_meeting_of_a_lead_that_was_sent_back_for_good_waits_no_more(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let id = MeetingId::fresh(OCTOBER);
        yard.tell(OCTOBER.plus_days(2), meeting(&yard, "caller", id, Kind::MeetingBooked)).await;
        assert_eq!(yard.stands("caller").await, (0, 350_00));
        let missed = meeting(&yard, "caller", id, Kind::MeetingMissed);
        yard.tell(OCTOBER.plus_days(20), missed.reason("returned".to_owned())).await;
        assert_eq!(yard.stands("caller").await, (0, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_month_counts_the_lines_that_its_statements_show(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let told = |id, kind| meeting(&yard, "caller", id, kind);
        let (held, missed, waits) =
            (MeetingId::fresh(OCTOBER), MeetingId::fresh(OCTOBER), MeetingId::fresh(OCTOBER));
        for id in [held, missed, waits] {
            yard.tell(OCTOBER.plus_days(2), told(id, Kind::MeetingBooked)).await;
        }
        yard.tell(OCTOBER.plus_days(3), told(held, Kind::MeetingHeld)).await;
        let not_come = told(missed, Kind::MeetingMissed).reason("client".to_owned());
        yard.tell(OCTOBER.plus_days(3), not_come).await;
        yard.tell(NOVEMBER.plus_days(1), told(waits, Kind::MeetingHeld)).await;
        let (pavel, caller) = (yard.viewer("pavel").await, yard.viewer("caller").await);
        // Two ends and one that waited when October ended; in November its end.
        for (month, shown, entries) in [("2026-10", 3, 5), ("2026-11", 1, 1)] {
            let period = yard.period(month).await;
            let mut tx = yard.db.read().await.expect("reads");
            let counted = super::actions::count_lines(&mut tx, yard.org, period.month).await;
            assert_eq!(counted.expect("counts"), (entries, shown), "{month}");
            let (_, rows) =
                super::actions::list_period(&mut tx, &pavel, period.id).await.expect("a page");
            assert_eq!(rows.iter().map(|row| row.lines).sum::<i64>(), shown, "{month}");
            let mine = super::actions::list_months(&mut tx, &caller, caller.id()).await;
            let (_, mine) = mine.expect("own");
            let mine = mine.iter().find(|one| one.period.id == period.id).expect("a month");
            assert_eq!(mine.lines, shown, "{month}");
        }
    }

    async fn a_meeting_that_pays_nothing_says_so_when_booked_and_when_held(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let booked = |id, is_target| {
            meeting(&yard, "caller", id, Kind::MeetingBooked).target(is_target)
        };
        let (unpaid, paid) = (MeetingId::fresh(OCTOBER), MeetingId::fresh(NOVEMBER));
        yard.tell(OCTOBER.plus_days(29), booked(unpaid, false)).await;
        yard.tell(OCTOBER.plus_days(29), booked(paid, true)).await;
        for id in [unpaid, paid] {
            let held = meeting(&yard, "caller", id, Kind::MeetingHeld);
            yard.tell(NOVEMBER.plus_days(2), held).await;
        }
        assert_eq!(yard.stands("caller").await, (350_00, 0));
        for (month, kind) in [("2026-10", Kind::MeetingBooked), ("2026-11", Kind::MeetingHeld)] {
            let said = said(&yard, month).await;
            assert_eq!(said, [(unpaid.to_string(), kind, "not-target")], "{month}");
        }
    }

    async fn the_plan_of_its_beginning_pays_a_meeting_or_does_not(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (paid, unplanned) = (MeetingId::fresh(OCTOBER), MeetingId::fresh(NOVEMBER));
        let told = |id, kind| meeting(&yard, "caller", id, kind);
        // Before there was any plan, and under one that has ended since.
        yard.tell(OCTOBER.plus_days(-2), told(unplanned, Kind::MeetingBooked)).await;
        yard.tell(OCTOBER.plus_days(3), told(unplanned, Kind::MeetingHeld)).await;
        yard.tell(OCTOBER.plus_days(29), told(paid, Kind::MeetingBooked)).await;
        end_plan(&yard).await;
        yard.tell(NOVEMBER.plus_days(2), told(paid, Kind::MeetingHeld)).await;
        assert_eq!(yard.stands("caller").await, (350_00, 0));
        let october = said(&yard, "2026-10").await;
        assert_eq!(october, [(unplanned.to_string(), Kind::MeetingHeld, "no-plan")]);
        assert_eq!(said(&yard, "2026-11").await, []);
    }
}

/// What the caller's statement of a month says of work that pays nothing.
async fn said(yard: &Yard, month: &str) -> Vec<(String, Kind, &'static str)> {
    let (period, caller) = (yard.period(month).await, yard.viewer("caller").await);
    let mut tx = yard.db.read().await.expect("reads");
    let statement = super::actions::statement(&mut tx, &caller, period.id, caller.id()).await;
    let unpaid = statement.expect("own").unpaid.into_iter();
    unpaid.map(|(event, why)| (event.subject, event.kind, why.code())).collect()
}

async fn end_plan(yard: &Yard) {
    let mut tx = yard.db.read().await.expect("reads");
    let caller = yard.id("caller");
    let (_, _, all) = super::actions::list_plans(&mut tx, yard.org).await.expect("reads");
    let mine = all.into_iter().find(|one| one.person == caller).expect("assigned").id;
    drop(tx);
    let last_day = date(2026, 10, 31);
    super::actions::end_assignment(&yard.by("owner"), mine, last_day).await.expect("ended");
}
