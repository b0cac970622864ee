//! Each rule by itself, and which of several is told.

use jiff::civil::datetime;

use super::*;
use crate::campaigns::holidays::Calendar;
use crate::campaigns::hours::CallingHours;
use crate::campaigns::presets::PresetCode;

fn zone() -> Zone {
    Zone::named("Europe/Moscow")
}

/// A moment of November 2026 in Moscow. The 2nd is a Monday, the 4th a holiday.
fn on(day: i8, hour: i8, minute: i8) -> Instant {
    Instant::from_local(datetime(2026, 11, day, hour, minute, 0, 0), &zone())
}

fn facts() -> Facts {
    Facts::free(Channel::Call, zone())
}

#[test]
fn a_landline_that_rings_elsewhere_is_called_when_both_are_at_work() {
    let phone = |e164: &str| CompanyPhone {
        id: PhoneId::fresh(on(2, 9, 0)),
        company: CompanyId::fresh(on(2, 9, 0)),
        contact: None,
        phone: Phone::stored(e164.to_owned(), None),
        label: None,
        standing: crate::companies::Standing::default(),
        held_until: None,
    };
    let far = Zone::named("Asia/Vladivostok");
    let policy = CallingPolicy::default();
    let moscow = phone("+74951234567");
    // Monday 10:00 in Vladivostok is three at night in Moscow.
    let morning = on(2, 3, 0);
    for (phones, expected) in [
        (vec![moscow.clone()], vec![(moscow.id, Rule::Hours, on(2, 9, 0))]),
        (vec![phone("+74231234567"), phone("+79161234567")], vec![]),
    ] {
        assert_eq!(closed_numbers(&policy, &far, &phones, morning), expected);
    }
    assert_eq!(closed_numbers(&policy, &far, std::slice::from_ref(&moscow), on(2, 9, 30)), []);
    // No hour is both theirs: the company's own decides.
    let kaliningrad = phone("+74012123456");
    let kamchatka = Zone::named("Asia/Kamchatka");
    assert_eq!(closed_numbers(&policy, &kamchatka, &[kaliningrad], morning), []);
}

#[test]
fn the_country_counts_over_all_campaigns_and_the_longest_span_decides() {
    let policy = CallingPolicy { preset: PresetCode::Ru, ..CallingPolicy::default() };
    let now = on(10, 15, 0);
    let none = [None; 3];
    let rows = [
        (none, None),
        ([Some(on(10, 11, 0)), None, None], Some((Rule::CapDay, on(11, 11, 0)))),
        ([Some(on(9, 11, 0)), Some(on(6, 12, 0)), None], { Some((Rule::CapWeek, on(13, 12, 0))) }),
        ([None, Some(on(3, 14, 0)), None], None),
        ([None, None, Some(on(1, 12, 0))], { Some((Rule::CapMonth, on(1, 12, 0).plus_days(30))) }),
    ];
    for (caps_at, expected) in rows {
        let facts = Facts { caps_at, ..facts() };
        let expected =
            expected.map_or(Verdict::Allow, |(rule, until)| Verdict::Deny { rule, until });
        assert_eq!(admit(&policy, &facts, now), expected, "{caps_at:?}");
    }
    let asked = Facts { is_promised: true, caps_at: [Some(on(10, 14, 0)), None, None], ..facts() };
    assert_eq!(admit(&policy, &asked, now), Verdict::Allow, "they asked for it");
}

/// A number that others have, called at these moments.
fn number(attempts: &[Instant]) -> NumberFacts {
    NumberFacts {
        phone: PhoneId::fresh(on(1, 0, 0)),
        attempts: attempts.to_vec(),
        elsewhere: attempts.len() as i64,
        is_switchboard: false,
        in_hand_until: None,
    }
}

