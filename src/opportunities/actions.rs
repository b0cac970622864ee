//! What is done with opportunities: open, advance, keep up to date, win, lose, reopen.

use std::collections::BTreeMap;

use serde_json::Value;

use super::lists::{CARDS_MAX, Card, Column, Filter, Range};
use super::{
    Details, LossReason, Move, NewOpportunity, Opportunity, OpportunityRefusal, STEP_MAX, Stage,
    State, TEXT_MAX, draft_of_details, draft_of_loss, stages, store,
};
use crate::begin;
use crate::companies;
use crate::contracts::{self, NewContract};
use crate::events::{Event, Kind};
use crate::people::{Scope, Viewer};
use crate::promises::{self, NewPromise};
use crate::storage::{Act, Tx, take_numbers};
use crate::values::*;
use crate::web::{Cursor, Slice, drafts};

/// The rank of the tier that sells.
pub(super) const SALES: i64 = 2;
/// How long the numbers of a client who is sold more are lent, should nobody close it before.
const UPSELL_DAYS_MAX: i64 = 730;

/// Value and term of the contract an opportunity is won with.
#[derive(Debug, Clone)]
pub struct Win {
    /// What it is worth.
    pub value: Money,
    /// First day of the term.
    pub term_from: Instant,
    /// Last day of the term.
    pub term_to: Instant,
}

/// Opens an opportunity in the first stage.
pub async fn open_in(tx: &mut Tx, act: &Act, new: NewOpportunity) -> Outcome<OpportunityId> {
    let stages = seeded_stages(tx, act.org).await?;
    let first = stages.first().ok_or_else(|| Error::failure("the pipeline has no stage"))?;
    let (next_step, next_step_at) = new.next.map_or_else(Default::default, |(step, at)| {
        (step.trim().chars().take(STEP_MAX).collect(), Some(at))
    });
    let opportunity = Opportunity {
        id: OpportunityId::fresh(act.now),
        number: take_numbers(tx, act.org, "opportunity", 1).await?,
        company: new.company,
        campaign: new.campaign,
        handoff: new.handoff,
        owner: new.owner,
        team: new.team,
        is_upsell: new.is_upsell,
        passport: new.passport,
        // The need was checked when it was handed over; a longer one stays whole in the passport.
        need: new.need.trim().chars().take(TEXT_MAX).collect(),
        amount: None,
        next_step,
        next_step_at,
        expected_close_on: None,
        stage: first.code.clone(),
        stage_since: act.now,
        stuck_at: first.stuck_at(act.now),
        state: State::Open,
        loss_reason: None,
        loss_note: None,
        closed_at: None,
        contract: None,
        opened_at: act.now,
        version: 1,
    };
    if !store::insert_opportunity(tx, act.org, &opportunity).await? {
        return Err(OpportunityRefusal::AlreadyOpened.into());
    }
    event(Kind::OpportunityOpened, &opportunity)
        .with("handoff", opportunity.handoff.map(|id| id.to_string()))
        .with("is_upsell", opportunity.is_upsell)
        .record(tx, act)
        .await?;
    lend_numbers_in(tx, act, &opportunity).await?;
    announce(tx, act.org, &opportunity);
    Ok(opportunity.id)
}

/// Moves an opportunity to another stage and returns its new version.
pub async fn advance(
    act: &Act,
    viewer: &Viewer,
    id: OpportunityId,
    seen: i64,
    to: &str,
) -> Outcome<i64> {
    let mut tx = begin!(act);
    let before = found_for_update(&mut tx, viewer, id).await?;
    let stages = list_stages(&mut tx, act.org).await?;
    let after = before.advance(seen, to, &stages, act.now)?;
    keep_move(&mut tx, act, &before, &after, false).await?;
    tx.finish(after.version).await
}

