//! Payroll on paper: the rows of a closed month as a file, and the invoice of a contractor.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;

use super::super::actions::{self, PayrollRow};
use super::super::engagement::Invoice;
use super::super::period::Period;
use super::super::{csv, wording};
use crate::events;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Ui, page};

/// The columns of the payroll file, each as wide as a workbook has it.
pub const PAYROLL_COLUMNS: [(&str, u16); 10] = [
    ("pay-number", 8),
    ("pay-person", 28),
    ("pay-login", 14),
    ("pay-engaged", 14),
    ("pay-component", 28),
    ("pay-from", 12),
    ("pay-to", 12),
    ("pay-gross", 14),
    ("pay-currency", 8),
    ("pay-total-of-person", 16),
];

/// The rows of the payroll file under [`PAYROLL_COLUMNS`].
pub fn payroll_table(ui: &Ui, period: &Period, rows: &[PayrollRow]) -> Vec<Vec<String>> {
    let (from, to) = days_of(period, &ui.zone);
    let row = |row: &PayrollRow| {
        vec![
            row.person.number.to_string(),
            row.person.name.clone(),
            row.person.login.clone(),
            ui.tc("pay-engaged-", row.engagement.code()),
            wording::component(ui, &row.component),
            from.clone(),
            to.clone(),
            csv::sum(row.gross, ui.lang),
            row.gross.currency.code().to_owned(),
            csv::sum(row.total, ui.lang),
        ]
    };
    rows.iter().map(row).collect()
}

/// The first and the last day of a month, as programs write them.
pub fn days_of(period: &Period, zone: &Zone) -> (String, String) {
    let last = period.ends_at.plus_ms(-1).day(zone);
    (period.starts_at.day(zone).to_string(), last.to_string())
}

/// `GET /pay/periods/{period}/payroll.csv`: a closed month for payroll.
pub async fn payroll_csv(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(period): Path<PeriodId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (period, rows) = actions::payroll(&mut tx, &viewer, period).await?;
    drop(tx);
    let act = viewer.act(&app, None);
    events::record_export(&act, period.id, "payroll", rows.len()).await?;
    let mut table = vec![PAYROLL_COLUMNS.map(|(key, _)| ui.t(key)).to_vec()];
    table.extend(payroll_table(&ui, &period, &rows));
    file(&table, &format!("payroll-{}.csv", period.month))
}

/// A table as a file for a spreadsheet.
pub(super) fn file(table: &[Vec<String>], name: &str) -> Answer {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, csv::table(table)).into_response())
}

#[derive(Template)]
#[template(path = "pay/views/invoice.html")]
struct InvoicePage {
    ui: Ui,
    invoice: Invoice,
    /// What the address of its file begins with.
    base: String,
    month: String,
    /// The first and the last day, and the day on which the month was closed.
    days: [String; 3],
    lines: Vec<(String, Money)>,
}

/// `GET /pay/invoices/{period}/{user}`: what a contractor asks to be paid.
pub async fn show_invoice(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path((period, user)): Path<(PeriodId, UserId)>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let invoice = actions::invoice(&mut tx, &viewer, period, user).await?;
    let of = &invoice.period;
    let made = of.closed.map_or(of.ends_at, |(_, at)| at);
    page(&InvoicePage {
        base: format!("/pay/invoices/{period}/{user}"),
        month: ui.month(&of.starts_at),
        days: [ui.day(&of.starts_at), ui.day(&of.ends_at.plus_ms(-1)), ui.day(&made)],
        lines: named(&ui, &invoice),
        invoice,
        ui,
    })
}

fn named(ui: &Ui, invoice: &Invoice) -> Vec<(String, Money)> {
    let line = |(component, sum): &(String, Money)| (wording::component(ui, component), *sum);
    invoice.lines.iter().map(line).collect()
}

/// `GET /pay/invoices/{period}/{user}/invoice.csv`: the same, a row for each line.
pub async fn invoice_csv(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path((period, user)): Path<(PeriodId, UserId)>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let invoice = actions::invoice(&mut tx, &viewer, period, user).await?;
    drop(tx);
    let act = viewer.act(&app, None);
    let subject = format!("{period}:{user}");
    events::record_export(&act, subject, "invoice", invoice.lines.len()).await?;
    let heads = [
        "pay-invoice-number",
        "pay-invoice-from",
        "pay-invoice-tax-id",
        "pay-invoice-to",
        "pay-from",
        "pay-to",
        "pay-component",
        "pay-gross",
        "pay-currency",
        "pay-sum",
    ];
    let (from, to) = days_of(&invoice.period, &ui.zone);
    let mut table = vec![heads.map(|key| ui.t(key)).to_vec()];
    for (component, sum) in named(&ui, &invoice) {
        table.push(vec![
            invoice.number.clone(),
            invoice.name.clone(),
            // A cell of digits alone would become a number, without its leading nought.
            format!("{} {}", ui.t("pay-invoice-tax-id"), invoice.tax_id),
            invoice.firm.clone(),
            from.clone(),
            to.clone(),
            component,
            csv::sum(sum, ui.lang),
            sum.currency.code().to_owned(),
            csv::sum(invoice.total, ui.lang),
        ]);
    }
    let name = format!("invoice-{}-{}.csv", invoice.period.month, invoice.person.number);
    file(&table, &name)
}
