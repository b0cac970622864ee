//! The simulation against the closed forms, and its own promises.

use super::*;
use crate::{asa_seconds, erlang_a, erlang_b, erlang_c, service_level};

fn scenario(erlangs: f64, service_seconds: f64, agents: u32, patience: Option<f64>) -> Scenario {
    let Ok(traffic) = Traffic::new(erlangs, service_seconds, service_seconds) else {
        panic!("refused")
    };
    Scenario { traffic, agents, patience_seconds_mean: patience, target_seconds: 20.0 }
}

fn plan(count: u32, seed: u64) -> Replications {
    Replications { warm_up_seconds: 7_200.0, measured_seconds: 72_000.0, count, seed }
}

fn run(scenario: &Scenario, plan: &Replications) -> Estimates {
    match simulate(scenario, plan) {
        Ok(estimates) => estimates,
        Err(problem) => panic!("{problem}"),
    }
}

/// A 95 % interval misses the truth once in twenty; half as wide again, once in three hundred.
fn agrees(found: Interval, wanted: Result<f64, OutOfRange>, what: &str) {
    let wanted = wanted.unwrap_or(f64::NAN);
    let off = (found.mean - wanted).abs();
    assert!(off <= 1.5 * found.half_width, "{what}: {found:?}, not {wanted}");
    // An interval too wide to miss anything would prove nothing.
    assert!(found.half_width <= 0.15 * wanted.max(0.01), "{what}: {found:?} around {wanted}");
}

#[test]
fn it_agrees_with_erlang_c() {
    for (erlangs, agents) in [(10.0, 14), (5.0, 8), (1.0, 2)] {
        let scenario = scenario(erlangs, 180.0, agents, None);
        let found = run(&scenario, &plan(60, 7));
        let traffic = scenario.traffic;
        agrees(found.waits, erlang_c(erlangs, agents), "waits");
        agrees(found.service_level, service_level(traffic, agents, 20.0), "level");
        agrees(found.wait_seconds_mean, asa_seconds(traffic, agents), "wait");
        agrees(found.occupancy, crate::occupancy(erlangs, agents), "busy");
        assert!(found.abandons.mean == 0.0 && found.arrivals > 20_000);
    }
}

#[test]
fn it_agrees_with_erlang_a() {
    // Service, patience and agents of three of the exact cases, in seconds.
    for (erlangs, service, patience, agents) in
        [(3.0, 180.0, 120.0, 4), (30.0, 180.0, 300.0, 35), (2.5, 300.0, 60.0, 3)]
    {
        let scenario = scenario(erlangs, service, agents, Some(patience));
        let found = run(&scenario, &plan(60, 11));
        let Ok(exact) = erlang_a(scenario.traffic, agents, patience) else { panic!("refused") };
        agrees(found.waits, Ok(exact.waits), "waits");
        agrees(found.abandons, Ok(exact.abandons), "abandons");
        agrees(found.wait_seconds_mean, Ok(exact.wait_seconds_mean), "wait");
        agrees(found.occupancy, Ok(exact.occupancy), "busy");
    }
}

#[test]
fn without_patience_it_agrees_with_erlang_b() {
    let scenario = scenario(10.0, 180.0, 10, Some(0.0));
    let found = run(&scenario, &plan(40, 3));
    agrees(found.abandons, erlang_b(10.0, 10), "lost");
    assert!(found.wait_seconds_mean.mean == 0.0);
}

#[test]
fn the_seed_alone_decides() {
    let scenario = scenario(10.0, 180.0, 12, Some(120.0));
    let first = run(&scenario, &plan(5, 1));
    assert_eq!(first, run(&scenario, &plan(5, 1)));
    assert_ne!(first, run(&scenario, &plan(5, 2)));
}

#[test]
fn scenarios_under_one_seed_meet_the_same_people() {
    let fewer = run(&scenario(10.0, 180.0, 12, None), &plan(5, 1));
    let more = run(&scenario(10.0, 180.0, 13, None), &plan(5, 1));
    assert_eq!(fewer.arrivals, more.arrivals);
    assert!(more.wait_seconds_mean.mean < fewer.wait_seconds_mean.mean);
}

#[test]
fn what_has_no_answer_is_refused() {
    let plan = plan(2, 1);
    assert!(simulate(&scenario(10.0, 180.0, 10, None), &plan).is_err());
    assert!(simulate(&scenario(10.0, 180.0, 0, Some(1.0)), &plan).is_err());
    assert!(simulate(&scenario(1.0, 180.0, 2, Some(f64::NAN)), &plan).is_err());
    let no_runs = Replications { count: 0, ..plan };
    assert!(simulate(&scenario(1.0, 180.0, 2, None), &no_runs).is_err());
    let nobody = run(&scenario(0.0, 180.0, 1, None), &plan);
    assert!(nobody.arrivals == 0 && nobody.occupancy.mean == 0.0);
}
