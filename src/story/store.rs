//! What the card asks the tables of every tier. Nothing here writes.

use std::collections::BTreeMap;

use super::{Agreed, Ban, Chance, Coming, Dated, No, Ordered, Passed, Told};
use crate::people::Scope;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// Which page a subject has: by its id, the noun and the record that the page shows.
pub(super) type Opens = BTreeMap<String, (String, String)>;

/// The records of a company that a person may open, each by the rule of its own folder.
pub(super) async fn list_opens(tx: &mut Tx, scope: &Scope, company: CompanyId) -> Outcome<Opens> {
    let rows = tx
        .all(
            "select m.id, 'meeting' as noun, m.id as record from meetings m \
             where m.org_id = $1 and m.company_id = $2 and ($3 = 'all' or ($3 = 'team' \
             and (m.booker_team_id = $4 or m.host_team_id = $4)) or m.booker_id = $5 \
             or m.host_id = $5) \
             union all select h.id, 'handoff', h.id from handoffs h \
             where h.org_id = $1 and h.company_id = $2 and ($3 = 'all' or ($3 = 'team' \
             and (h.giver_team_id = $4 or h.receiver_team_id = $4)) \
             or (h.receiver_id is null and h.receiver_team_id = $4) or h.giver_id = $5 \
             or h.receiver_id = $5) \
             union all select o.id, 'opportunity', o.id from opportunities o \
             where o.org_id = $1 and o.company_id = $2 and ($3 = 'all' or ($3 = 'team' \
             and o.team_id = $4) or o.owner_id = $5) \
             union all select s.id, s.noun, s.record from ( \
             select c.id, 'contract' as noun, c.id as record, c.org_id, c.company_id, c.team_id, \
             c.seller_id from contracts c union all \
             select p.id, 'payment', p.id, c.org_id, c.company_id, c.team_id, c.seller_id \
             from payments p join contracts c on c.id = p.contract_id) s \
             join companies k on k.id = s.company_id \
             where s.org_id = $1 and s.company_id = $2 and ($3 = 'all' or ($3 = 'team' \
             and s.team_id = $4) or s.seller_id = $5 or (k.owner_tier = 3 \
             and (k.owner_id = $5 or ($3 = 'team' and k.team_id = $4)))) \
             union all select s.id, 'client', s.client_id from ( \
             select c.id, c.id as client_id from clients c \
             where c.org_id = $1 and c.company_id = $2 \
             union all select o.id, o.client_id from orders o \
             where o.org_id = $1 and o.company_id = $2 \
             union all select p.id, o.client_id from orders o join prototypes p \
             on p.order_id = o.id where o.org_id = $1 and o.company_id = $2) s \
             join clients c on c.id = s.client_id \
             where ($3 = 'all' or ($3 = 'team' and c.team_id = $4) or c.owner_id = $5) \
             union all select s.id, 'lead', s.lead_id from ( \
             select l.id, l.id as lead_id, l.campaign_id from leads l \
             where l.org_id = $1 and l.company_id = $2 \
             union all select a.id, a.lead_id, a.campaign_id from calls a \
             where a.org_id = $1 and a.company_id = $2) s \
             join campaigns g on g.id = s.campaign_id \
             where ($3 = 'all' or ($3 = 'team' and g.team_id = $4) or exists ( \
             select 1 from calls b where b.lead_id = s.lead_id and b.caller_id = $5))",
            vals![scope.org, company, scope.reach(), scope.team, scope.user],
        )
        .await?;
    rows.iter().map(|row| Ok((row.text("id")?, (row.text("noun")?, row.text("record")?)))).collect()
}

