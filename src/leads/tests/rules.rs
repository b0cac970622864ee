//! What becomes of leads when the rules of their campaign change.

use super::*;
use crate::campaigns::hours::CallingHours;

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

    async fn what_rests_or_was_promised_for_later_comes_no_sooner(t: TestDb) {
        let floor = Floor::with_policy(t, 3, policy()).await;
        let now = floor.cast.clock.now();
        let mut leads = Vec::new();
        for (login, key) in [("boris", "a"), ("bella", "b"), ("hunter", "c")] {
            let grant = floor.lease(login, key).await.expect("a company");
            leads.push(floor.lead(grant.lead).await);
        }
        let (soon, later) = (now.plus_minutes(30), now.plus_days(1));
        let nexts = [
            Next::Again { at: later },
            Next::Callback { at: soon, owner: None },
            Next::Recycle { at: later },
        ];
        let act = floor.cast.act("boris", "settle");
        let mut tx = act.db.begin().await.expect("begins");
        for (lead, next) in leads.iter().zip(&nexts) {
            leasing::settle_in(&mut tx, &act, lead, next).await.expect("settles");
        }
        tx.commit().await.expect("kept");
        change(&floor, "other", CallingPolicy { gap_minutes: 1, ..policy() }).await;
        for (lead, at) in leads.iter().zip([later, soon, later]) {
            let lead = floor.lead(lead.id).await;
            assert_eq!((lead.next_at, lead.denied_rule), (at, None));
        }
        assert_eq!(floor.lease("boris", "d").await, None, "nobody is due");
    }
}