#[test]
fn a_number_that_several_companies_have_is_counted_once() {
    let now = on(10, 15, 0);
    let own = CallingPolicy { gap_minutes: 180, ..CallingPolicy::default() };
    let ru = CallingPolicy { preset: PresetCode::Ru, pressure_max: 50, ..own };
    let mild = CallingPolicy { attempts_per_day_max: 5, pressure_max: 50, ..own };
    let week = [on(9, 12, 0), on(6, 12, 0)];
    let free = number(&[]);
    let held = |until| NumberFacts { in_hand_until: Some(until), ..number(&[]) };
    let used = NumberFacts { elsewhere: 6, ..number(&[]) };
    let board = NumberFacts { is_switchboard: true, ..used.clone() };
    let rows = [
        (&own, vec![], None),
        (&own, vec![free.clone()], None),
        (&own, vec![number(&[on(10, 9, 0)])], Some((Rule::NumberDay, on(11, 9, 0)))),
        (&mild, vec![number(&[on(10, 13, 0)])], Some((Rule::NumberGap, on(10, 16, 0)))),
        (&own, vec![number(&week)], Some((Rule::NumberPressure, on(13, 12, 0)))),
        (&ru, vec![number(&week)], Some((Rule::NumberWeek, on(13, 12, 0)))),
        (&mild, vec![used], Some((Rule::NumberTotal, on(11, 15, 0)))),
        (&mild, vec![board], None),
        (&mild, vec![held(on(10, 15, 15))], Some((Rule::NumberInHand, on(10, 15, 15)))),
        (&own, vec![number(&[on(10, 9, 0)]), free], None),
        (&mild, vec![number(&[on(10, 14, 0)]), number(&[on(10, 13, 0)])], {
            Some((Rule::NumberGap, on(10, 16, 0)))
        }),
    ];
    for (policy, numbers, expected) in rows {
        let facts = Facts { numbers, ..facts() };
        let expected =
            expected.map_or(Verdict::Allow, |(rule, until)| Verdict::Deny { rule, until });
        assert_eq!(admit(policy, &facts, now), expected, "{:?}", facts.numbers);
    }
    let asked = Facts { is_promised: true, numbers: vec![number(&[on(10, 14, 0)])], ..facts() };
    assert_eq!(admit(&own, &asked, now), Verdict::Allow, "they asked for it");
    let taken = Facts { numbers: vec![held(on(10, 15, 15))], ..asked };
    let busy = Verdict::Deny { rule: Rule::NumberInHand, until: on(10, 15, 15) };
    assert_eq!(admit(&own, &taken, now), busy, "somebody else is on the line");
}

fn check(what: &str, facts: &Facts, now: Instant, expected: Option<(Rule, Instant)>) {
    let expected = expected.map_or(Verdict::Allow, |(rule, until)| Verdict::Deny { rule, until });
    assert_eq!(admit(&CallingPolicy::default(), facts, now), expected, "{what}");
}

#[test]
fn hours_are_the_client_s_own() {
    let far = |name: &str| Facts { zone: Zone::named(name), ..facts() };
    let ten = on(2, 10, 0);
    check("in hours", &facts(), ten, None);
    check("before", &facts(), on(2, 8, 59), Some((Rule::Hours, on(2, 9, 0))));
    check("first minute", &facts(), on(2, 9, 0), None);
    check("last minute", &facts(), on(2, 17, 59), None);
    check("after", &facts(), on(2, 18, 0), Some((Rule::Hours, on(3, 9, 0))));
    check("Vladivostok is closed", &far("Asia/Vladivostok"), on(2, 11, 0), {
        Some((Rule::Hours, on(3, 2, 0)))
    });
    check("Kaliningrad sleeps", &far("Europe/Kaliningrad"), on(2, 9, 30), {
        Some((Rule::Hours, on(2, 10, 0)))
    });
    check("Saturday", &facts(), on(7, 12, 0), Some((Rule::Hours, on(9, 9, 0))));
    check("holiday", &facts(), on(4, 12, 0), Some((Rule::Holiday, on(5, 9, 0))));
    let hours = CallingHours { holidays_off: false, ..CallingHours::default() };
    let working = CallingPolicy { hours, ..CallingPolicy::default() };
    assert_eq!(admit(&working, &facts(), on(4, 12, 0)), Verdict::Allow);
    let hours = CallingHours { calendar: Calendar::Gb, ..CallingHours::default() };
    let british = CallingPolicy { hours, ..CallingPolicy::default() };
    assert_eq!(admit(&british, &facts(), on(4, 12, 0)), Verdict::Allow, "none of theirs");
    let hours = CallingHours { days: 0, ..CallingHours::default() };
    let never = CallingPolicy { hours, ..CallingPolicy::default() };
    let verdict = admit(&never, &facts(), ten);
    assert_eq!(verdict, Verdict::Deny { rule: Rule::Hours, until: ten.plus_days(1) });
}

