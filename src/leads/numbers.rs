//! Numbers that several companies have: whatever was done by one of them is known of the number.

use std::collections::{BTreeMap, BTreeSet};

use super::admission::NumberFacts;
use super::store::numbers::{self, Carried};
use super::store::queue::{Ask, Candidate};
use crate::campaigns::presets::CAP_DAYS;
use crate::storage::Tx;
use crate::values::*;

/// A number at more other companies than that is a switchboard.
const OWN_OTHERS_MAX: i64 = 2;
/// A company in hand is looked at again no sooner: its result may be late.
const IN_HAND_MS: i64 = MINUTE_MS;

/// Adds to candidates what is known of their numbers; to those that share none, nothing.
pub(super) async fn learn_in(tx: &mut Tx, ask: &Ask<'_>, all: &mut [Candidate]) -> Outcome<()> {
    let shared: Vec<CompanyId> =
        all.iter().filter(|one| one.shares_number).map(|one| one.slot.company).collect();
    if shared.is_empty() {
        return Ok(());
    }
    let carried = numbers::list_carried(tx, ask.org, &shared, OWN_OTHERS_MAX + 1).await?;
    let mut known = facts_of(tx, ask, carried).await?;
    for one in all {
        one.facts.numbers = known.remove(&one.slot.company).unwrap_or_default();
    }
    Ok(())
}

/// The same of one candidate that is about to be granted or called: whoever asks about one of its
/// numbers for another company waits, so that the second sees what the first has done.
pub(super) async fn learn_held_in(tx: &mut Tx, ask: &Ask<'_>, one: &mut Candidate) -> Outcome<()> {
    if !one.shares_number {
        return Ok(());
    }
    let limit = OWN_OTHERS_MAX + 1;
    let carried = numbers::list_carried(tx, ask.org, &[one.slot.company], limit).await?;
    let mut shared: Vec<String> =
        carried.iter().filter(|one| one.others > 0).map(|one| one.e164.clone()).collect();
    shared.sort();
    numbers::hold_numbers(tx, ask.org, &shared).await?;
    let mut known = facts_of(tx, ask, carried).await?;
    one.facts.numbers = known.remove(&one.slot.company).unwrap_or_default();
    Ok(())
}

async fn facts_of(
    tx: &mut Tx,
    ask: &Ask<'_>,
    carried: Vec<Carried>,
) -> Outcome<BTreeMap<CompanyId, Vec<NumberFacts>>> {
    let of_others = || carried.iter().filter(|one| one.others > 0);
    let sharing: BTreeSet<CompanyId> = of_others().map(|one| one.company).collect();
    let shared: BTreeSet<&String> = of_others().map(|one| &one.e164).collect();
    let shared: Vec<String> = shared.into_iter().cloned().collect();
    let days = CAP_DAYS.into_iter().max().unwrap_or_default();
    let days = days.max(ask.campaign.policy.pressure_days);
    let since = ask.now.plus_days(-days);
    let reached = numbers::list_reached(tx, ask, since, &shared).await?;
    let in_hand = numbers::list_in_hand(tx, ask.org, &shared).await?;
    let mut known: BTreeMap<CompanyId, Vec<NumberFacts>> = BTreeMap::new();
    for one in carried {
        let calls = || reached.iter().filter(|call| call.e164 == one.e164);
        let attempts = calls().filter(|call| call.at >= since).map(|call| call.at).collect();
        let elsewhere = calls().filter(|c| c.is_of_campaign && c.company != one.company).count();
        let hands = in_hand
            .iter()
            .filter(|(e164, company, _)| *e164 == one.e164 && *company != one.company);
        let until = hands.map(|(_, _, until)| *until).max();
        known.entry(one.company).or_default().push(NumberFacts {
            phone: one.phone,
            attempts,
            elsewhere: elsewhere as i64,
            is_switchboard: one.others > OWN_OTHERS_MAX,
            in_hand_until: until.map(|until| until.max(ask.now.plus_ms(IN_HAND_MS))),
        });
    }
    known.retain(|company, _| sharing.contains(company));
    Ok(known)
}
