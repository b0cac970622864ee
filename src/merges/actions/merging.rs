//! Two companies become one.

use std::collections::BTreeSet;

use super::{clients, find_hindrance, namesakes, new_owner};
use crate::begin;
use crate::companies::forms::Details;
use crate::companies::{self, Company, Standing};
use crate::events::{Event, Kind};
use crate::leads::keeping;
use crate::merges::fields::{self, Field};
use crate::merges::store::{self, LeadPlace};
use crate::merges::*;
use crate::people::Viewer;
use crate::storage::{Act, Tx, take_numbers};

/// Which record stands for both, in the versions that were looked at, and which facts it takes from
/// the other.
#[derive(Debug, Clone)]
pub struct Merging {
    /// The record that stands for both.
    pub survivor: (CompanyId, i64),
    /// The record that becomes its alias.
    pub loser: (CompanyId, i64),
    /// The facts that the survivor takes from the loser.
    pub taken: Vec<Field>,
    /// People of either who stay two, though they stand at both.
    pub apart: BTreeSet<ContactId>,
}

/// Merges two companies that the person may both know of.
pub async fn merge(act: &Act, viewer: &Viewer, merging: &Merging) -> Outcome<MergeId> {
    let mut tx = begin!(act);
    let id = merge_in(&mut tx, act, viewer, merging).await?;
    tx.finish(id).await
}

/// The same as a part of a decision.
pub async fn merge_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    merging: &Merging,
) -> Outcome<MergeId> {
    companies::actions::hold_base(tx, act.org).await?;
    let (loser, survivor) = find_both(tx, act, viewer, merging).await?;
    if let Some(refusal) = find_hindrance(tx, act.org, loser.id, survivor.id).await? {
        return Err(refusal.into());
    }
    let merge = Merge {
        id: MergeId::fresh(act.now),
        number: take_numbers(tx, act.org, "merge", 1).await?,
        survivor: survivor.id,
        loser: loser.id,
        made_by: act.actor,
        made_at: act.now,
        undone_by: None,
        undone_at: None,
    };
    store::insert_merge(tx, act.org, &merge).await?;
    let joined = namesakes::choose(tx, act.org, (loser.id, survivor.id), &merging.apart).await?;
    join_phones(tx, act, &merge).await?;
    close_leads(tx, act, &merge).await?;
    clients::join(tx, act, &merge).await?;
    let moved = move_rows(tx, act, &merge).await?;
    namesakes::join(tx, act, merge.id, &joined).await?;
    store::update_merged(tx, act.org, (loser.id, survivor.id), act.now).await?;
    take_fields(tx, act, &merge, (&loser, &survivor), &merging.taken).await?;
    take_owner(tx, act, &merge, (&loser, &survivor)).await?;
    companies::actions::refresh_terms_in(tx, act.org, survivor.id).await?;
    let fields: Vec<&str> = merging.taken.iter().map(|field| field.code()).collect();
    for company in [&survivor, &loser] {
        Event::new(Kind::CompanyMerged, merge.id)
            .company(company.id)
            .person(act.actor)
            .with("survivor", survivor.id.to_string())
            .with("loser", loser.id.to_string())
            .with("number", survivor.number)
            .with("other_number", loser.number)
            .with("fields", fields.join(","))
            .with("moved", moved)
            .with("people", i64::try_from(joined.len()).map_err(Error::failure)?)
            .record(tx, act)
            .await?;
        tx.announce(format!("company:{}", company.id));
    }
    Ok(merge.id)
}

/// Both records, held until the transaction ends, as they were looked at.
async fn find_both(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    merging: &Merging,
) -> Outcome<(Company, Company)> {
    let (loser, survivor) = (merging.loser.0, merging.survivor.0);
    if loser == survivor {
        return Err(MergeRefusal::Itself.into());
    }
    // Always in the same order, so that two merges never wait for each other.
    let mut both = Vec::new();
    for id in [loser.min(survivor), loser.max(survivor)] {
        let found = companies::actions::find_for_update(tx, act.org, id).await?;
        both.push(found.ok_or(Error::NotFound)?);
        let seen = companies::actions::find_seen(tx, &viewer.scope(), id, act.now).await?;
        seen.ok_or(Error::NotFound)?;
    }
    let (Some(last), Some(first)) = (both.pop(), both.pop()) else { return Err(Error::NotFound) };
    let (loser, survivor) = if first.id == loser { (first, last) } else { (last, first) };
    if !loser.is_in_base() || !survivor.is_in_base() {
        return Err(MergeRefusal::NotInBase.into());
    }
    let seen = (merging.loser.1, merging.survivor.1);
    if (loser.version, survivor.version) != seen {
        return Err(MergeRefusal::Changed.into());
    }
    Ok((loser, survivor))
}

async fn move_rows(tx: &mut Tx, act: &Act, merge: &Merge) -> Outcome<u64> {
    let (of, from) = ((act.org, merge.id, act.now), (merge.loser, merge.survivor));
    let mut moved = 0;
    for table in store::MOVED {
        moved += store::take(tx, table, of, from).await?;
    }
    store::take_sights(tx, of, from).await?;
    store::take_ties(tx, of, from).await?;
    Ok(moved)
}

