//! Every statement about hand-offs.

use serde_json::Value;

use super::{
    Answered, Decided, Decision, Dispute, Handoff, HandoffState, Offered, Opened, RejectionReason,
    Side,
};
use crate::campaigns::passport;
use crate::people::Scope;
use crate::storage::{Row, Tx};
use crate::tiers::Tier;
use crate::vals;
use crate::values::*;

pub(super) mod counts;

/// The columns of a hand-off before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, number, company_id, campaign_id, lead_id, contract_id, client_id, \
             meeting_id, again_of, giver_id, giver_team_id, receiver_id, receiver_team_id, \
             passport, counts_for_giver, state, offered_at, due_at, answered_by, answered_at, \
             delay_minutes, \
             reason, comment, opportunity_id, opened_client_id, dispute, dispute_words, \
             disputed_at, decided_by, decided_at, decision_words, version from handoffs ",
            $rest
        )
    };
}

/// Returns false when the same record is on offer already.
pub(super) async fn insert(tx: &mut Tx, org: OrgId, handoff: &Handoff) -> Outcome<bool> {
    let (lead, contract, client) = record_ids(handoff.offered);
    let count = tx
        .run(
            "insert into handoffs (id, org_id, number, from_tier, to_tier, company_id, \
             campaign_id, lead_id, contract_id, client_id, meeting_id, again_of, giver_id, \
             giver_team_id, receiver_id, receiver_team_id, passport, counts_for_giver, state, \
             offered_at, due_at, comment, version) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, $21, '', $22) on conflict do nothing",
            vals![
                handoff.id,
                org,
                handoff.number,
                handoff.from().rank(),
                handoff.to().rank(),
                handoff.company,
                handoff.campaign,
                lead,
                contract,
                client,
                handoff.meeting,
                handoff.again_of,
                handoff.giver,
                handoff.giver_team,
                handoff.receiver.user,
                handoff.receiver.team,
                passport::to_json(&handoff.passport).to_string(),
                handoff.counts_for_giver,
                handoff.state.code(),
                handoff.offered_at,
                handoff.due_at,
                handoff.version,
            ],
        )
        .await?;
    Ok(count == 1)
}