/// What is to come, with the id of the record it belongs to.
pub(super) async fn list_coming(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<(String, Coming)>> {
    tx.all(
        "select m.id, 'meeting' as noun, m.starts_at as at, m.place as what, \
         coalesce(m.host_id, m.booker_id) as person_id from meetings m \
         where m.org_id = $1 and m.company_id = $2 and m.state = 'booked' \
         union all select o.id, 'step', o.next_step_at, o.next_step, o.owner_id \
         from opportunities o where o.org_id = $1 and o.company_id = $2 and o.state = 'open' \
         and o.next_step_at is not null \
         union all select t.id, 'task', t.due_at, t.what, t.person_id from tasks t \
         where t.org_id = $1 and t.company_id = $2 and t.done_at is null \
         union all select l.id, 'callback', l.callback_at, '', \
         coalesce(l.callback_owner_id, l.caller_id) from leads l where l.org_id = $1 \
         and l.company_id = $2 and l.state = 'queued' and l.callback_at is not null \
         union all select h.id, 'answer', h.due_at, '', h.receiver_id from handoffs h \
         where h.org_id = $1 and h.company_id = $2 and h.state = 'offered' \
         order by 3, 1 limit 20",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        let coming = Coming {
            noun: row.text("noun")?,
            at: row.at("at")?,
            what: row.text("what")?,
            person: row.opt_id("person_id")?,
            path: None,
        };
        Ok((row.text("id")?, coming))
    })
    .collect()
}

/// The last hand-off of a company.
pub(super) async fn find_passed(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Option<Passed>> {
    tx.maybe(
        "select id, giver_id, receiver_id, from_tier, to_tier, state, offered_at, passport \
         from handoffs where org_id = $1 and company_id = $2 order by number desc limit 1",
        vals![org, company],
    )
    .await?
    .map(|row| {
        let answers = serde_json::from_str(&row.text("passport")?).map_err(Error::failure)?;
        Ok(Passed {
            handoff: row.id("id")?,
            giver: row.id("giver_id")?,
            receiver: row.opt_id("receiver_id")?,
            from_tier: row.int("from_tier")?,
            to_tier: row.int("to_tier")?,
            state: row.text("state")?,
            offered_at: row.at("offered_at")?,
            answers,
            path: None,
        })
    })
    .transpose()
}

/// The opportunities of a company with their ids, newest first.
pub(super) async fn list_chances(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<(String, Chance)>> {
    tx.all(
        "select id, number, stage, state, need, amount, currency, next_step, owner_id \
         from opportunities where org_id = $1 and company_id = $2 order by number desc limit 10",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        let chance = Chance {
            number: row.int("number")?,
            stage: row.text("stage")?,
            state: row.text("state")?,
            need: row.text("need")?,
            amount: amount(row)?,
            next_step: row.text("next_step")?,
            owner: row.id("owner_id")?,
            path: None,
        };
        Ok((row.text("id")?, chance))
    })
    .collect()
}

/// The contracts of a company with their ids, newest first.
pub(super) async fn list_agreed(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<(String, Agreed)>> {
    tx.all(
        "select c.id, c.number, c.state, c.term_to, c.value, c.currency, c.seller_id, \
         (select cast(coalesce(sum(p.amount), 0) as bigint) from payments p \
         where p.contract_id = c.id) as paid, \
         (select max(p.paid_on) from payments p where p.contract_id = c.id \
         and p.reverses_id is null) as paid_on \
         from contracts c where c.org_id = $1 and c.company_id = $2 \
         order by c.number desc limit 10",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        let agreed = Agreed {
            number: row.int("number")?,
            state: row.text("state")?,
            term_to: row.at("term_to")?,
            value: Some(row.money("value", "currency")?),
            paid: Some(row.money("paid", "currency")?),
            paid_on: row.opt_at("paid_on")?,
            seller: row.id("seller_id")?,
            path: None,
        };
        Ok((row.text("id")?, agreed))
    })
    .collect()
}

/// The orders of a company with their ids, newest first.
pub(super) async fn list_ordered(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<(String, Ordered)>> {
    tx.all(
        "select o.id, o.number, o.title, o.state, o.due_at, \
         (select count(*) from prototypes p where p.order_id = o.id) as prototypes, \
         (select p.answer from prototypes p where p.order_id = o.id \
         order by p.position desc limit 1) as answer \
         from orders o where o.org_id = $1 and o.company_id = $2 \
         order by o.number desc limit 10",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        let ordered = Ordered {
            number: row.int("number")?,
            title: row.text("title")?,
            state: row.text("state")?,
            due_at: row.at("due_at")?,
            prototypes: row.int("prototypes")?,
            answer: row.opt_text("answer")?,
            path: None,
        };
        Ok((row.text("id")?, ordered))
    })
    .collect()
}

/// The important dates of a company in the order of the year.
pub(super) async fn list_dated(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Dated>> {
    tx.all(
        "select person_name, what, month, day from important_dates where org_id = $1 \
         and company_id = $2 and removed_at is null order by month, day, person_name limit 20",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Dated {
            person: row.text("person_name")?,
            what: row.text("what")?,
            month: row.int("month")?,
            day: row.int("day")?,
        })
    })
    .collect()
}

