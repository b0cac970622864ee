//! What was really paid out is written down, put right, and held against what is due.

use std::collections::{BTreeMap, BTreeSet};

use super::super::PayRefusal;
use super::super::period::Period;
use super::super::remittance::{
    Dues, NewRemittance, ROWS_MAX, Reconciled, Remittance, Whose, carried, standing,
};
use super::super::store;
use super::booking::Chain;
use super::statements::{PeriodRow, list_statements};
use crate::begin;
use crate::events::{Event, Kind};
use crate::people::{self, User, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::values::*;

/// A month with what is due for it and what was paid.
struct Books {
    period: Period,
    rows: Vec<PeriodRow>,
    all: Vec<Remittance>,
    currency: Currency,
}

impl Books {
    async fn open(tx: &mut Tx, viewer: &Viewer, id: PeriodId) -> Outcome<Self> {
        let found = store::periods::find_period(tx, viewer.org, id).await?;
        let period = found.ok_or(Error::NotFound)?;
        let rows = list_statements(tx, viewer, period.month).await?;
        let all = store::remittances::list_remittances(tx, viewer.org, period.month).await?;
        Ok(Self { period, rows, all, currency: viewer.currency })
    }

    /// What is known of a person's month, but for one record.
    fn dues(&self, person: UserId, currency: Currency, without: Option<AnyId>) -> Dues<'_> {
        let due = self.rows.iter().filter(|row| row.person.id == person).map(owed);
        let paid = standing(&self.all).into_iter().filter(|one| {
            (one.person, one.amount.currency) == (person, currency) && Some(one.id) != without
        });
        Dues {
            period: &self.period,
            due: due.collect(),
            paid: paid.map(|one| one.amount.minor).sum(),
            currency: self.currency,
        }
    }
}

/// What is owed to somebody for a month; nobody is owed less than nothing.
fn owed(row: &PeriodRow) -> Money {
    Money::new(row.due.minor.max(0), row.due.currency)
}

/// Writes a record down, unless a rule or the database has it otherwise; nobody's own.
async fn put_down(
    tx: &mut Tx,
    act: &Act,
    books: &mut Books,
    new: NewRemittance,
    corrects: Option<AnyId>,
) -> Outcome<AnyId> {
    if act.actor == Some(new.person) {
        return Err(PayRefusal::OwnPay.into());
    }
    new.check(&books.dues(new.person, new.amount.currency, corrects), corrects, act.now)?;
    if corrects.is_none() && !new.anyway {
        let of_person = store::remittances::list_remittances_of(tx, act.org, new.person).await?;
        if new.is_elsewhere(books.period.month, &of_person) {
            return Err(PayRefusal::RemittanceElsewhere.into());
        }
    }
    let one = Remittance {
        id: AnyId::fresh(act.now),
        number: take_numbers(tx, act.org, "pay-remittance", 1).await?,
        person: new.person,
        month: books.period.month,
        amount: new.amount,
        paid_on: new.paid_on,
        reference: new.reference.trim().to_owned(),
        corrects,
        author: act.actor,
        made_at: act.now,
    };
    if store::remittances::insert_remittance(tx, act.org, &one).await? == 0 {
        return Err(match corrects {
            Some(_) => PayRefusal::RemittanceCorrected.into(),
            None => PayRefusal::RemittanceTwice.into(),
        });
    }
    let reason = if corrects.is_some() { "corrected" } else { "recorded" };
    Event::new(Kind::PayRemitted, one.id)
        .person(one.person)
        .reason(reason.to_owned())
        .amount(one.amount)
        .with("month", one.month.to_string())
        .with("corrects", corrects.map(|id| id.to_string()))
        .record(tx, act)
        .await?;
    let id = one.id;
    books.all.push(one);
    Ok(id)
}

/// Records that somebody was paid for a month.
pub async fn remit(
    act: &Act,
    viewer: &Viewer,
    period: PeriodId,
    new: NewRemittance,
) -> Outcome<AnyId> {
    let mut tx = begin!(act);
    // Whoever else records something, or closes the month, waits.
    Chain::hold(&mut tx, act.org).await?;
    people::actions::find_user(&mut tx, act.org, new.person).await?.ok_or(Error::NotFound)?;
    let mut books = Books::open(&mut tx, viewer, period).await?;
    let id = put_down(&mut tx, act, &mut books, new, None).await?;
    tx.finish(id).await
}

/// Why a file is not taken.
#[derive(Debug)]
pub struct Untaken {
    /// The row that is wrong; nothing where it is the file as a whole.
    pub row: Option<usize>,
    /// What is wrong with it.
    pub error: Error,
}

impl From<Error> for Untaken {
    fn from(error: Error) -> Self {
        Self { row: None, error }
    }
}

