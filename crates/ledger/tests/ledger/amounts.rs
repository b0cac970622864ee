//! Tables of arithmetic: currencies, rates, steps, splits and draws with answers worked by hand.

use ledger::{Amount, AmountError, Currency, Draw, Rate, Recovery, Rounding, Step, Steps, split};

use crate::{eur, usd};

#[test]
fn a_currency_is_three_capital_letters() {
    for code in ["", "EU", "EURO", "eur", "E1R", "EÜ", "ЕUR"] {
        assert_eq!(Currency::new(code), Err(AmountError::NotACurrency), "{code}");
    }
    assert_eq!("RUB".parse::<Currency>().unwrap().to_string(), "RUB");
}

#[test]
fn amounts_add_up_or_say_why_not() {
    let differ = AmountError::CurrenciesDiffer { left: eur(0).currency, right: usd(0).currency };
    assert_eq!(eur(2).plus(eur(3)), Ok(eur(5)));
    assert_eq!(eur(2).minus(eur(3)), Ok(eur(-1)));
    assert_eq!(eur(2).times(-3), Ok(eur(-6)));
    assert_eq!(eur(2).plus(usd(3)), Err(differ.clone()));
    assert_eq!(eur(2).minus(usd(3)), Err(differ.clone()));
    assert_eq!(eur(i64::MAX).plus(eur(1)), Err(AmountError::Overflow));
    assert_eq!(eur(i64::MIN).minus(eur(1)), Err(AmountError::Overflow));
    assert_eq!(eur(i64::MIN).negated(), Err(AmountError::Overflow));
    assert_eq!(eur(i64::MAX).negated(), Ok(eur(-i64::MAX)));
    assert_eq!(eur(i64::MAX).times(2), Err(AmountError::Overflow));
    assert_eq!(Amount::sum(eur(0).currency, [eur(1), usd(1)]), Err(differ));
    // The way there may leave the range, the total may not.
    let there_and_back = [eur(i64::MAX), eur(1), eur(-2)];
    assert_eq!(Amount::sum(eur(0).currency, there_and_back), Ok(eur(i64::MAX - 1)));
    assert_eq!(Amount::sum(eur(0).currency, []), Ok(eur(0)));
    assert_eq!(eur(-205).to_string(), "-205 minor EUR");
}

#[test]
fn a_rate_rounds_once_and_as_told() {
    // Over two, so that the fraction is a half or nothing; over three, so that it never is.
    let rows = [
        // over, under, half up, half even, floor
        (5, 2, 3, 2, 2),
        (7, 2, 4, 4, 3),
        (-5, 2, -3, -2, -3),
        (-7, 2, -4, -4, -4),
        (4, 2, 2, 2, 2),
        (-4, 2, -2, -2, -2),
        (1, 3, 0, 0, 0),
        (2, 3, 1, 1, 0),
        (-1, 3, 0, 0, -1),
        (-2, 3, -1, -1, -1),
        (1, 2, 1, 0, 0),
        (-1, 2, -1, 0, -1),
        (0, 7, 0, 0, 0),
    ];
    for (over, under, half_up, half_even, floor) in rows {
        let rate = Rate::new(1, under).unwrap();
        let check = |rounding, answer| {
            assert_eq!(rate.of(eur(over), rounding), Ok(eur(answer)), "{over}/{under}");
        };
        check(Rounding::HalfUp, half_up);
        check(Rounding::HalfEven, half_even);
        check(Rounding::Floor, floor);
    }
}

#[test]
fn a_rate_is_exact_at_the_ends_of_the_range() {
    let all = Rate::new(i64::MAX, i64::MAX).unwrap();
    assert_eq!(all, Rate::ONE);
    assert_eq!(all.of(eur(i64::MIN), Rounding::Floor), Ok(eur(i64::MIN)));
    let double = Rate::new(2, 1).unwrap();
    assert_eq!(double.of(eur(i64::MAX), Rounding::HalfUp), Err(AmountError::Overflow));
    assert_eq!(double.of(eur(i64::MIN), Rounding::HalfUp), Err(AmountError::Overflow));
    let nearly = Rate::new(i64::MAX - 1, i64::MAX).unwrap();
    assert_eq!(nearly.of(eur(i64::MAX), Rounding::Floor), Ok(eur(i64::MAX - 1)));
    assert_eq!(Rate::new(i64::MIN, 1).unwrap().of(eur(1), Rounding::HalfEven), Ok(eur(i64::MIN)));
}