/// When the company said no or was lost, newest first. What a call said that was taken back does
/// not count: its events name the lead and have the moment of the call.
pub(super) async fn list_noes(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<No>> {
    tx.all(
        "select e.kind, e.at, e.reason, coalesce( \
         (select a.note from calls a where a.lead_id = e.subject_id and a.at = e.at \
         order by a.id desc limit 1), \
         (select h.comment from handoffs h where h.id = e.subject_id), \
         (select o.loss_note from opportunities o where o.id = e.subject_id), \
         (select c.end_note from contracts c where c.id = e.subject_id), \
         (select k.end_note from clients k where k.id = e.subject_id)) as said \
         from events e where e.org_id = $1 and e.company_id in (select a.id from companies a \
         where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) and e.kind in ( \
         'lead.refused', 'handoff.rejected', 'opportunity.lost', 'contract.ended', \
         'client.ended') and not exists (select 1 from calls a where a.lead_id = e.subject_id \
         and a.at = e.at and a.reversed_at is not null) \
         order by e.at desc, e.id desc limit 10",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(No {
            kind: row.id("kind")?,
            at: row.at("at")?,
            reason: row.opt_text("reason")?,
            said: row.opt_text("said")?.filter(|said| !said.is_empty()),
        })
    })
    .collect()
}

/// Who of a company must not be contacted, newest first.
pub(super) async fn list_bans(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    now: Instant,
) -> Outcome<Vec<Ban>> {
    tx.all(
        "select s.kind, s.channel, s.reason, s.made_at, s.until, (select max(x.made_at) \
         from suppressions x where x.org_id = $1 and x.ends_id = s.id) as ended_at \
         from suppressions s where s.org_id = $1 and s.company_id in (select a.id \
         from companies a where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) \
         and s.ends_id is null \
         order by s.made_at desc, s.id desc limit 10",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| {
        let until = row.opt_at("until")?;
        let is_ended = row.opt_at("ended_at")?.is_some();
        Ok(Ban {
            whom: row.text("kind")?,
            channel: row.text("channel")?,
            reason: row.text("reason")?,
            made_at: row.at("made_at")?,
            is_over: is_ended || until.is_some_and(|until| until <= now),
            until,
        })
    })
    .collect()
}

