//! Statements about searches of the whole base and what they find.

use super::*;
use crate::merges::evidence::{Found, evidence};

/// Nought rows when a search runs already.
pub async fn insert_scan(
    tx: &mut Tx,
    org: OrgId,
    scan: ScanId,
    (by, now): (Option<UserId>, Instant),
) -> Outcome<u64> {
    tx.run(
        "insert into duplicate_scans (id, org_id, state, started_by, started_at, company_count, \
         pair_count, done_count) values ($1, $2, 'running', $3, $4, 0, 0, 0) \
         on conflict (org_id) where state = 'running' do nothing",
        vals![scan, org, by, now],
    )
    .await
}

pub async fn find_scan(tx: &mut Tx, org: OrgId, id: ScanId) -> Outcome<Option<Scan>> {
    tx.maybe(
        "select id, state, started_at, finished_at, company_count, pair_count, done_count \
         from duplicate_scans where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_scan)
    .transpose()
}

pub async fn find_last_scan(tx: &mut Tx, org: OrgId) -> Outcome<Option<Scan>> {
    tx.maybe(
        "select id, state, started_at, finished_at, company_count, pair_count, done_count \
         from duplicate_scans where org_id = $1 order by started_at desc, id desc limit 1",
        vals![org],
    )
    .await?
    .as_ref()
    .map(read_scan)
    .transpose()
}

/// How many companies came after a search had begun, counted up to a limit; its id is as old as it
/// is.
pub async fn count_newer(tx: &mut Tx, org: OrgId, scan: ScanId, limit: i64) -> Outcome<i64> {
    let row = tx
        .one(
            "select count(*) as count from (select id from companies where org_id = $1 \
             and id > $2 and merged_into is null and removed_at is null limit $3) newer",
            vals![org, scan, limit],
        )
        .await?;
    row.int("count")
}

/// How many searches came to their end.
pub async fn count_done_scans(tx: &mut Tx, org: OrgId) -> Outcome<i64> {
    let row = tx
        .one(
            "select count(*) as count from duplicate_scans where org_id = $1 and state = 'done'",
            vals![org],
        )
        .await?;
    row.int("count")
}

pub async fn update_scan(
    tx: &mut Tx,
    (org, id): (OrgId, ScanId),
    (companies, pairs, done): (i64, i64, i64),
) -> Outcome<u64> {
    tx.run(
        "update duplicate_scans set company_count = $3, pair_count = $4, done_count = $5 \
         where org_id = $1 and id = $2 and state = 'running'",
        vals![org, id, companies, pairs, done],
    )
    .await
}

pub async fn update_scan_done(tx: &mut Tx, org: OrgId, id: ScanId, now: Instant) -> Outcome<u64> {
    tx.run(
        "update duplicate_scans set state = 'done', finished_at = $3 \
         where org_id = $1 and id = $2 and state = 'running'",
        vals![org, id, now],
    )
    .await
}

/// Gives a search up, so that another can begin.
pub async fn update_scan_failed(tx: &mut Tx, org: OrgId, id: ScanId, now: Instant) -> Outcome<u64> {
    tx.run(
        "update duplicate_scans set state = 'failed', finished_at = $3 \
         where org_id = $1 and id = $2 and state = 'running'",
        vals![org, id, now],
    )
    .await
}

/// True when something happened since that companies are compared by.
pub async fn has_news(tx: &mut Tx, org: OrgId, since: Instant) -> Outcome<bool> {
    let row = tx
        .maybe(
            "select id from events where org_id = $1 and at >= $2 and kind in \
             ('company.added', 'company.changed', 'import.committed', 'import.undone', \
             'company.merged', 'company.merge_undone', 'pair.decided', 'pair.reopened') limit 1",
            vals![org, since],
        )
        .await?;
    Ok(row.is_some())
}

/// What is known of these companies and of others that are in the base, too.
pub async fn list_verdicts(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<Verdict>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select p.left_id, p.right_id, p.band, p.state from duplicate_pairs p \
         join companies l on l.id = p.left_id join companies r on r.id = p.right_id \
         where p.org_id = $1 and p.state <> 'gone' \
         and (p.left_id in (/*among*/) or p.right_id in (/*among*/)) \
         and l.merged_into is null and l.removed_at is null \
         and r.merged_into is null and r.removed_at is null",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Verdict {
            left: row.id("left_id")?,
            right: row.id("right_id")?,
            band: row.id("band")?,
            state: row.id("state")?,
        })
    })
    .collect()
}

