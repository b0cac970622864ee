//! Every statement about opportunities, their moves and the stages.

use std::collections::BTreeMap;

use super::lists::{Card, Filter, Range, StageSum};
use super::{Criterion, Move, Opportunity, Stage};
use crate::people::Scope;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

pub(super) async fn list_stages(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Stage>> {
    tx.all(
        "select code, position, name_ru, name_en, criteria, stuck_after_days from stages \
         where org_id = $1 order by position",
        vals![org],
    )
    .await?
    .iter()
    .map(read_stage)
    .collect()
}

pub(super) async fn insert_stage(tx: &mut Tx, org: OrgId, stage: &Stage) -> Outcome<()> {
    let criteria: Vec<&str> = stage.criteria.iter().map(|c| c.code()).collect();
    tx.run(
        "insert into stages (org_id, code, position, name_ru, name_en, criteria, \
         stuck_after_days) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (org_id, code) do nothing",
        vals![
            org,
            &stage.code,
            stage.position,
            &stage.name_ru,
            &stage.name_en,
            criteria.join(","),
            stage.stuck_after_days,
        ],
    )
    .await?;
    Ok(())
}

/// Returns false when the hand-off has opened its opportunity already.
pub(super) async fn insert_opportunity(tx: &mut Tx, org: OrgId, o: &Opportunity) -> Outcome<bool> {
    let count = tx
        .run(
            "insert into opportunities (id, org_id, number, company_id, campaign_id, handoff_id, \
             owner_id, team_id, is_upsell, passport, need, next_step, stage, stage_since, \
             stuck_at, due_at, state, opened_at, version, next_step_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20) on conflict (org_id, handoff_id) do nothing",
            vals![
                o.id,
                org,
                o.number,
                o.company,
                o.campaign,
                o.handoff,
                o.owner,
                o.team,
                o.is_upsell,
                o.passport.to_string(),
                &o.need,
                &o.next_step,
                &o.stage,
                o.stage_since,
                o.stuck_at,
                o.due_at(),
                o.state.code(),
                o.opened_at,
                o.version,
                o.next_step_at,
            ],
        )
        .await?;
    Ok(count == 1)
}

macro_rules! opportunity_columns {
    () => {
        "id, number, company_id, campaign_id, handoff_id, owner_id, team_id, is_upsell, passport, \
         need, amount, currency, next_step, next_step_at, expected_close_on, stage, stage_since, \
         stuck_at, state, loss_reason, loss_note, closed_at, contract_id, opened_at, version"
    };
}

macro_rules! opportunity_seen {
    () => {
        " from opportunities where org_id = $1 and id = $5 \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4)"
    };
}

pub(super) async fn find_opportunity(
    tx: &mut Tx,
    scope: &Scope,
    id: OpportunityId,
) -> Outcome<Option<Opportunity>> {
    tx.maybe(
        concat!("select ", opportunity_columns!(), opportunity_seen!()),
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read_opportunity)
    .transpose()
}

pub(super) async fn find_opportunity_for_update(
    tx: &mut Tx,
    scope: &Scope,
    id: OpportunityId,
) -> Outcome<Option<Opportunity>> {
    tx.maybe(
        concat!("select ", opportunity_columns!(), opportunity_seen!(), " /*for update*/"),
        vals![scope.org, scope.reach(), scope.team, scope.user, id],
    )
    .await?
    .as_ref()
    .map(read_opportunity)
    .transpose()
}

macro_rules! opportunities_held {
    () => {
        " from opportunities where org_id = $1 and owner_id = $5 and state = 'open' \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4) order by number"
    };
}

/// The open ones of an owner, as far as the scope sees them.
pub(super) async fn list_held(
    tx: &mut Tx,
    scope: &Scope,
    owner: UserId,
) -> Outcome<Vec<Opportunity>> {
    tx.all(
        concat!("select ", opportunity_columns!(), opportunities_held!()),
        vals![scope.org, scope.reach(), scope.team, scope.user, owner],
    )
    .await?
    .iter()
    .map(read_opportunity)
    .collect()
}

/// The same, kept from others until the transaction ends.
pub(super) async fn list_held_for_update(
    tx: &mut Tx,
    scope: &Scope,
    owner: UserId,
) -> Outcome<Vec<Opportunity>> {
    tx.all(
        concat!("select ", opportunity_columns!(), opportunities_held!(), " /*for update*/"),
        vals![scope.org, scope.reach(), scope.team, scope.user, owner],
    )
    .await?
    .iter()
    .map(read_opportunity)
    .collect()
}

pub(super) async fn list_counts(tx: &mut Tx, scope: &Scope) -> Outcome<BTreeMap<UserId, i64>> {
    tx.all(
        "select owner_id, count(*) as n from opportunities where org_id = $1 and state = 'open' \
         and ($2 = 'all' or ($2 = 'team' and team_id = $3) or owner_id = $4) group by owner_id",
        vals![scope.org, scope.reach(), scope.team, scope.user],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("owner_id")?, row.int("n")?)))
    .collect()
}

