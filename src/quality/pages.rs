//! The quality of the base on screen: the figure with its parts, its history, the records behind.

use askama::Template;
use axum::extract::State;
use jiff::civil::Date;
use serde::Deserialize;

use super::actions::{self, Behind};
use super::{Part, ScopeKind, Total, Weights};
use crate::people::Viewer;
use crate::tiers::doors;
use crate::values::*;
use crate::web::{Answer, App, Cursor, Query, Ui, page};

/// Days of history drawn.
const DAYS: i64 = 90;
/// The chart: its width and height.
const CHART: (i64, i64) = (640, 120);

/// A part as a line of the page.
struct PartLine {
    part: Part,
    weight: i64,
    mean: i64,
    /// The records behind it.
    href: String,
}

/// Sums of a kind, as a table.
struct Group {
    title: &'static str,
    rows: Vec<(Total, String)>,
}

/// A point of the history.
struct Point {
    at: Instant,
    companies: i64,
    score: i64,
}

#[derive(Template)]
#[template(path = "quality/views/index.html")]
struct IndexPage {
    ui: Ui,
    total: Option<Total>,
    kind: ScopeKind,
    key: String,
    parts: Vec<PartLine>,
    points: Vec<Point>,
    line: String,
    groups: Vec<Group>,
    may_set: bool,
    was_searched: bool,
}

impl IndexPage {
    /// True for a figure that nothing was looked at for yet.
    fn is_unknown(&self, part: &Part) -> bool {
        *part == Part::Uniqueness && !self.was_searched
    }
}

/// Which scope is looked at, and through which part.
#[derive(Debug, Default, Deserialize)]
pub struct Looked {
    #[serde(default)]
    scope: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    part: String,
    after: Option<String>,
    limit: Option<i64>,
}

impl Looked {
    /// The scope, the base where none is named.
    pub(super) fn kind(&self) -> Outcome<ScopeKind> {
        if self.scope.is_empty() {
            return Ok(ScopeKind::Base);
        }
        self.scope.parse().map_err(|()| Error::NotFound)
    }
    /// The part; `None` for the whole score.
    pub(super) fn part(&self) -> Outcome<Option<Part>> {
        if self.part.is_empty() {
            return Ok(None);
        }
        self.part.parse().map(Some).map_err(|()| Error::NotFound)
    }
    pub(super) fn key(&self) -> &str {
        &self.key
    }
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { after: self.after.clone(), limit: self.limit }
    }
    fn query(&self) -> String {
        let pairs = [("scope", &self.scope), ("key", &self.key), ("part", &self.part)];
        query(&pairs.map(|(name, value)| (name, value.as_str())))
    }
}

fn query(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<&(&str, &str)> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// `GET /quality`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(looked): Query<Looked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (kind, key) = (looked.kind()?, looked.key.clone());
    let weights = actions::find_weights(&mut tx, viewer.org).await?;
    let days = actions::list_days(&mut tx, viewer.org, (kind, &key), DAYS).await?;
    if days.is_empty() && kind != ScopeKind::Base {
        return Err(Error::NotFound.into());
    }
    let mut total = days.last().cloned();
    let mut groups = Vec::new();
    for (other, title) in [
        (ScopeKind::Source, "quality-by-source"),
        (ScopeKind::Import, "quality-by-import"),
        (ScopeKind::Campaign, "quality-by-campaign"),
    ] {
        let rows = actions::list_totals(&mut tx, viewer.org, other).await?;
        if let Some(total) = total.as_mut().filter(|total| total.kind == other) {
            let own = rows.iter().find(|row| row.key == total.key);
            total.label = own.map_or_else(|| key.clone(), |row| row.label.clone());
        }
        let href = |row: &Total| query(&[("scope", row.kind.code()), ("key", &row.key)]);
        let rows: Vec<(Total, String)> = rows
            .into_iter()
            .map(|row| {
                let href = format!("/quality?{}", href(&row));
                (row, href)
            })
            .collect();
        if kind == ScopeKind::Base && !rows.is_empty() {
            groups.push(Group { title, rows });
        }
    }
    page(&IndexPage {
        parts: total.as_ref().map(|total| parts(total, &weights, (kind, &key))).unwrap_or_default(),
        line: line(&days),
        points: days.iter().rev().map(|day| point(day, &ui.zone)).collect(),
        may_set: viewer.is_any(doors::QUALITY_SETTING),
        was_searched: actions::was_searched(&mut tx, viewer.org).await?,
        ui,
        total,
        kind,
        key,
        groups,
    })
}

fn point(total: &Total, zone: &Zone) -> Point {
    let day: Date = total.day.parse().unwrap_or_default();
    let at = Instant::from_local(day.at(12, 0, 0, 0), zone);
    Point { at, companies: total.companies, score: total.mean_score() }
}

fn parts(total: &Total, weights: &Weights, (kind, key): (ScopeKind, &str)) -> Vec<PartLine> {
    let href = |part: Part| {
        let scope = if kind == ScopeKind::Base { "" } else { kind.code() };
        let query = query(&[("scope", scope), ("key", key), ("part", part.code())]);
        format!("/quality/records?{query}")
    };
    Part::ALL
        .iter()
        .map(|part| PartLine {
            part: *part,
            weight: weights.of(*part),
            mean: total.mean_part(*part),
            href: href(*part),
        })
        .collect()
}

/// The history as the points of a line: a day a step, the newest at the right.
fn line(days: &[Total]) -> String {
    let (width, height) = CHART;
    let steps = i64::try_from(days.len()).unwrap_or(1).max(2) - 1;
    let points: Vec<String> = (0..)
        .zip(days)
        .map(|(step, day)| {
            let (x, y) = (step * (width - 40) / steps, height - day.mean_score() * height / 100);
            format!("{x},{y}")
        })
        .collect();
    points.join(" ")
}

#[derive(Template)]
#[template(path = "quality/views/records.html")]
struct RecordsPage {
    ui: Ui,
    part: Option<Part>,
    rows: Vec<Behind>,
    next: Option<String>,
    back: String,
}

impl RecordsPage {
    /// A figure of 0 to 100.
    fn hundredths(&self, thousandths: &i64) -> i64 {
        (thousandths + 5) / 10
    }
}

/// `GET /quality/records`: the records behind a figure, the worst first.
pub async fn records(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(looked): Query<Looked>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (part, kind) = (looked.part()?, looked.kind()?);
    let of = (part, kind, looked.key());
    let slice = actions::list_behind(&mut tx, &viewer.scope(), of, &looked.cursor()).await?;
    let next = slice.next.map(|after| {
        let after = query(&[("after", &after)]);
        format!("/quality/records?{}&{after}", looked.query())
    });
    let whole = Looked { part: String::new(), ..looked };
    page(&RecordsPage {
        part,
        back: format!("/quality?{}", whole.query()),
        rows: slice.rows,
        next,
        ui,
    })
}
