//! Known values and the identities that tie the formulas together.

use proptest::prelude::*;

use super::*;

fn close(found: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!((found - wanted).abs() <= tolerance, "{what}: {found}, not {wanted}");
}

fn traffic(arrivals: f64, within_seconds: f64, service_seconds: f64) -> Traffic {
    match Traffic::new(arrivals, within_seconds, service_seconds) {
        Ok(traffic) => traffic,
        Err(problem) => panic!("{problem}"),
    }
}

/// Traffic of so many erlangs with calls of so many seconds.
fn load(erlangs: f64, service_seconds: f64) -> Traffic {
    traffic(erlangs, service_seconds, service_seconds)
}

fn value(result: Result<f64, OutOfRange>) -> f64 {
    result.unwrap_or(f64::NAN)
}

#[test]
fn erlang_b_gives_the_exact_values() {
    let check = |a, n, wanted| close(value(erlang_b(a, n)), wanted, 1e-12, &format!("B({a}, {n})"));
    check(10.0, 10, 0.214_582_343_107_347_36);
    check(20.0, 30, 0.008_457_498_340_194_703);
    check(20.0, 10, 0.537_963_168_632_072_8);
    check(5.0, 1, 0.833_333_333_333_333_4);
    check(180.0, 200, 0.010_324_995_204_982_299);
    check(0.0, 0, 1.0);
    check(0.0, 3, 0.0);
    check(7.0, 0, 1.0);
}

#[test]
fn erlang_c_gives_the_exact_values() {
    let check = |a, n, wanted| close(value(erlang_c(a, n)), wanted, 1e-12, &format!("C({a}, {n})"));
    check(10.0, 14, 0.174_131_933_595_049_83);
    check(48.0, 55, 0.238_700_936_378_009_2);
    check(20.0, 25, 0.209_102_826_598_836_64);
    check(1.0, 2, 1.0 / 3.0);
    check(5.0, 8, 0.167_266_506_661_756_6);
    check(100.0, 110, 0.237_007_500_285_052_74);
    check(48.0, 50, 0.694_455_611_196_834_4);
    check(5.0, 5, 1.0);
    check(9.0, 5, 1.0);
    check(0.0, 0, 1.0);
}

#[test]
fn service_levels_and_speeds_of_answer_agree_with_the_published_ones() {
    let check = |a, n, aht, target, level: f64, asa: f64, busy: f64| {
        let traffic = load(a, aht);
        let what = format!("{a} {n}");
        close(value(service_level(traffic, n, target)), level, 1e-12, &what);
        close(value(asa_seconds(traffic, n)), asa, 1e-6, &what);
        close(value(occupancy(a, n)), busy, 1e-7, &what);
    };
    check(10.0, 14, 180.0, 20.0, 0.888_350_019_179_466_9, 7.835_937, 0.714_285_7);
    check(48.0, 55, 240.0, 15.0, 0.845_883_092_170_580_3, 8.184_032, 0.872_727_3);
    close(value(occupancy(100.0, 110)), 0.909_091, 1e-6, "100/110");
}

#[test]
fn waits_of_a_tight_queue_are_known() {
    let traffic = load(48.0, 60.0);
    close(value(asa_seconds(traffic, 50)), 20.833_7, 1e-4, "mean");
    close(value(wait_quantile_seconds(traffic, 50, 0.9)), 58.138_7, 1e-4, "90th");
    close(value(wait_quantile_seconds(traffic, 50, 0.2)), 0.0, 0.0, "those who do not wait");
    close(value(queue_length_mean(48.0, 50)), 16.667, 1e-3, "queue");
    assert_eq!(asa_seconds(traffic, 48), Ok(f64::INFINITY));
    assert_eq!(wait_quantile_seconds(traffic, 40, 0.5), Ok(f64::INFINITY));
    assert_eq!(service_level(traffic, 48, 20.0), Ok(0.0));
}

#[test]
fn erlang_a_gives_the_exact_values() {
    // Per minute: arrivals, service, patience; agents; then waits, abandons, wait, queue, busy.
    let rows = [
        (48.0, 1.0, 2.0, 50, [0.467_774, 0.030_912, 0.061_824_5, 2.967_576, 0.930_324]),
        (1.0, 3.0, 2.0, 4, [0.329_723, 0.122_111, 0.244_223, 0.244_223, 0.658_416]),
        (10.0, 3.0, 5.0, 35, [0.221_156, 0.014_776, 0.073_880, 0.738_803, 0.844_478]),
        (30.0, 4.0, 3.0, 120, [0.477_171, 0.039_002, 0.117_005, 3.510_143, 0.960_998]),
        (0.5, 5.0, 1.0, 3, [0.352_002, 0.235_259, 0.235_259, 0.117_630, 0.637_284]),
    ];
    for (rate, service, patience, agents, wanted) in rows {
        let found = erlang_a(traffic(rate, 60.0, service * 60.0), agents, patience * 60.0);
        let Ok(found) = found else { panic!("{found:?}") };
        let what = format!("{rate} {agents}");
        close(found.waits, wanted[0], 6e-7, &what);
        close(found.abandons, wanted[1], 6e-7, &what);
        close(found.wait_seconds_mean / 60.0, wanted[2], 6e-7, &what);
        close(found.queue_length_mean, wanted[3], 6e-7, &what);
        close(found.occupancy, wanted[4], 6e-7, &what);
    }
}

