//! Which companies a segment chooses, in words that `leads` and `rounds` use, too.

use crate::campaigns::Segment;
use crate::storage::Val;
use crate::vals;
use crate::values::*;

/// The companies of a segment as `c`: $1 the firm, $2 to $9 the choices, $10 now, $11 the campaign
/// (empty for one not made yet). `leads` fills its queue by the same words.
macro_rules! in_segment {
    () => {
        " from companies c \
         where c.org_id = $1 and c.removed_at is null and c.merged_into is null \
         and ($2 = '' or c.city = $2) and ($3 = '' or c.industry = $3) \
         and ($4 = '' or c.source = $4) and ($5 = '' or c.import_id = $5) \
         and c.number >= $6 and c.number <= $7 \
         and (c.owner_tier is null or c.owner_tier < 2) \
         and ($8 = true or exists (select 1 from phones p where p.org_id = $1 \
           and p.company_id = c.id and p.standing in ('unknown', 'good'))) \
         and not exists (select 1 from suppressions s where s.org_id = $1 \
           and s.company_id = c.id and s.kind = 'company' and s.channel in ('all', 'call') \
           and (s.until is null or s.until > $10) \
           and not exists (select 1 from suppressions e where e.org_id = $1 and e.ends_id = s.id)) \
         and not exists (select 1 from companies a join suppressions s on s.org_id = $1 \
           and s.company_id = a.id where a.org_id = $1 and a.merged_into = c.id \
           and s.kind = 'company' and s.channel in ('all', 'call') \
           and (s.until is null or s.until > $10) and not exists (select 1 from suppressions e \
             where e.org_id = $1 and e.ends_id = s.id)) \
         and ($9 = true or not exists (select 1 from leads o \
           join campaigns r on r.id = o.campaign_id where o.org_id = $1 and o.company_id = c.id \
           and o.state in ('queued', 'offered') and r.state in ('running', 'paused') \
           and r.id <> $11)) \
         and not exists (select 1 from leads l where l.campaign_id = $11 and l.company_id = c.id)"
    };
}
pub(crate) use in_segment;

/// What [`in_segment`] binds.
pub(crate) fn segment_vals(
    org: OrgId,
    segment: &Segment,
    campaign: Option<CampaignId>,
    now: Instant,
) -> Vec<Val> {
    let choice = |text: &Option<String>| text.clone().unwrap_or_default();
    vals![
        org,
        choice(&segment.city),
        choice(&segment.industry),
        choice(&segment.source),
        segment.import.map(|id| id.to_string()).unwrap_or_default(),
        segment.number_from.unwrap_or(0),
        segment.number_to.unwrap_or(i64::MAX),
        segment.with_phoneless,
        segment.with_shared,
        now,
        campaign.map(|id| id.to_string()).unwrap_or_default(),
    ]
    .to_vec()
}