/// Takes the last move back, within a minute and by the one who made it.
pub async fn undo_move(act: &Act, viewer: &Viewer, id: OpportunityId) -> Outcome<i64> {
    let mut tx = begin!(act);
    let before = found_for_update(&mut tx, viewer, id).await?;
    let last = store::find_last_move(&mut tx, act.org, id).await?;
    let last = last.ok_or(OpportunityRefusal::TooLateToUndo)?;
    let stages = list_stages(&mut tx, act.org).await?;
    let after = before.undo(&last, act.actor, &stages, act.now)?;
    keep_move(&mut tx, act, &before, &after, true).await?;
    tx.finish(after.version).await
}

/// Keeps amount, need, next step and expected close.
pub async fn keep_details(
    act: &Act,
    viewer: &Viewer,
    id: OpportunityId,
    seen: i64,
    details: Details,
) -> Outcome<i64> {
    let mut tx = begin!(act);
    let before = found_for_update(&mut tx, viewer, id).await?;
    let after = before.set(seen, details)?;
    keep(&mut tx, act, &before, &after).await?;
    drafts::forget(&mut tx, act.org, viewer.id(), &draft_of_details(id)).await?;
    let mut changed = event(Kind::OpportunityChanged, &after);
    if let Some(amount) = after.amount {
        changed = changed.amount(amount);
    }
    changed
        .with("next_step_at", after.next_step_at.map(Instant::rfc3339))
        .with("fields", after.changed(&before).join(","))
        .record(&mut tx, act)
        .await?;
    announce(&mut tx, act.org, &after);
    tx.finish(after.version).await
}

/// Promises something to the client of an opportunity; its owner keeps it.
pub async fn promise(
    act: &Act,
    viewer: &Viewer,
    id: OpportunityId,
    words: String,
    due_at: Instant,
) -> Outcome<PromiseId> {
    let mut tx = begin!(act);
    let found = found_for_update(&mut tx, viewer, id).await?;
    let new = NewPromise {
        company: found.company,
        campaign: found.campaign,
        words,
        due_at,
        holder: Some(found.owner),
    };
    let promise = promises::actions::make_in(&mut tx, act, new).await?;
    announce(&mut tx, act.org, &found);
    tx.finish(promise).await
}

/// Gives an opportunity up, with a coded reason and a note.
pub async fn lose(
    act: &Act,
    viewer: &Viewer,
    id: OpportunityId,
    seen: i64,
    (reason, note): (LossReason, &str),
) -> Outcome<i64> {
    let mut tx = begin!(act);
    let before = found_for_update(&mut tx, viewer, id).await?;
    let after = before.lose(seen, reason, note, act.now)?;
    keep(&mut tx, act, &before, &after).await?;
    drafts::forget(&mut tx, act.org, viewer.id(), &draft_of_loss(id)).await?;
    event(Kind::OpportunityLost, &after)
        .reason(reason.code().to_owned())
        .with("stage", after.stage.clone())
        .record(&mut tx, act)
        .await?;
    announce(&mut tx, act.org, &after);
    tx.finish(after.version).await
}

/// Wins an opportunity: the contract is signed in the same transaction.
pub async fn win(
    act: &Act,
    viewer: &Viewer,
    id: OpportunityId,
    seen: i64,
    win: Win,
) -> Outcome<ContractId> {
    let mut tx = begin!(act);
    let before = found_for_update(&mut tx, viewer, id).await?;
    // The rule is asked before the contract is signed; the id it is won with comes after.
    before.check_open(seen)?;
    let contract = contracts::actions::sign_in(&mut tx, act, contract_of(&before, &win)).await?;
    let after = before.win(seen, contract, win.value, act.now)?;
    keep(&mut tx, act, &before, &after).await?;
    event(Kind::OpportunityWon, &after)
        .amount(win.value)
        .with("contract", contract.to_string())
        .with("stage", after.stage.clone())
        .record(&mut tx, act)
        .await?;
    announce(&mut tx, act.org, &after);
    tx.finish(contract).await
}

fn contract_of(opportunity: &Opportunity, win: &Win) -> NewContract {
    NewContract {
        opportunity: opportunity.id,
        company: opportunity.company,
        campaign: opportunity.campaign,
        seller: opportunity.owner,
        team: opportunity.team,
        value: win.value,
        term_from: win.term_from,
        term_to: win.term_to,
    }
}

