//! The report over the API. The same as the pages.

use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Document, Medium, ReportOf, Sheet, actions, pages};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json;
use crate::web::{Answer, App, Ui};

/// What a round was found to hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundReportShown {
    /// What it is on.
    pub title: String,
    /// What is counted in it and what is not.
    pub legend: String,
    /// The figures.
    pub figures: Vec<FigureShown>,
    /// Its parts: what was found, refusals, meetings, companies.
    pub parts: Vec<SheetShown>,
}

/// A figure of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureShown {
    /// What.
    pub what: String,
    /// How much, as it is written.
    pub value: String,
}

/// A table of a report.
#[derive(Debug, Serialize, ToSchema)]
pub struct SheetShown {
    /// What it holds.
    pub title: String,
    /// Its headings.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

impl SheetShown {
    fn of(sheet: Sheet) -> Self {
        let columns = sheet.columns.into_iter().map(|(heading, _)| heading).collect();
        Self { title: sheet.title, columns, rows: sheet.rows }
    }
}

fn shown(document: Document) -> RoundReportShown {
    let figures = document.figures.into_iter();
    RoundReportShown {
        title: document.title,
        legend: document.legend,
        figures: figures.map(|(what, value)| FigureShown { what, value }).collect(),
        parts: document.parts.into_iter().map(SheetShown::of).collect(),
    }
}

/// What a round was found to hold: what was confirmed and changed, by whom and when, refusals,
/// meetings, companies as they stand. A principal asks for the rounds they ordered.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/report", tag = "rounds",
    operation_id = "show_round_report", params(("round" = CampaignId, Path)),
    responses((status = 200, body = json::One<RoundReportShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    answer(&app, &viewer, &ui, ReportOf::Round(id)).await
}

/// What became of the companies that a file brought: every check of them since, refusals and
/// meetings of rounds and of campaigns over this very file, and how they stand. A head is told of
/// the companies that they see.
#[utoipa::path(get, path = "/api/v1/imports/{import}/report", tag = "imports",
    operation_id = "show_import_report", params(("import" = ImportId, Path)),
    responses((status = 200, body = json::One<RoundReportShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn of_import(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
) -> Answer {
    answer(&app, &viewer, &ui, ReportOf::Import(id)).await
}

async fn answer(app: &App, viewer: &Viewer, ui: &Ui, of: ReportOf) -> Answer {
    let mut tx = app.db.read().await?;
    let document = actions::gather(&mut tx, &viewer.scope(), of, ui).await?;
    drop(tx);
    let (act, rows) = (viewer.act(app, None), document.row_count());
    crate::events::record_export(&act, of.subject(), "actualisation-json", rows).await?;
    json::one(shown(document))
}

/// The same as a workbook.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/report.xlsx", tag = "rounds",
    operation_id = "show_round_workbook", params(("round" = CampaignId, Path)),
    responses((status = 200, description = "The workbook.", body = Vec<u8>,
            content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn xlsx(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    pages::write(&app, &viewer, ui, (ReportOf::Round(id), Medium::Xlsx)).await
}

/// The same as pages to be printed.
#[utoipa::path(get, path = "/api/v1/rounds/{round}/report.pdf", tag = "rounds",
    operation_id = "show_round_pages", params(("round" = CampaignId, Path)),
    responses((status = 200, description = "The pages.", body = Vec<u8>,
            content_type = "application/pdf"),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn pdf(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    pages::write(&app, &viewer, ui, (ReportOf::Round(id), Medium::Pdf)).await
}
