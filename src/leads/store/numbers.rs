//! Every statement about numbers that several companies have.

use super::queue::Ask;
use crate::storage::{Tx, Val};
use crate::vals;
use crate::values::*;

/// A number that may be dialled, and at how many other companies it stands, counted up to a limit.
pub(in crate::leads) struct Carried {
    pub company: CompanyId,
    pub phone: PhoneId,
    pub e164: String,
    pub others: i64,
}

/// The numbers of these companies.
pub(in crate::leads) async fn list_carried(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
    limit: i64,
) -> Outcome<Vec<Carried>> {
    tx.all_among(
        "select p.company_id, p.id, p.e164, (select count(*) from (select o.company_id \
           from phones o join companies c on c.id = o.company_id \
           where o.org_id = $1 and o.e164 = p.e164 and o.company_id <> p.company_id \
           and coalesce(c.merged_into, c.id) <> p.company_id limit $2) x) as others \
         from phones p where p.org_id = $1 and p.standing in ('unknown', 'good') \
         and p.company_id in (/*among*/) order by p.company_id, p.id",
        vals![org, limit],
        &among(companies),
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Carried {
            company: row.id("company_id")?,
            phone: row.id("id")?,
            e164: row.text("e164")?,
            others: row.int("others")?,
        })
    })
    .collect()
}

/// The leads of a campaign whose companies have a number, those first that may be called, each
/// with the number as its company has it.
pub(in crate::leads) async fn list_leads_with(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    e164: &str,
) -> Outcome<Vec<(LeadId, PhoneId)>> {
    tx.all(
        "select l.id, p.id as phone_id from phones p \
         join leads l on l.company_id = p.company_id and l.campaign_id = $2 \
         where p.org_id = $1 and p.e164 = $3 and l.org_id = $1 \
         order by case when l.state = 'queued' then 0 else 1 end, \
         case when l.lease_owner_id is null then 0 else 1 end, l.attempts, l.id limit 20",
        vals![org, campaign, e164],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.id("phone_id")?)))
    .collect()
}

/// Takes these numbers, in the order given, so that of two companies that share one only one is
/// granted at a time. The first row of a number stands for all: thousands may have a switchboard.
pub(in crate::leads) async fn hold_numbers(
    tx: &mut Tx,
    org: OrgId,
    numbers: &[String],
) -> Outcome<()> {
    for number in numbers {
        tx.all(
            "select id from phones where org_id = $1 and e164 = $2 \
             order by company_id, id limit 1 /*for update*/",
            vals![org, number],
        )
        .await?;
    }
    Ok(())
}

/// A call that reached a number, for whichever company it stands at; of which number is not known,
/// it counts for each of the company's.
pub(in crate::leads) struct Reached {
    pub e164: String,
    pub company: CompanyId,
    pub at: Instant,
    pub is_of_campaign: bool,
}

/// Calls to these numbers since then, and all of the campaign, the latest first.
pub(in crate::leads) async fn list_reached(
    tx: &mut Tx,
    ask: &Ask<'_>,
    since: Instant,
    numbers: &[String],
) -> Outcome<Vec<Reached>> {
    let numbers: Vec<Val> = numbers.iter().map(|number| Val::from(number.as_str())).collect();
    tx.all_among(
        "select distinct p.e164, k.id, k.company_id, k.at, \
         (k.campaign_id = $3) as is_of_campaign \
         from phones p join companies c on c.id = p.company_id \
         join calls k on k.org_id = $1 and k.company_id = coalesce(c.merged_into, c.id) \
           and k.reversed_at is null and (k.at >= $2 or k.campaign_id = $3) \
         left join phones q on q.id = k.phone_id \
         where p.org_id = $1 and p.e164 in (/*among*/) \
         and (k.phone_id is null or q.id is null or q.e164 = p.e164) order by k.at desc, k.id",
        vals![ask.org, since, ask.campaign.id],
        &numbers,
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Reached {
            e164: row.text("e164")?,
            company: row.id("company_id")?,
            at: row.at("at")?,
            is_of_campaign: row.flag("is_of_campaign")?,
        })
    })
    .collect()
}

/// Companies in somebody's hands that have one of these numbers, each until when.
pub(in crate::leads) async fn list_in_hand(
    tx: &mut Tx,
    org: OrgId,
    numbers: &[String],
) -> Outcome<Vec<(String, CompanyId, Instant)>> {
    let numbers: Vec<Val> = numbers.iter().map(|number| Val::from(number.as_str())).collect();
    tx.all_among(
        "select p.e164, h.company_id, h.lease_until from phones p join leads h \
         on h.org_id = $1 and h.company_id = p.company_id and h.lease_owner_id is not null \
         where p.org_id = $1 and p.e164 in (/*among*/)",
        vals![org],
        &numbers,
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("e164")?, row.id("company_id")?, row.at("lease_until")?)))
    .collect()
}

fn among(companies: &[CompanyId]) -> Vec<Val> {
    companies.iter().map(|id| Val::from(*id)).collect()
}
