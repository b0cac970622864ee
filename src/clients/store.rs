//! Every statement about clients, their contracts and their onboarding.

use super::Client;
use crate::people::Scope;
use crate::storage::{Act, Row, Tx};
use crate::vals;
use crate::values::*;

/// Returns false when the company is an active client already.
pub(super) async fn insert(
    tx: &mut Tx,
    org: OrgId,
    client: &Client,
    handoff: Option<HandoffId>,
) -> Outcome<bool> {
    let count = tx
        .run(
            "insert into clients (id, org_id, number, company_id, campaign_id, handoff_id, \
             owner_id, team_id, opened_at, kept_through, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             on conflict (org_id, company_id) where ended_at is null do nothing",
            vals![
                client.id,
                org,
                client.number,
                client.company,
                client.campaign,
                handoff,
                client.owner,
                client.team,
                client.opened_at,
                client.kept_through.to_string(),
                client.version,
            ],
        )
        .await?;
    Ok(count == 1)
}

/// A client, left ones included.
pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: ClientId) -> Outcome<Option<Client>> {
    tx.maybe(
        "select id, number, company_id, campaign_id, owner_id, team_id, opened_at, kept_through, \
         ended_at, version from clients \
         where org_id = $1 and id = $2 and ($3 = 'all' or ($3 = 'team' and team_id = $4) \
         or owner_id = $5)",
        vals![scope.org, id, scope.reach(), scope.team, scope.user],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn count_led(tx: &mut Tx, org: OrgId, owner: UserId) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from clients \
         where org_id = $1 and owner_id = $2 and ended_at is null",
        vals![org, owner],
    )
    .await?
    .int("n")
}

/// The company's active client, kept from others until the transaction ends.
pub(super) async fn find_active_for_update(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Option<Client>> {
    tx.maybe(
        "select id, number, company_id, campaign_id, owner_id, team_id, opened_at, kept_through, \
         ended_at, version from clients \
         where org_id = $1 and company_id = $2 and ended_at is null /*for update*/",
        vals![org, company],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn update_owner(tx: &mut Tx, org: OrgId, client: &Client) -> Outcome<u64> {
    tx.run(
        "update clients set owner_id = $4, team_id = $5, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3",
        vals![org, client.id, client.version, client.owner, client.team],
    )
    .await
}

pub(super) async fn insert_contract(
    tx: &mut Tx,
    act: &Act,
    client: ClientId,
    contract: ContractId,
) -> Outcome<u64> {
    tx.run(
        "insert into client_contracts (org_id, client_id, contract_id, added_at) \
         values ($1, $2, $3, $4) on conflict (client_id, contract_id) do nothing",
        vals![act.org, client, contract, act.now],
    )
    .await
}

pub(super) async fn insert_step(
    tx: &mut Tx,
    org: OrgId,
    client: ClientId,
    position: i64,
    what: &str,
) -> Outcome<u64> {
    tx.run(
        "insert into onboarding_steps (org_id, client_id, position, what) \
         values ($1, $2, $3, $4) on conflict (client_id, position) do nothing",
        vals![org, client, position, what],
    )
    .await
}

fn read(row: &Row) -> Outcome<Client> {
    Ok(Client {
        id: row.id("id")?,
        number: row.int("number")?,
        company: row.id("company_id")?,
        campaign: row.opt_id("campaign_id")?,
        owner: row.id("owner_id")?,
        team: row.opt_id("team_id")?,
        opened_at: row.at("opened_at")?,
        kept_through: row.id("kept_through")?,
        ended_at: row.opt_at("ended_at")?,
        version: row.int("version")?,
    })
}
