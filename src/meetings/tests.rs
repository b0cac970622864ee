mod slots;

use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::events::{self, Kind};
use axum::http::StatusCode;
use serde_json::json;

fn someone() -> UserId {
    UserId::fresh(Instant(0))
}

#[test]
fn a_meeting_is_marked_by_its_host_or_their_head_and_never_by_who_is_paid_for_it() {
    let (booker, host, stranger) = (someone(), someone(), someone());
    let (calls, sales) = (TeamId::fresh(Instant(0)), TeamId::fresh(Instant(0)));
    let meeting = |host: Option<UserId>| Meeting {
        booker_team: Some(calls),
        host_team: host.map(|_| sales),
        ..meeting(booker, host)
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
        assert_eq!(marked.as_ref().map(|_| ()), expected.as_ref().copied(), "{situation}");
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

#[test]
fn a_calendar_file_is_folded_and_escaped() {
    let name = format!("ООО «Лён», {}; и сыновья\nдвор", "очень длинное имя ".repeat(5));
    let meeting = meeting(someone(), None);
    let text = calendar::file(&meeting, &name, "", Instant(1_793_602_800_000));
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    assert!(text.contains("DTSTAMP:20261102T070000Z\r\n"), "{text}");
    assert!(text.contains("DTSTART:19700101T000001Z\r\nDTEND:19700101T003001Z\r\n"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains("SUMMARY:ООО «Лён»\\, очень"), "{unfolded}");
    assert!(unfolded.contains("\\; и сыновья\\nдвор\r\n"), "{unfolded}");
}

fn meeting(booker: UserId, host: Option<UserId>) -> Meeting {
    Meeting {
        id: MeetingId::fresh(Instant(0)),
        number: 1,
        company: CompanyId::fresh(Instant(0)),
        campaign: None,
        lead: None,
        contact: None,
        booker,
        booker_team: None,
        host,
        host_team: None,
        starts_at: Instant(1_000),
        minutes: 30,
        place: String::new(),
        state: MeetingState::Booked,
        note: String::new(),
        marked: None,
        version: 1,
        made_at: Instant(0),
    }
}

/// Books a talk by Boris for tomorrow at this hour.
async fn book(cast: &Cast, key: &str) -> MeetingId {
    let act = cast.act("boris", key);
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewCompany { name: "School 5".to_owned(), ..NewCompany::default() };
    let company = companies::actions::add_in(&mut tx, &act, new).await.expect("a company");
    let starts_at = act.now.plus_days(1);
    let new = NewMeeting { company, starts_at, ..ours(cast.id("boris")) };
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
        actions::set_host_in(&mut tx, &act, id, cast.id("sonya")).await.expect("nothing new");
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
        assert_eq!(kinds, [Kind::MeetingBooked, Kind::MeetingHostSet, Kind::MeetingHeld]);
        assert!(story.iter().all(|event| event.person == Some(cast.id("boris"))));
        let kept = actions::find(&mut tx, cast.org, id).await.expect("reads").expect("it");
        for (viewer, expected) in [(&sonya, vec![id]), (&boris, vec![id]), (&semyon, vec![])] {
            let of = (kept.company, 5);
            let seen = actions::list_of_company(&mut tx, &viewer.scope(), of.0, of.1).await;
            let seen: Vec<MeetingId> = seen.expect("reads").iter().map(|one| one.id).collect();
            assert_eq!(seen, expected, "{}", viewer.user.login);
        }
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

    async fn a_host_sees_their_day_marks_it_and_takes_it_along(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = book(&cast, "book").await;
        let act = cast.act("sonya", "host");
        let mut tx = act.db.begin().await.expect("begins");
        actions::set_host_in(&mut tx, &act, id, cast.id("sonya")).await.expect("a host");
        tx.commit().await.expect("kept");
        let path = format!("/meetings/{id}");
        let (sonya, boris) = (cast.client("sonya").await, cast.client("boris").await);
        for (client, query, sees) in [
            (&sonya, "", true),
            (&sonya, "?side=host", true),
            (&sonya, "?side=booker", false),
            (&boris, "?side=booker", true),
            (&boris, "?day=2026-11-10", false),
            (&boris, "?day=nonsense&side=nonsense", true),
        ] {
            let page = client.get(&format!("/meetings{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{query}");
            assert_eq!(page.body.contains("School 5"), sees, "{query}");
            assert!(!page.body.contains('⟦'), "{}", page.body);
        }
        for login in ["semyon", "grisha", "vera", "gleb"] {
            let strange = cast.client(login).await.get(&path).await;
            assert_eq!(strange.status, StatusCode::NOT_FOUND, "{login}");
        }
        let file = sonya.get(&format!("{path}/calendar.ics")).await;
        assert!(file.body.contains("SUMMARY:Meeting: School 5"), "{}", file.body);
        let early = sonya.post(&format!("{path}/mark"), &[("mark", "held"), ("note", "")]).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        cast.clock.advance_ms(DAY_MS);
        let api = cast.api("boris").await;
        let listed = api.get("/api/v1/meetings?side=booker&days=2").await.json();
        assert_eq!(listed["data"][0]["id"], id.to_string());
        let own = api.post(&format!("/api/v1{path}/mark"), &json!({ "mark": "held" })).await;
        assert_eq!(own.json()["error"]["code"], "meeting-not-yours");
        let (sonya, boris) = (cast.client("sonya").await, cast.client("boris").await);
        assert!(sonya.get("/meetings").await.body.contains("What became of these?"));
        assert!(!boris.get("/meetings").await.body.contains("What became of these?"));
        let bare = sonya.post(&format!("{path}/mark"), &[("note", "A good talk")]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bare.body.contains(">A good talk</textarea>"), "{}", bare.body);
        let own = boris.post(&format!("{path}/mark"), &[("mark", "held")]).await;
        assert_eq!(own.status, StatusCode::CONFLICT);
        let fields = [("mark", "client"), ("note", "Waited half an hour")];
        let marked = sonya.post(&format!("{path}/mark"), &fields).await;
        assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.body);
        let shown = api.get(&format!("/api/v1{path}")).await.json();
        assert_eq!(shown["data"]["state"], "missed_by_client");
        let again = cast.api("sonya").await;
        let again = again.post(&format!("/api/v1{path}/mark"), &json!({ "mark": "held" })).await;
        assert_eq!(again.json()["error"]["code"], "meeting-already-marked");
        let shown = boris.get(&path).await.body;
        assert!(shown.contains("The client did not come"), "{shown}");
        assert!(shown.contains("Waited half an hour") && !shown.contains('⟦'), "{shown}");
    }
}
