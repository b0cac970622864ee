//! What a statement says of work that pays nothing.

use jiff::civil::date;

use super::{NOVEMBER, OCTOBER, Yard, meeting};
use crate::both;
use crate::events::Kind;
use crate::values::*;

both! {
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
