//! Groups and branches: two companies that are tied to each other without being the same.

use super::deciding::{find_named, keep_pair, tell};
use crate::begin;
use crate::companies;
use crate::events::{Event, Kind};
use crate::merges::store;
use crate::merges::*;
use crate::people::Viewer;
use crate::storage::{Act, Tx};

/// Says what another company, named by its number, is to this one. Nobody is asked any more whether
/// the two are the same.
pub async fn tie(
    act: &Act,
    viewer: &Viewer,
    id: CompanyId,
    (end, number): (TieEnd, i64),
) -> Outcome<TieId> {
    let mut tx = begin!(act);
    companies::actions::hold_base(&mut tx, act.org).await?;
    let (one, other) = find_named(&mut tx, act, viewer, (id, number)).await?;
    // Always in the same order, so that two people never wait for each other.
    for id in [one.id.min(other.id), one.id.max(other.id)] {
        let found = companies::actions::find_for_update(&mut tx, act.org, id).await?;
        if !found.ok_or(Error::NotFound)?.is_in_base() {
            return Err(MergeRefusal::NotInBase.into());
        }
    }
    let tied = companies::actions::list_relatives(&mut tx, act.org, one.id).await?;
    if let Some(known) = tied.iter().find(|known| known.company.id == other.id) {
        return Err(MergeRefusal::Tied(known.tie.kind).into());
    }
    let tie = tie_in(&mut tx, act, end.tie(one.id, other.id)).await?;
    let (pair, _) = keep_pair(&mut tx, act, (&one, &other)).await?;
    let state = match end {
        TieEnd::Group => PairState::Group,
        _ if tie.company == pair.left => PairState::LeftBranch,
        _ => PairState::RightBranch,
    };
    let (decided_by, decided_at) = (act.actor, Some(act.now));
    let decided = Pair { state, decided_by, decided_at, later_at: None, ..pair };
    if store::update_decision(&mut tx, act.org, &decided).await? == 0 {
        return Err(MergeRefusal::Changed.into());
    }
    tell(&mut tx, act, Kind::PairDecided, &decided, state.code()).await?;
    tx.finish(tie.id).await
}

/// Has two companies tied so, or not at all. A tie of theirs that says the same stays; any other
/// one between them is ended, so that their cards say what was decided last. One that a merged
/// record lent goes back to it: of that record nothing was decided.
pub(super) async fn settle_in(
    tx: &mut Tx,
    act: &Act,
    (one, other): (CompanyId, CompanyId),
    tie: Option<(TieKind, CompanyId, CompanyId)>,
) -> Outcome<()> {
    let mut missing = tie;
    for tie in list_between(tx, act.org, (one, other)).await? {
        // Two of one group are so to each other, whichever of them was named first.
        let is_so = missing.is_some_and(|(kind, company, _)| {
            tie.kind == kind && (kind == TieKind::Group || tie.company == company)
        });
        if is_so {
            missing = None;
        } else if !put_behind_in(tx, act, &tie).await? {
            untie_in(tx, act, &tie).await?;
        }
    }
    if let Some(tie) = missing {
        tie_in(tx, act, tie).await?;
    }
    Ok(())
}

/// The ties that stand between two companies: one, and beside it one that a merged record brought.
pub(super) async fn list_between(
    tx: &mut Tx,
    org: OrgId,
    (one, other): (CompanyId, CompanyId),
) -> Outcome<Vec<Tie>> {
    let tied = companies::actions::list_relatives(tx, org, one).await?;
    Ok(tied.into_iter().filter(|known| known.company.id == other).map(|known| known.tie).collect())
}

/// Ties two companies, of a branch and its head the branch first.
async fn tie_in(
    tx: &mut Tx,
    act: &Act,
    (kind, company, other): (TieKind, CompanyId, CompanyId),
) -> Outcome<Tie> {
    let tie = Tie { id: TieId::fresh(act.now), kind, company, other, made_at: act.now };
    companies::actions::write_ties_in(tx, act, std::slice::from_ref(&tie)).await?;
    tell_tie(tx, act, Kind::CompanyTied, &tie).await?;
    Ok(tie)
}

async fn tell_tie(tx: &mut Tx, act: &Act, kind: Kind, tie: &Tie) -> Outcome<()> {
    for (company, other) in [(tie.company, tie.other), (tie.other, tie.company)] {
        Event::new(kind, tie.id)
            .company(company)
            .person(act.actor)
            .reason(tie.kind.code().to_owned())
            .with("other", other.to_string())
            .record(tx, act)
            .await?;
        tx.announce(format!("company:{company}"));
    }
    Ok(())
}

/// Says that two companies are no longer of one group, or branch and head. A tie that a merged
/// record lent goes back to it, as by a decision.
pub async fn untie(act: &Act, viewer: &Viewer, id: TieId) -> Outcome<()> {
    let mut tx = begin!(act);
    companies::actions::hold_base(&mut tx, act.org).await?;
    let tie = store::find_tie(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    for company in [tie.company, tie.other] {
        let scope = viewer.scope();
        let seen = companies::actions::find_seen(&mut tx, &scope, company, act.now).await?;
        // One that waits with a merged record is nobody's.
        seen.filter(|seen| seen.id == company).ok_or(Error::NotFound)?;
    }
    if !put_behind_in(&mut tx, act, &tie).await? {
        untie_in(&mut tx, act, &tie).await?;
    }
    tx.finish(()).await
}

/// A tie that a merged record lent waits with it, or with the one on the way to it that was merged
/// last, and is nobody's until that one stands for itself again. False where nothing was lent.
async fn put_behind_in(tx: &mut Tx, act: &Act, tie: &Tie) -> Outcome<bool> {
    let lent = store::list_lent(tx, act.org, tie).await?;
    let Some((is_one, home)) = lent.first().copied() else { return Ok(false) };
    let holder = if is_one { tie.company } else { tie.other };
    let edges = store::list_edges(tx, act.org, holder).await?;
    let mut behind = home;
    let on_the_way =
        |id: CompanyId| edges.iter().find(|edge| edge.loser == id && edge.survivor != holder);
    while let Some(edge) = on_the_way(behind) {
        behind = edge.survivor;
    }
    let waiting = match is_one {
        true => Tie { company: behind, ..tie.clone() },
        false => Tie { other: behind, ..tie.clone() },
    };
    store::update_tie_ends(tx, act.org, &waiting).await?;
    tell_tie(tx, act, Kind::CompanyUntied, tie).await?;
    Ok(true)
}

async fn untie_in(tx: &mut Tx, act: &Act, tie: &Tie) -> Outcome<()> {
    store::update_tie_ended(tx, act.org, tie.id, (act.actor, act.now)).await?;
    tell_tie(tx, act, Kind::CompanyUntied, tie).await
}
