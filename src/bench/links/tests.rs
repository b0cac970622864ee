//! What the bench says is what happened.

use super::*;

#[test]
fn a_made_up_list_is_linked_judged_and_told() {
    let mut told = Vec::new();
    let wanted = Wanted {
        folder: None,
        companies: 400,
        catalogue: 400,
        persons: 400,
        seed: 5,
        threads: Some(1),
    };
    let results = measure(wanted, |result| told.push(result.set.clone())).expect("measured");
    assert_eq!(told, ["persons, seed 5", "companies, seed 5", "companies of catalogues, seed 5"]);
    for result in &results {
        assert_eq!(result.rows, 400);
        assert!(result.compared > 100 && result.rows_per_second > 0.0, "{result:?}");
        assert!(result.cluster_f1 > 0.5 && result.cluster_f1 <= 1.0, "{result:?}");
        assert!(result.pair_completeness.is_some_and(|share| share >= result.pair_recall));
    }
    let of_companies = &results[1];
    assert!(of_companies.auto_precision.is_some_and(|share| share > 0.9), "{of_companies:?}");
    assert!(of_companies.calibration.iter().map(|said| said.pairs).sum::<usize>() > 100);
    assert_eq!(results[0].auto_from, None, "persons have no numbers with check digits");
    let again = measure(wanted, |_| ()).expect("measured");
    assert_eq!(results[1].cluster_f1, again[1].cluster_f1);
}

#[test]
fn a_folder_without_the_sets_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let wanted = Wanted {
        folder: Some(dir.path()),
        companies: 0,
        catalogue: 0,
        persons: 0,
        seed: 1,
        threads: None,
    };
    let problem = measure(wanted, |_| ()).expect_err("no sets");
    assert!(problem.contains("dataset1.csv"), "{problem}");
}

#[test]
fn decided_pairs_are_left_out_of_the_judgement() {
    let trial = Trial {
        what: String::new(),
        fields: Vec::new(),
        tables: Vec::new(),
        truth: vec![0, 0, 0, 1],
        one_to_one: false,
        reading: 0.0,
    };
    let pair = |a, b, probability| linkage::link::Pair { a, b, probability };
    let pairs = vec![pair(0, 1, 0.9), pair(1, 2, 0.8), pair(2, 3, 0.7), pair(0, 3, 0.2)];
    let linked = Linked { pairs, threshold: 0.5, ..Linked::default() };
    let score = judged(&trial, &linked, linked.threshold, &[(0, 1, true), (2, 3, false)]);
    assert_eq!((score.right, score.found, score.wanted), (1, 1, 2));
}

/// The targets of `docs/linking.md`, by clusters: whoever makes one worse is told.
#[cfg(feature = "real")]
#[test]
fn lists_with_known_truth_are_linked_as_well_as_is_stated() {
    let folder = std::env::var("TROIKA_REAL_DATA").expect("TROIKA_REAL_DATA names a folder");
    let wanted = Wanted {
        folder: Some(Path::new(&folder)),
        companies: 10_000,
        catalogue: 0,
        persons: 0,
        seed: 1,
        threads: None,
    };
    let linked = measure(wanted, |_| ()).expect("linked");
    let least = [
        ("FEBRL 1", 0.9999),
        ("FEBRL 2", 0.9999),
        ("FEBRL 3", 0.9999),
        ("FEBRL 4", 0.9999),
        ("Abt-Buy", 0.80),
        ("Abt-Buy with 200 labels", 0.87),
        ("companies", 0.975),
    ];
    let told: Vec<(&str, f64)> = linked.iter().map(|set| (&*set.set, set.cluster_f1)).collect();
    assert_eq!(told.len(), least.len(), "{told:?}");
    for ((name, least), (set, f1)) in least.into_iter().zip(told) {
        assert!(set.to_lowercase().starts_with(&name.to_lowercase()), "{name}: {set}");
        assert!(f1 >= least, "{set}: {f1}");
    }
}
