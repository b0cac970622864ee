//! A company that would come into the base under the name of one that must not be called.
//!
//! Where either states no tax number nobody knows whether they are two. A file brings no such row;
//! whoever adds it by hand has it at once, under a ban of its own.

use std::collections::BTreeSet;

use linkage::normalise::town;

use super::bans::{bars_calls, suppress_in};
use crate::companies::store;
use crate::companies::suppression::{Target, Whom};
use crate::companies::*;
use crate::events;
use crate::storage::{Act, Tx};

/// Where the event of a ban names the ban that is its ground.
pub(super) const GROUND: &str = "ground";

/// The name of a company with a tax number, by which it would come back without one.
pub(super) fn registered_name(company: &Company) -> Option<Target> {
    company.tax_id.as_ref()?;
    Some(Target::RegisteredName(name_key(&company.name), town(company.city.as_ref()?)))
}

/// A name in a town, as the town is spelled and as it compares: a ban of an earlier version knows
/// the first alone.
pub(super) fn names(name: &str, city: &str) -> [Target; 2] {
    let key = name_key(name);
    [city.to_lowercase(), town(city)].map(|town| Target::Name(key.clone(), town))
}

/// What a company is recognised by besides, where it would be a new one of the base: its name in
/// its town, where it or the banned one has no tax number. Two that state different ones are two
/// companies, whatever they are called; who stands in the base is recognised by it never. Whether
/// it has a tax number is said apart: a row may be about one that a row above states.
pub fn newcomer_targets(new: &NewCompany, has_tax_id: bool) -> Vec<Target> {
    let Some(city) = &new.city else { return Vec::new() };
    match has_tax_id {
        true => names(&new.name, city).to_vec(),
        false => vec![Target::RegisteredName(name_key(&new.name), town(city))],
    }
}

/// States a ban of its own over a company that was added by hand and is called as one that must
/// not be called, where either has no tax number: whether it is that one a person says, who lifts
/// the ban of this company alone. By our own choice: nobody of this company asked for anything.
/// Once: what a person lifted is not stated again as the town is typed again.
pub(super) async fn suppress_namesake_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    new: &NewCompany,
) -> Outcome<()> {
    let targets = newcomer_targets(new, new.tax_id.is_some());
    let Some(secret) = store::find_secret(tx, act.org).await? else { return Ok(()) };
    let hashes: Vec<String> = targets.iter().map(|target| target.hash(&secret)).collect();
    let facts = store::list_suppressions(tx, act.org, &hashes, act.now).await?;
    let of_calls = facts.into_iter().map(|(_, fact)| fact).filter(bars_calls);
    // Of several the one that holds the longest.
    let ground = of_calls.max_by_key(|fact| (fact.until.is_none(), fact.until));
    let Some(ground) = ground else { return Ok(()) };
    if is_stated(tx, act.org, company, ground.id).await? {
        return Ok(());
    }
    let ban = Suppress {
        whom: Whom::Namesake(company, ground.id),
        channel: ground.channel,
        reason: SuppressReason::OurChoice,
        until: ground.until,
    };
    suppress_in(tx, act, ban).await.map(drop)
}

/// True where a ban was stated for this company on this ground, be it lifted since.
async fn is_stated(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    ground: SuppressionId,
) -> Outcome<bool> {
    let stated = store::list_stated(tx, org, company).await?;
    let ids: Vec<String> = stated.iter().map(SuppressionId::to_string).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let told = events::list_for_subjects(tx, org, &ids).await?;
    let ground = ground.to_string();
    let mut grounds = told.iter().filter_map(|event| event.detail.get(GROUND)?.as_str());
    Ok(grounds.any(|one| one == ground))
}

/// Those of these bans that were stated for a company since it is called as one that is banned.
pub async fn list_of_namesakes(
    tx: &mut Tx,
    org: OrgId,
    bans: &[Suppression],
) -> Outcome<BTreeSet<SuppressionId>> {
    let may_be = |ban: &&Suppression| {
        (ban.kind.as_str(), ban.reason) == ("company", SuppressReason::OurChoice)
    };
    let ids: Vec<String> = bans.iter().filter(may_be).map(|ban| ban.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let told = events::list_for_subjects(tx, org, &ids).await?;
    let with_ground = told.into_iter().filter(|event| event.detail.get(GROUND).is_some());
    Ok(with_ground.filter_map(|event| event.subject.parse().ok()).collect())
}
