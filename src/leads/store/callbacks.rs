//! Every statement about callbacks. What opens, moves or ends one writes the columns by which the
//! queue finds its lead in the same function; nothing else writes those.

use crate::leads::callbacks::{Callback, CallbackEnd, Ended};
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// The columns of a callback before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select b.id, b.lead_id, b.campaign_id, b.origin, b.asked_in, b.asked_by, b.made_at, \
             b.at, b.owner_id, b.fallback_id, b.zone, b.resumes_at, b.ended_at, b.ended_as, \
             b.ended_in, b.ended_why, b.ended_by, b.version from callbacks b ",
            $rest
        )
    };
}

pub(in crate::leads) async fn insert_callback(
    tx: &mut Tx,
    org: OrgId,
    callback: &Callback,
) -> Outcome<()> {
    tx.run(
        "insert into callbacks (id, org_id, lead_id, campaign_id, origin, asked_in, asked_by, \
         made_at, at, owner_id, fallback_id, zone, resumes_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vals![
            callback.id,
            org,
            callback.lead,
            callback.campaign,
            callback.origin.code(),
            callback.asked_in,
            callback.asked_by,
            callback.made_at,
            callback.at,
            callback.owner,
            callback.fallback,
            callback.zone.clone(),
            callback.resumes,
            callback.version,
        ],
    )
    .await?;
    let promised = Some((callback.at, callback.owner, callback.fallback));
    update_promised(tx, org, callback.lead, promised).await
}

/// Ends the open callback of a lead; says which it was.
pub(in crate::leads) async fn update_callback_ended(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    ended: &Ended,
) -> Outcome<Option<Callback>> {
    let Some(mut callback) = find_open_callback(tx, org, lead).await? else { return Ok(None) };
    let (how, call, why) = match ended.how {
        CallbackEnd::Done(call) => ("done", Some(call), None),
        CallbackEnd::Cancelled(why) => ("cancelled", None, Some(why.code())),
    };
    tx.run(
        "update callbacks set ended_at = $3, ended_as = $4, ended_in = $5, ended_why = $6, \
         ended_by = $7, version = version + 1 \
         where org_id = $1 and id = $2 and ended_at is null",
        vals![org, callback.id, ended.at, how, call, why, ended.by],
    )
    .await?;
    update_promised(tx, org, lead, None).await?;
    callback.ended = Some(*ended);
    Ok(Some(callback))
}

/// Opens a callback that had ended, for what ended it was taken back.
pub(in crate::leads) async fn update_callback_reopened(
    tx: &mut Tx,
    org: OrgId,
    callback: &Callback,
) -> Outcome<()> {
    tx.run(
        "update callbacks set ended_at = null, ended_as = null, ended_in = null, \
         ended_why = null, ended_by = null, owner_id = $3, fallback_id = $4, \
         version = version + 1 where org_id = $1 and id = $2",
        vals![org, callback.id, callback.owner, callback.fallback],
    )
    .await?;
    let promised = Some((callback.at, callback.owner, callback.fallback));
    update_promised(tx, org, callback.lead, promised).await
}

/// Another caller answers for a promised call that nobody has in hand, and nobody stands in; `None`
/// is anyone. Nought rows where there is none.
pub(in crate::leads) async fn update_callback_owner(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    owner: Option<UserId>,
) -> Outcome<u64> {
    let moved = tx
        .run(
            "update leads set callback_owner_id = $3, callback_fallback_id = null, \
             version = version + 1 \
             where org_id = $1 and id = $2 and state = 'queued' and callback_at is not null \
             and lease_owner_id is null",
            vals![org, lead, owner],
        )
        .await?;
    if moved > 0 {
        tx.run(
            "update callbacks set owner_id = $3, fallback_id = null, version = version + 1 \
             where org_id = $1 and lead_id = $2 and ended_at is null",
            vals![org, lead, owner],
        )
        .await?;
    }
    Ok(moved)
}

/// Another caller stands in for who promised a call, or nobody does.
pub(in crate::leads) async fn update_callback_fallback(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    fallback: Option<UserId>,
) -> Outcome<u64> {
    tx.run(
        "update leads set callback_fallback_id = $3 where org_id = $1 and id = $2",
        vals![org, lead, fallback],
    )
    .await?;
    tx.run(
        "update callbacks set fallback_id = $3, version = version + 1 \
         where org_id = $1 and lead_id = $2 and ended_at is null",
        vals![org, lead, fallback],
    )
    .await
}

/// What the queue finds a promised call by.
async fn update_promised(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    promised: Option<(Instant, Option<UserId>, Option<UserId>)>,
) -> Outcome<()> {
    let (at, owner, fallback) = match promised {
        Some((at, owner, fallback)) => (Some(at), owner, fallback),
        None => (None, None, None),
    };
    tx.run(
        "update leads set callback_at = $3, callback_owner_id = $4, callback_fallback_id = $5 \
         where org_id = $1 and id = $2",
        vals![org, lead, at, owner, fallback],
    )
    .await?;
    Ok(())
}

