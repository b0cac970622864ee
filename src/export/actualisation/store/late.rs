//! When a round ended, and what came to its companies afterwards.

use std::collections::BTreeSet;

use crate::storage::{Tx, Val};
use crate::vals;
use crate::values::*;

/// When a round ended: at its day, or when it was stopped before; `None` while it goes on.
pub(in crate::export::actualisation) async fn find_end(
    tx: &mut Tx,
    org: OrgId,
    id: CampaignId,
    now: Instant,
) -> Outcome<Option<Instant>> {
    let row = tx
        .one(
            "select (select r.until from rounds r where r.org_id = $1 and r.campaign_id = $2 \
               and r.until <= $3) as over_at, \
             (select min(e.at) from events e where e.org_id = $1 and e.campaign_id = $2 \
               and e.kind = 'campaign.turned' and e.reason = 'stopped') as stopped_at",
            vals![org, id, now],
        )
        .await?;
    Ok([row.opt_at("over_at")?, row.opt_at("stopped_at")?].into_iter().flatten().min())
}

/// Numbers, people and mail addresses that were added to companies after an instant.
#[derive(Debug, Default)]
pub(in crate::export::actualisation) struct Late {
    pub phones: BTreeSet<PhoneId>,
    pub contacts: BTreeSet<ContactId>,
    pub emails: BTreeSet<(CompanyId, String)>,
}

/// What was added to these companies after an instant.
pub(in crate::export::actualisation) async fn find_late(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
    end: Instant,
) -> Outcome<Late> {
    let (fixed, among) = (vals![org, end], companies.iter().map(|id| Val::from(*id)));
    let among: Vec<Val> = among.collect();
    let phones = tx
        .all_among(
            "select id from phones where org_id = $1 and made_at > $2 \
             and company_id in (/*among*/)",
            fixed,
            &among,
        )
        .await?;
    let contacts = tx
        .all_among(
            "select id from contacts where org_id = $1 and made_at > $2 \
             and company_id in (/*among*/)",
            fixed,
            &among,
        )
        .await?;
    let emails = tx
        .all_among(
            "select company_id, address from emails where org_id = $1 and made_at > $2 \
             and company_id in (/*among*/)",
            fixed,
            &among,
        )
        .await?;
    Ok(Late {
        phones: phones.iter().map(|row| row.id("id")).collect::<Outcome<_>>()?,
        contacts: contacts.iter().map(|row| row.id("id")).collect::<Outcome<_>>()?,
        emails: emails
            .iter()
            .map(|row| Ok((row.id("company_id")?, row.text("address")?)))
            .collect::<Outcome<_>>()?,
    })
}
