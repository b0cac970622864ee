//! A statement of pay as a file: pages of A4 that hold what the law asks of a payslip, or a
//! workbook with the same lines. What is said on the page is said here.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;

use super::actualisation::{Document, Medium, Sheet};
use crate::events;
use crate::pay::actions::{self, Statement};
use crate::pay::pages::{names_of, told};
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Ui, format};

/// `GET /pay/statements/{period}/{user}/statement.pdf`
pub async fn pdf(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(of): Path<(PeriodId, UserId)>,
) -> Answer {
    file(&app, &viewer, ui, (of, Medium::Pdf)).await
}

/// `GET /pay/statements/{period}/{user}/statement.xlsx`
pub async fn xlsx(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(of): Path<(PeriodId, UserId)>,
) -> Answer {
    file(&app, &viewer, ui, (of, Medium::Xlsx)).await
}

async fn file(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    ((period, user), medium): ((PeriodId, UserId), Medium),
) -> Answer {
    let mut tx = app.db.read().await?;
    let statement = actions::statement(&mut tx, viewer, period, user).await?;
    let ids = statement.lines.iter().map(|line| line.company);
    let names = names_of(&mut tx, viewer.org, ids).await?;
    drop(tx);
    let parts = told(&ui, &statement, &names);
    let document = document(&ui, &statement, parts);
    let (rows, rest) = (document.row_count(), ui.t("actualised-rest"));
    let name = format!("statement-{}.{}", statement.period.month, medium.extension());
    // Packing thousands of rows would hold up whoever else is served.
    let packed = tokio::task::spawn_blocking(move || document.write(medium, &rest));
    let bytes = packed.await.map_err(Error::failure)??;
    let what = match medium {
        Medium::Pdf => "statement-pdf",
        Medium::Xlsx => "statement-xlsx",
    };
    let act = viewer.act(app, None);
    events::record_export(&act, format!("{period}:{user}"), what, rows).await?;
    let headers = [
        (header::CONTENT_TYPE, medium.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, bytes).into_response())
}

fn document(ui: &Ui, statement: &Statement, parts: Vec<crate::pay::pages::Told>) -> Document {
    let month = ui.month(&statement.period.starts_at);
    let who = &statement.person.name;
    let is_closed = statement.period.closed.is_some();
    let due = if is_closed { statement.paid_out } else { statement.closing };
    let figures = [
        ("pay-opening", statement.opening),
        ("pay-earned", statement.earned),
        ("pay-component-payout", statement.paid_out),
        ("pay-closing", statement.closing),
        ("pay-due", due),
    ];
    let columns = [("pay-day", 14), ("pay-what", 90), ("pay-state", 14), ("pay-gross", 18)];
    let columns: Vec<(String, u16)> =
        columns.iter().map(|(key, width)| (ui.t(key), *width)).collect();
    let sheet = |part: crate::pay::pages::Told| {
        let row = |(day, what, state, sum): (String, String, String, Money)| {
            vec![day, what, state, ui.money(&sum)]
        };
        let total =
            part.sum.map(|sum| vec![String::new(), ui.t("pay-sum"), String::new(), ui.money(&sum)]);
        Sheet {
            title: part.title,
            columns: columns.clone(),
            rows: part.lines.into_iter().map(row).chain(total).collect(),
        }
    };
    let hash = statement.lines.last().map_or("–", |line| line.hash.as_str());
    Document {
        title: format!("{} · {month} · {who}", ui.t("pay-statement")),
        // It is read on another day.
        made: ui.ta("pay-statement-made", "time", format::day_time(ui.lang, ui.now, &ui.zone)),
        legend: ui.ta("pay-statement-legend", "hash", hash),
        summary: ui.t("pay-statement"),
        figures: figures.iter().map(|(key, sum)| (ui.t(key), ui.money(sum))).collect(),
        parts: apart(parts.into_iter().map(sheet).collect()),
    }
}

/// Sheets of a workbook have names of their own; two lines of a plan may be called the same.
fn apart(mut parts: Vec<Sheet>) -> Vec<Sheet> {
    for place in 1..parts.len() {
        let title = parts[place].title.clone();
        let before = parts[..place].iter().filter(|part| part.title.starts_with(&title)).count();
        if before > 0 {
            parts[place].title = format!("{title} {}", before + 1);
        }
    }
    parts
}
