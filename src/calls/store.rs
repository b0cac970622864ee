//! Every statement about calls.

pub(in crate::calls) mod practice;

use super::load::Done;
use super::{Call, Mechanism};
use crate::campaigns::Purpose;
use crate::campaigns::parts::DayPart;
use crate::leads::Snapshot;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// The columns of a call before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, lead_id, campaign_id, company_id, caller_id, lease_generation, at, \
             mechanism, measured, mechanism_by, meaning, reason, note, phone_id, script_version, \
             checkpoints, branch, callback_at, meeting_id, ban_id, lead_before, lead_version, \
             reversed_at from calls ",
            $rest
        )
    };
}

/// Keeps a call; nought rows when this lease has one already.
pub(super) async fn insert_call(
    tx: &mut Tx,
    org: OrgId,
    call: &Call,
    (purpose, legal_basis, part): (&str, &str, DayPart),
    before: &Snapshot,
) -> Outcome<u64> {
    let checkpoints: Vec<String> = call.checkpoints.iter().map(ToString::to_string).collect();
    tx.run(
        "insert into calls (id, org_id, lead_id, campaign_id, company_id, caller_id, \
         lease_generation, at, mechanism, meaning, reason, note, phone_id, script_version, \
         checkpoints, purpose, legal_basis, callback_at, meeting_id, lead_before, \
         lead_version, part, branch, measured, mechanism_by, ban_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, $20, $21, $22, $23, $24, $25, $26) \
         on conflict (lead_id, lease_generation) do nothing",
        vals![
            call.id,
            org,
            call.lead,
            call.campaign,
            call.company,
            call.caller,
            call.generation,
            call.at,
            call.mechanism.code(),
            call.meaning.code(),
            &call.reason,
            &call.note,
            call.phone,
            call.script_version,
            checkpoints.join(","),
            purpose,
            legal_basis,
            call.callback_at,
            call.meeting,
            serde_json::to_string(before).map_err(Error::failure)?,
            call.lead_version,
            part.code(),
            call.branch,
            call.measured.map(Mechanism::code),
            call.mechanism_by,
            call.ban,
        ],
    )
    .await
}

/// The company that was called.
pub(super) async fn find_company(
    tx: &mut Tx,
    org: OrgId,
    id: CallId,
) -> Outcome<Option<CompanyId>> {
    let text = "select company_id from calls where org_id = $1 and id = $2";
    tx.maybe(text, vals![org, id]).await?.map(|row| row.id("company_id")).transpose()
}

/// A call with what it changed about its lead, locked until the transaction ends.
pub(super) async fn find_call_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: CallId,
) -> Outcome<Option<(Call, Snapshot)>> {
    let row =
        tx.maybe(select!("where org_id = $1 and id = $2 /*for update*/"), vals![org, id]).await?;
    let Some(row) = row else { return Ok(None) };
    let before = serde_json::from_str(&row.text("lead_before")?).map_err(Error::failure)?;
    Ok(Some((read_call(&row)?, before)))
}

pub(super) async fn update_reversed(
    tx: &mut Tx,
    org: OrgId,
    id: CallId,
    at: Instant,
) -> Outcome<u64> {
    tx.run(
        "update calls set reversed_at = $3 where org_id = $1 and id = $2 and reversed_at is null",
        vals![org, id, at],
    )
    .await
}

/// The latest calls to a company, those taken back left out.
pub(super) async fn list_for_company(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    limit: i64,
) -> Outcome<Vec<Call>> {
    tx.all(
        select!(
            "where org_id = $1 and company_id = $2 and reversed_at is null \
         order by at desc, id desc limit $3"
        ),
        vals![org, company, limit],
    )
    .await?
    .iter()
    .map(read_call)
    .collect()
}

/// Every call about a lead, also those taken back, newest first.
pub(super) async fn list_for_lead(tx: &mut Tx, org: OrgId, lead: LeadId) -> Outcome<Vec<Call>> {
    tx.all(
        select!(
            "where org_id = $1 and lead_id = $2 \
         order by at desc, id desc limit 200"
        ),
        vals![org, lead],
    )
    .await?
    .iter()
    .map(read_call)
    .collect()
}

/// The last call of a caller, if it was recorded since then and not taken back.
pub(super) async fn find_last_of(
    tx: &mut Tx,
    org: OrgId,
    caller: UserId,
    since: Instant,
) -> Outcome<Option<Call>> {
    tx.maybe(
        select!(
            "where org_id = $1 and caller_id = $2 and at >= $3 and reversed_at is null \
         order by at desc, id desc limit 1"
        ),
        vals![org, caller, since],
    )
    .await?
    .as_ref()
    .map(read_call)
    .transpose()
}

