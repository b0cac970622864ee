//! Rules without a database.

use proptest::prelude::*;

use super::super::PayRefusal;
use super::super::credit::{AsOf, credits};
use super::super::period::{Calendar, Period, PeriodState};
use super::super::plan::{Assignment, Body, Version};
use super::super::preset::{Measure, Preset, Round};
use super::super::rules::Rules;
use super::super::trigger::Trigger;
use super::super::unpaid::Unpaid;
use super::booking::refusal;
use super::{DECEMBER, NOVEMBER, OCTOBER, each, share};
use crate::events::Recorded;
use crate::values::*;

fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::Rub)
}

fn moscow() -> Zone {
    Zone::named("Europe/Moscow")
}

/// Somebody paid since October by a plan of tier 2 of one preset.
fn ruled(preset: &Preset) -> Rules {
    let plan = PlanId::fresh(OCTOBER);
    Rules {
        assignments: vec![Assignment {
            id: AnyId::fresh(OCTOBER),
            person: UserId::fresh(OCTOBER),
            plan,
            tier: 2,
            starts_at: OCTOBER,
            ends_at: None,
            salary: rub(0),
            terms: Default::default(),
            revision: 1,
        }],
        versions: vec![Version {
            plan,
            name: "Продажи".to_owned(),
            tier: 2,
            currency: Currency::Rub,
            version: 1,
            effective_from: OCTOBER,
            body: Body::of(&[*preset], Currency::Rub).expect("a plan"),
            author: None,
            published_by: None,
            published_at: OCTOBER,
        }],
        heads: Vec::new(),
    }
}

/// The beginning of what a preset pays for, with its money.
fn begun(preset: &Preset, person: UserId, amount: Option<Money>) -> Recorded {
    Recorded {
        id: EventId::fresh(OCTOBER),
        org: OrgId::fresh(OCTOBER),
        at: OCTOBER.plus_days(1),
        actor: None,
        kind: preset.trigger.kinds()[0],
        subject: PaymentId::fresh(OCTOBER).to_string(),
        company: None,
        campaign: None,
        person: Some(person),
        tier: Some(2),
        reason: None,
        amount,
        detail: serde_json::json!({}),
    }
}

fn at<'a>(at: Instant, zone: &'a Zone) -> AsOf<'a> {
    AsOf { at, zone }
}

/// What a preset pays for one event of some money, or why it does not.
fn paid(preset: &Preset, amount: Option<Money>) -> Result<i64, Option<Unpaid>> {
    let rules = ruled(preset);
    let event = begun(preset, rules.assignments[0].person, amount);
    let found = credits(&[event], &rules, at(NOVEMBER, &moscow()), |_| true).expect("computed");
    let [credit] = found.as_slice() else { panic!("one credit: {found:?}") };
    match credit.posted + credit.pending {
        0 => Err(credit.looked[0].1),
        minor => Ok(minor),
    }
}

#[test]
fn a_plan_that_cannot_be_meant_is_refused() {
    let month = |measure| Preset { trigger: Trigger::Month, tier: None, measure, cap: None };
    let capped = |cap| Preset { cap: Some(cap), ..each(Trigger::Meeting, 1, 350_00) };
    for (tier, preset, expected) in [
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
        (1, Preset { cap: Some(1), ..month(Measure::Salary) }, Err(PayRefusal::RateOutOfRange)),
    ] {
        assert_eq!(preset.check(tier), expected, "tier {tier}: {preset:?}");
        if expected.is_ok() {
            let body = Body::of(&[preset], Currency::Rub).expect("a plan");
            body.check(tier, Currency::Rub).expect("may be meant");
        }
    }
    // What a plan says by other words than those of presets is held to the same.
    let sold = Body::of(&[share(1, 20)], Currency::Rub).expect("a plan");
    assert_eq!(refusal(sold.check(1, Currency::Rub)), "pay-tier-one-sale");
    assert_eq!(refusal(Body::default().check(1, Currency::Rub)), "pay-no-components");
    let any = Preset { tier: None, ..each(Trigger::Meeting, 1, 2) };
    let twice = Body::of(&[each(Trigger::Meeting, 1, 1), any], Currency::Rub).expect("a plan");
    assert_eq!(refusal(twice.check(1, Currency::Rub)), "pay-component-twice");
    assert_eq!(Trigger::from_code("contract.signed"), None, "nobody is paid for an unknown event");
}

