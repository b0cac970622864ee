//! What admission asks about a letter.

use super::queue::zone_or;
use crate::companies::Channel;
use crate::leads::admission::Facts;
use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// What is known of a company to which somebody writes at that moment: what binds calls alone is
/// left out, and so are their contacts. Without a campaign any ground in force will do, and for a
/// client their contract.
pub(in crate::leads) async fn find_facts(
    tx: &mut Tx,
    (org, company): (OrgId, CompanyId),
    basis: &str,
    (at, firm): (Instant, &Zone),
) -> Outcome<Option<Facts>> {
    let row = tx
        .maybe(
            "select c.zone, (c.removed_at is null and c.merged_into is null) as is_in_base, \
             ((select 1 from bases b where b.org_id = $1 and b.company_id = c.id \
               and ($3 = '' or b.kind in ($3, 'consent')) \
               and (b.until is null or b.until > $4) limit 1) is not null \
             or ($3 = '' and coalesce(c.owner_tier, 0) = 3)) as has_basis, \
             (select max(k.at) from calls k where k.org_id = $1 and k.company_id = c.id \
               and k.meaning = 'refusal' and k.reversed_at is null and k.at <= $4) as refused_at \
             from companies c where c.org_id = $1 and c.id = $2",
            vals![org, company, basis, at],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Facts {
        is_in_base: row.flag("is_in_base")?,
        has_basis: row.flag("has_basis")?,
        refused_at: row.opt_at("refused_at")?,
        ..Facts::free(Channel::Letter, zone_or(&row, firm)?)
    }))
}

/// When a company was called or written to between two moments, the earliest first. A call whose
/// result is not said yet is one of their contacts already.
pub(in crate::leads) async fn list_contacts(
    tx: &mut Tx,
    (org, company): (OrgId, CompanyId),
    (after, before): (Instant, Instant),
) -> Outcome<Vec<Instant>> {
    tx.all(
        "select u.at from (select k.at from calls k where k.org_id = $1 and k.company_id = $2 \
           and k.reversed_at is null and k.at > $3 and k.at < $4 \
           union all select w.sent_at from letters w where w.org_id = $1 and w.company_id = $2 \
           and w.is_answer = false and w.taken_back_at is null \
           and w.sent_at > $3 and w.sent_at < $4 \
           union all select l.leased_at from leads l where l.org_id = $1 and l.company_id = $2 \
           and l.lease_owner_id is not null and l.awaits_result = true \
           and l.leased_at > $3 and l.leased_at < $4) u order by u.at",
        vals![org, company, after, before],
    )
    .await?
    .iter()
    .map(|row| row.at("at"))
    .collect()
}
