//! The quality of the base over the API. The same actions as the pages.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::{self, Behind};
use super::pages::Looked;
use super::{PARTS, Part, ScopeKind, Total, Weights};
use crate::companies;
use crate::people::Viewer;
use crate::values::*;
use crate::verification::{self, Ageing, Field, Rule};
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Query, Slice};

/// Days of history answered.
const DAYS: i64 = 366;

/// Parts of a score, 0 to 100 each.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartsShown {
    /// What there should be is there.
    pub completeness: i64,
    /// What is there can be right.
    pub validity: i64,
    /// It stands in the base once.
    pub uniqueness: i64,
    /// It was confirmed lately.
    pub freshness: i64,
    /// Somebody there can be reached.
    pub contactability: i64,
    /// Who decides is known.
    pub decision_maker: i64,
}

impl PartsShown {
    fn of(figure: impl Fn(Part) -> i64) -> Self {
        Self {
            completeness: figure(Part::Completeness),
            validity: figure(Part::Validity),
            uniqueness: figure(Part::Uniqueness),
            freshness: figure(Part::Freshness),
            contactability: figure(Part::Contactability),
            decision_maker: figure(Part::DecisionMaker),
        }
    }
    fn weights(&self) -> Weights {
        let mut all = [0; PARTS];
        for (part, weight) in [
            (Part::Completeness, self.completeness),
            (Part::Validity, self.validity),
            (Part::Uniqueness, self.uniqueness),
            (Part::Freshness, self.freshness),
            (Part::Contactability, self.contactability),
            (Part::DecisionMaker, self.decision_maker),
        ] {
            all[part as usize] = weight;
        }
        Weights(all)
    }
}

/// What a scope of the base was worth on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotalShown {
    /// `base`, `source`, `import` or `campaign`.
    pub scope: String,
    /// Which source, file or campaign; empty for the base.
    pub key: String,
    /// The day, as `2026-11-28`.
    pub day: String,
    /// How many companies.
    pub companies: i64,
    /// The mean score, 0 to 100.
    pub score: i64,
    /// The means of its parts.
    pub parts: PartsShown,
    /// False until the whole base was searched for duplicates: `uniqueness` then says only that
    /// nothing is alike at sight.
    pub is_searched: bool,
}

impl TotalShown {
    fn of(total: Total, is_searched: bool) -> Self {
        Self {
            is_searched,
            score: total.mean_score(),
            parts: PartsShown::of(|part| total.mean_part(part)),
            scope: total.kind.code().to_owned(),
            companies: total.companies,
            day: total.day,
            key: total.key,
        }
    }
}

/// Which scope is asked about.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ScopeAsked {
    /// `base` (also when absent), `source`, `import` or `campaign`.
    pub scope: Option<String>,
    /// Which source, file or campaign.
    pub key: Option<String>,
}

/// What the base is worth: the days of a scope, oldest first; the last is today's.
#[utoipa::path(get, path = "/api/v1/quality", tag = "quality", operation_id = "list_quality",
    params(ScopeAsked),
    responses((status = 200, body = json::Many<TotalShown>),
        (status = 404, body = json::Problem)))]
pub async fn list(State(app): State<App>, viewer: Viewer, Query(looked): Query<Looked>) -> Answer {
    let mut tx = app.db.read().await?;
    let kind = looked.kind()?;
    let days = actions::list_days(&mut tx, viewer.org, (kind, looked.key()), DAYS).await?;
    if days.is_empty() && kind != ScopeKind::Base {
        return Err(Error::NotFound.into());
    }
    let is_searched = actions::was_searched(&mut tx, viewer.org).await?;
    let rows = days.into_iter().map(|day| TotalShown::of(day, is_searched)).collect();
    json::many(Slice { rows, next: None })
}

/// A record behind a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct BehindShown {
    /// The company.
    pub company: CompanyId,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Where it came from.
    pub source: String,
    /// Its score in thousandths.
    pub score: i64,
    /// The part asked for, in thousandths; the score where none is named.
    pub part: i64,
}

impl BehindShown {
    fn of(row: Behind) -> Self {
        let Behind { company, number, name, source, score, part, .. } = row;
        Self { company, number, name, source, score, part }
    }
}

/// Which records are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BehindAsked {
    /// `completeness`, `validity`, `uniqueness`, `freshness`, `contactability` or
    /// `decision_maker`; the whole score where it is absent.
    pub part: Option<String>,
    /// `base`, `source`, `import` or `campaign`.
    pub scope: Option<String>,
    /// Which source, file or campaign.
    pub key: Option<String>,
    /// Key of the last row of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 100.
    pub limit: Option<i64>,
}

/// The records behind a figure, the worst first.
#[utoipa::path(get, path = "/api/v1/quality/records", tag = "quality",
    operation_id = "list_quality_records", params(BehindAsked),
    responses((status = 200, body = json::Many<BehindShown>),
        (status = 404, body = json::Problem)))]
pub async fn records(
    State(app): State<App>,
    viewer: Viewer,
    Query(looked): Query<Looked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let of = (looked.part()?, looked.kind()?, looked.key());
    let slice = actions::list_behind(&mut tx, &viewer.scope(), of, &looked.cursor()).await?;
    let rows = slice.rows.into_iter().map(BehindShown::of).collect();
    json::many(Slice { rows, next: slice.next })
}

