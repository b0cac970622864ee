//! Every statement about contracts and payments.

use super::{Contract, Filter, Payment};
use crate::people::Scope;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// Returns false when the opportunity has a contract already.
pub(super) async fn insert_contract(tx: &mut Tx, org: OrgId, c: &Contract) -> Outcome<bool> {
    let count = tx
        .run(
            "insert into contracts (id, org_id, number, opportunity_id, company_id, campaign_id, \
             seller_id, team_id, value, currency, term_from, term_to, state, signed_at, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             on conflict (org_id, opportunity_id) do nothing",
            vals![
                c.id,
                org,
                c.number,
                c.opportunity,
                c.company,
                c.campaign,
                c.seller,
                c.team,
                c.value.minor,
                c.value.currency,
                c.term_from,
                c.term_to,
                c.state.code(),
                c.signed_at,
                c.version,
            ],
        )
        .await?;
    Ok(count == 1)
}

/// The columns of a contract with what was paid for it.
macro_rules! contract_columns {
    () => {
        "c.id, c.number, c.opportunity_id, c.company_id, c.campaign_id, c.seller_id, c.team_id, \
         c.value, c.currency, c.term_from, c.term_to, c.state, c.end_reason, c.end_note, \
         c.ended_at, c.signed_at, c.version, \
         (select cast(coalesce(sum(p.amount), 0) as bigint) from payments p \
         where p.contract_id = c.id) as paid"
    };
}

/// Contracts in sight: those of the seller's range, and those of companies that the viewer, or
/// their team, leads in tier 3.
macro_rules! contracts_in_sight {
    () => {
        " from contracts c left join companies k on k.id = c.company_id \
         where c.org_id = $1 and ($2 = 'all' or ($2 = 'team' and c.team_id = $3) \
         or c.seller_id = $4 or (k.owner_tier = 3 \
         and (k.owner_id = $4 or ($2 = 'team' and k.team_id = $3)))) "
    };
}

pub(super) async fn find_contract(
    tx: &mut Tx,
    scope: &Scope,
    id: ContractId,
) -> Outcome<Option<Contract>> {
    tx.maybe(
        concat!("select ", contract_columns!(), contracts_in_sight!(), "and c.id = $5"),
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read_contract)
    .transpose()
}

/// Locks the contract first and sums its payments after, so that two who pay at once do not both
/// see the same remainder.
pub(super) async fn find_contract_for_update(
    tx: &mut Tx,
    scope: &Scope,
    id: ContractId,
) -> Outcome<Option<Contract>> {
    let locked = tx
        .maybe(
            "select id from contracts where org_id = $1 and id = $5 \
             and ($2 = 'all' or ($2 = 'team' and team_id = $3) or seller_id = $4) /*for update*/",
            vals![scope.org, scope.reach(), scope.team, scope.user, id],
        )
        .await?;
    match locked {
        Some(_) => find_contract(tx, scope, id).await,
        None => Ok(None),
    }
}

/// A page of the list, newest first, below a number.
pub(super) async fn list_contracts(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    (below, limit): (i64, i64),
) -> Outcome<Vec<Contract>> {
    tx.all(
        concat!(
            "select ",
            contract_columns!(),
            contracts_in_sight!(),
            "and c.number < $5 and ($6 = '' or c.state = $6) and ($7 = false or c.value > \
             (select coalesce(sum(o.amount), 0) from payments o where o.contract_id = c.id)) \
             order by c.number desc limit $8"
        ),
        vals![
            scope.org,
            scope.reach(),
            scope.team,
            scope.user,
            below,
            filter.state.map_or("", |state| state.code()),
            filter.is_owed,
            limit,
        ],
    )
    .await?
    .iter()
    .map(read_contract)
    .collect()
}

pub(super) async fn update_end(
    tx: &mut Tx,
    org: OrgId,
    c: &Contract,
    version_before: i64,
) -> Outcome<u64> {
    tx.run(
        "update contracts set state = $4, end_reason = $5, end_note = $6, ended_at = $7, \
         version = $8 where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            c.id,
            version_before,
            c.state.code(),
            c.end_reason.map(|r| r.code()),
            &c.end_note,
            c.ended_at,
            c.version,
        ],
    )
    .await
}

/// Returns false when it is a reversal of what was reversed before.
pub(super) async fn insert_payment(tx: &mut Tx, org: OrgId, p: &Payment) -> Outcome<bool> {
    let count = tx
        .run(
            "insert into payments (id, org_id, number, contract_id, amount, currency, paid_on, \
             note, reverses_id, reason, entered_at, entered_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             on conflict (org_id, reverses_id) do nothing",
            vals![
                p.id,
                org,
                p.number,
                p.contract,
                p.amount.minor,
                p.amount.currency,
                p.paid_on,
                &p.note,
                p.reverses,
                p.reason.map(|r| r.code()),
                p.entered_at,
                p.entered_by,
            ],
        )
        .await?;
    Ok(count == 1)
}

macro_rules! payment_columns {
    () => {
        "p.id, p.number, p.contract_id, p.amount, p.currency, p.paid_on, p.note, p.reverses_id, \
         p.reason, p.entered_at, p.entered_by, \
         exists (select 1 from payments r where r.org_id = p.org_id and r.reverses_id = p.id) \
         as is_reversed"
    };
}

pub(super) async fn find_payment(
    tx: &mut Tx,
    org: OrgId,
    id: PaymentId,
) -> Outcome<Option<Payment>> {
    tx.maybe(
        concat!(
            "select ",
            payment_columns!(),
            " from payments p where p.org_id = $1 and p.id = $2"
        ),
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_payment)
    .transpose()
}

pub(super) async fn list_payments(
    tx: &mut Tx,
    org: OrgId,
    contract: ContractId,
) -> Outcome<Vec<Payment>> {
    tx.all(
        concat!(
            "select ",
            payment_columns!(),
            " from payments p where p.org_id = $1 and p.contract_id = $2 \
             order by p.paid_on desc, p.number desc"
        ),
        vals![org, contract],
    )
    .await?
    .iter()
    .map(read_payment)
    .collect()
}

fn read_contract(row: &Row) -> Outcome<Contract> {
    let currency = row.currency("currency")?;
    Ok(Contract {
        id: row.id("id")?,
        number: row.int("number")?,
        opportunity: row.id("opportunity_id")?,
        company: row.id("company_id")?,
        campaign: row.opt_id("campaign_id")?,
        seller: row.id("seller_id")?,
        team: row.opt_id("team_id")?,
        value: Money::new(row.int("value")?, currency),
        term_from: row.at("term_from")?,
        term_to: row.at("term_to")?,
        state: row.id("state")?,
        end_reason: row.opt_id("end_reason")?,
        end_note: row.opt_text("end_note")?,
        ended_at: row.opt_at("ended_at")?,
        signed_at: row.at("signed_at")?,
        paid: Money::new(row.int("paid")?, currency),
        version: row.int("version")?,
    })
}

fn read_payment(row: &Row) -> Outcome<Payment> {
    Ok(Payment {
        id: row.id("id")?,
        number: row.int("number")?,
        contract: row.id("contract_id")?,
        amount: row.money("amount", "currency")?,
        paid_on: row.at("paid_on")?,
        note: row.text("note")?,
        reverses: row.opt_id("reverses_id")?,
        reason: row.opt_id("reason")?,
        is_reversed: row.flag("is_reversed")?,
        entered_at: row.at("entered_at")?,
        entered_by: row.opt_id("entered_by")?,
    })
}
