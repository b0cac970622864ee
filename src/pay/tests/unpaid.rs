//! What a statement says of work that pays nothing.

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
            let period = yard.period(month).await;
            let caller = yard.viewer("caller").await;
            let mut tx = t.db.read().await.expect("reads");
            let statement =
                super::actions::statement(&mut tx, &caller, period.id, caller.id()).await;
            let said: Vec<_> = statement
                .expect("own")
                .unpaid
                .into_iter()
                .map(|(event, why)| (event.subject, event.kind, why.code()))
                .collect();
            assert_eq!(said, [(unpaid.to_string(), kind, "not-target")], "{month}");
        }
    }
}
