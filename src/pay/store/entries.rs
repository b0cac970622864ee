//! Entries and the end of their chain. Nothing here updates or deletes an entry.

use std::collections::{BTreeSet, HashMap};

use ledger::{Hash, Head, Kind};

use super::super::entry::Entry;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// The columns of an entry before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, seq, at, period, kind, debit, credit, amount, currency, person_id, \
             plan_id, plan_version, component, credit_key, ordinal, event_id, subject_id, \
             company_id, reason, corrects, previous_hash, hash from entries ",
            $rest
        )
    };
}

/// The sums of people up to the end of a month, before the rest of a statement.
macro_rules! sums {
    ($rest:literal) => {
        concat!(
            "select person_id, currency, \
             cast(sum(case when period = $2 then posted else 0 end) as bigint) as posted, \
             cast(sum(pending) as bigint) as pending, \
             cast(sum(case when period < $2 then posted else 0 end) as bigint) as opening \
             from entries where org_id = $1 and period <= $2 ",
            $rest
        )
    };
}

/// How many lines statements of a month show, before the rest of a statement. Asked of that month
/// alone: beside the sums of all before it the question about each line's beginning takes five
/// times as long.
macro_rules! shown {
    ($rest:literal) => {
        concat!(
            "select e.person_id, e.currency, count(*) as lines from entries e \
             left join entries w on w.org_id = $1 and w.period = $2 and w.kind = 'pending' \
               and w.id = e.corrects \
             where e.org_id = $1 and e.period = $2 \
             and (w.id is null or e.kind not in ('post', 'void')) ",
            $rest
        )
    };
}

/// Sums by person and component of a month, before the rest of a statement.
macro_rules! payroll {
    ($rest:literal) => {
        concat!(
            "select person_id, component, currency, cast(sum(posted) as bigint) as posted \
             from entries where org_id = $1 and period = $2 ",
            $rest
        )
    };
}

/// The name of a firm's chain.
pub(crate) fn chain_name(org: OrgId) -> String {
    format!("troika pay {org}")
}

/// The end of the chain, held until the transaction ends; a new chain is begun when there is none.
pub(crate) async fn find_head_for_update(tx: &mut Tx, org: OrgId) -> Outcome<Head> {
    let genesis = Head::genesis(&chain_name(org));
    tx.run(
        "insert into pay_heads (org_id, line_count, hash) values ($1, 0, $2) \
         on conflict (org_id) do nothing",
        vals![org, genesis.hash.to_string()],
    )
    .await?;
    let row = tx
        .one("select line_count, hash from pay_heads where org_id = $1 /*for update*/", vals![org])
        .await?;
    read_head(&row)
}

/// The end of the chain; the genesis when there is none.
pub(crate) async fn find_head(tx: &mut Tx, org: OrgId) -> Outcome<Head> {
    tx.maybe("select line_count, hash from pay_heads where org_id = $1", vals![org])
        .await?
        .as_ref()
        .map_or_else(|| Ok(Head::genesis(&chain_name(org))), read_head)
}

pub(crate) async fn update_head(tx: &mut Tx, org: OrgId, head: Head) -> Outcome<()> {
    let count = i64::try_from(head.count).map_err(Error::failure)?;
    tx.run(
        "update pay_heads set line_count = $2, hash = $3 where org_id = $1",
        vals![org, count, head.hash.to_string()],
    )
    .await?;
    Ok(())
}

