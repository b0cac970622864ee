//! Properties of amounts, rates, steps, splits and draws over generated cases.

use ledger::{Amount, AmountError, Draw, Rate, Recovery, Rounding, Step, Steps, split};
use proptest::prelude::*;

use crate::{eur, many};

fn rounding() -> impl Strategy<Value = Rounding> {
    prop_oneof![Just(Rounding::HalfUp), Just(Rounding::HalfEven), Just(Rounding::Floor)]
}

/// A rate from 0 to 300 %, in basis points or with an odd denominator.
fn rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        (0..=30_000_i64).prop_map(Rate::basis_points),
        (0..=90_i64, 1..=30_i64).prop_map(|(over, under)| Rate::new(over, under).unwrap()),
    ]
}

/// A sum of money up to a billion, with small ones and neighbours of round ones more frequent.
fn money() -> impl Strategy<Value = i64> {
    prop_oneof![0..=100_i64, 0..=100_000_000_000_i64, (0..=1_000_i64).prop_map(|n| n * 10_000 + 1)]
}

/// The parts of a table: how far each step reaches above the last, its rate, and the rate above.
fn table() -> impl Strategy<Value = (Vec<(i64, Rate)>, Rate)> {
    (prop::collection::vec((1..=20_000_000_i64, rate()), 0..5), rate())
}

