//! Rules without a database.

use proptest::prelude::*;

use super::super::PayRefusal;
use super::super::period::{Calendar, Period, PeriodState, salary_part};
use super::super::plan::{Body, Component, Measure, Round, Trigger, Unpaid};
use super::{DECEMBER, NOVEMBER, each, share};
use crate::values::*;

fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::Rub)
}

#[test]
fn a_plan_that_cannot_be_meant_is_refused() {
    let month = |measure| Component { trigger: Trigger::Month, tier: None, measure, cap: None };
    let capped = |cap| Component { cap: Some(cap), ..each(Trigger::Meeting, 1, 350_00) };
    for (tier, component, expected) in [
        (1, each(Trigger::Meeting, 1, 350_00), Ok(())),
        (1, each(Trigger::Payment, 1, 350_00), Err(PayRefusal::TierOnePaidForSale)),
        (1, share(1, 20), Err(PayRefusal::TierOnePaidForSale)),
        (1, each(Trigger::Order, 1, 1), Err(PayRefusal::TierOnePaidForSale)),
        (1, each(Trigger::Kept, 1, 1), Err(PayRefusal::TierOnePaidForSale)),
        (1, month(Measure::Salary), Ok(())),
        (2, share(1, 20), Ok(())),
        (2, share(1, 1), Ok(())),
        (2, share(1_000_000_000, 1), Err(PayRefusal::RateOutOfRange)),
        (2, share(0, 20), Err(PayRefusal::RateOutOfRange)),
        (2, share(-1, 20), Err(PayRefusal::RateOutOfRange)),
        (2, share(1, 0), Err(PayRefusal::RateOutOfRange)),
        (2, each(Trigger::Meeting, 2, 0), Err(PayRefusal::RateOutOfRange)),
        (2, each(Trigger::Meeting, 2, i64::MAX), Err(PayRefusal::RateOutOfRange)),
        (3, month(Measure::Each(1)), Err(PayRefusal::RateOutOfRange)),
        (1, capped(0), Err(PayRefusal::RateOutOfRange)),
        (1, capped(1), Ok(())),
    ] {
        let body = Body { components: vec![component] };
        assert_eq!(body.check(tier), expected, "tier {tier}: {component:?}");
    }
    assert_eq!(Body::default().check(1), Err(PayRefusal::NoComponents));
    let twice =
        Body { components: vec![each(Trigger::Meeting, 1, 1), each(Trigger::Meeting, 1, 2)] };
    assert_eq!(twice.check(1), Err(PayRefusal::ComponentTwice));
    assert_eq!(Trigger::from_code("contract.signed"), None, "nobody is paid for an unknown event");
}

#[test]
fn an_amount_is_rounded_once_and_never_over_the_cap() {
    let rounded = |rounding| Component {
        measure: Measure::Share { numerator: 1, denominator: 8, rounding },
        ..share(1, 8)
    };
    for (component, base, expected) in [
        (share(1, 20), Some(rub(100_000_00)), Ok(rub(5_000_00))),
        (share(1, 20), Some(rub(10)), Ok(rub(1))),
        (share(1, 20), Some(rub(9)), Err(Unpaid::Nothing)),
        (rounded(Round::HalfUp), Some(rub(20)), Ok(rub(3))),
        (rounded(Round::HalfEven), Some(rub(20)), Ok(rub(2))),
        (rounded(Round::Floor), Some(rub(23)), Ok(rub(2))),
        (share(1, 20), None, Err(Unpaid::NoAmount)),
        (share(1, 20), Some(Money::new(100, Currency::Eur)), Err(Unpaid::OtherCurrency)),
        (Component { cap: Some(99), ..share(1, 20) }, Some(rub(1_000_00)), Ok(rub(99))),
        (each(Trigger::Meeting, 1, 350_00), None, Ok(rub(350_00))),
    ] {
        assert_eq!(component.amount(base, Currency::Rub), expected, "{component:?} of {base:?}");
    }
}

fn november(state: PeriodState) -> Period {
    Period {
        id: PeriodId::fresh(NOVEMBER),
        month: "2026-11".parse().expect("a month"),
        starts_at: NOVEMBER,
        ends_at: DECEMBER,
        state,
        reviewed: None,
        review_event: None,
        approved: None,
        closed: None,
        is_alone: false,
        revision: 1,
    }
}

