//! Files out: bad rows to be mended, and every row with what became of it.

use std::io;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};

use super::cells::{MARK, OFFICE, write_row};
use super::*;
use crate::companies::words;
use crate::events;
use crate::people::Viewer;
use crate::web::{Answer, App, Ui};

/// Rows read from the database at once.
const ROWS: i64 = 500;

/// `GET /imports/{import}/bad.csv`: the rows that could not be used, as they stood, each with the
/// reason, which names its column, and its place among the rows. Mended, the file can be brought
/// again.
pub async fn bad_rows(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
) -> Answer {
    let act = viewer.act(&app, None);
    let mut rows = actions::find_bad_rows(&act, &viewer, id).await?;
    events::record_export(&act, id, "import-bad-rows", rows.count).await?;
    let width = rows.width;
    let mut first = std::mem::take(&mut rows.header);
    first.resize(width, String::new());
    first.extend([ui.t("import-reason"), ui.t("import-line")]);
    let first = MARK.to_owned() + &write_row(&first, OFFICE);
    let rest = stream::try_unfold((rows, ui), move |(mut rows, ui)| async move {
        let Some(batch) = rows.next().await.map_err(broken_off)? else { return Ok(None) };
        let text: String = batch.into_iter().map(|row| bad_row(&ui, width, row)).collect();
        Ok(Some((text, (rows, ui))))
    });
    let all = stream::once(async { Ok::<_, io::Error>(first) }).chain(rest);
    Ok(attached("bad", Body::from_stream(all)))
}

/// What is on its way out already can only end in the midst, so that nobody takes it for all.
fn broken_off(error: Error) -> io::Error {
    tracing::error!(%error, "a file of rows broke off");
    io::Error::other(error.to_string())
}

fn bad_row(ui: &Ui, width: usize, BadRow { line, mut cells, faults }: BadRow) -> String {
    cells.resize(width, String::new());
    cells.extend([words::said_all(ui, &faults).join(" "), line.to_string()]);
    write_row(&cells, OFFICE)
}

/// `GET /imports/{import}/rows.csv`: every row with its verdict, so that all are accounted for.
/// The companies that the asker may not know of are not named.
pub async fn rows(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let import = actions::find(&mut tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let row_count = usize::try_from(import.counts.total()).map_err(Error::failure)?;
    events::record_export(&viewer.act(&app, None), id, "import-rows", row_count).await?;
    let heads = ["import-line", "import-name", "import-verdict", "import-reason"];
    let first = MARK.to_owned() + &write_row(&heads.map(|key| ui.t(key)), OFFICE);
    let begin = (app, viewer, ui, 0);
    let rest = stream::try_unfold(begin, move |(app, viewer, ui, after)| async move {
        let rows = list(&app, &viewer, id, (after, ui.now)).await.map_err(broken_off)?;
        let Some(after) = rows.last().map(|row| row.line) else { return Ok(None) };
        let text: String = rows.into_iter().map(|row| told_row(&ui, row)).collect();
        Ok(Some((text, (app, viewer, ui, after))))
    });
    let all = stream::once(async { Ok::<_, io::Error>(first) }).chain(rest);
    Ok(attached("rows", Body::from_stream(all)))
}

/// The next rows behind a line.
async fn list(
    app: &App,
    viewer: &Viewer,
    id: ImportId,
    (after, now): (i64, Instant),
) -> Outcome<Vec<WrittenRow>> {
    let mut tx = app.db.read().await?;
    actions::list_rows_seen(&mut tx, viewer, id, (None, after), (ROWS, now)).await
}

fn told_row(ui: &Ui, row: WrittenRow) -> String {
    let why = words::said_all(ui, &row.remarks).join(" ");
    let verdict = ui.tc("verdict-", row.verdict.code());
    write_row(&[row.line.to_string(), row.name, verdict, why], OFFICE)
}

fn attached(name: &str, text: impl Into<Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (headers, text.into()).into_response()
}