#[test]
fn how_often_is_counted_from_what_happened() {
    let now = on(2, 15, 0);
    let called = |at: Instant| Facts { attempts: 1, last_at: Some(at), ..facts() };
    check("a gap", &called(on(2, 14, 0)), now, Some((Rule::Gap, on(2, 17, 0))));
    check("a gap is over", &called(on(2, 12, 0)), now, None);
    check("a gap ends after hours", &called(on(2, 15, 0)), on(2, 16, 0), {
        Some((Rule::Gap, on(3, 9, 0)))
    });
    let capped = Facts { day_cap_at: Some(on(2, 9, 30)), ..called(on(2, 9, 30)) };
    check("a day's cap", &capped, now, Some((Rule::AttemptsDay, on(3, 9, 0))));
    check("a day's cap before a holiday", &capped_on(3), on(3, 15, 0), {
        Some((Rule::AttemptsDay, on(5, 9, 0)))
    });
    let refused = Facts { refused_at: Some(on(1, 12, 0)), ..facts() };
    let cool = CallingPolicy { cool_down_days: 4, ..CallingPolicy::default() };
    let verdict = admit(&cool, &refused, now);
    assert_eq!(verdict, Verdict::Deny { rule: Rule::CoolDown, until: on(5, 12, 0) });
    let pressed = Facts { pressure_cap_at: Some(on(2, 10, 0)), ..facts() };
    check("the budget of contacts", &pressed, now, Some((Rule::Pressure, on(9, 10, 0))));
    let both = Facts { pressure_cap_at: Some(on(2, 10, 0)), ..called(on(2, 14, 0)) };
    check("the longest rule decides", &both, now, Some((Rule::Pressure, on(9, 10, 0))));
}

#[test]
fn a_letter_knows_no_hour_and_every_rule_of_decency() {
    let letter = || Facts { channel: Channel::Letter, ..facts() };
    let night = on(7, 23, 30);
    check("a Saturday night", &letter(), night, None);
    let pressed = Facts { pressure_cap_at: Some(on(2, 10, 0)), ..letter() };
    check("the budget of contacts", &pressed, night, Some((Rule::Pressure, on(9, 10, 0))));
    let refused = Facts { refused_at: Some(on(1, 12, 0)), ..pressed.clone() };
    let rested = on(1, 12, 0).plus_days(CallingPolicy::default().cool_down_days);
    check("they refused", &refused, night, Some((Rule::CoolDown, rested)));
    let asked = Facts { is_promised: true, ..refused };
    check("they asked for it", &asked, night, None);
    let banned = Facts { is_suppressed: true, ..asked };
    check("asked for, and banned", &banned, night, Some((Rule::Suppressed, on(8, 23, 30))));
    let groundless = Facts { has_basis: false, ..letter() };
    check("no ground", &groundless, night, Some((Rule::NoBasis, on(8, 23, 30))));
}

fn capped_on(day: i8) -> Facts {
    let at = Some(on(day, 9, 30));
    Facts { attempts: 1, last_at: at, day_cap_at: at, ..facts() }
}

