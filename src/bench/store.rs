//! Which records the timed pages are asked about. Nothing here writes.

use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// A noun whose records are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    ServedCompany,
    DeepCompany,
    Number,
    OpenOpportunity,
    Contract,
    Client,
    Campaign,
    Caller,
    Seller,
}

impl Target {
    fn statement(self) -> &'static str {
        match self {
            Self::ServedCompany => {
                "select company_id as id from clients where org_id = $1 order by number limit 40"
            }
            Self::DeepCompany => {
                "select id from companies where org_id = $1 order by name_key desc, id desc \
                 limit 20 offset 100"
            }
            Self::Number => {
                "select e164 as id from phones where org_id = $1 order by id desc limit 40"
            }
            Self::OpenOpportunity => {
                "select id from opportunities where org_id = $1 and state = 'open' \
                 order by number limit 40"
            }
            Self::Contract => "select id from contracts where org_id = $1 order by number limit 40",
            Self::Client => "select id from clients where org_id = $1 order by number limit 40",
            Self::Campaign => "select id from campaigns where org_id = $1 order by number limit 9",
            Self::Caller => {
                "select id from users where org_id = $1 and login like 'caller%' \
                 order by number limit 5"
            }
            Self::Seller => {
                "select id from users where org_id = $1 and login like 'seller%' \
                 order by number limit 5"
            }
        }
    }
}

pub(super) async fn list_targets(tx: &mut Tx, org: OrgId, target: Target) -> Outcome<Vec<String>> {
    tx.all(target.statement(), vals![org]).await?.iter().map(|row| row.text("id")).collect()
}

/// The month that runs, and the one before.
pub(super) async fn list_latest_periods(
    tx: &mut Tx,
    org: OrgId,
    now: Instant,
) -> Outcome<Vec<String>> {
    tx.all(
        "select id from pay_periods where org_id = $1 and starts_at <= $2 \
         order by starts_at desc limit 2",
        vals![org, now],
    )
    .await?
    .iter()
    .map(|row| row.text("id"))
    .collect()
}

/// When the last event happened.
pub(super) async fn find_last_moment(tx: &mut Tx, org: OrgId) -> Outcome<Instant> {
    tx.one("select coalesce(max(at), 0) as at from events where org_id = $1", vals![org])
        .await?
        .at("at")
}

/// A campaign that a person calls in.
pub(super) async fn find_campaign_of(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
) -> Outcome<Option<CampaignId>> {
    tx.maybe(
        "select campaign_id as id from campaign_members \
         where org_id = $1 and user_id = $2 and tier = 1",
        vals![org, user],
    )
    .await?
    .map(|row| row.id("id"))
    .transpose()
}

/// Leads of a campaign whose grants on record are not as many as were counted.
pub(super) async fn count_doubled(tx: &mut Tx, org: OrgId, campaign: CampaignId) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from (select subject_id, count(*) as grants from events \
         where org_id = $1 and kind = 'lead.leased' and campaign_id = $2 group by subject_id) told \
         join leads l on l.id = told.subject_id where l.lease_generation <> told.grants",
        vals![org, campaign],
    )
    .await?
    .int("n")
}
