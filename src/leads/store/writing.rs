//! What admission asks about a letter.

use super::queue::zone_or;
use crate::campaigns::CallingPolicy;
use crate::campaigns::parts::Tries;
use crate::companies::Channel;
use crate::leads::admission::Facts;
use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// What is known of a company to which somebody writes at that moment: what binds calls alone is
/// left out. Without a campaign any ground in force will do, and for a client their contract.
pub(in crate::leads) async fn find_facts(
    tx: &mut Tx,
    (org, company): (OrgId, CompanyId),
    (policy, basis): (&CallingPolicy, &str),
    (at, firm): (Instant, &Zone),
) -> Outcome<Option<Facts>> {
    let row = tx
        .maybe(
            "select c.zone, (c.removed_at is null and c.merged_into is null) as is_in_base, \
             ((select 1 from bases b where b.org_id = $1 and b.company_id = c.id \
               and ($3 = '' or b.kind in ($3, 'consent')) \
               and (b.until is null or b.until > $4) limit 1) is not null \
             or ($3 = '' and coalesce(c.owner_tier, 0) = 3)) as has_basis, \
             (select u.at from (select k.at from calls k where k.org_id = $1 \
                 and k.company_id = c.id and k.reversed_at is null and k.at <= $4 \
                 union all select w.sent_at from letters w where w.org_id = $1 \
                 and w.company_id = c.id and w.is_answer = false and w.taken_back_at is null \
                 and w.sent_at <= $4) u \
               order by u.at desc limit 1 offset $5) as pressure_cap_at, \
             (select max(k.at) from calls k where k.org_id = $1 and k.company_id = c.id \
               and k.meaning = 'refusal' and k.reversed_at is null and k.at <= $4) as refused_at \
             from companies c where c.org_id = $1 and c.id = $2",
            vals![org, company, basis, at, policy.pressure_max - 1],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Facts {
        channel: Channel::Letter,
        zone: zone_or(&row, firm)?,
        is_in_base: row.flag("is_in_base")?,
        is_suppressed: false,
        is_led: false,
        has_basis: row.flag("has_basis")?,
        has_phone: true,
        held_until: None,
        is_promised: false,
        came_back: false,
        attempts: 0,
        tries: Tries::default(),
        last_at: None,
        day_cap_at: None,
        pressure_cap_at: row.opt_at("pressure_cap_at")?,
        caps_at: [None; 3],
        refused_at: row.opt_at("refused_at")?,
        numbers: Vec::new(),
    }))
}
