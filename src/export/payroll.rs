//! A closed month for payroll as a workbook: what is due to everybody, and a row for each person
//! and component. Its rows are those of the CSV file.

use axum::extract::{Path, State};

use super::actualisation::pages::{Taken, sent};
use super::actualisation::{Document, Medium, Sheet};
use crate::pay::actions::{self, PayrollRow};
use crate::pay::pages::{PAYROLL_COLUMNS, payroll_table};
use crate::pay::period::Period;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Ui, format};

/// `GET /pay/periods/{period}/payroll.xlsx`
pub async fn xlsx(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(period): Path<PeriodId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (period, rows) = actions::payroll(&mut tx, &viewer, period).await?;
    drop(tx);
    let name = format!("payroll-{}.xlsx", period.month);
    let taken = Taken { subject: period.id.to_string(), what: "payroll-xlsx", name };
    let document = document(&ui, &period, &rows);
    sent(&app, &viewer, (document, Medium::Xlsx, ui.t("actualised-rest")), taken).await
}

fn document(ui: &Ui, period: &Period, rows: &[PayrollRow]) -> Document {
    let mut figures: Vec<(String, String)> = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let of = |row: &PayrollRow| (row.person.id, row.total.currency);
        // Rows of one person stand together.
        if place == 0 || of(&rows[place - 1]) != of(row) {
            let number = format!("{}\u{a0}{}", ui.t("number-sign"), row.person.number);
            figures.push((format!("{}, {number}", row.person.name), ui.money(&row.total)));
        }
    }
    let columns = PAYROLL_COLUMNS.map(|(key, width)| (ui.t(key), width)).to_vec();
    Document {
        title: format!("{} · {}", ui.t("pay-payroll"), ui.month(&period.starts_at)),
        made: ui.ta("pay-statement-made", "time", format::day_time(ui.lang, ui.now, &ui.zone)),
        legend: ui.t("pay-payroll-legend"),
        summary: ui.t("pay-due"),
        figures,
        parts: vec![Sheet {
            title: ui.t("pay-payroll"),
            columns,
            rows: payroll_table(ui, period, rows),
        }],
    }
}