pub(super) async fn find(tx: &mut Tx, scope: &Scope, id: HandoffId) -> Outcome<Option<Handoff>> {
    let row = tx
        .maybe(
            select!(
                "where org_id = $1 and id = $2 and ($3 = 'all' \
                 or ($3 = 'team' and (giver_team_id = $4 or receiver_team_id = $4)) \
                 or (receiver_id is null and receiver_team_id = $4) \
                 or giver_id = $5 or receiver_id = $5)"
            ),
            vals![scope.org, id, scope.reach(), scope.team, scope.user],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The same, locked until the transaction ends.
pub(super) async fn find_for_update(
    tx: &mut Tx,
    scope: &Scope,
    id: HandoffId,
) -> Outcome<Option<Handoff>> {
    let row = tx
        .maybe(
            select!(
                "where org_id = $1 and id = $2 and ($3 = 'all' \
                 or ($3 = 'team' and (giver_team_id = $4 or receiver_team_id = $4)) \
                 or (receiver_id is null and receiver_team_id = $4) \
                 or giver_id = $5 or receiver_id = $5) /*for update*/"
            ),
            vals![scope.org, id, scope.reach(), scope.team, scope.user],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The accepted hand-off that opened an opportunity.
pub(super) async fn find_by_opportunity(
    tx: &mut Tx,
    org: OrgId,
    opportunity: OpportunityId,
) -> Outcome<Option<Handoff>> {
    let row = tx
        .maybe(
            select!("where org_id = $1 and opportunity_id = $2 limit 1"),
            vals![org, opportunity],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Who took something of this company into a tier last.
pub(super) async fn find_last_taker(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    to: Tier,
) -> Outcome<Option<UserId>> {
    let row = tx
        .maybe(
            "select receiver_id from handoffs where org_id = $1 and company_id = $2 \
             and to_tier = $3 and state = 'accepted' order by number desc limit 1",
            vals![org, company, to.rank()],
        )
        .await?;
    row.map(|row| row.opt_id("receiver_id")).transpose().map(Option::flatten)
}

/// What waits for an answer by this person: offered to them, or open to their team; the most
/// urgent first.
pub(super) async fn list_waiting(tx: &mut Tx, scope: &Scope, limit: i64) -> Outcome<Vec<Handoff>> {
    read_all(
        tx.all(
            select!(
                "where org_id = $1 and state = 'offered' and (receiver_id = $2 \
                 or (receiver_id is null and receiver_team_id = $3)) order by due_at, id limit $4"
            ),
            vals![scope.org, scope.user, scope.team, limit],
        )
        .await?,
    )
}

/// What this person gave, the newest first.
pub(super) async fn list_given(
    tx: &mut Tx,
    scope: &Scope,
    before: i64,
    limit: i64,
) -> Outcome<Vec<Handoff>> {
    read_all(
        tx.all(
            select!(
                "where org_id = $1 and giver_id = $2 and number < $3 \
                 order by number desc limit $4"
            ),
            vals![scope.org, scope.user, before, limit],
        )
        .await?,
    )
}

/// Everything this person may see, or what of it stands in one state; the newest first.
pub(super) async fn list_seen(
    tx: &mut Tx,
    scope: &Scope,
    state: Option<HandoffState>,
    before: i64,
    limit: i64,
) -> Outcome<Vec<Handoff>> {
    let state = state.map_or("", HandoffState::code);
    read_all(
        tx.all(
            select!(
                "where org_id = $1 and number < $5 and ($6 = '' or state = $6) and ($2 = 'all' \
                 or ($2 = 'team' and (giver_team_id = $3 or receiver_team_id = $3)) \
                 or (receiver_id is null and receiver_team_id = $3) \
                 or giver_id = $4 or receiver_id = $4) order by number desc limit $7"
            ),
            vals![scope.org, scope.reach(), scope.team, scope.user, before, state, limit],
        )
        .await?,
    )
}

/// Contested rejections that wait for a decision, the oldest first.
pub(super) async fn list_contested(
    tx: &mut Tx,
    scope: &Scope,
    limit: i64,
) -> Outcome<Vec<Handoff>> {
    read_all(
        tx.all(
            select!(
                "where org_id = $1 and dispute = 'open' and ($2 = 'all' \
                 or ($2 = 'team' and (giver_team_id = $3 or receiver_team_id = $3)) \
                 or giver_id = $4 or receiver_id = $4) order by disputed_at, id limit $5"
            ),
            vals![scope.org, scope.reach(), scope.team, scope.user, limit],
        )
        .await?,
    )
}

/// Every offer of the same record, the oldest first.
pub(super) async fn list_of_record(
    tx: &mut Tx,
    org: OrgId,
    offered: Offered,
) -> Outcome<Vec<Handoff>> {
    let (lead, contract, client) = record_ids(offered);
    read_all(
        tx.all(
            select!(
                "where org_id = $1 and (lead_id = $2 or contract_id = $3 or client_id = $4) \
                 order by number /*for update*/"
            ),
            vals![org, lead, contract, client],
        )
        .await?,
    )
}

/// Open offers to one person.
pub(super) async fn list_open_of(
    tx: &mut Tx,
    org: OrgId,
    receiver: UserId,
) -> Outcome<Vec<Handoff>> {
    read_all(
        tx.all(
            select!(
                "where org_id = $1 and receiver_id = $2 and state = 'offered' \
                 order by due_at, id /*for update*/"
            ),
            vals![org, receiver],
        )
        .await?,
    )
}

/// Offers whose clock has run out.
pub(super) async fn list_past_due(
    tx: &mut Tx,
    org: OrgId,
    now: Instant,
    limit: i64,
) -> Outcome<Vec<HandoffId>> {
    tx.all(
        "select id from handoffs where state = 'offered' and due_at < $2 and org_id = $1 \
         order by due_at limit $3",
        vals![org, now, limit],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

/// Writes an answer, if nobody wrote one meanwhile.
pub(super) async fn update_answer(tx: &mut Tx, org: OrgId, handoff: &Handoff) -> Outcome<u64> {
    let answered = handoff.answered.as_ref();
    let (opportunity, client) = match handoff.opened {
        Some(Opened::Opportunity(id)) => (Some(id), None),
        Some(Opened::Client(id)) => (None, Some(id)),
        None => (None, None),
    };
    tx.run(
        "update handoffs set state = $4, receiver_id = $5, receiver_team_id = $6, \
         answered_by = $7, answered_at = $8, delay_minutes = $9, reason = $10, comment = $11, \
         opportunity_id = $12, opened_client_id = $13, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3 and state = 'offered'",
        vals![
            org,
            handoff.id,
            handoff.version,
            handoff.state.code(),
            handoff.receiver.user,
            handoff.receiver.team,
            answered.and_then(|a| a.by),
            answered.map(|a| a.at),
            answered.map(|a| a.delay_minutes),
            answered.and_then(|a| a.reason).map(RejectionReason::code),
            answered.map_or("", |a| a.comment.as_str()),
            opportunity,
            client,
        ],
    )
    .await
}

/// Writes to whom it is offered now.
pub(super) async fn update_receiver(tx: &mut Tx, org: OrgId, handoff: &Handoff) -> Outcome<u64> {
    tx.run(
        "update handoffs set receiver_id = $4, receiver_team_id = $5, offered_at = $6, \
         due_at = $7, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3 and state = 'offered'",
        vals![
            org,
            handoff.id,
            handoff.version,
            handoff.receiver.user,
            handoff.receiver.team,
            handoff.offered_at,
            handoff.due_at,
        ],
    )
    .await
}

/// Writes a contest or its decision.
pub(super) async fn update_dispute(tx: &mut Tx, org: OrgId, handoff: &Handoff) -> Outcome<u64> {
    let dispute = handoff.dispute.as_ref();
    let decided = dispute.and_then(|dispute| dispute.decided.as_ref());
    let state = decided.map_or("open", |decided| decided.decision.code());
    tx.run(
        "update handoffs set dispute = $4, dispute_words = $5, disputed_at = $6, \
         decided_by = $7, decided_at = $8, decision_words = $9, version = version + 1 \
         where org_id = $1 and id = $2 and version = $3",
        vals![
            org,
            handoff.id,
            handoff.version,
            dispute.map(|_| state),
            dispute.map(|d| d.words.as_str()),
            dispute.map(|d| d.at),
            decided.and_then(|decided| decided.by),
            decided.map(|decided| decided.at),
            decided.map(|decided| decided.words.as_str()),
        ],
    )
    .await
}

pub(super) fn record_ids(
    offered: Offered,
) -> (Option<LeadId>, Option<ContractId>, Option<ClientId>) {
    match offered {
        Offered::Lead(id) => (Some(id), None, None),
        Offered::Contract(id) => (None, Some(id), None),
        Offered::Client(id) => (None, None, Some(id)),
    }
}

fn read_all(rows: Vec<Row>) -> Outcome<Vec<Handoff>> {
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Outcome<Handoff> {
    let offered = match (row.opt_id("lead_id")?, row.opt_id("contract_id")?) {
        (Some(lead), _) => Offered::Lead(lead),
        (None, Some(contract)) => Offered::Contract(contract),
        (None, None) => Offered::Client(row.id("client_id")?),
    };
    let opened = match (row.opt_id("opportunity_id")?, row.opt_id("opened_client_id")?) {
        (Some(opportunity), _) => Some(Opened::Opportunity(opportunity)),
        (None, Some(client)) => Some(Opened::Client(client)),
        (None, None) => None,
    };
    let answers: Value = serde_json::from_str(&row.text("passport")?).map_err(Error::failure)?;
    Ok(Handoff {
        id: row.id("id")?,
        number: row.int("number")?,
        offered,
        company: row.id("company_id")?,
        campaign: row.opt_id("campaign_id")?,
        meeting: row.opt_id("meeting_id")?,
        again_of: row.opt_id("again_of")?,
        giver: row.id("giver_id")?,
        giver_team: row.opt_id("giver_team_id")?,
        receiver: Side { user: row.opt_id("receiver_id")?, team: row.opt_id("receiver_team_id")? },
        passport: passport::from_json(&answers),
        counts_for_giver: row.flag("counts_for_giver")?,
        state: row.id("state")?,
        offered_at: row.at("offered_at")?,
        due_at: row.at("due_at")?,
        answered: read_answer(row)?,
        opened,
        dispute: read_dispute(row)?,
        version: row.int("version")?,
    })
}

fn read_answer(row: &Row) -> Outcome<Option<Answered>> {
    let Some(at) = row.opt_at("answered_at")? else { return Ok(None) };
    Ok(Some(Answered {
        by: row.opt_id("answered_by")?,
        at,
        delay_minutes: row.opt_int("delay_minutes")?.unwrap_or(0),
        reason: row.opt_id("reason")?,
        comment: row.text("comment")?,
    }))
}

fn read_dispute(row: &Row) -> Outcome<Option<Dispute>> {
    let Some(state) = row.opt_text("dispute")? else { return Ok(None) };
    let decided = match state.parse::<Decision>() {
        Ok(decision) => Some(Decided {
            decision,
            by: row.opt_id("decided_by")?,
            at: row.at("decided_at")?,
            words: row.text("decision_words")?,
        }),
        Err(()) => None,
    };
    let words = row.text("dispute_words")?;
    Ok(Some(Dispute { words, at: row.at("disputed_at")?, decided }))
}
