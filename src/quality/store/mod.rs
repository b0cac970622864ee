//! Every statement about scores: what they are made of, where they are kept, their sums.

mod passes;
mod sums;

pub(super) use passes::*;
pub use sums::*;

use std::collections::HashMap;

use super::score::Score;
use super::{PARTS, Part};
use crate::companies;
use crate::events::Kind;
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;
use crate::verification::Field;

/// What happened, as far as scores care.
pub(super) struct News {
    pub id: String,
    pub kind: String,
    /// The companies it is about.
    pub companies: Vec<CompanyId>,
    /// True where it is about more than it names.
    pub is_about_many: bool,
    pub at: Instant,
}

/// What happened behind an event, oldest first.
pub(super) async fn list_news(
    tx: &mut Tx,
    org: OrgId,
    after: &str,
    limit: i64,
) -> Outcome<Vec<News>> {
    tx.all(
        "select id, kind, company_id, detail, at from events \
         where org_id = $1 and id > $2 order by id limit $3",
        vals![org, after, limit],
    )
    .await?
    .iter()
    .map(|row| {
        let (id, kind) = (row.text("id")?, row.text("kind")?);
        let mut companies: Vec<CompanyId> = row.opt_id("company_id")?.into_iter().collect();
        let is_of = |kinds: [Kind; 2]| kinds.iter().any(|one| one.code() == kind);
        let mut is_about_many = false;
        if is_of([Kind::PairDecided, Kind::PairReopened]) {
            companies.extend(right_of(&detail_of(row)?));
        }
        if is_of([Kind::ContactSuppressed, Kind::SuppressionLifted]) {
            let others = companies::actions::read_others(&detail_of(row)?);
            is_about_many = others.is_none();
            companies.extend(others.unwrap_or_default());
        }
        Ok(News { id, kind, companies, is_about_many, at: row.at("at")? })
    })
    .collect()
}

fn detail_of(row: &Row) -> Outcome<serde_json::Value> {
    serde_json::from_str(&row.text("detail")?).map_err(Error::failure)
}

/// The second company of a pair that was decided.
fn right_of(detail: &serde_json::Value) -> Option<CompanyId> {
    detail.get("right")?.as_str()?.parse().ok()
}

/// When somebody at each of these companies answered a call last.
pub(super) async fn list_answered(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<HashMap<CompanyId, Instant>> {
    tx.all_among(
        "select company_id, max(at) as at from calls where org_id = $1 \
         and mechanism = 'answered' and meaning <> 'bad_number' and reversed_at is null \
         and company_id in (/*among*/) group by company_id",
        vals![org],
        &among(companies),
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("company_id")?, row.at("at")?)))
    .collect()
}

fn among(companies: &[CompanyId]) -> Vec<Val> {
    companies.iter().map(|id| Val::from(*id)).collect()
}

/// A company with its score, ready to be kept.
pub(super) struct Scored {
    pub company: CompanyId,
    pub source: String,
    pub import: String,
    pub score: Score,
}

pub(super) async fn insert_scores(
    tx: &mut Tx,
    org: OrgId,
    scored: &[Scored],
    now: Instant,
) -> Outcome<()> {
    let rows: Vec<Vec<Val>> = scored
        .iter()
        .map(|one| {
            let score = &one.score;
            let mut row = vals![one.company, org, score.whole].to_vec();
            row.extend(score.parts.map(Val::from));
            row.extend_from_slice(vals![score.cap.map(|cap| cap.code()), score.urgency]);
            row.extend(score.due_at.map(Val::from));
            row.extend_from_slice(vals![&one.source, &one.import, now]);
            row
        })
        .collect();
    tx.insert_many(
        "insert into company_scores (company_id, org_id, score, completeness, validity, \
         uniqueness, freshness, contactability, decision_maker, cap, urgency, phone_due_at, \
         email_due_at, contact_due_at, decision_maker_due_at, requisites_due_at, address_due_at, \
         source, import_id, scored_at) values",
        &rows,
        "on conflict (company_id) do update set score = excluded.score, \
         completeness = excluded.completeness, validity = excluded.validity, \
         uniqueness = excluded.uniqueness, freshness = excluded.freshness, \
         contactability = excluded.contactability, decision_maker = excluded.decision_maker, \
         cap = excluded.cap, urgency = excluded.urgency, phone_due_at = excluded.phone_due_at, \
         email_due_at = excluded.email_due_at, contact_due_at = excluded.contact_due_at, \
         decision_maker_due_at = excluded.decision_maker_due_at, \
         requisites_due_at = excluded.requisites_due_at, \
         address_due_at = excluded.address_due_at, source = excluded.source, \
         import_id = excluded.import_id, scored_at = excluded.scored_at",
    )
    .await?;
    Ok(())
}

