//! What is done with pairs and merges.

mod clients;
mod deciding;
mod lessons;
mod merging;
mod namesakes;
mod scanning;
mod tying;
mod undoing;

pub use deciding::{Answer, decide, name_pair, reopen};
#[cfg(test)]
pub use lessons::list_lessons;
pub use merging::{Merging, merge};
pub use namesakes::list_namesakes;
pub use scanning::{SCAN_JOB, find_trouble, scan, scan_by_night, start_scan};
pub use tying::{tie, untie};
pub use undoing::{place, undo};

use std::collections::BTreeMap;

use super::fields::{self, Half};
use super::store;
use super::*;
use crate::companies::{self, Company};
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::web::{Cursor, Slice};

/// The two companies of a pair as one person may know of them now, with what each is worth.
pub struct Sides {
    /// The left one.
    pub left: Half,
    /// The right one.
    pub right: Half,
}

impl Sides {
    /// One of the two.
    pub fn half(&self, side: Side) -> &Half {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }
}

/// A pair both of whose companies the person may know of; else it is as if there were none.
pub async fn find_pair(tx: &mut Tx, viewer: &Viewer, id: PairId, now: Instant) -> Outcome<Pair> {
    let pair = store::find_pair(tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    for company in [pair.left, pair.right] {
        let seen = companies::actions::find_seen(tx, &viewer.scope(), company, now).await?;
        seen.ok_or(Error::NotFound)?;
    }
    Ok(pair)
}

/// The pairs that wait for a decision of this person, the most worth deciding first.
pub async fn list_waiting(
    tx: &mut Tx,
    viewer: &Viewer,
    band: Option<Band>,
    limit: i64,
) -> Outcome<Vec<Pair>> {
    store::list_waiting(tx, &viewer.scope(), band, limit).await
}

/// How many wait in each band.
pub async fn count_waiting(tx: &mut Tx, viewer: &Viewer) -> Outcome<BTreeMap<Band, i64>> {
    Ok(store::count_waiting(tx, &viewer.scope()).await?.into_iter().collect())
}

/// What this person decided last.
pub async fn find_last_decided(tx: &mut Tx, viewer: &Viewer) -> Outcome<Option<Pair>> {
    store::find_last_decided(tx, viewer.org, viewer.id()).await
}

/// What searches and decisions say of these companies and of others that are in the base, too.
pub async fn list_verdicts(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<Verdict>> {
    store::list_verdicts(tx, org, companies).await
}

/// The last search of the base.
pub async fn find_last_scan(tx: &mut Tx, org: OrgId) -> Outcome<Option<Scan>> {
    store::find_last_scan(tx, org).await
}

/// How many companies came since a search and were compared with none yet; of more than
/// [`UNCOMPARED_MAX`], one more than that.
pub async fn count_uncompared(tx: &mut Tx, org: OrgId, scan: &Scan) -> Outcome<i64> {
    store::count_newer(tx, org, scan.id, UNCOMPARED_MAX + 1).await
}

/// True once the whole base was searched to the end.
pub async fn was_searched(tx: &mut Tx, org: OrgId) -> Outcome<bool> {
    Ok(store::count_done_scans(tx, org).await? > 0)
}

/// Both companies of a pair, each with what the rules ask about it.
pub async fn find_sides(tx: &mut Tx, org: OrgId, pair: &Pair) -> Outcome<Sides> {
    Ok(Sides {
        left: find_half(tx, org, pair.left).await?,
        right: find_half(tx, org, pair.right).await?,
    })
}

async fn find_half(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<Half> {
    let company = companies::actions::find(tx, org, id).await?.ok_or(Error::NotFound)?;
    let (requisites, address, changed_at) = store::find_checks(tx, org, id).await?;
    let records = store::count_records(tx, org, &[id]).await?;
    let standing = store::count_standing(tx, org, id, changed_at).await?;
    Ok(Half {
        company,
        requisites_checked_at: requisites,
        address_checked_at: address,
        changed_at,
        records: records.first().map_or(0, |(_, count)| *count),
        is_served: standing.active_clients > 0,
    })
}

/// A sentence about what a merge will do, and what fills it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The end of the key of the sentence.
    pub code: &'static str,
    /// What fills it in.
    pub args: Vec<(&'static str, String)>,
}

/// What merging will do, told beforehand: what is handled by a rule, and what stands in the way.
pub struct Outlook {
    /// What a rule does.
    pub told: Vec<Told>,
    /// Why it cannot be done now.
    pub refusal: Option<MergeRefusal>,
}

/// What becomes of two companies that are merged now.
pub async fn foresee(
    tx: &mut Tx,
    org: OrgId,
    (loser, survivor): (&Company, &Company),
    now: Instant,
) -> Outcome<Outlook> {
    let refusal = find_hindrance(tx, org, loser.id, survivor.id).await?;
    let gone = store::count_standing(tx, org, loser.id, now).await?;
    let kept = store::count_standing(tx, org, survivor.id, now).await?;
    let mut told = Vec::new();
    let mut tell = |code, args| told.push(Told { code, args });
    for shared in store::list_shared_leads(tx, org, (loser.id, survivor.id)).await? {
        if lead_rule(&shared.loser_state, &shared.survivor_state) == LeadRule::Close {
            tell("lead-closed", vec![("campaign", shared.campaign_name)]);
        }
    }
    if let (Some(one), Some(other)) = (loser.lead, survivor.lead)
        && one != other
    {
        let owner = new_owner(loser, survivor).0.unwrap_or(other);
        let out = if owner == one { other } else { one };
        let owner = name_of(tx, org, owner).await?;
        let out = name_of(tx, org, out).await?;
        tell("two-owners", vec![("owner", owner), ("other", out)]);
    }
    if let Some((one, other)) = clients::find_both_served(tx, org, (loser.id, survivor.id)).await? {
        let owner = name_of(tx, org, other.owner).await?;
        let other = name_of(tx, org, one.owner).await?;
        tell("two-clients", vec![("owner", owner), ("other", other)]);
    }
    if gone.open_opportunities > 0 && kept.open_opportunities > 0 {
        let count = gone.open_opportunities + kept.open_opportunities;
        tell("two-opportunities", vec![("count", count.to_string())]);
    }
    if gone.bans > 0 || kept.bans > 0 {
        tell("bans", vec![("count", (gone.bans + kept.bans).to_string())]);
    }
    Ok(Outlook { told, refusal })
}

/// Who leads the company after a merge: whoever leads it in the higher tier, else as before.
pub(super) fn new_owner(
    loser: &Company,
    survivor: &Company,
) -> (Option<UserId>, Option<i64>, Option<TeamId>) {
    let tier = |company: &Company| company.lead.and(company.lead_tier).unwrap_or(-1);
    let from = if tier(loser) > tier(survivor) { loser } else { survivor };
    (from.lead, from.lead_tier, from.team)
}

/// What stands in the way of a merge now.
pub(super) async fn find_hindrance(
    tx: &mut Tx,
    org: OrgId,
    loser: CompanyId,
    survivor: CompanyId,
) -> Outcome<Option<MergeRefusal>> {
    if let Some(holder) = store::find_holder(tx, org, (loser, survivor)).await? {
        return Ok(Some(MergeRefusal::Held(name_of(tx, org, holder).await?)));
    }
    for shared in store::list_shared_leads(tx, org, (loser, survivor)).await? {
        match lead_rule(&shared.loser_state, &shared.survivor_state) {
            LeadRule::Answer => return Ok(Some(MergeRefusal::OfferWaits(shared.campaign_name))),
            LeadRule::OtherWay => return Ok(Some(MergeRefusal::OtherWay(shared.campaign_name))),
            LeadRule::Close | LeadRule::Leave => {}
        }
    }
    Ok(None)
}

pub(super) async fn name_of(tx: &mut Tx, org: OrgId, user: UserId) -> Outcome<String> {
    let found = people::actions::find_user(tx, org, user).await?;
    Ok(found.map(|user| user.name).unwrap_or_default())
}

/// A merge of companies that the person may know of.
pub async fn find_merge(tx: &mut Tx, viewer: &Viewer, id: MergeId, now: Instant) -> Outcome<Merge> {
    let merge = store::find_merge(tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    for company in [merge.survivor, merge.loser] {
        let seen = companies::actions::find_seen(tx, &viewer.scope(), company, now).await?;
        seen.ok_or(Error::NotFound)?;
    }
    Ok(merge)
}

/// Merges, the newest first, of companies that the person may know of.
pub async fn list_merges(
    tx: &mut Tx,
    viewer: &Viewer,
    cursor: &Cursor,
    now: Instant,
) -> Outcome<Slice<Merge>> {
    let limit = cursor.limit();
    let mut before = cursor.after().parse().unwrap_or(i64::MAX);
    let mut seen = Vec::new();
    // Read on until the page is full, so that neither its length nor its end tells of others.
    loop {
        let rows = store::list_merges(tx, viewer.org, before, limit + 1).await?;
        let Some(last) = rows.last().map(|merge| merge.number) else { break };
        before = last;
        seen.extend(keep_seen(tx, viewer, rows, now).await?);
        if i64::try_from(seen.len()).is_ok_and(|count| count > limit) {
            break;
        }
    }
    Ok(Slice::cut(seen, limit, |merge| merge.number.to_string()))
}

async fn keep_seen(
    tx: &mut Tx,
    viewer: &Viewer,
    mut merges: Vec<Merge>,
    now: Instant,
) -> Outcome<Vec<Merge>> {
    let ids: Vec<CompanyId> =
        merges.iter().flat_map(|merge| [merge.survivor, merge.loser]).collect();
    let roots = stands_for(tx, viewer.org, &ids).await?;
    let stand: Vec<CompanyId> = roots.values().copied().collect();
    let seen = companies::actions::list_seen(tx, &viewer.scope(), &stand, now).await?;
    merges.retain(|merge| {
        [merge.survivor, merge.loser]
            .iter()
            .all(|id| roots.get(id).is_some_and(|root| seen.contains(root)))
    });
    Ok(merges)
}

/// Which company stands for each of these now.
pub async fn stands_for(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
) -> Outcome<BTreeMap<CompanyId, CompanyId>> {
    let found = companies::actions::list_by_ids(tx, org, ids).await?;
    Ok(found.into_iter().map(|one| (one.id, one.merged_into.unwrap_or(one.id))).collect())
}

/// How many records of each kind a merge moved.
pub async fn count_moves(tx: &mut Tx, org: OrgId, merge: MergeId) -> Outcome<Vec<(String, i64)>> {
    store::count_moves(tx, org, merge).await
}

/// What came after a merge that was undone and is for a person to place, or was placed.
pub async fn list_strays(tx: &mut Tx, org: OrgId, merge: &Merge) -> Outcome<Vec<Stray>> {
    let mut strays = Vec::new();
    let (survivor, loser) = (merge.survivor, merge.loser);
    let roots = stands_for(tx, org, &[survivor, loser]).await?;
    let mut texts = BTreeMap::new();
    for root in roots.values() {
        for stray in store::list_after(tx, org, (*root, merge.made_at)).await? {
            texts.insert((stray.noun.clone(), stray.row.clone()), stray);
        }
    }
    for (noun, row, placed) in store::list_strays(tx, org, merge.id).await? {
        let known = texts.remove(&(noun.clone(), row.clone()));
        let (made_at, text) = known.map_or((merge.made_at, String::new()), |s| (s.made_at, s.text));
        strays.push(Stray { noun, row, made_at, text, placed });
    }
    Ok(strays)
}

/// Of which company each field should survive, and whose record.
pub fn propose(sides: &Sides) -> (Side, Choices) {
    (fields::survivor(&sides.left, &sides.right), fields::propose(&sides.left, &sides.right))
}