#[test]
fn rates_are_reduced_ordered_and_multiplied() {
    let five = Rate::basis_points(500);
    assert_eq!((five.numerator(), five.denominator()), (1, 20));
    assert_eq!(Rate::new(500, 10_000), Ok(five));
    assert_eq!(Rate::basis_points(0), Rate::ZERO);
    assert_eq!(Rate::basis_points(10_000), Rate::ONE);
    assert_eq!(Rate::basis_points(-250), Rate::new(-1, 40).unwrap());
    assert_eq!(Rate::basis_points(i64::MIN).numerator(), i64::MIN / 16);
    for under in [0, -1, i64::MIN] {
        assert_eq!(Rate::new(1, under), Err(AmountError::NotARate));
    }
    assert!(Rate::new(1, 3).unwrap() < Rate::new(34, 100).unwrap());
    assert!(Rate::new(-1, 3).unwrap() < Rate::ZERO);
    // 120 % attainment times 90 % quality is 108 %, rounded with the amount, once.
    let product = Rate::basis_points(12_000).times(Rate::basis_points(9_000)).unwrap();
    assert_eq!(product, Rate::basis_points(10_800));
    let fine = Rate::new(1, i64::MAX).unwrap();
    assert_eq!(fine.times(fine), Err(AmountError::Overflow));
    assert_eq!(five.to_string(), "1/20");
}

#[test]
fn roundings_have_stable_words() {
    for (rounding, code) in [
        (Rounding::HalfUp, "half_up"),
        (Rounding::HalfEven, "half_even"),
        (Rounding::Floor, "floor"),
    ] {
        assert_eq!(rounding.code(), code);
        assert_eq!(Rounding::from_code(code), Some(rounding));
    }
    assert_eq!(Rounding::from_code("ceiling"), None);
}

/// 5 % to 10,000, 7 % to 25,000, 10 % above.
fn table() -> Steps {
    let step = |up_to, points| Step { up_to, rate: Rate::basis_points(points) };
    Steps::new(vec![step(1_000_000, 500), step(2_500_000, 700)], Rate::basis_points(1_000)).unwrap()
}

#[test]
fn one_table_reads_two_ways() {
    let rows = [
        // amount, marginal, retroactive
        (0, 0, 0),
        (1_000_000, 50_000, 50_000),
        // A cent above the bound: 7 % of one cent rounds to nothing, 7 % of everything does not.
        (1_000_001, 50_000, 70_000),
        (2_500_000, 155_000, 175_000),
        (3_000_000, 205_000, 300_000),
    ];
    for (amount, marginal, retroactive) in rows {
        let rounding = Rounding::HalfUp;
        assert_eq!(table().marginal(eur(amount), rounding), Ok(eur(marginal)), "{amount}");
        assert_eq!(table().retroactive(eur(amount), rounding), Ok(eur(retroactive)), "{amount}");
    }
}

#[test]
fn a_marginal_sum_is_rounded_once() {
    // Three slices of half a unit each: 1.5, not three times 1.
    let half = Rate::new(1, 2).unwrap();
    let steps = Steps::new(
        vec![Step { up_to: 1, rate: half }, Step { up_to: 2, rate: half }],
        Rate::new(2, 4).unwrap(),
    );
    assert_eq!(steps.unwrap().marginal(eur(3), Rounding::HalfUp), Ok(eur(2)));
}

#[test]
fn slices_tell_how_a_marginal_sum_came_about() {
    let slices = table().slices(eur(3_000_000)).unwrap();
    let told: Vec<_> = slices.iter().map(|slice| (slice.part, slice.rate)).collect();
    let rate = Rate::basis_points;
    assert_eq!(
        told,
        [(eur(1_000_000), rate(500)), (eur(1_500_000), rate(700)), (eur(500_000), rate(1_000))]
    );
    assert_eq!(table().slices(eur(0)).unwrap(), []);
    assert_eq!(table().slices(eur(1_000_000)).unwrap().len(), 1);
    assert_eq!(table().steps().len(), 2);
    assert_eq!(table().above(), rate(1_000));
    assert_eq!(table().reached(-5), rate(500));
}

#[test]
fn a_table_needs_rising_bounds_and_a_measure_from_zero_up() {
    let rate = Rate::ONE;
    for bounds in [vec![0], vec![-1], vec![5, 5], vec![5, 4]] {
        let steps = bounds.iter().map(|up_to| Step { up_to: *up_to, rate }).collect();
        assert_eq!(Steps::new(steps, rate), Err(AmountError::StepsOutOfOrder), "{bounds:?}");
    }
    let negative = AmountError::Negative { what: "the measure of a rate table" };
    assert_eq!(table().marginal(eur(-1), Rounding::Floor), Err(negative.clone()));
    assert_eq!(table().retroactive(eur(-1), Rounding::Floor), Err(negative));
    let step = |under| Step { up_to: 1, rate: Rate::new(1, under).unwrap() };
    let above = Rate::new(1, i64::MAX - 1).unwrap();
    assert_eq!(Steps::new(vec![step(i64::MAX)], above), Err(AmountError::Overflow));
    let finest = Steps::new(vec![step(1)], Rate::new(1, i64::MAX).unwrap()).unwrap();
    assert_eq!(finest.marginal(eur(2), Rounding::Floor), Ok(eur(1)));
    let flat = Steps::new(vec![], Rate::new(3, 1).unwrap()).unwrap();
    assert_eq!(flat.marginal(eur(i64::MAX), Rounding::Floor), Err(AmountError::Overflow));
    assert_eq!(flat.marginal(eur(7), Rounding::Floor), Ok(eur(21)));
}

