use super::actions;
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::clients::tests::{at, client, find, sweep, tasks_of};
use crate::companies;
use crate::events::{self, Kind};

fn date(month: i64, day: i64, days_ahead: i64) -> ImportantDate {
    let now = Instant(0);
    ImportantDate {
        id: ImportantDateId::fresh(now),
        company: CompanyId::fresh(now),
        contact: None,
        person_name: "Pyotr".to_owned(),
        what: "birthday".to_owned(),
        month,
        day,
        year: None,
        days_ahead,
    }
}

#[test]
fn a_date_is_due_some_days_ahead_and_a_leap_day_is_kept_on_the_28th() {
    for (month, day, ahead, today, expected) in [
        (11, 12, 7, "2026-11-04", None),
        (11, 12, 7, "2026-11-05", Some("2026-11-12")),
        (11, 12, 7, "2026-11-12", Some("2026-11-12")),
        (11, 12, 7, "2026-11-13", None),
        (11, 12, 0, "2026-11-11", None),
        (11, 12, 0, "2026-11-12", Some("2026-11-12")),
        (1, 3, 7, "2026-12-27", Some("2027-01-03")),
        (12, 31, 7, "2026-12-31", Some("2026-12-31")),
        (2, 29, 7, "2027-02-22", Some("2027-02-28")),
        (2, 29, 7, "2027-02-28", Some("2027-02-28")),
        (2, 29, 7, "2028-02-22", Some("2028-02-29")),
        (2, 29, 7, "2028-02-21", None),
        (2, 29, 0, "2028-02-28", None),
        (2, 29, 0, "2028-02-29", Some("2028-02-29")),
        (3, 31, 45, "2026-02-14", Some("2026-03-31")),
    ] {
        let today = today.parse().expect("a day");
        let due = date(month, day, ahead).due(today).map(|day| day.to_string());
        assert_eq!(due.as_deref(), expected, "{day}.{month} on {today}");
    }
}

#[test]
fn a_date_that_no_calendar_has_is_not_taken() {
    let good = NewDate {
        contact: None,
        person_name: "Pyotr".to_owned(),
        what: "birthday".to_owned(),
        month: 2,
        day: 29,
        year: None,
        days_ahead: 7,
    };
    let long = "я".repeat(121);
    for (new, field) in [
        (good.clone(), None),
        (NewDate { year: Some(2024), ..good.clone() }, None),
        (NewDate { year: Some(2023), ..good.clone() }, Some("day")),
        (NewDate { month: 4, day: 31, ..good.clone() }, Some("day")),
        (NewDate { month: 13, ..good.clone() }, Some("day")),
        (NewDate { day: i64::MAX, ..good.clone() }, Some("day")),
        (NewDate { year: Some(1899), day: 28, ..good.clone() }, Some("year")),
        (NewDate { year: Some(2027), day: 28, ..good.clone() }, Some("year")),
        (NewDate { days_ahead: 46, ..good.clone() }, Some("days_ahead")),
        (NewDate { days_ahead: -1, ..good.clone() }, Some("days_ahead")),
        (NewDate { what: " ".to_owned(), ..good.clone() }, Some("what")),
        (NewDate { person_name: long, ..good.clone() }, Some("person_name")),
    ] {
        let fields = new.check(2026);
        assert_eq!(fields.0.keys().next().copied(), field, "{new:?}");
    }
}

both! {
    async fn a_date_becomes_a_task_of_whoever_leads_then_once_a_year(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.viewer("vera").await;
        let new = NewDate {
            contact: None,
            person_name: "Grandson of the director".to_owned(),
            what: "birthday".to_owned(),
            month: 12,
            day: 24,
            year: Some(2019),
            days_ahead: 7,
        };
        let act = cast.act("vera", "date");
        actions::note(&act, &vera, id, new.clone()).await.expect("notes");
        assert!(tasks_of(&cast, "vera").await.is_empty());
        cast.clock.set(at("2026-12-16T10:00:00Z"));
        sweep(&cast).await;
        assert!(tasks_of(&cast, "vera").await.is_empty());
        // The client passes to another person before the date comes near.
        let company = find(&cast, id).await.company;
        let act = cast.act("vadim", "pass");
        let mut tx = act.db.begin().await.expect("begins");
        let hunter = Some(cast.id("hunter"));
        companies::actions::set_lead_in(&mut tx, &act, company, hunter, 3).await.expect("leads");
        tx.commit().await.expect("commits");
        cast.settle().await;
        for day in ["2026-12-17T10:00:00Z", "2026-12-18T10:00:00Z", "2026-12-24T10:00:00Z"] {
            cast.clock.set(at(day));
            sweep(&cast).await;
            sweep(&cast).await;
        }
        let tasks = tasks_of(&cast, "hunter").await;
        let told: Vec<&str> = tasks.iter().map(|task| task.what.as_str()).collect();
        assert_eq!(told, ["Grandson of the director: birthday, 24 December"]);
        assert_eq!(tasks[0].due_at, at("2026-12-24T07:00:00Z"));
        cast.clock.set(at("2027-12-20T10:00:00Z"));
        sweep(&cast).await;
        assert_eq!(tasks_of(&cast, "hunter").await.len(), 2);
    }

    async fn a_date_noted_when_it_is_near_is_a_task_at_once_and_a_removed_one_is_none(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.viewer("vera").await;
        let new = NewDate {
            contact: None,
            person_name: "Maria".to_owned(),
            what: "jubilee".to_owned(),
            month: 11,
            day: 5,
            year: None,
            days_ahead: 7,
        };
        let act = cast.act("vera", "near");
        actions::note(&act, &vera, id, new.clone()).await.expect("notes");
        actions::note(&act, &vera, id, new.clone()).await.expect("a repeat");
        assert_eq!(tasks_of(&cast, "vera").await.len(), 1);
        let far = NewDate { month: 12, day: 5, ..new.clone() };
        let date = actions::note(&cast.act("vera", "far"), &vera, id, far).await;
        let date = date.expect("notes");
        let sonya = cast.viewer("sonya").await;
        let stranger = actions::remove(&cast.act("sonya", "x"), &sonya, date).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
        let foreign = actions::note(&cast.act("sonya", "y"), &sonya, id, new.clone()).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
        for _ in 0..2 {
            actions::remove(&cast.act("vera", "gone"), &vera, date).await.expect("removes");
        }
        let mut tx = cast.app.db.read().await.expect("reads");
        let story = events::list_for_subject(&mut tx, cast.org, &date.to_string()).await;
        let told: Vec<Kind> = story.expect("reads").iter().map(|event| event.kind).collect();
        assert_eq!(told, [Kind::DateNoted, Kind::DateRemoved]);
        drop(tx);
        cast.clock.set(at("2026-12-01T10:00:00Z"));
        sweep(&cast).await;
        assert_eq!(tasks_of(&cast, "vera").await.len(), 1);
        let unknown = NewDate { contact: Some(ContactId::fresh(act.now)), ..new };
        let refused = actions::note(&cast.act("vera", "z"), &vera, id, unknown).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}
