//! The same figures and records over the API.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Type;
use utoipa::openapi::schema::Object;

use super::pages::Asked;
use super::pages::scripts::ScriptsAsked;
use super::records::Record;
use super::scripts::{ScriptCount, Tally, bounds};
use super::{Step, Sum, Sums, actions};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json;
use crate::web::{Answer, App, Cursor, Query, Slice};

/// A step of the funnel with its number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FunnelStep)]
pub struct StepShown {
    /// Its code, as the records are asked for.
    #[schema(schema_with = step_codes)]
    pub step: String,
    /// Its tier.
    pub tier: i64,
    /// How often.
    pub count: i64,
    /// Minor units of the firm's currency; nought for steps that move no money.
    pub amount: i64,
}

/// The codes of the steps, as the description of the API lists them.
pub(super) fn step_codes() -> Object {
    let codes = Step::ALL.iter().map(|step| step.code());
    Object::builder().schema_type(Type::String).enum_values(Some(codes)).build()
}

/// A reason of a step with its number.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonShown {
    /// Of which step.
    #[schema(schema_with = step_codes)]
    pub step: String,
    /// Its code; `-` for none.
    pub reason: String,
    /// How often.
    pub count: i64,
}

/// The steps of one campaign, person, source or policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartShown {
    /// The id or code; `-` for none.
    pub key: String,
    /// Its steps.
    pub steps: Vec<StepShown>,
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportShown {
    /// The first midnight, RFC 3339.
    pub from: String,
    /// The midnight after the last day, RFC 3339.
    pub until: String,
    /// Currency of the amounts.
    pub currency: String,
    /// Every step that the viewer may see figures of: heads are told nothing of tiers in which
    /// nobody of theirs works.
    pub steps: Vec<StepShown>,
    /// Why not.
    pub reasons: Vec<ReasonShown>,
    /// By campaign.
    pub campaigns: Vec<PartShown>,
    /// By person; empty for a principal.
    pub people: Vec<PartShown>,
    /// By source; empty for a principal.
    pub sources: Vec<PartShown>,
    /// By engagement policy.
    pub policies: Vec<PartShown>,
}

/// A record that a number counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordShown {
    /// Id of the call or of the event.
    pub id: String,
    /// When it happened, RFC 3339.
    pub at: String,
    /// Id of what it happened to.
    pub subject: String,
    /// The company.
    pub company: Option<CompanyId>,
    /// Its name.
    pub company_name: Option<String>,
    /// Whose work it is; null for a principal.
    pub person: Option<String>,
    /// Name of the campaign.
    pub campaign: Option<String>,
    /// Why, or what a call meant.
    pub reason: Option<String>,
    /// Minor units.
    pub amount: Option<i64>,
    /// Currency of the amount.
    pub currency: Option<String>,
}

fn steps(told: &[Step], sums: &Sums) -> Vec<StepShown> {
    told.iter()
        .map(|step| {
            let Sum { count, amount } = sums.get(step).copied().unwrap_or_default();
            let amount = if step.has_money() { amount } else { 0 };
            StepShown { step: step.code().to_owned(), tier: step.tier(), count, amount }
        })
        .collect()
}

fn parts<'a, K: ToString + 'a>(
    told: &[Step],
    all: impl Iterator<Item = (Option<K>, &'a Sums)>,
) -> Vec<PartShown> {
    all.map(|(key, sums)| PartShown {
        key: key.map_or_else(|| super::NONE.to_owned(), |key| key.to_string()),
        steps: steps(told, sums),
    })
    .collect()
}

/// The funnel of a period with its reasons and breakdowns, within the viewer's sight.
#[utoipa::path(get, path = "/api/v1/reports/funnel", tag = "reports",
    operation_id = "show_funnel", params(Asked),
    responses((status = 200, body = json::One<ReportShown>),
        (status = 422, body = json::Problem)))]
pub async fn funnel(State(app): State<App>, viewer: Viewer, Query(asked): Query<Asked>) -> Answer {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    let period = asked.period(&viewer.zone, now)?;
    let filter = asked.filter(&ground.sight)?;
    let (cut, _) = actions::cut(&mut tx, &viewer, &ground, (&period, &filter), now).await?;
    let told: Vec<Step> = ground.steps(&cut.steps).collect();
    let is_inside = !matches!(ground.sight, super::Sight::Campaigns(_));
    let people = cut.people.iter().filter(|_| is_inside);
    let sources = cut.sources.iter().filter(|_| is_inside);
    json::one(ReportShown {
        from: period.from.rfc3339(),
        until: period.until.rfc3339(),
        currency: viewer.currency.code().to_owned(),
        steps: steps(&told, &cut.steps),
        reasons: cut
            .reasons
            .iter()
            .map(|((step, reason), sum)| ReasonShown {
                step: step.code().to_owned(),
                reason: reason.clone(),
                count: sum.count,
            })
            .collect(),
        campaigns: parts(&told, cut.campaigns.iter().map(|(id, sums)| (*id, sums))),
        people: parts(&told, people.map(|(id, sums)| (*id, sums))),
        sources: parts(&told, sources.map(|(source, sums)| (Some(source), sums))),
        policies: parts(&told, cut.policies.iter().map(|(code, sums)| (Some(code), sums))),
    })
}

