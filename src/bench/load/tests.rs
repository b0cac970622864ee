use super::*;
use crate::both;
use crate::campaigns::CallingPolicy;
use crate::check;
use crate::storage::Row;
use crate::storage::testing::TestDb;
use crate::vals;

/// Friday 27 November 2026, 18:00 in Moscow.
const FRIDAY: Instant = Instant(1_795_791_600_000);

both! {
    async fn a_loaded_firm_is_sound_and_as_large_as_asked(t: TestDb) {
        let size = Size { companies: 300, events: 3_000, seed: 1 };
        let loaded = fill(&t.db, size, FRIDAY).await.expect("filled");
        assert!((2_900..3_300).contains(&loaded.events), "{loaded:?}");
        assert!(loaded.calls > 900, "{loaded:?}");
        assert!(loaded.handoffs > 10 && loaded.entries > 50, "{loaded:?}");
        assert!((60..250).contains(&loaded.letters), "one for about ten calls: {loaded:?}");
        t.db.refresh_statistics().await.expect("the planner looks at the tables");
        assert_eq!(check::everything(&t.db).await.expect("checked"), []);
        let all = letters(&t).await;
        assert_eq!(i64::try_from(all.len()).expect("a number"), loaded.letters);
        let events = count(&t, "select count(*) as n from events where kind = 'letter.sent'").await;
        let given = count(&t, "select count(distinct number) as n from letters").await;
        assert_eq!((events, given), (loaded.letters, loaded.letters));
        let asked_for = all.iter().filter(|row| row.flag("is_answer").expect("a flag")).count();
        assert!(asked_for > 0 && asked_for < all.len(), "{asked_for} of {}", all.len());
        for row in &all {
            agrees(row, loaded.present);
        }
    }

    async fn a_letter_too_many_is_not_written(t: TestDb) {
        let size = Size { companies: 20, events: 1_000, seed: 1 };
        let opening = FRIDAY.plus_days(-30);
        let mut world = World::found(&t.db, size, (opening, FRIDAY)).await.expect("founded");
        let caller = world.firm.callers[0];
        let first = opening.plus_days(1);
        let policy = world.policy;
        world.leads[0].count(first, &policy);
        let later = |hours: i64| first.plus_ms(hours * HOUR_MS);
        // With the call two contacts in seven days are enough; what they asked for counts in none.
        for (place, at, is_answer, written) in [
            (0, later(1), false, 1),
            (0, later(2), false, 1),
            (0, later(3), true, 2),
            (1, later(4), false, 3),
            (0, first.plus_days(7), false, 4),
            (0, FRIDAY.plus_ms(1), true, 4),
        ] {
            world.write(place, (caller, 1), at, is_answer);
            assert_eq!(world.letters, written, "{place} {at:?}");
        }
        world.leads[1].refused_at = Some(later(5));
        world.write(1, (caller, 1), first.plus_days(20), false);
        assert_eq!(world.letters, 4, "they refused not long ago");
    }
}

async fn count(t: &TestDb, text: &'static str) -> i64 {
    let mut tx = t.db.read().await.expect("reads");
    tx.one(text, &[]).await.expect("a row").int("n").expect("a number")
}

/// Every letter with its event, and what was before it.
async fn letters(t: &TestDb) -> Vec<Row> {
    let mut tx = t.db.read().await.expect("reads");
    let week = 7 * DAY_MS;
    tx.all(
        "select w.id, w.number, w.company_id, w.campaign_id, w.lead_id, w.email_id, w.way, \
         w.is_answer, w.preset, w.sender_id, w.sent_at, w.made_at, e.at, e.actor_id, e.person_id, \
         e.company_id as told_company, e.campaign_id as told_campaign, e.detail, \
         (select count(*) from calls k where k.company_id = w.company_id \
           and k.at > w.sent_at - $1 and k.at <= w.sent_at) \
         + (select count(*) from letters v where v.company_id = w.company_id and v.id <> w.id \
           and v.is_answer = false and v.sent_at > w.sent_at - $1 and v.sent_at <= w.sent_at) \
           as earlier, \
         (select count(*) from leads l join emails m on m.company_id = l.company_id \
           where l.id = w.lead_id and l.company_id = w.company_id \
           and l.campaign_id = w.campaign_id and m.id = w.email_id) as places, \
         (select max(k.at) from calls k where k.company_id = w.company_id \
           and k.meaning = 'refusal' and k.at <= w.sent_at) as refused_at \
         from letters w join events e on e.subject_id = w.id and e.kind = 'letter.sent'",
        vals![week],
    )
    .await
    .expect("reads")
}

/// A letter and its event say the same, and the rules allowed it.
fn agrees(row: &Row, present: Instant) {
    let text = |column: &str| row.text(column).expect("a text");
    let at = row.at("sent_at").expect("a moment");
    let told: serde_json::Value = serde_json::from_str(&text("detail")).expect("a detail");
    let expected = serde_json::json!({
        "number": row.int("number").expect("a number"),
        "way": text("way"),
        "is_answer": row.flag("is_answer").expect("a flag"),
        "preset": text("preset"),
        "sent_at": at.rfc3339(),
    });
    assert_eq!(told, expected);
    assert_eq!(text("preset"), CallingPolicy::default().preset.mark());
    assert_eq!(row.at("at").expect("a moment"), at);
    assert_eq!(row.at("made_at").expect("a moment"), at);
    assert!(at <= present, "nobody wrote tomorrow");
    for (own, told) in [
        ("sender_id", "person_id"),
        ("sender_id", "actor_id"),
        ("company_id", "told_company"),
        ("campaign_id", "told_campaign"),
    ] {
        assert_eq!(text(own), text(told));
    }
    assert_eq!(row.int("places").expect("a number"), 1, "its lead and address are the company's");
    if row.flag("is_answer").expect("a flag") {
        return;
    }
    let policy = CallingPolicy::default();
    assert!(row.int("earlier").expect("a number") < policy.pressure_max, "{}", text("id"));
    let refused = row.opt_at("refused_at").expect("a moment");
    let rests = refused.is_some_and(|refused| refused.plus_days(policy.cool_down_days) > at);
    assert!(!rests, "{}", text("id"));
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