/// Takes a lost opportunity up again.
pub async fn reopen(act: &Act, viewer: &Viewer, id: OpportunityId, seen: i64) -> Outcome<i64> {
    let mut tx = begin!(act);
    let before = found_for_update(&mut tx, viewer, id).await?;
    let stages = list_stages(&mut tx, act.org).await?;
    let after = before.reopen(seen, &stages, act.now)?;
    keep(&mut tx, act, &before, &after).await?;
    event(Kind::OpportunityReopened, &after)
        .reason(before.loss_reason.map(|reason| reason.code().to_owned()))
        .record(&mut tx, act)
        .await?;
    announce(&mut tx, act.org, &after);
    tx.finish(after.version).await
}

/// An opportunity the viewer may see.
pub async fn find(tx: &mut Tx, scope: &Scope, id: OpportunityId) -> Outcome<Option<Opportunity>> {
    store::find_opportunity(tx, scope, id).await
}

/// What the passports of a company say was promised, while nobody has recorded it with its time or
/// put it away. Winning changes nothing about it: it travels with the client.
pub async fn list_told(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<String>> {
    let mut told: Vec<String> = Vec::new();
    for passport in store::list_passports(tx, org, company).await? {
        let passport: Value = serde_json::from_str(&passport).map_err(Error::failure)?;
        let answer = passport.get("promises").and_then(Value::as_str).unwrap_or_default();
        if let Some(words) = promises::told_in(answer)
            && !told.contains(&words)
        {
            told.push(words);
        }
    }
    promises::actions::list_unrecorded(tx, org, company, told).await
}

/// How many open opportunities a person leads.
pub async fn count_open(tx: &mut Tx, org: OrgId, owner: UserId) -> Outcome<i64> {
    store::count_open(tx, org, owner).await
}

/// True while something more is being sold to a client of a company.
pub async fn is_upsell_open(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<bool> {
    Ok(store::count_open_upsells(tx, org, company).await? > 0)
}

/// The stages of a firm in order; the defaults until its first opportunity writes them down.
pub async fn list_stages(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Stage>> {
    let stages = store::list_stages(tx, org).await?;
    Ok(if stages.is_empty() { stages::defaults() } else { stages })
}

/// The same, written down for a firm that has none.
async fn seeded_stages(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Stage>> {
    let found = store::list_stages(tx, org).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    for stage in stages::defaults() {
        store::insert_stage(tx, org, &stage).await?;
    }
    store::list_stages(tx, org).await
}

/// The board: each stage with its count, its sums and the cards that want something first.
pub async fn board(tx: &mut Tx, org: OrgId, range: &Range) -> Outcome<Vec<Column>> {
    let sums = store::list_stage_sums(tx, org, range).await?;
    let mut columns = Vec::new();
    for stage in list_stages(tx, org).await? {
        let cards = store::list_stage_cards(tx, org, range, &stage.code, CARDS_MAX).await?;
        let own = sums.iter().filter(|sum| sum.stage == stage.code);
        columns.push(Column {
            count: own.clone().map(|sum| sum.count).sum(),
            sums: own.filter_map(|sum| sum.sum).collect(),
            stage,
            cards,
        });
    }
    name_companies(tx, org, columns.iter_mut().flat_map(|column| &mut column.cards)).await?;
    Ok(columns)
}

/// A page of the table, newest first.
pub async fn list(
    tx: &mut Tx,
    org: OrgId,
    filter: &Filter,
    cursor: &Cursor,
    now: Instant,
) -> Outcome<Slice<Card>> {
    let below = cursor.after().parse().unwrap_or(i64::MAX);
    let limit = cursor.limit();
    let mut rows = store::list_cards(tx, org, filter, below, (now, limit + 1)).await?;
    name_companies(tx, org, rows.iter_mut()).await?;
    Ok(Slice::cut(rows, limit, |card| card.number.to_string()))
}

async fn name_companies<'a>(
    tx: &mut Tx,
    org: OrgId,
    cards: impl Iterator<Item = &'a mut Card>,
) -> Outcome<()> {
    let cards: Vec<&mut Card> = cards.collect();
    let mut ids: Vec<CompanyId> = cards.iter().map(|card| card.company).collect();
    ids.sort_unstable();
    ids.dedup();
    let companies = companies::actions::list_by_ids(tx, org, &ids).await?;
    let names: BTreeMap<CompanyId, String> =
        companies.into_iter().map(|company| (company.id, company.name)).collect();
    for card in cards {
        card.company_name = names.get(&card.company).cloned().unwrap_or_default();
    }
    Ok(())
}

/// The last move of an opportunity.
pub async fn find_last_move(tx: &mut Tx, org: OrgId, id: OpportunityId) -> Outcome<Option<Move>> {
    store::find_last_move(tx, org, id).await
}

/// The opportunity, kept from others until the transaction ends: its company first, as merges do.
pub(super) async fn found_for_update(
    tx: &mut Tx,
    viewer: &Viewer,
    id: OpportunityId,
) -> Outcome<Opportunity> {
    let scope = viewer.scope();
    let seen = store::find_opportunity(tx, &scope, id).await?.ok_or(Error::NotFound)?;
    companies::actions::find_standing_for_update(tx, scope.org, seen.company).await?;
    store::find_opportunity_for_update(tx, &scope, id).await?.ok_or(Error::NotFound)
}

pub(super) async fn keep(
    tx: &mut Tx,
    act: &Act,
    before: &Opportunity,
    after: &Opportunity,
) -> Outcome<()> {
    if store::update_opportunity(tx, act.org, after, before.version).await? != 1 {
        return Err(OpportunityRefusal::Stale.into());
    }
    if after.is_upsell && before.owner != after.owner {
        companies::actions::take_back_in(tx, act, before.company, before.owner).await?;
    }
    if before.state != after.state || before.owner != after.owner {
        lend_numbers_in(tx, act, after).await?;
    }
    Ok(())
}

/// Service leads a client who is sold more; for as long as the opportunity is open its owner may
/// call them too.
async fn lend_numbers_in(tx: &mut Tx, act: &Act, o: &Opportunity) -> Outcome<()> {
    if !o.is_upsell {
        return Ok(());
    }
    if o.state != State::Open {
        return companies::actions::take_back_in(tx, act, o.company, o.owner).await;
    }
    companies::actions::keep_in_sight_in(tx, act, o.company, o.owner).await?;
    let until = act.now.plus_days(UPSELL_DAYS_MAX);
    companies::actions::lend_in(tx, act, o.company, o.owner, until).await
}

async fn keep_move(
    tx: &mut Tx,
    act: &Act,
    before: &Opportunity,
    after: &Opportunity,
    is_reversal: bool,
) -> Outcome<()> {
    keep(tx, act, before, after).await?;
    let made = Move {
        from: before.stage.clone(),
        to: after.stage.clone(),
        since_before: before.stage_since,
        version: after.version,
        is_reversal,
        at: act.now,
        by: act.actor,
    };
    store::insert_move(tx, act.org, after.id, &made).await?;
    event(Kind::OpportunityAdvanced, after)
        .reason(after.stage.clone())
        .with("from", before.stage.clone())
        .with("is_reversal", is_reversal)
        .record(tx, act)
        .await?;
    announce(tx, act.org, after);
    Ok(())
}

pub(super) fn event(kind: Kind, opportunity: &Opportunity) -> Event {
    Event::new(kind, opportunity.id)
        .company(opportunity.company)
        .campaign(opportunity.campaign)
        .person(opportunity.owner)
        .tier(SALES)
}

/// Boards of the owner, of their team and of the firm look again; so does the story of the company.
pub(super) fn announce(tx: &mut Tx, org: OrgId, opportunity: &Opportunity) {
    tx.announce(format!("pipeline:{}", opportunity.owner));
    if let Some(team) = opportunity.team {
        tx.announce(format!("pipeline:{team}"));
    }
    tx.announce(format!("pipeline:{org}"));
    tx.announce(format!("company:{}", opportunity.company));
}
