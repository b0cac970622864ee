//! Statements that end a wait: whom a rule denied is looked at once something has changed. A denial
//! was of a lead that was due, so nothing that was promised for later, or that rests after a
//! result, comes sooner.

use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// A waiting lead that a rule denied, where $3 is now.
macro_rules! anew {
    ($which:literal) => {
        concat!(
            "update leads set next_at = $3 where org_id = $1 and state = 'queued' \
             and denied_rule is not null and lease_owner_id is null and next_at > $3 \
             and (callback_at is null or callback_at <= $3) and ",
            $which
        )
    };
}

/// What a rule of a campaign holds up may be looked at now.
pub(in crate::leads) async fn update_looked_anew(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(anew!("campaign_id = $2"), vals![org, campaign, now]).await
}

/// The same of one company in all campaigns.
pub(in crate::leads) async fn update_company_anew(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(anew!("company_id = $2"), vals![org, company, now]).await
}

/// The same of what one rule holds up, in all campaigns.
pub(in crate::leads) async fn update_rule_anew(
    tx: &mut Tx,
    org: OrgId,
    rule: &str,
    now: Instant,
) -> Outcome<u64> {
    let text =
        anew!("denied_rule = $2 and campaign_id in (select id from campaigns where org_id = $1)");
    tx.run(text, vals![org, rule, now]).await
}

/// The same of companies that lacked a ground or a number, where a file has brought one. It goes
/// by those who wait, for a file may have a million rows.
pub(in crate::leads) async fn update_import_anew(
    tx: &mut Tx,
    org: OrgId,
    import: ImportId,
    now: Instant,
) -> Outcome<u64> {
    let text = anew!(
        "denied_rule in ('no_basis', 'no_phone', 'number_held') \
         and campaign_id in (select id from campaigns where org_id = $1) \
         and (exists (select 1 from bases b where b.org_id = $1 \
           and b.company_id = leads.company_id and b.import_id = $2) \
         or exists (select 1 from phones p where p.org_id = $1 \
           and p.company_id = leads.company_id and p.import_id = $2))"
    );
    tx.run(text, vals![org, import, now]).await
}