#[test]
fn a_call_they_asked_for_is_not_one_too_many_but_keeps_every_other_rule() {
    let now = on(2, 15, 0);
    let asked = Facts {
        is_promised: true,
        attempts: 9,
        pressure_cap_at: Some(on(2, 10, 0)),
        refused_at: Some(on(2, 10, 0)),
        ..capped_on(2)
    };
    check("promised", &asked, now, None);
    check("promised at night", &asked, on(2, 20, 0), Some((Rule::Hours, on(3, 9, 0))));
    let returned = Facts { came_back: true, ..asked.clone() };
    let policy = CallingPolicy::default();
    let rested = on(2, 10, 0).plus_days(policy.cool_down_days);
    let opens = policy.hours.next_open(rested, &zone()).expect("it opens");
    check("came back", &returned, now, Some((Rule::CoolDown, opens)));
    let banned = Facts { is_suppressed: true, ..asked };
    check("promised, then banned", &banned, now, Some((Rule::Suppressed, on(3, 15, 0))));
}

#[test]
fn rules_without_an_end_are_asked_again_the_next_day() {
    let now = on(2, 15, 0);
    let rows: [(Rule, fn(&mut Facts)); 6] = [
        (Rule::NotInBase, |f| f.is_in_base = false),
        (Rule::Suppressed, |f| f.is_suppressed = true),
        (Rule::Led, |f| f.is_led = true),
        (Rule::NoBasis, |f| f.has_basis = false),
        (Rule::NoPhone, |f| f.has_phone = false),
        (Rule::AttemptsTotal, |f| f.attempts = 6),
    ];
    for (rule, spoil) in rows {
        let mut spoilt = facts();
        spoil(&mut spoilt);
        check(rule.code(), &spoilt, now, Some((rule, on(3, 15, 0))));
    }
}

#[test]
fn a_part_of_the_day_has_its_attempts_and_no_more() {
    let part_max = [Some(1), Some(1), Some(0)];
    let policy = CallingPolicy { part_max, ..CallingPolicy::default() };
    let (morning, midday) = (1, 1_000);
    for (tried, now, expected) in [
        (0, on(2, 10, 0), None),
        (0, on(2, 16, 0), Some((Rule::DayPart, on(3, 9, 0)))),
        (morning, on(3, 10, 0), Some((Rule::DayPart, on(3, 12, 0)))),
        (morning, on(3, 12, 0), None),
        (morning + midday, on(3, 10, 0), Some((Rule::PartsTotal, on(4, 10, 0)))),
    ] {
        let facts = Facts { tries: Tries::unpack(tried), ..facts() };
        let verdict = match expected {
            None => Verdict::Allow,
            Some((rule, until)) => Verdict::Deny { rule, until },
        };
        assert_eq!(admit(&policy, &facts, now), verdict, "{tried} at {now:?}");
        let asked = Facts { is_promised: true, ..facts };
        assert_eq!(admit(&policy, &asked, now), Verdict::Allow, "who asked for it is called");
    }
}

proptest::proptest! {
    #[test]
    fn who_is_allowed_is_within_hours_and_who_is_denied_waits(
        minute in 0_i64..60_000, last in proptest::option::of(0_i64..60_000),
        suppressed: bool, basis: bool, promised: bool,
    ) {
        let now = on(1, 0, 0).plus_minutes(minute);
        let facts = Facts {
            is_suppressed: suppressed,
            has_basis: basis,
            is_promised: promised,
            last_at: last.map(|minutes| now.plus_minutes(-minutes)),
            ..facts()
        };
        let policy = CallingPolicy::default();
        match admit(&policy, &facts, now) {
            Verdict::Allow => {
                proptest::prop_assert!(policy.hours.is_open(now, &facts.zone));
                proptest::prop_assert!(!suppressed && basis);
            }
            Verdict::Deny { until, .. } => proptest::prop_assert!(until > now),
        }
    }
}
