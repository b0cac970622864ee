//! What was really paid beside what is due, and the invoices of contractors.

use std::collections::BTreeSet;

use super::super::actions::Untaken;
use super::super::engagement::Engagement;
use super::super::remittance::{NewRemittance, REFERENCE_MAX, Remittance};
use super::super::{actions, remittance};
use super::booking::{day, refusal};
use super::{DECEMBER, NOVEMBER, OCTOBER, Yard};
use crate::both;
use crate::storage::Act;
use crate::values::*;

/// The yard after October, in which the caller earned 350,00 and the seller a salary.
async fn after_october(db: &crate::storage::Db, clock: &Clock) -> (Yard, PeriodId) {
    let yard = Yard::open(db, clock).await;
    yard.held("caller", day(2)).await;
    clock.set(NOVEMBER.plus_days(2));
    yard.close("2026-10").await;
    let october = yard.period("2026-10").await.id;
    (yard, october)
}

/// A payment of a person, as the accountant tells of it.
fn paid(yard: &Yard, login: &str, minor: i64, reference: &str) -> NewRemittance {
    NewRemittance {
        person: yard.id(login),
        amount: Money::new(minor, Currency::Rub),
        paid_on: NOVEMBER,
        reference: reference.to_owned(),
        anyway: false,
    }
}

async fn remit(yard: &Yard, period: PeriodId, new: NewRemittance) -> Outcome<AnyId> {
    remit_by(yard, &yard.by("pavel"), period, new).await
}

async fn remit_by(yard: &Yard, act: &Act, period: PeriodId, new: NewRemittance) -> Outcome<AnyId> {
    let pavel = yard.viewer("pavel").await;
    actions::remit(act, &pavel, period, new).await
}

async fn correct(yard: &Yard, id: AnyId, (minor, reference): (i64, &str)) -> Outcome<AnyId> {
    let pavel = yard.viewer("pavel").await;
    let right = (minor, NOVEMBER, reference.to_owned());
    actions::correct_remittance(&yard.by("pavel"), &pavel, id, right).await
}

/// Why a file is not taken: the row, and what is wrong with it.
fn untaken(taken: Result<usize, Untaken>) -> (Option<usize>, &'static str) {
    let Untaken { row, error } = taken.expect_err("it should not be taken");
    (row, refusal(Err::<usize, Error>(error)))
}

/// What is due to a person, what was paid, what is between, and how many records there are.
async fn stands(yard: &Yard, period: PeriodId, login: &str) -> (i64, i64, i64, usize) {
    let pavel = yard.viewer("pavel").await;
    let mut tx = yard.db.read().await.expect("reads");
    let (_, rows) = actions::reconcile(&mut tx, &pavel, period).await.expect("reads");
    let row = rows.into_iter().find(|row| row.person.id == yard.id(login));
    row.map_or((0, 0, 0, 0), |row| {
        (row.due.minor, row.paid.minor, row.difference.minor, row.remittances.len())
    })
}

/// What is carried into a month of somebody, and what is still to be paid after it.
async fn carried(yard: &Yard, period: PeriodId, login: &str) -> (i64, i64) {
    let pavel = yard.viewer("pavel").await;
    let mut tx = yard.db.read().await.expect("reads");
    let (_, rows) = actions::reconcile(&mut tx, &pavel, period).await.expect("reads");
    let row = rows.into_iter().find(|row| row.person.id == yard.id(login));
    row.map_or((0, 0), |row| (row.opening.minor, row.difference.minor))
}

#[test]
fn a_month_without_a_payment_on_record_uses_up_what_was_paid_too_much() {
    let (person, rub) = (UserId::fresh(OCTOBER), |minor| Money::new(minor, Currency::Rub));
    let [october, november]: [Month; 2] =
        ["2026-10", "2026-11"].map(|month| month.parse().expect("a month"));
    let paid = Remittance {
        id: AnyId::fresh(OCTOBER),
        number: 1,
        person,
        month: october,
        amount: rub(500_00),
        paid_on: OCTOBER,
        reference: String::new(),
        corrects: None,
        author: None,
        made_at: OCTOBER,
    };
    let closed = BTreeSet::from([october, november]);
    for (due, left) in [(0, Some(-150_00)), (100_00, Some(-50_00)), (150_00, None), (350_00, None)]
    {
        let handed_over = [(person, october, rub(350_00)), (person, november, rub(due))];
        let found = remittance::carried(std::slice::from_ref(&paid), &closed, &handed_over);
        assert_eq!(found.get(&(person, "RUB")).copied(), left, "{due}");
    }
}

