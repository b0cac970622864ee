use super::*;
use crate::calls::load::{Day, Done, Due, judge};
use crate::leads::resting::{Rest, RestKind};
use axum::http::StatusCode;

const NOW: Instant = Instant(1_000 * MINUTE_MS);

/// Calls that meant this, the latest last, one a minute up to now.
fn done(meanings: &[Meaning]) -> Vec<Done> {
    let at = |back: usize| NOW.plus_minutes(-(back as i64));
    let done = |(back, m): (usize, &Meaning)| Done { at: at(back), meaning: *m, is_fresh: true };
    (0..).zip(meanings.iter().rev()).map(done).collect()
}

fn rest(began: i64, until: i64) -> Rest {
    Rest {
        id: RestId::fresh(Instant(0)),
        user: UserId::fresh(Instant(0)),
        campaign: CampaignId::fresh(Instant(0)),
        kind: RestKind::Refusals,
        value: 3,
        began_at: NOW.plus_minutes(-began),
        until: NOW.plus_minutes(-until),
    }
}

#[test]
fn a_rest_is_due_after_refusals_in_a_row_or_an_hour_without_a_break() {
    use Meaning::*;
    let policy = CallingPolicy { refusals_in_row_max: 3, ..CallingPolicy::default() };
    let day = |meanings: &[Meaning], working: i64, rests: Vec<Rest>| Day {
        done: done(meanings),
        rests,
        working_since: Some(NOW.plus_minutes(-working)),
    };
    let due = |kind, value, minutes| Some(Due { kind, value, minutes });
    let refused = [Refusal, NotReached, DoNotCall, BadNumber, Refusal];
    let broken = [Refusal, Refusal, Callback, Refusal, Refusal];
    let skipped = vec![rest(4, 2), rest(30, 1)];
    let unskipped = vec![rest(40, 30), rest(90, 80)];
    for (what, day, expected) in [
        ("nothing yet", Day::default(), None),
        ("three in a row", day(&refused, 20, vec![]), due(RestKind::Refusals, 3, 5)),
        ("a good word between", day(&broken, 20, vec![]), None),
        ("one minute short", day(&[], 59, vec![]), None),
        ("an hour", day(&[], 60, vec![]), due(RestKind::Minutes, 60, 5)),
        ("refusals before the rest", day(&refused, 20, vec![rest(0, -5)]), None),
        (
            "an hour since the rest",
            day(&[], 180, vec![rest(65, 60)]),
            due(RestKind::Minutes, 60, 5),
        ),
        ("rested of late", day(&[], 180, vec![rest(45, 40)]), None),
        ("rests were rests", day(&[], 120, unskipped), None),
    ] {
        assert_eq!(judge(&policy, &day, NOW), expected, "{what}");
    }
    let tired = Day { working_since: Some(NOW.plus_minutes(-90)), ..day(&refused, 0, skipped) };
    assert_eq!(tired.skipped(), 2);
    let all = tired.done.iter().map(|one| Done { is_fresh: false, ..*one }).collect();
    let promised = Day { done: all, ..tired.clone() };
    assert_eq!((promised.skipped(), promised.refusals()), (0, 2), "nobody new was called");
    let soon = CallingPolicy { work_minutes_max: 1, ..policy };
    assert_eq!(judge(&soon, &tired, NOW), due(RestKind::Skipped, 2, 10), "twice as long");
    let off = CallingPolicy { refusals_in_row_max: 0, work_minutes_max: 0, ..policy };
    assert_eq!(judge(&off, &day(&refused, 600, vec![]), NOW), None, "switched off");
}

fn refusal() -> CallForm {
    CallForm { reason: "not_needed".to_owned(), ..form("refusal") }
}

