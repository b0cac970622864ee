//! Plans, their versions, and who is paid by them.

use super::super::plan::{Assignment, Body, Version};
use super::super::terms::Terms;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// A plan with its draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// The number people read aloud.
    pub number: i64,
    /// Its tier.
    pub tier: i64,
    /// Its name.
    pub name: String,
    /// What it pays in.
    pub currency: Currency,
    /// What is being written.
    pub draft: Option<Draft>,
    /// Counts its changes.
    pub revision: i64,
}

/// A version that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it will pay for.
    pub body: Body,
    /// From when, once somebody has said so.
    pub effective_from: Option<Instant>,
    /// Who writes it.
    pub author: Option<UserId>,
    /// Who approved it.
    pub approved_by: Option<UserId>,
}

pub(crate) async fn insert_plan(tx: &mut Tx, org: OrgId, plan: &Plan, now: Instant) -> Outcome<()> {
    let draft = plan.draft.as_ref();
    tx.run(
        "insert into plans (id, org_id, number, tier, name, currency, draft, draft_from, \
         draft_author, approved_by, revision, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            plan.id,
            org,
            plan.number,
            plan.tier,
            &plan.name,
            plan.currency,
            draft.map(|draft| written(&draft.body)).transpose()?,
            draft.and_then(|draft| draft.effective_from),
            draft.and_then(|draft| draft.author),
            draft.and_then(|draft| draft.approved_by),
            plan.revision,
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Returns 0 when somebody changed the plan meanwhile.
pub(crate) async fn update_draft(tx: &mut Tx, org: OrgId, plan: &Plan) -> Outcome<u64> {
    let draft = plan.draft.as_ref();
    tx.run(
        "update plans set draft = $4, draft_from = $5, draft_author = $6, approved_by = $7, \
         revision = revision + 1 where org_id = $1 and id = $2 and revision = $3",
        vals![
            org,
            plan.id,
            plan.revision,
            draft.map(|draft| written(&draft.body)).transpose()?,
            draft.and_then(|draft| draft.effective_from),
            draft.and_then(|draft| draft.author),
            draft.and_then(|draft| draft.approved_by),
        ],
    )
    .await
}

pub(crate) async fn find_plan(tx: &mut Tx, org: OrgId, id: PlanId) -> Outcome<Option<Plan>> {
    tx.maybe(
        "select id, number, tier, name, currency, draft, draft_from, draft_author, approved_by, \
         revision from plans where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_plan)
    .transpose()
}

pub(crate) async fn list_plans(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Plan>> {
    tx.all(
        "select id, number, tier, name, currency, draft, draft_from, draft_author, approved_by, \
         revision from plans where org_id = $1 order by tier, number",
        vals![org],
    )
    .await?
    .iter()
    .map(read_plan)
    .collect()
}

pub(crate) async fn insert_version(tx: &mut Tx, org: OrgId, version: &Version) -> Outcome<u64> {
    tx.run(
        "insert into plan_versions (org_id, plan_id, version, effective_from, body, author_id, \
         approved_by, published_by, published_at) values ($1, $2, $3, $4, $5, $6, $7, $7, $8) \
         on conflict (plan_id, version) do nothing",
        vals![
            org,
            version.plan,
            version.version,
            version.effective_from,
            written(&version.body)?,
            version.author,
            version.published_by,
            version.published_at,
        ],
    )
    .await
}

pub(crate) async fn list_versions(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Version>> {
    tx.all(
        "select v.plan_id, p.name, p.tier, p.currency, v.version, v.effective_from, v.body, \
         v.author_id, v.published_by, v.published_at from plan_versions v \
         join plans p on p.id = v.plan_id where v.org_id = $1 order by v.plan_id, v.version",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Version {
            plan: row.id("plan_id")?,
            name: row.text("name")?,
            tier: row.int("tier")?,
            currency: row.currency("currency")?,
            version: row.int("version")?,
            effective_from: row.at("effective_from")?,
            body: Body::read(&row.text("body")?, row.currency("currency")?)?,
            author: row.opt_id("author_id")?,
            published_by: row.opt_id("published_by")?,
            published_at: row.at("published_at")?,
        })
    })
    .collect()
}

pub(crate) async fn insert_assignment(
    tx: &mut Tx,
    (org, by): (OrgId, Option<UserId>),
    assignment: &Assignment,
    now: Instant,
) -> Outcome<()> {
    tx.run(
        "insert into plan_assignments (id, org_id, user_id, plan_id, tier, starts_at, ends_at, \
         salary, currency, terms, made_by, made_at, revision) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        vals![
            assignment.id,
            org,
            assignment.person,
            assignment.plan,
            assignment.tier,
            assignment.starts_at,
            assignment.ends_at,
            assignment.salary.minor,
            assignment.salary.currency,
            assignment.terms.text()?,
            by,
            now,
            assignment.revision,
        ],
    )
    .await?;
    Ok(())
}

/// Returns 0 when somebody changed it meanwhile.
pub(crate) async fn update_assignment_end(
    tx: &mut Tx,
    org: OrgId,
    assignment: &Assignment,
) -> Outcome<u64> {
    tx.run(
        "update plan_assignments set ends_at = $4, revision = revision + 1 \
         where org_id = $1 and id = $2 and revision = $3",
        vals![org, assignment.id, assignment.revision, assignment.ends_at],
    )
    .await
}

/// Returns 0 when somebody changed it meanwhile.
pub(crate) async fn update_assignment_terms(
    tx: &mut Tx,
    org: OrgId,
    assignment: &Assignment,
) -> Outcome<u64> {
    tx.run(
        "update plan_assignments set salary = $4, currency = $5, terms = $6, \
         revision = revision + 1 where org_id = $1 and id = $2 and revision = $3",
        vals![
            org,
            assignment.id,
            assignment.revision,
            assignment.salary.minor,
            assignment.salary.currency,
            assignment.terms.text()?,
        ],
    )
    .await
}

pub(crate) async fn list_assignments(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Assignment>> {
    tx.all(
        "select id, user_id, plan_id, tier, starts_at, ends_at, salary, currency, terms, \
         revision \
         from plan_assignments where org_id = $1 order by starts_at, id",
        vals![org],
    )
    .await?
    .iter()
    .map(read_assignment)
    .collect()
}

pub(crate) async fn list_assignments_of(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
) -> Outcome<Vec<Assignment>> {
    tx.all(
        "select id, user_id, plan_id, tier, starts_at, ends_at, salary, currency, terms, \
         revision \
         from plan_assignments where org_id = $1 and user_id = $2 order by starts_at, id",
        vals![org, person],
    )
    .await?
    .iter()
    .map(read_assignment)
    .collect()
}

fn written(body: &Body) -> Outcome<String> {
    serde_json::to_string(body).map_err(Error::failure)
}

fn read_plan(row: &Row) -> Outcome<Plan> {
    let draft = match row.opt_text("draft")? {
        None => None,
        Some(text) => Some(Draft {
            body: Body::read(&text, row.currency("currency")?)?,
            effective_from: row.opt_at("draft_from")?,
            author: row.opt_id("draft_author")?,
            approved_by: row.opt_id("approved_by")?,
        }),
    };
    Ok(Plan {
        id: row.id("id")?,
        number: row.int("number")?,
        tier: row.int("tier")?,
        name: row.text("name")?,
        currency: row.currency("currency")?,
        draft,
        revision: row.int("revision")?,
    })
}

fn read_assignment(row: &Row) -> Outcome<Assignment> {
    Ok(Assignment {
        id: row.id("id")?,
        person: row.id("user_id")?,
        plan: row.id("plan_id")?,
        tier: row.int("tier")?,
        starts_at: row.at("starts_at")?,
        ends_at: row.opt_at("ends_at")?,
        salary: row.money("salary", "currency")?,
        terms: Terms::read(row.opt_text("terms")?)?,
        revision: row.int("revision")?,
    })
}
