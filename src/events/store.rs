//! Every statement about events.

use super::Recorded;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

pub(super) async fn insert(tx: &mut Tx, event: &Recorded) -> Outcome<()> {
    tx.run(
        "insert into events (id, org_id, at, actor_id, kind, subject_id, company_id, campaign_id, \
         person_id, tier, reason, amount, currency, detail) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        vals![
            event.id,
            event.org,
            event.at,
            event.actor,
            event.kind.code(),
            &event.subject,
            event.company,
            event.campaign,
            event.person,
            event.tier,
            &event.reason,
            event.amount.map(|m| m.minor),
            event.amount.map(|m| m.currency.code()),
            event.detail.to_string(),
        ],
    )
    .await?;
    Ok(())
}

/// The event of that id.
pub async fn find(tx: &mut Tx, id: EventId) -> Outcome<Option<Recorded>> {
    tx.maybe(
        "select id, org_id, at, actor_id, kind, subject_id, company_id, campaign_id, person_id, \
         tier, reason, amount, currency, detail from events where id = $1",
        vals![id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The newest events about a company and what was merged into it, before an instant.
pub async fn list_for_company(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    before: Instant,
    limit: i64,
) -> Outcome<Vec<Recorded>> {
    tx.all(
        "select id, org_id, at, actor_id, kind, subject_id, company_id, campaign_id, person_id, \
         tier, reason, amount, currency, detail from events \
         where org_id = $1 and company_id in (select a.id from companies a \
           where a.org_id = $1 and (a.id = $2 or a.merged_into = $2)) \
         and at < $3 order by at desc, id desc limit $4",
        vals![org, company, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Everything that happened to one subject, oldest first.
pub async fn list_for_subject(tx: &mut Tx, org: OrgId, subject: &str) -> Outcome<Vec<Recorded>> {
    list_for_subjects(tx, org, &[subject]).await
}

/// Everything that happened to these subjects, of each oldest first.
pub async fn list_for_subjects(
    tx: &mut Tx,
    org: OrgId,
    subjects: &[&str],
) -> Outcome<Vec<Recorded>> {
    let among: Vec<Val> = subjects.iter().map(|subject| Val::from(*subject)).collect();
    tx.all_among(
        "select id, org_id, at, actor_id, kind, subject_id, company_id, campaign_id, person_id, \
         tier, reason, amount, currency, detail from events \
         where org_id = $1 and subject_id in (/*among*/) order by at, id",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// What of some kinds counts as one person's work between two instants, oldest first.
pub async fn list_for_person(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
    kinds: &[super::Kind],
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Recorded>> {
    let among: Vec<Val> = kinds.iter().map(|kind| Val::from(kind.code())).collect();
    tx.all_among(
        "select id, org_id, at, actor_id, kind, subject_id, company_id, campaign_id, person_id, \
         tier, reason, amount, currency, detail from events \
         where org_id = $1 and person_id = $2 and at >= $3 and at < $4 \
         and kind in (/*among*/) order by at, id",
        vals![org, person, from, until],
        &among,
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Every event of a kind between two instants, oldest first.
pub async fn list_of_kind(
    tx: &mut Tx,
    org: OrgId,
    kind: super::Kind,
    (from, until): (Instant, Instant),
) -> Outcome<Vec<Recorded>> {
    tx.all(
        "select id, org_id, at, actor_id, kind, subject_id, company_id, campaign_id, person_id, \
         tier, reason, amount, currency, detail from events \
         where org_id = $1 and kind = $2 and at >= $3 and at < $4 order by at, id",
        vals![org, kind.code(), from, until],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Which of these companies something happened to since an instant; that somebody looked at one is
/// no news.
pub async fn list_companies_with_news(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
    since: Instant,
) -> Outcome<Vec<CompanyId>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    let [phones, heard, exported] = super::Kind::LOOKS;
    tx.all_among(
        "select distinct company_id from events \
         where org_id = $1 and at >= $2 and kind <> $3 and kind <> $4 and kind <> $5 \
         and company_id in (/*among*/)",
        vals![org, since, phones.code(), heard.code(), exported.code()],
        &among,
    )
    .await?
    .iter()
    .map(|row| row.id("company_id"))
    .collect()
}

fn read(row: &Row) -> Outcome<Recorded> {
    let amount = match row.opt_int("amount")? {
        Some(minor) => Some(Money::new(minor, row.currency("currency")?)),
        None => None,
    };
    Ok(Recorded {
        id: row.id("id")?,
        org: row.id("org_id")?,
        at: row.at("at")?,
        actor: row.opt_id("actor_id")?,
        kind: row.text("kind")?.parse().map_err(|()| Error::failure("unknown kind of event"))?,
        subject: row.text("subject_id")?,
        company: row.opt_id("company_id")?,
        campaign: row.opt_id("campaign_id")?,
        person: row.opt_id("person_id")?,
        tier: row.opt_int("tier")?,
        reason: row.opt_text("reason")?,
        amount,
        detail: serde_json::from_str(&row.text("detail")?).map_err(Error::failure)?,
    })
}
