//! The payroll file adds up to what is due.

use super::super::actions::{self, PayrollRow};
use super::super::csv;
use super::super::entry::{ADJUSTMENT, OPENING, PAYOUT};
use super::super::pages::{PAYROLL_COLUMNS, payroll_table};
use super::{DECEMBER, NOVEMBER, OCTOBER, Yard};
use crate::both;
use crate::values::*;
use crate::web::Ui;

both! {
    async fn the_payroll_file_adds_up_to_what_is_due_person_by_person(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        t.clock.set(OCTOBER.plus_days(3));
        adjust(&yard, "caller", -500_00).await;
        t.clock.set(NOVEMBER.plus_days(2));
        yard.close("2026-10").await;
        let october = adds_up(&yard, "2026-10").await;
        assert_eq!(of(&yard, &october, "caller"), [(ADJUSTMENT.to_owned(), -500_00)]);
        assert_eq!(of(&yard, &october, "seller"), [("month-0".to_owned(), 60_000_00)]);
        for hour in [1, 2] {
            yard.held("caller", NOVEMBER.plus_minutes(60 * hour)).await;
        }
        adjust(&yard, "caller", 100_00).await;
        adjust(&yard, "caller", -100_00).await;
        t.clock.set(DECEMBER.plus_days(2));
        yard.close("2026-11").await;
        let november = adds_up(&yard, "2026-11").await;
        let expected = [(OPENING.to_owned(), -500_00), ("meeting-1".to_owned(), 700_00)];
        assert_eq!(of(&yard, &november, "caller"), expected);
        assert_eq!(of(&yard, &november, "seller"), [("month-0".to_owned(), 60_000_00)]);
    }

    async fn the_payroll_file_tells_days_and_sums_exactly_and_runs_no_formula(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        t.clock.set(NOVEMBER.plus_days(2));
        yard.close("2026-10").await;
        let (period, mut rows) = (yard.period("2026-10").await, adds_up(&yard, "2026-10").await);
        rows.retain(|row| row.person.id == yard.id("seller"));
        rows[0].person.name = "=SUM(54+51)".to_owned();
        rows[0].gross.minor = -5;
        let mut ui = Ui::anonymous(Lang::Ru, t.clock.now());
        ui.zone = Zone::named("Europe/Moscow");
        let table = payroll_table(&ui, &period, &rows);
        assert!(table.iter().all(|row| row.len() == PAYROLL_COLUMNS.len()), "{table:?}");
        let file = String::from_utf8(csv::table(&table)).expect("text");
        let number = rows[0].person.number;
        let who = format!("{number};'=SUM(54+51);seller;работник;Оклад;2026-10-01;2026-10-31");
        assert_eq!(file, format!("\u{feff}{who};\"-0,05\";RUB;\"60000,00\"\r\n"));
    }
}

/// Adds to a person's pay by hand, or takes of it.
async fn adjust(yard: &Yard, login: &str, minor: i64) {
    let (pavel, polina) = (yard.viewer("pavel").await, yard.viewer("polina").await);
    let sum = Money::new(minor, Currency::Rub);
    let proposed =
        actions::adjust(&yard.by("pavel"), &pavel, yard.id(login), sum, "Так решено").await;
    let id = proposed.expect("proposed");
    actions::decide_adjustment(&yard.by("polina"), &polina, id, true).await.expect("approved");
}

/// The payroll of a closed month, which has no row of nought and gives what its page gives.
async fn adds_up(yard: &Yard, month: &str) -> Vec<PayrollRow> {
    let (id, pavel) = (yard.period(month).await.id, yard.viewer("pavel").await);
    let mut tx = yard.db.read().await.expect("reads");
    let (_, rows) = actions::payroll(&mut tx, &pavel, id).await.expect("a closed month");
    assert!(rows.iter().all(|row| row.gross.minor != 0 && row.component != PAYOUT), "{rows:?}");
    let (_, page) = actions::list_period(&mut tx, &pavel, id).await.expect("a page");
    for due in &page {
        let of_person = rows.iter().filter(|row| row.person.id == due.person.id);
        let sum: i64 = of_person.clone().map(|row| row.gross.minor).sum();
        assert_eq!(sum, due.due.minor, "{month} {}", due.person.name);
        let statement = actions::statement(&mut tx, &pavel, id, due.person.id).await;
        let statement = statement.expect("a statement");
        let told = statement.opening.minor + statement.earned.minor;
        assert_eq!(sum, told, "{month} {}: the statement says the same", due.person.name);
        assert_eq!(statement.paid_out.minor, sum.max(0));
        assert!(of_person.clone().all(|row| row.total.minor == sum), "each row tells the whole");
    }
    rows
}

fn of(yard: &Yard, rows: &[PayrollRow], login: &str) -> Vec<(String, i64)> {
    let of_person = rows.iter().filter(|row| row.person.id == yard.id(login));
    of_person.map(|row| (row.component.clone(), row.gross.minor)).collect()
}
