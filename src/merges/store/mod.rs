//! Every statement about pairs, searches, merges and what they move.

mod changes;
mod clients;
mod contacts;
mod lessons;
mod merging;
mod moves;
mod scans;
mod ties;

pub(super) use changes::*;
pub(super) use clients::*;
pub(super) use contacts::*;
pub(super) use lessons::*;
pub(super) use merging::*;
pub(super) use moves::*;
pub(super) use scans::*;
pub(super) use ties::*;

use super::{Band, Merge, Pair, PairState, Scan, Stray, Tie, Verdict};
use crate::people::Scope;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// A pair, whoever asks.
pub(super) async fn find_pair(tx: &mut Tx, org: OrgId, id: PairId) -> Outcome<Option<Pair>> {
    tx.maybe(
        "select id, left_id, right_id, probability, band, reasons, state, found_at, later_at, \
         decided_by, decided_at, merge_id, version from duplicate_pairs \
         where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_pair)
    .transpose()
}

/// The pair of two companies, the left one first.
pub(super) async fn find_pair_of(
    tx: &mut Tx,
    org: OrgId,
    (left, right): (CompanyId, CompanyId),
) -> Outcome<Option<Pair>> {
    tx.maybe(
        "select id, left_id, right_id, probability, band, reasons, state, found_at, later_at, \
         decided_by, decided_at, merge_id, version from duplicate_pairs \
         where org_id = $1 and left_id = $2 and right_id = $3",
        vals![org, left, right],
    )
    .await?
    .as_ref()
    .map(read_pair)
    .transpose()
}

/// Pairs that wait for a decision and whose companies are both known to the scope, those put off
/// last; of one band, or of all that a person is asked about.
pub(super) async fn list_waiting(
    tx: &mut Tx,
    scope: &Scope,
    band: Option<Band>,
    limit: i64,
) -> Outcome<Vec<Pair>> {
    tx.all(
        "select p.id, p.left_id, p.right_id, p.probability, p.band, p.reasons, p.state, \
         p.found_at, p.later_at, p.decided_by, p.decided_at, p.merge_id, p.version \
         from duplicate_pairs p join companies l on l.id = p.left_id \
         join companies r on r.id = p.right_id \
         where p.org_id = $1 and p.state = 'open' \
         and (p.band = $2 or ($2 = '' and p.band <> 'no')) \
         and l.merged_into is null and l.removed_at is null \
         and r.merged_into is null and r.removed_at is null \
         and ($3 = 'all' or ((l.owner_id is null or l.owner_id = $4 or l.team_id = $5) \
           and (r.owner_id is null or r.owner_id = $4 or r.team_id = $5))) \
         order by coalesce(p.later_at, 0), \
         case p.band when 'sure' then 0 when 'review' then 1 else 2 end, \
         p.probability desc, p.gain desc, p.id limit $6",
        vals![scope.org, band.map_or("", Band::code), scope.reach(), scope.user, scope.team, limit],
    )
    .await?
    .iter()
    .map(read_pair)
    .collect()
}

/// How many pairs wait in each band, under the scope.
pub(super) async fn count_waiting(tx: &mut Tx, scope: &Scope) -> Outcome<Vec<(Band, i64)>> {
    tx.all(
        "select p.band, count(*) as n from duplicate_pairs p \
         join companies l on l.id = p.left_id join companies r on r.id = p.right_id \
         where p.org_id = $1 and p.state = 'open' \
         and l.merged_into is null and l.removed_at is null \
         and r.merged_into is null and r.removed_at is null \
         and ($2 = 'all' or ((l.owner_id is null or l.owner_id = $3 or l.team_id = $4) \
           and (r.owner_id is null or r.owner_id = $3 or r.team_id = $4))) group by p.band",
        vals![scope.org, scope.reach(), scope.user, scope.team],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("band")?, row.int("n")?)))
    .collect()
}

/// The pair that this person decided last and that may still be taken back.
pub(super) async fn find_last_decided(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Option<Pair>> {
    tx.maybe(
        "select id, left_id, right_id, probability, band, reasons, state, found_at, later_at, \
         decided_by, decided_at, merge_id, version from duplicate_pairs \
         where org_id = $1 and decided_at is not null and decided_by = $2 \
         order by decided_at desc, id desc limit 1",
        vals![org, user],
    )
    .await?
    .as_ref()
    .map(read_pair)
    .transpose()
}

/// Keeps what was decided of the version that was seen; nought rows when somebody was faster.
pub(super) async fn update_decision(tx: &mut Tx, org: OrgId, pair: &Pair) -> Outcome<u64> {
    tx.run(
        "update duplicate_pairs set state = $4, later_at = $5, decided_by = $6, decided_at = $7, \
         merge_id = $8, version = version + 1 where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            pair.id,
            pair.version,
            pair.state.code(),
            pair.later_at,
            pair.decided_by,
            pair.decided_at,
            pair.merge,
        ],
    )
    .await
}

/// The pairs that came to a merge are open again.
pub(super) async fn update_reopened(tx: &mut Tx, org: OrgId, merge: MergeId) -> Outcome<u64> {
    tx.run(
        "update duplicate_pairs set state = 'open', decided_by = null, decided_at = null, \
         merge_id = null, version = version + 1 where org_id = $1 and merge_id = $2",
        vals![org, merge],
    )
    .await
}

/// A pair that a person or a program names, rather than a search.
pub(super) async fn insert_named(tx: &mut Tx, org: OrgId, pair: &Pair) -> Outcome<u64> {
    tx.run(
        "insert into duplicate_pairs (id, org_id, left_id, right_id, probability, band, gain, \
         reasons, evidence, state, found_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, '[]', '', 'open', $8, 1) \
         on conflict (org_id, left_id, right_id) do nothing",
        vals![
            pair.id,
            org,
            pair.left,
            pair.right,
            pair.probability,
            pair.band.code(),
            super::gain(pair.probability, 0),
            pair.found_at,
        ],
    )
    .await
}

fn read_pair(row: &Row) -> Outcome<Pair> {
    Ok(Pair {
        id: row.id("id")?,
        left: row.id("left_id")?,
        right: row.id("right_id")?,
        probability: row.int("probability")?,
        band: row.id("band")?,
        reasons: serde_json::from_str(&row.text("reasons")?).map_err(Error::failure)?,
        state: row.id("state")?,
        found_at: row.at("found_at")?,
        later_at: row.opt_at("later_at")?,
        decided_by: row.opt_id("decided_by")?,
        decided_at: row.opt_at("decided_at")?,
        merge: row.opt_id("merge_id")?,
        version: row.int("version")?,
    })
}
