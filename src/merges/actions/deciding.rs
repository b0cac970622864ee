//! What a person decides about a pair, and how it is taken back.

use super::find_pair;
use super::merging::{Merging, merge_in};
use super::tying::settle_in;
use super::undoing::undo_in;
use crate::begin;
use crate::companies::{self, Company};
use crate::events::{Event, Kind};
use crate::merges::store;
use crate::merges::*;
use crate::people::Viewer;
use crate::storage::{Act, Tx};

/// What a person says about a pair.
#[derive(Debug, Clone)]
pub enum Answer {
    /// One company: they are merged so.
    Same(Merging),
    /// Two companies, of one group or branch and head where that is said.
    Apart(PairState),
    /// Not now.
    Later,
}

/// Decides what two companies are to each other; `version` is that of the pair that was looked at.
pub async fn decide(
    act: &Act,
    viewer: &Viewer,
    id: PairId,
    version: i64,
    answer: &Answer,
) -> Outcome<()> {
    let mut tx = begin!(act);
    companies::actions::hold_base(&mut tx, act.org).await?;
    let pair = find_pair(&mut tx, viewer, id, act.now).await?;
    if pair.state != PairState::Open {
        return Err(MergeRefusal::Decided.into());
    }
    if pair.version != version {
        return Err(MergeRefusal::Changed.into());
    }
    let mut decided =
        Pair { decided_by: act.actor, decided_at: Some(act.now), later_at: None, ..pair.clone() };
    match answer {
        Answer::Same(merging) => {
            let (survivor, loser) = (merging.survivor.0, merging.loser.0);
            if ![(pair.left, pair.right), (pair.right, pair.left)].contains(&(survivor, loser)) {
                return Err(Fields::one("merge", "unknown-choice"));
            }
            decided.state = PairState::Same;
            decided.merge = Some(merge_in(&mut tx, act, viewer, merging).await?);
        }
        Answer::Apart(state) => {
            if matches!(state, PairState::Open | PairState::Same | PairState::Gone) {
                return Err(Fields::one("answer", "unknown-choice"));
            }
            decided.state = *state;
            let tie = state.tie(pair.left, pair.right);
            settle_in(&mut tx, act, (pair.left, pair.right), tie).await?;
        }
        Answer::Later => decided.later_at = Some(act.now),
    }
    if store::update_decision(&mut tx, act.org, &decided).await? == 0 {
        return Err(MergeRefusal::Changed.into());
    }
    let code = if decided.later_at.is_some() { "later" } else { decided.state.code() };
    tell(&mut tx, act, Kind::PairDecided, &decided, code).await?;
    tx.finish(()).await
}

pub(super) async fn tell(
    tx: &mut Tx,
    act: &Act,
    kind: Kind,
    pair: &Pair,
    code: &str,
) -> Outcome<()> {
    Event::new(kind, pair.id)
        .company(pair.left)
        .person(act.actor)
        .reason(code.to_owned())
        .with("left", pair.left.to_string())
        .with("right", pair.right.to_string())
        .record(tx, act)
        .await?;
    tx.announce("duplicates");
    Ok(())
}

/// Takes a decision back, be it a merge: the pair waits again.
pub async fn reopen(act: &Act, viewer: &Viewer, id: PairId) -> Outcome<()> {
    let mut tx = begin!(act);
    companies::actions::hold_base(&mut tx, act.org).await?;
    let pair = find_pair(&mut tx, viewer, id, act.now).await?;
    if pair.decided_at.is_none() {
        return Err(MergeRefusal::NotDecided.into());
    }
    let code = pair.state.code();
    if let Some(merge) = pair.merge {
        let merge = store::find_merge(&mut tx, act.org, merge).await?.ok_or(Error::NotFound)?;
        undo_in(&mut tx, act, &merge).await?;
    } else {
        open_in(&mut tx, act, pair).await?;
    }
    let pair = store::find_pair(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    tell(&mut tx, act, Kind::PairReopened, &pair, code).await?;
    tx.finish(()).await
}

/// A decided pair waits again; a tie that was decided goes with it.
async fn open_in(tx: &mut Tx, act: &Act, pair: Pair) -> Outcome<Pair> {
    if pair.state.tie(pair.left, pair.right).is_some() {
        settle_in(tx, act, (pair.left, pair.right), None).await?;
    }
    let state = PairState::Open;
    let open = Pair { state, decided_by: None, decided_at: None, later_at: None, ..pair };
    if store::update_decision(tx, act.org, &open).await? == 0 {
        return Err(MergeRefusal::Changed.into());
    }
    Ok(open)
}

/// A pair of companies that a person or a program takes for the same, whatever a search says; one
/// that is known is answered as it is, and waits again where it was not asked about.
pub async fn name_pair(act: &Act, viewer: &Viewer, id: CompanyId, number: i64) -> Outcome<PairId> {
    let mut tx = begin!(act);
    companies::actions::hold_base(&mut tx, act.org).await?;
    let (one, other) = find_named(&mut tx, act, viewer, (id, number)).await?;
    let (pair, is_new) = keep_pair(&mut tx, act, (&one, &other)).await?;
    let (id, state) = (pair.id, pair.state);
    if state != PairState::Open {
        let open = open_in(&mut tx, act, pair).await?;
        tell(&mut tx, act, Kind::PairReopened, &open, state.code()).await?;
    } else if is_new {
        // By it the two are scored anew. Of one that waits already there is nothing to tell.
        tell(&mut tx, act, Kind::PairReopened, &pair, "named").await?;
    }
    tx.finish(id).await
}

/// A company and another one that is named by its number, where the person may know of both. A
/// number that nobody has and one of a company that is not theirs to know get the same answer.
pub(super) async fn find_named(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    (id, number): (CompanyId, i64),
) -> Outcome<(Company, Company)> {
    let unknown = || Fields::one("number", "unknown-company");
    let scope = viewer.scope();
    let find = companies::actions::find_seen;
    let one = find(tx, &scope, id, act.now).await?.ok_or(Error::NotFound)?;
    let other = store::find_numbered(tx, act.org, number).await?.ok_or_else(unknown)?;
    let other = find(tx, &scope, other, act.now).await?.ok_or_else(unknown)?;
    if one.id == other.id {
        return Err(MergeRefusal::Itself.into());
    }
    Ok((one, other))
}

/// The pair of two companies, kept as one that a person named unless it is known; true for a new
/// one.
pub(super) async fn keep_pair(
    tx: &mut Tx,
    act: &Act,
    (one, other): (&Company, &Company),
) -> Outcome<(Pair, bool)> {
    let (left, right) = if one.number < other.number { (one, other) } else { (other, one) };
    let probability = SURE_FROM;
    let new = Pair {
        id: PairId::fresh(act.now),
        left: left.id,
        right: right.id,
        probability,
        band: Band::of(probability),
        reasons: Vec::new(),
        state: PairState::Open,
        found_at: act.now,
        later_at: None,
        decided_by: None,
        decided_at: None,
        merge: None,
        version: 1,
    };
    let is_new = store::insert_named(tx, act.org, &new).await? > 0;
    let pair = store::find_pair_of(tx, act.org, (left.id, right.id)).await?;
    let pair = pair.ok_or_else(|| Error::failure("the pair was not kept"))?;
    Ok((pair, is_new))
}