/// The records that the number of a step counts, newest first, under the same filter.
#[utoipa::path(get, path = "/api/v1/reports/records", tag = "reports",
    operation_id = "list_records", params(Asked),
    responses((status = 200, body = json::Many<RecordShown>),
        (status = 404, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn records(State(app): State<App>, viewer: Viewer, Query(asked): Query<Asked>) -> Answer {
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    let period = asked.period(&viewer.zone, app.now())?;
    let filter = asked.filter(&ground.sight)?;
    let step = asked.step()?;
    let cursor = Cursor { after: Some(asked.after), limit: asked.limit };
    let slice =
        actions::list_records(&mut tx, &viewer, &ground, (step, &period, &filter), &cursor).await?;
    let is_inside = !matches!(ground.sight, super::Sight::Campaigns(_));
    let rows = slice.rows.into_iter().map(|row| shown(row, is_inside)).collect();
    json::many(Slice { rows, next: slice.next })
}

fn shown(row: Record, is_inside: bool) -> RecordShown {
    RecordShown {
        id: row.id,
        at: row.at.rfc3339(),
        subject: row.subject,
        company: row.company,
        company_name: row.company_name,
        person: row.person_name.filter(|_| is_inside),
        campaign: row.campaign_name,
        reason: row.reason,
        amount: row.amount.map(|amount| amount.minor),
        currency: row.amount.map(|amount| amount.currency.code().to_owned()),
    }
}

/// A share with the bounds within which it lies by chance at 95 %, after Wilson; in thousandths.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareShown {
    /// Of how many.
    pub of: i64,
    /// The lower bound.
    pub low: i64,
    /// The upper bound.
    pub high: i64,
}

/// A count of the report of scripts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScriptCountShown {
    /// What is counted.
    pub count: ScriptCount,
    /// How many.
    pub value: i64,
    /// What it is a share of; null for the calls, and where there is nothing below.
    pub share: Option<ShareShown>,
}

/// What became of calls with a version of a script, or with a branch of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScriptPartShown {
    /// The campaign.
    pub campaign: CampaignId,
    /// The version; 0 for calls without a script.
    pub version: i64,
    /// The branch by its number, 0 for calls that marked none; null for the version as a whole.
    pub branch: Option<i64>,
    /// What the branch is called by.
    pub name: Option<String>,
    /// Calls, conversations, meetings, refusals.
    pub counts: Vec<ScriptCountShown>,
    /// Why they refused, by coded reason.
    pub reasons: BTreeMap<String, i64>,
}

/// What became of the calls of a period by version and branch of the script.
#[utoipa::path(get, path = "/api/v1/reports/scripts", tag = "reports",
    operation_id = "show_scripts", params(ScriptsAsked),
    responses((status = 200, body = json::Many<ScriptPartShown>),
        (status = 422, body = json::Problem)))]
pub async fn scripts(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<ScriptsAsked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    let (period, filter) = asked.read((&viewer.zone, &ground.sight), app.now())?;
    let parts = actions::list_scripts(&mut tx, &viewer, &ground, (&period, &filter)).await?;
    let named = actions::list_branches(&mut tx, viewer.org, &parts).await?;
    let rows = parts.into_iter().map(|((campaign, version, branch), tally)| {
        let index = branch.and_then(|branch| usize::try_from(branch - 1).ok());
        let names = named.get(&(campaign, version));
        ScriptPartShown {
            campaign,
            version,
            branch,
            name: index.and_then(|index| names?.get(index).cloned()),
            counts: ScriptCount::ALL.iter().map(|count| counted(&tally, *count)).collect(),
            reasons: tally.reasons,
        }
    });
    json::many(Slice { rows: rows.collect(), next: None })
}

fn counted(tally: &Tally, count: ScriptCount) -> ScriptCountShown {
    let value = tally.count(count);
    let share = tally.base(count).and_then(|of| {
        let (low, high) = bounds(value, of)?;
        Some(ShareShown { of, low, high })
    });
    ScriptCountShown { count, value, share }
}

/// The calls that a number of the report of scripts counts, newest first.
#[utoipa::path(get, path = "/api/v1/reports/scripts/records", tag = "reports",
    operation_id = "list_script_records", params(ScriptsAsked),
    responses((status = 200, body = json::Many<RecordShown>),
        (status = 422, body = json::Problem)))]
pub async fn script_records(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<ScriptsAsked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let ground = actions::ground(&mut tx, &viewer).await?;
    let said = asked.said()?;
    let (period, filter) = asked.read((&viewer.zone, &ground.sight), app.now())?;
    let cursor = Cursor { after: Some(asked.after), limit: asked.limit };
    let number = (&said, &period, &filter);
    let slice = actions::list_said(&mut tx, &viewer, &ground, number, &cursor).await?;
    let is_inside = !matches!(ground.sight, super::Sight::Campaigns(_));
    let rows = slice.rows.into_iter().map(|row| shown(row, is_inside)).collect();
    json::many(Slice { rows, next: slice.next })
}
