//! Statements about two clients that become one, and two again.

use super::*;

/// A client that is served now.
#[derive(Debug, Clone)]
pub struct Served {
    pub id: ClientId,
    pub number: i64,
    pub owner: UserId,
}

pub async fn find_served(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Option<Served>> {
    tx.maybe(
        "select id, number, owner_id from clients \
         where org_id = $1 and company_id = $2 and ended_at is null",
        vals![org, company],
    )
    .await?
    .map(|row| {
        Ok(Served { id: row.id("id")?, number: row.int("number")?, owner: row.id("owner_id")? })
    })
    .transpose()
}

/// The client is served as part of another from now on; nought rows when it was ended meanwhile.
pub async fn update_client_joined(
    tx: &mut Tx,
    org: OrgId,
    client: ClientId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update clients set ended_at = $3, end_reason = 'merged', version = version + 1 \
         where org_id = $1 and id = $2 and ended_at is null",
        vals![org, client, now],
    )
    .await
}

/// The client is served by itself again, unless its company has another by now. The months for
/// which the other was kept were those of both: they do not count once more.
pub async fn update_client_parted(tx: &mut Tx, org: OrgId, change: &Change) -> Outcome<u64> {
    tx.run(
        "update clients set ended_at = null, end_reason = null, version = version + 1, \
         kept_through = (select max(i.kept_through) from clients i \
           where i.org_id = $1 and i.id in ($2, $3)) \
         where org_id = $1 and id = $2 and end_reason = 'merged' and not exists \
           (select 1 from clients x where x.org_id = $1 and x.company_id = clients.company_id \
           and x.ended_at is null)",
        vals![org, &change.row, &change.after],
    )
    .await
}

/// What a client has: its orders and its contracts, each with its table.
pub async fn list_of_client(
    tx: &mut Tx,
    org: OrgId,
    client: ClientId,
) -> Outcome<Vec<(String, String)>> {
    tx.all(
        "select 'orders' as noun, id from orders where org_id = $1 and client_id = $2 \
         union all select 'client_contracts', contract_id from client_contracts \
         where org_id = $1 and client_id = $2 order by noun, id",
        vals![org, client],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("noun")?, row.text("id")?)))
    .collect()
}

/// Orders and contracts of one client become another's.
pub async fn take_of_client(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (ClientId, ClientId),
) -> Outcome<u64> {
    let orders = tx
        .run(
            "update orders set client_id = $3 where org_id = $1 and client_id = $2",
            vals![org, from, to],
        )
        .await?;
    let contracts = tx
        .run(
            "update client_contracts set client_id = $3 where org_id = $1 and client_id = $2 \
             and contract_id not in (select x.contract_id from client_contracts x \
               where x.org_id = $1 and x.client_id = $3)",
            vals![org, from, to],
        )
        .await?;
    Ok(orders + contracts)
}

/// What merges took from a client goes to the one that serves its company, as far as it is there.
pub async fn give_of_client(tx: &mut Tx, org: OrgId, client: &str, to: ClientId) -> Outcome<u64> {
    let orders = tx
        .run(
            "update orders set client_id = $3 where org_id = $1 and client_id <> $3 \
             and company_id = (select c.company_id from clients c where c.id = $2) \
             and id in (select row_id from merge_changes where org_id = $1 and noun = 'orders' \
               and field = 'client' and value_before = $2)",
            vals![org, client, to],
        )
        .await?;
    let contracts = tx
        .run(
            "update client_contracts set client_id = $3 where org_id = $1 and client_id <> $3 \
             and contract_id in (select row_id from merge_changes where org_id = $1 \
               and noun = 'client_contracts' and field = 'client' and value_before = $2) \
             and (contract_id in (select k.id from contracts k where k.org_id = $1 \
               and k.company_id = (select c.company_id from clients c where c.id = $2)) \
               or contract_id not in (select k.id from contracts k where k.org_id = $1))",
            vals![org, client, to],
        )
        .await?;
    Ok(orders + contracts)
}

/// The clients of this company that were joined to one that is with another company by now, the
/// one of the last merge first.
pub async fn list_parted_clients(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Change>> {
    tx.all(
        "select x.merge_id, x.noun, x.row_id, x.field, x.value_before, x.value_after \
         from merge_changes x join clients c on c.id = x.row_id \
         join clients i on i.id = x.value_after join merges m on m.id = x.merge_id \
         where x.org_id = $1 and x.noun = 'clients' and x.returned_at is null \
         and c.company_id = $2 and i.company_id <> $2 order by m.number desc",
        vals![org, company],
    )
    .await?
    .iter()
    .map(super::changes::read_change)
    .collect()
}

/// The client goes on in another than the one the merge joined it to.
pub async fn update_after(
    tx: &mut Tx,
    org: OrgId,
    change: &Change,
    into: ClientId,
) -> Outcome<u64> {
    tx.run(
        "update merge_changes set value_after = $6 where org_id = $1 and merge_id = $2 \
         and noun = $3 and row_id = $4 and field = $5",
        vals![org, change.merge, &change.noun, &change.row, &change.field, into.to_string()],
    )
    .await
}