/// What happened with a company behind an event, newest first: all that is of interest to who
/// takes the client over, so without leases, openings of numbers and letters that were allowed.
pub(super) async fn list_told(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (before, before_id): (Instant, &str),
    limit: i64,
) -> Outcome<Vec<Told>> {
    tx.all(
        "select e.id, e.at, e.actor_id, e.kind, e.subject_id, e.person_id, e.tier, e.reason, \
         e.amount, e.currency, e.detail, case e.kind \
         when 'call.recorded' then (select a.note from calls a where a.id = e.subject_id) \
         when 'letter.sent' then (select w.note from letters w where w.id = e.subject_id) \
         when 'company.note_written' then (select n.body from notes n where n.org_id = $1 \
         and n.company_id = $2 and n.made_at = e.at order by n.id limit 1) \
         when 'handoff.rejected' then (select h.comment from handoffs h where h.id = e.subject_id) \
         when 'opportunity.lost' then (select o.loss_note from opportunities o \
         where o.id = e.subject_id) \
         when 'promise.broken' then (select p.note from promises p where p.id = e.subject_id) \
         when 'prototype.commented' then (select p.answer_comment from prototypes p \
         where p.id = e.subject_id) \
         when 'date.noted' then (select d.person_name || ': ' || d.what from important_dates d \
         where d.id = e.subject_id) \
         when 'date.removed' then (select d.person_name || ': ' || d.what from important_dates d \
         where d.id = e.subject_id) end as said, case e.kind \
         when 'contact.suppression_lifted' then (select n.body from notes n where n.org_id = $1 \
         and n.company_id = $2 and n.made_at = e.at order by n.id limit 1) \
         else coalesce((select t.what from tasks t where t.id = e.subject_id), \
         (select p.words from promises p where p.id = e.subject_id), \
         (select w.subject from letters w where w.id = e.subject_id), \
         (select o.title from orders o where o.id = e.subject_id)) end as words, \
         (select count(*) from calls a where a.reversed_at is not null and (a.id = e.subject_id \
         or (a.lead_id = e.subject_id and a.at = e.at))) + (select count(*) from letters w \
         where w.id = e.subject_id and w.taken_back_at is not null) as taken_back \
         from events e where e.org_id = $1 and e.company_id in (select a.id from companies a \
         where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) \
         and (e.at, e.id) < ($3, $4) and e.kind not in ('lead.leased', 'lead.lease_expired', \
         'lead.released', 'lead.reassigned', 'lead.prioritised', 'callback.done', \
         'attempt.begun', 'attempt.hung_up', 'attempt.ended', 'attempt.measured', \
         'incoming.seen', 'recording.heard', 'recording.removed', 'company.phones_opened', \
         'meeting.host_set', \
         'task.reassigned', 'client.passed') \
         and (e.kind <> 'letter.asked' or e.reason is not null) \
         and (e.company_id = $2 or e.kind not in ('company.merged', 'company.merge_undone')) \
         order by e.at desc, e.id desc limit $5",
        vals![org, company, before, before_id, limit],
    )
    .await?
    .iter()
    .map(read_told)
    .collect()
}

/// What these promises say, by their ids.
pub(super) async fn list_promised(
    tx: &mut Tx,
    org: OrgId,
    ids: &[String],
) -> Outcome<BTreeMap<String, String>> {
    let among: Vec<Val> = ids.iter().map(Val::from).collect();
    tx.all_among(
        "select id, words from promises where org_id = $1 and id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("id")?, row.text("words")?)))
    .collect()
}

fn read_told(row: &Row) -> Outcome<Told> {
    Ok(Told {
        id: row.id("id")?,
        at: row.at("at")?,
        actor: row.opt_id("actor_id")?,
        kind: row.id("kind")?,
        subject: row.text("subject_id")?,
        person: row.opt_id("person_id")?,
        tier: row.opt_int("tier")?,
        reason: row.opt_text("reason")?,
        amount: amount(row)?,
        detail: serde_json::from_str(&row.text("detail")?).map_err(Error::failure)?,
        said: row.opt_text("said")?.filter(|said| !said.is_empty()),
        words: row.opt_text("words")?.unwrap_or_default(),
        is_back: row.int("taken_back")? > 0,
        path: None,
    })
}

fn amount(row: &Row) -> Outcome<Option<Money>> {
    let (minor, currency) = (row.opt_int("amount")?, row.opt_id::<String>("currency")?);
    let currency = currency.as_deref().and_then(Currency::from_code);
    Ok(minor.zip(currency).map(|(minor, currency)| Money::new(minor, currency)))
}

/// What the firm calls its stages and its reasons for a refusal, in Russian and English.
pub(super) async fn list_labels(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<BTreeMap<String, (String, String)>> {
    tx.all(
        "select 'stage ' || code as code, name_ru as ru, name_en as en from stages \
         where org_id = $1 union all select 'refusal ' || code, label_ru, label_en \
         from refusal_reasons where org_id = $1",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("code")?, (row.text("ru")?, row.text("en")?))))
    .collect()
}