pub(super) async fn count_open(tx: &mut Tx, org: OrgId, owner: UserId) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from opportunities \
         where org_id = $1 and owner_id = $2 and state = 'open'",
        vals![org, owner],
    )
    .await?
    .int("n")
}

pub(super) async fn count_open_upsells(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from opportunities \
         where org_id = $1 and company_id = $2 and is_upsell = true and state = 'open'",
        vals![org, company],
    )
    .await?
    .int("n")
}

/// Writes everything that may change; no rows when somebody else was faster.
pub(super) async fn update_opportunity(
    tx: &mut Tx,
    org: OrgId,
    o: &Opportunity,
    version_before: i64,
) -> Outcome<u64> {
    tx.run(
        "update opportunities set need = $4, amount = $5, currency = $6, next_step = $7, \
         next_step_at = $8, expected_close_on = $9, stage = $10, stage_since = $11, \
         stuck_at = $12, due_at = $13, state = $14, loss_reason = $15, loss_note = $16, \
         closed_at = $17, contract_id = $18, version = $19, owner_id = $20, team_id = $21 \
         where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            o.id,
            version_before,
            &o.need,
            o.amount.map(|m| m.minor),
            o.amount.map(|m| m.currency.code()),
            &o.next_step,
            o.next_step_at,
            o.expected_close_on,
            &o.stage,
            o.stage_since,
            o.stuck_at,
            o.due_at(),
            o.state.code(),
            o.loss_reason.map(|r| r.code()),
            &o.loss_note,
            o.closed_at,
            o.contract,
            o.version,
            o.owner,
            o.team,
        ],
    )
    .await
}

