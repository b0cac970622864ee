//! Every statement about campaigns, their members, scripts and refusal reasons.

mod halts;
mod members;
pub(super) mod reasons;
mod segment;

pub(super) use halts::*;
pub(super) use members::*;
pub(crate) use segment::{in_segment, segment_vals};

use super::hours::CallingHours;
use super::reasons::RefusalReason;
use super::terms::CampaignTerms;
use super::{CallingPolicy, Campaign, CampaignState, Member, Script, Segment, read_codes};
use crate::people::Scope;
use crate::storage::{Row, Tx, Val};
use crate::tiers::Tier;
use crate::vals;
use crate::values::*;

/// The columns of a campaign before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, number, name, team_id, principal_id, state, engagement, purpose, \
             legal_basis, segment, open_days, open_from, open_to, holidays_off, attempts_max, \
             attempts_per_day_max, gap_minutes, cool_down_days, pressure_max, pressure_days, \
             lease_seconds, callback_grace_minutes, acceptance_minutes, passport_fields, \
             target_actions, preset, calendar, complaints_max, complaints_calls_min, spreads, \
             refusals_in_row_max, work_minutes_max, rest_minutes, morning_max, midday_max, \
             afternoon_max, complained_at, complaints_from, version, made_at, launched_at \
             from campaigns ",
            $rest
        )
    };
}

/// How many companies of a segment may still become leads.
pub(super) async fn count_segment(
    tx: &mut Tx,
    org: OrgId,
    segment: &Segment,
    campaign: Option<CampaignId>,
    now: Instant,
) -> Outcome<i64> {
    tx.one(
        concat!("select count(*) as n", in_segment!()),
        &segment_vals(org, segment, campaign, now),
    )
    .await?
    .int("n")
}

/// How many of them have no record of the ground the campaign names, so that nobody calls them.
pub(super) async fn count_groundless(
    tx: &mut Tx,
    org: OrgId,
    (segment, ground): (&Segment, &str),
    campaign: Option<CampaignId>,
    now: Instant,
) -> Outcome<i64> {
    let mut values = segment_vals(org, segment, campaign, now);
    values.extend_from_slice(vals![ground]);
    tx.one(
        concat!(
            "select count(*) as n",
            in_segment!(),
            " and not exists (select 1 from bases b where b.org_id = $1 and b.company_id = c.id \
             and b.kind in ($12, 'consent') and (b.until is null or b.until > $10))"
        ),
        &values,
    )
    .await?
    .int("n")
}