/// A number that both have stays once: with what is known better of it, and who answers it.
async fn join_phones(tx: &mut Tx, act: &Act, merge: &Merge) -> Outcome<()> {
    let both = store::list_better_phones(tx, act.org, (merge.loser, merge.survivor)).await?;
    for (phone, had, known, had_contact, known_contact) in both {
        let row = phone.to_string();
        let rank = |code: &str| code.parse().map_or(0, how_sure);
        if rank(&known) > rank(&had) {
            store::update_phone_standing(tx, act.org, &row, (&had, &known)).await?;
            let values = (Some(had), Some(known));
            store::insert_change(tx, act.org, merge.id, ("phones", &row, "standing"), values)
                .await?;
        }
        if let (None, Some(contact)) = (had_contact, known_contact) {
            let contact = Some(contact.to_string());
            store::update_phone_contact(tx, act.org, &row, ("", &contact)).await?;
            let values = (None, contact);
            store::insert_change(tx, act.org, merge.id, ("phones", &row, "contact"), values)
                .await?;
        }
    }
    Ok(())
}

/// What somebody found out about a number is worth more than what nobody knows.
fn how_sure(standing: Standing) -> i64 {
    match standing {
        Standing::Unknown => 0,
        Standing::Dummy => 1,
        Standing::Wrong => 2,
        Standing::Dead => 3,
        Standing::Good => 4,
    }
}

/// Where both are called in one campaign, the loser's lead is closed.
async fn close_leads(tx: &mut Tx, act: &Act, merge: &Merge) -> Outcome<()> {
    let shared = store::list_shared_leads(tx, act.org, (merge.loser, merge.survivor)).await?;
    for one in shared {
        if lead_rule(&one.loser_state, &one.survivor_state) != LeadRule::Close {
            continue;
        }
        let place: LeadPlace = store::find_lead_place(tx, act.org, one.lead).await?;
        if store::update_lead_closed(tx, act.org, one.lead, act.now).await? == 0 {
            return Err(MergeRefusal::Changed.into());
        }
        if place.callback_at.is_some() {
            keeping::cancel_merged_in(tx, act, one.lead).await?;
        }
        let before = serde_json::to_string(&place).map_err(Error::failure)?;
        let row = one.lead.to_string();
        let values = (Some(before), Some("closed".to_owned()));
        store::insert_change(tx, act.org, merge.id, ("leads", &row, "place"), values).await?;
        Event::new(Kind::LeadClosed, one.lead)
            .company(merge.survivor)
            .campaign(one.campaign)
            .reason("merged".to_owned())
            .record(tx, act)
            .await?;
    }
    Ok(())
}

async fn take_fields(
    tx: &mut Tx,
    act: &Act,
    merge: &Merge,
    (loser, survivor): (&Company, &Company),
    taken: &[Field],
) -> Outcome<()> {
    let mut details = Details::of(survivor);
    let row = survivor.id.to_string();
    for (at, field) in taken.iter().enumerate() {
        if taken.iter().take(at).any(|named| named == field) {
            continue;
        }
        let before = fields::value(survivor, *field).map(str::to_owned);
        let after = fields::value(loser, *field).map(str::to_owned);
        if before == after {
            continue;
        }
        fields::set(&mut details, *field, after.clone());
        let place = ("companies", row.as_str(), field.code());
        store::insert_change(tx, act.org, merge.id, place, (before, after)).await?;
    }
    if details.name.trim().is_empty() {
        return Err(Fields::one("name", "required"));
    }
    companies::actions::restate_in(tx, act, survivor, details).await?;
    Ok(())
}

/// The owner as one value of the log.
pub(super) fn owner_text(
    (owner, tier, team): (Option<UserId>, Option<i64>, Option<TeamId>),
) -> Option<String> {
    let owner = owner?;
    let tier = tier.map(|tier| tier.to_string()).unwrap_or_default();
    let team = team.map(|team| team.to_string()).unwrap_or_default();
    Some(format!("{owner} {tier} {team}"))
}

async fn take_owner(
    tx: &mut Tx,
    act: &Act,
    merge: &Merge,
    (loser, survivor): (&Company, &Company),
) -> Outcome<()> {
    let before = (survivor.lead, survivor.lead_tier, survivor.team);
    let after = new_owner(loser, survivor);
    store::update_owner(tx, act.org, survivor.id, after, act.now).await?;
    let row = survivor.id.to_string();
    if owner_text(before) != owner_text(after) {
        let values = (owner_text(before), owner_text(after));
        store::insert_change(tx, act.org, merge.id, ("companies", &row, "owner"), values).await?;
    }
    // Who led one of the two and does not lead both goes on knowing of the company.
    for user in [loser.lead, survivor.lead].into_iter().flatten() {
        if Some(user) == after.0 {
            continue;
        }
        let place = (act.org, survivor.id);
        if store::insert_sight(tx, place, user, act.now).await? > 0 {
            let place = ("sights", row.as_str(), &*user.to_string());
            let values = (None, Some("seen".to_owned()));
            store::insert_change(tx, act.org, merge.id, place, values).await?;
        }
    }
    Ok(())
}
