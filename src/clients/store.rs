//! Every statement about clients, their contracts and their onboarding.

use std::collections::BTreeMap;

use super::{Client, EndReason, Filter, Held, Listed, Step};
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
             owner_id, team_id, opened_at, kept_through, end_note, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11) \
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

macro_rules! clients_held {
    () => {
        "select id, number, company_id, campaign_id, owner_id, team_id, opened_at, kept_through, \
         ended_at, version from clients \
         where org_id = $1 and owner_id = $5 and ended_at is null \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4) order by number"
    };
}

/// Those an owner leads, as far as the scope sees them.
pub(super) async fn list_held(tx: &mut Tx, scope: &Scope, owner: UserId) -> Outcome<Vec<Client>> {
    tx.all(clients_held!(), vals![scope.org, scope.reach(), scope.team, scope.user, owner])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// The same, kept from others until the transaction ends.
pub(super) async fn list_held_for_update(
    tx: &mut Tx,
    scope: &Scope,
    owner: UserId,
) -> Outcome<Vec<Client>> {
    tx.all(
        concat!(clients_held!(), " /*for update*/"),
        vals![scope.org, scope.reach(), scope.team, scope.user, owner],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_counts(tx: &mut Tx, scope: &Scope) -> Outcome<BTreeMap<UserId, i64>> {
    tx.all(
        "select owner_id, count(*) as n from clients where org_id = $1 and ended_at is null \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4) group by owner_id",
        vals![scope.org, scope.reach(), scope.team, scope.user],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("owner_id")?, row.int("n")?)))
    .collect()
}

pub(super) async fn update_owner(tx: &mut Tx, org: OrgId, client: &Client) -> Outcome<u64> {
    tx.run(
        "update clients set owner_id = $4, team_id = $5, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3",
        vals![org, client.id, client.version, client.owner, client.team],
    )
    .await
}

pub(super) async fn insert_contract(tx: &mut Tx, act: &Act, held: Held) -> Outcome<u64> {
    tx.run(
        "insert into client_contracts (org_id, client_id, contract_id, ends_at, added_at) \
         values ($1, $2, $3, $4, $5) on conflict (client_id, contract_id) do nothing",
        vals![act.org, held.client, held.contract, held.ends_at, act.now],
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

pub(super) async fn find_for_update(
    tx: &mut Tx,
    scope: &Scope,
    id: ClientId,
) -> Outcome<Option<Client>> {
    tx.maybe(
        "select id, number, company_id, campaign_id, owner_id, team_id, opened_at, kept_through, \
         ended_at, version from clients where org_id = $1 and id = $5 \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4) /*for update*/",
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn find_active(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Option<Client>> {
    tx.maybe(
        "select id, number, company_id, campaign_id, owner_id, team_id, opened_at, kept_through, \
         ended_at, version from clients \
         where org_id = $1 and company_id = $2 and ended_at is null",
        vals![org, company],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Returns 0 when somebody changed the client in between.
pub(super) async fn update_ended(
    tx: &mut Tx,
    org: OrgId,
    client: &Client,
    (reason, note): (EndReason, &str),
) -> Outcome<u64> {
    tx.run(
        "update clients set ended_at = $4, end_reason = $5, end_note = $6, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3",
        vals![org, client.id, client.version, client.ended_at, reason.code(), note],
    )
    .await
}

/// Active clients with a month that is over and not recorded, the longest waiting first.
pub(super) async fn list_to_keep(
    tx: &mut Tx,
    org: OrgId,
    last_over: Month,
    limit: i64,
) -> Outcome<Vec<Client>> {
    tx.all(
        "select id, number, company_id, campaign_id, owner_id, team_id, opened_at, kept_through, \
         ended_at, version from clients \
         where org_id = $1 and ended_at is null and kept_through < $2 \
         order by kept_through, id limit $3",
        vals![org, last_over.to_string(), limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Returns 0 when the month was recorded before or the client left.
pub(super) async fn update_kept(
    tx: &mut Tx,
    org: OrgId,
    client: &Client,
    month: Month,
) -> Outcome<u64> {
    tx.run(
        "update clients set kept_through = $4 \
         where org_id = $1 and id = $2 and kept_through = $3 and ended_at is null",
        vals![org, client.id, client.kept_through.to_string(), month.to_string()],
    )
    .await
}

/// A page of a list, newest first; `below` is the number of the last client seen.
pub(super) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: Filter,
    (today, below): (Instant, i64),
    limit: i64,
) -> Outcome<Vec<Listed>> {
    tx.all(
        "select c.id, c.number, c.company_id, c.campaign_id, c.owner_id, c.team_id, c.opened_at, \
         c.kept_through, c.ended_at, c.version, \
         (select count(*) from onboarding_steps s where s.client_id = c.id) as steps, \
         (select count(*) from onboarding_steps s \
          where s.client_id = c.id and s.done_at is not null) as steps_done, \
         (select count(*) from orders o where o.org_id = $1 and o.client_id = c.id \
          and o.state = 'open') as open_orders, \
         (select min(o.due_at) from orders o where o.org_id = $1 and o.client_id = c.id \
          and o.state = 'open') as next_due_at \
         from clients c where c.org_id = $1 and c.number < $8 \
         and ($2 = 'all' or ($2 = 'team' and c.team_id = $3) or c.owner_id = $4) \
         and (($5 = 'active' and c.ended_at is null) \
          or ($5 = 'ended' and c.ended_at is not null)) \
         and ($6 = 'any' \
          or ($6 = 'onboarding' and exists (select 1 from onboarding_steps s \
           where s.client_id = c.id and s.done_at is null)) \
          or ($6 = 'order' and exists (select 1 from orders o \
           where o.org_id = $1 and o.client_id = c.id and o.state = 'open')) \
          or ($6 = 'late_order' and exists (select 1 from orders o where o.org_id = $1 \
           and o.client_id = c.id and o.state = 'open' and o.due_at < $7)) \
          or ($6 = 'comment' and exists (select 1 from orders o \
           join prototypes p on p.order_id = o.id where o.org_id = $1 and o.client_id = c.id \
           and o.state = 'open' and p.answer = 'commented' and not exists (select 1 \
           from prototypes n where n.order_id = o.id and n.sent_at > p.answered_at)))) \
         order by c.number desc limit $9",
        vals![
            scope.org,
            scope.reach(),
            scope.team,
            scope.user,
            filter.standing.code(),
            filter.waiting.code(),
            today,
            below,
            limit,
        ],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Listed {
            client: read(row)?,
            steps: (row.int("steps_done")?, row.int("steps")?),
            open_orders: row.int("open_orders")?,
            next_due_at: row.opt_at("next_due_at")?,
        })
    })
    .collect()
}

pub(super) async fn list_steps(tx: &mut Tx, org: OrgId, client: ClientId) -> Outcome<Vec<Step>> {
    tx.all(
        "select position, what, done_at, done_by from onboarding_steps \
         where org_id = $1 and client_id = $2 order by position",
        vals![org, client],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Step {
            position: row.int("position")?,
            what: row.text("what")?,
            done_at: row.opt_at("done_at")?,
            done_by: row.opt_id("done_by")?,
        })
    })
    .collect()
}

pub(super) async fn update_step(
    tx: &mut Tx,
    act: &Act,
    client: ClientId,
    position: i64,
    is_done: bool,
) -> Outcome<u64> {
    let (at, by) = if is_done { (Some(act.now), act.actor) } else { (None, None) };
    tx.run(
        "update onboarding_steps set done_at = $4, done_by = $5 \
         where org_id = $1 and client_id = $2 and position = $3",
        vals![act.org, client, position, at, by],
    )
    .await
}

pub(super) async fn list_contracts(
    tx: &mut Tx,
    org: OrgId,
    client: ClientId,
) -> Outcome<Vec<Held>> {
    tx.all(
        "select client_id, contract_id, ends_at from client_contracts \
         where org_id = $1 and client_id = $2 order by added_at, contract_id",
        vals![org, client],
    )
    .await?
    .iter()
    .map(read_held)
    .collect()
}

/// Contracts of active clients that end within a stretch of time and were not spoken of yet.
pub(super) async fn list_ending(
    tx: &mut Tx,
    org: OrgId,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Held>> {
    tx.all(
        "select h.client_id, h.contract_id, h.ends_at from client_contracts h \
         join clients c on c.id = h.client_id where h.org_id = $1 and h.ends_at > $2 \
         and h.ends_at <= $3 and h.renewal_at is null and c.ended_at is null \
         order by h.ends_at, h.contract_id",
        vals![org, from, until],
    )
    .await?
    .iter()
    .map(read_held)
    .collect()
}

pub(super) async fn update_renewal(tx: &mut Tx, act: &Act, held: Held) -> Outcome<u64> {
    tx.run(
        "update client_contracts set renewal_at = $4 \
         where org_id = $1 and client_id = $2 and contract_id = $3",
        vals![act.org, held.client, held.contract, act.now],
    )
    .await
}

/// The day of the firm's zone on which clients were last looked at.
pub(super) async fn find_swept_on(tx: &mut Tx, org: OrgId) -> Outcome<Option<String>> {
    tx.maybe("select swept_on from client_sweeps where org_id = $1 and what = 'day'", vals![org])
        .await?
        .map(|row| row.text("swept_on"))
        .transpose()
}

pub(super) async fn update_swept_on(tx: &mut Tx, org: OrgId, day: &str) -> Outcome<u64> {
    tx.run(
        "insert into client_sweeps (org_id, what, swept_on) values ($1, 'day', $2) \
         on conflict (org_id, what) do update set swept_on = excluded.swept_on",
        vals![org, day],
    )
    .await
}

fn read_held(row: &Row) -> Outcome<Held> {
    Ok(Held {
        client: row.id("client_id")?,
        contract: row.id("contract_id")?,
        ends_at: row.opt_at("ends_at")?,
    })
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
