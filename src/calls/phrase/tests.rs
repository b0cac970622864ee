//! Phrases by the moments they mean.

use super::*;
use jiff::civil::datetime;

/// Monday 2 November 2026, 10:00 in Moscow; 14:00 in Novosibirsk.
const NOW: Instant = Instant(1_793_602_800_000);

fn check(zone: &str, rows: &[(&str, (i8, i8, i8, i8))]) {
    let zone = Zone::named(zone);
    for (text, (month, day, hour, minute)) in rows {
        let year = if *month < 11 { 2027 } else { 2026 };
        let expected =
            Instant::from_local(datetime(year, *month, *day, *hour, *minute, 0, 0), &zone);
        let found = read(text, NOW, &zone);
        let told = found.map(|at| at.local(&zone));
        assert_eq!(found, Ok(expected), "{text:?} was read as {told:?}");
    }
}

#[test]
fn an_hour_is_an_hour_on_the_night_of_a_change() {
    let london = Zone::named("Europe/London");
    for (now, text, expected) in [
        ("2027-03-27T20:00:00Z", "через 10 ч", "2027-03-28T06:00:00Z"),
        ("2027-03-27T20:00:00Z", "завтра 10", "2027-03-28T09:00:00Z"),
        ("2027-10-31T00:45:00Z", "через 30 мин", "2027-10-31T01:15:00Z"),
        ("2027-10-31T00:45:00Z", "in 2 hours", "2027-10-31T02:45:00Z"),
        ("2027-10-31T01:10:00Z", "in 20 min", "2027-10-31T01:30:00Z"),
        ("2027-10-31T01:10:00Z", "через полчаса", "2027-10-31T01:40:00Z"),
        ("2027-10-30T12:00:00Z", "через 2 дня в 11", "2027-11-01T11:00:00Z"),
        // The clock jumps over half past one: it is then what it shows an hour later.
        ("2027-03-27T12:00:00Z", "tomorrow 01:30", "2027-03-28T01:30:00Z"),
    ] {
        let now = Instant::from_rfc3339(now).expect("an instant");
        let found = read(text, now, &london).map(Instant::rfc3339);
        let expected = Instant::from_rfc3339(expected).expect("an instant").rfc3339();
        assert_eq!(found, Ok(expected), "{text:?} at {}", now.rfc3339());
    }
}

#[test]
fn russian_phrases_are_read_as_they_are_meant() {
    check(
        "Europe/Moscow",
        &[
            ("завтра 10", (11, 3, 10, 0)),
            ("Завтра в 10:30", (11, 3, 10, 30)),
            ("завтра", (11, 3, 10, 0)),
            ("завтра в 3", (11, 3, 15, 0)),
            ("завтра 15ч", (11, 3, 15, 0)),
            ("послезавтра утром", (11, 4, 10, 0)),
            ("сегодня 17-30", (11, 2, 17, 30)),
            ("чт после обеда", (11, 5, 14, 0)),
            ("в четверг до обеда", (11, 5, 11, 0)),
            ("пн", (11, 9, 10, 0)),
            ("пн 15", (11, 2, 15, 0)),
            ("в пятницу в конце дня", (11, 6, 17, 0)),
            ("через 2 ч", (11, 2, 12, 0)),
            ("через 30 мин", (11, 2, 10, 30)),
            ("через 2ч", (11, 2, 12, 0)),
            ("через час", (11, 2, 11, 0)),
            ("через полчаса", (11, 2, 10, 30)),
            ("через полтора часа", (11, 2, 11, 30)),
            ("через полтора дня", (11, 3, 22, 0)),
            ("через полторы недели", (11, 12, 10, 0)),
            ("через полтора месяца", (12, 17, 10, 0)),
            ("через полгода", (5, 2, 10, 0)),
            ("завтра в 10.10", (11, 3, 10, 10)),
            ("завтра 11.05", (11, 3, 11, 5)),
            ("25.11 14.30", (11, 25, 14, 30)),
            ("через 3 дня в 11", (11, 5, 11, 0)),
            ("через неделю", (11, 9, 10, 0)),
            ("через 2 месяца", (1, 2, 10, 0)),
            ("25.11 14:00", (11, 25, 14, 0)),
            ("25.11.2026 в 9", (11, 25, 9, 0)),
            ("25 ноября 16:15", (11, 25, 16, 15)),
            ("в мае", (5, 1, 10, 0)),
            ("15 марта", (3, 15, 10, 0)),
            ("в 16", (11, 2, 16, 0)),
            ("9 утра", (11, 3, 9, 0)),
            ("5 вечера", (11, 2, 17, 0)),
            ("на следующей неделе", (11, 9, 10, 0)),
            ("после обеда", (11, 2, 14, 0)),
        ],
    );
}

