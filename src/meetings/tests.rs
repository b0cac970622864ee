use super::*;
use crate::both;
use crate::cast::Cast;
use crate::events::{self, Kind};

fn someone() -> UserId {
    UserId::fresh(Instant(0))
}

#[test]
fn a_meeting_is_marked_by_its_host_or_their_head_and_never_by_who_is_paid_for_it() {
    let (booker, host, stranger) = (someone(), someone(), someone());
    let (calls, sales) = (TeamId::fresh(Instant(0)), TeamId::fresh(Instant(0)));
    let meeting = |host: Option<UserId>| Meeting {
        id: MeetingId::fresh(Instant(0)),
        number: 1,
        company: CompanyId::fresh(Instant(0)),
        campaign: None,
        lead: None,
        contact: None,
        booker,
        booker_team: Some(calls),
        host,
        host_team: host.map(|_| sales),
        starts_at: Instant(1_000),
        minutes: 30,
        place: String::new(),
        state: MeetingState::Booked,
        note: String::new(),
        marked: None,
        version: 1,
        made_at: Instant(0),
    };
    let by = |user, heads, is_above| Marker { user, heads, is_above };
    use MeetingRefusal::*;
    for (situation, host, by, now, expected) in [
        ("its host", Some(host), by(host, None, false), 1_000, Ok(())),
        ("too early", Some(host), by(host, None, false), 999, Err(NotBegun)),
        ("the booker", Some(host), by(booker, None, false), 1_000, Err(NotYoursToMark)),
        ("the booker as owner", Some(host), by(booker, None, true), 1_000, Err(NotYoursToMark)),
        ("who keeps the client", Some(booker), by(booker, None, false), 1_000, Ok(())),
        ("head of sales", Some(host), by(stranger, Some(sales), false), 1_000, Ok(())),
        ("head of calls", Some(host), by(stranger, Some(calls), false), 1_000, Err(NotYoursToMark)),
        ("no host, head of calls", None, by(stranger, Some(calls), false), 1_000, Ok(())),
        (
            "no host, head of sales",
            None,
            by(stranger, Some(sales), false),
            1_000,
            Err(NotYoursToMark),
        ),
        ("the owner", Some(host), by(stranger, None, true), 1_000, Ok(())),
        ("a stranger", Some(host), by(stranger, None, false), 1_000, Err(NotYoursToMark)),
    ] {
        let marked = meeting(host).mark(by, Mark::Held, "", Instant(now));
        assert_eq!(marked.as_ref().map(|_| ()), expected.as_ref().map(|()| ()), "{situation}");
        if let Ok(marked) = marked {
            let again = marked.mark(by, Mark::ClientMissed, "", Instant(now));
            assert_eq!(again, Err(AlreadyMarked), "{situation}, twice");
        }
    }
}

#[test]
fn a_meeting_lies_ahead_and_lasts_as_long_as_a_talk_may() {
    for (starts_at, minutes, place, expected) in [
        (1, 30, 0, vec![]),
        (0, 30, 0, vec!["meeting_at"]),
        (366 * DAY_MS, 30, 0, vec!["meeting_at"]),
        (1, 4, 0, vec!["meeting_minutes"]),
        (1, 481, 201, vec!["meeting_minutes", "meeting_place"]),
    ] {
        let new = NewMeeting { starts_at: Instant(starts_at), minutes, ..ours(someone()) };
        let new = NewMeeting { place: "x".repeat(place), ..new };
        let wrong: Vec<&str> = new.check(Instant(0)).0.into_keys().collect();
        assert_eq!(wrong, expected, "{starts_at} {minutes}");
    }
}

fn ours(booker: UserId) -> NewMeeting {
    NewMeeting {
        company: CompanyId::fresh(Instant(0)),
        campaign: None,
        lead: None,
        contact: None,
        booker,
        host: None,
        starts_at: Instant(0),
        minutes: 30,
        place: "at their office".to_owned(),
    }
}

/// Books a talk by Boris for tomorrow at this hour.
async fn book(cast: &Cast, key: &str) -> MeetingId {
    let act = cast.act("boris", key);
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewMeeting { starts_at: act.now.plus_days(1), ..ours(cast.id("boris")) };
    let id = actions::book_in(&mut tx, &act, new).await.expect("a meeting");
    tx.commit().await.expect("kept");
    id
}

both! {
    async fn a_meeting_is_booked_gets_its_host_and_is_held(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = book(&cast, "book").await;
        let act = cast.act("sonya", "host");
        let mut tx = act.db.begin().await.expect("begins");
        actions::set_host_in(&mut tx, &act, id, cast.id("sonya")).await.expect("a host");
        tx.commit().await.expect("kept");
        cast.clock.advance_ms(DAY_MS);
        let (sonya, boris) = (cast.viewer("sonya").await, cast.viewer("boris").await);
        let own = actions::mark(&cast.act("boris", "own"), &boris, id, Mark::Held, "").await;
        assert!(matches!(own, Err(Error::Refused(_))), "{own:?}");
        let semyon = cast.viewer("semyon").await;
        let strange = actions::mark(&cast.act("semyon", "m"), &semyon, id, Mark::Held, "").await;
        assert!(matches!(strange, Err(Error::NotFound)), "{strange:?}");
        for _ in 0..2 {
            let act = cast.act("sonya", "held");
            actions::mark(&act, &sonya, id, Mark::Held, "They want a sample").await.expect("held");
        }
        let act = cast.act("sonya", "late");
        let late = actions::mark(&act, &sonya, id, Mark::ClientMissed, "").await;
        assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
        let mut tx = cast.app.db.read().await.expect("reads");
        let story = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await.expect("it");
        let kinds: Vec<Kind> = story.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [Kind::MeetingBooked, Kind::MeetingHeld]);
        assert!(story.iter().all(|event| event.person == Some(cast.id("boris"))));
        let kept = actions::find(&mut tx, cast.org, id).await.expect("reads").expect("it");
        assert_eq!((kept.note.as_str(), kept.host), ("They want a sample", Some(cast.id("sonya"))));
    }

    async fn a_missed_meeting_says_who_did_not_come(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = book(&cast, "book").await;
        cast.clock.advance_ms(DAY_MS);
        let anna = cast.viewer("anna").await;
        let act = cast.act("anna", "missed");
        actions::mark(&act, &anna, id, Mark::SellerMissed, "").await.expect("marked");
        let mut tx = cast.app.db.read().await.expect("reads");
        let story = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await.expect("it");
        let last = story.last().expect("an event");
        assert_eq!((last.kind, last.reason.as_deref()), (Kind::MeetingMissed, Some("seller")));
    }
}