/// How many calls, hand-offs, opportunities, contracts, orders and people these companies have.
pub async fn count_records(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<(CompanyId, i64)>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select c.id, (select count(*) from calls k where k.org_id = $1 and k.company_id = c.id) \
         + (select count(*) from handoffs h where h.org_id = $1 and h.company_id = c.id) \
         + (select count(*) from opportunities o where o.org_id = $1 and o.company_id = c.id) \
         + (select count(*) from contracts a where a.org_id = $1 and a.company_id = c.id) \
         + (select count(*) from orders w where w.org_id = $1 and w.company_id = c.id) \
         + (select count(*) from contacts p where p.org_id = $1 and p.company_id = c.id) as n \
         from companies c where c.org_id = $1 and c.id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.int("n")?)))
    .collect()
}

/// What was decided of pairs of these companies on the left, with what spoke for it then.
pub async fn list_known_pairs(
    tx: &mut Tx,
    org: OrgId,
    lefts: &[CompanyId],
) -> Outcome<Vec<((CompanyId, CompanyId), (PairId, PairState, String))>> {
    let among: Vec<Val> = lefts.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, left_id, right_id, state, evidence from duplicate_pairs \
         where org_id = $1 and left_id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| {
        let pair = (row.id("left_id")?, row.id("right_id")?);
        Ok((pair, (row.id("id")?, row.id("state")?, row.text("evidence")?)))
    })
    .collect()
}

/// A pair as a search found it.
pub struct Seen<'a> {
    pub found: &'a Found,
    pub band: Band,
    pub gain: i64,
    pub scan: ScanId,
    pub now: Instant,
}

pub async fn insert_pairs(tx: &mut Tx, org: OrgId, all: &[Seen<'_>]) -> Outcome<u64> {
    let mut rows = Vec::new();
    for seen in all {
        let found = seen.found;
        let reasons = serde_json::to_string(&found.reasons).map_err(Error::failure)?;
        let row = vals![
            PairId::fresh(seen.now),
            org,
            found.left,
            found.right,
            found.probability,
            seen.band.code(),
            seen.gain,
            reasons,
            evidence(&found.reasons),
            "open",
            seen.scan,
            seen.now,
            1,
        ];
        rows.push(row.to_vec());
    }
    tx.insert_many(
        "insert into duplicate_pairs (id, org_id, left_id, right_id, probability, band, gain, \
         reasons, evidence, state, scan_id, found_at, version) values",
        &rows,
        "on conflict (org_id, left_id, right_id) do nothing",
    )
    .await
}

/// A pair that was known: how likely it is now, and whether it is asked about.
pub async fn update_seen(
    tx: &mut Tx,
    (org, id): (OrgId, PairId),
    seen: &Seen<'_>,
    is_open: bool,
) -> Outcome<u64> {
    let reasons = serde_json::to_string(&seen.found.reasons).map_err(Error::failure)?;
    tx.run(
        "update duplicate_pairs set probability = $3, band = $4, gain = $5, reasons = $6, \
         evidence = $7, scan_id = $8, state = case when $9 = true then 'open' else state end, \
         decided_by = case when $9 = true then null else decided_by end, \
         decided_at = case when $9 = true then null else decided_at end, version = version + 1 \
         where org_id = $1 and id = $2",
        vals![
            org,
            id,
            seen.found.probability,
            seen.band.code(),
            seen.gain,
            reasons,
            evidence(&seen.found.reasons),
            seen.scan,
            is_open,
        ],
    )
    .await
}

/// A decided pair keeps what it was decided by; it was only met again.
pub async fn update_met(tx: &mut Tx, org: OrgId, id: PairId, scan: ScanId) -> Outcome<u64> {
    tx.run(
        "update duplicate_pairs set scan_id = $3 where org_id = $1 and id = $2",
        vals![org, id, scan],
    )
    .await
}

/// What waits for a decision and was found by an earlier search, but not by this one.
pub async fn update_gone(tx: &mut Tx, org: OrgId, scan: ScanId) -> Outcome<u64> {
    tx.run(
        "update duplicate_pairs set state = 'gone', version = version + 1 \
         where org_id = $1 and state = 'open' and scan_id is not null and scan_id <> $2",
        vals![org, scan],
    )
    .await
}

fn read_scan(row: &Row) -> Outcome<Scan> {
    Ok(Scan {
        id: row.id("id")?,
        state: row.id("state")?,
        started_at: row.at("started_at")?,
        finished_at: row.opt_at("finished_at")?,
        companies: row.int("company_count")?,
        pairs: row.int("pair_count")?,
        done: row.int("done_count")?,
    })
}