#[test]
fn english_phrases_and_dates_are_read_as_they_are_meant() {
    check(
        "Europe/Moscow",
        &[
            ("tomorrow 10", (11, 3, 10, 0)),
            ("tomorrow at 3pm", (11, 3, 15, 0)),
            ("tomorrow 9:30 am", (11, 3, 9, 30)),
            ("in 2 h", (11, 2, 12, 0)),
            ("in 45 minutes", (11, 2, 10, 45)),
            ("in an hour", (11, 2, 11, 0)),
            ("in half an hour", (11, 2, 10, 30)),
            ("thu afternoon", (11, 5, 14, 0)),
            ("Friday after lunch", (11, 6, 14, 0)),
            ("next week", (11, 9, 10, 0)),
            ("nov 25 14:00", (11, 25, 14, 0)),
            ("25 november", (11, 25, 10, 0)),
            ("2026-11-25T14:00", (11, 25, 14, 0)),
            ("2026-11-25 08:05", (11, 25, 8, 5)),
        ],
    );
}

#[test]
fn a_phrase_is_told_in_the_clients_zone() {
    check(
        "Asia/Novosibirsk",
        &[("завтра 10", (11, 3, 10, 0)), ("в 16", (11, 2, 16, 0)), ("13:00", (11, 3, 13, 0))],
    );
}

#[test]
fn what_is_no_time_says_why() {
    let zone = Zone::named("Europe/Moscow");
    for (text, expected) in [
        ("", PhraseProblem::NotUnderstood),
        ("когда-нибудь", PhraseProblem::NotUnderstood),
        ("завтра 25:00", PhraseProblem::NotUnderstood),
        ("32.01", PhraseProblem::NotUnderstood),
        ("30 февраля", PhraseProblem::NotUnderstood),
        ("через 0 ч", PhraseProblem::NotUnderstood),
        ("через 99999999999 ч", PhraseProblem::NotUnderstood),
        ("😀", PhraseProblem::NotUnderstood),
        ("сегодня 9", PhraseProblem::InThePast),
        ("01.11.2026 12:00", PhraseProblem::InThePast),
        ("2020-01-01T10:00", PhraseProblem::InThePast),
        ("вчера 10", PhraseProblem::InThePast),
        ("вчера", PhraseProblem::InThePast),
        ("позавчера в 15", PhraseProblem::InThePast),
        ("yesterday at 3pm", PhraseProblem::InThePast),
        ("01.01.2090", PhraseProblem::TooFar),
        ("9999-12-31", PhraseProblem::TooFar),
        ("31.12.9999", PhraseProblem::TooFar),
    ] {
        assert_eq!(read(text, NOW, &zone), Err(expected), "{text:?}");
    }
    assert_eq!(read(&"завтра ".repeat(99), NOW, &zone), Err(PhraseProblem::NotUnderstood));
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,70}") {
        // Whatever is typed, the answer lies ahead and within the limit, or says why not.
        if let Ok(at) = read(&text, NOW, &Zone::named("Europe/Moscow")) {
            proptest::prop_assert!(at > NOW && at <= NOW.plus_days(DAYS_AHEAD_MAX));
        }
    }
}
