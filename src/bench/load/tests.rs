use super::*;
use crate::both;
use crate::check;

/// Friday 27 November 2026, 18:00 in Moscow.
const FRIDAY: Instant = Instant(1_795_791_600_000);

both! {
    async fn a_loaded_firm_is_sound_and_as_large_as_asked(t: TestDb) {
        let size = Size { companies: 300, events: 3_000, seed: 1 };
        let loaded = fill(&t.db, size, FRIDAY).await.expect("filled");
        assert!((2_900..3_300).contains(&loaded.events), "{loaded:?}");
        assert!(loaded.calls > 900, "{loaded:?}");
        assert!(loaded.handoffs > 10 && loaded.entries > 50, "{loaded:?}");
        t.db.refresh_statistics().await.expect("the planner looks at the tables");
        assert_eq!(check::everything(&t.db).await.expect("checked"), []);
    }
}

#[test]
fn the_history_stops_on_a_working_afternoon_that_is_over() {
    let zone = Zone::named("Europe/Moscow");
    let friday = present(FRIDAY, &zone).expect("a day");
    assert_eq!(friday.local(&zone).to_string(), "2026-11-27T15:00:00");
    let sunday = present(FRIDAY.plus_days(2), &zone).expect("a day");
    assert_eq!(sunday, friday);
    let morning = present(FRIDAY.plus_ms(-8 * HOUR_MS), &zone).expect("a day");
    assert_eq!(morning, friday.plus_days(-1));
}