both! {
    async fn what_was_paid_stands_beside_what_is_due_and_is_put_right_by_a_new_record(t: TestDb) {
        let (yard, october) = after_october(&t.db, &t.clock).await;
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 0, 350_00, 0));
        assert_eq!(stands(&yard, october, "seller").await, (60_000_00, 0, 60_000_00, 0));
        let act = yard.by("pavel");
        let first = remit_by(&yard, &act, october, paid(&yard, "caller", 200_00, "1")).await;
        let first = first.expect("recorded");
        let again = remit_by(&yard, &act, october, paid(&yard, "caller", 200_00, "1")).await;
        assert_eq!(again.expect("a repeat"), first, "one request has one effect");
        remit(&yard, october, paid(&yard, "caller", 150_00, "2")).await.expect("recorded");
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 350_00, 0, 2));
        let right = correct(&yard, first, (100_00, "1")).await.expect("put right");
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 250_00, 100_00, 3));
        for (id, sent, code) in [
            (first, (50_00, "1"), "pay-remittance-corrected"),
            (right, (100_00, "1"), "pay-remittance-same"),
            (right, (-1, "1"), "pay-fault-not-positive"),
        ] {
            assert_eq!(refusal(correct(&yard, id, sent).await), code);
        }
        correct(&yard, right, (0, "1")).await.expect("nothing was paid");
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 150_00, 200_00, 4));
        let caller = yard.viewer("caller").await;
        let mut tx = t.db.read().await.expect("reads");
        let own = actions::statement(&mut tx, &caller, october, caller.id()).await.expect("own");
        assert_eq!(own.paid, Some(Money::new(150_00, Currency::Rub)), "they read it, too");
        drop(tx);
        let nobody = correct(&yard, AnyId::fresh(NOVEMBER), (1, "1")).await;
        assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
        assert_eq!(stands(&yard, october, "seller").await, (60_000_00, 0, 60_000_00, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn what_cannot_have_been_paid_is_refused_and_nothing_is_recorded(t: TestDb) {
        let (yard, october) = after_october(&t.db, &t.clock).await;
        let one = |minor| paid(&yard, "caller", minor, "1");
        let euro = NewRemittance { amount: Money::new(100, Currency::Eur), ..one(1) };
        let ahead = NewRemittance { paid_on: NOVEMBER.plus_days(3), ..one(1) };
        let before = NewRemittance { paid_on: OCTOBER.plus_days(-1), ..one(1) };
        let long = NewRemittance { reference: "п".repeat(REFERENCE_MAX + 1), ..one(1) };
        for (new, code) in [
            (one(0), "pay-fault-not-positive"),
            (one(-350_00), "pay-fault-not-positive"),
            (one(i64::MAX), "money-too-large"),
            (one(700_01), "pay-remittance-absurd"),
            (euro, "pay-currency-of-due"),
            (ahead, "pay-paid-ahead"),
            (before, "pay-paid-before"),
            (long, "too-long"),
            (paid(&yard, "rookie", 100, "1"), "pay-nothing-due"),
        ] {
            assert_eq!(refusal(remit(&yard, october, new).await), code);
        }
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 0, 350_00, 0));
        remit(&yard, october, one(100)).await.expect("recorded");
        assert_eq!(refusal(remit(&yard, october, one(100)).await), "pay-remittance-twice");
        let other = paid(&yard, "caller", 100, "2");
        remit(&yard, october, other).await.expect("another payment");
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 2_00, 348_00, 2));
        let november = yard.period("2026-11").await.id;
        let advance = paid(&yard, "rookie", 1_000_00, "");
        remit(&yard, november, advance).await.expect("paid in advance of an open month");
        assert_eq!(stands(&yard, november, "rookie").await, (0, 1_000_00, -1_000_00, 1));
        let stranger = NewRemittance { person: UserId::fresh(OCTOBER), ..one(1) };
        let unknown = remit(&yard, october, stranger).await;
        assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_file_of_payments_is_taken_whole_or_not_at_all(t: TestDb) {
        let (yard, october) = after_october(&t.db, &t.clock).await;
        let pavel = yard.viewer("pavel").await;
        let one = || paid(&yard, "caller", 50_00, "1");
        let rows = || vec![(1, one()), (2, paid(&yard, "seller", 60_000_00, "2"))];
        let bad = vec![(1, one()), (2, paid(&yard, "rookie", 1, "2"))];
        let nothing_due = (Some(2), "pay-nothing-due");
        for (rows, why) in [(bad, nothing_due), (Vec::new(), (None, "file-empty"))] {
            let act = yard.by("pavel");
            let refused = actions::remit_many(&act, &pavel, october, rows).await;
            assert_eq!(untaken(refused), why);
        }
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 0, 350_00, 0));
        let act = yard.by("pavel");
        let taken = actions::remit_many(&act, &pavel, october, rows()).await;
        assert_eq!(taken.expect("recorded"), 2);
        let again = actions::remit_many(&yard.by("pavel"), &pavel, october, rows()).await;
        assert_eq!(untaken(again), (Some(1), "pay-remittance-twice"));
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 50_00, 300_00, 1));
        assert_eq!(stands(&yard, october, "seller").await, (60_000_00, 60_000_00, 0, 1));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn what_was_paid_too_much_for_a_closed_month_is_taken_off_the_next_ones(t: TestDb) {
        let (yard, october) = after_october(&t.db, &t.clock).await;
        let november = yard.period("2026-11").await.id;
        let first = remit(&yard, october, paid(&yard, "caller", 500_00, "1")).await;
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 500_00, -150_00, 1));
        assert_eq!(carried(&yard, november, "caller").await, (-150_00, -150_00));
        assert_eq!(carried(&yard, november, "seller").await, (0, 0), "nothing is on record");
        yard.held("caller", NOVEMBER.plus_days(1)).await;
        assert_eq!(carried(&yard, november, "caller").await, (-150_00, 200_00));
        remit(&yard, november, paid(&yard, "caller", 100_00, "2")).await.expect("recorded");
        t.clock.set(DECEMBER.plus_days(2));
        yard.close("2026-11").await;
        let december = yard.period("2026-12").await.id;
        assert_eq!(carried(&yard, november, "caller").await, (-150_00, 100_00));
        let none = carried(&yard, december, "caller").await;
        assert_eq!(none, (0, 0), "what a month lacks is paid for that month");
        remit(&yard, november, paid(&yard, "caller", 170_00, "3")).await.expect("recorded");
        assert_eq!(carried(&yard, december, "caller").await, (-70_00, -70_00), "what is left");
        let right = correct(&yard, first.expect("recorded"), (350_00, "1")).await;
        right.expect("put right");
        assert_eq!(carried(&yard, december, "caller").await, (0, 0));
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_payment_is_refused_again_under_another_month_unless_it_is_another(t: TestDb) {
        let (yard, october) = after_october(&t.db, &t.clock).await;
        let november = yard.period("2026-11").await.id;
        let one = || paid(&yard, "caller", 100_00, "1");
        let first = remit(&yard, november, one()).await.expect("recorded");
        let same = NewRemittance { reference: " 1 ".to_owned(), ..one() };
        assert_eq!(refusal(remit(&yard, october, same).await), "pay-remittance-elsewhere");
        let pavel = yard.viewer("pavel").await;
        let file = actions::remit_many(&yard.by("pavel"), &pavel, october, vec![(1, one())]).await;
        assert_eq!(untaken(file), (Some(1), "pay-remittance-elsewhere"));
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 0, 350_00, 0));
        let others = [
            NewRemittance { anyway: true, ..one() },
            paid(&yard, "caller", 100_00, "2"),
            paid(&yard, "caller", 100_01, "1"),
            NewRemittance { paid_on: NOVEMBER.plus_days(1), ..one() },
        ];
        for other in others {
            remit(&yard, october, other).await.expect("another payment");
        }
        let wrong = paid(&yard, "seller", 5_00, "3");
        let wrong = remit(&yard, november, wrong).await.expect("under the wrong month");
        for id in [first, wrong] {
            correct(&yard, id, (0, "1")).await.expect("nothing was paid");
        }
        let right = paid(&yard, "seller", 5_00, "3");
        remit(&yard, october, right).await.expect("the other one was put right");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_statement_tells_of_the_person_and_the_month_alone(t: TestDb) {
        let (yard, october) = after_october(&t.db, &t.clock).await;
        let (pavel, november) = (yard.viewer("pavel").await, yard.period("2026-11").await.id);
        let contractor = Engagement::Contractor {
            name: "ИП Продавец".to_owned(),
            tax_id: "500100732259".to_owned(),
        };
        let from = "2026-11".parse::<Month>().expect("a month");
        let whom = (yard.id("seller"), from);
        actions::engage(&yard.by("pavel"), &pavel, whom, contractor).await.expect("noted");
        for (period, login, minor) in [
            (october, "caller", 200_00),
            (october, "seller", 300_00),
            (november, "caller", 5_00),
        ] {
            let one = paid(&yard, login, minor, login);
            remit(&yard, period, one).await.expect("recorded");
        }
        yard.held("caller", NOVEMBER.plus_days(1)).await;
        let mut lines = Vec::new();
        for (login, period, paid, kind) in [
            ("caller", october, Some(200_00), "employee"),
            ("caller", november, Some(5_00), "employee"),
            ("seller", october, Some(300_00), "employee"),
            ("seller", november, None, "contractor"),
        ] {
            let mut tx = t.db.read().await.expect("reads");
            let found = actions::statement(&mut tx, &pavel, period, yard.id(login)).await;
            let found = found.expect("seen");
            assert_eq!(found.paid.map(|sum| sum.minor), paid, "{login}");
            assert_eq!(found.engagement.code(), kind, "{login}");
            lines.push(found.head.count);
        }
        assert!(lines[0] < lines[1], "a closed month keeps the end it was closed at: {lines:?}");
        assert_eq!((lines[0], lines[1]), (lines[2], lines[3]), "one chain for everybody");
    }

    async fn nobody_records_what_they_were_paid_themselves_or_how_they_are_engaged(t: TestDb) {
        let (yard, october) = after_october(&t.db, &t.clock).await;
        let (caller, id) = (yard.viewer("caller").await, yard.id("caller"));
        let by = || yard.by("caller");
        let one = || paid(&yard, "caller", 100_00, "1");
        let own = actions::remit(&by(), &caller, october, one()).await;
        assert_eq!(refusal(own), "pay-own-pay");
        let file = actions::remit_many(&by(), &caller, october, vec![(1, one())]).await;
        assert_eq!(untaken(file), (Some(1), "pay-own-pay"));
        let recorded = remit(&yard, october, one()).await.expect("somebody else does");
        let right = (50_00, NOVEMBER, "1".to_owned());
        let own = actions::correct_remittance(&by(), &caller, recorded, right).await;
        assert_eq!(refusal(own), "pay-own-pay");
        let from = "2026-12".parse::<Month>().expect("a month");
        let own = actions::engage(&by(), &caller, (id, from), Engagement::Employee).await;
        assert_eq!(refusal(own), "pay-own-pay");
        assert_eq!(stands(&yard, october, "caller").await, (350_00, 100_00, 250_00, 1));
    }

    async fn the_check_finds_a_payment_that_no_event_tells_of(t: TestDb) {
        let (yard, october) = after_october(&t.db, &t.clock).await;
        remit(&yard, october, paid(&yard, "caller", 200_00, "1")).await.expect("recorded");
        let mut tx = t.db.begin().await.expect("begins");
        let changed = tx
            .run("update pay_remittances set amount = 1 where org_id = $1", crate::vals![yard.org])
            .await;
        assert!(changed.is_err(), "the database keeps records as they are");
        drop(tx);
        assert_eq!(yard.broken().await, Vec::<String>::new());
        let mut tx = t.db.begin().await.expect("begins");
        tx.run(
            "insert into pay_remittances (id, org_id, number, person_id, month, amount, currency, \
             paid_on, reference, corrects, author_id, made_at) \
             values ($1, $2, 99, $3, '2026-10', 7, 'RUB', $4, 'x', null, null, $4)",
            crate::vals![AnyId::fresh(NOVEMBER), yard.org, yard.id("caller"), NOVEMBER],
        )
        .await
        .expect("written past the product");
        tx.commit().await.expect("commits");
        let broken = yard.broken().await;
        let person = yard.id("caller");
        assert_eq!(
            broken,
            [
                "remittance 99: no event tells of it".to_owned(),
                format!("{person}: 2026-10: 20007 RUB paid, and 20000 by the events"),
            ]
        );
    }

    async fn a_contractor_has_an_invoice_of_what_was_handed_over(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let pavel = yard.viewer("pavel").await;
        let firm = |tax_id: &str| Engagement::Contractor {
            name: "ИП Продавец".to_owned(),
            tax_id: tax_id.to_owned(),
        };
        let month = |text: &str| text.parse::<Month>().expect("a month");
        let engage = async |login: &str, from: &str, engagement: Engagement| {
            let whom = (yard.id(login), month(from));
            actions::engage(&yard.by("pavel"), &pavel, whom, engagement).await
        };
        for (tax_id, code) in [("", "required"), ("500100732258", "tax-id-checksum")] {
            assert_eq!(refusal(engage("seller", "2026-10", firm(tax_id)).await), code);
        }
        let far = engage("seller", "2028-10", firm("500100732259")).await;
        assert_eq!(refusal(far), "date-out-of-range");
        engage("seller", "2026-10", Engagement::Employee).await.expect("noted");
        t.clock.set(OCTOBER.plus_minutes(1));
        engage("seller", "2026-10", firm("500100732259")).await.expect("the later note holds");
        engage("seller", "2026-12", Engagement::Employee).await.expect("an employee from then on");
        let october = yard.period("2026-10").await.id;
        let mut tx = t.db.read().await.expect("reads");
        let open = actions::invoice(&mut tx, &pavel, october, yard.id("seller")).await;
        assert!(matches!(open, Err(Error::NotFound)), "the month is not closed: {open:?}");
        drop(tx);
        t.clock.set(NOVEMBER.plus_days(2));
        yard.close("2026-10").await;
        let late = engage("caller", "2026-10", firm("500100732259")).await;
        assert_eq!(refusal(late), "pay-day-in-closed-period");
        let seller = yard.viewer("seller").await;
        let mut tx = t.db.read().await.expect("reads");
        let invoice = actions::invoice(&mut tx, &seller, october, seller.id()).await;
        let invoice = invoice.expect("their own");
        let statement = actions::statement(&mut tx, &seller, october, seller.id()).await;
        let statement = statement.expect("their own");
        assert_eq!(invoice.total, statement.paid_out);
        assert_eq!(invoice.lines.iter().map(|(_, sum)| sum.minor).sum::<i64>(), 60_000_00);
        assert_eq!(invoice.number, format!("2026-10/{}", seller.user.number));
        assert_eq!((&*invoice.name, &*invoice.tax_id), ("ИП Продавец", "500100732259"));
        assert_eq!(invoice.firm, "Лён");
        let caller = yard.viewer("caller").await;
        for (viewer, whose) in [(&caller, "seller"), (&pavel, "service"), (&caller, "caller")] {
            let none = actions::invoice(&mut tx, viewer, october, yard.id(whose)).await;
            assert!(matches!(none, Err(Error::NotFound)), "{whose}: {none:?}");
        }
        let (_, rows) = actions::payroll(&mut tx, &pavel, october).await.expect("a closed month");
        let code = |login: &str| {
            let row = rows.iter().find(|row| row.person.id == yard.id(login));
            row.expect("a row").engagement.code()
        };
        assert_eq!((code("seller"), code("service")), ("contractor", "employee"));
        let engaged = actions::list_engaged(&mut tx, &pavel, DECEMBER).await.expect("reads");
        let of_seller = engaged.iter().find(|(user, _)| user.id == seller.id());
        assert_eq!(of_seller.expect("the seller").1, Engagement::Employee);
    }
}
