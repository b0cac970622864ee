//! What is done with contracts: sign, enter and reverse payments, end.

use super::{
    Contract, ContractRefusal, ContractState, Filter, NewContract, NewEnd, NewPayment, Payment,
    ReversalReason, note_too_long, store,
};
use crate::begin;
use crate::contracts::NOTE_MAX;
use crate::events::{Event, Kind};
use crate::people::{Scope, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::values::*;
use crate::web::{Cursor, Slice};

/// The rank of the tier that sells.
const SALES: i64 = 2;

/// Signs a contract as part of the win of its opportunity.
pub async fn sign_in(tx: &mut Tx, act: &Act, new: NewContract) -> Outcome<ContractId> {
    new.check()?;
    let contract = Contract {
        id: ContractId::fresh(act.now),
        number: take_numbers(tx, act.org, "contract", 1).await?,
        opportunity: new.opportunity,
        company: new.company,
        campaign: new.campaign,
        seller: new.seller,
        team: new.team,
        value: new.value,
        term_from: new.term_from,
        term_to: new.term_to,
        state: ContractState::Active,
        end_reason: None,
        end_note: None,
        ended_at: None,
        signed_at: act.now,
        paid: Money::new(0, new.value.currency),
        version: 1,
    };
    if !store::insert_contract(tx, act.org, &contract).await? {
        return Err(ContractRefusal::AlreadySigned.into());
    }
    event(Kind::ContractSigned, &contract, contract.id)
        .amount(contract.value)
        .with("opportunity", contract.opportunity.to_string())
        .with("number", contract.number)
        .record(tx, act)
        .await?;
    tx.announce(format!("company:{}", contract.company));
    Ok(contract.id)
}

/// Enters money that came in.
pub async fn enter_payment(
    act: &Act,
    viewer: &Viewer,
    id: ContractId,
    new: NewPayment,
) -> Outcome<PaymentId> {
    let mut tx = begin!(act);
    let contract = found_for_update(&mut tx, viewer, id).await?;
    contract.check_payment(&new, &viewer.zone, act.now)?;
    let payment = Payment {
        id: PaymentId::fresh(act.now),
        number: take_numbers(&mut tx, act.org, "payment", 1).await?,
        contract: id,
        amount: new.amount,
        paid_on: new.paid_on,
        note: new.note.trim().to_owned(),
        reverses: None,
        reason: None,
        is_reversed: false,
        entered_at: act.now,
        entered_by: act.actor,
    };
    store::insert_payment(&mut tx, act.org, &payment).await?;
    event(Kind::PaymentEntered, &contract, payment.id)
        .amount(payment.amount)
        .with("contract", id.to_string())
        .with("paid_on", payment.paid_on.day(&viewer.zone).to_string())
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("contract:{id}"));
    tx.finish(payment.id).await
}

/// Takes a payment back by a line of its own.
pub async fn reverse_payment(
    act: &Act,
    viewer: &Viewer,
    id: PaymentId,
    reason: ReversalReason,
    note: &str,
) -> Outcome<PaymentId> {
    let mut fields = Fields::default();
    note_too_long(&mut fields, "note", note, NOTE_MAX);
    fields.into_result()?;
    let mut tx = begin!(act);
    let payment = store::find_payment(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let contract = found_for_update(&mut tx, viewer, payment.contract).await?;
    if payment.reverses.is_some() {
        return Err(ContractRefusal::IsReversal.into());
    }
    let today = Instant::from_local(act.now.day(&viewer.zone).at(0, 0, 0, 0), &viewer.zone);
    let reversal = Payment {
        id: PaymentId::fresh(act.now),
        number: take_numbers(&mut tx, act.org, "payment", 1).await?,
        contract: payment.contract,
        amount: Money::new(-payment.amount.minor, payment.amount.currency),
        paid_on: today,
        note: note.trim().to_owned(),
        reverses: Some(id),
        reason: Some(reason),
        is_reversed: false,
        entered_at: act.now,
        entered_by: act.actor,
    };
    if !store::insert_payment(&mut tx, act.org, &reversal).await? {
        return Err(ContractRefusal::AlreadyReversed.into());
    }
    event(Kind::PaymentReversed, &contract, id)
        .amount(payment.amount)
        .reason(reason.code().to_owned())
        .with("contract", contract.id.to_string())
        .with("reversal", reversal.id.to_string())
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("contract:{}", contract.id));
    tx.finish(reversal.id).await
}

/// Ends or cancels a contract.
pub async fn end(
    act: &Act,
    viewer: &Viewer,
    id: ContractId,
    seen: i64,
    end: NewEnd,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let contract = found_for_update(&mut tx, viewer, id).await?;
    let ended = contract.end(seen, &end, act.now)?;
    if store::update_end(&mut tx, act.org, &ended, seen).await? == 0 {
        return Err(ContractRefusal::Stale.into());
    }
    event(Kind::ContractEnded, &ended, id)
        .reason(end.reason.code().to_owned())
        .with("state", ended.state.code())
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("contract:{id}"));
    tx.finish(()).await
}

/// A contract the viewer may see.
pub async fn find(tx: &mut Tx, scope: &Scope, id: ContractId) -> Outcome<Option<Contract>> {
    store::find_contract(tx, scope, id).await
}

/// A page of the contracts the viewer may see, newest first.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    filter: &Filter,
    cursor: &Cursor,
) -> Outcome<Slice<Contract>> {
    let below = cursor.after().parse().unwrap_or(i64::MAX);
    let limit = cursor.limit();
    let rows = store::list_contracts(tx, scope, filter, (below, limit + 1)).await?;
    Ok(Slice::cut(rows, limit, |contract| contract.number.to_string()))
}

/// A payment of a contract the viewer may see.
pub async fn find_payment(tx: &mut Tx, scope: &Scope, id: PaymentId) -> Outcome<Option<Payment>> {
    let Some(payment) = store::find_payment(tx, scope.org, id).await? else { return Ok(None) };
    let contract = store::find_contract(tx, scope, payment.contract).await?;
    Ok(contract.map(|_| payment))
}

/// The payments of a contract, newest first; the contract was found under a scope before.
pub async fn list_payments(tx: &mut Tx, org: OrgId, id: ContractId) -> Outcome<Vec<Payment>> {
    store::list_payments(tx, org, id).await
}

/// Only the seller, their head and the owner change a contract; who serves the client looks on.
async fn found_for_update(tx: &mut Tx, viewer: &Viewer, id: ContractId) -> Outcome<Contract> {
    store::find_contract_for_update(tx, &viewer.scope(), id).await?.ok_or(Error::NotFound)
}

fn event(kind: Kind, contract: &Contract, subject: impl ToString) -> Event {
    Event::new(kind, subject)
        .company(contract.company)
        .campaign(contract.campaign)
        .person(contract.seller)
        .tier(SALES)
}