/// Scored companies that are in the base no more.
pub(super) async fn list_left(tx: &mut Tx, org: OrgId, limit: i64) -> Outcome<Vec<CompanyId>> {
    tx.all(
        "select s.company_id from company_scores s join companies c on c.id = s.company_id \
         where s.org_id = $1 and (c.removed_at is not null or c.merged_into is not null) limit $2",
        vals![org, limit],
    )
    .await?
    .iter()
    .map(|row| row.id("company_id"))
    .collect()
}

pub(super) async fn delete_score(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<u64> {
    tx.run("delete from company_scores where org_id = $1 and company_id = $2", vals![org, company])
        .await
}

/// A company's score as it is kept, with the time it was computed.
pub(super) async fn find_score(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Option<(Score, Instant)>> {
    tx.maybe(
        "select score, completeness, validity, uniqueness, freshness, contactability, \
         decision_maker, cap, urgency, phone_due_at, email_due_at, contact_due_at, \
         decision_maker_due_at, requisites_due_at, address_due_at, scored_at \
         from company_scores where org_id = $1 and company_id = $2",
        vals![org, company],
    )
    .await?
    .map(|row| Ok((read_score(&row)?, row.at("scored_at")?)))
    .transpose()
}

fn read_parts(row: &Row) -> Outcome<[i64; PARTS]> {
    let mut parts = [0; PARTS];
    for part in Part::ALL {
        parts[*part as usize] = row.int(part.code())?;
    }
    Ok(parts)
}

fn read_score(row: &Row) -> Outcome<Score> {
    let mut due_at = [None; Field::ALL.len()];
    for field in Field::ALL {
        let name = format!("{}_due_at", field.code());
        due_at[field as usize] = row.opt_at(&name)?;
    }
    Ok(Score {
        whole: row.int("score")?,
        parts: read_parts(row)?,
        cap: row.opt_text("cap")?.and_then(|code| code.parse().ok()),
        due_at,
        urgency: row.int("urgency")?,
    })
}

/// True where reports name who checked.
pub(super) async fn find_names_checkers(tx: &mut Tx, org: OrgId) -> Outcome<bool> {
    let row =
        tx.maybe("select names_checkers from report_rules where org_id = $1", vals![org]).await?;
    row.map_or(Ok(false), |row| row.flag("names_checkers"))
}

pub(super) async fn insert_names_checkers(tx: &mut Tx, org: OrgId, is_so: bool) -> Outcome<()> {
    tx.run(
        "insert into report_rules (org_id, names_checkers) values ($1, $2) \
         on conflict (org_id) do update set names_checkers = excluded.names_checkers",
        vals![org, is_so],
    )
    .await?;
    Ok(())
}

pub(super) async fn list_weights(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(Part, i64)>> {
    tx.all("select part, weight from score_weights where org_id = $1", vals![org])
        .await?
        .iter()
        .map(|row| Ok((row.id("part")?, row.int("weight")?)))
        .collect()
}

pub(super) async fn insert_weight(
    tx: &mut Tx,
    org: OrgId,
    (part, weight): (Part, i64),
) -> Outcome<()> {
    tx.run(
        "insert into score_weights (org_id, part, weight) values ($1, $2, $3) \
         on conflict (org_id, part) do update set weight = excluded.weight",
        vals![org, part.code(), weight],
    )
    .await?;
    Ok(())
}