/// What one company's record is worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreShown {
    /// The score, 0 to 100.
    pub score: i64,
    /// Its parts.
    pub parts: PartsShown,
    /// What keeps it down, whatever its parts say: `duplicate` or `unreachable`.
    pub cap: Option<String>,
    /// When each field is to be checked, RFC 3339; a field that holds nothing to check is absent.
    pub due: std::collections::BTreeMap<String, String>,
    /// When it was computed, RFC 3339.
    pub scored_at: String,
}

/// What a company's record is worth.
#[utoipa::path(get, path = "/api/v1/companies/{company}/score", tag = "quality",
    operation_id = "show_score", params(("company" = CompanyId, Path)),
    responses((status = 200, body = json::One<ScoreShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<CompanyId>) -> Answer {
    let (mut tx, now) = (app.db.read().await?, app.now());
    let seen = companies::actions::find_seen(&mut tx, &viewer.scope(), id, now).await?;
    seen.ok_or(Error::NotFound)?;
    let found = actions::find_score(&mut tx, viewer.org, id).await?;
    let (score, scored_at) = found.ok_or(Error::NotFound)?;
    let due = Field::ALL.into_iter().filter_map(|field| {
        let at = score.due_at[field as usize]?;
        Some((field.code().to_owned(), at.rfc3339()))
    });
    json::one(ScoreShown {
        score: (score.whole + 5) / 10,
        parts: PartsShown::of(|part| (score.parts[part as usize] + 5) / 10),
        cap: score.cap.map(|cap| cap.code().to_owned()),
        due: due.collect(),
        scored_at: scored_at.rfc3339(),
    })
}

/// What the parts weigh in the score.
#[utoipa::path(get, path = "/api/v1/quality/weights", tag = "quality",
    operation_id = "show_weights",
    responses((status = 200, body = json::One<PartsShown>)))]
pub async fn weights(State(app): State<App>, viewer: Viewer) -> Answer {
    let weights = actions::find_weights(&mut app.db.read().await?, viewer.org).await?;
    json::one(PartsShown::of(|part| weights.of(part)))
}

/// Sets what the parts weigh, 0 to 100 each; the scores follow.
#[utoipa::path(post, path = "/api/v1/quality/weights", tag = "quality",
    operation_id = "set_weights", params(json::KeyHeader), request_body = PartsShown,
    responses((status = 200, body = json::One<PartsShown>),
        (status = 422, body = json::Problem)))]
pub async fn set_weights(State(app): State<App>, viewer: Viewer, sent: Sent<PartsShown>) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::set_weights(&act, &sent.body.weights()).await?;
    json::one(sent.body)
}

/// How the values of a field age.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleShown {
    /// `phone`, `email`, `contact`, `decision_maker`, `requisites` or `address`.
    pub field: String,
    /// After how many months half of such values are out of date, 1 to 120.
    pub half_life_months: i64,
    /// A check is due once so many in a hundred can be expected to be right, 10 to 90.
    pub due_percent: i64,
}

/// How values age.
#[utoipa::path(get, path = "/api/v1/quality/ageing", tag = "quality",
    operation_id = "list_ageing",
    responses((status = 200, body = json::Many<RuleShown>)))]
pub async fn ageing(State(app): State<App>, viewer: Viewer) -> Answer {
    let mut tx = app.db.read().await?;
    let ageing = verification::actions::find_ageing(&mut tx, viewer.org).await?;
    many_rules(&ageing)
}

fn many_rules(ageing: &Ageing) -> Answer {
    let rows = Field::ALL.into_iter().map(|field| {
        let Rule { half_life_months, due_percent } = ageing.of(field);
        RuleShown { field: field.code().to_owned(), half_life_months, due_percent }
    });
    json::many(Slice { rows: rows.collect(), next: None })
}

/// Rules of ageing to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeingSent {
    /// The rules; fields that are not named keep theirs.
    pub rules: Vec<RuleShown>,
}

/// Sets how values age.
#[utoipa::path(post, path = "/api/v1/quality/ageing", tag = "quality",
    operation_id = "set_ageing", params(json::KeyHeader), request_body = AgeingSent,
    responses((status = 200, body = json::Many<RuleShown>),
        (status = 422, body = json::Problem)))]
pub async fn set_ageing(State(app): State<App>, viewer: Viewer, sent: Sent<AgeingSent>) -> Answer {
    let act = viewer.act(&app, sent.key);
    let mut tx = app.db.read().await?;
    let mut ageing = verification::actions::find_ageing(&mut tx, viewer.org).await?;
    drop(tx);
    for rule in sent.body.rules {
        let field: Field =
            rule.field.parse().map_err(|()| Fields::one("field", "unknown-choice"))?;
        let RuleShown { half_life_months, due_percent, .. } = rule;
        ageing = ageing.with(field, Rule { half_life_months, due_percent });
    }
    verification::actions::set_ageing(&act, &ageing).await?;
    many_rules(&ageing)
}