#[test]
fn erlang_a_becomes_c_with_endless_patience_and_b_with_none() {
    let traffic = load(10.0, 180.0);
    let Ok(patient) = erlang_a(traffic, 14, 180.0 * 1e9) else { panic!("refused") };
    close(patient.waits, value(erlang_c(10.0, 14)), 1e-7, "waits");
    close(patient.wait_seconds_mean, value(asa_seconds(traffic, 14)), 1e-5, "wait");
    let Ok(hasty) = erlang_a(traffic, 10, 1e-6) else { panic!("refused") };
    close(hasty.abandons, value(erlang_b(10.0, 10)), 1e-7, "abandons");
    let Ok(gone) = erlang_a(traffic, 10, 0.0) else { panic!("refused") };
    close(gone.abandons, value(erlang_b(10.0, 10)), 1e-12, "no patience");
}

#[test]
fn erlang_a_survives_hard_corners() {
    let Ok(crowd) = erlang_a(load(1000.0, 100.0), 1, 1e5) else { panic!("refused") };
    // Nearly all give up, and what is answered keeps the one agent busy.
    close(crowd.occupancy, 1.0, 1e-9, "busy");
    close(crowd.abandons, 0.999, 1e-9, "abandons");
    let Ok(idle) = erlang_a(load(1.0, 60.0), 2000, 60.0) else { panic!("refused") };
    close(idle.waits, 0.0, 0.0, "nobody waits");
    let Ok(nobody) = erlang_a(load(2.0, 60.0), 0, 30.0) else { panic!("refused") };
    close(nobody.abandons, 1.0, 1e-12, "no agents");
    close(nobody.wait_seconds_mean, 30.0, 1e-9, "all their patience");
    let Ok(quiet) = erlang_a(traffic(0.0, 60.0, 60.0), 2, 30.0) else { panic!("refused") };
    close(quiet.occupancy + quiet.abandons + quiet.wait_seconds_mean, 0.0, 0.0, "no arrivals");
}

#[test]
fn arguments_out_of_range_are_refused() {
    assert!(erlang_b(-1.0, 3).is_err());
    assert!(erlang_c(f64::NAN, 3).is_err());
    assert!(Traffic::new(1.0, 0.0, 60.0).is_err());
    assert!(Traffic::new(-1.0, 60.0, 60.0).is_err());
    assert!(Traffic::new(1.0, 60.0, f64::INFINITY).is_err());
    assert!(service_level(load(1.0, 60.0), 2, -1.0).is_err());
    assert!(wait_quantile_seconds(load(1.0, 60.0), 2, 1.0).is_err());
    assert!(erlang_a(load(1.0, 60.0), 2, f64::INFINITY).is_err());
}

proptest! {
    #[test]
    fn more_agents_never_hurt(load in 0.1_f64..300.0, agents in 1_u32..400) {
        prop_assert!(value(erlang_b(load, agents + 1)) <= value(erlang_b(load, agents)));
        prop_assert!(value(erlang_c(load, agents + 1)) <= value(erlang_c(load, agents)));
    }

    #[test]
    fn shares_stay_shares_and_c_is_not_below_b(erlangs in 0.0_f64..300.0, agents in 0_u32..400) {
        let (b, c) = (value(erlang_b(erlangs, agents)), value(erlang_c(erlangs, agents)));
        prop_assert!((0.0..=1.0).contains(&b) && (0.0..=1.0).contains(&c) && c >= b);
        let level = value(service_level(load(erlangs, 60.0), agents, 20.0));
        prop_assert!((0.0..=1.0).contains(&level));
    }

    #[test]
    fn erlang_a_keeps_its_identities(
        erlangs in 0.1_f64..120.0,
        agents in 1_u32..130,
        patience in 5.0_f64..2000.0,
    ) {
        let Ok(found) = erlang_a(load(erlangs, 100.0), agents, patience) else {
            return Err(TestCaseError::fail("refused"));
        };
        let abandons = found.wait_seconds_mean / patience;
        prop_assert!((found.abandons - abandons).abs() < 1e-9);
        let busy = erlangs * (1.0 - found.abandons) / f64::from(agents);
        prop_assert!((found.occupancy - busy).abs() < 1e-9);
        prop_assert!(found.occupancy <= 1.0 + 1e-9);
        prop_assert!(found.waits <= value(erlang_c(erlangs, agents)) + 1e-9);
        prop_assert!(found.abandons <= value(erlang_b(erlangs, agents)) + 1e-9);
    }
}