/// The commonest values of a choice, for the lists of the form.
pub(super) async fn list_cities(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(String, i64)>> {
    let rows = tx
        .all(
            "select city as choice, count(*) as n from companies where org_id = $1 \
             and city is not null and removed_at is null group by city \
             order by count(*) desc, city limit 100",
            vals![org],
        )
        .await?;
    rows.iter().map(|row| Ok((row.text("choice")?, row.int("n")?))).collect()
}

pub(super) async fn list_industries(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(String, i64)>> {
    let rows = tx
        .all(
            "select industry as choice, count(*) as n from companies where org_id = $1 \
             and industry is not null and removed_at is null group by industry \
             order by count(*) desc, industry limit 100",
            vals![org],
        )
        .await?;
    rows.iter().map(|row| Ok((row.text("choice")?, row.int("n")?))).collect()
}

pub(super) async fn list_sources(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(String, i64)>> {
    let rows = tx
        .all(
            "select source as choice, count(*) as n from companies where org_id = $1 \
             and source is not null and removed_at is null group by source \
             order by count(*) desc, source limit 100",
            vals![org],
        )
        .await?;
    rows.iter().map(|row| Ok((row.text("choice")?, row.int("n")?))).collect()
}

pub(super) async fn insert_campaign(tx: &mut Tx, org: OrgId, campaign: &Campaign) -> Outcome<()> {
    let terms = campaign.terms();
    let mut values = vals![
        campaign.id,
        org,
        campaign.number,
        campaign.team,
        campaign.state.code(),
        campaign.version,
        campaign.made_at
    ]
    .to_vec();
    values.extend(terms_vals(&terms)?);
    tx.run(
        "insert into campaigns (id, org_id, number, team_id, state, version, made_at, \
         name, principal_id, engagement, purpose, legal_basis, segment, open_days, open_from, \
         open_to, holidays_off, attempts_max, attempts_per_day_max, gap_minutes, \
         cool_down_days, pressure_max, pressure_days, lease_seconds, callback_grace_minutes, \
         acceptance_minutes, passport_fields, target_actions, preset, calendar, \
         complaints_max, complaints_calls_min, spreads, refusals_in_row_max, \
         work_minutes_max, rest_minutes, morning_max, midday_max, afternoon_max) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, \
         $33, $34, $35, $36, $37, $38, $39)",
        &values,
    )
    .await?;
    Ok(())
}

/// New terms over those of `version`; nought rows when somebody was faster.
pub(super) async fn update_terms(
    tx: &mut Tx,
    org: OrgId,
    (id, version): (CampaignId, i64),
    terms: &CampaignTerms,
) -> Outcome<u64> {
    let mut values = vals![org, id, version].to_vec();
    values.extend(terms_vals(terms)?);
    tx.run(
        "update campaigns set version = version + 1, name = $4, principal_id = $5, \
         engagement = $6, purpose = $7, legal_basis = $8, segment = $9, open_days = $10, \
         open_from = $11, open_to = $12, holidays_off = $13, attempts_max = $14, \
         attempts_per_day_max = $15, gap_minutes = $16, cool_down_days = $17, \
         pressure_max = $18, pressure_days = $19, lease_seconds = $20, \
         callback_grace_minutes = $21, acceptance_minutes = $22, passport_fields = $23, \
         target_actions = $24, preset = $25, calendar = $26, \
         complaints_max = $27, complaints_calls_min = $28, spreads = $29, \
         refusals_in_row_max = $30, work_minutes_max = $31, rest_minutes = $32, \
         morning_max = $33, midday_max = $34, afternoon_max = $35 \
         where org_id = $1 and id = $2 and version = $3",
        &values,
    )
    .await
}

fn terms_vals(terms: &CampaignTerms) -> Outcome<Vec<Val>> {
    let policy = &terms.policy;
    let [morning, midday, afternoon] = policy.part_max;
    let passport: Vec<&str> = terms.passport.iter().map(|field| field.code()).collect();
    let targets: Vec<&str> = terms.targets.iter().map(|target| target.code()).collect();
    Ok(vals![
        &terms.name,
        terms.principal,
        terms.engagement.code(),
        terms.purpose.code(),
        terms.legal_basis.code(),
        serde_json::to_string(&terms.segment).map_err(Error::failure)?,
        policy.hours.days,
        policy.hours.from_minute,
        policy.hours.to_minute,
        policy.hours.holidays_off,
        policy.attempts_max,
        policy.attempts_per_day_max,
        policy.gap_minutes,
        policy.cool_down_days,
        policy.pressure_max,
        policy.pressure_days,
        policy.lease_seconds,
        policy.callback_grace_minutes,
        policy.acceptance_minutes,
        passport.join(","),
        targets.join(","),
        policy.preset.code(),
        policy.hours.calendar.code(),
        policy.complaints_max,
        policy.complaints_calls_min,
        policy.spreads,
        policy.refusals_in_row_max,
        policy.work_minutes_max,
        policy.rest_minutes,
        morning,
        midday,
        afternoon,
    ]
    .to_vec())
}

/// Turns a campaign from one state to another; nought rows when it stands elsewhere.
pub(super) async fn update_state(
    tx: &mut Tx,
    org: OrgId,
    id: CampaignId,
    (from, to): (CampaignState, CampaignState),
    now: Instant,
) -> Outcome<u64> {
    let launched = (to == CampaignState::Running).then_some(now);
    tx.run(
        "update campaigns set state = $4, version = version + 1, \
         launched_at = coalesce(launched_at, $5) \
         where org_id = $1 and id = $2 and state = $3",
        vals![org, id, from.code(), to.code(), launched],
    )
    .await
}

pub(super) async fn find_campaign(
    tx: &mut Tx,
    org: OrgId,
    id: CampaignId,
) -> Outcome<Option<Campaign>> {
    tx.maybe(select!("where org_id = $1 and id = $2"), vals![org, id])
        .await?
        .as_ref()
        .map(read_campaign)
        .transpose()
}

/// The same, locked until the transaction ends.
pub(super) async fn find_campaign_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: CampaignId,
) -> Outcome<Option<Campaign>> {
    tx.maybe(select!("where org_id = $1 and id = $2 /*for no key update*/"), vals![org, id])
        .await?
        .as_ref()
        .map(read_campaign)
        .transpose()
}

/// The campaigns a person may know of: their firm's, their team's, those they work in or ordered.
pub(super) async fn list_campaigns(tx: &mut Tx, scope: &Scope) -> Outcome<Vec<Campaign>> {
    tx.all(
        select!(
            "where org_id = $1 and ($2 = 'all' or principal_id = $4 \
         or ($2 = 'team' and (team_id = $3 or id in (select m.campaign_id \
           from campaign_members m join users u on u.id = m.user_id where u.team_id = $3))) \
         or id in (select m.campaign_id from campaign_members m where m.user_id = $4)) \
         order by case state when 'running' then 0 when 'paused' then 1 when 'draft' then 2 \
         else 3 end, number desc limit 500"
        ),
        vals![scope.org, scope.reach(), scope.team, scope.user],
    )
    .await?
    .iter()
    .map(read_campaign)
    .collect()
}

pub(super) async fn list_all_members(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Vec<Member>> {
    tx.all(
        "select user_id, tier from campaign_members where org_id = $1 and campaign_id = $2 \
         order by tier, made_at, user_id",
        vals![org, campaign],
    )
    .await?
    .iter()
    .map(|row| {
        let tier = Tier::of_rank(row.int("tier")?).ok_or_else(|| Error::failure("no such tier"))?;
        Ok(Member { user: row.id("user_id")?, tier })
    })
    .collect()
}

pub(super) async fn insert_member(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    member: Member,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into campaign_members (org_id, campaign_id, user_id, tier, made_at) \
         values ($1, $2, $3, $4, $5) on conflict (campaign_id, user_id, tier) do nothing",
        vals![org, campaign, member.user, member.tier.rank(), now],
    )
    .await
}

pub(super) async fn delete_member(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    member: Member,
) -> Outcome<u64> {
    tx.run(
        "delete from campaign_members \
         where org_id = $1 and campaign_id = $2 and user_id = $3 and tier = $4",
        vals![org, campaign, member.user, member.tier.rank()],
    )
    .await
}

pub(super) async fn insert_script(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    script: &Script,
    author: Option<UserId>,
) -> Outcome<()> {
    tx.run(
        "insert into scripts (id, org_id, campaign_id, version, body, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        vals![script.id, org, campaign, script.version, &script.body, author, script.made_at],
    )
    .await?;
    Ok(())
}

/// The newest version of a campaign's script.
pub(super) async fn find_script(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Option<Script>> {
    tx.maybe(
        "select id, version, body, made_at from scripts \
         where org_id = $1 and campaign_id = $2 order by version desc limit 1",
        vals![org, campaign],
    )
    .await?
    .as_ref()
    .map(read_script)
    .transpose()
}

/// One version of a campaign's script.
pub(super) async fn find_script_of(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    version: i64,
) -> Outcome<Option<Script>> {
    tx.maybe(
        "select id, version, body, made_at from scripts \
         where org_id = $1 and campaign_id = $2 and version = $3",
        vals![org, campaign, version],
    )
    .await?
    .as_ref()
    .map(read_script)
    .transpose()
}

/// Every version, newest first.
pub(super) async fn list_scripts(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Vec<Script>> {
    tx.all(
        "select id, version, body, made_at from scripts \
         where org_id = $1 and campaign_id = $2 order by version desc limit 200",
        vals![org, campaign],
    )
    .await?
    .iter()
    .map(read_script)
    .collect()
}

pub(super) async fn insert_reason(tx: &mut Tx, org: OrgId, reason: &RefusalReason) -> Outcome<u64> {
    tx.run(
        "insert into refusal_reasons (org_id, code, label_ru, label_en, reentry_days, offer_ru, \
         offer_en, position) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (org_id, code) do nothing",
        vals![
            org,
            &reason.code,
            &reason.label_ru,
            &reason.label_en,
            reason.reentry_days,
            &reason.offer_ru,
            &reason.offer_en,
            reason.position,
        ],
    )
    .await
}

pub(super) async fn list_reasons(tx: &mut Tx, org: OrgId) -> Outcome<Vec<RefusalReason>> {
    tx.all(
        "select code, label_ru, label_en, reentry_days, offer_ru, offer_en, position \
         from refusal_reasons \
         where org_id = $1 and retired_at is null order by position, code",
        vals![org],
    )
    .await?
    .iter()
    .map(read_reason)
    .collect()
}

fn read_reason(row: &Row) -> Outcome<RefusalReason> {
    Ok(RefusalReason {
        code: row.text("code")?,
        label_ru: row.text("label_ru")?,
        label_en: row.text("label_en")?,
        reentry_days: row.opt_int("reentry_days")?,
        offer_ru: row.text("offer_ru")?,
        offer_en: row.text("offer_en")?,
        position: row.int("position")?,
    })
}

fn read_script(row: &Row) -> Outcome<Script> {
    Ok(Script {
        id: row.id("id")?,
        version: row.int("version")?,
        body: row.text("body")?,
        made_at: row.at("made_at")?,
    })
}

fn read_campaign(row: &Row) -> Outcome<Campaign> {
    Ok(Campaign {
        id: row.id("id")?,
        number: row.int("number")?,
        name: row.text("name")?,
        team: row.opt_id("team_id")?,
        principal: row.opt_id("principal_id")?,
        state: row.id("state")?,
        engagement: row.id("engagement")?,
        purpose: row.id("purpose")?,
        legal_basis: row.id("legal_basis")?,
        segment: serde_json::from_str(&row.text("segment")?).map_err(Error::failure)?,
        policy: read_policy(row)?,
        passport: read_codes(&row.text("passport_fields")?),
        targets: read_codes(&row.text("target_actions")?),
        version: row.int("version")?,
        made_at: row.at("made_at")?,
        launched_at: row.opt_at("launched_at")?,
        complained_at: row.opt_at("complained_at")?,
        complaints_from: row.opt_at("complaints_from")?,
    })
}

fn read_policy(row: &Row) -> Outcome<CallingPolicy> {
    Ok(CallingPolicy {
        preset: row.id("preset")?,
        hours: CallingHours {
            days: row.int("open_days")?,
            from_minute: row.int("open_from")?,
            to_minute: row.int("open_to")?,
            holidays_off: row.flag("holidays_off")?,
            calendar: row.id("calendar")?,
        },
        attempts_max: row.int("attempts_max")?,
        attempts_per_day_max: row.int("attempts_per_day_max")?,
        gap_minutes: row.int("gap_minutes")?,
        cool_down_days: row.int("cool_down_days")?,
        pressure_max: row.int("pressure_max")?,
        pressure_days: row.int("pressure_days")?,
        lease_seconds: row.int("lease_seconds")?,
        callback_grace_minutes: row.int("callback_grace_minutes")?,
        acceptance_minutes: row.int("acceptance_minutes")?,
        complaints_max: row.int("complaints_max")?,
        complaints_calls_min: row.int("complaints_calls_min")?,
        spreads: row.flag("spreads")?,
        part_max: [
            row.opt_int("morning_max")?,
            row.opt_int("midday_max")?,
            row.opt_int("afternoon_max")?,
        ],
        refusals_in_row_max: row.int("refusals_in_row_max")?,
        work_minutes_max: row.int("work_minutes_max")?,
        rest_minutes: row.int("rest_minutes")?,
    })
}