both! {
    async fn after_refusals_in_a_row_only_what_was_promised_is_given(t: TestDb) {
        let policy = CallingPolicy { refusals_in_row_max: 2, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 6, policy).await;
        let first = floor.lease("boris", "1").await.expect("a company");
        let promise = CallForm { callback: "через 4 мин".to_owned(), ..form("callback") };
        let done = record(&floor, first, promise).await.expect("promised");
        let done = record(&floor, done.next.expect("one"), refusal()).await.expect("refused");
        assert_eq!(done.rests_until, None);
        let done = record(&floor, done.next.expect("one"), refusal()).await.expect("refused");
        let until = floor.cast.clock.now().plus_minutes(5);
        assert_eq!((done.next, done.rests_until), (None, Some(until)));
        let told = floor.events(Kind::CallerRested).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].reason.as_deref(), Some("refusals"));
        assert_eq!(told[0].person, Some(floor.cast.id("boris")));
        let (boris, api) = (floor.cast.client("boris").await, floor.cast.api("boris").await);
        let start = format!("/campaigns/{}/lease", floor.campaign);
        let kept = boris.post(&start, &[]).await;
        assert_eq!(kept.status, StatusCode::CONFLICT);
        assert!(kept.body.contains("2 refusals in a row."), "{}", kept.body);
        assert!(kept.body.contains("A rest until 10:05"), "{}", kept.body);
        let refused = api.post(&format!("/api/v1{start}"), &serde_json::json!({})).await.json();
        assert_eq!(refused["error"]["code"], "lead-resting", "{refused}");
        let desk = api.get("/api/v1/desk").await.json();
        assert_eq!(desk["data"]["rest"]["kind"], "refusals");
        let bella = floor.cast.viewer("bella").await;
        let other = leasing::lease(&floor.cast.act("bella", "1"), &bella, floor.campaign).await;
        assert!(other.expect("leases").is_some(), "others go on");
        let anna = floor.cast.client("anna").await;
        let wall = anna.get("/wallboard").await.body;
        assert!(wall.contains("Load of the team"), "{wall}");
        let wall = floor.cast.api("anna").await.get("/api/v1/wallboard").await.json();
        let load = &wall["data"]["load"];
        assert_eq!((&load["resting"], &load["refusals"]), (&1.into(), &1.into()));
        floor.cast.clock.advance_ms(4 * MINUTE_MS);
        let promised = floor.lease("boris", "2").await.expect("what was promised");
        assert_eq!(promised.lead, first.lead);
        let done = record(&floor, promised, form("gatekeeper")).await.expect("called");
        assert_eq!(done.next, None, "the rest goes on");
        floor.cast.clock.advance_ms(MINUTE_MS);
        assert!(floor.lease("boris", "3").await.is_some(), "the rest is over");
        let wall = floor.cast.api("anna").await.get("/api/v1/wallboard").await.json();
        let load = &wall["data"]["load"];
        assert_eq!((&load["resting"], &load["skipped"]), (&0.into(), &0.into()), "it was promised");
    }

    async fn an_hour_without_a_break_ends_in_a_rest_and_a_break_begins_it_anew(t: TestDb) {
        let floor = Floor::open(t, 14).await;
        let mut grant = floor.lease("boris", "1").await.expect("a company");
        for _ in 0..5 {
            floor.cast.clock.advance_ms(10 * MINUTE_MS);
            let done = record(&floor, grant, form("not_reached")).await.expect("recorded");
            grant = done.next.expect("the next company");
        }
        let pause = CallForm { then: "pause".to_owned(), ..form("not_reached") };
        record(&floor, grant, pause).await.expect("a break");
        floor.cast.clock.advance_ms(6 * MINUTE_MS);
        let mut grant = floor.lease("boris", "2").await.expect("a company");
        for turn in 0..6 {
            floor.cast.clock.advance_ms(10 * MINUTE_MS);
            let done = record(&floor, grant, form("not_reached")).await.expect("recorded");
            match done.next {
                Some(next) => grant = next,
                None => {
                    assert_eq!(turn, 5, "an hour after the break");
                    assert!(done.rests_until.is_some());
                }
            }
        }
        assert_eq!(floor.events(Kind::CallerRested).await.len(), 1);
    }

    async fn only_a_call_to_somebody_new_is_worked_through_a_rest(t: TestDb) {
        let policy = CallingPolicy { refusals_in_row_max: 0, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 5, policy).await;
        let first = floor.lease("boris", "1").await.expect("a company");
        let promise = CallForm { callback: "через 4 мин".to_owned(), ..form("callback") };
        let done = record(&floor, first, promise).await.expect("promised");
        floor.cast.clock.advance_ms(MINUTE_MS);
        let done = record(&floor, done.next.expect("one"), refusal()).await.expect("refused");
        let boris = floor.cast.viewer("boris").await;
        let act = floor.cast.act("boris", "undo");
        let back = super::reversal::reverse(&act, &boris, done.call).await.expect("taken back");
        floor.cast.clock.advance_ms(MINUTE_MS);
        let again = CallForm { then: "pause".to_owned(), ..form("not_reached") };
        record(&floor, back.grant.expect("in hand"), again).await.expect("filed again");
        floor.cast.clock.advance_ms(3 * MINUTE_MS);
        let promised = floor.lease("boris", "2").await.expect("what was promised");
        assert_eq!(promised.lead, first.lead);
        let done = record(&floor, promised, form("gatekeeper")).await.expect("called");
        floor.cast.clock.advance_ms(MINUTE_MS);
        record(&floor, done.next.expect("one"), form("not_reached")).await.expect("called");
        let fresh = || async {
            let mut tx = floor.cast.app.db.read().await.expect("reads");
            let done = store::list_done(&mut tx, floor.cast.org, boris.id(), MONDAY).await;
            done.expect("reads").iter().rev().map(|one| one.is_fresh).collect::<Vec<bool>>()
        };
        assert_eq!(fresh().await, [true, false, false, true]);
        let mut tx = floor.cast.app.db.begin().await.expect("begins");
        let text = "update calls set purpose = 'actualisation' where meaning = 'not_reached'";
        tx.run(text, crate::vals![]).await.expect("they were checks");
        tx.commit().await.expect("kept");
        assert_eq!(fresh().await, [true, false, false, false]);
    }

    async fn a_rest_ends_with_the_call_that_began_it(t: TestDb) {
        let policy = CallingPolicy { refusals_in_row_max: 2, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 4, policy).await;
        let first = floor.lease("boris", "1").await.expect("a company");
        let done = record(&floor, first, refusal()).await.expect("refused");
        let last = record(&floor, done.next.expect("one"), refusal()).await.expect("refused");
        assert!(last.rests_until.is_some() && last.next.is_none());
        let boris = floor.cast.viewer("boris").await;
        floor.cast.clock.advance_ms(MINUTE_MS);
        let act = floor.cast.act("boris", "undo");
        let back = super::reversal::reverse(&act, &boris, last.call).await.expect("taken back");
        let told = floor.events(Kind::CallReversed).await;
        assert_eq!(told[0].detail["ends_rest"], true);
        let api = floor.cast.api("boris").await;
        assert!(api.get("/api/v1/desk").await.json()["data"]["rest"].is_null());
        let grant = back.grant.expect("in hand");
        let done = record(&floor, grant, form("not_reached")).await.expect("filed");
        assert_eq!(done.rests_until, None);
        // The first refusal still stands: one more is the second in a row.
        let next = done.next.expect("the next company");
        let done = record(&floor, next, refusal()).await.expect("refused");
        assert!(done.rests_until.is_some(), "{done:?}");
    }
}
