//! Statements about who must not be contacted.

use std::collections::HashSet;

use crate::companies::suppression::{Complained, Secret, Suppression};
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

pub struct NewSuppression<'a> {
    pub fact: &'a Suppression,
    pub company: Option<CompanyId>,
    pub contact: Option<ContactId>,
}

pub async fn insert_suppression(
    tx: &mut Tx,
    org: OrgId,
    new: NewSuppression<'_>,
    targets: &[String],
) -> Outcome<()> {
    let fact = new.fact;
    tx.run(
        "insert into suppressions (id, org_id, kind, company_id, contact_id, channel, reason, \
         until, actor_id, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vals![
            fact.id,
            org,
            &fact.kind,
            new.company,
            new.contact,
            fact.channel.code(),
            fact.reason.code(),
            fact.until,
            fact.actor,
            fact.made_at,
        ],
    )
    .await?;
    let rows: Vec<Vec<Val>> =
        targets.iter().map(|target| vals![org, target, fact.id].to_vec()).collect();
    tx.insert_many(
        "insert into suppression_targets (org_id, target, suppression_id) values",
        &rows,
        "on conflict (org_id, target, suppression_id) do nothing",
    )
    .await?;
    Ok(())
}

/// Companies that complained since then; complaints that were lifted left out.
pub async fn list_complaints(tx: &mut Tx, org: OrgId, since: Instant) -> Outcome<Vec<Complained>> {
    tx.all(
        "select coalesce(c.merged_into, c.id) as stands_id, min(s.made_at) as first_at, \
         max(s.made_at) as last_at \
         from suppressions s join companies c on c.id = s.company_id \
         where s.org_id = $1 and s.reason = 'complaint' and s.made_at >= $2 \
         and s.ends_id is null and not exists (select 1 from suppressions e \
           where e.org_id = $1 and e.ends_id = s.id) \
         group by coalesce(c.merged_into, c.id)",
        vals![org, since],
    )
    .await?
    .iter()
    .map(|row| {
        let (first_at, last_at) = (row.at("first_at")?, row.at("last_at")?);
        Ok(Complained { company: row.id("stands_id")?, first_at, last_at })
    })
    .collect()
}

/// Lifts a ban; no rows where it was lifted before. The lifting is no ban of its own: it covers
/// nothing, and its kind is none that a queue asks for.
pub async fn insert_lifting(
    tx: &mut Tx,
    org: OrgId,
    (company, ban): (CompanyId, SuppressionId),
    lifting: &Suppression,
) -> Outcome<u64> {
    tx.run(
        "insert into suppressions (id, org_id, kind, company_id, channel, reason, ends_id, \
         actor_id, made_at) values ($1, $2, 'lifting', $3, $4, $5, $6, $7, $8) \
         on conflict (org_id, ends_id) where ends_id is not null do nothing",
        vals![
            lifting.id,
            org,
            company,
            lifting.channel.code(),
            lifting.reason.code(),
            ban,
            lifting.actor,
            lifting.made_at,
        ],
    )
    .await
}

/// A ban, in force or not.
pub async fn find_suppression(
    tx: &mut Tx,
    org: OrgId,
    id: SuppressionId,
) -> Outcome<Option<Suppression>> {
    tx.maybe(
        "select id, kind, channel, reason, until, actor_id, made_at from suppressions \
         where org_id = $1 and id = $2 and ends_id is null",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_suppression)
    .transpose()
}

/// The firm's secret, if it has one yet.
pub async fn find_secret(tx: &mut Tx, org: OrgId) -> Outcome<Option<Secret>> {
    let row =
        tx.maybe("select secret from suppression_secrets where org_id = $1", vals![org]).await?;
    let Some(row) = row else { return Ok(None) };
    let mut secret = [0; 32];
    hex::decode_to_slice(row.text("secret")?, &mut secret).map_err(Error::failure)?;
    Ok(Some(Secret(secret)))
}

pub async fn insert_secret(tx: &mut Tx, org: OrgId, secret: &Secret) -> Outcome<u64> {
    tx.run(
        "insert into suppression_secrets (org_id, secret) values ($1, $2) \
         on conflict (org_id) do nothing",
        vals![org, hex::encode(secret.0)],
    )
    .await
}

/// The facts that cover these targets and are in force at that moment, whatever was lifted since,
/// each with the target it covers.
pub async fn list_suppressions(
    tx: &mut Tx,
    org: OrgId,
    targets: &[String],
    now: Instant,
) -> Outcome<Vec<(String, Suppression)>> {
    let among: Vec<Val> = targets.iter().map(Val::from).collect();
    tx.all_among(
        "select t.target, s.id, s.kind, s.channel, s.reason, s.until, s.actor_id, s.made_at \
         from suppression_targets t join suppressions s on s.id = t.suppression_id \
         where t.org_id = $1 and (s.until is null or s.until > $2) \
         and not exists (select 1 from suppressions e where e.org_id = $1 and e.ends_id = s.id \
           and e.made_at <= $2) \
         and t.target in (/*among*/) order by s.made_at, s.id",
        vals![org, now],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("target")?, read_suppression(row)?)))
    .collect()
}

/// The bans that were stated for a company as a whole, in force or not.
pub async fn list_stated(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<SuppressionId>> {
    tx.all(
        "select id from suppressions where org_id = $1 and company_id = $2 \
         and kind = 'company' and ends_id is null order by made_at, id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

/// What a ban covers, as hashes.
pub async fn list_targets(tx: &mut Tx, org: OrgId, ban: SuppressionId) -> Outcome<HashSet<String>> {
    tx.all(
        "select target from suppression_targets where org_id = $1 and suppression_id = $2",
        vals![org, ban],
    )
    .await?
    .iter()
    .map(|row| row.text("target"))
    .collect()
}

/// Numbers of a company that at most `most` companies carry: its own, not a switchboard's.
pub async fn list_own_numbers(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    most: i64,
) -> Outcome<HashSet<String>> {
    tx.all(
        "select p.e164 from phones p where p.org_id = $1 and p.company_id = $2 \
         and (select count(*) from (select 1 from phones o where o.org_id = $1 \
           and o.e164 = p.e164 limit 10) as few) <= $3",
        vals![org, company, most],
    )
    .await?
    .iter()
    .map(|row| row.text("e164"))
    .collect()
}

fn read_suppression(row: &Row) -> Outcome<Suppression> {
    Ok(Suppression {
        id: row.id("id")?,
        kind: row.text("kind")?,
        channel: row.id("channel")?,
        reason: row.id("reason")?,
        until: row.opt_at("until")?,
        actor: row.opt_id("actor_id")?,
        made_at: row.at("made_at")?,
    })
}
