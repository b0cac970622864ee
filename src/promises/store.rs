//! Every statement about promises.

use std::collections::BTreeMap;

use super::Promise;
use crate::people::Scope;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

pub(super) async fn insert(tx: &mut Tx, org: OrgId, promise: &Promise) -> Outcome<()> {
    tx.run(
        "insert into promises (id, org_id, number, company_id, campaign_id, words, due_at, \
         holder_id, holder_team_id, made_by, made_at, state, note, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vals![
            promise.id,
            org,
            promise.number,
            promise.company,
            promise.campaign,
            &promise.words,
            promise.due_at,
            promise.holder,
            promise.holder_team,
            promise.made_by,
            promise.made_at,
            promise.state.code(),
            &promise.note,
            promise.version,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: PromiseId) -> Outcome<Option<Promise>> {
    tx.maybe(
        "select id, number, company_id, campaign_id, words, due_at, holder_id, holder_team_id, \
         made_by, made_at, state, note, answered_by, answered_at, version from promises \
         where org_id = $1 and id = $2 and ($3 = 'all' \
         or ($3 = 'team' and holder_team_id = $4) or holder_id = $5)",
        vals![scope.org, id, scope.reach(), scope.team, scope.user],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn list_of_company(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Promise>> {
    tx.all(
        "select id, number, company_id, campaign_id, words, due_at, holder_id, holder_team_id, \
         made_by, made_at, state, note, answered_by, answered_at, version from promises \
         where org_id = $1 and company_id = $2 order by made_at desc, id desc limit 200",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_words(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    words: &[String],
) -> Outcome<Vec<String>> {
    let among: Vec<Val> = words.iter().map(Val::from).collect();
    tx.all_among(
        "select words from promises where org_id = $1 and company_id = $2 \
         and words in (/*among*/)",
        vals![org, company],
        &among,
    )
    .await?
    .iter()
    .map(|row| row.text("words"))
    .collect()
}

pub(super) async fn list_due(
    tx: &mut Tx,
    scope: &Scope,
    is_mine: bool,
    limit: i64,
) -> Outcome<Vec<Promise>> {
    let reach = if is_mine { "own" } else { scope.reach() };
    tx.all(
        "select id, number, company_id, campaign_id, words, due_at, holder_id, holder_team_id, \
         made_by, made_at, state, note, answered_by, answered_at, version from promises \
         where org_id = $1 and state = 'open' and ($2 = 'all' \
         or ($2 = 'team' and holder_team_id = $3) or holder_id = $4) \
         order by due_at, id limit $5",
        vals![scope.org, reach, scope.team, scope.user, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_answered(tx: &mut Tx, scope: &Scope, limit: i64) -> Outcome<Vec<Promise>> {
    tx.all(
        "select id, number, company_id, campaign_id, words, due_at, holder_id, holder_team_id, \
         made_by, made_at, state, note, answered_by, answered_at, version from promises \
         where org_id = $1 and answered_at is not null and ($2 = 'all' \
         or ($2 = 'team' and holder_team_id = $3) or holder_id = $4) \
         order by answered_at desc, id desc limit $5",
        vals![scope.org, scope.reach(), scope.team, scope.user, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn find_for_update(
    tx: &mut Tx,
    scope: &Scope,
    id: PromiseId,
) -> Outcome<Option<Promise>> {
    tx.maybe(
        "select id, number, company_id, campaign_id, words, due_at, holder_id, holder_team_id, \
         made_by, made_at, state, note, answered_by, answered_at, version from promises \
         where org_id = $1 and id = $2 and ($3 = 'all' \
         or ($3 = 'team' and holder_team_id = $4) or holder_id = $5) /*for update*/",
        vals![scope.org, id, scope.reach(), scope.team, scope.user],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn list_open(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Promise>> {
    tx.all(
        "select id, number, company_id, campaign_id, words, due_at, holder_id, holder_team_id, \
         made_by, made_at, state, note, answered_by, answered_at, version from promises \
         where org_id = $1 and company_id = $2 and state = 'open' order by due_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_open_for_update(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Promise>> {
    tx.all(
        "select id, number, company_id, campaign_id, words, due_at, holder_id, holder_team_id, \
         made_by, made_at, state, note, answered_by, answered_at, version from promises \
         where org_id = $1 and company_id = $2 and state = 'open' order by id /*for update*/",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_held_for_update(
    tx: &mut Tx,
    scope: &Scope,
    holder: UserId,
) -> Outcome<Vec<Promise>> {
    tx.all(
        "select id, number, company_id, campaign_id, words, due_at, holder_id, holder_team_id, \
         made_by, made_at, state, note, answered_by, answered_at, version from promises \
         where org_id = $1 and holder_id = $5 and state = 'open' and ($2 = 'all' \
         or ($2 = 'team' and holder_team_id = $3) or holder_id = $4) order by id /*for update*/",
        vals![scope.org, scope.reach(), scope.team, scope.user, holder],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) async fn list_counts(tx: &mut Tx, scope: &Scope) -> Outcome<BTreeMap<UserId, i64>> {
    tx.all(
        "select holder_id, count(*) as n from promises \
         where org_id = $1 and state = 'open' and ($2 = 'all' \
         or ($2 = 'team' and holder_team_id = $3) or holder_id = $4) group by holder_id",
        vals![scope.org, scope.reach(), scope.team, scope.user],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("holder_id")?, row.int("n")?)))
    .collect()
}

pub(super) async fn update_holder(
    tx: &mut Tx,
    org: OrgId,
    promise: &Promise,
    (to, team): (UserId, Option<TeamId>),
) -> Outcome<u64> {
    tx.run(
        "update promises set holder_id = $4, holder_team_id = $5, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3",
        vals![org, promise.id, promise.version, to, team],
    )
    .await
}

pub(super) async fn update_answer(tx: &mut Tx, org: OrgId, promise: &Promise) -> Outcome<u64> {
    tx.run(
        "update promises set state = $4, note = $5, answered_by = $6, answered_at = $7, \
         version = version + 1 where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            promise.id,
            promise.version,
            promise.state.code(),
            &promise.note,
            promise.answered.map(|(by, _)| by),
            promise.answered.map(|(_, at)| at),
        ],
    )
    .await
}

fn read(row: &Row) -> Outcome<Promise> {
    let answered = match (row.opt_id("answered_by")?, row.opt_at("answered_at")?) {
        (Some(by), Some(at)) => Some((by, at)),
        _ => None,
    };
    Ok(Promise {
        id: row.id("id")?,
        number: row.int("number")?,
        company: row.id("company_id")?,
        campaign: row.opt_id("campaign_id")?,
        words: row.text("words")?,
        due_at: row.at("due_at")?,
        holder: row.id("holder_id")?,
        holder_team: row.opt_id("holder_team_id")?,
        made_by: row.id("made_by")?,
        made_at: row.at("made_at")?,
        state: row
            .text("state")?
            .parse()
            .map_err(|()| Error::failure("unknown state of a promise"))?,
        note: row.text("note")?,
        answered,
        version: row.int("version")?,
    })
}