/// What a caller's calls since then meant, the latest first.
pub(super) async fn list_done(
    tx: &mut Tx,
    org: OrgId,
    caller: UserId,
    since: Instant,
) -> Outcome<Vec<Done>> {
    tx.all(
        "select at, meaning, lead_before, purpose, exists (select 1 from calls r \
           where r.lead_id = calls.lead_id and r.lease_generation = calls.lease_generation - 1 \
           and r.caller_id = calls.caller_id and r.reversed_at is not null) as is_again \
         from calls where org_id = $1 and caller_id = $2 and at >= $3 \
         and reversed_at is null order by at desc, id desc limit 400",
        vals![org, caller, since],
    )
    .await?
    .iter()
    .map(|row| {
        let before: Snapshot =
            serde_json::from_str(&row.text("lead_before")?).map_err(Error::failure)?;
        let is_check = row.text("purpose")? == Purpose::Actualisation.code();
        let is_fresh = before.callback_at.is_none() && !is_check && !row.flag("is_again")?;
        Ok(Done { at: row.at("at")?, meaning: row.id("meaning")?, is_fresh })
    })
    .collect()
}

/// True where a call about a lead was rejected before.
pub(super) async fn was_rejected(tx: &mut Tx, org: OrgId, lead: LeadId) -> Outcome<bool> {
    let text = "select id from calls where org_id = $1 and lead_id = $2 \
                and mechanism = 'rejected' and reversed_at is null limit 1";
    Ok(tx.maybe(text, vals![org, lead]).await?.is_some())
}

/// When a number of a company was dialled and how that ended, the latest first.
pub(super) async fn list_ends_of_number(
    tx: &mut Tx,
    org: OrgId,
    (company, phone): (CompanyId, PhoneId),
) -> Outcome<Vec<(Instant, Mechanism)>> {
    tx.all(
        "select at, mechanism from calls where org_id = $1 and company_id = $2 \
         and phone_id = $3 and reversed_at is null order by at desc, id desc limit 50",
        vals![org, company, phone],
    )
    .await?
    .iter()
    .map(|row| Ok((row.at("at")?, row.id("mechanism")?)))
    .collect()
}

/// A caller's calls since then by meaning and mechanism, with counts.
pub(super) async fn count_of(
    tx: &mut Tx,
    org: OrgId,
    caller: UserId,
    since: Instant,
) -> Outcome<Vec<(String, String, i64)>> {
    tx.all(
        "select meaning, mechanism, count(*) as n from calls \
         where org_id = $1 and caller_id = $2 and at >= $3 and reversed_at is null \
         group by meaning, mechanism",
        vals![org, caller, since],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("meaning")?, row.text("mechanism")?, row.int("n")?)))
    .collect()
}

/// A campaign's calls since then by meaning and reason, with counts.
pub(super) async fn count_in_campaign(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    since: Instant,
) -> Outcome<Vec<(String, Option<String>, i64)>> {
    tx.all(
        "select meaning, reason, count(*) as n from calls \
         where org_id = $1 and campaign_id = $2 and at >= $3 and reversed_at is null \
         group by meaning, reason order by count(*) desc",
        vals![org, campaign, since],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("meaning")?, row.opt_text("reason")?, row.int("n")?)))
    .collect()
}

/// The campaigns that called a company since then, in the order in which they are locked.
pub(super) async fn list_campaigns_that_called(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    since: Instant,
) -> Outcome<Vec<CampaignId>> {
    tx.all(
        "select distinct campaign_id from calls \
         where org_id = $1 and company_id = $2 and at >= $3 order by campaign_id",
        vals![org, company, since],
    )
    .await?
    .iter()
    .map(|row| row.id("campaign_id"))
    .collect()
}

/// A campaign's calls since then; what was taken back was none.
pub(super) async fn count_made(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    since: Instant,
) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from calls where org_id = $1 and campaign_id = $2 and at >= $3 \
         and reversed_at is null",
        vals![org, campaign, since],
    )
    .await?
    .int("n")
}

/// When a campaign first called each of these companies since then.
pub(super) async fn list_first_calls(
    tx: &mut Tx,
    org: OrgId,
    (campaign, since): (CampaignId, Instant),
    companies: &[CompanyId],
) -> Outcome<Vec<(CompanyId, Instant)>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select company_id, min(at) as first_at from calls where org_id = $1 \
         and campaign_id = $2 and at >= $3 and reversed_at is null \
         and company_id in (/*among*/) group by company_id",
        vals![org, campaign, since],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("company_id")?, row.at("first_at")?)))
    .collect()
}

fn read_call(row: &Row) -> Outcome<Call> {
    let checkpoints = row.text("checkpoints")?;
    Ok(Call {
        id: row.id("id")?,
        lead: row.id("lead_id")?,
        campaign: row.id("campaign_id")?,
        company: row.id("company_id")?,
        caller: row.id("caller_id")?,
        generation: row.int("lease_generation")?,
        at: row.at("at")?,
        mechanism: row.id("mechanism")?,
        measured: row.opt_id("measured")?,
        mechanism_by: row.opt_id("mechanism_by")?,
        meaning: row.id("meaning")?,
        reason: row.opt_text("reason")?,
        note: row.text("note")?,
        phone: row.opt_id("phone_id")?,
        script_version: row.opt_int("script_version")?,
        branch: row.opt_int("branch")?,
        checkpoints: checkpoints.split(',').filter_map(|n| n.parse().ok()).collect(),
        callback_at: row.opt_at("callback_at")?,
        meeting: row.opt_id("meeting_id")?,
        ban: row.opt_id("ban_id")?,
        lead_version: row.int("lead_version")?,
        reversed_at: row.opt_at("reversed_at")?,
    })
}
