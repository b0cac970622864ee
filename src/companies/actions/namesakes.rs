//! A company that would come into the base under the name of one that must not be called.
//!
//! Where either states no tax number nobody knows whether they are two. A file brings no such row;
//! whoever adds it by hand has it at once, under a ban of its own.

use std::collections::BTreeSet;

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
    Some(Target::RegisteredName(name_key(&company.name), company.city.clone()?))
}

/// What a company is recognised by besides, where it would be a new one of the base: its name in
/// its town, where it or the banned one has no tax number. Two that state different ones are two
/// companies, whatever they are called; who stands in the base is recognised by it never.
pub fn newcomer_target(new: &NewCompany) -> Option<Target> {
    let city = new.city.clone()?;
    let name = name_key(&new.name);
    Some(match new.tax_id {
        Some(_) => Target::Name(name, city),
        None => Target::RegisteredName(name, city),
    })
}

/// States a ban of its own over a company that was added by hand and is called as one that must
/// not be called, where either has no tax number: whether it is that one a person says, who lifts
/// the ban of this company alone. By our own choice: nobody of this company asked for anything.
pub(super) async fn suppress_namesake_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    new: &NewCompany,
) -> Outcome<()> {
    let Some(target) = newcomer_target(new) else { return Ok(()) };
    let Some(secret) = store::find_secret(tx, act.org).await? else { return Ok(()) };
    let facts = store::list_suppressions(tx, act.org, &[target.hash(&secret)], act.now).await?;
    let of_calls = facts.into_iter().map(|(_, fact)| fact).filter(bars_calls);
    // Of several the one that holds the longest.
    let ground = of_calls.max_by_key(|fact| (fact.until.is_none(), fact.until));
    let Some(ground) = ground else { return Ok(()) };
    let ban = Suppress {
        whom: Whom::Namesake(company, ground.id),
        channel: ground.channel,
        reason: SuppressReason::OurChoice,
        until: ground.until,
    };
    suppress_in(tx, act, ban).await.map(drop)
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
