use jiff::civil::datetime;

use crate::campaigns::CallingPolicy;
use crate::meetings::slots::{Host, Hours, SLOT_DAYS, Taken};
use crate::values::*;

const MINUTES: i64 = 30;

fn moscow() -> Zone {
    Zone::named("Europe/Moscow")
}

fn hours(theirs: &str) -> Hours {
    Hours { policy: CallingPolicy::default(), ours: moscow(), theirs: Zone::named(theirs) }
}

/// A moment of November 2026 in Moscow; the second is a Monday.
fn at(day: i8, hour: i8, minute: i8) -> Instant {
    Instant::from_local(datetime(2026, 11, day, hour, minute, 0, 0), &moscow())
}

fn talk(day: i8, (from, to): ((i8, i8), (i8, i8))) -> Taken {
    Taken { from: at(day, from.0, from.1), until: at(day, to.0, to.1), is_booked: true }
}

fn host(taken: Vec<Taken>) -> Host {
    Host { user: UserId::fresh(Instant(0)), taken, booked_at: None }
}

/// The free times of one day in Moscow, as `hh:mm`.
fn times(hours: &Hours, hosts: &[Host], (now, day): (Instant, i8)) -> Vec<String> {
    let free = hours.list_free(hosts, MINUTES, now);
    free.iter()
        .map(|slot| slot.starts_at.local(&moscow()))
        .filter(|local| local.day() == day)
        .map(|local| format!("{:02}:{:02}", local.hour(), local.minute()))
        .collect()
}

#[test]
fn free_is_what_no_talk_no_holiday_and_no_night_takes() {
    let now = at(2, 10, 10);
    let busy = host(vec![talk(3, ((11, 0), (11, 45))), talk(3, ((9, 0), (9, 30)))]);
    let one = std::slice::from_ref(&busy);
    let own = hours("Europe/Moscow");
    let first = times(&own, one, (now, 2)).first().cloned();
    assert_eq!(first.as_deref(), Some("11:30"), "an hour's notice, on the half hour");
    let tuesday = times(&own, one, (now, 3));
    assert_eq!(tuesday[..4], ["09:30", "10:00", "10:30", "12:00"], "a talk takes what it touches");
    assert_eq!(tuesday.last().map(String::as_str), Some("17:30"), "it ends within the day");
    assert_eq!(times(&own, one, (now, 4)), [""; 0], "a public holiday");
    assert_eq!(times(&own, one, (now, 7)), [""; 0], "a Saturday");
    let far = times(&hours("Asia/Vladivostok"), one, (now, 5));
    assert_eq!(far, ["09:00", "09:30", "10:00", "10:30"], "until six in the evening of theirs");
    let free = own.list_free(one, MINUTES, now);
    let mut days: Vec<_> = free.iter().map(|slot| slot.starts_at.day(&moscow())).collect();
    days.dedup();
    assert_eq!(days.len(), SLOT_DAYS);
    assert!(own.list_free(&[], MINUTES, now).is_empty(), "nobody is there");
    let told = Taken { is_booked: false, ..talk(3, ((12, 0), (12, 30))) };
    assert!(host(vec![told]).is_free(at(3, 12, 0), at(3, 12, 30)), "it did not take place");
}

#[test]
fn among_the_free_whoever_has_fewest_talks_that_week_is_asked() {
    let week = hours("Europe/Moscow");
    let (from, until) = (at(5, 15, 0), at(5, 15, 30));
    let two = host(vec![talk(2, ((12, 0), (13, 0))), talk(6, ((12, 0), (13, 0)))]);
    let one = host(vec![talk(3, ((12, 0), (13, 0))), talk(9, ((12, 0), (13, 0)))]);
    let busy = host(vec![talk(5, ((14, 45), (15, 15)))]);
    let all = [two.clone(), one.clone(), busy];
    assert_eq!(week.in_turn(&all, from, until), [one.user, two.user], "the ninth is another week");
    let just = Host { booked_at: Some(at(2, 10, 0)), ..host(Vec::new()) };
    let earlier = Host { booked_at: Some(at(1, 10, 0)), ..host(Vec::new()) };
    let turn = week.in_turn(&[just.clone(), earlier.clone()], from, until);
    assert_eq!(turn, [earlier.user, just.user], "in turn among equals");
    assert_eq!(week.week_of(at(8, 23, 59)), (at(2, 0, 0), at(9, 0, 0)));
}

#[test]
fn two_hundred_diaries_are_read_at_once() {
    let day = |n: i8| 2 + (n % 12);
    let taken = |n: i8| talk(day(n), ((9 + n % 8, 0), (9 + n % 8, 30)));
    let hosts: Vec<Host> = (0..200).map(|_| host((0..40).map(taken).collect())).collect();
    let slots = hours("Asia/Yekaterinburg").list_free(&hosts, MINUTES, at(2, 10, 0));
    assert!(slots.len() > 50 && slots.iter().all(|slot| slot.free <= 200));
}
