//! The payroll file adds up to what is due.

use super::super::actions::{self, PayrollRow};
use super::super::entry::{ADJUSTMENT, OPENING, PAYOUT};
use super::{DECEMBER, NOVEMBER, OCTOBER, Yard};
use crate::both;
use crate::values::*;

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
        let sum: i64 = of_person.map(|row| row.gross.minor).sum();
        assert_eq!(sum, due.due.minor, "{month} {}", due.person.name);
    }
    rows
}

fn of(yard: &Yard, rows: &[PayrollRow], login: &str) -> Vec<(String, i64)> {
    let of_person = rows.iter().filter(|row| row.person.id == yard.id(login));
    of_person.map(|row| (row.component.clone(), row.gross.minor)).collect()
}