#[test]
fn a_preset_says_its_component_whole_and_is_found_in_it_again() {
    for tier in 1..=3 {
        let body = Body::of_tier(tier, Currency::Rub).expect("a plan");
        let presets = body.presets(Currency::Rub);
        assert!(presets.iter().all(Option::is_some), "tier {tier}: {presets:?}");
        let presets: Vec<Preset> = presets.into_iter().flatten().collect();
        assert_eq!(Body::of(&presets, Currency::Rub).expect("a plan"), body);
        let stored = serde_json::to_string(&body).expect("a text");
        assert_eq!(Body::read(&stored, Currency::Rub).expect("a plan"), body);
        // As it was stored before there was an engine of plans.
        let old = serde_json::json!({ "components": presets }).to_string();
        assert_eq!(Body::read(&old, Currency::Rub).expect("a plan"), body, "{old}");
    }
    let mut body = Body::of_tier(1, Currency::Rub).expect("a plan");
    body.components[0].clawback = true;
    assert_eq!(body.presets(Currency::Rub)[0], None, "that says more than a preset");
}

#[test]
fn an_amount_is_rounded_once_and_never_over_the_cap() {
    let rounded = |rounding| Preset {
        measure: Measure::Share { numerator: 1, denominator: 8, rounding },
        ..share(1, 8)
    };
    for (preset, base, expected) in [
        (share(1, 20), Some(rub(100_000_00)), Ok(5_000_00)),
        (share(1, 20), Some(rub(10)), Ok(1)),
        (share(1, 20), Some(rub(9)), Err(Some(Unpaid::Nothing))),
        (rounded(Round::HalfUp), Some(rub(20)), Ok(3)),
        (rounded(Round::HalfEven), Some(rub(20)), Ok(2)),
        (rounded(Round::Floor), Some(rub(23)), Ok(2)),
        (share(1, 20), None, Err(Some(Unpaid::NoAmount))),
        (share(1, 20), Some(Money::new(100, Currency::Eur)), Err(Some(Unpaid::OtherCurrency))),
        (Preset { cap: Some(99), ..share(1, 20) }, Some(rub(1_000_00)), Ok(99)),
        (each(Trigger::Meeting, 2, 350_00), None, Ok(350_00)),
        (each(Trigger::Meeting, 1, 350_00), None, Err(None)),
    ] {
        assert_eq!(paid(&preset, base), expected, "{preset:?} of {base:?}");
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
        salary in 1..1_000_000_000_i64,
        cut in 0..=31_i64,
        cut2 in 0..=31_i64,
    ) {
        let (a, b) = (cut.min(cut2), cut.max(cut2));
        let preset =
            Preset { trigger: Trigger::Month, tier: None, measure: Measure::Salary, cap: None };
        let mut rules = ruled(&preset);
        let whole = rules.assignments.remove(0);
        let stretches = [(0, a), (a, b), (b, 31)];
        for (from, until) in stretches.into_iter().filter(|(from, until)| from < until) {
            rules.assignments.push(Assignment {
                id: AnyId::fresh(OCTOBER),
                starts_at: OCTOBER.plus_days(from),
                ends_at: Some(OCTOBER.plus_days(until)),
                salary: rub(salary),
                ..whole.clone()
            });
        }
        let found = credits(&[], &rules, at(NOVEMBER, &moscow()), |_| true).expect("computed");
        prop_assert_eq!(found.iter().map(|credit| credit.posted).sum::<i64>(), salary);
        prop_assert!(found.iter().all(|credit| credit.is_salary() && credit.posted >= 0));
    }

    #[test]
    fn raising_a_rate_never_lowers_pay(
        base in 1..1_000_000_000_000_i64,
        over in 1..1_000_i64,
        more in 0..1_000_i64,
        rounding in 0..3_usize,
    ) {
        let rounding = [Round::HalfUp, Round::HalfEven, Round::Floor][rounding];
        let pay = |numerator| paid(&Preset {
            measure: Measure::Share { numerator, denominator: 2_000, rounding },
            ..share(1, 2)
        }, Some(rub(base))).unwrap_or(0);
        prop_assert!(pay(over) <= pay(over + more));
    }
}