#[test]
fn a_period_goes_one_way_and_by_two_people() {
    let (owner, pavel) = (UserId::fresh(NOVEMBER), UserId::fresh(NOVEMBER));
    let event = EventId::fresh(NOVEMBER);
    let open = november(PeriodState::Open);
    let early = open.review(pavel, event, DECEMBER.plus_ms(-1));
    assert_eq!(early.err(), Some(PayRefusal::PeriodNotOver));
    assert_eq!(open.approve(owner, 3, DECEMBER).err(), Some(PayRefusal::NotInThatState));
    assert_eq!(open.close(pavel, 3, false, DECEMBER).err(), Some(PayRefusal::NotApproved));
    let review = open.review(pavel, event, DECEMBER).expect("over");
    assert_eq!(review.review(pavel, event, DECEMBER).err(), Some(PayRefusal::NotInThatState));
    assert_eq!(review.close(pavel, 3, false, DECEMBER).err(), Some(PayRefusal::NotApproved));
    let approved = review.approve(owner, 3, DECEMBER).expect("in review");
    let refused = |by, lines, is_alone| approved.close(by, lines, is_alone, DECEMBER).err();
    assert_eq!(refused(owner, 3, false), Some(PayRefusal::ApproverCloses));
    assert_eq!(refused(pavel, 4, false), Some(PayRefusal::LinesCameSince));
    let alone = approved.close(owner, 3, true, DECEMBER).expect("nobody else");
    assert!(alone.is_alone);
    let closed = approved.close(pavel, 3, false, DECEMBER).expect("by another");
    assert!(!closed.is_alone && closed.state == PeriodState::Closed);
    assert_eq!(closed.close(pavel, 3, false, DECEMBER).err(), Some(PayRefusal::AlreadyClosed));
    assert_eq!(closed.approve(owner, 3, DECEMBER).err(), Some(PayRefusal::NotInThatState));
}

#[test]
fn a_line_for_a_closed_month_falls_into_the_next_open_one() {
    let month = |text: &str| text.parse::<Month>().expect("a month");
    let closed = [month("2026-11"), month("2026-12")].into_iter().collect();
    let calendar = Calendar { closed };
    for (of, into) in [
        ("2026-10", "2026-10"),
        ("2026-11", "2027-01"),
        ("2026-12", "2027-01"),
        ("2027-02", "2027-02"),
    ] {
        assert_eq!(calendar.open_from(month(of)), month(into), "{of}");
    }
}

#[test]
fn months_begin_at_midnight_in_the_firm_s_zone() {
    for (zone, at, expected) in [
        ("Europe/Kaliningrad", "2026-10-31T21:59:59Z", "2026-10"),
        ("Europe/Kaliningrad", "2026-10-31T22:00:00Z", "2026-11"),
        ("Europe/Moscow", "2026-10-31T21:00:00Z", "2026-11"),
        ("Europe/Samara", "2026-10-31T20:00:00Z", "2026-11"),
        ("Asia/Yekaterinburg", "2026-10-31T19:00:00Z", "2026-11"),
        ("Asia/Omsk", "2026-10-31T18:00:00Z", "2026-11"),
        ("Asia/Krasnoyarsk", "2026-10-31T17:00:00Z", "2026-11"),
        ("Asia/Irkutsk", "2026-10-31T16:00:00Z", "2026-11"),
        ("Asia/Yakutsk", "2026-10-31T15:00:00Z", "2026-11"),
        ("Asia/Vladivostok", "2026-10-31T14:00:00Z", "2026-11"),
        ("Asia/Magadan", "2026-10-31T13:00:00Z", "2026-11"),
        ("Asia/Kamchatka", "2026-10-31T12:00:00Z", "2026-11"),
        ("Asia/Kamchatka", "2026-12-31T12:00:00Z", "2027-01"),
        ("Europe/Moscow", "2028-02-29T20:59:59Z", "2028-02"),
    ] {
        let at = Instant::from_rfc3339(at).expect("an instant");
        assert_eq!(Month::of(at, &Zone::named(zone)).to_string(), expected, "{zone} {at:?}");
    }
    assert_eq!("2028-02".parse::<Month>().map(Month::days), Ok(29));
    for text in ["2026-13", "2026-00", "26-01", "1999-12", "2026-1", "", "2026-+1", "9999-01"] {
        assert_eq!(text.parse::<Month>(), Err(()), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_salary_cut_anywhere_adds_up_to_itself(
        salary in 0..1_000_000_000_i64,
        of in 28..=31_i64,
        cut in 0..=31_i64,
        cut2 in 0..=31_i64,
    ) {
        let (a, b) = (cut.min(cut2).min(of), cut.max(cut2).min(of));
        let part = |from, until| salary_part(rub(salary), (from, until, of)).expect("fits").minor;
        prop_assert_eq!(part(0, a) + part(a, b) + part(b, of), salary);
        prop_assert!(part(a, b) >= 0);
    }

    #[test]
    fn raising_a_rate_never_lowers_pay(
        base in 1..1_000_000_000_000_i64,
        over in 1..1_000_i64,
        more in 0..1_000_i64,
        rounding in 0..3_usize,
    ) {
        let rounding = [Round::HalfUp, Round::HalfEven, Round::Floor][rounding];
        let pay = |numerator| Component {
            measure: Measure::Share { numerator, denominator: 2_000, rounding },
            ..share(1, 2)
        }.amount(Some(rub(base)), Currency::Rub).map_or(0, |money| money.minor);
        prop_assert!(pay(over) <= pay(over + more));
    }
}