pub(crate) async fn insert_entry(tx: &mut Tx, org: OrgId, entry: &Entry) -> Outcome<()> {
    tx.run(
        "insert into entries (id, org_id, seq, at, period, kind, debit, credit, amount, currency, \
         posted, pending, person_id, plan_id, plan_version, component, credit_key, ordinal, \
         event_id, subject_id, company_id, source, reason, corrects, previous_hash, hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23, $24, $25, $26)",
        vals![
            entry.id,
            org,
            entry.seq,
            entry.at,
            entry.period.to_string(),
            entry.kind.code(),
            &entry.debit,
            &entry.credit,
            entry.amount.minor,
            entry.amount.currency,
            entry.posted(),
            entry.pending(),
            entry.person,
            entry.version.map(|(plan, _)| plan),
            entry.version.map(|(_, version)| version),
            &entry.component,
            &entry.credit_key,
            entry.ordinal,
            entry.event,
            &entry.subject,
            entry.company,
            entry.source(),
            &entry.reason,
            entry.corrects,
            &entry.previous_hash,
            &entry.hash,
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn find_entry(tx: &mut Tx, org: OrgId, id: EntryId) -> Outcome<Option<Entry>> {
    tx.maybe(select!("where org_id = $1 and id = $2"), vals![org, id])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Lines about some subjects, of each oldest first.
pub(crate) async fn list_for_subjects(
    tx: &mut Tx,
    org: OrgId,
    subjects: &[&str],
) -> Outcome<Vec<Entry>> {
    let among: Vec<Val> = subjects.iter().map(|subject| Val::from(*subject)).collect();
    tx.all_among(
        select!("where org_id = $1 and subject_id in (/*among*/) order by seq"),
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The lines of one credit, oldest first.
pub(crate) async fn list_for_credit(tx: &mut Tx, org: OrgId, key: &str) -> Outcome<Vec<Entry>> {
    tx.all(select!("where org_id = $1 and credit_key = $2 order by ordinal"), vals![org, key])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// A person's lines of a month, oldest first.
pub(crate) async fn list_for_person(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
    month: Month,
) -> Outcome<Vec<Entry>> {
    tx.all(
        select!("where org_id = $1 and person_id = $2 and period = $3 order by seq"),
        vals![org, person, month.to_string()],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Every line of the firm in the order of its chain.
pub(crate) async fn list_all(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Entry>> {
    tx.all(select!("where org_id = $1 order by seq"), vals![org]).await?.iter().map(read).collect()
}

/// Lines whose stored effects are not what the line says; for the check.
pub(crate) async fn list_effects(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(EntryId, i64, i64)>> {
    tx.all("select id, posted, pending from entries where org_id = $1 order by seq", vals![org])
        .await?
        .iter()
        .map(|row| Ok((row.id("id")?, row.int("posted")?, row.int("pending")?)))
        .collect()
}

/// How many entries a month has: every change of the ledger, also what statements show as one line.
pub(crate) async fn count_of_period(tx: &mut Tx, org: OrgId, month: Month) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from entries where org_id = $1 and period = $2",
        vals![org, month.to_string()],
    )
    .await?
    .int("n")
}

/// How many lines the statements of a month show: what waited and was settled in the same month is
/// one line, that of its end.
pub(crate) async fn count_shown(tx: &mut Tx, org: OrgId, month: Month) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from entries e where e.org_id = $1 and e.period = $2 \
         and not (e.kind in ('post', 'void') and exists (select 1 from entries w \
           where w.id = e.corrects and w.kind = 'pending' and w.period = e.period))",
        vals![org, month.to_string()],
    )
    .await?
    .int("n")
}

/// What lines of a person add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Whose.
    pub person: UserId,
    /// What counts in the month.
    pub posted: Money,
    /// What still waits at the end of the month, of this month and of those before.
    pub pending: i64,
    /// What counted before the month.
    pub opening: i64,
    /// Lines of the month, as its statement shows them.
    pub lines: i64,
}

/// Sums of every person with lines up to the end of a month, by person.
pub(crate) async fn list_sums(tx: &mut Tx, org: OrgId, month: Month) -> Outcome<Vec<Sum>> {
    let of_month = [Val::from(org), Val::from(month.to_string())];
    let shown = tx.all(shown!("group by e.person_id, e.currency"), &of_month).await?;
    let all = sums!("group by person_id, currency order by person_id, currency");
    read_sums(&tx.all(all, &of_month).await?, &shown)
}

/// The same of these people alone: nothing is read of the lines of others.
pub(crate) async fn list_sums_of(
    tx: &mut Tx,
    (org, month): (OrgId, Month),
    people: &BTreeSet<UserId>,
) -> Outcome<Vec<Sum>> {
    let of_month = [Val::from(org), Val::from(month.to_string())];
    let among = among(people);
    let shown = shown!("and e.person_id in (/*among*/) group by e.person_id, e.currency");
    let shown = tx.all_among(shown, &of_month, &among).await?;
    let all = sums!(
        "and person_id in (/*among*/) group by person_id, currency order by person_id, currency"
    );
    read_sums(&tx.all_among(all, &of_month, &among).await?, &shown)
}

fn read_sums(rows: &[Row], shown: &[Row]) -> Outcome<Vec<Sum>> {
    let mut lines: HashMap<(UserId, Currency), i64> = HashMap::new();
    for row in shown {
        lines.insert((row.id("person_id")?, row.currency("currency")?), row.int("lines")?);
    }
    rows.iter()
        .map(|row| {
            let (person, posted) = (row.id("person_id")?, row.money("posted", "currency")?);
            Ok(Sum {
                person,
                posted,
                pending: row.int("pending")?,
                opening: row.int("opening")?,
                lines: lines.get(&(person, posted.currency)).copied().unwrap_or(0),
            })
        })
        .collect()
}

/// A person's sums in the months they have lines in, newest first.
pub(crate) async fn list_months_of(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
) -> Outcome<Vec<(Month, Money, i64)>> {
    tx.all(
        "select e.period, e.currency, \
         cast(sum(case when e.component = 'payout' then 0 else e.posted end) as bigint) as posted, \
         cast(sum(case when w.id is null or e.kind not in ('post', 'void') then 1 else 0 end) \
           as bigint) as lines \
         from entries e left join entries w on w.org_id = $1 and w.person_id = $2 \
           and w.id = e.corrects and w.kind = 'pending' and w.period = e.period \
         where e.org_id = $1 and e.person_id = $2 \
         group by e.period, e.currency order by e.period desc, e.currency",
        vals![org, person],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("period")?, row.money("posted", "currency")?, row.int("lines")?)))
    .collect()
}

/// What counts of a person before a month, in a currency.
pub(crate) async fn sum_before(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
    month: Month,
    currency: Currency,
) -> Outcome<i64> {
    tx.one(
        "select cast(coalesce(sum(posted), 0) as bigint) as total from entries \
         where org_id = $1 and person_id = $2 and period < $3 and currency = $4",
        vals![org, person, month.to_string(), currency],
    )
    .await?
    .int("total")
}

/// What lines of a component of a person add up to before a month.
pub(crate) async fn sum_of_component(
    tx: &mut Tx,
    (org, person, month): (OrgId, UserId, Month),
    component: &str,
    currency: Currency,
) -> Outcome<i64> {
    tx.one(
        "select cast(coalesce(sum(posted), 0) as bigint) as total from entries \
         where org_id = $1 and person_id = $2 and period < $3 and component = $4 \
         and currency = $5",
        vals![org, person, month.to_string(), component, currency],
    )
    .await?
    .int("total")
}

/// What was earned since an instant: actions, money and hands, without salaries and pay-outs.
/// `None` for somebody no plan pays.
pub(crate) async fn find_earned_since(
    tx: &mut Tx,
    (org, person): (OrgId, UserId),
    since: Instant,
    currency: Currency,
) -> Outcome<Option<i64>> {
    tx.one(
        "select case when exists \
           (select 1 from plan_assignments where org_id = $1 and user_id = $2) \
         then (select cast(coalesce(sum(posted), 0) as bigint) from entries \
           where org_id = $1 and person_id = $2 and at >= $3 and currency = $4 \
           and component not in ('payout', 'month-0', 'draw', 'guarantee')) end as total",
        vals![org, person, since, currency],
    )
    .await?
    .opt_int("total")
}

/// Sums by person and component of a month, for payroll.
pub(crate) async fn list_payroll(
    tx: &mut Tx,
    org: OrgId,
    month: Month,
) -> Outcome<Vec<(UserId, String, Money)>> {
    let all =
        payroll!("group by person_id, component, currency order by person_id, component, currency");
    tx.all(all, vals![org, month.to_string()]).await?.iter().map(read_component).collect()
}

/// The same of these people alone.
pub(crate) async fn list_payroll_of(
    tx: &mut Tx,
    (org, month): (OrgId, Month),
    people: &BTreeSet<UserId>,
) -> Outcome<Vec<(UserId, String, Money)>> {
    let all = payroll!("and person_id in (/*among*/) group by person_id, component, currency");
    tx.all_among(all, vals![org, month.to_string()], &among(people))
        .await?
        .iter()
        .map(read_component)
        .collect()
}

fn among(people: &BTreeSet<UserId>) -> Vec<Val> {
    people.iter().map(|person| Val::from(*person)).collect()
}

fn read_component(row: &Row) -> Outcome<(UserId, String, Money)> {
    Ok((row.id("person_id")?, row.text("component")?, row.money("posted", "currency")?))
}

/// What was handed over to payroll for each month before one, by person and currency.
pub(crate) async fn list_payouts_before(
    tx: &mut Tx,
    org: OrgId,
    month: Month,
) -> Outcome<Vec<(UserId, Month, Money)>> {
    tx.all(
        "select person_id, period, currency, cast(-sum(posted) as bigint) as due \
         from entries where org_id = $1 and period < $2 and component = 'payout' \
         group by person_id, period, currency order by person_id, period, currency",
        vals![org, month.to_string()],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("person_id")?, row.id("period")?, row.money("due", "currency")?)))
    .collect()
}

/// The end of a chain.
pub(super) fn read_head(row: &Row) -> Outcome<Head> {
    let hash: Hash = row.id("hash")?;
    Ok(Head { count: u64::try_from(row.int("line_count")?).map_err(Error::failure)?, hash })
}

fn read(row: &Row) -> Outcome<Entry> {
    let kind = row.text("kind")?;
    let reason = row.text("reason")?;
    let plan: Option<PlanId> = row.opt_id("plan_id")?;
    Ok(Entry {
        id: row.id("id")?,
        seq: row.int("seq")?,
        at: row.at("at")?,
        period: row.id("period")?,
        kind: Kind::from_code(&kind).ok_or_else(|| Error::failure("unknown kind of entry"))?,
        debit: row.text("debit")?,
        credit: row.text("credit")?,
        amount: row.money("amount", "currency")?,
        person: row.id("person_id")?,
        version: plan.zip(row.opt_int("plan_version")?),
        component: row.text("component")?,
        credit_key: row.text("credit_key")?,
        ordinal: row.int("ordinal")?,
        event: row.opt_id("event_id")?,
        subject: row.text("subject_id")?,
        company: row.opt_id("company_id")?,
        why: serde_json::from_str(&reason).map_err(Error::failure)?,
        reason,
        corrects: row.opt_id("corrects")?,
        previous_hash: row.text("previous_hash")?,
        hash: row.text("hash")?,
    })
}