fn steps(table: &[(i64, Rate)], above: Rate) -> Steps {
    let mut up_to = 0;
    let steps = table.iter().map(|(width, rate)| {
        up_to += width;
        Step { up_to, rate: *rate }
    });
    Steps::new(steps.collect(), above).unwrap()
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn sums_are_exact_or_refused(a: i64, b: i64) {
        let check = |answer: Result<Amount, AmountError>, wide: i128| match i64::try_from(wide) {
            Ok(minor) => assert_eq!(answer, Ok(eur(minor))),
            Err(_) => assert_eq!(answer, Err(AmountError::Overflow)),
        };
        check(eur(a).plus(eur(b)), i128::from(a) + i128::from(b));
        check(eur(a).minus(eur(b)), i128::from(a) - i128::from(b));
        check(eur(a).times(b), i128::from(a) * i128::from(b));
    }

    #[test]
    fn a_rounded_amount_is_the_nearest_or_the_next_below(
        minor: i64, over: i64, under in 1..=i64::MAX, rounding in rounding(),
    ) {
        let exact = i128::from(minor) * i128::from(over);
        let under_wide = i128::from(under);
        let Ok(rounded) = Rate::new(over, under).unwrap().of(eur(minor), rounding) else {
            // Refused only when even the nearest whole number is out of range.
            prop_assert!(exact.div_euclid(under_wide) >= i128::from(i64::MAX)
                || exact.div_euclid(under_wide) < i128::from(i64::MIN));
            return Ok(());
        };
        let error = exact - i128::from(rounded.minor) * under_wide;
        match rounding {
            Rounding::Floor => prop_assert!((0..under_wide).contains(&error)),
            Rounding::HalfUp | Rounding::HalfEven => prop_assert!(error.abs() * 2 <= under_wide),
        }
        if error.abs() * 2 == under_wide {
            match rounding {
                Rounding::HalfUp => prop_assert_eq!(error > 0, exact < 0),
                Rounding::HalfEven => prop_assert_eq!(rounded.minor % 2, 0),
                Rounding::Floor => {}
            }
        }
    }

    #[test]
    fn halves_go_where_they_are_told(whole in -1_000_000..=1_000_000_i64) {
        let half = Rate::new(1, 2).unwrap();
        let of = |rounding| half.of(eur(whole * 2 + 1), rounding).unwrap().minor;
        prop_assert_eq!(of(Rounding::Floor), whole);
        prop_assert_eq!(of(Rounding::HalfEven), if whole % 2 == 0 { whole } else { whole + 1 });
        prop_assert_eq!(of(Rounding::HalfUp), if whole >= 0 { whole + 1 } else { whole });
    }

    #[test]
    fn opposites_round_to_opposites(
        minor in -1_000_000_000..=1_000_000_000_i64, rate in rate(),
        rounding in prop_oneof![Just(Rounding::HalfUp), Just(Rounding::HalfEven)],
    ) {
        let there = rate.of(eur(minor), rounding).unwrap();
        prop_assert_eq!(rate.of(eur(-minor), rounding).unwrap(), there.negated().unwrap());
    }

    #[test]
    fn raising_a_rate_never_lowers(
        minor in money(), first in rate(), second in rate(), rounding in rounding(),
    ) {
        let (low, high) = if first <= second { (first, second) } else { (second, first) };
        prop_assert!(low.of(eur(minor), rounding).unwrap().minor
            <= high.of(eur(minor), rounding).unwrap().minor);
    }

    #[test]
    fn raising_a_rate_in_a_table_never_lowers(
        (table, above) in table(), place: prop::sample::Index, higher in rate(),
        minor in money(), rounding in rounding(),
    ) {
        let (mut raised, mut raised_above) = (table.clone(), above);
        let place = place.index(table.len() + 1);
        let rate = raised.get_mut(place).map_or(&mut raised_above, |(_, rate)| rate);
        *rate = higher.max(*rate);
        let before = steps(&table, above);
        let after = steps(&raised, raised_above);
        prop_assert!(before.marginal(eur(minor), rounding).unwrap().minor
            <= after.marginal(eur(minor), rounding).unwrap().minor);
        prop_assert!(before.retroactive(eur(minor), rounding).unwrap().minor
            <= after.retroactive(eur(minor), rounding).unwrap().minor);
    }

    #[test]
    fn marginal_never_falls_as_the_amount_rises(
        (table, above) in table(), minor in money(), more in money(), rounding in rounding(),
    ) {
        let steps = steps(&table, above);
        prop_assert!(steps.marginal(eur(minor), rounding).unwrap().minor
            <= steps.marginal(eur(minor + more), rounding).unwrap().minor);
    }

    #[test]
    fn marginal_is_the_sum_of_its_slices_rounded_once(
        (table, above) in table(), minor in money(),
    ) {
        let steps = steps(&table, above);
        let slices = steps.slices(eur(minor)).unwrap();
        let whole = Amount::sum(eur(0).currency, slices.iter().map(|slice| slice.part)).unwrap();
        prop_assert_eq!(whole, eur(minor));
        // Rounding each slice down on its own loses less than one unit a slice.
        let floors = slices.iter().map(|slice| slice.rate.of(slice.part, Rounding::Floor).unwrap());
        let floors = Amount::sum(eur(0).currency, floors).unwrap().minor;
        let once = steps.marginal(eur(minor), Rounding::Floor).unwrap().minor;
        let count = i64::try_from(slices.len()).unwrap();
        prop_assert!((floors..=floors + (count - 1).max(0)).contains(&once));
    }

    #[test]
    fn a_table_with_one_rate_is_that_rate(
        widths in prop::collection::vec(1..=20_000_000_i64, 0..5), rate in rate(),
        minor in money(), rounding in rounding(),
    ) {
        let table: Vec<_> = widths.into_iter().map(|width| (width, rate)).collect();
        let flat = rate.of(eur(minor), rounding);
        let steps = steps(&table, rate);
        prop_assert_eq!(steps.marginal(eur(minor), rounding), flat.clone());
        prop_assert_eq!(steps.retroactive(eur(minor), rounding), flat);
    }

    #[test]
    fn a_split_sums_to_the_whole_and_is_fair(
        minor: i64, shares in prop::collection::vec(prop_oneof![0..=3_u64, any::<u64>()], 1..9),
    ) {
        let whole: u128 = shares.iter().map(|share| u128::from(*share)).sum();
        prop_assume!(whole > 0);
        let parts = split(eur(minor), &shares).unwrap();
        prop_assert_eq!(parts.len(), shares.len());
        prop_assert_eq!(Amount::sum(eur(0).currency, parts.clone()).unwrap(), eur(minor));
        for (part, share) in parts.iter().zip(&shares) {
            let exact = u128::from(minor.unsigned_abs()) * u128::from(*share) / whole;
            let size = u128::from(part.minor.unsigned_abs());
            prop_assert!(size == exact || (size == exact + 1 && *share > 0));
            prop_assert!(part.minor == 0 || (part.minor < 0) == (minor < 0));
        }
    }

    #[test]
    fn a_split_does_not_depend_on_the_scale_or_the_sign(
        minor in -1_000_000_000..=1_000_000_000_i64,
        shares in prop::collection::vec(1..=10_000_u64, 1..9), scale in 1..=1_000_u64,
    ) {
        let parts = split(eur(minor), &shares).unwrap();
        let scaled: Vec<u64> = shares.iter().map(|share| share * scale).collect();
        prop_assert_eq!(&split(eur(minor), &scaled).unwrap(), &parts);
        let opposite: Vec<_> = parts.iter().map(|part| part.negated().unwrap()).collect();
        prop_assert_eq!(split(eur(-minor), &shares).unwrap(), opposite);
    }

    #[test]
    fn a_draw_loses_nothing(
        floor in money(), due in money(),
        earned in prop::collection::vec(-1_000_000..=1_000_000_i64, 0..12),
        recovery in prop_oneof![
            Just(Recovery::Running), Just(Recovery::Waiting), Just(Recovery::Forgiven)
        ],
    ) {
        let earned: Vec<_> = earned.into_iter().map(eur).collect();
        let series = Draw { floor: eur(floor), recovery }.series(eur(due), &earned).unwrap();
        prop_assert_eq!(series.len(), earned.len());
        let mut before = due;
        for (period, earned) in series.iter().zip(&earned) {
            let (advanced, recovered) = (period.advanced.minor, period.recovered.minor);
            prop_assert!(advanced >= 0 && recovered >= 0 && period.due.minor >= 0);
            prop_assert!(advanced == 0 || recovered == 0);
            prop_assert_eq!(period.disbursed.minor, earned.minor + advanced - recovered);
            prop_assert!(period.disbursed.minor >= floor);
            let owed = if recovery == Recovery::Forgiven { 0 } else { advanced };
            prop_assert_eq!(period.due.minor, before + owed - recovered);
            if recovery == Recovery::Running && period.disbursed.minor > floor {
                prop_assert_eq!(period.due.minor, 0, "a surplus leaves only when nothing is due");
            }
            if recovery != Recovery::Running {
                prop_assert_eq!(recovered, 0);
            }
            before = period.due.minor;
        }
    }
}
