//! The report on screen, and as a file.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;

use super::{Document, Medium, ReportOf, actions};
use crate::events;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Ui, page};

#[derive(Template)]
#[template(path = "export/views/report.html")]
struct ReportPage {
    ui: Ui,
    document: Document,
    base: String,
}

/// Rows of each part that the page shows; the files have all.
const SHOWN: i64 = 50;

async fn show(app: &App, viewer: &Viewer, ui: Ui, (of, base): (ReportOf, String)) -> Answer {
    let mut tx = app.db.read().await?;
    let document = actions::gather_first(&mut tx, &viewer.scope(), of, (&ui, SHOWN)).await?;
    drop(tx);
    // It shows telephones: who looked is on record, as with a file that left.
    let act = viewer.act(app, None);
    events::record_export(&act, of.subject(), "actualisation-screen", document.row_count()).await?;
    page(&ReportPage { ui, document, base })
}

/// A report as a file; that it left the product is an event.
pub(super) async fn write(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (of, medium): (ReportOf, Medium),
) -> Answer {
    let mut tx = app.db.read().await?;
    let document = actions::gather(&mut tx, &viewer.scope(), of, &ui).await?;
    drop(tx);
    let name = format!("actualisation.{}", medium.extension());
    let taken = Taken { subject: of.subject(), what: medium.code(), name };
    sent(app, viewer, (document, medium, ui.t("actualised-rest")), taken).await
}

/// What the event of a file tells, and what the file is called.
pub(in crate::export) struct Taken {
    pub subject: String,
    pub what: &'static str,
    pub name: String,
}

/// Writes a document as a file, and on record that it was taken.
pub(in crate::export) async fn sent(
    app: &App,
    viewer: &Viewer,
    (document, medium, rest): (Document, Medium, String),
    taken: Taken,
) -> Answer {
    let rows = document.row_count();
    // Packing thousands of rows would hold up whoever else is served.
    let packed = tokio::task::spawn_blocking(move || document.write(medium, &rest));
    let bytes = packed.await.map_err(Error::failure)??;
    let act = viewer.act(app, None);
    events::record_export(&act, taken.subject, taken.what, rows).await?;
    let headers = [
        (header::CONTENT_TYPE, medium.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", taken.name)),
    ];
    Ok((headers, bytes).into_response())
}

/// `GET /rounds/{round}/report`
pub async fn of_round(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    let base = format!("/rounds/{id}/report");
    show(&app, &viewer, ui, (ReportOf::Round(id), base)).await
}

/// `GET /rounds/{round}/report.xlsx`
pub async fn round_xlsx(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    write(&app, &viewer, ui, (ReportOf::Round(id), Medium::Xlsx)).await
}

/// `GET /rounds/{round}/report.pdf`
pub async fn round_pdf(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    write(&app, &viewer, ui, (ReportOf::Round(id), Medium::Pdf)).await
}

/// `GET /imports/{import}/report`
pub async fn of_import(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
) -> Answer {
    let base = format!("/imports/{id}/report");
    show(&app, &viewer, ui, (ReportOf::Import(id), base)).await
}

/// `GET /imports/{import}/report.xlsx`
pub async fn import_xlsx(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
) -> Answer {
    write(&app, &viewer, ui, (ReportOf::Import(id), Medium::Xlsx)).await
}

/// `GET /imports/{import}/report.pdf`
pub async fn import_pdf(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
) -> Answer {
    write(&app, &viewer, ui, (ReportOf::Import(id), Medium::Pdf)).await
}
