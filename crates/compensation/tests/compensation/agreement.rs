//! The engine and the naive one say the same of ten thousand made-up histories.

use crate::reference::{dice, naive, render};

#[test]
fn the_engine_and_a_naive_one_agree_to_the_kopeck() {
    let asked = std::env::var("COMPENSATION_HISTORIES").ok().and_then(|n| n.parse().ok());
    let histories: u64 = asked.unwrap_or(10_000).max(10_000);
    let (mut lines, mut amounts) = (0, 0);
    for seed in 0..histories {
        let firm = dice::firm(seed, 60);
        let wanted = naive::amounts(&firm);
        let (found, all) = render::amounts(&firm);
        if found != wanted {
            let differs = |a: &super::reference::Amounts, b: &super::reference::Amounts| {
                let own = a.iter().filter(|(key, amount)| b.get(*key) != Some(amount));
                own.map(|(key, amount)| format!("{key}: {amount:?}")).collect::<Vec<_>>()
            };
            panic!(
                "seed {seed}: the engine {:#?}, the naive one {:#?}\n{firm:?}",
                differs(&found, &wanted),
                differs(&wanted, &found)
            );
        }
        lines += all;
        amounts += found.len();
    }
    println!("{histories} histories, {lines} credits, {amounts} amounts, difference 0");
    assert!(amounts > 90_000, "the histories are worth comparing: {amounts} amounts");
}