pub(in crate::leads) async fn find_open_callback(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
) -> Outcome<Option<Callback>> {
    tx.maybe(
        select!("where b.org_id = $1 and b.lead_id = $2 and b.ended_at is null"),
        vals![org, lead],
    )
    .await?
    .as_ref()
    .map(read_callback)
    .transpose()
}

/// The callback that a call kept.
pub(in crate::leads) async fn find_callback_kept(
    tx: &mut Tx,
    org: OrgId,
    (lead, call): (LeadId, CallId),
) -> Outcome<Option<Callback>> {
    tx.maybe(
        select!("where b.org_id = $1 and b.lead_id = $2 and b.ended_in = $3"),
        vals![org, lead, call],
    )
    .await?
    .as_ref()
    .map(read_callback)
    .transpose()
}

/// The callback that the latest merge of its company cancelled.
pub(in crate::leads) async fn find_callback_merged(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
) -> Outcome<Option<Callback>> {
    tx.maybe(
        select!(
            "where b.org_id = $1 and b.lead_id = $2 and b.ended_why = 'merged' \
             order by b.ended_at desc, b.id desc limit 1"
        ),
        vals![org, lead],
    )
    .await?
    .as_ref()
    .map(read_callback)
    .transpose()
}

/// Callbacks of a lead behind one of them, the newest first.
pub(in crate::leads) async fn list_callbacks(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    (before, before_id): (Instant, &str),
    limit: i64,
) -> Outcome<Vec<Callback>> {
    tx.all(
        select!(
            "where b.org_id = $1 and b.lead_id = $2 and (b.made_at, b.id) < ($3, $4) \
             order by b.made_at desc, b.id desc limit $5"
        ),
        vals![org, lead, before, before_id, limit],
    )
    .await?
    .iter()
    .map(read_callback)
    .collect()
}

/// Leads of a company to which a call is promised and that nobody has in hand.
pub(in crate::leads) async fn list_promised_of_company(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<LeadId>> {
    let text = "select id from leads where org_id = $1 and company_id = $2 and state = 'queued' \
                and callback_at is not null and lease_owner_id is null order by id";
    tx.all(text, vals![org, company]).await?.iter().map(|row| row.id("id")).collect()
}

/// Whose open callbacks are looked at.
#[derive(Clone, Copy)]
pub(in crate::leads) enum Whose {
    Campaign(CampaignId),
    Owner(UserId),
    Fallback(UserId),
}

/// Open callbacks behind one of them, each with its lead.
pub(in crate::leads) async fn list_open(
    tx: &mut Tx,
    org: OrgId,
    whose: Whose,
    after: &str,
    limit: i64,
) -> Outcome<Vec<(CallbackId, LeadId)>> {
    let (text, id) = match whose {
        Whose::Campaign(id) => (
            "select id, lead_id from callbacks where org_id = $1 and campaign_id = $2 \
             and ended_at is null and id > $3 order by id limit $4",
            Val::from(id),
        ),
        Whose::Fallback(id) => (
            "select id, lead_id from callbacks where org_id = $1 and fallback_id = $2 \
             and ended_at is null and id > $3 order by id limit $4",
            Val::from(id),
        ),
        Whose::Owner(id) => (
            "select id, lead_id from callbacks where org_id = $1 and owner_id = $2 \
             and ended_at is null and id > $3 order by id limit $4",
            Val::from(id),
        ),
    };
    tx.all(text, vals![org, id, after, limit])
        .await?
        .iter()
        .map(|row| Ok((row.id("id")?, row.id("lead_id")?)))
        .collect()
}

fn read_callback(row: &Row) -> Outcome<Callback> {
    let how = match row.opt_text("ended_as")?.as_deref() {
        Some("done") => Some(CallbackEnd::Done(row.id("ended_in")?)),
        Some(_) => Some(CallbackEnd::Cancelled(row.id("ended_why")?)),
        None => None,
    };
    let ended = match (how, row.opt_at("ended_at")?) {
        (Some(how), Some(at)) => Some(Ended { at, how, by: row.opt_id("ended_by")? }),
        _ => None,
    };
    Ok(Callback {
        id: row.id("id")?,
        lead: row.id("lead_id")?,
        campaign: row.id("campaign_id")?,
        origin: row.id("origin")?,
        asked_in: row.opt_id("asked_in")?,
        asked_by: row.opt_id("asked_by")?,
        made_at: row.at("made_at")?,
        at: row.at("at")?,
        owner: row.opt_id("owner_id")?,
        fallback: row.opt_id("fallback_id")?,
        zone: row.opt_text("zone")?,
        resumes: row.opt_at("resumes_at")?,
        ended,
        version: row.int("version")?,
    })
}