/// Records what a file says was paid for a month, all of it or nothing; each with its row.
pub async fn remit_many(
    act: &Act,
    viewer: &Viewer,
    period: PeriodId,
    all: Vec<(usize, NewRemittance)>,
) -> Result<usize, Untaken> {
    if all.is_empty() {
        return Err(Fields::one("file", "file-empty").into());
    }
    if all.len() > ROWS_MAX {
        let mut fields = Fields::default();
        fields.note_with("file", "pay-file-too-long", vec![("max", ROWS_MAX.to_string())]);
        return Err(Error::Invalid(fields).into());
    }
    let mut tx = begin!(act);
    Chain::hold(&mut tx, act.org).await?;
    let mut books = Books::open(&mut tx, viewer, period).await?;
    let count = all.len();
    for (row, new) in all {
        let done = put_down(&mut tx, act, &mut books, new, None).await;
        done.map_err(|error| Untaken { row: Some(row), error })?;
    }
    Ok(tx.finish(count).await?)
}

/// Puts a record right by a further one, which stands in its place; with nought where nothing was
/// paid. A record is put right once: what is wrong with the further one is put right in its turn.
pub async fn correct_remittance(
    act: &Act,
    viewer: &Viewer,
    id: AnyId,
    (amount, paid_on, reference): (i64, Instant, String),
) -> Outcome<AnyId> {
    let mut tx = begin!(act);
    Chain::hold(&mut tx, act.org).await?;
    let found = store::remittances::find_remittance(&mut tx, act.org, id).await?;
    let before = found.ok_or(Error::NotFound)?;
    let periods = store::periods::list_periods(&mut tx, act.org).await?;
    let period = periods.into_iter().find(|period| period.month == before.month);
    let period = period.ok_or_else(|| Error::failure("the month of a remittance is gone"))?;
    let amount = Money::new(amount, before.amount.currency);
    let reference = reference.trim().to_owned();
    if (amount, paid_on, &reference) == (before.amount, before.paid_on, &before.reference) {
        return Err(PayRefusal::RemittanceSame.into());
    }
    let mut books = Books::open(&mut tx, viewer, period.id).await?;
    let new = NewRemittance { person: before.person, amount, paid_on, reference, anyway: true };
    let id = put_down(&mut tx, act, &mut books, new, Some(id)).await?;
    tx.finish(id).await
}

/// What was paid too much for the closed months before one.
async fn list_carried(tx: &mut Tx, org: OrgId, month: Month) -> Outcome<BTreeMap<Whose, i64>> {
    let closings = store::periods::list_closings(tx, org).await?;
    let closed: BTreeSet<Month> = closings.into_iter().map(|(closed, _)| closed).collect();
    let before = store::remittances::list_remittances_before(tx, org, month).await?;
    let handed_over = store::entries::list_payouts_before(tx, org, month).await?;
    Ok(carried(&before, &closed, &handed_over))
}

/// What is due for a month, what was paid and what is between, for everybody the viewer may see,
/// with what was paid too much for the months before.
pub async fn reconcile(
    tx: &mut Tx,
    viewer: &Viewer,
    id: PeriodId,
) -> Outcome<(Period, Vec<Reconciled>)> {
    let books = Books::open(tx, viewer, id).await?;
    let users = people::actions::list_users(tx, viewer.org).await?;
    let mut found: BTreeMap<Whose, Reconciled> = BTreeMap::new();
    let begun = |person: &User, currency| Reconciled {
        person: person.clone(),
        opening: Money::new(0, currency),
        due: Money::new(0, currency),
        paid: Money::new(0, currency),
        difference: Money::new(0, currency),
        remittances: Vec::new(),
    };
    for row in books.rows.iter().filter(|row| owed(row).minor > 0) {
        let currency = row.due.currency;
        let due = owed(row);
        let key = (row.person.id, currency.code());
        found.insert(key, Reconciled { due, difference: due, ..begun(&row.person, currency) });
    }
    let standing: BTreeSet<AnyId> = standing(&books.all).iter().map(|one| one.id).collect();
    for one in &books.all {
        let Some(person) = users.iter().find(|user| user.id == one.person) else { continue };
        let currency = one.amount.currency;
        let row =
            found.entry((person.id, currency.code())).or_insert_with(|| begun(person, currency));
        if standing.contains(&one.id) {
            row.paid.minor += one.amount.minor;
            row.difference.minor -= one.amount.minor;
        }
        row.remittances.push(one.clone());
    }
    for ((id, code), minor) in list_carried(tx, viewer.org, books.period.month).await? {
        let person = users.iter().find(|user| user.id == id);
        let Some((person, currency)) = person.zip(Currency::from_code(code)) else { continue };
        let row = found.entry((id, code)).or_insert_with(|| begun(person, currency));
        row.opening.minor = minor;
        row.difference.minor += minor;
    }
    let mut rows: Vec<Reconciled> = found.into_values().collect();
    rows.sort_by(|a, b| (a.person.tier, &a.person.name).cmp(&(b.person.tier, &b.person.name)));
    Ok((books.period, rows))
}