pub(super) async fn insert_move(
    tx: &mut Tx,
    org: OrgId,
    opportunity: OpportunityId,
    made: &Move,
) -> Outcome<()> {
    tx.run(
        "insert into opportunity_moves (id, org_id, opportunity_id, from_stage, to_stage, \
         since_before, version, is_reversal, moved_at, moved_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![
            AnyId::fresh(made.at),
            org,
            opportunity,
            &made.from,
            &made.to,
            made.since_before,
            made.version,
            made.is_reversal,
            made.at,
            made.by,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find_last_move(
    tx: &mut Tx,
    org: OrgId,
    opportunity: OpportunityId,
) -> Outcome<Option<Move>> {
    tx.maybe(
        "select from_stage, to_stage, since_before, version, is_reversal, moved_at, moved_by \
         from opportunity_moves where org_id = $1 and opportunity_id = $2 \
         order by version desc limit 1",
        vals![org, opportunity],
    )
    .await?
    .map(|row| {
        Ok(Move {
            from: row.text("from_stage")?,
            to: row.text("to_stage")?,
            since_before: row.at("since_before")?,
            version: row.int("version")?,
            is_reversal: row.flag("is_reversal")?,
            at: row.at("moved_at")?,
            by: row.opt_id("moved_by")?,
        })
    })
    .transpose()
}

/// One text for each range: the column that holds who may see decides which index is walked.
macro_rules! in_range {
    ($range:expr, $text:ident) => {
        match $range {
            Range::Own(_) => $text!("o.owner_id"),
            Range::Team(_) => $text!("o.team_id"),
            Range::Firm(_) => $text!("o.org_id"),
        }
    };
}

macro_rules! card_columns {
    () => {
        "select o.id, o.number, o.company_id, o.owner_id, o.amount, o.currency, o.next_step, \
         o.next_step_at, o.expected_close_on, o.stage, o.stage_since, o.stuck_at, o.state, \
         o.version from opportunities o "
    };
}

macro_rules! stage_cards {
    ($column:literal) => {
        concat!(
            card_columns!(),
            "where o.org_id = $1 and ",
            $column,
            " = $2 and o.state = 'open' and o.stage = $3 order by o.due_at, o.id limit $4"
        )
    };
}

/// The cards of a stage that want something first.
pub(super) async fn list_stage_cards(
    tx: &mut Tx,
    org: OrgId,
    range: &Range,
    stage: &str,
    limit: i64,
) -> Outcome<Vec<Card>> {
    let text = in_range!(range, stage_cards);
    tx.all(text, vals![org, range.key(), stage, limit]).await?.iter().map(read_card).collect()
}

macro_rules! stage_sums {
    ($column:literal) => {
        concat!(
            "select o.stage, o.currency, count(*) as n, \
             cast(coalesce(sum(o.amount), 0) as bigint) as total from opportunities o \
             where o.org_id = $1 and ",
            $column,
            " = $2 and o.state = 'open' group by o.stage, o.currency order by o.stage, o.currency"
        )
    };
}

/// Counts and sums of the open ones by stage and currency.
pub(super) async fn list_stage_sums(
    tx: &mut Tx,
    org: OrgId,
    range: &Range,
) -> Outcome<Vec<StageSum>> {
    let text = in_range!(range, stage_sums);
    tx.all(text, vals![org, range.key()])
        .await?
        .iter()
        .map(|row| {
            let sum = match row.opt_text("currency")? {
                Some(_) => Some(row.money("total", "currency")?),
                None => None,
            };
            Ok(StageSum { stage: row.text("stage")?, count: row.int("n")?, sum })
        })
        .collect()
}

macro_rules! cards {
    ($column:literal) => {
        concat!(
            card_columns!(),
            "where o.org_id = $1 and ",
            $column,
            " = $2 and o.state = $3 and o.number < $4 and ($5 = '' or o.stage = $5) \
             and ($6 = '' or ($6 = 'stuck' and o.stuck_at <= $7) \
             or ($6 = 'no_step' and o.due_at = 0) \
             or ($6 = 'late' and o.due_at > 0 and o.due_at < $7)) \
             order by o.number desc limit $8"
        )
    };
}

/// A page of the table, newest first, below a number.
pub(super) async fn list_cards(
    tx: &mut Tx,
    org: OrgId,
    filter: &Filter,
    below: i64,
    (now, limit): (Instant, i64),
) -> Outcome<Vec<Card>> {
    let text = in_range!(&filter.range, cards);
    let mark = filter.mark.map_or("", |mark| mark.code());
    let state = filter.state.code();
    let values = vals![org, filter.range.key(), state, below, &filter.stage, mark, now, limit];
    tx.all(text, values).await?.iter().map(read_card).collect()
}

fn read_card(row: &Row) -> Outcome<Card> {
    let amount = match row.opt_int("amount")? {
        Some(minor) => Some(Money::new(minor, row.currency("currency")?)),
        None => None,
    };
    Ok(Card {
        id: row.id("id")?,
        number: row.int("number")?,
        company: row.id("company_id")?,
        company_name: String::new(),
        owner: row.id("owner_id")?,
        amount,
        next_step: row.text("next_step")?,
        next_step_at: row.opt_at("next_step_at")?,
        expected_close_on: row.opt_at("expected_close_on")?,
        stage: row.text("stage")?,
        stage_since: row.at("stage_since")?,
        stuck_at: row.at("stuck_at")?,
        state: row.id("state")?,
        version: row.int("version")?,
    })
}

fn read_stage(row: &Row) -> Outcome<Stage> {
    let criteria: Result<Vec<Criterion>, ()> =
        row.text("criteria")?.split(',').filter(|c| !c.is_empty()).map(str::parse).collect();
    Ok(Stage {
        code: row.text("code")?,
        position: row.int("position")?,
        name_ru: row.text("name_ru")?,
        name_en: row.text("name_en")?,
        criteria: criteria.map_err(|()| Error::failure("unknown exit criterion"))?,
        stuck_after_days: row.int("stuck_after_days")?,
    })
}

fn read_opportunity(row: &Row) -> Outcome<Opportunity> {
    let amount = match row.opt_int("amount")? {
        Some(minor) => Some(Money::new(minor, row.currency("currency")?)),
        None => None,
    };
    Ok(Opportunity {
        id: row.id("id")?,
        number: row.int("number")?,
        company: row.id("company_id")?,
        campaign: row.opt_id("campaign_id")?,
        handoff: row.opt_id("handoff_id")?,
        owner: row.id("owner_id")?,
        team: row.opt_id("team_id")?,
        is_upsell: row.flag("is_upsell")?,
        passport: serde_json::from_str(&row.text("passport")?).map_err(Error::failure)?,
        need: row.text("need")?,
        amount,
        next_step: row.text("next_step")?,
        next_step_at: row.opt_at("next_step_at")?,
        expected_close_on: row.opt_at("expected_close_on")?,
        stage: row.text("stage")?,
        stage_since: row.at("stage_since")?,
        stuck_at: row.at("stuck_at")?,
        state: row.id("state")?,
        loss_reason: row.opt_id("loss_reason")?,
        loss_note: row.opt_text("loss_note")?,
        closed_at: row.opt_at("closed_at")?,
        contract: row.opt_id("contract_id")?,
        opened_at: row.at("opened_at")?,
        version: row.int("version")?,
    })
}

/// What the passports of a company's opportunities say, of those that were not lost; oldest first.
pub(super) async fn list_passports(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<String>> {
    tx.all(
        "select passport from opportunities where org_id = $1 and company_id = $2 \
         and state <> 'lost' order by opened_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| row.text("passport"))
    .collect()
}
