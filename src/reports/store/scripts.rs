//! What is asked of calls by version and branch of the script. Nothing here writes.

use super::read_record;
use crate::reports::records::{Record, SaidWanted, Wanted};
use crate::reports::scripts::Said;
use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// Calls behind a number of the report of scripts, newest first.
pub(in crate::reports) async fn list_said(
    tx: &mut Tx,
    wanted: &Wanted,
    said: &SaidWanted,
) -> Outcome<Vec<Record>> {
    tx.all(
        "select a.id, a.at, a.id as subject_id, a.company_id, coalesce(a.reason, a.meaning) \
         as reason, a.lead_id, c.name as company, u.name as person, g.name as campaign, \
         null as amount, null as currency \
         from calls a left join companies c on c.id = a.company_id \
         left join users u on u.id = a.caller_id \
         left join campaigns g on g.id = a.campaign_id \
         where a.org_id = $1 and a.at >= $2 and a.at < $3 and a.reversed_at is null \
         and a.campaign_id = $4 and coalesce(a.script_version, 0) = $5 \
         and ($6 < 0 or coalesce(a.branch, 0) = $6) \
         and ($7 = 'calls' or (a.mechanism = 'answered' and a.meaning in ('qualified', \
         'callback', 'refusal', 'not_now', 'decision_maker_found') and ($7 = 'conversations' \
         or ($7 = 'meetings' and a.meeting_id is not null) \
         or ($7 = 'refusals' and a.meaning = 'refusal')))) \
         and ($8 = '' or a.reason = $8) \
         and ($9 = 'all' or ($9 = 'people' and (a.caller_id = $10 or u.team_id = $11)) \
         or ($9 = 'campaigns' and g.principal_id = $10)) \
         and (a.at < $12 or (a.at = $12 and a.id < $13)) \
         order by a.at desc, a.id desc limit $14",
        vals![
            wanted.org,
            wanted.from,
            wanted.until,
            &wanted.campaign,
            said.version,
            said.branch.unwrap_or(-1),
            said.count.code(),
            &wanted.reason,
            wanted.sight,
            wanted.viewer,
            &wanted.team,
            wanted.before,
            &wanted.before_id,
            wanted.limit,
        ],
    )
    .await?
    .iter()
    .map(read_record)
    .collect()
}

/// What calls of a stretch came to, by version and branch of the script; of one campaign, or of all
/// where none is named.
pub(in crate::reports) async fn list_said_figures(
    tx: &mut Tx,
    org: OrgId,
    campaign: Option<CampaignId>,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Said>> {
    tx.all(
        "select campaign_id, version, branch, caller_id, reason, count(*) as n, \
         cast(sum(is_talk) as bigint) as talks, \
         cast(sum(case when is_talk = 1 and meeting_id is not null then 1 else 0 end) as bigint) \
         as meetings, \
         cast(sum(case when is_talk = 1 and meaning = 'refusal' then 1 else 0 end) as bigint) \
         as refusals \
         from (select campaign_id, coalesce(script_version, 0) as version, \
         coalesce(branch, 0) as branch, caller_id, reason, meeting_id, meaning, \
         case when mechanism = 'answered' and meaning in ('qualified', 'callback', 'refusal', \
         'not_now', 'decision_maker_found') then 1 else 0 end as is_talk \
         from calls where org_id = $1 and campaign_id in (select id from campaigns \
           where org_id = $1 and (id = $4 or $4 = '')) \
         and at >= $2 and at < $3 and reversed_at is null) said \
         group by campaign_id, version, branch, caller_id, reason",
        vals![org, from, until, campaign.map_or_else(String::new, |id| id.to_string())],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Said {
            campaign: row.id("campaign_id")?,
            version: row.int("version")?,
            branch: row.int("branch")?,
            caller: row.id("caller_id")?,
            reason: row.opt_text("reason")?,
            calls: row.int("n")?,
            talks: row.int("talks")?,
            meetings: row.int("meetings")?,
            refusals: row.int("refusals")?,
        })
    })
    .collect()
}

/// The text of every version of a campaign's script.
pub(in crate::reports) async fn list_script_bodies(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Vec<(i64, String)>> {
    let text = "select version, body from scripts where org_id = $1 and campaign_id = $2";
    let rows = tx.all(text, vals![org, campaign]).await?;
    rows.iter().map(|row| Ok((row.int("version")?, row.text("body")?))).collect()
}
