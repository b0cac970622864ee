//! Files out: bad rows to be mended, and every row with what became of it.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

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
    let (header, rows) = actions::list_bad_rows(&act, id).await?;
    events::record_export(&act, id, "import-bad-rows", rows.len()).await?;
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).max(header.len());
    let mut text = MARK.to_owned();
    let mut first = header;
    first.resize(width, String::new());
    first.extend([ui.t("import-reason"), ui.t("import-line")]);
    text.push_str(&write_row(&first, OFFICE));
    for BadRow { line, mut cells, faults } in rows {
        cells.resize(width, String::new());
        cells.extend([words::said_all(&ui, &faults).join(" "), line.to_string()]);
        text.push_str(&write_row(&cells, OFFICE));
    }
    Ok(attached("bad", text))
}

/// `GET /imports/{import}/rows.csv`: every row with its verdict, so that all are accounted for.
pub async fn rows(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    actions::find(&mut tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    let mut text = MARK.to_owned();
    let heads = ["import-line", "import-name", "import-verdict", "import-reason"];
    text.push_str(&write_row(&heads.map(|key| ui.t(key)), OFFICE));
    let (mut after, mut row_count) = (0, 0);
    loop {
        let rows = actions::list_rows(&mut tx, viewer.org, id, (None, after), ROWS).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        row_count += rows.len();
        for row in rows {
            let why = words::said_all(&ui, &row.remarks).join(" ");
            let verdict = ui.tc("verdict-", row.verdict.code());
            text.push_str(&write_row(&[row.line.to_string(), row.name, verdict, why], OFFICE));
        }
    }
    drop(tx);
    events::record_export(&viewer.act(&app, None), id, "import-rows", row_count).await?;
    Ok(attached("rows", text))
}

fn attached(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    (headers, text).into_response()
}