#[test]
fn a_split_gives_the_last_units_to_the_largest_remainders() {
    let rows: [(i64, &[u64], &[i64]); 9] = [
        (100, &[70, 30], &[70, 30]),
        (100, &[1, 1, 1], &[34, 33, 33]),
        (101, &[1, 1, 1], &[34, 34, 33]),
        (-100, &[1, 1, 1], &[-34, -33, -33]),
        (10, &[1, 6, 0], &[1, 9, 0]),
        (1, &[1, 2], &[0, 1]),
        (0, &[5, 5], &[0, 0]),
        (7, &[0, 3], &[0, 7]),
        (i64::MIN, &[u64::MAX, u64::MAX], &[i64::MIN / 2, i64::MIN / 2]),
    ];
    for (amount, shares, parts) in rows {
        let parts: Vec<_> = parts.iter().map(|part| eur(*part)).collect();
        assert_eq!(split(eur(amount), shares), Ok(parts), "{amount} by {shares:?}");
    }
    assert_eq!(split(eur(1), &[]), Err(AmountError::NoShares));
    assert_eq!(split(eur(1), &[0, 0]), Err(AmountError::NoShares));
}

#[test]
fn a_draw_is_advanced_and_recovered() {
    let check = |recovery, due, earned, answer: (i64, i64, i64, i64)| {
        let period = Draw { floor: eur(1_000), recovery }.settle(eur(due), eur(earned)).unwrap();
        let (advanced, recovered, disbursed, due) = answer;
        assert_eq!(period.advanced, eur(advanced), "advanced of {earned}");
        assert_eq!(period.recovered, eur(recovered), "recovered of {earned}");
        assert_eq!(period.disbursed, eur(disbursed), "disbursed of {earned}");
        assert_eq!(period.due, eur(due), "due after {earned}");
        assert_eq!(period.earned, eur(earned));
    };
    check(Recovery::Running, 0, 500, (500, 0, 1_000, 500));
    check(Recovery::Running, 500, 700, (300, 0, 1_000, 800));
    check(Recovery::Running, 800, 400, (600, 0, 1_000, 1_400));
    check(Recovery::Running, 1_400, 1_000, (0, 0, 1_000, 1_400));
    check(Recovery::Running, 1_400, 1_900, (0, 900, 1_000, 500));
    check(Recovery::Running, 500, 2_000, (0, 500, 1_500, 0));
    check(Recovery::Running, 0, -200, (1_200, 0, 1_000, 1_200));
    check(Recovery::Waiting, 500, 2_000, (0, 0, 2_000, 500));
    check(Recovery::Waiting, 500, 700, (300, 0, 1_000, 800));
    check(Recovery::Forgiven, 500, 700, (300, 0, 1_000, 500));
    check(Recovery::Forgiven, 500, 2_000, (0, 0, 2_000, 500));
}

#[test]
fn a_draw_runs_period_after_period() {
    let draw = Draw { floor: eur(1_000), recovery: Recovery::Running };
    let series = draw.series(eur(0), &[eur(500), eur(700), eur(400)]).unwrap();
    let told: Vec<_> = series.iter().map(|period| (period.disbursed, period.due)).collect();
    assert_eq!(told, [(eur(1_000), eur(500)), (eur(1_000), eur(800)), (eur(1_000), eur(1_400))]);
    assert_eq!(draw.series(eur(0), &[]), Ok(vec![]));
    // After its end nothing is advanced, and what is earned recovers the rest.
    let ended = Draw { floor: eur(0), recovery: Recovery::Running };
    let series = ended.series(eur(1_400), &[eur(1_000), eur(1_000)]).unwrap();
    let told: Vec<_> = series.iter().map(|period| (period.disbursed, period.due)).collect();
    assert_eq!(told, [(eur(0), eur(400)), (eur(600), eur(0))]);
}

#[test]
fn a_draw_refuses_what_makes_no_sense() {
    let draw = Draw { floor: eur(1), recovery: Recovery::Running };
    let negative = |what| Err(AmountError::Negative { what });
    assert_eq!(draw.settle(eur(-1), eur(0)), negative("the amount due on a draw"));
    let below = Draw { floor: eur(-1), ..draw };
    assert_eq!(below.settle(eur(0), eur(0)), negative("a draw"));
    let differ = AmountError::CurrenciesDiffer { left: eur(0).currency, right: usd(0).currency };
    assert_eq!(draw.settle(usd(0), eur(0)), Err(differ));
    assert!(draw.settle(eur(0), usd(0)).is_err());
    assert_eq!(draw.settle(eur(i64::MAX), eur(0)), Err(AmountError::Overflow));
}
