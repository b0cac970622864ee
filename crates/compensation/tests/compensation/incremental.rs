//! What one event reaches: nothing outside changes, and inside the choice of events is enough.

use std::collections::BTreeMap;

use compensation::{Credit, Event, Key, again, credits};

use crate::reference::{dice, render};

fn by_key(credits: Vec<Credit>) -> BTreeMap<Key, Credit> {
    credits.into_iter().map(|credit| (credit.key.clone(), credit)).collect()
}

#[test]
fn what_one_event_reaches_is_enough_and_all() {
    let (mut reached, mut all) = (0, 0);
    for seed in 0..12_000 {
        let firm = dice::firm(500_000 + seed, 25);
        let (events, rules) = render::engine(&firm);
        let as_of = render::instant(firm.as_of);
        let mut before = events.clone();
        let last = before.pop().unwrap();
        // A second delivery of it would make it no news.
        before.retain(|event| event.id != last.id);
        let mut after = before.clone();
        after.push(last.clone());
        let reach = again(&last, &before, &rules);
        let whole = by_key(credits(&after, &rules, as_of));
        let old = by_key(credits(&before, &rules, as_of));
        let chosen: Vec<Event> = reach.select(&after, &rules).into_iter().cloned().collect();
        let part = by_key(credits(&chosen, &rules, as_of));
        for (key, credit) in &whole {
            all += 1;
            if reach.covers(credit) {
                reached += 1;
                assert_eq!(part.get(key), Some(credit), "seed {seed}: {reach:?}");
            } else {
                assert_eq!(old.get(key), Some(credit), "seed {seed}: {key:?} {reach:?} {last:?}");
            }
        }
        for (key, credit) in part.iter().filter(|(_, credit)| reach.covers(credit)) {
            assert_eq!(whole.get(key), Some(credit), "seed {seed}");
        }
        for (key, credit) in old.iter().filter(|(_, credit)| !reach.covers(credit)) {
            assert_eq!(whole.get(key), Some(credit), "seed {seed}: {key:?} is gone");
        }
    }
    // Four people with plans that add up over years: even here a part is spared.
    assert!(reached < all, "{reached} of {all} are reached: that spares nothing");
}

#[test]
fn events_that_arrive_one_by_one_or_in_batches_end_where_all_at_once_do() {
    for seed in 0..10_000 {
        let mut dice = dice::Dice(seed);
        let firm = dice::firm(700_000 + seed, 8);
        let (events, rules) = render::engine(&firm);
        let as_of = render::instant(firm.as_of);
        let first = usize::try_from(dice.up_to(events.len() as i64)).unwrap();
        let mut known: Vec<Event> = events[..first].to_vec();
        let mut standing = by_key(credits(&known, &rules, as_of));
        for event in &events[first..] {
            let reach = again(event, &known, &rules);
            known.push(event.clone());
            let chosen: Vec<Event> = reach.select(&known, &rules).into_iter().cloned().collect();
            standing.retain(|_, credit| !reach.covers(credit));
            let anew = credits(&chosen, &rules, as_of);
            let covered = anew.into_iter().filter(|credit| reach.covers(credit));
            standing.extend(covered.map(|credit| (credit.key.clone(), credit)));
        }
        assert_eq!(standing, by_key(credits(&events, &rules, as_of)), "seed {seed}");
    }
}
